"""Populations by area, time, sex and age."""

from datetime import date

import pytest

from thbstats import Count, Source
from thbstats.errors import DuplicateKey, InvalidValue, UnknownName
from thbstats.records import Population, Populations
from thbstats.values import Period

SOURCE = Source(title="Population on 1 January", publisher="Eurostat")


def malta(**more):
    values = {"area": "MT", "when": "2020-01-01", "persons": 514_564, "source": SOURCE}
    return Population(**{**values, **more})


@pytest.mark.parametrize(
    "when",
    [
        "2020-01-01",
        date(2020, 1, 1),
        Period(date(2020, 1, 1), date(2020, 1, 1)),
        "2020-01-01/2020-01-01",
    ],
)
def test_a_stock_refers_to_one_day(when):
    result = malta(when=when)
    assert result.is_stock
    assert result == malta()


@pytest.mark.parametrize("when", [2020, "2020", Period.calendar(2020)])
def test_an_average_refers_to_a_period(when):
    result = malta(when=when)
    assert not result.is_stock
    assert str(result.when) == "2020"


@pytest.mark.parametrize(
    ("wrong", "error", "message"),
    [
        ({"when": "~2019-2020"}, InvalidValue, "must be an exact day or period"),
        ({"when": "not stated"}, InvalidValue, "must be an exact day or period"),
        ({"when": "2020-02-30"}, InvalidValue, "must be a reference period"),
        ({"when": "1 January 2020"}, InvalidValue, "must be a reference period"),
        ({"area": "Atlantis"}, UnknownName, "Atlantis"),
    ],
)
def test_an_invalid_population_raises(wrong, error, message):
    with pytest.raises(error, match=message):
        malta(**wrong)


def test_a_source_is_required():
    with pytest.raises(TypeError, match="source"):
        Population(area="MT", when="2020-01-01", persons=514_564)
    with pytest.raises(InvalidValue, match=r"title.*must not be empty"):
        malta(source="")
    assert malta(source="NSO").source == Source(title="NSO")


def test_sex_and_age_are_parsed():
    result = malta(area="Malta", sex="F", age="under 18", flags="ep")
    assert (result.area, result.sex, result.age) == ("MT", "female", "child")
    assert result.flags == {"e", "p"}


def test_areas_are_found_by_their_countries():
    union = malta(area="EU27_2020")
    known = Populations([union, malta()])
    assert known.find("EU28 without UK", "2020-01-01") is union
    assert known.find(union.area, "2020-01-01") is union
    assert known.find(["MT"], date(2020, 1, 1)) == known.find(["Malta"], "2020-01-01") == malta()
    with pytest.raises(UnknownName):
        known.find(["Ruritania"], "2020-01-01")
    assert known.find("EU28", "2020-01-01") is None
    assert known.find("MT", "2020") is None
    assert known.find("MT", "2020-01-01", sex="female") is None
    assert known.find("MT", "2020-01-01", age="child") is None


def test_duplicate_populations_raise():
    with pytest.raises(DuplicateKey) as caught:
        Populations([malta(), malta(sex="female"), malta(persons=Count.between(1, 2))])
    assert (caught.value.row, caught.value.value) == (2, "MT, 2020-01-01/2020-01-01")


def test_populations_are_added_and_listed():
    both = Populations([malta()]) + Populations([malta(area="EU28", when=2019)])
    assert len(both) == 2
    assert [item.area for item in both] == ["MT", "EU28"]
    assert both.areas == ("MT", "EU28")
    assert repr(both) == "<Populations 2 of 2 areas, 2019 to 2020-01-01>"
    assert repr(Populations([])) == "<Populations 0 of 0 areas>"
