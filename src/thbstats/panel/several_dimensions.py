"""Bounds of the joint cells of several dimensions, by country.

The persons outside of a cell are a sum along the dimensions of the query in any order. For girls,
in the order sex and age, they are all persons of another sex, and female persons of another age:

=========  =======  =======  ==============
sex        child    adult    unknown age
=========  =======  =======  ==============
female     **2**    3        1
male       4        5        0
unknown    1        0        0
=========  =======  =======  ==============

- All 14 persons outside of the cell are 9 male persons, 1 of unknown sex, 3 women and 1 of unknown
  age among the female persons.
- The 12 of another known category are 9 male persons, 3 women, and the adults of unknown sex (0).
  A person of unknown sex who is adult is no girl.
- The 2 persons who can belong to the cell are female of unknown age, or children of unknown sex.

In the order age and sex, the terms are other ones: adults, persons of unknown age, and boys. Each
term has the bounds that follow from all rows of the system, and the narrowest sum counts.
"""

from itertools import permutations

import numpy as np
from attrs import evolve, frozen

from thbstats._properties import cached_property
from thbstats.columns import Mask, Ranges
from thbstats.panel.share_bounds import (
    ANY_COUNT,
    CellPersons,
    CountBounds,
    Denominator,
    ShareCounts,
    Side,
)
from thbstats.panel.system_rows import UNKNOWN
from thbstats.panel.systems import allowed_excess

_TOTAL, _OWN, _UNKNOWN = range(3)
"""The category of a dimension in a cell: the total, that of the query, or the unknown one."""


