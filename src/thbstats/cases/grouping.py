"""Groups of equal rows, counted by an engine."""

from collections.abc import Callable, Collection, Mapping, MutableMapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from attrs import frozen

from thbstats.cases.engine_columns import UNREADABLE, Derivation, EngineColumn
from thbstats.cases.in_memory import FrameRows
from thbstats.cases.rows import NO_DERIVATIONS, GroupedRows
from thbstats.cases.weights import WeightColumn, numbers
from thbstats.columns import Coded

if TYPE_CHECKING:
    import narwhals.stable.v2 as nw

__all__ = ["Collect", "Distinct", "GroupQuery", "column", "group_rows"]

Collect = Callable[["nw.LazyFrame[Any]"], Any]
"""A function from a lazy frame to its result in memory."""

Distinct = MutableMapping[str, Sequence[Any] | None]
"""Distinct values by column, ``None`` if there are many; reused by later queries."""

_ROWS = "rows"

_MANY = 500  # distinct values in the expressions of an engine
_SOME = 10  # unreadable rows that are read for their errors


@frozen(eq=False, kw_only=True)
class GroupQuery:
    """The columns of a query for groups.

    Parameters
    ----------
    columns : sequence of str
        The columns to group by.
    weights : str, optional
        The column with the number of cases of each row.
    number : str, optional
        The column with the weights as numbers; by default ``weights``.
    derived : mapping of str to Derivation
        By dimension, its derivation from columns.
    """

    columns: Sequence[str]
    weights: str | None = None
    number: str | None = None
    derived: Mapping[str, Derivation] = NO_DERIVATIONS

    @property
    def sources(self) -> tuple[str, ...]:
        """The source columns of derived dimensions."""
        names = (name for item in self.derived.values() for name in item.columns)
        return tuple(dict.fromkeys(names))


def group_rows(
    frame: "nw.LazyFrame[Any]",
    query: GroupQuery,
    collect: Collect,
    known: Distinct,
    here: frozenset[str] = frozenset(),
) -> GroupedRows:
    """Return the groups of equal rows, counted by an engine.

    Raises
    ------
    InvalidValue
        If a weight is not an integer of 0 or more, or a row cannot be read.
    ImpossibleResult
        If the sum of the weights exceeds 2**53.
    """
    import narwhals.stable.v2 as nw

    # New names of columns: none is that of the count, and engines allow different names.
    keys = {name: f"key{number}" for number, name in enumerate(query.columns)}
    source_names = {name: f"from{number}" for number, name in enumerate(query.sources)}
    selected = [
        column(frame, old).alias(new)
        for names in (keys, source_names)
        for old, new in names.items()
    ]
    counts = {_ROWS: nw.len()}
    weights = None
    if query.weights is not None:
        number = query.number or query.weights
        weights = WeightColumn(frame, query.weights, number)
        selected += weights.columns(column(frame, query.weights), column(frame, number))
        counts |= weights.sums
    rows = frame.select(*selected) if selected else frame
    if weights is not None:
        rows = weights.mark_invalid(rows)
    distinct = _distinct(rows, source_names, collect, known)
    plain, engine_columns = _derive(rows, query, source_names, distinct, here)
    remaining = [item.columns for name, item in query.derived.items() if name not in engine_columns]
    others = [
        *keys.values(),
        *dict.fromkeys(source_names[name] for names in remaining for name in names),
    ]
    result = FrameRows.of(collect(_groups(plain, engine_columns.values(), others, counts)))
    cases = numbers(result.columns[_ROWS])
    if weights is not None:
        cases = weights.cases(result, cases, rows, collect)
    columns = result.group([*others, *(item.name for item in engine_columns.values())]).columns
    unreadable = [
        name
        for name, item in engine_columns.items()
        if UNREADABLE in _present_values(columns[item.name])
    ]
    for name in unreadable:
        item = query.derived[name]
        _check(
            plain,
            engine_columns[name],
            item,
            [source_names[source] for source in item.columns],
            collect,
        )
    if unreadable:
        return group_rows(frame, query, collect, known, here.union(unreadable))
    return GroupedRows(
        columns={name: columns[key] for name, key in keys.items()},
        derived={
            name: _decoded(columns[engine_columns[name].name], engine_columns[name].decode)
            if name in engine_columns
            else item.in_memory([columns[source_names[source]] for source in item.columns])
            for name, item in query.derived.items()
        },
        size=result.size,
        weights=cases.astype(np.int64),
    )


