from fractions import Fraction
from functools import cache

import pytest

import thbstats as thb
from tests.bounds.systems import L, by_milp, forms, sexes
from thbstats.bounds import Evidence, Inference, Inferences, claim_reading, infer
from thbstats.bounds.claim_reading import CellGrid, has_number
from thbstats.bounds.claim_system import ClaimSystem
from thbstats.claims import Claim, Publication, cell_of
from thbstats.claims.axes import area_label
from thbstats.errors import (
    AmbiguousCell,
    ImpossibleResult,
    InvalidValue,
    NoSuchCell,
    UnknownName,
)
from thbstats.values import Interval

REPORT = thb.publications.com_2018_777()
UK = {
    "slo": {},
    "s": {"exploitation": "sexual"},
    "l": {"exploitation": "labour"},
    "o": {"exploitation": "other"},
}
SEX = [
    ({"area": "UK", "sex": "female"}, ["sf", "lf", "of", "uf"]),
    ({"area": "UK", "sex": "female", "exploitation": "sexual"}, ["sf"]),
    ({"sex": "female", "exploitation": "other"}, ["of", "Of"]),
    ({"sex": "female", "exploitation": "unknown"}, ["uf", "Uf"]),
]


@cache
def evidence(sex=None, age=None):
    """Return the evidence of the report for these bases, read once for all questions."""
    bases = {"sex": sex, "age": age}
    return Evidence(REPORT, bases={name: base for name, base in bases.items() if base})


def claim(id, **fields):
    usual = {"section": "1", "paragraph": "1", "subject": "victims", "area": "EU28"}
    return Claim(**(usual | {"id": id, "kind": "count", "period": "2015"} | fields))


def report(*claims):
    return Publication(id="made-up", title="Made up", claims=claims)


@pytest.mark.parametrize("closed", [False, True])
@pytest.mark.parametrize("cells", ["s", "l", "o"])
def test_unpublished_counts_equal_a_manual_integer_program(cells, closed):
    found = infer(REPORT, "victims", area="UK", allow_tie_either_way=closed, **UK[cells])
    ends = by_milp(forms(closed=closed), L(cells))
    assert (found.bounds.lower, found.bounds.upper) == ends


@pytest.mark.parametrize("closed", [False, True])
def test_total_of_known_form_is_a_sum_of_cells(closed):
    found = infer(REPORT, area="UK", known="exploitation", allow_tie_either_way=closed)
    ends = (found.bounds.lower, found.bounds.upper)
    assert ends == by_milp(forms(closed=closed), L("slo")) == (4848, 6387)
    assert "of known exploitation" in found.label


def test_denominator_of_known_form_is_that_of_the_percentage():
    assert infer(REPORT, known=["exploitation"]).bounds == Interval(17273, 17583)
    assert infer(REPORT, known="sex").bounds is None


@pytest.mark.parametrize("rounding", ["half_even", "half_away", "unknown"])
def test_other_ways_of_rounding_never_narrow_what_all_allow(rounding):
    wide = infer(REPORT, area="UK", exploitation="labour", rounding="unknown").bounds
    found = infer(REPORT, area="UK", exploitation="labour", rounding=rounding).bounds
    assert wide.lower <= found.lower <= found.upper <= wide.upper


@pytest.mark.parametrize(
    ("exploitation", "ends"), [("labour", (4405, 4659)), ("other", (3023, 3252))]
)
def test_counts_of_the_eu(exploitation, ends):
    assert infer(REPORT, exploitation=exploitation).bounds == Interval(*ends)


@pytest.mark.parametrize(("asked", "cells"), SEX)
def test_sex_is_informative_with_base_all_only(asked, cells):
    told = evidence("all").infer(**asked)
    assert (told.bounds.lower, told.bounds.upper) == by_milp(sexes(), L(cells))
    assert told.bounds.lower > 0
    for bases in ((), ("known",), ("known", "known")):
        silent = evidence(*bases).infer(**asked)
        assert silent.bounds is None
        assert silent.formatted == "no information"
        assert "do not restrict" in silent.explain()


