"""Shares and breakdowns: worked examples of denominators, unknown, missing counts and areas."""

from fractions import Fraction

import pytest

from tests.indicators.worked_examples import Example, table_of, with_examples
from thbstats import Count, Interval, breakdown, share
from thbstats.panel import Status

FEW, MISSING, NONE = Count.fewer_than(5), Count.not_reported(), Count.not_applicable()
ALL, RECORDED = {"base": "all"}, {"base": "known"}
WOMEN, WOMEN_RECORDED = {**ALL, "sex": "female"}, {**RECORDED, "sex": "female"}
SEXUAL, SEXUAL_RECORDED = {**ALL, "exploitation": "sexual"}, {**RECORDED, "exploitation": "sexual"}
FORM = "exploitation"

# COM(2018) 777, section II: the form of 2,949 to 3,259 victims is unknown.
REPORT = [("total", 20532), ("sexual", 9759), ("unknown", Count.between(2949, 3259))]
EU28 = {"area": "EU28", "period": "2015-2016"}

ONE_AREA = [
    Example(
        "report, all victims", REPORT, FORM, SEXUAL,
        {
            "value": Fraction(9759, 20532), "bounds": Fraction(9759, 20532), "formatted": "47.5%",
            "bounds_with_unknown": Interval(Fraction(9759, 20532), Fraction(13018, 20532)),
            "unknown": Interval(2949, 3259), "numerator": 9759, "denominator": 20532,
        },
        EU28,
    ),
    Example(
        "report, recorded form", REPORT, FORM, SEXUAL_RECORDED,
        {"denominator": Interval(17273, 17583), "formatted": "55.5% to 56.5%"}, EU28,
    ),
    Example(
        "fewer than 5 of fewer than 11", [("female", FEW), ("male", 6)], "sex", WOMEN_RECORDED,
        {"bounds": Interval(0, Fraction(2, 5)), "bounds_attained": True, "complete": False},
    ),
    Example(
        "total that narrows a suppressed count", [("female", FEW), ("male", 7), ("total", 9)],
        "sex", WOMEN, {"numerator": Interval(0, 4), "bounds_attained": False},
    ),
    Example(
        "missing count below its total", [("female", MISSING), ("male", 7), ("total", 9)],
        "sex", WOMEN, {"value": None, "bounds": Interval(0, Fraction(2, 9)),
         "reporters": frozenset()},
    ),
    Example(
        "only count missing", [("total", 10), ("female", MISSING)], "sex", WOMEN,
        {
            "value": None, "bounds": Interval(0, 1), "complete": False,
            "status": Status.NOT_REPORTED,
        },
    ),
    Example(
        "unknown sex", [("total", 100), ("female", 68), ("unknown", 2)], "sex", WOMEN,
        {"value": Fraction(68, 100),
         "bounds_with_unknown": Interval(Fraction(68, 100), Fraction(70, 100))},
    ),
    Example(
        "persons in no category", [("total", 100), ("sexual", 60), ("labour", 30)], FORM, SEXUAL,
        {"unknown": Interval(0, 10), "not_listed": Interval(0, 10),
         "bounds_with_unknown": Interval(Fraction(6, 10), Fraction(7, 10))},
    ),
    Example(
        "persons of unknown form", [("total", 100), ("sexual", 60), ("labour", 30)], FORM,
        {**SEXUAL, "complete_dimensions": FORM},
        {"unknown": 10, "not_listed": 0,
         "bounds_with_unknown": Interval(Fraction(6, 10), Fraction(7, 10))},
    ),
    Example(
        "one category alone", [("total", 100), ("sexual", 60)], FORM, SEXUAL_RECORDED,
        {"value": None, "bounds": Interval(Fraction(60, 100), 1)},
    ),
    Example(
        "no persons", [("female", 0), ("male", 0)], "sex", WOMEN_RECORDED,
        {"value": None, "status": Status.UNDEFINED, "formatted": "0 of 0"},
    ),
    Example(
        "persons of another form", [("total", 100), ("sexual", 60), ("labour", 30), ("unknown", 4)],
        FORM, SEXUAL_RECORDED,
        {"value": Fraction(60, 96), "unknown": 4, "not_listed": 6, "discrepancy": None},
    ),
    Example(
        "gap", [("total", 100), ("sexual", 60), ("labour", 30), ("unknown", 4)], FORM,
        {**SEXUAL, "complete_dimensions": FORM},
        {"discrepancy": 6, "value": Fraction(60, 100), "not_listed": 0},
    ),
    Example(
        "stated overlap", [("total", 100), ("sexual", 60), ("labour", 70)], FORM,
        {**SEXUAL, "overlap": "overlapping"},
        {"value": Fraction(60, 100), "discrepancy": None, "bounds_attained": False},
    ),
    Example(
        "overlap not stated", [("total", 100), ("sexual", 60), ("labour", 30)], FORM,
        {**SEXUAL_RECORDED, "overlap": "not_stated"},
        {"denominator": Interval(60, 100), "bounds": Interval(Fraction(60, 100), 1)},
    ),
    Example(
        "sex within a form",
        [("total", "total", 300), ("sexual", "total", 100), ("sexual", "female", 95),
         ("sexual", "male", 5)],
        "exploitation sex", {**WOMEN_RECORDED, "where": {"exploitation": "Sexual"}},
        {"value": Fraction(95, 100), "category": (("exploitation", "sexual"), ("sex", "female"))},
    ),
]  # fmt: skip

