"""Input files: decompressed, limited in size, and decoded."""

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
"""Bytes to read at once; a file up to this size is not copied again."""

# Byte order marks.
_MARKS = {b"\xef\xbb\xbf": "utf-8", b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}


@frozen(kw_only=True, slots=False)
class InputFile:
    """The contents of a file.

    Parameters
    ----------
    name : str
        The name of the file, for messages.
    data : bytes
        Its contents, decompressed.
    packing : {"", "gzip"}
        The compression.
    encoding : str or None
        The declared encoding; by default that of the byte order mark, otherwise UTF-8.
    limits : Limits
        The limits of readers.

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
            If the contents are not text in the encoding, or contain a NUL character.
        """
        mark = next((mark for mark in _MARKS if self.data.startswith(mark)), b"")
        encoding = self.encoding or _MARKS.get(mark, "utf-8")
        try:
            text = self.data[len(mark) :].decode(encoding)
        except UnicodeDecodeError as error:
            raise self._undecodable(error, encoding, len(mark)) from None
        except (LookupError, ValueError):
            raise _unknown_encoding(encoding) from None
        # UTF-8 contains the character only if it contains the byte.
        none = self.encoding is None and b"\0" not in self.data
        index = -1 if none else text.find("\0")
        if index >= 0:
            raise InvalidFile(
                f"{self.name} must be text without NUL characters",
                row=f"line {text.count(chr(10), 0, index) + 1}",
                hint="Pass the encoding, such as encoding='utf-16', or save the file as text",
            )
        return text

    @cached_property
    def utf8(self) -> bytes:
        """The text in UTF-8.

        Invalid UTF-8 is detected when the text is decoded; see `text`.

        Raises
        ------
        InvalidFile
            If the text cannot be converted, or contains a NUL character.
        """
        if self.encoding is not None or self.data.startswith((b"\xff\xfe", b"\xfe\xff")):
            return self.text.encode()
        if b"\0" in self.data:
            self.text  # noqa: B018 - refuses what is no text
        return self.data.removeprefix(b"\xef\xbb\xbf")

    @property
    def head(self) -> str:
        """The first 65,536 bytes as text, with replacement characters."""
        mark = next((mark for mark in _MARKS if self.data.startswith(mark)), b"")
        encoding = self.encoding or _MARKS.get(mark, "utf-8")
        try:
            return self.data[len(mark) : len(mark) + (1 << 16)].decode(encoding, errors="replace")
        except (LookupError, ValueError):
            raise _unknown_encoding(encoding) from None

    def _undecodable(self, error: UnicodeDecodeError, encoding: str, skipped: int) -> InvalidFile:
        line = self.data.count(b"\n", 0, skipped + error.start) + 1
        return InvalidFile(
            f"{self.name} must be encoded in {encoding}",
            row=f"line {line}",
            value=error.object[error.start : error.start + 1],
            hint="Pass the encoding, such as encoding='cp1252', or save the file as UTF-8",
        )


