"""Solution of systems of counts: bounds that are narrowed along each dimension in turn.

Example: 10 victims are 3 women, 0 to 4 men, and victims of unknown sex without a row. The whole is
the row of the total, and the parts are the three other rows. Sweeps along this line give

| sweep | total | women | men | unknown | reason |
|---|---|---|---|---|---|
| source | 10 | 3 | 0 to 4 | 0 or more | |
| 0 | 10 | 3 | 0 to 4 | 0 to 7 | a part is at most the total less the other parts |
| 1 | 10 | 3 | 0 to 4 | 3 to 7 | and at least the total less the largest other parts |
| 2 | 10 | 3 | 0 to 4 | 3 to 7 | nothing changes |
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from attrs import define, evolve, frozen

from thbstats._properties import cached_property
from thbstats.columns import Floats, Index, Mask, Ranges
from thbstats.columns.records import take_fields
from thbstats.geography import Area
from thbstats.panel.system_rows import UNKNOWN, SystemRows, in_groups_of, kinds_of
from thbstats.panel.systems import CountSystems, SystemLine, allowed_excess
from thbstats.records import Dimension
from thbstats.tables.encoding import packed
from thbstats.values import Reason
from thbstats.vocabulary.codes import COMPLETE

_SWEEPS = 24
"""The largest number of sweeps. Each one narrows bounds, and none is needed for their validity."""

_FEW = 1000
"""The largest number of rows of which a selection takes longer than a sweep."""

_KNOWN, _CONFLICTING = Reason.KNOWN.severity, Reason.CONFLICTING.severity
_IS_REPORTED = np.array(
    [own not in (Reason.BREAKDOWN_NOT_REPORTED, Reason.NOT_REPORTED) for own in Reason]
)


@frozen(kw_only=True, eq=False)
class LineParts:
    """The p parts of the w wholes along one dimension.

    In the example of the module, the rows 0 to 3 have the whole -1, 0, 0, 0: `part` is 1, 2, 3, the
    only whole is row 0, and `of` is 0, 0, 0.
    """

    dimension: Dimension
    is_everywhere: bool  # Whether the categories exist everywhere, such as those of sex
    whole: Index  # (r,): the whole of each row; -1 for a row that is no part
    part: Index  # (p,): the rows of the parts
    of: Index  # (p,): the position of the whole of each part among the wholes
    unknown: Mask  # (p,): the parts of unknown category
    # (p,) each: groups of citizenship and countries, two divisions of the same persons.
    divisions: tuple[Mask, ...]
    wholes: Index  # (w,): the rows of the wholes
    group: Index  # (w,): their systems
    count: Index  # (w,): their numbers of parts
    widest: Mask  # (w,): the totals of all dimensions
    has_all: Mask  # (w,): wholes with a row for each category that exists

    @classmethod
    def along(
        cls, rows: SystemRows, name: str, whole: Index, exhaustive: frozenset[str]
    ) -> "LineParts":
        """Return the parts along a dimension; `whole` is the column of the class.

        In an `exhaustive` dimension, all categories are those of its margin.
        """
        dimension, words, always = (
            rows.columns.schema[name],
            rows.categories[name],
            name in COMPLETE,
        )
        part, is_whole = np.flatnonzero(whole >= 0), np.zeros(len(whole), dtype=np.bool_)
        is_whole[whole[part]] = True
        wholes, of = np.flatnonzero(is_whole), (np.cumsum(is_whole) - 1)[whole[part]]
        codes, group = rows.codes[name][part], rows.group[wholes]
        count, has_all = np.bincount(of, minlength=len(wholes)), np.zeros(len(wholes), np.bool_)
        unknown = np.array([word == UNKNOWN for word in words], np.bool_)[codes]
        if always:
            has_all = count == rows.lists(name).sum(axis=0)[group]
        elif name in exhaustive:
            known = np.bincount(of, ~unknown, len(wholes))
            has_all = known == known[np.searchsorted(wholes, rows.margins({name})[wholes])]
        kinds = kinds_of(dimension, words) if dimension.content == "citizenship" else ()
        return cls(
            dimension=dimension,
            is_everywhere=always,
            whole=whole,
            part=part,
            of=of,
            unknown=unknown,
            divisions=tuple(kind[codes] for kind in kinds),
            wholes=wholes,
            group=group,
            count=count,
            widest=rows.is_widest[wholes],
            has_all=has_all,
        )

    def select(self, rows: Index, position: Index, parts: Index, wholes: Index) -> "LineParts":
        """Return the parts in some systems, as `PublishedLine.select`."""
        whole, of = self.whole[rows], np.zeros(len(self.wholes), dtype=np.intp)
        of[wholes] = np.arange(len(wholes))
        return evolve(
            self,
            whole=np.where(whole >= 0, position[whole], -1),
            part=position[self.part[parts]],
            of=of[self.of[parts]],
            unknown=self.unknown[parts],
            divisions=tuple(own[parts] for own in self.divisions),
            wholes=position[self.wholes[wholes]],
            **take_fields(self, ("group", "count", "widest", "has_all"), wholes),
        )

    def sum(self, values: Any) -> Floats:
        """Return the sum over the parts of each whole, (w,)."""
        return np.asarray(np.bincount(self.of, values, len(self.wholes)), dtype=np.float64)

    def any(self, parts: Mask) -> Mask:
        """Return the wholes with a part of a mask, (w,)."""
        result = np.zeros(len(self.wholes), dtype=np.bool_)
        result[self.of[parts]] = True
        return result

    @cached_property
    def _of_unknown(self) -> tuple[Index, Index]:
        """The parts of unknown category, and the positions of their wholes."""
        parts = np.flatnonzero(self.unknown)
        return parts, self.of[parts]

    def sums(self, values: Floats) -> tuple[Floats, Floats]:
        """Return the sums over the parts of known and of unknown category.

        The known sum is that of the larger of two divisions.
        """
        parts, of = self._of_unknown
        unknown = np.bincount(of, values[parts], len(self.wholes)).astype(np.float64, copy=False)
        if not self.divisions:
            return self.sum(values) - unknown, unknown
        known = np.where(self.unknown, 0, values)
        every = [self.sum(np.where(own, known, 0)) for own in self.divisions]
        return np.max(every, axis=0), unknown

    def division_sum(self, values: Floats, known_sum: Floats) -> Floats:
        """Return the known sum of the divisions of each part, (p,); the larger one for unknown."""
        known = np.where(self.unknown, 0, values)
        own = [
            np.where(inside, self.sum(np.where(inside, known, 0))[self.of], 0)
            for inside in self.divisions
        ]
        result: Floats = np.where(self.unknown, known_sum[self.of], np.max(own, axis=0))
        return result

    def known_largest(self, values: Floats) -> Floats:
        """Return the largest part of known category of each whole."""
        result = np.zeros(len(self.wholes))
        np.maximum.at(result, self.of, np.where(self.unknown, 0, values))
        return result

    def of_rows(self, values: Any, missing: Any = 0) -> Any:
        """Return values of the wholes as a column of all rows, (r,)."""
        shape, dtype = len(self.whole), values.dtype
        # Memory of zeros needs no writing.
        result = np.full(shape, missing, dtype) if missing else np.zeros(shape, dtype)
        result[self.wholes] = values
        return result


@frozen(kw_only=True, eq=False)
class PublishedLine:
    """The counts along one dimension as published, which no sweep changes.

    In the example of the module, the published counts are 3, 0 and 0, with the sum 3 and the
    largest count 3. The limit of their total is 10.
    """

    parts: LineParts
    # (p,): the least published counts, for rows without a count those of their parts; parts of
    # known category of which neither the count nor the counts of all parts are reported.
    counts: Floats
    unsettled: Mask
    # (w,): wholes with a count, its bounds, and the excess of the parts that is a discrepancy.
    reported: Mask
    least: Floats
    limit: Floats
    allowed: Floats
    # (w,): the persons in all parts if these are exclusive, and if they can overlap.
    summed: Floats
    largest: Floats
    # (w,): wholes of tables of cases, which document who can have each category.
    answered: Mask

    def select(self, rows: Index, position: Index) -> "PublishedLine":
        """Return the counts of some systems.

        `rows` are their rows, and `position`, (r,), has the position of each among them, else -1.
        """
        columns = ("reported", "least", "limit", "allowed", "summed", "largest", "answered")
        # Few rows are left: positions are faster than masks, which go through all rows each time.
        parts, wholes = (
            np.flatnonzero(position[own] >= 0) for own in (self.parts.part, self.parts.wholes)
        )
        return evolve(
            self,
            parts=self.parts.select(rows, position, parts, wholes),
            **take_fields(self, ("counts", "unsettled"), parts),
            **take_fields(self, columns, wholes),
        )


class PartSums:
    """Sums of the bounds of the p parts of w wholes in one sweep.

    In sweep 1 of the example, the known sum is 3 and the unknown one 0. With the upper bounds 3, 4
    and 7, the finite sum is 14, and the others of the unknown part are at most 7.
    """

    def __init__(self, parts: LineParts, low: Floats, high: Floats) -> None:
        self.parts = parts
        self.low: Floats = low  # (p,)
        self.high: Floats = high
        # (w,): the least sums of parts of known category, of unknown category and of all parts.
        self.known: Floats
        self.unknown: Floats
        self.known, self.unknown = parts.sums(low)
        self.summed: Floats = self.known + self.unknown
        # (p,): parts without an upper bound; (w,): their number, and the largest sum of the others.
        self.is_open: Mask = np.isinf(high)
        self.n_open: Index = np.bincount(parts.of[self.is_open], minlength=len(parts.wholes))
        self.finite: Floats = parts.sum(np.where(self.is_open, 0, high))

    def left_by_others(self, whole: Floats, least: Floats, overlaps: Mask) -> Floats:
        """Return what the other parts leave of each whole, at least 0, (p,).

        Parts that overlap can have the same persons: only unknown persons are others.
        """
        of = self.parts.of
        left = (whole - least)[of] + self.low
        if self.parts.divisions:
            # Citizens of a country are not restricted by groups of citizenship, which include them.
            left += self.known[of] - self.parts.division_sum(self.low, self.known)
        if overlaps.any():
            alone = whole[of] - np.where(self.parts.unknown, 0, self.unknown[of])
            left = np.where(overlaps[of], alone, left)
        return np.maximum(left, 0)

    def most_of_others(self) -> Floats:
        """Return the largest sum of the other parts of the same whole, (p,)."""
        n_open, finite = self.n_open[self.parts.of], self.finite[self.parts.of]
        most = np.where(self.is_open, finite, finite - self.high)
        return np.where(n_open == self.is_open, most, np.inf)


@frozen(kw_only=True, eq=False)
class PartExcess:
    """The least persons in all parts of w wholes, and by how much they exceed these, in one sweep.

    The least persons are the sum of exclusive parts, and the largest part if categories overlap:

    ======================================  ========  =====  ====  ========
    whole and parts                         overlaps  least  slip  exceeded
    ======================================  ========  =====  ====  ========
    10: 8 sexual and 7 labour exploitation  yes       8      0     no
    1,000: 600 women and 403 men            no        1,003  3     no
    1,000: 600 women and 410 men            no        1,010  0     yes
    ======================================  ========  =====  ====  ========
    """

    overlaps: Mask  # (w,)
    least: Floats  # (w,): those that follow
    fits: Mask  # (w,): wholes that these do not exceed
    slip: Floats  # (w,): an excess within the tolerance, else 0
    exceeded: Mask  # (w,): wholes that their parts exceed, as published
    above: Mask  # (p,): the parts of these wholes that take part

    @classmethod
    def of(cls, line: PublishedLine, sums: PartSums, complete: Mask) -> "PartExcess":
        """Return the excess along a line; `complete` are wholes without further persons."""
        parts, overlaps = line.parts, np.zeros(len(line.limit), np.bool_)
        least, floor, of = sums.summed, line.summed, parts.of
        if not parts.is_everywhere:
            overlaps, least, floor = cls._of_overlapping(line, sums, complete)
        # A total is contradicted by its parts as published, not by what follows from their parts.
        excess, exceeded = least - line.limit, floor - line.limit > line.allowed
        above = exceeded[of]
        if not parts.is_everywhere and above.any():
            # Only a part above its total contradicts it where categories can overlap.
            alone, most = np.where(parts.unknown, 0, line.counts), (line.limit + line.allowed)[of]
            above &= (alone + sums.unknown[of] > most) | (floor > line.largest)[of]
            # Unknown persons take part where a category exceeds the total only with them.
            with_unknown = parts.any(above & ~parts.unknown & (alone <= most))
            above |= parts.unknown & with_unknown[of] & (line.counts > 0)
        slip = np.where((excess > 0) & ~exceeded, np.minimum(excess, line.allowed), 0)
        return cls(
            overlaps=overlaps,
            least=least,
            fits=excess <= 0,
            slip=slip,
            exceeded=exceeded,
            above=above,
        )

    @staticmethod
    def _of_overlapping(
        line: PublishedLine, sums: PartSums, complete: Mask
    ) -> tuple[Mask, Floats, Floats]:
        """Return wholes with overlapping parts, and the least persons that follow and published."""
        parts, above = line.parts, line.limit + line.allowed
        largest = parts.known_largest(sums.low) + sums.unknown
        # Categories overlap if their sum exceeds the total, and none of them does alone.
        overlaps = np.maximum(sums.summed, line.summed) > above
        overlaps &= np.maximum(largest, line.largest) <= above
        # Categories that add up to the total of all persons are exclusive, also in each slice.
        overlaps &= ~in_groups_of(parts.group, complete & parts.widest)
        # Persons who can have several categories can also have them in each slice.
        overlaps = in_groups_of(parts.group, overlaps | line.answered)
        # Without a total, forms of one person cannot be told from several persons.
        unsure = overlaps | ~line.reported
        least = np.where(unsure | (largest > line.limit), largest, sums.summed)
        floor = np.where(unsure | (line.largest > line.limit), line.largest, line.summed)
        return overlaps, least, floor


@frozen(kw_only=True, eq=False)
class LineSums:
    """What the parts along one dimension restrict in one sweep."""

    sums: PartSums
    excess: PartExcess
    # (w,) each: the largest sums, wholes without further persons, and their upper bounds.
    most: Floats
    complete: Mask
    limit: Floats

    def as_line(self, empty: Mask) -> SystemLine:
        """Return the line as columns of all rows; `empty` are rows without a value."""
        sums, excess, parts = self.sums, self.excess, self.sums.parts
        wrong = parts.of_rows(excess.exceeded)
        wrong[parts.part] |= excess.above
        # Parts of persons with several of them are not added.
        several = sums.summed > self.limit
        of_wholes = {
            "parts": parts.count,
            "low": excess.least,
            "known": np.where(several, excess.least - sums.unknown, sums.known),
            "high": self.most,
            "others": np.where(sums.n_open > 0, np.inf, sums.finite),
            "complete": self.complete,
            "overlaps": excess.overlaps,
            "sources": np.zeros(len(self.most), np.bool_),
        }
        columns = {
            name: parts.of_rows(own, np.inf if name == "high" else 0)
            for name, own in of_wholes.items()
        }
        return SystemLine(
            dimension=parts.dimension, whole=parts.whole, wrong=wrong, empty=empty, **columns
        )


@define(kw_only=True, eq=False)
class BoundSweeps:
    """Bounds of the r rows of some systems, and sweeps along each dimension that narrow them."""

    group: Index  # (r,): the system of each row
    source: Ranges  # (r,): the bounds of the source, and rows with a count
    low: Floats  # (r,)
    high: Floats
    lines: Mapping[str, PublishedLine]  # By dimension
    exhaustive: frozenset[str]
    # (r,): rows without a value that agrees with all others, and those beyond the tolerance, by
    # the dimension that shows it.
    empty: Mask
    wrong: dict[str, Mask]

    def run(self, sweep: int = 0) -> dict[str, SystemLine]:
        """Narrow the bounds until no bound changes, from a sweep; return the last sums."""
        # Reported counts without an interval have no remainders.
        is_exact = bool(self.source.reported.all() and (self.low == self.high).all())
        while True:
            low, high = self.low.copy(), self.high.copy()
            # Limits of all totals come first: a remainder must not exceed them.
            solved = {name: self._sweep(name, with_remainders=sweep > 0) for name in self.lines}
            changed = (low != self.low) | (high != self.high)
            is_last = (sweep > 0 or is_exact) and (sweep == _SWEEPS or not changed.any())
            left = in_groups_of(self.group, changed)
            is_small = sweep > 0 and len(left) > _FEW and 2 * np.count_nonzero(left) < len(left)
            if is_last or is_small:
                break
            sweep += 1
        result = {name: own.as_line(self.wrong[name]) for name, own in solved.items()}
        if not is_last:
            # Most systems do not change further: go on without them.
            rows, position = np.flatnonzero(left), np.full(len(left), -1, dtype=np.intp)
            position[rows] = np.arange(len(rows))
            further = evolve(
                self,
                **take_fields(self, ("group", "source", "low", "high", "empty"), rows),
                lines={name: line.select(rows, position) for name, line in self.lines.items()},
                wrong={name: own[rows] for name, own in self.wrong.items()},
            )
            solved_lines = further.run(sweep + 1)
            for name in ("low", "high", "empty"):
                getattr(self, name)[rows] = getattr(further, name)
            for name, line in solved_lines.items():
                for column in SystemLine.COLUMNS:
                    getattr(result[name], column)[rows] = getattr(line, column)
        return result

    def _sweep(self, name: str, *, with_remainders: bool) -> LineSums:
        """Narrow the wholes and parts along a dimension.

        With remainders, a part has at least the persons that the other parts leave.
        """
        line, parts = self.lines[name], self.lines[name].parts
        part, of, wholes = parts.part, parts.of, parts.wholes
        sums = PartSums(parts, self.low[part], self.high[part])
        complete = self._complete(line, sums)
        excess = PartExcess.of(line, sums, complete)
        overlaps, least, exceeded = excess.overlaps, excess.least, excess.exceeded

        # The whole: at least the sum of its parts, at most their largest sum if it is complete.
        most = np.where(complete & (sums.n_open == 0) & ~overlaps, sums.finite, np.inf)
        # A total above all its parts, as published, has further persons of unknown category.
        gap = line.reported & (line.least > most)
        if gap.any():
            gap &= ~parts.any(line.unsettled & (line.counts < sums.high))
        self._narrow(name, wholes, least, most, free=~exceeded & ~gap & excess.fits)

        # A part: the whole less the other parts, at most and, in a complete whole, at least.
        apart = overlaps | (least < sums.summed)
        left = sums.left_by_others(self.high[wholes] + excess.slip, least, apart)
        needed: Any = 0
        if with_remainders:
            closed = complete & ~gap & ~apart
            least_whole = np.where(closed, self.low[wholes], -np.inf)
            needed = least_whole[of] - sums.most_of_others()
        free = ~exceeded & (excess.slip == 0) & ~line.answered
        self._narrow(name, part, needed, left, free=free[of], whole=wholes[of])
        limit = self.high[wholes]
        return LineSums(sums=sums, excess=excess, most=most, complete=complete, limit=limit)

    def _complete(self, line: PublishedLine, sums: PartSums) -> Mask:
        """Return the wholes without persons outside of their parts, which add up to them."""
        parts = line.parts
        if parts.is_everywhere:
            return parts.has_all
        if parts.dimension.name in self.exhaustive:
            # Persons whom the parts leave of a published total can have an unknown category, also
            # in the other totals of the system.
            with_unknown = parts.any(parts.unknown)
            has_unknown = in_groups_of(parts.group, line.reported | with_unknown)
            return parts.has_all & (with_unknown | ~has_unknown)
        low = self.low[parts.wholes]
        exact = line.reported & (low == self.high[parts.wholes]) & (sums.summed == low)
        return np.asarray(exact & ~parts.any(sums.low != sums.high))

    def _narrow(
        self, name: str, rows: Index, low: Any, high: Floats, *, free: Mask, whole: Any = None
    ) -> None:
        """Narrow the bounds of rows; a row without any value left keeps those of its source.

        Such a row and its whole contradict each other.
        """
        free = free & ~self.empty[rows]
        own_low, own_high = self.low[rows], self.high[rows]
        low = np.where(free, np.maximum(own_low, low), own_low)
        high = np.where(free, np.minimum(own_high, high), own_high)
        empty = np.flatnonzero(low > high)
        if len(empty):
            is_wrong = low[empty] - high[empty] > allowed_excess(high[empty])
            beyond = empty[is_wrong]
            self.wrong[name][rows[beyond]] = True
            if whole is not None:
                self.wrong[name][whole[beyond]] = True
            own = rows[empty]
            self.empty[own] = True
            low[empty], high[empty] = self.source.lower[own], self.source.upper[own]
        self.low[rows], self.high[rows] = low, high


@frozen(kw_only=True, eq=False)
class PartReadings:
    """The readings of totals that their parts exceed, (r,) each.

    A total of 0 to 4 has 746 women, 541 men and 9 victims of unknown sex. The sum is 1,296 to
    1,296, and the hull of both readings is 0 to 1,296. Other rows keep their bounds.
    """

    exceeded: Mask
    low: Floats  # The sum of the parts, along the first such dimension; sex and age come first
    high: Floats
    hull_low: Floats  # The hull of the total and of all such sums
    hull_high: Floats

    @classmethod
    def of(cls, lines: Mapping[str, SystemLine], low: Floats, high: Floats) -> "PartReadings":
        """Return the readings of lines, for rows with some bounds."""
        exceeded = np.zeros(len(low), np.bool_)
        least, hull_low, most, hull_high = low.copy(), low.copy(), high.copy(), high.copy()
        for line in sorted(lines.values(), key=lambda own: own.dimension.name not in COMPLETE):
            # Few totals are exceeded: only their rows are computed.
            total = np.flatnonzero(line.wrong & (line.parts > 0) & (line.low > high))
            line_low, others = line.low[total], line.others[total]
            # Parts without an upper bound count with their lower bound.
            summed = np.where(np.isinf(others), line_low, others)
            hull_low[total] = np.minimum(hull_low[total], line_low)
            hull_high[total] = np.maximum(hull_high[total], summed)
            first = ~exceeded[total]
            least[total[first]], most[total[first]] = line_low[first], summed[first]
            exceeded[total] = True
        return cls(exceeded=exceeded, low=least, high=most, hull_low=hull_low, hull_high=hull_high)


@frozen(kw_only=True, eq=False)
class AreaReadings:
    """Published areas and the sums of their members, (r,) each.

    An area with 5 victims, whose members have 4 and 3, is below the sum of 7.
    """

    cell: Index  # The same number for counts of all areas that differ in their area only
    exceeded: Mask  # Areas below the sum of their members, and such counts of their parts
    members: Floats  # This sum; 0 without members


class SystemSolver:
    """Systems with the bounds that follow from all of their rows."""

    def __init__(self, rows: SystemRows, exhaustive: frozenset[str]) -> None:
        self.rows = rows
        numbers = rows.columns.numbers
        self.reported: Mask = _IS_REPORTED[numbers.reason]
        self.source: Ranges = Ranges(numbers.lower, numbers.upper, self.reported)
        low, high = numbers.lower.astype(np.float64), numbers.upper.copy()
        self.parts: dict[str, LineParts] = {}
        for name in rows.categories:
            whole = rows.wholes[name].copy()
            self._separate(name, whole)
            self.parts[name] = LineParts.along(rows, name, whole, exhaustive)
        for parts in self.parts.values():
            self._allow_gaps(parts, low, high)
        self.sweeps: BoundSweeps = BoundSweeps(
            group=rows.group,
            source=self.source,
            low=low,
            high=high,
            lines=self._published(),
            exhaustive=exhaustive,
            empty=np.zeros(len(low), dtype=np.bool_),
            wrong={name: np.zeros(len(low), dtype=np.bool_) for name in self.parts},
        )

    def _separate(self, name: str, whole: Index) -> None:
        """Make sub-forms the siblings of their parent where only this adds up to the total."""
        above = np.where(whole >= 0, whole[whole], -1)
        nested = np.flatnonzero(above >= 0)
        if not len(nested):
            return
        top = above.copy()
        while (further := np.where(top >= 0, whole[top], -1)).max() >= 0:
            top = np.where(further >= 0, further, top)
        low, size = self.source.lower, len(whole)
        point = self.reported & self.source.is_point
        # Unknown persons without a row do not decide. If their row has no count, the sum of nested
        # sub-forms and these persons can be the total too.
        unknown = np.array([word == UNKNOWN for word in self.rows.categories[name]], np.bool_)
        has_row = self.rows.example == np.arange(size)
        settled = point | (unknown[self.rows.codes[name]] & ~has_row)
        is_direct, dimension = (whole >= 0) & (above < 0), self.rows.columns.schema[name]
        if dimension.content == "citizenship":
            # Countries are another division of the same persons, and not added to groups.
            groups, _ = kinds_of(dimension, self.rows.categories[name])
            is_direct &= groups[self.rows.codes[name]]
        direct = np.flatnonzero(is_direct)
        wide = np.bincount(whole[direct], low[direct], size)
        deep = np.bincount(top[nested], low[nested], size)
        vague = np.bincount(whole[direct], ~settled[direct], size)
        vague += np.bincount(top[nested], ~settled[nested], size)
        apart = point & (vague == 0) & (wide < low) & (wide + deep == low)
        moved = nested[in_groups_of(self.rows.group, apart)[nested]]
        whole[moved] = top[moved]

    def _allow_gaps(self, parts: LineParts, low: Floats, high: Floats) -> None:
        """Add the persons that published parts leave of a total to those of unknown category."""
        part, of, wholes = parts.part, parts.of, parts.wholes
        gap = parts.has_all & parts.is_everywhere & self.reported[wholes]
        gap &= ~parts.any(~self.reported[part])
        gap &= self.source.lower[wholes] > parts.sum(self.source.upper[part])
        if gap.any():
            left = self.source.upper[wholes] - parts.sum(self.source.lower[part])
            own = parts.unknown & gap[of]
            high[part[own]] = low[part[own]] + left[of[own]]

    def _published(self) -> dict[str, PublishedLine]:
        """Return the counts along each dimension as published."""
        source, reported, further = self.source, self.reported, self.rows.columns.numbers.unanswered
        answers = np.zeros(len(reported), np.bool_) if further is None else further >= 0
        # (r,): the least published counts, and rows whose counts or those of all parts are.
        counts, stated = np.where(reported, source.lower, 0.0), reported.copy()
        unchanged = len(self.parts) if reported.all() else 0
        for parts in [*self.parts.values()] * len(self.parts):
            if unchanged == len(self.parts):
                break  # Nothing changed since the last time with these parts.
            old, old_stated = counts[parts.wholes], stated[parts.wholes]
            new_stated = old_stated | ~parts.any(~stated[parts.part] & ~parts.unknown)
            lows = counts[parts.part]
            known, unknown = parts.sums(lows)
            least = known if parts.is_everywhere else parts.known_largest(lows)
            new = np.where(reported[parts.wholes], old, np.maximum(old, least + unknown))
            is_same = (new == old).all() and (new_stated == old_stated).all()
            unchanged = unchanged + 1 if is_same else 0
            counts[parts.wholes], stated[parts.wholes] = new, new_stated
        self.counts: Floats = counts
        result = {}
        for name, parts in self.parts.items():
            lows, stated_whole = counts[parts.part], reported[parts.wholes]
            limit = np.where(stated_whole, source.upper[parts.wholes], np.inf)
            known, unknown = parts.sums(lows)
            result[name] = PublishedLine(
                parts=parts,
                counts=lows,
                unsettled=~stated[parts.part] & ~parts.unknown,
                reported=stated_whole,
                least=source.lower[parts.wholes].astype(np.float64),
                limit=limit,
                allowed=allowed_excess(limit),
                summed=known + unknown,
                largest=parts.known_largest(lows) + unknown,
                answered=parts.any(answers[parts.part]),
            )
        return result

    def _sources(self, name: str, wrong: Mask) -> Mask:
        """Return the counts of which contradictory parts without a row are sums, (r,).

        3 of 3 women are victims of sexual exploitation, all by air, and 1 woman is of unknown form:
        the sum of 4 exceeds the total. If the women of sexual exploitation have a row for their
        route only, this row takes part in the contradiction. Where the parts with a row exceed
        their total alone, no other row does.
        """
        line, parts = self.sweeps.lines[name], self.sweeps.lines[name].parts
        open_ = wrong & ~self.reported
        if not open_.any():
            return open_
        stated = np.where(self.reported[parts.part], line.counts, 0)
        known, unknown = parts.sums(stated)
        known = known if parts.is_everywhere else parts.known_largest(stated)
        alone = known + unknown > line.limit + line.allowed
        result, open_parts = np.zeros(len(wrong), np.bool_), np.flatnonzero(open_[parts.part])
        result[parts.part[open_parts[~alone[parts.of[open_parts]]]]] = True
        n_found = 0
        while n_found < (n_found := int(np.count_nonzero(result))):
            follows = result & ~self.reported
            for own in self.sweeps.lines.values():
                parts, is_summed = own.parts, own.parts.is_everywhere
                summed = own.summed if is_summed else own.largest
                of_whole = follows[parts.wholes] & (summed == self.counts[parts.wholes])
                if not of_whole.any():
                    continue
                # Few rows follow: the others are not computed.
                part = np.flatnonzero(of_whole[parts.of])
                part = part[own.counts[part] > 0]
                if not is_summed:
                    is_known, of, counts = ~parts.unknown[part], parts.of[part], own.counts[part]
                    largest = np.zeros(len(parts.wholes))
                    np.maximum.at(largest, of[is_known], counts[is_known])
                    part = part[~is_known | (counts == largest[of])]
                result[parts.part[part]] = True
        return result

    def result(self) -> CountSystems:
        """Return the rows with the bounds that follow."""
        lines, rows, columns = self.sweeps.run(), self.rows, self.rows.columns
        lines = {
            name: evolve(line, sources=self._sources(name, line.wrong))
            for name, line in lines.items()
        }
        numbers, n_rows = columns.numbers, int(rows.example.max(initial=-1)) + 1
        # 1. Reported counts keep the bounds of their source.
        stated = self.reported & (numbers.reason != _CONFLICTING)
        low = np.where(stated, self.source.lower, self.sweeps.low)
        high = np.where(stated, self.source.upper, self.sweeps.high)
        # 2. Totals that their parts or members exceed, and the counts of both readings.
        parts, areas = PartReadings.of(lines, low, high), self._area_readings(high)
        below, both = areas.exceeded, parts.exceeded | areas.exceeded
        is_area = below & ~parts.exceeded
        hull_high = np.where(below, np.maximum(parts.hull_high, areas.members), parts.hull_high)
        summed_low = np.where(is_area, areas.members, parts.low)
        summed_high = np.where(is_area, areas.members, parts.high)
        # 3. Counts that contradict others, and those that follow from others.
        none = np.zeros(len(low), dtype=np.bool_)
        marks = [line.wrong | line.empty for line in lines.values()]
        wrong = np.any([none, below, *marks], axis=0)
        derived = ~self.reported & (low == high) & ~wrong
        # 4. Totals without a row have the observation flags of their parts.
        flags = numbers.flags.copy()
        for line in self.parts.values() if flags.any() else ():
            inherits = line.part[line.whole[line.part] >= n_rows]
            np.bitwise_or.at(flags, line.whole[inherits], flags[inherits])
        lower = low.astype(np.int64)
        reason = np.where(derived, np.uint8(_KNOWN), numbers.reason)
        known = self.reported | derived
        return CountSystems(
            columns=evolve(
                columns,
                numbers=evolve(numbers, lower=lower, upper=high, reason=reason, flags=flags),
            ),
            size=n_rows,
            group=rows.group,
            lines=lines,
            derived=derived,
            implied=Ranges(self.sweeps.low, self.sweeps.high, known),
            hull=Ranges(parts.hull_low, hull_high, known),
            wrong=wrong,
            parts_above=both,
            summed=Ranges(summed_low, summed_high, self.reported),
            cell=areas.cell,
            below=below,
            unsupported=none,
            aside=none,
        )

    def _area_readings(self, high: Floats) -> AreaReadings:
        """Return the published areas below the sum of their members; `high` are upper bounds."""
        columns, size = self.rows.columns, len(high)
        sets = [Area.parse(code).members for code in columns["area"].categories]
        if all(len(members) == 1 for members in sets):
            return AreaReadings(
                cell=np.zeros(size, dtype=np.intp),
                exceeded=np.zeros(size, dtype=np.bool_),
                members=np.zeros(size),
            )
        others = [
            (own.codes, len(own.categories))
            for dimension, own in zip(columns.schema.dimensions, columns.dimensions, strict=True)
            if dimension.name != "area"
        ]
        cell = np.unique(packed(others, size), return_inverse=True)[1].astype(np.intp)
        members = self._sums_of_members(cell, sets)
        limit = high + allowed_excess(high)
        below = self.reported & (members > limit) & (members > 0)
        # The persons of the members also count in the parts of a published total.
        least = np.maximum(self.sweeps.low, members)
        for parts in self.parts.values():
            if parts.is_everywhere:
                rows, wholes = parts.part, parts.wholes
                summed = parts.sum(least[rows])
                exceeded = self.reported[wholes] & (summed > limit[wholes])
                exceeded &= parts.sum(members[rows]) > 0
                below[wholes] |= exceeded
                below[rows] |= exceeded[parts.of] & self.reported[rows]
                members[wholes] = np.where(exceeded, summed, members[wholes])
        members = np.where(below, np.maximum(members, self.sweeps.low), members)
        return AreaReadings(cell=cell, exceeded=below, members=members)

    def _sums_of_members(self, cell: Index, sets: Sequence[frozenset[str]]) -> Floats:
        """Return the least sum of the members of each published area, (r,).

        `cell` is as in `AreaReadings`, `sets` are the countries of the categories of areas.
        """
        columns, codes = self.rows.columns, self.rows.columns["area"].positions
        result = np.zeros(len(cell))
        for code in np.flatnonzero([len(members) > 1 for members in sets]).tolist():
            own = np.flatnonzero(codes == code)
            for origin in np.unique(columns.origin[own]).tolist():
                source = columns.origins[origin]
                known = sets[code] if source.reporters is None else source.reporters
                if source.reporters is None and (source.n_reporters or len(known)) < len(known):
                    continue  # Which members are in the count is not documented.
                inside = [i for i, own in enumerate(sets) if len(own) == 1 and own <= known]
                part = np.isin(codes, inside)
                sums = np.bincount(cell[part], self.sweeps.low[part], int(cell.max(initial=0)) + 1)
                concerned = own[columns.origin[own] == origin]
                result[concerned] = sums[cell[concerned]]
        return result
