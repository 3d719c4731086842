"""Intervals for a probability or a mean of which a number would be a realisation."""

from collections.abc import Callable
from fractions import Fraction
from math import ceil, floor, inf, isinf
from typing import Any

import pandas as pd
from attrs import frozen

from thbstats import formulas
from thbstats.display import Column, Displayable, DisplayTable, percent
from thbstats.indicators._arguments import require
from thbstats.panel import Result, ResultKind
from thbstats.values import Interval

__all__ = ["ChanceInterval", "binomial_interval", "poisson_interval"]

_METHODS: dict[str, tuple[str, Callable[..., tuple[Any, Any]]]] = {
    "wilson": ("Wilson", formulas.wilson_interval),
    "clopper_pearson": ("Clopper-Pearson", formulas.clopper_pearson_interval),
    "jeffreys": ("Jeffreys", formulas.jeffreys_interval),
    "poisson": ("Poisson (exact)", formulas.poisson_interval),
}
_STEPS = {
    ResultKind.SHARE: Fraction(1, 1000),
    ResultKind.COUNT: Fraction(1),
    ResultKind.PER_100_000: Fraction(1, 100),
    ResultKind.PER_MILLION: Fraction(1, 10),
}
"""The last decimal place that is shown of each kind of number."""


@frozen(kw_only=True, repr=False)
class ChanceInterval(Displayable):
    """An interval for the probability or the mean of which a number would be a realisation.

    Parameters
    ----------
    number : Result
        The number.
    lower, upper : float
        The bounds on the scale of the number, over all counts that are possible together.
    method : {"wilson", "clopper_pearson", "jeffreys", "poisson"}
        The method.
    level : float
        The nominal coverage.
    """

    number: Result
    lower: float
    upper: float
    method: str
    level: float

    @property
    def formatted(self) -> str:
        """The interval as text, rounded outwards."""
        step = _STEPS[self.number.kind]
        lower = floor(Fraction(self.lower) / step) * step
        upper = None if isinf(self.upper) else ceil(Fraction(self.upper) / step) * step
        return self.number.kind.format_value(Interval(lower, upper))

    @property
    def name(self) -> str:
        """The method and the level."""
        level = percent(Fraction(str(self.level)), 1).removesuffix("%").removesuffix(".0")
        return f"{_METHODS[self.method][0]} interval at {level}%"

    @property
    def statement(self) -> str:
        """The meaning of the interval and its limits."""
        named = f"{self.number.label} ({self.number.formatted})"
        model, target = "the count is one realisation of a Poisson process", "the mean"
        if self.number.kind is ResultKind.SHARE:
            model = "every person is drawn independently with one probability"
            target = "the probability"
        return (
            f"{self.name} for {target} behind {named}, on the assumption that {model}: a "
            "superpopulation view. The counts include all recorded persons and are not a sample. "
            "The interval is not an error of the number. It does not include persons who were "
            "not recorded, are of unknown category, or live where no country reported."
        )

    def explain(self) -> str:
        """Return the interval, its meaning, and the number as a footnote."""
        return "\n".join([f"{self.formatted}. {self.statement}", self.number.explain()])

    def to_dict(self) -> dict[str, Any]:
        """Return the interval and its number as plain data; a missing bound is ``None``."""
        own = {name: getattr(self, name) for name in ("method", "level", "statement")}
        upper = None if isinf(self.upper) else self.upper
        return {"lower": self.lower, "upper": upper, **own, "number": self.number.to_dict()}

    def to_frame(self) -> pd.DataFrame:
        """Return the number as a frame of one row, with the interval."""
        bounds = {"interval_lower": self.lower, "interval_upper": self.upper}
        return self.number.to_frame().assign(**bounds, method=self.method, level=self.level)

    def display_table(self) -> DisplayTable:
        """Return the number and the interval as a sheet of one row."""
        return DisplayTable(
            caption=f"{self.number.label}, {self.number.area}, {self.number.period}",
            columns=["", Column("value", "right"), Column(self.name, "right")],
            rows=[[self.number.label, self.number.formatted, self.formatted]],
            notes=[self.statement, *self.number.display_table().notes],
        )

    def __repr__(self) -> str:
        number = f"{self.number.label} ({self.number.formatted})"
        return f"<{type(self).__name__} {number}: {self.formatted}, {self.name}>"


