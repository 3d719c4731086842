"""Ratios of criminal justice, from suspicion to conviction."""

from collections.abc import Iterable
from functools import partial
from itertools import pairwise
from typing import Any

from thbstats.errors import NoSuchCell
from thbstats.indicators._grids import Areas, By, Periods, checked, side_by_side
from thbstats.indicators._ratios import common_grid, ratio_of, side, sides
from thbstats.panel import Panel, ResultKind
from thbstats.panel.count_panels import ratio_panel
from thbstats.panel.count_windows import counts_of
from thbstats.rules import Rule, Thresholds
from thbstats.tables import CountTable
from thbstats.vocabulary import Stage

__all__ = [
    "conviction_to_prosecution",
    "conviction_to_suspect",
    "convictions_per_100_victims",
    "funnel",
    "prosecution_to_suspect",
]


def conviction_to_prosecution(
    table: CountTable, *, by: By = None, area: Areas = None, period: Periods = None,
    thresholds: Thresholds | None = None, rules: Iterable[Rule] | None = None,
    offence: str = "trafficking", **selection: Any,
) -> Any:  # fmt: skip
    """Return convictions over prosecutions of the same period.

    ``ratio = C / P``, summed over the countries that reported both.

    Parameters
    ----------
    table : CountTable
        Counts of kind ``justice``.
    by, area, period, thresholds, rules : optional
        As for `ratio`.
    offence : str
        ``"trafficking"`` or ``"use_of_services"``.
    **selection
        Attributes and categories of both counts, such as ``sex="female"``.

    Returns
    -------
    Result or Panel
        0 or more, exact, also above 1. It is a ratio of two flows, not a rate of success:
        those convicted in a period were often prosecuted before it.

    Raises
    ------
    NoSuchCell
        If the table has no counts of a stage.
    AmbiguousCell
        If period, area or an attribute of the counts must be named.
    InvalidValue
        If a stage is named.

    Notes
    -----
    Comparability warnings and limitations: those of `ratio`. UNIT is a caution where counts of
    other units than persons are divided by persons.

    Examples
    --------
    2,927 convictions and 5,979 prosecutions:

    >>> import thbstats as thb
    >>> justice = thb.publications.com_2018_777().data.justice
    >>> thb.conviction_to_prosecution(justice).shown
    '0.490'

    References
    ----------
    COM(2018) 777, sections II and III.2.
    """
    return _of_stages(
        "conviction_to_prosecution", table, Stage.CONVICTED, Stage.PROSECUTED,
        by=by, area=area, period=period, thresholds=thresholds, rules=rules,
        offence=offence, **selection,
    )  # fmt: skip


def prosecution_to_suspect(
    table: CountTable, *, by: By = None, offence: str = "trafficking", area: Areas = None,
    period: Periods = None, thresholds: Thresholds | None = None,
    rules: Iterable[Rule] | None = None, **selection: Any,
) -> Any:  # fmt: skip
    """Return prosecutions over people in formal contact in the same period.

    ``ratio = P / S``. Arguments, errors and warnings are those of `conviction_to_prosecution`.

    Returns
    -------
    Result or Panel
        0 or more, exact.

    Examples
    --------
    >>> import thbstats as thb
    >>> justice = thb.publications.com_2018_777().data.justice
    >>> thb.justice.prosecution_to_suspect(justice).shown
    '0.797'
    >>> services = thb.justice.prosecution_to_suspect(justice, offence="use_of_services")
    >>> services.shown, "STAGE_ORDER" in services.warnings.codes
    ('67.500', True)

    References
    ----------
    COM(2018) 777, sections II and III.1.
    """
    return _of_stages(
        "prosecution_to_suspect", table, Stage.PROSECUTED, Stage.SUSPECTED,
        by=by, area=area, period=period, thresholds=thresholds, rules=rules,
        offence=offence, **selection,
    )  # fmt: skip


def conviction_to_suspect(
    table: CountTable, *, by: By = None, offence: str = "trafficking", area: Areas = None,
    period: Periods = None, thresholds: Thresholds | None = None,
    rules: Iterable[Rule] | None = None, **selection: Any,
) -> Any:  # fmt: skip
    """Return convictions over people in formal contact in the same period.

    ``ratio = C / S``. Arguments, errors and warnings are those of `conviction_to_prosecution`.

    Returns
    -------
    Result or Panel
        0 or more, exact.

    Examples
    --------
    2,927 convictions and 7,503 people in formal contact:

    >>> import thbstats as thb
    >>> justice = thb.publications.com_2018_777().data.justice
    >>> thb.justice.conviction_to_suspect(justice).shown
    '0.390'

    References
    ----------
    COM(2018) 777, section II.
    """
    return _of_stages(
        "conviction_to_suspect", table, Stage.CONVICTED, Stage.SUSPECTED,
        by=by, area=area, period=period, thresholds=thresholds, rules=rules,
        offence=offence, **selection,
    )  # fmt: skip


