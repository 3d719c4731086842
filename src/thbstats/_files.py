"""Atomic writing of files, and the texts of the package."""

import os
import stat
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from errno import EACCES
from functools import cache
from importlib.resources import files as package_files
from typing import TypeAlias

from thbstats.errors import InvalidValue, MissingFile, UnknownName

Path: TypeAlias = "str | os.PathLike[str]"
Content: TypeAlias = "tuple[Path, bytes | str]"
"""A file and its content."""


@cache
def package_text(package: str, name: str) -> str:
    """Return the content of a text file of a package, such as a style sheet."""
    return package_files(package).joinpath(name).read_text("utf-8")


def write_file(path: Path, content: bytes | str) -> None:
    """Write a file completely, or leave the old file unchanged. See `write_files`."""
    write_files([(path, content)])


def write_files(files: Iterable[Content]) -> None:
    """Write all files completely, or leave the old files unchanged.

    Each content goes to a temporary file in the folder of its file. If all are written, they
    replace the old files. A killed process or a power failure leaves each old file or its new one,
    and perhaps files ``.thbstats-*.tmp``.
    """
    contents: list[tuple[Path, bytes]] = []
    for path, content in files:
        if any(is_same_file(path, other) for other, _ in contents):
            hint = "Use another name"
            raise InvalidValue("must be different files", value=os.fspath(path), hint=hint)
        try:
            data = content if isinstance(content, bytes) else content.encode()
        except UnicodeEncodeError as error:
            raise surrogate_error(error) from None
        contents.append((path, data))
    named, temporaries = "", list[tuple[str, str, str]]()
    try:
        for path, data in contents:
            named, old = os.fspath(path), None
            with suppress(FileNotFoundError):
                old = os.stat(path)
            if old is None or stat.S_ISREG(old.st_mode):
                target = os.path.realpath(path)
                if old is not None and not os.access(target, os.W_OK):
                    raise OSError(EACCES, os.strerror(EACCES))
                name = f".thbstats-{os.urandom(8).hex()}.tmp"
                temporaries.append((named, os.path.join(os.path.dirname(target), name), target))
                _write(temporaries[-1][1], data, old)
            else:
                with open(path, "wb") as file:
                    file.write(data)
        for named, temporary, target in temporaries:  # noqa: B007 - for the error
            os.replace(temporary, target)
    except FileNotFoundError:
        folder = os.path.dirname(named)
        raise MissingFile(
            f"No folder {folder!r} for {os.path.basename(named)!r}",
            hint="Create the folder, or choose another one",
        ) from None
    except OSError as error:  # without the name of the temporary file
        raise OSError(error.errno, error.strerror or str(error), named) from None
    finally:
        for _, temporary, _ in temporaries:
            with suppress(OSError):
                os.unlink(temporary)


def write_as(path: Path, writers: Mapping[str, Callable[[], str]], *others: str) -> None:
    """Write a file with the function for its extension; an error also lists the `others`."""
    extension = os.path.splitext(path)[1].lower()
    if extension not in writers:
        problem, hint = "must have a known file extension", f"Use {', '.join([*writers, *others])}"
        raise UnknownName(problem, field="path", value=os.fspath(path), hint=hint)
    write_file(path, writers[extension]().rstrip("\n") + "\n")


def is_same_file(first: Path, second: Path) -> bool:
    """Return whether two paths lead to one file, also through links or if it does not exist."""
    try:
        return os.path.samefile(first, second)
    except OSError:
        return os.path.realpath(first) == os.path.realpath(second)


def surrogate_error(error: UnicodeEncodeError) -> InvalidValue:
    """Return the error for a text with a lone surrogate."""
    return InvalidValue(
        "must be valid Unicode without a lone surrogate",
        value=error.object[max(0, error.start - 20) : error.start + 1],
        hint="Type the text again",
    )


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
