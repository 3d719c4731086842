"""The commands read, convert and count, and their progress."""

import json
import os
import re
import sys
import time
import tomllib
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pandas as pd
import pytest

from tests.cli.running import Run
from tests.sources.test_sdg import MALTA
from thbstats.cli import output as command_output
from thbstats.files import read_declaration
from thbstats.sources import read, write
from thbstats.tables import CountTable, Dataset
from thbstats.values import Count

ESCAPE = "\x1b"


@pytest.fixture
def malta(tmp_path: Path) -> Path:
    (tmp_path / "malta.csv").write_bytes(MALTA.data)
    return tmp_path / "malta.csv"


@pytest.fixture
def both(tmp_path: Path) -> Path:
    """Return a file with tables of two kinds."""
    shared = {"area": "EU28", "period": "2015-2016"}
    victims = CountTable.from_rows([{"value": 20532}], kind="victims", **shared)
    rows = [{"value": 2927, "stage": "convicted"}]
    justice = CountTable.from_rows(rows, kind="justice", **shared)
    write(Dataset(victims=victims, justice=justice), tmp_path / "both.json")
    return tmp_path / "both.json"


# read


def test_tables_and_problems_of_a_file_are_printed(run: Run, malta: Path):
    outcome = run("read", malta, "--set", "area=MT")
    for figure in ("victims 15", "16 rows read, 15 used, 1 rejected (6.2%)", "No count", "16.2.2"):
        assert figure in outcome.words
    assert outcome.err == ""
    data = json.loads(run("read", malta, "--set", "area=MT", "--json").out)
    assert (data["read"], data["used"], data["rejected"]) == (16, 15, 1)
    assert data["problems"][0]["lines"] == [17]


def test_strict_reading_names_the_problems(run: Run, malta: Path, tmp_path: Path):
    outcome = run("read", malta, "--set", "area=MT", "--strict", status=1)
    assert "No count" in outcome.out
    assert outcome.err == "thbstats: 2 kinds of problem: NO_COUNT, PARTS_EXCEED_TOTAL\n"
    (tmp_path / "a.csv").write_text("area,period,value\nMT,2020,12\n")
    assert run("read", tmp_path / "a.csv", "--kind", "victims", "--strict").err == ""


def test_hints_of_a_log_name_options(run: Run, tmp_path: Path):
    path = tmp_path / "a.csv"
    path.write_text("area,period,sex,value\nFR,2020,femal,5\nFR,2020,male,600*\n", "utf-8")
    out = run("read", path, "--kind", "victims").out
    assert "Declare each text: recode in --declare FILE" in " ".join(out.split())
    assert "declare it: flags in --declare FILE" in " ".join(out.split())
    assert "recode={" not in out


# revisions


def test_two_releases_are_compared_and_strict_finds_a_pattern(run: Run, tmp_path: Path):
    context = {"area": "BG", "period": 2019}
    for name, women, men in (("old", 49, 322), ("new", 322, 49)):
        rows = [{"sex": "female", "value": women}, {"sex": "male", "value": men}]
        write(CountTable.from_rows(rows, kind="victims", **context), tmp_path / f"{name}.json")
    files = tmp_path / "old.json", tmp_path / "new.json"
    outcome = run("revisions", *files, "--strict", status=1)
    assert "the figures of female and male are exchanged" in outcome.words
    assert outcome.err == "thbstats: 1 pattern: permuted\n"
    assert run("revisions", files[0], files[0], "--strict").err == ""
    data = json.loads(run("revisions", *files, "--json").out)
    assert data["outcomes"]["revised"] == 2
    assert data["patterns"][0]["question"].startswith("Between 1 and 2, BG, 2019: the figures")
    page = tmp_path / "page.html"
    run("revisions", *files, "--output", page)
    assert "Questions to the publisher" in page.read_text("utf-8")
    run("revisions", *files, "--full", "--language", "de", "--output", page)
    german = page.read_text("utf-8")
    assert "Fragen an den Herausgeber" in german
    assert "Geänderte Zellen" in german
    assert "Cells" not in german
    assert "different" in run("revisions", *files, "--sources").out
    markdown = run("revisions", *files, "--format", "markdown").out
    assert [markdown.count(f"**{title}, 1 to 2**") for title in ("Revisions", "Patterns")] == [2, 1]


