"""Counting rules of reporters."""

from functools import partial

import numpy as np
from attrs import frozen

from thbstats.columns import Coded
from thbstats.panel import Message, Outcome, Panel, Result, Severity
from thbstats.records import CountingRules, RuleDifference, diff_rules
from thbstats.rules.catalogue import library_rule
from thbstats.rules.documentation import applicable_to_both, counting
from thbstats.rules.families._kinds import SeriesKey, breakdowns, is_presumed_same, series_key
from thbstats.rules.pairs import Pairs
from thbstats.rules.rule import Codes, Rule, Thresholds, Wording, outcomes, per_kind, wording
from thbstats.values import flag_mask

__all__ = ["documented_rules"]

_DIFFERS = np.uint32(flag_mask("d"))

_Documents = tuple[CountingRules, ...]
_Side = CountingRules | None


@frozen
class _Definition:
    """The counting rules and the series of a number."""

    sides: tuple[_Side, _Side]
    series_key: SeriesKey
    is_flagged: bool
    breakdowns: frozenset[str]


def _applied(documents: _Documents, panel: Panel) -> Coded[_Documents]:
    """Return the counting rules of both sides of each number, each once."""
    counted, against = applicable_to_both(documents, panel)
    if counted is against:
        return counted
    both = [
        tuple(dict.fromkeys((*first, *second)))
        for first in counted.categories
        for second in against.categories
    ]
    return Coded(counted.positions * len(against.categories) + against.positions, both)


def _excludes(rules: _Documents) -> bool:
    return any(own.excludes for own in rules)


def _severity_number(own: _Documents, panel: Panel, _limits: Thresholds) -> Codes:
    applied = _applied(own, panel)

    def concerns(number: Result) -> bool:
        rules = applied[number.position]
        return any(item.dimension in breakdowns(number) for own in rules for item in own.excludes)

    return per_kind(panel, ["category", "base", applied], concerns)


def _wording_number(documents: _Documents, number: Result, *_: object) -> Wording:
    applied = _applied(documents, number.panel.take([number.position]))[0]
    exclusions = [
        (rules, str(item)) for rules in applied for item in sorted(rules.excludes, key=str)
    ]
    return wording(
        "fail",
        tuple(
            (rules.reporter or str(rules.source), f"{text} ({rules.source})")
            for rules, text in exclusions
        ),
        excluded=tuple(dict.fromkeys(text for _, text in exclusions)),
    )


def _definition(sides: list[Coded[_Side]], number: Result) -> _Definition:
    counted, against = (side[number.position] for side in sides)
    return _Definition(
        (counted, against), series_key(number), "d" in number.flags, breakdowns(number)
    )


def _documented(documents: _Documents, panel: Panel) -> list[Coded[_Side]]:
    return [counting(documents, panel, side) for side in ("numerator_kind", "denominator_kind")]


def _definitions(documents: _Documents, pairs: Pairs) -> Coded[_Definition]:
    name = (_definitions, documents)
    if name not in pairs.cache:
        sides = _documented(documents, pairs.panel)
        columns = ("sources", "area", "numerator_kind", "denominator_kind", "category", "base")
        pairs.cache[name] = pairs.keys(
            [*columns, pairs.panel.flags & _DIFFERS, *sides],
            lambda number: _definition(sides, number),
        )
    definitions: Coded[_Definition] = pairs.cache[name]
    return definitions


def _same_rules(first: _Definition, second: _Definition) -> Outcome:
    if _differences(first, second):
        return Outcome.FAIL
    if first.is_flagged or second.is_flagged:
        return Outcome.NOT_ASSESSABLE
    if is_presumed_same(first.series_key, second.series_key):
        return Outcome.PASS
    # Common rules of all reporters are not enough.
    reporters = [side and side.reporter for side in (*first.sides, *second.sides)]
    return Outcome.PASS if all(reporters) else Outcome.NOT_ASSESSABLE


def _differences(left: _Definition, right: _Definition) -> list[tuple[RuleDifference, str]]:
    """Return the documented differences, each once, with their sources."""
    differences: dict[RuleDifference, str] = {}
    for first, second in zip(left.sides, right.sides, strict=True):
        known = first or second
        if known is not None:
            nothing = CountingRules(about=known.about, source=known.source)
            one_side, other = first or nothing, second or nothing
            sources = "; ".join(dict.fromkeys((str(one_side.source), str(other.source))))
            differences |= dict.fromkeys(diff_rules(one_side, other), sources)
    return list(differences.items())


def _severity(left: _Definition, right: _Definition) -> Severity:
    two_areas = left.series_key.countries != right.series_key.countries
    dimensions = left.breakdowns | right.breakdowns
    excluded = [
        (first.excludes if first else frozenset()) ^ (second.excludes if second else frozenset())
        for first, second in zip(left.sides, right.sides, strict=True)
    ]
    concerned = any(item.dimension in dimensions for items in excluded for item in items)
    asks_caution = any(
        concerned if item.is_one_sided else not (item.field == "legal_basis" and two_areas)
        for item, _ in _differences(left, right)
    )
    return Severity.CAUTION if asks_caution else Severity.NOTE


def _wording_pair(
    documents: _Documents, first: Result, second: Result, _limits: Thresholds, outcome: Outcome
) -> Wording:
    left, right = (
        _definition(_documented(documents, alone), alone.row(0))
        for alone in (number.panel.take([number.position]) for number in (first, second))
    )
    if outcome is Outcome.NOT_ASSESSABLE:
        return wording("flagged" if left.is_flagged or right.is_flagged else "open")
    evidence: list[tuple[str, object]] = []
    names = []
    for item, sources in _differences(left, right):
        names.append(item.field.replace("_", " "))
        evidence += [
            (Message("{field}, first", field=names[-1]), item.first),
            (Message("{field}, second", field=names[-1]), item.second),
            (Message("{field}, source", field=names[-1]), sources),
        ]
    return wording("fail", tuple(evidence), fields=tuple(dict.fromkeys(names)))


def documented_rules(documents: _Documents) -> tuple[Rule, ...]:
    """Return the rules of this family, with counting rules that a user documents."""
    return (
        library_rule(
            "DEFINITION.number",
            documents=documents,
            check=lambda panel, _: outcomes(_applied(documents, panel).table(_excludes, np.bool_)),
            wording=partial(_wording_number, documents),
            severity=partial(_severity_number, documents),
        ),
        library_rule(
            "DEFINITION.pair",
            documents=documents,
            check=lambda pairs, _: pairs.by_key(_definitions(documents, pairs), _same_rules),
            wording=partial(_wording_pair, documents),
            severity=lambda pairs, _: pairs.by_key(_definitions(documents, pairs), _severity),
        ),
    )
