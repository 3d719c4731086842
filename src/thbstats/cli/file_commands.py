"""The commands collect, convert, count, formats, lists, mcp, read and revisions."""

import argparse
import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from attrs import evolve

from thbstats.cli.arguments import AUDIT_FORMATS, COUNT_FORMATS
from thbstats.cli.output import (
    deliver,
    format_of,
    refuse,
    refuse_style,
    report_issues,
    shown_progress,
    write_text,
)
from thbstats.display import DisplayTable, PageSection, to_html
from thbstats.errors import InvalidValue, require, require_name
from thbstats.files import read_declaration
from thbstats.files.ledger import title_of
from thbstats.languages import Language, Message
from thbstats.tables import Dataset

if TYPE_CHECKING:
    from thbstats.cases import AgeAt, AgeInYears, CaseStore
    from thbstats.files import Reading, WriteLog
    from thbstats.tables import CountTable

_READ_ARGUMENTS = {
    *("data", "declare", "encoding", "format", "kind", "limits", "path", "progress", "range"),
    *("sheet", "strict"),
}
_COUNT_ARGUMENTS = {
    *(
        "columns",
        "data",
        "derive",
        "filter",
        "kind",
        "missing",
        "multi",
        "no",
        "person",
        "progress",
    ),
    *("separator", "source", "recode", "unknown", "weights"),
}
_EXAMPLES = {
    "--assume-base": "sex=all",
    "--age-at": "at_registration=2022-12-31",
    "--column": "sex=gender",
    "--missing": "c=suppressed",
    "--multi": "exploitation=forms",
    "--referred-from": "ngo=police",
    "--set": "area=MT",
    "--where": "sex=female",
    "--recode": "sex:F=female",
}


def read(args: argparse.Namespace) -> bool:
    """Print the contents and problems of a file; return whether ``--strict`` finds one.

    With ``--suggest``, print the suggested declaration instead.
    """
    if args.suggest:
        from thbstats.sources import suggest

        for option in ("--declare", "--format", "--strict", "--json"):
            refuse(args, option, "must not be used with --suggest", f"Remove {option}")
        options: dict[str, Any] = {**table_place(args), **constants(args.set)}
        with shown_progress() as progress:
            options |= {"encoding": args.encoding, "progress": progress}
            suggestion = suggest(args.file, args.kind, **options)
        write_text(suggestion.to_toml(), args)
        return False
    is_json = args.json or (args.output or "").endswith(".json")
    form = "json" if is_json else "text"
    refuse_style(args, form)
    reading = _read(args)
    tables = () if is_json else (_summary(reading),)
    deliver(args, form, *tables, data=reading.log.to_dict)
    return _has_problem(args, reading)


def _summary(reading: "Reading") -> DisplayTable:
    """Return the tables of a file, with one sentence on each problem."""
    table, log = reading.display_table(), reading.log
    notes = []
    for problem in log.problems:
        number = len(problem)
        noun = log.noun.removesuffix("s") if number == 1 else log.noun
        head = f"{number:,} {noun} {'used' if problem.used else 'rejected'}"
        column = f", column {problem.column}" if problem.column else ""
        example = next(iter(problem.texts or problem.examples), "")
        texts = [
            f"{title_of(problem.code)} ({head}{column}): {problem.message}",
            example and f"Example: {example}",
        ]
        notes.append(" ".join(f"{text}." for text in (*texts, problem.hint) if text))
    how = f" ({log.recognised})" if log.recognised else ""
    context = [f"Read as {log.format}{how}.", *(f"{note.rstrip('.')}." for note in log.notes)]
    if log.left_out:
        context.append(f"Not read: {', '.join(log.left_out)}.")
    return evolve(table, notes=[*notes, *(() if notes else table.notes), *context])


def convert(args: argparse.Namespace) -> bool:
    """Write the contents of a file in another format; return whether ``--strict`` finds a problem.

    With ``--strict`` nothing is written if there is a problem.
    """
    form = "json" if args.json else "text"
    refuse_style(args, form)
    reading = _read(args)
    has_problem = _has_problem(args, reading)
    written = None if has_problem else _written(args, reading)
    data = {
        "read": reading.log.to_dict(),
        "written": None if written is None else written.to_dict(),
    }
    tables = [log.display_table() for log in (reading.log, written) if log is not None]
    deliver(args, form, *tables, data=lambda: data)
    return has_problem


