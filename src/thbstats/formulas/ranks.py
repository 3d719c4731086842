"""Ranks, and agreement of two rankings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import combinations, islice, product, repeat
from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from thbstats.columns import Index
from thbstats.errors import InvalidValue, require
from thbstats.formulas._numbers import as_counts, as_positive, column_formula, divide
from thbstats.values import Interval, Rational, logarithm, square_root


@column_formula
def competition_ranks(counts: ArrayLike) -> NDArray[np.int64]:
    """Return the ranks of counts, the largest first; ties have the better rank.

    ``rank_i = 1 + number of counts above count_i``

    Parameters
    ----------
    counts : array_like, shape (n,)
        Counts.

    Returns
    -------
    ndarray of int64, shape (n,)
        From 1 to n.

    Raises
    ------
    InvalidValue
        As for `share`.

    Examples
    --------
    >>> competition_ranks([40, 70, 40, 10]).tolist()
    [2, 1, 2, 4]
    """
    values, hint = as_counts(counts, "counts"), "Give a list of counts"
    require(values.ndim == 1, "must have one axis", hint, counts=f"shape {values.shape}")
    return rank_bounds(values, values, np.zeros(len(values), dtype=np.intp))[0]


def rank_bounds(lower: Any, upper: Any, groups: Index) -> tuple[Index, Index]:
    """Return the best and the worst rank of counts between bounds, within groups."""
    # Values as integers in their order, so that group and value make one key.
    values, indices = np.unique(np.concatenate([lower, upper]), return_inverse=True)
    indices = np.asarray(indices).reshape(2, len(lower)) + groups * len(values)
    low_bound, high_bound = np.sort(indices[0]), np.sort(indices[1])
    bounds = np.searchsorted(low_bound, (groups + 1) * len(values))
    best = 1 + bounds - np.searchsorted(low_bound, indices[1], side="right")
    above = bounds - np.searchsorted(high_bound, indices[0], side="right")
    # A count is not above itself, however wide it is.
    return best, 1 + above - (upper > lower)


def overlap(first: ArrayLike, second: ArrayLike) -> float:
    """Return the share of common members of two top lists.

    ``overlap = |A and B| / max(|A|, |B|)``

    Parameters
    ----------
    first, second : array_like of str or int, shape (n,)
        Members, in any order, each once.

    Returns
    -------
    float
        In [0, 1]; 1 if both have the same members; ``nan`` if both are empty.

    Raises
    ------
    InvalidValue
        If a list contains a member twice, or is not a list.

    Examples
    --------
    >>> overlap(["RO", "HU", "NL", "PL", "BG"], ["RO", "BG", "NL", "HU", "PL"])
    1.0
    """
    lists = [set(_members(first, "first")), set(_members(second, "second"))]
    longest = max(map(len, lists))
    return len(set.intersection(*lists)) / longest if longest else float("nan")


@column_formula
def kendall_tau_b(first: ArrayLike, second: ArrayLike) -> float:
    """Return Kendall's tau-b of two rankings of the same members.

    ``tau_b = (C - D) / sqrt((P - T1) * (P - T2))``, with ``C`` of ``P`` pairs in the same order in
    both rankings, ``D`` in opposite order, ``T1`` and ``T2`` tied in the first and in the second.

    Parameters
    ----------
    first, second : array_like, shape (n,)
        Counts of the members, in the same order of members.

    Returns
    -------
    float
        In [-1, 1]; ``nan`` if all members are tied in one ranking.

    Raises
    ------
    InvalidValue
        As for `share`.

    Examples
    --------
    >>> round(kendall_tau_b([40, 30, 20], [30, 40, 20]), 3)
    0.333

    References
    ----------
    Kendall, "The treatment of ties in ranking problems", Biometrika 33 (1945).
    """
    counts = as_counts(first, "first"), as_counts(second, "second")
    if counts[0].ndim != 1 or counts[0].shape != counts[1].shape:
        raise InvalidValue(
            "must be a list of the same length as `first`",
            field="second",
            value=f"shapes {counts[0].shape} and {counts[1].shape}",
            hint="Give two lists of counts, of equal length",
        )
    signs, other = map(pair_signs, counts)
    root = np.sqrt(np.abs(signs).sum() * np.abs(other).sum())
    return float(divide((signs * other).sum(), root))


def pair_signs(scores: Any) -> Any:
    """Return 1, -1, or 0 for a tie, for each pair of scores on the last axis."""
    first, second = np.triu_indices(scores.shape[-1], 1)
    return np.sign(scores[..., second] - scores[..., first])


def rank_biased_overlap(first: ArrayLike, second: ArrayLike, p: float) -> float:
    """Return the rank-biased overlap of two lists, with extrapolation.

    ``RBO = (1 - p) * sum over depths d of p**(d-1) * A_d``, with ``A_d`` the share of common
    members of the first ``d`` of both lists. The last agreement is extrapolated.

    Parameters
    ----------
    first, second : array_like of str or int, shape (n,) and (m,)
        Members in order, each once.
    p : float
        The weight of each depth relative to the one before, above 0 and below 1.

    Returns
    -------
    float
        In [0, 1]; 1 for equal lists; ``nan`` if one is empty.

    Raises
    ------
    InvalidValue
        If a list contains a member twice, is not a list, or p is not between 0 and 1.

    Examples
    --------
    >>> round(rank_biased_overlap(["RO", "HU", "NL"], ["RO", "NL", "PL"], 0.9), 3)
    0.685

    References
    ----------
    Webber, Moffat and Zobel, "A similarity measure for indefinite rankings", ACM Transactions on
    Information Systems 28 (2010), equation 32.
    """
    as_positive(p, "p", 1, "must be between 0 and 1", "Give 0.9")
    short, long = sorted((_members(first, "first"), _members(second, "second")), key=len)
    if not short:
        return float("nan")
    depths = range(1, len(long) + 1)
    shared = [len(set(short[:depth]) & set(long[:depth])) for depth in depths]
    return min(float(extrapolated_overlap(shared, len(short), p)), 1.0)


def extrapolated_overlap(shared: Sequence[int], short: int, p: Any) -> Any:
    """Return the overlap of two lists from their shared members at each depth.

    The agreement at the last member of the shorter list is extrapolated. Exact for a fraction.
    """
    full = [
        n + p**0 * shared[short - 1] * max(depth - short, 0) / short
        for depth, n in enumerate(shared, start=1)
    ]
    return weighted_overlap(full, p) + full[-1] / len(full) * p ** len(full)


def weighted_overlap(shared: Sequence[Any], p: Any) -> Any:
    """Return the sum of shared members over depth, each depth with its weight."""
    terms = (n * p ** (depth - 1) / depth for depth, n in enumerate(shared, start=1))
    return (1 - p) * sum(terms, 0 * p)


def _members(members: ArrayLike, name: str) -> list[Any]:
    array = np.asarray(members, dtype=object)
    is_list = array.ndim == 1 and all(isinstance(member, str | Real) for member in array)
    hint = "Give a list of names; write a set as list(...)"
    require(is_list, "must be a list of members", hint, **{name: members})
    listed: list[Any] = array.tolist()
    twice = [str(member) for member, times in Counter(listed).items() if times > 1]
    hint = "Remove the repeated member"
    require(not twice, "must contain each member once", hint, **{name: "".join(twice[:1])})
    return listed


Scores = Mapping[str, tuple[int, int]]
"""The smallest and the largest score of each member."""

_TIES = 10
"""The largest number of possible first members of which every subset is tried."""

_ORDERS = 1_000
_PAIRS = 15_000
"""The numbers of orders, and of pairs of orders, that are tried; for more, bounds are outer."""


def rank_correlation(left: Scores, right: Scores) -> tuple[Interval, Interval, bool]:
    """Return the surplus of agreeing pairs and Kendall's tau-b of two orders."""
    orders = [list(islice(_weak_orders(scores, None), _ORDERS + 1)) for scores in (left, right)]
    if max(map(len, orders)) > _ORDERS:
        return *_outer_correlation(left, right), False
    first, second = (
        pair_signs(np.array([[order[name] for name in left] for order in own])) for own in orders
    )
    surplus = first @ second.T
    untied = np.outer(np.abs(first).sum(axis=1), np.abs(second).sum(axis=1))
    bounds = Interval(int(surplus.min()), int(surplus.max()))
    defined = untied > 0
    if not defined.any():
        return bounds, Interval(-1, 1, undefined=True), True
    pairs = set(zip(surplus[defined].tolist(), untied[defined].tolist(), strict=True))
    taus = [_tau(*pair) for pair in pairs]
    return bounds, Interval(min(taus), max(taus), undefined=not defined.all()), True


