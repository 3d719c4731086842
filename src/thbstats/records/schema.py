"""The dimensions of each kind of record, so that tables need no code of their own for a kind."""

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any, Literal

import attrs
from attrs import field, frozen

from thbstats.errors import InvalidValue, UnknownName, did_you_mean
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

__all__ = ["KINDS", "Dimension", "Schema", "schema_of"]

#: The kinds of table and the record of each.
KINDS: Mapping[str, type[Record]] = MappingProxyType(
    {
        "victims": VictimCount,
        "justice": JusticeCount,
        "protection": ProtectionCount,
        "cooperation": CooperationCount,
    }
)

# The order in which a reader looks for them: where and when, what, who, how.
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
    """A field by which counts are told apart.

    Parameters
    ----------
    name : str
        The name of the field.
    holds : {"words", "area", "period", "citizenship"}
        What its codes are: words of a list, or places, periods, groups and countries.
    vocabulary : type of Code or None
        The list of words; for a citizenship the list of its groups.
    total : str or None
        The code of "not broken down"; ``None`` for an attribute, which has no total.
    default : str or None
        The code of a row that does not give it; ``None`` where it must be given.
    """

    name: str
    holds: Literal["words", "area", "period", "citizenship"]
    vocabulary: type[Code] | None
    total: str | None
    default: str | None
    reader: Callable[[Any], object] = field(repr=False, eq=False)

    def parse(self, value: object) -> str:
        """Return the canonical code of what somebody wrote.

        Raises
        ------
        UnknownName, InvalidValue
            If it is no word of the dimension.
        """
        return str(self.reader(value))

    def parent(self, code: str) -> str | None:
        """Return the code of the wider category, or ``None`` at the top.

        The parent of a country of citizenship is the total: to which group it belongs depends
        on who reports and when.
        """
        if self.vocabulary is None:
            return None
        if self.holds == "citizenship" and not _is_group(code):
            return self.total
        parent = self.vocabulary(code).parent
        return None if parent is None else str(parent)

    def ancestors(self, code: str) -> tuple[str, ...]:
        """Return the wider categories, the nearest first."""
        parent = self.parent(code)
        return () if parent is None else (parent, *self.ancestors(parent))

    def common(self, codes: Iterable[str]) -> str:
        """Return the narrowest category that includes all of these; for breakdowns only."""
        paths = [(code, *self.ancestors(code)) for code in codes]
        return next(code for code in paths[0] if all(code in path for path in paths))

    def clash(
        self, one: str, other: str, *, area: str | None = None, period: str | None = None
    ) -> bool:
        """Whether counts of two different codes can hold the same person or case.

        True for a category and a wider one, for areas that share a country, for periods that
        share a day or are not stated, and for a country of citizenship and a group to which it
        may belong. The area and period of the counts, where they are one, decide that last case
        more closely.
        """
        if self.holds == "area":
            return not area_members(one).isdisjoint(area_members(other))
        if self.holds == "period":
            return to_period(one).overlaps(to_period(other)) is not False
        if self.holds == "citizenship" and _is_group(one) != _is_group(other):
            country, group = (other, one) if _is_group(one) else (one, other)
            return _may_belong(country, CitizenshipGroup(group), area, period)
        return one in self.ancestors(other) or other in self.ancestors(one)

    def order(self, code: str) -> tuple[object, ...]:
        """Return the key that sorts codes: words as listed, the rest by alphabet or time."""
        if self.holds == "period":
            period = to_period(code)
            return (str(period.start), str(period.end), code)
        if self.holds == "area":
            return (len(area_members(code)) == 1, code)
        if self.vocabulary is None or (self.holds == "citizenship" and not _is_group(code)):
            return (len(CitizenshipGroup), code)
        return (list(self.vocabulary).index(self.vocabulary(code)), code)


@frozen(kw_only=True)
class Schema:
    """The dimensions of one kind of record.

    Parameters
    ----------
    kind : str
        ``"victims"``, ``"justice"``, ``"protection"`` or ``"cooperation"``.
    record : type of Record
        Its class.
    dimensions : tuple of Dimension
        In the order in which a reader looks for them.
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
        try:
            return self._by_name[name]
        except KeyError:
            raise UnknownName(
                f"{self.kind} have no such dimension",
                value=name,
                hint=did_you_mean(name, self.names),
            ) from None


def schema_of(kind: str | type[Record] | Record) -> Schema:
    """Return the schema of a kind of table, of a class of records or of a record.

    Raises
    ------
    UnknownName
        If there is no such kind.

    Examples
    --------
    >>> [d.name for d in schema_of("justice").dimensions if d.total]
    ['sex', 'age', 'citizenship', 'exploitation']
    """
    if isinstance(kind, str):
        if kind in KINDS:
            return _schema(kind)
    else:
        record = kind if isinstance(kind, type) else type(kind)
        for name, known in KINDS.items():
            if record is known:
                return _schema(name)
    raise UnknownName(
        "no such kind of table", field="kind", value=kind, hint=did_you_mean(kind, KINDS)
    )


@cache
def _schema(kind: str) -> Schema:
    fields = attrs.fields_dict(KINDS[kind])
    found = {name: a for name, a in fields.items() if a.metadata.get("dimension")}
    if set(found) - set(_ORDER):  # pragma: no cover - a field was added without its place
        raise InvalidValue("a dimension has no place in the order", field="dimension")
    dimensions = tuple(_dimension(found[name]) for name in _ORDER if name in found)
    return Schema(kind=kind, record=KINDS[kind], dimensions=dimensions)


def _dimension(attribute: "attrs.Attribute[Any]") -> Dimension:
    words = isinstance(attribute.type, type) and issubclass(attribute.type, Code)
    name, total = attribute.name, attribute.metadata["total"]
    vocabulary = attribute.type if words else CitizenshipGroup if name == "citizenship" else None
    return Dimension(
        name=name,
        holds="words" if words else name,  # type: ignore[arg-type]
        vocabulary=vocabulary,
        total=total,
        default=None if attribute.default is attrs.NOTHING else str(attribute.default),
        reader=attribute.converter,  # type: ignore[arg-type]
    )


def _is_group(code: str) -> bool:
    return code in CitizenshipGroup._value2member_map_


def _may_belong(
    country: str, group: CitizenshipGroup, area: str | None, period: str | None
) -> bool:
    """Whether citizens of a country may be among a group."""
    if group in (CitizenshipGroup.EU, CitizenshipGroup.OTHER_EU):
        return not with_successors(country).isdisjoint(_EVER_EU)
    if group is CitizenshipGroup.REPORTING_COUNTRY:
        return area is None or not with_successors(country).isdisjoint(area_members(area))
    if group is CitizenshipGroup.NON_EU:
        return not _surely_eu(country, period)
    return group is CitizenshipGroup.TOTAL


def _surely_eu(country: str, period: str | None) -> bool:
    """Whether a country is a member on every day, whichever composition the source uses."""
    days = to_period(period or "not stated")
    if days.start is None or days.end is None:
        return False
    lasting = COMPOSITIONS["EU27_2020"].members  # compositions are also applied backwards
    return country in lasting & eu_members(days.start) & eu_members(days.end)
