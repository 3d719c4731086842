"""Cases in files, and errors that name the file."""

import gzip
import os
from collections.abc import Callable
from pathlib import Path

import duckdb
import narwhals as nw
import pandas as pd
import polars as pl
import pytest

from tests.cases.engines import stopped, write_csv, write_parquet
from tests.files.broken_parquet import with_rows_of_group
from tests.tables.engines import imported
from thbstats.cases import CaseStore, count_cases, files
from thbstats.errors import (
    EngineFailed,
    InvalidFile,
    InvalidValue,
    MissingExtra,
    ThbstatsError,
    UnknownName,
)
from thbstats.tables import CountTable

pa = imported("pyarrow")
parquet = imported("pyarrow.parquet")

CONSTANTS = {"area": "MT", "period": 2020}
TABLE = pa.table({"sex": ["male", "female", "male"], "age": ["child", "adult", "adult"]})


def sexes(table: CountTable) -> list[int]:
    return [table.count(sex=sex).lower for sex in ("male", "female", "total")]


def text(path: Path, lines: str, encoding: str = "utf-8") -> str:
    path.write_bytes(lines.encode(encoding))
    return str(path)


# What is counted


def test_parquet_is_counted_by_each_engine(folder: Path, engine: str):
    write_parquet(TABLE, folder / "a.parquet")
    write_parquet(TABLE, folder / "b.parquet")
    for paths in ("*.parquet", ["a.parquet", Path("b.parquet")], folder / "?.parquet"):
        assert sexes(count_cases(paths, "sex", **CONSTANTS)) == [4, 2, 6]
    result = count_cases("a.parquet", "sex", filter=nw.col("age") == "adult", **CONSTANTS)
    assert sexes(result) == [1, 1, 2]


def test_pattern_characters_in_a_file_name_are_literal(folder: Path, engine: str):
    write_parquet(TABLE, folder / "it's [1].parquet")
    assert sexes(count_cases("it's [1].parquet", "sex", **CONSTANTS)) == [2, 1, 3]


def test_order_of_columns_and_other_columns_do_not_matter(folder: Path, engine: str):
    write_parquet(TABLE, folder / "a.parquet")
    write_parquet(TABLE.select(["age", "sex"]), folder / "b.parquet")
    write_parquet(TABLE.append_column("more", pa.array([1, 2, 3])), folder / "c.parquet")
    assert sexes(count_cases("*.parquet", "sex", **CONSTANTS)) == [6, 3, 9]


def test_integers_of_several_widths_and_null_columns_are_counted_together(
    folder: Path, engine: str
):
    words = {"sex": {1: "male", 2: "female", 2.5: "other"}}
    write_parquet(pa.table({"sex": pa.array([1, 2], pa.int8())}), folder / "a.parquet")
    write_parquet(pa.table({"sex": pa.array([1.0, None, 2.5])}), folder / "b.parquet")
    write_parquet(pa.table({"sex": pa.nulls(3)}), folder / "c.parquet")
    result = count_cases("*.parquet", "sex", recode=words, missing=[None], **CONSTANTS)
    assert sexes(result) == [2, 1, 8]
    assert result.count(sex="other").lower == 1  # neither cut nor rounded


def test_folders_with_values_are_columns(folder: Path, engine: str):
    for year, rows in (("2020", TABLE), ("2021", TABLE.slice(0, 1))):
        (folder / f"period={year}").mkdir()
        write_parquet(rows, folder / f"period={year}" / "part.parquet")
    table = count_cases("period=*/*.parquet", ["period", "sex"], area="MT")
    assert [table.count(sex="male", period=year).lower for year in (2020, 2021)] == [2, 1]


def test_folders_of_text_files_are_columns(folder: Path):
    for area in ("MT", "IT"):
        (folder / f"area={area}").mkdir()
        text(folder / f"area={area}" / "part.csv", "sex\nmale\n")
    table = count_cases("**/*.csv", ["area", "sex"], period=2020)
    assert table.count(area="MT", sex="male").lower == 1


