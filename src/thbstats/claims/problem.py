"""Problems of claims files."""

from typing import Any

from attrs import frozen

from thbstats._characters import escape
from thbstats.claims.positions import KeyPath
from thbstats.errors import ThbstatsError
from thbstats.exchange import pointer

__all__ = ["Problem"]


@frozen(kw_only=True)
class Problem:
    """Problem of a claims file.

    Parameters
    ----------
    file : str
        The file.
    line, column : int
        The position, from 1.
    path : tuple of str and int
        The key path, such as ``("claim", 0, "kind")``.
    error : ThbstatsError
        The error; its ``row`` is the record.

    Examples
    --------
    >>> from thbstats.errors import InvalidValue
    >>> error = InvalidValue("must be set", row="claim 'a'", field="kind", hint="Enter a kind")
    >>> print(Problem(file="a.toml", line=7, column=1, path=("claim", 0), error=error))
    a.toml:7:1: claim 'a', field 'kind': must be set. Enter a kind
    """

    file: str
    line: int
    column: int
    path: KeyPath
    error: ThbstatsError

    @property
    def location(self) -> str:
        """The location in the format of editors."""
        return f"{escape(self.file)}:{self.line}:{self.column}"

    @property
    def order(self) -> tuple[int, int, str]:
        """The sort key of the problem in its file."""
        return (self.line, self.column, self.message)

    @property
    def message(self) -> str:
        """The message without the location."""
        return str(self.error).removeprefix("row ")

    def to_dict(self) -> dict[str, Any]:
        """Return plain data for JSON; the path is a JSON Pointer."""
        error = self.error
        return {
            "file": self.file,
            "line": self.line,
            "column": self.column,
            "path": pointer(*self.path),
            "record": None if error.row is None else str(error.row),
            "field": error.field,
            "value": repr(error.value) if error.has_value else None,
            "problem": error.problem,
            "hint": error.hint,
            "message": self.message,
        }

    def __str__(self) -> str:
        return f"{self.location}: {self.message}"
