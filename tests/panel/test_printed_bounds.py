"""A printed interval contains the exact one, in every kind of number and every style."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thbstats.display import EUROSTAT, GSS, PLAIN, number_style, reformat
from thbstats.display.number_texts import NumberStyle
from thbstats.panel import ResultKind
from thbstats.values import Interval

STYLES = [PLAIN, GSS, EUROSTAT]
LOCALES = ["de", "de_AT", "de_CH", "en_GB", "en_IN", "fr", "fr_CH", "it", "pl", "sv"]
KINDS = pytest.mark.parametrize("kind", ResultKind)


def parsed(text: str, style: NumberStyle, scale: int) -> tuple[Fraction | None, Fraction | None]:
    """Return the bounds in a text; ``None`` is no bound."""

    def number(digits: str) -> Fraction:
        bare = digits.strip().strip("%").strip()
        bare = bare.replace(style.thousands, "").replace(style.decimal, ".")
        return Fraction(bare.replace(style.minus, "-").strip("\xa0\u202f %")) / scale

    for unit in (style.percent, style.pp):
        before, _, after = unit.partition("{}")
        if after and text.endswith(after) and text.startswith(before):
            text = text[len(before) : len(text) - len(after)]
            text = text.replace(after, "") if style.repeats_percent else text
    if text == style.unbounded:
        return None, None
    for pattern, is_lower in ((style.at_least, True), (style.at_most, False)):
        before, _, after = pattern.partition("{}")
        if text.startswith(before):
            own = number(text.removeprefix(before).removesuffix(after))
            return (own, None) if is_lower else (None, own)
    for pattern in (style.between, style.between_signed):
        first, found, last = text.partition(pattern.split("{}")[1])
        if found:
            return number(first), number(last)
    return number(text), number(text)


def styled(interval: Interval, kind: ResultKind, style: NumberStyle, base: int) -> str:
    return reformat(kind.format_value(interval, Interval.point(base)), style)


numbers = st.fractions(-2, 5, max_denominator=10**6) | st.sampled_from(
    [Fraction(own) for own in ("0", "1", "-1", "0.0000001", "0.9999999", "-0.9999999", "1/3")]
)


def intervals_of(kind: ResultKind) -> st.SearchStrategy[Interval]:
    """Return intervals that a kind of number can have."""
    lowest, highest = kind.limits

    def interval(ends: tuple[Fraction, Fraction], is_open: bool) -> Interval:
        lower, upper = sorted(ends)
        if lowest is not None:
            lower, upper = max(lower, lowest), max(upper, lowest)
        if highest is not None:
            lower, upper = min(lower, highest), min(upper, highest)
        if is_open and highest is None:
            return Interval(lower, None)
        return Interval(lower, upper)

    return st.builds(interval, st.tuples(numbers, numbers), st.booleans())


def check(kind: ResultKind, interval: Interval, style: NumberStyle, base: int) -> None:
    text = styled(interval, kind, style, base)
    scale = 100 if kind._decimals is None else 1
    lower, upper = parsed(text, style, scale)
    if interval.is_point:
        return
    if lower is not None:
        assert interval.lower is not None, text
        assert lower <= interval.lower, text
    if upper is not None:
        assert interval.upper is not None, text
        assert upper >= interval.upper, text
    # A bound of the text says something, and a bound without text is near one that does not.
    lowest, highest = kind.limits
    is_count = kind is ResultKind.COUNT and upper is not None
    if lowest is not None and lower is not None and not is_count:
        assert lower > lowest, text
    if highest is not None and upper is not None:
        assert upper < highest, text
    step = Fraction(1, 10 ** (3 if kind._decimals is None else max(kind._decimals - 1, 0)))
    if lower is None and interval.lower is not None:
        assert lowest is not None
        assert interval.lower < lowest + step
    if upper is None and interval.upper is not None:
        assert highest is not None
        assert interval.upper > highest - step


@KINDS
@given(data=st.data())
def test_printed_bounds_contain_the_exact_bounds(kind: ResultKind, data: st.DataObject) -> None:
    interval = data.draw(intervals_of(kind))
    for style in STYLES:
        for base in (50, 500):
            check(kind, interval, style, base)


@KINDS
@given(data=st.data())
def test_printed_bounds_contain_the_exact_bounds_in_every_language(
    kind: ResultKind, data: st.DataObject
) -> None:
    pytest.importorskip("babel")
    interval = data.draw(intervals_of(kind))
    for name in LOCALES:
        check(kind, interval, number_style(name), 500)
