"""Victims and perpetrators of CTDC.

THBSTATS_CTDC_PERPETRATORS=CTDC_VPsynthetic_condensed.csv contains the path of the data set, which
may not be shipped.
"""

import os
from io import BytesIO

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import thbstats as thb
from tests.examples import examples
from tests.sources.case_files import KANON, PERPETRATORS, one, perpetrator_rows, text
from thbstats.cases import CaseStore, count_cases
from thbstats.errors import InvalidFile
from thbstats.files import Cases, Reading, open_bytes
from thbstats.records import Source, schema_of
from thbstats.sources import ctdc, recognised
from thbstats.values import Interval

PATH = os.environ.get("THBSTATS_CTDC_PERPETRATORS", "")

LISTS = {
    "perpetrator_sex": ("IP_Gender", {"female": "Female", "male": "Male"}),
    "perpetrator_age": (
        "IP_ageBroad",
        {
            "up_to_29": "0--29",
            "from_30_to_38": "30--38",
            "from_39_to_47": "39--47",
            "from_48": "48+",
        },
    ),
    "perpetrator_region": (
        "IP_citizen_UNRegion",
        {
            "africa": "Africa",
            "americas_and_oceania": "Americas/Oceania",
            "asia": "Asia",
            "europe": "Europe",
        },
    ),
    "perpetrator_relation": (
        "IP_Relation",
        {
            "family_or_partner": "FamilyIntimatePartner",
            "friend_or_acquaintance": "FriendAcquaintance",
            "stranger_or_other": "StrangerUnknownOther",
        },
    ),
    "perpetrator_payment": ("IP_PayMoney", {"payment": "Yes", "no_payment": "No"}),
}
SINGLE = {
    "sex": ("gender", {"female": "Female", "male": "Male"}),
    "age": ("majorityStatus", {"adult": "Adult", "child": "Minor"}),
    "region_of_origin": ("UN_COO_Region", LISTS["perpetrator_region"][1]),
    "region_of_exploitation": ("UN_COE_Region", LISTS["perpetrator_region"][1]),
}
FLAGS = {
    "exploitation": {"labour": "isForcedLabour", "sexual": "isSexualExploit"},
    "perpetrator_role": {
        "exploiter": "IP_Exploiter",
        "recruitment": "IP_RecruiterBroker",
        "transaction": "IP_TransactionProcess",
        "control": "IP_ControlAbuseKidnap",
    },
}


def reading(data: bytes, **options: object) -> Reading:
    return ctdc.read(open_bytes(data, name="victims.csv"), **options)


def cases_of(data: bytes, **options: object) -> Cases:
    result = reading(data, **options).cases
    assert result is not None
    return result


def check_counts(store: CaseStore, raw: pd.DataFrame) -> None:
    """Compare the counts of every dimension with sums of the columns in pandas."""

    def check(name: str, expected: dict[str, int]) -> None:
        table = store.count(name)
        counted = {code: table.count(**{name: code}).lower for code in expected}
        assert counted == expected, name
        assert table.count().lower == len(raw)

    for name, (column, texts) in LISTS.items():
        lists = raw[column].str.split(";")
        listed = {
            code: int(lists.map(lambda own, t=t: t in own).sum()) for code, t in texts.items()
        }
        check(name, {**listed, "unknown": int((raw[column] == "").sum())})
    for name, (column, texts) in SINGLE.items():
        values = {code: int((raw[column] == text).sum()) for code, text in texts.items()}
        values = {code: number for code, number in values.items() if number}
        unknown = int((raw[column] == "").sum())
        check(name, values | ({"unknown": unknown} if unknown else {}))
    for name, columns in FLAGS.items():
        answers = (raw[list(columns.values())] == "1").any(axis=1)
        numbers = {code: int((raw[column] == "1").sum()) for code, column in columns.items()}
        check(name, {**numbers, "unknown": int((~answers).sum())} if len(raw) else {})


@examples(8)
@given(st.integers(1, 80), st.integers(0, 10**6))
def test_counts_of_every_dimension_equal_those_of_pandas(persons: int, seed: int) -> None:
    data = text(perpetrator_rows(persons, seed), PERPETRATORS)
    raw = pd.read_csv(BytesIO(data), dtype="str", keep_default_na=False)
    check_counts(CaseStore.of(cases_of(data), period="2005-2022"), raw)


