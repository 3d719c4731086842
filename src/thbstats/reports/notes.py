"""Limitations, issues and quality notes of a report."""

import re
from collections.abc import Iterable, Iterator, Sequence
from operator import attrgetter

from thbstats.auditing import AuditedClaim, ClaimVerdict, WordVerdict
from thbstats.display import Bullets, Cell, DisplayTable, Group, Tone, count
from thbstats.exchange import ReadLog
from thbstats.panel import NOT_DOCUMENTED, Outcome, Severity
from thbstats.reports.content import Caution, Content, Indicator, Pair
from thbstats.reports.names import capitalised, grouped, listed, sentence
from thbstats.reports.section import report_section

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
_TOPICS = {
    "Coverage": ("COVERAGE", "DOMINANCE", "SMALL_DENOMINATOR", "SUPPRESSED", NOT_DOCUMENTED),
    "Unknown categories and denominators": ("UNKNOWN", "BASE", "MULTIPLE_RESPONSE"),
    "Comparability": (),  # all other codes
    "Definitions": ("DETECTED_ONLY", "DOUBLE_COUNTING"),
}
_SEVERITIES = {
    Severity.BLOCKING: ("Blocking: do not compare", Tone.BAD),
    Severity.CAUTION: ("Caution: state the limitation when you use the figure", Tone.WARN),
    Severity.NOTE: ("Note: for information", Tone.PLAIN),
}
_DIMENSION = re.compile(r"\(\w+: ")
_MAX_ISSUES, _MAX_NAMES = 8, 3
_LONGEST_NOTE = 160
"""The length from which a note has no message; the annex contains it."""


@report_section("limitations", "Limitations", "publication", "counts")
def limitations(content: Content) -> Iterator[Bullets]:
    """Yield limitations of all figures, figures that cannot be quoted, and other limitations."""
    items = []
    by_code = {item.code: item for item in content.limitations}
    general = [text for code, text in _GENERAL.items() if code in by_code]
    gaps = by_code.get(NOT_DOCUMENTED)
    if gaps is not None and "the reporting countries" in gaps.messages:
        general.append("reporting countries not listed")
    if general:
        items.append(f"All figures: {'; '.join(general)}.")
    objections = {item.id: item.objections(content.thresholds) for item in content.indicators}
    refused = (item for item in content.indicators if objections[item.id])
    for group in grouped(refused, lambda item: objections[item.id][0]):
        areas = " and ".join(dict.fromkeys(item.result.area.code for item in group))
        area = areas if len(areas) <= len("EU28 and EU27_2020") else "the area"
        objection = objections[group[0].id][0]
        items.append(f"Do not quote for {area}: {_figure_names(group)} ({objection}).")
    severe = (
        item
        for item in content.cautions
        if item.severity is not Severity.NOTE or item.outcome is Outcome.NOT_ASSESSABLE
    )
    for cautions in grouped(severe, attrgetter("code")):
        first, blocking = cautions[0], cautions[0].severity is Severity.BLOCKING
        if first.code in _SPECIFIC or blocking:
            numbers = dict.fromkeys(item for caution in cautions for item in caution.applies_to)
            figures = (item for item in numbers if isinstance(item, Indicator))
            text = _SPECIFIC.get(first.code) or capitalised(first.title)
            more = f" {sentence(first.message)}" if blocking else ""
            items.append(f"{text}: {_figure_names(figures)}.{more}")
    items += content.limits
    if items:
        yield Bullets(items)


def _figure_names(items: Iterable[Indicator]) -> str:
    names = list(dict.fromkeys(item.name for item in items))
    return listed(names, 3 if len(names) == 3 else 2)


def issue_texts(item: AuditedClaim) -> list[str]:
    """Return the issues of a claim: of its number, of its words, and a remark."""
    wrong = item.verdict is ClaimVerdict.CONTRADICTED
    doubtful = item.wording is not None and item.wording.verdict is WordVerdict.DOUBTFUL
    wording = item.wording.reason if item.wording is not None and doubtful else ""
    texts = filter(None, [item.reason if wrong else "", wording, item.remark])
    return list(texts) or [item.reason]


def _issues(texts: Sequence[str], source: str) -> Iterator[Bullets | str]:
    yield Bullets(texts[:_MAX_ISSUES], numbered=True) if texts else "No issue was found."
    if len(texts) > _MAX_ISSUES:
        yield f"{count(len(texts) - _MAX_ISSUES)} more issues are in the {source}."


