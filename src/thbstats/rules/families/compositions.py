"""Composition of areas and of groups of citizens."""

from collections.abc import Iterable, Sequence

from attrs import frozen

from thbstats.geography import COMPOSITIONS, eu_members, straddles_change
from thbstats.panel import Outcome, Panel, Result
from thbstats.rules.catalogue import Documents, Facts, Property, library_rule
from thbstats.rules.rule import failure, worst_outcome

# Groups whose countries depend on the day.
_BY_MEMBERSHIP = {"eu", "other_eu", "non_eu"}


@frozen
class _Composition:
    """The countries of a number, its groups of citizens and its population.

    The groups are the sets of Member States in its period, ``None`` if they are not stated.
    """

    members: frozenset[str]
    groups: tuple[frozenset[str], ...] | None = ()
    population: frozenset[str] | None = None


def _is_group(selection: Iterable[tuple[str, str]]) -> bool:
    return any(name == "citizenship" and code in _BY_MEMBERSHIP for name, code in selection)


def _composition(number: Result) -> _Composition:
    members, period = number.area.members, number.period
    population = None if number.inhabitants is None else number.inhabitants.area.members
    if not _is_group((*number.category, *number.base.within)):
        return _Composition(members, population=population)
    named = COMPOSITIONS.get(number.area.code.partition(" without ")[0])
    if named is not None:
        return _Composition(members, (named.members,), population)
    if period.start is None or period.end is None:
        return _Composition(members, None, population)
    days = (period.start, *straddles_change(period.start, period.end))
    return _Composition(members, tuple(map(eu_members, days)), population)


def _columns(_documents: Documents, panel: Panel) -> Sequence[str]:
    """Return the columns that determine a composition."""
    within = (base.within for base in panel.base.categories)
    is_grouped = any(map(_is_group, (*panel.category.categories, *within)))
    return ["area", "inhabitants", *(["category", "base", "period"] if is_grouped else [])]


def _columns_of_groups(documents: Documents, panel: Panel) -> Sequence[str]:
    """Return the same columns, if there are citizenship groups or populations."""
    columns = _columns(documents, panel)
    return columns if len(columns) > 2 or any(panel.inhabitants.categories) else ()


def _is_constant(own: _Composition) -> Outcome:
    if own.population not in (None, own.members):
        return Outcome.FAIL
    return Outcome.NOT_ASSESSABLE if own.groups is None else failure(len(own.groups) > 1)


def _facts(own: _Composition) -> Facts:
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
    groups = (first.groups, second.groups)
    area = _same_area(first, second)
    if () in groups:
        return area
    same = Outcome.NOT_ASSESSABLE if None in groups else failure(groups[0] != groups[1])
    return worst_outcome(area, same)


def _open_facts(first: _Composition, second: _Composition) -> Facts:
    return {"case": "groups" if _same_area(first, second) is Outcome.PASS else "area"}


def _differing_facts(first: _Composition, second: _Composition) -> Facts:
    case, left, right = "fail", first.members, second.members
    if _same_area(first, second) is Outcome.PASS:
        case = "groups"
        left, right = (frozenset[str]().union(*(own.groups or ())) for own in (first, second))
    return {"case": case, "only_first": left - right or None, "only_second": right - left or None}


RULES = (
    library_rule(
        "AREA_COMPOSITION.number",
        of=Property(_columns_of_groups, _composition),
        judge=_is_constant,
        facts=_facts,
    ),
    library_rule(
        "AREA_COMPOSITION.pair",
        of=Property(_columns, _composition),
        judge=_same_composition,
        facts=_differing_facts,
        open_facts=_open_facts,
    ),
)
"""The rules of these families."""
