"""The parser of the command line."""

import argparse
from collections.abc import Iterable
from textwrap import fill
from typing import NoReturn

from thbstats._characters import escape
from thbstats._version import __version__
from thbstats.cli.file_arguments import (
    EXITS,
    FORMAT,
    Commands,
    add_count_options,
    add_display_options,
    add_file_commands,
    add_formula_options,
    described,
)
from thbstats.cli.output import FORMATS
from thbstats.cli.schema_command import WITH_SCHEMA

__all__ = ["parser"]


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    top: argparse.ArgumentParser = _Parser(
        prog="thbstats",
        formatter_class=_Formatter,
        description="Calculate and check official statistics on trafficking in human beings. "
        "Verdicts of checks: confirmed, consistent, contradicted, disputed or not assessable.",
        epilog="Example:\n  thbstats report com-2018-777\n"
        f"{EXITS}. Colours appear on a terminal unless NO_COLOR is set.",
    )
    top.add_argument("--version", action="version", version=f"thbstats {__version__}")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _report(commands)
    listing = commands.add_parser(
        "publications",
        **described("list the publications of the library", "publications --format json"),
    )
    listing.add_argument("--format", choices=("text", "json"), default="text")
    _claims(commands)
    _audit(commands)
    _infer(commands)
    add_file_commands(commands)
    listing = commands.add_parser(
        "formats",
        **described("list the file formats that can be read and written", "formats"),
    )
    listing.add_argument("--format", choices=("text", "json"), default="text")
    schema = commands.add_parser(
        "schema",
        **described(
            "print the JSON Schema of a command's JSON output",
            "schema report",
            more="`schema_version` is incremented on breaking changes.",
        ),
    )
    schema.add_argument("of", metavar="COMMAND", choices=WITH_SCHEMA, help=", ".join(WITH_SCHEMA))
    for command in commands.choices.values():
        command.formatter_class = _Formatter
    return top


class _Parser(argparse.ArgumentParser):
    """Parser with escaped control characters in its messages."""

    def error(self, message: str) -> NoReturn:
        super().error(escape(message))


class _Formatter(argparse.HelpFormatter):
    """Formatter of help texts with examples on lines of their own."""

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        lines = (
            line if line.startswith(" ") else fill(line, width, initial_indent=indent)
            for line in text.splitlines()
        )
        return "\n".join(lines)


def _report(commands: "Commands") -> None:
    report = commands.add_parser(
        "report",
        **described(
            "check a publication or dataset and summarise what its figures support",
            "report com-2018-777 --output report.html",
            "report counts.csv --kind victims --set area=MT",
            more="The page has a summary, the figures you can quote, limitations, issues, "
            "indicators, criminal justice, countries and quality notes.",
            end=EXITS,
        ),
    )
    report.add_argument(
        "id",
        metavar="PUBLICATION",
        help="a publication such as com-2018-777, a claims file, or a file of counts",
    )
    _add_output_options(report, FORMATS)
    add_count_options(report.add_argument_group("options for a file of counts"))
    add_formula_options(report)
    report.add_argument(
        "--full",
        action="store_true",
        help="print the annexes: consistency checks, quality notes by figure, counts",
    )
    report.add_argument("--charts", action="store_true", help="add charts (needs matplotlib)")
    add_display_options(report)


def _add_output_options(command: argparse.ArgumentParser, formats: Iterable[str]) -> None:
    command.add_argument("--format", choices=tuple(formats), help=FORMAT)
    command.add_argument("--output", metavar="OUT", help="write to this file")
    command.add_argument(
        "--strict", action="store_true", help="exit with status 1 if there is an issue"
    )


def _claims(commands: "Commands") -> None:
    claims = commands.add_parser(
        "claims",
        **described(
            "validate a claims file, or print the JSON Schema of claims files",
            "claims check report.toml",
            more="A claims file contains the figures, rankings and statements of a publication "
            "in TOML, YAML or JSON.",
        ),
    )
    inner = claims.add_subparsers(dest="claims_command", required=True, metavar="COMMAND")
    check = inner.add_parser(
        "check",
        formatter_class=_Formatter,
        **described(
            "validate a claims file",
            "claims check report.toml",
            more="Problems are printed one per line as file:line:column: message.",
            end="Exit codes: 0 valid, 1 problems, 2 usage error",
        ),
    )
    check.add_argument("file", metavar="FILE", help="a file in TOML, YAML or JSON")
    check.add_argument("--format", choices=("text", "json"), default="text")
    inner.add_parser(
        "schema",
        formatter_class=_Formatter,
        **described(
            "print the JSON Schema of claims files",
            "claims schema > claims.schema.json",
            more="Editors use it to complete and check claims files.",
        ),
    )


