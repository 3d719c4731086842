"""Compressed, irregular and malformed files of cases."""

import bz2
import csv
import gzip
import io
import lzma
import os
import socket
import zipfile
from collections.abc import Callable
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cases.engines import write_parquet
from tests.examples import examples
from tests.tables.engines import imported
from thbstats.cases import CaseStore, count_cases
from thbstats.cases.file_checks import is_gzip
from thbstats.cli import main
from thbstats.errors import InvalidFile, InvalidValue

pa = imported("pyarrow")

CONSTANTS = {"area": "MT", "period": 2020}
THREE = b"s\nF\nM\nF\n"


def written(name: str, data: bytes) -> str:
    Path(name).parent.mkdir(parents=True, exist_ok=True)
    Path(name).write_bytes(data)
    return name


def number(data: object, **options: object) -> int:
    result = count_cases(data, **{**CONSTANTS, **options}).count().lower
    assert result is not None
    return result


def zipped(data: bytes) -> bytes:
    result = io.BytesIO()
    with zipfile.ZipFile(result, "w") as file:
        file.writestr("a.csv", data)
    return result.getvalue()


def zstd(data: bytes) -> bytes:
    return pa.Codec("zstd").compress(data, asbytes=True)


# Text and Parquet


MALFORMED = [
    ("a.xml", b"<x/>", "must be Parquet or delimited text"),
    ("a.parquet", b"", r"a\.parquet is not a Parquet file"),
    ("a.parquet", b"PAR1", r"a\.parquet is incomplete"),
    ("a.csv", "sex,age\nmalé,child\n".encode("latin-1"), r"a\.csv.*(?i:utf-8)"),
    ("a.csv", "sex,age\nmale,child\n".encode("utf-16"), r"a\.csv must be text in UTF-8"),
    ("a.csv.gz", gzip.compress(b"sex,age\nmale,child\n", mtime=0)[:-9], r"a\.csv"),
    ("a.csv.gz", gzip.compress(gzip.compress(THREE, mtime=0), mtime=0), "must be text in UTF-8"),
    ("a.csv.gz", gzip.compress(bz2.compress(THREE * 99), mtime=0), "must be text in UTF-8"),
    ("a.csv", b'"s"x,a\nF,1\nM,2\n', r"the header of a\.csv cannot be read"),
    ("a.csv", b's,"a"x\nF,1\nM,2\n', r"the header of a\.csv cannot be read"),
    ("a.csv", b"s,,age\nF,1,2\n", "must have a name, column 2 has none"),
    ("a.csv", b"s,age,\nF,1,2\n", "must have a name, column 3 has none"),
    ("a.csv", b" ,s,a\nF,1,2\n", "must have a name, column 1 has none"),
    *(
        ("a.csv", data, r"line \d: a\.csv must not contain a blank line")
        for data in (b"s\nF\n\nM\n", b"s\r\n\r\nF\r\n", b"s\nF\n\n", b"s\r\rF\r")
    ),
]


@pytest.mark.parametrize(("name", "data", "match"), MALFORMED)
def test_malformed_file_raises(folder: Path, name: str, data: bytes, match: str):
    with pytest.raises(InvalidFile, match=match):
        number(written(name, data))


@pytest.mark.parametrize(
    ("lines", "line"),
    [
        ("sex,age\nmale,child\nfemale\n", "line 3"),
        ("sex,age\nmale,child\nfemale,adult,9\n", "line 3"),
        ('sex,age\nmale,child\nfemale,"adult\n', "line 3"),
        *((lines, "line 1") for lines in ("sex,sex\nF,1\n", "sex,Sex\nF,1\n", "", "\n")),
    ],
)
def test_text_with_ragged_lines_raises_with_name_and_line(folder: Path, lines: str, line: str):
    written("a.csv", b"sex,age\nmale,child\n")
    with pytest.raises(InvalidFile, match=rf"{line}.*b\.csv|b\.csv.*{line}"):
        number(["a.csv", written("b.csv", lines.encode())], by="sex")


