"""A report in each of its formats."""

import json
import re
import sys
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest

import thbstats as thb
from tests.reports.made import claim, reference
from tests.reports.made import report as made
from thbstats.display import DisplayTable
from thbstats.errors import MissingExtra, UnknownName
from thbstats.reports import DEFAULT_SECTIONS, Document, Figure, Section, report
from thbstats.tables.sums import translator

GLOTIP = "docs/_data/glotip_eu_2015_2016.csv"
EXTENSIONS = [".html", ".htm", ".md", ".txt", ".json", ".csv", ".xlsx"]


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><circle r="4"/></svg>'
DOT = Section("dot", "Dot", lambda _content: Figure(data=SVG, alt="A dot"))


@pytest.fixture(scope="module")
def document() -> Document:
    return report(thb.read(GLOTIP), sections=(*DEFAULT_SECTIONS, DOT))


@pytest.fixture(scope="module", params=["publication", "counts", "pictures"])
def html(request: pytest.FixtureRequest, document: Document) -> str:
    if request.param == "pictures":
        return document.to_html()
    is_counts = request.param == "counts"
    return report(thb.read(GLOTIP) if is_counts else reference()).to_html()


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
        return [own for name, own in self.attributes if name == tag]


def test_page_has_one_first_heading_and_skips_no_level(html: str):
    levels = [int(tag[1]) for tag in Outline(html).tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_tables_have_captions_and_headings_have_scopes(html: str):
    page = Outline(html)
    assert page.tags.count("caption") == page.tags.count("table") > 0
    assert all("scope" in heading for heading in page.all("th"))


def test_page_loads_nothing_and_runs_nothing(html: str):
    page = Outline(html)
    assert html.startswith("<!doctype html>")
    assert all(image["alt"] for image in page.all("img"))
    assert not {"script", "link", "iframe", "object"} & set(page.tags)
    assert all((image["src"] or "").startswith("data:image/") for image in page.all("img"))
    assert not [name for _, own in page.attributes for name in own if name.startswith("on")]
    assert "@import" not in html
    assert "url(" not in html


def test_ids_are_unique_and_links_have_targets(html: str):
    page = Outline(html)
    ids = [own["id"] for _, own in page.attributes if "id" in own]
    assert len(ids) == len(set(ids))
    targets = [link["href"] or "" for link in page.all("a")]
    assert {target[1:] for target in targets if target.startswith("#")} <= set(ids)


def test_page_is_light_dark_and_printable(html: str):
    assert "prefers-color-scheme: dark" in html
    assert "@media print" in html
    assert "@page" in html


def test_notebook_shows_the_page_without_parts_of_a_page(document: Document):
    formatted = document._repr_html_()
    assert "<h2>Criminal justice counts" in formatted
    assert "<h3>Safe to quote</h3>" in formatted
    assert "h1" not in Outline(formatted).tags
    assert not {"html", "head", "body", "main", "nav", "script"} & set(Outline(formatted).tags)
    assert "<style>" in formatted
    assert 'id="section' not in formatted


def test_text_fits_a_terminal(document: Document):
    assert max(map(len, str(document).splitlines())) <= 80
    assert len(repr(document)) <= 80
    long = report(made(claim("all", printed="10"), title="A very long title " * 9))
    assert len(repr(long)) <= 80
    assert repr(long).endswith("...', 6 sections>")


def test_same_report_gives_the_same_page(document: Document):
    again = report(thb.read(GLOTIP), sections=(*DEFAULT_SECTIONS, DOT))
    assert again.to_html() == document.to_html()


@pytest.mark.parametrize("ending", EXTENSIONS)
def test_extension_selects_the_format(document: Document, tmp_path: Path, ending: str):
    path = tmp_path / f"report{ending.upper()}"
    document.save(path)
    starts = {".html": b"<!doctype", ".htm": b"<!doctype", ".json": b"{", ".csv": b"part,"}
    assert path.read_bytes().startswith({**starts, ".xlsx": b"PK"}.get(ending, b"United Nations"))


@pytest.mark.parametrize("name", ["report.pdf", "report", "report.xls", "report.html.gz"])
def test_unknown_extension_lists_the_extensions(document: Document, tmp_path: Path, name: str):
    with pytest.raises(UnknownName, match=r"Use \.html") as raised:
        document.save(tmp_path / name)
    assert name in str(raised.value)
    assert not list(tmp_path.iterdir())


def test_workbook_without_xlsxwriter_names_the_extra(
    document: Document, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    with pytest.raises(MissingExtra, match=r"pip install 'thbstats\[excel\]'"):
        document.save(tmp_path / "report.xlsx")
    assert not list(tmp_path.iterdir())


def test_json_and_csv_do_not_depend_on_style():
    plain, styled = (report(thb.read(GLOTIP), **options) for options in ({}, {"style": "gss"}))
    assert plain.to_csv() == styled.to_csv()
    assert json.loads(plain.to_json()) == json.loads(styled.to_json())


def test_number_style_applies_to_cells_and_to_numbers_in_texts():
    page = report(reference(), style="eurostat").to_markdown()
    assert "| 20\u202f532 |" in page or "| 20 532 |" in page.replace("\xa0", " ")
    assert "depending on the 2\u202f949" in page or "the 2 949" in page.replace("\xa0", " ")
    assert "20,532" not in page


@pytest.mark.parametrize("style", ["house", "xx"])
def test_unknown_style(style: str):
    with pytest.raises(UnknownName, match="must be a style or locale"):
        report(made(claim("all", printed="10")), style=style)


def test_page_is_in_a_language_with_a_complete_catalogue():
    with pytest.raises(UnknownName, match="Use 'en', 'fr', 'de'"):
        report(made(claim("all", printed="10")), language="xx")
    assert '<html lang="fr">' in report(made(claim("all", printed="10")), language="fr").to_html()


def test_label_of_several_lists_is_translated_by_its_column():
    table = DisplayTable(
        caption="", columns=["sex", "exploitation", "reason"], rows=[["other"] * 3]
    )
    sex, form, reason = translator("fr")(table).texts
    assert sex != form
    assert reason == "other"


def test_categories_of_own_dimensions_have_their_labels():
    kinds = [
        {"code": "partner", "label": "Intimate partner"},
        {"code": "other_family", "label": "Other relative"},
    ]
    recruiter = thb.Classification(name="recruiter", categories=kinds)
    table = thb.CountTable.from_rows(
        [("total", 200), ("partner", 120), ("other_family", 80)],
        columns=["recruiter", "value"],
        kind=thb.records.schema_of("victims", recruiter),
        area="MT",
        period=2021,
    )
    (safe, *_) = thb.report(table).parts
    assert {"Intimate partner, of all victims", "60.0%"} <= set(safe.tables[0].texts)
    assert "Other relative, of all victims" in safe.tables[0].texts
