"""Bounds of the categories of one dimension, by country.

The categories of a query can overlap, so that their sum is judged here and not in the systems.

Example: women and girls of two countries. The first one has 20 victims, 9 of them male, 0 to 4 of
unknown sex, and no count of women and girls. In the second one, 8 female victims, 5 male ones and 1
of unknown sex exceed their total of 10:

>>> import thbstats as thb
>>> from thbstats.panel.grid import grid_of
>>> from thbstats.panel.pooled_shares import PooledShares
>>> from thbstats.panel.share_questions import ShareQuestion
>>> few, missing = thb.Count.fewer_than(5), thb.Count.not_reported()
>>> counts = ("FR", 20, missing, 9, few), ("IT", 10, 8, 5, 1)
>>> sexes = "total", "female", "male", "unknown"
>>> table = thb.CountTable.from_rows(
...     [(area, *pair) for area, *own in counts for pair in zip(sexes, own)],
...     columns=["area", "sex", "value"], kind="victims", period=2020,
... )
>>> solved = PooledShares(ShareQuestion(
...     grid=grid_of(table, by="area", area=None, period=None, attributes={}), base="known",
...     names=("sex",), category={"sex": "female"}, within={}, overlap=None,
... )).solved

Each count alone, then the contradictory counts in both readings, and all persons outside:

>>> solved.counted.part, solved.counted.outside
(CountBounds(low=[[7. 8.]], high=[[11.  8.]]), CountBounds(low=[[9. 6.]], high=[[13.  6.]]))
>>> solved.in_both_readings.part, solved.in_both_readings.total
(CountBounds(low=[[7. 0.]], high=[[11.  8.]]), CountBounds(low=[20. 10.], high=[20. 14.]))
>>> solved.outside
CountBounds(low=[[9. 2.]], high=[[13. 14.]])

Without unknown persons, the complement is 9 in the first country, and the base is 16 to 20:

>>> solved.denominator.complement, solved.denominator.base
(CountBounds(low=[[9. 1.]], high=[[9. 5.]]), CountBounds(low=[[16.  9.]], high=[[20. 13.]]))
"""

from typing import Any

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from thbstats._properties import cached_property
from thbstats.columns import Floats, Mask, Ranges
from thbstats.panel.share_bounds import (
    ANY_COUNT,
    CategoryTerms,
    CellPersons,
    CountBounds,
    Denominator,
    ShareCounts,
    Side,
)
from thbstats.panel.systems import allowed_excess
from thbstats.vocabulary import Overlap
from thbstats.vocabulary.codes import COMPLETE


@frozen(kw_only=True, eq=False)
class SumOfParts:
    """The parts of each total in comparison with the total, (e,)."""

    overlaps: Mask  # Totals whose parts overlap
    exceeded: Mask  # Totals that their parts exceed
    discrepant: Mask  # Totals that their parts exceed within the tolerance
    excess: Floats  # The excess within the tolerance, else 0
    as_published: Mask  # Totals that their parts exceed, which count as published


@frozen(kw_only=True, eq=False)
class UnknownPersons:
    """Persons of unknown category, and the difference between the total and the parts."""

    persons: CountBounds  # (1, e)
    counted: Mask  # (1, e): whether their number is reported or follows
    has_parts: Mask  # (1, e): whether the sum of the parts is known
    discrepancy: CountBounds  # (e,): the total less its parts and unknown persons
    has_discrepancy: Mask  # (e,): whether all of these are reported
    not_listed: CountBounds  # (1, e): persons of known category in no category in use


