"""A workbook (xlsx) before it is read: whether it is one, and whether it is safe to read.

What reads workbooks believes what they declare. So every part is unpacked here, piece by piece
and within the limits, checked, and packed anew; only that is read.
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
    "packed_anew",
    "parts_of",
    "peek",
    "with_errors_as_texts",
]

_ZIP, _MEMBER = b"PK\x03\x04", b"PK\x01\x02"
_MEMBERS = 10_000
_PIECE = 1 << 20
# Parts that hold no cells; spreadsheet programs make some of them large.
_UNREAD = ("docProps/", "customXml/", "xl/charts/", "xl/comments", "xl/drawings/", "xl/pivotCache/")
_MARKS = 8  # marks of XML that a cell has at most: four elements that open and close
_REST = 16  # how many times smaller the parts are that hold neither cells nor texts
_PEEK = 1 << 16
_ENCRYPTED = 0x1
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)

# The last row and column that a sheet can have.
_LAST_ROW, _LAST_COLUMN = 2**20, 2**14
# A sheet is laid out as a whole, so cells far apart need memory for all that lies between them.
_SPARSE, _SMALL = 64, 10**6

_DECLARED = re.compile(rb"\s*<\?xml[^>]*?\bencoding\s*=\s*[\"']([^\"']*)[\"']")
_PREFIX = rb"<(?:[^\s<>/:]*+:)*+"
_OTHERS = rb"(?:\s+[^\s<>=\"']+\s*=\s*(?:\"[^\"<>]*\"|'[^'<>]*'))*?"
_AT = rb"(?:" + _OTHERS + rb"\s+r\s*=\s*[\"']"
_CELL = re.compile(_PREFIX + rb"c(?=[\s/>])" + _AT + rb"([A-Za-z]+)0*([0-9]+)[\"'])?")
_ROW = re.compile(_PREFIX + rb"row(?=[\s/>])" + _AT + rb"0*([0-9]+)[\"'])?")
_ERROR = re.compile(rb"(" + _PREFIX + rb"c" + _OTHERS + rb"\s+t\s*=\s*)(?:\"e\"|'e')")
_NUMBER = re.compile(rb">\s*([0-9]{1,9})\s*</(?:[^\s<>]*:)?v[\s>]")


def _tag(name: bytes) -> re.Pattern[bytes]:
    return re.compile(_PREFIX + name + rb"(?=[\s/>])")


_R, _V, _F, _SI, _SHEET = map(_tag, (b"row", b"v", b"f", b"si", b"sheetData"))


def is_workbook(file: InputFile) -> bool:
    """Whether a file can be a workbook: a zip with the part that every one has."""
    return file.data.startswith(_ZIP) and b"xl/workbook.xml" in file.data


def peek(file: InputFile) -> bytes:
    """Return the first bytes of the texts and sheets of a workbook, to find out what it holds."""
    found = []
    try:
        with _archive(file) as packed:
            for member in packed.infolist():
                if member.filename.startswith(("xl/sharedStrings", "xl/worksheets/sheet")):
                    _refuse_packing(file, member)
                    with packed.open(member) as stream:
                        found.append(stream.read(_PEEK))
    except (InvalidFile, *_BROKEN):
        return b""
    return b"".join(found)


def packed_anew(parts: Mapping[str, bytes]) -> BytesIO:
    """Return a workbook that holds some parts and nothing else."""
    anew = BytesIO()
    with zipfile.ZipFile(anew, "w", zipfile.ZIP_STORED) as packed:
        for name, data in parts.items():
            packed.writestr(name, data)
    anew.seek(0)
    return anew


def parts_of(file: InputFile) -> dict[str, bytes]:
    """Return the parts of a workbook that are XML, unpacked and checked.

    Raises
    ------
    InvalidFile
        If it is no workbook, is broken or encrypted, or would take more than the limits admit.
    """
    if file.data.startswith(b"\xd0\xcf\x11\xe0"):
        raise InvalidFile(
            f"{file.name} is an encrypted workbook, or one of before 2007",
            hint="Save it without a password as xlsx or CSV",
        )
    if not is_workbook(file):
        raise InvalidFile(
            f"{file.name} is no workbook (xlsx)", hint="Give a workbook, or save the sheet as CSV"
        )
    parts = dict(_unpacked(file))
    marks = sum(data.count(b"<") for data in parts.values())
    if marks > _MARKS * file.limits.sheet_cells + _SMALL:
        raise file.limits.exceeded(file.name, "sheet_cells", "cells in a sheet, or marks for more")
    for name, data in parts.items():
        _check_xml(file, name, data)
    sheets = [data for data in parts.values() if _SHEET.search(data)]
    for data in sheets:
        _check_span(file, data)
    lengths = [_lengths(file, data) for data in parts.values()]
    rest = zip(parts.values(), lengths, strict=True)
    if sum(len(data) for data, texts in rest if not len(texts) and not _SHEET.search(data)) > (
        file.limits.size // _REST
    ):
        raise _hostile(file, "parts without cells are large")
    for data in sheets:
        _check_texts(file, data, np.concatenate(lengths))
    return parts


def has_formulas(parts: Mapping[str, bytes]) -> bool:
    """Whether a cell of a workbook is computed."""
    return any(_SHEET.search(data) and _F.search(data) for data in parts.values())


def with_errors_as_texts(parts: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the parts with errors such as #DIV/0! as texts; as errors they read as empty cells."""
    return {
        # Most workbooks have no error, which is quick to see.
        name: _ERROR.sub(rb'\1"str"', data) if b'"e"' in data or b"'e'" in data else data
        for name, data in parts.items()
    }


