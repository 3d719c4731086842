"""A column of words as codes: each distinct spelling is read once, however many rows have it."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from attrs import frozen
from numpy.typing import NDArray

from thbstats.errors import InvalidValue, ThbstatsError
from thbstats.records import Dimension
from thbstats.tables.columns import Codes, narrowest
from thbstats.tables.problems import Problems, placed

__all__ = ["Distinct", "distinct", "encode", "is_scalar"]


@frozen(eq=False)
class Distinct:
    """A column as codes of its distinct values.

    Parameters
    ----------
    codes : array of int, shape (n,)
        Positions in ``values``; -1 where the value is missing.
    values : tuple
        Distinct values.
    counts : array of int
        How many rows have each value, the missing ones last.
    """

    codes: NDArray[Any]
    values: tuple[Any, ...]
    counts: NDArray[np.intp]

    @property
    def missing(self) -> int:
        """How many rows have no value."""
        return int(self.counts[-1])

    def first(self, place: int) -> int:
        """Return the first row of a value."""
        return int(np.argmax(self.codes == place))


def is_scalar(values: object) -> bool:
    """Whether one value stands for every row."""
    return isinstance(values, (str, bytes)) or not hasattr(values, "__len__")


def distinct(values: Any, name: str) -> Distinct:
    """Return the distinct values of a column; the one place where rows are hashed."""
    if isinstance(values, (list, tuple)):
        column = np.empty(len(values), dtype=object)
        column[:] = values
        values = column
    dtype = getattr(values, "dtype", None)
    try:
        if isinstance(dtype, pd.CategoricalDtype):
            categorical = pd.Categorical(values)
            codes, uniques = categorical.codes, categorical.categories
        else:
            codes, uniques = pd.factorize(values)
    except TypeError:
        raise InvalidValue(
            "values that cannot be compared", field=name, mend="Give one text per row"
        ) from None
    # A missing value has code -1: as unsigned it is the last of all.
    counts = _counts(codes, len(uniques))
    return Distinct(codes, tuple(uniques), counts)


def _counts(codes: NDArray[Any], size: int) -> NDArray[np.intp]:
    if codes.dtype == np.int8:
        found = np.bincount(codes.view(np.uint8), minlength=256)
        return np.append(found[:size], found[255])
    found = np.bincount(codes + 1, minlength=size + 1)
    return np.append(found[1:], found[0])


def encode(values: Any, dimension: Dimension, problems: Problems) -> Codes:
    """Return the codes of a column of a dimension; what cannot be read is added to the problems."""
    found = distinct(values, dimension.name)
    if found.missing:
        problems.add(_missing(dimension, found))
    codes = [_read(dimension, found, place, problems) for place in range(len(found.values))]
    categories = sorted({code for code in codes if code is not None}, key=dimension.order)
    return _renumbered(found, codes, categories)


def _read(dimension: Dimension, found: Distinct, place: int, problems: Problems) -> str | None:
    if not found.counts[place]:
        return None
    try:
        return dimension.parse(found.values[place])
    except ThbstatsError as error:
        row, value = found.first(place), found.values[place]
        problems.add(placed(error, row=row, field=dimension.name, value=value))
        return None


def _missing(dimension: Dimension, found: Distinct) -> ThbstatsError:
    total = f"'{dimension.total}' if it is not broken down, " if dimension.total else ""
    extra = (
        " (a reader of files may have taken Namibia's code NA for a gap)"
        if dimension.holds in ("area", "citizenship")
        else ""
    )
    return InvalidValue(
        f"{found.missing} rows do not say which{extra}",
        row=found.first(-1),
        field=dimension.name,
        mend=f"Write {total}'unknown' or 'not_stated' where the list has it, or leave the row out",
    )


def _renumbered(found: Distinct, codes: Sequence[str | None], categories: Sequence[str]) -> Codes:
    size = len(found.codes)
    if len(categories) <= 1:
        return Codes.constant(categories[0] if categories else "", size)
    position = {category: place for place, category in enumerate(categories)}
    places = [position.get(code, 0) if code is not None else 0 for code in codes]
    dtype = narrowest(len(categories))
    if places == list(range(len(places))) and not found.missing:
        return Codes(found.codes.astype(dtype), tuple(categories))
    # One more entry for the missing, which stand at -1.
    table = np.array([*places, 0], dtype=dtype)
    return Codes(table[found.codes], tuple(categories))
