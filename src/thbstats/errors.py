"""What thbstats raises: each error names the row, the field, the value and the hint."""

from collections.abc import Callable, Iterable
from difflib import get_close_matches
from typing import Any, Self

from thbstats._characters import escaped

__all__ = [
    "AmbiguousCell",
    "DefectiveFile",
    "DuplicateKey",
    "EngineFailed",
    "ImpossibleResult",
    "InvalidClaims",
    "InvalidFile",
    "InvalidValue",
    "MissingExtra",
    "MixedTotals",
    "NarrowingForbidden",
    "NoSuchCell",
    "ThbstatsError",
    "UnknownName",
    "did_you_mean",
]

_ABSENT = object()


class ThbstatsError(Exception):
    """The base of every error that thbstats raises on purpose.

    Parameters
    ----------
    problem : str
        What is wrong, in one clause.
    row : int or str, optional
        The row (0-based position) or the record in which it is wrong.
    field : str, optional
        The field, column, dimension or argument.
    value : object, optional
        The offending value; ``None`` is a value like any other.
    hint : str or callable, optional
        What to do about it; a function is asked only when somebody reads it, since to look for
        names that are written almost alike takes far longer than to find that one is unknown.

    Examples
    --------
    >>> str(InvalidValue("a count cannot be negative", row=3, field="lower", value=-1))
    "row 3, field 'lower', value -1: a count cannot be negative."
    """

    def __init__(
        self,
        problem: str,
        *,
        row: int | str | None = None,
        field: str | None = None,
        value: object = _ABSENT,
        hint: str | Callable[[], str] = "",
    ) -> None:
        self.problem = problem
        self.row = row
        self.field = field
        self.has_value: bool = value is not _ABSENT
        self.value: object = value if self.has_value else None
        self._hint = hint
        super().__init__(problem if callable(hint) else self._message())

    @property
    def hint(self) -> str:
        """What to do about it."""
        if callable(self._hint):
            self._hint = self._hint()
        return self._hint

    def __str__(self) -> str:
        return self._message()

    def at(
        self, *, row: int | str | None = None, field: str | None = None, value: object = _ABSENT
    ) -> Self:
        """Return the same error at a place that is known better; the rest stays as it is."""
        known: dict[str, Any] = {"value": self.value} if self.has_value else {}
        given = {} if value is _ABSENT else {"value": value}
        return type(self)(
            self.problem,
            row=self.row if row is None else row,
            field=self.field if field is None else field,
            hint=self._hint,
            **(known | given),
        )

    def _message(self) -> str:
        place = []
        if self.row is not None:
            place.append(f"row {self.row}")
        if self.field is not None:
            place.append(f"field {self.field!r}")
        if self.has_value:
            place.append(f"value {self.value!r}")
        where = ", ".join(place)
        # What another library or another error says may end its sentence itself.
        problem = self.problem.removesuffix(".")
        text = f"{where}: {problem}" if where else problem
        return escaped(f"{text}. {self.hint}" if self.hint else f"{text}.", keep="\n")

    def __reduce__(self) -> tuple[object, ...]:
        self._hint = self.hint  # a function may not travel
        return (_rebuild, (type(self), self.__dict__.copy()))


def _rebuild(cls: type[ThbstatsError], state: dict[str, object]) -> ThbstatsError:
    error = cls.__new__(cls)
    error.__dict__.update(state)
    super(ThbstatsError, error).__init__(error._message())  # ImportError keeps the text twice
    return error


class InvalidValue(ThbstatsError, ValueError):
    """A value that the field cannot hold."""


class UnknownName(ThbstatsError, ValueError):
    """A dimension, category, country or code that does not exist."""


class NoSuchCell(ThbstatsError, LookupError):
    """A selection that should find one cell finds none."""


class AmbiguousCell(ThbstatsError, LookupError):
    """A selection that should find one cell finds several."""


class DuplicateKey(ThbstatsError, ValueError):
    """Two rows of a table describe the same cell."""


class MixedTotals(ThbstatsError, ValueError):
    """A sum would add a total to its own parts."""


class NarrowingForbidden(ThbstatsError, ValueError):
    """A hidden count would be told more closely than its source's terms allow."""


class ImpossibleResult(ThbstatsError, ValueError):
    """Inputs that no true table can have, such as a part above its whole."""


class InvalidFile(ThbstatsError, ValueError):
    """A file that is not what it says it is."""


class DefectiveFile(InvalidFile):
    """A file with problems, read with ``strict=True``; ``log`` lists them."""

    log: Any = None

    @classmethod
    def of(cls, summary: str, problems: Iterable[str], log: object) -> Self:
        """Return the error with every problem and the log."""
        lines = "".join(f"\n  {problem}" for problem in problems)
        error = cls(f"{summary}{lines}\nRead it without strict=True to use the other rows")
        error.log = log
        return error


class InvalidClaims(InvalidFile):
    """A claims file with problems; ``problems`` has each of them with its line."""

    problems: tuple[Any, ...] = ()

    @classmethod
    def of(cls, name: str, problems: Iterable[object]) -> Self:
        """Return the error that tells every problem and carries them."""
        told = tuple(problems)
        counted = "1 problem" if len(told) == 1 else f"{len(told)} problems"
        error = cls("\n".join([f"{name} has {counted}:", *map(str, told)]))
        error.problems = told
        return error

    def _message(self) -> str:
        return escaped(self.problem, keep="\n")  # each line of it is a sentence of its own


class EngineFailed(ThbstatsError, RuntimeError):
    """The engine that holds the rows did not answer; there is no partial result."""


class MissingExtra(ThbstatsError, ImportError):
    """A feature whose optional dependency is not installed."""


def did_you_mean(value: object, options: Iterable[object]) -> str:
    """Return a hint that lists near matches of a value first, then what exists.

    Parameters
    ----------
    value : object
        The name that does not exist.
    options : iterable of object
        The names that do; at most forty are shown.

    Returns
    -------
    str
        One or two sentences for the ``hint`` of an error.

    Examples
    --------
    >>> did_you_mean("labor", ["sexual", "labour", "other"])
    "Did you mean 'labour'? What exists: 'sexual', 'labour', 'other'"
    """
    known = [str(option) for option in options]
    near = get_close_matches(str(value), known, n=3)
    formatted = ", ".join(repr(name) for name in known[:40])
    more = f" and {len(known) - 40} more" if len(known) > 40 else ""
    exists = f"What exists: {formatted}{more}" if known else "Nothing exists here"
    if not near:
        return exists
    return f"Did you mean {' or '.join(repr(name) for name in near)}? {exists}"
