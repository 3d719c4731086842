from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.strategies import record_lists
from thbstats.errors import DuplicateKey, InvalidValue, ThbstatsError, UnknownName
from thbstats.records import JusticeCount, Record, Source, VictimCount
from thbstats.tables import CountTable
from thbstats.tables.encoding import distinct
from thbstats.values import Count

PLACE = {"area": "UK", "period": 2015}


def from_rows(*rows: dict[str, Any], **constant: Any) -> CountTable:
    text = {name for row in rows for name in row}
    common = {name: value for name, value in PLACE.items() if name not in text}
    return CountTable.from_rows(rows, kind="victims", **common, **constant)


@given(record_lists(min_size=1), st.randoms(use_true_random=False))
def test_a_table_returns_its_records_and_ignores_their_order(
    records: list[Record], random: Any
) -> None:
    shuffled = random.sample(records, len(records))
    single, other = CountTable.from_records(records), CountTable.from_records(shuffled)
    assert list(single) == records
    assert list(other) == shuffled
    assert single == other
    assert [single.categories(d) for d in single.dimensions] == [
        other.categories(d) for d in other.dimensions
    ]


def test_a_difference_in_any_column_makes_tables_different() -> None:
    base = {"value": 5, "sex": "female", "flags": "e", "source": "A", "reporters": "UK"}
    table = from_rows(base)
    for name, value in [
        ("value", 6),
        ("sex", "male"),
        ("flags", "p"),
        ("source", "B"),
        ("reporters", "UK FR"),
        ("reason", "rounded"),
    ]:
        assert from_rows({**base, name: value}) != table
    assert from_rows(base) == table
    assert table != list(table)
    assert CountTable.from_rows([], kind="victims") != CountTable.from_rows([], kind="justice")


@pytest.mark.parametrize("order", ["sorted", "mixed", "rare", "missing", "rare and missing"])
def test_many_texts_have_the_codes_of_pandas(order: str) -> None:
    pytest.importorskip("pyarrow")
    texts = np.array(["FR", "BE", "AT"], dtype=object)[np.arange(50_000) % 3]
    if order == "sorted":
        texts = np.sort(texts)
    if "rare" in order:
        texts[40_001::999] = "MT"
        texts[49_000] = "CY"
    if "missing" in order:
        texts[40_003::777] = None
    column = pd.Series(texts, dtype=pd.StringDtype("pyarrow"))
    codes, categories = pd.factorize(column)
    result = distinct(column, "area")
    assert result.codes.tolist() == codes.tolist()
    assert result.categories == tuple(categories)


def test_a_default_dimension_uses_one_byte_per_row() -> None:
    rows = [(country, 1) for country in ("AT", "BE", "FR")]
    table = CountTable.from_rows(rows, kind="victims", columns=("area", "value"), period=2015)
    assert table.codes("sex").dtype == table.codes("period").dtype == np.uint8
    assert table.codes("area").dtype == np.uint8
    assert table.categories("sex") == ("total",)


def test_codes_have_the_narrowest_dtype() -> None:
    days = pd.date_range("2000-01-01", periods=300).strftime("%Y-%m-%d/%Y-%m-%d")
    frame = pd.DataFrame({"period": days, "value": range(300)})
    table = CountTable.from_frame(frame, kind="victims", area="UK")
    assert table.codes("period").dtype == np.uint16
    assert [record.count.value for record in table] == list(range(300))


def test_arrays_are_read_only() -> None:
    table = from_rows({"value": 5})
    for array in (table.lower, table.upper, table.reason, table.flags, table.codes("sex")):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1


def test_a_table_does_not_change_with_its_input() -> None:
    values = np.array([1, 2])
    sexes = pd.Categorical(["female", "male"])
    frame = pd.DataFrame({"sex": sexes, "value": values}, copy=False)
    table = CountTable.from_frame(frame, kind="victims", **PLACE)
    before = list(table)
    values[:] = 9
    frame.loc[0, "sex"] = "male"
    assert list(table) == before


def test_a_table_cannot_be_hashed() -> None:
    with pytest.raises(TypeError):
        hash(from_rows({"value": 1}))


def test_a_duplicate_cell_raises_with_rows_cell_and_hint() -> None:
    rows = [{"value": 1, "sex": sex} for sex in ("female", "male", "F")]
    with pytest.raises(DuplicateKey) as caught:
        from_rows(*rows, status="registered")
    assert caught.value.row == "0 and 2"
    assert caught.value.value == {
        "area": "UK",
        "period": "2015",
        "status": "registered",
        "sex": "female",
    }
    assert "Remove one of the two equal rows" in caught.value.hint
    with pytest.raises(DuplicateKey, match="the dimension in which they differ"):
        from_rows({"value": 1}, {"value": 2})


