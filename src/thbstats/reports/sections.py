"""The default sections of a report."""

from collections import Counter
from collections.abc import Iterator

from thbstats.display import Column, DisplayTable, count
from thbstats.reports.audit_section import AUDIT
from thbstats.reports.brief import BRIEF
from thbstats.reports.charts import CHARTS
from thbstats.reports.content import Content
from thbstats.reports.headlines import HEADLINES
from thbstats.reports.printed_section import SHARES
from thbstats.reports.rankings import ORDER, RANKINGS
from thbstats.reports.section import Section
from thbstats.reports.stages import STAGES
from thbstats.reports.warnings_section import WARNINGS

__all__ = ["CHARTS", "DEFAULT_SECTIONS"]

_REASONS = {
    "zero": "zero",
    "known": "known and not zero",
    "fewer_than": "published as fewer than a number",
    "suppressed": "suppressed by the source",
    "conflicting": "several values in one source",
    "not_reported": "not reported",
    "breakdown_not_reported": "not reported by category",
    "not_applicable": "not applicable",
}


def _tables(content: Content) -> Iterator[str | DisplayTable]:
    """Yield the number of zero, missing and suppressed counts, and the first rows."""
    tables = [table for table in content.data.tables() if len(table)]
    if content.of != "counts" or not tables:
        return
    found = {}
    for table in tables:
        frame = table.to_frame()
        zero = (frame["value"] == 0).fillna(False)
        found[table.kind] = Counter(frame["reason"].astype(str).where(~zero, "zero"))
    present = [name for name in _REASONS if any(own[name] for own in found.values())]
    yield "Zero, missing and suppressed counts are different. The table shows how many there are."
    yield DisplayTable(
        caption="Known, missing and suppressed counts",
        columns=["counts of", *(Column(_REASONS[name], "right") for name in present)],
        rows=[[kind, *(count(own[name]) for name in present)] for kind, own in found.items()],
    )
    for table in tables:
        yield table.display_table()


def _shown(content: Content) -> Iterator[DisplayTable]:
    """Yield the sheets of objects with a sheet of their own."""
    for item in content.formatted:
        yield item.display_table()


def _omitted(content: Content) -> Iterator[str | DisplayTable]:
    """Yield the numbers that the report does not contain, each with the reason."""
    yield from content.limits
    if content.of == "publication":
        yield from (f"{each.id}: {each.reason}" for each in content.omissions)
    elif content.omissions:
        yield DisplayTable(
            caption="Numbers without a value",
            columns=["number", "reason"],
            rows=[[each.id, each.reason] for each in content.omissions],
        )


DEFAULT_SECTIONS: tuple[Section, ...] = (
    BRIEF,
    HEADLINES,
    SHARES,
    STAGES,
    RANKINGS,
    ORDER,
    Section("tables", "Counts", _tables),
    Section("results", "Details", _shown),
    AUDIT,
    WARNINGS,
    Section("omissions", "Numbers not computed", _omitted),
)
"""The sections of a report by default, in order."""
