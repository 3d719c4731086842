"""Results as plain data and as tidy frames."""

import math
from collections.abc import Iterable
from fractions import Fraction
from typing import Any

import pandas as pd

from thbstats.results.context import Excess, Exposure, Hidden
from thbstats.results.figure import Figure
from thbstats.values import Interval, Rational

__all__ = ["end_columns", "ends", "frame", "plain"]

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
        **{name: ends(getattr(result, name)) for name in _ENDS},
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
        "sources": [source.title for source in context.cited],
        "hidden": _hidden(context.hidden),
        "breaks": [{"area": area, "period": when} for area, when in sorted(context.breaks)],
        "excess": _excess(result.excess),
        "inhabitants": _inhabitants(context.exposure),
        "warnings": [warning.to_dict() for warning in result.warnings],
    }


def _hidden(hidden: Hidden | None) -> dict[str, Any] | None:
    if hidden is None:
        return None
    return {
        "cells": hidden.cells,
        "areas": sorted(hidden.areas),
        "counts": ends(hidden.counts),
        "narrowed": hidden.narrowed,
    }


def _excess(excess: Excess | None) -> dict[str, Any] | None:
    if excess is None:
        return None
    return {
        "counted": ends(excess.counted),
        "total": ends(excess.total),
        "areas": list(excess.areas),
        "unexplained": list(excess.unexplained),
    }


def _inhabitants(exposure: Exposure | None) -> dict[str, Any] | None:
    if exposure is None:
        return None
    return {
        "area": exposure.area.code,
        "counted": [str(period) for period in exposure.counted],
    }


def frame(results: Iterable[Figure]) -> pd.DataFrame:
    """Return results as a tidy frame, one row each.

    An end without bound is infinite; both ends are missing where there is no such number.
    """
    frame = pd.DataFrame([_row(result) for result in results], columns=_COLUMNS)
    return frame.astype(dict.fromkeys(_NUMBERS, "float64"))


_NUMBERS = [f"{name}_{end}" for name in _ENDS for end in ("lower", "upper")]
_COLUMNS = [
    "indicator",
    "label",
    "measure",
    *_NUMBERS,
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
        row |= end_columns(name, getattr(result, name))
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


def end_columns(name: str, interval: Interval | None) -> dict[str, float]:
    """Return the two ends of a number as floats, ``nan`` where there is no such number."""
    if interval is None:
        lower = upper = math.nan
    else:
        lower = -math.inf if interval.lower is None else float(interval.lower)
        upper = math.inf if interval.upper is None else float(interval.upper)
    return {f"{name}_lower": lower, f"{name}_upper": upper}


def ends(interval: Interval | None) -> dict[str, Any] | None:
    """Return a number as plain data; an end without bound is ``None``."""
    if interval is None:
        return None
    return {
        "lower": _number(interval.lower),
        "upper": _number(interval.upper),
        "undefined": interval.undefined,
    }


def _number(end: Rational | None) -> int | float | None:
    return float(end) if isinstance(end, Fraction) else end


def _names(members: frozenset[str] | None) -> list[str] | None:
    return None if members is None else sorted(members)
