"""Files of cases by their paths: which they are, and what they are."""

import csv
import gzip
import os
from collections import Counter
from collections.abc import Iterable, Sequence
from glob import glob, has_magic
from io import StringIO
from pathlib import Path
from typing import Any, Literal
from urllib.parse import unquote

from attrs import frozen

from thbstats.errors import InvalidFile, InvalidValue
from thbstats.exchange.files import sniff

__all__ = ["CaseFile", "are_paths", "files_of"]

_PARQUET = b"PAR1"
_GZIP = b"\x1f\x8b"
_TEXT = (".csv", ".tsv", ".tab", ".txt")
_HEADER = 1 << 20
_NOTHING = "__HIVE_DEFAULT_PARTITION__"


@frozen
class CaseFile:
    """One file.

    Parameters
    ----------
    path : str
        Where it is.
    format : {"parquet", "csv"}
        What it is.
    header : tuple of str
        The names of its columns, of text alone; those of Parquet the engine reads.
    separator : str
        What stands between the cells of text.
    packed : bool
        Whether it is compressed.
    """

    path: str
    format: Literal["parquet", "csv"]
    header: tuple[str, ...] = ()
    separator: str = ""
    packed: bool = False

    @property
    def ends_whole(self) -> bool:
        """Whether no cell is open at the end of a text, and its last line has every cell."""
        quotes, block = 0, b""
        with gzip.open(self.path) if self.packed else open(self.path, "rb") as file:
            while more := file.read(_HEADER):
                quotes, block = quotes + more.count(b'"'), block[-_HEADER:] + more
        last = block.rstrip(b"\r\n").rpartition(b"\n")[2].decode("utf-8", errors="replace")
        cells = next(csv.reader([last], delimiter=self.separator), [])
        return quotes % 2 == 0 and len(cells) == len(self.header)

    @property
    def folders(self) -> dict[str, str | None]:
        """What the names of its folders say of all its rows, as in ``year=2020/part.parquet``."""
        parts = (part.partition("=") for part in Path(self.path).parent.parts if "=" in part)
        return {
            name: None if value == _NOTHING else unquote(value) for name, _, value in parts if name
        }


def are_paths(data: Any) -> bool:
    """Whether something is a path, or a list of paths."""
    if isinstance(data, (list, tuple)):
        return bool(data) and all(isinstance(item, (str, os.PathLike)) for item in data)
    return isinstance(data, (str, os.PathLike))


def files_of(paths: str | os.PathLike[str] | Sequence[str | os.PathLike[str]]) -> list[CaseFile]:
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
    twice = [path for path, times in Counter(map(os.path.realpath, found)).items() if times > 1]
    if twice:
        raise InvalidValue(
            "a file is named twice, and its cases would be counted twice",
            field="data",
            value=twice[0],
            mend="Name it once",
        )
    files = [_looked_at(path) for path in found]
    other = next((file for file in files if file.format != files[0].format), None)
    if other is not None:
        raise InvalidFile(
            f"{other.path} is {other.format} and {files[0].path} is {files[0].format}",
            mend="Count the files of each kind apart",
        )
    return files


def _expanded(path: str) -> list[str]:
    if "://" in path:
        raise InvalidValue(
            "a file that is not on this machine",
            field="data",
            value=path,
            mend="Give a frame of the engine that reads it, such as a relation of DuckDB",
        )
    if not has_magic(path) or os.path.exists(path):
        return [path]
    found = sorted(name for name in glob(path, recursive=True) if not os.path.isdir(name))
    if not found:
        raise InvalidValue(
            "no file is called so", field="data", value=path, mend="Check the folder and the ending"
        )
    return found


def _looked_at(path: str) -> CaseFile:
    if os.path.isdir(path):
        raise InvalidValue(
            "this is a folder",
            field="data",
            value=path,
            mend=f"Say which of its files: {str(Path(path, '*.parquet'))!r}",
        )
    with open(path, "rb") as file:
        start = file.read(len(_PARQUET))
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - len(_PARQUET)))
        end = file.read()
    endings = [ending.lower() for ending in Path(path).suffixes]
    if start == _PARQUET or endings[-1:] == [".parquet"]:
        if start != _PARQUET or end != _PARQUET or size < 3 * len(_PARQUET):
            what = "is not whole: its end is missing" if start == _PARQUET else "is no Parquet file"
            raise InvalidFile(f"{path} {what}", mend="Fetch or write the file again")
        return CaseFile(path, "parquet")
    if not set(endings[-2:]) & set(_TEXT):
        raise InvalidFile(
            f"{path} is neither Parquet nor, by its ending, text in columns",
            mend=f"Let its name end with {', '.join(_TEXT)} or .parquet, or read it with "
            "thbstats.read",
        )
    return _text(path, packed=start.startswith(_GZIP))


def _text(path: str, *, packed: bool) -> CaseFile:
    try:
        with gzip.open(path) if packed else open(path, "rb") as file:
            text = file.read(_HEADER).decode("utf-8-sig", errors="replace")
    except (EOFError, gzip.BadGzipFile) as error:
        raise InvalidFile(f"{path} cannot be unpacked: {error}", mend="Fetch it again") from None
    if "\0" in text:
        raise InvalidFile(f"{path} is no text in UTF-8", mend="Save it again as UTF-8")
    separator = sniff(text.split("\n", 1)[0])
    rows = csv.reader(StringIO(text, newline=""), delimiter=separator)
    try:
        cells = next(rows, [])
    except csv.Error as error:
        raise InvalidFile(f"the header of {path} cannot be read: {error}", row="line 1") from None
    return CaseFile(path, "csv", _names(path, cells), separator, packed)


def _names(path: str, cells: Iterable[str]) -> tuple[str, ...]:
    names = tuple(cell.strip() for cell in cells)
    if not any(names):
        raise InvalidFile(f"{path} has no header", row="line 1", mend="Name its columns there")
    # Engines that speak SQL do not tell such names apart.
    repeated = [name for name, times in Counter(map(str.lower, names)).items() if times > 1]
    if repeated:
        raise InvalidFile(
            f"two columns of {path} have the same name",
            row="line 1",
            field=repeated[0],
            mend="Rename one of them",
        )
    return names
