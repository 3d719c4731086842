"""Workbooks: the cells that are read, and files that are refused before a library reads them."""

import io
import random
import re
import struct
import zipfile
from datetime import date

import pandas as pd
import pytest

import thbstats as thb
from thbstats.errors import InvalidFile, MissingExtra
from thbstats.files import Declaration, Limits, is_workbook, open_bytes, read_sheet, workbooks
from thbstats.files.sheets import FORMULAS
from thbstats.files.workbooks import peek
from thbstats.tables import frames

xlsxwriter = pytest.importorskip("xlsxwriter")
pytest.importorskip("python_calamine")

ROWS = [["sex", "year", "value"], ["female", 2020, 12], ["male", 2020.5, "<5"]]
SHEET = "xl/worksheets/sheet1.xml"
SHARED = "xl/sharedStrings.xml"
TITLE = [["period", "value"]]


def has_value(names):
    return "value" in names


def workbook(*sheets, start=(0, 0)):
    data = io.BytesIO()
    with xlsxwriter.Workbook(data, {"in_memory": True}) as book:
        for name, rows in sheets or [("one", ROWS)]:
            sheet = book.add_worksheet(name)
            for row, cells in enumerate(rows, start=start[0]):
                for column, cell in enumerate(cells, start=start[1]):
                    if isinstance(cell, tuple):
                        sheet.write_formula(row, column, cell[0], None, cell[1])
                    else:
                        sheet.write(row, column, cell)
    return data.getvalue()


