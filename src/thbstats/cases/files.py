"""Cases in files: their checks, the engines that read them, and rows of persons."""

import csv
import os
import re
import shutil
import tempfile
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import suppress
from functools import partial
from glob import glob, has_magic
from gzip import BadGzipFile, GzipFile
from io import StringIO, TextIOWrapper
from pathlib import Path
from time import sleep
from typing import IO, TYPE_CHECKING, Any, BinaryIO, Literal, TypeAlias
from urllib.parse import unquote
from weakref import finalize

import pandas as pd
from attrs import evolve, field, frozen

from thbstats.cases.coded_columns import FrameRows, Grouped
from thbstats.cases.engines import (
    Collect,
    EngineRows,
    Filter,
    Query,
    apply_filter,
    collect_frame,
    engine_error,
    file_error,
)
from thbstats.errors import InvalidFile, InvalidValue, ThbstatsError, require, require_name
from thbstats.files import (
    Progress,
    Reading,
    no_progress,
    open_file,
    open_regular,
    read_sheet,
    sniff,
)
from thbstats.files.case_file import Cases
from thbstats.tables.frames import in_memory, library

if TYPE_CHECKING:
    import narwhals.stable.v2 as nw

_PARQUET = b"PAR1"
_START = 16
_EXTENSIONS = (".csv", ".tsv", ".tab", ".txt")
_CORRUPT = (EOFError, BadGzipFile, zlib.error)
_EMPTY_FOLDER = "__HIVE_DEFAULT_PARTITION__"
_COLUMNS = 2000

_GZIP = b"\x1f\x8b"
_OTHERS = {
    "zip": rb"PK(\x03\x04|\x05\x06|\x07\x08)",
    "bzip2": rb"BZh[1-9](1AY&SY|\x17rE8P\x90)",
    "xz": rb"\xfd7zXZ\0",
    "zstd": rb"[\x22-\x28\x50-\x5f]\xb5\x2f\xfd|[\x50-\x5f]\x2a\x4d\x18",
    "lz4": rb"\x04\x22\x4d\x18",
    "compress": rb"\x1f[\x9d\xa0]",
    "7z": rb"7z\xbc\xaf\x27\x1c",
    "rar": rb"Rar!\x1a\x07",
}
"""The first bytes of unsupported compressed files."""

_BLOCK = 1 << 20
_QUOTED = re.compile('"[^"]*"?')
_LINE_END = re.compile(r"\r\n?|\n")
_BLANK = re.compile(rb"\n\r?\n|\r\r")


def _refuse(is_wrong: object, problem: str, hint: str, **location: str | None) -> None:
    """Raise an error for a file that cannot be counted."""
    if is_wrong:
        raise InvalidFile(problem, hint=hint, **location)


@frozen
class CaseFile:
    """A file of cases.

    ``path`` is the path as messages show it, and ``location`` the absolute path, in which no engine
    replaces a ``~``. All names of a file share its ``identity``. ``packed`` is whether it is
    compressed with gzip, regardless of its name. ``careful`` is whether one thread reads a text
    file from start to end, so that no record is lost.
    """

    path: str
    identity: tuple[int, int]
    format: Literal["parquet", "csv"]
    header: tuple[str, ...] = ()
    separator: str = ""
    packed: bool = False
    careful: bool = False
    location: str = field()

    @location.default
    def _absolute(self) -> str:
        return str(Path(self.path).absolute())

    def check_text(self) -> "CaseFile":
        """Return a text file, marked for careful reading if its last record may be lost."""
        try:
            with open_regular(self.location) as file:
                if _is_complete(_unpacked(file, self.packed), self.separator, len(self.header)):
                    return self
                file.seek(0)
                self._check_cells(_unpacked(file, self.packed))
        except _CORRUPT as error:
            raise _corrupt_archive(self.path, error) from None
        return evolve(self, careful=True)

    def _check_cells(self, file: IO[bytes]) -> None:
        """Refuse a text that ends within a quotation, or has a cell that is too long.

        A blank line in a file with one column is refused too: DuckDB reads it as an empty cell.
        """
        # The wrapper closes the file too.
        with TextIOWrapper(file, "utf-8", errors="replace", newline="") as lines:
            rows = csv.reader(lines, delimiter=self.separator, strict=True)
            try:
                for row in rows:
                    line, is_blank = f"line {rows.line_num}", len(self.header) == 1 and not row
                    problem = f"{self.path} must not contain a blank line"
                    hint = 'Delete the line, or write "" for an empty cell'
                    _refuse(is_blank, problem, hint, row=line)
            except csv.Error as error:
                problem, line = f"{self.path} cannot be counted: {error}", f"line {rows.line_num}"
                hint = "Close the quotation mark, or remove the column with long cells"
                raise InvalidFile(problem, row=line, hint=hint) from None

    @property
    def folders(self) -> dict[str, str | None]:
        """The values in the names of its folders, such as ``year=2020/part.parquet``."""
        result: dict[str, str | None] = {}
        for part in Path(self.location).parent.parts:
            name, _, value = part.partition("=")
            if name and "=" in part:
                text = None if value == _EMPTY_FOLDER else unquote(value)
                problem = f"the folders of {self.path} must not have different values"
                is_other = result.setdefault(name, text) != text
                _refuse(is_other, problem, "Rename one of the folders", field=name)
        return result


