"""DEFINITION, BREAK, and documented counting rules."""

from typing import Any

import pytest

from tests.rules.panels import (
    CAUTION,
    NOTE,
    OPEN,
    VICTIMS,
    Expected,
    Row,
    compared,
    count,
    judged,
    justice,
    number_cases,
    pair_cases,
    panel,
    protection,
    ratio,
    rules_of,
    share,
    summary,
)
from thbstats.panel import CountKind
from thbstats.records import CountedGroup, CountingRules, Source
from thbstats.rules.documentation import applicable, applicable_to_both, counting, documented
from thbstats.rules.families import ALL, rules_with
from thbstats.vocabulary import Exploitation

CRIM_THB = Source(title="Eurostat crim_thb_vsex", publisher="Eurostat")
NRM = Source(title="National Referral Mechanism statistics")
OTHER = Source(title="A national report")


def of(area: str, source: Source | None = OTHER, **more: Any) -> Row:
    return count(100, area, **{"sources": () if source is None else (source,), **more})


def known(reporter: str, **more: Any) -> CountingRules:
    return CountingRules(
        about="victims", reporter=reporter, source=f"Ministry of {reporter}", **more
    )


def test_rules_apply_by_kind_publication_reporter_and_period() -> None:
    numbers = panel(
        of("BE", CRIM_THB),
        of("FR", CRIM_THB),
        of("BE+FR", CRIM_THB),
        of("BE+FR", CRIM_THB, reporters={"FR"}),
        of("BE+FR", CRIM_THB, reporters=None),
        of("BE"),
        of("BE", CRIM_THB, numerator_kind=justice("convicted")),
        of("UK", NRM, period="2008"),
        of("UK", NRM, period="2009"),
    )
    reporters = [
        [rules.reporter for rules in own] for own in applicable((), numbers, "numerator_kind")
    ]
    both = ["", ""]
    assert reporters == [
        [*both, "BE"],
        both,
        [*both, "BE"],
        both,
        [*both, "BE"],
        [],
        [],
        [],
        ["UK"],
    ]
    ever = applicable((), numbers, "numerator_kind", ever=True)
    assert [rules.reporter for rules in ever[7]] == ["UK"]
    for row, single in enumerate(ever):
        alone = applicable((), numbers.take([row]), "numerator_kind", ever=True)
        assert alone[0] == single


def test_rules_of_the_user_precede_documented_rules_and_remain_separate() -> None:
    own = [
        known("BE", moment=f"step {number}", valid_from=f"{1900 + number}-01-01")
        for number in range(80)
    ]
    numbers = panel(*(of("BE", period=str(1900 + number)) for number in range(80)))
    found_rules = applicable(own, numbers, "numerator_kind")
    assert [len(rules) for rules in found_rules] == list(range(1, 81))
    assert found_rules[3] == tuple(own[:4])


def test_both_sides_of_a_ratio_have_their_own_rules() -> None:
    own = (known("BE", moment="referral"),)
    numbers = panel(ratio(numerator_kind=justice("convicted"), denominator_kind=VICTIMS), ratio())
    counted, against = applicable_to_both(own, numbers)
    assert [len(rules) for rules in counted] == [0, 0]
    assert [len(rules) for rules in against] == [1, 0]
    crossed = panel(
        ratio(numerator_kind=justice("convicted"), denominator_kind=VICTIMS),
        ratio(numerator_kind=VICTIMS, denominator_kind=justice("convicted")),
    )
    sides = applicable_to_both(own, crossed)
    assert [[len(rules) for rules in side] for side in sides] == [[0, 1], [1, 0]]


def test_rules_of_a_country_precede_common_rules_and_enter_for_one_country_only() -> None:
    common = CountingRules(about="victims", moment="referral", unit="cases", source="All")
    own = (common, known("BE", moment="complaint"))
    single, two, other = counting(own, panel(of("BE"), of("BE+FR"), of("FR")), "numerator_kind")
    assert single is not None
    assert two is not None
    assert (single.moment, single.unit, single.reporter) == ("complaint", "cases", "BE")
    assert (two.moment, two.reporter) == ("referral", "")
    assert other == two
    assert counting((), panel(of("BE")), "numerator_kind")[0] is None


def test_every_documented_rule_has_a_source_and_a_publication() -> None:
    for rules in documented():
        assert rules.source.title
        assert rules.publications


def test_rules_with_documents_include_every_rule() -> None:
    rules = rules_with([known("BE", moment="referral")])
    assert [(rule.code, rule.scope) for rule in rules] == [(rule.code, rule.scope) for rule in ALL]


