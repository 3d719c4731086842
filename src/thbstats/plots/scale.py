"""The axis of a kind of number: its limits, its ticks and its name."""

from collections.abc import Sequence
from fractions import Fraction
from functools import partial
from math import inf, isfinite

import numpy as np
from attrs import field, frozen
from matplotlib.ticker import MaxNLocator

from thbstats.columns import Fractions
from thbstats.display import count, decimal, percent
from thbstats.errors import require
from thbstats.languages import Language, Message, capitalised
from thbstats.panel import Panel, ResultKind
from thbstats.plots.canvas import TEXT, text_width
from thbstats.plots.titles import label_words

FloatBounds = tuple[float, float]
"""A number as its lower and upper bound; infinite where it has none."""

PERCENT = (ResultKind.SHARE, ResultKind.RELATIVE_CHANGE, ResultKind.DIFFERENCE)
_INTEGERS = (ResultKind.COUNT, ResultKind.CHANGE)
_APART = 7.0
"""The points between the texts of ticks."""
_MARGIN, _TICKS = 0.06, 10
_STRETCH = 0.35
"""Optional numbers make an axis longer by at most this factor; an arrow shows larger ones."""
_MORE = 0.12
"""The extra length of an axis, as a factor, where something continues beyond it."""

_RATE = partial(Message, "{counted} per {scale} inhabitants and year")
_AXES = {
    ResultKind.SHARE: partial(Message, "Share of {base}"),
    ResultKind.RATIO: partial(Message, "{counted} divided by {base}"),
    ResultKind.PER_100: partial(Message, "{counted} per 100 {base}"),
    ResultKind.PER_100_000: _RATE,
    ResultKind.PER_MILLION: _RATE,
    ResultKind.PER_YEAR: partial(Message, "{counted} per year"),
    ResultKind.DIFFERENCE: partial(Message, "Change in percentage points, {base}"),
    ResultKind.RELATIVE_CHANGE: partial(Message, "Change in per cent of {base}"),
    ResultKind.CHANGE: partial(Message, "Change, {plain}"),
}
"""The name of an axis by kind of number; the label of the number for other kinds."""


@frozen(kw_only=True)
class Scale:
    """The limits of an axis and its kind of number."""

    kind: ResultKind
    low: float
    high: float
    language: Language = field(factory=lambda: Language.of("en"))

    def clip(self, ends: FloatBounds) -> FloatBounds:
        """Return both bounds of a number, cut at the limits of the axis."""
        lower, upper = (min(max(end, self.low), self.high) for end in ends)
        return lower, upper

    def beyond(self, end: float) -> bool:
        """Whether a finite end lies outside the axis."""
        return isfinite(end) and not self.low <= end <= self.high

    def ticks(self, room: float, *, upright: bool = False) -> dict[float, str]:
        """Return as many ticks as fit next to each other within some points, with their texts."""
        texts: dict[float, str] = {}
        integer = self.kind in _INTEGERS
        for most in range(_TICKS, 0, -1):
            locator = MaxNLocator(most, steps=[1, 2, 2.5, 5, 10], integer=integer)
            positions = np.round(locator.tick_values(self.low, self.high), 12)
            positions = np.unique(np.rint(positions) if integer else positions)
            step = float(np.diff(positions).min()) if len(positions) > 1 else self.high - self.low
            inside = positions[(positions >= self.low) & (positions <= self.high)].tolist()
            texts = {position: self._text(position, step) for position in inside}
            sizes = [0.8 * TEXT if upright else text_width(text, TEXT) for text in texts.values()]
            if max(sizes, default=0.0) + _APART <= room * step / (self.high - self.low):
                break
        return texts

    def _text(self, position: float, step: float) -> str:
        exact = Fraction(position).limit_denominator(10**9)
        if self.kind in _INTEGERS:
            return self.language.text(count(exact))
        step = step * 100 if self.kind in PERCENT else step
        decimals = next((n for n in range(6) if abs(step * 10**n - round(step * 10**n)) < 1e-6), 6)
        form = percent if self.kind in PERCENT else decimal
        return self.language.text(form(exact, decimals))


def float_bounds(column: Fractions) -> list[FloatBounds | None]:
    """Return the numbers of a column as floats; ``None`` for a row without a number."""
    pairs = zip(column.lower.tolist(), column.upper.tolist(), strict=True)
    return [None if end[0] != end[0] else end for end in pairs]


def scale_of(
    kind: ResultKind, needed: Sequence[float], optional: Sequence[float] = (), *, zero: bool = True
) -> Scale:
    """Return the axis of some numbers of one kind."""
    start = [0.0] if zero else []
    every = [*needed, *optional]
    all_finite = [end for end in every if isfinite(end)] + start or [0.0]
    known = [end for end in needed if isfinite(end)]
    known = known + start if known else all_finite
    low, high = min(known), max(known)
    span = (high - low) or abs(high) or 1.0
    stretch = 1.0 if kind is ResultKind.SHARE else span * _STRETCH  # a share is at most 1
    least, most = min(all_finite), max(all_finite)
    low = least if least >= low - stretch else low
    high = most if most <= high + stretch else high
    if high < most or inf in every:
        high += (high - low or span) * _MORE
    if low > least or -inf in every:
        low -= (high - low or span) * _MORE
    if low == high:
        low, high = (low, low + span) if zero else (low - span / 2, high + span / 2)
    margin = (high - low) * _MARGIN
    low -= margin if low < 0 or not zero else 0.0
    high += margin if high > 0 or not zero else 0.0
    if kind is ResultKind.SHARE:
        low, high = max(low, 0.0), min(high, 1.0)
    return Scale(kind=kind, low=low, high=high)


def common_kind(panel: Panel) -> ResultKind:
    """Return the kind of some numbers."""
    kinds = [panel.kind.categories[code] for code in panel.kind.present]
    hint = "Draw each kind on its own axes"
    require(len(kinds) == 1, "`numbers` must be of one kind", hint, kind=", ".join(kinds))
    return kinds[0]


def axis_name(panel: Panel) -> str:
    """Return the name of an axis with these numbers."""
    _, first = panel.group_rows(["kind", "numerator_kind", "base", "label"])
    names = set[str]()
    for number in map(panel.row, first.tolist()):
        plain = number.numerator_kind.label
        counted = capitalised(plain)
        if number.kind in _AXES:
            names.add(
                _AXES[number.kind](
                    base=label_words(number.base.label), plain=plain, counted=counted,
                    scale=count(number.kind.scale),
                )
            )  # fmt: skip
        else:
            names.add(counted if number.kind is ResultKind.COUNT else capitalised(number.label))
    if len(names) == 1:
        return names.pop()
    kind = panel.kind[0].replace("_", " ")
    return Message("{kind} (denominators differ)", kind=capitalised(kind))