def parts(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(members, method=zipfile.ZIP_DEFLATED):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return data.getvalue()


def changed(old, new, member=SHEET, data=None):
    members = parts(data or workbook())
    assert old in members[member]
    return packed({**members, member: members[member].replace(old, new)})


def with_rows(rows, shared=""):
    """A workbook with two columns, written by hand below its header; style 1 is a date."""
    members = parts(workbook(("one", TITLE)))
    texts = members[SHARED].replace(b"</sst>", f"{shared}</sst>".encode())
    sheet = members[SHEET].replace(b"</sheetData>", f"{rows}</sheetData>".encode())
    styles = members["xl/styles.xml"].replace(
        b"</cellXfs>", b'<xf numFmtId="14" applyNumberFormat="1"/></cellXfs>'
    )
    return packed({**members, SHARED: texts, SHEET: sheet, "xl/styles.xml": styles})


def read(data, name=None, *, header=any, **limits):
    file = open_bytes(data, name="book.xlsx", limits=Limits(**limits))
    return read_sheet(file, name, header=header)


def texts_of(grid):
    return [[*map(str, row)] for row in grid.raw.itertuples(index=False)]


@pytest.mark.parametrize(
    ("rows", "texts"),
    [
        ([[2010, "007"], [0.5, True]], [["2010", "007"], ["0.5", "TRUE"]]),
        ([[1e20, " x "]], [["100000000000000000000", " x "]]),
        ([[1, True], [1.0, False]], [["1", "TRUE"], ["1", "FALSE"]]),
        ([[("=1/0", "#DIV/0!"), 't="e"']], [["#DIV/0!", 't="e"']]),
    ],
)
def test_cells_are_texts_and_integers_have_no_decimals(rows, texts):
    data = workbook(("one", [["a", "b"], *rows]))
    assert texts_of(read(data)) == texts
    assert (b' t="e"' in parts(data)[SHEET]) is ("#DIV/0!" in texts[0])


@pytest.mark.parametrize("number", ["9007199254740993", "9007199254740991"])
def test_rounded_count_of_a_workbook_is_not_a_count(number):
    row = f'<row r="2"><c r="A2"><v>2020</v></c><c r="B2"><v>{number}</v></c></row>'
    assert list(read(with_rows(row)).raw["value"]) == [number]


def test_column_with_dates_is_noted():
    row = '<row r="2"><c r="A2" s="1"><v>42005</v></c><c r="B2"><v>3</v></c></row>'
    grid = read(with_rows(row))
    assert list(grid.raw["period"]) == ["2015-01-01"]
    (note,) = grid.notes
    assert note.startswith("Column 'period' contains dates, such as 2015-01-01; each is a day")
    assert note.endswith("unless dates= is declared")


DATES = [date(2023, 1, 1), date(2023, 4, 1), date(2023, 12, 31), date(2024, 2, 15)]


@pytest.mark.parametrize(
    ("dates", "periods"),
    [
        ("day", ["2023-01-01/2023-01-01", "2023-04-01/2023-04-01", "2023-12-31/2023-12-31",
                 "2024-02-15/2024-02-15"]),
        ("month", ["2023-M01", "2023-M04", "2023-M12"]),
        ("quarter", ["2023-Q1", "2023-Q2", "2023-Q4"]),
        ("half-year", ["2023-S1", "2023-S2"]),
        ("year", ["2023", "2023"]),
    ],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["xlsx", "ods", "csv", "frame"])
def test_date_is_the_period_whose_first_or_last_day_it_is(kind, dates, periods):
    rows = [["When", "Sex", "Victims"], *([day, "F", 5 + n] for n, day in enumerate(DATES))]
    declare = thb.Declaration(
        kind="victims",
        columns={"When": "period", "Sex": "sex", "Victims": "value"},
        constants={"area": "MT"},
        dates=dates,
        repeated="first",
    )
    data = {
        "xlsx": lambda: open_bytes(dated_workbook(rows), name="book.xlsx"),
        "ods": lambda: open_bytes(ods(*rows), name="book.ods"),
        "csv": lambda: open_bytes("\n".join(",".join(map(str, row)) for row in rows).encode()),
        "frame": lambda: pd.DataFrame(rows[1:], columns=rows[0]),
    }[kind]()
    reading = thb.read(data, declare=declare)
    assert set(reading.table.categories("period")) == set(periods)
    assert reading.log.count_rows("UNMAPPED") == len(DATES) - len(periods)
    if dates != "day":
        (problem,) = reading.log.with_code("UNMAPPED")
        assert problem.message == f"a date that is not the first or last day of a {dates}"
        assert "2024-02-15" in str(problem.examples)


def test_dates_in_several_worksheets_are_noted():
    rows = [["area", "period", "value"], ["MT", date(2023, 1, 1), 5]]
    data = dated_workbook(rows, [rows[0], ["MT", date(2023, 2, 1), 6]])
    columns = {"area": "area", "period": "period", "value": "value"}
    declare = thb.Declaration(kind="victims", columns=columns)
    notes = thb.read(open_bytes(data, name="two.xlsx"), declare=declare).log.notes
    assert [note.partition(";")[0] for note in notes if "dates" in note] == [
        "Column 'period' contains dates, such as 2023-01-01",
        "Column 'period' contains dates, such as 2023-02-01",
    ]


def dated_workbook(*sheets):
    data = io.BytesIO()
    with xlsxwriter.Workbook(data, {"default_date_format": "yyyy", "in_memory": True}) as book:
        for rows in sheets:
            sheet = book.add_worksheet()
            for index, row in enumerate(rows):
                sheet.write_row(index, 0, row)
    return data.getvalue()


@pytest.mark.parametrize(
    ("rows", "start", "header", "expected"),
    [
        ([["a", "b"], [1, 2], [], [3, 4]], (4, 2), ["a", "b"], ([6, 8], [], [])),
        (
            [["title"], [], ["", "a", "", "b"], ["", 1, "", 2], ["", 3, "x", 4]],
            (0, 0),
            ["a", "b"],
            ([4], [5], ["title"]),
        ),
        (
            [["UNODC"], ["14/04/2025"], *ROWS],
            (0, 0),
            ROWS[0],
            ([4, 5], [], ["UNODC", "14/04/2025"]),
        ),
        ([["a", "b"], [1, 2, 3], [4, 5]], (0, 0), ["a", "b"], ([3], [2], [])),
    ],
)
def test_rows_have_the_numbers_of_the_sheet(rows, start, header, expected):
    grid = read(workbook(("one", rows), start=start), header=lambda names: names == header)
    ragged = [line for line, _ in grid.ragged]
    preamble = [next(filter(None, line)) for line in grid.preamble]
    assert list(grid.raw.columns) == header
    assert (grid.lines.tolist(), ragged, preamble) == expected


def test_first_sheet_with_the_header_is_read_unless_a_name_is_given():
    data = workbook(("notes", [["nothing here"]]), ("data", ROWS), ("more", ROWS[:2]))
    assert len(read(data, header=has_value)) == 2
    assert len(read(data, "more", header=has_value)) == 1
    with pytest.raises(InvalidFile, match=r"must be a worksheet.*'data'"):
        read(data, "dat")


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        ([], "must have the header"),
        ([["x"]] * 30 + ROWS, "first 20 rows"),
        ([["value", "value"], [1, 2]], "must be unique"),
    ],
)
def test_sheet_without_a_valid_header_is_rejected(rows, problem):
    with pytest.raises(InvalidFile, match=problem):
        read(workbook(("one", rows)), header=has_value)


