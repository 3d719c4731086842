"""Input files: decompressed, limited in size, and decoded."""

import gzip
import os
import stat
import zlib
from collections.abc import Callable
from io import BufferedReader, BytesIO, FileIO
from pathlib import Path
from typing import Any, BinaryIO

from attrs import Attribute, field, fields, frozen

from thbstats._properties import cached_property
from thbstats.errors import InvalidFile, InvalidValue, MissingFile
from thbstats.values import is_integer

_GZIP = b"\x1f\x8b"
_PIECE = 1 << 20
_READ = 1 << 27  # bytes to read at once; a file up to this size is not copied again
_HEAD = 1 << 16
_BYTE_ORDER_MARKS = {
    b"\xef\xbb\xbf": "utf-8",
    b"\xff\xfe": "utf-16-le",
    b"\xfe\xff": "utf-16-be",
    b"": "utf-8",
}

Progress = Callable[[str, float], None]
"""Function that receives the step and its progress from 0 to 1."""


def no_progress(_step: str, _done: float) -> None:
    """Ignore the progress."""


def _positive(_: object, attribute: "Attribute[int]", value: int) -> None:
    if not is_integer(value, least=1):
        raise InvalidValue(
            "must be a positive integer",
            field=attribute.name,
            value=value,
            hint="Pass a limit such as Limits(cells=10**7)",
        )


def _limit(default: int) -> int:
    return field(default=default, validator=_positive)


@frozen(kw_only=True, repr=False)
class Limits:
    """Maximum sizes of a file; a larger file is rejected before it fills the memory.

    With the defaults, a file of at most 5 MB needs at most 1 GB of memory, also if it is
    compressed.

    Parameters
    ----------
    size : int
        Bytes of a file, decompressed; 128 MiB by default.
    cells : int
        Cells of a text or Parquet table, including empty cells; 10 million by default.
    sheet_cells : int
        Cells of a worksheet, or of all worksheets of an ods file, including empty cells; 2 million
        by default.
    values : int
        Values of a JSON file; 1 million by default.
    texts : int
        Distinct texts, summed over the columns; 1 million by default.
    columns : int
        Columns of a table; 2,000 by default.
    cell : int
        Characters of a cell; 131,072 by default.
    depth : int
        Nested levels of JSON; 100 by default.

    Raises
    ------
    InvalidValue
        If a limit is not a positive integer.

    Examples
    --------
    >>> Limits(size=2**20).size
    1048576
    """

    size: int = _limit(2**27)
    cells: int = _limit(10**7)
    sheet_cells: int = _limit(2 * 10**6)
    values: int = _limit(10**6)
    texts: int = _limit(10**6)
    columns: int = _limit(2000)
    cell: int = _limit(2**17)
    depth: int = _limit(100)

    def __repr__(self) -> str:
        changed = [
            f"{item.name}={getattr(self, item.name)}"
            for item in fields(Limits)
            if getattr(self, item.name) != item.default
        ]
        return f"Limits({', '.join(changed)})"


LIMITS = Limits()
"""The default limits: 128 MiB, 10 million cells."""


