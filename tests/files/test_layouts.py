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
from thbstats.files import Declaration, InputFile, Limits, open_bytes
from thbstats.files.headers import find_header, split_period
from thbstats.files.pages import CellPage, Layout

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


def merged_book(
    rows: Sequence[Sequence[Any]], merges: Sequence[tuple[str, Any]] = (), left: int = 0
) -> InputFile:
    data = io.BytesIO()
    with xlsxwriter.Workbook(data, {"in_memory": True}) as workbook:
        sheet = workbook.add_worksheet("T")
        for number, row in enumerate(rows):
            sheet.write_row(number, left, row)
        for cells, value in merges:
            sheet.merge_range(cells, value)
    return open_bytes(data.getvalue(), name="own.xlsx")


OF_GROUPS = {
    "kind": "victims",
    "columns": {"Country": "area", "Sex": "sex", "Victims": "value"},
    "constants": {"period": "2020"},
}


def cells_of(file: InputFile, names: Sequence[str], **declared: Any) -> list[list[Any]]:
    table = thb.read(file, declare=Declaration(**declared)).table
    return [list(row) for row in table.to_frame()[list(names)].itertuples(index=False)]


def test_range_counts_columns_from_the_first_one_of_the_worksheet() -> None:
    # The counts of 2019 and 2020 next to those of 2020 and 2021; column A is empty.
    names, columns = ["Year", "Victims"], {"Year": "period", "Victims": "value"}
    file = merged_book([names * 2, [2019, 10, 2020, 100], [2020, 20, 2021, 200]], left=1)
    known = {"kind": "victims", "columns": columns, "constants": {"area": "MT"}}
    first = cells_of(file, ["period", "value"], **known, range="B1:C3")
    assert first == [["2019", 10], ["2020", 20]]
    second = cells_of(file, ["period", "value"], **known, range="D1:E3")
    assert second == [["2020", 100], ["2021", 200]]


def test_merged_cells_are_filled_right_of_an_empty_column() -> None:
    rows = [["Country", "Sex", "Victims"], ["", "F", 1], ["", "M", 2]]
    groups = merged_book(rows, [("B2:B3", "Belgium")], left=1)
    names = ["area", "sex", "value"]
    assert cells_of(groups, names, **OF_GROUPS) == [["BE", "female", 1], ["BE", "male", 2]]
    rows = [["Country"], ["", "F", "M", "F", "M"], ["Belgium", 1, 2, 3, 4]]
    headers = merged_book(rows, [("C1:D1", 2020), ("E1:F1", 2021)], left=1)
    declared = {"kind": "victims", "columns": {"Country": "area"}, "unpivot": ["period", "sex"]}
    cells = cells_of(headers, ["period", "sex", "value"], **declared)
    assert cells == [
        ["2020", "female", 1], ["2020", "male", 2], ["2021", "female", 3], ["2021", "male", 4]
    ]  # fmt: skip


def test_numbered_notes_right_of_an_empty_column_are_not_a_table() -> None:
    data = io.BytesIO()
    with xlsxwriter.Workbook(data, {"in_memory": True}) as workbook:
        for name, rows in {**TWO, "Notes": [["", "Note", "Text"], ["", 1, "Once"]]}.items():
            for number, row in enumerate(rows):
                sheet = workbook.get_worksheet_by_name(name) or workbook.add_worksheet(name)
                sheet.write_row(number, 0, [cell if cell != "" else None for cell in row])
    assert thb.read(open_bytes(data.getvalue(), name="two.xlsx"), declare=TIDY).log.read == 2


def test_rows_below_a_ragged_line_do_not_continue_the_group_above_it() -> None:
    # The men are of France, whose first row has a further cell.
    names = ["area", "sex", "value"]
    text = "Country,Sex,Victims\nBelgium,F,1\nFrance, Republic,F,30\n,M,40\n"
    reading = thb.read(csv(text), declare=Declaration(**OF_GROUPS, fill=["Country"]))
    assert reading.table.to_frame()[names].values.tolist() == [["BE", "female", 1]]
    assert reading.log.codes == ("RAGGED", "UNMAPPED")
    rows = [["Country", "Sex", "Victims"], ["", "F", 1], ["", "T", 3]]
    rows += [["", "F", 30, "(1)"], ["", "M", 40]]
    file = merged_book(rows, [("A2:A3", "Belgium"), ("A4:A5", "France")])
    assert cells_of(file, names, **OF_GROUPS) == [["BE", "female", 1], ["BE", "total", 3]]


