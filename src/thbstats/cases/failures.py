"""What an engine says when it fails, in one sentence: which file or partition, and why."""

import re
from collections.abc import Iterator

from thbstats.errors import EngineFailed, InvalidFile, ThbstatsError

__all__ = ["engine_error", "error_summary", "file_error", "is_interrupted"]

_FILE = re.compile(r"(?:reading|read|open|opening|scan(?:ning)?) file:? *[\"']?([^\s\"',;]+)", re.I)
_QUOTED = re.compile(r"\bfile:? *(?:\"([^\"\n]+)\"|'([^'\n]+)')", re.I)
_PARTITION = re.compile(r"[Ll]ost task (\d+)\.\d+ in stage")
# What DuckDB says of a line of text, before what could be done about it.
_LINE = re.compile(r"CSV Error on Line: (\d+)\n.*?([^\n]+)\n+Possible", re.DOTALL)
_CAUSE = re.compile(r"^\s*Caused by: [\w.$]+: (.+)$", re.MULTILINE)
_RAISED = re.compile(r"^(\w[\w.]*: .+)$", re.MULTILINE)  # how a trace of Python ends
_EXCEPTION = re.compile(r"^(?:(?:[\w.$]+(?:Exception|Error)|[A-Z]\w+(?: \w+)? Error): )+")
_SHOWN = 300
_HINT = "Correct what it names, and count again"


def engine_error(engine: str, error: Exception, hint: str = _HINT) -> ThbstatsError:
    """Return our error for that of an engine.

    Parameters
    ----------
    engine : str
        The name of the engine.
    error : Exception
        What it raised.
    hint : str
        What can be done, where it names no file.
    """
    text = str(error)
    file, partition = _QUOTED.search(text) or _FILE.search(text), _PARTITION.search(text)
    place = f", in partition {partition[1]}" if partition else ""
    if file:
        return file_error(next(filter(None, file.groups())).rstrip("."), error, place)
    return EngineFailed(
        f"{engine} failed{place}, and nothing was counted: {error_summary(error)}",
        hint=hint,
    )


def file_error(file: str, error: Exception, place: str = "") -> InvalidFile:
    """Return our error for a file that an engine could not read."""
    line = _LINE.search(str(error))
    return InvalidFile(
        f"{file} cannot be counted{place}, so no file was counted: "
        f"{line[2] if line else error_summary(error)}",
        row=f"line {line[1]}" if line else None,
        hint="Repair or download the file again, or leave it out",
    )


def error_summary(error: Exception) -> str:
    r"""Return what an engine says, without the traces that some append.

    Examples
    --------
    >>> error_summary(ValueError("Job aborted.\n\tat Scheduler.run\nCaused by: java.io.EOFException: End"))
    'End'
    """
    text = str(error)
    traced = _RAISED.findall(text) if "Traceback (most" in text else []
    found = [*_CAUSE.findall(text)[-1:], *traced[-1:]] or list(_sentences(text))[:1]
    told = found[-1].strip() if found else type(error).__name__
    return told if len(told) <= _SHOWN else f"{told[: _SHOWN - 3]}..."


def is_interrupted(error: BaseException | None) -> bool:
    """Whether an engine failed because somebody stopped it; Spark and DuckDB say so in words."""
    while error is not None:
        if isinstance(error, KeyboardInterrupt) or str(error) == "Query interrupted":
            return True
        error = error.__cause__ or error.__context__
    return False


def _sentences(text: str) -> Iterator[str]:
    for line in text.splitlines():
        said = _EXCEPTION.sub("", line.strip())
        if said and not said.startswith(("at ", "An error occurred while calling")):
            yield said