def of_flows(counted: CountKind, against: CountKind, **more: Any) -> Row:
    kinds = {"numerator_kind": counted, "denominator_kind": against}
    return ratio(3, 4, **kinds, sources=(CRIM_THB,), **more)


BY_CITIZENSHIP = (("citizenship", "non_eu"),)


test_severity_of_an_exclusion_depends_on_the_breakdown = number_cases(
    rules_of("DEFINITION"),
    (of("BE"), None),
    (of("FR", CRIM_THB), None),
    (of("BE", CRIM_THB), NOTE),
    (of("BE+FR", CRIM_THB), NOTE),
    (of("BE+FR", CRIM_THB, reporters={"FR"}), None),
    (share(dimension=("citizenship",), category=(), sources=(CRIM_THB,)), CAUTION),
    (share(category=BY_CITIZENSHIP, sources=(CRIM_THB,)), CAUTION),
    (share(within=BY_CITIZENSHIP, sources=(CRIM_THB,)), CAUTION),
    (share(sources=(CRIM_THB,)), NOTE),
    (of_flows(justice("convicted"), VICTIMS), NOTE),
    (of_flows(VICTIMS, justice("convicted")), NOTE),
    (of_flows(justice("convicted"), justice("convicted")), None),
    (of_flows(justice("convicted"), VICTIMS, area="FR"), None),
    (of_flows(VICTIMS, justice("convicted"), area="FR"), None),
)


def test_an_exclusion_is_shown_with_its_source() -> None:
    warning = judged(rules_of("DEFINITION"), of("BE+FR", CRIM_THB))
    assert "Belgian victims" in warning.message
    assert "EIGE" in dict(warning.evidence)["BE"]


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (of("BE"), of("BE", period="2016"), None),
        (of("BE+FR"), of("BE+DE"), None),
        (of("BE", None), of("BE", None), None),
        (of("BE"), of("FR"), OPEN),
        (of("BE"), of("BE", Source(title="Another")), OPEN),
        (of("FR", CRIM_THB), of("DE", CRIM_THB), OPEN),
        (of("BE", None), of("FR", None), OPEN),
        (of("BE"), of("BE", period="2016", flags="d"), OPEN),
    ],
)
def test_counting_rules_are_presumed_within_one_source_and_place(
    first: Row, second: Row, expected: Expected
) -> None:
    warning = compared(rules_of("DEFINITION"), first, second)
    assert summary(warning) == expected
    if warning is not None:
        assert ("flag d" in warning.message) is ("flags" in second)


AS_REFERRAL = known("BE", moment="referral", includes=["presumed"])


@pytest.mark.parametrize(
    ("rules", "first", "second", "expected"),
    [
        ([AS_REFERRAL, known("FR", moment="referral", includes=["presumed"])], "BE", "FR", None),
        ([AS_REFERRAL, known("FR", moment="complaint", unit="cases")], "BE", "FR", CAUTION),
        ([known("BE", legal_basis="Act"), known("FR", legal_basis="Code")], "BE", "FR", NOTE),
        ([AS_REFERRAL, known("FR", moment="complaint")], "BE+DE", "FR", OPEN),
    ],
)
def test_documented_rules_are_compared(
    rules: list[CountingRules], first: str, second: str, expected: Expected
) -> None:
    pair = rules_of("DEFINITION", rules)
    assert summary(compared(pair, of(first), of(second))) == expected
    assert summary(compared(pair, of(second), of(first))) == expected


def test_differing_rules_are_evidence_with_their_sources() -> None:
    rules = rules_of("DEFINITION", [AS_REFERRAL, known("FR", moment="complaint")])
    warning = compared(rules, of("BE"), of("FR"))
    assert warning.message == "the counting rules of the two numbers differ: moment"
    assert dict(warning.evidence) == {
        "moment, first": "referral",
        "moment, second": "complaint",
        "moment, source": "Ministry of BE; Ministry of FR",
    }


def test_law_that_changes_in_one_country_gives_caution() -> None:
    rules = rules_of(
        "DEFINITION",
        [
            known("BE", legal_basis="Act of 1995", valid_to="2015-12-31"),
            known("BE", legal_basis="Act of 2015", valid_from="2016-01-01"),
        ],
    )
    warning = compared(rules, of("BE"), of("BE", period="2016"))
    assert summary(warning) == CAUTION
    assert dict(warning.evidence)["legal basis, second"] == "Act of 2015"


