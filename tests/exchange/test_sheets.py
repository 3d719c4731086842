"""Workbooks: what is read of a sheet, and what is refused before anything reads it."""

import io
import random
import re
import struct
import zipfile

import pytest

from thbstats.errors import InvalidFile, MissingExtra
from thbstats.exchange import Limits, open_bytes
from thbstats.exchange.sheets import FORMULAS, is_workbook, peek, read_sheet
from thbstats.tables import frames as libraries

xlsxwriter = pytest.importorskip("xlsxwriter")
pytest.importorskip("python_calamine")

ROWS = [["sex", "year", "value"], ["female", 2020, 12], ["male", 2020.5, "<5"]]
SHEET = "xl/worksheets/sheet1.xml"


def workbook(*sheets, start=(0, 0)):
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        for name, rows in sheets or [("one", ROWS)]:
            sheet = book.add_worksheet(name)
            for row, cells in enumerate(rows, start=start[0]):
                for column, cell in enumerate(cells, start=start[1]):
                    sheet.write(row, column, cell)
    return made.getvalue()


def parts(data):
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def packed(members, method=zipfile.ZIP_DEFLATED):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return made.getvalue()


def changed(old, new, member=SHEET, data=None):
    members = parts(data or workbook())
    assert old in members[member]
    return packed({**members, member: members[member].replace(old, new)})


def read(data, name=None, *, limits=None, **how):
    opened = open_bytes(data, name="book.xlsx", limits=limits or Limits())
    return read_sheet(opened, name, **how)


def formatted(grid):
    return [[*map(str, row)] for row in grid.frame.itertuples(index=False)]


def test_integers_have_no_decimals_and_texts_are_unchanged():
    grid = read(workbook(("one", [["a", "b"], [2010, "007"], [0.5, True], [1e20, " x "]])))
    assert formatted(grid) == [
        ["2010", "007"],
        ["0.5", "TRUE"],
        ["100000000000000000000", " x "],
    ]


def test_rows_are_numbered_as_the_sheet_numbers_them():
    grid = read(workbook(("one", [["a", "b"], [1, 2], [], [3, 4]]), start=(4, 2)))
    assert grid.lines.tolist() == [6, 8]
    assert list(grid.frame.columns) == ["a", "b"]


def test_columns_without_name_and_cells_are_ignored():
    rows = [["title"], [], ["", "a", "", "b"], ["", 1, "", 2], ["", 3, "x", 4]]
    grid = read(workbook(("one", rows)), header=lambda names: names == ["a", "b"])
    assert formatted(grid) == [["1", "2"]]
    assert [line.line for line in grid.ragged] == [5]


def test_lines_before_the_header_are_stored():
    rows = [["UNODC"], ["14/04/2025"], *ROWS]
    grid = read(workbook(("one", rows)), header=lambda names: "value" in names)
    assert [line[0] for line in grid.preamble] == ["UNODC", "14/04/2025"]
    assert grid.lines.tolist() == [4, 5]


def test_the_first_sheet_with_the_header_is_read_unless_one_is_named():
    data = workbook(("notes", [["nothing here"]]), ("data", ROWS), ("more", ROWS[:2]))
    assert len(read(data, header=lambda names: "value" in names)) == 2
    assert len(read(data, "more", header=lambda names: "value" in names)) == 1
    with pytest.raises(InvalidFile, match=r"must be a worksheet.*'data'"):
        read(data, "dat")
    with pytest.raises(InvalidFile, match="must have the header"):
        read(data, "notes", header=lambda names: "value" in names)


def test_an_empty_sheet_has_no_header():
    with pytest.raises(InvalidFile, match="must have the header"):
        read(workbook(("one", [])))


def test_a_header_is_looked_for_in_the_first_rows_only():
    rows = [["x"]] * 30 + ROWS
    with pytest.raises(InvalidFile, match="first 20 rows"):
        read(workbook(("one", rows)), header=lambda names: "value" in names)


def test_a_row_that_goes_on_beyond_the_header_is_ragged():
    grid = read(workbook(("one", [["a", "b"], [1, 2, 3], [4, 5]])))
    assert [line.line for line in grid.ragged] == [2]
    assert formatted(grid) == [["4", "5"]]


def test_two_columns_of_one_name_are_refused():
    with pytest.raises(InvalidFile, match="must be unique"):
        read(workbook(("one", [["a", "a"], [1, 2]])))


def test_stored_value_of_a_formula_is_read_and_noted():
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        sheet = book.add_worksheet("one")
        sheet.write(0, 0, "a")
        sheet.write_formula(1, 0, "=1+1", None, 7)
    grid = read(made.getvalue())
    assert formatted(grid) == [["7"]]
    assert grid.notes == (FORMULAS,)
    assert read(workbook()).notes == ()


