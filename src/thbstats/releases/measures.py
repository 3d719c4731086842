"""Measures of revisions by group and by age, and conclusions that differ."""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from thbstats.columns import Coded
from thbstats.panel import Panel
from thbstats.releases.alignment import KNOWN, Alignment, CellChange, ReleasePair, months
from thbstats.rules import Comparison
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


Ints = NDArray[np.intp]


def first_releases(alignment: Alignment, pairs: tuple[ReleasePair, ...]) -> Ints:
    """Return the release in which each figure was first published, or -1 if it is not observed.

    Figures of the first release are observed if their period is its last one.
    """
    state = alignment.state == KNOWN
    first = np.where(state.any(axis=0), state.argmax(axis=0), -1)
    first[alignment.is_wide] = -1
    for pair in pairs:
        first[pair.cells_with(CellChange.GROWING)] = -1
    ends = [0 if own.end is None else own.end.toordinal() for own in alignment.periods]
    last = np.array(ends)[alignment.keys["period"].positions]
    first[(first == 0) & (last < last[first == 0].max(initial=0))] = -1
    return first


def equal_age_changes(alignment: Alignment, first: Ints) -> pd.DataFrame:
    """Return the changes from each period to the next one, as published and at equal age."""
    column, periods = alignment.keys["period"], alignment.periods
    before = np.full(len(periods), -1)
    for code, period in enumerate(periods):
        for other, earlier in enumerate(periods):
            if period.start is not None and earlier.end is not None:
                is_next = (period.start - earlier.end).days == 1
                before[code] = (
                    other if is_next and months(period) == months(earlier) else before[code]
                )
    cells = np.flatnonzero(first >= 0)
    group = groups(alignment.without("period", cells))[0] * len(periods)
    target, codes = before[column.positions[cells]], column.positions[cells]
    previous = pd.Index(group + codes).get_indexer(np.where(target < 0, -1, group + target))
    mine, other = cells[previous >= 0], cells[previous[previous >= 0]]
    mine, other = (own[first[other] < first[mine]] for own in (mine, other))
    frames = []
    for number, name in enumerate(alignment.names):
        age = number - first[mine]
        then = np.where(age < 0, 0, first[other] + age)
        figures = [
            np.where(alignment.state[release, own] == KNOWN, alignment.lower[release, own], 0)
            for release, own in ((number, mine), (number, other), (then, other))
        ]
        rows = np.flatnonzero((age >= 0) & (figures[1] > 0) & (figures[2] > 0))
        rows = rows[alignment.state[number, mine[rows]] == KNOWN]
        shown = [own for own in alignment.varying if own != "period"]
        columns = {own: list(alignment.keys[own].take(mine[rows])) for own in shown}
        now, printed, equal = (own[rows] for own in figures)
        frames.append(
            pd.DataFrame(
                {
                    **columns,
                    "period": list(column.take(mine[rows])),
                    "previous": list(column.take(other[rows])),
                    "release": name,
                    "age": age[rows],
                    "relative_published": now / printed - 1,
                    "relative_equal_age": now / equal - 1,
                }
            )
        )
    return pd.concat(frames, ignore_index=True)


def changed_verdict(old: Comparison, new: Comparison) -> pd.DataFrame:
    """Return a row if the verdicts of two comparisons differ."""
    row = (old.label, "verdict", old.verdict.label, new.verdict.label)
    rows = [row] * (old.verdict != new.verdict)
    return pd.DataFrame(rows, columns=["label", "conclusion", "old", "new"])


def changed_conclusions(old: Panel, new: Panel) -> pd.DataFrame:
    """Return the differences between the rows of two panels, one row for each.

    Sign and majority are those of the value, or of all numbers between the bounds.
    """
    names = list(old.keys) or ["label"]
    keys = [own.keys or {"label": own.label} for own in (old, new)]
    both = [Coded.concat([keys[0][name], keys[1][name]]) for name in names]
    codes = pack(both, len(old) + len(new)).values
    match = pd.Index(codes[len(old) :]).get_indexer(pd.Index(codes[: len(old)]))
    rows = [np.flatnonzero(match >= 0), match[match >= 0]]
    sides = [own.take(positions) for own, positions in zip((old, new), rows, strict=True)]
    is_share = np.array([str(own) == "share" for own in sides[0].kind], dtype=np.bool_)
    tests: dict[str, list[pd.Series[float]]] = {}
    for own in sides:
        is_point = own.value.is_point
        value = np.where(is_point, own.value.lower, np.nan)
        low = np.where(is_point, value, own.bounds.lower)
        high = np.where(is_point, value, own.bounds.upper)
        half, percent = (np.where(is_share, number, np.nan) for number in (0.5, 100 * value))
        columns = {
            "sign": np.where(low > 0, 1, np.where(high < 0, -1, np.sign(value))),
            "majority": np.where(low > half, 1, np.where(high <= half, -1, np.nan)),
            "rounded": np.floor(percent + 0.5),
            "rank": pd.Series(value).rank(ascending=False, method="min"),
            "status": own.status,
        }
        for name, column in columns.items():
            tests.setdefault(name, []).append(pd.Series(np.asarray(column, dtype=np.float64)))
    result = []
    for name, (before, after) in tests.items():
        differs = before.notna() & after.notna() & (before != after)
        for i in np.flatnonzero(differs).tolist():
            ends = [own.row(i) for own in sides]
            numbers = [end.bounds if end.value is None else end.value for end in ends]
            texts = [
                end.kind.format_value(number) for end, number in zip(ends, numbers, strict=True)
            ]
            if name == "rank":
                texts = [str(int(own[i])) for own in (before, after)]
            elif name == "status":
                texts = [end.status.label for end in ends]
            key = [keys[0][own][rows[0][i]] for own in names]
            result.append((*map(str, key), name, *texts))
    return pd.DataFrame(result, columns=[*names, "conclusion", "old", "new"])
