"""Text in columns set apart by a sign: CSV, TSV and their kin, cell by cell and line by line."""

import csv
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
from thbstats.tables.categories import coded

__all__ = [
    "FIRST_LINES",
    "RaggedLine",
    "RawTable",
    "check_separator",
    "check_texts",
    "grid_of",
    "names_of",
    "read_delimited",
    "sniff",
]

FIRST_LINES = 20
"""Among how many lines a header is looked for, where something can stand above it."""

_HEADER = 1 << 20
_HEAD = 1 << 23  # bytes in which so many characters have room
_SHORT = 1 << 16  # bytes in which a header without quotations has room
_LINE = 1 << 22  # characters of a line
_ROWS = 1 << 12  # rows that are kept as texts until they are encoded
_NO_CODES = np.zeros(0, dtype=np.int32)


@frozen(kw_only=True)
class RaggedLine:
    """A line with more or fewer cells than the header.

    Parameters
    ----------
    line : int
        Its number, from 1.
    cells : tuple of str
        What stands in it.
    """

    line: int
    cells: tuple[str, ...]


@frozen(kw_only=True, eq=False)
class RawTable:
    """The cells of a text in columns: all of them text, an empty cell an empty text.

    Parameters
    ----------
    columns : DataFrame
        A categorical column of texts for each name of the header.
    lines : array of int64, shape (n,)
        The line, from 1, in which each row starts.
    ragged : tuple of RaggedLine
        Lines that are no rows, since they have more or fewer cells than the header.
    above : tuple of tuple of str
        The cells of the lines above the header.
    notes : tuple of str
        What is true of the file as a whole.
    """

    columns: pd.DataFrame
    lines: NDArray[np.int64]
    ragged: tuple[RaggedLine, ...] = ()
    above: tuple[tuple[str, ...], ...] = ()
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.lines)


def sniff(line: str, signs: str = "\t;,") -> str:
    """Return the sign that sets the cells of a header apart: the one that stands most often.

    Parameters
    ----------
    line : str
        The header.
    signs : str
        The signs to look for; the first wins where two stand equally often.

    Returns
    -------
    str
        One sign; the last of them where none stands there.

    Examples
    --------
    >>> sniff("sex;age;value")
    ';'
    """
    outside = "".join(line.split('"')[::2])
    counts = {sign: outside.count(sign) for sign in signs}
    return max(counts, key=lambda sign: counts[sign]) if any(counts.values()) else signs[-1]


def check_separator(separator: str) -> None:
    """Refuse what cannot set cells apart.

    Raises
    ------
    InvalidValue
        If it is not one sign, or one that stands in numbers, around cells or between lines.
    """
    if len(separator) != 1 or separator.isalnum() or separator in '"\r\n\0.-':
        raise InvalidValue(
            "cells cannot be set apart by this",
            field="separator",
            value=separator,
            hint="Give one sign, such as ',', ';', '|' or a tab",
        )


def read_delimited(
    file: InputFile,
    separator: str | None = None,
    *,
    header: Callable[[Sequence[str]], bool] | None = None,
) -> RawTable:
    r"""Return the cells of a text in columns.

    Parameters
    ----------
    file : InputFile
        The file.
    separator : str, optional
        The sign between cells; by default what `sniff` finds in the header.
    header : callable, optional
        Whether a line is the header, where something can stand above it; by default the first
        line is.

    Returns
    -------
    RawTable

    Raises
    ------
    InvalidFile
        If there is no header, two columns have one name, a quotation does not end, or there are
        more or longer cells than the limits admit.

    Examples
    --------
    >>> from thbstats.exchange import open_bytes
    >>> grid = read_delimited(open_bytes(b"sex,value\nfemale,12\nmale,<5\n"))
    >>> list(grid.columns["value"]), grid.lines.tolist()
    (['12', '<5'], [2, 3])
    """
    if separator is not None:
        check_separator(separator)
    above = _above(file, separator, header) if header else []
    data, limits = file.utf8, file.limits
    text = _head(data, len(above))
    begin = _start_of(text, len(above))
    names, start, line = _header(file, text, begin, separator, len(above))
    sign = separator or sniff(text[begin:start])
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
        grid = _careful(file, data, names, sign, len(above))
    else:
        grid = RawTable(columns=columns, lines=np.arange(line, line + len(columns)))
        check_texts(file, [len(columns[name].cat.categories) for name in names])
    _check_cells(file, grid.columns)
    return evolve(grid, above=tuple(above))