@pytest.mark.parametrize(
    ("category", "expected"), [((("sex", "female"),), NOTE), ((("citizenship", "eu"),), CAUTION)]
)
def test_severity_of_an_exclusion_of_one_side_depends_on_the_breakdown(
    category: Any, expected: Expected
) -> None:
    excludes = [CountedGroup("nationals", dimension="citizenship")]
    rules = rules_of("DEFINITION", [known("BE", excludes=excludes)])
    numbers = [share(area=area, category=category, sources=(OTHER,)) for area in ("BE", "FR")]
    for single, two in (numbers, numbers[::-1]):
        warning = compared(rules, single, two)
        assert summary(warning) == expected
        assert {"nationals", "not stated"} <= {text for _, text in warning.evidence}


def at(period: str, area: str = "BE", years: tuple[str, ...] = (), flags: str = "") -> Row:
    return count(100, area, period, breaks=frozenset(("BE", year) for year in years), flags=flags)


BREAKS: tuple[tuple[Row, Expected], ...] = (
    (at("2015"), None),
    (at("2015", years=("2016",)), None),
    (at("2016", years=("2016",)), None),
    (at("2016", years=("2016",), flags="b"), NOTE),
    (at("2016", flags="b"), NOTE),
    (at("2015-2016", flags="b"), CAUTION),
    (at("2015-2017", years=("2016",)), CAUTION),
    (at("2016-2017", years=("2016",)), CAUTION),
    (at("not stated", years=("2016",)), None),
    (at("not stated", flags="b"), NOTE),
    (of("UK", NRM, period="2009"), CAUTION),
    (of("UK", NRM, period="2010"), None),
    (at("2014-2017", years=("2012", "2016")), CAUTION),
    (at("2014-2015", years=("2012", "2016")), None),
)
test_breaks_at_and_within_a_number = number_cases(rules_of("BREAK"), *BREAKS)


def test_message_of_a_break_contains_the_period() -> None:
    for fields, expected in BREAKS:
        if expected is not None:
            where = "within" if expected == CAUTION else "at"
            text = f"the time series has a break {where} {fields['period']}"
            assert judged(rules_of("BREAK"), fields).message == text


def test_breaks_are_evidence_with_area_day_and_source() -> None:
    for fields, evidence in (
        (at("2016", years=("2016",), flags="b"), ("BE", "2016-01-01 (flag b)")),
        (at("2016", "BE+FR", ("2016",), "b"), ("BE", "2016-01-01 (flag b)")),
        (at("2016", "FR", flags="b"), ("FR", "2016-01-01 (flag b)")),
    ):
        warning = judged(rules_of("BREAK"), fields)
        assert warning.evidence == (evidence,)
    warning = judged(rules_of("BREAK"), of("UK", NRM, period="2009"))
    assert "2009-04-01 (ONS" in dict(warning.evidence)["UK"]


test_breaks_between_two_numbers = pair_cases(
    rules_of("BREAK"),
    (at("2015"), at("2018"), None),
    *(
        (at(first, years=("2016",)), at(second, years=("2016",)), expected)
        for first, second, expected in [
            ("2015", "2016", CAUTION),
            ("2015", "2018", CAUTION),
            ("2013", "2015", None),
            ("2016", "2018", None),
            ("2015", "2015", None),
            ("2014-2015", "2016-2017", CAUTION),
            ("2013-2014", "2015-2016", CAUTION),
        ]
    ),
    (at("2015"), at("2016", flags="b"), CAUTION),
    (at("2015", flags="b"), at("2016"), None),
    (at("2014-2015", flags="b"), at("2016"), CAUTION),
    (at("2015", years=("2016",)), at("2018", "FR"), None),
    (at("2015", "BE+FR", ("2016",)), at("2016", "BE+FR", ("2016",)), CAUTION),
    (at("2015", years=("2016",)), at("not stated"), OPEN),
    (of("UK", NRM, period="2009"), of("UK", NRM, period="2010"), CAUTION),
    (of("UK", NRM, period="2010"), of("UK", NRM, period="2011"), None),
)


def form(period: str, code: str = "surrogacy", area: str = "BE") -> Row:
    return count(period=period, area=area, category=(("exploitation", code),))


def users(period: str, area: str = "BE") -> Row:
    return count(
        period=period, area=area, numerator_kind=justice("convicted", offence="use_of_services")
    )


def of_all(period: str, area: str = "BE", **more: Any) -> Row:
    return count(period=period, area=area, **more)


