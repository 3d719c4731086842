"""DEFINITION: counting rules of reporters."""

from collections.abc import Iterable

import numpy as np
from attrs import frozen

from thbstats.columns import Coded
from thbstats.panel import Message, Outcome, Panel, Result, Severity
from thbstats.records import CountingRules, Difference, diff
from thbstats.rules.documentation import applicable_to_both, counting
from thbstats.rules.families._kinds import Kept, breakdowns, kept, presumed
from thbstats.rules.pairs import Pairs
from thbstats.rules.rule import Codes, Finding, Rule, library_rule, outcomes, per_kind, worst
from thbstats.rules.thresholds import Thresholds
from thbstats.values import flag_mask

__all__ = ["RULES", "documented_rules"]

_DIFFERS = np.uint32(flag_mask("d"))

_Rules = tuple[CountingRules, ...]
_Side = CountingRules | None
_COLUMNS = ("sources", "area", "counted", "against", "category", "base")


@frozen
class _Definition:
    """The documented counting rules of a number, and the properties that replace them."""

    sides: tuple[_Side, _Side]
    kept: Kept
    is_flagged: bool
    breakdowns: frozenset[str]


@frozen(eq=False)
class _Questions:
    """The checks of this family, with counting rules that a user documents."""

    own: _Rules

    def applied(self, panel: Panel) -> Coded[_Rules]:
        """Return the counting rules of both sides of each number, each once."""
        counted, against = applicable_to_both(self.own, panel)
        if counted is against:
            return counted
        size = len(against.categories)
        codes = counted.positions * size + against.positions
        both = [
            tuple(dict.fromkeys((*one, *two)))
            for one in counted.categories
            for two in against.categories
        ]
        return Coded(codes, both)

    def check_number(self, panel: Panel, _limits: Thresholds) -> Codes:
        applied = self.applied(panel)
        return outcomes(applied.table(lambda rules: any(own.excludes for own in rules), np.bool_))

    def severity_number(self, panel: Panel, _limits: Thresholds) -> Codes:
        applied = self.applied(panel)

        def concerns(number: Result) -> Severity:
            asked = breakdowns(number)
            excluded = (
                own.dimension for rules in applied[number.position] for own in rules.excludes
            )
            return Severity.CAUTION if not asked.isdisjoint(excluded) else Severity.NOTE

        return per_kind(panel, ["category", "base", applied], concerns)

    def words_number(self, number: Result, _limits: Thresholds, _outcome: Outcome) -> Finding:
        applied = self.applied(number.panel.take([number.position]))[0]
        found = [(own, str(item)) for own in applied for item in sorted(own.excludes, key=str)]
        return Finding(
            message=Message(
                "some reporters do not count: {excluded}",
                excluded=tuple(dict.fromkeys(text for _, text in found)),
            ),
            evidence=tuple(
                (own.reporter or str(own.source), f"{text} ({own.source})") for own, text in found
            ),
            hint="Publish the exclusion with the number, or ask the reporter for these counts",
        )

    def definitions(self, panel: Panel) -> list[Coded[_Side]]:
        return [counting(self.own, panel, side) for side in ("counted", "against")]

    def keys(self, pairs: Pairs) -> Coded[_Definition]:
        if self not in pairs.cache:
            sides = self.definitions(pairs.panel)
            flagged = pairs.panel.flags & _DIFFERS
            pairs.cache[self] = pairs.keys(
                [*_COLUMNS, flagged, *sides], lambda number: _definition(sides, number)
            )
        found: Coded[_Definition] = pairs.cache[self]
        return found

    def check_pair(self, pairs: Pairs, _limits: Thresholds) -> Codes:
        return pairs.by_key(self.keys(pairs), _alike)

    def severity_pair(self, pairs: Pairs, _limits: Thresholds) -> Codes:
        return pairs.by_key(self.keys(pairs), _severity)

    def words_pair(
        self, first: Result, second: Result, _limits: Thresholds, outcome: Outcome
    ) -> Finding:
        one, two = (
            _definition(self.definitions(alone), alone.row(0))
            for alone in (number.panel.take([number.position]) for number in (first, second))
        )
        if outcome is Outcome.NOT_ASSESSABLE:
            flagged = one.is_flagged or two.is_flagged
            return Finding(
                message="how the definition of a flagged number differs"
                if flagged
                else "whether both reporters use the same counting rules"
            )
        found = _differences(one, two)
        return Finding(
            message=Message(
                "the counting rules of the two numbers differ: {fields}",
                fields=tuple(dict.fromkeys(_words(item.field) for item, _ in found)),
            ),
            evidence=tuple(
                evidence for item, sources in found for evidence in _evidence(item, sources)
            ),
            hint="Compare what both count, or each reporter with itself over time",
        )


