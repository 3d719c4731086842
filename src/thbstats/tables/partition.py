"""Partitions: the rows of a table without totals, whose sums are right."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from operator import itemgetter
from typing import TYPE_CHECKING

import numpy as np
from attrs import evolve, field, frozen
from numpy.typing import NDArray

from thbstats.columns import Coded
from thbstats.display import Cell, Column, DisplayTable, Tabular, count
from thbstats.errors import AmbiguousCell, ImpossibleResult, InvalidValue, NoSuchCell, require
from thbstats.geography import Area, parse_country
from thbstats.records import Dimension, Schema, schema_of
from thbstats.records.converters import area_members
from thbstats.tables.build import check_keys, concat
from thbstats.tables.columns import Columns, Numbers
from thbstats.tables.encoding import pack
from thbstats.tables.origins import Origin, gather_findings, unite
from thbstats.tables.sums import Grouping, resolve_origins, sum_rows
from thbstats.values import Interval, Reason
from thbstats.vocabulary import Classification
from thbstats.vocabulary.bands import AGE_LIMIT, Ages, ages_of_band, includes

if TYPE_CHECKING:
    import pandas as pd


NOT_BROKEN_DOWN = "not_broken_down"
"""The category of persons or cases whose category is not in the table."""

_SHOWN = 20
_NOT_APPLICABLE = Reason.NOT_APPLICABLE.severity

Bounds = tuple[int, float]
Row = tuple[tuple[str, ...], Bounds, str]


@frozen(kw_only=True, eq=False, repr=False)
class TablePartition(Tabular):
    """Rows without totals: each person or case is in one row.

    Sums over any rows are bounds of the count of these rows. `CountTable.partition` makes it.

    Parameters
    ----------
    schema : Schema
        The schema of the table.
    by : tuple of str
        The breakdowns that are columns, in the order of the breakdown.
    common : mapping of str to str
        The categories that all rows have.
    rows : tuple
        The codes, the bounds and the origin of each row.
    totals : tuple of str
        The areas that are left out because the table has rows of their members.
    without_total : tuple of (str, str)
        The areas and periods that are left out because they have categories without a total,
        while others have totals. Their categories can overlap, and their total is missing.
    """

    schema: Schema
    by: tuple[str, ...]
    common: Mapping[str, str]
    rows: tuple[Row, ...] = field(converter=tuple[Row, ...])
    totals: tuple[str, ...] = ()
    without_total: tuple[tuple[str, ...], ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns with categories."""
        return ("area", "period", *self.by)

    def to_frame(self) -> "pd.DataFrame":
        """Return a frame with one row per category.

        Returns
        -------
        pandas.DataFrame
            ``area``, ``period``, the breakdowns, ``count_lower``, ``count_upper`` (missing if the
            count is not bounded), and ``origin``: ``reported`` for a row of the table,
            ``not_broken_down`` for the difference between a total and its categories, and
            ``contradictory`` for a total whose categories exceed it.
        """
        import pandas as pd

        keys = [key for key, _, _ in self.rows]
        upper = [_finite(bounds[1]) for _, bounds, _ in self.rows]
        return pd.DataFrame(
            {
                **{name: [key[i] for key in keys] for i, name in enumerate(self.names)},
                "count_lower": np.array([bounds[0] for _, bounds, _ in self.rows], dtype=np.int64),
                "count_upper": pd.array(upper, dtype="Int64"),
                "origin": [origin for _, _, origin in self.rows],
            }
        )

    def display_table(self) -> DisplayTable:
        """Return the first rows as a display table."""
        rows: list[list[Cell | str]] = [
            [*key, count(Interval(lower, _finite(upper))), origin.replace("_", " ")]
            for key, (lower, upper), origin in self.rows[:_SHOWN]
        ]
        notes = ["Each person or case is in one row."]
        if len(self.rows) > _SHOWN:
            notes.append(f"First {_SHOWN} of {count(len(self.rows))} rows.")
        if self.totals:
            notes.append(f"Left out, because their members have rows: {', '.join(self.totals)}.")
        if self.without_total:
            number = count(len(self.without_total))
            notes.append(f"Left out, without a total: {number} combinations of area and period.")
        kind = ", ".join([self.schema.kind, *self.common.values()])
        return DisplayTable(
            caption=f"Rows without totals: {kind}",
            columns=[*self.names, Column("count", "right"), "origin"],
            rows=rows,
            notes=notes,
        )

    def __len__(self) -> int:
        return len(self.rows)

    def __repr__(self) -> str:
        return (
            f"<TablePartition of {self.schema.kind} by {', '.join(self.names)}: {len(self)} rows>"
        )


