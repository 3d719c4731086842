"""FLAGS: provisional, estimated, of low reliability."""

from thbstats.comparability.keys import by_key
from thbstats.comparability.rule import Answers, Finding, Rule, each
from thbstats.comparability.thresholds import Thresholds
from thbstats.results import Answer, Message, Result, Results, Severity
from thbstats.values import FLAG_LABELS

__all__ = ["RULES"]

# What else flags say has a family of its own (break, confidential, revised) or is a reason why a
# count is missing.
_ELSEWHERE = frozenset("bcmrz")
_GRAVE = frozenset("dfu")


def _told(number: Result) -> frozenset[str]:
    return number.context.flags - _ELSEWHERE


def _known(number: Result) -> frozenset[str]:
    return _told(number).intersection(FLAG_LABELS)


def _check_number(a: Results, _b: Results, _limits: Thresholds) -> Answers:
    return each(a, lambda number: Answer.FAILS if _told(number) else Answer.HOLDS)


def _describe_number(a: Result, _b: Result, _limits: Thresholds, _answer: Answer) -> Finding:
    flags = _told(a)
    return Finding(
        severity=_weight(flags),
        message=Message("the source flags it: {flags}", flags=_labels(flags)),
        evidence=(("flags", "".join(sorted(flags))),),
        mend=_mend(flags),
    )


def _weight(flags: frozenset[str]) -> Severity:
    return Severity.CAUTION if flags & _GRAVE else Severity.NOTE


def _labels(flags: frozenset[str]) -> tuple[str, ...]:
    return tuple(
        FLAG_LABELS.get(flag) or Message("flag {letter} is not known", letter=flag)
        for flag in sorted(flags)
    )


def _mend(flags: frozenset[str]) -> str:
    if "d" in flags:
        return "Ask in what its definition differs, and say it as CountingRules"
    return "Say it beside the figure, and look whether a final one is out"


def _check_pair(a: Results, b: Results, _limits: Thresholds) -> Answers:
    return by_key(a, b, _known, lambda one, two: Answer.HOLDS if one == two else Answer.FAILS)


def _weight_pair(a: Results, b: Results, _limits: Thresholds) -> Answers:
    return by_key(a, b, _known, lambda one, two: _weight(one ^ two))


def _describe_pair(a: Result, b: Result, _limits: Thresholds, _answer: Answer) -> Finding:
    one, two = _known(a), _known(b)
    return Finding(
        message=Message("one of the two numbers is flagged: {flags}", flags=_labels(one ^ two)),
        evidence=(("first", _letters(one)), ("second", _letters(two))),
        mend="Compare figures of one standing, or say which of the two is not final",
    )


def _letters(flags: frozenset[str]) -> str:
    return "".join(sorted(flags)) or "none"


RULES = (
    Rule(
        code="FLAGS",
        scope="number",
        check=_check_number,
        describe=_describe_number,
        definition="The source sets no reservation beside the figure.",
        trigger="Fails for the flags e, i, n, p and s and for letters that are not known, as a "
        "note; for d (definition differs), f (forecast) and u (low reliability) with caution. "
        "Breaks, revisions and confidential counts have families of their own.",
        source="Eurostat, observation flags",
        example="A figure with the flags ep is estimated and provisional.",
        mend="Say it beside the figure, and look whether a final one is out.",
    ),
    Rule(
        code="FLAGS",
        scope="pair",
        check=_check_pair,
        describe=_describe_pair,
        weight=_weight_pair,
        definition="Both numbers are of one standing.",
        trigger="Fails where a known flag stands at one of them only: caution for d, f and u, "
        "else a note.",
        source="Eurostat, observation flags",
        example="A provisional figure of the last year beside a final one of the year before.",
        mend="Compare figures of one standing, or say which of the two is not final.",
    ),
)
