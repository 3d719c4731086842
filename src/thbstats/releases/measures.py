"""Measures of revisions by group."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Groups = NDArray[np.intp]

_QUANTILES = {"quantile_10": 0.1, "median": 0.5, "quantile_90": 0.9}


def revision_measures(
    early: NDArray[Any], late: NDArray[Any], group: Groups, size: int
) -> dict[str, NDArray[Any]]:
    """Return the measures of revisions of each group of figures, as columns.

    Parameters
    ----------
    early, late : array, shape (n,)
        The preliminary figure P and the later figure L.
    group : array of int, shape (n,)
        The group of each figure, below ``size``.
    size : int
        The number of groups.

    Returns
    -------
    dict
        Counts are integers. A mean or ratio of no figures is NaN.

    Notes
    -----
    With r = L - P: ``mean_revision = sum(r) / n``, ``mean_absolute_revision = sum(|r|) / n``,
    ``relative_mean_absolute_revision = sum(|r|) / sum(|L|)``, and ``noise_to_signal = s(r) / s(L)``
    with the standard deviations s of n - 1 degrees of freedom.
    """
    difference = np.asarray(late, dtype=np.float64) - np.asarray(early, dtype=np.float64)

    def total(values: Any) -> Floats:
        return np.bincount(group, values, minlength=size).astype(np.float64)

    n, absolute = total(None), np.abs(difference)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = total(difference) / n
        changed = total(difference != 0)
        spread = [
            np.sqrt(total((own - (total(own) / n)[group]) ** 2) / (n - 1))
            for own in (difference, np.asarray(late, dtype=np.float64))
        ]
        columns = {
            "n": n.astype(np.int64),
            "revised": changed.astype(np.int64),
            "share_revised": changed / n,
            "up": total(difference > 0).astype(np.int64),
            "down": total(difference < 0).astype(np.int64),
            "mean_revision": mean,
            "mean_absolute_revision": total(absolute) / n,
            "relative_mean_absolute_revision": total(absolute) / total(np.abs(late)),
            "mean_absolute_if_revised": total(absolute) / changed,
            **_order_statistics(difference, group, size),
            "standard_deviation": spread[0],
            "noise_to_signal": spread[0] / spread[1],
        }
    return columns


def _order_statistics(values: Floats, group: Groups, size: int) -> Mapping[str, Floats]:
    """Return the extremes and quantiles of each group, with linear interpolation.

    Most revisions are 0: only the others are sorted.
    """
    rows = np.flatnonzero(values)
    rows = rows[np.lexsort((values[rows], group[rows]))]
    ordered = np.append(values[rows], 0.0)
    sizes = np.bincount(group, minlength=size)
    below, other = (
        np.bincount(group[chosen], minlength=size) for chosen in (rows[values[rows] < 0], rows)
    )
    start, filled = np.cumsum(other) - other, sizes > 0

    def value(rank: Any) -> Floats:
        zeros = sizes - other
        place = np.where(rank < below, start + rank, start + rank - zeros)
        is_zero = (rank >= below) & (rank < below + zeros)
        return np.where(is_zero, 0.0, ordered[np.clip(place, 0, len(ordered) - 1)])

    result = {}
    for name, share in {"minimum": 0.0, **_QUANTILES, "maximum": 1.0}.items():
        place = share * np.maximum(sizes - 1, 0)
        floor = np.floor(place).astype(np.intp)
        low, high = value(floor), value(np.minimum(floor + 1, np.maximum(sizes - 1, 0)))
        result[name] = np.where(filled, low + (place - floor) * (high - low), np.nan)
    return result


def moved_between(
    difference: NDArray[Any], split: Groups, size: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the net revision of each group and the number moved between its categories.

    ``net = |sum d|``, ``moved = (sum |d| - |sum d|) / 2`` for the revisions d of the categories.
    """
    net = np.abs(np.bincount(split, difference, minlength=size))
    every = np.bincount(split, np.abs(difference), minlength=size)
    return net.astype(np.int64), ((every - net) / 2).astype(np.int64)
