"""Rows of a file that are parts of a cell, such as age bands."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from thbstats.exchange.draft_table import DraftTable
from thbstats.values import Reason

__all__ = ["add_parts"]


def add_parts(draft: DraftTable, added: Mapping[str, Sequence[str]]) -> DraftTable:
    """Return one row for each cell whose rows are different parts of it.

    ``added`` contains the texts of parts by column of the file. The count of a cell is the sum of
    its rows. If a part of the category has rows in other cells only, it was not reported, and the
    sum has no upper bound.
    """
    for name, texts in added.items():
        draft = _add_parts_of_column(draft, name, texts)
    return draft


def _add_parts_of_column(draft: DraftTable, name: str, texts: Sequence[str]) -> DraftTable:
    column = draft.ledger.column(name).take(draft.rows)
    target = next((own for own in draft.dimensions.values() if own.name == name), None)
    is_part = column.isin(column.matching(lambda text: text.strip() in texts))
    if target is None or not is_part.any():
        return draft
    group, distinct = pd.factorize(draft.keys().values)
    size, n = np.bincount(group), len(distinct)
    # A part with several rows cannot be added up: the check of conflicts decides on its cell.
    different = np.unique(np.stack([group, column.codes])[:, is_part], axis=1)[0]
    is_sum = np.bincount(different, minlength=n) == size
    categories = np.unique(np.stack([target.codes, column.codes])[:, is_part], axis=1)[0]
    parts_of_category = np.bincount(categories, minlength=len(target.values))
    first = np.unique(group, return_index=True)[1]
    has_gap = is_sum & (size < parts_of_category[target.codes[first]])
    rows = np.flatnonzero(is_sum[group])
    own, numbers = group[rows], draft.numbers
    if not len(rows):
        return draft
    upper = np.bincount(own, numbers.upper[rows], n)
    reason, flags = np.zeros(n, dtype=np.uint8), np.zeros(n, dtype=np.uint32)
    np.maximum.at(reason, own, numbers.reason[rows])
    np.bitwise_or.at(flags, own, numbers.flags[rows])
    upper[has_gap] = np.inf
    reason[has_gap] = np.maximum(reason[has_gap], Reason.NOT_REPORTED.severity)
    sums: dict[str, NDArray[Any]] = {
        "lower": np.bincount(own, numbers.lower[rows], n),
        "above": upper,
        "reason": reason,
        "flags": flags,
    }
    if len(rows) > np.count_nonzero(is_sum):
        draft.ledger.note(f"The parts of a category in {name!r} are added up")
    stays = ~is_sum[group]
    stays[first[is_sum]] = True
    columns = {field: values[is_sum] for field, values in sums.items()}
    draft = draft.with_numbers(first[is_sum], **columns)
    return draft.join(group, stays, np.flatnonzero(~stays))
