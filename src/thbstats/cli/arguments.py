"""The arguments of every command, in one table, and their parser."""

import argparse
import re
from collections.abc import Iterable, Mapping
from textwrap import fill
from typing import Any, NamedTuple, NoReturn

from thbstats._characters import escape
from thbstats._version import __version__
from thbstats.errors import did_you_mean

FORMATS: Mapping[str, tuple[str, ...]] = {
    "text": (".txt",),
    "markdown": (".md",),
    "html": (".html", ".htm"),
    "json": (".json",),
    "csv": (".csv",),
    "xlsx": (".xlsx",),
}
"""The formats of a report with their file extensions."""

AUDIT_FORMATS = ("text", "markdown", "html", "json")
COUNT_FORMATS = ("text", "csv", "json")
SHELLS = ("bash", "fish", "powershell", "tcsh", "zsh")
WITH_SCHEMA = (
    *("audit", "claims-check", "collect", "compare", "convert", "count", "formats", "infer"),
    "lists",
    *("publications", "read", "report", "revisions"),
)
"""The commands that print JSON."""


class Command(NamedTuple):
    """A command: its purpose, its examples, its options, and more sentences.

    An option has the form ``--name VALUE``, ``--name {choice,choice}``, ``--name VALUE...`` if it
    can be repeated, or ``--name`` for a flag. A heading has a table of options. ``--format`` with
    JSON has the short form ``--json``.
    """

    help: str
    examples: tuple[str, ...]
    options: Mapping[str, str | Mapping[str, str]]
    more: str = ""
    end: str = ""


def _seconds(text: str) -> float:
    """Return a number of seconds from 0."""
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not seconds >= 0:
        raise argparse.ArgumentTypeError(f"must be 0 seconds or more, got {text!r}")
    return seconds


_DETAILS: Mapping[str, dict[str, Any]] = {
    "--area AREA": {"required": True},
    "--base COLUMN...": {"dest": "bases", "default": None},
    "--decimals N": {"type": int},
    "--from NAME": {"dest": "format"},
    "--kind {victims,justice}": {"default": "victims"},
    "--level LEVEL": {"type": float},
    "--order N": {"type": int, "default": 2},
    "--period PERIOD": {"required": True},
    "--totals WHICH": {"default": "all"},
    "--separator SIGN": {"default": ";"},
    "--time-limit SECONDS": {"type": _seconds, "default": 60.0},
    "--what TEXT": {"required": True},
    "files FILE": {"nargs": "+"},
    "of COMMAND": {"choices": WITH_SCHEMA},
    "out OUT": {"nargs": "?"},
}
"""More arguments of ``add_argument``."""

