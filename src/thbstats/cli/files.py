"""The commands read, convert and formats."""

import argparse
from typing import TYPE_CHECKING, Any

from thbstats.cli.output import complain, json_of, write_output
from thbstats.cli.progress import shown_progress
from thbstats.errors import InvalidValue

if TYPE_CHECKING:
    from thbstats.display import DisplayTable
    from thbstats.exchange import Format, Reading, WriteLog

__all__ = ["constants", "convert", "formats", "read"]


def read(args: argparse.Namespace) -> bool:
    """Print the contents and problems of a file; return whether ``--strict`` finds one."""
    from thbstats.cli.people import refuse_style

    refuse_style(args, "json" if args.json else "text", ["json"])
    reading = _read(args)
    if args.json:
        write_output(json_of(reading.log.to_dict()))
    else:
        _say(args, reading.display_table(), reading.log.display_table())
    return _has_problem(reading, strict=args.strict)


def convert(args: argparse.Namespace) -> bool:
    """Write what a file holds as another format; return whether strictness finds something.

    With ``--strict`` nothing is written if there is a problem.
    """
    reading = _read(args)
    found = _has_problem(reading, strict=args.strict)
    if found:
        _say(args, reading.log.display_table())
    else:
        written = _written(reading, args)
        _say(args, reading.log.display_table(), written.display_table())
    return found


def formats(args: argparse.Namespace) -> bool:
    """List the formats; there are never findings."""
    from thbstats.cli.people import text_of
    from thbstats.display import DisplayTable
    from thbstats.sources import ALL

    if args.format == "json":
        write_output(json_of({"formats": [_listed(known) for known in ALL]}))
        return False
    rows = [
        [
            known.name.replace("_", "-"),
            ", ".join(["read", *(["written"] if known.write else [])]),
            f"{known.label}. {known.contents}",
        ]
        for known in ALL
    ]
    endings = [
        f"{known.name.replace('_', '-')} is written to {' '.join(known.extensions)}"
        for known in ALL
        if known.write
    ]
    columns = ["format", "is", "what it holds"]
    note = f"{'; '.join(endings)}."
    write_output(text_of(DisplayTable(caption="Formats", columns=columns, rows=rows, notes=[note])))
    return False


def _listed(known: "Format") -> dict[str, Any]:
    return {
        "name": known.name.replace("_", "-"),
        "label": known.label,
        "written": known.write is not None,
        "extensions": list(known.extensions),
        "contents": known.contents,
        "specification": known.specification,
    }


def _say(args: argparse.Namespace, *sheets: "DisplayTable") -> None:
    from thbstats.cli.people import for_people, text_of

    write_output(text_of(*(for_people(sheet, args) for sheet in sheets)))


def _read(args: argparse.Namespace) -> "Reading":
    from thbstats.exchange import read_declaration
    from thbstats.sources import read as read_any

    declare = None if args.declare is None else read_declaration(args.declare)
    with shown_progress() as progress:
        return read_any(
            args.file,
            format=args.format,
            kind=args.kind,
            declare=declare,
            encoding=args.encoding,
            progress=progress,
            **constants(args.set),
        )


def constants(pairs: list[str]) -> dict[str, Any]:
    """Return the values of all rows from arguments such as ``area=MT``."""
    found: dict[str, Any] = {}
    for pair in pairs:
        name, sign, word = pair.partition("=")
        if not sign or not name.isidentifier() or name in _OPTIONS:
            raise InvalidValue(
                "must have the form NAME=CODE",
                field="--set",
                value=pair,
                hint="Write --set area=MT",
            )
        found[name] = int(word) if word.isdecimal() and str(int(word)) == word else word
    return found


_OPTIONS = {"data", "declare", "encoding", "format", "kind", "limits", "path", "progress", "strict"}


def _has_problem(reading: "Reading", *, strict: bool) -> bool:
    """Return whether ``--strict`` finds a problem, and report it."""
    codes = reading.log.codes if strict else ()
    if codes:
        noun = "kind of problem" if len(codes) == 1 else "kinds of problem"
        complain(f"{len(codes)} {noun}: {', '.join(codes)}")
    return bool(codes)


def _written(reading: "Reading", args: argparse.Namespace) -> "WriteLog":
    from thbstats.sources import write

    options = {"neutralise": True} if args.neutralise else {}
    tables = {table.kind: table for table in reading.data.tables()}
    if args.kind is not None and args.kind not in tables:
        raise InvalidValue(
            f"must be a kind of count in {reading.log.name}",
            field="--kind",
            value=args.kind,
            hint=f"The file contains {', '.join(tables)}" if tables else "Check the rejected rows",
        )
    if len(tables) < 2 or args.kind is not None:
        data = tables[args.kind] if args.kind is not None else reading.table
        return write(data, args.output, format=args.to, **options)
    try:
        return write(reading.data, args.output, format=args.to, **options)
    except InvalidValue as error:
        if error.field != "data":
            raise
        raise InvalidValue(
            error.problem,
            field="--kind",
            hint=f"Add --kind with one of {', '.join(tables)}, or write JSON",
        ) from None
