"""How a command ends if it is stopped, or has nowhere to write."""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from thbstats.cli import main

THBSTATS = [sys.executable, "-m", "thbstats"]
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="needs descriptors of POSIX")
FULL = pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs a device that is full")


def raising(error: BaseException) -> Callable[..., bool]:
    def fail(*_arguments: object) -> bool:
        raise error

    return fail


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [
        (KeyboardInterrupt(), 130, "thbstats formats: interrupted\n"),
        (KeyboardInterrupt(15), 143, "thbstats formats: ended\n"),
        (MemoryError(), 2, "thbstats formats: not enough memory"),
        (BrokenPipeError(32, "Broken pipe"), 141, ""),
        (OSError(28, "No space left on device"), 2, "thbstats formats: No space left on device\n"),
    ],
)
def test_what_stops_a_command_is_told_in_a_line(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    error: BaseException,
    status: int,
    said: str,
) -> None:
    monkeypatch.setattr("thbstats.cli.entry_point.run", raising(error))
    assert main(["formats"]) == status
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(said)
    assert err.count("\n") == bool(said)


def run(command: str) -> tuple[int, str]:
    """Run a command of the shell, such as ``"$@" formats >&-``."""
    shell = ["sh", "-c", f"set -- {' '.join(THBSTATS)}; {command}"]
    done = subprocess.run(shell, capture_output=True, text=True, check=False, timeout=120)
    return done.returncode, done.stderr + done.stdout


@POSIX
@pytest.mark.parametrize(
    ("command", "status", "said"),
    [
        ('"$@" formats >&-', 2, "thbstats formats: standard output: Bad file descriptor\n"),
        pytest.param(
            '"$@" formats >/dev/full',
            2,
            "thbstats formats: standard output: No space left on device\n",
            marks=FULL,
        ),
        ('"$@" report nothing 2>&-', 2, ""),
    ],
)
def test_closed_or_full_output_is_told_in_a_line(command: str, status: int, said: str) -> None:
    assert run(command) == (status, said)


def test_streams_that_are_none_are_no_error(
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


@pytest.mark.parametrize("ending", ["xlsx", "html", "csv"])
def test_missing_folder_is_named(capsys: pytest.CaptureFixture[str], ending: str) -> None:
    if ending == "xlsx":
        pytest.importorskip("xlsxwriter")
    path = os.path.join("none", f"report.{ending}")
    assert main(["report", "com-2020-661", "--output", path]) == 2
    assert capsys.readouterr().err == f"thbstats report: {path}: No such file or directory\n"


COUNTING = """
import signal, sys, os
from thbstats.cli import main
from thbstats.cases import CaseStore
def stop(*_, **__):
    os.write(2, b"counting")
    signal.pause()
CaseStore.count = stop
sys.exit(main())
"""


@POSIX
def test_folder_of_a_count_goes_with_sigterm(tmp_path: Path) -> None:
    pytest.importorskip("duckdb")
    (tmp_path / "cases.csv").write_text("sex\nfemale\n")
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    options = ["--by", "sex", "--set", "area=MT", "--set", "period=2020"]
    with subprocess.Popen(
        [sys.executable, "-c", COUNTING, "count", str(tmp_path / "cases.csv"), *options],
        env=os.environ | {"TMPDIR": str(temporary)},
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stderr is not None
        assert process.stderr.read(8) == b"counting"
        assert [path.name[:9] for path in temporary.iterdir()] == ["thbstats-"]
        process.terminate()
        assert process.stderr.read() == b"thbstats count: ended\n"
        assert process.wait(timeout=60) == 143
    assert list(temporary.iterdir()) == []