def _derive(
    rows: "nw.LazyFrame[Any]",
    query: GroupQuery,
    source_names: Mapping[str, str],
    distinct: Callable[[str], Sequence[Any] | None],
    here: frozenset[str],
) -> tuple["nw.LazyFrame[Any]", dict[str, EngineColumn]]:
    """Return the rows with the derived columns of the engine, and these columns."""
    engine_columns: dict[str, EngineColumn] = {}
    for number, (name, derivation) in enumerate(query.derived.items()):
        result = None
        if name not in here:
            result = derivation.in_engine(rows, source_names, f"made{number}", distinct)
        if result is not None:
            rows, engine_columns[name] = result.rows, result
    return rows, engine_columns


def _groups(
    rows: "nw.LazyFrame[Any]",
    engine_columns: Collection[EngineColumn],
    others: Sequence[str],
    counts: Mapping[str, "nw.Expr"],
) -> "nw.LazyFrame[Any]":
    """Return the groups of equal rows, with their counts."""
    import narwhals.stable.v2 as nw

    sources = (name for item in engine_columns for name in item.sources or (item.name,))
    groups = _grouped(rows, [*others, *dict.fromkeys(sources)], counts)
    if not any(item.sources for item in engine_columns):
        return groups
    for item in engine_columns:
        groups = item.finish_rows(groups)
    added = {name: nw.col(name).sum() for name in counts}
    return _grouped(groups, [*others, *(item.name for item in engine_columns)], added)


def _grouped(
    rows: "nw.LazyFrame[Any]", names: Sequence[str], counts: Mapping[str, "nw.Expr"]
) -> "nw.LazyFrame[Any]":
    result = [count.alias(name) for name, count in counts.items()]
    return rows.group_by(*names).agg(*result) if names else rows.select(*result)


def _distinct(
    rows: "nw.LazyFrame[Any]", source_names: Mapping[str, str], collect: Collect, known: Distinct
) -> Callable[[str], Sequence[Any] | None]:
    import narwhals.stable.v2 as nw

    def distinct(name: str) -> Sequence[Any] | None:
        if name not in known:
            source = source_names[name]
            values = rows.group_by(source).agg(nw.len().alias(_ROWS)).select(source).head(_MANY + 1)
            column = FrameRows.of(collect(values)).group([source]).columns[source]
            known[name] = None if len(column) > _MANY else _present_values(column)
        return known[name]

    return distinct


def _present_values(column: Coded[Any]) -> list[Any]:
    """Return the values of the rows as Python objects."""
    result = [column.categories[position] for position in np.unique(column.codes).tolist()]
    return [value.item() if isinstance(value, np.generic) else value for value in result]


def _check(
    rows: "nw.LazyFrame[Any]",
    engine_columns: EngineColumn,
    derivation: Derivation,
    columns: Sequence[str],
    collect: Collect,
) -> None:
    """Read some rows that the engine could not read, and raise their problems."""
    import narwhals.stable.v2 as nw

    unreadable = engine_columns.finish_rows(rows).filter(nw.col(engine_columns.name) == UNREADABLE)
    result = FrameRows.of(collect(unreadable.select(*columns).head(_SOME))).group(columns).columns
    derivation.check([result[name] for name in columns])


def _decoded(column: Coded[Any], decode: Callable[[int], Any]) -> Coded[Any]:
    """Return a column with the decoded values of its numbers."""
    positions = np.unique(column.codes)
    values = [decode(int(column.categories[position])) for position in positions.tolist()]
    table = np.zeros(len(column.categories), dtype=np.intp)
    table[positions] = np.arange(len(positions))
    return Coded(table[column.codes], tuple((value,) for value in values))


def column(frame: "nw.LazyFrame[Any]", name: str) -> "nw.Expr":
    """Return a column of a frame; Spark needs quotes around a name with a point."""
    import narwhals.stable.v2 as nw

    if frame.implementation.is_spark_like() and ("." in name or "`" in name):
        name = f"`{name.replace('`', '``')}`"
    return nw.col(name)
