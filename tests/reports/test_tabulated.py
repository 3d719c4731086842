"""What a report says of counts, for which no publication has made a choice."""

import pytest

import thbstats as thb
from thbstats.display import DisplayTable, to_text
from thbstats.errors import InvalidValue
from thbstats.exchange import open_bytes
from thbstats.geography import Area
from thbstats.reports import Content, Document, content_of, report
from thbstats.rules import Thresholds
from thbstats.tables import CountTable, Dataset
from thbstats.values import Count

GLOTIP = "docs/_data/glotip_eu_2015_2016.csv"


@pytest.fixture(scope="module")
def glotip() -> Content:
    return content_of(thb.read(GLOTIP))


def forms(**also: object) -> CountTable:
    rows = [("total", 12, "2019"), ("sexual", 7, "2019"), ("labour", Count.suppressed(), "2019")]
    return CountTable.from_rows(
        rows,
        columns=("exploitation", "value", "period"),
        kind="victims",
        area="MT",
        status="registered",
        **also,
    )


def test_countries_are_put_together_where_no_area_holds_them(glotip: Content):
    formatted = {item.id: item.formatted for item in glotip.ratios}
    assert formatted == {
        "justice/funnel/trafficking/all/2016/convicted_per_prosecuted": "0.22 to 0.23",
        "justice/funnel/trafficking/all/2015/convicted_per_prosecuted": "0.44 to 0.45",
    }


def test_a_ratio_is_the_one_that_its_function_gives(glotip: Content):
    table = thb.read(GLOTIP).table
    asked = thb.conviction_to_prosecution(table, period=2016)
    assert glotip.ratios[0].result.formatted == asked.formatted


def test_countries_stand_in_the_order_of_their_latest_counts(glotip: Content):
    assert [order[0].label for order in glotip.orders] == ["BE", "FR"]
    assert {str(order[0].period) for order in glotip.orders} == {"2016"}


def test_only_the_latest_periods_have_indicators_and_that_is_said():
    one = content_of(thb.read(GLOTIP), periods=1)
    assert {str(item.result.period) for item in one.indicators} == {"2016"}
    assert one.limits == (
        "Counts of justice: the latest of 2 periods (2016) have indicators. "
        "The data contain all periods.",
    )


def test_every_breakdown_has_its_shares_of_all_and_of_those_recorded():
    shares = {item.id: item.formatted for item in content_of(forms()).shares}
    assert (
        shares["victims/registered/persons/MT/2019/share_of_all/exploitation=sexual"] == "7 of 12"
    )
    assert len(shares) >= 2


def test_ids_are_unique(glotip: Content):
    for content in (glotip, content_of(forms())):
        ids = [item.id for item in content.indicators]
        assert len(ids) == len(set(ids))


def test_what_is_hidden_is_told_from_what_is_known():
    text = to_text(report(forms(), full=True).page)
    assert "suppressed" in text
    assert "[c]" in text


def test_a_table_and_a_data_set_of_it_give_the_same():
    table = forms()
    assert content_of(table) == content_of(Dataset(victims=table))


def test_a_file_that_was_read_says_how_it_was_read():
    document = report(thb.read(GLOTIP))
    assert [
        sheet.caption
        for part in document.parts
        for sheet in part.tables
        if "read," in sheet.caption
    ] == ["glotip_eu_2015_2016.csv: 85 rows read, 85 used, 0 rejected"]


def test_a_table_without_rows_has_a_report_that_says_nothing_of_numbers():
    empty = CountTable.from_rows([], kind="victims")
    document = report(empty)
    assert document.content.indicators == ()
    assert document.title == "Counts of victims"
    assert report(Dataset()).title == "No counts"


def test_a_file_of_one_row_has_one_count():
    file = open_bytes(b"area,period,status,value\nMT,2020,detected,12\n", name="one.csv")
    document = report(thb.read(file, kind="victims"))
    assert "from 1 count." in document.page.lead
    assert [item.formatted for item in document.content.counts] == ["12"]


def test_a_result_is_shown_as_it_is():
    share = thb.share(
        thb.publications.com_2018_777().data.victims, exploitation="sexual", base="all"
    )
    document = report(share)
    assert document.content.of == "results"
    assert "47.5%" in document.to_text()
    assert document.page.lead == ""


def test_an_audit_of_a_table_is_shown_and_can_have_a_title():
    audited = thb.audit("docs/_data/eu_percentages.csv")
    document = report(audited, title="Percentages of the EU")
    assert document.title == "Percentages of the EU"
    (part,) = document.parts
    assert part.tables == (audited.display_table(),)


def test_an_audit_of_claims_has_its_section():
    document = report(thb.audit(thb.publications.com_2018_777()))
    assert [part.name for part in document.parts] == ["results", "checks"]


@pytest.mark.parametrize("wrong", [None, "com-2018-777", 3, [forms()]])
def test_what_is_no_subject_of_a_report_is_refused(wrong: object):
    with pytest.raises(InvalidValue, match="Pass a publication, a CountTable"):
        report(wrong)


@pytest.mark.parametrize("wrong", [0, -1, True, 1.5, "2"])
def test_a_number_of_periods_is_one_or_more(wrong: object):
    with pytest.raises(InvalidValue, match="Pass 1 or more"):
        report(forms(), periods=wrong)


@pytest.mark.parametrize("wrong", ["", "  ", 3])
def test_a_title_is_a_text(wrong: object):
    with pytest.raises(InvalidValue, match="`title` must be a text"):
        report(forms(), title=wrong)