def test_children_of_an_unknown_denominator_have_no_count():
    assert infer(REPORT, age="child").bounds is None
    found = infer(REPORT, age="child", bases={"age": "known"})
    assert found.bounds is None
    assert dict(found.rejected)[REPORT.claim("ii-child-share")].startswith("no published count")
    assert infer(REPORT, age="child", bases={"age": "all"}).bounds == Interval(4620, 4825)


@pytest.mark.parametrize("cells", UK)
def test_sex_does_not_change_the_forms(cells):
    plain = evidence().infer(area="UK", **UK[cells]).bounds
    for base in ("all", "known"):
        assert evidence(base).infer(area="UK", **UK[cells]).bounds == plain


def test_both_bounds_have_a_consistent_table():
    found = infer(REPORT, area="UK", exploitation="labour")
    for frame, end in (
        (found.lower_table, found.bounds.lower),
        (found.upper_table, found.bounds.upper),
    ):
        assert frame["count"].sum() == 20532
        sexual = frame[frame.exploitation == "sexual"]
        assert sexual["count"].sum() == 9759
        labour = frame[frame.exploitation == "labour"]
        uk = labour[labour.area == "UK"]["count"].sum()
        assert uk == end
        assert Fraction(605, 1000) <= Fraction(int(uk), int(labour["count"].sum()))
        assert Fraction(int(uk), int(labour["count"].sum())) < Fraction(615, 1000)


def test_assumptions_are_listed_and_can_be_switched():
    found = infer(REPORT, area="UK", exploitation="labour")
    assert "the categories of exploitation are exclusive" in found.assumptions
    assert any("EU27_2020, UK" in text for text in found.assumptions)
    assert any("ii-labour-share" in text for text in found.assumptions)
    loose = infer(REPORT, area="UK", exploitation="other", overlapping=["exploitation"])
    assert "the categories of exploitation can overlap" in loose.assumptions
    assert loose.bounds.lower <= 472
    assert loose.bounds.upper >= 1070
    closed = infer(REPORT, exploitation="labour", allow_tie_either_way=True)
    assert any("up or down" in text for text in closed.assumptions)


