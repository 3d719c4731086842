"""OFFENCE: the charge can change between stages."""

from thbstats.comparability.keys import by_key
from thbstats.comparability.rule import Answers, Finding, Rule, alike, each, worst
from thbstats.comparability.rules._stages import is_justice_ratio, one_stage
from thbstats.comparability.thresholds import Thresholds
from thbstats.results import Answer, Result, Results, Severity

__all__ = ["RULES"]


def _offences(number: Result) -> tuple[str | None, ...]:
    sides = (number.context.counted, number.context.against)
    return tuple(side.get("offence") for side in sides if side.kind == "justice")


def _unchanged(number: Result) -> Answer:
    if not is_justice_ratio(number):
        return Answer.HOLDS
    stated = alike(_offences(number))
    # Whether charges changed on the way can only be asked of one offence.
    return stated if stated is Answer.CANNOT_TELL else worst(stated, one_stage(number))


def _check_number(a: Results, _b: Results, _limits: Thresholds) -> Answers:
    return each(a, _unchanged)


def _describe_number(a: Result, _b: Result, _limits: Thresholds, answer: Answer) -> Finding:
    if answer is Answer.CANNOT_TELL:
        return Finding(severity=Severity.NOTE, message="offence and stage on both sides")
    counted, against = _offences(a)
    if counted != against:
        return Finding(
            severity=Severity.CAUTION,
            message="numerator and denominator count different offences",
            evidence=(("numerator", _words(counted)), ("denominator", _words(against))),
            mend="Keep trafficking and the knowing use of services apart",
        )
    return Finding(
        severity=Severity.NOTE,
        message="charges can be brought for other offences on the way, which leave the later "
        "count and stay in the earlier one",
        evidence=(("offence", _words(counted)),),
        mend="Ask for convictions of any offence among those prosecuted for this one",
    )


def _check_pair(a: Results, b: Results, _limits: Thresholds) -> Answers:
    return by_key(a, b, _offences, lambda one, two: alike([*one, *two]))


def _describe_pair(a: Result, b: Result, _limits: Thresholds, answer: Answer) -> Finding:
    if answer is Answer.CANNOT_TELL:
        return Finding(severity=Severity.NOTE, message="the offence on both sides")
    first, second = (" over ".join(dict.fromkeys(map(_words, _offences(x)))) for x in (a, b))
    return Finding(
        message="the two numbers speak of different offences",
        evidence=(("first", first or "none"), ("second", second or "none")),
        mend="Keep trafficking and the knowing use of services apart",
    )


def _words(offence: str | None) -> str:
    return (offence or "not stated").replace("_", " ")


RULES = (
    Rule(
        code="OFFENCE",
        scope="number",
        check=_check_number,
        describe=_describe_number,
        definition="Both stages count the same offence as it was charged first.",
        trigger="Fails, as a note, for every ratio between two stages; with caution where the "
        "offences differ; cannot tell where the offence or a stage is not stated.",
        source="COM(2018) 777, section III.2: charges for money laundering or offences related "
        "to prostitution instead",
        example="Those charged with money laundering in place of trafficking are among the 7 503 "
        "suspects and not among the 2 927 convictions.",
        mend="Ask for convictions of any offence among those prosecuted for this one.",
    ),
    Rule(
        code="OFFENCE",
        scope="pair",
        check=_check_pair,
        describe=_describe_pair,
        weight=Severity.BLOCKING,
        definition="Both numbers speak of the same offence.",
        trigger="Fails where trafficking meets the knowing use of services; cannot tell where one "
        "does not say.",
        source="Directive 2011/36/EU, articles 2 and 18(4)",
        example="18 convictions for the use of services beside 2 927 for trafficking.",
        mend="Keep trafficking and the knowing use of services apart.",
    ),
)
