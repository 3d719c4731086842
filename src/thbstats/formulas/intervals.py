"""Intervals for those who treat counts as draws."""

import numpy as np
from numpy.typing import ArrayLike

from thbstats.errors import InvalidValue
from thbstats.formulas._labels import labelled
from thbstats.formulas._numbers import Floats, as_counts, formatted, no_more_than

__all__ = ["clopper_pearson_interval", "jeffreys_interval", "poisson_interval", "wilson_interval"]


@labelled
def wilson_interval(
    part: ArrayLike, whole: ArrayLike, *, level: float = 0.95
) -> tuple[float | Floats, float | Floats]:
    """Return Wilson's interval for a probability, for those who treat counts as draws.

    The probabilities ``p`` with ``|x - n p| <= z sqrt(n p (1 - p))`` for ``x`` of ``n``, ``z``
    the normal quantile of ``(1 + level) / 2``. It covers the probability about as often as
    ``level`` says, not always.

    Parameters
    ----------
    part, whole : number or array_like, any shapes that broadcast
        How many of how many independent draws.
    level : float
        Above 0 and below 1.

    Returns
    -------
    lower, upper : float or ndarray
        In [0, 1]; 0 and 1 where nothing was drawn, since nothing is learned then.

    Raises
    ------
    ImpossibleResult
        If a part is above its whole.
    InvalidValue
        If a count is negative, ``nan``, infinite or not a number, or the level is none.

    Examples
    --------
    >>> [round(end, 4) for end in wilson_interval(9759, 20532)]
    [0.4685, 0.4821]

    References
    ----------
    E. B. Wilson, "Probable inference, the law of succession, and statistical inference", Journal
    of the American Statistical Association 22 (1927), 209-212.
    """
    from scipy.special import ndtri

    parts, rests = _draws(part, whole)
    z = -float(ndtri(_tail(level)))
    everyone = parts + rests
    most = parts + z**2 / 2 + z * np.sqrt(parts / _some(everyone) * rests + z**2 / 4)
    # Not the difference of the same two terms, which would leave nothing of a small share.
    lower = np.asarray(parts / _some(everyone) * parts / most)
    return formatted(lower), formatted(np.minimum(most / (everyone + z**2), 1))


@labelled
def clopper_pearson_interval(
    part: ArrayLike, whole: ArrayLike, *, level: float = 0.95
) -> tuple[float | Floats, float | Floats]:
    """Return the exact interval for a probability, for those who treat counts as draws.

    ``lower = B(a; x, n - x + 1)``, ``upper = B(1 - a; x + 1, n - x)`` for ``x`` of ``n``, with
    ``B`` the quantile of the beta distribution and ``a = (1 - level) / 2``; 0 and 1 where ``x``
    is 0 and ``n``. It covers the probability at least as often as ``level`` says.

    Parameters
    ----------
    part, whole, level
        As for `wilson_interval`.

    Returns
    -------
    lower, upper : float or ndarray
        In [0, 1]; 0 and 1 where nothing was drawn.

    Raises
    ------
    ImpossibleResult
        If a part is above its whole.
    InvalidValue
        If a count is negative, ``nan``, infinite or not a number, or the level is none.

    Examples
    --------
    Of 12 victims of Malta in 2020, 7 were recorded as sexually exploited:

    >>> [round(end, 3) for end in clopper_pearson_interval(7, 12)]
    [0.277, 0.848]

    References
    ----------
    C. J. Clopper and E. S. Pearson, "The use of confidence or fiducial limits illustrated in the
    case of the binomial", Biometrika 26 (1934), 404-413.
    """
    return _beta_interval(part, whole, level, above=1.0)


