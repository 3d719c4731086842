"""Results in words and as sheets: reported first, bounds and possible beside it."""

from collections.abc import Sequence

from thbstats.display import Cell, Column, Sheet, count
from thbstats.results.context import Context
from thbstats.results.figure import Figure
from thbstats.results.measure import Measure
from thbstats.results.warning import ComparabilityWarning, Warnings
from thbstats.values import Interval

__all__ = ["beside", "explanation", "figure_sheet", "warning_notes"]


def beside(result: Figure) -> str:
    """Return the names of what differs from the reported number, with their figures."""
    texts = []
    if result.reported is not None and result.bounds != result.reported:
        texts.append(f"bounds {result.measure.show(result.bounds)}")
    if result.possible != result.bounds:
        texts.append(f"possible {result.measure.show(result.possible)}")
    return f" ({', '.join(texts)})" if texts else ""


def figure_sheet(results: Sequence[Figure], caption: str) -> Sheet:
    """Return results as one sheet, one row each, with every caveat under it."""
    warnings = Warnings().and_also(*(result.warnings for result in results))
    return Sheet(
        caption=", ".join([caption, *_common(results)]),
        columns=[
            Column(""),
            *(Column(name, "right") for name in ("reported", "bounds", "possible")),
            *(Column(name, "right") for name in ("numerator", "base")),
        ],
        rows=[_cells(result) for result in results],
        notes=[*_base_notes(results), *warning_notes(warnings)],
    )


def _common(results: Sequence[Figure]) -> list[str]:
    """The area and the period, where all results share them."""
    shared = [{result.area for result in results}, {result.period for result in results}]
    return [text for texts in shared if len(texts) == 1 for text in texts]


def _cells(result: Figure) -> list[Cell]:
    show = result.measure.show
    reported = "not reported" if result.reported is None else show(result.reported)
    return [
        Cell(result.label),
        Cell(reported, bar=_bar(result)),
        Cell(show(result.bounds)),
        Cell(show(result.possible)),
        Cell(count(result.numerator)),
        Cell(_denominator(result)),
    ]


def _denominator(result: Figure) -> str:
    return "" if result.base.rule == "none" else count(result.denominator)


def _bar(result: Figure) -> tuple[float, float] | None:
    if result.measure is not Measure.SHARE or result.reported is None:
        return None
    return float(result.reported.lower or 0), float(result.reported.upper or 0)


def _base_notes(results: Sequence[Figure]) -> list[str]:
    bases = dict.fromkeys(result.base.label for result in results if result.base.rule != "none")
    return [f"Base: {label}." for label in bases if label]


def warning_notes(warnings: Warnings) -> list[str]:
    """Return one line per warning: code, weight, message, evidence, mend."""
    return [_note(warning) for warning in warnings]


def _note(warning: ComparabilityWarning) -> str:
    evidence = "; ".join(f"{name}: {figure}" for name, figure in warning.evidence)
    texts = (str(warning), evidence and f"Evidence: {evidence}", warning.mend)
    return " ".join(f"{text}." for text in texts if text)


def explanation(result: Figure) -> str:
    """Return a result as a footnote that a statistician would sign."""
    context = result.context
    lines = [
        f"{result.label}: {result.shown}{beside(result)}.",
        f"{result.estimand[:1].upper()}{result.estimand[1:]}.",
        _arithmetic(result),
        f"Area: {context.area.label}. Period: {context.period}. {_coverage(context)}",
        _sources(context),
    ]
    return "\n".join([*filter(None, lines), *warning_notes(result.warnings)])


def _arithmetic(result: Figure) -> str:
    if result.printed is not None:
        base = f"{result.base.label} ({_range(result.denominator)})"
        return f"As printed: {result.printed}; base: {base}."
    if result.base.rule == "none":
        return f"Count: {_range(result.numerator)}."
    unknown = "" if result.unknown is None else f" Unknown beside: {_range(result.unknown)}."
    raw = (
        "" if result.raw is None else f" Raw, whoever reported: {result.measure.show(result.raw)}."
    )
    figures = f"{_range(result.numerator)} / {_range(result.denominator)}"
    return f"Arithmetic: {figures}; base: {result.base.label}.{unknown}{raw}"


def _range(interval: Interval) -> str:
    return count(interval)


def _coverage(context: Context) -> str:
    if context.reporters is None:
        number = (
            "" if context.n_reporters is None else f"{context.n_reporters} countries reported; "
        )
        return f"{number}the reporting countries are not listed.".capitalize()
    missing = f"; not: {', '.join(sorted(context.missing))}" if context.missing else ""
    return f"Reporting countries: {', '.join(sorted(context.reporters)) or 'none'}{missing}."


def _sources(context: Context) -> str:
    titles = [
        f"{source.title}{f', section {source.section}' if source.section else ''}"
        for source in context.sources
    ]
    flags = f" Flags: {''.join(sorted(context.flags))}." if context.flags else ""
    return (f"Source: {'; '.join(titles)}." if titles else "Source: not stated.") + flags
