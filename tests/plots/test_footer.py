"""Lines under a plot, and its axis."""

from fractions import Fraction

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from tests.plots.drawn import alone, panel_of
from tests.rules.panels import count, rate, ratio, share
from thbstats.panel import ComparabilityWarning, Contradiction, ResultKind, Status
from thbstats.plots.canvas import text_width, wrap_text
from thbstats.plots.footnotes import citation, footer, rule_titles, warning_lines, where
from thbstats.plots.scale import axis_name, scale_of
from thbstats.records import Source


def warning(code: str, severity: str, message: str = "something") -> ComparabilityWarning:
    return ComparabilityWarning(
        code=code, title="a title", severity=severity, scope="number", message=message
    )


def test_code_is_shown_once_with_its_highest_severity() -> None:
    footer_text = warning_lines(
        [
            warning("UNIT", "note", "other units"),
            warning("UNIT", "caution", "two units"),
            warning("BREAK", "blocking", "counted differently"),
            warning("OWN", "note", "a rule of a user"),
        ]
    )
    assert footer_text == (
        "Blocking: BREAK (counted differently).",
        "Caution: UNIT (two units).",
        "Notes: OWN (a title).",
    )


@pytest.mark.parametrize("messages", [("3%", "4%"), ("word " * 40,)])
def test_several_or_long_messages_are_replaced_by_the_title(messages: tuple[str, ...]) -> None:
    result = [warning("UNKNOWN", "caution", text) for text in messages]
    assert warning_lines(result) == ("Caution: UNKNOWN (a title).",)


def test_codes_have_the_rule_titles_rules() -> None:
    assert rule_titles(["SMALL_DENOMINATOR", "OTHER"]) == ["SMALL_DENOMINATOR: Small denominator"]


def test_publication_is_cited_once_with_its_sections() -> None:
    sources = [
        Source(title="Publication", document="COM(1) 1", section=section, published="2018-12-03")
        for section in ("II", "II.1", "II")
    ]
    assert citation(sources) == "Publication, COM(1) 1, published 2018-12-03, sections II and II.1"
    assert citation([]) == "not stated"


@pytest.mark.parametrize(
    ("known", "footer_text"),
    [
        ({"reporters": ["BE"], "expected": ["BE", "FR"]}, "Reporting countries: 1 of 2."),
        ({"reporters": ["BE"], "expected": None}, "Reporting countries: 1."),
        ({"reporters": None, "n_reporters": 22, "expected": None}, "Reporting countries: 22."),
        ({"reporters": None}, "The reporting countries are not documented."),
    ],
)
def test_footer_contains_the_number_of_reporting_countries(
    known: dict[str, object], footer_text: str
) -> None:
    assert footer_text in footer(alone(count(3, "BE+FR", **known)))[1]


def test_numbers_of_several_areas_are_counted_together() -> None:
    rows = [count(3, "BE"), count(3, "FR", reporters=[], expected=["FR"])]
    assert "Reporting countries: 1 of 2." in footer(panel_of(rows))[1]
    unknown = [*rows, count(3, "DE", reporters=None)]
    assert "not documented for every number" in footer(panel_of(unknown))[1]


def test_footer_ignores_rows_that_are_not_drawn() -> None:
    rows = [count(3, "BE"), count(3, "FR", sources=(Source(title="Other"),))]
    footer_text = " ".join(footer(panel_of(rows).take([0])))
    assert "Reporting countries: 1 of 1." in footer_text
    assert "Other" not in footer_text


def test_contradictory_and_conflicting_counts_are_named() -> None:
    items = tuple(
        Contradiction(area=area, code=code, text="x")
        for area, code in (("DE", "contradictory"), ("BG", "conflicting"), ("AT", "discrepancy"))
    )
    rows = [
        count(3, "BE+DE+BG", contradictions=items),
        count(3, "MT", value=None, status=Status.CONTRADICTORY),
    ]
    footer_text = footer(panel_of(rows))
    assert "Contradictory counts, not in the value: DE 2015, MT 2015." in footer_text
    assert "Conflicting counts, from the smallest value to the sum: BG 2015." in footer_text
    assert "[!] Some counts are contradictory or conflicting." in footer_text


