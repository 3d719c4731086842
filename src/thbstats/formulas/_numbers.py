"""Checked numbers and counts, as floats."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from thbstats.errors import ImpossibleResult, InvalidValue

__all__ = [
    "Floats",
    "as_counts",
    "as_numbers",
    "as_range",
    "divided",
    "formatted",
    "listed",
    "no_more_than",
    "positions",
]

Floats = NDArray[np.float64]

_LARGEST = 2**53
_LISTED = 5


def listed(texts: Sequence[object]) -> str:
    """Return up to five items, and how many more there are."""
    named, more = [str(text) for text in texts[:_LISTED]], len(texts) - _LISTED
    last = f"{more} more" if more > 0 else named.pop()
    return f"{', '.join(named)} and {last}" if named else last


def positions(wrong: NDArray[np.bool_]) -> str:
    """Return the positions at which something is wrong, counted from 0."""
    places = np.flatnonzero(wrong)
    return f"position{'' if len(places) == 1 else 's'} {listed(places)}"  # type: ignore[arg-type]


def _are_numbers(array: NDArray[Any]) -> bool:
    if array.dtype.kind == "O":  # Python objects, which numpy would read as numbers if it can
        return not any(isinstance(item, str | bytes | bool | np.bool_) for item in array.flat)
    return array.dtype.kind in "iuf"


def as_numbers(values: ArrayLike, name: str) -> Floats:
    try:
        array = np.asarray(values)
        numbers = array.astype(np.float64) if _are_numbers(array) else None
    except (TypeError, ValueError, OverflowError):  # a ragged list, an object, a huge integer
        numbers = None
    if numbers is None:
        raise InvalidValue(
            "numbers are needed",
            field=name,
            value=values,
            hint="Give integers or floats; read text with thbstats.Percent or thbstats.read",
        )
    if np.isnan(numbers).any():
        raise InvalidValue(
            f"must be numbers, got nan at {positions(np.isnan(numbers))}",
            field=name,
            value=float("nan"),
            hint="Leave missing entries out, or give their bounds to share_bounds",
        )
    return numbers


def as_counts(values: ArrayLike, name: str, *, unbounded: bool = False) -> Floats:
    counts = as_numbers(values, name)
    beyond = np.asarray(values) > _LARGEST  # before an integer is rounded to a float
    wrong = (counts < 0) | (beyond & ~np.isposinf(counts) if unbounded else beyond)
    if wrong.any():
        place = int(np.flatnonzero(wrong)[0])
        raise InvalidValue(
            f"counts must be between 0 and 2**53, which fails at {positions(wrong)}",
            field=name,
            value=float(counts.flat[place]),
            hint="Give counts, not differences; a missing count is not -1",
        )
    return counts


def no_more_than(part: Floats, whole: Floats, part_name: str, whole_name: str) -> None:
    above = part > whole
    if above.any():
        place = int(np.flatnonzero(above)[0])
        low, high = (float(array.flat[place]) for array in np.broadcast_arrays(part, whole))
        raise ImpossibleResult(
            f"the {part_name} is above the {whole_name} {high:g} at {positions(above)}",
            field=part_name,
            value=low,
            hint="Check the base: a part cannot be larger than its whole",
        )


def as_range(lower: ArrayLike, upper: ArrayLike, name: str) -> tuple[Floats, Floats]:
    low = as_counts(lower, f"{name}_lower")
    high = as_counts(upper, f"{name}_upper", unbounded=True)
    no_more_than(low, high, f"{name}_lower", f"{name}_upper")
    return low, high


def formatted(result: Floats) -> "float | Floats":
    return float(result) if result.ndim == 0 else result


def divided(numerator: Floats, denominator: Floats) -> Floats:
    numerator, denominator = np.broadcast_arrays(numerator, denominator)
    quotient = np.full(numerator.shape, np.nan)
    np.divide(numerator, denominator, out=quotient, where=denominator != 0)
    return quotient
