"""The commands: each calls one function of the library and writes what it returns."""

import argparse
import json
from typing import TYPE_CHECKING

from thbstats.cli.output import (
    colors,
    deliver,
    format_of,
    say,
    say_findings,
    terminal_width,
    width_for,
)
from thbstats.cli.publication import loaded, typed

if TYPE_CHECKING:
    from thbstats.reports import Content

__all__ = ["publications", "report"]


def publications(_asked: argparse.Namespace) -> bool:
    """List the publications; there are never findings."""
    from thbstats.display import Column, Sheet, to_text
    from thbstats.publications import ALL

    reports = [load() for load in ALL]
    sheet = Sheet(
        caption="Publications",
        columns=["publication", "title", "document", Column("claims", "right")],
        rows=[
            [typed(item.id), item.title, item.document, str(len(item.claims))] for item in reports
        ],
    )
    say(to_text(sheet, terminal_width(), color=colors()))
    return False


def report(asked: argparse.Namespace) -> bool:
    """Write the report on a publication; return whether strictness finds something."""
    from thbstats.reports import content_of

    content = content_of(loaded(asked.id))
    deliver(_rendered(content, format_of(asked), asked.output), asked.output)
    return asked.strict and say_findings([item.claim.id for item in content.audit.findings])


def _rendered(content: "Content", style: str, output: str | None) -> str:
    from thbstats.display import to_html, to_markdown, to_text
    from thbstats.reports import report_csv, report_data, report_page

    if style == "json":
        return json.dumps(report_data(content), indent=2, ensure_ascii=False, allow_nan=False)
    if style == "csv":
        return report_csv(content).rstrip("\n")
    page = report_page(content)
    if style == "html":
        return to_html(page).rstrip("\n")
    if style == "markdown":
        return to_markdown(page)
    return to_text(page, width_for(output), color=output is None and colors())
