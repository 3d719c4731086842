"""Relations between counts and shares."""

import pytest

from tests.claims.made_up import FEMALE, LABOUR, SEXUAL, count, recorded, report, share
from thbstats.errors import DuplicateKey
from thbstats.values import Interval


def asked(*claims):
    figures = report(*claims).figures
    return figures, figures.claims


def test_printed_numerator_bounds_the_recorded_base():
    figures, (sexual, *_) = asked(recorded("56%", "sexual"), count("9 759", category=SEXUAL))

    assert figures.base(sexual) == Interval(17273, 17583)
    assert figures.numerator(sexual) == Interval.point(9759)


def test_shares_of_one_known_denominator_bound_it_together():
    figures, (_, labour, *_) = asked(
        recorded("56%", "sexual"), recorded("26%", "labour"), count("9 759", category=SEXUAL)
    )

    assert figures.base(labour) == Interval(17273, 17583)
    assert figures.numerator(labour) == Interval(4405, 4659)


def test_known_denominator_is_at_most_the_total():
    figures, (of_recorded, of_all, *_) = asked(
        recorded("50%", "sexual"), share("50%", category=SEXUAL), count("100")
    )

    assert figures.base(of_recorded).upper == 100
    assert figures.base(of_all) == Interval.point(100)
    assert figures.numerator(of_all) == Interval.point(50)


def test_shares_of_an_unpublished_total_bound_it_together():
    figures, (_, female, *_) = asked(
        share("50%", category=SEXUAL), share("10%", category=FEMALE), count("50", category=SEXUAL)
    )

    assert figures.base(female) == Interval(100, 101)
    assert figures.numerator(female) == Interval.point(10)


def test_shares_without_a_stated_denominator_are_independent():
    fields = {"base": "not_stated"}
    figures, (_, female, *_) = asked(
        share("50%", category=SEXUAL, **fields),
        share("10%", category=FEMALE, **fields),
        count("50", category=SEXUAL),
    )

    assert figures.base(female).upper is None


def test_shares_of_other_recorded_dimensions_have_other_bases():
    figures, (_, female, *_) = asked(
        recorded("56%", "sexual"),
        share("68%", category=FEMALE, base="known"),
        count("9 759", category=SEXUAL),
        count("20 532"),
    )

    assert figures.base(female).upper == 20532
    assert figures.base(female).lower < 17273


def test_share_of_a_share_has_the_implied_count_as_denominator():
    figures, (*_, uk) = asked(
        count("9 759", category=SEXUAL),
        recorded("56%", "sexual"),
        recorded("26%", "labour"),
        share("61%", category=LABOUR, of=LABOUR | {"area": "EU28"}, area="UK"),
    )

    assert figures.whole(uk) == Interval(4405, 4659)
    assert figures.numerator(uk) == Interval(2666, 2865)


def test_printed_whole_goes_before_an_implied_one():
    figures, (*_, uk) = asked(
        count("1 000"),
        share("26%", category=LABOUR),
        count("262", category=LABOUR),
        share("50%", category=LABOUR, of=LABOUR | {"area": "EU28"}, area="UK"),
    )

    assert figures.whole(uk) == Interval.point(262)
    assert figures.numerator(uk) == Interval(130, 132)


def test_count_before_a_country_is_taken_out_is_an_upper_end():
    figures, (sexual, *_) = asked(
        recorded("65%", "sexual", area="EU28 without UK"),
        count("20 532"),
        count("9 759", category=SEXUAL),
    )

    assert figures.whole(sexual) == Interval(0, 20532)
    assert figures.part(sexual) == Interval(0, 9759)
    assert figures.base(sexual).upper == 15130


def test_count_of_some_is_a_lower_end():
    figures, (female, *_) = asked(
        share("50%", category=FEMALE), count("40", category=FEMALE, area="UK"), count("100")
    )

    assert figures.part(female) == Interval(40, 100)


def test_count_of_some_countries_is_not_an_upper_bound():
    figures, (sexual, *_) = asked(
        recorded("65%", "sexual", area="EU28 without UK"), count("20 532", reporters=3)
    )

    assert figures.whole(sexual).upper is None


def test_bounds_that_cross_leave_the_upper_one():
    figures, (women, *_) = asked(
        share("50%", category=FEMALE, base="not_stated"),
        count("10"),
        count("40", category=FEMALE, area="UK"),
    )

    assert figures.part(women) == Interval.point(10)


def test_count_that_is_printed_with_two_values_can_be_both():
    figures, (sexual, *_) = asked(
        share("50%", category=SEXUAL, base="not_stated"),
        count("50", category=SEXUAL),
        count("60", category=SEXUAL, section="III"),
    )

    assert figures.part(sexual) == Interval(50, 60)
    with pytest.raises(DuplicateKey, match=r"50 in II, 60 in III.*Audit"):
        figures.cells()


@pytest.mark.parametrize(
    "claims",
    [
        [share("47%", category=SEXUAL), count("20 532"), count("9 759", category=SEXUAL)],
        [share("120%", category=SEXUAL)],
        [share("74%", category=SEXUAL), count("3")],
        [share("40%", category=SEXUAL), count("1", category=SEXUAL)],
        [share("10%", category=SEXUAL), count("0")],
        [recorded("56%", "sexual"), count("9 759", category=SEXUAL), count("10 000")],
    ],
)
def test_share_without_a_feasible_denominator_has_none(claims):
    figures, (wrong, *_) = asked(*claims)

    assert figures.own_base(wrong) is None
    assert figures.base(wrong) is None
    assert figures.numerator(wrong) is None


def test_shares_that_need_different_bases_have_none_together_but_each_its_own():
    figures, (sexual, *_) = asked(
        recorded("56%", "sexual"),
        recorded("26%", "labour"),
        count("9 759", category=SEXUAL),
        count("1 000", category=LABOUR),
    )

    assert figures.own_base(sexual) == Interval(17273, 17583)
    assert figures.base(sexual) is None


def test_circular_shares_terminate():
    uk_of_eu = share("50%", category=LABOUR, of=LABOUR | {"area": "EU28"}, area="UK")
    eu_of_uk = share("50%", category=LABOUR, of=LABOUR | {"area": "UK"})
    of_itself = share("100%", category=LABOUR, of=LABOUR)
    figures, claims = asked(uk_of_eu, eu_of_uk, of_itself)

    assert [figures.whole(claim).upper for claim in claims] == [None] * 3


def test_same_share_has_the_same_base_and_the_same_reporters():
    figures, (first, *others) = asked(
        share("50%", category=SEXUAL),
        share("50%", category=SEXUAL, section="III"),
        recorded("50%", "sexual"),
        share("50%", category=SEXUAL, reporters=3),
        share("50%", category=SEXUAL | FEMALE, of=FEMALE),
        count("50", category=SEXUAL),
    )

    assert figures.same(first) == others[:1]
