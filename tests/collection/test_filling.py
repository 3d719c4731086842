import json
from pathlib import Path
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd
import pytest

import thbstats as thb
from tests.collection.registers import PLANTED, registers
from thbstats.cases import CaseStore
from thbstats.collection import Plan
from thbstats.errors import InvalidValue, UnknownName
from thbstats.records import schema_of
from thbstats.values import Count, Reason
from thbstats.vocabulary import age_bands

PLAN = thb.collection.plan("article-19a")
DECLARED = {"multi": {"exploitation": "exploitation"}, "source": "Synthetic register"}


@pytest.fixture(scope="module")
def data():
    return registers()


@pytest.fixture(scope="module")
def filled(data):
    return PLAN.fill(data, area="IT", period=2025, person="person", **DECLARED)


def texts_of(ret, code):
    return [own.text for own in ret.remarks if own.code == code]


def test_every_planted_flaw_is_reported_in_a_sentence(filled, data) -> None:
    twice = PLANTED["two bodies"]
    (text,) = texts_of(filled, "SEVERAL_BODIES")
    assert text.startswith(f"{twice} persons are registered by two bodies or more")
    assert f"add up to {10_000 + twice:,}, and the number of persons is 10,000" in text
    unknown = texts_of(filled, "UNKNOWN")
    assert f"category of sex: {PLANTED['blank sex']} of 10,000." in unknown[0]
    assert f"category of form of exploitation: {PLANTED['blank form']} of 10,000." in unknown[1]
    assert len(unknown) == 2
    persons = data["victims"].drop_duplicates("person")
    children = int((persons["age"] == "child").sum())
    (text,) = texts_of(filled, "AGE_BANDS")
    assert f"(15-19): {PLANTED['bands']} of 10,000." in text
    assert f"children are {children:,} to {children + PLANTED['bands']:,}" in text
    (text,) = texts_of(filled, "EMPTY_INSTANCE")
    assert text.startswith(f"Judgments without a court instance: {PLANTED['no instance']} of 2,000")
    without = {**data, "judgments": data["judgments"].drop(columns="court_instance")}
    ret = PLAN.fill(without, area="IT", period=2025, **DECLARED)
    assert "The data have no column `court_instance`" in texts_of(ret, "NO_INSTANCE")[0]
    (registrations,) = texts_of(ret, "REGISTRATIONS")
    assert "counts twice" in registrations


def test_filled_counts_equal_those_of_pandas(filled, data) -> None:
    victims, persons = data["victims"], data["victims"].drop_duplicates("person")
    table = filled["a"]
    assert table.count(register="all") == Count.known(len(persons))
    for body, number in victims.groupby("register")["person"].nunique().items():
        assert table.count(register=body) == Count.known(number)
    for name in ("sex", "age", "citizenship"):
        column = persons[name].replace({"": "unknown", "15-19": "unknown"})
        for code, number in column.value_counts().items():
            assert table.count(register="all", **{name: code}) == Count.known(number), code
    forms = persons["exploitation"].str.split(";").explode()
    assert table.count(register="all", exploitation="sexual") == Count.known(
        int((forms == "sexual").sum())
    )
    assert table.count(register="all", exploitation="unknown") == Count.known(PLANTED["blank form"])
    eu = ["RO", "HU", "NL", "PL", "BG", "FR"]
    for group, number in (
        ("reporting_country", (persons["citizenship"] == "IT").sum()),
        ("other_eu", persons["citizenship"].isin(eu).sum()),
        ("non_eu", (~persons["citizenship"].isin([*eu, "IT"])).sum()),
    ):
        assert table.count(register="all", citizenship=group) == Count.known(number)
    decisions = data["decisions"]["prosecution_decision"].value_counts()
    for code, number in decisions.items():
        assert filled["d"].count(prosecution_decision=code) == Count.known(number)
        assert filled["c"].count(prosecution_decision=code) == Count.known(number)
    for code, number in data["judgments"]["court_judgment"].value_counts().items():
        assert filled["f"].count(court_judgment=code) == Count.known(number)


def test_a_category_without_cases_is_zero_and_an_unrecorded_one_is_missing(filled) -> None:
    for letter in "abcdef":
        assert {str(own.count.reason) for own in filled[letter]} == {"known"}
    assert filled["d"].count(prosecution_decision="other") == Count.known(0)
    assert filled["b"].count(sex="unknown") == Count.known(0)
    assert {own.count.reason for own in filled["g"]} == {Reason.NOT_REPORTED}
    (lack,) = filled.lacking
    assert lack.item == "stage sex age"
    assert lack.text.startswith("Article 19a(2)(g) asks for persons suspected")
    cases = pd.DataFrame({"sex": ["female", "female"], "age": ["adult", ""]})
    ret = PLAN.fill({"a": cases}, area="IT", period=2025)
    assert ret["a"].count(register="all", sex="male") == Count.known(0)
    missing = ret["a"].count(register="all", exploitation="sexual")
    assert missing.reason is Reason.BREAKDOWN_NOT_REPORTED
    assert ret["b"].count().reason is Reason.NOT_REPORTED
    assert [own.item for own in ret.lacking if own.variable == "victims"] == [
        "register",
        "citizenship",
        "exploitation",
    ]
    assert "the return lacks 1 of 5 breakdowns" in ret.lacking[0].text
    assert "Article 19a(2)(a) asks for registering body" in ret.lacking[0].text


def test_an_empty_register_gives_zeros() -> None:
    cases = pd.DataFrame({"sex": [], "age": []}, dtype=object)
    ret = PLAN.fill({"convicted": cases}, area="IT", period=2025)
    assert [ret["e"].count(sex=sex) for sex in ("total", "female", "unknown")] == [
        Count.known(0)
    ] * 3
    assert ret["e"].count(citizenship="unknown").reason is Reason.BREAKDOWN_NOT_REPORTED


