"""Composition of areas and of groups of citizens."""

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from thbstats.columns import Coded
from thbstats.geography import COMPOSITIONS, eu_members, straddles_change
from thbstats.panel import Outcome, Panel, Result
from thbstats.rules.catalogue import Facts, library_rule
from thbstats.rules.pairs import key_column
from thbstats.rules.rule import failure, worst_outcome
from thbstats.values import Period

# Groups whose countries depend on the day.
_BY_MEMBERSHIP = {"eu", "other_eu", "non_eu"}

_Selection = tuple[tuple[str, str], ...]
_Groups = tuple[frozenset[str], ...] | None


@frozen
class _Composition:
    """The countries of a number, its groups of citizens and its population."""

    members: frozenset[str]
    is_group: bool = False
    groups: _Groups = None
    population: frozenset[str] | None = None


def _is_group(selection: _Selection) -> bool:
    return any(name == "citizenship" and code in _BY_MEMBERSHIP for name, code in selection)


def _has_groups(panel: Panel) -> NDArray[np.bool_]:
    within = panel.base.table(lambda base: _is_group(base.within), np.bool_)
    return np.asarray(panel.category.table(_is_group, np.bool_) | within)


def _memberships(period: Period) -> _Groups:
    """Return the sets of Member States during a period, in order."""
    if period.start is None or period.end is None:
        return None
    days = (period.start, *straddles_change(period.start, period.end))
    return tuple(eu_members(day) for day in days)


def _composition(number: Result) -> _Composition:
    """Return the countries, the compositions of citizenship groups, and the population."""
    members, groups = number.area.members, None
    population = None if number.inhabitants is None else number.inhabitants.area.members
    is_group = _is_group((*number.category, *number.base.within))
    if is_group:
        named = COMPOSITIONS.get(number.area.code.partition(" without ")[0])
        groups = _memberships(number.period) if named is None else (named.members,)
    return _Composition(members, is_group, groups, population)


def _compositions(panel: Panel) -> Coded[_Composition]:
    grouped = _has_groups(panel).any()
    columns = ["area", "inhabitants", *(["category", "base", "period"] if grouped else [])]
    return key_column(panel, columns, _composition)


def _with_groups(panel: Panel) -> Coded[_Composition]:
    """Return the compositions, if there are citizenship groups or populations."""
    if any(panel.inhabitants.categories) or _has_groups(panel).any():
        return _compositions(panel)
    return Coded.constant(_Composition(frozenset()), len(panel))


def _one_composition(own: _Composition) -> Outcome:
    if own.population not in (None, own.members):
        return Outcome.FAIL
    if own.is_group and own.groups is None:
        return Outcome.NOT_ASSESSABLE
    return failure(own.groups and len(own.groups) > 1)


def _composition_facts(own: _Composition) -> Facts:
    if own.population is not None and own.population != own.members:
        return {
            "case": "population",
            "only_counted": own.members - own.population or None,
            "only_population": own.population - own.members or None,
        }
    first, *_, last = own.groups or (own.members,)
    return {"changed": first ^ last}


def _same_area(first: _Composition, second: _Composition) -> Outcome:
    left, right = first.members, second.members
    if not left or not right:
        return Outcome.NOT_ASSESSABLE
    return failure(left != right and not len(left) == len(right) == 1)


def _same_composition(first: _Composition, second: _Composition) -> Outcome:
    groups = Outcome.PASS
    if first.is_group and second.is_group:
        is_open = None in (first.groups, second.groups)
        groups = Outcome.NOT_ASSESSABLE if is_open else failure(first.groups != second.groups)
    return worst_outcome(_same_area(first, second), groups)


def _open_facts(first: _Composition, second: _Composition) -> Facts:
    return {"case": "groups" if _same_area(first, second) is Outcome.PASS else "area"}


def _differing_facts(first: _Composition, second: _Composition) -> Facts:
    case, left, right = "fail", first.members, second.members
    if _same_area(first, second) is Outcome.PASS:
        case = "groups"
        left, right = (frozenset[str]().union(*(own.groups or ())) for own in (first, second))
    return {"case": case, "only_first": left - right or None, "only_second": right - left or None}


RULES = (
    library_rule("AREA_COMPOSITION.number", _one_composition, _composition_facts, of=_with_groups),
    library_rule(
        "AREA_COMPOSITION.pair",
        _same_composition,
        _differing_facts,
        of=_compositions,
        open_facts=_open_facts,
    ),
)
