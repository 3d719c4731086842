"""Composition of areas and of groups of citizens."""

import numpy as np
from numpy.typing import NDArray

from thbstats.columns import Coded
from thbstats.geography import COMPOSITIONS, Area, eu_members, straddles_change
from thbstats.panel import Outcome, Panel, Result
from thbstats.rules.catalogue import Facts, library_rule
from thbstats.rules.pairs import key_column
from thbstats.rules.rule import Codes, Thresholds, failure, outcomes, worst_outcome
from thbstats.values import Period

__all__ = ["RULES"]

# Groups whose countries depend on the day.
_BY_MEMBERSHIP = {"eu", "other_eu", "non_eu"}

_Selection = tuple[tuple[str, str], ...]
_Groups = tuple[frozenset[str], ...] | None
_Composition = tuple[frozenset[str], bool, _Groups]


def _is_group(selection: _Selection) -> bool:
    return any(name == "citizenship" and code in _BY_MEMBERSHIP for name, code in selection)


def _has_groups(panel: Panel) -> NDArray[np.bool_]:
    within = panel.base.table(lambda base: _is_group(base.within), np.bool_)
    return np.asarray(panel.category.table(_is_group, np.bool_) | within)


def _named_composition(area: Area) -> frozenset[str] | None:
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


def _check_composition(panel: Panel, _limits: Thresholds) -> Codes:
    groups, rates = _has_groups(panel), any(panel.inhabitants.categories)
    fails = _other_population(panel) if rates else np.zeros(len(panel), dtype=np.bool_)
    if not groups.any():
        return outcomes(fails)
    memberships = panel.period.table(lambda period: len(_memberships(period) or ()), np.intp)
    unnamed = groups & panel.area.table(lambda area: _named_composition(area) is None, np.bool_)
    return outcomes(fails | (unnamed & (memberships > 1)), unnamed & (memberships == 0))


def _composition_facts(number: Result) -> Facts:
    inhabitants = number.inhabitants
    if inhabitants is not None and inhabitants.area != number.area:
        counted, population = number.area.members, inhabitants.area.members
        return {
            "case": "population",
            "only_counted": counted - population or None,
            "only_population": population - counted or None,
        }
    first, *_, last = _memberships(number.period) or (frozenset[str](),)
    return {"changed": first ^ last}


def _composition_of(number: Result) -> _Composition:
    """Return the area and the compositions of citizenship groups."""
    members = number.area.members
    if not _is_group((*number.category, *number.base.within)):
        return members, False, None
    named = _named_composition(number.area)
    return members, True, _memberships(number.period) if named is None else (named,)


def _compositions(panel: Panel) -> Coded[_Composition]:
    grouped = _has_groups(panel).any()
    columns = ["area", *(["category", "base", "period"] if grouped else [])]
    return key_column(panel, columns, _composition_of)


def _same_area(first: _Composition, second: _Composition) -> Outcome:
    left, right = first[0], second[0]
    if not left or not right:
        return Outcome.NOT_ASSESSABLE
    return failure(left != right and not len(left) == len(right) == 1)


def _same_composition(first: _Composition, second: _Composition) -> Outcome:
    groups = Outcome.PASS
    if first[1] and second[1] and first[2] != second[2]:
        groups = Outcome.FAIL
    if first[1] and second[1] and None in (first[2], second[2]):
        groups = Outcome.NOT_ASSESSABLE
    return worst_outcome(_same_area(first, second), groups)


def _open_composition(first: _Composition, second: _Composition) -> Facts:
    return {"case": "groups" if _same_area(first, second) is Outcome.PASS else "area"}


def _differing_facts(first: _Composition, second: _Composition) -> Facts:
    case, left, right = "fail", first[0], second[0]
    if _same_area(first, second) is Outcome.PASS:
        case = "groups"
        left, right = (frozenset[str]().union(*(own[2] or ())) for own in (first, second))
    return {"case": case, "only_first": left - right or None, "only_second": right - left or None}


RULES = (
    library_rule("AREA_COMPOSITION.number", _check_composition, _composition_facts),
    library_rule(
        "AREA_COMPOSITION.pair",
        _same_composition,
        _differing_facts,
        of=_compositions,
        open_facts=_open_composition,
    ),
)
