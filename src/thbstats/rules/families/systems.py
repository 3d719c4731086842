"""Sources and systems of statistics."""

from functools import lru_cache, partial
from typing import get_args

import numpy as np
from attrs import frozen

from thbstats.columns import Coded
from thbstats.panel import Outcome, Panel, Result
from thbstats.records import CountingRules, Source
from thbstats.rules.catalogue import library_rule
from thbstats.rules.documentation import Side, applicable, documented
from thbstats.rules.families._kinds import both_numbers, publications
from thbstats.rules.pairs import Pairs
from thbstats.rules.rule import Rule, Wording, cautions, outcomes, wording

__all__ = ["documented_rules"]

_Documents = tuple[CountingRules, ...]


@frozen
class _Origin:
    """The publications and samples of a number."""

    publications: frozenset[Source]
    samples: frozenset[str]

    @property
    def publishers(self) -> frozenset[str]:
        return frozenset(source.publisher for source in self.publications) - {""}

    @property
    def is_secondary(self) -> bool:
        return "secondary" in {source.kind for source in self.publications}

    @property
    def is_mixed(self) -> bool:
        return bool(self.samples) or len(self.publishers) > 1

    @property
    def label(self) -> str:
        titles = sorted(source.title for source in self.publications)
        return "; ".join([*titles, *sorted(self.samples)]) or "not stated"


def _samples(rules: _Documents) -> frozenset[str]:
    return frozenset(own.sample for own in rules) - {""}


@lru_cache(maxsize=1024)
def _has_samples(documents: _Documents, sources: tuple[tuple[Source, ...], ...]) -> bool:
    return any(
        rules.sample and any(map(rules.applies_to, sources))
        for rules in (*documents, *documented())
    )


def _origins(documents: _Documents, panel: Panel) -> Coded[_Origin]:
    """Return the origin of each number."""
    none: Coded[frozenset[str]] = Coded.constant(frozenset(), len(panel))
    if _has_samples(documents, panel.sources.categories):
        counted, against = (
            applicable(documents, panel, side).map(_samples) for side in get_args(Side)
        )
    else:
        counted = against = none
    code, first = panel.group_rows(["sources", counted, against])
    origins = Coded.from_values(
        _Origin(publications(panel.sources[i]), counted[i] | against[i]) for i in first.tolist()
    )
    return Coded(origins.codes[code], origins.categories)


def _origin(documents: _Documents, number: Result) -> _Origin:
    return _origins(documents, number.panel.take([number.position]))[0]


def _wording_number(documents: _Documents, number: Result, *_: object) -> Wording:
    origin = _origin(documents, number)
    name = "sample" if origin.samples else "mixed" if origin.is_mixed else "fail"
    return wording(name, (("source", origin.label),))


def _same_system(first: _Origin, second: _Origin) -> Outcome:
    if _are_apart(first, second) or first.is_secondary != second.is_secondary:
        return Outcome.FAIL
    named = first.publishers and second.publishers
    same = first.publications == second.publications
    return Outcome.PASS if named or same else Outcome.NOT_ASSESSABLE


def _are_apart(first: _Origin, second: _Origin) -> bool:
    """Return whether the samples differ, or the publishers if both are named."""
    left, right = first.publishers, second.publishers
    return first.samples != second.samples or (bool(left and right) and left != right)


def _pair_origins(documents: _Documents, pairs: Pairs) -> Coded[_Origin]:
    name = (_origins, documents)
    if name not in pairs.cache:
        pairs.cache[name] = _origins(documents, pairs.panel)
    origins: Coded[_Origin] = pairs.cache[name]
    return origins


def _wording_pair(documents: _Documents, first: Result, second: Result, *_: object) -> Wording:
    return wording(
        "fail" if _are_apart(_origin(documents, first), _origin(documents, second)) else "quoted",
        both_numbers(lambda number: _origin(documents, number).label)(first, second),
    )


def documented_rules(documents: _Documents) -> tuple[Rule, ...]:
    """Return the rules of this family, with counting rules that a user documents."""
    return (
        library_rule(
            "SOURCE.number",
            documents=documents,
            check=lambda panel, _: outcomes(
                _origins(documents, panel).table(
                    lambda origin: origin.is_mixed or origin.is_secondary, np.bool_
                )
            ),
            wording=partial(_wording_number, documents),
            severity=lambda panel, _: cautions(
                _origins(documents, panel).table(lambda origin: origin.is_mixed, np.bool_)
            ),
        ),
        library_rule(
            "SOURCE.pair",
            documents=documents,
            check=lambda pairs, _: pairs.by_key(_pair_origins(documents, pairs), _same_system),
            wording=partial(_wording_pair, documents),
            severity=lambda pairs, _: pairs.by_key(_pair_origins(documents, pairs), _are_apart),
        ),
    )