PARTS = [
    ("total", 120), ("sexual", 60), ("prostitution", 45), ("pornography", 5), ("labour", 40),
    ("unknown", 20),
]  # fmt: skip
GROUPS = [
    ("total", 100), ("eu", 60), ("reporting_country", 20), ("other_eu", 40), ("non_eu", 30),
    ("unknown", 10), ("RO", 25), ("NG", 12),
]  # fmt: skip
STATELESS = [("total", 100), ("stateless", 5), ("unknown", 10)]
CLASSIFICATIONS = [
    Example(
        "part of a form", PARTS, FORM, {**RECORDED, "exploitation": "prostitution"},
        {
            "value": Fraction(45, 100), "unknown": 20,
            "bounds_with_unknown": Interval(Fraction(45, 120), Fraction(65, 120)),
        },
    ),
    Example(
        "part within its form", PARTS, FORM,
        {**RECORDED, "exploitation": "prostitution", "where": {"exploitation": "sexual"}},
        {"value": None, "denominator": Interval(50, 60),
         "bounds": Interval(Fraction(45, 60), Fraction(45, 50)), "not_listed": Interval(0, 10)},
    ),
    Example(
        "part within its form, with all parts listed", PARTS, FORM,
        {**RECORDED, "exploitation": "prostitution", "where": {"exploitation": "sexual"},
         "complete_dimensions": FORM},
        {"unknown": 10, "value": Fraction(45, 50), "denominator": 50,
         "bounds": Fraction(45, 50)},
    ),
    Example(
        "other EU citizens", GROUPS, "citizenship", {**RECORDED, "citizenship": "other_eu"},
        {"value": Fraction(40, 90)},
    ),
    Example(
        "citizens of a country, next to groups",
        [("total", 100), ("eu", 60), ("non_eu", 40), ("RO", 55), ("NG", 40)],
        "citizenship", {**RECORDED, "citizenship": "RO"},
        # The five other EU citizens are known not to be Romanian.
        {"value": Fraction(55, 100), "denominator": 100},
    ),
    *(
        Example(
            f"stateless {words}", [*STATELESS, *rows], "citizenship",
            {**RECORDED, "citizenship": "stateless"}, {"value": Fraction(5, 90)},
        )
        for words, rows in (
            ("next to countries", [("RO", 55), ("NG", 30)]),
            ("within groups", [("eu", 60), ("non_eu", 30)]),
        )
    ),
]  # fmt: skip

