"""Which cells of a table are parts of which others."""

from collections.abc import Iterable, Iterator, Mapping

import numpy as np

from thbstats.disclosure.assumptions import Assumptions
from thbstats.disclosure.relations import Group
from thbstats.geography import Area
from thbstats.records import Dimension, Schema
from thbstats.vocabulary import CitizenshipGroup

__all__ = ["breakdowns", "compositions", "with_sums"]

Key = tuple[str, ...]

_UNKNOWN = "unknown"


def with_sums(rows: Iterable[Key], schema: Schema, assumptions: Assumptions) -> dict[Key, int]:
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
        if dimension.content == "citizenship":
            present = set(codes)
            found["reporting_country"] = "eu" if present & {"eu", "other_eu"} else dimension.total
            found["stateless"] = "non_eu" if "non_eu" in present else dimension.total
        return found

    def __missing__(self, code: str) -> str | None:
        self[code] = self.dimension.parent(code)
        return self[code]


def breakdowns(
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
    if dimension.content == "citizenship" and countries and {"eu", "non_eu"} & set(groups):
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


def compositions(
    places: Mapping[Key, int], schema: Schema, assumptions: Assumptions
) -> Iterator[Group]:
    """Compositions beside their countries, and beside smaller compositions and the rest."""
    at = schema.names.index("area")
    members = {area: Area.parse(area).members for area in {key[at] for key in places}}
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
