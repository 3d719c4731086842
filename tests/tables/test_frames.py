from io import StringIO
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given

from tests.strategies import tables
from tests.tables.dtypes import usable
from thbstats.errors import InvalidValue, UnknownName
from thbstats.records import Source
from thbstats.tables import CountTable
from thbstats.values import Count

ARROW = usable("string[pyarrow]", "large_string[pyarrow]")
TEXT = ["object", "str", "category", "string[python]", *ARROW]


@given(tables())
def test_a_frame_turns_back_into_its_table(table: CountTable) -> None:
    assert CountTable.from_frame(table.to_frame(), kind=table.kind) == table


@given(tables(min_size=1))
def test_a_table_survives_a_text_file(table: CountTable) -> None:
    text = table.to_frame().to_csv(index=False)
    frame = pd.read_csv(
        StringIO(text), keep_default_na=False, na_values=[""], converters={"upper": float}
    )
    assert CountTable.from_frame(frame, kind=table.kind) == table


@pytest.mark.parametrize("dtype", TEXT, ids=str)
def test_text_of_any_type_is_read(dtype: Any) -> None:
    frame = pd.DataFrame(
        {
            "area": pd.Series(["UK", "Greece", "UK"], dtype=dtype),
            "sex": pd.Series(["female", "F", "male"], dtype=dtype),
            "flags": pd.Series(["e", None, "ep"], dtype=dtype),
            "value": [1, 2, 3],
        }
    )
    table = CountTable.from_frame(frame, kind="victims", period=2015)
    assert [(r.area, r.sex, r.count.value, len(r.flags)) for r in table] == [
        ("UK", "female", 1, 1),
        ("EL", "female", 2, 0),
        ("UK", "male", 3, 2),
    ]


@pytest.mark.parametrize("dtype", TEXT, ids=str)
def test_a_gap_in_a_dimension_is_refused_whatever_its_type(dtype: Any) -> None:
    frame = pd.DataFrame({"sex": pd.Series(["female", "male", None], dtype=dtype), "value": 1})
    with pytest.raises(InvalidValue, match=r"every row \(missing: 1\)") as caught:
        CountTable.from_frame(frame, kind="victims", area="UK", period=2015)
    assert (caught.value.row, caught.value.field) == (2, "sex")
    assert "Write 'total'" in caught.value.hint


def test_a_dimension_of_nothing_but_gaps_is_refused() -> None:
    frame = pd.DataFrame({"sex": [None, None], "value": 1})
    with pytest.raises(InvalidValue, match=r"every row \(missing: 2\)"):
        CountTable.from_frame(frame, kind="victims", area="UK", period=2015)


def test_categories_that_stand_in_no_row_need_not_be_words() -> None:
    sexes = pd.Categorical(["male", "female"], categories=["n/a", "male", "female", "x y"])
    frame = pd.DataFrame({"sex": sexes, "value": [1, 2]})
    table = CountTable.from_frame(frame, kind="victims", area="UK", period=2015)
    assert table.categories("sex") == ("female", "male")


def test_more_categories_than_fit_into_a_byte_are_read() -> None:
    days = [f"{day:%Y-%m-%d}/{day:%Y-%m-%d}" for day in pd.date_range("2000-01-01", periods=500)]
    frame = pd.DataFrame({"period": pd.Categorical(days[::-1], categories=days), "value": 1})
    table = CountTable.from_frame(frame, kind="victims", area="UK")
    assert table.categories("period") == tuple(days)
    assert table.record(0).period.start.isoformat() == days[-1][:10]


def test_categories_that_are_rare_are_found_in_long_columns() -> None:
    sexes = np.array(["total"] * 20_000 + ["female"], dtype=object)
    days = pd.date_range("1960-01-01", periods=20_001).strftime("%Y-%m-%d/%Y-%m-%d")
    frame = pd.DataFrame({"sex": pd.Categorical(sexes), "period": days, "value": 1})
    table = CountTable.from_frame(frame, kind="victims", area="UK")
    assert table.categories("sex") == ("total", "female")
    assert table.where(sex="female").lower.tolist() == [1]


