"""Delimited text: CSV, TSV and similar files."""

import csv
import re
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from io import BytesIO, StringIO, TextIOWrapper
from itertools import islice

import numpy as np
import pandas as pd
from attrs import evolve, frozen
from numpy.typing import NDArray

from thbstats.errors import InvalidFile, InvalidValue
from thbstats.exchange.files.input_file import InputFile
from thbstats.exchange.files.plain_rows import read_plain_rows
from thbstats.tables.encoding import coded

__all__ = [
    "FIRST_LINES",
    "RaggedLine",
    "RawTable",
    "check_separator",
    "check_texts",
    "names_of",
    "read_delimited",
    "separator_of",
    "sniff",
    "table_of_rows",
]

FIRST_LINES = 20
"""The number of lines in which a header is searched."""

_HEADER = 1 << 20
_HEAD = 1 << 23  # bytes of so many characters
_SHORT = 1 << 16  # bytes of a header without quotations
_LINE = 1 << 22  # characters of a line
_ROWS = 1 << 12  # rows stored as texts before encoding
_TSV = re.compile(r"\.(?:tsv|tab)(?:\.gz)?$", re.IGNORECASE)
_NO_CODES = np.zeros(0, dtype=np.int32)


@frozen(kw_only=True)
class RaggedLine:
    """A line with more or fewer cells than the header.

    Parameters
    ----------
    line : int
        Its number, from 1.
    cells : tuple of str
        Its cells.
    """

    line: int
    cells: tuple[str, ...]


@frozen(kw_only=True, eq=False)
class RawTable:
    """The cells of a file as texts; an empty cell is an empty text.

    Parameters
    ----------
    frame : DataFrame
        A categorical column of texts for each column of the file.
    lines : array of int64, shape (n,)
        The number, from 1, of the first line of each row.
    ragged : tuple of RaggedLine
        Lines with more or fewer cells than the header.
    preamble : tuple of tuple of str
        The cells of the lines before the header.
    notes : tuple of str
        Notes on the whole file.
    """

    frame: pd.DataFrame
    lines: NDArray[np.int64]
    ragged: tuple[RaggedLine, ...] = ()
    preamble: tuple[tuple[str, ...], ...] = ()
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.lines)


def sniff(line: str, signs: str = "\t;,") -> str:
    """Return the most frequent separator of a header.

    Parameters
    ----------
    line : str
        The header.
    signs : str
        The possible separators; the first one wins a tie.

    Returns
    -------
    str
        One separator; the last of ``signs`` if the header contains none.

    Examples
    --------
    >>> sniff("sex;age;value")
    ';'
    """
    outside = "".join(line.split('"')[::2])
    counts = {sign: outside.count(sign) for sign in signs}
    return max(counts, key=lambda sign: counts[sign]) if any(counts.values()) else signs[-1]


def separator_of(file: InputFile, header: str) -> str:
    """Return the separator of a file: a tab for ``.tsv``, otherwise by its header."""
    return "\t" if _TSV.search(file.name) else sniff(header)


def check_separator(separator: str) -> None:
    """Raise an error for an invalid separator.

    Raises
    ------
    InvalidValue
        If it is not one character, or one that occurs in numbers, around cells or between lines.
    """
    if len(separator) != 1 or separator.isalnum() or separator in '"\r\n\0.-':
        raise InvalidValue(
            "must be one character that separates cells",
            field="separator",
            value=separator,
            hint="Pass separator=',', ';', '|' or '\\t'",
        )


def read_delimited(
    file: InputFile,
    separator: str | None = None,
    *,
    header: Callable[[Sequence[str]], bool] | None = None,
) -> RawTable:
    r"""Return the cells of a delimited text.

    Parameters
    ----------
    file : InputFile
        The file.
    separator : str, optional
        The separator of cells; by default a tab for a ``.tsv`` file, otherwise the result of
        `sniff`.
    header : callable, optional
        Function that recognises the header by its cells; by default the first line is the header.

    Raises
    ------
    InvalidFile
        If there is no header, two columns have the same name, a quotation is not closed, or the
        file exceeds the limits.

    Examples
    --------
    >>> from thbstats.exchange import open_bytes
    >>> table = read_delimited(open_bytes(b"sex,value\nfemale,12\nmale,<5\n"))
    >>> list(table.frame["value"]), table.lines.tolist()
    (['12', '<5'], [2, 3])
    """
    if separator is not None:
        check_separator(separator)
    preamble = _preamble(file, separator, header) if header else []
    data, limits = file.utf8, file.limits
    text = _head(data, len(preamble))
    begin = _start_of(text, len(preamble))
    names, start, line = _header(file, text, begin, separator, len(preamble))
    sign = separator or separator_of(file, text[begin:start])
    before = text[:start].encode()
    columns = None
    many = _cells_in(data, len(before), len(names), sign, limits.cells) > limits.cells
    if many and b'"' not in data:
        raise limits.exceeded(file.name, "cells", "cells")
    if not data.startswith(before):
        file.text  # noqa: B018 - refuses what is no text, which the header left out
    elif not many:
        columns = read_plain_rows(data, names, sign, start=len(before), most_texts=limits.texts)
    if columns is None:
        table = _parse_row_by_row(file, data, names, sign, len(preamble))
    else:
        table = RawTable(frame=columns, lines=np.arange(line, line + len(columns)))
        check_texts(file, [len(columns[name].cat.categories) for name in names])
    _check_cells(file, table.frame)
    return evolve(table, preamble=tuple(preamble))


