"""Cases that were read from a file need no further declaration to be counted."""

import narwhals as nw
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cases.test_case_file import FEW, cases, people
from tests.examples import examples
from tests.sources.case_files import KANON, one
from thbstats.cases import CaseStore, count_cases
from thbstats.errors import InvalidValue, UnknownName
from thbstats.files import open_bytes
from thbstats.sources import read

DIMENSIONS = st.lists(st.sampled_from(["sex", "area", "exploitation"]), unique=True)


def same(one, other) -> None:
    pd.testing.assert_frame_equal(one.to_frame(), other.to_frame())


@given(rows=people.filter(bool), by=DIMENSIONS, area=st.sampled_from(["MT", "FR"]))
@examples(20)
def test_selected_cases_have_their_own_constants(rows, by, area):
    chosen = cases(rows).where(area=area)
    by = [name for name in by if name != "area"]
    if len(chosen):
        expected = count_cases(chosen, by)
        same(count_cases(cases(rows), by, where={"area": area}), expected)
        same(count_cases(cases(rows), by, filter=nw.col("area") == area), expected)


def test_reading_and_its_cases_give_equal_tables():
    reading = read(open_bytes(one(KANON, CountryOfExploitation="US", gender="Male")), period=2020)
    table = count_cases(reading, ["sex", "exploitation"])
    same(table, count_cases(reading.cases, ["sex", "exploitation"]))
    (source,) = table.sources
    assert source == reading.cases.source


def test_constant_that_contradicts_a_case_raises():
    with pytest.raises(InvalidValue, match="contradicts cases of FR"):
        count_cases(cases(FEW), "sex", area="MT")
    with pytest.raises(UnknownName):
        count_cases(cases(FEW), "age")


def test_file_of_counts_raises(tmp_path):
    path = tmp_path / "counts.csv"
    path.write_text("sex,value\nfemale,3\n")
    with pytest.raises(InvalidValue, match="must contain cases"):
        count_cases(read(path, kind="victims", area="MT", period=2020), "sex")


def test_columns_of_the_file_stay_columns():
    store = CaseStore.of(cases(FEW))
    assert store.count("sex", where={"case number": "no. 1"}).count().lower == 1


@given(area=st.sampled_from(["MT", "FR"]))
@examples(2)
def test_cases_selected_by_one_area_have_that_area(area):
    frame = pd.DataFrame({"sex": ["male", "male", "female"], "area": ["MT", "FR", "FR"]})
    table = count_cases(frame, "sex", where={"area": area}, period=2020)
    same(table, count_cases(frame[frame.area == area][["sex"]], "sex", area=area, period=2020))
