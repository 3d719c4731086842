"""Records of columns, and the rows of all their columns."""

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from operator import attrgetter
from typing import Any, Self

import numpy as np
from attrs import fields
from numpy.typing import NDArray


class ColumnRecord:
    """An attrs class of columns with one entry per row."""

    __slots__ = ()

    @classmethod
    def _names(cls) -> list[str]:
        return [item.name for item in fields(cls)]  # type: ignore[arg-type]

    @classmethod
    def concat(cls, columns: Sequence[Self]) -> Self:
        """Return the rows of one or more columns, of arrays along the last axis."""
        return cls(**concat_fields(columns, cls._names()))

    @classmethod
    def _stack(cls, columns: Sequence[Self]) -> Self:
        """Stack columns of arrays along a new first axis."""
        names = cls._names()
        return cls(**{name: np.array([getattr(own, name) for own in columns]) for name in names})

    def take(self, rows: Any) -> Self:
        """Return some rows, by positions or a mask."""
        return type(self)(**take_fields(self, self._names(), rows))


class ArrayRecord(ColumnRecord):
    """An attrs class of arrays."""

    __slots__ = ()

    @property
    def arrays(self) -> tuple[NDArray[Any], ...]:
        """All arrays, in the order of the fields."""
        return _fields_of(type(self))(self)  # type: ignore[arg-type]

    def where(self, mask: NDArray[np.bool_], other: Self) -> Self:
        """Return the numbers of this record where a mask is true, and other numbers elsewhere."""
        pairs = zip(self.arrays, other.arrays, strict=True)
        return type(self)(*[np.where(mask, own, others) for own, others in pairs])

    def split(self) -> list[Self]:
        """Return the numbers of each row of the first axis."""
        return [type(self)(*row) for row in zip(*self.arrays, strict=True)]


@cache
def _fields_of(record: type[Any]) -> Callable[[Any], tuple[Any, ...]]:
    return attrgetter(*[item.name for item in fields(record)])


def take_fields(record: object, names: Iterable[str], rows: Any) -> dict[str, Any]:
    """Return some rows of the named columns of a record; an array can be several columns."""
    columns = {name: getattr(record, name) for name in names}
    distinct = {id(column): column for column in columns.values()}
    chosen = {key: _take(column, rows) for key, column in distinct.items()}
    return {name: chosen[id(column)] for name, column in columns.items()}


def _take(column: Any, rows: Any) -> Any:
    if column is None or isinstance(column, tuple):
        return column and tuple(column[row] for row in rows.tolist())
    return column[rows] if isinstance(column, np.ndarray) else column.take(rows)


def concat_fields(records: Sequence[object], names: Iterable[str]) -> dict[str, Any]:
    """Return the rows of the named columns of several records."""
    columns = {name: [getattr(record, name) for record in records] for name in names}
    return {
        name: np.concatenate(own, axis=-1)
        if isinstance(own[0], np.ndarray)
        else type(own[0]).concat(own)
        for name, own in columns.items()
    }
