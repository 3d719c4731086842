"""Bounds of the categories of a total, by country.

For each country and category, the counts restrict the pairs (part, complement) to a region. A
share grows with the part and falls with the complement, so that its bounds are in two corners of
the region: the largest part with the smallest complement, and the reverse. Corners of countries
are added, because the counts of different countries are independent.
"""

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from thbstats.columns import Ranges

__all__ = ["SLIP_COUNT", "SLIP_SHARE", "Division", "Partition", "excess_of", "partition"]

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
Index = NDArray[np.intp]


SLIP_SHARE, SLIP_COUNT = 0.005, 10
"""An excess of the parts up to this share and this number of persons is a discrepancy."""


@frozen(kw_only=True, eq=False)
class Division:
    """A total and the categories that divide it, for p countries."""

    total: Ranges  # (p,): the total
    parts: Ranges  # (k, p): the known categories; 0 and reported where a category is not in use
    unknown: Ranges  # (u, p): the unknown categories; 0 and reported where one is not in use
    has_unknown: Mask  # (p,): whether any unknown category is in use
    closed: Mask  # (p,): whether no category of the source is left out
    suppressed: Mask  # (p,): whether the source suppresses the total or any category
    # Whether one person can have several categories; `None` to infer it from the counts.
    overlaps: bool | None
    can_overlap: bool  # Whether the dimension allows it at all
    # (k, p): for tables of cases, the further persons to whom a category may apply; ``nan`` where
    # that is not documented. It documents that the categories overlap.
    unanswered: Floats | None = None


def excess_of(division: Division) -> tuple[Mask, Mask, Mask, Floats]:
    """Return where parts exceed their total."""
    total, unknown = division.total.upper, unknown_sum(division).lower
    low = division.parts.lower.astype(np.float64)
    excess = low.sum(axis=0) + unknown - total
    # One person can be in several unknown cells too.
    largest = low.max(axis=0, initial=0) + unknown_hull(division).lower - total
    allowed = np.minimum(np.floor(SLIP_SHARE * np.where(np.isinf(total), 0, total)), SLIP_COUNT)
    if division.overlaps is None:
        overlapping = (excess > allowed) & (largest <= 0)
        if division.unanswered is not None:
            overlapping |= (division.unanswered >= 0).any(axis=0)
        overlapping &= division.can_overlap
    else:
        overlapping = np.full(len(total), division.overlaps)
    beyond = np.where(overlapping, largest, excess)
    return beyond > allowed, (beyond > 0) & (beyond <= allowed), overlapping, beyond


def unknown_sum(division: Division) -> Ranges:
    """Return the sum of the unknown categories; missing where none is in use."""
    cells = division.unknown
    if not len(cells.lower):
        return Ranges.missing(*division.total.shape)
    return cells.sum(axis=0).where(division.has_unknown, Ranges.missing(*division.total.shape))


def unknown_hull(division: Division) -> Ranges:
    """Return unknown persons of several cells: from the largest cell to the sum."""
    cells = division.unknown
    if not len(cells.lower):
        return Ranges.missing(*division.total.shape)
    summed = cells.sum(axis=0)
    hull = Ranges(cells.lower.max(axis=0), summed.upper, summed.reported)
    return hull.where(division.has_unknown, Ranges.missing(*division.total.shape))


@frozen(kw_only=True, eq=False)
class Partition:
    """Parts and complements of each country, for c categories."""

    # (c, p): the category, and the other counts in the denominator. `reported` of the complement:
    # the country has complete and consistent data for the value.
    part: Ranges
    complement: Ranges
    # (c, p): the same with unknown allocated: the largest part, and the smallest complement.
    part_with_unknown: Ranges
    complement_with_unknown: Ranges
    full_complement: Ranges  # (c, p): all persons outside the category, with unknown
    # (c, p): the denominator, and the denominator with unknown.
    base: Ranges
    full_base: Ranges
    unknown: Ranges  # (p,): the victims of unknown category
    discrepancy: tuple[Floats, Floats, Mask]  # (p,): the total minus its parts
    # (p,): countries whose parts exceed their total; whose excess is within the tolerance; whose
    # categories overlap.
    contradictory: Mask
    discrepant: Mask
    overlaps: Mask
    sharp: Mask  # (c, p): whether both corners are attained by a completion of the country's data


