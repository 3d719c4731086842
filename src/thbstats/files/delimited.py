"""Delimited text: CSV, TSV and similar files.

The header is read with the `csv` module. Plain rows, one line each, are then parsed at once by
pyarrow, if it is installed: GLOTIP has 58,769 rows, and is read in at most 2.5 times the time of
`pandas.read_csv`. Pyarrow joins or drops rows that the `csv` module would refuse, so it is used
only where a count of rows and lines shows that no such row exists. All other texts are parsed row
by row, with the line of each problem.
"""

import csv
import re
from array import array
from codecs import BOM_UTF8, getincrementaldecoder
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from io import BytesIO, StringIO, TextIOWrapper
from itertools import islice
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from thbstats.columns import Coded
from thbstats.errors import InvalidFile, InvalidValue, MissingExtra
from thbstats.files.input_file import InputFile
from thbstats.files.ledger import Ledger
from thbstats.tables.encoding import coded
from thbstats.tables.frames import library

FIRST_LINES = 20
"""The number of lines in which a header is searched."""

_HEADER = 1 << 20
"""The largest number of bytes of a header."""

_LINE = 1 << 22
"""The largest number of characters of a line."""

_ROWS = 1 << 8
"""The number of rows that are stored as texts before their columns are encoded."""

_TSV = re.compile(r"\.(?:tsv|tab)(?:\.gz)?$", re.IGNORECASE)
_LINE_ENDS = b"\r\n"


def sniff(text: str, signs: str = "\t;|,") -> str:
    """Return the separator that the most lines have equally often, then the most frequent one.

    Lines of counts such as 1,234 have different numbers of commas. The first of ``signs`` wins a
    tie; the last one is returned if the text contains none.
    """
    lines = "".join(text.split('"')[::2]).split("\n")  # every second piece is a quotation

    def frequency(sign: str) -> tuple[int, int]:
        numbers = [number for line in lines if (number := line.count(sign))]
        return max(Counter(numbers).values(), default=0), sum(numbers)

    best = max(signs, key=frequency)
    return best if any(frequency(best)) else signs[-1]


def separator_of(file: InputFile, header: str) -> str:
    """Return the separator of a file: a tab for ``.tsv``, otherwise by its header."""
    return "\t" if _TSV.search(file.name) else sniff(header)


def check_separator(separator: str) -> None:
    """Raise an error for a separator that occurs in numbers, around cells or between lines."""
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
) -> Ledger:
    """Return the rows of a delimited text.

    The separator is by default a tab for a ``.tsv`` file, otherwise the result of `sniff`.
    ``header`` recognises the header by its cells; by default the first line is the header. A file
    without a header, with two columns of one name, with an open quotation, or above the limits
    raises `InvalidFile`.
    """
    if separator is not None:
        check_separator(separator)
    preamble: list[tuple[str, ...]] = []
    if header is not None:
        for cells in first_lines(file, separator):
            if header(cells):
                break
            preamble.append(tuple(cells))
        else:
            raise InvalidFile(
                f"{file.name} must have a header with the columns of its format",
                row=f"line 1 to {len(preamble)}",
                hint="Add a line with the column names",
            )
    data, limits = file.utf8, file.limits
    try:
        names, start, line, sign = _header(file, data, separator, len(preamble))
        # Lines end with \n, \r or \r\n.
        lines = count_octets(data, b"\n", start)
        if data.find(b"\r", start) >= 0:
            lines += count_octets(data, b"\r", start) - data.count(b"\r\n", start)
        # The cells if no sign is in a quotation: as many as the header has in each line, or as the
        # separators make. A text with fewer bytes than allowed cells is not searched for them.
        size = lines * len(names)
        if len(data) > limits.cells:
            size = max(size, lines + data.count(sign.encode(), start))
        if size > limits.cells and b'"' not in data:
            raise file.exceeded("cells", "cells")
        columns = None
        if size <= limits.cells:
            columns = _parse_at_once(file, data, start, len(names), sign, lines=lines)
        if columns is not None:
            ledger = Ledger.of_columns(names, columns, line + np.arange(len(columns[0])))
        else:
            ledger = _parse_row_by_row(file, start, names, sign, line)
    except UnicodeDecodeError:
        file.text  # noqa: B018 - raises the error with its line
        raise
    # An open quotation makes one cell of many lines.
    check_lengths(file, ledger)
    ledger.preamble = preamble
    return ledger


def check_lengths(file: InputFile, ledger: Ledger) -> None:
    """Raise an error for a text that is longer than a cell."""
    for name, column in ledger.raw.items():
        if max(map(len, column.cat.categories), default=0) > file.limits.cell:
            raise InvalidFile(
                f"cells of {file.name} must have at most {file.limits.cell} characters",
                field=str(name),
                hint="Close an open quotation; if the file is correct, pass "
                "limits=Limits(cell=...)",
            )


def first_lines(file: InputFile, separator: str | None = None) -> Iterator[list[str]]:
    """Yield the cells of the first lines; an unreadable line has no cells."""
    for line in file.head.split("\n")[:FIRST_LINES]:
        cells = csv.reader([line.rstrip("\r")], delimiter=separator or separator_of(file, line))
        try:
            yield [cell.strip() for cell in next(cells, [])]
        except csv.Error:
            yield []