@frozen(kw_only=True, slots=False)
class InputFile:
    """The contents of a file, decompressed, and their declared encoding."""

    name: str
    data: bytes = field(repr=False)
    packing: str = ""
    encoding: str | None = None
    limits: Limits = LIMITS

    def exceeded(self, limit: str, unit: str) -> InvalidFile:
        """Return the error for a file that exceeds a limit, such as ``"cells"``."""
        return InvalidFile(
            f"{self.name} must have at most {getattr(self.limits, limit)} {unit}",
            field="limits",
            hint=f"If the file is correct, pass limits=Limits({limit}=...)",
        )

    @cached_property
    def text(self) -> str:
        """The contents as text without a byte order mark; raises `InvalidFile` for other bytes."""
        start, encoding = self._encoding()
        try:
            text = self.data[start:].decode(encoding)
        except UnicodeDecodeError as error:
            line = self.data.count(b"\n", 0, start + error.start) + 1
            raise InvalidFile(
                f"{self.name} must be encoded in {encoding}",
                row=f"line {line}",
                value=error.object[error.start : error.start + 1],
                hint="Pass the encoding, such as encoding='cp1252', or save the file as UTF-8",
            ) from None
        except (LookupError, ValueError):
            raise _unknown_encoding(encoding) from None
        # UTF-8 contains the character only if it contains the byte.
        if (self.encoding is not None or b"\0" in self.data) and "\0" in text:
            line = text.count("\n", 0, text.index("\0")) + 1
            raise InvalidFile(
                f"{self.name} must be text without NUL characters",
                row=f"line {line}",
                hint="Pass the encoding, such as encoding='utf-16', or save the file as text",
            )
        return text

    @cached_property
    def utf8(self) -> bytes:
        """The text in UTF-8; invalid UTF-8 is detected when it is decoded."""
        if self.encoding is not None or self.data.startswith((b"\xff\xfe", b"\xfe\xff")):
            return self.text.encode()
        if b"\0" in self.data:
            self.text  # noqa: B018 - raises the error
        return self.data.removeprefix(b"\xef\xbb\xbf")

    @property
    def head(self) -> str:
        """The first 65,536 bytes as text, with replacement characters."""
        start, encoding = self._encoding()
        try:
            return self.data[start : start + _HEAD].decode(encoding, errors="replace")
        except (LookupError, ValueError):
            raise _unknown_encoding(encoding) from None

    def _encoding(self) -> tuple[int, str]:
        """Return the size of the byte order mark, and the encoding."""
        mark = next(mark for mark in _BYTE_ORDER_MARKS if self.data.startswith(mark))
        return len(mark), self.encoding or _BYTE_ORDER_MARKS[mark]


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
    """Return the contents of a file, plain or compressed with gzip.

    The encoding of its text is by default UTF-8, or that of the byte order mark. A file that is not
    regular, exceeds the limits, or is damaged gzip raises `InvalidFile`.
    """
    name = Path(path).name
    with open_regular(path) as file:
        expected = os.fstat(file.fileno()).st_size
        _check_size(name, expected, limits)
        pieces, size = [], 0
        # A larger buffer than the file is slow to allocate.
        while piece := file.read(min(_READ, expected + 1)):
            pieces.append(piece)
            size += len(piece)
            progress("reading", min(1.0, size / max(expected, 1)))
            _check_size(name, size, limits)
    return open_bytes(b"".join(pieces), name=name, encoding=encoding, limits=limits)


def open_regular(path: str | os.PathLike[str]) -> BinaryIO:
    """Open a regular file in binary mode, without waiting for a writer.

    A folder, a pipe, a socket or a device raises `InvalidFile`. Reading raises it for a file
    without available bytes, such as a system log.
    """
    try:
        mode = os.stat(path).st_mode  # opening a device can have side effects
    except FileNotFoundError:
        raise MissingFile.of_path(path) from None
    _check_regular(path, mode)
    at_once = getattr(os, "O_NONBLOCK", 0)  # not on Windows
    ready = _ReadyFile(path, opener=lambda name, flags: os.open(name, flags | at_once))
    file = BufferedReader(ready)
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


def _check_regular(path: str | os.PathLike[str], mode: int) -> None:
    if not stat.S_ISREG(mode):
        is_folder = stat.S_ISDIR(mode)
        raise _not_regular(path, "a folder" if is_folder else "a pipe, a socket or a device")


def _not_regular(path: str | os.PathLike[str], content: str) -> InvalidFile:
    return InvalidFile(
        f"must be a regular file, got {content}",
        value=os.fspath(path),
        hint="Pass the path of a regular file",
    )


def open_input(
    path: "str | os.PathLike[str] | InputFile",
    encoding: str | None = None,
    limits: Limits = LIMITS,
    progress: Progress = no_progress,
) -> InputFile:
    """Return the contents of a file; an `InputFile` is returned unchanged. See `open_file`."""
    if isinstance(path, InputFile):
        return path
    return open_file(path, encoding=encoding, limits=limits, progress=progress)


def open_bytes(
    data: bytes, *, name: str = "data", encoding: str | None = None, limits: Limits = LIMITS
) -> InputFile:
    """Return an input file from bytes, decompressed if they are gzip.

    Contents that exceed the limits, or are damaged gzip, raise `InvalidFile`. See `open_file`.
    """
    _check_size(name, len(data), limits)
    packing = "gzip" if data.startswith(_GZIP) else ""
    if packing:
        # In pieces, so that the size limit stops a zip bomb.
        pieces, size = [], 0
        try:
            with gzip.GzipFile(fileobj=BytesIO(data)) as stream:
                while piece := stream.read(_PIECE):
                    pieces.append(piece)
                    size += len(piece)
                    _check_size(name, size, limits)
        except (OSError, EOFError, zlib.error) as error:
            raise InvalidFile(
                f"{name} must be valid gzip: {error}", hint="Download the file again"
            ) from None
        data = b"".join(pieces)
    return InputFile(name=name, data=data, packing=packing, encoding=encoding, limits=limits)


def _check_size(name: str, size: int, limits: Limits) -> None:
    if size > limits.size:
        raise InputFile(name=name, data=b"", limits=limits).exceeded("size", "bytes")
