"""The commands: each calls one function of the library and writes what it returns."""

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from thbstats.cli.output import colors, say, terminal_width
from thbstats.cli.parser import FORMATS
from thbstats.errors import UnknownName, did_you_mean

if TYPE_CHECKING:
    from thbstats.claims import Report
    from thbstats.reports import Content

__all__ = ["publications", "report"]

_FILE_WIDTH = 80
"""Text in a file does not depend on the terminal in which the command was typed."""


def publications(_asked: argparse.Namespace) -> bool:
    """List the publications; there are never findings."""
    from thbstats.display import Column, Sheet, to_text
    from thbstats.publications import ALL

    reports = [load() for load in ALL]
    sheet = Sheet(
        caption="Publications",
        columns=["publication", "title", "document", Column("claims", "right")],
        rows=[
            [_typed(item.id), item.title, item.document, str(len(item.claims))] for item in reports
        ],
    )
    say(to_text(sheet, terminal_width(), color=colors()))
    return False


def report(asked: argparse.Namespace) -> bool:
    """Write the report on a publication; return whether strictness finds something."""
    from thbstats.reports import content_of

    content = content_of(_loaded(asked.id))
    text = _rendered(content, _format(asked), to_file=asked.output is not None)
    if asked.output is None:
        say(text)
    else:
        Path(asked.output).write_text(f"{text}\n", encoding="utf-8", newline="\n")
    findings = [item.claim.id for item in content.audit.findings] if asked.strict else []
    if findings:
        noun = "finding" if len(findings) == 1 else "findings"
        print(f"thbstats: {len(findings)} {noun}: {', '.join(findings)}", file=sys.stderr)
    return bool(findings)


def _loaded(name: str) -> "Report":
    """Return a publication by its id, typed with hyphens or underscores."""
    from thbstats.publications import ALL

    loaders: dict[str, Callable[[], Report]] = {_typed(load.__name__): load for load in ALL}
    if _typed(name) not in loaders:
        raise UnknownName(
            "there is no such publication",
            field="PUBLICATION",
            value=name,
            mend=did_you_mean(_typed(name), loaders),
        )
    return loaders[_typed(name)]()


def _typed(name: str) -> str:
    """Return an id as it is typed."""
    return name.lower().replace("_", "-")


def _format(asked: argparse.Namespace) -> str:
    """Return the format that is asked for, by name or by the ending of the file."""
    ending = Path(asked.output or "").suffix.lower()
    by_ending = (name for name, endings in FORMATS.items() if ending in endings)
    return asked.format or next(by_ending, "text")


def _rendered(content: "Content", style: str, *, to_file: bool) -> str:
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
    width = _FILE_WIDTH if to_file else terminal_width()
    return to_text(page, width, color=not to_file and colors())
