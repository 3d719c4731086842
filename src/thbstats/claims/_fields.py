"""Validators and converters of claim fields, and their JSON Schemas."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, TypeAlias

from attrs import Attribute
from attrs.validators import and_

from thbstats.claims.kinds import BASES, SOURCE_KINDS, ClaimDirection, ClaimKind, Subject
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

_Validator: TypeAlias = "Callable[[Any, Attribute[Any], Any], None]"

MAX_WORDS = 6
"""The maximum number of quoted words."""

PER = tuple(10**zeros for zeros in range(1, 7))
"""The permitted denominators of rates, in inhabitants."""

_SLUG = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_GAP = " ... "


def schema(shape: Mapping[str, Any] | None = None, /, **keywords: Any) -> dict[str, Any]:
    """Return metadata of a field with its JSON Schema, where its type is not enough."""
    return {"schema": {**(shape or {}), **keywords}}


SLUG = schema(type="string", pattern=rf"^{_SLUG.pattern}$")
FILLED = schema(type="string", pattern=r"\S")
QUOTED = schema(type="string", pattern=rf"^(?:(?:\S+(?: \.\.\. |\s+)){{0,{MAX_WORDS - 1}}}\S+)?$")
DAY = schema(type="string", format="date", pattern=rf"^{_DAY.pattern}$")
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


def _must(problem: str, hint: str, condition: Callable[[Any], object]) -> _Validator:
    """Return a validator for a condition."""

    def validate(_self: object, field: "Attribute[Any]", value: object) -> None:
        if not condition(value):
            raise InvalidValue(f"must {problem}", field=field.name, value=value, hint=hint)

    return validate


def choice(*options: str) -> _Validator:
    """Return a validator for a list of options."""

    def validate(_self: object, field: "Attribute[Any]", value: object) -> None:
        _option(field.name, options, value)

    return validate


def runs(words: str) -> tuple[str, ...]:
    """Split a quotation at its omissions."""
    return tuple(words.split(_GAP)) if words else ()


def _few_words(_self: object, field: "Attribute[Any]", value: str) -> None:
    number = sum(len(run.split()) for run in runs(value))
    if number > MAX_WORDS:
        hint = "Keep the qualifying words, with ' ... ' for omitted text"
        problem = f"must have at most {MAX_WORDS} words, got {number}"
        raise InvalidValue(problem, field=field.name, value=value, hint=hint)


_NAME = "be a name of small letters, digits, hyphens and underscores"
_NAME_HINT = "Use a name such as 'sexual-share'"
text = _must("be text", "Use quotes", lambda value: isinstance(value, str))
filled = and_(text, _must("not be empty", "Enter a value", str.strip))
slug = and_(text, _must(_NAME, _NAME_HINT, _SLUG.fullmatch))
slug_or_nothing = and_(
    text, _must(_NAME, _NAME_HINT, lambda value: not value or _SLUG.fullmatch(value))
)
truth = _must(
    "be true or false", "Use true or false without quotes", lambda value: isinstance(value, bool)
)
per = _must(
    "be a power of ten from 10 to 1000000",
    "Use 100000 without quotes for a rate per 100,000",
    lambda value: type(value) is int and value in (0, *PER),
)
quoted = and_(
    text,
    _must(
        "not have empty parts or spaces around parts",
        "Separate parts with ' ... '",
        lambda value: all(run.split() and run == run.strip() for run in runs(value)),
    ),
    _few_words,
)


def _option(name: str, options: Iterable[str], value: object) -> str:
    options = tuple(options)
    if value not in options:
        hint = did_you_mean(value, [option for option in options if option])
        raise UnknownName("must be one of the options", field=name, value=value, hint=hint)
    return str(value)


def _parsed(name: str, value: object, parse: Callable[[str], str]) -> str:
    """Return a parsed text, or nothing; an error names the field."""
    if not isinstance(value, str):
        raise InvalidValue("must be text", field=name, value=value, hint="Use quotes")
    try:
        return parse(value) if value else ""
    except ThbstatsError as error:
        raise error.with_location(field=name, value=value) from None


def _filled(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise InvalidValue("must be text", field=name, value=value, hint="Use quotes")
    if not value.strip():
        raise InvalidValue("must not be empty", field=name, value=value, hint="Enter a value")
    return value


def _filled_list(name: str, value: object) -> tuple[str, ...]:
    if isinstance(value, str | Mapping) or not isinstance(value, Iterable):
        hint = "Use a list such as ['RO', 'HU']"
        raise InvalidValue("must be a list", field=name, value=value, hint=hint)
    return tuple(_filled(name, item) for item in value)


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


def kind(value: object) -> ClaimKind:
    """Return the kind of a claim."""
    return ClaimKind(_option("kind", ClaimKind, value))


def subject(value: object) -> Subject:
    """Return the subject of a claim."""
    return Subject(_option("subject", Subject, value))


def category(value: Mapping[str, str]) -> CategoryCodes:
    """Return a category."""
    return _codes("category", value)


def of(value: Mapping[str, str]) -> CategoryCodes:
    """Return a denominator."""
    return _codes("of", value)


def status(value: str) -> str:
    """Return a status of victims, or nothing."""
    return _parsed("status", value, VictimStatus.parse)


def unit(value: str) -> str:
    """Return a counting unit, or nothing."""
    return _parsed("unit", value, CountingUnit.parse)


def area(value: str) -> str:
    """Return the code of an area, or nothing."""
    return _parsed("area", value, lambda word: Area.parse(word).code)


def period(value: str | Period) -> Period:
    """Return a period."""
    return value if isinstance(value, Period) else Period.parse(_filled("period", value))


def since(value: str | Period | None) -> Period | None:
    """Return the base period of a change, or nothing."""
    if value is None or isinstance(value, Period):
        return value
    return Period.parse(_filled("since", value))


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


def ranks(value: Iterable[str]) -> tuple[str, ...]:
    """Return the list of a ranking."""
    return _filled_list("ranks", value)


def reporters(value: int | Iterable[str] | None) -> int | tuple[str, ...] | None:
    """Return the number or the codes of reporting countries."""
    if value is None:
        return None
    if isinstance(value, int) and not isinstance(value, bool):
        if value < 0:
            hint = "Use a number or country codes"
            raise InvalidValue("must be 0 or more", field="reporters", value=value, hint=hint)
        return value
    names = _filled_list("reporters", value)
    return tuple(sorted({_parsed("reporters", name, parse_country) for name in names}))


def overlapping(value: Iterable[str]) -> tuple[str, ...]:
    """Return the dimensions with multiple response."""
    return tuple(_option("overlapping", SPLITS, n) for n in _filled_list("overlapping", value))
