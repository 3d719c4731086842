"""Ledgers of raw tables."""

from typing import Literal

from thbstats.exchange.delimited import RawTable
from thbstats.exchange.ledger import Ledger

__all__ = ["ledger_of"]


def ledger_of(table: RawTable, noun: Literal["line", "row"] = "line") -> Ledger:
    """Return the ledger of a raw table, with its ragged lines rejected.

    Parameters
    ----------
    table : RawTable
        The cells.
    noun : {"line", "row"}
        The unit of its line numbers.
    """
    ledger = Ledger(table.frame, table.lines, lambda row: f"{noun} {table.lines[row]}")
    ledger.reject_lines(
        "RAGGED",
        [(line.line, ", ".join(line.cells)) for line in table.ragged],
        message=f"a line must have {len(table.frame.columns)} cells, like the header",
        hint="Put quotation marks around cells that contain the separator",
    )
    return ledger
