"""Equal tables and errors for every library."""

import sys
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from importlib.util import find_spec
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given

from tests.strategies import tables
from tests.tables.dtypes import usable
from tests.tables.engines import ENGINES, MIXED, PLAIN, Column, Offered, imported
from thbstats.errors import InvalidValue, MissingExtra, ThbstatsError, UnknownName
from thbstats.records import Source
from thbstats.tables import CountTable
from thbstats.values import Count

INF = float("inf")
PLACE = {"area": "UK", "period": 2015}
BACKENDS = ("pandas", "polars", "pyarrow", "duckdb")

# A known count, zero, an unknown category, and every kind of gap.
COLUMNS: dict[str, Column] = {
    "area": ("text", ["UK", "Greece", "EU28", "FR", "FR", "FR"]),
    "period": ("year", [2015, 2015, 2016, 2015, 2016, 2017]),
    "sex": ("text", ["F", "unknown", "male", "female", "total", "male"]),
    "value": ("int", [3, 0, None, None, None, 2**53]),
    "lower": ("small", [None, None, 0, None, 3, None]),
    "upper": ("float", [None, None, 4.0, None, INF, None]),
    "reason": ("text", [None, None, "fewer_than", "not_reported", "rounded", "known"]),
    "flags": ("text", ["e", None, "ep", None, None, "b"]),
    "source": ("text", ["A", None, '{"title": "B", "section": "II"}', "A", None, "A"]),
    "reporters": ("text", ["UK", None, None, "none", None, "FR"]),
    "n_reporters": ("small", [1, None, 26, None, 1, None]),
}
ROWS: list[dict[str, Any]] = [
    {"area": "UK", "period": 2015, "sex": "female", "value": 3}
    | {"flags": "e", "source": "A", "reporters": "UK"},
    {"area": "EL", "period": 2015, "sex": "unknown", "value": 0},
    {"area": "EU28", "period": 2016, "sex": "male", "value": Count.fewer_than(5)}
    | {"flags": "ep", "source": Source(title="B", section="II"), "n_reporters": 26},
    {"area": "FR", "period": 2015, "sex": "female", "value": Count.not_reported()}
    | {"source": "A", "reporters": "none"},
    {"area": "FR", "period": 2016, "value": Count.between(3, None), "n_reporters": 1},
    {"area": "FR", "period": 2017, "sex": "male", "value": Count.known(2**53)}
    | {"flags": "b", "source": "A", "reporters": "FR"},
]


def some(columns: Mapping[str, Column], rows: slice) -> dict[str, Column]:
    return {name: (kind, values[rows]) for name, (kind, values) in columns.items()}


def read(frame: Any, **constant: Any) -> CountTable:
    return CountTable.from_frame(frame, kind="victims", **constant)


def refusal(frame: Any, **constant: Any) -> ThbstatsError:
    with pytest.raises(ThbstatsError) as caught:
        read(frame, **(constant or PLACE))
    return caught.value


@pytest.mark.parametrize("rows", [slice(None), slice(1), slice(2, 3), slice(0)], ids=str)
@pytest.mark.parametrize("engine", ENGINES)
def test_every_library_gives_the_same_table(engine: str, rows: slice) -> None:
    table = read(ENGINES[engine](some(COLUMNS, rows)))
    assert table == CountTable.from_rows(ROWS[rows], kind="victims")
    assert "nobody" not in [word for name in table.dimensions for word in table.categories(name)]


@pytest.mark.parametrize("engine", [name for name in ENGINES if "reader" not in name])
def test_a_frame_can_be_read_again(engine: str) -> None:
    frame = ENGINES[engine](COLUMNS)
    assert read(frame) == read(frame)


