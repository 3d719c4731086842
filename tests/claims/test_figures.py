"""Relations between counts and shares."""

import pytest

from tests.claims.made_up import FEMALE, LABOUR, SEXUAL, count, recorded, report, share
from tests.rows import check_rows
from thbstats.errors import DuplicateKey
from thbstats.values import Interval


def figures_of(*claims):
    figures = report(*claims).figures
    return figures, figures.claims


UNSTATED = {"base": "not_stated"}
SEXUAL_VICTIMS, EVERYONE = count("9 759", category=SEXUAL), count("20 532")
FORMS = recorded("56%", "sexual"), recorded("26%", "labour")
HALF_OF_WOMEN = share("50%", category=FEMALE)
IN_UK = {"category": LABOUR, "of": LABOUR | {"area": "EU28"}, "area": "UK"}
WITHOUT_UK = recorded("65%", "sexual", area="EU28 without UK")

# The claims of a publication, the index of the share in question, and its bounds.
BOUNDS = {
    "a numerator bounds the recorded base": (
        [FORMS[0], SEXUAL_VICTIMS], 0, {"base": (17273, 17583), "numerator": (9759, 9759)},
    ),
    "shares of one known denominator bound it together": (
        [*FORMS, SEXUAL_VICTIMS], 1, {"base": (17273, 17583), "numerator": (4405, 4659)},
    ),
    "a known denominator is at most the total": (
        [recorded("50%", "sexual"), count("100")], 0, {"base": (..., 100)},
    ),
    "a denominator of all is the total": (
        [recorded("50%", "sexual"), share("50%", category=SEXUAL), count("100")], 1,
        {"base": (100, 100), "numerator": (50, 50)},
    ),
    "shares of an unpublished total bound it together": (
        [share("50%", category=SEXUAL), share("10%", category=FEMALE),
         count("50", category=SEXUAL)], 1, {"base": (100, 101), "numerator": (10, 10)},
    ),
    "shares without a stated denominator are independent": (
        [share("50%", category=SEXUAL, **UNSTATED), share("10%", category=FEMALE, **UNSTATED),
         count("50", category=SEXUAL)], 1, {"base": (..., None)},
    ),
    "a share of a share has the implied count as denominator": (
        [SEXUAL_VICTIMS, *FORMS, share("61%", **IN_UK)], 3,
        {"whole": (4405, 4659), "numerator": (2666, 2865)},
    ),
    "a published denominator takes precedence over an implied one": (
        [count("1 000"), share("26%", category=LABOUR), count("262", category=LABOUR),
         share("50%", **IN_UK)], 3, {"whole": (262, 262), "numerator": (130, 132)},
    ),
    "a count of more countries is an upper bound": (
        [WITHOUT_UK, EVERYONE, SEXUAL_VICTIMS], 0,
        {"whole": (0, 20532), "part": (0, 9759), "base": (..., 15130)},
    ),
    "a count of fewer countries is a lower bound": (
        [HALF_OF_WOMEN, count("40", category=FEMALE, area="UK"), count("100")], 0,
        {"part": (40, 100)},
    ),
    "a count of some reporters is not an upper bound": (
        [WITHOUT_UK, count("20 532", reporters=3)], 0, {"whole": (..., None)},
    ),
    "bounds that cross leave the upper one": (
        [HALF_OF_WOMEN | UNSTATED, count("10"), count("40", category=FEMALE, area="UK")], 0,
        {"part": (10, 10)},
    ),
    "a count with two values can be both": (
        [share("50%", category=SEXUAL, **UNSTATED), count("50", category=SEXUAL),
         count("60", category=SEXUAL, section="III")], 0, {"part": (50, 60)},
    ),
    "circular shares terminate": (
        [share("50%", **IN_UK), share("50%", category=LABOUR, of=LABOUR | {"area": "UK"}),
         share("100%", category=LABOUR, of=LABOUR)], 2, {"whole": (..., None)},
    ),
}  # fmt: skip


def test_a_share_has_the_bounds_that_related_figures_give():
    def check(_name, case):
        claims, index, expected = case
        figures, all_claims = figures_of(*claims)
        for name, (lower, upper) in expected.items():
            bounds = getattr(figures, name)(all_claims[index])
            assert (bounds.lower if lower is not ... else ..., bounds.upper) == (lower, upper)

    check_rows(check, BOUNDS.items())


def test_all_circular_shares_have_no_upper_bound():
    figures, claims = figures_of(*BOUNDS["circular shares terminate"][0])
    assert [figures.whole(claim).upper for claim in claims] == [None] * 3


def test_shares_of_other_recorded_dimensions_have_other_bases():
    female = share("68%", category=FEMALE, base="known")
    figures, (_, female, *_) = figures_of(FORMS[0], female, SEXUAL_VICTIMS, EVERYONE)
    assert figures.base(female).upper == 20532
    assert figures.base(female).lower < 17273


def test_two_values_of_one_count_are_in_no_table():
    with pytest.raises(DuplicateKey, match=r"50 in II, 60 in III.*Audit"):
        report(*BOUNDS["a count with two values can be both"][0]).figures.cells()


@pytest.mark.parametrize(
    "claims",
    [
        [share("47%", category=SEXUAL), EVERYONE, SEXUAL_VICTIMS],
        [share("120%", category=SEXUAL)],
        [share("74%", category=SEXUAL), count("3")],
        [share("40%", category=SEXUAL), count("1", category=SEXUAL)],
        [share("10%", category=SEXUAL), count("0")],
        [FORMS[0], SEXUAL_VICTIMS, count("10 000")],
    ],
)
def test_share_without_a_feasible_denominator_has_none(claims):
    figures, (wrong, *_) = figures_of(*claims)
    assert figures.own_base(wrong) is None
    assert figures.base(wrong) is None
    assert figures.numerator(wrong) is None


def test_shares_that_need_different_bases_have_none_together_but_each_its_own():
    figures, (sexual, *_) = figures_of(*FORMS, SEXUAL_VICTIMS, count("1 000", category=LABOUR))
    assert figures.own_base(sexual) == Interval(17273, 17583)
    assert figures.base(sexual) is None


def test_same_share_has_the_same_base_and_the_same_reporters():
    figures, (first, *others) = figures_of(
        share("50%", category=SEXUAL),
        share("50%", category=SEXUAL, section="III"),
        recorded("50%", "sexual"),
        share("50%", category=SEXUAL, reporters=3),
        share("50%", category=SEXUAL | FEMALE, of=FEMALE),
        count("50", category=SEXUAL),
    )
    assert figures.same(first) == others[:1]