def _finite(upper: float) -> int | None:
    return None if np.isinf(upper) else int(upper)


def make_partition(
    columns: Columns, by: str | Iterable[str], multiple: Sequence[str]
) -> TablePartition:
    """Return the partition of a table; see `CountTable.partition`."""
    dimensions = (by,) if isinstance(by, str) else tuple(by)
    names = tuple(name for name in dimensions if name not in ("area", "period"))
    schema = columns.schema
    for name in names:
        is_breakdown = schema[name].total is not None and names.count(name) == 1
        hint = "The columns area and period are always there; select other attributes with "
        hint += "table.where(...)"
        require(is_breakdown, "must be different breakdowns, such as 'sex'", hint, by=name)
        problem = "must be a breakdown with exclusive categories"
        hint = "Its categories apply to one person together; use another breakdown"
        require(name not in multiple, problem, hint, by=name)
    # Rows are the total of every breakdown that is not a column.
    is_row = columns.numbers.reason != _NOT_APPLICABLE
    for item, column in zip(schema.dimensions, columns.dimensions, strict=True):
        if item.total is not None and item.name not in names:
            is_row = is_row & column.table(item.total.__eq__, np.bool_)
        elif item.total is None and item.name not in ("area", "period"):
            _check_attribute(item, column.categories)
    chosen = np.flatnonzero(is_row)
    areas, totals = _areas(sorted(set(columns["area"].take(chosen))))
    lower, upper = columns.numbers.lower, columns.numbers.upper
    keys = [columns[name] for name in ("area", "period", *names)]
    cells = {
        key: (int(lower[row]), float(upper[row]))
        for row in chosen.tolist()
        if (key := tuple(column[row] for column in keys))[0] in areas
    }
    for first, second in combinations(sorted({key[1] for key in cells}), 2):
        is_apart = not schema["period"].overlaps(first, second)
        hint = "Select one of them with table.where(period=...)"
        both = f"{first}, {second}"
        require(is_apart, "must have periods without common days", hint, period=both)
    tree = _Tree([schema[name] for name in names], cells)
    pairs = dict.fromkeys(key[:2] for key in cells)
    whole = tuple(str(schema[name].total) for name in names)
    without_total = {pair: None for pair in pairs if (*pair, *whole) not in cells}
    if len(without_total) == len(pairs):  # a table of categories only
        without_total = {}
    rows = [
        ((*pair, *codes), bounds, origin)
        for pair in pairs
        if pair not in without_total
        for codes, bounds, origin in tree.rows(pair)
    ]
    return TablePartition(
        schema=schema,
        by=names,
        common=columns.common(),
        rows=rows,
        totals=totals,
        without_total=tuple(without_total),
    )


def _check_attribute(dimension: Dimension, categories: Sequence[str]) -> None:
    """Raise if an attribute has several categories."""
    if len(categories) > 1:
        raise AmbiguousCell(
            "must have one category, because counts of several do not add up",
            field=dimension.name,
            value=", ".join(categories[:5]),
            hint=f"Select one with table.where({dimension.name}={categories[0]!r})",
        )


def _areas(codes: Sequence[str]) -> tuple[frozenset[str], tuple[str, ...]]:
    """Return the areas without common countries, and the compositions that are left out."""
    members = {code: area_members(code) for code in codes}
    countries = frozenset().union(*(own for own in members.values() if len(own) == 1))
    totals = tuple(
        code for code, own in members.items() if len(own) > 1 and not countries.isdisjoint(own)
    )
    remaining = [code for code in codes if code not in totals]
    for first, second in combinations([code for code in remaining if len(members[code]) > 1], 2):
        is_apart = members[first].isdisjoint(members[second])
        hint = "Select one of them with table.where(area=...)"
        both = f"{first}, {second}"
        require(is_apart, "must have areas without common countries", hint, area=both)
    return frozenset(remaining), totals


