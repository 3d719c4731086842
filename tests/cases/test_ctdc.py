import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import thbstats as thb
from tests.examples import examples
from tests.sources.case_files import KANON, SYNTHETIC, kanon_rows, one, text
from thbstats.cases import CaseStore, count_cases
from thbstats.errors import DefectiveFile, InvalidFile, InvalidValue, UnknownName
from thbstats.files import Cases, Reading, open_bytes
from thbstats.records import Source, schema_of
from thbstats.sources import ctdc, recognised
from thbstats.vocabulary import Classification, bundled_classification


def reading(data: bytes, **options: object) -> Reading:
    return ctdc.read(open_bytes(data, name="ctdc.csv"), **options)


def cases_of(data: bytes, **options: object) -> Cases:
    result = reading(data, **options).cases
    assert result is not None
    return result


def person(header: list[str] = KANON, **cells: str) -> dict[str, object]:
    frame = cases_of(one(header, **cells)).frame
    return {name: frame[name].tolist()[0] for name in frame.columns}


def test_layouts_are_recognised_by_their_header():
    for header, layout in ((KANON, "k-anonymised"), (SYNTHETIC, "synthetic")):
        assert layout in ctdc.recognise(open_bytes(text([], header)))
        notes = reading(one(header)).log.notes
        assert any("rows are not persons" in note for note in notes) is (layout == "synthetic")
    assert ctdc.recognise(open_bytes(b"gender,citizenship\nFemale,PH\n")) == ""
    assert recognised(open_bytes(text(kanon_rows(3), KANON)))[0].name == "ctdc"
    result = reading(text(kanon_rows(3), KANON))
    assert (result.log.format, "3 cases" in repr(result)) == ("CTDC", True)
    with pytest.raises(InvalidFile, match="isSexualExploit"):
        reading(b"gender,citizenship\nFemale,PH\n")
    # A quotation that joins two names, from the fuzzer.
    with pytest.raises(InvalidFile):
        reading(text([], KANON).replace(b"Datasource,gender", b'"Datasource,gender"'))


YES, NO, MISSING = True, False, pd.NA


@pytest.mark.parametrize(
    ("header", "cells", "expected"),
    [
        (KANON, {"gender": "Female"}, {"sex": "female"}),
        (KANON, {"gender": "Woman"}, {"sex": "female"}),
        (KANON, {"gender": "Man"}, {"sex": "male"}),
        (KANON, {"gender": "Transgender/NonConforming"}, {"sex": "other"}),
        (KANON, {"gender": "Trans/Transgender/NonConforming"}, {"sex": "other"}),
        (KANON, {"gender": "Unknown"}, {"sex": "unknown"}),
        (KANON, {"majorityStatus": "Minor"}, {"age": "child"}),
        (KANON, {"ageBroad": "9--17"}, {"age": "child"}),
        (KANON, {"majorityStatus": "Unknown", "ageBroad": "48+"}, {"age": "adult"}),
        (KANON, {"ageBroad": "18--20"}, {"age": "adult"}),
        (KANON, {"majorityStatus": "Unknown"}, {"age": "unknown"}),
        (KANON, {"majorityStatus": "-99", "ageBroad": "Unknown"}, {"age": "unknown"}),
        (KANON, {"CountryOfExploitation": "GB", "citizenship": "GR"}, {"area": "UK"}),
        (SYNTHETIC, {"CountryOfExploitation": "GBR", "citizenship": "GRC"},
         {"area": "UK", "citizenship": "EL"}),
        (KANON, {"citizenship": "00"}, {"citizenship": "unknown"}),
        (KANON, {"yearOfRegistration": "2019.0"}, {"period": "2019"}),
        (KANON, {"isForcedLabour": "1", "isSexualExploit": "0", "typeOfSexProstitution": "-99"},
         {"labour": YES, "sexual": NO, "prostitution": MISSING}),
        # With columns of the other forms, "isOtherExploit" is a residual.
        (KANON, {"isOtherExploit": "1"}, {"other_other": YES, "other": YES}),
        (SYNTHETIC, {"isOtherExploit": "1"}, {"other": YES}),
        (KANON, {"isOtherExploit": "0", "isForcedMarriage": "1"}, {"other": YES}),
        (KANON, {"isForcedLabour": "0"}, {"labour": NO}),
        (SYNTHETIC, {"sectorOfLabourAgriculture": "1", "isForcedLabour": "1"},
         {"agriculture": YES}),
    ],
)  # fmt: skip
def test_answers_become_categories(header, cells, expected):
    record = person(header, **cells)
    for name, value in expected.items():
        column = name if name in record else f"exploitation={name}"
        assert record[column] is value or record[column] == value
    if header is SYNTHETIC:
        assert "exploitation=other_other" not in record


