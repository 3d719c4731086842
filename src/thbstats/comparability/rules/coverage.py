"""COVERAGE: a figure speaks of the countries that reported."""

from thbstats.comparability.rule import Answers, Finding, Rule, each, each_pair
from thbstats.comparability.thresholds import Thresholds
from thbstats.results import Answer, Context, Result, Results, Severity
from thbstats.values import Interval, Rational

__all__ = ["RULES"]


def _complete(number: Result) -> Answer:
    context = number.context
    if len(context.area.members) == 1:
        return Answer.HOLDS
    if context.reporters is not None and context.expected is not None:
        return Answer.FAILS if context.missing else Answer.HOLDS
    if context.n_reporters is not None:
        full = context.n_reporters >= len(context.area.members)
        return Answer.HOLDS if full else Answer.FAILS
    return Answer.CANNOT_TELL


def _check_number(a: Results, _b: Results, _limits: Thresholds) -> Answers:
    return each(a, _complete)


def _describe_number(a: Result, _b: Result, limits: Thresholds, answer: Answer) -> Finding:
    context = a.context
    if answer is Answer.CANNOT_TELL:
        return Finding(
            severity=Severity.NOTE,
            message="which countries stand behind the figure is not documented",
            evidence=(("area", context.area.code),),
            mend="Ask for the country rows, or for the list of reporting countries",
        )
    reported, expected = _numbers(context)
    thin = reported < limits.coverage * expected
    missing = ", ".join(sorted(context.missing))
    return Finding(
        severity=Severity.CAUTION if thin else Severity.NOTE,
        message=f"{reported} of {expected} countries stand behind the figure",
        evidence=(
            ("reporting", ", ".join(sorted(context.reporters or ())) or str(reported)),
            ("missing", missing or "not listed"),
        ),
        mend="Say how many countries reported, and quote the bounds for the whole area",
    )


def _numbers(context: Context) -> tuple[int, int]:
    if context.reporters is not None and context.expected is not None:
        return len(context.expected & context.reporters), len(context.expected)
    return context.n_reporters or 0, len(context.area.members)


def _same(a: Result, b: Result) -> Answer:
    one, two = a.context, b.context
    if len(one.area.members) == 1 and len(two.area.members) == 1:
        return Answer.HOLDS
    if one.reporters is not None and two.reporters is not None:
        return Answer.HOLDS if one.reporters == two.reporters else Answer.FAILS
    same_table = bool(one.sources) and one.sources == two.sources and one.period == two.period
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
    one, two = a.context.reporters or frozenset(), b.context.reporters or frozenset()
    shared = one & two
    matched = [_matched(number, shared) for number in (a, b)]
    evidence: list[tuple[str, object]] = [
        ("only in the first", ", ".join(sorted(one - two)) or "none"),
        ("only in the second", ", ".join(sorted(two - one)) or "none"),
        ("in both", str(len(shared))),
    ]
    if matched[0] is not None and matched[1] is not None:
        shown = (a.measure.show(value) for value, _ in (matched[0], matched[1]))
        evidence.append(("like for like", " and ".join(shown)))
    return Finding(
        severity=Severity.CAUTION if _matters(a, b, matched, limits) else Severity.NOTE,
        message="different countries stand behind the two numbers",
        evidence=tuple(evidence),
        mend="Compare the figures over the countries that reported both",
    )


def _matched(number: Result, shared: frozenset[str]) -> tuple[Interval, Rational] | None:
    """The number over the shared countries, and their share of its base."""
    parts = number.parts
    if parts is None or not shared:
        return None
    chosen = parts.among(shared)
    rest = parts.base.total(parts.given & ~chosen)
    return parts.value(chosen), Interval.share_of(parts.base.total(chosen), rest).lower or 0


def _matters(
    a: Result, b: Result, matched: list[tuple[Interval, Rational] | None], limits: Thresholds
) -> bool:
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
        "of them reported; cannot tell where an aggregate does not list its reporters.",
        source="COM(2018) 777, section III.1: three Member States; Eurostat 2014 edition: the "
        "number of states varies by table",
    ),
    Rule(
        code="COVERAGE",
        scope="pair",
        check=_check_pair,
        describe=_describe_pair,
        essential=True,
        definition="The same countries reported both numbers.",
        trigger="Fails where reporters differ; caution where like for like prints another number "
        "or the shared countries hold less than `coverage` of a base. Presumed to hold for two "
        "numbers of one publication and period.",
        source="Eurostat, 9 February 2023: convictions +54.9 % over countries with both years, "
        "+94.4 % from the raw totals 1 295 and 2 517",
    ),
)
