from datetime import date, timedelta

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import thbstats as thb
from tests.examples import examples
from tests.tables.engines import PLAIN, imported
from thbstats.cases import AgeAt, CaseStore, CitizenshipGroupAt, count_cases
from thbstats.errors import InvalidValue, UnknownName
from thbstats.geography import COUNTRIES, Area, eu_members

AGES = ("child", "adult", "unknown")
AT = AgeAt(birth="born", event="seen", concept="at_registration")


def ages(rows, age=AT, **declared):
    born, seen = zip(*rows, strict=True)
    frame = pd.DataFrame(
        {"born": pd.Series(born, dtype=object), "seen": pd.Series(seen, dtype=object)}
    )
    options = {"area": "MT", "period": "2000-2030"} | declared
    return count_cases(frame, by="age", derive={"age": age}, **options)


def age_of(born, seen, **declared):
    table = ages([(born, seen)], **declared)
    result = [code for code in table.categories("age") if table.count(age=code).lower]
    return next(code for code in result if code != "total")


def birthday(born, year):
    try:
        return born.replace(year=year)
    except ValueError:
        return date(year, 3, 1)


def completed_years(born, seen):
    """Count birthdays one by one."""
    return sum(birthday(born, year) <= seen for year in range(born.year + 1, seen.year + 1))


days = st.dates(date(1930, 1, 1), date(2030, 12, 31))
leap = st.sampled_from([date(year, 2, 29) for year in range(1932, 2030, 4)])
near = st.integers(-3, 3)


def life(born, seen):
    if isinstance(seen, int):
        seen = birthday(born, born.year + 18) + timedelta(days=seen)
    return sorted([born, seen])


lives = st.lists(st.builds(life, days | leap, days | near), min_size=1, max_size=30)


def ages_by_case(rows):
    """Return the age of each case, after one count in which each case has its own period."""
    born, seen = zip(*rows, strict=True)
    periods = [str(1900 + number) for number in range(len(rows))]
    frame = pd.DataFrame({"born": born, "seen": seen, "period": periods}, dtype=object)
    table = count_cases(frame, by=["age", "period"], derive={"age": AT}, area="MT").to_frame()
    table = table[(table["lower"] > 0) & (table["age"] != "total")].sort_values("period")
    assert table["period"].tolist() == periods
    return table["age"].tolist()


@given(lives)
def test_child_is_a_person_before_the_eighteenth_birthday(rows):
    expected = ["child" if completed_years(*row) < 18 else "adult" for row in rows]
    assert ages_by_case(rows) == expected


@pytest.mark.parametrize(
    ("born", "seen", "age"),
    [
        ("2000-06-15", "2018-06-14", "child"),
        ("2000-06-15", "2018-06-15", "adult"),
        ("2000-02-29", "2018-02-28", "child"),
        ("2000-02-29", "2018-03-01", "adult"),
        ("2000-02-29", "2020-02-29", "adult"),
        (pd.Timestamp(2000, 6, 15, 23, 59), "2018-06-15T00:10:00", "adult"),
        (date(2000, 6, 15), pd.Timestamp(2018, 6, 14), "child"),
        (2000, "2017-12-31", "child"),
        (2000, "2018-12-30", "unknown"),
        (2000, "2018-12-31", "adult"),
        (2000.0, "2018-01-01", "unknown"),
        ("2000", "2019", "adult"),
        ("2000", "2018", "unknown"),
        ("2000-05", "2018-05-31", "adult"),
        ("2000-05", "2018-05-30", "unknown"),
        ("2000-05", "2018-04-30", "child"),
        ("2018", "2018-03-01", "child"),
        ("2018", "2018-01-01", "child"),  # the birth is before the event
    ],
)
def test_partial_date_gives_an_interval_of_ages(born, seen, age):
    assert age_of(born, seen) == age


@given(lives, st.sampled_from([7, 4]))
@examples(10)
def test_less_precise_date_never_changes_a_certain_age(rows, letters):
    cut = ages_by_case([(born.isoformat()[:letters], seen) for born, seen in rows])
    for age, whole in zip(cut, ages_by_case(rows), strict=True):
        assert age in (whole, "unknown")


@pytest.mark.parametrize("make", PLAIN.values(), ids=PLAIN)
def test_dates_of_every_engine_are_read(make):
    imported("pyarrow")  # with which DuckDB hands on its groups
    born, seen = [date(2000, 6, 15), date(2000, 6, 15), None], [date(2018, 6, 14)] * 3
    years = [2000, 2001, 1990]
    frame = make({"born": ("date", born), "seen": ("date", seen), "year": ("year", years)})
    declared = {"missing": [None], "area": "MT", "period": 2018}
    by_day = count_cases(frame, by="age", derive={"age": AT}, **declared)
    assert [by_day.count(age=code).lower for code in ("child", "unknown")] == [2, 1]
    frame = make({"born": ("year", years), "seen": ("date", seen)})
    by_year = count_cases(frame, by="age", derive={"age": AT}, **declared)
    assert [by_year.count(age=code).lower for code in AGES] == [1, 1, 1]


