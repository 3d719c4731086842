"""Cases in files, frames and workbooks, and the engines that read files."""

import os
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import suppress
from functools import partial
from time import sleep
from typing import TYPE_CHECKING, Any, TypeAlias
from weakref import finalize

import pandas as pd
from attrs import evolve, frozen

from thbstats.cases.coded_columns import FrameRows, Grouped
from thbstats.cases.engine_keys import Collect
from thbstats.cases.engines import (
    EngineRows,
    Filter,
    Query,
    apply_filter,
    collect_frame,
    engine_error,
    file_error,
)
from thbstats.cases.file_checks import CaseFile, are_paths, check_columns, find_files
from thbstats.errors import InvalidFile, InvalidValue, MissingExtra, ThbstatsError
from thbstats.files import (
    Progress,
    Reading,
    no_progress,
    open_file,
    read_sheet,
)
from thbstats.files.case_file import Cases
from thbstats.files.parquet import check_row_groups
from thbstats.tables.frames import in_memory, library

if TYPE_CHECKING:
    import narwhals.stable.v2 as nw

_MEMORY = "500MB"
"""The memory limit of DuckDB, above which it writes to a temporary folder."""

_PAUSE = 0.05

_TEXT, _NUMBER, _EMPTY = "text", "number", "nothing"
_TWICE = "twice"  # the kind of a column that is also the name of a folder

Kind: TypeAlias = tuple[str, str]
"""The kind of a column, whose values can be compared, and its type in the engine."""


