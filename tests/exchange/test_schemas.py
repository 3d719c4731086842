import json
import re
import runpy
from io import StringIO
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given

from tests.sources.documents import changed
from tests.sources.test_thbstats_json import BOTH, GOLDEN
from tests.strategies import KINDS, tables
from thbstats.exchange.schemas import json_schema, table_schema
from thbstats.records import schema_of
from thbstats.sources import thbstats_json
from thbstats.tables import CountTable, Dataset
from thbstats.values import Reason

DOCS = Path(__file__).parents[2] / "docs"
DRAFT = jsonschema.Draft202012Validator
VALIDATOR = DRAFT(json_schema(), format_checker=DRAFT.FORMAT_CHECKER)
DOCUMENT = json.loads(GOLDEN.read_text(encoding="utf-8"))

# The types that Table Schema has, as far as they are used here, and the texts that are of them.
TYPES = {
    "string": re.compile(r".*", re.DOTALL),
    "integer": re.compile(r"[+-]?\d+"),
    "number": re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?|INF|-INF|NaN", re.IGNORECASE),
}


def faults(schema: dict[str, Any], frame: Any) -> list[str]:
    """Return the cells of a tidy frame that violate a Table Schema."""
    # Only tables of cases with several answers each have this column.
    optional = {"unanswered"} - set(frame.columns)
    fields = [field for field in schema["fields"] if field["name"] not in optional]
    if [field["name"] for field in fields] != list(frame.columns):
        return ["the columns are others"]
    result = []
    for field in fields:
        name, rule = field["name"], field.get("constraints", {})
        for text in frame[name]:
            if text in schema["missingValues"]:
                result += [f"{name} is missing"] * rule.get("required", False)
            elif not TYPES[field["type"]].fullmatch(text):
                result.append(f"{name} is no {field['type']}")
            elif "enum" in rule and text not in rule["enum"]:
                result.append(f"{name} is no word")
            elif "pattern" in rule and not re.fullmatch(rule["pattern"], text):
                result.append(f"{name} has another form")
            elif float(rule.get("minimum", 0)) > (float(text) if field["type"] != "string" else 0):
                result.append(f"{name} is too small")
    keys = frame[schema["primaryKey"]]
    return result + ["a key stands twice"] * bool(keys.duplicated().any())


def as_text(table: CountTable) -> Any:
    import pandas as pd

    text = table.to_frame().to_csv(index=False)
    return pd.read_csv(StringIO(text), dtype=str, na_filter=False)


def test_the_schema_is_a_schema_and_the_example_is_valid() -> None:
    DRAFT.check_schema(json_schema())
    VALIDATOR.validate(DOCUMENT)
    assert isinstance(BOTH, Dataset)


@given(table=tables())
def test_written_file_is_valid(tmp_path_factory: pytest.TempPathFactory, table: CountTable) -> None:
    path = tmp_path_factory.mktemp("schema") / "a.json"
    thbstats_json.write(table, path)
    VALIDATOR.validate(json.loads(path.read_text(encoding="utf-8")))
    assert faults(table_schema(table.kind), as_text(table)) == []


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("schema_version", 2),
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


@pytest.mark.parametrize("kind", KINDS)
def test_schema_has_every_category_and_reason(kind: str) -> None:
    fields = {field["name"]: field for field in table_schema(kind)["fields"]}
    for dimension in schema_of(kind).dimensions:
        if dimension.content == "codes" and dimension.vocabulary is not None:
            words = [str(word) for word in dimension.vocabulary]
            assert fields[dimension.name]["constraints"]["enum"] == words
            column = json_schema()["$defs"][f"{dimension.name}_column"]
            assert column["anyOf"][0]["enum"] == words
    assert fields["reason"]["constraints"]["enum"] == [str(reason) for reason in Reason]


@pytest.mark.parametrize(
    ("name", "text", "fault"),
    [
        ("stage", "charged", "stage is no word"),
        ("area", "", "area is missing"),
        ("lower", "1.5", "lower is no integer"),
        ("lower", "-1", "lower is too small"),
        ("upper", "many", "upper is no number"),
        ("reason", "", "reason is missing"),
        ("flags", "1", "flags has another form"),
        ("stage", "convicted", "a key stands twice"),
    ],
)
def test_a_broken_frame_is_not_valid(name: str, text: str, fault: str) -> None:
    assert BOTH.justice is not None
    frame = as_text(BOTH.justice)
    assert faults(table_schema("justice"), frame) == []
    frame.loc[0, name] = text
    assert faults(table_schema("justice"), frame) == [fault]
    assert faults(table_schema("victims"), frame) == ["the columns are others"]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_frictionless_finds_the_same(tmp_path: Path) -> None:
    frictionless = pytest.importorskip("frictionless")
    assert BOTH.victims is not None
    schema = frictionless.Schema.from_descriptor(table_schema("victims"))
    frame = BOTH.victims.to_frame()
    for change, valid in (({}, True), ({"sex": "women"}, False), ({"lower": -1}, False)):
        path = tmp_path / f"{len(change)}.csv"
        frame.assign(**change).to_csv(path, index=False)
        resource = frictionless.Resource(path=path.name, basepath=str(tmp_path), schema=schema)
        assert resource.validate().valid is valid


def test_the_committed_schemas_are_up_to_date() -> None:
    made = runpy.run_path(str(DOCS / "make_schemas.py"))
    for name, text in made["schemas"]().items():
        assert (made["FOLDER"] / name).read_text(encoding="utf-8") == text, (
            "run python docs/make_schemas.py"
        )
    assert {path.name for path in made["FOLDER"].iterdir()} == set(made["schemas"]())
