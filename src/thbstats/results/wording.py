"""Categories and bases in words."""

from collections.abc import Mapping, Sequence

from thbstats.results.context import Base, Series
from thbstats.vocabulary import Overlap

__all__ = ["base_of", "named", "words"]

_NAMES = {"exploitation": "form of exploitation"}


def words(categories: Mapping[str, str]) -> str:
    """Return categories as a label: the words alone, in the order given."""
    return ", ".join(word.replace("_", " ") for word in categories.values()) or "total"


def named(dimension: Sequence[str], link: str = "and") -> str:
    """Return dimensions as a reader calls them."""
    return f" {link} ".join(_NAMES.get(name, name) for name in dimension)


def base_of(
    counted: Series,
    rule: str,
    dimension: tuple[str, ...],
    within: Mapping[str, str],
    overlap: Overlap,
) -> Base:
    """Return the base of a share, in words."""
    label = counted.label
    if within:
        label = f"{label} ({words(within)})"
    if rule == "recorded":
        label = f"{label} with a recorded {named(dimension)}"
    return Base(
        rule=rule,
        label=label,
        dimension=dimension,
        within=tuple(within.items()),
        overlap=overlap,
    )
