"""Publications and tables side by side."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

import thbstats as thb
from thbstats.comparison_pages import SideComparison
from thbstats.display import to_text
from thbstats.errors import InvalidValue, UnknownName
from thbstats.panel import Verdict


@pytest.fixture(scope="module")
def reports() -> SideComparison:
    publications = thb.publications.com_2018_777(), thb.publications.com_2020_661()
    return thb.compare_publications(*publications)


def table(rows: list[tuple[Any, ...]], **more: object) -> thb.CountTable:
    context = {"area": "UK", "status": "detected"} | more
    return thb.CountTable.from_rows(
        rows, columns=["period", "sex", "value"], kind="victims", **context
    )


def glotip() -> thb.CountTable:
    rows = [(2019, "total", 400), (2020, "total", 500), (2020, "female", 200)]
    return table([*rows, (2020, "male", 300), (2021, "total", 700)])


def national(**more: object) -> thb.CountTable:
    rows = [(2020, "total", 480), (2020, "female", 180), (2020, "male", 300), (2021, "total", 650)]
    return table(rows, **more)


def figures(found: SideComparison) -> dict[str, list[str | None]]:
    return {own.name: [i and i.formatted for i in own.figures] for own in found.indicators}


def test_indicators_of_both_reports_have_both_figures(reports: SideComparison) -> None:
    # Read from the two documents, by hand.
    assert figures(reports) == {
        "Registered victims": ["20,532", "14,145"],
        "Prosecutions": ["5,979", "6,163"],
        "Convictions": ["2,927", "2,426"],
        "Sexual exploitation": ["56%", "60%"],
        "Convictions per prosecution": ["0.49", "0.39"],
        "Convictions per 100 registered victims": ["14.3", "17.2"],
        "Labour exploitation": ["26%", "15%"],
        "Women and girls": ["68%", "72%"],
        "Children": ["23%", "22%"],
        "EU citizens": ["44%", "49%"],
        "Men and boys, of victims of labour exploitation": ["80%", "68%"],
    }


def test_reports_that_do_not_list_their_countries_are_not_assessable(
    reports: SideComparison,
) -> None:
    assert reports.verdicts[Verdict.NOT_ASSESSABLE] == len(reports.indicators)
    for own in reports.indicators:
        codes = own.steps[0].comparison.warnings.codes
        assert {"AREA_COMPOSITION", "COVERAGE"} <= set(codes)  # the United Kingdom left
        assert ("BASE" in codes) == ("%" in own.steps[0].second.formatted)
    assert "No chart: no two figures are comparable." in str(reports.page().sections[2].prose)
    assert "<svg" not in reports.to_document()


def test_like_for_like_figures_leave_out_the_united_kingdom(reports: SideComparison) -> None:
    nearest = {
        own.name: (like.first, like.second, like.difference)
        for own in reports.indicators
        if (like := own.steps[0].like_for_like) is not None
    }
    assert nearest == {
        # The smallest and the largest table that satisfy all claims of the first report.
        "Registered victims": ("10,942 to 15,684", "14,145", "\N{MINUS SIGN}1,539 to +3,203"),
        "Sexual exploitation": ("65%", "60%", "\N{MINUS SIGN}6.0 to \N{MINUS SIGN}4.0 pp"),
        "Labour exploitation": ("15%", "15%", "\N{MINUS SIGN}1.0 to +1.0 pp"),
        "Women and girls": ("77%", "72%", "\N{MINUS SIGN}6.0 to \N{MINUS SIGN}4.0 pp"),
    }


def test_page_names_the_figures_of_one_report_and_what_is_not_compared(
    reports: SideComparison,
) -> None:
    page = reports.page()
    headings = [section.heading for section in page.sections]
    assert headings[4:] == ["Only in COM(2018) 777 final", "Only in COM(2020) 661 final"]
    assert "Internal trafficking: 34%" in str(page.sections[5].prose)
    first = str(page.sections[4].prose)
    assert "Suspects: 7,503" in first
    assert "claims of kind ranking: ii-sexual-most-widespread" in first
    [shown] = page.sections[0].tables
    assert "Difference" not in [column.name for column in shown.columns]
    assert any([cell.text for cell in row.cells[1:3]] == ["23%", "22%"] for row in shown.rows)
    assert "0.49*" in str(shown)
    limits = str(page.sections[3].prose)
    assert "The number includes detected victims only" in limits
    assert "Not documented: " in limits


def test_tables_are_compared_for_common_periods_and_countries() -> None:
    other = thb.CountTable.concat([glotip(), table([(2021, "total", 9)], area="FR")])
    found = thb.compare_publications(other, national(), names=["GLOTIP", "ONS"])
    assert figures(found)["Detected victims, 2020"] == ["500", "480"]
    assert figures(found)["Detected victims, 2021"] == ["700", "650"]
    assert "Detected victims, 2019" not in figures(found)
    assert {own.first.result.area.code for i in found.indicators for own in i.steps} == {"UK"}
    html = found.to_document()
    charts = re.findall(r"<figure><figcaption>.*?</figure>", html, flags=re.DOTALL)
    drawn = [own for own in found.indicators if own.steps[0].is_comparable]
    assert len(charts) == len(drawn) > 1
    assert all(">GLOTIP</text>" in chart and "<circle" in chart for chart in charts)
    assert "\ue000" not in html


def test_incomparable_figures_have_neither_difference_nor_chart() -> None:
    found = thb.compare_publications(glotip(), national(status="identified"))
    verdicts = {own.verdict for own in found.indicators}
    assert not verdicts & {Verdict.COMPARABLE}
    for own, row in zip(found.indicators, found.display_table().rows, strict=True):
        is_empty = row.cells[3].text == ""
        assert is_empty != own.steps[0].is_comparable


def test_series_has_a_line_between_comparable_figures_only() -> None:
    releases = [table([(year, "total", 100 + year % 10)]) for year in (2019, 2020)]
    releases.append(table([("2021-2022", "total", 7)]))
    found = thb.compare_publications(*releases, names=["a", "b", "c"], periods=1)
    [own] = found.indicators
    assert [step.is_comparable for step in own.steps] == [True, False]
    assert own.name == "Detected victims"
    [chart] = re.findall(r"<figure><figcaption>.*?</figure>", found.to_document(), flags=re.DOTALL)
    lines = re.findall(r'<line x1="([\d.]+)" y1="[\d.]+" x2="([\d.]+)"', chart)
    assert sum(start != end for start, end in lines) == 1
    assert "2019 → 2020: comparable" in found.display_table().rows[0].cells[-1].text


def test_table_answers_the_questions_of_a_publication() -> None:
    rows = [(year, sex, n) for year in (2015, 2016) for sex, n in
            (("total", 100), ("female", 70), ("male", 30))]  # fmt: skip
    own = table(rows, area="FR", status="registered")
    found = thb.compare_publications(thb.publications.com_2018_777(), own, names=["COM", "own"])
    assert figures(found)["Registered victims, 2015-2016"] == ["20,532", "200"]
    assert figures(found)["Women and girls, 2015-2016"] == ["68%", "70.0%"]
    assert {own.figures[1].result.area.code for own in found.indicators if own.figures[1]} == {
        "EU28"
    }


def test_files_of_all_formats(reports: SideComparison, tmp_path: Path) -> None:
    for extension in ("html", "md", "txt", "json"):
        reports.save(tmp_path / f"a.{extension}")
        assert "Women and girls" in (tmp_path / f"a.{extension}").read_text("utf-8")
    data = json.loads((tmp_path / "a.json").read_text("utf-8"))
    assert len(data["indicators"]) == len(reports.indicators)
    assert data["indicators"][0]["steps"][0]["verdict"] == "not_assessable"
    with pytest.raises(UnknownName, match="known file extension"):
        reports.save(tmp_path / "a.pdf")


def test_strings_of_strangers_are_escaped() -> None:
    found = thb.compare_publications(glotip(), national(), names=["<b>a</b>", "b\"'&"])
    html = found.to_document()
    assert "<b>a</b>" not in html
    assert "&lt;b&gt;a&lt;/b&gt;" in html


def test_figures_without_an_area_and_unbounded_ones_are_not_compared() -> None:
    publications = thb.publications.eurostat_2014(), thb.publications.eurostat_pilot_2015()
    compared = thb.compare_publications(*publications)
    assert compared.indicators == ()
    assert "not bounded" not in str(compared.page().sections[-2].prose)
    assert "without a stated area: victims, male" in str(compared.page().sections[-1].prose)
    assert compared.to_document().count("<svg") == 0


def test_wrong_arguments_are_refused() -> None:
    com: Any = thb.publications.com_2018_777()
    with pytest.raises(InvalidValue, match=r"must be publications or counts"):
        thb.compare_publications(com, 2020)
    with pytest.raises(UnknownName, match=r"Did you mean 'com-2020-661'"):
        thb.compare_publications(com, "com-2020-66")
    with pytest.raises(UnknownName, match=r"Pass thbstats.read\('counts.csv'\)"):
        thb.compare_publications(com, "counts.csv")
    with pytest.raises(InvalidValue, match=r"must name each source"):
        thb.compare_publications(com, com, names=["one"])


def test_a_table_of_a_kind_that_one_source_has_is_listed_as_its_own() -> None:
    victims = table([(2020, "total", 500)])
    justice = thb.CountTable.from_rows(
        [("UK", 30)], columns=["area", "value"], kind="justice", period=2020, stage="convicted"
    )
    both = thb.Dataset(victims=victims, justice=justice)
    found = thb.compare_publications(both, victims, names=["A", "B"])
    assert {item.formatted for item in found.only(0)} == {"30"}
    assert not found.only(1)
    apart = thb.compare_publications(victims, justice, names=["A", "B"])
    assert [{item.formatted for item in apart.only(n)} for n in (0, 1)] == [{"500"}, {"30"}]
    assert "No indicator is in two or more sources." in to_text(apart.page())


def test_the_rows_of_an_area_itself_are_compared() -> None:
    union = table([(2020, "total", 100)], area="EU27_2020")
    rows = [("BE", 10), ("FR", 20), ("NO", 5)]
    countries = thb.CountTable.from_rows(
        rows, columns=["area", "value"], kind="victims", period=2020, status="detected"
    )
    found = thb.compare_publications(union, countries, names=["A", "B"], area="EU27_2020")
    assert ["100", "30"] in figures(found).values()


def test_figures_of_the_same_period_are_compared_before_later_ones() -> None:
    sources = [
        table([(y, "total", n) for y, n in own])
        for own in (
            [(2019, 10), (2020, 12)],
            [(2020, 11), (2021, 12)],
            [(2021, 14)],
        )
    ]
    (indicator,) = thb.compare_publications(*sources, names=["A", "B", "C"]).indicators
    assert [str(own.result.period) for own in indicator.figures if own] == ["2020", "2020", "2021"]
    assert [own and own.formatted for own in indicator.figures] == ["12", "11", "14"]


def test_three_releases_of_eurostat_show_each_published_figure() -> None:
    path = Path(__file__).parents[2] / "examples" / "eurostat_2024_01.toml"
    last = thb.claims.read_claims(path)
    found = thb.compare_publications("eurostat_2022_12", "EUROSTAT-2023-02", last)
    # Read from the three documents, by hand. The row of women is the revised figure of 2020.
    assert figures(found)["Registered victims"] == ["6,534", "7,155", "10,093"]
    assert figures(found)["Women and girls, 2020"] == ["64%", None, "68%"]
    further = [
        {(own.name, own.formatted, own.result.area.code, str(own.result.period)) for own in items}
        for items in map(found.further, range(3))
    ]
    assert further == [
        {
            ("Registered victims", "48", "LV", "2020"),
            ("Persons convicted", "2", "LV", "2020"),
            ("Women and girls", "63%", "EU27_2020", "2019"),
        },
        set(),
        {("Women and girls", "63%", "EU27_2020", "2022"),
         ("Women and girls", "68%", "EU27_2020", "2021")},
    ]  # fmt: skip
    page = str(found.page())
    text = (
        "Further figures of the indicators above: Women and girls: 63%; Women and girls: 68% (2021)"
    )
    assert text in page
    assert "claims of kind number: per-million-eu27-2020" in page
    title = "News item ddn-20221213-2; Statistics Explained and release of 9 February 2023; News"
    assert title in page
    verdicts = [row.cells[-1].text for row in found.display_table().rows]
    assert "2020 → 2021 → 2022: not assessable (perhaps different countries)" in verdicts


def test_undocumented_counting_rules_are_not_called_different() -> None:
    found = thb.compare_publications("eurostat-2013", "eurostat-2014")
    verdicts = [row.cells[-1].text for row in found.display_table().rows]
    assert len(verdicts) == 2
    for text in verdicts:
        assert "counting rules not documented" in text
        assert "different counting rules" not in text
    assert "2010-2012 has 1,096" in str(found.page())