@frozen(kw_only=True, eq=False)
class _Region:
    """Bounds of each count of a country, given all its other counts."""

    total: tuple[Floats, Floats]  # (p,): the bounds of the total
    # (k, p): the upper bounds of all categories, and whether they are known.
    high: Floats
    known: Mask
    # (p,): the bounds of the unknown category, and whether it is reported.
    unknown: tuple[Floats, Floats, Mask]
    people: tuple[Floats, Floats]  # (p,): the bounds of all persons of known category
    own: Mask  # (c, p): whether the category is known
    # (c, p): the bounds of the category, and of the sum of all other known categories.
    part: tuple[Floats, Floats]
    others: tuple[Floats, Floats]
    keeps: Mask  # (c, p): where a suppressed or rounded category keeps the bounds of its source
    overlapping: Mask  # (p,): where categories overlap
    discrepancy: tuple[Floats, Floats]  # (p,): the bounds of the total minus its parts


def _region(
    division: Division, category: Index, discrepant: Mask, overlapping: Mask, excess: Floats
) -> _Region:
    """Return the bounds of each count, given all other counts of the country."""
    total, parts, closed = division.total, division.parts, division.closed
    unknown = unknown_hull(division).where(overlapping, unknown_sum(division))
    low, high = parts.lower.astype(np.float64), parts.upper
    t_low, t_high = total.lower.astype(np.float64), total.upper
    u_low, u_high = unknown.lower.astype(np.float64), unknown.upper

    # If the reported counts sum to the total, missing counts are 0.
    points = total.reported & total.is_point & (parts.is_point | ~parts.reported).all(axis=0)
    points &= (unknown.is_point | ~unknown.reported) & ~division.suppressed & ~overlapping
    given = np.where(parts.reported, low, 0).sum(axis=0) + np.where(unknown.reported, u_low, 0)
    full = points & (given == t_low)
    high = np.where(full & ~parts.reported, 0, high)
    u_high = np.where(full & ~unknown.reported, 0, u_high)
    known, u_given = parts.reported | full, unknown.reported | full

    # An excess within the tolerance: the total is too small, or a part too large.
    slip = np.where(discrepant, excess, 0)
    t_high = t_high + slip
    low, u_low = np.maximum(low - slip, 0), np.maximum(u_low - slip, 0)

    open_parts, finite = np.isinf(high), np.where(np.isinf(high), 0, high)
    count, summed = open_parts.sum(axis=0), finite.sum(axis=0)
    own_low, own_high, own = low[category], high[category], known[category]
    rest_low = low.sum(axis=0) - own_low
    rest_open = (count - open_parts[category] > 0) | ~closed
    rest_high = np.where(rest_open, np.inf, summed - finite[category])
    least = np.where(overlapping, low.max(axis=0, initial=0), low.sum(axis=0))
    most = np.where((count > 0) | ~closed, np.inf, summed)

    # Unknown: as reported, else the total minus its parts; a certain discrepancy is unknown too.
    discrepancy = t_low - most - u_high, t_high - least - u_low
    gaps = total.reported & (discrepancy[0] > 0)
    left = np.maximum(t_low - most, 0), np.maximum(t_high - least, 0)
    u_low = np.where(gaps | ~u_given, np.maximum(left[0], np.where(gaps, 0, u_low)), u_low)
    u_high = np.where(gaps, left[1], np.where(u_given, u_high, np.minimum(u_high, left[1])))
    # Persons of several unknown categories are at most the total minus its parts.
    several = overlapping & ~division.suppressed & (len(division.unknown.lower) > 1)
    u_high = np.where(several, np.maximum(np.minimum(u_high, left[1]), u_low), u_high)

    # A missing category: the total minus unknown and the other categories.
    narrow = np.where(overlapping, t_high - u_low, t_high - rest_low - u_low)
    part_low = np.where(own | overlapping, own_low, np.maximum(own_low, t_low - rest_high - u_high))
    part_high = np.where(own, own_high, np.minimum(own_high, narrow))
    return _Region(
        total=(t_low, t_high),
        high=high,
        known=known,
        unknown=(u_low, u_high, u_given | gaps),
        people=(least, most),
        own=own,
        part=(part_low, np.maximum(part_high, part_low)),
        others=(rest_low, rest_high),
        keeps=own & (own_low < own_high) & total.reported & ~discrepant,
        overlapping=overlapping,
        discrepancy=discrepancy,
    )


