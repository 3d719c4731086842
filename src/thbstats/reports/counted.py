"""The indicators that a table of counts allows, for which no publication has made a choice."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
from attrs import frozen

from thbstats.geography import parse_area
from thbstats.indicators import breakdown, ranking, total
from thbstats.reports.indicators import Found, Indicator, Omission, Place, tried
from thbstats.reports.naming import dimension_name
from thbstats.results import Ranking, Result
from thbstats.tables import CountTable

__all__ = [
    "MOST_CATEGORIES",
    "MOST_FLOWS",
    "Flow",
    "flows_of",
    "orders",
    "places",
    "shares_of",
    "totals",
]

MOST_FLOWS = 12
"""So many kinds of count (status, stage, unit...) of one table have indicators on a page."""

MOST_CATEGORIES = 6
"""So many shares of one breakdown stand in a report, the largest."""

_LEADING = 3
"""So many shares of one breakdown stand in the summary."""

_PLACES = ("area", "period")


@frozen(kw_only=True)
class Flow:
    """Counts of one kind, of one area and period.

    Parameters
    ----------
    table : CountTable
        The rows of these attributes, of all areas and periods.
    attributes : mapping of str to str
        What they have in common, such as ``{"status": "registered"}``.
    area : str or None
        The area; ``None`` for all countries together.
    period : str
        The period.
    latest : bool
        Whether no later period is shown.
    """

    table: CountTable
    attributes: Mapping[str, str]
    area: str | None
    period: str
    latest: bool

    @property
    def id(self) -> str:
        """A name, unique on the page."""
        said = [text for text in self.attributes.values() if text != "not_stated"]
        parts = [self.table.kind, *said, self.area or "", self.period]
        return "/".join(part.replace(" ", "_") for part in parts if part)


def flows_of(table: CountTable, periods: int) -> tuple[list[Flow], list[str]]:
    """Return the flows of a table, its latest periods only, and what is left out.

    Parameters
    ----------
    table : CountTable
        Counts.
    periods : int
        How many of the latest periods.

    Returns
    -------
    tuple of list of Flow and list of str
        Compositions such as EU28 have flows of their own; without any, all countries together.
    """
    schema = table.columns.schema
    apart = [d.name for d in schema.dimensions if d.total is None and d.name not in _PLACES]
    combinations = list(_combinations(table, apart))
    chosen = sorted(table.categories("period"), key=schema["period"].order)[-periods:]
    flows = []
    for attributes in combinations[:MOST_FLOWS]:
        rows = table.where(**attributes)
        areas = rows.categories("area")
        whole = [area for area in areas if len(areas) == 1 or len(parse_area(area).members) > 1]
        wanted: list[str | None] = [*whole] or [None]
        for area in wanted:
            there = rows if area is None else rows.where(area=area)
            held = [period for period in chosen if period in there.categories("period")]
            flows += [
                Flow(
                    table=rows,
                    attributes=attributes,
                    area=area,
                    period=period,
                    latest=period == held[-1],
                )
                for period in reversed(held)
            ]
    return flows, _left_out(table, chosen, len(combinations))


def _left_out(table: CountTable, chosen: Sequence[str], combinations: int) -> list[str]:
    found, periods = [], len(table.categories("period"))
    if periods > len(chosen):
        which = f"the latest {len(chosen)}" if len(chosen) > 1 else "the latest"
        found.append(
            f"Counts of {table.kind}: indicators are of {which} of {periods} periods "
            f"({', '.join(chosen)}); the data have all of them."
        )
    if combinations > MOST_FLOWS:
        found.append(
            f"Counts of {table.kind}: {combinations} kinds of count, of which the first "
            f"{MOST_FLOWS} have indicators; the data have all of them."
        )
    return found


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


def totals(flows: Sequence[Flow]) -> Found:
    """Yield how many each flow counts."""
    for flow in flows:
        make = partial(total, flow.table, area=flow.area, period=flow.period)
        found = tried(f"{flow.id}/total", make)
        if isinstance(found, Omission):
            yield found
        else:
            yield Indicator(id=f"{flow.id}/total", part="Counts", result=found, leading=flow.latest)


def places(flows: Sequence[Flow]) -> list[Place]:
    """Return where and when there are counts of justice, the latest first."""
    justice = (flow for flow in flows if flow.table.kind == "justice")
    return list(dict.fromkeys((flow.area, flow.period) for flow in justice))


def shares_of(flows: Sequence[Flow]) -> Found:
    """Yield the share of every category of every breakdown, of all and of those recorded."""
    for flow in flows:
        schema = flow.table.columns.schema
        for dimension in schema.dimensions:
            held = set(flow.table.categories(dimension.name)) - {dimension.total, "unknown"}
            if dimension.total is not None and held:
                yield from _breakdowns(flow, dimension.name)


def _breakdowns(flow: Flow, name: str) -> Found:
    seen: set[object] = set()
    summed = flow.latest and flow.table.kind == "victims"
    for base in ("all", "recorded"):
        identity = f"{flow.id}/share_of_{base}/{name}"
        place: dict[str, Any] = {"area": flow.area, "period": flow.period}
        found = tried(identity, partial(breakdown, flow.table, by=name, base=base, **place))
        if isinstance(found, Omission):
            yield found
            return
        items = sorted(found, key=_size, reverse=True)
        for rank, item in enumerate(items[:MOST_CATEGORIES]):
            # Where everybody's category is recorded, the two bases are one.
            if (figure := (item.label, item.numerator, item.denominator)) not in seen:
                seen.add(figure)
                part = f"By {dimension_name(name)}"
                yield Indicator(
                    id=f"{identity}={item.label.replace(' ', '_')}",
                    part=part,
                    result=item,
                    leading=summed and base == "all" and rank < _LEADING,
                )
        if len(items) > MOST_CATEGORIES:
            more = len(items) - MOST_CATEGORIES
            yield Omission(id=identity, reason=f"{more} smaller shares are left to the data")


def _size(item: Result) -> tuple[float, float]:
    stated = item.stated
    upper = float("inf") if stated.upper is None else float(stated.upper)
    return float(stated.lower or 0), upper


def orders(flows: Sequence[Flow]) -> Iterator[Ranking]:
    """Yield the countries of each flow of several in the order of their counts."""
    for flow in flows:
        countries = [
            area for area in flow.table.categories("area") if len(parse_area(area).members) == 1
        ]
        if flow.latest and flow.area is None and len(countries) > 1:
            make = partial(ranking, flow.table, by="area", top=10, period=flow.period)
            found = tried(flow.id, make)
            if isinstance(found, Ranking):
                yield found
