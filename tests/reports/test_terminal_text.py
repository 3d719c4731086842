"""Rich text on a terminal."""

import os
import re
import struct
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from threading import Thread

import pytest

from tests.reports.made import reference
from thbstats.cli import main
from thbstats.display import Cell, Column, DisplayTable, Group, Page, PageSection, Row, to_text
from thbstats.display.text import colored_text
from thbstats.reports import report

CODES = re.compile(r"\x1b\[[0-9;]*m")


@pytest.fixture(scope="module")
def page() -> Page:
    return report(reference()).page


def bare(text: str) -> str:
    return CODES.sub("", text)


def widest(text: str) -> int:
    return max(map(len, bare(text).splitlines()))


@pytest.mark.parametrize("width", [40, 60, 80, 120, 200])
def test_text_has_the_words_of_the_plain_text_within_the_width(page: Page, width: int):
    text = colored_text([page], width)
    assert widest(text) <= width
    if width in (60, 80, 120):
        words = (re.findall(r"\w+", own) for own in (bare(text), to_text(page, width)))
        first, second = map(sorted, words)
        assert first == second


def test_tones_have_colors_and_marks():
    rows = [[Cell(tone, tone=tone)] for tone in ("good", "bad")]
    text = colored_text([DisplayTable(caption="Tones", columns=["a"], rows=rows)], 80)
    assert "\x1b[32m✓ good" in text
    assert "\x1b[1;31m✗ bad" in text


def test_bars_of_a_table_have_one_length_and_show_both_bounds():
    cells = [
        Cell("50.0% to 75.0%", bar=(0.5, 0.75)),
        Cell("a long figure of 25%", bar=(0.25, 0.25)),
    ]
    table = DisplayTable(caption="", columns=["x", Column("y", "right")], rows=[cells])
    *_, bars, _rule = bare(colored_text([table], 80)).splitlines()
    first, second = bars.split()
    assert first == "━" * 7 + "╍" * 4 + "┈" * 3
    assert second == "━" * 4 + "┈" * 10


def test_narrow_column_has_no_bar():
    table = DisplayTable(caption="", columns=["x"], rows=[[Cell("50%", bar=(0.5, 0.5))]])
    assert "━" not in colored_text([table], 80)


def test_totals_groups_and_notes_have_styles():
    table = DisplayTable(
        caption="Flow",
        columns=["stage", Column("n", "right")],
        rows=[Group("One"), ["a", "1"], Group("Two"), Row(["all", "2"], total=True)],
        notes=["A note."],
    )
    text = colored_text([table], 80)
    assert "\x1b[1;36mOne" in text
    assert re.search(r"\x1b\[1mall", text)
    assert "\x1b[2mA note." in text


def test_markup_and_codes_in_texts_stay_texts():
    table = DisplayTable(caption="[bold]x[/bold]", columns=[":smile:"], rows=[["\x1b[31mred"]])
    text = colored_text([table], 80)
    assert "[bold]x[/bold]" in bare(text)
    assert ":smile:" in bare(text)
    assert "\x1b[31mred" not in text


def test_empty_table_and_empty_page_are_printed():
    assert "no rows" in colored_text([DisplayTable(caption="", columns=["a"], rows=[])], 80)
    page = Page(title="T", sections=[PageSection(heading="S")])
    assert bare(colored_text([page], 80)).startswith("T\n")


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """Return a function that returns the output of a command on a terminal of some width."""
    if sys.platform == "win32":
        pytest.skip("needs a pseudo-terminal")
    import fcntl
    import pty
    import termios

    def run(*arguments: str, columns: int = 100, **environment: str) -> str:
        controller, end = pty.openpty()
        fcntl.ioctl(end, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
        output = []
        reader = Thread(target=lambda: output.extend(read_all(controller)), daemon=True)
        reader.start()
        with open(end, "w", encoding="utf-8") as stream, monkeypatch.context() as context:
            for name in ("NO_COLOR", "COLUMNS"):
                context.delenv(name, raising=False)
            for name, value in ({"TERM": "xterm-256color"} | environment).items():
                context.setenv(name, value)
            for name in ("stdout", "__stdout__"):  # the second has the width of the terminal
                context.setattr(sys, name, stream)
            context.setattr(sys, "argv", ["thbstats", *arguments])
            context.setattr("signal.signal", lambda *_: None)
            assert main() == 0
        reader.join(timeout=10)
        return b"".join(output).decode().replace("\r\n", "\n")

    return run


def read_all(controller: int) -> Iterator[bytes]:
    """Yield the output of a terminal until its other end is closed."""
    with suppress(OSError):  # Linux reports the end as an error
        while piece := os.read(controller, 65536):
            yield piece
    os.close(controller)


def test_terminal_shows_colored_text_in_its_width(terminal: Callable[..., str]):
    wide, narrow = (terminal("report", "com-2016-267", columns=width) for width in (110, 60))
    assert "\x1b[1m" in wide
    assert 80 < widest(wide) <= 110
    assert widest(narrow) <= 60
    assert widest(terminal("publications", columns=200, COLUMNS="70")) <= 70


@pytest.mark.parametrize("declined", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_terminal_without_colors_gets_the_text_of_a_pipe(
    terminal: Callable[..., str], capsys: pytest.CaptureFixture[str], declined: dict[str, str]
):
    text = terminal("publications", columns=80, **declined)
    assert "\x1b" not in text
    assert main(["publications"]) == 0
    assert capsys.readouterr().out == text