def _header(
    file: InputFile, data: bytes, separator: str | None, skipped: int
) -> tuple[list[str], int, int, str]:
    """Return the column names, the position and number of the next line, and the separator."""
    stream = BytesIO(data)
    start = sum(len(stream.readline()) for _ in range(skipped))
    data[:start].decode()  # raises the error for a preamble in another encoding
    # A character at the end can be incomplete.
    head = StringIO(
        getincrementaldecoder("utf-8")().decode(data[start : start + _HEADER]), newline=""
    )
    sign = separator or separator_of(file, head.readline())
    head.seek(0)
    rows = csv.reader(head, delimiter=sign, strict=True)
    names = names_of(file, next(parsed_rows(file, rows), []), f"line {skipped + 1}")
    # The position after the header, which can have line ends in quotations.
    size = len(head.getvalue()[: head.tell()].encode())
    if size >= _HEADER - 4 and start + size < len(data):
        raise InvalidFile(
            f"the header of {file.name} must have at most {_HEADER} characters",
            row=f"line {skipped + 1}",
            hint="Close its last quotation, or shorten the column names",
        )
    return names, start + size, skipped + 1 + rows.line_num, sign


def names_of(file: InputFile, cells: Sequence[str], where: str) -> list[str]:
    """Return the column names of a header; raise an error for no or for equal names."""
    names = [name.strip() for name in cells]
    if len(names) > file.limits.columns:
        raise file.exceeded("columns", "columns")
    if not any(names):
        raise InvalidFile(
            f"{file.name} must have a header", row=where, hint="Add a line with the column names"
        )
    repeated = {name for name, times in Counter(names).items() if times > 1}
    if "" in repeated:
        raise InvalidFile(
            f"{names.count('')} columns of {file.name} have no name",
            row=where,
            hint="Write a name for each column in the header",
        )
    if repeated:
        raise InvalidFile(
            "column names must be unique",
            row=where,
            field=min(repeated),
            hint="Rename one of them, or pass range='A5:H20' for one of several tables",
        )
    return names


def count_octets(data: bytes, sign: bytes, start: int = 0) -> int:
    """Return how often a byte occurs, three times as fast as `bytes.count`."""
    octets = np.frombuffer(memoryview(data)[start:], np.uint8)
    return int(np.count_nonzero(octets == ord(sign)))


def _parse_at_once(
    file: InputFile, data: bytes, start: int, width: int, sign: str, *, lines: int
) -> list[pd.Categorical] | None:
    """Return the columns that pyarrow reads, with sorted texts; ``None`` for some texts.

    Pyarrow and the `csv` module read the same rows under four conditions:

    1. There are several columns, an ASCII separator, and no byte order mark in the rows.
    2. Each quotation is a whole cell without quotation marks in it.
    3. Pyarrow raises no error, such as for a line with more cells than the header.
    4. There are as many rows as lines: a line end in a quotation, or an empty line, makes fewer.
    """
    octets = np.frombuffer(memoryview(data)[start:], np.uint8)
    # One column has no separator to count, and pyarrow skips a byte order mark.
    if not len(octets) or width == 1 or not sign.isascii() or data.startswith(BOM_UTF8, start):
        return None
    marks = count_octets(data, b'"', start)
    # A cell has at most two marks; a larger number of marks would fill the memory.
    if marks and (marks > 2 * width * (lines + 1) or not _has_whole_quotations(octets, ord(sign))):
        return None
    lines += data[-1] not in _LINE_ENDS
    names = [str(index) for index in range(width)]
    try:
        pyarrow = library("pyarrow")
        from pyarrow import csv as arrow_csv

        text = pyarrow.dictionary(pyarrow.int32(), pyarrow.string())
        table = arrow_csv.read_csv(
            pyarrow.BufferReader(pyarrow.py_buffer(data).slice(start)),
            read_options=arrow_csv.ReadOptions(column_names=names),
            parse_options=arrow_csv.ParseOptions(delimiter=sign),
            convert_options=arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(names, text),
                check_utf8=False,  # Python checks the distinct texts
            ),
        ).unify_dictionaries()
    except (MissingExtra, ValueError):  # an error of pyarrow about the rows is a ValueError
        return None
    if len(table) != lines:
        return None
    parts = [column.chunks for column in table.columns]
    check_texts(file, (len(chunks[0].dictionary) for chunks in parts))
    # Texts are sorted, so that codes do not depend on the blocks in which pyarrow reads rows.
    ordered = []
    for chunks in parts:
        texts = chunks[0].dictionary.tolist()
        codes = np.concatenate([chunk.indices.to_numpy() for chunk in chunks])
        column = Coded(codes, texts).recode(sorted(texts))
        ordered.append(coded(column.codes, column.categories))
    return ordered


