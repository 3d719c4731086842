"""Conflicting values of a cell that are the cells of one of its breakdowns."""

from collections.abc import Mapping, Sequence

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from thbstats.exchange.count_parser import ParsedCounts
from thbstats.exchange.draft_table import DraftTable
from thbstats.records import Dimension
from thbstats.values import Reason

__all__ = ["Conflicts", "Repairs", "repairs_of"]

_COMPLETE: Mapping[str, tuple[str, ...]] = {"sex": ("female", "male"), "age": ("child", "adult")}
"""Breakdowns whose categories exclude each other, and the categories that none lacks."""

_STATED = Reason.FEWER_THAN.severity  # the gravest reason of a number that a source states


@frozen(kw_only=True, eq=False)
class Conflicts:
    """Cells with several values each.

    Parameters
    ----------
    cells : array of int, shape (m,)
        The cell of each conflict.
    slot : array of int, shape (n,)
        The conflict of each row.
    values : ParsedCounts
        The value of each row.
    """

    cells: NDArray[np.intp]
    slot: NDArray[np.intp]
    values: ParsedCounts


@frozen(kw_only=True, eq=False)
class Repairs:
    """Conflicts whose values are the cells of a breakdown.

    Parameters
    ----------
    slots : array of int, shape (k,)
        Which conflicts they are.
    lower, upper, reason : array, shape (k,)
        The sum of the breakdown of each.
    breakdowns : list of str, length k
        The dimension of each.
    """

    slots: NDArray[np.intp]
    lower: NDArray[np.int64]
    upper: NDArray[np.float64]
    reason: NDArray[np.uint8]
    breakdowns: list[str]


def repairs_of(draft: DraftTable, conflicts: Conflicts) -> Repairs:
    """Return the conflicts whose values equal, one to one, the cells of a complete breakdown.

    A breakdown counts if the cell is a total of it, if the file states all its categories, and if
    none of its own cells is in conflict. The sum of a complete breakdown is the total whatever
    label the rows have lost, so that two breakdowns that both fit give the same count.
    """
    lost = np.full(len(conflicts.cells), -1, dtype=np.intp)
    names = [name for name in _COMPLETE if name in draft.dimensions]
    for index, name in enumerate(names):
        fitting = _fitting(draft, conflicts, draft.schema[name])
        lost[fitting & (lost < 0)] = index
    slots = np.flatnonzero(lost >= 0)
    values, size = conflicts.values, len(lost)
    lower = np.bincount(conflicts.slot, weights=values.lower, minlength=size)
    upper = np.bincount(conflicts.slot, weights=values.upper, minlength=size)
    reason = np.zeros(size, dtype=np.uint8)
    np.maximum.at(reason, conflicts.slot, values.reason)
    return Repairs(
        slots=slots,
        lower=lower[slots].astype(np.int64),
        upper=upper[slots].astype(np.float64),
        reason=reason[slots],
        breakdowns=[names[index] for index in lost[slots].tolist()],
    )


def _fitting(draft: DraftTable, conflicts: Conflicts, dimension: Dimension) -> NDArray[np.bool_]:
    """Return which conflicts have the values of their breakdown by a dimension."""
    column = draft.dimensions[dimension.name]
    size = len(conflicts.cells)
    lacking = [text for text in _COMPLETE[dimension.name] if text not in column.values]
    if dimension.total not in column.values or lacking:
        return np.zeros(size, dtype=np.bool_)
    is_total = column.isin([column.values.index(dimension.total)])[conflicts.cells]
    parents = {index: dimension.parent(text) for index, text in enumerate(column.values)}
    part = np.flatnonzero(
        column.isin([index for index, parent in parents.items() if parent == dimension.total])
    )
    # The parts of each cell: those with its key in all other dimensions.
    keys = draft.keys(but=dimension.name).values
    totals = np.flatnonzero(is_total)
    totals = totals[np.argsort(keys[conflicts.cells[totals]])]
    ordered = keys[conflicts.cells[totals]]
    if not len(totals):
        return np.zeros(size, dtype=np.bool_)
    at = np.minimum(np.searchsorted(ordered, keys[part]), len(ordered) - 1)
    part, slot = part[ordered[at] == keys[part]], totals[at[ordered[at] == keys[part]]]
    fits: NDArray[np.bool_] = is_total & (
        np.bincount(slot, minlength=size) == np.bincount(conflicts.slot)
    )
    for text in _COMPLETE[dimension.name]:
        having = slot[column.codes[part] == column.values.index(text)]
        fits &= np.bincount(having, minlength=size) > 0
    in_conflict = np.zeros(len(draft), dtype=np.bool_)
    in_conflict[conflicts.cells] = True
    fits[slot[in_conflict[part] | (draft.values.reason[part] > _STATED)]] = False
    mine = _sorted(conflicts.values, conflicts.slot, fits)
    theirs = _sorted(draft.values.take(part), slot, fits)
    differ = np.logical_or.reduce([one != other for one, other in zip(mine, theirs, strict=True)])
    fits[mine[0][differ]] = False
    return fits


def _sorted(
    values: ParsedCounts, slot: NDArray[np.intp], chosen: NDArray[np.bool_]
) -> Sequence[NDArray[np.generic]]:
    """Return the values of some conflicts, conflict by conflict and in order of size."""
    rows = np.flatnonzero(chosen[slot])
    columns = (slot[rows], values.lower[rows], values.upper[rows], values.reason[rows])
    order = np.lexsort(columns[::-1])
    return [column[order] for column in columns]
