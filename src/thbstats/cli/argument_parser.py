"""The parser of the command line."""

import argparse
from collections.abc import Iterable
from typing import NoReturn

from thbstats._characters import escape
from thbstats._version import __version__
from thbstats.cli.file_arguments import (
    EXITS,
    FORMAT,
    Commands,
    about_counts,
    about_formulas,
    about_people,
    add_files,
)
from thbstats.cli.output import FORMATS
from thbstats.cli.schema_command import WITH_SCHEMA

__all__ = ["parser"]


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    top: argparse.ArgumentParser = _Parser(
        prog="thbstats",
        description="The arithmetic of official statistics on trafficking in human beings.",
        epilog=f"{EXITS}. Colours are used on a terminal unless NO_COLOR is set.",
    )
    top.add_argument("--version", action="version", version=f"thbstats {__version__}")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _report(commands)
    listing = commands.add_parser(
        "publications",
        help="list the publications that can be reported on",
        description="List the publications that can be reported on.",
    )
    listing.add_argument("--format", choices=("text", "json"), default="text")
    _claims(commands)
    _audit(commands)
    _infer(commands)
    add_files(commands)
    listing = commands.add_parser(
        "formats",
        help="list the formats of files that can be read and written",
        description="List the formats of files, and what each of them holds.",
    )
    listing.add_argument("--format", choices=("text", "json"), default="text")
    schema = commands.add_parser(
        "schema",
        help="print what a command writes as JSON, as JSON Schema",
        description="Print the JSON Schema of what a command writes as JSON. Its schema_version "
        "grows when a program that reads it would have to change.",
    )
    schema.add_argument("of", metavar="COMMAND", choices=WITH_SCHEMA, help=", ".join(WITH_SCHEMA))
    return top


class _Parser(argparse.ArgumentParser):
    """A parser whose messages repeat what was typed without control characters."""

    def error(self, message: str) -> NoReturn:
        super().error(escape(message))


def _report(commands: "Commands") -> None:
    report = commands.add_parser(
        "report",
        help="report on a publication or a file of counts",
        description="Publication on a publication or a file of counts: figures you can quote, "
        "indicators with denominator and coverage, shares of areas side by side, the stages of "
        "justice, the audit of every claim, and the warnings in order of severity.",
        epilog=EXITS,
    )
    report.add_argument(
        "id",
        metavar="PUBLICATION",
        help="such as com-2018-777, a claims file of your own, or a file of counts",
    )
    _about_output(report, FORMATS)
    about_counts(report.add_argument_group("of a file of counts"))
    about_formulas(report)
    report.add_argument(
        "--full",
        action="store_true",
        help="print the annexes: consistency checks, quality notes by figure, counts",
    )
    report.add_argument("--charts", action="store_true", help="add charts (needs matplotlib)")
    about_people(report)


def _about_output(command: argparse.ArgumentParser, formats: Iterable[str]) -> None:
    command.add_argument(
        "--format",
        choices=tuple(formats),
        help=FORMAT,
    )
    command.add_argument("--output", metavar="OUT", help="write to a file instead of the terminal")
    command.add_argument(
        "--strict",
        action="store_true",
        help="exit with 1 if a claim has an issue",
    )


def _claims(commands: "Commands") -> None:
    claims = commands.add_parser(
        "claims",
        help="check a claims file, or print the JSON Schema of claims files",
        description="A claims file is a publication in TOML, YAML or JSON: each figure, ranking "
        "and direction with its category.",
    )
    inner = claims.add_subparsers(dest="claims_command", required=True, metavar="COMMAND")
    check = inner.add_parser(
        "check",
        help="list the problems of a claims file",
        description="List the problems of a claims file, one per line, as file:line:column: "
        "message.",
        epilog="exit codes: 0 fine, 1 problems, 2 wrong use",
    )
    check.add_argument("file", metavar="FILE", help="TOML, YAML or JSON, as its name ends")
    check.add_argument("--format", choices=("text", "json"), default="text")
    inner.add_parser(
        "schema",
        help="print the JSON Schema of claims files",
        description="Print the JSON Schema of claims files, for editors that complete and check.",
    )


def _seconds(text: str) -> float:
    """Return a number of seconds from 0."""
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not seconds >= 0:
        raise argparse.ArgumentTypeError(f"must be a number of seconds from 0, got {text!r}")
    return seconds


def _audit(commands: "Commands") -> None:
    audit = commands.add_parser(
        "audit",
        help="compare the figures of publications with each other",
        description="Compare each claim of one or several publications with the others, or each "
        "percentage of a table with the counts next to it: confirmed, consistent, contradicted or "
        "not assessable, with the arithmetic. Later publications revise earlier ones.",
        epilog=EXITS,
    )
    audit.add_argument(
        "files",
        metavar="FILE",
        nargs="+",
        help="claims files or publications such as com-2018-777, or one table of percentages "
        "(.csv, .tsv, .xlsx, .parquet) with columns id, kind (share, change, total, rate or "
        "ratio), numerator, denominator and printed; new and old for changes; per for rates; "
        "further columns of counts are candidate bases",
    )
    audit.add_argument("--findings", action="store_true", help="only claims with an issue")
    audit.add_argument(
        "--time-limit",
        type=_seconds,
        default=60.0,
        metavar="SECONDS",
        help="stop comparing all claims together after this time (default 60), print the results "
        "so far and list what was not checked. Ctrl-C does the same at once",
    )
    audit.add_argument("--all", action="store_true", help="list statements without a number too")
    _about_output(audit, [name for name in FORMATS if name not in ("csv", "xlsx")])
    about_people(audit)
    table = audit.add_argument_group("of a table")
    table.add_argument(
        "--rounding",
        choices=("half_up", "half_even", "half_away", "down", "up", "unknown"),
        help="how percentages were rounded; by default to the nearest, by any rule for halves",
    )
    table.add_argument(
        "--base",
        action="append",
        dest="bases",
        metavar="COLUMN",
        help="a candidate base; by default every further column of counts; may be repeated",
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


def _infer(commands: "Commands") -> None:
    infer = commands.add_parser(
        "infer",
        help="infer a number that is not published",
        description="Return the bounds that all claims of a publication together imply for a count "
        "or a share: lower and upper bound, assumptions, and a table for each bound.",
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
        "--denominator",
        metavar="TEXT",
        help="return the share of this denominator, such as 'area=UK'; '' is all",
    )
    infer.add_argument(
        "--base",
        choices=("all", "known"),
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
        "--known",
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
        "--allow-tie-either-way",
        action="store_true",
        help="allow ties to be rounded either up or down",
    )
    infer.add_argument(
        "--exclude",
        action="append",
        default=[],
        metavar="ID",
        help="exclude this claim; may be repeated",
    )
    infer.add_argument(
        "--allow-disclosure",
        action="store_true",
        help="allow bounds narrower than the published suppression interval (disclosure risk)",
    )
    infer.add_argument("--format", choices=("text", "json"), default="text")
    about_people(infer)