def positions_of(octets: NDArray[np.uint8], sign: bytes) -> NDArray[np.signedinteger[Any]]:
    """Return the positions of a byte."""
    dtype = np.int32 if len(octets) < 2**31 else np.int64
    return np.flatnonzero(octets == ord(sign)).astype(dtype)


def _has_whole_quotations(octets: NDArray[np.uint8], sign: int) -> bool:
    """Whether every quotation is a whole cell without quotation marks in it."""
    marks = positions_of(octets, b'"')
    if len(marks) % 2:
        return False
    # Marks alternate: the first of a pair opens, the second closes. The byte before an opening
    # mark and after a closing mark, if the text has one, must be a separator or a line end.
    before = octets[marks[::2][marks[::2] > 0] - 1]
    after = octets[marks[1::2][marks[1::2] < len(octets) - 1] + 1]
    ends = (sign, *_LINE_ENDS)
    return bool(np.isin(before, ends).all() and np.isin(after, ends).all())


def parsed_rows(file: InputFile, rows: Any, before: int = 0) -> Iterator[list[str]]:
    """Yield rows; errors of the CSV parser become `InvalidFile`."""
    try:
        yield from rows
    except csv.Error as error:
        raise InvalidFile(
            f"{file.name} cannot be parsed: {error}",
            row=f"line {before + rows.line_num}",
            hint="Close the quotation, or pass separator=...",
        ) from None


def _parse_row_by_row(
    file: InputFile, start: int, names: Sequence[str], sign: str, line: int
) -> Ledger:
    """Parse row by row, from a line number on; lines with a wrong number of cells are ragged.

    Cells are counted before they are stored.
    """
    limits, width = file.limits, len(names)
    # 1. Lines: a line without end, or a quotation over many lines, would fill the memory before the
    # parser returns a row. So the separators since the last row are counted line by line.
    stream = BytesIO(file.utf8)
    stream.seek(start)
    text = TextIOWrapper(stream, encoding="utf-8", newline="")
    signs = 0  # in the lines of the next row

    def text_lines() -> Iterator[str]:
        nonlocal signs
        while content := text.readline(_LINE):
            signs += content.count(sign)
            if len(content) == _LINE or signs > limits.cell + limits.columns:
                raise InvalidFile(
                    f"lines of {file.name} must have at most {limits.cell} cells and {_LINE} "
                    "characters",
                    row=f"line {line + reader.line_num}",
                    hint="Close its last quotation, or add line breaks",
                )
            yield content

    # 2. Rows: the number of the first line of each, and the lines with a wrong number of cells.
    reader = csv.reader(text_lines(), delimiter=sign, strict=True)
    lines: array[int] = array("q")
    ragged: list[tuple[int, Sequence[str]]] = []

    def rows() -> Iterator[list[str]]:
        nonlocal signs
        cells_read = ragged_cells = last = 0
        for cells in parsed_rows(file, reader, line - 1):
            number, last, signs = line + last, reader.line_num, 0
            cells_read += max(len(cells), width)
            if cells_read > limits.cells:
                raise file.exceeded("cells", "cells")
            if len(cells) == width:
                lines.append(number)
                yield cells
            elif cells:
                ragged.append((number, cells))
                ragged_cells += len(cells)
                if ragged_cells > limits.texts:
                    raise InvalidFile(
                        f"{file.name} must have at most {limits.texts} cells in lines with more or "
                        "fewer cells than the header",
                        row=f"line {ragged[0][0]}",
                        hint="Pass separator=..., or correct the lines",
                    )

    return Ledger.of_columns(names, columns_of_rows(file, len(names), rows()), lines, ragged)


def columns_of_rows(
    file: InputFile,
    width: int,
    rows: Iterable[Sequence[Any]],
    text_of: Callable[[Any], str] | None = None,
) -> list[pd.Categorical]:
    """Return rows as columns of texts; each distinct text is stored once.

    ``text_of`` converts cells that are not texts. More distinct texts than the limits allow raise
    `InvalidFile`.
    """
    # By column, the code of each text so far; a new text has the next code.
    indices: list[defaultdict[str, int]] = [defaultdict() for _ in range(width)]
    for index in indices:
        index.default_factory = index.__len__
    # Rows are encoded in blocks, so that only distinct texts stay in memory.
    codes: list[list[NDArray[np.int32]]] = [[np.zeros(0, dtype=np.int32)] for _ in range(width)]
    remaining = iter(rows)
    while block := list(islice(remaining, _ROWS)):
        for position, column, cells in zip(indices, codes, zip(*block, strict=True), strict=True):
            texts: Iterable[str] = cells
            if text_of is not None:
                texts = [cell if type(cell) is str else text_of(cell) for cell in cells]
            column.append(np.fromiter(map(position.__getitem__, texts), np.int32, len(cells)))
        check_texts(file, map(len, indices))
    return [
        coded(np.concatenate(column), list(position))
        for column, position in zip(codes, indices, strict=True)
    ]


def check_texts(file: InputFile, texts: Iterable[int]) -> None:
    """Raise an error if columns have more distinct texts than the limits allow."""
    if sum(texts) > file.limits.texts:
        raise file.exceeded("texts", "distinct texts in its columns")
