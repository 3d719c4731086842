"""Published shares of two areas."""

from collections.abc import Iterator

from thbstats.display import Cell, Column, DisplayTable, Group, Tone, pp
from thbstats.panel import NOT_DOCUMENTED, Outcome, Result, Severity, Verdict
from thbstats.reports.comparisons import Pair, SideBySide
from thbstats.reports.content import Content
from thbstats.reports.naming import category_name
from thbstats.reports.section import Section

__all__ = ["AREAS"]

_TONES = {
    Verdict.COMPARABLE: Tone.GOOD,
    Verdict.WITH_CAUTION: Tone.WARN,
    Verdict.NOT_COMPARABLE: Tone.BAD,
    Verdict.NOT_ASSESSABLE: Tone.MUTED,
}
_REASONS = {
    "AREA_COMPOSITION": "different countries",
    "BASE": "denominator not stated",
    "UNKNOWN": "unknown category",
}


def _blocks(content: Content) -> Iterator[DisplayTable]:
    """Yield the difference of each pair in percentage points."""
    areas: dict[tuple[str, str], list[SideBySide]] = {}
    for compared in content.comparisons:
        areas.setdefault(compared.areas, []).append(compared)
    yield from map(_side_by_side, areas.values())


AREAS = Section("areas", "Comparison of areas", _blocks)
"""The shares that a publication contains for two areas."""


def _side_by_side(compared: list[SideBySide]) -> DisplayTable:
    first, second = compared[0].areas
    rows: list[Group | list[Cell]] = []
    for table in compared:
        rows.append(Group(_denominator(table)))
        rows += map(_pair, table.pairs)
    return DisplayTable(
        caption=f"{first} and {second}, {compared[0].pairs[0].first.result.period}",
        columns=[
            "Category",
            Column(first, "right"),
            Column(second, "right"),
            Column("Difference", "right"),
            "Comparable?",
        ],
        rows=rows,
        notes=[
            *dict.fromkeys(_reasons(pair) for table in compared for pair in table.pairs),
            "In brackets: the range that rounding of both percentages allows.",
        ],
    )


def _denominator(table: SideBySide) -> str:
    """Return the denominator of shares as a heading."""
    base = table.pairs[0].first.result.base
    if base.rule == "known" and not base.within:
        return f"Of victims with a known {table.dimension}"
    return "Denominator not stated" if base.rule == "not_stated" else f"Of {table.base}"


def _label(pair: Pair) -> str:
    label = pair.comparison.verdict.label.removeprefix("comparable ")
    return f"{label[:1].upper()}{label[1:]}"


def _reasons(pair: Pair) -> str:
    """Return the verdict with its reasons."""
    reasons = [
        _REASONS.get(warning.code) or f"{warning.title[:1].lower()}{warning.title[1:]}"
        for warning in pair.comparison.warnings
        if (warning.severity is not Severity.NOTE or warning.outcome is Outcome.NOT_ASSESSABLE)
        and warning.code != NOT_DOCUMENTED
    ]
    listed = ", ".join(dict.fromkeys(reasons))
    return f"{_label(pair)}: {listed}." if listed else f"{_label(pair)}."


def _pair(pair: Pair) -> list[Cell]:
    # The difference has as many decimals as the figures.
    printed = [item.result.printed for item in (pair.first, pair.second)]
    decimals = max(0 if text is None else text.decimals for text in printed)
    compared = pair.comparison
    found = compared.difference
    bounds = "" if found is None else f" ({str(pp(found, decimals)).removesuffix(' pp')})"
    dimension, code = pair.first.result.category[-1]
    return [
        Cell(category_name(dimension, str(code))),
        Cell(pair.first.formatted, bar=_bar(pair.first.result)),
        Cell(pair.second.formatted, bar=_bar(pair.second.result)),
        Cell(f"{pp(pair.difference, decimals)}{bounds}"),
        Cell(_label(pair), tone=_TONES[compared.verdict]),
    ]


def _bar(result: Result) -> tuple[float, float]:
    """Return the bar of a published percentage: its rounding interval."""
    return float(result.value_or_bounds.lower or 0), float(result.value_or_bounds.upper or 0)