def are_paths(data: Any) -> bool:
    """Return whether a value is a path or a list of paths."""
    items = data if isinstance(data, (list, tuple)) else [data]
    return bool(items) and all(isinstance(item, (str, os.PathLike)) for item in items)


def find_files(paths: str | os.PathLike[str] | Sequence[str | os.PathLike[str]]) -> list[CaseFile]:
    """Return the files of some paths and patterns, in order, after a check of each."""
    items = [paths] if isinstance(paths, (str, os.PathLike)) else list(paths)
    names: list[str] = []
    for path in [os.fspath(item) for item in items]:
        hint = "Pass a frame of the engine that reads it, such as a relation of DuckDB"
        require("://" not in path, "must be a file on this machine, not a URL", hint, data=path)
        matching, is_pattern = [path], has_magic(path) and not os.path.exists(path)
        if is_pattern:
            every = glob(path, recursive=True)
            matching = sorted(name for name in every if not os.path.isdir(name))
        hint = "Check the folder and the file extension"
        require(matching, "must match an existing file", hint, data=path)
        names += matching
    files, known = list(map(_inspect, names)), dict[tuple[int, int], str]()
    for file in files:
        problem = f"files must be named once; this is {known.get(file.identity)} again"
        is_new = file.identity not in known
        require(is_new, problem, "Remove one of the two paths", data=file.path)
        known[file.identity], first = file.path, files[0]
        formats = f"{file.path} is {file.format}, {first.path} is {first.format}"
        hint = "Count the files of each format separately"
        _refuse(file.format != first.format, f"files must have one format: {formats}", hint)
    return files


def _inspect(path: str) -> CaseFile:
    hint = f"Name its files: {str(Path(path, '*.parquet'))!r}"
    require(not os.path.isdir(path), "must be a file, not a folder", hint, data=path)
    with open_regular(path) as file:
        status = os.fstat(file.fileno())
        identity = status.st_dev, status.st_ino
        start = file.read(_START)
        extensions = [suffix.lower() for suffix in Path(path).suffixes]
        if start.startswith(_PARQUET) or extensions[-1:] == [".parquet"]:
            size, width = status.st_size, len(_PARQUET)
            file.seek(max(0, size - width))
            is_start = start.startswith(_PARQUET)
            is_wrong = not is_start or file.read(width) != _PARQUET or size < 3 * width
            cut = "is incomplete: the last bytes are missing"
            problem = f"{path} {cut if is_start else 'is not a Parquet file'}"
            _refuse(is_wrong, problem, "Download or write the file again")
            return CaseFile(path, identity, "parquet")
        is_other = not set(extensions[-2:]) & set(_EXTENSIONS)
        hint = f"Use the file extension {', '.join(_EXTENSIONS)} or .parquet, or thbstats.read"
        _refuse(is_other, f"{path} must be Parquet or delimited text", hint)
        packed = is_gzip(path, start)
        file.seek(0)
        try:
            header, separator = _read_header(path, _unpacked(file, packed))
        except _CORRUPT as error:
            raise _corrupt_archive(path, error) from None
    return CaseFile(path, identity, "csv", header, separator, packed)


