"""Fisher's noncentral hypergeometric distribution, in the number of persons."""

from collections.abc import Callable
from math import log, sqrt

import numpy as np

_SPREAD, _MARGIN = 12, 40
"""A window of 12 standard deviations and 40 values has all but 10**-30 of the distribution."""


def tails(both: int, first: int, second: int, persons: int, ratio: float) -> tuple[float, float]:
    r"""Return the probabilities of at most, and of at least, an overlap of two lists.

    .. math:: P(X = x) \propto \binom{A}{x} \binom{N - A}{B - x} \psi^x

    Parameters
    ----------
    both : int
        The overlap.
    first, second : int
        The sizes A and B of the lists.
    persons : int
        The number N of all persons.
    ratio : float
        The odds ratio ψ.

    Examples
    --------
    >>> [round(p, 4) for p in tails(1, 2, 2, 4, 1.0)]
    [0.8333, 0.8333]
    """
    lowest, highest = max(0, first + second - persons), min(first, second)
    if ratio == 0:
        return (1.0, 1.0) if both <= lowest else (1.0, 0.0)
    # The mode solves (A - x)(B - x)ψ = x(N - A - B + x), nearly.
    rest = persons - first - second
    a, b, c = ratio - 1, -(ratio * (first + second) + rest), ratio * first * second
    mode = -c / b if abs(a) < 1e-12 else 2 * c / (-b + sqrt(max(b * b - 4 * a * c, 0.0)))
    mode = min(max(mode, lowest), highest)
    cells = (mode, first - mode, second - mode, rest + mode)
    spread = 1 / sqrt(sum(1 / max(cell, 1) for cell in cells))
    start = max(lowest, int(mode - _SPREAD * spread) - _MARGIN)
    stop = min(highest, int(mode + _SPREAD * spread) + _MARGIN)
    if not start <= both <= stop:
        return (1.0, 0.0) if both > stop else (0.0, 1.0)
    x = np.arange(start, stop, dtype=np.float64)
    steps = np.log((first - x) / (x + 1)) + np.log((second - x) / (rest + x + 1)) + log(ratio)
    weights = np.concatenate(([0.0], np.cumsum(steps)))
    weights = np.exp(weights - weights.max())
    total, position = weights.sum(), both - start
    return float(weights[: position + 1].sum() / total), float(weights[position:].sum() / total)


def smallest(accepts: Callable[[int], bool], start: int) -> int:
    """Return the smallest integer from `start` that a test accepts; it accepts all larger ones."""
    if accepts(start):
        return start
    step = 1
    while not accepts(start + step):
        step *= 2
    low, high = start + step // 2, start + step
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if accepts(middle) else (middle, high)
    return high


def largest(accepts: Callable[[int], bool], start: int) -> int | None:
    """Return the largest integer from `start` that a test accepts; ``None`` if it rejects it."""
    if not accepts(start):
        return None
    return smallest(lambda number: not accepts(number), start) - 1
