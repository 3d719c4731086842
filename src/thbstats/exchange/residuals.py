"""Residual categories that a file publishes under the name of the category around its parts."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
import pandas as pd
from attrs import evolve, frozen
from numpy.typing import NDArray

from thbstats.exchange.draft import Draft
from thbstats.exchange.words import Words
from thbstats.records import Dimension

__all__ = ["check_residuals"]

Rows = NDArray[np.bool_]


def check_residuals(draft: Draft) -> Draft:
    """Return the rows with residuals under the category that stands for the residual.

    A file can publish "Other" next to "Begging", which is a part of it here. If the figures show
    that "Other" leaves begging out, it is the residual, ``other_other``: as the category around
    begging it would hide persons. The figures of one area show it where a part is larger, or where
    all categories with the parts make the total and without them do not. They show the opposite
    where the parts make the category, or the categories without the parts make the total. What
    they do not show stays as it is, and is reported if the parts together are larger.

    Parameters
    ----------
    draft : Draft
        Rows in our codes; what is found is written into its ledger.
    """
    for name, words in draft.dimensions.items():
        dimension = draft.schema[name]
        if dimension.content != "codes" or dimension.total is None:
            continue
        for place, code in enumerate(words.words):
            rest = f"{code}_other" if code == "other" else f"other_{code}"
            known = dimension.vocabulary is not None and rest in list(dimension.vocabulary)
            kids = [p for p, word in enumerate(words.words) if dimension.parent(word) == code]
            if known and kids and rest not in words.words:
                family = _Family.of(draft, dimension, place, kids)
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
    is_residual, is_whole, is_below : array of bool
        What the figures of each cell show: that the category leaves its parts out, that it has them
        in it, and that it is below their sum.
    """

    whole: Rows
    cell: NDArray[np.intp]
    area: NDArray[np.intp]
    is_residual: Rows
    is_whole: Rows
    is_below: Rows

    @classmethod
    def of(cls, draft: Draft, dimension: Dimension, place: int, kids: Sequence[int]) -> "_Family":
        """Return the family of a category."""
        words = draft.dimensions[dimension.name]
        top = [p for p, w in enumerate(words.words) if dimension.parent(w) == dimension.total]
        totals = [p for p, word in enumerate(words.words) if word == dimension.total]
        cell, found = pd.factorize(draft.keys(but=dimension.name).values)
        size = len(found)
        lower, upper = draft.values.lower, draft.values.upper

        def added(places: Sequence[int]) -> tuple[NDArray[np.float64], Rows]:
            """Return the sums of some categories, and where some are given and all are known."""
            rows = words.among(places)
            exact = np.bincount(cell[rows & (lower != upper)], minlength=size) == 0
            there = np.bincount(cell[rows], minlength=size) > 0
            sums = np.bincount(cell[rows], lower[rows], minlength=size).astype(np.float64)
            return sums, exact & there

        (whole, has_whole), (parts, has_parts) = added([place]), added(kids)
        (all_top, exact_top), (total, has_total) = added(top), added(totals)
        largest = np.zeros(size)
        rows = words.among(kids)
        np.maximum.at(largest, cell[rows], lower[rows])
        told = has_whole & has_parts & (parts > 0)
        adds_up = told & exact_top & has_total
        is_residual = told & (largest > whole) | adds_up & (all_top + parts == total)
        is_whole = told & (parts == whole) & ~is_residual | adds_up & (all_top == total)
        area = draft.dimensions.get("area")
        return cls(
            whole=words.among([place]) & _renamed(draft, words, words.words[place]),
            cell=cell,
            area=np.zeros(len(cell), np.intp) if area is None else area.codes.astype(np.intp),
            is_residual=is_residual,
            is_whole=is_whole,
            is_below=told & (parts > whole),
        )


def _renamed(draft: Draft, words: Words, code: str) -> Rows:
    """Return the rows in which the file has another word than our code."""
    if words.column not in draft.ledger.raw.columns:
        return np.ones(len(draft), dtype=np.bool_)
    raw = Words.of(draft.ledger.raw[words.column]).take(draft.rows)
    return ~raw.among([place for place, word in enumerate(raw.words) if word.strip() == code])


def _settled(draft: Draft, name: str, family: _Family, rest: str) -> Draft:
    """Return the rows with the residuals of a family under their own category."""
    size = int(family.area.max(initial=0)) + 1

    def areas(cells: Rows) -> Rows:
        rows = family.whole & cells[family.cell]
        found: Rows = np.bincount(family.area[rows], minlength=size) > 0
        return found

    formatted = areas(family.is_residual) & ~areas(family.is_whole)
    moved = family.whole & formatted[family.area]
    doubtful = family.whole & family.is_below[family.cell] & ~moved
    doubtful &= ~areas(family.is_whole)[family.area]
    words = draft.dimensions[name]
    column = words.column or name
    draft.ledger.odd(
        "RESIDUAL",
        draft.rows[moved],
        column=column,
        what=f"a category published next to its parts, which it leaves out: read as {rest}",
        hint=f"Declare it as {rest!r}, or correct the figures if it includes its parts",
        labels=_labels(draft, words, moved),
    )
    draft.ledger.odd(
        "WHOLE_BELOW_PARTS",
        draft.rows[doubtful],
        column=column,
        what="a category published next to its parts, which together are more",
        hint=f"If it leaves its parts out, declare it as {rest!r}",
        labels=_labels(draft, words, doubtful),
    )
    if not moved.any():
        return draft
    codes = np.where(moved, len(words.words), words.codes.astype(np.int64))
    recoded = Words(codes, (*words.words, rest), words.column)
    left = recoded.used()
    recoded = recoded.replaced([w if p in left else None for p, w in enumerate(recoded.words)])
    return evolve(draft, dimensions={**draft.dimensions, name: recoded})


def _labels(draft: Draft, words: Words, rows: Rows) -> Counter[str]:
    if words.column not in draft.ledger.raw.columns:
        return Counter()
    raw = Words.of(draft.ledger.raw[words.column]).take(draft.rows)
    return Counter(raw.at(row) for row in np.flatnonzero(rows).tolist())
