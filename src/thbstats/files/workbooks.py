"""Validation of workbooks (xlsx, ods) before reading.

The library that reads workbooks trusts their declarations and stores every cell between the first
and the last one. Every part is therefore decompressed within the limits, and its cells are counted
in arrays of bytes.
"""

import re
import zipfile
from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import Any
from xml.parsers import expat

import numpy as np
from numpy.typing import NDArray

from thbstats.errors import InvalidFile
from thbstats.files.delimited import count_octets, positions_of
from thbstats.files.input_file import InputFile

_OLE, _ZIP, _MEMBER = b"\xd0\xcf\x11\xe0", b"PK\x03\x04", b"PK\x01\x02"
_ODS = b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet"
_ODS_PARTS = ("mimetype", "content.xml")
# Parts without cells, which can be large.
_UNREAD = ("docProps/", "customXml/", "xl/charts/", "xl/comments", "xl/drawings/", "xl/pivotCache/")
_TEXTS = ("xl/sharedStrings", "xl/worksheets/sheet", "content.xml")
_MEMBERS = 10_000
_SHEETS = 256
_PIECE = 1 << 20
_PEEK = 1 << 16
_ENCRYPTED = 0x1
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_MARKS = 8  # maximum number of XML tags of a cell
_OTHER_PARTS = 16  # divisor of the size limit for parts without cells and texts
_LAST_ROW, _LAST_COLUMN = 2**20, 2**14
# A worksheet needs memory for the empty cells between its cells.
_SPARSE, _SMALL, _EMPTY_CELLS = 64, 10**6, 10**7

_DECLARED = re.compile(rb"\s*<\?xml[^>]*?\bencoding\s*=\s*[\"']([^\"']*)[\"']")
_PREFIX = re.compile(rb"(?:[^\s<>/:]*+:)*+")
_ATTRIBUTES = rb"(?:\s+[^\s<>=\"']+\s*=\s*(?:\"[^\"<>]*\"|'[^'<>]*'))*?"
_REFERENCE = re.compile(_ATTRIBUTES + rb"\s+r\s*=\s*[\"']([A-Za-z]*)0*([0-9]*)[\"']")
_ERROR = re.compile(rb"(<(?:[^\s<>/:]*+:)*+c" + _ATTRIBUTES + rb"\s+t\s*=\s*)(?:\"e\"|'e')")
_REPEATED = re.compile(rb"number-(columns|rows)-repeated\s*=\s*[\"'][\s+]*0*([0-9]+)")
_SPACES = re.compile(rb"text:c\s*=\s*[\"'][\s+]*0*([0-9]+)")
_ENCODED = re.compile(rb"(?:-repeated|text:c)\s*=\s*(?:\"[^\"&]*+&|'[^'&]*+&)")
_EMPTY = re.compile(rb"(?:[^<>\"']|\"[^\"<]*\"|'[^'<]*')*/>")
_FORMULA = re.compile(rb"<(?:[^\s<>/:]*+:)*+f[\s/>]")
_ODS_CELLS = (b"table:table-cell", b"table:covered-table-cell")
_R, _DIGITS, _PADDING = b' r="', 9, 64  # bytes after a part that may be read
_TAG_END = np.isin(np.arange(256), list(b" \t\r\n/>"))

Positions = NDArray[np.signedinteger[Any]]


def is_workbook(file: InputFile) -> bool:
    """Whether a file is a zip archive with a workbook part."""
    is_xlsx = file.data.startswith(_ZIP) and b"xl/workbook.xml" in file.data
    return is_xlsx or _is_ods(file)


def _is_ods(file: InputFile) -> bool:
    return file.data.startswith(_ZIP) and _ODS in file.data[:256]


def peek(file: InputFile) -> bytes:
    """Return the first bytes of the shared strings and worksheets; none of a damaged file."""
    result: list[bytes] = []
    try:
        with _archive(file) as packed:
            for member in packed.infolist():
                if member.filename.startswith(_TEXTS) and len(result) <= _SHEETS:
                    _refuse_packing(file, member)
                    with packed.open(member) as stream:
                        result.append(stream.read(_PEEK))
    except Exception:  # a damaged archive raises many types of errors
        return b""
    return b"".join(result)


def has_formulas(parts: Mapping[str, bytes]) -> bool:
    """Whether a workbook has formulas."""
    return any(
        b"table:formula=" in data
        or (b"sheetData" in data and (b"<f" in data or b":f" in data) and _FORMULA.search(data))
        for data in parts.values()
    )