@pytest.mark.parametrize(
    ("line_end", "line_break", "separator", "mark"),
    list(product(["\n", "\r\n", "\r"], ["\n", "\r\n", "\r"], ",;\t", ["", "\ufeff"])),
)
def test_line_break_in_a_column_name_raises(
    folder: Path, line_end: str, line_break: str, separator: str, mark: str
) -> None:
    rows = [f'{mark}"sex{line_break}of victims"{separator}age', f"F{separator}1", ""]
    with pytest.raises(InvalidFile, match="must not contain a line break"):
        number(written("a.csv", line_end.join(rows).encode()))


ODD = [
    ("a.csv", b's\n""\n"x\n\ny"\nF\n', 3),
    ("a.csv", b's,n\nF,5" pipe\nM,2\n', 2),
    ("a.csv.gz", THREE, 3),
    *(
        (name, gzip.compress(b"s\n" + b"F\nM\n" * rows, mtime=0), 2 * rows)
        for name in ("a.csv", "a.txt", "a.tsv", "a?b.csv.gz", "a.csv.gz", "[a]*.csv")
        for rows in (0, 1, 30)
    ),
]


@pytest.mark.parametrize(("name", "data", "rows"), ODD)
def test_gzip_and_odd_cells_are_recognised_by_the_contents(
    folder: Path, name: str, data: bytes, rows: int
):
    assert number(written(name, data)) == rows
    names = [written(f"b{position}.csv", data) for position in range(3)]
    assert number(names) == 3 * rows


# Packed


def test_compressed_and_plain_text_is_counted_together(folder: Path):
    written("a.csv", gzip.compress(THREE, mtime=0))
    written("b.csv", THREE)
    written("c.csv.gz", THREE)
    written("d.csv.gz", gzip.compress(THREE, mtime=0))
    assert number(["a.csv", "b.csv", "c.csv.gz", "d.csv.gz"]) == 12


@pytest.mark.parametrize(
    ("packing", "pack"),
    [("zip", zipped), ("bzip2", bz2.compress), ("xz", lzma.compress), ("zstd", zstd)],
)
@pytest.mark.parametrize("data", [THREE, b"", b"s\n" + b"F\nM\n" * 5000])
def test_other_compression_raises(
    folder: Path, packing: str, pack: Callable[[bytes], bytes], data: bytes
):
    for name in ("a.csv", "a.txt", f"a.csv.{packing}"):
        with pytest.raises(
            InvalidFile, match=f"must not be compressed with {packing}.*compress it with gzip"
        ):
            number(written(name, pack(data)))


@pytest.mark.parametrize("spoil", [-9, -8, -4, -1])
def test_damaged_archive_raises(folder: Path, spoil: int):
    data = bytearray(gzip.compress(THREE * 1000, mtime=0))
    with pytest.raises(InvalidFile, match=r"a\.csv\.gz cannot be decompressed"):
        number(written("a.csv.gz", bytes(data[:spoil])))
    data[spoil] ^= 0x5A  # the checksum or the size, which DuckDB does not compare
    with pytest.raises(InvalidFile, match=r"a\.csv\.gz cannot be decompressed"):
        number(written("a.csv.gz", bytes(data)))


# The last record


@pytest.mark.parametrize("packed", [False, True])
def test_last_line_beyond_the_buffer_raises(folder: Path, packed: bool):
    data = b"s,n\n" + b"F,1\n" * 1000 + b"x" * (31 << 20) + b",1"
    with pytest.raises(InvalidFile, match="line 1002"):
        number(written("a.csv", gzip.compress(data, 1, mtime=0) if packed else data))


@pytest.mark.parametrize(("rows", "others", "end"), [(100, 0, b'"a\nb"'), (10, 3, b"x" * 85_000)])
def test_long_last_record_of_short_cells_is_never_lost(
    folder: Path, rows: int, others: int, end: bytes
):
    header = ",".join(f"c{number}" for number in range(400)).encode()
    row = b",".join([b"1"] * 400) + b"\n"
    # A line end within a quotation ends no record.
    last = b",".join([b"x" * 85_000] * 399 + [end])
    written("a.csv", header + b"\n" + row * rows + last)
    for position in range(others):
        written(f"b{position}.csv", header + b"\n" + row)
    try:
        result = number("*.csv")
    except InvalidFile as error:
        assert f"line {rows + 2}" in str(error)  # noqa: PT017 - DuckDB decides
    else:
        assert result == rows + 1 + others


