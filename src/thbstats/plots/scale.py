"""The axis of a kind of number: its limits, its ticks and its name."""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from math import ceil, floor

from attrs import frozen
from matplotlib.ticker import MaxNLocator

from thbstats.display import count, decimal, percent
from thbstats.errors import InvalidValue
from thbstats.plots.lettering import capital, wide
from thbstats.plots.style import TEXT
from thbstats.results import Measure, Result
from thbstats.values import Interval, Rational

__all__ = ["Scale", "ends", "measure_of", "named", "rank_scale", "scale_of"]

_PERCENT = (Measure.SHARE, Measure.RELATIVE_CHANGE, Measure.DIFFERENCE)
_WHOLE = (Measure.COUNT, Measure.CHANGE)
_MOST, _APART = 10, 14.0
"""So many ticks at most, and so many points between their texts."""
_STEPS = (1, 2, 5, 10, 20, 50, 100)
_MARGIN = 0.06
_STRETCH = 1.0
"""An axis is made longer by at most so much for what stands beside; else an arrow says so."""
_MORE = 0.12
"""How much further an axis goes where something goes on."""


@frozen(kw_only=True)
class Scale:
    """An axis: where it begins and ends, and its ticks with their texts."""

    low: float
    high: float
    ticks: tuple[float, ...]
    texts: tuple[str, ...]

    def clip(self, number: Interval) -> tuple[float, float]:
        """Return both ends of a number as places on the axis, the end of the axis beyond it."""
        low = self.low if number.lower is None else float(number.lower)
        high = self.high if number.upper is None else float(number.upper)
        return min(max(low, self.low), self.high), max(min(high, self.high), self.low)

    def beyond(self, end: Rational | None, side: int) -> bool:
        """Whether an end lies beyond the lower (-1) or the upper (1) end of the axis."""
        if end is None:
            return False
        return float(end) < self.low if side < 0 else float(end) > self.high


def ends(numbers: Iterable[Interval]) -> list[float]:
    """Return the ends that numbers have."""
    return [
        float(end) for number in numbers for end in (number.lower, number.upper) if end is not None
    ]


def scale_of(
    measure: Measure,
    numbers: Sequence[Interval],
    room: float,
    *,
    beside: Sequence[Interval] = (),
    zero: bool = True,
    upright: bool = False,
) -> Scale:
    """Return the axis on which some numbers of one kind are drawn.

    Parameters
    ----------
    measure : Measure
        Their kind.
    numbers : sequence of Interval
        What must be on it, as far as it has ends.
    room : float
        Its length in points.
    beside : sequence of Interval
        What should be on it, unless that would press the numbers into a corner.
    zero : bool
        Whether it begins at zero.
    upright : bool
        Whether it goes up, so that the texts of ticks stand over each other.
    """
    start = [0.0] if zero else []
    wider = ends(numbers) + ends(beside) + start
    known = ends(numbers) + start if ends(numbers) else wider
    low, high = _reach(known or [0.0])
    span = (high - low) or abs(high) or 1.0
    least, most = _reach(wider or [0.0])
    stretch = span * _STRETCH if measure is not Measure.SHARE else 1.0  # a share goes no further
    low = least if least >= low - stretch else low
    high = most if most <= high + stretch else high
    everything = [*numbers, *beside]
    if high < most or any(number.upper is None for number in everything):
        high += (high - low or span) * _MORE
    if low > least or any(number.lower is None for number in everything):
        low -= (high - low or span) * _MORE
    if low == high:
        low, high = (low, low + span) if zero else (low - span / 2, high + span / 2)
    span = high - low
    places, texts = _ticks(measure, low, high, room, upright=upright)
    margin = span * _MARGIN
    if zero:
        low = max(places[0], low - margin) if low < 0 else low
        high = min(places[-1], high + margin) if high > 0 else high
    else:
        low, high = low - margin, high + margin
    if measure is Measure.SHARE:
        low, high = max(low, 0.0), min(high, 1.0)
    within = [place for place, tick in enumerate(places) if low <= tick <= high]
    return Scale(
        low=low,
        high=high,
        ticks=tuple(places[place] for place in within),
        texts=tuple(texts[place] for place in within),
    )