def _cells_in(data: bytes, start: int, width: int, sign: str, most: int) -> int:
    """Return the maximum number of cells of a text without quotations."""
    lines = data.count(b"\n", start) + data.count(b"\r", start) - data.count(b"\r\n", start)
    if len(data) <= most:  # a cell ends with a sign
        return lines * width
    return max(lines * width, lines + data.count(sign.encode(), start))


def first_lines(file: InputFile, separator: str | None = None) -> Iterator[list[str]]:
    """Yield the cells of the first lines; an unreadable line has no cells."""
    for line in file.head.split("\n")[:FIRST_LINES]:
        cells = csv.reader([line.rstrip("\r")], delimiter=separator or separator_of(file, line))
        try:
            yield [cell.strip() for cell in next(cells, [])]
        except csv.Error:
            yield []


def _preamble(
    file: InputFile, separator: str | None, header: Callable[[Sequence[str]], bool]
) -> list[tuple[str, ...]]:
    """Return the cells of the lines before the header."""
    result: list[tuple[str, ...]] = []
    for cells in first_lines(file, separator):
        if header(cells):
            return result
        result.append(tuple(cells))
    raise InvalidFile(
        f"{file.name} must have a header with the columns of its format",
        row=f"line 1 to {len(result)}",
        hint="Add a line with the column names",
    )


def _start_of(text: str, lines: int) -> int:
    """Return the position in the text after a number of lines."""
    start = 0
    for _ in range(lines):
        start = text.index("\n", start) + 1
    return start


def _head(data: bytes, skipped: int) -> str:
    """Return the part of the text that contains the header."""
    *lines, _ = data[:_SHORT].split(b"\n", skipped + 1)
    short = len(lines) > skipped and b'"' not in lines[skipped]
    return data[: _SHORT if short else _HEAD].decode(errors="ignore")


def _header(
    file: InputFile, text: str, begin: int, separator: str | None, skipped: int
) -> tuple[list[str], int, int]:
    """Return the column names, the position of the rows, and their line number."""
    end = min(begin + _HEADER, len(text))
    sign = separator or separator_of(file, text[begin:end].split("\n", 1)[0])
    lines = StringIO(text[begin:end], newline="")
    rows = csv.reader(lines, delimiter=sign, strict=True)
    names = names_of(file, next(_parsed_rows(file, rows), []), f"line {skipped + 1}")
    if lines.tell() == end - begin and end < len(text):
        raise InvalidFile(
            f"the header of {file.name} must have at most {_HEADER} characters",
            row=f"line {skipped + 1}",
            hint="Close its last quotation, or shorten the column names",
        )
    return names, begin + lines.tell(), skipped + rows.line_num + 1


def names_of(file: InputFile, cells: Sequence[str], where: str) -> list[str]:
    """Return the column names of a header.

    Raises
    ------
    InvalidFile
        If all names are empty, or two names are equal.
    """
    names = [name.strip() for name in cells]
    if len(names) > file.limits.columns:
        raise file.limits.exceeded(file.name, "columns", "columns")
    if not any(names):
        raise InvalidFile(
            f"{file.name} must have a header", row=where, hint="Add a line with the column names"
        )
    repeated = {name for name, times in Counter(names).items() if times > 1}
    if repeated:
        raise InvalidFile(
            "column names must be unique",
            row=where,
            field=min(repeated),
            hint="Rename one of them",
        )
    return names


def _parsed_rows(file: InputFile, rows: "Iterator[list[str]]") -> Iterator[list[str]]:
    """Yield rows; errors of the CSV parser become `InvalidFile`."""
    while True:
        try:
            yield next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            raise InvalidFile(
                f"{file.name} cannot be parsed: {error}",
                row=f"line {getattr(rows, 'line_num', 0)}",
                hint="Close the quotation, or pass separator=...",
            ) from None


