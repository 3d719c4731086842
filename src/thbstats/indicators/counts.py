"""Counts: how many, over those who reported, and for the whole area."""

from collections.abc import Iterable
from typing import Any

from thbstats.comparability import ALL as RULES
from thbstats.comparability import DEFAULTS, Rule, Thresholds, assess
from thbstats.geography import Area
from thbstats.indicators._flows import flow
from thbstats.results import Base, Measure, Result, words
from thbstats.tables import CountTable
from thbstats.values import Interval, Period

__all__ = ["total"]


def total(
    table: CountTable,
    *,
    area: str | Area | None = None,
    period: str | Period | None = None,
    thresholds: Thresholds = DEFAULTS,
    rules: Iterable[Rule] = RULES,
    **selection: Any,
) -> Result:
    """Return how many are counted in a category, over the countries that reported.

    ``total = sum of n_c over the reporting countries c``

    Parameters
    ----------
    table : CountTable
        Counts of one kind.
    area : str or Area, optional
        The area asked for; by default the one area of the table, or all its countries together.
    period : str or Period, optional
        The reference period, where the table has several.
    thresholds, rules : optional
        Passed to `assess`.
    **selection
        Attributes and categories, such as ``exploitation="sexual"``.

    Returns
    -------
    Result
        A count, 0 or more: `reported` a point unless a count is itself an interval, `bounds`
        without upper end where a country is missing.

    Raises
    ------
    NoSuchCell
        If the table has no such counts.
    AmbiguousCell
        If period, area or an attribute of the counts must be named.

    Notes
    -----
    Comparability warnings: COVERAGE, DETECTION, DOMINANCE, PERIOD, STATUS.

    Examples
    --------
    >>> import thbstats as thb
    >>> victims = thb.publications.com_2018_777().data.victims
    >>> thb.total(victims, exploitation="sexual").shown
    '9 759'

    References
    ----------
    COM(2018) 777, section II.1.
    """
    found = flow(table, area, "total", selection | {"period": period})
    given = found.each.given
    count = found.used(found.printed, given)
    result = Result(
        indicator="total",
        label=words(found.category),
        measure=Measure.COUNT,
        category=tuple(found.category.items()),
        numerator=count,
        denominator=Interval.point(1),
        base=Base(rule="none", label="no base"),
        estimand=f"{found.counted.label} recorded as {words(found.category)}"
        if found.category
        else found.counted.label,
        reported=count if found.printed or given.any() else None,
        bounds=found.whole.interval(),
        possible=found.possible,
        unknown=None if found.unknown is None else found.unknown.interval(),
        context=found.context(found.printed, given),
        parts=found.parts,
        sharp=found.sharp,
    )
    return assess(result, thresholds=thresholds, rules=rules)
