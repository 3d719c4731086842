"""BASE, ADDITIVITY, AGE and CLASSIFICATION."""

from fractions import Fraction
from typing import Any

import pytest

from tests.rules.panels import (
    BLOCKING,
    CAUTION,
    NOTE,
    OPEN,
    SOURCE,
    Expected,
    Row,
    compared,
    count,
    judged,
    justice,
    number_cases,
    pair_cases,
    printed,
    protection,
    ratio,
    rules_of,
    share,
    summary,
    victims,
)
from thbstats.panel import CountKind, ResultKind
from thbstats.records import CountingRules, Source
from thbstats.values import Interval
from thbstats.vocabulary import Exploitation


def test_stated_denominator_passes_and_missing_denominator_is_not_assessable() -> None:
    assert judged(rules_of("BASE"), share()) is None
    assert judged(rules_of("BASE"), count()) is None
    result = judged(rules_of("BASE"), share(rule="not_stated"))
    assert summary(result) == OPEN
    assert result.evidence == (("denominator", "registered victims"),)
    assert all(rule.essential for rule in rules_of("BASE"))


def decision(outcome: str) -> Row:
    return count(numerator_kind=protection("assistance", outcome=outcome))


KINDS = "the two numbers are of different kinds"
FLOWS = "the two numbers count different things"
BASES = "the two numbers have different denominators"


@pytest.mark.parametrize(
    ("first", "second", "expected", "reason"),
    [
        (count(5), count(6), None, ""),
        (share(rule="all"), share(rule="all", dimension=("exploitation",)), None, ""),
        (share(), share(rule="all"), BLOCKING, BASES),
        (share(), share(dimension=("exploitation",)), BLOCKING, BASES),
        (share(), share(overlap="overlapping"), BLOCKING, BASES),
        (share(), share(within=(("exploitation", "sexual"),)), BLOCKING, BASES),
        (share(rule="responses"), share(rule="responses", dimension=("age",)), BLOCKING, BASES),
        (share(), share(rule="not_stated"), OPEN, "a denominator is not stated"),
        (share(), count(), BLOCKING, KINDS),
        (count(), count(numerator_kind=justice("convicted")), BLOCKING, FLOWS),
        (
            count(numerator_kind=justice("suspected")),
            count(numerator_kind=justice("convicted")),
            BLOCKING,
            FLOWS,
        ),
        (decision("sought"), decision("granted"), BLOCKING, FLOWS),
        (ratio(), ratio(denominator_kind=justice("suspected")), BLOCKING, FLOWS),
        (ratio(), ratio(numerator_kind=justice("investigated")), BLOCKING, FLOWS),
        (
            count(numerator_kind=justice("")),
            count(numerator_kind=justice("convicted")),
            OPEN,
            "the source does not state what is counted",
        ),
        (count(numerator_kind=justice("")), count(numerator_kind=justice("")), None, ""),
    ],
)
def test_two_numbers_have_one_kind_one_flow_and_one_denominator(
    first: Row, second: Row, expected: Expected, reason: str
) -> None:
    for numbers in ((first, second), (second, first)):
        result = compared(rules_of("BASE"), *numbers)
        assert summary(result) == expected
        if result is not None:
            assert result.message.startswith(f"{reason}, so their difference ")
            assert len(dict(result.evidence)) == 2


@pytest.mark.parametrize(("more", "overlap_only"), [({}, True), ({"dimension": ("age",)}, False)])
def test_denominators_that_differ_in_overlap_only_have_a_hint(
    more: dict[str, Any], overlap_only: bool
) -> None:
    result = compared(rules_of("BASE"), share(), share(overlap="overlapping", **more))
    assert ('overlap="overlapping"' in result.hint) is overlap_only
    first, second = dict(result.evidence).values()
    assert first != second


def test_a_ratio_shows_both_flows_as_evidence() -> None:
    result = compared(rules_of("BASE"), ratio(), ratio(denominator_kind=justice("suspected")))
    assert dict(result.evidence)["second"] == "persons convicted over suspects"


HALF_UP = Interval(Fraction(-3, 200), Fraction(3, 200))


test_exclusive_categories_sum_to_their_total = number_cases(
    rules_of("ADDITIVITY"),
    (share(discrepancy=Interval.point(0)), None),
    (share(discrepancy=Interval(-3, 2)), None),
    (share(discrepancy=Interval(0, 2)), None),
    (printed("56", discrepancy=HALF_UP), None),
    (share(discrepancy=Interval.point(-7)), CAUTION),
    (share(discrepancy=Interval.at_least(1)), CAUTION),
    (share(discrepancy=None), OPEN),
    (share(overlap="overlapping", discrepancy=Interval.point(-7)), None),
    (share(overlap="not_stated", discrepancy=Interval.point(-7)), OPEN),
    (share(overlap="overlapping", discrepancy=None), None),
    (share(dimension=(), discrepancy=None), None),
    (share(dimension=(), discrepancy=Interval.point(9)), None),
    (ratio(discrepancy=Interval.point(9)), None),
    (count(3), None),
)


