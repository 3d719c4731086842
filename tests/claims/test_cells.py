import pytest

from tests.claims.made_up import FEMALE, LABOUR, SEXUAL, count, report, share
from thbstats.claims import area_of, base_key, cell_of, dimension_of, is_settled, whole_of


def cells(*claims):
    return [cell_of(claim) for claim in report(*claims).claims]


def test_total_can_be_stated_or_omitted():
    plain, spelt = cells(count("5"), count("5", category={"sex": "total", "age": "total"}))

    assert plain.is_same(spelt)


def test_trafficking_is_the_default_offence():
    stage = {"stage": "convicted"}
    plain, named, other = cells(
        count("5", subject="justice", category=stage),
        count("5", subject="justice", category=stage | {"offence": "trafficking"}),
        count("5", subject="justice", category=stage | {"offence": "use_of_services"}),
    )

    assert plain.is_same(named)
    assert not plain.is_same(other)


def test_areas_are_compared_as_sets_of_countries():
    left_out, named = cells(count("5", area="EU28 without UK"), count("5", area="EU27_2020"))

    assert left_out.is_same(named)


@pytest.mark.parametrize(
    "fields",
    [
        {"area": "UK"},
        {"period": "2014"},
        {"status": "identified"},
        {"category": FEMALE},
        {"subject": "protection"},
        {"unit": "cases"},
        {"reporters": 3},
    ],
)
def test_counts_of_other_persons_differ(fields):
    single, other = cells(count("5"), count("5", **fields))

    assert not single.is_same(other)


def test_missing_unit_is_compatible_with_any_but_victims_are_persons():
    stage = {"stage": "prosecuted"}
    unsaid, persons, cases = cells(
        count("5", subject="justice", category=stage),
        count("5", subject="justice", category=stage, unit="persons"),
        count("5", subject="justice", category=stage, unit="cases"),
    )

    assert unsaid.is_same(persons)
    assert unsaid.is_same(cases)
    assert not persons.is_same(cases)
    assert cells(count("5"))[0].unit == "persons"


def test_part_has_more_categories_or_a_smaller_area():
    whole, women, uk, uk_women = cells(
        count("9"),
        count("5", category=FEMALE),
        count("4", area="UK"),
        count("3", area="UK", category=FEMALE),
    )

    assert women.is_inside(whole)
    assert uk_women.is_inside(women)
    assert uk_women.is_inside(uk)
    assert not whole.is_inside(women)
    assert not women.is_inside(uk)
    assert not whole.is_inside(whole)


@pytest.mark.parametrize(
    "fields",
    [
        {"period": "2015"},
        {"status": "identified"},
        {"unit": "cases"},
        {"area": None},
        {"category": FEMALE | {"topic": "arrivals"}},
    ],
)
def test_cell_of_another_kind_is_not_a_part(fields):
    whole, other = cells(count("9"), count("5", **({"category": FEMALE} | fields)))

    assert not other.is_inside(whole)


def test_missing_outcome_does_not_contain_others():
    requested = {"measure": "residence_permit"}
    any_, granted = cells(
        count("9", subject="protection", category=requested),
        count("5", subject="protection", category=requested | {"outcome": "granted"}),
    )

    assert not granted.is_inside(any_)


def test_figure_of_some_countries_is_part_of_that_of_all():
    from_all, from_three, women = cells(
        count("9"), count("5", reporters=3), count("7", category=FEMALE)
    )

    assert from_three.is_inside(from_all)
    assert women.is_inside(from_all)
    assert not women.is_inside(from_three)
    assert cells(count("9", reporters=28))[0].is_same(from_all)


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
        share("5%", category=SEXUAL, base="known"),
        share("5%", category=FEMALE, base="known"),
        share("5%", category=SEXUAL),
        share("5%", category=FEMALE),
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


def test_count_of_known_category_is_part_of_the_total():
    known = {"base": "known", "base_dimension": "exploitation"}
    everyone, recorded, sexual, unknown = cells(
        count("10"),
        count("8", **known),
        count("5", category=SEXUAL),
        count("2", category={"exploitation": "unknown"}),
    )
    assert not recorded.is_same(everyone)
    assert recorded.is_inside(everyone)
    assert not everyone.is_inside(recorded)
    assert sexual.is_inside(recorded)
    assert not unknown.is_inside(recorded)
    of_sexual = cells(count("5", category=SEXUAL, **known))[0]
    assert of_sexual.is_same(sexual)
