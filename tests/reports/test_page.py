"""The page for people: what stands on it, in which order, and that it fits."""

import re

import pytest
from attrs import evolve

from tests.reports.made import claim, report, share
from thbstats.auditing import ClaimVerdict
from thbstats.display import DisplayTable, Page, to_html, to_markdown, to_text
from thbstats.panel import ComparabilityWarning
from thbstats.publications import com_2018_777
from thbstats.reports import Content
from thbstats.reports import report as document_of


def page_of(item: object) -> Page:
    return document_of(item).page


@pytest.fixture(scope="module")
def page(content: Content) -> Page:
    return page_of(content)


@pytest.fixture(scope="module")
def text(page: Page) -> str:
    return to_text(page, 80)


def sheet(page: Page, caption: str) -> DisplayTable:
    (found,) = [
        sheet for section in page.sections for sheet in section.tables if caption in sheet.caption
    ]
    return found


def flat(text: str) -> str:
    return " ".join(text.split())


def test_the_summary_comes_first_and_the_warnings_last(page: Page):
    assert [section.heading for section in page.sections] == [
        "In brief",
        "Headline indicators",
        "Published shares",
        "From suspicion to conviction",
        "Rankings",
        "Claims of the text",
        "Warnings and limitations",
    ]


@pytest.mark.parametrize(
    "figure",
    ["0.490", "47.5%", "17,273 to 17,583", "56/26/18 and 65/15/20", "14.3", "67.500", "20,532"],
)
def test_the_figures_that_everybody_asks_for_are_there(text: str, figure: str):
    assert figure in flat(text)


def test_the_order_of_stages_is_warned_of_for_the_use_of_services(page: Page):
    notes = sheet(page, "Stages of justice").notes
    assert len(notes) == 3
    assert all("(STAGE_ORDER): " in note and "use of services" in note for note in notes[1:])


@pytest.mark.parametrize("width", [60, 80, 120, 200])
def test_no_line_is_wider_than_the_terminal(page: Page, width: int):
    assert max(map(len, to_text(page, width).splitlines())) <= width


def test_the_difference_is_given_as_figures_stand_and_as_rounding_allows(page: Page):
    texts = sheet(page, "side by side").texts
    assert texts[:6] == ("sexual", "56%", "65%", "+9 pp", "+8.0 to +10.0 pp", texts[5])
    assert texts[5].startswith("with caution: ")
    assert "AREA_COMPOSITION" in texts[5]
    assert texts[18:21] == ("sum", "100%", "100%")


def test_a_headline_has_its_bounds_numerator_denominator_and_coverage(page: Page):
    texts = sheet(page, "Headline").texts
    place = texts.index("recorded as sexual among registered victims")
    assert texts[place + 1 : place + 6] == (
        "47.5%", "47.5% to 63.4%", "9,759", "20,532", "not listed",
    )  # fmt: skip


def test_where_no_base_is_stated_only_the_upper_end_is_shown(page: Page):
    texts = sheet(page, "one area only").texts
    place = texts.index("female, of registered victims (sexual), base not stated")
    assert texts[place + 1 : place + 4] == ("95%", "up to 9,319", "up to 9,759")


def test_doubtful_words_are_among_the_limits(page: Page):
    texts = sheet(page, "Limits of the figures").texts
    assert any("around a quarter" in text for text in texts)
    assert "section II.1" in texts


def test_every_finding_is_shown_with_its_reason(page: Page, content: Content):
    texts = sheet(page, "Issues").texts
    assert {item.claim.id for item in content.audit.findings} <= set(texts)


def test_the_verdicts_by_section_add_up(page: Page, content: Content):
    *rows, total = sheet(page, "Verdicts by section").rows
    columns = list(zip(*([cell.text for cell in row.cells[1:]] for row in rows), strict=True))
    sums = [sum(int(number or 0) for number in column) for column in columns]
    assert sums == [int(cell.text or 0) for cell in total.cells[1:]]
    assert sums[-1] == len(content.audit)
    assert sum(sums[: len(ClaimVerdict)]) == len(content.audit)


def test_each_claim_is_shown_in_full_or_counted(page: Page, content: Content):
    full = sum(len(row.cells) == 3 for row in _rows(sheet(page, "Arithmetic of figures")))
    counted = sum(int(row.cells[1].text) for row in _rows(sheet(page, "not assessable")))
    assert full + counted == len(content.audit)


def _rows(found: DisplayTable):
    return [row for row in found.rows if hasattr(row, "cells")]


def test_warnings_are_grouped_by_weight_and_said_once_in_each(page: Page, content: Content):
    found = sheet(page, "Warnings in order of severity")
    headings = [row.heading for row in found.rows if not hasattr(row, "cells")]
    assert headings == ["Caution: compare only with these words", "Note"]
    said = [(row.cells[0].marked, row.cells[1].text) for row in _rows(found)]
    assert len(said) == len(set(said)) == len(content.cautions)


def test_only_a_few_of_many_numbers_are_named_beside_a_warning(page: Page):
    rows = _rows(sheet(page, "Warnings in order of severity"))
    applies = {row.cells[0].text: row.cells[2].text for row in rows}
    assert re.search(r"; and \d+ more$", applies["Missing countries (COVERAGE)"])


def test_rankings_name_countries_and_what_lists_share(page: Page):
    texts = sheet(page, "Published rankings").texts
    assert "Romania, Hungary, Netherlands, Poland, Bulgaria" in texts
    assert texts.count("5 of 5") == 2