def test_order_and_complete_periods_of_releases_are_options(run: Run, tmp_path: Path):
    files = []
    for name, first, second in (("a", 70, 80), ("b", 72, 95), ("c", 74, 99)):
        files.append(tmp_path / f"{name}.csv")
        files[-1].write_text(f"area,period,value\nMT,2021,{first}\nMT,2022,{second}\n")
    command = ("revisions", *files, "--kind", "victims")
    refused = run(*command, status=2).err
    assert "`releases` must have release days, or an order" in refused
    assert "Pass --order given" in refused
    assert "4 revised" not in run(*command, "--order", "given", "--complete", "2021").out
    data = json.loads(run(*command, "--order", "given", "--complete", "2021", "--json").out)
    assert (data["outcomes"]["revised"], data["outcomes"]["growing"]) == (2, 2)
    each = [part for year in ("2021", "2022", "2022") for part in ("--complete", year)]
    data = json.loads(run(*command, "--order", "given", *each, "--json").out)
    assert (data["outcomes"]["revised"], data["outcomes"]["growing"]) == (3, 1)
    assert "two files or more" in run("revisions", files[0], status=2).err
    for option in (["--order", "given"], ["--complete", "2021"]):
        refused = run("revisions", *files[:2], "--kind", "victims", "--sources", *option, status=2)
        assert "must not be used with --sources" in refused.err
    assert "must be two sources" in run(*command, "--sources", status=2).err
    assert "must not be an input file" in run(*command, "--output", files[0], status=2).err


def test_kind_selects_a_table_of_each_release(run: Run, both: Path, tmp_path: Path):
    newer = tmp_path / "newer.json"
    newer.write_text(both.read_text("utf-8").replace("20532", "20533"), "utf-8")
    for options, kinds in (([], ["victims", "justice"]), (["--kind", "justice"], ["justice"])):
        data = json.loads(run("revisions", both, newer, *options, "--json").out)
        assert [row["kind"] for row in data["measures"]] == kinds
    refused = run("revisions", both, newer, "--kind", "protection", status=2).err
    assert "victims or justice" in refused
    page, table = tmp_path / "page.html", read(both).data.justice
    run("explore", both, "--kind", "justice", "--output", page)
    assert table is not None
    assert page.read_text("utf-8").strip() == table.to_page(title="both.json").strip()


def test_full_output_lists_every_changed_cell(run: Run, tmp_path: Path):
    for name, step in (("old", 0), ("new", 1)):
        rows = "".join(f"MT,{2000 + n},{100 + n + step}\n" for n in range(24))
        (tmp_path / f"{name}.csv").write_text(f"area,period,value\n{rows}")
    command = ("revisions", tmp_path / "old.csv", tmp_path / "new.csv", "--kind", "victims")
    assert "2023" not in run(*command).out
    out = run(*command, "--full").out
    assert all(str(2000 + n) in out for n in range(24))
    page = tmp_path / "page.html"
    run(*command, "--full", "--output", page)
    assert "Changed cells" in page.read_text("utf-8")


# lists


UK_LISTS = Path(__file__).parents[2] / "docs" / "_data" / "uk_2013_lists.csv"


def test_lists_begin_with_the_dependence_that_they_reject(run: Run, tmp_path: Path):
    command = ("lists", UK_LISTS, "--count", "count", "--complete", "--set", "area=UK")
    outcome = run(*command, "--odds-ratio", "1/3,3", "--level", "0.95")
    assert outcome.words.startswith("The lists reject every factor of dependence up to 2.07 at 95%")
    for text in ("2,744", "8,464 to 16,806", "10,545 to 29,036 within 10 BIC points"):
        assert text in outcome.words
    data = json.loads(run(*command, "--json").out)
    assert data["lists"] == ["LA", "NG", "PFNCA", "GO", "GP"]
    assert (data["smallest_factor"], data["hidden"]) == ("2.08", None)
    assert data["estimate"]["value"] is None
    assert len(data["models"]) == 1024
    assert round(data["ranges"][0]["lower"]) == 12262
    page = tmp_path / "page.html"
    run(*command, "--output", page)
    html = page.read_text("utf-8")
    assert "Persons on lists: LA, NG, PFNCA, GO, GP" in html
    assert "Estimates of models" in html
    run(*command, "--language", "de", "--output", page)
    german = page.read_text("utf-8")
    assert '<html lang="de">' in german
    assert "LA und NG" in german
    assert "Vereinigtes Königreich" in german
    assert " and " not in german.partition("<body")[2]
    markdown = run(*command, "--format", "markdown").out
    assert "**Distinct persons on the lists LA, NG" in markdown
    assert "**Log-linear models of 5 lists, United Kingdom" in markdown