def _cells_in(data: bytes, start: int, width: int, sign: str, most: int) -> int:
    """Return how many cells a text has at most, if none of them is quoted."""
    lines = data.count(b"\n", start) + data.count(b"\r", start) - data.count(b"\r\n", start)
    if len(data) <= most:  # a cell ends with a sign
        return lines * width
    return max(lines * width, lines + data.count(sign.encode(), start))


def first_lines(file: InputFile, separator: str | None = None) -> Iterator[list[str]]:
    """Yield the cells of each of the first lines, as far as they can be read."""
    for line in file.head.split("\n")[:FIRST_LINES]:
        cells = csv.reader([line.rstrip("\r")], delimiter=separator or sniff(line))
        try:
            yield [cell.strip() for cell in next(cells, [])]
        except csv.Error:
            yield []


def _above(
    file: InputFile, separator: str | None, header: Callable[[Sequence[str]], bool]
) -> list[tuple[str, ...]]:
    """Return the cells of the lines above the header."""
    found: list[tuple[str, ...]] = []
    for cells in first_lines(file, separator):
        if header(cells):
            return found
        found.append(tuple(cells))
    raise InvalidFile(
        f"no line of {file.name} is the header that is looked for",
        row=f"line 1 to {len(found)}",
        hint="Name its columns",
    )


def _start_of(text: str, lines: int) -> int:
    """Return where the text goes on after some lines."""
    start = 0
    for _ in range(lines):
        start = text.index("\n", start) + 1
    return start


def _head(data: bytes, above: int) -> str:
    """Return the text in which the header is: little of it, unless a quotation can reach far."""
    *lines, _ = data[:_SHORT].split(b"\n", above + 1)
    short = len(lines) > above and b'"' not in lines[above]
    return data[: _SHORT if short else _HEAD].decode(errors="ignore")


def _header(
    file: InputFile, text: str, begin: int, separator: str | None, above: int
) -> tuple[list[str], int, int]:
    """Return the names, where the rows start in the text, and the number of that line."""
    end = min(begin + _HEADER, len(text))
    sign = separator or sniff(text[begin:end].split("\n", 1)[0])
    lines = StringIO(text[begin:end], newline="")
    rows = csv.reader(lines, delimiter=sign, strict=True)
    names = names_of(file, next(_told(file, rows), []), f"line {above + 1}")
    if lines.tell() == end - begin and end < len(text):
        raise InvalidFile(
            f"{file.name} has a header of more than {_HEADER} characters",
            row=f"line {above + 1}",
            hint="Close its last quotation, or shorten the names of the columns",
        )
    return names, begin + lines.tell(), above + rows.line_num + 1


def names_of(file: InputFile, cells: Sequence[str], where: str) -> list[str]:
    """Return the names of the columns that a header gives.

    Raises
    ------
    InvalidFile
        If there is none, or two are the same.
    """
    names = [name.strip() for name in cells]
    if len(names) > file.limits.columns:
        raise file.limits.exceeded(file.name, "columns", "columns")
    if not any(names):
        raise InvalidFile(f"{file.name} has no header", row=where, hint="Name its columns")
    repeated = {name for name, times in Counter(names).items() if times > 1}
    if repeated:
        raise InvalidFile(
            "two columns have the same name",
            row=where,
            field=min(repeated),
            hint="Rename one of them",
        )
    return names


def _told(file: InputFile, rows: "Iterator[list[str]]") -> Iterator[list[str]]:
    """Yield rows; what the reader of cells cannot read is an error of ours."""
    while True:
        try:
            yield next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            raise InvalidFile(
                f"{file.name} cannot be read as cells: {error}",
                row=f"line {getattr(rows, 'line_num', 0)}",
                hint="Close the quotation, or name the sign between cells with separator=...",
            ) from None


