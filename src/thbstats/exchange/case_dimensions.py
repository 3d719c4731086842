"""Dimensions of case files, from their columns and from classifications."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from attrs import field, frozen

from thbstats.errors import ThbstatsError, UnknownName
from thbstats.exchange.case_answers import (
    FALSE,
    TRUE,
    FileAnswers,
    Lists,
    Truth,
    either,
    flag_items,
    parse_answers,
    squashed,
)
from thbstats.exchange.ledger import FileColumn, Ledger
from thbstats.records import Dimension, Schema, schema_of
from thbstats.vocabulary import Classification, bundled_classification

_UNKNOWN = "unknown"
_SEPARATOR = ";"


@frozen(eq=False, kw_only=True)
class Classifier:
    """The rules by which the columns of a file are read as dimensions of classifications.

    ``source`` is the name of the crosswalk. ``columns`` are the columns of the file, and ``flags``
    the answers of columns of yes and no. ``named`` is the column of each dimension that has another
    name, ``lists`` are the dimensions whose column is a list, and ``unknown`` are the columns and
    items of a dimension that record an unknown category.
    """

    ledger: Ledger
    source: str
    columns: Mapping[str, FileColumn]
    flags: Mapping[str, Truth] = field(factory=dict)
    named: Mapping[str, str] = field(factory=dict)
    lists: Iterable[str] = ()
    unknown: Mapping[str, Iterable[str]] = field(factory=dict)

    def add(self, answers: FileAnswers, schema: Schema, bundled: Iterable[str]) -> Schema:
        """Add the dimensions of classifications to the answers, and return their schema.

        The classifications of the schema are those of the user. Those of the library are in the
        result if the file contains them.
        """
        own = {item.name: item for item in schema.classifications}
        for classification in own.values():
            answers.remove(classification.name)
            named = [key for key in self.columns if squashed(key) == squashed(classification.name)]
            if not self._add(answers, classification, named):
                self.ledger.note(
                    f"No column of the file contains {classification.name}; name its column as "
                    f"count_cases(..., columns={{{classification.name!r}: ...}})"
                )
        library = [bundled_classification(name) for name in bundled if name not in own]
        return schema_of(schema, *(item for item in library if self._add(answers, item)))

    def _add(
        self, answers: FileAnswers, classification: Classification, also: Iterable[str] = ()
    ) -> bool:
        """Add a dimension from its flags or column, and return whether the file contains it."""
        name, is_breakdown = classification.name, classification.kind == "breakdown"
        terms = _terms(classification, self.source)
        columns_of: dict[str, list[str]] = {}
        for column in self.flags if is_breakdown else ():
            if column in terms:
                columns_of.setdefault(terms[column], []).append(column)
        if columns_of:
            unknown = [column for column in self.unknown.get(name, ()) if column in self.flags]
            answers.multiple[name] = {
                **{code: either(self.flags[c] for c in own) for code, own in columns_of.items()},
                **_unknown_answers(self.flags[column] for column in unknown),
            }
            answers.names[name] = {code: own[0] for code, own in columns_of.items()}
            return True
        names = [own for own in (self.named.get(name, ""), *also) if own in self.columns]
        if not names:
            return False
        cells = self.columns[names[0]]
        is_list = name in self.lists or any(_SEPARATOR in text for text in cells.values)
        if is_breakdown and is_list:
            answers.multiple[name] = self._listed(classification, cells)
            answers.names[name] = dict.fromkeys(answers.multiple[name], cells.name)
        else:
            answers.columns[name] = _single(self.ledger, classification, cells, self.source)
        return True

    def _listed(self, classification: Classification, column: FileColumn) -> dict[str, Truth]:
        """Return the answers of a list; a category with a listed narrower one applies."""
        dimension = Dimension.from_classification(classification)
        codes = _spellings(classification, self.source)
        codes |= {squashed(text): _UNKNOWN for text in self.unknown.get(classification.name, ())}
        lists = Lists.from_column(column, _SEPARATOR)
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
        terms = _terms(classification, self.source)
        # All categories of the source are answered, also those that no person has.
        answered = {*(terms.values() or classification.codes), *items}
        answered -= {dimension.total, _UNKNOWN}
        return {
            **{code: lists.contains(*items.get(code, ())) for code in sorted(answered)},
            **_unknown_answers([lists.contains(*items[_UNKNOWN])] if _UNKNOWN in items else ()),
        }


def _terms(classification: Classification, source: str) -> Mapping[str, str]:
    try:
        return classification.crosswalk(source)
    except UnknownName:
        return {}


def _spellings(classification: Classification, source: str) -> dict[str, str]:
    """Return the category of each `squashed` text that has one meaning; terms come first."""
    meanings: dict[str, set[str]] = {}
    for own in classification.categories:
        for text in own.spellings if own.code != "total" else ():
            meanings.setdefault(squashed(text), set()).add(own.code)
    codes = {text: code for text, own in meanings.items() if len(own) == 1 for code in own}
    for text, code in _terms(classification, source).items():
        # Terms such as "F_Construction" start with the letter of a section, labels do not.
        section, _, label = text.partition("_")
        if len(section) == 1:
            codes.setdefault(squashed(label), code)
        codes[squashed(text)] = code
    return codes


def _unknown_answers(answers: Iterable[Truth]) -> dict[str, Truth]:
    """Return the answers to ``unknown``; no answer means that the category may be known."""
    known: list[Any] = [np.where(own == TRUE, np.int8(TRUE), np.int8(FALSE)) for own in answers]
    return {_UNKNOWN: either(known)} if known else {}


def _single(
    ledger: Ledger, classification: Classification, column: FileColumn, source: str
) -> FileColumn:
    """Return a column of one category per person, in codes."""
    dimension = Dimension.from_classification(classification)
    codes = _spellings(classification, source)

    def parse(text: str) -> str:
        try:
            code = dimension.parse(text)
        except ThbstatsError:
            if squashed(text) not in codes:
                raise
            code = codes[squashed(text)]
        if code == dimension.total:
            raise UnknownName("must be a category", field=dimension.name, value=text)
        return code

    unknown = _UNKNOWN if dimension.total is not None else None
    return parse_answers(ledger, column, parse, unknown)
