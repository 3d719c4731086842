"""Case files: one row per person, with category codes, and the answers they are read from."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cache, partial
from typing import Any

import numpy as np
import pandas as pd
from attrs import evolve, field, fields, frozen
from numpy.typing import NDArray

from thbstats._mappings import FrozenDict
from thbstats.display import Cell, Column, DisplayTable, Group, Tabular, count
from thbstats.errors import InvalidValue, ThbstatsError, UnknownName, require, require_name
from thbstats.files.declaration import Declaration
from thbstats.files.ledger import FileColumn, Ledger
from thbstats.files.reference_periods import read_period
from thbstats.records import Dimension, Schema, Source, schema_of
from thbstats.tables.encoding import coded
from thbstats.vocabulary import Classification, bundled_classification

_LISTED = 10


# mypy does not understand `tuple` itself as a converter.
def _names(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(names)


def _fixed(mapping: Mapping[str, Any]) -> Mapping[str, Any]:
    return FrozenDict(mapping)


def _lists(mapping: Mapping[str, Iterable[str]]) -> Mapping[str, tuple[str, ...]]:
    return FrozenDict({name: tuple(codes) for name, codes in mapping.items()})


@frozen(kw_only=True, eq=False, repr=False)
class Cases(Tabular):
    """Case-level data: one row per person.

    Parameters
    ----------
    frame : DataFrame
        A row for each person. A dimension with one answer is a categorical column of codes:
        ``"unknown"`` if the source recorded "unknown", missing if it recorded nothing. A dimension
        with multiple response is a nullable boolean column for each code, such as
        ``"exploitation=sexual"``: true, false or missing.
    columns : tuple of str
        The dimensions with one answer.
    multiple : mapping of str to tuple of str
        The dimensions with multiple response, and the codes with a column.
    other : tuple of str
        Other columns of the file, unchanged.
    source : Source, optional
        The publication of the cases, with its terms.
    constants : mapping of str to str
        Values that apply to every person, such as ``{"status": "presumed"}``.
    default_area : str, optional
        The area of all cases if some have none and no other area is given: the area that the
        publisher states for the whole data set, such as ``"WORLD"``.
    kind : Schema or str
        The schema of the dimensions, with the classifications of further dimensions; by default
        ``"victims"``. The attribute is ``schema``.
    answer_counts : DataFrame
        For each column of the file, the number of cells that are ``known``, ``empty``, ``-99`` and
        ``Unknown``.

    Raises
    ------
    UnknownName
        If a column is not a dimension of victims, or not in the frame.
    InvalidValue
        If a code is not canonical, or a column has an invalid type.

    Examples
    --------
    >>> import pandas as pd
    >>> cases = Cases(
    ...     frame=pd.DataFrame(
    ...         {
    ...             "sex": pd.Categorical(["female", "female", None]),
    ...             "exploitation=sexual": pd.array([True, True, None], dtype="boolean"),
    ...             "exploitation=labour": pd.array([False, True, None], dtype="boolean"),
    ...         }
    ...     ),
    ...     columns=["sex"],
    ...     multiple={"exploitation": ["sexual", "labour"]},
    ... )
    >>> import thbstats as thb
    >>> table = thb.count_cases(cases, ["sex", "exploitation"], area="MT", period=2020)
    >>> [table.count(exploitation=form).lower for form in ("sexual", "labour", "unknown", "total")]
    [2, 1, 1, 3]
    """

    frame: pd.DataFrame
    columns: tuple[str, ...] = field(converter=_names)
    multiple: Mapping[str, tuple[str, ...]] = field(factory=dict, converter=_lists)
    other: tuple[str, ...] = field(default=(), converter=_names)
    source: Source | None = None
    constants: Mapping[str, str] = field(factory=dict, converter=_fixed)
    default_area: str | None = None
    schema: Schema = field(default=schema_of("victims"), converter=schema_of, alias="kind")
    answer_counts: pd.DataFrame = field(factory=pd.DataFrame)

    def __attrs_post_init__(self) -> None:
        for name in (*self.columns, *self.multiple, *self.constants):
            require_name(name, self.schema.names, "must be a dimension of victims")
        for name in {*self.constants} & {*self.columns, *self.multiple}:
            hint = "Remove it from constants, and select cases with .where(...)"
            raise InvalidValue("must not be a column of the cases", field=name, hint=hint)
        flags = [f"{name}={code}" for name, codes in self.multiple.items() for code in codes]
        kinds = dict.fromkeys(self.columns, "category") | dict.fromkeys(flags, "boolean")
        for name, kind in kinds.items():
            require_name(name, map(str, self.frame.columns), "must be a column of the frame")
            if str(dtype := self.frame[name].dtype) != kind:
                raise InvalidValue(
                    f"must have the dtype {kind}, got {dtype}",
                    field=name,
                    hint=f"frame[{name!r}] = frame[{name!r}].astype({kind!r})",
                )
        codes_of: dict[str, Iterable[str]] = dict(self.multiple)
        codes_of |= {name: self.frame[name].cat.categories for name in self.columns}
        for name, codes in codes_of.items():
            for code in codes:
                if (canonical := self.schema[name].parse(code)) != code:
                    problem, hint = "must be a category code", f"Use {canonical!r}"
                    raise InvalidValue(problem, field=name, value=code, hint=hint)

    def where(self, **selection: Any) -> "Cases":
        """Return the cases of a selection.

        Parameters
        ----------
        **selection
            For a dimension or another column, one value or several. For a dimension with multiple
            response, cases to which one of the values applies.

        Raises
        ------
        UnknownName
            If a column or value is not known.
        """
        masks = []
        for name, value in selection.items():
            values = [value] if isinstance(value, (str, int)) else list(value)
            if name in self.other:
                texts = [str(item) for item in values]
                masks.append(self.frame[name].astype(object).isin(texts).to_numpy())
                continue
            self._require(name)
            codes = [self.schema[name].parse(text) for text in values]
            if name in self.columns:
                masks.append(self.frame[name].isin(codes).to_numpy())
                continue
            for code in codes:
                problem = "must be a category of the cases"
                require_name(code, self.multiple[name], problem, field=name)
            masks.append(self._applies(name, codes))
        return self._take(masks)

    def known(self, *names: str) -> "Cases":
        """Return the cases with known values of dimensions.

        Parameters
        ----------
        *names : str
            Dimensions.

        Raises
        ------
        UnknownName
            If the cases do not contain a dimension.
        """
        masks = []
        for name in names:
            self._require(name)
            if name in self.columns:
                column = self.frame[name]
                masks.append((column.notna() & (column.astype(object) != "unknown")).to_numpy())
            else:
                masks.append(self._applies(name, self.multiple[name]))
        return self._take(masks)

    def _take(self, masks: list[NDArray[np.bool_]]) -> "Cases":
        """Return the cases to which all masks apply."""
        selected = np.logical_and.reduce([np.ones(len(self), dtype=np.bool_), *masks])
        return evolve(self, frame=self.frame.loc[selected].reset_index(drop=True))

    def _applies(self, name: str, codes: Iterable[str]) -> NDArray[np.bool_]:
        selected = np.zeros(len(self), dtype=np.bool_)
        for code in codes:
            selected |= self.frame[f"{name}={code}"].fillna(False).to_numpy(dtype=np.bool_)
        return selected

    def _require(self, name: str) -> None:
        names = (*self.columns, *self.multiple)
        require_name(name, names, "must be a dimension of the cases")

    def to_frame(self) -> pd.DataFrame:
        """Return a copy of the frame."""
        return self.frame.copy()

    def display_table(self) -> DisplayTable:
        """Return the number of persons by answer as a sheet."""
        rows: list[Group | list[Cell | str]] = []
        for name in self.columns:
            result = self.frame[name].value_counts(dropna=False, sort=True)
            rows.append(Group(name.replace("_", " ")))
            top = [(code, n) for code, n in result.items() if n]
            rows += [
                [code if isinstance(code, str) else "(missing)", count(int(n))]
                for code, n in top[:_LISTED]
            ]
            if len(top) > _LISTED:
                remaining = sum(int(n) for _, n in top[_LISTED:])
                rows.append([f"{len(top) - _LISTED} more", count(remaining)])
        for name, codes in self.multiple.items():
            rows.append(Group(f"{name.replace('_', ' ')} (multiple response)"))
            rows += [[code, count(int(self.frame[f"{name}={code}"].sum()))] for code in codes]
        return DisplayTable(
            caption=f"{count(len(self))} cases",
            columns=["Category", Column("Persons", "right")],
            rows=rows,
            notes=[] if self.source is None else [f"Source: {self.source}. {self.source.terms}"],
        )

    def __len__(self) -> int:
        return len(self.frame)

    def __repr__(self) -> str:
        names = ", ".join([*self.columns, *self.multiple])
        return f"<Cases: {len(self)} persons by {names or 'no dimension'}>"


Truth = NDArray[np.int8]
"""Answers of persons: `FALSE`, `NOTHING` (missing) or `TRUE`."""

# In this order, the maximum of two answers is their logical "or".
FALSE, NOTHING, TRUE = 0, 1, 2

YES_OR_NO = dict.fromkeys(("1", "true", "True", "TRUE"), TRUE)
YES_OR_NO |= dict.fromkeys(("0", "false", "False", "FALSE"), FALSE)
"""Texts that answer a question with yes or no."""

SIGNS: Mapping[str, str] = {"": "empty", "-99": "-99", "-99.0": "-99", "unknown": "Unknown"}
"""Texts of unanswered cells in lower case, and their labels."""

_ANSWERS = {**YES_OR_NO, "1.0": TRUE, "0.0": FALSE, **dict.fromkeys(SIGNS, NOTHING)}
_HINT = "Correct it in the file, or report the new answer to the developers"


def plain(text: str) -> str:
    """Return a text in lower case, without spaces around it."""
    return text.strip().lower()


def parse_answers(
    ledger: Ledger, column: FileColumn, parse: Callable[[str], str], unknown: str | None = "unknown"
) -> FileColumn:
    """Return a column in category codes."""

    def answer(text: str) -> str | None:
        sign = SIGNS.get(plain(text))
        if sign is None:
            return parse(text.strip())
        return unknown if sign == "Unknown" else None

    result, unmapped = column.parse(answer)
    _flag_unmapped(ledger, column, unmapped)
    return column.with_values(result)


def _flag_unmapped(ledger: Ledger, column: FileColumn, unmapped: Sequence[int]) -> None:
    message = "an unmapped answer, read as missing"
    ledger.flag_texts("UNMAPPED_ANSWER", column, unmapped, message=message, hint=_HINT)


def yes_or_no(ledger: Ledger, column: FileColumn) -> Truth:
    """Return the answers of a 1/0 column; other texts are flagged and missing."""
    known = [_ANSWERS.get(plain(text)) for text in column.categories]
    _flag_unmapped(ledger, column, [code for code, answer in enumerate(known) if answer is None])
    answers = [NOTHING if answer is None else answer for answer in known]
    truth: Truth = np.array([*answers, NOTHING], dtype=np.int8)[column.codes]
    return truth


def either(answers: Iterable[Truth]) -> Truth:
    """Return the logical "or" of answers: true if one is true, false if all are."""
    result: Truth = np.maximum.reduce(list(answers))
    return result


@frozen(kw_only=True, eq=False)
class AnswerLists:
    """A column of lists of categories.

    ``answers`` is, by text and last for rows without text, the answer for items that the list does
    not contain. ``codes`` and ``spellings`` are, by `squashed` item, the texts that list it and its
    first spelling.
    """

    column: FileColumn
    answers: Truth
    codes: Mapping[str, list[int]]
    spellings: Mapping[str, str]

    @classmethod
    def from_column(cls, column: FileColumn, separator: str = ";") -> "AnswerLists":
        """Return the lists of a column."""
        answers = np.full(len(column.categories) + 1, FALSE, dtype=np.int8)
        answers[-1] = NOTHING
        codes: dict[str, list[int]] = {}
        spellings: dict[str, str] = {}
        key_of = cache(squashed)  # lists repeat few items
        for index, text in enumerate(column.categories):
            if plain(text) in SIGNS:
                answers[index] = NOTHING
                continue
            for item in filter(None, map(str.strip, text.split(separator))):
                key = key_of(item)
                spellings.setdefault(key, item)
                codes.setdefault(key, []).append(index)
        return cls(column=column, answers=answers, codes=codes, spellings=spellings)

    def with_unmapped(self, unmapped: Iterable[str]) -> "AnswerLists":
        """Return the lists with missing answers for lists with unmapped items.

        An unmapped item may have the meaning of any item that the list does not contain.
        """
        answers = self.answers.copy()
        for item in unmapped:
            answers[self.codes[item]] = NOTHING
        return evolve(self, answers=answers)

    def contains(self, *items: str) -> Truth:
        """Return the answers to "the list contains one of these items"."""
        table = self.answers.copy()
        for item in items:
            table[self.codes.get(item, [])] = TRUE
        result: Truth = table[self.column.codes]
        return result


def squashed(text: str) -> str:
    """Return the letters and digits of a text in lower case."""
    return "".join(letter for letter in text.lower() if letter.isalnum())


def flag_items(ledger: Ledger, lists: AnswerLists, unmapped: Iterable[str]) -> None:
    """Flag the unmapped items of lists."""
    items = list(unmapped)[:_ITEMS]
    rows = {
        lists.spellings[item]: (lists.contains(item) == TRUE) & ledger.is_used for item in items
    }
    if rows:
        ledger.flag(
            "UNMAPPED_ANSWER",
            np.logical_or.reduce(list(rows.values())),
            column=lists.column.name,
            message="unmapped items of a list",
            hint=_HINT,
            texts={text: int(result.sum()) for text, result in rows.items() if result.any()},
        )


_ITEMS = 100


def year(text: str) -> str:
    """Return the period of a year."""
    return str(read_period(text))


_UNKNOWN = "unknown"
_SEPARATOR = ";"


class CaseDimensions:
    """The rows of a case file, and the dimensions that are read from them.

    ``columns`` are the columns by field. ``single`` are the dimensions with one answer.
    ``multiple`` are the answers to each category of a dimension with multiple response, and
    ``names`` are the columns of these categories.
    """

    def __init__(self, ledger: Ledger, columns: Mapping[str, FileColumn], schema: Schema) -> None:
        self.ledger = ledger
        self.columns = columns
        self.schema: Schema = schema
        self.single: dict[str, FileColumn] = {}
        self.multiple: dict[str, dict[str, Truth]] = {}
        self.names: dict[str, dict[str, str]] = {}

    def add(
        self, name: str, field: str, parse: Callable[[str], str], unknown: str | None = _UNKNOWN
    ) -> None:
        """Add a dimension with one answer, if the file has its field."""
        if field in self.columns:
            self.single[name] = parse_answers(
                self.ledger, self.columns[field], lambda text: str(parse(text)), unknown
            )

    def add_multiple(self, name: str, answers: Iterable[tuple[str, str, Truth]]) -> None:
        """Add a dimension with multiple response: a category, its column and its answers each."""
        by_code: dict[str, list[Truth]] = {}
        columns = self.names.setdefault(name, {})
        for code, column, truth in answers:
            by_code.setdefault(code, []).append(truth)
            columns.setdefault(code, column)
        self.multiple[name] = {code: either(own) for code, own in by_code.items()}

    def add_classifications(
        self, source: str, crosswalk: Mapping[str, Any], flags: Mapping[str, Truth]
    ) -> None:
        """Add the dimensions of classifications, with the terms of a source.

        The classifications of the schema are those of the user; those of the library are added to
        it if the file contains them. ``flags`` are the answers of columns of yes and no. The
        crosswalk contains the column of each dimension that has another name (``classified``), the
        dimensions whose column is a list (``lists``), and the columns and items that record an
        unknown category (``unknown``).
        """
        add = partial(self._add_classification, source, crosswalk, flags)
        own = {item.name: item for item in self.schema.classifications}
        for name, classification in own.items():
            for mapping in (self.single, self.multiple, self.names):
                mapping.pop(name, None)
            if not add(
                classification, [key for key in self.columns if squashed(key) == squashed(name)]
            ):
                self.ledger.note(
                    f"No column of the file contains {name}; name its column as "
                    f"count_cases(..., columns={{{name!r}: ...}})"
                )
        library = [bundled_classification(name) for name in crosswalk["bundled"] if name not in own]
        self.schema = schema_of(self.schema, *filter(add, library))

    def _add_classification(
        self,
        source: str,
        crosswalk: Mapping[str, Any],
        flags: Mapping[str, Truth],
        classification: Classification,
        also: Iterable[str] = (),
    ) -> bool:
        """Add a dimension from its flags or column, and return whether the file contains it."""
        name, is_breakdown = classification.name, classification.kind == "breakdown"
        unknown = crosswalk.get("unknown", {}).get(name, ())
        terms = _terms(classification, source)
        answers = [(terms[key], key, truth) for key, truth in flags.items() if key in terms]
        if answers and is_breakdown:
            self.add_multiple(name, answers)
            self.multiple[name] |= _unknown_answers(flags[key] for key in unknown if key in flags)
            return True
        fields = [own for own in (crosswalk["classified"].get(name), *also) if own in self.columns]
        if not fields:
            return False
        column = self.columns[fields[0]]
        codes = _spellings(classification, terms)
        is_list = name in crosswalk.get("lists", ())
        if is_breakdown and (is_list or any(_SEPARATOR in text for text in column.categories)):
            codes |= {squashed(text): _UNKNOWN for text in unknown}
            self.multiple[name] = self._listed(classification, column, codes, terms)
            self.names[name] = dict.fromkeys(self.multiple[name], column.name)
        else:
            dimension = Dimension.from_classification(classification)
            unstated = _UNKNOWN if dimension.total is not None else None
            self.add(name, fields[0], partial(_category, dimension, codes), unstated)
        return True

    def _listed(
        self,
        classification: Classification,
        column: FileColumn,
        codes: Mapping[str, str],
        terms: Mapping[str, str],
    ) -> dict[str, Truth]:
        """Return the answers of a list; a category with a listed narrower one applies."""
        dimension = Dimension.from_classification(classification)
        lists = AnswerLists.from_column(column, _SEPARATOR)
        unmapped = [item for item in lists.codes if item not in codes]
        # Another dimension may be read from the same column.
        flagged = {
            squashed(text)
            for problem in self.ledger.problems
            if problem.column == column.name
            for text in problem.texts
        }
        flag_items(self.ledger, lists, (item for item in unmapped if item not in flagged))
        lists = lists.with_unmapped(unmapped)
        items: dict[str, list[str]] = {}
        for item in lists.codes:
            if item in codes:
                for code in (codes[item], *dimension.ancestors(codes[item])):
                    items.setdefault(code, []).append(item)
        # All categories of the source are answered, also those that no person has.
        answered = {*(terms.values() or classification.codes), *items}
        answered -= {dimension.total, _UNKNOWN}
        return {
            **{code: lists.contains(*items.get(code, ())) for code in sorted(answered)},
            **_unknown_answers([lists.contains(*items[_UNKNOWN])] if _UNKNOWN in items else ()),
        }

    def cases(
        self,
        *,
        source: Source,
        age_concept: str,
        constants: Mapping[str, Any],
        default_area: str | None = None,
    ) -> Cases:
        """Return the cases of the file; the age concept applies to a file with ages."""
        columns, ledger, schema = self.single, self.ledger, self.schema
        used = ledger.is_used
        if "age" in columns:
            constants = {"age_concept": age_concept, **constants}
        declared = {
            name: schema[name].parse(value) if name in schema.names else str(value)
            for name, value in constants.items()
        }
        data: dict[str, Any] = {
            name: coded(column.codes, column.categories)
            for name, column in columns.items()
            if name not in declared
        }
        names = tuple(data)
        flags = {
            name: _add_wider(ledger, schema[name], by_code, self.names.get(name, {}))
            for name, by_code in self.multiple.items()
            if by_code
        }
        for name, by_code in flags.items():
            for code, answer in by_code.items():
                data[f"{name}={code}"] = pd.arrays.BooleanArray(answer == TRUE, answer == NOTHING)
        # A column of the file may have the name of a dimension.
        other = {
            f"{name} (file)" if name in data else name: ledger.raw[name].array
            for name in map(str, ledger.raw.columns)
        }
        lacking = np.count_nonzero((columns["area"].codes < 0) & used) if "area" in names else 0
        if lacking:
            ledger.note(
                f"NO_AREA: {lacking} cases have no {columns['area'].name}; count all with "
                "area=..., or exclude these with .cases.known('area')"
            )
        frame = pd.DataFrame({**data, **other})
        return Cases(
            frame=frame if used.all() else frame.loc[used].reset_index(drop=True),
            columns=names,
            multiple={name: tuple(answers) for name, answers in flags.items()},
            other=tuple(other),
            source=source,
            constants=declared,
            default_area=default_area,
            kind=schema,
            answer_counts=_count_answers(ledger, self.columns.values()),
        )


def _add_wider(
    ledger: Ledger, dimension: Dimension, answers: Mapping[str, Truth], columns: Mapping[str, str]
) -> dict[str, Truth]:
    """Return the answers to categories and to their wider categories."""
    result = dict(answers)
    wider = {other for code in answers for other in dimension.ancestors(code)} - {dimension.total}
    # From the narrowest: a wider category can be a part of another one.
    in_order = sorted(wider, key=dimension.sort_key)
    for whole in sorted(in_order, key=lambda code: -len(dimension.ancestors(code))):
        parts = [result[code] for code in result if dimension.parent(code) == whole]
        any_part = either(parts)
        if whole in result:
            without_wider = (result[whole] != TRUE) & (any_part == TRUE)
            ledger.flag(
                "PART_WITHOUT_WHOLE",
                without_wider & ledger.is_used,
                column=columns[whole],
                message=f"a category of {whole} is recorded and {whole} is not; counted under both",
                hint="Ask the publisher for the definition of the column",
            )
            any_part = np.where(without_wider, np.int8(TRUE), result[whole])
        result[whole] = any_part
    return {code: result[code] for code in sorted(result, key=dimension.sort_key)}


def _count_answers(ledger: Ledger, columns: Collection[FileColumn]) -> pd.DataFrame:
    """Return the number of answered and unanswered cells of each column."""
    names = ["known", *dict.fromkeys(SIGNS.values())]
    rows = []
    for column in columns:
        counted = dict.fromkeys(names, 0)
        numbers = column.count_rows().tolist()
        for text, number in zip((*column.categories, ""), numbers, strict=True):
            counted[SIGNS.get(plain(text), "known")] += number
        rows.append(list(counted.values()))
    index = pd.Index([own.name for own in columns], name="column")
    counts = pd.DataFrame(rows, columns=names, index=index, dtype="int64")
    parts = [
        f"{int(number)} {sign} in {int((counts[sign] > 0).sum())} columns"
        for sign, number in counts.drop(columns="known").sum().items()
        if number
    ]
    if parts:
        ledger.note(f"Cells without an answer: {', '.join(parts)}; see .cases.answer_counts")
    return counts


def declared_schema(declare: Declaration | None, kind: str | Schema | None) -> Schema:
    """Return the schema of cases; a declaration may contain classifications only."""
    declare = declare or Declaration()
    names = [item.name for item in fields(Declaration) if item.name != "classifications"]
    others = [name for name in names if getattr(declare, name) != getattr(Declaration(), name)]
    if others:
        raise InvalidValue(
            "must contain classifications only for a file of cases",
            field="declare",
            value=", ".join(others),
            hint="Remove the rest; pass values that apply to every case as name=...",
        )
    name = kind.kind if isinstance(kind, Schema) else kind
    is_victims = name in (None, "victims")
    require(is_victims, "must be 'victims' for a file of cases", "Remove it", kind=name)
    schema = schema_of(kind or "victims")
    further = [item for item in declare.classifications if item not in schema.classifications]
    return schema_of(schema, *further)


def _terms(classification: Classification, source: str) -> Mapping[str, str]:
    try:
        return classification.crosswalk(source)
    except UnknownName:
        return {}


def _spellings(classification: Classification, terms: Mapping[str, str]) -> dict[str, str]:
    """Return the category of each `squashed` text that has one meaning; terms come first."""
    meanings: dict[str, set[str]] = {}
    for own in classification.categories:
        for text in own.spellings if own.code != "total" else ():
            meanings.setdefault(squashed(text), set()).add(own.code)
    codes = {text: code for text, own in meanings.items() if len(own) == 1 for code in own}
    for text, code in terms.items():
        # Terms such as "F_Construction" start with the letter of a section, labels do not.
        section, _, label = text.partition("_")
        if len(section) == 1:
            codes.setdefault(squashed(label), code)
        codes[squashed(text)] = code
    return codes


def _unknown_answers(answers: Iterable[Truth]) -> dict[str, Truth]:
    """Return which cases have the answer `unknown`."""
    known: list[Any] = [np.where(own == TRUE, np.int8(TRUE), np.int8(FALSE)) for own in answers]
    return {_UNKNOWN: either(known)} if known else {}


def _category(dimension: Dimension, codes: Mapping[str, str], text: str) -> str:
    """Return the category of a text, by its code or a spelling."""
    try:
        code = dimension.parse(text)
    except ThbstatsError:
        if squashed(text) not in codes:
            raise
        code = codes[squashed(text)]
    if code == dimension.total:
        raise UnknownName("must be a category", field=dimension.name, value=text)
    return code
