"""Texts of strangers do not steer a terminal: names of files, and what is in them."""

import os
import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import thbstats as thb
from tests.reports.made import claim, report
from thbstats.claims import Publication
from thbstats.cli import main
from thbstats.errors import InvalidClaims, InvalidValue
from thbstats.records import Source

STEERS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
NASTY = "a\x1b[31m\x07\x9b2J\u202e\u2066"
SHOWN = r"a\x1b[31m\x07\x9b2J\u202e\u2066"
CLAIMS = """schema_version = 1
[report]
id = "a"
title = "{0}"
[[claim]]
id = "{0}"
section = "{0}"
kind = "count"
printed = "{0}"
"""

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no such names of files there")


def made_by(item: Publication) -> Callable[[], Publication]:
    def made() -> Publication:
        return item

    return made


@pytest.fixture(autouse=True)
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    Path(f"{NASTY}.toml").write_text(CLAIMS.format(r"a\u001b[31m\u202e"))
    Path(f"{NASTY}.yaml").write_text("!<tag:%1b[31m> a: 1\n")
    Path(f"{NASTY}.csv").write_text(f"sex,value,{NASTY}\n{NASTY},{NASTY},1\n")
    Path(f"{NASTY}.json").write_text('{"a": 1')
    os.mkdir(NASTY)


@pytest.mark.parametrize("name", ["", ".yaml", ".csv", ".json"])
@pytest.mark.parametrize(
    "command",
    [
        "read {}",
        "read {} --declare {}",
        "report {}",
        "report {} --output {}/none/x.html",
        "audit {}",
        "claims check {}",
        "infer {} --what victims",
        "convert {} out.csv --to {}",
        "count {} --by {} --set area=MT",
        "count {}* --by sex --set area=MT",
        "read none --format {}",
        "publications {}",
    ],
)
def test_no_control_character_is_printed(
    capsys: pytest.CaptureFixture[str], command: str, name: str
) -> None:
    typed = [word.replace("{}", f"{NASTY}{name}") for word in command.split()]
    assert main(typed) in (1, 2)
    printed = "".join(capsys.readouterr())
    assert printed
    assert not STEERS.findall(printed)


def test_csv_on_a_terminal_has_no_control_characters(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = report(claim("some", wording=f"many {NASTY} victims"))
    monkeypatch.setattr("thbstats.publications.ALL", (made_by(made),))
    assert main(["report", "made", "--format", "csv"]) == 0
    assert NASTY in capsys.readouterr().out
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    assert main(["report", "made", "--format", "csv"]) == 0
    printed = capsys.readouterr().out
    assert SHOWN.replace(r"\x1b[31m", "\x1b[31m") in printed
    assert not STEERS.findall(printed.replace("\x1b[31m", ""))


def test_explanations_and_problems_write_control_characters_out() -> None:
    title = f"{NASTY}\nSource: another"
    table = thb.CountTable.from_rows(
        [{"value": 3}], kind="victims", area="MT", period=2020, source=Source(title=title)
    )
    explained = thb.total(table, area="MT", period=2020).explain()
    assert f"Source: {SHOWN} Source: another." in explained.split("\n")
    assert not STEERS.findall(explained)
    assert str(InvalidValue(NASTY)) == f"{SHOWN}."
    with pytest.raises(InvalidClaims) as raised:
        thb.claims.read_claims(f"{NASTY}.yaml")
    for text in (str(raised.value), *map(str, raised.value.problems)):
        assert text
        assert not STEERS.findall(text)
