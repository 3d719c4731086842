"""No command writes over a file that it reads."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

import thbstats as thb
from tests.sources.test_sdg import MALTA
from thbstats.cli import main

COMMANDS = {
    "report of counts": "report counts.csv --set area=MT --output {}",
    "report of claims as JSON": "report claims.toml --format json --output {}",
    "report as a workbook": "report claims.toml --format xlsx --output {}",
    "audit of claims": "audit claims.toml --format html --output {}",
    "audit of a table": "audit figures.csv --format json --output {}",
    "audit with members": "audit figures.csv --members members.csv --format json --output {}",
    "count": "count cases.csv --by sex --set area=MT --set period=2020 --format csv --output {}",
    "count of a pattern": "count case*.csv --by sex --set area=MT --set period=2020 --output {}",
    "count of several files": "count cases.csv more.csv --by sex --set area=MT --output {}",
    "convert": "convert counts.csv {} --to json --set area=MT",
    "convert with a declaration": "convert counts.csv {} --to json --declare columns.toml",
}
INPUTS = {
    "report of counts": "counts.csv",
    "report of claims as JSON": "claims.toml",
    "report as a workbook": "claims.toml",
    "audit of claims": "claims.toml",
    "audit of a table": "figures.csv",
    "audit with members": "members.csv",
    "count": "cases.csv",
    "count of a pattern": "cases.csv",
    "count of several files": "more.csv",
    "convert": "counts.csv",
    "convert with a declaration": "columns.toml",
}


@pytest.fixture(autouse=True)
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("counts.csv").write_bytes(MALTA.data)
    Path("claims.toml").write_text('schema_version = 1\n[report]\nid = "a"\ntitle = "A"\n')
    Path("figures.csv").write_text("id,kind,numerator,denominator,printed\na,share,1,2,50%\n")
    Path("members.csv").write_text("id,member,n\na,MT,1\n")
    Path("cases.csv").write_text("sex\nfemale\n")
    Path("more.csv").write_text("sex\nmale\n")
    Path("columns.toml").write_text('kind = "victims"\n')
    return tmp_path


@pytest.mark.parametrize("link", [None, os.symlink, os.link], ids=["itself", "symbolic", "hard"])
@pytest.mark.parametrize("name", COMMANDS)
def test_output_must_not_be_an_input(
    capsys: pytest.CaptureFixture[str],
    name: str,
    link: Callable[[str, str], None] | None,
) -> None:
    target = INPUTS[name]
    before = Path(target).read_bytes()
    if link is not None:
        link(target, "link")
        target = "link"
    assert main(COMMANDS[name].format(target).split()) == 2
    said = capsys.readouterr().err
    assert "must not be an input file" in said
    assert repr(target) in said
    assert Path(target).read_bytes() == before == Path(INPUTS[name]).read_bytes()


def test_output_that_is_no_input_is_replaced() -> None:
    thb.write(thb.publications.com_2018_777().data.victims, "old.csv")
    assert main(["convert", "old.csv", "counts.csv"]) == 0
    assert thb.read("counts.csv").table == thb.read("old.csv").table
