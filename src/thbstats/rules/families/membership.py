"""Composition of areas and of groups of citizens."""

import numpy as np
from numpy.typing import NDArray

from thbstats.geography import COMPOSITIONS, eu_members, straddles_change
from thbstats.panel import Message, Outcome, Panel, Result, Severity
from thbstats.rules.pairs import Pairs
from thbstats.rules.rule import Finding, library_rule, outcomes, worst
from thbstats.rules.thresholds import Thresholds
from thbstats.values import Period

__all__ = ["RULES"]

# Groups whose countries depend on the day.
_BY_MEMBERSHIP = {"eu", "other_eu", "non_eu"}

_Selection = tuple[tuple[str, str], ...]


def _is_group(selection: _Selection) -> bool:
    return any(name == "citizenship" and code in _BY_MEMBERSHIP for name, code in selection)


def _composition(number: Result) -> frozenset[str] | None:
    """Return the composition that the source names; it settles the groups for all days."""
    name = number.area.code.partition(" without ")[0]
    return COMPOSITIONS[name].members if name in COMPOSITIONS else None


def _changes(period: Period) -> Outcome:
    """Return whether the membership of the EU stays the same in a period."""
    if period.start is None or period.end is None:
        return Outcome.NOT_ASSESSABLE
    changed = straddles_change(period.start, period.end)
    return Outcome.FAILS if changed else Outcome.HOLDS


def _memberships(period: Period) -> tuple[frozenset[str], ...] | None:
    """Return the sets of Member States during a period, in order."""
    if period.start is None or period.end is None:
        return None
    days = (period.start, *straddles_change(period.start, period.end))
    return tuple(eu_members(day) for day in days)


def _has_groups(panel: Panel) -> NDArray[np.bool_]:
    within = panel.base.table(lambda base: _is_group(base.within), np.bool_)
    return np.asarray(panel.category.table(_is_group, np.bool_) | within)


def _other_population(panel: Panel) -> NDArray[np.bool_]:
    """Return where the population of a rate is that of another area."""
    codes = {area: code for code, area in enumerate(panel.area.categories)}
    own = panel.area.table(lambda area: codes[area], np.intp)
    population = panel.inhabitants.table(
        lambda item: -1 if item is None else codes.get(item.area, len(codes)), np.intp
    )
    return np.asarray((population >= 0) & (population != own))


def _check_number(panel: Panel, _thresholds: Thresholds) -> NDArray[np.int8]:
    groups, rates = _has_groups(panel), any(panel.inhabitants.categories)
    if not rates and not groups.any():
        return np.ones(len(panel), dtype=np.int8)
    fails = _other_population(panel) if rates else np.zeros(len(panel), dtype=np.bool_)
    if not groups.any():
        return outcomes(fails)
    named = panel.area.table(
        lambda area: area.code.partition(" without ")[0] in COMPOSITIONS, np.bool_
    )
    settled = panel.period.table(lambda period: _changes(period).code, np.int8)
    open_groups = groups & ~named
    return outcomes(fails | (open_groups & (settled < 0)), open_groups & (settled == 0))


def _words_number(number: Result, _thresholds: Thresholds, outcome: Outcome) -> Finding:
    if outcome is Outcome.NOT_ASSESSABLE:
        return Finding(message="which EU composition the groups follow")
    inhabitants = number.inhabitants
    if inhabitants is not None and inhabitants.area != number.area:
        sides = (
            ("only counted", number.area.members - inhabitants.area.members),
            ("only in the population", inhabitants.area.members - number.area.members),
        )
        return Finding(
            message=Message(
                "the counts are of {area} and the population is of {population}",
                area=number.area.code,
                population=inhabitants.area.code,
            ),
            evidence=tuple((name, ", ".join(sorted(own))) for name, own in sides if own),
            hint="Take the population of the countries that are counted",
        )
    first, *_, last = _memberships(number.period) or (frozenset[str](),)
    return Finding(
        message=Message(
            "the membership of the EU changes during {period}, so EU and non-EU citizens are "
            "not the same groups throughout",
            period=number.period,
        ),
        evidence=(("joined or left", ", ".join(sorted(first ^ last))),),
        hint="Split the period at the change, or name the composition that the source uses",
    )


_Groups = tuple[frozenset[str], ...] | None
_Key = tuple[frozenset[str], bool, _Groups]


def _key(number: Result) -> _Key:
    """Return the area, whether citizens are grouped, and the compositions of the groups."""
    members = number.area.members
    if not _is_group((*number.category, *number.base.within)):
        return members, False, None
    named = _composition(number)
    return members, True, _memberships(number.period) if named is None else (named,)


def _same_area(first: _Key, second: _Key) -> Outcome:
    one, two = first[0], second[0]
    if not one or not two:
        return Outcome.NOT_ASSESSABLE
    return Outcome.HOLDS if one == two or len(one) == len(two) == 1 else Outcome.FAILS


def _same_groups(first: _Key, second: _Key) -> Outcome:
    if not (first[1] and second[1]):
        return Outcome.HOLDS
    if first[2] is None or second[2] is None:
        return Outcome.NOT_ASSESSABLE
    return Outcome.HOLDS if first[2] == second[2] else Outcome.FAILS


def _same(first: _Key, second: _Key) -> Outcome:
    return worst(_same_area(first, second), _same_groups(first, second))


def _check_pair(pairs: Pairs, _thresholds: Thresholds) -> NDArray[np.int8]:
    grouped = _has_groups(pairs.panel).any()
    columns = ["area", *(["category", "base", "period"] if grouped else [])]
    return pairs.by_key(pairs.keys(columns, _key), _same)


def _words_pair(
    first: Result, second: Result, _thresholds: Thresholds, outcome: Outcome
) -> Finding:
    one, two = _key(first), _key(second)
    area = _same_area(one, two)
    if outcome is Outcome.NOT_ASSESSABLE:
        known = area is Outcome.HOLDS
        return Finding(
            message="which EU composition the groups follow"
            if known
            else "the area of both numbers"
        )
    if area is Outcome.FAILS:
        return Finding(
            message=Message(
                "{first} and {second} are different sets of countries",
                first=first.area.code,
                second=second.area.code,
            ),
            evidence=_differing(one[0], two[0]),
            hint="Compute both for the countries that the two areas share",
        )
    unions = [frozenset[str]().union(*(groups or ())) for groups in (one[2], two[2])]
    return Finding(
        message="the membership of the EU changes between the two numbers, so EU and non-EU "
        "citizens are not the same groups",
        evidence=_differing(*unions),
        hint="Take the countries of citizenship, and group both by one composition",
    )


def _differing(one: frozenset[str], two: frozenset[str]) -> tuple[tuple[str, str], ...]:
    sides = (("only in the first", one - two), ("only in the second", two - one))
    return tuple((name, ", ".join(sorted(members))) for name, members in sides if members)


RULES = (
    library_rule(
        "AREA_COMPOSITION.number",
        check=_check_number,
        severity=Severity.CAUTION,
        words=_words_number,
    ),
    library_rule(
        "AREA_COMPOSITION.pair", check=_check_pair, severity=Severity.CAUTION, words=_words_pair
    ),
)