def test_first_row_of_a_worksheet_does_not_continue_another_worksheet() -> None:
    header = ["Country", "Sex", "Victims"]
    first, second = [["Belgium", "F", 1], ["", "M", 2]], [["", "F", 100], ["France", "F", 7]]
    columns = {**OF_GROUPS["columns"], "sheet": "period"}
    declared = {"kind": "victims", "columns": columns, "fill": ["Country"]}
    file = book({"2020": [header, *first], "2021": [header, *second]})
    assert cells_of(file, ["area", "period", "value"], **declared) == [
        ["BE", "2020", 1], ["BE", "2020", 2], ["FR", "2021", 7]
    ]  # fmt: skip


def test_merged_count_of_several_rows_or_columns_is_rejected() -> None:
    # France publishes 12 for women and men together.
    wide = merged_book(
        [["Country", "Female", "Male"], ["Belgium", 1, 2], ["France"]], [("B3:C3", 12)]
    )
    long = merged_book(
        [["Country", "Sex", "Victims"], ["Belgium", "F", 1], ["France", "F"], ["France", "M"]],
        [("C3:C4", 12)],
    )
    by_sex = {"kind": "victims", "columns": {"Country": "area"}, "unpivot": ["sex"]}
    for file, own in ((wide, {**by_sex, "constants": {"period": "2020"}}), (long, OF_GROUPS)):
        reading = thb.read(file, declare=Declaration(**own))
        assert reading.table.categories("area") == ("BE",)
        assert sum(map(len, reading.log.with_code("NOT_A_COUNT"))) == 2


def test_count_that_is_merged_with_an_empty_column_is_read() -> None:
    rows = [["Country", "Sex", "Victims", ""], ["Belgium", "F", ""], ["Belgium", "M", ""]]
    file = merged_book(rows, [("C1:D1", "Victims"), ("C2:D2", 5), ("C3:D3", 6)])
    assert cells_of(file, ["sex", "value"], **OF_GROUPS) == [["female", 5], ["male", 6]]


def test_merged_cells_beyond_the_allowed_number_of_cells_are_refused() -> None:
    file = merged_book([["Country", "Sex", "Victims"], ["BE", "F", 1]])
    limited = open_bytes(file.data, name="own.xlsx", limits=Limits(cells=2))
    sheet = CellPage(file=limited, rows=lambda: [(1, ["a", "b"]), (2, ["c", 1])],
                     merged=[((1, 0), (1, 1))] * 2)  # fmt: skip
    with pytest.raises(InvalidFile, match="at most 2 cells"):
        sheet.table(Layout(header=any))


def test_open_quotation_of_a_wide_text_is_refused() -> None:
    text = 'Country;2020;2021;Note\nBelgium;1;2;"revised\nFrance;3;4;\n'
    with pytest.raises(InvalidFile, match=r"line 3: .*Close the quotation"):
        thb.read(csv(text), declare=Declaration(**OF_WIDE, ignored=["Note"]))


def test_titles_of_several_worksheets_are_read_together() -> None:
    def sheet(country: str, year: int, n: int) -> list[list[Any]]:
        title = [f"Victims of trafficking, {year}"]
        return [title, ["Country", "Sex", "Victims"], [country, "F", n], [country, "M", n]]

    same = book({"A": sheet("Belgium", 2020, 5), "B": sheet("France", 2020, 7)})
    assert thb.read(same).table.categories("period") == ("2020",)
    other = book({"A": sheet("Belgium", 2020, 5), "B": sheet("France", 2021, 7)})
    with pytest.raises(InvalidFile, match=r"no column contains the period; .*'2020', '2021'"):
        thb.read(other)


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
    ([["Year", "<18", "18+"], ["2020", "1", "2"]], (1, 1)),
    ([["Year", "<18", "5"], ["2020", "1", "2"]], None),
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
