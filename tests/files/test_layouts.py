"""Worksheets, ranges, merged cells and tables with several columns of counts."""

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import thbstats as thb
from tests.rows import check_rows
from thbstats.errors import InvalidFile, InvalidValue
from thbstats.files import Declaration, InputFile, open_bytes
from thbstats.files.headers import find_header, split_period

xlsxwriter = pytest.importorskip("xlsxwriter")
pytest.importorskip("python_calamine")

TIDY = Declaration(kind="victims", columns={"area": "area", "period": "period", "value": "value"})
HEADER = ["area", "period", "value"]


def book(sheets: Mapping[str, Sequence[Sequence[Any]]]) -> InputFile:
    data = io.BytesIO()
    with xlsxwriter.Workbook(data, {"in_memory": True}) as workbook:
        for name, rows in sheets.items():
            sheet = workbook.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return open_bytes(data.getvalue(), name="two.xlsx")


TWO = {"2020": [HEADER, ["BE", 2020, 10]], "2021": [HEADER, ["BE", 2021, 20]], "Empty": []}


def test_worksheets_with_one_header_are_read_together_and_named_in_the_log() -> None:
    reading = thb.read(book(TWO), declare=TIDY)
    assert reading.table.count(period=2020) == thb.Count.known(10)
    assert reading.table.count(period=2021) == thb.Count.known(20)
    assert "Worksheets: '2020' read, '2021' read, 'Empty' empty" in reading.log.notes
    assert "All rows are used." in str(reading)


def test_file_with_an_ignored_worksheet_is_not_used_without_change() -> None:
    reading = thb.read(book(TWO), declare=TIDY, sheet="2021")
    assert reading.log.read == 1
    assert "All rows are used, except worksheet '2020'" in str(reading)
    assert reading.log.to_dict()["left_out"] == ["worksheet '2020'", "worksheet 'Empty'"]


@pytest.mark.parametrize("sheet", [2, "2", "2021", ["2021"]])
def test_worksheet_is_selected_by_name_or_position(sheet: Any) -> None:
    assert thb.read(book(TWO), declare=TIDY, sheet=sheet).table.count() == thb.Count.known(20)


def test_all_worksheets_are_selected() -> None:
    assert thb.read(book(TWO), declare=TIDY, sheet="all").log.read == 2


def test_first_worksheet_with_the_columns_of_this_library_is_read() -> None:
    names = ["table", "area", "period", "value", "lower", "upper", "reason"]
    rows = [[names, ["victims", "MT", "2020", n, n, n, "known"]] for n in (5, 9)]
    workbook = dict(zip(("counts", "old"), rows, strict=True))
    reading = thb.read(book(workbook))
    assert reading.table.count() == thb.Count.known(5)
    assert reading.log.left_out == ("worksheet 'old'",)
    assert thb.read(book(workbook), sheet="old").table.count() == thb.Count.known(9)


@pytest.mark.parametrize("name", ["sheet", "range"])
def test_cells_of_a_file_without_worksheets_are_refused(name: str) -> None:
    frame = pd.DataFrame([["BE", 2020, 10]], columns=HEADER)
    part = Declaration(kind="victims", **{name: {"sheet": "2021", "range": "A1:B2"}[name]})
    with pytest.raises(InvalidValue, match=f"`{name}` must not be passed for a frame"):
        thb.read(frame, declare=part)
    text = open_bytes(frame.to_csv(index=False).encode(), name="own.csv")
    if name == "sheet":
        with pytest.raises(InvalidValue, match="`sheet` must not be passed for a text"):
            thb.read(text, declare=part)
        part = Declaration(kind="victims", range="A1:C2")
    with pytest.raises(InvalidValue, match="`sheet` must not be passed for a text"):
        thb.read(text, declare=part, sheet=1)


def test_declared_range_of_a_text_with_columns_of_this_library_is_read() -> None:
    file = open_bytes(b"area,period,value\nBE,2020,10\nFR,2020,20\n", name="own.csv")
    part = Declaration(kind="victims", range="A1:C2")
    assert thb.read(file, declare=part).table.categories("area") == ("BE",)


