"""Detected victims, double counting and multiple response."""

from collections.abc import Mapping

import numpy as np

from thbstats.display import count
from thbstats.panel import (
    Base,
    ComparabilityWarning,
    Message,
    Outcome,
    Panel,
    Result,
    ResultKind,
    Severity,
    dimension_label,
)
from thbstats.rules.catalogue import library_rule, warning_text
from thbstats.rules.families._kinds import both_numbers, stated
from thbstats.rules.rule import (
    Codes,
    Thresholds,
    Wording,
    by_key,
    by_kind,
    cautions,
    outcomes,
    per_kind,
    wording,
)
from thbstats.values import Period
from thbstats.vocabulary import CountingUnit, Overlap

__all__ = ["RULES", "duplicates"]

_WAYS = {"area": "in two countries", "period": "in two periods"}


def _all_victims(number: Result) -> Outcome:
    statuses = stated(number, "status", "victims")
    if not statuses:
        return Outcome.PASS
    return Outcome.FAIL if all(statuses) else Outcome.NOT_ASSESSABLE


def _has_years(period: Period) -> bool:
    return period.years is not None and period.years > 1


def _counts_persons(number: Result) -> bool:
    return CountingUnit.PERSONS in stated(number, "unit")


def _check_registrations(panel: Panel, _limits: Thresholds) -> Codes:
    persons = per_kind(panel, ["numerator_kind", "denominator_kind"], _counts_persons) == 1
    if not persons.any():
        return outcomes(persons)
    reporters = panel.reporters.table(lambda own: -1 if own is None else len(own), np.intp)
    members = panel.area.table(lambda area: len(area.members), np.intp)
    several = np.where(reporters < 0, members, reporters) > 1
    return outcomes(persons & (several | panel.period.table(_has_years, np.bool_)))


def _wording_registrations(number: Result, *_: object) -> Wording:
    reporters = number.area.members if number.reporters is None else number.reporters
    ways = ["in two countries"] if len(reporters) > 1 else []
    if _has_years(number.period):
        ways.append("in two years")
    return wording("fail", ways=ways)


_REGISTRATIONS = library_rule(
    "DOUBLE_COUNTING.number", _check_registrations, _wording_registrations
)


def duplicates(
    *, registrations: int, persons: int, several: Mapping[str, int], within: int
) -> ComparabilityWarning:
    """Return the warning about registrations of identified persons.

    `several` is, by dimension, the number of persons in two or more of its categories; `within` is
    the number of registrations that repeat a person in one area and period.
    """
    ways = [
        (
            _WAYS.get(name) or Message("in two categories of {name}", name=dimension_label([name])),
            count(number),
        )
        for name, number in several.items()
        if number
    ]
    if within:
        ways.append(("twice in one area and period", count(within)))
    evidence = (("registrations", count(registrations)), ("persons", count(persons)), *ways)
    text = warning_text(
        "DOUBLE_COUNTING.number",
        wording(
            "persons",
            evidence,
            registrations=count(registrations),
            persons=count(persons),
            ways=[way for way, _ in ways],
        ),
    )
    return ComparabilityWarning(
        code=_REGISTRATIONS.code,
        title=_REGISTRATIONS.title,
        severity=Severity.NOTE,
        scope="number",
        message=text.message,
        evidence=text.evidence,
        hint=text.hint,
    )


def _severity_of_response(panel: Panel, _limits: Thresholds) -> Codes:
    """Return caution, or a note for shares of mentions and for counts."""
    shares = panel.kind.table(lambda kind: kind is ResultKind.SHARE, np.bool_)
    return cautions(shares & panel.base.table(lambda base: base.rule != "mentions", np.bool_))


def _wording_response(number: Result, *_: object) -> Wording:
    excess = number.excess
    dimension = dimension_label(number.base.dimension or [name for name, _ in number.category])
    if excess is None or not excess.areas:
        return wording("fail", dimension=dimension)
    counted, total = count(excess.counted), count(excess.total)
    return wording(
        "excess",
        (("sum of categories", counted), ("total", total), ("areas", ", ".join(excess.areas))),
        dimension=dimension,
        counted=counted,
        total=total,
        people=number.denominator_kind.label,
    )


def _total_base(number: Result) -> Base | None:
    """Return the base of a share of all persons."""
    base = number.base
    is_share = number.kind is ResultKind.SHARE and base.dimension
    return base if is_share and base.rule == "all" else None


def _same_response(first: Base | None, second: Base | None) -> Outcome:
    if first is None or second is None or first.dimension != second.dimension:
        return Outcome.PASS
    differ = len({first.overlap, second.overlap} - {Overlap.NOT_STATED}) > 1
    return Outcome.FAIL if differ else Outcome.PASS


def _wording_two_responses(first: Result, second: Result, *_: object) -> Wording:
    return wording(
        "fail",
        both_numbers(lambda number: number.base.overlap.label)(first, second),
        dimension=dimension_label(first.base.dimension),
    )


RULES = (
    library_rule(
        "DETECTED_ONLY.number", by_kind(["numerator_kind", "denominator_kind"], _all_victims)
    ),
    _REGISTRATIONS,
    library_rule(
        "MULTIPLE_RESPONSE.number",
        lambda panel, _: outcomes(
            # ADDITIVITY asks whether the source states it.
            panel.base.table(lambda base: base.overlap is Overlap.OVERLAPPING, np.bool_)
        ),
        _wording_response,
        severity=_severity_of_response,
    ),
    library_rule(
        "MULTIPLE_RESPONSE.pair",
        by_key(["kind", "base"], _total_base, _same_response),
        _wording_two_responses,
    ),
)
