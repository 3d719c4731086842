"""Verdicts on figures in columns: rows, groups of rows, and sets of members."""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from thbstats.auditing.figure_columns import (
    SHARE,
    TOTAL,
    CountColumn,
    FigureColumns,
    GroupRows,
    PrintedColumn,
    first_integer,
    last_integer,
    limits,
    rounding_bits,
    ways_of,
)
from thbstats.auditing.verdicts import ClaimVerdict
from thbstats.columns import Coded
from thbstats.languages import Message
from thbstats.values import LARGEST_COUNT, Interval

VERDICTS = tuple(ClaimVerdict)
"""The verdicts of a figure; columns contain their positions."""

CONFIRMED, CONSISTENT, CONTRADICTED, NOT_ASSESSABLE = range(len(VERDICTS))
_NONE = -1

Names = tuple[str, str]
Integers = NDArray[np.int64]
Mask = NDArray[np.bool_]


@frozen(eq=False, kw_only=True)
class RowVerdicts:
    """Verdicts on rows.

    Verdicts are positions in `VERDICTS`. The rounding methods that print the number from the stated
    counts (``fits``), and from each other pair of counts (``others``), are bits; ``tried`` has the
    rows with this pair.
    """

    verdicts: NDArray[np.int8]
    fits: NDArray[np.uint8]
    others: Mapping[Names, NDArray[np.uint8]]
    tried: Mapping[Names, Mask]

    def fitting(self, row: int, allowed: int) -> list[Names]:
        """Return the other pairs that give the number of a row."""
        return [pair for pair, fits in self.others.items() if fits[row] & allowed]

    def missing(self, row: int, allowed: int) -> list[Names]:
        """Return the other pairs of a row that do not give its number."""
        tried = [pair for pair, rows in self.tried.items() if rows[row]]
        return [pair for pair in tried if not self.others[pair][row] & allowed]


def judge_rows(figures: FigureColumns, allowed: int) -> RowVerdicts:
    """Return the verdict on each number by its counts, with the allowed rounding methods as bits.

    Where the numerator of a share is unknown but its denominator is so small that not every
    percentage is possible, a fit is informative.
    """
    printed, top = figures.printed, figures.top
    # A total is 100% of itself.
    total = figures.kinds == TOTAL
    base = top.where(total, figures.base) if total.any() else figures.base
    fits = rounding_bits(top, base, printed)
    # Other pairs of a numerator and a denominator, such as those of another population.
    others, tried = {}, {}
    for names in figures.pairs:
        pair = figures.tops[names[0]], figures.bases[names[1]]
        rows = pair[0].stated & pair[1].stated & printed.present & ~total
        if rows.any():
            tried[names], others[names] = rows, rounding_bits(*pair, printed, rows)
    elsewhere = np.zeros(len(figures), dtype=np.bool_)
    for other in others.values():
        elsewhere |= (other & allowed) > 0
    known, both = top.is_point & base.is_point, top.stated & base.stated
    small = (figures.kinds == SHARE) & base.stated & (base.upper < printed.scale)
    # The first condition that is true decides.
    verdicts = np.select(
        [~printed.present, (fits & allowed) == 0, both & known, both | elsewhere | small],
        [NOT_ASSESSABLE, CONTRADICTED, CONFIRMED, CONSISTENT],
        NOT_ASSESSABLE,
    ).astype(np.int8)
    # Changes of two rounded rates are few, and judged one by one.
    for row, change in figures.rates.items():
        number, ways = figures.percent(row), ways_of(allowed)
        verdicts[row] = NOT_ASSESSABLE
        if printed.present[row]:
            fitting = CONFIRMED if change.implies(number, ways) else CONSISTENT
            verdicts[row] = fitting if change.fits(number, ways) else CONTRADICTED
    return RowVerdicts(verdicts=verdicts, fits=fits, others=others, tried=tried)


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
        # The bounds of the total of each group: of a row, or else the denominators of its parts.
        base, top = figures.base[parts.rows], figures.top[parts.rows]
        low, high = parts.reduce(np.minimum, base.lower), parts.reduce(np.maximum, base.upper)
        known = (low == high) & parts.all(base.stated)
        # By group of the table, its position in `parts`, whose columns have groups with parts only.
        position_of_group = np.full(len(names), _NONE)
        position_of_group[parts.groups] = np.arange(len(parts))
        rows = np.flatnonzero(totals & figures.top.stated)
        rows = rows[position_of_group[keys[rows]] >= 0]
        position = position_of_group[keys[rows]]
        low[position], high[position] = figures.top.lower[rows], figures.top.upper[rows]
        known[position] = True
        # By group: the bounds of the sum of its parts, against those of the total.
        least, most, stated = parts.sums(top.lower), parts.sums(top.upper), parts.all(top.stated)
        some = parts.sums(top.stated.astype(np.int64)) > 0
        exact = (least == most) & (low == high) & stated
        verdicts[Check.PARTS][parts.groups] = np.select(
            [~known | ~some, (least > high) | (low > most), exact, stated & (most < LARGEST_COUNT)],
            [_NONE, CONTRADICTED, CONFIRMED, CONSISTENT],
            NOT_ASSESSABLE,
        )
        verdicts[Check.PERCENTAGES][parts.groups] = _hundreds(figures, parts, low, high, allowed)
    # A total without parts cannot be judged.
    alone = np.setdiff1d(keys[totals], parts.groups)
    verdicts[Check.PARTS][alone[alone >= 0]] = NOT_ASSESSABLE
    if figures.rank is not None:
        ranked = GroupRows.of(keys, figures.rank > 0)
        if len(ranked):
            ranks = _ranks(figures, ranked, figures.rank)
            verdicts[Check.RANKS][ranked.groups], by_counts[ranked.groups] = ranks
    return GroupChecks(
        keys=keys,
        rows=GroupRows.of(keys, np.ones(size, dtype=np.bool_)),
        names=names,
        verdicts=verdicts,
        by_counts=by_counts,
    )


