from fractions import Fraction
from functools import cache

import pytest

import thbstats as thb
from tests.bounds.systems import L, by_milp, forms, sexes
from thbstats.bounds import Evidence, Inference, Inferences, claim_grid, claim_system, infer
from thbstats.bounds.claim_grid import CellGrid
from thbstats.bounds.claim_system import ClaimSystem, QueryType, is_audited
from thbstats.claims import Claim, Publication, cell_of
from thbstats.claims.relations import area_label
from thbstats.errors import (
    AmbiguousCell,
    ImpossibleResult,
    InvalidValue,
    NoSuchCell,
    UnknownName,
)
from thbstats.records import schema_of
from thbstats.values import Interval
from thbstats.vocabulary import Classification

REPORT = thb.publications.com_2018_777()
COOPERATION = {"subject": "cooperation", "body": "eurojust", "kind": "cases"}
UK = {
    "slo": {"exclude_unknown": "exploitation"},
    "s": {"exploitation": "sexual"},
    "l": {"exploitation": "labour"},
    "o": {"exploitation": "other"},
}
FEMALE, MALE, CHILD, EU = (
    {"sex": "female"},
    {"sex": "male"},
    {"age": "child"},
    {"citizenship": "eu"},
)


@cache
def labour_in_uk(rounding="half_up"):
    return infer(REPORT, area="UK", exploitation="labour", rounding=rounding)


@cache
def evidence(sex=None, age=None):
    """Return the evidence of the report for these bases, read once for all questions."""
    bases = {"sex": sex, "age": age}
    return Evidence(REPORT, assume_base={name: base for name, base in bases.items() if base})


def claim(id, printed="", category=None, **fields):
    usual = {"section": "1", "paragraph": "1", "subject": "victims", "area": "EU28"}
    usual |= {"kind": "count", "period": "2015", "printed": printed, "category": category or {}}
    return Claim(**(usual | {"id": id} | fields))


def share(id, printed, category, **fields):
    return claim(id, printed, category, **({"kind": "share", "base": "all"} | fields))


def ranking(dimension, *ranks, **fields):
    return claim(
        "ranking", kind="ranking", wording="most", base_dimension=dimension, ranks=ranks, **fields
    )


def report(*claims):
    return Publication(id="synthetic", title="Synthetic", claims=claims)


TOTAL = claim("all", "100")


@pytest.mark.parametrize("closed", [False, True])
def test_unpublished_counts_equal_a_manual_integer_program(closed):
    own, system = Evidence(REPORT, allow_tie_either_way=closed), forms(closed=closed)
    for cells, query in UK.items():
        result = own.infer(area="UK", **query)
        assert (result.bounds.lower, result.bounds.upper) == by_milp(system, L(cells))
    assert by_milp(system, L("slo")) == (4848, 6387)
    assert "of known exploitation" in own.infer(area="UK", exclude_unknown="exploitation").label


@pytest.mark.parametrize(
    ("query", "bounds"),
    [
        ({"exclude_unknown": ["exploitation"]}, Interval(17273, 17583)),
        ({"exclude_unknown": "sex"}, None),
        ({"exploitation": "labour"}, Interval(4405, 4659)),
        ({"exploitation": "other"}, Interval(3023, 3252)),
        ({"age": "child"}, None),
        ({"age": "child", "assume_base": {"age": "all"}}, Interval(4620, 4825)),
        ({"citizenship": "RO"}, None),
        ({"citizenship": "FR", "exclude": ["ii-top-eu-citizenships"]}, None),
        ({"sex": "female", "denominator": {}}, None),
        # The share can have any value or be undefined.
        ({"sex": "female", "denominator": {}, "base": "known"}, None),
        # A country without claims is part of a wider area only.
        ({"area": "FR", "exploitation": "labour"}, None),
        # 75% of the 28 cases at Eurojust in section III.2.
        (COOPERATION | {"topic": "by_joint_investigation_team"}, Interval(21, 21)),
    ],
)
def test_numbers_that_the_report_implies(query, bounds):
    result = infer(REPORT, **query)
    assert result.bounds == bounds
    assert ("no information" in str(result)) == (bounds is None)


