"""The summary of a report: what may be said, and what may not."""

from collections.abc import Iterable, Iterator, Sequence

from thbstats.auditing import ClaimVerdict
from thbstats.display import Cell, Sheet, Tone, count, pp
from thbstats.reports.caution import Caution, cautions
from thbstats.reports.content import Content
from thbstats.reports.findings import doubts
from thbstats.reports.headlines import Place, place_of, usual_place
from thbstats.reports.indicators import Indicator
from thbstats.reports.naming import area_name, name_of
from thbstats.reports.section import Section
from thbstats.reports.sides import Pair, Panel
from thbstats.results import Severity

__all__ = ["BRIEF"]

# How numbers with a warning are misread again and again. For any other caution the message of
# the warning stands. The order is that of the page.
_NOT = {
    "DETECTION": "how many victims there are: these are the ones whom authorities and "
    "organisations know",
    "UNKNOWN": "the share among all victims: those whose category nobody recorded could move it",
    "BASE": "a share of all, or of those recorded: the text does not say of which",
    "MEMBERSHIP": "a change in time: the areas are different sets of countries",
    "COHORT": "what became of those suspected or prosecuted: one period is not one cohort",
    "UNIT": "a share of persons: it sets one unit against another",
    "ORDER": "how far cases get: the later stage counts more than the earlier",
    "SMALL": "a pattern: one case more would move it a lot",
    "COVERAGE": "a figure of the whole area: only some of its countries stand behind it",
}
_ALWAYS = {"DETECTION", "COHORT"}
_UNSAID = ("ORDER", "SMALL", "COVERAGE")
_MOST_FIGURES, _MOST_MESSAGES = 4, 3


def _blocks(content: Content) -> Iterator[Sheet]:
    """Yield a row for each headline, and one for each way of misreading one."""
    usual = usual_place(item for item in content.indicators if item.leading)
    said = Sheet(
        caption=", ".join(filter(None, ["What may be said", usual.label])),
        columns=["figure", "what it is"],
        rows=[[figure, text] for figure, text in _said(content, usual)],
    )
    unsaid = Sheet(
        caption="What may not be said",
        columns=["figure", "what it is not", "because"],
        rows=[*_misreadings(content), *_doubts(content)],
    )
    if said.rows or unsaid.rows:
        yield said
        yield unsaid


BRIEF = Section("brief", "In brief", _blocks)
"""What may be said, and what may not."""


def _said(content: Content, usual: Place) -> Iterator[tuple[str, str]]:
    everything = content.of == "counts"
    for item in content.counts:
        if item.leading and (everything or item.result.context.counted.kind == "victims"):
            yield item.shown, f"{item.result.estimand}{place_of(item.result, usual)}"
    for item in content.shares:
        if item.leading:
            yield from _share(content, item, usual)
    for panel in content.panels:
        yield _panel(panel)
    for item in content.ratios:
        if not item.result.warnings.at_least(Severity.CAUTION).of(*_UNSAID):
            yield item.shown, f"{item.result.estimand}{place_of(item.result, usual)}"


def _share(content: Content, item: Indicator, usual: Place) -> Iterator[tuple[str, str]]:
    result = item.result
    beside = ""
    if result.possible != result.bounds:
        shown = content.said(result.measure.show(result.possible))
        beside = f"; {shown} once the unknown are counted in every possible way"
    if result.base.rule == "all":
        yield item.shown, f"{result.estimand}{place_of(result, usual)}{beside}"
    elif result.denominator.is_point:
        yield item.shown, f"{result.estimand}{place_of(result, usual)}"
    else:
        shown = content.said(result.measure.show(result.stated))
        text = f"{result.base.label}, so that {shown} are {result.label}"
        yield count(result.denominator), f"{text}{place_of(result, usual)}"


def _panel(panel: Panel) -> tuple[str, str]:
    names = "/".join(name_of(pair.first.result.label) for pair in panel.pairs)
    first, second = (
        "/".join(map(_bare, side))
        for side in zip(*((pair.first, pair.second) for pair in panel.pairs), strict=True)
    )
    areas = " against ".join(map(area_name, panel.areas))
    text = f"{first} against {second} % of {panel.base}; {areas}"
    return _points(panel.pairs), f"{names}: {text}"


def _points(pairs: Iterable[Pair]) -> str:
    return "/".join(pp(pair.difference, 0).removesuffix(" pp") for pair in pairs) + " pp"


def _bare(item: Indicator) -> str:
    """Return the digits of a percentage, its unit left out."""
    return item.shown.removesuffix("%").strip()


def _misreadings(content: Content) -> Iterator[list[Cell | str]]:
    by_code: dict[str, list[Caution]] = {code: [] for code in _NOT}
    for caution in cautions(content):
        if caution.severity is not Severity.NOTE or caution.code in _ALWAYS:
            by_code.setdefault(caution.code, []).append(caution)
    for code, found in by_code.items():
        if found:
            tone = Tone.BAD if found[0].severity is Severity.BLOCKING else Tone.WARN
            text = _NOT.get(code, _messages(found))
            yield [_figures(content, found), text, Cell(code, tone=tone)]


def _messages(found: Sequence[Caution]) -> str:
    """Return the first messages of warnings."""
    messages = [item.message for item in found]
    more = len(messages) - _MOST_MESSAGES
    return "; ".join([*messages[:_MOST_MESSAGES], *([f"and {more} more"] if more > 0 else [])])


def _figures(content: Content, found: Iterable[Caution]) -> str:
    """Return the first numbers to which warnings apply."""
    items = (item for caution in found for item in caution.applies_to)
    figures = list(dict.fromkeys(content.said(item.shown) for item in items))
    more = len(figures) - _MOST_FIGURES
    shown = ", ".join(figures[:_MOST_FIGURES])
    return f"{shown} and {more} more" if more > 1 else ", ".join(figures)


def _doubts(content: Content) -> Iterator[list[Cell | str]]:
    """Yield what the text says of its own figures although they do not bear it."""
    for found in content.audit.findings:
        tone = Tone.BAD if found.verdict == ClaimVerdict.CONTRADICTED else Tone.WARN
        # What is only odd has a warning of its own.
        if text := " ".join(filter(None, doubts(found)[:2])):
            yield [found.claim.printed, text, Cell(found.claim.place, tone=tone)]