def _hundreds(
    figures: FigureColumns, parts: GroupRows, low: Integers, high: Integers, allowed: int
) -> NDArray[np.int8]:
    """Check whether percentages of one total can add up to 100."""
    printed, top, own = figures.printed[parts.rows], figures.top[parts.rows], figures.base
    own = own[parts.rows]
    present = printed.present
    scale = np.where(present, printed.scale, 100)
    share = PrintedColumn(
        printed.digits, scale, present, np.zeros_like(present), np.ones_like(present)
    )
    # Percentages of one group can have different decimals. All are compared in units of the most
    # decimals: 100% of a group is `finest` of these units.
    finest = parts.reduce(np.maximum, scale)
    finer = parts.spread(finest) // scale
    # The denominator of each group: the one that all parts state, or else their total, or else
    # their sum where every count is known. Counts with a total belong to its percentages only if
    # they make it: otherwise the percentages can be of those with a recorded category.
    largest_base = parts.reduce(np.maximum, own.upper)
    stated = (parts.reduce(np.minimum, own.lower) == largest_base) & parts.all(own.stated)
    known = parts.all(top.stated & top.is_point)
    summed = parts.sums(np.where(top.stated, top.lower, 0))
    total = (low == high) & (high < LARGEST_COUNT)
    base = np.select([stated, total, known], [largest_base, high, summed], 0)
    certain = stated | (known & (summed == base))
    counted = top.stated & parts.spread(certain).astype(np.bool_)
    # Percentages that make 100 as they are leave nothing for rounding to explain.
    digits = printed.digits
    if int(np.abs(digits).max()) * int(finer.max()) > np.iinfo(np.int64).max:
        digits = digits.astype(object)
    made = parts.sums(np.where(present, digits * finer, 0))
    pinned = counted & parts.spread(made != finest).astype(np.bool_)
    # By method: do the bounds of the true shares contain 100%, and integers the total?
    fitting = np.zeros(len(parts), dtype=np.bool_)
    whole = parts.spread(base).astype(object)
    for way in ways_of(allowed):
        lower, upper, low_closed, high_closed = limits(share, way)
        factor = finer.astype(object)
        # No true share is below 0, although 0% can be printed of one that a unit would take there.
        closed = low_closed | (lower < 0) | ~present
        below = parts.sums(np.where(present, np.maximum(lower, 0) * factor, 0))
        above = parts.sums(np.where(present, upper * factor, 2 * parts.spread(finest)))
        few = (below < 2 * finest) | ((below == 2 * finest) & parts.all(closed))
        enough = above > 2 * finest
        enough |= (above == 2 * finest) & parts.all(high_closed | ~present)
        # Integers with these percentages must add up to a known total. A part with a count that
        # its percentage can come from is that number; any other part is taken as printed.
        unit = (2 * scale).astype(object)
        least = np.where(present, np.maximum(first_integer(lower * whole, unit, low_closed), 0), 0)
        most = np.where(present, last_integer(upper * whole, unit, high_closed), whole)
        fits = pinned & (top.lower <= most).astype(np.bool_) & (least <= top.upper).astype(np.bool_)
        smallest = parts.sums(np.where(fits, np.maximum(least, top.lower), least))
        largest = parts.sums(np.where(fits, np.minimum(most, top.upper), most))
        reached = (base == 0) | ((smallest <= base) & (base <= largest)).astype(np.bool_)
        fitting |= (few & enough & reached).astype(np.bool_)
    several = parts.sums(present.astype(np.int64)) > 1
    return np.where(several, np.where(fitting, CONSISTENT, CONTRADICTED), _NONE).astype(np.int8)


