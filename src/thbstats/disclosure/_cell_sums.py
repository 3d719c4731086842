"""Sums between the cells of a table: categories, citizenships, areas, periods, bodies, statuses."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import numpy as np
from attrs import evolve, field, frozen

from thbstats._properties import cached_property
from thbstats.bounds.many_sums import Group
from thbstats.columns import Floats
from thbstats.disclosure._nationals import NATIONALS, OPEN, NationalsGroups, is_inside
from thbstats.disclosure._period_parts import further_periods, overlapping_periods, period_parts
from thbstats.disclosure.assumptions import Assumptions
from thbstats.geography import Area
from thbstats.geography.subdivisions import country_of, outermost
from thbstats.records import Dimension, Schema
from thbstats.vocabulary import CitizenshipGroup, RegisteringBody, VictimStatus

Key = tuple[str, ...]

_BODIES = frozenset(map(str, RegisteringBody)) - {"all", "not_stated"}
_REGISTERED = frozenset(map(str, (VictimStatus.IDENTIFIED, VictimStatus.PRESUMED)))
_ATTRIBUTES = (("register", "all", _BODIES), ("status", "registered", _REGISTERED))
"""Attributes of which one code includes others: the name, this code and the others."""


_WIDE: Mapping[str, Callable[[str], bool]] = {
    "area": lambda code: len(Area.parse(code).members) > 1,
    "register": lambda code: code == "all",
    "status": lambda code: code == "registered",
}
"""Whether a code of an attribute can include others."""


def contains(dimension: Dimension, wide: str, narrow: str) -> bool:
    """Return whether one code of a dimension certainly includes another."""
    if wide == narrow or wide in dimension.ancestors(narrow):
        return True
    if dimension.content == "area":
        return Area.parse(narrow).members < Area.parse(wide).members
    if dimension.content == "period":
        return narrow in period_parts(frozenset({wide, narrow})).get(wide, ())
    return any(
        dimension.name == name and wide == code and narrow in codes
        for name, code, codes in _ATTRIBUTES
    )


@frozen(eq=False, kw_only=True, slots=False)
class CellSums:
    """Cells of a table and the sums between them.

    The `indices` of the rows of the table come first, then those of cells that are not published:
    totals, and parts of published periods.
    """

    indices: dict[Key, int]
    schema: Schema
    assumptions: Assumptions
    nationals: NationalsGroups
    lower: Floats = field(factory=lambda: np.zeros(0))
    upper: Floats = field(factory=lambda: np.zeros(0))

    @classmethod
    def of(
        cls,
        keys: Sequence[Key],
        schema: Schema,
        assumptions: Assumptions,
        bounds: tuple[Floats, Floats],
    ) -> "CellSums":
        """Return the cells for some keys; the cells of rows, which have the bounds, come first."""
        indices = {key: index for index, key in enumerate(keys)}
        nationals = NationalsGroups.of(keys, schema, assumptions, bounds)
        cells = cls(indices=indices, schema=schema, assumptions=assumptions, nationals=nationals)
        cells._add(list(indices))
        while (
            fresh := {
                *further_periods(indices, schema, assumptions.dimensions),
                *cells._further_categories(),
            }
            - indices.keys()
        ):
            cells._add(sorted(fresh))
        more, ends = len(indices) - len(bounds[0]), zip(bounds, (0.0, np.inf), strict=True)
        lower, upper = (np.append(own, np.full(more, end)) for own, end in ends)
        return evolve(cells, lower=lower, upper=upper)

    @cached_property
    def _additive_axes(self) -> list[tuple[int, Dimension]]:
        """The dimensions with totals that an attacker adds up."""
        dimensions = enumerate(self.schema.dimensions)
        names = self.assumptions.dimensions
        return [(axis, d) for axis, d in dimensions if d.name in names and d.total is not None]

    def _add(self, keys: list[Key]) -> None:
        """Add cells and all their totals."""
        queue = list(keys)
        for key in keys:
            self.indices.setdefault(key, len(self.indices))
        while queue:
            key = queue.pop()
            for axis, dimension in self._additive_axes:
                above = self._parent(axis, dimension, key)
                whole = key if above is None else (*key[:axis], above, *key[axis + 1 :])
                if whole not in self.indices:
                    self.indices[whole] = len(self.indices)
                    queue.append(whole)

    def _parent(self, axis: int, dimension: Dimension, key: Key) -> str | None:
        if dimension.content == "citizenship":
            return self.nationals.parent(dimension, key)
        return dimension.parent(key[axis])

    def _along(self, name: str) -> Iterator[dict[str, int]]:
        """Yield groups of cells that differ in one dimension only, by the code in it."""
        axis, cells = self.schema.names.index(name), dict[Key, dict[str, int]]()
        for key, index in self.indices.items():
            cells.setdefault((*key[:axis], *key[axis + 1 :]), {})[key[axis]] = index
        yield from cells.values()

    def groups(self) -> Iterator[Group]:
        """Yield all sums."""
        yield from self._breakdowns()
        if "area" in self.assumptions.dimensions:
            yield from self._compositions()
            yield from self._regions()
        if "period" in self.assumptions.dimensions:
            for cells in self._along("period"):
                for whole, inside in period_parts(frozenset(cells)).items():
                    yield from self._open_sum(cells[whole], [cells[p] for p in inside], "period")
        for name, whole, codes in _ATTRIBUTES:
            if name in self.assumptions.dimensions:
                for cells in self._along(name):
                    parts = sorted(codes & cells.keys())
                    if whole in cells and parts:
                        yield from self._open_sum(cells[whole], [cells[p] for p in parts], name)

    def _open_sum(self, whole: int, parts: list[int], name: str) -> Iterator[Group]:
        """Yield a cell and its parts, which add up if the counts allow it.

        Several bodies can register one victim, and a body or a status can lack. An attacker can
        know that neither is the case.
        """
        complete = name == "period" or name in self.assumptions.complete_dimensions
        every = complete and len(parts) > 1 and self.upper[parts].sum() >= self.lower[whole]
        overlaps = self.lower[parts].sum() > self.upper[whole]
        if name in self.assumptions.overlapping or overlaps:
            yield from ((whole, [part], name, 0.0, np.inf) for part in parts)
            if every:
                yield whole, parts, name, -np.inf, 0.0
        else:
            yield whole, parts, name, 0.0, 0.0 if every else np.inf

    def _adds_up(self, whole: int, parts: list[int]) -> bool:
        """Return whether known counts add up, also of categories that need not be exhaustive."""
        low, high = self.lower[parts].sum(), self.upper[parts].sum()
        return bool(low == self.upper[whole] and high == self.lower[whole])

    def _children(self, axis: int, dimension: Dimension) -> dict[Key, dict[str, int]]:
        """Return the cells of the categories of each total."""
        children: dict[Key, dict[str, int]] = {}
        for key, index in self.indices.items():
            if (above := self._parent(axis, dimension, key)) is not None:
                whole = (*key[:axis], above, *key[axis + 1 :])
                children.setdefault(whole, {})[key[axis]] = index
        return children

    def _further_categories(self) -> Iterator[Key]:
        """Yield cells of categories that a related code has: parts of these totals too.

        Codes are related to overlapping periods, and to the areas, bodies or statuses in them.
        """
        for number, own in enumerate(self.schema.dimensions):
            codes = {key[number] for key in self.indices}
            near: Mapping[str, Iterable[str]] = {}
            if own.content == "period":
                near = overlapping_periods(codes)
            elif own.name in self.assumptions.dimensions and own.name in _WIDE:
                near = {
                    wide: [code for code in codes if code != wide and contains(own, wide, code)]
                    for wide in codes
                    if _WIDE[own.name](wide)
                }
            for axis, dimension in self._additive_axes if any(near.values()) else ():
                children = self._children(axis, dimension)
                for key in children if axis != number else ():
                    for other in near.get(key[number], ()):
                        parts = children.get((*key[:number], other, *key[number + 1 :]), ())
                        yield from ((*key[:axis], code, *key[axis + 1 :]) for code in parts)

    def _breakdowns(self) -> Iterator[Group]:
        """Yield totals with their categories."""
        for axis, dimension in self._additive_axes:
            name = dimension.name
            children = self._children(axis, dimension)
            for key, parts in children.items():
                for codes, closed in self._partitions(dimension, axis, key, parts):
                    complete = name in self.assumptions.complete_dimensions
                    complete &= "unknown" in codes or not self.assumptions.unknown_is_unpublished
                    whole_cell, cells = self.indices[key], [parts[code] for code in codes]
                    every = complete and (closed or self._adds_up(whole_cell, cells))
                    if name not in self.assumptions.overlapping:
                        yield whole_cell, cells, name, 0.0, 0.0 if every else np.inf
                        continue
                    yield from ((whole_cell, [cell], name, 0.0, np.inf) for cell in cells)
                    if every and len(cells) > 1:
                        yield whole_cell, cells, name, -np.inf, 0.0
            if dimension.content == "citizenship" and name not in self.assumptions.overlapping:
                yield from self._citizenships(axis, children)

    def _partitions(
        self, dimension: Dimension, axis: int, whole: Key, parts: Mapping[str, int]
    ) -> Iterator[tuple[list[str], bool]]:
        """Yield disjoint categories, and whether they can be exhaustive.

        Each country of citizenship belongs to a group, so countries and groups are never added. In
        FR and DE, a citizen of DE can be a national or not, so that nationals are not added either:

        =============== ======================================= ==================================
        area            citizenships                            sums
        =============== ======================================= ==================================
        FR 2020         reporting_country, RO, NG               total = reporting_country + RO + NG
        FR and DE 2020  reporting_country, RO, NG               total >= reporting_country,
                                                                total >= RO + NG
        FR 2020         eu, non_eu, unknown, RO, NG             total = eu + non_eu + unknown,
                                                                total >= RO + NG
        UK 2021         eu, non_eu, reporting_country           total >= eu + non_eu
        =============== ======================================= ==================================
        """
        names = sorted(parts, key=parts.__getitem__)
        if dimension.content != "citizenship":
            yield names, True
            return
        group = self.nationals.group(whole)
        if whole[axis] in ("eu", "non_eu"):
            # Other citizens of the group need not be published.
            yield names, "other_eu" in names and (group != "eu" or NATIONALS in names)
            return
        is_open = group == OPEN and NATIONALS in names and whole[axis] == dimension.total
        if is_open and dimension.name not in self.assumptions.overlapping:
            names.remove(NATIONALS)  # `_citizenships` adds them
        groups = [name for name in names if name in ("eu", "non_eu", "unknown", NATIONALS)]
        countries = [name for name in names if name not in CitizenshipGroup._value2member_map_]
        if countries and {"eu", "non_eu"} & set(groups):
            yield groups, not is_open
            yield countries, False
        elif countries and NATIONALS in names and len(self.nationals.home(whole)) > 1:
            # A citizen of each country can be a national of the reporting country.
            yield [name for name in names if name not in countries], False
            yield [name for name in names if name != NATIONALS], False
        elif names:
            yield names, not is_open

    def _citizenships(
        self, axis: int, children: Mapping[Key, Mapping[str, int]]
    ) -> Iterator[Group]:
        """Yield citizenship groups with their countries, and nationals whose group is not known."""
        complete = "citizenship" in self.assumptions.complete_dimensions
        total, days = self.schema.dimensions[axis].total, self.schema.names.index("period")
        for key, parts in children.items():
            if key[axis] != total:
                continue
            home, whole = self.nationals.home(key), self.indices[key]
            cells = {
                code: self.indices[own]
                for code in map(str, CitizenshipGroup)
                if (own := (*key[:axis], code, *key[axis + 1 :])) in self.indices
            }
            # 1. Groups are at least the sum of the citizenships that certainly belong to them.
            countries = [code for code in parts if code not in CitizenshipGroup._value2member_map_]
            for group in ("eu", "other_eu", "non_eu"):
                wide = group.removeprefix("other_")
                inside = [
                    parts[code]
                    for code in countries
                    if is_inside(code, wide, key[days]) and (group == "eu" or code not in home)
                ]
                if inside and group in cells and (group != "other_eu" or len(home) == 1):
                    below = children.get((*key[:axis], group, *key[axis + 1 :]), {})
                    apart = {"stateless", NATIONALS} if len(home) == 1 else {"stateless"}
                    inside += [below[code] for code in sorted(apart & below.keys())]
                    every = complete and self._adds_up(cells[group], inside)
                    yield cells[group], inside, "citizenship", 0.0, 0.0 if every else np.inf
            # 2. Nationals are next to the groups or in one of them.
            if NATIONALS in parts and self.nationals.group(key) == OPEN:
                nationals = parts[NATIONALS]
                apart_from = ["unknown"] if self.nationals.can_be_eu(key) else ["eu", "unknown"]
                others = [cells[code] for code in apart_from if code in cells]
                yield whole, [nationals, *others], "citizenship", 0.0, np.inf
                if complete and {"eu", "non_eu"} <= cells.keys():
                    groups = [cells[c] for c in ("eu", "non_eu", "unknown") if c in cells]
                    yield whole, [nationals, *groups], "citizenship", -np.inf, 0.0

    def _compositions(self) -> Iterator[Group]:
        """Yield aggregate areas with their countries and with smaller aggregates."""
        axis = self.schema.names.index("area")
        members = {area: Area.parse(area).members for area in {key[axis] for key in self.indices}}
        if all(len(inside) == 1 for inside in members.values()):
            return
        exact = "area" in self.assumptions.complete_dimensions
        for areas in self._along("area"):
            single = {next(iter(members[a])): i for a, i in areas.items() if len(members[a]) == 1}
            wide = [area for area in areas if len(members[area]) != 1]
            for whole in wide:
                for start in (None, *(area for area in wide if members[area] < members[whole])):
                    others = members[whole] - (members[start] if start else frozenset())
                    parts = [areas[start]] if start else []
                    parts += [single[country] for country in sorted(others & single.keys())]
                    every = others <= single.keys()
                    if parts and (start is None or every):
                        yield areas[whole], parts, "area", 0.0, 0.0 if every and exact else np.inf

    def _regions(self) -> Iterator[Group]:
        """Yield each area with its sub-regions.

        No list shows whether all regions are published. They add up to the whole, as an attacker
        can know, if their upper bounds allow it.
        """
        is_complete = "area" in self.assumptions.complete_dimensions
        axis = self.schema.names.index("area")
        if not any(country_of(key[axis]) for key in self.indices):
            return
        for cells in self._along("area"):
            areas = {area: i for area, i in cells.items() if len(Area.parse(area).members) == 1}
            for whole, index in areas.items():
                inside = [a for a in areas if a != whole and outermost((a, whole)) == {whole}]
                for is_iso in (True, False):
                    level = outermost(code for code in inside if ("-" in code) == is_iso)
                    parts = [areas[code] for code in sorted(level)]
                    every = is_complete and self.upper[parts].sum() >= self.lower[index]
                    if parts:
                        yield index, parts, "area", 0.0, 0.0 if every else np.inf
