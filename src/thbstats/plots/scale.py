"""The axis of a kind of number: its limits, its ticks and its name."""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from math import ceil, floor, inf, isfinite
from typing import Any

import numpy as np
from attrs import frozen
from matplotlib.ticker import MaxNLocator

from thbstats.columns import Fractions
from thbstats.display import count, decimal, percent
from thbstats.errors import InvalidValue
from thbstats.panel import Panel, Result, ResultKind
from thbstats.plots.canvas import TEXT, capital, text_width

FloatBounds = tuple[float, float]
"""A number as its lower and upper bound; infinite where it has none."""

_PERCENT = (ResultKind.SHARE, ResultKind.RELATIVE_CHANGE, ResultKind.DIFFERENCE)
_INTEGERS = (ResultKind.COUNT, ResultKind.CHANGE)
_MOST, _APART = 10, 14.0
"""The largest number of ticks, and the points between their texts."""
_STEPS = (1, 2, 5, 10, 20, 50, 100)
_MARGIN = 0.06
_STRETCH = 1.0
"""Optional numbers make an axis longer by at most this factor; an arrow shows larger ones."""
_MORE = 0.12
"""The extra length of an axis, as a factor, where something continues beyond it."""


@frozen(kw_only=True)
class Scale:
    """An axis: its limits, and its ticks with their texts."""

    low: float
    high: float
    ticks: tuple[float, ...]
    texts: tuple[str, ...]

    def clip(self, ends: FloatBounds) -> FloatBounds:
        """Return both bounds of a number, cut at the limits of the axis."""
        lower, upper = (min(max(end, self.low), self.high) for end in ends)
        return lower, upper

    def beyond(self, end: float) -> bool:
        """Whether a finite end lies outside the axis."""
        return isfinite(end) and not self.low <= end <= self.high


def float_bounds(column: Fractions) -> list[FloatBounds | None]:
    """Return the numbers of a column as floats; ``None`` for a row without a number."""
    pairs = zip(column.lower.tolist(), column.upper.tolist(), strict=True)
    return [None if end[0] != end[0] else end for end in pairs]


def stated_bounds(panel: Panel) -> list[FloatBounds]:
    """Return the value of each row, or its bounds if it has no value."""
    stated = panel.value.where(~panel.value.missing, panel.bounds)
    return [(-inf, inf) if end is None else end for end in float_bounds(stated)]


def interval_bounds(column: Any) -> list[FloatBounds]:
    """Return a column of bounds, or some intervals, as floats."""
    if hasattr(column, "lower"):
        ends = np.stack([np.asarray(column.lower, float), np.asarray(column.upper, float)])
        return [(lower, upper) for lower, upper in ends.T.tolist()]
    return [
        (
            -inf if number.lower is None else float(number.lower),
            inf if number.upper is None else float(number.upper),
        )
        for number in column
    ]


def value_scale(
    panel: Panel, room: float, *, optional: Iterable[float] = (), upright: bool = False
) -> Scale:
    """Return the axis of the values of a panel.

    Where most values are points, text_width intervals do not decide its length.
    """
    values = panel.value
    points = values.is_point
    ends = [values.lower, values.upper]
    further = list(optional)
    if points.sum() * 2 >= (~values.missing).sum() > 0:
        further += values.upper[~values.missing].tolist()
        ends[1] = np.where(points, values.upper, np.nan)
    column = np.concatenate(ends)
    needed = column[~np.isnan(column)].tolist()
    return scale_of(common_kind(panel), needed, room, optional=further, upright=upright)


def scale_of(
    kind: ResultKind,
    needed: Sequence[float],
    room: float,
    *,
    optional: Sequence[float] = (),
    zero: bool = True,
    upright: bool = False,
) -> Scale:
    """Return the axis of some numbers of one kind."""
    start = [0.0] if zero else []
    every = [*needed, *optional]
    all_finite = [end for end in every if isfinite(end)] + start or [0.0]
    finite = [end for end in needed if isfinite(end)]
    known = finite + start if finite else all_finite
    low, high = min(known), max(known)
    least, most = min(all_finite), max(all_finite)
    span = (high - low) or abs(high) or 1.0
    stretch = 1.0 if kind is ResultKind.SHARE else span * _STRETCH  # a share is at most 1
    low = least if least >= low - stretch else low
    high = most if most <= high + stretch else high
    if high < most or inf in every:
        high += (high - low or span) * _MORE
    if low > least or -inf in every:
        low -= (high - low or span) * _MORE
    if low == high:
        low, high = (low, low + span) if zero else (low - span / 2, high + span / 2)
    span = high - low
    positions, texts = _ticks(kind, low, high, room, upright=upright)
    margin = span * _MARGIN
    if zero:
        low = max(positions[0], low - margin) if low < 0 else low
        high = min(positions[-1], high + margin) if high > 0 else high
    else:
        low, high = low - margin, high + margin
    if kind is ResultKind.SHARE:
        low, high = max(low, 0.0), min(high, 1.0)
    inside = [
        (tick, text) for tick, text in zip(positions, texts, strict=True) if low <= tick <= high
    ]
    return Scale(
        low=low,
        high=high,
        ticks=tuple(tick for tick, _ in inside),
        texts=tuple(text for _, text in inside),
    )


