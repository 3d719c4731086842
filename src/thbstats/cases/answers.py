"""Readings of columns as categories of a dimension."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol, runtime_checkable

from attrs import field, frozen

from thbstats._mappings import FrozenDict
from thbstats.columns import Coded
from thbstats.counting import Answer, FlagAnswers, spelling
from thbstats.errors import InvalidValue, ThbstatsError, UnknownName
from thbstats.records import Dimension
from thbstats.tables.encoding import Problems

__all__ = [
    "ColumnReading",
    "CombinedReading",
    "FlagColumns",
    "ListColumn",
    "Meaning",
    "SingleColumn",
    "empty_cell",
]

_YES = frozenset({"1", "true", "True", "TRUE"})
_NO = frozenset({"0", "false", "False", "FALSE"})


def _spellings(values: Iterable[object]) -> frozenset[str | None]:
    return frozenset(spelling(value) for value in values)


def _flags(flags: Mapping[str, str]) -> Mapping[str, str]:
    return FrozenDict(flags)


def _by_spelling(recode: Mapping[Any, str]) -> Mapping[str | None, str]:
    return {spelling(value): category for value, category in recode.items()}


@frozen(kw_only=True)
class Meaning:
    """The declared meaning of the values of a column.

    Parameters
    ----------
    missing : iterable
        Values of a cell without a record, such as ``None``, ``""`` and ``-99``.
    unknown : iterable
        Values that record an unknown category, such as ``"Unknown"``.
    no : iterable
        Values of a dimension with multiple response that mean no: in a column of yes and no, the
        category does not apply; in a list column, no category applies. They take precedence.
    recode : mapping
        The category of each other spelling.
    """

    missing: frozenset[str | None] = field(default=(), converter=_spellings)
    unknown: frozenset[str | None] = field(default=(), converter=_spellings)
    no: frozenset[str | None] = field(default=(), converter=_spellings)
    recode: Mapping[str | None, str] = field(factory=dict, converter=_by_spelling)

    @property
    def no_answer(self) -> frozenset[str | None]:
        """The values of ``missing`` and ``unknown``."""
        return self.missing | self.unknown


class ColumnReading(Protocol):
    """A reading of a dimension from one or more columns."""

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that contain the dimension."""
        ...

    @property
    def categories(self) -> tuple[str, ...]:
        """Categories of the table even if no case has them."""
        ...

    @property
    def is_multiple(self) -> bool:
        """Whether several categories can apply to a case."""
        ...

    @property
    def constants(self) -> Mapping[str, str]:
        """Categories of other dimensions that follow, such as the age concept."""
        ...

    def read(self, dimension: Dimension, meaning: Meaning, values: tuple[Any, ...]) -> Answer:
        """Return the categories of a case.

        Raises
        ------
        ThbstatsError
            If a value is unknown and not declared.
        """
        ...


@runtime_checkable
class CombinedReading(Protocol):
    """A reading with its own combination of columns, for many patterns."""

    def combine(self, columns: Sequence[Coded[Any]], meaning: Meaning) -> Coded[Any]:
        """Return one column with the values that `ColumnReading.read` takes."""
        ...


@frozen
class SingleColumn:
    """A dimension with one category per case, in one column."""

    column: str
    categories: tuple[str, ...] = ()
    is_multiple: bool = False
    constants: Mapping[str, str] = field(factory=dict)

    @property
    def columns(self) -> tuple[str, ...]:
        """The column."""
        return (self.column,)

    def read(self, dimension: Dimension, meaning: Meaning, values: tuple[Any, ...]) -> Answer:
        """Return the category of a value."""
        return _read_value(dimension, meaning, self.column, values[0])


def _read_value(dimension: Dimension, meaning: Meaning, column: str, value: Any) -> Answer:
    text = spelling(value)
    if text in meaning.missing:
        return Answer()
    if text in meaning.unknown:
        # A dimension without the category "unknown" has no record of the case.
        return Answer(("unknown",) if dimension.total is not None else ())
    if text is None:
        raise empty_cell(column)
    try:
        code = dimension.parse(meaning.recode.get(text, text))
    except ThbstatsError as error:
        raise UnknownName(
            error.problem,
            field=column,
            value=text,
            hint=f"Use recode={{{dimension.name!r}: {{{text!r}: ...}}}}, or missing=[{text!r}], or "
            f"unknown=[{text!r}]",
        ) from None
    if code == dimension.total:
        raise InvalidValue(
            "must be the category of one case, not a total",
            field=column,
            value=text,
            hint="Leave out rows of totals with filter=...",
        )
    return Answer((code,))


