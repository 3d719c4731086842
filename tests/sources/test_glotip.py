"""GLOTIP: every row is used or rejected, and known problems are flagged.

Rows with a figure in them are those of UNODC's data set of the Global Report on Trafficking in
Persons, dataunodc.un.org, file of 14 April 2025; the others are made.
"""

import io
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import thbstats as thb
from tests.examples import examples
from tests.sources.readings import check_log, check_order
from thbstats.errors import InvalidFile, InvalidValue
from thbstats.files import Declaration, Reading, open_bytes
from thbstats.records import KINDS, Source
from thbstats.sources import glotip, recognised
from thbstats.values import Count, Reason

EXCERPT = Path(__file__).parents[2] / "docs" / "_data" / "glotip_eu_2015_2016.csv"
UNREADABLE = "UNREADABLE_ANSWER"
HEADER = [
    "Iso3_code", "Country", "Region", "Subregion", "Indicator", "Dimension", "Category", "Sex",
    "Age", "Year", "Unit of measurement", "txtVALUE", "Source",
]  # fmt: skip
VICTIMS, CONVICTED = "Detected trafficking victims", "Persons convicted"
CITIZENSHIP, FORM = "by citizenship", "by form of exploitation"
REPATRIATION, OFFENCES = "by country of repatriation", "Offences of trafficking in persons"


def row(value="5", *, indicator=VICTIMS, year=2022, iso="DEU", name="Germany", **cells):
    area = [iso, name, "Europe", "Western Europe"]
    values = [*area, indicator, *["Total"] * 4, str(year), "Counts", str(value), "GLOTIP"]
    plain = dict(zip(HEADER, values, strict=True))
    return {**plain, **{key.replace("_", " "): cell for key, cell in cells.items()}}


def citizenship(label, value="5", **cells):
    return row(value, Dimension=CITIZENSHIP, Category=label, **cells)


def form(label, value, **cells):
    return row(value, Dimension=FORM, Category=label, **cells)


def repatriation(label, value, **cells):
    return row(value, Dimension=REPATRIATION, Category=label, **cells)


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


# Recognition and layout.


def test_file_is_recognised_by_its_columns():
    for data in (text(row()), text(row(), sign=";"), text(row(), above=["UNODC", "14/04/2025"])):
        known, feature = recognised(open_bytes(data))
        assert known.name == "glotip"
        assert "Iso3_code" in feature
    for data in (b"Iso3_code,Year\nDEU,2022\n", b"", b"PK\x03\x04xl/workbook.xml"):
        assert glotip.recognise(open_bytes(data)) == ""
    pytest.importorskip("python_calamine")
    assert recognised(open_bytes(workbook(row())))[0].name == "glotip"


@pytest.mark.parametrize("sign", [",", ";", "\t"])
@pytest.mark.parametrize("above", [(), ("UNODC", "14/04/2025"), ("UNODC,,,", "14/04/2025,,,")])
def test_separator_and_date_before_the_header_are_recognised(sign, above):
    table = glotip.read(open_bytes(text(row("1,432"), sign=sign, above=above))).table
    assert table.count().lower == 1432
    (source,) = table.sources
    assert source.published == (date(2025, 4, 14) if above else None)
    assert source.publisher.startswith("United Nations")
    assert source.kind == "primary"


def test_workbook_and_csv_have_equal_tables():
    pytest.importorskip("python_calamine")
    rows = [row("<5"), row("746", Sex="Female"), citizenship("Romania", "1,019")]
    reading = glotip.read(open_bytes(workbook(*rows)))
    csv = text(*rows, above=["UNODC", "14/04/2025"])
    assert reading.table == glotip.read(open_bytes(csv)).table
    assert reading.log.with_code("PART_ABOVE_TOTAL")[0].examples[0].startswith("row 4: DE 2022")
    assert [note for note in reading.log.notes if "formulas" in note]
    assert reading.log.rejected == 0


def test_encoding_is_recognised_by_its_mark_or_passed():
    plain = text(citizenship("República Dominicana", "7")).decode()
    latin = plain.encode("latin-1")
    for file in (
        open_bytes(b"\xef\xbb\xbf" + plain.encode()),
        open_bytes(b"\xff\xfe" + plain.encode("utf-16-le")),
        open_bytes(latin, encoding="latin-1"),
    ):
        assert glotip.read(file).table.count(citizenship="DO").lower == 7
    with pytest.raises(InvalidFile, match="must be encoded in utf-8"):
        glotip.read(open_bytes(latin))


