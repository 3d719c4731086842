"""World Population Prospects: persons, days, variants, ages, and what is rejected."""

import gzip

import pandas as pd
import pytest

import thbstats as thb
from tests.rows import check_rows
from thbstats import Count
from thbstats.errors import InvalidFile, InvalidValue
from thbstats.files import open_bytes
from thbstats.sources import read, read_population

PLACE = (
    "SortOrder,LocID,Notes,ISO3_code,ISO2_code,SDMX_code,LocTypeID,LocTypeName,ParentID,Location"
)
TOTAL_HEAD = f"{PLACE},VarID,Variant,Time,MidPeriod,PopMale,PopFemale,PopTotal,PopDensity"
AGE_HEAD = (
    f"{PLACE},VarID,Variant,Time,MidPeriod,AgeGrp,AgeGrpStart,AgeGrpSpan,PopMale,PopFemale,PopTotal"
)
# World Population Prospects 2024: total populations; the other figures are synthetic.
USA = "240,840,,USA,US,840,4,Country/Area,918,United States of America"
WORLD = "1,900,,,,,1,World,0,World"
WESTERN = "190,926,,,,,3,Subregion,908,Western Europe"
INCOME = "6,1503,,,,,5,Income Group,1802,High-income countries"
NAME = "WPP2024_TotalPopulationBySex.csv"


def total(place, time, persons, *, variant="Medium", male="", female="", middle="{}.5"):
    return f"{place},2,{variant},{time},{middle.format(time)},{male},{female},{persons},37.337"


def reading(*lines, head=TOTAL_HEAD, name=NAME, **more):
    return read_population(open_bytes("\n".join([head, *lines, ""]).encode(), name=name), **more)


def test_micronesia_without_a_code_is_a_region():
    region = "150,954,,,,,3,Subregion,909,Micronesia"
    state = "155,583,,FSM,FM,583,4,Country/Area,954,Micronesia (Fed. States of)"
    result = reading(total(region, 2020, "540.5"), total(state, 2020, "112.1")).populations
    persons = {item.area: item.persons for item in result if item.sex == "total"}
    assert persons == {
        "Micronesia (region)": Count.known(540_500), "FM": Count.known(112_100)
    }  # fmt: skip
    older = "LocID,Location,VarID,Variant,Time,MidPeriod,PopTotal"
    named = ["954,Micronesia,2,Medium,2020,2020.5,540.5"]
    named += ["583,Micronesia (Fed. States of),2,Medium,2020,2020.5,112.1"]
    assert {own.area for own in reading(*named, head=older).populations} == {*persons}


def ages(time=2022, groups=range(101), span=1, size="10.001", middle="{}.5"):
    """The rows of age groups of one length; the last group is open."""
    listed = list(groups)
    return [
        f"{USA},2,Medium,{time},{middle.format(time)},{start},{start},"
        f"{-1 if start == 100 else span},4,6.001,{size}"
        for start in listed
    ]


def test_thousands_with_decimals_are_exact_persons_on_1_july():
    result = reading(
        total(USA, 2022, "341534.046", male="170000.001", female="171534.045"),
        total(WORLD, 2022, "8021407.192"),
    ).populations
    assert [(item.area, str(item.when.start), item.sex, item.persons) for item in result] == [
        ("US", "2022-07-01", "total", Count.known(341_534_046)),
        ("US", "2022-07-01", "female", Count.known(171_534_045)),
        ("US", "2022-07-01", "male", Count.known(170_000_001)),
        ("WORLD", "2022-07-01", "total", Count.known(8_021_407_192)),
        ("WORLD", "2022-07-01", "female", Count.not_reported()),
        ("WORLD", "2022-07-01", "male", Count.not_reported()),
    ]
    assert result.items[0].source.title == "World Population Prospects 2024, variant Medium"
    assert "United Nations" in result.items[0].source.publisher
    assert result.items[0].flags == frozenset()


@pytest.mark.parametrize(
    ("text", "persons"),
    [
        ("0.1", Count.known(100)),
        ("0.057", Count.known(57)),  # 0.057 * 1000 is 57.00000000000001 in floating point
        ("4.35", Count.known(4350)),  # 4.35 * 1000 is 4350.0 and 4.351 * 1000 is 4351.0
        ("4.351", Count.known(4351)),
        ("1.0005", Count.between(1000, 1001)),
        ("5e-1", Count.known(500)),
        ("7E2", Count.known(700_000)),
        ("8161972.572", Count.known(8_161_972_572)),
    ],
)
def test_persons_are_never_rounded(text, persons):
    (item,) = (i for i in reading(total(USA, 2020, text)).populations if i.sex == "total")
    assert item.persons == persons


