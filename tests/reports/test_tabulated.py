"""Reports on counts and on results."""

import re
from collections.abc import Iterable

import pytest

import thbstats as thb
from thbstats.display import Bullets, DisplayTable, Group
from thbstats.errors import InvalidValue
from thbstats.files import open_bytes
from thbstats.geography import Area
from thbstats.reports import Content, Document, content_of, report
from thbstats.rules import Thresholds
from thbstats.tables import CountTable, Dataset
from thbstats.values import Count

GLOTIP = "docs/_data/glotip_eu_2015_2016.csv"
MEMBERS = sorted(Area.parse("EU27_2020").members)


@pytest.fixture(scope="module")
def glotip() -> Content:
    return content_of(thb.read(GLOTIP))


def forms() -> CountTable:
    rows = [("total", 12, "2019"), ("sexual", 7, "2019"), ("labour", Count.suppressed(), "2019")]
    return CountTable.from_rows(
        rows,
        columns=("exploitation", "value", "period"),
        kind="victims",
        area="MT",
        status="registered",
    )


def union(women: dict[str, int]) -> CountTable:
    """Return 100 victims in each country of the EU, and the women among them in some."""
    rows = [(area, "total", 100) for area in MEMBERS]
    rows += [(area, "female", number) for area, number in women.items()]
    return CountTable.from_rows(
        rows, columns=("area", "sex", "value"), kind="victims", period=2022, status="registered"
    )


def tables(document: Document, *names: str) -> list[DisplayTable]:
    return [
        table for part in document.parts if part.name in names or not names for table in part.tables
    ]


def quoted(document: Document) -> list[str]:
    return [text for table in tables(document, "safe", "reserved") for text in table.texts]


def texts(document: Document, name: str) -> list[str]:
    (part,) = [part for part in document.parts if part.name == name]
    blocks = (block.items if isinstance(block, Bullets) else [block] for block in part.texts)
    return [text for block in blocks for text in block]


def test_countries_without_a_published_area_are_pooled(glotip: Content):
    assert {item.id: item.formatted for item in glotip.ratios} == {
        "justice/funnel/trafficking/all/2016/convicted_per_prosecuted": "0.21 to 0.23",
        "justice/funnel/trafficking/all/2015/convicted_per_prosecuted": "0.44 to 0.45",
    }
    ratio = thb.conviction_to_prosecution(thb.read(GLOTIP).table, period=2016)
    assert glotip.ratios[0].result.formatted == ratio.formatted


def test_countries_are_in_the_order_of_their_latest_counts(glotip: Content):
    assert [order[0].label for order in glotip.orders] == ["BE", "FR"]
    assert {str(order[0].period) for order in glotip.orders} == {"2016"}


def test_latest_periods_have_indicators():
    content = content_of(thb.read(GLOTIP), periods=1)
    assert {str(item.result.period) for item in content.indicators} == {"2016"}
    assert content.limits == (
        "Criminal justice counts of other periods: the latest of 2 periods (2016) have figures "
        "here. The data contain all periods.",
    )
    document = report(thb.read(GLOTIP), periods=1)
    assert document.content.indicators == content.indicators


def test_reservation_of_a_ratio_has_its_countries_and_bounds():
    document = report(thb.read(GLOTIP), style="fr")
    (ratio,) = [row for row in tables(document, "reserved")[0].rows if "2015" in row.cells[0].text]
    reservation = ratio.cells[-1].text
    assert reservation.startswith(
        "in 22 of 24 countries, without Portugal and Romania (no complete"
    )
    assert "0,39" in reservation
    assert "with all countries; a range, because small counts are suppressed" in reservation
    assert reservation.endswith("of the persons convicted in France alone")
    assert "." not in re.sub(r"[^\d.,]", "", reservation)


def test_every_breakdown_has_shares():
    shares = {item.id: item.formatted for item in content_of(forms()).shares}
    identity = "victims/registered/persons/MT/2019/share_of_all/exploitation=sexual"
    assert shares[identity] == "7 of 12"
    assert len(shares) >= 2


def test_ids_are_unique(content: Content, glotip: Content):
    for own in (content, glotip, content_of(forms())):
        ids = [item.id for item in (*own.indicators, *own.pairs)]
        assert len(ids) == len(set(ids))


def test_suppressed_counts_are_marked():
    text = report(forms(), full=True).to_text()
    assert "suppressed" in text
    assert "[c]" in text


def test_table_and_its_data_set_have_the_same_content():
    assert content_of(forms()) == content_of(Dataset(victims=forms()))


def test_file_has_its_log_with_its_own_name():
    document = report(thb.read(GLOTIP))
    captions = [table.caption for table in tables(document)]
    logs = [caption for caption in captions if "read," in caption]
    assert logs == ["glotip_eu_2015_2016.csv: 85 rows read, 85 used, 0 rejected"]
    assert "\nglotip_eu_2015_2016.csv: 85 rows read" in document.to_text()
    assert "Glotip_eu" not in document.to_text()


