"""Numbers of reports on tables of counts."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from attrs import frozen

from thbstats.auditing import audit
from thbstats.claims import Publication
from thbstats.errors import ThbstatsError
from thbstats.geography import Area
from thbstats.indicators import Ranking, breakdown, ranking, total
from thbstats.justice import convictions_per_100_victims, funnel
from thbstats.panel import Panel
from thbstats.reports.content import Content, Indicator, Omission, indicators_of
from thbstats.reports.names import area_label, area_of, dimension_name, sentence
from thbstats.rules import Thresholds
from thbstats.tables import CountTable, Dataset
from thbstats.vocabulary import Offence

Numbers = Iterator[Indicator | Omission]

MAX_FLOWS = 12
"""The number of kinds of count (status, stage, unit...) of one table with indicators."""

MAX_CATEGORIES = 6
"""The number of shares of one breakdown in a report, the largest."""

_LEADING = 3
"""The number of shares of one breakdown in the summary."""


@frozen(kw_only=True)
class Flow:
    """Counts of one kind, area and period.

    ``name`` is the code of a composition, and empty for all countries of the table; ``latest`` is
    whether no later period has indicators.
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


def separated(**numbers: Iterable[Indicator | Omission]) -> dict[str, Any]:
    """Return the numbers of each argument, and the omissions of all, as arguments of a Content."""
    result = {name: tuple(items) for name, items in numbers.items()}
    omissions = (item for items in result.values() for item in items if isinstance(item, Omission))
    return {
        **{
            name: tuple(item for item in items if isinstance(item, Indicator))
            for name, items in result.items()
        },
        "omissions": tuple(omissions),
    }


def of_tables(data: Dataset, *, title: str | None, periods: int, thresholds: Thresholds) -> Content:
    """Return the content of the report on tables: totals, shares, ratios and countries in order.

    The title is by default the kinds of count, the area and the periods; ``periods`` is the number
    of latest periods with indicators.
    """
    flows, limits = list[Flow](), list[str]()
    for table in data.tables():
        own_flows, own_limits = _flows(table, periods)
        flows += own_flows
        limits += own_limits
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
        **{name: next(iter(values)) for name, values in shared.items() if len(values) == 1},
    )
    scopes = dict.fromkeys((f.area, f.period) for f in flows if f.table.kind == "justice")
    return Content(
        of="counts",
        report=report,
        data=data,
        audit=audit(report),
        orders=tuple(_orders(flows, thresholds)),
        limits=tuple(limits),
        thresholds=thresholds,
        **separated(
            counts=(
                item
                for flow in flows
                for item in indicators_of(
                    total(flow.table, by="period", area=flow.area, thresholds=thresholds),
                    f"{flow.id}/total",
                    "Counts",
                    leading=[flow.latest],
                )
            ),
            shares=_shares(flows, thresholds),
            ratios=justice_ratios(data.justice, data.victims, thresholds, scopes),
        ),
    )


def _title(data: Dataset) -> str:
    """Return the kinds of count, the area and the periods of tables."""
    tables = [table for table in data.tables() if len(table)]
    *others, last = [table.kind for table in data.tables()] or [""]
    if not last:
        return "No counts"
    spans = [f"Counts of {', '.join(others)} and {last}" if others else f"Counts of {last}"]
    codes = {code for table in tables for code in table.categories("area")}
    if codes:
        countries = all(len(Area.parse(code).members) == 1 for code in codes)
        label = area_label(area_of(codes) if countries else Area.parse(next(iter(codes))))
        several = len(codes) > 1 and (not countries or label.endswith(" countries"))
        order = tables[0].columns.schema["period"].sort_key
        periods = {code for table in tables for code in table.categories("period")}
        first, latest = min(periods, key=order), max(periods, key=order)
        spans.append(f"{len(codes)} areas" if several else label)
        spans.append(first if len(periods) == 1 else f"{first} to {latest}")
    return ", ".join(spans)


