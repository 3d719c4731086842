import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import thbstats as thb
from tests.sources.case_files import KANON, SYNTHETIC, kanon_rows, one, text
from thbstats.cases import count_cases
from thbstats.errors import DefectiveFile, InvalidFile, InvalidValue, ThbstatsError, UnknownName
from thbstats.exchange import Cases, Declaration, Reading, open_bytes
from thbstats.records import Source
from thbstats.sources import ctdc, read, recognised


def reading(data: bytes, **options: object) -> Reading:
    return ctdc.read(open_bytes(data, name="ctdc.csv"), **options)


def cases_of(data: bytes, **options: object) -> Cases:
    found = reading(data, **options).cases
    assert found is not None
    return found


def person(header: list[str] = KANON, **cells: str) -> dict[str, object]:
    frame = cases_of(one(header, **cells)).frame
    return {name: frame[name].tolist()[0] for name in frame.columns}


def counts(cases: Cases, by: str) -> dict[str, int]:
    table = count_cases(cases, by=by, area="UK+US", period="not stated")
    return {code: table.count(**{by: code}).lower for code in table.categories(by)}


def test_both_layouts_are_recognised_by_their_header():
    assert "k-anonymised" in ctdc.recognise(open_bytes(text([], KANON)))
    assert "synthetic" in ctdc.recognise(open_bytes(text([], SYNTHETIC)))
    assert ctdc.recognise(open_bytes(b"gender,citizenship\nFemale,PH\n")) == ""
    assert recognised(open_bytes(text(kanon_rows(3), KANON)))[0].name == "ctdc"


def test_a_file_with_other_columns_is_refused_with_those_it_needs():
    with pytest.raises(InvalidFile, match="isSexualExploit"):
        reading(b"gender,citizenship\nFemale,PH\n")


def test_a_header_whose_cells_are_others_than_they_seem_is_refused():
    # A quotation that joins two names: found by feeding the reader broken files.
    with pytest.raises(InvalidFile):
        reading(text([], KANON).replace(b"Datasource,gender", b'"Datasource,gender"'))


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("Female", "female"),
        ("Woman", "female"),
        ("Man", "male"),
        ("Transgender/NonConforming", "other"),
        ("Trans/Transgender/NonConforming", "other"),
        ("Unknown", "unknown"),
    ],
)
def test_a_gender_is_a_sex_and_unknown_is_one_that_is_recorded(theirs, ours):
    assert person(gender=theirs)["sex"] == ours


@pytest.mark.parametrize("sign", ["", "-99"])
def test_where_nothing_is_recorded_the_answer_is_missing(sign):
    found = person(gender=sign, isForcedLabour=sign, citizenship=sign, ageBroad=sign)
    assert all(
        pd.isna(found[name]) for name in ("sex", "exploitation=labour", "citizenship", "age")
    )


@pytest.mark.parametrize(
    ("status", "broad", "age"),
    [
        ("Minor", "", "child"),
        ("", "9--17", "child"),
        ("Unknown", "48+", "adult"),
        ("", "18--20", "adult"),
        ("Unknown", "", "unknown"),
        ("-99", "Unknown", "unknown"),
    ],
)
def test_the_age_is_that_of_the_status_else_of_the_years(status, broad, age):
    assert person(majorityStatus=status, ageBroad=broad)["age"] == age


def test_contradictory_ages_are_flagged_and_the_status_is_used():
    found = reading(one(KANON, majorityStatus="Adult", ageBroad="9--17"))
    assert found.log.codes == ("AGES_DIFFER",)
    assert found.cases.frame["age"].tolist() == ["adult"]


def test_years_that_are_neither_of_children_nor_of_adults_are_not_guessed():
    found = reading(one(KANON, ageBroad="16--20"))
    assert found.log.with_code("UNMAPPED_ANSWER")[0].texts == {"16--20": 1}
    assert found.cases.frame["age"].isna().all()


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


