"""Verdicts of directions and rankings of a publication."""

from attrs import evolve

from tests.auditing.verdicts import check_verdicts, first, verdict
from tests.claims.made_up import (
    FEMALE,
    LABOUR,
    SEXUAL,
    count,
    direction,
    ranking,
    recorded,
    report,
    share,
)
from tests.rows import check_rows
from thbstats import audit

BEFORE = {"period": "2013-2014"}
CONTRADICTED, CONSISTENT, CONFIRMED = "contradicted", "consistent", "confirmed"
NOT_ASSESSABLE = "not_assessable"
FORMS = [recorded("56%", "sexual"), recorded("26%", "labour"), recorded("18%", "other")]
HALVES = [recorded("50%", "sexual"), recorded("50%", "labour")]
FALLING = [
    share("68%", category=FEMALE, base="known"),
    share("77%", category=FEMALE, base="known", **BEFORE),
]
LESS = [count("200", category=SEXUAL), count("50", category=LABOUR)]
IN_DECREASING_ORDER = [
    recorded("50%", "sexual"),
    recorded("30%", "labour"),
    recorded("20%", "other"),
]
BY_SEX = {"female": "30%", "male": "20%"}
EU = {"citizenship": "eu"}
INSTITUTIONS = {"subject": "institutions"}
NESTED = share("60%", category=SEXUAL | FEMALE, of=SEXUAL, base="known")


def female(way: str, **fields):
    return direction(way, category=FEMALE, **fields)


def areas(**counts: str):
    return [count(number, area=area) for area, number in counts.items()]


def citizens(group: str, *ranks: str, **fields):
    return ranking(*ranks, of={"citizenship": group}, base_dimension="citizenship", **fields)


def of_citizens(**counts: str):
    return [count(number, category={"citizenship": code}) for code, number in counts.items()]


