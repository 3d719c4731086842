"""Files in one folder: the server can read no other files."""

import os
import stat
from pathlib import Path, PurePosixPath

from attrs import field, frozen

from thbstats._characters import escape
from thbstats.errors import InvalidFile, InvalidValue
from thbstats.files import InputFile, Limits, open_bytes

_LONGEST = 255
_LISTED = 200
_HINT = "Use a path that the tool `files` lists"
_FLAGS = os.O_RDONLY | sum(
    getattr(os, name, 0) for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_BINARY")
)


def _root(path: str | os.PathLike[str]) -> Path:
    root = Path(path).resolve()
    if not root.is_dir():
        hint = "Use the folder that contains the files"
        raise InvalidValue("must be a folder", field="folder", value=os.fspath(path), hint=hint)
    return root


@frozen
class Folder:
    """Folder whose files can be read.

    Parameters
    ----------
    root : path
        The folder.
    limits : Limits
        The limits of a file.
    """

    root: Path = field(converter=_root)
    limits: Limits = field(factory=lambda: Limits(size=2**26, cells=5 * 10**6))

    def files(self) -> tuple[list[str], bool]:
        """Return the paths of at most 200 regular files in the folder, and whether there are more.

        Hidden files, symbolic links and names that `open` refuses are not listed.
        """
        paths: list[str] = []
        for folder, folders, names in os.walk(self.root):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            for name in sorted(names):
                path = Path(folder, name)
                relative = path.relative_to(self.root).as_posix()
                if _is_plain(relative) and stat.S_ISREG(path.lstat().st_mode):
                    if len(paths) == _LISTED:
                        return paths, True
                    paths.append(relative)
        return paths, False

    def open(self, path: str) -> InputFile:
        """Return the contents of a file.

        Raises
        ------
        InvalidFile
            If the path is absolute, leaves the folder, contains a symbolic link, or is not a
            regular file, or the file exceeds the limits.
        """
        parts = self._parts(path)
        current = self.root
        try:
            for part in parts:
                current = current / part
                if stat.S_ISLNK(current.lstat().st_mode):
                    raise _refused("must not contain a symbolic link", path)
            if not stat.S_ISREG(current.lstat().st_mode):
                raise _refused("must be a regular file", path)
            handle = os.open(current, _FLAGS)
            with os.fdopen(handle, "rb") as file:
                # The folders of the path can be replaced while they are checked.
                same = os.path.samestat(os.fstat(file.fileno()), current.lstat())
                if not same or current.resolve() != current:
                    raise _refused("must be a file below the folder", path)
                data = file.read(self.limits.size + 1)
        except OSError:
            raise _refused("must be a file below the folder", path) from None
        return open_bytes(data, name=parts[-1], limits=self.limits)

    def version(self, path: str) -> tuple[int, ...]:
        """Return numbers that change if a file changes."""
        parts = self._parts(path)
        try:
            status = self.root.joinpath(*parts).lstat()
        except OSError:
            raise _refused("must be a file below the folder", path) from None
        return (status.st_ino, status.st_size, status.st_mtime_ns)

    def _parts(self, path: str) -> tuple[str, ...]:
        if not _is_plain(path):
            raise _refused("must be a plain path below the folder", path)
        return PurePosixPath(path).parts


def _is_plain(path: str) -> bool:
    """Whether a path is relative, short and printable, and names no hidden file."""
    pure = PurePosixPath(path)
    return (
        0 < len(path) <= _LONGEST
        and path.isprintable()
        and not pure.is_absolute()
        and bool(pure.parts)
        and not any(sign in path for sign in ("\\", ":", "~"))
        and not any(part.startswith(".") for part in pure.parts)
    )


def _refused(problem: str, path: str) -> InvalidFile:
    return InvalidFile(problem, field="path", value=escape(path[:80]), hint=_HINT)
