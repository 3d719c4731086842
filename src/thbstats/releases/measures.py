"""Measures of revisions by group."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Groups = NDArray[np.intp]

_QUANTILES = {"minimum": 0.0, "quantile_10": 0.1, "median": 0.5, "quantile_90": 0.9, "maximum": 1.0}


def revision_measures(
    early: NDArray[Any], late: NDArray[Any], group: Groups, size: int
) -> dict[str, NDArray[Any]]:
    """Return the measures of revisions of each group of figures, as columns.

    A mean or ratio of no figures is NaN.
    """
    figure = np.asarray(late, dtype=np.float64)
    difference = figure - early

    def total(values: Any) -> Floats:
        return np.bincount(group, values, minlength=size).astype(np.float64)

    n, absolute, changed = total(None), total(np.abs(difference)), total(difference != 0)
    with np.errstate(invalid="ignore", divide="ignore"):
        deviations = (own - (total(own) / n)[group] for own in (difference, figure))
        spread, signal = (np.sqrt(total(own**2) / (n - 1)) for own in deviations)
        return {
            "n": n.astype(np.int64),
            "revised": changed.astype(np.int64),
            "share_revised": changed / n,
            "up": total(difference > 0).astype(np.int64),
            "down": total(difference < 0).astype(np.int64),
            "mean_revision": total(difference) / n,
            "mean_absolute_revision": absolute / n,
            "relative_mean_absolute_revision": absolute / total(np.abs(figure)),
            "mean_absolute_if_revised": absolute / changed,
            **_order_statistics(difference, group, size),
            "standard_deviation": spread,
            "noise_to_signal": spread / signal,
        }


def _order_statistics(values: Floats, group: Groups, size: int) -> dict[str, Floats]:
    """Return the extremes and quantiles of each group, with linear interpolation.

    Most revisions are 0: only the others are sorted.
    """
    rows = np.flatnonzero(values)
    rows = rows[np.lexsort((values[rows], group[rows]))]
    ordered, sizes = np.append(values[rows], 0.0), np.bincount(group, minlength=size)
    below = np.bincount(group[rows[values[rows] < 0]], minlength=size)
    other = np.bincount(group[rows], minlength=size)
    start, zeros, last = np.cumsum(other) - other, sizes - other, np.maximum(sizes - 1, 0)

    def value(rank: Any) -> Floats:
        index = start + np.where(rank < below, rank, rank - zeros)
        is_zero = (rank >= below) & (rank < below + zeros)
        return np.where(is_zero, 0.0, ordered[np.clip(index, 0, len(ordered) - 1)])

    result = {}
    for name, share in _QUANTILES.items():
        floor = np.floor(share * last).astype(np.intp)
        low, high = value(floor), value(np.minimum(floor + 1, last))
        result[name] = np.where(sizes > 0, low + (share * last - floor) * (high - low), np.nan)
    return result
