"""Row labels of pandas Series: two Series are paired by label, and the result keeps the index.

The formulas need numpy alone. A Series can only be given where pandas is imported already.
"""

import sys
from collections.abc import Callable, Mapping
from functools import wraps
from inspect import signature
from typing import Any, ParamSpec, TypeVar

import numpy as np
from numpy.typing import NDArray

from thbstats.errors import InvalidValue
from thbstats.formulas._numbers import as_numbers, listed

__all__ = ["labelled"]

_Given = ParamSpec("_Given")
_Result = TypeVar("_Result")


def labelled(formula: Callable[_Given, _Result]) -> Callable[_Given, _Result]:
    """Return a formula of arrays that also takes Series, and then returns Series.

    Parameters
    ----------
    formula : callable
        Takes numbers and arrays.

    Returns
    -------
    callable
        Pairs Series by label. A result with one number per label is a Series on the index of the
        first Series; its name is that of the Series, where all have one name.

    Raises
    ------
    InvalidValue
        If two Series have different labels, labels of different order that repeat, or a Series
        and an array have different lengths; or if two frames have different labels.
    """
    names = tuple(signature(formula).parameters)

    @wraps(formula)
    def paired(*args: _Given.args, **kwargs: _Given.kwargs) -> _Result:
        pandas: Any = sys.modules.get("pandas")
        series_type = getattr(pandas, "Series", ())
        given = {**dict(zip(names, args, strict=False)), **kwargs}
        series = {name: value for name, value in given.items() if isinstance(value, series_type)}
        if not series or len(args) > len(names):
            frame_type = getattr(pandas, "DataFrame", ())
            _require_alike(
                {n: value for n, value in given.items() if isinstance(value, frame_type)}
            )
            return formula(*args, **kwargs)
        index = next(iter(series.values())).index
        first = next(iter(series))
        arrays: dict[str, Any] = {
            name: _in_order(value, name, index, first)
            if name in series
            else _of_length(value, name, len(index))
            for name, value in given.items()
        }
        result: Any = formula(**arrays)  # type: ignore[call-arg]
        labels = {value.name for value in series.values()}
        name = labels.pop() if len(labels) == 1 else None

        def with_index(numbers: Any) -> Any:
            if np.shape(numbers) != (len(index),):
                return numbers
            return pandas.Series(numbers, index=index, name=name)

        if isinstance(result, tuple):
            return tuple(map(with_index, result))  # type: ignore[return-value]
        return with_index(result)  # type: ignore[no-any-return]

    return paired


def _in_order(values: Any, name: str, index: Any, first: str) -> NDArray[Any]:
    """Return the numbers of a Series in the order of the first index."""
    if values.index.equals(index):
        return np.asarray(values)
    as_numbers(values, name)  # an error gives the positions in this Series
    for argument, labels in ((first, index), (name, values.index)):
        if not labels.is_unique:
            repeated = labels[labels.duplicated()].unique()
            raise InvalidValue(
                "the indices differ and labels repeat",
                field=argument,
                value=_texts(repeated),
                hint=f"Give {first} and {name} the same index, or .to_numpy() to pair by position",
            )
    places = values.index.get_indexer(index)
    lacking, extra = index[places < 0], values.index[index.get_indexer(values.index) < 0]
    if len(lacking) or len(extra):
        told = [
            f"{name} has no label {_texts(lacking)}" if len(lacking) else "",
            f"{first} has no label {_texts(extra)}" if len(extra) else "",
        ]
        raise InvalidValue(
            f"the indices differ: {'; '.join(filter(None, told))}",
            field=name,
            hint="Select the labels that both have, or .to_numpy() to pair by position",
        )
    found: NDArray[Any] = np.asarray(values)[places]
    return found


def _require_alike(frames: Mapping[str, Any]) -> None:
    """Refuse frames with different labels: their numbers would be paired by position."""
    first = next(iter(frames), "")
    for name, frame in frames.items():
        same = frame.index.equals(frames[first].index)
        if not (same and frame.columns.equals(frames[first].columns)):
            raise InvalidValue(
                f"must have the rows and columns of {first}, in the same order",
                field=name,
                hint=f"Give {name}.reindex_like({first}), or .to_numpy() to pair by position",
            )


def _of_length(values: Any, name: str, length: int) -> Any:
    """Return what is given next to a Series, if it is one number or has one for each label."""
    shape = np.shape(values)
    if shape not in ((), (length,)):
        raise InvalidValue(
            f"must be one number or {length}, as many as the Series has labels",
            field=name,
            value=f"shape {shape}",
            hint="Give one number per label, or .to_numpy() of the Series",
        )
    return values


def _texts(labels: Any) -> str:
    return listed([repr(label) for label in labels.tolist()])
