"""The command audit."""

import argparse
from typing import TYPE_CHECKING

from thbstats.cli.output import deliver, format_of, json_of, report_issues
from thbstats.cli.progress import interruptible, shown_progress
from thbstats.cli.publication import loaded
from thbstats.cli.table_audit import AUDITED, audit_of_table, is_table, refuse_options
from thbstats.errors import InvalidValue

if TYPE_CHECKING:
    from thbstats.auditing import Audit
    from thbstats.display import DisplayTable, Row

__all__ = ["audit"]


def audit(args: argparse.Namespace) -> bool:
    """Write an audit; return whether ``--strict`` finds an issue."""
    from thbstats.auditing.claims_audit import audit_within
    from thbstats.bounds._budget import Budget
    from thbstats.cli.people import refuse_style

    tables = [name for name in args.files if is_table(name)]
    if tables and len(args.files) > 1:
        raise InvalidValue(
            "must be the only file if it is a table of percentages",
            field="FILE",
            value=tables[0],
            hint=f"Run thbstats audit {tables[0]}",
        )
    if tables:
        args.file = tables[0]
        return audit_of_table(args)
    refuse_options(args)
    form = format_of(args, AUDITED)
    refuse_style(args, form, ["json"])
    reports = [loaded(name) for name in args.files]
    budget = Budget(args.time_limit)
    with shown_progress() as progress, interruptible(budget.stop) as interrupted:
        subject = reports if len(reports) > 1 else reports[0]
        found = audit_within(subject, budget, all=args.all, progress=progress)
    issues = [item.claim.id for item in found.issues]
    formatted = found.where(lambda item: item.has_issue) if args.issues else found
    deliver(_rendered(formatted, form, args), args.output)
    if interrupted():
        raise KeyboardInterrupt
    return args.strict and report_issues(issues)


def _rendered(result: "Audit", form: str, args: argparse.Namespace) -> str:
    from thbstats.cli.people import for_people, text_of
    from thbstats.display import Page, PageSection, to_html, to_markdown

    if form == "json":
        return json_of(result.to_dict())
    sheet = result.display_table()
    if form == "html":
        narrow = for_people(_narrow(result), args)
        page = Page(
            title=sheet.caption, sections=[PageSection(heading="Every claim", tables=[narrow])]
        )
        return to_html(page).rstrip("\n")
    if form == "markdown":
        return to_markdown(for_people(sheet, args))
    return text_of(for_people(_narrow(result), args), output=args.output)


def _joined(row: "Row") -> "Row":
    from thbstats.display import Cell, Row

    name, printed, verdict, why = row.cells
    return Row([printed, Cell(f"{name.text}: {verdict.text}. {why.text}", tone=verdict.tone)])


def _narrow(result: "Audit") -> "DisplayTable":
    """Return the audit with name, verdict and reason in one column."""
    from thbstats.display import Column, DisplayTable, Row

    wide = result.display_table()
    rows = [_joined(row) if isinstance(row, Row) else row for row in wide.rows]
    return DisplayTable(
        caption=wide.caption,
        columns=[Column("Published", "right"), "Claim, verdict and reason"],
        rows=rows,
        notes=wide.notes,
    )
