"""The page of a report: sections, texts and layout."""

import re

import pytest
from attrs import evolve

from tests.reports.made import claim, report, share
from thbstats.auditing import ClaimVerdict
from thbstats.display import Bullets, DisplayTable, Page, to_markdown, to_text
from thbstats.panel import ComparabilityWarning
from thbstats.publications import com_2018_777
from thbstats.reports import Content
from thbstats.reports import report as document_of
from thbstats.reports.document import Document
from thbstats.reports.figures import _points
from thbstats.values import Interval

FIRST_SCREEN = ["Summary", "Figures you can quote", "Limitations", "Issues in the publication"]


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
    (single,) = [table for table in tables if caption in table.caption]
    return single


def quoted(page: Page) -> DisplayTable:
    (section,) = [part for part in page.sections if part.heading == "Figures you can quote"]
    return section.tables[0]


def texts(page: Page, heading: str) -> list[str]:
    (section,) = [part for part in page.sections if part.heading == heading]
    blocks = (block.items if isinstance(block, Bullets) else [block] for block in section.prose)
    return [text for block in blocks for text in block]


def flat(text: str) -> str:
    return " ".join(text.split())


def test_first_screen_has_four_sections_and_annexes_are_last(page: Page):
    assert [section.heading for section in page.sections] == [
        *FIRST_SCREEN,
        "Indicators in detail",
        "Comparison of areas",
        "Criminal justice",
        "Countries listed",
        "Quality notes",
        "Annex: Quality notes by figure",
        "Annex: Consistency checks",
    ]


def test_first_screen_has_at_most_60_lines_and_the_page_180(short: Document):
    lines = short.to_text(80).splitlines()
    assert lines.index("Indicators in detail") <= 61
    assert len(lines) <= 180


def test_text_without_annexes_names_them(short: Document):
    text = flat(short.to_text())
    assert "Annex: " not in text
    assert text.endswith("Annexes: HTML, or option full.")


def test_html_contains_annexes_in_collapsed_details(content: Content, short: Document):
    assert short.to_html().count("<details>") == 2
    assert "<details" not in document_of(content, full=True).to_html()


@pytest.mark.parametrize(
    "figure",
    ["0.49", "47.5%", "17,273 to 17,583", "+9 pp (+8 to +10)", "14.3", "135 per 2", "20,532"],
)
def test_main_figures_are_on_the_page(text: str, figure: str):
    assert figure in flat(text)


def test_summary_explains_the_published_56_percent(page: Page):
    assert texts(page, "Summary") == [
        "20,532 victims were registered; 9,759 were victims of sexual exploitation.",
        "The published 56% refers to victims with a known form of exploitation. Of all "
        "registered victims, it is 47.5% (47.5% to 63.5%, depending on the 2,949 to 3,259 victims "
        "whose form is unknown).",
        "Sexual exploitation: 65% in EU28 without UK, 8 to 10 percentage points higher than in "
        "EU28. This is a difference between areas, not a change over time.",
        "There were 49 convictions per 100 prosecutions in the same period. This is not a "
        "conviction rate: cases often last several years.",
        "No figure that could be checked is contradicted. 3 issues need attention.",
    ]


def test_figures_to_quote_are_named_with_denominator_and_note(page: Page):
    rows = [[cell.text for cell in row.cells] for row in quoted(page).rows]
    assert rows[0] == ["Registered victims", "20,532", "\N{EN DASH}", "detected only"]
    assert rows[2:4] == [
        ["Sexual exploitation, of all victims", "47.5%", "20,532", "47.5% to 63.5% *"],
        ["Sexual exploitation, of known forms", "56%", "17,273 to 17,583", "implied"],
    ]
    assert ["Women and girls", "68%", "not stated", "do not compare"] in rows
    assert ["Prosecutions per suspect", "0.80", "7,503", "different units"] in rows
    assert any(note.startswith("Implied: denominator not published") for note in quoted(page).notes)


def test_later_stage_above_earlier_stage_is_marked(page: Page):
    stages = table(page, "Stages of criminal justice")
    assert any(note.startswith("! More people at a later stage") for note in stages.notes)
    marked = [cell.marked for row in _rows(stages) for cell in row.cells if cell.tone == "warn"]
    assert marked == ["! 135 per 2 (3 of 28)", "! 18 per 2 (3 of 28)"]