def binomial_interval(
    number: Result, *, method: str = "wilson", level: float = 0.95
) -> ChanceInterval:
    """Return an interval for the probability behind a share.

    For ``x / n``, an interval for ``p`` if ``x`` is binomial with ``n`` and ``p``. Where counts
    are intervals, the smallest interval that contains those of all counts that are possible
    together.

    Parameters
    ----------
    number : Result
        A share with a value.
    method : {"wilson", "clopper_pearson", "jeffreys"}
        The method.
    level : float
        Above 0 and below 1.

    Returns
    -------
    ChanceInterval
        The bounds as floats, and a statement of their meaning.

    Raises
    ------
    InvalidValue
        If the number is not a share with a value, or the method does not exist.

    Notes
    -----
    Published counts include all recorded persons: no sample was drawn, and the interval is not an
    error of the number. It does not include missing counts or different counting rules.

    Examples
    --------
    In Malta 7 of 12 victims in 2020 were recorded as victims of sexual exploitation:

    >>> import thbstats as thb
    >>> rows = [("total", 12), ("sexual", 7)]
    >>> malta = thb.CountTable.from_rows(
    ...     rows, columns=["exploitation", "value"], kind="victims", area="MT", period=2020
    ... )
    >>> sexual = thb.share(malta, exploitation="sexual", base="all")
    >>> thb.sensitivity.binomial_interval(sexual).formatted
    '31.9% to 80.7%'

    References
    ----------
    L. D. Brown, T. T. Cai and A. DasGupta, "Interval estimation for a binomial proportion",
    Statistical Science 16 (2001), 101-133. National Statistics Office of Malta, SDG indicator
    16.2.2.
    """
    _require_value(number, {ResultKind.SHARE}, "a share")
    require(
        method in _METHODS and method != "poisson",
        f"`method` must be one of {', '.join(list(_METHODS)[:-1])}",
        'Use method="wilson"',
        method=method,
    )

    formula = _METHODS[method][1]
    # Both bounds grow with the part and fall with the rest, as the share itself does: the lower
    # one belongs to the smallest share, the upper one to the largest.
    part, base, share = number.numerator, number.denominator, number.value_or_bounds
    smallest, largest = share.lower or 0, 1 if share.upper is None else share.upper
    low, high, fewest = part.lower or 0, part.upper, base.lower or 0
    lower = 0.0
    if smallest:
        whole = max(Fraction(low) / smallest, fewest)
        whole = whole if base.upper is None else min(whole, base.upper)
        lower = formula(float(max(low, smallest * whole)), float(whole), level=level)[0]
    # A published share does not restrict the rest, which can be as small as its denominator.
    known = number.printed is None and high is not None and largest
    few = max(Fraction(high or 0) / largest, fewest) if known else fewest
    most = largest * few if high is None else min(high, largest * few)
    upper = formula(float(most), float(few), level=level)[1]
    return ChanceInterval(number=number, lower=lower, upper=upper, method=method, level=level)


def poisson_interval(number: Result, *, level: float = 0.95) -> ChanceInterval:
    """Return an exact interval for the mean behind a count or a rate.

    An interval for the mean if the count is Poisson. Where counts are intervals, the smallest
    interval that contains those of all possible counts.

    Parameters
    ----------
    number : Result
        A count or a rate per population, with a value.
    level : float
        As for `binomial_interval`, whose notes apply.

    Returns
    -------
    ChanceInterval
        The bounds as floats, and a statement of their meaning.

    Raises
    ------
    InvalidValue
        If the number is not a count or a rate with a value.

    Examples
    --------
    >>> import thbstats as thb
    >>> malta = thb.CountTable.from_rows(
    ...     [("total", 12)], columns=["exploitation", "value"], kind="victims", area="MT",
    ...     period=2020,
    ... )
    >>> thb.sensitivity.poisson_interval(thb.total(malta)).formatted
    '6 to 21'

    References
    ----------
    F. Garwood, "Fiducial limits for the Poisson distribution", Biometrika 28 (1936), 437-442.
    """
    kinds = {ResultKind.COUNT, ResultKind.PER_100_000, ResultKind.PER_MILLION}
    _require_value(number, kinds, "a count or a rate")
    count, scale, formula = number.numerator, number.kind.scale, _METHODS["poisson"][1]
    base = Interval.point(1) if number.kind is ResultKind.COUNT else number.denominator
    lower, upper = 0.0, inf
    if base.upper:
        lower = scale * formula(float(count.lower or 0), level=level)[0] / float(base.upper)
    if count.upper is not None and base.lower:
        upper = scale * formula(float(count.upper), level=level)[1] / float(base.lower)
    return ChanceInterval(number=number, lower=lower, upper=upper, method="poisson", level=level)


def _require_value(number: Any, kinds: set[ResultKind], label: str) -> None:
    require(
        isinstance(number, Result) and number.kind in kinds and number.value is not None,
        f"`number` must be {label} with a value",
        "A ratio of two flows has chance in both counts, and no interval of this kind",
        number=repr(number),
    )
