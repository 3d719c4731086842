"""Errors of engines as one sentence with the file or partition and the cause."""

import re
from collections.abc import Iterator

from thbstats.errors import EngineFailed, InvalidFile, ThbstatsError

__all__ = ["engine_error", "error_summary", "file_error", "is_interrupted"]

_FILE = re.compile(r"(?:reading|read|open|opening|scan(?:ning)?) file:? *[\"']?([^\s\"',;]+)", re.I)
_QUOTED = re.compile(r"\bfile:? *(?:\"([^\"\n]+)\"|'([^'\n]+)')", re.I)
_PARTITION = re.compile(r"[Ll]ost task (\d+)\.\d+ in stage")
# DuckDB's message about a line of text, without its advice.
_LINE = re.compile(r"CSV Error on Line: (\d+)\n.*?([^\n]+)\n+Possible", re.DOTALL)
_CAUSE = re.compile(r"^\s*Caused by: [\w.$]+: (.+)$", re.MULTILINE)
_RAISED = re.compile(r"^(\w[\w.]*: .+)$", re.MULTILINE)  # the last line of a Python trace
_EXCEPTION = re.compile(r"^(?:(?:[\w.$]+(?:Exception|Error)|[A-Z]\w+(?: \w+)? Error): )+")
_LONGEST = 300
_HINT = "Correct the cause, and count again"


def engine_error(engine: str, error: Exception, hint: str = _HINT) -> ThbstatsError:
    """Return an error of this library for the error of an engine."""
    text = str(error)
    file, partition = _QUOTED.search(text) or _FILE.search(text), _PARTITION.search(text)
    location = f", in partition {partition[1]}" if partition else ""
    if file:
        return file_error(next(filter(None, file.groups())).rstrip("."), error, location)
    return EngineFailed(
        f"{engine} failed{location}: {error_summary(error)}",
        hint=hint,
    )


def file_error(file: str, error: Exception, location: str = "") -> InvalidFile:
    """Return an error of this library for a file that an engine could not read."""
    line = _LINE.search(str(error))
    return InvalidFile(
        f"{file} cannot be counted{location}: {line[2] if line else error_summary(error)}",
        row=f"line {line[1]}" if line else None,
        hint="Download or repair the file, or exclude it",
    )


def error_summary(error: Exception) -> str:
    r"""Return the message of an engine without its traces.

    Examples
    --------
    >>> error = ValueError("Job aborted.\n\tat Scheduler.run\nCaused by: java.io.EOFException: End")
    >>> error_summary(error)
    'End'
    """
    text = str(error)
    traced = _RAISED.findall(text) if "Traceback (most" in text else []
    result = [*_CAUSE.findall(text)[-1:], *traced[-1:]] or list(_sentences(text))[:1]
    cause = result[-1].strip() if result else type(error).__name__
    return cause if len(cause) <= _LONGEST else f"{cause[: _LONGEST - 3]}..."


def is_interrupted(error: BaseException | None) -> bool:
    """Return whether the user stopped an engine; Spark and DuckDB report it as text."""
    while error is not None:
        if isinstance(error, KeyboardInterrupt) or str(error) == "Query interrupted":
            return True
        error = error.__cause__ or error.__context__
    return False


def _sentences(text: str) -> Iterator[str]:
    for line in text.splitlines():
        sentence = _EXCEPTION.sub("", line.strip())
        if sentence and not sentence.startswith(("at ", "An error occurred while calling")):
            yield sentence
