"""UNIT: persons, cases, prosecutions and convictions are different things to count."""

from thbstats.comparability.keys import by_key
from thbstats.comparability.rule import Answers, Finding, Rule, alike, each, worst
from thbstats.comparability.thresholds import Thresholds
from thbstats.results import Answer, Measure, Result, Results, Severity
from thbstats.vocabulary import CountingUnit

__all__ = ["RULES"]


_Units = tuple[str | None, str | None]


def _units(number: Result) -> _Units:
    return number.context.counted.get("unit"), number.context.against.get("unit")


def _one(number: Result) -> Answer:
    flows = number.measure in (Measure.RATIO, Measure.PER_100)
    return alike(_units(number)) if flows else Answer.HOLDS


def _check_number(a: Results, _b: Results, _limits: Thresholds) -> Answers:
    return each(a, _one)


def _describe_number(a: Result, _b: Result, _limits: Thresholds, answer: Answer) -> Finding:
    if answer is Answer.CANNOT_TELL:
        return Finding(severity=Severity.NOTE, message="the counting unit of both sides")
    persons = CountingUnit.PERSONS in _units(a)
    return Finding(
        severity=Severity.CAUTION if persons else Severity.NOTE,
        message="two units in one ratio: one person can stand behind several of either",
        evidence=(("units", _words(a)),),
        mend="Read it as a ratio across units, never as a share of persons",
    )


def _same(a: _Units, b: _Units) -> Answer:
    return worst(*(alike(sides) for sides in zip(a, b, strict=True)))


def _check_pair(a: Results, b: Results, _limits: Thresholds) -> Answers:
    return by_key(a, b, _units, _same)


def _describe_pair(a: Result, b: Result, _limits: Thresholds, answer: Answer) -> Finding:
    untold = answer is Answer.CANNOT_TELL
    one, two = (_words(number) for number in (a, b))
    return Finding(
        severity=Severity.CAUTION if untold else None,
        message="a counting unit is not stated"
        if untold
        else "the two numbers count different units",
        evidence=(("first", one), ("second", two)),
        mend="Compare persons with persons, convictions with convictions",
    )


def _words(number: Result) -> str:
    return " over ".join(dict.fromkeys(unit or "not stated" for unit in _units(number)))


RULES = (
    Rule(
        code="UNIT",
        scope="number",
        check=_check_number,
        describe=_describe_number,
        definition="Numerator and denominator of a ratio count the same unit.",
        trigger="Fails where the units differ, with caution where one of them is persons; cannot "
        "tell where one is not stated.",
        source="Eurostat counts persons, the progress reports prosecutions and convictions",
        example="2 927 convictions over 7 503 persons suspected: one person can be convicted "
        "twice.",
        mend="Read it as a ratio across units, never as a share of persons.",
    ),
    Rule(
        code="UNIT",
        scope="pair",
        check=_check_pair,
        describe=_describe_pair,
        weight=Severity.BLOCKING,
        essential=True,
        definition="Both numbers count the same units.",
        trigger="Fails where a unit differs; cannot tell where one is not stated.",
        source="Eurostat counts persons, the progress reports prosecutions and convictions",
        example="Persons convicted (Eurostat) beside convictions (progress reports).",
        mend="Compare persons with persons, convictions with convictions.",
    ),
)
