"""Hostile files are refused before they fill the memory: scaled down, with lower limits."""

import gzip
import io
import zipfile

import pytest

import thbstats as thb
from thbstats.errors import InvalidFile, InvalidValue
from thbstats.exchange import Limits, open_bytes, parse_json, read_delimited
from thbstats.exchange.sheets import read_sheet

HEAD = b"area,period,status,sex,value\n"
ROW = b"MT,2020,detected,female,1\n"


def csv(data: bytes, **limits: int):
    return read_delimited(open_bytes(gzip.compress(data), name="a.csv", limits=Limits(**limits)))


@pytest.mark.parametrize(
    "data",
    [
        HEAD + ROW * 21,
        (HEAD + ROW * 21).replace(b"\n", b"\r"),
        (HEAD + ROW * 21).replace(b"\n", b"\r\n"),
        HEAD + b"\n" * 21,
        HEAD + b",,,,\n" * 21,
        HEAD + b"a\n" * 21,
        HEAD + b"," * 101,
        HEAD + b'"",2020,detected,female,1\n' * 21,
        HEAD + b'"a""b",2020,detected,female,1\n' * 21,
        HEAD + b'"a""b"\n' + b"\n" * 21,
    ],
)
def test_cells_are_counted_before_rows_are_stored(data: bytes, monkeypatch) -> None:
    kept: list[int] = []
    monkeypatch.setattr(
        "thbstats.exchange.delimited.coded", lambda codes, _: kept.append(len(codes))
    )
    with pytest.raises(InvalidFile, match=r"at most 100 cells.*Limits\(cells"):
        csv(data, cells=100)
    assert not kept


def test_as_many_cells_as_the_limit_are_read() -> None:
    for row in (ROW, b'"a""b",2020,detected,female,1\n', b'"a\nb",2020,detected,female,1\n'):
        assert len(csv(HEAD + row * 20, cells=100)) == 20


@pytest.mark.parametrize("row", [b"ab\n", b"ab,cd,ef,gh,ij,kl\n"])
def test_a_file_of_ragged_lines_is_refused(row: bytes) -> None:
    with pytest.raises(InvalidFile, match=r"line 2.*at most 10 cells in lines with more or"):
        csv(HEAD + row * 11, texts=10)


def test_row_with_very_many_cells_is_rejected_before_parsing() -> None:
    for cell in (b'"\n",', b'"",'):
        with pytest.raises(InvalidFile, match=r"must have at most .* cells and"):
            csv(HEAD + cell * 120, cell=100, columns=5)


def test_a_line_without_an_end_is_refused(monkeypatch) -> None:
    monkeypatch.setattr("thbstats.exchange.delimited._LINE", 1000)
    with pytest.raises(InvalidFile, match=r"line 3.*and 1000 characters"):
        csv(HEAD + ROW + b"x" * 1001)


@pytest.mark.parametrize("cell", ["{}", '"{}"', '"""{}"'])
def test_distinct_texts_are_counted_before_storing(cell: str) -> None:
    lines = "".join(f"{cell.format(n)},2020,detected,female,1\n" for n in range(97)).encode()
    assert len(csv(HEAD + lines, texts=101)) == 97
    with pytest.raises(InvalidFile, match=r"at most 100 distinct texts.*Limits\(texts"):
        csv(HEAD + lines, texts=100)


def test_texts_in_every_row_count_once() -> None:
    assert len(csv(HEAD + ROW * 100, texts=5)) == 100


def test_too_many_columns_are_rejected_in_one_sentence() -> None:
    names = b",".join(b"x%d" % n for n in range(2001))
    with pytest.raises(InvalidFile, match=r"at most 2000 columns.*Limits\(columns"):
        thb.read(open_bytes(b"area,period,value," + names + b"\n"), kind="victims")


