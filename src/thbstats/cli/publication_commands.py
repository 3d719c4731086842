"""The commands report, publications, audit, claims, infer and passport."""

import argparse
import os
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attrs import evolve

from thbstats import indicators, justice
from thbstats._characters import escape
from thbstats.claims import (
    DIMENSIONS,
    FORMATS,
    Problem,
    Publication,
    Subject,
    claims_schema,
    read_claims,
)
from thbstats.cli import arguments
from thbstats.cli.arguments import AUDIT_FORMATS
from thbstats.cli.file_commands import (
    constants,
    named_values,
    of_kind,
    read_counts,
    table_of,
    table_place,
    tables_by_kind,
)
from thbstats.cli.output import (
    colors,
    complain,
    deliver,
    format_of,
    interruptible,
    json_of,
    refuse,
    report_audit,
    report_issues,
    shown_progress,
    write_text,
    written,
)
from thbstats.display import Cell, Column, DisplayTable, Row, count
from thbstats.errors import InvalidClaims, InvalidFile, InvalidValue, require, require_name
from thbstats.files import Reading, open_file, sniff
from thbstats.panel import Panel, Result

if TYPE_CHECKING:
    from thbstats.bounds import Inference
    from thbstats.tables import CountTable


_CLAIMS = sum(FORMATS.values(), ())
_TABLES = (".csv", ".tsv", ".tab", ".xlsx", ".parquet")
_COUNT_OPTIONS = ("--set", "--declare", "--encoding")
_TABLE_OPTIONS = ("members", "rounding", "bases", "decimals", "thousands", "encoding")


def is_path(name: str) -> bool:
    """Whether a name is a path: the file exists, or the name has an extension or a folder."""
    return os.path.exists(name) or bool(Path(name).suffix) or len(Path(name).parts) > 1


def loaded(name: str) -> Publication:
    """Return a publication by its id, with hyphens or underscores, or read a claims file.

    An existing file takes precedence over a publication of the same name.
    """
    from thbstats.publications import publication_named

    return read_claims(name) if is_path(name) else publication_named(name)


def report(args: argparse.Namespace) -> int:
    """Write a report; return the exit code of ``--strict``."""
    from thbstats.reports import report as make_report
    from thbstats.reports.data import report_csv

    form = format_of(args, arguments.FORMATS)
    is_used, hint = form == "csv" or not args.neutralise, "Remove --neutralise, or use --format csv"
    problem = "must not be used with another format than CSV"
    require(is_used, problem, hint, **{"--neutralise": form})
    subject = _subject(args, args.id)
    with shown_progress() as progress:
        progress("making the report", 0)
        document = make_report(
            subject,
            style=args.style or "plain",
            full=args.full,
            language=args.language or "en",
            time_limit=args.time_limit,
        )
    if form == "text":
        deliver(args, form, document.page)
    elif form == "csv":
        text, losses = report_csv(document.content, neutralise=args.neutralise)
        write_text(text.rstrip("\n"), args)
        for loss in losses:
            if loss.code == "FORMULA":
                rows = "1 row has" if loss.rows == 1 else f"{loss.rows} rows have"
                complain(
                    f"{rows} a text that a spreadsheet would run as a formula "
                    f"({'; '.join(loss.examples)}). Add --neutralise to escape it"
                )
    elif form != "xlsx":
        write_text(getattr(document, f"to_{form}")().rstrip("\n"), args)
    elif args.output is None:
        hint = "Add --output report.xlsx"
        raise InvalidValue("xlsx needs a file", field="--format", hint=hint)
    else:
        document.to_xlsx(args.output)
        written(args.output)
    if isinstance(subject, Reading):
        return report_issues(args, subject.log.codes)
    return report_audit(args, document.content.audit)