@pytest.mark.skipif(not PATH, reason="THBSTATS_CTDC_PERPETRATORS does not contain a path")
def test_counts_of_the_published_file_equal_those_of_pandas() -> None:
    result = thb.read(PATH)
    assert (result.log.read, result.log.used, result.log.problems) == (21_195, 21_195, ())
    raw = pd.read_csv(PATH, dtype="str", keep_default_na=False)
    store = CaseStore.of(result)
    check_counts(store, raw)
    table = store.count(["sex", "perpetrator_sex"])
    both = raw[(raw.gender == "Female") & raw.IP_Gender.str.contains("Female")]
    assert table.count(sex="female", perpetrator_sex="female").lower == len(both)
    share = thb.share(table, perpetrator_sex="female", base="all")
    assert share.numerator == Interval.point(5_967)
    assert share.denominator == Interval.point(21_195)


def test_file_is_recognised_by_its_header() -> None:
    data = text(perpetrator_rows(3), PERPETRATORS)
    assert recognised(open_bytes(data))[0].name == "ctdc"
    assert "victim and perpetrator" in ctdc.recognise(open_bytes(data))
    assert "perpetrator" not in ctdc.recognise(open_bytes(text([], KANON)))
    with pytest.raises(InvalidFile, match="yearOfRegistration"):
        reading(b"yearRegister,gender\n2019,Female\n")


@pytest.mark.parametrize(
    ("cells", "column", "texts"),
    [
        ({"gender": "Boat"}, "gender", {"Boat": 1}),
        ({"isForcedLabour": "perhaps"}, "isForcedLabour", {"perhaps": 1}),
        ({"IP_Exploiter": "2"}, "IP_Exploiter", {"2": 1}),
        ({"IP_Relation": "FriendAcquaintance;Ghost"}, "IP_Relation", {"Ghost": 1}),
        ({"UN_COO_Region": "Atlantis"}, "UN_COO_Region", {"Atlantis": 1}),
        ({"yearRegister": "long ago"}, "yearRegister", {"long ago": 1}),
    ],
)
def test_unmapped_answer_is_flagged_and_the_row_is_used(cells, column, texts) -> None:
    result = reading(one(PERPETRATORS, **cells))
    assert [(item.column, item.texts) for item in result.log.problems] == [(column, texts)]
    assert (result.log.used, result.log.rejected) == (1, 0)


def test_unmapped_item_leaves_other_categories_without_an_answer() -> None:
    frame = cases_of(one(PERPETRATORS, IP_Relation="FriendAcquaintance;Ghost")).frame
    assert frame["perpetrator_relation=friend_or_acquaintance"].tolist() == [True]
    assert frame["perpetrator_relation=family_or_partner"].isna().tolist() == [True]


def test_area_is_the_world_and_the_period_of_a_row_is_a_range() -> None:
    cases = cases_of(one(PERPETRATORS, yearRegister="2014-2018", gender="Female"))
    cell = count_cases(cases, "sex").cell(sex="female")
    assert (cell.area, str(cell.period)) == ("WORLD", "2014-2018")
    assert "re-identification" in cell.source.terms
    assert cases_of(one(PERPETRATORS), source="A copy").source.title == "A copy"
    mine = Source(title="Mine")
    assert cases_of(one(PERPETRATORS), source=mine).source == mine


def test_columns_missing_in_the_file_give_no_dimension() -> None:
    header = ["yearRegister", "gender", "IP_Gender", "IP_Relation", "shoeSize"]
    result = reading(one(header, gender="Male", shoeSize="42"))
    assert set(result.cases.columns) == {"period", "sex"}
    assert set(result.cases.multiple) == {"perpetrator_sex", "perpetrator_relation"}
    assert "age_concept" not in result.cases.constants
    assert any("shoeSize" in note for note in result.log.notes)
    assert result.cases.frame["shoeSize"].tolist() == ["42"]


def test_table_contains_the_dimensions_by_which_it_is_counted() -> None:
    cases = cases_of(text(perpetrator_rows(5), PERPETRATORS))
    assert count_cases(cases, "sex").columns.schema == schema_of("victims")
    names = count_cases(cases, ["sex", "perpetrator_age"]).columns.schema.names
    assert "perpetrator_age" in names
    assert "perpetrator_sex" not in names
