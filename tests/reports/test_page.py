"""The page of a report: sections, texts and layout."""

import re

import pytest
from attrs import evolve

from tests.reports.made import claim, report, share
from thbstats.display import Bullets, DisplayTable, Page, to_markdown, to_text
from thbstats.panel import ComparabilityWarning
from thbstats.publications import com_2018_777
from thbstats.reports import Content
from thbstats.reports import report as document_of
from thbstats.reports.document import Document

FIRST_PAGE = [
    "Safe to quote",
    "Quote only with its reservation",
    "Do not write",
    "Points to check in the publication",
    "Chart",
]


def page_of(item: object) -> Page:
    return document_of(item, full=True).page


@pytest.fixture(scope="module")
def page(content: Content) -> Page:
    return page_of(content)


@pytest.fixture(scope="module")
def short(content: Content) -> Document:
    return document_of(content)


@pytest.fixture(scope="module")
def text(page: Page) -> str:
    return to_text(page, 80)


def table(page: Page, caption: str) -> DisplayTable:
    tables = (table for section in page.sections for table in section.tables)
    (single,) = [table for table in tables if table.caption.startswith(caption)]
    return single


def quoted(page: Page) -> dict[str, tuple[str, ...]]:
    """Return value, denominator and reservation of the figures that can be quoted."""
    parts = [part for part in page.sections if part.heading in FIRST_PAGE[:2]]
    rows = [row for part in parts for table in part.tables for row in table.rows]
    return {row.cells[0].text: tuple(cell.text for cell in row.cells[1:]) for row in rows}


def texts(page: Page, heading: str) -> list[str]:
    (section,) = [part for part in page.sections if part.heading == heading]
    blocks = (block.items if isinstance(block, Bullets) else [block] for block in section.prose)
    return [text for block in blocks for text in block]


def flat(text: str) -> str:
    return " ".join(text.split())


def test_page_has_what_to_quote_and_what_not_first_and_annexes_last(page: Page):
    assert [section.heading for section in page.sections] == [
        *FIRST_PAGE,
        "Other figures",
        "Comparison of areas",
        "Countries listed",
        "Notes by figure",
        "Annex: Codes of the notes",
        "Annex: Consistency checks",
    ]


def test_one_line_says_who_speaks(page: Page):
    assert page.lead == (
        "Automatic check by the software thbstats, without review by the publisher, European "
        "Commission. All figures are for EU28, 2015-2016 unless stated otherwise."
    )


def test_text_without_annexes_names_them(short: Document):
    text = flat(short.to_text())
    assert "Annex: " not in text
    assert text.endswith("Annexes: HTML, or option full.")


def test_html_contains_annexes_in_collapsed_details(content: Content, short: Document):
    assert short.to_html().count("<details>") == 2
    assert "<details" not in document_of(content, full=True).to_html()


@pytest.mark.parametrize(
    "figure",
    ["0.49", "47.5%", "17,273 to 17,583", "+9 pp (+8 to +10)", "14.3", "20,532", "2,476"],
)
def test_main_figures_are_on_the_page(text: str, figure: str):
    assert figure in flat(text)


def test_statements_not_to_write_have_their_reason(page: Page):
    assert texts(page, "Do not write") == [
        "All figures on the use of services: complete data from 3 of 28 countries only.",
        "56% as the share of sexual exploitation among all registered victims: the published "
        "share leaves out victims whose form is unknown. Of all registered victims, it is 47.5% "
        "(47.5% to 63.5% with the unknown cases).",
        "A change from 56% to 65% for sexual exploitation: these are the shares of EU28 and EU28 "
        "without UK in the same period.",
        "A conviction rate of 49%: the ratio divides convictions by prosecutions of one period, "
        "and cases can last for years.",
        "20,532 as the number of all victims: only registered victims are counted. A person can "
        "be counted in two countries or years.",
        "Figures as complete for EU28: the source does not list the reporting countries.",
    ]


def test_figures_have_denominator_and_reservation(page: Page):
    rows = quoted(page)
    unknown = "depending on the 2,949 to 3,259 victims whose form is unknown"
    assert rows["Registered victims"] == ("20,532", "\N{EN DASH}")
    assert rows["Sexual exploitation, of all victims"] == (
        "47.5%", "20,532", f"47.5% to 63.5%, {unknown}",
    )  # fmt: skip
    assert rows["Sexual exploitation, of victims with a known form"] == (
        "56%", "17,273 to 17,583",
        f"denominator calculated, not published; 47.5% to 63.5% of all victims, {unknown}",
    )  # fmt: skip
    assert rows["Women and girls"] == (
        "68%", "not stated",
        "the publication does not state the denominator: not comparable with other shares",
    )  # fmt: skip
    rate = "not a rate: both counts are of one period, and cases can last for years"
    assert rows["Prosecutions per suspect"][2] == f"{rate}; compares prosecutions with persons"
    assert rows["Convictions per prosecution"][2] == rate