_EXITS = "Exit codes: 0 success, 1 issues found (with --strict), 2 usage error"
_CHECKED = f"{_EXITS}, 3 not everything was checked (with --strict)"
_INFERRED = "output format (default: inferred from the OUT extension, otherwise text)"
_WRITTEN = {"--output OUT": "write to this file"}
_LANGUAGE = {"--language CODE": "language of the page: en, fr or de"}
_JSON = {"--format {text,json}": _INFERRED, **_WRITTEN}
_OUTPUT = {
    **_WRITTEN,
    "--strict": "exit with status 1 if there is an issue, and with 3 if a check did not end",
}
_STYLE = {"--style NAME": "number style: plain, gss, eurostat, or a locale such as fr or de_AT"}
_DISPLAY = {**_STYLE, "--language CODE": "language of texts: en, fr or de"}
_CSV = {"--neutralise": "escape cell values of CSV that a spreadsheet would run as formulas"}
_ENCODING = {"--encoding NAME": "encoding of text other than UTF-8"}
_DECLARED = {
    "--set NAME=CODE...": "value of all rows, such as area=MT",
    "--declare FILE": "declaration of the columns of FILE, in TOML or JSON",
    "--sheet NAME...": "worksheet of a workbook: a name, a position from 1, or all",
    "--range CELLS": "cells of the table with its header, such as A5:H20",
    **_ENCODING,
}
_COUNTS = {
    "--kind {victims,justice,protection,cooperation}": "kind of count, if the file does not state "
    "it or contains several kinds",
    **_DECLARED,
}
_INPUT = {
    "file FILE": "input file; gzip is allowed",
    **_COUNTS,
    "--strict": "exit with status 1 if there is a problem",
}
_CASES = {
    "--column NAME=COLUMN...": "column of a dimension with another name",
    "--multi NAME=COLUMN...": "dimension with multiple responses: exploitation=forms for "
    "a column with a list, exploitation=form1,form2 for several columns, "
    "exploitation:sexual=is_sexual for a yes-or-no column",
    "--ages COLUMN": "column of ages in years",
    "--person COLUMN": "column that identifies a person with several rows",
    "--recode NAME:TEXT=CODE...": "code of a cell value, such as sex:F=female",
    "--missing TEXT...": "cell value for missing data, such as -99; '' for an empty cell",
    "--unknown TEXT...": "cell value for the unknown category",
    "--no-value TEXT...": "cell value of --multi for no; '' for an empty cell",
    "--set NAME=CODE...": "value of all cases, such as area=MT",
    "--where NAME=CODES...": "filter, such as sex=female or year=2020,2021",
    "--weights COLUMN": "column with the number of cases per row (frequency weight)",
    "--separator SIGN": "separator in lists (default: ';')",
}
COMMANDS: Mapping[str, Command] = {
    "report": Command(
        "check a publication or dataset and summarise what its figures support",
        (
            "report com-2018-777 --output report.html",
            "report counts.csv --kind victims --set area=MT",
            "report com-2018-777 --json > report.json",
            "report own.xlsx --declare columns.toml --output report.html",
        ),
        {
            "id PUBLICATION": "a publication such as com-2018-777, a claims file, or a file of "
            "counts",
            f"--format {{{','.join(FORMATS)}}}": _INFERRED,
            **_OUTPUT,
            "options for a file of counts": _COUNTS,
            **_CSV,
            "--full": "print the annexes: codes of the notes, consistency checks, counts",
            "--time-limit SECONDS": "stop the audit and figures of a publication after this time "
            "(default: 60) and list the rest",
            **_DISPLAY,
        },
        "The page has figures that are safe to quote, figures that need a reservation, statements "
        "not to write, points to check, a chart, further figures, countries and notes by figure.",
        _CHECKED,
    ),
    "publications": Command(
        "list the publications of the library", ("publications", "publications --json"), _JSON
    ),
    "claims": Command(
        "validate a claims file, or print the JSON Schema of claims files",
        ("claims check report.toml", "claims schema --output claims.schema.json"),
        {},
        "A claims file contains the figures, rankings and statements of a publication in TOML, "
        "YAML or JSON.",
    ),
    "claims check": Command(
        "validate a claims file",
        ("claims check report.toml", "claims check report.toml --json"),
        {"file FILE": "a file in TOML, YAML or JSON", **_JSON},
        "Problems are printed one per line as file:line:column: message.",
        "Exit codes: 0 valid, 1 problems, 2 usage error",
    ),
    "claims schema": Command(
        "print the JSON Schema of claims files",
        ("claims schema --output claims.schema.json",),
        _WRITTEN,
        "Editors use it to complete and check claims files.",
    ),
    "audit": Command(
        "check a publication's figures for internal consistency",
        (
            "audit com-2018-777",
            "audit com-2016-267 com-2018-777 --issues",
            "audit percentages.csv --base registered",
            "audit com-2018-777 --issues --output issues.html",
        ),
        {
            "files FILE": "claims files or publications such as com-2018-777; or one table of "
            "percentages (.csv, .tsv, .xlsx, .parquet) with the columns id, kind (share, change, "
            "total, rate or ratio), numerator, denominator and printed; new and old for changes; "
            "per for rates",
            "--issues": "show only claims with issues",
            "--all": "show statements without a number too",
            "--lists FILE": "complete table of capture histories behind claims of the kind "
            "estimate, with the number of persons in the column count",
            "--time-limit SECONDS": "stop after this time (default: 60) and list the claims that "
            "were not checked; Ctrl-C stops at once",
            "--rounding {half_up,half_even,half_away,down,up,unknown}": "rounding method of the "
            "publisher (default: nearest, with any tie-breaking rule; shares of publications half "
            "up)",
            f"--format {{{','.join(AUDIT_FORMATS)}}}": _INFERRED,
            **_OUTPUT,
            **_DISPLAY,
            "options for a table of percentages": {
                "--base COLUMN...": "column of a possible denominator (default: all further "
                "columns of counts)",
                "--members FILE": "table with the columns id, member and counts; sums over "
                "members are checked",
                "--decimals N": "published decimals, if a workbook lost them",
                "--thousands SIGN": "thousands separator, such as ','",
                **_ENCODING,
            },
        },
        "Claims are confirmed, consistent, contradicted or not assessable. Several "
        "publications are compared with each other; later ones revise earlier ones.",
        _CHECKED,
    ),
    "compare": Command(
        "compare the figures of publications or files of counts, indicator by indicator",
        (
            "compare com-2018-777 com-2020-661 --output comparison.html",
            "compare counts.csv own.xlsx --kind victims --set area=MT --json",
        ),
        {
            "files FILE": "two or more publications such as com-2018-777, claims files or files of "
            "counts",
            "--area CODE": "countries of files of counts, such as UK or EU27_2020 (default: those "
            "that all files have)",
            f"--format {{{','.join(AUDIT_FORMATS)}}}": _INFERRED,
            **_WRITTEN,
            **_LANGUAGE,
            "options for files of counts": _COUNTS,
        },
        "Each indicator that two or more sources have is one row with the figures, the verdict and "
        "its reasons. The page also has the nearest comparable pair, charts of comparable figures, "
        "and the figures of one source only.",
        "Exit codes: 0 success, 2 usage error or unreadable files",
    ),
    "infer": Command(
        "compute bounds for a figure that is not published",
        (
            'infer com-2018-777 --what "victims area=UK exploitation=labour"',
            'infer com-2018-777 --what "victims area=UK sex=female" --denominator area=UK --json',
        ),
        {
            "file FILE": "a claims file, a publication such as com-2018-777, or a file of counts",
            "--what TEXT": "figure to infer, such as 'victims area=UK exploitation=labour'; "
            "period and status are allowed",
            "--denominator TEXT": "infer the share of this denominator, such as 'area=UK'; '' for "
            "all",
            "--base {all,known}": "denominator with or without the unknown category (default: all)",
            "--assume-base NAME=BASE...": "denominator (all or known) of percentages that do not "
            "state it, by dimension or by claim id, such as sex=all",
            "--exclude-unknown NAME...": "leave out the unknown category of this dimension",
            "--overlapping NAME...": "dimension with multiple responses per person",
            "--rounding METHOD": "rounding method of the publisher, such as half_even or unknown "
            "(default: half_up for shares, nearest for changes)",
            "--allow-tie-either-way": "allow ties to be rounded either up or down",
            "--exclude ID...": "exclude this claim",
            "--time-limit SECONDS": "stop after this time (default: 60) with bounds that can be "
            "wider than attained ones",
            "--allow-disclosure": "allow bounds narrower than the published suppression interval "
            "(disclosure risk)",
            "options for a file of counts": _DECLARED,
            **_JSON,
            **_DISPLAY,
        },
        "The bounds follow from all claims of a publication together. The output has the lower "
        "and upper bound, the assumptions, and a table for each bound.",
        "Exit codes: 0 success, 2 usage error or inconsistent claims",
    ),
    "passport": Command(
        "write one page on one figure: what it supports, its range, coverage and source",
        (
            'passport com-2018-777 "share exploitation=sexual base=all" --output figure.html',
            'passport counts.csv "total period=2020" --kind victims --set area=MT',
        ),
        {
            "file FILE": "a file of counts, a claims file, or a publication such as com-2018-777",
            "question QUESTION": "an indicator and its arguments, such as 'share sex=female "
            "base=all area=FR period=2020'; or the id of a published share",
            f"--format {{{','.join(AUDIT_FORMATS)}}}": _INFERRED,
            "--output OUT": "write to this file, or to this folder for several figures",
            **_LANGUAGE,
            "options for a file of counts": _COUNTS,
        },
        "The indicators are share, total, breakdown, ratio, change, concentration and the ratios "
        "of criminal justice. JSON is JSON-LD.",
        "Exit codes: 0 success, 2 usage error",
    ),
    "read": Command(
        "read a data file and report its contents and any problems",
        (
            "read counts.csv --kind victims --set area=MT",
            "read counts.csv --declare columns.toml --strict --json",
            "read own.xlsx --suggest > own.toml",
        ),
        {
            **_INPUT,
            "--suggest": "print a declaration of the columns of FILE, in TOML, and its reasons",
            "--format NAME": "format of FILE, if not recognised",
            "--json": "print the report as JSON, with each problem by line",
            **_WRITTEN,
            **_DISPLAY,
        },
        "The format is recognised by the contents. A file with other columns is read if all of "
        "them are understood, or as its declaration states.",
        _EXITS,
    ),
    "convert": Command(
        "convert a data file to another format",
        (
            "convert counts.csv counts.parquet --kind victims --set area=MT",
            "convert counts.csv counts.json --kind victims --set area=MT --json",
            "convert counts.csv s.csv --to sdmx_csv --structure s.xml --kind victims --set area=MT",
        ),
        {
            **_INPUT,
            "out OUT": "output file; an existing file is replaced",
            "--output OUT": "the output file, in place of OUT",
            "--from NAME": "format of FILE, if not recognised",
            "--to NAME": "format of OUT (default: inferred from its extension)",
            "--structure XML": "file for the SDMX structure of OUT, which is SDMX-CSV",
            "--package JSON": "file for the Data Package of OUT, which is tidy CSV",
            "--json": "print the report as JSON",
            **_CSV,
            **_DISPLAY,
        },
        "Problems of the input and losses in the output are reported.",
        _EXITS,
    ),
    "revisions": Command(
        "compare releases of a file of counts, cell by cell",
        (
            "revisions counts.csv own.xlsx --kind victims --set area=MT --output revisions.html",
            "revisions counts.csv own.xlsx --kind victims --set area=MT --sources --json",
        ),
        {
            "files FILE": "two releases or more, the oldest first; gzip is allowed",
            **_COUNTS,
            "--order {published,given}": "order of the releases: their release days, or as given "
            "(default: as given for two files, and release days for more)",
            "--complete PERIOD...": "last period that a release covers completely: one for all, or "
            "one for each release",
            "--full": "list all patterns, measures and changed cells",
            "--sources": "compare two sources, such as GLOTIP and Eurostat",
            f"--format {{{','.join(AUDIT_FORMATS)}}}": _INFERRED,
            "--output OUT": "write to this file",
            "--strict": "exit with status 1 if a pattern is found",
            **_DISPLAY,
        },
        "The output has the outcome of each cell, patterns that point to an error with a question "
        "to the publisher, and the measures of revisions.",
        _EXITS,
    ),
    "lists": Command(
        "bound the persons on overlapping lists, and on no list",
        (
            "lists histories.csv --count persons --complete",
            "lists histories.csv --count persons --complete --odds-ratio 1/3,3 --level 0.95 --json",
        ),
        {
            "file FILE": "table of capture histories, with a column of 0 and 1 for each list",
            "--count COLUMN": "column with the number of persons (default: a row is a person)",
            "--list COLUMN...": "column of a list (default: all other columns)",
            "--complete": "histories without a row have no persons",
            "--missing TEXT=REASON...": "reason of a missing count, such as c=suppressed",
            "--referred-from LIST=LIST...": "list whose persons another list refers, such as "
            "ngo=police",
            "--set NAME=CODE...": "area or period of the lists, such as area=UK",
            "--odds-ratio LOW,HIGH": "range of the odds ratio of each pair of lists, such as 1/3,3 "
            "or 0,none, for bounds on all persons",
            "--level LEVEL": "confidence level of the sampling, such as 0.95",
            "--order N": "largest number of lists in an interaction of a model (default: 2)",
            f"--format {{{','.join(AUDIT_FORMATS)}}}": _INFERRED,
            **_WRITTEN,
            **_DISPLAY,
        },
        "The output has the dependence between lists that they reject, the distinct persons, all "
        "persons under a range of dependence, and the estimates of all log-linear models.",
        "Exit codes: 0 success, 2 usage error or counts that contradict each other",
    ),
    "explore": Command(
        "write a page that sorts, filters and searches the numbers of a file in a browser",
        (
            "explore counts.csv --kind victims --set area=MT --output page.html",
            "explore own.xlsx --declare columns.toml --title Victims --output page.html",
        ),
        {
            "file FILE": "input file; gzip is allowed",
            **_COUNTS,
            "--title TEXT": "title of the page",
            **_WRITTEN,
            **_LANGUAGE,
        },
        "The page is one HTML file with totals, counts and shares by area and period. It needs "
        "neither a network nor Python.",
        "Exit codes: 0 success, 2 usage error or unreadable file",
    ),
    "count": Command(
        "count cases in files with one row per case",
        (
            "count 'cases/*.parquet' --by sex,age --set area=MT --missing ''",
            "count cases.csv --by exploitation --multi exploitation=forms --list-values",
        ),
        {
            "files FILE": "files, or patterns such as 'cases/*.parquet'; or one workbook",
            "--by NAMES...": "dimensions of the table, such as sex,age",
            **_CASES,
            "--kind {victims,justice}": "",
            "--totals WHICH": "totals: all (default), none, or sets of dimensions such as "
            "'sex;sex,age'",
            "--list-values": "list the distinct values of the columns and exit",
            f"--format {{{','.join(COUNT_FORMATS)}}}": _INFERRED,
            **_WRITTEN,
            **_DISPLAY,
        },
        "Parquet and CSV files can be larger than memory. Every value must be declared; nothing "
        "is inferred.",
        "Exit codes: 0 success, 2 usage error or unreadable files",
    ),
    "collect": Command(
        "fill an annual return from cases or tables, check it and write it",
        (
            "collect article-19a a=victims.csv --area IT --period 2025 --output it_2025",
            "collect article-19a counts.csv --area IT --period 2025 --check --previous it_2024",
        ),
        {
            "plan PLAN": "article-19a, italy-13bis, sdg-16.2.2, ic-tip, or a plan in TOML",
            "files FILE": "files of cases or counts; VARIABLE=FILE for the cases of one variable, "
            "by its letter or name",
            "--area AREA": "reporting country, such as IT",
            "--period PERIOD": "reference period, such as 2025",
            "--check": "check the return and write nothing",
            "--previous FOLDER": "earlier return, to compare with",
            "--released DAY": "day of transmission, for the quality indicators",
            "--extracted DAY": "day on which the data were extracted",
            "--output FOLDER": "folder of the confidential return",
            "--publication FOLDER": "folder of the protected version (default: FOLDER-publication)",
            "--strict": "exit with status 1 if there is an error or a question",
            "--format {text,json}": "output format (default: text)",
            "options for cases": {
                name: _CASES[name]
                for name in _CASES
                if name not in ("--where NAME=CODES...", "--weights COLUMN", "--ages COLUMN")
            },
            **_DISPLAY,
        },
        "The return contains the counts that the plan asks for, and shows what is missing. Empty "
        "cells are missing answers. The publication is suppressed and in another folder.",
        _EXITS,
    ),
    "formats": Command(
        "list the file formats that can be read and written", ("formats", "formats --json"), _JSON
    ),
    "schema": Command(
        "print the JSON Schema of a command's JSON output",
        ("schema report",),
        {"of COMMAND": ", ".join(WITH_SCHEMA), **_WRITTEN},
        "`schema_version` is incremented on breaking changes.",
    ),
    "mcp": Command(
        "serve a folder to chat assistants by the Model Context Protocol",
        ("mcp data",),
        {
            "folder FOLDER": "folder with the files; files outside cannot be read",
            "--time-limit SECONDS": "end an answer after this time (default: 60)",
        },
        "The server uses standard input and output, and writes no file. It needs the extra `mcp`.",
    ),
    "completion": Command(
        "print the script that completes commands and options in a shell",
        (
            "completion bash > ~/.local/share/bash-completion/completions/thbstats",
            'completion zsh > "${fpath[1]}/_thbstats"',
        ),
        {f"shell {{{','.join(SHELLS)}}}": "", **_WRITTEN},
        "It needs the extra `completion`.",
    ),
}