@pytest.mark.parametrize("value", ["[]", "{}", "1000", '""', '{"a":1}', "[[[]]]"])
def test_json_values_are_counted_before_parsing(value: str) -> None:
    text = f"[{','.join([value] * 101)}]".encode()
    with pytest.raises(InvalidFile, match=r"at most 100 values.*Limits\(values"):
        parse_json(open_bytes(gzip.compress(text), limits=Limits(values=100)))


def test_half_a_character_after_many_escapes_is_found() -> None:
    text = '["' + r"\\" * 1000 + r'\ud83d\ude00\ud800"]'
    with pytest.raises(InvalidFile, match=r"column 2015: .*an lone surrogate"):
        parse_json(open_bytes(text.encode(), name="a.json"))


MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def workbook(rows: str, shared: str = "", defined: str = "") -> bytes:
    """A workbook with one sheet: a header of two names, and other rows."""
    head = (
        '<row r="1"><c r="A1" t="inlineStr"><is><t>period</t></is></c>'
        '<c r="B1" t="inlineStr"><is><t>value</t></is></c></row>'
    )
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"><Override PartName='
        f'"/xl/workbook.xml" ContentType="{TYPES}.sheet.main+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{DOCUMENT}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{DOCUMENT}"><sheets><sheet '
        f'name="a" sheetId="1" r:id="rId1"/></sheets>{defined}</workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{DOCUMENT}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{DOCUMENT}/styles" Target="styles.xml"/>'
        f'<Relationship Id="rId3" Type="{DOCUMENT}/sharedStrings" Target="sharedStrings.xml"/>'
        "</Relationships>",
        "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><cellXfs><xf numFmtId="0"/>'
        '<xf numFmtId="14"/></cellXfs></styleSheet>',
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{shared}</sst>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{MAIN}"><sheetData>{head}{rows}'
        "</sheetData></worksheet>",
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in parts.items():
            file.writestr(name, text)
    return packed.getvalue()


def sheet(data: bytes, **limits: int):
    return read_sheet(open_bytes(data, name="a.xlsx", limits=Limits(**limits)))


@pytest.mark.parametrize(
    ("rows", "shared", "problem"),
    [
        ('<row r="2">' + "<c/>" * 101 + "</row>", "", "at most 100 cells in a (?:work)?sheet"),
        (
            '<row r="2"><c r="A2"/><c r="A2"/></row>' * 51,
            "",
            "at most 100 cells in a (?:work)?sheet",
        ),
        ('<row r="2"><c r="A2">' + "<v>1</v>" * 101 + "</c></row>", "<si/>", "100 values"),
        ("<row/>" * 49, "", "at most 100 cells in a (?:work)?sheet"),
        ("", "<si/>" * 101, "at most 100 texts"),
        ('<row r="9"><c r="ZZ9"/></row>', "", "at most 100 cells in a (?:work)?sheet"),
    ],
)
def test_cells_of_a_worksheet_are_counted_before_reading(
    rows: str, shared: str, problem: str, monkeypatch
) -> None:
    data = workbook(rows, shared)
    monkeypatch.setattr("python_calamine.load_workbook", lambda _: pytest.fail("it was read"))
    with pytest.raises(InvalidFile, match=problem + r".*Limits\(sheet_cells"):
        sheet(data, sheet_cells=100)


def test_a_sheet_with_more_marks_than_its_cells_can_have_is_refused(monkeypatch) -> None:
    monkeypatch.setattr("thbstats.exchange.workbooks._SMALL", 0)
    with pytest.raises(InvalidFile, match="at most 100 cells in a worksheet, or XML tags"):
        sheet(workbook("<a/>" * 900), sheet_cells=100)


def test_a_part_without_cells_is_small() -> None:
    names = '<definedName name="a">b</definedName>' * 4000
    data = workbook("", defined=f"<definedNames>{names}</definedNames>")
    with pytest.raises(InvalidFile, match="parts without cells are too large"):
        sheet(data, size=10**6)