def test_lists_with_unknown_histories_name_the_missing_results(run: Run):
    outcome = run("lists", UK_LISTS, "--count", "count")
    assert "at least 2,744" in outcome.words
    assert "Not calculated: estimates of models." in outcome.words
    assert "Pass --complete if histories without a row have no persons." in outcome.words


def test_suppressed_counts_and_referrals_of_lists_are_options(run: Run, tmp_path: Path):
    path = tmp_path / "lists.csv"
    path.write_text("police,ngo,persons\n1,0,40\n0,1,60\n1,1,c\n")
    command = ("lists", path, "--count", "persons", "--complete", "--missing", "c=suppressed")
    data = json.loads(run(*command, "--json").out)
    assert (data["distinct"]["bounds"]["lower"], data["models"]) == (100, None)
    path.write_text("police,ngo,persons\n1,0,40\n0,1,60\n1,1,20\n")
    outcome = run(*command, "--referred-from", "ngo=police")
    assert "that do not refer persons to each other" in outcome.words
    assert "No model has an estimate. Lists: 1 police, 2 ngo." in outcome.words


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--count", "cnt"], "`count` must be a column of the table"),
        (["--count", "count", "--set", "sex=female"], "must be the area or the period"),
        ([], "Pass --list COLUMN for the columns of lists, and --count VALUE"),
        (["--count", "count", "--complete", "--order", "9"], "Use --order 2"),
        (["--count", "count", "--complete", "--odds-ratio", "3,1/3"], "--odds-ratio LOW,HIGH"),
        (["--count", "count", "--complete", "--odds-ratio", "1,1"], "do not reject"),
        (["--count", "count", "--level", "0.9"], "--level must have the range --odds-ratio"),
        (["--count", "count", "--complete", "--referred-from", "NG"], "ngo=police"),
    ],
)
def test_wrong_options_of_lists_are_refused(options: list[str], message: str, run: Run):
    assert message in run("lists", UK_LISTS, *options, status=2).err


# collect


def test_earlier_return_is_part_of_the_quality(run: Run, tmp_path: Path):
    cases = tmp_path / "cases.csv"
    cases.write_text("year,sex\n2019,female\n2020,male\n2020,female\n")
    command = ("collect", "article-19a", f"a={cases}", "--area", "MT", "--column", "period=year")
    run(*command, "--period", "2019", "--output", tmp_path / "2019")
    options = ("--period", "2020", "--check", "--released", "2021-09-29", "--json")
    for previous, periods in ((["--previous", str(tmp_path / "2019")], 2), ([], 1)):
        quality = json.loads(run(*command, *options, *previous).out)["quality"]
        assert quality[0]["comparable_periods"] == periods


# convert


def test_constants_are_numbers_codes_and_sources(run: Run, tmp_path: Path):
    (tmp_path / "a.csv").write_text("area,value\nMT,12\n")
    pairs = ["--set", "period=2020", "--set", "source=NSO Malta", "--set", "register=police"]
    run("convert", tmp_path / "a.csv", tmp_path / "b.csv", "--kind", "victims", *pairs)
    record = read(tmp_path / "b.csv").table.cell()
    assert str(record.period) == "2020"
    assert (record.register, record.source.title) == ("police", "NSO Malta")


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


def test_declaration_describes_the_columns(run: Run, tmp_path: Path):
    (tmp_path / "a.csv").write_text(
        'Year,Sex,What,Count,Note\n2020,W,identified,"1,234",\n2020,W,rate,2.5,x\n'
        "2021,W,identified,..,\n"
    )
    (tmp_path / "declared.toml").write_text(DECLARED, "utf-8")
    files = tmp_path / "a.csv", tmp_path / "b.csv"
    run("convert", *files, "--declare", tmp_path / "declared.toml")
    table = read(tmp_path / "b.csv").table
    assert table.count(period=2020, sex="female") == Count.known(1234)
    assert table.count(period=2021, sex="female") == Count.suppressed()
    assert table.cell(period=2020, sex="female").status == "identified"


