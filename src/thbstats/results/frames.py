"""Results as plain data and as tidy frames."""

from collections.abc import Iterable
from typing import Any

import pandas as pd

from thbstats.results.figure import Figure
from thbstats.values import Interval

__all__ = ["frame", "plain"]

_ENDS = ("reported", "bounds", "possible", "numerator", "denominator", "unknown", "gap", "raw")


def plain(result: Figure) -> dict[str, Any]:
    """Return a result as plain data that JSON can hold."""
    context, base = result.context, result.base
    return {
        "indicator": result.indicator,
        "label": result.label,
        "measure": str(result.measure),
        "category": dict(result.category),
        "estimand": result.estimand,
        **{name: _ends(getattr(result, name)) for name in _ENDS},
        "printed": None if result.printed is None else result.printed.printed,
        "sharp": result.sharp,
        "base": {
            "rule": base.rule,
            "label": base.label,
            "dimension": list(base.dimension),
            "within": dict(base.within),
            "overlap": str(base.overlap),
        },
        "counted": {"kind": context.counted.kind, **dict(context.counted.attributes)},
        "against": {"kind": context.against.kind, **dict(context.against.attributes)},
        "area": context.area.code,
        "period": str(context.period),
        "reporters": _names(context.reporters),
        "n_reporters": context.n_reporters,
        "expected": _names(context.expected),
        "flags": "".join(sorted(context.flags)),
        "sources": [source.title for source in context.sources],
        "warnings": [warning.to_dict() for warning in result.warnings],
    }


def frame(results: Iterable[Figure]) -> pd.DataFrame:
    """Return results as a tidy frame, one row each; an end without bound is missing there."""
    rows = [_row(result) for result in results]
    return pd.DataFrame(rows, columns=_COLUMNS)


_COLUMNS = [
    "indicator",
    "label",
    "measure",
    *(f"{name}_{end}" for name in _ENDS for end in ("lower", "upper")),
    "base",
    "area",
    "period",
    "reporters",
    "flags",
    "sources",
    "warnings",
]


def _row(result: Figure) -> dict[str, Any]:
    data = plain(result)
    row: dict[str, Any] = {name: data[name] for name in ("indicator", "label", "measure")}
    for name in _ENDS:
        ends = data[name] or {"lower": None, "upper": None}
        row[f"{name}_lower"], row[f"{name}_upper"] = ends["lower"], ends["upper"]
    reporters = None if data["reporters"] is None else ", ".join(data["reporters"])
    return row | {
        "base": data["base"]["label"],
        "area": data["area"],
        "period": data["period"],
        "reporters": reporters,
        "flags": data["flags"],
        "sources": "; ".join(data["sources"]),
        "warnings": ", ".join(result.warnings.codes),
    }


def _ends(interval: Interval | None) -> dict[str, Any] | None:
    if interval is None:
        return None
    return {
        "lower": _number(interval.lower),
        "upper": _number(interval.upper),
        "undefined": interval.undefined,
    }


def _number(end: Any) -> int | float | None:
    if end is None or isinstance(end, int):
        return end
    return float(end)


def _names(members: frozenset[str] | None) -> list[str] | None:
    return None if members is None else sorted(members)
