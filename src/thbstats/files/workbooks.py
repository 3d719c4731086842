"""Workbooks (xlsx, ods): their parts, decompressed and checked before a library parses them.

The library that reads workbooks trusts their declarations: it stores every cell between the first
and the last one, and repeats texts and rows as often as a file declares. So a file of some
kilobytes can fill the memory. The checks count what the library would store, with arrays of bytes
in place of a parser: a parser of XML took three times as long for GLOTIP, which has 58,769 rows.
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
from thbstats.files.headers import Span
from thbstats.files.input_file import InputFile

_OLE, _ZIP, _MEMBER = b"\xd0\xcf\x11\xe0", b"PK\x03\x04", b"PK\x01\x02"
_ODS = b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet"
_ODS_PARTS = ("mimetype", "content.xml")
# Parts without cells, which can be large.
_UNREAD = ("docProps/", "customXml/", "xl/charts/", "xl/comments", "xl/drawings/", "xl/pivotCache/")
_TEXTS = ("xl/sharedStrings", "xl/worksheets/sheet", "content.xml")
_MEMBERS = 10_000
"""The largest number of parts."""

_PEEKED = 256
_PEEK = 1 << 16
"""The number of parts that `peek` reads, and the bytes of each."""

_ENCRYPTED = 0x1
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)

_SHEETS = 256
"""The largest number of worksheets."""

_PIECE = 1 << 20
"""The largest number of bytes of one tag, or of the text between two tags; and the bytes that are
decompressed before the size is checked again."""

_TAGS_PER_CELL = 8
_OTHER_TAGS = 10**6
"""A part can have eight tags for each allowed cell, and a million of styles and names."""

_OTHER_PARTS = 16
"""Parts without cells and texts can have a sixteenth of the allowed size."""

_LAST_ROW, _LAST_COLUMN = 2**20, 2**14
"""The last row and column of the xlsx format."""

_SPAN_PER_CELL = 64
_SMALL_SPAN = 10**6
_EMPTY_CELLS = 10**7
"""Cells between the first and the last one that a worksheet can have for each cell that it
contains, and without regard to them; and the empty cells of all worksheets above the former."""

_DECLARED = re.compile(rb"\s*<\?xml[^>]*?\bencoding\s*=\s*[\"']([^\"']*)[\"']")
_PREFIX = re.compile(rb"(?:[^\s<>/:]*+:)*+")
_ATTRIBUTES = rb"(?:\s+[^\s<>=\"']+\s*=\s*(?:\"[^\"<>]*\"|'[^'<>]*'))*?"
"""A pattern of the attributes of a tag, as few as possible."""

_REFERENCE = re.compile(_ATTRIBUTES + rb"\s+r\s*=\s*[\"']([A-Za-z]*)0*([0-9]*)[\"']")
_REPEATED = re.compile(rb"number-(columns|rows)-repeated\s*=\s*[\"'][\s+]*0*([0-9]+)")
_SPACES = re.compile(rb"text:c\s*=\s*[\"'][\s+]*0*([0-9]+)")
_ENCODED = re.compile(rb"(?:-repeated|text:c)\s*=\s*(?:\"[^\"&]*+&|'[^'&]*+&)")
_EMPTY = re.compile(rb"(?:[^<>\"']|\"[^\"<]*\"|'[^'<]*')*/>")
_ODS_CELLS = (b"table:table-cell", b"table:covered-table-cell")
_TAG_END = np.isin(np.arange(256), list(b" \t\r\n/>"))
"""By byte, whether it ends the name of a tag."""

_R = b' r="'
_DIGITS = 9  # more digits do not fit into int32, and exceed every limit
_PADDING = 64  # bytes after a part, so that a position near its end can be read further
_ERROR = re.compile(rb"(<(?:[^\s<>/:]*+:)*+c" + _ATTRIBUTES + rb"\s+t\s*=\s*)(?:\"e\"|'e')")
_FORMULA = re.compile(rb"<(?:[^\s<>/:]*+:)*+f[\s/>]")
_UNCALCULATED = re.compile(
    rb"f/?>(?:<(?:\w+:)?v(?:\s*/|></(?:\w+:)?v)>)?</(?:\w+:)?c>"  # starts with a literal, so fast
)

_RUN = re.compile(rb"<((?:\w+:)?)r>.*?</\1r>", re.DOTALL)
_RAISED = re.compile(
    rb"vertAlign\s[^>]*script|<(?:\w+:)?strike(?:\s*/|\s+val\s*=\s*[\"'](?:1|true))"
)
_RUN_NUMBER = re.compile(rb"(<(?:\w+:)?t)(?:\s[^<>]*)?>([^<]*\d[^<]*)(?=<)")
_ODS_RAISED = re.compile(
    rb"<style:style\s[^>]*style:name=\"([^\"]+)\"[^>]*>\s*<style:text-properties[^>]*"
    rb"(?:text-position=\"(?:super|sub|-?[1-9])|line-through-(?:style|type)=\"(?!none))"
)
_ODS_NUMBER = re.compile(
    rb"<text:span\s[^>]*style-name=\"([^\"]+)\"[^>]*>([^<]*\d[^<]*)</text:span>"
)
"""Parts of texts that are raised, lowered or struck out, such as the number of a footnote."""

_ODS_TAG = re.compile(
    rb"<table:(table|table-row|(?:covered-)?table-cell)(?=[\s/>])((?:[^<>\"']|\"[^\"<]*\"|'[^'<]*')*+)>"
)
_SPANNED = re.compile(rb"number-(columns|rows)-spanned\s*=\s*[\"']0*([0-9]{1,7})[\"']")

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
                if member.filename.startswith(_TEXTS) and len(result) <= _PEEKED:
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


def uncalculated(parts: Mapping[str, bytes]) -> int:
    """Return the number of formulas without a stored result, as some programs write them.

    A formula of a text has none if the text is empty.
    """
    cells = (
        data[max(data.rfind(_R, 0, match.start()), 0) : match.start()]
        for data in parts.values()
        if b"sheetData" in data
        for match in _UNCALCULATED.finditer(data)
    )
    return sum(b't="str"' not in cell for cell in cells)


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


def with_brackets(parts: Mapping[str, bytes]) -> tuple[dict[str, bytes], int]:
    """Return the parts with brackets around raised, lowered and struck out numbers, and how many.

    The library joins the parts of a text: 12 with a raised 1 would be 121, and is ``12 [1]``.
    """
    result, number = dict(parts), 0
    for name, data in parts.items():
        styles = {*_ODS_RAISED.findall(data)} if name == "content.xml" else set[bytes]()

        def bracketed(run: re.Match[bytes], styles: set[bytes] = styles) -> bytes:
            nonlocal number
            if styles:
                text, times = b" [" + run[2] + b"]", int(run[1] in styles)
            else:
                text, times = _RUN_NUMBER.subn(rb'\1 xml:space="preserve"> [\2]', run[0])
                times *= bool(_RAISED.search(run[0]))
            number += times
            return text if times else run[0]

        if styles or b"vertAlign" in data or b"strike" in data:
            result[name] = (_ODS_NUMBER if styles else _RUN).sub(bracketed, data)
    return result, number


def ods_spans(parts: Mapping[str, bytes]) -> list[list[Span]]:
    """Return the merged cells of each worksheet of an ods workbook."""
    data, sheets = parts.get("content.xml", b""), list[list[Span]]()
    row = column = next_row = 0
    for match in _ODS_TAG.finditer(data) if b"-spanned" in data else ():
        times = {name: int(number) for name, number in _REPEATED.findall(match[2])}
        size = {name: int(number) for name, number in _SPANNED.findall(match[2])}
        if match[1] == b"table":
            sheets.append([])
            next_row = 0
        elif match[1] == b"table-row":
            row, column, next_row = next_row, 0, next_row + times.get(b"rows", 1)
        else:
            last = row + size.get(b"rows", 1) - 1, column + size.get(b"columns", 1) - 1
            if sheets and last > (row, column):
                sheets[-1].append(((row, column), last))
            column += times.get(b"columns", 1)
    return sheets


def _has_errors(data: bytes) -> bool:
    """Whether a part contains ``"e"`` or ``'e'``; most have none, and `bytes.find` is slow."""
    octets = np.frombuffer(data, np.uint8)
    # The positions before each "e" that is neither the first nor the last byte.
    before = positions_of(octets[1:-1], b"e") if len(data) > 2 else np.zeros(0, dtype=np.int32)
    marks = octets[before]
    return bool(((marks == octets[before + 2]) & np.isin(marks, list(b"\"'"))).any())


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
    parts = dict(_unpacked(file))
    # The library ignores worksheets that no relation names.
    relations = b"".join(data for name, data in parts.items() if name.endswith(".rels")).lower()
    parts = {
        name: data
        for name, data in parts.items()
        if not name.startswith("xl/worksheets/")
        or name.rpartition("/")[2].lower().encode() in relations
    }
    _check_parts(file, parts, is_ods=_is_ods(file))
    return parts


def _archive(file: InputFile) -> zipfile.ZipFile:
    # Millions of empty parts would fill the memory with their names.
    if file.data.count(_MEMBER) > _MEMBERS:
        raise invalid_workbook(file, f"it has more than {_MEMBERS} parts")
    return zipfile.ZipFile(BytesIO(file.data))


def _refuse_packing(file: InputFile, member: zipfile.ZipInfo) -> None:
    if member.flag_bits & _ENCRYPTED:
        raise InvalidFile(f"{file.name} must not be encrypted", hint="Save it without a password")
    if member.compress_type not in _METHODS:
        raise invalid_workbook(file, f"{member.filename[:80]!r} has an unsupported compression")


def _unpacked(file: InputFile) -> Iterator[tuple[str, bytes]]:
    """Yield the parts; their total size is limited.

    A declared size can be wrong, so a part is decompressed piece by piece until the limit.
    """
    size, seen = 0, set()
    try:
        with _archive(file) as packed:
            for member in packed.infolist():
                name = member.filename
                is_read = name.endswith((".xml", ".rels")) and not name.startswith(_UNREAD)
                if not (name in _ODS_PARTS if _is_ods(file) else is_read):
                    continue
                _refuse_packing(file, member)
                # The library could read the one of two equal names that was not checked.
                if name.lower() in seen:
                    raise invalid_workbook(file, f"two of its parts are named {name[:80]!r}")
                seen.add(name.lower())
                pieces = []
                with packed.open(member) as stream:
                    while piece := stream.read(_PIECE):
                        size += len(piece)
                        if size > file.limits.size:
                            raise file.exceeded("size", "bytes")
                        pieces.append(piece)
                yield name, b"".join(pieces)
    except (InvalidFile, MemoryError):
        raise
    except Exception as error:  # a damaged archive raises many types of errors
        raise InvalidFile(
            f"{file.name} must be a valid workbook: {str(error)[:200]}",
            hint="Download the file again",
        ) from None


# Checks of the parts


def invalid_workbook(file: InputFile, problem: str) -> InvalidFile:
    """Return the error for a workbook that cannot be read."""
    return InvalidFile(
        f"{file.name} must be a valid workbook: {problem}",
        hint="Open it in a spreadsheet program and save it again",
    )


class _XmlTags:
    """The tags of an XML part, as positions in an array of bytes.

    ``starts`` are the positions after each ``<``, and ``names`` those of the names of these tags.
    Names have a prefix only if they are ``prefixed``, as in ods files; other prefixes are skipped,
    because the library ignores them.
    """

    def __init__(self, data: bytes, *, prefixed: bool) -> None:
        self.data = data
        self.octets = np.frombuffer(data + bytes(_PADDING), np.uint8)
        self.starts = positions_of(self.octets, b"<") + 1
        self.names = self.starts
        colons = () if prefixed else positions_of(self.octets, b":")
        if len(colons) and len(self.starts):
            # Only tags with a colon after them can have a prefix: few, so Python matches them.
            self.names = self.starts.copy()
            for tag in np.unique(np.searchsorted(self.starts, colons)).tolist():
                match = _PREFIX.match(data, self.starts[tag - 1])
                self.names[tag - 1] = match.end() if match else self.starts[tag - 1]
        self.initials = self.octets[self.names]

    def named(self, name: bytes) -> Positions:
        """Return the positions of a name."""
        # One comparison per letter, each of the positions that all earlier letters leave.
        positions = self.names[self.initials == name[0]]
        for offset, letter in enumerate(name[1:], start=1):
            positions = positions[self.octets[positions + offset] == letter]
        selected: Positions = positions[_TAG_END[self.octets[positions + len(name)]]]
        return selected

    def integers(self, start: Positions) -> tuple[Positions, Positions]:
        """Return the numbers of up to nine digits at positions, and their ends."""
        numbers, end = np.zeros(len(start), dtype=np.int32), start
        for _ in range(_DIGITS):
            # Bytes below "0" wrap around to numbers above 9.
            digits = self.octets[end] - np.uint8(ord("0"))
            is_digit = digits < 10
            if not is_digit.any():
                break
            numbers = np.where(is_digit, numbers * 10 + digits, numbers)
            end = end + is_digit  # positions after the last digit stay there
        return numbers, end

    def references(self, start: Positions) -> tuple[Positions, Positions]:
        """Return the column and row numbers of the attribute r after names; 0 for none."""
        columns, end = np.zeros(len(start), dtype=np.int32), start + len(_R)
        # Nearly all references are written as ` r="AB12"`, directly after the name.
        is_plain = np.ones(len(start), dtype=np.bool_)
        for offset, letter in enumerate(_R):
            is_plain &= self.octets[start + offset] == letter
        # Columns have up to three letters, the digits of a number to the base 26 without zero.
        for _ in range(3):
            letters = self.octets[end] - np.uint8(ord("A"))
            is_letter = letters < 26
            columns = np.where(is_letter, columns * 26 + letters + 1, columns)
            end = end + is_letter
        rows, end = self.integers(end)
        is_plain &= self.octets[end] == ord('"')
        # Other spellings are read one by one.
        for index in np.flatnonzero(~is_plain).tolist():
            match = _REFERENCE.match(self.data, start[index])
            columns[index] = 0
            for letter in match[1].upper()[:4] if match else b"":
                columns[index] = columns[index] * 26 + letter - ord("A") + 1
            rows[index] = int(match[2][:_DIGITS] or b"0") if match else 0
        return columns, rows


def _check_parts(file: InputFile, parts: Mapping[str, bytes], *, is_ods: bool) -> None:
    """Raise an error for parts that would fill the memory, or that are not plain XML."""
    limits = file.limits
    # Attack: millions of tags, each of which a position of the arrays below.
    marks = sum(count_octets(data, b"<") for data in parts.values())
    if marks > _TAGS_PER_CELL * limits.sheet_cells + _OTHER_TAGS:
        raise file.exceeded("sheet_cells", "cells in a worksheet, or XML tags")
    sheets: list[_XmlTags] = []
    text_lengths, other_bytes, empty_cells = [np.zeros(0, dtype=np.int64)], 0, 0
    for name, data in parts.items():
        if name == "mimetype":
            continue
        tags = _XmlTags(data, prefixed=is_ods)
        _check_xml(file, name, tags)
        if name == "content.xml":
            _check_repeats(file, tags)
            continue
        # Attack: more shared texts than cells could show.
        texts = tags.named(b"si")
        if len(texts) > limits.sheet_cells:
            raise file.exceeded("sheet_cells", "texts")
        # The length of a text includes its tags, up to the next text: at least what it fills.
        text_lengths.append(np.diff(texts, append=len(data)) if len(texts) else texts)
        if len(tags.named(b"sheetData")):
            sheets.append(tags)
            _check_sheets(file, len(sheets))
            empty_cells += _check_span(file, tags)
        elif not len(texts):
            other_bytes += len(data)
    # Attack: many worksheets, each below the limit of empty cells.
    if empty_cells > _EMPTY_CELLS:
        raise invalid_workbook(file, f"it has more than {_EMPTY_CELLS} empty cells")
    # Attack: styles and names, which the library keeps as objects of many times their size.
    if other_bytes > limits.size // _OTHER_PARTS:
        raise invalid_workbook(file, "parts without cells are too large")
    all_lengths = np.concatenate(text_lengths)
    for tags in sheets:
        _check_texts(file, tags, all_lengths)


def _check_sheets(file: InputFile, number: int) -> None:
    """Raise an error for many worksheets: a list of empty ones costs time for each."""
    if number > _SHEETS:
        raise InvalidFile(
            f"{file.name} must have at most {_SHEETS} worksheets",
            hint="Save the worksheet with the counts in its own file",
        )


def _check_xml(file: InputFile, name: str, tags: _XmlTags) -> None:
    """Raise an error unless a part is plain XML."""
    data = tags.data
    # Attack: an encoding in which the bytes of a tag are not those that the scanner looks for.
    declared = _DECLARED.match(data.removeprefix(b"\xef\xbb\xbf"))
    encoding = declared[1].lower() if declared else b"utf-8"
    is_hidden = encoding not in (b"utf-8", b"us-ascii") or b"\0" in data
    # Attack: entities that expand, and comments or CDATA that hide tags; all start with "<!".
    initials = tags.octets[tags.starts]
    if is_hidden or (initials == ord("!")).any() or (initials == ord("?")).sum() > 1:
        raise invalid_workbook(file, f"{name[:80]!r} is not plain XML")
    # Attack: one tag with so many attributes that a parser needs quadratic time for it.
    if np.diff(tags.starts, prepend=0, append=len(data)).max() > _PIECE:
        raise invalid_workbook(file, f"{name[:80]!r} has a tag or text of more than {_PIECE} bytes")
    # Attack: tags in attributes or without end, which the library and the scanner read differently.
    try:
        expat.ParserCreate("utf-8").Parse(data, True)
    except expat.ExpatError as error:
        raise invalid_workbook(file, f"{name[:80]!r} is not XML ({error})") from None


def _check_span(file: InputFile, tags: _XmlTags) -> int:
    """Return the number of empty cells of a sparse worksheet; raise an error for too many cells."""
    most = file.limits.sheet_cells
    # Attack: more cells than the limit.
    cells, rows = tags.named(b"c"), tags.named(b"row")
    if len(cells) > most:
        raise file.exceeded("sheet_cells", "cells in a sheet")
    # Attack: a reference outside the format, up to 2**31.
    columns, cell_rows = tags.references(cells + len(b"c"))
    _, row_numbers = tags.references(rows + len(b"row"))
    last = max(int(cell_rows.max(initial=0)), int(row_numbers.max(initial=0)))
    if max(last, len(rows)) > _LAST_ROW or columns.max(initial=0) > _LAST_COLUMN:
        raise invalid_workbook(file, "a cell is outside the last row or column")
    # Rows and cells without reference follow the previous ones. So the last row is at most the
    # largest reference plus the number of rows, and the width of a row likewise.
    if not row_numbers.all():
        last += len(rows)
    width = int(columns.max(initial=0))
    if not columns.all():
        row = np.searchsorted(rows, cells)  # of each cell, by the positions of the tags
        farthest = np.zeros(len(rows) + 1, dtype=np.intp)
        np.maximum.at(farthest, row, columns)
        farthest += np.bincount(row[columns == 0], minlength=len(farthest))
        width = int(farthest.max())
    # Attack: two cells in opposite corners, between which the library stores every cell.
    span = last * width
    if span > most or (span > _SMALL_SPAN and span > _SPAN_PER_CELL * len(cells)):
        raise file.exceeded("sheet_cells", "cells in a worksheet, including empty cells")
    return max(0, span - _SPAN_PER_CELL * len(cells))


def _check_texts(file: InputFile, tags: _XmlTags, lengths: NDArray[np.int64]) -> None:
    """Raise an error if a worksheet repeats long texts until they fill the memory.

    The longest texts are assumed to be the most frequent ones.
    """
    values = tags.named(b"v")
    if len(values) > file.limits.sheet_cells:
        raise file.exceeded("sheet_cells", "values in a sheet")
    # Most workbooks would fit even if every value were their longest text.
    if not len(lengths) or int(lengths.max()) * len(values) <= file.limits.size:
        return
    # Attack: one long text, named by every cell. A value is the number of a shared text, or a
    # number; which of both it is does not matter for an upper bound of the size.
    numbers, end = tags.integers(values + len(b"v>"))
    is_number = (tags.octets[values + 1] == ord(">")) & (tags.octets[end] == ord("<"))
    numbers = numbers[is_number]
    frequency = np.bincount(numbers[numbers < len(lengths)], minlength=len(lengths))
    frequency[0] += len(values) - len(numbers)  # values that are not read can be any text
    # Texts of several parts share numbers, so frequencies are paired with lengths at their worst.
    longest, often = np.sort(lengths)[::-1], np.sort(frequency)[::-1]
    if float(np.dot(often.astype(float), longest)) > file.limits.size:
        raise file.exceeded("size", "bytes of repeated texts")


def _check_repeats(file: InputFile, tags: _XmlTags) -> None:
    """Raise an error if an ods worksheet repeats its cells and rows until they fill the memory."""
    # Attack: a number of repeats as character references, which the patterns below do not read.
    if _ENCODED.search(tags.data):
        raise invalid_workbook(file, "a number of repeats has a character reference")
    # A cell belongs to the last row before it, and a row to the last table. Entry 0 of rows and
    # tables stands for cells and rows before the first one.
    cells = np.sort(np.concatenate([tags.named(name) for name in _ODS_CELLS]))
    rows = np.append(0, tags.named(b"table:table-row"))
    tables = np.append(0, tags.named(b"table:table"))
    _check_sheets(file, len(tables) - 1)
    row, table = np.searchsorted(rows, cells) - 1, np.searchsorted(tables, rows, "right") - 1
    is_last = np.diff(row, append=-1) != 0
    # How often each cell and each row is repeated.
    cell_times, row_times = np.ones(len(cells), dtype=np.intp), np.ones(len(rows), dtype=np.intp)
    for match in _REPEATED.finditer(tags.data):
        tag = tags.starts[np.searchsorted(tags.starts, match.start()) - 1]
        owners, times = (cells, cell_times) if match[1] == b"columns" else (rows, row_times)
        index = int(np.searchsorted(owners, tag))
        if index < len(owners) and owners[index] == tag:
            times[index] = int(match[2][:_DIGITS] or b"0")
            # Programs fill the sheet with one empty cell at the end of a row. It is not stored.
            content = _EMPTY.match(tags.data, tag) if owners is cells and is_last[index] else None
            if content and b"value" not in content[0]:
                times[index] = 0
    width = np.bincount(row, weights=cell_times, minlength=len(rows))
    # Nor are the empty rows below the last row with a cell.
    last_row = np.zeros(len(tables), dtype=np.intp)
    np.maximum.at(last_row, table, np.where(width > 0, np.arange(len(rows)), 0))
    row_times[np.arange(len(rows)) > last_row[table]] = 0
    # Attack: one cell repeated by a number, in a row repeated by another. The library stores each
    # table as a rectangle of its widest row, and reads all tables at once.
    widest = np.zeros(len(tables))
    np.maximum.at(widest, table, width)
    spans = widest * np.bincount(table, weights=row_times, minlength=len(tables))
    if spans.sum() > file.limits.sheet_cells:
        raise file.exceeded("sheet_cells", "cells, including empty cells")
    # Attack: a repeated long text, or a number of spaces in a text.
    sizes = np.diff(cells, append=len(tags.data)).astype(float)
    for match in _SPACES.finditer(tags.data):
        owner = np.searchsorted(cells, match.start()) - 1
        if owner >= 0:
            sizes[owner] += int(match[1][:_DIGITS])
    sizes *= cell_times * row_times[row]
    if sizes.sum() > file.limits.size:
        raise file.exceeded("size", "bytes of repeated texts")
