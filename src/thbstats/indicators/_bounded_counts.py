"""Concentration of counts between bounds.

Measures of concentration are not linear in the counts, but their extremes are known.

*Lower bound.* Of all counts with one sum, those cut off at a common level are the most even: every
other completion comes from them by moves from smaller to larger counts (majorisation), which
raise the sum of squares and the sum of the n largest. So only levels need to be tried. Between
two integer levels r counts are one above the level; both measures, over the sum, first rise and
then fall in r, so that integer levels and the bounds of the sum are enough. Between two bounds of
counts the share of the n largest moves in one direction; the sum of squares over the squared sum
is least where the level is the mean of the fixed counts weighted with themselves.

*Upper bound.* ``sum of squares <= c * (sum)**2`` is a convex set, so that the largest value is in
a corner: all counts at one of their bounds, except one where the sum is at its bound. Counts with
the same bounds are interchangeable, which leaves few corners to try. The share of n counts is
largest where they have as much, and the others as little, as the sum allows.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import combinations, pairwise, product
from math import comb, prod

import numpy as np
from attrs import frozen

from thbstats.columns import Ranges
from thbstats.values import Interval

Completion = list[int]
"""One integer for each count, between its bounds."""

_CORNERS = 20_000
"""The largest number of corners that are tried; for more, the largest value is an outer bound."""


@frozen
class BoundedCounts:
    """Integer counts between bounds, and the bounds of their sum."""

    lower: tuple[int, ...]
    upper: tuple[int | None, ...]
    total: Interval

    @classmethod
    def of(
        cls, counts: Ranges, total: Interval | None = None, *, suppressed: bool = False
    ) -> "BoundedCounts":
        """Return counts with the bounds of their sum."""
        lower = [int(count) for count in counts.lower]
        upper = [None if np.isinf(count) else int(count) for count in counts.upper]
        added = counts.total()
        if total is None or not total.overlaps(added):
            return cls(tuple(lower), tuple(upper), added)
        both = total.intersect(added)
        if both.upper is not None:
            left = int(both.upper) - sum(lower)
            pairs = zip(lower, upper, strict=True)
            upper = [low + left if high is None else high for low, high in pairs]
        known = [high for high in upper if high is not None]
        if suppressed and len(known) == len(upper):
            both = Interval(sum(lower), sum(known))
        return cls(tuple(lower), tuple(upper), both)

    @property
    def lowest_sum(self) -> int:
        """The smallest sum."""
        return int(self.total.lower or 0)

    @property
    def highest_sum(self) -> int | None:
        """The largest sum."""
        return None if self.total.upper is None else int(self.total.upper)

    @property
    def pairs(self) -> list[tuple[int, int | None]]:
        """The smallest and the largest of each count."""
        return list(zip(self.lower, self.upper, strict=True))

    def allows(self, completion: Completion) -> bool:
        """Whether the sum of a completion is within the total."""
        return self.total.contains(sum(completion))

    def bounds(self) -> list[int]:
        """Return the bounds of all counts in order."""
        return sorted({*self.lower, *(high for high in self.upper if high is not None)})

    def level(self, height: int) -> Completion:
        """Return each count as near to a common level as it can be."""
        return [max(low, min(height, height if high is None else high)) for low, high in self.pairs]

    def height(self, total: int) -> int:
        """Return the highest integer level whose counts sum to no more than a total."""
        low, high = 0, max(self.bounds()) + total
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if sum(self.level(middle)) <= total else (low, middle - 1)
        return low

    def even(self, total: int) -> Completion:
        """Return the most even counts of one sum."""
        height = self.height(total)
        counts, above = self.level(height), self.level(height + 1)
        left = total - sum(counts)
        rising = [index for index, count in enumerate(counts) if above[index] > count][:left]
        return [count + (index in rising) for index, count in enumerate(counts)]


def herfindahl_bounds(counts: BoundedCounts) -> tuple[Interval, bool]:
    """Return bounds of the sum of squared shares, and their sharpness."""
    unbounded = counts.upper.count(None)
    limit = [Fraction(1, unbounded)] if unbounded and counts.highest_sum is None else []
    lowest = [*limit, *map(_squared_shares, _even_completions(counts, _turns(counts)))]
    if not lowest:
        return Interval(0, 1, undefined=True), True
    highest, sharp = _largest_squares(counts)
    return Interval(min(lowest), highest, undefined=counts.lowest_sum == 0), sharp


def top_share_bounds(counts: BoundedCounts, n: int) -> tuple[Interval, bool]:
    """Return bounds of the share of the n largest counts, and their sharpness."""
    unbounded = counts.upper.count(None)
    limit = (
        [Fraction(min(n, unbounded), unbounded)] if unbounded and counts.highest_sum is None else []
    )
    even = _even_completions(counts, ())
    lowest = [*limit, *(Fraction(sum(sorted(own)[-n:]), sum(own)) for own in even)]
    if not lowest:
        return Interval(0, 1, undefined=True), True
    highest, sharp = _largest_share(counts, n)
    return Interval(min(lowest), highest, undefined=counts.lowest_sum == 0), sharp


def _squared_shares(completion: Completion) -> Fraction:
    return Fraction(sum(count**2 for count in completion), sum(completion) ** 2)


def _even_completions(counts: BoundedCounts, turns: Iterable[int]) -> Iterator[Completion]:
    """Yield even completions, including the least concentrated completion."""
    below = counts.height(max(counts.lowest_sum, 1))
    heights = {*counts.bounds(), *turns, below, below + 1}
    completions = [counts.even(counts.lowest_sum)]
    if counts.highest_sum is not None:
        heights.add(counts.height(counts.highest_sum))
        completions.append(counts.even(counts.highest_sum))
    for own in (*completions, *map(counts.level, heights)):
        if sum(own) and counts.allows(own):
            yield own


def _turns(counts: BoundedCounts) -> Iterator[int]:
    """Yield the levels with extreme squared shares between bounds of counts."""
    bounds: list[int | None] = [*counts.bounds(), None]
    for start, end in pairwise(bounds):
        floor = start or 0
        fixed = [
            count
            for count, (low, high) in zip(counts.level(floor), counts.pairs, strict=True)
            if low > floor or not (high is None or (end is not None and high >= end))
        ]
        if sum(fixed):
            turn = sum(count**2 for count in fixed) // sum(fixed)
            last = turn + 1 if end is None else end
            yield from (height for height in (turn, turn + 1) if floor <= height <= last)


def _largest_squares(counts: BoundedCounts) -> tuple[Fraction, bool]:
    """Return the largest sum of squared shares, or a number that it does not exceed."""
    if counts.highest_sum is None:
        return Fraction(1), True
    groups = Counter((low, high or 0) for low, high in counts.pairs)
    if prod(times + 1 for (low, high), times in groups.items() if low < high) <= _CORNERS:
        corners = _corners(counts, groups)
        return max(_squared_shares(corner) for corner in corners if sum(corner)), True
    shares = [min(_three_shares(counts, [index])) for index in range(len(counts.lower))]
    return min(sum((share**2 for share in shares), Fraction(0)), max(shares)), False


def _corners(counts: BoundedCounts, groups: Counter[tuple[int, int]]) -> Iterator[Completion]:
    """Yield the corners: counts at their bounds, or with the sum at its bound."""
    choices = [range(times + 1 if low < high else 1) for (low, high), times in groups.items()]
    for raised in product(*choices):
        ways = list(zip(groups.items(), raised, strict=True))
        own = [
            high if index < up else low
            for ((low, high), times), up in ways
            for index in range(times)
        ]
        if counts.allows(own):
            yield own
        for ((low, high), times), up in ways:
            for total in (counts.lowest_sum, counts.highest_sum or 0):
                between = low + total - sum(own)
                if up < times and low < between < high:
                    rest = own.copy()
                    rest.remove(low)
                    yield [*rest, between]


def _largest_share(counts: BoundedCounts, n: int) -> tuple[Fraction, bool]:
    """Return the largest share of n counts, or a number that it does not exceed.

    The share of a set is the smallest of three; for each of them the best set is known. Where
    these sets differ, all are tried.
    """
    if counts.highest_sum is None:
        return Fraction(1), True

    def best(weight: Fraction) -> list[int]:
        sizes = [(1 - weight) * (high or 0) + weight * low for low, high in counts.pairs]
        return sorted(range(len(sizes)), key=sizes.__getitem__, reverse=True)[:n]

    chosen, share = best(Fraction(0)), Fraction(-1)
    sets = [chosen, best(Fraction(1))]
    # A set is better than a share if its counts minus that share of all counts are more.
    while _three_shares(counts, chosen)[0] > share:
        share = _three_shares(counts, chosen)[0]
        chosen = best(share)
    sets.append(chosen)
    shares = [_three_shares(counts, own) for own in sets]
    found = max(map(min, shares))
    bound = min(map(max, zip(*shares, strict=True)))
    indices = range(len(counts.lower))
    if found < bound and comb(len(indices), n) <= _CORNERS:
        return max(min(_three_shares(counts, own)) for own in combinations(indices, n)), True
    return bound, found == bound


def _three_shares(
    counts: BoundedCounts, indices: Sequence[int]
) -> tuple[Fraction, Fraction, Fraction]:
    """Return the shares of some counts for three sums.

    Their largest share is the smallest of the three.
    """
    most = sum(counts.upper[index] or 0 for index in indices)
    rest = sum(counts.lower) - sum(counts.lower[index] for index in indices)
    return (
        Fraction(most, most + rest) if most else Fraction(0),
        Fraction(most, counts.lowest_sum) if counts.lowest_sum else Fraction(1),
        1 - Fraction(rest, counts.highest_sum or 1),
    )
