"""What stood in the columns of cases, how often, and as what it was read."""

from collections.abc import Iterable, Iterator
from typing import Any

import pandas as pd
from attrs import field, frozen

from thbstats.cases.counted_cases import CountedCases
from thbstats.counting import spelling
from thbstats.display import Cell, Column, Displayable, DisplayTable, Group, count

__all__ = ["ValueCount", "ValueCounts"]

_SHOWN = 20


@frozen(kw_only=True)
class ValueCount:
    """One value, or one pattern of values where several columns say a dimension.

    Parameters
    ----------
    dimension : str
        The dimension that was read.
    column : str
        The column, or several with a plus sign between them.
    value : str or None
        What stood there; ``None`` for nothing.
    cases : int
        How many cases have it.
    read_as : str
        The categories, or "nothing recorded".
    """

    dimension: str
    column: str
    value: str | None
    cases: int
    read_as: str


def _values(given: Iterable[ValueCount]) -> tuple[ValueCount, ...]:
    return tuple(given)


@frozen(repr=False)
class ValueCounts(Displayable):
    """What stood in the columns of cases.

    Parameters
    ----------
    values : tuple of ValueCount
        By dimension, the most frequent first.
    """

    values: tuple[ValueCount, ...] = field(converter=_values)

    @classmethod
    def of(cls, found: Iterable[CountedCases]) -> "ValueCounts":
        """Return what was seen, from the counts by one dimension each."""
        return cls(value for each in found for value in _seen(each))

    def to_frame(self) -> pd.DataFrame:
        """Return a row for each value: dimension, column, value, cases, read_as."""
        names = ("dimension", "column", "value", "cases", "read_as")
        rows = [[getattr(value, name) for name in names] for value in self.values]
        return pd.DataFrame(rows, columns=list(names))

    def display_table(self) -> DisplayTable:
        """Return the values as a sheet, the most frequent of each dimension."""
        rows: list[Group | list[Cell | str]] = []
        for name in dict.fromkeys(value.dimension for value in self.values):
            found = [value for value in self.values if value.dimension == name]
            rows.append(Group(f"{name.replace('_', ' ')} ({found[0].column})"))
            rows += [[_shown(v.value), v.read_as, count(v.cases)] for v in found[:_SHOWN]]
            if len(found) > _SHOWN:
                rest = sum(value.cases for value in found[_SHOWN:])
                rows.append([f"{len(found) - _SHOWN} more values", "", count(rest)])
        return DisplayTable(
            caption="What was seen",
            columns=["value", "read as", Column("cases", "right")],
            rows=rows,
        )

    def __repr__(self) -> str:
        return f"<ValueCounts: {len(self.values)} values>"


def _seen(found: CountedCases) -> Iterator[ValueCount]:
    (read,), (places,), counts = found.reads, found.tally.used(), found.tally.counts
    numbers = dict(zip(places.tolist(), counts[counts > 0].tolist(), strict=True))
    for place, number in sorted(numbers.items(), key=lambda item: -item[1]):
        yield ValueCount(
            dimension=read.name,
            column=" + ".join(read.columns),
            value=_told(read.values[place]),
            cases=number,
            read_as=", ".join(sorted(read.answers[place].codes)) or "nothing recorded",
        )


def _told(values: tuple[Any, ...]) -> str | None:
    if len(values) == 1:
        return spelling(values[0])
    return ", ".join(spelling(value) or "(nothing)" for value in values)


def _shown(value: str | None) -> str:
    return "(nothing)" if value is None else value or '""'