def test_countries_of_two_and_three_letters_are_one():
    assert person(citizenship="GR", CountryOfExploitation="GB")["area"] == "UK"
    found = person(SYNTHETIC, citizenship="GRC", CountryOfExploitation="GBR")
    assert (found["citizenship"], found["area"]) == ("EL", "UK")
    assert person(citizenship="00")["citizenship"] == "unknown"


def test_a_year_may_be_written_as_a_decimal():
    assert person(yearOfRegistration="2019.0")["period"] == "2019"


def test_yes_no_and_missing_answers_are_distinguished():
    found = person(isForcedLabour="1", isSexualExploit="0", typeOfSexProstitution="-99")
    assert found["exploitation=labour"] is True
    assert found["exploitation=sexual"] is False
    assert found["exploitation=prostitution"] is pd.NA


def test_other_exploitation_is_the_rest_where_the_others_have_columns_of_their_own():
    found = person(isOtherExploit="1")
    assert found["exploitation=other_other"] is True
    assert found["exploitation=other"] is True
    assert person(SYNTHETIC, isOtherExploit="1")["exploitation=other"] is True
    assert "exploitation=other_other" not in person(SYNTHETIC, isOtherExploit="1")


def test_forced_marriage_is_other_exploitation_whatever_the_column_of_others():
    assert person(isOtherExploit="0", isForcedMarriage="1")["exploitation=other"] is True


def test_begging_is_other_and_also_labour_if_labour_is_recorded():
    found = reading(one(KANON, isForcedLabour="1", typeOfLabourBegging="1"))
    for form in ("forced_begging", "other", "labour"):
        assert found.cases.frame[f"exploitation={form}"].tolist() == [True]
    assert any("1 persons with begging" in note for note in found.log.notes)


@pytest.mark.parametrize("whole", ["0", "", "-99"])
def test_narrow_form_without_wider_form_is_flagged_and_counted_in_both(whole):
    found = reading(one(KANON, isForcedLabour=whole, typeOfLabourDomesticWork="1"))
    assert found.log.codes == ("PART_WITHOUT_WHOLE",)
    assert found.cases.frame["exploitation=labour"].tolist() == [True]


def test_a_recorded_no_stays_no_where_the_parts_were_not_asked():
    assert person(isForcedLabour="0")["exploitation=labour"] is False


def test_sectors_are_named_in_two_ways():
    found = person(SYNTHETIC, sectorOfLabourAgriculture="1", isForcedLabour="1")
    assert found["exploitation=agriculture"] is True


def test_answer_other_than_yes_or_no_is_flagged_and_the_person_is_used():
    found = reading(one(KANON, isForcedLabour="perhaps", gender="?"))
    assert {problem.column for problem in found.log.with_code("UNMAPPED_ANSWER")} == {
        "isForcedLabour",
        "gender",
    }
    assert (found.log.used, found.log.rejected) == (1, 0)
    with pytest.raises(DefectiveFile):
        reading(one(KANON, gender="?"), strict=True)


def test_lists_are_compared_with_the_columns_that_they_repeat():
    agree = one(
        KANON,
        isForcedLabour="1",
        isSexualExploit="1",
        isSexAndLabour="1",
        typeOfExploitConcatenated="Forced labour;Sexual exploitation; Combined sexual and labour "
        "exploitation",
    )
    assert reading(agree).log.codes == ()
    found = reading(one(KANON, isForcedLabour="1", typeOfExploitConcatenated="Other"))
    assert found.log.with_code("LIST_DIFFERS")[0].texts == {
        "isForcedLabour": 1,
        "isOtherExploit": 1,
    }


def test_item_without_column_is_flagged():
    found = reading(
        one(KANON, meansOfControlConcatenated="Witchcraft; Threats", meansOfControlThreats="1")
    )
    assert found.log.with_code("UNMAPPED_ANSWER")[0].texts == {"Witchcraft": 1}
    assert found.log.codes == ("UNMAPPED_ANSWER",)


