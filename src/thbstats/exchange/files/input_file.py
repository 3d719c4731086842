"""A file taken in whole: unpacked, within limits, and decoded without a guess."""

import os
import stat
import zlib
from functools import cached_property
from io import BufferedReader, FileIO
from pathlib import Path
from typing import Any, BinaryIO

from attrs import field, frozen

from thbstats.errors import InvalidFile
from thbstats.exchange.files.limits import LIMITS, Limits, Progress, no_progress

__all__ = ["InputFile", "open_bytes", "open_file", "open_input", "open_regular"]

_GZIP = b"\x1f\x8b"
_PIECE = 1 << 20
_READ = 1 << 27
"""How much is read at once; a file up to this size is not copied once more."""

# What stands at the start of a text says how it is encoded; nothing else is believed.
_MARKS = {b"\xef\xbb\xbf": "utf-8", b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}


@frozen(kw_only=True, slots=False)
class InputFile:
    """The contents of a file.

    Parameters
    ----------
    name : str
        The name of the file, for messages.
    data : bytes
        Its contents, unpacked.
    packing : {"", "gzip"}
        How it was packed.
    encoding : str or None
        The encoding that the user states; ``None`` for what the file says, else UTF-8.
    limits : Limits
        What a reader takes in.

    Examples
    --------
    >>> open_bytes(b"sex,value", name="a.csv").text
    'sex,value'
    """

    name: str
    data: bytes = field(repr=False)
    packing: str = ""
    encoding: str | None = None
    limits: Limits = LIMITS

    @cached_property
    def text(self) -> str:
        """The contents as text, without a byte order mark.

        Raises
        ------
        InvalidFile
            If they are no text in the encoding, or hold a NUL.
        """
        mark = next((mark for mark in _MARKS if self.data.startswith(mark)), b"")
        encoding = self.encoding or _MARKS.get(mark, "utf-8")
        try:
            text = self.data[len(mark) :].decode(encoding)
        except UnicodeDecodeError as error:
            raise self._undecodable(error, encoding, len(mark)) from None
        except (LookupError, ValueError):
            raise _no_encoding(encoding) from None
        # UTF-8 has the character only where it has the byte, and bytes are quick to search.
        none = self.encoding is None and b"\0" not in self.data
        index = -1 if none else text.find("\0")
        if index >= 0:
            raise InvalidFile(
                f"{self.name} contains a NUL character, which text does not contain",
                row=f"line {text.count(chr(10), 0, index) + 1}",
                hint="State the encoding, such as encoding='utf-16', or save it as text again",
            )
        return text

    @cached_property
    def utf8(self) -> bytes:
        """The text in UTF-8; most often the file has it so already.

        Whether it is text is then only seen where it is decoded: `text` tells what is wrong.

        Raises
        ------
        InvalidFile
            As for `text`, if the file is not in UTF-8 or holds a NUL.
        """
        if self.encoding is not None or self.data.startswith((b"\xff\xfe", b"\xfe\xff")):
            return self.text.encode()
        if b"\0" in self.data:
            self.text  # noqa: B018 - refuses what is no text
        return self.data.removeprefix(b"\xef\xbb\xbf")

    @property
    def head(self) -> str:
        """The first lines as far as they can be read, to find out what the file is."""
        mark = next((mark for mark in _MARKS if self.data.startswith(mark)), b"")
        encoding = self.encoding or _MARKS.get(mark, "utf-8")
        try:
            return self.data[len(mark) : len(mark) + (1 << 16)].decode(encoding, errors="replace")
        except (LookupError, ValueError):
            raise _no_encoding(encoding) from None

    def _undecodable(self, error: UnicodeDecodeError, encoding: str, skipped: int) -> InvalidFile:
        line = self.data.count(b"\n", 0, skipped + error.start) + 1
        return InvalidFile(
            f"{self.name} is not {encoding}",
            row=f"line {line}",
            value=error.object[error.start : error.start + 1],
            hint="State the encoding, such as encoding='cp1252', or save the file as UTF-8; "
            "it is not guessed, since a wrong guess changes names without a word",
        )


def _no_encoding(name: str) -> InvalidFile:
    return InvalidFile(
        "there is no such encoding",
        field="encoding",
        value=name,
        hint="Name one that Python knows, such as 'utf-8', 'cp1252' or 'utf-16'",
    )


