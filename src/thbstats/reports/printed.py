"""The printed shares in a report: areas side by side, and those printed for one area."""

from collections.abc import Iterable, Iterator

from thbstats.comparability import GATHERED
from thbstats.display import Cell, Column, Group, Row, Sheet, Tone, count, percent, pp
from thbstats.reports.content import Content
from thbstats.reports.headlines import Place, place_of, usual_place
from thbstats.reports.indicators import Indicator
from thbstats.reports.naming import name_of
from thbstats.reports.section import Section
from thbstats.reports.sides import Pair, Panel
from thbstats.results import Answer, Result, Severity, Verdict
from thbstats.values import Interval

__all__ = ["SHARES"]

_TONES = {
    Verdict.COMPARABLE: Tone.GOOD,
    Verdict.WITH_CAUTION: Tone.WARN,
    Verdict.NOT_COMPARABLE: Tone.BAD,
    Verdict.CANNOT_TELL: Tone.MUTED,
}


def _blocks(content: Content) -> Iterator[str | Sheet]:
    """Yield the shares, and of each pair the difference in percentage points.

    It is given as the figures stand and as their rounding allows.
    """
    if not content.printed:
        return
    paired = {item.id for pair in content.pairs for item in (pair.first, pair.second)}
    alone = [item for item in content.printed if item.id not in paired]
    areas: dict[tuple[str, str], list[Panel]] = {}
    for panel in content.panels:
        areas.setdefault(panel.areas, []).append(panel)
    yield (
        "A printed percentage is rounded: 56 % stands for 55.5 to 56.5. The difference of "
        "two is given as the figures stand, and between the ends that rounding allows."
    )
    yield from map(_side_by_side, areas.values())
    yield from _alone(content, alone)


SHARES = Section("shares", "Shares as printed", _blocks)
"""The percentages that a publication prints."""


def _side_by_side(panels: list[Panel]) -> Sheet:
    first, second = panels[0].areas
    rows: list[Group | Row | list[Cell]] = []
    for panel in panels:
        rows += [Group(_heading(panel)), *map(_pair, panel.pairs)]
        rows += [_sum(panel)] if panel.whole else []
    period = panels[0].pairs[0].first.result.period
    return Sheet(
        caption=f"{first} and {second} side by side, {period}",
        columns=[
            "category",
            Column(first, "right"),
            Column(second, "right"),
            Column("difference", "right"),
            Column("it can be", "right"),
            "may they be compared",
        ],
        rows=rows,
    )


def _heading(panel: Panel) -> str:
    return f"By {panel.dimension}; % of {panel.base}"


def _pair(pair: Pair) -> list[Cell]:
    verdict = pair.comparison.verdict
    return [
        Cell(name_of(pair.first.result.label)),
        Cell(pair.first.shown, bar=_bar(pair.first.result)),
        Cell(pair.second.shown, bar=_bar(pair.second.result)),
        Cell(_points(pair)),
        Cell(pair.shown),
        Cell(_verdict(pair), tone=_TONES[verdict]),
    ]


def _verdict(pair: Pair) -> str:
    """Return the verdict with the codes of the rules for pairs that decide it."""
    told = [
        warning.code
        for warning in pair.comparison.warnings
        if warning.scope == "pair"
        and (warning.severity is not Severity.NOTE or warning.answer is Answer.CANNOT_TELL)
        and warning.code != GATHERED
    ]
    reasons = ", ".join(dict.fromkeys(told))
    label = pair.comparison.verdict.label.removeprefix("comparable ")
    return f"{label}: {reasons}" if reasons else label


def _bar(result: Result) -> tuple[float, float]:
    """Return the bar of a printed percentage: what it can have been rounded from."""
    return float(result.stated.lower or 0), float(result.stated.upper or 0)


def _points(pair: Pair) -> str:
    """Return the difference with as many decimals as the figures have."""
    places = [item.result.printed for item in (pair.first, pair.second)]
    return pp(pair.difference, max(0 if place is None else place.decimals for place in places))


def _sum(panel: Panel) -> Row:
    sides = zip(*((pair.first, pair.second) for pair in panel.pairs), strict=True)
    sums = [percent(_together(side), 0) for side in sides]
    return Row(["sum", *sums, "", "", ""], total=True)


def _together(side: Iterable[Indicator]) -> Interval:
    whole = Interval.point(0)
    for item in side:
        printed = item.result.printed
        whole += item.result.stated if printed is None else Interval.point(printed.value)
    return whole


def _alone(content: Content, items: list[Indicator]) -> Iterator[Sheet]:
    if not items:
        return
    usual = usual_place(items)
    names = ("printed", "numerator", "base")
    yield Sheet(
        caption=f"Shares printed for one area only, {usual.label}",
        columns=["what it speaks of", *(Column(name, "right") for name in names)],
        rows=[_one(content, item, usual) for item in items],
        notes=["Numerator and base are what the printed counts allow."],
    )


def _one(content: Content, item: Indicator, usual: Place) -> list[Cell]:
    result = item.result
    place = "" if result.label == result.area else place_of(result, usual)
    return [
        Cell(f"{name_of(result.label)}, of {result.base.label}{place}"),
        Cell(item.shown, bar=_bar(result)),
        Cell(_allowed(content, result, result.numerator)),
        Cell(_allowed(content, result, result.denominator)),
    ]


def _allowed(content: Content, result: Result, number: Interval) -> str:
    """Print a count; where the base is not stated, its lower end says nothing of use."""
    if result.base.rule == "not_stated" and number.upper is not None and not number.is_point:
        return f"up to {content.said(count(number.upper))}"
    return count(number)
