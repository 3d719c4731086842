"""BASE: a share speaks of the base it was divided by."""

from attrs import evolve

from thbstats.comparability.keys import by_key
from thbstats.comparability.rule import Answers, Finding, Rule, alike, each, worst
from thbstats.comparability.thresholds import Thresholds
from thbstats.results import Answer, Base, Measure, Message, Result, Results, Series, Severity
from thbstats.vocabulary import Overlap

__all__ = ["RULES"]

# Which flow is counted. What else there is to know of it has rules of its own.
_FLOW = ("stage", "measure", "outcome", "body", "kind")


def _stated(number: Result) -> Answer:
    return Answer.CANNOT_TELL if number.base.rule == "not_stated" else Answer.HOLDS


def _check_number(a: Results, _b: Results, _limits: Thresholds) -> Answers:
    return each(a, _stated)


def _describe_number(a: Result, _b: Result, _limits: Thresholds, _answer: Answer) -> Finding:
    return Finding(
        severity=Severity.CAUTION,
        message="the source does not state the base",
        evidence=(("base", a.base.label),),
        mend="Ask for the denominator, or audit which bases are possible",
    )


_Key = tuple[Measure, Series, Series, tuple[object, ...] | None]


def _key(number: Result) -> _Key:
    return number.measure, number.context.counted, number.context.against, _divisor(number.base)


def _divisor(base: Base) -> tuple[object, ...] | None:
    """What tells two bases apart: only a recorded one depends on how it was divided."""
    if base.rule == "not_stated":
        return None
    divided = (base.dimension, base.overlap) if base.rule == "recorded" else ()
    return base.rule, base.within, divided


def _one_kind(a: _Key, b: _Key) -> Answer:
    return alike([a[0], b[0]])


def _one_flow(a: _Key, b: _Key) -> Answer:
    return worst(_same_flow(a[1], b[1]), _same_flow(a[2], b[2]))


def _same_flow(one: Series, two: Series) -> Answer:
    pairs = [(one.get(name), two.get(name)) for name in _FLOW]
    return worst(alike([one.kind, two.kind]), *(alike(pair) for pair in pairs if any(pair)))


def _one_base(a: _Key, b: _Key) -> Answer:
    if None in (a[3], b[3]):
        return Answer.CANNOT_TELL
    return Answer.HOLDS if a[3] == b[3] else Answer.FAILS


_FAILS = "{what}, so that their difference has no meaning of its own"
_UNTOLD = "{what}, so that their difference may have no meaning of its own"
_QUESTIONS = (
    (_one_kind, "the two numbers are of different kinds", ""),
    (_one_flow, "the two numbers count different things", "what is counted is not stated"),
    (_one_base, "the two numbers have different bases", "a base is not stated"),
)


def _same(a: _Key, b: _Key) -> Answer:
    return worst(*(ask(a, b) for ask, _, _ in _QUESTIONS))


def _check_pair(a: Results, b: Results, _limits: Thresholds) -> Answers:
    return by_key(a, b, _key, _same)


def _describe_pair(a: Result, b: Result, _limits: Thresholds, answer: Answer) -> Finding:
    told = answer is Answer.FAILS
    what = next(
        failed if told else untold
        for ask, failed, untold in _QUESTIONS
        if ask(_key(a), _key(b)) is answer
    )
    return Finding(
        severity=None if told else Severity.CAUTION,
        message=Message(_FAILS if told else _UNTOLD, what=what),
        evidence=(("first", _spoken(a)), ("second", _spoken(b))),
        mend='Find out how both were counted; where both can overlap, say overlap="overlapping"'
        if told and _overlap_alone(a, b)
        else "Compute both from the same counts, on the same base",
    )


def _overlap_alone(a: Result, b: Result) -> bool:
    """Whether two numbers that differ would not if the categories of both overlapped."""
    alike = (
        (*_key(number)[:3], _divisor(evolve(number.base, overlap=Overlap.OVERLAPPING)))
        for number in (a, b)
    )
    return _same(*alike) is Answer.HOLDS


def _spoken(number: Result) -> str:
    kind, base = number.measure.replace("_", " "), number.base
    if base.rule == "none":
        return Message("{kind} of {counted}", kind=kind, counted=number.context.counted.label)
    if base.rule == "series":
        return Message(
            "{counted} over {base}", counted=number.context.counted.label, base=base.label
        )
    if base.overlap == "exclusive":
        return Message("{kind} of {base}", kind=kind, base=base.label)
    overlap = base.overlap.label.lower()
    return Message("{kind} of {base}, {overlap}", kind=kind, base=base.label, overlap=overlap)


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
        example='"77 % of trafficking" can be of all victims or of those with a recorded form.',
        mend="Ask for the denominator, or audit which bases are possible.",
    ),
    Rule(
        code="BASE",
        scope="pair",
        check=_check_pair,
        describe=_describe_pair,
        weight=Severity.BLOCKING,
        essential=True,
        definition="Both numbers are of the same kind, of the same flow and on the same base.",
        trigger="Fails where the kind of number, what is counted, the rule of the base or its "
        "selection differ, and for recorded bases their dimension; cannot tell where one of "
        "these is not stated.",
        source="Eurostat leaves the unknown form out of the base, the UK referral statistics "
        "keep it in",
        example="9 759 victims of sexual exploitation are 56 % of those with a recorded form and "
        "47.5 % of all.",
        mend="Compute both from the same counts, on the same base; where only one side is seen to "
        'overlap, say `overlap="overlapping"` for both.',
    ),
)