def test_columns_can_be_missing_or_ignored_but_not_undeclared():
    with pytest.raises(InvalidFile, match="must have a header"):
        glotip.read(open_bytes(b"Iso3_code,Year\nDEU,2022\n"))
    header = [name for name in HEADER if name not in ("Country", "Region", "Subregion")]
    assert glotip.read(open_bytes(text(row("12"), header=header))).table.count().lower == 12
    data = text({**row(), "Notes": "x"}, header=[*HEADER, "Notes"])
    with pytest.raises(InvalidValue, match="Notes"):
        glotip.read(open_bytes(data))
    assert len(glotip.read(open_bytes(data), declare=Declaration(ignored=["Notes"])).table) == 1


# Crosswalk.


@pytest.mark.parametrize(
    ("indicator", "kind", "categories"),
    [
        (VICTIMS, "victims", {"status": "detected"}),
        ("Persons brought into formal contact", "justice", {"stage": "suspected"}),
        ("Persons prosecuted", "justice", {"stage": "prosecuted"}),
        (CONVICTED, "justice", {"stage": "convicted"}),
        (OFFENCES, "justice", {"stage": "recorded", "unit": "offences"}),
    ],
)
def test_indicator_sets_the_kind_of_count(indicator, kind, categories):
    table = read(row("7", indicator=indicator)).table
    assert table.kind == kind
    for name, code in {"unit": "persons", **categories}.items():
        assert table.categories(name)[0] == code
    assert table.count().lower == 7
    # A kind is for rows that do not state theirs.
    assert all(read(row("7", indicator=indicator), kind=own).table == table for own in KINDS)


def test_sex_age_year_and_category_are_recoded():
    table = read(
        row("11", Sex="Female", Age="0 to 17 years"),
        row("12", Sex="Unknown", Age="Unknown"),
        form("Other forms of exploitation", "13"),
        citizenship("Nationals", "14"),
        citizenship("Romanian", "15"),
    ).table
    assert table.count(sex="female", age="child").lower == 11
    assert table.count(sex="unknown", age="unknown").lower == 12
    assert table.count(exploitation="other").lower == 13
    assert table.count(citizenship="reporting_country").lower == 14
    assert table.count(citizenship="RO").lower == 15
    assert table.categories("period") == ("2022",)


@pytest.mark.parametrize(
    ("options", "lower"),
    [
        ({}, 0),
        ({"fewer_than_from": 0}, 0),
        ({"fewer_than_from": 1}, 1),
        ({"declare": Declaration(fewer_than_from=1)}, 1),
    ],
)
def test_fewer_than_five_is_0_to_4_unless_zero_is_excluded(options, lower):
    reading = read(row("<5"), **options)
    count = reading.table.count()
    assert (count.lower, count.upper, str(count.reason)) == (lower, 4, "fewer_than")
    assert any(f"read as {lower} to" in note for note in reading.log.notes)


def test_source_is_that_of_the_user_or_of_the_row():
    table = read(row(), source="a copy of ours").table
    assert [source.title for source in table.sources] == ["a copy of ours"]
    copy = Source(title="a copy", kind="secondary")
    assert read(row(), source=copy).table.sources == {copy}
    table = read(row(), row("6", year=2021, Source="a national report")).table
    titles = {source.title for source in table.sources}
    assert titles == {"GLOTIP data set", "a national report"}


# Recorded offences and repatriation.


def bounds(texts: pd.Series) -> pd.DataFrame:
    """Return the bounds of published counts, recomputed with pandas."""
    small = texts == "<5"
    lower = texts.where(~small, "0").str.replace(",", "").astype(int)
    return pd.DataFrame({"lower": lower, "upper": lower.where(~small, 4)})


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["DEU", "FRA", "ROU"]),
            st.integers(2017, 2022),
            st.sampled_from(["Abroad", "Italy", "UK", "Thai", "Unknown"]),
            st.sampled_from(["<5", "7", "24", "1,432"]),
        ),
        unique_by=lambda item: item[:3],
        max_size=60,
    )
)
@examples(10)
def test_totals_of_repatriation_and_offences_equal_those_of_pandas(items):
    frame = pd.DataFrame(items, columns=["iso", "year", "label", "value"])
    offences = frame.drop_duplicates(["iso", "year"])
    rows = [
        repatriation(label, value, iso=iso, year=year, name="") for iso, year, label, value in items
    ]
    rows += [
        row(item.value, indicator=OFFENCES, iso=item.iso, year=item.year, name="")
        for item in offences.itertuples()
    ]
    reading = read(row(), *rows)
    assert reading.log.rejected == 0
    for table, expected, dimension in (
        (reading.data.protection, frame, "country_of_repatriation"),
        (reading.data.justice, offences.assign(label="recorded"), "stage"),
    ):
        if not len(expected):
            assert table is None
            continue
        own = table.to_frame()
        sums = own.groupby(own[dimension].astype(str))[["lower", "upper"]].sum()
        codes = {"Abroad": "total", "Italy": "IT", "UK": "UK", "Thai": "TH", "Unknown": "unknown"}
        labels = expected["label"].replace(codes)
        again = bounds(expected["value"]).groupby(labels).sum()
        assert sums.astype(int).to_dict() == again.to_dict()


