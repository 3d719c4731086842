import re
from collections import Counter
from html.parser import HTMLParser
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given

from tests.display.display_tables import FORMS, YEARS, drawn_pages, drawn_tables
from thbstats.display import Cell, Column, DisplayTable, Group, Page, PageSection, Row, to_html

VOID = {"meta", "rect"}
TAGS = {
    *("html", "head", "meta", "title", "style", "body", "main", "header", "nav", "footer"),
    *("section", "h1", "h2", "p", "ol", "ul", "li", "a", "div", "figure", "span", "b"),
    *("table", "caption", "thead", "tbody", "tr", "th", "td", "svg", "rect"),
}
ATTRIBUTES = {
    *("lang", "charset", "name", "content", "class", "href", "id", "role", "aria-label"),
    *("tabindex", "scope", "colspan", "title", "data-label"),
    *("viewbox", "preserveaspectratio", "width", "height", "y"),
}

STYLE = files("thbstats.display").joinpath("style.css").read_text("utf-8")


class Reader(HTMLParser):
    """Collects tags, attributes and texts, and checks that elements nest."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: Counter[str] = Counter()
        self.names: set[str] = set()
        self.values: list[tuple[str, str]] = []
        self.heads: list[str] = []
        self.cells: list[str] = []
        self.feed(html)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        self.names |= {name for name, _ in attrs}
        self.values += [(name, value or "") for name, value in attrs]
        if tag in {"th", "td"}:
            self.cells.append("")
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        self.names |= {name for name, _ in attrs}

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if {"th", "td"} & set(self.open):
            self.cells[-1] += data


def table(*columns: str | Column, rows: Any = (), **more: Any) -> DisplayTable:
    return DisplayTable(caption=more.pop("caption", ""), columns=columns, rows=rows, **more)


LONG = "x" * 50
NAMELESS = table("", "2016", rows=[["women", "7"]], caption="Victims")
ALIGNED = table("a", Column("b", "right"), "c", "d", rows=[["", "1", LONG, "y"]])
MARK = '<span class="thb-mark" role="img" aria-label="problem">✗</span>'


@pytest.mark.parametrize(
    ("item", "fragment", "number"),
    [
        # Caption and headers of columns, groups and rows
        (FORMS, "<caption><span>Registered victims by form</span></caption>", 1),
        (FORMS, '<th scope="col"', 4),
        (FORMS, '<th scope="row"', 3),
        (FORMS, "<tbody>", 2),
        (FORMS, '<th class="thb-group" scope="rowgroup" colspan="4">EU28</th>', 1),
        (FORMS, '<tr class="thb-total"><th scope="row">all</th>', 1),
        # A column without name has no empty header.
        (NAMELESS, '<th scope="col"', 1),
        (NAMELESS, "<tr><td></td><th", 1),
        # Numbers are right-aligned, and long texts have a minimum width.
        (ALIGNED, '<td class="thb-right" data-label=', 1),
        (ALIGNED, f'data-label="c">{LONG}</td><td data-label=', 1),
        (table("Form", rows=[[LONG], ["short"]]), '<th scope="row" class="thb-long">', 1),
        # A number stays on one line with its unit, as does a span of years.
        (
            table("a", notes=["is +9.0 pp of"]),
            '<li>is <span class="thb-keep">+9.0 pp</span> of</li>',
            1,
        ),
        (
            table("Period", rows=[["EU28, 2015-2016"]]),
            '<span class="thb-keep">2015-2016</span>',
            1,
        ),
        # A tone has a mark with a label, a bar is drawn to scale, and a title is a tooltip.
        (FORMS, f'<span class="thb-bad">{MARK}&nbsp;wrong</span>', 1),
        (table("a", rows=[[Cell("b", tone="muted")]]), '<span class="thb-muted">b</span>', 1),
        (FORMS, 'role="img" aria-label="bar: 47.5% to 63.4%"', 1),
        (FORMS, '<rect class="thb-possible" width="63.40"', 1),
        (FORMS, '<rect class="thb-certain" width="47.53"', 1),
        (FORMS, '<span class="thb-hint" title="hidden by the source">[c]</span>', 1),
        # A table without caption and rows has a label and a placeholder.
        (table("a", "b"), "<caption>", 0),
        (table("a", "b"), 'aria-label="table"', 1),
        (table("a", "b"), '<td class="thb-empty" colspan="2">no rows</td>', 1),
        (FORMS, "<style>", 0),
    ],
)
def test_table_has_its_elements(item: DisplayTable, fragment: str, number: int) -> None:
    assert to_html(item, style=False).count(fragment) == number


def test_print_style_has_no_minimum_widths() -> None:
    paper = STYLE[STYLE.index("@media print") :]
    for cells in (".thb td.thb-long", ".thb tr > th.thb-long", ".thb td:not(.thb-right)"):
        rule = re.search(re.escape(cells) + r"[^{]*\{([^}]*)\}", paper)
        assert rule is not None
        assert "min-width: 0" in rule[1]


def test_the_style_can_be_omitted() -> None:
    assert STYLE in to_html(FORMS)
    page = Page(title="", sections=[PageSection(heading="", tables=[FORMS, YEARS])])
    assert to_html(page).count("<style>") == 1


def test_every_rule_of_the_style_is_scoped_to_one_class() -> None:
    bare = re.sub(r"@(media|container)[^{]*\{", "", STYLE)
    for selectors in re.findall(r"([^{}]+)\{", bare):
        outside_brackets = re.sub(r"\([^)]*\)", "", selectors)
        assert all("thb" in selector for selector in outside_brackets.split(",")), selectors


def test_a_page_is_a_document_without_scripts_or_external_files() -> None:
    page = Page(title="A < B", lang="fr", sections=[PageSection(heading="S", tables=[FORMS])])
    html = to_html(page)
    assert html.startswith('<!doctype html>\n<html lang="fr">')
    assert "<title>A &lt; B</title>" in html
    assert '<meta name="viewport" content="width=device-width, initial-scale=1">' in html
    assert not re.search(r"<script|<link|<img|src=|url\(|@import|https?:", html)


def test_parts_of_a_page_are_in_order() -> None:
    sections = [
        PageSection(heading="One", prose=["P."], tables=[YEARS]),
        PageSection(heading="Two"),
    ]
    page = Page(title="T", kicker="K", lead="L", sections=sections, footer="F")
    html = to_html(page)
    parts = [">K</p>", "<h1>T</h1>", ">L</p>", "<h2>One</h2>", ">P.</p>", "<b>Table 1.</b>"]
    parts += ["<h2>Two</h2>", "<footer><p>F</p></footer>"]
    positions = [html.index(part) for part in parts]
    assert positions == sorted(positions)
    assert "<nav" not in html


def test_a_long_page_has_contents_with_valid_links() -> None:
    page = Page(title="T", sections=[PageSection(heading=f"S{number}") for number in range(4)])
    html = to_html(page)
    targets = re.findall(r'href="#([^"]+)"', html)
    assert len(targets) == 4
    assert all(html.count(f'id="{target}"') == 1 for target in targets)


@given(drawn_pages)
def test_no_text_of_a_page_becomes_markup(page: Page) -> None:
    reader = Reader(to_html(page))
    assert set(reader.tags) <= TAGS
    assert reader.names <= ATTRIBUTES
    assert reader.tags["h1"] == 1
    assert reader.tags["h2"] == len(page.sections)
    assert ("lang", page.lang) in reader.values


@given(drawn_tables())
def test_every_cell_is_read_back(table: DisplayTable) -> None:
    reader = Reader(to_html(table, style=False))
    expected = [column.name for column in table.columns]
    for row in table.rows:
        if isinstance(row, Row):
            expected += [cell.marked for cell in row.cells]
        elif isinstance(row, Group) and row.heading:
            expected.append(row.heading)
    result = [cell.replace("\u00a0", " ").strip() for cell in reader.cells]
    assert [cell for cell in result if cell != "no rows"] == [
        cell for cell in expected if cell != "no rows"
    ]