def test_declaration_in_json_equals_the_same_in_toml(run: Run, tmp_path: Path):
    content = tomllib.loads(DECLARED)
    (tmp_path / "declared.toml").write_text(DECLARED, "utf-8")
    (tmp_path / "declared.json").write_text(json.dumps(content), "utf-8")
    both = [read_declaration(tmp_path / f"declared.{end}") for end in ("toml", "json")]
    assert both[0] == both[1]
    assert both[0].recode["What"] == {"rate": None, "identified": {"status": "identified"}}


OWN = "Jahr;Opfer;Quelle\n2020;1 234 (p);x\n2021;45*;x\n"
OWN_COLUMNS = """
ignored = ["Quelle"]
[columns]
Jahr = "period"
Opfer = "value"
[flags]
"(p)" = "p"
"*" = "b"
[constants]
area = "MT"
"""


@pytest.mark.parametrize("end", ["toml", "json"])
def test_report_and_inference_read_a_file_by_its_declaration(run: Run, tmp_path: Path, end: str):
    content = tomllib.loads(OWN_COLUMNS)
    columns = tmp_path / f"columns.{end}"
    columns.write_text(OWN_COLUMNS if end == "toml" else json.dumps(content), "utf-8")
    own = tmp_path / "own.csv"
    own.write_text(OWN, "latin-1")
    options = ["--declare", columns, "--encoding", "latin-1"]
    report = run("report", own, *options, "--kind", "victims")
    assert "1,234" in report.words
    refused = run("report", own, "--kind", "victims", status=2).err
    assert "--declare own.toml" in refused
    inferred = run("infer", own, *options, "--what", "victims area=MT period=2021")
    assert "45" in inferred.words


@pytest.mark.parametrize("extension", ["csv", "json", "parquet"])
def test_converted_file_has_an_equal_table(run: Run, malta: Path, tmp_path: Path, extension: str):
    if extension == "parquet":
        pytest.importorskip("pyarrow", exc_type=ImportError)
    target = tmp_path / f"out.{extension}"
    out = run("convert", malta, target, "--set", "area=MT").words
    assert "16 rows read, 15 used, 1 rejected" in out
    assert f"out.{extension}: 15 rows written" in out
    assert "reading the file returns an equal table" in out
    assert read(target).table == read(malta, area="MT").table


def test_format_of_the_output_can_be_named(run: Run, malta: Path, tmp_path: Path):
    run("convert", malta, tmp_path / "out.txt", "--set", "area=MT", "--to", "tidy")
    assert (tmp_path / "out.txt").read_text("utf-8").startswith("table,area")


def test_structure_and_package_of_the_output(run: Run, malta: Path, tmp_path: Path):
    sdmx, structure = tmp_path / "sdmx.csv", tmp_path / "structure.xml"
    run("convert", malta, sdmx, "--set", "area=MT", "--to", "sdmx_csv", "--structure", structure)
    assert read(sdmx, structure=structure).table == read(malta, area="MT").table
    tidy, package = tmp_path / "tidy.csv", tmp_path / "datapackage.json"
    run("convert", malta, tidy, "--set", "area=MT", "--package", package)
    (resource,) = json.loads(package.read_text("utf-8"))["resources"]
    assert resource["path"] == "tidy.csv"
    err = run("convert", malta, tidy, "--set", "area=MT", "--structure", structure, status=2).err
    assert "structure" in err


def test_strict_conversion_with_problems_writes_nothing(run: Run, malta: Path, tmp_path: Path):
    target = tmp_path / "out.csv"
    assert "No count" in run("convert", malta, target, "--set", "area=MT", "--strict", status=1).out
    assert not target.exists()


