"""GLOTIP: every row is used or rejected, and known problems are flagged.

Rows with a figure in them are those of UNODC's data set of the Global Report on Trafficking in
Persons, dataunodc.un.org, file of 14 April 2025; the others are made.
"""

import io
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import thbstats as thb
from thbstats.errors import DefectiveFile, InvalidFile, InvalidValue
from thbstats.exchange import Declaration, Reading, open_bytes
from thbstats.records import Source
from thbstats.sources import glotip, recognised
from thbstats.values import Count, Reason

EXCERPT = Path(__file__).parents[2] / "docs" / "_data" / "glotip_eu_2015_2016.csv"
HEADER = [
    "Iso3_code",
    "Country",
    "Region",
    "Subregion",
    "Indicator",
    "Dimension",
    "Category",
    "Sex",
    "Age",
    "Year",
    "Unit of measurement",
    "txtVALUE",
    "Source",
]
VICTIMS, CONVICTED = "Detected trafficking victims", "Persons convicted"
CITIZENSHIP, FORM = "by citizenship", "by form of exploitation"


def row(value="5", *, indicator=VICTIMS, year=2022, iso="DEU", name="Germany", **cells):
    plain = {
        "Iso3_code": iso,
        "Country": name,
        "Region": "Europe",
        "Subregion": "Western Europe",
        "Indicator": indicator,
        "Dimension": "Total",
        "Category": "Total",
        "Sex": "Total",
        "Age": "Total",
        "Year": str(year),
        "Unit of measurement": "Counts",
        "txtVALUE": str(value),
        "Source": "GLOTIP",
    }
    return {**plain, **{key.replace("_", " "): cell for key, cell in cells.items()}}


def citizenship(label, value="5", **cells):
    return row(value, Dimension=CITIZENSHIP, Category=label, **cells)


def form(label, value, **cells):
    return row(value, Dimension=FORM, Category=label, **cells)


def text(*rows, sign=",", above=(), header=HEADER):
    def quoted(cell):
        return f'"{cell}"' if sign in cell or '"' in cell else cell

    lines = [*above, sign.join(header)]
    lines += [sign.join(quoted(cells[name]) for name in header) for cells in rows]
    return "\n".join(lines).encode() + b"\n"


def read(*rows, **options) -> Reading:
    return glotip.read(open_bytes(text(*rows), name="glotip.csv"), **options)


def workbook(*rows, above=(["UNODC"], ["14/04/2025"])):
    xlsxwriter = pytest.importorskip("xlsxwriter")
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        sheet = book.add_worksheet("data_glotip_1")
        lines = [*above, HEADER, *([cells[name] for name in HEADER] for cells in rows)]
        for number, cells in enumerate(lines):
            for column, cell in enumerate(cells):
                year = HEADER[column] == "Year" and number > len(above)
                sheet.write(number, column, int(cell) if year else cell)
        # The published file has a link above its header, which is a formula.
        sheet.write_formula(0, 1, '=HYPERLINK("x")', None, "")
    return made.getvalue()


def codes(reading):
    return {(problem.code, problem.column): len(problem) for problem in reading.log.problems}


def only(reading, code):
    (problem,) = reading.log.with_code(code)
    return problem


# What the file is


def test_the_file_is_recognised_by_its_columns_in_csv_and_in_a_workbook():
    for data in (text(row()), text(row(), sign=";"), text(row(), above=["UNODC", "14/04/2025"])):
        found, how = recognised(open_bytes(data))
        assert found.name == "glotip"
        assert "Iso3_code" in how
    pytest.importorskip("python_calamine")
    assert recognised(open_bytes(workbook(row())))[0].name == "glotip"


@pytest.mark.parametrize("data", [b"Iso3_code,Year\nDEU,2022\n", b"", b"PK\x03\x04xl/workbook.xml"])
def test_file_with_other_columns_is_not_recognised(data):
    assert glotip.recognise(open_bytes(data)) == ""


@pytest.mark.parametrize("sign", [",", ";", "\t"])
@pytest.mark.parametrize("above", [(), ("UNODC", "14/04/2025"), ("UNODC,,,", "14/04/2025,,,")])
def test_csv_is_read_with_any_separator_and_with_a_title_and_a_date_above(sign, above):
    found = glotip.read(open_bytes(text(row("1,432"), sign=sign, above=above)))
    assert found.table.count().lower == 1432
    (source,) = found.table.sources
    assert source.published == (date(2025, 4, 14) if above else None)
    assert source.publisher.startswith("United Nations")
    assert source.kind == "primary"


