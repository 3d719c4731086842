"""Where text goes: always UTF-8, in colour on a terminal only, and quiet when nobody reads on."""

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
    "say",
    "say_findings",
    "say_formulas",
    "terminal_width",
    "width_for",
]

FORMATS: Mapping[str, tuple[str, ...]] = {
    "text": (".txt",),
    "markdown": (".md",),
    "html": (".html", ".htm"),
    "json": (".json",),
    "csv": (".csv",),
    "xlsx": (".xlsx",),
}
"""The formats of a report, and the endings of file names that ask for them."""

SCHEMA_VERSION = 1
"""The version of the objects that commands print as JSON."""

_FILE_WIDTH = 80
"""Text in a file does not depend on the terminal in which the command was typed."""

_COLOR = re.compile(r"(\x1b\[[0-9;]*m)")


def _is_terminal() -> bool:
    return sys.stdout is not None and sys.stdout.isatty()


def colors() -> bool:
    """Return whether standard output shows colours and its user has not declined them."""
    declined = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return _is_terminal() and not declined


def terminal_width() -> int:
    """Return how many columns a line may have: of the terminal, or 80 without one."""
    return shutil.get_terminal_size().columns


def width_for(output: str | None) -> int:
    """Return how many columns a line may have on the terminal, or in a file."""
    return terminal_width() if output is None else _FILE_WIDTH


def format_of(asked: argparse.Namespace, formats: Collection[str]) -> str:
    """Return the format that is asked for, by name or by the ending of the file.

    Parameters
    ----------
    asked : Namespace
        What was typed.
    formats : collection of str
        Those that the command has.

    Raises
    ------
    UnknownName
        If the ending says no format, or one that the command has not.
    """
    ending = Path(asked.output or "").suffix.lower()
    if asked.format or not ending:
        return str(asked.format or "text")
    for name in formats:
        if ending in FORMATS[name]:
            return name
    endings = [known for name in formats for known in FORMATS[name]]
    raise UnknownName(
        "the command has no format for this file extension",
        field="--output",
        value=asked.output,
        hint=f"Use {', '.join(endings)}, or give --format",
    )


def refuse_inputs(asked: argparse.Namespace) -> None:
    """Refuse to write over a file that the command reads, by whatever name or link.

    Parameters
    ----------
    asked : Namespace
        What was typed.

    Raises
    ------
    InvalidValue
        If the output is one of the inputs.
    """
    output = getattr(asked, "output", None)
    if output is None or not os.path.exists(output):
        return
    given = [getattr(asked, name, None) for name in ("file", "id", "declare", "members")]
    named = [name for name in (*given, *getattr(asked, "files", ())) if name is not None]
    for name in named:
        for path in (name, *glob(name, recursive=True)):
            if os.path.exists(path) and os.path.samefile(path, output):
                raise InvalidValue(
                    "the output must not be a file that the command reads",
                    field="OUT" if asked.command == "convert" else "--output",
                    value=output,
                    hint="Give another name",
                )


def json_of(data: Mapping[str, Any]) -> str:
    """Return plain data as JSON with the version of its form."""
    versioned = {"schema_version": SCHEMA_VERSION, **data}
    return json.dumps(versioned, indent=2, ensure_ascii=False, allow_nan=False)


def deliver(text: str, output: str | None) -> None:
    """Write a text to a file, or to standard output where none is named."""
    if output is None:
        say(text)
    else:
        write_file(output, f"{text}\n")


def say_findings(findings: Sequence[str]) -> bool:
    """Name findings on standard error; return whether there are any."""
    if findings:
        noun = "finding" if len(findings) == 1 else "findings"
        complain(f"{len(findings)} {noun}: {', '.join(findings)}")
    return bool(findings)


def say_formulas(features: "Iterable[UnsupportedFeature]") -> None:
    """Warn on standard error of cells that a spreadsheet takes for formulas."""
    for feature in features:
        if feature.code == "FORMULA":
            rows = "1 row has" if feature.rows == 1 else f"{feature.rows} rows have"
            complain(
                f"{rows} a text that a spreadsheet takes for a formula "
                f"({'; '.join(feature.examples)}). Give --neutralise to put an apostrophe before it"
            )


def say(text: str) -> None:
    """Write a text to standard output as UTF-8, whatever the locale says.

    On a terminal nothing but colours reaches it as a control sequence.

    Raises
    ------
    BrokenPipeError
        If the reader has seen enough, as ``head`` has.
    OSError
        If the output is closed or full.
    """
    if sys.stdout is None:
        raise OSError(errno.EBADF, os.strerror(errno.EBADF), "standard output")
    formatted = "".join(map(_steerless, _COLOR.split(text))) if _is_terminal() else text
    buffer = getattr(sys.stdout, "buffer", None)
    with _told():
        if buffer is None:  # a stream of text alone, as notebooks and tests put in its place
            sys.stdout.write(f"{formatted}\n")
        else:
            sys.stdout.flush()
            buffer.write(f"{formatted}\n".encode())
        sys.stdout.flush()


def _steerless(piece: str) -> str:
    return piece if _COLOR.fullmatch(piece) else escape(piece, keep="\n\t")


def flush() -> None:
    """Write what is still buffered, so that a closed or full output is noticed before the end."""
    with _told():
        if sys.stdout is not None:
            sys.stdout.flush()


@contextmanager
def _told() -> Iterator[None]:
    """Name the standard output in the errors of writing to it."""
    try:
        yield
    except OSError as error:
        # What is still buffered has nowhere to go, and must not be tried again at exit.
        with suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise OSError(error.errno, error.strerror, "standard output") from None


def complain(text: str) -> None:
    """Write a text to standard error, where somebody reads it."""
    if sys.stderr is not None:
        with suppress(OSError):
            print("thbstats:", escape(text, keep="\n"), file=sys.stderr, flush=True)
