"""frictionless 5.21 and later: Data Packages and their CSV files are valid."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from tests.examples import examples
from tests.sources.test_thbstats_json import JUDGEMENTS
from tests.strategies import schemas, tables
from thbstats import count_cases, write
from thbstats.tables import CountTable
from thbstats.testing import case_declarations, case_frame

frictionless = pytest.importorskip("frictionless", minversion="5.21")
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


def errors_of(path: Path) -> list[list[Any]]:
    report = frictionless.validate(str(path / "datapackage.json"))
    result: list[list[Any]] = report.flatten(["type", "fieldName"])
    return result


@examples(5)
@given(table=schemas().flatmap(lambda schema: tables(schema, min_size=1)))
def test_package_is_valid(tmp_path_factory: pytest.TempPathFactory, table: CountTable) -> None:
    folder = tmp_path_factory.mktemp("package")
    write(table, folder / "a.csv", package=folder / "datapackage.json")
    assert errors_of(folder) == []


def test_cases_with_multiple_response_are_valid_with_tabs(tmp_path: Path) -> None:
    cases = count_cases(case_frame(60), ["area", "period", "exploitation"], **case_declarations())
    assert cases.columns.numbers.unanswered is not None
    write(cases, tmp_path / "cases.tsv", package=tmp_path / "datapackage.json")
    assert "unanswered" in (tmp_path / "datapackage.json").read_text(encoding="utf-8")
    assert errors_of(tmp_path) == []


@pytest.mark.parametrize(
    ("before", "after", "error"),
    [
        ("partner", "uncle", ["constraint-error", "recruiter"]),
        ("MT,2021", ",2021", ["constraint-error", "area"]),
        (",first,", ",second,", ["constraint-error", "instance"]),
        (",12,12,12,", ",12,-1,12,", ["constraint-error", "lower"]),
        (",appeal,", ",first,", ["primary-key", None]),
        ("recruiter,", "relation,", ["incorrect-label", "recruiter"]),
    ],
)
def test_changed_cell_is_an_error(
    tmp_path: Path, before: str, after: str, error: list[Any]
) -> None:
    write(JUDGEMENTS, tmp_path / "a.csv", package=tmp_path / "datapackage.json")
    path = tmp_path / "a.csv"
    path.write_bytes(path.read_bytes().replace(before.encode(), after.encode()))
    data = json.loads((tmp_path / "datapackage.json").read_text(encoding="utf-8"))
    for name in ("bytes", "hash"):
        del data["resources"][0][name]
    (tmp_path / "datapackage.json").write_text(json.dumps(data), encoding="utf-8")
    assert error in errors_of(tmp_path)
