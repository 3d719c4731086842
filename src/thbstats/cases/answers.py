"""Declared columns of cases, and the categories that are read from their values."""

from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from itertools import chain
from typing import Any, ClassVar

import numpy as np
import pandas as pd
from attrs import field, frozen

from thbstats._mappings import FrozenDict
from thbstats._properties import cached_property
from thbstats.errors import InvalidValue, ThbstatsError, UnknownName, require, require_name
from thbstats.files.case_file import FALSE, NOTHING, TRUE, YES_OR_NO, Truth, either
from thbstats.records import Dimension, Schema, schema_of
from thbstats.tables.encoding import Problems

_UNKNOWN = "unknown"


def spelling(value: object) -> str | None:
    """Return the text of a value, equal for all engines; ``None`` if it is missing.

    An integer has no decimals, so that -99, -99.0 and "-99" are equal.

    Examples
    --------
    >>> [spelling(value) for value in (-99, -99.0, "-99", True, None, float("nan"))]
    ['-99', '-99', '-99', 'true', None, None]
    """
    if value is None or value is pd.NA or value is pd.NaT:
        return None
    if isinstance(value, (bool, np.bool_)):
        return "true" if value else "false"
    if isinstance(value, (float, np.floating)):
        if np.isnan(value):
            return None
        return str(int(value)) if value == np.floor(value) and np.isfinite(value) else str(value)
    return str(value)


# mypy does not understand `frozenset` itself as a converter.
def _codes(codes: Iterable[str]) -> frozenset[str]:
    return frozenset(codes)


def _spellings(values: Iterable[object]) -> frozenset[str | None]:
    return frozenset(map(spelling, values))


def _by_spelling(recode: Mapping[Any, str]) -> Mapping[str | None, str]:
    return {spelling(value): category for value, category in recode.items()}


def require_types(kind: Any, description: str, **arguments: object) -> None:
    """Raise an error for an argument of another type."""
    for name, value in arguments.items():
        require(isinstance(value, kind), f"must be {description}", "", **{name: value})


@frozen
class Answer:
    """The categories of one case.

    ``codes`` are the categories that apply: none for a case of unknown category, or, in a dimension
    with multiple response, for a case to which no category applies. There, ``unanswered`` are the
    categories without an answer.
    """

    codes: frozenset[str] = field(default=(), converter=_codes)
    unanswered: frozenset[str] = field(default=(), converter=_codes)


def wider_codes(dimension: Dimension, codes: Iterable[str]) -> frozenset[str]:
    """Return some categories with their wider categories, without the total."""
    result = set(codes)
    if dimension.total is not None:
        result.update(*(dimension.ancestors(code) for code in codes))
        result.discard(dimension.total)
    return frozenset(result)


