"""Small denominators."""

from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from thbstats.columns import Coded
from thbstats.display import count, percent
from thbstats.panel import Message, Outcome, Panel, Result, ResultKind, Severity
from thbstats.rules.rule import Finding, library_rule, outcomes
from thbstats.rules.thresholds import Thresholds
from thbstats.values import Interval

__all__ = ["RULES"]

_WITH_DENOMINATOR = (
    ResultKind.SHARE,
    ResultKind.RATIO,
    ResultKind.PER_100,
    ResultKind.RELATIVE_CHANGE,
    ResultKind.DIFFERENCE,
)
_OF_EVENTS = (ResultKind.PER_100_000, ResultKind.PER_MILLION)


def _decisive(panel: Panel) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the bounds of the count that must be large; ``inf`` for other kinds."""
    kinds = {panel.kind.categories[code] for code in panel.kind.present}
    if kinds <= set(_WITH_DENOMINATOR):
        return panel.denominator.lower, panel.denominator.upper
    bounds = []
    for name in ("lower", "upper"):
        numerator, denominator = getattr(panel.numerator, name), getattr(panel.denominator, name)
        found = np.where(_is(panel.kind, _OF_EVENTS), numerator, denominator)
        change = _is(panel.kind, (ResultKind.CHANGE,))
        found = np.where(change, np.fmax(numerator, denominator), found)
        judged = _is(panel.kind, (*_WITH_DENOMINATOR, *_OF_EVENTS)) | change
        bounds.append(np.where(judged, found, np.inf))
    return bounds[0], bounds[1]


def _is(kind: Coded[ResultKind], kinds: tuple[ResultKind, ...]) -> NDArray[np.bool_]:
    return kind.table(lambda own: own in kinds, np.bool_)


def _check(panel: Panel, thresholds: Thresholds) -> NDArray[np.int8]:
    lower, upper = _decisive(panel)
    limit = float(thresholds.small_note)
    return outcomes(upper < limit, ~(lower >= limit))


def _severity(panel: Panel, thresholds: Thresholds) -> NDArray[np.int8]:
    tiny = _decisive(panel)[1] <= float(thresholds.small_caution)
    return np.where(tiny, Severity.CAUTION.weight, Severity.NOTE.weight).astype(np.int8)


def _words(number: Result, thresholds: Thresholds, outcome: Outcome) -> Finding:
    if outcome is Outcome.NOT_ASSESSABLE:
        return Finding(message=_open_question(number, count(thresholds.small_note)))
    hint = "Publish the counts, pool years or countries, and do not rank by this number"
    if number.kind is ResultKind.CHANGE:
        counts = count(number.denominator), count(number.numerator)
        return Finding(
            message=Message(
                "the change is from {earlier} to {later}, so one case more or less is visible",
                earlier=counts[0],
                later=counts[1],
            ),
            evidence=(("earlier", counts[0]), ("later", counts[1])),
            hint=hint,
        )
    if number.kind in _OF_EVENTS:
        return Finding(
            message=_with_share(
                number.numerator,
                "the rate has {n} cases, and one case is {share} of them",
                "the rate has {n} cases",
            ),
            evidence=(("cases", count(number.numerator)),),
            hint=hint,
        )
    return Finding(
        message=_with_share(
            number.denominator,
            "the denominator is {n}, and one case is {share} of it",
            "the denominator is {n}",
        ),
        evidence=(("denominator", count(number.denominator)),),
        hint=hint,
    )


def _open_question(number: Result, limit: str) -> Message:
    if number.kind in _OF_EVENTS:
        return Message("whether the rate has {limit} cases or more", limit=limit)
    if number.kind is ResultKind.CHANGE:
        return Message("whether one of the two counts is {limit} or more", limit=limit)
    return Message("whether the denominator is {limit} or more", limit=limit)


def _with_share(counts: Interval, template: str, without: str) -> Message:
    if not counts.upper:
        return Message(without, n=count(counts))
    return Message(template, n=count(counts), share=percent(Fraction(1, counts.upper)))


RULES = (
    library_rule(
        "SMALL_DENOMINATOR.number",
        check=_check,
        severity=_severity,
        words=_words,
        weighs_on_pairs=True,
    ),
)