def test_formula_without_a_stored_result_is_noted():
    with_result = workbook(("one", [["a"], [("=1+1", 7)], [("=1+2", 8)]]))
    parts = zipfile.ZipFile(io.BytesIO(with_result))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as without:
        for name in parts.namelist():
            without.writestr(name, parts.read(name).replace(b"<v>8</v>", b""))
    grid = read(packed.getvalue())
    assert grid.notes[0] == FORMULAS
    assert grid.notes[1].startswith("Formulas without a stored result: 1.")


def test_stored_value_of_a_formula_is_read_and_noted():
    grid = read(workbook(("one", [["a"], [("=1+1", 7)]])))
    assert texts_of(grid) == [["7"]]
    assert grid.notes == [FORMULAS]
    assert read(workbook()).notes == []


def test_missing_library_is_named_with_its_extra(monkeypatch):
    def missing(name):
        raise ImportError(f"No module named {name!r}")

    monkeypatch.setattr(frames, "import_module", missing)
    with pytest.raises(MissingExtra, match=re.escape("thbstats[excel]")):
        read(workbook())


def test_texts_can_be_searched_without_reading():
    file = open_bytes(workbook())
    assert is_workbook(file)
    assert b"female" in peek(file)
    assert peek(open_bytes(workbook()[:-40])) == b""
    assert not is_workbook(open_bytes(b"sex,value\n"))


# Files that are refused


def encrypted(data):
    result = bytearray(data)
    position = result.rfind(b"PK\x01\x02")
    while position >= 0:
        result[position + 8] |= 1
        position = result.rfind(b"PK\x01\x02", 0, position)
    return bytes(result)


def with_wrong_size(data):
    """An archive whose last part declares five bytes."""
    result = bytearray(data)
    central = result.rfind(b"PK\x01\x02")
    result[central + 24 : central + 28] = struct.pack("<I", 5)
    return bytes(result)


def with_spaces(size):
    return packed({**parts(workbook()), "xl/zz.xml": b"<a>" + b" " * size + b"</a>"})


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"sex,value\n", "must be a workbook"),
        (packed({"a.txt": b"x"}), "must be a workbook"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "must be an unencrypted xlsx workbook"),
        (workbook()[:-30], "must be a valid workbook"),
        (workbook()[:400] + workbook()[700:], "must be a valid workbook"),
        (changed(b"</sheetData>", b""), "is not XML"),
        (changed(b"<sheetData>", b"<!-- x --><sheetData>"), "not plain XML"),
        (changed(b'encoding="UTF-8"', b'encoding="UTF-16"'), "not plain XML"),
        (changed(b"<sheetData>", b"<?x y?><sheetData>"), "not plain XML"),
        (packed(parts(workbook()), zipfile.ZIP_BZIP2), "unsupported compression"),
        (packed({**parts(workbook()), "XL/workbook.xml": b"<a/>"}), "two of its parts"),
        (packed({"xl/workbook.xml": b"<a/>"}), "must be a valid workbook|must have the header"),
        (encrypted(workbook()), "must not be encrypted"),
        (with_wrong_size(with_spaces(10**6)), "must be a valid workbook"),
    ],
)
def test_invalid_workbook_is_rejected(data, problem):
    with pytest.raises(InvalidFile, match=problem):
        read(data)


