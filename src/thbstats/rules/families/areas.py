"""Composition of areas and of groups of citizens."""

import numpy as np
from numpy.typing import NDArray

from thbstats.geography import COMPOSITIONS, Area, eu_members, straddles_change
from thbstats.panel import Outcome, Panel, Result
from thbstats.rules.catalogue import library_rule
from thbstats.rules.pairs import Pairs
from thbstats.rules.rule import (
    Codes,
    Evidence,
    Thresholds,
    Wording,
    outcomes,
    wording,
    worst_outcome,
)
from thbstats.values import Period

__all__ = ["RULES"]

# Groups whose countries depend on the day.
_BY_MEMBERSHIP = {"eu", "other_eu", "non_eu"}

_Selection = tuple[tuple[str, str], ...]
_Groups = tuple[frozenset[str], ...] | None
_Key = tuple[frozenset[str], bool, _Groups]


def _is_group(selection: _Selection) -> bool:
    return any(name == "citizenship" and code in _BY_MEMBERSHIP for name, code in selection)


def _has_groups(panel: Panel) -> NDArray[np.bool_]:
    within = panel.base.table(lambda base: _is_group(base.within), np.bool_)
    return np.asarray(panel.category.table(_is_group, np.bool_) | within)


def _composition(area: Area) -> frozenset[str] | None:
    """Return the composition that the area names."""
    result = COMPOSITIONS.get(area.code.partition(" without ")[0])
    return None if result is None else result.members


def _memberships(period: Period) -> _Groups:
    """Return the sets of Member States during a period, in order."""
    if period.start is None or period.end is None:
        return None
    days = (period.start, *straddles_change(period.start, period.end))
    return tuple(eu_members(day) for day in days)


def _other_population(panel: Panel) -> NDArray[np.bool_]:
    """Return where the population of a rate is that of another area."""
    codes = {area: code for code, area in enumerate(panel.area.categories)}
    own = panel.area.table(lambda area: codes[area], np.intp)
    population = panel.inhabitants.table(
        lambda item: -1 if item is None else codes.get(item.area, len(codes)), np.intp
    )
    return np.asarray((population >= 0) & (population != own))


def _check_number(panel: Panel, _limits: Thresholds) -> Codes:
    groups, rates = _has_groups(panel), any(panel.inhabitants.categories)
    fails = _other_population(panel) if rates else np.zeros(len(panel), dtype=np.bool_)
    if not groups.any():
        return outcomes(fails)
    memberships = panel.period.table(lambda period: len(_memberships(period) or ()), np.intp)
    unnamed = groups & panel.area.table(lambda area: _composition(area) is None, np.bool_)
    return outcomes(fails | (unnamed & (memberships > 1)), unnamed & (memberships == 0))


def _wording_number(number: Result, _limits: Thresholds, _outcome: Outcome) -> Wording:
    inhabitants = number.inhabitants
    if inhabitants is not None and inhabitants.area != number.area:
        counted, population = number.area.members, inhabitants.area.members
        return wording(
            "population",
            (
                *_names("only counted", counted - population),
                *_names("only in the population", population - counted),
            ),
            area=number.area.code,
            population=inhabitants.area.code,
        )
    first, *_, last = _memberships(number.period) or (frozenset[str](),)
    return wording(
        "fail", (("joined or left", ", ".join(sorted(first ^ last))),), period=number.period
    )


def _names(name: str, countries: frozenset[str]) -> Evidence:
    return ((name, ", ".join(sorted(countries))),) if countries else ()


def _key(number: Result) -> _Key:
    """Return the area and the compositions of citizenship groups."""
    members = number.area.members
    if not _is_group((*number.category, *number.base.within)):
        return members, False, None
    named = _composition(number.area)
    return members, True, _memberships(number.period) if named is None else (named,)


def _same_area(first: _Key, second: _Key) -> Outcome:
    left, right = first[0], second[0]
    if not left or not right:
        return Outcome.NOT_ASSESSABLE
    return Outcome.PASS if left == right or len(left) == len(right) == 1 else Outcome.FAIL


def _same(first: _Key, second: _Key) -> Outcome:
    groups = Outcome.PASS
    if first[1] and second[1] and first[2] != second[2]:
        groups = Outcome.FAIL
    if first[1] and second[1] and None in (first[2], second[2]):
        groups = Outcome.NOT_ASSESSABLE
    return worst_outcome(_same_area(first, second), groups)


def _check_pair(pairs: Pairs, _limits: Thresholds) -> Codes:
    grouped = _has_groups(pairs.panel).any()
    columns = ["area", *(["category", "base", "period"] if grouped else [])]
    return pairs.by_key(pairs.keys(columns, _key), _same)


def _wording_pair(first: Result, second: Result, _limits: Thresholds, outcome: Outcome) -> Wording:
    left, right = _key(first), _key(second)
    area = _same_area(left, right)
    if outcome is Outcome.NOT_ASSESSABLE:
        return wording("open_groups" if area is Outcome.PASS else "open_area")
    members, others = left[0], right[0]
    if area is Outcome.PASS:
        members, others = (frozenset[str]().union(*(own[2] or ())) for own in (left, right))
    evidence = (
        *_names("only in the first", members - others),
        *_names("only in the second", others - members),
    )
    if area is Outcome.PASS:
        return wording("groups", evidence)
    return wording("fail", evidence, first=first.area.code, second=second.area.code)


RULES = (
    library_rule("AREA_COMPOSITION.number", _check_number, _wording_number),
    library_rule("AREA_COMPOSITION.pair", _check_pair, _wording_pair),
)