class _Parser(argparse.ArgumentParser):
    """Parser with similar names in its messages, and the usage of the command at hand."""

    def error(self, message: str) -> NoReturn:
        super().error(escape(message))

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Refuse unknown options here, because the parser above has another usage."""
        known, further = super().parse_known_args(args, namespace)
        if further:
            options = [name for name in self._option_string_actions if name.startswith("--")]
            self.error(f"unknown argument {further[0]!r}.{_suggestion(further[0], options)}")
        return known, further

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        if action.choices is not None and value not in action.choices:
            name = "command" if action.metavar == "COMMAND" else "choice"
            listed = f" Use one of {', '.join(action.choices)}"
            hint = _suggestion(value, action.choices) or listed
            raise argparse.ArgumentError(
                None if name == "command" else action, f"unknown {name} {value!r}.{hint}"
            )


def _suggestion(name: str, names: Iterable[str]) -> str:
    """Return a question with a similar name, or an empty text."""
    hint = did_you_mean(name, names)
    return f" {hint}" if hint.startswith("Did") else ""


class _Formatter(argparse.HelpFormatter):
    """Formatter of help texts with examples on lines of their own."""

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        lines = (
            line if line.startswith(" ") else fill(line, width, initial_indent=indent)
            for line in text.splitlines()
        )
        return "\n".join(lines)


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    top = _Parser(
        prog="thbstats",
        formatter_class=_Formatter,
        description="Calculate and check official statistics on trafficking in human beings. "
        "Verdicts of checks: confirmed, consistent, contradicted or not assessable.",
        epilog="Example:\n  thbstats report com-2018-777\n"
        f"{_EXITS}. Colours appear on a terminal unless NO_COLOR is set.",
    )
    top.add_argument("--version", action="version", version=f"thbstats {__version__}")
    parents: dict[str, Any] = {"": _subparsers(top, "command", required=False)}
    for name, command in COMMANDS.items():
        parent, _, own = name.rpartition(" ")
        lines = "\n".join(f"  thbstats {example}" for example in command.examples)
        title = "Example:" if len(command.examples) == 1 else "Examples:"
        added = parents[parent].add_parser(
            own,
            help=command.help,
            description=f"{command.help[:1].upper()}{command.help[1:]}. {command.more}".strip(),
            epilog=f"{title}\n{lines}" + (f"\n{command.end}." if command.end else ""),
            formatter_class=_Formatter,
        )
        _add_options(added, command.options)
        if any(other.startswith(f"{name} ") for other in COMMANDS):
            parents[name] = _subparsers(added, f"{name}_command")
    return top


def _subparsers(parser: argparse.ArgumentParser, name: str, *, required: bool = True) -> Any:
    return parser.add_subparsers(dest=name, required=required, metavar="COMMAND")


def _add_options(
    parser: "argparse._ActionsContainer", options: Mapping[str, str | Mapping[str, str]]
) -> None:
    for syntax, text in options.items():
        if not isinstance(text, str):
            _add_options(parser.add_argument_group(syntax), text)
            continue
        name, _, value = syntax.partition(" ")
        target = parser
        if name == "--format" and "json" in value.strip("{}").split(","):
            target = parser.add_mutually_exclusive_group()
        kind: dict[str, Any] = {"help": text or None}
        if value.endswith("..."):
            kind = {"action": "append", "default": [], "help": f"{text}; repeatable"}
        if choices := re.fullmatch(r"\{(.*)\}", value):
            kind["choices"] = tuple(choices[1].split(","))
        elif value:
            kind["metavar"] = value.removesuffix("...")
        else:
            kind["action"] = "store_true"
        target.add_argument(name, **kind | _DETAILS.get(syntax, {}))
        if target is not parser:
            target.add_argument(
                "--json",
                dest="format",
                action="store_const",
                const="json",
                help="the same as --format json",
            )
