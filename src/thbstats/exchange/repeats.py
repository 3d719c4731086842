"""Rows of a file that describe one cell more than once."""

import numpy as np
from numpy.typing import NDArray

from thbstats.exchange.declaration import Repeated
from thbstats.exchange.defects import Ledger
from thbstats.exchange.draft import Draft, grouped
from thbstats.exchange.numerals import ReadValues
from thbstats.tables.keys import has_repeats

__all__ = ["set_repeats_aside"]


def set_repeats_aside(draft: Draft, treatment: Repeated) -> None:
    """Leave one row for each cell.

    Of rows that say the same of a cell the first stays. Of rows that contradict each other
    none does, unless the treatment says which.
    """
    keys = draft.keys()
    if not has_repeats(keys):
        return
    rows = draft.rows
    group, first = grouped(keys)
    agreeing = np.ones(len(first), dtype=np.bool_)
    agreeing[group[~_agree(draft.values, first[group])]] = False
    is_first = np.zeros(len(rows), dtype=np.bool_)
    is_first[first] = True
    _tell_repeated(draft.ledger, rows[agreeing[group] & ~is_first])
    wrong = ~agreeing[group]
    if treatment == "set_aside":
        _tell_contradictory(draft.ledger, rows[wrong], "none of them is used")
    else:
        stays = is_first if treatment == "first" else _last(group)
        _tell_contradictory(draft.ledger, rows[wrong & ~stays], f"the {treatment} is used")


def _agree(values: ReadValues, others: NDArray[np.intp]) -> NDArray[np.bool_]:
    columns = (values.lower, values.upper, values.reason, values.flags)
    agree: NDArray[np.bool_] = np.logical_and.reduce([c == c[others] for c in columns])
    return agree


def _last(group: NDArray[np.intp]) -> NDArray[np.bool_]:
    place = np.zeros(int(group.max()) + 1, dtype=np.intp)
    place[group] = np.arange(len(group))
    last = np.zeros(len(group), dtype=np.bool_)
    last[place] = True
    return last


def _tell_repeated(ledger: Ledger, rows: NDArray[np.intp]) -> None:
    ledger.aside(
        "REPEATED",
        rows,
        what="a cell that an earlier row describes with the same count",
        mend="Nothing to do: the first row is used",
    )


def _tell_contradictory(ledger: Ledger, rows: NDArray[np.intp], used: str) -> None:
    ledger.aside(
        "CONTRADICTORY",
        rows,
        what=f"rows that describe one cell with different counts; {used}",
        mend="Ask the publisher which one holds; repeated='first' or 'last' uses one of them",
    )
