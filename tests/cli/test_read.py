"""The commands about files: what they print, what they write, and how far they say they are."""

import json
import os
import re
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.sources.test_sdg import MALTA
from thbstats.cli import main, progress
from thbstats.sources import ALL, read
from thbstats.tables import CountTable, Dataset
from thbstats.values import Count

ESCAPE = "\x1b"


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "COLUMNS", "TERM"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def malta(tmp_path: Path) -> str:
    (tmp_path / "malta.csv").write_bytes(MALTA.data)
    return str(tmp_path / "malta.csv")


@pytest.fixture
def both(tmp_path: Path) -> str:
    """A file with tables of two kinds."""
    shared = {"area": "EU28", "period": "2015-2016"}
    victims = CountTable.from_rows([{"value": 20532}], kind="victims", **shared)
    justice = CountTable.from_rows(
        [{"value": 2927, "stage": "convicted"}], kind="justice", **shared
    )
    from thbstats.sources import write

    write(Dataset(victims=victims, justice=justice), tmp_path / "both.json")
    return str(tmp_path / "both.json")


def words(text: str) -> str:
    return " ".join(text.split())


# read


def test_the_tables_and_the_report_are_printed(capsys: pytest.CaptureFixture[str], malta: str):
    assert main(["read", malta, "--set", "area=MT"]) == 0
    out, err = capsys.readouterr()
    for figure in ("victims 15", "16 rows read, 15 used, 1 rejected", "NO_COUNT", "16.2.2"):
        assert figure in words(out)
    assert ESCAPE not in out
    assert err == ""


def test_colours_are_for_terminals_alone(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, malta: str
):
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    main(["read", malta, "--set", "area=MT"])
    assert ESCAPE in capsys.readouterr().out


