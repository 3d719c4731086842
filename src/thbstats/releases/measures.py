"""Measures of revisions by group and by age, and conclusions that differ."""

from itertools import product
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from thbstats.columns import Coded
from thbstats.display import count
from thbstats.panel import Panel
from thbstats.releases.alignment import KNOWN, Alignment, CellChange, months
from thbstats.tables.encoding import groups, pack

Floats = NDArray[np.float64]
Groups = NDArray[np.intp]

_QUANTILES = {"minimum": 0.0, "quantile_10": 0.1, "median": 0.5, "quantile_90": 0.9, "maximum": 1.0}


def revision_measures(
    early: NDArray[Any], late: NDArray[Any], group: Groups, size: int
) -> dict[str, NDArray[Any]]:
    """Return the measures of revisions of each group of figures, as columns.

    A mean or ratio of no figures is NaN.
    """
    figure = np.asarray(late, dtype=np.float64)
    difference = figure - early

    def total(values: Any) -> Floats:
        return np.bincount(group, values, minlength=size).astype(np.float64)

    n, absolute, changed = total(None), total(np.abs(difference)), total(difference != 0)
    with np.errstate(invalid="ignore", divide="ignore"):
        deviations = (own - (total(own) / n)[group] for own in (difference, figure))
        spread, signal = (np.sqrt(total(own**2) / (n - 1)) for own in deviations)
        return {
            "n": n.astype(np.int64),
            "revised": changed.astype(np.int64),
            "share_revised": changed / n,
            "up": total(difference > 0).astype(np.int64),
            "down": total(difference < 0).astype(np.int64),
            "mean_revision": total(difference) / n,
            "mean_absolute_revision": absolute / n,
            "relative_mean_absolute_revision": absolute / total(np.abs(figure)),
            "mean_absolute_if_revised": absolute / changed,
            **_order_statistics(difference, group, size),
            "standard_deviation": spread,
            "noise_to_signal": spread / signal,
        }


def _order_statistics(values: Floats, group: Groups, size: int) -> dict[str, Floats]:
    """Return the extremes and quantiles of each group, with linear interpolation.

    Most revisions are 0: only the others are sorted.
    """
    rows = np.flatnonzero(values)
    rows = rows[np.lexsort((values[rows], group[rows]))]
    ordered, sizes = np.append(values[rows], 0.0), np.bincount(group, minlength=size)
    below = np.bincount(group[rows[values[rows] < 0]], minlength=size)
    other = np.bincount(group[rows], minlength=size)
    start, zeros, last = np.cumsum(other) - other, sizes - other, np.maximum(sizes - 1, 0)

    def value(rank: Any) -> Floats:
        index = start + np.where(rank < below, rank, rank - zeros)
        is_zero = (rank >= below) & (rank < below + zeros)
        return np.where(is_zero, 0.0, ordered[np.clip(index, 0, len(ordered) - 1)])

    result = {}
    for name, share in _QUANTILES.items():
        floor = np.floor(share * last).astype(np.intp)
        low, high = value(floor), value(np.minimum(floor + 1, last))
        result[name] = np.where(sizes > 0, low + (share * last - floor) * (high - low), np.nan)
    return result


def first_releases(alignment: Alignment) -> Groups:
    """Return the release in which each figure was first published, or -1 if it is not observed.

    Figures of the first release are observed if their period is its last one.
    """
    state = alignment.state == KNOWN
    first = np.where(state.any(axis=0) & ~alignment.is_wide, state.argmax(axis=0), -1)
    for pair in range(len(alignment.outcomes)):
        first[alignment.has_outcome(pair, CellChange.GROWING)] = -1
    ends = [0 if own.end is None else own.end.toordinal() for own in alignment.periods]
    last = np.array(ends)[alignment.keys["period"].positions]
    first[(first == 0) & (last < last[first == 0].max(initial=0))] = -1
    return first


