"""Panels in words and as sheets."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from thbstats._characters import escape
from thbstats.display import Cell, Column, DisplayTable, Row, count
from thbstats.display.strings import clean
from thbstats.panel.kind import ResultKind
from thbstats.panel.status import Status
from thbstats.panel.warning import ComparabilityWarning, Warnings

if TYPE_CHECKING:
    from thbstats.panel.panel import Panel
    from thbstats.panel.result import Result

__all__ = ["beside", "explanation", "panel_sheet", "warning_notes"]

_ROWS = 40
"""A sheet shows so many rows; the rest is in the frame."""

_NAMED = 6
"""A warning of some of the numbers names so many of them."""

_LISTED = 10
"""A list of countries names so many."""


def beside(result: "Result") -> str:
    """Return the bounds of a number where they differ from its value, as text."""
    texts = []
    if result.value is not None and result.bounds != result.value:
        texts.append(f"bounds {result.kind.show(result.bounds)}")
    if result.bounds_with_unknown != result.bounds:
        texts.append(f"with unknown {result.kind.show(result.bounds_with_unknown)}")
    return f" ({', '.join(texts)})" if texts else ""


def panel_sheet(
    panel: "Panel",
    *,
    caption: str = "",
    first: Mapping[str, Sequence[str]] | None = None,
    whole: "Result | None" = None,
) -> DisplayTable:
    """Return numbers as a sheet, one row each, with every warning and limitation once."""
    rows = panel.take(np.arange(min(len(panel), _ROWS)))
    results = list(rows)
    more = {name: list(texts)[: len(results)] for name, texts in (first or {}).items()}
    further = zip(*more.values(), strict=True) if more else [()] * len(results)
    named = [", ".join(key) or row.label for row, key in zip(results, rows.names, strict=True)]
    cells = [
        _cells(row, name, texts) for row, name, texts in zip(results, named, further, strict=True)
    ]
    last = []
    if whole is not None:
        last = [Row(_cells(whole, whole.label, ("",) * len(more)), total=True)]
    formatted = [*results, *([] if whole is None else [whole])]
    names = [*named, *([] if whole is None else [whole.label])]
    hidden = len(panel) - len(results)
    shared = (panel.area, panel.period) if len(panel) else ()
    common = [str(column[0]) for column in shared if column.is_constant]
    bases = [row.base.label for row in formatted if row.base.rule != "none"]
    return DisplayTable(
        caption=", ".join([caption or panel.caption, *common]),
        columns=[
            Column(", ".join(panel.keys) if panel.keys else ""),
            *(Column(name, "right") for name in more),
            *(Column(name, "right") for name in ("value", "bounds", "bounds with unknown")),
            *(Column(name, "right") for name in ("numerator", "denominator")),
        ],
        rows=[*cells, *last],
        notes=[
            *([f"{count(hidden)} more rows: see to_frame()."] if hidden else []),
            *(f"Denominator: {label}." for label in filter(None, dict.fromkeys(bases))),
            *_contradictions(formatted),
            *warning_notes(list(zip(names, [row.warnings for row in formatted], strict=True))),
            *_limitations(Warnings(item for row in formatted for item in row.limitations)),
        ],
    )


def _cells(result: "Result", name: str, more: Sequence[str]) -> list[Cell]:
    show = result.kind.show
    value = result.status.label if result.value is None else show(result.value)
    none = result.base.rule == "none"
    bar = None
    if result.kind is ResultKind.SHARE and result.value is not None:
        bar = float(result.value.lower or 0), float(result.value.upper or 0)
    return [
        Cell(name),
        *map(Cell, more),
        Cell(value, bar=bar),
        Cell(show(result.bounds)),
        Cell(show(result.bounds_with_unknown)),
        Cell(count(result.numerator)),
        Cell("" if none else count(result.denominator)),
    ]


def _contradictions(results: "Sequence[Result]") -> list[str]:
    """Return the contradictions that no warning contains."""
    texts = dict.fromkeys(
        item.text
        for row in results
        for item in row.contradictions
        if not any(item.text in warning.message for warning in row.warnings)
    )
    return [f"{text}." for text in list(texts)[:_LISTED]] + (
        [f"{len(texts) - _LISTED} more contradictions: see to_dict()."]
        if len(texts) > _LISTED
        else []
    )


def _limitations(limitations: Warnings) -> list[str]:
    return [f"Limitation: {item.message}." for item in limitations]


def warning_notes(
    numbers: Sequence[tuple[str, Warnings]], pair: Iterable[ComparabilityWarning] = ()
) -> list[str]:
    """Return one line per warning: title, severity, message, evidence and hint."""
    groups: dict[tuple[str, ...], list[ComparabilityWarning]] = {}
    for warning in Warnings(pair).and_also(*(warnings for _, warnings in numbers)):
        key = (warning.code, str(warning.severity), warning.message, warning.hint)
        groups.setdefault(key, []).append(warning)
    return [_note(alike, _owners(alike, numbers)) for alike in groups.values()]


def _owners(alike: Sequence[ComparabilityWarning], numbers: Sequence[tuple[str, Warnings]]) -> str:
    names = [name for name, warnings in numbers if any(item in warnings for item in alike)]
    if len(names) in (0, len(numbers)):
        return ""
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return f" {'; '.join(names[:_NAMED])}{more}:"


def _note(alike: Sequence[ComparabilityWarning], owners: str) -> str:
    """Return warnings that differ in their evidence only, as one line."""
    warning = alike[0]
    figures: dict[str, dict[str, None]] = {}
    for name, figure in (pair for item in alike for pair in item.evidence):
        # The message can contain the figure already, as a word or number of its own.
        own = rf"(?<![\w.])(?<!\d ){re.escape(figure)}(?![\w.]| \d)"
        if not re.search(own, warning.message):
            figures.setdefault(name, {})[figure] = None
    evidence = "; ".join(f"{name}: {_joined(texts)}" for name, texts in figures.items())
    head = f"{warning.code} ({warning.severity}):{owners} {warning.message}"
    texts = (head, evidence and f"Evidence: {evidence}", warning.hint)
    return " ".join(f"{text}." for text in texts if text)


def _joined(figures: Iterable[str]) -> str:
    """Return the figures of several warnings; lists stay apart."""
    texts = tuple(figures)
    return (" / " if any(", " in text for text in texts) else ", ").join(texts)


def explanation(panel: "Panel") -> str:
    """Return numbers as footnotes, then every warning and limitation once."""
    results = list(panel)
    notes = [
        *warning_notes([(row.label, row.warnings) for row in results]),
        *_limitations(panel.limitations),
    ]
    accounts = [_account(row) for row in results]
    if len(results) == 1:
        found = "\n".join([*accounts, *notes])
    else:
        found = "\n\n".join([*accounts, *(["\n".join(notes)] if notes else [])])
    return escape(found, keep="\n")


def _account(result: "Result") -> str:
    status = "" if result.status is Status.OK else f" {result.status.label.capitalize()}."
    flags = f" Flags: {''.join(sorted(result.flags))}." if result.flags else ""
    lines = [
        f"{result.label}: {result.formatted}{beside(result)}.{status}",
        f"{result.estimand[:1].upper()}{result.estimand[1:]}.",
        _arithmetic(result),
        f"Area: {result.area.label}. Period: {result.period}. {_coverage(result)}",
        *_contradictions([result]),
        f"{_sources(result)}{flags}",
    ]
    return "\n".join(lines)


def _arithmetic(result: "Result") -> str:
    if result.printed is not None:
        base = f"{result.base.label} ({count(result.denominator)})"
        return f"As published: {result.printed}; denominator: {base}."
    unknown = "" if result.unknown is None else f" Unknown: {count(result.unknown)}."
    if result.base.rule == "none":
        return f"Count: {count(result.numerator)}.{unknown}"
    raw = ""
    if result.raw is not None:
        raw = f" Over all reported counts: {result.kind.show(result.raw)}."
    return f"Arithmetic: {_formula(result)}; denominator: {result.base.label}.{unknown}{raw}"


def _formula(result: "Result") -> str:
    upper, lower = count(result.numerator), count(result.denominator)
    match result.kind:
        case ResultKind.PER_100 | ResultKind.PER_100_000 | ResultKind.PER_MILLION:
            return f"{count(result.kind.scale)} * {upper} / {lower}"
        case ResultKind.CHANGE:
            return f"{upper} minus {lower}"
        case ResultKind.RELATIVE_CHANGE:
            return f"{upper} / {lower} minus 1"
        case ResultKind.DIFFERENCE:
            return f"{upper} / {lower} minus the older share"
        case ResultKind.INDEX:
            return f"from {upper} and {lower}"
    return f"{upper} / {lower}"


def _coverage(result: "Result") -> str:
    if result.reporters is None:
        unlisted = "the reporting countries are not listed."
        if result.n_reporters is None:
            return unlisted.capitalize()
        return f"{result.n_reporters} countries reported; {unlisted}"
    missing = f"; not: {', '.join(sorted(result.missing))}" if result.missing else ""
    return f"Reporting countries: {', '.join(sorted(result.reporters)) or 'none'}{missing}."


def _sources(result: "Result") -> str:
    titles = [
        clean(f"{source.title}{f', section {source.section}' if source.section else ''}")
        for source in result.cited
    ]
    return f"Source: {'; '.join(titles)}." if titles else "Source: not stated."