def test_rankings_bound_categories_that_are_not_listed():
    found = infer(REPORT, citizenship="FR")
    assert found.bounds == Interval(0, 20532 // 6)
    assert REPORT.claim("ii-top-eu-citizenships") in found.claims
    assert infer(REPORT, citizenship="RO").bounds is None
    assert infer(REPORT, citizenship="FR", exclude=["ii-top-eu-citizenships"]).bounds is None


def test_ranking_bounds_all_others_together():
    """Five of 28 are listed; the other 23 are at most as many as 23 times any of them."""
    ranks = claim(
        "top",
        kind="ranking",
        wording="top",
        base_dimension="citizenship",
        of={"citizenship": "eu"},
        ranks=["RO"],
    )
    eu = claim("eu", printed="280", category={"citizenship": "eu"})
    assert infer(report(ranks, eu), citizenship="RO").bounds == Interval(10, 280)


def test_excluding_a_claim_widens_bounds():
    narrow = infer(REPORT, area="UK", exploitation="other").bounds
    wide = infer(REPORT, area="UK", exploitation="other", exclude=["ii-other-share-without-uk"])
    assert wide.bounds.lower <= narrow.lower
    assert wide.bounds.upper >= narrow.upper
    assert wide.bounds != narrow
    assert ("ii-other-share-without-uk", "excluded on request") in [
        (each.id, why) for each, why in wide.rejected
    ]


def test_shares_can_be_inferred():
    found = infer(
        REPORT,
        area="UK",
        exploitation="labour",
        denominator={"area": "EU28", "exploitation": "labour"},
    )
    assert found.is_share
    assert Fraction(605, 1000) <= found.bounds.lower <= found.bounds.upper < Fraction(615, 1000)
    told = infer(REPORT, area="UK", exploitation="labour", denominator={}, base="known")
    assert told.bounds == Interval(Fraction(2709, 6332), Fraction(1403, 2434))
    assert infer(REPORT, sex="female", denominator={}).bounds is None
    assert "%" in found.formatted


def test_part_with_a_topic_is_a_share_of_its_whole():
    """75% of the 28 cases at Eurojust that section III.2 speaks of."""
    found = infer(
        REPORT, "cooperation", body="eurojust", kind="cases", topic="by_joint_investigation_team"
    )
    assert found.bounds == Interval(21, 21)


def test_change_links_two_periods():
    now = claim("now", printed="120")
    change = claim("change", kind="change", printed="20%", since="2014", wording="rose")
    told = report(now, change)
    assert infer(told, period="2014").bounds == Interval(100, 100)
    assert infer(told, period="2015").bounds == Interval(120, 120)


def test_lower_bound_claim_is_one_sided():
    told = report(
        claim("all", printed="100", base="all"),
        claim(
            "half",
            kind="share",
            printed="50%",
            wording="at least",
            at_least=True,
            base="all",
            category={"sex": "female"},
        ),
    )
    assert infer(told, sex="female").bounds == Interval(50, 100)


def test_conflict_names_claims_with_number_and_section():
    wrong = {"ii-labour-share": "all", "ii-1-labour-share": "all"}
    with pytest.raises(ImpossibleResult, match=r"26% in section II \(ii-labour-share\)"):
        infer(REPORT, exploitation="labour", bases=wrong)


def test_conflict_of_counts_is_found_despite_excluded_shares():
    told = report(
        claim("one", printed="100"),
        claim("two", printed="101"),
        claim("half", kind="share", printed="50%", base="all", category={"sex": "female"}),
    )
    with pytest.raises(ImpossibleResult, match="100 in section 1"):
        infer(told, sex="female")


def test_invalid_queries_raise():
    with pytest.raises(NoSuchCell, match="convicted"):
        infer(REPORT, "justice")
    with pytest.raises(UnknownName, match="known"):
        infer(REPORT, bases={"sex": "some"})
    with pytest.raises(UnknownName):
        infer(REPORT, bases={"six": "all"})
    with pytest.raises(UnknownName):
        infer(REPORT, exclude=["no-such-claim"])
    with pytest.raises(UnknownName):
        infer(REPORT, overlapping=["stage"])
    with pytest.raises(NoSuchCell):
        infer(report(), area="EU28")
    two = report(claim("a", printed="1"), claim("b", printed="2", period="2016"))
    with pytest.raises(AmbiguousCell, match="2016"):
        infer(two)
    assert infer(two, period="2016").bounds == Interval(2, 2)


def test_count_without_area_is_rejected():
    told = report(claim("a", printed="1"), claim("b", printed="2", area=""))
    found = infer(told, area="EU28")
    assert [(each.id, why) for each, why in found.rejected] == [("b", "its area is not stated")]


def test_numbers_without_an_area_refer_to_the_same_area():
    sex = {"category": {"sex": "female"}, "area": ""}
    told = report(
        claim("all", printed="100", area=""),
        claim("women", kind="share", printed="68%", base="all", **sex),
    )
    found = infer(told, sex="female")

    assert (found.bounds, found.area, found.label) == (Interval(68, 68), "", "female")
    assert "numbers without an area refer to the same area" in found.assumptions
    assert infer(told, sex="female", denominator={}).bounds == Interval.point(Fraction(17, 25))
    assert infer(told, area="EU28", sex="female").bounds is None


def test_numbers_with_and_without_an_area_are_separate_systems():
    made_up = report(
        claim("no-area", printed="1", area=""),
        claim("area", printed="5"),
        claim("same-area", printed="7", category={"sex": "female"}),
        claim("no-area-women", printed="3", area="", category={"sex": "female"}),
    )
    kinds = [[each.id for each in one.included] for one in Evidence(made_up).claim_systems()]
    assert kinds == [["area", "same-area"], ["no-area", "no-area-women"]]


@pytest.mark.parametrize(
    ("asked", "problem"),
    [
        (
            {"exploitation": "labour", "denominator": {"sex": "female"}},
            "the category must be a part of `denominator`",
        ),
        (
            {"denominator": {"exploitation": "labour"}},
            "the category must be a part of `denominator`",
        ),
        (
            {"area": "EU28", "denominator": {"area": "UK"}},
            "the category must be a part of `denominator`",
        ),
        (
            {"exploitation": "unknown", "denominator": {}, "base": "known"},
            "the category must be a part of `denominator`",
        ),
    ],
)
def test_share_is_a_part_of_its_whole(asked, problem):
    with pytest.raises(InvalidValue, match=problem):
        infer(REPORT, **asked)


@pytest.mark.parametrize(
    ("asked", "problem"),
    [
        (
            {"rounding": "banker"},
            "field 'rounding', value 'banker': `rounding` must be a known name",
        ),
        ({"area": "XX"}, "field 'area', value 'XX': must be a country"),
        ({"denominator": {"area": "XX"}}, "field 'area', value 'XX': must be a country"),
    ],
)
def test_error_names_the_field_of_an_unknown_name(asked, problem):
    with pytest.raises(UnknownName, match=problem):
        infer(REPORT, **asked)


def test_single_name_need_not_be_in_a_list():
    for one, many in (("exploitation", ["exploitation"]), ("sex", ["sex"])):
        assert Evidence(REPORT, overlapping=one).overlapping == frozenset(many)
    assert Evidence(REPORT, exclude="ii-labour-share").exclude == {"ii-labour-share"}


def test_outputs_of_an_inference():
    found = infer(REPORT, area="UK", exploitation="labour")
    assert (
        repr(found).replace("\N{NO-BREAK SPACE}", " ") == "<Inference labour, UK: 2,666 to 2,865>"
    )
    plain = found.to_dict()
    assert (plain["lower"], plain["upper"], plain["is_informative"]) == (2666, 2865, True)
    assert plain["lower_table"] == found.exact_bounds.lower_table
    row = found.to_frame().iloc[0]
    assert (row["lower"], row["upper"], row["exploitation"]) == (2666, 2865, "labour")
    assert "Assumed" in str(found)
    silent = infer(REPORT, sex="female")
    assert silent.to_dict()["lower"] is None
    assert silent.to_frame()["upper"].isna().all()
    share = infer(REPORT, exploitation="labour", denominator={}, base="known")
    assert "/" in share.to_dict()["lower"]
    two = Inferences(caption="Two", items=[found, silent], scale=10_000)
    sheet = two.display_table()
    assert len(two.to_frame()) == 2
    bars = [row.cells[1].bar for row in sheet.rows]
    assert bars == [(Fraction(2666, 10_000), Fraction(2865, 10_000)), None]
    assert share.display_table().rows[0].cells[1].bar[1] < Fraction(27, 100)
    assert isinstance(found, Inference)


def test_count_without_an_upper_end_has_no_table_there():
    told = report(claim("some", printed="5", category={"sex": "female"}))
    found = infer(told)
    assert found.bounds == Interval(5, None)
    assert found.upper_table is None
    assert found.display_table().rows[0].cells[1].bar is None


def test_grid_separates_the_cells_of_claims():
    cells = [cell_of(claim("a", printed="1", category={"exploitation": "forced_begging"}))]
    labels = [part.label for part in CellGrid.of(cells).parts["exploitation"]]
    assert labels == ["forced_begging", "no forced_begging", "unknown"]
    wider = [*cells, cell_of(claim("b", printed="1", category={"exploitation": "other"}))]
    both = CellGrid.of(wider)
    assert len(both.sum(wider[1]).cells) == len(both.sum(wider[0]).cells) + 1
    assert area_label(frozenset({"FR", "UK"})) == "FR+UK"
    assert area_label(frozenset({"FR", "UK", "DE", "IT"})) == "4 countries"


def test_grid_that_is_too_large_raises(monkeypatch):
    named = ["sexual", "labour", "other", "forced_begging", "forced_criminality", "construction"]
    many = [cell_of(claim("a", printed="1", category={"exploitation": form})) for form in named]
    with pytest.raises(InvalidValue, match="categories that overlap"):
        CellGrid.of(many, overlapping=["exploitation"])
    monkeypatch.setattr(claim_reading, "_MAX_CELLS", 6)
    with pytest.raises(InvalidValue, match="at most 6 cells, got 7"):
        _ = CellGrid.of(many).cells


def test_country_without_claims_is_part_of_a_wider_area_only():
    assert infer(REPORT, area="FR", exploitation="labour").bounds is None


def test_first_listed_sex_has_at_least_the_count_of_the_other():
    told = report(
        claim("all", printed="100"),
        claim("most", kind="ranking", wording="mostly", base_dimension="sex", ranks=["female"]),
        claim("unknown", printed="10", category={"sex": "unknown"}),
        claim("men", printed="40", category={"sex": "male"}),
    )
    assert infer(told, sex="female").bounds == Interval(40, 50)


def test_ordered_list_bounds_each_item_by_the_previous_one():
    def listed(**fields):
        return report(
            claim("all", printed="100"),
            claim("unknown", printed="10", category={"sex": "unknown"}),
            claim("women", printed="50", category={"sex": "female"}),
            claim(
                "list",
                kind="ranking",
                wording="mostly",
                base_dimension="sex",
                ranks=["male", "female"],
                **fields,
            ),
        )

    assert infer(listed(), sex="male").bounds == Interval(0, 40)
    told = infer(report(*listed().claims[:2], listed(ordered=True).claims[3]), sex="female")
    assert told.bounds == Interval(0, 45)
    assert "listed with the largest first: list" in told.assumptions
    with pytest.raises(ImpossibleResult, match="male, female first"):
        infer(listed(ordered=True), sex="male")


def test_lower_bound_count_gives_a_lower_bound_only():
    told = report(
        claim("all", printed="100"),
        claim("women", printed="60", at_least=True, wording="at least", category={"sex": "female"}),
    )
    assert infer(told, sex="female").bounds == Interval(60, 100)
    assert infer(told, sex="male").bounds == Interval(0, 40)


def test_total_of_known_category_excludes_the_unknown_category():
    told = report(
        claim("all", printed="100"),
        claim("known", printed="90", base="known", base_dimension="sex"),
        claim("half", kind="share", printed="50%", base="known", category={"sex": "female"}),
    )
    assert infer(told, sex="unknown").bounds == Interval(10, 10)
    assert infer(told, sex="female").bounds == Interval(45, 45)
    assert infer(told, known="sex").bounds == Interval(90, 90)


def test_wording_is_used_on_request_and_without_a_number_only():
    told = report(
        claim("all", printed="100"),
        claim("most", kind="share", wording="the majority", base="all", category={"sex": "female"}),
        claim(
            "few",
            kind="share",
            printed="18%",
            wording="around a quarter",
            base="all",
            category={"age": "child"},
        ),
    )
    assert infer(told, sex="female").bounds is None
    found = infer(told, sex="female", use_wording=True)
    assert found.bounds == Interval(51, 100)
    assert "“the majority” means a share: this means more than half (most)" in (found.assumptions)
    assert [each.id for each in found.claims] == ["all", "most"]
    assert infer(told, sex="female", use_wording=True, exclude=["most"]).bounds is None
    assert infer(told, age="child", use_wording=True).bounds == Interval(18, 18)


@pytest.mark.parametrize(
    ("words", "ends"),
    [
        ("around a quarter", (23, 27)),
        ("over half", (51, 59)),
        ("at least a third", (34, 100)),
        ("up to a third", (0, 33)),
        ("all", (100, 100)),
        ("a minority", (0, 49)),
    ],
)
def test_wording_keeps_open_and_closed_bounds(words, ends):
    share = {"kind": "share", "wording": words, "base": "all", "category": {"sex": "female"}}
    told = report(claim("all", printed="100"), claim("some", **share))
    found = Evidence(told, use_wording=True).infer(sex="female")
    assert (found.exact_bounds.lower, found.exact_bounds.upper) == ends


def test_wording_without_a_share_is_not_used():
    told = report(
        claim("all", printed="100"),
        claim("some", kind="share", wording="many", base="all", category={"sex": "female"}),
    )
    assert infer(told, sex="female", use_wording=True).claims == told.claims[:1]


def test_parts_that_add_up_to_100_percent_leave_no_remainder():
    def parts(**fields):
        return [
            claim(
                name,
                kind="share",
                printed=printed,
                base="all",
                category={"citizenship": name},
                **fields,
            )
            for name, printed in (("eu", "44%"), ("non_eu", "56%"))
        ]

    everyone = claim("all", printed="1000")
    apart = infer(report(everyone, *parts()), citizenship="eu").bounds
    assert apart == Interval(435, 444)
    together = infer(report(everyone, *parts(makes="groups")), citizenship="unknown")
    assert together.bounds == Interval(0, 0)
    assert "the parts of groups add up to 100%" in together.assumptions
    loose = infer(
        report(everyone, *parts(makes="groups")), citizenship="unknown", exclude=["groups"]
    )
    assert loose.bounds == Interval(0, 10)


def test_evidence_gives_the_results_of_infer(monkeypatch):
    evidence = Evidence(REPORT, bases={"sex": "all"})
    questions = [
        {"area": "UK", "exploitation": "labour"},
        {"area": "UK", "known": "exploitation"},
        {"area": "UK", "sex": "female"},
        {"exploitation": "labour", "denominator": {}, "base": "known"},
    ]
    answers = [evidence.infer(**asked) for asked in questions]
    for asked, answer in zip(questions, answers, strict=True):
        alone = infer(REPORT, bases={"sex": "all"}, **asked)
        assert (alone.exact_bounds.interval, alone.assumptions, alone.claims) == (
            answer.exact_bounds.interval,
            answer.assumptions,
            answer.claims,
        )
    monkeypatch.setattr(ClaimSystem, "_build", None)
    monkeypatch.setattr(ClaimSystem, "_sort", None)
    assert [evidence.infer(**asked).bounds for asked in questions] == [
        answer.bounds for answer in answers
    ]


def test_each_kind_of_count_is_a_system_of_its_own():
    readings = list(Evidence(REPORT).claim_systems())
    numbers = [claim for reading in readings for claim in reading.numbers]
    assert len(numbers) == len(set(numbers))
    assert set(numbers) == {claim for claim in REPORT.claims if has_number(claim)}
    assert all(reading.system.is_feasible for reading in readings)


def test_count_of_a_special_kind_can_be_without_information():
    told = report(
        claim(
            "seized",
            subject="justice",
            printed="5",
            unit="persons",
            category={"stage": "convicted", "sex": "male"},
        )
    )
    assert infer(told, "justice", stage="convicted", sex="female").bounds is None
    some = report(
        claim(
            "all", subject="justice", printed="5", unit="persons", category={"stage": "convicted"}
        )
    )
    assert infer(some, "justice", stage="convicted", sex="female").bounds is None


def test_share_that_may_be_anything_or_undefined_is_no_information():
    found = infer(REPORT, sex="female", denominator={}, base="known")
    assert found.bounds is None
    assert "no information" in str(found)


def test_first_of_28_members_is_no_fewer_than_their_mean():
    told = report(
        claim("eu", printed="57", category={"citizenship": "eu"}),
        claim(
            "top",
            kind="ranking",
            wording="most",
            ranks=["RO"],
            base_dimension="citizenship",
            of={"citizenship": "eu"},
            category={"citizenship": "eu"},
        ),
    )
    assert infer(told, citizenship="RO").bounds == Interval(3, 57)


@pytest.mark.parametrize("given", ["report.toml", None, 7])
@pytest.mark.parametrize("ask", [infer, Evidence, thb.audit])
def test_error_for_a_path_explains_read_claims(ask, given):
    with pytest.raises(InvalidValue, match=r"(publication|source)'.* Read a claims file"):
        ask(given)