def _careful(file: InputFile, data: bytes, names: Sequence[str], sign: str, above: int) -> RawTable:
    """Read row by row; lines with more or fewer cells than the header are ragged.

    What is read is counted before it is kept.
    """
    limits, width = file.limits, len(names)
    stream = BytesIO(data)
    for _ in range(above):
        stream.readline()
    text = TextIOWrapper(stream, encoding="utf-8", newline="")
    signs = 0  # in the lines of the next row

    def text_lines() -> Iterator[str]:
        nonlocal signs
        while line := text.readline(_LINE):
            signs += line.count(sign)
            if len(line) == _LINE or signs > limits.cell + limits.columns:
                raise _too_long(file, f"line {above + reader.line_num + 1}")
            yield line

    reader = csv.reader(text_lines(), delimiter=sign, strict=True)
    lines, ragged = array("q"), []

    def rows() -> Iterator[list[str]]:
        nonlocal signs
        cells_read = ragged_cells = last = 0
        for cells in _told(file, reader):
            line, last, signs = above + last + 1, reader.line_num, 0
            cells_read += max(len(cells), width)
            if cells_read > limits.cells + width:  # the header is no row
                raise limits.exceeded(file.name, "cells", "cells")
            if line == above + 1 or not cells:
                continue
            if len(cells) == width:
                lines.append(line)
                yield cells
                continue
            ragged.append(RaggedLine(line=line, cells=tuple(cells)))
            ragged_cells += len(cells)
            if ragged_cells > limits.texts:
                raise InvalidFile(
                    f"{file.name} has more than {limits.texts} cells in lines that have more or "
                    "fewer cells than the header",
                    row=f"line {ragged[0].line}",
                    hint="Name the sign between cells with separator=..., or repair the lines",
                )

    try:
        grid = grid_of(file, names, rows())
    except UnicodeDecodeError:
        file.text  # noqa: B018 - refuses what is no text, with its line
        raise
    return evolve(grid, lines=np.array(lines, dtype=np.int64), ragged=tuple(ragged))


def _too_long(file: InputFile, row: str) -> InvalidFile:
    return InvalidFile(
        f"{file.name} has a line of more than {file.limits.cell} cells or {_LINE} characters",
        row=row,
        hint="Close its last quotation, or end its rows with line breaks",
    )


def grid_of(file: InputFile, names: Sequence[str], rows: Iterable[Sequence[str]]) -> RawTable:
    """Return rows in columns; each different text is kept once.

    Parameters
    ----------
    file : InputFile
        The file.
    names : sequence of str
        The names of the columns.
    rows : iterable of sequence of str
        As many cells in each.

    Returns
    -------
    RawTable
        Its lines are numbered from 1.

    Raises
    ------
    InvalidFile
        If there are more different texts than the limits admit.
    """
    indices: list[dict[str, int]] = [{} for _ in names]
    codes: list[list[NDArray[np.int32]]] = [[] for _ in names]
    rest = iter(rows)
    while block := list(islice(rest, _ROWS)):
        for index, found, cells in zip(indices, codes, zip(*block, strict=True), strict=True):
            found.append(
                np.fromiter((index.setdefault(cell, len(index)) for cell in cells), np.int32)
            )
        check_texts(file, map(len, indices))
    columns = {
        name: coded(np.concatenate([_NO_CODES, *found]), list(index))
        for name, found, index in zip(names, codes, indices, strict=True)
    }
    frame = pd.DataFrame(columns)
    return RawTable(columns=frame, lines=np.arange(1, len(frame) + 1))


def check_texts(file: InputFile, texts: Iterable[int]) -> None:
    """Refuse columns with more different texts than the limits admit.

    Raises
    ------
    InvalidFile
        If there are more.
    """
    if sum(texts) > file.limits.texts:
        raise file.limits.exceeded(file.name, "texts", "different texts in its columns")


def _check_cells(file: InputFile, columns: pd.DataFrame) -> None:
    for name in columns.columns:
        longest = max(map(len, columns[name].cat.categories), default=0)
        if longest > file.limits.cell:
            raise InvalidFile(
                f"{file.name} has a cell of more than {file.limits.cell} characters",
                field=str(name),
                hint="Close the quotation that swallows the rest of the file, if there is one; "
                "if it is meant to, read it with limits=Limits(cell=...)",
            )
