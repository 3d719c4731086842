"""Panels as frames, Arrow tables and JSON data."""

from collections.abc import Mapping
from enum import Enum
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
from attrs import fields

from thbstats.columns import Coded, Fractions
from thbstats.errors import MissingExtra, UnknownName, did_you_mean
from thbstats.geography import COUNTRIES, DISSOLVED_STATES, Area
from thbstats.panel.numbers import FRACTIONS
from thbstats.panel.status import Status
from thbstats.values import Interval

if TYPE_CHECKING:
    from thbstats.panel.panel import Panel
    from thbstats.panel.result import Result

__all__ = ["bounds_of", "columns_of", "number_columns", "plain", "to_arrow", "to_frame"]

_BACKENDS = ("pandas", "polars")


def columns_of(panel: "Panel", *, iso3: bool = False, labels: bool = False) -> dict[str, Any]:
    """Return the columns of the frame of a panel."""
    columns: dict[str, Any] = {}
    named: Mapping[str, Coded[Any]] = panel.keys
    if not named:
        columns["label"] = _texts(panel.label)
        named = {"area": panel.area, "period": panel.period}
    for name, column in named.items():
        columns[name] = _texts(column)
        if name == "area" and iso3:
            columns["area_iso3"] = _texts(panel.area.map(_iso3))
        if name == "area" and labels:
            columns["area_label"] = _texts(panel.area.map(lambda area: area.label))
    columns |= number_columns("value", panel.value)
    columns["lower"], columns["upper"] = panel.bounds.lower, panel.bounds.upper
    columns["lower_with_unknown"] = panel.bounds_with_unknown.lower
    columns["upper_with_unknown"] = panel.bounds_with_unknown.upper
    for name in ("numerator", "denominator", "unknown"):
        columns |= number_columns(name, getattr(panel, name))
    columns["complete"] = panel.complete
    columns["coverage"] = _coverage(panel)
    columns["status"] = np.array([status.code for status in Status], dtype=object)[panel.status]
    columns["severity"] = _texts(panel.severity)
    codes = np.empty(len(panel.codes.categories), dtype=object)
    codes[:] = [list(own) for own in panel.codes.categories]
    columns["warnings"] = codes[panel.codes.codes]
    return columns | panel.extra_columns()


def _texts(column: Any) -> Any:
    words = np.array([str(own) for own in column.categories] or [""], dtype=object)
    return words[column.codes]


def _iso3(area: Area) -> str:
    if len(area.members) > 1:
        return ""
    (code,) = area.members
    return next(
        (country.iso3 for country in (*COUNTRIES, *DISSOLVED_STATES) if country.code == code), ""
    )


def number_columns(name: str, numbers: Fractions) -> dict[str, Any]:
    """Return the columns of a frame for some numbers: value, lower and upper bound."""
    return {
        name: np.where(numbers.is_point, numbers.lower, np.nan),
        f"{name}_lower": numbers.lower,
        f"{name}_upper": numbers.upper,
    }


def _coverage(panel: "Panel") -> Any:
    """Return the number of reporting countries and that of the area, as text."""
    of = panel.area.table(lambda area: len(area.members), np.intp)
    pairs, inverse = np.unique(np.stack([panel.n_reporters, of]), axis=1, return_inverse=True)
    texts = np.array(
        [f"{n} of {size}" if n >= 0 else f"not listed, of {size}" for n, size in pairs.T.tolist()]
        or [""],
        dtype=object,
    )
    return texts[np.asarray(inverse).ravel()]


def to_frame(panel: "Panel", backend: str | None, *, iso3: bool, labels: bool) -> Any:
    """Return a panel as a frame; see `Panel.to_frame`."""
    columns = columns_of(panel, iso3=iso3, labels=labels)
    if backend in (None, "pandas"):
        import pandas as pd

        return pd.DataFrame(columns)
    if backend == "polars":
        try:
            import polars as pl
        except ImportError:
            raise MissingExtra(
                "polars is not installed", hint="Run pip install 'thbstats[polars]'"
            ) from None
        return pl.DataFrame({name: _listed(column) for name, column in columns.items()})
    raise UnknownName(
        "must be pandas or polars",
        field="backend",
        value=backend,
        hint=did_you_mean(str(backend), _BACKENDS),
    )


def _listed(column: Any) -> Any:
    return column.tolist() if np.asarray(column).dtype.kind == "O" else column


def to_arrow(panel: "Panel") -> Any:
    """Return a panel as a table of pyarrow."""
    try:
        import pyarrow as pa
    except ImportError:
        raise MissingExtra(
            "pyarrow is not installed", hint="Run pip install 'thbstats[parquet]'"
        ) from None
    return pa.table({name: _listed(column) for name, column in columns_of(panel).items()})


def bounds_of(interval: Interval | None) -> dict[str, Any] | None:
    """Return an interval as plain data; a missing bound is ``None``."""
    if interval is None:
        return None
    bounds = (
        float(bound) if isinstance(bound, Fraction) else bound
        for bound in (interval.lower, interval.upper)
    )
    return {**dict(zip(("lower", "upper"), bounds, strict=True)), "undefined": interval.undefined}


def plain(result: "Result") -> dict[str, Any]:
    """Return a result as plain data for JSON."""
    base, inhabitants = result.base, result.inhabitants
    return {
        "indicator": result.indicator,
        "label": result.label,
        "kind": str(result.kind),
        "category": dict(result.category),
        "estimand": result.estimand,
        "status": result.status.code,
        **{name: bounds_of(getattr(result.panel, name)[result.position]) for name in FRACTIONS},
        "printed": None if result.printed is None else result.printed.printed,
        "sharp": result.sharp,
        "complete": result.complete,
        "base": {**(_record(base) or {}), "within": dict(base.within)},
        "numerator_kind": {
            "kind": result.numerator_kind.kind,
            **dict(result.numerator_kind.attributes),
        },
        "denominator_kind": {
            "kind": result.denominator_kind.kind,
            **dict(result.denominator_kind.attributes),
        },
        "area": result.area.code,
        "period": str(result.period),
        "reporters": _item(result.reporters),
        "n_reporters": result.n_reporters,
        "expected": _item(result.expected),
        "flags": "".join(sorted(result.flags)),
        "sources": [source.title for source in result.all_sources],
        "suppression": _record(result.suppression),
        "breaks": [{"area": area, "period": when} for area, when in sorted(result.breaks)],
        "excess": _record(result.excess),
        "contradictions": [_record(item) for item in result.contradictions],
        "inhabitants": None
        if inhabitants is None
        else {
            "area": inhabitants.area.code,
            "counted": [str(period) for period in inhabitants.counted],
        },
        "warnings": [warning.to_dict() for warning in result.warnings],
        "limitations": [limitation.to_dict() for limitation in result.limitations],
    }


def _record(item: Any) -> dict[str, Any] | None:
    """Return the fields of an object as plain data."""
    if item is None:
        return None
    return {field.name: _item(getattr(item, field.name)) for field in fields(type(item))}


def _item(value: Any) -> Any:
    match value:
        case Interval():
            return bounds_of(value)
        case frozenset():
            return sorted(value)
        case tuple():
            return list(value)
        case Enum():
            return str(value)
    return value