VERDICTS = {
    # Directions
    "a direction alone": (NOT_ASSESSABLE, direction("up")),
    "a direction with the later number": (NOT_ASSESSABLE, direction("up"), count("5")),
    "a direction with the earlier number": (NOT_ASSESSABLE, direction("up"), count("5", **BEFORE)),
    "an increase": (CONFIRMED, direction("up"), count("5,979"), count("5,000", **BEFORE)),
    "an increase that is stated as a decrease": (
        CONTRADICTED,
        direction("down"),
        count("5,979"),
        count("5,000", **BEFORE),
    ),
    "an increase that is stated as none": (
        NOT_ASSESSABLE,
        direction("same"),
        count("5,979"),
        count("5,000", **BEFORE),
    ),
    "the latest earlier number": (
        CONFIRMED,
        direction("up"),
        count("9", period="2010-2012"),
        count("5", **BEFORE),
        count("6"),
    ),
    "the latest earlier number, listed first": (
        CONFIRMED,
        direction("up"),
        count("5", **BEFORE),
        count("9", period="2010-2012"),
        count("6"),
    ),
    "a direction of a count and shares": (NOT_ASSESSABLE, female("up"), *FALLING),
    **{
        f"a direction {way} of a share with {name}": (
            expected,
            female(way, **{name: value}),
            *FALLING,
        )
        for name, value in (("base", "known"), ("base_dimension", "sex"))
        for way, expected in (("up", CONTRADICTED), ("down", CONFIRMED))
    },
    "a direction with another base": (NOT_ASSESSABLE, female("up", base="all"), *FALLING),
    "a direction with another dimension": (
        NOT_ASSESSABLE,
        female("up", base_dimension="age"),
        *FALLING,
    ),
    **{
        f"equal shares and {way}": (
            CONSISTENT,
            female(way, base="known"),
            share("68.4%", category=FEMALE, base="known"),
            share("68%", category=FEMALE, base="known", **BEFORE),
        )
        for way in ("up", "down", "same", "not_down")
    },
    "a share of another denominator": (
        NOT_ASSESSABLE,
        direction("down", category=SEXUAL | FEMALE, base="known"),
        NESTED,
        NESTED | BEFORE | {"printed": "50%"},
    ),
    "an area without a country": (
        CONFIRMED,
        direction("down", area="EU28 without UK"),
        count("5", area="EU28 without UK"),
        count("9"),
    ),
    "an area that excludes no country": (
        NOT_ASSESSABLE,
        direction("down", area="UK"),
        count("5", area="UK"),
        count("9"),
    ),
    # Rankings by numbers
    "the largest share": (CONFIRMED, ranking("sexual"), *FORMS),
    "the two largest shares": (CONFIRMED, ranking("labour", "sexual"), *FORMS),
    "a larger share that is not listed": (CONTRADICTED, ranking("labour"), *FORMS),
    "a share larger than one of those listed": (CONTRADICTED, ranking("sexual", "other"), *FORMS),
    "equal shares": (CONSISTENT, ranking("labour"), *HALVES),
    "shares with a rest": (
        CONSISTENT,
        ranking("sexual"),
        recorded("30%", "sexual"),
        recorded("20%", "labour"),
    ),
    "a ranking alone": (NOT_ASSESSABLE, ranking("sexual")),
    "a ranking without rivals": (CONFIRMED, ranking("sexual"), FORMS[0]),
    "a ranking without rivals and with a large rest": (
        NOT_ASSESSABLE,
        ranking("sexual"),
        recorded("40%", "sexual"),
    ),
    "an order without rivals": (
        CONFIRMED,
        ranking("female", "male", base_dimension="sex", ordered=True),
        *(count(n, category={"sex": sex}) for sex, n in (("female", "10"), ("male", "5"))),
        count("20"),
    ),
    "an order without rivals and without a total": (
        CONSISTENT,
        ranking("female", "male", base_dimension="sex", ordered=True, of=LABOUR),
        *(share(n, category=LABOUR | {"sex": s}, of=LABOUR) for s, n in BY_SEX.items()),
    ),
    "a ranking with one of two numbers": (NOT_ASSESSABLE, ranking("sexual", "labour"), FORMS[0]),
    "members with one of two numbers": (
        CONSISTENT,
        citizens("eu", "RO", "HU"),
        *of_citizens(RO="10"),
    ),
    "a part of a category below a larger one": (
        CONTRADICTED,
        ranking("sexual", "forced_begging"),
        *FORMS[:2],
    ),
    "counts before shares": (
        CONTRADICTED,
        ranking("sexual"),
        *FORMS,
        count("100", category=SEXUAL),
        count("200", category=LABOUR),
    ),
    "counts without a total": (CONSISTENT, ranking("sexual"), *LESS),
    "counts with a large total": (CONSISTENT, ranking("sexual"), *LESS, count("500")),
    "counts with a small total": (CONFIRMED, ranking("sexual"), *LESS, count("300")),
    **{
        f"a share of {name}": (CONFIRMED, ranking("sexual"), *FORMS, other)
        for name, other in {
            "another area": recorded("90%", "labour", area="EU28 without UK"),
            "another period": recorded("90%", "labour", period="2014"),
            "another status": recorded("90%", "labour", status="identified"),
            "another denominator": share("90%", category=LABOUR | FEMALE, of=FEMALE, base="known"),
            "the unknown category": recorded("90%", "unknown"),
        }.items()
    },
    **{
        f"{form} and a category that overlaps": (
            expected,
            ranking(form),
            recorded("60%", "labour"),
            recorded("20%", "domestic_work"),
        )
        for form, expected in (("labour", CONFIRMED), ("domestic_work", NOT_ASSESSABLE))
    },
    "shares of less than the total": (
        CONSISTENT,
        ranking("sexual"),
        recorded("40%", "sexual"),
        recorded("18%", "other"),
    ),
    "shares with a part of a rival": (
        CONSISTENT,
        ranking("sexual"),
        recorded("40%", "sexual"),
        recorded("18%", "other"),
        recorded("17%", "forced_begging"),
    ),
    "counts with a published total code": (
        CONSISTENT,
        ranking("RO", "HU", base_dimension="citizenship"),
        *of_citizens(total="100", RO="10", HU="8", NG="3"),
    ),
    "areas": (
        CONTRADICTED,
        ranking("IT", "ES", base_dimension="area"),
        *areas(IT="30", ES="20", FR="40"),
    ),
    "areas in order": (
        CONSISTENT,
        ranking("IT", "ES", base_dimension="area"),
        *areas(IT="30", ES="20", FR="10"),
        count("99"),
    ),
    "institutions": (
        CONSISTENT,
        ranking("sexual", **INSTITUTIONS),
        count("3", category=SEXUAL, **INSTITUTIONS),
        count("2", category=LABOUR, **INSTITUTIONS),
    ),
    "an ordered list": (CONFIRMED, ranking("sexual", "labour", ordered=True), *IN_DECREASING_ORDER),
    "a list without order": (CONFIRMED, ranking("labour", "sexual"), *IN_DECREASING_ORDER),
    "a list in another order": (
        CONTRADICTED,
        ranking("labour", "sexual", ordered=True),
        *IN_DECREASING_ORDER,
    ),
    "an order that rounding can turn": (
        CONSISTENT,
        ranking("labour", "sexual", ordered=True),
        recorded("40%", "sexual"),
        recorded("40%", "labour"),
        recorded("20%", "other"),
    ),
    # Rankings by membership
    "members of the area": (CONSISTENT, citizens("eu", "RO", "UK")),
    "a former member": (CONTRADICTED, citizens("eu", "RO", "UK", area="EU27_2020")),
    "countries outside the EU": (CONTRADICTED, citizens("eu", "RO", "NG", "AL")),
    "a member outside the EU": (CONTRADICTED, citizens("non_eu", "RO", "NG")),
    "no member": (CONSISTENT, citizens("non_eu", "NG", "AL")),
    "members in the period": (CONSISTENT, citizens("eu", "UK", area="IT")),
    "a later member": (CONTRADICTED, citizens("eu", "HR", area=None, period="2012")),
    "a member from within the period": (
        NOT_ASSESSABLE,
        citizens("eu", "HR", area=None, period="2013"),
    ),
    "members without a period": (
        NOT_ASSESSABLE,
        citizens("eu", "RO", area=None, period="not stated"),
    ),
    "no country": (NOT_ASSESSABLE, citizens("eu", "reporting_country")),
    "numbers of members": (
        CONSISTENT,
        citizens("eu", "RO"),
        *of_citizens(RO="30", NL="20", NG="99"),
    ),
    "a larger number": (CONTRADICTED, citizens("eu", "NL"), *of_citizens(RO="30", NL="20")),
    "the largest number outside the EU": (
        CONTRADICTED,
        citizens("eu", "NG"),
        *of_citizens(RO="30", NG="99"),
    ),
    "forms within a group": (
        CONFIRMED,
        ranking("sexual", of=EU),
        share("70%", category=EU | SEXUAL, of=EU, base="known"),
        share("30%", category=EU | LABOUR, of=EU, base="known"),
    ),
}


