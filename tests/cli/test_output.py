"""Output of commands: formats, files, terminals, streams and exit codes."""

import csv
import io
import json
import os
import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.running import Run
from tests.reports.made import claim, report, share
from thbstats.cli import main
from thbstats.publications import com_2018_777
from thbstats.sources import ALL

ROOT = Path(__file__).parents[2]
GLOTIP = ROOT / "docs" / "_data" / "glotip_eu_2015_2016.csv"
PERCENTAGES = ROOT / "docs" / "_data" / "eu_percentages.csv"
REPORT = ["report", "com-2018-777"]
UK = ["infer", "com-2018-777", "--what", "victims area=UK exploitation=labour"]
ESCAPE = "\x1b"


def test_report_is_printed_as_text(run: Run):
    outcome = run(*REPORT)
    for figure in ("0.49", "47.5%", "17,273 to", "17,583", "+9 pp (+8 to +10)", "not a rate"):
        assert figure in outcome.words
    assert outcome.out.endswith("\n")
    assert outcome.err == ""


@pytest.mark.parametrize("name", ["com_2018_777", "COM-2018-777", "com-2018_777"])
def test_id_has_hyphens_or_underscores(run: Run, name: str):
    publication = json.loads(run("report", name, "--format", "json").out)["publication"]
    assert publication["id"] == "com_2018_777"


@pytest.mark.parametrize("arguments", [REPORT, ["audit", "com-2018-777", "--all"]])
def test_json_has_every_claim(run: Run, arguments: list[str]):
    claims = json.loads(run(*arguments, "--format", "json").out)["claims"]
    assert [claim["id"] for claim in claims] == [claim.id for claim in com_2018_777().claims]
    assert all({"id", "section", "printed", "verdict", "message"} <= set(item) for item in claims)


def test_csv_has_a_row_per_line(run: Run):
    text = run(*REPORT, "--format", "csv").out
    assert text.startswith("part,id,")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert {row["part"] for row in rows} == {"indicator", "comparison", "claim"}


def test_help_and_version_are_successful(run: Run):
    run("--help")
    assert re.search(r"^thbstats \d+\.\d+", run("--version").out, re.MULTILINE)


def test_publications_are_listed_with_hyphens(run: Run):
    out = run("publications").out
    assert "com-2018-777" in out
    assert "147" in out


def test_formats_are_listed(run: Run):
    out = run("formats").out
    assert [known.name for known in ALL if known.name.replace("_", "-") not in out] == []


# --strict


def test_strict_report_names_the_issues(run: Run):
    outcome = run(*REPORT, "--strict", status=1)
    assert "Quote only with its reservation" in outcome.out
    assert re.match(r"thbstats: \d+ issues: ", outcome.err)
    assert "ii-1-other-share" in outcome.err


@pytest.mark.parametrize(
    ("item", "status", "err"),
    [
        (claim("some", wording="many victims"), 0, ""),
        (
            share("few", "18%", wording="around a quarter", category={"sex": "male"}),
            1,
            "thbstats: 1 issue: few\n",
        ),
    ],
)
def test_strict_report_of_one_claim(
    run: Run, monkeypatch: pytest.MonkeyPatch, item: object, status: int, err: str
):
    def single():
        return report(item)

    monkeypatch.setattr("thbstats.publications.ALL", (single,))
    assert run("report", "single", "--strict", status=status).err == err


def test_strict_report_names_the_problems_of_a_file(run: Run, tmp_path: Path):
    odd = tmp_path / "odd.csv"
    odd.write_text("table,area,period,status,value\nvictims,MT,2020,detected,-1\n", "utf-8")
    assert "1 issue: " in run("report", odd, "--strict", status=1).err
    run("report", GLOTIP, "--strict")


# Files


@pytest.mark.parametrize(
    ("name", "options", "start"),
    [
        ("page.html", [], "<!doctype html>"),
        ("page.md", [], "European Commission"),
        ("page.JSON", [], "{"),
        ("page.csv", [], "part,id,"),
        ("page.txt", [], "European Commission"),
        ("page", [], "European Commission"),
        ("page.html", ["--format", "csv"], "part,id,"),
    ],
)
def test_extension_or_format_selects_the_output(
    run: Run, tmp_path: Path, name: str, options: list[str], start: str
):
    outcome = run(*REPORT, "--output", tmp_path / name, *options)
    text = (tmp_path / name).read_text("utf-8")
    assert text.startswith(start)
    assert text.endswith("\n")
    assert not text.endswith("\n\n")
    assert (outcome.out, outcome.err) == (f"Wrote {tmp_path / name}\n", "")


@pytest.mark.parametrize(
    ("form", "start"), [("markdown", "European Commission"), ("html", "<!doctype html>")]
)
def test_formats_are_printed(run: Run, form: str, start: str):
    assert run(*REPORT, "--format", form).out.startswith(start)


