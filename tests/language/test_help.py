"""Help texts fit on screens, and names of classes and terms are unique."""

import pydoc

import pytest

import thbstats as thb
from tests.language.check import duplicate_classes, terminology

SCREENS = 3 * 60


@pytest.mark.parametrize("name", ["share", "ratio", "change", "compare", "audit", "read"])
def test_help_fits_on_three_screens(name: str):
    text = pydoc.render_doc(getattr(thb, name), renderer=pydoc.plaintext)
    assert text.count("\n") <= SCREENS


def test_class_names_are_unique():
    assert duplicate_classes() == []


def test_terminology_names_every_term_once():
    lines = [line for line in terminology().splitlines() if line.startswith("| ")]
    assert len(lines) == len(set(lines)) > 20