def test_count_by_derived_age_has_its_age_concept():
    table = ages([("2000", "2012")], AgeAt(birth="born", event="seen", concept="at exploitation"))
    assert table.categories("age_concept") == ("at_exploitation",)


def test_unknown_age_concept_raises():
    with pytest.raises(UnknownName, match="Did you mean 'at_referral'"):
        AgeAt(birth="born", event="seen", concept="at_arrival")


@pytest.mark.parametrize(
    ("born", "seen", "what"),
    [
        (
            "2019-01-01",
            "2018-12-31",
            r"`seen`.*on or after the birth.*2019-01-01",
        ),
        ("2019", "2018", "on or after the birth"),
        ("1890-01-01", "2018-01-01", "at most 120 years after"),
        ("first of May", "2018", r"`born` must be a date"),
        ("2001-02-30", "2018", "must be a date"),
        ("2001", None, r"`seen`: empty cells must be declared"),
    ],
)
def test_impossible_or_undeclared_date_raises_with_its_value(born, seen, what):
    with pytest.raises(InvalidValue, match=what):
        ages([("2001", "2018"), (born, seen)])


def test_declared_value_is_not_read_as_a_date():
    rows = [("1900-01-01", "2018"), (date(1900, 1, 1), "2018"), (1900, "2018"), ("", None)]
    table = ages(rows, missing=["1900-01-01", 1900, ""], unknown=[None])
    assert table.count(age="unknown").lower == 4


def test_missing_and_unknown_ages_have_separate_value_counts():
    frame = pd.DataFrame({"born": ["2000", "-99", "?"], "seen": ["2019", "2019", "2019"]})
    store = CaseStore.of(frame, derive={"age": AT}, missing=[-99], unknown=["?"])
    seen = store.value_counts("age").to_frame()
    assert seen.groupby("read_as")["cases"].sum().to_dict() == {
        "adult": 1,
        "nothing recorded": 1,
        "unknown": 1,
    }


def test_value_counts_of_ages_are_years():
    rows = [("2000-01-01", "2010-05-05"), ("2000-01-02", "2010-05-06"), ("2000", "2018-06-06")]
    frame = pd.DataFrame(rows, columns=["born", "seen"])
    seen = CaseStore.of(frame, derive={"age": AT}).value_counts("age").to_frame()
    assert seen[["column", "value", "cases"]].to_numpy().tolist() == [
        ["born + seen", "10", 2],
        ["born + seen", "17 to 18", 1],
    ]


def test_derived_age_requires_the_dimension_age_and_its_columns():
    frame = pd.DataFrame({"born": ["2000"], "seen": ["2018"]})
    with pytest.raises(InvalidValue, match=r"derive=.'age'"):
        count_cases(frame, by="sex", derive={"sex": AT}, area="MT", period=2018)
    with pytest.raises(UnknownName, match="born"):
        CaseStore.of(frame[["seen"]], derive={"age": AT})


# Citizenship.


def groups(rows, group, **declared):
    frame = pd.DataFrame(rows, columns=["who", "where", "when"])
    options = {"area": "MT", "period": "2000-2030"} | declared
    table = count_cases(frame, by="citizenship", derive={"citizenship": group}, **options)
    return {
        code: table.count(citizenship=code).lower
        for code in table.categories("citizenship")
        if code != "total"
    }


def group_citizenship(who, where="IT", when="2015", *, declared=None, **options):
    group = CitizenshipGroupAt(citizenship="who", area="where", period="when", **options)
    result = groups([(who, where, when)], group, **(declared or {}))
    return [code for code, cases in result.items() if cases and code != "eu"][-1]


MEMBERS_2015 = eu_members(date(2015, 1, 1))


@pytest.mark.parametrize("where", ["IT", "UK", "HR"])
def test_group_follows_reporting_country_and_members_of_the_period(where):
    codes = sorted(country.code for country in COUNTRIES)
    group = CitizenshipGroupAt(citizenship="who", area="where", period="when")
    for who in (codes, sorted(MEMBERS_2015 - {where}), sorted({*codes} - MEMBERS_2015)):
        others = {"other_eu": len(MEMBERS_2015.intersection(who) - {where})}
        expected = {"reporting_country": int(where in who)} | others
        expected["non_eu"] = len(set(who) - MEMBERS_2015)
        result = groups([(code, where, "2015") for code in who], group)
        assert {code: result.get(code, 0) for code in expected} == expected