def test_empty_list_contradicts_no_column():
    assert reading(one(KANON, isForcedLabour="1", typeOfExploitConcatenated="-99")).log.codes == ()


def test_every_column_is_stored_and_unknown_ones_are_noted():
    header = [*KANON, "shoeSize", "sex"]
    found = reading(one(header, shoeSize="42", sex="F", gender="Male"))
    frame = found.cases.frame
    assert frame["shoeSize"].tolist() == ["42"]
    assert (frame["sex"].tolist(), frame["sex (file)"].tolist()) == (["male"], ["F"])
    assert any("shoeSize, sex" in note for note in found.log.notes)
    assert set(KANON) - {"citizenship"} <= set(found.cases.other)


def test_lines_that_are_not_rows_are_rejected():
    found = reading(text(kanon_rows(2), KANON) + b"2019,Hotline\n")
    assert (found.log.read, found.log.used, len(found.cases)) == (3, 2, 2)
    assert found.log.codes[0] == "RAGGED"


def test_answer_counts_describe_each_column():
    rows = [
        {**dict.fromkeys(KANON, ""), "gender": gender}
        for gender in ("Female", "", "-99", "Unknown", "unknown ")
    ]
    found = reading(text(rows, KANON))
    assert found.cases.answer_counts.loc["gender"].tolist() == [1, 1, 1, 2]
    assert found.cases.answer_counts.sum(axis=1).eq(5).all()
    assert any("2 Unknown in 1 columns" in note for note in found.log.notes)


def test_constant_overrides_a_column_and_is_parsed():
    cases = cases_of(one(KANON, CountryOfExploitation="US"), area="Malta", status="detected")
    assert cases.constants["area"] == "MT"
    assert "area" not in cases.columns
    assert count_cases(cases).cell().status == "detected"
    with pytest.raises(UnknownName):
        reading(one(KANON), status="lost")


def test_a_declaration_and_another_kind_are_refused():
    with pytest.raises(InvalidValue, match="'declare'"):
        reading(one(KANON), declare=Declaration())
    with pytest.raises(InvalidValue, match="victims"):
        reading(one(KANON), kind="justice")


def test_tables_carry_the_source_with_the_terms_that_forbid_to_identify():
    cases = cases_of(one(KANON, CountryOfExploitation="US", yearOfRegistration="2019"))
    cell = count_cases(cases).cell()
    assert "re-identification" in cell.source.terms
    assert cases_of(one(KANON), source="A copy").source.title == "A copy"
    assert "re-identification" in cases_of(one(KANON), source="A copy").source.terms
    mine = Source(title="Mine")
    assert cases_of(one(KANON), source=mine).source == mine


def test_synthetic_records_are_noted():
    assert any("rows are not persons" in note for note in reading(one(SYNTHETIC)).log.notes)
    assert not any("rows are not persons" in note for note in reading(one(KANON)).log.notes)


def test_a_file_without_countries_of_exploitation_has_no_area():
    header = [name for name in SYNTHETIC if name != "CountryOfExploitation"]
    cases = cases_of(one(header))
    assert "area" not in cases.columns
    assert count_cases(cases, area="EU28").cell().area == "EU28"


def test_cases_without_country_are_noted_and_not_dropped():
    found = reading(text([*kanon_rows(0), {**dict.fromkeys(KANON, "")}], KANON))
    assert any(note.startswith("NO_AREA: 1 cases") for note in found.log.notes)
    with pytest.raises(InvalidValue, match="1 cases record none"):
        count_cases(found.cases, by="area")


persons = st.builds(kanon_rows, st.integers(0, 20), st.integers(0, 10**6))


@settings(max_examples=40)
@given(persons)
def test_the_categories_of_one_answer_make_the_number_of_cases(rows):
    cases = cases_of(text(rows, KANON))
    for by in ("sex", "age", "citizenship"):
        found = counts(cases, by)
        assert found.pop("total") == len(rows) == sum(found.values())


