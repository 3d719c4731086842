"""Comparison of CTDC lists with the columns of 1 and 0 that they repeat."""

from collections.abc import Mapping

import numpy as np

from thbstats.exchange import FileColumn, Ledger
from thbstats.exchange.cases.answers import NOTHING, TRUE, Lists, Truth, flag_items, squashed

__all__ = ["check_lists"]

# The lists, the prefix of their columns, and items with other names.
_LISTS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "meansOfControlConcatenated": ("meansOfControl", {}),
    "typeOfLabourConcatenated": ("typeOfLabour", {}),
    "typeOfSexConcatenated": ("typeOfSex", {}),
    "typeOfExploitConcatenated": (
        "is",
        {
            "sexualexploitation": "isSexualExploit",
            "other": "isOtherExploit",
            "combinedsexualandlabourexploitation": "isSexAndLabour",
            "slaveryandsimilarpractices": "isSlaveryAndPractices",
        },
    ),
}


def check_lists(
    ledger: Ledger, columns: Mapping[str, FileColumn], answers: Mapping[str, Truth]
) -> None:
    """Flag lists that differ from the columns that they repeat."""
    for name, (start, named) in _LISTS.items():
        group = {column: answers[column] for column in answers if column.startswith(start)}
        if name in columns and group:
            items = {squashed(column.removeprefix(start)): column for column in group}
            _check_list(ledger, Lists.from_column(columns[name]), group, {**items, **named})


def _check_list(
    ledger: Ledger, lists: Lists, group: Mapping[str, Truth], items: Mapping[str, str]
) -> None:
    differing = {}
    for column, answers in group.items():
        listed = lists.contains(*(item for item, meant in items.items() if meant == column))
        differing[column] = (listed != NOTHING) & ((listed == TRUE) != (answers == TRUE))
    ledger.flag(
        "LIST_DIFFERS",
        np.logical_or.reduce(list(differing.values())) & ledger.is_used,
        column=lists.column.name,
        message="a list differs from the columns of 1 and 0; the columns are used",
        hint="Ask the publisher which one is correct",
        texts={name: int(rows.sum()) for name, rows in differing.items() if rows.any()},
    )
    flag_items(ledger, lists, (item for item in lists.codes if item not in items))