def _ticks(
    kind: ResultKind, low: float, high: float, room: float, *, upright: bool
) -> tuple[list[float], list[str]]:
    """Return as many ticks as fit next to each other, with their texts."""
    for most in range(_MOST, 0, -1):
        finder = MaxNLocator(most, steps=[1, 2, 2.5, 5, 10], integer=kind in _INTEGERS)
        positions = [round(float(position), 12) for position in finder.tick_values(low, high)]
        if kind in _INTEGERS:
            # The locator returns fractions on a short axis.
            integers = [position for position in positions if position == round(position)]
            positions = (
                integers if len(integers) > 1 else [floor(low), max(ceil(high), floor(low) + 1)]
            )
        texts = _texts(kind, positions, positions[1] - positions[0])
        taken = sum(1.8 * TEXT if upright else text_width(text, TEXT) + _APART for text in texts)
        if taken <= room * (positions[-1] - positions[0]) / (high - low):
            break
    return positions, texts


def _texts(kind: ResultKind, positions: Iterable[float], step: float) -> list[str]:
    exact = [Fraction(position).limit_denominator(10**9) for position in positions]
    if kind in _PERCENT:
        return [percent(position, _decimals(step * 100)) for position in exact]
    if kind in _INTEGERS:
        return [count(position) for position in exact]
    return [decimal(position, _decimals(step)) for position in exact]


def _decimals(step: float) -> int:
    """Return the number of decimals that distinguishes two ticks."""
    return next((n for n in range(6) if abs(step * 10**n - round(step * 10**n)) < 1e-6), 6)


def common_kind(panel: Panel) -> ResultKind:
    """Return the kind of some numbers."""
    kinds = [panel.kind.categories[code] for code in panel.kind.present]
    if len(kinds) != 1:
        raise InvalidValue(
            "`numbers` must be of one kind",
            field="kind",
            value=", ".join(kinds),
            hint="Draw each kind on its own axes",
        )
    return kinds[0]


def axis_name(panel: Panel) -> str:
    """Return the name of an axis with these numbers."""
    _, first = panel.group_rows(["kind", "numerator_kind", "base", "label"])
    names = list(dict.fromkeys(_name(panel.row(i)) for i in sorted(first.tolist())))
    if len(names) == 1:
        return names[0]
    return f"{capital(panel.kind[0].replace('_', ' '))} (denominators differ)"


def _name(number: Result) -> str:
    counted, base = capital(number.numerator_kind.label), number.base.label
    match number.kind:
        case ResultKind.SHARE:
            return f"Share of {base}"
        case ResultKind.RATIO:
            return f"{counted} over {base}"
        case ResultKind.PER_100:
            return f"{counted} per 100 {base}"
        case ResultKind.PER_100_000 | ResultKind.PER_MILLION:
            return f"{counted} per {count(number.kind.scale)} inhabitants and year"
        case ResultKind.COUNT:
            return counted
        case ResultKind.PER_YEAR:
            return f"{counted} per year"
        case ResultKind.DIFFERENCE:
            return f"Change in percentage points, {base}"
        case ResultKind.RELATIVE_CHANGE:
            return f"Change in per cent of {base}"
        case ResultKind.CHANGE:
            return f"Change, {number.numerator_kind.label}"
    return capital(number.label)


def rank_scale(worst: int, room: float) -> Scale:
    """Return an axis of ranks from 1 to the worst."""
    fitting = max(1, int(room / (text_width(f"{worst}", TEXT) + _APART / 2)))
    step = next(step for step in _STEPS if worst <= step * fitting or step == _STEPS[-1])
    positions = [1, *(position for position in range(step, worst + 1, step) if position > 1)]
    return Scale(
        low=0.5,
        high=worst + 0.5,
        ticks=tuple(map(float, positions)),
        texts=tuple(map(str, positions)),
    )
