"""Verdicts of shares."""

import pytest

from tests.claims.made_up import FEMALE, LABOUR, SEXUAL, count, recorded, report, share
from thbstats import audit

EVERYONE = count("20,532")
SEXUAL_VICTIMS = count("9,759", category=SEXUAL)


def first(*claims):
    return audit(report(*claims), joint=False)["claim-1"]


def verdict(*claims):
    found = first(*claims)
    return str(found.verdict), found.message


def test_a_share_in_words_cannot_be_told_and_nor_can_its_words():
    found = first(share("", wording="the majority", category=SEXUAL))

    assert (found.verdict, found.wording.verdict) == ("not_assessable", "not_assessable")
    assert found.wording.reason == "“majority” has no published number to compare with."


def test_a_share_that_printed_counts_give_is_confirmed():
    assert verdict(share("48%", category=SEXUAL), EVERYONE, SEXUAL_VICTIMS) == (
        "confirmed",
        "9,759 of 20,532 is 47.5%.",
    )


def test_a_share_that_printed_counts_do_not_give_is_contradicted():
    assert verdict(share("56%", category=SEXUAL), EVERYONE, SEXUAL_VICTIMS) == (
        "contradicted",
        "9,759 of 20,532 is 47.5%, not 56%.",
    )


def test_a_share_says_of_whom_it_can_be_and_of_whom_it_cannot():
    assert verdict(recorded("56%", "sexual"), EVERYONE, SEXUAL_VICTIMS) == (
        "consistent",
        "9,759 is 56% of 17,273 to 17,583. It is 47.5% of all 20,532, so 56% refers to a "
        "smaller denominator.",
    )
    assert verdict(recorded("48%", "sexual"), EVERYONE, SEXUAL_VICTIMS) == (
        "consistent",
        "9,759 is 48% of 20,122 to 20,532.",
    )


@pytest.mark.parametrize("base", ["known", "not_stated"])
def test_a_share_that_needs_more_than_everyone_is_contradicted(base):
    claim = share("40%", category=SEXUAL, base=base)

    assert verdict(claim, EVERYONE, SEXUAL_VICTIMS) == (
        "contradicted",
        "9,759 is 40% of 24,097 to 24,706, but the total is 20,532.",
    )


def test_a_share_is_not_tested_by_a_numerator_whose_base_nothing_bounds():
    assert verdict(recorded("56%", "sexual"), SEXUAL_VICTIMS) == (
        "not_assessable",
        "9,759 is 56% of 17,273 to 17,583.",
    )


def test_a_neighbour_of_the_same_base_tests_it():
    labour = recorded("26%", "labour"), count("4,500", category=LABOUR)

    assert verdict(recorded("56%", "sexual"), SEXUAL_VICTIMS, *labour)[0] == "consistent"


def test_neighbours_that_need_other_bases_contradict_each_other():
    labour = recorded("26%", "labour"), count("1,000", category=LABOUR)
    sexual = (recorded("56%", "sexual"), SEXUAL_VICTIMS)
    found = audit(report(*sexual, *labour), joint=False)
    other = audit(report(recorded("18%", "other"), *sexual, *labour), joint=False)

    assert {str(item.verdict) for item in found} == {"contradicted"}
    assert other["claim-1"].verdict == "not_assessable"
    assert other["claim-1"].message == (
        "The denominators of the related shares are not consistent."
    )


@pytest.mark.parametrize(
    ("claims", "message"),
    [
        ([share("120%", category=SEXUAL)], "A share cannot be 120%."),
        ([share("-5%", category=SEXUAL)], "A share cannot be -5%."),
        ([share("74%", category=SEXUAL), count("28")], "No integer is 74% of 28."),
        ([recorded("20%", "sexual"), count("4")], "No integer is 20% of up to 4."),
        ([share("10%", category=SEXUAL), count("0")], "No integer is 10% of 0."),
        (
            [share("40%", category=SEXUAL), count("1", category=SEXUAL)],
            "1 is not 40% of any integer.",
        ),
        (
            [share("50%", category=SEXUAL), count("0"), count("3", category=SEXUAL)],
            "3 is 50% of 6, but the total is 0.",
        ),
        (
            [
                share("50%", category=SEXUAL),
                count("100"),
                count("80", category=SEXUAL | FEMALE),
            ],
            "50% of 100 is 50, but other counts require at least 80.",
        ),
        (
            [
                share("50%", category=SEXUAL, area="UK"),
                count("100", area="UK"),
                count("30", category=SEXUAL),
            ],
            "50% of 100 is 50, but other counts require at most 30.",
        ),
        (
            [recorded("50%", "sexual"), count("100"), count("80", category=SEXUAL | FEMALE)],
            "50% of up to 100 is 1 to 50, but other counts require at least 80.",
        ),
    ],
)
def test_a_share_that_can_be_of_no_base_says_why(claims, message):
    assert verdict(*claims) == ("contradicted", message)