def repacked(parts: Mapping[str, bytes]) -> BytesIO:
    """Return a workbook with the given parts only, and errors such as #DIV/0! as texts."""
    result = BytesIO()
    with zipfile.ZipFile(result, "w", zipfile.ZIP_STORED) as packed:
        if "content.xml" in parts:
            packed.writestr("META-INF/manifest.xml", "<manifest/>")  # nothing is encrypted
        for name, data in parts.items():
            packed.writestr(name, _ERROR.sub(rb'\1"str"', data) if _has_errors(data) else data)
    result.seek(0)
    return result


def _has_errors(data: bytes) -> bool:
    """Whether a part contains ``"e"`` or ``'e'``; most have none, and `bytes.find` is slow."""
    octets = np.frombuffer(data, np.uint8)
    before = positions_of(octets[1:-1], b"e") if len(data) > 2 else np.zeros(0, dtype=np.int32)
    marks = octets[before]
    return bool(((marks == octets[before + 2]) & np.isin(marks, list(b"\"'"))).any())


def invalid_workbook(file: InputFile, problem: str) -> InvalidFile:
    """Return the error for a workbook that cannot be read."""
    return InvalidFile(
        f"{file.name} must be a valid workbook: {problem}",
        hint="Open it in a spreadsheet program and save it again",
    )


def parts_of(file: InputFile) -> dict[str, bytes]:
    """Return the XML parts of a workbook, decompressed and checked.

    A workbook that is damaged, encrypted or exceeds the limits raises `InvalidFile`.
    """
    if file.data.startswith(_OLE):
        raise InvalidFile(
            f"{file.name} must be an unencrypted xlsx workbook",
            hint="Save it without a password as xlsx or CSV",
        )
    if not is_workbook(file):
        raise InvalidFile(
            f"{file.name} must be a workbook (xlsx or ods)",
            hint="Save the worksheet as xlsx or CSV",
        )
    limits, parts = file.limits, _named_parts(file)
    if (
        sum(count_octets(data, b"<") for data in parts.values())
        > _MARKS * limits.sheet_cells + _SMALL
    ):
        raise limits.exceeded(file.name, "sheet_cells", "cells in a worksheet, or XML tags")
    sheets, lengths, others, empty = [], [np.zeros(0, dtype=np.int64)], 0, 0
    for name, data in parts.items():
        if name == "mimetype":
            continue
        tags = _Tags(data, prefixed=_is_ods(file))
        _check_xml(file, name, data, tags)
        if name == "content.xml":
            _check_repeats(file, tags)
            continue
        texts = tags.named(b"si")
        if len(texts) > limits.sheet_cells:
            raise limits.exceeded(file.name, "sheet_cells", "texts")
        lengths.append(np.diff(texts, append=len(data)) if len(texts) else texts)
        if len(tags.named(b"sheetData")):
            empty += _check_span(file, tags)
            sheets.append(tags)
            _check_sheets(file, len(sheets))
        elif not len(texts):
            others += len(data)
    if empty > _EMPTY_CELLS:
        raise invalid_workbook(file, f"it has more than {_EMPTY_CELLS} empty cells")
    if others > limits.size // _OTHER_PARTS:
        raise invalid_workbook(file, "parts without cells are too large")
    text_lengths = np.concatenate(lengths)
    for tags in sheets:
        _check_texts(file, tags, text_lengths)
    return parts


def _named_parts(file: InputFile) -> dict[str, bytes]:
    """Return the parts, without worksheets that no relation names: the library ignores them."""
    parts = dict(_unpacked(file))
    relations = b"".join(data for name, data in parts.items() if name.endswith(".rels")).lower()
    return {
        name: data
        for name, data in parts.items()
        if not name.startswith("xl/worksheets/")
        or name.rpartition("/")[2].lower().encode() in relations
    }


def _check_sheets(file: InputFile, number: int) -> None:
    if number > _SHEETS:
        raise InvalidFile(
            f"{file.name} must have at most {_SHEETS} worksheets",
            hint="Save the worksheet with the counts in its own file",
        )


def _archive(file: InputFile) -> zipfile.ZipFile:
    if file.data.count(_MEMBER) > _MEMBERS:
        raise invalid_workbook(file, f"it has more than {_MEMBERS} parts")
    return zipfile.ZipFile(BytesIO(file.data))


def _refuse_packing(file: InputFile, member: zipfile.ZipInfo) -> None:
    if member.flag_bits & _ENCRYPTED:
        raise InvalidFile(f"{file.name} must not be encrypted", hint="Save it without a password")
    if member.compress_type not in _METHODS:
        raise invalid_workbook(file, f"{member.filename[:80]!r} has an unsupported compression")


