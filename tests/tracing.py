"""Tracing of few examples of each law, where coverage is collected."""

import functools
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

__all__ = ["TRACED", "pytest_runtest_call"]

TRACED = 3
"""Drawn examples of a law that are traced: a law reaches most of its lines with the first."""

TEXTS = ("architecture", "docs", "language", "typing")
"""Folders of tests that read the texts and the structure of the code."""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """Run further examples of a law, and tests of texts, without tracing and at full speed."""
    module = sys.modules.get("coverage")
    coverage: Any = None if module is None else module.Coverage.current()
    function: Any = getattr(item, "obj", None)
    law = getattr(function, "hypothesis", None)
    folder = item.path.relative_to(Path(__file__).parent).parts[0]
    if coverage is None or (law is None and folder not in TEXTS):
        return (yield)
    if law is None:
        coverage.stop()
        try:
            return (yield)
        finally:
            coverage.start()
    test, calls = law.inner_test, 0
    limit = TRACED + len(getattr(function, "hypothesis_explicit_examples", ()))

    @functools.wraps(test)  # hypothesis derives the examples from the source of the test
    def counted(*arguments: Any, **named: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == limit + 1:
            coverage.stop()
        return test(*arguments, **named)

    law.inner_test = counted
    try:
        return (yield)
    finally:
        law.inner_test = test
        if calls > limit:
            coverage.start()