def test_ages_and_bands_are_read_as_groups() -> None:
    ages = ["17", "18", "10-14", "65+", "child", "under 18", "16 to 20", ""]
    ret = PLAN.fill({"a": pd.DataFrame({"age": ages})}, area="IT", period=2025)
    counts = [
        ret["a"].count(register="all", age=code).lower for code in ("child", "adult", "unknown")
    ]
    assert counts == [4, 2, 2]
    (text,) = texts_of(ret, "AGE_BANDS")
    assert "ages below and from 18 (16 to 20): 1 of 8." in text
    with pytest.raises(UnknownName, match="young"):
        PLAN.fill({"a": pd.DataFrame({"age": ["young"]})}, area="IT", period=2025)


def test_cases_of_other_periods_and_areas_are_not_counted() -> None:
    cases = pd.DataFrame(
        {
            "area": ["IT", "IT", "FR", "", "IT"],
            "period": [2025, 2024, 2025, 2025, 2025],
            "sex": ["female", "female", "male", "male", "male"],
        }
    )
    ret = PLAN.fill({"a": cases}, area="IT", period=2025)
    assert ret["a"].count(register="all") == Count.known(2)
    (text,) = texts_of(ret, "NO_AREA")
    assert text.startswith("1 case has no area, or a wider area than the return.")
    world = PLAN.fill({"a": cases}, area="World", period=2025)
    assert world["a"].count(register="all") == Count.known(4)


def test_a_blank_next_to_a_zero_in_a_yes_or_no_column_is_unknown() -> None:
    cases = pd.DataFrame({"sexual": ["1", "0", "", ""], "labour": ["0", "1", "1", "0"]})
    multi = {"exploitation": {"sexual": "sexual", "labour": "labour"}}
    ret = PLAN.fill({"a": cases}, area="IT", period=2025, multi=multi, no=["0"])
    (text,) = texts_of(ret, "BLANK_AND_ZERO")
    assert text.startswith("Empty cells in the column `sexual`: 2. Cells with 0: 1.")
    table = ret["a"]
    assert table.count(register="all", exploitation="sexual") == Count.known(1)
    assert table.count(register="all", exploitation="unknown") == Count.known(1)
    other = table.count(register="all", exploitation="other")
    assert other.reason is Reason.NOT_REPORTED


def test_justice_cases_are_divided_by_stage() -> None:
    cases = pd.DataFrame(
        {"stage": ["suspected", "suspected", "convicted"], "sex": ["male", "female", "male"]}
    )
    ret = PLAN.fill(cases, area="IT", period=2025)
    assert [ret[letter].count().lower for letter in "bce"] == [2, 0, 1]
    assert ret["e"].count(sex="male") == Count.known(1)
    assert ret["a"].count(register="all").reason is Reason.NOT_REPORTED
    store = CaseStore.of(cases, kind="justice", missing=[None])
    assert PLAN.fill([store], area="IT", period=2025)["b"].count() == Count.known(2)
    constant = CaseStore.of(cases[["sex"]], kind="justice", stage="convicted", missing=[None])
    again = PLAN.fill({"b": constant, "e": constant}, area="IT", period=2025)
    assert again["b"].count().reason is Reason.NOT_REPORTED
    assert again["e"].count() == Count.known(3)


def test_judgments_of_one_proceeding_without_an_instance_are_counted() -> None:
    judgments = pd.DataFrame(
        {"proceeding": [1, 1, 2], "court_judgment": ["conviction", "acquittal", "conviction"]}
    )
    ret = PLAN.fill({"f": judgments}, area="IT", period=2025, person="proceeding")
    (text,) = texts_of(ret, "SEVERAL_INSTANCES")
    assert text.startswith("1 proceeding has several judgments")
    assert ret["f"].count() == Count.known(3)
    italy = thb.collection.plan("italy-13bis").fill({"f": judgments}, area="IT", period=2025)
    assert "against which no appeal is possible" in texts_of(italy, "FINALITY")[0]


def test_tables_fill_a_return_and_keep_suppressed_counts() -> None:
    rows = [
        {"value": 60, "sex": "female"},
        {"value": Count.fewer_than(5), "sex": "male"},
        {"value": 40, "unit": "cases"},
        {"value": 30, "register": "police"},
        {"value": 60, "register": "ngo"},
        {"value": 90, "register": "all"},
    ]
    table = thb.CountTable.from_rows(
        rows, kind="victims", area="IT", period=2025, status="registered"
    )
    ret = PLAN.fill(table, area="IT", period=2025)
    assert ret["a"].count(register="all") == Count.known(90)
    assert ret["a"].count(register="all", sex="male") == Count.fewer_than(5)
    assert ret["a"].count(register="all", age="child").reason is Reason.BREAKDOWN_NOT_REPORTED
    assert ret["a"].count(register="all", sex="unknown").reason is Reason.NOT_REPORTED
    assert "only persons are in the return" in texts_of(ret, "UNITS")[0]
    convictions = thb.CountTable.from_rows(
        [{"value": 3, "stage": "convicted", "unit": "convictions"},
         {"value": 4, "stage": "suspected", "unit": "decisions"}],
        kind="justice", area="IT", period=2025,
    )  # fmt: skip
    (text,) = texts_of(PLAN.fill(convictions, area="IT", period=2025), "UNITS")
    assert text.startswith("The table contains convictions, and the plan asks for persons")
    (text,) = texts_of(ret, "SUM_OF_BODIES")
    assert text.startswith("The 2 bodies add up to 90")
    assert "thb.lists.distinct" in text


