"""How far two orders agree, over all that their scores leave open."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations, islice

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from thbstats.pooling.orders import (
    Scores,
    agreement,
    linear_orders,
    overlaps_at,
    weak_orders,
)
from thbstats.values import Interval, Rational, logarithm, square_root

__all__ = ["rank_biased", "rank_correlation"]

_ORDERS = 1_000
_PAIRS = 15_000
"""So many orders of each, and pairs of orders, are tried; beyond, ends are bounded."""

Signs = NDArray[np.int64]


def rank_correlation(one: Scores, two: Scores) -> tuple[Interval, Interval, bool]:
    """Return Kendall's tau-b of two orders.

    Parameters
    ----------
    one, two : mapping
        The scores of the same members.

    Returns
    -------
    surplus : Interval
        Pairs in the same order minus pairs in opposite ones.
    tau : Interval
        From -1 to 1, undefined where all can be tied.
    sharp : bool
        Whether both ends are those of some orders.
    """
    members = list(one)
    found = [weak_orders(scores, _ORDERS) for scores in (one, two)]
    if found[0] is None or found[1] is None:
        return *_outer(one, two), False
    first, second = (_signs(orders, members) for orders in (found[0], found[1]))
    surplus = first @ second.T
    untied = np.outer(np.abs(first).sum(axis=1), np.abs(second).sum(axis=1))
    range_ = Interval(int(surplus.min()), int(surplus.max()))
    defined = untied > 0
    if not defined.any():
        return range_, Interval(-1, 1, undefined=True), True
    pairs = set(zip(surplus[defined].tolist(), untied[defined].tolist(), strict=True))
    taus = [_tau(*pair) for pair in pairs]
    return range_, Interval(min(taus), max(taus), undefined=not defined.all()), True


def _signs(orders: Sequence[dict[str, int]], members: Sequence[str]) -> Signs:
    """Return for each order and pair of members which comes first: 1, -1, or 0 for a tie."""
    places = np.array([[order[name] for name in members] for order in orders], dtype=np.int64)
    pairs = np.array(list(combinations(range(len(members)), 2)))
    signs: Signs = np.sign(places[:, pairs[:, 1]] - places[:, pairs[:, 0]])
    return signs


def _tau(surplus: int, untied: int) -> Rational:
    """Return the quotient of a surplus and the root of what is untied, at most 1 either way."""
    root = square_root(min(Fraction(surplus**2, untied), Fraction(1)))
    return root if surplus > 0 else -root


def _outer(one: Scores, two: Scores) -> tuple[Interval, Interval]:
    """Return what no order is beyond: each pair of members by itself."""
    pairs = list(combinations(one, 2))
    signs = [[_sign(scores[a], scores[b]) for a, b in pairs] for scores in (one, two)]
    products = [
        [x * y for x in first for y in second] for first, second in zip(*signs, strict=True)
    ]
    least, most = (sum(pick(each) for each in products) for pick in (min, max))
    fewest = [sum(0 not in each for each in side) for side in signs]
    largest = [sum(each != {0} for each in side) for side in signs]
    few, many = max(fewest[0], 1) * max(fewest[1], 1), largest[0] * largest[1]
    if not many:
        return Interval(0, 0), Interval(-1, 1, undefined=True)
    tau = Interval(
        _tau(least, few if least < 0 else many),
        _tau(most, few if most > 0 else many),
        undefined=0 in fewest,
    )
    return Interval(least, most), tau


def _sign(one: tuple[int, int], two: tuple[int, int]) -> set[int]:
    """Return what the order of two members can be."""
    found = {1: one[1] > two[0], -1: two[1] > one[0], 0: one[0] <= two[1] and two[0] <= one[1]}
    return {sign for sign, can_be in found.items() if can_be}


def rank_biased(one: Scores, two: Scores, p: Rational) -> tuple[Interval, Interval, bool]:
    """Return the rank-biased overlap of two orders.

    Parameters
    ----------
    one, two : mapping
        The scores behind each order.
    p : int or Fraction
        What a depth weighs of the one before.

    Returns
    -------
    extrapolated : Interval
        As though the orders went on as they end.
    bounds : Interval
        Whatever follows.
    sharp : bool
        Whether the ends are those of some orders.
    """
    shorter, longer = sorted((len(one), len(two)))
    weights = _Weights(Fraction(p), shorter, longer)
    orders = [list(islice(linear_orders(scores), _PAIRS + 1)) for scores in (one, two)]
    sharp = len(orders[0]) * len(orders[1]) <= _PAIRS
    if sharp:
        shared = {tuple(agreement(a, b)) for a in orders[0] for b in orders[1]}
    else:
        depths = range(1, longer + 1)
        shared = set(zip(*(overlaps_at(one, two, depth) for depth in depths), strict=True))
    likely = [weights.extrapolated(each) for each in shared]
    bounds = Interval(min(map(weights.least, shared)), max(map(weights.most, shared)))
    return Interval(min(likely), max(likely)), bounds, sharp


@frozen
class _Weights:
    """The sums over depths for two lists; members shared by depth give the overlap.

    The overlap only grows with each number of shared members, so that bounds on these give
    bounds on it.
    """

    p: Fraction
    shorter: int
    longer: int

    def extrapolated(self, shared: Sequence[int]) -> Fraction:
        """Webber, Moffat and Zobel (2010), equation 32."""
        p, short, long = self.p, self.shorter, self.longer
        missing = sum(
            (Fraction(shared[short - 1] * (d - short), short * d) * p**d for d in self._beyond()),
            Fraction(0),
        )
        at_end = Fraction(shared[-1] - shared[short - 1], long) + Fraction(shared[short - 1], short)
        return self._seen(shared) + (1 - p) / p * missing + at_end * p**long

    def least(self, shared: Sequence[int]) -> Fraction:
        """Nobody else is shared: what is, weighs less and less."""
        p = self.p
        seen = sum((p**d / d for d in range(1, self.longer + 1)), Fraction(0))
        tail = max(logarithm(1 / (1 - p)) - seen, Fraction(0))
        return self._seen(shared) + (1 - p) / p * shared[-1] * tail

    def most(self, shared: Sequence[int]) -> Fraction:
        """The shorter list goes on with members of the longer one, then each with the other's."""
        p, long = self.p, self.longer
        full = [count + max(0, depth - self.shorter) for depth, count in enumerate(shared, start=1)]
        met = max(2 * long - full[-1], long + 1)
        later = [full[-1] + 2 * (depth - long) for depth in range(long + 1, met)]
        return self._seen([*full, *later]) + p ** (met - 1)

    def _seen(self, shared: Sequence[int]) -> Fraction:
        weighed: Iterator[Fraction] = (
            Fraction(count, depth) * self.p**depth for depth, count in enumerate(shared, start=1)
        )
        return (1 - self.p) / self.p * sum(weighed, Fraction(0))

    def _beyond(self) -> range:
        """The depths at which only the longer list has members."""
        return range(self.shorter + 1, self.longer + 1)
