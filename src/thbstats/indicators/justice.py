"""Justice: the ratios that the progress reports print, from suspicion to conviction."""

from collections.abc import Iterable
from itertools import pairwise
from typing import Any

from thbstats.comparability import ALL as RULES
from thbstats.comparability import DEFAULTS, Rule, Thresholds, assess
from thbstats.errors import NoSuchCell
from thbstats.geography import Area
from thbstats.pooling import Side, ratio_between, scope_of_stages, stage_ratio_of
from thbstats.results import Funnel, Measure, Ratio
from thbstats.tables import CountTable
from thbstats.values import Period
from thbstats.vocabulary import Stage

__all__ = [
    "conviction_to_prosecution",
    "conviction_to_suspect",
    "convictions_per_100_victims",
    "funnel",
    "prosecution_to_suspect",
]


def conviction_to_prosecution(
    table: CountTable,
    *,
    offence: str = "trafficking",
    area: str | Area | None = None,
    period: str | Period | Iterable[str | int | Period] | None = None,
    thresholds: Thresholds = DEFAULTS,
    rules: Iterable[Rule] = RULES,
    **selection: Any,
) -> Ratio:
    """Return convictions over prosecutions of the same period: a ratio of two flows.

    ``ratio = C / P``, summed over the countries that gave both.

    Parameters
    ----------
    table : CountTable
        Counts of kind ``justice``.
    offence : str
        ``"trafficking"`` or ``"use_of_services"``.
    area : str or Area, optional
        The area asked for; by default the one area of the table, or all its countries together.
    period : str, Period or iterable of them, optional
        The reference period, where the table has several; or a window, as for `stage_ratio`.
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
        If a stage is not in the table.
    AmbiguousCell
        If period, area or an attribute of the counts must be named.
    InvalidValue
        If a stage is named.

    Notes
    -----
    Comparability warnings: BREAK, CLASSIFICATION, COHORT, COVERAGE, DEFINITION, DOMINANCE,
    DUPLICATE, FLAGS, OFFENCE, ORDER, PERIOD, SMALL, SOURCE, SUPPRESSED, UNIT, VINTAGE.

    Examples
    --------
    >>> import thbstats as thb
    >>> justice = thb.publications.com_2018_777().data.justice
    >>> thb.conviction_to_prosecution(justice).shown
    '0.490'

    References
    ----------
    COM(2018) 777, sections II and III.2: 2 927 convictions, 5 979 prosecutions.
    """
    asked = {"offence": offence, "period": period, **selection}
    found = stage_ratio_of(table, (Stage.CONVICTED, Stage.PROSECUTED), area, asked)
    return assess(found, thresholds=thresholds, rules=rules)


def prosecution_to_suspect(
    table: CountTable,
    *,
    offence: str = "trafficking",
    area: str | Area | None = None,
    period: str | Period | Iterable[str | int | Period] | None = None,
    thresholds: Thresholds = DEFAULTS,
    rules: Iterable[Rule] = RULES,
    **selection: Any,
) -> Ratio:
    """Return prosecutions over people in formal contact in the same period.

    ``ratio = P / S``, summed over the countries that gave both.

    Parameters
    ----------
    table, offence, area, period, thresholds, rules, **selection
        As for `conviction_to_prosecution`.

    Returns
    -------
    Ratio
        0 or more, exact, above 1 too.

    Raises
    ------
    NoSuchCell
        If a stage is not in the table.
    AmbiguousCell
        If period, area or an attribute of the counts must be named.
    InvalidValue
        If a stage is named.

    Notes
    -----
    Comparability warnings: those of `conviction_to_prosecution`; UNIT asks for caution, since
    people stand below the line.

    Examples
    --------
    >>> import thbstats as thb
    >>> justice = thb.publications.com_2018_777().data.justice
    >>> thb.prosecution_to_suspect(justice).shown
    '0.797'
    >>> services = thb.prosecution_to_suspect(justice, offence="use_of_services")
    >>> services.shown, "ORDER" in services.warnings.codes
    ('67.500', True)

    References
    ----------
    COM(2018) 777, sections II and III.1.
    """
    asked = {"offence": offence, "period": period, **selection}
    found = stage_ratio_of(table, (Stage.PROSECUTED, Stage.SUSPECTED), area, asked)
    return assess(found, thresholds=thresholds, rules=rules)


