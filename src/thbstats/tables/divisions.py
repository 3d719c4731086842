"""Other divisions of a table: an attribute as a breakdown, and ages as child and adult."""

from collections.abc import Mapping, Sequence
from operator import itemgetter
from typing import NamedTuple

import numpy as np
from attrs import evolve

from thbstats.columns import Coded
from thbstats.errors import InvalidValue
from thbstats.records import Schema, schema_of
from thbstats.tables.columns import Columns
from thbstats.tables.sums import Grouping, sum_rows
from thbstats.values import Reason
from thbstats.vocabulary import Classification
from thbstats.vocabulary.bands import AGE_LIMIT, Ages, ages_of_band, includes

_WIDER, _NOT_REPORTED = Reason.WIDER_CATEGORY.severity, Reason.NOT_REPORTED.severity

# The category of an attribute that includes others, and the categories that it includes.
_TOTALS: dict[str, tuple[str, tuple[str, ...]]] = {
    "register": ("all", ()),
    "status": ("registered", ("identified", "presumed")),
}


def with_schema(columns: Columns, schema: Schema, name: str, column: Coded[str]) -> Columns:
    """Return the rows in a schema with the same names, with one column replaced."""
    own = {**dict(zip(columns.schema.names, columns.dimensions, strict=True)), name: column}
    own[name] = column.recode(sorted(column.categories, key=schema[name].sort_key)).compact()
    return evolve(columns, schema=schema, dimensions=tuple(own[item] for item in schema.names))


def other_schema(schema: Schema, name: str, *further: Classification) -> Schema:
    """Return a schema with further classifications, and without one of its classifications."""
    others = (item for item in schema.classifications if item.name != name)
    return schema_of(schema.kind, *others, *further)


# Attributes


def has_total(schema: Schema, name: str) -> bool:
    """Return whether an attribute has a category that includes other categories."""
    return name in _TOTALS and name in schema.names and schema[name].total is None


def as_breakdown(columns: Columns, name: str, total: str | None) -> Columns:
    """Return the rows with an attribute as a breakdown of a total."""
    schema = columns.schema
    dimension = schema[name]
    vocabulary = dimension.vocabulary
    if dimension.total is not None or vocabulary is None or dimension.content != "codes":
        hint = "Use 'register', 'status', or an attribute of a classification"
        problem = "must be an attribute with categories"
        raise InvalidValue(problem, field="dimension", value=name, hint=hint)
    whole, parts = _TOTALS.get(name, ("", ()))
    if total is not None:
        whole, parts = dimension.parse(total), ()
    if not whole:
        hint = f"Name the category of {name} that includes the others"
        raise InvalidValue("must be given for this attribute", field="total", hint=hint)
    codes = {whole: "total", "not_stated": "unknown"}
    listed = [
        own
        for own in vocabulary.classification().categories
        if own.code not in codes and (not parts or own.code in parts)
    ]
    named = vocabulary.classification()[whole]
    synonyms = (*named.synonyms, whole)
    classification = evolve(
        vocabulary.classification(), kind="breakdown", is_required=False,
        categories=[evolve(named, code="total", parent=None, synonyms=synonyms), *listed],
    )  # fmt: skip
    known = {**codes, **{own.code: own.code for own in listed}}
    column = columns[name]
    used = [code for code in column.categories if code in known]
    if {"not_stated", "unknown"} <= {*used}:
        problem = "must not contain both categories, because they are one category"
        hint = "Add up 'not_stated' and 'unknown', or give both rows one code"
        raise InvalidValue(problem, field=name, value="not_stated, unknown", hint=hint)
    rows = np.flatnonzero(column.table(known.__contains__, np.bool_))
    chosen = columns.take(rows)
    recoded = chosen[name].map(known.__getitem__)
    return with_schema(chosen, other_schema(schema, name, classification), name, recoded)


# Age groups


_CODES = ("total", "child", "adult", "unknown")
_AGES: dict[str, Ages] = {"child": (0, AGE_LIMIT - 1), "adult": (AGE_LIMIT, None)}


class _Share(NamedTuple):
    """The share of a row in the count of a category of the result."""

    is_part: bool = False
    is_partial: bool = False  # the band has ages of both groups
    is_open: bool = False  # the bands of the cell lack ages of the group


