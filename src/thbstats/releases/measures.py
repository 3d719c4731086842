"""Measures of the revisions of figures, and conclusions that change with the revisions."""

from collections.abc import Mapping
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from thbstats.columns import Coded, Floats
from thbstats.display import count
from thbstats.panel import Panel
from thbstats.releases.alignment import KNOWN, Alignment, CellChange, Rows, months
from thbstats.tables.encoding import groups, pack

_QUANTILES = {"minimum": 0.0, "quantile_10": 0.1, "median": 0.5, "quantile_90": 0.9, "maximum": 1.0}


def revision_measures(
    early: NDArray[Any], late: NDArray[Any], group: Rows, size: int
) -> dict[str, NDArray[Any]]:
    """Return the measures of revisions of each group of figures, as columns.

    A mean or ratio of no figures is NaN.
    """
    figure = np.asarray(late, dtype=np.float64)
    difference = figure - early
    # Most revisions are 0, and have no part in a sum.
    rows = np.flatnonzero(difference)
    revision, owner = difference[rows], group[rows]

    def total(values: Any, group: Rows = owner) -> Floats:
        return np.bincount(group, values, minlength=size).astype(np.float64)

    n, absolute, changed = total(None, group), total(np.abs(revision)), total(None)
    figures, mean_revision = total(figure, group), total(revision)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean_revision /= n
        squares = total((revision - mean_revision[owner]) ** 2) + (n - changed) * mean_revision**2
        spread = np.sqrt(squares / (n - 1))
        signal = np.sqrt(total((figure - (figures / n)[group]) ** 2, group) / (n - 1))
        return {
            "n": n.astype(np.int64),
            "revised": changed.astype(np.int64),
            "share_revised": changed / n,
            "up": total(revision > 0).astype(np.int64),
            "down": total(revision < 0).astype(np.int64),
            "mean_revision": mean_revision,
            "mean_absolute_revision": absolute / n,
            "relative_mean_absolute_revision": absolute / figures,
            "mean_absolute_if_revised": absolute / changed,
            **_order_statistics(revision, owner, n.astype(np.int64)),
            "standard_deviation": spread,
            "noise_to_signal": spread / signal,
        }


def _order_statistics(values: Floats, group: Rows, sizes: Rows) -> dict[str, Floats]:
    """Return the extremes and quantiles of each group, with linear interpolation.

    The values are those other than 0 of the groups, which have these ``sizes``.
    """
    size, rows = len(sizes), np.lexsort((values, group))
    ordered = np.append(values[rows], 0.0)
    below = np.bincount(group[values < 0], minlength=size)
    other = np.bincount(group, minlength=size)
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


