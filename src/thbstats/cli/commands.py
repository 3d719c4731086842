"""The commands report and publications."""

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING

from thbstats.cli.output import (
    FORMATS,
    deliver,
    format_of,
    json_of,
    report_issues,
    warn_of_formulas,
    write_output,
)
from thbstats.cli.publication import subject_of, typed
from thbstats.errors import InvalidValue

if TYPE_CHECKING:
    from thbstats.claims import Publication
    from thbstats.exchange import Reading
    from thbstats.reports import Document

__all__ = ["publications", "report"]

_FOR_PROGRAMS = ("csv", "json", "xlsx")


def publications(args: argparse.Namespace) -> bool:
    """List the publications."""
    from thbstats.cli.people import text_of
    from thbstats.display import Column, DisplayTable
    from thbstats.publications import ALL

    reports = [load() for load in ALL]
    if args.format == "json":
        write_output(json_of({"publications": [_listed(item) for item in reports]}))
        return False
    sheet = DisplayTable(
        caption="Publications",
        columns=["publication", "title", "document", Column("claims", "right")],
        rows=[
            [typed(item.id), item.title, item.document, str(len(item.claims))] for item in reports
        ],
    )
    write_output(text_of(sheet))
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


def report(args: argparse.Namespace) -> bool:
    """Write a report; return whether ``--strict`` finds an issue."""
    from thbstats.cli.people import refuse_style
    from thbstats.reports import CHARTS, DEFAULT_SECTIONS
    from thbstats.reports import report as reported
    from thbstats.reports.data import report_csv

    form = format_of(args, FORMATS)
    refuse_style(args, form, _FOR_PROGRAMS)
    if args.neutralise and form != "csv":
        raise InvalidValue(
            "must not be used with another format than CSV",
            field="--neutralise",
            value=form,
            hint="Remove --neutralise, or use --format csv",
        )
    subject = subject_of(args)
    document = reported(
        subject,
        sections=(*DEFAULT_SECTIONS, CHARTS) if args.charts else DEFAULT_SECTIONS,
        style=args.style or "plain",
        language=args.language or "en",
        full=args.full,
    )
    if form == "csv":
        text, losses = report_csv(document.content, neutralise=args.neutralise)
        deliver(text.rstrip("\n"), args.output)
        warn_of_formulas(losses)
    else:
        _deliver(document, form, args.output)
    return args.strict and report_issues(_issues(subject, document))


def _issues(subject: "Publication | Reading", document: "Document") -> list[str]:
    """Return the issues of a publication, or the problems of a file."""
    from thbstats.exchange import Reading

    if isinstance(subject, Reading):
        return list(subject.log.codes)
    return [item.claim.id for item in document.content.audit.issues]


def _deliver(document: "Document", form: str, output: str | None) -> None:
    if form != "xlsx":
        deliver(_rendered(document, form, output), output)
    elif output is None:
        raise InvalidValue(
            "must be written to a file",
            field="--format",
            value=form,
            hint="Add --output report.xlsx",
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