def _read(args: argparse.Namespace) -> "Reading":
    with shown_progress() as progress:
        return read_counts(args, args.file, args.kind, format=args.format, progress=progress)


def read_counts(args: argparse.Namespace, name: str, kind: str | None, **options: Any) -> "Reading":
    """Return the contents of a file of counts, read with its declaration and the options."""
    from thbstats.sources import read as read_file

    declare = None if args.declare is None else read_declaration(args.declare)
    return read_file(
        name,
        kind=kind,
        declare=declare,
        encoding=args.encoding,
        **options,
        **table_place(args),
        **constants(args.set),
    )


def of_kind(args: argparse.Namespace, name: str, **options: Any) -> "Reading":
    """Return the contents of a file of counts, with one table if --kind is given."""
    reading = read_counts(args, name, args.kind, **options)
    tables = tables_by_kind(reading)
    if args.kind is None or not tables:
        return reading
    hint = f"The file contains {', '.join(tables)}"
    table = table_of(tables, args.kind, reading.log.name, "--kind", hint)
    return evolve(reading, data=Dataset(**{args.kind: table}))


def table_place(args: argparse.Namespace) -> dict[str, Any]:
    """Return the worksheets and cells of the table, if they are given."""
    sheets = args.sheet[0] if len(args.sheet) == 1 else args.sheet
    return {name: own for name, own in (("sheet", sheets), ("range", args.range)) if own}


def constants(pairs: list[str]) -> dict[str, Any]:
    """Return the values of all rows from arguments such as ``area=MT``."""
    result: dict[str, Any] = {}
    for name, value in named_values(pairs, "--set"):
        is_name = name.isidentifier() and name not in _READ_ARGUMENTS
        problem, hint = "must have the form NAME=CODE", "Write --set area=MT"
        require(is_name, problem, hint, **{"--set": f"{name}={value}"})
        result[name] = int(value) if value.isdecimal() and str(int(value)) == value else value
    return result


def _has_problem(args: argparse.Namespace, reading: "Reading") -> bool:
    return report_issues(args, reading.log.codes, "kind of problem", "kinds of problem")


def revisions(args: argparse.Namespace) -> bool:
    """Compare releases or two sources; return whether ``--strict`` finds a pattern."""
    from thbstats.releases import reconcile
    from thbstats.releases import revisions as compare

    form = format_of(args, AUDIT_FORMATS)
    hint, problem = "Write thbstats revisions OLD NEW", "must be two files or more"
    require(len(args.files) > 1, problem, hint, FILE=args.files[0])
    with shown_progress() as progress:
        files = [of_kind(args, own, progress=progress) for own in args.files]
    if args.sources:
        problem, hint = "must not be used with --sources", "Compare two files"
        refuse(args, "--order", problem, hint)
        refuse(args, "--complete", problem, hint)
        require(len(files) == 2, "must be two sources", hint, FILE=", ".join(args.files))
        names = Path(args.files[0]).name, Path(args.files[1]).name
        revised: Any = reconcile(*files, names=names)
    else:
        ends = args.complete if len(args.complete) > 1 else next(iter(args.complete), None)
        order: Any = args.order or ("given" if len(files) == 2 else None)
        revised = compare(files, order=order, complete=ends)
    most = None if args.full else 20
    tables = [own.display_table(most) for own in (revised.patterns, revised.summary("kind"))]
    tables += [revised.cells.display_table(None)] * args.full

    def html() -> str:
        more = [PageSection(heading=Message("Changed cells"), tables=tables[2:])] * args.full
        page = revised.page()
        page = evolve(page, sections=[*page.sections, *more])
        return to_html(page.in_language(Language.of(args.language or "en"), args.style))

    deliver(args, form, revised.display_table(), *tables, data=revised.to_dict, html=html)
    return report_issues(args, revised.patterns.frame["kind"].tolist(), "pattern", "patterns")


