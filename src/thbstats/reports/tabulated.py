"""Numbers of tables of counts."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from attrs import frozen

from thbstats.auditing import audit
from thbstats.claims import Publication
from thbstats.errors import ThbstatsError
from thbstats.geography import Area
from thbstats.indicators import Ranking, breakdown, ranking, total
from thbstats.panel import Panel
from thbstats.reports.content import Content
from thbstats.reports.indicators import Indicator, Omission, indicators_of, separated
from thbstats.reports.naming import area_label, area_of, dimension_name, sentence
from thbstats.reports.stage_ratios import justice_ratios
from thbstats.rules import Thresholds
from thbstats.tables import CountTable, Dataset

__all__ = ["MAX_CATEGORIES", "MAX_FLOWS", "of_tables"]

MAX_FLOWS = 12
"""The number of kinds of count (status, stage, unit...) of one table with indicators."""

MAX_CATEGORIES = 6
"""The number of shares of one breakdown in a report, the largest."""

_LEADING = 3
"""The number of shares of one breakdown in the summary."""

_PLACES = ("area", "period")

Found = Iterator[Indicator | Omission]


@frozen(kw_only=True)
class Flow:
    """Counts of one kind, area and period.

    Parameters
    ----------
    table : CountTable
        Their rows.
    attributes : mapping of str to str
        Their common attributes, such as ``{"status": "registered"}``.
    area : Area
        The area: a composition that the table has, or all countries of the table.
    name : str
        The code of a composition; empty for all countries.
    period : str
        The period.
    latest : bool
        Whether no later period has indicators.
    """

    table: CountTable
    attributes: Mapping[str, str]
    area: Area
    name: str
    period: str
    latest: bool

    @property
    def id(self) -> str:
        """A name, unique in the report."""
        stated = [text for text in self.attributes.values() if text != "not_stated"]
        parts = [self.table.kind, *stated, self.name, self.period]
        return "/".join(part.replace(" ", "_") for part in parts if part)


def of_tables(data: Dataset, *, title: str | None, periods: int, thresholds: Thresholds) -> Content:
    """Return the content of the report on tables.

    Parameters
    ----------
    data : Dataset
        The counts.
    title : str or None
        The title; ``None`` for the kinds of count, the area and the periods.
    periods : int
        The number of latest periods with indicators.
    thresholds : Thresholds
        The limits of rules.

    Returns
    -------
    Content
        Totals, shares, ratios and the order of countries.
    """
    flows, limits = list[Flow](), list[str]()
    for table in data.tables():
        there, left_out = _flows(table, periods)
        flows += there
        limits += left_out
    sources = {source for table in data.tables() for source in table.sources}
    shared: dict[str, set[Any]] = {
        "publisher": {source.publisher for source in sources},
        "document": {source.document or source.title for source in sources},
        "published": {source.published for source in sources},
        "url": {source.url for source in sources},
    }
    report = Publication(
        id="counts",
        title=title or _title(data),
        **{name: next(iter(one)) for name, one in shared.items() if len(one) == 1},
    )
    places = [(flow.area, flow.period) for flow in flows if flow.table.kind == "justice"]
    ratios = justice_ratios(data.justice, data.victims, thresholds, dict.fromkeys(places))
    omissions: list[Omission] = []
    return Content(
        of="counts",
        report=report,
        data=data,
        counts=separated(_totals(flows, thresholds), omissions),
        shares=separated(_shares(flows, thresholds), omissions),
        ratios=separated(ratios, omissions),
        audit=audit(report),
        omissions=tuple(omissions),
        orders=tuple(_orders(flows, thresholds)),
        limits=tuple(limits),
        thresholds=thresholds,
    )


def _title(data: Dataset) -> str:
    """Return the kinds of count, the area and the periods of tables."""
    tables = [table for table in data.tables() if len(table)]
    kinds = [table.kind for table in data.tables()]
    if not kinds:
        return "No counts"
    *others, last = kinds
    listed = f"{', '.join(others)} and {last}" if others else last
    spans = []
    codes = {code for table in tables for code in table.categories("area")}
    if codes:
        countries = all(len(Area.parse(code).members) == 1 for code in codes)
        whole = area_of(codes) if countries else Area.parse(next(iter(codes)))
        label = area_label(whole)
        several = len(codes) > 1 and (not countries or label.endswith(" countries"))
        spans.append(f"{len(codes)} areas" if several else label)
        order = tables[0].columns.schema["period"].sort_key
        found = {code for table in tables for code in table.categories("period")}
        ordered = sorted(found, key=order)
        spans.append(ordered[0] if len(found) == 1 else f"{ordered[0]} to {ordered[-1]}")
    return ", ".join([f"Counts of {listed}", *spans])


def _flows(table: CountTable, periods: int) -> tuple[list[Flow], list[str]]:
    """Return the flows of the latest periods, and sentences on those left out.

    Compositions such as EU28 have flows of their own; without any, all countries together.
    """
    schema = table.columns.schema
    apart = [d.name for d in schema.dimensions if d.total is None and d.name not in _PLACES]
    combinations = list(_combinations(table, apart))
    every = table.categories("period")
    chosen = sorted(every, key=schema["period"].sort_key)[-periods:]
    flows = []
    for attributes in combinations[:MAX_FLOWS]:
        rows = table.where(**attributes)
        for name, area in _areas(table, rows):
            there = rows.where(area=name) if name else rows
            reported = [period for period in chosen if period in there.categories("period")]
            flows += [
                Flow(
                    table=there.where(period=period),
                    attributes=attributes,
                    area=area,
                    name=name,
                    period=period,
                    latest=period == reported[-1],
                )
                for period in reversed(reported)
            ]
    limits = []
    if len(every) > len(chosen):
        which = f"the latest {len(chosen)}" if len(chosen) > 1 else "the latest"
        limits.append(
            f"Counts of {table.kind}: {which} of {len(every)} periods "
            f"({', '.join(chosen)}) have indicators. The data contain all periods."
        )
    if len(combinations) > MAX_FLOWS:
        limits.append(
            f"Counts of {table.kind}: the first {MAX_FLOWS} of {len(combinations)} kinds of count "
            "have indicators. The data contain all kinds."
        )
    return flows, limits


def _areas(table: CountTable, rows: CountTable) -> list[tuple[str, Area]]:
    """Return the compositions among the rows, or else all countries of the whole table."""
    found = {code: Area.parse(code) for code in rows.categories("area")}
    wholes = [(code, area) for code, area in found.items() if len(area.members) > 1]
    if not wholes and len(table.categories("area")) == 1:
        wholes = list(found.items())
    if wholes:
        return wholes
    members = (Area.parse(code).members for code in table.categories("area"))
    return [("", area_of(frozenset().union(*members)))]


def _combinations(table: CountTable, names: Sequence[str]) -> Iterator[dict[str, str]]:
    """Yield the attributes that rows have together, in the order of the rows."""
    if not len(table):
        return
    if not names:
        yield {}
        return
    codes = np.column_stack([np.asarray(table.codes(name), dtype=np.int64) for name in names])
    for row in np.sort(np.unique(codes, axis=0, return_index=True)[1]):
        yield {
            name: table.categories(name)[code]
            for name, code in zip(names, codes[row].tolist(), strict=True)
        }


def _totals(flows: Sequence[Flow], thresholds: Thresholds) -> Found:
    for flow in flows:
        panel = total(flow.table, by="period", area=flow.area, thresholds=thresholds)
        yield from indicators_of(panel, f"{flow.id}/total", "Counts", leading=[flow.latest])


def _shares(flows: Sequence[Flow], thresholds: Thresholds) -> Found:
    """Yield the largest shares of every breakdown, by both denominators."""
    for flow in flows:
        for dimension in flow.table.columns.schema.dimensions:
            present = set(flow.table.categories(dimension.name)) - {dimension.total, "unknown"}
            if dimension.total is not None and present:
                yield from _breakdown(flow, dimension.name, thresholds)


def _breakdown(flow: Flow, name: str, thresholds: Thresholds) -> Found:
    listed: set[object] = set()
    summary = flow.latest and flow.table.kind == "victims"
    for base in ("all", "known"):
        identity = f"{flow.id}/share_of_{base}/{name}"
        try:
            panel = breakdown(flow.table, by=name, base=base, area=flow.area, thresholds=thresholds)
        except ThbstatsError as error:
            yield Omission(id=identity, reason=sentence(error.problem))
            return
        # Where every category is recorded, the two denominators are one.
        new = [i for i in range(len(panel)) if _figures(panel, i) not in listed]
        listed |= {_figures(panel, i) for i in new}
        panel = panel.take(np.array(new, dtype=np.intp)).sort(descending=True)
        missing = panel.value.missing
        chosen = np.append(np.flatnonzero(~missing)[:MAX_CATEGORIES], np.flatnonzero(missing))
        panel = panel.take(chosen)
        yield from indicators_of(
            panel,
            identity,
            f"By {dimension_name(name)}",
            suffixes=[f"={label.replace(' ', '_')}" for label in panel.labels],
            leading=[summary and base == "all" and i < _LEADING for i in range(len(panel))],
        )
        if len(new) > len(panel):
            more = len(new) - len(panel)
            yield Omission(id=identity, reason=f"{more} smaller shares are in the data only.")


def _figures(panel: Panel, i: int) -> tuple[object, ...]:
    return panel.label[i], panel.numerator[i], panel.denominator[i], int(panel.status[i])


def _orders(flows: Sequence[Flow], thresholds: Thresholds) -> Iterator[Ranking]:
    """Yield the countries of each latest flow in the order of their counts."""
    for flow in flows:
        if flow.latest and not flow.name and len(flow.table.categories("area")) > 1:
            try:
                yield ranking(flow.table, by="area", top=10, thresholds=thresholds)
            except ThbstatsError:
                continue