class _Tree:
    """The cells of each area and period, one breakdown after the other."""

    def __init__(
        self, dimensions: Sequence[Dimension], cells: Mapping[tuple[str, ...], Bounds]
    ) -> None:
        self.dimensions, self.cells = dimensions, cells
        children: defaultdict[tuple[str, ...], dict[str, None]] = defaultdict(dict)
        for key in cells:
            for i, dimension in enumerate(dimensions, start=2):
                if key[i] != dimension.total:
                    children[key[:i]][key[i]] = None
        self.children = {key: list(codes) for key, codes in children.items()}

    def rows(self, key: tuple[str, ...]) -> list[Row]:
        """Return the rows of a cell; the codes are those of the breakdowns."""
        depth = len(key) - 2
        totals = tuple(str(item.total) for item in self.dimensions[depth:])
        own = self.cells.get((*key, *totals))
        if not totals:
            return [] if own is None else [(self._codes(key), own, "reported")]
        parts = list(self._parts(key, own))
        rows = [row for part in parts for row in part]
        if not rows:  # the breakdown has no rows: perhaps the next one has
            return self.rows((*key, totals[0]))
        if own is None:
            return rows
        lower, upper = (sum(ends) for ends in zip(*(own for _, own, _ in rows), strict=True))
        codes = (*self._codes(key), *(NOT_BROKEN_DOWN for _ in totals))
        if lower > own[1]:
            return [(codes, own, "contradictory")]
        dimension = self.dimensions[depth]
        # A list of countries is never complete.
        is_complete = (
            dimension.vocabulary is not None
            and dimension.content == "codes"
            and all(
                np.isfinite(self.cells.get((*key, str(code), *totals[1:]), (0, np.inf))[1])
                for code in dimension.vocabulary(totals[0]).children
            )
        )
        if own[1] <= lower or (is_complete and lower <= own[0] and own[1] <= upper):
            return rows
        difference = (max(0, own[0] - int(upper)) if np.isfinite(upper) else 0, own[1] - lower)
        return [*rows, (codes, difference, NOT_BROKEN_DOWN)]

    def _codes(self, key: tuple[str, ...]) -> tuple[str, ...]:
        pairs = zip(key[2:], self.dimensions, strict=False)
        return tuple(NOT_BROKEN_DOWN if code == item.total else code for code, item in pairs)

    def _parts(self, key: tuple[str, ...], own: Bounds | None) -> Iterator[list[Row]]:
        """Yield the rows of each category; without a count only if the total has none.

        Categories have no common persons: the broadest ones, and groups before countries.
        """
        dimension = self.dimensions[len(key) - 2]
        codes = self.children.get(key, [])
        ranks = {code: (len(dimension.ancestors(code)), dimension.sort_key(code)) for code in codes}
        area, period = key[:2]
        chosen: list[str] = []
        for code in sorted(codes, key=ranks.__getitem__):
            if any(dimension.overlaps(code, own, area=area, period=period) for own in chosen):
                continue
            chosen.append(code)
            rows = self.rows((*key, code))
            if own is None or any(np.isfinite(bounds[1]) or bounds[0] for _, bounds, _ in rows):
                yield rows


_WIDER, _NOT_REPORTED = Reason.WIDER_CATEGORY.severity, Reason.NOT_REPORTED.severity

# The category of an attribute that includes others, and the categories that it includes.
_TOTALS: dict[str, tuple[str, tuple[str, ...]]] = {
    "register": ("all", ()),
    "status": ("registered", ("identified", "presumed")),
}


def with_schema(columns: Columns, schema: Schema, name: str, column: Coded[str]) -> Columns:
    """Return the rows in another schema with the same names, with another column."""
    own = {**dict(zip(columns.schema.names, columns.dimensions, strict=True)), name: column}
    own[name] = column.recode(sorted(column.categories, key=schema[name].sort_key)).compact()
    return evolve(columns, schema=schema, dimensions=tuple(own[item] for item in schema.names))