def test_several_kinds_of_count(run: Run, both: Path, tmp_path: Path):
    run("convert", both, tmp_path / "all.json")
    assert len(list(read(tmp_path / "all.json").data.tables())) == 2
    run("convert", both, tmp_path / "one.csv", "--kind", "justice")
    assert read(tmp_path / "one.csv").table.kind == "justice"
    err = run("convert", both, tmp_path / "none.csv", status=2).err
    assert "--kind" in err
    assert "--kind with one of victims, justice" in err
    assert "can be written" in run("convert", both, tmp_path / "a", "--to", "sdg", status=2).err


def test_kind_that_a_file_does_not_contain(run: Run, malta: Path, tmp_path: Path):
    source, target, odd = (tmp_path / name for name in ("a.csv", "b.csv", "c.csv"))
    run("convert", malta, source, "--set", "area=MT")
    err = run("convert", source, target, "--kind", "justice", status=2).err
    assert "must be a kind of count in a.csv, got 'justice'. The file contains victims" in err
    odd.write_text("area,period,value\nAtlantis,2020,1\n")
    for kind in (["--kind", "victims"], ["--set", "sex=female", "--kind", "victims"]):
        assert "Check the rejected rows" in run("convert", odd, target, *kind, status=2).err
    assert not target.exists()


def test_formulas_are_neutralised_in_formats_of_spreadsheets(run: Run, malta: Path, tmp_path: Path):
    pairs = ["--set", "area=MT", "--set", "source==1+1", "--neutralise"]
    assert "NEUTRALISED" in run("convert", malta, tmp_path / "a.csv", *pairs).out
    assert "'=1+1" in (tmp_path / "a.csv").read_text("utf-8")
    err = run("convert", malta, tmp_path / "a.json", *pairs, status=2).err
    assert "must be an option" in err


# count

CASES = """gender,age,forms,is sexual,n,area
F,child,sexual;labour,1,2,MT
M,-99,labour,0,1,MT
,adult,,,3,IT
"""
RECODED = ["--column", "sex=gender", "--recode", "sex:F=female", "--recode", "sex:M=male"]
RECODED += ["--missing", "", "--missing", "-99", "--set", "period=2020"]
ALL = [*RECODED, "--set", "area=MT+IT"]
FLAG = ["--multi", "exploitation:sexual=is sexual"]


