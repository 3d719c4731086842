"""Limitations of the figures of a report."""

from collections.abc import Iterable, Iterator

from thbstats.display import Bullets, count
from thbstats.panel import NOT_DOCUMENTED, Outcome, Severity
from thbstats.reports.caution import Caution
from thbstats.reports.content import Content
from thbstats.reports.indicators import Indicator
from thbstats.reports.naming import capitalised, sentence
from thbstats.reports.section import Section

__all__ = ["LIMITATIONS"]

_NAMED = 2
"""The number of figures that a limitation names."""

_GENERAL = {
    "DETECTED_ONLY": "detected victims only, not prevalence",
    "DOUBLE_COUNTING": "people registered in two countries or years are counted twice",
}
"""Limitations of all figures, in a few words."""

# Other warnings of these figures are in the table of figures or among the objections.
_SPECIFIC = {
    "BASE": "Denominator not stated",
    "CONTRADICTED": "Contradictory counts, excluded from the value",
    "DOMINANCE": "One country has more than half of the counts",
    "MULTIPLE_RESPONSE": "One person can have several categories, so that shares do not add up",
    "SUPPRESSED": "Bounds only, because counts are suppressed",
}


def _blocks(content: Content) -> Iterator[Bullets]:
    """Yield limitations of all figures, of some figures, and figures below the coverage."""
    items = [*_general(content), *_refused(content), *_specific(content), *content.limits]
    if content.of != "results" and items:
        yield Bullets(items)


LIMITATIONS = Section("limitations", "Limitations", _blocks)
"""Limitations of all figures, and figures that cannot be quoted."""


def _general(content: Content) -> Iterator[str]:
    by_code = {item.code: item for item in content.limitations}
    texts = [text for code, text in _GENERAL.items() if code in by_code]
    gathered = by_code.get(NOT_DOCUMENTED)
    if gathered is not None and "the reporting countries" in gathered.messages:
        texts.append("reporting countries not listed")
    if texts:
        yield f"All figures: {'; '.join(texts)}."


def _refused(content: Content) -> Iterator[str]:
    """Yield the figures that cannot be quoted, by their objections."""
    groups: dict[str, list[Indicator]] = {}
    for item in content.indicators:
        if objections := item.objections(content.thresholds):
            groups.setdefault(objections[0], []).append(item)
    for objection, items in groups.items():
        areas = " and ".join(dict.fromkeys(item.result.area.code for item in items))
        area = f" for {areas}" if len(areas) <= len("EU28 and EU27_2020") else " for the area"
        yield f"Do not quote{area}: {_names(items)} ({objection})."


def _specific(content: Content) -> Iterator[str]:
    """Yield the warnings of some figures, the most severe first."""
    codes: dict[str, list[Caution]] = {}
    for caution in content.cautions:
        if caution.severity is not Severity.NOTE or caution.outcome is Outcome.NOT_ASSESSABLE:
            codes.setdefault(caution.code, []).append(caution)
    for code, found in codes.items():
        blocking = found[0].severity is Severity.BLOCKING
        if code in _SPECIFIC or blocking:
            items = dict.fromkeys(item for caution in found for item in caution.applies_to)
            figures = [item for item in items if isinstance(item, Indicator)]
            text = _SPECIFIC.get(code) or capitalised(found[0].title)
            more = f" {sentence(found[0].message)}" if blocking else ""
            yield f"{text}: {_names(figures)}.{more}"


def _names(items: Iterable[Indicator]) -> str:
    names = list(dict.fromkeys(item.name for item in items))
    more = len(names) - _NAMED
    if more == 1:
        return "; ".join(names)
    listed = "; ".join(names[:_NAMED])
    return f"{listed}; and {count(more)} more" if more > 0 else listed