@frozen(eq=False, kw_only=True)
class FlagAnswers(Sequence[Answer]):
    """The answers of several cases to a dimension with multiple response.

    ``truth`` has a row per case and a column per category: whether it applies. If ``unknown`` is
    one of the categories and applies, the answer to every category that does not apply is unknown.
    """

    codes: tuple[str, ...]
    truth: Truth

    def __len__(self) -> int:
        return len(self.truth)

    def __getitem__(self, row: Any) -> Any:
        """Return the answer of a case, or the answers of several."""
        if isinstance(row, np.ndarray):
            return FlagAnswers(codes=self.codes, truth=self.truth[row])
        answers = list(zip(self.codes, self.truth[row].tolist(), strict=True))
        return Answer(
            [code for code, answer in answers if answer == TRUE],
            [code for code, answer in answers if answer == NOTHING],
        )

    def resolve(self, dimension: Dimension) -> "FlagAnswers":
        """Return the answers to all categories, including those that follow from other answers.

        A category applies if a narrower one applies. If a wider category does not apply, its
        narrower ones do not apply. A wider category without a column is unknown if one of its
        narrower categories is. ``unknown`` applies to a case without a category that applies, if
        one answer is unknown.
        """
        number = {code: position for position, code in enumerate(self.codes)}
        declared = [code for code in self.codes if code != _UNKNOWN]
        wider = {code: wider_codes(dimension, [code]) - {code} for code in declared}
        rows = sorted({*declared, *chain(*wider.values())}, key=dimension.sort_key)
        inner = {row: [code for code in declared if row in wider[code]] for row in rows}
        # Every answer is at least missing where "unknown" applies or is itself missing.
        least = np.full(len(self), FALSE, dtype=np.int8)
        if _UNKNOWN in number:
            least = np.minimum(self.truth[:, number[_UNKNOWN]], np.int8(NOTHING))
        own = {code: self.truth[:, number[code]] for code in declared}
        answers: dict[str, Truth] = {}
        for code in declared:
            applies = either([own[code], *(own[part] for part in inner[code])]) == TRUE
            answers[code] = np.where(applies, np.int8(TRUE), either([own[code], least]))
        for code in declared:
            for up in wider[code] & set(declared):
                answers[code] = np.where(answers[up] == FALSE, np.int8(FALSE), answers[code])
        for row in set(rows) - set(declared):
            answers[row] = either(answers[code] for code in inner[row])
        # "unknown" applies to a case with an open answer and without a category that applies.
        most = either([least, *answers.values()])
        answers[_UNKNOWN] = np.where(most == NOTHING, np.int8(TRUE), np.int8(FALSE))
        codes = (*rows, _UNKNOWN)
        return FlagAnswers(codes=codes, truth=np.column_stack([answers[code] for code in codes]))

    @classmethod
    def from_lists(cls, answers: Sequence[Answer]) -> "FlagAnswers":
        """Return the answers of lists of categories.

        A list is complete, unless it contains ``unknown`` or ``unknown`` is unanswered.
        """
        codes = sorted({_UNKNOWN}.union(*(answer.codes for answer in answers)))
        truth = np.full((len(answers), len(codes)), FALSE, dtype=np.int8)
        for row, answer in enumerate(answers):
            truth[row] = NOTHING if _UNKNOWN in answer.unanswered else FALSE
            truth[row, [code in answer.codes for code in codes]] = TRUE
        return cls(codes=tuple(codes), truth=truth)


@frozen(kw_only=True)
class Meaning:
    """The declared meaning of the values of a column.

    ``missing`` are values of a cell without a record, and ``unknown`` those that record an unknown
    category. ``no`` are values of a dimension with multiple response that mean no: in a column of
    yes and no, the category does not apply; in a list column, no category applies. They take
    precedence. ``recode`` is the category of each other spelling.
    """

    missing: frozenset[str | None] = field(default=(), converter=_spellings)
    unknown: frozenset[str | None] = field(default=(), converter=_spellings)
    no: frozenset[str | None] = field(default=(), converter=_spellings)
    recode: Mapping[str | None, str] = field(factory=dict, converter=_by_spelling)

    @property
    def no_answer(self) -> frozenset[str | None]:
        """The values of ``missing`` and ``unknown``."""
        return self.missing | self.unknown

    def answering(self, values: Iterable[object]) -> Sequence[str | None]:
        """Return the spellings of several cells that answer one question, in any order.

        They are those with a category, else one that means no, else one that is missing.
        """
        texts = dict.fromkeys(map(spelling, values))
        with_category = [t for t in texts if t and t not in self.missing and t not in self.no]
        return with_category or [max(texts, key=lambda t: (t in self.no, t in self.missing))]


