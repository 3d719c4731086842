"""The commands: each calls one function of the library and writes what it returns."""

import argparse
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
    from thbstats.reports import Document

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
    from thbstats.reports import report as reported

    document = reported(loaded(asked.id))
    deliver(_rendered(document, format_of(asked), asked.output), asked.output)
    findings = document.content.audit.findings
    return asked.strict and say_findings([item.claim.id for item in findings])


def _rendered(document: "Document", style: str, output: str | None) -> str:
    if style == "text":
        return document.to_text(width_for(output), color=output is None and colors())
    writers = {
        "json": document.to_json,
        "csv": document.to_csv,
        "html": document.to_html,
        "markdown": document.to_markdown,
    }
    return writers[style]().rstrip("\n")