WIDE = b'<row r="1048576">' + b"<c a=' r=\"B2\"'/>" * 16_000 + b"</row></sheetData>"


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (b'r="A3"', b'r="XFD1048576"', "including empty cells"),
        (b'r="A3"', b'r="XFD1048577"', "outside the last row"),
        (b'r="A3"', b'r="XFE1"', "outside the last row"),
        (b'r="A3"', b'r="A99999999999999"', "outside the last row"),
        (b'r="A3"', b'r="AAAAAAAAAAAA1"', "outside the last row"),
        (b'<c r="A3"', b"<x:c s='1'\n r = 'xfd1048576'", "including empty cells"),
        (b'<row r="3"', b'<row r="1048576"', "including empty cells"),
        # A reference in another attribute is none.
        (b"</sheetData>", WIDE, "including empty cells"),
    ],
)
def test_far_cell_is_refused_before_a_sheet_is_laid_out(old, new, problem, monkeypatch):
    data = changed(old, new)
    if old == b'<row r="3"':
        members = parts(data)
        data = packed({**members, SHEET: re.sub(rb'<c r="[A-C]3"', b"<c", members[SHEET])})
    if b"<x:c" in new:
        data = changed(b"<worksheet ", b"<worksheet xmlns:x='x' ", data=data)
        data = changed(b'</c><c r="B3"', b'</x:c><c r="B3"', data=data)
    monkeypatch.setattr("python_calamine.load_workbook", lambda _: pytest.fail("it was read"))
    with pytest.raises(InvalidFile, match=problem):
        read(data)


@pytest.mark.parametrize(
    ("rows", "shared", "problem"),
    [
        ('<row r="2">' + "<c/>" * 101 + "</row>", "", "cells in a (?:work)?sheet"),
        ('<row r="2"><c r="A2"/><c r="A2"/></row>' * 51, "", "cells in a (?:work)?sheet"),
        ('<row r="2"><c r="A2">' + "<v>1</v>" * 101 + "</c></row>", "<si/>", "values"),
        ("<row/>" * 49, "", "cells in a (?:work)?sheet"),
        ("", "<si/>" * 101, "texts"),
        ('<row r="9"><c r="ZZ9"/></row>', "", "cells in a (?:work)?sheet"),
    ],
)
def test_cells_of_a_worksheet_are_counted_before_reading(rows, shared, problem, monkeypatch):
    data = with_rows(rows, shared)
    monkeypatch.setattr("python_calamine.load_workbook", lambda _: pytest.fail("it was read"))
    with pytest.raises(InvalidFile, match=rf"at most 100 {problem}.*Limits\(sheet_cells"):
        read(data, sheet_cells=100)


def test_worksheet_may_have_as_many_cells_as_the_limit():
    with pytest.raises(InvalidFile, match=r"at most 8 cells.*Limits\(sheet_cells"):
        read(workbook(), sheet_cells=8)
    assert len(read(workbook(), sheet_cells=9)) == 2
    rows = "".join(f'<row r="{n}"><c><v>2020</v></c><c><v>{n}</v></c></row>' for n in range(2, 51))
    assert len(read(with_rows(rows), sheet_cells=100)) == 49


def test_worksheet_with_more_marks_than_its_cells_can_have_is_refused(monkeypatch):
    monkeypatch.setattr("thbstats.files.workbooks._OTHER_TAGS", 0)
    with pytest.raises(InvalidFile, match="at most 100 cells in a worksheet, or XML tags"):
        read(with_rows("<a/>" * 900), sheet_cells=100)


