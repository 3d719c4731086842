"""The numbers of a panel as plots show them: what is drawn, and what is text."""

from collections.abc import Sequence
from math import inf, isfinite

import numpy as np
from numpy.typing import NDArray

from thbstats._properties import cached_property
from thbstats.columns import Fractions
from thbstats.display import count, percent
from thbstats.errors import InvalidValue, require
from thbstats.languages import Message, capitalised, joined
from thbstats.panel import Panel, Result, ResultKind, Status
from thbstats.panel.kind import NOT_BOUNDED
from thbstats.panel.names import area_label
from thbstats.panel.panel_text import format_number
from thbstats.plots.canvas import (
    PERCENT,
    FloatBounds,
    category_words,
    float_bounds,
    label_words,
    unit_words,
)
from thbstats.records import Source
from thbstats.rules import DEFAULTS, Thresholds

Mask = NDArray[np.bool_]

SPOKEN = 60
"""The alt text contains at most this many numbers."""

_QUOTIENTS = (ResultKind.RATIO, ResultKind.PER_100)
_OF_COUNTS = (*_QUOTIENTS, ResultKind.SHARE, ResultKind.RELATIVE_CHANGE)
"""The kinds of numbers with little meaning if their denominator is small."""
_NARROW = 0.5
"""Bounds without a value are drawn if their width is at most this part of 100%, or of a count."""
_ORDERED = ("period", "age", "stage", "step", "decision", "exploitation", "sex")
"""The dimensions whose categories keep their order."""

_REASONS = {
    Status.NO_DATA: Message("No data"),
    Status.NOT_REPORTED: Message("Not reported"),
    Status.NO_TOTAL: Message("No total"),
    Status.CONFLICTING: Message("Several values in the source"),
    Status.CONTRADICTORY: Message("Contradictory counts, no value"),
    Status.AMBIGUOUS: Message("Several counts in the table"),
    Status.UNDEFINED: Message("Denominator 0"),
    Status.BOUNDED: Message("Bounds only"),
}
"""The reason that a row has no value."""


