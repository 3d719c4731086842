"""A report in each of its formats."""

import json
import re
import subprocess
import sys
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest

import thbstats as thb
from tests.reports.made import claim
from tests.reports.made import report as made
from thbstats.errors import MissingExtra, UnknownName
from thbstats.reports import CHARTS, DEFAULT_SECTIONS, Document, report

GLOTIP = "docs/_data/glotip_eu_2015_2016.csv"
EXTENSIONS = [".html", ".htm", ".md", ".txt", ".json", ".csv", ".xlsx"]


@pytest.fixture(scope="module")
def document() -> Document:
    return report(thb.read(GLOTIP), sections=(*DEFAULT_SECTIONS, CHARTS))


@pytest.fixture(scope="module", params=["publication", "counts", "pictures"])
def html(request: pytest.FixtureRequest, document: Document) -> str:
    made = {
        "publication": lambda: report(thb.publications.com_2018_777()),
        "counts": lambda: report(thb.read(GLOTIP)),
        "pictures": lambda: document,
    }
    return made[request.param]().to_html()


class Outline(HTMLParser):
    """Headings, tables, pictures and ids of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes.append((tag, dict(attrs)))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [found for name, found in self.attributes if name == tag]


def test_a_page_has_one_first_heading_and_skips_no_level(html: str):
    levels = [int(tag[1]) for tag in Outline(html).tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_every_table_has_a_caption_and_every_heading_of_a_table_its_scope(html: str):
    page = Outline(html)
    assert page.tags.count("caption") == page.tags.count("table") > 0
    assert all("scope" in found for found in page.all("th"))


def test_a_page_loads_nothing_and_runs_nothing(html: str):
    page = Outline(html)
    assert not {"script", "link", "iframe", "object"} & set(page.tags)
    assert all((found["src"] or "").startswith("data:image/") for found in page.all("img"))
    assert not [name for _, found in page.attributes for name in found if name.startswith("on")]
    assert "@import" not in html
    assert "url(" not in html


def test_every_picture_has_its_words(html: str):
    assert all(found["alt"] for found in Outline(html).all("img"))


def test_ids_are_unique_and_links_lead_somewhere(html: str):
    page = Outline(html)
    ids = [found["id"] for _, found in page.attributes if "id" in found]
    assert len(ids) == len(set(ids))
    targets = [found["href"] or "" for found in page.all("a")]
    assert {target[1:] for target in targets if target.startswith("#")} <= set(ids)


def test_a_page_is_light_dark_and_printable(html: str):
    assert "prefers-color-scheme: dark" in html
    assert "@media print" in html
    assert "@page" in html


def test_a_notebook_shows_the_page_without_what_a_page_has_once(document: Document):
    formatted = document._repr_html_()
    assert "<h2>Counts of justice" in formatted
    assert "<h3>Summary</h3>" in formatted
    assert "h1" not in Outline(formatted).tags
    assert not {"html", "head", "body", "main", "nav", "script"} & set(Outline(formatted).tags)
    assert "<style>" in formatted
    assert 'id="section' not in formatted


def test_its_text_fits_a_terminal(document: Document):
    assert max(map(len, str(document).splitlines())) <= 80
    assert len(repr(document)) <= 80
    long = report(made(claim("all", printed="10"), title="A very long title " * 9))
    assert len(repr(long)) <= 80
    assert repr(long).endswith("...', 7 sections>")


def test_the_same_report_gives_the_same_page(document: Document):
    again = report(thb.read(GLOTIP), sections=(*DEFAULT_SECTIONS, CHARTS))
    assert again.to_html() == document.to_html()


@pytest.mark.parametrize("ending", EXTENSIONS)
def test_the_ending_says_the_format(document: Document, tmp_path: Path, ending: str):
    path = tmp_path / f"report{ending.upper()}"
    document.save(path)
    starts = {".html": b"<!doctype", ".htm": b"<!doctype", ".json": b"{", ".csv": b"part,"}
    assert path.read_bytes().startswith({**starts, ".xlsx": b"PK"}.get(ending, b"United Nations"))


@pytest.mark.parametrize("name", ["report.pdf", "report", "report.xls", "report.html.gz"])
def test_an_ending_that_says_no_format_is_told_with_those_that_do(
    document: Document, tmp_path: Path, name: str
):
    with pytest.raises(UnknownName, match=r"Use one of \.html") as told:
        document.save(tmp_path / name)
    assert name in str(told.value)
    assert not list(tmp_path.iterdir())


def test_without_xlsxwriter_a_workbook_says_how_to_get_it(
    document: Document, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    with pytest.raises(MissingExtra, match=r"pip install 'thbstats\[excel\]'"):
        document.save(tmp_path / "report.xlsx")
    assert not list(tmp_path.iterdir())


def test_json_and_csv_are_numbers_whatever_the_style_and_language():
    plain, styled = (
        report(thb.read(GLOTIP), **options) for options in ({}, {"style": "gss", "language": "de"})
    )
    assert plain.to_csv() == styled.to_csv()
    assert json.loads(plain.to_json()) == json.loads(styled.to_json())


def test_number_style_applies_to_cells_and_to_numbers_in_texts():
    page = report(thb.publications.com_2018_777(), style="eurostat").to_markdown()
    assert "| 20\u202f532 |" in page or "| 20 532 |" in page.replace("\xa0", " ")
    assert "depending on the 2\u202f949" in page or "the 2 949" in page.replace("\xa0", " ")
    assert "20,532" not in page


@pytest.mark.parametrize("style", ["house", "xx"])
def test_a_style_that_does_not_exist_is_told(style: str):
    with pytest.raises(UnknownName, match="must be a style or locale"):
        report(made(claim("all", printed="10")), style=style)


def test_words_of_the_vocabularies_are_in_the_language():
    stages = report(thb.publications.com_2018_777(), language="de").to_text()
    assert "Verurteilt" in stages
    assert "Convicted" not in stages
    french = report(thb.publications.com_2018_777(), language="fr").to_markdown()
    assert "Exploitation sexuelle" in french


def test_a_word_of_several_lists_is_translated_where_its_column_says_of_which():
    from thbstats.display import DisplayTable
    from thbstats.reports.translation import translator

    sheet = DisplayTable(caption="", columns=["sex", "exploitation", "why"], rows=[["other"] * 3])
    sex, form, why = translator("fr")(sheet).texts
    assert sex != form
    assert why == "other"


def test_a_language_without_labels_is_told():
    with pytest.raises(UnknownName, match="must be a language with labels"):
        report(made(claim("all", printed="10")), language="it")


def test_a_report_needs_neither_matplotlib_nor_xlsxwriter_nor_babel():
    code = (
        "import sys; import thbstats as thb;"
        "thb.report(thb.publications.com_2018_777(), style='gss').to_html();"
        "print([n for n in ('matplotlib', 'xlsxwriter', 'babel', 'rich') if n in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, timeout=120
    )
    assert done.stdout == b"[]\n"
