"""Tidy files: reading restores written tables and reports problems by column."""

from contextlib import suppress
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from thbstats.errors import InvalidFile, InvalidValue, MissingExtra, ThbstatsError
from thbstats.files import Declaration, InputFile, Limits, open_bytes
from thbstats.records import Source
from thbstats.sources import read, tidy
from thbstats.tables import CountTable
from thbstats.values import Count

pa = pytest.importorskip("pyarrow", exc_type=ImportError)
parquet = pytest.importorskip("pyarrow.parquet", exc_type=ImportError)

ENDINGS = ("csv", "parquet")

# Victims detected in Malta in 2020: National Statistics Office of Malta, SDG 16.2.2.
MALTA = b"area,period,status,sex,value\nMT,2020,detected,total,12\nMT,2020,detected,female,12\n"


def csv(*lines: str) -> InputFile:
    return open_bytes("\n".join([*lines, ""]).encode(), name="victims.csv")


def packed(table: Any, **options: Any) -> InputFile:
    file = BytesIO()
    parquet.write_table(pa.table(table), file)
    return open_bytes(file.getvalue(), name="victims.parquet", **options)


def victims(**columns: Any) -> CountTable:
    frame = pd.DataFrame(columns)
    return CountTable.from_frame(frame, kind="victims", constants={"area": "MT", "period": 2020})


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("tidy")


@pytest.mark.parametrize("title", ["a\rb", "a\nb", 'a "b", c', "a;b\tc", "\u2028x", "'quoted'"])
def test_text_with_signs_of_the_format_is_restored(folder: Path, title: str):
    table = CountTable.from_rows(
        [{"value": 1}], kind="victims", area="MT", period=2020, source=Source(title=title)
    )
    tidy.write(table, folder / "signs.csv")
    assert tidy.read(folder / "signs.csv").table == table


def test_missing_number_is_empty_in_csv(folder: Path):
    table = victims(
        lower=[0, 3, 7],
        upper=[np.inf, 9, 7],
        reason=["not_reported", "rounded", "known"],
        sex=["total", "female", "male"],
    )
    tidy.write(table, folder / "gaps.csv")
    frame = pd.read_csv(folder / "gaps.csv", dtype=str, keep_default_na=False)
    assert frame["value"].tolist() == ["", "", "7"]
    assert frame["upper"].tolist() == ["", "9", "7"]
    assert frame["table"].tolist() == ["victims"] * 3
    assert b"\r" not in (folder / "gaps.csv").read_bytes()


def test_numbers_in_parquet_are_numbers(folder: Path):
    tidy.write(victims(value=[12]), folder / "typed.parquet")
    types = {field.name: field.type for field in parquet.read_schema(folder / "typed.parquet")}
    assert types["value"] == types["lower"] == types["upper"] == types["n_reporters"] == pa.int64()


@pytest.mark.parametrize("ending", ENDINGS)
def test_table_without_rows_does_not_store_its_kind(folder: Path, ending: str):
    table = victims(value=[1]).where(sex="female")
    report = tidy.write(table, folder / f"empty.{ending}")
    assert [(loss.code, loss.is_lost) for loss in report.unsupported] == [("NO_ROWS", True)]
    assert tidy.read(folder / f"empty.{ending}", kind="victims").table == table


def test_nul_in_csv_is_an_error(folder: Path):
    table = CountTable.from_rows(
        [{"value": 1}], kind="victims", area="MT", period=2020, source=Source(title="a\0b")
    )
    with pytest.raises(InvalidValue, match="must not contain a NUL"):
        tidy.write(table, folder / "broken.csv")
    assert not (folder / "broken.csv").exists()


# Formulas.


def formula() -> CountTable:
    return CountTable.from_rows(
        [{"value": 1, "source": "=HYPERLINK(1)"}, {"value": 2, "source": "plain", "sex": "male"}],
        kind="victims",
        area="MT",
        period=2020,
    )


