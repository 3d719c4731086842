"""Sections of one's own."""

import pytest

import thbstats as thb
from tests.reports.made import claim
from tests.reports.made import report as made
from thbstats.display import DisplayTable
from thbstats.errors import InvalidValue, MissingExtra
from thbstats.reports import CHARTS, DEFAULT_SECTIONS, Content, Figure, Section, report

DOT = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><circle r="4"/></svg>'
SMALL = made(claim("all", printed="10", base="all"))


def of(*blocks: object) -> Section:
    return Section("own", "Our own", lambda _content: list(blocks))


def test_a_section_of_ones_own_stands_where_it_is_put():
    document = report(SMALL, sections=(of("First."), *DEFAULT_SECTIONS))
    assert document.page.sections[0].heading == "Our own"
    assert document.page.sections[0].prose == ("First.",)
    assert len(document.page.sections) > 1


def test_a_section_is_made_from_what_was_computed():
    def counted(content: Content) -> str:
        return f"{len(content.audit)} claim, of which {len(content.audit.issues)} is odd."

    document = report(SMALL, sections=[Section("sum", "In sum", counted)])
    assert "1 claim, of which 0 is odd." in document.to_text()


def test_texts_tables_results_and_pictures_are_blocks():
    sheet = DisplayTable(caption="Ours", columns=["a"], rows=[["b"]])
    share = thb.publications.com_2018_777().share("ii-sexual-share")
    document = report(SMALL, sections=[of("Text", sheet, share, Figure(data=DOT, alt="A dot"))])
    (part,) = document.parts
    assert part.tables == (sheet, share.display_table())
    assert part.texts[0] == "Text"
    assert document.figures == (part.texts[1],)


@pytest.mark.parametrize("nothing", [None, [], ()])
def test_a_section_that_says_nothing_is_left_out(nothing: object):
    silent = Section("silent", "Silent", lambda _content: nothing)
    assert report(SMALL, sections=[silent]).parts == ()


def test_a_section_can_be_a_generator_or_one_table():
    def several(_content: Content):
        yield "One."
        yield "Two."

    several = report(SMALL, sections=[Section("two", "Two", several)])
    assert several.page.sections[0].prose == ("One.", "Two.")
    audited = thb.audit(SMALL)
    one = report(SMALL, sections=[Section("one", "One", lambda _content: audited)])
    assert one.parts[0].tables == (audited.display_table(),)


@pytest.mark.parametrize("wrong", [3, b"bytes", {"a": 1}.items, object()])
def test_a_section_that_returns_something_else_is_named(wrong: object):
    with pytest.raises(
        InvalidValue, match="section 'own' must return texts, lists, tables"
    ) as told:
        report(SMALL, sections=[of(wrong)])
    assert "Return texts, DisplayTables" in str(told.value)


def test_a_frame_or_a_mapping_is_no_list_of_blocks():
    frame = thb.publications.com_2018_777().data.justice.to_frame()
    for wrong in (frame, {"a": "text"}, b"text", {"text"}):
        section = Section("own", "Our own", lambda _content, found=wrong: found)
        with pytest.raises(InvalidValue, match="must return texts, lists, tables") as told:
            report(SMALL, sections=[section])
        assert told.value.value == type(wrong).__name__


def test_two_sections_have_two_names():
    with pytest.raises(InvalidValue, match="names of `sections` must be unique") as told:
        report(SMALL, sections=(*DEFAULT_SECTIONS, Section("summary", "Mine", lambda _content: "")))
    assert told.value.value == "summary"


@pytest.mark.parametrize("wrong", ["brief", ["brief"], [None], 3, [lambda _content: "text"]])
def test_what_is_no_section_is_refused_with_an_example(wrong: object):
    with pytest.raises(InvalidValue, match="must contain sections only") as told:
        report(SMALL, sections=wrong)
    assert "DEFAULT_SECTIONS" in str(told.value)


@pytest.mark.parametrize("name", ["", "Two words", "1st", "brief-er", None])
def test_a_name_is_one_that_code_can_have(name: object):
    with pytest.raises(InvalidValue, match="must consist of lower-case letters"):
        Section(name, "Title", lambda _content: "")


def test_a_section_needs_a_heading_and_a_function():
    with pytest.raises(InvalidValue, match="`title` must not be empty"):
        Section("own", " ", lambda _content: "")
    with pytest.raises(InvalidValue, match="must be a function"):
        Section("own", "Our own", "text")


def test_one_section_alone_need_not_be_in_a_list():
    assert len(report(SMALL, sections=of("Text")).parts) == 1


def test_a_picture_says_what_it_shows():
    with pytest.raises(InvalidValue, match="must describe the picture"):
        Figure(data=DOT, alt=" ")
    with pytest.raises(InvalidValue, match="must be an SVG or PNG picture"):
        Figure(data=b"GIF89a", alt="A dot")


def test_a_picture_is_in_the_html_and_in_words_elsewhere():
    dot = Figure(data=DOT, alt='A "dot" & no more', caption="One <victim>")
    document = report(SMALL, sections=[of("Before.", dot, "After.")])
    html = document.to_html()
    assert html.count("<img ") == 1
    assert 'alt="A &quot;dot&quot; &amp; no more"' in html
    assert "One &lt;victim&gt;" in html
    assert html.index("Before.") < html.index("<img ") < html.index("After.")
    assert "\ue000" not in html
    for text in (document.to_text(), document.to_markdown()):
        assert "Picture: A" in text
        assert "\ue000" not in text


def test_a_text_cannot_take_the_place_of_a_picture():
    dot = Figure(data=DOT, alt="A dot")
    html = report(SMALL, sections=[of("\ue0001", dot)]).to_html()
    assert html.count("<img ") == 1
    assert html.index("<p>\N{REPLACEMENT CHARACTER}1</p>") < html.index("<img ")


def test_the_same_picture_twice_is_two_pictures():
    dot = Figure(data=DOT, alt="A dot")
    assert report(SMALL, sections=[of(dot, dot)]).to_html().count("<img ") == 2


def test_plots_are_pictures_with_their_alt_text():
    document = report(thb.read("docs/_data/glotip_eu_2015_2016.csv"), sections=[CHARTS])
    assert len(document.figures) == 2
    assert "Ranking" in document.figures[0].alt
    assert document.to_html() == report(document.content, sections=[CHARTS]).to_html()


def test_axes_of_this_library_are_a_picture():
    funnel = thb.justice.funnel(thb.publications.com_2018_777().data.justice)
    document = report(SMALL, sections=[of(thb.plots.funnel(funnel))])
    assert "2,927" in document.figures[0].alt


def test_without_matplotlib_pictures_say_how_to_get_it(monkeypatch: pytest.MonkeyPatch):
    import sys

    for name in [*sys.modules]:
        if name.startswith("thbstats.plots"):
            monkeypatch.delitem(sys.modules, name)
    monkeypatch.delattr(thb, "plots", raising=False)
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(MissingExtra, match=r"thbstats\[plot\]"):
        report(thb.read("docs/_data/glotip_eu_2015_2016.csv"), sections=[CHARTS])