def compare(args: argparse.Namespace) -> None:
    """Write a comparison of publications and files of counts."""
    from thbstats.comparison_pages import compare_publications

    require(len(args.files) > 1, "must be two or more", "Add a second publication", FILE=args.files)
    is_named = args.names is None or len(args.names) == len(args.files)
    hint = "Add --name once for each FILE"
    require(is_named, "must be one name for each source", hint, **{"--name": args.names})
    form = format_of(args, arguments.AUDIT_FORMATS)
    sources = [_subject(args, name, mixed=True) for name in args.files]
    names = [
        Path(n).name if isinstance(s, Reading) else ""
        for n, s in zip(args.files, sources, strict=True)
    ]
    with shown_progress() as progress:
        progress("comparing the figures", 0)
        compared = compare_publications(
            *sources, names=args.names or names, area=args.area, language=args.language or "en"
        )
    deliver(args, form, compared.page(), data=compared.to_dict, html=compared.to_document)


def _subject(args: argparse.Namespace, name: str, *, mixed: bool = False) -> Publication | Reading:
    """Return a publication, or the contents of a file of counts."""
    from thbstats.sources import recognised

    is_counts = is_path(name) and Path(name).suffix.lower() not in _CLAIMS
    if is_path(name) and not is_counts:  # JSON can contain counts or claims
        try:
            is_counts = bool(os.path.isfile(name) and recognised(open_file(name)))
        except InvalidFile:
            is_counts = False
    if not is_counts:
        for option in () if mixed else ("--kind", *_COUNT_OPTIONS):
            refuse(args, option, "must not be used with a publication", f"Remove {option}")
        return loaded(name)
    with shown_progress() as progress:
        return of_kind(args, name, progress=progress)


def audit(args: argparse.Namespace) -> int:
    """Write an audit; return the exit code of ``--strict``."""
    from thbstats.auditing.claims_audit import audit_within
    from thbstats.bounds import Evidence
    from thbstats.bounds._simplex import Budget
    from thbstats.lists import read

    tables = [name for name in args.files if _is_table(name)]
    if tables:
        problem = "must be the only file if it is a table of percentages"
        require(len(args.files) == 1, problem, f"Run thbstats audit {tables[0]}", FILE=tables[0])
        problem, hint = "must not be used with a table of percentages", "Remove it"
        refuse(args, "--lists", problem, hint)
        refuse(args, "--all", problem, hint)
        is_default = args.time_limit == arguments.TIME_LIMIT
        require(is_default, problem, hint, **{"--time-limit": args.time_limit})
        return _audit_of_table(args, tables[0])
    for option in (name for name in _TABLE_OPTIONS if name != "rounding"):
        typed_option = "--base" if option == "bases" else f"--{option}"
        hint = f"Remove it, or use a file with the extension {', '.join(_TABLES)}"
        refuse(args, typed_option, "must be used with a table of percentages", hint, option)
    form = format_of(args, arguments.AUDIT_FORMATS)
    reports = [loaded(name) for name in args.files]
    lists = None if args.lists is None else read(args.lists, count="count", complete=True)
    budget = Budget(args.time_limit)
    with shown_progress() as progress, interruptible(budget.stop) as interrupted:
        subject = reports if len(reports) > 1 else reports[0]
        evidence = Evidence(subject, rounding=args.rounding)
        actual = audit_within(evidence, budget, all=args.all, lists=lists, progress=progress)
    result = actual.where(lambda item: item.has_issue) if args.issues else actual
    wide = result.display_table()
    deliver(args, form, _narrow(wide), data=result.to_dict, markdown=wide, heading="Every claim")
    if interrupted():
        raise KeyboardInterrupt
    return report_audit(args, actual)


def _narrow(wide: DisplayTable) -> DisplayTable:
    """Return the table of an audit with name, verdict and reason in one column."""
    rows = list(wide.rows)
    for i, row in enumerate(rows):
        if isinstance(row, Row):
            name, printed, verdict, why = row.cells
            text = f"{name.text}: {verdict.text}. {why.text}"
            rows[i] = Row([printed, Cell(text, tone=verdict.tone)])
    columns = [Column("Published", "right"), Column("Claim, verdict and reason")]
    return evolve(wide, columns=columns, rows=rows)


