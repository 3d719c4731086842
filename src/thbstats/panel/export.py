"""Panels as frames, Arrow tables and JSON data."""

from collections.abc import Mapping
from enum import Enum
from fractions import Fraction
from importlib import import_module
from typing import TYPE_CHECKING, Any

import numpy as np
from attrs import fields, has

from thbstats.columns import Coded, Fractions
from thbstats.display.grids import to_xarray
from thbstats.errors import MissingExtra, UnknownName, did_you_mean
from thbstats.geography import Area
from thbstats.geography.spellings import by_code
from thbstats.panel.kind import Status
from thbstats.panel.numbers import FRACTIONS
from thbstats.values import Interval

if TYPE_CHECKING:
    import xarray as xr

    from thbstats.panel.panel import Panel
    from thbstats.panel.result import Result


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
    for name, numbers in (("", panel.bounds), ("_with_unknown", panel.bounds_with_unknown)):
        columns |= {f"lower{name}": numbers.lower, f"upper{name}": numbers.upper}
    for name in ("numerator", "denominator", "unknown"):
        columns |= number_columns(name, getattr(panel, name))
    number = Coded.from_values(panel.n_reporters.tolist())
    codes = np.empty(len(panel.codes.categories), dtype=object)
    codes[:] = [list(own) for own in panel.codes.categories]
    columns |= {
        "complete": panel.complete,
        "coverage": _texts(number.combine(panel.area, _coverage)),
        "status": np.array([status.code for status in Status], dtype=object)[panel.status],
        "severity": _texts(panel.severity),
        "warnings": codes[panel.codes.codes],
    }
    return columns | panel.extra_columns()


def _texts(column: Coded[Any]) -> Any:
    words = np.array([str(own) for own in column.categories] or [""], dtype=object)
    return words[column.codes]


def _iso3(area: Area) -> str:
    country = by_code().get(min(area.members)) if len(area.members) == 1 else None
    return "" if country is None else country.iso3


def number_columns(name: str, numbers: Fractions) -> dict[str, Any]:
    """Return the columns of a frame for some numbers: value, lower and upper bound."""
    return {
        name: np.where(numbers.is_point, numbers.lower, np.nan),
        f"{name}_lower": numbers.lower,
        f"{name}_upper": numbers.upper,
    }


def _coverage(n_reporters: int, area: Area) -> str:
    size = len(area.members)
    return f"not listed, of {size}" if n_reporters < 0 else f"{n_reporters} of {size}"


def to_frame(panel: "Panel", backend: str | None, *, iso3: bool, labels: bool) -> Any:
    """Return a panel as a frame; see `Panel.to_frame`."""
    columns = columns_of(panel, iso3=iso3, labels=labels)
    if backend in (None, "pandas"):
        import pandas as pd

        return pd.DataFrame(columns)
    if backend == "polars":
        return _library("polars", "polars").DataFrame(_listed(columns))
    raise UnknownName(
        "must be pandas or polars",
        field="backend",
        value=backend,
        hint=did_you_mean(str(backend), ("pandas", "polars")),
    )


def panel_grid(panel: "Panel") -> "xr.Dataset":
    """Return a panel as variables of xarray; see `Panel.to_xarray`."""
    frame = panel.to_pandas()
    names = [*panel.keys] or ["area", "period"]
    return to_xarray(
        frame.drop(columns="label", errors="ignore"),
        {name: list(dict.fromkeys(frame[name])) for name in names},
        {"caption": panel.caption, "limitations": ", ".join(panel.limitations.codes)},
        {"status": Status.NO_ROW.code},
    )


def to_arrow(panel: "Panel") -> Any:
    """Return a panel as a table of pyarrow."""
    return _library("pyarrow", "parquet").table(_listed(columns_of(panel)))


def _library(name: str, extra: str) -> Any:
    try:
        return import_module(name)
    except ImportError:
        raise MissingExtra(
            f"{name} is not installed", hint=f"Run pip install 'thbstats[{extra}]'"
        ) from None


def _listed(columns: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: column.tolist() if np.asarray(column).dtype.kind == "O" else column
        for name, column in columns.items()
    }


def bounds_of(interval: Interval | None) -> dict[str, Any] | None:
    """Return an interval as plain data; a missing bound is ``None``."""
    if interval is None:
        return None
    lower, upper = (
        float(bound) if isinstance(bound, Fraction) else bound
        for bound in (interval.lower, interval.upper)
    )
    return {"lower": lower, "upper": upper, "undefined": interval.undefined}


def plain(result: "Result") -> dict[str, Any]:
    """Return a result as plain data for JSON."""

    def own(*names: str) -> dict[str, Any]:
        return {name: _item(getattr(result, name)) for name in names}

    kinds = {
        name: {"kind": kind.kind, **dict(kind.attributes)}
        for name in ("numerator_kind", "denominator_kind")
        for kind in (getattr(result, name),)
    }
    inhabitants = result.inhabitants
    return {
        **own("indicator", "label", "kind"),
        "category": dict(result.category),
        **own("estimand"),
        "status": result.status.code,
        **{name: bounds_of(getattr(result.panel, name)[result.position]) for name in FRACTIONS},
        "printed": None if result.printed is None else result.printed.printed,
        **own("sharp", "complete"),
        "base": {**_item(result.base), "within": dict(result.base.within)},
        **kinds,
        "area": result.area.code,
        "period": str(result.period),
        **own("reporters", "n_reporters", "expected"),
        "flags": "".join(sorted(result.flags)),
        "sources": [source.title for source in result.all_sources],
        **own("suppression"),
        "breaks": [{"area": area, "period": when} for area, when in sorted(result.breaks)],
        **own("excess", "contradictions"),
        "inhabitants": None
        if inhabitants is None
        else {
            "area": inhabitants.area.code,
            "counted": [str(period) for period in inhabitants.counted],
        },
        "warnings": [warning.to_dict() for warning in result.warnings],
        "limitations": [limitation.to_dict() for limitation in result.limitations],
    }


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
