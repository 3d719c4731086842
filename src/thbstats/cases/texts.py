"""Delimited text files: header and last record."""

import csv
import re
from collections import Counter
from gzip import GzipFile
from io import StringIO, TextIOWrapper
from typing import IO, Any, BinaryIO

from thbstats.errors import InvalidFile
from thbstats.exchange import sniff

__all__ = [
    "_COLUMNS",
    "check_cells",
    "check_columns",
    "decompress",
    "is_complete",
    "is_gzip",
    "read_header",
]

_COLUMNS = 2000
"""The maximum number of columns of a file of cases."""

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


def is_gzip(path: str, start: bytes) -> bool:
    """Return whether a file is compressed with gzip, by its first bytes.

    Raises
    ------
    InvalidFile
        If it has another compression.
    """
    for name, signature in _OTHERS.items():
        if re.match(signature, start):
            raise InvalidFile(
                f"{path} must not be compressed with {name}",
                hint="Decompress the file, or compress it with gzip",
            )
    return start.startswith(_GZIP)


def decompress(file: BinaryIO, *, packed: bool) -> IO[bytes]:
    """Return the bytes of an open file, decompressed if it is compressed with gzip."""
    result: IO[bytes] | Any = GzipFile(fileobj=file) if packed else file
    return result


def read_header(path: str, file: IO[bytes]) -> tuple[tuple[str, ...], str]:
    """Return the names of the columns of a text file, and the separator of its cells.

    Raises
    ------
    InvalidFile
        If it is not UTF-8, or its header is missing, longer than 1 MiB, has too many columns, a
        column without a name, a line break in a name, or two equal names.
    """
    data = file.read(_BLOCK)
    text = data.decode("utf-8-sig", errors="surrogateescape")
    separator = sniff(_LINE_END.split(_QUOTED.sub("", text), maxsplit=1)[0])
    lines = StringIO(text, newline="")
    try:
        cells = next(csv.reader(lines, delimiter=separator, strict=True), [])
    except csv.Error as error:
        raise InvalidFile(f"the header of {path} cannot be read: {error}", row="line 1") from None
    if len(data) == _BLOCK and lines.tell() == len(text):
        raise InvalidFile(
            f"the header of {path} must end within {_BLOCK} bytes",
            row="line 1",
            hint="Close the last quotation mark, or shorten the names of the columns",
        )
    if any(map(_LINE_END.search, cells)):  # the engine would not find the first row
        raise InvalidFile(
            f"names of columns of {path} must not contain a line break",
            row="line 1",
            hint="Remove the line break",
        )
    if b"\0" in data or not _is_text("".join(cells)):
        raise InvalidFile(f"{path} must be text in UTF-8", hint="Save the file as UTF-8")
    check_columns(path, len(cells))
    names = tuple(cell.strip() for cell in cells)
    if not any(names):
        raise InvalidFile(
            f"{path} must have a header", row="line 1", hint="Add the names of the columns"
        )
    if "" in names:
        raise InvalidFile(
            f"every column of {path} must have a name, column {names.index('') + 1} has none",
            row="line 1",
            hint="Name the column in the header, or remove the column",
        )
    # Engines with SQL ignore case.
    repeated = [name for name, times in Counter(map(str.lower, names)).items() if times > 1]
    if repeated:
        raise InvalidFile(
            f"columns of {path} must have different names",
            row="line 1",
            field=repeated[0],
            hint="Rename one of the columns",
        )
    return names, separator


def _is_text(text: str) -> bool:
    """Return whether a text has no bytes that are invalid in UTF-8."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def check_columns(path: str, number: int) -> None:
    """Refuse a file with too many columns."""
    if number > _COLUMNS:
        raise InvalidFile(
            f"{path} must have at most {_COLUMNS} columns, got {number}",
            hint="Write the columns to count to a new file",
        )


def is_complete(file: IO[bytes], separator: str, columns: int) -> bool:
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


def check_cells(path: str, file: IO[bytes], separator: str, columns: int) -> None:
    """Refuse a text that ends within a quotation, or has a cell that is too long.

    A blank line in a file with one column is refused too: DuckDB reads it as an empty cell.

    Raises
    ------
    InvalidFile
        With the line.
    """
    # The wrapper closes the file too.
    with TextIOWrapper(file, "utf-8", errors="replace", newline="") as lines:
        rows = csv.reader(lines, delimiter=separator, strict=True)
        try:
            for row in rows:
                if columns == 1 and not row:
                    raise InvalidFile(
                        f"{path} must not contain a blank line",
                        row=f"line {rows.line_num}",
                        hint='Delete the line, or write "" for an empty cell',
                    )
        except csv.Error as error:
            raise InvalidFile(
                f"{path} cannot be counted: {error}",
                row=f"line {rows.line_num}",
                hint="Close the quotation mark, or remove the column with long cells",
            ) from None
