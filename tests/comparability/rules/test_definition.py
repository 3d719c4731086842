from typing import Any

import pytest

from tests.comparability.numbers import context, count, judged, justice, ratio, share
from thbstats.comparability import documented, rules_with
from thbstats.comparability.rules.definition import RULES, definition_rules
from thbstats.records import CountingRules, Source, Statement
from thbstats.results import Result

CRIM_THB = Source(title="Eurostat crim_thb_vsex", publisher="Eurostat")
OTHER = Source(title="A national report")


def of(area: str, source: Source | None = OTHER, **more: Any) -> Result:
    return count(100, context(area, sources=() if source is None else (source,), **more))


def known(reporter: str, **more: Any) -> CountingRules:
    return CountingRules(
        about="victims", reporter=reporter, source=f"Ministry of {reporter}", **more
    )


def test_a_figure_of_which_nothing_is_documented_holds_alone() -> None:
    assert judged(RULES, of("BE")) is None
    assert judged(RULES, of("FR", CRIM_THB)) is None


def test_what_a_reporter_leaves_out_is_a_note_with_who_says_so() -> None:
    for area in ("BE", "BE+FR"):
        found = judged(RULES, of(area, CRIM_THB))
        assert found is not None
        assert (found.code, found.answer, found.severity) == ("DEFINITION", "fails", "note")
        assert "Belgian victims" in found.message
        assert "EIGE" in dict(found.evidence)["BE"]
    assert judged(RULES, of("BE+FR", CRIM_THB, reporters=frozenset({"FR"}))) is None


def test_what_is_left_out_of_the_breakdown_that_is_asked_for_asks_for_caution() -> None:
    where = context("BE", sources=(CRIM_THB,))
    divided = share(7, 12, dimension=("citizenship",), category=(), where=where)
    chosen = share(7, 12, category=(("citizenship", "non_eu"),), where=where)
    within = share(7, 12, within=(("citizenship", "non_eu"),), where=where)
    for number in (divided, chosen, within):
        found = judged(RULES, number)
        assert found is not None
        assert found.severity == "caution"


def test_a_reporter_is_presumed_to_count_alike_in_one_source_and_series() -> None:
    assert judged(RULES, of("BE"), of("BE", period="2016")) is None
    assert judged(RULES, of("BE+FR"), of("BE+DE")) is None
    assert judged(RULES, of("BE", None), of("BE", None)) is None


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (of("BE"), of("FR")),
        (of("BE"), of("BE", Source(title="Another"))),
        (of("FR", CRIM_THB), of("DE", CRIM_THB)),
        (of("BE", None), of("FR", None)),
    ],
    ids=["two countries", "two sources", "a common definition", "no source"],
)
def test_reporters_whose_own_rules_nobody_documents_cannot_be_told(first, second) -> None:
    found = judged(RULES, first, second)
    assert found is not None
    assert (found.answer, found.severity) == ("cannot_tell", "note")
    assert found.message == "whether both reporters count alike"


def test_a_definition_that_the_source_flags_cannot_be_told() -> None:
    found = judged(RULES, of("BE"), of("BE", period="2016", flags=frozenset("d")))
    assert found is not None
    assert found.answer == "cannot_tell"
    assert "flagged" in found.message


def test_documented_rules_that_agree_hold() -> None:
    both = [known(area, moment="referral", includes=["presumed"]) for area in ("BE", "FR")]
    _, pair = definition_rules(both)
    assert judged((pair,), of("BE"), of("FR")) is None


def test_documented_rules_that_differ_ask_for_caution_with_the_difference() -> None:
    rules = [known("BE", moment="referral"), known("FR", moment="complaint", unit="cases")]
    _, pair = definition_rules(rules)
    found = judged((pair,), of("BE"), of("FR"))
    assert found is not None
    assert (found.answer, found.severity, found.scope) == ("fails", "caution", "pair")
    assert found.message == "the two numbers are counted by different rules: moment"
    assert dict(found.evidence) == {
        "moment, first": "referral",
        "moment, second": "complaint",
        "moment, source": "Ministry of BE; Ministry of FR",
    }


def test_a_law_that_changed_asks_for_caution_and_laws_of_two_countries_are_a_note() -> None:
    rules = [
        known("BE", legal_basis="Act of 1995", valid_to="2015-12-31"),
        known("BE", legal_basis="Act of 2015", valid_from="2016-01-01"),
        known("FR", legal_basis="Code"),
    ]
    _, pair = definition_rules(rules)
    found = judged((pair,), of("BE"), of("BE", period="2016"))
    assert found is not None
    assert found.severity == "caution"
    assert dict(found.evidence)["legal basis, second"] == "Act of 2015"
    found = judged((pair,), of("BE"), of("FR"))
    assert found is not None
    assert found.severity == "note"


@pytest.mark.parametrize(
    ("category", "severity"),
    [((("sex", "female"),), "note"), ((("citizenship", "eu"),), "caution")],
)
def test_what_only_one_leaves_out_weighs_where_it_is_asked_for(category, severity) -> None:
    left_out = known("BE", excludes=[Statement("nationals", dimension="citizenship")])
    _, pair = definition_rules([left_out])
    numbers = [
        share(7, 12, category=category, where=context(area, sources=(OTHER,)))
        for area in ("BE", "FR")
    ]
    for one, two in (numbers, numbers[::-1]):
        found = judged((pair,), one, two)
        assert found is not None
        assert found.severity == severity
        assert {"nationals", "not stated"} <= {text for _, text in found.evidence}


def test_both_sides_of_a_ratio_are_asked() -> None:
    rules = [known("BE", moment="referral"), known("FR", moment="complaint")]
    _, pair = definition_rules(rules)
    first, second = (
        ratio(3, 4, counted=justice("convicted"), against=context().counted, area=area)
        for area in ("BE", "FR")
    )
    found = judged((pair,), first, second)
    assert found is not None
    assert found.answer == "fails"


def test_rules_for_one_of_several_countries_are_not_those_of_all() -> None:
    _, pair = definition_rules([known("BE", moment="referral"), known("FR", moment="complaint")])
    found = judged((pair,), of("BE+DE"), of("FR+DE", Source(title="Another")))
    assert found is not None
    assert found.answer == "cannot_tell"


def test_common_rules_are_taken_beside_those_of_a_country() -> None:
    common = CountingRules(about="victims", moment="referral", source="All ministries")
    own = [known("BE"), known("FR", moment="complaint")]
    _, pair = definition_rules([common, *own])
    found = judged((pair,), of("BE"), of("FR"))
    assert found is not None
    assert dict(found.evidence)["moment, first"] == "referral"


def test_all_rules_are_there_with_what_somebody_knows() -> None:
    rules = rules_with([known("BE", moment="referral"), known("FR", moment="complaint")])
    plain = rules_with([])
    assert sorted(rule.code for rule in rules) == sorted(rule.code for rule in plain)
    pairs = [rule for rule in rules if rule.scope == "pair" and rule.code == "DEFINITION"]
    assert judged(tuple(pairs), of("BE"), of("FR")) is not None


def test_everything_that_is_documented_says_who_says_so() -> None:
    for rules in documented():
        assert rules.source.title
        assert rules.publications
