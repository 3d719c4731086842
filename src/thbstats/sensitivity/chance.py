"""Superpopulation intervals for shares, counts and rates."""

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from math import inf, isinf
from typing import Any

import pandas as pd
from attrs import frozen

from thbstats import formulas
from thbstats.display import Column, DisplayTable, Tabular
from thbstats.errors import require
from thbstats.languages import capitalised
from thbstats.panel import Result, ResultKind
from thbstats.panel.names import area_label, row_name
from thbstats.values import Interval

_METHODS: dict[str, tuple[str, Callable[..., tuple[Any, Any]]]] = {
    "wilson": ("Wilson", formulas.wilson_interval),
    "clopper_pearson": ("Clopper-Pearson", formulas.clopper_pearson_interval),
    "jeffreys": ("Jeffreys", formulas.jeffreys_interval),
    "poisson": ("Poisson (exact)", formulas.poisson_interval),
}


@frozen(kw_only=True, repr=False)
class ChanceInterval(Tabular):
    """A confidence interval under a superpopulation model.

    Parameters
    ----------
    result : Result
        The result.
    lower, upper : float
        The bounds on the scale of the result, over all possible counts.
    method : {"wilson", "clopper_pearson", "jeffreys", "poisson"}
        The method.
    level : float
        The nominal coverage.
    """

    result: Result
    lower: float
    upper: float
    method: str
    level: float

    @property
    def formatted(self) -> str:
        """The interval as text, rounded outwards."""
        upper = None if isinf(self.upper) else Fraction(self.upper)
        return self.result.kind.format_value(Interval(Fraction(self.lower), upper))

    @property
    def name(self) -> str:
        """The method and the level."""
        level = format((100 * Decimal(str(self.level))).normalize(), "f")
        return f"{_METHODS[self.method][0]} interval at {level}%"

    @property
    def statement(self) -> str:
        """The meaning of the interval and its limits."""
        label = f"{self.result.estimand} ({self.result.formatted})"
        model, target = "the count is one realisation of a Poisson process", "the mean"
        if self.result.kind is ResultKind.SHARE:
            model = "every person is drawn independently with one probability"
            target = "the probability"
        is_share, rule = self.result.kind is ResultKind.SHARE, self.result.base.rule
        outside, added = "unregistered persons", ""
        if (is_share and rule in ("known", "responses")) or (not is_share and self.result.category):
            outside += ", persons of unknown category"
        elif is_share:
            added = " Persons of unknown category are in the denominator alone."
        return (
            f"{self.name} for {target} of {label}, assuming that {model}. "
            "The counts include all registered persons and are not a sample, so that the interval "
            f"is not an error margin. It excludes {outside} and countries that did not report."
            f"{added}"
        )

    def footnote(self) -> str:
        """Return the interval, its meaning and the footnote of the result."""
        return "\n".join([f"{self.formatted}. {self.statement}", self.result.footnote()])

    def to_dict(self) -> dict[str, Any]:
        """Return the interval and the result as JSON data; a missing bound is ``None``."""
        own = {name: getattr(self, name) for name in ("method", "level", "statement")}
        upper = None if isinf(self.upper) else self.upper
        return {"lower": self.lower, "upper": upper, **own, "result": self.result.to_dict()}

    def to_frame(self) -> pd.DataFrame:
        """Return a frame of one row with the interval."""
        bounds = {"interval_lower": self.lower, "interval_upper": self.upper}
        frame: pd.DataFrame = self.result.to_frame()
        return frame.assign(**bounds, method=self.method, level=self.level)

    def display_table(self) -> DisplayTable:
        """Return a display table of one row with the result and the interval."""
        own = self.result
        name, area = capitalised(own.estimand), area_label(own.area)
        return DisplayTable(
            caption=", ".join((name, area, str(own.period))),
            columns=["", Column("value", "right"), Column(self.name, "right")],
            rows=[[row_name(own), own.formatted, self.formatted]],
            notes=[self.statement, *own.display_table().notes],
        )

    def __repr__(self) -> str:
        label = f"{self.result.label} ({self.result.formatted})"
        return f"<{type(self).__name__} {label}: {self.formatted}, {self.name}>"


def binomial_interval(
    result: Result, *, method: str = "wilson", level: float = 0.95
) -> ChanceInterval:
    """Return a confidence interval for the probability of a share.

    For ``x / n``, an interval for ``p`` if ``x`` is binomial with ``n`` and ``p``. For uncertain
    counts, the smallest interval that contains the intervals of all possible counts.

    Parameters
    ----------
    result : Result
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
        If the result is not a share with a value, or the method is unknown.

    Notes
    -----
    Published counts include all registered persons: no sample was drawn, and the interval is not an
    error margin. It does not include the effects of missing counts and of different counting rules.

    Examples
    --------
    In Malta 7 of 12 victims in 2020 were victims of sexual exploitation:

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
    _require_value(result, {ResultKind.SHARE}, "a share")
    require(
        method in _METHODS and method != "poisson",
        f"must be one of {', '.join(list(_METHODS)[:-1])}",
        'Use method="wilson"',
        method=method,
    )

    formula = _METHODS[method][1]
    # Both bounds increase with the share: the lower one is that of the smallest share.
    part, base, share = result.numerator, result.denominator, result.value_or_bounds
    smallest, largest = share.lower or 0, 1 if share.upper is None else share.upper
    low, high, fewest = part.lower or 0, part.upper, base.lower or 0
    lower = 0.0
    if smallest:
        whole = max(Fraction(low) / smallest, fewest)
        whole = whole if base.upper is None else min(whole, base.upper)
        lower = formula(float(max(low, smallest * whole)), float(whole), level=level)[0]
    # A published share does not restrict its denominator.
    known = result.printed is None and high is not None and largest
    few = max(Fraction(high or 0) / largest, fewest) if known else fewest
    most = largest * few if high is None else min(high, largest * few)
    upper = formula(float(most), float(few), level=level)[1]
    level = float(level)
    return ChanceInterval(result=result, lower=lower, upper=upper, method=method, level=level)


def poisson_interval(result: Result, *, level: float = 0.95) -> ChanceInterval:
    """Return an exact confidence interval for the mean of a count or a rate.

    An interval for the mean if the count is Poisson. For uncertain counts, the smallest interval
    that contains the intervals of all possible counts.

    Parameters
    ----------
    result : Result
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
        If the result is not a count or a rate with a value.

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
    _require_value(result, kinds, "a count or a rate")
    count, scale, formula = result.numerator, result.kind.scale, _METHODS["poisson"][1]
    base = Interval.point(1) if result.kind is ResultKind.COUNT else result.denominator
    lower, upper = 0.0, inf
    if base.upper:  # pragma: no branch - only a base without an upper limit
        lower = scale * formula(float(count.lower or 0), level=level)[0] / float(base.upper)
    if count.upper is not None and base.lower:
        upper = scale * formula(float(count.upper), level=level)[1] / float(base.lower)
    level = float(level)
    return ChanceInterval(result=result, lower=lower, upper=upper, method="poisson", level=level)


def _require_value(result: Any, kinds: set[ResultKind], label: str) -> None:
    require(
        isinstance(result, Result) and result.kind in kinds and result.value is not None,
        f"must be {label} with a value",
        "Pass a share, a count or a rate; ratios of two counts have no such interval",
        result=repr(result),
    )
