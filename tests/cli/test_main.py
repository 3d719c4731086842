"""The command line: what it prints, where, and with which exit code."""

import csv
import io
import json
import os
import re
from pathlib import Path

import pytest

from thbstats.cli import main
from thbstats.publications import com_2018_777

ESCAPE = "\x1b"


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "COLUMNS", "TERM"):
        monkeypatch.delenv(name, raising=False)


def test_the_report_is_printed_as_text(capsys: pytest.CaptureFixture[str]):
    assert main(["report", "com-2018-777"]) == 0
    out, err = capsys.readouterr()
    for figure in ("0.49", "47.5%", "17,273 to 17,583", "+9 pp (+8 to +10)", "STAGE_ORDER"):
        assert figure in " ".join(out.split())
    assert out.endswith("\n")
    assert err == ""


@pytest.mark.parametrize("name", ["com_2018_777", "COM-2018-777", "com-2018_777"])
def test_an_id_is_typed_as_one_likes(capsys: pytest.CaptureFixture[str], name: str):
    assert main(["report", name, "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["publication"]["id"] == "com_2018_777"


def test_json_has_every_claim(capsys: pytest.CaptureFixture[str]):
    main(["report", "com-2018-777", "--format", "json"])
    claims = json.loads(capsys.readouterr().out)["claims"]
    assert [claim["id"] for claim in claims] == [claim.id for claim in com_2018_777().claims]
    assert all({"id", "section", "printed", "verdict"} <= set(claim) for claim in claims)


@pytest.mark.parametrize(
    ("style", "start"),
    [("markdown", "European Commission"), ("html", "<!doctype html>"), ("csv", "part,id,")],
)
def test_other_formats(capsys: pytest.CaptureFixture[str], style: str, start: str):
    assert main(["report", "com-2018-777", "--format", style]) == 0
    assert capsys.readouterr().out.startswith(start)


def test_csv_has_one_row_a_line(capsys: pytest.CaptureFixture[str]):
    main(["report", "com-2018-777", "--format", "csv"])
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert {row["part"] for row in rows} == {"indicator", "comparison", "claim"}


def test_strict_ends_with_1_and_names_the_findings(capsys: pytest.CaptureFixture[str]):
    assert main(["report", "com-2018-777", "--strict"]) == 1
    out, err = capsys.readouterr()
    assert "Figures you can quote" in out
    assert re.match(r"thbstats: \d+ issues: ", err)
    assert "ii-1-other-share" in err


def test_strict_without_findings_ends_with_0(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    from tests.reports.made import claim, report

    def quiet():
        return report(claim("some", wording="many victims"))

    monkeypatch.setattr("thbstats.publications.ALL", (quiet,))
    assert main(["report", "quiet", "--strict"]) == 0
    assert capsys.readouterr().err == ""


def test_one_finding_is_not_several(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    from tests.reports.made import report, share

    def one():
        return report(share("few", "18%", wording="around a quarter", category={"sex": "male"}))

    monkeypatch.setattr("thbstats.publications.ALL", (one,))
    assert main(["report", "one", "--strict"]) == 1
    assert capsys.readouterr().err == "thbstats: 1 issue: few\n"


def test_an_unknown_publication_is_answered_with_near_matches(capsys: pytest.CaptureFixture[str]):
    assert main(["report", "com-2018-77"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "Did you mean 'com-2018-777'" in err
    assert "Traceback" not in err


@pytest.mark.parametrize(
    "wrong",
    [
        [],
        ["report"],
        ["reprot", "com-2018-777"],
        ["report", "com-2018-777", "--format", "xls"],
        ["report", "com-2018-777", "--colour"],
        ["report", "com-2018-777", "--output"],
    ],
)
def test_wrong_use_ends_with_2_and_says_how(capsys: pytest.CaptureFixture[str], wrong: list[str]):
    assert main(wrong) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("usage: thbstats")


def test_help_and_version_end_with_0(capsys: pytest.CaptureFixture[str]):
    assert main(["--help"]) == 0
    assert main(["--version"]) == 0
    assert re.search(r"^thbstats \d+\.\d+", capsys.readouterr().out, re.MULTILINE)


def test_the_publications_are_listed_as_they_are_typed(capsys: pytest.CaptureFixture[str]):
    assert main(["publications"]) == 0
    out = capsys.readouterr().out
    assert "com-2018-777" in out
    assert "147" in out


@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("page.html", "<!doctype html>"),
        ("page.md", "European Commission"),
        ("page.JSON", "{"),
        ("page.csv", "part,"),
        ("page.txt", "European Commission"),
        ("page", "European Commission"),
    ],
)
def test_the_ending_of_a_file_says_its_format(tmp_path: Path, name: str, start: str):
    assert main(["report", "com-2018-777", "--output", str(tmp_path / name)]) == 0
    text = (tmp_path / name).read_text("utf-8")
    assert text.startswith(start)
    assert text.endswith("\n")
    assert not text.endswith("\n\n")


def test_a_format_that_is_named_wins_over_the_ending(tmp_path: Path):
    file = tmp_path / "page.html"
    main(["report", "com-2018-777", "--output", str(file), "--format", "csv"])
    assert file.read_text("utf-8").startswith("part,")


def test_text_in_a_file_does_not_depend_on_the_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    file = tmp_path / "page.txt"
    main(["report", "com-2018-777", "--output", str(file)])
    text = file.read_text("utf-8")
    assert max(map(len, text.splitlines())) <= 80
    assert ESCAPE not in text


def test_nothing_is_printed_when_a_file_is_written(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
):
    main(["report", "com-2018-777", "--output", str(tmp_path / "page.html")])
    assert capsys.readouterr() == ("", "")


def test_a_file_that_cannot_be_written_is_named(capsys: pytest.CaptureFixture[str], tmp_path: Path):
    file = tmp_path / "missing" / "page.html"
    assert main(["report", "com-2018-777", "--output", str(file)]) == 2
    err = capsys.readouterr().err
    assert err == f"thbstats report: {file}: No such file or directory\n"


def test_a_failure_without_a_file_is_told_too(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    def full(_text: str) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("thbstats.cli.output.write_output", full)
    assert main(["publications"]) == 2
    assert "No space left on device" in capsys.readouterr().err


def test_text_is_as_wide_as_the_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("COLUMNS", "120")
    main(["report", "com-2018-777"])
    widest = max(map(len, capsys.readouterr().out.splitlines()))
    assert 80 < widest <= 120


def test_colours_are_for_terminals_alone(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    main(["publications"])
    assert ESCAPE not in capsys.readouterr().out
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    main(["publications"])
    assert ESCAPE in capsys.readouterr().out


@pytest.mark.parametrize(("name", "value"), [("NO_COLOR", "1"), ("TERM", "dumb")])
def test_colours_can_be_declined(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, name: str, value: str
):
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    monkeypatch.setenv(name, value)
    main(["publications"])
    assert ESCAPE not in capsys.readouterr().out


def test_an_empty_no_color_declines_nothing(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    monkeypatch.setenv("NO_COLOR", "")
    main(["publications"])
    assert ESCAPE in capsys.readouterr().out


def test_a_stream_of_text_alone_is_written_to(monkeypatch: pytest.MonkeyPatch):
    stream = io.StringIO()
    monkeypatch.setattr("sys.stdout", stream)
    assert main(["publications"]) == 0
    assert "com-2018-777" in stream.getvalue()


def test_closed_pipe_gives_the_exit_code_of_its_signal(monkeypatch: pytest.MonkeyPatch):
    reading, writing = os.pipe()
    os.close(reading)
    with open(writing, "w", encoding="utf-8") as stream:
        monkeypatch.setattr("sys.stdout", stream)
        assert main(["formats"]) == 141
        monkeypatch.undo()


def test_an_audit_lists_statements_without_a_number_if_asked(capsys: pytest.CaptureFixture[str]):
    assert main(["audit", "com-2018-777"]) == 0
    folded = capsys.readouterr().out
    assert "106 qualitative statements not listed" in folded
    assert "iv-1-" not in folded
    assert "ii-1-other-share" in folded
    assert max(map(len, folded.splitlines())) <= 80
    assert main(["audit", "com-2018-777", "--all"]) == 0
    every = capsys.readouterr().out
    assert "not shown" not in every
    assert "iv-1-" in every
    for options, number in (([], 41), (["--all"], 147)):
        assert main(["audit", "com-2018-777", "--format", "json", *options]) == 0
        found = json.loads(capsys.readouterr().out)
        assert (len(found["claims"]), found["not_shown"]) == (number, 147 - number)
