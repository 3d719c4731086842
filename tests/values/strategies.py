"""Strategies of small values and their completions."""

from fractions import Fraction

from hypothesis import strategies as st

from thbstats.values import Interval

FAR = 10**9
"""Substitute for a missing bound."""

ends = st.fractions(min_value=-20, max_value=20, max_denominator=6)


@st.composite
def intervals(draw: st.DrawFn) -> Interval:
    """Draw an interval with exact ends, bounded or not, that may be undefined."""
    lower, upper = sorted((draw(ends), draw(ends)))
    return Interval(
        draw(st.sampled_from([lower, lower, None])),
        draw(st.sampled_from([upper, upper, None])),
        undefined=draw(st.booleans()),
    )


@st.composite
def counts(draw: st.DrawFn, largest: int = 8) -> Interval:
    """Draw what a small count can be."""
    lower = draw(st.integers(0, largest))
    return Interval(lower, draw(st.none() | st.integers(lower, largest)))


def value_in(interval: Interval) -> st.SearchStrategy[Fraction]:
    """Draw one value that the interval holds, often an end."""
    low = interval.lower if interval.lower is not None else (interval.upper or 0) - 100
    high = interval.upper if interval.upper is not None else low + 200
    inside = st.fractions(0, 1, max_denominator=12).map(lambda part: low + part * (high - low))
    return inside.map(Fraction) | st.sampled_from([Fraction(low), Fraction(high)])


def completions(count: Interval) -> list[int]:
    """Return every whole number that a small count can be; a few and a far one if unbounded."""
    assert isinstance(count.lower, int)
    if count.upper is None:
        return [*range(count.lower, count.lower + 5), FAR]
    return list(range(count.lower, int(count.upper) + 1))