def test_years_are_read_as_numbers() -> None:
    frame = pd.DataFrame({"period": [2015, 2016], "value": [1, 2]})
    table = CountTable.from_frame(frame, kind="victims", area="UK")
    assert table.categories("period") == ("2015", "2016")


def test_an_unknown_column_is_refused_with_near_matches() -> None:
    frame = pd.DataFrame({"exploitaton": ["sexual"], "value": 1})
    with pytest.raises(UnknownName, match="Did you mean 'exploitation'"):
        CountTable.from_frame(frame, kind="victims", area="UK", period=2015)


def test_two_columns_of_one_name_are_refused() -> None:
    frame = pd.DataFrame([[1, 2]], columns=["value", "value"])
    with pytest.raises(InvalidValue, match="unique column names"):
        CountTable.from_frame(frame, kind="victims", area="UK", period=2015)


def test_what_is_no_frame_is_refused() -> None:
    with pytest.raises(InvalidValue, match="must be a frame"):
        CountTable.from_frame({"value": [1]}, kind="victims")  # type: ignore[arg-type]


def test_a_frame_is_not_changed() -> None:
    frame = pd.DataFrame({"sex": ["F", "M"], "value": [1.0, None], "reason": [None, "suppressed"]})
    before = frame.copy()
    CountTable.from_frame(frame, kind="victims", area="UK", period=2015)
    pd.testing.assert_frame_equal(frame, before)


def test_a_tidy_frame_shows_points_as_values_and_the_rest_as_ends() -> None:
    rows = [
        ("female", Count.known(3)),
        ("male", Count.fewer_than(5)),
        ("other", Count.not_applicable()),
        ("unknown", Count.not_reported()),
    ]
    table = CountTable.from_rows(
        rows, kind="victims", columns=("sex", "value"), area="UK", period=2015, source="A"
    )
    frame = table.to_frame()
    assert frame["value"].isna().tolist() == [False, True, True, True]
    assert frame["value"].dtype == "Int64"
    assert frame["lower"].tolist() == [3, 0, 0, 0]
    assert frame["upper"].tolist() == [3, 4, 0, np.inf]
    assert frame["reason"].tolist() == ["known", "fewer_than", "not_applicable", "not_reported"]
    assert isinstance(frame["sex"].dtype, pd.CategoricalDtype)
    assert frame["source"].tolist() == ["A"] * 4


def test_a_source_with_more_than_a_title_is_written_so_that_it_reads_back() -> None:
    source = Source(title="Publication", section="II", published="2018-12-03", kind="primary")
    table = CountTable.from_rows(
        [{"value": 1}], kind="victims", area="UK", period=2015, source=[source, "B"]
    )
    text = table.to_frame()["source"].iloc[0]
    assert text == (
        '[{"title": "B"}, {"title": "Publication", "section": "II", '
        '"published": "2018-12-03", "kind": "primary"}]'
    )
    assert CountTable.from_frame(table.to_frame(), kind="victims").sources == table.sources


def test_nobody_and_not_documented_are_told_apart() -> None:
    def reported_by(sex: str, reporters: set[str] | None) -> CountTable:
        return CountTable.from_rows(
            [{"sex": sex, "value": 1}],
            kind="victims",
            area="UK",
            period=2015,
            reporters=reporters,
        )

    table = CountTable.concat(
        [reported_by("F", set()), reported_by("M", None), reported_by("T", {"UK", "GR"})]
    )
    frame = table.to_frame()
    assert frame["reporters"].isna().tolist() == [False, True, False]
    assert frame["reporters"].dropna().tolist() == ["none", "EL UK"]
    assert [r.reporters for r in CountTable.from_frame(frame, kind="victims")] == [
        frozenset(),
        None,
        {"EL", "UK"},
    ]
