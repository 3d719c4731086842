"""What the values in the columns of a frame say of a case, as declared by the user."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol, runtime_checkable

from attrs import field, frozen

from thbstats._mappings import FrozenDict
from thbstats.columns import Coded
from thbstats.counting import Answer, FlagAnswers, spelling
from thbstats.errors import InvalidValue, ThbstatsError, UnknownName
from thbstats.records import Dimension
from thbstats.tables.problems import Problems

__all__ = [
    "ColumnReading",
    "CombinedReading",
    "FlagColumns",
    "ListColumn",
    "Meaning",
    "SingleColumn",
]

_YES = frozenset({"1", "true", "True", "TRUE"})
_NO = frozenset({"0", "false", "False", "FALSE"})


def _spellings(given: Iterable[object]) -> frozenset[str | None]:
    return frozenset(spelling(value) for value in given)


def _flags(given: Mapping[str, str]) -> Mapping[str, str]:
    return FrozenDict(given)


def _words(given: Mapping[Any, str]) -> Mapping[str | None, str]:
    return {spelling(value): word for value, word in given.items()}


@frozen(kw_only=True)
class Meaning:
    """What the user has said of the values of a column.

    Parameters
    ----------
    missing : iterable
        Values of a cell without an answer, such as ``None``, ``""`` and ``-99``.
    unknown : iterable
        Values that record that the answer is unknown, such as ``"Unknown"``.
    no : iterable
        Values of a dimension with several answers that mean no: in a column of yes and no, the
        category does not apply; in a column of lists, none applies. They take precedence.
    recode : mapping
        Our word for other spellings.
    """

    missing: frozenset[str | None] = field(default=(), converter=_spellings)
    unknown: frozenset[str | None] = field(default=(), converter=_spellings)
    no: frozenset[str | None] = field(default=(), converter=_spellings)
    recode: Mapping[str | None, str] = field(factory=dict, converter=_words)

    @property
    def no_answer(self) -> frozenset[str | None]:
        """Values of cells that hold no answer, for whichever reason."""
        return self.missing | self.unknown


class ColumnReading(Protocol):
    """How one dimension is read from one column or several."""

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that say it."""
        ...

    @property
    def categories(self) -> tuple[str, ...]:
        """Categories that were asked for, whether or not they apply to anybody."""
        ...

    @property
    def several(self) -> bool:
        """Whether more than one category can apply to a case."""
        ...

    @property
    def constants(self) -> Mapping[str, str]:
        """What a count by this dimension says of others, such as the age concept."""
        ...

    def read(self, dimension: Dimension, meaning: Meaning, values: tuple[Any, ...]) -> Answer:
        """Return what the values of the columns say of a case.

        Raises
        ------
        ThbstatsError
            If a value is not known and was not declared.
        """
        ...


@runtime_checkable
class CombinedReading(Protocol):
    """A reading that makes one column of its several itself, where their patterns are too many."""

    def combine(self, columns: Sequence[Coded[Any]], meaning: Meaning) -> Coded[Any]:
        """Return one column, whose values are what `ColumnReading.read` takes."""
        ...


@frozen
class SingleColumn:
    """A dimension of which every case has one category, in one column."""

    column: str
    categories: tuple[str, ...] = ()
    several: bool = False
    constants: Mapping[str, str] = field(factory=dict)

    @property
    def columns(self) -> tuple[str, ...]:
        """The column."""
        return (self.column,)

    def read(self, dimension: Dimension, meaning: Meaning, values: tuple[Any, ...]) -> Answer:
        """Return the category that the value says."""
        return _one(dimension, meaning, self.column, values[0])


def _one(dimension: Dimension, meaning: Meaning, column: str, value: Any) -> Answer:
    text = spelling(value)
    if text in meaning.missing:
        return Answer()
    if text in meaning.unknown:
        return Answer(_unknown(dimension))
    if text is None:
        raise InvalidValue(
            "a cell holds nothing, and nobody has said what that means",
            field=column,
            hint="missing=[None] if nothing was recorded, unknown=[None] if it is unknown",
        )
    return Answer((parsed(dimension, meaning, column, text),))


