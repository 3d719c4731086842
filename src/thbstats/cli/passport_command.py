"""The command passport."""

import argparse
import shlex
from pathlib import Path
from typing import Any

from thbstats import indicators, justice
from thbstats.claims import FORMATS, Publication
from thbstats.cli.arguments import AUDIT_FORMATS
from thbstats.cli.file_commands import constants, read_counts, table_of, tables_by_kind
from thbstats.cli.output import format_of, json_of, refuse, write_text, written
from thbstats.cli.progress import shown_progress
from thbstats.cli.publication_commands import is_path, loaded
from thbstats.errors import InvalidValue, require, require_name
from thbstats.panel import Panel, Result

_JUSTICE = ("conviction_to_prosecution", "conviction_to_suspect", "prosecution_to_suspect")
_INDICATORS = ("share", "total", "breakdown", "ratio", "change", "concentration", *_JUSTICE)
_EXAMPLE = "Write 'share sex=female base=all area=FR period=2020'"


def passport(args: argparse.Namespace) -> None:
    """Write the passport of the answer to a question, or a folder of them for several answers."""
    form = format_of(args, AUDIT_FORMATS) if Path(args.output or "").suffix else args.format
    with shown_progress() as progress:
        progress("calculating the figure", 0)
        result, report, data = _answer(args)
    options = {"language": args.language or "en", "data": f"import thbstats as thb\n{data}"}
    if isinstance(result, Panel):
        is_folder = args.output is not None and not Path(args.output).suffix
        problem, hint = "must be a folder for several figures", "Add --output passports"
        require(is_folder, problem, hint, **{"--output": args.output or "nothing"})
        refuse(args, "--format", "must not be used with several figures", "Remove --format")
        written(str(result.passport(args.output, **options)[0]))
        return
    made = result.passport(published=report, **options)
    form = form or "text"
    is_json = form == "json"
    text = json_of(made.to_dict(), versioned=False) if is_json else getattr(made, f"to_{form}")()
    write_text(text.rstrip("\n"), args)


def _answer(args: argparse.Namespace) -> tuple[Result | Panel, Publication | None, str]:
    """Return the answer, the publication, and the code that reads the table."""
    name, first, options = args.file, *_question(args.question)
    report: Publication | None = None
    kind = args.kind or ("justice" if first in _JUSTICE else "victims")
    if not is_path(name) or Path(name).suffix.lower() in sum(FORMATS.values(), ()):
        report = loaded(name)
        if not options and first not in _INDICATORS:
            return report.share(first), None, ""
        tables = {table.kind: table for table in report.data.tables()}
        code = f"thb.publications.{name.lower().replace('-', '_')}()"
        code = f"thb.claims.read_claims({name!r})" if is_path(name) else code
    else:
        tables = tables_by_kind(read_counts(args, name, args.kind))
        names = {"kind": args.kind, "declare": args.declare, "encoding": args.encoding}
        own = {key: text for key, text in names.items() if text} | constants(args.set)
        more = "".join(f", {key}={text!r}" for key, text in own.items())
        code = f"thb.read({name!r}{more})"
    require_name(first, _INDICATORS, "must start with an indicator", field="QUESTION")
    hint = f"The file contains {', '.join(tables) or 'no counts'}"
    table = table_of(tables, kind, name, "--kind", hint)
    answer = getattr(justice if first in _JUSTICE else indicators, first)(table, **options)
    return answer, report, f"table = {code}.data.{kind}"


def _question(text: str) -> tuple[str, dict[str, Any]]:
    """Return the indicator and the arguments of a question."""
    try:
        first, *words = shlex.split(text)
    except ValueError:
        raise InvalidValue(
            "must start with an indicator", field="QUESTION", value=text, hint=_EXAMPLE
        ) from None
    options: dict[str, Any] = {}
    for word in words:
        name, sign, value = word.partition("=")
        is_pair = sign and name.isidentifier() and value and name not in options
        require(is_pair, "must have the form NAME=VALUE, each name once", _EXAMPLE, QUESTION=word)
        pieces = value.split(",")
        if ":" in value:  # categories, such as numerator=sex:female
            options[name] = dict(piece.split(":", 1) for piece in pieces)
        else:
            options[name] = pieces if pieces[1:] else int(value) if value.isdecimal() else value
    return first, options