def of_form(period: str, within: tuple[tuple[str, str], ...] = (), **more: Any) -> Row:
    dimension = ("sex",) if within else ("exploitation",)
    category = (("sex", "female"),) if within else (("exploitation", "sexual"),)
    return share(period=period, dimension=dimension, within=within, category=category, **more)


SEXUAL, OTHER_FORMS = (("exploitation", "sexual"),), (("exploitation", "other"),)
CONVICTED, PERMITS = justice("convicted"), protection("residence_permit")


# Directive (EU) 2024/1712 is transposed by 15 July 2026. It does not bind Denmark.
test_the_day_of_a_new_law_is_a_break_for_what_it_changes = pair_cases(
    rules_of("BREAK"),
    # The forms and the offence that it names.
    (form("2025"), form("2027"), CAUTION),
    (form("2025", "forced_marriage"), form("2027", "forced_marriage"), CAUTION),
    (users("2025"), users("2027"), CAUTION),
    (form("2024"), form("2025"), None),
    (form("2027"), form("2028"), None),
    (form("2025", "sexual"), form("2027", "sexual"), None),
    (form("2025", area="DK"), form("2027", area="DK"), None),
    (users("2025", area="UK"), users("2027", area="UK"), None),
    (form("2025"), form("2027", area="FR"), None),
    (form("2026-01-01/2026-07-14"), form("2026-07-15/2026-12-31"), CAUTION),
    # The categories that include these forms.
    (of_all("2025"), of_all("2027"), CAUTION),
    (of_all("2023"), of_all("2027", "BE"), CAUTION),
    (form("2025", "other"), form("2027", "other"), CAUTION),
    (form("2025", "other_other"), form("2027", "other_other"), CAUTION),
    (of_all("2025", numerator_kind=CONVICTED), of_all("2027", numerator_kind=CONVICTED), CAUTION),
    (ratio(period="2025"), ratio(period="2027"), CAUTION),
    (of_all("2025", "EU27_2020"), of_all("2027", "EU27_2020"), CAUTION),
    # The law does not change sexual exploitation, but all victims are its denominator.
    (of_form("2025", rule="all"), of_form("2027", rule="all"), CAUTION),
    (of_form("2025", SEXUAL), of_form("2027", SEXUAL), None),
    (of_form("2025", OTHER_FORMS), of_form("2027", OTHER_FORMS), CAUTION),
    (form("2025", "labour"), form("2027", "labour"), None),
    (form("2025", "unknown"), form("2027", "unknown"), None),
    (of_all("2025", numerator_kind=PERMITS), of_all("2027", numerator_kind=PERMITS), None),
    (of_all("2023"), of_all("2025"), None),
    (of_all("2027"), of_all("2028"), None),
    (of_all("2025", "DK"), of_all("2027", "DK"), None),
    (of_all("2025", "UK"), of_all("2027", "UK"), None),
    (of_all("not stated"), of_all("2025"), None),
    (of_all("not stated"), of_all("2027"), OPEN),
)


test_a_new_law_within_a_period_is_a_break_within_the_number = number_cases(
    rules_of("BREAK"),
    (of_all("2026"), CAUTION),
    (of_all("2026", "UK"), None),
    (form("2026", "sexual"), None),
    (of_all("2026-01-01/2026-06-30"), None),
    (form("2026", area="EU27_2020"), CAUTION),
    (form("2025", area="EU27_2020"), None),
)


def test_forms_that_the_new_law_names_have_counts_before_it() -> None:
    # They are a break of definitions and not invalid: COM(2018) 777 counts forced marriages.
    for form in ("surrogacy", "forced_marriage", "illegal_adoption"):
        category = Exploitation(form).category
        assert (category.parent, category.valid_from) == ("other", None)
        assert "Directive (EU) 2024/1712" in category.note


def test_many_countries_with_a_new_law_are_counted() -> None:
    warning = judged(rules_of("BREAK"), form("2026", area="EU27_2020"))
    assert warning.evidence == (("26 countries", "2026-07-15 (Directive (EU) 2024/1712)"),)


def test_a_documented_change_of_a_reporter_is_a_break() -> None:
    rules = rules_of("BREAK", [known("BE", valid_to="2015-06-30", moment="referral")])
    for period, expected in (
        ("2015", CAUTION),
        ("2016", None),
        ("2015-01-01/2015-07-01", CAUTION),
        ("2015-01-01/2015-06-30", None),
    ):
        assert summary(judged(rules, at(period))) == expected
    warning = compared(rules, at("2014"), at("2016"))
    assert warning.evidence == (("BE", "2015-07-01 (Ministry of BE)"),)
