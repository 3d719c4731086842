"""The command in a process of its own: encodings, pipes, and what is loaded."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
THBSTATS = [sys.executable, "-m", "thbstats"]
REPORT = [*THBSTATS, "report", "com-2018-777"]


def run(*command: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        command, capture_output=True, env=os.environ | environment, check=False, timeout=120
    )


def test_pipe_gets_utf_8_in_every_locale_and_no_escape_codes():
    done = run(*REPORT, PYTHONIOENCODING="ascii", LC_ALL="C", PYTHONUTF8="0")
    assert done.returncode == 0
    assert done.stderr == b""
    assert "! With caution" in done.stdout.decode("utf-8")
    assert b"\x1b" not in done.stdout


def test_head_ends_the_report_in_silence_with_141():
    report = subprocess.Popen(REPORT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert report.stdout is not None
    report.stdout.close()  # before a line is written
    assert report.stderr is not None
    assert report.stderr.read() == b""
    report.stderr.close()
    assert report.wait(timeout=120) == 141


def test_the_exit_code_reaches_the_shell():
    assert run(*REPORT, "--strict").returncode == 1
    assert run(*THBSTATS, "report", "nothing").returncode == 2


def test_help_loads_neither_numpy_nor_pandas():
    code = "import sys; from thbstats.cli import main; main(['--help'])"
    loaded = "; print([name for name in ('numpy', 'pandas', 'attrs') if name in sys.modules])"
    assert run(sys.executable, "-c", code + loaded).stdout.endswith(b"[]\n")


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_a_terminal_gets_colours():
    import pty

    controller, terminal = pty.openpty()
    done = subprocess.Popen(
        [*THBSTATS, "publications"],
        stdout=terminal,
        env={name: text for name, text in os.environ.items() if name != "NO_COLOR"}
        | {"TERM": "xterm"},
    )
    os.close(terminal)
    seen = b""
    try:
        while piece := os.read(controller, 4096):
            seen += piece
    except OSError:  # Linux says so when the other end is closed
        pass
    os.close(controller)
    assert done.wait(timeout=120) == 0
    assert b"\x1b[1m" in seen


def test_the_example_says_the_same_in_under_forty_lines_of_code():
    example = ROOT / "examples" / "check_report.py"
    lines = example.read_text("utf-8").splitlines()
    assert len([line for line in lines if line and not line.startswith("#")]) < 40
    done = run(sys.executable, str(example), PYTHONIOENCODING="utf-8")
    assert done.returncode == 0, done.stderr.decode()
    said = done.stdout.decode("utf-8")
    for figure in ("47.5%", "17273 to 17583", "56% and 65%", "ORDER", "ii-1-other"):
        assert figure in said