# What the standard library raises of an archive that is not as it should be.
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
    """Yield the parts; what all of them hold is counted as it comes, whatever they declare."""
    size, seen = 0, set()
    try:
        with _archive(file) as packed:
            for member in packed.infolist():
                name = member.filename
                if not name.endswith((".xml", ".rels")) or name.startswith(_UNREAD):
                    continue
                _refuse_packing(file, member)
                if name.lower() in seen:
                    raise _hostile(file, f"two of its parts are named {name[:80]!r}")
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
            f"{file.name} is a broken workbook: {str(error)[:200]}", hint="Fetch the file again"
        ) from None


def _archive(file: InputFile) -> zipfile.ZipFile:
    if file.data.count(_MEMBER) > _MEMBERS:
        raise _hostile(file, f"it has more than {_MEMBERS} parts")
    return zipfile.ZipFile(BytesIO(file.data))


def _refuse_packing(file: InputFile, member: zipfile.ZipInfo) -> None:
    if member.flag_bits & _ENCRYPTED:
        raise InvalidFile(f"{file.name} is encrypted", hint="Save it without a password")
    if member.compress_type not in _METHODS:
        raise _hostile(file, f"{member.filename[:80]!r} is packed as no workbook is")


def _check_xml(file: InputFile, name: str, data: bytes) -> None:
    """Refuse what is no plain XML: the checks below see only what stands in it as it is."""
    declared = _DECLARED.match(data.removeprefix(b"\xef\xbb\xbf"))
    encoding = declared[1].lower() if declared else b"utf-8"
    odd = encoding not in (b"utf-8", b"us-ascii") or b"\0" in data
    if odd or b"<!" in data or data.count(b"<?") > 1:
        raise _hostile(file, f"{name[:80]!r} is not the plain XML of a workbook")
    if any(end - start > 2 * _PIECE for start, end in _blocks(data)):
        raise _hostile(file, f"{name[:80]!r} has a mark or a text of more than {_PIECE} bytes")
    try:
        expat.ParserCreate("utf-8").Parse(data, True)
    except expat.ExpatError as error:
        raise InvalidFile(
            f"{file.name} is a broken workbook: {name[:80]!r} is no XML ({error})",
            hint="Open it in a spreadsheet program and save it again",
        ) from None


