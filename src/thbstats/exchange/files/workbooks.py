"""Validation of workbooks (xlsx) before reading.

The library that reads workbooks trusts their declarations. Every part is therefore decompressed
within the limits, checked, and packed again.
"""

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from io import BytesIO
from itertools import islice
from xml.parsers import expat

import numpy as np
from numpy.typing import NDArray

from thbstats.errors import InvalidFile
from thbstats.exchange.files.input_file import InputFile

__all__ = [
    "has_formulas",
    "is_workbook",
    "parts_of",
    "peek",
    "repack",
    "with_errors_as_texts",
]

_ZIP, _MEMBER = b"PK\x03\x04", b"PK\x01\x02"
_MEMBERS = 10_000
_PIECE = 1 << 20
# Parts without cells, which can be large.
_UNREAD = ("docProps/", "customXml/", "xl/charts/", "xl/comments", "xl/drawings/", "xl/pivotCache/")
_MARKS = 8  # maximum number of XML tags of a cell
_OTHER_PARTS = 16  # divisor of the size limit for parts without cells and texts
_PEEK = 1 << 16
_ENCRYPTED = 0x1
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)

# The last row and column of a worksheet.
_LAST_ROW, _LAST_COLUMN = 2**20, 2**14
# A worksheet needs memory for the empty cells between its cells.
_SPARSE, _SMALL = 64, 10**6

_DECLARED = re.compile(rb"\s*<\?xml[^>]*?\bencoding\s*=\s*[\"']([^\"']*)[\"']")
_PREFIX = rb"<(?:[^\s<>/:]*+:)*+"
_ATTRIBUTES = rb"(?:\s+[^\s<>=\"']+\s*=\s*(?:\"[^\"<>]*\"|'[^'<>]*'))*?"
_REFERENCE = rb"(?:" + _ATTRIBUTES + rb"\s+r\s*=\s*[\"']"
_CELL = re.compile(_PREFIX + rb"c(?=[\s/>])" + _REFERENCE + rb"([A-Za-z]+)0*([0-9]+)[\"'])?")
_ROW = re.compile(_PREFIX + rb"row(?=[\s/>])" + _REFERENCE + rb"0*([0-9]+)[\"'])?")
_ERROR = re.compile(rb"(" + _PREFIX + rb"c" + _ATTRIBUTES + rb"\s+t\s*=\s*)(?:\"e\"|'e')")
_NUMBER = re.compile(rb">\s*([0-9]{1,9})\s*</(?:[^\s<>]*:)?v[\s>]")


def _tag(name: bytes) -> re.Pattern[bytes]:
    return re.compile(_PREFIX + name + rb"(?=[\s/>])")


_R, _V, _F, _SI, _SHEET = map(_tag, (b"row", b"v", b"f", b"si", b"sheetData"))


def is_workbook(file: InputFile) -> bool:
    """Whether a file is a zip archive with a workbook part."""
    return file.data.startswith(_ZIP) and b"xl/workbook.xml" in file.data


def peek(file: InputFile) -> bytes:
    """Return the first bytes of the shared strings and worksheets."""
    result = []
    try:
        with _archive(file) as packed:
            for member in packed.infolist():
                if member.filename.startswith(("xl/sharedStrings", "xl/worksheets/sheet")):
                    _refuse_packing(file, member)
                    with packed.open(member) as stream:
                        result.append(stream.read(_PEEK))
    except (InvalidFile, *_BROKEN):
        return b""
    return b"".join(result)


def repack(parts: Mapping[str, bytes]) -> BytesIO:
    """Return a workbook with the given parts only."""
    repacked = BytesIO()
    with zipfile.ZipFile(repacked, "w", zipfile.ZIP_STORED) as packed:
        for name, data in parts.items():
            packed.writestr(name, data)
    repacked.seek(0)
    return repacked


