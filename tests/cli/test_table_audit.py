"""Tables of percentages on the command line: what is printed, and with which exit code."""

import gzip
import json
from pathlib import Path

import pytest

from thbstats.cli import main

TABLE = """\
id,kind,numerator,denominator,printed,new,old,known,group,rank
sexual,share,9759,20532,56%,,,17400,,
convicted,change,,,+54.9%,2517,1295,,,
in their place,change,6163,5979,+3.1%,,,,,
one,share,1,3,33,,,,thirds,1
two,share,2,3,67,,,,thirds,1
"""


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "figures.csv"
    path.write_text(TABLE, encoding="utf-8")
    return path


def test_json_is_a_list_with_a_verdict_and_a_message_for_each_row(
    table: Path, capsys: pytest.CaptureFixture[str]
):
    assert main(["audit", str(table), "--format", "json"]) == 0
    rows = {each["id"]: each for each in json.loads(capsys.readouterr().out)}
    verdicts = {name: each["verdict"] for name, each in rows.items()}
    assert verdicts == {
        "sexual": "contradicted",
        "convicted": "contradicted",
        "in their place": "confirmed",
        "one": "confirmed",
        "two": "confirmed",
        "thirds: parts": "confirmed",
        "thirds: percentages": "consistent",
        "thirds: ranks": "contradicted",
    }
    assert rows["sexual"]["message"].startswith("9,759 of 20,532 is 47.5%, not 56%;")
    assert rows["sexual"]["bases"] == ["known"]


def test_text_shows_the_verdicts_and_the_reasons(table: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["audit", str(table)]) == 0
    out = " ".join(capsys.readouterr().out.split())
    assert "Audit of figures.csv" in out
    assert "✗ contradicted" in out
    assert "Groups" in out


@pytest.mark.parametrize(("style", "start"), [("html", "<!doctype html>"), ("markdown", "|")])
def test_other_formats(table: Path, capsys: pytest.CaptureFixture[str], style: str, start: str):
    assert main(["audit", str(table), "--format", style]) == 0
    assert start in capsys.readouterr().out


def test_strictly_what_is_contradicted_ends_with_1_and_is_named(
    table: Path, capsys: pytest.CaptureFixture[str]
):
    assert main(["audit", str(table), "--strict", "--issues"]) == 1
    out, err = capsys.readouterr()
    assert err == "thbstats: 3 issues: sexual, convicted, thirds: ranks\n"
    assert "in their place" not in out


def test_strictly_nothing_contradicted_ends_with_0(tmp_path: Path):
    path = tmp_path / "fine.csv"
    path.write_text("numerator,denominator,printed\n1,2,50\n", encoding="utf-8")
    assert main(["audit", str(path), "--strict"]) == 0


def test_row_that_cannot_be_judged_is_an_issue_of_a_strict_audit(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    path = tmp_path / "unread.csv"
    path.write_text("id,numerator,denominator,printed\na,1,2,50\nb,1,2,x\n", encoding="utf-8")
    assert main(["audit", str(path)]) == 0
    assert main(["audit", str(path), "--strict"]) == 1
    assert capsys.readouterr().err == "thbstats: 1 issue: b\n"


def test_a_packed_table_is_read_and_an_audit_can_go_to_a_file(tmp_path: Path, table: Path):
    packed, written = tmp_path / "figures.CSV.gz", tmp_path / "audit.json"
    packed.write_bytes(gzip.compress(table.read_bytes()))
    assert main(["audit", str(packed), "--output", str(written)]) == 0
    assert len(json.loads(written.read_text(encoding="utf-8"))) == 8


@pytest.mark.parametrize("name", ["figures.txt", "figures", "FIGURES.CSV"])
def test_a_table_is_known_by_its_ending_or_by_its_header(tmp_path: Path, name: str):
    path = tmp_path / name
    path.write_text(TABLE, encoding="utf-8")
    assert main(["audit", str(path), "--strict"]) == 1


def test_options_say_how_the_table_is_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    path, members = tmp_path / "a.csv", tmp_path / "members.csv"
    path.write_bytes("id;new;old;printed;old_2020;Länder\ng;1,000;600;66;700;3\n".encode("cp1252"))
    members.write_text("id;member;new;old\ng;AT;900;540\ng;BE;100;\n", encoding="utf-8")
    options = ["--thousands", ",", "--encoding", "cp1252", "--base", "old_2020"]
    assert main(["audit", str(path), "--format", "json", *options]) == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert (row["verdict"], row["tried"]) == ("contradicted", ["old_2020"])
    assert main(["audit", str(path), "--format", "json", "--rounding", "down", *options]) == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert row["verdict"] == "confirmed"
    more = ["--members", str(members)]
    main(["audit", str(path), "--format", "json", *options, *more])
    (row,) = json.loads(capsys.readouterr().out)
    assert row["matched_tried"] == ["all members with a count", "members with both counts"]


def test_what_cannot_be_read_is_wrong_use_and_told_with_its_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    path = tmp_path / "bad.csv"
    path.write_text("numerator,denominator,printed\nmany,2,50\n1,2,half\n", encoding="utf-8")
    assert main(["audit", str(path)]) == 2
    err = capsys.readouterr().err
    assert "line 2, field 'numerator', value 'many'" in err
    assert "line 3, field 'printed', value 'half'" in err
    assert "Traceback" not in err


def test_a_file_that_is_not_there_is_wrong_use(capsys: pytest.CaptureFixture[str]):
    assert main(["audit", "nowhere.csv"]) == 2
    assert "nowhere.csv" in capsys.readouterr().err


def test_options_of_tables_are_refused_for_publications(capsys: pytest.CaptureFixture[str]):
    assert main(["audit", "com-2018-777", "--base", "known"]) == 2
    assert "--base must" in capsys.readouterr().err


@pytest.mark.parametrize("decimals", ["100000000", "16", "-1"])
def test_more_decimals_than_a_number_has_are_refused(
    table: Path, capsys: pytest.CaptureFixture[str], decimals: str
):
    assert main(["audit", str(table), f"--decimals={decimals}"]) == 2
    assert (
        f"value {decimals}: `decimals` must be an integer from 0 to 15" in capsys.readouterr().err
    )
    assert main(["audit", str(table), "--decimals=15", "--format=json"]) in (0, 2)