def _seconds(text: str) -> float:
    """Return a number of seconds from 0."""
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not seconds >= 0:
        raise argparse.ArgumentTypeError(f"must be 0 seconds or more, got {text!r}")
    return seconds


def _audit(commands: "Commands") -> None:
    audit = commands.add_parser(
        "audit",
        **described(
            "check a publication's figures for internal consistency",
            "audit com-2018-777",
            "audit com-2016-267 com-2018-777 --issues",
            "audit percentages.csv --base registered",
            more="Claims are confirmed, consistent, contradicted, disputed or not assessable. "
            "Several publications are compared with each other; later ones revise earlier ones.",
            end=EXITS,
        ),
    )
    audit.add_argument(
        "files",
        metavar="FILE",
        nargs="+",
        help="claims files or publications such as com-2018-777; or one table of percentages "
        "(.csv, .tsv, .xlsx, .parquet) with the columns id, kind (share, change, total, rate or "
        "ratio), numerator, denominator and printed; new and old for changes; per for rates",
    )
    audit.add_argument("--issues", action="store_true", help="show only claims with issues")
    audit.add_argument("--all", action="store_true", help="show statements without a number too")
    audit.add_argument(
        "--time-limit",
        type=_seconds,
        default=60.0,
        metavar="SECONDS",
        help="stop the joint check after this time (default: 60) and list the claims that were "
        "not checked; Ctrl-C stops it at once",
    )
    _add_output_options(audit, [name for name in FORMATS if name not in ("csv", "xlsx")])
    add_display_options(audit)
    table = audit.add_argument_group("options for a table of percentages")
    table.add_argument(
        "--rounding",
        choices=("half_up", "half_even", "half_away", "down", "up", "unknown"),
        help="rounding method of the publisher (default: nearest, any tie-breaking rule)",
    )
    table.add_argument(
        "--base",
        action="append",
        dest="bases",
        metavar="COLUMN",
        help="column of a possible denominator (default: all further columns of counts); "
        "repeatable",
    )
    table.add_argument(
        "--members",
        metavar="FILE",
        help="table with the columns id, member and counts; sums over members are checked",
    )
    table.add_argument(
        "--decimals", type=int, metavar="N", help="published decimals, if a workbook lost them"
    )
    table.add_argument("--thousands", metavar="SIGN", help="thousands separator, such as ','")
    table.add_argument("--encoding", metavar="NAME", help="encoding of text other than UTF-8")


def _infer(commands: "Commands") -> None:
    infer = commands.add_parser(
        "infer",
        **described(
            "compute bounds for a figure that is not published",
            'infer com-2018-777 --what "victims area=UK exploitation=labour"',
            more="The bounds follow from all claims of a publication together. The output has "
            "the lower and upper bound, the assumptions, and a table for each bound.",
            end="Exit codes: 0 success, 2 usage error or inconsistent claims",
        ),
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
        help="figure to infer, such as 'victims area=UK exploitation=labour'; period and status "
        "are allowed",
    )
    infer.add_argument(
        "--denominator",
        metavar="TEXT",
        help="infer the share of this denominator, such as 'area=UK'; '' for all",
    )
    infer.add_argument(
        "--base",
        choices=("all", "known"),
        help="denominator with or without the unknown category (default: all)",
    )
    infer.add_argument(
        "--bases",
        action="append",
        default=[],
        metavar="NAME=BASE",
        help="denominator (all or known) of percentages that do not state it, by dimension or by "
        "claim id, such as sex=all; repeatable",
    )
    infer.add_argument(
        "--known",
        action="append",
        default=[],
        metavar="NAME",
        help="count only a known category of this dimension; repeatable",
    )
    infer.add_argument(
        "--overlapping",
        action="append",
        default=[],
        metavar="NAME",
        help="dimension with multiple responses per person; repeatable",
    )
    infer.add_argument(
        "--rounding",
        metavar="METHOD",
        help="rounding method of the publisher, such as half_even or unknown (default: half_up)",
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
        help="exclude this claim; repeatable",
    )
    infer.add_argument(
        "--allow-disclosure",
        action="store_true",
        help="allow bounds narrower than the published suppression interval (disclosure risk)",
    )
    infer.add_argument("--format", choices=("text", "json"), default="text")
    add_display_options(infer)
