"""REGISTER: who registered."""

from thbstats.comparability.keys import by_key
from thbstats.comparability.rule import Answers, Finding, Rule, alike, each
from thbstats.comparability.rules._series import Kept, kept, presumed
from thbstats.comparability.thresholds import Thresholds
from thbstats.results import Answer, Message, Result, Results, Severity
from thbstats.vocabulary import RegisteringBody

__all__ = ["RULES"]

_Bodies = tuple[str | None, str | None]


def _bodies(number: Result) -> _Bodies:
    return number.context.counted.get("register"), number.context.against.get("register")


def _one_kind(number: Result) -> tuple[str, ...]:
    """The kinds of body behind a number that does not unite all of them."""
    found = dict.fromkeys(body for body in _bodies(number) if body)
    return tuple(body for body in found if body != RegisteringBody.ALL)


def _check_number(a: Results, _b: Results, _limits: Thresholds) -> Answers:
    return each(a, lambda number: Answer.FAILS if _one_kind(number) else Answer.HOLDS)


def _describe_number(a: Result, _b: Result, _limits: Thresholds, _answer: Answer) -> Finding:
    differ = alike(body for body in _bodies(a) if body) is Answer.FAILS
    names = tuple(RegisteringBody(body).label for body in _one_kind(a))
    return Finding(
        severity=Severity.CAUTION if differ else Severity.NOTE,
        message=Message("registered by one kind of body: {bodies}", bodies=names),
        evidence=(("registered by", ", ".join(names)),),
        mend="Say who registered, and speak of all victims only where every body is in",
    )


def _told(number: Result) -> tuple[_Bodies, Kept]:
    return _bodies(number), kept(number)


def _same(one: tuple[_Bodies, Kept], two: tuple[_Bodies, Kept]) -> Answer:
    found = [alike(sides) for sides in zip(one[0], two[0], strict=True)]
    if Answer.FAILS in found:
        return Answer.FAILS
    told = Answer.CANNOT_TELL not in found
    return Answer.HOLDS if told or presumed(one[1], two[1]) else Answer.CANNOT_TELL


def _check_pair(a: Results, b: Results, _limits: Thresholds) -> Answers:
    return by_key(a, b, _told, _same)


def _describe_pair(a: Result, b: Result, _limits: Thresholds, answer: Answer) -> Finding:
    if answer is Answer.CANNOT_TELL:
        return Finding(message="which bodies registered")
    return Finding(
        message="different bodies registered what the two numbers count",
        evidence=(("first", _words(a)), ("second", _words(b))),
        mend="Compare the police with the police, all bodies with all bodies",
    )


def _words(number: Result) -> str:
    found = dict.fromkeys(_bodies(number))
    return " over ".join(RegisteringBody(body or "not_stated").label for body in found)


RULES = (
    Rule(
        code="REGISTER",
        scope="number",
        check=_check_number,
        describe=_describe_number,
        definition="Every body that registers is in the figure.",
        trigger="Fails, as a note, where the source says that one kind of body registered; with "
        "caution where numerator and denominator are of different ones.",
        source="EIGE, metadata of crim_thb_vsage: Belgium's figures come from the police, from "
        "reception centres and from the Immigration Office",
        example="Victims registered by the police only, where organisations register too.",
        mend="Say who registered, and speak of all victims only where every body is in.",
    ),
    Rule(
        code="REGISTER",
        scope="pair",
        check=_check_pair,
        describe=_describe_pair,
        weight=Severity.CAUTION,
        definition="The same bodies registered what both numbers count.",
        trigger="Fails where one kind of body stands beside another or beside all; cannot tell "
        "where one is not stated, and then presumed to hold for one source, place and series.",
        source="EIGE, metadata of crim_thb_vsage",
        example="Victims registered by the police beside those registered by all bodies.",
        mend="Compare the police with the police, all bodies with all bodies.",
    ),
)