CROSSED = [
    ("total", "total", 100), ("female", "sexual", 40), ("female", "labour", 10),
    ("male", "sexual", 5), ("male", "labour", 30), ("female", "unknown", 6),
    ("male", "unknown", 4), ("unknown", "sexual", 3), ("unknown", "labour", 2),
]  # fmt: skip
BOTH = {"sex": "female", "exploitation": "sexual"}
TWO_DIMENSIONS = [
    Example(
        "only unknown victims that can belong to the cell", CROSSED, "sex exploitation",
        {**ALL, **BOTH},
        {
            "value": Fraction(40, 100), "unknown": 9,
            "bounds_with_unknown": Interval(Fraction(40, 100), Fraction(49, 100)),
        },
    ),
    Example(
        "missing unknown within the rest of the total",
        [row for row in CROSSED if row[:2] != ("female", "unknown")], "sex exploitation",
        {**ALL, **BOTH},
        {"unknown": Interval(3, 9),
         "bounds_with_unknown": Interval(Fraction(40, 100), Fraction(49, 100))},
    ),
    # Of the 3 persons of unknown sex, it is not known how many are in prostitution.
    Example(
        "unknown of the whole form",
        [*CROSSED, ("female", "prostitution", 30), ("male", "prostitution", 2)],
        "sex exploitation", {**RECORDED, "sex": "female", "exploitation": "prostitution"},
        {"value": None, "unknown": Interval(6, 9),
         "bounds": Interval(Fraction(30, 94), Fraction(30, 91)),
         "bounds_with_unknown": Interval(Fraction(30, 100), Fraction(39, 100))},
    ),
]  # fmt: skip

BELGIUM = [("BE", "female", 6), ("BE", "male", 4)]
FRANCE = [("FR", "female", 1), ("FR", "male", 4), ("FR", "other", 5)]
AREA_SEX = "area sex"
AREAS = [
    Example(
        "published aggregate next to a member",
        [("EU28", "total", 100), ("EU28", "female", 70), ("BE", "total", 10), ("BE", "female", 1)],
        AREA_SEX, {**WOMEN, "area": "EU28"}, {"value": Fraction(7, 10), "reporters": None},
    ),
    Example(
        "published total next to categories of a member",
        [("EU28", "total", 100), ("BE", "female", 12), ("BE", "male", 8), ("BE", "total", 20)],
        AREA_SEX, {**WOMEN, "area": "EU28"},
        {
            "value": Fraction(12, 20), "reporters": frozenset({"BE"}),
            "bounds": Interval(Fraction(12, 100), Fraction(92, 100)),
        },
    ),
    Example(
        "country that reported only a total", [("BE", "total", 10), *FRANCE], AREA_SEX,
        {**WOMEN, "area": "BE"}, {"value": None, "bounds": Interval(0, 1)},
    ),
    Example(
        "country to which the count does not apply",
        [*BELGIUM, *(("FR", sex, NONE) for sex in ("total", "female", "male"))], AREA_SEX,
        WOMEN_RECORDED, {"bounds": Fraction(6, 10), "expected": frozenset({"BE"}),
         "missing": frozenset()},
    ),
    Example(
        "count that applies to no country",
        [(area, sex, NONE) for area in ("BE", "FR") for sex in ("female", "male")], AREA_SEX,
        WOMEN_RECORDED,
        {
            "value": None, "bounds": Interval(0, 1, undefined=True), "expected": frozenset(),
        },
    ),
    Example(
        "category that does not apply", [*BELGIUM, ("BE", "other", NONE), *FRANCE], AREA_SEX,
        WOMEN_RECORDED, {"value": Fraction(7, 20), "reporters": frozenset({"BE", "FR"})},
    ),
    Example(
        "requested category that does not apply in one country",
        [("DE", "total", 40), ("DE", "female", NONE), ("DE", "male", 40),
         ("FR", "total", 90), ("FR", "female", 60), ("FR", "male", 30)], AREA_SEX, WOMEN,
        {"value": Fraction(60, 130), "reporters": frozenset({"DE", "FR"})},
    ),
    Example(
        "category that only another country lists", [*BELGIUM, *FRANCE], AREA_SEX,
        {**WOMEN_RECORDED, "area": "BE"}, {"value": Fraction(6, 10)},
    ),
    Example(
        "suppressed count next to missing ones",
        [("DE", "total", 0), ("DE", "female", Count.suppressed(0, 2)), ("DE", "male", 0),
         ("DE", "unknown", 0), ("BE", "total", 0), ("BE", "female", 0), ("BE", "male", 0),
         ("BE", "unknown", 0), ("FR", "total", 1), ("FR", "female", 0), ("FR", "male", 0),
         ("FR", "unknown", 1)],
        AREA_SEX, WOMEN, {"bounds": Interval(0, Fraction(2, 3))},
    ),
]  # fmt: skip
PUBLISHED = {"period": 2016, "status": "registered"}
REPORTERS = [
    Example(
        "aggregate of some countries",
        [("BE+FR", "female", "BE", 30), ("BE+FR", "male", "BE", 10), ("FR", "male", None, 10)],
        "area sex reporters", {**WOMEN_RECORDED, "area": "BE+FR"},
        {
            "value": Fraction(30, 40), "reporters": frozenset({"BE"}), "complete": False,
            "bounds": Interval(Fraction(30, 50), 1),
        },
    ),
    Example(
        "aggregate of 25 of 28 countries",
        [("EU28", "female", 25, 30), ("EU28", "male", 25, 10)], "area sex n_reporters",
        WOMEN_RECORDED,
        {"value": Fraction(30, 40), "bounds": Interval(0, 1), "complete": False},
    ),
    Example(
        "aggregate of all countries",
        [("EU28", "female", 28, 30), ("EU28", "male", 28, 10)], "area sex n_reporters",
        WOMEN_RECORDED, {"bounds": Fraction(30, 40), "complete": True},
    ),
]  # fmt: skip


