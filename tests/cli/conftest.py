"""Fixtures of the tests of commands: a plain environment, and a function that runs a command."""

from collections.abc import Callable

import pytest

from tests.cli.running import Outcome, Run
from thbstats.cli import main


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "COLUMNS", "TERM"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Return a function that runs a command and checks its exit status."""

    def run_command(*arguments: object, status: int | None = 0) -> Outcome:
        capsys.readouterr()
        outcome = Outcome(main([str(argument) for argument in arguments]), *capsys.readouterr())
        assert status in (None, outcome.status), outcome.err
        return outcome

    return run_command


@pytest.fixture
def on_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Callable[[], None]:
    """Return a function that makes standard output a terminal."""
    return lambda: monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