def equal_age_changes(alignment: Alignment, first: Groups) -> pd.DataFrame:
    """Return the changes from each period to the next one, as published and at equal age."""
    column, periods = alignment.keys["period"], alignment.periods
    before = np.full(len(periods), -1)
    for (code, own), (other, earlier) in product(enumerate(periods), repeat=2):
        if own.start is None or earlier.end is None or months(own) != months(earlier):
            continue
        if (own.start - earlier.end).days == 1:
            before[code] = other
    cells = np.flatnonzero(first >= 0)
    group, codes = groups(alignment.without("period", cells))[0] * len(periods), column.positions
    target = before[codes[cells]]
    previous = pd.Index(group + codes[cells]).get_indexer(np.where(target < 0, -1, group + target))
    mine, other_cell = cells[previous >= 0], cells[previous[previous >= 0]]
    is_older = first[other_cell] < first[mine]
    # Each pair of figures in each release that has both.
    n = len(alignment.names)
    release = np.repeat(np.arange(n), is_older.sum())
    mine, other_cell = (np.tile(own[is_older], n) for own in (mine, other_cell))
    age = release - first[mine]
    figure = np.where(alignment.state == KNOWN, alignment.lower, 0)
    now, published = figure[release, mine], figure[release, other_cell]
    equal = figure[first[other_cell] + np.maximum(age, 0), other_cell]
    is_row = (age >= 0) & (alignment.state[release, mine] == KNOWN) & (published > 0) & (equal > 0)
    rows = np.flatnonzero(is_row)
    keys = {own: alignment.keys[own].take(mine[rows]) for own in alignment.varying}
    with np.errstate(divide="ignore", invalid="ignore"):
        changes = [(now / own - 1)[rows] for own in (published, equal)]
    return pd.DataFrame(
        {
            **{name: list(own) for name, own in keys.items() if name != "period"},
            "period": list(keys["period"]),
            "previous": list(column.take(other_cell[rows])),
            "release": [alignment.names[i] for i in release[rows].tolist()],
            "age": age[rows],
            "relative_published": changes[0],
            "relative_equal_age": changes[1],
        }
    )


def changed_conclusions(old: Panel, new: Panel) -> pd.DataFrame:
    """Return the differences between the rows of two panels, one row for each.

    Sign and majority are those of the value, or of all numbers between the bounds.
    """
    names = list(old.keys) or ["label"]
    keys = [own.keys or {"label": own.label} for own in (old, new)]
    both = [Coded.concat([keys[0][name], keys[1][name]]) for name in names]
    codes = pack(both, len(old) + len(new))
    match = pd.Index(codes[len(old) :]).get_indexer(pd.Index(codes[: len(old)]))
    rows = [np.flatnonzero(match >= 0), match[match >= 0]]
    sides = [own.take(positions) for own, positions in zip((old, new), rows, strict=True)]
    is_share = np.array([str(own) == "share" for own in sides[0].kind], dtype=np.bool_)
    tests: dict[str, list[Floats]] = {}
    for own in sides:
        is_point = own.value.is_point
        value = np.where(is_point, own.value.lower, np.nan)
        low = np.where(is_point, value, own.bounds.lower)
        high = np.where(is_point, value, own.bounds.upper)
        half, percent = (np.where(is_share, number, np.nan) for number in (0.5, 100 * value))
        rank = pd.Series(value).rank(ascending=False, method="min").to_numpy()
        columns = {
            "sign": np.where(low > 0, 1, np.where(high < 0, -1, np.sign(value))),
            "majority": np.where(low > half, 1, np.where(high <= half, -1, np.nan)),
            "rounded": np.floor(percent + 0.5),
            "rank": rank,
            "status": own.status.astype(np.float64),
        }
        for name, column in columns.items():
            tests.setdefault(name, []).append(column)
    result = []
    for name, (before, after) in tests.items():
        for i in np.flatnonzero((before != after) & ~np.isnan(before) & ~np.isnan(after)).tolist():
            ends = [own.row(i) for own in sides]
            texts = [end.kind.format_value(end.value_or_bounds) for end in ends]
            if name == "rank":
                texts = [count(int(own[i])) for own in (before, after)]
            elif name == "status":
                texts = [end.status.label for end in ends]
            key = [str(keys[0][own][rows[0][i]]) for own in names]
            result.append((*key, name, *texts))
    return pd.DataFrame(result, columns=[*names, "conclusion", "old", "new"], dtype=object)
