"""MULTIPLE: a person is counted under one category."""

from thbstats.comparability.keys import by_key
from thbstats.comparability.rule import Answers, Finding, Rule, each
from thbstats.comparability.thresholds import Thresholds
from thbstats.display import count
from thbstats.results import (
    Answer,
    Base,
    Excess,
    Measure,
    Message,
    Result,
    Results,
    Severity,
    named,
)
from thbstats.vocabulary import Overlap

__all__ = ["RULES"]


def _divided(number: Result) -> bool:
    return number.measure is Measure.SHARE and bool(number.base.dimension)


def _once(number: Result) -> Answer:
    # Whether it is stated at all is asked by ADDITIVITY.
    several = _divided(number) and number.base.overlap is Overlap.OVERLAPPING
    return Answer.FAILS if several else Answer.HOLDS


def _check_number(a: Results, _b: Results, _limits: Thresholds) -> Answers:
    return each(a, _once)


def _describe_number(a: Result, _b: Result, _limits: Thresholds, _answer: Answer) -> Finding:
    return Finding(
        severity=Severity.CAUTION,
        message=_several(a),
        evidence=() if a.excess is None else _evidence(a.excess),
        mend="Do not add these shares up, and take no rest for another category; if each person is "
        "counted once, correct the counts",
    )


def _several(number: Result) -> Message:
    found, dimension = number.excess, named(number.base.dimension)
    if found is None or not found.areas:
        return Message(
            "one person can be counted under several categories of {dimension}, so that the shares "
            "need not make 100 %",
            dimension=dimension,
        )
    return Message(
        "one person can be counted under several categories of {dimension}: {counted} in the "
        "categories for {total} {people}, so that the shares need not make 100 %",
        dimension=dimension,
        counted=count(found.counted),
        total=count(found.total),
        people=number.context.against.label,
    )


def _evidence(found: Excess) -> tuple[tuple[str, object], ...]:
    seen = (
        ("sum of categories", count(found.counted)),
        ("total", count(found.total)),
        ("seen in", ", ".join(found.areas)),
    )
    other = (("more than overlap explains", ", ".join(found.unexplained)),)
    return (seen if found.areas else ()) + (other if found.unexplained else ())


def _divisor(number: Result) -> Base | None:
    """The base, where everybody is divided; recorded bases that differ are told apart by BASE."""
    return number.base if _divided(number) and number.base.rule == "all" else None


def _alike(a: Base | None, b: Base | None) -> Answer:
    if a is None or b is None or a.dimension != b.dimension:
        return Answer.HOLDS
    stated = {a.overlap, b.overlap} - {Overlap.NOT_STATED}
    return Answer.FAILS if len(stated) > 1 else Answer.HOLDS


def _check_pair(a: Results, b: Results, _limits: Thresholds) -> Answers:
    return by_key(a, b, _divisor, _alike)


def _describe_pair(a: Result, b: Result, _limits: Thresholds, _answer: Answer) -> Finding:
    return Finding(
        message=Message(
            "one number counts a person under a single category of {dimension}, the other can do "
            "so under several",
            dimension=named(a.base.dimension),
        ),
        evidence=(("first", a.base.overlap.label), ("second", b.base.overlap.label)),
        mend='Find out how both were counted; where both can overlap, say overlap="overlapping"',
    )


RULES = (
    Rule(
        code="MULTIPLE",
        scope="number",
        check=_check_number,
        describe=_describe_number,
        definition="Nobody is counted under several of the categories that divide a total.",
        trigger="Fails where categories are said to overlap, or certainly do: where some "
        "reporter's make more than the total. Where that is not stated, ADDITIVITY says so.",
        source="National Statistics Office of Malta, SDG 16.2.2: 16 in the forms for 12 victims "
        "detected in 2020; UNODC GLOTIP: forms exceed the total in 94 of 341 country-years that "
        "can be tested; CTDC: several forms for one case",
        example="Malta, 2020: 6, 7 and 3 victims in the forms of exploitation, 12 in all.",
        mend="Do not add these shares up, and take no rest for another category; if each person is "
        "counted once, correct the counts.",
    ),
    Rule(
        code="MULTIPLE",
        scope="pair",
        check=_check_pair,
        describe=_describe_pair,
        weight=Severity.CAUTION,
        definition="Both numbers count a person under one category, or both under several.",
        trigger="Fails where the categories of one exclude each other and those of the other "
        "overlap, both over everybody; recorded bases that differ in it are judged by BASE.",
        source="National Statistics Office of Malta, SDG 16.2.2: the forms make the total in 2019 "
        "and exceed it in 2020",
        example="Malta counts each victim of 2019 under one form, and some of 2020 under several.",
        mend='Find out how both were counted; where both can overlap, say `overlap="overlapping"`.',
    ),
)
