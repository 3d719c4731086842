"""Tidy frames with a caption and notes."""

from collections.abc import Iterator
from typing import Any, Self

import numpy as np
import pandas as pd
from attrs import evolve, field, frozen

from thbstats.display import Amount, Column, DisplayTable, Tabular, count
from thbstats.errors import require_name

_SHOWN, _WIDE = 20, 8
_LABELS = ("change", "kind", "risk", "release", "conclusion", "area", "variable", "depth")
_PERCENT = ("share_", "relative_", "producers_", "users_")


@frozen(kw_only=True, eq=False, repr=False)
class RevisionTable(Tabular):
    """Rows of a comparison of releases: a tidy frame with a caption and notes.

    Iteration yields the rows as named tuples; ``table[0]`` is the first one.

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

    def __iter__(self) -> Iterator[Any]:
        return iter(self.frame.itertuples(index=False, name="Row"))

    def __getitem__(self, row: Any) -> Any:
        return list(self)[row]

    def to_frame(self) -> pd.DataFrame:
        """Return the tidy frame."""
        return self.frame.copy()

    def where(self, **selection: Any) -> Self:
        """Return the rows with one value, or one of several values, in each named column."""
        rows = np.ones(len(self.frame), dtype=np.bool_)
        for name, values in selection.items():
            require_name(name, map(str, self.frame.columns), "must be a column of the table")
            several = values if isinstance(values, list | tuple | set) else [values]
            rows &= self.frame[name].astype(str).isin([str(value) for value in several]).to_numpy()
        return evolve(self, frame=self.frame[rows].reset_index(drop=True))

    def display_table(self, rows: int | None = _SHOWN) -> DisplayTable:
        """Return the first rows as a display table; ``None`` for all rows."""
        shown = self.frame if rows is None else self.frame.head(rows)
        head = {str(n): own for n, own in shown.items() if n != "positions"}
        if len(head) > _WIDE:  # leave out texts that all rows have
            same = {name for name in head if self.frame[name].nunique() < 2}
            texts = {name for name in head if not pd.api.types.is_numeric_dtype(head[name])}
            head = {n: own for n, own in head.items() if n not in same & texts or n in _LABELS}
        columns = [
            Column(
                name.replace("_", " "),
                "right" if pd.api.types.is_numeric_dtype(own) and own.dtype != bool else "left",
            )
            for name, own in head.items()
        ]
        cells = [[_text(name, value) for value in own] for name, own in head.items()]
        is_part = len(shown) < len(self.frame)
        more = [f"First {count(len(shown))} of {count(len(self.frame))} rows."] * is_part
        return DisplayTable(
            caption=self.caption,
            columns=columns,
            rows=list(zip(*cells, strict=True)),
            notes=[*more, *self.notes],
        )

    def __repr__(self) -> str:
        n = Amount(len(self))
        return f"<{type(self).__name__} {self.caption!r}: {n} {n:row|rows}>"


def _text(name: str, value: Any) -> str:
    if pd.isna(value):
        return ""
    if isinstance(value, bool | np.bool_):
        return "yes" if value else ""
    if not isinstance(value, int | float | np.number):
        return str(value).replace("_", " ") if name in _LABELS else str(value)
    if np.isinf(value):
        return "not bounded"
    form = ".2%" if name.startswith(_PERCENT) else ",.2f"
    text = f"{int(value):,}" if value == int(value) and form != ".2%" else f"{value:{form}}"
    return text.replace("-", "\N{MINUS SIGN}")
