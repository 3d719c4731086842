"""Ranks, and agreement of two rankings."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from thbstats.errors import InvalidValue
from thbstats.formulas._columns import column_formula
from thbstats.formulas._numbers import as_counts, divide

__all__ = ["competition_ranks", "kendall_tau_b", "overlap", "rank_biased_overlap"]


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
        If a value is not a count, or there is not one axis.

    Examples
    --------
    >>> competition_ranks([40, 70, 40, 10]).tolist()
    [2, 1, 2, 4]
    """
    values = as_counts(counts, "counts")
    if values.ndim != 1:
        raise InvalidValue(
            "must have one axis",
            field="counts",
            value=f"shape {values.shape}",
            hint="Give a list of counts",
        )
    return 1 + len(values) - np.searchsorted(np.sort(values), values, side="right")


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
    lists = [_members(first, "first"), _members(second, "second")]
    longest = max(len(members) for members in lists)
    return len(np.intersect1d(lists[0], lists[1])) / longest if longest else float("nan")


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
        If a value is not a count, or the lists have different lengths.

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
    signs = [np.sign(np.subtract.outer(values, values)) for values in counts]
    untied = np.asarray(np.prod([np.sqrt((own**2).sum()) for own in signs]))
    return float(divide(np.asarray((signs[0] * signs[1]).sum()), untied))


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
    if not 0 < p < 1:
        raise InvalidValue("must be between 0 and 1", field="p", value=p, hint="Give 0.9")
    _members(first, "first")
    _members(second, "second")
    short, long = sorted((np.asarray(first).tolist(), np.asarray(second).tolist()), key=len)
    if not short:
        return float("nan")
    depths = np.arange(1, len(long) + 1)
    shared = np.array([len(set(short[:depth]) & set(long[:depth])) for depth in depths])
    # The agreement at the last member of the shorter list is extrapolated.
    last = shared[len(short) - 1] / len(short)
    agreed = (shared + last * np.maximum(depths - len(short), 0)) / depths
    return float((1 - p) * (agreed * p ** (depths - 1)).sum() + agreed[-1] * p ** len(long))


def _members(members: ArrayLike, name: str) -> NDArray[Any]:
    """Return the members of a list in alphabetical order."""
    if np.ndim(members) != 1:
        raise InvalidValue(
            "must be a list of members",
            field=name,
            value=members,
            hint="Give a list of names; write a set as list(...)",
        )
    unique, times = np.unique(np.asarray(members), return_counts=True)
    if (times > 1).any():
        raise InvalidValue(
            "must contain each member once",
            field=name,
            value=str(unique[times > 1][0]),
            hint="Remove the repeated member",
        )
    return unique
