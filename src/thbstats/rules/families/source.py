"""Sources and systems of statistics."""

from collections.abc import Iterable
from functools import partial
from typing import get_args

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from thbstats.columns import Coded
from thbstats.panel import Outcome, Panel, Result, Severity
from thbstats.records import CountingRules, Source
from thbstats.rules.documentation import Side, applicable, documented
from thbstats.rules.families._kinds import publications
from thbstats.rules.pairs import Pairs
from thbstats.rules.rule import Finding, Rule, library_rule
from thbstats.rules.thresholds import Thresholds

__all__ = ["RULES", "documented_rules"]

_Own = tuple[CountingRules, ...]


@frozen
class _Origin:
    """The publications of a number, and how its cases are selected."""

    publications: frozenset[Source]
    samples: frozenset[str]

    @property
    def publishers(self) -> frozenset[str]:
        return frozenset(source.publisher for source in self.publications) - {""}

    @property
    def is_secondary(self) -> bool:
        return any(source.kind == "secondary" for source in self.publications)

    @property
    def label(self) -> str:
        titles = sorted(source.title for source in self.publications)
        return "; ".join([*titles, *sorted(self.samples)]) or "not stated"


def _samples(rules: tuple[CountingRules, ...]) -> frozenset[str]:
    return frozenset(own.sample for own in rules) - {""}


def _origins(own: _Own, panel: Panel) -> Coded[_Origin]:
    """Return the origin of each number, once per combination of sources and counting rules."""
    none: Coded[frozenset[str]] = Coded.constant(frozenset(), len(panel))
    given = tuple(frozenset[Source]().union(*panel.sources.categories))
    if any(rules.sample and rules.speak_of(given) for rules in (*own, *documented())):
        counted, against = (applicable(own, panel, side).map(_samples) for side in get_args(Side))
    else:
        counted = against = none
    code, first = panel.kinds(["sources", counted, against])
    found = Coded.of(
        _Origin(publications(panel.row(i)), counted[i] | against[i]) for i in first.tolist()
    )
    return Coded(found.codes[code], found.categories)


def _origin(own: _Own, number: Result) -> _Origin:
    return _origins(own, number.panel.take([number.position]))[0]


def _check_number(own: _Own, panel: Panel, _thresholds: Thresholds) -> NDArray[np.int8]:
    return _origins(own, panel).table(
        lambda origin: (Outcome.FAILS if _problems(origin) else Outcome.HOLDS).code, np.int8
    )


def _problems(origin: _Origin) -> list[str]:
    found = []
    if origin.samples:
        found.append("the cases are not a random sample")
    if len(origin.publishers) > 1:
        found.append("the number combines two systems of statistics")
    if origin.is_secondary:
        found.append("the source quotes another publisher")
    return found


def _severity_number(own: _Own, panel: Panel, _thresholds: Thresholds) -> NDArray[np.int8]:
    return _origins(own, panel).table(lambda origin: _weight(origin).weight, np.int8)


def _weight(origin: _Origin) -> Severity:
    systems = origin.samples or len(origin.publishers) > 1
    return Severity.CAUTION if systems else Severity.NOTE


def _words_number(own: _Own, number: Result, _thresholds: Thresholds, _outcome: Outcome) -> Finding:
    origin = _origin(own, number)
    return Finding(
        message=_problems(origin)[0],
        evidence=(("source", origin.label),),
        hint="Write of these cases only"
        if origin.samples
        else "Take the number from its first publication",
    )


def _same_system(first: _Origin, second: _Origin) -> Outcome:
    differ = first.samples != second.samples or first.is_secondary != second.is_secondary
    if differ or _are_apart(first, second):
        return Outcome.FAILS
    named = first.publishers and second.publishers
    same = first.publications == second.publications
    return Outcome.HOLDS if named or same else Outcome.NOT_ASSESSABLE


def _are_apart(first: _Origin, second: _Origin) -> bool:
    """Return whether both name their publishers, and these differ."""
    one, two = first.publishers, second.publishers
    return bool(one and two) and one != two


def _pair_origins(own: _Own, pairs: Pairs) -> Coded[_Origin]:
    name = (_origins, own)
    if name not in pairs.cache:
        pairs.cache[name] = _origins(own, pairs.panel)
    found: Coded[_Origin] = pairs.cache[name]
    return found


def _check_pair(own: _Own, pairs: Pairs, _thresholds: Thresholds) -> NDArray[np.int8]:
    return pairs.by_key(_pair_origins(own, pairs), _same_system)


def _severity_pair(own: _Own, pairs: Pairs, _thresholds: Thresholds) -> NDArray[np.int8]:
    return pairs.by_key(_pair_origins(own, pairs), _weight_of_pair)


def _weight_of_pair(first: _Origin, second: _Origin) -> Severity:
    systems = _are_apart(first, second) or first.samples != second.samples
    return Severity.CAUTION if systems else Severity.NOTE


def _words_pair(
    own: _Own, first: Result, second: Result, _thresholds: Thresholds, outcome: Outcome
) -> Finding:
    if outcome is Outcome.NOT_ASSESSABLE:
        return Finding(message="whether both numbers come from one system of statistics")
    one, two = _origin(own, first), _origin(own, second)
    return Finding(
        message="the two numbers come from different systems of statistics"
        if _weight_of_pair(one, two) is Severity.CAUTION
        else "the source of one number quotes another publisher",
        evidence=(("first", one.label), ("second", two.label)),
        hint="Take both numbers from the tables of one publisher",
    )


def documented_rules(documents: Iterable[CountingRules] = ()) -> tuple[Rule, ...]:
    """Return the rules of this family with further documents."""
    own = tuple(documents)
    return (
        library_rule(
            "SOURCE.number",
            check=partial(_check_number, own),
            severity=partial(_severity_number, own),
            words=partial(_words_number, own),
        ),
        library_rule(
            "SOURCE.pair",
            check=partial(_check_pair, own),
            severity=partial(_severity_pair, own),
            words=partial(_words_pair, own),
        ),
    )


RULES = documented_rules()
