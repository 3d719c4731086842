"""Eurostat's populations: the day, the sex, the age, and what is rejected."""

import pytest

from thbstats import Count, Source
from thbstats.errors import DefectiveFile, InvalidFile
from thbstats.files import open_bytes
from thbstats.sources import read_population

HEAD = "freq,unit,age,sex,geo\\TIME_PERIOD\t2019 \t2020 "
# Eurostat, demo_pjan: Malta's 514 564 of 1 January 2020; the other figures are made up.
MALTA = "A,NR,TOTAL,T,MT\t493559 \t514564 p"


def reading(*lines, name="estat_demo_pjan.tsv", head=HEAD, **more):
    return read_population(open_bytes("\n".join([head, *lines, ""]).encode(), name=name), **more)


def test_figure_of_a_year_is_the_population_on_1_january():
    result = reading(MALTA)
    assert [(item.area, str(item.when)) for item in result.populations] == [
        ("MT", "2019-01-01/2019-01-01"),
        ("MT", "2020-01-01/2020-01-01"),
    ]
    latest = result.populations.find("MT", "2020-01-01")
    assert latest.persons == Count.known(514_564)
    assert latest.flags == {"p"}
    assert latest.source.title == "Eurostat DEMO_PJAN"
    assert (result.log.read, result.log.used) == (2, 2)
    assert repr(result).endswith("rejected; 2 populations>")
    assert "populations" in str(result)


def test_error_of_table_names_populations():
    with pytest.raises(ValueError, match=r"Use \.populations"):
        _ = reading(MALTA).table


@pytest.mark.parametrize(
    ("more", "title"),
    [
        ({"source": "NSO"}, "NSO"),
        ({"source": Source(title="NSO")}, "NSO"),
        ({"name": "mine.tsv"}, "Eurostat, mine.tsv"),
    ],
)
def test_the_source_is_that_of_the_user_or_of_the_file(more, title):
    assert {item.source.title for item in reading(MALTA, **more).populations} == {title}


def test_sexes_and_age_groups_are_distinguished():
    result = reading(
        "A,NR,TOTAL,F,MT\t1 \t2 ",
        "A,NR,Y_LT18,T,MT\t3 \t4 ",
        "A,NR,Y_GE18,M,MT\t5 \t6 ",
        "A,NR,UNK,UNK,MT\t7 \t8 ",
    ).populations
    assert result.find("MT", "2020-01-01", sex="female").persons == Count.known(2)
    assert result.find("MT", "2020-01-01", age="child").persons == Count.known(4)
    assert result.find("MT", "2020-01-01", sex="male", age="adult").persons == Count.known(6)
    assert result.find("MT", "2020-01-01", sex="unknown", age="unknown").persons == Count.known(8)


def test_missing_value_stays_missing_and_confidential_one_is_suppressed():
    result = reading("A,NR,TOTAL,T,MT\t: \t: c").populations
    assert result.find("MT", "2019-01-01").persons == Count.not_reported()
    assert result.find("MT", "2020-01-01").persons == Count.suppressed()


def test_compositions_are_used_and_other_areas_rejected():
    result = reading(MALTA, "A,NR,TOTAL,T,EU27_2020\t1 \t447319916 ", "A,NR,TOTAL,T,DE_TOT\t1 \t2 ")
    assert result.populations.areas == ("MT", "EU27_2020")
    assert result.log.count_rows("UNMAPPED") == 2  # a cell for each year
    assert list(result.rejected["(problem)"]) == ["UNMAPPED", "UNMAPPED"]
    (problem,) = result.log.with_code("UNMAPPED")
    assert problem.texts == {"DE_TOT": 2}
    assert (result.log.read, result.log.used) == (6, 4)


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("A,NR,Y20,T,MT\t1 \t2 ", "NO_PLACE"),
        ("A,THS,TOTAL,T,MT\t1 \t2 ", "NO_COUNT"),
        ("A,NR,TOTAL,X,MT\t1 \t2 ", "UNMAPPED"),
        ("A,NR,TOTAL,T,MT\t-1 \tabout 2", "NOT_A_COUNT"),
    ],
)
def test_row_that_is_not_a_population_is_rejected(line, code):
    result = reading(line)
    assert result.log.codes == (code,)
    assert (len(result.populations), result.log.used) == (0, 0)
    with pytest.raises(DefectiveFile):
        reading(line, strict=True)


def test_invalid_year_is_rejected():
    result = reading("A,NR,TOTAL,T,MT\t1 ", head="freq,unit,age,sex,geo\\TIME_PERIOD\t2020-S1 ")
    assert result.log.codes == ("UNMAPPED",)


def years(sex="T", last=18, text="10"):
    ages = ["Y_LT1", *(f"Y{age}" for age in range(1, last))]
    return [f"A,NR,{age},{sex},MT\t: \t{text} p" for age in ages]


def test_children_are_the_sum_of_the_years_under_18():
    result = reading(*years(), *years("F", text="3"))
    assert result.populations.find("MT", "2020-01-01", age="child").persons == Count.known(180)
    girls = result.populations.find("MT", "2020-01-01", age="child", sex="female")
    assert (girls.persons, girls.flags) == (Count.known(54), {"p"})
    assert result.populations.find("MT", "2019-01-01", age="child").persons.upper is None
    assert result.log.used == 72
    assert not result.log.problems


def test_incomplete_years_of_childhood_are_rejected():
    result = reading(*years(last=17), MALTA)
    assert result.populations.find("MT", "2020-01-01", age="child") is None
    assert result.log.codes == ("NO_PLACE",)
    assert (result.log.read, result.log.used) == (36, 2)


def test_published_children_override_the_sum_of_years():
    result = reading("A,NR,Y_LT18,T,MT\t5 \t185 ", *years())
    assert result.populations.find("MT", "2020-01-01", age="child").persons == Count.known(185)
    assert result.log.used == 2


def test_repeated_population_is_used_once_and_contradictory_one_is_rejected():
    result = reading(MALTA, "A,NR,TOTAL,T,MT\t493559 \t514565 ")
    assert result.log.codes == ("REPEATED", "CONTRADICTORY")
    assert [item.persons for item in result.populations] == [Count.known(493_559)]
    assert (result.log.read, result.log.used) == (4, 1)


def test_averages_and_figures_of_1_january_are_distinguished():
    head = "freq,indic_de,geo\\TIME_PERIOD\t2020 "
    result = reading("A,JAN,MT\t514564 ", "A,AVG,MT\t515344.5 ", "A,GROW,MT\t1 ", head=head)
    assert result.populations.find("MT", 2020).persons == Count.between(515_344, 515_345)
    assert result.populations.find("MT", "2020-01-01").persons == Count.known(514_564)
    assert result.log.codes == ("NO_COUNT",)


def test_figures_can_be_declared_as_averages():
    result = reading(MALTA, average=True).populations
    assert [str(item.when) for item in result] == ["2019", "2020"]


@pytest.mark.parametrize("names", ["freq,crime,geo", "freq,unit,sex"])
def test_other_dimensions_are_an_error(names):
    with pytest.raises(InvalidFile, match="must have the dimensions of a population"):
        reading(head=f"{names}\\TIME_PERIOD\t2020 ")