def test_text_in_a_file_does_not_depend_on_the_terminal(
    run: Run, on_terminal: Callable[[], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("COLUMNS", "200")
    on_terminal()
    run(*REPORT, "--output", tmp_path / "page.txt")
    text = (tmp_path / "page.txt").read_text("utf-8")
    assert max(map(len, text.splitlines())) <= 80
    assert ESCAPE not in text


def test_workbook_is_written_by_extension_or_format(run: Run, tmp_path: Path):
    run(*REPORT, "--output", tmp_path / "a.xlsx")
    run(*REPORT, "--output", tmp_path / "b", "--format", "xlsx")
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b").read_bytes()
    assert (tmp_path / "b").read_bytes().startswith(b"PK")


@pytest.mark.parametrize("extension", ["xlsx", "html", "csv"])
def test_missing_folder_is_named(run: Run, extension: str) -> None:
    if extension == "xlsx":
        pytest.importorskip("xlsxwriter")
    path = os.path.join("none", f"report.{extension}")
    err = run("report", "com-2020-661", "--output", path, status=2).err
    assert err.startswith(f"thbstats report: No folder 'none' for 'report.{extension}'. Create")


# Counts as the subject of a report


def test_report_on_a_file_of_counts(run: Run, tmp_path: Path):
    out = run("report", GLOTIP).out
    assert "Criminal justice counts, 24 countries, 2015 to 2016" in out
    assert "A conviction rate of 21 to 23%" in out
    run("convert", GLOTIP, tmp_path / "counts.json")
    assert "Criminal justice counts" in run("report", tmp_path / "counts.json").out


def test_report_takes_metadata_that_a_file_lacks(run: Run, tmp_path: Path):
    path = tmp_path / "made.csv"
    path.write_text("period,status,value\n2020,detected,12\n", encoding="utf-8")
    run("report", path, status=2)
    out = run("report", path, "--kind", "victims", "--set", "area=MT").out
    assert "Victims of trafficking, Malta, 2020" in out


# Number style and language


@pytest.mark.parametrize("form", ["text", "markdown", "html"])
def test_report_has_the_number_style(run: Run, form: str):
    plain = run(*REPORT, "--format", form).out
    eurostat = run(*REPORT, "--format", form, "--style", "eurostat").out
    assert "20,532" in plain
    assert re.search(r"20\s532", eurostat)
    assert ("20,532" in eurostat) is (form == "html")  # sentences of the annex
    assert run(*REPORT, "--format", form, "--style", "plain").out == plain


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (["read", GLOTIP], "justice"),
        (["report", GLOTIP], "418 to 430"),
        (UK, "2,666 to 2,865"),
        (["audit", "com-2018-777", "--issues"], "Claim"),
        (["audit", PERCENTAGES], "%"),
    ],
)
def test_commands_take_a_number_style(run: Run, arguments: list[object], text: str):
    assert text in run(*arguments, "--style", "gss").out


def test_labels_of_tables_are_translated(run: Run, tmp_path: Path):
    cases = tmp_path / "cases.csv"
    cases.write_text("sex\n" + "female\n" * 1200 + "male\n", encoding="utf-8")
    constants = ["--set", "area=MT", "--set", "period=2020", "--set", "status=registered"]
    text = run("count", cases, "--by", "sex", *constants, "--language", "fr", "--style", "gss").out
    assert "Femmes" in text
    assert "1,200" in text


# Terminals


def test_text_is_as_wide_as_the_terminal(run: Run, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("COLUMNS", "120")
    assert 80 < max(map(len, run(*REPORT).out.splitlines())) <= 120


@pytest.mark.parametrize("environment", [{}, {"NO_COLOR": ""}, {"NO_COLOR": "1"}, {"TERM": "dumb"}])
@pytest.mark.parametrize("arguments", [["publications"], ["read", GLOTIP]])
def test_colors_are_for_terminals(
    run: Run,
    on_terminal: Callable[[], None],
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[object],
    environment: dict[str, str],
):
    piped = run(*arguments).out
    assert ESCAPE not in piped
    on_terminal()
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    has_colors = environment in ({}, {"NO_COLOR": ""})
    assert (ESCAPE in run(*arguments).out) is has_colors
    monkeypatch.setitem(sys.modules, "rich", None)
    assert run(*arguments).out == piped


@pytest.mark.parametrize("arguments", [REPORT, ["audit", "com-2018-777"]])
def test_terminal_without_rich_shows_the_plain_text(
    run: Run, on_terminal: Callable[[], None], monkeypatch: pytest.MonkeyPatch, arguments: list[str]
):
    piped = run(*arguments).out
    on_terminal()
    assert run(*arguments).out != piped
    monkeypatch.setitem(sys.modules, "rich", None)
    assert run(*arguments).out == piped


# Streams and exit codes


def test_output_without_a_buffer_is_written(monkeypatch: pytest.MonkeyPatch):
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


def test_streams_can_be_missing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    command = ["audit", "com-2018-777", "--strict", "--format", "json", "--output"]
    monkeypatch.setattr("sys.stdout", None)
    assert main([*command, str(tmp_path / "a.json")]) == 1
    assert re.match(r"thbstats: \d+ issues: ", capsys.readouterr().err)
    monkeypatch.setattr("sys.stderr", None)
    assert main(["read", str(tmp_path / "none.csv")]) == 2
    assert main([*command, str(tmp_path / "a.json")]) == 1
    assert main(["formats"]) == 2


@pytest.mark.parametrize(
    ("error", "status", "message"),
    [
        (KeyboardInterrupt(), 130, "thbstats formats: interrupted\n"),
        (KeyboardInterrupt(15), 143, "thbstats formats: ended\n"),
        (MemoryError(), 2, "thbstats formats: not enough memory"),
        (BrokenPipeError(32, "Broken pipe"), 141, ""),
        (OSError(28, "No space left on device"), 2, "thbstats formats: No space left on device\n"),
    ],
)
def test_error_that_ends_a_command_is_one_line(
    run: Run, monkeypatch: pytest.MonkeyPatch, error: BaseException, status: int, message: str
) -> None:
    def fail(*_arguments: object) -> bool:
        raise error

    for function in ("output.write_output", "entry_point.run"):
        monkeypatch.setattr(f"thbstats.cli.{function}", fail)
        outcome = run("formats", status=status)
        assert outcome.out == ""
        assert outcome.err.startswith(message)
        assert outcome.err.count("\n") == bool(message)
