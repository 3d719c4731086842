"""Checks of groups of rows, and of the sets of members of a percentage."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Any

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from thbstats.auditing.figure_columns import (
    CHANGE,
    CONFIRMED,
    CONSISTENT,
    CONTRADICTED,
    NOT_ASSESSABLE,
    SHARE,
    TOTAL,
    VERDICTS,
    FigureColumns,
)
from thbstats.auditing.rounding_methods import (
    Column,
    CountColumn,
    PrintedColumn,
    Slopes,
    limits,
    rounding_bits,
    ways_of,
)
from thbstats.auditing.verdicts import ClaimVerdict
from thbstats.columns import Coded, Integers, Mask
from thbstats.columns.grouped_rows import GroupRows
from thbstats.languages import Message
from thbstats.values import LARGEST_COUNT, Interval, Rounding

_NONE = -1


class Check(StrEnum):
    """Check of a group of rows."""

    PARTS = "parts"
    """Whether the counts of the parts add up."""
    PERCENTAGES = "percentages"
    """Whether the percentages make 100 within what rounding allows."""
    RANKS = "ranks"
    """Whether printed ranks agree with the counts, or with the percentages."""


@frozen(eq=False, kw_only=True)
class GroupChecks:
    """Checks of groups.

    Verdicts are positions in `VERDICTS`, or -1 where there is nothing to check. Ranks follow counts
    (``by_counts``), or else percentages, or neither.
    """

    keys: Integers
    rows: GroupRows
    names: tuple[str, ...]
    verdicts: dict[Check, NDArray[np.int8]]
    by_counts: Mask

    def __iter__(self) -> Iterator[tuple[int, Check, ClaimVerdict]]:
        for group in range(len(self.names)):
            for check, verdicts in self.verdicts.items():
                if verdicts[group] != _NONE:
                    yield group, check, VERDICTS[verdicts[group]]


def check_groups(figures: FigureColumns, allowed: int) -> GroupChecks:
    """Return the checks of all groups of rows, with the allowed rounding methods as bits."""
    size, totals = len(figures), figures.kinds == TOTAL
    keys, names = figures.group, figures.groups
    if keys is None:
        # Without groups all rows can be ranked, and one total has all shares for its parts.
        keys, names = np.zeros(size, dtype=np.int64), ("all rows",)
    has_whole = figures.group is not None or bool(totals.any())
    parts = GroupRows.of(keys, (figures.kinds == SHARE) & has_whole)
    verdicts = {check: np.full(len(names), _NONE, dtype=np.int8) for check in Check}
    by_counts = np.zeros(len(names), dtype=np.bool_)
    if len(parts):
        low, high, known = _totals(figures, parts, keys)
        # By group: the bounds of the sum of its parts, against those of the total.
        top = figures.top.take(parts.rows)
        least, most, stated = parts.sums(top.lower), parts.sums(top.upper), parts.all(top.stated)
        some = parts.sums(top.stated.astype(np.int64)) > 0
        exact = (least == most) & (low == high) & stated
        verdicts[Check.PARTS][parts.groups] = np.select(
            [~known | ~some, (least > high) | (low > most), exact, stated & (most < LARGEST_COUNT)],
            [_NONE, CONTRADICTED, CONFIRMED, CONSISTENT],
            NOT_ASSESSABLE,
        )
        sums = _hundred_verdicts(figures, parts, low, high, allowed)
        verdicts[Check.PERCENTAGES][parts.groups] = sums
    # A total without parts cannot be judged.
    alone = np.setdiff1d(keys[totals], parts.groups)
    verdicts[Check.PARTS][alone[alone >= 0]] = NOT_ASSESSABLE
    if figures.rank is not None:
        ranked = GroupRows.of(keys, figures.rank > 0)
        if len(ranked):
            ranks = _rank_verdicts(figures, ranked, figures.rank, allowed)
            verdicts[Check.RANKS][ranked.groups], by_counts[ranked.groups] = ranks
    rows = GroupRows.of(keys, np.ones(size, dtype=np.bool_))
    return GroupChecks(keys=keys, rows=rows, names=names, verdicts=verdicts, by_counts=by_counts)


def _totals(
    figures: FigureColumns, parts: GroupRows, keys: Integers
) -> tuple[Integers, Integers, Mask]:
    """Return the bounds of the total of each group, and whether it is stated.

    The total is a row of the group, or else the denominator of all its parts.
    """
    base = figures.base.take(parts.rows)
    low, high = parts.reduce(np.minimum, base.lower), parts.reduce(np.maximum, base.upper)
    known = (low == high) & parts.all(base.stated)
    # Rows of totals, with the position of their group in `parts`: other groups have no parts.
    rows = np.flatnonzero((figures.kinds == TOTAL) & figures.top.stated)
    rows = rows[np.isin(keys[rows], parts.groups)]
    position = np.searchsorted(parts.groups, keys[rows])
    low[position], high[position] = figures.top.lower[rows], figures.top.upper[rows]
    known[position] = True
    return low, high, known


def _hundred_verdicts(
    figures: FigureColumns, parts: GroupRows, low: Integers, high: Integers, allowed: int
) -> NDArray[np.int8]:
    """Check whether the percentages of each group can add up to 100, with bounds of its total.

    33%, 33% and 33% can, as shares of 33.3% are printed so. As percentages of 10 persons they
    cannot: no count gives 33%. Columns have one entry for each part, or for each group.
    """
    printed, top = figures.printed.take(parts.rows), figures.top.take(parts.rows)
    present = printed.present
    scale = np.where(present, printed.scale, 100)
    no = np.zeros_like(present)
    shares = PrintedColumn(printed.digits, scale, present, is_change=no, is_part=~no)
    # Percentages of one group can have different decimals. All are compared in units of the most
    # decimals: 100% of a group is `finest` of these units.
    finest = parts.reduce(np.maximum, scale)
    finer = (parts.spread(finest) // scale).astype(object)
    base, is_certain = _common_bases(figures, parts, low, high)
    # Printed percentages with the sum 100 need no explanation by rounding.
    unexplained = parts.sums(np.where(present, printed.digits * finer, 0)) != finest
    pinned = top.stated & parts.spread(is_certain & unexplained).astype(np.bool_)
    counts, whole = evolve(top, stated=pinned), parts.spread(base).astype(object)
    fitting = np.zeros(len(parts), dtype=np.bool_)
    for way in ways_of(allowed):
        slopes = limits(shares, way)
        # The integers that are printed as these percentages; without one, any.
        least, most = slopes.tops(whole)
        least, most = np.where(present, np.maximum(least, 0), 0), np.where(present, most, whole)
        fits = _contain_hundred(parts, slopes, present, finer)
        fitting |= fits & _contain_base(parts, least, most, base, counts)
    several = parts.sums(present.astype(np.int64)) > 1
    return np.where(several, np.where(fitting, CONSISTENT, CONTRADICTED), _NONE).astype(np.int8)


def _common_bases(
    figures: FigureColumns, parts: GroupRows, low: Integers, high: Integers
) -> tuple[Column, Column]:
    """Return the denominator of each group, 0 for none, and whether the counts belong to it.

    It is the one that all parts state, or else their total, or else their sum where every count is
    known. Counts with a total belong to its percentages only if they make it: otherwise the
    percentages can be of those with a recorded category.
    """
    top, own = figures.top.take(parts.rows), figures.base.take(parts.rows)
    largest = parts.reduce(np.maximum, own.upper)
    stated = (parts.reduce(np.minimum, own.lower) == largest) & parts.all(own.stated)
    known = parts.all(top.stated & top.is_point)
    summed = parts.sums(np.where(top.stated, top.lower, 0))
    total = (low == high) & (high < LARGEST_COUNT)
    base = np.select([stated, total, known], [largest, high, summed], 0)
    return base, stated | (known & (summed == base))


def _contain_hundred(parts: GroupRows, slopes: Slopes, present: Mask, finer: Column) -> Mask:
    """Return whether the bounds of the true shares of each group contain 100%.

    A part has bounds in halves of its unit, and a unit is `finer` units of its group.
    """
    hundred = slopes.unit * finer  # 100% by part; the same for all parts of a group
    # No true share is below 0, although 0% can be printed of one that a unit would take there.
    below = np.where(present, np.maximum(slopes.low, 0) * finer, 0)
    above = np.where(present, slopes.high * finer, hundred)
    low_closed = parts.all(slopes.low_closed | (slopes.low < 0) | ~present)
    high_closed = parts.all(slopes.high_closed | ~present)
    whole, least, most = hundred[parts.starts], parts.sums(below), parts.sums(above)
    is_few = (least < whole) | ((least == whole) & low_closed)
    return np.asarray(is_few & ((most > whole) | ((most == whole) & high_closed)), np.bool_)


def _contain_base(
    parts: GroupRows, least: Column, most: Column, base: Column, pinned: CountColumn
) -> Mask:
    """Return whether integers between bounds can add up to the denominator of each group.

    A part with a stated count (``pinned``) within its bounds is that number.
    """
    fits = pinned.stated & ((pinned.lower <= most) & (least <= pinned.upper)).astype(np.bool_)
    lower = parts.sums(np.where(fits, np.maximum(least, pinned.lower), least))
    upper = parts.sums(np.where(fits, np.minimum(most, pinned.upper), most))
    return np.asarray((base == 0) | ((lower <= base) & (base <= upper)), np.bool_)


def _rank_verdicts(
    figures: FigureColumns, ranked: GroupRows, rank: Integers, allowed: int
) -> tuple[NDArray[np.int8], Mask]:
    """Return whether ranks follow counts or percentages, and whether they follow counts."""
    top, printed = figures.top.take(ranked.rows), figures.printed.take(ranked.rows)
    counted, formatted = ranked.all(top.stated), ranked.all(printed.present)
    finest = ranked.spread(ranked.reduce(np.maximum, printed.scale))
    by_count, is_certain = _ordered(ranked, rank, top.lower, top.upper)
    is_certain, by_share = counted & is_certain, np.zeros_like(by_count)
    for way in ways_of(allowed):
        is_possible, is_sure = _ordered(ranked, rank, *share_ends(printed, finest, way))
        by_share |= formatted & is_possible
        is_certain |= formatted & is_sure
    by_count &= counted
    verdicts = np.select(
        [ranked.sizes < 2, ~counted & ~formatted, is_certain, by_count | by_share],
        [_NONE, NOT_ASSESSABLE, CONFIRMED, CONSISTENT],
        CONTRADICTED,
    )
    return verdicts.astype(np.int8), by_count


def share_ends(printed: PrintedColumn, finest: Column, way: Rounding) -> tuple[Column, Column]:
    """Return the bounds of the true shares as integers, in quarters of the finest unit.

    A bound that is not attained is a quarter inside, so that 33% and 34% do not meet at 33.5%.
    """
    slopes, factor = limits(printed, way), finest.astype(object) // printed.scale
    low, high = (2 * factor * bound.astype(object) for bound in (slopes.low, slopes.high))
    return low + ~slopes.low_closed, high - ~slopes.high_closed


def _ordered(
    ranked: GroupRows, rank: Integers, low: NDArray[Any], high: NDArray[Any]
) -> tuple[Mask, Mask]:
    """Return whether values between bounds can have their ranks, and whether they surely have.

    They can if no value of a later rank is surely above an earlier one. They surely have them if
    each is surely below all earlier ones, and values that share a rank are known.
    """
    # Rows by group and rank; equal ranks of a group are one run, from `starts`.
    group, position = ranked.spread(np.arange(len(ranked))), rank[ranked.rows]
    order = np.lexsort((position, group))
    group, position, low, high = group[order], position[order], low[order], high[order]
    starts = np.flatnonzero(np.append(True, (np.diff(group) != 0) | (np.diff(position) != 0)))
    owner = group[starts]
    is_alone = np.diff(starts, append=len(low)) == 1
    is_known = np.logical_and.reduceat((low == high).astype(np.bool_), starts)
    # By run: the smallest bounds of this and all earlier ranks of its group.
    smallest_low, smallest_high = (
        np.minimum.reduceat(bound, starts).astype(object) for bound in (low, high)
    )
    first = np.flatnonzero(np.diff(owner, prepend=_NONE))
    for start, end in zip(first, [*first[1:], len(owner)], strict=True):
        for smallest in (smallest_low, smallest_high):
            smallest[start:end] = np.minimum.accumulate(smallest[start:end])
    wrong = (np.maximum.reduceat(low, starts) > smallest_high).astype(np.bool_)
    open_ = np.append(False, np.maximum.reduceat(high, starts)[1:] >= smallest_low[:-1])
    open_[first] = False
    unsure = open_.astype(np.bool_) | ~(is_alone | is_known) | wrong
    is_possible, is_sure = (
        np.bincount(owner[rows], minlength=len(ranked)) == 0 for rows in (wrong, unsure)
    )
    return is_possible, is_sure


@frozen(kw_only=True)
class MatchedSet:
    """Set of members for which a percentage was tried.

    Parameters
    ----------
    label : str
        The set in words.
    members : tuple of str
        The members.
    numerator, denominator : Interval
        The sums of their counts; for a change the new and the old ones.
    fits : bool
        Whether these sums give the percentage.
    """

    label: str
    members: tuple[str, ...]
    numerator: Interval
    denominator: Interval
    fits: bool


def match_sets(
    figures: FigureColumns,
    parts: GroupRows,
    names: Coded[str],
    top: CountColumn,
    base: CountColumn,
    *,
    allowed: int,
) -> dict[int, list[MatchedSet]]:
    """Return the sets of members that were tried, by row of the table.

    The sets are all members, those with both counts, and these without one of them. A set is tried
    with the sums of the counts of its members. No set has a sum without any count, which is not 0.
    """
    sets: list[tuple[int, str, list[int]]] = []
    for row in parts.groups.tolist():
        every = parts.rows[parts.entries(row)].tolist()
        both = [member for member in every if top.stated[member] and base.stated[member]]
        label: str = Message("all members")
        if len(both) < len(every):
            label = Message("members with both counts")
            numbers = int(top.stated[every].sum()), int(base.stated[every].sum())
            if all(numbers):
                text = (
                    "all members with a count, {top} in the numerator and {base} in the denominator"
                )
                if figures.kinds[row] == CHANGE:
                    text = (
                        "all members with a count, {top} in the new sum and {base} in the old sum"
                    )
                sets.append((row, Message(text, top=numbers[0], base=numbers[1]), every))
        sets += [(row, label, both)] if both else []
        for left in both if len(both) > 1 else ():
            without = Message("{name}, without {member}", name=label, member=names[left])
            sets.append((row, without, [member for member in both if member != left]))

    def sums(counts: CountColumn) -> CountColumn:
        ends = (np.where(counts.stated, end, 0).tolist() for end in (counts.lower, counts.upper))
        totals = ([sum(end[member] for member in own) for _, _, own in sets] for end in ends)
        lower, upper = (np.minimum(total, LARGEST_COUNT).astype(np.int64) for total in totals)
        return CountColumn.between(lower, upper, True)

    tops, bases = sums(top), sums(base)
    owners = np.array([row for row, _, _ in sets], np.intp)
    fits = rounding_bits(tops, bases, figures.printed.take(owners)) & allowed
    result: dict[int, list[MatchedSet]] = {}
    for position, (row, label, own) in enumerate(sets):
        item = MatchedSet(
            label=label,
            members=tuple(names[member] for member in own),
            numerator=tops.interval(position),
            denominator=bases.interval(position),
            fits=bool(fits[position]),
        )
        result.setdefault(row, []).append(item)
    return result