def test_the_gap_between_total_and_parts_is_evidence() -> None:
    result = judged(
        rules_of("ADDITIVITY"), share(dimension=("exploitation",), discrepancy=Interval.point(-7))
    )
    assert result.message == "the categories of form of exploitation do not sum to their total"
    assert result.evidence == (("total minus sum of categories", "\N{MINUS SIGN}7"),)
    gap = Interval(Fraction(1, 100), Fraction(3, 100))
    result = judged(rules_of("ADDITIVITY"), printed("56", discrepancy=gap))
    assert result.evidence == (
        ("total minus sum of categories", ResultKind.SHARE.format_value(gap)),
    )
    for fields, message in (
        (share(discrepancy=None), "all parts of the total"),
        (share(overlap="not_stated"), "whether one person can have several categories of sex"),
    ):
        result = judged(rules_of("ADDITIVITY"), fields)
        assert result.message == message


NRM = Source(title="National Referral Mechanism statistics")


def concept(text: str) -> CountKind:
    return CountKind("victims", [("age_concept", text), ("status", "registered")])


def children(text: str = "not_stated", area: str = "BE", **more: Any) -> Row:
    fields: Row = {"numerator_kind": concept(text), "sources": (SOURCE,)} | more
    return share(23, 100, area, dimension=("age",), category=(("age", "child"),), **fields)


TWO_CONCEPTS = ratio(
    numerator_kind=concept("at_entry"),
    denominator_kind=concept("at_registration"),
    category=(("age", "child"),),
)


test_the_moment_of_an_age_is_stated = number_cases(
    rules_of("AGE"),
    (children("at_registration"), None),
    (children(), OPEN),
    (children(area="UK", sources=(NRM,)), None),
    (children(area="UK+FR", sources=(NRM,)), OPEN),
    (children(area="UK", period="2008", sources=(NRM,)), OPEN),
    (share(), None),
    (count(numerator_kind=justice("convicted"), category=(("age", "child"),)), None),
    (TWO_CONCEPTS, CAUTION),
)


def test_two_moments_in_one_number_are_evidence() -> None:
    result = judged(rules_of("AGE"), TWO_CONCEPTS)
    assert result.evidence == (("ages", "at entry, at registration"),)


test_two_numbers_use_ages_at_one_moment = pair_cases(
    rules_of("AGE"),
    (children("at_entry"), children("at_entry", "FR"), None),
    (children("at_entry"), children("at_registration"), CAUTION),
    (children(), children("at_entry", "FR"), OPEN),
    (children(), children(period="2016"), None),
    (children(), children(area="FR"), OPEN),
    (share(), children(), None),
    (children(area="UK", sources=(NRM,)), children("at_registration", "FR"), CAUTION),
)


@pytest.mark.parametrize(("limit", "differs"), [(16, True), (18, False)])
def test_documented_age_limits_are_compared(limit: int, differs: bool) -> None:
    documents = [
        CountingRules(about="victims", reporter=area, child_below=below, source="Ministry")
        for area, below in (("BE", 18), ("FR", limit))
    ]
    rules = rules_of("AGE", documents)
    result = compared(rules, children("at_entry"), children("at_entry", "FR"))
    assert (result is not None) is differs
    if result is not None:
        assert dict(result.evidence) == {
            "first": "at entry, under 18",
            "second": "at entry, under 16",
        }


GLOTIP = Source(title="GLOTIP", publisher="UNODC")
CTDC = Source(title="CTDC", publisher="CTDC")


def form(word: str, source: Source | None = GLOTIP, dimension: str = "exploitation") -> Row:
    return share(category=((dimension, word),), sources=() if source is None else (source,))


@pytest.mark.parametrize(
    ("fields", "disputed"),
    [
        *((form(word), False) for word in ("sexual", "labour", "other", "agriculture", "total")),
        (form("forced_begging"), True),
        (share(within=(("exploitation", "domestic_servitude"),)), True),
        (share(category=(("citizenship", "RO"),)), False),
        (count(numerator_kind=CountKind("cooperation"), category=(("topic", "begging"),)), False),
        (count(numerator_kind=justice("convicted")), False),
    ],
)
def test_categories_with_a_note_are_disputed(fields: Row, disputed: bool) -> None:
    assert summary(judged(rules_of("CLASSIFICATION"), fields)) == (NOTE if disputed else None)


def test_the_note_of_a_category_is_evidence() -> None:
    result = judged(rules_of("CLASSIFICATION"), form("forced_begging"))
    assert dict(result.evidence) == {"Forced begging": Exploitation.FORCED_BEGGING.note}
    result = compared(rules_of("CLASSIFICATION"), form("labour"), form("labour", CTDC))
    assert "Domestic servitude" in dict(result.evidence)


test_two_publishers_can_place_a_category_differently = pair_cases(
    rules_of("CLASSIFICATION"),
    (form("forced_begging"), form("forced_begging"), None),
    (form("forced_begging"), form("sexual", CTDC), None),
    (form("forced_begging"), form("total", CTDC), None),
    (form("forced_begging"), form("forced_begging", CTDC), CAUTION),
    (form("labour"), form("labour", CTDC), NOTE),
    (form("other"), form("other", CTDC), NOTE),
    (form("other", dimension="sex"), form("other", CTDC, dimension="sex"), None),
    (form("forced_begging"), form("forced_begging", None), OPEN),
    (form("forced_begging", None), form("forced_begging", None), None),
)


def test_victims_of_two_statuses_have_one_flow() -> None:
    assert compared(rules_of("BASE"), count(), count(numerator_kind=victims("detected"))) is None
