"""Own sections and pictures."""

import pytest

import thbstats as thb
from tests.reports.made import claim, reference
from tests.reports.made import report as made
from thbstats.display import DisplayTable, Row
from thbstats.errors import InvalidValue
from thbstats.reports import DEFAULT_SECTIONS, Content, Document, Figure, Section, report

GLOTIP = "docs/_data/glotip_eu_2015_2016.csv"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><circle r="4"/></svg>'
DOT = Figure(data=SVG, alt="A dot")
SMALL = made(claim("all", printed="10", base="all"))


def own(returned: object) -> Document:
    """Return a report with one section that returns an object."""
    return report(SMALL, sections=[Section("own", "Our own", lambda _content: returned)])


def test_sections_are_in_the_given_order():
    first = Section("own", "Our own", lambda _content: ["First."])
    page = report(SMALL, sections=(first, *DEFAULT_SECTIONS)).page
    assert page.sections[0].heading == "Our own"
    assert page.sections[0].prose == ("First.",)
    assert len(page.sections) > 1
    assert len(report(SMALL, sections=first).parts) == 1


def test_section_uses_the_content():
    def counted(content: Content) -> str:
        return f"{len(content.audit)} claim, of which {len(content.audit.issues)} is odd."

    document = report(SMALL, sections=[Section("sum", "In sum", counted)])
    assert "1 claim, of which 0 is odd." in document.to_text()


def test_texts_tables_results_and_pictures_are_blocks():
    table = DisplayTable(caption="Ours", columns=["a"], rows=[["b"]])
    share = thb.publications.com_2018_777().share("ii-sexual-share")
    document = own(["Text", table, share, DOT])
    (part,) = document.parts
    assert part.tables == (table, share.display_table())
    assert part.texts[0] == "Text"
    assert document.figures == (part.texts[1],)


@pytest.mark.parametrize("nothing", [None, [], ()])
def test_section_without_blocks_is_left_out(nothing: object):
    assert own(nothing).parts == ()


def test_section_can_be_a_generator_or_one_table():
    assert own(iter(["One.", "Two."])).page.sections[0].prose == ("One.", "Two.")
    audited = thb.audit(SMALL)
    assert own(audited).parts[0].tables == (audited.display_table(),)


@pytest.mark.parametrize("wrong", [3, b"bytes", {"a": 1}.items, object()])
def test_other_block_is_named(wrong: object):
    message = "section 'own' must return texts, lists, tables"
    with pytest.raises(InvalidValue, match=message) as raised:
        own([wrong])
    assert "Return texts, DisplayTables" in str(raised.value)


def test_frame_or_mapping_is_not_a_list_of_blocks():
    frame = thb.publications.com_2018_777().data.justice.to_frame()
    for wrong in (frame, {"a": "text"}, b"text", {"text"}):
        with pytest.raises(InvalidValue, match="must return texts, lists, tables") as raised:
            own(wrong)
        assert raised.value.value is type(wrong)
        assert f", got a {type(wrong).__name__}. Return texts" in str(raised.value)


def test_names_of_sections_are_unique():
    repeated = Section("safe", "Mine", lambda _content: "")
    with pytest.raises(InvalidValue, match="names of `sections` must be unique") as raised:
        report(SMALL, sections=(*DEFAULT_SECTIONS, repeated))
    assert raised.value.value == "safe"


@pytest.mark.parametrize("wrong", ["brief", ["brief"], [None], 3, [lambda _content: "text"]])
def test_other_objects_are_not_sections(wrong: object):
    with pytest.raises(InvalidValue, match="must contain sections only") as raised:
        report(SMALL, sections=wrong)
    assert "DEFAULT_SECTIONS" in str(raised.value)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        *(
            ((name, "Title", str), "must consist of lower-case letters")
            for name in ("", "Two words", "1st", "brief-er", None)
        ),
        (("own", " ", str), "`title` must not be empty"),
        (("own", "Our own", "text"), "must be a function"),
    ],
)
def test_invalid_section(arguments: tuple[object, ...], message: str):
    with pytest.raises(InvalidValue, match=message):
        Section(*arguments)


def test_picture_needs_a_description_and_a_format():
    with pytest.raises(InvalidValue, match="must describe the picture"):
        Figure(data=SVG, alt=" ")
    with pytest.raises(InvalidValue, match="must be an SVG or PNG picture"):
        Figure(data=b"GIF89a", alt="A dot")


