"""The fuzzer begins with files that are accepted, and files that broke a reader break none now."""

import importlib.util
import re
import sys
from pathlib import Path
from typing import Any

import pytest

from thbstats.errors import ThbstatsError


def seeds() -> Any:
    path = Path(__file__).parents[2] / "fuzz" / "seeds.py"
    spec = importlib.util.spec_from_file_location("fuzz_seeds", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


TARGETS = seeds().TARGETS


@pytest.mark.parametrize("name", TARGETS)
def test_seeds_of_the_fuzzer_are_accepted(name: str) -> None:
    target = TARGETS[name]()
    for seed in target.seeds:
        target.check(seed)


@pytest.mark.parametrize("name", TARGETS)
def test_earlier_crashes_are_read_or_errors(name: str) -> None:
    target = TARGETS[name]()
    assert all(crash not in target.seeds for crash in target.crashes)
    for crash in target.crashes:
        try:
            target.check(crash)
        except ThbstatsError as error:
            assert re.search("at most (18 digits|15 decimals)", str(error))  # noqa: PT017 - or read
