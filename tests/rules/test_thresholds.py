from fractions import Fraction
from itertools import product
from typing import Any

import attrs
import numpy as np
import pytest

from thbstats.errors import InvalidValue
from thbstats.rules import DEFAULTS, Thresholds


def test_defaults_are_documented_values() -> None:
    assert attrs.asdict(DEFAULTS) == {
        "unknown_note": Fraction(1, 100),
        "unknown_caution": Fraction(1, 10),
        "coverage": Fraction(95, 100),
        "dominance": Fraction(1, 2),
        "small_note": 100,
        "small_caution": 20,
        "suppressed": Fraction(5, 100),
        "presentable": Fraction(1, 2),
        "model_range": Fraction(3, 2),
    }


def test_each_threshold_has_its_reason() -> None:
    reasons = Thresholds.reasons()
    assert set(reasons) == set(attrs.asdict(DEFAULTS))
    assert all(reasons.values())


@pytest.mark.parametrize(
    ("names", "values", "requirement"),
    [
        (
            [
                "unknown_note",
                "unknown_caution",
                "coverage",
                "dominance",
                "suppressed",
                "presentable",
            ],
            [Fraction(-1, 100), Fraction(101, 100), 2],
            "must be between 0 and 1",
        ),
        (["small_note", "small_caution"], [-1], "0 or more"),
        # A float is not exact.
        (["unknown_caution"], [0.1], "exact"),
    ],
)
def test_a_limit_is_exact_and_in_its_range(
    names: list[str], values: list[Any], requirement: str
) -> None:
    for name, value in product(names, values):
        with pytest.raises(InvalidValue, match=requirement):
            Thresholds(**{name: value})


def test_bounds_of_both_ranges_are_allowed() -> None:
    chosen = Thresholds(coverage=1, dominance=0, small_note=np.int64(0))
    assert (chosen.coverage, chosen.dominance, chosen.small_note) == (1, 0, 0)


def test_thresholds_cannot_be_changed_in_place() -> None:
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        DEFAULTS.coverage = 1  # type: ignore[misc]
