import contextlib
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.strategies import tables
from thbstats.errors import InvalidFile, InvalidValue, MissingExtra, ThbstatsError
from thbstats.exchange import Declaration, Limits, open_bytes
from thbstats.records import Source
from thbstats.sources import thbstats_parquet
from thbstats.tables import CountTable, Dataset

pa = pytest.importorskip("pyarrow", exc_type=ImportError)
parquet = pytest.importorskip("pyarrow.parquet", exc_type=ImportError)

# European Commission, COM(2018) 777 final, section 2: suspected, prosecuted, convicted.
JUSTICE = CountTable.from_rows(
    [("suspected", 7503), ("prosecuted", 5979), ("convicted", 2927)],
    columns=("stage", "value"),
    kind="justice",
    area="EU28",
    period="2015-2016",
    source="Second progress report",
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "counts.parquet"


def arrow(**changes: Any) -> pa.Table:
    found = JUSTICE.to_frame("pyarrow")
    for name, values in changes.items():
        found = found.drop_columns([name]) if name in found.column_names else found
        found = found if values is None else found.append_column(name, values)
    return found


def packed(frame: pa.Table, version: str = "1", kind: str = "justice") -> bytes:
    about = {"thbstats.schema_version": version, "thbstats.kind": kind}
    file = BytesIO()
    parquet.write_table(frame.replace_schema_metadata(about), file)
    return file.getvalue()


def read(data: bytes, **options: Any) -> Any:
    limits = options.pop("limits", Limits())
    return thbstats_parquet.read(open_bytes(data, name="a.parquet", limits=limits), **options)


@given(table=tables())
def test_written_file_is_read_without_change(
    tmp_path_factory: pytest.TempPathFactory, table: CountTable
) -> None:
    path = tmp_path_factory.mktemp("parquet") / "a.parquet"
    report = thbstats_parquet.write(table, path)
    reading = thbstats_parquet.read(path, strict=True)
    assert reading.table == table
    assert report.lossless
    assert report.rows == reading.log.read == reading.log.used == len(table)


def test_file_is_recognised_by_its_contents(path: Path) -> None:
    thbstats_parquet.write(JUSTICE, path)
    assert thbstats_parquet.recognise(open_bytes(path.read_bytes()))
    foreign = BytesIO()
    parquet.write_table(pa.table({"a": [1]}), foreign)
    assert not thbstats_parquet.recognise(open_bytes(foreign.getvalue()))
    assert not thbstats_parquet.recognise(open_bytes(b"thbstats.schema_version"))
    assert not thbstats_parquet.recognise(open_bytes(b"PAR1"))


def test_any_reader_of_parquet_sees_the_tidy_columns(path: Path) -> None:
    thbstats_parquet.write(Dataset(justice=JUSTICE), path)
    found = parquet.read_table(path)
    assert found.column_names == list(JUSTICE.to_frame().columns)
    assert found["value"].to_pylist() == [7503, 5979, 2927]
    assert pa.types.is_dictionary(found.schema.field("stage").type)


def test_a_newer_version_is_refused_by_name() -> None:
    with pytest.raises(InvalidFile, match="must have at most version 1, got 2"):
        read(packed(arrow(), version="2"))


@pytest.mark.parametrize("version", ["", "0", "-1", "one", "1.0", "9" * 5000, "²"])
def test_invalid_version_is_rejected(version: str) -> None:
    with pytest.raises(InvalidFile, match="must have a version"):
        read(packed(arrow(), version=version))


def test_a_kind_that_does_not_exist_is_refused() -> None:
    with pytest.raises(InvalidFile, match="must contain a known kind"):
        read(packed(arrow(), kind="justices"))


@pytest.mark.parametrize(
    ("changes", "field", "problem"),
    [
        ({"reason": None}, "reason", "must exist"),
        ({"extra": pa.array([1, 2, 3])}, "extra", "must be a column of justice"),
        ({"stage": pa.array([1, 2, 3])}, "stage", "must contain texts"),
        ({"lower": pa.array([1.5, 2.0, 3.0])}, "lower", "must contain integers"),
        ({"upper": pa.array(["1", "2", "3"])}, "upper", "must contain numbers"),
        ({"value": pa.array([[1], [2], [3]])}, "value", "lists"),
    ],
)
def test_other_columns_are_refused(changes: dict[str, Any], field: str, problem: str) -> None:
    with pytest.raises(InvalidFile, match=problem) as caught:
        read(packed(arrow(**changes)))
    assert caught.value.field == field


def test_rows_that_are_not_counts_are_rejected() -> None:
    with pytest.raises(InvalidFile, match=r"row 1.*must be 0 or more"):
        read(packed(arrow(lower=pa.array([7503, -1, 2927]))))


def test_texts_may_be_stored_without_a_dictionary() -> None:
    plain = arrow(stage=pa.array(["suspected", "prosecuted", "convicted"], pa.large_string()))
    assert read(packed(plain)).table == JUSTICE


def test_more_cells_than_the_limit_are_refused_before_they_are_read() -> None:
    with pytest.raises(InvalidFile, match="at most 10 cells"):
        read(packed(arrow()), limits=Limits(cells=10))


@given(st.data())
def test_a_broken_file_is_refused_and_no_crash(data: st.DataObject) -> None:
    whole = bytearray(packed(arrow()))
    for place in data.draw(st.lists(st.integers(0, len(whole) - 1), min_size=1, max_size=4)):
        whole[place] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(whole)))
    with contextlib.suppress(ThbstatsError):
        read(bytes(whole))
    with pytest.raises(InvalidFile):
        read(bytes(whole[:cut]) if cut < len(whole) else b"")


def test_declaration_of_an_own_file_is_rejected() -> None:
    data = packed(arrow())
    with pytest.raises(InvalidValue, match="must not be passed"):
        read(data, declare=Declaration(kind="justice"))
    with pytest.raises(InvalidValue, match="must not be passed"):
        read(data, area="EU28")
    with pytest.raises(InvalidValue, match=r"must be a kind in a\.parquet: justice"):
        read(data, kind="victims")
    assert read(data, kind="justice").table == JUSTICE


def test_a_source_is_that_of_rows_that_name_none() -> None:
    nobody = pa.DictionaryArray.from_arrays(pa.array([0, 0, None]), pa.array(["A report"]))
    table = read(packed(arrow(source=nobody)), source="Another").table
    assert table.cell(stage="convicted").source == Source(title="Another")
    assert table.cell(stage="suspected").source == Source(title="A report")


def test_a_data_set_of_several_tables_does_not_fit(path: Path) -> None:
    victims = CountTable.from_rows([{"value": 1}], kind="victims", area="MT", period=2015)
    with pytest.raises(InvalidValue, match="exactly one table"):
        thbstats_parquet.write(Dataset(justice=JUSTICE, victims=victims), path)
    with pytest.raises(InvalidValue, match="exactly one table"):
        thbstats_parquet.write(Dataset(), path)


def test_without_pyarrow_the_extra_is_named(monkeypatch: pytest.MonkeyPatch, path: Path) -> None:
    data = packed(arrow())
    monkeypatch.setitem(__import__("sys").modules, "pyarrow", None)
    with pytest.raises(MissingExtra, match=r"thbstats\[parquet\]"):
        thbstats_parquet.write(JUSTICE, path)
    with pytest.raises(MissingExtra, match=r"thbstats\[parquet\]"):
        read(data)
