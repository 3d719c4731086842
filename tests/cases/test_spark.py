"""Spark counts as one machine does, and says what failed: ``nox -s spark``."""

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import narwhals as nw
import pandas as pd
import pytest

from tests.cases.engines import write_parquet
from tests.cases.test_engines import BY, CONSTANTS, FURTHER, LOOK_ALIKE, table_of
from tests.cases.test_pushed_derived import spied
from thbstats.cases import AgeAt, CaseStore, CitizenshipGroupAt, count_cases
from thbstats.errors import EngineFailed, InvalidFile, InvalidValue, UnknownName
from thbstats.geography import Area

pyspark = pytest.importorskip("pyspark")
# It warns of pandas 3, and of what it does with Arrow itself.
pytestmark = pytest.mark.filterwarnings("ignore")

ROWS = [
    (sex, age, sexual, labour, other, n)
    for n, (sex, age, sexual, labour, other) in enumerate(
        [
            *((sex, 1, True, None, 1) for sex in [*LOOK_ALIKE, "", None]),
            *(("female", age, None, True, 0) for age in (1, 2, -99, None)),
            *(("male", 2, False, False, other) for other in (1, 0, -99, None)),
        ]
        * 3
    )
]


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    from pyspark.sql import SparkSession

    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)

    session = (
        SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("OFF")
    yield session
    session.stop()


@pytest.fixture
def tokyo(spark: Any) -> Iterator[None]:
    """Spark shows moments in the zone of its session, which is not that of this machine here."""
    before = spark.conf.get("spark.sql.session.timeZone")
    spark.conf.set("spark.sql.session.timeZone", "Asia/Tokyo")
    yield
    spark.conf.set("spark.sql.session.timeZone", before)


@pytest.fixture
def frame(spark: Any, tmp_path: Path) -> Any:
    for position in range(3):
        write_parquet(table_of(ROWS[position::3]), tmp_path / f"{position}.parquet")
    return spark.read.parquet(str(tmp_path))


def test_counts_of_spark_and_pandas_are_equal(frame: Any):
    plain = table_of(ROWS).to_pandas()
    for weights in (None, "key0"):
        stored = CaseStore.of(frame, weights=weights, **CONSTANTS)
        expected = CaseStore.of(plain, weights=weights, **CONSTANTS)
        for by in (BY, FURTHER, "age", ()):
            pd.testing.assert_frame_equal(
                stored.count(by).to_frame(), expected.count(by).to_frame()
            )
    seen = [
        CaseStore.of(data, **CONSTANTS)
        .value_counts("sex")
        .to_frame()
        .sort_values("value", ignore_index=True)
        for data in (frame, plain)
    ]
    pd.testing.assert_frame_equal(*seen)


def test_filters_of_spark_and_pandas_are_equal(frame: Any):
    chosen = [nw.col("cases") != 2, nw.col("key0") > 5]
    tables = [
        count_cases(
            data, BY, filter=chosen, where={"sex": ["male", "other"]}, **CONSTANTS
        ).to_frame()
        for data in (frame, table_of(ROWS).to_pandas())
    ]
    pd.testing.assert_frame_equal(*tables)
    with pytest.raises(UnknownName, match="nothing"):
        count_cases(frame, filter=nw.col("nothing") > 1, **CONSTANTS)


def test_no_rows_and_invalid_weights_of_spark_and_pandas_are_equal(spark: Any, frame: Any):
    empty = frame.where("key0 < 0")
    assert count_cases(empty, "sex", **CONSTANTS).count().lower == 0
    wrong = spark.createDataFrame([("male", -1), ("male", 2), ("male", None)], "sex string, n int")
    with pytest.raises(InvalidValue, match="2 rows"):
        count_cases(wrong, "sex", weights="n", area="MT", period=2020)


def test_persons_of_spark_and_pandas_are_equal(spark: Any):
    data_rows = [
        (f"{n % 61}", "MT" if n % 3 else "IT", 2000 + n % 25, "male" if n % 7 else "female")
        for n in range(400)
    ]
    data_rows += [("-99", "MT", 2001, "male"), (None, "IT", 2002, "male")]
    rows = spark.createDataFrame(data_rows, "`who.am` string, area string, period int, sex string")
    here = pd.DataFrame(data_rows, columns=["who.am", "area", "period", "sex"])
    single, other = (CaseStore.of(data, missing=[None, "-99"]) for data in (rows, here))
    assert single.persons("who.am") == other.persons("who.am")


def test_ages_and_groups_of_spark_and_pandas_are_equal(
    spark: Any, tokyo: None, monkeypatch: pytest.MonkeyPatch
):
    births = ["2000-02-29", "2000-06", "2000", "", "1900-01-01", "?", None, "2000-06-15T10:11:12"]
    rows = pd.DataFrame(
        {
            "born": births * 60,
            "seen": [f"2018-{1 + n % 12:02}-{1 + n % 28:02}" for n in range(480)],
            "who": ["IT", "Croatia", "NG", None, "stateless"] * 96,
            "year": [2012, 2013, 2014] * 160,
        }
    )
    days = rows.assign(
        born=pd.to_datetime(rows["seen"]) - pd.Timedelta(days=6574),
        seen=pd.to_datetime(rows["seen"]),
    )
    age = AgeAt(birth="born", event="seen", concept="at_entry")
    group = CitizenshipGroupAt(citizenship="who", area=Area.parse("IT"), period="year")
    options = {
        "derive": {"age": age, "citizenship": group},
        "missing": [None, "", "1900-01-01"],
        "unknown": ["?"],
    }
    for frame in (rows, days):
        here = CaseStore.of(frame, area="IT", period="2018", **options)
        with monkeypatch.context() as patch:
            sizes = spied(patch)
            there = CaseStore.of(spark.createDataFrame(frame), area="IT", period="2018", **options)
            result = there.count(["age", "citizenship"])
        # The last is the answer: 7 ages and declared values, 5 citizenships and 3 years.
        assert sizes[-1] <= 7 * 5 * 3
        assert result == here.count(["age", "citizenship"])
        assert there.value_counts("age") == here.value_counts("age")


def test_killed_worker_raises(spark: Any):
    def dying(frames: Iterator[pd.DataFrame]) -> Iterator[pd.DataFrame]:
        for frame in frames:
            if (frame["id"] == 7).any():
                os.kill(os.getpid(), signal.SIGKILL)
            yield pd.DataFrame({"sex": ["male"] * len(frame)})

    rows = spark.range(0, 10, 1, 2).mapInPandas(dying, "sex string")
    with pytest.raises(EngineFailed, match="failed, in partition 1: ") as caught:
        count_cases(rows, "sex", area="MT", period=2020)
    assert "\n" not in str(caught.value)
    assert "Python worker exited unexpectedly" in str(caught.value)


def test_broken_file_raises_with_its_name(spark: Any, frame: Any, tmp_path: Path):
    file = tmp_path / "1.parquet"
    data = file.read_bytes()
    file.write_bytes(data[:4] + b"\xff" * (len(data) - 600) + data[-596:])
    with pytest.raises(InvalidFile, match=r"1\.parquet cannot be counted"):
        count_cases(frame, BY, **CONSTANTS)


def test_ctrl_c_stops_spark_without_jobs_left(spark: Any):
    rows = spark.range(2_000_000_000).selectExpr("'male' AS sex", "id % 1000003 AS n")
    timer = threading.Timer(3, lambda: os.kill(os.getpid(), signal.SIGINT))
    timer.start()  # to the handler of Spark, which stops its jobs
    with pytest.raises(KeyboardInterrupt):
        count_cases(rows, "sex", where={"n": 5}, area="MT", period=2020)
    deadline = time.monotonic() + 30
    while spark.sparkContext.statusTracker().getActiveJobsIds() and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not spark.sparkContext.statusTracker().getActiveJobsIds()