class FileRows(EngineRows):
    """Cases in Parquet or text files, which are read for each query.

    Cells of text files are texts, and empty cells are empty texts. If all files are in folders such
    as ``year=2020``, each folder name is a column of text.
    """

    def __init__(
        self,
        scans: "_DuckDB | _Polars",
        kinds: Mapping[CaseFile, Mapping[str, Kind]],
        filter: Filter = (),
        progress: Progress = no_progress,
    ) -> None:
        self.scans = scans
        self.kinds = kinds
        self.filter = filter
        self.progress = progress
        self._distinct = {}

    @classmethod
    def of(cls, paths: Any, filter: Filter = (), progress: Progress = no_progress) -> "FileRows":
        """Return the cases of files, after a check of each file."""
        files = find_files(paths)
        scans = _open(text=files[0].format == "csv")
        kinds: dict[CaseFile, Mapping[str, Kind]] = {}
        for number, file in enumerate(files):
            progress("looking at files", number / len(files))
            checked = file.checked()
            kinds[checked] = _kinds(scans, checked)
        result = cls(scans, kinds, filter, progress)
        if filter:  # its columns are checked now
            result.rows()
        return result

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all columns of all files."""
        return tuple(dict.fromkeys(name for columns in self.kinds.values() for name in columns))

    def _grouped(self, frame: "nw.LazyFrame[Any]", collect: Collect, **query: Any) -> Grouped:
        import narwhals.stable.v2 as nw

        weights = query["weights"]
        if weights is not None and next(iter(self.kinds)).format == "csv":
            number = f"{max(self.names, key=len)} as number"  # no other column has it
            text, name = (part.replace('"', '""') for part in (weights, number))
            native: Any = frame.to_native()
            frame = nw.from_native(native.project(f'*, TRY_CAST("{text}" AS DOUBLE) AS "{name}"'))
            query["number"] = number
        return super()._grouped(frame, collect, **query)

    def _problem(self, name: str) -> InvalidFile | None:
        """Return the error for a column that is missing or has another type in a file."""
        refused, first = partial(InvalidFile, field=name), None
        for file, columns in self.kinds.items():
            path, kind = file.path, columns.get(name, ("", ""))[0]
            if not kind:
                other = next(file.path for file, known in self.kinds.items() if name in known)
                problem = f"must be a column of every file; {other} has it, {path} does not"
                return refused(problem, hint=f"Add the column, or count {path} separately")
            if kind == _TWICE:
                return _named_twice(file, name)
            if kind == _EMPTY:  # it fits every type
                continue
            first = first or (kind, path)
            if kind != first[0]:
                problem = f"must have one type in all files: {kind} in {path}, {' in '.join(first)}"
                return refused(problem, hint="Write the column with one type in all files")
        return None

    def rows(self, columns: Sequence[str] = ()) -> "nw.LazyFrame[Any]":
        """Return some columns of all files, or all common columns if there is a filter.

        Files with the same columns are read together.
        """
        import narwhals.stable.v2 as nw

        for name in columns:
            if problem := self._problem(name):
                raise problem
        names = list(dict.fromkeys(columns))
        if self.filter or not names:
            # A filter can use each common column. Without one, any column counts the rows.
            names = [name for name in self.names if self._problem(name) is None]
            names = names if self.filter else names[:1]
        first, *_ = self.kinds
        folders = [n for n in first.folders if all(n in file.folders for file in self.kinds)]
        # Files with one header, separator, compression and types, each group in one scan.
        groups = defaultdict(list)
        for file, own in self.kinds.items():
            types = tuple(sorted((name, dtype) for name, (_, dtype) in own.items()))
            groups[file.header, file.separator, file.packed, file.careful, types].append(file)
        parts = [
            nw.from_native(self.scans.scan(files, folders)).select(*names).to_native()
            for files in groups.values()
        ]
        rows: nw.LazyFrame[Any] = apply_filter(
            nw.from_native(self.scans.concat(parts)), self.filter
        )
        return rows

    def _collect(self, frame: "nw.LazyFrame[Any]") -> Any:
        return self.scans.collect(frame, self.progress)

    def _failure(
        self, columns: Sequence[str], query: Query[Any], error: Exception
    ) -> ThbstatsError:
        """Return an error with the name of the file that caused it."""
        if "OutOfMemory" not in type(error).__name__:
            text = str(error)
            named = [file.path for file in self.kinds if file.path in text]
            if named:
                return file_error(max(named, key=len), error)
            for file, kinds in self.kinds.items():
                single = FileRows(self.scans, {file: kinds}, self.filter)
                try:
                    query(single.rows(columns), single._collect)
                except Exception as file_problem:
                    return file_error(file.path, file_problem)
        return engine_error(self.scans.name, error)


def _kinds(scans: "_DuckDB | _Polars", file: CaseFile) -> Mapping[str, Kind]:
    """Return the type of each column, including partition folders."""
    import narwhals.stable.v2 as nw

    own = dict.fromkeys(file.header, (_TEXT, _TEXT))
    if file.format == "parquet":
        try:
            native = scans.scan([file], ())
            schema = nw.from_native(native).collect_schema()
            types = native.types if scans.name == "duckdb" else native.collect_schema().dtypes()
        except Exception as error:  # each engine raises its own
            raise file_error(file.path, error) from error
        for (name, dtype), text in zip(schema.items(), map(str, types), strict=True):
            kind = _EMPTY if text.strip('"').lower() == "null" else str(dtype).lower()
            if dtype in (nw.String, nw.Categorical, nw.Enum):
                kind = _TEXT
            elif dtype.is_numeric():
                kind = _NUMBER
            own[name] = kind, text
        check_columns(file.path, len(own))
    # Engines read the folder instead of the column, and DuckDB ignores case.
    folders = {name.lower() for name in file.folders}
    twice = [name for name in own if name.lower() in folders]
    texts = dict.fromkeys(file.folders, (_TEXT, _TEXT))
    return texts | own | dict.fromkeys(twice, (_TWICE, _TEXT))


def _named_twice(file: CaseFile, name: str) -> InvalidFile:
    """Return the error for a column of a file that is also the name of its folder."""
    problem = f"must not be both a column of {file.path} and the name of its folder"
    return InvalidFile(problem, field=name, hint="Rename the folder, or the column")


def _open(*, text: bool) -> "_DuckDB | _Polars":
    """Open an installed engine, whose temporary files are deleted with it.

    Polars is not used for text files: it fills short lines with empty cells.
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
    # A notebook without ipywidgets refuses both, and shows no progress.
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
        return (partial(_open, text=True), ())  # another process opens a new connection

    def scan(self, files: Sequence[CaseFile], folders: Sequence[str]) -> Any:
        """Return the rows of files of one format, with the values of folders."""
        options = ["hive_partitioning = false"]
        if folders:
            options = ["hive_partitioning = true", "hive_types_autocast = false"]
        first = files[0]
        if first.format == "csv":
            types = ", ".join(f"{_quoted(name)}: 'VARCHAR'" for name in first.header)
            # An empty cell is an empty text, whose meaning the user declares. DuckDB would use the
            # file extension to decompress, and loses a last record longer than its buffer in
            # parallel.
            options.append(
                "header = true, auto_detect = false, "
                "quote = '\"', escape = '\"', "
                f"delim = {_quoted(first.separator)}, strict_mode = true, null_padding = false, "
                f"columns = {{{types}}}, force_not_null = {_listed(first.header)}, "
                f"compression = '{'gzip' if first.packed else 'none'}', "
                f"parallel = {not first.careful}"
            )
        # Each path is a pattern that matches only itself.
        paths = _listed(
            "".join(f"[{sign}]" if sign in "[*?" else sign for sign in file.location)
            for file in files
        )
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


def _collected(frame: "nw.LazyFrame[Any]", attempts: int = 20) -> Any:
    """Return the result; DuckDB refuses a query while its progress is read."""
    try:
        return collect_frame(frame)
    except Exception as error:
        if "connection is busy" not in str(error) or not attempts:
            raise
    sleep(_PAUSE)
    return _collected(frame, attempts - 1)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _listed(texts: Any) -> str:
    return f"[{', '.join(map(_quoted, texts))}]"


