"""The command that holds what a publication prints against itself."""

import argparse
from typing import TYPE_CHECKING

from thbstats.cli.output import colors, deliver, format_of, json_of, say_findings, width_for
from thbstats.cli.publication import loaded
from thbstats.cli.table_audit import audit_of_table, is_table, refuse_options

if TYPE_CHECKING:
    from thbstats.auditing import Audit
    from thbstats.display import Sheet

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


def _narrow(found: "Audit") -> "Sheet":
    """Return the audit for pages and narrow lines: sections as headings, reasons with room."""
    from thbstats.display import Cell, Column, Group, Row, Sheet

    wide = found.sheet()
    names = [column.name for column in wide.columns]
    verdict, why = names.index("verdict"), names.index("why")
    rows: list[Row | Group] = []
    section = None
    for item, row in zip(found, wide.rows, strict=True):
        if item.claim.section != section and isinstance(row, Row):
            section = item.claim.section
            place = item.claim.place.removeprefix("the ")
            rows.append(Group(place[:1].upper() + place[1:]))
        if isinstance(row, Row):
            said = row.cells[verdict]
            quoted = "" if item.claim.printed else f" {item.claim.words!r}."
            told = Cell(f"{said.text}.{quoted} {row.cells[why].text}", tone=said.tone)
            rows.append(Row([item.claim.id, item.claim.printed, told]))
    return Sheet(
        caption=wide.caption,
        columns=["claim", Column("printed", "right"), "what the other figures say"],
        rows=rows,
        notes=wide.notes,
    )
