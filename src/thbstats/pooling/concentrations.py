"""How concentrated counts can be of which only the ends are known, and what their sum can be.

Measures of concentration are not linear in the counts, but what makes them extreme is known.

*Least.* Of all counts with one sum, those cut off at a common level are the most even: every
other way comes from them by moves from smaller to larger counts (majorisation), which raise the
sum of squares and the sum of the n largest. So only levels need to be tried. Between two whole
levels r counts stand one above the level; both measures, over the sum, first rise and then fall
in r, so the whole levels and the ends of the sum are enough. Between two ends of counts the share
of the n largest moves one way; the sum of squares over the squared sum has its least where the
level is the mean of the fixed counts weighted with themselves.

*Most.* ``sum of squares <= c * (sum)**2`` is a convex set, so that the largest is in a corner: all
counts at one of their ends, save one where the sum is at its end. Counts with the same ends are
interchangeable, which leaves few corners to try. The share of n counts is largest where they have
as much, and the others as little, as the sum allows.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import combinations, pairwise, product
from math import comb, prod

from thbstats.pooling.boxes import Box, Way
from thbstats.values import Interval

__all__ = ["herfindahl_bounds", "top_share_bounds"]

_CORNERS = 20_000
"""So many corners are tried; beyond, the largest value is bounded and not found."""


def herfindahl_bounds(box: Box) -> tuple[Interval, bool]:
    """Return the sum of the squared shares of some counts, and whether both ends are reached.

    Parameters
    ----------
    box : Box
        The counts.
    """
    unbounded = box.upper.count(None)
    limit = [Fraction(1, unbounded)] if unbounded and box.most is None else []
    lowest = [*limit, *map(_squared, _even(box, _turns(box)))]
    if not lowest:
        return Interval(0, 1, undefined=True), True
    highest, sharp = _uneven(box)
    return Interval(min(lowest), highest, undefined=box.least == 0), sharp


def top_share_bounds(box: Box, n: int) -> tuple[Interval, bool]:
    """Return the share of the n largest counts, and whether both ends are reached.

    Parameters
    ----------
    box : Box
        The counts.
    n : int
        How many, 1 or more.
    """
    unbounded = box.upper.count(None)
    limit = [Fraction(min(n, unbounded), unbounded)] if unbounded and box.most is None else []
    lowest = [*limit, *(Fraction(_top(way, n), sum(way)) for way in _even(box, ()))]
    if not lowest:
        return Interval(0, 1, undefined=True), True
    highest, sharp = _largest(box, n)
    return Interval(min(lowest), highest, undefined=box.least == 0), sharp


def _squared(way: Way) -> Fraction:
    return Fraction(sum(count**2 for count in way), sum(way) ** 2)


def _top(counts: Sequence[int], n: int) -> int:
    return sum(sorted(counts, reverse=True)[:n])


def _even(box: Box, turns: Iterable[int]) -> Iterator[Way]:
    """Yield the most even ways among which the least concentrated is."""
    first = max(box.least, 1)
    below = box.height(first)
    heights = {*box.ends(), *turns, below, below + 1}
    ways = [box.even(box.least)]
    if box.most is not None:
        heights.add(box.height(box.most))
        ways.append(box.even(box.most))
    for way in (*ways, *map(box.level, heights)):
        if sum(way) and box.allows(way):
            yield way


def _turns(box: Box) -> Iterator[int]:
    """Yield the levels between two ends of counts where the squared shares turn."""
    ends: list[int | None] = [*box.ends(), None]
    for start, end in pairwise(ends):
        fixed = [
            count
            for count, low, high in zip(box.level(start or 0), box.lower, box.upper, strict=True)
            if not _is_free(low, high, start or 0, end)
        ]
        if sum(fixed):
            turn = sum(count**2 for count in fixed) // sum(fixed)
            yield from (
                height
                for height in (turn, turn + 1)
                if height >= (start or 0) and (end is None or height <= end)
            )


def _is_free(low: int, high: int | None, start: int, end: int | None) -> bool:
    """Whether a count can be anything from one end of counts to the next."""
    return low <= start and (high is None or (end is not None and high >= end))


def _uneven(box: Box) -> tuple[Fraction, bool]:
    """Return the largest sum of squared shares, or a number that it is not above."""
    if box.most is None:
        return Fraction(1), True
    groups = Counter((low, high or 0) for low, high in zip(box.lower, box.upper, strict=True))
    if prod(times + 1 for (low, high), times in groups.items() if low < high) <= _CORNERS:
        return max(_squared(way) for way in _corners(box, groups) if sum(way)), True
    shares = [_share(box, [place]) for place in range(len(box.lower))]
    return min(sum((share**2 for share in shares), Fraction(0)), max(shares)), False


def _corners(box: Box, groups: Mapping[tuple[int, int], int]) -> Iterator[Way]:
    """Yield counts that are each at an end, save one where that puts the sum at its own."""
    choices = [range(times + 1 if low < high else 1) for (low, high), times in groups.items()]
    for raised in product(*choices):
        way = [
            high if place < up else low
            for ((low, high), times), up in zip(groups.items(), raised, strict=True)
            for place in range(times)
        ]
        if box.allows(way):
            yield way
        for ((low, high), times), up in zip(groups.items(), raised, strict=True):
            for total in (box.least, box.most or 0):
                between = low + total - sum(way)
                if up < times and low < between < high:
                    rest = way.copy()
                    rest.remove(low)
                    yield [*rest, between]


def _largest(box: Box, n: int) -> tuple[Fraction, bool]:
    """Return the largest share of n counts, or a number that it is not above.

    The share of a set is the least of three; for each of them the best set is known. Where these
    sets do not agree, all are tried.
    """
    if box.most is None:
        return Fraction(1), True
    chosen, share = _best(box, n, Fraction(0)), Fraction(-1)
    sets = [chosen, _best(box, n, Fraction(1))]
    # A set is better than a share if what it has, less that share of all, is more.
    while _three(box, chosen)[0] > share:
        share = _three(box, chosen)[0]
        chosen = _best(box, n, share)
    sets.append(chosen)
    found = max(_share(box, each) for each in sets)
    bound = min(map(max, zip(*(_three(box, each) for each in sets), strict=True)))
    places = range(len(box.lower))
    if found < bound and comb(len(places), n) <= _CORNERS:
        return max(_share(box, each) for each in combinations(places, n)), True
    return bound, found == bound


def _best(box: Box, n: int, weight: Fraction) -> list[int]:
    """Return the n largest counts, their ends weighted."""

    def size(place: int) -> Fraction:
        return (1 - weight) * (box.upper[place] or 0) + weight * box.lower[place]

    return sorted(range(len(box.lower)), key=size, reverse=True)[:n]


def _share(box: Box, places: Sequence[int]) -> Fraction:
    """Return the largest share of some counts."""
    return min(_three(box, places))


def _three(box: Box, places: Sequence[int]) -> tuple[Fraction, Fraction, Fraction]:
    """Return the share of some counts if no sum were known, if it is least, and if it is most."""
    most = sum(box.upper[place] or 0 for place in places)
    rest = sum(box.lower) - sum(box.lower[place] for place in places)
    return (
        Fraction(most, most + rest) if most else Fraction(0),
        Fraction(most, box.least) if box.least else Fraction(1),
        1 - Fraction(rest, box.most or 1),
    )
