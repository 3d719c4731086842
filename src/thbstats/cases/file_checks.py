"""Files of cases, and their checks before an engine reads them."""

import csv
import os
import re
import zlib
from collections import Counter
from collections.abc import Sequence
from functools import partial
from glob import glob, has_magic
from gzip import BadGzipFile, GzipFile
from io import StringIO, TextIOWrapper
from pathlib import Path
from typing import IO, Any, BinaryIO, Literal
from urllib.parse import unquote

from attrs import evolve, field, frozen

from thbstats.errors import InvalidFile, require
from thbstats.files import open_regular, sniff

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

    def checked(self) -> "CaseFile":
        """Return the file; a text is marked for careful reading if its last record may be lost."""
        if self.format == "parquet":
            return self
        try:
            with open_regular(self.location) as file:
                if _is_complete(_unpacked(file, self.packed), self.separator, len(self.header)):
                    return self
                self.check_rows()
        except _CORRUPT as error:
            raise _corrupt_archive(self.path, error) from None
        return evolve(self, careful=True)

    def check_rows(self) -> None:
        """Refuse a text with an open quotation, or a row with a missing or an additional cell.

        As in DuckDB, empty cells after the last column and blank lines are allowed. A blank line
        of a file with one column, which DuckDB reads as an empty cell, is refused.
        """
        width = len(self.header)
        with (
            open_regular(self.location) as file,
            TextIOWrapper(_unpacked(file, self.packed), "utf-8-sig", newline="") as lines,
        ):
            rows = csv.reader(lines, delimiter=self.separator, strict=True)
            try:
                next(rows, None)  # the header
                for row in rows:
                    if len(row) == width or (not row and width > 1):
                        continue
                    line = f"line {rows.line_num}"
                    problem = f"{self.path} must not contain a blank line"
                    hint = 'Delete the line, or write "" for an empty cell'
                    _refuse(not row, problem, hint, row=line)
                    is_ragged = len(row) < width or any(row[width:])
                    problem = f"each row of {self.path} must have {width} cells, got {len(row)}"
                    hint = "Correct the separators of the line, or exclude the file"
                    _refuse(is_ragged, problem, hint, row=line)
            except csv.Error as error:
                problem, line = f"{self.path} cannot be counted: {error}", f"line {rows.line_num}"
                hint = "Close the quotation mark, or remove the column with long cells"
                raise InvalidFile(problem, row=line, hint=hint) from None
            except UnicodeDecodeError:
                _refuse(True, f"{self.path} must be text in UTF-8", "Save the file as UTF-8")

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
    # The number of quotation marks of the whole file, and its last one or two blocks.
    quotes, size, tail = 0, 0, b""
    while block := file.read(_BLOCK):
        size += len(block)
        if columns == 1 and _BLANK.search(tail[-2:] + block):
            return False
        quotes, tail = quotes + block.count(b'"'), tail[-_BLOCK:] + block
    record = None if quotes % 2 else _last_record(tail, is_whole=len(tail) == size)
    if record is None:
        return False
    lines = StringIO(record.decode("utf-8", errors="replace"), newline="")
    try:
        result = list(csv.reader(lines, delimiter=separator, strict=True))
    except csv.Error:
        return False
    return [len(cells) for cells in result] == [columns]


def _last_record(tail: bytes, *, is_whole: bool) -> bytes | None:
    """Return the last record of a text that ends with ``tail``; ``None`` if it starts earlier."""
    tail = tail.rstrip(b"\r\n")
    sign = b"\n" if b"\n" in tail else b"\r"
    # A line break within quotation marks is part of a cell: the record has as many lines as its
    # quotation marks need to pair up.
    lines, quotes = tail.split(sign), 0
    for start in reversed(range(len(lines))):
        quotes += lines[start].count(b'"')
        if quotes % 2 == 0:
            return sign.join(lines[start:]) if start or is_whole else None
    return None