def test_age_bands_of_tables_have_bounds() -> None:
    table = thb.CountTable.from_rows(
        [("total", 100), ("0-14", 20), ("15-19", 10), ("20+", 70)],
        columns=["age", "value"],
        kind=schema_of("victims", age_bands("0-14", "15-19", "20+")),
        area="IT",
        period=2025,
        status="registered",
    )
    ret = PLAN.fill(table, area="IT", period=2025)
    child = ret["a"].count(register="all", age="child")
    assert (child.lower, child.upper) == (20, 30)
    assert "2 counts of children and adults are intervals" in texts_of(ret, "BANDED_COUNTS")[0]


def test_two_tables_with_different_totals_are_an_error_of_the_check() -> None:
    def table(**cells):
        rows = [
            {"value": cells.pop("total")},
            *({"sex": key, "value": n} for key, n in cells.items()),
        ]
        return thb.CountTable.from_rows(
            rows, kind="justice", area="IT", period=2025, stage="convicted", unit="persons"
        )

    ret = PLAN.fill([table(total=10, female=4), table(total=12, male=8)], area="IT", period=2025)
    total = ret["e"].count()
    assert (total.lower, total.upper, total.reason) == (10, 12, Reason.CONFLICTING)
    (item,) = [row for row in ret.check().errors.itertuples() if row.code == "SEVERAL_VALUES"]
    assert item.level == 2
    assert item.text == "Two tables differ in one cell (total): 10 and 12."
    same = PLAN.fill([table(total=10, female=4)] * 2, area="IT", period=2025)
    assert same["e"].count() == Count.known(10)


def test_files_fill_a_return(tmp_path) -> None:
    counts = tmp_path / "counts.csv"
    counts.write_text(
        "table,area,period,stage,unit,sex,value\njustice,IT,2025,suspected,persons,total,7\n"
        "justice,IT,2025,suspected,persons,male,7\n"
    )
    cases = tmp_path / "cases.csv"
    cases.write_text("sex,age\nfemale,adult\nmale,\n")
    ret = PLAN.fill([str(counts), cases], area="IT", period=2025)
    assert ret["b"].count(sex="male") == Count.known(7)
    assert ret["a"].count(register="all", age="unknown") == Count.known(1)


def test_a_year_that_is_not_over_is_reported() -> None:
    cases = {"e": pd.DataFrame({"sex": ["male"]})}
    ret = PLAN.fill(cases, area="IT", period=2026, extracted="2026-11-30")
    (text,) = texts_of(ret, "PERIOD_NOT_OVER")
    assert text == "The period ends on 2026-12-31, and the data are of 2026-11-30: it is not over."
    later = PLAN.fill(cases, area="IT", period=2025, extracted="2026-02-01")
    assert not texts_of(later, "PERIOD_NOT_OVER")
    source = thb.Source(title="Register", published="2025-06-30")
    table = thb.CountTable.from_rows(
        [{"value": 3}], kind="justice", area="IT", period=2025, stage="convicted", source=source
    )
    assert texts_of(PLAN.fill(table, area="IT", period=2025), "PERIOD_NOT_OVER")


def test_cross_tables_contain_all_combinations() -> None:
    document = {
        **thb.collection.plan("sdg-16.2.2").document,
        "tables": "cross",
        "name": "cross",
    }
    own = Plan.from_dict(document)
    cases = pd.DataFrame(
        {"sex": ["female", "female", "male"], "age": ["child", "adult", "adult"],
         "exploitation": ["sexual", "labour", "labour"]}
    )  # fmt: skip
    ret = own.fill({"victims": cases}, area="MT", period=2020)
    assert ret["victims"].count(sex="female", age="child", exploitation="sexual") == Count.known(1)
    assert ret["victims"].count(sex="male", age="child", exploitation="other") == Count.known(0)
    row = ret.completeness(by="variable")["victims"]
    assert (row["required"], row["provided"], row["depth"]) == (36, 36, "cross")
    with_bodies = Plan.from_dict({**PLAN.document, "tables": "cross"})
    cases["register"] = ["police", "ngo", "police"]
    cases["citizenship"] = ["IT", "RO", "NG"]
    ret = with_bodies.fill({"a": cases}, area="IT", period=2025)
    assert ret["a"].count(register="police", sex="male", citizenship="non_eu") == Count.known(1)
    assert ret["a"].count(register="all", sex="female", citizenship="other_eu") == Count.known(1)
    assert ret.completeness()["victims"]["blank"] == 0
    # The first person is also in the list of an organisation, which does not record the sex.
    again = cases.iloc[:1].assign(register="ngo", sex=None)
    persons = pd.concat([cases, again]).assign(person=["A", "B", "C", "A"])
    ret = with_bodies.fill({"a": persons}, area="IT", period=2025, person="person")
    by_body = {"sex": "female", "citizenship": "IT"}
    for body in ("police", "ngo", "all"):
        assert ret["a"].count(register=body, **by_body) == Count.known(1)
    assert ret["a"].count(register="ngo", sex="unknown") == Count.known(0)
    assert ret["a"].count(register="all") == Count.known(3)


def test_bands_of_age_that_recode_declares_are_not_unknown() -> None:
    cases = pd.DataFrame({"sex": ["female"] * 5, "age": ["15-19"] * 3 + ["12", "unknown"]})
    recode = {"age": {"15-19": "child"}}
    ret = PLAN.fill({"a": cases}, area="IT", period=2025, recode=recode)
    assert ret["a"].count(age="child") == Count.known(4)
    assert texts_of(ret, "AGE_BANDS") == []
    (text,) = texts_of(ret, "UNKNOWN")
    assert "1 of 5" in text


def test_periods_of_persons_are_recoded() -> None:
    cases = pd.DataFrame({"person": ["A", "B"], "period": ["FY25", "FY24"], "sex": ["female"] * 2})
    recode = {"period": {"FY25": "2025", "FY24": "2024"}}
    ret = PLAN.fill({"a": cases}, area="IT", period=2025, person="person", recode=recode)
    assert ret["a"].count(sex="female") == Count.known(1)