def test_html_is_one_page_that_loads_nothing(page: Page):
    html = to_html(page)
    assert html.startswith("<!doctype html>")
    assert not re.search(r"<(script|link|img|iframe)|@import|url\(|src=", html)


def test_markdown_has_every_section(page: Page):
    headings = re.findall(r"^## (.+)$", to_markdown(page), re.MULTILINE)
    assert len(headings) == len(page.sections)


def test_a_report_and_its_content_give_the_same_page(page: Page):
    assert page_of(com_2018_777()) == page


def test_a_report_of_words_alone_is_a_short_page():
    page = page_of(report(claim("growing", wording="many victims")))
    assert [section.heading for section in page.sections] == ["Claims of the text"]
    assert page.kicker == ""
    assert page.footer.startswith("Figures: A made report.")


def test_one_issue_is_one_claim():
    words = share(
        "few", "18%", wording="around a quarter", category={"sex": "male"}, base="not_stated"
    )
    assert "1 claim has an issue." in page_of(report(words)).lead
    assert "No claims have an issue." in page_of(report(claim("some", wording="many victims"))).lead


def test_what_could_not_be_computed_is_said():
    page = page_of(report(claim("one", printed="10"), claim("two", printed="11")))
    last = page.sections[-1]
    assert last.heading == "Numbers not computed"
    assert last.prose[0].startswith("data: ")
    assert "! section I" not in to_text(page)
    assert "✗ section I" in to_text(page)


def test_an_area_and_a_period_that_are_not_the_usual_ones_are_named():
    page = page_of(
        report(
            claim("a", printed="10"),
            claim("b", printed="20", area="BE", period="2018"),
            claim("c", printed="3", category={"exploitation": "labour"}),
            share("d", "25%", category={"sex": "female"}, area="BE", base="not_stated"),
        )
    )
    texts = sheet(page, "Headline").texts
    assert "registered victims; BE; 2018" in texts
    (found, *_) = sheet(page, "one area only").texts
    assert found == "female, of registered victims, base not stated"
    assert any("female in BE: 25%" in text for text in sheet(page, "Arithmetic of figures").texts)


def test_a_recorded_base_that_is_known_leaves_the_share_a_point():
    known = report(
        claim("all", printed="100"),
        claim("labour", printed="40", category={"exploitation": "labour"}),
        claim("sexual", printed="50", category={"exploitation": "sexual"}),
        claim("other", printed="10", category={"exploitation": "other"}),
    )
    rows = sheet(page_of(known), "Figures you can quote").texts
    assert "40.0%" in rows


def test_offences_of_different_periods_have_columns_of_their_own():
    stages = [
        claim(
            f"{stage}-{year}",
            printed=printed,
            period=year,
            subject="justice",
            category={"stage": stage, "offence": "trafficking"},
        )
        for stage, printed in (("prosecuted", "9"), ("convicted", "4"))
        for year in ("2018", "2019")
    ]
    extra = claim(
        "suspected-2018",
        printed="12",
        period="2018",
        subject="justice",
        category={"stage": "suspected", "offence": "trafficking"},
    )
    found = sheet(page_of(report(*stages, extra)), "Stages of justice")
    assert [column.name for column in found.columns] == [
        "stage",
        "trafficking",
        "trafficking; 2019",
    ]
    assert found.texts[:3] == ("Suspected (formal contact)", "12", "")


def test_a_blocking_warning_comes_first_and_its_number_cannot_be_quoted(content: Content):
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
    warnings = sheet(page, "Warnings in order of severity")
    assert warnings.rows[0].heading == "Blocking: do not compare"
    assert warnings.rows[1].cells[0].marked == "✗ Mixed status of victims (STATUS)"
    assert warnings.rows[1].cells[1].text == "Presumed, not identified."
    limits = sheet(page, "Limits of the figures").texts
    assert (
        limits[limits.index("Mixed status of victims (STATUS)") - 1] == "presumed, not identified"
    )
    assert "20,532" not in sheet(page, "Figures you can quote").texts
    refused = sheet(page, "Figures you cannot quote").texts
    assert refused[refused.index("20,532") + 2] == "mixed status of victims (STATUS)"


def test_what_applies_to_every_number_says_so(content: Content):
    only = evolve(
        content, counts=content.counts[:1], shares=(), ratios=(), printed=(), comparisons=()
    )
    rows = _rows(sheet(page_of(only), "Limitations"))
    assert {row.cells[2].text for row in rows} == {"every number"}


def test_limitations_are_listed_once_and_are_not_warnings(page: Page, content: Content):
    rows = _rows(sheet(page, "Limitations"))
    codes = [item.code for item in content.limitations]
    assert len(codes) == len(set(codes)) == len(rows)
    assert "DETECTED_ONLY" in codes
    assert not set(codes) & {item.code for item in content.cautions}
    text = to_text(page, 200)
    for item in content.limitations:
        assert text.count(item.label) == 1


def test_ratios_of_3_of_28_countries_cannot_be_quoted(page: Page):
    quotable = sheet(page, "Figures you can quote").texts
    refused = sheet(page, "Figures you cannot quote").texts
    for figure in ("67.500", "0.133", "9.000"):
        assert figure not in quotable
        assert "only 3 of 28 countries have" in refused[refused.index(figure) + 2]
