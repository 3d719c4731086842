"""Lines under a plot, and its axis."""

from fractions import Fraction
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

import thbstats as thb
from tests.plots.drawn import alone, panel_of
from tests.rules.panels import count, rate, ratio, share
from thbstats.panel import ComparabilityWarning, Contradiction, ResultKind, Severity, Status
from thbstats.plots.canvas import axis_name, scale_of, text_width, wrap_text
from thbstats.plots.drawn_numbers import (
    PlotNumbers,
    citation,
    contradiction_lines,
    coverage_lines,
    footer,
    reason_lines,
    titled,
    warning_lines,
    where,
    years_text,
)
from thbstats.plots.trend_plot import trend_drawing
from thbstats.records import Source
from thbstats.values import Period

VICTIMS = thb.read("docs/_data/glotip_eu_victims.csv").table
JUSTICE = thb.read("docs/_data/glotip_eu_justice.csv").table


def test_title_is_shown_once_with_its_highest_severity() -> None:
    titles = [
        (Severity.NOTE, "Two counting units"),
        (Severity.CAUTION, "Two counting units"),
        (Severity.BLOCKING, "Break in time series"),
        (Severity.NOTE, "A rule of a user"),
    ]
    assert warning_lines(titles) == [
        "Warning: break in time series.",
        "Caution: two counting units.",
        "Note: a rule of a user.",
    ]


def test_warning_without_a_title_has_its_code() -> None:
    warning = ComparabilityWarning(
        code="OWN", title="", severity="note", scope="number", message="x"
    )
    assert titled([warning]) == [(Severity.NOTE, "OWN")]


def test_notes_are_in_the_alt_text_only() -> None:
    result = thb.share(VICTIMS, sex="female", base="all", area="FR", period=2019).panel
    noted = Severity.NOTE, Severity.CAUTION
    notes = [
        (
            ComparabilityWarning(
                code="A", title=f"A {own}", severity=own, scope="number", message="x"
            )
        )
        for own in noted
    ]
    own = footer(PlotNumbers(result.with_notes([tuple(notes)])))
    assert any("a caution" in line for line in own.lines)
    assert not any("a note" in line for line in own.lines)
    assert any("a note" in line for line in own.further)


def test_warnings_of_rows_without_a_mark_are_left_out() -> None:
    ratios = thb.conviction_to_prosecution(JUSTICE, by="area", area="EU28", period=2016)
    small = ratios.take([i for i, row in enumerate(ratios) if (row.denominator.upper or 99) < 20])
    assert "small denominator" not in " ".join(footer(PlotNumbers(small)).lines)


def test_publication_is_cited_once_with_its_sections() -> None:
    sources = [
        Source(title="Publication", document="COM(1) 1", section=section, published="2018-12-03")
        for section in ("II", "II.1", "II")
    ]
    assert citation(sources) == "Publication, COM(1) 1, published 2018-12-03, sections II and II.1"
    assert citation([]) == "not stated"


@pytest.mark.parametrize(
    ("known", "text"),
    [
        (
            {"reporters": ["BE"], "expected": ["BE", "FR"]},
            "Belgium and France: 1 of 2 countries reported.",
        ),
        (
            {"reporters": None, "n_reporters": 1, "expected": None},
            "Belgium and France: 1 of 2 countries reported.",
        ),
        (
            {"reporters": None},
            "Belgium and France: the source does not list the reporting countries.",
        ),
    ],
)
def test_coverage_is_of_the_area(known: dict[str, object], text: str) -> None:
    assert coverage_lines(PlotNumbers(alone(count(3, "BE+FR", **known)))) == [text]


def test_one_country_has_no_coverage() -> None:
    assert coverage_lines(PlotNumbers(alone(count(3, "BE")))) == []


def test_rows_of_countries_are_not_a_full_area() -> None:
    rows = [count(3, "BE"), count(3, "FR", value=None, status=Status.NOT_REPORTED)]
    own = coverage_lines(PlotNumbers(panel_of(rows)))
    assert own == ["1 of the 2 selected countries has a value."]


def test_countries_of_the_eu_are_its_members_in_the_period() -> None:
    ratios = thb.conviction_to_prosecution(JUSTICE, by=["area", "period"], area="EU28")
    texts = {
        year: coverage_lines(PlotNumbers(ratios.where(period=year)))[0] for year in (2016, 2022)
    }
    assert texts[2016] == "EU28: 18 of 28 countries have a value."
    assert texts[2022].startswith("21 of the 28 selected countries have")
    assert where(ratios.where(period=2016)) == "countries of the EU28, 2016"
    assert where(ratios.where(period=2022)) == "28 countries, 2022"


def test_many_areas_have_one_line_on_coverage() -> None:
    areas = ("BE+FR", "BE+DE", "BE+NL", "BE+LU")
    own = coverage_lines(PlotNumbers(panel_of([count(3, area) for area in areas])))
    assert own == ["4 areas with different coverage."]


