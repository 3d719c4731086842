"""Areas, periods and categories of the numbers of a panel."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import reduce
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from thbstats._properties import cached_property
from thbstats.columns import Coded
from thbstats.display.strings import shortened
from thbstats.errors import AmbiguousCell, InvalidValue, NoSuchCell, require
from thbstats.geography import Area
from thbstats.geography.subdivisions import are_disjoint
from thbstats.panel.query_systems import systems_of
from thbstats.panel.row_index import area_positions, period_positions
from thbstats.panel.system_rows import UNKNOWN, kinds_of
from thbstats.panel.systems import LEAVE_OUT, READINGS, CountSystems
from thbstats.records import Dimension, Schema
from thbstats.records.kind_schema import names_of
from thbstats.tables import CountTable, require_table
from thbstats.tables.columns import Columns
from thbstats.values import Period
from thbstats.vocabulary.codes import COMPLETE

_FIRST = 5


@frozen(kw_only=True)
class CountSelection:
    """A selection of counts: attributes, and categories of breakdowns."""

    # Attributes such as status and register, and their categories.
    attributes: Mapping[str, tuple[str, ...]]
    categories: Mapping[str, str]  # Dimensions that divide a total, and one category of each


def selection_of(table: CountTable, selection: Mapping[str, Any]) -> CountSelection:
    """Return a selection with the codes of the schema."""
    is_mapping, hint = isinstance(selection, Mapping), "Use where={'sex': 'female'}"
    require(is_mapping, "must be a mapping", hint, where=selection)
    schema = require_table(table).columns.schema
    attributes: dict[str, tuple[str, ...]] = {}
    categories: dict[str, str] = {}
    for name, value in selection.items():
        dimension = schema.keyword(name)
        if dimension.total is not None:
            if not isinstance(value, str):
                raise InvalidValue(
                    "must be one category",
                    field=name,
                    value=value,
                    hint=f'Give one category, or by="{name}" for all',
                )
            categories[name] = dimension.parse(value)
        elif value is not None:
            listed = _several(value)
            words = map(dimension.parse, [value] if listed is None else listed)
            attributes[name] = tuple(dict.fromkeys(words))
    ordered = {name: categories[name] for name in schema.names if name in categories}
    return CountSelection(attributes=attributes, categories=ordered)


def _coded(values: list[int], column: Coded[Any]) -> NDArray[np.intp]:
    """Return the value of each row, from one value per category."""
    result: NDArray[np.intp] = np.array(values, dtype=np.intp)[column.codes]
    return result


@frozen(kw_only=True, eq=False)
class PanelGrid:
    """The numbers of the rows of a panel."""

    table: CountTable  # The rows of the query, in every period
    keys: Mapping[str, Coded[str]]  # The dimensions of ``by=``, and the category of each number
    area: Coded[Area]  # The area of each number
    periods: tuple[Coded[Period], ...]  # The periods of each number, w columns
    start: NDArray[np.intp]  # (n + 1,): the first country of each number, and the end of the last
    member: Coded[str]  # The country of each entry
    # The dimensions whose categories include every person of known category.
    exhaustive: frozenset[str] = frozenset()
    reading: str = LEAVE_OUT  # The reading of totals that their parts exceed
    dimensions: frozenset[str] = frozenset()  # The dimensions of the query with categories

    def __len__(self) -> int:
        return len(self.start) - 1

    @cached_property
    def systems(self) -> CountSystems:
        """The rows of the table as systems."""
        return systems_of(self.table.columns, self.exhaustive, self.reading, self.dimensions)

    @cached_property
    def sizes(self) -> NDArray[np.intp]:
        """The number of countries of each number."""
        return self.start[1:] - self.start[:-1]

    @cached_property
    def number(self) -> NDArray[np.intp]:
        """The number of each entry."""
        return np.repeat(np.arange(len(self)), self.sizes)

    @cached_property
    def period(self) -> NDArray[np.intp]:
        """The periods as codes of the table; -1 for a period without rows, shape (w, n)."""
        codes = period_positions(self.table.columns["period"].categories)
        return np.stack(
            [_coded([codes.get(when, -1) for when in own.categories], own) for own in self.periods]
        )

    @property
    def period_of_numbers(self) -> Coded[Period]:
        """The period of each number."""
        return reduce(
            lambda left, right: left.combine(right, lambda a, b: Period.joined([a, b])),
            self.periods,
        )

    @cached_property
    def row_area(self) -> NDArray[np.intp]:
        """The code of each country in the column ``area`` of the table; -1 without rows."""
        codes = area_positions(self.table.columns["area"].categories)
        own = [codes.get(frozenset({code}), -1) for code in self.member.categories]
        return _coded(own, self.member)

    @cached_property
    def printed(self) -> NDArray[np.intp]:
        """The code of an area of several countries in the table; -1 if it has no such rows."""
        codes, areas = area_positions(self.table.columns["area"].categories), self.area.categories
        own = [codes.get(area.members, -1) if len(area.members) > 1 else -1 for area in areas]
        return _coded(own, self.area)

    @cached_property
    def breakdowns(self) -> Mapping[str, NDArray[np.intp]]:
        """The code of each number, for dimensions of ``by=`` that divide a total."""
        return self._codes(divided=True)

    @cached_property
    def attributes(self) -> Mapping[str, NDArray[np.intp]]:
        """The code of each number, for attributes in ``by=``."""
        return self._codes(divided=False)

    def with_breakdowns(self, category: Mapping[str, str]) -> Coded[tuple[tuple[str, str], ...]]:
        """Return a category of each number and its categories in ``by=``, in schema order."""
        order = self.table.columns.schema.names.index
        result: Coded[Any] = Coded.constant(tuple(category.items()), len(self))
        for name in self.breakdowns:
            keys = self.keys[name]
            words = Coded(keys.codes, [(name, word) for word in keys.categories])
            result = result.combine(words, lambda pairs, own: (*pairs, own))
        return result.map(lambda pairs: tuple(sorted(pairs, key=lambda pair: order(pair[0]))))

    def _codes(self, *, divided: bool) -> dict[str, NDArray[np.intp]]:
        result, columns = {}, self.table.columns
        for name, words in self.keys.items():
            has_total = columns.schema[name].total is not None
            if name not in ("area", "period") and has_total is divided:
                codes = {word: i for i, word in enumerate(columns[name].categories)}
                result[name] = _coded([codes.get(word, -1) for word in words.categories], words)
        return result

    @property
    def concerned(self) -> CountTable:
        """The rows of the areas and periods of the numbers; no other row affects a number."""
        periods = {period for column in self.periods for period in column.categories}
        return rows_concerned(self.table, self.area.categories, periods)

    def with_table(
        self,
        table: CountTable,
        attributes: Mapping[str, tuple[str, ...]],
        periods: tuple[Coded[Period], ...] | None = None,
    ) -> "PanelGrid":
        """Return the same numbers in another table, or in other periods."""
        own = self.periods if periods is None else periods
        return evolve(self, table=_rows(table, attributes), periods=own)

    def by_window(self) -> tuple["PanelGrid", NDArray[np.intp]]:
        """Return one number per period of each number, and the entries of each country in these.

        The entries have the shape (w, p).
        """
        width, size = len(self.periods), len(self)
        if width == 1:
            return self, np.arange(len(self.number))[np.newaxis]
        rows, sizes = np.repeat(np.arange(size), width), np.diff(self.start)
        start = np.concatenate([[0], np.cumsum(sizes[rows])])
        within = np.arange(len(self.number)) - self.start[self.number]
        entries = start[self.number * width + np.arange(width)[:, np.newaxis]] + within
        origin = np.empty(start[-1], dtype=np.intp)
        origin[entries] = np.arange(len(self.number))
        period = np.arange(size * width).reshape(width, size).T.ravel()
        return PanelGrid(
            table=self.table,
            keys={name: column.take(rows) for name, column in self.keys.items()},
            area=self.area.take(rows),
            periods=(Coded.concat(self.periods).take(period),),
            start=start,
            member=self.member.take(origin),
            exhaustive=self.exhaustive,
            reading=self.reading,
            dimensions=self.dimensions,
        ), entries


def grid_of(
    table: CountTable,
    *,
    by: str | Sequence[str] | None,
    area: Any,
    period: Any,
    attributes: Mapping[str, tuple[str, ...]],
    named: Iterable[str] = (),
    with_unknown: bool = False,
    also: Sequence[CountTable] = (),
    complete_dimensions: str | Iterable[str] | None = None,
    contradictory: str = LEAVE_OUT,
    has_base: bool = True,
    compared: Collection[Period] = (),
) -> PanelGrid:
    """Return the numbers of a query.

    `compared` are the periods of other numbers of the query, such as the old ones of a change.
    """
    schema = require_table(table).columns.schema
    for name in filter(schema.names.__contains__, COMPLETE):
        # A classification of users can lack the categories that exist everywhere.
        always, known = COMPLETE[name], {*map(str, schema[name].vocabulary or ())}
        if not known.issuperset(always):
            raise InvalidValue(
                f"`{name}` must have the codes {' and '.join(always)}",
                field=name,
                value=", ".join(sorted(known - {"total", "unknown"})),
                hint=f"Add them to the classification, or name it '{name}_group'",
            )
    if contradictory not in READINGS:
        raise InvalidValue(
            f"must be one of {', '.join(READINGS)}",
            field="contradictory",
            value=contradictory,
            hint='Use contradictory="leave_out" to leave contradictory counts out of the value',
        )
    listed = (
        [complete_dimensions]
        if isinstance(complete_dimensions, str)
        else list(complete_dimensions or ())
    )
    complete = frozenset(
        require_breakdown(schema, own, "complete_dimensions").name for own in listed
    )
    names = names_of(by)
    closed = [name for name in names if schema[name].name in {*named, *attributes}]
    if closed:
        raise InvalidValue(
            "must not be selected and in `by` at the same time",
            field="by",
            value=", ".join(closed),
            hint="Remove the selection, or remove the dimension from `by`",
        )
    chosen = _rows(table, attributes)
    tables: Sequence[CountTable] = (chosen, *also)
    areas, own, periods = _scope(tables, area, period, names, compared, has_base=has_base)
    if set(names) - {"area", "period"}:
        when = {own for window in periods for own in window}
        tables = [rows_concerned(own_table, areas, when) for own_table in tables]
    words = {
        name: own
        if name == "area"
        else [str(item[0]) for item in periods]
        if name == "period"
        else _words(tables, name, with_unknown)
        for name in names
    }
    sizes = [len(listed) for listed in words.values()]
    count = int(np.prod(sizes)) if sizes else 1
    index = dict(zip(names, np.indices(sizes).reshape(len(sizes), count), strict=True))
    zero = np.zeros(count, dtype=np.intp)
    column, period_code = Coded(index.get("area", zero), areas), index.get("period", zero)
    start, member = _members(column)
    windows = zip(*periods, strict=True)
    return PanelGrid(
        table=chosen,
        keys={name: Coded(codes, words[name]) for name, codes in index.items()},
        area=column,
        periods=tuple(Coded(period_code, window) for window in windows),
        start=start,
        member=member,
        exhaustive=complete,
        reading=contradictory,
        dimensions=frozenset(named) | {*names},
    )


_SELECTED: WeakKeyDictionary[Columns, dict[object, CountTable]] = WeakKeyDictionary()


def _rows(table: CountTable, attributes: Mapping[str, tuple[str, ...]]) -> CountTable:
    """Return the rows of a table with some attributes, cached."""
    chosen = table
    if attributes:
        known, key = _SELECTED.setdefault(table.columns, {}), tuple(attributes.items())
        if key not in known:
            known[key] = table.where(**attributes)
        chosen = known[key]
    if not len(chosen):
        requested = ", ".join(f"{name}={', '.join(words)}" for name, words in attributes.items())
        raise NoSuchCell(
            f"No counts for {requested}" if len(table) else "The table has no rows",
            hint=f"The table has {table.contents}",
        )
    return chosen


def _several(value: Any) -> list[Any] | None:
    """Return several values as a list, or ``None`` for one value."""
    if isinstance(value, str | Area | Period) or not isinstance(value, Iterable):
        return None
    return list(value)


def _scope(
    tables: Sequence[CountTable], area: Any, period: Any, names: Sequence[str],
    compared: Collection[Period], *, has_base: bool,
) -> tuple[list[Area], list[str], list[tuple[Period, ...]]]:  # fmt: skip
    """Return areas, their names and periods of rows; one error lists all missing arguments."""
    missing, requested = [], _periods_of(period)
    try:
        areas, own = _areas(tables, area, "area" in names, (*requested, *compared))
    except AmbiguousCell as error:
        missing.append(error)
        codes = {code for table in tables for code in table.categories("area")}
        areas, own = list(map(Area.parse, sorted(codes))), [""]
    try:
        periods = _periods(tables, requested, "period" in names, areas)
    except AmbiguousCell as error:
        missing.append(error)
    if len(missing) + (not has_base) > 1:
        arguments = [f"`{error.field}`" for error in missing]
        hints = [error.hint for error in missing]
        if not has_base:
            arguments.append("`base`")
            hints.append('Pass base="all" with the unknown category, or base="known" without it')
        *front, last = arguments
        several = " and ".join(f"{error.field}s" for error in missing)
        raise AmbiguousCell(
            f"{', '.join(front)} and {last} must be passed: the table has several {several}",
            hint=". ".join(hints),
        )
    if missing:
        raise missing[0]
    return areas, own, periods


def _areas(
    tables: Sequence[CountTable], area: Any, in_rows: bool, periods: Collection[Period]
) -> tuple[list[Area], list[str]]:
    """Return the areas of the rows, and their names."""
    listed = _several(area)
    if area is not None and listed is None and not in_rows:
        return [Area.parse(area)], [""]
    codes = list(dict.fromkeys(code for table in tables for code in table.categories("area")))
    areas = [Area.parse(code) for code in codes]
    if in_rows:
        if area is None:
            return areas, codes
        requested = sorted(Area.parse(area).members) if listed is None else listed
        result = list(dict.fromkeys(map(Area.parse, requested)))
        return result, [item.code for item in result]
    if listed is not None:
        members = frozenset().union(*(Area.parse(code).members for code in listed))
        # The name of the table, if it has one.
        known = (own for own in areas if own.members == members)
        return [next(known, None) or Area.from_countries(members)], [""]
    if len(areas) == 1:
        return areas, [""]
    members = frozenset().union(*(item.members for item in areas))
    if all(len(item.members) == 1 for item in areas) and are_disjoint(members):
        return [Area.from_countries(members)], [""]
    if len({item.members for item in areas}) == 1:
        return areas[:1], [""]
    if periods:
        # Other periods can have areas with common countries.
        return _areas([rows_concerned(own, areas, periods) for own in tables], None, False, ())
    raise AmbiguousCell(
        "`area` must be passed: the table has areas with common countries",
        field="area",
        hint=f"Pass area={codes[0]!r} or another area, or by='area'",
    )


def _in_order(period: Period) -> tuple[str, str]:
    return str(period.start), str(period.end)


def _periods_of(period: Any) -> tuple[Period, ...]:
    """Return the periods of an argument."""
    if period is None:
        return ()
    listed = _several(period)
    result = dict.fromkeys(Period.parse(item) for item in ([period] if listed is None else listed))
    if not result:
        raise InvalidValue(
            "must contain at least one period",
            field="period",
            hint="Give a year, or consecutive years such as [2015, 2016]",
        )
    return tuple(result)


def added_periods(period: Any) -> tuple[Period, ...]:
    """Return the periods of an argument in order, for sums over periods."""
    periods = _periods_of(period)
    if len(periods) > 1:
        Period.joined(periods)
    return tuple(sorted(periods, key=_in_order))


def _periods(
    tables: Sequence[CountTable],
    requested: tuple[Period, ...],
    in_rows: bool,
    areas: Sequence[Area],
) -> list[tuple[Period, ...]]:
    """Return the periods of each row: one period, or several periods for sums."""
    if in_rows:
        codes = dict.fromkeys(code for table in tables for code in table.categories("period"))
        own = requested or sorted(map(Period.parse, codes), key=_in_order)
        return [(when,) for when in own]
    if requested:
        return [added_periods(requested)]
    members = frozenset().union(*(area.members for area in areas))
    codes = {}
    for table in tables:
        inside = [c for c in table.categories("area") if Area.parse(c).members <= members]
        codes |= dict.fromkeys((table.where(area=inside) or table).categories("period"))
    if len(codes) > 1:
        raise AmbiguousCell(
            f"`period` must be passed: the table has {shortened(sorted(codes))}",
            field="period",
            hint=f"Pass period={next(iter(codes))!r} or another period, or by='period'",
        )
    return [(Period.parse(code),) for code in codes]


def rows_concerned(
    table: CountTable, areas: Iterable[Area], periods: Collection[Period]
) -> CountTable:
    """Return the rows of some areas and periods, or all rows if there are none."""
    members = frozenset().union(*(area.members for area in areas))
    inside = [code for code in table.categories("area") if Area.parse(code).members <= members]
    during = [code for code in table.categories("period") if Period.parse(code) in periods]
    rows = table.where(area=inside, period=during)
    return rows if len(rows) else table


def _words(tables: Sequence[CountTable], name: str, with_unknown: bool) -> list[str]:
    """Return the categories of a dimension that have rows."""
    codes = list(dict.fromkeys(code for table in tables for code in table.categories(name)))
    dimension = tables[0].columns.schema[name]
    if dimension.total is None:
        return codes
    words = widest(dimension, codes)
    words += [UNKNOWN] if with_unknown and UNKNOWN in codes else []
    if not words:
        raise NoSuchCell(
            f"The table has no counts by {name}",
            field="by",
            value=name,
            hint=f"Choose another dimension. The table has {tables[0].contents}",
        )
    return words


def require_breakdown(schema: Schema, name: str, field: str = "by") -> Dimension:
    """Return a dimension that must have a total."""
    dimension = schema[name]
    if dimension.total is None:
        names = [item.name for item in schema.dimensions if item.total is not None]
        raise InvalidValue(
            "must be a dimension with a total",
            field=field,
            value=name,
            hint=f"Use {', '.join(names[:_FIRST])}, or select one {name} with {name}=",
        )
    return dimension


def require_listed(table: CountTable, category: Mapping[str, str]) -> None:
    """Refuse categories of a dimension that does not divide the table.

    A category without a row in a table that lists others of its dimension was not reported.
    """
    for name, word in category.items():
        dimension, words = table.columns.schema[name], table.categories(name)
        if {*words} <= {dimension.total}:
            raise NoSuchCell(
                f"The table has no counts by {name}, such as {name}={word}",
                field=name,
                value=word,
                hint=f"Choose a dimension of this table. The table has {table.contents}",
            )


def of_one_kind(dimension: Dimension, words: Sequence[str], category: str) -> list[str]:
    """Return the citizenship groups or the countries, whichever kind a category is."""
    groups, countries = kinds_of(dimension, [*words, category])
    others = (groups & ~countries)[:-1].any()
    kind = groups if groups[-1] and (others or not countries[-1]) else countries
    return [word for word, own in zip(words, kind.tolist(), strict=False) if own]


def widest(dimension: Dimension, codes: Sequence[str]) -> list[str]:
    """Return the widest known categories of some codes."""
    present = [code for code in codes if code not in (dimension.total, UNKNOWN)]
    return [word for word in present if not {*present} & {*dimension.ancestors(word)}]


def _members(areas: Coded[Area]) -> tuple[NDArray[np.intp], Coded[str]]:
    """Return the countries of each number, as start positions and one ragged column."""
    lists = [sorted(area.members) for area in areas.categories]
    names = {code: i for i, code in enumerate(dict.fromkeys(code for own in lists for code in own))}
    flat = [np.array([names[code] for code in own], dtype=np.intp) for own in lists]
    sizes = np.array([len(own) for own in flat], dtype=np.intp)[areas.codes]
    start = np.concatenate([[0], np.cumsum(sizes)])
    if flat and all(len(own) == 1 for own in flat):
        codes = np.concatenate(flat)[areas.codes]
    else:
        codes = np.concatenate([flat[code] for code in areas.codes.tolist()] or [[]])
    return start, Coded(codes, list(names))
