"""Superpopulations: intervals for those who treat counts as draws, and only when they ask."""

from collections.abc import Callable
from fractions import Fraction
from math import inf
from typing import Any

from thbstats import formulas
from thbstats.errors import InvalidValue
from thbstats.results import Measure, Result, Superpopulation
from thbstats.values import Rational

__all__ = ["superpopulation"]

_Formula = Callable[..., tuple[Any, Any]]

_PROPORTIONS: dict[str, _Formula] = {
    "wilson": formulas.wilson_interval,
    "clopper_pearson": formulas.clopper_pearson_interval,
    "jeffreys": formulas.jeffreys_interval,
}
_MEANS: dict[str, _Formula] = {"poisson": formulas.poisson_interval}

_OF_MEASURE = {
    Measure.SHARE: _PROPORTIONS,
    Measure.COUNT: _MEANS,
    Measure.PER_100_000: _MEANS,
    Measure.PER_MILLION: _MEANS,
}


def superpopulation(
    number: Result, *, method: str | None = None, level: float = 0.95
) -> Superpopulation:
    """Return what a number would say of a probability, had the counted been drawn by chance.

    For a share ``x / n`` an interval for ``p`` if ``x`` were binomial with ``n`` and ``p``; for a
    count or a rate an interval for its mean if the count were Poisson. Where counts are intervals
    themselves, the smallest that holds those of all counts that are possible together.

    Parameters
    ----------
    number : Result
        A share, a count or a rate.
    method : {"wilson", "clopper_pearson", "jeffreys", "poisson"}, optional
        By default ``"wilson"`` for a share and ``"poisson"`` (exact) for the others.
    level : float
        Above 0 and below 1.

    Returns
    -------
    Superpopulation
        Its ends as floats, its method and level, and a statement of what it is and is not.

    Raises
    ------
    InvalidValue
        If the number is of another kind, nobody reported it, or the method is not one for it.

    Notes
    -----
    Comparability warnings: those of the number. Published counts are of all who were recorded:
    no sample was drawn, and the interval is no error of the number. It leaves out whatever is
    not chance: what was not recorded, not reported, or counted by another rule.

    Examples
    --------
    Malta, 2020: 7 of 12 victims were recorded as sexually exploited.

    >>> import thbstats as thb
    >>> rows = [("total", 12), ("sexual", 7)]
    >>> malta = thb.CountTable.from_rows(
    ...     rows, columns=["exploitation", "value"], kind="victims", area="MT", period=2020
    ... )
    >>> found = thb.superpopulation(thb.share(malta, exploitation="sexual", base="all"))
    >>> found
    <Superpopulation sexual (58.3 %): 31.9..80.7 %, Wilson interval at 95 %>
    >>> thb.superpopulation(thb.total(malta)).shown
    '6..21'

    References
    ----------
    L. D. Brown, T. T. Cai and A. DasGupta, "Interval estimation for a binomial proportion",
    Statistical Science 16 (2001), 101-133. F. Garwood, "Fiducial limits for the Poisson
    distribution", Biometrika 28 (1936), 437-442. National Statistics Office of Malta, SDG
    indicator 16.2.2.
    """
    methods = _OF_MEASURE.get(number.measure)
    if methods is None or number.reported is None:
        raise InvalidValue(
            "a share, a count or a rate that somebody reported can be taken as drawn",
            field="number",
            value=repr(number),
            mend="A ratio of two flows has chance on both sides, and no interval of this kind",
        )
    chosen = next(iter(methods)) if method is None else method
    if chosen not in methods:
        raise InvalidValue(
            f"no method for a {number.measure.replace('_', ' ')}",
            field="method",
            value=method,
            mend=f"Use one of {', '.join(methods)}",
        )
    ends = _proportion if methods is _PROPORTIONS else _mean
    lower, upper = ends(number, methods[chosen], level)
    return Superpopulation(number=number, lower=lower, upper=upper, method=chosen, level=level)


def _proportion(number: Result, formula: _Formula, level: float) -> tuple[float, float]:
    """Return the ends over all counts that are possible together.

    Both grow with the part and fall with the rest, as the share itself does: so the lower end is
    that of the counts that make the smallest share, and the upper that of the largest.
    """
    part, base, share = number.numerator, number.denominator, number.stated
    least, most = share.lower or 0, 1 if share.upper is None else share.upper
    smallest, largest = part.lower or 0, part.upper
    fewest = base.lower or 0
    lower = 0.0
    if least:
        many = max(Fraction(smallest) / least, fewest)
        many = many if base.upper is None else min(many, base.upper)
        lower = _ends(formula, max(smallest, least * many), many, level)[0]
    # A printed share says nothing of the rest, which can then be as small as its base allows.
    known = number.printed is None and largest is not None and most
    few = max(Fraction(largest or 0) / most, fewest) if known else fewest
    highest = most * few if largest is None else min(largest, most * few)
    return lower, _ends(formula, highest, few, level)[1]


def _ends(formula: _Formula, part: Rational, whole: Rational, level: float) -> tuple[float, float]:
    return formula(float(part), float(whole), level=level)


def _mean(number: Result, formula: _Formula, level: float) -> tuple[float, float]:
    """Return the ends over all counts and inhabitants that are possible."""
    count, base, scale = number.numerator, number.denominator, number.measure.scale
    lower = 0.0
    if base.upper:
        lower = scale * formula(float(count.lower or 0), level=level)[0] / float(base.upper)
    if count.upper is None or not base.lower:
        return lower, inf
    return lower, scale * formula(float(count.upper), level=level)[1] / float(base.lower)