@pytest.mark.parametrize(
    ("neutralise", "code", "text"),
    [(False, "FORMULA", "=HYPERLINK(1)"), (True, "NEUTRALISED", "'=HYPERLINK(1)")],
)
def test_formulas_are_listed_and_neutralised_on_request(
    folder: Path, neutralise: bool, code: str, text: str
):
    report = tidy.write(formula(), folder / "formula.csv", neutralise=neutralise)
    (loss,) = report.unsupported
    assert (loss.code, loss.is_lost, loss.rows) == (code, neutralise, 1)
    assert loss.examples == ("source, row 2: '=HYPERLINK(1)'",)
    assert report.lossless is not neutralise
    frame = pd.read_csv(folder / "formula.csv", dtype=str)
    assert frame["source"].tolist() == [text, "plain"]
    assert (tidy.read(folder / "formula.csv").table == formula()) is not neutralise
    assert tidy.write(formula(), folder / "formula.parquet").unsupported == ()


# Columns named as ours.


@pytest.mark.parametrize(
    ("separator", "options"), [(",", {}), (";", {}), ("\t", {}), ("|", {"separator": "|"})]
)
def test_separator_is_recognised_or_passed(separator: str, options: dict[str, Any]):
    file = open_bytes(MALTA.replace(b",", separator.encode()))
    reading = tidy.read(file, kind="victims", **options)
    assert reading.table.count(sex="female") == Count.known(12)


@pytest.mark.parametrize(
    ("name", "separator", "is_lossless"),
    [("x.csv", ";", True), ("x.csv", ":", False), ("x.tsv", "\t", True), ("x.tsv", ";", False)],
)
def test_separator_that_is_not_recognised_is_named_and_passed(
    name: str, separator: str, is_lossless: bool, folder: Path
):
    table = victims(sex=["female", "male"], value=[1, 2])
    log = tidy.write(table, folder / name, separator=separator)
    assert log.lossless is is_lossless
    assert [own.code for own in log.unsupported] == ([] if is_lossless else ["SEPARATOR"])
    options = {} if is_lossless else {"separator": separator}
    assert read(folder / name, **options).table == table


def test_largest_count_is_restored_from_a_workbook(folder: Path):
    table = victims(sex=["female", "male"], value=[2**53, 2**53 - 1])
    assert tidy.write(table, folder / "x.xlsx").lossless
    assert read(folder / "x.xlsx").table == table


@pytest.mark.parametrize("separator", ["", ", ", "a", "1", '"', "\n", "\0", "-"])
def test_invalid_separator_is_rejected(separator: str, folder: Path):
    with pytest.raises(InvalidValue, match="must be one character"):
        tidy.read(open_bytes(MALTA), kind="victims", separator=separator)
    with pytest.raises(InvalidValue, match="must be one character"):
        tidy.write(victims(value=[1]), folder / "x.csv", separator=separator)


def test_kind_of_count_is_taken_from_the_column_or_the_argument():
    file = csv("table,area,period,stage,value", "justice,EU28,2015-2016,convicted,2927")
    assert tidy.read(file, kind="victims").table.kind == "justice"
    bare = csv("area,period,stage,value", "EU28,2015-2016,convicted,2927")
    assert tidy.read(bare, kind="justice").table.kind == "justice"


def test_column_kind_is_not_the_dimension_of_cooperation():
    file = csv("kind,area,period,value", "victims,MT,2020,12")
    assert tidy.read(file).table.count() == Count.known(12)
    file = csv("kind,body,area,period,value", "messages,europol,EU28,2016-2017,8411")
    table = tidy.read(file, kind="cooperation").table
    assert table.count(kind="operational_messages") == Count.known(8411)


def test_undeclared_column_is_an_error_with_a_suggestion():
    file = csv("area,period,Gender,value", "MT,2020,F,12", "MT,2020,M,0")
    with pytest.raises(InvalidValue, match=r"`Gender` must be declared, got 'F, M'\..*'sex'"):
        tidy.read(file, kind="victims")