def _tau(surplus: int, untied: int) -> Rational:
    root = square_root(min(Fraction(surplus**2, untied), Fraction(1)))
    return root if surplus > 0 else -root


def _outer_correlation(left: Scores, right: Scores) -> tuple[Interval, Interval]:
    """Return outer bounds, with each pair of members bounded separately."""
    sides = []
    for scores in (left, right):
        pairs = combinations(map(scores.__getitem__, left), 2)
        ways = ((b[1] > a[0], b[0] <= a[1] and a[0] <= b[1], a[1] > b[0]) for a, b in pairs)
        sides.append([{sign for sign in (-1, 0, 1) if own[sign + 1]} for own in ways])
    products = [
        [x * y for x in first for y in second] for first, second in zip(*sides, strict=True)
    ]
    low_bound, high_bound = sum(map(min, products)), sum(map(max, products))
    fewest = [sum(0 not in signs for signs in side) for side in sides]
    largest = [sum(signs != {0} for signs in side) for side in sides]
    few, many = max(fewest[0], 1) * max(fewest[1], 1), largest[0] * largest[1]
    if not many:
        return Interval(0, 0), Interval(-1, 1, undefined=True)
    lower = _tau(low_bound, few if low_bound < 0 else many)
    upper = _tau(high_bound, few if high_bound > 0 else many)
    return Interval(low_bound, high_bound), Interval(lower, upper, undefined=0 in fewest)


