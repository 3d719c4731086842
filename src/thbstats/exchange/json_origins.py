"""Provenance of counts as plain JSON data."""

from collections.abc import Mapping, Sequence
from typing import Any

from attrs import asdict

from thbstats.errors import ThbstatsError
from thbstats.exchange.json_parts import (
    JsonPath,
    array,
    codes,
    integer,
    integers,
    invalid_part,
    members,
    text,
)
from thbstats.records import Source
from thbstats.records.reading import to_reporters
from thbstats.tables.origins import Origin
from thbstats.values import LARGEST_COUNT

__all__ = ["origins_data", "read_origins"]

_SOURCE = ("publisher", "document", "section", "url", "published", "kind", "terms")


def origins_data(origins: Sequence[Origin]) -> dict[str, Any]:
    """Return origins and their sources as plain data, in a fixed order.

    Parameters
    ----------
    origins : sequence of Origin
        Distinct origins.

    Returns
    -------
    dict
        ``sources`` and ``origins``; an origin refers to sources by position.
    """
    sources = sorted({source for origin in origins for source in origin.sources}, key=_sorting)
    index = {source: position for position, source in enumerate(sources)}
    return {
        "sources": [_source_data(source) for source in sources],
        "origins": [_origin_data(origin, index) for origin in origins],
    }


def _origin_data(origin: Origin, index: Mapping[Source, int]) -> dict[str, Any]:
    data: dict[str, Any] = {"sources": sorted(index[source] for source in origin.sources)}
    if origin.reporters is not None:
        data["reporters"] = sorted(origin.reporters)
    elif origin.n_reporters is not None:
        data["n_reporters"] = origin.n_reporters
    return data


def _source_data(source: Source) -> dict[str, str]:
    empty = Source(title=source.title)
    fields = {name: v for name, v in asdict(source).items() if v != getattr(empty, name)}
    return {"title": source.title, **{name: str(value) for name, value in fields.items()}}


def _sorting(source: Source) -> list[tuple[str, str]]:
    return list(_source_data(source).items())


def read_origins(content: Mapping[str, Any], path: JsonPath) -> list[Origin]:
    """Return the origins of an object with ``sources`` and ``origins``.

    Parameters
    ----------
    content : mapping
        The object; missing members are empty.
    path : tuple
        Its path in the document.

    Raises
    ------
    InvalidFile
        If a part is not valid.
    """
    index = (*path, "sources")
    listed = enumerate(array(content.get("sources", []), index))
    sources = [_source(item, (*index, position)) for position, item in listed]
    index = (*path, "origins")
    listed = enumerate(array(content.get("origins", []), index))
    return [_origin(item, (*index, position), sources) for position, item in listed]


def _source(content: object, path: JsonPath) -> Source:
    fields = members(content, path, ("title",), _SOURCE)
    texts = {name: text(value, (*path, name)) for name, value in fields.items()}
    try:
        return Source(**texts)  # type: ignore[arg-type]
    except ThbstatsError as error:
        index = (*path, error.field or "title")
        raise invalid_part(index, error.problem, error.hint, value=error.value) from None


def _origin(content: object, path: JsonPath, sources: Sequence[Source]) -> Origin:
    fields = members(content, path, ("sources",), ("reporters", "n_reporters"))
    index = (*path, "sources")
    indices = integers(array(fields["sources"], index), index, len(sources) - 1)
    number = fields.get("n_reporters")
    if number is not None:
        number = integer(number, (*path, "n_reporters"), LARGEST_COUNT)
    named = frozenset(sources[p] for p in indices.tolist())
    reporters = _reporters(fields, (*path, "reporters"))
    try:
        return Origin(sources=named, reporters=reporters, n_reporters=number)
    except ThbstatsError as error:
        raise invalid_part(
            (*path, "n_reporters"), error.problem, error.hint, value=number
        ) from None


def _reporters(fields: dict[str, Any], path: JsonPath) -> frozenset[str] | None:
    if "reporters" not in fields:
        return None
    return frozenset(codes(fields["reporters"], path, _country))


def _country(text: str) -> str:
    return "".join(to_reporters([text]) or "")
