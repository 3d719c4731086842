"""Queries of engines: results, filters and errors."""

import re
from collections.abc import Callable, Iterable
from importlib.util import find_spec
from time import sleep
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from thbstats.errors import (
    EngineFailed,
    InvalidFile,
    InvalidValue,
    ThbstatsError,
    UnknownName,
    did_you_mean,
)

if TYPE_CHECKING:
    import narwhals.stable.v2 as nw

T = TypeVar("T")

Filter: TypeAlias = "tuple[nw.Expr, ...]"
"""Expressions that must all be true."""

Collect = Callable[["nw.LazyFrame[Any]"], Any]
"""A function from a lazy frame to its result in memory."""

Query = Callable[["nw.LazyFrame[Any]", Collect], T]
"""A query: a function of the rows and of a function that collects its result."""

_PAUSE = 0.002


def collect_frame(frame: "nw.LazyFrame[Any]") -> Any:
    """Return the result of an engine as a frame in memory."""
    import narwhals.stable.v2 as nw

    if frame.implementation.is_polars():
        return _collect_polars(frame.to_native())
    if find_spec("pyarrow"):
        return frame.collect("pyarrow").to_native()
    # Dates are texts in a pandas frame.
    days = [name for name, dtype in frame.collect_schema().items() if dtype == nw.Date]
    return frame.with_columns(nw.col(*days).cast(nw.String)).collect("pandas").to_native()


def _collect_polars(frame: Any) -> Any:
    """Return the rows of a lazy frame of polars, and stop it on Ctrl-C."""
    running = frame.collect(engine="streaming", background=True)
    try:
        while (result := running.fetch()) is None:
            sleep(_PAUSE)
    except BaseException:
        running.cancel()
        raise
    return result


_COLUMN = re.compile(r"\bcol\((.*?)\)")


def parse_filter(filter: Any) -> Filter:
    """Return expressions that must all be true."""
    if filter is None:
        return ()
    import narwhals as nw

    items: Any = (filter,) if isinstance(filter, nw.Expr) else filter
    result: Filter = tuple(items) if isinstance(items, Iterable) else (items,)
    for item in result:
        if not isinstance(item, nw.Expr):
            raise InvalidValue(
                "`filter` must be a narwhals expression",
                field="filter",
                value=type(item).__name__,
                hint="Use filter=nw.col('year') == 2020 after import narwhals as nw",
            )
    return result


def apply_filter(frame: Any, filter: Filter) -> Any:
    """Return the rows of a narwhals frame that satisfy all expressions."""
    if not filter:
        return frame
    names = frame.collect_schema().names()
    named = [name for item in filter for name in _COLUMN.findall(repr(item))]
    missing = next((name for name in named if name not in names), None)
    try:
        result = frame.filter(*filter)
        result.collect_schema()  # a lazy frame checks the names only here
    except Exception as error:  # each engine raises its own
        if missing is not None:
            raise UnknownName(
                "the columns of `filter` must be columns of all cases",
                field=missing,
                hint=did_you_mean(missing, names),
            ) from None
        raise InvalidValue(
            f"`filter` must fit the types of the columns: {str(error).splitlines()[0]}",
            field="filter",
            hint="Use texts for cells of a CSV file: nw.col('year') == '2020'",
        ) from error
    return result


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
    result = [*_CAUSE.findall(text)[-1:], *traced[-1:]] or _sentences(text)[:1]
    cause = result[-1].strip() if result else type(error).__name__
    return cause if len(cause) <= _LONGEST else f"{cause[: _LONGEST - 3]}..."


def is_interrupted(error: BaseException | None) -> bool:
    """Return whether the user stopped an engine; Spark and DuckDB report it as text."""
    while error is not None:
        if isinstance(error, KeyboardInterrupt) or str(error) == "Query interrupted":
            return True
        error = error.__cause__ or error.__context__
    return False


def _sentences(text: str) -> list[str]:
    lines = (_EXCEPTION.sub("", line.strip()) for line in text.splitlines())
    trace = ("at ", "An error occurred while calling")
    return [line for line in lines if line and not line.startswith(trace)]