def _ranks(
    figures: FigureColumns, ranked: GroupRows, rank: Integers
) -> tuple[NDArray[np.int8], Mask]:
    """Return whether ranks follow counts or percentages, and whether they follow counts."""
    top, printed = figures.top[ranked.rows], figures.printed[ranked.rows]
    counted, formatted = ranked.all(top.stated), ranked.all(printed.present)
    # Percentages with different decimals, in units of the most decimals of their group.
    factor = ranked.spread(ranked.reduce(np.maximum, printed.scale)) // printed.scale
    values = printed.digits.astype(object) * factor
    by_count = counted & _ordered(ranked, rank, top.lower, top.upper)
    by_share = formatted & _ordered(ranked, rank, values, values)
    verdicts = np.select(
        [
            ranked.sizes < 2,
            ~counted & ~formatted,
            by_count & ranked.all(top.is_point) | by_share,
            by_count,
        ],
        [_NONE, NOT_ASSESSABLE, CONFIRMED, CONSISTENT],
        CONTRADICTED,
    )
    return verdicts.astype(np.int8), by_count


def _ordered(ranked: GroupRows, rank: Integers, low: NDArray[Any], high: NDArray[Any]) -> Mask:
    """Whether ranks can follow the values: no value of a later rank is above an earlier one."""
    # Rows by group and rank; equal ranks of a group are one run, from `starts`.
    group, position = ranked.spread(np.arange(len(ranked))), rank[ranked.rows]
    order = np.lexsort((position, group))
    group, position = group[order], position[order]
    starts = np.flatnonzero(np.append(True, (np.diff(group) != 0) | (np.diff(position) != 0)))
    # By run: the largest lower bound, and the smallest upper bound of this and all earlier ranks. A
    # value that is certainly above an earlier one contradicts its rank.
    largest = np.maximum.reduceat(low[order], starts)
    smallest = np.minimum.reduceat(high[order], starts).astype(object)
    owner = group[starts]
    first = np.flatnonzero(np.diff(owner, prepend=_NONE))
    for start, end in zip(first, [*first[1:], len(owner)], strict=True):
        smallest[start:end] = np.minimum.accumulate(smallest[start:end])
    wrong = (largest > smallest).astype(np.bool_)
    return np.asarray(np.bincount(owner[wrong], minlength=len(ranked)) == 0)


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
    with the sums of the counts of its members.
    """
    sets: list[tuple[int, str, list[int]]] = []
    for row in parts.groups.tolist():
        every = parts.rows[parts.entries(row)].tolist()
        both = [member for member in every if top.stated[member] and base.stated[member]]
        label: str = Message("all members")
        if len(both) < len(every):
            label = Message("members with both counts")
            sets.append((row, Message("all members with a count"), every))
        sets += [(row, label, both)] if both else []
        for left in both if len(both) > 1 else ():
            text = Message("{name}, without {member}", name=label, member=names[left])
            sets.append((row, text, [member for member in both if member != left]))

    def sums(counts: CountColumn) -> CountColumn:
        bounds = []
        for ends in (counts.lower, counts.upper):
            column = np.where(counts.stated, ends, 0).tolist()
            totals = [sum(column[member] for member in own) for _, _, own in sets]
            bounds.append(np.array([min(total, LARGEST_COUNT) for total in totals], np.int64))
        return CountColumn.between(bounds[0], bounds[1], True)

    tops, bases = sums(top), sums(base)
    owners = np.array([row for row, _, _ in sets], np.intp)
    fits = rounding_bits(tops, bases, figures.printed[owners]) & allowed
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
