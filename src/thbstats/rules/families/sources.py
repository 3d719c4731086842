"""Publications and their days, systems of statistics, and counting rules of reporters."""

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
from attrs import evolve, frozen

from thbstats.languages import Message
from thbstats.panel import Outcome, Panel, Result, Severity
from thbstats.records import CountingRules, RuleDifference, Source, diff_rules
from thbstats.rules.catalogue import Documents, Facts, Property, library_rule
from thbstats.rules.documentation import SIDES, applicable, applicable_to_both, concerned, counting
from thbstats.rules.pairs import Pairs, PanelColumn, breakdowns, publications, vintages
from thbstats.rules.rule import Codes, failure, outcomes, severity_of
from thbstats.values import flag_mask

_REVISED, _DIFFERS = (np.uint32(flag_mask(letter)) for letter in "rd")

# Days of publication

_Sources = frozenset[Source]


def _undated(source: Source) -> Source:
    return evolve(source, published=None)


def _with_several_days(sources: _Sources) -> list[Source]:
    """Return the publications that occur with several days."""
    days = Counter(map(_undated, sources))
    return [source for source in sources if days[_undated(source)] > 1]


_VINTAGES = Property(("sources",), lambda number: vintages(number.sources))


def _vintage(panel: Panel, *_: object) -> Codes:
    mixed = panel.sources.table(
        lambda own: len(own) > 1 and bool(_with_several_days(vintages(own))), np.bool_
    )
    return outcomes(mixed | ((panel.flags & _REVISED) != 0), caution=mixed)


def _vintage_facts(sources: _Sources) -> Facts:
    mixed = _with_several_days(sources)
    if mixed:
        return {"case": "mixed", "evidence": _days(mixed)}
    return {"evidence": [("flags", "r"), *_days(sources)]}


def _quantity(number: Result) -> tuple[object, ...]:
    """Return the quantity of a number, without its publication."""
    base = number.base
    position = number.area.members, number.period, number.numerator_kind, number.denominator_kind
    return (*position, number.category, base.within, base.rule)


def _vintages_of_pairs(pairs: Pairs, *_: object) -> Codes:
    sources = _VINTAGES.of_all((), pairs.panel)
    codes = pairs.by_key(sources, _one_vintage)
    other = np.flatnonzero(codes == Outcome.NOT_ASSESSABLE.code)
    if not len(other):
        return codes
    quantity = pairs.keys(["area", "period", *SIDES, "category", "base"], _quantity).codes
    codes[other] = Outcome.PASS.code
    same = other[quantity[pairs.first[other]] == quantity[pairs.second[other]]]
    if len(same):
        codes[same] = pairs.take(same).by_key(sources, _published_once)
    return codes


def _one_vintage(first: _Sources, second: _Sources) -> Outcome:
    """Return whether the publications of both numbers have the same day."""
    if first == second or not (first and second):
        return Outcome.PASS
    return Outcome.FAIL if _moved(first, second) else Outcome.NOT_ASSESSABLE


def _moved(first: _Sources, second: _Sources) -> list[Source]:
    """Return the publications that have different days in the two numbers."""
    shared = {_undated(source) for source in first} & {_undated(source) for source in second}
    differing = frozenset(source for source in first ^ second if _undated(source) in shared)
    return _with_several_days(differing)


def _published_once(first: _Sources, second: _Sources) -> Outcome:
    """Return whether one quantity is published on one day."""
    names = [{source.publisher for source in sources} - {""} for sources in (first, second)]
    if names[0] and names[1] and names[0].isdisjoint(names[1]):
        return Outcome.PASS
    days = [{source.published for source in sources} for sources in (first, second)]
    if None in days[0] | days[1]:
        return Outcome.NOT_ASSESSABLE
    return failure(days[0] != days[1])


def _vintages_facts(first: _Sources, second: _Sources) -> Facts:
    moved = _moved(first, second)
    case = "fail" if moved else "quantity"
    return {"case": case, "evidence": _days(moved or (*first, *second))}


def _days(sources: Iterable[Source]) -> list[tuple[str, str]]:
    return [
        (source.title, "no day stated" if source.published is None else str(source.published))
        for source in sorted(sources, key=lambda source: (str(source.published), source.title))
    ]


# Systems of statistics


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


def _columns_of_origin(documents: Documents, panel: Panel) -> Sequence[PanelColumn]:
    is_sampled = any(rules.sample for rules in concerned(documents, panel))
    sides = SIDES if is_sampled else ()
    return ["sources", *(applicable(documents, panel, side) for side in sides)]


def _origin(number: Result, *sides: Documents) -> _Origin:
    samples = {rules.sample for side in sides for rules in side}
    return _Origin(publications(number.sources), frozenset(samples - {""}))


_ORIGINS = Property(_columns_of_origin, _origin)


def _first_publication(origin: _Origin) -> Outcome | Severity:
    is_open = origin.is_mixed or origin.is_secondary
    return severity_of(origin.is_mixed) if is_open else Outcome.PASS


def _origin_facts(origin: _Origin) -> Facts:
    case = "sample" if origin.samples else "mixed" if origin.is_mixed else "fail"
    return {"case": case, "source": origin.label}


def _are_apart(first: _Origin, second: _Origin) -> bool:
    """Return whether the samples differ, or the publishers if both are named."""
    left, right = first.publishers, second.publishers
    return first.samples != second.samples or (bool(left and right) and left != right)


