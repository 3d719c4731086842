"""What scores known only between two ends leave open of an order.

One stands certainly before another if its lower end is above the other's upper one. Ties have no
order of their own: wherever one is needed, either may come first.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, count, islice

from thbstats.results import Ranking
from thbstats.values import Interval

__all__ = ["agreement", "linear_orders", "overlaps_at", "scores_of", "weak_orders"]

Scores = Mapping[str, tuple[int, int]]
"""The smallest and the largest score of each member."""

_TIED = 10
"""Among so many that can stand first, every set is tried."""


def scores_of(ranking: Ranking) -> Scores:
    """Return the counts of a ranking, or its ranks upside down where nothing is known of any.

    Parameters
    ----------
    ranking : Ranking
        Computed from a table, or printed.

    Returns
    -------
    mapping
        A count without upper end gets one above all others.
    """
    scores = [item.stated for item in ranking]
    if all(score.lower in (0, None) and score.upper is None for score in scores):
        scores = [Interval.point(0) - rank for rank in ranking.ranks]
    ends = [int(end) for score in scores for end in (score.lower, score.upper) if end is not None]
    beyond = max(ends, default=0) + len(scores)
    pairs = [
        (int(score.lower or 0), beyond if score.upper is None else int(score.upper))
        for score in scores
    ]
    return dict(zip(ranking.labels, pairs, strict=True))


def linear_orders(scores: Scores) -> Iterator[tuple[str, ...]]:
    """Yield every order that the scores allow, ties broken in every way.

    Parameters
    ----------
    scores : mapping
        Between two ends, each independent of the others.
    """
    if not scores:
        yield ()
    for first in _can_lead(scores):
        rest = {name: ends for name, ends in scores.items() if name != first}
        for order in linear_orders(rest):
            yield (first, *order)


def _can_lead(scores: Scores) -> list[str]:
    """Those whom nobody is certainly before."""
    least = max((low for low, _ in scores.values()), default=0)
    return [name for name, (_, high) in scores.items() if high >= least]


def weak_orders(scores: Scores, limit: int) -> list[dict[str, int]] | None:
    """Return every order with ties that the scores allow, as the place of each member.

    Parameters
    ----------
    scores : mapping
        Whole scores between two ends, each independent of the others.
    limit : int
        How many orders are looked for.

    Returns
    -------
    list of dict or None
        ``None`` if there are more.
    """
    found = list(islice(_tied_orders(scores, None), limit + 1))
    return None if len(found) > limit else found


def _tied_orders(scores: Scores, below: int | None) -> Iterator[dict[str, int]]:
    """Yield the orders of those whose scores are below a number."""
    if not scores:
        yield {}
    candidates = _can_lead(scores)
    if len(candidates) > _TIED:
        # All orders of these, and no end of them.
        yield from ({name: at} for at in count() for name in candidates)
    for size in range(1, len(candidates) + 1):
        for first in combinations(candidates, size):
            # The highest score that all of them can share leaves most room for the others.
            score = min(scores[name][1] for name in first)
            score = score if below is None else min(score, below - 1)
            rest = {name: ends for name, ends in scores.items() if name not in first}
            shared = all(scores[name][0] <= score for name in first)
            if shared and all(low < score for low, _ in rest.values()):
                for order in _tied_orders(rest, score):
                    yield dict.fromkeys(first, 0) | {name: at + 1 for name, at in order.items()}


def overlaps_at(one: Scores, two: Scores, depth: int) -> tuple[int, int]:
    """Return how few and how many members the first places of two orders can have in common.

    Those before and behind a score are on and off the list; of those who can have that score any
    are. Both ends are reached.

    Parameters
    ----------
    one, two : mapping
        The scores behind each order.
    depth : int
        How many places.
    """
    found = [
        _shared(first, second)
        for first in _lists(one, min(depth, len(one)))
        for second in _lists(two, min(depth, len(two)))
    ]
    return min(low for low, _ in found), max(high for _, high in found)


List = tuple[frozenset[str], frozenset[str], int]
"""Who is on a list, who may be, and how many of these."""


def _lists(scores: Scores, depth: int) -> list[List]:
    """Return the ways in which the first places can be taken."""
    found: dict[List, None] = {}
    for line in {end for ends in scores.values() for end in ends}:
        on = frozenset(name for name, (low, _) in scores.items() if low > line)
        may = frozenset(name for name, (_, high) in scores.items() if high >= line) - on
        if len(on) <= depth <= len(on) + len(may):
            found[on, may, depth - len(on)] = None
    return list(found)


def _shared(one: List, two: List) -> tuple[int, int]:
    """Return how few and how many members two lists share, each with some that may be on it."""
    (on, may, free), (other_on, other_may, other_free) = one, two
    certain, both = len(on & other_on), len(may & other_may)
    mine, theirs = len(may & other_on), len(on & other_may)
    # As few: first those who cannot be on the other list, then those who only may be.
    left = max(0, free - len(may - other_on - other_may))
    other_left = max(0, other_free - len(other_may - on - may))
    open_ones, other_open = min(left, both), min(other_left, both)
    fewest = left - open_ones + other_left - other_open + max(0, open_ones + other_open - both)
    # As many: first those who are on the other list, then those who only may be.
    joined, other_joined = min(free, mine), min(other_free, theirs)
    most = joined + other_joined + min(free - joined, other_free - other_joined, both)
    return certain + fewest, certain + most


def agreement(one: Sequence[str], two: Sequence[str]) -> list[int]:
    """Return how many members the first places of two orders share, for each depth.

    Parameters
    ----------
    one, two : sequence of str
        The orders; a shorter one is compared as a whole where it ends.
    """
    depths = range(1, max(len(one), len(two)) + 1)
    return [len(set(one[:depth]) & set(two[:depth])) for depth in depths]