def lists(args: argparse.Namespace) -> None:
    """Print bounds on the persons on overlapping lists, and on no list."""
    from thbstats.lists import read as read_lists
    from thbstats.reports.sections import ListResults

    form, referred = format_of(args, AUDIT_FORMATS), dict[str, list[str]]()
    for name, feeder in named_values(args.referred_from, "--referred-from"):
        referred.setdefault(name, []).append(feeder)
    problem, hint = "must have the range --odds-ratio", "Add --odds-ratio 1/3,3"
    if args.odds_ratio is None:
        refuse(args, "--level", problem, hint)
    shared = constants(args.set)
    for name in shared:
        require_name(name, ("area", "period"), "must be the area or the period", field="--set")
    counts = read_lists(
        args.file,
        count=args.count,
        names=args.list or None,
        complete=args.complete,
        sheet=args.sheet,
        missing=dict(named_values(args.missing, "--missing")),
        referred_from=referred,
        **shared,
    )
    ends = None if args.odds_ratio is None else args.odds_ratio.split(",")
    odds_ratio = ends and tuple(None if own.strip() == "none" else own for own in ends)
    with shown_progress() as progress:
        progress("models", 0.0)
        results = ListResults.of(counts, odds_ratio, args.level, args.order)

    def html() -> str:
        page = results.page()
        return to_html(page.in_language(Language.of(args.language or "en"), args.style))

    deliver(args, form, *results.tables(), data=results.to_dict, html=html)


def explore(args: argparse.Namespace) -> None:
    """Write the page of an explorer."""
    from thbstats.explorer import explorer_page

    with shown_progress() as progress:
        reading = of_kind(args, args.file, progress=progress)
        progress("calculating the numbers", 0)
        title, language = args.title or Path(args.file).name, args.language or "en"
        page = explorer_page(reading.data, title=title, language=language)
    write_text(page.rstrip("\n"), args)


def tables_by_kind(reading: "Reading") -> dict[str, "CountTable"]:
    """Return the tables of a file by kind of count."""
    return {table.kind: table for table in reading.data.tables()}


def table_of(
    tables: "Mapping[str, CountTable]", kind: str, name: str, option: str, hint: str
) -> "CountTable":
    """Return the table of a kind of count in a file."""
    require(kind in tables, f"must be a kind of count in {name}", hint, **{option: kind})
    return tables[kind]


def _written(args: argparse.Namespace, reading: "Reading") -> "WriteLog":
    from thbstats.sources import write

    files = {"structure": args.structure, "package": args.package}
    options: dict[str, Any] = {name: file for name, file in files.items() if file is not None}
    options |= {"neutralise": True} if args.neutralise else {}
    tables = tables_by_kind(reading)
    data: Any = reading.data
    if args.kind is not None:
        hint = f"The file contains {', '.join(tables)}" if tables else "Check the rejected rows"
        data = table_of(tables, args.kind, reading.log.name, "--kind", hint)
    elif len(tables) < 2:
        data = reading.table
    try:
        return write(data, args.output, format=args.to, **options)
    except InvalidValue as error:
        if error.field != "data" or args.kind is not None or len(tables) < 2:
            raise
        raise InvalidValue(
            error.problem,
            field="--kind",
            hint=f"Add --kind with one of {', '.join(tables)}, or write JSON",
        ) from None


def formats(args: argparse.Namespace) -> None:
    """List the formats."""
    from thbstats.sources import ALL

    names = {known: known.name.replace("_", "-") for known in ALL}
    listed = [
        {
            "name": name,
            "label": known.label,
            "written": known.write is not None,
            "extensions": list(known.extensions),
            "contents": known.contents,
            "specification": known.specification,
        }
        for known, name in names.items()
    ]
    rows = [
        [name, "read, written" if known.write else "read", f"{known.label}. {known.contents}"]
        for known, name in names.items()
    ]
    written = [
        f"{name} is written to {' '.join(known.extensions)}"
        for known, name in names.items()
        if known.write
    ]
    table = DisplayTable(
        caption="Formats",
        columns=["format", "use", "content"],
        rows=rows,
        notes=[f"{'; '.join(written)}."],
    )
    form = format_of(args, ("text", "json"))
    deliver(args, form, table, data=lambda: {"formats": listed})


