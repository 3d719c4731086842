"""Whatever a command prints as JSON has a version, and is what its schema says."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from thbstats.cli import main
from thbstats.cli.arguments import WITH_SCHEMA
from thbstats.cli.schemas import SCHEMAS

ROOT = Path(__file__).parents[2]
DATA = ROOT / "docs" / "_data"
CLAIMS = str(ROOT / "examples" / "eurostat_2024_01.toml")
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
    "count": (
        "count",
        ["count", "{cases}", "--by", "sex", "--set", "area=MT", "--set", "period=2020",
         "--set", "status=registered", "--missing", "", "--format", "json"],
    ),
    "publications": ("publications", ["publications", "--format", "json"]),
    "formats": ("formats", ["formats", "--format", "json"]),
}  # fmt: skip


@pytest.fixture
def files(tmp_path: Path) -> dict[str, str]:
    texts = {
        "nothing": ("nothing.csv", NOTHING),
        "changes": ("changes.csv", CHANGES),
        "odd": ("odd.csv", ODD),
        "wrong": ("wrong.toml", 'schema_version = 1\n[report]\nid = "a"\n'),
        "broken": ("broken.toml", "= no TOML"),
        "cases": ("cases.csv", 'sex\nfemale\nmale\n""\n'),
    }
    for name, text in texts.values():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return {key: str(tmp_path / name) for key, (name, _) in texts.items()}


def printed(arguments: list[str], files: dict[str, str], capsys: pytest.CaptureFixture[str]) -> Any:
    assert main([argument.format(**files) for argument in arguments]) in (0, 1)
    return json.loads(capsys.readouterr().out)


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
def test_what_is_printed_is_what_the_schema_says_and_nothing_else(
    output: str, files: dict[str, str], capsys: pytest.CaptureFixture[str]
):
    command, arguments = OUTPUTS[output]
    data = printed(arguments, files, capsys)
    Draft202012Validator(closed(SCHEMAS[command]())).validate(data)


@pytest.mark.parametrize("output", OUTPUTS)
def test_every_object_says_its_version_and_a_list_is_that_of_a_table(
    output: str, files: dict[str, str], capsys: pytest.CaptureFixture[str]
):
    command, arguments = OUTPUTS[output]
    data = printed(arguments, files, capsys)
    if isinstance(data, list):
        assert output.startswith("audit ")
        assert all({"id", "verdict", "message"} <= set(row) for row in data)
    else:
        assert data["schema_version"] == (2 if command == "report" else 1)


@pytest.mark.parametrize("command", WITH_SCHEMA)
def test_every_command_prints_its_schema(command: str, capsys: pytest.CaptureFixture[str]):
    assert main(["schema", command]) == 0
    schema = json.loads(capsys.readouterr().out)
    assert schema == SCHEMAS[command]()
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    Draft202012Validator.check_schema(schema)


def test_the_commands_with_a_schema_are_those_that_are_tried():
    assert set(WITH_SCHEMA) == set(SCHEMAS) == {command for command, _ in OUTPUTS.values()}


@pytest.mark.parametrize("command", sorted({command for command, _ in OUTPUTS.values()}))
def test_a_field_that_is_missing_or_has_another_type_is_seen(
    command: str, files: dict[str, str], capsys: pytest.CaptureFixture[str]
):
    arguments = next(found for name, found in OUTPUTS.values() if name == command)
    data = printed(arguments, files, capsys)
    validator = Draft202012Validator(SCHEMAS[command]())
    for name in data:
        assert not validator.is_valid({key: data[key] for key in data if key != name}), name
        assert not validator.is_valid({**data, name: 3.5}), name


def test_a_reader_may_meet_fields_that_it_does_not_know(capsys: pytest.CaptureFixture[str]):
    main(["publications", "--format", "json"])
    data = json.loads(capsys.readouterr().out)
    assert Draft202012Validator(SCHEMAS["publications"]()).is_valid({**data, "more": 1})


def _dangling(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        required = schema.get("required", [])
        yield from (name for name in required if name not in schema.get("properties", {}))
        for item in schema.values():
            yield from _dangling(item)
    elif isinstance(schema, list):
        for item in schema:
            yield from _dangling(item)


@pytest.mark.parametrize("command", WITH_SCHEMA)
def test_what_is_required_is_described(command: str):
    assert list(_dangling(SCHEMAS[command]())) == []


def test_an_error_prints_no_json(capsys: pytest.CaptureFixture[str]):
    assert main(["report", "nothing", "--format", "json"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("thbstats report: ")


def test_a_command_without_json_has_no_schema(capsys: pytest.CaptureFixture[str]):
    assert main(["schema", "convert"]) == 2
    assert "invalid choice: 'convert'" in capsys.readouterr().err