def test_contradictory_counts_are_in_or_out_of_the_value() -> None:
    items = tuple(
        Contradiction(area=area, code=code, text="x")
        for area, code in (
            ("DE", "contradictory"),
            ("BG", "conflicting"),
            ("BE", "contradictory"),
            ("AT", "discrepancy"),
            ("EU28", "contradictory"),
        )
    )
    known: dict[str, Any] = {"reporters": ["BE", "BG"], "contradictions": items}
    rows = [count(3, "BE+DE+BG", str(year), **known) for year in (2015, 2016, 2017)]
    short, full = contradiction_lines(panel_of(rows))
    assert short == [
        "Contradictory counts, not in the value: Germany (2015 to 2017).",
        "Several values for a count, in the value: Bulgaria (2015 to 2017).",
        "Contradictory counts, in the value: Belgium (2015 to 2017).",
        "Contradictory counts: EU28 (2015 to 2017).",
    ]
    assert full == []
    unknown = panel_of([count(3, "BE+DE", contradictions=items[:1], reporters=None)])
    assert contradiction_lines(unknown)[0] == ["Contradictory counts: Germany (2015)."]


def test_many_contradictory_countries_are_counted_and_listed_in_the_alt_text() -> None:
    codes = ("AT", "BE", "BG", "DE", "DK", "FR", "IT", "NL", "PL")
    items = tuple(Contradiction(area=own, code="contradictory", text="x") for own in codes)
    short, full = contradiction_lines(
        alone(count(3, "EU28", reporters=["ES"], contradictions=items))
    )
    assert short == ["Contradictory counts, not in the value: 9 countries."]
    assert "Poland (2015)" in full[0]


def test_years_that_are_not_adjacent_are_listed() -> None:
    periods = [Period.parse(text) for text in ("2012", "2010", "2015")]
    assert years_text(periods) == "2010, 2012, 2015"


def test_rows_are_listed_by_reason() -> None:
    ratios = thb.conviction_to_prosecution(JUSTICE, by="area", area="EU28", period=2016)
    rows = PlotNumbers(ratios)
    lines = reason_lines(rows, [i for i in rows.order if rows.reasons[i]])
    assert [line.partition(":")[0] for line in lines] == [
        "Fewer than 20 persons prosecuted, only counts",
        "No data",
    ]
    nothing = PlotNumbers(ratios.where(area=["DE", "FR", "IT", "PT"]))
    assert reason_lines(nothing, nothing.order) == ["No data: all rows."]


def test_area_has_its_usual_name() -> None:
    assert where(alone(count(3, "BE"))) == "Belgium, 2015"
    assert where(alone(count(3, "EU28 without UK"))) == "EU28 without UK, 2015"
    assert where(alone(count(3, "AT+BE+DE+FR+NL"))) == "5 countries, 2015"
    assert where(alone(count(3, "BE+FR"))) == "Belgium and France, 2015"
    years = [count(3, "BE", str(year)) for year in range(2010, 2015)]
    assert where(panel_of(years)) == "Belgium, 2010 to 2014"
    areas = [count(3, area) for area in ("BE", "FR", "DE", "NL")]
    assert where(panel_of(areas)) == "4 countries, 2015"


def test_axis_has_the_name_of_its_numbers() -> None:
    assert axis_name(alone(count(3))) == "Registered victims"
    assert axis_name(alone(share(1, 2))).startswith("Share of ")
    assert " divided by " in axis_name(alone(ratio(1, 2)))
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


def line_of(rows: list[tuple], columns: tuple[str, ...], text: str, **options: object) -> str:
    """Return the line below a trend that contains a text."""
    table = thb.CountTable.from_rows(rows, columns=columns, kind="victims", status="registered")
    drawing = trend_drawing(thb.total(table, **options))
    return next(line for line in drawing.footer.lines if text in line)


def test_countries_with_a_value_are_counted_in_each_period() -> None:
    rows = [("BE", 2019, 100), ("BE", 2020, 120), ("FR", 2019, thb.Count.not_reported())]
    line = line_of(
        [*rows, ("FR", 2020, 80)], ("area", "period", "value"), "countr", by=["area", "period"]
    )
    assert line == "1 to 2 of the 2 selected countries have a value."


def test_coverage_of_one_period_is_stated_if_that_of_another_is_not_listed() -> None:
    listed = ", ".join(sorted(thb.Area.parse("EU27_2020").members)[:24])
    line = line_of(
        [("EU27_2020", 2020, 100, None), ("EU27_2020", 2021, 120, listed)],
        ("area", "period", "value", "reporters"), "EU27 (from 2020)", by="period",
    )  # fmt: skip
    assert line == (
        "EU27 (from 2020): 24 of 27 countries reported. The source does not list the countries of "
        "other numbers."
    )
