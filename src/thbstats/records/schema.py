"""Schemas of the kinds of records."""

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any, Literal

import attrs
from attrs import field, frozen

from thbstats.errors import UnknownName, did_you_mean
from thbstats.geography import ACCESSIONS, COMPOSITIONS, eu_members, with_successors
from thbstats.records.counts import (
    CooperationCount,
    JusticeCount,
    ProtectionCount,
    Record,
    VictimCount,
)
from thbstats.records.reading import area_members, to_period
from thbstats.vocabulary import CitizenshipGroup, Code

#: Record class of each kind of table.
KINDS: Mapping[str, type[Record]] = MappingProxyType(
    {
        "victims": VictimCount,
        "justice": JusticeCount,
        "protection": ProtectionCount,
        "cooperation": CooperationCount,
    }
)

# Order of the dimensions in tables.
_ORDER = (
    "area",
    "period",
    "body",
    "kind",
    "stage",
    "offence",
    "measure",
    "outcome",
    "status",
    "sex",
    "age",
    "age_concept",
    "citizenship",
    "exploitation",
    "movement",
    "unit",
    "register",
)
_EVER_EU = frozenset().union(*ACCESSIONS.values())


@frozen(kw_only=True)
class Dimension:
    """Dimension of a table of counts.

    Parameters
    ----------
    name : str
        Name of the field.
    content : {"codes", "area", "period", "citizenship"}
        Type of the values: codes of a code list, areas, periods, or groups and countries.
    vocabulary : type of Code or None
        The code list; for citizenship the list of groups.
    total : str or None
        Code of "not broken down"; ``None`` for an attribute.
    default : str or None
        Code of rows without the dimension; ``None`` if the dimension is required.
    """

    name: str
    content: Literal["codes", "area", "period", "citizenship"]
    vocabulary: type[Code] | None
    total: str | None
    default: str | None
    reader: Callable[[Any], object] = field(repr=False, eq=False)

    def parse(self, value: object) -> str:
        """Return the canonical code of a value."""
        return str(self.reader(value))

    def parent(self, code: str) -> str | None:
        """Return the code of the parent category, or ``None`` at the top.

        The parent of a country of citizenship is the total: its group depends on the reporting
        country and the period.
        """
        if self.vocabulary is None:
            return None
        if self.content == "citizenship" and not _is_group(code):
            return self.total
        parent = self.vocabulary(code).parent
        return None if parent is None else str(parent)

    def ancestors(self, code: str) -> tuple[str, ...]:
        """Return the parent categories, the nearest first."""
        parent = self.parent(code)
        return () if parent is None else (parent, *self.ancestors(parent))

    def common_parent(self, codes: Iterable[str]) -> str:
        """Return the narrowest category that includes all codes of a breakdown."""
        paths = [(code, *self.ancestors(code)) for code in codes]
        return next(code for code in paths[0] if all(code in path for path in paths))

    def overlaps(
        self, first: str, second: str, *, area: str | None = None, period: str | None = None
    ) -> bool:
        """Return whether counts of two codes can include the same person or case.

        True for a category and its parent, for areas with a common country, for periods with a
        common day or not stated, and for a country of citizenship and a group that may include
        it. The area and period of the counts decide the last case more precisely.
        """
        if self.content == "area":
            return not area_members(first).isdisjoint(area_members(second))
        if self.content == "period":
            return to_period(first).overlaps(to_period(second)) is not False
        if self.content == "citizenship" and _is_group(first) != _is_group(second):
            country, group = (second, first) if _is_group(first) else (first, second)
            return _may_belong(country, CitizenshipGroup(group), area, period)
        return first in self.ancestors(second) or second in self.ancestors(first)

    def sort_key(self, code: str) -> tuple[object, ...]:
        """Return the sort key of a code: order of the list, alphabet or time."""
        if self.content == "period":
            period = to_period(code)
            return (str(period.start), str(period.end), code)
        if self.content == "area":
            return (len(area_members(code)) == 1, code)
        if self.vocabulary is None or (self.content == "citizenship" and not _is_group(code)):
            return (len(CitizenshipGroup), code)
        return (list(self.vocabulary).index(self.vocabulary(code)), code)


