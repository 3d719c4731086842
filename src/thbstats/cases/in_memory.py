"""Cases of a frame in memory."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from os import cpu_count
from typing import Any, TypeVar

import numpy as np
import pandas as pd
from attrs import field, frozen
from numpy.typing import NDArray

from thbstats.cases.engine_columns import Derivation
from thbstats.cases.rows import NO_DERIVATIONS, GroupedRows
from thbstats.columns import Coded
from thbstats.counting import code_column
from thbstats.errors import InvalidValue, ThbstatsError
from thbstats.tables.encoding import Problems, read_integers
from thbstats.tables.frames import frame_columns

__all__ = ["FrameRows"]

T = TypeVar("T")

_MANY = 100_000  # rows from which a second thread is faster


@frozen(eq=False)
class FrameRows:
    """Cases of a frame in memory, whose columns are encoded once.

    Parameters
    ----------
    columns : mapping of str to column
        The columns that `thbstats.tables.frames.frame_columns` returns.
    size : int
        The number of rows.
    """

    columns: Mapping[str, Any]
    size: int
    _coded: dict[str, Coded[Any]] = field(factory=dict, init=False, repr=False)

    @classmethod
    def of(cls, frame: Any) -> "FrameRows":
        """Return the rows of a frame of any engine."""
        return cls(*frame_columns(frame))

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns."""
        return tuple(self.columns)

    def group(
        self,
        columns: Sequence[str],
        weights: str | None = None,
        derived: Mapping[str, Derivation] = NO_DERIVATIONS,
    ) -> GroupedRows:
        """Return some columns of all cases, one row per case."""
        needed = [*columns, *(name for item in derived.values() for name in item.columns)]
        self._encode([name for name in dict.fromkeys(needed) if name not in self._coded])
        return GroupedRows(
            columns={name: self._coded[name] for name in columns},
            derived={
                name: item.in_memory([self._coded[column] for column in item.columns])
                for name, item in derived.items()
            },
            size=self.size,
            weights=None if weights is None else _read_weights(self.columns[weights], weights),
        )

    def _encode(self, names: Sequence[str]) -> None:
        """Encode some columns; Arrow reads texts in several threads."""
        texts = [name for name in names if _is_arrow(self.columns[name])]
        if len(texts) > 1 and self.size > _MANY:
            with ThreadPoolExecutor(min(len(texts), cpu_count() or 1)) as threads:
                result = threads.map(lambda name: code_column(self.columns[name], name), texts)
                self._coded.update(zip(texts, result, strict=True))
        for name in names:
            if name not in self._coded:
                self._coded[name] = code_column(self.columns[name], name)


def _is_arrow(column: Any) -> bool:
    dtype = getattr(column, "dtype", None)
    return isinstance(dtype, pd.StringDtype) and dtype.storage == "pyarrow"


class _WeightProblems(Problems):
    """Problems of weights, which are not published counts."""

    def add_each(self, items: Iterable[T], error: Callable[[T], ThbstatsError]) -> None:
        """Add an error about a weight for each item."""
        super().add_each(items, lambda item: _weight_error(error(item)))


def _weight_error(error: ThbstatsError) -> ThbstatsError:
    return InvalidValue(
        "must be an integer of 0 or more",
        row=error.row,
        field=error.field,
        value=error.value,
        hint="Correct the weight, or exclude such rows with filter=...",
    )


def _read_weights(values: Any, name: str) -> NDArray[np.int64]:
    problems = _WeightProblems()
    result = read_integers(values, name, problems)
    if result.missing is not None:
        problems.rows(result.missing, lambda row: InvalidValue("", row=row, field=name, value=None))
    if result.infinite is not None:
        problems.rows(
            result.infinite, lambda row: InvalidValue("", row=row, field=name, value=np.inf)
        )
    problems.raise_any()
    return result.numbers
