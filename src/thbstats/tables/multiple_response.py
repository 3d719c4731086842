"""Dimensions with multiple response in a table of counted cases."""

import numpy as np

from thbstats.tables.columns import Columns

__all__ = ["multiple_response_dimensions"]


def multiple_response_dimensions(columns: Columns) -> tuple[str, ...]:
    """Return the dimensions in which a case can have several categories.

    The counts of such a category have a number of unanswered cases, those of ``unknown`` and of
    the total do not. A dimension is one of them if this holds for rows in which it alone has a
    category; or, in a table without totals, for all its categories but not for all rows.
    """
    unanswered = columns.numbers.unanswered
    if unanswered is None:
        return ()
    is_multiple = unanswered >= 0
    has_category = {}
    for dimension, column in zip(columns.schema.dimensions, columns.dimensions, strict=True):
        if dimension.total is not None:
            no_category = ("unknown", dimension.total)
            is_category = np.array(
                [code not in no_category for code in column.categories], np.bool_
            )
            has_category[dimension.name] = is_category[column.codes]
    number = sum(rows.astype(np.int64) for rows in has_category.values())
    alone = np.asarray(number == 1)
    if (alone & is_multiple).any():
        return tuple(n for n, rows in has_category.items() if (rows & alone & is_multiple).any())
    return tuple(
        name
        for name, rows in has_category.items()
        if rows.any() and is_multiple[rows].all() and not is_multiple.all()
    )