def test_the_words_beside_an_impossible_percentage_are_not_judged():
    assert (
        first(share("120%", wording="over half", category=SEXUAL)).wording.verdict
        == "not_assessable"
    )


def test_a_share_of_a_small_base_is_told_by_its_whole_numbers():
    assert verdict(share("75%", category=SEXUAL), count("28")) == (
        "consistent",
        "75% of 28 is exactly 21.",
    )
    assert verdict(share("74%", category=SEXUAL), count("27")) == (
        "consistent",
        "74% of 27 can only be 20.",
    )


def test_a_share_of_a_large_base_could_be_anything():
    assert verdict(share("68%", category=FEMALE), EVERYONE) == (
        "not_assessable",
        "68% of 20,532 is 13,860 to 14,064.",
    )


def test_a_share_whose_base_is_not_stated_says_how_large_it_can_be():
    claim = share("68%", category=FEMALE, base="not_stated")

    assert verdict(claim, EVERYONE) == (
        "not_assessable",
        "The denominator is not stated. A denominator of up to 20,532 is possible.",
    )
    assert (
        verdict(claim)[1] == "The denominator is not stated. A denominator of any size is possible."
    )


def test_a_share_whose_base_nothing_bounds_says_so():
    assert verdict(recorded("26%", "labour")) == (
        "not_assessable",
        "No published figure bounds the denominator of 26%.",
    )


def test_a_base_that_has_only_an_upper_end_is_not_told_as_if_it_had_two():
    claim = recorded("65%", "sexual", area="EU28 without UK")

    assert verdict(claim, EVERYONE, SEXUAL_VICTIMS)[1] == "65% of up to 15,130 is up to 9,759."


def test_the_share_of_a_country_within_a_category_is_of_what_the_category_can_be():
    uk = share("61%", category=LABOUR, of=LABOUR | {"area": "EU28"}, area="UK")
    forms = [recorded("56%", "sexual"), recorded("26%", "labour"), SEXUAL_VICTIMS]

    assert verdict(uk, *forms) == ("not_assessable", "61% of 4,405 to 4,659 is 2,666 to 2,865.")


def test_a_share_of_a_share_is_of_its_own_whole():
    nested = share("95%", category=SEXUAL | FEMALE, of=SEXUAL)

    assert verdict(nested, SEXUAL_VICTIMS)[1] == "95% of 9,759 is 9,223 to 9,319."


def test_the_same_share_with_another_number_is_contradicted():
    assert verdict(recorded("56%", "sexual"), recorded("65%", "sexual", section="III")) == (
        "contradicted",
        "56% here, 65% in section III for the same share.",
    )


@pytest.mark.parametrize("printed", ["56%", "56.0%", "56.5%", "55.5%"])
def test_more_or_fewer_decimals_are_no_other_number(printed):
    claims = recorded("56%", "sexual"), recorded(printed, "sexual", section="III")

    assert verdict(*claims) == (
        "consistent",
        "No published figure bounds the denominator of 56%. The same value is in section III.",
    )


@pytest.mark.parametrize("printed", ["57%", "56.6%", "55.4%", "55%"])
def test_what_would_have_been_rounded_otherwise_is_another_number(printed):
    claims = recorded("56%", "sexual"), recorded(printed, "sexual", section="III")

    assert verdict(*claims)[0] == "contradicted"


@pytest.mark.parametrize(
    "other",
    [
        share("47.5%", category=SEXUAL),
        recorded("47%", "sexual", area="EU28 without UK"),
        recorded("47%", "sexual", period="2014"),
        recorded("47%", "sexual", status="identified"),
        recorded("47%", "sexual", reporters=3),
        share("47%", category=SEXUAL | FEMALE, of=FEMALE, base="known"),
    ],
    ids=["base", "area", "period", "status", "reporters", "whole"],
)
def test_a_share_of_something_else_is_no_contradiction(other):
    assert verdict(recorded("56%", "sexual"), other)[0] == "not_assessable"


def test_two_shares_without_a_stated_base_are_no_contradiction():
    one, other = (share(p, category=FEMALE, base="not_stated") for p in ("68%", "66%"))
    found = first(one, other | {"section": "III"})

    assert found.verdict == "not_assessable"
    assert found.message.startswith("68% here, 66% in section III: the text does not state whether")


@pytest.mark.parametrize("unsaid", [{"area": None}, {"period": "not stated"}])
def test_a_share_without_area_or_period_is_still_held_against_its_counts(unsaid):
    claims = [share("48%", category=SEXUAL), EVERYONE, SEXUAL_VICTIMS]

    assert first(*(claim | unsaid for claim in claims)).verdict == "confirmed"


