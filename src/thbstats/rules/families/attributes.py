"""Attributes of counts: unit, status, registering body, offence and stage."""

from collections.abc import Mapping
from functools import partial

import numpy as np

from thbstats.display import count
from thbstats.languages import Message
from thbstats.panel import ComparabilityWarning, Outcome, Panel, Result, Severity, dimension_label
from thbstats.rules.catalogue import Facts, Property, library_rule, library_warning, of_kinds
from thbstats.rules.documentation import SIDES
from thbstats.rules.pairs import FLOWS, Stated, stated
from thbstats.rules.rule import (
    Codes,
    all_equal,
    failure,
    outcomes,
    passes,
    severity_of,
    worst_outcome,
)
from thbstats.values import Period
from thbstats.vocabulary import CountingUnit, RegisteringBody, Stage


def _is_flow(number: Result, kind: str) -> bool:
    """Return whether a number is a ratio of flows with a kind of numerator."""
    return number.kind in FLOWS and number.numerator_kind.kind == kind


def _flow(number: Result, name: str) -> Stated:
    """Return an attribute of both sides of a ratio of two flows of justice, or an empty tuple."""
    values = stated(number, name, "justice")
    return values if _is_flow(number, "justice") and len(values) == len(SIDES) else ()


def _flows(number: Result) -> tuple[str, Stated]:
    """Return the kind of a ratio of two flows of different persons, and its stages."""
    above, below = number.numerator_kind, number.denominator_kind
    statuses = {own.get("status") for own in (above, below)} - {None}
    if _is_flow(number, "protection"):
        return "protection", ()
    differs = above.kind != below.kind or len(statuses) > 1
    return "kinds" * (differs and number.kind in FLOWS), _flow(number, "stage")


_COLUMNS = ("kind", *SIDES)
_units = Property(SIDES, partial(stated, name="unit"))
_statuses = Property(SIDES, partial(stated, name="status", kind="victims"))
_bodies = Property(SIDES, partial(stated, name="register"))
_offences = Property(SIDES, partial(stated, name="offence", kind="justice"))
_ratio_units = Property(_COLUMNS, lambda own: stated(own, "unit") if own.kind in FLOWS else ())
_ratio_offences = Property(_COLUMNS, partial(_flow, name="offence"))
_stages = Property(_COLUMNS, _flows)
_charges = Property(_COLUMNS, lambda own: (_flow(own, "offence"), _flow(own, "stage")))


def _same(first: Stated, second: Stated) -> Outcome:
    return all_equal([*first, *second])


def _same_sides(first: Stated, second: Stated) -> Outcome:
    return worst_outcome(*(all_equal(sides) for sides in zip(first, second, strict=True)))


def _one_unit(units: Stated) -> Outcome | Severity:
    outcome = all_equal(units)
    is_serious = CountingUnit.PERSONS in units
    return severity_of(is_serious) if outcome is Outcome.FAIL else outcome


def _single_bodies(bodies: Stated) -> tuple[str, ...]:
    """Return the kinds of registering body, without "all"."""
    return tuple(own for own in dict.fromkeys(bodies) if own and own != RegisteringBody.ALL)


def _every_body(bodies: Stated) -> Outcome | Severity:
    differ = all_equal([*filter(None, bodies)]) is Outcome.FAIL
    return severity_of(differ) if _single_bodies(bodies) else Outcome.PASS


def _name_of_body(code: str) -> str:
    """Return the label of a body; a register can have its own list of bodies."""
    listed = code in RegisteringBody._value2member_map_
    return RegisteringBody(code).label if listed else code.replace("_", " ").capitalize()


def _body_facts(bodies: Stated) -> Facts:
    names = tuple(_name_of_body(own) for own in _single_bodies(bodies))
    return {"bodies": names, "names": ", ".join(names)}


def _facts_of_bodies(*sides: Stated) -> Facts:
    names = ([_name_of_body(own or "not_stated") for own in dict.fromkeys(side)] for side in sides)
    return dict(zip(("first", "second"), map(" over ".join, names), strict=True))


def _one_stage(charges: tuple[Stated, Stated]) -> Outcome:
    offences, stages = charges
    # Different offences are another warning.
    return all_equal(stages) if all_equal(offences) is Outcome.PASS else Outcome.PASS


