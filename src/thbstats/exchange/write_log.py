"""Log of a written file: features that its format does not support."""

from collections.abc import Iterable, Sequence
from typing import Any

from attrs import field, frozen

from thbstats._characters import escape
from thbstats.display import Cell, Column, Displayable, DisplayTable, Group, count

__all__ = ["FORMULA", "NO_ROWS", "UnsupportedFeature", "WriteLog", "formulas"]

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""First characters of cells that spreadsheet programs interpret as formulas."""

_EXAMPLES = 5


def _texts(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(values)


@frozen(kw_only=True)
class UnsupportedFeature:
    """A feature of a table that a file format does not fully support.

    Parameters
    ----------
    code : str
        The code of the feature, such as ``"FORMULA"``.
    is_lost : bool
        Whether `read` does not restore the feature; otherwise only other programs are affected.
    rows : int
        The number of rows concerned.
    message : str
        The consequence in one clause.
    examples : tuple of str
        The first examples.
    """

    code: str
    is_lost: bool
    rows: int
    message: str
    examples: tuple[str, ...] = field(default=(), converter=_texts)

    def to_dict(self) -> dict[str, Any]:
        """Return the feature as plain data."""
        return {
            "code": self.code,
            "is_lost": self.is_lost,
            "rows": self.rows,
            "message": self.message,
            "examples": list(self.examples),
        }


def _features(values: Iterable[UnsupportedFeature]) -> tuple[UnsupportedFeature, ...]:
    return tuple(values)


NO_ROWS = UnsupportedFeature(
    code="NO_ROWS",
    is_lost=True,
    rows=0,
    message="a table without rows does not store its kind; read it with kind=...",
)


@frozen(kw_only=True, repr=False)
class WriteLog(Displayable):
    """Log of a written file.

    Parameters
    ----------
    name : str
        The name of the file.
    format : str
        The name of its format.
    rows : int
        The number of rows.
    unsupported : tuple of UnsupportedFeature
        The features that the format does not fully support.
    """

    name: str
    format: str
    rows: int
    unsupported: tuple[UnsupportedFeature, ...] = field(default=(), converter=_features)

    @property
    def lossless(self) -> bool:
        """Whether reading the file returns an equal table."""
        return not any(feature.is_lost for feature in self.unsupported)

    def to_dict(self) -> dict[str, Any]:
        """Return the log as plain data."""
        return {
            "name": self.name,
            "format": self.format,
            "rows": self.rows,
            "lossless": self.lossless,
            "unsupported": [feature.to_dict() for feature in self.unsupported],
        }

    def display_table(self) -> DisplayTable:
        """Return the log as a sheet with a row for each feature."""
        rows: list[Group | list[Cell | str]] = [
            [
                Cell(feature.code, tone="bad" if feature.is_lost else "warn"),
                count(feature.rows),
                feature.message,
                "; ".join(feature.examples),
            ]
            for feature in self.unsupported
        ]
        if not rows:
            rows = [[Cell("none", tone="good"), "0", "reading the file returns an equal table", ""]]
        return DisplayTable(
            caption=f"{self.name}: {count(self.rows)} rows written as {self.format}",
            columns=["Code", Column("Rows", "right"), "Consequence", "First examples"],
            rows=rows,
        )

    def __repr__(self) -> str:
        codes = ", ".join(feature.code for feature in self.unsupported) or "lossless"
        return f"<WriteLog: {escape(self.name)} ({self.format}), {self.rows} rows; {codes}>"


def formulas(columns: Iterable[tuple[str, Sequence[Any]]]) -> list[UnsupportedFeature]:
    """Return the warning on cells that spreadsheets interpret as formulas.

    Parameters
    ----------
    columns : iterable of (str, sequence)
        The name and the cells of each column; the header counts as row 1.

    Returns
    -------
    list of UnsupportedFeature
        Empty if no cell starts with a character of `FORMULA`; otherwise one feature.

    Examples
    --------
    >>> [feature.rows for feature in formulas([("source", ["=HYPERLINK(1)", "a report"])])]
    [1]
    """
    cells = [
        (name, row, cell)
        for name, values in columns
        for row, cell in enumerate(values, start=2)
        if isinstance(cell, str) and cell.startswith(FORMULA)
    ]
    if not cells:
        return []
    return [
        UnsupportedFeature(
            code="FORMULA",
            is_lost=False,
            rows=len({row for _, row, _ in cells}),
            message="a spreadsheet program interprets these cells as formulas; neutralise=True "
            "(--neutralise) writes an apostrophe before them, which stays in the text",
            examples=[f"{name}, row {row}: {cell[:40]!r}" for name, row, cell in cells[:_EXAMPLES]],
        )
    ]
