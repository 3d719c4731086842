"""Fields of pydantic models.

pydantic asks a class for its field. It is imported only then, and the library does not need it.
"""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from thbstats.errors import InvalidValue, ThbstatsError


def model_field(
    *, write: Callable[[Any], object], read: Callable[[Any, Any], object], shape: Mapping[str, Any]
) -> Any:
    """Return the method that pydantic calls for a field of a class.

    The field takes an object of the class, or plain data. Python dumps keep the object, and JSON
    dumps have plain data.

    Parameters
    ----------
    write : callable
        Function from an object to plain data.
    read : callable
        Function from the class and plain data to an object.
    shape : mapping
        JSON Schema of the plain data.
    """

    def core_schema_of(cls: type, _source: object, _handler: object) -> Any:
        from pydantic_core import core_schema

        def validated(value: Any) -> object:
            if isinstance(value, cls):
                return value
            try:
                return read(cls, value)
            except ThbstatsError as error:  # pydantic lists errors of this type with their place
                raise ValueError(str(error)) from error

        return core_schema.no_info_plain_validator_function(
            validated,
            serialization=core_schema.plain_serializer_function_ser_schema(write, when_used="json"),
            metadata={"pydantic_js_functions": [lambda _schema, _handler: dict(shape)]},
        )

    return classmethod(core_schema_of)


def object_shape(properties: Mapping[str, Any], required: Collection[str]) -> dict[str, Any]:
    """Return the JSON Schema of an object."""
    return {"type": "object", "required": list(required), "properties": dict(properties)}


def fields_in(
    value: object, required: Collection[str], optional: Collection[str] = ()
) -> dict[str, Any]:
    """Return a mapping with the fields of a class, or raise."""
    if isinstance(value, Mapping) and set(required) <= set(value) <= {*required, *optional}:
        return dict(value)
    more = f", optionally also {' and '.join(optional)}" if optional else ""
    raise InvalidValue(f"must be a mapping with {', '.join(required)}{more}", value=value)


def add_field(cls: type, field: Any) -> None:
    """Add a method for pydantic to a class that cannot be read from plain data otherwise."""
    setattr(cls, "__get_pydantic_core_schema__", field)  # noqa: B010
