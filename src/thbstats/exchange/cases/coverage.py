"""Area, period and other constants of a set of cases."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from thbstats.counting import missing_area
from thbstats.errors import InvalidValue, UnknownName, did_you_mean
from thbstats.exchange.cases.record import Cases
from thbstats.geography import Area
from thbstats.records.reading import area_members
from thbstats.values import Period

__all__ = ["common_area", "common_period", "constants_of"]


def constants_of(cases: Cases, by: Sequence[str], constants: Mapping[str, Any]) -> dict[str, str]:
    """Return the dimensions with the same value for all cases.

    Parameters
    ----------
    cases : Cases
        Persons.
    by : sequence of str
        The dimensions of the table, which are excluded.
    constants : mapping
        Values that the user declares for all cases.

    Raises
    ------
    UnknownName
        If a constant is not a dimension.
    InvalidValue
        If a case contradicts a constant, the cases differ in a required constant, or a case has no
        area.
    """
    if "area" in by and "area" in cases.columns:
        _check_area(cases)
    return {
        name: cases.schema[name].parse(value)
        for name, value in _constants(cases, by, constants).items()
        if value is not None
    }


def _check_area(cases: Cases) -> None:
    if missing := int(cases.frame["area"].isna().sum()):
        raise missing_area(missing, "count .known('area')")


def common_area(codes: Sequence[str]) -> str | None:
    """Return the area of all members of some areas; ``None`` if there are none."""
    if not codes:
        return None
    return Area.from_countries(member for code in codes for member in area_members(code)).code


def common_period(codes: Sequence[str]) -> str:
    """Return the period from the first to the last day of some periods.

    It is "not stated" if there are no periods, or if one of them is not stated.
    """
    periods = [Period.parse(code) for code in codes]
    days = [(period.start, period.end) for period in periods if period.start and period.end]
    if not days or len(days) < len(periods):
        return "not stated"
    return str(Period(min(day for day, _ in days), max(day for _, day in days)))


def _divides(cases: Cases, name: str) -> bool:
    return cases.schema[name].total is not None


def _constants(cases: Cases, by: Sequence[str], declared: Mapping[str, Any]) -> dict[str, Any]:
    values = dict(cases.constants)
    if "age" not in by:
        values.pop("age_concept", None)  # the table has no age
    for name, value in declared.items():
        _check_constant(cases, by, name, value)
        values[name] = value
    for name in cases.columns:
        if name not in by and name not in values and not _divides(cases, name):
            values[name] = _common_value(cases, name)
    if "area" not in {*by, *values, *cases.columns} and cases.default_area is not None:
        values["area"] = cases.default_area
    return {name: value for name, value in values.items() if name not in by}


def _check_constant(cases: Cases, by: Sequence[str], name: str, value: Any) -> None:
    if name not in cases.schema.names:
        hint = did_you_mean(name, cases.schema.names)
        raise UnknownName("must be a dimension of victims", field=name, hint=hint)
    code = cases.schema[name].parse(value)
    if name in by or name in cases.multiple:
        raise InvalidValue("must not be a column of the cases", field=name, value=code, hint=_WHERE)
    if name in cases.columns:
        others = [
            category for category in _categories(cases, name) if not _covers(name, code, category)
        ]
        if others:
            raise InvalidValue(
                f"contradicts cases of {', '.join(others[:5])}",
                field=name,
                value=code,
                hint=_WHERE,
            )


_WHERE = "Select cases with .where(...) before you count them"


def _categories(cases: Cases, name: str) -> list[str]:
    column = cases.frame[name].cat
    return [str(column.categories[index]) for index in np.unique(column.codes) if index >= 0]


def _covers(name: str, whole: str, part: str) -> bool:
    if name == "area":
        return area_members(part) <= area_members(whole)
    if name == "period":
        days, inside = Period.parse(whole), Period.parse(part)
        if days.start is None or days.end is None or inside.start is None or inside.end is None:
            return days.start is None
        return days.start <= inside.start and inside.end <= days.end
    return whole == part


def _common_value(cases: Cases, name: str) -> Any:
    """Return the common area, period or other value of all cases."""
    categories = _categories(cases, name)
    missing = int(cases.frame[name].isna().sum())
    if name == "area":
        if missing and cases.default_area is not None:
            return cases.default_area
        _check_area(cases)
        return common_area(categories)
    if name == "period":
        return common_period([] if missing else categories)
    if len(categories) + bool(missing) > 1:
        raise InvalidValue(
            f"must be the same for all cases, got {', '.join(categories[:5])}",
            field=name,
            hint=f"Add it to by=[...], or select cases with .where({name}=...)",
        )
    return categories[0] if categories else None
