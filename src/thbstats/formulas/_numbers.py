"""Checked numbers and counts, as floats."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from thbstats.errors import ImpossibleResult, InvalidValue

__all__ = [
    "Floats",
    "Missing",
    "as_counts",
    "as_numbers",
    "as_ranges",
    "divide",
    "is_missing",
    "join_first",
    "plain",
    "positions",
    "require_part",
    "require_reporters",
]

Floats = NDArray[np.float64]
Missing = Literal["raise", "propagate"]

_LARGEST = 2**53
_FIRST = 5


def join_first(texts: Sequence[object]) -> str:
    """Return the first five items, and the number of further ones."""
    first, more = [str(text) for text in texts[:_FIRST]], len(texts) - _FIRST
    last = f"{more} more" if more > 0 else first.pop()
    return f"{', '.join(first)} and {last}" if first else last


def positions(wrong: NDArray[np.bool_]) -> str:
    """Return the positions of the true entries, counted from 0."""
    rows = np.flatnonzero(wrong).tolist()
    return f"position{'' if len(rows) == 1 else 's'} {join_first(rows)}"


def _is_na(item: object) -> bool:
    """Whether an item is a missing value of Python, numpy or pandas."""
    return item is None or type(item).__name__ == "NAType" or item != item  # noqa: PLR0124


def is_missing(values: ArrayLike) -> NDArray[np.bool_]:
    """Return the positions of nan, pandas.NA and None."""
    array = np.asarray(values)
    if array.dtype.kind == "f":
        return np.asarray(np.isnan(array))
    if array.dtype.kind != "O":
        return np.zeros(array.shape, dtype=np.bool_)
    return np.array([_is_na(item) for item in array.flat], np.bool_).reshape(array.shape)


def _is_number(item: object) -> bool:
    if isinstance(item, str | bytes | bool | np.bool_):
        return False
    try:
        float(item)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        return _is_na(item)
    return True


def as_numbers(values: ArrayLike, name: str) -> Floats:
    """Return numbers as floats; refuse texts, truth values and missing values."""
    hint = "Give integers or floats; read text with thbstats.Percent or thbstats.read"
    try:
        array = np.asarray(values)
        if array.dtype.kind not in "iuf":
            array = np.asarray(values, dtype=object)
    except ValueError:
        raise InvalidValue(
            "must have rows of equal length", field=name, value=values, hint=hint
        ) from None
    if array.dtype.kind == "O":
        wrong = np.array([not _is_number(item) for item in array.flat], np.bool_)
        if wrong.any():
            raise InvalidValue(
                f"must be numbers, wrong at {positions(wrong)}",
                field=name,
                value=array.flat[int(np.flatnonzero(wrong)[0])],
                hint=hint,
            )
    missing = is_missing(array)
    if missing.any():
        raise InvalidValue(
            f"must not be missing, wrong at {positions(missing)}",
            field=name,
            value=float("nan"),
            hint='Leave these entries out, or pass missing="propagate" to shares and ratios',
        )
    return array.astype(np.float64)


def as_counts(values: ArrayLike, name: str, *, unbounded: bool = False) -> Floats:
    """Return counts as floats; refuse numbers outside 0 to 2**53."""
    counts = as_numbers(values, name)
    above = np.asarray(values) > _LARGEST  # before an integer is rounded to a float
    wrong = (counts < 0) | (above & ~np.isposinf(counts) if unbounded else above)
    if wrong.any():
        raise InvalidValue(
            f"must be counts from 0 to 2**53, wrong at {positions(wrong)}",
            field=name,
            value=float(counts.flat[int(np.flatnonzero(wrong)[0])]),
            hint="Give counts, not differences; a missing count is nan, not -1",
        )
    return counts


def require_part(part: Floats, whole: Floats, names: tuple[str, str]) -> None:
    """Refuse a part above its whole."""
    above = part > whole
    if above.any():
        row = int(np.flatnonzero(above)[0])
        low, high = (float(array.flat[row]) for array in np.broadcast_arrays(part, whole))
        raise ImpossibleResult(
            f"must be at most `{names[1]}` ({high:g}), wrong at {positions(above)}",
            field=names[0],
            value=low,
            hint="Check the denominator: a part cannot be larger than its whole",
        )


def as_ranges(lower: ArrayLike, upper: ArrayLike, name: str) -> tuple[Floats, Floats]:
    """Return lower and upper bounds of counts; an upper bound can be infinite."""
    low = as_counts(lower, f"{name}_lower")
    high = as_counts(upper, f"{name}_upper", unbounded=True)
    require_part(low, high, (f"{name}_lower", f"{name}_upper"))
    return low, high


def require_reporters(counts: Floats, name: str, values: Any, *, least: int = 1) -> None:
    """Refuse counts without a last axis, or with a shorter one."""
    if counts.ndim == 0 or counts.shape[-1] < least:
        raise InvalidValue(
            "must have one count per reporting country" + (", at least one" if least else ""),
            field=name,
            value=values,
            hint="Give a list of counts",
        )


def plain(result: Floats) -> float | Floats:
    """Return an array without axes as a float."""
    return float(result) if result.ndim == 0 else result


def divide(numerator: Floats, denominator: Floats) -> Floats:
    """Return quotients; nan for a denominator of 0."""
    numerator, denominator = np.broadcast_arrays(numerator, denominator)
    quotient = np.full(numerator.shape, np.nan)
    np.divide(numerator, denominator, out=quotient, where=denominator != 0)
    return quotient