@pytest.mark.parametrize(
    ("header", "cells", "expected"),
    [
        (KANON, {"meansOfControlDebtBondage": "1"},
         {"means_of_control=debt_bondage": YES, "means_of_control=debt_or_earnings": YES,
          "means_of_control=threats": MISSING, "means_of_control=any_threat": MISSING}),
        (KANON, {"meansOfControlThreats": "0", "meansOfControlNotSpecified": "1"},
         {"means_of_control=threats": NO, "means_of_control=unknown": YES}),
        (SYNTHETIC, {"meansThreats": "1", "meansDebtBondageEarnings": "0"},
         {"means_of_control=any_threat": YES, "means_of_control=debt_or_earnings": NO}),
        (KANON, {"recruiterRelationFriend": "1"},
         {"recruiter_relation=friend": YES, "recruiter_relation=known_person": YES}),
        (KANON, {"isAbduction": "0"}, {"recruitment_method=abduction": NO}),
        (KANON, {"typeOfLabourPeddling": "1", "typeOfLabourOther": "0"},
         {"sector=street_trade": YES, "sector=trade": YES, "sector=other": NO}),
        (SYNTHETIC, {"sectorOfLabourConstruction": "1"}, {"sector=construction": YES}),
        (SYNTHETIC, {"traffickMonths": "0--12 (0-1 yr)"}, {"duration": "months_0_to_12"}),
        (SYNTHETIC, {"traffickMonths": "13--24"}, {"duration": "months_13_to_24"}),
        (SYNTHETIC, {"traffickMonths": "Unknown"}, {"duration": "unknown"}),
        (SYNTHETIC, {"traffickMonths": "-99"}, {"duration": MISSING}),
    ],
)  # fmt: skip
def test_columns_become_categories_of_classifications(header, cells, expected):
    record = person(header, **cells)
    for column, value in expected.items():
        same = pd.isna(record[column]) if value is MISSING else record[column] == value
        assert same, column


def test_table_has_the_further_dimensions_by_which_it_is_counted():
    cases = cases_of(text(kanon_rows(20), KANON), area="US", period=2019)
    assert count_cases(cases, "sex").columns.schema == schema_of("victims")
    table = count_cases(cases, ["sex", "means_of_control"], where={"sector": "agriculture"})
    means = bundled_classification("means_of_control")
    assert table.columns.schema == schema_of("victims", means)
    with_means = count_cases(cases, "sex", kind=schema_of("victims", means))
    assert with_means.columns.schema == schema_of("victims", means)
    assert with_means.count(means_of_control="total") == count_cases(cases, "sex").count()


DATASOURCE = Classification(
    name="datasource",
    kind="attribute",
    categories=["hotline", "case_management"],
)


def test_column_of_the_name_of_a_classification_is_read():
    rows = kanon_rows(20)
    schema = schema_of("victims", DATASOURCE)
    cases = cases_of(text(rows, KANON), kind=schema, area="US", period=2019)
    for more in ({}, {"kind": schema}):
        declared = cases_of(
            text(rows, KANON), declare=thb.Declaration(classifications=[DATASOURCE]), **more
        )
        assert declared.schema.classifications[0] == DATASOURCE
        assert declared.frame["datasource"].equals(cases.frame["datasource"])
    table = count_cases(cases, "datasource")
    for code, label in (("hotline", "Hotline"), ("case_management", "Case Management")):
        expected = sum(row["Datasource"] == label for row in rows)
        assert table.count(datasource=code).lower == expected
    hotline = count_cases(cases, "sex", where={"datasource": "hotline"})
    assert hotline.categories("datasource") == ("hotline",)
    assert "datasource" not in count_cases(cases, "sex").columns.schema.names


def test_classification_without_a_column_is_noted_and_can_be_counted_by_another_column():
    office = Classification(name="office", categories=["hotline", "case_management"])
    schema = schema_of("victims", office)
    result = reading(text(kanon_rows(9), KANON), kind=schema, area="US", period=2019)
    assert any("No column of the file contains office" in note for note in result.log.notes)
    table = count_cases(result, "office", columns={"office": "Datasource"})
    assert table.count(office="hotline").lower + table.count(office="case_management").lower == 9


