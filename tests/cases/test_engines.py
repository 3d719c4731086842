"""Every engine gives the table that pandas gives in memory."""

import unicodedata
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import narwhals as nw
import narwhals.stable.v2 as nw_stable
import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cases.engines import ENGINES, QUICK, stopped
from tests.examples import examples
from tests.rows import check_rows
from tests.tables.engines import imported
from thbstats.cases import CaseStore, count_cases, engines
from thbstats.errors import EngineFailed, ImpossibleResult, InvalidValue, UnknownName
from thbstats.records import schema_of
from thbstats.vocabulary import Classification

pa = imported("pyarrow")
SLOW = [name for name in ENGINES if name not in QUICK]

# It speaks of a package that is not there yet.
pytestmark = pytest.mark.filterwarnings("ignore:Dask support is moving:FutureWarning")

ACCENT = "fé"
LOOK_ALIKE = {
    "female": "female",
    "Female": "male",
    " female": "other",
    "female ": "male",
    ACCENT: "female",
    unicodedata.normalize("NFD", ACCENT): "other",
    "ma\nle": "male",
    'say "m", or;': "male",
    "NULL": "other",
}
RELATION = {"female": "partner", "male": "family", "other": "employer"}
SCHEMA = schema_of(
    "victims",
    Classification(
        name="means", categories=["abuse", {"code": "violence", "parent": "abuse"}, "debt"]
    ),
    Classification(
        name="recruiter", categories=["family", {"code": "partner", "parent": "family"}, "employer"]
    ),
    Classification(name="instance", kind="attribute", categories=["first", "appeal"]),
)
CONSTANTS = {
    "kind": SCHEMA,
    "columns": {
        "sex": "Sex of\"the' victim.",
        "age": "cases",
        "recruiter": "Sex of\"the' victim.",
        "instance": "cases",
    },
    "multi": {
        "exploitation": {"sexual": "is sexual", "labour": "count", "other": "len"},
        "means": {"violence": "is sexual", "debt": "len"},
    },
    "recode": {
        "sex": LOOK_ALIKE,
        "age": {1: "child", 2: "adult"},
        "recruiter": {text: RELATION[sex] for text, sex in {**LOOK_ALIKE, "male": "male"}.items()},
        "instance": {1: "first", 2: "appeal"},
    },
    "missing": [None, "", -99],
    "area": "MT",
    "period": 2020,
}
BY = ["sex", "age", "exploitation"]
FURTHER = ["means", "recruiter", "instance"]


def table_of(rows: list[tuple]) -> pa.Table:
    types = {
        "Sex of\"the' victim.": pa.string(),
        "cases": pa.int32(),
        "is sexual": pa.bool_(),
        "count": pa.bool_(),
        "len": pa.int8(),
        "key0": pa.int64(),
    }
    columns = zip(*rows, strict=True) if rows else [()] * len(types)
    arrays = [
        pa.array(column, dtype) for column, dtype in zip(columns, types.values(), strict=True)
    ]
    return pa.table(dict(zip(types, arrays, strict=True)))


ROWS = st.tuples(
    st.sampled_from([*LOOK_ALIKE, "", None]),
    st.sampled_from([1, 2, -99, None]),
    st.sampled_from([True, False, None]),
    st.sampled_from([True, False, None]),
    st.sampled_from([1, 0, -99, None]),
    st.integers(0, 5),
)
SAME = st.lists(ROWS, min_size=9, max_size=20).flatmap(
    # Duplicates, and rows in another order.
    lambda rows: st.permutations(rows * 2) if len(rows) < 14 else st.just(rows)
)


@given(rows=SAME)
@examples(2)
def test_every_engine_and_pandas_give_equal_tables(rows: list[tuple]):
    check(QUICK, rows)


def test_every_slow_engine_and_pandas_give_equal_tables():
    check(SLOW, [(sex, 1, True, None, -99, 2) for sex in [*LOOK_ALIKE, "", None]] * 2)


