"""Fisher's noncentral hypergeometric distribution."""

from collections.abc import Callable
from math import log, sqrt

import numpy as np

_SPREAD, _MARGIN = 12, 40
"""A window of 12 standard deviations and 40 values has all but 10**-30 of the distribution."""


def tails(both: int, sizes: tuple[int, int], persons: int, ratio: float) -> tuple[float, float]:
    r"""Return the probabilities of at most, and of at least, an overlap of two lists.

    .. math:: P(X = x) \propto \binom{A}{x} \binom{N - A}{B - x} \psi^x

    for the sizes A and B of the lists, the number N of all persons and the odds ratio ψ.

    Examples
    --------
    >>> [round(p, 4) for p in tails(1, (2, 2), 4, 1.0)]
    [0.8333, 0.8333]
    """
    first, second = sizes
    remaining = persons - first - second
    lowest, highest = max(0, -remaining), min(sizes)
    if ratio == 0:
        return 1.0, float(both <= lowest)
    # The mode nearly solves (A - x)(B - x)ψ = x(N - A - B + x).
    a, b, c = ratio - 1, ratio * (first + second) + remaining, ratio * first * second
    mode = 2 * c / (b + sqrt(max(b * b - 4 * a * c, 0.0)) or 1.0)
    mode = min(max(mode, lowest), highest)
    cells = (mode, first - mode, second - mode, remaining + mode)
    width = int(_SPREAD / sqrt(sum(1 / max(cell, 1) for cell in cells))) + _MARGIN
    start, stop = max(lowest, int(mode) - width), min(highest, int(mode) + width)
    if not start <= both <= stop:
        return float(both > stop), float(both < start)
    x = np.arange(start, stop, dtype=np.float64)
    steps = np.log((first - x) / (x + 1)) + np.log((second - x) / (remaining + x + 1)) + log(ratio)
    weights = np.concatenate(([0.0], np.cumsum(steps)))
    weights = np.exp(weights - weights.max())
    total, position = weights.sum(), both - start
    return float(weights[: position + 1].sum() / total), float(weights[position:].sum() / total)


def smallest(accepts: Callable[[int], bool], start: int) -> int:
    """Return the smallest integer from `start` that a test accepts; it accepts all larger ones."""
    low, step = start - 1, 1
    while not accepts(low + step):
        low, step = low + step, 2 * step
    high = low + step
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if accepts(middle) else (middle, high)
    return high
