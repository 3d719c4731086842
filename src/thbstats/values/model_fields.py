"""Fields of pydantic models for counts, intervals, percentages and periods."""

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from thbstats._model_fields import add_field, fields_in, model_field, object_shape
from thbstats.errors import InvalidValue
from thbstats.values.count import LARGEST_COUNT, Count, Reason
from thbstats.values.interval import Interval, Rational
from thbstats.values.percent import Percent, Rounding
from thbstats.values.period import Period

_FRACTION = re.compile(r"(-?\d{1,4000})(?:/(\d{1,4000}))?", re.ASCII)

_NULL = {"type": "null"}
_TEXT = {"type": "string"}
_INTEGER = {"type": "integer"}
_COUNT = {"type": "integer", "minimum": 0, "maximum": LARGEST_COUNT}
_BOUND = {"anyOf": [_INTEGER, {"type": "string", "pattern": r"^-?\d+(/\d+)?$"}, _NULL]}


def _read_count(cls: type[Count], value: object) -> Count:
    if isinstance(value, Mapping):
        return cls(**fields_in(value, ("lower", "upper", "reason")))
    return cls.known(value)  # type: ignore[arg-type]  # other types raise


def _read_interval(cls: type[Interval], value: object) -> Interval:
    data = fields_in(value, ("lower", "upper"), ("undefined",))
    undefined = data.get("undefined", False)
    if not isinstance(undefined, bool):
        raise InvalidValue("must be true or false", field="undefined", value=undefined)
    lower, upper = (_exact(data[name], name) for name in ("lower", "upper"))
    return cls(lower, upper, undefined=undefined)


def _exact(bound: Any, name: str) -> Rational | None:
    if not isinstance(bound, str):
        return bound  # type: ignore[no-any-return]  # the interval raises if it is not exact
    match = _FRACTION.fullmatch(bound)
    denominator = int(match[2] or 1) if match else 0
    if match is None or denominator == 0:
        hint = "Use an integer, or a text such as '1/3'"
        raise InvalidValue("must be an exact number", field=name, value=bound[:80], hint=hint)
    return Fraction(int(match[1]), denominator)


def _write_interval(interval: Interval) -> dict[str, Any]:
    lower, upper = (
        str(bound) if isinstance(bound, Fraction) else bound
        for bound in (interval.lower, interval.upper)
    )
    return {"lower": lower, "upper": upper, "undefined": interval.undefined}


def _read_percent(cls: type[Percent], value: Any) -> Percent:
    if isinstance(value, Mapping):
        return cls(**fields_in(value, ("printed",), ("rounding",)))
    return cls(value)


def _read_period(cls: type[Period], value: Any) -> Period:
    if isinstance(value, bool) or not isinstance(value, str | int):
        hint = "Use a text such as '2015-2016', or a year"
        raise InvalidValue("must be a period", field="period", value=value, hint=hint)
    return cls.parse(value)


_FIELDS: Mapping[type, Any] = {
    Count: model_field(
        write=lambda own: {"lower": own.lower, "upper": own.upper, "reason": str(own.reason)},
        read=_read_count,
        shape={
            "anyOf": [
                _COUNT,
                object_shape(
                    {
                        "lower": _COUNT,
                        "upper": {"anyOf": [_COUNT, _NULL]},
                        "reason": {"enum": [str(reason) for reason in Reason]},
                    },
                    ("lower", "upper", "reason"),
                ),
            ]
        },
    ),
    Interval: model_field(
        write=_write_interval,
        read=_read_interval,
        shape=object_shape(
            {"lower": _BOUND, "upper": _BOUND, "undefined": {"type": "boolean"}}, ("lower", "upper")
        ),
    ),
    Percent: model_field(
        write=lambda own: {"printed": own.printed, "rounding": str(own.rounding)},
        read=_read_percent,
        shape={
            "anyOf": [
                _TEXT,
                object_shape(
                    {"printed": _TEXT, "rounding": {"enum": [str(own) for own in Rounding]}},
                    ("printed",),
                ),
            ]
        },
    ),
    Period: model_field(write=str, read=_read_period, shape={"anyOf": [_TEXT, _INTEGER]}),
}


for _class, _field in _FIELDS.items():
    add_field(_class, _field)