def test_unknown_worksheet_is_refused() -> None:
    with pytest.raises(InvalidFile, match="Did you mean '2021'"):
        thb.read(book(TWO), declare=TIDY, sheet="2021 ")


def test_worksheets_with_other_headers_are_listed() -> None:
    other = {**TWO, "Cases": [["Unit", "Cases"], ["North", 3]]}
    with pytest.raises(InvalidFile, match=r"'Cases': Unit, Cases.*Pass sheet='2020'"):
        thb.read(book(other), declare=TIDY)


def test_worksheet_of_notes_is_not_read() -> None:
    notes = {**TWO, "Notes": [["Note", "Text"], [1, "Persons are counted once"]]}
    log = thb.read(book(notes), declare=TIDY).log
    assert log.read == 2
    assert log.left_out == ("worksheet 'Notes'",)
    assert any("'Notes' without a table" in note for note in log.notes)


def test_hidden_worksheet_is_named_in_the_log() -> None:
    data = io.BytesIO()
    with xlsxwriter.Workbook(data, {"in_memory": True}) as workbook:
        for name in ("2020", "Old"):
            sheet = workbook.add_worksheet(name)
            sheet.write_row(0, 0, HEADER)
            sheet.write_row(1, 0, ["BE", 2020 if name == "2020" else 2019, 10])
        sheet.hide()
    log = thb.read(open_bytes(data.getvalue(), name="two.xlsx"), declare=TIDY).log
    assert "Worksheets: '2020' read, 'Old' (hidden) read" in log.notes


def test_worksheet_names_are_a_column_and_part_of_the_location() -> None:
    rows = [["area", "value"], ["BE", 10], ["XX", 1]]
    declare = Declaration(
        kind="victims", columns={"area": "area", "value": "value", "sheet": "period"}
    )
    reading = thb.read(book({"2020": rows, "2021": rows}), declare=declare)
    assert reading.table.categories("period") == ("2020", "2021")
    (problem,) = reading.log.problems
    assert problem.examples == ("'2020', row 3: 'XX'", "'2021', row 3: 'XX'")


WIDE = "Country;2020;2021\nBelgium;1;2\nNote: provisional;;\nFrance;3;x\n"
OF_WIDE = {"kind": "victims", "columns": {"Country": "area"}, "unpivot": ["period"]}


def csv(text: str) -> InputFile:
    return open_bytes(text.encode(), name="a.csv")


def test_every_cell_of_a_wide_table_is_in_the_log() -> None:
    log = thb.read(csv(WIDE), declare=Declaration(**OF_WIDE)).log
    assert (log.noun, log.read, log.used, log.rejected) == ("cells", 5, 3, 2)
    note, problem = log.with_code("NO_VALUES")[0], log.with_code("NOT_A_COUNT")[0]
    assert note.examples == ("row 3: 'Note: provisional'",)
    assert problem.examples == ("line 4, '2021': 'x'",)


def test_flags_are_read_from_the_column_after_the_counts() -> None:
    declare = Declaration(**OF_WIDE)
    reading = thb.read(csv("Country;2020;;2021;\nBelgium;1;b;2;\n"), declare=declare)
    assert reading.table.to_frame()["flags"].tolist() == ["b", ""]


def test_text_next_to_the_period_is_ignored_on_request() -> None:
    declare = Declaration(**{**OF_WIDE, "unpivot": ["period -"]})
    reading = thb.read(csv("Country;Victims 2020;Victims 2021\nBelgium;1;2\n"), declare=declare)
    assert reading.table.categories("period") == ("2020", "2021")


def test_frame_is_unpivoted() -> None:
    frame = pd.DataFrame({"Country": ["Belgium"], "2020": [1], "2021": [2]})
    table = thb.read(frame, declare=Declaration(**OF_WIDE)).table
    assert table.count(period=2021) == thb.Count.known(2)


def test_table_below_its_title_is_found() -> None:
    declare = Declaration(kind="victims", columns={"c": "area", "y": "period", "n": "value"})
    reading = thb.read(csv("Title\n\nc;y;n\nBelgium;2020;4\n"), declare=declare)
    assert reading.table.count() == thb.Count.known(4)


