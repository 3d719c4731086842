"""Files of cases."""

import os
import zlib
from collections.abc import Sequence
from glob import glob, has_magic
from gzip import BadGzipFile
from pathlib import Path
from typing import Any, BinaryIO, Literal
from urllib.parse import unquote

from attrs import evolve, field, frozen

from thbstats.cases.texts import check_cells, decompress, is_complete, is_gzip, read_header
from thbstats.errors import InvalidFile, InvalidValue
from thbstats.exchange import open_regular

__all__ = ["CaseFile", "are_paths", "find_files"]

_PARQUET = b"PAR1"
_START = 16
_TEXT = (".csv", ".tsv", ".tab", ".txt")
_CORRUPT = (EOFError, BadGzipFile, zlib.error)
_NOTHING = "__HIVE_DEFAULT_PARTITION__"


@frozen
class CaseFile:
    """A file of cases.

    Parameters
    ----------
    path : str
        The path, as messages show it.
    identity : tuple of int
        The device and the file number, which all names of a file share.
    format : {"parquet", "csv"}
        The format.
    header : tuple of str
        The names of the columns of a text file; the engine reads those of Parquet.
    separator : str
        The separator of the cells of a text file.
    packed : bool
        Whether it is compressed with gzip, regardless of its name.
    careful : bool
        Whether one thread reads a text file from start to end, so that no record is lost.
    location : str
        The absolute path, in which no engine replaces a ``~``.
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
        """Return a text file, marked for careful reading if its last record may be lost.

        Raises
        ------
        InvalidFile
            If it cannot be unpacked, ends within a quotation, or has a cell that is too long and
            ends otherwise than with a short record.
        """
        try:
            with open_regular(self.location) as file:
                text = decompress(file, packed=self.packed)
                if is_complete(text, self.separator, len(self.header)):
                    return self
                file.seek(0)
                text = decompress(file, packed=self.packed)
                check_cells(self.path, text, self.separator, len(self.header))
        except _CORRUPT as error:
            raise _corrupt_archive(self.path, error) from None
        return evolve(self, careful=True)

    @property
    def folders(self) -> dict[str, str | None]:
        """The values in the names of its folders, such as ``year=2020/part.parquet``.

        Raises
        ------
        InvalidFile
            If two folders of one name have different values.
        """
        result: dict[str, str | None] = {}
        for part in Path(self.location).parent.parts:
            name, _, value = part.partition("=")
            if name and "=" in part:
                text = None if value == _NOTHING else unquote(value)
                if result.setdefault(name, text) != text:
                    raise InvalidFile(
                        f"the folders of {self.path} must not have different values",
                        field=name,
                        hint="Rename one of the folders",
                    )
        return result


def are_paths(data: Any) -> bool:
    """Return whether a value is a path or a list of paths."""
    if isinstance(data, (list, tuple)):
        return bool(data) and all(isinstance(item, (str, os.PathLike)) for item in data)
    return isinstance(data, (str, os.PathLike))


def find_files(paths: str | os.PathLike[str] | Sequence[str | os.PathLike[str]]) -> list[CaseFile]:
    """Return the files of some paths and patterns, in order, after a check of each.

    Raises
    ------
    InvalidFile
        If a file is neither Parquet nor delimited text, is incomplete, or the files have two
        formats.
    InvalidValue
        If a pattern matches no file, a path is a folder or a URL, or a file is named twice.
    OSError
        If a file does not exist or may not be read.
    """
    items = [paths] if isinstance(paths, (str, os.PathLike)) else list(paths)
    result = [path for item in items for path in _expand(os.fspath(item))]
    files = [_inspect(path) for path in result]
    known: dict[tuple[int, int], str] = {}
    for file in files:
        first = known.setdefault(file.identity, file.path)
        if first is not file.path:
            raise InvalidValue(
                f"files must be named once; this is {first} again",
                field="data",
                value=file.path,
                hint="Remove one of the two paths",
            )
    other = next((file for file in files if file.format != files[0].format), None)
    if other is not None:
        raise InvalidFile(
            f"files must have one format: {other.path} is {other.format}, {files[0].path} is "
            f"{files[0].format}",
            hint="Count the files of each format separately",
        )
    return files


def _expand(path: str) -> list[str]:
    if "://" in path:
        raise InvalidValue(
            "must be a file on this machine, not a URL",
            field="data",
            value=path,
            hint="Pass a frame of the engine that reads it, such as a relation of DuckDB",
        )
    if not has_magic(path) or os.path.exists(path):
        return [path]
    result = sorted(name for name in glob(path, recursive=True) if not os.path.isdir(name))
    if not result:
        raise InvalidValue(
            "must match an existing file",
            field="data",
            value=path,
            hint="Check the folder and the file extension",
        )
    return result


def _inspect(path: str) -> CaseFile:
    if os.path.isdir(path):
        raise InvalidValue(
            "must be a file, not a folder",
            field="data",
            value=path,
            hint=f"Name its files: {str(Path(path, '*.parquet'))!r}",
        )
    with open_regular(path) as file:
        status = os.fstat(file.fileno())
        identity = status.st_dev, status.st_ino
        start = file.read(_START)
        extensions = [suffix.lower() for suffix in Path(path).suffixes]
        if start.startswith(_PARQUET) or extensions[-1:] == [".parquet"]:
            _check_parquet(path, file, status.st_size)
            return CaseFile(path, identity, "parquet")
        if not set(extensions[-2:]) & set(_TEXT):
            raise InvalidFile(
                f"{path} must be Parquet or delimited text",
                hint=f"Use the file extension {', '.join(_TEXT)} or .parquet, or thbstats.read",
            )
        packed = is_gzip(path, start)
        file.seek(0)
        try:
            header, separator = read_header(path, decompress(file, packed=packed))
        except _CORRUPT as error:
            raise _corrupt_archive(path, error) from None
    return CaseFile(path, identity, "csv", header, separator, packed)


def _corrupt_archive(path: str, error: Exception) -> InvalidFile:
    return InvalidFile(
        f"{path} cannot be decompressed: {error}", hint="Download or copy the file again"
    )


def _check_parquet(path: str, file: BinaryIO, size: int) -> None:
    """Refuse a file without the first and last bytes of Parquet."""
    file.seek(0)
    start = file.read(len(_PARQUET))
    file.seek(max(0, size - len(_PARQUET)))
    end = file.read(len(_PARQUET))
    if start != _PARQUET or end != _PARQUET or size < 3 * len(_PARQUET):
        cut = start == _PARQUET
        problem = "is incomplete: the last bytes are missing" if cut else "is not a Parquet file"
        raise InvalidFile(f"{path} {problem}", hint="Download or write the file again")
