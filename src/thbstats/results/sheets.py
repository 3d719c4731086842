"""Results in words and as sheets: reported first, bounds and possible beside it."""

import re
from collections.abc import Iterable, Mapping, Sequence

from thbstats.display import Cell, Column, Row, Sheet, count
from thbstats.results.context import Context
from thbstats.results.figure import Figure
from thbstats.results.measure import Measure
from thbstats.results.warning import ComparabilityWarning, Warnings

__all__ = ["beside", "explanation", "figure_sheet", "warning_notes"]

_NAMED = 6
"""So many numbers are named beside a warning that speaks of some of them only."""


def beside(result: Figure) -> str:
    """Return the names of what differs from the reported number, with their figures."""
    texts = []
    if result.reported is not None and result.bounds != result.reported:
        texts.append(f"bounds {result.measure.show(result.bounds)}")
    if result.possible != result.bounds:
        texts.append(f"possible {result.measure.show(result.possible)}")
    return f" ({', '.join(texts)})" if texts else ""


def figure_sheet(
    results: Sequence[Figure],
    caption: str,
    *,
    first: Mapping[str, Sequence[str]] | None = None,
    whole: Figure | None = None,
) -> Sheet:
    """Return results as one sheet, one row each, with every caveat under it, once.

    Parameters
    ----------
    results : sequence of Figure
        The numbers.
    caption : str
        What they show; area and period are added where all share them.
    first : mapping, optional
        More columns, before the numbers: their names, and one text for each result.
    whole : Figure, optional
        A last row, set apart.
    """
    more = dict(first or {})
    beyond = zip(*more.values(), strict=True) if more else [()] * len(results)
    rows = [_cells(result, texts) for result, texts in zip(results, beyond, strict=True)]
    last = [] if whole is None else [Row(_cells(whole, ("",) * len(more)), total=True)]
    shown = [*results, *([] if whole is None else [whole])]
    return Sheet(
        caption=", ".join([caption, *_common(results)]),
        columns=[
            Column(""),
            *(Column(name, "right") for name in more),
            *(Column(name, "right") for name in ("reported", "bounds", "possible")),
            *(Column(name, "right") for name in ("numerator", "base")),
        ],
        rows=[*rows, *last],
        notes=[
            *_base_notes(shown),
            *warning_notes([(result.label, result.warnings) for result in shown]),
        ],
    )


def _common(results: Sequence[Figure]) -> list[str]:
    """The area and the period, where all results share them."""
    shared = [{result.area for result in results}, {result.period for result in results}]
    return [text for texts in shared if len(texts) == 1 for text in texts]


def _cells(result: Figure, more: Sequence[str]) -> list[Cell]:
    show = result.measure.show
    reported = "not reported" if result.reported is None else show(result.reported)
    return [
        Cell(result.label),
        *map(Cell, more),
        Cell(reported, bar=_bar(result)),
        Cell(show(result.bounds)),
        Cell(show(result.possible)),
        Cell(count(result.numerator)),
        Cell("" if result.base.rule == "none" else count(result.denominator)),
    ]


def _bar(result: Figure) -> tuple[float, float] | None:
    if result.measure is not Measure.SHARE or result.reported is None:
        return None
    return float(result.reported.lower or 0), float(result.reported.upper or 0)


def _base_notes(results: Sequence[Figure]) -> list[str]:
    bases = dict.fromkeys(result.base.label for result in results if result.base.rule != "none")
    return [f"Base: {label}." for label in bases if label]


def warning_notes(
    numbers: Sequence[tuple[str, Warnings]], pair: Iterable[ComparabilityWarning] = ()
) -> list[str]:
    """Return one line per message: code, weight, message, evidence, mend.

    Parameters
    ----------
    numbers : sequence of (str, Warnings)
        Names of numbers, and what is said of each. A warning that some carry and others do not
        names those that do.
    pair : iterable of ComparabilityWarning
        What is said of them together.
    """
    said: dict[tuple[str, ...], list[ComparabilityWarning]] = {}
    for warning in Warnings(pair).and_also(*(warnings for _, warnings in numbers)):
        words = (warning.code, warning.severity, warning.message, warning.mend)
        said.setdefault(words, []).append(warning)
    return [_note(alike, _owners(alike, numbers)) for alike in said.values()]


