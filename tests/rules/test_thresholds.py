from fractions import Fraction
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
    }


def test_each_threshold_has_its_reason() -> None:
    reasons = Thresholds.reasons()
    assert set(reasons) == set(attrs.asdict(DEFAULTS))
    assert all(reasons.values())


@pytest.mark.parametrize("name", ["unknown_note", "unknown_caution", "coverage", "presentable"])
@pytest.mark.parametrize("value", [Fraction(-1, 100), Fraction(101, 100), 2])
def test_a_share_is_between_0_and_1(name: str, value: Any) -> None:
    with pytest.raises(InvalidValue, match="must be between 0 and 1"):
        Thresholds(**{name: value})


@pytest.mark.parametrize("name", ["small_note", "small_caution"])
def test_a_size_is_not_negative(name: str) -> None:
    with pytest.raises(InvalidValue, match="0 or more"):
        Thresholds(**{name: -1})


def test_bounds_of_both_ranges_are_allowed() -> None:
    chosen = Thresholds(coverage=1, dominance=0, small_note=np.int64(0))
    assert (chosen.coverage, chosen.dominance, chosen.small_note) == (1, 0, 0)


def test_a_float_is_refused_because_it_is_not_exact() -> None:
    with pytest.raises(InvalidValue, match="exact"):
        Thresholds(unknown_caution=0.1)


def test_thresholds_cannot_be_changed_in_place() -> None:
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        DEFAULTS.coverage = 1  # type: ignore[misc]