def test_repatriation_of_nigeria_in_2018_is_protection_by_country():
    nigeria = {"iso": "NGA", "name": "Nigeria", "year": 2018}
    published = {"Libya": "101", "Mali": "42", "Benin Rep": "13", "Italy": "<5"}
    rows = [repatriation(label, value, **nigeria) for label, value in published.items()]
    reading = read(row(), repatriation("Abroad", "239", **nigeria), *rows)
    table = reading.data.protection
    assert (table.categories("measure"), table.categories("unit")) == (
        ("repatriation",),
        ("persons",),
    )
    assert table.categories("country_of_repatriation") == ("total", "BJ", "IT", "LY", "ML")
    share = thb.share(table, country_of_repatriation="LY", base="all")
    assert (share.formatted, share.denominator.lower) == ("42.3%", 239)
    assert table.count(country_of_repatriation="IT").reason == Reason.FEWER_THAN
    assert [note for note in reading.log.notes if note.startswith("Repatriation: ")]
    assert len(reading.data.victims) == 1
    assert "country_of_repatriation" not in reading.data.victims.columns.schema.names


def test_repatriation_of_nationals_is_a_count_by_citizenship():
    table = read(repatriation("Nationals", "24"), repatriation("Abroad", "24")).table
    assert table.count(citizenship="reporting_country").lower == 24
    assert table.count().lower == 24


@pytest.mark.parametrize(
    ("label", "code"),
    [
        *(
            ("Thai", "TH"),
            ("Dubai", "AE"),
            ("(Oman)", "OM"),
            ("Sweeden", "SE"),
            ("PER\ufffd", "PE"),
        ),
        *(("(specify the country)", "unknown"), ("(especifique el pa\ufffds)", "unknown")),
        *(("Domestic (Myanmar)", "MM"), ("Mumbai, India", "IN"), ("Benin Rep", "BJ")),
    ],
)
def test_labels_of_countries_of_repatriation_are_read(label, code):
    table = read(repatriation(label, "22")).table
    assert table.count(country_of_repatriation=code).lower == 22


def test_total_of_repatriation_below_a_country_is_flagged():
    libya = {"iso": "LBY", "name": "Libya", "year": 2016}
    reading = read(repatriation("Abroad", "<5", **libya), repatriation("Nigeria", "198", **libya))
    assert only(reading, "PART_ABOVE_TOTAL").examples == (
        "line 2: LY 2016: total 0 to 4, parts by country of repatriation 198",
    )


def test_unmapped_country_of_repatriation_can_be_declared():
    declare = Declaration(recode={"Category": {"": "Unknown"}})
    table = read(repatriation("", "11"), declare=declare).table
    assert table.count(country_of_repatriation="unknown").lower == 11


# Rejected rows.


@pytest.mark.parametrize(
    ("rejected", "code", "column"),
    [
        (repatriation("Africa", "<5"), "UNMAPPED", "Category"),
        (repatriation("0", "<5"), "UNMAPPED", "Category"),
        (repatriation("", "11"), "EMPTY_CELL", "Category"),
        (citizenship("Q6.1_10s_2019", "61,102,019", indicator=CONVICTED), UNREADABLE, "txtVALUE"),
        (citizenship("Q6.1_2s_2020", "6122020", indicator=CONVICTED), UNREADABLE, "txtVALUE"),
        (citizenship("Nationals", "6,112,019", indicator=CONVICTED), UNREADABLE, "txtVALUE"),
        (citizenship("Q6.1_10s_2019", "12", indicator=CONVICTED), UNREADABLE, "txtVALUE"),
    ],
)  # fmt: skip
def test_row_that_is_not_a_supported_count_is_rejected(rejected, code, column):
    reading = read(row(), rejected)
    assert codes(reading) == {(code, column): 1}
    assert len(reading.table) == 1
    assert reading.rejected["txtVALUE"].tolist() == [rejected["txtVALUE"]]


