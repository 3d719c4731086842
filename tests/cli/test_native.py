"""What C code prints does not get among what a command writes."""

import json
import subprocess
import sys

import pytest

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


def run(*arguments, before="", after=PRINT):
    code = NOISE.format(arguments=list(arguments), before=before, after=after)
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)


@pytest.mark.skipif(sys.platform == "win32", reason="printf of this process is another one there")
def test_json_stays_whole_whatever_a_library_prints():
    done = run("infer", "com-2018-777", "--what", "victims area=UK", "--format", "json")

    assert json.loads(done.stdout)["area"] == "UK"
    assert (done.returncode, done.stderr) == (0, "noise of a solver\n")


def test_an_output_that_is_no_file_stays_what_it_is():
    done = run("formats", before="sys.stdout = io.StringIO()", after="")
    assert (done.returncode, done.stderr) == (0, "")


def test_wrong_use_still_says_so_on_standard_error():
    done = run("infer", "com-2018-777", "--what", "fish", after="")
    assert (done.returncode, done.stdout) == (2, "")
    assert "value 'fish'" in done.stderr