def _is_table(name: str) -> bool:
    """Whether a file contains a table, by its extension or its first line."""
    plain = name.lower().removesuffix(".gz")
    if plain.endswith(_TABLES) or plain.endswith(_CLAIMS) or not os.path.isfile(name):
        return plain.endswith(_TABLES)
    line = open_file(name).head.partition("\n")[0]
    return "printed" in [cell.strip(' "\r').lower() for cell in line.split(sniff(line))]


def _audit_of_table(args: argparse.Namespace, name: str) -> bool:
    from thbstats.auditing import audit as audit_file

    form = format_of(args, arguments.AUDIT_FORMATS)
    options = {option: getattr(args, option) for option in _TABLE_OPTIONS}
    if options["thousands"] is None:
        del options["thousands"]
    with shown_progress() as progress:
        progress("checking the table", 0)
        audited = audit_file(name, **options)
    issues = audited.issues
    result = issues if args.issues else audited
    deliver(
        args,
        form,
        *(() if form == "json" else (result.display_table(),)),
        data=lambda: [row.to_dict() for row in (*result, *result.groups)],
        heading="Figures",
    )
    groups = [f"{group.group}: {group.check}" for group in issues.groups]
    unread = [item.id for item in audited if item.problem]
    return report_issues(args, [*(item.id for item in issues), *groups, *unread])


def claims(args: argparse.Namespace) -> bool:
    """Print the schema of claims files, or the problems of one; return whether there are any."""
    if args.claims_command == "schema":
        write_text(json_of(claims_schema(), versioned=False), args)
        return False
    number = 0
    problems: tuple[Problem, ...] = ()
    try:
        number = len(read_claims(args.file).claims)
    except InvalidClaims as error:
        problems = error.problems
    if format_of(args, ("text", "json")) == "json":
        listed = [problem.to_dict() for problem in problems]
        write_text(json_of({"file": args.file, "claims": number, "problems": listed}), args)
    elif problems:
        start, end = ("\x1b[1m", "\x1b[0m") if colors() else ("", "")
        lines = (f"{start}{problem.location}{end}: {problem.message}" for problem in problems)
        write_text("\n".join(lines), args)
    else:
        noun = "claim" if number == 1 else "claims"
        write_text(f"{escape(args.file)}: {number} {noun}, no problems", args)
    return bool(problems)


def infer(args: argparse.Namespace) -> None:
    """Print the bounds of a figure, the assumptions, and a table for each bound."""
    from thbstats.bounds import infer as infer_bounds

    form = format_of(args, ("text", "json"))
    subject, codes = _words(args.what, "--what", subject=True)
    options = {**codes, **_infer_options(args)}
    name = args.file
    source: Publication | CountTable
    if not is_path(name) or Path(name).suffix.lower() in _CLAIMS:
        for option in ("--allow-disclosure", *_COUNT_OPTIONS):
            refuse(args, option, "must not be used with a publication", f"Remove {option}")
        source = loaded(name)
    else:
        for option in ("--base", "--rounding", "--allow-tie-either-way"):
            refuse(args, option, "must not be used with a file of counts", "Remove it")
        tables = tables_by_kind(read_counts(args, name, subject))
        hint = f"The file contains {', '.join(tables) or 'no counts'}"
        source = table_of(tables, subject, name, "--what", hint)
    with shown_progress() as progress:
        progress("computing the bounds", 0)
        result = infer_bounds(source, subject, **options)
    result = result if result.title else evolve(result, title=Path(name).name)
    cells = {name: dict(labels) for name, labels in result.cells.items()}
    shown = () if form == "json" else (result.display_table(), *_bound_tables(result))
    deliver(args, form, *shown, data=lambda: {**result.to_dict(), "cells": cells})


def _words(text: str, field: str, *, subject: bool = False) -> tuple[str, dict[str, str]]:
    """Return the subject and the codes of ``victims area=UK "status=registered"``."""
    try:
        pieces = shlex.split(text)
    except ValueError as error:
        raise InvalidValue(str(error), field=field, value=text, hint="Close it") from None
    first = pieces.pop(0) if subject and pieces and "=" not in pieces[0] else "victims"
    is_kind, hint = first in set(Subject), "Write --what 'victims exploitation=labour'"
    require(is_kind or not subject, "must start with a kind of count", hint, **{field: text})
    known = (*DIMENSIONS, "period", "status") if subject else DIMENSIONS
    codes: dict[str, str] = {}
    for piece in pieces:
        name, sign, code = piece.partition("=")
        is_pair = sign and code and name not in codes
        problem, hint = "must have the form NAME=CODE, each name once", "Write exploitation=labour"
        require(is_pair, problem, hint, **{field: piece})
        require_name(name, known, "must name a dimension", field=field)
        codes[name] = code
    return first, codes


