"""Weights in an engine: for how many cases each row stands, added up there and held to numbers."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from attrs import frozen
from numpy.typing import NDArray

from thbstats.cases.in_memory import FrameRows
from thbstats.errors import ImpossibleResult, InvalidValue
from thbstats.values import LARGEST_COUNT

if TYPE_CHECKING:
    import narwhals.stable.v2 as nw

__all__ = ["WeightColumn", "numbers"]

_SUM, _WEIGHT, _NUMBER, _WRONG = "sum", "weight", "number", "wrong"
_HINT = "Correct it, or leave such rows out with filter=..."


@frozen(eq=False)
class WeightColumn:
    """A column that says for how many cases a row stands.

    Parameters
    ----------
    frame : LazyFrame of narwhals
        The cases.
    name : str
        The column.
    number : str
        The column that has it as numbers.
    """

    frame: "nw.LazyFrame[Any]"
    name: str
    number: str

    def __attrs_post_init__(self) -> None:
        import narwhals.stable.v2 as nw

        dtype = self.frame.collect_schema()[self.number]
        if not dtype.is_numeric() and dtype != nw.Unknown:
            raise InvalidValue(
                f"a column of {dtype} cannot say for how many cases a row stands",
                field=self.number,
                hint="Give a column of whole numbers",
            )

    def columns(self, weight: "nw.Expr", number: "nw.Expr") -> list["nw.Expr"]:
        """Return the weights as they stand, and as numbers."""
        import narwhals.stable.v2 as nw

        return [weight.alias(_WEIGHT), number.cast(nw.Float64).alias(_NUMBER)]

    def checked(self, rows: "nw.LazyFrame[Any]") -> "nw.LazyFrame[Any]":
        """Return the rows with 1 where a weight is no whole number from 0, else 0."""
        import narwhals.stable.v2 as nw

        number = nw.col(_NUMBER).fill_null(-1.0)
        whole = (number >= 0) & (number <= LARGEST_COUNT) & (number == number.round(0))
        return rows.with_columns(nw.when(whole).then(0).otherwise(1).alias(_WRONG))

    @property
    def sums(self) -> dict[str, "nw.Expr"]:
        """What is added up in each group."""
        import narwhals.stable.v2 as nw

        return {_SUM: nw.col(_NUMBER).sum(), _WRONG: nw.col(_WRONG).sum()}

    def cases(
        self,
        found: FrameRows,
        rows: NDArray[np.float64],
        asked: "nw.LazyFrame[Any]",
        collect: Callable[["nw.LazyFrame[Any]"], Any],
    ) -> NDArray[np.float64]:
        """Return how many cases each group has.

        Parameters
        ----------
        found : FrameRows
            The groups.
        rows : array of float64
            How many rows each has.
        asked : LazyFrame of narwhals
            The rows, of which a wrong one is looked for.
        collect : callable
            What runs a question.

        Raises
        ------
        InvalidValue
            If a weight is no whole number from 0.
        ImpossibleResult
            If the weights make more than 2**53.
        """
        self._refuse(found, asked, collect)
        sums = np.where(rows > 0, numbers(found.columns[_SUM]), 0)  # no rows have no sum
        if np.isnan(sums).any():
            # DuckDB leaves out a test that the statistics of a Parquet file seem to have answered,
            # and those pass over NaN.
            raise InvalidValue(
                "no whole number of cases", field=self.name, value=np.nan, hint=_HINT
            )
        # Sums of doubles below 2**53 are exact, in whatever order they are made.
        if sums.sum() >= LARGEST_COUNT:
            raise ImpossibleResult(
                "the weights make more than 2**53 cases, which cannot be held exactly",
                field=self.name,
                hint="Check the column: it is larger than any population",
            )
        return sums

    def _refuse(
        self,
        found: FrameRows,
        asked: "nw.LazyFrame[Any]",
        collect: Callable[["nw.LazyFrame[Any]"], Any],
    ) -> None:
        import narwhals.stable.v2 as nw

        wrong = np.nan_to_num(numbers(found.columns[_WRONG]))
        if not wrong.any():
            return
        some = asked.filter(nw.col(_WRONG) == 1).select(_WEIGHT).head(1)
        slots = FrameRows.of(collect(some)).group([_WEIGHT]).columns[_WEIGHT]
        cases = int(wrong.sum())
        raise InvalidValue(
            f"no whole number of cases, in {cases} row{'' if cases == 1 else 's'}",
            field=self.name,
            value=slots.categories[slots.codes[0]] if len(slots) else None,
            hint=_HINT,
        )


def numbers(column: Any) -> NDArray[np.float64]:
    """Return a column of an answer as numbers, NaN where there is none."""
    return pd.to_numeric(pd.Series(column)).to_numpy(np.float64, na_value=np.nan)
