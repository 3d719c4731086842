"""Figures of several publications or tables, matched by indicator."""

from collections.abc import Iterator, Sequence
from itertools import pairwise, product
from typing import Any, NamedTuple

from attrs import frozen

from thbstats.bounds import infer
from thbstats.errors import ThbstatsError
from thbstats.indicators import share, total
from thbstats.languages import Message, joined
from thbstats.panel import Result, ResultKind, Verdict
from thbstats.reports.content import Content, Indicator
from thbstats.rules import Comparison, Thresholds, compare
from thbstats.values import Interval
from thbstats.vocabulary import Offence

_ATTRIBUTES = ("kind", "stage", "measure", "outcome", "body", "offence")
"""The attributes of counts that define an indicator; the rules compare the others."""

_NO_CATEGORY = {*_ATTRIBUTES, "status", "unit", "register", "age_concept"}
_TIME_LIMIT = 10
"""The seconds for the bounds of one count that is not published."""


@frozen(kw_only=True)
class ComparedSource:
    """A publication or table in a comparison: its name and its figures."""

    name: str
    content: Content

    def is_calculated(self, item: Indicator) -> bool:
        """Return whether a figure is calculated from counts of a publication."""
        is_count = item.result.kind is ResultKind.COUNT
        return self.content.of == "publication" and not item.published and not is_count


@frozen(kw_only=True)
class LikeForLike:
    """Two numbers that differ in fewer properties than two figures.

    Parameters
    ----------
    first, second, difference : str
        The two numbers, and second minus first, as text.
    equal : str
        The properties that are equal.
    verdict : Verdict or None
        Whether they are comparable; ``None`` for bounds that follow from other figures.
    """

    first: str
    second: str
    difference: str
    equal: str
    verdict: Verdict | None = None


@frozen(kw_only=True)
class ComparedPair:
    """Two figures of one indicator, their comparison, and the nearest pair of numbers."""

    first: Indicator
    second: Indicator
    comparison: Comparison
    like_for_like: LikeForLike | None

    @property
    def is_comparable(self) -> bool:
        """Whether the two figures are comparable, also with caution."""
        return self.comparison.verdict in (Verdict.COMPARABLE, Verdict.WITH_CAUTION)


@frozen(kw_only=True)
class MatchedIndicator:
    """The figures of one indicator, one per side or ``None``, and the steps between them.

    ``period`` is the period that all figures have; empty if they differ.
    """

    figures: tuple[Indicator | None, ...]
    steps: tuple[ComparedPair, ...]
    period: str = ""

    @property
    def names(self) -> list[str]:
        """The distinct names of the figures."""
        return list(dict.fromkeys(own.name for own in self.figures if own is not None))

    @property
    def name(self) -> str:
        """The name of the figures; without their denominators if these differ."""
        names = self.names
        if len(names) > 1:
            names = list(dict.fromkeys(map(category_of, names)))
        name = joined(names, last=" / ")
        if self.period:
            return Message("{name}, {period}", name=name, period=self.period)
        return name

    @property
    def verdict(self) -> Verdict:
        """The least favourable verdict of its steps."""
        order = list(Verdict)
        return max((own.comparison.verdict for own in self.steps), key=order.index)


def category_of(name: str) -> str:
    """Return the category in the name of a share; other names stay as they are."""
    parameters = getattr(name, "parameters", {})
    return str(name) if "category" not in parameters else parameters["category"]


def quantity(item: Indicator) -> tuple[Any, ...]:
    """Return the identity of an indicator, without area, period and rule of the denominator."""
    result = item.result
    kinds = []
    for kind in (result.numerator_kind, result.denominator_kind):
        own = {name: kind.get(name) for name in _ATTRIBUTES}
        if kind.kind == "justice":
            own["offence"] = own["offence"] or Offence.TRAFFICKING
        kinds.append((kind.kind, *own.values()))
    category = {pair for pair in item.category.items() if pair[0] not in _NO_CATEGORY}
    within = {pair for pair in result.base.within if pair[0] not in _NO_CATEGORY}
    area = result.area.code if item.is_share_of_area else ""
    return result.kind, *kinds, frozenset(category), frozenset(within), area


def answers(content: Content, question: Indicator, limits: Thresholds) -> Iterator[Indicator]:
    """Yield the number of a table that answers the question of a published count or share."""
    result, table = question.result, getattr(content.data, question.counted, None)
    if table is None or question.is_share_of_area:
        return
    # Years are added up if the table has no rows of a longer period.
    period, years = result.period, [str(result.period)]
    if years[0] not in table.categories("period") and period.start and period.end:
        years = [str(year) for year in range(period.start.year, period.end.year + 1)]
    options: dict[str, Any] = {"area": result.area, "period": years, "thresholds": limits}
    attributes: dict[str, Any] = _attributes(result)
    category: dict[str, Any] = {
        name: own for name, own in question.category.items() if name not in attributes
    }
    try:
        if result.kind is ResultKind.COUNT:
            number = total(table, **options, **attributes, **category)
        elif result.kind is ResultKind.SHARE:
            rule = result.base.rule if result.base.rule in ("all", "known") else "all"
            where = dict(result.base.within) | attributes
            number = share(table, base=rule, where=where, **options, **category)
        else:
            return
    except ThbstatsError:
        return
    if number.value is not None:
        yield Indicator(id=question.id, part=question.part, result=number)


def _attributes(result: Result) -> dict[str, Any]:
    """Return the attributes of a count that define its indicator."""
    kind = result.numerator_kind
    return {name: code for name in _ATTRIBUTES if (code := kind.get(name)) is not None}