def test_classification_replaces_the_code_list_of_the_file():
    forms = Classification(
        name="exploitation",
        categories=[
            {"code": "work", "crosswalk": {"ctdc": ["isForcedLabour", "typeOfLabourAgriculture"]}},
            {"code": "sex", "crosswalk": {"ctdc": "isSexualExploit"}},
        ],
    )
    rows = kanon_rows(30)
    kind = schema_of("victims", forms)
    table = count_cases(
        cases_of(text(rows, KANON), kind=kind, area="US", period=2019), "exploitation"
    )
    assert set(table.categories("exploitation")) == {"total", "work", "sex", "unknown"}
    work = sum("1" in (row["isForcedLabour"], row["typeOfLabourAgriculture"]) for row in rows)
    assert table.count(exploitation="work").lower == work


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"kind": schema_of("justice", DATASOURCE)}, InvalidValue, "must be 'victims'"),
        ({"declare": thb.Declaration(kind="justice")}, InvalidValue, "only classifications"),
        ({"kind": schema_of("victims", DATASOURCE), "datasource": "letter"}, UnknownName, "letter"),
        ({"means_of_control": "threats"}, InvalidValue, "must not be a column of the cases"),
        ({"declare": thb.Declaration(flags={"p": "p"})}, InvalidValue, "only classifications"),
    ],
)
def test_invalid_kind_or_constant_raises(options, error, message):
    with pytest.raises(error, match=message):
        reading(one(KANON, meansOfControlThreats="1"), **options)


def test_spaces_in_a_text_do_not_matter():
    cases = cases_of(one(KANON, Datasource="CaseManagement"), kind=schema_of("victims", DATASOURCE))
    assert cases.frame["datasource"].tolist() == ["case_management"]


def test_text_without_category_of_a_classification_is_flagged():
    result = reading(one(KANON, Datasource="Letter"), kind=schema_of("victims", DATASOURCE))
    assert [(item.column, item.texts) for item in result.log.problems] == [
        ("Datasource", {"Letter": 1})
    ]
    total = Classification(name="datasource", categories=["hotline"])
    result = reading(one(KANON, Datasource="Total"), kind=schema_of("victims", total))
    assert result.log.codes == ("UNMAPPED_ANSWER",)


@pytest.mark.parametrize("sign", ["", "-99"])
def test_cell_without_answer_is_missing(sign):
    record = person(gender=sign, isForcedLabour=sign, citizenship=sign, ageBroad=sign)
    for name in ("sex", "exploitation=labour", "citizenship", "age"):
        assert pd.isna(record[name])


@pytest.mark.parametrize(
    ("cells", "code", "texts", "age"),
    [
        ({"majorityStatus": "Adult", "ageBroad": "9--17"}, "AGES_DIFFER", {}, "adult"),
        ({"ageBroad": "16--20"}, "UNMAPPED_ANSWER", {"16--20": 1}, None),
    ],
)
def test_ages_that_contradict_the_status_or_are_of_both_groups_are_flagged(cells, code, texts, age):
    result = reading(one(KANON, **cells))
    assert result.log.codes == (code,)
    assert result.log.problems[0].texts == texts
    assert result.cases.frame["age"].astype(object).where(
        lambda ages: ages.notna(), None
    ).tolist() == [age]


@pytest.mark.parametrize(
    ("concept", "age"),
    [("at_registration", "adult"), ("at exploitation", "child"), ("at_entry", "unknown")],
)
def test_age_concept_can_be_selected(concept, age):
    data = one(
        KANON, majorityStatus="Adult", majorityStatusAtExploit="Minor", majorityEntry="Unknown"
    )
    cases = cases_of(data, age_concept=concept)
    assert cases.frame["age"].tolist() == [age]
    assert cases.constants["age_concept"] == concept.replace(" ", "_")


def test_moment_without_column_has_no_age():
    assert "age" not in cases_of(one(SYNTHETIC), age_concept="at_entry").columns
    with pytest.raises(UnknownName):
        reading(one(KANON), age_concept="at birth")