def test_json_is_the_report_with_every_line(capsys: pytest.CaptureFixture[str], malta: str):
    assert main(["read", malta, "--set", "area=MT", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["read"], report["used"], report["rejected"]) == (16, 15, 1)
    assert report["problems"][0]["lines"] == [17]


def test_strict_ends_with_1_and_names_the_kinds_of_defect(
    capsys: pytest.CaptureFixture[str], malta: str
):
    assert main(["read", malta, "--set", "area=MT", "--strict"]) == 1
    out, err = capsys.readouterr()
    assert "NO_COUNT" in out
    assert err == "thbstats: 2 kinds of problem: NO_COUNT, PARTS_EXCEED_TOTAL\n"


def test_strict_without_defects_ends_with_0(capsys: pytest.CaptureFixture[str], tmp_path: Path):
    (tmp_path / "a.csv").write_text("area,period,value\nMT,2020,12\n")
    assert main(["read", str(tmp_path / "a.csv"), "--kind", "victims", "--strict"]) == 0
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "field 'area': must be passed, because the file does not contain the country"),
        (["--set", "area"], "--set must have the form NAME=CODE, got 'area'"),
        (["--set", "strict=1"], "--set must have the form NAME=CODE, got 'strict=1'"),
        (["--set", "area=Atlantis"], "must be a country or a composition"),
        (["--format", "tidi"], "Did you mean 'tidy'"),
        (["--declare", "nothing.toml"], "nothing.toml: No such file or directory"),
        (["--set", "area=MT", "--encoding", "latin-17"], "must be an encoding"),
    ],
)
def test_wrong_use_is_told_in_a_line_and_ends_with_2(
    capsys: pytest.CaptureFixture[str], malta: str, arguments: list[str], told: str
):
    assert main(["read", malta, *arguments]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert told in err
    assert err.count("\n") == 1


@pytest.mark.parametrize("wrong", [["read"], ["read", "a", "--kind", "crimes"], ["convert", "a"]])
def test_what_cannot_be_parsed_says_how(capsys: pytest.CaptureFixture[str], wrong: list[str]):
    assert main(wrong) == 2
    assert capsys.readouterr().err.startswith("usage: thbstats")


def test_a_file_that_is_not_there_is_named(capsys: pytest.CaptureFixture[str], tmp_path: Path):
    missing = str(tmp_path / "missing.csv")
    assert main(["read", missing]) == 2
    assert capsys.readouterr().err == f"thbstats read: {missing}: No such file or directory\n"


def test_a_folder_is_no_file(capsys: pytest.CaptureFixture[str], tmp_path: Path):
    assert main(["read", str(tmp_path)]) == 2
    assert "got a folder" in capsys.readouterr().err


def test_set_gives_numbers_and_sources_too(capsys: pytest.CaptureFixture[str], tmp_path: Path):
    (tmp_path / "a.csv").write_text("area,value\nMT,12\n")
    target = str(tmp_path / "b.csv")
    pairs = ["--set", "period=2020", "--set", "source=NSO Malta", "--set", "register=police"]
    assert main(["convert", str(tmp_path / "a.csv"), target, "--kind", "victims", *pairs]) == 0
    record = read(target).table.cell()
    assert (str(record.period), record.register, record.source.title) == (
        "2020",
        "police",
        "NSO Malta",
    )


# A declaration.


def declare(folder: Path, text: str) -> list[str]:
    (folder / "declared.toml").write_text(text, "utf-8")
    return ["--declare", str(folder / "declared.toml")]


DECLARED = """
kind = "victims"
ignored = ["Note"]
thousands = ","
[columns]
Year = "period"
Sex = "sex"
What = "*"
Count = "value"
[constants]
area = "MT"
[missing]
".." = "suppressed"
[recode.Sex]
W = "female"
[recode.What]
rate = "no count"
identified = { status = "identified" }
"""


def test_a_declaration_says_what_the_columns_are(tmp_path: Path):
    (tmp_path / "a.csv").write_text(
        'Year,Sex,What,Count,Note\n2020,W,identified,"1,234",\n2020,W,rate,2.5,x\n'
        "2021,W,identified,..,\n"
    )
    target = str(tmp_path / "b.csv")
    assert main(["convert", str(tmp_path / "a.csv"), target, *declare(tmp_path, DECLARED)]) == 0
    table = read(target).table
    assert table.count(period=2020, sex="female") == Count.known(1234)
    assert table.count(period=2021, sex="female") == Count.suppressed()
    assert table.cell(period=2020, sex="female").status == "identified"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("kind = ", "must be a declaration in TOML"),
        ("\xff", "must be a declaration in TOML"),
        ("a = " + "[" * 10_000, "must be a declaration in TOML"),
        ("#" * (2**20 + 1), "more than 1048576 bytes"),
        ("kynd = 'victims'", "Did you mean 'kind'"),
        ("kind = 3", "must be a text"),
        ("kind = 'crimes'", "must be a kind of table"),
        ("ignored = 'Note'", "must be a list of texts"),
        ("ignored = [1]", "must be a list of texts"),
        ("fewer_than_from = true", "must be an integer"),
        ("columns = ['Year']", "must be a table of texts"),
        ("[columns]\nYear = 3", "must be a table of texts"),
        ("[recode]\nSex = 'female'", "must be a table of texts"),
        ("[recode.Sex]\nW = 3", "must be a table of texts"),
        ("[recode.Sex]\nW = { sex = 3 }", "must be a table of texts"),
        ("[missing]\n'-' = 'lost'", "must be a reason"),
        ("repeated = 'all'", "must be 'conflicting', 'first' or 'last'"),
        ("columns = { Yeer = 'period' }", "must be a column of the file"),
    ],
)
def test_a_wrong_declaration_is_told(
    capsys: pytest.CaptureFixture[str], malta: str, tmp_path: Path, text: str, told: str
):
    (tmp_path / "declared.toml").write_bytes(text.encode("latin-1"))
    arguments = ["--declare", str(tmp_path / "declared.toml"), "--set", "area=MT"]
    assert main(["read", malta, *arguments]) == 2
    assert told in capsys.readouterr().err


# convert


@pytest.mark.parametrize("ending", ["csv", "json", "parquet"])
def test_what_was_read_is_written_and_both_reports_are_printed(
    capsys: pytest.CaptureFixture[str], malta: str, tmp_path: Path, ending: str
):
    if ending == "parquet":
        pytest.importorskip("pyarrow", exc_type=ImportError)
    target = str(tmp_path / f"out.{ending}")
    assert main(["convert", malta, target, "--set", "area=MT"]) == 0
    out = words(capsys.readouterr().out)
    assert "16 rows read, 15 used, 1 rejected" in out
    assert f"out.{ending}: 15 rows written" in out
    assert "reading the file returns an equal table" in out
    assert read(target).table == read(malta, area="MT").table


