"""Probability that independent revisions look like a pattern.

It is estimated from all revised cells (`Coincidence`), and a pattern is reported if it is at most
`_CHANCE`. Old figures and revisions have classes by powers of two (`_classes`):

===== ===================== ====================== ================================
class old figure            new less old figure    width (values, without the sign)
===== ===================== ====================== ================================
0     suppressed            0, or suppressed       1
1     0                     1                      1
2     1                     2 to 3                 2
3     2 to 3                4 to 7                 4
4     4 to 7                8 to 15                8
k     2^(k-2) to 2^(k-1)-1  2^(k-1) to 2^k-1       2^(k-1)
===== ===================== ====================== ================================

A suppressed figure counts as 0 in a difference. The largest fall of a figure of class k, to 0, has
class k-1. Its revisions have the classes 0 to k-1, and those of larger rises (`_RISES`): k+3.
"""

from typing import Any

import numpy as np

from thbstats.columns import Floats, Integers
from thbstats.releases.alignment import Rows

_CHANCE = 1e-4
"""The probability with which independent revisions may look like a pattern of one kind."""
_CAUTION = 3.0
"""The factor by which the expected number of coincidences may be underestimated."""
_FREQUENT = 8
"""The number of equal revisions from which their own share is a probability."""
_CLASSES = 66
"""The classes of figures: suppressed, 0, and 64 powers of two for all counts of int64."""
_RISES = 3
"""The classes of rises above the largest fall: 8 to 15, 16 to 31 and 32 to 63 for 4 to 7."""


def limit(searches: int) -> float:
    """Return the largest probability of a pattern that one of several searches finds.

    The searches share `_CHANCE` equally (Bonferroni), so that independent revisions look like a
    pattern in any of them with this probability at most. Each search states what it counts as one.

    In 3,200 tables, no independent revisions look like a pattern (``tests.releases.planted``). Of
    planted exchanges, 9 of 121 are found with a mean of 5, and 110 of 111 from 1,000 to 9,000.

    >>> limit(1), limit(4)
    (0.0001, 2.5e-05)
    """
    return _CHANCE / searches


class Coincidence:
    """Probability of each new figure if revisions are independent.

    It is estimated from all revised cells, by the magnitude of the old figure and of the revision,
    with one further revision in each class. A suppressed figure is negative.

    Here three of four old figures from 4 to 7 change by 1, and one changes by 2. The class of
    steps by 1 has (3 + 1) of 4 + 7 revisions, for the two values 5 - 1 and 5 + 1:

    >>> chance = Coincidence(np.array([4, 5, 6, 7]), np.array([5, 4, 8, 8]))
    >>> float(np.exp(chance.log(np.array([5]), np.array([6])))[0] * 11)
    2.0
    """

    def __init__(self, old: Integers, new: Integers) -> None:
        self.counts: Floats = np.zeros((_CLASSES, _CLASSES))
        size, step = _classes(old, new)
        np.add.at(self.counts, (size, step), 1)
        kinds, first, number = np.unique(_kinds(old, new), return_index=True, return_counts=True)
        # Of all revisions, or of those of the same figure: 5 can become <5, and 7 hardly.
        _, position, sizes = np.unique(old, return_inverse=True, return_counts=True)
        is_suppressed = (old[first] < 0) | (new[first] < 0)
        share = number / np.where(is_suppressed, sizes[position[first]], len(old))
        self.kinds: Integers = np.append(kinds[number >= _FREQUENT], np.iinfo(np.int64).max)
        self.share: Floats = np.append(share[number >= _FREQUENT], 0.0)

    def log(self, old: Integers, new: Integers) -> Floats:
        """Return the logarithm of the probability of each new figure, given the old one."""
        size, step = _classes(old, new)
        # One further revision in each class that a figure of this size can have.
        revisions = self.counts.sum(axis=1)[size] + size + _RISES
        seen = (self.counts[size, step] + 1) / revisions
        # A class of steps has as many values as its width, of both signs if the figure can fall.
        width = np.exp2(np.maximum(step - 1, 0)) * np.where((old > 0) & (step > 0), 2, 1)
        kind = _kinds(old, new)
        index = np.searchsorted(self.kinds, kind)
        likely = np.maximum(seen / width, self.share[index] * (self.kinds[index] == kind))
        with np.errstate(divide="ignore"):
            return np.log(np.where(old == new, 0.0, np.minimum(likely, 1.0)))


def _kinds(old: Integers, new: Integers) -> Integers:
    """Return equal numbers for equal revisions: the difference, or both figures if suppressed."""
    return np.where((old < 0) | (new < 0), ((old + 1) << 31) + new, new - old)


def _classes(old: Integers, new: Integers) -> tuple[Rows, Rows]:
    """Return the classes of old figures and of revisions, by powers of two.

    Here <5 becomes 1, 0 becomes 2, 4 becomes 0, and 7 is suppressed:

    >>> size, step = _classes(np.array([-7, 0, 4, 7]), np.array([1, 2, 0, -2]))
    >>> size.tolist(), step.tolist()
    ([0, 1, 4, 4], [1, 2, 3, 0])
    """
    difference = np.maximum(new, 0) - np.maximum(old, 0)
    size = np.where(old < 0, 0, 1 + np.frexp(old.astype(np.float64))[1])
    return size, np.where(new < 0, 0, np.frexp(difference.astype(np.float64))[1])


def expected_number(findings: Any, every: Any) -> Floats:
    """Return the expected number of findings with at most the probability of each finding."""
    last = np.searchsorted(np.sort(every), np.asarray(findings) * (1 + 1e-9), side="right")
    return np.append(0.0, np.cumsum(np.sort(every)))[last]


def beyond_chance(expected: Floats) -> int:
    """Return the number of least probable findings that coincidence does not explain.

    ``expected`` has, for each finding, the expected number of coincidences that are as improbable.
    It is sorted. The number of coincidences has a Poisson distribution, and its expected value
    is multiplied by 3: one finding with 1e-4 can be a coincidence, and two of them hardly:

    >>> beyond_chance(np.array([1e-4])), beyond_chance(np.array([1e-4, 1e-4]))
    (0, 2)
    """
    from scipy.special import gammainc

    number = np.arange(1, len(expected) + 1)
    # All findings have `_CHANCE`. The smaller numbers of findings are searches that share it.
    most = np.where(number == len(expected), limit(1), limit(max(len(expected), 1)))
    # The regularised gamma function is the probability of this number of coincidences or more.
    chance = gammainc(number, _CAUTION * expected)
    return int(number[chance <= most].max(initial=0))