@labelled
def jeffreys_interval(
    part: ArrayLike, whole: ArrayLike, *, level: float = 0.95
) -> tuple[float | Floats, float | Floats]:
    """Return the interval for a probability under Jeffreys' prior, for counts as draws.

    ``lower = B(a; x + 1/2, n - x + 1/2)``, ``upper = B(1 - a; x + 1/2, n - x + 1/2)`` for ``x``
    of ``n``, with ``B`` the quantile of the beta distribution and ``a = (1 - level) / 2``; 0 and 1
    where ``x`` is 0 and ``n``.

    Parameters
    ----------
    part, whole, level
        As for `wilson_interval`.

    Returns
    -------
    lower, upper : float or ndarray
        In [0, 1]; 0 and 1 where nothing was drawn.

    Raises
    ------
    ImpossibleResult
        If a part is above its whole.
    InvalidValue
        If a count is negative, ``nan``, infinite or not a number, or the level is none.

    Examples
    --------
    >>> [round(end, 3) for end in jeffreys_interval(7, 12)]
    [0.312, 0.82]

    References
    ----------
    L. D. Brown, T. T. Cai and A. DasGupta, "Interval estimation for a binomial proportion",
    Statistical Science 16 (2001), 101-133, section 3.1.3 with its ends for 0 and n.
    """
    return _beta_interval(part, whole, level, above=0.5)


@labelled
def poisson_interval(
    count: ArrayLike, *, level: float = 0.95
) -> tuple[float | Floats, float | Floats]:
    """Return the exact interval for the mean of a Poisson count, for counts as realisations.

    ``lower = Q(a; 2 n) / 2``, ``upper = Q(1 - a; 2 n + 2) / 2`` with ``Q`` the quantile of the
    chi-square distribution and ``a = (1 - level) / 2``; 0 for a count of 0. It covers the mean at
    least as often as ``level`` says.

    Parameters
    ----------
    count : number or array_like
        How many events there were.
    level : float
        Above 0 and below 1.

    Returns
    -------
    lower, upper : float or ndarray
        0 or more.

    Raises
    ------
    InvalidValue
        If a count is negative, ``nan``, infinite or not a number, or the level is none.

    Examples
    --------
    >>> [round(end, 2) for end in poisson_interval(12)]
    [6.2, 20.96]

    References
    ----------
    F. Garwood, "Fiducial limits for the Poisson distribution", Biometrika 28 (1936), 437-442.
    """
    from scipy.special import gammainccinv, gammaincinv

    counts, tail = as_counts(count, "count"), _tail(level)
    lower = np.where(counts == 0, 0.0, gammaincinv(_some(counts), tail))
    return formatted(lower), formatted(np.asarray(gammainccinv(counts + 1, tail)))


def _tail(level: float) -> float:
    """Return what lies beyond each end of an interval of a level."""
    if not 0 < level < 1:
        raise InvalidValue(
            "a level lies between 0 and 1",
            field="level",
            value=level,
            hint="Give 0.95 for 95%",
        )
    return (1 - level) / 2


def _draws(part: ArrayLike, whole: ArrayLike) -> tuple[Floats, Floats]:
    """Return how many draws were of a kind, and how many were not."""
    parts, wholes = as_counts(part, "part"), as_counts(whole, "whole")
    no_more_than(parts, wholes, "part", "whole")
    parts, wholes = np.broadcast_arrays(parts, wholes)
    return parts, np.asarray(wholes - parts)


def _some(counts: Floats) -> Floats:
    """Return counts with 1 in place of 0, where the result does not depend on it."""
    return np.where(counts == 0, 1.0, counts)


def _beta_interval(
    part: ArrayLike, whole: ArrayLike, level: float, *, above: float
) -> tuple[float | Floats, float | Floats]:
    """Return the quantiles of two beta distributions; `above` is what stands beyond a count."""
    from scipy.special import betainccinv, betaincinv

    (parts, rests), tail = _draws(part, whole), _tail(level)
    own = 1 - above
    lower = betaincinv(_some(parts) + own, rests + above, tail)
    upper = betainccinv(parts + above, _some(rests) + own, tail)
    return formatted(np.where(parts == 0, 0.0, lower)), formatted(np.where(rests == 0, 1.0, upper))
