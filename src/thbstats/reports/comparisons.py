"""Published shares of two areas side by side."""

from collections.abc import Iterable

from attrs import frozen

from thbstats.claims import Publication
from thbstats.reports.indicators import Indicator
from thbstats.reports.naming import dimension_name
from thbstats.rules import Comparison, Thresholds, compare
from thbstats.values import Interval

__all__ = ["Pair", "SideBySide", "side_by_side"]


@frozen(kw_only=True)
class Pair:
    """One category in two areas.

    Parameters
    ----------
    first, second : Indicator
        The published shares.
    comparison : Comparison
        Their difference, second minus first, and its verdict.
    """

    first: Indicator
    second: Indicator
    comparison: Comparison

    @property
    def id(self) -> str:
        """A name, unique in the report."""
        return f"difference/{self.second.id}"

    @property
    def difference(self) -> Interval:
        """The difference of the two published figures, without their rounding."""
        return published(self.second) - published(self.first)

    @property
    def formatted(self) -> str:
        """The difference that the rounding of both figures allows."""
        return self.comparison.formatted

    @property
    def name(self) -> str:
        """The category and the two areas."""
        areas = f"{self.second.result.area.code} and {self.first.result.area.code}"
        return f"{self.first.name}, {areas}"


@frozen(kw_only=True)
class SideBySide:
    """The categories of one dimension in two areas.

    Parameters
    ----------
    areas : tuple of str
        The codes of the two areas.
    dimension : str
        The label of the dimension.
    base : str
        The denominator in words.
    pairs : tuple of Pair
        One for each category.
    whole : bool
        Whether the publication prints the categories as parts of one whole.
    """

    areas: tuple[str, str]
    dimension: str
    base: str
    pairs: tuple[Pair, ...]
    whole: bool


def side_by_side(
    report: Publication, shares: Iterable[Indicator], thresholds: Thresholds
) -> tuple[SideBySide, ...]:
    """Return the comparisons of published shares, one for each dimension and pair of areas.

    Parameters
    ----------
    report : Publication
        The publication.
    shares : iterable of Indicator
        Its published shares. Each is compared with the first share of its category.
    thresholds : Thresholds
        The limits of rules.
    """
    same_category: dict[object, list[Indicator]] = {}
    for item in shares:
        result = item.result
        key = (result.category, result.base.rule, result.base.within, result.period)
        same_category.setdefault(key, []).append(item)
    groups: dict[tuple[str, str, str, str], list[Pair]] = {}
    for first, *others in same_category.values():
        result = first.result
        within = {name for name, _ in result.base.within}
        names = [name for name, _ in result.category if name not in within]
        dimension = " and ".join(map(dimension_name, names))
        for second in others:
            compared = compare(result, second.result, thresholds=thresholds)
            areas = (result.area.code, second.result.area.code)
            pair = Pair(first=first, second=second, comparison=compared)
            groups.setdefault((*areas, dimension, result.base.label), []).append(pair)
    return tuple(
        SideBySide(
            areas=(area, other),
            dimension=dimension,
            base=base,
            pairs=tuple(pairs),
            whole=all(
                any(report.claim(name).makes for name in item.claims)
                for pair in pairs
                for item in (pair.first, pair.second)
            ),
        )
        for (area, other, dimension, base), pairs in groups.items()
    )


def published(item: Indicator) -> Interval:
    """Return a published figure without its rounding."""
    printed = item.result.printed
    return item.result.value_or_bounds if printed is None else Interval.point(printed.value)
