"""The commands read, convert, count and formats."""

import argparse
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from thbstats.cli.arguments import COUNT_FORMATS
from thbstats.cli.output import deliver, format_of, refuse_style, report_issues, write_text
from thbstats.cli.progress import shown_progress
from thbstats.display import DisplayTable
from thbstats.errors import InvalidValue
from thbstats.exchange import read_declaration

if TYPE_CHECKING:
    from thbstats.cases import CaseStore
    from thbstats.exchange import Reading, WriteLog
    from thbstats.tables import CountTable

_READ_ARGUMENTS = {
    *("data", "declare", "encoding", "format", "kind", "limits", "path", "progress", "strict"),
}
_COUNT_ARGUMENTS = {
    *("columns", "data", "derive", "filter", "kind", "missing", "multi", "no", "progress"),
    *("separator", "source", "recode", "unknown", "weights"),
}
_EXAMPLES = {
    "--column": "sex=gender",
    "--multi": "exploitation=forms",
    "--set": "area=MT",
    "--where": "sex=female",
    "--recode": "sex:F=female",
}


def read(args: argparse.Namespace) -> bool:
    """Print the contents and problems of a file; return whether ``--strict`` finds one."""
    form = "json" if args.json else "text"
    refuse_style(args, form)
    reading = _read(args)
    tables = () if args.json else (reading.display_table(), reading.log.display_table())
    deliver(args, form, *tables, data=reading.log.to_dict)
    return _has_problem(args, reading)


def convert(args: argparse.Namespace) -> bool:
    """Write the contents of a file in another format; return whether ``--strict`` finds a problem.

    With ``--strict`` nothing is written if there is a problem.
    """
    reading = _read(args)
    has_problem = _has_problem(args, reading)
    written = [] if has_problem else [_written(args, reading).display_table()]
    deliver(args, "text", reading.log.display_table(), *written)
    return has_problem


