"""Drawing of the possible range of a figure."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from html import escape
from math import ceil, floor, log10

from thbstats.display import count, decimal, percent, signed, signed_percent
from thbstats.panel import Result, ResultKind
from thbstats.panel.kind import NOT_BOUNDED
from thbstats.passports.phrases import heading
from thbstats.passports.statements import FigureText
from thbstats.values import Interval

_WIDTH, _LEFT = 344, 8
"""The length of the axis and its start, in units of the drawing."""


def drawing(figure: FigureText, published: Result | None, text: Callable[[str], str]) -> str:
    """Return the range of a figure on one axis as SVG; empty without a value or a bound.

    The pale bar is the possible range, the dark bar or mark the value, and the mark with a text
    the published figure.
    """
    result = figure.result
    published = result if figure.is_published else published
    marks = None if published is None else published.value
    wide = result.bounds_with_unknown
    is_bounded = figure.number(wide) != NOT_BOUNDED
    bars = [("possible", wide)] * is_bounded
    bars += [("value", result.value)] if result.value is not None else []
    ends = [
        Fraction(end)
        for own in (*(bar for _, bar in bars), marks)
        if own is not None
        for end in (own.lower, own.upper)
        if end is not None
    ]
    if not bars:
        return ""
    low, high, step = _axis(result.kind, ends)

    def position(number: Fraction) -> float:
        return round(_LEFT + _WIDTH * float((number - low) / (high - low)), 1)

    parts = [f'<line x1="{_LEFT}" x2="{_LEFT + _WIDTH}" y1="34" y2="34"/>']
    for name, own in bars:
        first, last = _ends(own, low, high)
        start, width = position(first), max(position(last) - position(first), 0)
        # A single value is a mark of its own width.
        mark = (start - 1.5, 3.0) if width < 3 else (start, width)
        size = f'x="{mark[0]:.1f}" width="{mark[1]:.1f}" y="27" height="14"'
        parts.append(f'<rect class="{name}" {size}/>')
    if marks is not None and published is not None:
        first, last = _ends(marks, low, high)
        x = position((first + last) / 2)
        label = escape(text(heading("published", value=FigureText(published).value)))
        side = "start" if x < _WIDTH / 3 else "end" if x > _WIDTH * 2 / 3 else "middle"
        parts.append(f'<path class="published" d="M{x} 18V46"/>')
        parts.append(f'<text class="published" x="{x}" y="12" text-anchor="{side}">{label}</text>')
    number = low
    while number <= high:
        x = position(number)
        side = "start" if number == low else "end" if number == high else "middle"
        tick = escape(text(_tick(result.kind, number, step)))
        parts.append(f'<text x="{x}" y="58" text-anchor="{side}">{tick}</text>')
        number += step
    label = escape(text(figure.possible))
    return (
        f'<svg viewBox="0 0 {_WIDTH + 2 * _LEFT} 64" role="img" aria-label="{label}">\n'
        f"{chr(10).join(parts)}\n</svg>"
    )


def _ends(number: Interval, low: Fraction, high: Fraction) -> tuple[Fraction, Fraction]:
    """Return the bounds of a number on the axis, which ends where a bound is missing."""
    first = low if number.lower is None else Fraction(number.lower)
    last = high if number.upper is None else Fraction(number.upper)
    return max(first, low), min(last, high)


def _axis(kind: ResultKind, ends: Sequence[Fraction]) -> tuple[Fraction, Fraction, Fraction]:
    """Return the start, the end and the step of the axis, around all bounds and 0."""
    if kind in (ResultKind.SHARE, ResultKind.INDEX):
        return Fraction(0), Fraction(1), Fraction(1, 4)
    lowest, highest = min([*ends, Fraction(0)]), max([*ends, Fraction(0)])
    raw = float(highest - lowest or 1) / 4
    size = Fraction(10) ** floor(log10(raw))
    step = next(size * n for n in (1, 2, 5, 10) if size * n >= raw)
    first, last = floor(lowest / step) * step, ceil(highest / step) * step
    return first, last if last > first else first + step, step


def _tick(kind: ResultKind, number: Fraction, step: Fraction) -> str:
    """Return a number of the axis as text."""
    whole = kind in (ResultKind.SHARE, ResultKind.RELATIVE_CHANGE, ResultKind.DIFFERENCE)
    digits = max(0, -floor(log10(step * 100 if whole else step)))
    if kind is ResultKind.SHARE:
        return percent(number, digits)
    if kind is ResultKind.RELATIVE_CHANGE:
        return signed_percent(number, digits)
    if kind in (ResultKind.CHANGE, ResultKind.DIFFERENCE):
        return signed(number * (100 if whole else 1), digits)
    return decimal(number, digits) if digits else count(number)
