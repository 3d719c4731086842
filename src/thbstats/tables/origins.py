"""Sources and reporting countries of counts."""

from collections.abc import Iterable, Sequence
from typing import Any, Self

from attrs import evolve, frozen

from thbstats.geography import Area
from thbstats.records import Record, Source
from thbstats.records.reading import complete_n_reporters

__all__ = ["Interner", "Origin", "resolve_reporters", "unite", "without_country"]


@frozen(kw_only=True)
class Origin:
    """Sources and reporting countries of a count.

    Parameters
    ----------
    sources : frozenset of Source
        Sources of the count or of its parts.
    reporters : frozenset of str or None
        The reporting countries; ``None`` if not documented.
    n_reporters : int or None
        Number of reporting countries; ``None`` if not documented.
    """

    sources: frozenset[Source] = frozenset()
    reporters: frozenset[str] | None = None
    n_reporters: int | None = None

    def __attrs_post_init__(self) -> None:
        number = complete_n_reporters(self.reporters, self.n_reporters)
        object.__setattr__(self, "n_reporters", number)

    @classmethod
    def from_record(cls, record: Record) -> Self:
        """Return the origin of a record."""
        return cls(
            sources=record.sources, reporters=record.reporters, n_reporters=record.n_reporters
        )


class Interner:
    """Growing list of distinct values with codes."""

    def __init__(self) -> None:
        self._codes: dict[Any, int] = {}

    def code(self, value: object) -> int:
        """Return the code of a value; equal values have the same code."""
        return self._codes.setdefault(value, len(self._codes))

    @property
    def values(self) -> tuple[Any, ...]:
        """The distinct values, by code."""
        return tuple(self._codes)


def unite(origins: Iterable[Origin]) -> Origin:
    """Return the origin of a sum, with the union of sources and of reporters."""
    distinct = list(dict.fromkeys(origins))
    if len(distinct) == 1:
        return distinct[0]
    sources = frozenset().union(*(origin.sources for origin in distinct))
    reporters = _unite_reporters([origin.reporters for origin in distinct])
    return Origin(sources=sources, reporters=reporters)


def _unite_reporters(reporters: Sequence[frozenset[str] | None]) -> frozenset[str] | None:
    if any(countries is None for countries in reporters):
        return None
    return frozenset().union(*(countries for countries in reporters if countries is not None))


def resolve_reporters(origin: Origin, area: str, reported: bool) -> Origin:
    """Return an origin with the reporters that follow from its area.

    The reporter of a country's figure is the country if it reported; the reporters of a figure
    of all members are the members.
    """
    if origin.reporters is not None:
        return origin
    members = Area.parse(area).members
    if len(members) == 1:
        countries = members if reported else frozenset()
        return evolve(origin, reporters=countries, n_reporters=None)
    if origin.n_reporters == len(members):
        return evolve(origin, reporters=members)
    return origin


def without_country(origin: Origin, country: str) -> Origin:
    """Return the origin after the removal of a country."""
    if origin.reporters is None:
        return evolve(origin, n_reporters=None)
    return evolve(origin, reporters=origin.reporters - {country}, n_reporters=None)
