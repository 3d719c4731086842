"""On whose word a count stands: sources and reporting countries, shared by many rows."""

from collections.abc import Iterable, Sequence
from typing import Any, Self

from attrs import evolve, frozen

from thbstats.errors import InvalidValue
from thbstats.geography import Area
from thbstats.records import Record, Source

__all__ = ["Interner", "Origin", "resolved", "unite", "without_country"]


@frozen(kw_only=True)
class Origin:
    """The sources of a count and the countries whose data stand behind it.

    Parameters
    ----------
    sources : frozenset of Source
        Where the count, or its parts, were published.
    reporters : frozenset of str or None
        The countries; ``None`` when they are not documented.
    n_reporters : int or None
        How many they are, when that is documented.
    """

    sources: frozenset[Source] = frozenset()
    reporters: frozenset[str] | None = None
    n_reporters: int | None = None

    def __attrs_post_init__(self) -> None:
        if self.reporters is None:
            return
        if self.n_reporters not in (None, len(self.reporters)):
            raise InvalidValue(
                f"{len(self.reporters)} countries are listed",
                field="n_reporters",
                value=self.n_reporters,
                hint="Leave it out: the list says how many there are",
            )
        object.__setattr__(self, "n_reporters", len(self.reporters))

    @classmethod
    def of(cls, record: Record) -> Self:
        """Return the origin of a record."""
        return cls(
            sources=record.sources, reporters=record.reporters, n_reporters=record.n_reporters
        )


class Interner:
    """A growing list of distinct values and their codes."""

    def __init__(self) -> None:
        self._codes: dict[Any, int] = {}

    def code(self, value: object) -> int:
        """Return the code of a value, the same for equal values."""
        return self._codes.setdefault(value, len(self._codes))

    @property
    def values(self) -> tuple[Any, ...]:
        """The distinct values, by code."""
        return tuple(self._codes)


def unite(origins: Iterable[Origin]) -> Origin:
    """Return the origin of a sum: sources and reporters unite; what one leaves open stays open."""
    distinct = list(dict.fromkeys(origins))
    if len(distinct) == 1:
        return distinct[0]
    sources = frozenset().union(*(origin.sources for origin in distinct))
    reporters = _united([origin.reporters for origin in distinct])
    return Origin(sources=sources, reporters=reporters)


def _united(reporters: Sequence[frozenset[str] | None]) -> frozenset[str] | None:
    if any(countries is None for countries in reporters):
        return None
    return frozenset().union(*(countries for countries in reporters if countries is not None))


def resolved(origin: Origin, area: str, reported: bool) -> Origin:
    """Return an origin with the reporters that follow from the area where none are listed.

    A country's own figure stands on that country, if it reported one; a figure of all members
    stands on all of them.
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
    """Return the origin of what is left when a country's figure is taken out."""
    if origin.reporters is None:
        return evolve(origin, n_reporters=None)
    return evolve(origin, reporters=origin.reporters - {country}, n_reporters=None)
