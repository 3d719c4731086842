"""Where text goes: always UTF-8, in colour on a terminal only, and quiet when nobody reads on."""

import argparse
import json
import os
import shutil
import sys
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from thbstats.errors import UnknownName

__all__ = [
    "FORMATS",
    "SCHEMA_VERSION",
    "colors",
    "deliver",
    "format_of",
    "json_of",
    "say",
    "say_findings",
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


def colors() -> bool:
    """Return whether standard output shows colours and its user has not declined them."""
    declined = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return sys.stdout.isatty() and not declined


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
        "the ending of the file says no format of this command",
        field="--output",
        value=asked.output,
        mend=f"End it with one of {', '.join(endings)}, or give --format",
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
        Path(output).write_text(f"{text}\n", encoding="utf-8", newline="\n")


def say_findings(findings: Sequence[str]) -> bool:
    """Name findings on standard error; return whether there are any."""
    if findings:
        noun = "finding" if len(findings) == 1 else "findings"
        print(f"thbstats: {len(findings)} {noun}: {', '.join(findings)}", file=sys.stderr)
    return bool(findings)


def say(text: str) -> None:
    """Write a text to standard output as UTF-8, whatever the locale says.

    A reader who has seen enough, such as ``head``, ends the writing without an error.
    """
    try:
        _write(f"{text}\n")
    except BrokenPipeError:
        # What is still buffered has nowhere to go, and must not be tried again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _write(text: str) -> None:
    buffer = getattr(sys.stdout, "buffer", None)
    if buffer is None:  # a stream of text alone, as notebooks and tests put in its place
        sys.stdout.write(text)
    else:
        sys.stdout.flush()
        buffer.write(text.encode())
    sys.stdout.flush()
