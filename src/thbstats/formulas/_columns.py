"""Formulas on pandas Series and frames, and on missing values.

The formulas need numpy alone. A Series can only be given where pandas is imported already.
"""

import sys
from collections.abc import Callable
from functools import partial, wraps
from inspect import signature
from typing import Any, ParamSpec, TypeVar, get_args

import numpy as np
from numpy.typing import NDArray

from thbstats.errors import InvalidValue
from thbstats.formulas._numbers import Missing, as_numbers, is_missing, join_first

__all__ = ["column_formula", "row_formula"]

_Arguments = ParamSpec("_Arguments")
_Output = TypeVar("_Output")


def column_formula(
    formula: Callable[_Arguments, _Output], *, by_row: bool = False
) -> Callable[_Arguments, _Output]:
    """Return a formula of arrays that also takes Series, frames and missing values.

    Parameters
    ----------
    formula : callable
        Takes numbers and arrays: its parameters annotated as ``ArrayLike``.
    by_row : bool
        Whether a missing value makes the whole row missing, as for sums.

    Returns
    -------
    callable
        Pairs Series by label. A result of the same shape is a Series or frame on the index of
        the first one; its name is that of the Series, if all have one name.

    Raises
    ------
    InvalidValue
        If two Series have different labels, or repeated labels in different order; if two frames
        differ in their labels; if an array has another shape than the Series; or if ``missing``
        is not allowed.
    """
    parameters = signature(formula).parameters.values()
    positional = [p.name for p in parameters if p.kind is p.POSITIONAL_OR_KEYWORD]
    numeric = {p.name for p in parameters if p.annotation == "ArrayLike"}
    takes_missing = any(p.name == "missing" for p in parameters)

    @wraps(formula)
    def with_columns(*args: _Arguments.args, **kwargs: _Arguments.kwargs) -> _Output:
        values: dict[str, Any] = {**dict(zip(positional, args, strict=False)), **kwargs}
        if len(values) < len(args) + len(kwargs):
            return formula(*args, **kwargs)  # Python names the repeated argument
        pandas: Any = sys.modules.get("pandas")
        types = (pandas.Series, pandas.DataFrame) if hasattr(pandas, "DataFrame") else ()
        columns = {n: v for n, v in values.items() if n in numeric and isinstance(v, types)}
        first = next(iter(columns), "")
        if columns:
            model = columns[first]
            for name in numeric & set(values):
                if name in columns and values.get("missing") != "propagate":
                    as_numbers(values[name], name)  # an error has the positions of this Series
                values[name] = _aligned(values[name], name, model, first)
        if takes_missing:
            _require_option(values.get("missing", "raise"))
        masked = None
        if values.get("missing") == "propagate":
            values, masked = _without_missing(values, numeric, by_row)
        call: Any = formula
        result = call(**values)
        results = result if isinstance(result, tuple) else (result,)
        if masked is not None and not by_row:
            results = tuple(np.where(masked, np.nan, own) for own in results)
            results = tuple(float(own) if own.ndim == 0 else own for own in results)
        if columns:
            results = tuple(_labelled(own, model, columns.values()) for own in results)
        output: Any = results if isinstance(result, tuple) else results[0]
        return output  # type: ignore[no-any-return]

    return with_columns


row_formula = partial(column_formula, by_row=True)
"""As `column_formula`, for formulas that add up the last axis."""


def _require_option(missing: object) -> None:
    if missing not in get_args(Missing):
        raise InvalidValue(
            'must be "raise" or "propagate"',
            field="missing",
            value=missing,
            hint='Pass missing="propagate" for missing results',
        )


def _without_missing(
    values: dict[str, Any], numeric: set[str], by_row: bool
) -> tuple[dict[str, Any], NDArray[np.bool_] | None]:
    """Return arguments with 0 for missing entries, and the mask of these entries."""
    names = [name for name in values if name in numeric]
    masks = [is_missing(values[name]) for name in names]
    masked = np.logical_or.reduce(np.broadcast_arrays(*masks))
    if not masked.any():
        return values, None
    if by_row:
        masked = np.broadcast_to(masked.any(axis=-1, keepdims=True), masked.shape)
    arrays = {name: np.where(masked, 0, np.asarray(values[name])) for name in names}
    return values | arrays, masked


def _aligned(values: Any, name: str, model: Any, first: str) -> Any:
    """Return values in the order of the labels of the first Series or frame."""
    if not hasattr(values, "index") or not hasattr(values, "iloc"):
        if np.shape(values) not in ((), model.shape):
            size = f"{len(model)} numbers" if model.ndim == 1 else f"numbers of shape {model.shape}"
            raise InvalidValue(
                f"must be one number or {size}, as `{first}` has",
                field=name,
                value=f"shape {np.shape(values)}",
                hint=f"Give one number per label, or {first}.to_numpy()",
            )
        return values
    if values.ndim != model.ndim:
        raise InvalidValue(
            f"must be a {type(model).__name__}, as `{first}` is",
            field=name,
            value=type(values).__name__,
            hint=f"Select one column of the frame, or give {first} as a frame",
        )
    if values.ndim == 2:
        if not (values.index.equals(model.index) and values.columns.equals(model.columns)):
            raise InvalidValue(
                f"must have the rows and columns of `{first}`, in the same order",
                field=name,
                hint=f"Give {name}.reindex_like({first}), or .to_numpy() to pair by position",
            )
        return np.asarray(values)
    return np.asarray(values)[_order(values, name, model.index, first)]


def _order(values: Any, name: str, index: Any, first: str) -> Any:
    """Return the positions in a Series of the labels of an index."""
    if values.index.equals(index):
        return slice(None)
    for argument, labels in ((first, index), (name, values.index)):
        if not labels.is_unique:
            repeated = labels[labels.duplicated()].unique()
            raise InvalidValue(
                "must not have repeated labels if the indices differ",
                field=argument,
                value=_texts(repeated),
                hint=f"Give {first} and {name} the same index, or .to_numpy() to pair by position",
            )
    rows = values.index.get_indexer(index)
    absent, extra = index[rows < 0], values.index[index.get_indexer(values.index) < 0]
    if len(absent) or len(extra):
        texts = [
            f"not in {name}: {_texts(absent)}" if len(absent) else "",
            f"not in {first}: {_texts(extra)}" if len(extra) else "",
        ]
        raise InvalidValue(
            f"must have the labels of `{first}` ({'; '.join(filter(None, texts))})",
            field=name,
            hint="Select the labels of both, or use .to_numpy() to pair by position",
        )
    return rows


def _labelled(numbers: Any, model: Any, columns: Any) -> Any:
    """Return numbers on the labels of a Series or frame of the same shape."""
    pandas: Any = sys.modules["pandas"]
    if np.shape(numbers) != model.shape:
        if model.ndim == 2 and np.shape(numbers) == (len(model),):
            return pandas.Series(numbers, index=model.index)
        return numbers
    if model.ndim == 2:
        return pandas.DataFrame(numbers, index=model.index, columns=model.columns)
    names = {column.name for column in columns}
    return pandas.Series(numbers, index=model.index, name=names.pop() if len(names) == 1 else None)


def _texts(labels: Any) -> str:
    return join_first([repr(label) for label in labels.tolist()])
