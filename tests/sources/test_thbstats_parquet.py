"""Parquet of this library: versions, columns and rows that are errors."""

import json
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from tests.sources.test_thbstats_json import COURTS, JUDGEMENTS
from thbstats.errors import InvalidFile, MissingExtra
from thbstats.files import Limits, open_bytes
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
    frame = JUSTICE.to_frame("pyarrow")
    for name, values in changes.items():
        frame = frame.drop_columns([name]) if name in frame.column_names else frame
        frame = frame if values is None else frame.append_column(name, values)
    return frame


def packed(
    frame: pa.Table, version: str = "1", kind: str = "justice", **more: str | bytes
) -> bytes:
    about = {"thbstats.schema_version": version, "thbstats.kind": kind}
    about |= {f"thbstats.{name}": value for name, value in more.items()}
    file = BytesIO()
    parquet.write_table(frame.replace_schema_metadata(about), file)
    return file.getvalue()


def read(data: bytes, **options: Any) -> Any:
    limits = options.pop("limits", Limits())
    return thbstats_parquet.read(open_bytes(data, name="a.parquet", limits=limits), **options)


def test_file_is_recognised_by_its_contents(path: Path) -> None:
    thbstats_parquet.write(JUSTICE, path)
    assert thbstats_parquet.recognise(open_bytes(path.read_bytes()))
    foreign = BytesIO()
    parquet.write_table(pa.table({"a": [1]}), foreign)
    assert not thbstats_parquet.recognise(open_bytes(foreign.getvalue()))
    assert not thbstats_parquet.recognise(open_bytes(b"thbstats.schema_version"))
    assert not thbstats_parquet.recognise(open_bytes(b"PAR1"))


def test_file_has_the_tidy_columns(path: Path) -> None:
    thbstats_parquet.write(Dataset(justice=JUSTICE), path)
    content = parquet.read_table(path)
    assert content.column_names == list(JUSTICE.to_frame().columns)
    assert content["value"].to_pylist() == [7503, 5979, 2927]
    assert pa.types.is_dictionary(content.schema.field("stage").type)


def test_newer_version_is_an_error() -> None:
    with pytest.raises(InvalidFile, match="must have at most version 2, got 3"):
        read(packed(arrow(), version="3"))


@pytest.mark.parametrize("version", ["", "0", "-1", "one", "1.0", "9" * 5000, "²"])
def test_invalid_version_is_rejected(version: str) -> None:
    with pytest.raises(InvalidFile, match="must have a version"):
        read(packed(arrow(), version=version))


def test_unknown_kind_is_an_error() -> None:
    with pytest.raises(InvalidFile, match="must be a kind of count"):
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
def test_other_columns_are_errors(changes: dict[str, Any], field: str, problem: str) -> None:
    with pytest.raises(InvalidFile, match=problem) as caught:
        read(packed(arrow(**changes)))
    assert caught.value.field == field


def test_file_with_dimensions_of_users_has_version_2(path: Path) -> None:
    thbstats_parquet.write(JUDGEMENTS, path)
    metadata = parquet.read_schema(path).metadata
    assert metadata[b"thbstats.schema_version"] == b"2"
    assert json.loads(metadata[b"thbstats.classifications"])[1]["name"] == "instance"
    table = thbstats_parquet.read(path).table
    assert table == JUDGEMENTS
    assert table.columns.schema.classifications == COURTS.classifications


@pytest.mark.parametrize(
    ("text", "field", "problem"),
    [
        ("", None, "is not valid JSON"),
        (b"\xff", None, "UTF-8"),
        ("{}", "/classifications", "must be an array"),
        ("[5]", "/classifications/0", "must be an object"),
        ('[{"name": "a", "name": "b"}]', "name", "has the key 'name' twice"),
        ('[{"name": "area", "categories": ["a"]}]', "/classifications", "be replaced"),
        ('[{"name": "a"}]', "/classifications/0/categories", "at least one category"),
        ('[{"name": "instance", "categories": ["a"]}]', "instance", "must exist"),
        ("[" * 200, "limits", "nested levels"),
    ],
)
def test_invalid_classifications_are_an_error(
    text: str | bytes, field: str | None, problem: str
) -> None:
    with pytest.raises(InvalidFile, match=problem) as caught:
        read(packed(arrow(), classifications=text))
    assert caught.value.field == field


def test_row_that_is_not_a_count_is_an_error() -> None:
    with pytest.raises(InvalidFile, match=r"row 1.*must be 0 or more"):
        read(packed(arrow(lower=pa.array([7503, -1, 2927]))))


def test_texts_without_a_dictionary_are_read() -> None:
    plain = arrow(stage=pa.array(["suspected", "prosecuted", "convicted"], pa.large_string()))
    assert read(packed(plain)).table == JUSTICE


def test_cells_above_the_limit_are_an_error() -> None:
    with pytest.raises(InvalidFile, match="at most 10 cells"):
        read(packed(arrow()), limits=Limits(cells=10))


def test_source_applies_to_rows_without_a_source() -> None:
    partial = pa.DictionaryArray.from_arrays(pa.array([0, 0, None]), pa.array(["A report"]))
    table = read(packed(arrow(source=partial)), source="Another").table
    assert table.cell(stage="convicted").source == Source(title="Another")
    assert table.cell(stage="suspected").source == Source(title="A report")


def test_error_without_pyarrow_has_the_extra(monkeypatch: pytest.MonkeyPatch, path: Path) -> None:
    data = packed(arrow())
    monkeypatch.setitem(__import__("sys").modules, "pyarrow", None)
    with pytest.raises(MissingExtra, match=r"thbstats\[parquet\]"):
        thbstats_parquet.write(JUSTICE, path)
    with pytest.raises(MissingExtra, match=r"thbstats\[parquet\]"):
        read(data)
