"""Flows of persons between countries of origin and of destination."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from operator import attrgetter
from typing import Any, ClassVar

import numpy as np
from attrs import evolve, frozen

from thbstats.columns import Coded, Fractions, Index, Mask, Ranges
from thbstats.display import Column, DisplayTable, Row, Tabular, count, signed
from thbstats.errors import NoSuchCell, require, require_name
from thbstats.formulas.flow_cubes import FlowCube, Positions
from thbstats.geography import Area
from thbstats.indicators import _shared
from thbstats.indicators._shared import Areas, Periods, as_kind, indicator
from thbstats.languages import Message
from thbstats.panel import Panel, ResultKind, Status
from thbstats.panel.frame_fields import FrameField, bound_field, exact_values
from thbstats.panel.grid import CountSelection, PanelGrid, selection_of
from thbstats.panel.panel_text import panel_sheet
from thbstats.panel.pooled_counts import count_panel, counts_of
from thbstats.panel.result import bounds_of
from thbstats.panel.system_rows import UNKNOWN
from thbstats.records import Dimension
from thbstats.rules import Rule, Thresholds
from thbstats.tables import CountTable, require_table
from thbstats.tables.select import find_rows
from thbstats.values import Period
from thbstats.vocabulary import dimension_text

__all__ = ["FlowMargin", "Flows", "flows"]

_ROWS = 40


@frozen(kw_only=True, eq=False, repr=False)
class FlowMargin(Tabular):
    """Sums of flows, one row per period and country.

    Parameters
    ----------
    caption : str
        The caption of the table.
    keys : mapping of str to Coded
        The period and the country of each row.
    counts : mapping of str to Fractions
        Persons, by the name of the column.
    numbers : mapping of str to array of int
        Numbers of countries or of counts.
    status : Coded
        ``ok``, ``no_total`` or ``contradictory``.
    """

    caption: str
    keys: Mapping[str, Coded[str]]
    counts: Mapping[str, Fractions]
    numbers: Mapping[str, Index]
    status: Coded[str]

    def __len__(self) -> int:
        return len(self.status)

    def where(self, **selection: Any) -> FlowMargin:
        """Return the rows of a period, a country or a status.

        Raises
        ------
        UnknownName
            If the name is not a column of the keys or ``status``.
        """
        columns = {**self.keys, "status": self.status}
        rows = np.ones(len(self), dtype=np.bool_)
        for name, value in selection.items():
            require_name(name, columns, "must be a column of the margin", field="where")
            rows &= columns[name].table(str(value).__eq__, np.bool_)
        return self._take(np.flatnonzero(rows))

    def _take(self, rows: Index) -> FlowMargin:
        return evolve(
            self,
            keys={name: column.take(rows) for name, column in self.keys.items()},
            counts={name: column.take(rows) for name, column in self.counts.items()},
            numbers={name: column[rows] for name, column in self.numbers.items()},
            status=self.status.take(rows),
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the rows as plain data."""
        columns: dict[str, Any] = {**self.keys, "status": self.status}
        columns |= {name: map(bounds_of, own) for name, own in self.counts.items()}
        columns |= {name: own.tolist() for name, own in self.numbers.items()}
        rows = zip(*columns.values(), strict=True)
        return {
            "caption": self.caption,
            "rows": [dict(zip(columns, row, strict=True)) for row in rows],
        }

    def to_frame(self) -> Any:
        """Return a pandas frame: per count the exact number, the lower and the upper bound."""
        import pandas as pd

        columns: dict[str, Any] = {name: list(column) for name, column in self.keys.items()}
        for name, numbers in self.counts.items():
            columns[name] = exact_values(numbers)
            columns |= {f"{name}_lower": numbers.lower, f"{name}_upper": numbers.upper}
        return pd.DataFrame({**columns, **self.numbers, "status": list(self.status)})

    def display_table(self) -> DisplayTable:
        """Return the sums as a display table."""
        shown = self._take(np.arange(min(len(self), _ROWS)))
        columns = [
            *shown.keys.values(),
            *([_text(name, own) for own in numbers] for name, numbers in shown.counts.items()),
            *(map(count, numbers.tolist()) for numbers in shown.numbers.values()),
            shown.status,
        ]
        hidden = len(self) - len(shown)
        names = [name.replace("_", " ") for name in (*self.counts, *self.numbers)]
        return DisplayTable(
            caption=self.caption,
            columns=[*self.keys, *(Column(name, "right") for name in names), "status"],
            rows=[Row(list(cells)) for cells in zip(*columns, strict=True)],
            notes=[f"{count(hidden)} more rows: see to_frame()."] if hidden else [],
        )

    def __repr__(self) -> str:
        return f"<FlowMargin {self.caption}: {len(self)} rows>"


