"""Completion of commands and options in a shell."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.running import Run
from thbstats.cli.arguments import COMMANDS

pytest.importorskip("shtab", reason="the extra completion is not installed")


@pytest.mark.parametrize("shell", ["bash", "fish", "powershell", "tcsh", "zsh"])
def test_script_has_every_command(run: Run, shell: str) -> None:
    script = run("completion", shell).out
    for name in COMMANDS:
        assert name.rpartition(" ")[2] in script


@pytest.mark.skipif(shutil.which("bash") is None or sys.platform == "win32", reason="needs bash")
@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (["thbstats", "rep"], ["report"]),
        (["thbstats", "claims", "c"], ["check"]),
        (["thbstats", "report", "--fu"], ["--full"]),
        (["thbstats", "count", "--kind", ""], ["victims", "justice"]),
        (["thbstats", "schema", "inf"], ["infer"]),
        (["thbstats", "read", "cou"], ["counts.csv"]),
        (["thbstats", "nothing"], []),
    ],
    ids=" ".join,
)
def test_bash_completes_words(
    run: Run, tmp_path: Path, line: list[str], expected: list[str]
) -> None:
    (tmp_path / "counts.csv").touch()
    (tmp_path / "completion").write_text(run("completion", "bash").out, "utf-8")
    words = " ".join(f"'{word}'" for word in line)
    steps = (
        "source ./completion",
        f"COMP_WORDS=({words})",
        f"COMP_CWORD={len(line) - 1}",
        "_shtab_thbstats",
        'printf "%s\\n" "${COMPREPLY[@]}"',
    )
    result = subprocess.run(
        ["bash", "-c", "; ".join(steps)],
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
        check=True,
        timeout=60,
    )
    assert result.stdout.split() == expected


def test_missing_extra_is_named(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "shtab", None)
    outcome = run("completion", "bash", status=2)
    assert outcome.out == ""
    assert "shtab must be installed for completion in a shell" in outcome.err
    assert "pip install 'thbstats[completion]'" in outcome.err


def test_unknown_shell_is_refused(run: Run) -> None:
    assert "unknown choice 'ksh'" in run("completion", "ksh", status=2).err
