"""How the fields of a claim are checked and read: what is refused is refused by name.

Below the checks stand their shapes in JSON Schema, which editors hold a file against.
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
    Selection,
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

#: How many words of a publication a claim may quote.
MOST_WORDS = 6

#: How many inhabitants a rate can refer to.
PER = tuple(10**zeros for zeros in range(1, 7))

_Shape: TypeAlias = "dict[str, Any]"
_SHAPES: dict[object, _Shape] = {}


def shape_of(field: _Field) -> _Shape:
    """Return in JSON Schema what a field takes, as far as one value can show it."""
    return _SHAPES[field.converter or field.validator]


# Validators: attrs tells them the field.


def text(_self: object, field: _Field, value: object) -> None:
    """Accept any text."""
    _text(field.name, value)


def filled(_self: object, field: _Field, value: object) -> None:
    """Accept any text but an empty one."""
    _filled(field.name, value)


def slug(_self: object, field: _Field, value: object) -> None:
    """Accept a name in small letters, digits, hyphens and underscores."""
    if not _SLUG.fullmatch(_text(field.name, value)):
        raise InvalidValue(
            "this is no plain name",
            field=field.name,
            value=value,
            hint="Use small letters, digits and hyphens, such as 'sexual-share'",
        )


def slug_or_nothing(self: object, field: _Field, value: object) -> None:
    """Accept a name or an empty text."""
    if value != "":
        slug(self, field, value)


def per(_self: object, field: _Field, value: object) -> None:
    """Accept a power of ten from 10 to 1,000,000, or 0 for nothing."""
    if type(value) is not int or value not in (0, *PER):
        raise InvalidValue(
            "a rate is per 10, 100 and so on up to 1000000",
            field=field.name,
            value=value,
            hint="Write 100000 for a rate per 100,000, without quotes",
        )


def choice(*options: str) -> Callable[[object, _Field, object], None]:
    """Return a validator that accepts a few texts."""

    def check(_self: object, field: _Field, value: object) -> None:
        _chosen(field.name, options, value)

    _SHAPES[check] = {"enum": [option for option in options if option]}
    return check


def truth(_self: object, field: _Field, value: object) -> None:
    """Accept true and false."""
    if not isinstance(value, bool):
        raise InvalidValue(
            "this is true or false", field=field.name, value=value, hint="Write it without quotes"
        )


def quoted(_self: object, field: _Field, value: object) -> None:
    """Accept the words of a publication: runs with gaps between them, six words at most."""
    pieces = runs(_text(field.name, value))
    if not all(run.split() and run == run.strip() for run in pieces):
        raise InvalidValue(
            "a run of words is empty or has spaces around it",
            field=field.name,
            value=value,
            hint="Separate runs with ' ... '",
        )
    number = sum(len(run.split()) for run in pieces)
    if number > MOST_WORDS:
        raise InvalidValue(
            f"{number} words of the publication, where {MOST_WORDS} are enough",
            field=field.name,
            value=value,
            hint="Keep the words that qualify, with ' ... ' for what is left out",
        )


def runs(words: str) -> tuple[str, ...]:
    """Split words at the gaps."""
    return tuple(words.split(_GAP)) if words else ()


# Converters: each serves one field, whose name it knows.


def published(value: date | str | None) -> date | None:
    """Read a day without a time, or nothing."""
    if isinstance(value, str) and _DAY.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    if value is None or type(value) is date:
        return value
    raise InvalidValue(
        "a day is needed", field="published", value=value, hint="Write it as 2018-12-03"
    )


def kind(value: object) -> ClaimKind:
    """Read the kind of a claim."""
    return _member("kind", ClaimKind, value)


def subject(value: object) -> Subject:
    """Read what a claim is about."""
    return _member("subject", Subject, value)


def category(value: Mapping[str, str]) -> Selection:
    """Read what is counted."""
    return _selection("category", value)


def of(value: Mapping[str, str]) -> Selection:
    """Read the whole."""
    return _selection("of", value)


def status(value: str) -> str:
    """Read the status of victims, or nothing."""
    return _word("status", VictimStatus, value)


def unit(value: str) -> str:
    """Read a counting unit, or nothing."""
    return _word("unit", CountingUnit, value)


def _word(field: str, words: type[Code], value: str) -> str:
    try:
        return words.parse(value) if _text(field, value) else ""
    except UnknownName as error:
        raise error.with_location(field=field, value=value) from None


def area(value: str) -> str:
    """Read an area as its code, or nothing."""
    try:
        return Area.parse(value).code if _text("area", value) else ""
    except (UnknownName, InvalidValue) as error:
        raise error.with_location(field="area", value=value) from None


def base_dimension(value: str) -> str:
    """Read the name of a dimension, or nothing."""
    return _chosen("base_dimension", ("", *DIMENSIONS), value)


def period(value: str | Period) -> Period:
    """Read a period from text."""
    return value if isinstance(value, Period) else Period.parse(_filled("period", value))


def since(value: str | Period | None) -> Period | None:
    """Read the earlier period of a change, or nothing."""
    if value is None or isinstance(value, Period):
        return value
    return Period.parse(_filled("since", value))


def source_kind(value: object) -> SourceKind:
    """Read whose page a figure was read from."""
    return "secondary" if _chosen("source_kind", SOURCE_KINDS, value) == "secondary" else "primary"


def ranks(value: Iterable[str]) -> tuple[str, ...]:
    """Read what a ranking lists."""
    return _texts("ranks", value)


def reporters(value: int | Iterable[str] | None) -> int | tuple[str, ...] | None:
    """Read how many countries report, or which."""
    if value is None:
        return None
    if isinstance(value, int) and not isinstance(value, bool):
        if value < 0:
            raise InvalidValue(
                "there cannot be fewer than no countries",
                field="reporters",
                value=value,
                hint="Give a number of 0 or more, or country codes",
            )
        return value
    return tuple(sorted({_country(name) for name in _texts("reporters", value)}))


def overlapping(value: Iterable[str]) -> tuple[str, ...]:
    """Read the dimensions of which a victim can have several categories."""
    return tuple(_chosen("overlapping", SPLITS, name) for name in _texts("overlapping", value))


def _country(name: str) -> str:
    try:
        return parse_country(name)
    except UnknownName as error:
        raise error.with_location(field="reporters", value=name) from None


def _text(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise InvalidValue("text is needed", field=name, value=value, hint="Write it in quotes")
    return value


def _filled(name: str, value: object) -> str:
    if not _text(name, value).strip():
        raise InvalidValue("this cannot be empty", field=name, value=value, hint="Fill it in")
    return str(value)


def _texts(name: str, value: object) -> tuple[str, ...]:
    if isinstance(value, str | Mapping) or not isinstance(value, Iterable):
        raise InvalidValue("a list is needed", field=name, value=value, hint="Write ['RO', 'HU']")
    return tuple(_filled(name, item) for item in value)


def _chosen(name: str, options: tuple[str, ...], value: object) -> str:
    if value not in options:
        formatted = [option for option in options if option]
        raise UnknownName(
            "there is no such choice", field=name, value=value, hint=did_you_mean(value, formatted)
        )
    return str(value)


def _member(name: str, options: type[_Option], value: object) -> _Option:
    return options(_chosen(name, tuple(options), value))


def _selection(name: str, value: object) -> Selection:
    if isinstance(value, Selection):
        return value
    if not isinstance(value, Mapping):
        raise InvalidValue(
            "dimensions and codes are needed",
            field=name,
            value=value,
            hint="Write { sex = 'female' }",
        )
    for dimension, code in value.items():
        parse_code(dimension, code, field=f"{name}.{dimension}")
    return Selection(value)


# What each of these takes, as far as one value can show it.
_SHAPES |= {
    text: {"type": "string"},
    filled: {"type": "string", "pattern": r"\S"},
    slug: {"type": "string", "pattern": rf"^{_SLUG.pattern}$"},
    slug_or_nothing: {"type": "string", "pattern": rf"^{_SLUG.pattern}$"},
    truth: {"type": "boolean"},
    per: {"enum": [0, *PER]},
    quoted: {
        "type": "string",
        "pattern": rf"^(?:(?:\S+(?: \.\.\. |\s+)){{0,{MOST_WORDS - 1}}}\S+)?$",
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
