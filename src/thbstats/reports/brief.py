"""The summary section: figures that can be quoted, figures that cannot, and their limits."""

from collections.abc import Iterable, Iterator, Sequence

from thbstats.auditing import ClaimVerdict
from thbstats.display import Cell, Column, DisplayTable, Tone, count, pp
from thbstats.panel import Outcome, Severity
from thbstats.reports.audit_section import doubts
from thbstats.reports.caution import Caution
from thbstats.reports.comparisons import SideBySide
from thbstats.reports.content import Content
from thbstats.reports.headlines import NOT_BOUNDED, bounds_text
from thbstats.reports.indicators import Indicator, Place, usual_place
from thbstats.reports.naming import name_of
from thbstats.reports.section import Section

__all__ = ["BRIEF"]

# Plain words for frequent misreadings; other warnings give their message.
_LIMITS = {
    "UNKNOWN": "Victims of unknown category can change these shares",
    "BASE": "The text does not state the denominator: all victims, or victims with a recorded "
    "category",
    "AREA_COMPOSITION": "The areas have different countries: a difference is not a change in time",
    "UNIT": "Numerator and denominator count different units: the ratio is not a share of persons",
    "STAGE_ORDER": "The later stage has more counts than the earlier one: the ratio does not show "
    "how many cases proceed",
    "SMALL_DENOMINATOR": "One more case changes the number a lot",
    "CONTRADICTED": "Some counts contradict each other: their countries are not in the value, or "
    "the counts are intervals",
    "DOMINANCE": "One country has more than half of the counts",
    "MULTIPLE_RESPONSE": "One person can have several categories: do not add the shares",
    "SUPPRESSED": "Suppressed counts make the number an interval",
    "COVERAGE": "Some countries of the area did not report",
}
_FIGURES, _MESSAGES = 4, 3


def _blocks(content: Content) -> Iterator[DisplayTable]:
    """Yield the figures that can be quoted, those that cannot, and the limits of all."""
    usual = usual_place(item for item in content.indicators if item.leading)
    described = [
        (item, text, item.objections(content.thresholds)) for item, text in _described(content)
    ]
    quotable = [
        [_figure(item), f"{text}{_place(item, usual)}", item.coverage]
        for item, text, objections in described
        if not objections
    ]
    quotable += [[_points(each), _compared(each), ""] for each in content.comparisons]
    others = [
        [_figure(item), f"{text}{_place(item, usual)}", "; ".join(objections)]
        for item, text, objections in described
        if objections
    ]
    limits = [*_limits(content), *_doubts(content)]
    if quotable or others or limits:
        yield DisplayTable(
            caption=", ".join(filter(None, ["Figures you can quote", usual.label])),
            columns=["figure", "description", Column("countries", "right")],
            rows=quotable,
        )
    if others:
        yield DisplayTable(
            caption="Figures you cannot quote",
            columns=["figure", "description", "reason"],
            rows=others,
        )
    if limits:
        yield DisplayTable(
            caption="Limits of the figures",
            columns=["figures", "limit", "warning or section"],
            rows=limits,
        )


BRIEF = Section("brief", "In brief", _blocks)
"""Figures that can be quoted, figures that cannot, and their limits."""


def _described(content: Content) -> Iterator[tuple[Indicator, str]]:
    """Yield the numbers of the summary with their descriptions."""
    for item in content.counts:
        victims = item.result.counted.kind == "victims"
        if item.leading and (victims or content.of == "counts"):
            yield item, item.result.estimand
    for item in content.shares:
        if item.leading:
            yield item, _share(content, item)
    for item in content.ratios:
        if item.leading:
            yield item, item.result.estimand


def _share(content: Content, item: Indicator) -> str:
    """Return the description of a share with its bounds including unknown."""
    result = item.result
    if result.base.rule == "known" and not result.denominator.is_point:
        formatted = content.restyled(item.formatted)
        return f"{result.base.label}; {formatted} of them: {result.label}"
    formatted = content.restyled(bounds_text(result))
    same = result.bounds_with_unknown == result.bounds
    if result.base.rule == "all" and not same and formatted != NOT_BOUNDED:
        return f"{result.estimand}; {formatted} with unknown allocated in every possible way"
    return result.estimand


def _figure(item: Indicator) -> str:
    """Return a number; for a share of an inexact denominator, that denominator."""
    result = item.result
    if result.base.rule == "known" and not result.denominator.is_point:
        return count(result.denominator)
    return item.formatted


def _place(item: Indicator, usual: Place) -> str:
    return Place.of(item.result).beyond(usual)


def _points(compared: SideBySide) -> str:
    points = (pp(pair.difference, 0).removesuffix(" pp") for pair in compared.pairs)
    return f"{'/'.join(points)} pp"


def _compared(compared: SideBySide) -> str:
    names = "/".join(name_of(pair.name) for pair in compared.pairs)
    first, second = (
        "/".join(item.formatted.removesuffix("%").strip() for item in side)
        for side in zip(*((pair.first, pair.second) for pair in compared.pairs), strict=True)
    )
    areas = " and ".join(compared.areas)
    return f"{names}: {first} and {second}% of {compared.base}; {areas}"


def _limits(content: Content) -> Iterator[list[Cell | str]]:
    """Yield each warning that is more than a note, or not assessable, the gravest first."""
    by_code: dict[str, list[Caution]] = {}
    for caution in content.cautions:
        if caution.severity is not Severity.NOTE or caution.outcome is Outcome.NOT_ASSESSABLE:
            by_code.setdefault(caution.code, []).append(caution)
    for code, found in by_code.items():
        tone = Tone.BAD if found[0].severity is Severity.BLOCKING else Tone.WARN
        text = _LIMITS.get(code, _messages(found))
        yield [_figures(content, found), text, Cell(found[0].label, tone=tone)]


def _messages(found: Sequence[Caution]) -> str:
    messages = [item.message for item in found]
    more = len(messages) - _MESSAGES
    return "; ".join([*messages[:_MESSAGES], *([f"and {more} more"] if more > 0 else [])])


def _figures(content: Content, found: Iterable[Caution]) -> str:
    """Return the first numbers to which warnings apply."""
    items = (item for caution in found for item in caution.applies_to)
    figures = list(dict.fromkeys(content.restyled(item.formatted) for item in items))
    more = len(figures) - _FIGURES
    return f"{', '.join(figures[:_FIGURES])} and {more} more" if more > 1 else ", ".join(figures)


def _doubts(content: Content) -> Iterator[list[Cell | str]]:
    """Yield the claims whose figures or words the other figures contradict."""
    for found in content.audit.findings:
        tone = Tone.BAD if found.verdict == ClaimVerdict.CONTRADICTED else Tone.WARN
        # A remark repeats a warning.
        if text := " ".join(filter(None, doubts(found)[:2])):
            yield [found.claim.printed, text, Cell(found.claim.location, tone=tone)]
