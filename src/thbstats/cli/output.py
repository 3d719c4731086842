"""Output of the command line: standard output, standard error and files."""

import argparse
import errno
import json
import os
import re
import shutil
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from glob import glob
from pathlib import Path
from typing import TYPE_CHECKING, Any

from thbstats._characters import escape
from thbstats._files import write_file
from thbstats.errors import InvalidValue, UnknownName

if TYPE_CHECKING:
    from thbstats.exchange import UnsupportedFeature

__all__ = [
    "FORMATS",
    "SCHEMA_VERSION",
    "colors",
    "complain",
    "deliver",
    "flush",
    "format_of",
    "json_of",
    "refuse_inputs",
    "report_issues",
    "terminal_width",
    "warn_of_formulas",
    "width_for",
    "write_output",
]

FORMATS: Mapping[str, tuple[str, ...]] = {
    "text": (".txt",),
    "markdown": (".md",),
    "html": (".html", ".htm"),
    "json": (".json",),
    "csv": (".csv",),
    "xlsx": (".xlsx",),
}
"""The formats of a report with their file extensions."""

SCHEMA_VERSION = 1
"""The version of the JSON output."""

_FILE_WIDTH = 80
"""The width of text in a file."""

_COLOR = re.compile(r"(\x1b\[[0-9;]*m)")


def _is_terminal() -> bool:
    return sys.stdout is not None and sys.stdout.isatty()


def colors() -> bool:
    """Return whether standard output has colours."""
    declined = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return _is_terminal() and not declined


def terminal_width() -> int:
    """Return the width of the terminal, or 80 without one."""
    return shutil.get_terminal_size().columns


def width_for(output: str | None) -> int:
    """Return the width of text on the terminal, or in a file."""
    return terminal_width() if output is None else _FILE_WIDTH


def format_of(args: argparse.Namespace, formats: Collection[str]) -> str:
    """Return the output format, by name or by the file extension.

    Parameters
    ----------
    args : Namespace
        The arguments.
    formats : collection of str
        The formats of the command.

    Raises
    ------
    UnknownName
        If the file extension is not that of a format of the command.
    """
    ending = Path(args.output or "").suffix.lower()
    if args.format or not ending:
        return str(args.format or "text")
    for name in formats:
        if ending in FORMATS[name]:
            return name
    endings = [FORMATS[name][0] for name in formats][-5:]
    raise UnknownName(
        "must have a known file extension",
        field="--output",
        value=args.output,
        hint=f"Use {', '.join(endings)}, or add --format",
    )


def refuse_inputs(args: argparse.Namespace) -> None:
    """Refuse an output file that is also an input file, by any name or link.

    Parameters
    ----------
    args : Namespace
        The arguments.

    Raises
    ------
    InvalidValue
        If the output is one of the inputs.
    """
    output = getattr(args, "output", None)
    if output is None or not os.path.exists(output):
        return
    given = [getattr(args, name, None) for name in ("file", "id", "declare", "members")]
    named = [name for name in (*given, *getattr(args, "files", ())) if name is not None]
    for name in named:
        for path in (name, *glob(name, recursive=True)):
            if os.path.exists(path) and os.path.samefile(path, output):
                raise InvalidValue(
                    "must not be an input file",
                    field="OUT" if args.command == "convert" else "--output",
                    value=output,
                    hint="Use another name",
                )


def json_of(data: Mapping[str, Any]) -> str:
    """Return plain data as JSON with its schema version."""
    versioned = {"schema_version": SCHEMA_VERSION, **data}
    return json.dumps(versioned, indent=2, ensure_ascii=False, allow_nan=False)


def deliver(text: str, output: str | None) -> None:
    """Write a text to a file, or to standard output."""
    if output is None:
        write_output(text)
    else:
        write_file(output, f"{text}\n")


def report_issues(issues: Sequence[str]) -> bool:
    """Write the names of issues to standard error; return whether there are any."""
    if issues:
        noun = "issue" if len(issues) == 1 else "issues"
        complain(f"{len(issues)} {noun}: {', '.join(issues)}")
    return bool(issues)


def warn_of_formulas(features: "Iterable[UnsupportedFeature]") -> None:
    """Warn on standard error of cells that a spreadsheet would run as formulas."""
    for feature in features:
        if feature.code == "FORMULA":
            rows = "1 row has" if feature.rows == 1 else f"{feature.rows} rows have"
            complain(
                f"{rows} a text that a spreadsheet would run as a formula "
                f"({'; '.join(feature.examples)}). Add --neutralise to escape it"
            )


def write_output(text: str) -> None:
    """Write a text to standard output as UTF-8 in every locale.

    On a terminal, control sequences other than colours are escaped.

    Raises
    ------
    BrokenPipeError
        If the reader has closed the pipe, such as ``head``.
    OSError
        If the output is closed or full.
    """
    if sys.stdout is None:
        raise OSError(errno.EBADF, os.strerror(errno.EBADF), "standard output")
    formatted = "".join(map(_steerless, _COLOR.split(text))) if _is_terminal() else text
    buffer = getattr(sys.stdout, "buffer", None)
    with _named_errors():
        if buffer is None:  # a stream of text alone, as notebooks and tests put in its place
            sys.stdout.write(f"{formatted}\n")
        else:
            sys.stdout.flush()
            buffer.write(f"{formatted}\n".encode())
        sys.stdout.flush()


def _steerless(piece: str) -> str:
    return piece if _COLOR.fullmatch(piece) else escape(piece, keep="\n\t")


def flush() -> None:
    """Write the buffer, so that errors of the output appear before the end."""
    with _named_errors():
        if sys.stdout is not None:
            sys.stdout.flush()


@contextmanager
def _named_errors() -> Iterator[None]:
    """Add the name of standard output to its errors."""
    try:
        yield
    except OSError as error:
        # What is still buffered has nowhere to go, and must not be tried again at exit.
        with suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise OSError(error.errno, error.strerror, "standard output") from None


def complain(text: str, command: str = "") -> None:
    """Write a text to standard error after the name of the program and of the command."""
    name = f"thbstats {command}" if command else "thbstats"
    if sys.stderr is not None:
        with suppress(OSError):
            print(f"{name}:", escape(text, keep="\n"), file=sys.stderr, flush=True)
