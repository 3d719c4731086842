"""The arithmetic of a total and the categories that divide it, for many countries at once.

For each country and category, the counts give a region of possible pairs (part, rest). A share
grows with the part and falls with the rest, so that its bounds lie in two corners of the region:
the largest part with the smallest rest, and the reverse. The corners of countries add up, since
nothing ties the counts of one country to those of another.
"""

from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from thbstats.columns import Ranges

__all__ = ["SLIP_COUNT", "SLIP_SHARE", "Division", "Partition", "excess_of", "partition"]

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

SLIP_SHARE, SLIP_COUNT = 0.005, 10
"""An excess of the parts up to this share and this number of persons is a discrepancy."""


@frozen(kw_only=True, eq=False)
class Division:
    """A total and the categories that divide it, for p countries.

    Parameters
    ----------
    total : Ranges, shape (p,)
        The total.
    parts : Ranges, shape (k, p)
        The recorded categories; 0 and given where a category is not in use.
    unknown : Ranges, shape (u, p)
        The unknown categories; 0 and given where one is not in use.
    has_unknown : array of bool, shape (p,)
        Whether any unknown category is in use.
    closed : array of bool, shape (p,)
        Whether the categories are all that the source records.
    suppressed : array of bool, shape (p,)
        Whether the source suppresses the total or any category.
    overlaps : bool or None
        Whether one person can have several categories; ``None`` to judge by the counts.
    can_overlap : bool
        Whether the dimension allows it at all.
    unanswered : array of float, shape (k, p), optional
        For tables of cases, the further persons to whom a category may apply; ``nan`` where that
        is not documented. It documents that the categories overlap.
    """

    total: Ranges
    parts: Ranges
    unknown: Ranges
    has_unknown: Mask
    closed: Mask
    suppressed: Mask
    overlaps: bool | None
    can_overlap: bool
    unanswered: Floats | None = None


@frozen(kw_only=True, eq=False)
class Partition:
    """Parts and rests of each country, for c categories.

    Parameters
    ----------
    part, rest : Ranges, shape (c, p)
        The category, and the rest of the denominator. ``given`` of the rest says whether the
        country has complete and consistent data for the value.
    joined, apart : Ranges, shape (c, p)
        The same with unknown allocated: the largest part, and the smallest rest.
    whole_rest : Ranges, shape (c, p)
        Everybody outside the category, with unknown.
    base : Ranges, shape (c, p)
        The denominator.
    unknown : Ranges, shape (p,)
        The victims of unknown category.
    gap : Ranges of float, as two arrays of shape (p,)
        The total minus its parts.
    contradictory, slips, overlaps : array of bool, shape (p,)
        Countries whose parts exceed their total; whose excess is within the tolerance; whose
        categories overlap.
    sharp : array of bool, shape (c, p)
        Whether both corners are attained by a completion of the country's data.
    """

    part: Ranges
    rest: Ranges
    joined: Ranges
    apart: Ranges
    whole_rest: Ranges
    base: Ranges
    unknown: Ranges
    gap: tuple[Floats, Floats, Mask]
    contradictory: Mask
    slips: Mask
    overlaps: Mask
    sharp: Mask


