"""What can be typed on the command line."""

import argparse

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
    return top


def _report(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
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
