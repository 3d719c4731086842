"""AGE: when an age was taken, and who is a child."""

from collections.abc import Iterable
from functools import partial

from attrs import frozen

from thbstats.comparability.documentation import counting
from thbstats.comparability.keys import by_key
from thbstats.comparability.rule import Answers, Finding, Rule, alike, each
from thbstats.comparability.rules._series import Kept, breakdowns, kept, presumed
from thbstats.comparability.thresholds import Thresholds
from thbstats.records import CountingRules
from thbstats.results import Answer, Message, Result, Results, Series, Severity

__all__ = ["RULES", "age_rules"]

_Own = tuple[CountingRules, ...]

_UNTOLD = "the moment at which an age was taken"


@frozen
class _Ages:
    """How the ages in a number were taken, on each side that counts victims."""

    concepts: tuple[str | None, ...]
    limits: tuple[str | None, ...]
    kept: Kept


def _ages(own: _Own, number: Result) -> _Ages | None:
    """Return nothing where ages do not matter."""
    context = number.context
    victims = dict.fromkeys(side for side in (context.counted, context.against))
    sides = [side for side in victims if side.kind == "victims"]
    if "age" not in breakdowns(number) or not sides:
        return None
    rules = [counting(own, context, side) for side in sides]
    pairs = list(zip(sides, rules, strict=True))
    return _Ages(
        tuple(_concept(side, known) for side, known in pairs),
        tuple(_limit(known) for known in rules),
        kept(number),
    )


def _concept(side: Series, rules: CountingRules | None) -> str | None:
    documented_one = None if rules is None else rules.stated("age_concept")
    return side.get("age_concept") or (None if documented_one is None else str(documented_one))


def _limit(rules: CountingRules | None) -> str | None:
    return None if rules is None or rules.child_below is None else str(rules.child_below)


def _stated(own: _Own, number: Result) -> Answer:
    ages = _ages(own, number)
    return Answer.HOLDS if ages is None else alike(ages.concepts)


def _check_number(own: _Own, a: Results, _b: Results, _limits: Thresholds) -> Answers:
    return each(a, partial(_stated, own))


def _describe_number(
    own: _Own, a: Result, _b: Result, _limits: Thresholds, answer: Answer
) -> Finding:
    if answer is Answer.CANNOT_TELL:
        return Finding(message=_UNTOLD)
    return Finding(
        severity=Severity.CAUTION,
        message="numerator and denominator have ages of different moments",
        evidence=(("ages taken", _words(own, a)),),
        mend="Take both by one concept of age",
    )


def _same(one: _Ages | None, two: _Ages | None) -> Answer:
    if one is None or two is None:
        return Answer.HOLDS
    concepts = alike([*one.concepts, *two.concepts])
    limits = {limit for limit in (*one.limits, *two.limits) if limit is not None}
    if concepts is Answer.FAILS or len(limits) > 1:
        return Answer.FAILS
    return Answer.HOLDS if presumed(one.kept, two.kept) else concepts


def _check_pair(own: _Own, a: Results, b: Results, _limits: Thresholds) -> Answers:
    return by_key(a, b, partial(_ages, own), _same)


def _describe_pair(own: _Own, a: Result, b: Result, _limits: Thresholds, answer: Answer) -> Finding:
    if answer is Answer.CANNOT_TELL:
        return Finding(message=_UNTOLD)
    return Finding(
        message=Message(
            "children are told from adults differently: {first} and {second}",
            first=_words(own, a),
            second=_words(own, b),
        ),
        evidence=(("first", _words(own, a)), ("second", _words(own, b))),
        mend="Compare ages taken at one moment, with one limit",
    )


def _words(own: _Own, number: Result) -> str:
    ages = _ages(own, number)
    concepts = [] if ages is None else [concept or "not stated" for concept in ages.concepts]
    limits = [] if ages is None else [f"under {limit}" for limit in ages.limits if limit]
    return ", ".join(dict.fromkeys([*concepts, *limits])).replace("_", " ")


def age_rules(documents: Iterable[CountingRules] = ()) -> tuple[Rule, ...]:
    """Return the rules of this family, with what somebody knows beside the library.

    Parameters
    ----------
    documents : iterable of CountingRules
        How reporters take ages, and who is a child there.

    Returns
    -------
    tuple of Rule
        One for numbers, one for pairs.
    """
    own = tuple(documents)
    return (
        Rule(
            code="AGE",
            scope="number",
            check=partial(_check_number, own),
            describe=partial(_describe_number, own),
            definition="The source says at which moment the ages of victims were taken.",
            trigger="Fails where numerator and denominator have ages of different moments; cannot "
            "tell, for numbers that are divided by age, where the moment is not stated.",
            source="ONS, SDG indicator 16.2.2, footnote 1; CTDC, codebook: at registration, entry "
            "and exploitation",
            example="A victim recruited at 17 and registered at 19 is a child at entry and an "
            "adult at registration.",
            mend="Take both by one concept of age.",
        ),
        Rule(
            code="AGE",
            scope="pair",
            check=partial(_check_pair, own),
            describe=partial(_describe_pair, own),
            weight=Severity.CAUTION,
            definition="Both numbers have ages taken at one moment, and one limit between child "
            "and adult.",
            trigger="Fails where the moments, or documented limits, differ; cannot tell where a "
            "moment is not stated, and then presumed to hold for one source, place and series.",
            source="Directive 2011/36/EU, article 2(6): a child is below 18; ONS, SDG indicator "
            "16.2.2, footnote 1",
            example="Children at exploitation, in the United Kingdom's referral tables, beside "
            "children at registration.",
            mend="Compare ages taken at one moment, with one limit.",
        ),
    )


RULES = age_rules()