def other_schema(schema: Schema, name: str, *further: Classification) -> Schema:
    """Return a schema without the classification of a dimension, and with others."""
    others = (item for item in schema.classifications if item.name != name)
    return schema_of(schema.kind, *others, *further)


# Attributes


def has_total(schema: Schema, name: str) -> bool:
    """Return whether an attribute has a category that includes others."""
    return name in _TOTALS and name in schema.names and schema[name].total is None


def as_breakdown(columns: Columns, name: str, total: str | None) -> Columns:
    """Return the rows with an attribute as a breakdown of a total."""
    schema = columns.schema
    dimension = schema[name]
    vocabulary = dimension.vocabulary
    if dimension.total is not None or vocabulary is None or dimension.content != "codes":
        hint = "Use 'register', 'status', or an attribute of a classification"
        problem = "must be an attribute with categories"
        raise InvalidValue(problem, field="dimension", value=name, hint=hint)
    whole, parts = _TOTALS.get(name, ("", ()))
    if total is not None:
        whole, parts = dimension.parse(total), ()
    if not whole:
        hint = f"Name the category of {name} that includes the others"
        raise InvalidValue("must be given for this attribute", field="total", hint=hint)
    codes = {whole: "total", "not_stated": "unknown"}
    listed = [
        own
        for own in vocabulary.classification().categories
        if own.code not in codes and (not parts or own.code in parts)
    ]
    named = vocabulary.classification()[whole]
    synonyms = (*named.synonyms, whole)
    classification = evolve(
        vocabulary.classification(), kind="breakdown", is_required=False,
        categories=[evolve(named, code="total", parent=None, synonyms=synonyms), *listed],
    )  # fmt: skip
    known = {**codes, **{own.code: own.code for own in listed}}
    column = columns[name]
    rows = np.flatnonzero(column.table(known.__contains__, np.bool_))
    chosen = columns.take(rows)
    recoded = chosen[name].map(known.__getitem__)
    return with_schema(chosen, other_schema(schema, name, classification), name, recoded)


# Age groups


def group_ages(columns: Columns) -> Columns:
    """Return the rows with children and adults in place of age bands.

    The count of a group is the sum of its bands. A band with ages of both groups adds 0 to its
    count to each. A group with ages outside of all bands is not bounded above.
    """
    schema = columns.schema
    column = columns["age"]
    bands = _bands(schema, column.categories)
    if not bands:
        return columns
    groups: dict[str, Ages] = {"child": (0, AGE_LIMIT - 1), "adult": (AGE_LIMIT, None)}

    def targets(present: frozenset[int], category: str) -> tuple[int, ...]:
        """Return -1, or 1 for a part of a band plus 2 for missing ages, by code of the result."""
        names = [column.categories[code] for code in sorted(present)]
        if category not in bands:
            return tuple(0 if code == category else -1 for code in _CODES)
        present_bands = {name: bands[name] for name in names if name in bands}
        own = {  # the bands that no other band includes
            name: ages
            for name, ages in present_bands.items()
            if not any(o != ages and includes(o, ages) for o in present_bands.values())
        }
        return tuple(
            (not includes(ages, own[category])) + 2 * (not _covers([*own.values()], ages))
            if (ages := groups.get(code)) is not None
            and category in own
            and code not in names
            and _meets(own[category], ages)
            else -1
            for code in _CODES
        )

    cells = Grouping.of(columns, [name for name in schema.names if name != "age"])
    rows_of_cells = cells.sets("age").take(cells.group)
    marks = rows_of_cells.combine(column, targets).table(list, (np.int8, len(_CODES)))
    rows, codes = np.nonzero(marks >= 0)
    chosen = columns.take(rows)
    numbers, reason = chosen.numbers, chosen.numbers.reason.copy()
    partial, open_ended = ((marks[rows, codes] & bit) > 0 for bit in (1, 2))
    reason[partial] = np.maximum(reason[partial], np.uint8(_WIDER))
    reason[open_ended] = np.maximum(reason[open_ended], np.uint8(_NOT_REPORTED))
    bounded = evolve(
        numbers,
        lower=np.where(partial, 0, numbers.lower),
        upper=np.where(open_ended, np.inf, numbers.upper),
        reason=reason,
    )
    result = with_schema(chosen, other_schema(schema, "age"), "age", Coded(codes, _CODES))
    return sum_rows(evolve(result, numbers=bounded), schema.names)


