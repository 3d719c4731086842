"""The commands about files: read one, write another, list the formats."""

import argparse
from typing import TYPE_CHECKING, Any

from thbstats.cli.output import complain, json_of, say
from thbstats.cli.progress import shown_progress
from thbstats.errors import InvalidValue

if TYPE_CHECKING:
    from thbstats.display import DisplayTable
    from thbstats.exchange import Format, Reading, WriteLog

__all__ = ["constants", "convert", "formats", "read"]


def read(asked: argparse.Namespace) -> bool:
    """Print what a file holds and what was odd; return whether strictness finds something."""
    from thbstats.cli.people import refuse_style

    refuse_style(asked, "json" if asked.json else "text", ["json"])
    reading = _read(asked)
    if asked.json:
        say(json_of(reading.log.to_dict()))
    else:
        _say(asked, reading.display_table(), reading.log.display_table())
    return _found(reading, strict=asked.strict)


def convert(asked: argparse.Namespace) -> bool:
    """Write what a file holds as another format; return whether strictness finds something.

    Strictly nothing is written where anything is odd.
    """
    reading = _read(asked)
    found = _found(reading, strict=asked.strict)
    if found:
        _say(asked, reading.log.display_table())
    else:
        written = _written(reading, asked)
        _say(asked, reading.log.display_table(), written.display_table())
    return found


def formats(asked: argparse.Namespace) -> bool:
    """List the formats; there are never findings."""
    from thbstats.cli.people import text_of
    from thbstats.display import DisplayTable
    from thbstats.sources import ALL

    if asked.format == "json":
        say(json_of({"formats": [_listed(known) for known in ALL]}))
        return False
    rows = [
        [
            known.name.replace("_", "-"),
            ", ".join(["read", *(["written"] if known.write else [])]),
            f"{known.label}. {known.holds}",
        ]
        for known in ALL
    ]
    endings = [
        f"{known.name.replace('_', '-')} is written to {' '.join(known.endings)}"
        for known in ALL
        if known.write
    ]
    columns = ["format", "is", "what it holds"]
    note = f"{'; '.join(endings)}."
    say(text_of(DisplayTable(caption="Formats", columns=columns, rows=rows, notes=[note])))
    return False


def _listed(known: "Format") -> dict[str, Any]:
    return {
        "name": known.name.replace("_", "-"),
        "label": known.label,
        "written": known.write is not None,
        "endings": list(known.endings),
        "holds": known.holds,
        "specification": known.specification,
    }


def _say(asked: argparse.Namespace, *sheets: "DisplayTable") -> None:
    from thbstats.cli.people import for_people, text_of

    say(text_of(*(for_people(sheet, asked) for sheet in sheets)))


def _read(asked: argparse.Namespace) -> "Reading":
    from thbstats.exchange import read_declaration
    from thbstats.sources import read as read_any

    declare = None if asked.declare is None else read_declaration(asked.declare)
    with shown_progress() as progress:
        return read_any(
            asked.file,
            format=asked.format,
            kind=asked.kind,
            declare=declare,
            encoding=asked.encoding,
            progress=progress,
            **constants(asked.set),
        )


def constants(pairs: list[str]) -> dict[str, Any]:
    """Return what all rows have in common, typed as ``area=MT``; a number is one."""
    found: dict[str, Any] = {}
    for pair in pairs:
        name, sign, word = pair.partition("=")
        if not sign or not name.isidentifier() or name in _OPTIONS:
            raise InvalidValue(
                "this sets nothing that all rows have in common",
                field="--set",
                value=pair,
                hint="Give a name and a word, such as --set area=MT",
            )
        found[name] = int(word) if word.isdecimal() and str(int(word)) == word else word
    return found


_OPTIONS = {"declare", "encoding", "format", "kind", "limits", "path", "progress", "strict"}


def _found(reading: "Reading", *, strict: bool) -> bool:
    """Return whether strictness finds something, and say what."""
    codes = reading.log.codes if strict else ()
    if codes:
        noun = "problem" if len(codes) == 1 else "problems"
        complain(f"{len(codes)} {noun}: {', '.join(codes)}")
    return bool(codes)


def _written(reading: "Reading", asked: argparse.Namespace) -> "WriteLog":
    from thbstats.sources import write

    options = {"neutralise": True} if asked.neutralise else {}
    tables = {table.kind: table for table in reading.data.tables()}
    if asked.kind is not None and asked.kind not in tables:
        raise InvalidValue(
            f"{reading.log.name} holds no {asked.kind}",
            field="--kind",
            value=asked.kind,
            hint=f"It holds {', '.join(tables)}" if tables else "Look at what was set aside",
        )
    if len(tables) < 2 or asked.kind is not None:
        data = tables[asked.kind] if asked.kind is not None else reading.table
        return write(data, asked.output, format=asked.to, **options)
    try:
        return write(reading.data, asked.output, format=asked.to, **options)
    except InvalidValue as error:
        if error.field != "data":
            raise
        raise InvalidValue(
            error.problem,
            field="--kind",
            hint=f"Choose one of {', '.join(tables)}, or write JSON, which holds them all",
        ) from None
