"""Own sections and pictures."""

import sys

import pytest

import thbstats as thb
from tests.reports.made import claim, reference
from tests.reports.made import report as made
from thbstats.display import DisplayTable
from thbstats.errors import InvalidValue, MissingExtra
from thbstats.reports import CHARTS, DEFAULT_SECTIONS, Content, Document, Figure, Section, report

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
        assert raised.value.value == type(wrong).__name__


def test_names_of_sections_are_unique():
    repeated = Section("summary", "Mine", lambda _content: "")
    with pytest.raises(InvalidValue, match="names of `sections` must be unique") as raised:
        report(SMALL, sections=(*DEFAULT_SECTIONS, repeated))
    assert raised.value.value == "summary"


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
    document = report(thb.read(GLOTIP), sections=[CHARTS])
    assert len(document.figures) == 2
    assert "Ranking" in document.figures[0].alt
    assert document.to_html() == report(document.content, sections=[CHARTS]).to_html()
    funnel = thb.justice.funnel(thb.publications.com_2018_777().data.justice)
    assert "2,927" in own([thb.plots.funnel(funnel)]).figures[0].alt


def test_a_share_has_one_bar_if_it_is_also_calculated():
    document = report(reference(), sections=[CHARTS])
    first = document.figures[0].alt
    names = [f"{form} exploitation: " for form in ("Sexual", "Labour", "Other")]
    assert [first.count(name) for name in names] == [1, 1, 1], first


def test_charts_without_matplotlib_name_the_extra(monkeypatch: pytest.MonkeyPatch):
    # This loads the plots if no test did, so it comes before the removal of their modules.
    monkeypatch.delattr(thb, "plots", raising=False)
    for name in [*sys.modules]:
        if name.startswith("thbstats.plots"):
            monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(MissingExtra, match=r"thbstats\[plot\]"):
        report(thb.read(GLOTIP), sections=[CHARTS])
