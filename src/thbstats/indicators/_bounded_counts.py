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
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations, pairwise, product
from math import comb, inf, isinf, prod
from typing import Any

from attrs import frozen

from thbstats.columns import Ranges
from thbstats.values import Interval

Completion = list[int]
"""One integer for each count, between its bounds."""

_CORNERS = 20_000
"""The largest number of corners that are tried; for more, the largest value is an outer bound."""


@frozen
class BoundedCounts:
    """Integer counts between bounds, some without an upper one, and the bounds of their sum."""

    lower: tuple[int, ...]
    upper: tuple[Any, ...]
    total: Interval

    @classmethod
    def of(
        cls, counts: Ranges, total: Interval | None = None, *, suppressed: bool = False
    ) -> "BoundedCounts":
        """Return counts with the bounds of their sum."""
        lower = tuple(counts.lower.tolist())
        upper = tuple(inf if isinf(n) else int(n) for n in counts.upper)
        added = counts.total()
        if total is None or not total.overlaps(added):
            return cls(lower, upper, added)
        both = total.intersect(added)
        if both.upper is not None:
            left = int(both.upper) - sum(lower)
            pairs = zip(lower, upper, strict=True)
            upper = tuple(low + left if isinf(high) else high for low, high in pairs)
        if suppressed and inf not in upper:
            both = Interval(sum(lower), sum(upper))
        return cls(lower, upper, both)

    @property
    def sums(self) -> tuple[int, Any]:
        """The smallest and the largest sum."""
        upper = self.total.upper
        return int(self.total.lower or 0), inf if upper is None else int(upper)

    @property
    def pairs(self) -> list[tuple[int, Any]]:
        """The smallest and the largest of each count."""
        return list(zip(self.lower, self.upper, strict=True))

    def bounds(self) -> list[int]:
        """Return the finite bounds of all counts in order."""
        return sorted({*self.lower, *self.upper} - {inf})

    def level(self, height: int) -> Completion:
        """Return each count as near to a common level as it can be."""
        return [max(low, min(height, high)) for low, high in self.pairs]

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
        rising = [index for index, count in enumerate(counts) if above[index] > count]
        raised = rising[: total - sum(counts)]
        return [count + (index in raised) for index, count in enumerate(counts)]

    def turns(self) -> Iterator[int]:
        """Yield the levels with extreme squared shares between bounds of counts."""
        for floor, end in pairwise([*self.bounds(), inf]):
            pairs = zip(self.level(int(floor)), self.pairs, strict=True)
            fixed = [count for count, (low, high) in pairs if low > floor or high < end]
            if sum(fixed):
                turn = sum(count**2 for count in fixed) // sum(fixed)
                last = min(turn + 1, end)
                yield from (height for height in (turn, turn + 1) if floor <= height <= last)


def concentration_bounds(counts: BoundedCounts, n: int | None = None) -> tuple[Interval, bool]:
    """Return bounds of the share of the n largest, else of the sum of squared shares.

    The second result is whether completions attain both.
    """
    if not counts.lower:
        return Interval(0, 1, undefined=True), True
    (least, most), unbounded = counts.sums, counts.upper.count(inf)
    lowest = [Fraction(min(n or 1, unbounded), unbounded)] if isinf(most) and unbounded else []
    # Even completions include the least concentrated completion.
    below = counts.height(max(least, 1))
    heights = {*counts.bounds(), below, below + 1, *(counts.turns() if n is None else ())}
    completions = [counts.even(least)]
    if not isinf(most):
        heights.add(counts.height(int(most)))
        completions.append(counts.even(int(most)))
    for own in (*completions, *map(counts.level, heights)):
        if sum(own) and counts.total.contains(sum(own)):
            largest = Fraction(sum(sorted(own)[-(n or 1) :]), sum(own))
            lowest.append(_squared_shares(own) if n is None else largest)
    if not lowest:
        return Interval(0, 1, undefined=True), True
    highest, sharp = Fraction(1), True
    if not isinf(most) and n is not None:
        highest, sharp = _largest_share(counts, n)
    elif not isinf(most):
        groups = Counter(counts.pairs)
        if prod(times + 1 for (low, high), times in groups.items() if low < high) <= _CORNERS:
            highest = max(_squared_shares(own) for own in _corners(counts, groups) if sum(own))
        else:  # a number that the sum does not exceed
            shares = [min(_three_shares(counts, [index])) for index in range(len(counts.lower))]
            highest = min(sum((share**2 for share in shares), Fraction(0)), max(shares))
            sharp = False
    return Interval(min(lowest), highest, undefined=least == 0), sharp


def _squared_shares(completion: Completion) -> Fraction:
    return Fraction(sum(count**2 for count in completion), sum(completion) ** 2)


def _corners(counts: BoundedCounts, groups: Counter[tuple[int, int]]) -> Iterator[list[int]]:
    """Yield the extreme points of the counts."""
    choices = [range(times + 1 if low < high else 1) for (low, high), times in groups.items()]
    for raised in product(*choices):
        ways = list(zip(groups.items(), raised, strict=True))
        own = [n for ((low, high), times), up in ways for n in (high,) * up + (low,) * (times - up)]
        if counts.total.contains(sum(own)):
            yield own
        for ((low, high), times), up in ways:
            for total in counts.sums:
                between = low + int(total) - sum(own)
                if up < times and low < between < high:
                    others = own.copy()
                    others.remove(low)
                    yield [*others, between]


def _largest_share(counts: BoundedCounts, n: int) -> tuple[Fraction, bool]:
    """Return the largest share of n counts, or a number that it does not exceed.

    The share of a set is the smallest of three; for each of them the best set is known. Where
    these sets differ, all are tried.
    """

    def best(weight: Fraction) -> list[int]:
        sizes = [(1 - weight) * high + weight * low for low, high in counts.pairs]
        return sorted(range(len(sizes)), key=sizes.__getitem__, reverse=True)[:n]

    chosen, share = best(Fraction(0)), Fraction(-1)
    sets = [chosen, best(Fraction(1))]
    # A set is better than a share if its counts minus that share of all counts are more.
    while _three_shares(counts, chosen)[0] > share:
        share = _three_shares(counts, chosen)[0]
        chosen = best(share)
    shares = [_three_shares(counts, own) for own in (*sets, chosen)]
    result, bound = max(map(min, shares)), min(map(max, zip(*shares, strict=True)))
    indices = range(len(counts.lower))
    if result < bound and comb(len(indices), n) <= _CORNERS:
        return max(min(_three_shares(counts, own)) for own in combinations(indices, n)), True
    return bound, result == bound


def _three_shares(
    counts: BoundedCounts, indices: Sequence[int]
) -> tuple[Fraction, Fraction, Fraction]:
    """Return the shares of some counts for three sums: the smallest is their largest share."""
    upper, (least, most) = sum(counts.upper[index] for index in indices), counts.sums
    others = sum(counts.lower) - sum(counts.lower[index] for index in indices)
    return (
        Fraction(upper, upper + others) if upper else Fraction(0),
        Fraction(upper, least) if least else Fraction(1),
        1 - Fraction(others, int(most) or 1),
    )