def test_workbook_and_csv_have_equal_tables():
    pytest.importorskip("python_calamine")
    rows = [row("<5"), row("746", Sex="Female"), citizenship("Romania", "1,019")]
    data = glotip.read(open_bytes(workbook(*rows)))
    assert data.table == glotip.read(open_bytes(text(*rows, above=["UNODC", "14/04/2025"]))).table
    assert data.log.with_code("PART_ABOVE_TOTAL")[0].examples[0].startswith("row 4: DE 2022")


def test_formula_before_the_header_is_noted_once():
    pytest.importorskip("python_calamine")
    found = glotip.read(open_bytes(workbook(row())))
    assert [note for note in found.log.notes if "formulas" in note]
    assert found.log.rejected == 0


def test_utf_8_with_a_mark_and_utf_16_are_read_and_another_encoding_is_named():
    rows = [citizenship("República Dominicana", "7")]
    plain = text(*rows).decode()
    for data in (b"\xef\xbb\xbf" + plain.encode(), b"\xff\xfe" + plain.encode("utf-16-le")):
        assert glotip.read(open_bytes(data)).table.count(citizenship="DO").lower == 7
    with pytest.raises(InvalidFile, match="must be encoded in utf-8"):
        glotip.read(open_bytes(plain.encode("latin-1")))
    named = glotip.read(open_bytes(plain.encode("latin-1"), encoding="latin-1"))
    assert named.table.count(citizenship="DO").lower == 7


def test_a_file_without_the_header_is_refused():
    with pytest.raises(InvalidFile, match="must have a header"):
        glotip.read(open_bytes(b"Iso3_code,Year\nDEU,2022\n"))


def test_optional_columns_can_be_missing():
    header = [name for name in HEADER if name not in ("Country", "Region", "Subregion")]
    found = glotip.read(open_bytes(text(row("12"), header=header)))
    assert found.table.count().lower == 12


def test_unknown_column_is_reported():
    data = text({**row(), "Notes": "x"}, header=[*HEADER, "Notes"])
    with pytest.raises(InvalidValue, match="Notes"):
        glotip.read(open_bytes(data))
    assert len(glotip.read(open_bytes(data), declare=Declaration(ignored=["Notes"])).table) == 1


# What a row is


@pytest.mark.parametrize(
    ("indicator", "kind", "said"),
    [
        (VICTIMS, "victims", {"status": "detected", "unit": "persons"}),
        (
            "Persons brought into formal contact",
            "justice",
            {"stage": "suspected", "unit": "persons"},
        ),
        ("Persons prosecuted", "justice", {"stage": "prosecuted", "unit": "persons"}),
        (CONVICTED, "justice", {"stage": "convicted", "unit": "persons"}),
    ],
)
def test_indicator_sets_the_kind_of_count(indicator, kind, said):
    table = read(row("7", indicator=indicator)).table
    assert table.kind == kind
    assert {name: table.categories(name)[0] for name in said} == said
    assert table.count().lower == 7


def test_sex_age_year_and_category_are_recoded():
    found = read(
        row("11", Sex="Female", Age="0 to 17 years"),
        row("12", Sex="Unknown", Age="Unknown"),
        form("Other forms of exploitation", "13"),
        citizenship("Nationals", "14"),
        citizenship("Romanian", "15"),
    ).table
    assert found.count(sex="female", age="child").lower == 11
    assert found.count(sex="unknown", age="unknown").lower == 12
    assert found.count(exploitation="other").lower == 13
    assert found.count(citizenship="reporting_country").lower == 14
    assert found.count(citizenship="RO").lower == 15
    assert found.categories("period") == ("2022",)


@pytest.mark.parametrize(("start", "lower"), [(None, 0), (0, 0), (1, 1)])
def test_fewer_than_five_is_0_to_4_unless_zero_is_excluded(start, lower):
    count = read(row("<5"), fewer_than_from=start).table.count()
    assert (count.lower, count.upper, str(count.reason)) == (lower, 4, "fewer_than")


