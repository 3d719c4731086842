"""Bounds of the categories of one dimension, by country.

The categories of a query can overlap, so that their sum is judged here and not in the systems.

Example: women and girls of two countries. The first one has 20 victims, 9 of them male, 0 to 4 of
unknown sex, and no count of women and girls. In the second one, 8 female victims, 5 male ones and 1
of unknown sex exceed their total of 10. The steps give

===================  ========  =======  ======  =======  ========
step                 total     part     others  unknown  outside
===================  ========  =======  ======  =======  ========
`counted`            20        7 to 11  9       0 to 4   9 to 13
`in_both_readings`   20        7 to 11  9       0 to 4   9 to 13
`outside`            20        7 to 11  9       0 to 4   9 to 13
`counted`            10        8        5       1        6
`in_both_readings`   10 to 14  0 to 8   0 to 5  0 to 1   0 to 10
`outside`            10 to 14  0 to 8   0 to 5  0 to 1   2 to 14
===================  ========  =======  ======  =======  ========

With ``base="known"``, the complement is 9 in the first country, and the base is 16 to 20. In the
second one they are 1 to 5 and 9 to 13.
"""

from typing import Any

import numpy as np
from attrs import evolve, frozen

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
    """The parts of each total against this total, (e,)."""

    overlaps: Mask  # Totals whose parts overlap
    exceeded: Mask  # Totals that their parts exceed
    discrepant: Mask  # Totals that their parts exceed within the tolerance
    excess: Floats  # The excess within the tolerance, else 0
    as_published: Mask  # Totals that their parts exceed, which count as published