def partition(
    division: Division, rule: str, chosen: NDArray[np.intp], joins: NDArray[np.bool_]
) -> Partition:
    """Return the parts and rests of some categories.

    Parameters
    ----------
    division : Division
        The counts.
    rule : str
        The denominator: ``"all"``, ``"recorded"`` or ``"mentions"``.
    chosen : array of int, shape (c,)
        The categories.
    joins : array of bool, shape (c, u)
        Which unknown categories can belong to each of them.
    """
    total, parts, closed = division.total, division.parts, division.closed
    wrong, slips, over, beyond = excess_of(division)
    unknown = _largest_unknown(division).where(over, _unknown(division))
    low, high = parts.lower.astype(np.float64), parts.upper
    t_low, t_high = total.lower.astype(np.float64), total.upper

    # Where all that is given makes the total, whatever is missing is 0.
    points = total.given & total.is_point & (parts.is_point | ~parts.given).all(axis=0)
    points &= (unknown.is_point | ~unknown.given) & ~division.suppressed & ~over
    given = np.where(parts.given, low, 0).sum(axis=0) + np.where(unknown.given, unknown.lower, 0)
    full = points & (given == t_low)
    high = np.where(full & ~parts.given, 0, high)
    known = parts.given | full
    u_low, u_high = (
        unknown.lower.astype(np.float64),
        np.where(full & ~unknown.given, 0, unknown.upper),
    )
    u_given = unknown.given | full

    # An excess within the tolerance: the total is too small, or some part too large.
    slip = np.where(slips, beyond, 0)
    t_high = t_high + slip
    low, u_low = np.maximum(low - slip, 0), np.maximum(u_low - slip, 0)

    sum_low, open_parts = low.sum(axis=0), np.isinf(high).sum(axis=0)
    finite = np.where(np.isinf(high), 0, high)
    sum_finite = finite.sum(axis=0)
    sum_high = np.where((open_parts > 0) | ~closed, np.inf, sum_finite)
    own_low, own_high, own = low[chosen], high[chosen], known[chosen]
    rest_low = sum_low - own_low
    rest_open = (open_parts - np.isinf(own_high) > 0) | ~closed
    rest_high = np.where(rest_open, np.inf, sum_finite - finite[chosen])
    people_low = low.max(axis=0, initial=0)
    least, most = np.where(over, people_low, sum_low), sum_high

    # The unknown: as given, else what the total leaves; a certain gap is unknown too.
    gap_low, gap_high = t_low - most - u_high, t_high - least - u_low
    gaps = total.given & (gap_low > 0)
    left_low, left_high = np.maximum(t_low - most, 0), np.maximum(t_high - least, 0)
    narrow = gaps | ~u_given
    u_low = np.where(narrow, np.maximum(left_low, np.where(gaps, 0, u_low)), u_low)
    u_high = np.where(gaps, left_high, np.where(u_given, u_high, np.minimum(u_high, left_high)))

    # A missing category: what total, unknown and the other categories leave.
    missing = ~own
    exclusive_low = np.maximum(own_low, t_low - rest_high - u_high)
    exclusive_high = np.minimum(own_high, t_high - rest_low - u_low)
    part_low = np.where(missing & ~over, exclusive_low, own_low)
    part_high = np.where(
        missing, np.where(over, np.minimum(own_high, t_high - u_low), exclusive_high), own_high
    )
    part_high = np.maximum(part_high, part_low)
    # A suppressed or rounded category keeps the bounds of its source.
    keeps = own & (own_low < own_high) & total.given & ~slips

    all_low = np.maximum(t_low - part_high, np.where(over, u_low, rest_low + u_low))
    all_high = np.minimum(t_high - part_low, rest_high + u_high)
    all_low = np.where(
        over, np.maximum(np.maximum(t_low, people_low + u_low) - part_high, u_low), all_low
    )
    loose = keeps | (all_low > all_high)
    all_low = np.where(loose, np.maximum(t_low - part_high, 0), all_low)
    all_high = np.where(loose, np.maximum(t_high - part_low, 0), all_high)

    if rule == "all":
        rest_of = (all_low, all_high)
        whole_low = np.where(total.given, t_low, np.maximum(t_low, least + u_low))
        whole_high = np.where(total.given, t_high, np.minimum(t_high, most + u_high))
        base = (np.broadcast_to(whole_low, own.shape), np.broadcast_to(whole_high, own.shape))
        summed = known.all(axis=0) & u_given & division.has_unknown & closed & ~over
        complete = own & (total.given | summed)
    elif rule == "recorded":
        people = (
            np.maximum(people_low, t_low - u_high),
            np.minimum(most, np.maximum(t_high - u_low, people_low)),
        )
        apart_low = np.maximum(rest_low, t_low - u_high - part_high)
        apart_high = np.minimum(rest_high, np.maximum(t_high - u_low - part_low, 0))
        apart_high = np.maximum(apart_high, np.minimum(apart_low, rest_high))
        rest_of = (
            np.where(over, np.maximum(people[0] - part_high, 0), np.minimum(apart_low, apart_high)),
            np.where(over, np.maximum(people[1] - part_low, 0), apart_high),
        )
        base_low = np.maximum(part_low + rest_low, t_low - u_high)
        base_high = np.minimum(part_high + rest_high, np.maximum(t_high - u_low, base_low))
        base = (np.where(over, people[0], base_low), np.where(over, people[1], base_high))
        everyone = known.all(axis=0) & closed
        complete = own & ((total.given & u_given) | everyone)
    else:
        limit = np.where(over, np.maximum(t_high - u_low, 0), np.inf)
        each_high = np.minimum(high, np.where(known, np.inf, limit))
        sum_capped = np.where(closed, each_high.sum(axis=0), np.inf)
        with np.errstate(invalid="ignore"):
            capped = sum_capped - each_high[chosen]
        capped = np.where(np.isnan(capped), rest_high, capped)
        exact = np.minimum(rest_high, np.maximum(t_high - u_low - part_low, 0))
        least_rest = np.minimum(np.maximum(rest_low, t_low - u_high - part_high), rest_high)
        exact = np.maximum(exact, np.maximum(rest_low, least_rest))
        rest_of = (np.where(over, rest_low, least_rest), np.where(over, capped, exact))
        base = (part_low + rest_of[0], part_high + rest_of[1])
        complete = own & known.all(axis=0) & closed

    joining, staying = _joining(division, joins, over, u_low, u_high)
    limit = np.where(over, t_high, t_high - rest_low - staying)
    reach = part_high + joining
    if division.unanswered is not None:
        # A person of unknown category can have this one, so that the count itself is the start.
        further = division.unanswered[chosen]
        reach = np.where(over & ~np.isnan(further), own_high + further, reach)
    joined = np.maximum(part_high, np.minimum(reach, limit))
    floor = np.where(over, 0, rest_low + staying)
    apart = np.where(keeps, np.maximum(t_low - joined, 0), np.maximum(t_low - joined, floor))
    over_floor = np.maximum(np.maximum(t_low, people_low + u_low) - joined, 0)
    apart = np.where(over, over_floor, apart)
    if rule == "mentions":
        several = np.where(over, u_high * (parts.shape[0] - 1), u_high)
        all_high = np.where(over, rest_of[1] + several, np.maximum(all_high, rest_of[1]))
        joined = np.where(over, np.maximum(part_high, reach), joined)
        apart = np.where(over, rest_of[0], np.minimum(apart, rest_of[0]))

    sharp = _sharp(division, own, part_low, part_high, over | wrong | slips, rule)
    fine = ~wrong
    hull = _hull(division, parts, unknown, chosen, rule)
    both = lambda mine, other: np.where(fine, mine, other)  # noqa: E731
    return Partition(
        part=Ranges(both(part_low, hull[0]), both(part_high, hull[1]), own & fine),
        rest=Ranges(both(rest_of[0], hull[2]), both(rest_of[1], hull[3]), complete & fine),
        joined=Ranges(both(part_low, hull[0]), both(joined, hull[4]), own & fine),
        apart=Ranges(both(apart, hull[5]), both(all_high, hull[6]), complete & fine),
        whole_rest=Ranges(both(all_low, hull[5]), both(all_high, hull[6]), own & fine),
        base=Ranges(both(base[0], hull[7]), both(base[1], hull[8]), complete & fine),
        unknown=Ranges(np.where(fine, u_low, 0), u_high, u_given | gaps),
        gap=(gap_low, gap_high, total.given & known.all(axis=0) & closed & ~over & fine),
        contradictory=wrong,
        slips=slips,
        overlaps=over,
        sharp=sharp,
    )


