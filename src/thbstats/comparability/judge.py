"""Judge numbers by the rules for numbers, and pairs by the rules for pairs."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from attrs import evolve, field, frozen

from thbstats.comparability.rule import Rule, Scope
from thbstats.comparability.rules import ALL
from thbstats.comparability.thresholds import DEFAULTS, Thresholds
from thbstats.results import (
    GATHERED,
    Answer,
    ComparabilityWarning,
    Comparison,
    LeaveOneOut,
    Result,
    Results,
    Severity,
    Verdict,
    Warnings,
    not_documented,
)

__all__ = ["assess", "compare"]

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
    applied = tuple(rules)
    if not isinstance(result, Results):
        (one,) = _assessed(_column([result]), thresholds, applied)
        return result.with_warnings(one.warnings)
    items = _assessed(result, thresholds, applied)
    if isinstance(result, LeaveOneOut):
        whole = assess(result.whole, thresholds=thresholds, rules=applied)
        return evolve(result, items=items, whole=whole)
    return evolve(result, items=items)


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
    found = _judge(_column([first]), _column([second]), thresholds, rules, "pair")[0]
    return Comparison(
        first=first,
        second=second,
        difference=second.stated - first.stated if first.measure is second.measure else None,
        verdict=_verdict(found.said),
        warnings=found.warnings("pair").and_also(first.warnings, second.warnings),
    )


@frozen
class _Found:
    """What rules say of one number or pair, and what they cannot tell for want of metadata."""

    said: list[ComparabilityWarning] = field(factory=list)
    gaps: list[tuple[str, str]] = field(factory=list)

    def warnings(self, scope: Scope) -> Warnings:
        """Return all of it; the gaps are one note."""
        return Warnings([*self.said, *not_documented(self.gaps, scope)])


def _column(items: Sequence[Result]) -> Results:
    return Results(caption="", items=items)


def _assessed(numbers: Results, limits: Thresholds, rules: tuple[Rule, ...]) -> list[Result]:
    judged = _judge(numbers, numbers, limits, rules, "number")
    codes = {rule.code for rule in rules if rule.scope == "number"}
    return [
        item.with_warnings(found.warnings("number").and_also(_kept(item, codes)))
        for item, found in zip(numbers, judged, strict=True)
    ]


def _judge(
    a: Results, b: Results, limits: Thresholds, rules: Iterable[Rule], scope: Scope
) -> list[_Found]:
    """Return what the rules of one scope find at each position."""
    found = [_Found() for _ in a]
    for rule in rules:
        if rule.scope != scope:
            continue
        codes = rule.check(a, b, limits)
        for place in (codes != Answer.HOLDS.code).nonzero()[0].tolist():
            answer = Answer.of(codes[place])
            warning = rule.warn(a[place], b[place], limits, answer)
            if answer is Answer.CANNOT_TELL and not rule.essential:
                found[place].gaps.append((rule.code, warning.message))
            else:
                found[place].said.append(warning)
    return found


def _kept(item: Result, codes: set[str]) -> Iterator[ComparabilityWarning]:
    """Return the warnings of a number that rules of some codes do not say again."""
    for warning in item.warnings:
        if warning.scope == "pair":
            yield warning
        elif warning.code == GATHERED:
            gaps = [(code, what) for code, what in warning.evidence if code not in codes]
            yield from not_documented(gaps, "number")
        elif warning.code not in codes:
            yield warning


def _verdict(said: Iterable[ComparabilityWarning]) -> Verdict:
    """Return what a pair may be used for: a blocking failure decides, then what nobody can tell."""
    telling = {(warning.answer, warning.severity) for warning in said}
    if (Answer.FAILS, Severity.BLOCKING) in telling:
        return Verdict.NOT_COMPARABLE
    if any(answer is Answer.CANNOT_TELL for answer, _ in telling):
        return Verdict.CANNOT_TELL
    caution = (Answer.FAILS, Severity.CAUTION) in telling
    return Verdict.WITH_CAUTION if caution else Verdict.COMPARABLE
