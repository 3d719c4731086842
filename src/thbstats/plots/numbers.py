"""The numbers of a panel in the columns and words that plots show."""

from enum import Enum
from math import inf

import numpy as np
from numpy.typing import NDArray

from thbstats._properties import cached_property
from thbstats.columns import Fractions
from thbstats.display import MARKS
from thbstats.errors import InvalidValue, require
from thbstats.panel import Panel, Result, Status
from thbstats.panel.kind import NOT_BOUNDED
from thbstats.panel.text import format_number
from thbstats.plots.scale import FloatBounds, float_bounds
from thbstats.values import Reason
from thbstats.vocabulary import Overlap

Mask = NDArray[np.bool_]

SPOKEN = 60
"""The alt text contains at most this many numbers."""


class Width(Enum):
    """The reason that a value is an interval, and its hatch."""

    INTERVAL = ("", "////")
    SUPPRESSED = ("suppressed by the source", "xxxx")
    OVERLAP = ("overlapping categories", "\\\\\\\\")
    CONFLICTING = ("conflicting", "....")
    ROUNDED = ("rounded", "----")

    @property
    def hatch(self) -> str:
        """The hatch between the bounds of the value."""
        return self.value[1]

    @property
    def label(self) -> str:
        """The entry of the legend."""
        return f"range of the value: {self.value[0]}" if self.value[0] else "range of the value"


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
    def bounds(self) -> dict[str, list[FloatBounds | None]]:
        """The bounds of each row that differ and are not trivial."""
        visible, before = {}, self.panel.value
        for name in ("bounds", "bounds with unknown"):
            column: Fractions = getattr(self.panel, name.replace(" ", "_"))
            hidden = column.equals(before) | self.is_trivial(column)
            visible[name] = float_bounds(column.without(hidden))
            before = column
        return visible

    @cached_property
    def bounds_label(self) -> str:
        """The legend of bounds, which names missing countries."""
        code, first = self.panel.group_rows(["reporters", "expected"])
        missing = np.array([bool(self.panel.row(i).missing) for i in first.tolist()], np.bool_)
        partial = (missing[code] & ~self.panel.value.missing).any()
        return "bounds (missing countries)" if partial else "bounds"

    def is_trivial(self, column: Fractions) -> Mask:
        """Return where numbers hold for any data, such as a share of 0% to 100%."""
        limits = self.panel.kind.map(lambda kind: kind.limits)
        floor = limits.table(lambda own: -inf if own[0] is None else own[0], np.float64)
        ceiling = limits.table(lambda own: inf if own[1] is None else own[1], np.float64)
        with np.errstate(invalid="ignore"):
            return np.asarray((column.lower <= floor) & (column.upper >= ceiling))

    @cached_property
    def statuses(self) -> list[Status]:
        """The status of each row."""
        return [Status(code) for code in self.panel.status.tolist()]

    @cached_property
    def conflicts(self) -> list[str]:
        """The text "contradictory", "conflicting" or an empty text for each row."""
        codes = self.panel.contradictions.map(lambda items: tuple(item.code for item in items))
        names = ("contradictory", "conflicting")
        return list(codes.map(lambda own: next((name for name in names if name in own), "")))

    @cached_property
    def widths(self) -> list[Width]:
        """The main reason for the width of each value.

        Suppressed counts are the reason if nothing else widens the value, or if their own range
        explains at least half of its width.
        """
        panel = self.panel
        causes: dict[Width, Mask] = {
            Width.ROUNDED: panel.printed.table(lambda text: text is not None, np.bool_),
            Width.OVERLAP: panel.base.table(
                lambda base: base.rule == "known" and base.overlap is not Overlap.EXCLUSIVE,
                np.bool_,
            ),
            Width.CONFLICTING: panel.contradictions.table(
                lambda items: any(item.code in ("conflicting", "discrepancy") for item in items),
                np.bool_,
            ),
        }
        counts = panel.suppression.counts
        scale = panel.kind.table(lambda kind: kind.scale, np.float64)
        whole = np.maximum(np.nan_to_num(panel.denominator.lower, nan=1.0, neginf=1.0), 1.0)
        with np.errstate(invalid="ignore"):
            explained = scale * (counts.upper - counts.lower) / whole
            mostly = 2 * explained >= panel.value.upper - panel.value.lower
        other = np.logical_or.reduce(list(causes.values()))
        suppressed = (panel.suppression.cells > 0) & (~other | mostly)
        reasons = {Width.SUPPRESSED: suppressed} | causes
        codes = np.select(list(reasons.values()), range(len(reasons)), len(reasons))
        choices = [*reasons, Width.INTERVAL]
        return [choices[code] for code in codes.tolist()]

    @cached_property
    def names(self) -> list[str]:
        """The names of rows, from the keys or labels that vary."""
        panel = self.panel
        columns = [[str(own) for own in column] for column in panel.keys.values()]
        labels = list(panel.label)
        if not columns and len(set(labels)) == len(labels):
            return labels
        columns = columns or [labels, [area.code for area in panel.area], [*map(str, panel.period)]]
        varying = [column for column in columns if len(set(column)) > 1]
        rows = zip(*varying, strict=True) if varying else [(label,) for label in labels]
        return [", ".join(row).replace("_", " ") for row in rows]

    @cached_property
    def figures(self) -> list[str]:
        """The value of each row with marks, and its bounds, in lines."""
        trivial = self.is_trivial(self.panel.bounds_with_unknown) & self.panel.value.missing
        figures = []
        for result, conflict, empty in zip(self.panel, self.conflicts, trivial, strict=True):
            bounds, unknown = result.bounds, result.bounds_with_unknown
            lines = [result.status.label]
            if result.value is not None:
                suppressed = f" {MARKS[Reason.SUPPRESSED]}" if result.suppression else ""
                lines = [f"{result.formatted}{suppressed}{' [!]' if conflict else ''}"]
            if bounds != result.value and not empty:
                text = format_number(result, bounds)
                lines.append(text if text == NOT_BOUNDED else f"bounds {text}")
            if unknown != bounds and not empty:
                lines.append(f"with unknown {format_number(result, unknown)}")
            figures.append("\n".join(lines))
        return figures


def spoken(names: list[str], figures: list[str]) -> list[str]:
    """Return names with their numbers, one text each."""
    texts = []
    for name, figure in zip(names[:SPOKEN], figures, strict=False):
        first, *others = figure.split("\n")
        texts.append(f"{name}: {first}" + (f" ({', '.join(others)})" if others else ""))
    remainder = len(names) - SPOKEN
    return [*texts, f"{remainder} more numbers"] if remainder > 0 else texts


def check_result(numbers: object, attribute: str, function: str) -> None:
    """Refuse numbers that a function does not return."""
    problem, hint = f"`numbers` must be the result of {function}", f"Use {function}(...)"
    require(hasattr(numbers, attribute), problem, hint, numbers=type(numbers))
