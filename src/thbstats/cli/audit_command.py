"""The command that compares the figures of publications with each other."""

import argparse
from typing import TYPE_CHECKING

from thbstats.cli.output import deliver, format_of, json_of, say_findings
from thbstats.cli.progress import interruptible, shown_progress
from thbstats.cli.publication import loaded
from thbstats.cli.table_audit import AUDITED, audit_of_table, is_table, refuse_options
from thbstats.errors import InvalidValue

if TYPE_CHECKING:
    from thbstats.auditing import Audit
    from thbstats.display import DisplayTable, Row

__all__ = ["audit"]


def audit(asked: argparse.Namespace) -> bool:
    """Write the audit of publications or a table; return whether strictness finds something."""
    from thbstats.auditing.claims_audit import audit_within
    from thbstats.bounds._budget import Budget
    from thbstats.cli.people import refuse_style

    tables = [name for name in asked.files if is_table(name)]
    if tables and len(asked.files) > 1:
        raise InvalidValue(
            "a table of percentages must be the only file",
            field="FILE",
            value=tables[0],
            hint=f"Audit it alone: thbstats audit {tables[0]}",
        )
    if tables:
        asked.file = tables[0]
        return audit_of_table(asked)
    refuse_options(asked)
    form = format_of(asked, AUDITED)
    refuse_style(asked, form, ["json"])
    reports = [loaded(name) for name in asked.files]
    budget = Budget(asked.time_limit)
    with shown_progress() as progress, interruptible(budget.stop) as interrupted:
        subject = reports if len(reports) > 1 else reports[0]
        found = audit_within(subject, budget, all=asked.all, progress=progress)
    findings = [item.claim.id for item in found.findings]
    formatted = found.where(lambda item: item.is_finding) if asked.findings else found
    deliver(_rendered(formatted, form, asked), asked.output)
    if interrupted():
        raise KeyboardInterrupt
    return asked.strict and say_findings(findings)


def _rendered(found: "Audit", form: str, asked: argparse.Namespace) -> str:
    from thbstats.cli.people import for_people, text_of
    from thbstats.display import Page, Section, to_html, to_markdown

    if form == "json":
        return json_of(found.to_dict())
    sheet = found.display_table()
    if form == "html":
        narrow = for_people(_narrow(found), asked)
        page = Page(title=sheet.caption, sections=[Section(heading="Every claim", tables=[narrow])])
        return to_html(page).rstrip("\n")
    if form == "markdown":
        return to_markdown(for_people(sheet, asked))
    return text_of(for_people(_narrow(found), asked), output=asked.output)


def _joined(row: "Row") -> "Row":
    from thbstats.display import Cell, Row

    name, printed, said, why = row.cells
    return Row([printed, Cell(f"{name.text}: {said.text}. {why.text}", tone=said.tone)])


def _narrow(found: "Audit") -> "DisplayTable":
    """Return the audit for pages and narrow lines: name, verdict and reason in one column."""
    from thbstats.display import Column, DisplayTable, Row

    wide = found.display_table()
    rows = [_joined(row) if isinstance(row, Row) else row for row in wide.rows]
    return DisplayTable(
        caption=wide.caption,
        columns=[Column("printed", "right"), "claim, verdict and reason"],
        rows=rows,
        notes=wide.notes,
    )
