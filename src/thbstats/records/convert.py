"""Conversion of records to and from JSON."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

import attrs

from thbstats._model_fields import add_field, fields_in, model_field, object_shape
from thbstats.errors import (
    InvalidFile,
    InvalidValue,
    ThbstatsError,
    require,
    require_name,
)
from thbstats.records.counts import Record
from thbstats.records.kind_schema import KINDS, schema_of
from thbstats.records.source import Source
from thbstats.values import Count
from thbstats.vocabulary import Classification


def to_dict(record: Record) -> dict[str, Any]:
    """Return a record as plain data.

    Examples
    --------
    >>> from thbstats.records import VictimCount
    >>> to_dict(VictimCount(count=20532, area="EU28", period="2015-2016"))["count"]
    {'lower': 20532, 'upper': 20532, 'reason': 'known'}
    """
    schema = schema_of(record)
    values = {own.name: _plain(getattr(record, own.name)) for own in attrs.fields(type(record))}
    content = {"record": schema.kind, **values}
    if schema.classifications:
        content["classifications"] = [item.to_dict() for item in schema.classifications]
    return content


def from_dict(data: Mapping[str, Any]) -> Record:
    """Build a record from plain data.

    Examples
    --------
    >>> from thbstats.records import VictimCount
    >>> victims = VictimCount(count=20532, area="EU28", period="2015-2016")
    >>> from_dict(to_dict(victims)) == victims
    True
    """
    if not isinstance(data, Mapping):
        raise InvalidValue("must be a mapping", value=data, hint="Use a result of to_dict")
    kind: Any = data.get("record")
    own = ("record", "classifications")
    fields = {name: value for name, value in data.items() if name not in own}
    require_name(kind, KINDS, "must be a kind of record", field="record")
    further = data.get("classifications", [])
    if not isinstance(further, list):
        raise InvalidValue("must be a list of classifications", field=own[1], value=further)
    cls = schema_of(kind, *map(Classification.from_dict, further)).record
    known = attrs.fields_dict(cls)
    for name in fields:
        require_name(name, known, "must be a field of the record")
    for name, attribute in known.items():
        if attribute.default is attrs.NOTHING and name not in fields:
            raise InvalidValue("must be given", field=name, hint="Add the field")
    try:
        values = {str(known[name].alias): _read(name, own) for name, own in fields.items()}
        return cls(**values)
    except ThbstatsError:
        raise
    except Exception as error:  # of a converter, caused by a wrong structure
        raise InvalidValue(
            f"must have the structure of {cls.__name__} ({error})", hint="Use a result of to_dict"
        ) from None


def _plain(value: Any) -> Any:
    """Return the value of a field as plain data."""
    if isinstance(value, Count):
        return {"lower": value.lower, "upper": value.upper, "reason": str(value.reason)}
    if isinstance(value, Source):
        return {**attrs.asdict(value), "published": value.published and str(value.published)}
    if isinstance(value, frozenset):
        return sorted(map(_plain, value), key=json.dumps)
    return value if value is None or isinstance(value, int) else str(value)


def _read(name: str, value: Any) -> Any:
    """Return a field from plain data; the converters of records read all other fields."""
    if name == "count":  # a count without an upper bound is incomplete, not exact
        return Count(**fields_in(value, ("lower", "upper"), ("reason",)))
    if name not in ("sources", "reporters", "flags") or value is None:
        return value
    item, hint = (dict, "an object") if name == "sources" else (str, "a text")
    is_list = isinstance(value, list) and all(isinstance(own, item) for own in value)
    require(is_list, "must be a list", f"Use a list in which each item is {hint}", **{name: value})
    return [Source(**own) for own in value] if name == "sources" else value


def to_json(records: Record | Iterable[Record], *, indent: int | None = None) -> str:
    """Return records as JSON text.

    Parameters
    ----------
    records : Record or iterable of Record
        A record becomes an object, an iterable an array.
    indent : int, optional
        Indentation as in ``json.dumps``; default one line.

    Examples
    --------
    >>> from thbstats.records import VictimCount
    >>> to_json(VictimCount(count=20532, area="EU28", period="2015-2016"))[:39]
    '{"record": "victims", "count": {"lower"'
    """
    data = (
        to_dict(records) if isinstance(records, Record) else [to_dict(record) for record in records]
    )
    return json.dumps(data, ensure_ascii=False, indent=indent, allow_nan=False)


def from_json(text: str | bytes) -> Record | list[Record]:
    """Return the records of a JSON text.

    An object is a record, an array a list of records.

    Raises
    ------
    InvalidFile
        If the text is not JSON.
    InvalidValue, UnknownName
        If a record is not valid; the error contains its row and field.

    Examples
    --------
    >>> from thbstats.records import VictimCount
    >>> victims = VictimCount(count=20532, area="EU28", period="2015-2016")
    >>> from_json(to_json([victims])) == [victims]
    True
    """
    try:
        data = json.loads(text)
    except (TypeError, ValueError) as error:
        raise InvalidFile(f"must be JSON ({error})", hint="Use a result of to_json") from None
    if not isinstance(data, list):
        return from_dict(data)
    records = []
    for row, item in enumerate(data):
        try:
            records.append(from_dict(item))
        except ThbstatsError as error:
            raise error.with_location(row=row) from None
    return records


def _read_record(cls: type[Record], value: Any) -> Record:
    if cls is Record or not isinstance(value, Mapping):
        return from_dict(value)
    schema = schema_of(cls)
    own = [classification.to_dict() for classification in schema.classifications]
    required = {"record": schema.kind, "classifications": own}
    data = {**required, **value}
    for name, expected in required.items():
        if data[name] != expected:
            raise InvalidValue(f"must agree with {cls.__name__}", field=name, value=data[name])
    return from_dict(data)


# The class of records does not know its plain data.
add_field(
    Record,
    model_field(
        write=to_dict,
        read=_read_record,
        shape=object_shape(
            {"record": {"enum": list(KINDS)}, "count": {}, "area": {}, "period": {}},
            ("count", "area", "period"),
        ),
    ),
)
