"""Sums of weights in an engine."""

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

_SUM, _WEIGHT, _NUMBER, _INVALID = "sum", "weight", "number", "wrong"
_HINT = "Correct the weight, or exclude such rows with filter=..."


@frozen(eq=False)
class WeightColumn:
    """A column with the number of cases of each row.

    Parameters
    ----------
    frame : LazyFrame of narwhals
        The cases.
    name : str
        The column.
    number : str
        The column with the weights as numbers.
    """

    frame: "nw.LazyFrame[Any]"
    name: str
    number: str

    def __attrs_post_init__(self) -> None:
        import narwhals.stable.v2 as nw

        dtype = self.frame.collect_schema()[self.number]
        if not dtype.is_numeric() and dtype != nw.Unknown:
            raise InvalidValue(
                f"must be a column of numbers, got {dtype}",
                field=self.number,
                hint="Name a column of integers in weights=",
            )

    def columns(self, weight: "nw.Expr", number: "nw.Expr") -> list["nw.Expr"]:
        """Return the weights unchanged and as numbers."""
        import narwhals.stable.v2 as nw

        return [weight.alias(_WEIGHT), number.cast(nw.Float64).alias(_NUMBER)]

    def mark_invalid(self, rows: "nw.LazyFrame[Any]") -> "nw.LazyFrame[Any]":
        """Return the rows with 1 for an invalid weight, else 0."""
        import narwhals.stable.v2 as nw

        number = nw.col(_NUMBER).fill_null(-1.0)
        is_integer = (number >= 0) & (number <= LARGEST_COUNT) & (number == number.round(0))
        return rows.with_columns(nw.when(is_integer).then(0).otherwise(1).alias(_INVALID))

    @property
    def sums(self) -> dict[str, "nw.Expr"]:
        """The expressions that are summed in each group."""
        import narwhals.stable.v2 as nw

        return {_SUM: nw.col(_NUMBER).sum(), _INVALID: nw.col(_INVALID).sum()}

    def cases(
        self,
        result: FrameRows,
        rows: NDArray[np.float64],
        source: "nw.LazyFrame[Any]",
        collect: Callable[["nw.LazyFrame[Any]"], Any],
    ) -> NDArray[np.float64]:
        """Return the number of cases of each group.

        Raises
        ------
        InvalidValue
            If a weight is not an integer of 0 or more.
        ImpossibleResult
            If the sum of the weights exceeds 2**53.
        """
        self._refuse(result, source, collect)
        sums = np.where(
            rows > 0, numbers(result.columns[_SUM]), 0
        )  # a group without rows has no sum
        if np.isnan(sums).any():
            # DuckDB skips a test if the statistics of a Parquet file imply its result; they ignore
            # NaN.
            raise InvalidValue(
                "must be an integer of 0 or more", field=self.name, value=np.nan, hint=_HINT
            )
        # Sums of doubles below 2**53 are exact, in whatever order they are made.
        if sums.sum() >= LARGEST_COUNT:
            raise ImpossibleResult(
                "the sum of the weights must not exceed 2**53",
                field=self.name,
                hint="Check the column of the weights",
            )
        return sums

    def _refuse(
        self,
        result: FrameRows,
        source: "nw.LazyFrame[Any]",
        collect: Callable[["nw.LazyFrame[Any]"], Any],
    ) -> None:
        import narwhals.stable.v2 as nw

        invalid = np.nan_to_num(numbers(result.columns[_INVALID]))
        if not invalid.any():
            return
        example = source.filter(nw.col(_INVALID) == 1).select(_WEIGHT).head(1)
        column = FrameRows.of(collect(example)).group([_WEIGHT]).columns[_WEIGHT]
        cases = int(invalid.sum())
        raise InvalidValue(
            f"must be an integer of 0 or more ({cases} row{'' if cases == 1 else 's'})",
            field=self.name,
            value=column.categories[column.codes[0]] if len(column) else None,
            hint=_HINT,
        )


def numbers(column: Any) -> NDArray[np.float64]:
    """Return a column as numbers, with NaN for missing values."""
    return pd.to_numeric(pd.Series(column)).to_numpy(np.float64, na_value=np.nan)