def test_tag_with_very_many_attributes_is_rejected_before_parsing(monkeypatch):
    monkeypatch.setattr("thbstats.files.workbooks._PIECE", 3000)
    attributes = " ".join(f'a{n}=""' for n in range(900))
    with pytest.raises(InvalidFile, match="a tag or text of more than 3000 bytes"):
        read(with_rows(f'<row r="2"><c {attributes}/></row>'))


def test_part_without_cells_is_small():
    names = b'<definedName name="a">b</definedName>' * 4000
    defined = b"<definedNames>" + names + b"</definedNames></workbook>"
    with pytest.raises(InvalidFile, match="parts without cells are too large"):
        read(changed(b"</workbook>", defined, "xl/workbook.xml"), size=10**6)


def test_zip_bomb_is_rejected_before_it_is_unpacked():
    with pytest.raises(InvalidFile, match=r"must have at most 1000000 bytes.*Limits\(size"):
        read(with_spaces(8_000_000), size=10**6)


def test_long_cell_is_refused_with_its_row():
    data = workbook(("one", [["a"], ["x" * 50]]))
    with pytest.raises(InvalidFile, match=r"row 2.*at most 49 characters"):
        read(data, cell=49)
    assert len(read(data, cell=50)) == 1


def test_long_text_of_many_cells_is_refused_before_it_fills_the_memory():
    data = workbook(("one", [["a"], *[["x" * 10_000]] * 2_000]))
    assert len(data) < 100_000
    with pytest.raises(InvalidFile, match="bytes of repeated texts"):
        read(data, size=10**6)
    assert len(read(data)) == 2_000


SHEET_NAME = "xl/worksheets/sheet{}.xml"


def with_sheets(number, *, named, rows="<row><c><v>1</v></c></row>"):
    """A workbook with a number of worksheets, of which only the first has a relation or all do."""
    members = parts(workbook(*((f"s{n}", []) for n in range(number if named else 1))))
    old, new = b"<sheetData/>", f"<sheetData>{rows}</sheetData>".encode()
    content = members[SHEET].replace(old, new)
    assert content != members[SHEET]
    return packed({**members, **{SHEET_NAME.format(n): content for n in range(1, number + 1)}})


def test_only_the_worksheets_that_the_workbook_names_are_read():
    # All 3,000 worksheets would exceed the limit of 256.
    parts = workbooks.parts_of(open_bytes(with_sheets(3_000, named=False)))
    assert [name for name in parts if name.startswith("xl/worksheets/")] == [SHEET]


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_number_of_worksheets_is_limited(kind):
    def book(number):
        if kind == "xlsx":
            return with_sheets(number, named=True)
        table = "<table:table><table:table-row/></table:table>"
        text = ODS.format(ROW.format(FILLER)).replace(
            "</office:spreadsheet>", table * (number - 1) + "</office:spreadsheet>"
        )
        assert text.count("<table:table>") + text.count("<table:table ") == number
        mimetype = b"application/vnd.oasis.opendocument.spreadsheet"
        return packed({"mimetype": mimetype, "content.xml": text.encode()}, 0)

    workbooks.parts_of(open_bytes(book(256)))
    with pytest.raises(InvalidFile, match="at most 256 worksheets"):
        workbooks.parts_of(open_bytes(book(257)))


def test_empty_cells_of_all_worksheets_are_counted():
    far = '<row r="999"><c r="ALL999"><v>1</v></c></row>'
    workbooks.parts_of(open_bytes(with_sheets(9, named=True, rows=far)))
    with pytest.raises(InvalidFile, match="empty cells"):
        workbooks.parts_of(open_bytes(with_sheets(11, named=True, rows=far)))


def mutated(data, rng):
    for _ in range(rng.randint(1, 4)):
        position = rng.randrange(len(data))
        kind = rng.randrange(4)
        if kind == 0:
            data[position] = rng.randrange(256)
        elif kind == 1:
            del data[position : position + rng.randint(1, 30)]
        elif kind == 2:
            data[position:position] = data[max(0, position - 20) : position]
        else:
            pieces = [b"9" * 12, b"XFD", b"<c/>", b"&#65;", b"\0", b'r="A9"']
            data[position:position] = rng.choice(pieces)
    return bytes(data)


