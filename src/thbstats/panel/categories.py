"""Categories of a total."""

from collections.abc import Sequence

from thbstats.errors import InvalidValue
from thbstats.records import Dimension, Schema
from thbstats.vocabulary import CitizenshipGroup

__all__ = ["UNKNOWN", "of_one_kind", "require_breakdown", "require_part", "widest"]

UNKNOWN = "unknown"


def require_breakdown(schema: Schema, name: str) -> Dimension:
    """Return a dimension with a total."""
    dimension = schema[name]
    if dimension.total is None:
        names = [item.name for item in schema.dimensions if item.total is not None]
        raise InvalidValue(
            "must be a dimension with a total",
            field="by",
            value=name,
            hint=f"Use {', '.join(names[:5])}, or select one {name} with {name}=",
        )
    return dimension


def require_part(dimension: Dimension, word: str, whole: str | None) -> None:
    """Refuse a numerator that is not a known part of its denominator."""
    if word in (dimension.total, UNKNOWN):
        raise InvalidValue(
            "must be a known category",
            field=dimension.name,
            value=word,
            hint="Choose a known category; the column `unknown` has the unknown category",
        )
    if whole not in (None, *dimension.ancestors(word)):
        raise InvalidValue(
            f"must be a part of {whole}",
            field=dimension.name,
            value=word,
            hint=f"Leave {dimension.name} out of `within`, or choose a category of {word}",
        )


def of_one_kind(dimension: Dimension, words: Sequence[str], category: str | None) -> list[str]:
    """Return the groups of citizenship among some categories, or the countries.

    Stateless persons belong to both. Other dimensions keep all categories.
    """
    if dimension.content != "citizenship":
        return list(words)
    stateless = CitizenshipGroup.STATELESS
    groups = [word for word in words if _is_group(word) and word != stateless]
    countries = [word for word in words if not _is_group(word)]
    if category in (None, stateless):
        kind = groups or countries
    else:
        kind = groups if _is_group(category) else countries
    return [word for word in words if word in kind or word == stateless]


def _is_group(word: str | None) -> bool:
    return word in CitizenshipGroup._value2member_map_


def widest(dimension: Dimension, words: Sequence[str], category: str | None) -> tuple[str, ...]:
    """Return the widest of some categories."""
    kind = of_one_kind(dimension, words, category)
    present = set(kind)
    return tuple(word for word in kind if not present & set(dimension.ancestors(word)))