def test_rows_read_are_used_or_rejected():
    file = csv(
        "area,period,sex,value",
        "MT,2020,F,12",
        "MT,2020,Q,1",
        "MT,2021,F,1,2",
        "XX,2020,F,3",
        "MT,2022,F,-3",
    )
    report = tidy.read(file, kind="victims").log
    assert (report.read, report.used, report.rejected) == (5, 1, 4)
    assert {code: report.count_rows(code) for code in report.codes} == {
        "RAGGED": 1,
        "NEGATIVE": 1,
        "UNMAPPED": 2,
    }
    assert [item.lines.tolist() for item in report.with_code("RAGGED")] == [[4]]


def test_source_applies_to_rows_without_a_source():
    file = csv("area,period,sex,value,source", "MT,2020,F,12,", "MT,2020,M,0,Other")
    table = tidy.read(file, kind="victims", source="NSO Malta").table
    titles = [table.cell(sex=sex).source.title for sex in ("female", "male")]
    assert titles == ["NSO Malta", "Other"]


# Declared columns.

DECLARED = Declaration(
    kind="victims",
    columns={"Year": "period", "Sex": "sex", "Detected": "value"},
    recode={"Sex": {"W": "female", "": "total"}},
    constants={"area": "MT", "status": "detected"},
    ignored=["Note"],
    thousands=",",
    missing={"..": "suppressed"},
)
FOREIGN = ("Year;Sex;Detected;Note", "2020;W;12;a", "2020;;1,234;b", "2021;W;..;", "2021;M;<5;")


def test_arguments_complete_a_declaration():
    bare = Declaration(columns=DECLARED.columns, recode=DECLARED.recode, ignored=["Note"])
    reading = tidy.read(csv(*FOREIGN[:2]), declare=bare, kind="victims", area="FR")
    assert reading.table.cell(sex="female").area == "FR"
    assert reading.log.recognised == "its columns are declared"


def test_the_same_declaration_reads_csv_parquet_and_a_frame_of_any_engine():
    columns = {
        "Year": [2020, 2020, 2021, 2021],
        "Sex": ["W", None, "W", "M"],
        "Detected": ["12", "1,234", "..", "<5"],
        "Note": [None] * 4,
    }
    readings = [tidy.read(file, declare=DECLARED) for file in (csv(*FOREIGN), packed(columns))]
    table = readings[0].table
    assert table.count(period=2020, sex="female") == Count.known(12)
    assert table.count(period=2020, sex="total") == Count.known(1234)
    assert table.count(period=2021, sex="female") == Count.suppressed()
    assert table.count(period=2021, sex="male") == Count.fewer_than(5)
    for frame in (pd.DataFrame(columns), pl.DataFrame(columns), pa.table(columns)):
        readings.append(tidy.read_frame(frame, declare=DECLARED))
        assert (readings[-1].log.name, readings[-1].log.read) == ("frame", 4)
    assert all(reading.table == table for reading in readings)


# Frames and Parquet.


def test_frame_with_known_columns_is_read_without_declaration():
    table = victims(value=[12, 0], sex=["female", "male"])
    assert tidy.read_frame(table.to_frame("polars"), kind="victims").table == table


def test_cells_of_a_frame_keep_their_meaning():
    frame = pd.DataFrame(
        {
            "area": ["MT"] * 4,
            "period": pd.to_datetime(["2019-03-01", "2019-03-02", "2019-03-03", "2019-03-04"]),
            "value": [12.0, np.nan, 2.5, 3.0],
            "n_reporters": [1.0, np.nan, 1.0, 1.0],
        }
    )
    reading = tidy.read_frame(frame, kind="victims")
    table = reading.table
    assert table.count(period="2019-03-01/2019-03-01") == Count.known(12)
    assert table.count(period="2019-03-02/2019-03-02") == Count.not_reported()
    (problem,) = reading.log.problems
    assert (problem.code, problem.lines.tolist(), dict(problem.texts)) == (
        "NOT_WHOLE",
        [3],
        {"2.5": 1},
    )
    assert problem.examples[0].startswith("row 3: ")
    assert table.cell(period="2019-03-04/2019-03-04").n_reporters == 1


