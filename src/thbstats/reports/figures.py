"""Figures that can be quoted, with denominators and notes."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from thbstats.display import Column, DisplayTable, count
from thbstats.panel import Result, ResultKind
from thbstats.reports.content import Content
from thbstats.reports.indicators import Indicator, Scope, number_text, usual_scope
from thbstats.reports.section import Section
from thbstats.values import Interval

__all__ = [
    "FIGURES",
    "NOT_BOUNDED",
    "bounds_text",
    "computed_share",
    "main_figures",
    "quotable",
    "unknown_counts",
]

NOT_BOUNDED = "not bounded"
"""The text of bounds that hold for any data."""

_NONE = "\N{EN DASH}"
_MAX_ROWS = 14
"""The number of figures in the table."""


def quotable(content: Content, items: Iterable[Indicator]) -> Iterator[Indicator]:
    """Yield the numbers that can be quoted for their area.

    Parameters
    ----------
    content : Content
        The content of the report.
    items : iterable of Indicator
        Numbers of the report.
    """
    return (item for item in items if not item.objections(content.thresholds))


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
    return number_text(result, bounds)


def computed_share(content: Content, item: Indicator) -> Indicator | None:
    """Return the share of all victims that corresponds to a published share.

    Parameters
    ----------
    content : Content
        The content of the report.
    item : Indicator
        A published share.
    """
    return _counterpart(content, item, "all")


def unknown_counts(content: Content, item: Indicator) -> Interval | None:
    """Return the number of victims of unknown category for a published share.

    Parameters
    ----------
    content : Content
        The content of the report.
    item : Indicator
        A published share of the victims with a known category.
    """
    every, known = (_counterpart(content, item, base) for base in ("all", "known"))
    if every is None or known is None:
        return None
    return every.result.denominator - known.result.denominator


def _counterpart(content: Content, item: Indicator, base: str) -> Indicator | None:
    result = item.result
    category = [(name, str(code)) for name, code in result.category]
    for other in content.shares:
        found = other.result
        own = [(name, str(code)) for name, code in found.category]
        scopes = [(x.area, x.period, x.base.within) for x in (found, result)]
        if own == category and found.base.rule == base and scopes[0] == scopes[1]:
            return other
    return None


def _blocks(content: Content) -> Iterator[DisplayTable | str]:
    """Yield the figures that can be quoted."""
    if content.of == "results" or not (content.indicators or content.of == "counts"):
        return
    items = main_figures(content)
    if not items:
        yield "No figure can be quoted for the whole area."
        return
    usual = usual_scope(items)
    rows = [_row(content, item, usual) for item in items]
    yield DisplayTable(
        caption=usual.label,
        columns=["Indicator", Column("Value", "right"), Column("Denominator", "right"), "Note"],
        rows=rows,
        notes=_notes(rows, usual),
    )


FIGURES = Section("figures", "Figures you can quote", _blocks)
"""Counts, shares and ratios that cover enough countries."""


def main_figures(content: Content) -> list[Indicator]:
    """Return the figures of the first table: victims, shares and ratios that can be quoted.

    Parameters
    ----------
    content : Content
        The content of the report.
    """
    return list(islice(_candidates(content), _MAX_ROWS))


def _candidates(content: Content) -> Iterator[Indicator]:
    leading = [item for item in quotable(content, content.counts) if item.leading]
    yield from (
        item
        for item in leading
        if item.result.numerator_kind.kind == "victims" or content.of == "counts"
    )
    main = usual_scope(content.indicators)
    published = [
        item
        for item in quotable(content, content.printed)
        if item.result.numerator_kind.kind == "victims"
        and not item.result.base.within
        and Scope.from_result(item.result) == main
    ]
    printed = {
        item.result.category for item in published if item.result.base.rule in ("all", "known")
    }
    for item in quotable(content, content.shares):
        category = item.result.category
        if item.leading and (item.result.base.rule == "all" or category not in printed):
            yield item
    yield from sorted(published, key=lambda item: item.result.base.rule == "not_stated")
    ratios = [item for item in quotable(content, content.ratios) if item.leading]
    yield from (item for item in ratios if item.result.kind is ResultKind.RATIO)


def _row(content: Content, item: Indicator, usual: Scope) -> list[str]:
    result = item.result
    scope = Scope.from_result(result).suffix(usual)
    return [f"{item.name}{scope}", item.formatted, _denominator(item), _note(content, item)]


def _denominator(item: Indicator) -> str:
    result = item.result
    if result.kind is ResultKind.COUNT:
        return _NONE
    if result.base.rule == "not_stated":
        return "not stated"
    return count(result.denominator)


def _note(content: Content, item: Indicator) -> str:
    """Return the most important limit of a figure in a few words."""
    result, codes = item.result, set(item.result.warnings.codes)
    if result.n_reporters is not None and result.n_reporters < len(result.area.members):
        return f"{item.coverage} countries"
    if result.base.rule == "not_stated":
        return "do not compare"
    if result.printed is not None:
        return "" if result.denominator.is_point else "implied"
    bounds = bounds_text(result)
    if result.bounds_with_unknown != result.value_or_bounds and bounds != NOT_BOUNDED:
        return "" if result.base.rule == "known" else f"{content.restyled(bounds)} *"
    if _is_conviction_ratio(result):
        return "not a rate"
    if "UNIT" in codes and result.kind is not ResultKind.COUNT:
        return "different units"
    if result.limitations.select("DETECTED_ONLY") and result.kind is ResultKind.COUNT:
        return "detected only"
    return ""


def _notes(rows: Iterable[Sequence[str]], usual: Scope) -> list[str]:
    """Return the explanations of the notes."""
    found = {row[3] for row in rows}
    notes = [usual.note] if usual.note else []
    if any(note.endswith("*") for note in found):
        notes.append("* Range with missing counts and unknown categories.")
    if "implied" in found:
        notes.append("Implied: denominator not published, but calculated from the other figures.")
    return notes


def _is_conviction_ratio(result: Result) -> bool:
    stages = result.numerator_kind.get("stage"), result.denominator_kind.get("stage")
    return result.kind is ResultKind.RATIO and stages == ("convicted", "prosecuted")
