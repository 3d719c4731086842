"""Pages that are made from the library and its files say all that stands there."""

import re
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import yaml

from thbstats import __version__
from thbstats.sources import eurostat_tsv
from thbstats.sources.ctdc import _crosswalk as ctdc
from thbstats.sources.htcds import _crosswalk as htcds

ROOT = Path(__file__).parents[2]


@pytest.fixture
def extension(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Import one of the manual's own extensions, as Sphinx does."""
    monkeypatch.syspath_prepend(str(ROOT / "docs" / "_ext"))
    yield import_module
    for name in ("catalogue", "citation", "crosswalks", "notebooks"):
        sys.modules.pop(name, None)


def test_a_crosswalk_has_each_word_that_its_reader_knows(extension: Any) -> None:
    pages = extension("crosswalks").PAGES
    coded = {word for listed in htcds.LISTED.values() for word in listed}
    industries = htcds.LISTED["forcedlabourindustry"]
    sections = {word for word in industries if word[1:] in industries}
    named = set(re.findall(r"`(\w+)`", pages["forms"]()))
    assert set(ctdc.FORMS) <= named
    assert coded - sections <= named
    dimensions = pages["eurostat"]()
    for name, crosswalk in eurostat_tsv.DIMENSIONS.items():
        assert f"`{name}`" in dimensions
        assert all(f"`{code}`" in dimensions for code in crosswalk.recode if code)


def test_every_crosswalk_is_on_its_page(extension: Any) -> None:
    page = (ROOT / "docs" / "reference" / "crosswalks.md").read_text("utf-8")
    assert set(re.findall("<!-- crosswalk: (.+) -->", page)) == set(extension("crosswalks").PAGES)


def test_the_citation_is_of_this_version(extension: Any) -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    assert citation["version"] == __version__
    said = extension("citation").cited(citation)
    assert citation["title"] in said
    assert __version__ in said


def test_a_release_is_cited_with_its_year(extension: Any) -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    said = extension("citation").cited({**citation, "date-released": "2027-03-01"})
    assert "year = {2027}" in said
    assert "(2027)" in said
    assert "not been released" not in said


def test_every_example_asks_a_question_and_can_be_downloaded(extension: Any) -> None:
    pytest.importorskip("jupytext", reason="nox -s docs has it")
    notebooks = extension("notebooks")
    scripts = sorted((ROOT / "examples").glob("*.py"))
    for script in scripts:
        asked, said = notebooks.question(script)
        assert asked.endswith("?")
        assert said
        assert f'{script.stem}.ipynb" download' in notebooks.listed()
    assert len(scripts) >= 6
