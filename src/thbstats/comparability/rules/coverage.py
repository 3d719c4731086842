"""COVERAGE: a figure speaks of the countries that reported."""

from attrs import evolve

from thbstats.comparability.rule import Answers, Finding, Rule, each, each_pair
from thbstats.comparability.thresholds import Thresholds
from thbstats.records import Source
from thbstats.results import Answer, Context, Result, Results, Severity
from thbstats.values import Interval, Rational

__all__ = ["RULES"]


def _expected(context: Context) -> frozenset[str]:
    """The countries that should report: as documented, else all of the area."""
    return context.area.members if context.expected is None else context.expected


def _reporters(context: Context) -> frozenset[str] | None:
    """The countries behind a number, where they are listed or can only be all of them."""
    if context.reporters is not None:
        return context.reporters
    expected = _expected(context)
    everyone = context.n_reporters is not None and context.n_reporters >= len(expected)
    return expected if everyone or len(context.area.members) == 1 else None


def _number(context: Context) -> int | None:
    """How many of the expected countries stand behind a number."""
    reporters, expected = _reporters(context), _expected(context)
    if not expected:
        return None
    return context.n_reporters if reporters is None else len(reporters & expected)


def _complete(number: Result) -> Answer:
    reported = _number(number.context)
    if reported is None:
        return Answer.CANNOT_TELL
    return Answer.HOLDS if reported >= len(_expected(number.context)) else Answer.FAILS


def _check_number(a: Results, _b: Results, _limits: Thresholds) -> Answers:
    return each(a, _complete)


def _describe_number(a: Result, _b: Result, limits: Thresholds, _answer: Answer) -> Finding:
    context = a.context
    reported, expected = _number(context), _expected(context)
    if reported is None:
        return Finding(
            severity=Severity.NOTE,
            message="which countries stand behind the figure is not documented",
            mend="Ask for the country rows, or for the list of reporting countries",
        )
    reporters = _reporters(context)
    lists = (
        ()
        if reporters is None
        else (("reporting", reporters & expected), ("missing", expected - reporters))
    )
    thin = reported < limits.coverage * len(expected)
    return Finding(
        severity=Severity.CAUTION if thin else Severity.NOTE,
        message=f"{reported} of {len(expected)} countries stand behind the figure"
        if reported
        else "nobody reported what the figure needs",
        evidence=tuple((name, _listed(countries)) for name, countries in lists),
        mend="Say how many countries reported, and quote the bounds for the whole area",
    )


def _listed(countries: frozenset[str]) -> str:
    return ", ".join(sorted(countries)) or "none"


def _both(a: Result, b: Result) -> tuple[frozenset[str], frozenset[str]] | None:
    """The reporters of each among the countries that both areas have, where both are listed."""
    one, two = _reporters(a.context), _reporters(b.context)
    if one is None or two is None:
        return None
    common = a.context.area.members & b.context.area.members
    return one & common, two & common


def _publications(context: Context) -> frozenset[Source]:
    """Where the inputs were published, whichever section they stand in."""
    return frozenset(evolve(source, section="") for source in context.sources)


def _same(a: Result, b: Result) -> Answer:
    one, two = a.context, b.context
    listed = _both(a, b)
    if listed is not None:
        return Answer.HOLDS if listed[0] == listed[1] else Answer.FAILS
    numbers = {_number(one), _number(two)}
    if one.area == two.area and None not in numbers and len(numbers) == 2:
        return Answer.FAILS
    published = _publications(one)
    same_table = bool(published) and published == _publications(two) and one.period == two.period
    return Answer.HOLDS if same_table else Answer.CANNOT_TELL


def _check_pair(a: Results, b: Results, _limits: Thresholds) -> Answers:
    return each_pair(a, b, _same)


def _describe_pair(a: Result, b: Result, limits: Thresholds, answer: Answer) -> Finding:
    if answer is Answer.CANNOT_TELL:
        return Finding(
            severity=Severity.NOTE,
            message="whether the same countries stand behind both numbers is not documented",
            mend="Ask for the lists of reporting countries of both publications",
        )
    listed = _both(a, b)
    shared = frozenset[str]() if listed is None else listed[0] & listed[1]
    matched = [_matched(number, shared) for number in (a, b)]
    return Finding(
        severity=Severity.CAUTION if _matters(a, b, matched, limits) else Severity.NOTE,
        message="different countries stand behind the two numbers",
        evidence=_numbers_only(a, b) if listed is None else _like_for_like(a, b, listed, matched),
        mend="Compare the figures over the countries that reported both",
    )


_Evidence = tuple[tuple[str, object], ...]
_Matched = tuple[Interval, Rational]


def _numbers_only(a: Result, b: Result) -> _Evidence:
    return tuple(
        (name, f"{_number(number.context)} countries, not listed")
        for name, number in (("first", a), ("second", b))
    )


def _like_for_like(
    a: Result,
    b: Result,
    listed: tuple[frozenset[str], frozenset[str]],
    matched: list[_Matched | None],
) -> _Evidence:
    one, two = listed
    shown = [
        number.measure.show(found[0])
        for number, found in zip((a, b), matched, strict=True)
        if found is not None
    ]
    return (
        ("only in the first", _listed(one - two)),
        ("only in the second", _listed(two - one)),
        ("in both", f"{len(one & two)} ({_listed(one & two)})"),
        *([("like for like", " and ".join(shown))] if len(shown) == 2 else []),
    )


def _matched(number: Result, shared: frozenset[str]) -> _Matched | None:
    """The number over the shared countries, and their share of its base."""
    parts = number.parts
    if parts is None or not shared:
        return None
    chosen = parts.among(shared)
    rest = parts.base.total(parts.given & ~chosen)
    return parts.value(chosen), Interval.share_of(parts.base.total(chosen), rest).lower or 0


def _matters(a: Result, b: Result, matched: list[_Matched | None], limits: Thresholds) -> bool:
    for number, found in zip((a, b), matched, strict=True):
        if found is None:
            return True
        value, held = found
        if held < limits.coverage or number.measure.show(value) != number.shown:
            return True
    return False


RULES = (
    Rule(
        code="COVERAGE",
        scope="number",
        check=_check_number,
        describe=_describe_number,
        essential=True,
        definition="Every expected country reported every input.",
        trigger="Fails where expected countries are missing, caution where fewer than `coverage` "
        "of them reported; cannot tell where an aggregate neither lists nor numbers its "
        "reporters.",
        source="COM(2018) 777, section III.1: three Member States; Eurostat 2014 edition: the "
        "number of states varies by table",
        example="The use of services was reported by three Member States of 28.",
        mend="Say how many countries reported, and quote the bounds for the whole area.",
    ),
    Rule(
        code="COVERAGE",
        scope="pair",
        check=_check_pair,
        describe=_describe_pair,
        essential=True,
        definition="The same countries reported both numbers, among those that both areas have.",
        trigger="Fails where reporters differ; caution where like for like prints another number "
        "or the shared countries hold less than `coverage` of a base. Presumed to hold for two "
        "numbers of one publication and period.",
        source="Eurostat, 9 February 2023: convictions +54.9 % over countries with both years, "
        "+94.4 % from the raw totals 1 295 and 2 517",
        example="Convictions grew by 54.9 % over the countries with both years, and by 94.4 % "
        "between the raw totals of 2020 and 2021.",
        mend="Compare the figures over the countries that reported both.",
    ),
)