def test_declaration_sets_the_range_of_fewer_than():
    found = read(row("<5"), declare=Declaration(fewer_than_from=1))
    assert found.table.count().lower == 1
    assert any("read as 1 to" in note for note in found.log.notes)


def test_a_source_can_be_given():
    found = read(row(), source="a copy of ours").table
    assert [source.title for source in found.sources] == ["a copy of ours"]
    given_ = Source(title="a copy", kind="secondary")
    assert read(row(), source=given_).table.sources == {given_}


def test_a_row_of_another_source_keeps_it():
    found = read(row(), row("6", year=2021, Source="a national report")).table
    titles = {source.title for source in found.sources}
    assert titles == {"GLOTIP data set", "a national report"}


# What is rejected


def test_recorded_offences_are_at_no_stage_and_rejected():
    found = read(row(), row("9", indicator="Offences of trafficking in persons"))
    assert codes(found) == {("NO_STAGE", "Indicator"): 1}
    assert len(found.table) == 1


def test_victims_by_country_of_repatriation_have_no_place():
    found = read(row(), row("<5", Dimension="by country of repatriation", Category="Abroad"))
    assert codes(found) == {("NO_PLACE", "Dimension"): 1}


@pytest.mark.parametrize(
    "junk",
    [
        citizenship("Q6.1_10s_2019", "61,102,019", indicator=CONVICTED),
        citizenship("Q6.1_2s_2020", "6122020", indicator=CONVICTED),
        citizenship("Nationals", "6,112,019", indicator=CONVICTED),
        citizenship("Q6.1_10s_2019", "12", indicator=CONVICTED),
    ],
)
def test_question_code_is_rejected(junk):
    found = read(row(), junk)
    assert codes(found) == {("JUNK", "txtVALUE"): 1}
    assert found.rejected["txtVALUE"].tolist() == [junk["txtVALUE"]]


@given(st.integers(5, 999_999), st.sampled_from(["Nationals", "Romania"]))
@settings(max_examples=50, deadline=None)
def test_count_below_a_million_is_not_a_question_code(number, label):
    found = read(citizenship(label, f"{number:,}"))
    assert found.log.rejected == 0


def test_a_total_that_looks_like_a_question_is_a_count():
    assert read(row("6,112,019")).table.count().lower == 6112019


def test_a_label_that_nothing_maps_is_listed_with_its_rows_and_can_be_declared():
    rows = [
        citizenship("Nigerin", "12"),
        citizenship("Nigerin", "13", year=2021),
        citizenship("", "14"),
        citizenship("N/A", "15"),
    ]
    found = read(row("99"), *rows)
    problem = only(found, "UNMAPPED")
    assert problem.texts == {"Nigerin": 2, "": 1, "N/A": 1}
    assert "Niger" in problem.suggestions["Nigerin"]
    words = {"Category": {"Nigerin": "Niger", "N/A": "unknown"}}
    found = read(row("99"), *rows, declare=Declaration(recode=words))
    assert only(found, "UNMAPPED").texts == {"": 1}
    assert found.table.count(citizenship="NE", period=2021).lower == 13


def test_damaged_name_is_restored_and_flagged():
    found = read(
        citizenship("T\ufffdrkiye", "6"),
        citizenship("Ciudadanos de su pa\ufffds", "7"),
        citizenship("R\u00c3\u00a9publique dominicaine", "8"),
    )
    problem = only(found, "REPAIRED")
    assert problem.used
    assert sum(problem.texts.values()) == len(problem)
    assert "T\ufffdrkiye = Türkiye" in problem.texts
    assert found.table.count(citizenship="TR").lower == 6
    assert found.table.count(citizenship="reporting_country").lower == 7


def test_a_form_or_dimension_or_unit_that_is_not_known_is_rejected():
    found = read(
        row(),
        form("Another thing", "6"),
        row("7", Dimension="by moon", year=2021),
        row("8", Category="Romania", year=2020),
        row("9", Unit_of_measurement="Rate per 100,000", year=2019),
        row("10", indicator="Something else", year=2018),
    )
    labels = {
        (problem.column, label)
        for problem in found.log.with_code("UNMAPPED")
        for label in problem.texts
    }
    assert labels == {
        ("Category", "Another thing"),
        ("Dimension", "by moon"),
        ("Category", "Romania"),
        ("Unit of measurement", "Rate per 100,000"),
        ("Indicator", "Something else"),
    }
    assert (found.log.used, found.log.rejected) == (1, 5)


