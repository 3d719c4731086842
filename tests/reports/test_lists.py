"""Section of a report on persons on several lists."""

import thbstats as thb
from tests.lists.tables import lists
from thbstats.reports import lists_section


def test_section_begins_with_the_dependence_that_the_lists_reject():
    report = thb.publications.com_2018_777()
    section = lists_section(lists("UKdat_5"), ("1/3", 3))
    text = thb.report(report, sections=[section]).to_markdown()
    heading, _, content = text.partition("## Persons on several lists")
    assert heading
    assert content.strip().startswith(
        "The lists reject every factor of dependence up to 2.07 at 95%"
    )
    assert "8,464 to 16,806" in content
    assert "12,262 to 25,979 within 2 BIC points" in content
    plain = thb.report(report, sections=[lists_section(lists("UKdat_5"))]).to_markdown()
    assert "8,464" not in plain
