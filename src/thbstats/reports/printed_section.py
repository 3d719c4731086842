"""The section of published shares: areas side by side, and shares of one area."""

from collections.abc import Iterable, Iterator

from thbstats.display import Cell, Column, DisplayTable, Group, Row, Tone, count, percent, pp
from thbstats.panel import GATHERED, Outcome, Result, Severity, Verdict
from thbstats.reports.comparisons import Pair, SideBySide, published
from thbstats.reports.content import Content
from thbstats.reports.indicators import Indicator, Place, usual_place
from thbstats.reports.naming import name_of
from thbstats.reports.section import Section
from thbstats.values import Interval

__all__ = ["SHARES"]

_TONES = {
    Verdict.COMPARABLE: Tone.GOOD,
    Verdict.WITH_CAUTION: Tone.WARN,
    Verdict.NOT_COMPARABLE: Tone.BAD,
    Verdict.NOT_ASSESSABLE: Tone.MUTED,
}


def _blocks(content: Content) -> Iterator[str | DisplayTable]:
    """Yield the published shares, and the difference of each pair in percentage points."""
    if not content.printed:
        return
    yield (
        "A published percentage is rounded: 56% means 55.5 to 56.5. The difference of two "
        "percentages is given without rounding, and with the bounds that rounding allows."
    )
    areas: dict[tuple[str, str], list[SideBySide]] = {}
    for compared in content.comparisons:
        areas.setdefault(compared.areas, []).append(compared)
    yield from map(_side_by_side, areas.values())
    paired = {item.id for pair in content.pairs for item in (pair.first, pair.second)}
    alone = [item for item in content.printed if item.id not in paired]
    if alone:
        usual = usual_place(alone)
        names = ("published", "numerator", "denominator")
        yield DisplayTable(
            caption=f"Shares published for one area only, {usual.label}",
            columns=["share", *(Column(name, "right") for name in names)],
            rows=[_one_area(content, item, usual) for item in alone],
            notes=["Numerator and denominator are the bounds that the published counts allow."],
        )


SHARES = Section("shares", "Published shares", _blocks)
"""The percentages that a publication prints."""


def _side_by_side(compared: list[SideBySide]) -> DisplayTable:
    first, second = compared[0].areas
    rows: list[Group | Row | list[Cell]] = []
    for each in compared:
        rows.append(Group(f"By {each.dimension}; % of {each.base}"))
        rows += map(_pair, each.pairs)
        if each.whole:
            sides = zip(*((pair.first, pair.second) for pair in each.pairs), strict=True)
            sums = [percent(_sum(side), 0) for side in sides]
            rows.append(Row(["sum", *sums, "", "", ""], total=True))
    return DisplayTable(
        caption=f"{first} and {second} side by side, {compared[0].pairs[0].first.result.period}",
        columns=[
            "category",
            Column(first, "right"),
            Column(second, "right"),
            Column("difference", "right"),
            Column("bounds", "right"),
            "comparability",
        ],
        rows=rows,
    )


def _sum(side: Iterable[Indicator]) -> Interval:
    whole = Interval.point(0)
    for item in side:
        whole += published(item)
    return whole


def _pair(pair: Pair) -> list[Cell]:
    # The difference has as many decimals as the figures.
    printed = [item.result.printed for item in (pair.first, pair.second)]
    decimals = max(0 if text is None else text.decimals for text in printed)
    compared = pair.comparison
    codes = [
        warning.code
        for warning in compared.warnings
        if (warning.severity is not Severity.NOTE or warning.outcome is Outcome.NOT_ASSESSABLE)
        and warning.code != GATHERED
    ]
    reasons = ", ".join(dict.fromkeys(codes))
    label = compared.verdict.label.removeprefix("comparable ")
    return [
        Cell(name_of(pair.name)),
        Cell(pair.first.formatted, bar=_bar(pair.first.result)),
        Cell(pair.second.formatted, bar=_bar(pair.second.result)),
        Cell(pp(pair.difference, decimals)),
        Cell(pair.formatted),
        Cell(f"{label}: {reasons}" if reasons else label, tone=_TONES[compared.verdict]),
    ]


def _bar(result: Result) -> tuple[float, float]:
    """Return the bar of a published percentage: its rounding interval."""
    return float(result.stated.lower or 0), float(result.stated.upper or 0)


def _one_area(content: Content, item: Indicator, usual: Place) -> list[Cell]:
    result = item.result
    place = "" if result.label == result.area.code else Place.of(result).beyond(usual)
    return [
        Cell(f"{name_of(result.label)}, of {result.base.label}{place}"),
        Cell(item.formatted, bar=_bar(result)),
        Cell(_allowed(content, result, result.numerator)),
        Cell(_allowed(content, result, result.denominator)),
    ]


def _allowed(content: Content, result: Result, number: Interval) -> str:
    """Return a count; without a stated denominator, its upper bound only."""
    if result.base.rule == "not_stated" and number.upper is not None and not number.is_point:
        return f"up to {content.restyled(count(number.upper))}"
    return count(number)