def test_changed_workbook_is_read_or_refused_and_never_a_crash():
    rng = random.Random(7)
    for data in (workbook(), ods(*ROWS)):
        members = parts(data)
        names = [name for name in members if name.endswith((".xml", ".rels"))]
        for _ in range(80):
            if rng.random() < 0.5:
                name = rng.choice(names)
                changed_data = packed({**members, name: mutated(bytearray(members[name]), rng)})
            else:
                changed_data = mutated(bytearray(data), rng)
            try:
                read(changed_data)
            except InvalidFile:
                continue


# Open documents

ODS = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.3">'
    "<office:body><office:spreadsheet><table:table table:name='one'>{}</table:table>"
    "</office:spreadsheet></office:body></office:document-content>"
)
ROW = "<table:table-row>{}</table:table-row>"
REPEATED = "<table:table-row table:number-rows-repeated='{}'>{}</table:table-row>"
FILLER = "<table:table-cell table:number-columns-repeated='16381'/>"
FILLED = FILLER.replace("/>", " office:value-type='float' office:value='1'/>")
HIDDEN = "<table:table-cell a='/>' table:number-columns-repeated='9999' office:value='1'/>"
SPACES = "<table:table-cell><text:p><text:s text:c='9999999'/></text:p></table:table-cell>"
LONG = f"<table:table-cell table:number-columns-repeated='200'>{'x' * 9_000}</table:table-cell>"


def row_cells(*values):
    """The cells of a row as LibreOffice writes them."""

    def cell(value):
        if isinstance(value, str):
            text = value.replace("<", "&lt;")
            value_type, content = "'string'", f"<text:p>{text}</text:p>"
        elif isinstance(value, date):
            value_type, content = f"'date' office:date-value='{value}'", ""
        else:
            value_type, content = f"'float' office:value='{value}'", ""
        return f"<table:table-cell office:value-type={value_type}>{content}</table:table-cell>"

    return "".join(map(cell, values))


def ods(*rows):
    """A worksheet as LibreOffice writes it, with empty cells up to the last column and row."""
    content = "".join(
        row if isinstance(row, str) else ROW.format(row_cells(*row) + FILLER)
        for row in (*rows, REPEATED.format(1_048_573, FILLER))
    )
    mimetype = b"application/vnd.oasis.opendocument.spreadsheet"
    return packed({"mimetype": mimetype, "content.xml": ODS.format(content).encode()}, 0)


def test_open_document_is_read_like_another_workbook():
    data = ods(ROWS[0], ROWS[1], [], ROWS[2])
    grid = read(data)
    assert texts_of(grid) == [["female", "2020", "12"], ["male", "2020.5", "<5"]]
    assert grid.lines.tolist() == [2, 4]
    assert is_workbook(open_bytes(data))
    assert b">female<" in peek(open_bytes(data))
    tidy = ods(["table", "area", "period", "value", "reason"], ["victims", "MT", 2020.0, 12.0, ""])
    reading = thb.read(open_bytes(tidy))
    assert (reading.log.format, reading.table.count().lower) == ("ods", 12)
    assert len(read(data, sheet_cells=12)) == 2
    with pytest.raises(InvalidFile, match=r"at most 11 cells.*Limits\(sheet_cells"):
        read(data, sheet_cells=11)


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        (ROW.format(FILLED) * 2_000, "including empty cells"),
        (REPEATED.format(9999, FILLED), "including empty cells"),
        # A sign in an attribute does not end the tag.
        (ROW.format(HIDDEN) * 2_000, "including empty cells"),
        (ROW.format(LONG), "bytes of repeated texts"),
        (REPEATED.format("+9999", FILLED), "including empty cells"),
        (ROW.format(SPACES), "bytes of repeated texts"),
        (REPEATED.format("&#49;000000", FILLED), "has a character reference"),
        (REPEATED.format("1&#x30;00000", FILLED), "has a character reference"),
        (ROW.format(SPACES.replace("9999999", "&#57;99999999")), "has a character reference"),
        (ROW.format(HIDDEN.replace("='9999'", " = '&#57;999'")), "has a character reference"),
        # All worksheets are in the memory at once.
        (
            ROW.format(FILLED) * 900 + f"</table:table><table:table>{ROW.format(FILLED) * 900}",
            "including empty cells",
        ),
    ],
)
def test_repeated_cells_of_open_documents_are_counted_before_reading(rows, problem, monkeypatch):
    monkeypatch.setattr("python_calamine.load_workbook", lambda _: pytest.fail("it was read"))
    with pytest.raises(InvalidFile, match=problem):
        read(ods(["a"], rows), size=10**6)