def excess_of(division: Division) -> tuple[Mask, Mask, Mask, Floats]:
    """Return where parts exceed their total.

    Parameters
    ----------
    division : Division
        The counts.

    Returns
    -------
    contradictory : array of bool, shape (p,)
        Where no completion of the data explains the excess.
    slips : array of bool, shape (p,)
        Where it is within the tolerance.
    overlaps : array of bool, shape (p,)
        Where the categories overlap.
    excess : array of float, shape (p,)
        How many persons the parts are above the total; negative where they are below.
    """
    total, unknown = division.total.upper, _unknown(division).lower
    low = division.parts.lower.astype(np.float64)
    excess = low.sum(axis=0) + unknown - total
    # One person can be in several unknown cells too.
    largest = low.max(axis=0, initial=0) + _largest_unknown(division).lower - total
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


def _unknown(division: Division) -> Ranges:
    """Return the sum of the unknown categories; missing where none is in use."""
    cells = division.unknown
    if not len(cells.lower):
        return Ranges.missing(*division.total.shape)
    return cells.sum(axis=0).where(division.has_unknown, Ranges.missing(*division.total.shape))


def _largest_unknown(division: Division) -> Ranges:
    """Return the unknown where one person can be in several cells: the largest to the sum."""
    cells = division.unknown
    if not len(cells.lower):
        return Ranges.missing(*division.total.shape)
    summed = cells.sum(axis=0)
    hull = Ranges(cells.lower.max(axis=0), summed.upper, summed.given)
    return hull.where(division.has_unknown, Ranges.missing(*division.total.shape))