@settings(max_examples=40)
@given(persons)
def test_forms_count_everybody_to_whom_they_apply_and_the_rest_is_unknown(rows):
    cases = cases_of(text(rows, KANON))
    found = counts(cases, "exploitation")
    main = cases.frame[[f"exploitation={form}" for form in ("sexual", "labour", "other")]]
    applies = main.fillna(False).to_numpy(dtype=bool)
    assert [found[form] for form in ("sexual", "labour", "other")] == applies.sum(axis=0).tolist()
    assert found["unknown"] == int((~applies.any(axis=1)).sum())
    assert found["total"] == len(rows)


@settings(max_examples=40)
@given(persons, st.randoms())
def test_the_order_of_rows_does_not_matter(rows, random):
    shuffled = list(rows)
    random.shuffle(shuffled)
    said = {"area": "UK+US", "period": "not stated"}
    by = ["sex", "exploitation"]
    one_way, other = (cases_of(text(some, KANON)) for some in (rows, shuffled))
    assert count_cases(one_way, by=by, **said) == count_cases(other, by=by, **said)
    assert one_way.answer_counts.equals(other.answer_counts)


@settings(max_examples=20)
@given(st.integers(1, 20), st.integers(0, 10**6))
def test_sign_of_missing_answers_changes_answer_counts_only(persons, seed):
    said = {"area": "UK+US", "period": "not stated"}
    by = ["sex", "age", "exploitation"]
    read_with = {
        sign: cases_of(text(kanon_rows(persons, seed, silent=[sign]), KANON))
        for sign in ("", "-99", "Unknown")
    }
    tables = [count_cases(cases, by=by, **said) for cases in read_with.values()]
    assert tables[0] == tables[1] == tables[2]
    empty, minus, unknown = (cases.answer_counts for cases in read_with.values())
    assert empty["empty"].tolist() == minus["-99"].tolist() == unknown["Unknown"].tolist()
    assert minus["empty"].sum() == unknown["-99"].sum() == 0


@settings(max_examples=40)
@given(persons, st.integers(0, 10**6))
def test_rows_read_are_rows_used_and_rejected(rows, seed):
    lines = text(rows, KANON).splitlines()
    at = seed % len(lines) + 1
    data = b"\n".join([*lines[:at], b"torn,line", *lines[at:], b""])
    report = reading(data).log
    assert report.read == report.used + report.rejected == len(rows) + 1


@settings(max_examples=100)
@given(st.lists(st.lists(st.text(max_size=8), min_size=15, max_size=15), max_size=4))
def test_any_cells_are_read_or_an_invalid_file(rows):
    frame = pd.DataFrame(rows, columns=SYNTHETIC)
    data = frame.to_csv(index=False).encode("utf-8", "replace")
    try:
        found = reading(data)
    except ThbstatsError:
        return
    assert len(found.cases) == found.log.used
    placed = found.cases.known("area")
    assert sum(len(placed.where(area=code)) for code in placed.frame["area"].dropna().unique()) == (
        len(placed)
    )


def test_forms_that_overlap_are_warned_of():
    rows = [
        {**dict.fromkeys(KANON, ""), "isSexualExploit": "1", "isForcedLabour": "1"}
        for _ in range(3)
    ]
    table = count_cases(cases_of(text(rows, KANON)), by="exploitation", area="US", period=2019)
    share = thb.share(table, exploitation="sexual", base="all")
    assert share.numerator == share.denominator == thb.Interval(3, 3)
    assert "MULTIPLE_RESPONSE" in {warning.code for warning in share.warnings}


def test_read_finds_the_format_by_itself(tmp_path):
    path = tmp_path / "cases.csv"
    path.write_bytes(text(kanon_rows(5), KANON))
    found = read(path)
    assert found.log.format == "CTDC"
    assert "5 cases" in repr(found)
    assert np.array_equal(found.cases.frame.columns, ctdc.read(path).cases.frame.columns)