@frozen(kw_only=True)
class Schema:
    """Dimensions of one kind of record.

    Parameters
    ----------
    kind : str
        ``"victims"``, ``"justice"``, ``"protection"`` or ``"cooperation"``.
    record : type of Record
        Class of the records.
    dimensions : tuple of Dimension
        In the order of the columns.
    """

    kind: str
    record: type[Record]
    dimensions: tuple[Dimension, ...]
    _by_name: Mapping[str, Dimension] = field(init=False, repr=False, eq=False)
    _names: tuple[str, ...] = field(init=False, repr=False, eq=False)

    @_by_name.default
    def _dimensions_by_name(self) -> Mapping[str, Dimension]:
        return {dimension.name: dimension for dimension in self.dimensions}

    @_names.default
    def _names_in_order(self) -> tuple[str, ...]:
        return tuple(self._by_name)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the dimensions."""
        return self._names

    def __getitem__(self, name: str) -> Dimension:
        if name not in self._by_name:
            hint = did_you_mean(name, self.names)
            raise UnknownName(f"must be a dimension of {self.kind}", value=name, hint=hint)
        return self._by_name[name]

    def keyword(self, name: str) -> Dimension:
        """Return the dimension of a keyword argument."""
        if name not in self._by_name:
            hint = did_you_mean(name, self.names, is_keyword=True)
            raise UnknownName(f"must be a dimension of {self.kind}", field=name, hint=hint)
        return self._by_name[name]


def schema_of(kind: str | type[Record] | Record) -> Schema:
    """Return the schema of a kind, a class of records or a record.

    Examples
    --------
    >>> [d.name for d in schema_of("justice").dimensions if d.total]
    ['sex', 'age', 'citizenship', 'exploitation']
    """
    name = kind if isinstance(kind, str) else ""
    if not name:
        record = kind if isinstance(kind, type) else type(kind)
        name = next((own for own, known in KINDS.items() if record is known), "")
    if name not in KINDS:
        hint = did_you_mean(kind, KINDS)
        raise UnknownName("must be a kind of table", field="kind", value=kind, hint=hint)
    return _schema(name)


@cache
def _schema(kind: str) -> Schema:
    dimensions = []
    for attribute in attrs.fields(KINDS[kind]):
        if not attribute.metadata.get("dimension"):
            continue
        name, codes = attribute.name, attribute.type
        is_coded = isinstance(codes, type) and issubclass(codes, Code)
        groups = CitizenshipGroup if name == "citizenship" else None
        dimension = Dimension(
            name=name,
            content="codes" if is_coded else name,
            vocabulary=codes if is_coded else groups,
            total=attribute.metadata["total"],
            default=None if attribute.default is attrs.NOTHING else str(attribute.default),
            reader=attribute.converter,
        )
        dimensions.append(dimension)
    dimensions.sort(key=lambda dimension: _ORDER.index(dimension.name))
    return Schema(kind=kind, record=KINDS[kind], dimensions=tuple(dimensions))


def _is_group(code: str) -> bool:
    return code in CitizenshipGroup._value2member_map_


def _may_belong(
    country: str, group: CitizenshipGroup, area: str | None, period: str | None
) -> bool:
    """Return whether a group may include citizens of a country."""
    if group in (CitizenshipGroup.EU, CitizenshipGroup.OTHER_EU):
        return not with_successors(country).isdisjoint(_EVER_EU)
    if group is CitizenshipGroup.REPORTING_COUNTRY:
        return area is None or not with_successors(country).isdisjoint(area_members(area))
    if group is CitizenshipGroup.NON_EU:
        return not _is_always_eu(country, period)
    return group is CitizenshipGroup.TOTAL


def _is_always_eu(country: str, period: str | None) -> bool:
    """Return whether a country is a member in every composition and on every day."""
    days = to_period(period or "not stated")
    if days.start is None or days.end is None:
        return False
    current = COMPOSITIONS["EU27_2020"].members  # compositions are also applied backwards
    return country in current & eu_members(days.start) & eu_members(days.end)
