"""Engines that read files: DuckDB, or polars if DuckDB is not installed."""

import shutil
import tempfile
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import suppress
from functools import partial
from time import sleep
from typing import TYPE_CHECKING, Any, Protocol
from weakref import finalize

from attrs import frozen

from thbstats.cases.lazy_rows import collect_frame
from thbstats.cases.paths import CaseFile
from thbstats.exchange import Progress
from thbstats.tables.frames import library

if TYPE_CHECKING:
    import narwhals.stable.v2 as nw

__all__ = ["EMPTY", "TEXT", "Kind", "Scans", "add_number_column", "open_scans"]

_MEMORY = "500MB"
"""The memory limit of DuckDB, above which it writes to a temporary folder."""

_PAUSE = 0.05
_ATTEMPTS = 20

TEXT, NUMBER, EMPTY = "text", "number", "nothing"


@frozen
class Kind:
    """The type of a column.

    Parameters
    ----------
    name : str
        The kind of value, such as text, number or date; values of one kind can be compared.
    dtype : str
        The type in the engine.
    """

    name: str
    dtype: str = "text"


class Scans(Protocol):
    """An engine that reads files."""

    @property
    def name(self) -> str:
        """The name of the engine."""
        ...

    def kinds(self, file: CaseFile) -> Mapping[str, Kind]:
        """Return the type of each column of a file."""
        ...

    def scan(self, files: Sequence[CaseFile], folders: Sequence[str]) -> Any:
        """Return the rows of files of one format, with the values of folders."""
        ...

    def concat(self, frames: Sequence[Any]) -> Any:
        """Return the rows of frames with the same names and kinds of columns."""
        ...

    def collect(self, frame: "nw.LazyFrame[Any]", progress: Progress) -> Any:
        """Return the result of a query."""
        ...


def open_scans(*, text: bool) -> Scans:
    """Open an installed engine, whose temporary files are deleted with it.

    Parameters
    ----------
    text : bool
        Whether text files are read. Polars is not used for them: it fills short lines with empty
        cells.

    Raises
    ------
    MissingExtra
        If no engine is installed.
    """
    engine = library("duckdb") if text else library("duckdb", "polars")
    if engine.__name__ == "polars":
        return _Polars(engine)
    folder = tempfile.mkdtemp(prefix="thbstats-")
    options = {
        "memory_limit": _MEMORY,
        "temp_directory": folder,
        "preserve_insertion_order": "false",
    }
    connection = engine.connect(config=options)
    # A notebook without ipywidgets refuses both, and there is no progress.
    with suppress(engine.Error):
        connection.execute("SET enable_progress_bar_print = false")
        connection.execute("SET enable_progress_bar = true")
    result = _DuckDB(connection)
    finalize(result, _close, connection, folder)
    return result


def _close(connection: Any, folder: str) -> None:
    connection.close()
    shutil.rmtree(folder, ignore_errors=True)


@frozen(eq=False)
class _DuckDB:
    connection: Any
    name: str = "duckdb"

    def __reduce__(self) -> tuple[Any, ...]:
        return (partial(open_scans, text=True), ())  # another process opens a new connection

    def kinds(self, file: CaseFile) -> Mapping[str, Kind]:
        relation = self.scan([file], ())
        return dict(zip(relation.columns, map(_duckdb_kind, relation.types), strict=True))

    def scan(self, files: Sequence[CaseFile], folders: Sequence[str]) -> Any:
        options = ["hive_partitioning = false"]
        if folders:
            options = ["hive_partitioning = true", "hive_types_autocast = false"]
        first = files[0]
        if first.format == "csv":
            types = ", ".join(f"{_quoted(name)}: 'VARCHAR'" for name in first.header)
            options += [
                "header = true",
                "auto_detect = false",
                f"delim = {_quoted(first.separator)}",
                "quote = '\"'",
                "escape = '\"'",
                "strict_mode = true",
                "null_padding = false",
                f"columns = {{{types}}}",
                # An empty cell is an empty text, whose meaning the user declares.
                f"force_not_null = {_listed(first.header)}",
                # DuckDB would use the file extension.
                f"compression = '{'gzip' if first.packed else 'none'}'",
                # Otherwise DuckDB loses a last record that is longer than its buffer.
                f"parallel = {not first.careful}",
            ]
        paths = _listed(_literally(file.location) for file in files)
        return self.connection.sql(f"FROM read_{first.format}({paths}, {', '.join(options)})")

    def concat(self, frames: Sequence[Any]) -> Any:
        result, *others = frames
        for frame in others:
            result = result.union(frame)
        return result

    def collect(self, frame: "nw.LazyFrame[Any]", progress: Progress) -> Any:
        """Return the result; report progress, and interrupt the query on Ctrl-C."""
        with ThreadPoolExecutor(1) as pool:
            running = pool.submit(_collected, frame)
            try:
                while not wait([running], _PAUSE).done:
                    progress("counting", max(0.0, self.connection.query_progress() / 100))
            except BaseException:
                while not wait([running], _PAUSE).done:  # it may not have started
                    self.connection.interrupt()
                raise
        return running.result()


