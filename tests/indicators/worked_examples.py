"""Worked examples: rows of a table, a question, and the expected attributes of the number."""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

import pytest
from attrs import field, frozen

from thbstats import CountTable, Interval, Result

CONSTANT = {"kind": "victims", "area": "BE", "period": 2016, "status": "registered"}


@frozen
class Example:
    """A worked example.

    Parameters
    ----------
    name : str
        The example in a few words.
    rows : sequence of tuple
        The rows of the table.
    columns : str
        The names of the columns, with spaces between them; the column of counts comes last.
    arguments : mapping
        The arguments of the indicator.
    expected : mapping
        Attributes of the number; a fraction or an integer is a point.
    constant : mapping
        Columns with one value in all rows.
    """

    name: str
    rows: Iterable[tuple[Any, ...]]
    columns: str
    arguments: Mapping[str, Any]
    expected: Mapping[str, Any]
    constant: Mapping[str, Any] = field(factory=dict)

    def table(self) -> CountTable:
        return table_of(self.rows, self.columns, **self.constant)

    def differences(self, number: Result) -> dict[str, tuple[Any, Any]]:
        """Return the attributes of a number that differ, each with the expected one."""
        pairs = {name: (getattr(number, name), own) for name, own in self.expected.items()}
        pairs = {
            name: (result, Interval.point(own) if is_point_of(result, own) else own)
            for name, (result, own) in pairs.items()
        }
        return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def is_point_of(result: Any, expected: Any) -> bool:
    return isinstance(result, Interval) and isinstance(expected, int | Fraction)


def table_of(rows: Iterable[tuple[Any, ...]], columns: str, **constant: Any) -> CountTable:
    """Return registered victims of Belgium in 2016, unless columns or constants differ."""
    names = [*columns.split(), "value"]
    constants = {name: value for name, value in CONSTANT.items() if name not in names}
    return CountTable.from_rows(list(rows), columns=names, **{**constants, **constant})


def counts_of(rows: Iterable[Any], columns: str, **constant: Any) -> CountTable:
    """Return a table; the count is the last column, unless the columns name it."""
    names = columns.split()
    names = names if "value" in names else [*names, "value"]
    return CountTable.from_rows(list(rows), columns=names, **constant)


def with_examples(examples: Iterable[Example]) -> pytest.MarkDecorator:
    """Parametrise a test with examples."""
    return pytest.mark.parametrize("example", examples, ids=lambda example: example.name)
