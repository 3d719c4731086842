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
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cases.engines import write_parquet
from tests.tables.engines import imported
from thbstats.cases import CaseStore, count_cases
from thbstats.cases.paths import is_gzip
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


# Packed


@pytest.mark.parametrize("name", ["a.csv", "a.txt", "a.tsv", "a?b.csv.gz", "a.csv.gz", "[a]*.csv"])
@pytest.mark.parametrize("rows", [0, 1, 30])
def test_gzip_is_recognised_by_its_contents(folder: Path, name: str, rows: int):
    written(name, gzip.compress(b"s\n" + b"F\nM\n" * rows))
    assert number(name) == 2 * rows


def test_text_whose_name_ends_in_gz_is_text(folder: Path):
    assert number(written("a.csv.gz", THREE)) == 3


def test_compressed_and_plain_text_is_counted_together(folder: Path):
    written("a.csv", gzip.compress(THREE))
    written("b.csv", THREE)
    written("c.csv.gz", THREE)
    written("d.csv.gz", gzip.compress(THREE))
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


def test_text_compressed_twice_raises(folder: Path):
    for data in (gzip.compress(gzip.compress(THREE)), gzip.compress(bz2.compress(THREE * 99))):
        with pytest.raises(InvalidFile, match="must be text in UTF-8"):
            number(written("a.csv.gz", data))


@pytest.mark.parametrize("spoil", [-9, -8, -4, -1])
def test_damaged_archive_raises(folder: Path, spoil: int):
    data = bytearray(gzip.compress(THREE * 1000))
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
        number(written("a.csv", gzip.compress(data, 1) if packed else data))


def test_last_record_of_short_cells_beyond_the_buffer_is_never_lost(folder: Path):
    size = 400
    header = ",".join(f"c{number}" for number in range(size)).encode()
    row = b",".join([b"1"] * size) + b"\n"
    # A line end within a quotation ends no record.
    last = b",".join([b"x" * 85_000] * (size - 1) + [b'"a\nb"'])
    written("a.csv", header + b"\n" + row * 100 + last)
    try:
        result = number("a.csv")
    except InvalidFile as error:
        assert "line 102" in str(error)  # noqa: PT017 - DuckDB decides
    else:
        assert result == 101


def test_long_last_record_is_not_lost_among_other_files(folder: Path):
    header = ",".join(f"c{number}" for number in range(400)).encode()
    row = b",".join([b"1"] * 400) + b"\n"
    last = b",".join([b"x" * 85_000] * 400)
    written("a.csv", header + b"\n" + row * 10 + last)
    for name in "bcd":
        written(f"{name}.csv", header + b"\n" + row)
    try:
        result = number("?.csv")
    except InvalidFile as error:
        assert "line 12" in str(error)  # noqa: PT017 - DuckDB decides
    else:
        assert result == 14


def test_many_files_without_rows_or_with_odd_ends_are_counted(folder: Path):
    for position in range(60):
        written(f"{position}.csv", b"s,n" if position % 3 else b's,n\nF,5" pipe\n')
    assert number("*.csv") == 20


def test_lone_quotation_mark_within_cells_is_text(folder: Path):
    data = b's,n\nF,5" pipe\nM,2\n'
    assert number(written("a.csv", data)) == 2
    for name in "bcd":
        written(f"{name}.csv", data)
    assert number("*.csv") == 8


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


def test_two_names_of_one_file_raise(folder: Path, engine: str):
    write_parquet(pa.table({"s": ["F"]}), folder / "a.parquet")
    os.link("a.parquet", "b.parquet")
    Path("c.parquet").symlink_to("a.parquet")
    for paths in ("*.parquet", ["a.parquet", "b.parquet"], ["b.parquet", "c.parquet"]):
        with pytest.raises(InvalidValue, match="must be named once"):
            number(paths)
    assert number("b.parquet") == 1


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
    assert is_gzip("a", gzip.compress(b""))
    assert not is_gzip("a", b"PK,BZh9\n")


@pytest.mark.parametrize("data", [b"s\nF\n\nM\n", b"s\r\n\r\nF\r\n", b"s\nF\n\n", b"s\r\rF\r"])
def test_blank_line_that_may_be_an_empty_cell_raises(folder: Path, data: bytes):
    with pytest.raises(InvalidFile, match=r"line \d: a\.csv must not contain a blank line"):
        number(written("a.csv", data))
    assert number(written("b.csv", b's\n""\n"x\n\ny"\nF\n')) == 3


CELLS = st.sampled_from(["F", "", "a b", "é", '"a,b"', '"a\nb"', '"a""b"', '""', '"\r\n\r\n"'])


@given(
    st.integers(1, 3).flatmap(
        lambda size: st.lists(st.lists(CELLS, min_size=size, max_size=size), max_size=8)
    ),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.booleans(),
    st.sampled_from([bytes, gzip.compress, bz2.compress, lzma.compress, zipped]),
)
@settings(max_examples=25)
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


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_break_in_a_column_name_raises(
    folder: Path, line_end: str, line_break: str, separator: str, mark: str
) -> None:
    rows = [f'{mark}"sex{line_break}of victims"{separator}age', f"F{separator}1", ""]
    name = written("a.csv", line_end.join(rows).encode())
    with pytest.raises(InvalidFile, match="must not contain a line break"):
        number(name)


@pytest.mark.parametrize("header", ['"s"x,a', 's,"a"x'])
def test_text_after_a_quotation_in_the_header_raises(folder: Path, header: str) -> None:
    name = written("a.csv", f"{header}\nF,1\nM,2\n".encode())
    with pytest.raises(InvalidFile, match=r"the header of a\.csv cannot be read"):
        number(name)


@pytest.mark.parametrize(
    ("header", "number_of_column"), [("s,,age", 2), ("s,age,", 3), (" ,s,a", 1)]
)
def test_column_without_a_name_raises(folder: Path, header: str, number_of_column: int) -> None:
    name = written("a.csv", f"{header}\nF,1,2\n".encode())
    with pytest.raises(InvalidFile, match=f"must have a name, column {number_of_column} has none"):
        number(name)
