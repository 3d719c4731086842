"""Comparison of rows with the properties of their categories."""

import numpy as np
import pandas as pd

from thbstats.exchange.draft_table import DraftTable
from thbstats.records import Dimension
from thbstats.values import Period
from thbstats.vocabulary import Category, Code

__all__ = ["check_categories"]


def check_categories(draft: DraftTable) -> None:
    """Flag rows outside the validity of their category, and parts that do not make a category.

    The rows are used without change.
    """
    for dimension in draft.schema.dimensions:
        vocabulary = dimension.vocabulary
        column = draft.dimensions.get(dimension.name)
        if vocabulary is None or column is None or dimension.content != "codes":
            continue
        for category in vocabulary.classification().categories:
            if category.code not in column.values:
                continue
            code = column.values.index(category.code)
            if category.valid_from or category.valid_to:
                _check_validity(draft, dimension, code, category)
            if category.is_exhaustive and vocabulary(category.code).children:
                _check_parts(draft, dimension, code, vocabulary(category.code))


def _is_outside(period: Period, category: Category) -> bool:
    first, last = category.valid_from, category.valid_to
    is_before = first is not None and period.end is not None and period.end < first
    return is_before or (last is not None and period.start is not None and period.start > last)


def _check_validity(draft: DraftTable, dimension: Dimension, code: int, category: Category) -> None:
    periods = draft.dimensions["period"]
    outside = [
        own
        for own in periods.used_codes()
        if _is_outside(Period.parse(periods.values[own]), category)
    ]
    column = draft.dimensions[dimension.name]
    first, last = category.valid_from, category.valid_to
    dates = " and ".join(
        text for text in (first and f"from {first}", last and f"until {last}") if text
    )
    draft.ledger.flag(
        "OUTSIDE_VALIDITY",
        draft.rows[periods.isin(outside) & column.isin([code])],
        column=column.name or dimension.name,
        message=f"{category.label}: a category that is valid {dates}",
        hint="Check the period, or the dates of the classification",
    )


def _check_parts(draft: DraftTable, dimension: Dimension, code: int, category: Code) -> None:
    """Flag a category above the sum of its parts, where all of them have exact counts."""
    column, numbers = draft.dimensions[dimension.name], draft.numbers
    cell, distinct = pd.factorize(draft.keys(exclude=dimension.name).values)
    parts = [column.values.index(part) for part in category.children if part in column.values]
    is_part = column.isin(parts) & (numbers.lower == numbers.upper)
    added = np.bincount(cell[is_part], numbers.lower[is_part], len(distinct))
    is_complete = np.bincount(cell[is_part], minlength=len(distinct)) == len(category.children)
    above = is_complete[cell] & (numbers.lower > added[cell])
    draft.ledger.flag(
        "ABOVE_PARTS",
        draft.rows[column.isin([code]) & above],
        column=column.name or dimension.name,
        message=f"{category.label}: the parts are exhaustive, and their sum is below the category",
        hint="Ask the publisher for the other cases",
    )
