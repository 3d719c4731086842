"""Which series a number belongs to, by what breakdowns, and on whose word."""

from attrs import evolve, frozen

from thbstats.records import Source
from thbstats.results import Result, Series

__all__ = ["Kept", "breakdowns", "kept", "presumed", "publications"]


@frozen
class Kept:
    """What must stay the same for a way of counting to be presumed the same."""

    sources: frozenset[Source]
    countries: frozenset[str]
    counted: Series
    against: Series


def publications(number: Result) -> frozenset[Source]:
    """Return where a number was published, whichever section and vintage it is."""
    return frozenset(
        evolve(source, section="", published=None) for source in number.context.sources
    )


def kept(number: Result) -> Kept:
    """Return the sources, countries and kinds of count of a number."""
    context = number.context
    return Kept(publications(number), context.area.members, context.counted, context.against)


def presumed(one: Kept, two: Kept) -> bool:
    """Return whether two numbers are of one source, place and series, as far as that is stated."""
    one_place = one.sources == two.sources and not one.countries.isdisjoint(two.countries)
    return one_place and _fit(one.counted, two.counted) and _fit(one.against, two.against)


def _fit(one: Series, two: Series) -> bool:
    """Return whether two series state nothing that tells them apart."""
    stated = ((one.get(name), two.get(name)) for name in dict(one.attributes))
    return one.kind == two.kind and all(
        mine is None or theirs is None or mine == theirs for mine, theirs in stated
    )


def breakdowns(number: Result) -> frozenset[str]:
    """Return the dimensions by which a number is divided or chosen."""
    chosen = (name for name, _ in (*number.category, *number.base.within))
    return frozenset((*chosen, *number.base.dimension))
