"""The section of headline indicators."""

from collections.abc import Iterator, Mapping, Sequence
from textwrap import shorten

from thbstats.display import Cell, Column, DisplayTable, Group, Tone, count
from thbstats.panel import Result, ResultKind
from thbstats.reports.content import Content
from thbstats.reports.indicators import Indicator, Place, usual_place
from thbstats.reports.section import Section
from thbstats.values import Interval

__all__ = ["HEADLINES", "NOT_BOUNDED", "bounds_text"]

NOT_BOUNDED = "not bounded"
"""The text of bounds that hold for any data."""

_SHOWN, _LONGEST = 4, 120


def _blocks(content: Content) -> Iterator[str | DisplayTable]:
    """Yield each number with its bounds, numerator, denominator and coverage.

    The counts of the stages of justice have a section of their own.
    """
    counts = [item for item in content.counts if item.result.counted.kind != "justice"]
    victims = [item for item in counts if item.result.counted.kind == "victims"]
    others = [item for item in counts if item not in victims]
    items = [*victims, *content.shares, *content.ratios, *others]
    if not items:
        return
    usual = usual_place([item for item in items if item.leading] or items)
    parts: dict[str, list[Indicator]] = {}
    for item in items:
        parts.setdefault(item.part, []).append(item)
    rows: list[Group | list[Cell]] = []
    for part, found in parts.items():
        rows += [Group(part), *(_row(item, usual) for item in found)]
    yield (
        "The value covers the countries with complete and consistent data. The bounds cover the "
        "whole area, with missing counts and unknown categories filled in every possible way. A "
        "ratio divides two flows of one period and is not a rate."
    )
    names = ("value", "bounds with unknown", "numerator", "denominator", "countries")
    yield DisplayTable(
        caption=f"Headline indicators, {usual.label}",
        columns=["number", *(Column(name, "right") for name in names)],
        rows=rows,
        notes=[*filter(None, [usual.note]), *_contradictions(parts)],
    )


HEADLINES = Section("headlines", "Headline indicators", _blocks)
"""The numbers of a report with their bounds and coverage."""


def bounds_text(result: Result) -> str:
    """Return the bounds including unknown; bounds that hold for any data are not bounded.

    Parameters
    ----------
    result : Result
        The number.
    """
    bounds = result.bounds_with_unknown
    upper = 1 if result.kind is ResultKind.SHARE else None
    if result.kind is not ResultKind.COUNT and bounds in (Interval(0, upper), Interval(0, None)):
        return NOT_BOUNDED
    return result.kind.show(bounds)


def _row(item: Indicator, usual: Place) -> list[Cell]:
    result = item.result
    counted = result.kind is ResultKind.COUNT
    bar = None
    if result.kind is ResultKind.SHARE:
        bar = float(result.stated.lower or 0), float(result.bounds_with_unknown.upper or 0)
    same = result.bounds_with_unknown == result.stated
    return [
        Cell(f"{result.estimand}{Place.of(result).beyond(usual)}"),
        Cell(result.formatted, bar=bar),
        Cell(bounds_text(result), tone=Tone.MUTED if same else Tone.PLAIN),
        Cell("" if counted else count(result.numerator)),
        Cell("" if counted else count(result.denominator)),
        Cell(item.coverage),
    ]


def _contradictions(parts: Mapping[str, Sequence[Indicator]]) -> list[str]:
    """Return the counts of countries that are not in the values of each part."""
    found = []
    for part, items in parts.items():
        texts = {
            each.text: None
            for item in items
            for each in item.result.contradictions
            if each.code == "contradictory" and each.area not in (item.result.reporters or ())
        }
        formatted = [shorten(text, _LONGEST, placeholder="...") for text in list(texts)[:_SHOWN]]
        more = len(texts) - len(formatted)
        if texts:
            others = f"; and {more} more" if more else ""
            found.append(f"{part}, not in the value: {'; '.join(formatted)}{others}.")
    return found
