"""The sections that every report has, as far as they have something to say."""

from collections import Counter
from collections.abc import Iterator

from thbstats.display import Column, Sheet, count
from thbstats.reports.brief import BRIEF
from thbstats.reports.charts import CHARTS
from thbstats.reports.content import Content
from thbstats.reports.findings import AUDIT
from thbstats.reports.headlines import HEADLINES
from thbstats.reports.lists import ORDER, RANKINGS
from thbstats.reports.printed import SHARES
from thbstats.reports.remarks import WARNINGS
from thbstats.reports.section import Section
from thbstats.reports.stages import STAGES
from thbstats.tables import CountTable

__all__ = ["CHARTS", "DEFAULT_SECTIONS"]

_SORTS = {
    "zero": "zero",
    "known": "known and not zero",
    "fewer_than": "printed as fewer than a number",
    "suppressed": "suppressed by the source",
    "conflicting": "several values in one source",
    "not_reported": "not reported",
    "breakdown_not_reported": "not reported by category",
    "not_applicable": "not applicable",
}


def _tables(content: Content) -> Iterator[str | Sheet]:
    """Yield what is known of the counts, and the first of them."""
    tables = [table for table in content.data.tables() if len(table)]
    if content.of != "counts" or not tables:
        return
    yield "Zero, missing and hidden are different things: so many counts are of which sort."
    sorts = {table.kind: _sorts(table) for table in tables}
    there = [name for name in _SORTS if any(found[name] for found in sorts.values())]
    yield Sheet(
        caption="What is known of the counts",
        columns=["counts of", *(Column(_SORTS[name], "right") for name in there)],
        rows=[[kind, *(count(found[name]) for name in there)] for kind, found in sorts.items()],
    )
    for table in tables:
        yield table.sheet()


def _sorts(table: CountTable) -> Counter[str]:
    frame = table.to_frame()
    zero = (frame["value"] == 0).fillna(False)
    return Counter(frame["reason"].astype(str).where(~zero, "zero"))


def _shown(content: Content) -> Iterator[Sheet]:
    """Yield what is shown as it is."""
    for item in content.shown:
        yield item.sheet()


def _omitted(content: Content) -> Iterator[str | Sheet]:
    """Yield what is not in the report, each with the reason."""
    yield from content.limits
    if content.of == "publication":
        yield from (f"{each.id}: {each.reason}" for each in content.omissions)
    elif content.omissions:
        yield Sheet(
            caption="What is not here, and why",
            columns=["number", "why"],
            rows=[[each.id, each.reason] for each in content.omissions],
        )


DEFAULT_SECTIONS: tuple[Section, ...] = (
    BRIEF,
    HEADLINES,
    SHARES,
    STAGES,
    RANKINGS,
    ORDER,
    Section("tables", "The counts", _tables),
    Section("results", "In full", _shown),
    AUDIT,
    WARNINGS,
    Section("omissions", "What could not be computed", _omitted),
)
"""The sections of a report, unless somebody asks for others."""
