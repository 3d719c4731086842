"""Coverage is collected for the explicit examples of a law, and for all other tests."""

import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

from tests.tracing import pytest_runtest_call

HERE = Path(__file__).parent


class Recorder:
    """A stand-in for coverage that remembers whether it traces."""

    traces = True

    def stop(self) -> None:
        assert self.traces
        self.traces = False

    def start(self) -> None:
        assert not self.traces
        self.traces = True


@pytest.fixture
def recorder(monkeypatch: pytest.MonkeyPatch) -> Recorder:
    own = Recorder()
    module = SimpleNamespace(Coverage=SimpleNamespace(current=lambda: own))
    monkeypatch.setitem(sys.modules, "coverage", module)
    return own


def run(function: Callable[..., None], path: str) -> None:
    """Run a test function within the hook."""
    item: Any = SimpleNamespace(obj=function, path=HERE / path)
    steps = pytest_runtest_call(item)
    next(steps)
    try:
        function()
    finally:
        with suppress(StopIteration):
            steps.send(None)


@pytest.mark.parametrize("explicit", [0, 2])
def test_explicit_examples_of_a_law_are_traced(recorder: Recorder, explicit: int) -> None:
    traced = []

    def law(n: int) -> None:
        traced.append(recorder.traces)

    law = given(st.integers())(law)
    for n in range(explicit):
        law = example(n)(law)
    phases = (Phase.explicit, Phase.generate)
    run(settings(max_examples=30, phases=phases)(law), "values/test_count.py")
    assert len(traced) == explicit + 30
    assert [n for n, is_traced in enumerate(traced) if is_traced] == [*range(explicit)]
    assert recorder.traces


def test_failing_law_leaves_the_next_test_traced(recorder: Recorder) -> None:
    numbers = []

    @settings(max_examples=30, report_multiple_bugs=False)
    @given(st.integers())
    def law(n: int) -> None:
        numbers.append(n)
        assert len(set(numbers)) < 20

    with pytest.raises(AssertionError):
        run(law, "values/test_count.py")
    assert recorder.traces


@pytest.mark.parametrize(
    ("path", "is_traced"),
    [
        ("values/test_count.py", True),
        ("test_files.py", True),
        ("language/test_signatures.py", False),
    ],
)
def test_tests_of_texts_are_not_traced(recorder: Recorder, path: str, is_traced: bool) -> None:
    seen = []
    run(lambda: seen.append(recorder.traces), path)
    assert seen == [is_traced]
    assert recorder.traces


def test_examples_are_the_same_with_and_without_tracing(recorder: Recorder) -> None:
    numbers: list[int] = []

    @given(st.integers())
    def law(n: int) -> None:
        numbers.append(n)

    law()
    alone, numbers[:] = list(numbers), []
    run(law, "values/test_count.py")
    assert numbers == alone