def _joining(
    division: Division, joins: Mask, over: Mask, u_low: Floats, u_high: Floats
) -> tuple[Floats, Floats]:
    """Return the unknown that can belong to each category, and those that certainly do not."""
    shape = (len(joins), *u_low.shape)
    everyone = joins.all(axis=1) if joins.size else np.ones(len(joins), dtype=np.bool_)
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


def _sharp(division: Division, own: Mask, low: Floats, high: Floats, odd: Mask, rule: str) -> Mask:
    """Return where both corners of a country are certainly attained."""
    total, parts = division.total, division.parts
    free = (total.lower == 0) & np.isinf(total.upper)
    exact = (parts.is_point | ~parts.given).all(axis=0) & ~division.suppressed
    exact &= total.is_point | ~total.given
    silent = free & ~parts.given.any(axis=0)
    sharp: Mask = ((low == high) & own) | (own & free) | (~own & exact) | silent
    return sharp & ~odd & (division.closed | (rule == "all") | silent)


def _hull(
    division: Division, parts: Ranges, unknown: Ranges, chosen: Any, rule: str
) -> tuple[Floats, ...]:
    """Return the corners of contradictory countries: all that total and sum of parts allow."""
    total = division.total
    high = parts.upper
    u_high = np.where(unknown.given, unknown.upper, 0)
    sum_low, sum_high = parts.lower.sum(axis=0) + unknown.lower, high.sum(axis=0) + u_high
    t_low = np.minimum(total.lower, sum_low).astype(np.float64)
    t_high = np.maximum(total.upper, sum_high)
    own = high[chosen]
    zero, most = np.zeros(own.shape), np.minimum(own, t_high)
    everyone, least = np.broadcast_to(t_high, own.shape), np.broadcast_to(t_low, own.shape)
    with np.errstate(invalid="ignore"):
        others = high.sum(axis=0) - own
    others = np.where(np.isnan(others), np.inf, others)
    rest = np.maximum(np.minimum(others + np.where(unknown.given, u_high, np.inf), everyone), least)
    joined = np.minimum(own + np.where(unknown.given, u_high, np.inf), everyone)
    rest_low = np.maximum(least - most, 0)
    apart = np.maximum(least - joined, 0)
    if rule == "all":
        return zero, most, rest_low, rest, joined, apart, rest, least, everyone
    inside = others if rule == "mentions" else np.minimum(others, everyone)
    unknowns = np.where(unknown.given, u_high, np.inf)
    inside_low = np.minimum(np.maximum(least - most - unknowns, 0), inside)
    if rule == "mentions":
        inside_low, apart = zero, zero
    outside = np.maximum(rest, inside)
    return zero, most, inside_low, inside, joined, apart, outside, zero, most + inside
