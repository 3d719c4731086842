"""Flows of persons between countries of origin and of destination."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

import numpy as np
from attrs import evolve, frozen

from thbstats.columns import Coded, Fractions
from thbstats.display import DisplayTable
from thbstats.errors import InvalidValue, NoSuchCell
from thbstats.geography import Area
from thbstats.indicators import _shared
from thbstats.indicators._flow_margins import FlowCube, FlowMargin
from thbstats.indicators._shared import Areas, Index, Periods, as_kind, indicator
from thbstats.languages import Message
from thbstats.panel import Panel, ResultKind
from thbstats.panel.count_panels import count_panel
from thbstats.panel.export import bounds_of
from thbstats.panel.frame_fields import FrameField, bound_field
from thbstats.panel.grid import CountSelection, PanelGrid, selection_of
from thbstats.panel.panel_text import panel_sheet
from thbstats.panel.pooled_counts import counts_of
from thbstats.panel.system_rows import UNKNOWN
from thbstats.records import Dimension
from thbstats.rules import Rule, Thresholds
from thbstats.tables import CountTable, require_table
from thbstats.tables.select import find_rows
from thbstats.values import Period
from thbstats.vocabulary import dimension_text

__all__ = ["FlowMargin", "Flows", "flows"]

_HOME = "reporting_country"
_STATELESS = "stateless"
_MARGINS = ("destinations", "origins", "balances")


@frozen(kw_only=True, slots=False, eq=False, repr=False)
class Flows(Panel):
    """Counts by origin and destination, with the sums of both.

    The margins and balances are those of all flows, also of a selection of rows.

    Parameters
    ----------
    within_total : Fractions
        The count, with the bounds that the total of the destination implies.
    destinations : FlowMargin
        One row per period and destination: the ``total`` of the country, the sum of other origins
        (``foreign``), the same country (``domestic``), ``unknown`` origin, and persons of origins
        without a count (``not_listed``). The status is ``contradictory`` where the counts exceed
        the total.
    origins : FlowMargin
        One row per period and origin: the sum of the counts of other destinations (``listed``),
        with persons that these do not list (``all``), and with persons of unknown origin
        (``all_with_unknown``). ``destinations`` of ``reporting`` destinations have a count.
    balances : FlowMargin
        One row per period and destination: ``inflow`` from other origins, ``outflow`` to other
        reporting destinations, ``net = inflow - outflow`` and ``gross = inflow + outflow``.
        Countries without counts of their own have no balance.
    """

    _further: ClassVar[tuple[str, ...]] = ("within_total",)

    frame_fields: ClassVar[tuple[FrameField, ...]] = (
        bound_field(
            "within_total_lower",
            "Lower bound that the total of the destination implies",
            lambda panel: panel.within_total.lower,
        ),
        bound_field(
            "within_total_upper",
            "Upper bound that the total of the destination implies",
            lambda panel: panel.within_total.upper,
        ),
    )

    within_total: Fractions
    destinations: FlowMargin
    origins: FlowMargin
    balances: FlowMargin

    def to_dict(self) -> dict[str, Any]:
        """Return the flows and their margins as plain data."""
        margins = {name: getattr(self, name).to_dict() for name in _MARGINS}
        return super().to_dict() | {
            "within_total": [bounds_of(number) for number in self.within_total],
            **margins,
        }

    def display_table(self) -> DisplayTable:
        """Return the flows as a sheet, each with its bounds within the total."""
        texts = [
            "" if number is None else ResultKind.COUNT.format_value(number)
            for number in self.within_total
        ]
        return panel_sheet(self, first={"within total": texts})


@indicator()
def flows(
    table: CountTable, *, origin: str = "citizenship", exhaustive: bool = False,
    area: Areas = None, period: Periods = None, thresholds: Thresholds | None = None,
    rules: Iterable[Rule] | None = None, **where: Any,
) -> Flows:  # fmt: skip
    """Return the counts by origin and reporting country.

    ``n_od <= N_d - sum of n_jd over the other origins j``: a count of origin ``o`` at destination
    ``d`` is at most what the total ``N_d`` leaves, so that a suppressed count can have narrower
    bounds.

    Parameters
    ----------
    table : CountTable
        Counts. Destinations are the areas of one country each.
    origin : str
        The dimension of the origin: ``"citizenship"``, or a dimension of your own with countries.
        Counts of ``reporting_country`` are those of the destination itself. Other groups, such as
        ``non_eu``, are not flows.
    exhaustive : bool
        Whether each destination lists every origin. By default the persons that a total exceeds
        its counts by can have any origin without a count.
    area, period : optional
        Destinations and periods; by default all.
    thresholds, rules : optional
        As for `total`.
    **where
        Attributes and categories, such as ``sex="female"``.

    Returns
    -------
    Flows
        One row per period, origin and destination with a row in the table; the unknown origin has
        rows too. ``destinations``, ``origins`` and ``balances`` are their sums.

    Raises
    ------
    NoSuchCell
        If the table has no counts by origin for the selection.
    InvalidValue
        If the dimension of the origin does not contain countries.

    Examples
    --------
    Of 20 victims in Belgium, "<5" Romanians are at most 2: 17 have another or an unknown
    citizenship, and one is a national.

    >>> import thbstats as thb
    >>> few = thb.Count.fewer_than(5)
    >>> rows = [("BE", "total", 20), ("BE", "nationals", 1), ("BE", "RO", few), ("BE", "NG", 15),
    ...         ("BE", "unknown", 2), ("RO", "total", 70), ("RO", "nationals", 64), ("RO", "BE", 1)]
    >>> table = thb.CountTable.from_rows(
    ...     rows, columns=["area", "citizenship", "value"], kind="victims", period=2022
    ... )
    >>> routes = thb.flows(table)
    >>> routes[2022, "RO", "BE"].formatted, routes.within_total[routes.labels.index("RO to BE")]
    ('0 to 4', Interval(0 to 2))

    References
    ----------
    UNODC, Global Report on Trafficking in Persons: detected victims by country of citizenship and
    of detection.
    """
    dimension = require_table(table).columns.schema[origin]
    if dimension.content not in ("citizenship", "countries"):
        raise InvalidValue(
            "must be a dimension of countries",
            field="origin",
            value=origin,
            hint="Use origin='citizenship', or a classification with has_countries=true",
        )
    if origin in where:
        raise InvalidValue(
            "must not be the origin and selected at the same time",
            field=origin,
            value=where[origin],
            hint="Select rows of the result: flows(...).where(...)",
        )
    query = selection_of(table, where)
    selected = table.where(**_destinations(table, area, period), **query.attributes)
    rows = _flow_rows(selected, dimension, query)
    if not len(rows):
        chosen = {"area": area, "period": period, **where}
        words = [f"{name}={value}" for name, value in chosen.items() if value is not None]
        raise NoSuchCell(
            f"The table has no counts by {origin}{' for ' * bool(words)}{', '.join(words)}",
            field="origin",
            value=origin,
            hint=f"Choose another origin or selection. The table has {table.contents}",
        )
    counts = counts_of(_grid_of(selected, rows, ("period", origin, "area")), query.categories)
    totals = counts_of(_grid_of(selected, rows, ("period", "area")), query.categories)
    panel = count_panel(counts, "flows")
    caption = Message(
        "{counted} by {dimension} and area",
        counted=panel.numerator_kind[0].label,
        dimension=dimension_text(origin),
    )
    home = panel.keys[origin].combine(
        panel.keys["area"], lambda code, own: own if code == _HOME else code
    )
    label = home.combine(panel.keys["area"], lambda code, own: f"{code} to {own}")
    panel = evolve(panel, keys={**panel.keys, origin: home}, label=label)
    # Nationals and citizens of the destination itself can have one row each.
    members, periods = totals.grid.member, totals.grid.keys["period"].categories
    countries = sorted({*members, *home} - {UNKNOWN})
    code_of = {code: position for position, code in enumerate([*countries, UNKNOWN])}.__getitem__
    destinations = totals.grid.keys["period"].positions, members.table(code_of, np.intp)
    cells = (
        panel.keys["period"].table(periods.index, np.intp),
        home.table(code_of, np.intp),
        counts.grid.member.table(code_of, np.intp),
    )
    cube = FlowCube.from_counts(
        counts.by_country, cells, totals.by_country, destinations, periods=periods,
        countries=countries, exhaustive=exhaustive,
    )  # fmt: skip
    names = [np.array(list(panel.keys[name])) for name in (origin, "area", "period")]
    rows = np.lexsort(names)
    _, first = np.unique(np.stack(cells)[:, rows], axis=1, return_index=True)
    rows = rows[np.sort(first)]
    judged = _shared.checked(panel.take(rows), list(panel.keys), thresholds, rules, caption=caption)
    within_total = cube.cells[tuple(own[rows] for own in cells)]
    return as_kind(
        Flows,
        judged,
        within_total=Fractions.counts(within_total),
        **dict(zip(_MARGINS, cube.margins(origin, caption), strict=True)),
    )


def _destinations(table: CountTable, area: Areas, period: Periods) -> dict[str, Any]:
    """Return the selection of destinations, of one country each, and of periods."""
    every = {code: Area.parse(code) for code in table.categories("area")}
    areas = [
        code
        for code, own in every.items()
        if len(own.members) == 1 and own.members == own.countries
    ]
    if area is not None:
        listed = [area] if isinstance(area, str | Area) else area
        inside = frozenset().union(*(Area.parse(own).members for own in listed))
        areas = [code for code in areas if every[code].members <= inside]
    if period is None:
        return {"area": areas}
    single = isinstance(period, str | int | Period)
    return {"area": areas, "period": [period] if single else list(period)}  # type: ignore[arg-type]


def _flow_rows(table: CountTable, dimension: Dimension, query: CountSelection) -> Index:
    """Return the rows of a table with a count of one origin."""
    schema = table.columns.schema
    totals = {own.name: (own.total,) for own in schema.dimensions if own.total is not None}
    every = [code for code in table.categories(dimension.name) if code != dimension.total]
    further = every if dimension.content == "countries" else [UNKNOWN, _HOME, _STATELESS]
    codes = [code for code in every if dimension.is_country(code) or code in further]
    categories = {name: (code,) for name, code in query.categories.items()}
    return find_rows(table.columns, {**totals, **categories, dimension.name: tuple(codes)})


def _grid_of(table: CountTable, rows: Index, names: tuple[str, ...]) -> PanelGrid:
    """Return one number per combination of some dimensions in the rows."""
    columns = [table.columns[name].take(rows) for name in names]
    combinations = np.unique(np.stack([own.positions for own in columns]), axis=1)
    coded = {
        name: Coded(codes, own.categories)
        for name, codes, own in zip(names, combinations, columns, strict=True)
    }
    area = coded["area"].map(Area.parse)
    period = coded["period"].map(Period.parse)
    return PanelGrid(
        table=table,
        keys={**coded, "period": period.map(str)},
        area=area,
        periods=(period,),
        start=np.arange(combinations.shape[1] + 1),
        member=area.map(lambda own: min(own.members)),
    )