def _infer_options(args: argparse.Namespace) -> dict[str, Any]:
    from thbstats.values import Rounding

    if args.rounding is not None:
        require_name(args.rounding, Rounding, "must be a rounding method", field="--rounding")
    denominator = args.denominator
    if denominator is not None:
        denominator = _words(denominator, "--denominator")[1]
    else:
        refuse(args, "--base", "must be used with --denominator", "Add --denominator ''")
    names = (
        "exclude_unknown",
        "base",
        "overlapping",
        "rounding",
        "allow_tie_either_way",
        "exclude",
    )
    options = {name: getattr(args, name) for name in (*names, "time_limit", "allow_disclosure")}
    options["assume_base"] = dict(named_values(args.assume_base, "--assume-base"))
    is_given = {name: own for name, own in options.items() if own or name == "time_limit"}
    return {"denominator": denominator} | is_given


def _bound_tables(inference: "Inference") -> list[DisplayTable]:
    """Return the tables with the lower and the upper bound."""
    lower, upper = inference.exact_bounds.lower_table, inference.exact_bounds.upper_table
    if inference.bounds is None or lower is None or upper is None:
        return []
    rows = [
        [*(str(code) for _, code in labels), count(lower[name]), count(upper[name])]
        for name, labels in inference.cells.items()
        if lower[name] or upper[name]
    ]
    labels = next(iter(inference.cells.values()), ())
    bounds = [Column("lower bound", "right"), Column("upper bound", "right")]
    return [
        DisplayTable(
            caption="Two tables that satisfy all claims: with the lower and the upper bound",
            columns=[*(str(name).replace("_", " ") for name, _ in labels), *bounds],
            rows=rows,
            notes=["Cells with 0 in both tables are left out."] if len(rows) < len(lower) else [],
        )
    ]


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
        require(is_folder, problem, hint, **{"--output": args.output})
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
    args.answers = True  # the hints of errors have the arguments of a question
    name, first, options = args.file, *_question(args.question)
    del args.answers
    report: Publication | None = None
    kind = args.kind or ("justice" if first in _JUSTICE else "victims")
    if not is_path(name) or Path(name).suffix.lower() in _CLAIMS:
        report = loaded(name)
        if not options and first not in _INDICATORS:
            return report.share(first), None, ""
        tables = {table.kind: table for table in report.data.tables()}
        code = f"thb.publications.{name.lower().replace('-', '_')}()"
        code = f"thb.claims.read_claims({name!r})" if is_path(name) else code
    else:
        tables = tables_by_kind(read_counts(args, name, args.kind))
        names = {"kind": args.kind, "declare": args.declare, "encoding": args.encoding}
        own = {key: text for key, text in names.items() if text} | table_place(args)
        own |= constants(args.set)
        more = "".join(f", {key}={text!r}" for key, text in own.items())
        code = f"thb.read({name!r}{more})"
    require_name(first, _INDICATORS, "must start with an indicator", field="QUESTION")
    hint = f"The file contains {', '.join(tables) or 'no counts'}"
    table = table_of(tables, kind, name, "--kind", hint)
    args.answers = True
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
            pairs = [piece.partition(":") for piece in pieces]
            options[name] = {dimension: code for dimension, _, code in pairs}
            is_valid = len(options[name]) == len(pairs) and all(
                own and code for own, _, code in pairs
            )
            problem, hint = (
                "must have each dimension once, with a category",
                "Write sex:female,age:child",
            )
            require(is_valid, problem, hint, QUESTION=word)
        else:
            options[name] = pieces if pieces[1:] else int(value) if value.isdecimal() else value
    return first, options