Corners = tuple[Floats, Floats]


def _full_complement(region: _Region) -> Corners:
    """Return the complement for ``"all"``: all persons outside the category."""
    (t_low, t_high), (u_low, u_high, _) = region.total, region.unknown
    (low, high), (rest_low, rest_high), overlapping = region.part, region.others, region.overlapping
    least = np.maximum(t_low - high, rest_low + u_low)
    people = np.maximum(np.maximum(t_low, region.people[0] + u_low) - high, u_low)
    least = np.where(overlapping, people, least)
    most = np.minimum(t_high - low, rest_high + u_high)
    loose = region.keeps | (least > most)
    return (
        np.where(loose, np.maximum(t_low - high, 0), least),
        np.where(loose, np.maximum(t_high - low, 0), most),
    )


def _all_base(region: _Region, division: Division) -> tuple[Corners, Mask]:
    """Return the denominator ``"all"`` and its completeness."""
    (t_low, t_high), (u_low, u_high, known) = region.total, region.unknown
    given, shape = division.total.reported, region.own.shape
    low = np.where(given, t_low, np.maximum(t_low, region.people[0] + u_low))
    high = np.where(given, t_high, np.minimum(t_high, region.people[1] + u_high))
    summed = region.known.all(axis=0) & known & division.has_unknown & division.closed
    complete = region.own & (given | (summed & ~region.overlapping))
    return (np.broadcast_to(low, shape), np.broadcast_to(high, shape)), complete


def _recorded_complement(region: _Region) -> Corners:
    """Return the other persons of known category, for exclusive categories."""
    (t_low, t_high), (u_low, u_high, _) = region.total, region.unknown
    (low, high), (rest_low, rest_high) = region.part, region.others
    least = np.maximum(rest_low, t_low - u_high - high)
    most = np.minimum(rest_high, np.maximum(t_high - u_low - low, 0))
    most = np.maximum(most, np.minimum(least, rest_high))
    return np.minimum(least, most), most


def _recorded_base(region: _Region, division: Division) -> tuple[Corners, Corners, Mask]:
    """Return complement, denominator and completeness for ``"known"``."""
    (t_low, t_high), (u_low, u_high, known) = region.total, region.unknown
    (low, high), (rest_low, rest_high), overlapping = region.part, region.others, region.overlapping
    people = (
        np.maximum(region.people[0], t_low - u_high),
        np.minimum(region.people[1], np.maximum(t_high - u_low, region.people[0])),
    )
    least, most = _recorded_complement(region)
    complement = (
        np.where(overlapping, np.maximum(people[0] - high, 0), least),
        np.where(overlapping, np.maximum(people[1] - low, 0), most),
    )
    base_low = np.maximum(low + rest_low, t_low - u_high)
    base_high = np.minimum(high + rest_high, np.maximum(t_high - u_low, base_low))
    base = np.where(overlapping, people[0], base_low), np.where(overlapping, people[1], base_high)
    full_base = region.known.all(axis=0) & division.closed
    return complement, base, region.own & ((division.total.reported & known) | full_base)


def _mentions_base(
    region: _Region, division: Division, category: Index
) -> tuple[Corners, Corners, Mask]:
    """Return complement, denominator and completeness for ``"mentions"``."""
    t_high, u_low, overlapping = region.total[1], region.unknown[0], region.overlapping
    rest_low, rest_high = region.others
    # Each overlapping category has at most all persons.
    limit = np.where(overlapping, np.maximum(t_high - u_low, 0), np.inf)
    each = np.minimum(region.high, np.where(region.known, np.inf, limit))
    with np.errstate(invalid="ignore"):
        capped = np.where(division.closed, each.sum(axis=0), np.inf) - each[category]
    capped = np.where(np.isnan(capped), rest_high, capped)
    least, most = _recorded_complement(region)
    complement = np.where(overlapping, rest_low, least), np.where(overlapping, capped, most)
    base = region.part[0] + complement[0], region.part[1] + complement[1]
    return complement, base, region.own & region.known.all(axis=0) & division.closed


