"""Published percentages."""

from fractions import Fraction

import pytest

from tests.claims.made_up import FEMALE, LABOUR, SEXUAL, count, direction, recorded, report, share
from thbstats.errors import AmbiguousCell, ImpossibleResult, InvalidValue, NoSuchCell
from thbstats.values import Interval, Percent

EVERYONE = count("20 532")
SEXUAL_VICTIMS = count("9 759", category=SEXUAL)


def first_share(*claims):
    return report(*claims).share("claim-1")


def test_published_share_contains_all_numbers_that_round_to_it():
    result = first_share(recorded("56%", "sexual"), EVERYONE, SEXUAL_VICTIMS)
    assert result.value == result.bounds == Interval(Fraction(111, 200), Fraction(113, 200))
    assert result.printed == Percent("56%")
    assert (result.numerator, result.denominator) == (Interval.point(9759), Interval(17273, 17583))


def test_share_of_known_category_has_wider_bounds_for_all():
    result = first_share(recorded("56%", "sexual"), EVERYONE, SEXUAL_VICTIMS)
    assert result.unknown == Interval(2949, 3259)
    assert result.bounds_with_unknown == Interval(Fraction(9759, 20532), Fraction(13018, 20532))
    assert "known form of exploitation" in result.base.label


def test_share_among_everyone_can_be_anything_where_the_whole_is_not_known():
    for others in ([], [SEXUAL_VICTIMS]):
        result = first_share(recorded("56%", "sexual"), *others)
        assert result.bounds_with_unknown == Interval(0, 1)
        assert result.unknown is None


def test_base_of_a_share_is_all_or_not_stated():
    result = first_share(share("47.5%", category=SEXUAL), EVERYONE, SEXUAL_VICTIMS)
    assert result.bounds_with_unknown == result.value
    assert result.unknown is None
    assert result.base.rule == "all"
    for base in ("not_stated", None):
        result = first_share(share("68%", category=FEMALE, base=base), EVERYONE)
        assert result.base.rule == "not_stated"
        assert result.base.label == "registered victims, denominator not stated"
        assert result.bounds_with_unknown == Interval(0, 1)


def test_bounds_of_a_share_are_between_0_and_1():
    none = first_share(share("0%", category=SEXUAL), EVERYONE)
    everyone = first_share(share("100%", category=SEXUAL), EVERYONE)
    assert (none.value.lower, everyone.value.upper) == (0, 1)


def test_label_of_a_share_omits_codes_of_its_denominator():
    nested = first_share(share("95%", category=SEXUAL | FEMALE, of=SEXUAL))
    uk = first_share(share("61%", category=LABOUR, of=LABOUR | {"area": "EU28"}, area="UK"))
    assert (nested.label, uk.label) == ("female", "UK")
    assert nested.base.label == "registered victims of sexual exploitation"
    assert nested.base.dimension == ("sex",)


def test_share_of_justice_has_its_stage_in_its_base_and_not_in_its_name():
    stage = {"stage": "suspected"}
    result = first_share(share("22%", subject="justice", category=stage | FEMALE, of=stage))
    assert result.label == "female"
    assert result.base.within == ()
    assert result.numerator_kind.get("stage") == "suspected"


def test_share_has_its_reporters():
    listed = first_share(share("5%", category=SEXUAL, reporters=["BE", "EL"]))
    counted = first_share(share("5%", category=SEXUAL, reporters=3))
    assert listed.reporters == {"BE", "EL"}
    assert (counted.reporters, counted.n_reporters) == (None, 3)


def test_what_is_missing_from_100_is_the_gap_of_each_part():
    def gap(*claims):
        return first_share(*claims).discrepancy

    sexual, labour = (
        recorded(p, f, makes="forms") for p, f in [("60%", "sexual"), ("40%", "labour")]
    )
    assert gap(sexual, labour) == Interval(Fraction(-1, 100), Fraction(1, 100))
    assert gap(recorded("60%", "sexual")) is None
    # A part in words leaves the gap open.
    assert gap(sexual, recorded("", "other", wording="the remainder", makes="forms")) is None


def test_only_a_possible_percentage_of_an_area_is_a_share():
    for claim in (
        count("5"),
        share("", wording="most", category=SEXUAL),
        share("5%", area=None),
    ):
        with pytest.raises(InvalidValue, match=r"`claim`.*with a number"):
            first_share(claim)
    with pytest.raises(ImpossibleResult, match=r"got '47%'.*Audit claim-1 in section II"):
        first_share(share("47%", category=SEXUAL), EVERYONE, SEXUAL_VICTIMS)


class TestBreakdowns:
    def breakdown(self, *claims, **query):
        return report(*claims).breakdown(**({"of": "exploitation", "base": "known"} | query))

    def test_have_each_category_once_in_the_order_printed(self):
        forms = self.breakdown(
            recorded("56%", "sexual"),
            recorded("26%", "labour"),
            recorded("56%", "sexual", section="III"),
            share("5%", category=FEMALE, base="known"),
        )
        assert forms.labels == ("sexual", "labour")
        assert forms.caption.startswith("Registered victims by form of exploitation")

    def test_use_the_most_frequent_area_by_default(self):
        claims = [
            recorded("56%", "sexual"),
            recorded("26%", "labour"),
            recorded("65%", "sexual", area="EU28 without UK"),
        ]
        assert self.breakdown(*claims).labels == ("sexual", "labour")
        assert self.breakdown(*claims, area="EU27_2020")["sexual"].printed == Percent("65%")

    def test_are_of_the_base_that_is_named(self):
        claims = [recorded("56%", "sexual"), share("47%", category=SEXUAL)]
        assert self.breakdown(*claims, base="all")["sexual"].printed == Percent("47%")

    def test_of_several_periods_need_a_period(self):
        claims = [recorded("56%", "sexual"), recorded("50%", "sexual", period="2013-2014")]
        with pytest.raises(AmbiguousCell, match=r"several denominators. Set `period`"):
            self.breakdown(*claims)
        (result,) = self.breakdown(*claims, period="2013-01-01/2014-12-31")
        assert str(result.period) == "2013-2014"

    def test_of_several_subjects_are_never_mixed(self):
        claims = [recorded("56%", "sexual"), recorded("50%", "labour", subject="protection")]
        with pytest.raises(AmbiguousCell, match="several denominators"):
            self.breakdown(*claims)

    def test_that_are_not_published_raise_with_alternatives(self):
        claims = [recorded("56%", "sexual"), share("5%", category=SEXUAL | FEMALE, of=SEXUAL)]
        with pytest.raises(NoSuchCell, match=r"base='all' .*of='exploitation' base='known' a"):
            self.breakdown(*claims, base="all")
        with pytest.raises(NoSuchCell, match="Use one of: none"):
            self.breakdown(direction("up", area=None))