class _Choice(NamedTuple):
    """A side with its figures of one indicator."""

    side: ComparedSource
    items: list[Indicator]


def matched(sides: Sequence[ComparedSource], limits: Thresholds) -> Iterator[MatchedIndicator]:
    """Yield the figures of each indicator that two or more sides have.

    Each period that all of them have is one row. Otherwise each side has one figure: those of the
    pair that has most properties in common.
    """
    figures_of = dict[tuple[Any, ...], list[list[Indicator]]]()
    for number, side in enumerate(sides):
        for item in side.content.indicators:
            figures_of.setdefault(quantity(item), [[] for _ in sides])[number].append(item)
    for items in figures_of.values():
        present = [number for number, own in enumerate(items) if own]
        if len(present) < 2:
            continue
        periods = [{str(own.result.period) for own in items[number]} for number in present]
        for period in sorted(set[str].intersection(*periods)) or [""]:
            choices = [
                _Choice(side, [i for i in own if period in ("", str(i.result.period))])
                for side, own in zip(sides, items, strict=True)
            ]
            figures = dict[int, Indicator]()
            for before, after in pairwise(present):
                firsts = [figures[before]] if before in figures else choices[before].items
                pair = _closest(choices[before]._replace(items=firsts), choices[after])
                figures[before], figures[after] = pair
            yield MatchedIndicator(
                figures=tuple(map(figures.get, range(len(sides)))),
                period=period,
                steps=tuple(
                    _step((figures[a], figures[b]), choices[a], choices[b], limits)
                    for a, b in pairwise(present)
                ),
            )


def _closest(left: _Choice, right: _Choice) -> tuple[Indicator, Indicator]:
    """Return the pair that is published, of the usual areas, most alike, and latest."""

    def rank(pair: tuple[Indicator, Indicator]) -> tuple[Any, ...]:
        first, second = (item.result for item in pair)
        own = list(zip(pair, (left.side, right.side), strict=True))
        return (
            sum(not side.is_calculated(item) for item, side in own),
            sum(item.scope.area == side.content.usual.area for item, side in own),
            first.base.rule == second.base.rule,
            first.period.years == second.period.years,
            [item.result.period.end.toordinal() if item.result.period.end else 0 for item in pair],
        )

    return max(product(left.items, right.items), key=rank)


def _step(
    pair: tuple[Indicator, Indicator], left: _Choice, right: _Choice, limits: Thresholds
) -> ComparedPair:
    first, second = pair
    comparison = compare(first.result, second.result, thresholds=limits)
    like = None
    if comparison.verdict is not Verdict.COMPARABLE:
        same = first.result.area.members == second.result.area.members
        like = _nearest(comparison)
        if like is None and not same:
            like = _same_countries(left, right, limits) or _inferred(pair, left.side, right.side)
    return ComparedPair(first=first, second=second, comparison=comparison, like_for_like=like)


def _nearest(comparison: Comparison) -> LikeForLike | None:
    own = comparison.nearest
    if own is None:
        return None
    first, second = (own.kind.format_value(number) for number in (own.first, own.second))
    equal = Message("equal: {properties}", properties=joined(own.made_equal))
    return LikeForLike(
        first=first, second=second, difference=own.formatted, equal=equal, verdict=own.verdict
    )


def _same_countries(left: _Choice, right: _Choice, limits: Thresholds) -> LikeForLike | None:
    """Return other figures of the two sources that have the same countries."""
    areas = [{item.result.area.members for item in own.items} for own in (left, right)]
    shared = areas[0] & areas[1]
    if not shared:
        return None
    choices = (
        own._replace(items=[item for item in own.items if item.result.area.members in shared])
        for own in (left, right)
    )
    first, second = _closest(*choices)
    other = compare(first.result, second.result, thresholds=limits)
    return LikeForLike(
        first=first.formatted,
        second=second.formatted,
        difference=other.formatted,
        equal=Message("countries: both are figures of {area}", area=first.scope.area),
        verdict=other.verdict,
    )


def _inferred(pair: tuple[Indicator, Indicator], *sides: ComparedSource) -> LikeForLike | None:
    """Return the bounds of a count for the smaller area, from all figures of the larger one."""
    results = [item.result for item in pair]
    wide, narrow = sorted(range(2), key=lambda i: -len(results[i].area.members))
    area, value = results[narrow].area, results[narrow].value
    if not results[wide].area.members > area.members or value is None:
        return None
    bounds = _bounds(sides[wide], results[wide], results[narrow])
    # A lower bound of 0 and an open upper bound hold for any data.
    if bounds is None or not bounds.lower or bounds.upper is None:
        return None
    kind, numbers = results[0].kind, {wide: bounds, narrow: value}
    return LikeForLike(
        first=kind.format_value(numbers[0]),
        second=kind.format_value(numbers[1]),
        difference=kind.format_difference(numbers[1] - numbers[0]),
        equal=Message(
            "countries: {area}; bounds that follow from all figures of {name} together",
            area=pair[narrow].scope.area,
            name=sides[wide].name,
        ),
    )


def _bounds(side: ComparedSource, wide: Result, narrow: Result) -> Interval | None:
    """Return the bounds of a count for another area, if the claims restrict it."""
    kind, report = wide.numerator_kind, side.content.report
    codes = _attributes(wide) | dict(wide.category)
    if wide.kind is not ResultKind.COUNT or not report.claims:
        return None
    options: dict[str, Any] = {"area": narrow.area, "period": wide.period, **codes}
    try:
        return infer(report, kind.kind, time_limit=_TIME_LIMIT, **options).bounds
    except ThbstatsError:
        return None