class ColumnReading:
    """A reading of a dimension from one or more columns.

    A table lists its `categories`, also without cases. A reading of one dimension names it, and
    `constants` are the categories of further dimensions.
    """

    is_multiple = False
    dimension: ClassVar[str | None] = None

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns."""
        return ()

    @property
    def categories(self) -> tuple[str, ...]:
        """The declared categories; ``unknown`` if several can apply."""
        return (_UNKNOWN,) if self.is_multiple else ()

    @property
    def constants(self) -> Mapping[str, str]:
        """The categories of further dimensions."""
        return {}

    def read(self, dimension: Dimension, meaning: "Meaning", values: tuple[Any, ...]) -> Answer:
        """Return the categories of one case."""
        raise NotImplementedError  # pragma: no cover - columns of yes and no are read together

    def _key(self, dimension: Dimension, meaning: "Meaning", *, with_values: bool) -> Any:
        """Return the key of a derived dimension; ``None`` if each of its columns is read alone."""


@frozen
class SingleColumn(ColumnReading):
    """A dimension with one category per case, in one column."""

    column: str

    @property
    def columns(self) -> tuple[str, ...]:
        """The column."""
        return (self.column,)

    def read(self, dimension: Dimension, meaning: Meaning, values: tuple[Any, ...]) -> Answer:
        """Return the category of a value."""
        text = spelling(values[0])
        if text in meaning.missing:
            return Answer()
        if text in meaning.unknown:
            # A dimension without the category "unknown" has no record of the case.
            return Answer((_UNKNOWN,) if dimension.total is not None else ())
        if text is None:
            raise empty_cell(self.column)
        try:
            code = dimension.parse(meaning.recode.get(text, text))
        except ThbstatsError as error:
            hint = f"Use recode={{{dimension.name!r}: {{{text!r}: ...}}}}, or missing=[{text!r}], "
            hint, problem = f"{hint}or unknown=[{text!r}]", error.problem
            raise UnknownName(problem, field=self.column, value=text, hint=hint) from None
        if code == dimension.total:
            problem = "must be the category of one case, not a total"
            hint = "Leave out rows of totals with filter=..."
            raise InvalidValue(problem, field=self.column, value=text, hint=hint)
        return Answer((code,))


def empty_cell(column: str) -> InvalidValue:
    """Return the error for an empty cell whose meaning is not declared."""
    return InvalidValue(
        "empty cells must be declared",
        field=column,
        hint="Use missing=[None] if nothing was recorded, unknown=[None] if it is unknown",
    )


@frozen
class FlagColumns(ColumnReading):
    """A dimension with multiple response: one column of yes and no per category.

    Parameters
    ----------
    flags : mapping of str to str
        The column of each category.
    """

    flags: Mapping[str, str] = field(converter=FrozenDict)
    is_multiple = True

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns."""
        return tuple(self.flags.values())

    @property
    def categories(self) -> tuple[str, ...]:
        """The categories, and ``unknown``."""
        return (*self.flags, _UNKNOWN)

    def read_all(
        self, meaning: Meaning, values: Sequence[tuple[Any, ...]], problems: Problems
    ) -> FlagAnswers:
        """Return the answers of all patterns, and add undeclared values to problems."""
        truth = np.full((len(values), len(self.flags)), NOTHING, dtype=np.int8)
        cells_of_columns = zip(*values, strict=True)
        for number, (column, cells) in enumerate(zip(self.columns, cells_of_columns, strict=False)):
            answers = {}  # each distinct value is read once
            for value in dict.fromkeys(cells):
                text = spelling(value)
                answer = meaning.recode.get(text, text)
                if text in meaning.no or text in meaning.no_answer:
                    answers[value] = FALSE if text in meaning.no else NOTHING
                elif answer in YES_OR_NO:
                    answers[value] = YES_OR_NO[answer]
                else:
                    problem = "must be 0 or 1, or a declared value"
                    hint = f"Use missing=[{text!r}] or unknown=[{text!r}] for a missing answer, "
                    hint += f"no=[{text!r}] if it means no"
                    problems.add(InvalidValue(problem, field=column, value=text, hint=hint))
            truth[:, number] = [answers.get(value, NOTHING) for value in cells]
        return FlagAnswers(codes=tuple(self.flags), truth=truth)