def test_cells_of_text_files_are_texts_and_empty_ones_are_declared(folder: Path):
    path = text(folder / "a.csv", 'sex,age,n\n01,,1\n1,"child",1\n01,"",1\n"NULL",NA,1\n')
    with pytest.raises(UnknownName, match=r"missing=\[''\]"):
        count_cases(path, "age", missing=["NA"], **CONSTANTS)
    words = {"sex": {"01": "male", "1": "female", "NULL": "other"}}
    table = count_cases(path, ["sex", "age"], recode=words, missing=["NA", ""], **CONSTANTS)
    assert sexes(table) == [2, 1, 4]
    assert table.count(age="unknown").lower == 3


@pytest.mark.parametrize(
    ("name", "write"),
    [
        ("a.csv", lambda path: text(path, "sex;age\r\nmale;child\r\n\r\nfemale;adult")),
        ("a.tsv", lambda path: text(path, "\ufeffsex\tage\nmale\tchild\nfemale\tadult\n")),
        ("a.txt", lambda path: text(path, '"sex","age"\n"male","chi\nld"\n"female","a ""b"""\n')),
        (
            "a.csv.gz",
            lambda path: path.write_bytes(gzip.compress(b"sex,age\nmale,child\nfemale,adult\n")),
        ),
    ],
)
def test_delimited_text_is_read_unchanged(folder: Path, name: str, write: Callable[[Path], object]):
    write(folder / name)
    assert sexes(count_cases(name, "sex", **CONSTANTS)) == [1, 1, 2]


def test_weights_of_text_are_numbers_or_raise(folder: Path):
    text(folder / "a.csv", "sex,n\nmale,3\nfemale,4.0\n")
    assert sexes(count_cases("a.csv", "sex", weights="n", **CONSTANTS)) == [3, 4, 7]
    text(folder / "b.csv", "sex,n\nmale,3\nfemale,few\nmale,\n")
    with pytest.raises(InvalidValue, match=r"2 rows.*(few|'')"):
        count_cases("b.csv", "sex", weights="n", **CONSTANTS)


def test_no_files_remain_and_counted_files_can_be_replaced(folder: Path):
    write_parquet(TABLE, folder / "a.parquet")
    store = CaseStore.of("a.parquet", **CONSTANTS)
    assert sexes(store.count("sex")) == [2, 1, 3]
    assert os.listdir(folder) == ["a.parquet"]
    os.remove("a.parquet")


# Errors


def test_file_without_permission_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch):
    write_parquet(TABLE, folder / "a.parquet")
    real = os.open

    def refusing(path, *args, **more):
        if path == "a.parquet":
            raise PermissionError(13, "Permission denied", path)
        return real(path, *args, **more)

    # The one who runs this may be allowed to read anything.
    monkeypatch.setattr(os, "open", refusing)
    with pytest.raises(PermissionError, match=r"a\.parquet"):
        count_cases("a.parquet", **CONSTANTS)


def test_files_of_two_formats_raise(folder: Path):
    write_parquet(TABLE, folder / "a.parquet")
    write_csv(TABLE, folder / "b.csv")
    with pytest.raises(InvalidFile, match=r"one format: b\.csv is csv, a\.parquet is parquet"):
        count_cases(["a.parquet", "b.csv"], **CONSTANTS)


def many(folder: Path, other: pa.Table) -> None:
    for position in range(1, 101):
        table = other if position == 100 else TABLE
        parquet.write_table(table, folder / f"part{position:03}.parquet")


def test_column_of_another_type_in_the_100th_file_raises_with_its_name(folder: Path, engine: str):
    many(folder, pa.table({"sex": [1, 2], "age": ["child", "adult"]}))
    with pytest.raises(InvalidFile, match=r"number in part100\.parquet, text in part001\.parquet"):
        count_cases("*.parquet", "sex", recode={"sex": {"1": "male", "2": "female"}}, **CONSTANTS)
    assert count_cases("*.parquet", "age", **CONSTANTS).count().lower == 99 * 3 + 2


def test_column_missing_in_one_file_raises_with_its_name(folder: Path, engine: str):
    for position in range(9):
        write_parquet(
            TABLE.drop(["sex"]) if position == 7 else TABLE, folder / f"{position}.parquet"
        )
    with pytest.raises(InvalidFile, match=r"0\.parquet has it, 7\.parquet does not"):
        count_cases("*.parquet", "sex", **CONSTANTS)
    with pytest.raises(InvalidFile, match=r"7\.parquet"):
        count_cases("*.parquet", weights="sex", **CONSTANTS)
    with pytest.raises(UnknownName, match="must be columns of all cases"):
        count_cases("*.parquet", "age", filter=nw.col("sex") == "male", **CONSTANTS)
    assert count_cases("*.parquet", "age", **CONSTANTS).count().lower == 27


