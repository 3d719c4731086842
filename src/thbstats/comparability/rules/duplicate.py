"""DUPLICATE: one person can be in a figure twice."""

from collections.abc import Mapping

from thbstats.comparability.rule import Answers, Finding, Rule, each
from thbstats.comparability.thresholds import Thresholds
from thbstats.display import count
from thbstats.results import (
    Answer,
    ComparabilityWarning,
    Message,
    Result,
    Results,
    Severity,
    named,
)
from thbstats.vocabulary import CountingUnit

__all__ = ["RULES", "duplicates"]

_MEND = "Speak of registrations, not of distinct persons"
_WAYS = {"area": "in two countries", "period": "in two periods"}


def _persons(number: Result) -> bool:
    sides = (number.context.counted, number.context.against)
    return any(side.get("unit") == CountingUnit.PERSONS for side in sides)


def _ways(number: Result) -> tuple[str, ...]:
    """Over what one person can be registered again."""
    context = number.context
    reporters = context.area.members if context.reporters is None else context.reporters
    found = ["in two countries"] if len(reporters) > 1 else []
    years = context.period.years
    return tuple([*found, "in two years"] if years is not None and years > 1 else found)


def _once(number: Result) -> Answer:
    return Answer.FAILS if _persons(number) and _ways(number) else Answer.HOLDS


def _check(a: Results, _b: Results, _limits: Thresholds) -> Answers:
    return each(a, _once)


def _describe(a: Result, _b: Result, _limits: Thresholds, _answer: Answer) -> Finding:
    return Finding(
        severity=Severity.NOTE,
        message=Message("a sum of registrations: one person can be counted {ways}", ways=_ways(a)),
        mend=_MEND,
    )


def duplicates(
    *, registrations: int, persons: int, several: Mapping[str, int], within: int
) -> ComparabilityWarning:
    """Return the warning for registrations of which it is known who stands behind them.

    Parameters
    ----------
    registrations : int
        How many registrations name somebody.
    persons : int
        How many persons they name.
    several : mapping of str to int
        By dimension, how many persons are registered in two of its categories or more.
    within : int
        How many registrations are of a person who is registered there already.

    Returns
    -------
    ComparabilityWarning
        A note.
    """
    ways = [
        (
            _WAYS.get(name) or Message("in two categories of {name}", name=named([name])),
            count(number),
        )
        for name, number in several.items()
        if number
    ]
    if within:
        ways.append(("twice in one place and period", count(within)))
    return ComparabilityWarning(
        code="DUPLICATE",
        severity=Severity.NOTE,
        scope="number",
        message=Message(
            "{registrations} registrations are of {persons} persons: one person is counted {ways}",
            registrations=count(registrations),
            persons=count(persons),
            ways=[way for way, _ in ways],
        ),
        evidence=(
            ("registrations", count(registrations)),
            ("persons", count(persons)),
            *ways,
        ),
        mend=_MEND,
    )


RULES = (
    Rule(
        code="DUPLICATE",
        scope="number",
        check=_check,
        describe=_describe,
        definition="Nobody is counted twice.",
        trigger="Fails, as a note, for persons added up over several countries or years. Repeated "
        "rows and totals added to their parts are refused when a table is read or summed.",
        source="EIGE, metadata of the view genvio_tra_adm_conv: double counting is minimised and "
        "not excluded",
        example="A victim registered in 2015 in one Member State and in 2016 in another is two of "
        "the 20 532 of EU28.",
        mend="Speak of registrations, not of distinct persons.",
    ),
)