def test_area_without_code_is_identified_by_its_name():
    found = read(row(), row(iso="", name="Sark"), row("8", iso="", name="France"))
    assert only(found, "UNMAPPED").texts == {"Sark": 1}
    assert found.table.count(area="FR").lower == 8


def test_code_with_another_country_name_is_rejected():
    found = read(row(), row(iso="FRA", name="Germany"), row("6", iso="FRA", name="Gallia"))
    problem = only(found, "AREA_CONTRADICTED")
    assert problem.lines.tolist() == [3]
    assert problem.examples == ("line 3: FRA, Germany",)
    assert found.table.count(area="FR").lower == 6


# Rows that share a cell


def female(value, year, **cells):
    return row(value, year=year, iso="BGR", name="Bulgaria", Sex="Female", **cells)


BULGARIA = [
    row("442", year=2018, iso="BGR", name="Bulgaria"),
    female("336", 2018),
    female("52", 2018),
    row("50", year=2018, iso="BGR", name="Bulgaria", Sex="Male"),
    row("<5", year=2018, iso="BGR", name="Bulgaria", Sex="Male"),
    female("336", 2018, Age="18 years or over"),
    female("52", 2018, Age="0 to 17 years"),
    row("50", year=2018, iso="BGR", name="Bulgaria", Sex="Male", Age="18 years or over"),
    row("<5", year=2018, iso="BGR", name="Bulgaria", Sex="Male", Age="0 to 17 years"),
]


def test_bulgaria_in_2018_has_388_female_victims_whose_rows_lost_their_age_group():
    found = read(*BULGARIA)
    assert found.table.count(area="BG", sex="female") == Count.known(388)
    assert found.table.count(area="BG", sex="male") == Count.between(50, 54, Reason.FEWER_THAN)
    assert (found.log.used, found.log.shared, found.log.rejected) == (9, 2, 0)
    problem = only(found, "REPAIRED_CONFLICT")
    assert (problem.used, problem.lines.tolist()) == (True, [3, 4, 5, 6])
    assert next(iter(problem.texts.items())) == (
        "BG 2018, detected, sex female: 336 and 52 in line 3 and line 4 = 388 by age",
        2,
    )
    assert found.log.codes == ("REPAIRED_CONFLICT",)
    columns = found.table.where(sex="female", age="total").columns
    (finding,) = columns.findings_at([0])
    assert finding.code == "REPAIRED_CONFLICT"
    assert finding.text == (
        "Victims, BG 2018, detected, sex female: the values are 336 and 52 in line 3 and line 4; "
        "they are the cells by age, so the count is 388."
    )


@pytest.mark.parametrize(
    "narrower",
    [
        [],
        [female("336", 2018, Age="18 years or over")],
        [female("336", 2018, Age="18 years or over"), female("53", 2018, Age="0 to 17 years")],
        [female("336", 2018, Age="18 years or over"), female("52", 2018, Age="Unknown")],
        # Two of three parts: the third is of another value.
        [
            female("336", 2018, Age="18 years or over"),
            female("52", 2018, Age="0 to 17 years"),
            female("7", 2018, Age="Unknown"),
        ],
        # The cells of another year, and of another country.
        [female("336", 2017, Age="18 years or over"), female("52", 2017, Age="0 to 17 years")],
        # A part that has two values itself.
        [
            female("336", 2018, Age="18 years or over"),
            female("52", 2018, Age="0 to 17 years"),
            female("51", 2018, Age="0 to 17 years"),
        ],
    ],
)
def test_without_exactly_its_cells_by_age_a_conflict_stays_from_the_smallest_to_the_sum(narrower):
    found = read(*BULGARIA[1:3], *narrower)
    cell = {"area": "BG", "period": 2018, "sex": "female"}
    assert found.table.count(**cell) == Count(52, 388, Reason.CONFLICTING)
    assert "REPAIRED_CONFLICT" not in found.log.codes
    label = next(iter(only(found, "CONFLICTING").texts))
    assert label == "BG 2018, detected, sex female: 336 and 52 in line 2 and line 3"