def parsed(dimension: Dimension, meaning: Meaning, column: str, text: str) -> str:
    """Return our word for what stands in a column.

    Raises
    ------
    UnknownName
        If it is none; the hint says how to declare it.
    """
    try:
        code = dimension.parse(meaning.recode.get(text, text))
    except ThbstatsError as error:
        raise UnknownName(
            f"{error.problem}, and nobody has said what it means",
            field=column,
            value=text,
            hint=f"recode={{{dimension.name!r}: {{{text!r}: ...}}}}, or missing=[{text!r}], or "
            f"unknown=[{text!r}]",
        ) from None
    if code == dimension.total:
        raise InvalidValue(
            "the total is no answer of one case",
            field=column,
            value=text,
            hint="A row of totals does not belong among cases: leave it out with filter=...",
        )
    return code


def _unknown(dimension: Dimension) -> tuple[str, ...]:
    # Where the vocabulary has no word for it, it is as if nothing was recorded.
    return ("unknown",) if dimension.total is not None else ()


@frozen
class FlagColumns:
    """A dimension of which several categories can apply: a column of yes and no for each.

    Parameters
    ----------
    flags : mapping of str to str
        The column of each category.
    """

    flags: Mapping[str, str] = field(converter=_flags)
    several: bool = True
    constants: Mapping[str, str] = field(factory=dict)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns."""
        return tuple(self.flags.values())

    @property
    def categories(self) -> tuple[str, ...]:
        """The categories, and that of the cases to which none applies."""
        return (*self.flags, "unknown")

    def read(self, dimension: Dimension, meaning: Meaning, values: tuple[Any, ...]) -> Answer:
        """Return the categories whose columns say yes, and those that say nothing."""
        problems = Problems()
        found = self.read_all(meaning, {0: values}, problems)
        problems.raise_any()
        return found[0]

    def read_all(
        self, meaning: Meaning, values: Mapping[int, tuple[Any, ...]], problems: Problems
    ) -> FlagAnswers:
        """Return what all patterns say; what a value does not say is added to the problems."""
        said = []
        texts = list(zip(*values.values(), strict=True)) or [()] * len(self.columns)
        for column, found in zip(self.columns, texts, strict=True):
            meanings: dict[Any, bool | None] = {}
            for value in dict.fromkeys(found):
                try:
                    meanings[value] = _flag(meaning, column, value)
                except InvalidValue as error:
                    problems.add(error)
                    meanings[value] = None
            said.append(meanings)
        return FlagAnswers.of(tuple(self.flags), list(values), said, texts)


def _flag(meaning: Meaning, column: str, value: Any) -> bool | None:
    text = spelling(value)
    if text in meaning.no:
        return False
    if text in meaning.missing or text in meaning.unknown:
        return None
    word = meaning.recode.get(text, text)
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise InvalidValue(
        "neither 1 nor 0, and nobody has said what it means",
        field=column,
        value=text,
        hint=f"missing=[{text!r}] or unknown=[{text!r}] if it is no answer, no=[{text!r}] if it "
        "means no",
    )


@frozen
class ListColumn:
    """A dimension of which several categories can apply: one column that lists them.

    Parameters
    ----------
    column : str
        The column.
    separator : str
        What stands between the categories.
    """

    column: str
    separator: str = ";"
    categories: tuple[str, ...] = ("unknown",)
    several: bool = True
    constants: Mapping[str, str] = field(factory=dict)

    @property
    def columns(self) -> tuple[str, ...]:
        """The column."""
        return (self.column,)

    def read(self, dimension: Dimension, meaning: Meaning, values: tuple[Any, ...]) -> Answer:
        """Return the categories of a list; what it does not list does not apply.

        An answer that is missing leaves all categories open.
        """
        text = spelling(values[0])
        if text in meaning.no:
            return Answer()
        if text in meaning.missing:
            return Answer(unanswered=("unknown",))
        if text is None or text in meaning.unknown:
            return _one(dimension, meaning, self.column, values[0])
        items = [item for part in text.split(self.separator) if (item := part.strip())]
        if not items:
            raise InvalidValue(
                "a list without items, and nobody has said what that means",
                field=self.column,
                value=text,
                hint=f"missing=[{text!r}] if nothing was recorded, no=[{text!r}] if none applies",
            )
        read = [_one(dimension, meaning, self.column, item) for item in items]
        codes = (code for answer in read for code in answer.codes)
        return Answer(codes, () if all(answer.codes for answer in read) else ("unknown",))