def test_table_without_rows_has_no_numbers():
    document = report(CountTable.from_rows([], kind="victims"))
    assert document.content.indicators == ()
    assert document.title == "Victims of trafficking"
    assert report(Dataset()).title == "No counts"


def test_file_of_one_row_has_one_count():
    file = open_bytes(b"area,period,status,value\nMT,2020,detected,12\n", name="one.csv")
    document = report(thb.read(file, kind="victims"))
    assert "from 1 count." in document.page.lead
    assert [item.formatted for item in document.content.counts] == ["12"]


def test_result_has_its_table():
    data = thb.publications.com_2018_777().data
    document = report(thb.share(data.victims, exploitation="sexual", base="all"))
    assert document.content.of == "results"
    assert "47.5%" in document.to_text()
    assert document.page.lead == ""


def test_audit_has_its_table_and_a_title():
    audited = thb.audit("docs/_data/eu_percentages.csv")
    document = report(audited, title="Percentages of the EU")
    assert document.title == "Percentages of the EU"
    (part,) = document.parts
    assert part.tables == (audited.display_table(),)
    document = report(thb.audit(thb.publications.com_2018_777()))
    assert [part.name for part in document.parts] == ["results", "checks"]


@pytest.mark.parametrize(
    ("item", "options", "message"),
    [
        *((wrong, {}, "Pass a publication, a CountTable") for wrong in (None, 2018, 3)),
        ([forms()], {}, "Pass a publication, a CountTable"),
        *((forms(), {"periods": wrong}, "Pass 1 or more") for wrong in (0, -1, True, 1.5, "2")),
        *((forms(), {"title": wrong}, "`title` must be a text") for wrong in ("", "  ", 3)),
        (content_of(forms()), {"title": "Ours"}, "to content_of"),
        (content_of(forms()), {"periods": 1}, "to content_of"),
    ],
)
def test_invalid_subject_or_option(item: object, options: dict[str, object], message: str):
    with pytest.raises(InvalidValue, match=message):
        report(item, **options)