def test_projections_of_variants_are_not_mixed():
    lines = [
        total(USA, 2023, "343477.335"),
        total(USA, 2024, "345426.571"),
        total(USA, 2024, "345900", variant="High"),
        total(USA, 2024, "344900", variant="Low"),
    ]
    result = reading(*lines)
    persons = {str(i.when.start): i.persons for i in result.populations if i.sex == "total"}
    assert persons == {
        "2023-07-01": Count.known(343_477_335),
        "2024-07-01": Count.known(345_426_571),
    }
    assert (result.log.read, result.log.used, result.log.count_rows("OTHER_VARIANT")) == (4, 2, 2)
    high = reading(*lines, variant="high").populations
    assert [i.persons for i in high if i.sex == "total"] == [Count.known(345_900_000)]
    assert {i.source.title for i in high} == {"World Population Prospects 2024, variant High"}


def test_projections_have_a_flag():
    result = reading(total(USA, 2023, "1"), total(USA, 2024, "1")).populations
    assert {(str(i.when.start), *i.flags) for i in result} == {
        ("2023-07-01",),
        ("2024-07-01", "f"),
    }
    other = reading(total(USA, 2050, "1"), name="population.csv")
    assert {i.flags for i in other.populations} == {frozenset()}
    assert any("projections have no flag f" in note for note in other.log.notes)


def test_estimates_are_used_with_every_variant():
    lines = [total(USA, 2023, "1", variant="Estimates"), total(USA, 2024, "2", variant="High")]
    assert len(reading(*lines, variant="High").populations) == 6
    assert len(reading(*lines).populations) == 3
    with pytest.raises(InvalidValue, match="variant") as caught:
        reading(*lines, variant="Hihg")
    assert caught.value.hint == "Did you mean 'High'?"


def test_regions_of_m49_are_areas_and_other_groups_are_rejected():
    result = reading(total(WESTERN, 2020, "196146.316"), total(INCOME, 2020, "1"))
    assert result.populations.areas == ("Western Europe",)
    (problem,) = result.log.with_code("UNMAPPED")
    assert problem.texts == {"High-income countries": 1}


def test_file_of_1_january_is_recognised_by_its_name_or_its_middle():
    name = "WPP2024_Population1JanuaryBySingleAgeSex_Medium_1950-2023.csv"
    named = reading(*ages(middle="{}.5"), head=AGE_HEAD, name=name).populations
    middle = reading(*ages(middle="{}.0"), head=AGE_HEAD, name="ages.csv").populations
    for result in (named, middle):
        assert {str(item.when.start) for item in result} == {"2022-01-01"}


def test_children_adults_and_total_are_summed_over_single_ages():
    result = reading(*ages(), head=AGE_HEAD)
    persons = {(i.age, i.sex): i.persons for i in result.populations}
    assert persons["child", "total"] == Count.known(18 * 10_001)
    assert persons["adult", "total"] == Count.known(83 * 10_001)
    assert persons["total", "total"] == Count.known(101 * 10_001)
    assert persons["child", "female"] == Count.known(18 * 6_001)
    assert (result.log.used, result.log.problems) == (101, ())


def test_missing_age_has_no_upper_bound():
    lines = ages()
    lines[3] = lines[3].replace("10.001", "")
    persons = {(i.age, i.sex): i.persons for i in reading(*lines, head=AGE_HEAD).populations}
    assert persons["child", "total"] == Count.between(17 * 10_001, None, "not_reported")
    assert persons["adult", "total"] == Count.known(83 * 10_001)


def test_five_year_groups_give_the_total_only():
    groups = range(0, 101, 5)
    result = reading(*ages(groups=groups, span=5), head=AGE_HEAD)
    assert {i.age for i in result.populations} == {"total"}
    assert result.populations.items[0].persons == Count.known(21 * 10_001)


def test_incomplete_ages_are_rejected():
    result = reading(*ages(groups=range(17)), head=AGE_HEAD)
    assert (len(result.populations), result.log.used, result.log.codes) == (0, 0, ("NO_PLACE",))
    children = reading(*ages(groups=range(20)), head=AGE_HEAD)
    assert {i.age for i in children.populations} == {"child"}
    assert (children.log.used, children.log.rejected) == (18, 2)