def test_an_order_has_a_verdict_and_its_numbers(worded):
    check_verdicts(worded, VERDICTS)


def test_a_category_that_overlaps_leaves_no_remainder():
    counts = count("60"), count("50", category=SEXUAL), count("30", category=LABOUR)
    forms = evolve(report(ranking("sexual"), *counts), overlapping=["exploitation"])
    assert str(next(iter(audit(forms))).verdict) == CONSISTENT


def test_together_categories_without_a_number_can_be_larger_than_listed_ones():
    def joint(total: str) -> str:
        citizenships = of_citizens(RO="10", HU="8", NG="3")
        order = ranking("RO", "HU", base_dimension="citizenship")
        return str(first(order, count(total), *citizenships).joint.verdict)

    assert joint("29") == CONFIRMED
    assert joint("30") == CONSISTENT


def test_two_counts_decide_a_direction():
    def check(way, before, now, expected):
        assert verdict(direction(way), count(now), count(before, **BEFORE))[0] == expected

    rows = [
        ("up", "5", "6", CONFIRMED),
        ("up", "5", "5", CONTRADICTED),
        ("up", "6", "5", CONTRADICTED),
        ("down", "6", "5", CONFIRMED),
        ("down", "5", "5", CONTRADICTED),
        ("down", "5", "6", CONTRADICTED),
        ("not_down", "5", "6", CONFIRMED),
        ("not_down", "5", "5", CONFIRMED),
        ("not_down", "6", "5", CONTRADICTED),
        ("same", "5", "5", CONFIRMED),
        ("same", "5", "6", NOT_ASSESSABLE),
    ]
    check_rows(check, rows)


def test_a_direction_ignores_numbers_of_another_quantity():
    def check(before):
        sexual = direction("up", category=SEXUAL), count("6", category=SEXUAL)
        assert verdict(*sexual, before)[0] == NOT_ASSESSABLE
        assert verdict(direction("up"), count("6"), before)[0] == NOT_ASSESSABLE

    rows = [
        (count("9", **BEFORE, unit="cases"),),
        (count("9", **BEFORE, status="identified"),),
        (count("9", **BEFORE, area="UK"),),
        (count("9", **BEFORE, category=LABOUR),),
        (count("9", **BEFORE, reporters=3),),
        # Overlapping and later periods, and none.
        *((count("9", period=period),) for period in ("2016-2017", "2017", "not stated")),
    ]
    check_rows(check, rows)