@given(st.lists(st.integers(5, 999_999), min_size=20, max_size=40))
@examples(10)
def test_count_below_a_million_is_not_a_question_code(numbers):
    for label in ("Romania", "Nationals"):
        rows = (citizenship(label, f"{n:,}", year=year) for year, n in enumerate(numbers, 1980))
        assert read(*rows).log.rejected == 0


def test_total_with_the_digits_of_a_question_code_is_a_count():
    assert read(row("6,112,019")).table.count().lower == 6112019


def test_unmapped_category_is_listed_with_its_rows_and_can_be_declared():
    rows = [
        citizenship("Nigerin", "12"),
        citizenship("Nigerin", "13", year=2021),
        citizenship("", "14"),
        citizenship("N/A", "15"),
    ]
    problem = only(read(row("99"), *rows), "UNMAPPED")
    assert problem.texts == {"Nigerin": 2, "": 1, "N/A": 1}
    assert "Niger" in problem.suggestions["Nigerin"]
    recode = {"Category": {"Nigerin": "Niger", "N/A": "unknown"}}
    reading = read(row("99"), *rows, declare=Declaration(recode=recode))
    assert only(reading, "UNMAPPED").texts == {"": 1}
    assert reading.table.count(citizenship="NE", period=2021).lower == 13


def test_damaged_name_is_restored_and_flagged():
    reading = read(
        citizenship("T\ufffdrkiye", "6"),
        citizenship("Ciudadanos de su pa\ufffds", "7"),
        citizenship("R\u00c3\u00a9publique dominicaine", "8"),
    )
    problem = only(reading, "CORRECTED")
    assert problem.used
    assert sum(problem.texts.values()) == len(problem)
    assert "T\ufffdrkiye = Türkiye" in problem.texts
    assert reading.table.count(citizenship="TR").lower == 6
    assert reading.table.count(citizenship="reporting_country").lower == 7


def test_unmapped_texts_are_listed_by_column():
    reading = read(
        row(),
        form("Another thing", "6"),
        row("7", Dimension="by moon", year=2021),
        row("8", Category="Romania", year=2020),
        row("9", Unit_of_measurement="Rate per 100,000", year=2019),
        row("10", indicator="Something else", year=2018),
    )
    problems = reading.log.with_code("UNMAPPED")
    assert {(problem.column, label) for problem in problems for label in problem.texts} == {
        ("Category", "Another thing"),
        ("Dimension", "by moon"),
        ("Category", "Romania"),
        ("Unit of measurement", "Rate per 100,000"),
        ("Indicator", "Something else"),
    }
    assert (reading.log.used, reading.log.rejected) == (1, 5)


def test_area_is_identified_by_code_or_name_and_both_must_agree():
    reading = read(row(), row(iso="", name="Sark"), row("8", iso="", name="France"))
    assert only(reading, "UNMAPPED").texts == {"Sark": 1}
    assert reading.table.count(area="FR").lower == 8
    reading = read(row(), row(iso="FRA", name="Germany"), row("6", iso="FRA", name="Gallia"))
    problem = only(reading, "AREA_CONTRADICTED")
    assert problem.lines.tolist() == [3]
    assert problem.examples == ("line 3: FRA, Germany",)
    assert reading.table.count(area="FR").lower == 6


# Rows that share a cell


def bulgaria(value, sex, age="Total", year=2018):
    age = {"adult": "18 years or over", "child": "0 to 17 years"}.get(age, age)
    return row(value, year=year, iso="BGR", name="Bulgaria", Sex=sex, Age=age)


BULGARIA = [
    bulgaria("442", "Total"),
    bulgaria("336", "Female"),
    bulgaria("52", "Female"),
    bulgaria("50", "Male"),
    bulgaria("<5", "Male"),
    bulgaria("336", "Female", "adult"),
    bulgaria("52", "Female", "child"),
    bulgaria("50", "Male", "adult"),
    bulgaria("<5", "Male", "child"),
]