def mcp(args: argparse.Namespace) -> None:
    """Serve a folder until the client ends."""
    from thbstats.agents import serve

    serve(args.folder, time_limit=args.time_limit)


def count(args: argparse.Namespace) -> None:
    """Write the counts of cases."""
    from thbstats.sources import write

    form = format_of(args, COUNT_FORMATS)
    is_text, hint = form == "text" or not args.list_values, "Remove --format or --list-values"
    require(is_text, "must be text with --list-values", hint, **{"--format": form})
    by = [name for names in args.by for name in _listed(names)]
    with shown_progress() as progress:
        store = _store(args, progress)
        if args.list_values:
            problem, hint = "must not be used with --list-values", "Remove one of the two"
            refuse(args, "--where", problem, hint)
            require(args.totals == "all", problem, hint, **{"--totals": args.totals})
            deliver(args, form, store.value_counts(by).display_table())
            return
        margins: Any = args.totals
        if margins not in ("all", "none"):
            margins = [_listed(names) for names in margins.split(";")]
        where = {name: _listed(codes) for name, codes in named_values(args.where, "--where")}
        table = store.count(by, margins=margins, where=where)
    if form == "text":
        deliver(args, form, table.display_table())
        return
    with TemporaryDirectory() as folder:
        path = Path(folder, "table")
        write(table, path, format={"csv": "tidy", "json": "thbstats_json"}[form])
        write_text(path.read_text(encoding="utf-8").rstrip("\n"), args)


def collect(args: argparse.Namespace) -> bool:
    """Fill, check and write a return; return whether ``--strict`` finds an issue."""
    from thbstats.collection import plan, read_return

    own, refused = plan(args.plan), "must be files, or all VARIABLE=FILE"
    names = {name for variable in own.variables for name in (variable.letter, variable.name)}
    pairs = [text.partition("=") for text in args.files]
    is_named = [bool(sign) and name in names for name, sign, _ in pairs]
    require(len({*is_named}) == 1, refused, "Write a=victims.csv", FILE=args.files)
    data: Any = args.files
    if is_named[0]:
        data = {name: [file for other, _, file in pairs if other == name] for name, _, _ in pairs}
    declared = {name: own for name, own in _declared(args).items() if own}
    form = args.format or "text"
    refuse_style(args, form)
    if args.output is None or args.check:
        problem = "must be used with --output, and without --check"
        refuse(args, "--publication", problem, "Add --output FOLDER")
    with shown_progress() as progress:
        progress("counting", 0.0)
        filled = own.fill(
            data,
            area=args.area,
            period=args.period,
            person=args.person,
            extracted=args.extracted,
            **declared,
        )
        previous = None if args.previous is None else read_return(args.previous)
        check = filled.check(previous)
        items = {"completeness": filled.completeness(), "check": check}
        if args.released is not None:
            items["quality"] = filled.quality(args.released, previous=previous or ())
        if args.output is not None and not args.check:
            progress("writing", 0.5)
            items["files"] = filled.write(args.output, publication=args.publication)
    args.output, about = None, {"plan": own.name, "area": filled.area, "period": str(filled.period)}
    shown = [own.display_table() for own in (filled, *items.values())]

    def data_of() -> dict[str, Any]:
        frames = {name: own.to_frame() for name, own in items.items()}
        texts = {name: frame.to_json(orient="records") for name, frame in frames.items()}
        rows = {name: json.loads(text) for name, text in texts.items()}
        return {**about, "quality": None, "files": None, **rows}

    deliver(args, form, *shown, data=data_of)
    return report_issues(args, [*check.issues["code"].unique()], "kind of issue", "kinds of issue")


