"""What can be typed on the command line."""

import argparse
from collections.abc import Iterable
from typing import TypeAlias

from thbstats._version import __version__
from thbstats.cli.output import FORMATS

__all__ = ["parser"]

_EXITS = "exit codes: 0 done, 1 findings (with --strict), 2 wrong use"
_FORMAT = "unless given, what the ending of OUT asks for, else text"
_KINDS = ("victims", "justice", "protection", "cooperation")


_Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    top = argparse.ArgumentParser(
        prog="thbstats",
        description="The arithmetic of official statistics on trafficking in human beings.",
        epilog=f"{_EXITS}. Colours are used on a terminal unless NO_COLOR is set.",
    )
    top.add_argument("--version", action="version", version=f"thbstats {__version__}")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _report(commands)
    commands.add_parser(
        "publications",
        help="list the publications that can be reported on",
        description="List the publications that can be reported on.",
    )
    _claims(commands)
    _audit(commands)
    _infer(commands)
    _read(commands)
    _convert(commands)
    _count(commands)
    commands.add_parser(
        "formats",
        help="list the formats of files that can be read and written",
        description="List the formats of files, and what each of them holds.",
    )
    return top


def _report(commands: "_Commands") -> None:
    report = commands.add_parser(
        "report",
        help="say what the figures of a publication can bear",
        description="Say what the figures of a publication can bear: indicators with their bases, "
        "shares of areas side by side, the stages of justice, the audit of every claim, and the "
        "warnings by weight.",
        epilog=_EXITS,
    )
    report.add_argument(
        "id", metavar="PUBLICATION", help="such as com-2018-777, or a claims file of your own"
    )
    _about_output(report, FORMATS)


def _about_output(command: argparse.ArgumentParser, formats: Iterable[str]) -> None:
    command.add_argument(
        "--format",
        choices=tuple(formats),
        help=_FORMAT,
    )
    command.add_argument("--output", metavar="OUT", help="write to a file instead of the terminal")
    command.add_argument(
        "--strict",
        action="store_true",
        help="end with 1 if the audit finds a claim that a reader should know about",
    )


def _claims(commands: "_Commands") -> None:
    claims = commands.add_parser(
        "claims",
        help="check a claims file, or print what one holds as JSON Schema",
        description="A claims file is a publication written down in TOML, YAML or JSON: each "
        "figure, ranking and direction with what it counts.",
    )
    inner = claims.add_subparsers(dest="claims_command", required=True, metavar="COMMAND")
    check = inner.add_parser(
        "check",
        help="say that a claims file is fine, or everything that is not",
        description="Say that a claims file is fine, or everything that is not: a line each, as "
        "file:line:column: message.",
        epilog="exit codes: 0 fine, 1 problems, 2 wrong use",
    )
    check.add_argument("file", metavar="FILE", help="TOML, YAML or JSON, as its name ends")
    check.add_argument("--format", choices=("text", "json"), default="text")
    inner.add_parser(
        "schema",
        help="print the JSON Schema of claims files",
        description="Print the JSON Schema of claims files, for editors that complete and check.",
    )


def _audit(commands: "_Commands") -> None:
    audit = commands.add_parser(
        "audit",
        help="hold what a publication prints against itself",
        description="Hold each claim of a publication against the others, or each percentage of a "
        "table against the counts beside it: confirmed, consistent, contradicted or cannot tell, "
        "with the arithmetic.",
        epilog=_EXITS,
    )
    audit.add_argument(
        "file",
        metavar="FILE",
        help="a claims file, a publication such as com-2018-777, or a table of percentages "
        "(.csv, .tsv, .xlsx, .parquet) with columns id, kind, numerator, denominator, printed; "
        "new and old for changes; further columns of counts are candidate bases",
    )
    audit.add_argument(
        "--findings", action="store_true", help="only what a reader should know about"
    )
    _about_output(audit, [name for name in FORMATS if name != "csv"])
    table = audit.add_argument_group("of a table")
    table.add_argument(
        "--rounding",
        choices=("half_up", "half_even", "half_away", "down", "up", "unknown"),
        help="how percentages were rounded; by default to the nearest, with halves either way",
    )
    table.add_argument(
        "--base",
        action="append",
        dest="bases",
        metavar="COLUMN",
        help="a candidate, where not every further column is one; may be repeated",
    )
    table.add_argument(
        "--members",
        metavar="FILE",
        help="a table with columns id, member and counts, whose sets of members are tried",
    )
    table.add_argument(
        "--decimals",
        type=int,
        metavar="N",
        help="decimals printed, where a workbook lost them",
    )
    table.add_argument("--thousands", metavar="SIGN", help="such as ','; spaces are understood")
    table.add_argument("--encoding", metavar="NAME", help="of text that is not UTF-8")


