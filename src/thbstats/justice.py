"""Ratios of criminal justice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any, overload

from thbstats.errors import NoSuchCell, require
from thbstats.indicators._shared import Areas, By, Periods, checked, indicator, side_by_side
from thbstats.indicators.ratios import common_grid, ratio_of, selected
from thbstats.languages import Message
from thbstats.panel import Panel, Result, ResultKind
from thbstats.panel.category_names import category_name, lowered
from thbstats.panel.pooled_counts import counts_of, ratio_panel
from thbstats.rules import Rule, Thresholds
from thbstats.tables import CountTable, require_table
from thbstats.vocabulary import Stage, code_text

__all__ = [
    "conviction_to_prosecution",
    "conviction_to_suspect",
    "convictions_per_100_victims",
    "funnel",
    "prosecution_to_suspect",
]


def _step(above: str, below: str) -> str:
    """Return the label of the ratio of two stages."""
    return Message("{above} / {below}", above=code_text(above), below=code_text(below))


def _stage_ratio(
    table: CountTable, above: Stage, below: Stage, shared: Mapping[str, Any], **options: Any
) -> Any:
    """Return the ratio of two stages."""
    kind = require_table(table).columns.schema.kind
    problem = "`table` must have counts of kind 'justice'"
    require(kind == "justice", problem, "Use read(path).data.justice", table=kind)
    sides = (table, {"stage": above}), (table, {"stage": below})
    return ratio_of(*sides, shared, label=_step(above, below), **options)


@overload
def conviction_to_prosecution(table: CountTable, *, by: None = None, **options: Any) -> Result: ...
@overload
def conviction_to_prosecution(
    table: CountTable, *, by: str | Sequence[str], **options: Any
) -> Panel: ...
@indicator("ratio")
def conviction_to_prosecution(
    table: CountTable, *, by: By = None, area: Areas = None, period: Periods = None,
    offence: str = "trafficking", thresholds: Thresholds | None = None,
    rules: Iterable[Rule] | None = None, **where: Any,
) -> Any:  # fmt: skip
    """Return convictions over prosecutions of the same period.

    ``ratio = C / P``, summed over the countries that reported both.

    Parameters
    ----------
    table : CountTable
        Counts of kind ``justice``.
    by, area, period : optional
        As for `ratio`.
    offence : {"trafficking", "use_of_services"}
        The offence.
    thresholds, rules : optional
        As for `ratio`.
    **where
        Attributes and categories of both counts, such as ``sex="female"``, without the stage.

    Returns
    -------
    Result or Panel
        An exact number of 0 or more, which can exceed 1. It is a ratio of two flows and not a
        conviction rate: many cases of the later stage entered the earlier stage in another period.

    Raises
    ------
    NoSuchCell, AmbiguousCell, InvalidValue
        As for `total`.

    Notes
    -----
    Comparability warnings and limitations: those of `ratio`. UNIT is a caution where counts of
    other units than persons are divided by persons.

    Examples
    --------
    >>> import thbstats as thb
    >>> justice = thb.publications.com_2018_777().data.justice
    >>> thb.conviction_to_prosecution(justice).formatted  # 2,927 and 5,979
    '0.49'

    References
    ----------
    COM(2018) 777, sections II and III.2.
    """
    return _stage_ratio(
        table, Stage.CONVICTED, Stage.PROSECUTED, {"offence": offence, **where},
        indicator="conviction_to_prosecution", by=by, area=area, period=period,
        thresholds=thresholds, rules=rules,
    )  # fmt: skip


@overload
def prosecution_to_suspect(table: CountTable, *, by: None = None, **options: Any) -> Result: ...
@overload
def prosecution_to_suspect(
    table: CountTable, *, by: str | Sequence[str], **options: Any
) -> Panel: ...
@indicator("ratio")
def prosecution_to_suspect(
    table: CountTable, *, by: By = None, area: Areas = None, period: Periods = None,
    offence: str = "trafficking", thresholds: Thresholds | None = None,
    rules: Iterable[Rule] | None = None, **where: Any,
) -> Any:  # fmt: skip
    """Return prosecutions over people in formal contact of the same period.

    ``ratio = P / S``, summed over the countries that reported both.

    Parameters
    ----------
    table, by, area, period, offence, thresholds, rules, **where
        As for `conviction_to_prosecution`.

    Returns
    -------
    Result or Panel
        An exact number of 0 or more, as for `conviction_to_prosecution`.

    Raises
    ------
    NoSuchCell, AmbiguousCell, InvalidValue
        As for `total`.

    Notes
    -----
    Comparability warnings and limitations: those of `conviction_to_prosecution`.

    Examples
    --------
    >>> import thbstats as thb
    >>> justice = thb.publications.com_2018_777().data.justice
    >>> thb.justice.prosecution_to_suspect(justice).formatted
    '0.80'
    >>> services = thb.justice.prosecution_to_suspect(justice, offence="use_of_services")
    >>> services.formatted, "STAGE_ORDER" in services.warnings.codes
    ('135 of 2', True)

    References
    ----------
    COM(2018) 777, sections II and III.1.
    """
    return _stage_ratio(
        table, Stage.PROSECUTED, Stage.SUSPECTED, {"offence": offence, **where},
        indicator="prosecution_to_suspect", by=by, area=area, period=period,
        thresholds=thresholds, rules=rules,
    )  # fmt: skip


@overload
def conviction_to_suspect(table: CountTable, *, by: None = None, **options: Any) -> Result: ...
@overload
def conviction_to_suspect(
    table: CountTable, *, by: str | Sequence[str], **options: Any
) -> Panel: ...
@indicator("ratio")
def conviction_to_suspect(
    table: CountTable, *, by: By = None, area: Areas = None, period: Periods = None,
    offence: str = "trafficking", thresholds: Thresholds | None = None,
    rules: Iterable[Rule] | None = None, **where: Any,
) -> Any:  # fmt: skip
    """Return convictions over people in formal contact of the same period.

    ``ratio = C / S``, summed over the countries that reported both.

    Parameters
    ----------
    table, by, area, period, offence, thresholds, rules, **where
        As for `conviction_to_prosecution`.

    Returns
    -------
    Result or Panel
        An exact number of 0 or more, as for `conviction_to_prosecution`.

    Raises
    ------
    NoSuchCell, AmbiguousCell, InvalidValue
        As for `total`.

    Notes
    -----
    Comparability warnings and limitations: those of `conviction_to_prosecution`.

    Examples
    --------
    >>> import thbstats as thb
    >>> justice = thb.publications.com_2018_777().data.justice
    >>> thb.justice.conviction_to_suspect(justice).formatted  # 2,927 and 7,503
    '0.39'

    References
    ----------
    COM(2018) 777, section II.
    """
    return _stage_ratio(
        table, Stage.CONVICTED, Stage.SUSPECTED, {"offence": offence, **where},
        indicator="conviction_to_suspect", by=by, area=area, period=period,
        thresholds=thresholds, rules=rules,
    )  # fmt: skip


@overload
def convictions_per_100_victims(
    justice: CountTable, victims: CountTable, *, by: None = None, **options: Any
) -> Result: ...
@overload
def convictions_per_100_victims(
    justice: CountTable, victims: CountTable, *, by: str | Sequence[str], **options: Any
) -> Panel: ...
@indicator()
def convictions_per_100_victims(
    justice: CountTable, victims: CountTable, *, by: By = None, area: Areas = None,
    period: Periods = None, status: str = "registered", thresholds: Thresholds | None = None,
    rules: Iterable[Rule] | None = None, **where: Any,
) -> Any:  # fmt: skip
    """Return convictions for trafficking per 100 victims.

    ``ratio = 100 * C / V``, summed over the countries that reported both.

    Parameters
    ----------
    justice, victims : CountTable
        Counts of kind ``justice`` and of kind ``victims``.
    by, area, period : optional
        As for `ratio`.
    status : str
        The status of the victims.
    thresholds, rules : optional
        As for `ratio`.
    **where
        Attributes and categories of the victims alone, such as ``exploitation="sexual"``.

    Returns
    -------
    Result or Panel
        An exact number of 0 or more.

    Raises
    ------
    NoSuchCell, AmbiguousCell, InvalidValue
        As for `total`.

    Notes
    -----
    Comparability warnings and limitations: those of `ratio`.

    Examples
    --------
    2,927 convictions and 20,532 registered victims:

    >>> import thbstats as thb
    >>> data = thb.publications.com_2018_777().data
    >>> thb.justice.convictions_per_100_victims(data.justice, data.victims).formatted
    '14.3'

    References
    ----------
    COM(2018) 777, section II.
    """
    convicted = {"stage": Stage.CONVICTED, "offence": "trafficking"}
    return ratio_of(
        (justice, convicted), (victims, {"status": status, **where}), {},
        indicator="convictions_per_100_victims", label=Message("convictions per 100 victims"),
        per=100, by=by, area=area, period=period, thresholds=thresholds, rules=rules,
    )  # fmt: skip


@indicator()
def funnel(
    table: CountTable, *, by: By = None, area: Areas = None, period: Periods = None,
    offence: str = "trafficking", thresholds: Thresholds | None = None,
    rules: Iterable[Rule] | None = None, **where: Any,
) -> Panel:  # fmt: skip
    """Return the ratios of consecutive stages, and of the last stage to the first.

    ``ratio_i = n_i / n_(i-1)``, each summed over the countries that reported both stages. Recorded
    offences are not a step, because they are not people.

    Parameters
    ----------
    table, by, area, period, offence, thresholds, rules, **where
        As for `conviction_to_prosecution`. The table must have counts of two stages or more.

    Returns
    -------
    Panel
        One row per step. The key ``"step"`` follows the keys of ``by``.

    Raises
    ------
    NoSuchCell, AmbiguousCell, InvalidValue
        As for `total`.

    Notes
    -----
    Comparability warnings and limitations: those of `ratio`.

    Examples
    --------
    >>> import thbstats as thb
    >>> justice = thb.publications.com_2018_777().data.justice
    >>> found = thb.justice.funnel(justice)
    >>> [(row.label, row.formatted) for row in found][:2]
    [('prosecuted / suspected', '0.80'), ('convicted / prosecuted', '0.49')]
    >>> found["convicted / suspected"].formatted
    '0.39'

    References
    ----------
    COM(2018) 777, section II.
    """
    shared = {"offence": offence, **where}
    (every,) = selected([(table, {"stage": None})], shared)
    listed = table.where(**every.attributes).categories("stage")
    stages = [stage for stage in Stage if stage in listed and stage is not Stage.RECORDED]
    if len(stages) < 2:
        raise NoSuchCell(
            Message("the table must have counts of two stages or more"),
            field="stage",
            value=", ".join(stages) or "no stage",
            hint="Add the counts of an earlier or later stage",
        )
    sides = [(table, {"stage": stage}) for stage in stages]
    selections = selected(sides, shared)
    tables = [table] * len(stages)
    grid = common_grid(tables, selections, by=by, area=area, period=period)
    counts = {
        stage: counts_of(grid.with_table(table, chosen.attributes), chosen.categories)
        for stage, chosen in zip(stages, selections, strict=True)
    }
    pairs = [*pairwise(stages), *([(stages[0], stages[-1])] if len(stages) > 2 else [])]
    steps = {_step(later, earlier): (counts[later], counts[earlier]) for earlier, later in pairs}
    panels = [
        ratio_panel(*own, label=step, indicator="funnel", kind=ResultKind.RATIO)
        for step, own in steps.items()
    ]
    panel = side_by_side(panels, "step", list(steps))
    name = lowered(category_name("offence", str(offence)))
    caption = Message("Stages of criminal justice ({offence})", offence=name)
    judged: Panel = checked(panel, "step", thresholds, rules, caption=caption)
    return judged
