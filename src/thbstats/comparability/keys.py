"""Questions that depend on little of a number: asked once for each kind of pair, not for each pair.

Two thousand numbers make two million pairs, but a handful of bases, units, periods and areas.
"""

from collections.abc import Callable, Hashable, Sequence
from functools import partial
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
    (rows, columns), pairs = _key_pairs(a, b, key)
    if len(rows) == len(columns) == 1 and len(pairs):  # as for most rules in most grids
        return np.full(len(pairs), _code(find(rows[0], columns[0])), dtype=np.int8)
    size = len(rows) * len(columns)
    occurring = _occurring(pairs, size)
    split = (divmod(pair, len(columns)) for pair in occurring.tolist())
    found = [_code(find(rows[one], columns[two])) for one, two in split]
    return _looked_up(np.array(found, dtype=np.int8), occurring, pairs, size)


def kinds(
    a: Results, b: Results, key: Callable[[Result], Key]
) -> tuple[list[tuple[Key, Key]], Places]:
    """Return the pairs of keys that occur, and which of them each pair of numbers has."""
    (rows, columns), pairs = _key_pairs(a, b, key)
    size = len(rows) * len(columns)
    occurring = _occurring(pairs, size)
    split = (divmod(pair, len(columns)) for pair in occurring.tolist())
    found = [(rows[one], columns[two]) for one, two in split]
    return found, _looked_up(np.arange(len(found)), occurring, pairs, size)


def per_number(numbers: Results, get: Callable[[Results], NDArray[Scalar]]) -> NDArray[Scalar]:
    """Return a column that is computed once for each number, and not once for each pair."""
    whole, places = numbers.distinct
    question = _question(get)
    if question not in whole.asked:
        whole.asked[question] = get(whole)
    column: NDArray[Scalar] = whole.asked[question]
    return column[places]


def _key_pairs(
    a: Results, b: Results, key: Callable[[Result], Key]
) -> tuple[tuple[Sequence[Key], Sequence[Key]], NDArray[np.intp]]:
    """Return the distinct keys of each side, and the two that each pair has, as one code."""
    (rows, one), (columns, two) = _coded(a, key), _coded(b, key)
    if len(rows) == len(columns) == 1:
        return (rows, columns), np.zeros(len(a), dtype=np.intp)
    return (rows, columns), one[a.distinct[1]] * len(columns) + two[b.distinct[1]]


def _coded(
    numbers: Results, key: Callable[[Result], Key]
) -> tuple[Sequence[Key], NDArray[np.intp]]:
    """Return distinct keys, and which of them each distinct number has; nothing is asked twice."""
    whole, places = numbers.distinct
    question = _question(key)
    if question not in whole.asked:
        whole.asked[question] = {}, np.full(len(whole), -1, dtype=np.intp)
    codes, each = whole.asked[question]
    used = np.zeros(len(whole), dtype=np.bool_)
    used[places] = True
    for place in np.flatnonzero(used & (each < 0)).tolist():
        each[place] = codes.setdefault(key(whole.items[place]), len(codes))
    return tuple(codes), each


def _question(function: Callable[..., object]) -> Hashable:
    """Return what a function asks; two partials of one function and one argument ask the same."""
    if isinstance(function, partial):
        return function.func, function.args, tuple(sorted(function.keywords.items()))
    return function


def _few(pairs: Places, size: int) -> bool:
    """Whether a table with a place for every code is not much larger than the pairs are many."""
    return size <= 4 * len(pairs) + 64


def _occurring(pairs: Places, size: int) -> NDArray[np.intp]:
    """Return the codes of pairs that occur, in order."""
    if not _few(pairs, size):
        return np.unique(pairs)
    occurs = np.zeros(size, dtype=np.bool_)
    occurs[pairs] = True
    return np.flatnonzero(occurs)


def _looked_up(
    found: NDArray[Scalar], occurring: NDArray[np.intp], pairs: Places, size: int
) -> NDArray[Scalar]:
    """Return for each pair what was found for its code."""
    if not _few(pairs, size):
        return found[np.searchsorted(occurring, pairs)]
    table = np.zeros(size, dtype=found.dtype)
    table[occurring] = found
    return table[pairs]


def _code(found: Answer | Severity) -> int:
    return found.code if isinstance(found, Answer) else found.weight
