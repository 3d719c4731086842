"""Periods as offices write them."""

import pytest

import thbstats as thb
from tests.rows import check_rows
from thbstats.files import Declaration, open_bytes
from thbstats.files.reference_periods import period_readings
from thbstats.values import Period

ONE_READING = [
    ("2021", "2021"),
    ("2021 [note 2]", "2021"),
    ("2015-2016", "2015-2016"),
    ("2014/16", "2014-2016"),
    ("Q3 2023", "2023-Q3"),
    ("2023 Q3", "2023-Q3"),
    ("3rd quarter 2023", "2023-Q3"),
    ("3. Quartal 2023", "2023-Q3"),
    ("1er trimestre 2022", "2022-Q1"),
    ("2023T4", "2023-Q4"),
    ("2023-T3", "2023-T3"),
    ("H1 2023", "2023-S1"),
    ("2023M04", "2023-M04"),
    ("04/2023", "2023-M04"),
    ("2023/04", "2023-M04"),
    ("2010-10", "2010-M10"),
    ("April 2023", "2023-M04"),
    ("Mär 2023", "2023-M03"),
    ("août 2022", "2022-M08"),
    ("agosto de 2022", "2022-M08"),
    ("styczeń 2022", "2022-M01"),
    ("listopad 2022", "2022-M11"),
    ("2022 március", "2022-M03"),
    ("Μάρτιος 2022", "2022-M03"),
    ("IV. Quartal 2023", "2023-Q4"),
    ("IV kwartał 2023", "2023-Q4"),
    ("trimestrul II 2023", "2023-Q2"),
    ("4º trimestre de 2023", "2023-Q4"),
    ("4.º trimestre 2023", "2023-Q4"),
    ("2023. IV. negyedév", "2023-Q4"),
    ("4:e kvartalet 2023", "2023-Q4"),
    ("\u0394\u0384 τρίμηνο 2023", "2023-Q4"),
    ("1. Halbjahr 2023", "2023-S1"),
    ("primo semestre 2023", "2023-S1"),
    ("zweites Halbjahr 2023", "2023-S2"),
    ("premier trimestre 2023", "2023-Q1"),
    ("quarto trimestre de 2023", "2023-Q4"),
    ("first half of 2023", "2023-S1"),
    ("third quarter 2023", "2023-Q3"),
    ("1° quadrimestre 2023", "2023-T1"),
    ("2.º cuatrimestre 2023", "2023-T2"),
    ("Tertial 3 2023", "2023-T3"),
    ("II półrocze 2023", "2023-S2"),
    ("Jänner 2023", "2023-M01"),
    ("mrt 2023", "2023-M03"),
    ("stycznia 2023", "2023-M01"),
    ("prosince 2023", "2023-M12"),
    ("Ιανουαρίου 2023", "2023-M01"),
    ("jan/2023", "2023-M01"),
    ("year ending March 2022", "2021-04-01/2022-03-31"),
    ("Year ending 30 June 2022", "2021-07-01/2022-06-30"),
    ("12 months to December 2022", "2022"),
    ("January to March 2022", "2022-Q1"),
    ("Jul\N{EN DASH}Dec 2022", "2022-S2"),
    ("April 2021 to March 2022", "2021-04-01/2022-03-31"),
]


def test_text_with_one_reading_is_a_period() -> None:
    def check(text: str, period: str) -> None:
        assert [str(own) for _, own in period_readings(text)] == [period]

    check_rows(check, ONE_READING)


SEVERAL_READINGS = [
    ("2021/22", ["2021-2022", "2021-04-01/2022-03-31"], "2021-04-01/2022-03-31"),
    ("2021-22", ["2021-2022", "2021-04-01/2022-03-31"], "2021-04-01/2022-03-31"),
    ("2021/2022", ["2021-2022", "2021-04-01/2022-03-31"], "2021-04-01/2022-03-31"),
    ("1999/00", ["1999-2000", "1999-04-01/2000-03-31"], "1999-04-01/2000-03-31"),
    ("FY2021/22", ["2021-04-01/2022-03-31", "2021-07-01/2022-06-30"], "2021-04-01/2022-03-31"),
    ("2010-11", ["2010-M11", "2010-2011", "2010-04-01/2011-03-31"], "2010-04-01/2011-03-31"),
    ("2020/21 Q3", ["2020-Q4", "2021-Q1"], "2020-Q4"),
    ("Q3 2020/21", ["2020-Q4", "2021-Q1"], "2020-Q4"),
]


def test_fiscal_year_chooses_one_of_several_readings() -> None:
    def check(text: str, periods: list[str], fiscal: str) -> None:
        assert [str(own) for _, own in period_readings(text)] == periods
        assert [str(own) for _, own in period_readings(text, 4)] == [fiscal]

    check_rows(check, SEVERAL_READINGS)


IMPOSSIBLE = ["Dec-Feb 2021", "Nov to Jan 2021", "Q1 0000", "01/0000", "9999/00", "0000"]


@pytest.mark.parametrize("text", IMPOSSIBLE)
def test_impossible_period_rejects_its_row_only(text: str) -> None:
    assert period_readings(text) == []
    reading = read([text, "2020"])
    assert reading.table.categories("period") == ("2020",)
    assert [(own.code, len(own)) for own in reading.log.problems] == [("UNMAPPED", 1)]


@pytest.mark.parametrize("text", ["", "Total", "2023-Q5", "20", "2023-13", "foo 2022", "Year 1"])
def test_other_text_has_no_reading(text: str) -> None:
    assert period_readings(text) == []


@pytest.mark.parametrize("text", ["Year ending 30 March 2022", "year ending foo 2022"])
def test_year_that_does_not_end_with_a_month_has_no_reading(text: str) -> None:
    assert period_readings(text) == []


def read(texts: list[str], **declared: object) -> thb.sources.Reading:
    lines = "\n".join(["Time,value", *(f"{text},1" for text in texts)])
    declare = Declaration(
        kind="victims",
        columns={"Time": "period", "value": "value"},
        constants={"area": "MT"},
        **declared,
    )
    return thb.read(open_bytes(lines.encode(), name="a.csv"), declare=declare)


def test_ambiguous_text_is_rejected_with_every_reading_and_the_declaration_that_chooses() -> None:
    (problem,) = read(["2021/22", "2020"]).log.problems
    assert "'2021/22': 2021-2022 (years) or 2021-04-01/2022-03-31 (fiscal)" in problem.message
    assert "fiscal_year=4" in problem.hint
    assert "recode={'Time': {'2021/22': '2021-2022'}}" in problem.hint
    chosen = read(["2021/22"], recode={"Time": {"2021/22": "2021-2022"}})
    assert chosen.table.categories("period") == ("2021-2022",)


def test_fourth_t_shows_that_t_means_quarters() -> None:
    assert read(["2023T1", "2023T4"]).table.categories("period") == ("2023-Q1", "2023-Q4")
    (problem,) = read(["2023T1"]).log.problems
    assert "2023-Q1 (quarter) or 2023-T1 (third)" in problem.message


def test_fiscal_years_and_their_quarters_are_read() -> None:
    table = read(["2021/22", "2021/22 Q2"], fiscal_year=7).table
    assert table.categories("period") == (str(Period.fiscal(2021, 7)), "2021-Q4")