@with_examples([*ONE_AREA, *CLASSIFICATIONS, *TWO_DIMENSIONS, *AREAS, *REPORTERS])
def test_share_of_a_worked_example(example: Example) -> None:
    assert not example.differences(share(example.table(), **example.arguments))


def test_number_of_reporters_and_shared_selection_are_attributes() -> None:
    aggregate = share(REPORTERS[1].table(), **WOMEN_RECORDED)
    assert aggregate.n_reporters == 25
    within = share(ONE_AREA[-1].table(), **ONE_AREA[-1].arguments)
    assert within.base.within == (("exploitation", "sexual"),)


def test_bounds_with_unknown_are_shown_as_percentages() -> None:
    result = share(ONE_AREA[0].table(), **SEXUAL)
    assert result.kind.format_value(result.bounds_with_unknown) == "47.5% to 63.5%"


def test_missing_count_of_one_country_is_not_offset_by_the_excess_of_another() -> None:
    rows = [
        (area, sex, count)
        for area, counts in {"BE": (10, 6, 3, 0), "FR": (10, 6, 4, 1)}.items()
        for sex, count in zip(("total", "female", "male", "unknown"), counts, strict=True)
    ]
    result = share(table_of(rows, AREA_SEX), **WOMEN)
    assert result.discrepancy == Interval.point(1)
    assert "ADDITIVITY" in result.warnings.codes


@pytest.mark.parametrize(
    ("rows", "columns", "by", "within", "labels"),
    [
        pytest.param(PARTS, FORM, FORM, {FORM: "sexual"}, ("prostitution", "pornography"),
                     id="parts of a form"),
        pytest.param(GROUPS, "citizenship", "citizenship", {}, ("eu", "non eu"), id="groups"),
        pytest.param([("RO", 3), ("NG", 1)], "citizenship", "citizenship", {}, ("NG", "RO"),
                     id="countries"),
        pytest.param([*STATELESS, ("RO", 55), ("NG", 30)], "citizenship", "citizenship", {},
                     ("stateless", "NG", "RO"), id="countries and stateless"),
        pytest.param([*STATELESS, ("eu", 60), ("non_eu", 30)], "citizenship", "citizenship", {},
                     ("eu", "non eu"), id="groups and stateless"),
        pytest.param([("total", "sexual", 6), ("total", "labour", 4), ("female", "other", 1)],
                     "sex exploitation", FORM, {}, ("sexual", "labour", "other"),
                     id="category with a row for women alone"),
    ],
)  # fmt: skip
def test_breakdown_has_the_categories_of_one_division(rows, columns, by, within, labels) -> None:
    result = breakdown(table_of(rows, columns), of=by, base="known", **within)
    assert result.labels == labels