@frozen(kw_only=True, eq=False)
class UnknownPersons:
    """Persons of unknown category, and what the parts leave of the total."""

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
        """The terms of the sum of all categories, less an excess within the tolerance."""
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
        """The categories in use, wider ones less the category of the query, (k, e)."""
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
        """The cells whose counts contradict others of the query, (c, e)."""
        selections, marked = self.selections, self.marked
        result = marked[0] | marked[self.slots] | self.sum_of_parts.exceeded
        # Without a total, the denominator is the sum of all parts.
        marked_parts = (marked[selections.cells] & self.used).any(axis=0)
        result |= marked_parts & ~self.counts.reported[0] & self.unknown.has_parts
        if self.question.base != "all":
            unknown, is_sum = selections.unknown, self.question.base == "responses"
            # Without the unknown persons, the denominator is the sum of all categories. A number
            # of unknown persons that follows from contradictory counts only has no part in it.
            stated = ~self.cells.of_rows(self.cells.systems.unsupported)[unknown] | is_sum
            result |= (marked[unknown] & stated).any(axis=0)
            summed = ~(stated & self.counts.reported[unknown]).any(axis=0) | is_sum
            result |= marked_parts & summed
        return np.asarray(result)

    @cached_property
    def total(self) -> CountBounds:
        """The total, with an excess of its parts within the tolerance, (e,)."""
        total = self.counts[0]
        return CountBounds(total.lower.astype(np.float64), total.upper + self.sum_of_parts.excess)

    @cached_property
    def unknown(self) -> UnknownPersons:
        """The persons of unknown category: as reported, or those whom the parts leave.

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
        total, terms, judged = self.total, self.category_terms, self.sum_of_parts
        row, is_known = self._unknown_row
        low = np.where(judged.as_published, 0, np.maximum(row.low - judged.excess, 0))
        high = np.where(judged.as_published, np.inf, row.high)
        # 1. The sums of all parts.
        lows, highs, closed = terms.known.low, terms.known.high, terms.closed & ~judged.as_published
        is_open = np.isinf(highs).any(axis=0)
        least = np.where(judged.overlaps, lows.max(axis=0, initial=0), lows.sum(axis=0))
        least = np.where(judged.as_published, 0, least)
        summed = np.where(np.isinf(highs), 0, highs).sum(axis=0)
        most = np.where(is_open | ~closed, np.inf, summed)
        # 2. What they leave of the total, without the unknown persons and with them.
        differences = CountBounds(total.low - most - high, total.high - least - low)
        left = CountBounds(np.maximum(total.low - most, 0), np.maximum(total.high - least, 0))
        gaps = self.counts.reported[0] & (differences.low > 0)
        stated = self.parts.reported.all(axis=0) & closed
        every = self.counts.reported[0] & stated & ~judged.overlaps & ~judged.exceeded
        # 3. Unknown persons, and persons in no category in use.
        unknown_low = np.maximum(left.low, np.where(gaps, 0, low))
        unknown_low = np.where(gaps | ~is_known, unknown_low, low)
        unknown_high = np.where(is_known, high, np.minimum(high, left.high))
        unknown_high = np.maximum(np.where(gaps, left.high, unknown_high), unknown_low)
        further = np.maximum(total.low - summed - unknown_high, 0)
        further = np.where(closed | judged.overlaps | is_open, 0, further)
        most_further = np.maximum(total.high - least - unknown_low, further)
        return UnknownPersons(
            persons=CountBounds(unknown_low, unknown_high),
            counted=is_known | gaps | (unknown_high == 0),
            has_parts=stated,
            discrepancy=CountBounds(differences.low[0], differences.high[0]),
            has_discrepancy=every[0],
            not_listed=CountBounds(further, np.where(closed, 0, most_further)),
        )

    @property
    def _unknown_row(self) -> tuple[CountBounds, Mask]:
        """The unknown category, and whether its number is known, (1, e)."""
        slots = self.selections.unknown
        if not len(slots):
            most = self.unknown_unlisted(0)[np.newaxis]
            return CountBounds(np.zeros(most.shape), most), most == 0
        # Without a row, they follow from the parts, which can overlap for a query. Persons in a
        # group of citizenship are not unknown.
        counts, exists = self.counts[slots], self.rows[slots] >= 0
        limited = (self.selections.names == ("citizenship",)) & ~self.sum_of_parts.overlaps
        high = np.maximum(np.where(exists | limited, counts.upper, np.inf), counts.lower)
        return CountBounds(counts.lower, high), counts.reported & exists

    @cached_property
    def counted(self) -> CellPersons:
        """The bounds of each count alone.

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
        """The persons, of totals below their parts in both readings.

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
        """The persons, of which part, other known and all other persons limit each other.

        Of overlapping categories, the others are at least the largest one less the part: 8 of 10
        victims with sexual exploitation and 5 with forced labour leave 3 others for forced labour.
        """
        persons, wrong = self.in_both_readings, self.contradictory
        overlaps = self.sum_of_parts.overlaps
        others, outside = persons.others, ANY_COUNT.where(self.keeps, persons.outside)
        if self.question.base == "known":
            # The known persons are those of the total, and not the sum of these bounds.
            others = ANY_COUNT.where(self.keeps & ~wrong, others)
        persons = evolve(persons, others=others, outside=outside)
        part = persons.part.where(self.part.reported, persons.missing_part(wrong, overlaps))
        besides = np.maximum(self.category_terms.known.low.max(axis=0) - part.high, 0)
        least = np.where(overlaps & ~wrong, besides, others.low)
        every = least + persons.unknown.low
        every = np.where(overlaps & ~wrong & ~self.keeps, every, outside.low)
        return evolve(
            persons,
            part=part,
            others=CountBounds(least, others.high),
            outside=CountBounds(every, outside.high),
        )

    @cached_property
    def outside(self) -> CountBounds:
        """All persons outside of each cell, (c, e)."""
        return self.narrowed.remainder()

    @cached_property
    def allocated(self) -> CellPersons:
        """The persons; documented cases without an answer are persons of unknown category."""
        narrowed, (further, documented) = self.narrowed, self.documented
        if self.unanswered is None:
            return narrowed
        unknown = CountBounds(np.where(np.isinf(further), 0, further), further)
        unknown = unknown.where(documented, narrowed.unknown)
        others = ANY_COUNT.where(documented, narrowed.others)
        return evolve(narrowed, unknown=unknown, others=others)

    @cached_property
    def _counted_unknown(self) -> Mask:
        """Whether the number of unknown persons of each cell follows."""
        return np.asarray(self.unknown.counted | self.documented[1])

    @cached_property
    def denominator(self) -> Denominator:
        """The denominator of each cell by its rule."""
        persons, outside, judged = self.allocated, self.outside, self.sum_of_parts
        reported, documented = self.counts.reported[0], self.documented[1]
        reach = persons.part.high
        if self.unanswered is not None:
            # A category without an answer can be that of all cases that the rows leave.
            reach = np.where(documented, self.category_terms.known.high[self.category, 0], reach)
        largest, least = persons.with_unknown(reach=reach, keeps=self.keeps, outside=outside)
        is_sum = self.unknown.has_parts | (documented & reported)
        low = np.maximum(persons.total.low, persons.part.low + self.narrowed.outside.low)
        every = Denominator(
            complement=outside,
            base=CountBounds(np.where(reported, persons.total.low, low), persons.total.high),
            complete=reported | (is_sum & self._counted_unknown & ~judged.overlaps),
            part_with_unknown=largest,
            complement_with_unknown=CountBounds(least, outside.high),
        )
        if self.question.base == "all":
            return every
        known = persons.known_complement(outside)
        if self.question.base == "known":
            complete = (reported & self._counted_unknown) | is_sum
            base = persons.known_base(known)
            return evolve(every, complement=known, base=base, complete=complete)
        others, most = self._other_responses(known)
        alone = np.maximum(persons.part.high + persons.unknown.high, largest)
        least, widest = np.minimum(least, others.low), np.maximum(outside.high, others.high)
        return Denominator(
            complement=others,
            base=persons.part + others,
            complete=np.asarray(self.parts.reported.all(axis=0)),
            part_with_unknown=np.where(judged.overlaps, alone, largest),
            complement_with_unknown=CountBounds(
                np.where(judged.overlaps, others.low, least),
                np.where(judged.overlaps, most, widest),
            ),
        )

    def _other_responses(self, known: CountBounds) -> tuple[CountBounds, Floats]:
        """Return the other responses of each cell, and the most of them with unknown, (c, e).

        They are the sum of the other categories. `known` are the persons of other known categories,
        each counted once, who are all responses of exclusive categories.
        """
        terms, own, judged = self.category_terms, self.category, self.sum_of_parts
        overlaps, unknown = judged.overlaps, self.narrowed.unknown
        lows, highs, total = terms.known.low[:, 0], terms.known.high[:, 0], self.narrowed.total.high
        # Each overlapping category has at most all persons.
        persons = np.where(overlaps, np.maximum(total - unknown.low, 0), np.inf)
        item = np.minimum(highs, np.where(self.parts.reported, np.inf, persons))
        with np.errstate(invalid="ignore"):
            capped = item.sum(axis=0) - item[own]
        limit = self.allocated.others.high
        capped = np.where(np.isnan(capped) | judged.exceeded, limit, capped)
        summed, most = lows.sum(axis=0) - lows[own], np.minimum(known.high, capped)
        exclusive = np.minimum(np.where(terms.closed, known.low, summed), most)
        low = np.where(judged.exceeded, 0, np.where(overlaps, summed, exclusive))
        high = np.where(overlaps, capped, most)
        # Unknown persons can be in all other categories.
        others = self.used.sum(axis=0) - self.used[own]
        widest = high + np.where(others > 0, unknown.high, 0) * others
        if self.unanswered is not None:
            further = np.where(np.isnan(self.unanswered), unknown.high, self.unanswered)
            reach = np.minimum(highs + further, total)
            with np.errstate(invalid="ignore"):
                every = reach.sum(axis=0) - reach[own]
            widest = np.maximum(widest, np.where(np.isnan(every), np.inf, every))
        return CountBounds(low, high), widest

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
