"""Validators and converters of claim fields, and their JSON Schemas."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from enum import StrEnum
from functools import partial
from typing import Any, TypeAlias, TypeVar

from attrs import Attribute

from thbstats.claims.kinds import (
    BASES,
    SOURCE_KINDS,
    ClaimDirection,
    ClaimKind,
    SourceKind,
    Subject,
)
from thbstats.claims.selection import (
    COUNTRY,
    DIMENSIONS,
    SPLITS,
    CategoryCodes,
    parse_code,
    selection_shape,
)
from thbstats.errors import InvalidValue, ThbstatsError, UnknownName, did_you_mean
from thbstats.geography import Area, parse_country
from thbstats.values import Period
from thbstats.values.period import PERIOD
from thbstats.vocabulary import CountingUnit, VictimStatus

T = TypeVar("T")
_Option = TypeVar("_Option", bound=StrEnum)
_Validator: TypeAlias = "Callable[[object, Attribute[Any], object], None]"

MAX_WORDS = 6
"""The maximum number of quoted words."""

PER = tuple(10**zeros for zeros in range(1, 7))
"""The permitted denominators of rates, in inhabitants."""

_SLUG = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_GAP = " ... "
_LIST_HINT = "Use a list such as ['RO', 'HU']"
_SLUG_HINT = "Use a name such as 'sexual-share'"


def schema(shape: Mapping[str, Any] | None = None, /, **keywords: Any) -> dict[str, Any]:
    """Return metadata of a field with its JSON Schema, where its type is not enough."""
    return {"schema": {**(shape or {}), **keywords}}


SLUG = schema(type="string", pattern=rf"^{_SLUG.pattern}$")
FILLED = schema(type="string", pattern=r"\S")
QUOTED = schema(type="string", pattern=rf"^(?:(?:\S+(?: \.\.\. |\s+)){{0,{MAX_WORDS - 1}}}\S+)?$")
DAY = schema(type="string", format="date", pattern=r"^\d{4}-\d\d-\d\d$")
PERIODS = schema(type="string", pattern=rf"^\s*{PERIOD}\s*$")
STATUS = schema(enum=list(VictimStatus))
UNIT = schema(enum=list(CountingUnit))
CODES = schema(selection_shape())
BASE = schema(enum=list(BASES))
DIMENSION = schema(enum=list(DIMENSIONS))
DIRECTION = schema(enum=list(ClaimDirection))
PER_INHABITANTS = schema(enum=[0, *PER])
RANKS = schema(type="array", items=FILLED["schema"])
SOURCE_KIND = schema(enum=list(SOURCE_KINDS))
REPORTERS = schema(anyOf=[{"type": "integer", "minimum": 0}, {"type": "array", "items": COUNTRY}])
OVERLAPPING = schema(type="array", items={"enum": list(SPLITS)})


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
        raise InvalidValue("must be a list", field=name, value=value, hint=_LIST_HINT)
    return tuple(_filled(name, item) for item in value)


def _slug(name: str, value: object, *, is_optional: bool = False) -> None:
    if is_optional and value == "":
        return
    if not _SLUG.fullmatch(_text(name, value)):
        problem = "must be a name of small letters, digits, hyphens and underscores"
        raise InvalidValue(problem, field=name, value=value, hint=_SLUG_HINT)


def _per(name: str, value: object) -> None:
    if type(value) is not int or value not in (0, *PER):
        hint = "Use 100000 without quotes for a rate per 100,000"
        problem = "must be a power of ten from 10 to 1000000"
        raise InvalidValue(problem, field=name, value=value, hint=hint)


def _truth(name: str, value: object) -> None:
    if not isinstance(value, bool):
        hint = "Use true or false without quotes"
        raise InvalidValue("must be true or false", field=name, value=value, hint=hint)


def _quoted(name: str, value: object) -> None:
    pieces = runs(_text(name, value))
    if not all(run.split() and run == run.strip() for run in pieces):
        raise InvalidValue(
            "must not have empty parts or spaces around parts",
            field=name,
            value=value,
            hint="Separate parts with ' ... '",
        )
    number = sum(len(run.split()) for run in pieces)
    if number > MAX_WORDS:
        raise InvalidValue(
            f"must have at most {MAX_WORDS} words, got {number}",
            field=name,
            value=value,
            hint="Keep the qualifying words, with ' ... ' for omitted text",
        )


def runs(words: str) -> tuple[str, ...]:
    """Split a quotation at its omissions."""
    return tuple(words.split(_GAP)) if words else ()


def _option(name: str, options: Iterable[str], value: object) -> str:
    options = tuple(options)
    if value not in options:
        hint = did_you_mean(value, [option for option in options if option])
        raise UnknownName("must be one of the options", field=name, value=value, hint=hint)
    return str(value)


def _member(name: str, options: type[_Option], value: object) -> _Option:
    return options(_option(name, options, value))


def _located(name: str, value: object, parse: Callable[[str], T]) -> T:
    """Return a parsed text; an error names the field."""
    try:
        return parse(_text(name, value))
    except ThbstatsError as error:
        raise error.with_location(field=name, value=value) from None


def _validator(check: Callable[[str, object], object]) -> _Validator:
    def validate(_self: object, field: "Attribute[Any]", value: object) -> None:
        check(field.name, value)

    return validate


def choice(*options: str) -> _Validator:
    """Return a validator for a list of options."""
    return _validator(lambda name, value: _option(name, options, value))


text, filled, slug = _validator(_text), _validator(_filled), _validator(_slug)
per, truth, quoted = _validator(_per), _validator(_truth), _validator(_quoted)
slug_or_nothing = _validator(partial(_slug, is_optional=True))


def published(value: date | str | None) -> date | None:
    """Return a day without a time, or nothing."""
    if isinstance(value, str) and _DAY.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    if value is None or type(value) is date:
        return value
    hint = "Use a format such as 2018-12-03"
    raise InvalidValue("must be a day", field="published", value=value, hint=hint)


def kind(value: object) -> ClaimKind:
    """Return the kind of a claim."""
    return _member("kind", ClaimKind, value)


def subject(value: object) -> Subject:
    """Return the subject of a claim."""
    return _member("subject", Subject, value)


def category(value: Mapping[str, str]) -> CategoryCodes:
    """Return a category."""
    return _codes("category", value)


def of(value: Mapping[str, str]) -> CategoryCodes:
    """Return a denominator."""
    return _codes("of", value)


def _codes(name: str, value: object) -> CategoryCodes:
    if isinstance(value, CategoryCodes):
        return value
    if not isinstance(value, Mapping):
        hint = "Use a table such as { sex = 'female' }"
        problem = "must be a table of codes by dimension"
        raise InvalidValue(problem, field=name, value=value, hint=hint)
    for dimension, code in value.items():
        parse_code(dimension, code, field=f"{name}.{dimension}")
    return CategoryCodes(value)


def status(value: str) -> str:
    """Return a status of victims, or nothing."""
    return _located("status", value, lambda word: VictimStatus.parse(word) if word else "")


def unit(value: str) -> str:
    """Return a counting unit, or nothing."""
    return _located("unit", value, lambda word: CountingUnit.parse(word) if word else "")


def area(value: str) -> str:
    """Return the code of an area, or nothing."""
    return _located("area", value, lambda word: Area.parse(word).code if word else "")


def base_dimension(value: str) -> str:
    """Return the name of a dimension, or nothing."""
    return _option("base_dimension", ("", *DIMENSIONS), value)


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
    is_secondary = _option("source_kind", SOURCE_KINDS, value) == "secondary"
    return "secondary" if is_secondary else "primary"


def ranks(value: Iterable[str]) -> tuple[str, ...]:
    """Return the list of a ranking."""
    return _texts("ranks", value)


def reporters(value: int | Iterable[str] | None) -> int | tuple[str, ...] | None:
    """Return the number or the codes of reporting countries."""
    if value is None:
        return None
    if isinstance(value, int) and not isinstance(value, bool):
        if value < 0:
            hint = "Use a number or country codes"
            raise InvalidValue("must be 0 or more", field="reporters", value=value, hint=hint)
        return value
    names = _texts("reporters", value)
    return tuple(sorted({_located("reporters", name, parse_country) for name in names}))


def overlapping(value: Iterable[str]) -> tuple[str, ...]:
    """Return the dimensions with multiple response."""
    return tuple(_option("overlapping", SPLITS, name) for name in _texts("overlapping", value))