def test_area_has_its_usual_name() -> None:
    assert where(alone(count(3, "BE"))) == "Belgium, 2015"
    assert where(alone(count(3, "EU28 without UK"))) == "EU28 without UK, 2015"
    assert where(alone(count(3, "AT+BE+DE+FR"))) == "4 countries, 2015"
    years = [count(3, "BE", str(year)) for year in range(2010, 2015)]
    assert where(panel_of(years)) == "Belgium, 2010 to 2014"
    areas = [count(3, area) for area in ("BE", "FR", "DE", "NL")]
    assert where(panel_of(areas)) == "4 areas, 2015"


def test_axis_has_the_name_of_its_numbers() -> None:
    assert axis_name(alone(count(3))) == "Registered victims"
    assert axis_name(alone(share(1, 2))).startswith("Share of ")
    assert " over " in axis_name(alone(ratio(1, 2)))
    assert axis_name(alone(rate())) == "Registered victims per 100,000 inhabitants and year"
    single, two = share(1, 2), share(1, 2)
    two["base"] = evolve(two["base"], label="other victims")
    assert axis_name(panel_of([single, two])) == "Share (denominators differ)"


@pytest.mark.parametrize(
    ("kind", "numbers", "texts"),
    [
        (ResultKind.SHARE, [0, 0.5], ["0%", "20%", "40%"]),
        (ResultKind.COUNT, [0, 3], ["0", "1", "2", "3"]),
        (ResultKind.COUNT, [0, 4000], ["0", "2,000", "4,000"]),
        (ResultKind.RATIO, [0, 0.01], ["0.000", "0.005", "0.010"]),
    ],
)
def test_ticks_are_printed_as_the_library_prints_numbers(
    kind: ResultKind, numbers: list[float], texts: list[str]
) -> None:
    assert list(scale_of(kind, numbers).ticks(130).values()) == texts


@given(
    st.lists(
        st.tuples(
            st.fractions(-100, 100, max_denominator=50), st.fractions(0, 50, max_denominator=9)
        ),
        min_size=1,
        max_size=5,
    ),
    st.booleans(),
    st.floats(40, 800),
    st.sampled_from([ResultKind.COUNT, ResultKind.RATIO, ResultKind.CHANGE, ResultKind.DIFFERENCE]),
)
def test_axis_holds_every_number_and_its_ticks_have_room(
    pairs: list[tuple[Fraction, Fraction]], zero: bool, room: float, kind: ResultKind
) -> None:
    numbers = [(float(low), float(low + size)) for low, size in pairs]
    scale = scale_of(kind, [end for ends in numbers for end in ends], zero=zero)
    ticks = scale.ticks(room)
    for ends in numbers:
        assert scale.low <= ends[0] <= ends[1] <= scale.high
        assert scale.clip(ends) == ends
    assert all(scale.low <= tick <= scale.high for tick in ticks)
    assert len(set(ticks.values())) == len(ticks)
    if zero:
        assert scale.low <= 0 <= scale.high


words = st.text(st.characters(codec="ascii", categories=["Ll", "Lu", "Nd"]), min_size=1)


@given(st.lists(words, min_size=1, max_size=12), st.floats(20, 300))
def test_lines_have_at_most_their_width_and_keep_all_words(parts: list[str], width: float) -> None:
    lines = wrap_text(" ".join(parts), width, 8.5).split("\n")
    assert "".join("".join(lines).split()) == "".join(parts)
    assert all(text_width(line, 8.5) <= width for line in lines)


def test_number_stays_on_one_line_with_its_unit() -> None:
    assert "20,532" in wrap_text("of 20,532 registered victims", 60, 8.5)
    assert wrap_text("", 60, 8.5) == ""
