"""The command that holds what a publication prints against itself."""

import argparse
from typing import TYPE_CHECKING

from thbstats.cli.output import colors, deliver, format_of, json_of, say_findings, width_for
from thbstats.cli.publication import loaded

if TYPE_CHECKING:
    from thbstats.auditing import Audit

__all__ = ["audit"]


def audit(asked: argparse.Namespace) -> bool:
    """Write the audit of a publication; return whether strictness finds something."""
    from thbstats.auditing import audit as audited

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
        page = Page(title=sheet.caption, sections=[Section(heading="Claims", sheets=[sheet])])
        return to_html(page).rstrip("\n")
    if style == "markdown":
        return to_markdown(sheet)
    return to_text(sheet, width_for(output), color=output is None and colors())