def test_count_of_one_table_replaces_the_blank_cell_of_another() -> None:
    options = {"kind": "victims", "area": "IT", "period": 2025, "status": "registered"}
    blank = thb.Count.not_reported()
    cells = [("female", blank), ("male", 7)], [("female", 5), ("male", 7)]
    tables = [thb.CountTable.from_rows(own, columns=["sex", "value"], **options) for own in cells]
    for own in (tables, tables[::-1]):
        ret = PLAN.fill({"a": own}, area="IT", period=2025)
        assert ret["a"].count(sex="female") == Count.known(5)
        assert texts_of(ret, "SEVERAL_VALUES") == []


def test_refusals_of_filling() -> None:
    cases = pd.DataFrame({"sex": ["female"]})
    for arguments, error, text in (
        ({"area": "IT", "period": "not stated"}, InvalidValue, "last day"),
        ({"area": "Atlantis", "period": 2025}, UnknownName, "Atlantis"),
        ({"area": "IT", "period": 2025, "colour": 1}, UnknownName, "colour"),
        ({"area": "IT", "period": 2025, "person": "id"}, UnknownName, "person"),
        ({"area": "IT", "period": 2025, "columns": {"sexx": "sex"}}, UnknownName, "sexx"),
        ({"area": "IT", "period": 2025, "recode": {"ages": {}}}, UnknownName, "ages"),
        ({"area": "IT", "period": 2025, "extracted": "soon"}, InvalidValue, "must be a date"),
    ):
        with pytest.raises(error, match=text):
            PLAN.fill({"a": cases}, **arguments)
    with pytest.raises(UnknownName, match="must be a variable of article-19a"):
        PLAN.fill({"victims of": cases}, area="IT", period=2025)
    with pytest.raises(InvalidValue, match="must be IT"):
        thb.collection.plan("italy-13bis").fill({"a": cases}, area="FR", period=2025)


def test_filter_selects_rows_before_those_of_a_person_are_joined() -> None:
    cases = pd.DataFrame(
        {
            "id": ["A", "A", "B", "B"],
            "period": 2025,
            "sex": ["female", "male", "male", None],
            "state": ["final", "draft", "final", "draft"],
        }
    )
    arguments = {"person": "id", "filter": nw.col("state") == "final"}
    table = PLAN.fill({"a": cases}, area="IT", period=2025, **arguments)["a"]
    assert table.count(sex="female") == table.count(sex="male") == Count.known(1)


def test_all_three_ways_to_pass_persons_with_several_rows_agree() -> None:
    cases = pd.DataFrame(
        {
            "id": [1, 1, 2, 3],
            "period": [2025, 2025, 2025, 2024],
            "sex": ["female", "female", "male", "male"],
            "register": ["police", "ngo", "ngo", "ngo"],
            "forms": ["sexual", "labour", "labour", "sexual"],
        }
    )
    ret = PLAN.fill(
        {"a": cases}, area="IT", period=2025, person="id", multi={"exploitation": "forms"}
    )
    table = ret["a"]
    assert [table.count(register=body).lower for body in ("all", "police", "ngo")] == [2, 1, 2]
    assert table.count(register="all", exploitation="sexual") == Count.known(1)
    assert table.count(register="all", exploitation="labour") == Count.known(2)
    different = cases.assign(sex=["female", "male", "male", "male"])
    with pytest.raises(InvalidValue, match="must be the same in all rows of a person"):
        PLAN.fill({"a": different}, area="IT", period=2025, person="id")


def test_persons_with_rows_without_a_stage_are_counted() -> None:
    cases = pd.DataFrame(
        {
            "id": ["a", "a", "b", "b", "c"],
            "stage": ["suspected", "suspected", None, None, "suspected"],
            "sex": ["female", "female", "male", "male", "male"],
            "kind": "case",
        }
    )
    ret = PLAN.fill({"b": cases}, area="IT", period=2025, person="id")
    assert ret["b"].count() == Count.known(2)
    assert ret["b"].count(sex="male") == Count.known(1)
    different = cases.assign(sex=["female", "male", "male", "male", "male"])
    with pytest.raises(InvalidValue, match="such as a suspected"):
        PLAN.fill({"b": different}, area="IT", period=2025, person="id")


def test_persons_without_a_key_and_of_other_areas_are_apart() -> None:
    cases = pd.DataFrame(
        {
            "id": ["a", "a", "b", None, "", "-99", "c", "d"],
            "area": [*["IT"] * 6, "FR", ""],
            "sex": ["F", "F", "M", *["F"] * 5],
            "register": ["police", "ngo", "ngo", "ngo", "ngo", "ngo", "police", "police"],
        }
    )
    options: dict[str, Any] = {"period": 2025, "person": "id", "missing": ["-99"]}
    ret = PLAN.fill({"a": cases}, area="IT", **options)
    # Two persons with a key, and three rows without one.
    assert [ret["a"].count(register=body).lower for body in ("all", "police", "ngo")] == [5, 1, 5]
    assert ret["a"].count(register="all", sex="female") == Count.known(4)
    assert [(own.code, own.parts["number"]) for own in ret.remarks] == [
        ("NO_AREA", 1), ("NO_KEY", 3), ("SEVERAL_BODIES", 1), ("SMALL_COUNTS", 3),
    ]  # fmt: skip
    assert ret.remarks[1].text.startswith("3 cases have no person in `id`, and each counts as one")
    union = PLAN.fill({"a": cases}, area="EU27_2020", **options)
    assert union["a"].count(register="all") == Count.known(6)
    named = cases.assign(area=cases["area"].replace({"IT": "Italia", "FR": "Francia"}))
    spellings = {"area": {"Italia": "IT", "Francia": "FR"}}
    assert PLAN.fill({"a": named}, area="IT", recode=spellings, **options) == ret
    store = thb.cases.CaseStore.of(cases, missing=[None])
    with pytest.raises(InvalidValue, match="`person` must be passed with a frame or a path"):
        PLAN.fill({"a": store}, area="IT", **options)