def parts_of(file: InputFile) -> dict[str, bytes]:
    """Return the XML parts of a workbook, decompressed and checked.

    Raises
    ------
    InvalidFile
        If it is not a workbook, is damaged or encrypted, or exceeds the limits.
    """
    if file.data.startswith(b"\xd0\xcf\x11\xe0"):
        raise InvalidFile(
            f"{file.name} must be an unencrypted xlsx workbook",
            hint="Save it without a password as xlsx or CSV",
        )
    if not is_workbook(file):
        raise InvalidFile(
            f"{file.name} must be a workbook (xlsx)", hint="Save the worksheet as xlsx or CSV"
        )
    parts = dict(_unpacked(file))
    marks = sum(data.count(b"<") for data in parts.values())
    if marks > _MARKS * file.limits.sheet_cells + _SMALL:
        raise file.limits.exceeded(file.name, "sheet_cells", "cells in a worksheet, or XML tags")
    for name, data in parts.items():
        _check_xml(file, name, data)
    sheets = [data for data in parts.values() if _SHEET.search(data)]
    for data in sheets:
        _check_span(file, data)
    lengths = [_lengths(file, data) for data in parts.values()]
    pairs = zip(parts.values(), lengths, strict=True)
    if sum(len(data) for data, texts in pairs if not len(texts) and not _SHEET.search(data)) > (
        file.limits.size // _OTHER_PARTS
    ):
        raise _invalid(file, "parts without cells are too large")
    for data in sheets:
        _check_texts(file, data, np.concatenate(lengths))
    return parts


def has_formulas(parts: Mapping[str, bytes]) -> bool:
    """Whether a workbook has formulas."""
    return any(_SHEET.search(data) and _F.search(data) for data in parts.values())


def with_errors_as_texts(parts: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the parts with errors such as #DIV/0! as texts."""
    return {
        # Most workbooks have no errors.
        name: _ERROR.sub(rb'\1"str"', data) if b'"e"' in data or b"'e'" in data else data
        for name, data in parts.items()
    }


# Errors of the standard library for a damaged archive.
_BROKEN = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    NotImplementedError,
    RuntimeError,
    ValueError,
    OSError,
    EOFError,
    KeyError,
    IndexError,
    OverflowError,
    struct.error,
    zlib.error,
)


def _unpacked(file: InputFile) -> Iterator[tuple[str, bytes]]:
    """Yield the parts; their total size is limited."""
    size, seen = 0, set()
    try:
        with _archive(file) as packed:
            for member in packed.infolist():
                name = member.filename
                if not name.endswith((".xml", ".rels")) or name.startswith(_UNREAD):
                    continue
                _refuse_packing(file, member)
                if name.lower() in seen:
                    raise _invalid(file, f"two of its parts are named {name[:80]!r}")
                seen.add(name.lower())
                pieces = []
                with packed.open(member) as stream:
                    while piece := stream.read(_PIECE):
                        size += len(piece)
                        if size > file.limits.size:
                            raise file.limits.exceeded(file.name, "size", "bytes")
                        pieces.append(piece)
                yield name, b"".join(pieces)
    except InvalidFile:
        raise
    except _BROKEN as error:
        raise InvalidFile(
            f"{file.name} must be a valid workbook: {str(error)[:200]}",
            hint="Download the file again",
        ) from None


def _archive(file: InputFile) -> zipfile.ZipFile:
    if file.data.count(_MEMBER) > _MEMBERS:
        raise _invalid(file, f"it has more than {_MEMBERS} parts")
    return zipfile.ZipFile(BytesIO(file.data))


def _refuse_packing(file: InputFile, member: zipfile.ZipInfo) -> None:
    if member.flag_bits & _ENCRYPTED:
        raise InvalidFile(f"{file.name} must not be encrypted", hint="Save it without a password")
    if member.compress_type not in _METHODS:
        raise _invalid(file, f"{member.filename[:80]!r} has an unsupported compression")


def _check_xml(file: InputFile, name: str, data: bytes) -> None:
    """Raise an error unless a part is plain XML."""
    declared = _DECLARED.match(data.removeprefix(b"\xef\xbb\xbf"))
    encoding = declared[1].lower() if declared else b"utf-8"
    is_invalid = encoding not in (b"utf-8", b"us-ascii") or b"\0" in data
    if is_invalid or b"<!" in data or data.count(b"<?") > 1:
        raise _invalid(file, f"{name[:80]!r} is not plain XML")
    if any(end - start > 2 * _PIECE for start, end in _blocks(data)):
        raise _invalid(file, f"{name[:80]!r} has a tag or text of more than {_PIECE} bytes")
    try:
        expat.ParserCreate("utf-8").Parse(data, True)
    except expat.ExpatError as error:
        raise InvalidFile(
            f"{file.name} must be a valid workbook: {name[:80]!r} is not XML ({error})",
            hint="Open it in a spreadsheet program and save it again",
        ) from None


