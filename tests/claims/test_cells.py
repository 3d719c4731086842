"""Cells of counts: which are the same, and which are parts of others."""

import pytest

from tests.claims.made_up import FEMALE, LABOUR, SEXUAL, count, report, share
from tests.rows import check_rows
from thbstats.claims import area_of, base_key, cell_of, dimension_of, is_settled, whole_of


def cells(*claims):
    return [cell_of(claim) for claim in report(*claims).claims]


def justice(**fields):
    codes = {"stage": "convicted"} | fields.pop("category", {})
    return count("5", subject="justice", category=codes, **fields)


PERMIT = {"measure": "residence_permit"}
KNOWN = {"base": "known", "base_dimension": "exploitation"}
ANY, WOMEN = count("5"), count("5", category=FEMALE)


def test_counts_of_the_same_persons_have_the_same_cell():
    def check(first, second, expected):
        single, other = cells(first, second)
        assert single.is_same(other) is other.is_same(single) is expected

    same = [
        (ANY, count("5", category={"sex": "total", "age": "total"})),
        (justice(), justice(category={"offence": "trafficking"})),
        (count("5", area="EU28 without UK"), count("5", area="EU27_2020")),
        (ANY, count("5", reporters=28)),
        (justice(), justice(unit="persons")),
        (justice(), justice(unit="cases")),
        (count("5", category=SEXUAL, **KNOWN), count("5", category=SEXUAL)),
    ]
    others = [
        (ANY, WOMEN),
        (ANY, count("5", area="UK")),
        (ANY, count("5", period="2014")),
        (ANY, count("5", status="identified")),
        (ANY, count("5", subject="protection")),
        (ANY, count("5", unit="cases")),
        (ANY, count("5", reporters=3)),
        (ANY, count("5", **KNOWN)),
        (justice(), justice(category={"offence": "use_of_services"})),
        (justice(unit="persons"), justice(unit="cases")),
    ]
    check_rows(check, [*((*pair, True) for pair in same), *((*pair, False) for pair in others)])


def test_victims_are_persons_by_default():
    assert cells(count("5"))[0].unit == "persons"


def test_part_has_more_categories_a_smaller_area_or_fewer_reporters():
    def check(part, whole, expected):
        small, large = cells(part, whole)
        assert small.is_inside(large) is expected
        if expected:
            assert not large.is_inside(small)
            assert not small.is_inside(small)

    protection = {"subject": "protection"}
    parts = [
        (WOMEN, ANY),
        (count("3", area="UK", category=FEMALE), WOMEN),
        (count("3", area="UK", category=FEMALE), count("4", area="UK")),
        (count("5", reporters=3), ANY),
        (count("8", **KNOWN), ANY),
        (count("5", category=SEXUAL), count("8", **KNOWN)),
    ]
    others = [
        (WOMEN | {"period": "2015"}, ANY),
        (WOMEN | {"status": "identified"}, ANY),
        (WOMEN | {"unit": "cases"}, ANY),
        (WOMEN | {"area": None}, ANY),
        (count("5", category=FEMALE | {"topic": "arrivals"}), ANY),
        (WOMEN, count("4", area="UK")),
        (
            count("5", category=PERMIT | {"outcome": "granted"}, **protection),
            count("9", category=PERMIT, **protection),
        ),
        (WOMEN, count("5", reporters=3)),
        (count("2", category={"exploitation": "unknown"}), count("8", **KNOWN)),
    ]
    check_rows(check, [*((*pair, True) for pair in parts), *((*pair, False) for pair in others)])


def test_denominator_of_a_share_uses_of_and_its_area():
    named, labour = report(
        share("30%", category={"area": "UK"}),
        share("61%", category=LABOUR, of=LABOUR | {"area": "EU28"}, area="UK"),
    ).claims
    assert area_of(named) == "UK"
    assert cell_of(named).members == {"UK"}
    assert len(whole_of(named).members) == len(whole_of(labour).members) == 28
    assert whole_of(labour).codes == set(LABOUR.items())


def test_dimension_of_a_share_is_the_one_named_or_that_of_its_category():
    named, inferred = report(
        share("5%", category=SEXUAL, base_dimension="exploitation"),
        share("5%", category=SEXUAL | FEMALE, of=SEXUAL),
    ).claims
    assert (dimension_of(named), dimension_of(inferred)) == ("exploitation", "sex")


def test_known_denominator_depends_on_the_dimension():
    by_form, by_sex, of_all, of_all_too = report(
        *(share("5%", category=code, base="known") for code in (SEXUAL, FEMALE)),
        *(share("5%", category=code) for code in (SEXUAL, FEMALE)),
    ).claims
    assert base_key(by_form) != base_key(by_sex)
    assert base_key(of_all) == base_key(of_all_too) != base_key(by_sex)


@pytest.mark.parametrize(
    ("claim", "settled"),
    [
        (ANY, True),
        (count("5", area=None), False),
        (count("5", period="not stated"), False),
        (count("5", period="~2014-2016"), False),
        (share("5%", category=FEMALE), True),
        (share("5%", category=FEMALE, base="not_stated"), False),
    ],
)
def test_claim_is_settled_with_area_period_and_denominator(claim, settled):
    assert is_settled(report(claim).claims[0]) is settled
