"""The lines under a plot: where its figures come from, who reported, and what to know of them."""

from collections.abc import Iterable, Sequence
from itertools import groupby

from thbstats.display import count
from thbstats.geography import Area
from thbstats.records import Source
from thbstats.results import Context, Result, Severity, Warnings

__all__ = ["CODES", "cited", "footer", "place", "sections_said", "warned", "where"]

CODES = {
    "ADDITIVITY": "parts do not make the total",
    "AGE": "age limit or concept",
    "BASE": "bases differ",
    "BREAK": "break in the series",
    "CLASSIFICATION": "categories mapped with loss",
    "COHORT": "two flows, no cohort",
    "COVERAGE": "who reported",
    "DEFINITION": "counted by different rules",
    "DETECTION": "registered is not all",
    "DISCLOSURE": "says more than its source",
    "DOMINANCE": "one country decides",
    "DUPLICATE": "a person can be counted twice",
    "FLAGS": "flagged by the source",
    "MEMBERSHIP": "members of the EU changed",
    "MULTIPLE": "categories overlap",
    "NOT_DOCUMENTED": "not documented",
    "OFFENCE": "offence can change on the way",
    "ORDER": "later stage exceeds earlier",
    "PERIOD": "periods differ",
    "PRECISION": "rounding is wider than the difference",
    "REGISTER": "who registered",
    "SMALL": "small numbers",
    "SOURCE": "kind of source",
    "STATUS": "status of victims",
    "SUPPRESSED": "counts hidden by the source",
    "UNIT": "units of count",
    "UNKNOWN": "category unknown",
    "VINTAGE": "dates of publication",
}
"""Each family of warnings in a few words."""

_WORDS = {
    Severity.BLOCKING: "Not comparable",
    Severity.CAUTION: "Caution",
    Severity.NOTE: "Notes",
}
_FEW = 3
_LONGEST = 130
_LISTED = 40


def footer(
    numbers: Sequence[Result], warnings: Warnings, notes: Iterable[str] = ()
) -> tuple[str, ...]:
    """Return the paragraphs under a plot.

    Parameters
    ----------
    numbers : sequence of Result
        What is drawn.
    warnings : Warnings
        What is to be said of them.
    notes : iterable of str
        What must be known to read the marks.
    """
    contexts = [number.context for number in numbers]
    return (
        *notes,
        f"Source: {cited(source for context in contexts for source in context.cited)}.",
        f"Period: {_periods(contexts)}. {_reporting(contexts)}",
        *warned(warnings),
    )


def warned(warnings: Warnings) -> tuple[str, ...]:
    """Return warnings by weight, each family once; what weighs something in full if it is short."""
    lines = []
    before: set[str] = set()
    for severity, group in groupby(warnings, key=lambda warning: warning.severity):
        messages: dict[str, dict[str, None]] = {}
        for warning in group:
            if warning.code not in before:
                messages.setdefault(warning.code, {})[warning.message] = None
        told = [_told(code, list(said), severity) for code, said in messages.items()]
        lines += [f"{_WORDS[severity]}: {'; '.join(told)}."] if told else []
        before |= set(messages)
    return tuple(lines)


def _told(code: str, messages: list[str], severity: Severity) -> str:
    (first, *others) = messages
    if severity is not Severity.NOTE and not others and len(first) <= _LONGEST:
        return f"{code} ({first})"
    return f"{code} ({CODES[code]})" if code in CODES else code


def cited(sources: Iterable[Source]) -> str:
    """Return publications, each once with the sections that were used."""
    places: dict[str, dict[str, None]] = {}
    for source in sources:
        day = source.published
        when = f"published {day.isoformat()}" if day else ""
        parts = [source.publisher, source.title, source.document, when]
        name = ", ".join(filter(None, parts))
        sections = places.setdefault(name, {})
        if source.section:
            sections[source.section] = None
    told = [f"{name}{sections_said(found)}" for name, found in places.items()]
    return "; ".join(told) or "not stated"


def sections_said(sections: Iterable[str]) -> str:
    """Return sections of a publication to go on a sentence, each once; nothing if none is known."""
    found = [section for section in dict.fromkeys(sections) if section]
    if not found:
        return ""
    *front, last = found
    return f", sections {', '.join(front)} and {last}" if front else f", section {last}"


def _reporting(contexts: Sequence[Context]) -> str:
    """Return how many countries stand behind the numbers, of how many that should."""
    if len({context.area for context in contexts}) > 1:
        return _together(contexts)
    told = dict.fromkeys(map(_reporters, contexts))
    if None in told:
        some = "" if len(told) == 1 else " for every number"
        return f"Which countries reported is not documented{some}."
    sizes, expected = zip(*filter(None, told), strict=True)
    of = f" of {_span(expected)}" if all(expected) else ""
    return f"Reporting countries: {_span(sizes)}{of}."


def _together(contexts: Sequence[Context]) -> str:
    """Return how many countries stand behind numbers of several areas."""
    reporters = [context.reporters for context in contexts]
    if None in reporters:
        return "Which countries reported is not documented for every number."
    known = frozenset().union(*(found or () for found in reporters))
    expected = known.union(*(context.expected or () for context in contexts))
    return f"Reporting countries: {len(known)} of {len(expected)}."


def _span(sizes: Sequence[int]) -> str:
    least, most = min(sizes), max(sizes)
    return f"{least}" if least == most else f"{least} to {most}"


def _reporters(context: Context) -> tuple[int, int] | None:
    number = context.n_reporters if context.reporters is None else len(context.reporters)
    if number is None:
        return None
    return number, 0 if context.expected is None else len(context.expected)


def where(numbers: Sequence[Result]) -> str:
    """Return the areas and the periods that numbers speak of."""
    contexts = [number.context for number in numbers]
    areas = list(dict.fromkeys(place(context.area) for context in contexts))
    told = " / ".join(areas) if len(areas) <= _FEW else f"{count(len(areas))} areas"
    return f"{told}, {_periods(contexts)}"


def place(area: Area) -> str:
    """Return an area as a reader calls it: a country by its name, a union by its code."""
    if len(area.members) == 1:
        return area.label
    listed = len(area.code) > _LISTED or area.code.count("+") >= _FEW
    return f"{count(len(area.members))} countries" if listed else area.code


def _periods(contexts: Sequence[Context]) -> str:
    periods = sorted({str(context.period) for context in contexts})
    if len(periods) <= _FEW:
        return " / ".join(periods)
    return f"{periods[0]} to {periods[-1]}"