def _same_system(first: _Origin, second: _Origin) -> Outcome | Severity:
    apart = _are_apart(first, second)
    if apart or first.is_secondary != second.is_secondary:
        return severity_of(apart)
    named = first.publishers and second.publishers
    same = first.publications == second.publications
    return Outcome.PASS if named or same else Outcome.NOT_ASSESSABLE


def _origins_facts(first: _Origin, second: _Origin) -> Facts:
    case = "fail" if _are_apart(first, second) else "quoted"
    return {"case": case, "first": first.label, "second": second.label}


# Counting rules

_Excluded = tuple[Documents, frozenset[str]]
"""The counting rules that exclude something, and the dimensions of a number."""


def _columns_of_exclusions(documents: Documents, panel: Panel) -> Sequence[PanelColumn]:
    if not any(rules.excludes for rules in concerned(documents, panel)):
        return ()
    return ["category", "base", *applicable_to_both(documents, panel)]


def _excluded(number: Result, *sides: Documents) -> _Excluded:
    applied = dict.fromkeys(rules for side in sides for rules in side)
    return tuple(rules for rules in applied if rules.excludes), breakdowns(number)


def _nothing_excluded(own: _Excluded) -> Outcome | Severity:
    dimensions = {item.dimension for rules in own[0] for item in rules.excludes}
    return severity_of(dimensions & own[1]) if own[0] else Outcome.PASS


def _exclusion_facts(excluded: _Excluded) -> Facts:
    exclusions = [
        (rules, str(item)) for rules in excluded[0] for item in sorted(rules.excludes, key=str)
    ]
    evidence = [
        (rules.reporter or str(rules.source), f"{text} ({rules.source})")
        for rules, text in exclusions
    ]
    texts = tuple(dict.fromkeys(text for _, text in exclusions))
    return {"excluded": texts, "evidence": evidence}


@frozen
class _Definition:
    """The counting rules of a number, its countries and dimensions."""

    sides: tuple[CountingRules | None, ...]
    countries: frozenset[str]
    is_flagged: bool
    breakdowns: frozenset[str]


def _columns_of_definition(documents: Documents, panel: Panel) -> Sequence[PanelColumn]:
    sides = (counting(documents, panel, side) for side in SIDES)
    return ["area", "category", "base", panel.flags & _DIFFERS, *sides]


def _definition(number: Result, flag: int, *sides: CountingRules | None) -> _Definition:
    return _Definition(sides, number.area.members, flag != 0, breakdowns(number))


def _same_rules(first: _Definition, second: _Definition) -> Outcome | Severity:
    differences = [item for item, _ in _differences(first, second)]
    # Common rules of all reporters are not enough.
    reporters = [side and side.reporter for side in (*first.sides, *second.sides)]
    if not differences:
        is_known = all(reporters) and not (first.is_flagged or second.is_flagged)
        return Outcome.PASS if is_known else Outcome.NOT_ASSESSABLE
    dimensions = first.breakdowns | second.breakdowns
    excluded = [
        (left.excludes if left else frozenset()) ^ (right.excludes if right else frozenset())
        for left, right in zip(first.sides, second.sides, strict=True)
    ]
    concerned = any(item.dimension in dimensions for items in excluded for item in items)
    two_areas = first.countries != second.countries
    return severity_of(
        any(
            concerned if item.is_one_sided else not (item.field == "legal_basis" and two_areas)
            for item in differences
        )
    )


def _differences(left: _Definition, right: _Definition) -> list[tuple[RuleDifference, str]]:
    """Return the distinct documented differences, with their sources."""
    differences: dict[RuleDifference, str] = {}
    for first, second in zip(left.sides, right.sides, strict=True):
        known = first or second
        if known is not None:
            nothing = CountingRules(about=known.about, source=known.source)
            one_side, other = first or nothing, second or nothing
            sources = "; ".join(dict.fromkeys((str(one_side.source), str(other.source))))
            differences |= dict.fromkeys(diff_rules(one_side, other), sources)
    return list(differences.items())


def _definition_facts(first: _Definition, second: _Definition) -> Facts:
    differences = [
        (item.field.replace("_", " "), item.first, item.second, sources)
        for item, sources in _differences(first, second)
    ]
    names = [name for name, *_ in differences]
    evidence = [
        (Message(f"{{field}}, {side}", field=name), value)
        for name, *values in differences
        for side, value in zip(("first", "second", "source"), values, strict=True)
    ]
    return {"fields": tuple(dict.fromkeys(names)), "evidence": evidence}


RULES = (
    library_rule("VINTAGE.number", of=_VINTAGES, codes=_vintage, facts=_vintage_facts),
    library_rule("VINTAGE.pair", of=_VINTAGES, codes=_vintages_of_pairs, facts=_vintages_facts),
    library_rule("SOURCE.number", of=_ORIGINS, judge=_first_publication, facts=_origin_facts),
    library_rule("SOURCE.pair", of=_ORIGINS, judge=_same_system, facts=_origins_facts),
    library_rule(
        "DEFINITION.number",
        of=Property(_columns_of_exclusions, _excluded),
        judge=_nothing_excluded,
        facts=_exclusion_facts,
    ),
    library_rule(
        "DEFINITION.pair",
        of=Property(_columns_of_definition, _definition),
        judge=_same_rules,
        presumed=lambda own: not own.is_flagged,
        facts=_definition_facts,
        open_facts=lambda *both: {"case": "flagged"} if any(own.is_flagged for own in both) else {},
    ),
)
"""The rules of these families."""
