"""One group-by of an engine: how many rows there are of each combination of values."""

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
"""What runs a question of an engine and gives its answer as a frame in memory."""

Distinct = MutableMapping[str, Sequence[Any] | None]
"""The different values of columns, ``None`` where there are many; kept between questions."""

_ROWS = "rows"

_MANY = 500  # different values that an engine is told one by one
_SOME = 10  # rows that are read here, to tell what is wrong with them


@frozen(eq=False, kw_only=True)
class GroupQuery:
    """What is asked of the rows.

    Parameters
    ----------
    columns : sequence of str
        The columns that tell the groups apart.
    weights : str, optional
        The column that says for how many cases a row stands.
    number : str, optional
        The column that has the weights as numbers; that of the weights unless given.
    derived : mapping of str to Derivation
        By dimension, how it follows from columns.
    """

    columns: Sequence[str]
    weights: str | None = None
    number: str | None = None
    derived: Mapping[str, Derivation] = NO_DERIVATIONS

    @property
    def sources(self) -> tuple[str, ...]:
        """The columns from which dimensions follow."""
        names = (name for item in self.derived.values() for name in item.columns)
        return tuple(dict.fromkeys(names))


def group_rows(
    frame: "nw.LazyFrame[Any]",
    wanted: GroupQuery,
    collect: Collect,
    known: Distinct,
    here: frozenset[str] = frozenset(),
) -> GroupedRows:
    """Return the groups of equal rows that an engine makes.

    Parameters
    ----------
    frame : LazyFrame of narwhals
        The cases.
    wanted : GroupQuery
        What is asked of them.
    collect : callable
        What runs a question.
    known : mapping
        The different values of columns, as far as they are known; others are added.
    here : frozenset of str
        Dimensions whose columns come here as they are, though the engine could make them.

    Raises
    ------
    InvalidValue
        If a weight is no whole number from 0, or a row cannot be read.
    ImpossibleResult
        If the weights make more than 2**53.
    """
    import narwhals.stable.v2 as nw

    # A new name for each column: none is that of the count, and engines differ in what they admit.
    keys = {name: f"key{number}" for number, name in enumerate(wanted.columns)}
    places = {name: f"from{number}" for number, name in enumerate(wanted.sources)}
    chosen = [
        column(frame, old).alias(new) for names in (keys, places) for old, new in names.items()
    ]
    counts = {_ROWS: nw.len()}
    weighing = None
    if wanted.weights is not None:
        number = wanted.number or wanted.weights
        weighing = WeightColumn(frame, wanted.weights, number)
        chosen += weighing.columns(column(frame, wanted.weights), column(frame, number))
        counts |= weighing.sums
    rows = frame.select(*chosen) if chosen else frame
    if weighing is not None:
        rows = weighing.checked(rows)
    distinct = _distinct(rows, places, collect, known)
    plain, made = _made(rows, wanted, places, distinct, here)
    left = [item.columns for name, item in wanted.derived.items() if name not in made]
    others = [*keys.values(), *dict.fromkeys(places[name] for names in left for name in names)]
    found = FrameRows.of(collect(_groups(plain, made.values(), others, counts)))
    cases = numbers(found.columns[_ROWS])
    if weighing is not None:
        cases = weighing.cases(found, cases, rows, collect)
    slots = found.group([*others, *(item.name for item in made.values())]).columns
    strange = [name for name, item in made.items() if UNREADABLE in _standing(slots[item.name])]
    for name in strange:
        item = wanted.derived[name]
        _check(plain, made[name], item, [places[source] for source in item.columns], collect)
    if strange:
        return group_rows(frame, wanted, collect, known, here.union(strange))
    return GroupedRows(
        columns={name: slots[key] for name, key in keys.items()},
        derived={
            name: _told(slots[made[name].name], made[name].decode)
            if name in made
            else item.in_memory([slots[places[source]] for source in item.columns])
            for name, item in wanted.derived.items()
        },
        size=found.size,
        weights=cases.astype(np.int64),
    )