def test_tag_with_very_many_attributes_is_rejected_before_parsing(monkeypatch) -> None:
    monkeypatch.setattr("thbstats.exchange.workbooks._PIECE", 1000)
    attributes = " ".join(f'a{n}=""' for n in range(400))
    with pytest.raises(InvalidFile, match="a tag or text of more than 1000 bytes"):
        sheet(workbook(f'<row r="2"><c {attributes}/></row>'))


def test_cells_without_reference_need_no_extra_memory() -> None:
    rows = "".join(f'<row r="{n}"><c><v>2020</v></c><c><v>{n}</v></c></row>' for n in range(2, 51))
    assert len(sheet(workbook(rows), sheet_cells=100)) == 49


def test_a_count_that_a_workbook_can_have_rounded_is_too_large() -> None:
    rows = '<row r="2"><c r="A2"><v>2020</v></c><c r="B2"><v>{}</v></c></row>'
    for number, text in (
        (9007199254740993, "9007199254740993"),
        (9007199254740991, "9007199254740991"),
    ):
        assert list(sheet(workbook(rows.format(number))).frame["value"]) == [text]


def test_column_with_dates_is_noted() -> None:
    rows = '<row r="2"><c r="A2" s="1"><v>42005</v></c><c r="B2"><v>3</v></c></row>'
    grid = sheet(workbook(rows))
    assert list(grid.frame["period"]) == ["2015-01-01"]
    assert grid.notes == (
        "Column 'period' contains dates, such as 2015-01-01; each is read as a day",
    )


def test_exhausted_memory_is_an_invalid_file(monkeypatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr("thbstats.sources.tidy.read_delimited", full)
    opened = open_bytes(HEAD + ROW, name="a.csv")
    with pytest.raises(InvalidFile, match=r"a\.csv must fit into memory"):
        thb.read(opened, kind="victims")


def test_parquet_is_measured_by_its_metadata_and_its_different_values() -> None:
    arrow, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")

    def packed(**columns: object):
        file = io.BytesIO()
        parquet.write_table(arrow.table(columns), file)
        return file.getvalue()

    def read(data: bytes, **limits: int):
        return thb.read(open_bytes(data, limits=Limits(**limits)), kind="victims", period=2020)

    numbers = {"area": ["MT"] * 60, "value": list(range(60))}
    with pytest.raises(InvalidFile, match="at most 119 cells"):
        read(packed(**numbers), cells=119)
    with pytest.raises(InvalidFile, match="at most 60 distinct texts"):
        read(packed(**numbers), texts=60)
    assert read(packed(**numbers), texts=61, cells=120).log.read == 60
    with pytest.raises(InvalidFile, match="at most 1 columns"):
        read(packed(**numbers), columns=1)


@pytest.mark.parametrize("number", ["9" * 20, "9" * 5000, "1_0", "-1"])
def test_invalid_number_of_countries_is_rejected_with_its_row(number: str) -> None:
    head, row = "area,period,status,value,n_reporters", f"MT,2020,detected,3,{number}"
    found = thb.read(open_bytes(f"{head}\n{row}\n".encode()), kind="victims").log.problems
    assert [(each.code, each.column, each.lines.tolist()) for each in found] == [
        ("UNREADABLE_ORIGIN", "n_reporters", [2])
    ]


@pytest.mark.parametrize("format", ["tidy", "sdmx_csv"])
def test_a_text_that_would_not_be_read_again_is_not_written(format: str, tmp_path) -> None:
    def write(length: int):
        table = thb.CountTable.from_rows(
            [{"value": 1}],
            kind="victims",
            area="MT",
            period=2020,
            status="detected",
            source="x" * length,
        )
        thb.write(table, tmp_path / f"{length}.csv", format=format)
        return table

    longest = Limits().cell
    table = write(longest)
    assert thb.read(tmp_path / f"{longest}.csv").table == table
    with pytest.raises(InvalidValue, match="at most 131072 characters"):
        write(longest + 1)
    assert not (tmp_path / f"{longest + 1}.csv").exists()