def _corrupt_archive(path: str, error: Exception) -> InvalidFile:
    problem = f"{path} cannot be decompressed: {error}"
    return InvalidFile(problem, hint="Download or copy the file again")


def is_gzip(path: str, start: bytes) -> bool:
    """Return whether a file is compressed with gzip, by its first bytes."""
    for name, signature in _OTHERS.items():
        problem = f"{path} must not be compressed with {name}"
        hint = "Decompress the file, or compress it with gzip"
        _refuse(re.match(signature, start), problem, hint)
    return start.startswith(_GZIP)


def _unpacked(file: BinaryIO, packed: bool) -> Any:
    return GzipFile(fileobj=file) if packed else file


def _read_header(path: str, file: IO[bytes]) -> tuple[tuple[str, ...], str]:
    """Return the names of the columns of a text file, and the separator of its cells."""
    refuse = partial(_refuse, row="line 1")
    data = file.read(_BLOCK)
    text = data.decode("utf-8-sig", errors="surrogateescape")
    separator = sniff(_LINE_END.split(_QUOTED.sub("", text), maxsplit=1)[0])
    lines, cells = StringIO(text, newline=""), []
    try:
        cells = next(csv.reader(lines, delimiter=separator, strict=True), [])
    except csv.Error as error:
        refuse(True, f"the header of {path} cannot be read: {error}", "")
    problem = f"the header of {path} must end within {_BLOCK} bytes"
    hint = "Close the last quotation mark, or shorten the names of the columns"
    refuse(len(data) == _BLOCK and lines.tell() == len(text), problem, hint)
    # The engine would not find the first row.
    problem = f"names of columns of {path} must not contain a line break"
    refuse(any(map(_LINE_END.search, cells)), problem, "Remove the line break")
    # Bytes that are invalid in UTF-8 are surrogates.
    is_invalid = b"\0" in data or any("\ud800" <= letter <= "\udfff" for letter in "".join(cells))
    _refuse(is_invalid, f"{path} must be text in UTF-8", "Save the file as UTF-8")
    check_columns(path, len(cells))
    names = tuple(cell.strip() for cell in cells)
    refuse(not any(names), f"{path} must have a header", "Add the names of the columns")
    unnamed = next((number for number, name in enumerate(names, start=1) if not name), 0)
    problem = f"every column of {path} must have a name, column {unnamed} has none"
    refuse(unnamed, problem, "Name the column in the header, or remove the column")
    # Engines with SQL ignore case.
    repeated = [name for name, times in Counter(map(str.lower, names)).items() if times > 1]
    problem, name = f"columns of {path} must have different names", next(iter(repeated), None)
    refuse(repeated, problem, "Rename one of the columns", field=name)
    return names, separator


def check_columns(path: str, number: int) -> None:
    """Refuse a file with too many columns."""
    problem = f"{path} must have at most {_COLUMNS} columns, got {number}"
    _refuse(number > _COLUMNS, problem, "Write the columns to count to a new file")


