"""Concepts of age and age limits."""

from functools import partial

import numpy as np
from attrs import frozen

from thbstats.columns import Coded
from thbstats.panel import Outcome, Panel, Result
from thbstats.records import CountingRules
from thbstats.rules.catalogue import library_rule
from thbstats.rules.documentation import counting
from thbstats.rules.families._kinds import SeriesKey, breakdowns, is_presumed_same, series_key
from thbstats.rules.pairs import Pairs, PanelColumn
from thbstats.rules.rule import Codes, Rule, Thresholds, Wording, all_equal, per_kind, wording

__all__ = ["documented_rules"]

_Documents = tuple[CountingRules, ...]
_Documented = tuple[Coded[CountingRules | None], Coded[CountingRules | None]]

_COLUMNS = ("numerator_kind", "denominator_kind", "category", "base")


@frozen
class _Ages:
    """The concepts of age and the age limits of each side that counts victims."""

    concepts: tuple[str | None, ...]
    limits: tuple[str | None, ...]
    series_key: SeriesKey | None


def _documented(documents: _Documents, panel: Panel) -> _Documented | None:
    """Return the counting rules of both sides, if a number depends on age."""
    names = {name for category in panel.category.categories for name, _ in category}
    for base in panel.base.categories:
        names |= {*base.dimension, *(name for name, _ in base.within)}
    if "age" not in names:
        return None
    return counting(documents, panel, "numerator_kind"), counting(
        documents, panel, "denominator_kind"
    )


def _ages(documented: _Documented, number: Result, *, with_series: bool = True) -> _Ages | None:
    """Return the ages of a number, if it depends on age."""
    if "age" not in breakdowns(number):
        return None
    sides = {
        kind: column[number.position]
        for kind, column in zip(
            (number.numerator_kind, number.denominator_kind), documented, strict=True
        )
        if kind.kind == "victims"
    }
    if not sides:
        return None
    concepts, limits = (
        [_stated(rules, name) for rules in sides.values()]
        for name in ("age_concept", "child_below")
    )
    stated = (kind.get("age_concept") for kind in sides)
    return _Ages(
        tuple(own or documented for own, documented in zip(stated, concepts, strict=True)),
        tuple(limits),
        series_key(number) if with_series else None,
    )


def _stated(rules: CountingRules | None, name: str) -> str | None:
    value = None if rules is None else rules.stated_value(name)
    return None if value is None else str(value)


def _check_number(documents: _Documents, panel: Panel, _limits: Thresholds) -> Codes:
    documented = _documented(documents, panel)
    if documented is None:
        return np.ones(len(panel), dtype=np.int8)

    def one_concept(number: Result) -> Outcome:
        ages = _ages(documented, number, with_series=False)
        return Outcome.PASS if ages is None else all_equal(ages.concepts)

    return per_kind(panel, [*_COLUMNS, *documented], one_concept)


def _check_pair(documents: _Documents, pairs: Pairs, _limits: Thresholds) -> Codes:
    documented = _documented(documents, pairs.panel)
    if documented is None:
        return np.ones(len(pairs), dtype=np.int8)
    columns: list[PanelColumn] = [*_COLUMNS, "sources", "area", *documented]
    return pairs.by_key(pairs.keys(columns, partial(_ages, documented)), _same)


def _same(first: _Ages | None, second: _Ages | None) -> Outcome:
    if first is None or second is None:
        return Outcome.PASS
    concepts = all_equal([*first.concepts, *second.concepts])
    limits = {limit for limit in (*first.limits, *second.limits) if limit is not None}
    if concepts is Outcome.FAIL or len(limits) > 1:
        return Outcome.FAIL
    if (
        first.series_key is not None
        and second.series_key is not None
        and is_presumed_same(first.series_key, second.series_key)
    ):
        return Outcome.PASS
    return concepts


def _wording_pair(documents: _Documents, first: Result, second: Result, *_: object) -> Wording:
    left, right = _label(documents, first), _label(documents, second)
    return wording("fail", (("first", left), ("second", right)), first=left, second=right)


def _label(documents: _Documents, number: Result) -> str:
    alone = number.panel.take([number.position]).row(0)
    documented = _documented(documents, alone.panel)
    ages = None if documented is None else _ages(documented, alone)
    concepts = [] if ages is None else [concept or "not stated" for concept in ages.concepts]
    limits = [] if ages is None else [f"under {limit}" for limit in ages.limits if limit]
    return ", ".join(dict.fromkeys([*concepts, *limits])).replace("_", " ")


def documented_rules(documents: _Documents) -> tuple[Rule, ...]:
    """Return the rules of this family, with counting rules that a user documents."""
    return (
        library_rule(
            "AGE.number",
            documents=documents,
            check=partial(_check_number, documents),
            evidence=lambda number: (("ages", _label(documents, number)),),
        ),
        library_rule(
            "AGE.pair",
            documents=documents,
            check=partial(_check_pair, documents),
            wording=partial(_wording_pair, documents),
        ),
    )
