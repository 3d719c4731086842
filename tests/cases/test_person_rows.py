"""Lists of cases as offices have them: ages, several columns, several rows, workbooks."""

import gzip
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import narwhals as nw
import pandas as pd
import polars as pl
import pytest

from thbstats.cases import AgeAt, AgeInYears, CaseStore, count_cases
from thbstats.errors import InvalidFile, InvalidValue, UnknownName
from thbstats.records import schema_of
from thbstats.tables import CountTable
from thbstats.values import Count
from thbstats.vocabulary import age_bands

CONSTANTS: dict[str, Any] = {"area": "MT", "period": 2020, "missing": [None]}


def numbers(table: CountTable, dimension: str) -> dict[str, int]:
    others = {name: "total" for name in ("sex", "age", "exploitation") if name != dimension}
    return {
        code: table.count(**{**others, dimension: code}).lower
        for code in table.categories(dimension)
    }


AGES = pd.DataFrame({"years": [3, 17, 18, "40", None]})


def test_age_in_years_is_a_child_below_18() -> None:
    derive = {"age": AgeInYears(column="years")}
    table = count_cases(AGES, by="age", derive=derive, **CONSTANTS)
    assert numbers(table, "age") == {"total": 5, "child": 2, "adult": 2, "unknown": 1}


def test_age_in_years_is_read_into_declared_bands() -> None:
    kind = schema_of("victims", age_bands("0-15", "16-20", "21+"))
    derive = {"age": AgeInYears(column="years")}
    counted = numbers(count_cases(AGES, by="age", kind=kind, derive=derive, **CONSTANTS), "age")
    assert (counted["0_to_15"], counted["16_to_20"], counted["21_and_over"]) == (1, 2, 1)


@pytest.mark.parametrize(("value", "missing"), [(121, []), ("x", []), (-1, []), (None, [])])
def test_other_age_is_refused(value: Any, missing: list[Any]) -> None:
    frame = pd.DataFrame({"years": [value]}, dtype=object)
    with pytest.raises(InvalidValue):
        count_cases(
            frame,
            "age",
            derive={"age": AgeInYears(column="years")},
            **CONSTANTS | {"missing": missing},
        )


def test_declared_unknown_age_is_counted() -> None:
    frame = pd.DataFrame({"years": ["?", 20]})
    declared = CONSTANTS | {"unknown": ["?"]}
    table = count_cases(frame, "age", derive={"age": AgeInYears(column="years")}, **declared)
    assert numbers(table, "age")["unknown"] == 1


def test_age_at_a_reference_date() -> None:
    frame = pd.DataFrame({"born": ["2001-05-01", "2004-12-31", "2005-01-01", "2004", None]})
    age = AgeAt(birth="born", event=date(2022, 12, 31), concept="at_registration")
    table = count_cases(frame, "age", derive={"age": age}, **CONSTANTS)
    assert numbers(table, "age") == {"total": 5, "child": 1, "adult": 3, "unknown": 1}
    with pytest.raises(InvalidValue, match="on or after the birth"):
        count_cases(pd.DataFrame({"born": ["2023"]}), "age", derive={"age": age}, **CONSTANTS)


def test_several_columns_of_answers() -> None:
    frame = pd.DataFrame(
        {
            "form 1": ["sexual", "labour", None, "unknown"],
            "form 2": [None, "sexual", None, None],
        }
    )
    multi = {"exploitation": ["form 1", "form 2"]}
    table = count_cases(frame, "exploitation", multi=multi, **CONSTANTS)
    counted = numbers(table, "exploitation")
    assert (counted["sexual"], counted["labour"], counted["unknown"]) == (2, 1, 2)
    with pytest.raises(InvalidValue, match="empty cells must be declared"):
        count_cases(frame, "exploitation", multi=multi, **CONSTANTS | {"missing": []})
    none = count_cases(frame, "exploitation", multi=multi, **CONSTANTS | {"no": [None]})
    assert numbers(none, "exploitation")["unknown"] == 1


LONG = pd.DataFrame(
    {
        "id": [1, 1, 2, 3, 4],
        "sex": ["female", "female", "male", "male", "female"],
        "form": ["sexual", "labour", "labour", "labour", None],
    }
)
OF_LONG: dict[str, Any] = {"multi": {"exploitation": "form"}, "person": "id", **CONSTANTS}


def test_rows_of_a_person_are_one_case() -> None:
    table = count_cases(LONG, ["sex", "exploitation"], **OF_LONG)
    counted = numbers(table, "exploitation")
    assert counted["total"] == 4
    assert (counted["sexual"], counted["labour"], counted["unknown"]) == (1, 3, 1)


