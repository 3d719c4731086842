"""Verdicts of rankings."""

import pytest

from tests.claims.made_up import FEMALE, LABOUR, SEXUAL, count, ranking, recorded, report, share
from thbstats import audit

SHARES = [recorded("56%", "sexual"), recorded("26%", "labour"), recorded("18%", "other")]


def verdict(*claims):
    found = audit(report(*claims), joint=False)["claim-1"]
    return str(found.verdict), found.message


def test_shares_that_leave_no_room_confirm_a_ranking():
    assert verdict(ranking("sexual"), *SHARES) == (
        "confirmed",
        "sexual 56% against labour 26%, other 18%.",
    )
    assert verdict(ranking("labour", "sexual"), *SHARES)[0] == "confirmed"


def test_a_share_that_is_more_and_not_listed_contradicts_a_ranking():
    message = "sexual 56% is more than labour 26% but is not listed."

    assert verdict(ranking("labour"), *SHARES) == ("contradicted", message)
    # One of those listed is enough, though another of them comes first.
    assert verdict(ranking("sexual", "other"), *SHARES) == (
        "contradicted",
        "labour 26% is more than other 18% but is not listed.",
    )


def test_shares_that_rounding_makes_equal_are_consistent_with_either_order():
    shares = recorded("50%", "sexual"), recorded("50%", "labour")

    assert verdict(ranking("labour"), *shares) == ("consistent", "labour 50% against sexual 50%.")


def test_what_has_no_printed_share_could_be_more():
    assert verdict(ranking("sexual"), recorded("30%", "sexual"), recorded("20%", "labour")) == (
        "consistent",
        "sexual 30% against labour 20%; other categories have no published number.",
    )


def test_a_ranking_whose_shares_are_not_all_printed_cannot_be_told():
    untold = ("not_assessable", "The ranked figures are not published.")

    assert verdict(ranking("sexual")) == untold
    assert verdict(ranking("sexual"), SHARES[0]) == untold
    assert verdict(ranking("sexual", "forced_begging"), *SHARES[:2]) == untold


def test_counts_are_held_before_shares():
    counts = count("100", category=SEXUAL), count("200", category=LABOUR)

    assert verdict(ranking("sexual"), *SHARES, *counts) == (
        "contradicted",
        "labour 200 is more than sexual 100 but is not listed.",
    )


def test_counts_confirm_a_ranking_where_the_printed_whole_leaves_less():
    counts = count("200", category=SEXUAL), count("50", category=LABOUR)

    assert verdict(ranking("sexual"), *counts)[0] == "consistent"
    assert verdict(ranking("sexual"), *counts, count("500"))[0] == "consistent"
    assert verdict(ranking("sexual"), *counts, count("300")) == (
        "confirmed",
        "sexual 200 against labour 50.",
    )


@pytest.mark.parametrize(
    "other",
    [
        share("90%", category=LABOUR),
        recorded("90%", "labour", area="EU28 without UK"),
        recorded("90%", "labour", period="2014"),
        recorded("90%", "labour", status="identified"),
        share("90%", category=LABOUR | FEMALE, of=FEMALE, base="known"),
        recorded("90%", "unknown"),
    ],
    ids=["base", "area", "period", "status", "whole", "unknown"],
)
def test_a_share_of_something_else_is_no_rival(other):
    assert verdict(ranking("sexual"), *SHARES, other)[0] == "confirmed"


def test_a_wider_or_narrower_category_is_no_rival():
    work = recorded("20%", "domestic_work")

    assert verdict(ranking("labour"), recorded("60%", "labour"), work)[0] == "not_assessable"
    assert verdict(ranking("domestic_work"), work, recorded("60%", "labour"))[0] == "not_assessable"


def test_a_part_of_a_rival_leaves_no_less_for_others():
    begging = recorded("17%", "forced_begging")
    shares = recorded("40%", "sexual"), recorded("18%", "other")

    assert verdict(ranking("sexual"), *shares)[0] == "consistent"
    assert verdict(ranking("sexual"), *shares, begging)[0] == "consistent"


