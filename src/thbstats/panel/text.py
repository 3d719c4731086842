"""Panels as text and sheets."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from thbstats._characters import escape
from thbstats.display import Cell, Column, DisplayTable, Row, count
from thbstats.display.strings import clean
from thbstats.panel.kind import FLOW_RATIOS, NOT_BOUNDED, ResultKind, Status
from thbstats.panel.warning import ComparabilityWarning, Warnings
from thbstats.values import Interval

if TYPE_CHECKING:
    from thbstats.panel.panel import Panel
    from thbstats.panel.result import Result

_ROWS = 40
"""The largest number of rows of a sheet."""

_NAMES = 6
"""The largest number of labels in front of a warning."""

_ITEMS = 10
"""The largest number of contradictions in a sheet."""

_SMALL = 20
"""A share or ratio with a smaller denominator is printed as its two counts."""

_OF_COUNTS = FLOW_RATIOS | {ResultKind.SHARE}
"""The kinds of numbers with two counts."""


def format_number(result: "Result", number: Interval) -> str:
    """Return the value or the bounds of a result as text.

    The value of a share or ratio with a denominator below 20 is printed as its two counts.
    """
    base = result.denominator
    is_small = base.upper is not None and base.upper < _SMALL
    if result.kind in _OF_COUNTS and is_small and number == result.value:
        return f"{count(result.numerator)} of {count(base)}"
    return result.kind.format_value(number, base)


def format_undefined(result: "Result") -> str:
    """Return the two counts of a number with a denominator of 0."""
    if result.kind in _OF_COUNTS:
        return f"{count(result.numerator)} of {count(result.denominator)}"
    return "not defined"


def format_count(number: Interval) -> str:
    """Return a count as text."""
    return ResultKind.COUNT.format_value(number)


def bounds_suffix(result: "Result") -> str:
    """Return the bounds of a number in brackets, if they differ from its value."""
    texts = []
    if result.value is not None and result.bounds != result.value:
        bounds = format_number(result, result.bounds)
        texts.append(bounds if bounds == NOT_BOUNDED else f"bounds {bounds}")
    if result.bounds_with_unknown != result.bounds:
        texts.append(f"with unknown {format_number(result, result.bounds_with_unknown)}")
    return f" ({', '.join(texts)})" if texts else ""


def panel_sheet(
    panel: "Panel",
    *,
    caption: str = "",
    first: Mapping[str, Sequence[str]] | None = None,
    whole: "Result | None" = None,
) -> DisplayTable:
    """Return a panel as a sheet, with one row per number and each warning once."""
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
    areas = panel.area.map(lambda area: area.short_name)
    shared = (areas, panel._shown_period) if len(panel) else ()
    texts = [str(column[0]) for column in shared if column.is_constant]
    common = [text for text in texts if text not in (caption or panel.caption).split(", ")]
    bases = [row.base.label for row in formatted if row.base.rule != "none"]
    return DisplayTable(
        caption=", ".join([caption or panel.caption, *common]),
        columns=[
            Column(", ".join(panel.keys).replace("_", " ")),
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
    value = result.value
    formatted = result.status.label if value is None else format_number(result, value)
    none = result.base.rule == "none"
    bar = None
    if result.kind is ResultKind.SHARE and value is not None:
        bar = float(value.lower or 0), float(value.upper or 0)
    return [
        Cell(name),
        *map(Cell, more),
        Cell(formatted, bar=bar),
        Cell(format_number(result, result.bounds)),
        Cell(format_number(result, result.bounds_with_unknown)),
        Cell(format_count(result.numerator)),
        Cell("" if none else format_count(result.denominator)),
    ]


def _contradictions(results: "Sequence[Result]") -> list[str]:
    """Return the contradictions that are not part of a warning."""
    texts = dict.fromkeys(
        item.text
        for row in results
        for item in row.contradictions
        if not any(item.text in warning.message for warning in row.warnings)
    )
    return [f"{text}." for text in list(texts)[:_ITEMS]] + (
        [f"{len(texts) - _ITEMS} more contradictions: see to_dict()."]
        if len(texts) > _ITEMS
        else []
    )


def _limitations(limitations: Warnings) -> list[str]:
    return [f"Limitation: {item.message}." for item in limitations]


def warning_notes(
    numbers: Sequence[tuple[str, Warnings]], pair: Iterable[ComparabilityWarning] = ()
) -> list[str]:
    """Return one line per warning: title, severity, message, evidence and hint."""
    groups: dict[tuple[str, ...], list[ComparabilityWarning]] = {}
    for warning in Warnings(pair).union(*(warnings for _, warnings in numbers)):
        key = (warning.code, str(warning.severity), warning.message, warning.hint)
        groups.setdefault(key, []).append(warning)
    notes = []
    for group in groups.values():
        names = [name for name, warnings in numbers if any(item in warnings for item in group)]
        more = f" and {len(names) - _NAMES} more" if len(names) > _NAMES else ""
        owners = f" {'; '.join(names[:_NAMES])}{more}:"
        owners = "" if len(names) in (0, len(numbers)) else owners
        # These warnings differ only in their evidence.
        warning = group[0]
        figures: dict[str, dict[str, None]] = {}
        for name, figure in (pair for item in group for pair in item.evidence):
            # Leave out figures that the message contains.
            own = rf"(?<![\w.])(?<!\d ){re.escape(figure)}(?![\w.]| \d)"
            if not re.search(own, warning.message):
                figures.setdefault(name, {})[figure] = None
        evidence = []
        for name, texts in figures.items():
            # Between lists is a slash.
            link = " / " if any(", " in text for text in texts) else ", "
            evidence.append(f"{name}: {link.join(texts)}")
        head = f"{warning.code} ({warning.severity}):{owners} {warning.message}"
        sentences = (head, evidence and f"Evidence: {'; '.join(evidence)}", warning.hint)
        notes.append(" ".join(f"{text}." for text in sentences if text))
    return notes


def explanation(panel: "Panel") -> str:
    """Return the footnotes of all numbers, then each warning and limitation once."""
    results = list(panel)
    names = [", ".join(key) or row.label for row, key in zip(results, panel.names, strict=True)]
    notes = [
        *warning_notes([*zip(names, [row.warnings for row in results], strict=True)]),
        *_limitations(panel.limitations),
    ]
    footnotes = [_footnote(row) for row in results]
    if len(results) == 1:
        result = "\n".join([*footnotes, *notes])
    else:
        result = "\n\n".join([*footnotes, *(["\n".join(notes)] if notes else [])])
    return escape(result, keep="\n")


def name_of(result: "Result") -> str:
    """Return the label of a number with the categories of ``by=`` that it does not name."""
    label = result.label
    further = [
        f"{name} {word}" if word.isdigit() else word.replace("_", " ")
        for name, column in result.panel.keys.items()
        for word in (str(column[result.position]),)
        if name not in ("area", "period")
    ]
    known = re.split(r", | without ", label)
    return ", ".join([label, *(word for word in further if word not in known)])


def _footnote(result: "Result") -> str:
    area = result.area
    position = area.label if area.code == area.short_name else area.short_name
    status = "" if result.status is Status.OK else f" {result.status.label.capitalize()}."
    flags = f" Flags: {''.join(sorted(result.flags))}." if result.flags else ""
    unlisted = "the reporting countries are not listed."
    coverage = unlisted.capitalize()
    if result.reporters is not None:
        missing = f"; not: {', '.join(sorted(result.missing))}" if result.missing else ""
        reporters = ", ".join(sorted(result.reporters)) or "none"
        coverage = f"Reporting countries: {reporters}{missing}."
    elif result.n_reporters is not None:
        coverage = f"{result.n_reporters} countries reported; {unlisted}"
    titles = [
        clean(f"{source.title}{f', section {source.section}' if source.section else ''}")
        for source in result.all_sources
    ]
    lines = [
        f"{name_of(result)}: {result.formatted}{bounds_suffix(result)}.{status}",
        f"{result.estimand[:1].upper()}{result.estimand[1:]}.",
        _arithmetic(result),
        f"Area: {position}. Period: {result.period}. {coverage}",
        *_contradictions([result]),
        f"Source: {'; '.join(titles) or 'not stated'}.{flags}",
    ]
    return "\n".join(lines)


def _arithmetic(result: "Result") -> str:
    if result.printed is not None:
        base = f"{result.base.label} ({format_count(result.denominator)})"
        return f"As published: {result.printed}; denominator: {base}."
    unknown = "" if result.unknown is None else f" Unknown: {format_count(result.unknown)}."
    if result.base.rule == "none":
        return f"Count: {format_count(result.numerator)}.{unknown}"
    raw = ""
    if result.all_reported is not None:
        raw = f" Over all reported counts: {format_number(result, result.all_reported)}."
    above, below = format_count(result.numerator), format_count(result.denominator)
    formula = f"{above} / {below}"
    match result.kind:
        case ResultKind.PER_100 | ResultKind.PER_100_000 | ResultKind.PER_MILLION:
            formula = f"{count(result.kind.scale)} * {above} / {below}"
        case ResultKind.CHANGE:
            formula = f"{above} minus {below}"
        case ResultKind.RELATIVE_CHANGE:
            formula = f"{above} / {below} minus 1"
        case ResultKind.DIFFERENCE:
            formula = f"{above} / {below} minus the earlier share"
        case ResultKind.INDEX | ResultKind.CORRELATION | ResultKind.EFFECTIVE_NUMBER:
            formula = f"from {above} and {below}"
    return f"Arithmetic: {formula}; denominator: {result.base.label}.{unknown}{raw}"