@pytest.mark.parametrize("width", [60, 80, 120, 200])
def test_no_line_is_wider_than_the_terminal(page: Page, width: int):
    assert max(map(len, to_text(page, width).splitlines())) <= width


def test_difference_is_given_as_published_and_as_rounding_allows(page: Page):
    compared = table(page, "EU28 and EU28 without UK")
    assert compared.texts[:5] == (
        "Sexual exploitation", "56%", "65%", "+9 pp (+8 to +10)", "With caution",
    )  # fmt: skip
    assert compared.notes[0] == "With caution: different countries, unknown category."


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("UK share of victims of labour exploitation", ("61%", "2,666 to 2,865", "4,405 to 4,659")),
        ("Women and girls, of victims of sexual exploitation", ("95%", "", "not stated")),
    ],
)
def test_other_shares_have_implied_counts_or_no_denominator(
    page: Page, name: str, expected: tuple[str, ...]
):
    cells = table(page, "Other figures").texts
    index = cells.index(name)
    assert cells[index + 1 : index + 4] == expected


def test_issues_are_numbered_sentences(page: Page):
    issues = texts(page, "Issues in the publication")
    assert issues[0] == "Section II.1 describes 18% as “around a quarter”. A fifth (20%) is closer."
    assert issues[1] == (
        "Section III.1: More people prosecuted (135) than suspected (2). Check coverage and "
        "counting units."
    )
    assert issues[-1].startswith("Checks: 147 statements, 37 with a number: 21 consistent, ")


def test_every_issue_is_in_the_annex(page: Page, content: Content):
    cells = table(page, "Issues").texts
    assert {item.claim.id for item in content.audit.issues} <= set(cells)


def test_verdicts_by_section_add_up(page: Page, content: Content):
    *rows, total = table(page, "Verdicts by section").rows
    columns = list(zip(*([cell.text for cell in row.cells[1:]] for row in rows), strict=True))
    sums = [sum(int(number or 0) for number in column) for column in columns]
    assert sums == [int(cell.text or 0) for cell in total.cells[1:]]
    assert sums[-1] == len(content.audit)
    assert sum(sums[: len(ClaimVerdict)]) == len(content.audit)


def test_each_claim_is_listed_or_counted(page: Page, content: Content):
    full = sum(len(row.cells) == 3 for row in _rows(table(page, "Results of the consistency")))
    counted = sum(int(row.cells[1].text) for row in _rows(table(page, "could not be checked")))
    assert full + counted == len(content.audit)


def _rows(shown: DisplayTable):
    return [row for row in shown.rows if hasattr(row, "cells")]


def test_warnings_are_grouped_by_severity_and_unique(page: Page, content: Content):
    severities = table(page, "by severity")
    headings = [row.heading for row in severities.rows if not hasattr(row, "cells")]
    assert headings == [
        "Caution: state the limitation when you use the figure",
        "Note: for information",
    ]
    pairs = [(row.cells[0].marked, row.cells[1].text) for row in _rows(severities)]
    assert len(pairs) == len(set(pairs)) == len(content.cautions)


def test_warning_names_the_first_figures_only(page: Page):
    applies = {row.cells[0].text: row.cells[2].text for row in _rows(table(page, "by severity"))}
    assert re.search(r"; and \d+ more$", applies["Missing countries (COVERAGE)"])


def test_quality_notes_are_grouped_by_topic_with_title_and_code(page: Page, content: Content):
    (section,) = [part for part in page.sections if part.heading == "Quality notes"]
    assert [block.heading for block in section.prose] == [
        "Coverage",
        "Unknown categories and denominators",
        "Comparability",
        "Definitions",
    ]
    notes = texts(page, "Quality notes")
    codes = {item.code for item in (*content.cautions, *content.limitations)}
    assert len(notes) == len(codes)
    assert notes[0].startswith("Missing countries: 3 of 28 countries have data.")
    assert notes[0].endswith("(6 figures; COVERAGE)")


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
        "Summary",
        "Issues in the publication",
        "Annex: Consistency checks",
    ]
    assert page.kicker == ""
    assert page.footer.startswith("Figures: A made report.")


def test_summary_counts_issues():
    doubtful = share(
        "few", "18%", wording="around a quarter", category={"sex": "male"}, base="not_stated"
    )
    assert "1 issue needs attention." in texts(page_of(report(doubtful)), "Summary")[-1]
    none = page_of(report(claim("some", wording="many victims")))
    assert "No issue was found." in texts(none, "Summary")[-1]


