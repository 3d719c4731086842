"""Observation flags."""

import string
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.values.errors import check_errors
from thbstats.values import FLAG_LABELS, flag_mask, flag_set, parse_flags

flag_sets = st.frozensets(st.sampled_from(string.ascii_lowercase))


@given(flag_sets, st.randoms())
def test_flags_ignore_order_repetition_and_case(flags: frozenset[str], random: Any) -> None:
    letters = list(flags) * 2
    random.shuffle(letters)
    assert parse_flags("".join(letters)) == flags
    assert parse_flags("".join(letters).upper()) == flags
    assert parse_flags(letters) == flags
    assert parse_flags(flags) == flags


@given(flag_sets)
def test_a_mask_converts_back_to_its_flags(flags: frozenset[str]) -> None:
    assert flag_set(flag_mask(flags)) == flags
    assert flag_set(np.uint32(flag_mask(flags))) == flags  # type: ignore[arg-type]


@given(st.integers(0, 2**26 - 1))
def test_every_mask_is_equal_to_the_mask_of_its_flags(mask: int) -> None:
    assert flag_mask(flag_set(mask)) == mask


@given(flag_sets, flag_sets)
def test_union_of_masks_equals_union_of_sets(a: frozenset[str], b: frozenset[str]) -> None:
    assert flag_mask(a) | flag_mask(b) == flag_mask(a | b)
    assert flag_mask(a) & flag_mask(b) == flag_mask(a & b)


@pytest.mark.parametrize("none", [None, "", "  ", [], set()])
def test_no_flag_is_the_empty_set(none: Any) -> None:
    assert parse_flags(none) == frozenset()


@pytest.mark.parametrize("text", ["e p", " ep ", "e\tp\n", ["e p"], ["e ", " p"], ("E", "pe")])
def test_spaces_between_flags_are_ignored(text: Any) -> None:
    assert parse_flags(text) == {"e", "p"}


LETTER = "must be a letter from a to z. Write the letters without separators, for example 'ep'"
MASK = "must be from 0 to 2**26 - 1. Use a result of flag_mask"


ERRORS = [
    (lambda: parse_flags("e,p"), f"field 'flags', value ',': {LETTER}"),
    (lambda: parse_flags("e1"), f"field 'flags', value '1': {LETTER}"),
    (lambda: parse_flags("{"), f"field 'flags', value '{{': {LETTER}"),
    (lambda: parse_flags("`"), f"field 'flags', value '`': {LETTER}"),
    (lambda: parse_flags("\u00e9"), f"field 'flags', value '\u00e9': {LETTER}"),
    (lambda: parse_flags("b;:"), f"field 'flags', value ':': {LETTER}"),
    (lambda: parse_flags(5), f"field 'flags', value 5: {LETTER}"),
    (lambda: parse_flags(["e", None]), f"field 'flags', value None: {LETTER}"),
    (lambda: parse_flags(float("nan")), f"field 'flags', value nan: {LETTER}"),
    (lambda: flag_mask("-"), f"field 'flags', value '-': {LETTER}"),
    (lambda: flag_set(-1), f"field 'flags', value -1: {MASK}"),
    (lambda: flag_set(2**26), f"field 'flags', value 67108864: {MASK}"),
]


def test_an_error_has_field_value_and_hint() -> None:
    check_errors(ERRORS)


@pytest.mark.parametrize(("letter", "bit"), [("a", 1), ("b", 2), ("z", 2**25)])
def test_the_lowest_bit_is_a_and_the_highest_is_z(letter: str, bit: int) -> None:
    assert flag_mask(letter) == bit
    assert flag_set(bit) == {letter}


def test_a_flag_without_label_is_valid() -> None:
    assert "q" not in FLAG_LABELS
    assert parse_flags("q") == {"q"}


def test_flags_of_the_code_list_have_labels() -> None:
    assert FLAG_LABELS == {
        "b": "break in time series",
        "c": "confidential",
        "d": "definition differs",
        "e": "estimated",
        "f": "forecast",
        "i": "imputed",
        "m": "missing; data cannot exist",
        "n": "not significant",
        "p": "provisional",
        "r": "revised",
        "s": "estimate by the statistical office",
        "u": "low reliability",
        "z": "not applicable",
    }