@pytest.fixture
def count(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """Return a function that counts cases and returns the words of the output."""
    # The newest pyarrow, which comes with the tests, refuses the oldest numpy.
    pytest.importorskip("pyarrow", exc_type=ImportError)
    monkeypatch.chdir(tmp_path)
    Path("cases.csv").write_text(CASES)

    def words(*options: str, file: str = "cases.csv") -> str:
        outcome = run("count", file, *options)
        assert outcome.err == ""
        return outcome.words

    return words


@pytest.mark.parametrize(
    ("options", "texts", "absent"),
    [
        (["--by", "sex", *ALL], ["total 3 female 1 male 1 unknown 1"], ""),
        (
            ["--by", "exploitation", "--multi", "exploitation=forms", *ALL],
            ["total 3 sexual 1 labour 2 unknown 1"],
            "",
        ),
        (["--by", "exploitation", *FLAG, *ALL], ["total 3 sexual 1 unknown 1"], ""),
        (
            ["--by", "exploitation", *FLAG, *ALL, "--no-value", ""],
            ["total 3 sexual 1 unknown 0"],
            "",
        ),
        (
            ["--by", "sex,age", "--weights", "n", "--totals", "none", *ALL],
            ["female child 2"],
            "total",
        ),
        (
            ["--by", "sex", "--where", "area=MT", *RECODED],
            ["Victims of trafficking, MT, 2020", "total 2 female 1 male 1"],
            "",
        ),
        (["--by", "sex,age", "--totals", "sex; age", *ALL], ["female total 1"], "female child"),
        (["--by", "sex", "--list-values", *ALL], ['"" nothing recorded 1'], ""),
    ],
)
def test_cases_are_counted(
    count: Callable[..., str], options: list[str], texts: list[str], absent: str
):
    out = count(*options)
    assert [text for text in texts if text not in out] == []
    assert not absent or absent not in out


def test_empty_cell_of_parquet_is_missing(count: Callable[..., str]):
    pa = pytest.importorskip("pyarrow", exc_type=ImportError)
    parquet = pytest.importorskip("pyarrow.parquet")
    parquet.write_table(pa.table({"gender": ["F", None, ""]}), "cases.parquet")
    assert "unknown 2" in count("--by", "sex", *ALL, file="cases.parquet")


@pytest.mark.parametrize("name", ["table.csv", "table.json"])
def test_counted_table_is_read_again(count: Callable[..., str], run: Run, name: str):
    assert count("--by", "sex", *ALL, "--out", name) == f"Wrote {name}"
    table = read(name).table
    assert [table.count(sex=sex).lower for sex in ("total", "female", "unknown")] == [3, 1, 1]
    form = name.rpartition(".")[2]
    out = run("count", "cases.csv", "--by", "sex", *ALL, "--format", form).out
    assert out == Path(name).read_text()
    assert form == "csv" or json.loads(out)["tables"][0]["rows"] == 4


# Progress


class Terminal:
    """The reading end of a pseudo-terminal."""

    def __init__(self, controller: int) -> None:
        self.controller = controller

    def read(self) -> str:
        try:
            return os.read(self.controller, 1 << 20).decode()
        except BlockingIOError:
            return ""

    def wait_for(self, text: str) -> str:
        """Return the output up to a text."""
        output = ""
        for _ in range(500):
            output += self.read()
            if text in output:
                return output
            time.sleep(0.01)
        raise AssertionError(f"{text} is not in {output!r}")


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], Terminal]]:
    """Return a function that makes standard error a terminal.

    pytest puts standard error back between a fixture and its test, so that the test calls it.
    """
    pty = pytest.importorskip("pty")
    controller, other = pty.openpty()
    os.set_blocking(controller, False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(command_output, "DELAY", 0.01)
    with open(other, "w", encoding="utf-8") as stream:

        def start() -> Terminal:
            monkeypatch.setattr(sys, "stderr", stream)
            return Terminal(controller)

        yield start
    os.close(controller)


def test_bar_shows_the_step_and_disappears(terminal: Callable[[], Terminal]):
    screen = terminal()
    with command_output.shown_progress() as update:
        output = screen.wait_for(ESCAPE)  # a first step can be one long call
        update("reading", 0.0)
        output += screen.wait_for("reading")
        update("mapping", 0.5)
        output += screen.wait_for("mapping")
    assert "100%" not in output
    assert screen.read().endswith(f"{ESCAPE}[2K")


def test_error_removes_the_bar(terminal: Callable[[], Terminal]):
    screen = terminal()
    with suppress(ZeroDivisionError), command_output.shown_progress() as update:
        update("reading", 0.1)
        screen.wait_for("reading")
        raise ZeroDivisionError
    assert re.search(rf"{ESCAPE}\[2K$", screen.read())


def test_progress_without_rich_is_a_line_for_each_step(
    terminal: Callable[[], Terminal], monkeypatch: pytest.MonkeyPatch
):
    screen = terminal()
    monkeypatch.setitem(sys.modules, "rich", None)
    with command_output.shown_progress() as update:
        update("reading", 0.1)
        output = screen.wait_for("reading...")
        update("reading", 0.2)
        update("mapping", 0.5)
        output += screen.wait_for("mapping...")
    assert output.split() == ["reading...", "mapping..."]
    assert screen.read() == ""


def test_short_reading_has_no_bar(
    run: Run, terminal: Callable[[], Terminal], monkeypatch: pytest.MonkeyPatch, malta: Path
):
    screen = terminal()
    monkeypatch.setattr(command_output, "DELAY", 1.0)
    run("read", malta, "--set", "area=MT")
    bar = command_output._Bar()
    bar.stop()
    bar.show()
    assert screen.read() == ""


def _wait_long() -> None:
    with command_output.shown_progress() as update:
        update("reading", 0.5)
        time.sleep(0.05)


def test_dumb_terminal_has_no_bar(
    terminal: Callable[[], Terminal], monkeypatch: pytest.MonkeyPatch
):
    screen = terminal()
    monkeypatch.setenv("TERM", "dumb")
    _wait_long()
    assert screen.read() == ""


def test_output_without_a_terminal_has_no_bar(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(command_output, "DELAY", 0.0)
    _wait_long()
    assert capsys.readouterr() == ("", "")


def test_suggested_declaration_is_toml_that_reads_the_file(run: Run, tmp_path: Path):
    own, columns = tmp_path / "own.csv", tmp_path / "own.toml"
    own.write_text("Jahr;Geschlecht;Opfer\n2020;Frauen;12\n2020;Männer;..\n", "utf-8")
    refused = run("read", own, status=2).err
    assert "Save these 4 lines as own.toml" in refused
    assert "Then pass --declare own.toml" in refused
    columns.write_text(run("read", own, "--suggest", "--set", "area=MT").out, "utf-8")
    assert "2 rows read, 2 used" in run("read", own, "--declare", columns).words
    assert "2 rows read, 2 used" in run("read", own, "--set", "area=MT").words


def test_worksheet_and_cells_are_selected(run: Run, tmp_path: Path):
    pytest.importorskip("xlsxwriter")
    own = tmp_path / "own.xlsx"
    with pd.ExcelWriter(own, engine="xlsxwriter") as book:
        for year in (2020, 2021):
            frame = pd.DataFrame({"area": ["BE", "FR"], "period": year, "victims": [10, 20]})
            frame.to_excel(book, sheet_name=str(year), index=False)
    assert "4 rows read, 4 used" in run("read", own).words
    assert "2 rows read, 2 used" in run("read", own, "--sheet", "2021").words
    selected = run("read", own, "--sheet", "1", "--range", "A1:C2").words
    assert "1 row read, 1 used" in selected
    assert "'2021' ignored by request" in selected


def test_list_of_cases_with_ages_and_several_rows(count: Callable[..., str], tmp_path: Path):
    text = "id,age,form\n1,16,sexual\n1,16,labour\n2,34,labour\n3,,\n"
    (tmp_path / "list.csv").write_text(text, "utf-8")
    options = ["--ages", "age", "--person", "id", "--multi", "exploitation=form", "--missing", ""]
    constant = ["--set", "area=MT", "--set", "period=2020"]
    words = count("--by", "age,exploitation", *options, *constant, file="list.csv")
    for row in ("total total 3", "child total 1", "total labour 2", "unknown unknown 1"):
        assert row in words


BIRTHS = "born,registered\n2005-03-01,2022-05-01\n2004-12-31,2022-12-30\n,2022-02-01\n"


@pytest.mark.parametrize(
    ("event", "children", "adults"), [("2022-12-31", 1, 1), ("registered", 2, 0)]
)
def test_dates_of_birth_give_the_age_at_a_day(
    count: Callable[..., str], tmp_path: Path, event: str, children: int, adults: int
):
    (tmp_path / "list.csv").write_text(BIRTHS, "utf-8")
    options = ["--birth", "born", "--age-at", f"at_registration={event}", "--missing", ""]
    constant = ["--set", "area=MT", "--set", "period=2022"]
    words = count("--by", "age", *options, *constant, file="list.csv")
    rows = [f"child {children}", *[f"adult {adults}"] * (adults > 0), "unknown 1"]
    assert f"total 3 {' '.join(rows)}" in words


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        (["--birth", "born"], "--birth must be used together with --age-at"),
        (["--age-at", "at_entry=2022-12-31"], "--birth must be used together with --age-at"),
        (["--birth", "born", "--age-at", "2022-12-31"], "--age-at must have the form NAME=VALUE"),
        (
            ["--birth", "born", "--age-at", "at_entry=2022-12-31", "--ages", "born"],
            "--birth must not be used with --ages",
        ),
    ],
)
def test_date_of_birth_needs_one_reference(
    run: Run, tmp_path: Path, options: list[str], problem: str
):
    (path := tmp_path / "list.csv").write_text(BIRTHS, "utf-8")
    constant = ["--set", "area=MT", "--set", "period=2022"]
    assert problem in run("count", path, "--by", "age", *options, *constant, status=2).err


def test_explore_writes_the_page_of_a_file(run: Run, malta: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    options = ["--set", "area=MT", "--title", "Victims <in> Malta", "--language", "de"]
    assert run("explore", str(malta), *options, "--output", str(page)).status == 0
    assert '<html lang="de">' in page.read_text("utf-8")
    assert "<h1>Victims &lt;in&gt; Malta</h1>" in page.read_text("utf-8")
