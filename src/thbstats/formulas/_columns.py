"""Formulas on pandas Series and frames, and on missing values.

The formulas need numpy alone. A Series can only be given where pandas is imported already.
"""

import sys
from collections.abc import Callable
from functools import partial, wraps
from inspect import signature
from typing import Any, ParamSpec, TypeVar, get_args

import numpy as np

from thbstats._signatures import explain_arguments
from thbstats.errors import InvalidValue, require
from thbstats.formulas._numbers import Missing, as_numbers, is_missing, join_first

_Arguments = ParamSpec("_Arguments")
_Output = TypeVar("_Output")

_MISSING = """
    missing : {"raise", "propagate"}
        Whether a missing value raises an error (default) or gives ``nan``.

    Returns
"""
_RAISES = """    Raises
    ------
    InvalidValue
        If a value is missing or not allowed, such as -1 for a count, or the axes do not fit.
    ImpossibleResult
        If a part is above its whole, or a lower bound above its upper bound.

"""


def column_formula(
    formula: Callable[_Arguments, _Output], *, by_row: bool = False
) -> Callable[_Arguments, _Output]:
    """Return a formula of arrays that also takes Series, frames and missing values.

    Parameters annotated as ``ArrayLike`` take them. Series are paired by label. A result of the
    same shape is a Series or frame on the index of the first one; its name is that of the
    Series, if all have one name. With ``by_row`` a missing value makes the whole row missing, as
    for sums.
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
        missing = values.get("missing", "raise")
        pandas: Any = sys.modules.get("pandas")
        types = (pandas.Series, pandas.DataFrame) if hasattr(pandas, "DataFrame") else ()
        numbers = {name: own for name, own in values.items() if name in numeric}
        columns = {name: own for name, own in numbers.items() if isinstance(own, types)}
        first, model = next(iter(columns.items()), ("", None))
        for name, own in numbers.items() if columns else ():
            if name in columns and missing != "propagate":
                as_numbers(own, name)  # an error has the positions of this Series
            numbers[name] = _aligned(own, name, model, first)
        require(
            not takes_missing or missing in get_args(Missing),
            'must be "raise" or "propagate"',
            'Pass missing="propagate" for missing results',
            missing=missing,
        )
        masked: Any = None
        if missing == "propagate":
            masks = np.broadcast_arrays(*map(is_missing, numbers.values()))
            masked = np.logical_or.reduce(masks)
            if by_row:
                masked = np.broadcast_to(masked.any(axis=-1, keepdims=True), masked.shape)
            if masked.any():
                for name, own in numbers.items():
                    numbers[name] = np.where(masked, 0, np.asarray(own))
            else:
                masked = None
        call: Any = formula
        try:
            result = call(**values | numbers)
        except ValueError as error:
            if "broadcast" not in str(error):
                raise
            shapes = {name: np.shape(own) for name, own in numbers.items()}
            sizes = ", ".join(
                f"`{name}` has {' x '.join(map(str, own))}" for name, own in shapes.items()
            )
            hint = "Pass arrays of one length, or one number"
            raise InvalidValue(f"The numbers must fit each other: {sizes}", hint=hint) from None
        results = result if isinstance(result, tuple) else (result,)
        if masked is not None and not by_row:
            results = tuple(np.where(masked, np.nan, own) for own in results)
            results = tuple(float(own) if own.ndim == 0 else own for own in results)
        if model is not None:
            results = tuple(_labelled(own, model, columns.values()) for own in results)
        output: Any = results if isinstance(result, tuple) else results[0]
        return output  # type: ignore[no-any-return]

    doc = formula.__doc__ or ""
    if takes_missing:
        doc = doc.replace("\n\n    Returns\n", _MISSING)
    with_columns.__doc__ = doc.replace("    Examples\n", _RAISES + "    Examples\n")
    return explain_arguments(with_columns)


row_formula = partial(column_formula, by_row=True)
"""As `column_formula`, for formulas that add up the last axis."""


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
    require(
        values.ndim == model.ndim,
        f"must be a {type(model).__name__}, as `{first}` is",
        f"Select one column of the frame, or give {first} as a frame",
        **{name: type(values).__name__},
    )
    if values.ndim == 1:
        return np.asarray(values)[_order(values, name, model.index, first)]
    if not (values.index.equals(model.index) and values.columns.equals(model.columns)):
        raise InvalidValue(
            f"must have the rows and columns of `{first}`, in the same order",
            field=name,
            hint=f"Give {name}.reindex_like({first}), or .to_numpy() to pair by position",
        )
    return np.asarray(values)


def _order(values: Any, name: str, index: Any, first: str) -> Any:
    """Return the positions in a Series of the labels of an index."""
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
        raise InvalidValue(
            f"must have the labels of `{first}` ({'; '.join(lacking)})",
            field=name,
            hint="Select the labels of both, or use .to_numpy() to pair by position",
        )
    return rows


def _labelled(numbers: Any, model: Any, columns: Any) -> Any:
    """Return numbers on the labels of a Series or frame of the same shape."""
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