def test_victims_of_another_status_are_reported() -> None:
    table = thb.CountTable.from_rows(
        [("detected", 12), ("registered", 5)], columns=["status", "value"],
        kind="victims", area="IT", period=2025,
    )  # fmt: skip
    ret = PLAN.fill(table, area="IT", period=2025)
    assert ret["a"].count(register="all") == Count.known(5)
    (text,) = texts_of(ret, "STATUS")
    assert "another status (detected) than that of the plan (registered)" in text
    assert (
        texts_of(PLAN.fill(table.where(status="registered"), area="IT", period=2025), "STATUS")
        == []
    )


def test_one_file_has_the_stages_of_a_person() -> None:
    cases = pd.DataFrame(
        {
            "id": ["a", "a", "a", "b"],
            "stage": ["suspected", "prosecuted", "convicted", "suspected"],
            "sex": ["female", "female", "female", "male"],
            "offence": [*["trafficking"] * 3, "use_of_services"],
        }
    )

    def totals(data: pd.DataFrame) -> list[int]:
        ret = PLAN.fill(data, area="IT", period=2025, person="id")
        stages = [("b", "suspected"), ("c", "prosecuted"), ("e", "convicted"), ("g", "suspected")]
        return [ret[letter].count(stage=stage).lower for letter, stage in stages]

    assert totals(cases) == [1, 1, 1, 1]
    # Cases without an offence are of trafficking, and not also of the use of services.
    assert totals(cases.drop(columns="offence")) == [2, 1, 1, 0]


def test_years_of_birth_are_not_ages() -> None:
    with pytest.raises(UnknownName, match="got '1990'"):
        PLAN.fill({"b": pd.DataFrame({"age": ["1990"]})}, area="IT", period=2025)


def test_court_instance_can_have_another_column() -> None:
    judgments = pd.DataFrame({"result": ["conviction", "acquittal"], "grade": ["appeal", ""]})
    columns = {"court_judgment": "result", "court_instance": "grade"}
    ret = PLAN.fill({"f": judgments}, area="IT", period=2025, columns=columns)
    assert [own.code for own in ret.remarks] == ["EMPTY_INSTANCE", "SMALL_COUNTS"]


def test_instances_are_those_of_the_judgments_of_the_return() -> None:
    judgments = pd.DataFrame(
        {
            "period": [2024, 2025, 2025],
            "court_judgment": ["conviction"] * 3,
            "court_instance": ["", "", "first"],
        }
    )
    ret = PLAN.fill({"f": judgments}, area="IT", period=2025)
    (text,) = texts_of(ret, "EMPTY_INSTANCE")
    assert text.startswith("Judgments without a court instance: 1 of 2.")


def test_columns_apply_to_the_files_that_have_them(tmp_path: Path) -> None:
    victims = pd.DataFrame(
        {
            "id": ["1", "1", "2"],
            "body": ["police", "ngo", "ngo"],
            "gender": ["F", "F", "M"],
            "form": ["sexual", "labour", "labour"],
        }
    )
    suspects = pd.DataFrame({"gender": ["M", "M", "F"], "age": [17, 30, 40]})
    declared: dict[str, Any] = {
        "area": "IT",
        "period": 2025,
        "person": "id",
        "columns": {"register": "body", "sex": "gender"},
        "recode": {"sex": {"F": "female", "M": "male"}},
    }
    frames, files = {"a": victims, "b": suspects, "e": suspects}, dict[str, str]()
    for letter, frame in frames.items():
        files[letter] = str(tmp_path / f"{letter}.csv")
        frame.to_csv(files[letter], index=False)
    ret = PLAN.fill(frames, multi={"exploitation": "form"}, **declared)
    assert PLAN.fill(files, multi={"exploitation": "form"}, **declared).tables == ret.tables
    assert ret["a"].count(register="all") == Count.known(2)
    assert ret["b"].count(sex="male") == ret["e"].count(sex="male") == Count.known(2)
    assert ret["a"].count(register="all", exploitation="labour") == Count.known(2)
    assert "3 cases have no person in `id`" in texts_of(ret, "NO_KEY")[0]
    for wrong, name in (
        ({"columns": {"sex": "gendr"}}, "columns"),
        ({"multi": {"exploitation": {"sexual": "is_sexual"}}}, "multi"),
        ({"person": "key"}, "person"),
    ):
        with pytest.raises(UnknownName, match=f"`{name}` must be a column of the cases"):
            PLAN.fill(files, **declared | wrong)


def test_cases_without_a_stage_are_of_no_stage() -> None:
    cases = pd.DataFrame({"sex": ["female", "male", "male"]})
    ret = PLAN.fill({"g": cases}, area="IT", period=2025)
    for stage in ("suspected", "prosecuted", "convicted"):
        assert ret["g"].count(stage=stage).reason is Reason.NOT_REPORTED
    (text,) = (own.text for own in ret.lacking if own.variable == "use_of_services")
    assert text.endswith("Columns that a file needs: stage of criminal justice, sex, age group.")
    stated = PLAN.fill({"g": cases}, area="IT", period=2025, stage="convicted")
    assert stated["g"].count(stage="convicted") == Count.known(3)
    assert stated["g"].count(stage="suspected").reason is Reason.NOT_REPORTED


