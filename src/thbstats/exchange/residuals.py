"""Residual categories published under the name of a wider category."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
import pandas as pd
from attrs import evolve, frozen
from numpy.typing import NDArray

from thbstats.exchange.draft_table import DraftTable
from thbstats.exchange.file_column import FileColumn
from thbstats.records import Dimension

__all__ = ["check_residuals"]

Rows = NDArray[np.bool_]


def check_residuals(draft: DraftTable) -> DraftTable:
    """Return the rows with residuals under the residual category.

    A file can publish "Other" next to "Begging", which is a part of "other" in this library. If
    "Other" excludes begging, it is the residual ``other_other``.

    Parameters
    ----------
    draft : DraftTable
        Rows in category codes; problems are added to its ledger.

    Notes
    -----
    The figures of an area show that a category excludes its parts if a part is larger, or if all
    categories add up to the total only with the parts. They show the opposite if the parts add up
    to the category, or the categories add up to the total without the parts. Other categories stay
    unchanged, and are flagged if their parts exceed them.
    """
    for name, column in draft.dimensions.items():
        dimension = draft.schema[name]
        if dimension.content != "codes" or dimension.total is None:
            continue
        for index, code in enumerate(column.values):
            residual = f"{code}_other" if code == "other" else f"other_{code}"
            known = dimension.vocabulary is not None and residual in list(dimension.vocabulary)
            parts_of_category = [
                p for p, text in enumerate(column.values) if dimension.parent(text) == code
            ]
            if known and parts_of_category and residual not in column.values:
                family = _CategoryFamily.from_draft(draft, dimension, index, parts_of_category)
                draft = _move_residuals(draft, name, family, residual)
    return draft


@frozen(eq=False, kw_only=True)
class _CategoryFamily:
    """A category and its parts.

    Parameters
    ----------
    whole : array of bool
        The rows of the category that do not have its code in the file.
    cell, area : array of int
        The cell and the area of each row.
    is_residual, is_integer, is_below : array of bool
        For each cell, whether the category excludes its parts, includes them, and is below their
        sum.
    """

    whole: Rows
    cell: NDArray[np.intp]
    area: NDArray[np.intp]
    is_residual: Rows
    is_integer: Rows
    is_below: Rows

    @classmethod
    def from_draft(
        cls, draft: DraftTable, dimension: Dimension, index: int, parts_of_category: Sequence[int]
    ) -> "_CategoryFamily":
        """Return the family of a category."""
        column = draft.dimensions[dimension.name]
        top = [p for p, w in enumerate(column.values) if dimension.parent(w) == dimension.total]
        totals = [p for p, text in enumerate(column.values) if text == dimension.total]
        cell, result = pd.factorize(draft.keys(exclude=dimension.name).values)
        size = len(result)
        lower, upper = draft.counts.lower, draft.counts.upper

        def sum_of(indices: Sequence[int]) -> tuple[NDArray[np.float64], Rows]:
            """Return sums of categories, and where they are present and exact."""
            rows = column.isin(indices)
            exact = np.bincount(cell[rows & (lower != upper)], minlength=size) == 0
            there = np.bincount(cell[rows], minlength=size) > 0
            sums = np.bincount(cell[rows], lower[rows], minlength=size).astype(np.float64)
            return sums, exact & there

        (whole, has_whole), (parts, has_parts) = sum_of([index]), sum_of(parts_of_category)
        (all_top, exact_top), (total, has_total) = sum_of(top), sum_of(totals)
        largest = np.zeros(size)
        rows = column.isin(parts_of_category)
        np.maximum.at(largest, cell[rows], lower[rows])
        comparable = has_whole & has_parts & (parts > 0)
        adds_up = comparable & exact_top & has_total
        is_residual = comparable & (largest > whole) | adds_up & (all_top + parts == total)
        is_integer = comparable & (parts == whole) & ~is_residual | adds_up & (all_top == total)
        area = draft.dimensions.get("area")
        return cls(
            whole=column.isin([index]) & _has_other_text(draft, column, column.values[index]),
            cell=cell,
            area=np.zeros(len(cell), np.intp) if area is None else area.codes.astype(np.intp),
            is_residual=is_residual,
            is_integer=is_integer,
            is_below=comparable & (parts > whole),
        )


def _has_other_text(draft: DraftTable, column: FileColumn, code: str) -> Rows:
    """Return the rows with a text that differs from the code."""
    if column.name not in draft.ledger.raw.columns:
        return np.ones(len(draft), dtype=np.bool_)
    raw = FileColumn.from_values(draft.ledger.raw[column.name]).take(draft.rows)
    return ~raw.isin([index for index, text in enumerate(raw.values) if text.strip() == code])


def _move_residuals(
    draft: DraftTable, name: str, family: _CategoryFamily, residual: str
) -> DraftTable:
    """Return the rows with the residuals of a family in their own category."""
    size = int(family.area.max(initial=0)) + 1

    def areas(cells: Rows) -> Rows:
        rows = family.whole & cells[family.cell]
        has_rows: Rows = np.bincount(family.area[rows], minlength=size) > 0
        return has_rows

    affected = areas(family.is_residual) & ~areas(family.is_integer)
    moved = family.whole & affected[family.area]
    below = family.whole & family.is_below[family.cell] & ~moved
    below &= ~areas(family.is_integer)[family.area]
    column_codes = draft.dimensions[name]
    column = column_codes.name or name
    draft.ledger.flag(
        "RESIDUAL",
        draft.rows[moved],
        column=column,
        message=f"a category that excludes the parts next to it; it is read as {residual}",
        hint=f"Recode it as {residual!r}, or correct the figures if it includes its parts",
        texts=_text_counts(draft, column_codes, moved),
    )
    draft.ledger.flag(
        "WHOLE_BELOW_PARTS",
        draft.rows[below],
        column=column,
        message="a category below the sum of the parts next to it",
        hint=f"If it excludes its parts, recode it as {residual!r}",
        texts=_text_counts(draft, column_codes, below),
    )
    if not moved.any():
        return draft
    codes = np.where(moved, len(column_codes.values), column_codes.codes.astype(np.int64))
    recoded = FileColumn(codes, (*column_codes.values, residual), column_codes.name)
    used = recoded.used_codes()
    recoded = recoded.with_values([w if p in used else None for p, w in enumerate(recoded.values)])
    return evolve(draft, dimensions={**draft.dimensions, name: recoded})


def _text_counts(draft: DraftTable, column: FileColumn, rows: Rows) -> Counter[str]:
    if column.name not in draft.ledger.raw.columns:
        return Counter()
    raw = FileColumn.from_values(draft.ledger.raw[column.name]).take(draft.rows)
    return Counter(raw.value_at(row) for row in np.flatnonzero(rows).tolist())