def test_bulgaria_in_2018_has_388_female_victims_by_age():
    reading = read(*BULGARIA)
    assert reading.table.count(area="BG", sex="female") == Count.known(388)
    assert reading.table.count(area="BG", sex="male") == Count.between(50, 54, Reason.FEWER_THAN)
    assert (reading.log.used, reading.log.shared, reading.log.rejected) == (9, 2, 0)
    problem = only(reading, "REPAIRED_CONFLICT")
    assert (problem.used, problem.lines.tolist()) == (True, [3, 4, 5, 6])
    assert next(iter(problem.texts.items())) == (
        "BG 2018, detected, sex female: 336 and 52 in line 3 and line 4 = 388 by age",
        2,
    )
    assert reading.log.codes == ("REPAIRED_CONFLICT",)
    (finding,) = reading.table.where(sex="female", age="total").columns.findings_at([0])
    assert finding.code == "REPAIRED_CONFLICT"
    assert finding.text == (
        "Victims, BG 2018, detected, sex female: the values are 336 and 52 in line 3 and line 4; "
        "they are the cells by age, so the count is 388."
    )


ADULTS, CHILDREN = bulgaria("336", "Female", "adult"), bulgaria("52", "Female", "child")


@pytest.mark.parametrize(
    "narrower",
    [
        [],
        [ADULTS],
        [ADULTS, bulgaria("53", "Female", "child")],
        [ADULTS, bulgaria("52", "Female", "Unknown")],
        # Two of three parts: the third has another value.
        [ADULTS, CHILDREN, bulgaria("7", "Female", "Unknown")],
        # The cells of another year.
        [bulgaria("336", "Female", "adult", 2017), bulgaria("52", "Female", "child", 2017)],
        # A part with two values.
        [ADULTS, CHILDREN, bulgaria("51", "Female", "child")],
    ],
)
def test_conflict_without_exactly_its_cells_by_age_stays(narrower):
    reading = read(*BULGARIA[1:3], *narrower)
    cell = {"area": "BG", "period": 2018, "sex": "female"}
    assert reading.table.count(**cell) == Count(52, 388, Reason.CONFLICTING)
    assert "REPAIRED_CONFLICT" not in reading.log.codes
    label = next(iter(only(reading, "CONFLICTING").texts))
    assert label == "BG 2018, detected, sex female: 336 and 52 in line 2 and line 3"


def test_conflicting_values_that_are_the_cells_by_sex_are_added():
    """GLOTIP, Germany 2022: 746 female and 541 male victims."""
    reading = read(row("541"), row("746"), row("746", Sex="Female"), row("541", Sex="Male"))
    assert reading.table.count(sex="total") == Count.known(1287)


@pytest.mark.parametrize(
    ("repeated", "rejected", "bounds"),
    [("conflicting", 1, (36, 443)), ("first", 2, (407, 407)), ("last", 2, (36, 36))],
)
def test_repeated_rows_are_one_and_conflicting_rows_are_as_declared(repeated, rejected, bounds):
    women = (bulgaria(value, "Female", year=2017) for value in ("407", "36"))
    reading = read(row("6"), row("6"), *women, declare=Declaration(repeated=repeated))
    assert reading.log.rejected == rejected
    assert only(reading, "REPEATED").lines.tolist() == [3]
    count = reading.table.count(area="BG", sex="female")
    assert (count.lower, count.upper) == bounds


def test_labels_of_one_category_share_a_cell():
    reading = read(
        citizenship("Romania", "6"), citizenship("Romanian", "6"), citizenship("Romanians", "6")
    )
    assert only(reading, "REPEATED").lines.tolist() == [3, 4]
    reading = read(citizenship("Romania", "6"), citizenship("Romanian", "7"))
    problem = only(reading, "CONFLICTING")
    assert (problem.column, problem.lines.tolist()) == ("Category", [2, 3])
    assert "Several texts of 'Category' have the same category" in problem.hint
    reading = read(citizenship("Romania", "6"), citizenship("Romania", "7"))
    assert only(reading, "CONFLICTING").column == ""


# Findings.


def test_germany_in_2022_has_a_total_below_a_part():
    reading = read(row("<5"), row("746", Sex="Female"), row("541", Sex="Male"))
    problem = only(reading, "PART_ABOVE_TOTAL")
    assert problem.used
    assert list(problem.texts) == ["DE 2022: total 0 to 4, parts by sex 1,287"]
    assert "DE 2022" in str(reading.log)
    assert reading.table.columns.has_finding("PART_ABOVE_TOTAL").tolist() == [True, True, True]


