"""Commands in a process of their own: encodings, pipes, signals and loaded modules."""

import json
import os
import re
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.running import THBSTATS, run_process

ROOT = Path(__file__).parents[2]
REPORT = [*THBSTATS, "report", "com-2018-777"]
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="needs descriptors of POSIX")
FULL = pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs a device that is full")


def test_pipe_gets_utf_8_in_every_locale_and_the_shell_gets_the_exit_code():
    done = run_process(*REPORT, "--strict", PYTHONIOENCODING="ascii", LC_ALL="C", PYTHONUTF8="0")
    assert done.returncode == 1
    assert re.fullmatch(r"thbstats: \d+ issues: .+\n", done.stderr)
    assert "! With caution" in done.stdout
    assert "\x1b" not in done.stdout


def test_modules_are_loaded_where_they_are_needed():
    code = (
        "import sys; from thbstats.cli import main; main(['--help'])\n"
        "print([name for name in ('numpy', 'pandas', 'attrs') if name in sys.modules])\n"
        "main(['publications'])\n"
        "print([name for name in ('numpy', 'pandas') if name in sys.modules])\n"
        "main(['report', 'com-2016-267', '--style', 'gss', '--format', 'html'])\n"
        "extras = ('matplotlib', 'xlsxwriter', 'babel', 'rich')\n"
        "print([name for name in extras if name in sys.modules])"
    )
    text = run_process(sys.executable, "-c", code).stdout
    assert "\n[]\nPublications\n" in text  # the help needs none of them
    assert "─\n[]\n" in text  # and texts in a table need no arrays
    assert text.endswith("</html>\n[]\n")


def test_example_prints_the_same_figures_in_under_forty_lines_of_code(capsys):
    example = ROOT / "examples" / "check_report.py"
    lines = example.read_text("utf-8").splitlines()
    assert len([line for line in lines if line and not line.startswith("#")]) < 40
    runpy.run_path(str(example), run_name="__main__")
    text = capsys.readouterr().out
    for figure in ("47.5%", "17273 to 17583", "56% and 65%", "ORDER", "ii-1-other"):
        assert figure in text


# Output of C code

NOISE = """
import ctypes, io, sys
{before}
from thbstats.cli import main
sys.argv = ["thbstats", *{arguments!r}]
code = main()
{after}
sys.exit(code)
"""
PRINT = "ctypes.CDLL(None).printf(b'noise of a solver\\n')"


def run_with_noise(
    *arguments: str, before: str = "", after: str = ""
) -> "subprocess.CompletedProcess[str]":
    code = NOISE.format(arguments=list(arguments), before=before, after=after)
    return run_process(sys.executable, "-c", code)


@pytest.mark.skipif(sys.platform == "win32", reason="printf of this process is another one there")
def test_output_of_c_code_is_not_in_the_json():
    done = run_with_noise("publications", "--format", "json", after=PRINT)
    assert json.loads(done.stdout)["publications"]
    assert (done.returncode, done.stderr) == (0, "noise of a solver\n")


def test_wrong_use_is_reported_on_standard_error():
    done = run_with_noise("infer", "com-2018-777", "--what", "fish")
    assert (done.returncode, done.stdout) == (2, "")
    assert "got 'fish'" in done.stderr


# Closed and full output. The scripts of shells load neither numpy nor pandas.

SCRIPT = ["completion", "bash"]


@pytest.fixture
def completion() -> None:
    pytest.importorskip("shtab", reason="the extra completion is not installed")


@pytest.mark.usefixtures("completion")
def test_output_that_is_not_a_file_is_unchanged():
    done = run_with_noise(*SCRIPT, before="sys.stdout = io.StringIO()")
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.usefixtures("completion")
def test_closed_pipe_ends_a_command_silently_with_141():
    command = subprocess.Popen([*THBSTATS, *SCRIPT], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert command.stdout is not None
    command.stdout.close()  # before a line is written
    assert command.stderr is not None
    assert command.stderr.read() == b""
    command.stderr.close()
    assert command.wait(timeout=120) == 141


@POSIX
@pytest.mark.usefixtures("completion")
@pytest.mark.parametrize(
    ("streams", "output"),
    [
        (">&-", "thbstats completion: standard output: Bad file descriptor\n"),
        pytest.param(
            ">/dev/full",
            "thbstats completion: standard output: No space left on device\n",
            marks=FULL,
        ),
        (">&- 2>&-", ""),
    ],
)
def test_closed_or_full_output_is_one_line(streams: str, output: str) -> None:
    done = run_process("sh", "-c", f'"$@" {streams}', "sh", *THBSTATS, *SCRIPT)
    assert (done.returncode, done.stderr + done.stdout) == (2, output)


# Signals

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
def test_sigterm_deletes_the_folder_of_a_count(tmp_path: Path) -> None:
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


FINALISER = """
import os, signal, sys
from thbstats.cli import entry_point
class Ending:
    def __del__(self):
        os.kill(os.getpid(), signal.SIGTERM)
        sum(range(10))
        if "error" in sys.argv:
            raise ValueError("another error")
def run(args):
    ending = Ending()
    del ending
entry_point.run = run
sys.argv[1:2] = []
sys.exit(entry_point.main())
"""


@POSIX
def test_sigterm_in_a_finaliser_ends_the_command_without_a_traceback() -> None:
    done = run_process(sys.executable, "-c", FINALISER, "-", "publications")
    assert (done.returncode, done.stderr) == (143, "thbstats publications: ended\n")
