"""Ratios between any two stages of justice: of one period, of a window, over a grid."""

from collections.abc import Iterable, Sequence
from typing import Any

from thbstats.comparability import ALL as RULES
from thbstats.comparability import DEFAULTS, Rule, Thresholds, assess
from thbstats.geography import Area
from thbstats.pooling import stage_grid, stage_ratio_of, two_stages
from thbstats.results import Ratio, Results
from thbstats.tables import CountTable
from thbstats.values import Period

__all__ = ["stage_ratio", "stage_ratios"]


def stage_ratio(
    table: CountTable,
    *,
    numerator: str,
    denominator: str,
    offence: str = "trafficking",
    area: str | Area | None = None,
    period: str | Period | Iterable[str | int | Period] | None = None,
    thresholds: Thresholds = DEFAULTS,
    rules: Iterable[Rule] = RULES,
    **selection: Any,
) -> Ratio:
    """Return the ratio of two stages of justice in the same period or window.

    ``ratio = N / D``, both summed over the years of the window and over the countries that gave
    both in every year of it.

    Parameters
    ----------
    table : CountTable
        Counts of kind ``justice``.
    numerator, denominator : str
        The stages, such as ``"convicted"`` and ``"prosecuted"``.
    offence : str
        ``"trafficking"`` or ``"use_of_services"``, which are never added up.
    area : str or Area, optional
        The area asked for; by default the one area of the table, or all its countries together.
    period : str, Period or iterable of them, optional
        The reference period, where the table has several; several that follow one another, such
        as ``range(2014, 2017)``, are a window.
    thresholds, rules : optional
        Passed to `assess`.
    **selection
        Attributes and categories of both counts, such as ``sex="female"``.

    Returns
    -------
    Ratio
        0 or more, exact, above 1 too; `raw` beside it sums whoever reported either side.

    Raises
    ------
    NoSuchCell
        If a stage or a period is not in the table.
    AmbiguousCell
        If period, area or an attribute of the counts must be named.
    InvalidValue
        If both stages are one, or the periods of a window do not follow one another or count
        different things.

    Notes
    -----
    Comparability warnings: BREAK, CLASSIFICATION, COHORT, COVERAGE, DEFINITION, DOMINANCE,
    DUPLICATE, FLAGS, OFFENCE, ORDER, PERIOD, SMALL, SOURCE, SUPPRESSED, UNIT, VINTAGE.

    Examples
    --------
    Of the EU states 18 gave GLOTIP both persons prosecuted and persons convicted in 2016. Three
    of them, in two years; Estonia's "<5" of 2015 is 0 to 4:

    >>> import thbstats as thb
    >>> rows = [
    ...     ("BE", 2015, 10, 4), ("BE", 2016, 20, 12), ("EE", 2015, 6, thb.Count.fewer_than(5)),
    ...     ("EE", 2016, 4, 4), ("FR", 2016, 70, 7),
    ... ]
    >>> table = thb.CountTable.from_rows(
    ...     [
    ...         (area, year, stage, n)
    ...         for area, year, *counts in rows
    ...         for stage, n in zip(("prosecuted", "convicted"), counts)
    ...     ],
    ...     columns=["area", "period", "stage", "value"], kind="justice", unit="persons",
    ... )
    >>> found = thb.stage_ratio(
    ...     table, numerator="convicted", denominator="prosecuted", period=[2015, 2016]
    ... )
    >>> found.shown, sorted(found.reporters), found.period
    ('0.500..0.600', ['BE', 'EE'], '2015-2016')

    References
    ----------
    COM(2018) 777, sections II and III; UNODC GLOTIP data set of 14 April 2025.
    """
    asked = {"offence": offence, "period": period, **selection}
    found = stage_ratio_of(table, two_stages(numerator, denominator), area, asked)
    return assess(found, thresholds=thresholds, rules=rules)


def stage_ratios(
    table: CountTable,
    *,
    numerator: str,
    denominator: str,
    by: str | Sequence[str],
    offence: str = "trafficking",
    area: str | Area | None = None,
    period: str | Period | Iterable[str | int | Period] | None = None,
    thresholds: Thresholds = DEFAULTS,
    rules: Iterable[Rule] = RULES,
    **selection: Any,
) -> Results:
    """Return the ratio of two stages for each country, period, sex, citizenship or form.

    ``ratio_i = N_i / D_i``, each as `stage_ratio` computes it.

    Parameters
    ----------
    table : CountTable
        Counts of kind ``justice``.
    numerator, denominator : str
        The stages.
    by : str or sequence of str
        The dimensions, such as ``["area", "period"]``: each combination has a place. A breakdown
        has the widest recorded categories of the table.
    offence, area : optional
        As for `stage_ratio`; with ``"area"`` in ``by``, its members that have rows.
    period : optional
        As for `stage_ratio`: a window, or with ``"period"`` in ``by`` the periods of the grid.
    thresholds, rules : optional
        Passed to `assess`.
    **selection
        As for `stage_ratio`.

    Returns
    -------
    Results
        One `Ratio` per place, labelled by its codes, such as ``"BE, 2016"``. What a country did
        not give is a ratio without `reported`, never 0 and never left out.

    Raises
    ------
    NoSuchCell
        If a stage or a period is not in the table, or nothing is broken down by a dimension.
    AmbiguousCell
        If period, area or an attribute of the counts must be named.
    InvalidValue
        If no dimension is named, or one that the selection names too.

    Notes
    -----
    Comparability warnings: those of `stage_ratio`.

    Examples
    --------
    >>> import thbstats as thb
    >>> rows = [("BE", "prosecuted", 20), ("BE", "convicted", 12), ("FR", "prosecuted", 70)]
    >>> table = thb.CountTable.from_rows(
    ...     rows, columns=["area", "stage", "value"], kind="justice", period=2016, unit="persons"
    ... )
    >>> grid = thb.stage_ratios(
    ...     table, numerator="convicted", denominator="prosecuted", by="area"
    ... )
    >>> grid["BE"].shown, grid["FR"].reported
    ('0.600', None)

    References
    ----------
    Directive 2011/36/EU, article 19: statistics on trafficking, by country.
    """
    stages = two_stages(numerator, denominator)
    asked = {"offence": offence, "period": period, **selection}
    items = stage_grid(table, stages, by, area, asked)
    names = [by] if isinstance(by, str) else list(by)
    caption = f"{stages[0]} / {stages[1]} by {' and '.join(names)}"
    return assess(Results(caption=caption, items=items), thresholds=thresholds, rules=rules)
