"""Questions that depend on little of a number: asked once for each kind of pair, not for each pair.

Two thousand numbers make two million pairs, but a handful of bases, units, periods and areas.
"""

from collections.abc import Callable, Hashable
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from thbstats.results import Answer, Places, Result, Results, Severity

__all__ = ["by_key", "kinds", "per_number"]

Key = TypeVar("Key", bound=Hashable)
Scalar = TypeVar("Scalar", bound=np.generic)


def by_key(
    a: Results,
    b: Results,
    key: Callable[[Result], Key],
    find: Callable[[Key, Key], Answer | Severity],
) -> NDArray[np.int8]:
    """Return what is found for each pair, asked once for each pair of keys that occurs.

    Parameters
    ----------
    a, b : Results
        The numbers, pair by pair.
    key : callable
        All that matters of a number, as something that can be looked up.
    find : callable
        From two keys to an answer, for `Rule.check`, or to a severity, for `Rule.weight`.

    Returns
    -------
    array of int8, shape (n,)
        Codes of answers, or weights.

    Examples
    --------
    >>> import thbstats as thb
    >>> from thbstats.comparability import alike
    >>> steps = thb.funnel(thb.publications.com_2018_777().data.justice)
    >>> by_key(steps, steps, lambda step: step.period, lambda one, two: alike([one, two]))
    array([1, 1, 1], dtype=int8)
    """
    pairs, kind_of = kinds(a, b, key)
    return np.array([_code(find(one, two)) for one, two in pairs], dtype=np.int8)[kind_of]


def kinds(
    a: Results, b: Results, key: Callable[[Result], Key]
) -> tuple[list[tuple[Key, Key]], Places]:
    """Return the pairs of keys that occur, and which of them each pair of numbers has."""
    codes: dict[Key, int] = {}
    known: dict[int, Places] = {}
    one, two = (_coded(numbers, key, codes, known) for numbers in (a, b))
    keys = list(codes)
    occurring, kind_of = _occurring(one * len(keys) + two, len(keys) ** 2)
    pairs = (divmod(pair, len(keys)) for pair in occurring.tolist())
    return [(keys[first], keys[second]) for first, second in pairs], kind_of


def per_number(numbers: Results, get: Callable[[Results], NDArray[Scalar]]) -> NDArray[Scalar]:
    """Return a column that is computed once for each number, and not once for each pair."""
    whole, places = numbers.distinct
    return get(whole)[places]


def _coded(
    numbers: Results, key: Callable[[Result], Key], codes: dict[Key, int], known: dict[int, Places]
) -> Places:
    """Return which key each number has, and add to the codes of keys; no number is asked twice."""
    whole, places = numbers.distinct
    each = known.setdefault(id(whole), np.full(len(whole), -1, dtype=np.intp))
    used = np.zeros(len(whole), dtype=np.bool_)
    used[places] = True
    for place in np.flatnonzero(used & (each < 0)).tolist():
        each[place] = codes.setdefault(key(whole.items[place]), len(codes))
    return each[places]


def _occurring(pairs: Places, size: int) -> tuple[Places, Places]:
    """Return the codes of pairs that occur, in order, and which of them each pair has."""
    if size > 4 * len(pairs):
        return np.unique(pairs, return_inverse=True)
    # Where few can occur, marking those that do is faster than sorting the pairs.
    occurs = np.zeros(size, dtype=np.bool_)
    occurs[pairs] = True
    found = np.flatnonzero(occurs)
    order = np.zeros(size, dtype=np.intp)
    order[found] = np.arange(len(found))
    return found, order[pairs]


def _code(found: Answer | Severity) -> int:
    return found.code if isinstance(found, Answer) else found.weight
