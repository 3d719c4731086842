"""Attributes of counts: unit, status, registering body, offence and stage."""

from collections.abc import Mapping
from functools import partial

import numpy as np

from thbstats.display import count
from thbstats.panel import ComparabilityWarning, Message, Outcome, Panel, Result, dimension_label
from thbstats.rules.catalogue import Facts, Property, library_rule, library_warning
from thbstats.rules.families._kinds import FLOWS, SIDES, Stated, cautions, of_both, passes, stated
from thbstats.rules.rule import (
    Codes,
    Thresholds,
    all_equal,
    failure,
    outcomes,
    per_kind,
    worst_outcome,
)
from thbstats.values import Period
from thbstats.vocabulary import CountingUnit, RegisteringBody, Stage

_units = Property(SIDES, partial(stated, name="unit"))
_statuses = Property(SIDES, partial(stated, name="status", kind="victims"))
_bodies = Property(SIDES, partial(stated, name="register"))
_offences = Property(SIDES, partial(stated, name="offence", kind="justice"))


def _same(first: Stated, second: Stated) -> Outcome:
    return all_equal([*first, *second])


def _same_sides(first: Stated, second: Stated) -> Outcome:
    return worst_outcome(*(all_equal(sides) for sides in zip(first, second, strict=True)))


def _label(values: Stated, link: str = " over ") -> str:
    return link.join(dict.fromkeys((own or "not stated").replace("_", " ") for own in values))


def _single_bodies(bodies: Stated) -> tuple[str, ...]:
    """Return the kinds of registering body, without "all"."""
    return tuple(own for own in dict.fromkeys(bodies) if own and own != RegisteringBody.ALL)


def _name_of_body(code: str) -> str:
    """Return the label of a body; a register can have its own list of bodies."""
    listed = code in RegisteringBody._value2member_map_
    return RegisteringBody(code).label if listed else code.replace("_", " ").capitalize()


def _body_label(bodies: Stated) -> str:
    labels = (_name_of_body(own or "not_stated") for own in dict.fromkeys(bodies))
    return " over ".join(labels)


def _body_facts(bodies: Stated) -> Facts:
    names = tuple(_name_of_body(own) for own in _single_bodies(bodies))
    return {"bodies": names, "names": ", ".join(names)}


def _is_flow(number: Result, kind: str) -> bool:
    """Return whether a number is a ratio of flows, with this kind of numerator."""
    return number.kind in FLOWS and number.numerator_kind.kind == kind


def _flow(number: Result, name: str) -> Stated:
    """Return an attribute of both sides of a ratio of two flows of justice, else nothing."""
    values = stated(number, name, "justice")
    return values if _is_flow(number, "justice") and len(values) == len(SIDES) else ()


_COLUMNS = ("kind", *SIDES)
_ratio_units = Property(_COLUMNS, lambda own: stated(own, "unit") if own.kind in FLOWS else ())
_ratio_offences = Property(_COLUMNS, partial(_flow, name="offence"))
_stages = Property(_COLUMNS, lambda own: (_is_flow(own, "protection"), _flow(own, "stage")))
_charges = Property(_COLUMNS, lambda own: (_flow(own, "offence"), _flow(own, "stage")))


def _is_ordered(stages: tuple[bool, Stated]) -> bool:
    is_protection, values = stages
    if not values or None in values:
        return is_protection
    later, earlier = (Stage(own) for own in values if own)
    # One recorded offence can have several persons.
    return later.rank > earlier.rank and earlier is not Stage.RECORDED


def _check_order(panel: Panel, _limits: Thresholds) -> Codes:
    ordered = per_kind(panel, _COLUMNS, lambda own: _is_ordered(_stages.key(own))) == 1
    if not ordered.any():
        return passes(panel)
    numerator, denominator = panel.numerator, panel.denominator
    more = numerator.lower > denominator.upper
    fewer = numerator.upper <= denominator.lower
    return outcomes(ordered & more, ordered & ~more & ~fewer)


def _severity_of_order(panel: Panel, _limits: Thresholds) -> Codes:
    """Return caution for several countries or years, else a note."""
    pooled = panel.area.table(lambda area: len(area.members) > 1, np.bool_)
    return cautions(pooled | panel.period.table(lambda period: period.years != 1, np.bool_))


def _has_years(period: Period) -> bool:
    return period.years is not None and period.years > 1


def _check_registrations(panel: Panel, _limits: Thresholds) -> Codes:
    persons = per_kind(panel, SIDES, lambda own: CountingUnit.PERSONS in stated(own, "unit")) == 1
    if not persons.any():
        return passes(panel)
    reporters = panel.reporters.table(lambda own: -1 if own is None else len(own), np.intp)
    members = panel.area.table(lambda area: len(area.members), np.intp)
    several = np.where(reporters < 0, members, reporters) > 1
    return outcomes(persons & (several | panel.period.table(_has_years, np.bool_)))


def _registration_facts(number: Result) -> Facts:
    reporters = number.area.members if number.reporters is None else number.reporters
    ways = ["in two countries"] if len(reporters) > 1 else []
    return {"ways": [*ways, "in two years"] if _has_years(number.period) else ways}


_WAYS = {"area": "in two countries", "period": "in two periods"}


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
    library_rule(
        "UNIT.number",
        all_equal,
        lambda units: {"units": _label(units)},
        of=_ratio_units,
        severity=lambda units: CountingUnit.PERSONS in units,
    ),
    library_rule("UNIT.pair", _same_sides, of_both(_label), of=_units, open_facts=of_both(_label)),
    library_rule("STATUS.number", all_equal, of=_statuses),
    library_rule("STATUS.pair", _same, of_both(lambda own: _label(own, link=", ")), of=_statuses),
    library_rule(
        "REGISTERING_BODY.number",
        lambda bodies: failure(_single_bodies(bodies)),
        _body_facts,
        of=_bodies,
        severity=lambda bodies: all_equal([*filter(None, bodies)]) is Outcome.FAIL,
    ),
    library_rule(
        "REGISTERING_BODY.pair", _same_sides, of_both(_body_label), of=_bodies, presumed=bool
    ),
    library_rule(
        "OFFENCE.number",
        all_equal,
        lambda own: {"numerator": _label(own[:1]), "denominator": _label(own[1:])},
        of=_ratio_offences,
    ),
    library_rule(
        "OFFENCE.number.stages",
        # Different offences are another warning.
        lambda own: all_equal(own[1]) if all_equal(own[0]) is Outcome.PASS else Outcome.PASS,
        lambda own: {"offence": _label(own[0][:1])},
        of=_charges,
    ),
    library_rule("OFFENCE.pair", _same, of_both(lambda own: _label(own) or "none"), of=_offences),
    library_rule(
        "COHORT.number",
        lambda own: Outcome.FAIL if own[0] else all_equal(own[1]),
        lambda own: {"case": "protection"} if own[0] else {},
        of=_stages,
    ),
    library_rule("STAGE_ORDER.number", _check_order, severity=_severity_of_order),
    library_rule(
        "DETECTED_ONLY.number",
        lambda own: failure(own) if all(own) else Outcome.NOT_ASSESSABLE,
        of=_statuses,
    ),
    library_rule("DOUBLE_COUNTING.number", _check_registrations, _registration_facts),
)