def _unknown_encoding(name: str) -> InvalidFile:
    return InvalidFile(
        "must be an encoding known to Python",
        field="encoding",
        value=name,
        hint="Pass encoding='utf-8', 'cp1252' or 'utf-16'",
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
        A file, plain or compressed with gzip.
    encoding : str, optional
        The encoding of its text; by default UTF-8, or that of the byte order mark.
    limits : Limits
        The limits of the reader.
    progress : callable
        Function that receives the step and its progress from 0 to 1.

    Raises
    ------
    InvalidFile
        If it is not a regular file, exceeds the limits, or is damaged gzip.
    OSError
        If the file does not exist or cannot be read.
    """
    result = Path(path)
    with open_regular(result) as file:
        about = os.fstat(file.fileno())
        _check_size(result.name, about.st_size, limits)
        pieces, size = [], 0
        # A larger buffer than the file is slow to allocate.
        while piece := file.read(min(_READ, about.st_size + 1)):
            pieces.append(piece)
            size += len(piece)
            progress("reading", min(1.0, size / max(about.st_size, 1)))
            _check_size(result.name, size, limits)
    return open_bytes(b"".join(pieces), name=result.name, encoding=encoding, limits=limits)


def open_regular(path: str | os.PathLike[str]) -> BinaryIO:
    """Open a regular file in binary mode, without waiting for a writer.

    Parameters
    ----------
    path : str or path
        A regular file, or a link to one.

    Raises
    ------
    InvalidFile
        If it is a folder, a pipe, a socket or a device. Reading raises it for a file without
        available bytes, such as a system log.
    OSError
        If the file does not exist or cannot be read.
    """
    _check_regular(path, os.stat(path).st_mode)  # opening a device can have side effects
    file = BufferedReader(_ReadyFile(path, opener=_without_waiting))
    try:
        _check_regular(path, os.fstat(file.fileno()).st_mode)
    except InvalidFile:
        file.close()
        raise
    return file


class _ReadyFile(FileIO):
    """A file that raises an error instead of waiting for bytes."""

    def readinto(self, buffer: Any, /) -> int:
        size = super().readinto(buffer)
        if size is None:
            raise _not_regular(os.fsdecode(self.name), "a file without available bytes")
        return size


def _without_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))  # not on Windows


def _check_regular(path: str | os.PathLike[str], mode: int) -> None:
    if not stat.S_ISREG(mode):
        what = "a folder" if stat.S_ISDIR(mode) else "a pipe, a socket or a device"
        raise _not_regular(path, what)


def _not_regular(path: str | os.PathLike[str], what: str) -> InvalidFile:
    return InvalidFile(
        f"must be a regular file, got {what}",
        value=os.fspath(path),
        hint="Pass the path of a regular file",
    )


def open_input(
    path: "str | os.PathLike[str] | InputFile",
    encoding: str | None = None,
    limits: Limits = LIMITS,
    progress: Progress = no_progress,
) -> InputFile:
    """Return the contents of a file; an `InputFile` is returned unchanged.

    Parameters
    ----------
    path : str, path or InputFile
        A file.
    encoding, limits, progress : optional
        See `open_file`.
    """
    if isinstance(path, InputFile):
        return path
    return open_file(path, encoding=encoding, limits=limits, progress=progress)


def open_bytes(
    data: bytes, *, name: str = "data", encoding: str | None = None, limits: Limits = LIMITS
) -> InputFile:
    """Return an input file from bytes, decompressed if they are gzip.

    Parameters
    ----------
    data : bytes
        The contents of a file.
    name : str
        The name for messages.
    encoding, limits : optional
        See `open_file`.

    Raises
    ------
    InvalidFile
        If the contents exceed the limits, or are damaged gzip.
    """
    _check_size(name, len(data), limits)
    packing = "gzip" if data.startswith(_GZIP) else ""
    if packing:
        data = _unpacked(name, data, limits)
    return InputFile(name=name, data=data, packing=packing, encoding=encoding, limits=limits)


def _unpacked(name: str, data: bytes, limits: Limits) -> bytes:
    """Decompress in pieces, so that the size limit stops a zip bomb."""
    pieces, size, remaining = [], 0, data
    while remaining.startswith(_GZIP):
        member = zlib.decompressobj(wbits=31)
        while not member.eof:
            try:
                piece = member.decompress(remaining, _PIECE)
            except zlib.error as error:
                raise _broken(name, str(error)) from None
            remaining = member.unconsumed_tail
            if not (piece or remaining or member.eof):
                raise _broken(name, "unexpected end of file")
            pieces.append(piece)
            size += len(piece)
            _check_size(name, size, limits)
        remaining = member.unused_data
    if remaining.strip(b"\0"):
        raise _broken(name, "unexpected data after the end")
    return b"".join(pieces)


def _broken(name: str, why: str) -> InvalidFile:
    return InvalidFile(f"{name} must be valid gzip: {why}", hint="Download the file again")


def _check_size(name: str, size: int, limits: Limits) -> None:
    if size > limits.size:
        raise InvalidFile(
            f"{name} must have at most {limits.size} bytes",
            field="limits",
            hint="If the file is correct, pass limits=Limits(size=...)",
        )