def test_judgments_of_several_years_are_not_of_several_instances() -> None:
    judgments = pd.DataFrame(
        {"case": ["x", "x", "y", "y"], "period": [2024, 2025, 2025, 2025], "area": "IT"}
    )
    judgments["court_judgment"] = "conviction"
    numbers = []
    for cases in (judgments, judgments[:3]):
        ret = PLAN.fill({"f": cases}, area="IT", period=2025, person="case")
        numbers.append(texts_of(ret, "SEVERAL_INSTANCES"))
    (text,), none = numbers
    assert text.startswith("1 proceeding has several judgments")
    assert none == []


def test_blank_next_to_false_is_reported() -> None:
    cases = pd.DataFrame({"sexual": [True, False, None], "labour": [False, True, True]})
    flags = {"exploitation": {"sexual": "sexual", "labour": "labour"}}
    ret = PLAN.fill({"a": cases}, area="IT", period=2025, multi=flags)
    (text,) = texts_of(ret, "BLANK_AND_ZERO")
    assert text.startswith("Empty cells in the column `sexual`: 1. Cells with 0: 1.")


def test_return_is_displayed_with_its_remarks(filled) -> None:
    text = str(filled)
    assert "10,000" in text
    assert "persons are registered by two bodies" in text
    assert repr(filled) == "<Return article-19a: IT, 2025>"
    frame = filled.to_frame()
    assert np.isin(frame["variable"].unique(), [own.name for own in PLAN.variables]).all()


def test_files_of_counts_take_area_period_and_kind_from_the_return(tmp_path) -> None:
    counts = tmp_path / "counts.csv"
    counts.write_text("stage,unit,sex,value\nconvicted,persons,total,7\n")
    ret = PLAN.fill({"e": counts}, area="IT", period=2025)
    assert ret["e"].count() == Count.known(7)
    assert PLAN.fill(counts, area="IT", period=2025)["e"].count() == Count.known(7)
    cases = tmp_path / "cases.parquet"
    pd.DataFrame({"sex": ["female", "male"]}).to_parquet(cases)
    assert PLAN.fill(cases, area="IT", period=2025)["a"].count(register="all") == Count.known(2)


def test_a_file_of_ctdc_fills_what_it_records(tmp_path) -> None:
    path = tmp_path / "ctdc.csv"
    header = "yearOfRegistration,Datasource,gender,ageBroad,majorityStatus,citizenship,"
    header += "isForcedLabour,isSexualExploit,isOtherExploit,typeOfSexProstitution,"
    header += "CountryOfExploitation,meansOfControlThreats,meansOfControlDebtBondage"
    rows = [
        "2018,Hotline,Female,9--17,,PH,0,1,0,,FR,1,0",
        "2018,Hotline,Male,30--38,,,1,0,0,,FR,0,0",
    ]
    rows += ["2018,Hotline,-99,,,UA,-99,-99,0,,GB,1,1", "2019,Hotline,Female,,,UA,1,0,0,,FR,1,1"]
    path.write_text("\n".join([header, *rows * 3, ""]))
    ret = PLAN.fill(thb.read(path), area="FR", period=2018)
    table = ret["a"]
    assert table.count(register="all") == Count.known(6)
    assert table.count(register="all", sex="female") == Count.known(3)
    assert table.count(register="all", age="child") == Count.known(3)
    assert table.count(register="all", citizenship="PH") == Count.known(3)
    assert table.count(register="all", citizenship="non_eu") == Count.known(3)
    assert table.count(register="all", citizenship="unknown") == Count.known(3)
    lacking = {own.item for own in ret.lacking if own.variable == "victims"}
    assert lacking == {"register"}
    assert {own.variable for own in ret.lacking} == {own.name for own in PLAN.variables}
    world = PLAN.fill(thb.read(path), area="World", period="2018-2019")
    assert world["a"].count(register="all") == Count.known(12)


def test_a_person_with_two_citizenships_of_one_group_is_one_person_of_the_group() -> None:
    cases = pd.DataFrame({"citizenship": ["FR;BE", "FR", "DE;FR", "NG", "stateless", ""]})
    table = PLAN.fill({"a": cases}, area="DE", period=2025, multi={"citizenship": "citizenship"})[
        "a"
    ]
    groups = {"reporting_country": 1, "other_eu": 3, "non_eu": 2, "FR": 3, "BE": 1, "unknown": 1}
    for code, number in groups.items():
        count = table.count(register="all", citizenship=code)
        assert (count.lower, count.reason) == (number, Reason.KNOWN), code


def test_a_group_of_columns_of_yes_and_no_counts_each_person_once() -> None:
    cases = pd.DataFrame({"fr": [1, 1, 0, ""], "be": [1, 0, 0, ""], "ng": [0, 0, 1, 1]})
    flags = {"FR": "fr", "BE": "be", "NG": "ng"}
    table = PLAN.fill({"a": cases}, area="DE", period=2025, multi={"citizenship": flags})["a"]
    counts = [table.count(register="all", citizenship=code) for code in ("other_eu", "non_eu")]
    assert counts == [Count.known(2), Count.known(2)]


def test_citizenships_of_no_group_are_reported() -> None:
    cases = pd.DataFrame({"citizenship": ["Yugoslavia", "EU citizens", "FR", "stateless", ""]})
    ret = PLAN.fill({"a": cases}, area="IT", period=2025)
    (text,) = texts_of(ret, "NO_GROUP")
    assert text.startswith(
        "Cases with a citizenship that can belong to several groups (YUCS, eu): 2 of 5."
    )
    assert ret["a"].count(register="all", citizenship="eu") == Count.known(2)
    cases = pd.DataFrame({"citizenship": ["FR", "other_eu", "IT"]})
    ret = PLAN.fill({"a": cases}, area="IT", period=2025)
    assert not texts_of(ret, "NO_GROUP")
    assert "eu" not in ret["a"].categories("citizenship")