def test_a_format_that_is_named_is_written(malta: str, tmp_path: Path):
    target = tmp_path / "out.txt"
    assert main(["convert", malta, str(target), "--set", "area=MT", "--to", "tidy"]) == 0
    assert target.read_text("utf-8").startswith("table,area")


def test_strictly_nothing_is_written_where_something_is_odd(
    capsys: pytest.CaptureFixture[str], malta: str, tmp_path: Path
):
    target = tmp_path / "out.csv"
    assert main(["convert", malta, str(target), "--set", "area=MT", "--strict"]) == 1
    assert not target.exists()
    assert "NO_COUNT" in capsys.readouterr().out


def test_several_kinds_go_into_a_data_set_or_one_of_them_is_chosen(
    capsys: pytest.CaptureFixture[str], both: str, tmp_path: Path
):
    assert main(["convert", both, str(tmp_path / "all.json")]) == 0
    assert len(list(read(tmp_path / "all.json").data.tables())) == 2
    assert main(["convert", both, str(tmp_path / "one.csv"), "--kind", "justice"]) == 0
    assert read(tmp_path / "one.csv").table.kind == "justice"
    capsys.readouterr()
    assert main(["convert", both, str(tmp_path / "none.csv")]) == 2
    err = capsys.readouterr().err
    assert "--kind" in err
    assert "--kind with one of victims, justice" in err


def test_a_kind_that_a_file_does_not_hold_is_not_written(
    capsys: pytest.CaptureFixture[str], malta: str, tmp_path: Path
):
    assert main(["convert", malta, str(tmp_path / "a.csv"), "--set", "area=MT"]) == 0
    target = tmp_path / "b.csv"
    assert main(["convert", str(tmp_path / "a.csv"), str(target), "--kind", "justice"]) == 2
    assert (
        "must be a kind of count in a.csv, got 'justice'. The file contains victims"
        in capsys.readouterr().err
    )
    (tmp_path / "c.csv").write_text("area,period,value\nAtlantis,2020,1\n")
    for kind in (["--kind", "victims"], ["--set", "sex=female", "--kind", "victims"]):
        assert main(["convert", str(tmp_path / "c.csv"), str(target), *kind]) == 2
        assert "Check the rejected rows" in capsys.readouterr().err
    assert not target.exists()


def test_what_else_is_wrong_with_several_kinds_is_told_as_it_is(
    capsys: pytest.CaptureFixture[str], both: str, tmp_path: Path
):
    assert main(["convert", both, str(tmp_path / "a.csv"), "--to", "sdg"]) == 2
    assert "can be written" in capsys.readouterr().err


def test_formulas_are_neutralised_where_the_format_is_one_of_spreadsheets(
    capsys: pytest.CaptureFixture[str], malta: str, tmp_path: Path
):
    pairs = ["--set", "area=MT", "--set", "source==1+1", "--neutralise"]
    assert main(["convert", malta, str(tmp_path / "a.csv"), *pairs]) == 0
    assert "NEUTRALISED" in capsys.readouterr().out
    assert "'=1+1" in (tmp_path / "a.csv").read_text("utf-8")
    assert main(["convert", malta, str(tmp_path / "a.json"), *pairs]) == 2
    assert "must be an option" in capsys.readouterr().err


# formats


def test_the_formats_are_listed_with_what_they_hold(capsys: pytest.CaptureFixture[str]):
    assert main(["formats"]) == 0
    out = capsys.readouterr().out
    assert [name for one in ALL if (name := one.name.replace("_", "-")) not in out] == []


# Progress.


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> "Iterator[Terminal]":
    """The reader's end of a pseudo-terminal, and what makes standard error the other end.

    pytest puts standard error back between a fixture and its test, so the test does that.
    """
    pty = pytest.importorskip("pty")
    controller, other = pty.openpty()
    os.set_blocking(controller, False)
    monkeypatch.setenv("TERM", "xterm")
    with open(other, "w", encoding="utf-8") as stream:
        yield controller, lambda: monkeypatch.setattr(sys, "stderr", stream)
    os.close(controller)