def test_areas_are_ranked_by_their_own_counts():
    counts = count("30", area="IT"), count("20", area="ES"), count("40", area="FR")
    arrivals = ranking("IT", "ES", base_dimension="area")

    assert verdict(arrivals, *counts) == (
        "contradicted",
        "FR 40 is more than IT 30 but is not listed.",
    )
    assert verdict(arrivals, *counts[:2], count("10", area="FR"), count("99"))[0] == "consistent"


def test_institutions_are_ranked_too():
    fields = {"subject": "institutions"}
    claims = [
        ranking("sexual", **fields),
        count("3", category=SEXUAL, **fields),
        count("2", category=LABOUR, **fields),
    ]

    assert verdict(*claims)[0] == "consistent"


class TestMembership:
    def listed(self, group, *ranks, others=(), **fields):
        of = {"citizenship": group}
        return verdict(ranking(*ranks, of=of, base_dimension="citizenship", **fields), *others)

    def test_the_composition_that_the_area_names_decides(self):
        assert self.listed("eu", "RO", "UK") == (
            "consistent",
            "Each country listed is in EU28; how many are counted for each is not printed.",
        )
        assert self.listed("eu", "RO", "UK", area="EU27_2020") == (
            "contradicted",
            "United Kingdom is not in EU27_2020.",
        )

    def test_a_country_in_the_wrong_group_contradicts(self):
        assert self.listed("eu", "RO", "NG", "AL") == (
            "contradicted",
            "Nigeria, Albania are not in EU28.",
        )
        assert self.listed("non_eu", "RO", "NG") == ("contradicted", "Romania is in EU28.")
        assert self.listed("non_eu", "NG", "AL")[0] == "consistent"

    def test_the_period_decides_where_the_area_does_not(self):
        assert self.listed("eu", "UK", area="IT")[1].startswith(
            "Each country listed is in the EU throughout 2015-2016;"
        )
        assert self.listed("eu", "HR", area=None, period="2012") == (
            "contradicted",
            "Croatia is not in the EU throughout 2012.",
        )

    def test_a_country_that_joined_on_the_way_cannot_be_told(self):
        untold = ("not_assessable", "Area and period do not determine the members of the EU.")

        assert self.listed("eu", "HR", area=None, period="2013") == untold
        assert self.listed("eu", "RO", area=None, period="not stated") == untold
        assert self.listed("eu", "reporting_country") == untold

    def test_numbers_go_before_membership_unless_it_contradicts(self):
        romanian, dutch, nigerian = (
            count(n, category={"citizenship": code})
            for n, code in [("30", "RO"), ("20", "NL"), ("99", "NG")]
        )

        assert self.listed("eu", "RO", others=[romanian, dutch, nigerian]) == (
            "consistent",
            "RO 30 against NL 20; other categories have no published number.",
        )
        assert self.listed("eu", "NL", others=[romanian, dutch])[0] == "contradicted"
        assert self.listed("eu", "NG", others=[romanian, nigerian])[0] == "contradicted"

    def test_the_group_matters_only_where_citizenships_are_ranked(self):
        of = {"citizenship": "eu"}
        nested = [
            share(p, category=of | form, of=of, base="known")
            for p, form in [("70%", SEXUAL), ("30%", LABOUR)]
        ]

        assert verdict(ranking("sexual", of=of), *nested)[0] == "confirmed"


def test_a_list_with_the_largest_first_is_contradicted_where_one_listed_later_is_more():
    shares = [recorded("50%", "sexual"), recorded("30%", "labour"), recorded("20%", "other")]
    assert verdict(ranking("sexual", "labour", ordered=True), *shares)[0] == "confirmed"
    assert verdict(ranking("labour", "sexual"), *shares)[0] == "confirmed"
    assert verdict(ranking("labour", "sexual", ordered=True), *shares) == (
        "contradicted",
        "sexual 50% is more than labour 30%, which is listed before it.",
    )


def test_an_order_that_rounding_leaves_open_is_no_more_than_consistent():
    shares = [recorded("40%", "sexual"), recorded("40%", "labour"), recorded("20%", "other")]
    assert verdict(ranking("labour", "sexual", ordered=True), *shares)[0] == "consistent"
