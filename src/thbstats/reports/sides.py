"""Printed shares of two areas side by side, such as with and without one country."""

from collections.abc import Iterable, Iterator

from attrs import frozen

from thbstats.claims import Report
from thbstats.comparability import compare
from thbstats.reports.indicators import Indicator
from thbstats.reports.naming import dimension_of
from thbstats.results import Comparison
from thbstats.values import Interval

__all__ = ["Pair", "Panel", "side_by_side"]


@frozen(kw_only=True)
class Pair:
    """One category in two areas.

    Parameters
    ----------
    first, second : Indicator
        The printed shares.
    comparison : Comparison
        Their difference, second minus first, and whether it may be said.
    """

    first: Indicator
    second: Indicator
    comparison: Comparison

    @property
    def id(self) -> str:
        """A name, unique on the page."""
        return f"difference/{self.second.id}"

    @property
    def difference(self) -> Interval:
        """The difference of the two figures as they stand, their rounding left aside."""
        return _figure(self.second) - _figure(self.first)

    @property
    def shown(self) -> str:
        """The difference that the rounding of both figures leaves."""
        return self.comparison.shown

    @property
    def name(self) -> str:
        """What it is a difference of, in a few words."""
        return self.first.result.label


@frozen(kw_only=True)
class Panel:
    """The categories of one dimension in two areas.

    Parameters
    ----------
    areas : tuple of str
        The codes of the two areas.
    dimension : str
        What is broken down.
    base : str
        The denominator in words.
    pairs : tuple of Pair
        One for each category.
    whole : bool
        Whether the categories are printed as parts that make a whole.
    """

    areas: tuple[str, str]
    dimension: str
    base: str
    pairs: tuple[Pair, ...]
    whole: bool


def side_by_side(report: Report, printed: Iterable[Indicator]) -> tuple[Panel, ...]:
    """Return a panel for each dimension and each area that repeats its shares.

    Parameters
    ----------
    report : Report
        The publication.
    printed : iterable of Indicator
        Its printed shares.

    Returns
    -------
    tuple of Panel
        Every other area is held against the one in which a share is printed first.
    """
    panels: dict[object, list[Pair]] = {}
    for pair in _pairs(printed):
        first, second = pair.first.result, pair.second.result
        key = (first.area, second.area, dimension_of(first), first.base.label)
        panels.setdefault(key, []).append(pair)
    return tuple(_panel(report, pairs) for pairs in panels.values())


def _pairs(printed: Iterable[Indicator]) -> Iterator[Pair]:
    alike: dict[object, list[Indicator]] = {}
    for item in printed:
        result = item.result
        key = (result.category, result.base.rule, result.base.within, result.period)
        alike.setdefault(key, []).append(item)
    for first, *others in alike.values():
        for second in others:
            yield Pair(first=first, second=second, comparison=compare(first.result, second.result))


def _panel(report: Report, pairs: list[Pair]) -> Panel:
    first, second = pairs[0].first, pairs[0].second
    whole = all(
        any(report.claim(name).makes for name in item.claims)
        for pair in pairs
        for item in (pair.first, pair.second)
    )
    return Panel(
        areas=(first.result.area, second.result.area),
        dimension=dimension_of(first.result),
        base=first.result.base.label,
        pairs=tuple(pairs),
        whole=whole,
    )


def _figure(item: Indicator) -> Interval:
    printed = item.result.printed
    return item.result.stated if printed is None else Interval.point(printed.value)
