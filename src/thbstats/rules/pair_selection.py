"""Pairs of numbers, and the names of the numbers."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from thbstats.columns import Coded
from thbstats.panel import Panel

__all__ = ["all_pairs", "names_of", "pairs_in_one_dimension", "places_of"]

Place = tuple[str, ...]
"""The category of a number in each dimension."""


def places_of(panel: Panel) -> list[Place]:
    """Return label, area and period of each number; a label can contain the other two."""
    found: list[Place] = []
    for label, area, period in zip(panel.label, panel.area, panel.period, strict=True):
        where = str(area), str(period)
        words = [word for word in label.split(", ") if word not in where]
        found.append((", ".join(words), *where))
    return found


def names_of(places: Sequence[Place]) -> list[str]:
    """Return the names of places, without the words that all of them share."""
    varies = [len(set(values)) > 1 for values in zip(*places, strict=True)]
    names = [
        ", ".join(
            [word for word, own in zip(place, varies, strict=True) if own]
            or [word for word in place if word]
        )
        for place in places
    ]
    again = Counter[str]()
    for position, name in enumerate(names):
        again[name] += 1
        if again[name] > 1:
            names[position] = f"{name} ({again[name]})"
    return names


def all_pairs(size: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return all pairs, the earlier number first."""
    later = np.arange(size - 1, -1, -1)
    first = np.repeat(np.arange(size), later)
    starts = np.cumsum(later) - later
    return first, np.arange(len(first)) - np.repeat(starts - np.arange(size) - 1, later)


def pairs_in_one_dimension(places: Sequence[Place]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the pairs that differ in one dimension."""
    first, second = all_pairs(len(places))
    differ = np.zeros(len(first), dtype=np.int8)
    for values in zip(*places, strict=True):
        codes = Coded.of(values).codes
        differ += codes[first] != codes[second]
    return first[differ == 1], second[differ == 1]