def group_ages(columns: Columns) -> Columns:
    """Return the rows with children and adults in place of age bands.

    The count of a group is the sum of its bands. A band with ages of both groups adds 0 to its
    count to each. A group with ages outside of all bands is not bounded above.

    With 3 persons of 0-14, 5 of 15-19 and 9 of 20 or older, children are 3 to 8, and adults 9 to
    14. Without the band 20 or older, adults are 0 or more.
    """
    schema, column = columns.schema, columns["age"]
    bands = _bands(schema, column.categories)
    if not bands:
        return columns

    def shares(present: frozenset[int], category: str) -> tuple[_Share, ...]:
        names = {column.categories[code] for code in present}
        return tuple(_shares(category, names, bands))

    # The codes of ages in the cell of each row, and by row and code of _CODES its share.
    cells = Grouping.of(columns, [name for name in schema.names if name != "age"])
    ages_of_rows = cells.sets("age").take(cells.group)
    by_row = ages_of_rows.combine(column, shares).table(list, (np.bool_, (len(_CODES), 3)))
    is_part, is_partial, is_open = (by_row[:, :, n] for n in range(3))
    # A row of the result for each part of each row; parts of one group are added up.
    rows, codes = np.nonzero(is_part)
    is_partial, is_open = is_partial[rows, codes], is_open[rows, codes]
    chosen = columns.take(rows)
    numbers, reason = chosen.numbers, chosen.numbers.reason.copy()
    reason[is_partial] = np.maximum(reason[is_partial], np.uint8(_WIDER))
    # Persons of the missing ages are not reported, also if the band itself is not applicable.
    reason[is_open] = _NOT_REPORTED
    bounded = evolve(
        numbers,
        lower=np.where(is_partial, 0, numbers.lower),
        upper=np.where(is_open, np.inf, numbers.upper),
        reason=reason,
    )
    result = with_schema(chosen, other_schema(schema, "age"), "age", Coded(codes, _CODES))
    return sum_rows(evolve(result, numbers=bounded), schema.names)


def _shares(category: str, present: set[str], bands: Mapping[str, Ages]) -> list[_Share]:
    """Return the share of a row in each of `_CODES`, from the ages of all rows of its cell."""
    if category not in bands:  # totals, children, adults and unknown ages stay as they are
        return [_Share(code == category) for code in _CODES]
    own = {name: bands[name] for name in sorted(present) if name in bands}
    widest = {  # the bands that no other band includes
        name: ages
        for name, ages in own.items()
        if not any(other != ages and includes(other, ages) for other in own.values())
    }
    for name, other in widest.items():
        if category in widest and name != category and _meets(other, widest[category]):
            problem = "must be bands without common ages, because their counts are added up"
            hint = "Select the rows of one of the two with table.where(age=[...])"
            value = ", ".join(sorted([category, name]))
            raise InvalidValue(problem, field="age", value=value, hint=hint)
    band, result = widest.get(category), []
    for code in _CODES:
        ages = _AGES.get(code)
        if ages is None or band is None or code in present or not _meets(band, ages):
            result.append(_Share())  # a group that has a row keeps its count
        else:
            is_open = not _covers([*widest.values()], ages)
            result.append(_Share(True, not includes(ages, band), is_open))
    return result


def _bands(schema: Schema, codes: Sequence[str]) -> dict[str, Ages]:
    """Return the ages of each band, from the spellings of its category."""
    classifications = {own.name: own for own in schema.classifications}
    bands = {}
    for code in codes:
        if code in _CODES:
            continue
        spellings = classifications["age"][code].spellings
        ages = next((own for text in spellings if (own := ages_of_band(text)) is not None), None)
        if ages is None:
            hint = "Add the ages to the category as a synonym, such as '15 to 19'"
            problem = "must be child, adult or a band of ages"
            raise InvalidValue(problem, field="age", value=code, hint=hint)
        bands[code] = ages
    return bands


def _meets(left: Ages, right: Ages) -> bool:
    """Return whether two bands have a common age."""
    first, second = sorted([left, right], key=itemgetter(0))
    return first[1] is None or first[1] >= second[0]


def _covers(bands: Sequence[Ages], group: Ages) -> bool:
    """Return whether bands include all ages of a group; the oldest band can have an upper limit."""
    age: int | None = group[0]
    for first, last in sorted(bands, key=itemgetter(0)):
        if age is not None and first <= age:
            age = None if last is None else max(age, last + 1)
    return age is None or (group[1] is not None and age > group[1])