def test_begging_is_other_and_also_labour_if_labour_is_recorded():
    result = reading(one(KANON, isForcedLabour="1", typeOfLabourBegging="1"))
    for form in ("forced_begging", "other", "labour"):
        assert result.cases.frame[f"exploitation={form}"].tolist() == [True]
    assert any("1 persons with begging" in note for note in result.log.notes)


@pytest.mark.parametrize("whole", ["0", "", "-99"])
def test_narrow_form_without_wider_form_is_flagged_and_counted_in_both(whole):
    result = reading(one(KANON, isForcedLabour=whole, typeOfLabourDomesticWork="1"))
    assert result.log.codes == ("PART_WITHOUT_WHOLE",)
    assert result.cases.frame["exploitation=labour"].tolist() == [True]


def test_answer_other_than_yes_or_no_is_flagged_and_the_person_is_used():
    result = reading(one(KANON, isForcedLabour="perhaps", gender="?"))
    assert {problem.column for problem in result.log.with_code("UNMAPPED_ANSWER")} == {
        "isForcedLabour",
        "gender",
    }
    assert (result.log.used, result.log.rejected) == (1, 0)
    with pytest.raises(DefectiveFile):
        reading(one(KANON, gender="?"), strict=True)


ALL_FORMS = "Forced labour;Sexual exploitation; Combined sexual and labour exploitation"


@pytest.mark.parametrize(
    ("cells", "code", "texts"),
    [
        (
            {
                **dict.fromkeys(["isForcedLabour", "isSexualExploit", "isSexAndLabour"], "1"),
                "typeOfExploitConcatenated": ALL_FORMS,
            },
            None,
            {},
        ),
        (
            {"isForcedLabour": "1", "typeOfExploitConcatenated": "Other"},
            "LIST_DIFFERS",
            {"isForcedLabour": 1, "isOtherExploit": 1},
        ),
        # An empty list is consistent with any column.
        ({"isForcedLabour": "1", "typeOfExploitConcatenated": "-99"}, None, {}),
        (
            {"meansOfControlConcatenated": "Witchcraft; Threats", "meansOfControlThreats": "1"},
            "UNMAPPED_ANSWER",
            {"Witchcraft": 1},
        ),
    ],
)
def test_lists_are_compared_with_the_columns_that_they_repeat(cells, code, texts):
    log = reading(one(KANON, **cells)).log
    assert log.codes == ((code,) if code else ())
    assert [item.texts for item in log.problems] == ([texts] if code else [])


def test_every_column_is_stored_and_unknown_ones_are_noted():
    header = [*KANON, "shoeSize", "sex"]
    result = reading(one(header, shoeSize="42", sex="F", gender="Male"))
    frame = result.cases.frame
    assert frame["shoeSize"].tolist() == ["42"]
    assert (frame["sex"].tolist(), frame["sex (file)"].tolist()) == (["male"], ["F"])
    assert any("shoeSize, sex" in note for note in result.log.notes)
    assert set(KANON) - {"citizenship"} <= set(result.cases.other)


def test_answer_counts_describe_each_column():
    rows = [
        {**dict.fromkeys(KANON, ""), "gender": gender}
        for gender in ("Female", "", "-99", "Unknown", "unknown ")
    ]
    result = reading(text(rows, KANON))
    assert result.cases.answer_counts.loc["gender"].tolist() == [1, 1, 1, 2]
    assert result.cases.answer_counts.sum(axis=1).eq(5).all()
    assert any("2 Unknown in 1 columns" in note for note in result.log.notes)


def test_constant_overrides_a_column_and_is_parsed():
    cases = cases_of(one(KANON, CountryOfExploitation="US"), area="Malta", status="detected")
    assert cases.constants["area"] == "MT"
    assert "area" not in cases.columns
    assert count_cases(cases).cell().status == "detected"
    with pytest.raises(UnknownName):
        reading(one(KANON), status="lost")


def test_source_of_tables_has_the_terms():
    cases = cases_of(one(KANON, CountryOfExploitation="US", yearOfRegistration="2019"))
    cell = count_cases(cases).cell()
    assert "re-identification" in cell.source.terms
    assert cases_of(one(KANON), source="A copy").source.title == "A copy"
    assert "re-identification" in cases_of(one(KANON), source="A copy").source.terms
    mine = Source(title="Mine")
    assert cases_of(one(KANON), source=mine).source == mine


def test_a_file_without_countries_of_exploitation_has_no_area():
    header = [name for name in SYNTHETIC if name != "CountryOfExploitation"]
    cases = cases_of(one(header))
    assert "area" not in cases.columns
    assert count_cases(cases, area="EU28").cell().area == "EU28"