def test_block_of_a_page_is_read_by_its_range() -> None:
    text = "First;;\nCountry;2020;2021\nBelgium;1;2\nSecond;;\nCountry;2020;2021\nFrance;3;4\n"
    reading = thb.read(csv(text), declare=Declaration(**OF_WIDE, range="a5:B6"))
    table = reading.table
    assert "All rows are used, except cells outside a5:B6" in str(reading)
    assert table.to_frame()[["area", "period", "value"]].values.tolist() == [["FR", "2020", 3]]


REFUSED: list[tuple[str, dict[str, Any], type[Exception], str]] = [
    ("Country;header 1;2020\nBE;x;1\n", {"columns": {"Country": "area", "header 1": "sex"}},
     InvalidValue, "must not be the name of a column"),
    ("Country;Year\nBE;2020\n", {"columns": {"Country": "area", "Year": "period"}},
     InvalidValue, "must leave a column with counts"),
    ("Land;2020\nBE;1\n", {}, InvalidFile, "must have a header with the declared columns"),
    (WIDE, {"range": "A9"}, InvalidValue, "must be a range of cells"),
    (WIDE, {"fiscal_year": 1}, InvalidValue, "first month of fiscal years"),
    (WIDE, {"sheet": 0}, InvalidValue, "a name, a position from 1"),
    (WIDE, {"unpivot": "period"}, InvalidValue, "contents of each header row"),
    ('a;b\n"x;1\n', {}, InvalidFile, "header|cannot be parsed"),
]  # fmt: skip


def test_declaration_that_does_not_fit_the_layout_is_refused() -> None:
    def check(text: str, declared: dict[str, Any], error: type[Exception], message: str) -> None:
        with pytest.raises(error, match=message):
            thb.read(csv(text), declare=Declaration(**{**OF_WIDE, **declared}))

    check_rows(check, REFUSED)


HEADERS: list[tuple[list[list[str]], tuple[int, int] | None]] = [
    ([["Country", "2020"], ["BE", "1"]], (1, 1)),
    ([["Title", ""], ["Country", "2020"], ["BE", "1"]], (2, 1)),
    ([["Country", "2020", "", "2021", ""], ["", "F", "M", "F", "M"], ["BE", *"1234"]], (1, 2)),
    ([["Title, with", " comma", ""], ["Country", "F", "M"], ["BE", "1", "2"]], (2, 1)),
    ([["Title, with", " comma", ""], ["", "F", ""], ["Country", "F", "M"], ["BE", *"12"]], (3, 1)),
    ([["Country", "Year"], ["BE", "2020"], ["FR", ".."]], (1, 1)),
    ([["Text only", ""]], None),
    ([["1", "2"]], None),
]


def test_header_is_found_by_its_form() -> None:
    def check(rows: list[list[str]], place: tuple[int, int] | None) -> None:
        assert find_header(list(enumerate(rows, start=1))) == place

    check_rows(check, HEADERS)


def test_period_is_divided_from_other_text() -> None:
    pairs = [
        ("2020 women", ("2020", "women")),
        ("Women, Q1 2020", ("Q1 2020", "Women")),
        ("year ending March 2022 - Men", ("year ending March 2022", "Men")),
        ("Total", ("", "Total")),
    ]
    check_rows(lambda text, parts: _equal(split_period(text), parts), pairs)


def _equal(first: object, second: object) -> None:
    assert first == second


def test_workbook_without_worksheets_is_refused(tmp_path: Path) -> None:
    path, broken = tmp_path / "own.xlsx", tmp_path / "none.xlsx"
    pd.DataFrame({"area": ["MT"], "value": [3]}).to_excel(path, index=False, engine="xlsxwriter")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(broken, "w") as new:
        for name in old.namelist():
            new.writestr(name, re.sub(rb"<sheet [^>]*/>", b"", old.read(name)))
    with pytest.raises(InvalidFile, match="must have a worksheet"):
        thb.read(broken, format="tidy", kind="victims")