def test_shares_of_two_dimensions_have_one_denominator_with_unknown() -> None:
    table = table_of(CROSSED, "sex exploitation")
    result = breakdown(table, of=["sex", "exploitation"], base="all")
    assert len(result) == 4
    assert sum(row.value.value for row in result) == Fraction(40 + 10 + 5 + 30, 100)
    assert breakdown(table, of=["sex", "exploitation", "sex"], base="all") == result


def test_known_denominator_of_two_dimensions_leaves_out_the_undecided_of_each_cell() -> None:
    result = breakdown(table_of(CROSSED, "sex exploitation"), of=["sex", "exploitation"],
                       base="known")  # fmt: skip
    undecided = {"female, sexual": 9, "female, labour": 8, "male, sexual": 7, "male, labour": 6}
    assert dict(zip(result.labels, (row.unknown.value for row in result), strict=True)) == undecided
    for row in result:
        assert row.denominator.value == 100 - undecided[row.label]
        assert row.value == Interval.point(Fraction(row.numerator.value, row.denominator.value))


# Belgium's 44 women and 71 men make its total of 115: it has no victims of another sex.
COMPLETE = [("BE", "total", 115), ("BE", "female", 44), ("BE", "male", 71)]
AUSTRIA = [("AT", "total", 343), ("AT", "female", 256), ("AT", "male", 48), ("AT", "other", 39)]


def test_country_whose_categories_sum_to_its_total_is_a_reporter() -> None:
    result = share(table_of([*COMPLETE, *AUSTRIA], AREA_SEX), **WOMEN_RECORDED)
    assert result.reporters == {"AT", "BE"}
    assert result.value == result.bounds == Interval.point(Fraction(300, 458))


@pytest.mark.parametrize(
    ("rows", "value"),
    [
        pytest.param([("BE", "total", 116), *COMPLETE[1:]], Fraction(44, 115), id="larger total"),
        pytest.param([("BE", "total", Count.between(115, 116)), *COMPLETE[1:]], Fraction(44, 115),
                     id="total is an interval"),
        pytest.param([*COMPLETE[:2], ("BE", "male", Count.between(70, 71))],
                     Interval(Fraction(44, 115), Fraction(44, 114)), id="part is an interval"),
        pytest.param(COMPLETE[1:], Fraction(44, 115), id="no total"),
        pytest.param([("BE", "total", 115), ("BE", "female", 115),
                      ("BE", "male", Count.suppressed())], Fraction(1), id="suppressed part"),
        pytest.param([*COMPLETE[:2], ("BE", "male", Count.fewer_than(72))],
                     Interval(Fraction(44, 115), 1), id="fewer than 72"),
    ],
)  # fmt: skip
def test_country_needs_no_row_for_a_category_of_another_country(rows, value) -> None:
    table = table_of([*rows, *AUSTRIA], AREA_SEX)
    assert share(table, **WOMEN_RECORDED).reporters == {"AT", "BE"}
    own = share(table, **WOMEN_RECORDED, by="area")["BE"]
    assert own.value == (value if isinstance(value, Interval) else Interval.point(value))
    assert own.not_listed == Interval.point(0)


def test_country_whose_categories_exceed_its_total_is_not_a_reporter() -> None:
    rows = [("BE", "total", 114), *COMPLETE[1:]]
    result = share(table_of([*rows, *AUSTRIA], AREA_SEX), **WOMEN_RECORDED)
    assert result.reporters == {"AT"}
    assert [item.area for item in result.contradictions] == ["BE"]