def rank_biased(first: Scores, second: Scores, p: Fraction) -> tuple[Interval, Interval, bool]:
    """Return the rank-biased overlap of two orders, its bounds, and their sharpness."""
    short, long = sorted((len(first), len(second)))
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
        every = set(zip(*(shared_at(first, second, depth) for depth in depths), strict=True))

    def least(shared: Sequence[int]) -> Fraction:
        # No other member is shared: shared ones lose weight with each depth.
        listed = sum((p**depth / depth for depth in depths), Fraction(0))
        tail = max(logarithm(1 / (1 - p)) - listed, Fraction(0))
        return Fraction(weighted_overlap(shared, p) + (1 - p) / p * shared[-1] * tail)

    def most(shared: Sequence[int]) -> Fraction:
        # The shorter list continues with members of the longer one, then each with the other's.
        full = [n + max(0, depth - short) for depth, n in enumerate(shared, start=1)]
        end = max(2 * long - full[-1], long + 1)
        later = [full[-1] + 2 * (depth - long) for depth in range(long + 1, end)]
        return Fraction(weighted_overlap([*full, *later], p) + p ** (end - 1))

    likely = [extrapolated_overlap(shared, short, p) for shared in every]
    bounds = Interval(min(map(least, every)), max(map(most, every)))
    return Interval(min(likely), max(likely)), bounds, sharp


def _can_lead(scores: Scores) -> list[str]:
    """Return the members that are not certainly behind another member."""
    lower = max((low for low, _ in scores.values()), default=0)
    return [name for name, (_, high) in scores.items() if high >= lower]


def _linear_orders(scores: Scores) -> Iterator[tuple[str, ...]]:
    """Yield every order that the scores allow; tied scores appear in every order."""
    if not scores:
        yield ()
    for first in _can_lead(scores):
        others = {name: bounds for name, bounds in scores.items() if name != first}
        yield from ((first, *order) for order in _linear_orders(others))


def _weak_orders(scores: Scores, below: int | None) -> Iterator[dict[str, int]]:
    """Yield every order of scores below a number, with ties."""
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
            others = {name: bounds for name, bounds in scores.items() if name not in first}
            shared = all(scores[name][0] <= score for name in first)
            if shared and all(low < score for low, _ in others.values()):
                for order in _weak_orders(others, score):
                    yield dict.fromkeys(first, 0) | {
                        name: position + 1 for name, position in order.items()
                    }


def shared_at(left: Scores, right: Scores, depth: int) -> tuple[int, int]:
    """Return bounds of the number of shared members at a depth.

    Above a score all members are on a list, below it none; of those with that score any can be.
    Both numbers are attained.
    """
    lower, upper = list[int](), list[int]()
    sides = (_lists(scores, min(depth, len(scores))) for scores in (left, right))
    for (listed, can, free), (other, other_can, other_free) in product(*sides):
        certain, both = len(listed & other), len(can & other_can)
        # Fewest: first the members that cannot be on the other list, then those that can be.
        own_left = max(0, free - len(can - other - other_can))
        other_left = max(0, other_free - len(other_can - listed - can))
        least, other_least = min(own_left, both), min(other_left, both)
        fewest = own_left - least + other_left - other_least
        lower.append(certain + fewest + max(0, least + other_least - both))
        # Most: first the members that are on the other list, then those that can be.
        joined, other_joined = min(free, len(can & other)), min(other_free, len(other_can & listed))
        most = joined + other_joined + min(free - joined, other_free - other_joined, both)
        upper.append(certain + most)
    return min(lower), max(upper)


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
