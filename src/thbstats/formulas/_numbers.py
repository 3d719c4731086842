"""Arguments and results of formulas: numbers, pandas Series and frames, and missing values.

The formulas need numpy alone. A Series can only be given where pandas is imported already.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial, wraps
from inspect import signature
from numbers import Real
from typing import Any, Literal, ParamSpec, TypeVar, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from thbstats._signatures import explain_arguments
from thbstats.columns import Floats
from thbstats.errors import ImpossibleResult, InvalidValue, ThbstatsError, require

Bounds = tuple[float | Floats, float | Floats]
Missing = Literal["raise", "propagate"]

_LARGEST = 2**53
_FIRST = 5
_NUMBERS = "Give integers or floats; read text with thbstats.Percent or thbstats.read"


def join_first(texts: Sequence[object]) -> str:
    """Return the first five items, and the number of further items."""
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


def _unmasked(values: Any) -> Any:
    """Return a masked array with nan in place of masked values."""
    if isinstance(values, np.ma.MaskedArray):
        return np.ma.filled(values.astype(object), np.nan)
    return values


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
    values = _unmasked(values)
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


def as_positive(value: object, name: str, limit: float, problem: str, hint: str) -> float:
    """Return one number above 0 and below a limit as a float."""
    is_valid = isinstance(value, Real) and 0 < value < limit  # type: ignore[operator]
    require(is_valid, problem, hint, **{name: value})
    return float(value)  # type: ignore[arg-type]


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
    hint = "Give a list of counts"
    problem = "must have one count per reporting country" + (", at least one" if least else "")
    require(counts.ndim and counts.shape[-1] >= least, problem, hint, **{name: values})
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


_Arguments = ParamSpec("_Arguments")
_Output = TypeVar("_Output")


def column_formula(
    formula: Callable[_Arguments, _Output], *, by_row: bool = False
) -> Callable[_Arguments, _Output]:
    """Return a formula of arrays that also takes Series, frames and missing values.

    Parameters annotated as ``ArrayLike`` take them. Series are paired by label. A result of the
    same shape is a Series or frame on the index of the first one; its name is that of the
    Series, if all have one name. With ``by_row`` a missing value makes the whole row missing, as
    for sums.
    """
    parameters = signature(formula)
    numeric = {n for n, own in parameters.parameters.items() if own.annotation == "ArrayLike"}
    takes_missing = "missing" in parameters.parameters

    @wraps(formula)
    def with_columns(*args: _Arguments.args, **kwargs: _Arguments.kwargs) -> _Output:
        values: dict[str, Any] = parameters.bind(*args, **kwargs).arguments
        numbers = {name: _unmasked(own) for name, own in values.items() if name in numeric}
        missing = values.get("missing", "raise")
        hint = 'Pass missing="propagate" for missing results'
        problem = 'must be "raise" or "propagate"'
        require(not takes_missing or missing in get_args(Missing), problem, hint, missing=missing)
        # 1. Arrays in the order of the labels of the first Series or frame.
        columns = {name: own for name, own in numbers.items() if _is_column(own)}
        first = next(iter(columns), "")
        for name, own in numbers.items() if columns else ():
            if name in columns and missing != "propagate":
                as_numbers(own, name)  # an error has the positions of this Series
            numbers[name] = _aligned(own, name, columns[first], first)
        # 2. 0 in place of missing values. A row of zeros has no share, so its result is nan.
        masked: Any = np.False_
        if missing == "propagate":
            masked = np.logical_or.reduce(
                np.broadcast_arrays(*(is_missing(own) for own in numbers.values()))
            )
            if by_row:
                masked = np.broadcast_to(masked.any(axis=-1, keepdims=True), masked.shape)
        if masked.any():
            numbers = {name: np.where(masked, 0, np.asarray(o)) for name, o in numbers.items()}
        # 3. The results of arrays, one or several.
        call: Any = formula
        try:
            result = call(**values | numbers)
        except ValueError as error:
            if isinstance(error, ThbstatsError):
                raise
            raise _no_common_shape(numbers) from None
        results = result if isinstance(result, tuple) else (result,)
        # 4. Missing values and labels.
        if masked.any() and not by_row:
            results = tuple(plain(np.where(masked, np.nan, own)) for own in results)
        if columns:
            model = columns[first]
            results = tuple(_labelled(own, model, columns.values()) for own in results)
        output: Any = results if isinstance(result, tuple) else results[0]
        return output  # type: ignore[no-any-return]

    return explain_arguments(with_columns)


row_formula = partial(column_formula, by_row=True)
"""As `column_formula`, for formulas that add up the last axis."""


def _is_column(values: Any) -> bool:
    """Return whether values are a Series or frame of pandas, which may not be imported."""
    pandas: Any = sys.modules.get("pandas")
    types = (pandas.Series, pandas.DataFrame) if hasattr(pandas, "DataFrame") else ()
    return isinstance(values, types)


def _no_common_shape(numbers: Mapping[str, Any]) -> InvalidValue:
    shapes = {name: " x ".join(map(str, np.shape(own))) for name, own in numbers.items()}
    sizes = ", ".join(f"`{name}` has {shape}" for name, shape in shapes.items())
    hint = "Pass arrays of one length, or one number"
    return InvalidValue(f"The numbers must fit each other: {sizes}", hint=hint)


def _aligned(values: Any, name: str, model: Any, first: str) -> Any:
    """Return values in the order of the labels of the first Series or frame."""
    if not hasattr(values, "index") or not hasattr(values, "iloc"):
        if np.shape(values) not in ((), model.shape):
            size = f"{len(model)} numbers" if model.ndim == 1 else f"numbers of shape {model.shape}"
            hint = f"Give one number per label, or {first}.to_numpy()"
            problem = f"must be one number or {size}, as `{first}` has"
            raise InvalidValue(problem, field=name, value=f"shape {np.shape(values)}", hint=hint)
        return values
    hint = f"Select one column of the frame, or give {first} as a frame"
    problem = f"must be a {type(model).__name__}, as `{first}` is"
    require(values.ndim == model.ndim, problem, hint, **{name: type(values).__name__})
    if values.ndim == 1:
        return np.asarray(values)[_order(values, name, model.index, first)]
    if not (values.index.equals(model.index) and values.columns.equals(model.columns)):
        hint = f"Give {name}.reindex_like({first}), or .to_numpy() to pair by position"
        problem = f"must have the rows and columns of `{first}`, in the same order"
        raise InvalidValue(problem, field=name, hint=hint)
    return np.asarray(values)


def _order(values: Any, name: str, index: Any, first: str) -> Any:
    """Return the position in a Series for each label of an index."""
    if values.index.equals(index):
        return slice(None)
    for argument, labels in ((first, index), (name, values.index)):
        require(
            labels.is_unique,
            "must not have repeated labels if the indices differ",
            f"Give {first} and {name} the same index, or .to_numpy() to pair by position",
            **{argument: _texts(labels[labels.duplicated()].unique())},
        )
    rows = values.index.get_indexer(index)
    absent, extra = index[rows < 0], values.index[index.get_indexer(values.index) < 0]
    pairs = ((name, absent), (first, extra))
    lacking = [f"not in {side}: {_texts(labels)}" for side, labels in pairs if len(labels)]
    if lacking:
        hint = "Select the labels of both, or use .to_numpy() to pair by position"
        problem = f"must have the labels of `{first}` ({'; '.join(lacking)})"
        raise InvalidValue(problem, field=name, hint=hint)
    return rows


def _labelled(numbers: Any, model: Any, columns: Any) -> Any:
    """Return numbers with the labels of a Series or frame of the same shape."""
    pandas: Any = sys.modules["pandas"]
    if np.shape(numbers) == model.shape:
        if model.ndim == 2:
            return pandas.DataFrame(numbers, index=model.index, columns=model.columns)
        names = {column.name for column in columns}
        name = names.pop() if len(names) == 1 else None
        return pandas.Series(numbers, index=model.index, name=name)
    by_row = model.ndim == 2 and np.shape(numbers) == (len(model),)
    return pandas.Series(numbers, index=model.index) if by_row else numbers


def _texts(labels: Any) -> str:
    return join_first([repr(label) for label in labels.tolist()]) if len(labels) else ""
