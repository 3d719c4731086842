"""Common dimensions of cases: the area, period and attributes that hold for all of them."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from thbstats.counting import missing_area
from thbstats.errors import InvalidValue, UnknownName, did_you_mean
from thbstats.exchange.cases.record import Cases
from thbstats.geography import Area
from thbstats.records.reading import area_members
from thbstats.values import Period

__all__ = ["common_area", "common_period", "said_of"]


def said_of(cases: Cases, by: Sequence[str], constants: Mapping[str, Any]) -> dict[str, str]:
    """Return what is true of all cases together, by dimension.

    Parameters
    ----------
    cases : Cases
        Persons.
    by : sequence of str
        The dimensions that are told apart, of which nothing is said here.
    constants : mapping
        What somebody says of all of them.

    Raises
    ------
    UnknownName
        If there is no such dimension.
    InvalidValue
        If a case contradicts, the cases differ where one thing has to be said, or some have no
        area where areas are told apart.
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
        raise missing_area(missing, "count .recorded('area')")


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


def _constants(cases: Cases, by: Sequence[str], given: Mapping[str, Any]) -> dict[str, Any]:
    declared = dict(cases.constants)
    if "age" not in by:
        declared.pop("age_concept", None)  # nobody's age was asked for
    for name, value in given.items():
        _check_constant(cases, by, name, value)
        declared[name] = value
    for name in cases.columns:
        if name not in by and name not in declared and not _divides(cases, name):
            declared[name] = _together(cases, name)
    if "area" not in {*by, *declared, *cases.columns} and cases.default_area is not None:
        declared["area"] = cases.default_area
    return {name: value for name, value in declared.items() if name not in by}


def _check_constant(cases: Cases, by: Sequence[str], name: str, value: Any) -> None:
    if name not in cases.schema.names:
        hint = did_you_mean(name, cases.schema.names)
        raise UnknownName("victims have no such dimension", field=name, hint=hint)
    code = cases.schema[name].parse(value)
    if name in by or name in cases.multiple:
        raise InvalidValue("recorded for each case", field=name, value=code, hint=_WHERE)
    if name in cases.columns:
        strangers = [found for found in _found(cases, name) if not _covers(name, code, found)]
        if strangers:
            raise InvalidValue(
                f"not so for cases of {', '.join(strangers[:5])}",
                field=name,
                value=code,
                hint=_WHERE,
            )


_WHERE = "Choose cases with .where(...) before they are counted"


def _found(cases: Cases, name: str) -> list[str]:
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


def _together(cases: Cases, name: str) -> Any:
    """Return the area, the period and the like of all cases together."""
    found = _found(cases, name)
    lacking = int(cases.frame[name].isna().sum())
    if name == "area":
        if lacking and cases.default_area is not None:
            return cases.default_area
        _check_area(cases)
        return common_area(found)
    if name == "period":
        return common_period([] if lacking else found)
    if len(found) + bool(lacking) > 1:
        raise InvalidValue(
            f"the cases differ: {', '.join(found[:5])}",
            field=name,
            hint=f"Name it in by=[...], or choose with .where({name}=...)",
        )
    return found[0] if found else None
