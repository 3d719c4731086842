"""Sweeps that narrow the bounds of systems along each dimension in turn.

Example: 10 victims are 3 women, 0 to 4 men, and victims of unknown sex without a row. The whole is
the row of the total, and the parts are the three other rows. Sweeps along this line give

| sweep | total | women | men | unknown | reason |
|---|---|---|---|---|---|
| source | 10 | 3 | 0 to 4 | 0 or more | |
| 0 | 10 | 3 | 0 to 4 | 0 to 7 | a part is at most the total less the other parts |
| 1 | 10 | 3 | 0 to 4 | 3 to 7 | and at least the total less the largest other parts |
| 2 | 10 | 3 | 0 to 4 | 3 to 7 | nothing changes |
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from attrs import define, evolve, frozen

from thbstats.columns import Floats, Index, Mask, Ranges
from thbstats.columns.records import take_fields
from thbstats.panel.line_parts import LineParts, PublishedLine
from thbstats.panel.system_rows import in_groups_of
from thbstats.panel.systems import SystemLine, allowed_excess

_SWEEPS = 24
"""The largest number of sweeps. Each one narrows bounds, and none is needed for their validity."""

_FEW = 1000
"""The largest number of rows of which a selection takes longer than a sweep."""


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
        """Return the part of each whole that the other parts leave, at least 0, (p,).

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
    """The smallest number of persons in all parts of w wholes, and its excess, in one sweep.

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
        """Return wholes with overlapping parts, and their least persons, implied and published."""
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
    """The restrictions from the parts along one dimension in one sweep."""

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

    def run(self) -> dict[str, SystemLine]:
        """Narrow the bounds until no bound changes; return the last sums of each system."""
        # Reported counts without an interval have no remainders.
        is_exact = bool(self.source.reported.all() and (self.low == self.high).all())
        result: dict[str, SystemLine] = {}
        own, rows, sweep = self, np.arange(len(self.group)), 0
        while True:
            low, high = own.low.copy(), own.high.copy()
            # Limits of all totals come first: a remainder must not exceed them.
            solved = {name: own._sweep(name, with_remainders=sweep > 0) for name in own.lines}
            changed = (low != own.low) | (high != own.high)
            can_end = sweep > 0 or is_exact
            is_last = can_end and (sweep == _SWEEPS or not changed.any())
            left = in_groups_of(own.group, changed)
            is_small = sweep > 0 and len(left) > _FEW and 2 * np.count_nonzero(left) < len(left)
            if is_last or is_small:
                lines = {name: line.as_line(own.wrong[name]) for name, line in solved.items()}
                self._put(own, rows, lines, result)
            if is_last:
                return result
            if is_small:
                # Most systems do not change further: go on without them.
                own, rows = own._select(np.flatnonzero(left)), rows[left]
            sweep += 1

    def _select(self, rows: Index) -> "BoundSweeps":
        """Return the bounds of some systems; `rows` are the rows of these systems."""
        position = np.full(len(self.group), -1, dtype=np.intp)
        position[rows] = np.arange(len(rows))
        return evolve(
            self,
            **take_fields(self, ("group", "source", "low", "high", "empty"), rows),
            lines={name: line.select(rows, position) for name, line in self.lines.items()},
            wrong={name: own[rows] for name, own in self.wrong.items()},
        )

    def _put(
        self,
        own: "BoundSweeps",
        rows: Index,
        lines: dict[str, SystemLine],
        result: dict[str, SystemLine],
    ) -> None:
        """Write the bounds and lines of some rows into the columns of all rows."""
        if own is self:
            result |= lines
            return
        for name in ("low", "high", "empty"):
            getattr(self, name)[rows] = getattr(own, name)
        for name, line in lines.items():
            for column in SystemLine.COLUMNS:
                getattr(result[name], column)[rows] = getattr(line, column)

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
        """Return the wholes that are the sum of their parts, without further persons."""
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
        """Narrow the bounds of rows; a row without a possible value keeps the bounds of its source.

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