def test_every_repeat_is_paired_with_the_first_row_of_its_cell() -> None:
    rows = [{"value": 1, "sex": sex} for sex in ("F", "M", "F", "F", "M")]
    with pytest.raises(DuplicateKey) as caught:
        from_rows(*rows)
    text = str(caught.value)
    assert text.startswith("3 problems:")
    assert text.index("rows 0 and 2") < text.index("rows 0 and 3") < text.index("rows 1 and 4")


def test_an_error_lists_up_to_ten_problems() -> None:
    rows = [{"value": -1, "sex": "female"}] * 15 + [{"value": 1, "sex": "femal"}]
    with pytest.raises(InvalidValue) as caught:
        from_rows(*rows)
    text = str(caught.value)
    assert text.startswith("16 problems:")
    assert text.count("\n  row ") == 10
    assert "and 6 more" in text
    assert "row 15: `sex` must be a code of Sex, got 'femal'" in text


@pytest.mark.parametrize(
    ("row", "error", "words"),
    [
        ({"value": 1, "sexx": "female"}, UnknownName, "Did you mean 'sex'"),
        ({"value": 1, "stage": "convicted"}, UnknownName, "must be a column of a table"),
        ({"value": 1, "area": None}, InvalidValue, "Namibia"),
        ({"value": 1, "period": "soon"}, InvalidValue, "reference period"),
        ({"value": 1, "sex": "femal"}, UnknownName, "Did you mean 'female'"),
        ({"value": 1, "flags": "e1"}, InvalidValue, "letter"),
        ({"value": 1, "reason": "lost"}, InvalidValue, "must be a valid reason"),
        ({"value": 1, "reporters": "Atlantis"}, UnknownName, "must be a country"),
        (
            {"value": 1, "reporters": "AT", "n_reporters": 2},
            InvalidValue,
            r"the number of `reporters` \(1\)",
        ),
        ({"value": 1, "n_reporters": 2.5}, InvalidValue, "must be an integer"),
        ({"value": 1, "source": "{oops"}, InvalidValue, "JSON"),
        ({"value": 1, "source": '{"titel": "A"}'}, UnknownName, "Did you mean `title=`"),
        ({"value": 1, "source": '{"title": ""}'}, InvalidValue, "must not be empty"),
        ({"sex": "female"}, InvalidValue, "value.*must be given"),
    ],
)
def test_an_invalid_column_is_named(
    row: dict[str, Any], error: type[ThbstatsError], words: str
) -> None:
    with pytest.raises(error, match=words):
        from_rows(row)


def test_a_required_dimension_that_is_missing_raises() -> None:
    with pytest.raises(InvalidValue) as caught:
        CountTable.from_rows([{"value": 1}], kind="justice", period=2015)
    assert "`area`" in str(caught.value)
    assert "`stage`" in str(caught.value)


def test_rows_can_contain_counts_and_numbers() -> None:
    table = from_rows(
        {"value": Count.fewer_than(5), "sex": "female"},
        {"value": 3, "sex": "male"},
        {"value": Count.not_reported(), "sex": "unknown"},
    )
    assert [record.count for record in table] == [
        Count.fewer_than(5),
        Count.known(3),
        Count.not_reported(),
    ]


@pytest.mark.parametrize("stated", [{"lower": 1}, {"upper": 9}, {"reason": "suppressed"}])
def test_a_count_and_other_columns_of_its_row_agree(stated: dict[str, Any]) -> None:
    count = Count.known(5)
    with pytest.raises(InvalidValue, match="must not differ from the Count in `value`"):
        from_rows({"value": 3, "sex": "male"}, {"value": count, "sex": "female", **stated})
    same = {"lower": 5, "upper": float("nan"), "reason": "known"}
    assert next(iter(from_rows({"value": count, "sex": "female", **same}))).count == count


@pytest.mark.parametrize(
    "wrong",
    [
        lambda table: table.sum(by=5),
        lambda table: table.without(area=5),
        lambda table: table.crosstab(rows=["sex"], columns="age"),
        lambda table: table.categories(["sex"]),
        lambda table: table.record("first"),
        lambda table: CountTable.concat([table, 5]),
        CountTable.concat,
        lambda table: CountTable.from_rows([5], columns=["value"], kind="victims"),
        lambda table: CountTable.from_rows(None, columns=["value"], kind="victims"),
    ],
)
def test_arguments_of_another_type_are_named(wrong: Any) -> None:
    with pytest.raises((InvalidValue, UnknownName)):
        wrong(from_rows({"value": 3}))


def test_rows_can_be_sequences_with_column_names() -> None:
    table = CountTable.from_rows(
        [("F", 1), ["M", 2]], kind="victims", columns=("sex", "value"), **PLACE
    )
    assert [record.count.value for record in table] == [1, 2]


