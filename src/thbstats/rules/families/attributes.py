"""Attributes of counts."""

from functools import partial

import numpy as np

from thbstats.display import count
from thbstats.panel import Outcome, Panel, Result
from thbstats.rules.catalogue import library_rule
from thbstats.rules.families._kinds import (
    FLOWS,
    SeriesKey,
    both_numbers,
    both_sides,
    is_justice_ratio,
    is_presumed_same,
    is_protection_ratio,
    one_stage,
    series_key,
    stated,
)
from thbstats.rules.rule import (
    Codes,
    Thresholds,
    Wording,
    all_equal,
    by_key,
    by_kind,
    cautions,
    outcomes,
    per_kind,
    wording,
    worst_outcome,
)
from thbstats.vocabulary import CountingUnit, RegisteringBody, Stage

__all__ = ["RULES"]

_Stated = tuple[str | None, ...]

_SIDES = ["numerator_kind", "denominator_kind"]
_COLUMNS = ["kind", *_SIDES]

_offences = partial(stated, name="offence", kind="justice")
_bodies = partial(stated, name="register")
_statuses = partial(stated, name="status", kind="victims")
_units = partial(stated, name="unit")


def _same(first: _Stated, second: _Stated) -> Outcome:
    return all_equal([*first, *second])


def _same_units(first: _Stated, second: _Stated) -> Outcome:
    return worst_outcome(*(all_equal(sides) for sides in zip(first, second, strict=True)))


def _wording_two_units(
    first: Result, second: Result, _limits: Thresholds, outcome: Outcome
) -> Wording:
    name = "open" if outcome is Outcome.NOT_ASSESSABLE else "fail"
    return wording(name, both_numbers(_unit_label)(first, second))


def _unit_label(number: Result) -> str:
    return " over ".join(dict.fromkeys(unit or "not stated" for unit in _units(number)))


def _single_kinds(number: Result) -> tuple[str, ...]:
    """Return the kinds of registering body, without "all"."""
    result = dict.fromkeys(body for body in _bodies(number) if body)
    return tuple(body for body in result if body != RegisteringBody.ALL)


def _wording_bodies(number: Result, *_: object) -> Wording:
    names = tuple(RegisteringBody(body).label for body in _single_kinds(number))
    evidence = (("registered by", ", ".join(names)),)
    return wording("fail", evidence, bodies=names)


def _same_bodies(first: tuple[_Stated, SeriesKey], second: tuple[_Stated, SeriesKey]) -> Outcome:
    result = _same_units(first[0], second[0])
    open_question = result is Outcome.NOT_ASSESSABLE
    return Outcome.PASS if open_question and is_presumed_same(first[1], second[1]) else result


def _body_label(number: Result) -> str:
    result = dict.fromkeys(_bodies(number))
    return " over ".join(RegisteringBody(body or "not_stated").label for body in result)


def _has_one_offence(number: Result) -> Outcome:
    return all_equal(_offences(number)) if is_justice_ratio(number) else Outcome.PASS


def _has_one_stage(number: Result) -> Outcome:
    """Return whether both sides have one stage, for one stated offence."""
    return one_stage(number) if _has_one_offence(number) is Outcome.PASS else Outcome.PASS


def _offence_label(offence: str | None) -> str:
    return (offence or "not stated").replace("_", " ")


def _offence_labels(number: Result) -> str:
    return " over ".join(dict.fromkeys(map(_offence_label, _offences(number)))) or "none"


def _wording_cohort(number: Result, *_: object) -> Wording:
    if is_protection_ratio(number):
        return wording("protection", counted=number.numerator_kind.label)
    return wording("fail")


def _has_order(number: Result) -> bool:
    if is_protection_ratio(number):
        return True
    first, second = stated(number, "stage")
    if not is_justice_ratio(number) or first is None or second is None:
        return False
    return Stage(first).rank > Stage(second).rank


def _check_order(panel: Panel, _limits: Thresholds) -> Codes:
    ordered = per_kind(panel, _COLUMNS, _has_order).astype(np.bool_)
    if not ordered.any():
        return np.ones(len(panel), dtype=np.int8)
    numerator, denominator = panel.numerator, panel.denominator
    more = numerator.lower > denominator.upper
    fewer = numerator.upper <= denominator.lower
    return outcomes(ordered & more, ordered & ~more & ~fewer)


def _severity_of_order(panel: Panel, _limits: Thresholds) -> Codes:
    """Return caution for several countries or years, else a note."""
    pooled = panel.area.table(lambda area: len(area.members) > 1, np.bool_)
    longer = panel.period.table(lambda period: period.years != 1, np.bool_)
    return cautions(pooled | longer)


def _wording_order(number: Result, _limits: Thresholds, outcome: Outcome) -> Wording:
    numerator, denominator = count(number.numerator), count(number.denominator)
    return wording(
        "fail" if outcome is Outcome.FAIL else "open",
        (("numerator", numerator), ("denominator", denominator)),
        counted=number.numerator_kind.label,
        against=number.denominator_kind.label,
        numerator=numerator,
        denominator=denominator,
    )


RULES = (
    library_rule(
        "UNIT.number",
        by_kind(
            _COLUMNS,
            lambda number: all_equal(_units(number)) if number.kind in FLOWS else Outcome.PASS,
        ),
        severity=by_kind(_SIDES, lambda number: CountingUnit.PERSONS in _units(number)),
        evidence=lambda number: (("units", _unit_label(number)),),
    ),
    library_rule("UNIT.pair", by_key(_SIDES, _units, _same_units), _wording_two_units),
    library_rule(
        "STATUS.number",
        by_kind(_SIDES, lambda number: all_equal(_statuses(number))),
        evidence=both_sides(lambda side: side.label),
    ),
    library_rule(
        "STATUS.pair",
        by_key(_SIDES, _statuses, _same),
        evidence=both_numbers(
            lambda number: ", ".join(
                dict.fromkeys(own or "not stated" for own in _statuses(number))
            )
        ),
    ),
    library_rule(
        "REGISTERING_BODY.number",
        by_kind(_SIDES, lambda number: Outcome.FAIL if _single_kinds(number) else Outcome.PASS),
        _wording_bodies,
        severity=by_kind(
            _SIDES, lambda number: all_equal([*filter(None, _bodies(number))]) is Outcome.FAIL
        ),
    ),
    library_rule(
        "REGISTERING_BODY.pair",
        by_key(
            [*_SIDES, "sources", "area"],
            lambda number: (_bodies(number), series_key(number)),
            _same_bodies,
        ),
        evidence=both_numbers(_body_label),
    ),
    library_rule(
        "OFFENCE.number",
        by_kind(_COLUMNS, _has_one_offence),
        evidence=both_sides(lambda side: _offence_label(side.get("offence"))),
    ),
    library_rule(
        "OFFENCE.number.stages",
        by_kind(_COLUMNS, _has_one_stage),
        evidence=lambda number: (("offence", _offence_label(_offences(number)[0])),),
    ),
    library_rule(
        "OFFENCE.pair", by_key(_SIDES, _offences, _same), evidence=both_numbers(_offence_labels)
    ),
    library_rule(
        "COHORT.number",
        by_kind(
            _COLUMNS,
            lambda number: Outcome.FAIL if is_protection_ratio(number) else one_stage(number),
        ),
        _wording_cohort,
    ),
    library_rule("STAGE_ORDER.number", _check_order, _wording_order, severity=_severity_of_order),
)
