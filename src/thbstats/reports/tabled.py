"""What a report says of tables of counts."""

from collections.abc import Iterable, Iterator
from typing import Any

from thbstats.auditing import audit
from thbstats.claims import Report
from thbstats.records import Source
from thbstats.reports.content import Content
from thbstats.reports.counted import flows_of, orders, places, shares_of, totals
from thbstats.reports.indicators import Sorted, ratios
from thbstats.reports.naming import area_name
from thbstats.tables import Dataset

__all__ = ["of_tables"]


def of_tables(data: Dataset, title: str | None, periods: int) -> Content:
    """Return what is said of tables: totals, shares, ratios and the order of countries.

    Parameters
    ----------
    data : Dataset
        The counts.
    title : str or None
        What they are called; ``None`` for what they count.
    periods : int
        Of how many of their latest periods there are indicators.

    Returns
    -------
    Content
    """
    flows, limits = [], list[str]()
    for table in data.tables():
        there, left_out = flows_of(table, periods)
        flows += there
        limits += left_out
    report = Report(
        id="counts",
        title=title or _title(data),
        publisher=_one(source.publisher for source in _sources(data)),
        document=_one(source.document or source.title for source in _sources(data)),
        published=_one(source.published or "" for source in _sources(data)) or None,
        url=_one(source.url for source in _sources(data)),
    )
    found = Sorted()
    return Content(
        of="counts",
        report=report,
        data=data,
        counts=found.kept(totals(flows)),
        shares=found.kept(shares_of(flows)),
        ratios=found.kept(ratios(data, places(flows))),
        audit=audit(report),
        omissions=tuple(found.omissions),
        orders=tuple(orders(flows)),
        limits=tuple(limits),
    )


def _title(data: Dataset) -> str:
    """Return what tables count, where and when."""
    kinds = [table.kind for table in data.tables()]
    if not kinds:
        return "No counts"
    spans = [_span(data, name) for name in ("area", "period")]
    *others, last = kinds
    listed = f"{', '.join(others)} and {last}" if others else last
    return ", ".join(filter(None, [f"Counts of {listed}", *spans]))


def _span(data: Dataset, name: str) -> str:
    """Return the one area or period of all tables, or how many there are."""
    found = {code for table in data.tables() for code in table.categories(name)}
    if len(found) <= 1:
        return "".join(map(area_name, found))
    if name == "area":
        return f"{len(found)} areas"
    order = next(data.tables()).columns.schema[name].order
    ordered = sorted(found, key=order)
    return f"{ordered[0]} to {ordered[-1]}"


def _sources(data: Dataset) -> Iterator[Source]:
    for table in data.tables():
        yield from table.sources


def _one(texts: Iterable[Any]) -> Any:
    """Return what all sources have in common, or nothing."""
    found = set(texts)
    return found.pop() if len(found) == 1 else ""