def _parse_row_by_row(
    file: InputFile, data: bytes, names: Sequence[str], sign: str, skipped: int
) -> RawTable:
    """Parse row by row; lines with a wrong number of cells are ragged.

    Cells are counted before they are stored.
    """
    limits, width = file.limits, len(names)
    stream = BytesIO(data)
    for _ in range(skipped):
        stream.readline()
    text = TextIOWrapper(stream, encoding="utf-8", newline="")
    signs = 0  # in the lines of the next row

    def text_lines() -> Iterator[str]:
        nonlocal signs
        while line := text.readline(_LINE):
            signs += line.count(sign)
            if len(line) == _LINE or signs > limits.cell + limits.columns:
                raise _too_long(file, f"line {skipped + reader.line_num + 1}")
            yield line

    reader = csv.reader(text_lines(), delimiter=sign, strict=True)
    lines, ragged = array("q"), []

    def rows() -> Iterator[list[str]]:
        nonlocal signs
        cells_read = ragged_cells = last = 0
        for cells in _parsed_rows(file, reader):
            line, last, signs = skipped + last + 1, reader.line_num, 0
            cells_read += max(len(cells), width)
            if cells_read > limits.cells + width:  # the header is not a row
                raise limits.exceeded(file.name, "cells", "cells")
            if line == skipped + 1 or not cells:
                continue
            if len(cells) == width:
                lines.append(line)
                yield cells
                continue
            ragged.append(RaggedLine(line=line, cells=tuple(cells)))
            ragged_cells += len(cells)
            if ragged_cells > limits.texts:
                raise InvalidFile(
                    f"{file.name} must have at most {limits.texts} cells in lines with more or "
                    "fewer cells than the header",
                    row=f"line {ragged[0].line}",
                    hint="Pass separator=..., or correct the lines",
                )

    try:
        table = table_of_rows(file, names, rows())
    except UnicodeDecodeError:
        file.text  # noqa: B018 - refuses what is no text, with its line
        raise
    return evolve(table, lines=np.array(lines, dtype=np.int64), ragged=tuple(ragged))


def _too_long(file: InputFile, row: str) -> InvalidFile:
    return InvalidFile(
        f"lines of {file.name} must have at most {file.limits.cell} cells and {_LINE} characters",
        row=row,
        hint="Close its last quotation, or add line breaks",
    )


def table_of_rows(file: InputFile, names: Sequence[str], rows: Iterable[Sequence[str]]) -> RawTable:
    """Return rows as columns; each distinct text is stored once.

    Parameters
    ----------
    file : InputFile
        The file.
    names : sequence of str
        The names of the columns.
    rows : iterable of sequence of str
        Rows with one cell for each column.

    Returns
    -------
    RawTable
        Its lines are numbered from 1.

    Raises
    ------
    InvalidFile
        If there are more distinct texts than the limits allow.
    """
    indices: list[dict[str, int]] = [{} for _ in names]
    codes: list[list[NDArray[np.int32]]] = [[] for _ in names]
    remaining = iter(rows)
    while block := list(islice(remaining, _ROWS)):
        for position, column_codes, cells in zip(
            indices, codes, zip(*block, strict=True), strict=True
        ):
            column_codes.append(
                np.fromiter((position.setdefault(cell, len(position)) for cell in cells), np.int32)
            )
        check_texts(file, map(len, indices))
    columns = {
        name: coded(np.concatenate([_NO_CODES, *column_codes]), list(position))
        for name, column_codes, position in zip(names, codes, indices, strict=True)
    }
    frame = pd.DataFrame(columns)
    return RawTable(frame=frame, lines=np.arange(1, len(frame) + 1))


def check_texts(file: InputFile, texts: Iterable[int]) -> None:
    """Raise an error if columns have more distinct texts than the limits allow.

    Raises
    ------
    InvalidFile
        If the limit is exceeded.
    """
    if sum(texts) > file.limits.texts:
        raise file.limits.exceeded(file.name, "texts", "distinct texts in its columns")


def _check_cells(file: InputFile, columns: pd.DataFrame) -> None:
    for name in columns.columns:
        longest = max(map(len, columns[name].cat.categories), default=0)
        if longest > file.limits.cell:
            raise InvalidFile(
                f"cells of {file.name} must have at most {file.limits.cell} characters",
                field=str(name),
                hint="Close an open quotation; if the file is correct, pass "
                "limits=Limits(cell=...)",
            )