def test_cases_of_a_wider_area_or_period_are_reported() -> None:
    cases = pd.DataFrame({"area": ["IT", "EU27_2020", "FR", "IT", "IT"], "period": [2025] * 5})
    cases["period"] = ["2025-Q1", "2025", "2025", "2024-2025", "not stated"]
    ret = PLAN.fill({"a": cases}, area="IT", period=2025)
    assert ret["a"].count(register="all") == Count.known(1)
    for code, number in (("NO_AREA", "1 case has"), ("NO_PERIOD", "2 cases have")):
        assert texts_of(ret, code)[0].startswith(number)


def test_empty_keys_are_not_one_proceeding_with_several_instances() -> None:
    cases = pd.DataFrame({"case": ["A", "A", "B", "", "", None], "court_judgment": "conviction"})
    ret = PLAN.fill({"f": cases}, area="IT", period=2025, person="case")
    (text,) = texts_of(ret, "SEVERAL_INSTANCES")
    assert text.startswith("1 proceeding has several judgments")


def test_an_unknown_country_of_cases_is_refused_also_with_persons() -> None:
    cases = pd.DataFrame({"person": [1, 2], "area": ["Ruritania", "IT"]})
    for person in (None, "person"):
        with pytest.raises(UnknownName, match="got 'Ruritania'"):
            PLAN.fill({"a": cases}, area="IT", period=2025, person=person)


def test_counts_of_another_kind_and_rejected_rows_are_reported(tmp_path) -> None:
    path = tmp_path / "suspects.csv"
    path.write_text("area,period,kind,stage,value\nIT,2025,justice,suspected,4\n")
    ret = PLAN.fill({"victims": path}, area="IT", period=2025)
    assert texts_of(ret, "OTHER_KIND") == [
        "suspects.csv contains counts of the kind justice, which are not in the return. Variables "
        "of the plan with this kind: suspected, prosecuted, convicted, use_of_services."
    ]
    sdg = thb.collection.plan("sdg-16.2.2")
    ret = sdg.fill(thb.read(path).table, area="IT", period=2025)
    assert texts_of(ret, "OTHER_KIND")[0].endswith("with this kind: none.")
    path = tmp_path / "victims.csv"
    path.write_text("area,period,value\nIT,2025,4\nRuritania,2025,9\nFreedonia,2025,9\n")
    ret = PLAN.fill({"victims": path}, area="IT", period=2025)
    assert texts_of(ret, "REJECTED") == [
        "2 rows of victims.csv are rejected, and are not in the return "
        "(not a known area: Freedonia, Ruritania)."
    ]
    assert texts_of(ret, "OTHER_KIND") == []


def test_two_spellings_of_a_category_are_one_category_of_a_person() -> None:
    columns = {
        "id": ["1", "1", "2", "2", "3", "4"],
        "register": ["police", "PD", "ngo", "police", "", "not stated"],
        "sex": ["F", "female", "M", "", "?", "F"],
        "age": ["17", "child", "16 to 20", "30", "", "16"],
        "citizenship": ["IT", "Italy", "FR", "unknown", "", "NG"],
    }
    recode = {"register": {"PD": "police"}}
    options: dict[str, Any] = {"person": "id", "recode": recode, "unknown": ["?"]}
    ret = PLAN.fill({"a": pd.DataFrame(columns)}, area="IT", period=2025, **options)
    numbers = {"all": 4, "police": 2, "ngo": 1, "not_stated": 2}
    assert {body: ret["a"].count(register=body).lower for body in numbers} == numbers
    assert "1 person is registered by two bodies" in texts_of(ret, "SEVERAL_BODIES")[0]
    for name, counts in (
        ("sex", {"female": 2, "male": 1, "unknown": 1}),
        ("age", {"child": 2, "adult": 1, "unknown": 1}),
        ("citizenship", {"IT": 1, "FR": 1, "NG": 1, "unknown": 1}),
    ):
        table = {code: ret["a"].count(register="all", **{name: code}).lower for code in counts}
        assert table == counts
    justice = {"id": ["1", "1", "2"], "stage": ["suspected", "Suspected", "convicted"]}
    justice["offence"] = ["trafficking", "Trafficking", "trafficking"]
    ret = PLAN.fill(pd.DataFrame(justice), area="IT", period=2025, person="id")
    assert [ret[letter].count() for letter in "be"] == [Count.known(1)] * 2
    weighted = pd.DataFrame({"id": ["a"], "sex": ["F"], "w": [3]})
    with pytest.raises(InvalidValue, match="`weights` must not be passed with `person`"):
        PLAN.fill({"a": weighted}, area="IT", period=2025, person="id", weights="w")


def test_a_registration_twice_by_an_unknown_body_is_one_registration() -> None:
    cases = pd.DataFrame({"id": ["1", "1"], "register": ["", "not stated"]})
    ret = PLAN.fill({"a": cases}, area="IT", period=2025, person="id")
    assert ret["a"].count(register="not_stated") == Count.known(1)


VICTIMS: dict[str, Any] = {"kind": "victims", "area": "IT", "period": 2025, "status": "registered"}


@pytest.mark.parametrize("person", [None, "id"])
def test_cases_without_a_registering_body_are_of_no_stated_body(person: str | None) -> None:
    cases = pd.DataFrame({"id": [1, 2], "register": ["", ""], "sex": ["F", "M"]})
    ret = PLAN.fill({"a": cases}, area="IT", period=2025, person=person)
    assert ret["a"].count(register="not_stated") == Count.known(2)
    assert ret["a"].count(register="all") == Count.known(2)


