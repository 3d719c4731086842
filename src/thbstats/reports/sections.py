"""The default sections of a report."""

from collections import Counter
from collections.abc import Iterator

from thbstats.display import Column, DisplayTable, count
from thbstats.reports.areas import AREAS
from thbstats.reports.charts import CHARTS
from thbstats.reports.checks import CHECKS
from thbstats.reports.content import Content
from thbstats.reports.countries import COUNTRIES
from thbstats.reports.details import DETAILS
from thbstats.reports.figures import FIGURES
from thbstats.reports.issues import DATA_ISSUES, ISSUES
from thbstats.reports.limitations import LIMITATIONS
from thbstats.reports.quality_notes import NOTES_BY_FIGURE, QUALITY_NOTES
from thbstats.reports.section import Section
from thbstats.reports.stages import STAGES
from thbstats.reports.summary import SUMMARY

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


def _missing(content: Content) -> Iterator[DisplayTable]:
    """Yield the number of zero, missing and suppressed counts."""
    tables = [table for table in content.data.tables() if len(table)]
    if content.of != "counts" or not tables:
        return
    found = {}
    for table in tables:
        frame = table.to_frame()
        zero = (frame["value"] == 0).fillna(False)
        found[table.kind] = Counter(frame["reason"].astype(str).where(~zero, "zero"))
    present = [name for name in _REASONS if any(numbers[name] for numbers in found.values())]
    yield DisplayTable(
        caption="Known, missing and suppressed counts",
        columns=["Counts of", *(Column(_REASONS[name].capitalize(), "right") for name in present)],
        rows=[
            [kind, *(count(numbers[name]) for name in present)] for kind, numbers in found.items()
        ],
    )


def _tables(content: Content) -> Iterator[DisplayTable]:
    """Yield the first rows of each table."""
    if content.of == "counts":
        for table in content.data.tables():
            if len(table):
                yield table.display_table()


def _displayed(content: Content) -> Iterator[DisplayTable]:
    """Yield the tables of results."""
    if content.of == "results":
        for item in content.formatted:
            yield item.display_table()


def _file(content: Content) -> Iterator[DisplayTable]:
    """Yield the log of the file that was read."""
    if content.of == "counts":
        for item in content.formatted:
            yield item.display_table()


def _omitted(content: Content) -> Iterator[str | DisplayTable]:
    """Yield the numbers that the report does not contain, each with the reason."""
    if content.of == "publication":
        yield from (f"{item.id}: {item.reason}" for item in content.omissions)
    elif content.omissions:
        yield DisplayTable(
            caption="Numbers without a value",
            columns=["Number", "Reason"],
            rows=[[item.id, item.reason] for item in content.omissions],
        )


DEFAULT_SECTIONS: tuple[Section, ...] = (
    SUMMARY,
    FIGURES,
    LIMITATIONS,
    ISSUES,
    DATA_ISSUES,
    DETAILS,
    AREAS,
    STAGES,
    COUNTRIES,
    Section("missing", "Missing counts", _missing),
    Section("results", "Details", _displayed),
    QUALITY_NOTES,
    Section("omissions", "Numbers not computed", _omitted),
    Section("file", "File", _file, annex=True),
    Section("tables", "Counts", _tables, annex=True),
    NOTES_BY_FIGURE,
    CHECKS,
)
"""The sections of a report by default, in order."""