def _text(name: str, number: Any) -> str:
    if number is None:
        return ""
    if number.upper is None and number.lower in (None, 0):
        return "not bounded"
    return signed(number, 0) if name.startswith("net") else count(number)


_STATUSES = ("ok", "no_total", "contradictory")


def _margins(
    cube: FlowCube, origin: str, caption: str
) -> tuple[FlowMargin, FlowMargin, FlowMargin]:
    """Return the margins of destinations and of origins, and the balances of destinations."""
    inward, destinations = cube.inward(), cube.destinations
    outward = cube.outward(inward["unknown"])
    has_row = cube.cells.reported[:, :-1]
    is_place = np.zeros(cube.totals.shape, dtype=np.bool_)
    is_place[destinations] = True
    sources = np.nonzero(has_row.any(axis=2) | is_place)
    reporting = is_place.sum(axis=1, keepdims=True) - is_place
    status = np.where(cube.contradictory, 2, np.where(cube.totals.reported, 0, 1))

    def persons(counts: Ranges, rows: Positions = destinations) -> Fractions:
        own = counts[rows]
        return Fractions.counts(own).without(~own.reported)

    def margin(
        name: str, country: str, rows: Positions, counts: Mapping[str, Fractions],
        codes: Any, **numbers: Any,
    ) -> FlowMargin:  # fmt: skip
        return FlowMargin(
            caption=f"{caption}, {name}",
            keys={
                "period": Coded(rows[0], cube.periods),
                country: Coded(rows[1], cube.countries),
            },
            counts=counts,
            numbers={label: own[rows] for label, own in numbers.items()},
            status=Coded(codes[rows], _STATUSES),
        )

    numbers = {name: persons(own) for name, own in inward.items()}
    inflow, wide = numbers.pop("inflow"), numbers.pop("inflow_with_unknown")
    outflow = persons(outward["all"])
    balances = {
        "inflow": inflow,
        "outflow": outflow,
        "net": inflow.minus(outflow),
        "net_with_unknown": wide.minus(persons(outward["all_with_unknown"])),
        "gross": persons(inward["inflow"] + outward["all"]),
    }
    return (
        margin(
            "by destination", "area", destinations, numbers, status,
            origins=has_row.sum(axis=1),
            not_exact=(~cube.cells.is_point & cube.cells.reported).sum(axis=1),
        ),
        margin(
            "by origin", origin, sources,
            {name: persons(own, sources) for name, own in outward.items()},
            np.zeros_like(status), destinations=(has_row & cube.abroad[1]).sum(axis=2),
            reporting=reporting,
        ),
        margin("balance", "area", destinations, balances, status, reporting=reporting),
    )  # fmt: skip


_HOME = "reporting_country"
_STATELESS = "stateless"
_MARGINS = ("destinations", "origins", "balances")


