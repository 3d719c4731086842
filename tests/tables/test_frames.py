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


@given(tables(min_size=1))
def test_a_table_survives_a_text_file(table: CountTable) -> None:
    text = table.to_frame().to_csv(index=False)
    frame = pd.read_csv(
        StringIO(text), keep_default_na=False, na_values=[""], converters={"upper": float}
    )
    assert CountTable.from_frame(frame, kind=table.kind) == table


@pytest.mark.parametrize("dtype", TEXT, ids=str)
def test_a_missing_category_raises_for_any_dtype(dtype: Any) -> None:
    flags = pd.Series(["ep", None], dtype=dtype)
    frame = pd.DataFrame({"sex": pd.Series(["F", "male", None], dtype=dtype), "value": 1})
    read = CountTable.from_frame(
        frame[:2].assign(flags=flags), kind="victims", area="UK", period=2015
    )
    assert [(r.sex, r.flags) for r in read] == [("female", {"e", "p"}), ("male", frozenset())]
    with pytest.raises(InvalidValue, match=r"every row \(missing: 1\)") as caught:
        CountTable.from_frame(frame, kind="victims", area="UK", period=2015)
    assert (caught.value.row, caught.value.field) == (2, "sex")
    assert "Write 'total'" in caught.value.hint


def test_categories_without_rows_are_not_checked() -> None:
    sexes = pd.Categorical(["male", "female"], categories=["n/a", "male", "female", "x y"])
    frame = pd.DataFrame({"sex": sexes, "value": [1, 2]})
    table = CountTable.from_frame(frame, kind="victims", area="UK", period=2015)
    assert table.categories("sex") == ("female", "male")


def test_rare_categories_are_found_in_long_columns() -> None:
    sexes = np.array(["total"] * 20_000 + ["female"], dtype=object)
    days = pd.date_range("1960-01-01", periods=20_001).strftime("%Y-%m-%d/%Y-%m-%d")
    frame = pd.DataFrame({"sex": pd.Categorical(sexes), "period": days, "value": 1})
    table = CountTable.from_frame(frame, kind="victims", area="UK")
    assert table.categories("sex") == ("total", "female")
    assert table.where(sex="female").lower.tolist() == [1]


def test_a_frame_is_not_changed() -> None:
    frame = pd.DataFrame({"sex": ["F", "M"], "value": [1.0, None], "reason": [None, "suppressed"]})
    before = frame.copy()
    CountTable.from_frame(frame, kind="victims", area="UK", period=2015)
    pd.testing.assert_frame_equal(frame, before)


def test_a_tidy_frame_has_values_of_exact_counts_and_bounds_of_all() -> None:
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


def test_a_source_with_several_fields_is_written_and_read() -> None:
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


def test_no_reporters_differ_from_reporters_not_documented() -> None:
    def reported_by(sex: str, reporters: set[str] | None) -> CountTable:
        return CountTable.from_rows(
            [{"sex": sex, "value": 1}], kind="victims", area="UK", period=2015, reporters=reporters
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


def test_named_levels_of_an_index_are_columns() -> None:
    persons = pd.DataFrame({"sex": ["F", "M", "F"], "age": ["child"] * 3, "value": [3, 4, 5]})
    known = {"kind": "victims", "area": "MT", "period": 2020}
    for frame in (
        persons.groupby(["sex", "age"]).sum(),
        persons.groupby(["age", "sex"]).sum().reset_index("sex"),
        persons.groupby(["sex", "age"]).sum().reset_index().set_index("sex", drop=False),
    ):
        table = CountTable.from_frame(frame, **known)
        assert table.count(sex="female", age="child") == Count.known(8)
        assert table.count(sex="male", age="child") == Count.known(4)
    wrong = pd.DataFrame({"sex": ["F"], "value": [3]}, index=pd.Index(["M"], name="sex"))
    with pytest.raises(InvalidValue, match="`sex` must have unique column names"):
        CountTable.from_frame(wrong, **known)


def test_a_dimension_without_any_value_raises() -> None:
    frame = pd.DataFrame({"sex": [None, None], "value": 1})
    with pytest.raises(InvalidValue, match=r"every row \(missing: 2\)"):
        CountTable.from_frame(frame, kind="victims", area="UK", period=2015)


def test_more_than_256_categories_are_read() -> None:
    days = [f"{day:%Y-%m-%d}/{day:%Y-%m-%d}" for day in pd.date_range("2000-01-01", periods=500)]
    frame = pd.DataFrame({"period": pd.Categorical(days[::-1], categories=days), "value": 1})
    table = CountTable.from_frame(frame, kind="victims", area="UK")
    assert table.categories("period") == tuple(days)
    assert table.record(0).period.start.isoformat() == days[-1][:10]


def test_an_unknown_column_raises_with_a_suggestion() -> None:
    frame = pd.DataFrame({"exploitaton": ["sexual"], "value": 1})
    with pytest.raises(UnknownName, match="Did you mean 'exploitation'"):
        CountTable.from_frame(frame, kind="victims", area="UK", period=2015)
