"""Conflicting counts of a cell that are the parts of one of its breakdowns."""

from collections.abc import Mapping, Sequence

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from thbstats.exchange.count_parser import ParsedCounts
from thbstats.exchange.draft_table import DraftTable
from thbstats.records import Dimension
from thbstats.values import Reason

__all__ = ["Conflicts", "Repairs", "find_repairs"]

_COMPLETE: Mapping[str, tuple[str, ...]] = {"sex": ("female", "male"), "age": ("child", "adult")}
"""Breakdowns with disjoint categories, and their required categories."""

_STATED = Reason.FEWER_THAN.severity  # the last reason with a published number


@frozen(kw_only=True, eq=False)
class Conflicts:
    """Cells with several counts each.

    Parameters
    ----------
    cells : array of int, shape (m,)
        The cell of each conflict.
    slot : array of int, shape (n,)
        The conflict of each row.
    counts : ParsedCounts
        The count of each row.
    """

    cells: NDArray[np.intp]
    slot: NDArray[np.intp]
    counts: ParsedCounts


@frozen(kw_only=True, eq=False)
class Repairs:
    """Conflicts that equal a breakdown.

    Parameters
    ----------
    slots : array of int, shape (k,)
        The positions of these conflicts.
    lower, upper, reason : array, shape (k,)
        The sum of the breakdown of each conflict.
    breakdowns : list of str, length k
        The dimension of each breakdown.
    """

    slots: NDArray[np.intp]
    lower: NDArray[np.int64]
    upper: NDArray[np.float64]
    reason: NDArray[np.uint8]
    breakdowns: list[str]


def find_repairs(draft: DraftTable, conflicts: Conflicts) -> Repairs:
    """Return the conflicts that equal a complete breakdown.

    The cell must be a total of the breakdown, the file must contain all its categories, and none of
    its own cells may be in conflict. The sum of a complete breakdown is the total, so that two
    breakdowns with equal cells give the same count.
    """
    lost = np.full(len(conflicts.cells), -1, dtype=np.intp)
    names = [name for name in _COMPLETE if name in draft.dimensions]
    for index, name in enumerate(names):
        fitting = _match_breakdown(draft, conflicts, draft.schema[name])
        lost[fitting & (lost < 0)] = index
    slots = np.flatnonzero(lost >= 0)
    counts, size = conflicts.counts, len(lost)
    lower = np.bincount(conflicts.slot, weights=counts.lower, minlength=size)
    upper = np.bincount(conflicts.slot, weights=counts.upper, minlength=size)
    reason = np.zeros(size, dtype=np.uint8)
    np.maximum.at(reason, conflicts.slot, counts.reason)
    return Repairs(
        slots=slots,
        lower=lower[slots].astype(np.int64),
        upper=upper[slots].astype(np.float64),
        reason=reason[slots],
        breakdowns=[names[index] for index in lost[slots].tolist()],
    )


def _match_breakdown(
    draft: DraftTable, conflicts: Conflicts, dimension: Dimension
) -> NDArray[np.bool_]:
    """Return the conflicts that equal their breakdown by a dimension."""
    column = draft.dimensions[dimension.name]
    size = len(conflicts.cells)
    absent = [text for text in _COMPLETE[dimension.name] if text not in column.values]
    if dimension.total not in column.values or absent:
        return np.zeros(size, dtype=np.bool_)
    is_total = column.isin([column.values.index(dimension.total)])[conflicts.cells]
    parents = {index: dimension.parent(text) for index, text in enumerate(column.values)}
    part = np.flatnonzero(
        column.isin([index for index, parent in parents.items() if parent == dimension.total])
    )
    # The parts of a cell have the same key in all other dimensions.
    keys = draft.keys(exclude=dimension.name).values
    totals = np.flatnonzero(is_total)
    totals = totals[np.argsort(keys[conflicts.cells[totals]])]
    ordered = keys[conflicts.cells[totals]]
    if not len(totals):
        return np.zeros(size, dtype=np.bool_)
    position = np.minimum(np.searchsorted(ordered, keys[part]), len(ordered) - 1)
    part, slot = (
        part[ordered[position] == keys[part]],
        totals[position[ordered[position] == keys[part]]],
    )
    fits: NDArray[np.bool_] = is_total & (
        np.bincount(slot, minlength=size) == np.bincount(conflicts.slot)
    )
    for text in _COMPLETE[dimension.name]:
        with_category = slot[column.codes[part] == column.values.index(text)]
        fits &= np.bincount(with_category, minlength=size) > 0
    in_conflict = np.zeros(len(draft), dtype=np.bool_)
    in_conflict[conflicts.cells] = True
    fits[slot[in_conflict[part] | (draft.counts.reason[part] > _STATED)]] = False
    own = _sorted(conflicts.counts, conflicts.slot, fits)
    parts = _sorted(draft.counts.take(part), slot, fits)
    differ = np.logical_or.reduce([left != right for left, right in zip(own, parts, strict=True)])
    fits[own[0][differ]] = False
    return fits


def _sorted(
    counts: ParsedCounts, slot: NDArray[np.intp], selected: NDArray[np.bool_]
) -> Sequence[NDArray[np.generic]]:
    """Return the counts of selected conflicts, sorted by conflict and size."""
    rows = np.flatnonzero(selected[slot])
    columns = (slot[rows], counts.lower[rows], counts.upper[rows], counts.reason[rows])
    order = np.lexsort(columns[::-1])
    return [column[order] for column in columns]