def _of_stages(
    indicator: str, table: CountTable, above: Stage, below: Stage, *,
    by: By, area: Areas, period: Periods,
    thresholds: Thresholds | None, rules: Iterable[Rule] | None, **shared: Any,
) -> Any:  # fmt: skip
    return ratio_of(
        *sides((table, {"stage": above}), (table, {"stage": below}), shared),
        indicator=indicator, label=f"{above} / {below}",
        by=by, area=area, period=period, thresholds=thresholds, rules=rules,
    )  # fmt: skip


def convictions_per_100_victims(
    justice: CountTable, victims: CountTable, *, by: By = None, area: Areas = None,
    period: Periods = None, thresholds: Thresholds | None = None,
    rules: Iterable[Rule] | None = None, status: str = "registered", **selection: Any,
) -> Any:  # fmt: skip
    """Return convictions for trafficking per 100 victims.

    ``ratio = 100 * C / V``, summed over the countries that reported both.

    Parameters
    ----------
    justice, victims : CountTable
        Counts of kind ``justice`` and of kind ``victims``.
    by, area, period, thresholds, rules : optional
        As for `ratio`.
    status : str
        The status of the victims.
    **selection
        Attributes and categories of the victims alone, such as ``exploitation="sexual"``.

    Returns
    -------
    Result or Panel
        0 or more, exact.

    Raises
    ------
    NoSuchCell, AmbiguousCell
        As for `share`.

    Notes
    -----
    Comparability warnings and limitations: those of `ratio`.

    Examples
    --------
    2,927 convictions and 20,532 registered victims:

    >>> import thbstats as thb
    >>> data = thb.publications.com_2018_777().data
    >>> thb.justice.convictions_per_100_victims(data.justice, data.victims).shown
    '14.3'

    References
    ----------
    COM(2018) 777, section II.
    """
    convicted = {"stage": Stage.CONVICTED, "offence": "trafficking"}
    return ratio_of(
        *sides((justice, convicted), (victims, {"status": status, **selection}), {}),
        indicator="convictions_per_100_victims", label="convictions per 100 victims", per=100,
        by=by, area=area, period=period, thresholds=thresholds, rules=rules,
    )  # fmt: skip


def funnel(
    table: CountTable, *, by: By = None, offence: str = "trafficking", area: Areas = None,
    period: Periods = None, thresholds: Thresholds | None = None,
    rules: Iterable[Rule] | None = None, **selection: Any,
) -> Panel:  # fmt: skip
    """Return the ratios of all consecutive stages of a table, and of the last to the first.

    ``ratio_i = n_i / n_(i-1)``, each summed over the countries that reported both stages.

    Parameters
    ----------
    table, by, offence, area, period, thresholds, rules, **selection
        As for `conviction_to_prosecution`.

    Returns
    -------
    Panel
        One row per step, with the key ``"step"`` after those of ``by``.

    Raises
    ------
    NoSuchCell
        If the table has fewer than two stages of the offence.
    AmbiguousCell, InvalidValue
        As for `conviction_to_prosecution`.

    Notes
    -----
    Comparability warnings and limitations: those of `ratio`.

    Examples
    --------
    >>> import thbstats as thb
    >>> justice = thb.publications.com_2018_777().data.justice
    >>> found = thb.justice.funnel(justice)
    >>> [(row.label, row.shown) for row in found][:2]
    [('prosecuted / suspected', '0.797'), ('convicted / prosecuted', '0.490')]
    >>> found["convicted / suspected"].shown
    '0.390'

    References
    ----------
    COM(2018) 777, section II.
    """
    own = partial(side, table, shared={"offence": offence, **selection}, use="a stage")
    # The stage stays open here, and must not be named.
    attributes = own({"stage": None})[1].attributes
    found = table.where(**attributes).categories("stage")
    stages = sorted(map(Stage, found), key=lambda stage: stage.rank)
    if len(stages) < 2:
        raise NoSuchCell(
            "a funnel needs two stages",
            field="stage",
            value=", ".join(stages),
            mend="Add the counts of an earlier or later stage",
        )
    counted = [own({"stage": stage}) for stage in stages]
    grid = common_grid(counted, by=by, area=area, period=period)
    counts = {
        stage: counts_of(grid.over(table, chosen.attributes), chosen.categories)
        for stage, (_, chosen) in zip(stages, counted, strict=True)
    }
    pairs = [*pairwise(stages), *([(stages[0], stages[-1])] if len(stages) > 2 else [])]
    steps = {f"{later} / {earlier}": (later, earlier) for earlier, later in pairs}
    panels = [
        ratio_panel(
            counts[above], counts[below], indicator="funnel", label=label, kind=ResultKind.RATIO
        )
        for label, (above, below) in steps.items()
    ]
    panel = side_by_side(panels, "step", list(steps))
    caption = f"{offence.replace('_', ' ')}: stage ratios"
    checked_panel: Panel = checked(panel, "step", thresholds, rules, caption=caption)
    return checked_panel
