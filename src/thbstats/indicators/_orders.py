"""Ranks and orders of counts between bounds.

A member is certainly before another if its lower score is above the other's upper score. Equal
scores have no order: where an order is needed, either can be first.
"""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import combinations, islice, repeat

import numpy as np
from numpy.typing import NDArray

from thbstats.columns import Fractions, Ranges
from thbstats.values import Interval, Rational, logarithm, square_root

Index = NDArray[np.intp]

Scores = Mapping[str, tuple[int, int]]
"""The smallest and the largest score of each member."""

_TIES = 10
"""The largest number of possible first members of which every subset is tried."""

_ORDERS = 1_000
_PAIRS = 15_000
"""The numbers of orders, and of pairs of orders, that are tried; for more, bounds are outer."""


def ranks_of(numbers: Fractions | Ranges, group: Index | None = None) -> tuple[Index, Index]:
    """Return the best and the worst rank of counts within groups."""
    lower, upper = (np.asarray(side, dtype=np.float64) for side in (numbers.lower, numbers.upper))
    lower = np.where(np.isnan(lower), 0, lower)
    upper = np.where(np.isnan(upper), np.inf, upper)
    size = len(lower)
    groups = np.zeros(size, dtype=np.intp) if group is None else group
    # Values as integers in their order, so that group and value make one key.
    values, indices = np.unique(np.concatenate([lower, upper]), return_inverse=True)
    indices = np.asarray(indices).reshape(2, size) + groups * len(values)
    low_bound, high_bound = np.sort(indices[0]), np.sort(indices[1])
    bounds = np.searchsorted(low_bound, (groups + 1) * len(values))
    best = 1 + bounds - np.searchsorted(low_bound, indices[1], side="right")
    above = bounds - np.searchsorted(high_bound, indices[0], side="right")
    # A count is not above itself, however wide it is.
    return best, 1 + above - (upper > lower)


def rank_correlation(left: Scores, right: Scores) -> tuple[Interval, Interval, bool]:
    """Return Kendall's tau-b of two orders."""
    orders = [list(islice(_weak_orders(scores, None), _ORDERS + 1)) for scores in (left, right)]
    if max(map(len, orders)) > _ORDERS:
        return *_outer_correlation(left, right), False
    first, second = (_pair_signs(own, list(left)) for own in orders)
    surplus = first @ second.T
    untied = np.outer(np.abs(first).sum(axis=1), np.abs(second).sum(axis=1))
    bounds = Interval(int(surplus.min()), int(surplus.max()))
    defined = untied > 0
    if not defined.any():
        return bounds, Interval(-1, 1, undefined=True), True
    pairs = set(zip(surplus[defined].tolist(), untied[defined].tolist(), strict=True))
    taus = [_tau(*pair) for pair in pairs]
    return bounds, Interval(min(taus), max(taus), undefined=not defined.all()), True


def _pair_signs(orders: Sequence[Mapping[str, int]], members: Sequence[str]) -> NDArray[np.int64]:
    """Return the sign of each pair of members in each order: 1, -1, or 0 for a tie."""
    indices = np.array([[order[name] for name in members] for order in orders], dtype=np.int64)
    pairs = np.array(list(combinations(range(len(members)), 2)))
    signs: NDArray[np.int64] = np.sign(indices[:, pairs[:, 1]] - indices[:, pairs[:, 0]])
    return signs


def _tau(surplus: int, untied: int) -> Rational:
    root = square_root(min(Fraction(surplus**2, untied), Fraction(1)))
    return root if surplus > 0 else -root


def _outer_correlation(left: Scores, right: Scores) -> tuple[Interval, Interval]:
    """Return outer bounds, with each pair of members bounded separately."""

    def signs(scores: Scores) -> list[set[int]]:
        found = []
        for (low, high), (other_low, other_high) in combinations(map(scores.__getitem__, left), 2):
            possible = {1: high > other_low, -1: other_high > low}
            possible[0] = low <= other_high and other_low <= high
            found.append({sign for sign, is_possible in possible.items() if is_possible})
        return found

    sides = [signs(left), signs(right)]
    products = [
        [x * y for x in first for y in second] for first, second in zip(*sides, strict=True)
    ]
    low_bound, high_bound = sum(map(min, products)), sum(map(max, products))
    fewest = [sum(0 not in each for each in side) for side in sides]
    largest = [sum(each != {0} for each in side) for side in sides]
    few, many = max(fewest[0], 1) * max(fewest[1], 1), largest[0] * largest[1]
    if not many:
        return Interval(0, 0), Interval(-1, 1, undefined=True)
    lower = _tau(low_bound, few if low_bound < 0 else many)
    upper = _tau(high_bound, few if high_bound > 0 else many)
    return Interval(low_bound, high_bound), Interval(lower, upper, undefined=0 in fewest)