def test_header_missing_in_one_text_file_raises_with_its_name(folder: Path):
    write_csv(TABLE, folder / "a.csv")
    text(folder / "b.csv", "gender,age\nmale,child\n")
    with pytest.raises(InvalidFile, match=r"a\.csv has it, b\.csv does not"):
        count_cases("*.csv", "sex", **CONSTANTS)


def truncated(data: bytes) -> bytes:
    return data[:-40]


def garbled(data: bytes) -> bytes:
    return (
        data[:4]
        + bytes(len(data) - 12 - int.from_bytes(data[-8:-4], "little"))
        + data[-8 - int.from_bytes(data[-8:-4], "little") :]
    )


def hollow(data: bytes) -> bytes:
    return data[:4] + b"\xff" * (len(data) - 12) + data[-8:]


def misstated(data: bytes) -> bytes:
    return with_rows_of_group(data, 1, 10**12)  # of the last group


@pytest.mark.parametrize("spoil", [truncated, garbled, hollow, misstated])
def test_broken_parquet_file_raises_with_its_name(
    folder: Path, engine: str, spoil: Callable[[bytes], bytes]
):
    for position in range(5):
        write_parquet(TABLE, folder / f"{position}.parquet")
    spoilt = folder / "3.parquet"
    spoilt.write_bytes(spoil(spoilt.read_bytes()))
    with pytest.raises(InvalidFile, match=r"3\.parquet"):
        count_cases("*.parquet", ["sex", "age"], **CONSTANTS)


def test_rows_of_a_group_are_checked_before_pandas_reads_a_file(folder: Path):
    write_parquet(TABLE, folder / "a.parquet")
    assert len(files.load_cases("a.parquet")) == len(TABLE)
    (folder / "a.parquet").write_bytes(misstated((folder / "a.parquet").read_bytes()))
    with pytest.raises(InvalidFile, match=r"a\.parquet.*its numbers of rows differ"):
        files.load_cases("a.parquet")


def test_broken_file_of_a_relation_raises_with_the_message_of_the_engine(folder: Path):
    for position in range(3):
        write_parquet(TABLE, folder / f"{position}.parquet")
    spoilt = folder / "1.parquet"
    spoilt.write_bytes(truncated(spoilt.read_bytes()))
    with pytest.raises(InvalidFile, match=r"1\.parquet cannot be counted"):
        count_cases(duckdb.read_parquet("*.parquet"), "sex", **CONSTANTS)
    spoilt.write_bytes(hollow(spoilt.read_bytes() + b"PAR1"))
    with pytest.raises(EngineFailed, match="count files by their paths"):
        count_cases(pl.scan_parquet("*.parquet"), "sex", **CONSTANTS)


@pytest.mark.parametrize("end", ['"male","ad', '"male","adult', '"male","ad,\nult,', '"m'])
@pytest.mark.parametrize("packed", [False, True])
def test_text_that_ends_within_a_cell_raises_among_many_files(folder: Path, end: str, packed: bool):
    # More files than DuckDB reads at once: then it passes over such an end by itself.
    whole = 'sex,age\n"male","adult"\n' + '"female","child"\n' * 200
    ending = ".csv.gz" if packed else ".csv"
    for position in range(40):
        lines = whole + end if position == 33 else whole
        data = lines.encode()
        (folder / f"{position:02}{ending}").write_bytes(gzip.compress(data) if packed else data)
    with pytest.raises(InvalidFile, match=r"33\.csv"):
        count_cases(f"*{ending}", ["sex"], **CONSTANTS)
    (folder / f"33{ending}").unlink()
    assert sexes(count_cases(f"*{ending}", "sex", **CONSTANTS)) == [39, 39 * 200, 39 * 201]


