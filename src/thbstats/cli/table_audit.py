"""The command that holds a table of printed percentages against the counts beside them."""

import argparse
import json
import os
from typing import TYPE_CHECKING

from thbstats.cli.output import deliver, format_of, say_findings
from thbstats.errors import InvalidValue

if TYPE_CHECKING:
    from thbstats.auditing import TableAudit

__all__ = ["AUDITED", "audit_of_table", "is_table", "refuse_options"]

AUDITED = ("text", "markdown", "html", "json")
"""The formats of an audit."""

_ENDINGS = (".csv", ".tsv", ".tab", ".xlsx", ".parquet")
_CLAIMS = (".toml", ".yaml", ".yml", ".json")
_TYPED = {"bases": "base"}
_OPTIONS = ("members", "rounding", "bases", "decimals", "thousands", "encoding")


def is_table(name: str) -> bool:
    """Whether a file holds a table, packed or not: its name says so, or else its first line."""
    plain = name.lower().removesuffix(".gz")
    if plain.endswith(_ENDINGS):
        return True
    return not plain.endswith(_CLAIMS) and os.path.isfile(name) and _has_header(name)


def _has_header(name: str) -> bool:
    from thbstats.exchange import open_file, sniff

    line = open_file(name).head.partition("\n")[0]
    names = [cell.strip(' "\r').lower() for cell in line.split(sniff(line))]
    return "printed" in names


def refuse_options(asked: argparse.Namespace) -> None:
    """Refuse options that only a table has.

    Raises
    ------
    InvalidValue
        If one of them was typed.
    """
    for option in _OPTIONS:
        if getattr(asked, option) is not None:
            raise InvalidValue(
                "only a table of percentages has this option",
                field=f"--{_TYPED.get(option, option)}",
                value=getattr(asked, option),
                hint=f"Leave it out, or give a file that ends with {', '.join(_ENDINGS)}",
            )


def audit_of_table(asked: argparse.Namespace) -> bool:
    """Write the audit of a table; return whether strictness finds something."""
    from thbstats.auditing import audit
    from thbstats.cli.people import refuse_style

    form = format_of(asked, AUDITED)
    refuse_style(asked, form, ["json"])
    options = {name: getattr(asked, name) for name in _OPTIONS}
    if options["thousands"] is None:
        del options["thousands"]
    audited = audit(asked.file, **options)
    findings = audited.findings
    formatted = findings if asked.findings else audited
    deliver(_rendered(formatted, form, asked), asked.output)
    if not asked.strict:
        return False
    groups = [f"{each.group}: {each.check}" for each in findings.groups]
    unread = [item.id for item in audited if item.problem]
    return say_findings([*(each.id for each in findings), *groups, *unread])


def _rendered(found: "TableAudit", form: str, asked: argparse.Namespace) -> str:
    from thbstats.cli.people import for_people, text_of
    from thbstats.display import Page, Section, to_html, to_markdown

    if form == "json":
        rows = [each.to_dict() for each in (*found, *found.groups)]
        return json.dumps(rows, indent=2, ensure_ascii=False, allow_nan=False)
    sheet = for_people(found.display_table(), asked)
    if form == "html":
        page = Page(title=sheet.caption, sections=[Section(heading="Figures", tables=[sheet])])
        return to_html(page).rstrip("\n")
    return to_markdown(sheet) if form == "markdown" else text_of(sheet, output=asked.output)