def _definition(sides: list[Coded[_Side]], number: Result) -> _Definition:
    counted, against = (side[number.position] for side in sides)
    return _Definition((counted, against), kept(number), "d" in number.flags, breakdowns(number))


def _alike(one: _Definition, two: _Definition) -> Outcome:
    if _differences(one, two):
        return Outcome.FAILS
    if one.is_flagged or two.is_flagged:
        return Outcome.NOT_ASSESSABLE
    if presumed(one.kept, two.kept):
        return Outcome.HOLDS
    return worst(*map(_both_documented, one.sides, two.sides))


def _both_documented(one: _Side, two: _Side) -> Outcome:
    """Return whether the rules of both reporters are documented; common rules are not enough."""
    documented = one is not None and two is not None and bool(one.reporter and two.reporter)
    return Outcome.HOLDS if documented else Outcome.NOT_ASSESSABLE


def _differences(one: _Definition, two: _Definition) -> list[tuple[Difference, str]]:
    """Return the documented differences, each once, with their sources."""
    found: dict[Difference, str] = {}
    for first, second in zip(one.sides, two.sides, strict=True):
        known = first or second
        if known is not None:
            nothing = CountingRules(about=known.about, source=known.source)
            one_side, other = first or nothing, second or nothing
            sources = "; ".join(dict.fromkeys((str(one_side.source), str(other.source))))
            found |= dict.fromkeys(diff(one_side, other), sources)
    return list(found.items())


def _severity(one: _Definition, two: _Definition) -> Severity:
    two_places = one.kept.countries != two.kept.countries
    asked = one.breakdowns | two.breakdowns
    excluded = [
        (first.excludes if first else frozenset()) ^ (second.excludes if second else frozenset())
        for first, second in zip(one.sides, two.sides, strict=True)
    ]
    concerned = any(item.dimension in asked for items in excluded for item in items)
    grave = any(
        concerned if item.one_sided else not (item.field == "legal_basis" and two_places)
        for item, _ in _differences(one, two)
    )
    return Severity.CAUTION if grave else Severity.NOTE


def _words(field: str) -> str:
    return field.replace("_", " ")


def _evidence(item: Difference, sources: str) -> tuple[tuple[str, object], ...]:
    name = _words(item.field)
    return (
        (Message("{field}, first", field=name), item.first),
        (Message("{field}, second", field=name), item.second),
        (Message("{field}, source", field=name), sources),
    )


def documented_rules(documents: Iterable[CountingRules] = ()) -> tuple[Rule, ...]:
    """Return the rules of this family, with counting rules that a user documents."""
    questions = _Questions(tuple(documents))
    return (
        library_rule(
            "DEFINITION.number",
            check=questions.check_number,
            severity=questions.severity_number,
            words=questions.words_number,
        ),
        library_rule(
            "DEFINITION.pair",
            check=questions.check_pair,
            severity=questions.severity_pair,
            words=questions.words_pair,
            needs_documentation=True,
        ),
    )


RULES = documented_rules()
