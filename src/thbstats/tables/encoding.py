"""A column of words as codes: each distinct spelling is read once, however many rows have it."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from attrs import frozen
from numpy.typing import NDArray

from thbstats.errors import InvalidValue, ThbstatsError
from thbstats.records import Dimension
from thbstats.tables.columns import Codes, looked_up, narrowed, narrowest, standing
from thbstats.tables.problems import Problems

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
    categorical : bool
        Whether some of them may stand in no row.
    """

    codes: NDArray[Any]
    values: tuple[Any, ...]
    categorical: bool = False

    def first(self, place: int) -> int:
        """Return the first row of a value."""
        return int(np.argmax(self.codes == place))

    def used(self) -> list[int]:
        """Return the places of the values that stand in some row."""
        if not self.categorical:
            return list(range(len(self.values)))
        return standing(self.codes, len(self.values))


def is_scalar(values: object) -> bool:
    """Whether one value stands for every row."""
    single = isinstance(values, (str, bytes, set, frozenset))
    return single or not hasattr(values, "__len__")


def distinct(values: Any, name: str) -> Distinct:
    """Return the distinct values of a column; the one place where rows are hashed."""
    if isinstance(values, (list, tuple)):
        column = np.empty(len(values), dtype=object)
        column[:] = values
        values = column
    dtype = getattr(values, "dtype", None)
    try:
        if isinstance(dtype, pd.CategoricalDtype):
            categorical = getattr(values, "array", values)
            return Distinct(categorical.codes, tuple(dtype.categories), categorical=True)
        codes, uniques = pd.factorize(values)
    except TypeError:
        raise InvalidValue(
            "values that cannot be compared", field=name, mend="Give one text per row"
        ) from None
    return Distinct(codes, tuple(uniques))


def encode(
    values: Any, dimension: Dimension, problems: Problems, room: NDArray[np.uint8] | None = None
) -> Codes:
    """Return the codes of a column of a dimension; what cannot be read is added to the problems.

    ``room`` is where to write them if they fit: fresh memory is what costs most.
    """
    found = distinct(values, dimension.name)
    read = {place: _read(dimension, found, place, problems) for place in found.used()}
    categories = sorted({code for code in read.values() if code is not None}, key=dimension.order)
    codes = _renumbered(found, read, categories, room)
    if _has_gaps(codes):
        problems.add(_missing(dimension, found))
    if len(categories) <= 1:
        return Codes.constant(categories[0] if categories else "", len(codes))
    return Codes(codes, tuple(categories))


def _read(dimension: Dimension, found: Distinct, place: int, problems: Problems) -> str | None:
    try:
        return dimension.parse(found.values[place])
    except ThbstatsError as error:
        row, value = found.first(place), found.values[place]
        problems.add(error.at(row=row, field=dimension.name, value=value))
        return None


def _missing(dimension: Dimension, found: Distinct) -> ThbstatsError:
    total = f"'{dimension.total}' if it is not broken down, " if dimension.total else ""
    namibia = (
        " (a reader of files may have taken Namibia's code NA for a gap)"
        if dimension.holds in ("area", "citizenship")
        else ""
    )
    return InvalidValue(
        f"{np.count_nonzero(found.codes < 0)} rows do not say which{namibia}",
        row=found.first(-1),
        field=dimension.name,
        mend=f"Write {total}'unknown' or 'not_stated' where the list has it, or leave the row out",
    )


def _renumbered(
    found: Distinct,
    read: Mapping[int, str | None],
    categories: Sequence[str],
    room: NDArray[np.uint8] | None,
) -> NDArray[Any]:
    """Return the codes in the order of the list; what is missing has the largest of its type.

    To look for gaps among the narrow codes is faster than among those that pandas gives.
    """
    position: dict[str | None, int] = {code: place for place, code in enumerate(categories)}
    dtype = narrowest(len(categories) + 1)
    if all(position.get(code) == place for place, code in read.items()):
        return narrowed(found.codes, dtype, room)
    table = np.zeros(len(found.values) + 1, dtype=dtype)
    table[-1] = np.iinfo(dtype).max
    for place, code in read.items():
        table[place] = position.get(code, 0)
    return looked_up(table, found.codes, room)


def _has_gaps(codes: NDArray[Any]) -> bool:
    return len(codes) > 0 and int(codes.max()) == np.iinfo(codes.dtype).max
