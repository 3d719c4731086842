"""Properties of numbers that several families use."""

from collections.abc import Callable
from functools import lru_cache

from attrs import evolve, frozen

from thbstats.panel import CountKind, Outcome, Result, ResultKind
from thbstats.records import Source
from thbstats.rules.rule import Evidence, all_equal

__all__ = [
    "FLOWS",
    "SeriesKey",
    "both_numbers",
    "both_sides",
    "breakdowns",
    "is_justice_ratio",
    "is_presumed_same",
    "is_protection_ratio",
    "one_stage",
    "publications",
    "series_key",
    "stated",
    "vintages",
]

FLOWS = (ResultKind.RATIO, ResultKind.PER_100)


@frozen
class SeriesKey:
    """The properties that identify a series: one series has one way of counting."""

    sources: frozenset[Source]
    countries: frozenset[str]
    numerator_kind: CountKind
    denominator_kind: CountKind


@lru_cache(maxsize=1024)
def vintages(sources: tuple[Source, ...]) -> frozenset[Source]:
    """Return publications with their days, without section."""
    return frozenset(evolve(source, section="") for source in sources)


@lru_cache(maxsize=1024)
def publications(sources: tuple[Source, ...]) -> frozenset[Source]:
    """Return publications without section and vintage."""
    return frozenset(evolve(source, section="", published=None) for source in sources)


def series_key(number: Result) -> SeriesKey:
    """Return the sources, countries and kinds of count of a number."""
    return SeriesKey(
        publications(number.sources),
        number.area.members,
        number.numerator_kind,
        number.denominator_kind,
    )


def is_presumed_same(first: SeriesKey, second: SeriesKey) -> bool:
    """Return whether two numbers are of one source, area and series."""
    same_area = first.sources == second.sources and not first.countries.isdisjoint(second.countries)
    return (
        same_area
        and _fit(first.numerator_kind, second.numerator_kind)
        and _fit(first.denominator_kind, second.denominator_kind)
    )


def _fit(first: CountKind, second: CountKind) -> bool:
    """Return whether no attribute that both state differs."""
    stated = ((first.get(name), second.get(name)) for name in dict(first.attributes))
    return first.kind == second.kind and all(
        left is None or right is None or left == right for left, right in stated
    )


def stated(number: Result, name: str, kind: str = "") -> tuple[str | None, ...]:
    """Return an attribute of numerator and denominator, for one kind of count."""
    sides = (number.numerator_kind, number.denominator_kind)
    return tuple(side.get(name) for side in sides if not kind or side.kind == kind)


def breakdowns(number: Result) -> frozenset[str]:
    """Return the dimensions that divide a number or select its counts."""
    chosen = (name for name, _ in (*number.category, *number.base.within))
    return frozenset((*chosen, *number.base.dimension))


def is_justice_ratio(number: Result) -> bool:
    """Return whether a number is a ratio of two flows of justice."""
    sides = (number.numerator_kind, number.denominator_kind)
    return number.kind in FLOWS and all(side.kind == "justice" for side in sides)


def is_protection_ratio(number: Result) -> bool:
    """Return whether a number is a ratio of protection measures."""
    return number.kind in FLOWS and number.numerator_kind.kind == "protection"


def one_stage(number: Result) -> Outcome:
    """Return whether numerator and denominator count one stage."""
    if not is_justice_ratio(number):
        return Outcome.PASS
    return all_equal(stated(number, "stage"))


def both_numbers(label: Callable[[Result], str]) -> Callable[[Result, Result], Evidence]:
    """Return the labels of both numbers as evidence."""
    return lambda first, second: (("first", label(first)), ("second", label(second)))


def both_sides(label: Callable[[CountKind], str]) -> Callable[[Result], Evidence]:
    """Return the labels of numerator and denominator as evidence."""
    return lambda number: (
        ("numerator", label(number.numerator_kind)),
        ("denominator", label(number.denominator_kind)),
    )
