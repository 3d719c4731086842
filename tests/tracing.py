"""Tracing of the tests that coverage is collected from.

Drawn examples change with the version of hypothesis, so no gate of coverage rests on them. Tracing
takes twice the time of a test and more.
"""

import functools
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

__all__ = ["pytest_runtest_protocol"]

COLLECT = "THBSTATS_COLLECT_COVERAGE"
"""The variable of the environment with which `.ci/run` asks for coverage (see noxfile.py)."""

UNTRACED = ("architecture", "docs", "language", "oracle", "typing")
"""Folders of tests that read texts and the structure of the code, or try many worlds."""

TRACED = ("columns", "indicators", "panel", "rules", "sensitivity", "tables", "values")
"""Folders of the tests that reach every line of the fully covered packages (see noxfile.py)."""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[object]:
    """Run drawn examples and most other tests at full speed.

    The continuous integration judges the fully covered packages only. It traces the tests in
    `TRACED` and in the modules of this folder, and tests with the mark ``traced``.
    ``nox -s coverage`` traces all tests but those with the mark ``untraced``: tests of many worlds,
    which take minutes and reach no line that others do not.
    """
    module = sys.modules.get("coverage")
    coverage: Any = None if module is None else module.Coverage.current()
    if coverage is None:
        return (yield)
    function: Any = getattr(item, "obj", None)
    law = getattr(function, "hypothesis", None)
    explicit = len(getattr(function, "hypothesis_explicit_examples", ()))
    folder = item.path.relative_to(Path(__file__).parent).parts[0]
    if COLLECT in os.environ:
        is_covered = folder in TRACED or folder.endswith(".py")
        is_traced = is_covered or item.get_closest_marker("traced") is not None
    else:
        is_traced = folder not in UNTRACED and item.get_closest_marker("untraced") is None
    if law is None and is_traced:
        return (yield)
    with stopped(coverage):
        if not explicit:
            return (yield)
        test, left = law.inner_test, explicit

        @functools.wraps(test)  # hypothesis derives the examples from the source of the test
        def traced_first(*arguments: Any, **named: Any) -> Any:
            nonlocal left
            if not left:
                return test(*arguments, **named)
            left -= 1  # hypothesis runs the explicit examples before it draws others
            coverage.start()
            try:
                return test(*arguments, **named)
            finally:
                coverage.stop()

        law.inner_test = traced_first
        try:
            return (yield)
        finally:
            law.inner_test = test


@contextmanager
def stopped(coverage: Any) -> Iterator[None]:
    """Trace nothing while the block runs."""
    coverage.stop()
    try:
        yield
    finally:
        coverage.start()
