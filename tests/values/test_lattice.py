"""Integers between two lines, compared with a search."""

from fractions import Fraction
from math import ceil, floor

from hypothesis import example, given
from hypothesis import strategies as st

from thbstats.values.percent import Line, enclosed

FURTHEST = 60
NUMBERS = st.fractions(min_value=-3, max_value=3, max_denominator=12)
LINES = st.builds(Line, NUMBERS, NUMBERS)
FLAT, HALF = Line(Fraction(0), Fraction(1, 5)), Line(Fraction(1, 2), Fraction(1, 5))


@given(LINES, LINES, st.integers(-5, 5), st.sampled_from([1, -1]))
@example(FLAT, Line(Fraction(0), Fraction(4, 5)), 0, 1)
@example(HALF, Line(Fraction(0), Fraction(4, 5)), 0, 1)
def test_first_integer_between_lines_agrees_with_a_search(
    lower: Line, upper: Line, start: int, step: int
) -> None:
    searched = range(start, start + step * FURTHEST, step)
    first = next((x for x in searched if ceil(lower(x)) <= floor(upper(x))), None)
    result = enclosed(lower, upper, start, step)
    assert result == first or (first is None and result not in searched)
