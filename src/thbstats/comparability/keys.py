"""Questions that depend on little of a number: asked once for each kind of pair, not for each pair.

Two thousand numbers make two million pairs, but a handful of bases, units, periods and areas.
"""

from collections.abc import Callable, Hashable
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from thbstats.results import Answer, Places, Result, Results, Severity

__all__ = ["by_key", "per_number"]

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
    codes: dict[Key, int] = {}
    known: dict[int, Places] = {}
    one, two = (_coded(numbers, key, codes, known) for numbers in (a, b))
    keys = list(codes)
    kinds, kind_of = _kinds(one * len(keys) + two, len(keys) ** 2)
    found = [
        _code(find(keys[first], keys[second]))
        for first, second in (divmod(kind, len(keys)) for kind in kinds.tolist())
    ]
    return np.array(found, dtype=np.int8)[kind_of]


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


def _kinds(pairs: Places, size: int) -> tuple[Places, Places]:
    """Return the kinds of pairs that occur, and which of them each pair is."""
    if size > 4 * len(pairs):
        return np.unique(pairs, return_inverse=True)
    # Of few kinds, marking those that occur is faster than sorting the pairs.
    occurs = np.zeros(size, dtype=np.bool_)
    occurs[pairs] = True
    kinds = np.flatnonzero(occurs)
    order = np.zeros(size, dtype=np.intp)
    order[kinds] = np.arange(len(kinds))
    return kinds, order[pairs]


def _code(found: Answer | Severity) -> int:
    return found.code if isinstance(found, Answer) else found.weight