def _is_complete(file: IO[bytes], separator: str, columns: int) -> bool:
    """Return whether the last record of a text file is short and has every cell.

    A file with one column must also have no blank line, which could be an empty cell.
    """
    quotes, size, tail = 0, 0, b""
    while block := file.read(_BLOCK):
        size += len(block)
        if columns == 1 and _BLANK.search(tail[-2:] + block):
            return False
        quotes, tail = quotes + block.count(b'"'), tail[-_BLOCK:] + block
    if quotes % 2:
        return False
    is_all = len(tail) == size
    tail = tail.rstrip(b"\r\n")
    sign = b"\n" if b"\n" in tail else b"\r"
    start, quotes = len(tail), 0
    while True:
        end, start = start, tail.rfind(sign, 0, start)
        if start < 0 and not is_all:
            return False
        quotes += tail.count(b'"', max(start, 0), end)
        if start < 0 or quotes % 2 == 0:  # the line does not end within a quotation
            break
    record = tail[start + 1 :].decode("utf-8", errors="replace")
    try:
        result = list(csv.reader(StringIO(record, newline=""), delimiter=separator, strict=True))
    except csv.Error:
        return False
    return [len(cells) for cells in result] == [columns]


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
            checked = file.check_text() if file.format == "csv" else file
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
        first, problem = ("", ""), ""
        for path, columns in ((file.path, own) for file, own in self.kinds.items()):
            kind, _ = columns.get(name, ("", ""))
            if not kind:
                other = next(file.path for file, known in self.kinds.items() if name in known)
                problem = f"must be a column of every file; {other} has it, {path} does not"
                hint = f"Add the column, or count {path} separately"
            elif kind == _TWICE:
                problem = f"must not be both a column of {path} and the name of its folder"
                hint = "Rename the folder, or the column"
            elif first[0] and kind not in (first[0], _EMPTY):
                kinds = f"{kind} in {path}, {' in '.join(first)}"
                problem = f"must have one type in all files: {kinds}"
                hint = "Write the column with one type in all files"
            if problem:
                return InvalidFile(problem, field=name, hint=hint)
            if not first[0] and kind != _EMPTY:
                first = kind, path
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
            names = [name for name in self.names if self._problem(name) is None]
        if not (self.filter or columns):
            names = names[:1]
        first, *_ = self.kinds
        folders = [n for n in first.folders if all(n in file.folders for file in self.kinds)]
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

    def close() -> None:
        connection.close()
        shutil.rmtree(folder, ignore_errors=True)

    finalize(result, close)
    return result


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
        """Return the rows of frames with the same names and kinds of columns."""
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
        """Return the rows of frames with the same names and kinds of columns."""
        return self.polars.concat(frames, how="vertical_relaxed")

    def collect(self, frame: "nw.LazyFrame[Any]", progress: Progress) -> Any:
        """Return the result of a query."""
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


_WORKBOOKS = (".xlsx", ".xlsm", ".ods")


def is_workbook_path(data: Any) -> bool:
    """Whether a value is the path of a workbook."""
    return isinstance(data, str | os.PathLike) and os.fspath(data).lower().endswith(_WORKBOOKS)


def load_cases(data: Any) -> pd.DataFrame:
    """Return the rows of a workbook, of files, or of a frame of any engine, as a pandas frame."""
    if is_workbook_path(data):
        texts = read_sheet(open_file(data)).raw.astype(object)
        return texts.where(texts.apply(lambda column: column.str.strip()) != "", None)
    if are_paths(data):
        frames = [
            pd.read_parquet(file.location)
            if file.format == "parquet"
            else pd.read_csv(file.location, sep=file.separator, dtype=object)
            for file in find_files(data)
        ]
        return pd.concat(frames, ignore_index=True)
    frame = in_memory(data)
    return frame if isinstance(frame, pd.DataFrame) else frame.to_pandas()


def join_persons(
    frame: pd.DataFrame, person: str, lists: Iterable[str], separator: str
) -> pd.DataFrame:
    """Return one row for each person; the texts of ``lists`` are joined.

    Rows of a person with different values in another column, or a row without a person, raise
    `InvalidValue`.
    """
    require_name(person, map(str, frame.columns), "`person` must be a column of the cases")
    if frame[person].isna().any():
        row = int(frame[person].isna().to_numpy().argmax())
        raise InvalidValue("must name the person", row=row, field=person, hint="Complete the cell")
    groups, joined = frame.groupby(person, sort=False), set(lists)
    result = groups.first()  # the first value that is not empty
    for name in frame.columns:
        if name in joined:
            texts: Any = frame[name].astype(object).where(frame[name].notna(), None)
            result[name] = texts.groupby(frame[person], sort=False).agg(
                lambda own: (
                    separator.join(dict.fromkeys(str(t) for t in own if t is not None)) or None
                )
            )
        elif name != person and (different := groups[name].agg("nunique") > 1).any():
            raise InvalidValue(
                f"must be the same in all rows of a person, such as {different.idxmax()}",
                field=str(name),
                hint=f"Correct the rows, or join the answers: multi={{...: {name!r}}}",
            )
    return result.reset_index()