def _infer(commands: "_Commands") -> None:
    infer = commands.add_parser(
        "infer",
        help="ask for a number that is not printed",
        description="Say what all claims of a publication together imply of a count or a share "
        "that need not be printed: the least and the most, what was assumed, and a table for each.",
        epilog="exit codes: 0 done, 2 wrong use, or no table satisfies all claims",
    )
    infer.add_argument(
        "file",
        metavar="FILE",
        help="a claims file, a publication such as com-2018-777, or a file of counts",
    )
    infer.add_argument(
        "--what",
        required=True,
        metavar="TEXT",
        help="what is counted, such as 'victims area=UK exploitation=labour'; period and status "
        "can be named too",
    )
    infer.add_argument(
        "--of", metavar="TEXT", help="ask for the share of this whole, such as 'area=UK'; '' is all"
    )
    infer.add_argument(
        "--base",
        choices=("all", "recorded"),
        help="whether that whole holds those whose category is unknown; all unless given",
    )
    infer.add_argument(
        "--bases",
        action="append",
        default=[],
        metavar="NAME=BASE",
        help="the base, all or recorded, of percentages of which it is not printed, by dimension "
        "or by the id of a claim, such as sex=all; may be repeated",
    )
    infer.add_argument(
        "--recorded",
        action="append",
        default=[],
        metavar="NAME",
        help="count only those whose category of this dimension is recorded; may be repeated",
    )
    infer.add_argument(
        "--overlapping",
        action="append",
        default=[],
        metavar="NAME",
        help="a dimension of which one person can have several categories; may be repeated",
    )
    infer.add_argument(
        "--rounding",
        metavar="WAY",
        help="how percentages were rounded, such as half_even or unknown; half_up unless given",
    )
    infer.add_argument(
        "--closed", action="store_true", help="a half may have been rounded either way"
    )
    infer.add_argument(
        "--leave-out",
        action="append",
        default=[],
        metavar="ID",
        help="a claim that does not enter; may be repeated",
    )
    infer.add_argument(
        "--narrow",
        action="store_true",
        help="tell a count that a table hides more closely than its source does",
    )
    infer.add_argument("--format", choices=("text", "json"), default="text")


def _read(commands: "_Commands") -> None:
    read = commands.add_parser(
        "read",
        help="say what a file holds and what was odd in it",
        description="Read a file and say what it holds, how many of its rows are used and set "
        "aside, and everything that was odd. Its format is recognised by its contents.",
        epilog=_EXITS,
    )
    _about_input(read)
    read.add_argument("--format", metavar="NAME", help="its format, where it is not recognised")
    read.add_argument(
        "--json", action="store_true", help="print the report as JSON, with every line of a defect"
    )


def _convert(commands: "_Commands") -> None:
    convert = commands.add_parser(
        "convert",
        help="write what a file holds as another format",
        description="Read a file, write what it holds as another format, and say what was odd in "
        "the one and what the other does not hold.",
        epilog=_EXITS,
    )
    _about_input(convert)
    convert.add_argument("output", metavar="OUT", help="the file to write; it is replaced")
    convert.add_argument(
        "--from", dest="format", metavar="NAME", help="the format of FILE, where not recognised"
    )
    convert.add_argument(
        "--to", metavar="NAME", help="the format of OUT; unless given, what its ending asks for"
    )
    convert.add_argument(
        "--neutralise",
        action="store_true",
        help="put an apostrophe before texts that a spreadsheet takes for formulas",
    )


def _count(commands: "_Commands") -> None:
    count = commands.add_parser(
        "count",
        help="count the cases in files",
        description="Count the cases, one a row, in Parquet or CSV files that are read in place "
        "and may be larger than the memory. What a cell means is said and never guessed.",
        epilog="exit codes: 0 done, 2 wrong use, or files that cannot be counted",
    )
    count.add_argument(
        "files", metavar="FILE", nargs="+", help="files, or patterns such as 'cases/*.parquet'"
    )
    repeated = {
        "--by": ("NAMES", "the dimensions that stay apart, such as sex,age"),
        "--column": ("NAME=COLUMN", "the column of a dimension that has another name"),
        "--multi": (
            "NAME=COLUMN",
            "a dimension of which one case can have several categories: exploitation=forms is a "
            "column that lists them, exploitation:sexual=is_sexual one that says yes or no",
        ),
        "--word": ("NAME:TEXT=WORD", "our word for what stands in a cell, such as sex:F=female"),
        "--missing": (
            "TEXT",
            "a cell in which nothing was recorded, such as -99; '' is an empty "
            "one, in Parquet also one that holds nothing",
        ),
        "--unknown": ("TEXT", "a cell that records that the answer is unknown"),
        "--set": ("NAME=WORD", "what holds for every case, such as area=MT"),
        "--where": ("NAME=WORDS", "which cases, such as sex=female, or year=2020,2021"),
    }
    for option, (metavar, text) in repeated.items():
        count.add_argument(
            option, action="append", default=[], metavar=metavar, help=f"{text}; may be repeated"
        )
    count.add_argument("--weights", metavar="COLUMN", help="for how many cases a row stands")
    count.add_argument("--separator", metavar="SIGN", default=";", help="within lists; ';'")
    count.add_argument("--kind", choices=("victims", "justice"), default="victims")
    count.add_argument(
        "--margins",
        default="all",
        metavar="WHICH",
        help="all totals unless given; none; or sets of dimensions such as 'sex;sex,age'",
    )
    count.add_argument(
        "--seen", action="store_true", help="print what stands in the columns instead"
    )
    count.add_argument("--format", choices=("text", "csv", "json"), help=_FORMAT)
    count.add_argument("--output", metavar="OUT", help="write to a file instead of the terminal")


def _about_input(command: argparse.ArgumentParser) -> None:
    command.add_argument("file", metavar="FILE", help="a file, which may be packed with gzip")
    command.add_argument(
        "--kind", choices=_KINDS, help="what it counts, where rows do not say so; which to write"
    )
    command.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="NAME=WORD",
        help="what all rows have in common, such as area=MT; may be repeated",
    )
    command.add_argument("--declare", metavar="TOML", help="a file that says what the columns are")
    command.add_argument("--encoding", metavar="NAME", help="of text that is not UTF-8")
    command.add_argument("--strict", action="store_true", help="end with 1 if anything was odd")