def conviction_to_suspect(
    table: CountTable,
    *,
    offence: str = "trafficking",
    area: str | Area | None = None,
    period: str | Period | Iterable[str | int | Period] | None = None,
    thresholds: Thresholds = DEFAULTS,
    rules: Iterable[Rule] = RULES,
    **selection: Any,
) -> Ratio:
    """Return convictions over people in formal contact in the same period.

    ``ratio = C / S``, summed over the countries that gave both.

    Parameters
    ----------
    table, offence, area, period, thresholds, rules, **selection
        As for `conviction_to_prosecution`.

    Returns
    -------
    Ratio
        0 or more, exact, above 1 too.

    Raises
    ------
    NoSuchCell
        If a stage is not in the table.
    AmbiguousCell
        If period, area or an attribute of the counts must be named.
    InvalidValue
        If a stage is named.

    Notes
    -----
    Comparability warnings: those of `prosecution_to_suspect`.

    Examples
    --------
    >>> import thbstats as thb
    >>> justice = thb.publications.com_2018_777().data.justice
    >>> thb.conviction_to_suspect(justice).shown
    '0.390'

    References
    ----------
    COM(2018) 777, section II: 2 927 convictions, 7 503 people in formal contact.
    """
    asked = {"offence": offence, "period": period, **selection}
    found = stage_ratio_of(table, (Stage.CONVICTED, Stage.SUSPECTED), area, asked)
    return assess(found, thresholds=thresholds, rules=rules)


def convictions_per_100_victims(
    justice: CountTable,
    victims: CountTable,
    *,
    status: str = "registered",
    area: str | Area | None = None,
    period: str | Period | None = None,
    thresholds: Thresholds = DEFAULTS,
    rules: Iterable[Rule] = RULES,
    **selection: Any,
) -> Ratio:
    """Return convictions for trafficking per 100 victims: a ratio across units.

    ``ratio = 100 * C / V``, summed over the countries that gave both.

    Parameters
    ----------
    justice, victims : CountTable
        Counts of kind ``justice`` and of kind ``victims``.
    status : str
        Which victims; ``"registered"`` unless said otherwise.
    area, period : optional
        As for `conviction_to_prosecution`.
    thresholds, rules : optional
        Passed to `assess`.
    **selection
        Categories of the victims, such as ``exploitation="sexual"``.

    Returns
    -------
    Ratio
        0 or more, exact.

    Raises
    ------
    NoSuchCell
        If a table lacks the counts.
    AmbiguousCell
        If period, area or an attribute of the counts must be named.
    InvalidValue
        If the two tables are of different periods.

    Notes
    -----
    Comparability warnings: BREAK, CLASSIFICATION, COVERAGE, DEFINITION, DETECTION, DOMINANCE,
    DUPLICATE, FLAGS, PERIOD, REGISTER, SMALL, SOURCE, STATUS, SUPPRESSED, UNIT, VINTAGE.

    Examples
    --------
    >>> import thbstats as thb
    >>> data = thb.publications.com_2018_777().data
    >>> thb.convictions_per_100_victims(data.justice, data.victims).shown
    '14.3'

    References
    ----------
    COM(2018) 777, section II: 2 927 convictions, 20 532 registered victims.
    """
    convicted = {"stage": Stage.CONVICTED, "offence": "trafficking", "period": period}
    found = ratio_between(
        Side(justice, convicted),
        Side(victims, {"status": status, "period": period, **selection}),
        area=area,
        indicator="convictions_per_100_victims",
        label="convictions per 100 victims",
        measure=Measure.PER_100,
    )
    return assess(found, thresholds=thresholds, rules=rules)


def funnel(
    table: CountTable,
    *,
    offence: str = "trafficking",
    area: str | Area | None = None,
    period: str | Period | None = None,
    thresholds: Thresholds = DEFAULTS,
    rules: Iterable[Rule] = RULES,
    **selection: Any,
) -> Funnel:
    """Return the ratios between all stages that a table has, from first to last.

    ``ratio_i = n_i / n_(i-1)`` for each stage and the one before, and last over first.

    Parameters
    ----------
    table : CountTable
        Counts of kind ``justice``.
    offence, area, period, thresholds, rules, **selection
        As for `conviction_to_prosecution`.

    Returns
    -------
    Funnel
        One `Ratio` per step, each pooled over the countries that gave both its stages.

    Raises
    ------
    NoSuchCell
        If the table has fewer than two stages of the offence.
    AmbiguousCell
        If period, area or an attribute of the counts must be named.

    Notes
    -----
    Comparability warnings: those of `conviction_to_prosecution`. Without country rows COVERAGE
    cannot tell.

    Examples
    --------
    >>> import thbstats as thb
    >>> justice = thb.publications.com_2018_777().data.justice
    >>> thb.funnel(justice).labels
    ('prosecuted / suspected', 'convicted / prosecuted', 'convicted / suspected')

    References
    ----------
    COM(2018) 777, section II.
    """
    asked = {"offence": offence, "period": period, **selection}
    where = scope_of_stages(table, area, asked)
    stages = sorted(map(Stage, where.table.categories("stage")), key=lambda stage: stage.rank)
    if len(stages) < 2:
        raise NoSuchCell(
            "a funnel needs two stages",
            field="stage",
            value=", ".join(stages),
            mend="Add the counts of an earlier or later stage",
        )
    steps = [*pairwise(stages), *([(stages[0], stages[-1])] if len(stages) > 2 else [])]
    items = [
        stage_ratio_of(table, (later, earlier), where.area, asked, "funnel")
        for earlier, later in steps
    ]
    found = Funnel(caption=f"{offence.replace('_', ' ')}: stage ratios", items=items)
    return assess(found, thresholds=thresholds, rules=rules)