@pytest.mark.parametrize(
    ("name", "kind", "values"),
    [
        ("value", "int", [1, None]),
        ("value", "float", [1.0, float("nan")]),
        ("value", "float", [1.0, 2.5]),
        ("value", "float", [1.0, INF]),
        ("value", "float", [1.0, 1e300]),
        ("value", "int", [1, -1]),
        ("value", "int", [1, 2**53 + 1]),
        ("value", "unsigned", [1, 2**64 - 1]),
        ("value", "bool", [True, False]),
        ("value", "text", ["1", "<5"]),
        ("value", "date", [date(2015, 1, 1), date(2016, 1, 1)]),
        ("sex", "text", ["female", None]),
        ("sex", "text", [None, None]),
        ("sex", "text", ["female", ""]),
        ("sex", "text", ["female", "femal"]),
        ("period", "int", [2015, None]),
        ("period", "float", [2015.0, 2015.5]),
        ("period", "date", [date(2015, 1, 1), None]),
        ("reason", "text", [None, "lost"]),
        ("flags", "text", ["e", "e1"]),
        ("n_reporters", "float", [1.0, 2.5]),
        ("reporters", "text", ["UK", "Atlantis"]),
        ("sexx", "text", ["female", "male"]),
    ],
)
@pytest.mark.parametrize("engine", MIXED)
def test_every_library_gives_the_same_errors(
    engine: str, name: str, kind: str, values: list[Any]
) -> None:
    columns: dict[str, Column] = {
        "area": ("text", ["UK", "FR"]),
        "period": ("year", [2015, 2015]),
        "value": ("int", [1, 2]),
        name: (kind, values),
    }
    expected = refusal(PLAIN["pandas"](columns), movement="unknown")
    result = refusal(MIXED[engine](columns), movement="unknown")
    assert type(result) is type(expected)
    assert str(result) == str(expected)


@pytest.mark.parametrize("engine", MIXED)
def test_booleans_with_missing_values_are_not_counts(engine: str) -> None:
    columns: dict[str, Column] = {
        "sex": ("text", ["female", "male"]),
        "value": ("bool", [None, True]),
        "reason": ("text", ["suppressed", None]),
    }
    error = refusal(MIXED[engine](columns))
    assert (error.row, error.field, error.value) == (1, "value", True)
    assert len(read(MIXED[engine]({"value": ("bool", [])}), **PLACE)) == 0


@pytest.mark.parametrize("engine", MIXED)
def test_null_and_nan_are_both_missing(engine: str) -> None:
    columns: dict[str, Column] = {
        "sex": ("text", ["female", "male", "other"]),
        "value": ("float", [1.0, None, float("nan")]),
        "reason": ("text", [None, "suppressed", "suppressed"]),
    }
    counts = [record.count for record in read(MIXED[engine](columns), **PLACE)]
    assert counts == [Count.known(1), Count.suppressed(), Count.suppressed()]


def decimals(engine: str, *numbers: Decimal) -> Any:
    digits = -int(numbers[0].as_tuple().exponent)
    if engine == "polars":
        pl = imported("polars")
        return pl.DataFrame({"value": pl.Series(numbers, dtype=pl.Decimal(38, digits))})
    if engine == "duckdb":
        listed = ", ".join(f"({number}::decimal(38, {digits}))" for number in numbers)
        return imported("duckdb").sql(f"select * from (values {listed}) t(value)")
    pa = imported("pyarrow")
    table = pa.table({"value": pa.array(numbers, pa.decimal128(38, digits))})
    if engine == "pyarrow":
        return table
    dtype = pd.ArrowDtype(pa.decimal128(38, digits))
    return pd.DataFrame({"value": pd.Series(list(numbers), dtype=dtype)})


DECIMAL = [*MIXED, *(["pandas"] if usable("string[pyarrow]") else [])]


@pytest.mark.parametrize("engine", DECIMAL)
def test_decimal_numbers_are_counts_only_if_their_type_has_no_decimal_places(engine: str) -> None:
    frame = decimals(engine, Decimal(7))
    assert read(frame, **PLACE).cell().count == Count.known(7)
    assert refusal(decimals(engine, Decimal(2**53 + 1))).problem.startswith("must be at most 2**53")
    error = refusal(decimals(engine, Decimal("7.50")))
    assert (error.row, error.field, error.value) == (0, "value", Decimal("7.50"))


def test_integers_above_64_bits_are_counts() -> None:
    pl = imported("polars")
    counts = pl.DataFrame({"value": pl.Series([7], dtype=pl.Int128)})
    assert read(counts, **PLACE).cell().count == Count.known(7)
    assert "2**53" in refusal_of(pl.DataFrame({"value": pl.Series([2**70], dtype=pl.Int128)}))