def _collected(frame: "nw.LazyFrame[Any]") -> Any:
    """Return the result; DuckDB refuses a query while its progress is read."""
    for _ in range(_ATTEMPTS):
        try:
            return collect_frame(frame)
        except Exception as error:
            if "connection is busy" not in str(error):
                raise
            sleep(_PAUSE)
    return collect_frame(frame)


def add_number_column(relation: Any, text: str, number: str) -> Any:
    """Return a relation of DuckDB with a column of text as numbers too."""
    column, name = (part.replace('"', '""') for part in (text, number))
    return relation.project(f'*, TRY_CAST("{column}" AS DOUBLE) AS "{name}"')


def _duckdb_kind(dtype: Any) -> Kind:
    return Kind(_duckdb_name(dtype), str(dtype))


def _duckdb_name(dtype: Any) -> str:
    if dtype.id in ("varchar", "enum"):
        return TEXT
    if dtype.id in ("decimal", "double", "float") or dtype.id.endswith("int"):
        return NUMBER
    if dtype.id in ("integer", "uinteger", "hugeint", "uhugeint"):
        return NUMBER
    return EMPTY if dtype.id == "null" else str(dtype).lower()


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _listed(texts: Any) -> str:
    return f"[{', '.join(map(_quoted, texts))}]"


def _literally(path: str) -> str:
    """Return a path as a pattern that matches only itself."""
    return "".join(f"[{sign}]" if sign in "[*?" else sign for sign in path)


@frozen(eq=False)
class _Polars:
    polars: Any
    name: str = "polars"

    def __reduce__(self) -> tuple[Any, ...]:
        return (partial(open_scans, text=False), ())

    def kinds(self, file: CaseFile) -> Mapping[str, Kind]:
        schema = self.scan([file], ()).collect_schema()
        return {name: Kind(self._name(dtype), str(dtype)) for name, dtype in schema.items()}

    def _name(self, dtype: Any) -> str:
        if dtype in (self.polars.String, self.polars.Categorical, self.polars.Enum):
            return TEXT
        if dtype.is_numeric():
            return NUMBER
        return EMPTY if dtype == self.polars.Null else str(dtype).lower()

    def scan(self, files: Sequence[CaseFile], folders: Sequence[str]) -> Any:
        scan, lit = self.polars.scan_parquet, self.polars.lit
        if not folders:
            return scan([file.location for file in files], hive_partitioning=False, glob=False)
        result = []
        for file in files:
            values = file.folders
            columns = [lit(values[name], self.polars.String).alias(name) for name in folders]
            rows = scan(file.location, hive_partitioning=False, glob=False)
            result.append(rows.with_columns(columns))
        return self.concat(result)

    def concat(self, frames: Sequence[Any]) -> Any:
        return self.polars.concat(frames, how="vertical_relaxed")

    def collect(self, frame: "nw.LazyFrame[Any]", progress: Progress) -> Any:
        progress("counting", 0.0)
        return collect_frame(frame)
