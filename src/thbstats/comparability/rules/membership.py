"""MEMBERSHIP: which countries an area has, and since when."""

from thbstats.comparability.rule import Answers, Finding, Rule, each, each_pair
from thbstats.comparability.thresholds import Thresholds
from thbstats.geography import straddles_change
from thbstats.results import Answer, Result, Results, Severity

__all__ = ["RULES"]

# Groups that depend on who was a member of the Union when.
_BY_MEMBERSHIP = {"eu", "other_eu", "non_eu"}


def _settled(number: Result) -> Answer:
    """Whether citizenship groups keep their meaning through the period.

    A composition that a source names settles it; for one country membership at a date decides.
    """
    groups = {word for name, word in number.category if name == "citizenship"}
    if not groups & _BY_MEMBERSHIP or len(number.context.area.members) > 1:
        return Answer.HOLDS
    start, end = number.context.period.start, number.context.period.end
    if start is None or end is None:
        return Answer.CANNOT_TELL
    return Answer.FAILS if straddles_change(start, end) else Answer.HOLDS


def _check_number(a: Results, _b: Results, _limits: Thresholds) -> Answers:
    return each(a, _settled)


def _describe_number(a: Result, _b: Result, _limits: Thresholds, answer: Answer) -> Finding:
    if answer is Answer.CANNOT_TELL:
        return Finding(severity=Severity.NOTE, message="which EU composition the groups follow")
    start, end = a.context.period.start, a.context.period.end
    changes = () if start is None or end is None else straddles_change(start, end)
    return Finding(
        severity=Severity.CAUTION,
        message=f"the membership of the EU changed during {a.period}, so that EU and non-EU "
        "citizens are not the same groups at its start and its end",
        evidence=(("changes", ", ".join(str(day) for day in changes)),),
        mend="Split the period at the change, or name the composition that the source used",
    )


def _same(a: Result, b: Result) -> Answer:
    one, two = a.context.area.members, b.context.area.members
    return Answer.HOLDS if one == two or len(one) == len(two) == 1 else Answer.FAILS


def _check_pair(a: Results, b: Results, _limits: Thresholds) -> Answers:
    return each_pair(a, b, _same)


def _describe_pair(a: Result, b: Result, _limits: Thresholds, _answer: Answer) -> Finding:
    one, two = a.context.area.members, b.context.area.members
    return Finding(
        severity=Severity.CAUTION,
        message=f"{a.area} and {b.area} are different sets of countries",
        evidence=(
            ("only in the first", ", ".join(sorted(one - two)) or "none"),
            ("only in the second", ", ".join(sorted(two - one)) or "none"),
        ),
        mend="Compute both for the countries that the two areas share",
    )


RULES = (
    Rule(
        code="MEMBERSHIP",
        scope="number",
        check=_check_number,
        describe=_describe_number,
        definition="Groups defined by EU membership mean the same through the period.",
        trigger="Fails for EU and non-EU citizens in one country's figures over a period in "
        "which the Union changed.",
        source="Croatia joined on 1 July 2013; the United Kingdom's last day was 31 January 2020",
    ),
    Rule(
        code="MEMBERSHIP",
        scope="pair",
        check=_check_pair,
        describe=_describe_pair,
        definition="Both areas are the same set of countries, under whatever name.",
        trigger="Fails where the sets differ and at least one is an aggregate.",
        source="COM(2018) 777, section II: EU28 with and without the United Kingdom",
    ),
)