@pytest.mark.parametrize("cells", [[True, False], [b"12", b"0"], [date(2020, 1, 1)] * 2])
def test_text_that_is_not_a_number_is_not_a_count(cells: list[Any]):
    frame = {"area": ["MT", "MT"], "period": [2020, 2021], "value": cells}
    for reading in (
        tidy.read(packed(frame), kind="victims"),
        tidy.read_frame(pd.DataFrame(frame), kind="victims"),
    ):
        assert reading.log.codes == ("NOT_A_COUNT",)
        assert reading.log.used == 0


def test_object_that_is_not_a_frame_is_an_error():
    with pytest.raises(InvalidValue, match="must be a data frame"):
        tidy.read_frame([{"value": 1}], kind="victims")


@pytest.mark.parametrize(
    "data",
    [b"PAR1", b"PAR1" + b"\0" * 100 + b"PAR1", packed({"value": [1]}).data[:-9], b"PAR1PAR1"],
)
def test_damaged_parquet_is_an_invalid_file(data: bytes):
    with pytest.raises(InvalidFile, match="cannot be read as Parquet"):
        tidy.read(open_bytes(data), kind="victims")


@given(place=st.integers(0), sign=st.binary(min_size=1, max_size=4))
def test_parquet_with_changed_bytes_is_read_or_an_invalid_file(place: int, sign: bytes):
    data = bytearray(PARQUET)
    start = 4 + place % (len(data) - 8)
    data[start : start + len(sign)] = sign
    with suppress(ThbstatsError):
        tidy.read(open_bytes(bytes(data)), kind="victims")


PARQUET = packed({"area": ["MT"] * 9, "period": range(2010, 2019), "value": range(9)}).data


@pytest.mark.parametrize(
    ("table", "limits", "problem"),
    [
        ({"area": ["MT"] * 100}, Limits(cells=99), "at most 99 cells"),
        ({"area": ["x" * 999 + str(n) for n in range(3000)]}, Limits(size=10**6), "10+ bytes"),
        ({"area": [["MT"]]}, Limits(), "must not contain lists or records"),
        ({"area": [{"code": "MT"}]}, Limits(), "must not contain lists or records"),
    ],
)
def test_parquet_beyond_the_limits_is_refused(table: Any, limits: Limits, problem: str):
    with pytest.raises(InvalidFile, match=problem):
        tidy.read(packed(table, limits=limits), kind="victims")


def test_two_columns_of_one_name_are_refused():
    table = pa.Table.from_arrays([pa.array([1]), pa.array([2])], names=["value", "value"])
    with pytest.raises(InvalidFile, match="must be unique"):
        tidy.read(packed(table), kind="victims")


def test_repeated_text_is_stored_once():
    long = "x" * 10_000
    table = {"area": ["MT"] * 2_000, "period": [2020] * 2_000, "value": [long] * 2_000}
    reading = tidy.read(packed(table, limits=Limits(size=10**5)), kind="victims")
    assert reading.log.count_rows("NOT_A_COUNT") == 2_000


def test_error_without_pyarrow_names_the_extra(monkeypatch: pytest.MonkeyPatch, folder: Path):
    monkeypatch.setitem(__import__("sys").modules, "pyarrow", None)
    with pytest.raises(MissingExtra, match=r"thbstats\[parquet\]"):
        tidy.read(open_bytes(PARQUET), kind="victims")
    with pytest.raises(MissingExtra, match=r"thbstats\[parquet\]"):
        tidy.write(victims(value=[1]), folder / "never.parquet")


# Recognition.


@pytest.mark.parametrize(
    ("header", "is_tidy"),
    [
        (b"area,period,value", True),
        (b'"area";"period";"lower"', True),
        (b"value", False),
        (b"Year,Sex,Value", False),
        (b"area,period,sex", False),
        (b'"area', False),
        (b"area\rperiod,value", False),
        (b"", False),
    ],
)
def test_header_with_known_columns_is_recognised(header: bytes, is_tidy: bool):
    assert bool(tidy.recognise(open_bytes(header))) is is_tidy
