"""Dimensions of tables, and schemas of the kinds of records."""

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache, lru_cache, partial
from types import MappingProxyType
from typing import Any, Literal

import attrs
from attrs import field, frozen

from thbstats.errors import UnknownName, did_you_mean, require
from thbstats.geography import ACCESSIONS, COMPOSITIONS, Area, eu_members, with_successors
from thbstats.geography.subdivisions import may_overlap
from thbstats.languages import Message
from thbstats.records.converters import area_members, to_code_or_country, to_period
from thbstats.records.counts import (
    CooperationCount,
    JusticeCount,
    ProtectionCount,
    Record,
    VictimCount,
)
from thbstats.vocabulary import CitizenshipGroup, Classification, Code, code_list

_EVER_EU = frozenset().union(*ACCESSIONS.values())


@frozen(kw_only=True)
class Dimension:
    """Dimension of a table of counts.

    Parameters
    ----------
    name : str
        Name of the field.
    content : {"codes", "area", "period", "citizenship", "countries"}
        Type of the values: codes of a code list, areas, periods, groups of citizenship and
        countries, or codes of a code list and countries.
    vocabulary : type of Code or None
        The code list; for citizenship the list of groups.
    total : str or None
        Code of "not broken down"; ``None`` for an attribute.
    default : str or None
        Code of rows without the dimension; ``None`` if the dimension is required.
    """

    name: str
    content: Literal["codes", "area", "period", "citizenship", "countries"]
    vocabulary: type[Code] | None
    total: str | None
    default: str | None
    reader: Callable[[Any], object] = field(repr=False, eq=False)

    @classmethod
    def from_classification(cls, classification: Classification) -> "Dimension":
        """Return the dimension of a classification."""
        codes, is_attribute = code_list(classification), classification.kind == "attribute"
        total = None if is_attribute else "total"
        return cls(
            name=classification.name,
            content="countries" if classification.has_countries else "codes",
            vocabulary=codes,
            total=total,
            default="not_stated" if is_attribute and not classification.is_required else total,
            reader=(
                partial(to_code_or_country, codes, classification.name)
                if classification.has_countries
                else codes
            ),
        )

    @property
    def title(self) -> str:
        """The name for readers."""
        if self.vocabulary is None:
            return self.name.replace("_", " ").capitalize()
        return self.vocabulary.classification().title

    def is_country(self, code: str) -> bool:
        """Return whether a code of the dimension is a country, which is not in its code list."""
        return (
            self.content in ("citizenship", "countries")
            and self.vocabulary is not None
            and code not in self.vocabulary._value2member_map_
        )

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
        if self.is_country(code):
            return self.total
        parent = self.vocabulary(code).parent
        return None if parent is None else str(parent)

    def residual(self, code: str) -> str | None:
        """Return the residual category of a category, such as ``other_labour``."""
        if self.vocabulary is None or self.content != "codes" or code == self.total:
            return None
        remainders = (own for own in self.vocabulary(code).children if own.category.is_residual)
        return next(map(str, remainders), None)

    def ancestors(self, code: str) -> tuple[str, ...]:
        """Return the parent categories, the nearest first."""
        return _ancestors(self, code)

    def common_parent(self, codes: Iterable[str]) -> str:
        """Return the narrowest category that includes all codes of a breakdown."""
        paths = [(code, *self.ancestors(code)) for code in codes]
        return next(code for code in paths[0] if all(code in path for path in paths))

    def overlaps(
        self, first: str, second: str, *, area: str | None = None, period: str | None = None
    ) -> bool:
        """Return whether counts of two codes can include the same person or case.

        True for a category and its parent, for areas with a common country or region, for a
        region and its country, for periods with a common day or not stated, and for a country of
        citizenship and a group that may include it. The area and period of the counts decide the
        last case more precisely.
        """
        if self.content == "area":
            return may_overlap(area_members(first), area_members(second))
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
        if self.vocabulary is None or self.is_country(code):
            return (len(self.vocabulary or ()), code)
        return (list(self.vocabulary).index(self.vocabulary(code)), code)


@lru_cache(maxsize=4096)
def _ancestors(dimension: Dimension, code: str) -> tuple[str, ...]:
    """Return the parent categories of a code, cached."""
    parent = dimension.parent(code)
    return () if parent is None else (parent, *_ancestors(dimension, parent))


def _is_group(code: str) -> bool:
    return code in CitizenshipGroup._value2member_map_


