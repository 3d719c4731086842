"""Commands that run in this process, or in one of their own."""

import os
import subprocess
import sys
from collections.abc import Callable
from typing import NamedTuple

THBSTATS = [sys.executable, "-m", "thbstats"]


class Outcome(NamedTuple):
    """The exit status and the output of a command."""

    status: int
    out: str
    err: str

    @property
    def words(self) -> str:
        """The output with single spaces."""
        return " ".join(self.out.split())


Run = Callable[..., Outcome]


def run_process(*command: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """Run a command in a process of its own."""
    return subprocess.run(
        command,
        capture_output=True,
        encoding="utf-8",
        env=os.environ | environment,
        check=False,
        timeout=120,
    )