def _made(
    rows: "nw.LazyFrame[Any]",
    wanted: GroupQuery,
    places: Mapping[str, str],
    distinct: Callable[[str], Sequence[Any] | None],
    here: frozenset[str],
) -> tuple["nw.LazyFrame[Any]", dict[str, EngineColumn]]:
    """Return the rows with what the engine makes of them, and the columns that it makes."""
    made: dict[str, EngineColumn] = {}
    for number, (name, derivation) in enumerate(wanted.derived.items()):
        found = None
        if name not in here:
            found = derivation.in_engine(rows, places, f"made{number}", distinct)
        if found is not None:
            rows, made[name] = found.rows, found
    return rows, made


def _groups(
    rows: "nw.LazyFrame[Any]",
    made: Collection[EngineColumn],
    others: Sequence[str],
    counts: Mapping[str, "nw.Expr"],
) -> "nw.LazyFrame[Any]":
    """Return the groups of equal rows, with what is counted in each."""
    import narwhals.stable.v2 as nw

    sources = (name for item in made for name in item.sources or (item.name,))
    groups = _grouped(rows, [*others, *dict.fromkeys(sources)], counts)
    if not any(item.sources for item in made):
        return groups
    for item in made:
        groups = item.finish_rows(groups)
    added = {name: nw.col(name).sum() for name in counts}
    return _grouped(groups, [*others, *(item.name for item in made)], added)


def _grouped(
    rows: "nw.LazyFrame[Any]", names: Sequence[str], counts: Mapping[str, "nw.Expr"]
) -> "nw.LazyFrame[Any]":
    found = [count.alias(name) for name, count in counts.items()]
    return rows.group_by(*names).agg(*found) if names else rows.select(*found)


def _distinct(
    rows: "nw.LazyFrame[Any]", places: Mapping[str, str], collect: Collect, known: Distinct
) -> Callable[[str], Sequence[Any] | None]:
    import narwhals.stable.v2 as nw

    def distinct(name: str) -> Sequence[Any] | None:
        if name not in known:
            place = places[name]
            values = rows.group_by(place).agg(nw.len().alias(_ROWS)).select(place).head(_MANY + 1)
            column = FrameRows.of(collect(values)).group([place]).columns[place]
            known[name] = None if len(column) > _MANY else _standing(column)
        return known[name]

    return distinct


def _standing(column: Coded[Any]) -> list[Any]:
    """Return the values that stand in rows, as Python has them."""
    found = [column.categories[place] for place in np.unique(column.codes).tolist()]
    return [value.item() if isinstance(value, np.generic) else value for value in found]


def _check(
    rows: "nw.LazyFrame[Any]",
    made: EngineColumn,
    derivation: Derivation,
    columns: Sequence[str],
    collect: Collect,
) -> None:
    """CountedColumn some rows of which the engine could make nothing: most often nobody can."""
    import narwhals.stable.v2 as nw

    strange = made.finish_rows(rows).filter(nw.col(made.name) == UNREADABLE)
    found = FrameRows.of(collect(strange.select(*columns).head(_SOME))).group(columns).columns
    derivation.check([found[name] for name in columns])


def _told(column: Coded[Any], decode: Callable[[int], Any]) -> Coded[Any]:
    """Return a column with what its numbers stand for."""
    places = np.unique(column.codes)
    values = [decode(int(column.categories[place])) for place in places.tolist()]
    table = np.zeros(len(column.categories), dtype=np.intp)
    table[places] = np.arange(len(places))
    return Coded(table[column.codes], tuple((value,) for value in values))


def column(frame: "nw.LazyFrame[Any]", name: str) -> "nw.Expr":
    """Return a column of a frame; Spark takes a point in its name for a field within it."""
    import narwhals.stable.v2 as nw

    if frame.implementation.is_spark_like() and ("." in name or "`" in name):
        name = f"`{name.replace('`', '``')}`"
    return nw.col(name)
