"""Signatures and help texts fit on a screen."""

import inspect
import pydoc
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest

import thbstats as thb
from tests.language.check import duplicate_classes, terminology

LONGEST = 480
SCREENS = 3 * 60


def callables(module: ModuleType = thb) -> Iterator[tuple[str, Any]]:
    for name in module.__all__:
        item = getattr(module, name)
        label = f"{module.__name__}.{name}"
        if inspect.ismodule(item):
            yield from callables(item)
        elif callable(item):
            yield label, item
            if inspect.isclass(item):
                yield from (
                    (f"{label}.{method}", getattr(item, method))
                    for method in vars(item)
                    if not method.startswith("_") and callable(getattr(item, method))
                )


def signature_length(item: Any) -> int:
    try:
        return len(str(inspect.signature(item)))
    except (TypeError, ValueError):  # a constructor written in C
        return 0


def test_no_public_signature_is_longer_than_480_characters():
    lengths = {label: signature_length(item) for label, item in callables()}
    assert {label: n for label, n in lengths.items() if n > LONGEST} == {}


@pytest.mark.parametrize("name", ["share", "ratio", "change", "compare", "audit", "read"])
def test_help_fits_on_three_screens(name: str):
    text = pydoc.render_doc(getattr(thb, name), renderer=pydoc.plaintext)
    assert text.count("\n") <= SCREENS


def test_class_names_are_unique():
    assert duplicate_classes() == []


def test_terminology_names_every_term_once():
    lines = [line for line in terminology().splitlines() if line.startswith("| ")]
    assert len(lines) == len(set(lines)) > 20
