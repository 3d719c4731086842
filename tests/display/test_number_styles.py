import pickle
from fractions import Fraction

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from thbstats import share
from thbstats.display import (
    EUROSTAT,
    GSS,
    NUMBER_STYLES,
    PLAIN,
    Cell,
    Column,
    DisplayTable,
    FormattedNumber,
    NumberStyle,
    count,
    decimal,
    format_count,
    number_style,
    percent,
    pp,
    reformat,
    restyle,
    signed,
    signed_percent,
    to_text,
)
from thbstats.errors import InvalidValue, MissingExtra, UnknownName
from thbstats.tables import CountTable
from thbstats.values import Count, Interval, Reason

PRINTERS = (count, decimal, percent, pp, signed, signed_percent)
numbers = st.fractions(-(10**7), 10**7)
intervals = st.tuples(numbers, numbers).map(lambda ends: Interval(min(ends), max(ends)))


@given(st.sampled_from(PRINTERS), numbers | intervals)
def test_a_formatted_number_is_its_text_and_can_be_reformatted(show, number):
    text = show(number)
    assert isinstance(text, str)
    again = reformat(text, PLAIN)
    assert again == text
    assert (again.number, again.number_format) == (text.number, text.number_format)


@given(st.sampled_from(PRINTERS), numbers | intervals, st.sampled_from([GSS, EUROSTAT]))
def test_a_style_does_not_change_digits(show, number, style):
    def digits(text):
        return [letter for letter in text if letter.isdigit()]

    assert digits(reformat(show(number), style)) == digits(show(number))


@given(numbers | intervals)
def test_a_formatted_number_survives_pickling(number):
    text = pickle.loads(pickle.dumps(count(number)))
    assert (text, text.number, text.number_format) == (
        count(number),
        number,
        count(number).number_format,
    )


@pytest.mark.parametrize(
    ("style", "expected"),
    [
        ("plain", ["20,532", "47.5%", "+9.0 pp", "17,273 to 17,583", "at least 3"]),
        ("gss", ["20,532", "47.5%", "+9.0pp", "17,273 to 17,583", "at least 3"]),
        (
            "eurostat",
            ["20\xa0532", "47.5\xa0%", "+9.0\xa0pp", "17\xa0273\u201317\xa0583", "at least 3"],
        ),
        ("de", ["20.532", "47,5\xa0%", "+9,0\xa0Pp.", "17.273\u201317.583", "mindestens 3"]),
        (
            "fr",
            [
                "20\u202f532",
                "47,5\xa0%",
                "+9,0\xa0pp",
                "17\u202f273\u201317\u202f583",
                "au moins 3",
            ],
        ),
    ],
)
def test_styles_of_offices_and_languages(style, expected):
    texts = [
        count(20532),
        percent(Fraction(9759, 20532)),
        pp(Fraction(9, 100)),
        count(Interval(17273, 17583)),
        count(Interval.at_least(3)),
    ]
    assert [restyle(text, number_style(style)) for text in texts] == expected


EU = [
    *("bg", "hr", "cs", "da", "nl", "en", "et", "fi", "fr", "de", "el", "hu"),
    *("ga", "it", "lv", "lt", "mt", "pl", "pt", "ro", "sk", "sl", "es", "sv"),
]


@pytest.mark.parametrize("language", EU)
def test_every_official_language_of_the_eu_has_a_style(language):
    text = restyle(percent(Fraction(9759, 20532)), number_style(language))
    assert "47" in text
    assert "%" in text


@pytest.mark.parametrize("style", NUMBER_STYLES)
def test_marks_are_distinct_in_every_style(style):
    counts = [
        Count.known(0),
        Count.not_reported(),
        Count.suppressed(),
        Count.fewer_than(5),
        Count.not_applicable(),
    ]
    assert len({restyle(format_count(n), number_style(style)) for n in counts}) == len(counts)


def test_a_styled_table_has_new_cells_and_notes_on_marks():
    table = CountTable.from_rows(
        [
            {"sex": "female", "value": 20532},
            {"sex": "male", "value": Count.suppressed()},
            {"sex": "other", "value": Count.not_reported()},
        ],
        kind="victims", area="UK", period=2015, source="Publication 2015 of 1,000 pages",
    )  # fmt: skip
    text = table.to_text("gss")
    assert "20,532" in text
    assert "[x] not available; [c] confidential." in text
    assert "1,000 pages" in text  # words are not numbers
    assert "20,532" in table.to_markdown("gss")
    assert "20,532" in table.to_html("gss")
    assert table.to_text() == str(table)


def test_other_texts_are_not_restyled():
    table = DisplayTable(
        caption="20,532", columns=["a", Column("b", "right")], rows=[["1,000", "2.5%"]]
    )
    assert to_text(table.styled("gss")) == to_text(table)


def test_a_cell_keeps_its_tone_and_bar_in_another_style():
    cell = Cell(percent(Fraction(1, 2)), tone="warn", bar=(0.5, 0.5), title="half")
    (row,) = DisplayTable(caption="", columns=["a"], rows=[[cell]]).styled("gss").rows
    assert row.cells == (evolve(cell, text="50.0%"),)
    assert isinstance(row.cells[0].text, FormattedNumber)


def test_a_style_can_be_defined():
    own = evolve(GSS, name="ours", between="{}-{}", marks={**GSS.marks, Reason.SUPPRESSED: "*"})
    assert restyle(count(Interval(1, 4)), own) == "1-4"
    assert restyle(format_count(Count.suppressed()), own) == "*"


def test_a_pattern_without_placeholder_raises():
    with pytest.raises(InvalidValue, match=r"between.*must contain \{\} 2 times"):
        NumberStyle(name="ours", between="{}")


@pytest.mark.parametrize("name", ["gsss", "not a locale", "xx_YY"])
def test_an_unknown_style_raises(name):
    with pytest.raises(UnknownName, match="must be a style or locale"):
        number_style(name)


def test_a_locale_without_babel_raises_with_the_extra(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "babel", None)
    with pytest.raises(MissingExtra, match=r"thbstats\[i18n\]"):
        number_style("it_CH")


def test_text_markdown_and_html_have_the_same_decimals() -> None:
    rows = [("BE", "female", 1234), ("BE", "total", 3345)]
    table = CountTable.from_rows(
        rows, columns=["area", "sex", "value"], kind="victims", period=2016, status="registered"
    )
    panel = share(table, sex="female", base="all", by="area")
    assert "  36.9%  " in panel.to_text()
    assert "| 36.9% |" in panel.to_markdown()
    assert ">36.9%<" in panel.to_html()