@frozen
class ListColumn(SingleColumn):
    """A dimension with multiple response: one column that lists the categories.

    Parameters
    ----------
    column : str
        The column.
    separator : str
        The separator of the categories.
    """

    separator: str = ";"
    is_multiple = True

    def read(self, dimension: Dimension, meaning: Meaning, values: tuple[Any, ...]) -> Answer:
        """Return the categories of a list; categories that are not listed do not apply.

        If the list is missing, every category may apply.
        """
        text, read_item = spelling(values[0]), super().read
        if text in meaning.no:
            return Answer()
        if text in meaning.missing:
            return Answer(unanswered=(_UNKNOWN,))
        if text is None or text in meaning.unknown:
            return read_item(dimension, meaning, values)
        items = [item for part in text.split(self.separator) if (item := part.strip())]
        if not items:
            problem = "lists without categories must be declared"
            hint = f"Use missing=[{text!r}] if nothing was recorded, no=[{text!r}] if none applies"
            raise InvalidValue(problem, field=self.column, value=text, hint=hint)
        read = [read_item(dimension, meaning, (item,)) for item in items]
        codes = (code for answer in read for code in answer.codes)
        return Answer(codes, () if all(answer.codes for answer in read) else (_UNKNOWN,))


@frozen
class AnswerColumns(ColumnReading):
    """A dimension with multiple response: several columns, each with one category.

    Parameters
    ----------
    names : tuple of str
        The columns. An empty or missing cell next to an answer is ignored.
    """

    names: tuple[str, ...] = field(converter=tuple[str, ...])
    is_multiple = True

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns."""
        return self.names

    def read(self, dimension: Dimension, meaning: Meaning, values: tuple[Any, ...]) -> Answer:
        """Return the categories of all columns.

        If no column has a category, none applies if a value means no; else each may apply.
        """
        column_of = dict(zip(map(spelling, values), self.names, strict=True))
        texts = meaning.answering(values)
        if texts[0] in meaning.no:
            return Answer()
        read = (SingleColumn(column_of[t]).read(dimension, meaning, (t,)) for t in texts)
        codes = [code for answer in read for code in answer.codes]
        return Answer(codes, () if codes else (_UNKNOWN,))


@frozen(eq=False, kw_only=True, slots=False)
class Declarations:
    """The declared columns of some cases and the meaning of their values, as for `CaseStore.of`.

    ``names`` are the columns of the cases, and ``no_answers`` the ``missing``, ``unknown`` and
    ``no`` values. A table contains the dimensions in ``optional`` only if it is counted by them.
    """

    schema: Schema
    names: tuple[str, ...]
    columns: Mapping[str, str]
    multi: Mapping[str, str | Sequence[str] | Mapping[str, str]]
    derive: Mapping[str, ColumnReading]
    separator: str
    recode: Mapping[str, Mapping[Any, str]]
    no_answers: Mapping[str, tuple[object, ...]]
    weights: str | None
    constants: Mapping[str, str]
    optional: frozenset[str]

    def __attrs_post_init__(self) -> None:
        schema, names = self.schema, self.names
        declared = (self.columns, self.multi, self.derive, self.recode, self.constants)
        for name in (name for mapping in declared for name in mapping):
            _require_dimension(schema, name)
        require_types(Mapping, "a mapping such as {'F': 'female'}", **self.recode)
        require_types(ColumnReading, "a reading such as AgeAt or ListColumn", **self.derive)
        # Each dimension is declared once, so that no column is ignored.
        readings = (self.columns, self.multi, self.derive)
        for name, times in Counter(name for mapping in readings for name in mapping).items():
            problem = "must be declared once, in columns, multi or derive"
            require(times == 1, problem, "Keep one declaration", **{name: times})
        for name, reading in self.readings.items():
            if (own := reading.dimension) not in (None, name):
                problem = f"must be derived by a reading of {name}, not of {own}"
                raise InvalidValue(problem, field=name, hint=f"Use derive={{{own!r}: ...}}")
            for column in reading.columns:
                require_name(column, names, f"the column of {name} must be a column of the cases")
        if self.weights is not None:
            require_name(self.weights, names, "`weights` must be a column of the cases")
        constants = {name: schema[name].parse(value) for name, value in self.constants.items()}
        object.__setattr__(self, "constants", constants)  # a field of a frozen record

    @cached_property
    def readings(self) -> Mapping[str, ColumnReading]:
        """The readings of dimensions whose column has another name than the dimension."""
        readings: dict[str, ColumnReading] = {
            name: SingleColumn(column) for name, column in self.columns.items()
        }
        for name, value in self.multi.items():
            dimension = self.schema[name]
            if dimension.total is None:
                hint = "Name its column in columns={...}, not in multi={...}"
                raise InvalidValue("must have one value per case", field=name, hint=hint)
            if isinstance(value, str):
                readings[name] = ListColumn(value, self.separator)
            elif isinstance(value, Mapping):
                flags = {dimension.parse(code): column for code, column in value.items()}
                problem = "must have one column for each of its categories, without the total"
                is_valid = 0 < len(flags) == len(value) and dimension.total not in flags
                hint = "Join the columns of a category into one"
                require(is_valid, problem, hint, **{name: dict(value)})
                readings[name] = FlagColumns(flags)
            else:
                problem = "must be a column, a list of columns, or categories with their columns"
                hint = "Pass a reading such as ListColumn in derive={...}"
                require(value and isinstance(value, Iterable), problem, hint, **{name: value})
                readings[name] = AnswerColumns(value)
        return {**readings, **self.derive}

    @cached_property
    def meanings(self) -> Mapping[str, Meaning]:
        """The meaning of the values of each dimension.

        An empty cell is ``None`` or an empty text, which differs by engine and format. If only one
        of them is declared, the other one has the same meaning.
        """
        empty: set[str | None] = {None, ""}
        spellings = {kind: {*map(spelling, values)} for kind, values in self.no_answers.items()}
        if len(empty.intersection(*[chain(*spellings.values())])) == 1:
            spellings = {k: own | empty if own & empty else own for k, own in spellings.items()}
        return {
            name: Meaning(**spellings, recode=self.recode.get(name, {}))
            for name in self.schema.names
        }

    def table_schema(self, names: Container[str]) -> Schema:
        """Return the schema of a table that contains some dimensions."""
        left_out = {name for name in self.optional if name not in names}
        own = [item for item in self.schema.classifications if item.name not in left_out]
        return schema_of(self.schema.kind, *own) if left_out else self.schema

    def order(self, by: str | Iterable[str], argument: str = "by") -> list[str]:
        """Return some dimensions in the order of the table."""
        require_types(Iterable, "a dimension such as 'sex', or a list", **{argument: by})
        names = [by] if isinstance(by, str) else list(by)
        for name in names:
            _require_dimension(self.schema, name)
            problem = "is constant for all cases and must not be in `by`"
            hint = f"Remove {name} from by= or from the constants"
            is_valid = name not in self.constants
            require(is_valid, problem, hint, **{name: self.constants.get(name)})
        return [name for name in self.schema.names if name in names]

    def reading(self, name: str) -> ColumnReading:
        """Return the reading of a dimension, or of a column that is not a dimension."""
        if name in self.readings:
            return self.readings[name]
        known, problem = (*self.schema.names, *self.names), "must be a dimension or a column"
        if name in self.schema.names:
            known, problem = (
                self.names,
                "must be a column of the cases or have one in columns={...}",
            )
        require_name(name, known, problem)
        return SingleColumn(name)

    def varies(self, name: str) -> bool:
        """Return whether a column contains the dimension."""
        is_declared = name in self.readings or name in self.names
        return is_declared and name in self.schema.names and name not in self.constants

    def parse_values(self, name: str, values: Any) -> list[str]:
        """Return values as codes of a dimension, or as the spellings of another column."""
        values = [values] if isinstance(values, str) or not isinstance(values, Iterable) else values
        if name in self.schema.names:
            return [self.schema[name].parse(value) for value in values]
        return [spelling(value) or "" for value in values]


def _require_dimension(schema: Schema, name: str) -> None:
    require_name(name, schema.names, f"must be a dimension of {schema.kind}")