def _reach(places: Sequence[float]) -> tuple[float, float]:
    return min(places), max(places)


def _ticks(
    measure: Measure, low: float, high: float, room: float, *, upright: bool
) -> tuple[list[float], tuple[str, ...]]:
    """Return as many ticks with their texts as have room beside each other."""
    for most in range(_MOST, 0, -1):
        finder = MaxNLocator(most, steps=[1, 2, 2.5, 5, 10], integer=measure in _WHOLE)
        places = [round(float(place), 12) for place in finder.tick_values(low, high)]
        if measure in _WHOLE:
            # Where there is little room between two of them the finder breaks its word.
            whole = [place for place in places if place == round(place)]
            places = whole if len(whole) > 1 else [floor(low), max(ceil(high), floor(low) + 1)]
        texts = _texts(measure, places, places[1] - places[0])
        taken = sum((TEXT if upright else wide(text, TEXT)) + _APART for text in texts)
        if taken <= room * (places[-1] - places[0]) / (high - low):
            break
    return places, texts


def _texts(measure: Measure, places: Iterable[float], step: float) -> tuple[str, ...]:
    exact = [Fraction(place).limit_denominator(10**9) for place in places]
    if measure in _PERCENT:
        return tuple(percent(place, _decimals(step * 100)) for place in exact)
    if measure in _WHOLE:
        return tuple(count(place) for place in exact)
    return tuple(decimal(place, _decimals(step)) for place in exact)


def _decimals(step: float) -> int:
    """Return how many decimals tell two ticks apart."""
    return next((n for n in range(6) if abs(step * 10**n - round(step * 10**n)) < 1e-6), 6)


def measure_of(numbers: Sequence[Result]) -> Measure:
    """Return the kind of some numbers.

    Raises
    ------
    InvalidValue
        If there are none, or they are of several kinds.
    """
    kinds = list(dict.fromkeys(number.measure for number in numbers))
    if len(kinds) != 1:
        raise InvalidValue(
            "one axis is for numbers of one kind",
            field="measure",
            value=", ".join(kinds) or "no numbers",
            mend="Give at least one number, and draw each kind on axes of its own",
        )
    return kinds[0]


def named(numbers: Iterable[Result]) -> str:
    """Return what an axis with these numbers measures."""
    items = list(numbers)
    names = list(dict.fromkeys(map(_name, items)))
    return names[0] if len(names) == 1 else f"{_general(items[0])} (bases differ)"


def _name(number: Result) -> str:
    counted, base = number.context.counted.label, number.base.label
    match number.measure:
        case Measure.SHARE:
            return f"Share of {base}"
        case Measure.RATIO:
            return f"{capital(counted)} over {base}"
        case Measure.PER_100:
            return f"{capital(counted)} per 100 {base}"
        case Measure.PER_100_000 | Measure.PER_MILLION:
            size = count(number.measure.scale)
            return f"{capital(counted)} per {size} inhabitants and year"
        case Measure.COUNT:
            return capital(counted)
        case Measure.PER_YEAR:
            return f"{capital(counted)} per year"
        case Measure.DIFFERENCE:
            return f"Change in percentage points, {base}"
        case Measure.RELATIVE_CHANGE:
            return f"Change in per cent of {base}"
        case Measure.CHANGE:
            return f"Change, {counted}"
    return capital(number.label)


def _general(number: Result) -> str:
    return {Measure.SHARE: "Share", Measure.RATIO: "Ratio", Measure.COUNT: "Count"}.get(
        number.measure, capital(number.measure.replace("_", " "))
    )


def rank_scale(ranks: Iterable[Interval], room: float) -> Scale:
    """Return an axis of ranks, from 1 to the worst that anybody can have."""
    worst = max([1, *(int(rank.upper) for rank in ranks if rank.upper is not None)])
    fitting = max(1, int(room / (wide(f"{worst}", TEXT) + _APART / 2)))
    step = next(step for step in _STEPS if worst <= step * fitting or step == _STEPS[-1])
    places = [1, *(place for place in range(step, worst + 1, step) if place > 1)]
    return Scale(
        low=0.5,
        high=worst + 0.5,
        ticks=tuple(map(float, places)),
        texts=tuple(map(str, places)),
    )
