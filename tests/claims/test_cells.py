"""Cells of counts: which are the same, and which are parts of others."""

import pytest

from tests.claims.made_up import FEMALE, LABOUR, SEXUAL, count, report, share
from thbstats.claims import area_of, base_key, cell_of, dimension_of, is_settled, whole_of


def cells(*claims):
    return [cell_of(claim) for claim in report(*claims).claims]


def justice(**fields):
    codes = {"stage": "convicted"} | fields.pop("category", {})
    return count("5", subject="justice", category=codes, **fields)


PERMIT = {"measure": "residence_permit"}
KNOWN = {"base": "known", "base_dimension": "exploitation"}


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (count("5"), count("5", category={"sex": "total", "age": "total"})),
        (justice(), justice(category={"offence": "trafficking"})),
        (count("5", area="EU28 without UK"), count("5", area="EU27_2020")),
        (count("5"), count("5", reporters=28)),
        (justice(), justice(unit="persons")),
        (justice(), justice(unit="cases")),
        (count("5", category=SEXUAL, **KNOWN), count("5", category=SEXUAL)),
    ],
    ids=[
        "totals",
        "default offence",
        "countries",
        "all reporters",
        "unit",
        "unit of cases",
        "known",
    ],
)
def test_counts_of_the_same_persons_have_the_same_cell(first, second):
    single, other = cells(first, second)
    assert single.is_same(other)
    assert other.is_same(single)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        *(
            (count("5"), count("5", **fields))
            for fields in (
                {"area": "UK"},
                {"period": "2014"},
                {"status": "identified"},
                {"category": FEMALE},
                {"subject": "protection"},
                {"unit": "cases"},
                {"reporters": 3},
                KNOWN,
            )
        ),
        (justice(), justice(category={"offence": "use_of_services"})),
        (justice(unit="persons"), justice(unit="cases")),
    ],
)
def test_counts_of_other_persons_differ(first, second):
    single, other = cells(first, second)
    assert not single.is_same(other)


def test_victims_are_persons_by_default():
    assert cells(count("5"))[0].unit == "persons"


@pytest.mark.parametrize(
    ("part", "whole"),
    [
        (count("5", category=FEMALE), count("9")),
        (count("3", area="UK", category=FEMALE), count("5", category=FEMALE)),
        (count("3", area="UK", category=FEMALE), count("4", area="UK")),
        (count("5", reporters=3), count("9")),
        (count("8", **KNOWN), count("10")),
        (count("5", category=SEXUAL), count("8", **KNOWN)),
    ],
)
def test_part_has_more_categories_a_smaller_area_or_fewer_reporters(part, whole):
    small, large = cells(part, whole)
    assert small.is_inside(large)
    assert not large.is_inside(small)
    assert not small.is_inside(small)


@pytest.mark.parametrize(
    ("other", "whole"),
    [
        *(
            (count("5", **({"category": FEMALE} | fields)), count("9"))
            for fields in (
                {"period": "2015"},
                {"status": "identified"},
                {"unit": "cases"},
                {"area": None},
                {"category": FEMALE | {"topic": "arrivals"}},
            )
        ),
        (count("5", category=FEMALE), count("4", area="UK")),
        (
            count("5", subject="protection", category=PERMIT | {"outcome": "granted"}),
            count("9", subject="protection", category=PERMIT),
        ),
        (count("7", category=FEMALE), count("5", reporters=3)),
        (count("2", category={"exploitation": "unknown"}), count("8", **KNOWN)),
    ],
)
def test_cell_of_another_kind_is_not_a_part(other, whole):
    small, large = cells(other, whole)
    assert not small.is_inside(large)


def test_category_may_name_its_area():
    (uk,) = report(share("30%", category={"area": "UK"})).claims
    assert area_of(uk) == "UK"
    assert cell_of(uk).members == {"UK"}
    assert len(whole_of(uk).members) == 28


def test_denominator_of_a_share_uses_of_and_its_area():
    (uk,) = report(share("61%", category=LABOUR, of=LABOUR | {"area": "EU28"}, area="UK")).claims
    assert whole_of(uk).codes == set(LABOUR.items())
    assert len(whole_of(uk).members) == 28


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
        (count("5"), True),
        (count("5", area=None), False),
        (count("5", period="not stated"), False),
        (count("5", period="~2014-2016"), False),
        (share("5%", category=FEMALE), True),
        (share("5%", category=FEMALE, base="not_stated"), False),
    ],
)
def test_claim_is_settled_with_area_period_and_denominator(claim, settled):
    assert is_settled(report(claim).claims[0]) is settled
