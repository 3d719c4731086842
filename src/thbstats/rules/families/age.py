"""AGE: the moment at which ages are determined, and the limit between child and adult."""

from collections.abc import Iterable
from functools import partial

import numpy as np
from attrs import frozen

from thbstats.columns import Coded
from thbstats.panel import Message, Outcome, Panel, Result, Severity
from thbstats.records import CountingRules
from thbstats.rules.documentation import counting
from thbstats.rules.families._kinds import Kept, breakdowns, kept, presumed
from thbstats.rules.pairs import Column, Pairs
from thbstats.rules.rule import Codes, Finding, Rule, alike, library_rule, per_kind
from thbstats.rules.thresholds import Thresholds

__all__ = ["RULES", "documented_rules"]

_Own = tuple[CountingRules, ...]
_Documented = tuple[Coded[CountingRules | None], Coded[CountingRules | None]]

_GAP = "the moment at which ages are determined"


@frozen
class _Ages:
    """The concepts of age and the age limits of each side that counts victims."""

    concepts: tuple[str | None, ...]
    limits: tuple[str | None, ...]
    kept: Kept | None


def _is_by_age(panel: Panel) -> bool:
    """Return whether any number is divided by age or selects an age."""
    selected = (name for category in panel.category.categories for name, _ in category)
    within = (name for base in panel.base.categories for name, _ in base.within)
    divided = (name for base in panel.base.categories for name in base.dimension)
    return any("age" in names for names in (selected, within, divided))


def _documented(own: _Own, panel: Panel) -> _Documented:
    return counting(own, panel, "counted"), counting(own, panel, "against")


def _ages(documented: _Documented, number: Result, *, with_series: bool = True) -> _Ages | None:
    """Return the ages of a number; ``None`` where it does not depend on age."""
    if "age" not in breakdowns(number):
        return None
    sides = {
        kind: column[number.position]
        for kind, column in zip((number.counted, number.against), documented, strict=True)
        if kind.kind == "victims"
    }
    if not sides:
        return None
    return _Ages(
        tuple(
            kind.get("age_concept") or _stated(rules, "age_concept")
            for kind, rules in sides.items()
        ),
        tuple(_stated(rules, "child_below") for rules in sides.values()),
        kept(number) if with_series else None,
    )


def _stated(rules: CountingRules | None, name: str) -> str | None:
    value = None if rules is None else rules.stated(name)
    return None if value is None else str(value)


def _check_number(own: _Own, panel: Panel, _limits: Thresholds) -> Codes:
    if not _is_by_age(panel):
        return np.ones(len(panel), dtype=np.int8)
    documented = _documented(own, panel)

    def one_concept(number: Result) -> Outcome:
        ages = _ages(documented, number, with_series=False)
        return Outcome.HOLDS if ages is None else alike(ages.concepts)

    return per_kind(panel, ["counted", "against", "category", "base", *documented], one_concept)


def _words_number(own: _Own, number: Result, _limits: Thresholds, outcome: Outcome) -> Finding:
    if outcome is Outcome.NOT_ASSESSABLE:
        return Finding(message=_GAP)
    return Finding(
        message="numerator and denominator use ages at different moments",
        evidence=(("ages", _shown(own, number)),),
        hint="Take both by one concept of age",
    )


def _check_pair(own: _Own, pairs: Pairs, _limits: Thresholds) -> Codes:
    if not _is_by_age(pairs.panel):
        return np.ones(len(pairs), dtype=np.int8)
    documented = _documented(own, pairs.panel)
    columns: list[Column] = [
        "counted",
        "against",
        "category",
        "base",
        "sources",
        "area",
        *documented,
    ]
    return pairs.by_key(pairs.keys(columns, partial(_ages, documented)), _same)


def _same(one: _Ages | None, two: _Ages | None) -> Outcome:
    if one is None or two is None:
        return Outcome.HOLDS
    concepts = alike([*one.concepts, *two.concepts])
    limits = {limit for limit in (*one.limits, *two.limits) if limit is not None}
    if concepts is Outcome.FAILS or len(limits) > 1:
        return Outcome.FAILS
    if one.kept is not None and two.kept is not None and presumed(one.kept, two.kept):
        return Outcome.HOLDS
    return concepts


def _words_pair(
    own: _Own, first: Result, second: Result, _limits: Thresholds, outcome: Outcome
) -> Finding:
    if outcome is Outcome.NOT_ASSESSABLE:
        return Finding(message=_GAP)
    one, two = _shown(own, first), _shown(own, second)
    return Finding(
        message=Message(
            "the two numbers distinguish children from adults differently: {first} and {second}",
            first=one,
            second=two,
        ),
        evidence=(("first", one), ("second", two)),
        hint="Compare ages at one moment, with one age limit",
    )


def _shown(own: _Own, number: Result) -> str:
    alone = number.panel.take([number.position]).row(0)
    ages = _ages(_documented(own, alone.panel), alone)
    concepts = [] if ages is None else [concept or "not stated" for concept in ages.concepts]
    limits = [] if ages is None else [f"under {limit}" for limit in ages.limits if limit]
    return ", ".join(dict.fromkeys([*concepts, *limits])).replace("_", " ")


def documented_rules(documents: Iterable[CountingRules] = ()) -> tuple[Rule, ...]:
    """Return the rules of this family, with counting rules that a user documents."""
    own = tuple(documents)
    return (
        library_rule(
            "AGE.number",
            check=partial(_check_number, own),
            severity=Severity.CAUTION,
            words=partial(_words_number, own),
        ),
        library_rule(
            "AGE.pair",
            check=partial(_check_pair, own),
            severity=Severity.CAUTION,
            words=partial(_words_pair, own),
        ),
    )


RULES = documented_rules()
