"""Exceptions raised by thbstats."""

import os
import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from difflib import get_close_matches
from typing import Any, Self

from thbstats._characters import escape

__all__ = [
    "AmbiguousCell", "DefectiveFile", "DuplicateKey", "EngineFailed", "ImpossibleResult",
    "IncompleteCatalogue", "InvalidClaims", "InvalidFile", "InvalidValue", "MissingExtra",
    "MissingFile", "MixedTotals", "NarrowingForbidden", "NoSuchCell", "ThbstatsError",
    "UnknownName", "did_you_mean", "require",
]  # fmt: skip

_ABSENT = object()
_MOST_OPTIONS = 5
_TYPES = {
    "NoneType": "None",
    "str": "a text",
    "int": "an integer",
    "float": "a number",
    "ndarray": "a numpy array",
}
"""The types whose names are not those of daily language."""
_ARTICLES = frozenset(("a", "all", "an", "at", "both", "each", "every", "no", "the"))

# Names of other tools and of everyday language: what the library calls the same thing.
_SYNONYMS = {
    "gender": ("sex",),
    "year": ("period",),
    "years": ("period",),
    "date": ("period",),
    "time": ("period",),
    "country": ("area",),
    "countries": ("area",),
    "geo": ("area",),
    "region": ("area",),
    "nationality": ("citizenship",),
    "form": ("exploitation",),
    "purpose": ("exploitation",),
    "age group": ("age",),
    "n": ("count", "value"),
    "women": ("female",),
    "woman": ("female",),
    "girls": ("female",),
    "girl": ("female",),
    "men": ("male",),
    "man": ("male",),
    "boys": ("male",),
    "boy": ("male",),
    "minors": ("child",),
    "children": ("child",),
    "adults": ("adult",),
    "global": ("World",),
    "worldwide": ("World",),
    "all countries": ("World",),
    "international": ("World",),
    "british": ("United Kingdom",),
    "brexit": ("EU28 without UK",),
}


