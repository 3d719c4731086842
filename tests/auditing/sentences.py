"""Sentences of audits: one file that is read in review.

A test checks verdicts and numbers, and passes sentences to the fixture ``worded``, which compares
them with ``sentences.txt``. After a change of wording, write the file again and read its
difference::

    python -m tests.auditing.sentences
"""

import sys
from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest

__all__ = ["Worded", "worded"]

FILE = Path(__file__).with_suffix(".txt")
FOLDERS = ("tests/auditing", "tests/publications")
Worded = Callable[..., None]

_written: dict[str, list[str]] | None = None
"""The sentences of each test for a new file; ``None`` if they are compared with the file."""


@cache
def _expected() -> dict[str, list[str]]:
    sections = [part.splitlines() for part in FILE.read_text("utf-8").split("\n\n")[1:]]
    return {name: lines for name, *lines in sections}


@pytest.fixture
def worded(request: pytest.FixtureRequest) -> Iterator[Worded]:
    """Return a function that compares sentences, or sentences with the names of their cases."""
    test, lines = request.node.nodeid.removeprefix("tests/"), []

    def compare(*sentences: str, **cases: str) -> None:
        lines.extend([*sentences, *(f"{case}: {text}" for case, text in cases.items())])

    yield compare
    if _written is not None:
        _written[test] = lines
        return
    expected = _expected().get(test, [])
    changed = [line for line in lines if line not in expected]
    assert lines == expected, f"Changed sentences, see {__name__}:\n" + "\n".join(changed)


class _WordedTests:
    """A plugin that runs the tests with sentences only."""

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = [item for item in items if "worded" in getattr(item, "fixturenames", ())]


def _write() -> int:
    """Run the tests with sentences, and write the file if they pass."""
    module = import_module("tests.auditing.sentences")  # not __main__
    module._written = {}
    status = pytest.main(["-q", "-n", "0", *FOLDERS], plugins=[_WordedTests()])
    header = "Sentences of audits by test. Write this file with python -m tests.auditing.sentences."
    sections = ["\n".join([test, *lines]) for test, lines in module._written.items()]
    if status == 0:
        FILE.write_text("\n\n".join([header, *sections]) + "\n", encoding="utf-8")
    return int(status)


if __name__ == "__main__":
    sys.exit(_write())
