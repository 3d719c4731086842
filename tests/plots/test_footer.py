"""What stands under a plot, and on its axis."""

from fractions import Fraction

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from tests.comparability.numbers import context, count, rate, ratio, share
from thbstats.comparability import ALL
from thbstats.plots.footnotes import CODES, cited, footer, warned, where
from thbstats.plots.lettering import wide, wrapped
from thbstats.plots.scale import named, scale_of
from thbstats.records import Source
from thbstats.results import GATHERED, ComparabilityWarning, Measure, Warnings
from thbstats.values import Interval


def warning(code: str, severity: str, message: str = "something") -> ComparabilityWarning:
    return ComparabilityWarning(code=code, severity=severity, scope="number", message=message)


def test_every_family_of_warnings_has_plain_words() -> None:
    assert set(CODES) == {rule.code for rule in ALL} | {GATHERED}


def test_a_family_is_said_once_with_its_gravest_weight() -> None:
    told = warned(
        Warnings(
            [
                warning("UNIT", "note", "other units"),
                warning("UNIT", "caution", "two units"),
                warning("BREAK", "blocking", "counted differently"),
                warning("OWN", "note", "a rule of somebody's own"),
            ]
        )
    )
    assert told == (
        "Not comparable: BREAK (counted differently).",
        "Caution: UNIT (two units).",
        "Notes: OWN.",
    )


def test_what_cannot_be_said_shortly_is_said_in_plain_words() -> None:
    several = Warnings([warning("UNKNOWN", "caution", f"{n} %") for n in (3, 4)])
    assert warned(several) == ("Caution: UNKNOWN (category unknown).",)
    long = Warnings([warning("UNKNOWN", "caution", "word " * 40)])
    assert warned(long) == ("Caution: UNKNOWN (category unknown).",)


def test_a_publication_is_cited_once_with_its_sections() -> None:
    sources = [
        Source(title="Report", document="COM(1) 1", section=section, published="2018-12-03")
        for section in ("II", "II.1", "II")
    ]
    assert cited(sources) == "Report, COM(1) 1, published 2018-12-03, sections II and II.1"
    assert cited([]) == "not stated"


@pytest.mark.parametrize(
    ("known", "told"),
    [
        ({"reporters": ["BE"], "expected": ["BE", "FR"]}, "Reporting countries: 1 of 2."),
        ({"reporters": ["BE"], "expected": None}, "Reporting countries: 1."),
        ({"reporters": None, "n_reporters": 22, "expected": None}, "Reporting countries: 22."),
        ({"reporters": None}, "Which countries reported is not documented."),
    ],
)
def test_the_footer_says_how_many_countries_reported(known: dict[str, object], told: str) -> None:
    assert told in footer([count(3, context("BE+FR", **known))], Warnings())[1]


def test_numbers_of_several_areas_are_counted_together() -> None:
    numbers = [
        count(3, context("BE")),
        count(3, context("FR", reporters=[], expected=["FR"])),
    ]
    assert "Reporting countries: 1 of 2." in footer(numbers, Warnings())[1]
    unknown = [*numbers, count(3, context("DE", reporters=None))]
    assert "not documented for every number" in footer(unknown, Warnings())[1]


def test_a_place_is_named_as_a_reader_calls_it() -> None:
    assert where([count(3, context("BE", "2015"))]) == "Belgium, 2015"
    assert where([count(3, context("EU28 without UK", "2015"))]) == "EU28 without UK, 2015"
    assert where([count(3, context("AT+BE+DE+FR", "2015"))]) == "4 countries, 2015"
    years = [count(3, context("BE", str(year))) for year in range(2010, 2015)]
    assert where(years) == "Belgium, 2010 to 2014"
    assert where([count(3, context(area)) for area in ("BE", "FR", "DE", "NL")]) == "4 areas, 2015"


def test_an_axis_is_named_after_what_it_measures() -> None:
    assert named([count(3)]) == "Registered victims"
    assert named([share(1, 2)]).startswith("Share of ")
    assert " over " in named([ratio(1, 2)])
    assert named([rate()]) == "Registered victims per 100 000 inhabitants and year"
    bases = [share(1, 2), share(1, 2)]
    other = evolve(bases[1], base=evolve(bases[1].base, label="somebody else"))
    assert named([bases[0], other]) == "Share (bases differ)"
    assert named([evolve(count(3), measure=Measure.RATIO), ratio(1, 2)]) == "Ratio (bases differ)"


@pytest.mark.parametrize(
    ("measure", "numbers", "texts"),
    [
        (Measure.SHARE, [Interval(0, Fraction(1, 2))], ["0 %", "20 %", "40 %"]),
        (Measure.COUNT, [Interval(0, 3)], ["0", "1", "2", "3"]),
        (Measure.COUNT, [Interval(0, 4000)], ["0", "2 000", "4 000"]),
        (Measure.RATIO, [Interval(0, Fraction(1, 100))], ["0.000", "0.005", "0.010"]),
    ],
)
def test_ticks_are_printed_as_the_library_prints_numbers(
    measure: Measure, numbers: list[Interval], texts: list[str]
) -> None:
    assert list(scale_of(measure, numbers, 130).texts) == texts


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
    st.sampled_from([Measure.COUNT, Measure.RATIO, Measure.CHANGE, Measure.DIFFERENCE]),
)
def test_an_axis_holds_every_number_and_its_ticks_have_room(
    pairs: list[tuple[Fraction, Fraction]], zero: bool, room: float, measure: Measure
) -> None:
    numbers = [Interval(low, low + size) for low, size in pairs]
    scale = scale_of(measure, numbers, room, zero=zero)
    for number in numbers:
        assert scale.low <= float(number.lower or 0) <= float(number.upper or 0) <= scale.high
        assert scale.clip(number) == (float(number.lower or 0), float(number.upper or 0))
    assert all(scale.low <= tick <= scale.high for tick in scale.ticks)
    assert len(set(scale.texts)) == len(scale.texts)
    if zero:
        assert scale.low <= 0 <= scale.high


words = st.text(st.characters(codec="ascii", categories=["Ll", "Lu", "Nd"]), min_size=1)


@given(st.lists(words, min_size=1, max_size=12), st.floats(20, 300))
def test_lines_are_no_wider_than_they_may_be_and_nothing_is_lost(
    parts: list[str], width: float
) -> None:
    lines = wrapped(" ".join(parts), width, 8.5).split("\n")
    assert "".join("".join(lines).split()) == "".join(parts)
    assert all(wide(line, 8.5) <= width for line in lines)


def test_a_number_stays_on_one_line_with_its_unit() -> None:
    assert "20 532" in wrapped("of 20 532 registered victims", 60, 8.5)
    assert wrapped("", 60, 8.5) == ""