def test_picture_is_in_html_and_described_in_other_formats():
    dot = Figure(data=SVG, alt='A "dot" & no more', caption="One <victim>")
    document = own(["Before.", dot, "After."])
    html = document.to_html()
    assert html.count("<img ") == 1
    assert 'alt="A &quot;dot&quot; &amp; no more"' in html
    assert "One &lt;victim&gt;" in html
    assert html.index("Before.") < html.index("<img ") < html.index("After.")
    assert "\ue000" not in html
    for text in (document.to_text(), document.to_markdown()):
        assert "Picture: A" in text
        assert "\ue000" not in text
    assert own([dot, dot]).to_html().count("<img ") == 2


def test_text_cannot_replace_a_picture():
    html = own(["\ue0001", DOT]).to_html()
    assert html.count("<img ") == 1
    assert html.index("<p>\N{REPLACEMENT CHARACTER}1</p>") < html.index("<img ")


def test_plots_are_pictures_with_their_alt_text():
    funnel = thb.justice.funnel(thb.publications.com_2018_777().data.justice)
    assert "2,927" in own([thb.plots.funnel(funnel)]).figures[0].alt


def bars(document: Document) -> dict[str, tuple[float, float]]:
    """Return the bar of each label in the chart, with the heading of its group."""
    (part,) = [part for part in document.parts if part.name == "chart"]
    group, result = "", {}
    for row in part.tables[0].rows:
        if isinstance(row, Row):
            result[f"{group} {row.cells[0].text}".strip()] = row.cells[1].bar
        else:
            group = row.heading
    return result


def test_chart_of_two_areas_has_one_axis_and_the_published_figures():
    drawn = bars(report(reference()))
    assert drawn["Sexual exploitation EU28"] == (0.56, 0.56)
    assert drawn["Sexual exploitation EU28 without UK"] == (0.65, 0.65)
    assert len(drawn) == 6


def test_chart_of_shares_reaches_their_upper_bounds():
    rows = [("total", 100), ("female", 60), ("male", 30)]
    table = thb.CountTable.from_rows(
        rows, columns=["sex", "value"], kind="victims", area="MT", period=2020
    )
    document = report(table)
    assert bars(document)["By sex Women and girls"] == (0.6, 0.7)
    (chart,) = [part for part in document.parts if part.name == "chart"]
    assert chart.tables[0].notes == ("Pale: up to the upper bound.",)


def test_chart_states_where_lower_bounds_are() -> None:
    # Women are 60 of 100 in Malta, and 0 to 50 of 50 in France.
    rows = [("MT", "total", 100), ("MT", "female", 60), ("MT", "male", 40), ("FR", "total", 50)]
    table = thb.CountTable.from_rows(
        rows, columns=["area", "sex", "value"], kind="victims", period=2020
    )
    (chart,) = [part for part in report(table).parts if part.name == "chart"]
    assert "Lower bounds are in the reservations." in chart.tables[0].notes


def test_chart_of_two_statuses_names_the_victims_of_each_bar():
    rows = [("identified", "total", 100), ("identified", "female", 60), ("identified", "male", 40)]
    rows += [("presumed", "total", 50), ("presumed", "female", 20), ("presumed", "male", 30)]
    table = thb.CountTable.from_rows(
        rows, columns=["status", "sex", "value"], kind="victims", area="MT", period=2020
    )
    document = report(table)
    assert bars(document) == {
        "By sex: identified victims Women and girls": (0.6, 0.6),
        "By sex: identified victims Men and boys": (0.4, 0.4),
        "By sex: presumed victims Men and boys": (0.6, 0.6),
        "By sex: presumed victims Women and girls": (0.4, 0.4),
    }
    (chart,) = [part for part in document.parts if part.name == "chart"]
    title = "Shares of identified victims and presumed victims, Malta, 2020"
    assert chart.tables[0].caption == title


def test_chart_without_shares_has_the_largest_counts():
    drawn = bars(report(thb.read("docs/_data/glotip_eu_justice.csv")))
    assert len(drawn) == 12
    assert drawn["France"] == (1.0, 1.0)
    assert drawn["Italy"] == pytest.approx((222 / 1041, 222 / 1041))


def test_chart_needs_two_numbers():
    assert "chart" not in [part.name for part in report(SMALL).parts]
    one = thb.CountTable.from_rows(
        [("FR", 3)], columns=["area", "value"], kind="victims", period=2020
    )
    assert "chart" not in [part.name for part in report(one).parts]
