"""What people read: house styles, languages, rich text on a terminal, plain text elsewhere."""

import os
import re
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from thbstats.cli import main
from thbstats.cli.terminal_text import rich_text
from thbstats.display import Cell, Column, DisplayTable, Group, Page, PageSection, Row, to_text
from thbstats.publications import com_2018_777
from thbstats.reports import report

ROOT = Path(__file__).parents[2]
GLOTIP = str(ROOT / "docs" / "_data" / "glotip_eu_2015_2016.csv")
REPORT = ["report", "com-2018-777"]
CODES = re.compile(r"\x1b\[[0-9;]*m")
_SET = ("NO_COLOR", "COLUMNS")
UK = ["infer", "com-2018-777", "--what", "victims area=UK exploitation=labour"]


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "COLUMNS", "TERM"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="module")
def page() -> Page:
    return report(com_2018_777()).page


def out_of(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(list(arguments)) == 0
    return capsys.readouterr().out


def bare(text: str) -> str:
    return CODES.sub("", text)


# NumberStyle styles and languages


@pytest.mark.parametrize("form", ["text", "markdown", "html"])
def test_a_report_is_printed_in_the_style_that_is_asked_for(
    capsys: pytest.CaptureFixture[str], form: str
):
    plain = out_of(capsys, *REPORT, "--format", form)
    eurostat = out_of(capsys, *REPORT, "--format", form, "--style", "eurostat")
    assert "20,532" in plain
    assert re.search(r"20\s532", eurostat)
    assert ("20,532" in eurostat) is (form == "html")  # sentences of the annex


def test_without_a_style_everything_is_as_in_the_plain_one(capsys: pytest.CaptureFixture[str]):
    assert out_of(capsys, *REPORT) == out_of(capsys, *REPORT, "--style", "plain")


@pytest.mark.parametrize(
    ("arguments", "styled"),
    [
        (["read", GLOTIP], "justice"),
        (["report", GLOTIP], "418 to 430"),
        (UK, "2,666 to 2,865"),
        (["audit", "com-2018-777", "--issues"], "Claim"),
        (["audit", str(ROOT / "docs" / "_data" / "eu_percentages.csv")], "%"),
    ],
)
def test_commands_for_people_take_a_style(
    capsys: pytest.CaptureFixture[str], arguments: list[str], styled: str
):
    assert styled in out_of(capsys, *arguments, "--style", "gss")


def test_words_of_tables_are_in_the_language_that_is_asked_for(capsys: pytest.CaptureFixture[str]):
    text = out_of(capsys, *REPORT, "--language", "de")
    assert "Verurteilt" in text
    assert "Convicted" not in text


def test_counted_cases_are_said_in_a_language(capsys: pytest.CaptureFixture[str], tmp_path: Path):
    cases = tmp_path / "cases.csv"
    cases.write_text("sex\n" + "female\n" * 1200 + "male\n", encoding="utf-8")
    asked = ["count", str(cases), "--by", "sex", "--set", "area=MT", "--set", "period=2020"]
    asked += ["--set", "status=registered"]
    text = out_of(capsys, *asked, "--language", "fr", "--style", "gss")
    assert "Femmes" in text
    assert "1,200" in text


@pytest.mark.parametrize("option", [["--style", "gss"], ["--language", "fr"]])
@pytest.mark.parametrize(
    "arguments",
    [
        [*REPORT, "--format", "json"],
        [*REPORT, "--format", "csv"],
        [*REPORT, "--output", "report.xlsx"],
        [*REPORT, "--output", "report.csv"],
        ["audit", "com-2018-777", "--format", "json"],
        ["audit", str(ROOT / "docs" / "_data" / "eu_percentages.csv"), "--format", "json"],
        [*UK, "--format", "json"],
        ["read", GLOTIP, "--json"],
        ["count", "cases.csv", "--format", "csv"],
    ],
)
def test_what_programs_read_has_neither_style_nor_language(
    capsys: pytest.CaptureFixture[str], arguments: list[str], option: list[str]
):
    assert main([*arguments, *option]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "must not be used with" in err
    assert option[0] in err


def test_a_style_or_language_that_does_not_exist_is_told(capsys: pytest.CaptureFixture[str]):
    assert main([*REPORT, "--style", "gs"]) == 2
    assert "Did you mean 'gss'" in capsys.readouterr().err
    assert main([*REPORT, "--language", "it"]) == 2
    assert "must be a language with labels" in capsys.readouterr().err


# Files


def test_a_report_on_counts_is_written_from_a_file(capsys: pytest.CaptureFixture[str]):
    text = out_of(capsys, "report", GLOTIP)
    assert "Counts of justice, 24 areas, 2015 to 2016" in text
    assert "0.22 to 0.23" in text


def test_json_of_counts_is_told_from_claims(capsys: pytest.CaptureFixture[str], tmp_path: Path):
    made = tmp_path / "counts.json"
    assert main(["convert", GLOTIP, str(made)]) == 0
    capsys.readouterr()
    assert "Counts of justice" in out_of(capsys, "report", str(made))


def test_what_a_file_of_counts_leaves_open_is_said(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
):
    made = tmp_path / "made.csv"
    made.write_text("period,status,value\n2020,detected,12\n", encoding="utf-8")
    assert main(["report", str(made)]) == 2
    capsys.readouterr()
    said = out_of(capsys, "report", str(made), "--kind", "victims", "--set", "area=MT")
    assert "Counts of victims, MT, 2020" in said


@pytest.mark.parametrize("option", [["--kind", "victims"], ["--set", "area=MT"]])
def test_a_publication_leaves_nothing_open(capsys: pytest.CaptureFixture[str], option: list[str]):
    assert main([*REPORT, *option]) == 2
    assert f"{option[0]} must" in capsys.readouterr().err


def test_strictness_names_the_defects_of_a_file(capsys: pytest.CaptureFixture[str], tmp_path: Path):
    odd = tmp_path / "odd.csv"
    odd.write_text("table,area,period,status,value\nvictims,MT,2020,detected,-1\n", "utf-8")
    assert main(["report", str(odd), "--strict"]) == 1
    assert "1 issue: " in capsys.readouterr().err
    assert main(["report", GLOTIP, "--strict"]) == 0


def test_a_workbook_needs_a_file(capsys: pytest.CaptureFixture[str], tmp_path: Path):
    assert main([*REPORT, "--format", "xlsx"]) == 2
    assert "--output report.xlsx" in capsys.readouterr().err
    assert main([*REPORT, "--output", str(tmp_path / "a.xlsx")]) == 0
    assert main([*REPORT, "--output", str(tmp_path / "b"), "--format", "xlsx"]) == 0
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b").read_bytes()
    assert (tmp_path / "b").read_bytes().startswith(b"PK")


def test_pictures_are_there_when_they_are_asked_for(capsys: pytest.CaptureFixture[str]):
    assert "<img" not in out_of(capsys, *REPORT, "--format", "html")
    assert "<img" in out_of(capsys, *REPORT, "--format", "html", "--charts")


@pytest.mark.parametrize(
    ("arguments", "endings"),
    [
        ([*REPORT, "--output", "report.pdf"], ".md, .html, .json, .csv, .xlsx"),
        (["audit", "com-2018-777", "--output", "audit.csv"], ".txt, .md, .html, .json"),
        (["count", "cases.csv", "--output", "cases.html"], ".txt, .csv, .json"),
    ],
)
def test_an_ending_that_says_no_format_of_the_command_is_told_with_those_that_do(
    capsys: pytest.CaptureFixture[str], arguments: list[str], endings: str
):
    assert main(arguments) == 2
    err = capsys.readouterr().err
    assert endings in err
    assert arguments[-1] in err
    assert not Path(arguments[-1]).exists()


def test_what_stands_in_the_columns_is_text(capsys: pytest.CaptureFixture[str]):
    assert main(["count", "cases.csv", "--seen", "--format", "json"]) == 2
    assert "Remove --format or --seen" in capsys.readouterr().err


# Rich text


@pytest.mark.parametrize("width", [40, 60, 80, 120, 200])
def test_no_line_is_wider_than_the_terminal(page: Page, width: int):
    assert max(map(len, bare(rich_text([page], width)).splitlines())) <= width


@pytest.mark.parametrize("width", [60, 80, 120])
def test_rich_text_says_every_word_of_the_plain_text(page: Page, width: int):
    def said(text: str) -> list[str]:
        return sorted(re.findall(r"\w+", text))

    assert said(bare(rich_text([page], width))) == said(to_text(page, width))


def test_tones_have_colours_and_marks():
    sheet = DisplayTable(
        caption="Tones", columns=["a"], rows=[[Cell(tone, tone=tone)] for tone in ("good", "bad")]
    )
    text = rich_text([sheet], 80)
    assert "\x1b[32m✓ good" in text
    assert "\x1b[1;31m✗ bad" in text


def test_bars_of_one_table_have_one_length_and_say_what_is_only_possible():
    rows = [
        [Cell("50.0% to 75.0%", bar=(0.5, 0.75)), Cell("a long figure of 25%", bar=(0.25, 0.25))]
    ]
    sheet = DisplayTable(caption="", columns=["x", Column("y", "right")], rows=rows)
    *_, bars, _rule = bare(rich_text([sheet], 80)).splitlines()
    first, second = bars.split()
    assert first == "━" * 7 + "╍" * 4 + "┈" * 3
    assert second == "━" * 4 + "┈" * 10


def test_a_narrow_column_has_no_bar():
    sheet = DisplayTable(caption="", columns=["x"], rows=[[Cell("50%", bar=(0.5, 0.5))]])
    assert "━" not in rich_text([sheet], 80)


def test_totals_groups_and_notes_are_set_apart():
    sheet = DisplayTable(
        caption="Flow",
        columns=["stage", Column("n", "right")],
        rows=[Group("One"), ["a", "1"], Group("Two"), Row(["all", "2"], total=True)],
        notes=["A note."],
    )
    text = rich_text([sheet], 80)
    assert "\x1b[1;36mOne" in text
    assert re.search(r"\x1b\[1mall", text)
    assert "\x1b[2mA note." in text


def test_markup_and_codes_in_texts_stay_texts():
    sheet = DisplayTable(caption="[bold]x[/bold]", columns=[":smile:"], rows=[["\x1b[31mred"]])
    text = bare(rich_text([sheet], 80))
    assert "[bold]x[/bold]" in text
    assert ":smile:" in text
    assert "\x1b[31mred" not in rich_text([sheet], 80)


def test_an_empty_sheet_and_an_empty_page_are_said():
    assert "no rows" in rich_text([DisplayTable(caption="", columns=["a"], rows=[])], 80)
    assert bare(rich_text([Page(title="T", sections=[PageSection(heading="S")])], 80)).startswith(
        "T\n"
    )


@pytest.fixture
def terminal():
    """Return what a command writes to a terminal of some width."""
    if sys.platform == "win32":
        pytest.skip("needs a pseudo-terminal")
    import fcntl
    import pty
    import termios

    def run(*arguments: str, columns: int = 100, **environment: str) -> str:
        controller, end = pty.openpty()
        fcntl.ioctl(end, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
        kept = {
            name: text for name, text in os.environ.items() if name not in ("NO_COLOR", "COLUMNS")
        }
        done = subprocess.Popen(
            [sys.executable, "-m", "thbstats", *arguments],
            stdin=end,
            stdout=end,
            env=kept | {"TERM": "xterm-256color"} | environment,
        )
        os.close(end)
        seen = b""
        try:
            while piece := os.read(controller, 65536):
                seen += piece
        except OSError:  # Linux says so when the other end is closed
            pass
        os.close(controller)
        assert done.wait(timeout=120) == 0
        return seen.decode().replace("\r\n", "\n")

    return run


def test_a_terminal_shows_rich_text_as_wide_as_it_is(terminal):
    wide, narrow = (terminal(*REPORT, columns=columns) for columns in (110, 60))
    assert "\x1b[" in wide
    assert 80 < max(map(len, bare(wide).splitlines())) <= 110
    assert max(map(len, bare(narrow).splitlines())) <= 60


def test_columns_say_how_wide_a_terminal_is(terminal):
    text = terminal("publications", columns=200, COLUMNS="70")
    assert max(map(len, bare(text).splitlines())) <= 70


@pytest.fixture(scope="module")
def piped() -> str:
    """Return what a pipe gets, and below it the modules of rich that were loaded."""
    code = (
        "import sys; from thbstats.cli import main; main(['publications']);"
        "print([name for name in sys.modules if name.partition('.')[0] == 'rich'])"
    )
    environment = {name: value for name, value in os.environ.items() if name != "COLUMNS"}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, env=environment
    )
    return done.stdout.decode()


@pytest.mark.parametrize("declined", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_a_terminal_whose_user_declines_colours_gets_the_plain_text(
    terminal, piped: str, declined: dict[str, str]
):
    text = terminal("publications", columns=80, **declined)
    assert "\x1b" not in text
    assert text + "[]\n" == piped


@pytest.mark.parametrize("arguments", [REPORT, ["publications"], ["audit", "com-2018-777"]])
def test_terminal_without_rich_shows_the_plain_text(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, arguments: list[str]
):
    piped_text = out_of(capsys, *arguments)
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    assert out_of(capsys, *arguments) != piped_text
    monkeypatch.setitem(sys.modules, "rich", None)
    assert out_of(capsys, *arguments) == piped_text


def test_rich_is_loaded_for_terminals_alone(piped: str):
    assert piped.endswith("\n[]\n")
