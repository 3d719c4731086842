"""Groups: whether parts make their total, percentages 100, and ranks an order."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Any

import numpy as np
import pandas as pd
from attrs import frozen
from numpy.typing import NDArray

from thbstats.auditing.audited_claims import ClaimVerdict
from thbstats.auditing.published_tables.figures import SHARE, TOTAL, PublishedFigures
from thbstats.auditing.published_tables.rounding_ways import NumberKind, ends, ways_of
from thbstats.auditing.published_tables.row_verdicts import VERDICTS
from thbstats.values import LARGEST_COUNT

__all__ = ["Check", "GroupChecks", "PartRows", "check_groups"]

_NONE = -1
_CONFIRMED, _CONSISTENT, _CONTRADICTED, _NOT_ASSESSABLE = range(len(VERDICTS))


class Check(StrEnum):
    """What a group of rows is asked."""

    PARTS = "parts"
    """Whether the counts of the parts add up."""
    PERCENTAGES = "percentages"
    """Whether the percentages make 100 within what rounding allows."""
    RANKS = "ranks"
    """Whether printed ranks agree with the counts, or with the percentages."""


@frozen(eq=False)
class PartRows:
    """The rows of each group, one after another.

    Parameters
    ----------
    rows : array of int, shape (m,)
        Positions in the table, by group and then in the order of the table.
    starts : array of int, shape (k,)
        Where each group that has rows starts among them.
    groups : array of int, shape (k,)
        Which group that is.
    """

    rows: NDArray[np.intp]
    starts: NDArray[np.intp]
    groups: NDArray[np.int64]

    @classmethod
    def of(cls, keys: NDArray[np.int64], selected: NDArray[np.bool_]) -> "PartRows":
        """Return the chosen rows by their keys."""
        rows = np.flatnonzero(selected & (keys >= 0))
        rows = rows[np.argsort(keys[rows], kind="stable")]
        sorted_keys = keys[rows]
        starts = np.flatnonzero(np.diff(sorted_keys, prepend=_NONE))
        return cls(rows, starts, sorted_keys[starts])

    def __len__(self) -> int:
        return len(self.starts)

    def of_group(self, group: int) -> NDArray[np.intp]:
        """Return the rows of a group."""
        at = int(np.searchsorted(self.groups, group))
        end = self.starts[at + 1] if at + 1 < len(self.starts) else None
        return self.rows[self.starts[at] : end]

    def sizes(self) -> NDArray[np.intp]:
        """Return how many rows each group has."""
        return np.diff(self.starts, append=len(self.rows))

    def spread(self, values: NDArray[Any]) -> NDArray[Any]:
        """Return the value of each group for each of its rows."""
        return np.repeat(values, self.sizes())

    def sums(self, values: NDArray[Any]) -> NDArray[Any]:
        """Return exact sums; Python's integers where int64 has no room."""
        most = int(np.abs(values).max(initial=0)) * int(self.sizes().max(initial=0))
        exact = values if most < np.iinfo(np.int64).max else values.astype(object)
        return np.add.reduceat(exact, self.starts)

    def all(self, values: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Return in which groups every row has something."""
        return np.logical_and.reduceat(values, self.starts)

    def least(self, values: NDArray[Any]) -> NDArray[Any]:
        """Return the smallest of each group."""
        return np.minimum.reduceat(values, self.starts)

    def most(self, values: NDArray[Any]) -> NDArray[Any]:
        """Return the largest of each group."""
        return np.maximum.reduceat(values, self.starts)


@frozen(eq=False, kw_only=True)
class GroupChecks:
    """What was found of each group.

    Parameters
    ----------
    keys : array of int64, shape (n,)
        The group of each row, -1 for none.
    rows : PartRows
        All rows of each group.
    names : tuple of str
        The names of the groups.
    verdicts : mapping of Check to array of int8, shape (groups,)
        Positions in `VERDICTS`; -1 where there is nothing to check.
    by_counts : array of bool, shape (groups,)
        Whether ranks follow the counts; else they follow the percentages, or neither.
    """

    keys: NDArray[np.int64]
    rows: PartRows
    names: tuple[str, ...]
    verdicts: dict[Check, NDArray[np.int8]]
    by_counts: NDArray[np.bool_]

    def __iter__(self) -> Iterator[tuple[int, Check, ClaimVerdict]]:
        for group in range(len(self.names)):
            for check, verdicts in self.verdicts.items():
                if verdicts[group] != _NONE:
                    yield group, check, VERDICTS[verdicts[group]]


def check_groups(figures: PublishedFigures, allowed: int) -> GroupChecks:
    """Return the checks of all groups of rows."""
    size = len(figures)
    keys, names = figures.group, figures.groups
    totals = figures.kinds == TOTAL
    if keys is None:
        # Without groups all rows can be ranked, and one total has all shares for its parts.
        keys, names = np.zeros(size, dtype=np.int64), ("all rows",)
    empty = np.full(len(names), _NONE, dtype=np.int8)
    whole = figures.group is not None or bool(totals.any())
    parts = PartRows.of(keys, (figures.kinds == SHARE) & whole)
    verdicts = {check: empty.copy() for check in Check}
    by_counts = np.zeros(len(names), dtype=np.bool_)
    if len(parts):
        low, high, known = _wholes(figures, keys, parts, len(names))
        verdicts[Check.PARTS][parts.groups] = _parts(figures, parts, low, high, known)
        verdicts[Check.PERCENTAGES][parts.groups] = _hundreds(figures, parts, low, high, allowed)
    alone = np.setdiff1d(keys[totals], parts.groups)
    verdicts[Check.PARTS][alone[alone >= 0]] = _NOT_ASSESSABLE
    if figures.rank is not None:
        ranked = PartRows.of(keys, figures.rank > 0)
        if len(ranked):
            found, counted = _ranks(figures, ranked, figures.rank)
            verdicts[Check.RANKS][ranked.groups] = found
            by_counts[ranked.groups] = counted
    return GroupChecks(
        keys=keys,
        rows=PartRows.of(keys, np.ones(size, dtype=np.bool_)),
        names=names,
        verdicts=verdicts,
        by_counts=by_counts,
    )


def _wholes(
    figures: PublishedFigures, keys: NDArray[np.int64], parts: PartRows, size: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_]]:
    """Return the bounds of the total of each group."""
    base, rows = figures.base, parts.rows
    low, high = parts.least(base.lower[rows]), parts.most(base.upper[rows])
    known = (low == high) & parts.all(base.stated[rows])
    place = np.full(size, _NONE)
    place[parts.groups] = np.arange(len(parts))
    totals = np.flatnonzero((figures.kinds == TOTAL) & figures.top.stated)
    totals = totals[place[keys[totals]] >= 0]
    at = place[keys[totals]]
    low[at], high[at] = figures.top.lower[totals], figures.top.upper[totals]
    known[at] = True
    return low, high, known


def _parts(
    figures: PublishedFigures,
    parts: PartRows,
    low: NDArray[np.int64],
    high: NDArray[np.int64],
    known: NDArray[np.bool_],
) -> NDArray[np.int8]:
    top, rows = figures.top, parts.rows
    least, most = parts.sums(top.lower[rows]), parts.sums(top.upper[rows])
    stated = parts.all(top.stated[rows])
    some = parts.sums(top.stated[rows].astype(np.int64)) > 0
    fits = (least <= high) & (low <= most)
    exact = (least == most) & (low == high) & stated
    found = np.select(
        [~known | ~some, ~fits, exact, stated & (most < LARGEST_COUNT)],
        [_NONE, _CONTRADICTED, _CONFIRMED, _CONSISTENT],
        _NOT_ASSESSABLE,
    )
    return found.astype(np.int8)


def _hundreds(
    figures: PublishedFigures,
    parts: PartRows,
    low: NDArray[np.int64],
    high: NDArray[np.int64],
    allowed: int,
) -> NDArray[np.int8]:
    """Check whether percentages of one total can add up to 100."""
    rows = parts.rows
    given = figures.printed.present[rows]
    scale = np.where(given, figures.printed.scale[rows], 100)
    finest = parts.most(scale)
    fitting = np.zeros(len(parts), dtype=np.bool_)
    part = NumberKind(np.zeros_like(given), np.ones_like(given))
    base, counted = _counted(figures, parts, low, high)
    # Percentages that make 100 as they stand leave nothing for rounding to explain.
    digits, finer = figures.printed.digits[rows], parts.spread(finest) // scale
    if int(np.abs(digits).max()) * int(finer.max()) > np.iinfo(np.int64).max:
        digits = digits.astype(object)
    made = parts.sums(np.where(given, digits * finer, 0))
    pinned = counted & parts.spread(made != finest).astype(np.bool_)
    for way in ways_of(allowed):
        limits = ends(figures.printed.digits[rows], scale, part, way)
        factor = (parts.spread(finest) // scale).astype(object)
        # No true share is below 0, although 0% can be printed of one that a unit would take there.
        low_closed = limits.low_closed | (limits.low < 0) | ~given
        below = parts.sums(np.where(given, np.maximum(limits.low, 0) * factor, 0))
        above = parts.sums(np.where(given, limits.high * factor, 2 * parts.spread(finest)))
        few = (below < 2 * finest) | ((below == 2 * finest) & parts.all(low_closed))
        enough = (above > 2 * finest) | (
            (above == 2 * finest) & parts.all(limits.high_closed | ~given)
        )
        reached = _reach(figures, limits, scale, parts, base=base, present=given, pinned=pinned)
        fitting |= (few & enough & reached).astype(np.bool_)
    several = parts.sums(given.astype(np.int64)) > 1
    return np.where(several, np.where(fitting, _CONSISTENT, _CONTRADICTED), _NONE).astype(np.int8)


def _counted(
    figures: PublishedFigures, parts: PartRows, low: NDArray[np.int64], high: NDArray[np.int64]
) -> tuple[NDArray[Any], NDArray[np.bool_]]:
    """Return the base of the percentages of each group, and which parts have a count of it.

    It is the base that all parts state, or else their total, or else their sum where every count
    is known. Counts with a total belong to its percentages only if they make it: otherwise the
    percentages can be of those with a recorded category.
    """
    top, own, rows = figures.top, figures.base, parts.rows
    least, most = parts.least(own.lower[rows]), parts.most(own.upper[rows])
    stated = (least == most) & parts.all(own.stated[rows])
    known = parts.all((top.stated & top.is_point)[rows])
    summed = parts.sums(np.where(top.stated[rows], top.lower[rows], 0))
    total = (low == high) & (high < LARGEST_COUNT)
    base = np.select([stated, total, known], [most, high, summed], 0)
    certain = stated | (known & (summed == base))
    return base, top.stated[rows] & parts.spread(certain).astype(np.bool_)


def _reach(
    figures: PublishedFigures,
    limits: Any,
    scale: NDArray[Any],
    parts: PartRows,
    *,
    base: NDArray[Any],
    present: NDArray[np.bool_],
    pinned: NDArray[np.bool_],
) -> NDArray[np.bool_]:
    """Whether integers with the published percentages can add up to a known total.

    Where a part has a count that its percentage can come from, it is that number. A part whose
    count cannot give its percentage is taken as printed: whether rounding explains the sum is
    asked of the percentages.
    """
    whole, unit = parts.spread(base).astype(object), (2 * scale).astype(object)
    least = np.where(
        limits.low_closed, -(-limits.low * whole // unit), limits.low * whole // unit + 1
    )
    most = np.where(
        limits.high_closed, limits.high * whole // unit, -(-limits.high * whole // unit) - 1
    )
    top = figures.top
    first, last = top.lower[parts.rows], top.upper[parts.rows]
    least, most = np.where(present, np.maximum(least, 0), 0), np.where(present, most, whole)
    fits = pinned & (first <= most).astype(np.bool_) & (least <= last).astype(np.bool_)
    lower = parts.sums(np.where(fits, np.maximum(least, first), least))
    upper = parts.sums(np.where(fits, np.minimum(most, last), most))
    return np.asarray((base == 0) | ((lower <= base) & (base <= upper)).astype(np.bool_))


def _ranks(
    figures: PublishedFigures, ranked: PartRows, rank: NDArray[np.int64]
) -> tuple[NDArray[np.int8], NDArray[np.bool_]]:
    """Return whether ranks follow counts or percentages, and by which."""
    rows = ranked.rows
    top, printed = figures.top, figures.printed
    counted = ranked.all(top.stated[rows])
    formatted = ranked.all(printed.present[rows])
    factor = ranked.spread(ranked.most(printed.scale[rows])) // printed.scale[rows]
    values = printed.digits[rows].astype(object) * factor
    by_count = counted & _ordered(ranked, rank, top.lower[rows], top.upper[rows])
    by_share = formatted & _ordered(ranked, rank, values, values)
    points = ranked.all(top.is_point[rows])
    found = np.select(
        [ranked.sizes() < 2, ~counted & ~formatted, by_count & points | by_share, by_count],
        [_NONE, _NOT_ASSESSABLE, _CONFIRMED, _CONSISTENT],
        _CONTRADICTED,
    )
    return found.astype(np.int8), by_count


def _ordered(
    ranked: PartRows, rank: NDArray[np.int64], low: NDArray[Any], high: NDArray[Any]
) -> NDArray[np.bool_]:
    """Whether ranks can follow the values."""
    frame = pd.DataFrame(
        {"group": ranked.spread(np.arange(len(ranked))), "rank": rank[ranked.rows]}
    )
    order = np.lexsort((frame["rank"], frame["group"]))
    group, place = frame["group"].to_numpy()[order], frame["rank"].to_numpy()[order]
    fresh = np.append(True, (np.diff(group) != 0) | (np.diff(place) != 0))
    starts = np.flatnonzero(fresh)
    largest = np.maximum.reduceat(low[order], starts)
    smallest = np.minimum.reduceat(high[order], starts)
    owner = group[starts]
    so_far = np.empty(len(starts), dtype=object)
    for start, end in zip(*_runs(owner), strict=True):
        so_far[start:end] = np.minimum.accumulate(smallest[start:end])
    wrong = largest > so_far
    broken = np.bincount(owner[wrong.astype(np.bool_)], minlength=len(ranked))
    return np.asarray(broken == 0)


def _runs(keys: NDArray[np.int64]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    starts = np.flatnonzero(np.diff(keys, prepend=_NONE))
    return starts, np.append(starts[1:], len(keys))
