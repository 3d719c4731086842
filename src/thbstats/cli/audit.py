"""The command that holds what a publication prints against itself."""

import argparse
from typing import TYPE_CHECKING

from thbstats.cli.output import colors, deliver, format_of, json_of, say_findings, width_for
from thbstats.cli.publication import loaded
from thbstats.cli.table_audit import audit_of_table, is_table, refuse_options

if TYPE_CHECKING:
    from thbstats.auditing import Audit
    from thbstats.display import Row, Sheet

__all__ = ["audit"]


def audit(asked: argparse.Namespace) -> bool:
    """Write the audit of a publication or a table; return whether strictness finds something."""
    from thbstats.auditing import audit as audited

    if is_table(asked.file):
        return audit_of_table(asked)
    refuse_options(asked)
    found = audited(loaded(asked.file))
    findings = [item.claim.id for item in found.findings]
    shown = found.where(lambda item: item.is_finding) if asked.findings else found
    deliver(_rendered(shown, format_of(asked), asked.output), asked.output)
    return asked.strict and say_findings(findings)


def _rendered(found: "Audit", style: str, output: str | None) -> str:
    from thbstats.display import Page, Section, to_html, to_markdown, to_text

    sheet = found.sheet()
    if style == "json":
        return json_of(found.to_dict())
    if style == "html":
        page = Page(
            title=sheet.caption, sections=[Section(heading="Every claim", sheets=[_narrow(found)])]
        )
        return to_html(page).rstrip("\n")
    if style == "markdown":
        return to_markdown(sheet)
    return to_text(_narrow(found), width_for(output), color=output is None and colors())


def _joined(row: "Row") -> "Row":
    from thbstats.display import Cell, Row

    name, printed, said, why = row.cells
    return Row([name, printed, Cell(f"{said.text}. {why.text}", tone=said.tone)])


def _narrow(found: "Audit") -> "Sheet":
    """Return the audit for pages and narrow lines: verdict and reason in one column."""
    from thbstats.display import Column, Row, Sheet

    wide = found.sheet()
    rows = [_joined(row) if isinstance(row, Row) else row for row in wide.rows]
    return Sheet(
        caption=wide.caption,
        columns=["claim", Column("printed", "right"), "what the other figures say"],
        rows=rows,
        notes=wide.notes,
    )
