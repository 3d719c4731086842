"""Judge numbers by the rules for numbers, and pairs by the rules for pairs."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from attrs import evolve, field, frozen

from thbstats.comparability.levels import Level, Levels, judge, verdicts
from thbstats.comparability.nearest import nearest_pair
from thbstats.comparability.rule import Rule, Scope
from thbstats.comparability.rules import ALL
from thbstats.comparability.thresholds import DEFAULTS, Thresholds
from thbstats.errors import InvalidValue
from thbstats.results import (
    GATHERED,
    ComparabilityWarning,
    Comparison,
    LeaveOneOut,
    Result,
    Results,
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

    Raises
    ------
    InvalidValue
        If it is neither a result nor several.

    Examples
    --------
    >>> import thbstats as thb
    >>> ratio = thb.conviction_to_prosecution(thb.publications.com_2018_777().data.justice)
    >>> thb.assess(ratio, rules=[]).warnings.codes == ratio.warnings.codes
    True
    """
    applied = tuple(rules)
    if not isinstance(result, Results):
        _need_result(result, "result")
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
        *comparable with caution*; "cannot tell" decides where the rule is essential. With the
        nearest pair that is comparable, where the figures give one: the same reporters, base,
        period length and precision.

    Raises
    ------
    InvalidValue
        If one of them is no result.

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
    applied = tuple(rule for rule in rules if rule.scope == "pair")
    _need_result(first, "first")
    _need_result(second, "second")
    one, two = _column([first]), _column([second])
    levels = judge(applied, one, two, thresholds)
    (found,) = _in_words(applied, levels, one, two, thresholds)
    nearest, reason = nearest_pair(first, second, applied, thresholds, levels)
    return Comparison(
        first=first,
        second=second,
        difference=second.stated - first.stated if first.measure is second.measure else None,
        verdict=Level(verdicts(levels)[0]).verdict,
        warnings=found.warnings("pair").and_also(first.warnings, second.warnings),
        nearest=nearest,
        no_nearest=reason,
    )


def _need_result(given: object, field: str) -> None:
    if isinstance(given, Result):
        return
    several = isinstance(given, Results)
    raise InvalidValue(
        "one number with its base and coverage is needed",
        field=field,
        value=type(given).__name__,
        mend="Take one of its items, such as found['sexual']; compare_all takes several"
        if several
        else "Give what an indicator returns, such as thbstats.share(...); a bare number "
        "does not say what it is over",
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
    applied = tuple(rule for rule in rules if rule.scope == "number")
    levels = judge(applied, numbers, numbers, limits)
    codes = {rule.code for rule in applied}
    return [
        item.with_warnings(found.warnings("number").and_also(_kept(item, codes)))
        for item, found in zip(
            numbers, _in_words(applied, levels, numbers, numbers, limits), strict=True
        )
    ]


def _in_words(
    rules: tuple[Rule, ...], levels: Levels, a: Results, b: Results, limits: Thresholds
) -> list[_Found]:
    """Return in words what rules find at each position."""
    found = [_Found() for _ in a]
    for rule, row in zip(rules, levels, strict=True):
        for place in row.nonzero()[0].tolist():
            level = Level(row[place])
            warning = rule.warn(a[place], b[place], limits, level.answer)
            if level is Level.ASIDE:
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
