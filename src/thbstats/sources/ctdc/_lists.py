"""The lists of CTDC, held against the columns of 1 and 0 that they repeat."""

from collections.abc import Mapping

import numpy as np

from thbstats.exchange import Ledger, TextColumn
from thbstats.exchange.cases.answers import NOTHING, TRUE, Lists, Truth, squashed, tell_items

__all__ = ["check_lists"]

# The lists that repeat columns: the start of the columns' names, and items named otherwise.
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
    ledger: Ledger, words: Mapping[str, TextColumn], answers: Mapping[str, Truth]
) -> None:
    """Hold the lists that repeat the columns against them."""
    for name, (start, named) in _LISTS.items():
        group = {column: answers[column] for column in answers if column.startswith(start)}
        if name in words and group:
            items = {squashed(column.removeprefix(start)): column for column in group}
            _check_list(ledger, Lists.of(words[name]), group, {**items, **named})


def _check_list(
    ledger: Ledger, lists: Lists, group: Mapping[str, Truth], items: Mapping[str, str]
) -> None:
    differing = {}
    for column, answers in group.items():
        declared = lists.hold(*(item for item, meant in items.items() if meant == column))
        differing[column] = (declared != NOTHING) & ((declared == TRUE) != (answers == TRUE))
    ledger.flag(
        "LIST_DIFFERS",
        np.logical_or.reduce(list(differing.values())) & ledger.is_used,
        column=lists.column.name,
        message="a list that is not what the columns of 1 and 0 say, which are used",
        hint="One of the two is wrong: ask the publisher",
        texts={name: int(rows.sum()) for name, rows in differing.items() if rows.any()},
    )
    tell_items(ledger, lists, (item for item in lists.places if item not in items))