class TestSums:
    def makes(self, *printed, **fields):
        forms = ["sexual", "labour", "other"][: len(printed)]
        parts = zip(printed, forms, strict=True)
        return verdict(*(recorded(p, form, makes="forms", **fields) for p, form in parts))

    def test_parts_that_make_100_are_consistent(self):
        assert self.makes("56%", "26%", "18%") == (
            "consistent",
            "No published figure bounds the denominator of 56%. 56 + 26 + 18 = 100%: the "
            "parts add up.",
        )

    @pytest.mark.parametrize("parts", [("33%", "33%", "33%"), ("34%", "34%", "33%")])
    def test_rounding_can_explain_the_rest(self, parts):
        found, message = self.makes(*parts)

        assert found == "consistent"
        assert message.endswith("%: rounding can explain the difference.")

    def test_parts_that_no_rounding_makes_100_are_contradicted(self):
        assert self.makes("56%", "26%", "15%") == (
            "contradicted",
            "56 + 26 + 15 = 97%: rounding cannot make this 100%.",
        )

    def test_half_up_never_makes_the_upper_end(self):
        assert self.makes("49%", "50%")[0] == "contradicted"
        assert self.makes("50%", "51%")[0] == "consistent"

    def test_the_sum_has_the_decimals_of_its_parts(self):
        assert "33.3 + 33.3 + 33 = 99.6%" in self.makes("33.3%", "33.3%", "33%")[1]

    def test_a_part_in_words_can_be_the_rest_and_never_more(self):
        wordy = recorded("", "other", wording="the remainder", makes="forms")

        def with_words(*printed):
            parts = zip(printed, ["sexual", "labour"][: len(printed)], strict=True)
            return verdict(*(recorded(p, form, makes="forms") for p, form in parts), wordy)

        assert with_words("56%", "26%")[0] == "consistent"
        assert (
            "82%: the parts without a number can make up the difference."
            in (with_words("56%", "26%")[1])
        )
        assert with_words("56%", "46%")[0] == "contradicted"
        assert with_words("56%")[0] == "not_assessable"

    def test_counts_that_cannot_reach_their_base_are_contradicted(self):
        thirds = [
            share("33%", category={"exploitation": form}, makes="forms")
            for form in ("sexual", "labour", "other")
        ]

        assert verdict(*thirds, count("3"))[0] == "consistent"
        assert verdict(*thirds, count("100")) == (
            "contradicted",
            "33 + 33 + 33 = 99%: their counts add up to 99, but their denominator is 100.",
        )

    def test_parts_of_other_bases_are_only_added(self):
        thirds = [
            recorded("33%", "sexual"),
            share("33%", category=LABOUR),
            share("34%", category={"exploitation": "other"}),
        ]

        assert verdict(*(part | {"makes": "forms"} for part in thirds), count("100"))[0] == (
            "consistent"
        )

    def test_an_impossible_part_says_nothing_of_the_base_of_the_others(self):
        parts = recorded("56%", "sexual", makes="forms"), recorded("44%", "labour", makes="forms")
        counts = count("5", category=LABOUR), SEXUAL_VICTIMS, EVERYONE

        assert verdict(*parts, *counts) == (
            "consistent",
            "9,759 is 56% of 17,273 to 17,583. It is 47.5% of all 20,532, so 56% refers to a "
            "smaller denominator. 56 + 44 = 100%: the parts add up.",
        )
        assert verdict(*parts[::-1], *counts) == ("contradicted", "5 is not 44% of any integer.")


class TestDirections:
    def without_uk(self, printed, way, *others, **fields):
        claim = share(
            printed,
            category=FEMALE,
            area="EU28 without UK",
            direction=way,
            base="not_stated",
            **fields,
        )
        return verdict(claim, share("68%", category=FEMALE, base="not_stated"), *others)

    def test_a_share_that_moves_as_said_is_consistent(self):
        found, message = self.without_uk("77%", "up")

        assert found == "consistent"
        assert message.endswith("77% in EU28 without UK against 68% in EU28, as stated.")

    @pytest.mark.parametrize(("printed", "way"), [("60%", "up"), ("77%", "down")])
    def test_a_share_that_moves_the_other_way_is_contradicted(self, printed, way):
        assert self.without_uk(printed, way) == (
            "contradicted",
            f"{printed[:2]}% in EU28 without UK against 68% in EU28, which contradicts the text.",
        )

    def test_rounding_can_leave_open_which_is_more(self):
        assert self.without_uk("68%", "up")[1].endswith("but rounding does not show the direction.")

    def test_a_country_is_not_held_against_its_union(self):
        uk = share("20%", category=FEMALE, area="UK", direction="up", base="not_stated")

        assert verdict(uk, share("68%", category=FEMALE, base="not_stated"))[0] == "not_assessable"


@pytest.mark.parametrize(("base", "verdict"), [("99", "consistent"), ("100", "not_assessable")])
def test_of_a_hundred_every_whole_percentage_is_some_number(base, verdict):
    found = audit(report(count(base), share("37%", category=SEXUAL)), joint=False)
    assert str(found["claim-2"].verdict) == verdict