@frozen(kw_only=True, eq=False)
class SeveralDimensions(ShareCounts):
    """Parts and complements of c cells of known categories in several dimensions."""

    @cached_property
    def wrong(self) -> Mask:
        """The cells whose counts contradict other counts in the systems, (c, e)."""
        result = self.marked[0] | self.marked[self.slots]
        if self.question.base == "known":
            for slots in self.selections.unknown_of(self.category):
                result |= self.marked[slots]
        if self.question.grid.reading == "published":
            # As published, only a part above its total contradicts it.
            total = self.counts.upper[0]
            result = result | (self.part.lower > total + allowed_excess(total))
        return np.asarray(result)

    @cached_property
    def has_marked(self) -> bool:
        """Whether any count contradicts another count."""
        return bool(self.marked.any())

    def _along(self, d: int, cell: tuple[int, ...]) -> tuple[CountBounds, CountBounds]:
        """Return the persons in a cell who are outside of the queried category in one dimension.

        They are those of other known categories, and all: ``known + unknown``, and
        ``cell - own category``. Female persons outside of girls are those of another age than
        child, and the cell has `_OWN` sex and `_TOTAL` age.
        """
        selections, implied = self.selections, self.cells.implied
        # (d, c): the category of each dimension. All categories of a query have the same total.
        size = len(self.category) if any(cell) else 1
        index = np.zeros((len(cell), size), dtype=np.intp)
        for i, state in enumerate(cell):
            if state != _TOTAL:
                unknown = len(selections.words[i]) - 1
                index[i] = selections.index[i, self.category] if state == _OWN else unknown
        # Counts that contradict others do not restrict the persons outside of them.
        terms = self.terms(d, index, self.marked if self.has_marked else None)
        category, whole = selections.index[d, self.category], terms.slots[0]
        own, known = terms.of(category - 1), terms.others(terms.of(category - 1))
        line, row = self.cells.systems.lines[selections.names[d]], self.rows[whole]
        overlaps = (row >= 0) & line.overlaps[row]
        if overlaps.any():
            most = own.high
            if self.cells.unanswered is not None:
                # Cases without an answer for the category can have it, and each of the others.
                slots = terms.slots[category, np.arange(size)]
                most = most + np.nan_to_num(self.cells.unanswered[slots])
            besides = np.maximum(terms.known.low.max(axis=0) - most, 0)
            known = CountBounds(np.where(overlaps, besides, known.low), known.high)
        every = known
        if UNKNOWN in selections.words[d]:
            slots = terms.slots[-1]
            every = known + CountBounds(implied.lower[slots], implied.upper[slots])
        return known, every.within(CountBounds(implied.lower[whole], implied.upper[whole]) - own)

    @cached_property
    def outside(self) -> tuple[CountBounds, CountBounds]:
        """The persons outside of each cell by the narrowest sums: of known category, and all.

        All persons of another category of a dimension are counted there. So all persons have one
        term for each dimension, in the cell of the categories of the query in those before it.
        """
        result, words = (ANY_COUNT, ANY_COUNT), self.selections.words
        terms: dict[tuple[int, tuple[int, ...]], tuple[CountBounds, CountBounds]] = {}
        for order in permutations(range(len(words))):
            cells = [(_TOTAL,) * len(words)]
            known, every = CountBounds(0.0, 0.0), CountBounds(0.0, 0.0)
            for d in order:
                # Several orders have the same terms.
                new = [cell for cell in cells if (d, cell) not in terms]
                terms |= {(d, cell): self._along(d, cell) for cell in new}
                known = sum((terms[d, cell][0] for cell in cells), known)
                every = every + terms[d, cells[0]][1]
                # Persons of unknown category can be of another known one in the next dimension.
                states = (_OWN, _UNKNOWN) if UNKNOWN in words[d] else (_OWN,)
                cells = [(*own[:d], state, *own[d + 1 :]) for own in cells for state in states]
            result = result[0].within(known), result[1].within(every)
        known, every = result
        return known, CountBounds(np.maximum(known.low, every.low), every.high)

    @cached_property
    def undecided(self) -> tuple[CountBounds, Mask]:
        """The persons who may belong to each cell, and whether their number is known, (c, e).

        They are of unknown category in at least one dimension, and of the category of the query in
        the others. Each of them is in the unknown category of a dimension, so that they are at most
        the sum of all persons of unknown sex and of all persons of unknown age.
        """
        selections, counts = self.selections, self.counts
        shape = len(self.category), self.rows.shape[1]
        low, high, is_known = np.zeros(shape), np.zeros(shape), np.ones(shape, dtype=np.bool_)
        # Persons that published parts leave of a total are unknown, beyond the reported ones.
        most = np.maximum(counts.upper, self.cells.implied.upper)
        for slots in selections.unknown_of(self.category):
            low, high = low + counts.lower[slots], high + most[slots]
            is_known &= counts.reported[slots] & (most[slots] <= counts.upper[slots])
        every = np.zeros(shape[1])
        for d, words in enumerate(selections.words):
            if UNKNOWN in words:
                index = np.zeros(len(selections.words), dtype=np.intp)
                index[d] = len(words) - 1
                every = every + most[selections.slots(*index)]
            else:
                own = self.unknown_unlisted(d)
                every, high, is_known = every + own, high + own, is_known & (own == 0)
        high = np.maximum(np.minimum(high, every), low)
        return CountBounds(low, high), is_known

    @cached_property
    def documented(self) -> tuple[CountBounds, Mask]:
        """The cases that can belong to each cell, and whether they are documented, (c, e)."""
        result = self.unanswered_in(self.category)
        if result is None:
            return CountBounds(np.zeros(1), np.zeros(1)), np.zeros(1, dtype=np.bool_)
        counts, own = self.cells.counts, self.cells.counts[self.slots]
        # Without any answer for a cell, its count is missing, and all its cases can belong to it.
        is_open = self.cells.present[self.slots] & ~own.reported
        result = result + np.where(is_open, own.upper - own.lower, 0)
        unknown = [counts[slots].is_point for slots in self.selections.unknown_of(self.category)]
        low = np.where(np.all(unknown, axis=0), result, 0)
        return CountBounds(low, result), ~np.isnan(result)

    @cached_property
    def counted(self) -> CellPersons:
        """The bounds of each count before sums narrow them; contradictory counts have no effect."""
        wrong, total, part = self.wrong, self.counts[0], self.part
        unknown = self.undecided[0]
        return CellPersons(
            total=CountBounds(total.lower.astype(np.float64), total.upper),
            part=CountBounds(np.where(wrong, 0, part.lower), part.upper),
            others=ANY_COUNT.where(wrong, self.outside[0]),
            unknown=CountBounds(np.where(wrong, 0, unknown.low), unknown.high),
            outside=ANY_COUNT.where(wrong, self.outside[1]),
        )

    @cached_property
    def keeps(self) -> Mask:
        """The suppressed and rounded counts, which keep the bounds of their source, (c, e)."""
        part = self.counted.part
        return np.asarray(self.part.reported & (part.low < part.high))

    @cached_property
    def narrowed(self) -> CellPersons:
        """The persons; part and other persons limit each other through the total."""
        counted = evolve(self.counted, outside=ANY_COUNT.where(self.keeps, self.counted.outside))
        missing = counted.missing_part(self.wrong, self.overlaps)
        part, unknown = counted.part.where(self.part.reported, missing), counted.unknown
        further, documented = self.documented
        unknown = further.where(documented, unknown)
        # Unknown persons are what the part and the other known persons leave of the total.
        room = counted.total - part - counted.others
        most = np.maximum(np.minimum(unknown.high, room.high), unknown.low)
        unknown = CountBounds(unknown.low, most)
        return evolve(counted, part=part, unknown=unknown)

    @cached_property
    def all_outside(self) -> CountBounds:
        """All persons outside of each cell, (c, e)."""
        return self.narrowed.remainder()

    @cached_property
    def known_complement(self) -> CountBounds:
        """The persons of another known category, (c, e).

        Parts that exceed their total within the tolerance have what it leaves them.
        """
        persons = self.narrowed
        result = persons.known_complement(self.all_outside)
        room = (persons.total - persons.unknown - persons.part).high
        slips = (result.low > room) & (result.low - room <= allowed_excess(persons.total.high))
        return CountBounds(room, room).where(slips, result)

    @cached_property
    def contradictory(self) -> Mask:
        """The cells whose counts contradict other counts of the query, (c, e)."""
        if self.question.base != "known":
            return self.wrong
        # Parts that leave no room for the unknown persons contradict their total.
        persons = self.narrowed
        room = (persons.total - persons.unknown).high
        return np.asarray(self.wrong | (persons.part.low + self.known_complement.low > room))

    @cached_property
    def sides(self) -> Ranges:
        """All counts by `Side`, (9, c, e)."""
        persons, outside = self.narrowed, self.all_outside
        further, documented = self.documented
        counted = np.where(documented, further.is_point, self.undecided[1])
        counted |= persons.unknown.is_point
        complement, base = outside, persons.full_base(outside)
        complete = self.counts.reported[0]
        if self.question.base == "known":
            complement = self.known_complement
            base, complete = persons.known_base(complement), complete & counted
        largest, least = persons.with_unknown(
            reach=persons.part.high, keeps=self.keeps, outside=outside
        )
        denominator = Denominator(
            complement=complement,
            base=base,
            complete=complete,
            part_with_unknown=largest,
            complement_with_unknown=CountBounds(least, outside.high),
        )
        return self.by_side(
            persons,
            denominator,
            outside=outside,
            listed=persons.unknown,
            not_listed=CountBounds(0, 0),
            counted=counted,
            wrong=self.contradictory,
        )

    @cached_property
    def discrepant(self) -> Mask:
        """The countries and areas with a small excess of parts over their total, (e,)."""
        systems, names = self.cells.systems, self.question.dimensions
        return np.asarray(self.cells.of_rows(systems.discrepant_in(names)).any(axis=0))

    @property
    def is_exact(self) -> Mask:
        """Whether part and complement are single numbers, (c, e)."""
        points = self.sides[Side.PART].is_point & self.sides[Side.COMPLEMENT].is_point
        return np.asarray(points & ~(self.discrepant | self.contradictory))