def test_an_error_in_a_cell_is_a_text_and_no_empty_cell():
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        sheet = book.add_worksheet("one")
        sheet.write(0, 0, "a")
        sheet.write_formula(1, 0, "=1/0", None, "#DIV/0!")
        sheet.write(2, 0, 't="e"')
    assert b' t="e"' in parts(made.getvalue())[SHEET]
    assert formatted(read(made.getvalue())) == [["#DIV/0!"], ['t="e"']]


def test_a_library_that_is_not_there_is_named_with_its_extra(monkeypatch):
    def missing(name):
        raise ImportError(f"No module named {name!r}")

    monkeypatch.setattr(libraries, "import_module", missing)
    with pytest.raises(MissingExtra, match=re.escape("thbstats[excel]")):
        read(workbook())


def test_texts_and_sheets_can_be_looked_into_without_reading_them():
    opened = open_bytes(workbook())
    assert is_workbook(opened)
    assert b"female" in peek(opened)
    assert peek(open_bytes(workbook()[:-40])) == b""
    assert not is_workbook(open_bytes(b"sex,value\n"))


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
        (
            packed({"xl/workbook.xml": b"<workbook/>"}),
            "must be a valid workbook|must have the header",
        ),
    ],
)
def test_invalid_workbook_is_rejected(data, problem):
    with pytest.raises(InvalidFile, match=problem):
        read(data)


def test_an_encrypted_part_is_refused():
    data = bytearray(workbook())
    place = data.rfind(b"PK\x01\x02")
    while place >= 0:
        data[place + 8] |= 1
        place = data.rfind(b"PK\x01\x02", 0, place)
    with pytest.raises(InvalidFile, match="must not be encrypted"):
        read(bytes(data))


def test_zip_bomb_is_rejected_before_it_is_unpacked():
    members = {**parts(workbook()), "xl/theme.xml": b"<a>" + b" " * 50_000_000 + b"</a>"}
    with pytest.raises(InvalidFile, match=r"must have at most 1000000 bytes.*Limits\(size"):
        read(packed(members), limits=Limits(size=10**6))


def test_wrong_declared_size_does_not_bypass_the_limit():
    data = bytearray(packed({**parts(workbook()), "xl/zz.xml": b"<a>" + b" " * 10**6 + b"</a>"}))
    central = data.rfind(b"PK\x01\x02")
    data[central + 24 : central + 28] = struct.pack("<I", 5)
    with pytest.raises(InvalidFile, match="must be a valid workbook"):
        read(bytes(data))


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (b'r="A3"', b'r="XFD1048576"', "including empty cells"),
        (b'r="A3"', b'r="XFD1048577"', "outside the last row"),
        (b'r="A3"', b'r="XFE1"', "outside the last row"),
        (b'r="A3"', b'r="A99999999999999"', "outside the last row"),
        (b'r="A3"', b'r="AAAAAAAAAAAA1"', "outside the last row"),
        (b'<row r="3"', b'<row r="1048576"', "including empty cells"),
        (b'<c r="A3"', b"<c a=' r=\"B2\"'", "including empty cells|must be a valid workbook"),
    ],
)
def test_a_cell_far_away_is_refused_before_a_sheet_is_laid_out(old, new, problem):
    data = changed(old, new)
    if old == b'<row r="3"':
        members = parts(data)
        cells = re.sub(rb'<c r="[A-C]3"', b"<c", members[SHEET])
        data = packed({**members, SHEET: cells.replace(b"<c ", b"<c " * 1, 1)})
    if b"a='" in new:
        members = parts(data)
        wide = b"".join(b"<c a=' r=\"B2\"'/>" for _ in range(16_000))
        row = b'<row r="1048576">' + wide + b"</row></sheetData>"
        data = packed({**members, SHEET: members[SHEET].replace(b"</sheetData>", row)})
    with pytest.raises(InvalidFile, match=problem):
        read(data)


def test_a_sheet_of_more_cells_than_admitted_is_refused():
    with pytest.raises(InvalidFile, match=r"at most 8 cells.*Limits\(sheet_cells"):
        read(workbook(), limits=Limits(sheet_cells=8))
    assert len(read(workbook(), limits=Limits(sheet_cells=9))) == 2


def test_a_cell_longer_than_admitted_is_refused():
    data = workbook(("one", [["a"], ["x" * 50]]))
    with pytest.raises(InvalidFile, match=r"row 2.*at most 49 characters"):
        read(data, limits=Limits(cell=49))
    assert len(read(data, limits=Limits(cell=50))) == 1


