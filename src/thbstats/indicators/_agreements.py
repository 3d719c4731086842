"""Agreement of two rankings of counts between bounds.

A member is certainly before another if its lower score is above the other's upper score. Equal
scores have no order: where an order is needed, either can be first. Where bounds allow few orders,
all are tried; otherwise the bounds of a measure are outer bounds.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import combinations, islice, product, repeat
from typing import Any

import numpy as np

from thbstats.errors import UnknownName, did_you_mean, require
from thbstats.formulas.ranks import extrapolated_overlap, pair_signs, weighted_overlap
from thbstats.geography import Area
from thbstats.panel import Base, Result, ResultKind, panel_from_rows
from thbstats.rules import Rule, Thresholds, apply_rules, compare
from thbstats.values import Interval, Rational, exact, flag_set, logarithm, square_root

Scores = Mapping[str, tuple[int, int]]
"""The smallest and the largest score of each member."""

_TIES = 10
"""The largest number of possible first members of which every subset is tried."""

_ORDERS = 1_000
_PAIRS = 15_000
"""The numbers of orders, and of pairs of orders, that are tried; for more, bounds are outer."""


def agreement_of(
    first: Any, second: Any, *, method: str, top: int | None,
    p: Rational | str | None, thresholds: Thresholds | None, rules: Iterable[Rule] | None,
) -> Result:  # fmt: skip
    """Return the agreement of two rankings."""
    if method not in _METHODS:
        raise UnknownName(
            f"`method` must be one of {', '.join(_METHODS)}",
            field="method",
            value=method,
            hint=did_you_mean(str(method), _METHODS),
        )
    is_ranking = isinstance(second, type(first))
    for name, ranking, is_valid in (("self", first, True), ("other", second, is_ranking)):
        require(
            is_valid and len(ranking),
            f"`{name}` must be a ranking with members",
            "Pass the result of thbstats.ranking",
            **{name: "an empty ranking" if is_valid else type(ranking)},
        )
    require(top is None or top >= 1, "`top` must be 1 or more", "Use top=5", top=top)
    own = _METHODS[method](_scores_of(first), _scores_of(second), top, p)
    fields = {
        **own,
        **dict.fromkeys(("bounds", "bounds_with_unknown"), own.get("bounds", own["value"])),
        "indicator": "agreement",
        "estimand": own["estimand"].format(first.caption, second.caption),
        "denominator": Interval.point(own["denominator"]),
        "base": Base(rule="all", label=own["base"]),
    }
    applied: dict[str, Any] = {"thresholds": thresholds, "rules": rules}
    before, result = (
        apply_rules(panel_from_rows(own["label"], [{**fields, **_context(side)}]), **applied).row(0)
        for side in (first, second)
    )
    pair = compare(before, result, **applied).warnings
    return result.panel.with_notes([[item for item in pair if item not in result.warnings]]).row(0)


def _context(ranking: Any) -> Mapping[str, Any]:
    """Return area, period, coverage and sources of a ranking."""
    row = ranking.row(0)
    names = ["period", "numerator_kind", "denominator_kind", "sources", "breaks"]
    if ranking.area.is_constant:
        names += ["area", "reporters", "expected", "n_reporters", "suppression"]
    context = {name: getattr(row, name) for name in names}
    context["flags"] = flag_set(int(np.bitwise_or.reduce(ranking.flags)))
    if not ranking.area.is_constant:
        members = frozenset[str]().union(*(area.members for area in ranking.area))
        reported = (own for own in ranking.reporters if own is not None)
        context |= {"area": Area.from_countries(members), "expected": members}
        context["reporters"] = frozenset[str]().union(*reported)
    return context


def _scores_of(ranking: Any) -> Scores:
    """Return the counts of a ranking, else reversed ranks."""
    scores = [row.value_or_bounds for row in ranking]
    if all(score.lower in (0, None) and score.upper is None for score in scores):
        scores = [Interval.point(0) - rank for rank in ranking.ranks]
    bounds = [int(end) for score in scores for end in (score.lower, score.upper) if end is not None]
    beyond = max(bounds, default=0) + len(scores)
    return {
        label: (int(score.lower or 0), beyond if score.upper is None else int(score.upper))
        for label, score in zip(ranking.labels, scores, strict=True)
    }


def _overlap(first: Scores, second: Scores, top: int | None, p: object) -> dict[str, Any]:
    longer = max(len(first), len(second))
    depth = longer if top is None else min(top, longer)
    shared = Interval(*shared_at(first, second, depth))
    return {
        "value": shared.scale(Fraction(1, depth)),
        "kind": ResultKind.SHARE,
        "label": "in both rankings",
        "estimand": "members of both {} and {}",
        "numerator": shared,
        "denominator": depth,
        "base": "members of the longer ranking" if top is None else f"the first {depth} of each",
    }


def _kendall_tau(first: Scores, second: Scores, top: object, p: object) -> dict[str, Any]:
    names = [name for name in first if name in second]
    require(
        len(names) >= 2,
        "both rankings must share two members or more",
        "Pass rankings with common members, or use method='overlap'",
        second=", ".join(names) or "no common member",
    )
    sides = [{name: scores[name] for name in names} for scores in (first, second)]
    surplus, tau, sharp = rank_correlation(*sides)
    return {
        "value": tau,
        "kind": ResultKind.CORRELATION,
        "label": "Kendall's tau-b",
        "estimand": "agreement in order of {} and {}",
        "numerator": surplus,
        "denominator": len(names) * (len(names) - 1) // 2,
        "base": f"pairs of the {len(names)} members of both rankings",
        "bounds_attained": sharp,
    }


def _rank_biased_overlap(first: Scores, second: Scores, top: object, p: Any) -> dict[str, Any]:
    try:
        weight = Fraction(exact(Fraction(p) if isinstance(p, str) else p, "p"))
    except (ValueError, TypeError):
        weight = Fraction(0)
    require(0 < weight < 1, "`p` must be between 0 and 1", 'Use p="0.9"', p=p)
    likely, bounds, sharp = rank_biased(first, second, weight)
    return {
        "value": likely,
        "bounds": bounds,
        "kind": ResultKind.INDEX,
        "label": f"rank-biased overlap (p = {weight})",
        "estimand": "members of both {} and {}, weighted by depth",
        "numerator": Interval.point(len(set(first) & set(second))),
        "denominator": max(len(first), len(second)),
        "base": f"members of the longer ranking; each depth has {weight} of the weight before",
        "bounds_attained": sharp,
    }


_METHODS = {
    "overlap": _overlap,
    "kendall_tau": _kendall_tau,
    "rank_biased_overlap": _rank_biased_overlap,
}


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
    """Return the members that no other is certainly before."""
    lower = max((low for low, _ in scores.values()), default=0)
    return [name for name, (_, high) in scores.items() if high >= lower]


def _linear_orders(scores: Scores) -> Iterator[tuple[str, ...]]:
    """Yield every order that the scores allow, ties in every order."""
    if not scores:
        yield ()
    for first in _can_lead(scores):
        others = {name: bounds for name, bounds in scores.items() if name != first}
        yield from ((first, *order) for order in _linear_orders(others))


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
