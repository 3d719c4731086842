"""Checked numbers and counts, as floats."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from thbstats.errors import ImpossibleResult, InvalidValue, ThbstatsError, require

Floats = NDArray[np.float64]
Bounds = tuple[float | Floats, float | Floats]
Missing = Literal["raise", "propagate"]

_LARGEST = 2**53
_FIRST = 5
_NUMBERS = "Give integers or floats; read text with thbstats.Percent or thbstats.read"


def join_first(texts: Sequence[object]) -> str:
    """Return the first five items, and the number of further ones."""
    first, more = [str(text) for text in texts[:_FIRST]], len(texts) - _FIRST
    last = f"{more} more" if more > 0 else first.pop()
    return f"{', '.join(first)} and {last}" if first else last


def refuse(
    wrong: NDArray[np.bool_], requirement: str, hint: str, *, field: str, values: Any,
    error: type[ThbstatsError] = InvalidValue,
) -> None:  # fmt: skip
    """Raise an error with the first wrong value and the positions of all, counted from 0."""
    if wrong.any():
        rows = np.flatnonzero(wrong).tolist()
        value = np.broadcast_to(np.asarray(values), wrong.shape).flat[rows[0]]
        raise error(
            f"{requirement}, wrong at position{'s' * (len(rows) > 1)} {join_first(rows)}",
            field=field,
            value=float(value) if isinstance(value, np.floating) else value,
            hint=hint,
        )


def _is_na(item: object) -> bool:
    """Whether an item is a missing value of Python, numpy or pandas."""
    return item is None or type(item).__name__ == "NAType" or item != item  # noqa: PLR0124


def _mask(test: Any, array: NDArray[Any]) -> NDArray[np.bool_]:
    return np.array([test(item) for item in array.flat], np.bool_).reshape(array.shape)


def is_missing(values: ArrayLike) -> NDArray[np.bool_]:
    """Return the positions of nan, pandas.NA and None."""
    array = np.asarray(values)
    if array.dtype.kind == "f":
        return np.asarray(np.isnan(array))
    return _mask(_is_na, array) if array.dtype.kind == "O" else np.zeros(array.shape, np.bool_)


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
    try:
        array = np.asarray(values)
        if array.dtype.kind not in "iuf":
            array = np.asarray(values, dtype=object)
    except ValueError:
        raise InvalidValue(
            "must have rows of equal length", field=name, value=values, hint=_NUMBERS
        ) from None
    if array.dtype.kind == "O":
        no_number = ~_mask(_is_number, array)
        refuse(no_number, "must be numbers", _NUMBERS, field=name, values=array)
    refuse(
        is_missing(array),
        "must not be missing",
        'Leave these entries out, or pass missing="propagate" to shares and ratios',
        field=name,
        values=np.nan,
    )
    return array.astype(np.float64)


def as_counts(values: ArrayLike, name: str, *, unbounded: bool = False) -> Floats:
    """Return counts as floats; refuse numbers outside 0 to 2**53."""
    counts = as_numbers(values, name)
    above = np.asarray(values) > _LARGEST  # before an integer is rounded to a float
    refuse(
        (counts < 0) | (above & ~np.isposinf(counts) if unbounded else above),
        "must be counts from 0 to 2**53",
        "Give counts, not differences; a missing count is nan, not -1",
        field=name,
        values=counts,
    )
    return counts


def require_part(part: Floats, whole: Floats, names: tuple[str, str]) -> None:
    """Refuse a part above its whole."""
    above = np.asarray(part > whole)
    if above.any():
        high = np.broadcast_to(whole, above.shape)[above][0]
        refuse(
            above,
            f"must be at most `{names[1]}` ({high:g})",
            "Check the denominator: a part cannot be larger than its whole",
            field=names[0],
            values=part,
            error=ImpossibleResult,
        )


def as_part(part: ArrayLike, whole: ArrayLike, names: tuple[str, str]) -> tuple[Floats, Floats]:
    """Return a part and its whole as floats."""
    numbers = as_counts(part, names[0]), as_counts(whole, names[1])
    require_part(*numbers, names)
    return numbers


def as_ranges(lower: ArrayLike, upper: ArrayLike, name: str) -> tuple[Floats, Floats]:
    """Return lower and upper bounds of counts; an upper bound can be infinite."""
    names = f"{name}_lower", f"{name}_upper"
    low, high = as_counts(lower, names[0]), as_counts(upper, names[1], unbounded=True)
    require_part(low, high, names)
    return low, high


def as_rows(values: ArrayLike, name: str, *, least: int = 1) -> Floats:
    """Return counts of reporting countries along the last axis."""
    counts = as_counts(values, name)
    require(
        counts.ndim and counts.shape[-1] >= least,
        "must have one count per reporting country" + (", at least one" if least else ""),
        "Give a list of counts",
        **{name: values},
    )
    return counts


def plain(result: Any) -> float | Floats:
    """Return an array without axes as a float."""
    return float(result) if np.ndim(result) == 0 else np.asarray(result)


def divide(numerator: Any, denominator: Any, empty: float = np.nan) -> Any:
    """Return quotients, or ``empty`` for a denominator of 0; arrays of fractions stay exact."""
    numerator, denominator = np.broadcast_arrays(numerator, denominator)
    dtype = object if numerator.dtype == object else np.float64
    quotient = np.full(numerator.shape, empty, dtype=dtype)
    np.divide(numerator, denominator, out=quotient, where=denominator != 0)
    return quotient
