"""Something wrong in a claims file: where it stands, what is wrong, and the hint."""

from typing import Any

from attrs import frozen

from thbstats._characters import escape
from thbstats.claims.places import Way
from thbstats.errors import ThbstatsError
from thbstats.exchange.files import pointer

__all__ = ["Problem"]


@frozen(kw_only=True)
class Problem:
    """Something wrong in a claims file.

    Parameters
    ----------
    file : str
        The file.
    line, column : int
        Where it stands, from 1.
    path : tuple of str and int
        The names and numbers that lead to it, such as ``("claim", 0, "kind")``.
    error : ThbstatsError
        What is wrong: its ``row`` is the record, its ``field``, ``value`` and ``hint`` are those
        of any error.

    Examples
    --------
    >>> from thbstats.errors import InvalidValue
    >>> error = InvalidValue("it is missing", row="claim 'a'", field="kind", hint="Fill it in")
    >>> print(Problem(file="a.toml", line=7, column=1, path=("claim", 0), error=error))
    a.toml:7:1: claim 'a', field 'kind': it is missing. Fill it in
    """

    file: str
    line: int
    column: int
    path: Way
    error: ThbstatsError

    @property
    def place(self) -> str:
        """Where it stands, as editors read it."""
        return f"{escape(self.file)}:{self.line}:{self.column}"

    @property
    def order(self) -> tuple[int, int, str]:
        """Where it comes among others of its file."""
        return (self.line, self.column, self.message)

    @property
    def message(self) -> str:
        """What is wrong, without the place."""
        return str(self.error).removeprefix("row ")

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data that JSON can hold; the path is a JSON Pointer."""
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
        return f"{self.place}: {self.message}"
