"""The command audit for a table of percentages."""

import argparse
import json
import os
from typing import TYPE_CHECKING

from thbstats.cli.output import deliver, format_of, report_issues
from thbstats.errors import InvalidValue

if TYPE_CHECKING:
    from thbstats.auditing import TableAudit

__all__ = ["AUDITED", "audit_of_table", "is_table", "refuse_options"]

AUDITED = ("text", "markdown", "html", "json")
"""The output formats of an audit."""

_ENDINGS = (".csv", ".tsv", ".tab", ".xlsx", ".parquet")
_CLAIMS = (".toml", ".yaml", ".yml", ".json")
_TYPED = {"bases": "base"}
_OPTIONS = ("members", "rounding", "bases", "decimals", "thousands", "encoding")


def is_table(name: str) -> bool:
    """Whether a file contains a table, by its extension or its first line."""
    plain = name.lower().removesuffix(".gz")
    if plain.endswith(_ENDINGS):
        return True
    return not plain.endswith(_CLAIMS) and os.path.isfile(name) and _has_header(name)


def _has_header(name: str) -> bool:
    from thbstats.exchange import open_file, sniff

    line = open_file(name).head.partition("\n")[0]
    names = [cell.strip(' "\r').lower() for cell in line.split(sniff(line))]
    return "printed" in names


def refuse_options(args: argparse.Namespace) -> None:
    """Refuse options for tables.

    Raises
    ------
    InvalidValue
        If one is given.
    """
    for option in _OPTIONS:
        if getattr(args, option) is not None:
            raise InvalidValue(
                "must be used with a table of percentages",
                field=f"--{_TYPED.get(option, option)}",
                value=getattr(args, option),
                hint=f"Remove it, or use a file with the extension {', '.join(_ENDINGS)}",
            )


def audit_of_table(args: argparse.Namespace) -> bool:
    """Write the audit of a table; return whether ``--strict`` finds an issue."""
    from thbstats.auditing import audit
    from thbstats.cli.people import refuse_style

    form = format_of(args, AUDITED)
    refuse_style(args, form, ["json"])
    options = {name: getattr(args, name) for name in _OPTIONS}
    if options["thousands"] is None:
        del options["thousands"]
    audited = audit(args.file, **options)
    findings = audited.issues
    formatted = findings if args.issues else audited
    deliver(_rendered(formatted, form, args), args.output)
    if not args.strict:
        return False
    groups = [f"{each.group}: {each.check}" for each in findings.groups]
    unread = [item.id for item in audited if item.problem]
    return report_issues([*(each.id for each in findings), *groups, *unread])


def _rendered(result: "TableAudit", form: str, args: argparse.Namespace) -> str:
    from thbstats.cli.people import for_people, text_of
    from thbstats.display import Page, PageSection, to_html, to_markdown

    if form == "json":
        rows = [each.to_dict() for each in (*result, *result.groups)]
        return json.dumps(rows, indent=2, ensure_ascii=False, allow_nan=False)
    sheet = for_people(result.display_table(), args)
    if form == "html":
        page = Page(title=sheet.caption, sections=[PageSection(heading="Figures", tables=[sheet])])
        return to_html(page).rstrip("\n")
    return to_markdown(sheet) if form == "markdown" else text_of(sheet, output=args.output)
