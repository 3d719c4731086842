"""Countries of a number: coverage, dominant countries, and composition of areas and groups."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from thbstats.columns import Coded
from thbstats.display import percent
from thbstats.geography import COMPOSITIONS, eu_members, straddles_change
from thbstats.languages import Message
from thbstats.panel import Outcome, Panel, Parts, Result, ResultKind, Status, count_label
from thbstats.panel.category_names import country_or_code, with_article
from thbstats.rules.catalogue import Documents, Facts, Property, library_rule
from thbstats.rules.pairs import (
    Pairs,
    countries_expected,
    countries_listed,
    over_countries,
    vintages,
)
from thbstats.rules.rule import Codes, Thresholds, at_most, failure, outcomes, passes, worst_outcome
from thbstats.values import Interval

Counts = NDArray[np.intp]

_LISTED = 10
_LISTS = ["reporters", "expected", "area"]
_Lists = tuple[frozenset[str], frozenset[str] | None]


_IS_MISSING = np.array([own in (Status.NOT_REPORTED, Status.NO_TOTAL) for own in Status])


_REPORTING = Property(
    (*_LISTS, "n_reporters"), lambda own: (_reporting(own), len(countries_expected(own)))
)


def _coverage(panel: Panel, limits: Thresholds, *_: object) -> Codes:
    group, values = _REPORTING.groups((), panel)
    is_valued = panel.status == Status.OK.value
    if all(number == size for number, size in values) and is_valued.all():
        return passes(panel)  # All countries reported.
    counts = [(-1 if number is None else number, size) for number, size in values]
    result, size = np.array(counts, dtype=np.intp).reshape(-1, 2)[group].T
    missing = is_valued & (result >= 0) & (result < size)
    limit = limits.coverage  # as integers: 7 of 25 is 28%
    few = (result * limit.denominator < limit.numerator * size) | ~is_valued
    return outcomes(missing | _IS_MISSING[panel.status], is_valued & (result < 0), caution=few)


def _number_facts(number: Result) -> Facts:
    if number.status is Status.NO_TOTAL:
        return {"case": "no_total"}
    expected, reporters = countries_expected(number), countries_listed(number)
    facts: dict[str, object] = {"n": max(_reporting(number) or 0, 0), "total": len(expected)}
    if number.status is Status.NOT_REPORTED:
        facts["case"] = "not_reported"
    if reporters is not None:
        without, no_total, parts = expected - reporters, frozenset[str](), number.parts
        if number.kind is ResultKind.SHARE and parts is not None:
            # Countries with the category and without its total.
            open_ = ~parts.reported & parts.numerator.is_point & np.isinf(parts.base.upper)
            no_total = without.intersection(parts.members.take(open_))
        facts |= {"with": _names(reporters & expected), "without": _names(without - no_total)}
        facts["no_total"] = _names(no_total) if no_total else None
    return facts


def _names(countries: frozenset[str]) -> str:
    """Return the names of the first countries, and the number of other countries."""
    names = sorted(countries)
    if len(names) <= _LISTED:
        return ", ".join(names) or "none"
    return f"{', '.join(names[:_LISTED])} and {len(names) - _LISTED} more"


def _reporting(number: Result) -> int | None:
    """Return the number of expected countries with data, if documented."""
    listed, expected = countries_listed(number), countries_expected(number)
    if not expected:
        return None
    return number.n_reporters if listed is None else len(listed & expected)


_lists = Property(
    (*_LISTS, "n_reporters"), lambda number: (number.area.members, countries_listed(number))
)


def _same_lists(first: _Lists, second: _Lists) -> Outcome:
    """Return whether the same countries are listed, out of the countries of both areas."""
    if not first[1] or not second[1]:
        return Outcome.NOT_ASSESSABLE
    common = first[0] & second[0]
    return failure(first[1] & common != second[1] & common)


_numbers = Property(
    (*_LISTS, "n_reporters", "sources", "period"),
    lambda own: (_reporting(own), own.area, vintages(own.sources), own.period),
)


def _same_numbers(first: tuple[Any, ...], second: tuple[Any, ...]) -> Outcome:
    """Return whether numbers have the same countries, if one of them does not list countries."""
    counts = {first[0], second[0]}
    if 0 in counts:
        return Outcome.NOT_ASSESSABLE
    if first[1] == second[1] and None not in counts and len(counts) == 2:
        return Outcome.FAIL
    is_one_table = bool(first[2]) and first[2:] == second[2:]
    return Outcome.PASS if is_one_table else Outcome.NOT_ASSESSABLE


def _coverage_of_pairs(pairs: Pairs, *_: object) -> Codes:
    codes = pairs.by_key(_lists.of_all((), pairs.panel), _same_lists)
    unlisted = np.flatnonzero(codes == Outcome.NOT_ASSESSABLE.code)
    if len(unlisted):
        numbers = _numbers.of_all((), pairs.panel)
        codes[unlisted] = pairs.take(unlisted).by_key(numbers, _same_numbers)
    return codes


def _severity_of_pairs(pairs: Pairs, limits: Thresholds) -> Codes:
    """Return the severity: caution, or a note if the shared countries give both numbers."""
    lists = _lists.of_all((), pairs.panel)
    sets = lists.take(pairs.first).combine(lists.take(pairs.second), _shared)
    shared, count = sets.positions, len(sets.categories)
    changes = sets.table(lambda countries: not countries, np.bool_)
    for side in (pairs.first, pairs.second):
        remainder = np.flatnonzero(~changes)
        if len(remainder):
            asks, back = np.unique(side[remainder] * count + shared[remainder], return_inverse=True)
            chosen = Coded(asks % count, sets.categories)
            changes[remainder] = _changes(pairs.panel, asks // count, chosen, lists, limits)[back]
    return changes.astype(np.int8)


def _shared(first: _Lists, second: _Lists) -> frozenset[str]:
    if first[1] is None or second[1] is None:
        return frozenset()
    return first[1] & second[1] & first[0] & second[0]


def _changes(
    panel: Panel,
    rows: Counts,
    sets: Coded[frozenset[str]],
    lists: Coded[_Lists],
    limits: Thresholds,
) -> NDArray[np.bool_]:
    """Return whether numbers change over some countries, or lose coverage."""
    parts, value = panel.parts.take(rows), panel.value.take(rows)
    kinds, members = panel.kind.take(rows), parts.members
    inside = np.array(
        [[member in countries for member in members.categories] for countries in sets.categories],
        dtype=np.bool_,
    ).reshape(len(sets.categories), len(members.categories))
    chosen = parts.reported & inside[sets.codes[parts.number], members.codes]
    result = parts.pooled(chosen)
    base = parts.base.pool(parts.start, chosen)
    remainder = parts.base.pool(parts.start, parts.reported & ~chosen)
    # The counts behind a change or an index do not make that number.
    same_kind = parts.kind.combine(kinds, lambda own, kind: own is kind)
    comparable = (parts.sizes > 0) & same_kind.table(bool, np.bool_)
    total, limit = base.lower + remainder.upper, limits.coverage
    enough = base.lower * limit.denominator >= total * limit.numerator
    comparable &= enough & (total > 0)
    same = result.equals(value)
    for i in np.flatnonzero(comparable & ~same).tolist():
        number = result[i]
        published = panel.row(int(rows[i])).value_or_bounds
        same[i] = number is not None and kinds[i].format_value(number) == kinds[i].format_value(
            published
        )
    whole = np.array(
        [lists[row][1] == countries for row, countries in zip(rows.tolist(), sets, strict=True)],
        dtype=np.bool_,
    )
    return np.asarray(~((whole & ~value.missing) | (comparable & same)), dtype=np.bool_)


def _open_facts(first: Result, second: Result) -> Facts:
    sides = (("first", first), ("second", second))
    empty = [name for name, number in sides if _reporting(number) == 0]
    return {"case": "no_value", "numbers": empty} if empty else {}


def _pair_facts(first: Result, second: Result) -> Facts:
    left, right = countries_listed(first), countries_listed(second)
    if left is None or right is None:
        names = (("first", first), ("second", second))
        text = "{n} countries, not listed"
        return {"evidence": [(name, Message(text, n=_reporting(own))) for name, own in names]}
    common = first.area.members & second.area.members
    both = left & right & common
    values = [
        number.kind.format_value(own["value"])
        for number in (first, second)
        if both and (own := over_countries(number, both)) is not None
    ]
    return {
        "only_first": _names((left & common) - right),
        "only_second": _names((right & common) - left),
        "both": f"{len(both)} ({_names(both)})",
        "alike": " and ".join(values) if len(values) == 2 else None,
    }


def _dominance(panel: Panel, limits: Thresholds, *_: object) -> Codes:
    parts, codes = panel.parts, passes(panel)
    is_pooled = panel.area.table(lambda area: len(area.members) != 1, np.bool_)
    if not is_pooled.any():
        return codes
    codes[is_pooled & (parts.sizes == 0)] = 0
    values = np.concatenate([[0], np.cumsum(parts.reported)])[parts.start]
    several = np.flatnonzero((np.diff(values) > 1) & is_pooled)
    if len(several):
        own = _with_remainder(panel, several)
        # The bounds of the largest share of a country in the numerator.
        index, entry = own.start[:-1], own.number
        lower, upper = own.numerator.lower, own.numerator.upper
        others_lower = np.add.reduceat(lower, index)[entry] - lower
        unbounded = np.isinf(upper)
        finite = np.where(unbounded, 0, upper)
        others_upper = np.add.reduceat(finite, index)[entry] - finite
        others_unbounded = np.add.reduceat(unbounded.astype(np.intp), index)[entry] > unbounded
        with np.errstate(invalid="ignore", divide="ignore"):
            low = np.where(others_unbounded, 0.0, lower / (lower + others_upper))
            high = np.where(unbounded, 1.0, upper / (upper + others_lower))
        is_country = _is_country(own)
        low, high = (
            np.maximum.reduceat(np.nan_to_num(side) * is_country, index) for side in (low, high)
        )
        flips = np.logical_or.reduceat(_flips(own), index)
        codes[several] = np.where(flips, -1, at_most(low, high, float(limits.dominance)))
    return codes


_REMAINDER = ""
"""The entry of the countries without counts of their own in a published number."""


def _is_country(parts: Parts) -> NDArray[np.bool_]:
    return parts.members.table(bool, np.bool_)


def _with_remainder(panel: Panel, rows: NDArray[np.intp]) -> Parts:
    """Return the reported counts of some numbers, including counts of unlisted countries.

    A number that is published for an area has more persons than those of the listed countries.
    """
    parts = panel.parts.select(panel.parts.reported).take(rows)
    same_kind = panel.kind.take(rows).combine(parts.kind, lambda own, counted: own is counted)
    published = same_kind.table(bool, np.bool_)
    sides = []
    for counts, side in (("numerator", parts.numerator), ("denominator", parts.base)):
        whole, pooled = getattr(panel, counts).take(rows).as_counts, side.pool(parts.start)
        sides.append(whole.minus(pooled))
        if counts == "numerator":
            published &= (whole.lower != pooled.lower) | (whole.upper != pooled.upper)
    above, base = sides
    some = np.flatnonzero(published & (above.upper > 0))
    if not len(some):
        return parts
    others = base.minus(above).where(parts.is_share, base)
    further = Parts(
        start=np.arange(len(some) + 1),
        members=Coded.constant(_REMAINDER, len(some)),
        numerator=above.take(some),
        complement=others.take(some),
        reported=np.ones(len(some), dtype=np.bool_),
        kind=parts.kind.take(some),
    )
    joined = Parts.concat([parts, further])
    entries = np.argsort(np.concatenate([parts.number, some]), kind="stable")
    sizes = parts.sizes + np.isin(np.arange(len(rows)), some)
    columns = {name: getattr(joined, name) for name in ("numerator", "complement", "base")}
    return Parts(
        start=np.concatenate([[0], np.cumsum(sizes)]),
        members=joined.members.take(entries),
        reported=np.ones(len(entries), dtype=np.bool_),
        kind=parts.kind,
        **{name: own.take(entries) for name, own in columns.items()},
    )


def _flips(parts: Parts) -> NDArray[np.bool_]:
    """Return, for each country, whether leaving it out reverses the majority."""
    index, entry = parts.start[:-1], parts.number
    part, others = parts.numerator.lower, parts.complement.lower
    exact = np.logical_and.reduceat(parts.numerator.is_point & parts.complement.is_point, index)
    whole, remainder = np.add.reduceat(part, index), np.add.reduceat(others, index)
    without = (whole[entry] - part) > (remainder[entry] - others)
    turns = exact[entry] & (without != (whole > remainder)[entry])
    return np.asarray(turns & parts.is_share[entry] & _is_country(parts), dtype=np.bool_)


def _largest_facts(number: Result) -> Facts:
    parts = _with_remainder(number.panel, np.array([number.position]))
    names, positions = parts.names, np.arange(len(parts.names))
    largest = int(np.argmax(np.where(_is_country(parts), parts.numerator.lower, -1)))
    total = parts.numerator.total
    share = percent(Interval.share_of(total(positions == largest), total(positions != largest)))
    flips = np.flatnonzero(_flips(parts))
    position = int(flips[0]) if len(flips) else largest
    # The categories of a share, also those that it shares with its denominator.
    inside = number.base.within if number.kind is ResultKind.SHARE else ()
    pairs = dict([*inside, *number.category]).items()
    country, decisive = (with_article(country_or_code(names[i])) for i in (largest, position))
    return {
        "case": "majority" if len(flips) else "fail",
        "country": country,
        "share": share,
        "counted": count_label(number.numerator_kind, pairs),
        "decisive": decisive,
        "evidence": [
            ("largest", country),
            ("its share", share),
            (
                Message("without {decisive}", decisive=decisive),
                parts.kind[0].format_value(parts.value(positions != position)),
            ),
        ],
    }


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
    """Return the columns of a composition, if there are citizenship groups or populations."""
    columns = _columns(documents, panel)
    return columns if len(columns) > 2 or any(panel.inhabitants.categories) else ()


def _is_constant(own: _Composition) -> Outcome:
    if own.population not in (None, own.members):
        return Outcome.FAIL
    return Outcome.NOT_ASSESSABLE if own.groups is None else failure(len(own.groups) > 1)


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
    groups = (first.groups, second.groups)
    area = _same_area(first, second)
    if () in groups:
        return area
    same = Outcome.NOT_ASSESSABLE if None in groups else failure(groups[0] != groups[1])
    return worst_outcome(area, same)


def _open_composition(first: _Composition, second: _Composition) -> Facts:
    return {"case": "groups" if _same_area(first, second) is Outcome.PASS else "area"}


def _differing_facts(first: _Composition, second: _Composition) -> Facts:
    case, left, right = "fail", first.members, second.members
    if _same_area(first, second) is Outcome.PASS:
        case = "groups"
        left, right = (frozenset[str]().union(*(own.groups or ())) for own in (first, second))
    return {"case": case, "only_first": left - right or None, "only_second": right - left or None}


RULES = (
    library_rule("COVERAGE.number", codes=_coverage, facts=_number_facts),
    library_rule(
        "COVERAGE.pair",
        codes=_coverage_of_pairs,
        severity=_severity_of_pairs,
        facts=_pair_facts,
        open_facts=_open_facts,
    ),
    library_rule("DOMINANCE.number", codes=_dominance, facts=_largest_facts),
    library_rule(
        "AREA_COMPOSITION.number",
        of=Property(_columns_of_groups, _composition),
        judge=_is_constant,
        facts=_composition_facts,
    ),
    library_rule(
        "AREA_COMPOSITION.pair",
        of=Property(_columns, _composition),
        judge=_same_composition,
        facts=_differing_facts,
        open_facts=_open_composition,
    ),
)
"""The rules of these families."""