def test_cases_without_country_are_noted_and_not_dropped():
    result = reading(text([*kanon_rows(0), {**dict.fromkeys(KANON, "")}], KANON))
    assert any(note.startswith("NO_AREA: 1 cases") for note in result.log.notes)
    with pytest.raises(InvalidValue, match="1 cases record none"):
        count_cases(result.cases, by="area")


@examples(10)
@given(st.integers(0, 60), st.integers(0, 10**6))
def test_counts_of_every_dimension_equal_sums_of_the_columns(persons, seed):
    rows = kanon_rows(persons, seed)
    cases = cases_of(text(rows, KANON))
    store = CaseStore.of(cases, area="UK+US", period="2018-2019")
    for by in ("sex", "age", "citizenship"):
        table = store.count(by)
        counted = {code: table.count(**{by: code}).lower for code in table.categories(by)}
        assert counted.pop("total") == persons == sum(counted.values())
    main = cases.frame[[f"exploitation={form}" for form in ("sexual", "labour", "other")]]
    applies = main.fillna(False).to_numpy(dtype=bool)
    forms = dict(zip(("sexual", "labour", "other"), applies.sum(axis=0).tolist(), strict=True))
    forms |= {"unknown": int((~applies.any(axis=1)).sum()), "total": persons}
    yes = {name: [row[name] == "1" for row in rows] for name in KANON}
    debt, threats = yes["meansOfControlDebtBondage"], yes["meansOfControlThreats"]
    unanswered = [
        not any(pair) and ("" in (row["meansOfControlDebtBondage"], row["meansOfControlThreats"])
                           or row["meansOfControlNotSpecified"] == "1")
        for row, pair in zip(rows, zip(debt, threats, strict=True), strict=True)
    ]  # fmt: skip
    means = {
        "total": persons,
        "debt_bondage": sum(debt),
        "debt_or_earnings": sum(debt),
        "threats": sum(threats),
        "any_threat": sum(threats),
        "unknown": sum(unanswered),
    }
    for by, expected in (("exploitation", forms), ("means_of_control", means)):
        table = store.count(by)
        assert {code: table.count(**{by: code}).lower for code in expected} == expected


@examples(6)
@given(st.integers(1, 30), st.integers(0, 10**6), st.randoms())
def test_order_of_rows_and_sign_of_missing_answers_do_not_change_tables(persons, seed, random):
    read_with = {
        sign: cases_of(text(kanon_rows(persons, seed, silent=[sign]), KANON))
        for sign in ("", "-99", "Unknown")
    }
    shuffled = kanon_rows(persons, seed)
    random.shuffle(shuffled)
    read_with["shuffled"] = cases_of(text(shuffled, KANON))
    by, constants = ["sex", "age", "exploitation"], {"area": "UK+US", "period": "not stated"}
    tables = [count_cases(cases, by=by, **constants) for cases in read_with.values()]
    assert all(table == tables[0] for table in tables)
    empty, minus, unknown, other = (cases.answer_counts for cases in read_with.values())
    assert empty.equals(other)
    assert empty["empty"].tolist() == minus["-99"].tolist() == unknown["Unknown"].tolist()
    assert minus["empty"].sum() == unknown["-99"].sum() == 0


@examples(20)
@given(st.integers(0, 20), st.integers(0, 10**6))
def test_rows_are_used_or_rejected(persons, seed):
    rows = kanon_rows(persons, seed)
    lines = text(rows, KANON).splitlines()
    position = seed % len(lines) + 1
    data = b"\n".join([*lines[:position], b"torn,line", *lines[position:], b""])
    report = reading(data).log
    assert report.read == report.used + report.rejected == len(rows) + 1
    assert report.used == len(rows)
    assert "RAGGED" in report.codes


def test_overlapping_forms_have_a_warning():
    rows = [
        {**dict.fromkeys(KANON, ""), "isSexualExploit": "1", "isForcedLabour": "1"}
        for _ in range(3)
    ]
    table = count_cases(cases_of(text(rows, KANON)), by="exploitation", area="US", period=2019)
    share = thb.share(table, exploitation="sexual", base="all")
    assert share.numerator == share.denominator == thb.Interval(3, 3)
    assert "MULTIPLE_RESPONSE" in {warning.code for warning in share.warnings}
