"""Workbooks (xlsx, ods): their parts, decompressed within the limits."""

import re
import zipfile
from collections.abc import Iterator, Mapping
from io import BytesIO

import numpy as np

from thbstats.errors import InvalidFile
from thbstats.files.delimited import positions_of
from thbstats.files.input_file import InputFile
from thbstats.files.workbook_guard import ATTRIBUTES, check_parts, invalid_workbook

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

_PIECE = 1 << 20
"""The number of bytes that are decompressed before the size is checked again."""

_ENCRYPTED = 0x1
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ERROR = re.compile(rb"(<(?:[^\s<>/:]*+:)*+c" + ATTRIBUTES + rb"\s+t\s*=\s*)(?:\"e\"|'e')")
_FORMULA = re.compile(rb"<(?:[^\s<>/:]*+:)*+f[\s/>]")


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
    parts = _named_parts(file)
    check_parts(file, parts, is_ods=_is_ods(file))
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