def test_values_that_are_the_cells_by_sex_are_added_up_too():
    """GLOTIP, Germany 2022: 746 female and 541 male victims."""
    found = read(row("541"), row("746"), row("746", Sex="Female"), row("541", Sex="Male"))
    assert found.table.count(sex="total") == Count.known(1287)


REPEATS = [
    row("6"),
    row("6"),
    female("407", 2017),
    female("36", 2017),
    row("9", year=2018),
]


@pytest.mark.parametrize(
    ("repeated", "aside", "bulgaria"),
    [("conflicting", 1, (36, 443)), ("first", 2, (407, 407)), ("last", 2, (36, 36))],
)
def test_rows_with_one_value_are_one_and_rows_with_several_values_are_as_declared(
    repeated, aside, bulgaria
):
    found = read(*REPEATS, declare=Declaration(repeated=repeated))
    assert found.log.rejected == aside
    assert only(found, "REPEATED").lines.tolist() == [3]
    count = found.table.count(area="BG", sex="female")
    assert (count.lower, count.upper) == bulgaria
    assert found.table.count(area="DE", period=2022).lower == 6


def test_labels_that_mean_one_category_share_a_cell_and_their_column_is_named():
    found = read(
        citizenship("Romania", "6"), citizenship("Romanian", "6"), citizenship("Romanians", "6")
    )
    assert only(found, "REPEATED").lines.tolist() == [3, 4]
    found = read(citizenship("Romania", "6"), citizenship("Romanian", "7"))
    problem = only(found, "CONFLICTING")
    assert (problem.column, problem.lines.tolist()) == ("Category", [2, 3])
    assert "Several texts of Category have the same category" in problem.hint
    found = read(citizenship("Romania", "6"), citizenship("Romania", "7"))
    assert only(found, "CONFLICTING").column == ""


# What is odd


def test_germany_in_2022_is_named_among_the_totals_below_a_part():
    found = read(row("<5"), row("746", Sex="Female"), row("541", Sex="Male"))
    problem = only(found, "PART_ABOVE_TOTAL")
    assert problem.used
    assert list(problem.texts) == ["DE 2022: total 0 to 4, parts by sex 1287"]
    assert "DE 2022" in str(found.log)
    assert found.table.columns.has_finding("PART_ABOVE_TOTAL").tolist() == [True, True, True]


def test_the_totals_that_are_furthest_below_their_parts_come_first():
    found = read(
        row("10", year=2020),
        row("20", year=2020, Sex="Male"),
        row("10"),
        row("900", Sex="Male"),
        row("10", year=2021),
        row("6", year=2021, Sex="Male"),
        row("6", year=2021, Sex="Female"),
    )
    assert [label[:7] for label in only(found, "PART_ABOVE_TOTAL").texts] == ["DE 2022", "DE 2020"]
    assert list(only(found, "PARTS_EXCEED_TOTAL").texts) == ["DE 2021: total 10, parts by sex 12"]


def same(*forms, year=2022):
    return [
        form(label, value, indicator=indicator, year=year)
        for label, victims, convicted in forms
        for indicator, value in ((VICTIMS, victims), (CONVICTED, convicted))
    ]


@pytest.mark.parametrize(
    ("forms", "told"),
    [
        # Germany and the Netherlands 2022, forced labour; Romania 2022, other forms.
        ([("Forced labour", "1,019", "1,019"), ("Sexual exploitation", "476", "605")], 1),
        ([("Forced labour", "348", "348")], 1),
        ([("Other forms of exploitation", "63", "63")], 1),
        ([("Forced labour", "6", "6"), ("Sexual exploitation", "9", "9")], 2),
        ([("Forced labour", "6", "6"), ("Sexual exploitation", "9", "8")], 0),
        ([("Forced labour", "<5", "<5"), ("Sexual exploitation", "<5", "<5")], 0),
        ([("Forced labour", "60", "61")], 0),
    ],
)
def test_convictions_that_equal_victims_are_flagged_unless_coincidental(forms, told):
    found = read(*same(*forms))
    assert found.log.count_rows("SAME_AS_VICTIMS") == told
    if told:
        problem = only(found, "SAME_AS_VICTIMS")
        assert problem.used
        assert problem.texts == {"DEU, 2022": told}
        for table in found.data.tables():
            assert table.columns.has_finding("SAME_AS_VICTIMS").sum() == told


