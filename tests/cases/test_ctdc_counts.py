"""The k-anonymised data set of CTDC of 15 July 2021, where somebody has it: it may not be shipped.

THBSTATS_CTDC=CTDC_global_kanon_2021-07-15.csv.gz says where it lies.
"""

import os
from fractions import Fraction
from itertools import combinations

import numpy as np
import pandas as pd
import pytest

import thbstats as thb
from thbstats.cases import CaseStore, count_cases
from thbstats.disclosure import primary_suppression
from thbstats.geography import COUNTRIES
from thbstats.tables import CountTable
from thbstats.values import Interval
from thbstats.vocabulary import bundled_classification

PATH = os.environ.get("THBSTATS_CTDC", "")

pytestmark = pytest.mark.skipif(
    not PATH, reason="THBSTATS_CTDC does not say where the k-anonymised data set of CTDC lies"
)

WORLD = "+".join(country.code for country in COUNTRIES)
CONSTANTS = {"area": WORLD, "period": "2002-2021"}
SEXUAL, LABOUR = "isSexualExploit", "isForcedLabour"


@pytest.fixture(scope="module")
def raw() -> pd.DataFrame:
    return pd.read_csv(PATH, dtype="str", keep_default_na=False)


@pytest.fixture(scope="module")
def store() -> CaseStore:
    return CaseStore.of(thb.read(PATH), **CONSTANTS)


def numbers(table: CountTable, name: str) -> dict[str, int]:
    return {code: table.count(**{name: code}).lower for code in table.categories(name)}


def test_ctdc_cases_by_source_equal_published_counts(store: CaseStore) -> None:
    for source, published in (("Hotline", 52_607), ("Case Management", 45_143)):
        assert store.count(where={"Datasource": source}).count().lower == published
    assert store.count().count().lower == 97_750


def test_ctdc_cases_by_sex_equal_published_counts(store: CaseStore) -> None:
    assert numbers(store.count("sex"), "sex") == {
        "total": 97_750,
        "female": 68_083,
        "male": 21_465,
        "other": 64,
        "unknown": 8_138,
    }


def test_ctdc_cases_by_age_equal_published_counts(store: CaseStore) -> None:
    table = store.count("age")
    assert numbers(table, "age") == {
        "total": 97_750,
        "child": 19_650,
        "adult": 51_596,
        "unknown": 26_504,
    }
    assert table.categories("age_concept") == ("at_registration",)


def test_one_call_counts_the_file(store: CaseStore) -> None:
    assert count_cases(thb.read(PATH), ["sex", "age"], **CONSTANTS) == store.count(["sex", "age"])


def test_ctdc_columns_without_reader_give_equal_counts(store: CaseStore, raw: pd.DataFrame) -> None:
    own = CaseStore.of(
        raw,
        columns={"sex": "gender", "age": "majorityStatus"},
        recode={"sex": {"Transgender/NonConforming": "other"}, "age": {"Minor": "child"}},
        missing=[""],
        **CONSTANTS,
    )
    for name in ("sex", "age"):
        assert numbers(own.count(name), name) == numbers(store.count(name), name)


def test_ctdc_forms_count_every_case_to_which_they_apply(
    store: CaseStore, raw: pd.DataFrame
) -> None:
    table = store.count("exploitation")
    either = raw[[name for name in raw if name.startswith(("typeOfSex", SEXUAL))]]
    parts = [name for name in either if not name.endswith(("Concatenated", "NotSpecified"))]
    sexual = (raw[parts] == "1").any(axis=1).sum()
    assert table.count(exploitation="sexual").lower == sexual
    assert (
        table.count(exploitation="prostitution").lower == (raw.typeOfSexProstitution == "1").sum()
    )
    share = thb.share(table, exploitation="sexual", base="all")
    assert (share.numerator, share.denominator) == (
        Interval.point(int(sexual)),
        Interval.point(97_750),
    )


