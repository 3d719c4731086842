"""From cases to counts: a total, every category, and those who are in none."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import product
from math import prod
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from attrs import frozen
from numpy.typing import NDArray

from thbstats.errors import InvalidValue, UnknownName, did_you_mean
from thbstats.geography import Area
from thbstats.records import Dimension
from thbstats.records.reading import area_members
from thbstats.tables import CountTable
from thbstats.tables.categories import coded
from thbstats.values import Period, Reason

if TYPE_CHECKING:
    from thbstats.exchange.cases.record import Cases

__all__ = ["counted"]

_MOST_CELLS = 10**7


@frozen(kw_only=True, eq=False)
class _Axis:
    """A dimension with one answer: where each person is, and which places each row adds up."""

    name: str
    places: NDArray[np.intp]
    codes: tuple[str, ...]
    sums: NDArray[np.int64]

    @property
    def size(self) -> int:
        return int(self.sums.shape[1])


def counted(cases: "Cases", by: Sequence[str], constants: Mapping[str, Any]) -> CountTable:
    """Return the counts of some cases by some dimensions.

    Parameters
    ----------
    cases : Cases
        Persons.
    by : sequence of str
        The dimensions to tell apart.
    constants : mapping
        What is said of all of them.

    Returns
    -------
    CountTable
    """
    known = (*cases.columns, *cases.multiple)
    for name in by:
        if name not in known:
            mend = did_you_mean(name, known)
            raise UnknownName("the cases do not record this", field=name, mend=mend)
    said = _constants(cases, by, constants)
    axes = [
        _axis(cases, name) for name in cases.schema.names if name in by and name in cases.columns
    ]
    several = {name: _applies(cases, name) for name in cases.multiple if name in by}
    answered = {name: _answered(cases, name) for name in several}
    _check_size(axes, several)
    data = _cells(axes, several, answered, len(cases))
    data = _without_empty(data, [axis.name for axis in axes if not _divides(cases, axis.name)])
    return CountTable.from_frame(data, kind="victims", source=cases.source, constants=said)


def _divides(cases: "Cases", name: str) -> bool:
    return cases.schema[name].total is not None


def _axis(cases: "Cases", name: str) -> _Axis:
    dimension = cases.schema[name]
    column = cases.frame[name].cat
    words = [str(code) for code in column.categories]
    places = column.codes.to_numpy().astype(np.intp)
    if (places < 0).any():
        rest = _unrecorded(cases, dimension, int((places < 0).sum()))
        if rest not in words:
            words.append(rest)
        places = np.where(places < 0, words.index(rest), places)
    # The category of those who record nothing is there even where everybody does.
    used = sorted(set(np.unique(places).tolist()), key=lambda place: dimension.order(words[place]))
    table = np.zeros(len(words), dtype=np.intp)
    table[used] = np.arange(len(used))
    base = [words[place] for place in used]
    rows = {code: [code] for code in base}
    for code in base:
        for wider in dimension.ancestors(code) if dimension.total else ():
            rows.setdefault(wider, []).append(code)
    if dimension.total is not None:
        rows[dimension.total] = base
    ordered = sorted(rows, key=dimension.order)
    sums = np.array([[code in rows[row] for code in base] for row in ordered], dtype=np.int64)
    return _Axis(
        name=name,
        places=table[places],
        codes=tuple(ordered),
        sums=sums.reshape(len(ordered), len(base)),
    )


def _unrecorded(cases: "Cases", dimension: Dimension, persons: int) -> str:
    if dimension.total is not None:
        return "unknown"
    if dimension.name == "area":
        raise InvalidValue(
            f"{persons} cases record none, and no table can hold them",
            field="area",
            mend="Say area=... for all of them, or count .recorded('area')",
        )
    return "not stated" if dimension.name == "period" else "not_stated"


def _applies(cases: "Cases", name: str) -> dict[str, NDArray[np.bool_]]:
    """Return to whom each category applies; last, who is in none."""
    total = str(cases.schema[name].total)
    everybody = np.ones(len(cases), dtype=np.bool_)
    found = {total: everybody}
    for code in cases.multiple[name]:
        column = cases.frame[f"{name}={code}"]
        found[code] = column.fillna(False).to_numpy(dtype=np.bool_)
    some = np.logical_or.reduce([~everybody, *list(found.values())[1:]])
    return {**found, "unknown": ~some | found.get("unknown", ~everybody)}


def _answered(cases: "Cases", name: str) -> dict[str, NDArray[np.bool_]]:
    """Return for whom it is recorded whether each category applies."""
    everybody = np.ones(len(cases), dtype=np.bool_)
    found = {
        code: cases.frame[f"{name}={code}"].notna().to_numpy(dtype=np.bool_)
        for code in cases.multiple[name]
    }
    return {str(cases.schema[name].total): everybody, **found, "unknown": everybody}


def _check_size(axes: Iterable[_Axis], several: Mapping[str, Mapping[str, Any]]) -> None:
    cells = prod(len(axis.codes) for axis in axes) * prod(len(codes) for codes in several.values())
    if cells > _MOST_CELLS:
        raise InvalidValue(
            f"{cells} cells",
            field="by",
            mend="Name fewer dimensions, or choose some cases first with .where(...)",
        )


_Answers = Mapping[str, Mapping[str, NDArray[np.bool_]]]


def _cells(
    axes: Sequence[_Axis], several: _Answers, answered: _Answers, persons: int
) -> pd.DataFrame:
    """Return every cell with its count, zeros included.

    Where nobody in a cell was asked for a form, its count is not 0: it was not recorded, and may
    be anything up to all of them.
    """
    chosen = list(product(*several.values()))
    everybody = _cube(axes, np.ones(persons, dtype=np.bool_))
    lower = np.stack([_cube(axes, _all_of(several, one, persons)) for one in chosen])
    asked = np.stack([_cube(axes, _all_of(answered, one, persons)) for one in chosen])
    upper = np.where(asked > 0, lower, everybody)
    first, *places = np.indices(lower.shape).reshape(lower.ndim, lower.size)
    data: dict[str, Any] = {
        axis.name: coded(where, axis.codes) for axis, where in zip(axes, places, strict=True)
    }
    for number, (name, answers) in enumerate(several.items()):
        codes = list(answers)
        position = np.array([codes.index(combination[number]) for combination in chosen])
        data[name] = coded(position[first], codes)
    gap = (upper > lower).reshape(-1)
    data["lower"] = lower.reshape(-1).astype(np.int64)
    data["upper"] = upper.reshape(-1).astype(np.int64)
    data["reason"] = coded(gap, [str(Reason.KNOWN), str(Reason.BREAKDOWN_NOT_REPORTED)])
    return pd.DataFrame(data)


def _all_of(answers: _Answers, combination: Sequence[str], persons: int) -> NDArray[np.bool_]:
    """Return for whom every category of a combination holds."""
    mask = np.ones(persons, dtype=np.bool_)
    for name, code in zip(answers, combination, strict=True):
        mask &= answers[name][code]
    return mask


def _cube(axes: Sequence[_Axis], mask: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return the counts of some persons by their places, then the sums along each axis."""
    shape = tuple(axis.size for axis in axes)
    key = np.zeros(int(mask.sum()), dtype=np.intp)
    for axis in axes:
        key = key * axis.size + axis.places[mask]
    cube = np.bincount(key, minlength=prod(shape)).reshape(shape)
    for number, axis in enumerate(axes):
        cube = np.moveaxis(np.tensordot(axis.sums, cube, axes=(1, number)), 0, number)
    return cube