def _with_unknown(
    region: _Region, division: Division, category: Index, joins: Mask
) -> tuple[Floats, Floats]:
    """Return the largest part and the smallest complement, with unknown."""
    (t_low, t_high), (u_low, u_high, _), overlapping = (
        region.total,
        region.unknown,
        region.overlapping,
    )
    high, rest_low = region.part[1], region.others[0]
    joining, staying = _joining(division, joins, overlapping, u_low, u_high)
    reach = high + joining
    if division.unanswered is not None:
        # A person of unknown category can have this one: start from the count itself.
        further = division.unanswered[category]
        reach = np.where(overlapping & ~np.isnan(further), region.high[category] + further, reach)
    limit = np.where(overlapping, t_high, t_high - rest_low - staying)
    part_with_unknown = np.maximum(high, np.minimum(reach, limit))
    floor = np.where(region.keeps, 0, rest_low + staying)
    complement_with_unknown = np.maximum(t_low - part_with_unknown, floor)
    people = np.maximum(np.maximum(t_low, region.people[0] + u_low) - part_with_unknown, 0)
    return part_with_unknown, np.where(overlapping, people, complement_with_unknown)


def partition(division: Division, rule: str, category: Index, joins: Mask) -> Partition:
    """Return the bounds of part and complement of some categories."""
    wrong, discrepant, overlapping, excess = excess_of(division)
    region = _region(division, category, discrepant, overlapping, excess)
    low, high = region.part
    outside = _full_complement(region)
    part_with_unknown, complement_with_unknown = _with_unknown(region, division, category, joins)
    full_base, complete = _all_base(region, division)
    if rule == "all":
        complement, base = outside, full_base
    elif rule == "known":
        complement, base, complete = _recorded_base(region, division)
    else:
        complement, base, complete = _mentions_base(region, division, category)
        u_high, several = region.unknown[1], len(division.parts.lower) - 1
        unknowns = u_high * several if several else 0
        most = np.where(
            overlapping, complement[1] + unknowns, np.maximum(outside[1], complement[1])
        )
        if division.unanswered is not None:
            further = np.where(np.isnan(division.unanswered), u_high, division.unanswered)
            reach = np.minimum(region.high + further, region.total[1])
            most = np.where(
                overlapping, np.maximum(most, reach.sum(axis=0) - reach[category]), most
            )
        outside = outside[0], most
        part_with_unknown = np.where(
            overlapping, np.maximum(part_with_unknown, high + u_high), part_with_unknown
        )
        complement_with_unknown = np.where(
            overlapping, complement[0], np.minimum(complement_with_unknown, complement[0])
        )
    if wrong.any():
        hull = _hull(division, category, rule)
        low, high = np.where(wrong, hull[0], low), np.where(wrong, hull[1], high)
        complement = (
            np.where(wrong, hull[2], complement[0]),
            np.where(wrong, hull[3], complement[1]),
        )
        part_with_unknown, complement_with_unknown = (
            np.where(wrong, hull[4], part_with_unknown),
            np.where(wrong, hull[5], complement_with_unknown),
        )
        outside = (
            np.where(wrong, complement_with_unknown, outside[0]),
            np.where(wrong, hull[6], outside[1]),
        )
        base = np.where(wrong, hull[7], base[0]), np.where(wrong, hull[8], base[1])
    own, complete = region.own & ~wrong, complete & ~wrong
    every = division.total.reported & region.known.all(axis=0) & division.closed
    u_low, u_high, u_given = region.unknown
    shown_base = Ranges(*base, complete)
    return Partition(
        part=Ranges(low, high, own),
        complement=Ranges(*complement, complete),
        part_with_unknown=Ranges(low, part_with_unknown, own),
        complement_with_unknown=Ranges(complement_with_unknown, outside[1], complete),
        full_complement=Ranges(np.minimum(outside[0], outside[1]), outside[1], own),
        base=shown_base,
        full_base=shown_base
        if rule == "all"
        else Ranges(np.where(wrong, 0, full_base[0]), full_base[1], own),
        unknown=Ranges(np.where(wrong, 0, u_low), u_high, u_given),
        discrepancy=(*region.discrepancy, every & ~overlapping & ~wrong),
        contradictory=wrong,
        discrepant=discrepant,
        overlaps=overlapping,
        sharp=_sharp(division, region, rule) & ~(overlapping | wrong | discrepant),
    )