@pytest.mark.parametrize("name", ["cases.xlsx", "cases.csv", "cases.parquet"])
def test_rows_of_a_person_are_read_from_a_file(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    if name.endswith("xlsx"):
        pytest.importorskip("xlsxwriter")
        pytest.importorskip("python_calamine")
        LONG.to_excel(path, index=False, engine="xlsxwriter")
    elif name.endswith("parquet"):
        LONG.to_parquet(path)
    else:
        LONG.to_csv(path, index=False)
    table = count_cases(path, ["sex", "exploitation"], **OF_LONG)
    assert table == count_cases(LONG, ["sex", "exploitation"], **OF_LONG)


@pytest.mark.parametrize("engine", [pd.DataFrame, pl.from_pandas, duckdb.from_df])
def test_rows_are_selected_before_those_of_a_person_are_joined(engine: Any) -> None:
    frame = pd.DataFrame({"id": ["A", "A", "B"], "form": ["sexual", "labour", "sexual"]})
    data = engine(frame.assign(year=[2019, 2020, 2019]))
    for expression, counts in (
        (nw.col("form") == "sexual", (2, 2, 0)),
        (nw.col("year") == 2020, (1, 0, 1)),
    ):
        table = count_cases(data, "exploitation", filter=expression, **OF_LONG)
        counted = numbers(table, "exploitation")
        assert tuple(counted.get(code, 0) for code in ("total", "sexual", "labour")) == counts


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (("none", "-99"), (0, 0)),
        (("sexual", "none"), (1, 0)),
        (("sexual", "-99"), (1, 0)),
        (("sexual", None), (1, 0)),
        (("sexual", ""), (1, 0)),
        (("-99", None), (0, 1)),
        (("unknown", "none"), (0, 1)),
    ],
)
def test_answers_of_a_person_do_not_depend_on_the_order_of_columns_or_rows(
    cells: tuple[Any, Any], expected: tuple[int, int]
) -> None:
    declared = {"area": "MT", "period": 2020, "missing": ["-99"], "no": ["none"]}
    for own in (cells, cells[::-1]):
        columns = pd.DataFrame([own], columns=["a", "b"], dtype=object)
        rows = pd.DataFrame({"id": [1, "1"], "form": pd.Series(own, dtype=object)})
        for frame, names, person in ((columns, ["a", "b"], None), (rows, "form", "id")):
            multi: dict[str, Any] = {"exploitation": names}
            table = count_cases(frame, "exploitation", multi=multi, person=person, **declared)
            counted = numbers(table, "exploitation")
            assert (counted.get("sexual", 0), counted["unknown"], counted["total"]) == (
                *expected,
                1,
            )


def test_rows_of_a_person_must_agree() -> None:
    frame = LONG.assign(sex=["female", "male", "male", "male", "female"])
    with pytest.raises(InvalidValue, match="must be the same in all rows of a person, such as 1"):
        count_cases(frame, "sex", **OF_LONG)
    with pytest.raises(InvalidValue, match="must name a person"):
        count_cases(LONG.assign(id=[1, None, 2, 3, 4]), "sex", **OF_LONG)
    for no_key in ("", -99, "-99"):
        frame = LONG.astype({"id": object}).assign(id=[1, no_key, 2, 3, 4])
        with pytest.raises(InvalidValue, match="row 1: `id` must name a person"):
            count_cases(frame, "sex", **OF_LONG | {"missing": [None, -99]})
    with pytest.raises(UnknownName, match="must be a column of the cases"):
        count_cases(LONG, "sex", **OF_LONG | {"person": "number"})


@pytest.mark.parametrize(
    ("cells", "counted"),
    [
        (("F", ""), "female"),
        (("F", None), "female"),
        (("F", "x"), "female"),
        (("F", "?"), "female"),
        (("F", "unknown"), "female"),
        (("F", "Female"), "female"),
        (("?", ""), "unknown"),
    ],
)
def test_rows_of_a_person_have_one_category(cells: tuple[Any, Any], counted: str) -> None:
    recode = {"sex": {"F": "female"}, "exploitation": {"Y": "1"}}
    declared = {"area": "MT", "period": 2020, "missing": [None, "x"], "unknown": ["?"]}
    for own in (cells, cells[::-1]):
        frame = pd.DataFrame({"id": [1, 1], "sex": pd.Series(own, dtype=object)})
        frame["sexual"], frame["day"] = ["1", "Y"], ["5 May", ""]
        table = count_cases(
            frame, ["sex", "exploitation"], person="id", recode=recode,
            multi={"exploitation": {"sexual": "sexual"}}, **declared,
        )  # fmt: skip
        assert numbers(table, "sex")[counted] == 1
        assert numbers(table, "exploitation")["sexual"] == 1
    different = pd.DataFrame({"id": [1, 1], "sex": ["F", "F"], "sexual": ["1", "0"]})
    with pytest.raises(InvalidValue, match="`sexual` must be the same in all rows of a person"):
        count_cases(
            different, person="id", multi={"exploitation": {"sexual": "sexual"}}, **declared
        )
    with pytest.raises(InvalidValue, match="`day` must be the same in all rows of a person"):
        count_cases(
            pd.DataFrame({"id": [1, 1], "day": ["5 May", "6 May"]}), person="id", **declared
        )