@pytest.mark.parametrize(
    ("row", "columns", "words"),
    [
        ((1,), None, "must be a mapping"),
        ((1,), ("sex", "value"), "a sequence of 2 values"),
        ("F1", ("sex", "value"), "a sequence of 2 values"),
    ],
)
def test_a_row_without_column_names_raises(row: Any, columns: Any, words: str) -> None:
    with pytest.raises(InvalidValue, match=words):
        CountTable.from_rows([row], kind="victims", columns=columns, **PLACE)


def test_constants_can_have_names_of_parameters() -> None:
    table = CountTable.from_rows(
        [{"value": 2476}],
        kind="cooperation",
        constants={"kind": "cases", "body": "europol"},
        area="EU28",
        period="2016-2017",
    )
    assert table.cell().count == Count.known(2476)
    assert table.kind == "cooperation"
    assert table.categories("kind") == ("cases",)


def test_a_name_in_rows_and_constants_raises() -> None:
    with pytest.raises(InvalidValue, match="must not be a column and a constant"):
        CountTable.from_rows([{"value": 1, "area": "FR"}], kind="victims", **PLACE)


def test_a_column_of_the_wrong_length_raises() -> None:
    with pytest.raises(InvalidValue, match="must have 1 values, got 2"):
        from_rows({"value": 1}, sex=["female", "male"])


def test_rows_without_source_have_the_source_of_the_table() -> None:
    own, common = Source(title="A", section="II"), Source(title="Common")
    rows = [{"value": 1, "sex": "F", "source": own}, {"value": 2, "sex": "M"}, {"value": 3}]
    table = CountTable.from_rows(rows, kind="victims", source=common, **PLACE)
    assert [record.source for record in table] == [own, common, common]
    assert table.sources == {own, common}
    assert table.categories("sex") == ("total", "female", "male")
    assert from_rows({"value": 1}).record(0).source is None


def test_a_table_has_one_kind_of_record() -> None:
    records = [VictimCount(count=1, **PLACE), JusticeCount(count=1, stage="convicted", **PLACE)]
    with pytest.raises(InvalidValue, match="one table for each kind") as caught:
        CountTable.from_records(records)
    assert caught.value.row == 1


def test_no_records_need_a_kind() -> None:
    with pytest.raises(InvalidValue, match="must be passed if `records` is empty"):
        CountTable.from_records([])
    table = CountTable.from_records([], kind="justice")
    assert (len(table), table.kind, list(table)) == (0, "justice", [])


def test_a_row_is_found_by_its_number() -> None:
    table = from_rows({"value": 1, "sex": "F"}, {"value": 2, "sex": "M"})
    assert table.record(0).count == Count.known(1)
    assert table.record(-1).count == Count.known(2)
    with pytest.raises(InvalidValue, match="must be from 0 to 1"):
        table.record(2)


def test_the_repr_of_a_table_lists_its_categories() -> None:
    table = from_rows({"value": 1, "sex": "F"}, {"value": 2, "sex": "M"})
    assert repr(table) == "<CountTable of victims, 2 rows: area UK; period 2015; sex female, male>"
    assert repr(from_rows({"value": 1})) == "<CountTable of victims, 1 row: area UK; period 2015>"
    assert repr(CountTable.from_rows([], kind="victims")) == (
        "<CountTable of victims, 0 rows: empty>"
    )
    years = from_rows(*({"value": 1, "period": year} for year in range(2003, 2013)))
    assert "period 2003, 2004, 2005 ... 2012 (10)" in repr(years)


def test_spellings_of_a_code_are_one_category() -> None:
    table = from_rows(
        {"value": 1, "sex": "F", "area": "UK"}, {"value": 2, "sex": "female", "area": "GR"}
    )
    assert table.categories("sex") == ("female",)
    assert table.categories("area") == ("EL", "UK")


def test_an_invalid_constant_raises() -> None:
    with pytest.raises(UnknownName, match="femal"):
        from_rows({"value": 1}, sex="femal")


def test_a_table_without_exact_counts_is_valid() -> None:
    table = from_rows(*({"value": Count.not_reported(), "sex": sex} for sex in "FM"))
    assert np.isinf(table.upper).all()


def test_categories_are_in_the_order_of_the_code_list() -> None:
    rows = [{"value": 1, "sex": sex} for sex in ("unknown", "male", "total", "female")]
    assert from_rows(*rows).categories("sex") == ("total", "female", "male", "unknown")


def test_problems_of_one_class_raise_this_class() -> None:
    with pytest.raises(UnknownName, match="2 problems"):
        from_rows({"value": 1, "sex": "femal"}, {"value": 1, "sex": "mal"})