def test_first_kinds_of_count_have_indicators(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("thbstats.reports.subject.MAX_FLOWS", 1)
    content = content_of(thb.read(GLOTIP))
    assert len(content.orders) == 1
    assert content.limits == (
        "Criminal justice counts of other kinds: the first 1 of 2 kinds of count have figures "
        "here. The data contain all kinds.",
    )


def test_smaller_shares_are_an_omission(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("thbstats.reports.subject.MAX_CATEGORIES", 1)
    content = content_of(forms())
    assert {item.result.label for item in content.shares} == {"sexual"}
    reasons = [omission.reason for omission in content.omissions]
    assert "1 smaller shares are in the data only." in reasons
    assert "smaller shares" in report(content).to_text()


def test_contradictory_count_and_share_are_omissions():
    table = CountTable.from_rows(
        [("total", 5), ("sexual", 7)], columns=("exploitation", "value"), kind="victims",
        area="MT", period=2020, status="registered",
    )  # fmt: skip
    content = content_of(table)
    assert content.counts == content.shares == ()
    assert content.omissions
    assert {item.reason for item in content.omissions} == {"Contradictory (Malta)."}
    assert content.omissions[0].name == "Registered victims, Malta, 2020"


def test_title_can_be_given_or_names_kinds_and_area():
    assert report(forms(), title="Ours").title == "Ours"
    publication = thb.publications.com_2018_777()
    assert report(publication, title="Ours").page.title == "Ours"
    title = report(publication.data).title
    assert title == (
        "Victims of trafficking, criminal justice counts and cross-border cooperation, EU28, "
        "2015-2016 to 2016-2017"
    )


def test_all_countries_of_the_union_are_named_as_the_union():
    document = report(union({"FR": 60, "NL": 20}))
    assert document.title == "Victims of trafficking, EU27 (from 2020), 2022"
    assert {item.result.area.code for item in document.content.indicators} == {"EU27_2020"}


def test_share_of_2_of_27_countries_cannot_be_quoted_for_the_area():
    document = report(union({"FR": 60, "NL": 20}))
    assert "40.0%" not in quoted(document)
    refused = " ".join(texts(document, "refused"))
    assert "Women and girls, of all victims: complete data from 2 of 27 countries only." in refused
    (share,) = document.content.shares
    assert share.coverage == "2 of 27"
    assert "details" not in [part.name for part in document.parts]


@pytest.mark.parametrize("number", [13, 14])
def test_half_of_the_countries_are_enough_to_quote_a_share(number: int):
    content = content_of(union(dict.fromkeys(MEMBERS[:number], 50)))
    (share,) = content.shares
    assert bool(share.objections(content.thresholds)) is (number < 13.5)


def test_coverage_of_quotable_figures_is_a_threshold():
    document = report(union({"FR": 60, "NL": 20}), thresholds=Thresholds(presentable=0))
    assert "40.0%" in quoted(document)
    strict = report(union(dict.fromkeys(MEMBERS[1:], 50)), thresholds=Thresholds(presentable=1))
    assert "complete data from 26 of 27 countries only" in " ".join(texts(strict, "refused"))


def test_country_without_rows_of_a_kind_of_count_is_part_of_the_area():
    table = CountTable.from_rows(
        [("BE", "convicted", 10), ("BE", "prosecuted", 20), ("FR", "prosecuted", 40)],
        columns=("area", "stage", "value"),
        kind="justice",
        period=2020,
        offence="trafficking",
    )
    content = content_of(table)
    several = [item for item in content.counts if len(item.result.area.members) > 1]
    coverage = {item.result.numerator_kind.get("stage"): item.coverage for item in several}
    assert coverage == {"convicted": "1 of 2", "prosecuted": "2 of 2"}
    assert [item.coverage for item in content.ratios] == ["1 of 2"]


def test_contradictory_country_is_an_issue_and_not_in_the_value():
    document = report(union(dict.fromkeys(MEMBERS, 50) | {"DE": 130}))
    (share,) = document.content.shares
    assert (share.formatted, share.coverage) == ("50.0%", "26 of 27")
    issue, *_ = texts(document, "data_issues")
    assert issue == (
        "Germany, 2022: the total of 100 registered victims is below the sum of its parts by sex "
        "(female 130). Ask the publisher which count is right. Germany is in no value of these "
        "figures for 2022."
    )
    assert [item["area"] for item in share.result.to_dict()["contradictions"]] == ["DE"]


def world(years: Iterable[int], wrong: int = 12) -> CountTable:
    """Return counts of all countries with regions, the first of which have too many women."""
    codes = sorted(Area.parse("World").members)[:60]
    return CountTable.from_rows(
        [
            (area, year, sex, 100 + (sex == "female" and place < wrong))
            for year in years
            for place, area in enumerate(codes)
            for sex in ("total", "female")
        ],
        columns=("area", "period", "sex", "value"),
        kind="victims",
        status="registered",
    )


def test_many_issues_and_countries_are_complete_in_the_annex():
    document = report(world([2021, 2022]))
    first, *issues = texts(document, "data_issues")
    assert first == (
        "Ask the publisher which count is right. Countries in the figures lists the countries "
        "that are not in a value."
    )
    assert len(issues) == 24
    assert not any("In the value" in text for text in issues)
    shown, full = (
        [table for part in document.parts if part.name == name for table in part.tables]
        for name in ("countries", "full_countries")
    )
    assert [len(table.rows) for table in shown] == [10]
    assert shown[0].notes[-1] == "50 other countries are in the annex Countries listed."
    assert sum(not isinstance(row, Group) for row in full[0].rows) == 60


def test_few_countries_are_listed_on_the_page():
    document = report(world([2022], wrong=2))
    parts = {part.name: part for part in document.parts}
    assert len(parts["coverage"].tables) == 1
    assert "full_coverage" not in parts
    assert "further_issues" not in parts


def test_chart_states_how_many_countries_it_leaves_out():
    [part] = [part for part in report(world([2022])).parts if part.name == "chart"]
    reasons = "36 (smaller or equal counts), 12 (contradictory counts)"
    assert part.tables[0].notes == (f"Countries not in the chart: {reasons}.",)


def test_chart_of_shares_states_how_many_countries_it_covers():
    rows = [(area, "total", 100) for area in MEMBERS]
    rows += [(area, "female", 130 if area == "DE" else 60) for area in MEMBERS]
    rows += [(area, "male", 40) for area in MEMBERS]
    table = CountTable.from_rows(
        rows, columns=("area", "sex", "value"), kind="victims", period=2022, status="registered"
    )
    [part] = [part for part in report(table).parts if part.name == "chart"]
    note = "Countries in the values: 26 of 27. The reservations name the others."
    assert part.tables[0].notes[-1] == note


def test_lead_is_about_the_period_of_the_first_tables():
    rows = [("2021", "total", 40), ("2022", "total", 50), ("2022", "female", 30)]
    rows += [("2021", "female", 45)]  # a part above its total
    table = CountTable.from_rows(
        [("FR", *row) for row in rows],
        columns=["area", "period", "sex", "value"], kind="victims", status="registered",
    )  # fmt: skip
    assert content_of(table).usual.label == "France, 2022"


def test_share_with_persons_of_no_listed_form_has_its_range():
    rows = [("total", 100), ("sexual", 40), ("labour", 30)]
    table = CountTable.from_rows(
        [("FR", *row) for row in rows], columns=["area", "exploitation", "value"],
        kind="victims", period=2022, status="registered",
    )  # fmt: skip
    (sexual, _) = content_of(table).shares[:2]
    assert sexual.formatted == "40.0%"
    notes = [row.cells[-1].text for own in tables(report(table), "reserved") for row in own.rows]
    assert any("depending on victims whose form is not listed" in text for text in notes), notes
