"""Percentages printed from true counts by schoolbook rules of rounding: an oracle."""

from fractions import Fraction
from math import ceil, floor

from hypothesis import strategies as st

from thbstats.values import Rounding

__all__ = ["WAYS", "digits_of", "figures", "printed"]

WAYS = (Rounding.HALF_UP, Rounding.HALF_EVEN, Rounding.HALF_AWAY, Rounding.DOWN, Rounding.UP)


def digits_of(value: Fraction, way: Rounding) -> int:
    """Return a number rounded to a whole one."""
    below, above = floor(value), ceil(value)
    outward = above if value > 0 else below
    if way is Rounding.DOWN:
        return below if value > 0 else above
    if way is Rounding.UP:
        return outward
    if value - below != Fraction(1, 2):
        return floor(value + Fraction(1, 2))
    if way is Rounding.HALF_UP:
        return above
    if way is Rounding.HALF_AWAY:
        return outward
    return above if above % 2 == 0 else below


def printed(digits: int, decimals: int) -> str:
    """Return digits as a percentage is printed."""
    text = str(abs(digits)).rjust(decimals + 1, "0")
    if decimals:
        text = f"{text[:-decimals]}.{text[-decimals:]}"
    return f"{'-' if digits < 0 else ''}{text} %"


sizes = st.sampled_from([8, 40, 1000, 10**6, 2**53])


@st.composite
def figures(draw: st.DrawFn) -> tuple[bool, int, int, int]:
    """Draw whether a change is printed, a numerator, a base above 0, and decimals.

    Halves are drawn often: a whole number of them, where the base has room for one.
    """
    is_change, decimals = draw(st.booleans()), draw(st.integers(0, 3))
    most = draw(sizes)
    base = draw(st.integers(1, most))
    unit = 2 * 100 * 10**decimals
    if draw(st.booleans()) and most >= unit:
        base = unit * draw(st.integers(1, most // unit))
        halves = draw(st.integers(0, unit))
        return is_change, base // unit * halves, base, decimals
    top = draw(st.integers(0, min(3 * base, 2**53) if is_change else base))
    return is_change, top, base, decimals
