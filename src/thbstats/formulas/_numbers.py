"""What every formula takes and gives: checked numbers and counts, as floats."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from thbstats.errors import ImpossibleResult, InvalidValue

__all__ = ["Floats", "as_counts", "as_numbers", "as_range", "divided", "no_more_than", "shown"]

Floats = NDArray[np.float64]

_LARGEST = 2**53


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
            mend="Give integers or floats; read text with thbstats.Percent or thbstats.read",
        )
    if np.isnan(numbers).any():
        raise InvalidValue(
            f"nan at position {int(np.flatnonzero(np.isnan(numbers))[0])} is not a number",
            field=name,
            value=float("nan"),
            mend="Leave the entry out and say so, or give its bounds to share_bounds",
        )
    return numbers


def as_counts(values: ArrayLike, name: str, *, unbounded: bool = False) -> Floats:
    counts = as_numbers(values, name)
    beyond = np.asarray(values) > _LARGEST  # before an integer is rounded to a float
    wrong = (counts < 0) | (beyond & ~np.isposinf(counts) if unbounded else beyond)
    if wrong.any():
        place = int(np.flatnonzero(wrong)[0])
        raise InvalidValue(
            f"a count lies between 0 and 2**53; position {place} does not",
            field=name,
            value=float(counts.flat[place]),
            mend="Give counts, not differences; a missing count is not -1",
        )
    return counts


def no_more_than(part: Floats, whole: Floats, part_name: str, whole_name: str) -> None:
    above = part > whole
    if above.any():
        place = int(np.flatnonzero(above)[0])
        low, high = (float(array.flat[place]) for array in np.broadcast_arrays(part, whole))
        raise ImpossibleResult(
            f"the {part_name} is above the {whole_name} {high:g} at position {place}",
            field=part_name,
            value=low,
            mend="Check the base: a part cannot be larger than its whole",
        )


def as_range(lower: ArrayLike, upper: ArrayLike, name: str) -> tuple[Floats, Floats]:
    low = as_counts(lower, f"{name}_lower")
    high = as_counts(upper, f"{name}_upper", unbounded=True)
    no_more_than(low, high, f"{name}_lower", f"{name}_upper")
    return low, high


def shown(result: Floats) -> "float | Floats":
    return float(result) if result.ndim == 0 else result


def divided(numerator: Floats, denominator: Floats) -> Floats:
    numerator, denominator = np.broadcast_arrays(numerator, denominator)
    quotient = np.full(numerator.shape, np.nan)
    np.divide(numerator, denominator, out=quotient, where=denominator != 0)
    return quotient