@frozen(kw_only=True, eq=False)
class OneDimension(ShareCounts):
    """Parts and complements of c categories of one dimension, k of them known."""

    @property
    def overlaps(self) -> Mask:
        """The totals whose categories overlap, (e,)."""
        return self.sum_of_parts.overlaps

    @property
    def discrepant(self) -> Mask:
        """The totals that their parts exceed within the tolerance, (e,)."""
        return self.sum_of_parts.discrepant

    @property
    def used(self) -> Mask:
        """The categories in use, (k, e)."""
        return self.axes[0][0]

    @property
    def unknown_count(self) -> Ranges:
        """The count of the unknown category, (e,)."""
        if len(self.selections.unknown):
            return self.counts[self.selections.unknown[0]]
        return Ranges.zero(self.rows.shape[1])

    @cached_property
    def category_terms(self) -> CategoryTerms:
        """The terms of the sum of all categories, minus an excess within the tolerance."""
        terms = self.terms(0, np.zeros((1, 1), np.intp))
        low = np.maximum(terms.known.low - self.sum_of_parts.excess, 0)
        return evolve(terms, known=CountBounds(low, terms.known.high))

    @cached_property
    def unanswered(self) -> Floats | None:
        """The cases that can belong to each category, (k, e); ``nan`` if not documented."""
        result = self.unanswered_in(np.arange(len(self.selections.recorded)))
        if result is None or self.selections.names[0] in COMPLETE:
            return None
        documented = ~np.isnan(result).all(axis=0)
        return np.where(self.used | ~documented, np.where(self.used, result, np.nan), 0)

    @cached_property
    def documented(self) -> tuple[Floats, Any]:
        """The cases that can belong to each cell, and whether they are documented, (c, e).

        Cases without an answer can have further categories: they belong to overlapping ones only.
        """
        if self.unanswered is None:
            return np.zeros(1), np.False_
        own = self.unanswered[self.category]
        return own, ~np.isnan(own) & self.sum_of_parts.overlaps

    @cached_property
    def listed(self) -> Ranges:
        """The counts of the categories in use, (k, e)."""
        counts = self.counts[self.selections.cells]
        return counts.where(self.used, Ranges.zero(*self.used.shape))

    @cached_property
    def parts(self) -> Ranges:
        """The categories in use; a wider category excludes the category of the query, (k, e)."""
        own, around = self.selections.category, self.axes[0][1]
        if own is None:
            return self.listed
        return self.listed.minus(self.listed[own]).where(around, self.listed)

    @cached_property
    def part(self) -> Ranges:
        """The count of each cell, (c, e)."""
        # A category that only other countries list is no part here, and has bounds.
        used = self.used[self.category]
        return self.parts[self.category].where(used, self.counts[self.slots])

    @cached_property
    def sum_of_parts(self) -> SumOfParts:
        """Whether the parts of each total overlap, and whether they exceed it.

        The excess of exclusive parts is their sum and unknown, less the total. That of overlapping
        parts has the largest part in place of the sum. Parts overlap if their sum exceeds the total
        and the largest part does not. Examples for a total of 1,000, of which 5 are tolerated:

        =========  =======  ======  ==============================================
        parts      unknown  excess  judgement
        =========  =======  ======  ==============================================
        600, 300   100      0       exclusive
        600, 403   0        3       exclusive, a discrepancy of 3
        600, 700   0        -300    overlapping; sexes: an excess of 300, exceeded
        1200, 300  0        500     exceeded
        =========  =======  ======  ==============================================
        """
        (name,), overlap = self.selections.names, self.question.overlap
        total, unknown = self.counts[0].upper, self.unknown_count.lower
        largest = self.listed.lower.max(axis=0, initial=0) + unknown - total
        low = self.parts.lower.astype(np.float64)
        excess = low.sum(axis=0) + unknown - total
        allowed = allowed_excess(total)
        if name in COMPLETE:
            overlaps = np.zeros(len(total), dtype=np.bool_)
        elif overlap is not None:
            overlaps = np.full(len(total), overlap is not Overlap.EXCLUSIVE)
        else:
            overlaps = self.overlapping_lines | ((excess > allowed) & (largest <= allowed))
            if self.unanswered is not None:
                overlaps |= (self.unanswered >= 0).any(axis=0)
        beyond = np.where(overlaps, largest, excess)
        exceeded, discrepant = beyond > allowed, (beyond > 0) & (beyond <= allowed)
        # As published, only a category above the total contradicts it.
        keeps = exceeded & (low <= total).all(axis=0) & (self.question.grid.reading == "published")
        return SumOfParts(
            overlaps=overlaps,
            exceeded=exceeded & ~keeps,
            discrepant=discrepant,
            excess=np.where(discrepant, beyond, 0),
            as_published=keeps,
        )

    @cached_property
    def contradictory(self) -> Mask:
        """The cells whose counts contradict other counts of the query, (c, e)."""
        selections, marked, base = self.selections, self.marked, self.question.base
        result = marked[0] | marked[self.slots] | self.sum_of_parts.exceeded
        has_marked_part = (marked[selections.cells] & self.used).any(axis=0)
        # Without a total, the denominator is the sum of all parts.
        total_is_sum = ~self.counts.reported[0] & self.unknown.has_parts
        if base == "all":
            return np.asarray(result | (has_marked_part & total_is_sum))
        # Unknown persons that only follow from contradictory counts have no part in it.
        unknown, is_responses = selections.unknown, base == "responses"
        has_unknown = ~self.cells.of_rows(self.cells.systems.unsupported)[unknown] | is_responses
        result |= (marked[unknown] & has_unknown).any(axis=0)
        # Without a count of unknown persons, the denominator is the sum of the known categories.
        known_is_sum = ~(has_unknown & self.counts.reported[unknown]).any(axis=0) | is_responses
        return np.asarray(result | (has_marked_part & (total_is_sum | known_is_sum)))

    @cached_property
    def total(self) -> CountBounds:
        """The total; its upper bound includes an excess of its parts within the tolerance, (e,)."""
        total = self.counts[0]
        return CountBounds(total.lower.astype(np.float64), total.upper + self.sum_of_parts.excess)

    @cached_property
    def unknown(self) -> UnknownPersons:
        """The persons of unknown category: reported, or the total minus the parts.

        A total above all its parts has further persons of unknown category. Examples of a total of
        100 women and men:

        =====  ===  =======  ========================  ===========
        women  men  unknown  unknown persons           discrepancy
        =====  ===  =======  ========================  ===========
        60     30   10       10, as reported           0
        60     30   no row   10, left by the parts     0
        60     30   0 to 4   10, left by the parts     6 to 10
        60     any  no row   0 to 40                   -40 to 40
        =====  ===  =======  ========================  ===========
        """
        total, parts, closed = self.total, self.in_parts, self._closed
        row, is_known, judged = *self._unknown_row, self.sum_of_parts
        reported, has_parts = self.counts.reported[0], self.parts.reported.all(axis=0) & closed
        # 1. What the parts and the unknown persons leave of the total.
        low, high = total.low - parts.high - row.high, total.high - parts.low - row.low
        # 2. The unknown persons: those whom the parts leave above the row, the row, or both.
        has_gap, left = reported & (low > 0), total - parts
        persons = left.where(has_gap, row.where(is_known, row.within(left)))
        persons = CountBounds(persons.low, np.maximum(persons.high, persons.low))
        # 3. The others, who are in no category in use.
        in_use = self.category_terms.known.high.sum(axis=0)
        further = np.maximum(total.low - in_use - persons.high, 0)
        further = np.where(closed | judged.overlaps, 0, further)
        most_further = np.maximum(total.high - parts.low - persons.low, further)
        is_exclusive = ~(judged.overlaps | judged.exceeded)
        return UnknownPersons(
            persons=persons,
            counted=is_known | has_gap | (persons.high == 0),
            has_parts=has_parts,
            discrepancy=CountBounds(low[0], high[0]),
            has_discrepancy=(reported & has_parts & is_exclusive)[0],
            not_listed=CountBounds(further, np.where(closed, 0, most_further)),
        )

    @property
    def _closed(self) -> Mask:
        """The totals without persons outside of the categories in use, (1, e)."""
        return np.asarray(self.category_terms.closed & ~self.sum_of_parts.as_published)

    @cached_property
    def in_parts(self) -> CountBounds:
        """The persons of all known categories, (1, e).

        They are the sum of exclusive categories, and at least the largest overlapping one.
        """
        known, judged = self.category_terms.known, self.sum_of_parts
        least = np.where(judged.overlaps, known.low.max(axis=0, initial=0), known.low.sum(axis=0))
        least = np.where(judged.as_published, 0, least)
        return CountBounds(least, np.where(self._closed, known.high.sum(axis=0), np.inf))

    @property
    def _unknown_row(self) -> tuple[CountBounds, Mask]:
        """The row of unknown persons, and whether it contains their number, (1, e).

        Parts that exceed a total restrict them by less: by the excess, or not at all.
        """
        slots, judged = self.selections.unknown, self.sum_of_parts
        if not len(slots):
            most = self.unknown_unlisted(0)[np.newaxis]
            return ANY_COUNT.where(judged.as_published, CountBounds(0.0, most)), most == 0
        # Without a row, they follow from the parts, which can overlap for a query. Persons in a
        # group of citizenship are not unknown.
        counts, exists = self.counts[slots], self.rows[slots] >= 0
        limited = (self.selections.names == ("citizenship",)) & ~judged.overlaps
        high = np.maximum(np.where(exists | limited, counts.upper, np.inf), counts.lower)
        row = CountBounds(np.maximum(counts.lower - judged.excess, 0), high)
        return ANY_COUNT.where(judged.as_published, row), counts.reported & exists

    @cached_property
    def counted(self) -> CellPersons:
        """The bounds of each count, before sums narrow them.

        Parts that exceed a total as published do not restrict it.
        """
        judged, unknown = self.sum_of_parts, self.unknown.persons
        terms = self.category_terms
        others = ANY_COUNT.where(judged.as_published, terms.others(terms.of(self.category)))
        return CellPersons(
            total=self.total,
            part=CountBounds(np.maximum(self.part.lower - judged.excess, 0), self.part.upper),
            others=others,
            unknown=unknown,
            outside=others + unknown,
        )

    @cached_property
    def in_both_readings(self) -> CellPersons:
        """The persons; a total below its parts has the bounds of both readings.

        The total is as published, or it is the sum of the parts: a total of 10 with 8 women, 5 men
        and 1 of unknown sex is 10 to 14. The part of the women is then 0 to 8, the other known
        persons are 0 to 5, the unknown ones 0 to 1, and all persons outside of the part 0 to 10.
        """
        counted, exceeded = self.counted, self.sum_of_parts.exceeded
        if not exceeded.any():
            return counted
        # Parts without an upper bound count with their lower bound.
        parts, unknown = self.parts, self.unknown_count
        high = np.where(np.isinf(parts.upper), parts.lower, parts.upper)
        most = np.where(np.isinf(unknown.upper), unknown.lower, unknown.upper)
        total = CountBounds(
            np.minimum(counted.total.low, parts.lower.sum(axis=0) + unknown.lower),
            np.maximum(counted.total.high, high.sum(axis=0) + most),
        )
        own, allocated = high[self.category], np.where(unknown.reported, unknown.upper, np.inf)
        others = high.sum(axis=0) - own
        both = CellPersons(
            total=total,
            part=CountBounds(0, np.minimum(own, total.high)),
            others=CountBounds(0, others),
            unknown=CountBounds(0, allocated),
            outside=CountBounds(0, np.maximum(others + allocated, total.low)),
        )
        return both.where(exceeded, counted)

    @cached_property
    def keeps(self) -> Mask:
        """The parts that keep the bounds of their source, (c, e).

        They are suppressed and rounded counts, and counts that contradict those of other
        dimensions.
        """
        part, judged = self.in_both_readings.part, self.sum_of_parts
        result = self.part.reported & (part.low < part.high)
        result &= self.counts.reported[0] & ~judged.discrepant
        return np.asarray(result | (self.contradictory & ~judged.exceeded))

    @cached_property
    def narrowed(self) -> CellPersons:
        """The persons; the part, other known persons and all other persons limit each other.

        Of overlapping categories, the others are at least the largest one less the part: 8 of 10
        victims with sexual exploitation and 5 with forced labour leave 3 others for forced labour.
        """
        persons, wrong, keeps = self.in_both_readings, self.contradictory, self.keeps
        overlaps = self.sum_of_parts.overlaps
        # 1. Other persons do not restrict a part that keeps the bounds of its source.
        others, outside = persons.others, ANY_COUNT.where(keeps, persons.outside)
        if self.question.base == "known":
            # Known persons are the total less the unknown ones, and not the part and the others.
            others = ANY_COUNT.where(keeps & ~wrong, others)
        persons = evolve(persons, others=others, outside=outside)
        # 2. A part without a count is what the other persons leave of the total.
        part = persons.part.where(self.part.reported, persons.missing_part(wrong, overlaps))
        # 3. The others are at least the largest overlapping category less the part.
        is_overlapping = overlaps & ~wrong  # (e,)
        largest = self.category_terms.known.low.max(axis=0)  # (e,)
        least = np.where(is_overlapping, np.maximum(largest - part.high, 0), others.low)
        least_outside = np.where(is_overlapping & ~keeps, least + persons.unknown.low, outside.low)
        return evolve(
            persons,
            part=part,
            others=CountBounds(least, others.high),
            outside=CountBounds(least_outside, outside.high),
        )

    @cached_property
    def outside(self) -> CountBounds:
        """All persons outside of each cell, (c, e)."""
        return self.narrowed.remainder()

    @cached_property
    def allocated(self) -> CellPersons:
        """The persons of each cell; documented cases without an answer are of unknown category."""
        narrowed, (further, documented) = self.narrowed, self.documented
        if self.unanswered is None:
            return narrowed
        unknown = CountBounds(np.where(np.isinf(further), 0, further), further)
        unknown = unknown.where(documented, narrowed.unknown)
        others = ANY_COUNT.where(documented, narrowed.others)
        return evolve(narrowed, unknown=unknown, others=others)

    @cached_property
    def _counted_unknown(self) -> Mask:
        """Whether the number of unknown persons of each cell follows from other counts."""
        return np.asarray(self.unknown.counted | self.documented[1])

    @cached_property
    def denominator(self) -> Denominator:
        """The denominator of each cell by its rule."""
        rules = {"all": self._all, "known": self._known, "responses": self._responses}
        return rules[self.question.base]()

    def _all(self) -> Denominator:
        """Return the denominator "all persons": the total."""
        persons, outside, reported = self.allocated, self.outside, self.counts.reported[0]
        largest, least = self._with_unknown
        low = np.maximum(persons.total.low, persons.part.low + self.narrowed.outside.low)
        total = CountBounds(np.where(reported, persons.total.low, low), persons.total.high)
        follows = self._is_sum & self._counted_unknown & ~self.sum_of_parts.overlaps
        return Denominator(
            complement=outside,
            base=evolve(persons, total=total).full_base(outside),
            complete=reported | follows,
            part_with_unknown=largest,
            complement_with_unknown=CountBounds(least, outside.high),
        )

    def _known(self) -> Denominator:
        """Return the denominator "known persons": the total minus the unknown persons."""
        persons, every = self.allocated, self._all()
        complement = persons.known_complement(self.outside)
        complete = (self.counts.reported[0] & self._counted_unknown) | self._is_sum
        base = persons.known_base(complement)
        return evolve(every, complement=complement, base=base, complete=complete)

    def _responses(self) -> Denominator:
        """Return the denominator "responses": the sum of all categories.

        A person of two forms of exploitation has two responses. Of 10 persons with 8 responses of
        sexual exploitation, 5 of forced labour and 1 person of unknown form, the responses other
        than forced labour are 8, and 9 with unknown.
        """
        persons, overlaps = self.allocated, self.sum_of_parts.overlaps
        largest, least = self._with_unknown
        others = self._other_responses()
        most = self._others_with_unknown(others)
        alone = np.maximum(persons.part.high + persons.unknown.high, largest)
        least = np.where(overlaps, others.low, np.minimum(least, others.low))
        return Denominator(
            complement=others,
            base=persons.part + others,
            complete=np.asarray(self.parts.reported.all(axis=0)),
            part_with_unknown=np.where(overlaps, alone, largest),
            complement_with_unknown=CountBounds(
                least, np.where(overlaps, most, np.maximum(self.outside.high, others.high))
            ),
        )

    @property
    def _is_sum(self) -> Mask:
        """Whether the known persons of each cell are the sum of their parts, (1, e) or (c, e)."""
        follows = self.documented[1] & self.counts.reported[0]
        return np.asarray(self.unknown.has_parts | follows)

    @property
    def _with_unknown(self) -> tuple[Floats, Floats]:
        """The largest part and the smallest complement of all persons, with unknown, (c, e)."""
        reach = self.allocated.part.high
        if self.unanswered is not None:
            # A category without an answer can be that of all cases that the rows leave.
            known = self.category_terms.known.high[self.category, 0]
            reach = np.where(self.documented[1], known, reach)
        return self.allocated.with_unknown(reach=reach, keeps=self.keeps, outside=self.outside)

    def _in_other_categories(self, values: NDArray[Any]) -> Floats:
        """Return the sum over all categories except that of the cell, from (k, e) to (c, e).

        It is ``nan`` if the own value is infinite.
        """
        with np.errstate(invalid="ignore"):
            return np.asarray(values.sum(axis=0) - values[self.category], dtype=np.float64)

    def _other_responses(self) -> CountBounds:
        """Return the other responses of each cell, without unknown responses, (c, e)."""
        terms, judged, unknown = self.category_terms, self.sum_of_parts, self.narrowed.unknown
        # 1. The sums of the other categories. Each overlapping one has at most all known persons.
        known_persons = np.maximum(self.narrowed.total.high - unknown.low, 0)
        limit = np.where(judged.overlaps & ~self.parts.reported, known_persons, np.inf)
        low = self._in_other_categories(terms.known.low[:, 0])
        high = self._in_other_categories(np.minimum(terms.known.high[:, 0], limit))
        high = np.where(np.isnan(high) | judged.exceeded, self.allocated.others.high, high)
        # 2. Exclusive categories have one response for each other known person.
        persons = self.allocated.known_complement(self.outside)
        most = np.minimum(persons.high, high)
        least = np.minimum(np.where(terms.closed, persons.low, low), most)
        result = CountBounds(low, high).where(judged.overlaps, CountBounds(least, most))
        return CountBounds(np.where(judged.exceeded, 0, result.low), result.high)

    def _others_with_unknown(self, others: CountBounds) -> Floats:
        """Return the most other responses of each cell, with unknown responses, (c, e)."""
        unknown = self.narrowed.unknown.high
        # Unknown persons can be in all other categories.
        n_others = self._in_other_categories(self.used)
        most = others.high + np.where(n_others > 0, unknown, 0) * n_others
        if self.unanswered is None:
            return np.asarray(most)
        # Cases without an answer for a category can be in it; each category has at most all cases.
        further = np.where(np.isnan(self.unanswered), unknown, self.unanswered)
        known = self.category_terms.known.high[:, 0]
        every = self._in_other_categories(np.minimum(known + further, self.narrowed.total.high))
        return np.asarray(np.maximum(most, np.where(np.isnan(every), np.inf, every)))

    @cached_property
    def sides(self) -> Ranges:
        """All counts by `Side`, (9, c, e)."""
        # Unknown persons are those of the total as published, also for both readings.
        listed = CountBounds(self.narrowed.unknown.low, self.counted.unknown.high)
        return self.by_side(
            self.allocated,
            self.denominator,
            outside=self.outside,
            listed=listed if self.unanswered is None else self.allocated.unknown,
            not_listed=self.unknown.not_listed,
            counted=self._counted_unknown,
            wrong=self.contradictory,
        )

    @property
    def is_exact(self) -> Mask:
        """Whether part and complement are single numbers, (c, e)."""
        points = self.sides[Side.PART].is_point & self.sides[Side.COMPLEMENT].is_point
        judged = self.sum_of_parts
        return np.asarray(points & ~(judged.discrepant | judged.overlaps | self.contradictory))