@frozen(kw_only=True, slots=False, eq=False, repr=False)
class Flows(Panel):
    """Counts by origin and destination, with the sums of each origin and each destination.

    A selection of rows keeps the margins and balances of all flows.

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
        with persons that other destinations do not list (``all``), and with persons of unknown
        origin (``all_with_unknown``). ``destinations`` of ``reporting`` destinations have a count.
    balances : FlowMargin
        One row per period and destination: ``inflow`` from other origins, ``outflow`` to other
        reporting destinations, ``net = inflow - outflow`` and ``gross = inflow + outflow``.
        Countries without counts of their own have no balance.
    """

    _further: ClassVar[tuple[str, ...]] = ("within_total",)

    frame_fields: ClassVar[tuple[FrameField, ...]] = tuple(
        bound_field(
            f"within_total_{bound}",
            f"{bound.capitalize()} bound that the total of the destination implies",
            attrgetter(f"within_total.{bound}"),
        )
        for bound in ("lower", "upper")
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
    ``d`` is at most the rest of the total ``N_d``, so that a suppressed count can have narrower
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
        Whether each destination lists every origin. By default, persons who are in a total but in
        no count can have any origin without a count.
    area, period : optional
        Destinations and periods; by default all.
    thresholds, rules : optional
        As for `total`.
    **where
        Attributes and categories, such as ``sex="female"``.

    Returns
    -------
    Flows
        One row per period, origin and destination that has counts in the table, also for the
        unknown origin. ``destinations``, ``origins`` and ``balances`` are sums of these rows.

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
    require(
        dimension.content in ("citizenship", "countries"),
        "must be a dimension of countries",
        "Use origin='citizenship', or a classification with has_countries=true",
        origin=origin,
    )
    require(
        origin not in where,
        "must not be the origin and selected at the same time",
        "Select rows of the result: flows(...).where(...)",
        **{origin: where.get(origin)},
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
        counted=panel.caption,
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
    own = counts.by_country
    flow = np.unique(np.stack(cells), axis=1, return_inverse=True)[1].ravel()
    hull, is_used = _merged(own, flow)
    differ = own.reported & ((hull.lower < own.lower) | (hull.upper > own.upper))
    panel = evolve(
        panel,
        status=np.where(differ, np.uint8(Status.CONFLICTING), panel.status),
        value=Fractions.none(len(own)).where(differ, panel.value),
        bounds=Fractions.counts(hull).where(differ, panel.bounds),
        complete=panel.complete & ~differ,
    )
    # Each flow has one row, if possible one with a count.
    names = [np.array(list(panel.keys[name])) for name in (origin, "area", "period")]
    rows = np.lexsort([~is_used, *names])
    rows = rows[np.sort(np.unique(flow[rows], return_index=True)[1])]
    shown = tuple(column[rows] for column in cells)
    cube = FlowCube.from_counts(
        hull.take(rows), shown, totals.by_country, destinations, periods=periods,
        countries=countries, exhaustive=exhaustive,
    )  # fmt: skip
    judged = _shared.checked(panel.take(rows), list(panel.keys), thresholds, rules, caption=caption)
    within_total = cube.cells[shown]
    return as_kind(
        Flows,
        judged,
        within_total=Fractions.counts(within_total),
        **dict(zip(_MARGINS, _margins(cube, origin, caption), strict=True)),
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
    return {"area": areas} if period is None else {"area": areas, "period": period}


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
    area, period = coded["area"].map(Area.parse), coded["period"].map(Period.parse)
    return PanelGrid(
        table=table,
        keys={**coded, "period": period.map(str)},
        area=area,
        periods=(period,),
        start=np.arange(combinations.shape[1] + 1),
        member=area.map(lambda own: min(own.members)),
    )


def _merged(counts: Ranges, flow: Index) -> tuple[Ranges, Mask]:
    """Return the hull of the counts of the flow of each row, and the rows that are used, (n,).

    Nationals of BE and citizens of BE in BE are one flow. Of 3 and a missing count, only 3 is used.
    3 and 4 are 3 to 4. If both are missing, both are used.

    >>> low, high = np.array([3, 0, 3, 4]), np.array([3, np.inf, 3, 4])
    >>> counts = Ranges(low, high, np.array([True, False, True, True]))
    >>> hull, is_used = _merged(counts, np.array([0, 0, 1, 1]))
    >>> hull.lower.tolist(), hull.upper.tolist(), is_used.tolist()
    ([3, 3, 3, 3], [3.0, 3.0, 4.0, 4.0], [True, False, True, True])
    """
    is_used = counts.reported | (np.bincount(flow, counts.reported) == 0)[flow]
    lower, upper = np.full(len(counts), np.iinfo(np.int64).max), np.zeros(len(counts))
    np.minimum.at(lower, flow[is_used], counts.lower[is_used])
    np.maximum.at(upper, flow[is_used], counts.upper[is_used])
    return Ranges(lower[flow], upper[flow], counts.reported), is_used
