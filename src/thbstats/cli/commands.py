"""The commands report and publications."""

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING

from thbstats.cli.output import (
    FORMATS,
    deliver,
    format_of,
    json_of,
    say,
    say_findings,
    say_formulas,
)
from thbstats.cli.publication import subject_of, typed
from thbstats.errors import InvalidValue

if TYPE_CHECKING:
    from thbstats.claims import Publication
    from thbstats.exchange import Reading
    from thbstats.reports import Document

__all__ = ["publications", "report"]

_FOR_PROGRAMS = ("csv", "json", "xlsx")


def publications(asked: argparse.Namespace) -> bool:
    """List the publications; there are never findings."""
    from thbstats.cli.people import text_of
    from thbstats.display import Column, DisplayTable
    from thbstats.publications import ALL

    reports = [load() for load in ALL]
    if asked.format == "json":
        say(json_of({"publications": [_listed(item) for item in reports]}))
        return False
    sheet = DisplayTable(
        caption="Publications",
        columns=["publication", "title", "document", Column("claims", "right")],
        rows=[
            [typed(item.id), item.title, item.document, str(len(item.claims))] for item in reports
        ],
    )
    say(text_of(sheet))
    return False


def _listed(item: "Publication") -> dict[str, object]:
    return {
        "id": typed(item.id),
        "title": item.title,
        "document": item.document,
        "publisher": item.publisher,
        "published": None if item.published is None else item.published.isoformat(),
        "url": item.url,
        "claims": len(item.claims),
    }


def report(asked: argparse.Namespace) -> bool:
    """Write the report on a publication or counts; return whether strictness finds something."""
    from thbstats.cli.people import refuse_style
    from thbstats.reports import CHARTS, DEFAULT_SECTIONS
    from thbstats.reports import report as reported
    from thbstats.reports.data import report_csv

    form = format_of(asked, FORMATS)
    refuse_style(asked, form, _FOR_PROGRAMS)
    if asked.neutralise and form != "csv":
        raise InvalidValue(
            "only CSV has cells that a spreadsheet takes for formulas",
            field="--neutralise",
            value=form,
            hint="Leave it out, or ask for --format csv",
        )
    subject = subject_of(asked)
    document = reported(
        subject,
        sections=(*DEFAULT_SECTIONS, CHARTS) if asked.charts else DEFAULT_SECTIONS,
        style=asked.style or "plain",
        language=asked.language or "en",
        full=asked.full,
    )
    if form == "csv":
        text, losses = report_csv(document.content, neutralise=asked.neutralise)
        deliver(text.rstrip("\n"), asked.output)
        say_formulas(losses)
    else:
        _deliver(document, form, asked.output)
    return asked.strict and say_findings(_findings(subject, document))


def _findings(subject: "Publication | Reading", document: "Document") -> list[str]:
    """Return what a reader should know about: claims of a publication, defects of a file."""
    from thbstats.exchange import Reading

    if isinstance(subject, Reading):
        return list(subject.log.codes)
    return [item.claim.id for item in document.content.audit.findings]


def _deliver(document: "Document", form: str, output: str | None) -> None:
    if form != "xlsx":
        deliver(_rendered(document, form, output), output)
    elif output is None:
        raise InvalidValue(
            "a workbook is no text",
            field="--format",
            value=form,
            hint="Name a file to write it to, such as --output report.xlsx",
        )
    else:
        document.to_xlsx(output)


def _rendered(document: "Document", form: str, output: str | None) -> str:
    from thbstats.cli.people import text_of

    writers: dict[str, Callable[[], str]] = {
        "text": lambda: text_of(document.page, output=output),
        "json": document.to_json,
        "html": document.to_html,
        "markdown": document.to_markdown,
    }
    return writers[form]().rstrip("\n")