def test_the_sums_of_duckdb_are_counts() -> None:
    duckdb = imported("duckdb")
    frame = duckdb.sql("select sex, sum(n) as value from (values ('F', 1), ('F', 2)) t(sex, n) "
                       "group by sex")  # fmt: skip
    assert read(frame, **PLACE).count(sex="female") == Count.known(3)
    empty = duckdb.sql("select sum(n) as value, 'not_reported' as reason from (values (1)) t(n) "
                       "where n > 1")  # fmt: skip
    assert read(empty, **PLACE).cell().count == Count.not_reported()


def test_an_enum_of_duckdb_keeps_its_codes() -> None:
    duckdb = imported("duckdb")
    years = [str(year) for year in range(1800, 2055)]  # their codes fill an unsigned byte
    duckdb.execute("drop type if exists year_of_count")
    duckdb.execute(f"create type year_of_count as enum {tuple(years)}")
    frame = duckdb.sql(
        "select n::varchar::year_of_count as period, 1 as value from range(1900, 2055) t(n)"
    )
    assert read(frame, area="UK").categories("period") == tuple(years[100:])
    duckdb.execute("drop type year_of_count")


def test_a_dictionary_can_have_duplicates_and_nulls() -> None:
    pa = imported("pyarrow")
    words = pa.array(["female", None, "male", "female", "n/a"])
    frame = pa.table(
        {
            "sex": pa.DictionaryArray.from_arrays(pa.array([0, 2, 3]), words),
            "flags": pa.DictionaryArray.from_arrays(pa.array([1, None, 0]), pa.array(["e", None])),
            "period": pa.array([2015, 2015, 2016]),
            "value": [1, 2, 3],
        }
    )
    table = read(frame, area="UK")
    assert table.categories("sex") == ("female", "male")
    assert [record.flags for record in table] == [frozenset(), frozenset(), {"e"}]
    gap = pa.table(
        {"sex": pa.DictionaryArray.from_arrays(pa.array([0, 1]), words), "value": [1, 2]}
    )
    assert "every row (missing: 1)" in refusal_of(gap)


def refusal_of(frame: Any) -> str:
    with pytest.raises(InvalidValue) as caught:
        read(frame, **PLACE)
    return str(caught.value)


def test_columns_of_lists_raise() -> None:
    frame = imported("polars").DataFrame({"reporters": [["UK"], ["FR"]], "value": [1, 2]})
    message = "`reporters` must be texts or numbers, got a list. Use one text per row"
    assert refusal_of(frame) == message


def test_duplicate_column_names_raise_in_every_library() -> None:
    duckdb, pa = imported("duckdb"), imported("pyarrow")
    twice = pa.table([pa.array([1]), pa.array([2])], names=["value", "value"])
    same = pd.DataFrame([[1, 2]], columns=["value", "value"])
    for frame in (twice, twice.to_reader(), duckdb.sql("select 1 as value, 2 as value"), same):
        assert "must have unique column names" in refusal_of(frame)
    assert refusal_of(twice).startswith("`value`")
    assert "unique column names" in refusal_of(pd.DataFrame([[1, 2]], columns=[1, "1"]))


@pytest.mark.parametrize(
    "frame", [[("UK", 1)], {"value": [1]}, "victims.csv", None, np.zeros((2, 2))], ids=str
)
def test_an_error_lists_accepted_frames(frame: Any) -> None:
    assert "must be a data frame" in refusal_of(frame)
    assert "polars, pyarrow or DuckDB" in refusal_of(frame)


def test_a_column_is_not_a_frame() -> None:
    pl, pa = imported("polars"), imported("pyarrow")
    for column in (pl.Series("value", [1]), pa.chunked_array([[1]]), pd.Series([1])):
        assert "a frame" in refusal_of(column)


@given(table=tables())
def test_a_table_and_its_frame_of_every_backend_convert_back_to_it(table: CountTable) -> None:
    frames = [table.to_frame(backend) for backend in BACKENDS if find_spec(backend)]
    for frame in [table, *frames] if find_spec("polars") else frames:
        assert CountTable.from_frame(frame, kind=table.kind) == table, type(frame)


def table_of_all() -> CountTable:
    return CountTable.from_rows(ROWS, kind="victims")


