"""Bounds of the categories of a total, by country.

For each country and category, the counts restrict the pairs (part, complement) to a region. A
share grows with the part and falls with the complement, so that its bounds are in two corners of
the region: the largest part with the smallest complement, and the reverse. Corners of countries
are added, because the counts of different countries are independent.
"""

from typing import Any

import numpy as np
from attrs import Factory, field, frozen
from numpy.typing import NDArray

from thbstats._properties import cached_property
from thbstats.columns import Ranges
from thbstats.panel.systems import allowed_excess

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
Index = NDArray[np.intp]
Ends = tuple[Floats, Floats]
"""Lower and upper bounds."""


def _flags(value: bool) -> Factory:  # type: ignore[valid-type]
    return Factory(lambda own: np.full(own.total.shape, value), takes_self=True)


@frozen(kw_only=True, eq=False)
class Division:
    """A total and the categories that divide it, for p countries or areas."""

    total: Ranges  # (p,): the total
    parts: Ranges  # (k, p): the known categories; 0 and reported where a category is not in use
    # (k, p): the bounds of these categories that follow from all rows of their system.
    implied: Ranges = field(default=Factory(lambda own: own.parts, takes_self=True))
    unknown: Ranges  # (p,): the unknown category; missing where it has no row
    # (p,): whether each person of known category is in a category in use; whether the source
    # suppresses any of the counts.
    closed: Mask = field(default=_flags(True))
    suppressed: Mask = field(default=_flags(False))
    as_published: bool = False  # Whether a total that its parts exceed counts as published
    # (c, p): whether a count of the query contradicts others in another dimension.
    elsewhere: Mask | bool = False
    # Whether one person can have several categories; `None` to infer it from the counts.
    overlaps: bool | None
    overlapping: Mask = field(default=_flags(False))  # (p,): whether they do in the whole system
    can_overlap: bool  # Whether the dimension allows it at all
    # (k, p): for tables of cases, the further persons to whom a category may apply; ``nan`` where
    # that is not documented. It documents that the categories overlap.
    unanswered: Floats | None = None


def excess_of(division: Division) -> tuple[Mask, Mask, Mask, Floats]:
    """Return contradictory, discrepant and overlapping parts, and their excess."""
    total, unknown = division.total.upper, division.unknown.lower
    low = division.parts.lower.astype(np.float64)
    excess = low.sum(axis=0) + unknown - total
    largest = low.max(axis=0, initial=0) + unknown - total
    allowed = allowed_excess(total)
    if division.overlaps is None:
        overlapping = (excess > allowed) & (largest <= allowed)
        if division.unanswered is not None:
            overlapping |= (division.unanswered >= 0).any(axis=0)
        overlapping |= division.overlapping
        overlapping &= division.can_overlap
    else:
        overlapping = np.full(len(total), division.overlaps)
    beyond = np.where(overlapping, largest, excess)
    return beyond > allowed, (beyond > 0) & (beyond <= allowed), overlapping, beyond


class Side:
    """The counts of a partition, as positions."""

    PART = 0
    COMPLEMENT = 1  # The other counts in the denominator
    BASE = 2
    UNKNOWN = 3
    # The largest part and the smallest complement, with unknown allocated.
    PART_WITH_UNKNOWN = 4
    COMPLEMENT_WITH_UNKNOWN = 5
    FULL_COMPLEMENT = 6  # All persons outside the category, with unknown
    FULL_BASE = 7  # The denominator with unknown
    NOT_LISTED = 8  # Persons of known category that the source does not show


SIDES, OF_VALUE = 9, slice(4)
"""The number of sides, and those of a value."""


def _pick(mask: Mask, first: tuple[Floats, ...], second: tuple[Floats, ...]) -> Ends:
    low, high = (np.where(mask, a, b) for a, b in zip(first, second, strict=True))
    return low, high


