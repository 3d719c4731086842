"""Panels of changes, and their warnings."""

from collections.abc import Iterable
from fractions import Fraction
from typing import Any, ClassVar

import numpy as np
from attrs import evolve, frozen

from thbstats.columns import Coded, Fractions, Ranges
from thbstats.panel import Outcome, Panel, Result, ResultKind
from thbstats.panel.context import Contradiction
from thbstats.panel.frame_fields import FrameField, bound_field
from thbstats.rules import Pairs, Rule, Thresholds, WarningText, apply_rules
from thbstats.rules.judgement import NO_VALUE, judge
from thbstats.values import Interval

Years = tuple[int, int]
"""The years by which the older and the newer number are divided."""

COLUMNS = ("coverage_old", "coverage_new", "with_published", "with_sum_of_parts")

# Parts that together exceed their total can be forms of exploitation of one person.
_CONTRADICTORY = frozenset(("contradictory", "PART_ABOVE_TOTAL"))
_LISTED = 3


def _coverage_field(side: str, bound: str) -> FrameField:
    return bound_field(
        f"coverage_{side}_{bound}",
        f"{bound.capitalize()} bound of the share of matched countries in the {side} count",
        lambda panel: getattr(getattr(panel, f"coverage_{side}"), bound),
    )


@frozen(kw_only=True, slots=False, eq=False, repr=False)
class Change(Panel):
    """Changes between two periods: a panel with the two numbers of each change.

    Parameters
    ----------
    earlier, later : Panel
        The older and the newer number of each row, with their own warnings.
    years : tuple of int
        The years by which the older and the newer count are divided.
    coverage_old, coverage_new : Fractions
        The share of the countries with both periods in the older and the newer published count;
        missing for shares, and where no country has rows.
    with_published : Fractions
        The change with the published totals of the countries whose counts contradict each other;
        missing without such a country.
    with_sum_of_parts : Fractions
        The change with the sum of the parts of such countries in place of their total.
    """

    _further: ClassVar[tuple[str, ...]] = ("earlier", "later", *COLUMNS)

    frame_fields: ClassVar[tuple[FrameField, ...]] = (
        _coverage_field("old", "lower"),
        _coverage_field("old", "upper"),
        _coverage_field("new", "lower"),
        _coverage_field("new", "upper"),
    )

    earlier: Panel
    later: Panel
    years: Years = (1, 1)
    coverage_old: Fractions
    coverage_new: Fractions
    with_published: Fractions
    with_sum_of_parts: Fractions

    @property
    def _shown_period(self) -> Coded[str]:
        """Both periods of each row as text."""
        return self.earlier.period.combine(self.period, "{} to {}".format)


def changed(old: Fractions, new: Fractions, kind: ResultKind, years: Years) -> Fractions:
    """Return the changes between numbers."""
    if kind is not ResultKind.RELATIVE_CHANGE:
        return new.scale(Fraction(1, years[1])).minus(old.scale(Fraction(1, years[0])))
    above, below = (
        Ranges(
            side.lower_num,
            np.where(side.upper_den == 0, np.inf, side.upper_num.astype(np.float64)),
            ~side.missing,
        )
        for side in (new, old)
    )
    quotient = Fractions.ratios(above, below).without(old.missing | new.missing)
    return quotient.scale(Fraction(*years)).minus(
        Fractions.counts(Ranges.points(np.ones(len(old))))
    )


def contradictory_areas(items: Iterable[Contradiction]) -> tuple[str, ...]:
    """Return the areas whose counts contradict each other."""
    return tuple(dict.fromkeys(item.area for item in items if item.code in _CONTRADICTORY))


_OF_THE_CHANGE = frozenset(("SUPPRESSED", "CONTRADICTED"))
"""The codes that a change has for both of its numbers together."""


def with_warnings(
    changes: Change, is_annual: bool, thresholds: Thresholds, rules: tuple[Rule, ...] | None
) -> Change:
    """Return changes with the warnings of the numbers, pairs and changes."""
    size = len(changes)
    none = np.zeros((0, size), dtype=np.int8)
    both = Panel.concat(
        [evolve(side, rules=(), levels=none) for side in (changes.earlier, changes.later)]
    )
    if is_annual:
        # A division by years answers the question of different lengths.
        both = evolve(both, kind=Coded.constant(ResultKind.PER_YEAR, 2 * size))
    pair = judge(Pairs(both, np.arange(size), np.arange(size) + size), rules, thresholds)
    own = apply_rules(changes, thresholds=thresholds, rules=rules)
    levels = [
        (evolve(rule, text=_Readings(rule)) if rule.code == "CONTRADICTED" else rule, row)
        for rule, row in zip(own.rules, own.levels, strict=True)
    ]
    sides: list[tuple[Any, tuple[str, ...], frozenset[str]]] = [
        (changes.earlier, ("earlier",), _OF_THE_CHANGE),
        (changes.later, ("later",), _OF_THE_CHANGE),
        (pair, ("earlier", "later"), _OF_THE_CHANGE | {NO_VALUE.code}),
    ]
    levels += [
        (evolve(rule, text=_SideText(rule, names)), row)
        for judged, names, excluded in sides
        for rule, row in zip(judged.rules, judged.levels, strict=True)
        if rule.code not in excluded and (len(names) == 1 or rule.scope == "pair")
    ]
    applied = [(rule, row) for rule, row in levels if row.any()]
    return evolve(
        changes,
        rules=tuple(rule for rule, _ in applied),
        thresholds=thresholds,
        levels=np.array([row for _, row in applied], dtype=np.int8).reshape(-1, size),
    )


@frozen
class _SideText:
    """The text of a rule for one number of a change, or for both."""

    rule: Rule
    sides: tuple[str, ...]

    def __call__(self, number: Result, limits: Thresholds, outcome: Outcome) -> WarningText:
        rows = [getattr(number.panel, side).row(number.position) for side in self.sides]
        text = self.rule.text(*rows, limits, outcome)
        if len(rows) > 1 or self.rule.is_limitation or outcome is not Outcome.FAIL:
            return text
        return evolve(text, evidence=(("period", str(rows[0].period)), *text.evidence))


@frozen
class _Readings:
    """The text of CONTRADICTED with all versions of a change."""

    rule: Rule

    def __call__(self, number: Result, limits: Thresholds, outcome: Outcome) -> WarningText:
        text = self.rule.text(number, limits, outcome)
        panel, i = number.panel, number.position
        if not isinstance(panel, Change) or panel.with_published[i] is None:
            return text
        areas = contradictory_areas(number.contradictions)
        names = ", ".join(areas[:_LISTED])
        if len(areas) > _LISTED:
            names += f" and {len(areas) - _LISTED} more"
        show = number.kind.format_value
        # The other period of such a country can be in the change as published.
        readings = [("printed result", number.formatted)]
        published = show(panel.with_published[i] or Interval(None, None))
        readings.append((f"with {names} as published", published))
        parts = panel.with_sum_of_parts[i]
        if parts is not None:
            whose = "its" if len(areas) == 1 else "their"
            readings.append((f"with the sum of {whose} parts", show(parts)))
        return evolve(text, evidence=(*text.evidence, *readings))