def test_totals_are_sorted_by_the_distance_to_their_parts():
    reading = read(
        row("10", year=2020),
        row("20", year=2020, Sex="Male"),
        row("10"),
        row("900", Sex="Male"),
        row("10", year=2021),
        row("6", year=2021, Sex="Male"),
        row("6", year=2021, Sex="Female"),
    )
    assert [label[:7] for label in only(reading, "PART_ABOVE_TOTAL").texts] == [
        "DE 2022",
        "DE 2020",
    ]
    assert list(only(reading, "PARTS_EXCEED_TOTAL").texts) == ["DE 2021: total 10, parts by sex 12"]


def same(*forms, year=2022):
    return [
        form(label, value, indicator=indicator, year=year)
        for label, victims, convicted in forms
        for indicator, value in ((VICTIMS, victims), (CONVICTED, convicted))
    ]


@pytest.mark.parametrize(
    ("forms", "flagged"),
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
def test_convictions_that_equal_victims_are_flagged_unless_coincidental(forms, flagged):
    reading = read(*same(*forms))
    assert reading.log.count_rows("SAME_AS_VICTIMS") == flagged
    if flagged:
        problem = only(reading, "SAME_AS_VICTIMS")
        assert problem.used
        assert problem.texts == {"DEU, 2022": flagged}
        for table in reading.data.tables():
            assert table.columns.has_finding("SAME_AS_VICTIMS").sum() == flagged


def test_conflicting_convictions_are_not_compared_with_victims():
    rows = same(("Forced labour", "60", "60"))
    again = form("Forced labour", "9", indicator=CONVICTED)
    assert "SAME_AS_VICTIMS" in read(*rows).log.codes
    for several in ([*rows, again], [*rows, rows[1]], [again, *rows]):
        reading = read(*several)
        assert ("SAME_AS_VICTIMS" in reading.log.codes) is (again not in several)


def test_largest_counts_that_equal_victims_are_first():
    rows = [
        *same(("Forced labour", "60", "60"), year=2021),
        *same(("Forced labour", "348", "348")),
        *same(("Forced labour", "7", "7"), year=2020),
    ]
    assert list(only(read(*rows), "SAME_AS_VICTIMS").texts) == ["DEU, 2022", "DEU, 2021"]


# Laws.


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
        row(indicator=OFFENCES),
        row("<5", indicator=OFFENCES, year=2021),
        repatriation("Abroad", "38"),
        repatriation("Nationals", "24"),
        repatriation("Italy", "<5"),
        repatriation("ITALIA", "6"),
        repatriation("Per\ufffd", "6"),
        repatriation("(specify the country)", "22"),
        repatriation("Africa", "5"),
        row(iso="", name="Sark"),
        row(iso="FRA", name="Germany"),
    ]
)


@given(st.lists(ODD, max_size=40))
@examples(25)
def test_row_is_used_or_rejected_with_a_problem(rows):
    check_log(read(*rows), len(rows))


@given(st.lists(ODD, max_size=25), st.randoms(use_true_random=False))
@examples(15)
def test_order_of_rows_does_not_change_the_table(rows, random):
    check_order(lambda some: read(*some), rows, random)


def test_line_with_too_few_cells_is_rejected():
    reading = glotip.read(open_bytes(text(row()) + b"DEU,Germany\n"))
    assert only(reading, "RAGGED").lines.tolist() == [3]
    assert (reading.log.used, reading.log.rejected) == (1, 1)


def test_ratios_of_2015_and_2016_equal_those_of_the_whole_file():
    reading = thb.read(EXCERPT)
    assert (reading.log.read, reading.log.rejected) == (85, 0)
    ratios = {
        year: thb.conviction_to_prosecution(reading.table, area="EU28", period=year)
        for year in (2015, 2016)
    }
    assert {year: ratio.formatted for year, ratio in ratios.items()} == {
        2015: "0.44 to 0.45",
        2016: "0.21 to 0.23",
    }
    assert [len(ratio.reporters) for ratio in ratios.values()] == [22, 18]
    every = ratios[2016].all_reported
    assert f"{float(every.lower):.3f} {float(every.upper):.3f}" == "0.155 0.160"
    assert all(
        "COVERAGE" in {warning.code for warning in ratio.warnings} for ratio in ratios.values()
    )
