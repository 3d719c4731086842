"""Eurostat's populations: the day, the sex, the age, and what is rejected."""

import pytest

from thbstats import Count, Source
from thbstats.errors import DefectiveFile, InvalidFile
from thbstats.exchange import open_bytes
from thbstats.sources import read_population

HEAD = "freq,unit,age,sex,geo\\TIME_PERIOD\t2019 \t2020 "
# Eurostat, demo_pjan: Malta's 514 564 of 1 January 2020; the other figures are made up.
MALTA = "A,NR,TOTAL,T,MT\t493559 \t514564 p"


def reading(*lines, name="estat_demo_pjan.tsv", head=HEAD, **more):
    return read_population(open_bytes("\n".join([head, *lines, ""]).encode(), name=name), **more)


def test_a_figure_of_a_year_is_the_population_on_its_first_day():
    found = reading(MALTA)
    assert [(item.area, str(item.when)) for item in found.populations] == [
        ("MT", "2019-01-01/2019-01-01"),
        ("MT", "2020-01-01/2020-01-01"),
    ]
    latest = found.populations.find("MT", "2020-01-01")
    assert latest.persons == Count.known(514_564)
    assert latest.flags == {"p"}
    assert latest.source.title == "Eurostat DEMO_PJAN"
    assert (found.log.read, found.log.used) == (2, 2)
    assert repr(found).endswith("rejected; 2 populations>")
    assert "populations" in str(found)


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
    found = reading(
        "A,NR,TOTAL,F,MT\t1 \t2 ",
        "A,NR,Y_LT18,T,MT\t3 \t4 ",
        "A,NR,Y_GE18,M,MT\t5 \t6 ",
        "A,NR,UNK,UNK,MT\t7 \t8 ",
    ).populations
    assert found.find("MT", "2020-01-01", sex="female").persons == Count.known(2)
    assert found.find("MT", "2020-01-01", age="child").persons == Count.known(4)
    assert found.find("MT", "2020-01-01", sex="male", age="adult").persons == Count.known(6)
    assert found.find("MT", "2020-01-01", sex="unknown", age="unknown").persons == Count.known(8)


def test_missing_value_stays_missing_and_confidential_one_is_suppressed():
    found = reading("A,NR,TOTAL,T,MT\t: \t: c").populations
    assert found.find("MT", "2019-01-01").persons == Count.not_reported()
    assert found.find("MT", "2020-01-01").persons == Count.suppressed()


def test_compositions_are_used_and_other_areas_rejected():
    found = reading(MALTA, "A,NR,TOTAL,T,EU27_2020\t1 \t447319916 ", "A,NR,TOTAL,T,DE_TOT\t1 \t2 ")
    assert found.populations.areas == ("MT", "EU27_2020")
    assert found.log.count_rows("UNMAPPED") == 1
    assert list(found.rejected["(problem)"]) == ["UNMAPPED", "UNMAPPED"]
    (problem,) = found.log.with_code("UNMAPPED")
    assert problem.texts == {"DE_TOT": 2}
    assert (found.log.read, found.log.used) == (6, 4)


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
    found = reading(line)
    assert found.log.codes == (code,)
    assert (len(found.populations), found.log.used) == (0, 0)
    with pytest.raises(DefectiveFile):
        reading(line, strict=True)


def test_invalid_year_is_rejected():
    found = reading("A,NR,TOTAL,T,MT\t1 ", head="freq,unit,age,sex,geo\\TIME_PERIOD\t2020-S1 ")
    assert found.log.codes == ("UNMAPPED",)


def years(sex="T", last=18, text="10"):
    ages = ["Y_LT1", *(f"Y{age}" for age in range(1, last))]
    return [f"A,NR,{age},{sex},MT\t: \t{text} p" for age in ages]


def test_children_are_the_sum_of_the_years_under_18():
    found = reading(*years(), *years("F", text="3"))
    assert found.populations.find("MT", "2020-01-01", age="child").persons == Count.known(180)
    girls = found.populations.find("MT", "2020-01-01", age="child", sex="female")
    assert (girls.persons, girls.flags) == (Count.known(54), {"p"})
    assert found.populations.find("MT", "2019-01-01", age="child").persons.upper is None
    assert found.log.used == 72
    assert not found.log.problems


def test_years_that_make_no_children_are_rejected():
    found = reading(*years(last=17), MALTA)
    assert found.populations.find("MT", "2020-01-01", age="child") is None
    assert found.log.codes == ("NO_PLACE",)
    assert (found.log.read, found.log.used) == (36, 2)


def test_printed_children_go_before_the_sum_of_years():
    found = reading("A,NR,Y_LT18,T,MT\t5 \t185 ", *years())
    assert found.populations.find("MT", "2020-01-01", age="child").persons == Count.known(185)
    assert found.log.used == 2


def test_repeated_population_is_used_once_and_contradictory_one_is_rejected():
    found = reading(MALTA, "A,NR,TOTAL,T,MT\t493559 \t514565 ")
    assert found.log.codes == ("REPEATED", "CONTRADICTORY")
    assert [item.persons for item in found.populations] == [Count.known(493_559)]
    assert (found.log.read, found.log.used) == (4, 1)


def test_averages_and_figures_of_1_january_are_distinguished():
    head = "freq,indic_de,geo\\TIME_PERIOD\t2020 "
    found = reading("A,JAN,MT\t514564 ", "A,AVG,MT\t515344.5 ", "A,GROW,MT\t1 ", head=head)
    assert found.populations.find("MT", 2020).persons == Count.between(515_344, 515_345)
    assert found.populations.find("MT", "2020-01-01").persons == Count.known(514_564)
    assert found.log.codes == ("NO_COUNT",)


def test_figures_can_be_declared_as_averages():
    found = reading(MALTA, average=True).populations
    assert [str(item.when) for item in found] == ["2019", "2020"]


@pytest.mark.parametrize("names", ["freq,crime,geo", "freq,unit,sex"])
def test_a_file_of_other_dimensions_is_refused(names):
    with pytest.raises(InvalidFile, match="must have the dimensions of a population"):
        reading(head=f"{names}\\TIME_PERIOD\t2020 ")
