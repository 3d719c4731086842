"""Derived columns that an engine computes, so that only groups are returned."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from attrs import frozen

from thbstats.cases.answers import ColumnReading, CombinedReading, Meaning
from thbstats.columns import Coded
from thbstats.counting import combine_columns
from thbstats.errors import ThbstatsError
from thbstats.records import Dimension
from thbstats.tables.encoding import Problems

if TYPE_CHECKING:
    import narwhals.stable.v2 as nw

__all__ = ["UNREADABLE", "Derivation", "DerivedReading", "EngineColumn", "EngineRequest"]

UNREADABLE = -1
"""The number of rows that the engine cannot read."""


@frozen(eq=False, kw_only=True)
class EngineColumn:
    """A column of numbers that an engine computes.

    Parameters
    ----------
    name : str
        The name of the column.
    rows : LazyFrame of narwhals
        The rows, with the column or with its sources.
    decode : callable
        From a number, except `UNREADABLE`, to the value that `ColumnReading.read` takes, or to
        its `Answer`.
    sources : tuple of str
        Columns with few values, from which ``finish`` computes the column after equal rows are
        grouped; empty if the rows contain the column already.
    finish : callable, optional
        From rows with the sources to rows with the column.
    """

    name: str
    rows: "nw.LazyFrame[Any]"
    decode: Callable[[int], Any]
    sources: tuple[str, ...] = ()
    finish: "Callable[[nw.LazyFrame[Any]], nw.LazyFrame[Any]] | None" = None

    def finish_rows(self, rows: "nw.LazyFrame[Any]") -> "nw.LazyFrame[Any]":
        """Return rows with the column."""
        return rows if self.finish is None else self.finish(rows)


@frozen(eq=False, kw_only=True)
class EngineRequest:
    """The rows and columns from which an engine computes a column.

    Parameters
    ----------
    rows : LazyFrame of narwhals
        The rows.
    source_names : mapping of str to str
        The name in ``rows`` of each column of the cases.
    output : str
        The name of the new column, and the prefix of the names of intermediate columns.
    dimension : Dimension
        The dimension of the new column.
    meaning : Meaning
        The declared meaning of values.
    with_values : bool
        Whether the values are needed, not only their categories.
    distinct : callable
        From a column to its distinct values, or to ``None`` if there are many.
    """

    rows: "nw.LazyFrame[Any]"
    source_names: Mapping[str, str]
    output: str
    dimension: Dimension
    meaning: Meaning
    with_values: bool
    distinct: Callable[[str], Sequence[Any] | None]


@runtime_checkable
class DerivedReading(ColumnReading, Protocol):
    """A reading of a dimension that is derived from other columns."""

    @property
    def dimension(self) -> str:
        """The name of the dimension."""
        ...

    def engine_column(self, request: EngineRequest) -> EngineColumn | None:
        """Return the column as an engine computes it; ``None`` if the engine cannot."""
        ...


@frozen(eq=False, kw_only=True)
class Derivation:
    """A derived column, in memory or in an engine.

    Parameters
    ----------
    reading : DerivedReading
        The reading.
    dimension : Dimension
        The dimension of the column.
    meaning : Meaning
        The declared meaning of the values of its sources.
    with_values : bool
        Whether the values are needed, not only their categories.
    """

    reading: DerivedReading
    dimension: Dimension
    meaning: Meaning
    with_values: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        """The source columns."""
        return self.reading.columns

    def in_memory(self, columns: Sequence[Coded[Any]]) -> Coded[Any]:
        """Return the column, from source columns in memory."""
        if isinstance(self.reading, CombinedReading):
            return self.reading.combine(columns, self.meaning)
        return combine_columns(columns)

    def in_engine(
        self,
        rows: "nw.LazyFrame[Any]",
        source_names: Mapping[str, str],
        output: str,
        distinct: Callable[[str], Sequence[Any] | None],
    ) -> EngineColumn | None:
        """Return the column as an engine computes it; ``None`` if it cannot."""
        request = EngineRequest(
            rows=rows,
            source_names=source_names,
            output=output,
            dimension=self.dimension,
            meaning=self.meaning,
            with_values=self.with_values,
            distinct=distinct,
        )
        try:
            return self.reading.engine_column(request)
        except NotImplementedError:  # raised by narwhals if an engine lacks a function
            return None

    def check(self, columns: Sequence[Coded[Any]]) -> None:
        """Read some rows, and report the first ten problems.

        Raises
        ------
        ThbstatsError
            If a row cannot be read.
        """
        problems = Problems()
        for values in self.in_memory(columns).categories:
            try:
                self.reading.read(self.dimension, self.meaning, values)
            except ThbstatsError as error:
                problems.add(error)
        problems.raise_any()
