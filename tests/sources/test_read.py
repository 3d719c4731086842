"""Reading and writing without naming the format."""

import gzip
from itertools import product
from pathlib import Path

import pandas as pd
import pytest

import thbstats as thb
from tests.rows import check_rows
from tests.sources.test_sdg import MALTA
from thbstats.errors import InvalidFile, InvalidValue, UnknownName
from thbstats.files import InputFile, open_bytes
from thbstats.sources import ALL, Format, format_named, read, recognised, write
from thbstats.tables import CountTable, Dataset
from thbstats.values import Count

TIDY = b"area,period,sex,value\nMT,2020,total,12\nMT,2020,female,12\n"


def table() -> CountTable:
    # Convictions and prosecutions: COM(2018) 777.
    return CountTable.from_rows(
        [{"stage": "prosecuted", "value": 5979}, {"stage": "convicted", "value": 2927}],
        kind="justice",
        area="EU28",
        period="2015-2016",
        source="COM(2018) 777",
    )


def test_formats_have_unique_names():
    names = [known.name for known in ALL]
    assert len(set(names)) == len(names)
    assert all(format_named(name.replace("_", "-").upper()).name == name for name in names)


def test_unknown_format_error_has_a_similar_name():
    with pytest.raises(UnknownName, match="Did you mean 'tidy'"):
        format_named("tidi")


@pytest.mark.parametrize(
    "name", ["malta.csv", "malta.json", "malta.parquet", "malta.xlsx", "malta"]
)
def test_file_is_recognised_by_contents_not_extension(tmp_path: Path, name: str):
    (tmp_path / name).write_bytes(MALTA.data)
    reading = read(tmp_path / name, area="MT")
    assert reading.log.format == "national CSV of SDG 16.2.2"
    assert reading.log.name == name
    (tmp_path / name).write_bytes(TIDY)
    assert read(tmp_path / name, kind="victims").log.format == "CSV"


def test_recognition_never_fails():
    files = [
        b"",
        b"\n",
        b"\0\0",
        b"\xff",
        b"{",
        b"[]",
        b"a,b\n1,2\n",
        b"PK\x03\x04",
        b'"' * 10**6,
    ]

    def check(known: Format, data: bytes):
        assert isinstance(known.recognise(open_bytes(data)), str)

    check_rows(check, product(ALL, files))


def test_error_for_an_unknown_layout_has_the_declaration_to_save():
    with pytest.raises(InvalidFile, match=r"Save these 2 lines as own\.toml") as raised:
        read(open_bytes(b"Jahr,Opfer\n2020,12\n"))
    assert 'columns = {Opfer = "value", Jahr = "period"}\n' in str(raised.value)
    assert "no column contains the area" in str(raised.value)
    assert "docs/" not in str(raised.value)
    assert read(open_bytes(b"Jahr,Opfer\n2020,12\n"), area="MT").table.count() == Count.known(12)


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "must not be empty"),
        (b"\n \n", "must not be empty"),
        ("area,value\n".encode("utf-16-le"), "NUL.*encoding='utf-16'"),
        (b"PK\x03\x04 cut", "must be a workbook"),
        (gzip.compress(gzip.compress(b"area,value\n", mtime=0), mtime=0), "compressed twice"),
        (b'{"value": [1,', "not valid JSON"),
        (b'{"a": ' + b"[" * 500, "nested levels"),
        (
            b'{"error": [{"status": 413, "label": "ASYNCHRONOUS_RESPONSE"}]}',
            r"a\.csv must contain data, got .*ASYNC.*Send the query again",
        ),
    ],
)
def test_unreadable_file_error_names_the_reason(data: bytes, problem: str):
    with pytest.raises(InvalidFile, match=problem):
        read(open_bytes(data, name="a.csv"))


def test_file_without_format_is_read_with_a_declaration():
    declared = thb.Declaration(kind="victims", columns={"Jahr": "period", "Opfer": "value"})
    reading = read(open_bytes(b"Jahr,Opfer\n2020,12\n"), declare=declared, area="DE")
    assert reading.table.count() == Count.known(12)


def test_declaration_does_not_change_the_format():
    declared = thb.Declaration(recode={"Form of exploitation": {"Other forms": "unknown"}})
    reading = read(MALTA, declare=declared, area="MT")
    assert reading.log.format == "national CSV of SDG 16.2.2"


