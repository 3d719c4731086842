"""Table Schema and Data Package of the written CSV."""

import hashlib
import json
import re
from functools import partial
from io import StringIO
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given

from tests.examples import examples
from tests.sources.test_thbstats_json import BOTH, COURTS, JUDGEMENTS, VICTIMS
from tests.strategies import KINDS, schemas, tables
from thbstats import write
from thbstats.errors import InvalidValue
from thbstats.files.table_schemas import table_schema
from thbstats.records import Source, schema_of
from thbstats.tables import CountTable
from thbstats.values import Reason

# The types of Table Schema that are used here, and the texts of each type.
TYPES = {
    "string": re.compile(r".*", re.DOTALL),
    "integer": re.compile(r"[+-]?\d+"),
    "number": re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?|INF|-INF|NaN", re.IGNORECASE),
}


def faults(schema: dict[str, Any], frame: Any) -> list[str]:
    """Return the cells of a tidy CSV that violate a Table Schema."""
    fields = schema["fields"]
    if [field["name"] for field in fields] != list(frame.columns):
        return ["the columns are others"]
    result = []
    for field in fields:
        name, rule = field["name"], field.get("constraints", {})
        for text in frame[name]:
            if text in schema["missingValues"]:
                result += [f"{name} is missing"] * rule.get("required", False)
            elif not TYPES[field["type"]].fullmatch(text):
                result.append(f"{name} is not of type {field['type']}")
            elif "enum" in rule and text not in rule["enum"]:
                result.append(f"{name} is not a category")
            elif "pattern" in rule and not re.fullmatch(rule["pattern"], text):
                result.append(f"{name} has another form")
            elif float(rule.get("minimum", 0)) > (float(text) if field["type"] != "string" else 0):
                result.append(f"{name} is too small")
    keys = frame[schema["primaryKey"]]
    return result + ["a key is repeated"] * bool(keys.duplicated().any())


def written(table: CountTable, folder: Path) -> pd.DataFrame:
    write(table, folder / "a.csv")
    text = (folder / "a.csv").read_text(encoding="utf-8")
    return pd.read_csv(StringIO(text), dtype=str, na_filter=False)


@examples(20)
@given(table=schemas().flatmap(partial(tables, max_size=10)))
def test_written_csv_is_valid(tmp_path_factory: pytest.TempPathFactory, table: CountTable) -> None:
    frame = written(table, tmp_path_factory.getbasetemp())
    assert faults(table_schema(table.columns.schema), frame) == []


@pytest.mark.parametrize("kind", KINDS)
def test_schema_has_every_category_and_reason(kind: str) -> None:
    fields = {field["name"]: field for field in table_schema(kind)["fields"]}
    for dimension in schema_of(kind).dimensions:
        if dimension.content == "codes" and dimension.vocabulary is not None:
            field = fields[dimension.name]
            assert field["constraints"]["enum"] == [str(code) for code in dimension.vocabulary]
            assert field["categories"] == [
                {"value": str(code), "label": code.label} for code in dimension.vocabulary
            ]
    assert fields["reason"]["constraints"]["enum"] == [str(reason) for reason in Reason]


def test_schema_has_the_dimensions_of_users() -> None:
    fields = {field["name"]: field for field in table_schema(COURTS)["fields"]}
    assert fields["recruiter"]["title"] == "Relation of the recruiter"
    assert {"value": "partner", "label": "Partner"} in fields["recruiter"]["categories"]
    assert "instance" in table_schema(COURTS)["primaryKey"]


@pytest.mark.parametrize(
    ("name", "text", "fault"),
    [
        ("table", "victims", "table is not a category"),
        ("stage", "charged", "stage is not a category"),
        ("area", "", "area is missing"),
        ("lower", "1.5", "lower is not of type integer"),
        ("lower", "-1", "lower is too small"),
        ("upper", "many", "upper is not of type integer"),
        ("reason", "", "reason is missing"),
        ("flags", "1", "flags has another form"),
        ("stage", "convicted", "a key is repeated"),
    ],
)
def test_changed_csv_is_not_valid(tmp_path: Path, name: str, text: str, fault: str) -> None:
    assert BOTH.justice is not None
    frame = written(BOTH.justice, tmp_path)
    assert faults(table_schema("justice"), frame) == []
    frame.loc[0, name] = text
    assert faults(table_schema("justice"), frame) == [fault]
    assert faults(table_schema("victims"), frame) == ["the columns are others"]


# Data Packages


TERMS = "Re-identification is prohibited."
MALTA = Source(title="Report", url="https://example.org/a", publisher="NSO", terms=TERMS)


def package(table: CountTable, folder: Path, name: str = "a.csv", **options: Any) -> Any:
    path = folder / "datapackage.json"
    log = write(table, folder / name, package=path, **options)
    assert log.lossless is not bool(table.columns.schema.classifications)
    return json.loads(path.read_text(encoding="utf-8"))


def test_package_has_title_sources_terms_and_resource(tmp_path: Path) -> None:
    table = CountTable.from_rows(
        [{"value": 12, "source": MALTA}, {"sex": "female", "value": 7, "source": "Another"}],
        kind="victims",
        area="MT",
        period=2020,
    )
    data = package(table, tmp_path, "Malta 2020.csv")
    assert data["title"] == "Victims of trafficking in human beings, Malta, 2020"
    assert data["name"] == "malta-2020"
    assert data["licenses"] == [{"name": "notspecified", "title": TERMS}]
    assert data["sources"] == [
        {"title": "Another"},
        {"title": "Report", "path": MALTA.url, "publisher": "NSO", "terms": TERMS},
    ]
    resource = data["resources"][0]
    content = (tmp_path / "Malta 2020.csv").read_bytes()
    assert resource["path"] == "Malta 2020.csv"
    assert resource["bytes"] == len(content)
    assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
    assert resource["schema"] == table_schema("victims")


def test_package_without_sources_has_no_empty_members(tmp_path: Path) -> None:
    assert not {"sources", "licenses"} & set(package(JUDGEMENTS, tmp_path))


def test_path_of_the_resource_is_relative_to_the_package(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    data = package(VICTIMS, tmp_path, "data/victims.tsv")
    resource = data["resources"][0]
    assert resource["path"] == "data/victims.tsv"
    assert resource["dialect"]["delimiter"] == "\t"
    assert (resource["format"], resource["mediatype"]) == ("tsv", "text/tab-separated-values")


@pytest.mark.parametrize(
    ("name", "target", "problem"),
    [
        ("a.csv", "other/datapackage.json", "in the folder of the CSV file"),
        ("a.csv", "datapackage.txt", "must be a JSON file"),
        ("a.parquet", "datapackage.json", "must not be passed for a workbook or Parquet"),
        ("a.xlsx", "datapackage.json", "must not be passed for a workbook or Parquet"),
    ],
)
def test_invalid_place_of_the_package_is_an_error_before_writing(
    tmp_path: Path, name: str, target: str, problem: str
) -> None:
    with pytest.raises(InvalidValue, match=problem) as caught:
        write(VICTIMS, tmp_path / name, format="tidy", package=tmp_path / target)
    assert caught.value.field == "package"
    assert not list(tmp_path.iterdir())
