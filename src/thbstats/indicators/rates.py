"""Rates: counts over the inhabitants of the same countries and years."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from thbstats.comparability import ALL as RULES
from thbstats.comparability import DEFAULTS, Rule, Thresholds, assess
from thbstats.errors import InvalidValue
from thbstats.geography import Area
from thbstats.pooling import rate_of, window
from thbstats.records import Population, Populations
from thbstats.results import Measure, Rate
from thbstats.tables import CountTable
from thbstats.values import Period

__all__ = ["rate"]

_PER = {100_000: Measure.PER_100_000, 1_000_000: Measure.PER_MILLION}


def rate(
    table: CountTable,
    populations: Populations | Iterable[Population],
    *,
    per: int = 100_000,
    at: str | date = "start",
    among: Mapping[str, str] | None = None,
    inhabitants: str | Area | None = None,
    area: str | Area | None = None,
    period: str | Period | Iterable[str | int | Period] | None = None,
    thresholds: Thresholds = DEFAULTS,
    rules: Iterable[Rule] = RULES,
    **selection: Any,
) -> Rate:
    """Return how many were counted per 100 000 or per million inhabitants and year.

    ``rate = per * N / P``, both summed over the countries of which both are known; ``P`` is the
    sum of the populations of all years of the period: person-years. A count of two years over
    the population of one is twice the rate.

    Parameters
    ----------
    table : CountTable
        Counts of one kind.
    populations : Populations or iterable of Population
        Inhabitants, with source and date; nothing is known of them here.
    per : {100_000, 1_000_000}
        Per how many inhabitants.
    at : {"start", "average"} or date
        Which population stands for a year: that of its first day, its average (as published,
        else the mean of its first day and that of the year after), or that of one day for all
        years.
    among : mapping, optional
        Which inhabitants, such as ``{"sex": "female"}`` for women per 100 000 women.
    inhabitants : str or Area, optional
        The area of the population, where it has to be another than that of the counts.
    area : str or Area, optional
        The area asked for; by default the one area of the table, or all its countries together.
    period : str, Period or iterable of them, optional
        The reference period, where the table has several; several that follow one another are
        a window.
    thresholds, rules : optional
        Passed to `assess`.
    **selection
        Attributes and categories of the counts, such as ``exploitation="sexual"``.

    Returns
    -------
    Rate
        0 or more, exact. `raw` beside it has all inhabitants below the line, also of countries
        that counted nothing. For an interval that treats the count as drawn by chance, see
        `superpopulation`.

    Raises
    ------
    NoSuchCell
        If the table has no such counts, or no population at that time is known.
    AmbiguousCell
        If area, period or an attribute of the counts must be named.
    InvalidValue
        If the period is not made of whole years, or ``per``, ``at`` or ``among`` is none of what
        they can be.

    Notes
    -----
    Comparability warnings: AGE, BREAK, CLASSIFICATION, COVERAGE, DEFINITION, DETECTION, DOMINANCE,
    DUPLICATE, FLAGS, MEMBERSHIP, PERIOD, REGISTER, SMALL, SOURCE, STATUS, SUPPRESSED, VINTAGE.

    Examples
    --------
    20 532 victims registered in two years, over the 508.3 and 510.1 million inhabitants of the
    Union on the first day of each:

    >>> import thbstats as thb
    >>> source = thb.Source(title="First population estimates, 8 July 2016", publisher="Eurostat")
    >>> union = [
    ...     thb.Population(area="EU28", when=day, persons=thb.Count.between(*ends), source=source)
    ...     for day, *ends in [
    ...         ("2015-01-01", 508_250_000, 508_350_000), ("2016-01-01", 510_050_000, 510_150_000)
    ...     ]
    ... ]
    >>> victims = thb.publications.com_2018_777().data.victims
    >>> found = thb.rate(victims, union, per=1_000_000)
    >>> found.shown, found.base.label
    ('20.2', 'person-years: population on 1 January of each year of 2015-2016')

    References
    ----------
    COM(2018) 777, section II: 20 532 registered victims. Eurostat, Statistics Explained,
    "Trafficking in human beings statistics": registered victims per million inhabitants.
    """
    if per not in _PER:
        raise InvalidValue(
            "a rate is per 100 000 or per million",
            field="per",
            value=per,
            mend="Give 100_000 or 1_000_000; for per 100 of another count use a ratio",
        )
    known = populations if isinstance(populations, Populations) else Populations(populations)
    found = rate_of(
        window(table, area, "rate", {**selection, "period": period}),
        known,
        measure=_PER[per],
        at=at,
        among=dict(among or {}),
        inhabitants=inhabitants,
    )
    return assess(found, thresholds=thresholds, rules=rules)
