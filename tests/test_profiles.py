"""The default examples depend on nothing but the test."""

import importlib.util
import os
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.examples import examples

fixed = pytest.mark.skipif(
    os.environ.get("HYPOTHESIS_PROFILE") == "thorough", reason="the examples are random"
)


def drawn_numbers() -> list[int]:
    """Return all numbers that one run of a property draws."""
    numbers: list[int] = []

    @given(st.lists(st.integers(), min_size=5))
    def law(found: list[int]) -> None:
        numbers.extend(found)

    law()
    return numbers


@fixed
def test_examples_are_the_same_at_every_run() -> None:
    assert drawn_numbers() == drawn_numbers() != []


@fixed
def test_examples_do_not_depend_on_loaded_modules(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = drawn_numbers()
    path = tmp_path / "numbers_of_a_module.py"
    path.write_text(f"NUMBERS = {[10**6 + 7 * n for n in range(200)]}", encoding="utf-8")
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, path.stem, module)
    spec.loader.exec_module(module)
    assert drawn_numbers() == before


@pytest.mark.parametrize(
    ("profile", "light", "heavy", "fixed"),
    [("fixed", 60, 7, True), ("explicit", 60, 7, True), ("thorough", 5_000, 5_000, False)],
)
def test_profile_decides_whether_a_law_gets_the_examples_that_it_asks_for(
    profile: str, light: int, heavy: int, fixed: bool
) -> None:
    usual = settings()
    try:
        settings.load_profile(profile)
        assert examples(60).max_examples == light
        assert examples(7).max_examples == heavy
        assert examples(7).derandomize is fixed
    finally:
        settings.register_profile("before", usual)
        settings.load_profile("before")
