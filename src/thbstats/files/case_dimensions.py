"""Case files: dimensions from columns and classifications, and the cases."""

from collections.abc import Callable, Collection, Iterable, Mapping
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from attrs import fields

from thbstats.errors import InvalidValue, ThbstatsError, UnknownName, require
from thbstats.files.case_answers import (
    FALSE,
    NOTHING,
    SIGNS,
    TRUE,
    AnswerLists,
    Truth,
    either,
    flag_items,
    parse_answers,
    plain,
    squashed,
)
from thbstats.files.case_file import Cases
from thbstats.files.declaration import Declaration
from thbstats.files.ledger import FileColumn, Ledger
from thbstats.records import Dimension, Schema, Source, schema_of
from thbstats.tables.encoding import coded
from thbstats.vocabulary import Classification, bundled_classification

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