def test_counts_with_a_common_value_are_one_count() -> None:
    below, several = Count.fewer_than(5), Count.between(3, 7, Reason.ROUNDED)
    for first, second, expected in (
        (below, 3, Count.known(3)),
        (below, Count.fewer_than(10), below),
        (Count.suppressed(), 3, Count.known(3)),
        (several, below, Count.between(3, 4, Reason.ROUNDED)),
    ):
        for pair in ((first, second), (second, first)):
            tables = [thb.CountTable.from_rows([{"value": own}], **VICTIMS) for own in pair]
            ret = PLAN.fill({"a": tables}, area="IT", period=2025)
            assert ret["a"].count(register="all") == expected
            assert not len(ret.check().errors)
    tables = [thb.CountTable.from_rows([{"value": own}], **VICTIMS) for own in (below, 7, 6, 7)]
    ret = PLAN.fill({"a": tables}, area="IT", period=2025)
    total = ret["a"].count(register="all")
    assert (total.lower, total.upper, total.reason) == (0, 7, Reason.CONFLICTING)
    assert texts_of(ret, "SEVERAL_VALUES")[0].endswith("(total): 0 to 4 and 7.")


def test_bodies_with_a_suppressed_count_have_bounds() -> None:
    bodies = [("police", 100), ("ngo", Count.fewer_than(5))]
    for total, texts in (([("all", 100)], []), ([], ["The 2 bodies add up to 100 to 104"])):
        rows = [*total, *bodies]
        table = thb.CountTable.from_rows(rows, columns=["register", "value"], **VICTIMS)
        ret = PLAN.fill({"a": table}, area="IT", period=2025)
        assert [own.partition(",")[0] for own in texts_of(ret, "SUM_OF_BODIES")] == texts
        assert [json.loads(json.dumps(own.parts)) for own in ret.remarks] == [
            own.parts for own in ret.remarks
        ]


def test_counts_of_other_periods_are_reported() -> None:
    rows = [("2025-Q1", "police", 5), ("2025-Q2", "all", 5), ("2024", "all", 3)]
    options = {**VICTIMS, "columns": ["period", "register", "value"]}
    del options["period"]
    ret = PLAN.fill({"a": thb.CountTable.from_rows(rows, **options)}, area="IT", period=2025)
    assert texts_of(ret, "OTHER_PERIODS") == [
        "The table has no counts of 2025, and has counts of other periods that overlap it "
        "(2025-Q1, 2025-Q2). They are not in the return."
    ]
    assert "the data have no counts of it for IT, 2025." in ret.lacking[0].text
    rows = [("2025", "all", 9), *rows]
    ret = PLAN.fill({"a": thb.CountTable.from_rows(rows, **options)}, area="IT", period=2025)
    assert texts_of(ret, "OTHER_PERIODS") == []


def test_rows_without_a_status_are_reported_next_to_rows_with_one() -> None:
    rows = [("registered", "total", 10), ("not_stated", "female", 6), ("not_stated", "male", 4)]
    options = {**VICTIMS, "columns": ["status", "sex", "value"]}
    del options["status"]
    ret = PLAN.fill({"a": thb.CountTable.from_rows(rows, **options)}, area="IT", period=2025)
    assert texts_of(ret, "NOT_STATED") == [
        "2 rows of the table do not state status of victims, and other rows do. They are not in "
        "the return."
    ]
    assert ret["a"].count(register="all", sex="female").reason is Reason.BREAKDOWN_NOT_REPORTED
    ret = PLAN.fill({"a": thb.CountTable.from_rows(rows[1:], **options)}, area="IT", period=2025)
    assert ret["a"].count(register="all", sex="female") == Count.known(6)
    assert texts_of(ret, "NOT_STATED") == []


def test_several_lists_of_cases_for_a_variable_are_refused() -> None:
    cases = pd.DataFrame({"sex": ["F", "M", "F"]})
    table = thb.CountTable.from_rows([{"value": 3}], **VICTIMS)
    for data in ({"victims": [cases, cases]}, [cases, CaseStore.of(cases, missing=[None]), table]):
        with pytest.raises(InvalidValue, match="must have one list of cases for victims, got '2"):
            PLAN.fill(data, area="IT", period=2025)
    ret = PLAN.fill({"victims": [cases, table]}, area="IT", period=2025)
    assert ret["a"].count(register="all") == Count.known(3)


def test_columns_of_cases_are_refused_without_cases() -> None:
    table = thb.CountTable.from_rows([{"value": 3}], **VICTIMS)
    store = CaseStore.of(pd.DataFrame({"sex": ["F"]}), missing=[None])
    for name, value in (("person", "id"), ("columns", {"sex": "s"}), ("multi", {"sex": "s"})):
        for data in (table, store):
            with pytest.raises(InvalidValue, match=f"`{name}` must be passed with a frame or a"):
                PLAN.fill({"a": data}, area="IT", period=2025, **{name: value})


def test_an_annual_plan_has_no_return_for_a_quarter() -> None:
    cases = pd.DataFrame({"sex": ["F"]})
    with pytest.raises(InvalidValue, match="`period` must be a year or longer"):
        PLAN.fill({"a": cases}, area="IT", period="2025-Q1")


def test_totals_without_a_value_are_displayed_with_their_mark() -> None:
    stages = {"suspected": 7, "prosecuted": Count.fewer_than(5)}
    rows = [{"stage": stage, "value": number} for stage, number in stages.items()]
    options = {"kind": "justice", "area": "IT", "period": 2025, "unit": "persons"}
    users = thb.CountTable.from_rows(rows, offence="use_of_services", **options)
    victims = [thb.CountTable.from_rows([{"value": own}], **VICTIMS) for own in (10, 12)]
    table = PLAN.fill({"a": victims, "g": users}, area="IT", period=2025).display_table()
    totals = {row.cells[0].text: row.cells[2].text for row in table.rows}
    assert (totals["a"], totals["b"], totals["g"]) == ("10 to 12", "missing", "7, <5, missing")