@pytest.mark.parametrize("rounding", ["half_even", "half_away", "unknown"])
def test_bounds_of_unknown_rounding_contain_the_others(rounding):
    wide, narrow = (labour_in_uk(way).bounds for way in ("unknown", rounding))
    assert wide.lower <= narrow.lower <= narrow.upper <= wide.upper


@pytest.mark.parametrize(
    ("query", "cells", "bases"),
    [
        ({"area": "UK", "sex": "female"}, ["sf", "lf", "of", "uf"], ()),
        ({"area": "UK", "sex": "female", "exploitation": "sexual"}, ["sf"], ("known",)),
        ({"sex": "female", "exploitation": "other"}, ["of", "Of"], ("known",)),
        ({"sex": "female", "exploitation": "unknown"}, ["uf", "Uf"], ("known", "known")),
    ],
)
def test_sex_is_informative_with_base_all_only(query, cells, bases):
    known = evidence("all").infer(**query)
    assert (known.bounds.lower, known.bounds.upper) == by_milp(sexes(), L(cells))
    assert known.bounds.lower > 0
    silent = evidence(*bases).infer(**query)
    assert silent.bounds is None
    assert silent.formatted == "no information"
    assert "do not restrict" in silent.footnote()


def test_children_of_an_unknown_denominator_have_no_count():
    result = infer(REPORT, age="child", assume_base={"age": "known"})
    assert result.bounds is None
    rejected = dict(result.rejected)
    assert rejected[REPORT.claim("ii-child-share")].startswith("no published count")


@pytest.mark.parametrize("base", ["all", "known"])
def test_sex_does_not_change_the_forms(base):
    for query in UK.values():
        plain = evidence().infer(area="UK", **query).bounds
        assert evidence(base).infer(area="UK", **query).bounds == plain


def test_both_bounds_have_a_consistent_table():
    result = labour_in_uk()
    for frame, bound in (
        (result.lower_table, result.bounds.lower),
        (result.upper_table, result.bounds.upper),
    ):
        assert frame["count"].sum() == 20532
        assert frame[frame.exploitation == "sexual"]["count"].sum() == 9759
        labour = frame[frame.exploitation == "labour"]
        uk, whole = labour[labour.area == "UK"]["count"].sum(), labour["count"].sum()
        assert uk == bound
        assert Fraction(605, 1000) <= Fraction(int(uk), int(whole)) < Fraction(615, 1000)


def test_assumptions_are_listed_and_can_be_switched():
    result = labour_in_uk()
    assert "the categories of exploitation are exclusive" in result.assumptions
    assert any("EU27_2020, UK" in text for text in result.assumptions)
    assert any("ii-labour-share" in text for text in result.assumptions)
    loose = infer(REPORT, area="UK", exploitation="other", overlapping=["exploitation"])
    assert "the categories of exploitation can overlap" in loose.assumptions
    assert loose.bounds.lower <= 472
    assert loose.bounds.upper >= 1070
    closed = infer(REPORT, exploitation="labour", allow_tie_either_way=True)
    assert any("up or down" in text for text in closed.assumptions)


