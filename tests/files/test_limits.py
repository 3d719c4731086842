"""Hostile files are refused before they fill the memory: scaled down, with lower limits."""

import gzip
import io
from contextlib import suppress

import pytest

import thbstats as thb
from tests.files.broken_parquet import with_rows_of_group
from thbstats.errors import InvalidFile, InvalidValue
from thbstats.files import Limits, open_bytes, parse_json, read_delimited
from thbstats.files.parquet import parquet_bytes, read_parquet

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
    stored: list[int] = []
    monkeypatch.setattr(
        "thbstats.files.delimited.coded", lambda codes, _: stored.append(len(codes))
    )
    with pytest.raises(InvalidFile, match=r"at most 100 cells.*Limits\(cells"):
        csv(data, cells=100)
    assert not stored


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
    monkeypatch.setattr("thbstats.files.delimited._LINE", 1000)
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
    for size in (1_998, 200_000):  # one column too many, and a header of more than its characters
        names = b",".join(b"x%d" % n for n in range(size))
        with pytest.raises(InvalidFile, match=r"at most 2000 columns.*Limits\(columns"):
            thb.read(open_bytes(b"area,period,value," + names + b"\n"), kind="victims")


@pytest.mark.parametrize("value", ["[]", "{}", "1000", '""', '{"a":1}', "[[[]]]"])
def test_json_values_are_counted_before_parsing(value: str) -> None:
    text = f"[{','.join([value] * 101)}]".encode()
    with pytest.raises(InvalidFile, match=r"at most 100 values.*Limits\(values"):
        parse_json(open_bytes(gzip.compress(text), limits=Limits(values=100)))


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


@pytest.mark.parametrize(
    "kind", ["string", "large_string", "string_view", "binary", "large_binary", "dictionary"]
)
@pytest.mark.parametrize("column", ["area", "more"])
def test_long_text_of_a_parquet_file_is_refused(column: str, kind: str) -> None:
    pa = pytest.importorskip("pyarrow")
    plain = "string" if kind == "dictionary" else kind
    type_ = getattr(pa, plain)()

    def file(size: int) -> bytes:
        text = b"x" * size if "binary" in kind else "\u00e9" * size
        cells = pa.array([text] * 30, type_)
        if kind == "dictionary":
            cells = cells.dictionary_encode()
        columns = {"area": pa.array(["MT"] * 30), "value": pa.array([1] * 30)}
        return parquet_bytes(pa.table({**columns, column: cells}))

    limits = Limits(cell=100)
    assert read_parquet(open_bytes(file(100), limits=limits)).num_rows == 30
    with pytest.raises(InvalidFile, match=rf"{column}.*at most 100 characters.*Limits\(cell="):
        read_parquet(open_bytes(file(401), limits=limits))
    if "binary" not in kind:
        with pytest.raises(InvalidFile, match="at most 100 characters"):
            read_parquet(open_bytes(file(101), limits=limits))


def test_cells_of_one_size_in_a_parquet_file_are_counted_before_reading() -> None:
    pa = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    packed = io.BytesIO()
    cells = pa.array([b"x" * 1_000] * 100, pa.binary(1_000))
    parquet.write_table(pa.table({"more": cells}), packed)
    assert len(packed.getvalue()) < 10_000
    assert read_parquet(open_bytes(packed.getvalue(), limits=Limits(size=10**5))).num_rows == 100
    with pytest.raises(InvalidFile, match="at most 99999 bytes"):
        read_parquet(open_bytes(packed.getvalue(), limits=Limits(size=10**5 - 1)))


@pytest.mark.parametrize("declared", [512_295_368_316, 59, 0, -60])
def test_rows_of_a_group_in_a_parquet_file_are_checked_before_reading(
    declared: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file of 6,668 bytes filled the memory of the machine."""
    pa = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    content = parquet_bytes(pa.table({"area": ["MT"] * 60, "value": [*range(60)]}))
    assert read_parquet(open_bytes(with_rows_of_group(content, 60, 60))).num_rows == 60
    changed = with_rows_of_group(content, 60, declared)
    assert parquet.read_metadata(io.BytesIO(changed)).row_group(0).num_rows == declared
    monkeypatch.setattr(parquet.ParquetFile, "read", lambda *_, **__: pytest.fail("it allocates"))
    with pytest.raises(InvalidFile, match="its numbers of rows differ"):
        read_parquet(open_bytes(changed))


@pytest.mark.parametrize("line", [b'"' * 10_000, (b'"' * 99 + b"\n") * 100, b'"",' * 3_000])
def test_quotation_marks_are_counted_before_their_positions(line: bytes, monkeypatch) -> None:
    from thbstats.files import delimited

    monkeypatch.setattr(delimited, "positions_of", lambda *_: pytest.fail("it fills the memory"))
    with suppress(InvalidFile):
        csv(HEAD + ROW + line)


@pytest.mark.parametrize("number", ["9" * 20, "9" * 5000, "1_0", "-1"])
def test_invalid_number_of_countries_is_rejected_with_its_row(number: str) -> None:
    head, row = "area,period,status,value,n_reporters", f"MT,2020,detected,3,{number}"
    problems = thb.read(open_bytes(f"{head}\n{row}\n".encode()), kind="victims").log.problems
    assert [(item.code, item.column, item.lines.tolist()) for item in problems] == [
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


LONG = {
    "x.json": b'{"version": "2.0", "class": "dataset", "id": ["geo", "time"], "size": [1, 1], '
    b'"dimension": {"geo": {"category": {"index": ["%s"]}}, '
    b'"time": {"category": {"index": ["2020"]}}}, "value": [1]}',
    "estat_crim_thb_sex.tsv": b"freq,unit,sex,age,geo\\TIME_PERIOD\t2010 \nA,NR,T,TOTAL,MT\t%s\n",
    "x.csv": HEAD + b"MT,2020,detected,%s,1\n",
}


@pytest.mark.parametrize("name", LONG)
def test_long_text_of_any_format_is_refused_before_it_is_parsed(name: str, monkeypatch) -> None:
    monkeypatch.setattr(
        "thbstats.sources._formats.tabulate", lambda *_: pytest.fail("it takes too long")
    )
    file = open_bytes(LONG[name] % (b"1" * 2_000), name=name, limits=Limits(cell=1_000))
    with pytest.raises(InvalidFile, match="at most 1000 characters"):
        thb.read(file, kind="victims")
