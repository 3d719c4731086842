"""The cells of a table and the sums that tie them: each whole beside the parts that make it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from thbstats.disclosure.assumptions import Assumptions
from thbstats.errors import InvalidValue
from thbstats.geography import parse_area
from thbstats.records import Dimension, Schema
from thbstats.tables import CountTable
from thbstats.values import LARGEST_COUNT
from thbstats.vocabulary import CitizenshipGroup

__all__ = ["Lattice", "Relations"]

Key = tuple[str, ...]
Ints = NDArray[np.intp]
Floats = NDArray[np.float64]

_UNKNOWN = "unknown"


@frozen(eq=False, kw_only=True, slots=False)
class Relations:
    """Sums, as columns: for each a whole less its parts, and what that difference can be.

    Parameters
    ----------
    relation, cell : array of int, shape (t,)
        The terms, sorted by relation; the whole is the first term of each.
    sign : array of float64, shape (t,)
        1 for the whole, -1 for a part.
    low, high : array of float64, shape (m,)
        What the whole less its parts is at least and at most.
    along : tuple of str
        The dimension of each.
    """

    relation: Ints
    cell: Ints
    sign: Floats
    low: Floats
    high: Floats
    along: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.low)

    @cached_property
    def starts(self) -> Ints:
        """Where the terms of each begin, and behind them how many terms there are."""
        return np.searchsorted(self.relation, np.arange(len(self) + 1))

    def terms(self, relation: int) -> tuple[Ints, Floats]:
        """Return the cells of a relation and their signs."""
        at = slice(self.starts[relation], self.starts[relation + 1])
        return self.cell[at], self.sign[at]

    @cached_property
    def _by_cell(self) -> tuple[Ints, Ints]:
        """The terms in the order of their cells, and those cells."""
        order = np.argsort(self.cell, kind="stable")
        return order, self.cell[order]

    def of(self, cells: Ints) -> Ints:
        """Return the relations of some cells."""
        order, sorted_ = self._by_cell
        unique = np.unique(cells)
        left, right = (np.searchsorted(sorted_, unique, side) for side in ("left", "right"))
        found = [self.relation[order[a:b]] for a, b in zip(left, right, strict=True)]
        return np.unique(np.concatenate(found)) if found else np.zeros(0, dtype=np.intp)

    def take(self, kept: NDArray[np.bool_]) -> "Relations":
        """Return some of them."""
        terms = kept[self.relation]
        places = np.cumsum(kept) - 1
        return Relations(
            relation=places[self.relation[terms]],
            cell=self.cell[terms],
            sign=self.sign[terms],
            low=self.low[kept],
            high=self.high[kept],
            along=tuple(name for name, keep in zip(self.along, kept, strict=True) if keep),
        )


@frozen(kw_only=True)
class Naming:
    """How the cells of a table are called, without what all of them have in common.

    Parameters
    ----------
    same : frozenset of str
        Attributes that are the same in all rows.
    shared : frozenset of str
        Codes of several dimensions, which are called by their dimension too.
    """

    same: frozenset[str]
    shared: frozenset[str]

    @classmethod
    def of(cls, table: CountTable) -> "Naming":
        """Return the names for a table."""
        dimensions = table.columns.schema.dimensions
        apart = [d for d in dimensions if d.holds not in ("area", "period")]
        used = Counter(code for d in apart for code in set(table.categories(d.name)))
        return cls(
            same=frozenset(
                d.name for d in apart if d.total is None and len(table.categories(d.name)) < 2
            ),
            shared=frozenset(code for code, n in used.items() if n > 1),
        )

    def word(self, dimension: Dimension, code: str) -> str:
        """Return the name of a category."""
        word = code.replace("_", " ")
        return f"{dimension.name} {word}" if code in self.shared else word

    def label(self, schema: Schema, key: Key) -> str:
        """Return the name of a cell."""
        pairs = list(zip(schema.dimensions, key, strict=True))
        place = [code for d, code in pairs if d.holds in ("area", "period")]
        words = [
            self.word(d, code)
            for d, code in pairs
            if d.holds not in ("area", "period")
            and code not in (d.total, d.default)
            and d.name not in self.same
        ]
        return f"{' '.join(place)}: {', '.join(words) or 'total'}"


@frozen(eq=False, kw_only=True)
class Lattice:
    """The rows of a table, the sums between them that are not printed, and all relations.

    Parameters
    ----------
    schema : Schema
        The dimensions.
    keys : tuple of tuple of str
        The code of each cell in each dimension; the rows of the table come first, in its order.
    lower, upper : array of float64, shape (n,)
        What each cell is as its source has it; sums that are not printed are 0 or more.
    n_rows : int
        How many of the cells are rows.
    relations : Relations
        The sums.
    naming : Naming
        How cells are called.
    """

    schema: Schema
    keys: tuple[Key, ...]
    lower: Floats
    upper: Floats
    n_rows: int
    relations: Relations
    naming: "Naming"

    @classmethod
    def of(cls, table: CountTable, assumptions: Assumptions) -> "Lattice":
        """Return the lattice of a table.

        Raises
        ------
        InvalidValue
            If counts are so large that their sums are not exact.
        """
        schema = table.columns.schema
        columns = [column.categories for column in table.columns.dimensions]
        codes = [column.codes.tolist() for column in table.columns.dimensions]
        rows = [
            tuple(names[code] for names, code in zip(columns, row, strict=True))
            for row in zip(*codes, strict=True)
        ]
        _check_size(table)
        places = _with_sums(rows, schema, assumptions)
        groups = [*_breakdowns(places, schema, assumptions), *_areas(places, schema, assumptions)]
        virtual = len(places) - len(rows)
        lattice = cls(
            schema=schema,
            keys=tuple(places),
            lower=np.concatenate([table.lower.astype(np.float64), np.zeros(virtual)]),
            upper=np.concatenate([table.upper, np.full(virtual, np.inf)]),
            n_rows=len(rows),
            relations=_relations(groups),
            naming=Naming.of(table),
        )
        return lattice.without_loose_ends()

    def without_loose_ends(self) -> "Lattice":
        """Return it without sums that are not printed and are tied to nothing else."""
        relations, kept = self.relations, np.ones(len(self.relations), dtype=np.bool_)
        whole = relations.cell[relations.starts[:-1]]
        while True:
            uses = np.bincount(relations.cell[kept[relations.relation]], minlength=len(self.keys))
            loose = kept & (whole >= self.n_rows) & (uses[whole] == 1) & (relations.high >= 0)
            if not loose.any():
                return self.only(kept, np.arange(self.n_rows))
            kept &= ~loose

    def around(self, cell: int, radius: int) -> "Lattice":
        """Return the relations of a cell, of the cells in these, and so on; the cell comes first.

        Parameters
        ----------
        cell : int
            The cell.
        radius : int
            How many relations away.
        """
        relations, cells = self.relations, np.array([cell])
        kept = np.zeros(len(relations), dtype=np.bool_)
        for _ in range(radius):
            kept[relations.of(cells)] = True
            cells = relations.cell[kept[relations.relation]]
        return self.only(kept, np.array([cell]))

    def only(self, kept: NDArray[np.bool_], first: Ints) -> "Lattice":
        """Return some relations and their cells, behind some cells that come first."""
        relations = self.relations.take(kept)
        rest = np.setdiff1d(relations.cell, first)
        cells = np.concatenate([first, rest])
        places = np.zeros(len(self.keys), dtype=np.intp)
        places[cells] = np.arange(len(cells))
        return Lattice(
            schema=self.schema,
            keys=tuple(self.keys[cell] for cell in cells.tolist()),
            lower=self.lower[cells],
            upper=self.upper[cells],
            n_rows=len(first) + int((rest < self.n_rows).sum()),
            relations=evolve(relations, cell=places[relations.cell]),
            naming=self.naming,
        )

    def label(self, cell: int) -> str:
        """Return the name of a cell: its place and time, and its categories."""
        return self.naming.label(self.schema, self.keys[cell])

    def says(self, relation: int) -> str:
        """Return a relation in words, such as "FR 2020: total = female + male"."""
        (whole, *parts), _ = self.relations.terms(relation)
        low, high = self.relations.low[relation], self.relations.high[relation]
        sign = "=" if low == high else "≥" if low == 0 else "≤"
        at = self.schema.names.index(self.relations.along[relation])
        codes = [
            self.naming.word(self.schema.dimensions[at], self.keys[part][at]) for part in parts
        ]
        return f"{self.label(int(whole))} {sign} {' + '.join(codes)}"


Group = tuple[int, list[int], str, float, float]
"""The whole, its parts, the dimension, and what the whole less its parts can be."""


def _check_size(table: CountTable) -> None:
    finite = table.upper[np.isfinite(table.upper)]
    if float(finite.sum()) > LARGEST_COUNT:
        raise InvalidValue(
            "the counts are too large to be added exactly",
            field="table",
            value=float(finite.sum()),
            mend="Check the figures: together they are more than any population",
        )


def _with_sums(rows: Iterable[Key], schema: Schema, assumptions: Assumptions) -> dict[Key, int]:
    """The place of each row, and behind them of every sum that rows are parts of."""
    places = {key: place for place, key in enumerate(rows)}
    parents = [
        (place, _Parents.of(dimension, (key[place] for key in places)))
        for place, dimension in enumerate(schema.dimensions)
        if dimension.name in assumptions.along and dimension.total is not None
    ]
    open_ = list(places)
    while open_:
        key = open_.pop()
        for place, wider in parents:
            above = wider[key[place]]
            if above is not None:
                whole = (*key[:place], above, *key[place + 1 :])
                if whole not in places:
                    places[whole] = len(places)
                    open_.append(whole)
    return places


class _Parents(dict[str, str | None]):
    """The wider category of each code, looked up once."""

    def __init__(self, dimension: Dimension) -> None:
        super().__init__()
        self.dimension = dimension

    @classmethod
    def of(cls, dimension: Dimension, codes: Iterable[str]) -> "_Parents":
        """Return those of a dimension, of which a table has some codes.

        Own nationals and the stateless are parts of groups only where the table has the groups.
        """
        found = cls(dimension)
        if dimension.holds == "citizenship":
            present = set(codes)
            found["reporting_country"] = "eu" if present & {"eu", "other_eu"} else dimension.total
            found["stateless"] = "non_eu" if "non_eu" in present else dimension.total
        return found

    def __missing__(self, code: str) -> str | None:
        self[code] = self.dimension.parent(code)
        return self[code]


def _breakdowns(
    places: Mapping[Key, int], schema: Schema, assumptions: Assumptions
) -> Iterator[Group]:
    for at, dimension in enumerate(schema.dimensions):
        name = dimension.name
        if name not in assumptions.along or dimension.total is None:
            continue
        parents = _Parents.of(dimension, (key[at] for key in places))
        children: dict[Key, dict[str, int]] = {}
        for key, place in places.items():
            above = parents[key[at]]
            if above is not None:
                whole = (*key[:at], above, *key[at + 1 :])
                children.setdefault(whole, {})[key[at]] = place
        for whole, parts in children.items():
            for names, closed in _partitions(dimension, parts):
                unsaid = assumptions.unprinted_unknown and _UNKNOWN not in names
                every = closed and name in assumptions.exhaustive and not unsaid
                found = [parts[code] for code in names]
                if name in assumptions.overlapping:
                    yield from _overlapping(places[whole], found, name, every)
                else:
                    yield places[whole], found, name, 0.0, 0.0 if every else np.inf


def _partitions(dimension: Dimension, parts: Mapping[str, int]) -> Iterator[tuple[list[str], bool]]:
    """The parts that exclude each other, and whether they can be all there are.

    Countries of citizenship are each in a group, so that countries and groups are never added.
    """
    names = sorted(parts, key=parts.__getitem__)
    groups = [name for name in names if name in ("eu", "non_eu", "unknown")]
    countries = [name for name in names if name not in CitizenshipGroup._value2member_map_]
    if dimension.holds == "citizenship" and countries and {"eu", "non_eu"} & set(groups):
        yield groups, True
        yield countries, False
    else:
        yield names, True


def _overlapping(whole: int, parts: list[int], along: str, every: bool) -> Iterator[Group]:
    """Each part is at most the whole, and all together are at least that."""
    for part in parts:
        yield whole, [part], along, 0.0, np.inf
    if every and len(parts) > 1:
        yield whole, parts, along, -np.inf, 0.0


def _areas(places: Mapping[Key, int], schema: Schema, assumptions: Assumptions) -> Iterator[Group]:
    """Compositions beside their countries, and beside smaller compositions and the rest."""
    at = schema.names.index("area")
    members = {area: parse_area(area).members for area in {key[at] for key in places}}
    if "area" not in assumptions.along or all(len(found) == 1 for found in members.values()):
        return
    cells: dict[Key, dict[str, int]] = {}
    for key, place in places.items():
        cells.setdefault((*key[:at], *key[at + 1 :]), {})[key[at]] = place
    exact = "area" in assumptions.exhaustive
    for areas in cells.values():
        single = {next(iter(members[a])): place for a, place in areas.items() if _one(members[a])}
        wide = [area for area in areas if not _one(members[area])]
        for whole in wide:
            inside = [area for area in wide if members[area] < members[whole]]
            for start in (None, *inside):
                rest = members[whole] - (members[start] if start else frozenset())
                parts = [areas[start]] if start else []
                parts += [single[country] for country in sorted(rest & single.keys())]
                every = rest <= single.keys()
                if parts and (start is None or every):
                    yield areas[whole], parts, "area", 0.0, 0.0 if every and exact else np.inf


def _one(members: frozenset[str]) -> bool:
    return len(members) == 1


def _relations(groups: list[Group]) -> Relations:
    sizes = np.array([1 + len(parts) for _, parts, *_ in groups], dtype=np.intp)
    cells = [cell for whole, parts, *_ in groups for cell in (whole, *parts)]
    sign = np.full(len(cells), -1.0)
    sign[np.cumsum(sizes) - sizes] = 1.0
    return Relations(
        relation=np.repeat(np.arange(len(groups)), sizes),
        cell=np.array(cells, dtype=np.intp),
        sign=sign,
        low=np.array([low for *_, low, _ in groups], dtype=np.float64),
        high=np.array([high for *_, high in groups], dtype=np.float64),
        along=tuple(along for _, _, along, _, _ in groups),
    )
