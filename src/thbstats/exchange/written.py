"""What a writer could not write, or what a reader of the file should know."""

from collections.abc import Iterable, Sequence
from typing import Any

from attrs import field, frozen

from thbstats._characters import escape
from thbstats.display import Cell, Column, Displayable, DisplayTable, Group, count

__all__ = ["FORMULA", "NO_ROWS", "Loss", "WriteLog", "formulas"]

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a cell starts with that a spreadsheet takes for a formula."""

_EXAMPLES = 5


def _texts(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(values)


@frozen(kw_only=True)
class Loss:
    """One thing that a file does not hold as the table does, or holds at a risk.

    Parameters
    ----------
    code : str
        The kind, such as ``"FORMULA"``.
    lost : bool
        Whether it cannot be read back; otherwise the reader of the file is only warned.
    rows : int
        How many rows it concerns.
    what : str
        What it is, in one clause.
    examples : tuple of str
        The first of them.
    """

    code: str
    lost: bool
    rows: int
    what: str
    examples: tuple[str, ...] = field(default=(), converter=_texts)

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "code": self.code,
            "lost": self.lost,
            "rows": self.rows,
            "what": self.what,
            "examples": list(self.examples),
        }


def _losses(values: Iterable[Loss]) -> tuple[Loss, ...]:
    return tuple(values)


NO_ROWS = Loss(
    code="NO_ROWS",
    lost=True,
    rows=0,
    what="without rows nothing says what is counted; read it with kind=...",
)


@frozen(kw_only=True, repr=False)
class WriteLog(Displayable):
    """What became of a table in a file.

    Parameters
    ----------
    name : str
        The name of the file.
    format : str
        What it was written as.
    rows : int
        How many rows it has.
    losses : tuple of Loss
        What it does not hold, and what to know when it is opened.
    """

    name: str
    format: str
    rows: int
    losses: tuple[Loss, ...] = field(default=(), converter=_losses)

    @property
    def lossless(self) -> bool:
        """Whether reading the file gives the same table."""
        return not any(loss.lost for loss in self.losses)

    def to_dict(self) -> dict[str, Any]:
        """Return the report as plain data."""
        return {
            "name": self.name,
            "format": self.format,
            "rows": self.rows,
            "lossless": self.lossless,
            "losses": [loss.to_dict() for loss in self.losses],
        }

    def display_table(self) -> DisplayTable:
        """Return the report as a sheet."""
        rows: list[Group | list[Cell | str]] = [
            [
                Cell(loss.code, tone="bad" if loss.lost else "warn"),
                count(loss.rows),
                loss.what,
                "; ".join(loss.examples),
            ]
            for loss in self.losses
        ]
        if not rows:
            rows = [[Cell("nothing lost", tone="good"), "0", "reading it gives the same table", ""]]
        return DisplayTable(
            caption=f"{self.name}: {count(self.rows)} rows written as {self.format}",
            columns=["what", Column("rows", "right"), "why", "first of them"],
            rows=rows,
        )

    def __repr__(self) -> str:
        codes = ", ".join(loss.code for loss in self.losses) or "nothing lost"
        return f"<WriteLog on {escape(self.name)} ({self.format}), {self.rows} rows: {codes}>"


def formulas(columns: Iterable[tuple[str, Sequence[Any]]]) -> list[Loss]:
    """Return the warning on cells that a spreadsheet would take for formulas, if there are any.

    Parameters
    ----------
    columns : iterable of (str, sequence)
        The name and the cells of each column; the header counts as row 1.

    Returns
    -------
    list of Loss
        At most one.

    Examples
    --------
    >>> [loss.rows for loss in formulas([("source", ["=HYPERLINK(1)", "a report"])])]
    [1]
    """
    found = [
        (name, row, cell)
        for name, cells in columns
        for row, cell in enumerate(cells, start=2)
        if isinstance(cell, str) and cell.startswith(FORMULA)
    ]
    if not found:
        return []
    return [
        Loss(
            code="FORMULA",
            lost=False,
            rows=len({row for _, row, _ in found}),
            what="cells that a spreadsheet takes for a formula; neutralise=True (--neutralise) "
            "puts an apostrophe before them, which then stays in the text",
            examples=[f"{name}, row {row}: {cell[:40]!r}" for name, row, cell in found[:_EXAMPLES]],
        )
    ]
