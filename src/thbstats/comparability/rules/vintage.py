"""VINTAGE: when a figure was published."""

from collections.abc import Iterable
from datetime import date

import numpy as np
from attrs import evolve, frozen

from thbstats.comparability.keys import by_key
from thbstats.comparability.rule import Answers, Finding, Rule, each
from thbstats.comparability.thresholds import Thresholds
from thbstats.records import Source
from thbstats.results import Answer, Result, Results, Series, Severity
from thbstats.values import Period

__all__ = ["RULES"]

_Sources = frozenset[Source]


@frozen
class _Quantity:
    """What a number is of, whoever printed it and when."""

    countries: frozenset[str]
    period: Period
    counted: Series
    against: Series
    category: tuple[tuple[str, str], ...]
    within: tuple[tuple[str, str], ...]
    rule: str


def _quantity(number: Result) -> _Quantity:
    context, base = number.context, number.base
    return _Quantity(
        context.area.members,
        context.period,
        context.counted,
        context.against,
        number.category,
        base.within,
        base.rule,
    )


def _sources(number: Result) -> _Sources:
    return frozenset(evolve(source, section="") for source in number.context.sources)


def _undated(source: Source) -> Source:
    return evolve(source, published=None)


def _two_vintages(sources: Iterable[Source]) -> list[Source]:
    """Publications that are there as of several days, in order."""
    days: dict[Source, set[date | None]] = {}
    given = list(sources)
    for source in given:
        days.setdefault(_undated(source), set()).add(source.published)
    several = [source for source in given if len(days[_undated(source)]) > 1]
    return sorted(several, key=lambda source: (source.title, str(source.published)))


def _check_number(a: Results, _b: Results, _limits: Thresholds) -> Answers:
    return each(a, _settled)


def _settled(number: Result) -> Answer:
    mixed = _two_vintages(_sources(number))
    return Answer.FAILS if mixed or "r" in number.context.flags else Answer.HOLDS


def _describe_number(a: Result, _b: Result, _limits: Thresholds, _answer: Answer) -> Finding:
    mixed = _two_vintages(_sources(a))
    if mixed:
        return Finding(
            severity=Severity.CAUTION,
            message="made of figures that one publication had on different days",
            evidence=_listed(mixed),
            mend="Take all of it from the newest",
        )
    return Finding(
        severity=Severity.NOTE,
        message="revised since it was published first",
        evidence=(("flags", "r"), *_listed(_sources(a))),
        mend="Say of which day the figure is",
    )


def _check_pair(a: Results, b: Results, _limits: Thresholds) -> Answers:
    codes = by_key(a, b, _sources, _one_vintage)
    asked = np.flatnonzero(codes == Answer.CANNOT_TELL.code)
    codes[asked] = by_key(a.pick(asked), b.pick(asked), _printing, _once)
    return codes


def _printing(number: Result) -> tuple[_Quantity, _Sources]:
    return _quantity(number), _sources(number)


def _one_vintage(one: _Sources, two: _Sources) -> Answer:
    """Whether publications of both numbers are of one day; else what they are of must be asked."""
    if one == two or not (one and two):
        return Answer.HOLDS
    return Answer.FAILS if _moved(one, two) else Answer.CANNOT_TELL


def _moved(one: _Sources, two: _Sources) -> list[Source]:
    """Publications that each number has as of another day."""
    shared = {_undated(source) for source in one} & {_undated(source) for source in two}
    return _two_vintages(source for source in one ^ two if _undated(source) in shared)


def _once(one: tuple[_Quantity, _Sources], two: tuple[_Quantity, _Sources]) -> Answer:
    """Whether one quantity is printed as of one day."""
    if one[0] != two[0] or _other_publishers(one[1], two[1]):
        return Answer.HOLDS
    days = [{source.published for source in sources} for sources in (one[1], two[1])]
    if None in days[0] | days[1]:
        return Answer.CANNOT_TELL
    return Answer.HOLDS if days[0] == days[1] else Answer.FAILS


def _other_publishers(one: _Sources, two: _Sources) -> bool:
    names = [{source.publisher for source in sources} - {""} for sources in (one, two)]
    return bool(names[0]) and bool(names[1]) and names[0].isdisjoint(names[1])


def _describe_pair(a: Result, b: Result, _limits: Thresholds, answer: Answer) -> Finding:
    if answer is Answer.CANNOT_TELL:
        return Finding(message="when both figures of one quantity were published")
    one, two = _sources(a), _sources(b)
    moved = _moved(one, two)
    return Finding(
        message="one number is of another day of the same publication"
        if moved
        else "two figures of one quantity, published on different days",
        evidence=_listed(moved or (*one, *two)),
        mend="Take both from the newest, which has been revised since",
    )


def _listed(sources: Iterable[Source]) -> tuple[tuple[str, object], ...]:
    return tuple(
        (source.title, "no day stated" if source.published is None else str(source.published))
        for source in sorted(sources, key=lambda source: (str(source.published), source.title))
    )


RULES = (
    Rule(
        code="VINTAGE",
        scope="number",
        check=_check_number,
        describe=_describe_number,
        definition="All of a figure was published on one day, and not revised since.",
        trigger="Fails, as a note, for the flag r (revised); with caution where one publication "
        "stands behind it as of several days.",
        source="Eurostat, observation flags; Eurostat, Statistics Explained: figures are revised "
        "with each collection",
        example="Women among the victims of 2020, out of two releases.",
        mend="Take all of it from the newest, and say of which day it is.",
    ),
    Rule(
        code="VINTAGE",
        scope="pair",
        check=_check_pair,
        describe=_describe_pair,
        weight=Severity.CAUTION,
        definition="Both numbers are of one vintage.",
        trigger="Fails where one publication stands behind the two as of different days, or one "
        "quantity is printed twice, by one publisher, on different days; cannot tell where a "
        "quantity is printed twice and a day is not stated.",
        source="Eurostat, releases ddn-20221213-2 and ddn-20240124-1",
        example="Women among the victims of 2020: 64 % in December 2022, 68 % in January 2024.",
        mend="Take both from the newest, which has been revised since.",
    ),
)
