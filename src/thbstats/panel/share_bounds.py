"""Bounds of the parts of a total, by country.

For each country and cell, the counts restrict the pairs (part, complement) to a region. A share
grows with the part and falls with the complement, so that its bounds are in two corners of the
region: the largest part with the smallest complement, and the reverse. Corners of countries are
added, because the counts of different countries are independent.

A cell is a category of one dimension or of several. Both take these steps, and each step returns
a new record:

1. the bounds of each count alone, as `CellPersons`;
2. the part: a count that was not reported is the total less the other persons;
3. all persons outside of the part: the total less the part;
4. the largest part and the smallest complement, with unknown persons allocated;
5. the complement and the base by the rule of the denominator, as `Denominator`;
6. all counts by `Side`.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from attrs import field, fields, frozen

from thbstats._properties import cached_property
from thbstats.columns import Floats, Index, Mask, Ranges
from thbstats.panel.cells import Cells
from thbstats.panel.share_questions import Selections, ShareQuestion
from thbstats.vocabulary.codes import COMPLETE


class Side:
    """The counts of a cell, as positions."""

    PART = 0
    COMPLEMENT = 1  # The other counts in the denominator
    BASE = 2
    UNKNOWN = 3
    # The largest part and the smallest complement, with unknown allocated.
    PART_WITH_UNKNOWN = 4
    COMPLEMENT_WITH_UNKNOWN = 5
    FULL_COMPLEMENT = 6  # All persons outside the cell, with unknown
    FULL_BASE = 7  # The denominator with unknown
    NOT_LISTED = 8  # Persons of known category that the source does not show


SIDES, OF_VALUE = 9, slice(4)
"""The number of sides, and those of a value."""


@frozen(eq=False)
class CountBounds:
    """Lower and upper bounds of counts of 0 or more, of any shape.

    >>> CountBounds(10, 10) - CountBounds(6, 7), CountBounds(10, 10) - CountBounds(0, np.inf)
    (CountBounds(low=3, high=4), CountBounds(low=0.0, high=10))
    """

    low: Any = field(repr=str)
    high: Any = field(repr=str)

    @property
    def is_point(self) -> Any:
        """The counts with one possible value."""
        return self.low == self.high

    def __add__(self, other: "CountBounds") -> "CountBounds":
        return CountBounds(self.low + other.low, self.high + other.high)

    def __sub__(self, other: "CountBounds") -> "CountBounds":
        low, high = self.low - other.high, self.high - other.low
        return CountBounds(np.maximum(low, 0), np.maximum(high, 0))

    def where(self, mask: Any, other: "CountBounds") -> "CountBounds":
        """Return these bounds where a mask is true, and other bounds elsewhere."""
        low, high = np.where(mask, self.low, other.low), np.where(mask, self.high, other.high)
        return CountBounds(low, high)

    def within(self, other: "CountBounds") -> "CountBounds":
        """Return the narrower of two bounds on each side."""
        return CountBounds(np.maximum(self.low, other.low), np.minimum(self.high, other.high))


ANY_COUNT = CountBounds(0.0, np.inf)
"""The bounds of a count that nothing restricts."""


@frozen(kw_only=True, eq=False)
class CellPersons:
    """Bounds of the persons in c cells and outside of them, for e countries and areas.

    The total is the sum of the part, other known persons and unknown ones.

    In this example, 10 victims are women and girls without a count, 5 men and boys, and 1 or 2
    victims of unknown sex. Women and girls are the total less 6 or 7 other persons:

    >>> persons = CellPersons(
    ...     total=CountBounds(10, 10), part=ANY_COUNT, others=CountBounds(5, 5),
    ...     unknown=CountBounds(1, 2), outside=CountBounds(6, 7),
    ... )
    >>> persons.missing_part(wrong=False, overlaps=False)
    CountBounds(low=3.0, high=4.0)

    The other persons are the total less the part. With unknown persons, the part is at most the
    total less the men, and then no unknown person is among the others:

    >>> from attrs import evolve
    >>> persons = evolve(persons, part=CountBounds(3.0, 4.0))
    >>> persons.remainder()
    CountBounds(low=6.0, high=7.0)
    >>> largest, least = persons.with_unknown(reach=4, keeps=False, outside=CountBounds(6, 7))
    >>> float(largest), float(least)
    (5.0, 5.0)

    Without unknown persons, the denominator is 8 or 9:

    >>> persons.known_complement(outside=CountBounds(6, 7))
    CountBounds(low=5.0, high=5.0)
    >>> persons.known_base(complement=CountBounds(5, 5))
    CountBounds(low=8.0, high=9.0)
    """

    total: CountBounds  # (e,)
    part: CountBounds  # (c, e)
    others: CountBounds  # (c, e): persons of other known categories
    unknown: CountBounds  # (1, e) or (c, e): unknown persons who can belong to the part
    outside: CountBounds  # (c, e): all persons outside of the part

    def where(self, mask: Mask, other: "CellPersons") -> "CellPersons":
        """Return these persons for countries of a mask, and other persons elsewhere."""
        columns = ((name, getattr(self, name), getattr(other, name)) for name in _NAMES)
        return CellPersons(**{name: own.where(mask, others) for name, own, others in columns})

    def missing_part(self, wrong: Any, overlaps: Any) -> CountBounds:
        """Return the bounds of a part that was not reported, (c, e).

        ``total.low - outside.high <= part <= total.high - outside.low``. Other categories do not
        restrict a part that they overlap, and nothing restricts one that contradicts other counts.
        """
        least = np.where(wrong, 0, np.where(overlaps, self.unknown.low, self.outside.low))
        others = CountBounds(least, np.where(wrong | overlaps, np.inf, self.outside.high))
        part = self.part.within(self.total - others)
        # Counts that leave no value in between contradict each other: both ends are possible.
        low = np.where(part.low > part.high, self.part.low, part.low)
        return CountBounds(low, np.maximum(part.high, part.low))

    def remainder(self) -> CountBounds:
        """Return ``total - part``, within the bounds of the persons outside of the part, (c, e)."""
        left = self.total - self.part
        result = left.within(self.outside)
        # Counts that leave no value in between contradict each other: the total counts.
        result = left.where(result.low > result.high, result)
        return CountBounds(result.low, np.maximum(result.high, result.low))

    def with_unknown(
        self, *, reach: Any, keeps: Any, outside: CountBounds
    ) -> tuple[Floats, Floats]:
        """Return the largest part and the smallest complement, with unknown allocated, (c, e).

        The part is ``reach + unknown`` and ``total - others``, where `reach` is the largest part
        without unknown persons. The complement is ``total - part`` and the others. Others do not
        restrict a part that `keeps` the bounds of its source.
        """
        largest = np.minimum(reach + self.unknown.high, (self.total - self.others).high)
        largest = np.maximum(largest, self.part.high)
        smallest = np.maximum(self.total.low - largest, np.where(keeps, 0, self.others.low))
        return largest, np.minimum(np.maximum(smallest, 0), outside.high)

    def full_base(self, outside: CountBounds) -> CountBounds:
        """Return the total; ``part + outside`` where both are single numbers, (c, e).

        `outside` are all persons outside of the part.
        """
        is_exact = self.part.is_point & outside.is_point
        return (self.part + outside).where(is_exact, self.total)

    def known_complement(self, outside: CountBounds) -> CountBounds:
        """Return ``total - part - unknown``, within the bounds of the other known persons, (c, e).

        `outside` are all persons outside of the part.
        """
        left = self.total - self.part
        known = CountBounds(left.low, np.minimum(left.high, outside.high)) - self.unknown
        low, most = np.maximum(known.low, self.others.low), self.others.high
        high = np.maximum(np.minimum(known.high, most), np.minimum(low, most))
        return CountBounds(np.minimum(low, high), high)

    def known_base(self, complement: CountBounds) -> CountBounds:
        """Return ``total - unknown``, within ``part + complement``, (c, e)."""
        base = (self.total - self.unknown).within(self.part + complement)
        return CountBounds(base.low, np.maximum(base.high, base.low))


_NAMES = [item.name for item in fields(CellPersons)]


@frozen(kw_only=True, eq=False)
class Denominator:
    """Denominators of c cells, each with the counts outside of the part."""

    complement: CountBounds  # (c, e)
    base: CountBounds  # (e,) or (c, e)
    complete: Mask  # Whether countries with a part have complete data, (e,) or (c, e)
    # The largest part, and the bounds of the complement, with unknown allocated, (c, e).
    part_with_unknown: Floats
    complement_with_unknown: CountBounds


@frozen(kw_only=True, eq=False)
class CategoryTerms:
    """The k categories in use of a dimension in p cells, which add up to these cells."""

    slots: Index  # (1 + k, p) or (2 + k, p): the selections of cell, categories, and unknown
    known: CountBounds  # (k, p, e)
    closed: Mask  # (p, e): cells without persons in further categories

    def of(self, own: Index) -> CountBounds:
        """Return the bounds of one category for each cell, (c, e)."""
        column = np.arange(self.known.low.shape[1]) if self.known.low.shape[1] > 1 else 0
        return CountBounds(self.known.low[own, column], self.known.high[own, column])

    def others(self, own: CountBounds) -> CountBounds:
        """Return the sums of all categories except one category for each cell, (c, e).

        Categories without an upper bound, and categories without a row, leave none for the sum.
        In this example, a cell has three categories: 3, 4 to 6, and 5 or more.

        >>> low, high = np.array([[[3]], [[4]], [[5]]]), np.array([[[3]], [[6]], [[np.inf]]])
        >>> terms = CategoryTerms(
        ...     slots=np.arange(4), known=CountBounds(low, high), closed=np.array([[True]])
        ... )
        >>> terms.others(terms.of(np.array([2]))), terms.others(terms.of(np.array([0])))
        (CountBounds(low=[[7]], high=[[9.]]), CountBounds(low=[[9]], high=[[inf]]))
        """
        # A sum of all categories less the own one: c sums of c categories would be too many.
        is_open, own_open = np.isinf(self.known.high), np.isinf(own.high)
        is_vague = (is_open.sum(axis=0) > own_open) | ~self.closed
        most = np.where(is_open, 0, self.known.high).sum(axis=0) - np.where(own_open, 0, own.high)
        return CountBounds(self.known.low.sum(axis=0) - own.low, np.where(is_vague, np.inf, most))


@frozen(kw_only=True, eq=False)
class ShareCounts:
    """The counts of c cells of known categories, for e countries and areas."""

    question: ShareQuestion
    selections: Selections
    cells: Cells
    axes: Sequence[tuple[Mask, Mask]]  # By dimension: (k, e), as `Selections.in_use`
    category: Index  # (c,): the cells

    @cached_property
    def slots(self) -> Index:
        """The selections of the cells, (c,)."""
        return np.asarray(self.selections.cells[self.category])

    @cached_property
    def marked(self) -> Mask:
        """The counts that contradict other counts in the systems of the query, (s, e)."""
        return self.cells.wrong_in(self.question.dimensions, self.question.judged_apart)

    @cached_property
    def counts(self) -> Ranges:
        """The counts of all selections; contradictory ones have bounds of all readings, (s, e)."""
        return self.cells.hull(self.question.dimensions, self.question.judged_apart)

    @cached_property
    def part(self) -> Ranges:
        """The count of each cell, (c, e)."""
        return self.counts[self.slots]

    @property
    def rows(self) -> Index:
        """The rows of the systems, (s, e)."""
        return self.cells.known_row

    @cached_property
    def overlapping_lines(self) -> Mask:
        """The totals with overlapping categories in their systems, (e,)."""
        rows, lines = self.rows[0], self.cells.systems.lines
        own = [lines[name].overlaps[rows] for name in self.selections.names]
        return np.asarray((rows >= 0) & np.any(own, axis=0))

    @property
    def overlaps(self) -> Mask:
        """The totals whose categories overlap, (e,)."""
        return self.overlapping_lines

    def unknown_unlisted(self, d: int) -> Floats:
        """Return the most persons of unknown category of a dimension that have no selection."""
        return self.cells.systems.absent(self.selections.names[d], self.rows[0]).upper

    def unanswered_in(self, category: Index) -> Floats | None:
        """Return the cases that can belong to each of some cells; ``nan`` if not documented.

        Tables of cases document the cases without an answer. Cases of unknown category add to them:
        2 cases without an answer and 3 of unknown form are 5.
        """
        selections = self.selections
        return self.cells.open_to(selections.cells[category], selections.unknown_of(category))

    def terms(self, d: int, index: Index, unused: Mask | None = None) -> CategoryTerms:
        """Return the bounds of the used categories of a dimension within p cells.

        `index` has the cells by dimension, (d, p), as `Selections.slots`. Counts of selections that
        are `unused`, (s, e), do not restrict the others.
        """
        selections, implied, (used, around) = self.selections, self.cells.implied, self.axes[d]
        name, size = selections.names[d], selections.sizes[d]
        inside = np.repeat(index[:, np.newaxis], len(selections.words[d]), axis=1)
        inside[d] = np.arange(len(selections.words[d]))[:, np.newaxis]
        slots = selections.slots(*inside)
        line, whole = self.cells.systems.lines[name], self.rows[slots[0]]
        known = slots[1 : 1 + size]
        full = (whole >= 0) & np.isfinite(line.high[whole])
        low = np.where(used[:, np.newaxis], implied.lower[known], 0).astype(np.float64)
        apart: Any = False
        if line.dimension.content == "citizenship":
            # Persons of groups of citizenship and of countries: each alone can add up to the total.
            summed = low.sum(axis=0) + implied.lower[slots[1 + size :]].sum(axis=0)
            n_rows = (used[:, np.newaxis] & (self.rows[known] >= 0)).sum(axis=0)
            n_rows += (self.rows[slots[1 + size :]] >= 0).sum(axis=0)
            apart = (whole >= 0) & (line.parts[whole] > n_rows)
            apart &= summed < implied.lower[slots[0]]
            full &= ~apart
        # A category without a row has only those of its parts, if all others have a row.
        exists = used[:, np.newaxis] & ((self.rows[known] >= 0) | ~full)
        # Most queries, such as those of sex, have no wider category around their own.
        has_wider = selections.category is not None and bool(around.any())
        if has_wider:
            # The category of the query is in a wider one.
            exists[selections.index[d, selections.category] - 1] |= around.any(axis=0)
        high = np.where(exists, implied.upper[known], low)
        if unused is not None:
            low = np.where(unused[known], 0, low)
            high = np.where(unused[known] & exists, np.inf, high)
        if has_wider:
            # Wider categories, less the category of the query.
            own = selections.index[d, selections.category] - 1
            wide = around[:, np.newaxis]
            high = np.where(wide, np.maximum(high - low[own], 0), high)
            low = np.where(wide, np.maximum(low - high[own], 0), low)
        is_complete = name in COMPLETE or name in self.question.grid.exhaustive
        closed = full | (is_complete & ~np.asarray(apart))
        return CategoryTerms(slots=slots, known=CountBounds(low, high), closed=closed)

    def by_side(
        self,
        persons: CellPersons,
        denominator: Denominator,
        *,
        outside: CountBounds,
        listed: CountBounds,
        not_listed: CountBounds,
        counted: Mask,
        wrong: Mask,
    ) -> Ranges:
        """Return all counts by `Side`, (9, c, e).

        `outside` are all persons outside of each cell, and `listed` the unknown persons to show;
        `counted` marks those whose number follows. A complement is reported where the country has
        complete and consistent data for the value.
        """
        part, widest = persons.part, denominator.complement_with_unknown.high
        total = CountBounds(np.where(wrong, 0, persons.total.low), persons.total.high)
        columns = {
            Side.PART: part,
            Side.COMPLEMENT: denominator.complement,
            Side.BASE: denominator.base,
            Side.UNKNOWN: listed,
            Side.PART_WITH_UNKNOWN: CountBounds(part.low, denominator.part_with_unknown),
            Side.COMPLEMENT_WITH_UNKNOWN: denominator.complement_with_unknown,
            Side.FULL_COMPLEMENT: CountBounds(np.minimum(outside.low, widest), widest),
            Side.FULL_BASE: denominator.base if self.question.base == "all" else total,
            Side.NOT_LISTED: not_listed,
        }
        shape = SIDES, *self.part.shape
        low, high = np.empty(shape, dtype=np.int64), np.empty(shape)
        for side, own in columns.items():
            low[side], high[side] = own.low, own.high
        reported = np.empty(shape, dtype=np.bool_)
        reported[:] = self.part.reported & ~wrong
        with_complement = [Side.COMPLEMENT, Side.BASE, Side.COMPLEMENT_WITH_UNKNOWN]
        reported[with_complement] &= denominator.complete
        reported[Side.UNKNOWN] = counted | persons.unknown.is_point
        return Ranges(low, high, reported)
