"""Two dimensions against each other: counts, shares on both bases, residuals, Cramér's V."""

from collections.abc import Iterable
from typing import Any

import pandas as pd
from attrs import field, frozen

from thbstats.display import Column, Row, Sheet
from thbstats.results.frames import end_columns, ends
from thbstats.results.result import Result
from thbstats.results.results import Results
from thbstats.results.sheets import warning_notes
from thbstats.results.warning import Warnings
from thbstats.values import Interval, Rational

__all__ = ["Association"]


def _tuple(items: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(items)


@frozen(kw_only=True, slots=False, repr=False)
class Association(Results):
    """The cells of two dimensions: each as a share of its row, with what else is known of it.

    The items are the shares of the rows, row by row; every other tuple has the same order.

    Parameters
    ----------
    rows, columns : tuple of str
        The categories of each dimension.
    counts : tuple of Interval
        How many are in each cell, over the reporters of the shares.
    of_columns : tuple of Result
        The same cells as shares of their columns.
    expected : tuple of int, Fraction or None
        How many there would be in each cell if the dimensions had nothing to do with each other;
        ``None`` where the counts are no points.
    pearson, adjusted : tuple of int, Fraction or None
        The residuals: observed less expected over the root of the expected; the adjusted ones
        also over the roots of what row and column leave, so that they can be held against a
        standard normal. ``None`` where the counts are no points or a margin leaves nothing.
    v : Result
        Cramér's V.
    """

    rows: tuple[str, ...] = field(converter=_tuple)
    columns: tuple[str, ...] = field(converter=_tuple)
    counts: tuple[Interval, ...] = field(converter=_tuple)
    of_columns: tuple[Result, ...] = field(converter=_tuple)
    expected: tuple[Rational | None, ...] = field(converter=_tuple)
    pearson: tuple[Rational | None, ...] = field(converter=_tuple)
    adjusted: tuple[Rational | None, ...] = field(converter=_tuple)
    v: Result

    @property
    def cells(self) -> tuple[tuple[str, str], ...]:
        """Row and column of each item."""
        return tuple((row, column) for row in self.rows for column in self.columns)

    @property
    def warnings(self) -> Warnings:
        """The warnings of all shares and of the coefficient, each once."""
        others = (item.warnings for item in (*self.of_columns, self.v))
        return super().warnings.and_also(*others)

    def to_frame(self) -> pd.DataFrame:
        """Return the cells as a tidy frame, one row each."""
        rows = [
            {
                "row": row,
                "column": column,
                **end_columns("count", count),
                **end_columns("row_share", share.stated),
                "row_base": share.base.label,
                **end_columns("column_share", other.stated),
                "column_base": other.base.label,
                "expected": _float(expected),
                "pearson": _float(pearson),
                "adjusted": _float(adjusted),
            }
            for (row, column), count, share, other, expected, pearson, adjusted in zip(
                self.cells,
                self.counts,
                self.items,
                self.of_columns,
                self.expected,
                self.pearson,
                self.adjusted,
                strict=True,
            )
        ]
        return pd.DataFrame(rows)

    def to_dict(self) -> dict[str, Any]:
        """Return the table and the coefficient as plain data that JSON can hold."""
        return super().to_dict() | {
            "rows": list(self.rows),
            "columns": list(self.columns),
            "counts": [ends(count) for count in self.counts],
            "of_columns": [item.to_dict() for item in self.of_columns],
            **{
                name: [None if number is None else float(number) for number in getattr(self, name)]
                for name in ("expected", "pearson", "adjusted")
            },
            "v": self.v.to_dict(),
        }

    def explain(self) -> str:
        """Return the coefficient and each share of a row as footnotes, and every caveat once."""
        return "\n\n".join([self.v.explain(), super().explain()])

    def sheet(self) -> Sheet:
        """Return the cells as one sheet, with the coefficient below."""
        rows = [
            [
                f"{row}, {column}",
                self.v.measure.COUNT.show(count),
                share.shown,
                other.shown,
                "" if residual is None else f"{float(residual):+.2f}",
            ]
            for (row, column), count, share, other, residual in zip(
                self.cells, self.counts, self.items, self.of_columns, self.adjusted, strict=True
            )
        ]
        numbers = [("V", self.v.warnings), *((item.label, item.warnings) for item in self)]
        bases = dict.fromkeys(item.base.label for item in (*self.items, *self.of_columns))
        return Sheet(
            caption=f"{self.caption}, {self.v.area}, {self.v.period}",
            columns=[
                Column(""),
                *(Column(name, "right") for name in ("count", "of its row", "of its column")),
                Column("adjusted residual", "right"),
            ],
            rows=[*rows, Row(["Cramér's V", "", self.v.shown, "", ""], total=True)],
            notes=[*(f"Base: {label}." for label in bases), *warning_notes(numbers)],
        )


def _float(number: Rational | None) -> float:
    return float("nan") if number is None else float(number)