@pytest.mark.parametrize(
    ("who", "when", "options", "group"),
    [
        ("HR", "2012", {}, "non_eu"),
        ("HR", "2013", {}, "unknown"),
        ("HR", "2013", {"on": "start"}, "non_eu"),
        ("HR", "2013", {"on": "end"}, "other_eu"),
        ("HR", "2013-06-30", {}, "non_eu"),
        ("HR", date(2013, 7, 1), {}, "other_eu"),
        ("HR", "2014", {}, "other_eu"),
        ("HR", "2010", {"eu": "EU28"}, "other_eu"),
        ("UK", "2019", {}, "other_eu"),
        ("UK", "2020", {}, "unknown"),
        ("UK", "2020", {"eu": "EU27_2020"}, "non_eu"),
        ("UK", "2020-01-31", {}, "other_eu"),
        ("UK", "2020-02-01", {}, "non_eu"),
        ("IT", "2013", {}, "reporting_country"),
        ("NG", "2013", {}, "non_eu"),
        ("stateless", "2013", {}, "stateless"),
        ("non-EU", "2013", {}, "non_eu"),
    ],
)
def test_membership_follows_the_period_or_the_composition(who, when, options, group):
    assert group_citizenship(who, when=when, **options) == group


def test_without_a_reporting_country_there_are_citizens_of_the_union_and_others():
    group = CitizenshipGroupAt(citizenship="who", period="when")
    rows = [("IT", "IT", "2015"), ("NG", "IT", "2015"), ("UK", "UK", "2021"), ("FR", "UK", "2021")]
    assert groups(rows, group) == {"eu": 2, "non_eu": 2}


def test_area_and_period_of_all_cases_are_constants():
    area, period = Area.parse("MT"), thb.Period.calendar(2013)
    group = CitizenshipGroupAt(citizenship="who", area=area, period=period)
    assert group.columns == ("who",)
    numbers = groups([("MT", "-", "-"), ("HR", "-", "-")], group)
    assert numbers == {"eu": 1, "reporting_country": 1, "unknown": 1}
    group = CitizenshipGroupAt(citizenship="who", period=thb.Period.not_stated())
    assert groups([("FR", "-", "-")], group) == {"unknown": 1}


def test_own_nationals_of_a_state_outside_the_eu_are_not_eu_citizens():
    with pytest.raises(InvalidValue, match="must be a Member State"):
        group_citizenship("UK", "UK", "2021")
    assert group_citizenship("UK", "UK", "2020") == "reporting_country"
    assert group_citizenship("FR", "UK", "2021") == "other_eu"


def test_nationals_of_a_dissolved_state_require_recode():
    with pytest.raises(InvalidValue, match=r"`who`.*recode="):
        group_citizenship("Yugoslav")
    words = {"recode": {"citizenship": {"Yugoslav": "unknown"}}}
    assert group_citizenship("Yugoslav", declared=words) == "unknown"


@pytest.mark.parametrize("row", [("?", "IT", "2015"), ("NG", "?", "2015"), ("NG", "IT", "?")])
def test_missing_values_give_an_unknown_group(row):
    assert group_citizenship(*row, declared={"missing": ["?"]}) == "unknown"
    with pytest.raises((InvalidValue, UnknownName)):
        group_citizenship(*row)


def test_membership_needs_a_period_or_a_composition():
    with pytest.raises(InvalidValue, match="eu='EU28'"):
        CitizenshipGroupAt(citizenship="who")
    with pytest.raises(InvalidValue, match="must be 'start' or 'end'"):
        CitizenshipGroupAt(citizenship="who", period="when", on="middle")


def test_groups_across_a_change_of_membership_have_a_warning():
    frame = pd.DataFrame({"who": ["HR", "NG", "FR"], "when": [2013, 2013, 2013]})
    group = CitizenshipGroupAt(citizenship="who", area=Area.parse("IT"), period="when")
    table = count_cases(
        frame, by="citizenship", derive={"citizenship": group}, area="IT", period=2013
    )
    assert "AREA_COMPOSITION" in thb.share(table, citizenship="non_eu", base="all").warnings.codes


@pytest.mark.parametrize("value", [3, AT])
def test_multiple_response_is_a_column_or_several(value):
    with pytest.raises(InvalidValue, match="must be a column, a list of columns, or categories"):
        CaseStore.of(pd.DataFrame({"forms": ["sexual"]}), multi={"exploitation": value})