class PlotNumbers:
    """The rows of a panel or a result: at least one."""

    def __init__(self, numbers: object, name: str = "numbers") -> None:
        if isinstance(numbers, Result):
            numbers = numbers.panel.take([numbers.position])
        if not isinstance(numbers, Panel) or not len(numbers):
            raise InvalidValue(
                f"`{name}` must be a Panel or a Result with at least one number",
                field=name,
                value=0 if isinstance(numbers, Panel) else type(numbers),
                hint="Pass a panel, such as thbstats.share(table, sex='female', by='area'), or "
                "Panel.from_results(results)",
            )
        self.panel: Panel = numbers

    def take(self, rows: list[int]) -> "PlotNumbers":
        """Return some rows."""
        return PlotNumbers(self.panel.take(rows))

    @cached_property
    def values(self) -> list[FloatBounds | None]:
        """The value of each row; ``None`` if it has none."""
        return float_bounds(self.panel.value)

    @cached_property
    def stated(self) -> list[FloatBounds]:
        """The value of each row, or its bounds if it has no value."""
        value = self.panel.value
        stated = float_bounds(value.where(~value.missing, self.panel.bounds))
        return [(-inf, inf) if ends is None else ends for ends in stated]

    @cached_property
    def reasons(self) -> list[str]:
        """The reason that the value of each row is text and not a mark; empty if it is a mark.

        A mark is not drawn for a value with a small denominator, for a value of which most persons
        are of unknown category, and for a value that holds for any data.
        """
        panel = self.panel
        limits: Thresholds = DEFAULTS if panel.thresholds is None else panel.thresholds
        few, most = limits.small_caution, limits.presentable
        published = panel.printed.table(lambda text: text is not None, np.bool_)
        of_counts = panel.kind.table(lambda kind: kind in _OF_COUNTS, np.bool_)
        is_share = panel.kind.table(lambda kind: kind is ResultKind.SHARE, np.bool_)
        is_whole = panel.base.table(lambda base: base.rule == "all", np.bool_)
        with np.errstate(invalid="ignore"):
            small = of_counts & ~published & (panel.denominator.lower < float(few))
            unknown = panel.unknown.lower > float(most) * panel.denominator.upper
        cases = {
            "": panel.value.missing,
            Message(
                "Fewer than {n} {counted}, only counts", n=few, counted=unit_words(panel)
            ): small,
            Message("Unknown category for most persons"): is_share & is_whole & unknown,
            Message("Not bounded"): self.is_trivial(panel.value),
        }
        codes = np.select(list(cases.values()), range(len(cases)), len(cases)).tolist()
        texts = [*cases, ""]
        return [
            texts[code] if code else _REASONS[Status(status)]
            for code, status in zip(codes, panel.status.tolist(), strict=True)
        ]

    @cached_property
    def drawn(self) -> list[FloatBounds | None]:
        """The value of each row with a mark."""
        pairs = zip(self.values, self.reasons, strict=True)
        return [None if reason else value for value, reason in pairs]

    @cached_property
    def bounds(self) -> dict[str, list[FloatBounds | None]]:
        """The bounds of each row that differ, are not trivial, and have a mark.

        A row without a value has one only if its bounds are narrow, or if its counts are
        contradictory: then they are the published total and the sum of its parts.
        """
        visible, before, panel = {}, self.panel.value, self.panel
        without = np.array([bool(reason) for reason in self.reasons])
        is_part = panel.kind.table(lambda kind: kind in PERCENT, np.bool_)
        disputed = (panel.status == Status.CONTRADICTORY) & ~is_part
        for name, column in (("bounds", panel.bounds), ("unknown", panel.bounds_with_unknown)):
            low, high = column.lower, column.upper
            with np.errstate(invalid="ignore", divide="ignore"):
                size = (high - low) / np.where(is_part, 1, np.maximum(np.abs(low), np.abs(high)))
            narrow = panel.value.missing & ((size <= _NARROW) | disputed & np.isfinite(high))
            hidden = column.equals(before) | self.is_trivial(column) | without & ~narrow
            visible[name] = float_bounds(column.without(hidden))
            before = column
        return visible

    def has_mark(self, i: int) -> bool:
        """Return whether a row has a mark: its value or its bounds."""
        return bool(self.drawn[i] or any(column[i] for column in self.bounds.values()))

    @property
    def bounds_text(self) -> str:
        """The entry of the legend for bounds."""
        is_union = any(len(area.members) > 1 for area in self.panel.area)
        return Message("bounds for all countries of the area") if is_union else Message("bounds")

    def is_trivial(self, column: Fractions) -> Mask:
        """Return where numbers hold for any data, such as a share of 0% to 100%."""
        limits = self.panel.kind.map(lambda kind: kind.limits)
        floor = limits.table(lambda own: -inf if own[0] is None else own[0], np.float64)
        ceiling = limits.table(lambda own: inf if own[1] is None else own[1], np.float64)
        with np.errstate(invalid="ignore"):
            return np.asarray((column.lower <= floor) & (column.upper >= ceiling))

    @cached_property
    def is_open(self) -> list[bool]:
        """Whether a row has a value, and bounds that hold for any data."""
        return list(self._trivial[0] & ~self.panel.value.missing)

    @property
    def sources(self) -> list[Source]:
        """The sources of the counts and of populations."""
        return list(dict.fromkeys(own for row in self.panel for own in row.all_sources))

    @cached_property
    def suppressed(self) -> list[bool]:
        """Whether suppressed counts widen the value of each row."""
        return [bool(number) for number in self.panel.suppression.cells]

    @cached_property
    def named(self) -> list[tuple[str, str]]:
        """The group and the name of each row in words; the group is empty if there is one key."""
        panel = self.panel
        within = [dict(base.within) for base in panel.base]
        columns = [
            [category_words({name: code}, own) for code, own in zip(column, within, strict=True)]
            for name, column in panel.keys.items()
        ]
        if not columns:
            cells = zip(panel.category, panel.label, within, strict=True)
            labels = [
                category_words(dict(own), more) if own else capitalised(label_words(text))
                for own, text, more in cells
            ]
            if len(set(labels)) == len(panel):
                return [("", label) for label in labels]
            areas = [area_label(area) for area in panel.area]
            columns = [labels, areas, [str(period) for period in panel.period]]
        varying = [column for column in columns if len(set(column)) > 1] or columns[:1]
        if len(varying) == 1:
            return [("", name) for name in varying[0]]
        return [(first, joined(others, ", ")) for first, *others in zip(*varying, strict=True)]

    @cached_property
    def names(self) -> list[str]:
        """The names of rows in words."""
        return [joined(filter(None, own), ", ") for own in self.named]

    @cached_property
    def order(self) -> list[int]:
        """The rows in the order of a plot: by group, and the largest value first.

        Categories with an order of their own, such as periods, keep it.
        """
        groups = list(dict.fromkeys(group for group, _ in self.named))
        varying = [name for name, own in self.panel.keys.items() if len(own.present) > 1]
        is_sorted = varying and varying[-1] not in _ORDERED
        sizes = [-sum(own) if is_sorted and isfinite(sum(own)) else inf for own in self.stated]
        positions = [groups.index(group) for group, _ in self.named]
        return sorted(range(len(sizes)), key=lambda i: (positions[i], sizes[i]))

    def figures(self, i: int) -> list[str]:
        """Return the value of a row with its two counts, and its bounds, as lines."""
        result, is_missing = self.panel.row(i), bool(self.panel.value.missing[i])
        bounds, unknown = result.bounds, result.bounds_with_unknown
        lines = [] if is_missing else [value_text(result, is_small=bool(self.reasons[i]))]
        if bounds != result.value and not (is_missing and self._trivial[0][i]):
            text = format_number(result, bounds)
            is_open = text == NOT_BOUNDED
            lines.append(text if is_open else Message("bounds {bounds}", bounds=text))
        if unknown != bounds and not (is_missing and self._trivial[1][i]):
            text = format_number(result, unknown)
            lines.append(Message("with unknown {bounds}", bounds=text))
        return lines

    @cached_property
    def _trivial(self) -> tuple[Mask, Mask]:
        """Whether bounds, and bounds with unknown, hold for any data."""
        panel = self.panel
        return self.is_trivial(panel.bounds), self.is_trivial(panel.bounds_with_unknown)

    def text(self, i: int) -> str:
        """Return the value or the status of a row."""
        is_missing = self.panel.value.missing[i]
        return self.panel.row(i).status.label if is_missing else self.figures(i)[0]

    def spoken(self, i: int, *more: str) -> str:
        """Return a row in words, for the alt text."""
        lines = self.figures(i)
        others = [*(lines if self.panel.value.missing[i] else lines[1:]), *more]
        if not others:
            return self.text(i)
        return Message("{text} ({others})", text=self.text(i), others=joined(others, ", "))

    @property
    def sentences(self) -> list[str]:
        """The rows in words; at most `SPOKEN`."""
        first = range(min(len(self.panel), SPOKEN))
        texts = [
            Message("{name}: {figure}", name=self.names[i], figure=self.spoken(i)) for i in first
        ]
        return shortened(texts, len(self.panel))


