"""Groups of the countries of citizenship, which depend on the area and the period.

>>> import thbstats as thb
>>> rows = [("other_eu", 9), ("non_eu", 5), ("RO", 3), ("NG", 2), ("UK", 1)]
>>> table = thb.CountTable.from_rows(
...     rows, columns=["citizenship", "value"], kind="victims", area="FR", period=2019
... )
>>> column = table.columns["citizenship"]
>>> from thbstats.panel.citizenship_groups import CitizenshipGroups
>>> groups = CitizenshipGroups.of(table.columns, column.categories)
>>> _, narrow = groups.codes(column.codes)
>>> for citizenship, group in zip(column, narrow.tolist(), strict=True):
...     print(citizenship, "-" if group < 0 else column.categories[group])
other_eu -
non_eu -
RO other_eu
NG non_eu
UK -
"""

import operator
from collections.abc import Callable, Sequence
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from attrs import frozen

from thbstats.columns import Index, Mask
from thbstats.geography import Area
from thbstats.geography.areas import eu_members
from thbstats.geography.spellings import with_successors
from thbstats.geography.subdivisions import country_of
from thbstats.tables.columns import Columns
from thbstats.values import Period
from thbstats.vocabulary import CitizenshipGroup

_GROUPS = (
    *(CitizenshipGroup.EU, CitizenshipGroup.REPORTING_COUNTRY),
    *(CitizenshipGroup.OTHER_EU, CitizenshipGroup.NON_EU),
)


class _Nations(NamedTuple):
    """Conditions on c citizenships; no group meets any of them."""

    is_national: Mask  # (c, areas): citizens of the only country of the area
    is_foreign: Mask  # (c, areas): citizens of none of its countries
    # (c, periods): of countries in the EU, and outside of it, on the first and the last day of the
    # period and after the last change.
    in_eu: Mask
    outside_eu: Mask
    is_area_outside: Mask  # (areas, periods): areas without a Member State on these days


@frozen(kw_only=True, eq=False)
class CitizenshipGroups:
    """The groups of c citizenships in the areas and periods of a table."""

    columns: Columns
    words: tuple[str, ...]
    nations: _Nations

    @classmethod
    def of(cls, columns: Columns, words: Sequence[str]) -> "CitizenshipGroups":
        """Return the groups of some citizenships."""
        listed = (tuple(columns[name].categories) for name in ("area", "period"))
        return cls(columns=columns, words=tuple(words), nations=_nations(tuple(words), *listed))

    @property
    def has_countries(self) -> bool:
        """Whether the citizenships contain both groups and countries."""
        return bool(self.nations.is_foreign.any() or self.nations.is_national.any()) and any(
            group.value in self.words for group in _GROUPS
        )

    def are_nationals_outside(self, rows: Index) -> Mask:
        """Return whether nationals of the area are outside of the EU, for some rows."""
        area, period = (self.columns[name].positions[rows] for name in ("area", "period"))
        return np.asarray(self.nations.is_area_outside[area, period])

    def codes(self, own: Any, rows: Any = slice(None)) -> tuple[Index, Index]:
        """Return the codes of the EU and of the narrowest group of citizenships in some rows.

        -1 is a group that is not among the citizenships, and -2 is none: the group differs
        between countries of the area or between compositions of the EU.
        """
        nations, positions = self.nations, {word: i for i, word in enumerate(self.words)}
        eu, national, other, non_eu = (positions.get(own.value, -1) for own in _GROUPS)
        area, period = (self.columns[name].positions[rows] for name in ("area", "period"))
        in_eu, is_foreign = nations.in_eu[own, period], nations.is_foreign[own, area]
        narrow = np.select(
            [
                nations.is_national[own, area],
                is_foreign & in_eu,
                is_foreign & nations.outside_eu[own, period],
            ],
            [national, other, non_eu],
            -2,
        )
        return np.where(in_eu, eu, -2), narrow


@lru_cache(maxsize=64)
def _nations(words: tuple[str, ...], areas: tuple[str, ...], periods: tuple[str, ...]) -> _Nations:
    """Return the conditions on citizenships in areas and periods."""
    groups = CitizenshipGroup._value2member_map_.keys() - {CitizenshipGroup.STATELESS}
    # The states of each citizenship: those that followed a dissolved state, and none for a group.
    states = [set() if word in groups else _states(word) for word in words]
    members = [Area.parse(area).members for area in areas]
    homes = [{country_of(own) or own for own in countries} for countries in members]
    days = [(own.start, own.end) for own in map(Period.parse, periods)]
    members_on = [[eu_members(day or date.max) for day in (*own, None)] for own in days]
    always = [frozenset.intersection(*own) for own in members_on]
    ever = [frozenset.union(*own) for own in members_on]
    is_area_outside = [
        [home.isdisjoint(first | last) for first, last, _ in members_on] for home in homes
    ]

    def mask(test: Callable[[set[str], Any], bool], sets: Sequence[Any]) -> Mask:
        rows = [[bool(own) and test(own, other) for other in sets] for own in states]
        return np.array(rows, dtype=np.bool_).reshape(len(words), len(sets))

    return _Nations(
        mask(operator.eq, homes),
        mask(set.isdisjoint, homes),
        mask(set.issubset, always),
        mask(set.isdisjoint, ever),
        np.array(is_area_outside, dtype=np.bool_).reshape(len(areas), len(periods)),
    )


def _states(citizenship: str) -> set[str]:
    """Return the states of a citizenship; stateless persons are in no state of the EU."""
    if citizenship == CitizenshipGroup.STATELESS:
        return {citizenship}
    return {*with_successors(citizenship)} - {citizenship} or {citizenship}