def _is_ordered(number: Result) -> bool:
    stages = _flow(number, "stage")
    if not stages or None in stages:
        return _is_flow(number, "protection")
    later, earlier = (Stage(own) for own in stages if own)
    # One recorded offence can have several persons.
    return later.rank > earlier.rank and earlier is not Stage.RECORDED


def _order(panel: Panel, *_: object) -> Codes:
    """Return a failure if the numerator is larger; caution for several countries or years."""
    ordered = of_kinds(panel, _is_ordered) == 1
    if not ordered.any():
        return passes(panel)
    numerator, denominator = panel.numerator, panel.denominator
    more = numerator.lower > denominator.upper
    fewer = numerator.upper <= denominator.lower
    pooled = panel.area.table(lambda area: len(area.members) > 1, np.bool_)
    pooled |= panel.period.table(lambda period: period.years != 1, np.bool_)
    return outcomes(ordered & more, ordered & ~more & ~fewer, caution=pooled)


def _has_years(period: Period) -> bool:
    return period.years is not None and period.years > 1


def _counts_persons(number: Result) -> bool:
    return CountingUnit.PERSONS in stated(number, "unit")


def _registrations(panel: Panel, *_: object) -> Codes:
    persons = of_kinds(panel, _counts_persons) == 1
    if not persons.any():
        return passes(panel)
    reporters = panel.reporters.table(lambda own: -1 if own is None else len(own), np.intp)
    members = panel.area.table(lambda area: len(area.members), np.intp)
    several = np.where(reporters < 0, members, reporters) > 1
    return outcomes(persons & (several | panel.period.table(_has_years, np.bool_)))


def _registration_facts(number: Result) -> Facts:
    reporters = number.area.members if number.reporters is None else number.reporters
    ways = ["in two countries"] if len(reporters) > 1 else []
    ways += ["in two years"] if _has_years(number.period) else []
    return {"ways": " or ".join(ways)}


_WAYS = {
    "area": "in two countries",
    "period": "in two periods",
    "register": "by two bodies",
    "list": "on two lists or more",
}


def duplicates(
    *, registrations: int, persons: int, several: Mapping[str, int], within: int
) -> ComparabilityWarning:
    """Return the warning about registrations of identified persons.

    `several` is, by dimension, the number of persons in two or more of its categories; `within` is
    the number of registrations that repeat a person in one area and period.
    """
    ways = {
        _WAYS.get(name)
        or Message("in two categories of {name}", name=dimension_label([name])): number
        for name, number in several.items()
    } | {"twice in one area and period": within}
    sizes = {"registrations": count(registrations), "persons": count(persons)}
    repeated = [(way, count(number)) for way, number in ways.items() if number]
    return library_warning(
        "DOUBLE_COUNTING.number",
        case="persons",
        evidence=[*sizes.items(), *repeated],
        ways=[way for way, _ in repeated],
        **sizes,
    )


RULES = (
    library_rule("STATUS.number", of=_statuses, judge=all_equal),
    library_rule(
        "OFFENCE.number",
        of=_ratio_offences,
        judge=all_equal,
        facts=lambda own: {"numerator": own[:1], "denominator": own[1:]},
    ),
    library_rule(
        "DETECTED_ONLY.number",
        of=_statuses,
        judge=lambda own: failure(own) if all(own) else Outcome.NOT_ASSESSABLE,
    ),
    library_rule(
        "COHORT.number",
        of=_stages,
        judge=lambda own: Outcome.FAIL if own[0] else all_equal(own[1]),
        facts=lambda own: {"case": own[0]} if own[0] else {},
    ),
    library_rule("STATUS.pair", of=_statuses, judge=_same),
    library_rule("OFFENCE.pair", of=_offences, judge=_same),
    library_rule("UNIT.pair", of=_units, judge=_same_sides),
    library_rule(
        "REGISTERING_BODY.pair",
        of=_bodies,
        judge=_same_sides,
        presumed=bool,
        facts=_facts_of_bodies,
    ),
    library_rule("UNIT.number", of=_ratio_units, judge=_one_unit),
    library_rule("REGISTERING_BODY.number", of=_bodies, judge=_every_body, facts=_body_facts),
    library_rule(
        "OFFENCE.number.stages",
        of=_charges,
        judge=_one_stage,
        facts=lambda own: {"offence": own[0][:1]},
    ),
    library_rule("STAGE_ORDER.number", codes=_order),
    library_rule("DOUBLE_COUNTING.number", codes=_registrations, facts=_registration_facts),
)
"""The rules of these families."""
