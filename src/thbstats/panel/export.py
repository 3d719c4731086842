"""Results as JSON data, and its schema."""

from collections.abc import Callable
from enum import Enum
from fractions import Fraction
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from attrs import fields, has

from thbstats._schemas import DIALECT, Schema, array, attributes, optional, record, words
from thbstats.panel.context import Contradiction, Suppression
from thbstats.panel.kind import Base, ResultKind, Status
from thbstats.panel.numbers import FRACTIONS
from thbstats.panel.warning import ComparabilityWarning
from thbstats.values import Interval

if TYPE_CHECKING:
    from thbstats.panel.result import Result


def bounds_of(interval: Interval | None) -> dict[str, Any] | None:
    """Return an interval as plain data; a missing bound is ``None``."""
    if interval is None:
        return None
    lower, upper = (
        float(bound) if isinstance(bound, Fraction) else bound
        for bound in (interval.lower, interval.upper)
    )
    return {"lower": lower, "upper": upper, "undefined": interval.undefined}


def _item(value: Any) -> Any:
    """Return a value as plain data."""
    match value:
        case Interval():
            return bounds_of(value)
        case frozenset():
            return sorted(value)
        case tuple():
            return [_item(item) for item in value]
        case Enum():
            return str(value)
    if has(type(value)):
        return {field.name: _item(getattr(value, field.name)) for field in fields(type(value))}
    return value


_Field = tuple[Any, Callable[[Any], Any]]
"""The type of a field, and a function from a result to its plain data."""


def _own(kind: Any, name: str) -> tuple[str, _Field]:
    """Return the field of an attribute."""
    own = attrgetter(name)
    return name, (kind, lambda result: _item(own(result)))


def _numbers(name: str) -> tuple[str, _Field]:
    """Return the field of a column of numbers, ``None`` where it has none."""
    return name, (
        Interval | None,
        lambda result: bounds_of(getattr(result.panel, name)[result.position]),
    )


def _count_kind(name: str) -> tuple[str, _Field]:
    """Return the field of a kind of counts with its attributes."""
    kind_of = attrgetter(name)
    shape = record("", kind=str) | {"additionalProperties": {"type": "string"}}
    return name, (
        shape,
        lambda result: {"kind": kind_of(result).kind, **dict(kind_of(result).attributes)},
    )


def _breaks(result: "Result") -> list[dict[str, str]]:
    return [{"area": area, "period": when} for area, when in sorted(result.breaks)]


def _inhabitants(result: "Result") -> dict[str, Any] | None:
    own = result.inhabitants
    if own is None:
        return None
    return {"area": own.area.code, "counted": [str(period) for period in own.counted]}


def _warnings(name: str) -> tuple[str, _Field]:
    """Return the field of the warnings or limitations."""
    return name, (
        array(WARNING_SCHEMA),
        lambda result: [warning.to_dict() for warning in getattr(result, name)],
    )


WARNING_SCHEMA = record(
    "",
    attributes(ComparabilityWarning, "code", "title", "message", "hint"),
    attributes(ComparabilityWarning, "severity", "outcome", "scope"),
    {"limitation": bool},
    attributes(ComparabilityWarning, "evidence"),
)
_SUPPRESSION = optional(record("The suppressed counts in it.", attributes(Suppression)))
_BASE = record(
    "",
    attributes(Base, "rule", "label"),
    {"overlap": str},
    attributes(Base, "dimension", "within"),
)

_FIELDS: tuple[tuple[str, _Field], ...] = (
    _own(str, "indicator"),
    _own(str, "label"),
    _own(ResultKind, "kind"),
    ("category", (dict[str, str], lambda result: dict(result.category))),
    _own(str, "estimand"),
    ("status", (words(status.code for status in Status), lambda result: result.status.code)),
    *map(_numbers, FRACTIONS),
    ("printed", (str | None, lambda result: result.printed and result.printed.printed)),
    _own(bool, "bounds_attained"),
    _own(bool, "complete"),
    _own(bool, "derived"),
    ("base", (_BASE, lambda result: {**_item(result.base), "within": dict(result.base.within)})),
    *map(_count_kind, ("numerator_kind", "denominator_kind")),
    ("area", (str, lambda result: result.area.code)),
    ("period", (str, lambda result: str(result.period))),
    _own(list[str] | None, "reporters"),
    _own(int | None, "n_reporters"),
    _own(list[str] | None, "expected"),
    ("flags", (str, lambda result: "".join(sorted(result.flags)))),
    ("sources", (list[str], lambda result: [source.title for source in result.all_sources])),
    _own(_SUPPRESSION, "suppression"),
    ("breaks", (array(record("", area=str, period=str)), _breaks)),
    _own(list[Contradiction], "contradictions"),
    ("inhabitants", (optional(record("", area=str, counted=list[str])), _inhabitants)),
    *map(_warnings, ("warnings", "limitations")),
)

"""The fields of a result in JSON, with their types and values."""


def plain(result: "Result") -> dict[str, Any]:
    """Return a result as plain data for JSON."""
    return {name: value(result) for name, (_, value) in _FIELDS}


def result_schema(**own: Any) -> Schema:
    """Return the JSON Schema of a result, with own fields first."""
    return record(
        "A number with its bounds, denominator, status, warnings and limitations.",
        own,
        {name: kind for name, (kind, _) in _FIELDS},
    )


def panel_schema() -> Schema:
    """Return the JSON Schema of `Panel.to_dict`.

    Examples
    --------
    >>> panel_schema()["required"]
    ['caption', 'limitations', 'items']
    """
    warnings, items = array(WARNING_SCHEMA), array(result_schema())
    content = record("", caption=str, limitations=warnings, items=items)
    return {"$schema": DIALECT, "title": "A panel of thbstats", **content}