def test_a_long_text_that_many_cells_share_is_refused_before_it_fills_the_memory():
    rows = [["a"], *[["x" * 10_000]] * 2_000]
    data = workbook(("one", rows))
    assert len(data) < 100_000
    with pytest.raises(InvalidFile, match="bytes of repeated texts"):
        read(data, limits=Limits(size=10**6))
    assert len(read(data)) == 2_000


def test_a_workbook_that_was_changed_anywhere_is_read_or_refused_and_never_a_crash():
    rng = random.Random(7)
    members, whole = parts(workbook()), workbook()
    for _ in range(150):
        if rng.random() < 0.5:
            name = rng.choice([name for name in members if name.endswith((".xml", ".rels"))])
            data = packed({**members, name: bytes(mutated(bytearray(members[name]), rng))})
        else:
            data = bytes(mutated(bytearray(whole), rng))
        try:
            read(data)
        except InvalidFile:
            continue


def mutated(data, rng):
    for _ in range(rng.randint(1, 4)):
        place = rng.randrange(len(data))
        kind = rng.randrange(4)
        if kind == 0:
            data[place] = rng.randrange(256)
        elif kind == 1:
            del data[place : place + rng.randint(1, 30)]
        elif kind == 2:
            data[place:place] = data[max(0, place - 20) : place]
        else:
            data[place:place] = rng.choice([b"9" * 12, b"XFD", b"<c/>", b"&#65;", b"\0", b'r="A9"'])
    return data


ODS = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.3">'
    "<office:body><office:spreadsheet><table:table table:name='one'>{}</table:table>"
    "</office:spreadsheet></office:body></office:document-content>"
)
FILLER = "<table:table-cell table:number-columns-repeated='16381'/>"
HIDDEN = "<table:table-cell a='/>' table:number-columns-repeated='9999' office:value='1'/>"
BELOW = f"<table:table-row table:number-rows-repeated='1048573'>{FILLER}</table:table-row>"


def ods(*rows, below=BELOW):
    """A worksheet as LibreOffice writes it, with empty cells up to the last column and row."""

    def cell(value):
        number = f" office:value='{value}'" if isinstance(value, float) else ""
        kind = "float" if number else "string"
        text = f"<text:p>{value}</text:p>" if isinstance(value, str) else value
        return f"<table:table-cell office:value-type='{kind}'{number}>{text}</table:table-cell>"

    content = "".join(
        row
        if isinstance(row, str)
        else f"<table:table-row>{''.join(map(cell, row))}{FILLER}</table:table-row>"
        for row in rows
    )
    members = {"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}
    return packed({**members, "content.xml": ODS.format(content + below).encode()}, 0)


def test_open_document_is_read_like_another_workbook():
    data = ods(["sex", "year", "value"], ["female", 2020.0, "&lt;5"], [], ["male", 2020.5, "x"])
    grid = read(data)
    assert formatted(grid) == [["female", "2020", "<5"], ["male", "2020.5", "x"]]
    assert grid.lines.tolist() == [2, 4]
    assert is_workbook(open_bytes(data))
    assert b">female<" in peek(open_bytes(data))
    assert len(read(data, limits=Limits(sheet_cells=12))) == 2
    with pytest.raises(InvalidFile, match=r"at most 11 cells.*Limits\(sheet_cells"):
        read(data, limits=Limits(sheet_cells=11))


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("<table:table-row>{}</table:table-row>" * 2_000, "including empty cells"),
        ("<table:table-row table:number-rows-repeated='9999'>{}</table:table-row>", "empty cells"),
        # A sign in an attribute does not end the tag.
        ("<table:table-row>{}</table:table-row>".replace("{}", HIDDEN) * 2_000, "empty cells"),
    ],
)
def test_repeated_cells_of_open_documents_are_counted_before_reading(row, problem, monkeypatch):
    wide = FILLER.replace("/>", " office:value-type='float' office:value='1'/>")
    monkeypatch.setattr("python_calamine.load_workbook", lambda _: pytest.fail("it was read"))
    with pytest.raises(InvalidFile, match=problem):
        read(ods(["a"], row.replace("{}", wide)))


def test_long_repeated_texts_of_open_documents_are_refused():
    cell = f"<table:table-cell table:number-columns-repeated='200'>{'x' * 9_000}</table:table-cell>"
    with pytest.raises(InvalidFile, match="bytes of repeated texts"):
        read(ods(["a"], f"<table:table-row>{cell}</table:table-row>"), limits=Limits(size=10**6))