class ThbstatsError(Exception):
    """Base class of the exceptions of thbstats.

    Parameters
    ----------
    problem : str
        The requirement that is not met, in one clause: "must ..." about the field, or a sentence
        that names its subject, such as "No counts for US, 2020".
    row : int or str, optional
        The row (0-based position) or the record.
    field : str, optional
        The field, column, dimension or argument.
    value : object, optional
        The invalid value, which can be ``None``, or its type.
    hint : str or callable, optional
        One action that corrects the error. A function is called when the hint is read: the
        search for similar names is slow.

    Examples
    --------
    >>> str(InvalidValue("must be 0 or more", row=3, field="lower", value=-1))
    'row 3: `lower` must be 0 or more, got -1.'
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
        """One action that corrects the error."""
        if callable(self._hint):
            self._hint = self._hint()
        return self._hint

    def __str__(self) -> str:
        return self._message()

    def with_location(
        self, *, row: int | str | None = None, field: str | None = None, value: object = _ABSENT
    ) -> Self:
        """Return the error with another row, field or value; other parts are unchanged."""
        known: dict[str, Any] = {"value": self.value} if self.has_value else {}
        new = {} if value is _ABSENT else {"value": value}
        return type(self)(
            self.problem,
            row=self.row if row is None else row,
            field=self.field if field is None else field,
            hint=self._hint,
            **(known | new),
        )

    def _message(self) -> str:
        """Return "row: `field` must ..., got value." and the hint."""
        # The message of another library can end with a full stop.
        problem, further, details = self.problem.removesuffix(".").partition(". ")
        position = "" if self.row is None else f"{_location(self.row)}: "
        value = _formatted(self.value)
        got = self.has_value and ", got " not in problem
        if problem.startswith("must "):
            got = got and self.field is not None
            subject = value if self.has_value else "The value"
            problem = f"{subject if self.field is None else f'`{self.field}`'} {problem}"
        else:
            # A requirement that names another subject follows its argument or column.
            is_located = position or " must " in problem
            # The column "n" or "value" is not named by "a count" or "a missing-value sign".
            name = f"`{self.field}`" if self.field in _ARTICLES else re.escape(str(self.field))
            is_named = self.field is None or re.search(rf"(?<![\w-]){name}(?![\w-])", problem)
            if is_located and not is_named:
                position = f"{position[:-2]}, `{self.field}`: ".removeprefix(", ")
            stated = rf"(?<!\w)({re.escape(value)}|{re.escape(str(self.value))})(?!\w)"
            got = got and " must " in problem and not re.search(stated, problem)
        if not position and problem.partition(" ")[0] in _ARTICLES:
            problem = f"{problem[:1].upper()}{problem[1:]}"
        text = f"{position}{problem}{f', got {value}' if got else ''}{further}{details}"
        return escape(f"{text}. {self.hint}" if self.hint else f"{text}.", keep="\n")

    def __reduce__(self) -> tuple[object, ...]:
        self._hint = self.hint  # a function cannot always be pickled
        return (_rebuild, (type(self), self.__dict__.copy()))


def _location(row: int | str) -> str:
    """Return the place of an error; a text can name it, as in "line 3"."""
    if isinstance(row, str) and not row[:1].isdigit():
        return row
    return f"{'rows' if ' ' in str(row) else 'row'} {row}"


def _formatted(value: object) -> str:
    """Return a value, or a type with an article, as text of a message."""
    if isinstance(value, type):
        if value.__name__ in _TYPES:
            return _TYPES[value.__name__]
        article = "an" if value.__name__[:1].lower() in "aeiou" else "a"
        return f"{article} {value.__name__}"
    return repr(value)


def _rebuild(cls: type[ThbstatsError], state: dict[str, object]) -> ThbstatsError:
    error = cls.__new__(cls)
    error.__dict__.update(state)
    super(ThbstatsError, error).__init__(error._message())  # ImportError stores the text twice
    return error


class InvalidValue(ThbstatsError, ValueError):
    """A value that is not allowed for the field."""


class UnknownName(ThbstatsError, ValueError):
    """A dimension, category, country or code that does not exist."""


class NoSuchCell(ThbstatsError, LookupError):
    """A selection of one cell that matches no cell."""


class AmbiguousCell(ThbstatsError, LookupError):
    """A selection of one cell that matches several cells."""


class DuplicateKey(ThbstatsError, ValueError):
    """Two rows of a table with the same dimensions."""


class MixedTotals(ThbstatsError, ValueError):
    """A sum that would count parts twice: a total and its categories."""


class NarrowingForbidden(ThbstatsError, ValueError):
    """A result with narrower bounds of a suppressed count than its source allows."""


class ImpossibleResult(ThbstatsError, ValueError):
    """Inputs that contradict each other, such as a category above its total."""


class IncompleteCatalogue(ThbstatsError, ValueError):
    """A language with messages that are not translated."""


class InvalidFile(ThbstatsError, ValueError):
    """A file that cannot be parsed."""


class DefectiveFile(InvalidFile):
    """A file with problems, read with ``strict=True``; ``log`` lists the problems."""

    log: Any = None

    @classmethod
    def from_problems(cls, summary: str, problems: Iterable[str], log: object) -> Self:
        """Return the error with a line for each problem and with the log."""
        lines = "".join(f"\n  {problem}" for problem in problems)
        error = cls(f"{summary}{lines}\nRead it without strict=True to use the other rows")
        error.log = log
        return error


class MissingFile(ThbstatsError, FileNotFoundError):
    """A file or a folder that does not exist."""

    @classmethod
    def of_path(cls, path: "str | os.PathLike[str]") -> Self:
        """Return the error for the path of a file, with similar names of its folder."""
        text = os.fsdecode(path)
        folder = os.path.dirname(text)

        def hint() -> str:
            if folder and not os.path.isdir(folder):
                return f"The folder {folder!r} does not exist: check its name"
            with suppress(OSError):
                similar = get_close_matches(
                    os.path.basename(text), os.listdir(folder or "."), cutoff=0.8
                )
                if similar:
                    return f"Did you mean {os.path.join(folder, similar[0])!r}?"
            position = "" if os.path.isabs(text) else f"; its path starts at {os.getcwd()!r}"
            return f"Check the name of the file{position}"

        return cls(f"No file {text!r}", hint=hint)


class InvalidClaims(InvalidFile):
    """A claims file with problems; ``problems`` lists them with their lines."""

    problems: tuple[Any, ...] = ()

    @classmethod
    def from_problems(cls, name: str, problems: Iterable[object]) -> Self:
        """Return the error with a line for each problem."""
        items = tuple(problems)
        counted = "1 problem" if len(items) == 1 else f"{len(items)} problems"
        error = cls("\n".join([f"{name} has {counted}:", *map(str, items)]))
        error.problems = items
        return error

    def _message(self) -> str:
        return escape(self.problem, keep="\n")  # each line is a sentence


class EngineFailed(ThbstatsError, RuntimeError):
    """A failed query of an engine, without a partial result."""


class MissingExtra(ThbstatsError, ImportError):
    """A feature whose optional dependency is not installed."""


def did_you_mean(value: object, options: Iterable[object], *, is_keyword: bool = False) -> str:
    """Return a hint with the similar names, or else with the names that exist.

    Examples
    --------
    >>> did_you_mean("labor", ["sexual", "labour", "other"])
    "Did you mean 'labour'?"
    >>> did_you_mean("gender", ["sex", "age"], is_keyword=True)
    'Did you mean `sex=`?'
    >>> did_you_mean("form", ["sex", "age"])
    "Use 'sex' or 'age'"
    """
    names = list(dict.fromkeys(str(option) for option in options))
    if not names:
        return "Remove the name"
    text = " ".join(str(value).replace("_", " ").split()).casefold()
    synonyms = [name for name in _SYNONYMS.get(text, ()) if name in names]
    similar = (
        synonyms
        or get_close_matches(str(value), names, n=3, cutoff=0.9)
        or get_close_matches(str(value), names, n=3, cutoff=0.65)
    )
    quoted = [f"`{name}=`" if is_keyword else repr(name) for name in similar or names]
    if similar:
        return f"Did you mean {' or '.join(quoted)}?"
    if len(quoted) > _MOST_OPTIONS:
        more = f"{len(quoted) - _MOST_OPTIONS} more"
        return f"Use one of {', '.join(quoted[:_MOST_OPTIONS])} and {more}"
    *front, last = quoted
    return f"Use {', '.join(front)} or {last}" if front else f"Use {last}"


def require(is_valid: object, requirement: str, hint: str, **argument: Any) -> None:
    """Raise an error unless an argument is valid."""
    if not is_valid:
        [(field, value)] = argument.items()
        raise InvalidValue(requirement, field=field, value=value, hint=hint)


def require_name(
    name: str, known: Iterable[str], problem: str, *, field: str | None = None
) -> None:
    """Raise an error unless a name is known; without a field, the name is the field."""
    names = list(known)
    if name not in names:
        location = {"field": str(name)} if field is None else {"field": field, "value": name}
        raise UnknownName(problem, **location, hint=did_you_mean(name, names))
