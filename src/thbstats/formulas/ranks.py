"""Ranks, and agreement of two rankings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from thbstats.errors import InvalidValue, require
from thbstats.formulas._numbers import as_counts, column_formula, divide

Index = NDArray[np.intp]


@column_formula
def competition_ranks(counts: ArrayLike) -> NDArray[np.int64]:
    """Return the ranks of counts, the largest first; ties have the better rank.

    ``rank_i = 1 + number of counts above count_i``

    Parameters
    ----------
    counts : array_like, shape (n,)
        Counts.

    Returns
    -------
    ndarray of int64, shape (n,)
        From 1 to n.

    Raises
    ------
    InvalidValue
        As for `share`.

    Examples
    --------
    >>> competition_ranks([40, 70, 40, 10]).tolist()
    [2, 1, 2, 4]
    """
    values, hint = as_counts(counts, "counts"), "Give a list of counts"
    require(values.ndim == 1, "must have one axis", hint, counts=f"shape {values.shape}")
    return rank_bounds(values, values, np.zeros(len(values), dtype=np.intp))[0]


def rank_bounds(lower: Any, upper: Any, groups: Index) -> tuple[Index, Index]:
    """Return the best and the worst rank of counts between bounds, within groups."""
    # Values as integers in their order, so that group and value make one key.
    values, indices = np.unique(np.concatenate([lower, upper]), return_inverse=True)
    indices = np.asarray(indices).reshape(2, len(lower)) + groups * len(values)
    low_bound, high_bound = np.sort(indices[0]), np.sort(indices[1])
    bounds = np.searchsorted(low_bound, (groups + 1) * len(values))
    best = 1 + bounds - np.searchsorted(low_bound, indices[1], side="right")
    above = bounds - np.searchsorted(high_bound, indices[0], side="right")
    # A count is not above itself, however wide it is.
    return best, 1 + above - (upper > lower)


def overlap(first: ArrayLike, second: ArrayLike) -> float:
    """Return the share of common members of two top lists.

    ``overlap = |A and B| / max(|A|, |B|)``

    Parameters
    ----------
    first, second : array_like of str or int, shape (n,)
        Members, in any order, each once.

    Returns
    -------
    float
        In [0, 1]; 1 if both have the same members; ``nan`` if both are empty.

    Raises
    ------
    InvalidValue
        If a list contains a member twice, or is not a list.

    Examples
    --------
    >>> overlap(["RO", "HU", "NL", "PL", "BG"], ["RO", "BG", "NL", "HU", "PL"])
    1.0
    """
    lists = [set(_members(first, "first")), set(_members(second, "second"))]
    longest = max(map(len, lists))
    return len(set.intersection(*lists)) / longest if longest else float("nan")


@column_formula
def kendall_tau_b(first: ArrayLike, second: ArrayLike) -> float:
    """Return Kendall's tau-b of two rankings of the same members.

    ``tau_b = (C - D) / sqrt((P - T1) * (P - T2))``, with ``C`` of ``P`` pairs in the same order in
    both rankings, ``D`` in opposite order, ``T1`` and ``T2`` tied in the first and in the second.

    Parameters
    ----------
    first, second : array_like, shape (n,)
        Counts of the members, in the same order of members.

    Returns
    -------
    float
        In [-1, 1]; ``nan`` if all members are tied in one ranking.

    Raises
    ------
    InvalidValue
        As for `share`.

    Examples
    --------
    >>> round(kendall_tau_b([40, 30, 20], [30, 40, 20]), 3)
    0.333

    References
    ----------
    Kendall, "The treatment of ties in ranking problems", Biometrika 33 (1945).
    """
    counts = as_counts(first, "first"), as_counts(second, "second")
    if counts[0].ndim != 1 or counts[0].shape != counts[1].shape:
        raise InvalidValue(
            "must be a list of the same length as `first`",
            field="second",
            value=f"shapes {counts[0].shape} and {counts[1].shape}",
            hint="Give two lists of counts, of equal length",
        )
    signs, other = map(pair_signs, counts)
    root = np.sqrt(np.abs(signs).sum() * np.abs(other).sum())
    return float(divide((signs * other).sum(), root))


def pair_signs(scores: Any) -> Any:
    """Return 1, -1, or 0 for a tie, for each pair of scores on the last axis."""
    first, second = np.triu_indices(scores.shape[-1], 1)
    return np.sign(scores[..., second] - scores[..., first])


def rank_biased_overlap(first: ArrayLike, second: ArrayLike, p: float) -> float:
    """Return the rank-biased overlap of two lists, with extrapolation.

    ``RBO = (1 - p) * sum over depths d of p**(d-1) * A_d``, with ``A_d`` the share of common
    members of the first ``d`` of both lists. The last agreement is extrapolated.

    Parameters
    ----------
    first, second : array_like of str or int, shape (n,) and (m,)
        Members in order, each once.
    p : float
        The weight of each depth relative to the one before, above 0 and below 1.

    Returns
    -------
    float
        In [0, 1]; 1 for equal lists; ``nan`` if one is empty.

    Raises
    ------
    InvalidValue
        If a list contains a member twice, is not a list, or p is not between 0 and 1.

    Examples
    --------
    >>> round(rank_biased_overlap(["RO", "HU", "NL"], ["RO", "NL", "PL"], 0.9), 3)
    0.685

    References
    ----------
    Webber, Moffat and Zobel, "A similarity measure for indefinite rankings", ACM Transactions on
    Information Systems 28 (2010), equation 32.
    """
    require(0 < p < 1, "must be between 0 and 1", "Give 0.9", p=p)
    short, long = sorted((_members(first, "first"), _members(second, "second")), key=len)
    if not short:
        return float("nan")
    depths = range(1, len(long) + 1)
    shared = [len(set(short[:depth]) & set(long[:depth])) for depth in depths]
    return float(extrapolated_overlap(shared, len(short), p))


def extrapolated_overlap(shared: Sequence[int], short: int, p: Any) -> Any:
    """Return the overlap of two lists from their shared members at each depth.

    The agreement at the last member of the shorter list is extrapolated. Exact for a fraction.
    """
    full = [
        n + p**0 * shared[short - 1] * max(depth - short, 0) / short
        for depth, n in enumerate(shared, start=1)
    ]
    return weighted_overlap(full, p) + full[-1] / len(full) * p ** len(full)


def weighted_overlap(shared: Sequence[Any], p: Any) -> Any:
    """Return the sum of shared members over depth, each depth with its weight."""
    terms = (n * p ** (depth - 1) / depth for depth, n in enumerate(shared, start=1))
    return (1 - p) * sum(terms, 0 * p)


def _members(members: ArrayLike, name: str) -> list[Any]:
    hint = "Give a list of names; write a set as list(...)"
    require(np.ndim(members) == 1, "must be a list of members", hint, **{name: members})
    unique, times = np.unique(np.asarray(members), return_counts=True)
    twice = [str(member) for member in unique[times > 1].tolist()]
    hint = "Remove the repeated member"
    require(not twice, "must contain each member once", hint, **{name: "".join(twice[:1])})
    listed: list[Any] = np.asarray(members).tolist()
    return listed
