"""Confidence intervals for probabilities and means."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from thbstats.columns import Floats
from thbstats.formulas._numbers import (
    Bounds,
    Missing,
    as_counts,
    as_part,
    as_positive,
    column_formula,
    plain,
)


@column_formula
def wilson_interval(
    numerator: ArrayLike, denominator: ArrayLike, *, level: float = 0.95,
    missing: Missing = "raise",
) -> Bounds:  # fmt: skip
    """Return the Wilson interval for a probability.

    The probabilities ``p`` with ``|x - n p| <= z sqrt(n p (1 - p))`` for ``x`` of ``n``, with
    ``z`` the normal quantile of ``(1 + level) / 2``. The coverage is approximately ``level``.

    Parameters
    ----------
    numerator, denominator : number or array_like, shapes that broadcast
        The number of independent draws of a category, and of all draws.
    level : float
        The confidence level, above 0 and below 1; 0.95 by default.
    missing
        As for `share`.

    Returns
    -------
    lower, upper : float or ndarray
        In [0, 1]; 0 and 1 for a denominator of 0.

    Raises
    ------
    InvalidValue, ImpossibleResult
        As for `share`.

    Examples
    --------
    >>> [round(bound, 4) for bound in wilson_interval(9759, 20532)]
    [0.4685, 0.4821]

    References
    ----------
    E. B. Wilson, "Probable inference, the law of succession, and statistical inference", Journal
    of the American Statistical Association 22 (1927), 209-212.
    """
    from scipy.special import ndtri

    part, other = _draws(numerator, denominator)
    z = -float(ndtri(_tail(level)))
    total = part + other
    upper = part + z**2 / 2 + z * np.sqrt(part / _positive(total) * other + z**2 / 4)
    # The difference of the same two terms would lose all digits of a small share.
    lower = np.asarray(part / _positive(total) * part / _positive(upper))
    upper = np.minimum(upper / _positive(total + z**2), 1)
    return plain(lower), plain(np.where(other == 0, 1, upper))


@column_formula
def clopper_pearson_interval(
    numerator: ArrayLike, denominator: ArrayLike, *, level: float = 0.95,
    missing: Missing = "raise",
) -> Bounds:  # fmt: skip
    """Return the exact (Clopper-Pearson) interval for a probability.

    ``lower = B(a; x, n - x + 1)``, ``upper = B(1 - a; x + 1, n - x)`` for ``x`` of ``n``, with
    ``B`` the quantile of the beta distribution and ``a = (1 - level) / 2``. The bounds are 0 for
    ``x = 0`` and 1 for ``x = n``. The coverage is at least ``level``.

    Parameters
    ----------
    numerator, denominator, level
        As for `wilson_interval`.
    missing
        As for `share`.

    Returns
    -------
    lower, upper : float or ndarray
        In [0, 1]; 0 and 1 for a denominator of 0.

    Raises
    ------
    InvalidValue, ImpossibleResult
        As for `share`.

    Examples
    --------
    In Malta 7 of 12 victims in 2020 were victims of sexual exploitation:

    >>> [round(bound, 3) for bound in clopper_pearson_interval(7, 12)]
    [0.277, 0.848]

    References
    ----------
    C. J. Clopper and E. S. Pearson, "The use of confidence or fiducial limits illustrated in the
    case of the binomial", Biometrika 26 (1934), 404-413.
    """
    return _beta_interval(numerator, denominator, level, shift=1.0)


@column_formula
def jeffreys_interval(
    numerator: ArrayLike, denominator: ArrayLike, *, level: float = 0.95,
    missing: Missing = "raise",
) -> Bounds:  # fmt: skip
    """Return the Jeffreys interval for a probability.

    ``lower = B(a; x + 1/2, n - x + 1/2)``, ``upper = B(1 - a; x + 1/2, n - x + 1/2)`` for ``x``
    of ``n``, with ``B`` the quantile of the beta distribution and ``a = (1 - level) / 2``. The
    bounds are 0 for ``x = 0`` and 1 for ``x = n``.

    Parameters
    ----------
    numerator, denominator, level
        As for `wilson_interval`.
    missing
        As for `share`.

    Returns
    -------
    lower, upper : float or ndarray
        In [0, 1]; 0 and 1 for a denominator of 0.

    Raises
    ------
    InvalidValue, ImpossibleResult
        As for `share`.

    Examples
    --------
    >>> [round(bound, 3) for bound in jeffreys_interval(7, 12)]
    [0.312, 0.82]

    References
    ----------
    L. D. Brown, T. T. Cai and A. DasGupta, "Interval estimation for a binomial proportion",
    Statistical Science 16 (2001), 101-133, section 3.1.3 with its bounds for 0 and n.
    """
    return _beta_interval(numerator, denominator, level, shift=0.5)


@column_formula
def poisson_interval(
    count: ArrayLike, *, level: float = 0.95, missing: Missing = "raise"
) -> Bounds:
    """Return the exact interval for the mean of a Poisson distribution.

    ``lower = Q(a; 2 n) / 2``, ``upper = Q(1 - a; 2 n + 2) / 2`` with ``Q`` the quantile of the
    chi-square distribution and ``a = (1 - level) / 2``; 0 for a count of 0. The coverage is at
    least ``level``.

    Parameters
    ----------
    count : number or array_like
        The number of events.
    level
        As for `wilson_interval`.
    missing
        As for `share`.

    Returns
    -------
    lower, upper : float or ndarray
        0 or more.

    Raises
    ------
    InvalidValue
        As for `share`.

    Examples
    --------
    >>> [round(bound, 2) for bound in poisson_interval(12)]
    [6.2, 20.96]

    References
    ----------
    F. Garwood, "Fiducial limits for the Poisson distribution", Biometrika 28 (1936), 437-442.
    """
    from scipy.special import gammainccinv, gammaincinv

    counts, tail = as_counts(count, "count"), _tail(level)
    lower = np.where(counts == 0, 0.0, gammaincinv(_positive(counts), tail))
    return plain(lower), plain(np.asarray(gammainccinv(counts + 1, tail)))


def _tail(level: float) -> float:
    """Return the probability outside each bound."""
    number = as_positive(level, "level", 1, "must be between 0 and 1", "Give 0.95 for 95%")
    return (1 - number) / 2


def _draws(numerator: ArrayLike, denominator: ArrayLike) -> tuple[Floats, Floats]:
    """Return the draws of a category, and all other draws."""
    names = ("numerator", "denominator")
    part, total = np.broadcast_arrays(*as_part(numerator, denominator, names))
    return part, np.asarray(total - part)


def _positive(counts: Floats) -> Floats:
    """Return counts with 1 in place of 0, where the result does not depend on it."""
    return np.where(counts == 0, 1.0, counts)


def _beta_interval(
    numerator: ArrayLike, denominator: ArrayLike, level: float, *, shift: float
) -> Bounds:
    """Return quantiles of two beta distributions; ``shift`` is added to the counts."""
    from scipy.special import betainccinv, betaincinv

    (part, other), tail = _draws(numerator, denominator), _tail(level)
    lower = betaincinv(_positive(part) + 1 - shift, other + shift, tail)
    upper = betainccinv(part + shift, _positive(other) + 1 - shift, tail)
    return plain(np.where(part == 0, 0.0, lower)), plain(np.where(other == 0, 1.0, upper))