def _may_belong(
    country: str, group: CitizenshipGroup, area: str | None, period: str | None
) -> bool:
    """Return whether a group may include citizens of a country."""
    if group in (CitizenshipGroup.EU, CitizenshipGroup.OTHER_EU):
        return not with_successors(country).isdisjoint(_EVER_EU)
    if group is CitizenshipGroup.REPORTING_COUNTRY:
        return area is None or not with_successors(country).isdisjoint(Area.parse(area).countries)
    if group is CitizenshipGroup.NON_EU:
        days = to_period(period or "not stated")
        if days.start is None or days.end is None:
            return True
        # Not if it is a member in every composition, also applied backwards, and on every day.
        current = COMPOSITIONS["EU27_2020"].members
        return country not in current & eu_members(days.start) & eu_members(days.end)
    return group not in (CitizenshipGroup.STATELESS, CitizenshipGroup.UNKNOWN)


#: Record class of each kind of table.
KINDS: Mapping[str, type[Record]] = MappingProxyType(
    {
        "victims": VictimCount,
        "justice": JusticeCount,
        "protection": ProtectionCount,
        "cooperation": CooperationCount,
    }
)
KIND_TITLES = {
    "victims": Message("Victims of trafficking"),
    "justice": Message("Criminal justice counts"),
    "protection": Message("Protection of victims"),
    "cooperation": Message("Cross-border cooperation"),
}
"""The title of each kind of table."""

# Order of the dimensions in tables.
_ORDER = (
    *("area", "period", "body", "kind", "stage", "offence", "measure", "outcome", "status"),
    *("sex", "age", "age_concept", "citizenship", "exploitation", "movement"),
    *("unit", "register"),
)
# The dimensions of the library whose code list a classification can replace.
_REPLACEABLE = ("sex", "age", "exploitation", "movement", "register", "measure", "outcome")

# Other columns of tables, panels and files, and arguments next to the name of a dimension.
_RESERVED = frozenset(
    re.findall(
        "[a-z_]+",
        """above also area areas backend base below bounds by category cell
        classifications columns complete complete_dimensions confidentiality constants
        contradictory count countries counts coverage data declare denominator
        denominator_table dimension dimensions encoding exhaustive file findings flags format
        frame group
        groups inner key kind label lag like_for_like limits lower margins measure measures missing
        multiple n_reporters name new numerator of old origin other outer overlap part
        path per period period_end period_start population population_area
        population_categories population_date progress reason record reporters rows
        rules severity share shares size source sources status_code strict table
        thresholds to top total unanswered unknown upper value warnings weights where
        within years""",
    )
)


@frozen(kw_only=True)
class Schema:
    """Dimensions of one kind of record.

    Parameters
    ----------
    kind : str
        ``"victims"``, ``"justice"``, ``"protection"`` or ``"cooperation"``.
    dimensions : tuple of Dimension
        In the order of the columns.
    classifications : tuple of Classification
        The classifications of dimensions that are not those of the library.
    """

    kind: str
    dimensions: tuple[Dimension, ...] = field(eq=False)
    classifications: tuple[Classification, ...] = ()
    record: type[Record] = field(init=False, repr=False, eq=False)
    #: The names of the dimensions.
    names: tuple[str, ...] = field(init=False, repr=False, eq=False)
    _by_name: Mapping[str, Dimension] = field(init=False, repr=False, eq=False)

    @record.default
    def _class_of_records(self) -> type[Record]:
        base = KINDS[self.kind]
        if not self.classifications:
            return base
        own = {item.name for item in self.classifications}
        fields: dict[str, Any] = {
            dimension.name: field(
                default=attrs.NOTHING if dimension.default is None else dimension.default,
                converter=dimension.reader,
                metadata={"dimension": True, "total": dimension.total},
            )
            for dimension in self.dimensions
            if dimension.name in own
        }
        options: dict[str, Any] = {"bases": (base,), "frozen": True, "kw_only": True}
        record: Any = attrs.make_class(base.__name__, fields, slots=True, **options)
        record.classifications = self.classifications
        record.__doc__ = base.__doc__
        # The class has no place in a module, so that pickle cannot find it by name.
        record.__reduce__ = _reduce_record
        return record  # type: ignore[no-any-return]

    @_by_name.default
    def _dimensions_by_name(self) -> Mapping[str, Dimension]:
        return {dimension.name: dimension for dimension in self.dimensions}

    @names.default
    def _names_in_order(self) -> tuple[str, ...]:
        return tuple(dimension.name for dimension in self.dimensions)

    def __reduce__(self) -> tuple[Any, ...]:
        return schema_of, (self.kind, *self.classifications)

    def __getitem__(self, name: str) -> Dimension:
        try:
            return self._by_name[name]
        except (KeyError, TypeError):  # a list cannot be a key
            hint = did_you_mean(name, self.names)
            problem = f"must be a dimension of {self.kind}"
            raise UnknownName(problem, value=name, hint=hint) from None

    def keyword(self, name: str) -> Dimension:
        """Return the dimension of a keyword argument."""
        if name not in self._by_name:
            hint = did_you_mean(name, self.names, is_keyword=True)
            raise UnknownName(f"must be a dimension of {self.kind}", field=name, hint=hint)
        return self._by_name[name]