def check(names: Sequence[str], rows: list[tuple]) -> None:
    table = table_of(rows)
    name = "Sex of\"the' victim."
    # An empty cell and a missing value are equal.
    chosen = {"filter": [nw.col(name) != "female", ~nw.col(name).is_null()]}
    questions = [
        (BY, None, {}),
        (FURTHER, None, {"weights": "key0"}),
        ((), None, {"weights": "key0"}),
        (BY, {"sex": ["male", "other"]}, chosen),
        (["sex", "means"], {"means": "debt", "recruiter": "family"}, chosen),
    ]

    def answers(cases: Any) -> list[pd.DataFrame]:
        return [
            count_cases(cases, by, where=where, **options, **CONSTANTS).to_frame()
            for by, where, options in questions
        ]

    expected = answers(table.to_pandas())
    with TemporaryDirectory() as folder:
        for engine in names:
            for result, other in zip(
                answers(ENGINES[engine](table, Path(folder))), expected, strict=True
            ):
                pd.testing.assert_frame_equal(result, other, obj=engine)


@pytest.mark.parametrize("engine", ENGINES)
def test_value_counts_of_engines_and_pandas_are_equal(engine: str, tmp_path: Path):
    table = table_of([("female", 1, True, None, 1, 1), ("Female", -99, False, True, 0, 1)])
    names, order = ["sex", "age", *FURTHER], ["dimension", "value"]
    counts = [
        CaseStore.of(data, **CONSTANTS).value_counts(names).to_frame()
        for data in (ENGINES[engine](table, tmp_path), table.to_pandas())
    ]
    pd.testing.assert_frame_equal(
        *(frame.sort_values(order, ignore_index=True) for frame in counts)
    )


@pytest.mark.parametrize("engine", ENGINES)
def test_unused_columns_are_not_read(engine: str, tmp_path: Path):
    columns = {f"column {position}": [position, None, 3] for position in range(58)}
    table = pa.table({**columns, "sex": ["male", "female", "male"], "age": ["child"] * 3})
    result = count_cases(ENGINES[engine](table, tmp_path), ["sex", "age"], area="MT", period=2020)
    assert [result.count(sex=sex).lower for sex in ("male", "female", "total")] == [2, 1, 3]


@pytest.mark.parametrize("engine", ENGINES)
def test_dates_and_timestamps_are_read_as_in_pandas(engine: str, tmp_path: Path):
    days = pa.array(["2020-01-31", "2021-02-28", "2020-01-31"]).cast(pa.date32())
    table = pa.table({"sex": ["male", "male", "female"], "day": days})
    result = count_cases(
        ENGINES[engine](table, tmp_path), "sex", where={"day": "2020-01-31"}, area="MT", period=2020
    )
    assert [result.count(sex=sex).lower for sex in ("male", "female")] == [1, 1]


@pytest.mark.parametrize("engine", ENGINES)
def test_invalid_weights_values_and_filters_of_an_engine_raise(engine: str, tmp_path: Path):
    def check(weights: list, options: dict, error: type[Exception], message: str) -> None:
        sexes = ["male", "femal"] if "by" in options else ["male"] * len(weights)
        data = ENGINES[engine](pa.table({"sex": sexes, "n": weights}), tmp_path)
        with pytest.raises(error, match=message) as caught:
            count_cases(data, **options, area="MT", period=2020)
        assert error is not InvalidValue or caught.value.field == "n"

    weighted = {"weights": "n"}
    rows = [
        ([1, -1, 2], weighted, InvalidValue, "-1"),
        ([1, None, 2], weighted, InvalidValue, "None|''|not stated"),
        ([0.5, 1.0, 2.0], weighted, InvalidValue, "0.5"),
        ([1.0, float("nan"), 2.0], weighted, InvalidValue, "nan|None|not stated"),
        ([1.0, float("inf"), 2.0], weighted, InvalidValue, "inf"),
        ([2**52] * 2000, weighted, ImpossibleResult, r"2\*\*53"),
        ([1, 2], {"by": "sex"}, UnknownName, "femal"),
        ([1, 2], {"filter": nw.col("yaer") == 2020}, UnknownName, "yaer"),
    ]
    check_rows(check, rows)


