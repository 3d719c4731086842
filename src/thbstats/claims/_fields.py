"""Validators and converters of claim fields."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, TypeAlias

from attrs import Attribute
from attrs.validators import and_

from thbstats.claims.selection import (
    SPLITS,
    CategoryCodes,
    ClaimKind,
    Subject,
    checked_text,
    parse_code,
)
from thbstats.errors import InvalidValue, ThbstatsError, UnknownName, did_you_mean
from thbstats.geography import Area, parse_country
from thbstats.values import Period
from thbstats.vocabulary import CountingUnit, VictimStatus

_Validator: TypeAlias = "Callable[[Any, Attribute[Any], Any], object]"

MAX_WORDS = 6
"""The maximum number of quoted words."""

PER = tuple(10**zeros for zeros in range(1, 7))
"""The permitted denominators of rates, in inhabitants."""

SLUG = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")
DAY = re.compile(r"\d{4}-\d\d-\d\d")
_GAP = " ... "


def runs(words: str) -> tuple[str, ...]:
    """Split a quotation at its omissions."""
    return tuple(words.split(_GAP)) if words else ()


def invalid(name: str, value: object, problem: str, hint: str) -> InvalidValue:
    """Return the error of a field."""
    return InvalidValue(problem, field=name, value=value, hint=hint)


def _filled(name: str, value: object) -> str:
    if not checked_text(name, value).strip():
        raise invalid(name, value, "must not be empty", "Enter a value")
    return str(value)


def _option(name: str, options: Iterable[str], value: object) -> str:
    options = tuple(options)
    if value not in options:
        hint = did_you_mean(value, [option for option in options if option])
        raise UnknownName("must be one of the options", field=name, value=value, hint=hint)
    return str(value)


def _parsed(name: str, value: object, parse: Callable[[str], str]) -> str:
    """Return a parsed text, or ``None``; an error names the field."""
    words = checked_text(name, value)
    try:
        return parse(words) if words else ""
    except ThbstatsError as error:
        raise error.with_location(field=name, value=value) from None


def _filled_list(name: str, value: object) -> tuple[str, ...]:
    if isinstance(value, str | Mapping) or not isinstance(value, Iterable):
        raise invalid(name, value, "must be a list", "Use a list such as ['RO', 'HU']")
    return tuple(_filled(name, item) for item in value)


# Validators.


def _validator(check: Callable[[str, Any], object]) -> _Validator:
    """Return a validator for a check of a value with the name of its field."""
    return lambda _self, field, value: check(field.name, value)


def _must(problem: str, hint: str, condition: Callable[[Any], object]) -> _Validator:
    """Return a validator for a condition."""

    def check(name: str, value: object) -> None:
        if not condition(value):
            raise invalid(name, value, f"must {problem}", hint)

    return _validator(check)


def choice(*options: str) -> _Validator:
    """Return a validator for a list of options."""
    return _validator(lambda name, value: _option(name, options, value))


def _few_words(name: str, value: str) -> None:
    number = sum(len(run.split()) for run in runs(value))
    if number > MAX_WORDS:
        hint = "Keep the qualifying words, with ' ... ' for omitted text"
        raise invalid(name, value, f"must have at most {MAX_WORDS} words, got {number}", hint)


_NAME = "be a name of small letters, digits, hyphens and underscores"
_NAME_HINT = "Use a name such as 'sexual-share'"
text = _validator(checked_text)
filled = _validator(_filled)
slug = and_(text, _must(_NAME, _NAME_HINT, SLUG.fullmatch))
slug_or_nothing = and_(
    text, _must(_NAME, _NAME_HINT, lambda value: not value or SLUG.fullmatch(value))
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
    _validator(_few_words),
)

# Converters; their annotations are those of the arguments of a claim.


def kind(value: object) -> ClaimKind:
    return ClaimKind(_option("kind", ClaimKind, value))


def subject(value: object) -> Subject:
    return Subject(_option("subject", Subject, value))


def _codes(name: str, value: object) -> CategoryCodes:
    if isinstance(value, CategoryCodes):
        return value
    if not isinstance(value, Mapping):
        hint = "Use a table such as { sex = 'female' }"
        raise invalid(name, value, "must be a table of codes by dimension", hint)
    for dimension, code in value.items():
        parse_code(dimension, code, field=f"{name}.{dimension}")
    return CategoryCodes(value)


def category(value: Mapping[str, str]) -> CategoryCodes:
    return _codes("category", value)


def of(value: Mapping[str, str]) -> CategoryCodes:
    return _codes("of", value)


def status(value: str) -> str:
    return _parsed("status", value, VictimStatus.parse)


def unit(value: str) -> str:
    return _parsed("unit", value, CountingUnit.parse)


def area(value: str) -> str:
    return _parsed("area", value, lambda word: Area.parse(word).code)


def _period(name: str, value: str | Period) -> Period:
    return value if isinstance(value, Period) else Period.parse(_filled(name, value))


def period(value: str | Period) -> Period:
    return _period("period", value)


def since(value: str | Period | None) -> Period | None:
    return None if value is None else _period("since", value)


def published(value: date | str | None) -> date | None:
    if isinstance(value, str) and DAY.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    if value is None or type(value) is date:
        return value
    raise invalid("published", value, "must be a day", "Use a format such as 2018-12-03")


def ranks(value: Iterable[str]) -> tuple[str, ...]:
    return _filled_list("ranks", value)


def reporters(value: int | Iterable[str] | None) -> int | tuple[str, ...] | None:
    if value is None:
        return None
    if isinstance(value, int) and not isinstance(value, bool):
        if value < 0:
            raise invalid("reporters", value, "must be 0 or more", "Use a number or country codes")
        return value
    names = _filled_list("reporters", value)
    return tuple(sorted({_parsed("reporters", name, parse_country) for name in names}))


def overlapping(value: Iterable[str]) -> tuple[str, ...]:
    return tuple(_option("overlapping", SPLITS, n) for n in _filled_list("overlapping", value))
