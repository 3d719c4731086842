"""Tables of results on revisions."""

from typing import Any, Self

import numpy as np
import pandas as pd
from attrs import evolve, field, frozen

from thbstats.display import Cell, Column, DisplayTable, Tabular, count
from thbstats.errors import require_name

_SHOWN = 20
_PERCENT = "share_"


@frozen(kw_only=True, eq=False, repr=False)
class RevisionTable(Tabular):
    """Rows of a comparison of releases: a tidy frame with a caption and notes.

    Parameters
    ----------
    caption : str
        The caption.
    frame : pandas.DataFrame
        One row for each item; numbers without a value are missing.
    notes : tuple of str
        Sentences about the rows.
    """

    caption: str
    frame: pd.DataFrame = field(repr=False)
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.frame)

    def to_frame(self) -> pd.DataFrame:
        """Return the tidy frame."""
        return self.frame.copy()

    def where(self, **selection: Any) -> Self:
        """Return the rows with some values of columns.

        Raises
        ------
        UnknownName
            If a column does not exist.
        """
        rows = np.ones(len(self.frame), dtype=np.bool_)
        for name, values in selection.items():
            require_name(name, map(str, self.frame.columns), "must be a column of the table")
            several = values if isinstance(values, list | tuple | set) else [values]
            rows &= self.frame[name].astype(str).isin([str(value) for value in several]).to_numpy()
        return evolve(self, frame=self.frame[rows].reset_index(drop=True))

    def display_table(self) -> DisplayTable:
        """Return the first rows as a display table."""
        head = self.frame.head(_SHOWN)
        columns = [
            Column(str(name).replace("_", " "), "right" if _is_number(own) else "left")
            for name, own in head.items()
        ]
        cells = [[_cell(str(name), value) for value in own] for name, own in head.items()]
        more = [f"First {_SHOWN} of {count(len(self.frame))} rows."] * (len(self.frame) > _SHOWN)
        rows = [list(row) for row in zip(*cells, strict=True)]
        return DisplayTable(
            caption=self.caption, columns=columns, rows=rows, notes=[*more, *self.notes]
        )

    def __repr__(self) -> str:
        rows = "1 row" if len(self) == 1 else f"{count(len(self))} rows"
        return f"<{type(self).__name__} {self.caption!r}: {rows}>"


def _is_number(column: "pd.Series[Any]") -> bool:
    return pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)


def _cell(name: str, value: Any) -> Cell:
    if pd.isna(value):
        return Cell("")
    if isinstance(value, bool | np.bool_):
        return Cell("yes" if value else "")
    if isinstance(value, int | np.integer):
        text = count(abs(int(value)))
        return Cell(f"\N{MINUS SIGN}{text}" if value < 0 else text)
    if isinstance(value, float):
        if np.isinf(value):
            return Cell("not bounded")
        if name.startswith(_PERCENT) or name.startswith("relative_"):
            return Cell(f"{100 * value:.2f}%".replace("-", "\N{MINUS SIGN}"))
        text = f"{value:,.0f}" if value.is_integer() else f"{value:,.2f}"
        return Cell(text.replace("-", "\N{MINUS SIGN}"))
    return Cell(str(value).replace("_", " "))