def test_shares_and_combinations_have_equal_unknown_counts(
    store: CaseStore, raw: pd.DataFrame
) -> None:
    table = store.count("exploitation")
    either = [
        name
        for name in raw
        if name.startswith("typeOfSex") and not name.endswith(("Concatenated", "NotSpecified"))
    ]
    yes = (raw[[SEXUAL, *either]] == "1").any(axis=1)
    maybe = yes | (raw[SEXUAL] == "")
    assert (yes.sum(), maybe.sum()) == (45_582, 77_931)
    share = thb.share(table, exploitation="sexual", base="all")
    assert share.bounds_with_unknown == Interval(Fraction(45_582, 97_750), Fraction(77_931, 97_750))
    assert store.combinations("exploitation").with_all("sexual") == Interval(45_582, 77_931)
    cell = table.cell(exploitation="sexual")
    assert (cell.count.lower, cell.unanswered) == (45_582, 77_931 - 45_582)


def test_overlapping_forms_have_a_warning(store: CaseStore) -> None:
    table = store.count("exploitation")
    share = thb.share(table, exploitation="sexual", base="all", overlap="overlapping")
    assert "MULTIPLE_RESPONSE" in share.warnings.codes


def test_ctdc_combinations_equal_those_of_its_columns(store: CaseStore, raw: pd.DataFrame) -> None:
    columns = {"sexual": SEXUAL, "labour": LABOUR, "other": "isOtherExploit"}
    own = CaseStore.of(raw, multi={"exploitation": columns}, missing=[""], **CONSTANTS)
    result = own.combinations("exploitation")
    yes = {form: raw[column] == "1" for form, column in columns.items()}
    maybe = {form: raw[column] != "0" for form, column in columns.items()}
    assert result.cases == 97_750
    for size in (1, 2, 3):
        for forms in combinations(columns, size):
            surely = np.logical_and.reduce([yes[form] for form in forms]).sum()
            possibly = np.logical_and.reduce([maybe[form] for form in forms]).sum()
            assert result.with_all(*forms) == Interval(int(surely), int(possibly))
    alone = yes["sexual"] & (raw[LABOUR] == "0") & (raw["isOtherExploit"] == "0")
    assert result.only("sexual").lower == alone.sum()


@pytest.mark.parametrize(
    ("name", "start", "unknown"),
    [
        ("means_of_control", "meansOfControl", "meansOfControlNotSpecified"),
        ("recruiter_relation", "recruiterRelation", "recruiterRelationUnknown"),
        ("sector", "typeOfLabour", "typeOfLabourNotSpecified"),
        ("recruitment_method", "isAbduction", None),
    ],
)
def test_ctdc_classifications_count_every_case_to_which_they_apply(
    store: CaseStore, raw: pd.DataFrame, name: str, start: str, unknown: str | None
) -> None:
    table, terms = store.count(name), bundled_classification(name).crosswalk("ctdc")
    columns = [column for column in raw if column.startswith(start) and column in terms]
    assert len(columns) == {"means_of_control": 17, "sector": 10}.get(name, len(columns)) > 0
    for column in columns:
        assert table.count(**{name: terms[column]}).lower == (raw[column] == "1").sum()
    applies = (raw[columns] == "1").any(axis=1)
    is_open = (raw[columns] == "").any(axis=1)
    if unknown is not None:
        is_open |= raw[unknown] == "1"
    assert table.count(**{name: "unknown"}).lower == (~applies & is_open).sum()
    assert table.count().lower == 97_750
    assert "means_of_control" not in store.count("sex").columns.schema.names


def test_ctdc_small_counts_are_flagged(store: CaseStore, raw: pd.DataFrame) -> None:
    table = store.count(["sex", "age"])
    small = primary_suppression(table, fewer_than=10)
    sexes = raw["gender"].replace({"Transgender/NonConforming": "other"}).str.lower()
    ages = raw["majorityStatus"].replace({"": "unknown", "Minor": "child", "Adult": "adult"})
    counts = pd.crosstab(sexes.replace("", "unknown"), ages)
    few = {
        (sex, age)
        for sex in counts.index
        for age in counts.columns
        if 0 < counts.loc[sex, age] < 10
    }
    frame = small.to_frame()
    flagged = set(zip(frame["sex"], frame["age"], strict=True))
    assert flagged == few
    assert len(few) == 1
    # Its publisher let no group by citizenship and sex alone be so small.
    assert len(primary_suppression(store.count(["citizenship", "sex"]), fewer_than=10).rows) == 0
    counts = store.count(["citizenship", "sex", "age"])
    assert len(primary_suppression(counts, fewer_than=10).rows) == 25
