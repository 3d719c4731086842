"""Counts: how many, over those who reported, and for the whole area."""

from collections.abc import Iterable
from typing import Any

from thbstats.comparability import ALL as RULES
from thbstats.comparability import DEFAULTS, Rule, Thresholds, assess
from thbstats.geography import Area
from thbstats.pooling import count_of
from thbstats.results import Result
from thbstats.tables import CountTable
from thbstats.values import Period

__all__ = ["total"]


def total(
    table: CountTable,
    *,
    area: str | Area | None = None,
    period: str | Period | Iterable[str | int | Period] | None = None,
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
    period : str, Period or iterable of them, optional
        The reference period, where the table has several; several that follow one another are
        added up, over the countries that gave each of them.
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
    Comparability warnings: BREAK, CLASSIFICATION, COVERAGE, DEFINITION, DETECTION, DOMINANCE,
    DUPLICATE, FLAGS, PERIOD, REGISTER, SOURCE, STATUS, SUPPRESSED, VINTAGE.

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
    found = count_of(table, area, "total", {**selection, "period": period})
    return assess(found, thresholds=thresholds, rules=rules)
