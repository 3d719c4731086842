"""Sums in a table."""

from collections.abc import Iterable, Iterator, Mapping

import numpy as np

from thbstats.disclosure.assumptions import Assumptions
from thbstats.disclosure.sum_relations import Group
from thbstats.geography import Area
from thbstats.records import Dimension, Schema
from thbstats.vocabulary import CitizenshipGroup

__all__ = ["breakdowns", "compositions", "with_totals"]

Key = tuple[str, ...]

_UNKNOWN = "unknown"


def with_totals(rows: Iterable[Key], schema: Schema, assumptions: Assumptions) -> dict[Key, int]:
    """Return the index of each row and of every total of rows."""
    indices = {key: index for index, key in enumerate(rows)}
    parents = [
        (axis, _Parents.of(dimension, (key[axis] for key in indices)))
        for axis, dimension in enumerate(schema.dimensions)
        if dimension.name in assumptions.along and dimension.total is not None
    ]
    queue = list(indices)
    while queue:
        key = queue.pop()
        for axis, wider in parents:
            above = wider[key[axis]]
            if above is not None:
                whole = (*key[:axis], above, *key[axis + 1 :])
                if whole not in indices:
                    indices[whole] = len(indices)
                    queue.append(whole)
    return indices


class _Parents(dict[str, str | None]):
    """Wider category of each code, cached."""

    def __init__(self, dimension: Dimension) -> None:
        super().__init__()
        self.dimension = dimension

    @classmethod
    def of(cls, dimension: Dimension, codes: Iterable[str]) -> "_Parents":
        """Return the wider categories for a dimension of a table with some codes.

        Nationals and stateless persons belong to groups only if the table has the groups.
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
    indices: Mapping[Key, int], schema: Schema, assumptions: Assumptions
) -> Iterator[Group]:
    for axis, dimension in enumerate(schema.dimensions):
        name = dimension.name
        if name not in assumptions.along or dimension.total is None:
            continue
        parents = _Parents.of(dimension, (key[axis] for key in indices))
        children: dict[Key, dict[str, int]] = {}
        for key, index in indices.items():
            above = parents[key[axis]]
            if above is not None:
                whole = (*key[:axis], above, *key[axis + 1 :])
                children.setdefault(whole, {})[key[axis]] = index
        for whole, parts in children.items():
            for names, closed in _partitions(dimension, parts):
                has_unknown = assumptions.unpublished_unknown and _UNKNOWN not in names
                every = closed and name in assumptions.exhaustive and not has_unknown
                found = [parts[code] for code in names]
                if name in assumptions.overlapping:
                    yield from _overlapping(indices[whole], found, name, every)
                else:
                    yield indices[whole], found, name, 0.0, 0.0 if every else np.inf


def _partitions(dimension: Dimension, parts: Mapping[str, int]) -> Iterator[tuple[list[str], bool]]:
    """Yield disjoint categories, and whether they can be exhaustive.

    Each country of citizenship belongs to a group, so countries and groups are never added.
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
    """Yield that each part is at most the total, and their sum is at least the total."""
    for part in parts:
        yield whole, [part], along, 0.0, np.inf
    if every and len(parts) > 1:
        yield whole, parts, along, -np.inf, 0.0


def compositions(
    indices: Mapping[Key, int], schema: Schema, assumptions: Assumptions
) -> Iterator[Group]:
    """Yield aggregate areas with their countries and with smaller aggregates."""
    axis = schema.names.index("area")
    members = {area: Area.parse(area).members for area in {key[axis] for key in indices}}
    if "area" not in assumptions.along or all(len(found) == 1 for found in members.values()):
        return
    cells: dict[Key, dict[str, int]] = {}
    for key, index in indices.items():
        cells.setdefault((*key[:axis], *key[axis + 1 :]), {})[key[axis]] = index
    exact = "area" in assumptions.exhaustive
    for areas in cells.values():
        single = {
            next(iter(members[a])): index for a, index in areas.items() if len(members[a]) == 1
        }
        wide = [area for area in areas if len(members[area]) != 1]
        for whole in wide:
            inside = [area for area in wide if members[area] < members[whole]]
            for start in (None, *inside):
                others = members[whole] - (members[start] if start else frozenset())
                parts = [areas[start]] if start else []
                parts += [single[country] for country in sorted(others & single.keys())]
                every = others <= single.keys()
                if parts and (start is None or every):
                    yield areas[whole], parts, "area", 0.0, 0.0 if every and exact else np.inf
