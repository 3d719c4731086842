"""Arguments of the commands on files: read, convert, count."""

import argparse
from typing import Any, TypeAlias

__all__ = [
    "EXITS",
    "FORMAT",
    "Commands",
    "add_count_options",
    "add_display_options",
    "add_file_commands",
    "add_formula_options",
    "described",
]

EXITS = "Exit codes: 0 success, 1 issues found (with --strict), 2 usage error"
FORMAT = "output format (default: inferred from the OUT extension, otherwise text)"
_KINDS = ("victims", "justice", "protection", "cooperation")

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def described(help: str, *examples: str, more: str = "", end: str = "") -> dict[str, Any]:
    """Return the help, description and epilog of a command.

    Parameters
    ----------
    help : str
        The purpose of the command, without a full stop.
    *examples : str
        Examples without the name of the program.
    more : str
        Further sentences of the description.
    end : str
        The last line of the epilog.
    """
    lines = "\n".join(f"  thbstats {example}" for example in examples)
    title = "Example:" if len(examples) == 1 else "Examples:"
    return {
        "help": help,
        "description": f"{help[:1].upper()}{help[1:]}. {more}".strip(),
        "epilog": f"{title}\n{lines}" + (f"\n{end}." if end else ""),
    }


def add_file_commands(commands: "Commands") -> None:
    """Add the commands on files of counts and cases."""
    _read(commands)
    _convert(commands)
    _count(commands)


def add_count_options(command: "argparse._ActionsContainer") -> None:
    """Add the options for metadata that a file of counts does not contain."""
    command.add_argument(
        "--kind",
        choices=_KINDS,
        help="kind of count, if the file does not state it or contains several kinds",
    )
    command.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="NAME=CODE",
        help="value of all rows, such as area=MT; repeatable",
    )


def add_formula_options(command: argparse.ArgumentParser) -> None:
    """Add the option for texts in CSV that a spreadsheet would run as formulas."""
    command.add_argument(
        "--neutralise",
        action="store_true",
        help="escape cell values of CSV that a spreadsheet would run as formulas",
    )


def add_display_options(command: argparse.ArgumentParser) -> None:
    """Add the options for number style and language."""
    command.add_argument(
        "--style",
        metavar="NAME",
        help="number style: plain, gss, eurostat, or a locale such as fr or de_AT",
    )
    command.add_argument(
        "--language", metavar="CODE", help="language of table labels: en, fr or de"
    )


def _read(commands: "Commands") -> None:
    read = commands.add_parser(
        "read",
        **described(
            "read a data file and report its contents and any problems",
            "read counts.csv --kind victims --set area=MT",
            more="The format is recognised by the contents.",
            end=EXITS,
        ),
    )
    _add_input_options(read)
    read.add_argument("--format", metavar="NAME", help="format of FILE, if not recognised")
    read.add_argument(
        "--json", action="store_true", help="print the report as JSON, with each problem by line"
    )
    add_display_options(read)


def _convert(commands: "Commands") -> None:
    convert = commands.add_parser(
        "convert",
        **described(
            "convert a data file to another format",
            "convert counts.csv counts.parquet --kind victims",
            more="Problems of the input and losses in the output are reported.",
            end=EXITS,
        ),
    )
    _add_input_options(convert)
    convert.add_argument("output", metavar="OUT", help="output file; an existing file is replaced")
    convert.add_argument(
        "--from", dest="format", metavar="NAME", help="format of FILE, if not recognised"
    )
    convert.add_argument(
        "--to", metavar="NAME", help="format of OUT (default: inferred from its extension)"
    )
    add_formula_options(convert)
    add_display_options(convert)


def _count(commands: "Commands") -> None:
    count = commands.add_parser(
        "count",
        **described(
            "count cases in files with one row per case",
            "count 'cases/*.parquet' --by sex,age --set area=MT --missing ''",
            "count cases.csv --by exploitation --multi exploitation=forms --seen",
            more="Parquet and CSV files can be larger than memory. Every value must be declared; "
            "nothing is inferred.",
            end="Exit codes: 0 success, 2 usage error or unreadable files",
        ),
    )
    count.add_argument(
        "files", metavar="FILE", nargs="+", help="files, or patterns such as 'cases/*.parquet'"
    )
    repeatable = {
        "--by": ("NAMES", "dimensions of the table, such as sex,age"),
        "--column": ("NAME=COLUMN", "column of a dimension with another name"),
        "--multi": (
            "NAME=COLUMN",
            "dimension with multiple responses: exploitation=forms for a column with a list, "
            "exploitation:sexual=is_sexual for a yes-or-no column",
        ),
        "--recode": ("NAME:TEXT=CODE", "code of a cell value, such as sex:F=female"),
        "--missing": ("TEXT", "cell value for missing data, such as -99; '' for an empty cell"),
        "--unknown": ("TEXT", "cell value for the unknown category"),
        "--no": ("TEXT", "cell value of --multi for no; '' for an empty cell"),
        "--set": ("NAME=CODE", "value of all cases, such as area=MT"),
        "--where": ("NAME=CODES", "filter, such as sex=female or year=2020,2021"),
    }
    for option, (metavar, text) in repeatable.items():
        count.add_argument(
            option, action="append", default=[], metavar=metavar, help=f"{text}; repeatable"
        )
    count.add_argument(
        "--weights",
        metavar="COLUMN",
        help="column with the number of cases per row (frequency weight)",
    )
    count.add_argument(
        "--separator", metavar="SIGN", default=";", help="separator in lists (default: ';')"
    )
    count.add_argument("--kind", choices=("victims", "justice"), default="victims")
    count.add_argument(
        "--margins",
        default="all",
        metavar="WHICH",
        help="totals: all (default), none, or sets of dimensions such as 'sex;sex,age'",
    )
    count.add_argument(
        "--seen", action="store_true", help="list the distinct values of the columns and exit"
    )
    count.add_argument("--format", choices=("text", "csv", "json"), help=FORMAT)
    count.add_argument("--output", metavar="OUT", help="write to this file")
    add_display_options(count)


def _add_input_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("file", metavar="FILE", help="input file; gzip is allowed")
    add_count_options(command)
    command.add_argument("--declare", metavar="TOML", help="file with the roles of the columns")
    command.add_argument("--encoding", metavar="NAME", help="encoding of text other than UTF-8")
    command.add_argument(
        "--strict", action="store_true", help="exit with status 1 if there is a problem"
    )