def test_filter_must_be_a_narwhals_expression():
    frame = pd.DataFrame({"sex": ["male"]})
    with pytest.raises(InvalidValue, match="narwhals"):
        count_cases(frame, filter=pl.col("sex") == "male", area="MT", period=2020)
    with pytest.raises(InvalidValue, match="narwhals"):
        count_cases(frame, filter=[True], area="MT", period=2020)


def test_rows_of_a_lazy_frame_are_not_collected():
    seen = []

    def spied(frame: pl.DataFrame) -> pl.DataFrame:
        seen.append(len(frame))
        return frame

    rows = pl.LazyFrame({"sex": ["male", "female"] * 500, "other": range(1000)})
    plan = rows.map_batches(spied, streamable=True)
    result = count_cases(plan, "sex", area="MT", period=2020)
    assert result.count(sex="male").lower == 500
    relation = duckdb.connect().sql("SELECT 'male' AS sex FROM range(3_000_000)")
    assert count_cases(relation, "sex", area="MT", period=2020).count().lower == 3_000_000


def test_engine_error_is_one_sentence():
    relation = duckdb.connect().sql("SELECT error('the disk is gone') AS sex FROM range(3)")
    with pytest.raises(EngineFailed, match="the disk is gone") as caught:
        count_cases(relation, "sex", area="MT", period=2020)
    assert str(caught.value).startswith("duckdb failed: ")

    def broken(_frame: pl.DataFrame) -> pl.DataFrame:
        raise OSError("the disk is gone")

    with pytest.raises(EngineFailed, match="the disk is gone"):
        count_cases(
            pl.LazyFrame({"sex": ["male"]}).map_batches(broken), "sex", area="MT", period=2020
        )


def test_data_of_another_type_raise():
    with pytest.raises(InvalidValue, match="must be a data frame"):
        count_cases(42, "sex")


def test_ctrl_c_stops_a_lazy_frame(tmp_path):
    code = """
        import polars as pl
        from thbstats.cases import count_cases

        one, other = (pl.LazyFrame({name: range(20_000)}) for name in ("a", "b"))
        third = pl.LazyFrame({"c": range(10)})
        crossed = one.join(other, how="cross").join(third, how="cross")
        number = (pl.col("a") * pl.col("b") + pl.col("c")) % 1009
        rows = crossed.select(sex=pl.lit("male"), n=number)
        press(0.3)
        try:
            count_cases(rows, "sex", where={"n": 5}, area="MT", period=2020)
        except KeyboardInterrupt:
            print("stopped", flush=True)
            os._exit(0)
    """
    assert stopped(code, tmp_path) == "stopped\n"


@pytest.mark.parametrize("error", [KeyboardInterrupt(), RuntimeError("Query interrupted")])
def test_interrupted_engine_raises_keyboard_interrupt(error: BaseException):
    def question(_frame: object, _collect: object) -> object:
        raise OSError("cancelled") from error

    with pytest.raises(KeyboardInterrupt):
        engines.EngineRows(nw_stable.from_native(pl.LazyFrame())).run([], question)


def test_dates_are_dates_without_pyarrow(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(engines, "find_spec", lambda _name: None)
    rows = duckdb.connect().sql(
        "SELECT DATE '2020-01-31' AS day, 'male' AS sex, NULL::INT AS age, 3 AS n "
        "UNION ALL SELECT NULL, 'female', 2, 4"
    )
    store = CaseStore.of(
        rows, weights="n", recode={"age": {2: "adult"}}, missing=[None], area="MT", period=2020
    )
    assert store.count("sex", where={"day": "2020-01-31"}).count(sex="male").lower == 3
    table = store.count(["sex", "age"])
    assert table.count(age="adult", sex="female").lower == 4
    assert table.count(age="unknown").lower == 3
