from hypothesis import given
from markdown_it import MarkdownIt
from markdown_it.token import Token

from tests.display.display_tables import FORMS, drawn_pages, drawn_tables
from thbstats.display import DisplayTable, Group, Page, PageSection, Row, to_markdown

READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
OURS = {"text", "strong_open", "strong_close"}


def inlines(markdown: str) -> list[Token]:
    return [token for token in READER.parse(markdown) if token.type == "inline"]


def read(token: Token) -> str:
    return "".join(child.content for child in token.children or [])


def without_edges(text: str) -> str:
    return text.strip(" ")


def test_markdown_has_a_table_and_a_list_of_notes() -> None:
    assert to_markdown(FORMS).splitlines() == [
        "**Registered victims by form**",
        "",
        "| Form | Registered | Share of all | Verdict |",
        "| :--- | ---: | ---: | :--- |",
        "| **EU28** |  |  |  |",
        "| sexual | 9,759 | 47.5% to 63.4% |  |",
        r"| other | \[c\] | 18% | ✗ wrong |",
        "|  |  |  |  |",
        "| **all** | **20,532** | **100.0%** | **✓ confirmed** |",
        "",
        r"- \[c\] suppressed by the source.",
    ]


def test_pipes_are_escaped() -> None:
    assert r"| a\|b |" in to_markdown(DisplayTable(caption="", columns=["x"], rows=[["a|b"]]))


def test_a_paragraph_does_not_start_a_heading_list_or_rule() -> None:
    for text in ("# a", "- a", "+ a", "1. a", "12) a", "===", "---", "> a", "9. 5"):
        tokens = READER.parse(to_markdown(Page(title="", lead=text)))
        assert [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"]
        assert read(tokens[1]) == text


def test_an_address_is_not_escaped() -> None:
    address = "https://example.org/a_b_c?d=e"
    assert to_markdown(Page(title="", lead=address)) == address


def test_a_table_without_rows_has_a_placeholder() -> None:
    assert "| **no rows** |  |" in to_markdown(
        DisplayTable(caption="", columns=["a", "b"], rows=[])
    )


def test_a_page_has_its_headings_in_order() -> None:
    page = Page(title="T", lead="L", sections=[PageSection(heading="S", prose="P", tables=[FORMS])])
    lines = to_markdown(page).splitlines()
    assert lines[:8:2] == ["# T", "L", "## S", "P"]
    assert lines[8] == "**Table 1. Registered victims by form**"


@given(drawn_tables())
def test_every_text_is_read_back_from_markdown(table: DisplayTable) -> None:
    result = [read(token) for token in inlines(to_markdown(table))]
    cells: list[str] = []
    for row in table.rows or (Group("no rows"),):
        if isinstance(row, Row):
            cells += [cell.marked for cell in row.cells]
        else:
            cells += [row.heading, *[""] * (len(table.columns) - 1)]
    caption = [table.caption] if table.caption else []
    notes = [note for note in table.notes if note]
    assert result == [*caption, *(column.name for column in table.columns), *cells, *notes]


@given(drawn_pages)
def test_no_text_is_read_as_markup(page: Page) -> None:
    for token in inlines(to_markdown(page)):
        assert {child.type for child in token.children or []} <= OURS