@frozen(eq=False)
class _Polars:
    polars: Any
    name: str = "polars"

    def __reduce__(self) -> tuple[Any, ...]:
        return (partial(_open, text=False), ())

    def scan(self, files: Sequence[CaseFile], folders: Sequence[str]) -> Any:
        """Return the rows of files of one format, with the values of folders."""
        scan, lit = self.polars.scan_parquet, self.polars.lit
        for file in files:
            _check_row_groups(file)
        if not folders:
            return scan([file.location for file in files], hive_partitioning=False, glob=False)
        result = []
        for file in files:
            values = {name: lit(file.folders[name], self.polars.String) for name in folders}
            rows = scan(file.location, hive_partitioning=False, glob=False)
            result.append(rows.with_columns(**values))
        return self.concat(result)

    def concat(self, frames: Sequence[Any]) -> Any:
        return self.polars.concat(frames, how="vertical_relaxed")

    def collect(self, frame: "nw.LazyFrame[Any]", progress: Progress) -> Any:
        progress("counting", 0.0)
        return collect_frame(frame)


def open_cases(
    data: Any, filter: Filter, progress: Progress
) -> tuple[FrameRows | EngineRows, Cases | None]:
    """Return the rows of a frame or of files, and the cases of a file that was read."""
    if are_paths(data):
        return FileRows.of(data, filter, progress), None
    if isinstance(data, Reading):
        problem = f"`data` must contain cases, and {data.log.name} contains counts"
        if data.cases is None:
            raise InvalidValue(problem, field="data", hint="Use its table: .data")
        data = data.cases
    cases = data if isinstance(data, Cases) else None
    frame = data if cases is None else cases.frame
    if isinstance(frame, pd.DataFrame) and not filter:
        return FrameRows.of(frame), cases
    import narwhals.stable.v2 as nw

    plain: Any = nw.from_native(frame, pass_through=True)
    if isinstance(plain, nw.LazyFrame):
        return EngineRows(apply_filter(plain, filter), progress), cases
    if filter:
        frame = apply_filter(nw.from_native(in_memory(frame)), filter).to_native()
    if cases is not None:
        frame = frame.reset_index(drop=True)
        cases = evolve(cases, frame=frame)
    return FrameRows.of(frame), cases


_SMALL_TEXT = 1 << 26  # bytes
_WORKBOOKS = (".xlsx", ".xlsm", ".ods")


def is_workbook_path(data: Any) -> bool:
    """Whether a value is the path of a workbook."""
    return isinstance(data, str | os.PathLike) and os.fspath(data).lower().endswith(_WORKBOOKS)


def is_small_text(data: Any) -> bool:
    """Whether pandas can read the files: they are small texts, and DuckDB is not installed."""
    if not are_paths(data):
        return False
    try:
        library("duckdb")
    except MissingExtra:
        texts = [own for own in find_files(data) if own.format == "csv" and not own.packed]
        sizes = [os.path.getsize(own.location) for own in texts]
        return 0 < sum(sizes) <= _SMALL_TEXT
    return False


def _check_row_groups(file: CaseFile) -> None:
    """Raise an error for a Parquet file whose numbers of rows differ, if pyarrow is installed.

    Pandas fills the memory with the rows, and polars ends the process. DuckDB has its own check.
    """
    with suppress(ImportError):
        from pyarrow import ArrowException, parquet

        # The engine describes another defect with its file.
        with suppress(ArrowException, OSError):
            check_row_groups(file.path, parquet.read_metadata(file.location))


def load_cases(data: Any, filter: Filter = ()) -> pd.DataFrame:
    """Return the rows of a workbook, of files, or of a frame of any engine, as a pandas frame."""
    import narwhals.stable.v2 as nw

    frame: Any
    if is_workbook_path(data):
        sheet = read_sheet(open_file(data))
        for row, cells in sheet.ragged[:1]:
            width = len(sheet.raw.columns)
            problem = f"each row of {data} must have {width} cells, got {len(cells)}"
            hint = "Delete the lines above the header, and the cells outside the table"
            raise InvalidFile(problem, row=row, hint=hint)
        texts = sheet.raw.astype(object)
        frame = texts.where(texts.apply(lambda column: column.str.strip()) != "", None)
    elif are_paths(data):
        frames = []
        for file in (own.checked() for own in find_files(data)):
            if file.format == "parquet":
                _check_row_groups(file)
                try:
                    frame = pd.read_parquet(file.location)
                except Exception as error:  # pandas raises the errors of its engine
                    raise file_error(file.path, error) from error
            else:
                file.check_rows()
                frame = pd.read_csv(
                    file.location,
                    sep=file.separator,
                    names=file.header,
                    header=0,
                    dtype=object,
                    # Without the empty cells after the last column.
                    usecols=range(len(file.header)),
                    index_col=False,
                    skip_blank_lines=len(file.header) > 1,
                    keep_default_na=False,  # NA is the code of Namibia
                    na_values=[""],
                    compression="gzip" if file.packed else None,
                )
            for name, value in file.folders.items():
                if name in frame.columns:
                    raise _named_twice(file, name)
                frame[name] = pd.Series(value, frame.index, dtype=object)
            frames.append(frame)
        # Only columns of all files are columns of the cases.
        frame = pd.concat(frames, ignore_index=True, join="inner")
    else:
        frame = in_memory(data)
    if filter:
        frame = apply_filter(nw.from_native(frame), filter).to_native()
    return frame if isinstance(frame, pd.DataFrame) else frame.to_pandas()
