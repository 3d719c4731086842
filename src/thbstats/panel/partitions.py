"""The arithmetic of a total and the categories that divide it, for many countries at once.

For each country and category, the counts give a region of possible pairs (part, rest). A share
grows with the part and falls with the rest, so that its bounds lie in two corners of the region:
the largest part with the smallest rest, and the reverse. The corners of countries add up, since
nothing ties the counts of one country to those of another.
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
    parts: Ranges  # (k, p): the recorded categories; 0 and given where a category is not in use
    unknown: Ranges  # (u, p): the unknown categories; 0 and given where one is not in use
    has_unknown: Mask  # (p,): whether any unknown category is in use
    closed: Mask  # (p,): whether the categories are all that the source records
    suppressed: Mask  # (p,): whether the source suppresses the total or any category
    # Whether one person can have several categories; ``None`` to judge by the counts.
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
        over = (excess > allowed) & (largest <= 0)
        if division.unanswered is not None:
            over |= (division.unanswered >= 0).any(axis=0)
        over &= division.can_overlap
    else:
        over = np.full(len(total), division.overlaps)
    beyond = np.where(over, largest, excess)
    return beyond > allowed, (beyond > 0) & (beyond <= allowed), over, beyond


def unknown_sum(division: Division) -> Ranges:
    """Return the sum of the unknown categories; missing where none is in use."""
    cells = division.unknown
    if not len(cells.lower):
        return Ranges.missing(*division.total.shape)
    return cells.sum(axis=0).where(division.has_unknown, Ranges.missing(*division.total.shape))


def unknown_hull(division: Division) -> Ranges:
    """Return the unknown where one person can be in several cells: the largest to the sum."""
    cells = division.unknown
    if not len(cells.lower):
        return Ranges.missing(*division.total.shape)
    summed = cells.sum(axis=0)
    hull = Ranges(cells.lower.max(axis=0), summed.upper, summed.reported)
    return hull.where(division.has_unknown, Ranges.missing(*division.total.shape))


@frozen(kw_only=True, eq=False)
class Partition:
    """Parts and rests of each country, for c categories."""

    # (c, p): the category, and the rest of the denominator. ``given`` of the rest says whether the
    # country has complete and consistent data for the value.
    part: Ranges
    rest: Ranges
    # (c, p): the same with unknown allocated: the largest part, and the smallest rest.
    joined: Ranges
    apart: Ranges
    whole_rest: Ranges  # (c, p): everybody outside the category, with unknown
    # (c, p): the denominator, and the denominator with unknown.
    base: Ranges
    everyone: Ranges
    unknown: Ranges  # (p,): the victims of unknown category
    gap: tuple[Floats, Floats, Mask]  # (p,): the total minus its parts
    # (p,): countries whose parts exceed their total; whose excess is within the tolerance; whose
    # categories overlap.
    contradictory: Mask
    slips: Mask
    overlaps: Mask
    sharp: Mask  # (c, p): whether both corners are attained by a completion of the country's data


@frozen(kw_only=True, eq=False)
class _Region:
    """What the counts of each country say of each other, and of c categories."""

    total: tuple[Floats, Floats]  # (p,): the bounds of the total
    # (k, p): the upper bounds of all categories, and whether they are known.
    high: Floats
    known: Mask
    # (p,): the bounds of the unknown, and whether they are known.
    unknown: tuple[Floats, Floats, Mask]
    people: tuple[Floats, Floats]  # (p,): the bounds of all persons with a recorded category
    own: Mask  # (c, p): whether the category is known
    # (c, p): the bounds of the category, and of the sum of all other recorded categories.
    part: tuple[Floats, Floats]
    others: tuple[Floats, Floats]
    keeps: Mask  # (c, p): where a suppressed or rounded category keeps the bounds of its source
    over: Mask  # (p,): where categories overlap
    gap: tuple[Floats, Floats]  # (p,): the bounds of the total minus its parts


def _region(division: Division, chosen: Index, slips: Mask, over: Mask, excess: Floats) -> _Region:
    """Return what the counts of each country say of each other."""
    total, parts, closed = division.total, division.parts, division.closed
    unknown = unknown_hull(division).where(over, unknown_sum(division))
    low, high = parts.lower.astype(np.float64), parts.upper
    t_low, t_high = total.lower.astype(np.float64), total.upper
    u_low, u_high = unknown.lower.astype(np.float64), unknown.upper

    # Where all that is given makes the total, whatever is missing is 0.
    points = total.reported & total.is_point & (parts.is_point | ~parts.reported).all(axis=0)
    points &= (unknown.is_point | ~unknown.reported) & ~division.suppressed & ~over
    given = np.where(parts.reported, low, 0).sum(axis=0) + np.where(unknown.reported, u_low, 0)
    full = points & (given == t_low)
    high = np.where(full & ~parts.reported, 0, high)
    u_high = np.where(full & ~unknown.reported, 0, u_high)
    known, u_given = parts.reported | full, unknown.reported | full

    # An excess within the tolerance: the total is too small, or some part too large.
    slip = np.where(slips, excess, 0)
    t_high = t_high + slip
    low, u_low = np.maximum(low - slip, 0), np.maximum(u_low - slip, 0)

    open_parts, finite = np.isinf(high), np.where(np.isinf(high), 0, high)
    count, summed = open_parts.sum(axis=0), finite.sum(axis=0)
    own_low, own_high, own = low[chosen], high[chosen], known[chosen]
    rest_low = low.sum(axis=0) - own_low
    rest_open = (count - open_parts[chosen] > 0) | ~closed
    rest_high = np.where(rest_open, np.inf, summed - finite[chosen])
    least = np.where(over, low.max(axis=0, initial=0), low.sum(axis=0))
    most = np.where((count > 0) | ~closed, np.inf, summed)

    # The unknown: as given, else what the total leaves; a certain gap is unknown too.
    gap = t_low - most - u_high, t_high - least - u_low
    gaps = total.reported & (gap[0] > 0)
    left = np.maximum(t_low - most, 0), np.maximum(t_high - least, 0)
    u_low = np.where(gaps | ~u_given, np.maximum(left[0], np.where(gaps, 0, u_low)), u_low)
    u_high = np.where(gaps, left[1], np.where(u_given, u_high, np.minimum(u_high, left[1])))
    # Persons of several unknown categories are at most what the total leaves.
    several = over & ~division.suppressed & (len(division.unknown.lower) > 1)
    u_high = np.where(several, np.maximum(np.minimum(u_high, left[1]), u_low), u_high)

    # A missing category: what total, unknown and the other categories leave.
    narrow = np.where(over, t_high - u_low, t_high - rest_low - u_low)
    part_low = np.where(own | over, own_low, np.maximum(own_low, t_low - rest_high - u_high))
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
        keeps=own & (own_low < own_high) & total.reported & ~slips,
        over=over,
        gap=gap,
    )


Corners = tuple[Floats, Floats]


def _whole_rest(region: _Region) -> Corners:
    """Return everybody outside the category: the rest of the denominator ``"all"``."""
    (t_low, t_high), (u_low, u_high, _) = region.total, region.unknown
    (low, high), (rest_low, rest_high), over = region.part, region.others, region.over
    least = np.maximum(t_low - high, rest_low + u_low)
    people = np.maximum(np.maximum(t_low, region.people[0] + u_low) - high, u_low)
    least = np.where(over, people, least)
    most = np.minimum(t_high - low, rest_high + u_high)
    loose = region.keeps | (least > most)
    return (
        np.where(loose, np.maximum(t_low - high, 0), least),
        np.where(loose, np.maximum(t_high - low, 0), most),
    )


def _all_base(region: _Region, division: Division) -> tuple[Corners, Mask]:
    """Return the denominator ``"all"``, and where it is complete."""
    (t_low, t_high), (u_low, u_high, known) = region.total, region.unknown
    given, shape = division.total.reported, region.own.shape
    low = np.where(given, t_low, np.maximum(t_low, region.people[0] + u_low))
    high = np.where(given, t_high, np.minimum(t_high, region.people[1] + u_high))
    summed = region.known.all(axis=0) & known & division.has_unknown & division.closed
    complete = region.own & (given | (summed & ~region.over))
    return (np.broadcast_to(low, shape), np.broadcast_to(high, shape)), complete


def _recorded_rest(region: _Region) -> Corners:
    """Return the other recorded persons, of exclusive categories."""
    (t_low, t_high), (u_low, u_high, _) = region.total, region.unknown
    (low, high), (rest_low, rest_high) = region.part, region.others
    least = np.maximum(rest_low, t_low - u_high - high)
    most = np.minimum(rest_high, np.maximum(t_high - u_low - low, 0))
    most = np.maximum(most, np.minimum(least, rest_high))
    return np.minimum(least, most), most


def _recorded_base(region: _Region, division: Division) -> tuple[Corners, Corners, Mask]:
    """Return rest and denominator of ``"known"``, and where they are complete."""
    (t_low, t_high), (u_low, u_high, known) = region.total, region.unknown
    (low, high), (rest_low, rest_high), over = region.part, region.others, region.over
    people = (
        np.maximum(region.people[0], t_low - u_high),
        np.minimum(region.people[1], np.maximum(t_high - u_low, region.people[0])),
    )
    least, most = _recorded_rest(region)
    rest = (
        np.where(over, np.maximum(people[0] - high, 0), least),
        np.where(over, np.maximum(people[1] - low, 0), most),
    )
    base_low = np.maximum(low + rest_low, t_low - u_high)
    base_high = np.minimum(high + rest_high, np.maximum(t_high - u_low, base_low))
    base = np.where(over, people[0], base_low), np.where(over, people[1], base_high)
    everyone = region.known.all(axis=0) & division.closed
    return rest, base, region.own & ((division.total.reported & known) | everyone)


def _mentions_base(
    region: _Region, division: Division, chosen: Index
) -> tuple[Corners, Corners, Mask]:
    """Return rest and denominator of ``"mentions"``, and where they are complete."""
    t_high, u_low, over = region.total[1], region.unknown[0], region.over
    rest_low, rest_high = region.others
    # Of overlapping categories each has at most all persons.
    limit = np.where(over, np.maximum(t_high - u_low, 0), np.inf)
    each = np.minimum(region.high, np.where(region.known, np.inf, limit))
    with np.errstate(invalid="ignore"):
        capped = np.where(division.closed, each.sum(axis=0), np.inf) - each[chosen]
    capped = np.where(np.isnan(capped), rest_high, capped)
    least, most = _recorded_rest(region)
    rest = np.where(over, rest_low, least), np.where(over, capped, most)
    base = region.part[0] + rest[0], region.part[1] + rest[1]
    return rest, base, region.own & region.known.all(axis=0) & division.closed


def _with_unknown(
    region: _Region, division: Division, chosen: Index, joins: Mask
) -> tuple[Floats, Floats]:
    """Return the largest part with unknown allocated to it, and the smallest rest."""
    (t_low, t_high), (u_low, u_high, _), over = region.total, region.unknown, region.over
    high, rest_low = region.part[1], region.others[0]
    joining, staying = _joining(division, joins, over, u_low, u_high)
    reach = high + joining
    if division.unanswered is not None:
        # A person of unknown category can have this one, so that the count itself is the start.
        further = division.unanswered[chosen]
        reach = np.where(over & ~np.isnan(further), region.high[chosen] + further, reach)
    limit = np.where(over, t_high, t_high - rest_low - staying)
    joined = np.maximum(high, np.minimum(reach, limit))
    floor = np.where(region.keeps, 0, rest_low + staying)
    apart = np.maximum(t_low - joined, floor)
    people = np.maximum(np.maximum(t_low, region.people[0] + u_low) - joined, 0)
    return joined, np.where(over, people, apart)


def partition(division: Division, rule: str, chosen: Index, joins: Mask) -> Partition:
    """Return the parts and rests of some categories."""
    wrong, slips, over, excess = excess_of(division)
    region = _region(division, chosen, slips, over, excess)
    low, high = region.part
    outside = _whole_rest(region)
    joined, apart = _with_unknown(region, division, chosen, joins)
    everyone, complete = _all_base(region, division)
    if rule == "all":
        rest, base = outside, everyone
    elif rule == "known":
        rest, base, complete = _recorded_base(region, division)
    else:
        rest, base, complete = _mentions_base(region, division, chosen)
        u_high, several = region.unknown[1], len(division.parts.lower) - 1
        unknowns = u_high * several if several else 0
        most = np.where(over, rest[1] + unknowns, np.maximum(outside[1], rest[1]))
        if division.unanswered is not None:
            further = np.where(np.isnan(division.unanswered), u_high, division.unanswered)
            reach = np.minimum(region.high + further, region.total[1])
            most = np.where(over, np.maximum(most, reach.sum(axis=0) - reach[chosen]), most)
        outside = outside[0], most
        joined = np.where(over, np.maximum(joined, high + u_high), joined)
        apart = np.where(over, rest[0], np.minimum(apart, rest[0]))
    if wrong.any():
        hull = _hull(division, chosen, rule)
        low, high = np.where(wrong, hull[0], low), np.where(wrong, hull[1], high)
        rest = np.where(wrong, hull[2], rest[0]), np.where(wrong, hull[3], rest[1])
        joined, apart = np.where(wrong, hull[4], joined), np.where(wrong, hull[5], apart)
        outside = np.where(wrong, apart, outside[0]), np.where(wrong, hull[6], outside[1])
        base = np.where(wrong, hull[7], base[0]), np.where(wrong, hull[8], base[1])
    own, complete = region.own & ~wrong, complete & ~wrong
    every = division.total.reported & region.known.all(axis=0) & division.closed
    u_low, u_high, u_given = region.unknown
    shown_base = Ranges(*base, complete)
    return Partition(
        part=Ranges(low, high, own),
        rest=Ranges(*rest, complete),
        joined=Ranges(low, joined, own),
        apart=Ranges(apart, outside[1], complete),
        whole_rest=Ranges(np.minimum(outside[0], outside[1]), outside[1], own),
        base=shown_base,
        everyone=shown_base
        if rule == "all"
        else Ranges(np.where(wrong, 0, everyone[0]), everyone[1], own),
        unknown=Ranges(np.where(wrong, 0, u_low), u_high, u_given),
        gap=(*region.gap, every & ~over & ~wrong),
        contradictory=wrong,
        slips=slips,
        overlaps=over,
        sharp=_sharp(division, region, rule) & ~(over | wrong | slips),
    )


def _joining(
    division: Division, joins: Mask, over: Mask, u_low: Floats, u_high: Floats
) -> tuple[Floats, Floats]:
    """Return the unknown that can belong to each category, and those that certainly do not."""
    shape = (len(joins), *u_low.shape)
    everyone: Mask = np.asarray(joins.all(axis=1))
    joining, staying = np.broadcast_to(u_high, shape), np.zeros(shape)
    if everyone.all():
        return joining, staying
    low, high = division.unknown.lower.astype(np.float64), division.unknown.upper
    fits = joins[:, :, np.newaxis]
    in_low = np.where(fits, low, 0).sum(axis=1)
    in_high = np.where(fits, high, 0).sum(axis=1)
    out_low = np.where(fits, 0, low).sum(axis=1)
    staying = np.where(everyone[:, np.newaxis] | over, 0, np.minimum(out_low, u_high))
    limited = np.minimum(in_high, np.maximum(u_high - staying, in_low))
    return np.where(everyone[:, np.newaxis] | over, u_high, limited), staying


def _sharp(division: Division, region: _Region, rule: str) -> Mask:
    """Return where both corners of a country are certainly attained."""
    total, parts, own = division.total, division.parts, region.own
    free = (total.lower == 0) & np.isinf(total.upper)
    exact = (parts.is_point | ~parts.reported).all(axis=0) & ~division.suppressed
    exact &= total.is_point | ~total.reported
    silent = free & ~parts.reported.any(axis=0)
    point = (region.part[0] == region.part[1]) & own
    sharp: Mask = point | (own & free) | (~own & exact) | silent
    found: Mask = sharp & (division.closed | (rule == "all") | silent)
    return found


def _hull(division: Division, chosen: Index, rule: str) -> tuple[Floats, ...]:
    """Return the corners of contradictory countries: all that total and sum of parts allow."""
    total, high, unknown = division.total, division.parts.upper, unknown_sum(division)
    u_high = np.where(unknown.reported, unknown.upper, 0)
    unknowns = np.where(unknown.reported, unknown.upper, np.inf)
    sum_low = division.parts.lower.sum(axis=0) + unknown.lower
    t_low = np.minimum(total.lower, sum_low).astype(np.float64)
    t_high = np.maximum(total.upper, high.sum(axis=0) + u_high)
    own = high[chosen]
    zero, most = np.zeros(own.shape), np.minimum(own, t_high)
    everyone, least = np.broadcast_to(t_high, own.shape), np.broadcast_to(t_low, own.shape)
    with np.errstate(invalid="ignore"):
        others = high.sum(axis=0) - own
    others = np.where(np.isnan(others), np.inf, others)
    rest = np.maximum(np.minimum(others + unknowns, everyone), least)
    joined = np.minimum(own + unknowns, everyone)
    rest_low = np.maximum(least - most, 0)
    apart = np.maximum(least - joined, 0)
    if rule == "all":
        return zero, most, rest_low, rest, joined, apart, rest, least, everyone
    inside = others if rule == "mentions" else np.minimum(others, everyone)
    inside_low = np.minimum(np.maximum(least - most - unknowns, 0), inside)
    if rule == "mentions":
        inside_low, apart = zero, zero
    outside = np.maximum(rest, inside)
    return zero, most, inside_low, inside, joined, apart, outside, zero, most + inside