def test_contradictory_counts_are_omissions_and_issues():
    page = page_of(report(claim("one", printed="10"), claim("two", printed="11")))
    assert texts(page, "Numbers not computed")[0].startswith("data: ")
    assert "2 published statements contradict other figures" in texts(page, "Summary")[-1]
    assert len(texts(page, "Issues in the publication")) == 3


def test_unusual_area_and_period_are_in_the_name():
    page = page_of(
        report(
            claim("a", printed="10"),
            claim("b", printed="20", area="BE", period="2018"),
            claim("c", printed="3", category={"exploitation": "labour"}),
            share("d", "25%", category={"sex": "female"}, area="BE", base="not_stated"),
        )
    )
    assert "Registered victims, BE, 2018" in quoted(page).texts
    assert "Women and girls, BE" in table(page, "Other figures").texts
    results = table(page, "Results of the consistency checks").texts
    assert any("female in BE: 25%" in text for text in results)


def test_share_of_a_fully_known_category_is_a_point():
    known = report(
        claim("all", printed="100"),
        claim("labour", printed="40", category={"exploitation": "labour"}),
        claim("sexual", printed="50", category={"exploitation": "sexual"}),
        claim("other", printed="10", category={"exploitation": "other"}),
    )
    assert "40.0%" in quoted(page_of(known)).texts


def test_offences_of_different_periods_have_separate_columns():
    counts = [
        *((stage, year) for stage in ("prosecuted", "convicted") for year in ("2018", "2019")),
        ("suspected", "2018"),
    ]
    printed = {"prosecuted": "9", "convicted": "4", "suspected": "12"}
    claims = (
        claim(
            f"{stage}-{year}",
            printed=printed[stage],
            period=year,
            subject="justice",
            category={"stage": stage, "offence": "trafficking"},
        )
        for stage, year in counts
    )
    stages = table(page_of(report(*claims)), "Stages of criminal justice")
    names = [column.name for column in stages.columns]
    assert names == ["Stage", "Trafficking", "Trafficking, 2019"]
    assert stages.texts[:3] == ("Suspected (formal contact)", "12", "")


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
    warnings = table(page, "by severity")
    assert warnings.rows[0].heading == "Blocking: do not compare"
    assert warnings.rows[1].cells[0].marked == "✗ Mixed status of victims (STATUS)"
    assert warnings.rows[1].cells[1].text == "Presumed, not identified."
    assert "Registered victims" not in quoted(page).texts
    limits = texts(page, "Limitations")
    assert "Do not quote for EU28: Registered victims (mixed status of victims (STATUS))." in limits
    assert "Mixed status of victims: Registered victims. Presumed, not identified." in limits


def test_limitation_of_every_figure_applies_to_all_figures(content: Content):
    only = evolve(content, counts=content.counts[:1], shares=(), ratios=(), printed=(), pairs=())
    (annex,) = [x for x in page_of(only).sections if x.heading == "Annex: Quality notes by figure"]
    limitations = [shown for shown in annex.tables if shown.caption == "Limitations"]
    assert {row.cells[2].text for row in _rows(limitations[0])} == {"all figures"}


def test_limitations_are_unique_and_not_warnings(page: Page, content: Content):
    (annex,) = [x for x in page.sections if x.heading == "Annex: Quality notes by figure"]
    codes = [item.code for item in content.limitations]
    assert len(codes) == len(set(codes)) == len(_rows(annex.tables[1]))
    assert "DETECTED_ONLY" in codes
    assert not set(codes) & {item.code for item in content.cautions}


def test_counts_and_ratios_of_3_of_28_countries_cannot_be_quoted(page: Page):
    assert not [name for name in quoted(page).texts if "use of services" in name]
    assert any(
        text.startswith("Do not quote for EU28: Suspects (use of services); ")
        and text.endswith("(3 of 28 countries have complete data).")
        for text in texts(page, "Limitations")
    )


def test_proper_nouns_have_capitals(text: str):
    assert not re.search(r"\b(europol|eurojust)\b", re.sub(r"\S*-(europol|eurojust)\S*", "", text))


def test_difference_between_areas_is_higher_or_lower() -> None:
    for bounds, text in (
        (Interval(2, 5), "2 to 5 percentage points higher"),
        (Interval(-5, -2), "2 to 5 percentage points lower"),
        (Interval(-2, 5), "\N{MINUS SIGN}2 to 5 percentage points more"),
    ):
        assert _points(bounds) == text