def test_no_figure_without_reservation_has_a_reservation(content: Content, page: Page):
    safe, *_ = page.sections
    names = {row.cells[0].text for row in safe.tables[0].rows}
    assert names == {"Registered victims", "Prosecutions", "Convictions", "Suspects"}
    assert len(quoted(page)) == 18


@pytest.mark.parametrize("width", [60, 80, 120, 200])
def test_no_line_is_wider_than_the_terminal(page: Page, width: int):
    assert max(map(len, to_text(page, width).splitlines())) <= width


def test_difference_is_given_as_published_and_as_rounding_allows(page: Page):
    compared = table(page, "EU28 and EU28 without UK")
    assert compared.texts[:5] == (
        "Sexual exploitation", "56%", "65%", "+9 pp (+8 to +10)", "With caution",
    )  # fmt: skip
    assert compared.notes[0] == "With caution: different countries, unknown category."


def test_other_figures_have_their_area_and_period(page: Page):
    other = table(page, "Other figures")
    headings = [row.heading for row in other.rows if not hasattr(row, "cells")]
    assert headings == [
        "EU28, 2016-2017, cooperation",
        "EU28, period not stated, cooperation",
        "United Kingdom, 2015-2016, victims",
    ]
    (uk,) = [row for row in _rows(other) if "share of victims of labour" in row.cells[0].text]
    assert [cell.text for cell in uk.cells] == [
        "United Kingdom, share of victims of labour exploitation", "61%", "4,405 to 4,659",
        "denominator calculated, not published",
    ]  # fmt: skip


def test_issues_are_numbered_sentences(page: Page):
    issues = texts(page, FIRST_PAGE[3])
    assert issues[0] == "Section II.1 describes 18% as “around a quarter”. A fifth (20%) is closer."
    assert issues[1] == (
        "Section III.1, knowing use of services of victims: More people prosecuted (135) than "
        "suspected (2). Check coverage and counting units."
    )
    assert issues[-1] == (
        "Of 37 statements with a number, 21 agree with other figures, and 16 cannot be checked. "
        "Contradicted: none. The annex has the arithmetic."
    )


def test_every_issue_is_in_the_annex(page: Page, content: Content):
    cells = table(page, "Issues").texts
    assert {item.claim.id for item in content.audit.issues} <= set(cells)


def test_each_claim_is_listed_or_counted(page: Page, content: Content):
    full = sum(len(row.cells) == 3 for row in _rows(table(page, "Results of the consistency")))
    counted = sum(
        int(row.cells[1].text) for row in _rows(table(page, "Claims that could not be checked"))
    )
    assert full + counted == len(content.audit)


def _rows(shown: DisplayTable):
    return [row for row in shown.rows if hasattr(row, "cells")]


def test_codes_are_in_the_annex_by_severity(page: Page, content: Content):
    codes = table(page, "Codes and messages")
    headings = [row.heading for row in codes.rows if not hasattr(row, "cells")]
    assert headings == [
        "Caution: state the limitation when you use the figure",
        "Note: for information",
        "Limitations",
    ]
    pairs = [(row.cells[0].marked, row.cells[1].text) for row in _rows(codes)]
    assert len(pairs) == len(set(pairs)) == len(content.cautions) + len(content.limitations)
    assert ("! Missing countries (COVERAGE)", "The number includes 3 of 28 countries.") in pairs
    assert not re.search(r"\([A-Z_]+\)", to_text(document_of(content).page))


def test_notes_name_all_their_figures(page: Page):
    notes = {row.cells[0].text: row.cells[1].text for row in _rows(table(page, "Notes"))}
    missing = "Missing countries. Publish the number of reporting countries, and the bounds for"
    assert notes[f"{missing} the whole area."] == "All figures on the use of services"
    (units,) = [figures for note, figures in notes.items() if note.startswith("Two counting units")]
    assert units == "All ratios"
    (unknown,) = [figures for note, figures in notes.items() if note.startswith("Unknown category")]
    assert unknown == "All shares by form, EU28, 2015-2016"
    (small,) = [figures for note, figures in notes.items() if note.startswith("Small denominator")]
    assert small == (
        "Prosecutions per suspect (use of services); Convictions per suspect (use of services); By "
        "joint investigation team, share of Eurojust cases, period not stated"
    )
    assert not [figures for figures in notes.values() if re.search(r"\d+ more", figures)]


def test_published_list_that_repeats_another_one_names_its_period(page: Page):
    cells = table(page, "Lists of countries").texts
    assert "Romania, Hungary, Netherlands, Poland, Bulgaria" in cells
    assert cells.count("same countries as 2015-2016") == 2


def test_markdown_has_every_section(page: Page):
    headings = re.findall(r"^## (.+)$", to_markdown(page), re.MULTILINE)
    assert len(headings) == len(page.sections)


def test_publication_and_its_content_give_the_same_page(page: Page):
    assert page_of(com_2018_777()) == page


