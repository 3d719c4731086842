"""Columns that an engine makes of others where its rows are: only their groups come here."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from attrs import frozen

from thbstats.cases.answers import ColumnReading, CombinedReading, Meaning
from thbstats.columns import Coded
from thbstats.counting import combine_columns
from thbstats.errors import ThbstatsError
from thbstats.records import Dimension
from thbstats.tables.problems import Problems

if TYPE_CHECKING:
    import narwhals.stable.v2 as nw

__all__ = ["UNREADABLE", "Derivation", "DerivedReading", "EngineColumn", "EngineRequest"]

UNREADABLE = -1
"""The number of rows that the engine leaves to be read here."""


@frozen(eq=False, kw_only=True)
class EngineColumn:
    """A column of numbers that an engine makes.

    Parameters
    ----------
    name : str
        Its name.
    rows : LazyFrame of narwhals
        The rows, with the column or with what it is made of.
    decode : callable
        What a number stands for, as `ColumnReading.read` takes it or as the answer itself; never asked
        for `UNREADABLE`.
    sources : tuple of str
        Columns with few values of which it is made when equal rows have become one; none where
        it is there already.
    finish : callable, optional
        Makes it of these.
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
    """What a column is made of.

    Parameters
    ----------
    rows : LazyFrame of narwhals
        The rows.
    source_names : mapping of str to str
        The name that each column of the cases has in them.
    output : str
        The name of the column to be made; those of others on the way may begin with it.
    dimension : Dimension
        What the column says.
    meaning : Meaning
        What its values mean.
    with_values : bool
        Whether the values themselves are asked for, and not only what they say.
    distinct : callable
        Gives the different values of a column, or ``None`` where there are many.
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
    """A reading of a dimension that follows from other columns."""

    @property
    def dimension(self) -> str:
        """The dimension."""
        ...

    def engine_column(self, request: EngineRequest) -> EngineColumn | None:
        """Return the column as an engine makes it, or ``None`` where it cannot."""
        ...


@frozen(eq=False, kw_only=True)
class Derivation:
    """A column that follows from others, wherever these are.

    Parameters
    ----------
    reading : DerivedReading
        How it is read.
    dimension : Dimension
        What it says.
    meaning : Meaning
        What the values of the others mean.
    with_values : bool
        Whether its values are asked for, and not only what they say.
    """

    reading: DerivedReading
    dimension: Dimension
    meaning: Meaning
    with_values: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns from which it follows."""
        return self.reading.columns

    def in_memory(self, columns: Sequence[Coded[Any]]) -> Coded[Any]:
        """Return it from columns that are in memory."""
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
        """Return it as the engine that holds the rows makes it, or ``None`` where it cannot."""
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
        except NotImplementedError:  # narwhals says so where an engine lacks something
            return None

    def check(self, columns: Sequence[Coded[Any]]) -> None:
        """CountedColumn some rows, of which the first ten that cannot be read are told.

        Raises
        ------
        ThbstatsError
            If one cannot be read.
        """
        problems = Problems()
        for values in self.in_memory(columns).categories:
            try:
                self.reading.read(self.dimension, self.meaning, values)
            except ThbstatsError as error:
                problems.add(error)
        problems.raise_any()
