"""Cases of a frame in memory: its columns become codes, and its rows stay rows."""

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
from thbstats.tables.engines import frame_columns
from thbstats.tables.problems import Problems
from thbstats.tables.whole import read_whole

__all__ = ["FrameRows"]

T = TypeVar("T")

_MANY = 100_000  # rows above which a second thread is worth its start


@frozen(eq=False)
class FrameRows:
    """Cases of a frame in memory, whose columns become codes once and are kept.

    Parameters
    ----------
    columns : mapping of str to column
        As `thbstats.tables.engines.frame_columns` gives them.
    size : int
        How many rows.
    """

    columns: Mapping[str, Any]
    size: int
    _kept: dict[str, Coded[Any]] = field(factory=dict, init=False, repr=False)

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
        """Return some columns of all cases, each row for itself."""
        wanted = [*columns, *(name for item in derived.values() for name in item.columns)]
        self._keep([name for name in dict.fromkeys(wanted) if name not in self._kept])
        return GroupedRows(
            columns={name: self._kept[name] for name in columns},
            derived={
                name: item.in_memory([self._kept[column] for column in item.columns])
                for name, item in derived.items()
            },
            size=self.size,
            weights=None if weights is None else _whole(self.columns[weights], weights),
        )

    def _keep(self, names: Sequence[str]) -> None:
        """Make the codes of some columns; Arrow reads texts without holding up Python."""
        texts = [name for name in names if _is_arrow(self.columns[name])]
        if len(texts) > 1 and self.size > _MANY:
            with ThreadPoolExecutor(min(len(texts), cpu_count() or 1)) as threads:
                found = threads.map(lambda name: code_column(self.columns[name], name), texts)
                self._kept.update(zip(texts, found, strict=True))
        for name in names:
            if name not in self._kept:
                self._kept[name] = code_column(self.columns[name], name)


def _is_arrow(column: Any) -> bool:
    dtype = getattr(column, "dtype", None)
    return isinstance(dtype, pd.StringDtype) and dtype.storage == "pyarrow"


class _WeightProblems(Problems):
    """What is wrong with weights, which are not counts that somebody printed."""

    def each(self, items: Iterable[T], error: Callable[[T], ThbstatsError]) -> None:
        """Remember an error for each item, as one of a weight."""
        super().each(items, lambda item: _of_weight(error(item)))


def _of_weight(error: ThbstatsError) -> ThbstatsError:
    return InvalidValue(
        "no whole number of cases",
        row=error.row,
        field=error.field,
        value=error.value,
        hint="Correct it, or leave such rows out with filter=...",
    )


def _whole(values: Any, name: str) -> NDArray[np.int64]:
    problems = _WeightProblems()
    found = read_whole(values, name, problems)
    if found.missing is not None:
        problems.rows(found.missing, lambda row: InvalidValue("", row=row, field=name, value=None))
    if found.infinite is not None:
        problems.rows(
            found.infinite, lambda row: InvalidValue("", row=row, field=name, value=np.inf)
        )
    problems.raise_any()
    return found.numbers