def names_of(names: str | Iterable[str] | None) -> tuple[str, ...]:
    """Return the distinct names of dimensions as a tuple."""
    require(
        names is None or isinstance(names, Iterable),
        "must be the name of a dimension, or a list of names",
        'Use by="area" or by=["area", "period"]',
        by=names,
    )
    return (names,) if isinstance(names, str) else tuple(dict.fromkeys(names or ()))


def _reduce_record(record: Record) -> tuple[Any, ...]:
    values = {own.alias: getattr(record, own.name) for own in attrs.fields(type(record))}
    return _record_of, (schema_of(record), values)


def _record_of(schema: Schema, values: Mapping[str, Any]) -> Record:
    return schema.record(**values)


def schema_of(
    kind: str | type[Record] | Record | Schema, *classifications: Classification
) -> Schema:
    """Return the schema of a kind, a class of records or a record.

    Parameters
    ----------
    kind : str, type of Record, Record or Schema
        ``"victims"``, ``"justice"``, ``"protection"`` or ``"cooperation"``; a schema keeps its
        classifications.
    *classifications : Classification
        Further dimensions. A classification with the name of a dimension of the library replaces
        its code list.

    Raises
    ------
    UnknownName
        If the kind does not exist.
    InvalidValue
        If a name is repeated, or is the name of another column or argument, or a further argument
        is not a classification.

    Examples
    --------
    >>> [d.name for d in schema_of("justice").dimensions if d.total]
    ['sex', 'age', 'citizenship', 'exploitation']

    A register of courts with the instance as an additional attribute:

    >>> from thbstats.vocabulary import Classification
    >>> instance = Classification(
    ...     name="instance", kind="attribute", categories=["first_instance", "appeal"]
    ... )
    >>> courts = schema_of("justice", instance)
    >>> courts.record(
    ...     count=12, area="MT", period=2021, stage="convicted", instance="appeal"
    ... ).instance.label
    'Appeal'
    """
    hint = "Read a file with Classification.from_toml('recruiter.toml')"
    for item in classifications:
        is_read = isinstance(item, Classification)
        require(is_read, "must be Classification objects", hint, classifications=item)
    if isinstance(kind, Schema):
        return _schema(kind.kind, (*kind.classifications, *classifications))
    name = str(kind) if isinstance(kind, str) else ""  # an enumeration is equal to its text
    if not name:
        record = kind if isinstance(kind, type) else type(kind)
        name = next((own for own, known in KINDS.items() if issubclass(record, known)), "")
        classifications = (*getattr(record, "classifications", ()), *classifications)
    if name not in KINDS:
        hint = did_you_mean(kind, KINDS)
        raise UnknownName("must be a kind of table", field="kind", value=kind, hint=hint)
    return _schema(name, classifications)


@cache
def _schema(kind: str, classifications: tuple[Classification, ...]) -> Schema:
    dimensions = {}
    for attribute in attrs.fields(KINDS[kind]):
        if not attribute.metadata.get("dimension"):
            continue
        name, codes = attribute.name, attribute.type
        is_coded = isinstance(codes, type) and issubclass(codes, Code)
        groups = CitizenshipGroup if name == "citizenship" else None
        dimensions[name] = Dimension(
            name=name,
            content="codes" if is_coded else name,
            vocabulary=codes if is_coded else groups,
            total=attribute.metadata["total"],
            default=None if attribute.default is attrs.NOTHING else str(attribute.default),
            reader=attribute.converter,
        )
    own: set[str] = set()
    for classification in classifications:
        dimension = Dimension.from_classification(classification)
        name, hint = dimension.name, f"Choose a name such as '{dimension.name}_of_{kind}'"
        require(name not in own, "must be unique among the classifications", hint, name=name)
        if name in dimensions and name not in _REPLACEABLE:
            replaced = dimensions[name]  # a division divides a total by an attribute
            is_attribute = replaced.content == "codes" and replaced.total is None
            is_division = is_attribute and dimension.total is not None
            problem = "must not be a dimension of the library that cannot be replaced"
            require(is_division, problem, hint, name=name)
        problem = "must not be the name of another column or argument"
        require(name not in _RESERVED, problem, hint, name=name)
        dimensions[name] = dimension
        own.add(name)
    # Further dimensions stand between the breakdowns of the library and unit and register.
    further = _ORDER.index("unit") - 0.5
    ordered = sorted(
        dimensions.values(),
        key=lambda item: _ORDER.index(item.name) if item.name in _ORDER else further,
    )
    return Schema(kind=kind, dimensions=tuple(ordered), classifications=classifications)