def _declared(args: argparse.Namespace) -> dict[str, Any]:
    """Return the columns of cases, the meaning of their values and constants."""
    values: dict[str, Any] = dict(named_values(args.set, "--set"))
    for name in values:
        is_dimension = name not in _COUNT_ARGUMENTS
        require(is_dimension, "must name a dimension", "Use its own option", **{"--set": name})
    texts = {"missing": args.missing, "unknown": args.unknown, "no": args.no_value}
    # An empty text is an empty cell.
    cells: dict[str, Any] = {name: [*own, *[None] * ("" in own)] for name, own in texts.items()}
    columns = dict(named_values(args.column, "--column"))
    options = {
        "multi": _multi(args.multi),
        "separator": args.separator,
        "recode": _recode(args.recode),
    }
    return {"columns": columns, **options, **cells, **values}


def _store(args: argparse.Namespace, progress: Any) -> "CaseStore":
    from thbstats.cases import CaseStore

    return CaseStore.of(
        args.files[0] if len(args.files) == 1 else args.files,
        kind=args.kind,
        weights=args.weights,
        person=args.person,
        progress=progress,
        derive=_ages(args),
        **_declared(args),
    )


def _ages(args: argparse.Namespace) -> "dict[str, AgeAt | AgeInYears]":
    """Return the reading of the ages: in years, or of dates of birth at an event."""
    from thbstats.cases import AgeAt, AgeInYears

    birth, references = args.birth, [] if args.age_at is None else [args.age_at]
    hint = f"Pass --birth COLUMN and --age-at {_EXAMPLES['--age-at']}"
    is_pair = (birth is None) == (args.age_at is None)
    require(is_pair, "must be used together with --age-at", hint, **{"--birth": birth})
    is_one = birth is None or args.ages is None
    require(is_one, "must not be used with --ages", "Remove one of the two", **{"--birth": birth})
    for concept, text in named_values(references, "--age-at"):
        event: str | date = text  # the name of a column, unless it is a day
        with suppress(ValueError):
            event = date.fromisoformat(text)
        return {"age": AgeAt(birth=birth, event=event, concept=concept)}
    return {} if args.ages is None else {"age": AgeInYears(column=args.ages)}


def _listed(text: str) -> list[str]:
    return [item.strip() for item in text.split(",") if item.strip()]


def named_values(texts: Iterable[str], option: str) -> list[tuple[str, str]]:
    """Return the names and values of an option; only a name of a list can be repeated."""
    result, names = [], set[str]()
    for pair in texts:
        name, sign, value = pair.partition("=")
        name, hint = name.strip(), f"Write {option} {_EXAMPLES[option]}"
        problem = f"must have the form NAME={'CODE' if option == '--set' else 'VALUE'}"
        require(sign and name, problem, hint, **{option: pair})
        has_list = option in ("--where", "--multi") and ":" not in name
        several = f", or {option} {name}=FIRST,SECOND" * has_list
        is_new = name not in names or option == "--referred-from"
        hint = f"Write {option} {name}=VALUE once{several}"
        require(is_new, "must be given once for each name", hint, **{option: pair})
        names.add(name)
        result.append((name, value))
    return result


def _multi(texts: Iterable[str]) -> dict[str, Any]:
    """Return the columns of dimensions with multiple responses."""
    result: dict[str, Any] = {}
    for name, column in named_values(texts, "--multi"):
        dimension, sign, category = name.partition(":")
        names = _listed(column) if "," in column else column
        flags = result.setdefault(dimension, {} if sign else names)
        is_same_kind = sign == (":" if isinstance(flags, dict) else "")
        problem = "must have a column with a list or columns for categories, not both"
        require(is_same_kind, problem, "Remove one of the two", **{"--multi": dimension})
        if isinstance(flags, dict):
            flags[category] = column
    return result


def _recode(texts: Iterable[str]) -> dict[str, dict[str, str]]:
    result: dict[str, dict[str, str]] = {}
    for name, code in named_values(texts, "--recode"):
        dimension, sign, spelling = name.partition(":")
        hint = f"Write --recode {_EXAMPLES['--recode']}"
        require(sign, "must name the dimension", hint, **{"--recode": f"{name}={code}"})
        result.setdefault(dimension, {})[spelling] = code
    return result
