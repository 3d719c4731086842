"""Which rows are counted: expressions of narwhals, evaluated by the engine that holds the rows."""

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, TypeAlias

from thbstats.errors import InvalidValue, UnknownName, did_you_mean

if TYPE_CHECKING:
    import narwhals as nw

__all__ = ["Filter", "apply_filter", "parse_filter"]

Filter: TypeAlias = "tuple[nw.Expr, ...]"

_NAME = re.compile(r"\bcol\((.*?)\)")


def parse_filter(given: "nw.Expr | Iterable[nw.Expr] | None") -> Filter:
    """Return expressions that all have to hold.

    Raises
    ------
    InvalidValue
        If something else is given.
    """
    if given is None:
        return ()
    import narwhals as nw

    several: Any = (given,) if isinstance(given, nw.Expr) else given
    found: Filter = tuple(several) if isinstance(several, Iterable) else (several,)
    for item in found:
        if not isinstance(item, nw.Expr):
            raise InvalidValue(
                "no expression of narwhals",
                field="filter",
                value=type(item).__name__,
                hint="import narwhals as nw, and give for example filter=nw.col('year') == 2020",
            )
    return found


def apply_filter(frame: Any, filter: Filter) -> Any:
    """Return the rows of a narwhals frame, lazy or not, for which all expressions hold.

    Raises
    ------
    UnknownName
        If there is no such column.
    InvalidValue
        If the expressions do not fit the columns.
    """
    if not filter:
        return frame
    names = frame.collect_schema().names()
    named = [name for item in filter for name in _NAME.findall(repr(item))]
    wanted = next((name for name in named if name not in names), None)
    try:
        found = frame.filter(*filter)
        found.collect_schema()  # a lazy frame looks at the names only when it must
    except Exception as error:  # each engine raises its own
        if wanted is not None:
            raise UnknownName(
                "the filter names a column that the cases do not have, or not all of the files",
                field=wanted,
                hint=did_you_mean(wanted, names),
            ) from None
        raise InvalidValue(
            f"the filter does not fit the columns: {str(error).splitlines()[0]}",
            field="filter",
            hint="A cell of a CSV file is text: nw.col('year') == '2020'",
        ) from error
    return found