def _owners(alike: Sequence[ComparabilityWarning], numbers: Sequence[tuple[str, Warnings]]) -> str:
    names = [name for name, warnings in numbers if any(item in warnings for item in alike)]
    if len(names) in (0, len(numbers)):
        return ""
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return f" {', '.join(names[:_NAMED])}{more}:"


def _note(alike: Sequence[ComparabilityWarning], owners: str) -> str:
    """Return warnings that differ in their evidence only, as one line."""
    warning, found = alike[0], dict[str, dict[str, None]]()
    for name, figure in (pair for item in alike for pair in item.evidence):
        if not _contains(warning.message, figure):
            found.setdefault(name, {})[figure] = None
    evidence = "; ".join(f"{name}: {_beside(figures)}" for name, figures in found.items())
    said = f"{warning.code} ({warning.severity}):{owners} {warning.message}"
    texts = (said, evidence and f"Evidence: {evidence}", warning.mend)
    return " ".join(f"{text}." for text in texts if text)


def _beside(figures: Iterable[str]) -> str:
    """Return the figures of several warnings; lists stay apart."""
    texts = tuple(figures)
    return (" / " if any(", " in text for text in texts) else ", ").join(texts)


def _contains(message: str, figure: str) -> bool:
    """Whether a message says a figure already, as a word or number of its own."""
    return re.search(rf"(?<![\w.])(?<!\d ){re.escape(figure)}(?![\w.]| \d)", message) is not None


def explanation(results: Sequence[Figure]) -> str:
    """Return results as footnotes that a statistician would sign, every caveat once."""
    notes = warning_notes([(result.label, result.warnings) for result in results])
    accounts = [_account(result) for result in results]
    if len(results) == 1:
        return "\n".join([*accounts, *notes])
    return "\n\n".join([*accounts, *(["\n".join(notes)] if notes else [])])


def _account(result: Figure) -> str:
    context = result.context
    lines = [
        f"{result.label}: {result.shown}{beside(result)}.",
        f"{result.estimand[:1].upper()}{result.estimand[1:]}.",
        _arithmetic(result),
        f"Area: {context.area.label}. Period: {context.period}. {_coverage(context)}",
        _sources(context),
    ]
    return "\n".join(lines)


def _arithmetic(result: Figure) -> str:
    if result.printed is not None:
        base = f"{result.base.label} ({count(result.denominator)})"
        return f"As printed: {result.printed}; base: {base}."
    if result.base.rule == "none":
        return f"Count: {count(result.numerator)}.{_unknown(result)}"
    base = f"base: {result.base.label}"
    return f"Arithmetic: {_formula(result)}; {base}.{_unknown(result)}{_raw(result)}"


def _formula(result: Figure) -> str:
    upper, lower = count(result.numerator), count(result.denominator)
    match result.measure:
        case Measure.PER_100 | Measure.PER_100_000 | Measure.PER_MILLION:
            return f"{count(result.measure.scale)} * {upper} / {lower}"
        case Measure.CHANGE:
            return f"{upper} less {lower}"
        case Measure.RELATIVE_CHANGE:
            return f"{upper} / {lower} less 1"
        case Measure.DIFFERENCE:
            return f"{upper} / {lower} less the older share"
        case Measure.INDEX:
            return f"from {upper} and {lower}"
    return f"{upper} / {lower}"


def _unknown(result: Figure) -> str:
    return "" if result.unknown is None else f" Unknown beside: {count(result.unknown)}."


def _raw(result: Figure) -> str:
    if result.raw is None:
        return ""
    return f" Raw, whoever reported: {result.measure.show(result.raw)}."


def _coverage(context: Context) -> str:
    if context.reporters is None:
        unlisted = "the reporting countries are not listed."
        if context.n_reporters is None:
            return unlisted.capitalize()
        return f"{context.n_reporters} countries reported; {unlisted}"
    missing = f"; not: {', '.join(sorted(context.missing))}" if context.missing else ""
    return f"Reporting countries: {', '.join(sorted(context.reporters)) or 'none'}{missing}."


def _sources(context: Context) -> str:
    titles = [
        f"{source.title}{f', section {source.section}' if source.section else ''}"
        for source in context.cited
    ]
    flags = f" Flags: {''.join(sorted(context.flags))}." if context.flags else ""
    return (f"Source: {'; '.join(titles)}." if titles else "Source: not stated.") + flags