class Partition:
    """Parts and complements of each country or area, for c categories.

    The bounds of each count follow from all other counts. Shapes are (p,) for the total, the
    unknown and all persons of known category, (k, p) for all categories, and (c, p) for the
    categories of the query and the sums of all others.
    """

    def __init__(  # noqa: PLR0915 - one derivation, in the order of its steps
        self, division: Division, rule: str, category: Index
    ) -> None:
        # (p,): countries whose parts exceed their total; whose excess is within the tolerance;
        # whose categories overlap.
        wrong, discrepant, overlaps, excess = excess_of(division)
        total, parts, closed = division.total, division.parts, division.closed
        exceeded = np.zeros(len(wrong), dtype=np.bool_)
        if division.as_published:
            # Only a category above the total contradicts it.
            alone = parts.lower[category].max(axis=0, initial=0) > total.upper
            exceeded, wrong = wrong & ~alone, wrong & alone
            closed = closed & ~exceeded
        # Other categories have the bounds that follow from all rows; the category of the query has
        # those of its source.
        low, high = division.implied.lower.astype(np.float64), division.implied.upper
        own_low = parts.lower[category].astype(np.float64)
        own_high, own = parts.upper[category], parts.reported[category]
        t_low, t_high = total.lower.astype(np.float64), total.upper
        u_given = division.unknown.reported
        u_low, u_high = division.unknown.lower.astype(np.float64), division.unknown.upper
        if exceeded.any():
            low, high = np.where(exceeded, 0, low), np.where(exceeded, np.inf, high)
            u_low, u_high = np.where(exceeded, 0, u_low), np.where(exceeded, np.inf, u_high)
            low[category] = np.where(exceeded, own_low, low[category])

        # If the reported counts sum to the total, missing counts are 0.
        points = total.reported & total.is_point & (parts.is_point | ~parts.reported).all(axis=0)
        points &= (division.unknown.is_point | ~u_given) & ~division.suppressed & ~overlaps
        values = np.where(parts.reported, parts.lower, 0).sum(axis=0) + np.where(u_given, u_low, 0)
        full = points & (values == t_low)
        high = np.where(full & ~parts.reported, 0, high)
        own_high = np.where(full & ~own, 0, own_high)
        u_high = np.where(full & ~u_given, 0, u_high)
        known, u_given, closed = parts.reported | full, u_given | full, closed | full
        own = known[category]

        # An excess within the tolerance: the total is too small, or a part too large.
        if discrepant.any():
            slip = np.where(discrepant, excess, 0)
            t_high = t_high + slip
            low, u_low = np.maximum(low - slip, 0), np.maximum(u_low - slip, 0)
            own_low = np.maximum(own_low - slip, 0)

        open_parts = np.isinf(high)
        finite = np.where(open_parts, 0, high)
        count, summed = open_parts.sum(axis=0), finite.sum(axis=0)
        rest_low = low.sum(axis=0) - low[category]
        rest_open = (count - open_parts[category] > 0) | ~closed
        rest_high = np.where(rest_open, np.inf, summed - finite[category])
        least, some_overlap = low.sum(axis=0), bool(overlaps.any())
        if some_overlap:
            least = np.where(overlaps, low.max(axis=0, initial=0), least)
        most = np.where((count > 0) | ~closed, np.inf, summed)

        # Unknown: as reported, else the total minus its parts; also a certain discrepancy.
        discrepancy = t_low - most - u_high, t_high - least - u_low
        gaps = total.reported & (discrepancy[0] > 0)
        left = np.maximum(t_low - most, 0), np.maximum(t_high - least, 0)
        u_low = np.where(gaps | ~u_given, np.maximum(left[0], np.where(gaps, 0, u_low)), u_low)
        u_high = np.where(gaps, left[1], np.where(u_given, u_high, np.minimum(u_high, left[1])))
        u_high = np.maximum(u_high, u_low)

        # A missing category: the total minus unknown and the other categories.
        narrow = np.where(overlaps, t_high - u_low, t_high - rest_low - u_low)
        # One that contradicts counts of other dimensions keeps its bounds.
        keeps = own | division.elsewhere
        part_low = np.where(
            keeps | overlaps, own_low, np.maximum(own_low, t_low - rest_high - u_high)
        )
        part_high = np.where(keeps, own_high, np.minimum(own_high, narrow))
        self.division = division
        self.rule = rule
        self.category = category
        self.exceeded = wrong
        self.discrepant = discrepant
        self.overlaps = overlaps
        self.contradictory: NDArray[np.bool_] = (
            np.broadcast_to(wrong, own.shape) | division.elsewhere
        )
        self.some_overlap = some_overlap
        self.t_low = t_low
        self.t_high = t_high
        self.u_low = u_low
        self.u_high = u_high
        self.u_given: Any = u_given | gaps
        # All persons of known category, and the fewest persons at all.
        self.people: tuple[Any, NDArray[Any]] = (least, most)
        self.fewest: Any = np.maximum(t_low, least + u_low)
        self.highs = high
        self.known = known
        self.own = own
        self.closed = closed
        self.low = part_low
        self.high: NDArray[Any] = np.maximum(part_high, part_low)
        self.rest_low = rest_low
        self.rest_high = rest_high
        # Persons of known category in no category in use.
        some = np.where(closed | overlaps | (count > 0), 0, np.maximum(t_low - summed - u_high, 0))
        self.not_listed: tuple[NDArray[Any], NDArray[Any]] = (
            some,
            np.where(closed, 0, np.maximum(t_high - least - u_low, some)),
        )
        # (c, p): the persons who can belong to each category of the query, where documented.
        further = np.full(own.shape, np.nan)
        if division.unanswered is not None:
            further = np.where(overlaps, division.unanswered[category], np.nan)
        self.further = further
        self.documented: NDArray[Any] = ~np.isnan(further)
        # A suppressed or rounded category keeps the bounds of its source.
        self.keeps: Any = own & (own_low < own_high) & total.reported & ~discrepant
        self.keeps = self.keeps | division.elsewhere
        # (p,): the total minus its parts, and whether all of them are reported.
        every = total.reported & known.all(axis=0) & closed & ~overlaps & ~wrong
        self.discrepancy: tuple[NDArray[np.float64], Any, Any] = (*discrepancy, every)

    @cached_property
    def sides(self) -> Ranges:
        """All counts by `Side`, shape (9, c, p).

        A complement is reported where the country has complete and consistent data for the value.
        """
        wrong, overlaps, part = self.exceeded, self.overlaps, (self.low, self.high)
        outside, full_base, complete = self._all_base()
        complement, base = outside, full_base
        with_unknown = self._with_unknown()
        unknown = _pick(self.documented, (self.further,) * 2, (self.u_low, self.u_high))
        if self.rule == "known":
            complement, base, complete = self._known_base()
        elif self.rule == "responses":
            complement, base, complete = self._responses_base()
            several = len(self.highs) - 1
            most = complement[1] + (self.u_high * several if several else 0)
            most = np.where(overlaps, most, np.maximum(outside[1], complement[1]))
            further = self.division.unanswered
            if further is not None:
                further = np.where(np.isnan(further), self.u_high, further)
                reach = np.minimum(self.highs + further, self.t_high)
                reached = reach.sum(axis=0) - reach[self.category]
                most = np.where(overlaps, np.maximum(most, reached), most)
            outside = outside[0], most
            limited = with_unknown[0], np.minimum(with_unknown[1], complement[0])
            widest = np.maximum(with_unknown[0], self.high + self.u_high), complement[0]
            with_unknown = _pick(overlaps, widest, limited)
        if wrong.any():
            hull = self._hull()
            part, complement = _pick(wrong, hull[:2], part), _pick(wrong, hull[2:4], complement)
            with_unknown = _pick(wrong, hull[4:6], with_unknown)
            outside = _pick(wrong, hull[5:7], outside)
            base = _pick(wrong, hull[7:], base)
        if self.rule == "all":
            full_base = base
        bounds = (
            part, complement, base, (np.where(wrong, 0, unknown[0]), unknown[1]),
            (part[0], with_unknown[0]), (with_unknown[1], outside[1]),
            (np.minimum(*outside), outside[1]),
            (np.where(wrong & (self.rule != "all"), 0, full_base[0]), full_base[1]),
            (np.where(wrong, 0, self.not_listed[0]), self.not_listed[1]),
        )  # fmt: skip
        low = np.empty((SIDES, *self.own.shape), dtype=np.int64)
        high, reported = np.empty(low.shape), np.empty(low.shape, dtype=np.bool_)
        for row, (lower, upper) in enumerate(bounds):
            low[row], high[row] = lower, upper
        reported[:] = self.own & ~self.contradictory
        complete &= ~self.contradictory
        reported[[Side.COMPLEMENT, Side.BASE, Side.COMPLEMENT_WITH_UNKNOWN]] = complete
        reported[Side.UNKNOWN] = self.u_given | self.documented
        return Ranges(low, high, reported)

    def _all_base(self) -> tuple[Ends, Ends, Mask]:
        """Return complement, denominator and completeness for ``"all"``."""
        least = np.maximum(self.t_low - self.high, self.rest_low + self.u_low)
        if self.some_overlap:
            least = np.where(self.overlaps, np.maximum(self.fewest - self.high, self.u_low), least)
        most = np.minimum(self.t_high - self.low, self.rest_high + self.u_high)
        without = np.maximum(self.t_low - self.high, 0), np.maximum(self.t_high - self.low, 0)
        complement = _pick(self.keeps | (least > most), without, (least, most))
        division, shape = self.division, self.own.shape
        values = division.total.reported
        low = np.where(values, self.t_low, self.fewest)
        high = np.where(values, self.t_high, np.minimum(self.t_high, self.people[1] + self.u_high))
        summed = self.known.all(axis=0) & self.u_given & self.closed
        base = np.broadcast_to(low, shape), np.broadcast_to(high, shape)
        return complement, base, self.own & (values | (summed & ~self.overlaps))

    def _known_base(self) -> tuple[Ends, Ends, Mask]:
        """Return complement, denominator and completeness for ``"known"``.

        The denominator counts the persons with a known answer for the category.
        """
        least = np.maximum(self.rest_low, self.t_low - self.u_high - self.high)
        most = np.minimum(self.rest_high, np.maximum(self.t_high - self.u_low - self.low, 0))
        most = np.maximum(most, np.minimum(least, self.rest_high))
        people = (
            np.maximum(self.people[0], self.t_low - self.u_high),
            np.minimum(self.people[1], np.maximum(self.t_high - self.u_low, self.people[0])),
        )
        # Answers of each person are documented.
        further = np.nan_to_num(self.further)
        answered = self.t_low - further, self.t_high - further
        people = _pick(self.documented, answered, people)
        overlapping = np.maximum(people[0] - self.high, 0), np.maximum(people[1] - self.low, 0)
        base_low = np.maximum(self.low + self.rest_low, self.t_low - self.u_high)
        base_high = np.maximum(self.t_high - self.u_low, base_low)
        base_high = np.minimum(self.high + self.rest_high, base_high)
        total = self.division.total.reported
        full = (self.known.all(axis=0) & self.closed) | (total & self.u_given)
        full = full | (self.documented & total)
        complement = _pick(self.overlaps, overlapping, (np.minimum(least, most), most))
        return complement, _pick(self.overlaps, people, (base_low, base_high)), self.own & full

    def _responses_base(self) -> tuple[Ends, Ends, Mask]:
        """Return complement, denominator and completeness for ``"responses"``."""
        # Each overlapping category has at most all persons.
        limit = np.where(self.overlaps, np.maximum(self.t_high - self.u_low, 0), np.inf)
        item = np.minimum(self.highs, np.where(self.known, np.inf, limit))
        with np.errstate(invalid="ignore"):
            capped = item.sum(axis=0) - item[self.category]
        capped = np.where(np.isnan(capped), self.rest_high, capped)
        least, most = self._known_base()[0]
        most = np.minimum(most, capped)
        exclusive = np.where(self.closed, np.minimum(least, most), np.minimum(self.rest_low, most))
        complement = _pick(self.overlaps, (self.rest_low, capped), (exclusive, most))
        base = self.low + complement[0], self.high + complement[1]
        return complement, base, self.own & self.known.all(axis=0)

    def _with_unknown(self) -> Ends:
        """Return the largest part and the smallest complement, with unknown."""
        reach = np.where(
            self.documented, self.highs[self.category] + self.further, self.high + self.u_high
        )
        limit = self.t_high - self.rest_low
        if self.some_overlap:
            limit = np.where(self.overlaps, self.t_high, limit)
        part = np.maximum(self.high, np.minimum(reach, limit))
        others = np.maximum(self.t_low - part, np.where(self.keeps, 0, self.rest_low))
        if self.some_overlap:
            others = np.where(self.overlaps, np.maximum(self.fewest - part, 0), others)
        return part, others

    @property
    def is_exact(self) -> Mask:
        """Whether part and complement are single numbers, (c, p)."""
        points = (self.low == self.high) & self.sides[Side.COMPLEMENT].is_point
        return np.asarray(points & ~(self.overlaps | self.discrepant | self.contradictory))

    def _hull(self) -> tuple[Floats, ...]:
        """Return the bounds of contradictory countries, between total and sum of parts.

        They are those of part and complement, the largest part and the smallest complement with
        unknown, the largest complement with unknown, and those of the denominator.
        """
        division, rule = self.division, self.rule
        total, unknown = division.total, division.unknown
        # Parts without an upper bound count with their lower bound.
        unbounded = np.isinf(division.parts.upper)
        high = np.where(unbounded, division.parts.lower, division.parts.upper)
        unknowns = np.where(unknown.reported, unknown.upper, np.inf)
        summed = high.sum(axis=0)
        sum_low = division.parts.lower.sum(axis=0) + unknown.lower
        stated = np.where(np.isinf(unknown.upper), unknown.lower, unknown.upper)
        t_high = np.maximum(total.upper, summed + stated)
        own = high[self.category]
        least = np.broadcast_to(np.minimum(total.lower, sum_low).astype(np.float64), own.shape)
        everyone, zero = np.broadcast_to(t_high, own.shape), np.zeros(own.shape)
        most = np.minimum(own, t_high)
        with np.errstate(invalid="ignore"):
            others = summed - own
        others = np.where(np.isnan(others), np.inf, others)
        complement = np.maximum(np.minimum(others + unknowns, everyone), least)
        joined = np.minimum(own + unknowns, everyone)
        left = np.maximum(least - joined, 0)
        if rule == "all":
            outside = np.maximum(least - most, 0), complement
            return (zero, most, *outside, joined, left, complement, least, everyone)
        inside = others if rule == "responses" else np.minimum(others, everyone)
        inside_low = np.minimum(np.maximum(least - most - unknowns, 0), inside)
        if rule == "responses":
            inside_low, left = zero, zero
        outside_most = np.maximum(complement, inside)
        return (zero, most, inside_low, inside, joined, left, outside_most, zero, most + inside)