_CODES = ("total", "child", "adult", "unknown")


def _bands(schema: Schema, codes: Sequence[str]) -> dict[str, Ages]:
    """Return the ages of each band, as one of the spellings of its category states them."""
    classifications = {own.name: own for own in schema.classifications}
    bands = {}
    for code in codes:
        if code in _CODES:
            continue
        spellings = classifications["age"][code].spellings
        ages = next((own for text in spellings if (own := ages_of_band(text)) is not None), None)
        if ages is None:
            hint = "Add the ages to the category as a synonym, such as '15 to 19'"
            problem = "must be child, adult or a band of ages"
            raise InvalidValue(problem, field="age", value=code, hint=hint)
        bands[code] = ages
    return bands


def _meets(left: Ages, right: Ages) -> bool:
    first, second = sorted([left, right], key=itemgetter(0))
    return first[1] is None or first[1] >= second[0]


def _covers(bands: Sequence[Ages], group: Ages) -> bool:
    """Return whether bands include all ages of a group; the oldest band can have a last age."""
    age: int | None = group[0]
    for first, last in sorted(bands, key=itemgetter(0)):
        if age is not None and first <= age:
            age = None if last is None else max(age, last + 1)
    return age is None or (group[1] is not None and age > group[1])


_MOST_LISTED = 5


def remove_country(columns: Columns, area: str) -> Columns:
    """Return the table without a country.

    The rows of the country and of its regions are removed. From a composition that includes it,
    its row for the same cell is subtracted; the result is named "... without ...".
    """
    country = parse_country(area)
    including, inside = [], []
    for code in columns["area"].categories:
        territory = Area.parse(code)
        if country in territory.members:
            including += [code] * (code != country)
        elif country in territory.countries:
            if len(territory.countries) > 1:
                hint = f"Select other areas with where(area=...) before you remove {country}"
                problem = f"must not contain regions of {country} with other countries"
                raise ImpossibleResult(problem, field="area", value=code, hint=hint)
            inside.append(code)
    own, wholes = _rows_of(columns, [country]), _rows_of(columns, including)
    if not len(own) and inside and not including:
        return columns.take(~columns["area"].table(inside.__contains__, np.bool_))
    if not len(own):
        names = ", ".join(columns["area"].categories[:_MOST_LISTED])
        hint = f"Use one of the areas {names or '(none)'}"
        if including:
            hint = f"Use `infer` for bounds: {', '.join(including)} includes the country"
        problem = f"No counts of {country}"
        raise NoSuchCell(problem, field="area", value=country, hint=hint)
    parts = _matched(columns, country, wholes, own)
    remaining = np.ones(len(columns), dtype=np.bool_)
    remaining[own] = remaining[wholes] = remaining[_rows_of(columns, inside)] = False
    retained = columns.take(remaining)
    if not len(wholes):
        return retained
    remainders = _remainders(columns, country, wholes, parts)
    if len(retained):  # a row that the table contains stays
        rows = _rows_of(retained, remainders["area"].categories)
        existing = {tuple(retained.key(row).items()) for row in rows}
        keys = (tuple(remainders.key(row).items()) for row in range(len(remainders)))
        new = [row for row, key in enumerate(keys) if key not in existing]
        remainders = remainders.take(np.array(new, dtype=np.intp))
    return concat([retained, remainders])


def _rows_of(columns: Columns, areas: Collection[str]) -> NDArray[np.intp]:
    return np.flatnonzero(columns["area"].table(areas.__contains__, np.bool_))