def test_polars_frames_have_categories_and_nulls() -> None:
    pl = imported("polars")
    frame = table_of_all().to_frame("polars")
    types = dict(zip(frame.columns, frame.dtypes, strict=True))
    assert types["value"] == types["lower"] == types["n_reporters"] == pl.Int64
    assert types["upper"] == pl.Float64
    assert types["sex"] == types["reason"] == types["source"] == pl.Categorical
    assert frame["value"].to_list() == [3, 0, None, None, None, 2**53]
    assert frame["upper"].to_list() == [3.0, 0.0, 4.0, INF, INF, 2.0**53]
    assert frame["reporters"].to_list() == ["UK", None, None, "none", None, "FR"]


def test_pyarrow_tables_have_dictionaries_and_nulls() -> None:
    pa = imported("pyarrow")
    for table in (table_of_all(), CountTable.from_rows([], kind="victims")):
        schema = table.to_frame("pyarrow").schema
        assert schema.field("value").type == schema.field("n_reporters").type == pa.int64()
        assert schema.field("upper").type == pa.float64()
        for name in ("sex", "reason", "source"):
            assert schema.field(name).type == pa.dictionary(pa.int8(), pa.string())
    assert table_of_all().to_frame("pyarrow")["value"].null_count == 3


def test_a_duckdb_relation_can_be_queried_twice() -> None:
    imported("duckdb")
    relation = table_of_all().to_frame("duckdb")
    for _ in range(2):
        assert relation.filter("value > 0").aggregate("sum(value)").fetchall() == [(2**53 + 3,)]
        assert relation.filter("isinf(upper)").count("*").fetchall() == [(2,)]


def test_readers_of_arrow_data_read_a_table() -> None:
    pl, pa, duckdb = imported("polars"), imported("pyarrow"), imported("duckdb")
    counts = table_of_all()
    assert pl.DataFrame(counts).equals(counts.to_frame("polars"))
    assert pa.table(counts).equals(counts.to_frame("pyarrow"))
    assert duckdb.sql("select count(value) from counts").fetchall() == [(3,)]
    with duckdb.connect() as connection:
        assert connection.from_arrow(counts).count("*").fetchall() == [(6,)]
    if hasattr(pd.DataFrame, "from_arrow"):
        assert read(pd.DataFrame.from_arrow(counts)) == counts


def test_an_unknown_backend_raises_with_existing_backends() -> None:
    with pytest.raises(UnknownName, match=r"Did you mean 'pyarrow'\?") as caught:
        table_of_all().to_frame("arrow")
    assert (caught.value.field, caught.value.value) == ("backend", "arrow")
    with pytest.raises(UnknownName) as caught:
        table_of_all().to_frame("spreadsheet")
    assert all(repr(backend) in caught.value.hint for backend in BACKENDS)


@pytest.fixture
def without(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Make libraries look as if they were not installed."""

    def hide(*names: str) -> None:
        for name in names:
            monkeypatch.setitem(sys.modules, name, None)

    return hide


@pytest.mark.parametrize(
    ("backend", "extra"), [("polars", "polars"), ("pyarrow", "parquet"), ("duckdb", "duckdb")]
)
def test_a_missing_backend_raises_with_its_extra(without: Any, backend: str, extra: str) -> None:
    without(backend)
    with pytest.raises(MissingExtra, match=rf"must be installed: {backend}.*thbstats\[{extra}\]"):
        table_of_all().to_frame(backend)


def test_either_of_polars_and_pyarrow_is_enough(without: Any) -> None:
    imported("polars")
    duckdb = ENGINES["duckdb"](COLUMNS) if imported("duckdb") else None
    table = table_of_all()
    without("pyarrow")
    assert read(ENGINES["polars Categorical"](COLUMNS)) == table
    assert read(duckdb) == table
    assert read(Offered(table)) == table
    assert read(table.to_frame("duckdb")) == table
    assert "polars can read" in refusal_of(Offered(imported("polars").Series([1])))


def test_arrow_data_needs_polars_or_pyarrow(without: Any) -> None:
    table = table_of_all()
    without("pyarrow", "polars")
    for call in (table.__arrow_c_stream__, lambda: read(Offered(None))):
        with pytest.raises(MissingExtra, match="pyarrow or polars") as caught:
            call()
        assert "'thbstats[parquet]' or pip install 'thbstats[polars]'" in caught.value.hint
    assert read(table.to_frame()) == table
