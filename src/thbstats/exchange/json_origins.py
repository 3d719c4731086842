"""On whose word counts stand, as plain data and back."""

from collections.abc import Mapping, Sequence
from typing import Any

from attrs import asdict

from thbstats.errors import ThbstatsError
from thbstats.exchange.json_parts import (
    At,
    array,
    fault,
    members,
    text,
    whole_number,
    whole_numbers,
    words,
)
from thbstats.records import Source
from thbstats.records.reading import to_reporters
from thbstats.tables.origins import Origin
from thbstats.values import LARGEST_COUNT

__all__ = ["origins_data", "read_origins"]

_SOURCE = ("publisher", "document", "section", "url", "published", "kind", "terms")


def origins_data(origins: Sequence[Origin]) -> dict[str, Any]:
    """Return origins and the sources that they name, each source once, in a fixed order.

    Parameters
    ----------
    origins : sequence of Origin
        Each once.

    Returns
    -------
    dict
        ``sources`` and ``origins``; an origin names sources by their places.
    """
    sources = sorted({source for origin in origins for source in origin.sources}, key=_sorting)
    index = {source: position for position, source in enumerate(sources)}
    return {
        "sources": [_source_data(source) for source in sources],
        "origins": [_origin_data(origin, index) for origin in origins],
    }


def _origin_data(origin: Origin, index: Mapping[Source, int]) -> dict[str, Any]:
    found: dict[str, Any] = {"sources": sorted(index[source] for source in origin.sources)}
    if origin.reporters is not None:
        found["reporters"] = sorted(origin.reporters)
    elif origin.n_reporters is not None:
        found["n_reporters"] = origin.n_reporters
    return found


def _source_data(source: Source) -> dict[str, str]:
    empty = Source(title=source.title)
    given = {name: v for name, v in asdict(source).items() if v != getattr(empty, name)}
    return {"title": source.title, **{name: str(value) for name, value in given.items()}}


def _sorting(source: Source) -> list[tuple[str, str]]:
    return list(_source_data(source).items())


def read_origins(found: Mapping[str, Any], at: At) -> list[Origin]:
    """Return the origins of an object with ``sources`` and ``origins``.

    Parameters
    ----------
    found : mapping
        The object; what is not there is empty.
    at : tuple
        Where it stands.

    Returns
    -------
    list of Origin

    Raises
    ------
    InvalidFile
        If a part of it is not what it must be.
    """
    index = (*at, "sources")
    listed = enumerate(array(found.get("sources", []), index))
    sources = [_source(item, (*index, position)) for position, item in listed]
    index = (*at, "origins")
    listed = enumerate(array(found.get("origins", []), index))
    return [_origin(item, (*index, position), sources) for position, item in listed]


def _source(found: object, at: At) -> Source:
    given = members(found, at, ("title",), _SOURCE)
    fields = {name: text(value, (*at, name)) for name, value in given.items()}
    try:
        return Source(**fields)  # type: ignore[arg-type]
    except ThbstatsError as error:
        index = (*at, error.field or "title")
        raise fault(index, error.problem, error.hint, value=error.value) from None


def _origin(found: object, at: At, sources: Sequence[Source]) -> Origin:
    given = members(found, at, ("sources",), ("reporters", "n_reporters"))
    index = (*at, "sources")
    indices = whole_numbers(array(given["sources"], index), index, len(sources) - 1)
    number = given.get("n_reporters")
    if number is not None:
        number = whole_number(number, (*at, "n_reporters"), LARGEST_COUNT)
    named = frozenset(sources[p] for p in indices.tolist())
    reporters = _reporters(given, (*at, "reporters"))
    try:
        return Origin(sources=named, reporters=reporters, n_reporters=number)
    except ThbstatsError as error:
        raise fault((*at, "n_reporters"), error.problem, error.hint, value=number) from None


def _reporters(given: dict[str, Any], at: At) -> frozenset[str] | None:
    if "reporters" not in given:
        return None
    return frozenset(words(given["reporters"], at, _country))


def _country(text: str) -> str:
    return "".join(to_reporters([text]) or "")
