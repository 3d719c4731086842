"""Schemas of the kinds of records."""

import re
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

import attrs
from attrs import field, frozen

from thbstats._signatures import short_signature
from thbstats.errors import UnknownName, did_you_mean, require
from thbstats.records.counts import (
    CooperationCount,
    JusticeCount,
    ProtectionCount,
    Record,
    VictimCount,
)
from thbstats.records.dimension import Dimension
from thbstats.vocabulary import CitizenshipGroup, Classification, Code

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
        result: type[Record] = short_signature(record)
        return result

    @_by_name.default
    def _dimensions_by_name(self) -> Mapping[str, Dimension]:
        return {dimension.name: dimension for dimension in self.dimensions}

    @names.default
    def _names_in_order(self) -> tuple[str, ...]:
        return tuple(dimension.name for dimension in self.dimensions)

    def __reduce__(self) -> tuple[Any, ...]:
        return schema_of, (self.kind, *self.classifications)

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
