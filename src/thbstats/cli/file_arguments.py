"""What can be typed about files: read, convert, count."""

import argparse
from typing import TypeAlias

__all__ = [
    "EXITS",
    "FORMAT",
    "Commands",
    "about_counts",
    "about_formulas",
    "about_people",
    "add_files",
]

EXITS = "exit codes: 0 done, 1 findings (with --strict), 2 wrong use"
FORMAT = "by default that of the file extension of OUT, else text"
_KINDS = ("victims", "justice", "protection", "cooperation")

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def add_files(commands: "Commands") -> None:
    """Add the commands that read files of counts and cases."""
    _read(commands)
    _convert(commands)
    _count(commands)


def about_counts(command: "argparse._ActionsContainer") -> None:
    """Add what a file of counts can leave open."""
    command.add_argument(
        "--kind",
        choices=_KINDS,
        help="what it counts, where its rows do not say so, or it counts several",
    )
    command.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="NAME=WORD",
        help="what all rows have in common, such as area=MT; may be repeated",
    )


def about_formulas(command: argparse.ArgumentParser) -> None:
    """Add what is done about texts in CSV that a spreadsheet takes for formulas."""
    command.add_argument(
        "--neutralise",
        action="store_true",
        help="put an apostrophe before texts in CSV that a spreadsheet takes for formulas",
    )


def about_people(command: argparse.ArgumentParser) -> None:
    """Add what people may wish for; JSON, CSV and workbooks hold plain numbers and codes."""
    command.add_argument(
        "--style",
        metavar="NAME",
        help="how numbers are printed: plain, gss, eurostat, or a locale such as fr or de_AT",
    )
    command.add_argument("--language", metavar="CODE", help="of the words in tables: en, fr or de")


def _read(commands: "Commands") -> None:
    read = commands.add_parser(
        "read",
        help="say what a file holds and what was odd in it",
        description="Read a file and say what it holds, how many of its rows are used and set "
        "aside, and everything that was odd. Its format is recognised by its contents.",
        epilog=EXITS,
    )
    _about_input(read)
    read.add_argument("--format", metavar="NAME", help="its format, where it is not recognised")
    read.add_argument(
        "--json", action="store_true", help="print the report as JSON, with every line of a defect"
    )
    about_people(read)


def _convert(commands: "Commands") -> None:
    convert = commands.add_parser(
        "convert",
        help="write what a file holds as another format",
        description="Read a file, write what it holds as another format, and say what was odd in "
        "the one and what the other does not hold.",
        epilog=EXITS,
    )
    _about_input(convert)
    convert.add_argument("output", metavar="OUT", help="the file to write; it is replaced")
    convert.add_argument(
        "--from", dest="format", metavar="NAME", help="the format of FILE, where not recognised"
    )
    convert.add_argument(
        "--to", metavar="NAME", help="the format of OUT; unless given, what its ending asks for"
    )
    about_formulas(convert)
    about_people(convert)


def _count(commands: "Commands") -> None:
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
        "--recode": ("NAME:TEXT=WORD", "our word for what stands in a cell, such as sex:F=female"),
        "--missing": (
            "TEXT",
            "a cell in which nothing was recorded, such as -99; '' is an empty "
            "one, in Parquet also one that holds nothing",
        ),
        "--unknown": ("TEXT", "a cell that records that the answer is unknown"),
        "--no": ("TEXT", "a cell of --multi that means no; '' is an empty one"),
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
    count.add_argument("--format", choices=("text", "csv", "json"), help=FORMAT)
    count.add_argument("--output", metavar="OUT", help="write to a file instead of the terminal")
    about_people(count)


def _about_input(command: argparse.ArgumentParser) -> None:
    command.add_argument("file", metavar="FILE", help="a file, which may be packed with gzip")
    about_counts(command)
    command.add_argument("--declare", metavar="TOML", help="a file that says what the columns are")
    command.add_argument("--encoding", metavar="NAME", help="of text that is not UTF-8")
    command.add_argument("--strict", action="store_true", help="end with 1 if anything was odd")