def _unpacked(file: InputFile) -> Iterator[tuple[str, bytes]]:
    """Yield the parts; their total size is limited."""
    size, seen = 0, set()
    try:
        with _archive(file) as packed:
            for member in packed.infolist():
                name = member.filename
                is_read = name.endswith((".xml", ".rels")) and not name.startswith(_UNREAD)
                if not (name in _ODS_PARTS if _is_ods(file) else is_read):
                    continue
                _refuse_packing(file, member)
                if name.lower() in seen:
                    raise invalid_workbook(file, f"two of its parts are named {name[:80]!r}")
                seen.add(name.lower())
                pieces = []
                with packed.open(member) as stream:
                    while piece := stream.read(_PIECE):
                        size += len(piece)
                        if size > file.limits.size:
                            raise file.limits.exceeded(file.name, "size", "bytes")
                        pieces.append(piece)
                yield name, b"".join(pieces)
    except (InvalidFile, MemoryError):
        raise
    except Exception as error:  # a damaged archive raises many types of errors
        raise InvalidFile(
            f"{file.name} must be a valid workbook: {str(error)[:200]}",
            hint="Download the file again",
        ) from None


class _Tags:
    """The tags of an XML part, as positions in an array of bytes."""

    def __init__(self, data: bytes, *, prefixed: bool) -> None:
        self.data = data
        self.octets = np.frombuffer(data + bytes(_PADDING), np.uint8)
        self.starts = positions_of(self.octets, b"<") + 1
        self.names = self.starts
        colons = () if prefixed else positions_of(self.octets, b":")
        if len(colons) and len(self.starts):
            # The library ignores prefixes of names.
            self.names = self.starts.copy()
            for tag in np.unique(np.searchsorted(self.starts, colons)).tolist():
                match = _PREFIX.match(data, self.starts[tag - 1])
                self.names[tag - 1] = match.end() if match else self.starts[tag - 1]
        self.initials = self.octets[self.names]

    def named(self, name: bytes) -> Positions:
        """Return the positions of a name."""
        positions = self.names[self.initials == name[0]]
        for offset, letter in enumerate(name[1:], start=1):
            positions = positions[self.octets[positions + offset] == letter]
        selected: Positions = positions[_TAG_END[self.octets[positions + len(name)]]]
        return selected

    def integers(self, start: Positions) -> tuple[Positions, Positions]:
        """Return the numbers of up to nine digits at positions, and their ends."""
        numbers, end = np.zeros(len(start), dtype=np.int32), start
        for _ in range(_DIGITS):
            digits = self.octets[end] - np.uint8(ord("0"))
            is_digit = digits < 10
            if not is_digit.any():
                break
            numbers = np.where(is_digit, numbers * 10 + digits, numbers)
            end = end + is_digit
        return numbers, end

    def references(self, start: Positions) -> tuple[Positions, Positions]:
        """Return the column and row numbers of the attribute r after names; 0 for none."""
        columns, end = np.zeros(len(start), dtype=np.int32), start + len(_R)
        is_plain = np.ones(len(start), dtype=np.bool_)
        for offset, letter in enumerate(_R):
            is_plain &= self.octets[start + offset] == letter
        for _ in range(3):
            letters = self.octets[end] - np.uint8(ord("A"))
            is_letter = letters < 26
            columns = np.where(is_letter, columns * 26 + letters + 1, columns)
            end = end + is_letter
        rows, end = self.integers(end)
        is_plain &= self.octets[end] == ord('"')
        for index in np.flatnonzero(~is_plain).tolist():
            match = _REFERENCE.match(self.data, start[index])
            columns[index] = _column(match[1]) if match else 0
            rows[index] = int(match[2][:_DIGITS] or b"0") if match else 0
        return columns, rows


def _column(letters: bytes) -> int:
    """Return the number of a column from its letters."""
    number = 0
    for letter in letters.upper()[:4]:
        number = number * 26 + letter - ord("A") + 1
    return number


def _check_xml(file: InputFile, name: str, data: bytes, tags: _Tags) -> None:
    """Raise an error unless a part is plain XML."""
    declared = _DECLARED.match(data.removeprefix(b"\xef\xbb\xbf"))
    encoding = declared[1].lower() if declared else b"utf-8"
    is_invalid = encoding not in (b"utf-8", b"us-ascii") or b"\0" in data
    initials = tags.octets[tags.starts]
    if is_invalid or (initials == ord("!")).any() or (initials == ord("?")).sum() > 1:
        raise invalid_workbook(file, f"{name[:80]!r} is not plain XML")
    if np.diff(tags.starts, prepend=0, append=len(data)).max() > _PIECE:
        raise invalid_workbook(file, f"{name[:80]!r} has a tag or text of more than {_PIECE} bytes")
    try:
        expat.ParserCreate("utf-8").Parse(data, True)
    except expat.ExpatError as error:
        raise invalid_workbook(file, f"{name[:80]!r} is not XML ({error})") from None


