"""Counts and shares of parts next to their whole: periods, areas, statuses, categories."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.claims.made_up import FEMALE, LABOUR, SEXUAL, count, recorded, report, share
from tests.examples import examples
from tests.rows import check_rows
from thbstats import audit, infer
from thbstats.bounds import Evidence
from thbstats.claims import cell_of
from thbstats.values import Interval

MALE = {"sex": "male"}
OTHER = {"exploitation": "other"}
UNKNOWN = {"exploitation": "unknown"}
FORMS = (SEXUAL, LABOUR, OTHER, UNKNOWN)


def of(printed, period, **fields):
    return count(printed, period=period, **fields)


def verdicts(*claims):
    return [str(item.verdict) for item in audit(report(*claims))]


YEARS = ({"period": "2021"}, {"period": "2022"}, {"period": "2021-2022"})
AREAS = ({"area": "UK"}, {"area": "EU28 without UK"}, {"area": "EU28"})


@pytest.mark.parametrize("parts", [YEARS, AREAS], ids=["period", "area"])
def test_counts_of_all_parts_confirm_their_sum_and_contradict_another(parts):
    single, two, whole = parts
    for printed, expected in (("7", "confirmed"), ("8", "contradicted"), ("6", "contradicted")):
        claims = [count("3", **single), count("4", **two), count(printed, **whole)]
        assert verdicts(*claims) == [expected] * 3


def test_a_message_on_a_sum_contains_parts_and_locations(worded):
    wrong = audit(report(of("3", "2021"), of("4", "2022"), of("8", "2021-2022", section="V")))
    right = audit(report(of("3", "2021"), of("4", "2022"), of("7", "2021-2022")))
    assert [claim.id for claim in wrong["claim-1"].against] == ["claim-2", "claim-3"]
    worded(wrong["claim-1"].message, wrong["claim-1"].joint.message, right["claim-3"].message)


def test_parts_of_some_of_a_period_are_at_most_its_count():
    assert set(verdicts(of("3", "2020"), of("8", "2020-2022"))) == {"consistent"}
    wrong = [of("3", "2020"), of("6", "2021"), of("8", "2020-2022")]
    assert verdicts(*wrong) == ["contradicted"] * 3


def test_overlapping_periods_are_compared_by_their_common_years():
    years = [of("3", "2020"), of("4", "2021"), of("5", "2022")]
    claims = [*years, of("7", "2020-2021"), of("9", "2021-2022")]
    assert verdicts(*claims) == ["confirmed"] * 5


def test_periods_that_are_not_exact_and_teams_that_work_for_years_are_not_added():
    loose = [of("3", "2021"), of("4", "2022"), of("8", "~2021-2022")]
    teams = {"subject": "cooperation", "category": {"body": "eurojust", "kind": "jit"}}
    assert "contradicted" not in verdicts(*loose)
    claims = [claim | teams for claim in (of("3", "2021"), of("4", "2022"), of("5", "2021-2022"))]
    assert "contradicted" not in verdicts(*claims)


def test_exclusive_categories_are_at_most_their_whole_and_make_it_where_all_are_there():
    sexes = [count("3", category=FEMALE), count("6", category=MALE), count("8")]
    assert verdicts(*sexes) == ["contradicted"] * 3
    forms = [count(str(n), category=code) for n, code in zip((5, 3, 2, 1), FORMS, strict=True)]
    assert verdicts(*forms, count("11")) == ["confirmed"] * 5
    assert verdicts(*forms, count("12")) == ["contradicted"] * 5


def test_counts_of_recorded_categories_are_the_sum_of_the_categories(worded):
    forms = [count(str(n), category=code) for n, code in zip((5, 3, 2), FORMS[:3], strict=True)]
    known = {"base": "known", "base_dimension": "exploitation"}
    item = audit(report(*forms, count("12", **known)))["claim-4"]
    worded(item.message)
    assert set(verdicts(*forms, count("10", **known))) == {"confirmed"}


def test_categories_that_overlap_do_not_add_up():
    claims = report(*(count("6", category=code) for code in FORMS[:2]), count("8"))
    assert str(audit(claims)["claim-3"].verdict) == "contradicted"
    loose = audit(Evidence(claims, overlapping="exploitation"))
    assert "contradicted" not in {str(item.verdict) for item in loose}


def test_many_parts_are_counted_and_not_listed(worded):
    years = [of("1", str(year)) for year in range(2010, 2018)]
    item = audit(report(*years, of("9", "2010-2017")))["claim-9"]
    worded(item.message)


def test_shares_of_one_base_are_at_most_all_and_all_where_every_category_is_there():
    base = {"base": "all", "period": "2021"}
    sexes = [share("60%", category=FEMALE, **base), share("45%", category=MALE, **base)]
    forms = [recorded(printed, form) for printed, form in (("56%", "sexual"), ("26%", "labour"))]
    assert verdicts(*sexes) == ["contradicted"] * 2
    assert verdicts(*forms, recorded("18%", "other")).count("contradicted") == 0
    assert verdicts(*forms, recorded("14%", "other")) == ["contradicted"] * 3


def test_a_base_without_any_count_does_not_switch_the_joint_audit_off(worded):
    claims = [recorded("56%", "sexual"), recorded("26%", "labour"), recorded("17.9%", "other")]
    result = audit(report(*claims))
    assert {str(item.joint.verdict) for item in result} == {"consistent"}
    worded(result["claim-3"].joint.message)


def test_a_share_of_a_longer_period_is_computed_from_counts_of_its_years(worded):
    female = [of("30", "2021", category=FEMALE), of("20", "2022", category=FEMALE)]
    claims = [*female, of("50", "2021"), of("60", "2022")]
    right = share("45%", category=FEMALE, period="2021-2022")
    result = audit(report(*claims, right))["claim-5"]
    assert str(result.verdict) == "confirmed"
    worded(result.message)
    wrong = verdicts(*claims, right | {"printed": "47%"})
    assert wrong[4] == "contradicted"


def test_a_share_of_a_longer_period_lies_between_those_of_its_years():
    halves = (("50%", "2021"), ("65%", "2022"))
    years = [share(printed, category=FEMALE, period=year) for printed, year in halves]
    wrong = share("66%", category=FEMALE, period="2021-2022")
    assert verdicts(*years, wrong | {"printed": "60%"}).count("contradicted") == 0
    assert verdicts(*years, wrong) == ["contradicted"] * 3


def test_a_change_is_computed_from_sums():
    counts = [of("30", "2021"), of("20", "2022"), of("80", "2023-2024")]
    change = {"kind": "change", "printed": "+60%", "period": "2023-2024", "since": "2021-2022"}
    assert verdicts(*counts, change)[3] == "confirmed"


class TestStatuses:
    def test_more_identified_than_registered_victims_are_an_issue_and_no_contradiction(
        self, worded
    ):
        claims = report(count("5,746", status="identified"), count("4,858"))
        result = audit(claims)
        assert [str(item.verdict) for item in result] == ["not_assessable"] * 2
        assert len(result.issues) == 2
        worded(result["claim-1"].remark)

    def test_statuses_that_make_the_registered_are_consistent(self, worded):
        claims = [count("50", status="identified"), count("20", status="presumed")]
        assert verdicts(*claims, count("70")) == ["consistent"] * 3
        result = audit(report(*claims, count("60")))
        assert len(result.issues) == 3
        worded(result["claim-2"].remark)

    def test_what_only_all_figures_together_show_of_statuses_is_an_issue_too(self, worded):
        claims = [
            count("50", status="identified", category=FEMALE),
            count("30", status="presumed", category=MALE),
            count("70"),
        ]
        result = audit(report(*claims))
        assert "contradicted" not in {str(item.verdict) for item in result}
        worded(result["claim-3"].remark)


def test_a_sum_of_statuses_is_not_used_as_a_count():
    identified, presumed, registered = (
        count(printed, status=status)
        for printed, status in (("50", "identified"), ("20", "presumed"), ("70", "registered"))
    )
    cells = [cell_of(claim) for claim in report(identified, presumed, registered).claims]
    assert report(presumed, registered).figures.known(cells[0]) is None
    assert report(identified, presumed).figures.known(cells[2]) is None


def test_a_period_a_status_and_a_share_of_a_period_are_inferred_from_sums():
    years = report(of("3", "2021"), of("4", "2022"), of("20", "2021-2023"))
    identified, presumed = (
        count(printed, status=status)
        for printed, status in (("50", "identified"), ("20", "presumed"))
    )
    statuses = report(identified, presumed)
    female = [of("30", "2021", category=FEMALE), of("20", "2022", category=FEMALE)]
    shares = report(*female, of("50", "2021"), of("50", "2022"))
    half = {"period": "2021-2022", "sex": "female", "denominator": {}}
    wrong = report(identified, presumed, count("60"))
    rows = [
        (years, {"period": "2021-2022"}, 7),
        (years, {"period": "2023"}, 13),
        (years, {"period": "2022-2023"}, 17),
        (statuses, {"status": "registered"}, 70),
        (report(identified, count("70")), {"status": "presumed"}, 20),
        (wrong, {"status": "presumed"}, 20),
        (shares, half, Fraction(1, 2)),
    ]

    def check(publication, query, value):
        assert infer(publication, **query).bounds == Interval(value, value)

    check_rows(check, rows)
    assumptions = infer(years, period="2023").assumptions
    assert "a period is the sum of its parts: 2021, 2022, 2023" in assumptions
    assumptions = infer(statuses, status="registered").assumptions
    assert any("often violate this sum" in text for text in assumptions)
    # Statuses that figures contradict are not added.
    assumptions = infer(wrong, status="presumed").assumptions
    assert assumptions[-1].startswith("registered victims are not the sum")


@given(st.lists(st.integers(0, 50), min_size=2, max_size=5), st.integers(-9, 9), st.data())
@examples(25)
def test_years_and_a_span_of_them_agree_where_the_sum_does(counts, off, data):
    first = data.draw(st.integers(0, len(counts) - 2))
    last = data.draw(st.integers(first + 1, len(counts) - 1))
    total = max(0, sum(counts[first : last + 1]) + off)
    years = [of(str(n), str(2010 + position)) for position, n in enumerate(counts)]
    span = of(str(total), f"{2010 + first}-{2010 + last}")
    result = verdicts(*years, span)
    right = total == sum(counts[first : last + 1])
    if right:
        assert set(result[first : last + 1]) | {result[-1]} == {"confirmed"}
    else:  # a year of 0 is not needed for a sum that is too small
        assert result[-1] == "contradicted"
        assert set(result[first : last + 1]) <= {"contradicted", "not_assessable"}


def test_rounding_explains_no_gap_that_the_counts_show_to_be_a_wrong_figure(worded):
    forms = ("sexual", "labour", "other")
    counts = [
        count(str(number), category={"exploitation": form})
        for form, number in zip(forms, (340, 330, 330), strict=True)
    ]

    def of_all(*printed):
        shares = [
            share(text, category={"exploitation": form}, base="all", makes="forms")
            for form, text in zip(forms, printed, strict=True)
        ]
        return audit(report(*shares, count("1000"), *counts))

    wrong, right = of_all("34%", "33%", "32%"), of_all("34.0%", "33%", "33%")
    assert str(wrong["claim-3"].verdict) == "contradicted"
    worded(wrong["claim-3"].message, wrong["claim-1"].message, right["claim-1"].message)