def shortened(texts: Sequence[str], size: int) -> list[str]:
    """Return the first texts, and the number of others."""
    more = size - min(len(texts), SPOKEN)
    return [*texts[:SPOKEN], Message("{n} more numbers", n=more)] if more > 0 else [*texts]


def value_text(result: Result, *, is_small: bool = False) -> str:
    """Return the value of a result: as published, or with its two counts.

    All values of a plot have the same number of decimals.
    """
    value, printed = result.value_or_bounds, result.printed
    if printed is not None:
        text: str = f"{printed.printed.rstrip('% ')}%"
        number = percent(printed.value, printed.decimals)
        text = number if number == text else text
        if value.upper is None or value.upper > printed.upper:
            return Message("at least {number}", number=text)
        is_least = (value.lower or 0) < printed.lower
        return Message("at most {number}", number=text) if is_least else text
    sides = {"counted": count(result.numerator), "base": count(result.denominator)}
    counts = Message("{counted} of {base}", **sides)
    if is_small and result.kind in (*_QUOTIENTS, ResultKind.SHARE):
        hidden = result.unknown
        if hidden is None or not hidden.upper:
            return counts
        return Message("{counted} of {base}, {n} unknown", n=count(hidden), **sides)
    if result.kind in _QUOTIENTS:
        text = result.kind.format_value(value)
        return Message("{text} ({others})", text=text, others=counts)
    return format_number(result, value)


def check_result(numbers: object, attribute: str, function: str) -> None:
    """Refuse numbers that a function does not return."""
    problem, hint = f"`numbers` must be the result of {function}", f"Use {function}(...)"
    require(hasattr(numbers, attribute), problem, hint, numbers=type(numbers))
