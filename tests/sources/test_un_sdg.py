"""Downloads from the United Nations' SDG database, in the published layout."""

import io
from typing import Any

import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from thbstats import read as read_any
from thbstats.errors import InvalidFile
from thbstats.files import InputFile, open_bytes
from thbstats.indicators import share
from thbstats.sources import un_sdg
from thbstats.values import Count

HEADER = (
    "Goal,Target,Indicator,SeriesCode,SeriesDescription,GeoAreaCode,GeoAreaName,TimePeriod,Value,"
    "Time_Detail,TimeCoverage,UpperBound,LowerBound,BasePeriod,Source,GeoInfoUrl,FootNote,[Age],"
    "[Nature],[Reporting Type],[Sex],[Units]"
)
# Synthetic numbers: code and name of a country, population in units of 100,000, and the victims by
# series.
COUNTRIES = {
    (470, "Malta"): (5.15, {"": 12, "FL": 4, "SX": 5, "OP": 3}),
    (276, "Germany"): (831.6, {"": 510, "FL": 95, "SX": 360}),
    (792, "Türkiye"): (831.3, {"": 282, "FL": 120, "SX": 140, "OG": 1}),
    (826, "United Kingdom of Great Britain and Northern Ireland"): (670.8, {"": 10601, "FL": 4721}),
    (642, "Romania"): (192.4, {"": 596, "FL": 60, "SX": 430, "OP": 40}),
}


def line(series: str, code: int, area: str, value: object, **more: str) -> str:
    cells = {"age": "ALLAGE", "nature": "C", "sex": "BOTHSEX"} | more
    unit = "PER_100000_POP" if series.endswith("R") else "NUMBER"
    return (
        f"16,16.2,16.2.2,{series},Detected victims of human trafficking,{code},{area},2020,{value},"
        f"2020,,,,,UNODC GLOTIP,,,{cells['age']},{cells['nature']},G,{cells['sex']},{unit}"
    )


def file(*rows: str) -> InputFile:
    return open_bytes("\n".join([HEADER, *rows]).encode(), name="goal16.csv")


def download(counts: dict[tuple[int, str], tuple[float, dict[str, int]]], digits: int = 2) -> Any:
    rows = []
    for (code, area), (population, victims) in counts.items():
        for form, number in victims.items():
            rate = f"{number / population:.{digits}f}"
            rows.append(line(f"VC_HTF_DETV{form}", code, area, number))
            rows.append(line(f"VC_HTF_DETV{form}R", code, area, rate))
    return file(*rows)


def test_micronesia_is_a_region_and_not_its_country() -> None:
    country = line("VC_HTF_DETV", 583, "Micronesia (Federated States of)", 5)
    reading = un_sdg.read(file(line("VC_HTF_DETV", 57, "Micronesia", 50), country))
    table = reading.table
    assert (table.count(area="Micronesia (region)"), table.count(area="FM")) == (
        Count.known(50),
        Count.known(5),
    )


def test_counts_of_five_countries_are_read() -> None:
    opened = download(COUNTRIES)
    reading = un_sdg.read(opened)
    frame = pd.read_csv(io.BytesIO(opened.data))
    counts = frame[~frame.SeriesCode.str.endswith("R")]
    assert (reading.log.used, reading.log.rejected) == (len(counts), len(frame) - len(counts))
    totals = reading.table.where(exploitation="total").to_frame()
    assert totals.value.sum() == counts[counts.SeriesCode == "VC_HTF_DETV"].Value.sum() == 12001
    assert set(totals.area) == {"MT", "DE", "TR", "UK", "RO"}
    assert reading.log.codes == ("NO_COUNT",)
    record = reading.table.cell(area="DE", exploitation="sexual")
    assert (record.status, record.unit, str(record.period)) == ("detected", "persons", "2020")
    assert record.source.title == "UNODC GLOTIP"
    result = share(reading.table, exploitation="sexual", base="all", area="DE", period=2020)
    assert str(result.numerator) == "360"