def test_format_can_be_selected_for_reading():
    assert read(open_bytes(TIDY), format="tidy", kind="victims").table.count() == Count.known(12)
    with pytest.raises(InvalidFile, match="to distinguish counts from rates"):
        read(open_bytes(TIDY), format="sdg", area="MT")


def test_limits_and_encoding_apply_to_every_format(tmp_path: Path):
    (tmp_path / "latin.csv").write_bytes(
        "area,period,value\nCôte d'Ivoire,2020,3\n".encode("cp1252")
    )
    with pytest.raises(InvalidFile, match="must be encoded in utf-8"):
        read(tmp_path / "latin.csv", kind="victims")
    result = read(tmp_path / "latin.csv", kind="victims", encoding="cp1252")
    assert result.table.cell().area == "CI"
    with pytest.raises(InvalidFile, match="at most 9 bytes"):
        read(tmp_path / "latin.csv", limits=thb.sources.Limits(size=9))


def test_progress_reaches_the_reader(tmp_path: Path):
    (tmp_path / "tidy.csv").write_bytes(TIDY)
    steps: list[str] = []
    read(tmp_path / "tidy.csv", kind="victims", progress=lambda step, _done: steps.append(step))
    assert list(dict.fromkeys(steps)) == ["reading", "parsing", "mapping", "assembling"]


# Writing.


@pytest.mark.parametrize("extension", [*(e for f in ALL if f.write for e in f.extensions), ".TSV"])
def test_extension_selects_the_format_and_reading_restores_the_table(
    tmp_path: Path, extension: str
):
    for ending, library in ((".parquet", "pyarrow"), (".xlsx", "xlsxwriter")):
        if extension.endswith(ending):
            pytest.importorskip(library, exc_type=ImportError)
    selected = next(f for f in ALL if f.write and extension.lower() in f.extensions)
    report = write(Dataset(justice=table()), tmp_path / f"a{extension}")
    assert (report.name, report.lossless) == (f"a{extension}", True)
    result, how = recognised(open_bytes((tmp_path / f"a{extension}").read_bytes(), name="any"))
    assert (result.name, bool(how)) == (selected.name, True)
    assert read(tmp_path / f"a{extension}").table == table()


def test_format_can_be_selected_for_writing(tmp_path: Path):
    write(table(), tmp_path / "a.txt", format="tidy")
    assert (tmp_path / "a.txt").read_bytes().startswith(b"table,area,period")


def test_unsupported_file_extension_error_lists_supported_ones(tmp_path: Path):
    with pytest.raises(UnknownName, match=r"Use \.csv, \.xlsx, .*format="):
        write(table(), tmp_path / "a.doc")


def test_format_without_writer_is_an_error(tmp_path: Path):
    with pytest.raises(InvalidValue, match="can be written"):
        write(table(), tmp_path / "a.csv", format="sdg")


def test_unknown_option_of_a_writer_is_an_error(tmp_path: Path):
    with pytest.raises(InvalidValue, match="must be an option"):
        write(table(), tmp_path / "a.csv", colour="red")


def test_input_file_is_used_without_change():
    opened: InputFile = open_bytes(TIDY, name="memory")
    assert read(opened, kind="victims").log.name == "memory"


def test_frame_is_read_like_a_tidy_file():
    frame = pd.DataFrame({"Year": [2020.0, 2021.0], "Sex": ["F", "M"], "Victims": ["12", "<5"]})
    columns = {"Year": "period", "Sex": "sex", "Victims": "value"}
    declaration = thb.Declaration(kind="victims", columns=columns)
    reading = thb.read(frame, declare=declaration, area="MT")
    assert reading.table.count(period=2020, sex="female") == Count.known(12)
    assert (reading.log.name, reading.log.read) == ("frame", 2)
    with pytest.raises(InvalidValue, match="must be 'tidy' for a data frame"):
        thb.read(frame, format="glotip")
    with pytest.raises(InvalidValue, match="must be a data frame"):
        thb.read(3)


def test_one_column_of_a_tsv_file_is_not_split_at_commas(tmp_path: Path):
    (tmp_path / "one.tsv").write_text("Victims, all\n12\n")
    declaration = thb.Declaration(kind="victims", columns={"Victims, all": "value"})
    reading = thb.read(tmp_path / "one.tsv", declare=declaration, area="MT", period=2020)
    assert reading.table.count() == Count.known(12)