def _check_span(file: InputFile, data: bytes) -> None:
    """Raise an error if a worksheet covers too many cells."""
    cells = located = rows = numbered = 0
    last = 0
    letters: set[bytes] = set()
    for start, end in _blocks(data):
        result = _CELL.findall(data, start, end)
        numbers = _ROW.findall(data, start, end)
        cells, rows = cells + len(result), rows + len(numbers)
        if cells > file.limits.sheet_cells:
            raise file.limits.exceeded(file.name, "sheet_cells", "cells in a sheet")
        if rows > _LAST_ROW:
            break
        located += sum(1 for reference, _ in result if reference)
        numbered += sum(map(bool, numbers))
        letters.update(reference for reference, _ in result)
        # Nine digits exceed every row number.
        last = max(last, *(int(n[:9] or b"0") for n in {*numbers, *(n for _, n in result), b"0"}))
    columns = max(map(_column, letters), default=0)
    if max(last, rows) > _LAST_ROW or columns > _LAST_COLUMN:
        raise _invalid(file, "a cell is outside the last row or column")
    # Rows and cells without reference follow the previous ones.
    if rows > numbered:
        last += rows
    if cells > located:
        columns = max(columns, *(_last_column(row) for row in _R.split(data)))
    span = last * columns
    if span > file.limits.sheet_cells or (span > _SMALL and span > _SPARSE * cells):
        raise file.limits.exceeded(
            file.name, "sheet_cells", "cells in a worksheet, including empty cells"
        )


def _blocks(data: bytes) -> Iterator[tuple[int, int]]:
    """Yield the start and end of blocks of whole tags."""
    start = 0
    while start < len(data):
        end = data.find(b"<", start + _PIECE)
        end = len(data) if end < 0 else end
        yield start, end
        start = end


def _last_column(row: bytes) -> int:
    """Return the last column of a row, including cells without reference."""
    last = column = 0
    for letters, _ in _CELL.findall(row):
        column = _column(letters) if letters else column + 1
        last = max(last, column)
    return last


def _column(letters: bytes) -> int:
    """Return the number of a column from its letters."""
    number = 0
    for letter in letters.upper()[:4]:
        number = number * 26 + letter - ord("A") + 1
    return number


def _lengths(file: InputFile, data: bytes) -> NDArray[np.int64]:
    """Return upper bounds of the lengths of shared strings."""
    most = file.limits.sheet_cells
    starts = np.fromiter(
        (match.start() for match in islice(_SI.finditer(data), most + 1)), np.int64
    )
    if len(starts) > most:
        raise file.limits.exceeded(file.name, "sheet_cells", "texts")
    return np.diff(starts, append=len(data)) if len(starts) else starts


def _check_texts(file: InputFile, data: bytes, lengths: NDArray[np.int64]) -> None:
    """Raise an error if a worksheet repeats long texts until they fill the memory.

    The longest texts are assumed to be the most frequent ones.
    """
    most = file.limits.sheet_cells
    cells = sum(1 for _ in islice(_V.finditer(data), most + 1))
    if cells > most:
        raise file.limits.exceeded(file.name, "sheet_cells", "values in a sheet")
    if not len(lengths) or int(lengths.max()) * cells <= file.limits.size:
        return
    frequency, read = np.zeros(len(lengths), dtype=np.int64), 0
    for start, end in _blocks(data):
        numbers = np.array(_NUMBER.findall(data, start, end), dtype=np.int64)
        frequency += np.bincount(numbers[numbers < len(frequency)], minlength=len(frequency))
        read += len(numbers)
    frequency[0] += cells - read
    longest = np.sort(lengths)[::-1]
    if float(np.dot(np.sort(frequency)[::-1].astype(float), longest)) > file.limits.size:
        raise file.limits.exceeded(file.name, "size", "bytes of repeated texts")


def _invalid(file: InputFile, why: str) -> InvalidFile:
    return InvalidFile(
        f"{file.name} must be a valid workbook: {why}",
        hint="Open it in a spreadsheet program and save it again",
    )
