"""Pages made from the library and its files are complete and current."""

import re
import runpy
import sys
import tomllib
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import yaml

from thbstats import __version__
from thbstats.sources import ctdc, eurostat_tsv, htcds
from thbstats.vocabulary import ALL, BUNDLED, bundled_classification

ROOT = Path(__file__).parents[2]


@pytest.fixture
def extension(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Import an extension of the manual, as Sphinx does."""
    monkeypatch.syspath_prepend(str(ROOT / "docs" / "_ext"))
    yield import_module
    made = ("catalogue", "citation", "classifications", "crosswalks", "generated", "notebooks")
    made += ("suppression_picture",)
    for name in made:
        sys.modules.pop(name, None)


def test_crosswalk_contains_every_code_of_its_reader(extension: Any) -> None:
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
    tables = set(re.findall("<!-- table: crosswalk of (.+) -->", page))
    assert tables == set(extension("crosswalks").PAGES)


def test_every_further_classification_is_in_a_section(extension: Any) -> None:
    lists = {codes.__name__ for codes in ALL}
    further = {name for name in BUNDLED if bundled_classification(name).class_name not in lists}
    sections = extension("classifications").SECTIONS
    assert sorted(name for names in sections.values() for name in names) == sorted(further)


def test_every_generated_table_is_current(extension: Any) -> None:
    pytest.importorskip("sphinx", reason="nox -s docs has it")
    pages = [path.name for path, _ in extension("generated").outdated_pages()]
    assert pages == [], "run python docs/make_pages.py"


def test_every_table_is_on_a_page(extension: Any) -> None:
    pytest.importorskip("sphinx", reason="nox -s docs has it")
    texts = [path.read_text("utf-8") for path in (ROOT / "docs").rglob("*.md")]
    tables = {name for text in texts for name in re.findall("<!-- table: (.+) -->", text)}
    assert tables == set(extension("generated").TABLES)


def test_the_map_lists_the_layers_in_order() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
    layers = [layer.strip("()") for layer in contracts["contracts"][0]["layers"]]
    page = (ROOT / "docs" / "development" / "map.md").read_text("utf-8")
    table = page.partition("| package | purpose |")[2].partition("\n\n")[0]
    assert re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE) == layers


def test_citation_has_the_current_version(extension: Any) -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    assert citation["version"] == __version__
    text = extension("citation").cited(citation)
    assert citation["title"] in text
    assert __version__ in text


def test_citation_of_a_release_has_its_year(extension: Any) -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    text = extension("citation").cited({**citation, "date-released": "2027-03-01"})
    assert "year = {2027}" in text
    assert "(2027)" in text
    assert "is not released" not in text


def test_every_example_has_a_question_and_a_download(extension: Any) -> None:
    pytest.importorskip("jupytext", reason="nox -s docs has it")
    notebooks = extension("notebooks")
    scripts = sorted((ROOT / "examples").glob("*.py"))
    for script in scripts:
        question, text = notebooks.question(script)
        assert question.endswith("?")
        assert text
        assert f'{script.stem}.ipynb" download' in notebooks.listed()
    assert len(scripts) >= 6


def test_picture_of_the_readme_is_current() -> None:
    maker = import_module("docs.make_picture")
    result = maker.digest_in(maker.PICTURE.read_bytes())
    assert result == maker.digest(), "run python docs/make_picture.py"


def test_a_picture_without_a_digest_is_not_current() -> None:
    maker = import_module("docs.make_picture")
    assert maker.digest_in(b"\x89PNG") == ""
    assert maker.digest_in(maker.with_digest(b"\x89PNG" + bytes(12), "a" * 64)) == "a" * 64


def test_the_committed_schemas_are_up_to_date() -> None:
    made = runpy.run_path(str(ROOT / "docs" / "make_schemas.py"))
    for name, text in made["schemas"]().items():
        assert (made["FOLDER"] / name).read_text(encoding="utf-8") == text, (
            "run python docs/make_schemas.py"
        )
    assert {path.name for path in made["FOLDER"].iterdir()} == set(made["schemas"]())


def test_picture_of_suppression_shows_the_bounds_of_each_state(extension: Any) -> None:
    pytest.importorskip("sphinx", reason="nox -s docs has it")
    picture = extension("suppression_picture")
    (before, primary, secondary), safe = picture.states()
    (row,) = safe.primary.rows.tolist()
    assert (before[2][row], before[3]) == ("3", {})
    assert (primary[2][row], primary[3]) == ("[c]", {row: "= 3"})
    assert secondary[3][row] == "0 to 17"
    assert [row for row, text in secondary[2].items() if text == "[c]"] == sorted(secondary[3])
    drawing = picture.drawn(secondary, safe)
    assert drawing.count('class="cell primary"') == 1
    assert drawing.count('class="cell secondary"') == len(safe.secondary) == 3
    assert "male: sexual [c] (0 to 17)" in picture.described(secondary)
