"""PERIOD: how long, when, and by which calendar."""

from datetime import timedelta

from thbstats.comparability.keys import by_key
from thbstats.comparability.rule import Answers, Finding, Rule, Weights, each, worst
from thbstats.comparability.thresholds import Thresholds
from thbstats.results import Answer, Measure, Message, Result, Results, Severity
from thbstats.values import Certainty, Period

__all__ = ["RULES"]


_UNTOLD = "the exact reference period"


def _whole(number: Result) -> Answer:
    period = number.context.period
    if period.certainty is not Certainty.EXACT:
        return Answer.CANNOT_TELL
    return Answer.FAILS if period.years is None else Answer.HOLDS


def _outside(number: Result) -> list[Period]:
    """When inhabitants were counted outside of the period; the day after it is its end too."""
    period, exposure = number.context.period, number.context.exposure
    if exposure is None or period.end is None:
        return []
    after = period.end + timedelta(days=1)
    return [when for when in exposure.counted if not period.covers(when) and when.start != after]


def _inhabited(number: Result) -> Answer:
    return Answer.FAILS if _outside(number) else Answer.HOLDS


def _check_number(a: Results, _b: Results, _limits: Thresholds) -> Answers:
    return each(a, lambda number: worst(_whole(number), _inhabited(number)))


def _describe_number(a: Result, _b: Result, _limits: Thresholds, answer: Answer) -> Finding:
    if answer is Answer.CANNOT_TELL:
        return Finding(severity=Severity.NOTE, message=_UNTOLD)
    return _other_time(a) if _outside(a) else _broken(a.context.period)


def _other_time(number: Result) -> Finding:
    times = tuple(str(when.start) if when.days == 1 else str(when) for when in _outside(number))
    return Finding(
        severity=Severity.CAUTION,
        message=Message(
            "the counts are of {period}, and the population is of another time: {times}",
            period=number.context.period,
            times=times,
        ),
        evidence=(("population", ", ".join(times)),),
        mend="Take the population of the period",
    )


def _broken(period: Period) -> Finding:
    return Finding(
        severity=Severity.NOTE,
        message=Message(
            "{period} is not made of whole years, and no annual figure can be set beside it",
            period=period,
        ),
        evidence=(("days", period.days),),
        mend="Ask for the figures of whole years",
    )


def _period(number: Result) -> Period:
    return number.context.period


def _same_shape(one: Period, two: Period) -> Answer:
    if not one.certainty == two.certainty == Certainty.EXACT:
        return Answer.CANNOT_TELL
    return Answer.FAILS if one != two and _differences(one, two) else Answer.HOLDS


def _differences(one: Period, two: Period) -> list[str]:
    found: list[str] = []
    if not _same_length(one, two):
        found.append(
            Message(
                "{first} has {days} days and {second} has {others}",
                first=one,
                days=one.days,
                second=two,
                others=two.days,
            )
        )
    if one.overlaps(two):
        found.append(Message("{first} and {second} share days", first=one, second=two))
    if _first_day(one) != _first_day(two):
        found.append("their years start on different days")
    return found


def _same_length(one: Period, two: Period) -> bool:
    """Whole years are as long as each other, leap days or not."""
    if one.years is not None and two.years is not None:
        return one.years == two.years
    return one.days == two.days


def _first_day(period: Period) -> tuple[int, int] | None:
    """The day of the year on which it starts, as 1 January or 1 April."""
    return None if period.start is None else (period.start.month, period.start.day)


def _check_pair(a: Results, b: Results, _limits: Thresholds) -> Answers:
    return by_key(a, b, _period, _same_shape)


def _weight(a: Results, b: Results, _limits: Thresholds) -> Weights:
    return by_key(a, b, _period_and_measure, _weighed)


def _period_and_measure(number: Result) -> tuple[Period, Measure]:
    return number.context.period, number.measure


def _weighed(one: tuple[Period, Measure], two: tuple[Period, Measure]) -> Severity:
    counts = Measure.COUNT in (one[1], two[1])
    lengths = counts and not _same_length(one[0], two[0])
    return Severity.BLOCKING if lengths else Severity.CAUTION


def _describe_pair(a: Result, b: Result, _limits: Thresholds, answer: Answer) -> Finding:
    if answer is Answer.CANNOT_TELL:
        return Finding(severity=Severity.NOTE, message=_UNTOLD)
    one, two = a.context.period, b.context.period
    return Finding(
        message=Message("the reference periods differ: {how}", how=_differences(one, two)),
        evidence=(("first", str(one)), ("second", str(two))),
        mend="Compare periods of the same length that share no day",
    )


RULES = (
    Rule(
        code="PERIOD",
        scope="number",
        check=_check_number,
        describe=_describe_number,
        definition="The reference period is stated exactly, and made of whole years; the "
        "population of a rate is of the same time.",
        trigger="Fails, as a note, for broken years, and with caution where inhabitants were "
        "counted outside of the period; cannot tell where the period is approximate or not "
        "stated.",
        source="COM(2018) 777, section I: narrative information mainly covers 2014-2016",
        example="The United Kingdom's referral mechanism began on 1 April 2009: nine months.",
        mend="Ask for the figures of whole years.",
    ),
    Rule(
        code="PERIOD",
        scope="pair",
        check=_check_pair,
        describe=_describe_pair,
        weight=_weight,
        definition="Both periods are equal, or of one length and calendar and apart.",
        trigger="Fails where lengths differ (blocking for counts), days are shared by unequal "
        "periods, or a fiscal year meets a calendar year; cannot tell where a period is "
        "approximate or not stated.",
        source="COM(2018) 777: 2015-2016 statistics, 2016-2017 Europol, 2014-2015 joint teams",
        example="15 846 victims of two years beside 30 146 of three.",
        mend="Compare periods of the same length that share no day.",
    ),
)
