"""Atomic writing of files."""

import os
import stat
from contextlib import suppress
from errno import EACCES

from thbstats.errors import InvalidValue


def write_file(path: str | os.PathLike[str], content: bytes | str) -> None:
    """Write a file completely, or leave the old file unchanged.

    The content goes to a temporary file in the same folder, which then replaces the old file. A
    killed process or a power failure leaves the old file and perhaps a file
    ``.thbstats-*.tmp``.
    """
    try:
        data = content if isinstance(content, bytes) else content.encode()
    except UnicodeEncodeError as error:
        raise surrogate_error(error) from None
    try:
        old = os.stat(path)
    except FileNotFoundError:
        old = None
    try:
        if old is None or stat.S_ISREG(old.st_mode):
            _replace(os.path.realpath(path), data, old)
        else:
            with open(path, "wb") as file:
                file.write(data)
    except OSError as error:  # without the name of the temporary file
        raise OSError(error.errno, error.strerror or str(error), os.fspath(path)) from None


def surrogate_error(error: UnicodeEncodeError) -> InvalidValue:
    """Return the error for a text with a lone surrogate."""
    return InvalidValue(
        "must be valid Unicode without a lone surrogate",
        value=error.object[max(0, error.start - 20) : error.start + 1],
        hint="Type the text again",
    )


def _replace(path: str, data: bytes, old: os.stat_result | None) -> None:
    if old is not None and not os.access(path, os.W_OK):
        raise OSError(EACCES, os.strerror(EACCES))
    temporary = os.path.join(os.path.dirname(path), f".thbstats-{os.urandom(8).hex()}.tmp")
    try:
        _write(temporary, data, old)
        os.replace(temporary, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)
        raise


def _write(path: str, data: bytes, old: os.stat_result | None) -> None:
    """Write a new file with the permissions of the old file, or default permissions."""

    def open_private(name: str, flags: int) -> int:
        return os.open(name, flags, 0o666 if old is None else 0o600)

    with open(path, "xb", opener=open_private) as file:
        if old is not None:
            if hasattr(os, "chown"):
                with suppress(OSError):  # only an administrator may change the owner
                    os.chown(path, old.st_uid, old.st_gid)
            os.chmod(path, stat.S_IMODE(old.st_mode))
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
