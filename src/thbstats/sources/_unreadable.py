"""Diagnosis of files without a recognised format."""

from thbstats.errors import InvalidFile
from thbstats.exchange import (
    InputFile,
    is_json,
    parse_json,
    parts_of,
)

__all__ = ["refuse_broken"]

_GZIP = b"\x1f\x8b"
_ARCHIVES = (b"PK", b"\xd0\xcf\x11\xe0")


def refuse_broken(file: InputFile) -> None:
    """Raise an error for an empty, damaged or undecodable file.

    Raises
    ------
    InvalidFile
        If the file is empty, compressed twice, damaged or not text.
    """
    if not file.data.strip():
        raise InvalidFile(f"{file.name} must not be empty", hint="Download the file again")
    if file.data.startswith(_GZIP):
        raise InvalidFile(f"{file.name} must not be compressed twice", hint="Decompress it once")
    if file.data.startswith(_ARCHIVES):
        parts_of(file)
    elif is_json(file):
        parse_json(file)
    else:
        file.utf8  # noqa: B018 - raises an error for invalid text
