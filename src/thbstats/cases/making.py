"""Columns that an engine makes of others where its rows are: only their groups come here."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from attrs import frozen

from thbstats.cases.answers import Joining, Meaning, Reading
from thbstats.columns import Coded
from thbstats.counting import combine_columns
from thbstats.errors import ThbstatsError
from thbstats.records import Dimension
from thbstats.tables.problems import Problems

if TYPE_CHECKING:
    import narwhals.stable.v2 as nw

__all__ = ["STRANGE", "Derivation", "Derived", "Made", "Making"]

STRANGE = -1
"""The number of rows that the engine leaves to be read here."""


@frozen(eq=False, kw_only=True)
class Made:
    """A column of numbers that an engine makes.

    Parameters
    ----------
    name : str
        Its name.
    rows : LazyFrame of narwhals
        The rows, with the column or with what it is made of.
    told : callable
        What a number stands for, as `Reading.read` takes it or as the answer itself; never asked
        for `STRANGE`.
    sources : tuple of str
        Columns with few values of which it is made when equal rows have become one; none where
        it is there already.
    finish : callable, optional
        Makes it of these.
    """

    name: str
    rows: "nw.LazyFrame[Any]"
    told: Callable[[int], Any]
    sources: tuple[str, ...] = ()
    finish: "Callable[[nw.LazyFrame[Any]], nw.LazyFrame[Any]] | None" = None

    def finished(self, rows: "nw.LazyFrame[Any]") -> "nw.LazyFrame[Any]":
        """Return rows with the column."""
        return rows if self.finish is None else self.finish(rows)


@frozen(eq=False, kw_only=True)
class Making:
    """What a column is made of.

    Parameters
    ----------
    rows : LazyFrame of narwhals
        The rows.
    places : mapping of str to str
        The name that each column of the cases has in them.
    into : str
        The name of the column to be made; those of others on the way may begin with it.
    dimension : Dimension
        What the column says.
    meaning : Meaning
        What its values mean.
    fine : bool
        Whether the values themselves are asked for, and not only what they say.
    distinct : callable
        Gives the different values of a column, or ``None`` where there are many.
    """

    rows: "nw.LazyFrame[Any]"
    places: Mapping[str, str]
    into: str
    dimension: Dimension
    meaning: Meaning
    fine: bool
    distinct: Callable[[str], Sequence[Any] | None]


@runtime_checkable
class Derived(Reading, Protocol):
    """A reading of a dimension that follows from other columns."""

    @property
    def dimension(self) -> str:
        """The dimension."""
        ...

    def pushed(self, making: Making) -> Made | None:
        """Return the column as an engine makes it, or ``None`` where it cannot."""
        ...


@frozen(eq=False, kw_only=True)
class Derivation:
    """A column that follows from others, wherever these are.

    Parameters
    ----------
    reading : Derived
        How it is read.
    dimension : Dimension
        What it says.
    meaning : Meaning
        What the values of the others mean.
    fine : bool
        Whether its values are asked for, and not only what they say.
    """

    reading: Derived
    dimension: Dimension
    meaning: Meaning
    fine: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns from which it follows."""
        return self.reading.columns

    def here(self, columns: Sequence[Coded[Any]]) -> Coded[Any]:
        """Return it from columns that are in memory."""
        if isinstance(self.reading, Joining):
            return self.reading.joined(columns, self.meaning)
        return combine_columns(columns)

    def there(
        self,
        rows: "nw.LazyFrame[Any]",
        places: Mapping[str, str],
        into: str,
        distinct: Callable[[str], Sequence[Any] | None],
    ) -> Made | None:
        """Return it as the engine that holds the rows makes it, or ``None`` where it cannot."""
        making = Making(
            rows=rows,
            places=places,
            into=into,
            dimension=self.dimension,
            meaning=self.meaning,
            fine=self.fine,
            distinct=distinct,
        )
        try:
            return self.reading.pushed(making)
        except NotImplementedError:  # narwhals says so where an engine lacks something
            return None

    def check(self, columns: Sequence[Coded[Any]]) -> None:
        """Read some rows, of which the first ten that cannot be read are told.

        Raises
        ------
        ThbstatsError
            If one cannot be read.
        """
        problems = Problems()
        for values in self.here(columns).categories:
            try:
                self.reading.read(self.dimension, self.meaning, values)
            except ThbstatsError as error:
                problems.add(error)
        problems.raise_any()
