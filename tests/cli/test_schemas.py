"""JSON output of commands, and its schemas."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.cli.running import Run
from thbstats.cli.arguments import WITH_SCHEMA
from thbstats.cli.command_schemas import schema_of

ROOT = Path(__file__).parents[2]
DATA = ROOT / "docs" / "_data"
CLAIMS = str(ROOT / "examples" / "eurostat_2024_01.toml")
UK_LISTS = str(DATA / "uk_2013_lists.csv")
PERCENTAGES = str(DATA / "eu_percentages.csv")
UK = ["infer", "com-2018-777", "--what", "victims area=UK exploitation=labour"]
NOTHING = "id,kind,numerator,denominator,printed\none,share,5,10,50%\n"
CHANGES = "id,kind,old,new,printed\none,change,10,15,50%\n"
ODD = "area,period,status,exploitation,value\nMT,2020,detected,total,12\nMT,2020,detected,sxual,7\n"

OUTPUTS: dict[str, tuple[str, list[str]]] = {
    "report": ("report", ["report", "com-2018-777", "--format", "json"]),
    "report of changes and secondary sources": (
        "report",
        ["report", "eurostat-2023-02", "--format", "json"],
    ),
    "report of claims of one's own": ("report", ["report", CLAIMS, "--format", "json"]),
    "report of counts": (
        "report",
        ["report", str(DATA / "glotip_eu_2015_2016.csv"), "--format", "json"],
    ),
    "report of hidden counts and forms that exceed": (
        "report",
        ["report", str(DATA / "glotip_nl_forms_2018.csv"), "--format", "json"],
    ),
    "audit": ("audit", ["audit", "com-2018-777", "--format", "json"]),
    "audit of claims of one's own": ("audit", ["audit", CLAIMS, "--format", "json"]),
    "issues": ("audit", ["audit", "com-2018-777", "--issues", "--format", "json"]),
    "audit of a table": ("audit", ["audit", PERCENTAGES, "--format", "json"]),
    "audit without issues": ("audit", ["audit", "{nothing}", "--issues", "--format", "json"]),
    "audit of changes": ("audit", ["audit", "{changes}", "--format", "json"]),
    "check": ("claims-check", ["claims", "check", CLAIMS, "--format", "json"]),
    "check with problems": ("claims-check", ["claims", "check", "{wrong}", "--format", "json"]),
    "check of no TOML": ("claims-check", ["claims", "check", "{broken}", "--format", "json"]),
    "compare": ("compare", ["compare", "com-2018-777", "com-2020-661", "--format", "json"]),
    "infer": ("infer", [*UK, "--format", "json"]),
    "infer a share": (
        "infer",
        [*UK, "--denominator", "area=UK", "--base", "known", "--format", "json"],
    ),
    "infer what nothing tells": (
        "infer",
        ["infer", "com-2018-777", "--what", "victims exploitation=other area=EU28", "--format",
         "json", "--exclude", "ii-victims"],
    ),
    "infer from counts": (
        "infer", ["infer", "{odd}", "--what", "victims exploitation=unknown", "--format", "json"]
    ),
    "read": ("read", ["read", str(DATA / "glotip_eu_justice.csv"), "--json"]),
    "read with defects": ("read", ["read", "{odd}", "--kind", "victims", "--json"]),
    "convert": ("convert", ["convert", str(DATA / "glotip_eu_justice.csv"), "{out}.csv", "--json"]),
    "convert with problems": (
        "convert",
        ["convert", "{odd}", "{out}.json", "--kind", "victims", "--strict", "--json"],
    ),
    "count": (
        "count",
        ["count", "{cases}", "--by", "sex", "--set", "area=MT", "--set", "period=2020",
         "--set", "status=registered", "--missing", "", "--format", "json"],
    ),
    "collect": (
        "collect",
        ["collect", "article-19a", "a={cases}", "--area", "MT", "--period", "2020", "--released",
         "2021-09-01", "--json"],
    ),
    "revisions": (
        "revisions",
        ["revisions", *[str(DATA / "glotip_nl_forms_2018.csv")] * 2, "--json"],
    ),
    "lists": (
        "lists",
        ["lists", UK_LISTS, "--count", "count", "--complete", "--odds-ratio", "1/3,none", "--json"],
    ),
    "lists with unknown histories": ("lists", ["lists", UK_LISTS, "--count", "count", "--json"]),
    "publications": ("publications", ["publications", "--format", "json"]),
    "formats": ("formats", ["formats", "--format", "json"]),
}  # fmt: skip
FIRST = {command: output for output, (command, _) in reversed(OUTPUTS.items())}.values()
"""The first output of each command."""


@pytest.fixture
def files(tmp_path: Path) -> dict[str, str]:
    texts = {
        "nothing.csv": NOTHING,
        "changes.csv": CHANGES,
        "odd.csv": ODD,
        "wrong.toml": 'schema_version = 1\n[report]\nid = "a"\n',
        "broken.toml": "= no TOML",
        "cases.csv": 'sex\nfemale\nmale\n""\n',
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return {name.partition(".")[0]: str(tmp_path / name) for name in (*texts, "out")}


def closed(schema: Any) -> Any:
    """Return a schema that admits no field that it does not name."""
    if isinstance(schema, list):
        return [closed(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    made = {name: closed(item) for name, item in schema.items()}
    if "properties" in made and made.get("type") == "object":
        made.setdefault("additionalProperties", False)
    return made


@pytest.mark.parametrize("output", OUTPUTS)
def test_output_is_valid_with_its_fields_only_and_has_a_version(
    output: str, files: dict[str, str], run: Run
):
    command, arguments = OUTPUTS[output]
    outcome = run(*(argument.format(**files) for argument in arguments), status=None)
    assert outcome.status in (0, 1)
    data = json.loads(outcome.out)
    schema = schema_of(command)
    Draft202012Validator(closed(schema)).validate(data)
    if isinstance(data, list):
        assert output.startswith("audit ")
        assert all({"id", "verdict", "message"} <= set(row) for row in data)
    else:
        assert data["schema_version"] == (2 if command == "report" else 1)
    if output in FIRST:  # a missing field and a wrong type are not valid
        validator = Draft202012Validator(schema)
        for name in data:
            assert not validator.is_valid({key: data[key] for key in data if key != name}), name
            assert not validator.is_valid({**data, name: 3.5}), name


@pytest.mark.parametrize("command", WITH_SCHEMA)
def test_every_command_prints_its_schema(command: str, run: Run):
    schema = json.loads(run("schema", command).out)
    assert schema == schema_of(command)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    Draft202012Validator.check_schema(schema)
    assert list(_undescribed(schema)) == []


def _undescribed(schema: Any) -> Iterator[str]:
    """Yield the required fields without a description."""
    if isinstance(schema, dict):
        required = schema.get("required", [])
        yield from (name for name in required if name not in schema.get("properties", {}))
    if isinstance(schema, dict | list):
        for item in schema.values() if isinstance(schema, dict) else schema:
            yield from _undescribed(item)


def test_every_schema_is_tested():
    assert set(WITH_SCHEMA) == {command for command, _ in OUTPUTS.values()}


def test_reader_accepts_unknown_fields(run: Run):
    data = json.loads(run("publications", "--format", "json").out)
    assert Draft202012Validator(schema_of("publications")).is_valid({**data, "more": 1})
