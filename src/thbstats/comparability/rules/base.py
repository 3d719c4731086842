"""BASE: a share speaks of the base it was divided by."""

from thbstats.comparability.rule import Answers, Finding, Rule, each, each_pair
from thbstats.comparability.thresholds import Thresholds
from thbstats.results import Answer, Base, Result, Results, Severity

__all__ = ["RULES"]


def _stated(number: Result) -> Answer:
    return Answer.CANNOT_TELL if number.base.rule == "not_stated" else Answer.HOLDS


def _check_number(a: Results, _b: Results, _limits: Thresholds) -> Answers:
    return each(a, _stated)


def _describe_number(a: Result, _b: Result, _limits: Thresholds, _answer: Answer) -> Finding:
    return Finding(
        severity=Severity.CAUTION,
        message=f"the source does not state the base of {a.label} ({a.shown})",
        evidence=(("base", f"{a.base.label} between {a.denominator}"),),
        mend="Ask for the denominator, or audit which bases are possible",
    )


def _key(base: Base) -> tuple[object, ...]:
    return base.rule, base.dimension, base.within, base.overlap


def _same(a: Result, b: Result) -> Answer:
    if a.measure is not b.measure:
        return Answer.FAILS
    if "not_stated" in (a.base.rule, b.base.rule):
        return Answer.CANNOT_TELL
    return Answer.HOLDS if _key(a.base) == _key(b.base) else Answer.FAILS


def _check_pair(a: Results, b: Results, _limits: Thresholds) -> Answers:
    return each_pair(a, b, _same)


def _describe_pair(a: Result, b: Result, _limits: Thresholds, answer: Answer) -> Finding:
    told = answer is Answer.CANNOT_TELL
    what = "a base is not stated" if told else "the two numbers have different bases"
    return Finding(
        severity=Severity.CAUTION if told else Severity.BLOCKING,
        message=f"{what}, so that their difference has no meaning of its own",
        evidence=(
            ("first", f"{a.measure} of {a.base.label}"),
            ("second", f"{b.measure} of {b.base.label}"),
        ),
        mend="Compute both on the same base",
    )


RULES = (
    Rule(
        code="BASE",
        scope="number",
        check=_check_number,
        describe=_describe_number,
        essential=True,
        definition="The denominator of a share is stated.",
        trigger="Cannot tell where the source prints a percentage and not its base.",
        source="COM(2018) 777, sections II and II.1: 56 % of those with a recorded form is "
        "printed as 56 % of trafficking",
    ),
    Rule(
        code="BASE",
        scope="pair",
        check=_check_pair,
        describe=_describe_pair,
        essential=True,
        definition="Both numbers are of the same kind and on the same base.",
        trigger="Fails where kind of number, rule of the base, its dimension or its selection "
        "differ; cannot tell where a base is not stated.",
        source="Eurostat leaves the unknown form out of the base, the UK referral statistics "
        "keep it in",
    ),
)