def _check_span(file: InputFile, data: bytes) -> None:
    """Refuse a sheet that takes more cells than are admitted, the empty ones included."""
    cells = located = rows = numbered = 0
    last = 0
    letters: set[bytes] = set()
    for start, end in _blocks(data):
        found = _CELL.findall(data, start, end)
        numbers = _ROW.findall(data, start, end)
        cells, rows = cells + len(found), rows + len(numbers)
        if cells > file.limits.sheet_cells:
            raise file.limits.exceeded(file.name, "sheet_cells", "cells in a sheet")
        if rows > _LAST_ROW:
            break
        located += sum(1 for at, _ in found if at)
        numbered += sum(map(bool, numbers))
        letters.update(at for at, _ in found)
        # Nine digits are beyond every row; so are more of them.
        last = max(last, *(int(n[:9] or b"0") for n in {*numbers, *(n for _, n in found), b"0"}))
    columns = max(map(_column, letters), default=0)
    if max(last, rows) > _LAST_ROW or columns > _LAST_COLUMN:
        raise _hostile(file, "it has a cell beyond the last row or column of a sheet")
    # What does not say where it is follows what stands before it.
    if rows > numbered:
        last += rows
    if cells > located:
        columns = max(columns, *(_last_column(row) for row in _R.split(data)))
    span = last * columns
    if span > file.limits.sheet_cells or (span > _SMALL and span > _SPARSE * cells):
        raise file.limits.exceeded(
            file.name, "sheet_cells", "cells in a sheet, or almost only empty cells"
        )


def _blocks(data: bytes) -> Iterator[tuple[int, int]]:
    """Yield where blocks of whole tags start and end."""
    start = 0
    while start < len(data):
        end = data.find(b"<", start + _PIECE)
        end = len(data) if end < 0 else end
        yield start, end
        start = end


def _last_column(row: bytes) -> int:
    """Return the last column of a row, in which some cells only follow others."""
    last = column = 0
    for letters, _ in _CELL.findall(row):
        column = _column(letters) if letters else column + 1
        last = max(last, column)
    return last


def _column(letters: bytes) -> int:
    """Return the number of a column from its letters; too many of them are beyond every column."""
    number = 0
    for letter in letters.upper()[:4]:
        number = number * 26 + letter - ord("A") + 1
    return number


def _lengths(file: InputFile, data: bytes) -> NDArray[np.int64]:
    """Return how long the texts are that cells share; with the marks about them, so no less."""
    most = file.limits.sheet_cells
    starts = np.fromiter(
        (match.start() for match in islice(_SI.finditer(data), most + 1)), np.int64
    )
    if len(starts) > most:
        raise file.limits.exceeded(file.name, "sheet_cells", "texts")
    return np.diff(starts, append=len(data)) if len(starts) else starts


def _check_texts(file: InputFile, data: bytes, lengths: NDArray[np.int64]) -> None:
    """Refuse a sheet that repeats long texts until they fill the memory.

    Which cell shows which text is not followed: the longest are taken to stand most often.
    """
    most = file.limits.sheet_cells
    cells = sum(1 for _ in islice(_V.finditer(data), most + 1))
    if cells > most:
        raise file.limits.exceeded(file.name, "sheet_cells", "values in a sheet")
    if not len(lengths) or int(lengths.max()) * cells <= file.limits.size:
        return
    often, read = np.zeros(len(lengths), dtype=np.int64), 0
    for start, end in _blocks(data):
        numbers = np.array(_NUMBER.findall(data, start, end), dtype=np.int64)
        often += np.bincount(numbers[numbers < len(often)], minlength=len(often))
        read += len(numbers)
    often[0] += cells - read
    longest = np.sort(lengths)[::-1]
    if float(np.dot(np.sort(often)[::-1].astype(float), longest)) > file.limits.size:
        raise file.limits.exceeded(file.name, "size", "bytes of repeated texts")


def _hostile(file: InputFile, why: str) -> InvalidFile:
    return InvalidFile(
        f"{file.name} is no workbook as spreadsheet programs write it: {why}",
        hint="Open it in a spreadsheet program and save it again",
    )