def _without_empty(data: pd.DataFrame, attributes: Sequence[str]) -> pd.DataFrame:
    """Leave out areas, periods and the like that no case has together."""
    if not attributes or not len(data):
        return data
    most = data.groupby(list(attributes), observed=True)["upper"].transform("max")
    return data[most > 0]


def _constants(cases: "Cases", by: Sequence[str], given: Mapping[str, Any]) -> dict[str, Any]:
    said = dict(cases.constants)
    if "age" not in by:
        said.pop("age_concept", None)  # nobody's age was asked for
    for name, value in given.items():
        _check_constant(cases, by, name, value)
        said[name] = value
    for name in cases.columns:
        if name not in by and name not in said and not _divides(cases, name):
            said[name] = _together(cases, name)
    return {name: value for name, value in said.items() if name not in by}


def _check_constant(cases: "Cases", by: Sequence[str], name: str, value: Any) -> None:
    if name not in cases.schema.names:
        mend = did_you_mean(name, cases.schema.names)
        raise UnknownName("victims have no such dimension", field=name, mend=mend)
    code = cases.schema[name].parse(value)
    if name in by or name in cases.multiple:
        raise InvalidValue("recorded for each case", field=name, value=code, mend=_WHERE)
    if name in cases.columns:
        strangers = [found for found in _found(cases, name) if not _covers(name, code, found)]
        if strangers:
            raise InvalidValue(
                f"not so for cases of {', '.join(strangers[:5])}",
                field=name,
                value=code,
                mend=_WHERE,
            )


_WHERE = "Choose cases with .where(...) before they are counted"


def _found(cases: "Cases", name: str) -> list[str]:
    column = cases.frame[name].cat
    return [str(column.categories[place]) for place in np.unique(column.codes) if place >= 0]


def _covers(name: str, whole: str, part: str) -> bool:
    if name == "area":
        return area_members(part) <= area_members(whole)
    if name == "period":
        days, inside = Period.parse(whole), Period.parse(part)
        if days.start is None or days.end is None or inside.start is None or inside.end is None:
            return days.start is None
        return days.start <= inside.start and inside.end <= days.end
    return whole == part


def _together(cases: "Cases", name: str) -> Any:
    """Return the area, the period and the like of all cases together."""
    found = _found(cases, name)
    lacking = int(cases.frame[name].isna().sum())
    if name == "area":
        if lacking:
            _unrecorded(cases, cases.schema[name], lacking)
        return Area.of(member for code in found for member in area_members(code)) if found else None
    if name == "period":
        periods = [Period.parse(code) for code in found]
        days = [(period.start, period.end) for period in periods if period.start and period.end]
        if lacking or not days or len(days) < len(periods):
            return "not stated"
        return str(Period(min(day for day, _ in days), max(day for _, day in days)))
    if len(found) + bool(lacking) > 1:
        raise InvalidValue(
            f"the cases differ: {', '.join(found[:5])}",
            field=name,
            mend=f"Name it in by=[...], or choose with .where({name}=...)",
        )
    return found[0] if found else None