def test_packed_rows_of_persons_in_namibia_are_not_empty_cells(tmp_path: Path):
    path = tmp_path / "cases.csv"
    path.write_bytes(gzip.compress(b"who,area,form\nA,NA,sexual\nA,NA,labour\nB,NA,\n"))
    declared = {"person": "who", "multi": {"exploitation": "form"}, "missing": [None]}
    table = CaseStore.of(path, period=2020, **declared).count(["area", "exploitation"])
    assert table.count(area="NA") == Count.known(2)
    assert table.count(area="NA", exploitation="unknown") == Count.known(1)


def test_rows_of_persons_with_an_open_quotation_raise(tmp_path: Path):
    (tmp_path / "cases.csv").write_text('who,area\nA,"FR\n')
    with pytest.raises(InvalidFile, match="Close the quotation mark"):
        CaseStore.of(tmp_path / "cases.csv", person="who", period=2020)


def read_in_python(monkeypatch: pytest.MonkeyPatch, path: Any) -> Iterator[CountTable]:
    """Yield the counts of persons, and of cases without DuckDB: both are read without an engine."""
    yield count_cases(path, "sex", person="who", **CONSTANTS)
    monkeypatch.setitem(sys.modules, "duckdb", None)
    yield count_cases(path, "sex", **CONSTANTS)


@pytest.mark.parametrize(
    "rows", [b"A,female\nB,male\nC,male\n", b"A,female,\nB,male,,\n\nC,male\n"]
)
def test_texts_read_without_an_engine_have_equal_counts(
    rows: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "year=2020" / "a.csv"
    path.parent.mkdir()
    path.write_bytes(b"who,sex\n" + rows)
    expected = count_cases(path, "sex", **CONSTANTS)
    assert numbers(expected, "sex") == {"total": 3, "female": 1, "male": 2}
    assert list(read_in_python(monkeypatch, path)) == [expected] * 2
    of_folder = CaseStore.of(path, columns={"period": "year"}, area="MT", person="who").count()
    assert of_folder == CaseStore.of(path, area="MT", period=2020).count()


@pytest.mark.parametrize(
    ("rows", "match"),
    [
        (b"A,female,child\n", "line 2: each row of .* must have 2 cells, got 3"),
        (b"A,female\nB\n", "line 3: each row of .* must have 2 cells, got 1"),
        (b"A,female\n\xc9,male\n", "must be text in UTF-8"),
    ],
)
def test_defective_texts_are_refused_without_an_engine(
    rows: bytes, match: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"who,sex\n" + rows)
    with pytest.raises(InvalidFile, match=match):
        next(read_in_python(monkeypatch, path))
    monkeypatch.setitem(sys.modules, "duckdb", None)
    with pytest.raises(InvalidFile, match=match):
        count_cases(path, "sex", **CONSTANTS)


def test_columns_of_persons_are_those_of_all_files_and_no_folder_too(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("who,sex\nA,female\n")
    (tmp_path / "b.csv").write_text("who,age\nB,child\n")
    paths = [tmp_path / "a.csv", tmp_path / "b.csv"]
    assert numbers(count_cases(paths, person="who", **CONSTANTS), "sex") == {"total": 2}
    with pytest.raises(UnknownName, match="`sex` must be a column of the cases"):
        count_cases(paths, "sex", person="who", **CONSTANTS)
    (tmp_path / "sex=female").mkdir()
    (tmp_path / "sex=female" / "a.csv").write_text("who,sex\nA,male\n")
    with pytest.raises(InvalidFile, match="must not be both a column of"):
        count_cases(tmp_path / "sex=female" / "a.csv", "sex", person="who", **CONSTANTS)


def test_damaged_parquet_of_persons_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    path.write_bytes(b"PAR1" + bytes(20) + b"PAR1")
    with pytest.raises(InvalidFile, match=r"a\.parquet cannot be counted"):
        count_cases(path, "sex", person="who", **CONSTANTS)


def test_cells_outside_the_table_of_a_workbook_are_refused(tmp_path: Path) -> None:
    xlsxwriter = pytest.importorskip("xlsxwriter")
    pytest.importorskip("python_calamine")
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        sheet = book.add_worksheet()
        for row, cells in enumerate([["sex"], ["female"], ["male", "a note"]]):
            sheet.write_row(row, 0, cells)
    with pytest.raises(InvalidFile, match=r"row 3: each row of .* must have 1 cells, got 2"):
        count_cases(tmp_path / "a.xlsx", "sex", **CONSTANTS)
