"""National tables of SDG 16.2.2: blanks, rates, own nationals, and forms that overlap."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.examples import examples
from tests.sources.readings import check_log
from thbstats.errors import InvalidFile, InvalidValue, UnknownName
from thbstats.files import Declaration, InputFile, Reading, open_bytes
from thbstats.indicators import breakdown
from thbstats.sources import sdg
from thbstats.values import Count

# Figures of 2019 and 2020: National Statistics Office of Malta, SDG 16.2.2.
HEADER = "Year,Series,Sex,Age,Broad citizenship,Form of exploitation,Units,Value"
COUNTS = "1. Detected victims of human trafficking"
ROWS = (
    ("2019", "Both Sexes", "All Ages", "All citizens", "All forms", 9),
    ("2019", "Both Sexes", "All Ages", "All citizens", "Forced labour", 8),
    ("2019", "Both Sexes", "All Ages", "All citizens", "Other forms", 0),
    ("2019", "Both Sexes", "All Ages", "All citizens", "Sexual exploitation", 1),
    ("2020", "Both Sexes", "All Ages", "All citizens", "All forms", 12),
    ("2020", "Both Sexes", "All Ages", "All citizens", "Forced labour", 6),
    ("2020", "Both Sexes", "All Ages", "All citizens", "Other forms", 3),
    ("2020", "Both Sexes", "All Ages", "All citizens", "Sexual exploitation", 7),
    ("2020", "Both Sexes", "All Ages", "Maltese", "All forms", 3),
    ("2020", "Both Sexes", "All Ages", "Non-EU", "All forms", 7),
    ("2020", "Both Sexes", "All Ages", "Other EU", "All forms", 2),
    ("2020", "Both Sexes", "0 - 17", "All citizens", "All forms", 3),
    ("2020", "Both Sexes", "18+", "All citizens", "All forms", 9),
    ("2020", "Females", "All Ages", "All citizens", "All forms", 12),
    ("2020", "Males", "All Ages", "All citizens", "All forms", 0),
)
RATES = "2. Detected victims of human trafficking, per 100,000 population"
RATE = f'2020,"{RATES}",,,,,"Per 100,000 population",2.3'


def file(*lines: str) -> InputFile:
    return open_bytes("\n".join([*lines, ""]).encode(), name="malta.csv")


MALTA = file(
    HEADER,
    *(f"{year},{COUNTS},{','.join(texts)},Number of victims,{n}" for year, *texts, n in ROWS),
    RATE,
)


def test_texts_of_the_maltese_file_are_mapped():
    reading = sdg.read(MALTA, area="MT")
    table = reading.table
    assert table.count(period=2020) == Count.known(12)
    assert table.count(period=2020, age="child") == Count.known(3)
    assert table.count(period=2020, exploitation="labour") == Count.known(6)
    assert table.count(period=2020, citizenship="other_eu") == Count.known(2)
    assert (reading.log.used, reading.log.rejected) == (len(ROWS), 1)


def test_counts_are_detected_persons_of_the_country():
    record = sdg.read(MALTA, area="Malta").table.cell(period=2020, sex="female")
    assert (record.area, record.status, record.unit) == ("MT", "detected", "persons")
    assert record.source.title == "SDG 16.2.2 national data"


def test_country_is_required():
    with pytest.raises(InvalidValue, match="does not contain the country") as caught:
        sdg.read(MALTA)
    assert caught.value.field == "area"
    assert "area='MT'" in caught.value.hint


def test_unknown_area_is_an_error():
    with pytest.raises(UnknownName):
        sdg.read(MALTA, area="Atlantis")


@pytest.mark.parametrize("word", ["Maltese", "maltese", "Malta", "MT", "Nationals"])
def test_own_nationals_are_those_of_the_reporting_country(word: str):
    rows = file("Year,Citizenship,Units,Value", f"2020,{word},Number of victims,3")
    table = sdg.read(rows, area="MT").table
    assert table.count(citizenship="reporting_country") == Count.known(3)


def test_nationals_of_another_country_keep_their_country():
    rows = file("Year,Citizenship,Units,Value", "2020,Maltese,Number of victims,3")
    assert sdg.read(rows, area="IT").table.count(citizenship="MT") == Count.known(3)


def test_forms_above_the_total_are_flagged_and_used():
    report = sdg.read(MALTA, area="MT").log
    (problem,) = report.with_code("PARTS_EXCEED_TOTAL")
    assert problem.used
    assert len(problem) == 1
    assert "total 12, parts by exploitation 16" in str(problem)


def test_breakdown_by_form_warns_of_multiple_response():
    table = sdg.read(MALTA, area="MT").table
    by_form = {
        year: breakdown(table, of="exploitation", base="all", period=year) for year in (2019, 2020)
    }
    assert "MULTIPLE_RESPONSE" in by_form[2020].warnings.codes
    assert "MULTIPLE_RESPONSE" not in by_form[2019].warnings.codes


# Rates.


def test_rates_are_rejected():
    report = sdg.read(MALTA, area="MT").log
    (problem,) = report.with_code("NO_COUNT")
    assert not problem.used
    assert problem.lines.tolist() == [len(ROWS) + 2]
    assert dict(problem.texts) == {RATES: 1}


@pytest.mark.parametrize(
    "unit",
    ["Per 100,000 population", "Rate", "per (100 000) inhabitants", "Percent", "%", "per cent",
     "Number of victims per 100 000", "Proportion of victims", "Share of victims"],
)  # fmt: skip
def test_unit_of_a_rate_is_not_a_count(unit: str):
    rows = file("Year,Units,Value", f'2020,"{unit}",2', "2021,Number of victims,4")
    report = sdg.read(rows, area="MT").log
    assert (report.codes, report.used) == (("NO_COUNT",), 1)


@pytest.mark.parametrize("unit", ["Number of victims", "Persons", "Victims", "Number", "people"])
def test_a_unit_of_persons_is_a_count(unit: str):
    rows = file("Year,Units,Value", f"2020,{unit},2")
    assert sdg.read(rows, area="MT").table.count() == Count.known(2)


@pytest.mark.parametrize("unit", ["", "thousands", "Euro"])
def test_unknown_unit_is_rejected(unit: str):
    rows = file("Year,Units,Value", f"2020,{unit},2")
    report = sdg.read(rows, area="MT").log
    assert (report.codes, report.used) == (("NO_UNIT",), 0)


def test_blank_unit_is_inferred_from_the_series():
    rows = file("Year,Series,Units,Value", f"2020,{COUNTS},,12")
    assert sdg.read(rows, area="MT").table.count() == Count.known(12)


def test_file_without_unit_is_not_read_as_counts():
    with pytest.raises(InvalidFile, match="to distinguish counts from rates"):
        sdg.read(file("Year,Sex,Value", "2020,Females,12"), area="MT")


# Other series.


def test_persons_prosecuted_are_not_victims():
    header, victims = "Year,Series,Units,Value", "2021,Victims of trafficking,Number of persons,9"
    courts = [
        "2020,Persons prosecuted for trafficking,Number of persons,5",
        "2020,Trafficking,Number of cases,5",
    ]
    assert not sdg.recognise(file(header, *courts))
    reading = sdg.read(file(header, *courts, victims), area="MT")
    assert reading.table.to_frame()[["period", "value"]].values.tolist() == [["2021", 9]]
    assert [len(problem) for problem in reading.log.with_code("NO_COUNT")] == [1, 1]


@pytest.mark.parametrize(
    ("options", "status", "n"),
    [({}, "detected", 5), ({"status": "presumed"}, "presumed", 9)],
)
def test_series_of_another_status_is_rejected(options, status, n):
    rows = ["2020,1. Detected victims of trafficking,Number of victims,5",
            "2020,2. Presumed victims of trafficking,Number of victims,9"]  # fmt: skip
    reading = sdg.read(file("Year,Series,Units,Value", *rows), area="MT", **options)
    assert (reading.table.cell().status, reading.table.count()) == (status, Count.known(n))
    assert reading.log.codes == ("NO_COUNT",)


def test_only_status_of_all_series_is_that_of_the_table():
    rows = file("Year,Series,Units,Value", "2020,Presumed victims of trafficking,Number,9")
    assert sdg.read(rows, area="MT").table.cell().status == "presumed"


def test_declared_column_of_the_status_is_not_rejected():
    texts = {"Presumed victims of trafficking": "presumed", "Detected victims": "detected"}
    declared = Declaration(columns={"Series": "status"}, recode={"Series": texts})
    rows = (f"2020,{text},Number,9" for text in texts)
    table = sdg.read(file("Year,Series,Units,Value", *rows), area="MT", declare=declared).table
    assert table.categories("status") == ("presumed", "detected")


# Blanks.


def test_blank_disaggregation_is_the_total_and_noted():
    rows = file("Year,Sex,Units,Value", "2020,,Number of victims,12", "2020,Females,Victims,9")
    reading = sdg.read(rows, area="MT")
    assert reading.table.count(sex="total") == Count.known(12)
    assert reading.log.notes == ("A blank in 'Sex' is the total",)


def test_blanks_of_rates_have_no_note():
    assert sdg.read(MALTA, area="MT").log.notes == ()


@pytest.mark.parametrize("name", ["Region", "GeoCode"])
def test_rows_with_a_value_in_an_unknown_column_are_rejected(name: str):
    rows = file(f"Year,{name},Units,Value", "2020,,Victims,12", "2020,Gozo,Victims,2")
    reading = sdg.read(rows, area="MT")
    assert reading.table.count() == Count.known(12)
    (problem,) = reading.log.with_code("UNDECLARED")
    assert (problem.column, dict(problem.texts)) == (name, {"Gozo": 1})


def test_blank_value_is_missing():
    rows = file("Year,Units,Value", "2020,Victims,")
    assert sdg.read(rows, area="MT").table.count() == Count.not_reported()


# What a user says goes first.


def test_declaration_overrides_known_columns():
    rows = file("Year,Who,Sex,Units,Value", "2020,girls,x,Thousand heads,12")
    declared = Declaration(
        columns={"Who": "sex"},
        recode={"Who": {"girls": "female"}},
        ignored=["Sex", "Units"],
        constants={"age": "child"},
    )
    reading = sdg.read(rows, declare=declared, area="MT", status="identified", source="NSO")
    record = reading.table.cell(sex="female", age="child")
    assert (record.status, record.source.title) == ("identified", "NSO")
    assert reading.log.codes == ()


def test_column_can_contain_the_country():
    rows = file("Year,Island,Units,Value", "2020,MT,Victims,12")
    declared = Declaration(columns={"Island": "area"})
    assert sdg.read(rows, declare=declared).table.cell().area == "MT"


# Recognition, and the law.


@pytest.mark.parametrize(
    ("opened", "is_sdg"),
    [
        (MALTA, True),
        (file("YEAR;Units;VALUE", "2020;victims of trafficking;1"), True),
        (file("Year,Units,Value", "2020,tonnes,1"), False),
        (file("Year,Value", "2020,trafficking"), False),
        (file("Year,Units", "2020,trafficking"), False),
        (file('"Year', "trafficking"), False),
    ],
)
def test_format_is_recognised_by_header_and_subject(opened: InputFile, is_sdg: bool):
    assert bool(sdg.recognise(opened)) is is_sdg


cells = st.sampled_from(
    ["", "2020", "Females", "Maltese", "Number of victims", "%", "3", "-1", "x"]
)


@examples(15)
@given(st.lists(st.lists(cells, min_size=5, max_size=7), max_size=20))
def test_rows_read_are_used_or_rejected(rows: list[list[str]]):
    lines = [",".join(row) for row in rows]
    opened = file("Year,Sex,Citizenship,Units,Value,Region", *lines)
    check_log(sdg.read(opened, area="MT"), sum(any(row) or len(row) > 1 for row in rows))


# Age bands.

BANDED = "Year,Series,Sex,Age,Unit multiplier,Units,Observation status,Value"
VICTIMS = "Detected victims of human trafficking (Number)"


def banded(
    *rows: tuple[str, int], status: str = "Normal value", multiplier: str = "Units"
) -> Reading:
    lines = (f"2021,{VICTIMS},,{age},{multiplier},Number,{status},{n}.0" for age, n in rows)
    return sdg.read(file(BANDED, *lines), area="UK")


def test_age_bands_of_the_united_kingdom_are_added_up():
    # The file of the Office for National Statistics contains these figures for 2021.
    reading = banded(
        *(("", 11387), ("0 to 14", 725), ("15 to 17", 3405), ("18 to 24", 2472)),
        *(("25 to 34", 3051), ("35 to 44", 1120), ("45 to 54", 449), ("55 to 64", 122)),
        *(("65 to 74", 24), ("75 and over", 3), ("Age not known", 16)),
    )
    assert (reading.log.used, reading.log.rejected, reading.log.codes) == (11, 0, ())
    counts = {age: reading.table.count(age=age).lower for age in ("child", "adult", "unknown")}
    assert counts == {"child": 4130, "adult": 7241, "unknown": 16}
    assert reading.table.count() == Count.known(11387)


@pytest.mark.parametrize(
    ("bands", "rejected"),
    [
        (["0 to 14", "16 to 17"], 2),  # the age of 15 is missing
        (["0 to 15", "15 to 17"], 2),  # an overlap
        (["0 to 14", "15 to 24", "25+"], 3),  # a band across the age of 18
        (["Children", "0 to 14", "15 to 17"], 2),  # the category itself
        (["under 15", "15-17", "18 years and over"], 0),
        (["18 to 64"], 1),  # no open band
    ],
)
def test_age_bands_are_added_only_if_they_cover_their_category(bands, rejected):
    assert banded(*((band, 3) for band in bands)).log.rejected == rejected


def test_observation_status_is_a_flag_and_multiples_are_rejected():
    assert banded(("", 9), status="Provisional value").table.cell().flags == frozenset("p")
    reading = banded(("", 9), multiplier="Thousands")
    assert reading.log.rejected == 1
    assert "multiple" in str(reading.log.with_code("NO_UNIT")[0])
