"""Why a file is of no format, where its contents say more than that."""

from thbstats.errors import InvalidFile
from thbstats.exchange import InputFile, parse_json
from thbstats.exchange.files.json_text import is_json
from thbstats.exchange.files.workbooks import parts_of

__all__ = ["refuse_broken"]

_GZIP = b"\x1f\x8b"
_ARCHIVES = (b"PK", b"\xd0\xcf\x11\xe0")


def refuse_broken(file: InputFile) -> None:
    """Refuse a file that could be of no format: empty, packed twice, cut, or no text.

    Raises
    ------
    InvalidFile
        If it is one of these, with what it is.
    """
    if not file.data.strip():
        raise InvalidFile(f"{file.name} is empty", hint="Fetch the file again")
    if file.data.startswith(_GZIP):
        raise InvalidFile(f"{file.name} is packed twice with gzip", hint="Unpack it once")
    if file.data.startswith(_ARCHIVES):
        parts_of(file)
    elif is_json(file):
        parse_json(file)
    else:
        file.utf8  # noqa: B018 - refuses what is no text
