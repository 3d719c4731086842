"""What can be typed on the command line."""

import argparse
from typing import TypeAlias

from thbstats._version import __version__

__all__ = ["FORMATS", "parser"]

FORMATS = {
    "text": (".txt",),
    "markdown": (".md",),
    "html": (".html", ".htm"),
    "json": (".json",),
    "csv": (".csv",),
}
"""The formats of a report, and the endings of file names that ask for them."""

_EXITS = "exit codes: 0 done, 1 findings (with --strict), 2 wrong use"
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
    _read(commands)
    _convert(commands)
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
    report.add_argument("id", metavar="PUBLICATION", help="such as com-2018-777")
    report.add_argument(
        "--format",
        choices=FORMATS,
        help="unless given, what the ending of FILE asks for, else text",
    )
    report.add_argument("--output", metavar="FILE", help="write to a file instead of the terminal")
    report.add_argument(
        "--strict",
        action="store_true",
        help="end with 1 if the audit finds a claim that a reader should know about",
    )


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
