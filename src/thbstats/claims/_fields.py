"""Validators and converters of claim fields.

The JSON Schema of each field is defined next to its check.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from enum import StrEnum
from typing import Any, TypeAlias, TypeVar

from attrs import Attribute

from thbstats.claims.kinds import SOURCE_KINDS, ClaimKind, SourceKind, Subject
from thbstats.claims.selection import (
    COUNTRY,
    DIMENSIONS,
    SPLITS,
    CategoryCodes,
    parse_code,
    selection_shape,
)
from thbstats.errors import InvalidValue, UnknownName, did_you_mean
from thbstats.geography import Area, parse_country
from thbstats.values import Period
from thbstats.values.period import PERIOD
from thbstats.vocabulary import Code, CountingUnit, VictimStatus

_Option = TypeVar("_Option", bound=StrEnum)
_Field: TypeAlias = "Attribute[Any]"
_SLUG = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_GAP = " ... "

#: The maximum number of quoted words.
MAX_WORDS = 6

#: The permitted denominators of rates, in inhabitants.
PER = tuple(10**zeros for zeros in range(1, 7))

_Shape: TypeAlias = "dict[str, Any]"
_SHAPES: dict[object, _Shape] = {}


def shape_of(field: _Field) -> _Shape:
    """Return the JSON Schema of a field."""
    return _SHAPES[field.converter or field.validator]


# Validators: attrs passes the field.


def text(_self: object, field: _Field, value: object) -> None:
    """Accept any text."""
    _text(field.name, value)


def filled(_self: object, field: _Field, value: object) -> None:
    """Accept any text except an empty one."""
    _filled(field.name, value)


def slug(_self: object, field: _Field, value: object) -> None:
    """Accept a name of small letters, digits, hyphens and underscores."""
    if not _SLUG.fullmatch(_text(field.name, value)):
        raise InvalidValue(
            "must be a name of small letters, digits, hyphens and underscores",
            field=field.name,
            value=value,
            hint="Use a name such as 'sexual-share'",
        )


def slug_or_nothing(self: object, field: _Field, value: object) -> None:
    """Accept a name or an empty text."""
    if value != "":
        slug(self, field, value)


def per(_self: object, field: _Field, value: object) -> None:
    """Accept a power of ten from 10 to 1,000,000, or 0."""
    if type(value) is not int or value not in (0, *PER):
        raise InvalidValue(
            "must be a power of ten from 10 to 1000000",
            field=field.name,
            value=value,
            hint="Use 100000 without quotes for a rate per 100,000",
        )


def choice(*options: str) -> Callable[[object, _Field, object], None]:
    """Return a validator for a list of options."""

    def check(_self: object, field: _Field, value: object) -> None:
        _to_option(field.name, options, value)

    _SHAPES[check] = {"enum": [option for option in options if option]}
    return check


def truth(_self: object, field: _Field, value: object) -> None:
    """Accept true and false."""
    if not isinstance(value, bool):
        raise InvalidValue(
            "must be true or false",
            field=field.name,
            value=value,
            hint="Use true or false without quotes",
        )


def quoted(_self: object, field: _Field, value: object) -> None:
    """Accept a quotation of at most six words, with omissions."""
    pieces = runs(_text(field.name, value))
    if not all(run.split() and run == run.strip() for run in pieces):
        raise InvalidValue(
            "must not have empty parts or spaces around parts",
            field=field.name,
            value=value,
            hint="Separate parts with ' ... '",
        )
    number = sum(len(run.split()) for run in pieces)
    if number > MAX_WORDS:
        raise InvalidValue(
            f"must have at most {MAX_WORDS} words, got {number}",
            field=field.name,
            value=value,
            hint="Keep the qualifying words, with ' ... ' for omitted text",
        )


def runs(words: str) -> tuple[str, ...]:
    """Split a quotation at its omissions."""
    return tuple(words.split(_GAP)) if words else ()


# Converters: one per field.


def published(value: date | str | None) -> date | None:
    """Return a day without a time, or nothing."""
    if isinstance(value, str) and _DAY.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    if value is None or type(value) is date:
        return value
    raise InvalidValue(
        "must be a day", field="published", value=value, hint="Use a format such as 2018-12-03"
    )


def kind(value: object) -> ClaimKind:
    """Return the kind of a claim."""
    return _member("kind", ClaimKind, value)


def subject(value: object) -> Subject:
    """Return the subject of a claim."""
    return _member("subject", Subject, value)


def category(value: Mapping[str, str]) -> CategoryCodes:
    """Return a category."""
    return _selection("category", value)


def of(value: Mapping[str, str]) -> CategoryCodes:
    """Return a denominator."""
    return _selection("of", value)


def status(value: str) -> str:
    """Return a status of victims, or nothing."""
    return _word("status", VictimStatus, value)


def unit(value: str) -> str:
    """Return a counting unit, or nothing."""
    return _word("unit", CountingUnit, value)


def _word(field: str, words: type[Code], value: str) -> str:
    try:
        return words.parse(value) if _text(field, value) else ""
    except UnknownName as error:
        raise error.with_location(field=field, value=value) from None


def area(value: str) -> str:
    """Return the code of an area, or nothing."""
    try:
        return Area.parse(value).code if _text("area", value) else ""
    except (UnknownName, InvalidValue) as error:
        raise error.with_location(field="area", value=value) from None


def base_dimension(value: str) -> str:
    """Return the name of a dimension, or nothing."""
    return _to_option("base_dimension", ("", *DIMENSIONS), value)


def period(value: str | Period) -> Period:
    """Return a period."""
    return value if isinstance(value, Period) else Period.parse(_filled("period", value))


def since(value: str | Period | None) -> Period | None:
    """Return the base period of a change, or nothing."""
    if value is None or isinstance(value, Period):
        return value
    return Period.parse(_filled("since", value))


def source_kind(value: object) -> SourceKind:
    """Return the kind of a source."""
    return (
        "secondary" if _to_option("source_kind", SOURCE_KINDS, value) == "secondary" else "primary"
    )


def ranks(value: Iterable[str]) -> tuple[str, ...]:
    """Return the list of a ranking."""
    return _texts("ranks", value)


def reporters(value: int | Iterable[str] | None) -> int | tuple[str, ...] | None:
    """Return the number or the codes of reporting countries."""
    if value is None:
        return None
    if isinstance(value, int) and not isinstance(value, bool):
        if value < 0:
            raise InvalidValue(
                "must be 0 or more",
                field="reporters",
                value=value,
                hint="Use a number or country codes",
            )
        return value
    return tuple(sorted({_country(name) for name in _texts("reporters", value)}))


def overlapping(value: Iterable[str]) -> tuple[str, ...]:
    """Return the dimensions with multiple response."""
    return tuple(_to_option("overlapping", SPLITS, name) for name in _texts("overlapping", value))


def _country(name: str) -> str:
    try:
        return parse_country(name)
    except UnknownName as error:
        raise error.with_location(field="reporters", value=name) from None


def _text(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise InvalidValue("must be text", field=name, value=value, hint="Use quotes")
    return value


def _filled(name: str, value: object) -> str:
    if not _text(name, value).strip():
        raise InvalidValue("must not be empty", field=name, value=value, hint="Enter a value")
    return str(value)


def _texts(name: str, value: object) -> tuple[str, ...]:
    if isinstance(value, str | Mapping) or not isinstance(value, Iterable):
        raise InvalidValue(
            "must be a list", field=name, value=value, hint="Use a list such as ['RO', 'HU']"
        )
    return tuple(_filled(name, item) for item in value)


def _to_option(name: str, options: tuple[str, ...], value: object) -> str:
    if value not in options:
        names = [option for option in options if option]
        raise UnknownName(
            "must be one of the options",
            field=name,
            value=value,
            hint=did_you_mean(value, names),
        )
    return str(value)


def _member(name: str, options: type[_Option], value: object) -> _Option:
    return options(_to_option(name, tuple(options), value))


def _selection(name: str, value: object) -> CategoryCodes:
    if isinstance(value, CategoryCodes):
        return value
    if not isinstance(value, Mapping):
        raise InvalidValue(
            "must be a table of codes by dimension",
            field=name,
            value=value,
            hint="Use a table such as { sex = 'female' }",
        )
    for dimension, code in value.items():
        parse_code(dimension, code, field=f"{name}.{dimension}")
    return CategoryCodes(value)


# The JSON Schema of each validator and converter.
_SHAPES |= {
    text: {"type": "string"},
    filled: {"type": "string", "pattern": r"\S"},
    slug: {"type": "string", "pattern": rf"^{_SLUG.pattern}$"},
    slug_or_nothing: {"type": "string", "pattern": rf"^{_SLUG.pattern}$"},
    truth: {"type": "boolean"},
    per: {"enum": [0, *PER]},
    quoted: {
        "type": "string",
        "pattern": rf"^(?:(?:\S+(?: \.\.\. |\s+)){{0,{MAX_WORDS - 1}}}\S+)?$",
    },
    published: {"type": "string", "format": "date", "pattern": r"^\d{4}-\d\d-\d\d$"},
    kind: {"enum": list(ClaimKind)},
    subject: {"enum": list(Subject)},
    category: selection_shape(),
    of: selection_shape(),
    status: {"enum": list(VictimStatus)},
    unit: {"enum": list(CountingUnit)},
    area: {"type": "string", "pattern": r"\S"},
    base_dimension: {"enum": list(DIMENSIONS)},
    period: {"type": "string", "pattern": rf"^\s*{PERIOD}\s*$"},
    since: {"type": "string", "pattern": rf"^\s*{PERIOD}\s*$"},
    source_kind: {"enum": list(SOURCE_KINDS)},
    ranks: {"type": "array", "items": {"type": "string", "pattern": r"\S"}},
    overlapping: {"type": "array", "items": {"enum": list(SPLITS)}},
    reporters: {"anyOf": [{"type": "integer", "minimum": 0}, {"type": "array", "items": COUNTRY}]},
}
