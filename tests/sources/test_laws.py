"""Laws of all formats: written tables are restored, and broken files are read or refused."""

import contextlib
import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given, note
from hypothesis import strategies as st

from tests.examples import examples
from tests.sources.case_files import HTCDS, KANON, PERPETRATORS, SYNTHETIC
from tests.sources.test_eurostat_tsv import WASTE
from tests.sources.test_json_stat import EUROSTAT
from tests.sources.test_sdmx_csv import ACTIVITY, FLOW, HEADER
from tests.sources.test_thbstats_json import COURTS, GOLDEN
from tests.sources.test_thbstats_parquet import arrow, packed
from tests.strategies import schemas, tables
from thbstats.errors import InvalidFile, InvalidValue, ThbstatsError
from thbstats.files import Cases, Declaration, open_bytes
from thbstats.records import KINDS, schema_of
from thbstats.sources import (
    ctdc,
    eurostat_tsv,
    htcds,
    json_stat,
    observations,
    sdmx_csv,
    thbstats_json,
    thbstats_parquet,
    tidy,
)
from thbstats.tables import CountTable, Dataset

pytest.importorskip("pyarrow", exc_type=ImportError)

OWN = (thbstats_json, thbstats_parquet)
WITHOUT_KIND = (tidy, sdmx_csv)  # a file without rows does not store the kind of count
FILES = [
    (tidy, "a.csv"),
    (tidy, "a.tsv"),
    (tidy, "a.xlsx"),
    (tidy, "a.parquet"),
    (sdmx_csv, "a.csv"),
    (json_stat, "a.json"),
    (thbstats_json, "a.json"),
    (thbstats_parquet, "a.parquet"),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("laws")


@given(data=st.data(), separator=st.sampled_from(",;\t"))
@examples(20)
def test_reading_restores_the_written_table_and_equal_tables_have_equal_bytes(
    folder: Path, data: st.DataObject, separator: str
) -> None:
    schema = data.draw(st.sampled_from(list(KINDS)).map(schema_of) | schemas())
    table = data.draw(tables(schema, max_size=10))
    frame = table.to_frame()
    equal = CountTable.from_frame(frame, kind=schema)
    counts = frame[["lower", "upper"]].replace(float("inf"), 0)
    for module, name in FILES:
        if len(table) == 0 and module in WITHOUT_KIND:
            continue
        if name == "a.xlsx" and not (counts < 10**15).all(axis=None):
            continue  # numbers of a workbook have 15 digits
        note(f"{module.__name__}, {name}")
        path = folder / name
        options = {"separator": separator} if module is tidy and name == "a.csv" else {}
        log = module.write(table, path, **options)
        content = path.read_bytes()
        own = {"strict": True} if module in OWN else {}
        if module in WITHOUT_KIND:
            own = {"declare": Declaration(classifications=schema.classifications)}
        for more in (own, {"kind": schema}):
            reading = module.read(path, **more)
            assert reading.table == table
            assert reading.table.columns.schema == schema
            assert log.rows == reading.log.read == reading.log.used == len(table)
            assert reading.log.rejected == 0
        assert log.lossless is not (module in WITHOUT_KIND and bool(schema.classifications))
        assert module.recognise(open_bytes(content))
        same = equal if module is thbstats_json else table
        module.write(Dataset(**{table.kind: same}), path, **options)
        assert path.read_bytes() == content


@pytest.mark.parametrize("module", [tidy, sdmx_csv, json_stat, thbstats_parquet])
def test_a_data_set_of_several_tables_does_not_fit(folder: Path, module: ModuleType) -> None:
    counted = {"area": "MT", "period": 2015, "value": 1}
    victims = CountTable.from_rows([counted], kind="victims")
    justice = CountTable.from_rows([{**counted, "stage": "convicted"}], kind="justice")
    for data in (Dataset(justice=justice, victims=victims), Dataset()):
        with pytest.raises(InvalidValue, match="exactly one table"):
            module.write(data, folder / "several.csv")


BROKEN: list[tuple[ModuleType, bytes]] = [
    (json_stat, json.dumps(EUROSTAT).encode()),
    (thbstats_json, GOLDEN.read_bytes().rstrip()),
    (thbstats_parquet, packed(arrow())),
]


@pytest.mark.parametrize(("module", "content"), BROKEN)
@given(data=st.data())
def test_a_broken_file_is_refused_without_a_crash(
    module: ModuleType, content: bytes, data: st.DataObject
) -> None:
    cut = data.draw(st.integers(0, len(content) - 1))
    with pytest.raises(InvalidFile):
        module.read(open_bytes(content[:cut]))
    changed = bytearray(content)
    for position in data.draw(st.lists(st.integers(0, len(content) - 1), max_size=4)):
        changed[position] = data.draw(st.integers(0, 255))
    with contextlib.suppress(ThbstatsError):
        module.read(open_bytes(bytes(changed)))


def mutations(text: str) -> st.SearchStrategy[bytes]:
    """Return texts with some parts replaced, and any bytes."""
    pieces = st.sampled_from([*'\t,\n:;\\"\ré', " c", ": ", "9" * 400, "", "THBSTATS"])
    cut = st.tuples(st.integers(0, len(text)), st.integers(0, 12), pieces)

    def changed(cuts: list[tuple[int, int, str]]) -> bytes:
        result = text
        for position, length, piece in cuts:
            result = result[:position] + piece + result[position + length :]
        return result.encode()

    return st.lists(cut, max_size=4).map(changed) | st.binary(max_size=60)


SDMX = f"{HEADER}\n{FLOW},NR,PER_VICT,F,EL,2015,7,b,\n" * 2


@pytest.mark.parametrize(
    ("module", "text", "options"),
    [
        (eurostat_tsv, WASTE, {"declare": Declaration(ignored=["wst_oper", "unit"])}),
        (sdmx_csv, ACTIVITY, {"declare": Declaration(ignored=["unit"])}),
        (sdmx_csv, SDMX, {}),
    ],
)
@given(data=st.data())
def test_any_text_is_read_or_an_invalid_file(
    module: ModuleType, text: str, options: dict[str, Any], data: st.DataObject
) -> None:
    content = data.draw(mutations(text))
    file = open_bytes(b"" if content.startswith(b"\x1f\x8b") else content, name="a.tsv")
    calls: list[Callable[[], object]] = [
        lambda: observations(file),
        lambda: module.read(file),
        lambda: module.read(file, kind="victims", **options),
        lambda: module.read(file, kind="justice", **options),
        lambda: module.recognise(file),
    ]
    for call in calls:
        with contextlib.suppress(ThbstatsError):
            call()


def lines(rows: list[list[str]]) -> bytes:
    """Return rows as CSV."""
    result = io.StringIO()
    csv.writer(result, lineterminator="\n").writerows(rows)
    return result.getvalue().encode("utf-8", "replace")


ROWS = st.lists(st.lists(st.text(max_size=8), min_size=16, max_size=16), max_size=4)


@given(content=st.binary(max_size=200) | ROWS.map(lines))
def test_any_lines_after_the_header_are_cases_or_an_invalid_file(content: bytes) -> None:
    for module, header in (
        (ctdc, KANON), (ctdc, SYNTHETIC), (ctdc, PERPETRATORS), (htcds, HTCDS)
    ):  # fmt: skip
        note(f"{module.__name__}, {len(header)} columns")
        names = [*header, *(f"other{n}" for n in range(16 - len(header)))]
        with contextlib.suppress(ThbstatsError):
            reading = module.read(open_bytes(",".join(names).encode() + b"\n" + content))
            assert isinstance(reading.cases, Cases)
            assert len(reading.cases) == reading.log.used
            if "area" in reading.cases.columns:
                placed = reading.cases.known("area")
                areas = placed.frame["area"].dropna().unique()
                assert sum(len(placed.where(area=code)) for code in areas) == len(placed)


@pytest.mark.parametrize(
    ("module", "content", "kinds"),
    [
        (thbstats_json, GOLDEN.read_bytes(), ("victims", "justice")),
        (thbstats_parquet, packed(arrow()), ("justice",)),
        (ctdc, f"{','.join(KANON)}\n".encode(), ("victims",)),
        (ctdc, f"{','.join(PERPETRATORS)}\n".encode(), ("victims",)),
        (htcds, f"{','.join(HTCDS)}\n".encode(), ("victims",)),
    ],
)
def test_file_with_known_columns_takes_no_declaration_and_no_other_kind(
    module: ModuleType, content: bytes, kinds: tuple[str, ...]
) -> None:
    file = open_bytes(content, name="a")
    requirement = (
        r"not be passed for thbstats (JSON|Parquet)\. Remove it"
        if module in OWN
        else "contain only classifications for a file of cases, got 'thousands'"
    )
    with pytest.raises(InvalidValue, match=f"`declare` must {requirement}"):
        module.read(file, declare=Declaration(thousands="."))
    with pytest.raises(InvalidValue, match=f"{' or '.join(kinds)}|'victims'"):
        module.read(file, kind="protection")
    assert module.read(file, kind=kinds[-1]).data == module.read(file).data
    if module in OWN:
        with pytest.raises(InvalidValue, match=r"`area` must not .*, got 'EU28'"):
            module.read(file, area="EU28")
        with pytest.raises(InvalidValue, match="must be a kind in a"):
            module.read(file, kind=COURTS)
