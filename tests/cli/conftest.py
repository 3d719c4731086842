"""Fixtures of the tests of commands: a plain environment, and a function that runs a command."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.cli.running import Outcome, Run
from tests.reports.made import reference
from thbstats.cli import main
from thbstats.publications import com_2018_777
from thbstats.reports import Content, content_of


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "COLUMNS", "TERM"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(autouse=True)
def reference_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Compute the content of the reference publication for the first report only."""

    def content(item: Any, **options: Any) -> Content:
        return reference() if item is com_2018_777() else content_of(item, **options)

    monkeypatch.setattr("thbstats.reports.document.content_of", content)


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
