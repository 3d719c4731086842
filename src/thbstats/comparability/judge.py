"""Judge numbers by the rules for numbers, and pairs by the rules for pairs."""

from collections.abc import Iterable, Sequence
from typing import Literal, TypeVar

from attrs import evolve

from thbstats.comparability.rule import Rule
from thbstats.comparability.rules import ALL
from thbstats.comparability.thresholds import DEFAULTS, Thresholds
from thbstats.results import (
    Answer,
    ComparabilityWarning,
    Comparison,
    Measure,
    Result,
    Results,
    Severity,
    Verdict,
    Warnings,
)
from thbstats.values import Interval

__all__ = ["GATHERED", "assess", "compare"]

GATHERED = "NOT_DOCUMENTED"
"""The code of the one note that gathers what rules cannot tell for want of documentation."""

_SUBTRACTED = {Measure.SHARE, Measure.RATIO, Measure.PER_100, Measure.COUNT}

Judged = TypeVar("Judged", bound=Result | Results)


def assess(
    result: Judged, *, thresholds: Thresholds = DEFAULTS, rules: Iterable[Rule] = ALL
) -> Judged:
    """Return the same result with the warnings that the rules for numbers give it.

    Parameters
    ----------
    result : Result or Results
        One number or several; warnings of codes that no given rule has are kept.
    thresholds : Thresholds
        Where rules change their answer or weight.
    rules : iterable of Rule
        The rules to apply; rules for pairs are passed over.

    Returns
    -------
    Result or Results
        Of the same type; what the rules cannot tell is gathered in one note, except where a
        rule is essential.

    Examples
    --------
    >>> import thbstats as thb
    >>> ratio = thb.conviction_to_prosecution(thb.publications.com_2018_777().data.justice)
    >>> thb.assess(ratio, rules=[]).warnings.codes == ratio.warnings.codes
    True
    """
    if isinstance(result, Results):
        judged = _judge(result, result, thresholds, rules, "number")
        codes = {rule.code for rule in rules} | {GATHERED}
        items = [
            item.with_warnings(Warnings(found).and_also(_kept(item, codes)))
            for item, (found, _) in zip(result, judged, strict=True)
        ]
        return evolve(result, items=items)
    one = assess(_column([result]), thresholds=thresholds, rules=rules)
    return result.with_warnings(one[0].warnings)


def compare(
    first: Result,
    second: Result,
    *,
    thresholds: Thresholds = DEFAULTS,
    rules: Iterable[Rule] = ALL,
) -> Comparison:
    """Say whether two numbers may be compared, and what their difference is.

    ``difference = second - first``, the ends taken as independent.

    Parameters
    ----------
    first, second : Result
        The two numbers.
    thresholds : Thresholds
        Where rules change their answer or weight.
    rules : iterable of Rule
        The rules to apply; rules for numbers are passed over, since each number brings its own
        warnings.

    Returns
    -------
    Comparison
        A blocking failure gives *not comparable*; a failure that asks for caution gives
        *comparable with caution*; "cannot tell" decides where the rule is essential.

    Examples
    --------
    >>> import thbstats as thb
    >>> report = thb.publications.com_2018_777()
    >>> with_uk = report.breakdown(by="exploitation", base="recorded")["sexual"]
    >>> without = report.breakdown(
    ...     by="exploitation", base="recorded", area="EU28 without UK"
    ... )["sexual"]
    >>> thb.compare(with_uk, without).shown
    '+8.0..+10.0 pp'
    """
    judged = _judge(_column([first]), _column([second]), thresholds, rules, "pair")
    found, telling = judged[0]
    return Comparison(
        first=first,
        second=second,
        difference=_difference(first, second),
        verdict=_verdict(telling),
        warnings=Warnings(found).and_also(first.warnings, second.warnings),
    )


def _column(items: Sequence[Result]) -> Results:
    return Results(caption="", items=items)


_Found = tuple[list[ComparabilityWarning], list[ComparabilityWarning]]


def _judge(
    a: Results,
    b: Results,
    limits: Thresholds,
    rules: Iterable[Rule],
    scope: Literal["number", "pair"],
) -> list[_Found]:
    """Return for each position all warnings, and those that decide a verdict."""
    spoken: list[list[ComparabilityWarning]] = [[] for _ in a]
    untold: list[list[ComparabilityWarning]] = [[] for _ in a]
    for rule in rules:
        if rule.scope != scope:
            continue
        codes = rule.check(a, b, limits)
        for place in (codes != Answer.HOLDS.code).nonzero()[0].tolist():
            answer = Answer.of(codes[place])
            aside = answer is Answer.CANNOT_TELL and not rule.essential
            warning = rule.warn(a[place], b[place], limits, answer)
            (untold if aside else spoken)[place].append(warning)
    return [
        ([*said, *_gathered(unsaid, scope)], said)
        for said, unsaid in zip(spoken, untold, strict=True)
    ]


def _gathered(
    untold: list[ComparabilityWarning], scope: Literal["number", "pair"]
) -> list[ComparabilityWarning]:
    if not untold:
        return []
    return [
        ComparabilityWarning(
            code=GATHERED,
            severity=Severity.NOTE,
            answer=Answer.CANNOT_TELL,
            scope=scope,
            message="not documented: " + "; ".join(item.message for item in untold),
            evidence=[("rules", ", ".join(dict.fromkeys(item.code for item in untold)))],
            mend="Ask the publisher, or add what is known to the records",
        )
    ]


def _kept(item: Result, codes: set[str]) -> Iterable[ComparabilityWarning]:
    return (
        warning for warning in item.warnings if warning.scope == "pair" or warning.code not in codes
    )


def _difference(first: Result, second: Result) -> Interval | None:
    if first.measure is not second.measure or first.measure not in _SUBTRACTED:
        return None
    return second.stated - first.stated


def _verdict(telling: list[ComparabilityWarning]) -> Verdict:
    failed = [warning.severity for warning in telling if warning.answer is Answer.FAILS]
    if Severity.BLOCKING in failed:
        return Verdict.NOT_COMPARABLE
    if any(warning.answer is Answer.CANNOT_TELL for warning in telling):
        return Verdict.CANNOT_TELL
    return Verdict.WITH_CAUTION if Severity.CAUTION in failed else Verdict.COMPARABLE