def _check_span(file: InputFile, tags: _Tags) -> int:
    """Return the number of empty cells of a sparse worksheet; raise an error for too many cells."""
    most = file.limits.sheet_cells
    cells, rows = tags.named(b"c"), tags.named(b"row")
    if len(cells) > most:
        raise file.limits.exceeded(file.name, "sheet_cells", "cells in a sheet")
    columns, numbers = tags.references(cells + 1)
    _, row_numbers = tags.references(rows + 3)
    last = max(int(numbers.max(initial=0)), int(row_numbers.max(initial=0)))
    if max(last, len(rows)) > _LAST_ROW or columns.max(initial=0) > _LAST_COLUMN:
        raise invalid_workbook(file, "a cell is outside the last row or column")
    # Rows and cells without reference follow the previous ones.
    if not row_numbers.all():
        last += len(rows)
    width = int(columns.max(initial=0))
    if not columns.all():
        row = np.searchsorted(rows, cells)
        farthest = np.zeros(len(rows) + 1, dtype=np.intp)
        np.maximum.at(farthest, row, columns)
        farthest += np.bincount(row[columns == 0], minlength=len(farthest))
        width = int(farthest.max())
    span = last * width
    if span > most or (span > _SMALL and span > _SPARSE * len(cells)):
        raise file.limits.exceeded(
            file.name, "sheet_cells", "cells in a worksheet, including empty cells"
        )
    return max(0, span - _SPARSE * len(cells))


def _check_texts(file: InputFile, tags: _Tags, lengths: NDArray[np.int64]) -> None:
    """Raise an error if a worksheet repeats long texts until they fill the memory.

    The longest texts are assumed to be the most frequent ones.
    """
    values = tags.named(b"v")
    if len(values) > file.limits.sheet_cells:
        raise file.limits.exceeded(file.name, "sheet_cells", "values in a sheet")
    if not len(lengths) or int(lengths.max()) * len(values) <= file.limits.size:
        return
    numbers, end = tags.integers(values + 2)
    is_number = (tags.octets[values + 1] == ord(">")) & (tags.octets[end] == ord("<"))
    numbers = numbers[is_number]
    frequency = np.bincount(numbers[numbers < len(lengths)], minlength=len(lengths))
    frequency[0] += len(values) - len(numbers)
    longest, often = np.sort(lengths)[::-1], np.sort(frequency)[::-1]
    if float(np.dot(often.astype(float), longest)) > file.limits.size:
        raise file.limits.exceeded(file.name, "size", "bytes of repeated texts")


def _check_repeats(file: InputFile, tags: _Tags) -> None:
    """Raise an error if an ods worksheet repeats its cells and rows until they fill the memory."""
    if _ENCODED.search(tags.data):
        raise invalid_workbook(file, "a number of repeats has a character reference")
    cells = np.sort(np.concatenate([tags.named(name) for name in _ODS_CELLS]))
    rows = np.append(0, tags.named(b"table:table-row"))
    tables = np.append(0, tags.named(b"table:table"))
    _check_sheets(file, len(tables) - 1)
    columns, lines = np.ones(len(cells), dtype=np.intp), np.ones(len(rows), dtype=np.intp)
    row, table = np.searchsorted(rows, cells) - 1, np.searchsorted(tables, rows, "right") - 1
    is_last = np.diff(row, append=-1) != 0
    for match in _REPEATED.finditer(tags.data):
        tag = tags.starts[np.searchsorted(tags.starts, match.start()) - 1]
        owners, times = (cells, columns) if match[1] == b"columns" else (rows, lines)
        index = int(np.searchsorted(owners, tag))
        if index < len(owners) and owners[index] == tag:
            times[index] = int(match[2][:_DIGITS] or b"0")
            content = _EMPTY.match(tags.data, tag) if owners is cells and is_last[index] else None
            if content and b"value" not in content[0]:
                times[index] = 0  # cells to the right of the last one
    width = np.bincount(row, weights=columns, minlength=len(rows))
    last_row = np.zeros(len(tables), dtype=np.intp)
    np.maximum.at(last_row, table, np.where(width > 0, np.arange(len(rows)), 0))
    lines[np.arange(len(rows)) > last_row[table]] = 0  # rows below the last one
    widest = np.zeros(len(tables))
    np.maximum.at(widest, table, width)
    spans = widest * np.bincount(table, weights=lines, minlength=len(tables))
    if spans.sum() > file.limits.sheet_cells:  # the library reads all worksheets at once
        raise file.limits.exceeded(file.name, "sheet_cells", "cells, including empty cells")
    sizes = np.diff(cells, append=len(tags.data)).astype(float)
    for match in _SPACES.finditer(tags.data):
        owner = np.searchsorted(cells, match.start()) - 1
        if owner >= 0:
            sizes[owner] += int(match[1][:_DIGITS])
    sizes *= columns * lines[row]
    if sizes.sum() > file.limits.size:
        raise file.limits.exceeded(file.name, "size", "bytes of repeated texts")