def test_many_kinds_of_count_are_left_to_the_data_and_that_is_said(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr("thbstats.reports.tabulated.MAX_FLOWS", 1)
    content = content_of(thb.read(GLOTIP))
    assert len(content.orders) == 1
    assert content.limits == (
        "Counts of justice: the first 1 of 2 kinds of count have indicators. "
        "The data contain all kinds.",
    )


def test_small_shares_are_left_to_the_data_and_that_is_said(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("thbstats.reports.tabulated.MAX_CATEGORIES", 1)
    content = content_of(forms())
    assert {item.result.label for item in content.shares} == {"sexual"}
    assert "1 smaller shares are in the data only." in [each.reason for each in content.omissions]
    assert "smaller shares" in report(content).to_text()


def test_a_share_that_cannot_be_computed_is_left_out_with_its_reason():
    rows = [("total", 5), ("sexual", 7)]
    table = CountTable.from_rows(
        rows, columns=("exploitation", "value"), kind="victims", area="MT", period=2020,
        status="registered",
    )  # fmt: skip
    content = content_of(table)
    assert [item.formatted for item in content.counts] == ["5"]
    assert content.shares == ()
    assert "the parts exceed their total" in content.omissions[0].reason


@pytest.mark.parametrize("asked", [{"title": "Ours"}, {"periods": 1}])
def test_what_has_been_computed_cannot_be_asked_for_again(asked: dict[str, object]):
    with pytest.raises(InvalidValue, match="to content_of"):
        report(content_of(forms()), **asked)


def test_a_title_and_the_periods_are_those_that_are_asked_for():
    assert report(forms(), title="Ours").title == "Ours"
    assert report(thb.publications.com_2018_777(), title="Ours").page.title == "Ours"
    one = report(thb.read(GLOTIP), periods=1)
    assert {str(item.result.period) for item in one.content.indicators} == {"2016"}


def test_a_title_lists_what_is_counted():
    data = thb.publications.com_2018_777().data
    assert report(data).title.startswith("Counts of victims, justice and cooperation, EU28, ")


MEMBERS = sorted(Area.parse("EU27_2020").members)


def union(women: dict[str, int]) -> CountTable:
    """Return 100 victims in each state of the EU, and the women among them in some states."""
    rows = [(area, "total", 100) for area in MEMBERS]
    rows += [(area, "female", number) for area, number in women.items()]
    return CountTable.from_rows(
        rows, columns=("area", "sex", "value"), kind="victims", period=2022, status="registered"
    )


def sheet(document: Document, caption: str) -> DisplayTable:
    (found,) = [each for part in document.parts for each in part.tables if caption in each.caption]
    return found


def test_all_states_of_the_union_are_named_as_the_union():
    document = report(union({"FR": 60, "NL": 20}))
    assert document.title == "Counts of victims, EU27_2020, 2022"
    assert {item.result.area.code for item in document.content.indicators} == {"EU27_2020"}


def quoted(document: Document) -> tuple[str, ...]:
    """Return the texts of the figures to quote."""
    return sum(
        (t.texts for part in document.parts if part.name == "figures" for t in part.tables), ()
    )


def limitations(document: Document) -> str:
    (part,) = [part for part in document.parts if part.name == "limitations"]
    return " ".join(text for block in part.texts for text in block.items)


def test_share_of_2_of_27_countries_cannot_be_quoted_for_the_area():
    document = report(union({"FR": 60, "NL": 20}))
    assert "40.0%" not in quoted(document)
    assert "(2 of 27 countries have complete data)" in limitations(document)
    (share,) = document.content.shares
    assert share.coverage == "2 of 27"
    assert "2 of 27" in sheet(document, "Other figures").texts


@pytest.mark.parametrize("number", [13, 14])
def test_half_of_the_countries_are_enough_to_quote_a_share(number: int):
    document = report(union(dict.fromkeys(MEMBERS[:number], 50)))
    (share,) = document.content.shares
    assert bool(share.objections(document.content.thresholds)) is (number < 13.5)


def test_the_coverage_that_a_figure_needs_is_a_threshold():
    document = report(union({"FR": 60, "NL": 20}), thresholds=Thresholds(presentable=0))
    assert "40.0%" in quoted(document)
    strict = report(union(dict.fromkeys(MEMBERS[1:], 50)), thresholds=Thresholds(presentable=1))
    assert "(26 of 27 countries have complete data)" in limitations(strict)


def test_a_country_without_rows_of_a_kind_of_count_is_part_of_the_area():
    rows = [("BE", "convicted", 10), ("BE", "prosecuted", 20), ("FR", "prosecuted", 40)]
    table = CountTable.from_rows(
        rows,
        columns=("area", "stage", "value"),
        kind="justice",
        period=2020,
        offence="trafficking",
    )
    content = content_of(table)
    found = {item.result.numerator_kind.get("stage"): item.coverage for item in content.counts}
    assert found == {"convicted": "1 of 2", "prosecuted": "2 of 2"}
    assert [item.coverage for item in content.ratios] == ["1 of 2"]


def test_a_contradictory_country_is_not_in_the_value_and_is_named():
    women = dict.fromkeys(MEMBERS, 50) | {"DE": 130}
    document = report(union(women))
    (share,) = document.content.shares
    assert (share.formatted, share.coverage) == ("50.0%", "26 of 27")
    (part,) = [part for part in document.parts if part.name == "data_issues"]
    issue, *_ = part.texts[0].items
    assert issue.startswith("DE 2022")
    assert "130" in issue
    data = next(item for item in document.content.indicators if item is share).result.to_dict()
    assert [each["area"] for each in data["contradictions"]] == ["DE"]
