"""Figures of a table as columns, and checks of rows, groups of rows and sets of members."""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from fractions import Fraction
from typing import Any

import numpy as np
from attrs import evolve, field, frozen
from numpy.typing import NDArray

from thbstats._properties import cached_property
from thbstats.auditing.rounding_methods import (
    Column,
    CountColumn,
    ExactShares,
    PrintedColumn,
    Slopes,
    decimals_of,
    hull,
    rounding_bits,
    ways_of,
)
from thbstats.auditing.verdicts import ClaimVerdict
from thbstats.columns import Coded, Integers, Mask
from thbstats.columns.grouped_rows import GroupRows
from thbstats.display import count, decimal, percent, signed_percent
from thbstats.languages import Message
from thbstats.tables.encoding import distinct
from thbstats.values import LARGEST_COUNT, Interval, Percent, Reason
from thbstats.values.rate_change import RateChange

KINDS = ("share", "change", "total", "rate", "ratio")
"""The kinds of figures; a total is the sum of the shares of its group."""

SHARE, CHANGE, TOTAL, RATE, RATIO = range(5)


def text_column(values: Any, name: str) -> Coded[str]:
    """Return a column as texts without surrounding spaces; the last category has no text."""
    column = distinct(values, name)
    texts = []
    for value in column.categories:
        is_integer = isinstance(value, float | np.floating) and float(value).is_integer()
        texts.append(str(int(value)) if is_integer else str(value).strip())
    return Coded(np.where(column.codes < 0, len(texts), column.codes), [*texts, ""])


