"""Ratios of two counts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from itertools import chain
from operator import methodcaller
from typing import Any, overload

from thbstats.errors import NoSuchCell, require
from thbstats.indicators import _shared
from thbstats.indicators._shared import Areas, By, Names, Periods, Reading, indicator
from thbstats.languages import Message, joined
from thbstats.panel import Panel, Result, ResultKind
from thbstats.panel.grid import CountSelection, PanelGrid, grid_of, selection_of
from thbstats.panel.pooled_counts import counts_of, ratio_panel
from thbstats.rules import Rule, Thresholds
from thbstats.tables import CountTable, require_table
from thbstats.values import is_integer
from thbstats.vocabulary import code_text

__all__ = ["ratio"]

_KINDS = {1: ResultKind.RATIO, 100: ResultKind.PER_100}

Side = tuple[CountTable, Mapping[str, Any]]
"""A table and a selection of its counts."""


def selected(sides: Sequence[Side], shared: Mapping[str, Any]) -> list[CountSelection]:
    """Return the selections of the numerators and denominators of ratios."""
    schemas = [require_table(table).columns.schema for table, _ in sides]
    for name in shared:
        if not any(name in schema.names for schema in schemas):
            schemas[0][name]  # an error with the names that exist
    selections = []
    for (table, where), schema in zip(sides, schemas, strict=True):
        side = "numerator" if where is sides[0][1] else "denominator"
        hint = f'Use {side}={{"stage": "convicted"}}'
        require(isinstance(where, Mapping), "must be a mapping", hint, **{side: where})
        for name, word in where.items():
            require(
                name not in shared,
                "a shared selection must not name a dimension of numerator or denominator",
                "Remove it, or use thbstats.ratio with another numerator and denominator",
                **{name: shared.get(name)},
            )
            require(
                name not in ("area", "period"),
                f"numerator and denominator must have the same {name}",
                f"Pass {name}= to the indicator, or lag= for earlier years",
                **{name: word},
            )
        both = {name: word for name, word in shared.items() if name in schema.names}
        selections.append(selection_of(table, {**both, **where}))
    return selections


def common_grid(
    tables: Sequence[CountTable], selections: Sequence[CountSelection], **scope: Any
) -> PanelGrid:
    """Return the grid of several selections of counts."""
    pairs = list(zip(tables, selections, strict=True))
    return grid_of(
        tables[0],
        attributes=selections[0].attributes,
        named=[name for own in selections for name in (*own.categories, *own.attributes)],
        also=[table.where(**own.attributes) for table, own in pairs[1:]],
        **scope,
    )


Label = str | Callable[..., str]
"""The label of a ratio, or a function that returns it from the names of its counts."""


def ratio_of(
    above: Side, below: Side, shared: Mapping[str, Any], *, indicator: str, label: Label = "",
    per: int = 1, lag: int | Sequence[int] = 0, by: By, thresholds: Thresholds | None,
    rules: Iterable[Rule] | None, **scope: Any,
) -> Any:  # fmt: skip
    """Return the ratios of two sides."""
    counted, against = selected([above, below], shared)
    require(per in _KINDS, "`per` must be 1 or 100", "Use per=100", per=per)
    several = isinstance(lag, Iterable)
    lags: list[Any] = list(lag) if isinstance(lag, Iterable) else [lag]
    require(
        lags and all(map(is_integer, lags)) and (len(set(lags)) >= len(lags)),
        "`lag` must contain different integers of 0 or more",
        "Use lag=(0, 1, 2, 3)",
        lag=", ".join(map(str, lags)),
    )
    table, other = above[0], below[0]
    require(
        table is not other or counted != against or 0 not in lags,
        "`denominator` must differ from the numerator",
        'Use numerator={"stage": "convicted"}, denominator={"stage": "prosecuted"}',
        denominator=", ".join(str(word) for words in against.attributes.values() for word in words),
    )
    grid = common_grid([table, other], [counted, against], by=by, **scope)
    numerator = counts_of(grid, counted.categories)
    denominators = []
    for years in lags:
        move = methodcaller("earlier", years)
        periods = tuple(own.map(move) if years else own for own in grid.periods)
        earlier = grid.with_table(other, against.attributes, periods)
        denominators.append(counts_of(earlier, against.categories))
        if several and not denominators[-1].present.any():
            raise NoSuchCell(
                f"No counts {years} years earlier",
                field="lag",
                value=years,
                row=str(periods[0][0]),
                hint=f"Remove this lag; the table has {other.contents}",
            )
    words: dict[str, Any] = {
        "indicator": indicator,
        "label": label or _label(counted, against, per),
        "kind": _KINDS[per],
        "further": denominators if several else (),
    }
    panels = [
        ratio_panel(numerator, own, lag=years, **words)
        for years, own in zip(lags, denominators, strict=True)
    ]
    panel = (
        _shared.side_by_side(panels, "lag", [str(own) for own in lags]) if several else panels[0]
    )
    return _shared.checked(panel, "lag" if several else by, thresholds, rules)


def _label(above: CountSelection, below: CountSelection, per: int) -> Label:
    pattern = partial(Message, "{counted} / {against}")
    if per != 1:
        pattern = partial(Message, "{counted} per 100 {against}")
    pairs, others = ({**own.attributes, **own.categories} for own in (above, below))
    if pairs.keys() != others.keys():
        return pattern
    differing = [name for name, word in pairs.items() if word != others[name]]

    def named(own: Mapping[str, Any]) -> str:
        words = ([own[name]] if isinstance(own[name], str) else own[name] for name in differing)
        return joined(map(code_text, chain(*words)), ", ")

    return pattern(counted=named(pairs), against=named(others))


@overload
def ratio(
    table: CountTable, denominator_table: CountTable | None = None, *, numerator: Mapping[str, Any],
    denominator: Mapping[str, Any], by: None = None, lag: int = 0, per: int = 1,
    area: Areas = None, period: Periods = None, complete_dimensions: Names = None,
    contradictory: Reading = "leave_out", thresholds: Thresholds | None = None,
    rules: Iterable[Rule] | None = None, **where: Any,
) -> Result: ...  # fmt: skip
@overload
def ratio(
    table: CountTable, denominator_table: CountTable | None = None, *, numerator: Mapping[str, Any],
    denominator: Mapping[str, Any], by: str | Sequence[str], lag: int | Sequence[int] = 0,
    per: int = 1, area: Areas = None, period: Periods = None, complete_dimensions: Names = None,
    contradictory: Reading = "leave_out", thresholds: Thresholds | None = None,
    rules: Iterable[Rule] | None = None, **where: Any,
) -> Panel: ...  # fmt: skip
@overload
def ratio(
    table: CountTable, denominator_table: CountTable | None = None, *, numerator: Mapping[str, Any],
    denominator: Mapping[str, Any], lag: Sequence[int], **options: Any,
) -> Panel: ...  # fmt: skip
@indicator("ratio")
def ratio(
    table: CountTable, denominator_table: CountTable | None = None, *, numerator: Mapping[str, Any],
    denominator: Mapping[str, Any], lag: int | Sequence[int] = 0, per: int = 1, by: By = None,
    area: Areas = None, period: Periods = None, complete_dimensions: Names = None,
    contradictory: Reading = "leave_out", thresholds: Thresholds | None = None,
    rules: Iterable[Rule] | None = None, **where: Any,
) -> Any:  # fmt: skip
    """Return the ratio of two counts.

    ``ratio = per * N / D``: both are summed over the periods, and over the countries that
    reported both in every period.

    Parameters
    ----------
    table : CountTable
        The counts of the numerator.
    denominator_table : CountTable, optional
        The counts of the denominator; by default the same table.
    numerator, denominator : mapping
        Attributes and categories of each side, such as ``{"stage": "convicted"}``. The two sides
        must have different counts.
    lag : int or sequence of int
        How many years the denominator is before the numerator. Several lags give a panel with
        one row per lag, all over the countries that reported every count.
    per : {1, 100}
        The factor.
    by, area, period, complete_dimensions, contradictory, thresholds, rules : optional
        As for `total`; the period is that of the numerator.
    **where
        Attributes and categories that both sides share, such as ``sex="female"``. A side leaves
        out dimensions that its records do not have.

    Returns
    -------
    Result or Panel
        An exact number of 0 or more, which can exceed 1. `Result.all_reported` is the quotient of
        all reported counts, also of countries that reported only one of the two counts.

    Raises
    ------
    NoSuchCell, AmbiguousCell, InvalidValue
        As for `total`.

    Notes
    -----
    Comparability warnings: AREA_COMPOSITION, BREAK, CLASSIFICATION, CONTRADICTED, COVERAGE,
    DEFINITION, DOMINANCE, OBSERVATION_FLAG, OFFENCE, PERIOD, REGISTERING_BODY, SMALL_DENOMINATOR,
    SOURCE, STAGE_ORDER, STATUS, SUPPRESSED, UNIT, VINTAGE. Limitations: COHORT, DETECTED_ONLY,
    DOUBLE_COUNTING.

    Examples
    --------
    Estonia's "<5" of 2015 is 0 to 4, and France has no counts of 2015:

    >>> import thbstats as thb
    >>> few = thb.Count.fewer_than(5)
    >>> columns = ["area", "period", "prosecuted", "convicted"]
    >>> rows = [("BE", 2015, 10, 4), ("BE", 2016, 20, 12), ("EE", 2015, 6, few),
    ...         ("EE", 2016, 4, 4), ("FR", 2016, 70, 7)]
    >>> table = thb.CountTable.from_rows(
    ...     [(*row[:2], name, n) for row in rows for name, n in zip(columns[2:], row[2:])],
    ...     columns=[*columns[:2], "stage", "value"], kind="justice", unit="persons",
    ... )
    >>> stages = {"numerator": {"stage": "convicted"}, "denominator": {"stage": "prosecuted"}}
    >>> found = thb.ratio(table, **stages, period=[2015, 2016])
    >>> found.formatted, sorted(found.reporters), str(found.period)
    ('0.5 to 0.6', ['BE', 'EE'], '2015-2016')

    The same for each country and year, and with denominators of earlier years:

    >>> panel = thb.ratio(table, **stages, by=["area", "period"])
    >>> panel["FR", 2016].formatted, panel["FR", 2015].status.code
    ('0.1', 'no_data')
    >>> [row.formatted for row in thb.ratio(table, **stages, area="BE", period=2016, lag=(0, 1))]
    ['0.6', '12 of 10']

    References
    ----------
    COM(2018) 777, sections II and III: those convicted in a period were often prosecuted before
    it. UNODC GLOTIP data set of 14 April 2025.
    """
    other = table if denominator_table is None else denominator_table
    return ratio_of(
        (table, numerator), (other, denominator), where, indicator="ratio", per=per, lag=lag, by=by,
        area=area, period=period, complete_dimensions=complete_dimensions,
        contradictory=contradictory, thresholds=thresholds, rules=rules,
    )  # fmt: skip
