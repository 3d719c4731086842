"""MEMBERSHIP: which countries an area has, and since when."""

from thbstats.comparability.keys import by_key
from thbstats.comparability.rule import Answers, Finding, Rule, each, worst
from thbstats.comparability.thresholds import Thresholds
from thbstats.geography import COMPOSITIONS, eu_members, straddles_change
from thbstats.results import Answer, Message, Result, Results, Severity

__all__ = ["RULES"]

# Groups that depend on who was a member of the Union when.
_BY_MEMBERSHIP = {"eu", "other_eu", "non_eu"}


def _grouped(number: Result) -> bool:
    words = {
        word for name, word in (*number.category, *number.base.within) if name == "citizenship"
    }
    return bool(words & _BY_MEMBERSHIP)


def _compositions(number: Result) -> list[frozenset[str]] | None:
    """The compositions that citizenship groups follow; ``None`` where nobody can tell.

    A composition that a source names settles it; else membership on the days of the period.
    """
    name = number.context.area.code.partition(" without ")[0]
    if name in COMPOSITIONS:
        return [COMPOSITIONS[name].members]
    start, end = number.context.period.start, number.context.period.end
    if start is None or end is None:
        return None
    return [eu_members(day) for day in (start, *straddles_change(start, end))]


def _settled(number: Result) -> Answer:
    """Whether citizenship groups keep their meaning through the period."""
    found = _compositions(number)
    if not _grouped(number):
        return Answer.HOLDS
    if found is None:
        return Answer.CANNOT_TELL
    return Answer.HOLDS if len(found) == 1 else Answer.FAILS


def _inhabited(number: Result) -> Answer:
    """Whether a rate is over the inhabitants of the area of which it speaks."""
    exposure = number.context.exposure
    own = exposure is None or exposure.area == number.context.area
    return Answer.HOLDS if own else Answer.FAILS


def _check_number(a: Results, _b: Results, _limits: Thresholds) -> Answers:
    return each(a, lambda number: worst(_settled(number), _inhabited(number)))


def _describe_number(a: Result, _b: Result, _limits: Thresholds, answer: Answer) -> Finding:
    if answer is Answer.CANNOT_TELL:
        return Finding(severity=Severity.NOTE, message="which EU composition the groups follow")
    if _inhabited(a) is Answer.FAILS:
        return _other_inhabitants(a)
    first, *_, last = _compositions(a) or []
    return Finding(
        severity=Severity.CAUTION,
        message=Message(
            "the membership of the EU changed during {period}, so that EU and non-EU citizens are "
            "not the same groups at its start and its end",
            period=a.period,
        ),
        evidence=(("joined or left", ", ".join(sorted(first ^ last))),),
        mend="Split the period at the change, or name the composition that the source used",
    )


def _other_inhabitants(number: Result) -> Finding:
    counted, exposure = number.context.area, number.context.exposure
    inhabited = counted if exposure is None else exposure.area
    sides = (
        ("only counted", counted.members - inhabited.members),
        ("only in the population", inhabited.members - counted.members),
    )
    return Finding(
        severity=Severity.CAUTION,
        message=Message(
            "the counts are of {area} and the population is of {population}: different sets of "
            "countries",
            area=counted.code,
            population=inhabited.code,
        ),
        evidence=tuple((name, ", ".join(sorted(members))) for name, members in sides if members),
        mend="Take the population of the countries that counted",
    )


_Groups = tuple[frozenset[str], ...] | None
_Key = tuple[frozenset[str], bool, _Groups]


def _key(number: Result) -> _Key:
    """The area, whether citizens are grouped, and by which compositions they then are."""
    members = number.context.area.members
    if not _grouped(number):
        return members, False, None
    found = _compositions(number)
    return members, True, None if found is None else tuple(found)


def _same_area(a: _Key, b: _Key) -> Answer:
    one, two = a[0], b[0]
    if not one or not two:
        return Answer.CANNOT_TELL
    return Answer.HOLDS if one == two or len(one) == len(two) == 1 else Answer.FAILS


def _same_groups(a: _Key, b: _Key) -> Answer:
    if not (a[1] and b[1]):
        return Answer.HOLDS
    if a[2] is None or b[2] is None:
        return Answer.CANNOT_TELL
    return Answer.HOLDS if a[2] == b[2] else Answer.FAILS


def _same(a: _Key, b: _Key) -> Answer:
    return worst(_same_area(a, b), _same_groups(a, b))


def _check_pair(a: Results, b: Results, _limits: Thresholds) -> Answers:
    return by_key(a, b, _key, _same)


def _describe_pair(a: Result, b: Result, _limits: Thresholds, answer: Answer) -> Finding:
    area = _same_area(_key(a), _key(b))
    if answer is Answer.CANNOT_TELL:
        known = area is Answer.HOLDS
        message = "which EU composition the groups follow" if known else "the area of both numbers"
        return Finding(severity=Severity.NOTE, message=message)
    return _other_areas(a, b) if area is Answer.FAILS else _other_groups(a, b)


def _other_areas(a: Result, b: Result) -> Finding:
    return Finding(
        message=Message(
            "{first} and {second} are different sets of countries", first=a.area, second=b.area
        ),
        evidence=_differing(a.context.area.members, b.context.area.members),
        mend="Compute both for the countries that the two areas share",
    )


def _other_groups(a: Result, b: Result) -> Finding:
    one, two = (frozenset().union(*(_compositions(number) or [])) for number in (a, b))
    return Finding(
        message="the membership of the EU changed between the two numbers, so that EU and non-EU "
        "citizens are not the same groups in both",
        evidence=_differing(one, two),
        mend="Take the countries of citizenship, and group both by one composition",
    )


def _differing(one: frozenset[str], two: frozenset[str]) -> tuple[tuple[str, str], ...]:
    sides = (("only in the first", one - two), ("only in the second", two - one))
    return tuple((name, ", ".join(sorted(members))) for name, members in sides if members)


RULES = (
    Rule(
        code="MEMBERSHIP",
        scope="number",
        check=_check_number,
        describe=_describe_number,
        definition="Groups defined by EU membership mean the same through the period; the "
        "population of a rate is that of the area counted.",
        trigger="Fails for EU and non-EU citizens over a period in which the Union changed, unless "
        "the area is a composition that the source names, and for a rate over the inhabitants of "
        "another area; cannot tell without a period.",
        source="Croatia joined on 1 July 2013; the United Kingdom's last day was 31 January 2020",
        example="EU citizens among the victims of 2013: Croatians are among them from 1 July.",
        mend="Split the period at the change, or name the composition that the source used.",
    ),
    Rule(
        code="MEMBERSHIP",
        scope="pair",
        check=_check_pair,
        describe=_describe_pair,
        weight=Severity.CAUTION,
        definition="Both areas are the same set of countries, under whatever name, and so are "
        "the citizenship groups.",
        trigger="Fails where the sets differ and at least one is an aggregate, or where the Union "
        "changed between two numbers of EU or non-EU citizens; cannot tell where an area or a "
        "period is not stated.",
        source="COM(2018) 777, section II: EU28 with and without the United Kingdom",
        example="60 % of the victims of EU27 in 2017-2018 beside 56 % of those of EU28 in "
        "2015-2016.",
        mend="Compute both for the countries that the two areas share: EU28 without UK is "
        "EU27_2020.",
    ),
)