def test_merged_cells_of_open_documents_are_filled():
    merged = (
        "<table:table-cell office:value-type='string' table:number-columns-spanned='1' "
        "table:number-rows-spanned='2'><text:p>Belgium</text:p></table:table-cell>"
    )
    rows = [
        REPEATED.format(2, "<table:table-cell/>"),
        ["Country", "Sex", "Victims"],
        ROW.format(merged + row_cells("F", 1)),
        ROW.format("<table:covered-table-cell/>" + row_cells("M", 2)),
    ]
    declared = Declaration(
        kind="victims", columns={"Country": "area", "Sex": "sex", "Victims": "value"}
    )
    table = thb.read(open_bytes(ods(*rows)), declare=declared, period=2020).table
    assert table.to_frame()[["area", "value"]].values.tolist() == [["BE", 1], ["BE", 2]]


RAISED = {
    "superscript": {"font_script": 1},
    "subscript": {"font_script": 2},
    "struck out": {"font_strikeout": True},
}


@pytest.mark.parametrize("form", RAISED)
def test_raised_number_is_not_a_digit_of_a_count(form):
    data = io.BytesIO()
    with xlsxwriter.Workbook(data, {"in_memory": True}) as book:
        sheet, small = book.add_worksheet("T"), book.add_format(RAISED[form])
        bold = book.add_format({"bold": True})
        for line, row in enumerate([["Country", "Year", "Victims"], ["BE", 2020], ["FR", 2020]]):
            sheet.write_row(line, 0, row)
        sheet.write_rich_string(1, 2, "12", small, "1")
        sheet.write_rich_string(2, 2, "1", bold, "5")
    reading = thb.read(open_bytes(data.getvalue()), declare=OF_RAISED)
    assert reading.table.to_frame()[["area", "value"]].values.tolist() == [["FR", 15]]
    assert dict(reading.log.problems[0].texts) == {"12 [1]": 1}
    assert "Raised, lowered and struck out numbers in texts are in brackets: 1" in reading.log.notes


OF_RAISED = Declaration(
    kind="victims", columns={"Country": "area", "Year": "period", "Victims": "value"}
)


def test_raised_number_of_an_open_document_is_not_a_digit_of_a_count():
    style = (
        '<office:automatic-styles><style:style style:name="T1" style:family="text">'
        '<style:text-properties style:text-position="super 58%"/></style:style>'
        "</office:automatic-styles><office:body>"
    )
    cell = "<table:table-cell office:value-type='string'><text:p>{}</text:p></table:table-cell>"
    noted = cell.format('12<text:span text:style-name="T1">1</text:span>')
    plain = cell.format('1<text:span text:style-name="T2">5</text:span>')
    rows = [
        ["Country", "Year", "Victims"],
        ROW.format(row_cells("BE", 2020) + noted),
        ROW.format(row_cells("FR", 2020) + plain),
    ]
    content = parts(ods(*rows))
    content["content.xml"] = content["content.xml"].replace(b"<office:body>", style.encode())
    reading = thb.read(open_bytes(packed(content, 0)), declare=OF_RAISED)
    assert reading.table.to_frame()[["area", "value"]].values.tolist() == [["FR", 15]]
    assert dict(reading.log.problems[0].texts) == {"12 [1]": 1}