def _joining(
    division: Division, joins: Mask, overlapping: Mask, u_low: Floats, u_high: Floats
) -> tuple[Floats, Floats]:
    """Return the unknown persons inside and outside each category."""
    shape = (len(joins), *u_low.shape)
    full_base: Mask = np.asarray(joins.all(axis=1))
    joining, staying = np.broadcast_to(u_high, shape), np.zeros(shape)
    if full_base.all():
        return joining, staying
    low, high = division.unknown.lower.astype(np.float64), division.unknown.upper
    fits = joins[:, :, np.newaxis]
    in_low = np.where(fits, low, 0).sum(axis=1)
    in_high = np.where(fits, high, 0).sum(axis=1)
    out_low = np.where(fits, 0, low).sum(axis=1)
    staying = np.where(full_base[:, np.newaxis] | overlapping, 0, np.minimum(out_low, u_high))
    limited = np.minimum(in_high, np.maximum(u_high - staying, in_low))
    return np.where(full_base[:, np.newaxis] | overlapping, u_high, limited), staying


def _sharp(division: Division, region: _Region, rule: str) -> Mask:
    """Return the countries whose corners are attained by a completion of the data."""
    total, parts, own = division.total, division.parts, region.own
    free = (total.lower == 0) & np.isinf(total.upper)
    exact = (parts.is_point | ~parts.reported).all(axis=0) & ~division.suppressed
    exact &= total.is_point | ~total.reported
    unreported = free & ~parts.reported.any(axis=0)
    point = (region.part[0] == region.part[1]) & own
    sharp: Mask = point | (own & free) | (~own & exact) | unreported
    result: Mask = sharp & (division.closed | (rule == "all") | unreported)
    return result


def _hull(division: Division, category: Index, rule: str) -> tuple[Floats, ...]:
    """Return the corners of contradictory countries, between total and sum of parts."""
    total, high, unknown = division.total, division.parts.upper, unknown_sum(division)
    u_high = np.where(unknown.reported, unknown.upper, 0)
    unknowns = np.where(unknown.reported, unknown.upper, np.inf)
    sum_low = division.parts.lower.sum(axis=0) + unknown.lower
    t_low = np.minimum(total.lower, sum_low).astype(np.float64)
    t_high = np.maximum(total.upper, high.sum(axis=0) + u_high)
    own = high[category]
    zero, most = np.zeros(own.shape), np.minimum(own, t_high)
    full_base, least = np.broadcast_to(t_high, own.shape), np.broadcast_to(t_low, own.shape)
    with np.errstate(invalid="ignore"):
        others = high.sum(axis=0) - own
    others = np.where(np.isnan(others), np.inf, others)
    complement = np.maximum(np.minimum(others + unknowns, full_base), least)
    part_with_unknown = np.minimum(own + unknowns, full_base)
    rest_low = np.maximum(least - most, 0)
    complement_with_unknown = np.maximum(least - part_with_unknown, 0)
    if rule == "all":
        return (
            zero,
            most,
            rest_low,
            complement,
            part_with_unknown,
            complement_with_unknown,
            complement,
            least,
            full_base,
        )
    inside = others if rule == "mentions" else np.minimum(others, full_base)
    inside_low = np.minimum(np.maximum(least - most - unknowns, 0), inside)
    if rule == "mentions":
        inside_low, complement_with_unknown = zero, zero
    outside = np.maximum(complement, inside)
    return (
        zero,
        most,
        inside_low,
        inside,
        part_with_unknown,
        complement_with_unknown,
        outside,
        zero,
        most + inside,
    )