def open_file(
    path: str | os.PathLike[str],
    *,
    encoding: str | None = None,
    limits: Limits = LIMITS,
    progress: Progress = no_progress,
) -> InputFile:
    """Return the contents of a file.

    Parameters
    ----------
    path : str or path
        A file, plain or packed with gzip, whatever its name ends with.
    encoding : str, optional
        The encoding of its text, where it is not UTF-8 and no byte order mark says which.
    limits : Limits
        What is taken in.
    progress : callable
        Told how far it is.

    Returns
    -------
    InputFile

    Raises
    ------
    InvalidFile
        If it is not a regular file, larger than the limit, or packed and broken.
    OSError
        If the system does not give it: it does not exist, or may not be read.
    """
    found = Path(path)
    with open_regular(found) as file:
        about = os.fstat(file.fileno())
        _check_size(found.name, about.st_size, limits)
        pieces, size = [], 0
        # Room for more than there is takes long to get.
        while piece := file.read(min(_READ, about.st_size + 1)):
            pieces.append(piece)
            size += len(piece)
            progress("reading", min(1.0, size / max(about.st_size, 1)))
            _check_size(found.name, size, limits)
    return open_bytes(b"".join(pieces), name=found.name, encoding=encoding, limits=limits)


def open_regular(path: str | os.PathLike[str]) -> BinaryIO:
    """Open a file to read its bytes, without waiting for anybody who writes into it.

    Parameters
    ----------
    path : str or path
        A regular file, or a link to one.

    Raises
    ------
    InvalidFile
        If it is a folder, a pipe, a socket or a device. Reading raises it for a file whose bytes
        are still to come, such as the log of the system.
    OSError
        If the system does not give it: it does not exist, or may not be read.
    """
    _check_regular(path, os.stat(path).st_mode)  # to open a device can have effects of its own
    file = BufferedReader(_ReadyFile(path, opener=_without_waiting))
    try:
        _check_regular(path, os.fstat(file.fileno()).st_mode)
    except InvalidFile:
        file.close()
        raise
    return file


class _ReadyFile(FileIO):
    """A file that refuses to wait for bytes, as the log of the system would."""

    def readinto(self, buffer: Any, /) -> int:
        size = super().readinto(buffer)
        if size is None:
            raise _no_file(os.fsdecode(self.name), "no ordinary file")
        return size


def _without_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))  # Windows has no such flag


def _check_regular(path: str | os.PathLike[str], mode: int) -> None:
    if not stat.S_ISREG(mode):
        what = "a folder" if stat.S_ISDIR(mode) else "a pipe, a socket or a device"
        raise _no_file(path, what)


def _no_file(path: str | os.PathLike[str], what: str) -> InvalidFile:
    return InvalidFile(
        f"this is {what}", value=os.fspath(path), hint="Give the path of a regular file"
    )


def open_input(
    path: "str | os.PathLike[str] | InputFile",
    encoding: str | None = None,
    limits: Limits = LIMITS,
    progress: Progress = no_progress,
) -> InputFile:
    """Return the contents of a file, or what was opened already as it is.

    Parameters
    ----------
    path : str, path or InputFile
        A file.
    encoding, limits, progress : optional
        As for `open_file`.

    Returns
    -------
    InputFile
    """
    if isinstance(path, InputFile):
        return path
    return open_file(path, encoding=encoding, limits=limits, progress=progress)


def open_bytes(
    data: bytes, *, name: str = "data", encoding: str | None = None, limits: Limits = LIMITS
) -> InputFile:
    """Return contents that are already in memory, unpacked where they are packed.

    Parameters
    ----------
    data : bytes
        The contents of a file.
    name : str
        What messages call it.
    encoding, limits : optional
        As for `open_file`.

    Returns
    -------
    InputFile

    Raises
    ------
    InvalidFile
        If they are larger than the limit, or packed and broken.
    """
    _check_size(name, len(data), limits)
    packing = "gzip" if data.startswith(_GZIP) else ""
    if packing:
        data = _unpacked(name, data, limits)
    return InputFile(name=name, data=data, packing=packing, encoding=encoding, limits=limits)


def _unpacked(name: str, data: bytes, limits: Limits) -> bytes:
    """Unpack members piece by piece, so that a bomb is told before it bursts."""
    pieces, size, rest = [], 0, data
    while rest.startswith(_GZIP):
        member = zlib.decompressobj(wbits=31)
        while not member.eof:
            try:
                piece = member.decompress(rest, _PIECE)
            except zlib.error as error:
                raise _broken(name, str(error)) from None
            rest = member.unconsumed_tail
            if not (piece or rest or member.eof):
                raise _broken(name, "it ends before its contents do")
            pieces.append(piece)
            size += len(piece)
            _check_size(name, size, limits)
        rest = member.unused_data
    if rest.strip(b"\0"):
        raise _broken(name, "something else stands after its contents")
    return b"".join(pieces)


def _broken(name: str, why: str) -> InvalidFile:
    return InvalidFile(f"{name} is packed with gzip and broken: {why}", hint="Fetch the file again")


def _check_size(name: str, size: int, limits: Limits) -> None:
    if size > limits.size:
        raise InvalidFile(
            f"{name} holds more than {limits.size} bytes",
            field="limits",
            hint="If it is meant to, read it with limits=Limits(size=...)",
        )