def test_overlapping_ages_are_not_summed():
    lines = [*ages(groups=range(0, 101, 5), span=5), *ages(groups=[1], span=1)]
    assert len(reading(*lines, head=AGE_HEAD).populations) == 0


def test_repeated_population_is_used_once_and_contradictory_ones_are_rejected():
    result = reading(
        total(USA, 2020, "1"),
        total(USA, 2020, "1"),
        total(WORLD, 2020, "5"),
        total(WORLD, 2020, "5"),
        total(WORLD, 2020, "6"),
    )
    assert result.populations.areas == ("US",)
    assert (result.log.used, result.log.count_rows("REPEATED")) == (1, 1)
    assert result.log.count_rows("CONTRADICTORY") == 3


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (total(USA, "2020-2025", "1"), "UNMAPPED"),
        (total(USA, 2020, "1", middle="2021.5"), "UNMAPPED"),
        (total(USA, 2020, "1", middle="2020.25"), "UNMAPPED"),
        (total(USA.replace("USA", "XYZ"), 2020, "1"), "UNMAPPED"),
        (total(USA, 2020, "-1"), "NOT_A_COUNT"),
        (total(USA, 2020, "1 000"), "NOT_A_COUNT"),
        (total(USA, 2020, "9e20"), "NOT_A_COUNT"),
        (total(USA, 2020, "NaN"), "NOT_A_COUNT"),
        (total(USA, 2020, "1", female="x"), "NOT_A_COUNT"),
    ],
)
def test_row_that_is_not_a_population_is_rejected(line, code):
    result = reading(line)
    assert (result.log.codes, len(result.populations), result.log.used) == ((code,), 0, 0)


def test_row_with_invalid_ages_is_rejected():
    line = f"{USA},2,Medium,2020,2020.5,All,All,1,1,1,2"
    assert reading(line, head=AGE_HEAD).log.codes == ("NO_PLACE",)


def test_options_of_another_format_and_other_files_are_errors():
    tsv = open_bytes(b"freq,unit,age,sex,geo\\TIME_PERIOD\t2020 \nA,NR,TOTAL,T,MT\t1 \n")
    other = open_bytes(b"a,b\n1,2\n", name="other.csv")
    world = open_bytes(f"{TOTAL_HEAD}\n{total(USA, 2020, '1')}\n".encode(), name=NAME)

    def check(call, error, text):
        with pytest.raises(error, match=text):
            call()

    check_rows(
        check,
        [
            (lambda: read_population(tsv, variant="High"), InvalidValue, "variant"),
            (lambda: read_population(world, average=True), InvalidValue, "average"),
            (lambda: read_population(other), InvalidFile, "must be a population"),
            (lambda: read(world), InvalidFile, "read_population"),
        ],
    )


def test_a_large_file_agrees_with_pandas(tmp_path):
    places = [USA, WORLD, WESTERN]
    lines = [
        f"{place},2,Medium,{year},{year}.5,{age},{age},{-1 if age == 100 else 1},"
        f"{age}.123,{year % 7}.4,{(age * 7919 + year) % 10007}.{age:03}"
        for place in places
        for year in range(1990, 2020)
        for age in range(101)
    ]
    path = tmp_path / "WPP2024_PopulationBySingleAgeSex_Medium_1950-2023.csv.gz"
    path.write_bytes(gzip.compress("\n".join([AGE_HEAD, *lines]).encode()))
    populations = read_population(path).populations
    frame = pd.read_csv(path)
    frame["persons"] = (frame["PopTotal"] * 1000).round().astype(int)
    children = frame[frame["AgeGrpStart"] < 18].groupby(["Location", "Time"])["persons"].sum()
    for (location, year), persons in children.items():
        own = populations.find(location, f"{year}-07-01", age="child")
        assert own.persons == Count.known(persons)


def test_rate_uses_the_population_of_1_july():
    people = reading(total(USA, 2022, "341534.046")).populations
    victims = thb.CountTable.from_rows(
        [("US", 16_390)], columns=["area", "value"], kind="victims", period=2022, status="detected"
    )
    result = thb.rate(victims, people, population_date="middle")
    assert result.formatted == "4.80"
    assert result.base.label == "population on 1 July 2022"
    assert "PERIOD" not in result.warnings.codes
