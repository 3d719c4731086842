"""Keys and words of numbers that several families use."""

from collections.abc import Callable
from functools import lru_cache

from attrs import evolve, frozen

from thbstats.panel import CountKind, Outcome, Result, ResultKind
from thbstats.records import Source
from thbstats.rules.rule import Evidence, alike

__all__ = [
    "FLOWS",
    "Kept",
    "both_numbers",
    "both_sides",
    "breakdowns",
    "is_justice_ratio",
    "is_protection_ratio",
    "kept",
    "one_stage",
    "presumed",
    "publications",
    "stated",
    "vintages",
]

FLOWS = (ResultKind.RATIO, ResultKind.PER_100)


@frozen
class Kept:
    """The properties that stay the same where one way of counting is presumed."""

    sources: frozenset[Source]
    countries: frozenset[str]
    counted: CountKind
    against: CountKind


@lru_cache(maxsize=1024)
def vintages(sources: tuple[Source, ...]) -> frozenset[Source]:
    """Return publications with their days, without section."""
    return frozenset(evolve(source, section="") for source in sources)


@lru_cache(maxsize=1024)
def publications(sources: tuple[Source, ...]) -> frozenset[Source]:
    """Return publications without section and vintage."""
    return frozenset(evolve(source, section="", published=None) for source in sources)


def kept(number: Result) -> Kept:
    """Return the sources, countries and kinds of count of a number."""
    return Kept(publications(number.sources), number.area.members, number.counted, number.against)


def presumed(one: Kept, two: Kept) -> bool:
    """Return whether two numbers are of one source, place and series, as far as stated."""
    one_place = one.sources == two.sources and not one.countries.isdisjoint(two.countries)
    return one_place and _fit(one.counted, two.counted) and _fit(one.against, two.against)


def _fit(one: CountKind, two: CountKind) -> bool:
    """Return whether no attribute that both state differs."""
    stated = ((one.get(name), two.get(name)) for name in dict(one.attributes))
    return one.kind == two.kind and all(
        mine is None or theirs is None or mine == theirs for mine, theirs in stated
    )


def stated(number: Result, name: str, kind: str = "") -> tuple[str | None, ...]:
    """Return an attribute of numerator and denominator, as far as they count this kind."""
    sides = (number.counted, number.against)
    return tuple(side.get(name) for side in sides if not kind or side.kind == kind)


def breakdowns(number: Result) -> frozenset[str]:
    """Return the dimensions that divide a number or select its counts."""
    chosen = (name for name, _ in (*number.category, *number.base.within))
    return frozenset((*chosen, *number.base.dimension))


def is_justice_ratio(number: Result) -> bool:
    """Return whether a number is a ratio of two flows of justice."""
    sides = (number.counted, number.against)
    return number.kind in FLOWS and all(side.kind == "justice" for side in sides)


def is_protection_ratio(number: Result) -> bool:
    """Return whether a number is a ratio of protection measures to victims or requests."""
    return number.kind in FLOWS and number.counted.kind == "protection"


def one_stage(number: Result) -> Outcome:
    """Return whether both sides of a number are of one stage, as those of a share are."""
    if not is_justice_ratio(number):
        return Outcome.PASS
    return alike(stated(number, "stage"))


def both_numbers(label: Callable[[Result], str]) -> Callable[[Result, Result], Evidence]:
    """Return the evidence of a rule for pairs: a label of each number."""
    return lambda first, second: (("first", label(first)), ("second", label(second)))


def both_sides(label: Callable[[CountKind], str]) -> Callable[[Result], Evidence]:
    """Return the evidence of a rule for numbers: a label of numerator and denominator."""
    return lambda number: (
        ("numerator", label(number.counted)),
        ("denominator", label(number.against)),
    )
