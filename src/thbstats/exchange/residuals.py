"""Residual categories that a file publishes under the name of the category around its parts."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
import pandas as pd
from attrs import evolve, frozen
from numpy.typing import NDArray

from thbstats.exchange.draft_table import DraftTable
from thbstats.exchange.text_column import TextColumn
from thbstats.records import Dimension

__all__ = ["check_residuals"]

Rows = NDArray[np.bool_]


def check_residuals(draft: DraftTable) -> DraftTable:
    """Return the rows with residuals under the category that stands for the residual.

    A file can publish "Other" next to "Begging", which is a part of it here. If the figures show
    that "Other" leaves begging out, it is the residual, ``other_other``: as the category around
    begging it would hide persons. The figures of one area show it where a part is larger, or where
    all categories with the parts make the total and without them do not. They show the opposite
    where the parts make the category, or the categories without the parts make the total. What
    they do not show stays as it is, and is reported if the parts together are larger.

    Parameters
    ----------
    draft : DraftTable
        Rows in our codes; what is found is written into its ledger.
    """
    for name, column in draft.dimensions.items():
        dimension = draft.schema[name]
        if dimension.content != "codes" or dimension.total is None:
            continue
        for index, code in enumerate(column.values):
            rest = f"{code}_other" if code == "other" else f"other_{code}"
            known = dimension.vocabulary is not None and rest in list(dimension.vocabulary)
            kids = [p for p, text in enumerate(column.values) if dimension.parent(text) == code]
            if known and kids and rest not in column.values:
                family = _Family.of(draft, dimension, index, kids)
                draft = _settled(draft, name, family, rest)
    return draft


@frozen(eq=False, kw_only=True)
class _Family:
    """A category and its parts: which rows they are, and the figures of each cell around them.

    Parameters
    ----------
    whole : array of bool
        The rows of the category that do not bear its code in the file.
    cell, area : array of int
        The cell and the area of each row.
    is_residual, is_integer, is_below : array of bool
        What the figures of each cell show: that the category leaves its parts out, that it has them
        in it, and that it is below their sum.
    """

    whole: Rows
    cell: NDArray[np.intp]
    area: NDArray[np.intp]
    is_residual: Rows
    is_integer: Rows
    is_below: Rows

    @classmethod
    def of(
        cls, draft: DraftTable, dimension: Dimension, index: int, kids: Sequence[int]
    ) -> "_Family":
        """Return the family of a category."""
        column = draft.dimensions[dimension.name]
        top = [p for p, w in enumerate(column.values) if dimension.parent(w) == dimension.total]
        totals = [p for p, text in enumerate(column.values) if text == dimension.total]
        cell, found = pd.factorize(draft.keys(but=dimension.name).values)
        size = len(found)
        lower, upper = draft.values.lower, draft.values.upper

        def added(indices: Sequence[int]) -> tuple[NDArray[np.float64], Rows]:
            """Return the sums of some categories, and where some are given and all are known."""
            rows = column.isin(indices)
            exact = np.bincount(cell[rows & (lower != upper)], minlength=size) == 0
            there = np.bincount(cell[rows], minlength=size) > 0
            sums = np.bincount(cell[rows], lower[rows], minlength=size).astype(np.float64)
            return sums, exact & there

        (whole, has_whole), (parts, has_parts) = added([index]), added(kids)
        (all_top, exact_top), (total, has_total) = added(top), added(totals)
        largest = np.zeros(size)
        rows = column.isin(kids)
        np.maximum.at(largest, cell[rows], lower[rows])
        shown = has_whole & has_parts & (parts > 0)
        adds_up = shown & exact_top & has_total
        is_residual = shown & (largest > whole) | adds_up & (all_top + parts == total)
        is_integer = shown & (parts == whole) & ~is_residual | adds_up & (all_top == total)
        area = draft.dimensions.get("area")
        return cls(
            whole=column.isin([index]) & _renamed(draft, column, column.values[index]),
            cell=cell,
            area=np.zeros(len(cell), np.intp) if area is None else area.codes.astype(np.intp),
            is_residual=is_residual,
            is_integer=is_integer,
            is_below=shown & (parts > whole),
        )


def _renamed(draft: DraftTable, column: TextColumn, code: str) -> Rows:
    """Return the rows in which the file has another word than our code."""
    if column.name not in draft.ledger.raw.columns:
        return np.ones(len(draft), dtype=np.bool_)
    raw = TextColumn.from_values(draft.ledger.raw[column.name]).take(draft.rows)
    return ~raw.isin([index for index, text in enumerate(raw.values) if text.strip() == code])


def _settled(draft: DraftTable, name: str, family: _Family, rest: str) -> DraftTable:
    """Return the rows with the residuals of a family under their own category."""
    size = int(family.area.max(initial=0)) + 1

    def areas(cells: Rows) -> Rows:
        rows = family.whole & cells[family.cell]
        found: Rows = np.bincount(family.area[rows], minlength=size) > 0
        return found

    formatted = areas(family.is_residual) & ~areas(family.is_integer)
    moved = family.whole & formatted[family.area]
    doubtful = family.whole & family.is_below[family.cell] & ~moved
    doubtful &= ~areas(family.is_integer)[family.area]
    words = draft.dimensions[name]
    column = words.name or name
    draft.ledger.flag(
        "RESIDUAL",
        draft.rows[moved],
        column=column,
        message=f"a category published next to its parts, which it leaves out: read as {rest}",
        hint=f"Declare it as {rest!r}, or correct the figures if it includes its parts",
        texts=_labels(draft, words, moved),
    )
    draft.ledger.flag(
        "WHOLE_BELOW_PARTS",
        draft.rows[doubtful],
        column=column,
        message="a category published next to its parts, which together are more",
        hint=f"If it leaves its parts out, declare it as {rest!r}",
        texts=_labels(draft, words, doubtful),
    )
    if not moved.any():
        return draft
    codes = np.where(moved, len(words.values), words.codes.astype(np.int64))
    recoded = TextColumn(codes, (*words.values, rest), words.name)
    left = recoded.used_codes()
    recoded = recoded.with_values([w if p in left else None for p, w in enumerate(recoded.values)])
    return evolve(draft, dimensions={**draft.dimensions, name: recoded})


def _labels(draft: DraftTable, column: TextColumn, rows: Rows) -> Counter[str]:
    if column.name not in draft.ledger.raw.columns:
        return Counter()
    raw = TextColumn.from_values(draft.ledger.raw[column.name]).take(draft.rows)
    return Counter(raw.value_at(row) for row in np.flatnonzero(rows).tolist())
