import json
from functools import partial
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given

from tests.examples import examples
from tests.sources.documents import changed
from tests.sources.test_thbstats_json import BOTH, GOLDEN, JUDGEMENTS
from tests.strategies import KINDS, schemas, tables
from thbstats.files.table_schemas import json_schema
from thbstats.records import schema_of
from thbstats.sources import thbstats_json
from thbstats.tables import CountTable, Dataset
from thbstats.vocabulary import Classification

DOCS = Path(__file__).parents[2] / "docs"
DRAFT = jsonschema.Draft202012Validator
VALIDATOR = DRAFT(json_schema(), format_checker=DRAFT.FORMAT_CHECKER)
DOCUMENT = json.loads(GOLDEN.read_text(encoding="utf-8"))


def test_the_schema_is_a_schema_and_the_example_is_valid() -> None:
    DRAFT.check_schema(json_schema())
    VALIDATOR.validate(DOCUMENT)
    assert isinstance(BOTH, Dataset)


@examples(20)
@given(table=schemas().flatmap(partial(tables, max_size=10)))
def test_written_file_is_valid(tmp_path_factory: pytest.TempPathFactory, table: CountTable) -> None:
    path = tmp_path_factory.mktemp("schema") / "a.json"
    thbstats_json.write(table, path)
    VALIDATOR.validate(json.loads(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("schema_version", 3),
        ("format", "csv"),
        ("more", 1),
        ("tables/0/kind", "victim"),
        ("tables/0/kind", "justice"),
        ("tables/0/rows", -1),
        ("tables/0/lower/0", -1),
        ("tables/0/lower/0", 0.5),
        ("tables/0/lower/0", None),
        ("tables/0/lower/0", 2**53 + 2),
        ("tables/0/upper/0", "inf"),
        ("tables/0/reason", "unknown"),
        ("tables/0/reason/categories/0", "unknown"),
        ("tables/0/reason/codes/0", -1),
        ("tables/0/flags", "E"),
        ("tables/0/dimensions/sex", "women"),
        ("tables/0/dimensions/stage", "convicted"),
        ("tables/0/dimensions/exploitation/categories", ["total", "total"]),
        ("tables/0/sources/0", {}),
        ("tables/0/sources/0/title", ""),
        ("tables/0/sources/0/published", "May"),
        ("tables/0/sources/0/kind", "third"),
        ("tables/0/origins/0", {}),
        ("tables/0/origin", "0"),
    ],
)
def test_rejected_file_is_not_valid_by_the_schema(path: str, value: object) -> None:
    assert not VALIDATOR.is_valid(changed(DOCUMENT, path, value))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("classifications", []),
        ("classifications/0", {}),
        ("classifications/0/name", "Recruiter"),
        ("classifications/0/kind", "other"),
        ("classifications/0/more", 1),
        ("classifications/0/titles/German", "x"),
        ("classifications/0/categories", []),
        ("classifications/0/categories", {"A b": {}}),
        ("classifications/0/categories/family/more", 1),
        ("classifications/0/categories/family/labels/de", ""),
        ("classifications/0/categories/family/parent", 1),
        ("classifications/0/categories/family/is_residual", "yes"),
        ("classifications/0/categories/family/crosswalk", {"ctdc": "x"}),
        ("dimensions/recruiter", "A b"),
        ("dimensions/stage", "A b"),
    ],
)
def test_rejected_classification_is_not_valid_by_the_schema(
    tmp_path: Path, path: str, value: object
) -> None:
    thbstats_json.write(JUDGEMENTS, tmp_path / "a.json")
    document = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))
    VALIDATOR.validate(document)
    assert not VALIDATOR.is_valid(changed(document, f"tables/0/{path}", value))


@pytest.mark.parametrize("kind", KINDS)
def test_schema_has_every_category(kind: str) -> None:
    for dimension in schema_of(kind).dimensions:
        if dimension.content == "codes" and dimension.vocabulary is not None:
            column = json_schema()["$defs"][f"{dimension.name}_column"]
            assert column["anyOf"][0]["enum"] == [str(code) for code in dimension.vocabulary]


def test_file_of_a_dimension_with_countries_is_valid(tmp_path: Path) -> None:
    transit = Classification(name="transit", has_countries=True, categories=["high_seas"])
    rows = [("IT", "LY", 6), ("IT", "high_seas", 1)]
    table = CountTable.from_rows(
        rows,
        columns=["area", "transit", "value"],
        kind=schema_of("victims", transit),
        period=2020,
    )
    path = tmp_path / "a.json"
    thbstats_json.write(table, path)
    VALIDATOR.validate(json.loads(path.read_text(encoding="utf-8")))
    assert thbstats_json.read(path).table == table
