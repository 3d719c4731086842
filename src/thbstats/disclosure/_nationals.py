"""Groups of citizenship that contain the nationals of reporting countries."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np
from attrs import frozen

from thbstats.columns import Floats
from thbstats.disclosure.assumptions import Assumptions
from thbstats.geography import ACCESSIONS, Area, eu_members
from thbstats.records import Dimension, Schema, schema_of
from thbstats.values import Period
from thbstats.vocabulary import CitizenshipGroup

Key = tuple[str, ...]
Counts = Mapping[str, tuple[float, float]]
"""The bounds of each published group of citizenship."""

NATIONALS, OPEN = "reporting_country", ""
_EVER_EU = frozenset().union(*ACCESSIONS.values())


@cache
def is_inside(country: str, group: str, period: str) -> bool:
    """Return whether all citizens of a country belong to a group of the EU in a period.

    The group is `eu` or `non_eu`. The composition of the EU is that of a source, so that citizens
    of a former Member State belong to neither.
    """
    other = {"eu": "non_eu", "non_eu": "eu"}[group]
    citizenship = schema_of("victims")["citizenship"]
    return not citizenship.overlaps(country, other, period=period)


@cache
def _options(area: str, period: str) -> tuple[str, ...]:
    """Return the groups that can contain the nationals of an area, or the total.

    Nationals of a country outside the EU are next to both groups or among other citizens of
    countries outside the EU.
    """
    home, days = Area.parse(area).members, Period.parse(period)
    if all(is_inside(country, "eu", period) for country in home):
        return ("eu",)
    is_outside = (
        days.start is not None
        and days.end is not None
        and home.isdisjoint(eu_members(days.start) | eu_members(days.end))
    )
    return (
        ("total", "non_eu")
        if is_outside or home.isdisjoint(_EVER_EU)
        else ("eu", "total", "non_eu")
    )


@frozen(eq=False)
class NationalsGroups:
    """Groups of the nationals of reporting countries, by area and period.

    They are `OPEN` if the counts allow several groups.
    """

    axes: tuple[int, int]  # of area and period
    axis: int  # of citizenship; -1 without it
    codes: frozenset[str]
    """All citizenships of the table."""
    groups: Mapping[tuple[str, str], str]

    @classmethod
    def of(
        cls,
        keys: Sequence[Key],
        schema: Schema,
        assumptions: Assumptions,
        bounds: tuple[Floats, Floats],
    ) -> "NationalsGroups":
        """Return the groups that agree with the counts of a table."""
        axes = (schema.names.index("area"), schema.names.index("period"))
        if "citizenship" not in assumptions.dimensions:
            return cls(axes, -1, frozenset(), {})
        axis = schema.names.index("citizenship")
        codes = frozenset(key[axis] for key in keys)
        if NATIONALS not in codes:
            return cls(axes, axis, codes, {})
        # 1. The counts of the groups of each table of citizenships.
        tables: dict[Key, dict[str, tuple[float, float]]] = {}
        for key, low, high in zip(keys, *bounds, strict=False):
            if key[axis] in CitizenshipGroup._value2member_map_:
                table = tables.setdefault((*key[:axis], *key[axis + 1 :]), {})
                table[key[axis]] = float(low), float(high)
        own: dict[tuple[str, str], list[Counts]] = {}
        for context, counts in tables.items():
            if NATIONALS in counts:
                key = (*context[:axis], "", *context[axis:])
                own.setdefault((key[axes[0]], key[axes[1]]), []).append(counts)
        # 2. The groups that agree with all tables of an area and period.
        groups = {}
        for (area, period), several in own.items():
            for options in (_options(area, period), ("eu",)):
                feasible = [
                    group
                    for group in options
                    if _is_published(group, codes)
                    and all(_agrees(group, counts, assumptions) for counts in several)
                ]
                if feasible:
                    groups[area, period] = feasible[0] if len(feasible) == 1 else OPEN
                    break
        return cls(axes, axis, codes, groups)

    def group(self, key: Key) -> str:
        """Return the group of the nationals of an area, the total, or `OPEN`."""
        area, period = (key[axis] for axis in self.axes)
        if (area, period) in self.groups:
            return self.groups[area, period]
        options = [own for own in _options(area, period) if _is_published(own, self.codes)]
        return OPEN if len(options) > 1 else options[0] if options else "total"

    def can_be_eu(self, key: Key) -> bool:
        """Return whether the nationals of an area can be in the group of the EU."""
        return "eu" in _options(*(key[axis] for axis in self.axes))

    def home(self, key: Key) -> frozenset[str]:
        """Return the countries of an area."""
        return Area.parse(key[self.axes[0]]).members

    def parent(self, dimension: Dimension, key: Key) -> str | None:
        """Return the wider category of a citizenship.

        Nationals and stateless persons belong to groups only if the table has the groups.
        """
        code = key[self.axis]
        if code == "stateless" and "non_eu" not in self.codes:
            return dimension.total
        if code == NATIONALS:
            return self.group(key) or dimension.total
        if NATIONALS in self.codes and self.home(key) == {code}:
            return NATIONALS
        return dimension.parent(code)


def _is_published(group: str, codes: Iterable[str]) -> bool:
    if group == "eu":
        return not {"eu", "other_eu"}.isdisjoint(codes)
    return group == "total" or group in codes


def _agrees(group: str, counts: Counts, assumptions: Assumptions) -> bool:
    """Return whether nationals can be in a group of a table."""

    def added(*names: str) -> Any:
        return sum(np.array(counts.get(name, (0.0, np.inf))) for name in names)

    parts = ("other_eu", NATIONALS) if group == "eu" else ("other_eu",)
    eu = added("eu") if "eu" in counts else added(*parts)
    whole = eu + added("non_eu") + (added(NATIONALS) if group == "total" else 0.0)
    if "unknown" in counts or assumptions.unknown_is_unpublished:
        whole = whole + added("unknown")
    total, own = added("total"), added(NATIONALS)
    complete = "citizenship" in assumptions.complete_dimensions
    wide = {"eu": eu, "non_eu": added("non_eu")}.get(group, total)
    return bool(
        own[0] <= wide[1] and whole[0] <= total[1] and (whole[1] >= total[0] or not complete)
    )
