"""Files that are written whole or not at all."""

import os
import stat
from contextlib import suppress
from errno import EACCES

from thbstats.errors import InvalidValue

__all__ = ["half_character", "write_file"]


def write_file(path: str | os.PathLike[str], content: bytes | str) -> None:
    """Write a file whole, or leave what is there as it is.

    The content goes to a temporary file in the same folder, which then takes the place of the old
    file. Readers find either the old file or the new one. A process that is killed (SIGKILL, or
    power that fails) leaves the old file and perhaps a file ``.thbstats-*.tmp``.

    Parameters
    ----------
    path : str or path
        The file; it is replaced if it exists and keeps its permissions. A symbolic link stays, and
        its target is replaced. Another hard link keeps the old content. A path that is not a
        regular file, such as a pipe, is written to.
    content : bytes or str
        The content; a text is written in UTF-8.

    Raises
    ------
    InvalidValue
        If a text contains half a character.
    OSError
        If the system refuses: a missing folder, a file that may not be written, a full disk.
    """
    data = content if isinstance(content, bytes) else _encoded(content)
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
    except OSError as error:  # the name of the temporary file means nothing to a reader
        raise OSError(error.errno, error.strerror or str(error), os.fspath(path)) from None


def half_character(error: UnicodeEncodeError) -> InvalidValue:
    """Return the error about a text that no file can hold."""
    return InvalidValue(
        "a text must not contain half a character, which no file can hold",
        value=error.object[max(0, error.start - 20) : error.start + 1],
        hint="Write the text again",
    )


def _encoded(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise half_character(error) from None


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
    """Write a new file with the permissions of an old one, or those of any new file."""

    def opened(name: str, flags: int) -> int:
        return os.open(name, flags, 0o666 if old is None else 0o600)

    with open(path, "xb", opener=opened) as file:
        if old is not None:
            if hasattr(os, "chown"):
                with suppress(OSError):  # only the system's administrator may give a file away
                    os.chown(path, old.st_uid, old.st_gid)
            os.chmod(path, stat.S_IMODE(old.st_mode))
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