def test_sex_and_age_are_dimensions_and_estimates_have_a_flag() -> None:
    reading = un_sdg.read(
        file(
            line("VC_HTF_DETV", 470, "Malta", 12),
            line("VC_HTF_DETV", 470, "Malta", 3, age="<18Y"),
            line("VC_HTF_DETV", 470, "Malta", "5.0", age="18+Y", sex="FEMALE", nature="E"),
            line("VC_HTF_DETV", 470, "Malta", "NaN", age="18+Y", sex="MALE", nature="CA"),
        )
    )
    table = reading.table
    assert table.count(age="child") == Count.known(3)
    assert table.cell(age="adult", sex="female").flags == frozenset("e")
    assert table.cell(age="adult", sex="male").count == Count.not_reported()
    assert reading.log.rejected == 0


def test_regions_are_areas_and_other_groups_of_countries_are_rejected() -> None:
    reading = un_sdg.read(
        file(
            line("VC_HTF_DETV", 1, "World", 75128),
            line("VC_HTF_DETV", 155, "Western Europe", 2000),
            line("VC_HTF_DETV", 513, "Europe and Northern America", 9000),
        )
    )
    assert reading.table.categories("area") == ("WORLD", "Western Europe")
    (problem,) = reading.log.with_code("UNMAPPED")
    assert "Europe and Northern America" in str(problem)


def test_other_series_are_rejected() -> None:
    reading = un_sdg.read(
        file(line("VC_IHR_PSRC", 470, "Malta", 1.6), line("VC_HTF_DETV", 470, "Malta", 12))
    )
    (problem,) = reading.log.with_code("NO_COUNT")
    assert "a series other than detected victims" in str(problem)
    assert reading.log.used == 1


def test_the_format_is_recognised_by_its_columns() -> None:
    reading = read_any(download(COUNTRIES))
    assert reading.log.format == "UN SDG database"
    assert un_sdg.recognise(open_bytes(b"Year,Sex,Units,Value\n")) == ""
    assert un_sdg.recognise(open_bytes(b'"SeriesCode' + b"x" * 200_000)) == ""


@pytest.mark.parametrize("name", ["SeriesCode", "GeoAreaName", "TimePeriod", "Value"])
def test_a_file_without_a_required_column_is_refused(name: str) -> None:
    text = "\n".join([HEADER, line("VC_HTF_DETV", 470, "Malta", 12)]).replace(name, "Other")
    with pytest.raises(InvalidFile, match="must be a column of the file") as caught:
        un_sdg.read(open_bytes(text.encode()))
    assert caught.value.field == name


@given(
    st.lists(st.floats(1, 5000), min_size=5, max_size=5),
    st.lists(st.integers(1, 20_000), min_size=5, max_size=5),
    st.integers(0, 4),
)
def test_rates_of_one_population_do_not_differ(
    populations: list[float], totals: list[int], digits: int
) -> None:
    counts = {
        key: (population, {"": total, "FL": max(1, total // 3), "SX": max(1, total // 2)})
        for key, population, total in zip(COUNTRIES, populations, totals, strict=True)
    }
    assert "RATE_DIFFERS" not in un_sdg.read(download(counts, digits)).log.codes


@given(st.floats(1, 900), st.integers(100, 20_000), st.integers(2, 9))
def test_a_count_of_another_release_differs_from_its_rate(
    population: float, total: int, factor: int
) -> None:
    assume(total / population > 1)
    rows = [
        line("VC_HTF_DETV", 470, "Malta", total * factor),
        line("VC_HTF_DETVR", 470, "Malta", f"{total / population:.3f}"),
        line("VC_HTF_DETVFL", 470, "Malta", total),
        line("VC_HTF_DETVFLR", 470, "Malta", f"{total / population:.3f}"),
        line("VC_HTF_DETV", 642, "Romania", 596),
        line("VC_HTF_DETVR", 642, "Romania", "3.1"),
    ]
    (problem,) = un_sdg.read(file(*rows)).log.with_code("RATE_DIFFERS")
    assert problem.used
    assert list(problem.lines) == [2, 4]


@pytest.mark.parametrize("rate", ["", "not a number", "0", "0.0"])
def test_a_rate_that_implies_no_population_is_not_compared(rate: str) -> None:
    rows = [
        line("VC_HTF_DETV", 470, "Malta", 12),
        line("VC_HTF_DETVR", 470, "Malta", rate),
        line("VC_HTF_DETVFL", 470, "Malta", 12),
        line("VC_HTF_DETVFLR", 470, "Malta", "2.3"),
    ]
    assert "RATE_DIFFERS" not in un_sdg.read(file(*rows)).log.codes