def rank_biased(first: Scores, second: Scores, p: Rational) -> tuple[Interval, Interval, bool]:
    """Return the rank-biased overlap of two orders."""
    short, long = sorted((len(first), len(second)))
    weight = Fraction(p)
    orders = [list(islice(_linear_orders(scores), _PAIRS + 1)) for scores in (first, second)]
    sharp = len(orders[0]) * len(orders[1]) <= _PAIRS
    depths = range(1, long + 1)
    if sharp:
        every = {
            tuple(len(set(a[:depth]) & set(b[:depth])) for depth in depths)
            for a in orders[0]
            for b in orders[1]
        }
    else:
        # The overlap grows with each number of shared members.
        every = set(zip(*(overlap_at(first, second, depth) for depth in depths), strict=True))

    def weighted(shared: Sequence[int]) -> Fraction:
        terms = (Fraction(n, depth) * weight**depth for depth, n in enumerate(shared, start=1))
        return (1 - weight) / weight * sum(terms, Fraction(0))

    def extrapolated(shared: Sequence[int]) -> Fraction:
        # Webber, Moffat and Zobel (2010), equation 32.
        at_short = shared[short - 1]
        beyond = (
            Fraction(at_short * (depth - short), short * depth) * weight**depth
            for depth in range(short + 1, long + 1)
        )
        end = Fraction(shared[-1] - at_short, long) + Fraction(at_short, short)
        tail = (1 - weight) / weight * sum(beyond, Fraction(0))
        return weighted(shared) + tail + end * weight**long

    def least(shared: Sequence[int]) -> Fraction:
        # No other member is shared: shared ones lose weight with each depth.
        listed = sum((weight**depth / depth for depth in depths), Fraction(0))
        tail = max(logarithm(1 / (1 - weight)) - listed, Fraction(0))
        return weighted(shared) + (1 - weight) / weight * shared[-1] * tail

    def most(shared: Sequence[int]) -> Fraction:
        # The shorter list continues with members of the longer one, then each with the other's.
        full = [n + max(0, depth - short) for depth, n in enumerate(shared, start=1)]
        end = max(2 * long - full[-1], long + 1)
        later = [full[-1] + 2 * (depth - long) for depth in range(long + 1, end)]
        return weighted([*full, *later]) + weight ** (end - 1)

    likely = [extrapolated(shared) for shared in every]
    bounds = Interval(min(map(least, every)), max(map(most, every)))
    return Interval(min(likely), max(likely)), bounds, sharp


def _can_lead(scores: Scores) -> list[str]:
    """Return the members that no other is certainly before."""
    lower = max((low for low, _ in scores.values()), default=0)
    return [name for name, (_, high) in scores.items() if high >= lower]


def _linear_orders(scores: Scores) -> Iterator[tuple[str, ...]]:
    """Yield every order that the scores allow, ties in every order."""
    if not scores:
        yield ()
    for first in _can_lead(scores):
        rest = {name: bounds for name, bounds in scores.items() if name != first}
        for order in _linear_orders(rest):
            yield (first, *order)


def _weak_orders(scores: Scores, below: int | None) -> Iterator[dict[str, int]]:
    """Yield every order with ties of scores below a number."""
    if not scores:
        yield {}
    candidates = _can_lead(scores)
    if len(candidates) > _TIES:
        # These have more orders than any limit.
        yield from repeat({candidates[0]: 0})
    for size in range(1, len(candidates) + 1):
        for first in combinations(candidates, size):
            # The highest score that all of them can share leaves most room for the others.
            score = min(scores[name][1] for name in first)
            score = score if below is None else min(score, below - 1)
            rest = {name: bounds for name, bounds in scores.items() if name not in first}
            shared = all(scores[name][0] <= score for name in first)
            if shared and all(low < score for low, _ in rest.values()):
                for order in _weak_orders(rest, score):
                    yield dict.fromkeys(first, 0) | {name: at + 1 for name, at in order.items()}


def overlap_at(left: Scores, right: Scores, depth: int) -> tuple[int, int]:
    """Return bounds of the number of shared members at a depth.

    Above a score all members are on a list, below it none; of those with that score any can be.
    Both numbers are attained.
    """
    pairs = [
        _shared(first, second)
        for first in _lists(left, min(depth, len(left)))
        for second in _lists(right, min(depth, len(right)))
    ]
    return min(low for low, _ in pairs), max(high for _, high in pairs)


_List = tuple[frozenset[str], frozenset[str], int]
"""The members on a list, those that can be on it, and the number of these."""


def _lists(scores: Scores, depth: int) -> set[_List]:
    """Return the possible sets of first members."""
    ways = set()
    for line in {score for bounds in scores.values() for score in bounds}:
        listed = frozenset(name for name, (low, _) in scores.items() if low > line)
        can = frozenset(name for name, (_, high) in scores.items() if high >= line) - listed
        if len(listed) <= depth <= len(listed) + len(can):
            ways.add((listed, can, depth - len(listed)))
    return ways


def _shared(first: _List, second: _List) -> tuple[int, int]:
    """Return the smallest and the largest number of members that two lists share."""
    (listed, can, free), (other, other_can, other_free) = first, second
    certain, both = len(listed & other), len(can & other_can)
    # Fewest: first the members that cannot be on the other list, then those that can be.
    left = max(0, free - len(can - other - other_can))
    other_left = max(0, other_free - len(other_can - listed - can))
    lower, other_least = min(left, both), min(other_left, both)
    fewest = left - lower + other_left - other_least + max(0, lower + other_least - both)
    # Most: first the members that are on the other list, then those that can be.
    joined, other_joined = min(free, len(can & other)), min(other_free, len(other_can & listed))
    upper = joined + other_joined + min(free - joined, other_free - other_joined, both)
    return certain + fewest, certain + upper