def test_a_conflicting_count_is_not_the_same_as_the_victims():
    rows = same(("Forced labour", "60", "60"))
    again = form("Forced labour", "9", indicator=CONVICTED)
    assert "SAME_AS_VICTIMS" in read(*rows).log.codes
    for several in ([*rows, again], [*rows, rows[1]], [again, *rows]):
        found = read(*several)
        assert ("SAME_AS_VICTIMS" in found.log.codes) is (again not in several)


def test_the_largest_counts_that_equal_victims_are_named_first():
    rows = [
        *same(("Forced labour", "60", "60"), year=2021),
        *same(("Forced labour", "348", "348")),
        *same(("Forced labour", "7", "7"), year=2020),
    ]
    assert list(only(read(*rows), "SAME_AS_VICTIMS").texts) == ["DEU, 2022", "DEU, 2021"]


# Laws


ODD = st.sampled_from(
    [
        row(),
        row("<5", Sex="Female"),
        row("1,432", year=2016),
        row("1,43", year=2016),
        row("-3", year=2015),
        row("", year=2014),
        row("9", year="2O14"),
        row("9", Sex="W"),
        citizenship("Romania"),
        citizenship("Romanian"),
        citizenship("Nigerin"),
        citizenship("Q6.1_10s_2019", "61,102,019"),
        form("Forced labour", "7"),
        form("Forced labour", "7", indicator=CONVICTED),
        row(indicator="Offences of trafficking in persons"),
        row(Dimension="by country of repatriation", Category="Abroad"),
        row(iso="", name="Sark"),
        row(iso="FRA", name="Germany"),
    ]
)


@given(st.lists(ODD, max_size=25))
@settings(max_examples=60, deadline=None)
def test_every_row_is_used_or_rejected_with_its_reason(rows):
    found = read(*rows)
    report = found.log
    used = sum(len(table) for table in found.data.tables())
    assert report.read == len(rows) == report.used + len(found.rejected)
    assert report.used == used + report.shared
    told = {
        line for problem in report.problems if not problem.used for line in problem.lines.tolist()
    }
    assert told == set(found.rejected["(line)"])
    assert (found.rejected["(problem)"] != "").all()


def cells(table):
    frame = table.to_frame().astype("str")
    return sorted(frame[sorted(frame.columns)].itertuples(index=False, name=None))


@given(st.lists(ODD, max_size=12), st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_order_of_rows_does_not_change_the_table(rows, random):
    mixed = list(rows)
    random.shuffle(mixed)
    one, other = read(*rows), read(*mixed)
    assert one.log.used == other.log.used
    for first, second in zip(one.data.tables(), other.data.tables(), strict=True):
        assert cells(first) == cells(second)


def test_strict_reading_lists_all_problems():
    with pytest.raises(DefectiveFile, match=r"(?s)NO_STAGE.*UNMAPPED"):
        read(
            row(),
            row(indicator="Offences of trafficking in persons"),
            citizenship("Nigerin"),
            strict=True,
        )
    assert len(read(row(), strict=True).table) == 1


def test_a_line_of_too_few_cells_is_rejected():
    data = text(row()) + b"DEU,Germany\n"
    found = glotip.read(open_bytes(data))
    assert only(found, "RAGGED").lines.tolist() == [3]
    assert (found.log.used, found.log.rejected) == (1, 1)


def test_the_ratios_of_2015_and_2016_are_those_of_the_whole_file():
    found = thb.read(EXCERPT)
    assert (found.log.read, found.log.rejected) == (85, 0)
    of = {
        year: thb.conviction_to_prosecution(found.table, area="EU28", period=year)
        for year in (2015, 2016)
    }
    assert {year: ratio.formatted for year, ratio in of.items()} == {
        2015: "0.44 to 0.45",
        2016: "0.22 to 0.23",
    }
    assert [len(of[year].reporters) for year in of] == [22, 18]
    assert f"{float(of[2016].raw.lower):.3f} {float(of[2016].raw.upper):.3f}" == "0.155 0.160"
    assert all("COVERAGE" in {warning.code for warning in ratio.warnings} for ratio in of.values())