def test_many_files_without_rows_or_with_odd_ends_are_counted(folder: Path):
    for position in range(60):
        written(f"{position}.csv", b"s,n" if position % 3 else b's,n\nF,5" pipe\n')
    assert number("*.csv") == 20


# Not regular files


def test_irregular_file_raises_at_once(folder: Path, capsys: pytest.CaptureFixture[str]):
    os.mkfifo("pipe.csv")
    os.mkfifo("pipe.parquet")
    Path("link.csv").symlink_to("pipe.csv")
    Path("zero.csv").symlink_to("/dev/zero")
    written("good.csv", THREE)
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind("socket.csv")
        for name in ("pipe.csv", "pipe.parquet", "link.csv", "zero.csv", "socket.csv"):
            with pytest.raises(InvalidFile, match="a pipe, a socket or a device"):
                number(name)
            with pytest.raises(InvalidFile, match="a pipe, a socket or a device"):
                number(["good.csv", name])
    with pytest.raises(InvalidFile, match="a pipe, a socket or a device"):
        number("*.csv")
    Path("folder.csv").mkdir()
    with pytest.raises(InvalidValue, match="folder"):
        number("folder.csv")
    options = ["--set", "area=MT", "--set", "period=2020"]
    assert main(["count", "pipe.csv", *options]) == 2
    assert main(["read", "good.csv", "--declare", "pipe.csv"]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 2


# Wide files


def test_columns_above_the_limit_raise(folder: Path, engine: str):
    names = [f"c{number}" for number in range(2001)]
    if engine == "duckdb":
        header = ",".join(names).encode()
        with pytest.raises(InvalidFile, match=r"a\.csv must have at most 2000 columns, got 2001"):
            number(written("a.csv", header + b"\n"))
        with pytest.raises(InvalidFile, match=r"header of b\.csv must end"):
            number(written("b.csv", b"x" * 500 + header * 200))
    write_parquet(pa.table({name: [1] for name in names}), folder / "a.parquet")
    with pytest.raises(InvalidFile, match=r"a\.parquet must have at most 2000 columns"):
        number("a.parquet")


def test_only_needed_columns_are_selected(
    folder: Path, engine: str, monkeypatch: pytest.MonkeyPatch
):
    table = pa.table({"sex": ["male", "female", "male"], **{f"c{n}": [1] * 3 for n in range(99)}})
    store = CaseStore.of(write_parquet(table, folder / "a.parquet"), weights="c7", **CONSTANTS)
    assert store.rows.rows(["sex", "c7"]).collect_schema().names() == ["sex", "c7"]
    assert store.count("sex").count(sex="male").lower == 2
    assert CaseStore.of("a.parquet", **CONSTANTS).count().count().lower == 3


# Paths


@pytest.mark.parametrize(
    ("path", "error", "match"),
    [
        ("*.parquet", InvalidValue, "must match an existing file"),
        ("empty", InvalidValue, r"folder.*empty.*\*\.parquet"),
        ("s3://bucket/cases.parquet", InvalidValue, "must be a file on this machine"),
        ("a.parquet", FileNotFoundError, "No file"),
    ],
)
def test_path_without_a_file_raises(folder: Path, path: str, error: type[Exception], match: str):
    Path("empty").mkdir()
    with pytest.raises(error, match=match):
        number(path)


def test_file_named_twice_raises(folder: Path, engine: str):
    write_parquet(pa.table({"s": ["F"]}), folder / "a.parquet")
    os.link("a.parquet", "b.parquet")
    Path("c.parquet").symlink_to("a.parquet")
    named = [["a.parquet"] * 2, ["a.parquet", "b.parquet"], ["b.parquet", "c.parquet"]]
    for paths in ("*.parquet", ["a.parquet", "a.*"], *named):
        with pytest.raises(InvalidValue, match="must be named once"):
            number(paths)
    assert number("b.parquet") == 1


def test_folder_named_like_home_is_a_folder(
    folder: Path, engine: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("HOME", str(folder / "home"))
    for position, rows in (("home", 9), ("~", 3)):
        Path(position).mkdir()
        write_parquet(pa.table({"s": ["F"] * rows}), folder / position / "x.parquet")
        written(f"{position}/x.csv", b"s\n" + b"F\n" * rows)
    assert number("~/x.parquet") == 3
    assert number("~/*.parquet") == 3
    if engine == "duckdb":
        assert number("~/x.csv") == 3


@pytest.mark.parametrize(
    "name",
    [
        *("{a,b}.csv", "$HOME.csv", "%41.csv", "a\nb.csv", "it's.csv", 'q".csv', "file:x.csv"),
        *("[!a].csv", "a]b.csv", "a[b.csv", "**.csv", " a .csv", "-x.csv", "~.csv", "s3:x.csv"),
        *("hf:/x.csv", "a\\b.csv", "$(id).csv", "a.csv?versionId=1.csv", "e\u0301.csv"),
    ],
)
def test_special_characters_in_a_file_name_are_literal(folder: Path, name: str):
    for other in ("a.csv", "b.csv", "x.csv", "A.csv", "ab.csv"):
        written(other, THREE * 9)
    assert number(written(name, THREE)) == 3


def test_store_counts_its_files_from_any_folder(
    folder: Path, engine: str, monkeypatch: pytest.MonkeyPatch
):
    Path("other").mkdir()
    write_parquet(pa.table({"s": ["F"] * 9}), folder / "other" / "x.parquet")
    write_parquet(pa.table({"s": ["F"] * 3}), folder / "x.parquet")
    store = CaseStore.of("x.parquet", **CONSTANTS)
    monkeypatch.chdir("other")
    assert store.count().count().lower == 3


def test_column_with_the_name_of_its_folder_raises(folder: Path, engine: str):
    Path("sex=male").mkdir()
    rows = pa.table({"sex": ["female"] * 2, "age": ["adult"] * 2})
    path = write_parquet(rows, folder / "sex=male" / "a.parquet")
    with pytest.raises(InvalidFile, match="must not be both a column of"):
        count_cases(path, "sex", **CONSTANTS)
    assert count_cases(path, "age", **CONSTANTS).count(age="adult").lower == 2
    inner = folder / "sex=male" / "sex=female"
    inner.mkdir()
    write_parquet(rows.drop(["sex"]), inner / "b.parquet")
    with pytest.raises(InvalidFile, match="must not have different values"):
        count_cases(inner / "b.parquet", "sex", **CONSTANTS)


def test_first_bytes_of_archives_are_recognised(folder: Path):
    packed = {"zip": zipped(b""), "xz": lzma.compress(b""), "zstd": zstd(b"a")}
    for name, data in packed.items():
        with pytest.raises(InvalidFile, match=name):
            is_gzip("a", data[:16])
    assert is_gzip("a", gzip.compress(b"", mtime=0))
    assert not is_gzip("a", b"PK,BZh9\n")


CELLS = st.sampled_from(["F", "", "a b", "é", '"a,b"', '"a\nb"', '"a""b"', '""', '"\r\n\r\n"'])


@given(
    st.integers(1, 3).flatmap(
        lambda size: st.lists(st.lists(CELLS, min_size=size, max_size=size), max_size=8)
    ),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.booleans(),
    st.sampled_from([bytes, gzip.compress, bz2.compress, lzma.compress, zipped]),
)
@examples(25)
def test_counted_rows_equal_rows_of_the_csv_module(rows, line_end, ends, pack):
    size = len(rows[0]) if rows else 1
    lines = [",".join(cells) for cells in [[f"c{n}" for n in range(size)], *rows]]
    text = line_end.join([*lines, ""] if ends else lines)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    expected = sum(1 for cells in reader if cells) - 1
    with TemporaryDirectory() as folder:
        path = written(f"{folder}/a.csv", pack(text.encode()))
        try:
            result = number(path)
        except InvalidFile:
            assert pack not in (bytes, gzip.compress) or (size == 1 and [""] in rows)
        else:
            assert result == expected