@frozen(eq=False, kw_only=True)
class FigureColumns:
    """Printed numbers with their counts.

    Numerators (``tops``) and denominators (``bases``), or new and old counts, of the row itself
    have an empty name and come first; the others are candidates. The unit (``per``) is 100 for a
    percentage, 100,000 for a rate per 100,000 and 1 for a ratio. Kinds and groups are positions in
    `KINDS` and ``groups``, -1 for none, and a rank of 0 is none. A change of ``rates`` has two
    rounded rates instead of counts; a row of ``unread`` cannot be judged, for the given reason.
    """

    title: str = ""
    ids: Coded[str]
    texts: Coded[str]
    kinds: NDArray[np.int8]
    printed: PrintedColumn
    per: NDArray[np.int64]
    tops: Mapping[str, CountColumn]
    bases: Mapping[str, CountColumn]
    group: NDArray[np.int64] | None = None
    groups: tuple[str, ...] = ()
    rank: NDArray[np.int64] | None = None
    notes: tuple[str, ...] = ()
    rates: Mapping[int, RateChange] = field(factory=dict)
    unread: Mapping[int, str] = field(factory=dict)

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def top(self) -> CountColumn:
        """The numerators, or new counts, of the rows."""
        return self.tops[""]

    @property
    def base(self) -> CountColumn:
        """The denominators, or old counts, of the rows."""
        return self.bases[""]

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The names of the other pairs of a numerator and a denominator."""
        return [pair for pair in ((t, b) for t in self.tops for b in self.bases) if any(pair)]

    def percent(self, row: int) -> Percent:
        """Return the printed percentage of a row."""
        digits, decimals = int(self.printed.digits[row]), decimals_of(int(self.printed.scale[row]))
        text = str(abs(digits)).rjust(decimals + 1, "0")
        point = f"{text[:-decimals]}.{text[-decimals:]}" if decimals else text
        return Percent(f"-{point}" if digits < 0 else point)

    def row(self, row: int, pair: tuple[str, str] = ("", "")) -> "FigureRow":
        """Return the numbers of a row with one pair of counts."""
        top, base = self.tops[pair[0]], self.bases[pair[1]]

        def words(counts: CountColumn) -> str:
            bounds = counts.interval(row)
            if counts.reason[row] == Reason.FEWER_THAN.severity and bounds.upper is not None:
                return Message("fewer than {n}", n=count(bounds.upper + 1))
            return span(bounds)

        return FigureRow(
            digits=int(self.printed.digits[row]),
            scale=int(self.printed.scale[row]),
            per=int(self.per[row]),
            is_change=bool(self.printed.is_change[row]),
            is_part=bool(self.printed.is_part[row]),
            top=top.interval(row),
            base=base.interval(row),
            top_words=words(top),
            base_words=words(base),
        )


def span(bounds: Interval) -> str:
    """Return a count or its bounds in words."""
    if bounds.lower is None or bounds.upper is None or bounds.is_point:
        return count(bounds)
    return Message("{lower} to {upper}", lower=count(bounds.lower), upper=count(bounds.upper))


@frozen(kw_only=True, slots=False)
class FigureRow:
    """The numbers of one row, for its message: a change, a share at most 1, or another ratio."""

    digits: int
    scale: int
    per: int
    is_change: bool
    is_part: bool
    top: Interval
    base: Interval
    top_words: str
    base_words: str

    @cached_property
    def printed(self) -> str:
        """The number in the style of messages."""
        return self.formatted(self.digits, self.scale)

    def formatted(self, digits: int, scale: int) -> str:
        """Return another number of this kind in the style of messages."""
        decimals, number = len(str(scale // self.per)) - 1, Fraction(digits, scale)
        if self.is_change or self.is_part:
            return (signed_percent if self.is_change else percent)(number, decimals)
        rate, text = decimal(self.per * number, decimals), "{number} per {inhabitants}"
        return Message(text, number=rate, inhabitants=count(self.per)) if self.per > 1 else rate

    def _hull(self, allowed: int) -> Slopes:
        return hull(self.digits, self.scale, self.is_change, self.is_part, allowed)

    def bases(self, allowed: int) -> Interval | None:
        """Return the bounds of the denominators that give the number with this numerator."""
        slopes, top = self._hull(allowed), int(self.top.value or 0)
        if slopes.high < 0 or (slopes.high == 0 and top):
            return None
        least, most = map(int, slopes.bases(top, 1, 0))
        least = max(least, 1)
        if slopes.low < 0 or (slopes.low == 0 and (slopes.low_closed or top)):
            return Interval.at_least(least)
        return Interval(least, most) if least <= most else None

    def tops(self, allowed: int) -> Interval | None:
        """Return the bounds of the numerators that give the number with this denominator."""
        least, most = map(int, self._hull(allowed).tops(int(self.base.value or 0)))
        least = max(least, 0)
        return Interval(least, most) if least <= most else None


VERDICTS = tuple(ClaimVerdict)
"""The verdicts of a figure; columns contain their positions."""

CONFIRMED, CONSISTENT, CONTRADICTED, NOT_ASSESSABLE = range(len(VERDICTS))

Names = tuple[str, str]


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

    def pairs(self, row: int, allowed: int) -> tuple[list[Names], list[Names]]:
        """Return the other pairs of counts that give the number of a row, and pairs that do not."""
        tried = [pair for pair, rows in self.tried.items() if rows[row]]
        fitting = [pair for pair in tried if self.others[pair][row] & allowed]
        return fitting, [pair for pair in tried if pair not in fitting]


def judge_rows(figures: FigureColumns, allowed: int) -> RowVerdicts:
    """Return the verdict on each number by its counts, with the allowed rounding methods as bits.

    Where the numerator of a share is unknown but its denominator is so small that not every
    percentage is possible, a fit is informative.
    """
    printed, top = figures.printed, figures.top
    # A total is 100% of itself, whatever its count is: 1 of 1, or 0 of 0, which has no percentage.
    total = figures.kinds == TOTAL
    base = top.where(total, figures.base) if total.any() else figures.base
    unit = np.minimum(top.upper, 1)
    itself = CountColumn.between(unit, unit, True)
    fits = rounding_bits(itself.where(total, top), itself.where(total, base), printed)
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


_NONE = -1


class Check(StrEnum):
    """Check of a group of rows."""

    PARTS = "parts"
    """Whether the counts of the parts add up."""
    PERCENTAGES = "percentages"
    """Whether the percentages can add up to 100 with rounding."""
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
    filled = PrintedColumn(printed.digits, scale, present, is_change=no, is_part=~no)
    # Percentages can have different decimals: `finest` units of the most precise one are 100%.
    finest = parts.spread(parts.reduce(np.maximum, scale))
    units = np.where(present, printed.digits * (finest // scale).astype(object), 0)
    base, is_certain = _common_bases(figures, parts, low, high)
    # Printed percentages with the sum 100 need no explanation by rounding.
    unexplained = parts.sums(units) != finest[parts.starts]
    pinned = top.stated & parts.spread(is_certain & unexplained).astype(np.bool_)
    counts, whole = evolve(top, stated=pinned), parts.spread(base).astype(object)
    fitting = np.zeros(len(parts), dtype=np.bool_)
    for way in ways_of(allowed):
        shares = ExactShares.of(filled, finest, way)
        # The integers that are printed as these percentages; without one, any.
        least, most = shares.tops(whole)
        least, most = np.where(present, np.maximum(least, 0), 0), np.where(present, most, whole)
        fits = _contain_hundred(parts, shares, present)
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


def _contain_hundred(parts: GroupRows, shares: ExactShares, present: Mask) -> Mask:
    """Return whether the bounds of the true shares of each group contain 100%.

    Those of 33%, 33% and 33% do, as their sum is from 195/200 to less than 201/200:

    >>> yes = np.ones(3, np.bool_)
    >>> shares = ExactShares(*np.repeat([[200], [65], [67]], 3, axis=1), yes, ~yes)
    >>> _contain_hundred(GroupRows.of(np.zeros(3, int), yes), shares, yes)
    array([ True])
    """
    # No true share is below 0, although 0% can be printed of one that a unit would take there.
    below = np.where(present, np.maximum(shares.low, 0), 0)
    above = np.where(present, shares.high, shares.unit)
    low_closed = parts.all(shares.low_closed | (shares.low < 0) | ~present)
    high_closed = parts.all(shares.high_closed | ~present)
    whole, least, most = shares.unit[parts.starts], parts.sums(below), parts.sums(above)
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
    """Return whether ranks follow counts or percentages, and whether they follow the counts."""
    top, printed = figures.top.take(ranked.rows), figures.printed.take(ranked.rows)
    counted, formatted = ranked.all(top.stated), ranked.all(printed.present)
    finest = ranked.spread(ranked.reduce(np.maximum, printed.scale))
    by_count, is_certain = _ordered(ranked, rank, top.lower, top.upper)
    is_certain, by_share = counted & is_certain, np.zeros_like(by_count)
    for way in ways_of(allowed):
        shares = ExactShares.of(printed, finest, way)
        is_possible, is_sure = _ordered(ranked, rank, *shares.quarters)
        by_share |= formatted & is_possible
        is_certain |= formatted & is_sure
    by_count &= counted
    verdicts = np.select(
        [ranked.sizes < 2, ~counted & ~formatted, is_certain, by_count | by_share],
        [_NONE, NOT_ASSESSABLE, CONFIRMED, CONSISTENT],
        CONTRADICTED,
    )
    return verdicts.astype(np.int8), by_count


def _ordered(
    ranked: GroupRows, rank: Integers, low: NDArray[Any], high: NDArray[Any]
) -> tuple[Mask, Mask]:
    """Return whether values between bounds can have their ranks, and whether they must.

    They can if no value of a later rank is surely above an earlier one. They surely have them if
    each is surely below all earlier ones, and values that share a rank are known.

    The ranks 1, 2, 2 are possible for 34%, 33% and 33% (in quarters), and sure for 9, 4 and 4:

    >>> ranked, rank = GroupRows.of(np.zeros(3, int), np.ones(3, np.bool_)), np.array([1, 2, 2])
    >>> _ordered(ranked, rank, np.array([134, 130, 130]), np.array([137, 133, 133]))
    (array([ True]), array([False]))
    >>> _ordered(ranked, rank, np.array([9, 4, 4]), np.array([9, 4, 4]))
    (array([ True]), array([ True]))
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