def _matched(
    columns: Columns, country: str, wholes: NDArray[np.intp], own: NDArray[np.intp]
) -> NDArray[np.intp]:
    """Return the row of the country for each row of a composition."""
    names = columns.schema.names
    keys = pack([columns[name] for name in names if name != "area"], len(columns))
    order = own[np.argsort(keys[own])]
    positions = np.searchsorted(keys[order], keys[wholes])
    result = order[np.minimum(positions, len(order) - 1)]
    unmatched = wholes[keys[result] != keys[wholes]]
    if not len(unmatched):
        return result
    varying = [name for name in names if len(columns[name].categories) > 1]
    cells = []
    for row in unmatched[:_MOST_LISTED].tolist():
        key = columns.key(row)
        cells.append(", ".join(f"{name} {key[name]}" for name in varying))
    more = f" and {len(unmatched) - _MOST_LISTED} more" if len(unmatched) > _MOST_LISTED else ""
    hint = f"Select other cells with where(...), or add the rows of {country} with a reason"
    problem = f"No counts of {country} for {' | '.join(cells)}{more}"
    raise NoSuchCell(problem, field="area", value=country, hint=hint)


def _remainders(
    columns: Columns, country: str, wholes: NDArray[np.intp], parts: NDArray[np.intp]
) -> Columns:
    """Return the rows of the compositions minus the country."""
    resolved, remainders = resolve_origins(columns), columns.take(wholes)

    def without_country(whole: Origin, part: Origin) -> Origin:
        sources = unite([whole, part]).sources if _has_reporter(whole, country) else whole.sources
        reporters = None if whole.reporters is None else whole.reporters - {country}
        return evolve(whole, sources=sources, reporters=reporters, n_reporters=None)

    origin = resolved.take(wholes).combine(resolved.take(parts), without_country)
    # Nothing is subtracted from a composition whose documented reporters exclude the country.
    inside = resolved.take(wholes).table(lambda whole: _has_reporter(whole, country), np.bool_)
    numbers = _subtracted(columns.numbers.take(wholes), columns.numbers.take(parts), inside)
    if len(below := np.flatnonzero(numbers.upper < 0)):
        row, part = int(wholes[below[0]]), int(parts[below[0]])
        hint = "Check both figures and their counting units"
        problem = f"must be at least the count of {country}"
        raise ImpossibleResult(problem, row=f"{row} and {part}", value=columns.key(row), hint=hint)
    # The difference has the findings of both rows.
    rows = np.concatenate([wholes, parts[inside]])
    positions = np.concatenate([np.arange(len(wholes)), np.flatnonzero(inside)])
    finding, findings = gather_findings(
        positions, columns.finding[rows], columns.findings, len(wholes)
    )
    area = remainders["area"]
    names = [Area.parse(code).without(country).code for code in area.categories]
    return check_keys(
        evolve(
            remainders,
            dimensions=tuple(
                Coded(area.codes, names) if name == "area" else column
                for name, column in zip(columns.schema.names, remainders.dimensions, strict=True)
            ),
            numbers=numbers,
            origin=origin.codes,
            origins=origin.categories,
            finding=finding,
            findings=findings,
        )
    )


def _has_reporter(origin: Origin, country: str) -> bool:
    return origin.reporters is None or country in origin.reporters


def _subtracted(whole: Numbers, part: Numbers, inside: NDArray[np.bool_]) -> Numbers:
    """Return the differences of independent counts, of rows with both."""
    subtracted = inside & (part.reason != _NOT_APPLICABLE) & (whole.reason != _NOT_APPLICABLE)
    upper = np.where(subtracted, part.upper, 0.0)
    bounded = np.where(np.isinf(upper), 0, upper).astype(np.int64)
    unanswered = None
    if whole.unanswered is not None:
        difference = np.maximum(whole.further - np.maximum(part.further, 0), 0)
        unknown = (whole.further < 0) | (subtracted & (part.further < 0))
        cases = np.where(subtracted, difference, whole.further)
        unanswered = np.where(unknown, -1, cases)
    return Numbers(
        lower=np.where(np.isinf(upper), 0, np.maximum(whole.lower - bounded, 0)),
        upper=whole.upper - np.where(subtracted, part.lower, 0),
        reason=np.where(subtracted, np.maximum(whole.reason, part.reason), whole.reason),
        flags=np.where(subtracted, whole.flags | part.flags, whole.flags),
        unanswered=unanswered,
    )