def test_rankings_bound_categories_that_are_not_listed():
    result = infer(REPORT, citizenship="FR")
    assert result.bounds == Interval(0, 20532 // 6)
    assert REPORT.claim("ii-top-eu-citizenships") in result.claims


def test_excluding_a_claim_widens_bounds():
    narrow = infer(REPORT, area="UK", exploitation="other").bounds
    wide = infer(REPORT, area="UK", exploitation="other", exclude=["ii-other-share-without-uk"])
    assert wide.bounds.lower <= narrow.lower
    assert wide.bounds.upper >= narrow.upper
    assert wide.bounds != narrow
    rejected = {item.id: why for item, why in wide.rejected}
    assert rejected["ii-other-share-without-uk"] == "excluded on request"


def test_shares_can_be_inferred():
    whole = {"area": "EU28", "exploitation": "labour"}
    result = infer(REPORT, area="UK", exploitation="labour", denominator=whole)
    assert result.is_share
    assert Fraction(605, 1000) <= result.bounds.lower <= result.bounds.upper < Fraction(615, 1000)
    assert "%" in result.formatted
    known = infer(REPORT, area="UK", exploitation="labour", denominator={}, base="known")
    assert known.bounds == Interval(Fraction(2709, 6332), Fraction(1403, 2434))


CHANGE = claim("change", "20%", kind="change", since="2014", wording="rose")
HALF = share("half", "50%", FEMALE, wording="at least", at_least=True)
KNOWN = [
    claim("known", "90", base="known", base_dimension="sex"),
    share("half", "50%", FEMALE, base="known"),
]
RANKED_SEX = [claim("unknown", "10", {"sex": "unknown"}), claim("women", "50", FEMALE)]
CONVICTED = {"subject": "justice", "stage": "convicted"}
FIRST = ranking("citizenship", "RO", of=EU)
FIRST_IN_EU = ranking("citizenship", "RO", of=EU, category=EU)
SIXTY = claim("women", "60", FEMALE, at_least=True, wording="at least")
MEN_FIRST = ranking("sex", "male", "female", ordered=True)


def convicted(**codes):
    codes = {"stage": "convicted"} | codes
    return claim("convicted", "5", codes, subject="justice", unit="persons")


@pytest.mark.parametrize(
    ("claims", "query", "bounds"),
    [
        # One of 28 is listed; the other 27 are at most 27 times its count.
        ([claim("eu", "280", EU), FIRST], {"citizenship": "RO"}, Interval(10, 280)),
        ([claim("eu", "57", EU), FIRST_IN_EU], {"citizenship": "RO"}, Interval(3, 57)),
        ([claim("now", "120"), CHANGE], {"period": "2014"}, Interval(100, 100)),
        ([claim("now", "120"), CHANGE], {"period": "2015"}, Interval(120, 120)),
        ([claim("all", "100", base="all"), HALF], FEMALE, Interval(50, 100)),
        (
            [TOTAL, ranking("sex", "female"), RANKED_SEX[0], claim("men", "40", MALE)],
            FEMALE,
            Interval(40, 50),
        ),
        ([TOTAL, *RANKED_SEX, ranking("sex", "male", "female")], MALE, Interval(0, 40)),
        ([TOTAL, RANKED_SEX[0], MEN_FIRST], FEMALE, Interval(0, 45)),
        ([TOTAL, SIXTY], FEMALE, Interval(60, 100)),
        ([TOTAL, SIXTY], MALE, Interval(0, 40)),
        ([TOTAL, *KNOWN], {"sex": "unknown"}, Interval(10, 10)),
        ([TOTAL, *KNOWN], FEMALE, Interval(45, 45)),
        ([TOTAL, *KNOWN], {"exclude_unknown": "sex"}, Interval(90, 90)),
        ([convicted(sex="male")], CONVICTED | FEMALE, None),
        ([convicted()], CONVICTED | FEMALE, None),
        ([claim("a", "1"), claim("b", "2", period="2016")], {"period": "2016"}, Interval(2, 2)),
    ],
)
def test_numbers_that_synthetic_claims_imply(claims, query, bounds):
    assert infer(report(*claims), **query).bounds == bounds


def test_order_of_a_list_is_an_assumption_and_can_conflict():
    result = infer(report(TOTAL, RANKED_SEX[0], MEN_FIRST), sex="female")
    assert "listed with the largest first: ranking" in result.assumptions
    with pytest.raises(ImpossibleResult, match="male, female first"):
        infer(report(TOTAL, *RANKED_SEX, MEN_FIRST), sex="male")


def test_conflict_names_claims_with_number_and_section():
    wrong = {"ii-labour-share": "all", "ii-1-labour-share": "all"}
    with pytest.raises(ImpossibleResult, match=r"26% in section II \(ii-labour-share\)"):
        infer(REPORT, exploitation="labour", assume_base=wrong)


def test_conflict_of_counts_is_found_despite_excluded_shares():
    claims = report(claim("1", "100"), claim("2", "101"), share("half", "50%", FEMALE))
    with pytest.raises(ImpossibleResult, match="100 in section 1"):
        infer(claims, sex="female")


TWO = report(claim("a", "1"), claim("b", "2", period="2016"))
PART = "The category must be a part of `denominator`"
BANKER = "`rounding` must` must be a known name"
XX = "`area` must be a country"
PATH = r"`(publication|source)`.* Read a claims file"


@pytest.mark.parametrize(
    ("publication", "query", "error", "problem"),
    [
        (REPORT, {"subject": "justice"}, NoSuchCell, "convicted"),
        (REPORT, {"assume_base": {"sex": "some"}}, UnknownName, "known"),
        (REPORT, {"assume_base": {"six": "all"}}, UnknownName, "must"),
        (REPORT, {"exclude": ["no-such-claim"]}, UnknownName, "must"),
        (REPORT, {"overlapping": ["stage"]}, UnknownName, "must"),
        (report(), {"area": "EU28"}, NoSuchCell, "no numbers of victims"),
        (TWO, {}, AmbiguousCell, "2016"),
        (REPORT, {"exploitation": "labour", "denominator": FEMALE}, InvalidValue, PART),
        (REPORT, {"denominator": {"exploitation": "labour"}}, InvalidValue, PART),
        (REPORT, {"area": "EU28", "denominator": {"area": "UK"}}, InvalidValue, PART),
        (
            REPORT,
            {"exploitation": "unknown", "denominator": {}, "base": "known"},
            InvalidValue,
            PART,
        ),
        (
            REPORT,
            {"rounding": "banker"},
            UnknownName,
            "`rounding` must",
        ),
        (REPORT, {"area": "XX"}, UnknownName, XX),
        (REPORT, {"denominator": {"area": "XX"}}, UnknownName, XX),
    ],
)
def test_error_names_the_problem_of_a_query(publication, query, error, problem):
    with pytest.raises(error, match=problem):
        infer(publication, **query)


@pytest.mark.parametrize("source", ["report.toml", None, 7])
@pytest.mark.parametrize("function", [infer, Evidence, thb.audit])
def test_error_for_a_path_explains_read_claims(function, source):
    with pytest.raises(InvalidValue, match=PATH):
        function(source)


def test_count_without_area_is_rejected():
    result = infer(report(claim("a", "1"), claim("b", "2", area="")), area="EU28")
    rejected = [(item.id, why) for item, why in result.rejected]
    assert rejected == [("b", "its area is not stated")]


def test_numbers_without_an_area_refer_to_the_same_area():
    claims = report(claim("all", "100", area=""), share("women", "68%", FEMALE, area=""))
    result = infer(claims, sex="female")

    assert (result.bounds, result.area, result.label) == (Interval(68, 68), "", "female")
    assert "numbers without an area refer to the same area" in result.assumptions
    assert infer(claims, sex="female", denominator={}).bounds == Interval.point(Fraction(17, 25))
    assert infer(claims, area="EU28", sex="female").bounds is None


def test_numbers_with_and_without_an_area_are_separate_systems():
    claims = report(
        claim("no-area", "1", area=""),
        claim("area", "5"),
        claim("same-area", "7", FEMALE),
        claim("no-area-women", "3", FEMALE, area=""),
    )
    systems = Evidence(claims).claim_systems()
    kinds = [[item.id for item in system.selection.included] for system in systems]
    assert kinds == [["area", "same-area"], ["no-area", "no-area-women"]]


def test_single_name_need_not_be_in_a_list():
    for name in ("exploitation", "sex"):
        assert Evidence(REPORT, overlapping=name).overlapping == {name}
    assert Evidence(REPORT, exclude="ii-labour-share").exclude == {"ii-labour-share"}


def test_outputs_of_an_inference():
    result = labour_in_uk()
    text = repr(result).replace("\N{NO-BREAK SPACE}", " ")
    assert text == "<Inference labour, UK: 2,666 to 2,865>"
    plain = result.to_dict()
    assert (plain["lower"], plain["upper"], plain["is_informative"]) == (2666, 2865, True)
    assert plain["lower_table"] == result.exact_bounds.lower_table
    row = result.to_frame().iloc[0]
    assert (row["lower"], row["upper"], row["exploitation"]) == (2666, 2865, "labour")
    assert "Assumed" in str(result)
    silent = infer(REPORT, sex="female")
    assert silent.to_dict()["lower"] is None
    assert silent.to_frame()["upper"].isna().all()
    part = infer(REPORT, exploitation="labour", denominator={}, base="known")
    assert "/" in part.to_dict()["lower"]
    two = Inferences(caption="Two", items=[result, silent], scale=10_000)
    assert len(two.to_frame()) == 2
    bars = [row.cells[1].bar for row in two.display_table().rows]
    assert bars == [(Fraction(2666, 10_000), Fraction(2865, 10_000)), None]
    assert part.display_table().rows[0].cells[1].bar[1] < Fraction(27, 100)
    assert isinstance(result, Inference)


def test_count_without_an_upper_bound_has_no_table_for_it():
    result = infer(report(claim("some", "5", FEMALE)))
    assert result.bounds == Interval(5, None)
    assert result.upper_table is None
    assert result.display_table().rows[0].cells[1].bar is None


def test_grid_separates_the_cells_of_claims():
    cells = [cell_of(claim("a", "1", {"exploitation": "forced_begging"}))]
    labels = [part.label for part in CellGrid.of(cells).parts["exploitation"]]
    assert labels == ["forced_begging", "no forced_begging", "unknown"]
    wider = [*cells, cell_of(claim("b", "1", {"exploitation": "other"}))]
    both = CellGrid.of(wider)
    assert len(both.sum(wider[1]).cells) == len(both.sum(wider[0]).cells) + 1
    assert area_label(frozenset({"FR", "UK"})) == "FR+UK"
    assert area_label(frozenset({"FR", "UK", "DE", "IT"})) == "4 countries"


def test_grid_that_is_too_large_raises(monkeypatch):
    named = ["sexual", "labour", "other", "forced_begging", "forced_criminality", "construction"]
    many = [cell_of(claim("a", "1", {"exploitation": form})) for form in named]
    with pytest.raises(InvalidValue, match="categories that overlap"):
        CellGrid.of(many, overlapping=["exploitation"])
    monkeypatch.setattr(claim_grid, "_MAX_CELLS", 6)
    with pytest.raises(InvalidValue, match="at most 6 cells, got 7"):
        _ = CellGrid.of(many).cells


def test_wording_is_used_on_request_and_without_a_number_only():
    claims = report(
        TOTAL,
        share("most", "", FEMALE, wording="the majority"),
        share("few", "18%", CHILD, wording="around a quarter"),
    )
    assert infer(claims, sex="female").bounds is None
    result = infer(claims, sex="female", use_wording=True)
    assert result.bounds == Interval(51, 100)
    assert "“the majority” means a share: more than half (most)" in result.assumptions
    assert [item.id for item in result.claims] == ["all", "most"]
    assert infer(claims, sex="female", use_wording=True, exclude=["most"]).bounds is None
    assert infer(claims, age="child", use_wording=True).bounds == Interval(18, 18)


@pytest.mark.parametrize(
    ("words", "lower", "upper"),
    [
        ("around a quarter", 23, 27),
        ("over half", 51, 59),
        ("at least a third", 34, 100),
        ("up to a third", 0, 33),
        ("all", 100, 100),
        ("a minority", 0, 49),
    ],
)
def test_wording_has_open_and_closed_bounds(words, lower, upper):
    claims = report(TOTAL, share("some", "", FEMALE, wording=words))
    result = infer(claims, sex="female", use_wording=True).exact_bounds
    assert (result.lower, result.upper) == (lower, upper)


def test_wording_without_a_share_is_not_used():
    claims = report(TOTAL, share("some", "", FEMALE, wording="many"))
    assert infer(claims, sex="female", use_wording=True).claims == claims.claims[:1]


def test_parts_that_add_up_to_100_percent_leave_no_remainder():
    def groups(**fields):
        names = {"eu": "44%", "non_eu": "56%"}
        parts = [share(name, names[name], {"citizenship": name}, **fields) for name in names]
        return report(claim("all", "1000"), *parts)

    assert infer(groups(), citizenship="eu").bounds == Interval(435, 444)
    together = infer(groups(makes="groups"), citizenship="unknown")
    assert together.bounds == Interval(0, 0)
    assert "the parts of groups add up to 100%" in together.assumptions
    loose = infer(groups(makes="groups"), citizenship="unknown", exclude=["groups"])
    assert loose.bounds == Interval(0, 10)


def test_evidence_gives_the_results_of_infer(monkeypatch):
    claims = report(TOTAL, *RANKED_SEX, share("children", "23%", CHILD, base=""))
    evidence = Evidence(claims, assume_base={"age": "all"})
    queries = [
        MALE,
        CHILD,
        {"exclude_unknown": "sex"},
        FEMALE | {"denominator": {}, "base": "known"},
    ]
    results = [evidence.infer(**query) for query in queries]
    for query, result in zip(queries, results, strict=True):
        alone = infer(claims, assume_base={"age": "all"}, **query)
        assert alone.exact_bounds.interval == result.exact_bounds.interval
        assert (alone.assumptions, alone.claims) == (result.assumptions, result.claims)
    monkeypatch.setattr(ClaimSystem, "_build", None)
    monkeypatch.setattr(claim_system, "select_claims", None)
    assert [evidence.infer(**query).bounds for query in queries] == [r.bounds for r in results]


def test_every_kind_of_count_is_a_separate_system():
    systems = [s for s in Evidence(REPORT).claim_systems() if s.type is QueryType.ALL]
    numbers = [item for system in systems for item in system.selection.numbers]
    assert len(numbers) == len(set(numbers))
    assert set(numbers) == {item for item in REPORT.claims if is_audited(item)}
    assert all(system.system.is_feasible for system in systems)


def test_a_table_divided_by_a_dimension_of_users_is_refused() -> None:
    means = Classification(name="means_of_control", categories=["threats", "debt_bondage"])
    table = thb.CountTable.from_rows(
        [("total", 100), ("threats", 12)],
        columns=["means_of_control", "value"],
        kind=schema_of("victims", means),
        area="UK",
        period=2023,
    )
    problem = "must not be divided by a dimension of a classification, got 'means_of_control'"
    with pytest.raises(InvalidValue, match=problem):
        thb.infer(table, sex="female")
    assert thb.infer(table.where(means_of_control="total")).bounds.lower == 100


@pytest.mark.parametrize(
    ("argument", "problem"),
    [
        ({"assume_base": "all"}, "`assume_base` must be a mapping"),
        ({"denominator": "all"}, "`denominator` must be a mapping"),
        ({"time_limit": "60"}, "`time_limit` must be a number of seconds"),
        ({"exclude": None}, "`exclude` must be a name"),
        ({"exclude_unknown": None}, "`exclude_unknown` must be a name"),
        ({"base": "known"}, "`denominator` must be set for base='known'"),
    ],
)
def test_arguments_of_a_wrong_type_are_named(argument, problem):
    with pytest.raises(InvalidValue, match=problem):
        infer(REPORT, area="UK", **argument)
