"""Lags: a later stage of justice over an earlier one of the years before, side by side."""

from collections.abc import Iterable
from typing import Any

from thbstats.comparability import ALL as RULES
from thbstats.comparability import DEFAULTS, Rule, Thresholds, assess
from thbstats.geography import Area
from thbstats.pooling import lagged_stages, two_stages
from thbstats.results import Results
from thbstats.tables import CountTable
from thbstats.values import Period

__all__ = ["lagged_ratios"]


def lagged_ratios(
    table: CountTable,
    *,
    period: str | Period | Iterable[str | int | Period],
    lags: Iterable[int] = (0, 1, 2, 3),
    numerator: str = "convicted",
    denominator: str = "prosecuted",
    offence: str = "trafficking",
    area: str | Area | None = None,
    thresholds: Thresholds = DEFAULTS,
    rules: Iterable[Rule] = RULES,
    **selection: Any,
) -> Results:
    """Return the ratios of a stage to an earlier one some years before, one for each lag.

    ``ratio_k = N_t / D_(t-k)`` for each lag ``k``, all summed over the same countries: those that
    gave every count of every lag shown. No lag is the right one: how long a case takes differs
    between countries and cases, so that the spread over the lags is the finding.

    Parameters
    ----------
    table : CountTable
        Counts of kind ``justice`` with a row for each year.
    period : str, Period or iterable of them
        The year of the numerator, or several that follow one another; each lag moves them all.
    lags : iterable of int
        How many years the denominator is before the numerator; 0 is the same year.
    numerator, denominator : str
        The stages.
    offence, area : optional
        As for `stage_ratio`.
    thresholds, rules : optional
        Passed to `assess`.
    **selection
        As for `stage_ratio`.

    Returns
    -------
    Results
        One `Ratio` per lag, labelled such as ``"lag 1"``. The context is that of the numerator;
        the base names its own years. `raw` sums whoever reported either side.

    Raises
    ------
    NoSuchCell
        If a stage has no rows in a year that a lag needs.
    AmbiguousCell
        If area or an attribute of the counts must be named.
    InvalidValue
        If a lag is no whole number of years, named twice, or none is named.

    Notes
    -----
    Comparability warnings: those of `stage_ratio`.

    Examples
    --------
    >>> import thbstats as thb
    >>> rows = [("BE", 2014, 40, 10), ("BE", 2015, 20, 12), ("BE", 2016, 10, 15),
    ...         ("FR", 2015, 40, 20), ("FR", 2016, 60, 30)]
    >>> table = thb.CountTable.from_rows(
    ...     [
    ...         (area, year, stage, n)
    ...         for area, year, *counts in rows
    ...         for stage, n in zip(("prosecuted", "convicted"), counts)
    ...     ],
    ...     columns=["area", "period", "stage", "value"], kind="justice", unit="persons",
    ... )
    >>> [item.shown for item in thb.lagged_ratios(table, lags=(0, 1), period=2016)]
    ['0.643', '0.750']

    With a lag of two years France, which gave nothing for 2014, leaves all three:

    >>> found = thb.lagged_ratios(table, lags=(0, 1, 2), period=2016)
    >>> [(item.label, item.shown) for item in found]
    [('lag 0', '1.500'), ('lag 1', '0.750'), ('lag 2', '0.375')]

    References
    ----------
    COM(2018) 777, section III.2: those convicted in a period were often prosecuted before it.
    """
    stages = two_stages(numerator, denominator)
    asked = {"offence": offence, "period": period, **selection}
    items = lagged_stages(table, stages, lags, area, asked)
    caption = f"{stages[0]} / {stages[1]} of earlier years"
    return assess(Results(caption=caption, items=items), thresholds=thresholds, rules=rules)