def test_publication_without_numbers_is_a_short_page():
    page = page_of(report(claim("growing", wording="many victims")))
    assert [section.heading for section in page.sections] == [
        "Points to check in the publication",
        "Annex: Consistency checks",
    ]
    assert page.kicker == ""
    assert page.footer.startswith("Figures: A made report.")


def test_doubtful_words_are_an_issue():
    doubtful = share(
        "few", "18%", wording="around a quarter", category={"sex": "male"}, base="not_stated"
    )
    assert "“around a quarter”" in texts(page_of(report(doubtful)), FIRST_PAGE[3])[0]
    none = page_of(report(claim("some", wording="many victims")))
    assert texts(none, FIRST_PAGE[3]) == ["No issue was found."]


def test_figures_of_a_conflict_are_one_issue():
    page = page_of(report(claim("one", printed="10"), claim("two", printed="11", section="II")))
    assert texts(page, "Not in this report") == []
    (part,) = [part for part in page.sections if part.heading == "Not in this report"]
    assert part.tables[0].texts[0] == "data"
    issue, checks = texts(page, FIRST_PAGE[3])
    assert issue == (
        "Different figures for victims (EU28, 2019): 10 in section I and 11 in section II."
    )
    assert "Contradicted: 2 statements of the publication." in checks


def test_conflict_of_parts_and_total_names_what_does_not_add_up():
    female, male = ({"sex": code} for code in ("female", "male"))
    claims = claim("all", printed="10"), claim("f", printed="8", category=female)
    page = page_of(report(*claims, claim("m", printed="7", category=male)))
    assert texts(page, FIRST_PAGE[3])[0].startswith(
        "The published numbers by sex do not add up to 10 victims (3 figures are concerned)."
    )


def test_conflict_of_other_figures_lists_them():
    claims = (
        claim("all", printed="100"),
        claim("a", printed="60", category={"sex": "female"}),
        share("b", "40%", category={"sex": "female"}),
    )
    (issue, *_) = texts(page_of(report(*claims)), FIRST_PAGE[3])
    assert issue.startswith(
        "These figures cannot all be true: 100 for victims (EU28, 2019) in section I; 60 for women "
        "and girls (EU28, 2019) in section I; 40% for women and girls (EU28, 2019) in section I."
    )


def test_unusual_area_and_period_are_in_the_name():
    page = page_of(
        report(
            claim("a", printed="10"),
            claim("b", printed="20", area="BE", period="2018"),
            claim("c", printed="3", category={"exploitation": "labour"}),
            share("d", "25%", category={"sex": "female"}, area="BE", base="not_stated"),
        )
    )
    assert set(quoted(page)) == {
        "Registered victims",
        "Registered victims of labour exploitation",
        "Labour exploitation, of all victims",
    }
    other = table(page, "Other figures")
    headings = [row.heading for row in other.rows if not hasattr(row, "cells")]
    assert headings == ["Belgium, 2018, victims", "Belgium, 2019, victims"]
    results = table(page, "Results of the consistency checks").texts
    assert any("women and girls (Belgium, 2019): 25%" in text for text in results)


def test_share_of_a_fully_known_category_is_a_point():
    known = report(
        claim("all", printed="100"),
        claim("labour", printed="40", category={"exploitation": "labour"}),
        claim("sexual", printed="50", category={"exploitation": "sexual"}),
        claim("other", printed="10", category={"exploitation": "other"}),
    )
    assert quoted(page_of(known))["Labour exploitation, of all victims"][:2] == ("40.0%", "100")


def test_figure_with_a_blocking_warning_cannot_be_quoted(content: Content):
    first = content.counts[0]
    blocked = ComparabilityWarning(
        code="STATUS",
        title="Mixed status of victims",
        severity="blocking",
        scope="number",
        message="presumed, not identified",
    )
    result = first.result.panel.take([first.result.position]).with_notes([[blocked]]).row(0)
    item = evolve(first, result=result)
    page = page_of(evolve(content, counts=(item, *content.counts[1:])))
    codes = table(page, "Codes and messages")
    assert codes.rows[0].heading == "Blocking: do not compare"
    assert codes.rows[1].cells[0].marked == "✗ Mixed status of victims (STATUS)"
    assert codes.rows[1].cells[1].text == "Presumed, not identified."
    assert "Registered victims" not in quoted(page)
    assert "Registered victims: mixed status of victims." in texts(page, "Do not write")


def test_limitation_of_every_figure_applies_to_all_figures(content: Content):
    only = evolve(content, counts=content.counts[:2], shares=(), ratios=(), printed=(), pairs=())
    notes = {row.cells[1].text for row in _rows(table(page_of(only), "Notes"))}
    assert notes == {"All figures", "Registered victims"}


def test_figures_of_3_of_28_countries_cannot_be_quoted(page: Page):
    assert not [name for name in quoted(page) if "use of services" in name]


def test_proper_nouns_have_capitals(text: str):
    assert not re.search(r"\b(europol|eurojust)\b", re.sub(r"\S*-(europol|eurojust)\S*", "", text))