def _read(args: argparse.Namespace) -> "Reading":
    from thbstats.sources import read as read_file

    declare = None if args.declare is None else read_declaration(args.declare)
    with shown_progress() as progress:
        return read_file(
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
    result: dict[str, Any] = {}
    for pair in pairs:
        name, sign, value = pair.partition("=")
        if not sign or not name.isidentifier() or name in _READ_ARGUMENTS:
            raise InvalidValue(
                "must have the form NAME=CODE",
                field="--set",
                value=pair,
                hint="Write --set area=MT",
            )
        result[name] = int(value) if value.isdecimal() and str(int(value)) == value else value
    return result


def _has_problem(args: argparse.Namespace, reading: "Reading") -> bool:
    return report_issues(args, reading.log.codes, "kind of problem", "kinds of problem")


def tables_by_kind(reading: "Reading") -> dict[str, "CountTable"]:
    """Return the tables of a file by kind of count."""
    return {table.kind: table for table in reading.data.tables()}


def _written(args: argparse.Namespace, reading: "Reading") -> "WriteLog":
    from thbstats.sources import write

    options = {"neutralise": True} if args.neutralise else {}
    tables = tables_by_kind(reading)
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


def formats(args: argparse.Namespace) -> None:
    """List the formats."""
    from thbstats.sources import ALL

    listed: list[dict[str, Any]] = [
        {
            "name": known.name.replace("_", "-"),
            "label": known.label,
            "written": known.write is not None,
            "extensions": list(known.extensions),
            "contents": known.contents,
            "specification": known.specification,
        }
        for known in ALL
    ]
    extensions = [
        f"{known['name']} is written to {' '.join(known['extensions'])}"
        for known in listed
        if known["written"]
    ]
    table = DisplayTable(
        caption="Formats",
        columns=["format", "is", "what it holds"],
        rows=[
            [
                known["name"],
                "read, written" if known["written"] else "read",
                f"{known['label']}. {known['contents']}",
            ]
            for known in listed
        ],
        notes=[f"{'; '.join(extensions)}."],
    )
    deliver(args, args.format, table, data=lambda: {"formats": listed})


def count(args: argparse.Namespace) -> None:
    """Write the counts of cases."""
    from thbstats.sources import write

    form = format_of(args, COUNT_FORMATS)
    if args.seen and form != "text":
        hint = "Remove --format or --seen"
        raise InvalidValue("must be text with --seen", field="--format", value=form, hint=hint)
    by = [name for names in args.by for name in _listed(names)]
    with shown_progress() as progress:
        store = _store(args, progress)
        if args.seen:
            deliver(args, form, store.value_counts(by).display_table())
            return
        margins: Any = args.margins
        if margins not in ("all", "none"):
            margins = [_listed(names) for names in margins.split(";")]
        where = {name: _listed(codes) for name, codes in _pairs(args.where, "--where")}
        table = store.count(by, margins=margins, where=where)
    if form == "text":
        deliver(args, form, table.display_table())
        return
    with TemporaryDirectory() as folder:
        path = Path(folder, "table")
        write(table, path, format={"csv": "tidy", "json": "thbstats_json"}[form])
        write_text(path.read_text(encoding="utf-8").rstrip("\n"), args)


def _store(args: argparse.Namespace, progress: Any) -> "CaseStore":
    from thbstats.cases import CaseStore

    values: dict[str, Any] = dict(_pairs(args.set, "--set"))
    options = {
        "kind": args.kind,
        "columns": dict(_pairs(args.column, "--column")),
        "multi": _multi(args.multi),
        "separator": args.separator,
        "recode": _recode(args.recode),
        "missing": _cells(args.missing),
        "unknown": _cells(args.unknown),
        "no": _cells(args.no),
        "weights": args.weights,
        "progress": progress,
    }
    for name in values:
        if name in _COUNT_ARGUMENTS:
            hint = "Use its own option"
            raise InvalidValue("must name a dimension", field="--set", value=name, hint=hint)
    return CaseStore.of(args.files, **options, **values)


def _listed(text: str) -> list[str]:
    return [item.strip() for item in text.split(",") if item.strip()]


def _pairs(texts: Iterable[str], option: str) -> list[tuple[str, str]]:
    result = []
    for pair in texts:
        name, sign, value = pair.partition("=")
        if not sign or not name:
            raise InvalidValue(
                "must have the form NAME=VALUE",
                field=option,
                value=pair,
                hint=f"Write {option} {_EXAMPLES[option]}",
            )
        result.append((name.strip(), value))
    return result


def _multi(texts: Iterable[str]) -> dict[str, str | dict[str, str]]:
    """Return the columns of dimensions with multiple responses."""
    result: dict[str, str | dict[str, str]] = {}
    for name, column in _pairs(texts, "--multi"):
        dimension, sign, category = name.partition(":")
        flags = result.setdefault(dimension, {} if sign else column)
        if sign != (":" if isinstance(flags, dict) else ""):
            raise InvalidValue(
                "must have a column with a list or columns for categories, not both",
                field="--multi",
                value=dimension,
                hint="Remove one of the two",
            )
        if isinstance(flags, dict):
            flags[category] = column
    return result


def _recode(texts: Iterable[str]) -> dict[str, dict[str, str]]:
    result: dict[str, dict[str, str]] = {}
    for name, code in _pairs(texts, "--recode"):
        dimension, sign, spelling = name.partition(":")
        if not sign:
            raise InvalidValue(
                "must name the dimension",
                field="--recode",
                value=f"{name}={code}",
                hint=f"Write --recode {_EXAMPLES['--recode']}",
            )
        result.setdefault(dimension, {})[spelling] = code
    return result


def _cells(texts: Iterable[str]) -> list[str | None]:
    """Return cell values; an empty text is an empty cell."""
    return [cell for text in texts for cell in ([text] if text else ["", None])]
