"""Filters of rows: narwhals expressions, evaluated by the engine."""

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, TypeAlias

from thbstats.errors import InvalidValue, UnknownName, did_you_mean

if TYPE_CHECKING:
    import narwhals as nw

__all__ = ["Filter", "apply_filter", "parse_filter"]

Filter: TypeAlias = "tuple[nw.Expr, ...]"

_NAME = re.compile(r"\bcol\((.*?)\)")


def parse_filter(filter: "nw.Expr | Iterable[nw.Expr] | None") -> Filter:
    """Return expressions that must all be true.

    Raises
    ------
    InvalidValue
        If a value is not an expression.
    """
    if filter is None:
        return ()
    import narwhals as nw

    items: Any = (filter,) if isinstance(filter, nw.Expr) else filter
    result: Filter = tuple(items) if isinstance(items, Iterable) else (items,)
    for item in result:
        if not isinstance(item, nw.Expr):
            raise InvalidValue(
                "`filter` must be a narwhals expression",
                field="filter",
                value=type(item).__name__,
                hint="Use filter=nw.col('year') == 2020 after import narwhals as nw",
            )
    return result


def apply_filter(frame: Any, filter: Filter) -> Any:
    """Return the rows of a narwhals frame that satisfy all expressions.

    Raises
    ------
    UnknownName
        If a column does not exist.
    InvalidValue
        If an expression does not fit the type of a column.
    """
    if not filter:
        return frame
    names = frame.collect_schema().names()
    named = [name for item in filter for name in _NAME.findall(repr(item))]
    missing = next((name for name in named if name not in names), None)
    try:
        result = frame.filter(*filter)
        result.collect_schema()  # a lazy frame checks the names only here
    except Exception as error:  # each engine raises its own
        if missing is not None:
            raise UnknownName(
                "the columns of `filter` must be columns of all cases",
                field=missing,
                hint=did_you_mean(missing, names),
            ) from None
        raise InvalidValue(
            f"`filter` must fit the types of the columns: {str(error).splitlines()[0]}",
            field="filter",
            hint="Use texts for cells of a CSV file: nw.col('year') == '2020'",
        ) from error
    return result