Terminal = tuple[int, Callable[[], None]]


def formatted(controller: int) -> str:
    try:
        return os.read(controller, 1 << 20).decode()
    except BlockingIOError:
        return ""


def test_a_long_reading_shows_its_step_on_a_terminal_and_takes_it_away(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
):
    controller, take_stderr = terminal
    take_stderr()
    monkeypatch.setattr(progress, "DELAY", 0.01)
    with progress.shown_progress() as tell:
        tell("reading", 0.0)
        seen = _wait_for(controller, "reading")
        tell("mapping", 0.5)
        seen += _wait_for(controller, "mapping")
    assert "100%" not in seen
    assert formatted(controller).endswith(f"{ESCAPE}[2K")


def _wait_for(controller: int, word: str) -> str:
    seen = ""
    for _ in range(500):
        seen += formatted(controller)
        if word in seen:
            return seen
        time.sleep(0.01)
    raise AssertionError(f"{word} is not in {seen!r}")


def test_a_step_of_one_long_call_is_shown_too(terminal: Terminal, monkeypatch: pytest.MonkeyPatch):
    controller, take_stderr = terminal
    take_stderr()
    monkeypatch.setattr(progress, "DELAY", 0.01)
    with progress.shown_progress():
        assert _wait_for(controller, ESCAPE)


def test_a_short_reading_shows_nothing(terminal: Terminal, malta: str):
    controller, take_stderr = terminal
    take_stderr()
    assert main(["read", malta, "--set", "area=MT"]) == 0
    assert formatted(controller) == ""


def test_a_reading_that_ends_before_its_bar_is_made_shows_none(terminal: Terminal):
    controller, take_stderr = terminal
    take_stderr()
    bar = progress._Bar()
    bar.stop()
    bar.show()
    assert formatted(controller) == ""


def test_progress_without_rich_is_a_line_for_each_step(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
):
    controller, take_stderr = terminal
    take_stderr()
    monkeypatch.setitem(sys.modules, "rich", None)
    monkeypatch.setattr(progress, "DELAY", 0.01)
    with progress.shown_progress() as update:
        update("reading", 0.1)
        text = _wait_for(controller, "reading...")
        update("reading", 0.2)
        update("mapping", 0.5)
        text += _wait_for(controller, "mapping...")
    assert text.split() == ["reading...", "mapping..."]
    assert formatted(controller) == ""


def test_a_dumb_terminal_shows_nothing(terminal: Terminal, monkeypatch: pytest.MonkeyPatch):
    controller, take_stderr = terminal
    take_stderr()
    monkeypatch.setenv("TERM", "dumb")
    monkeypatch.setattr(progress, "DELAY", 0.0)
    with progress.shown_progress() as tell:
        tell("reading", 0.5)
        time.sleep(0.05)
    assert formatted(controller) == ""


def test_without_a_terminal_nothing_is_shown_however_long_it_takes(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(progress, "DELAY", 0.0)
    with progress.shown_progress() as tell:
        tell("reading", 0.5)
        time.sleep(0.05)
    assert capsys.readouterr() == ("", "")


def test_an_error_takes_the_bar_away(terminal: Terminal, monkeypatch: pytest.MonkeyPatch):
    controller, take_stderr = terminal
    take_stderr()
    monkeypatch.setattr(progress, "DELAY", 0.01)
    with suppress(ZeroDivisionError), progress.shown_progress() as tell:
        tell("reading", 0.1)
        _wait_for(controller, "reading")
        raise ZeroDivisionError
    assert re.search(rf"{ESCAPE}\[2K$", formatted(controller))


def test_hints_of_a_log_name_options(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    path = tmp_path / "a.csv"
    path.write_text("area,period,sex,value\nFR,2020,femal,5\nFR,2020,male,600*\n", "utf-8")
    main(["read", str(path), "--kind", "victims"])
    out = capsys.readouterr().out
    assert "pass --recode NAME:TEXT=CODE" in out
    assert "recode={" not in out