def first_releases(alignment: Alignment) -> Rows:
    """Return the release that first published each figure, or -1 if it is not observed.

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


def equal_age_changes(alignment: Alignment, first: Rows) -> pd.DataFrame:
    """Return the changes from each period to the next one, as published and at equal age.

    If release 1 has the figures of 2020 for the first time, and those of 2019 for the second time,
    it compares figures of ages 0 and 1. At equal age, 2020 is compared with 2019 in release 0.
    """
    # 1. Pairs of cells (m): a period, and the one before it if it was published earlier.
    later, earlier = _pairs_of_periods(alignment, np.flatnonzero(first >= 0))
    is_older = first[earlier] < first[later]
    # 2. Each pair in each release (n * m).
    n = len(alignment.names)
    release = np.repeat(np.arange(n), is_older.sum())
    later, earlier = (np.tile(own[is_older], n) for own in (later, earlier))
    # 3. The figure of the later period, and both figures with which it can be compared.
    age = release - first[later]
    figure = np.where(alignment.state == KNOWN, alignment.lower, 0)
    now, published = figure[release, later], figure[release, earlier]
    equal = figure[first[earlier] + np.maximum(age, 0), earlier]
    is_known = alignment.state[release, later] == KNOWN
    rows = np.flatnonzero((age >= 0) & is_known & (published > 0) & (equal > 0))
    keys = {own: alignment.keys[own].take(later[rows]) for own in alignment.varying}
    return pd.DataFrame(
        {
            **{name: list(own) for name, own in keys.items() if name != "period"},
            "period": list(keys["period"]),
            "previous": list(alignment.keys["period"].take(earlier[rows])),
            "release": [alignment.names[i] for i in release[rows].tolist()],
            "age": age[rows],
            "relative_published": now[rows] / published[rows] - 1,
            "relative_equal_age": now[rows] / equal[rows] - 1,
        }
    )


def _pairs_of_periods(alignment: Alignment, cells: Rows) -> tuple[Rows, Rows]:
    """Return cells and the cell of the previous period of equal length, if there is one."""
    codes, periods = alignment.keys["period"].positions, alignment.periods
    before = np.full(len(periods), -1)  # by period, the one that ends on the day before
    for (code, own), (other, earlier) in product(enumerate(periods), repeat=2):
        if own.start is None or earlier.end is None or months(own) != months(earlier):
            continue
        if (own.start - earlier.end).days == 1:
            before[code] = other
    group = groups(alignment.without("period", cells))[0] * len(periods)
    target = before[codes[cells]]
    previous = pd.Index(group + codes[cells]).get_indexer(np.where(target < 0, -1, group + target))
    return cells[previous >= 0], cells[previous[previous >= 0]]


def changed_conclusions(old: Panel, new: Panel) -> pd.DataFrame:
    """Return the differences between the rows of two panels, one row for each.

    Sign and majority are those of the value, or of all numbers between the bounds.
    """
    # 1. The rows of both panels with the same keys.
    names = list(old.keys) or ["label"]
    keys = [own.keys or {"label": own.label} for own in (old, new)]
    both = [Coded.concat([keys[0][name], keys[1][name]]) for name in names]
    codes = pack(both, len(old) + len(new))
    match = pd.Index(codes[len(old) :]).get_indexer(pd.Index(codes[: len(old)]))
    rows = np.flatnonzero(match >= 0)
    sides = [old.take(rows), new.take(match[rows])]
    # 2. Their conclusions as numbers; NaN if the bounds allow several.
    is_share = np.array([str(own) == "share" for own in sides[0].kind], dtype=np.bool_)
    before, after = (_conclusions(own, is_share) for own in sides)
    # 3. One row for each difference.
    result = []
    for name in before:
        is_known = ~np.isnan(before[name]) & ~np.isnan(after[name])
        for i in np.flatnonzero(is_known & (before[name] != after[name])).tolist():
            ends = [own.row(i) for own in sides]
            texts = [end.kind.format_value(end.value_or_bounds) for end in ends]
            if name == "rank":
                texts = [count(int(own[name][i])) for own in (before, after)]
            elif name == "status":
                texts = [end.status.label for end in ends]
            key = [str(keys[0][own][rows[i]]) for own in names]
            result.append((*key, name, *texts))
    return pd.DataFrame(result, columns=[*names, "conclusion", "old", "new"], dtype=object)


def _conclusions(panel: Panel, is_share: NDArray[np.bool_]) -> Mapping[str, Floats]:
    """Return the conclusions of each row: 1 for a positive sign or a majority, else -1."""
    is_point = panel.value.is_point
    value = np.where(is_point, panel.value.lower, np.nan)
    low = np.where(is_point, value, panel.bounds.lower)
    high = np.where(is_point, value, panel.bounds.upper)
    half = np.where(is_share, 0.5, np.nan)
    # Halves are rounded up, with integers: 14.5% is 15%, and its floating-point number is smaller.
    part, whole = panel.value.lower_num, np.where(is_point, panel.value.lower_den, 1)
    percent = ((200 * part + whole) // (2 * whole)).astype(np.float64)
    return {
        "sign": np.where(low > 0, 1, np.where(high < 0, -1, np.sign(value))),
        "majority": np.where(low > half, 1, np.where(high <= half, -1, np.nan)),
        "rounded": np.where(is_share & is_point, percent, np.nan),
        "rank": pd.Series(value).rank(ascending=False, method="min").to_numpy(),
        "status": panel.status.astype(np.float64),
    }
