"""Counts and shares with their bounds, numerators and denominators."""

from collections.abc import Iterator, Sequence
from textwrap import shorten

from thbstats.display import Cell, Column, DisplayTable, count
from thbstats.panel import ResultKind
from thbstats.reports.content import Content
from thbstats.reports.figures import bounds_text, computed_share, main_figures
from thbstats.reports.indicators import Indicator, Scope, usual_scope
from thbstats.reports.section import Section

__all__ = ["DETAILS"]

_MAX_CONTRADICTIONS, _LONGEST = 4, 120


def _blocks(content: Content) -> Iterator[str | DisplayTable]:
    """Yield each count and share that is not in the first table.

    Ratios and the stages of justice have a section of their own.
    """
    first = {item.id for item in main_figures(content)}
    paired = {item.id for pair in content.pairs for item in (pair.first, pair.second)}
    counts = [item for item in content.counts if item.result.numerator_kind.kind != "justice"]
    implied = {item.result.category for item in content.printed if computed_share(content, item)}
    shares = [
        item
        for item in content.shares
        if item.result.base.rule == "all" or item.result.category not in implied
    ]
    published = [item for item in content.printed if item.id not in paired]
    items = [item for item in (*shares, *published, *counts) if item.id not in first]
    if not items:
        return
    usual = usual_scope(items)
    ranged = any(_range(item) for item in items)
    covered = any(item.result.n_reporters is not None for item in items)
    names = [
        "Value",
        *(["Range"] if ranged else []),
        "Numerator",
        "Denominator",
        *(["Countries"] if covered else []),
    ]
    others = "Other figures, " if first else ""
    yield DisplayTable(
        caption=f"{others}{usual.label}",
        columns=["Indicator", *(Column(name, "right") for name in names)],
        rows=[_row(item, usual, names) for item in items],
        notes=[*filter(None, [usual.note]), *_contradictions(items)],
    )


DETAILS = Section("details", "Indicators in detail", _blocks)
"""Counts and shares with their bounds and coverage."""


def _row(item: Indicator, usual: Scope, names: Sequence[str]) -> list[Cell]:
    result = item.result
    scope = "" if result.label == result.area.code else Scope.from_result(result).suffix(usual)
    bar = None
    if result.kind is ResultKind.SHARE:
        lower, upper = result.value_or_bounds.lower or 0, result.bounds_with_unknown.upper or 0
        bar = float(lower), max(float(lower), float(upper))
    counts: dict[str, str] = {
        "Numerator": count(result.numerator),
        "Denominator": count(result.denominator),
    }
    if result.kind is ResultKind.COUNT:
        counts = {}
    elif result.base.rule == "not_stated":
        counts = {"Denominator": "not stated"}
    cells: dict[str, str] = {
        "Range": _range(item),
        "Countries": "" if result.n_reporters is None else item.coverage,
        **counts,
    }
    others = (Cell(cells.get(name, "")) for name in names if name != "Value")
    return [Cell(f"{item.name}{scope}"), Cell(item.formatted, bar=bar), *others]


def _range(item: Indicator) -> str:
    """Return the bounds including unknown, if they differ from the value."""
    bounds = "" if item.result.printed is not None else bounds_text(item.result)
    return "" if bounds == item.formatted else bounds


def _contradictions(items: Sequence[Indicator]) -> list[str]:
    """Return the counts of countries that are not in the values."""
    texts = {
        contradiction.text: None
        for item in items
        for contradiction in item.result.contradictions
        if contradiction.code == "contradictory"
        and contradiction.area not in (item.result.reporters or ())
    }
    listed = list(texts)[:_MAX_CONTRADICTIONS]
    formatted = [shorten(text, _LONGEST, placeholder="...") for text in listed]
    more = len(texts) - len(formatted)
    others = f"; and {more} more" if more else ""
    return [f"Not in the value: {'; '.join(formatted)}{others}."] if texts else []