def _flows(table: CountTable, periods: int) -> tuple[list[Flow], list[str]]:
    """Return the flows of the latest periods, and sentences on those left out.

    Compositions such as EU28 have flows of their own; without any, all countries together.
    """
    schema = table.columns.schema
    names = [
        dimension.name
        for dimension in schema.dimensions
        if dimension.total is None and dimension.name not in ("area", "period")
    ]
    combinations = _combinations(table, names)
    every = table.categories("period")
    chosen = sorted(every, key=schema["period"].sort_key)[-periods:]
    flows = []
    for attributes in combinations[:MAX_FLOWS]:
        rows = table.where(**attributes)
        for name, area in _areas(table, rows):
            own = rows.where(area=name) if name else rows
            reported = [period for period in chosen if period in own.categories("period")]
            flows += [
                Flow(
                    table=own.where(period=period),
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
    areas = {code: Area.parse(code) for code in rows.categories("area")}
    compositions = [(code, area) for code, area in areas.items() if len(area.members) > 1]
    every = table.categories("area")
    if compositions or len(every) == 1:
        return compositions or list(areas.items())
    return [("", area_of(frozenset().union(*(Area.parse(code).members for code in every))))]


def _combinations(table: CountTable, names: Sequence[str]) -> list[dict[str, str]]:
    """Return the attributes that rows have together, in the order of the rows."""
    if not len(table) or not names:
        return [{}] if len(table) else []
    codes = np.column_stack([np.asarray(table.codes(name), dtype=np.int64) for name in names])
    rows = np.sort(np.unique(codes, axis=0, return_index=True)[1])
    return [
        {name: table.categories(name)[code] for name, code in zip(names, row, strict=True)}
        for row in codes[rows].tolist()
    ]


def _shares(flows: Sequence[Flow], thresholds: Thresholds) -> Numbers:
    """Yield the largest shares of every breakdown, by both denominators."""
    for flow in flows:
        for dimension in flow.table.columns.schema.dimensions:
            present = set(flow.table.categories(dimension.name)) - {dimension.total, "unknown"}
            if dimension.total is not None and present:
                yield from _breakdown(flow, dimension.name, thresholds)


def _breakdown(flow: Flow, name: str, thresholds: Thresholds) -> Numbers:
    known: set[object] = set()
    summary = flow.latest and flow.table.kind == "victims"
    for base in ("all", "known"):
        identity = f"{flow.id}/share_of_{base}/{name}"
        try:
            panel = breakdown(flow.table, by=name, base=base, area=flow.area, thresholds=thresholds)
        except ThbstatsError as error:
            yield Omission(id=identity, reason=sentence(error.problem))
            return
        # If every category is known, the two denominators are equal.
        figures = [_figures(panel, i) for i in range(len(panel))]
        new = [i for i, own in enumerate(figures) if own not in known]
        known |= {figures[i] for i in new}
        panel = panel.take(np.array(new, dtype=np.intp)).sort(descending=True)
        missing = panel.value.missing
        largest = np.flatnonzero(~missing)[:MAX_CATEGORIES]
        panel = panel.take(np.append(largest, np.flatnonzero(missing)))
        yield from indicators_of(
            panel,
            identity,
            f"By {dimension_name(name)}",
            suffixes=[f"={label.replace(' ', '_')}" for label in panel.labels],
            leading=[summary and base == "all" and i < _LEADING for i in range(len(panel))],
        )
        if more := len(new) - len(panel):
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


def justice_ratios(
    justice: CountTable | None,
    victims: CountTable | None,
    thresholds: Thresholds,
    scopes: Iterable[tuple[Area, str]] | None = None,
) -> Numbers:
    """Yield the ratios between stages, and convictions per 100 victims.

    Without areas and periods, for every area and period with counts of the offence.
    """
    if justice is None:
        return
    for offence in justice.categories("offence"):
        rows = justice.where(offence=offence)
        reported = (
            (Area.parse(area), period)
            for area in rows.categories("area")
            for period in rows.where(area=area).categories("period")
        )
        for area, period in reported if scopes is None else scopes:
            where: dict[str, Any] = {"area": area, "period": period, "thresholds": thresholds}
            name = area.code if scopes is None or "+" not in area.code else "all"
            part = Offence(offence).label
            identity = f"justice/funnel/{offence}/{name}/{period}"
            try:
                steps = funnel(justice, offence=offence, **where)
            except ThbstatsError as error:
                yield Omission(id=identity, reason=sentence(error.problem))
                continue
            labels = [f"/{label.replace(' / ', '_per_')}" for label in steps.labels]
            yield from indicators_of(
                steps, identity, part, suffixes=labels, leading=[True] * len(steps)
            )
            if offence == Offence.TRAFFICKING and victims is not None:
                identity = f"justice/convictions_per_100_victims/{name}/{period}"
                try:
                    result = convictions_per_100_victims(justice, victims, **where)
                except ThbstatsError as error:
                    yield Omission(id=identity, reason=sentence(error.problem))
                else:
                    yield Indicator(id=identity, part=part, result=result)
