"""Files of cases by their paths: which they are, and what they are."""

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
from thbstats.exchange.files import open_regular

__all__ = ["CaseFile", "are_paths", "find_files"]

_PARQUET = b"PAR1"
_START = 16
_TEXT = (".csv", ".tsv", ".tab", ".txt")
_NOT_UNPACKED = (EOFError, BadGzipFile, zlib.error)
_NOTHING = "__HIVE_DEFAULT_PARTITION__"


@frozen
class CaseFile:
    """One file.

    Parameters
    ----------
    path : str
        Its path, as messages name it.
    identity : tuple of int
        The device and the number of the file on it, which all its names share.
    format : {"parquet", "csv"}
        What it is.
    header : tuple of str
        The names of its columns, of text alone; those of Parquet the engine reads.
    separator : str
        What stands between the cells of text.
    packed : bool
        Whether it is packed with gzip, whatever its name ends with.
    careful : bool
        Whether one thread reads a text from start to end, so that no record is lost.
    location : str
        Its absolute path, in which no engine replaces a ``~``.
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
        """Return a text that is to be read with care, unless its last record is surely read.

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
        except _NOT_UNPACKED as error:
            raise _no_archive(self.path, error) from None
        return evolve(self, careful=True)

    @property
    def folders(self) -> dict[str, str | None]:
        """What the names of its folders say of all its rows, as in ``year=2020/part.parquet``.

        Raises
        ------
        InvalidFile
            If two folders of one name say different things.
        """
        found: dict[str, str | None] = {}
        for part in Path(self.location).parent.parts:
            name, _, value = part.partition("=")
            if name and "=" in part:
                said = None if value == _NOTHING else unquote(value)
                if found.setdefault(name, said) != said:
                    raise InvalidFile(
                        f"two folders of {self.path} say different things",
                        field=name,
                        hint="Rename one of them",
                    )
        return found


def are_paths(data: Any) -> bool:
    """Whether something is a path, or a list of paths."""
    if isinstance(data, (list, tuple)):
        return bool(data) and all(isinstance(item, (str, os.PathLike)) for item in data)
    return isinstance(data, (str, os.PathLike))


def find_files(paths: str | os.PathLike[str] | Sequence[str | os.PathLike[str]]) -> list[CaseFile]:
    """Return the files of some paths and patterns, in their order, each looked at.

    Parameters
    ----------
    paths : str, path or sequence of them
        Files, or patterns with ``*``, ``?``, ``[...]`` and ``**``.

    Raises
    ------
    InvalidFile
        If a file is neither Parquet nor text in columns, is not whole, or they are of both kinds.
    InvalidValue
        If a pattern finds no file, a path is a folder or elsewhere, or a file is named twice.
    OSError
        If the system does not give a file: it does not exist, or may not be read.
    """
    given = [paths] if isinstance(paths, (str, os.PathLike)) else list(paths)
    found = [path for item in given for path in _expanded(os.fspath(item))]
    files = [_looked_at(path) for path in found]
    known: dict[tuple[int, int], str] = {}
    for file in files:
        first = known.setdefault(file.identity, file.path)
        if first is not file.path:
            raise InvalidValue(
                f"this is the file {first} again, and its cases would be counted twice",
                field="data",
                value=file.path,
                hint="Name it once",
            )
    other = next((file for file in files if file.format != files[0].format), None)
    if other is not None:
        raise InvalidFile(
            f"{other.path} is {other.format} and {files[0].path} is {files[0].format}",
            hint="Count the files of each kind apart",
        )
    return files


def _expanded(path: str) -> list[str]:
    if "://" in path:
        raise InvalidValue(
            "a file that is not on this machine",
            field="data",
            value=path,
            hint="Give a frame of the engine that reads it, such as a relation of DuckDB",
        )
    if not has_magic(path) or os.path.exists(path):
        return [path]
    found = sorted(name for name in glob(path, recursive=True) if not os.path.isdir(name))
    if not found:
        raise InvalidValue(
            "there is no such file",
            field="data",
            value=path,
            hint="Check the folder and the file extension",
        )
    return found


def _looked_at(path: str) -> CaseFile:
    if os.path.isdir(path):
        raise InvalidValue(
            "this is a folder",
            field="data",
            value=path,
            hint=f"Say which of its files: {str(Path(path, '*.parquet'))!r}",
        )
    with open_regular(path) as file:
        about = os.fstat(file.fileno())
        identity = about.st_dev, about.st_ino
        start = file.read(_START)
        endings = [ending.lower() for ending in Path(path).suffixes]
        if start.startswith(_PARQUET) or endings[-1:] == [".parquet"]:
            _check_parquet(path, file, about.st_size)
            return CaseFile(path, identity, "parquet")
        if not set(endings[-2:]) & set(_TEXT):
            raise InvalidFile(
                f"{path} is neither Parquet nor, by its ending, text in columns",
                hint=f"Let its name end with {', '.join(_TEXT)} or .parquet, or read it with "
                "thbstats.read",
            )
        packed = is_gzip(path, start)
        file.seek(0)
        try:
            header, separator = read_header(path, decompress(file, packed=packed))
        except _NOT_UNPACKED as error:
            raise _no_archive(path, error) from None
    return CaseFile(path, identity, "csv", header, separator, packed)


def _no_archive(path: str, error: Exception) -> InvalidFile:
    return InvalidFile(f"{path} cannot be unpacked: {error}", hint="Download or copy it again")


def _check_parquet(path: str, file: BinaryIO, size: int) -> None:
    """Refuse what does not start and end as Parquet does."""
    file.seek(0)
    start = file.read(len(_PARQUET))
    file.seek(max(0, size - len(_PARQUET)))
    end = file.read(len(_PARQUET))
    if start != _PARQUET or end != _PARQUET or size < 3 * len(_PARQUET):
        cut = start == _PARQUET
        what = "is not complete: its end is missing" if cut else "is not a Parquet file"
        raise InvalidFile(f"{path} {what}", hint="Download or write it again")
