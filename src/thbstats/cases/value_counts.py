"""Values in the columns of cases, with their frequency and category."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd
from attrs import field, frozen

from thbstats.cases.coding import spelling
from thbstats.cases.counted import CountedCases
from thbstats.display import Cell, Column, Displayable, DisplayTable, Group, count

_LISTED = 20


@frozen(kw_only=True)
class ValueCount:
    """A value, or a pattern of values if a dimension has several columns.

    Parameters
    ----------
    dimension : str
        The dimension.
    column : str
        The column, or several columns with a plus sign between them.
    value : str or None
        The value; ``None`` for an empty cell.
    cases : int
        The number of cases with the value.
    read_as : str
        The categories, or "nothing recorded".
    """

    dimension: str
    column: str
    value: str | None
    cases: int
    read_as: str


def _values(values: Iterable[ValueCount]) -> tuple[ValueCount, ...]:
    return tuple(values)


@frozen(repr=False)
class ValueCounts(Displayable):
    """The values in the columns of cases.

    Parameters
    ----------
    values : tuple of ValueCount
        The values by dimension, the most frequent first.
    """

    values: tuple[ValueCount, ...] = field(converter=_values)

    @classmethod
    def of(cls, counts: Iterable[CountedCases]) -> "ValueCounts":
        """Return the values of cases that were counted by one dimension at a time."""
        result = []
        for counted in counts:
            (column,), ((digits,), cases) = counted.columns, counted.tally.nonempty()
            for row in np.argsort(-cases, kind="stable").tolist():
                position = int(digits[row])
                codes = column.answers[position].codes
                result.append(
                    ValueCount(
                        dimension=column.name,
                        column=" + ".join(column.reading.columns),
                        value=_pattern_text(column.values[position]),
                        cases=int(cases[row]),
                        read_as=", ".join(sorted(codes)) or "nothing recorded",
                    )
                )
        return cls(result)

    def to_frame(self) -> pd.DataFrame:
        """Return a row per value: dimension, column, value, cases, read_as."""
        names = ("dimension", "column", "value", "cases", "read_as")
        rows = [[getattr(value, name) for name in names] for value in self.values]
        return pd.DataFrame(rows, columns=list(names))

    def display_table(self) -> DisplayTable:
        """Return the most frequent values of each dimension for display."""
        rows: list[Group | list[Cell | str]] = []
        for name in dict.fromkeys(value.dimension for value in self.values):
            values = [value for value in self.values if value.dimension == name]
            rows.append(Group(f"{name.replace('_', ' ')} ({values[0].column})"))
            for value in values[:_LISTED]:
                text = "(empty)" if value.value is None else value.value or '""'
                rows.append([text, value.read_as, count(value.cases)])
            if len(values) > _LISTED:
                others = sum(value.cases for value in values[_LISTED:])
                rows.append([f"{len(values) - _LISTED} more values", "", count(others)])
        return DisplayTable(
            caption="Values in the columns",
            columns=["value", "read as", Column("cases", "right")],
            rows=rows,
        )

    def __repr__(self) -> str:
        return f"<ValueCounts: {len(self.values)} values>"


def _pattern_text(values: tuple[Any, ...]) -> str | None:
    if len(values) == 1:
        return spelling(values[0])
    return ", ".join(spelling(value) or "(empty)" for value in values)
