"""Case files: the steps that all layouts share, from the header and its answers to the cases."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cache, partial
from typing import Any

import numpy as np
import pandas as pd
from attrs import evolve, fields, frozen

from thbstats.errors import InvalidFile, InvalidValue, ThbstatsError, UnknownName, require
from thbstats.files.case_file import FALSE, NOTHING, TRUE, YES_OR_NO, Cases, Truth, either
from thbstats.files.declaration import Declaration
from thbstats.files.delimited import read_delimited
from thbstats.files.ledger import FileColumn, Ledger
from thbstats.files.reading import Reading
from thbstats.files.reference_periods import read_period
from thbstats.records import Dimension, Schema, Source, schema_of
from thbstats.sources._formats import Request
from thbstats.tables.encoding import coded
from thbstats.vocabulary import Classification, bundled_classification

_SIGNS: Mapping[str, str] = {"": "empty", "-99": "-99", "-99.0": "-99", "unknown": "Unknown"}
"""Texts of unanswered cells in lower case, and their labels."""

_ANSWERS = {**YES_OR_NO, "1.0": TRUE, "0.0": FALSE, **dict.fromkeys(_SIGNS, NOTHING)}
_ITEMS = 100
"""The largest number of unmapped items that the log counts."""

_UNKNOWN = "unknown"


def squashed(text: str) -> str:
    """Return the letters and digits of a text in lower case."""
    return "".join(letter for letter in text.lower() if letter.isalnum())


def year(text: str) -> str:
    """Return the period of a year."""
    return str(read_period(text))


def parse_answers(
    ledger: Ledger, column: FileColumn, parse: Callable[[str], str], unknown: str | None = _UNKNOWN
) -> FileColumn:
    """Return a column in category codes."""

    def answer(text: str) -> str | None:
        sign = _SIGNS.get(text.strip().lower())
        if sign is None:
            return str(parse(text.strip()))
        return unknown if sign == "Unknown" else None

    result, unmapped = column.parse(answer)
    ledger.flag_texts("UNMAPPED_ANSWER", column, unmapped)
    return column.with_values(result)


def yes_or_no(ledger: Ledger, column: FileColumn) -> Truth:
    """Return the answers of a 1/0 column; flag other texts and treat them as missing."""
    known = [_ANSWERS.get(text.strip().lower(), NOTHING) for text in column.categories]
    ledger.flag_texts("UNMAPPED_ANSWER", column, lambda t: t.strip().lower() not in _ANSWERS)
    truth: Truth = np.array([*known, NOTHING], dtype=np.int8)[column.codes]
    return truth


@frozen(kw_only=True, eq=False)
class AnswerLists:
    """A column of lists of categories, separated by semicolons.

    ``answers`` is, by text and last for rows without text, the answer for items that the list does
    not contain. ``codes`` and ``spellings`` are, by `squashed` item, the texts that list it and its
    first spelling.
    """

    column: FileColumn
    answers: Truth
    codes: Mapping[str, list[int]]
    spellings: Mapping[str, str]

    @classmethod
    def from_column(cls, column: FileColumn) -> "AnswerLists":
        """Return the lists of a column."""
        answers = np.full(len(column.categories) + 1, FALSE, dtype=np.int8)
        answers[-1] = NOTHING
        codes: dict[str, list[int]] = {}
        spellings: dict[str, str] = {}
        key_of = cache(squashed)  # lists repeat few items
        for index, text in enumerate(column.categories):
            if text.strip().lower() in _SIGNS:
                answers[index] = NOTHING
                continue
            for item in filter(None, map(str.strip, text.split(";"))):
                key = key_of(item)
                spellings.setdefault(key, item)
                codes.setdefault(key, []).append(index)
        return cls(column=column, answers=answers, codes=codes, spellings=spellings)

    def flag_unmapped(self, ledger: Ledger, unmapped: Iterable[str]) -> "AnswerLists":
        """Flag unmapped items, and return the lists with missing answers for lists with them.

        An unmapped item may have the meaning of any item that the list does not contain.
        """
        items, answers = list(unmapped), self.answers.copy()
        # Another dimension may be read from the same column.
        flagged = {
            squashed(text)
            for problem in ledger.problems
            if problem.column == self.column.name
            for text in problem.texts
        }
        rows = {
            self.spellings[item]: (self.contains(item) == TRUE) & ledger.is_used
            for item in [item for item in items if item not in flagged][:_ITEMS]
        }
        ledger.flag(
            "UNMAPPED_ANSWER.list",
            np.logical_or.reduce([np.zeros(len(ledger), dtype=np.bool_), *rows.values()]),
            column=self.column.name,
            texts={text: int(result.sum()) for text, result in rows.items() if result.any()},
        )
        for item in items:
            answers[self.codes[item]] = NOTHING
        return evolve(self, answers=answers)

    def contains(self, *items: str) -> Truth:
        """Return the answers to "the list contains one of these items"."""
        table = self.answers.copy()
        for item in items:
            table[self.codes.get(item, [])] = TRUE
        result: Truth = table[self.column.codes]
        return result


class CaseReader:
    """A case file in a layout, and the dimensions that are read from it.

    ``columns`` are the columns by field; the function ``field`` returns the field of a column name.
    ``single`` are the dimensions with one answer. ``multiple`` are the answers to each category of
    a dimension with multiple response, and ``names`` are the columns of these categories. The
    crosswalk contains the dimensions of the library that the file can have (``bundled``), the
    column of each dimension that has another name (``classified``), the dimensions whose column is
    a list (``lists``), the columns and items that record an unknown category (``unknown``), and the
    ``notes`` of the log, each on a file with one of its columns, or on every file.
    """

    def __init__(
        self,
        request: Request,
        feature: Callable[[Sequence[str]], str],
        crosswalk: Mapping[str, Any],
        *,
        header: str,
        required: str,
        separator: str | None = None,
        field: Callable[[str], str] = str,
    ) -> None:
        self.ledger = read_delimited(request.file, separator)
        self.schema = _declared_schema(request.declare, request.kind)
        names = list(map(str, self.ledger.raw))
        self.feature = feature(names)
        if not self.feature:
            raise InvalidFile(
                f"{request.file.name} must have the {header}",
                row="line 1",
                hint=f"Required columns: {required}",
            )
        self.columns: dict[str, FileColumn] = {}
        for name in names:
            other = self.columns.setdefault(field(name), self.ledger.column(name))
            if other.name != name:
                raise InvalidFile(
                    f"must be the only column of its {request.label} field",
                    row="line 1",
                    field=name,
                    hint=f"Remove {other.name!r} or {name!r}",
                )
        self.single: dict[str, FileColumn] = {}
        self.multiple: dict[str, dict[str, Truth]] = {}
        self.names: dict[str, dict[str, str]] = {}
        self._crosswalk = crosswalk
        self._request = request.recognised_by(self.feature)

    def add(
        self, name: str, field: str, parse: Callable[[str], str], unknown: str | None = _UNKNOWN
    ) -> None:
        """Add a dimension with one answer, if the file has its field."""
        if field in self.columns:
            self.single[name] = parse_answers(self.ledger, self.columns[field], parse, unknown)

    def add_multiple(self, name: str, answers: Iterable[tuple[str, str, Truth]]) -> None:
        """Add a dimension with multiple response: a category, its column and its answers each."""
        by_code: dict[str, list[Truth]] = {}
        columns = self.names.setdefault(name, {})
        for code, column, truth in answers:
            by_code.setdefault(code, []).append(truth)
            columns.setdefault(code, column)
        self.multiple[name] = {code: either(own) for code, own in by_code.items()}

    def reading(
        self,
        *,
        terms: str,
        source: Source,
        age_concept: str,
        is_known: Callable[[str], bool],
        flags: Mapping[str, Truth] | None = None,
        default_area: str | None = None,
        notes: Iterable[str] = (),
    ) -> Reading:
        """Return the cases, with the dimensions of classifications.

        ``terms`` is the name of the source in their crosswalks, and ``flags`` are the answers of
        columns of yes and no. The age concept applies to a file with ages. The columns of fields
        that are not known are noted.
        """
        flags = flags or {}
        add = partial(self._add_classification, terms, flags)
        own = {item.name: item for item in self.schema.classifications}
        for name, classification in own.items():
            for mapping in (self.single, self.multiple, self.names):
                mapping.pop(name, None)
            alike = [key for key in self.columns if squashed(key) == squashed(name)]
            if not add(classification, alike):
                self.ledger.note(
                    f"No column of the file contains {name}; name its column as "
                    f"count_cases(..., columns={{{name!r}: ...}})"
                )
        # The classifications of the library are added to the schema if the file contains them.
        bundled = [name for name in self._crosswalk["bundled"] if name not in own]
        self.schema = schema_of(self.schema, *filter(add, map(bundled_classification, bundled)))
        cases = self._cases(source, age_concept, default_area)
        for text in notes:
            self.ledger.note(text)
        for note in self._crosswalk["notes"]:
            columns = [own.name for key, own in self.columns.items() if key in note["columns"]]
            answers = [flags[key] == TRUE for key in note["columns"] if key in flags]
            rows = np.logical_or.reduce(answers) & self.ledger.is_used if answers else ()
            persons = np.count_nonzero(rows)
            if columns or answers or not note["columns"]:
                text = note["text"].format(columns=", ".join(columns), persons=persons)
                self.ledger.note(text)
        others = (own.name for field, own in self.columns.items() if not is_known(field))
        if listed := ", ".join(others):
            self.ledger.note(f"Columns without a meaning in this library: {listed}")
        return self._request.finish(self.ledger, cases=cases)

    def _add_classification(
        self,
        source: str,
        flags: Mapping[str, Truth],
        classification: Classification,
        also: Iterable[str] = (),
    ) -> bool:
        """Add a dimension from its flags or column, and return whether the file contains it."""
        name, is_breakdown = classification.name, classification.kind == "breakdown"
        unknown = self._crosswalk.get("unknown", {}).get(name, ())
        try:
            terms = classification.crosswalk(source)
        except UnknownName:
            terms = {}
        answers = [(terms[key], key, truth) for key, truth in flags.items() if key in terms]
        if answers and is_breakdown:
            self.add_multiple(name, answers)
            self.multiple[name] |= _unknown_answers(flags[key] for key in unknown if key in flags)
            return True
        named = (self._crosswalk["classified"].get(name), *also)
        fields = [own for own in named if own in self.columns]
        if not fields:
            return False
        column = self.columns[fields[0]]
        codes = _spellings(classification, terms)
        dimension = Dimension.from_classification(classification)
        is_list = name in self._crosswalk.get("lists", ())
        if is_breakdown and (is_list or any(";" in text for text in column.categories)):
            codes |= {squashed(text): _UNKNOWN for text in unknown}
            categories = {*(terms.values() or classification.codes)}
            self.multiple[name] = self._listed(dimension, column, codes, categories)
            self.names[name] = dict.fromkeys(self.multiple[name], column.name)
        else:
            unstated = _UNKNOWN if dimension.total is not None else None
            self.add(name, fields[0], partial(_category, dimension, codes), unstated)
        return True

    def _listed(
        self,
        dimension: Dimension,
        column: FileColumn,
        codes: Mapping[str, str],
        categories: Collection[str],
    ) -> dict[str, Truth]:
        """Return the answers of a list; a category with a listed narrower one applies."""
        lists = AnswerLists.from_column(column)
        lists = lists.flag_unmapped(self.ledger, (key for key in lists.codes if key not in codes))
        items: dict[str, list[str]] = {}
        for item in lists.codes:
            if item in codes:
                for code in (codes[item], *dimension.ancestors(codes[item])):
                    items.setdefault(code, []).append(item)
        # All categories of the source are answered, also those that no person has.
        answered = {*categories, *items} - {dimension.total, _UNKNOWN}
        return {
            **{code: lists.contains(*items.get(code, ())) for code in sorted(answered)},
            **_unknown_answers([lists.contains(*items[_UNKNOWN])] if _UNKNOWN in items else ()),
        }

    def _cases(self, source: Source, age_concept: str, default_area: str | None) -> Cases:
        columns, ledger, schema = self.single, self.ledger, self.schema
        used, constants = ledger.is_used, self._request.constants
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
                values={"whole": whole},
            )
            any_part = np.where(without_wider, np.int8(TRUE), result[whole])
        result[whole] = any_part
    return {code: result[code] for code in sorted(result, key=dimension.sort_key)}


def _count_answers(ledger: Ledger, columns: Collection[FileColumn]) -> pd.DataFrame:
    """Return the number of answered and unanswered cells of each column."""
    names = ["known", *dict.fromkeys(_SIGNS.values())]
    rows = []
    for column in columns:
        counted = dict.fromkeys(names, 0)
        numbers = column.count_rows().tolist()
        for text, number in zip((*column.categories, ""), numbers, strict=True):
            counted[_SIGNS.get(text.strip().lower(), "known")] += number
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


def _declared_schema(declare: Declaration | None, kind: str | Schema | None) -> Schema:
    """Return the schema of cases; a declaration may contain classifications only."""
    declare = declare or Declaration()
    names = [item.name for item in fields(Declaration) if item.name != "classifications"]
    others = [name for name in names if getattr(declare, name) != getattr(Declaration(), name)]
    if others:
        raise InvalidValue(
            "must contain only classifications for a file of cases",
            field="declare",
            value=", ".join(others),
            hint="Remove these fields; pass a value of all cases as an argument: name=...",
        )
    name = kind.kind if isinstance(kind, Schema) else kind
    is_victims = name in (None, "victims")
    require(is_victims, "must be 'victims' for a file of cases", "Remove it", kind=name)
    schema = schema_of(kind or "victims")
    further = [item for item in declare.classifications if item not in schema.classifications]
    return schema_of(schema, *further)


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