def test_missing_engines_are_named(folder: Path, monkeypatch: pytest.MonkeyPatch):
    write_parquet(TABLE, folder / "a.parquet")
    write_csv(TABLE, folder / "a.csv")
    counted = count_cases("a.csv", "sex", **CONSTANTS)
    monkeypatch.setitem(__import__("sys").modules, "duckdb", None)
    assert count_cases("a.csv", "sex", **CONSTANTS) == counted  # in memory
    monkeypatch.setattr(files, "_SMALL_TEXT", 10)
    with pytest.raises(MissingExtra, match=r"thbstats\[duckdb\]"):
        count_cases("a.csv", **CONSTANTS)
    monkeypatch.setitem(__import__("sys").modules, "polars", None)
    with pytest.raises(
        MissingExtra, match=r"duckdb.*polars|thbstats\[duckdb\].*thbstats\[polars\]"
    ):
        count_cases("a.parquet", **CONSTANTS)


def test_groups_above_the_memory_limit_raise(folder: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(files, "_MEMORY", "2MB")
    numbers = pa.table({"sex": ["male"] * 200_000, "n": [str(n) for n in range(200_000)]})
    parquet.write_table(numbers, folder / "a.parquet")
    with pytest.raises(EngineFailed, match=r"[Mm]emory"):
        count_cases("a.parquet", "sex", where={"n": "1"}, **CONSTANTS)


# How far it is


def test_progress_is_reported_from_start_to_end(folder: Path):
    rows = pa.table({"sex": ["male", "female"] * 500_000})
    for position in range(3):
        parquet.write_table(rows, folder / f"{position}.parquet")
    steps: list[tuple[str, float]] = []
    count_cases("*.parquet", "sex", progress=lambda *step: steps.append(step), **CONSTANTS)
    assert steps[0] == ("looking at files", 0.0)
    assert ("counting", 0.0) in steps
    assert steps[-1] == ("counting", 1.0)
    assert all(0 <= done <= 1 for _, done in steps)


def test_notebook_without_progress_bar_counts(folder: Path, monkeypatch: pytest.MonkeyPatch):
    class Refusing:
        Error, __name__ = duckdb.Error, "duckdb"

        @staticmethod
        def connect(**options):
            connection = duckdb.connect(**options)

            class Wrapped:
                def execute(self, query):
                    raise duckdb.InvalidInputException("ipywidgets is missing")

                def __getattr__(self, name):
                    return getattr(connection, name)

            return Wrapped()

    write_parquet(TABLE, folder / "a.parquet")
    monkeypatch.setattr(files, "library", lambda *_names: Refusing)
    steps: list[tuple[str, float]] = []
    progress = lambda *step: steps.append(step)  # noqa: E731
    assert sexes(count_cases("a.parquet", "sex", progress=progress, **CONSTANTS)) == [2, 1, 3]
    assert steps[-1] == ("counting", 1.0)


def test_ctrl_c_ends_a_query_of_files_without_threads_left(folder: Path):
    relation = duckdb.connect()
    relation.execute(
        "COPY (SELECT i % 1_000_003 AS age, 'male' AS sex FROM range(5_000_000) t(i)) "
        "TO 'a.parquet'"
    )
    relation.close()
    # Ctrl-C comes from the loop that waits for the query: a timer's thread would be counted too.
    code = """
        from thbstats.cases import CaseStore

        steps = []

        def press_while_waiting(*step):
            steps.append(step)
            if steps[-2:-1] == [("counting", 0.0)] and step < ("counting", 1.0):
                signal.raise_signal(signal.SIGINT)

        store = CaseStore.of("a.parquet", area="MT", period=2020, progress=press_while_waiting)
        before = threading.active_count()
        try:
            store.count("sex", where={"age": 5})
        except KeyboardInterrupt:
            print(threading.active_count() - before, steps[-1] < ("counting", 1.0))
    """
    assert stopped(code, folder) == "0 True\n"


def test_frames_and_files_give_one_table(folder: Path):
    write_parquet(TABLE, folder / "a.parquet")
    write_csv(TABLE, folder / "a.csv")
    tables = [
        count_cases(data, ["sex", "age"], **CONSTANTS).to_frame()
        for data in ("a.parquet", "a.csv", TABLE, TABLE.to_pandas())
    ]
    for table in tables[1:]:
        pd.testing.assert_frame_equal(table, tables[0])


def test_every_error_is_a_thbstats_error(folder: Path):
    write_parquet(TABLE, folder / "a.parquet")
    with pytest.raises(ThbstatsError):
        count_cases("a.parquet", filter=nw.col("sex").sum() > 1, **CONSTANTS)