def empty_cell(column: str) -> InvalidValue:
    """Return the error for an empty cell whose meaning is not declared."""
    return InvalidValue(
        "empty cells must be declared",
        field=column,
        hint="Use missing=[None] if nothing was recorded, unknown=[None] if it is unknown",
    )


@frozen
class FlagColumns:
    """A dimension with multiple response: one column of yes and no per category.

    Parameters
    ----------
    flags : mapping of str to str
        The column of each category.
    """

    flags: Mapping[str, str] = field(converter=_flags)
    is_multiple: bool = True
    constants: Mapping[str, str] = field(factory=dict)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns."""
        return tuple(self.flags.values())

    @property
    def categories(self) -> tuple[str, ...]:
        """The categories, and ``unknown``."""
        return (*self.flags, "unknown")

    def read(self, dimension: Dimension, meaning: Meaning, values: tuple[Any, ...]) -> Answer:
        """Return the categories that apply, and those without an answer."""
        problems = Problems()
        result = self.read_all(meaning, {0: values}, problems)
        problems.raise_any()
        return result[0]

    def read_all(
        self, meaning: Meaning, values: Mapping[int, tuple[Any, ...]], problems: Problems
    ) -> FlagAnswers:
        """Return the answers of all patterns, and add undeclared values to problems."""
        answers = []
        texts = list(zip(*values.values(), strict=True)) or [()] * len(self.columns)
        for column, result in zip(self.columns, texts, strict=True):
            flags: dict[Any, bool | None] = {}
            for value in dict.fromkeys(result):
                try:
                    flags[value] = _read_flag(meaning, column, value)
                except InvalidValue as error:
                    problems.add(error)
                    flags[value] = None
            answers.append(flags)
        return FlagAnswers.of(tuple(self.flags), list(values), answers, texts)


def _read_flag(meaning: Meaning, column: str, value: Any) -> bool | None:
    text = spelling(value)
    if text in meaning.no:
        return False
    if text in meaning.missing or text in meaning.unknown:
        return None
    flag = meaning.recode.get(text, text)
    if flag in _YES:
        return True
    if flag in _NO:
        return False
    raise InvalidValue(
        "must be 0 or 1, or a declared value",
        field=column,
        value=text,
        hint=f"Use missing=[{text!r}] or unknown=[{text!r}] if there is no answer, "
        f"no=[{text!r}] if it means no",
    )


@frozen
class ListColumn:
    """A dimension with multiple response: one column that lists the categories.

    Parameters
    ----------
    column : str
        The column.
    separator : str
        The separator of the categories.
    """

    column: str
    separator: str = ";"
    categories: tuple[str, ...] = ("unknown",)
    is_multiple: bool = True
    constants: Mapping[str, str] = field(factory=dict)

    @property
    def columns(self) -> tuple[str, ...]:
        """The column."""
        return (self.column,)

    def read(self, dimension: Dimension, meaning: Meaning, values: tuple[Any, ...]) -> Answer:
        """Return the categories of a list; categories that are not listed do not apply.

        If the list is missing, every category may apply.
        """
        text = spelling(values[0])
        if text in meaning.no:
            return Answer()
        if text in meaning.missing:
            return Answer(unanswered=("unknown",))
        if text is None or text in meaning.unknown:
            return _read_value(dimension, meaning, self.column, values[0])
        items = [item for part in text.split(self.separator) if (item := part.strip())]
        if not items:
            raise InvalidValue(
                "lists without categories must be declared",
                field=self.column,
                value=text,
                hint=f"Use missing=[{text!r}] if nothing was recorded, no=[{text!r}] if none "
                "applies",
            )
        read = [_read_value(dimension, meaning, self.column, item) for item in items]
        codes = (code for answer in read for code in answer.codes)
        return Answer(codes, () if all(answer.codes for answer in read) else ("unknown",))