@report_section("issues", "Issues in the publication", "publication")
def publication_issues(content: Content) -> Iterator[Bullets | str]:
    """Yield contradicted figures, doubtful words and remarks, and the results of all checks."""
    if not content.audit:
        return
    texts = []
    for item in content.audit.issues:
        location, text = capitalised(item.claim.location), " ".join(issue_texts(item))
        texts.append(text if text.startswith(location) else f"{location}: {text}")
    yield from _issues(texts, "annex")
    numeric = content.audit.where(
        lambda item: {item.claim.count, item.claim.rounded, item.claim.rate} != {None}
    )
    verdicts = ", ".join(
        f"{count(number)} {verdict.replace('_', ' ')}"
        for verdict, number in numeric.counts().items()
        if number or verdict in (ClaimVerdict.CONSISTENT, ClaimVerdict.CONTRADICTED)
    )
    yield (
        f"Checks: {count(len(content.audit))} statements, {count(len(numeric))} with a number: "
        f"{verdicts}. The annex contains the arithmetic."
    )


@report_section("data_issues", "Issues in the data", "counts")
def data_issues(content: Content) -> Iterator[Bullets | str]:
    """Yield contradictory counts, and problems of the file."""
    texts: dict[str, str] = {}
    for item in content.indicators:
        for issue in item.result.contradictions:
            # Totals and shares can have the same contradiction, with and without its dimension.
            if issue.code == "contradictory":
                texts.setdefault(_DIMENSION.sub("(", issue.text), sentence(issue.text))
    logs = [item for item in content.formatted if isinstance(item, ReadLog)]
    for log in logs:
        if log.codes:
            texts[log.name] = f"Problems of the file: {', '.join(log.codes)} (annex File)."
    yield from _issues(list(texts.values()), "data")
    yield from (f"{log.display_table().caption}." for log in logs)


@report_section("quality_notes", "Quality notes")
def quality_notes(content: Content) -> Iterator[Bullets]:
    """Yield one note for each code, by topic."""
    topics = {code: topic for topic, codes in _TOPICS.items() for code in codes}
    groups: dict[str, list[str]] = {topic: [] for topic in _TOPICS}
    for cautions in grouped((*content.cautions, *content.limitations), attrgetter("code")):
        first = cautions[0]
        figures = len({item.id for caution in cautions for item in caution.applies_to})
        number = f"{count(figures)} {'figure' if figures == 1 else 'figures'}"
        if figures in (len(content.indicators), len(content.indicators) + len(content.pairs)):
            number = "all figures"
        message = first.messages[0]
        if first.code == NOT_DOCUMENTED:
            message = listed(first.messages, _MAX_NAMES)
        end = f"{sentence(first.hint)} ({number}; {first.code})"
        text = f"{first.title}: {message.rstrip('.')}. {end}"
        text = text if len(text) <= _LONGEST_NOTE else f"{first.title}. {end}"
        groups[topics.get(first.code, "Comparability")].append(text)
    yield from (Bullets(items, heading=topic) for topic, items in groups.items() if items)


@report_section("notes_by_figure", "Quality notes by figure", annex=True)
def notes_by_figure(content: Content) -> Iterator[DisplayTable]:
    """Yield the warnings in order of severity with their figures, then the limitations."""
    columns = ["Message and recommended action", "Figures"]
    rows: list[Group | list[Cell]] = []
    for severity, (heading, tone) in _SEVERITIES.items():
        cautions = [caution for caution in content.cautions if caution.severity is severity]
        rows += [Group(heading)] if cautions else []
        rows += [_row(content, caution, tone) for caution in cautions]
    if rows:
        caption = "Quality notes and recommended actions, by severity"
        yield DisplayTable(caption=caption, columns=["Issue", *columns], rows=rows)
    if content.limitations:
        yield DisplayTable(
            caption="Limitations",
            columns=["Limitation", *columns],
            rows=[_row(content, caution, Tone.PLAIN) for caution in content.limitations],
        )


def _row(content: Content, caution: Caution, tone: Tone) -> list[Cell]:
    numbers: Sequence[Indicator | Pair] = caution.applies_to
    names = [f"{item.name} ({content.restyled(item.formatted)})" for item in numbers]
    everything = len(numbers) == len(content.indicators)
    return [
        Cell(caution.label, tone=tone),
        Cell(f"{sentence(caution.message)} {sentence(caution.hint)}".strip()),
        Cell("all figures" if everything else listed(names, _MAX_NAMES)),
    ]
