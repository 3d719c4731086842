"""Numbers and the reasons for their width in words, for labels and the alt text."""

from enum import IntEnum
from math import inf

import numpy as np
from numpy.typing import NDArray

from thbstats.columns import Fractions
from thbstats.display import MARKS
from thbstats.errors import InvalidValue
from thbstats.panel import Panel, Result, ResultKind
from thbstats.panel.kind import NOT_BOUNDED
from thbstats.panel.text import format_number
from thbstats.plots.scale import FloatBounds, float_bounds
from thbstats.values import Reason
from thbstats.vocabulary import Overlap

Mask = NDArray[np.bool_]

_LIMITS: dict[ResultKind, FloatBounds] = {
    ResultKind.SHARE: (0.0, 1.0),
    ResultKind.DIFFERENCE: (-1.0, 1.0),
    ResultKind.RELATIVE_CHANGE: (-1.0, inf),
    ResultKind.CHANGE: (-inf, inf),
    ResultKind.INDEX: (-1.0, 1.0),
}
"""The bounds of all possible numbers of a kind; 0 or more for others."""

SPOKEN = 60
"""The alt text contains at most this many numbers."""


class Width(IntEnum):
    """The reason that a value is an interval."""

    INTERVAL = 0
    SUPPRESSED = 1
    OVERLAP = 2
    CONFLICTING = 3
    ROUNDED = 4

    @property
    def hatch(self) -> str:
        """The hatch between the bounds of the value."""
        return ("////", "xxxx", "\\\\\\\\", "....", "----")[self]

    @property
    def label(self) -> str:
        """The entry of the legend."""
        reason = (
            "",
            "suppressed by the source",
            "overlapping categories",
            "conflicting",
            "rounded",
        )[self]
        return f"range of the value: {reason}" if reason else "range of the value"


def width_reasons(panel: Panel) -> NDArray[np.int8]:
    """Return the main reason for the width of each value.

    Suppressed counts are the reason if nothing else widens the value, or if their own range
    explains at least half of its width.
    """
    overlap = panel.base.table(
        lambda base: base.rule == "known" and base.overlap is not Overlap.EXCLUSIVE, np.bool_
    )
    other = np.select(
        [panel.printed.table(lambda text: text is not None, np.bool_), overlap, _coded(panel)],
        [Width.ROUNDED, Width.OVERLAP, Width.CONFLICTING],
        Width.INTERVAL,
    )
    counts = panel.suppression.counts
    scale = panel.kind.table(lambda kind: kind.scale, np.float64)
    whole = np.maximum(np.nan_to_num(panel.denominator.lower, nan=1.0, neginf=1.0), 1.0)
    with np.errstate(invalid="ignore"):
        explained = scale * (counts.upper - counts.lower) / whole
        mostly = 2 * explained >= panel.value.upper - panel.value.lower
    suppressed = (panel.suppression.cells > 0) & ((other == Width.INTERVAL) | mostly)
    return np.where(suppressed, Width.SUPPRESSED, other).astype(np.int8)


def _coded(panel: Panel) -> NDArray[np.bool_]:
    codes = ("conflicting", "discrepancy")
    return panel.contradictions.table(
        lambda items: any(item.code in codes for item in items), np.bool_
    )


def conflict_marks(panel: Panel) -> list[str]:
    """Return "contradictory", "conflicting" or an empty text for each row."""
    names = ("contradictory", "conflicting")
    marks = [
        next((name for name in names if any(item.code == name for item in items)), "")
        for items in panel.contradictions.categories
    ]
    return [marks[code] for code in panel.contradictions.codes.tolist()]


def as_panel(numbers: object, name: str = "numbers") -> Panel:
    """Return a panel or a result as a panel of at least one row."""
    if isinstance(numbers, Result):
        return numbers.panel.take([numbers.position])
    if not isinstance(numbers, Panel) or not len(numbers):
        raise InvalidValue(
            f"`{name}` must be a Panel or a Result with at least one number",
            field=name,
            value=0 if isinstance(numbers, Panel) else type(numbers).__name__,
            hint="Pass a panel, such as thbstats.share(table, sex='female', by='area'), or "
            "Panel.from_results(results)",
        )
    return numbers


def check_result(numbers: object, attribute: str, function: str) -> None:
    """Refuse numbers that a function does not return."""
    if not hasattr(numbers, attribute):
        raise InvalidValue(
            f"`numbers` must be the result of {function}",
            field="numbers",
            value=type(numbers).__name__,
            hint=f"Use {function}(...)",
        )


def row_names(panel: Panel) -> list[str]:
    """Return the names of rows, from the keys or labels that vary."""
    columns = [[str(own) for own in column] for column in panel.keys.values()]
    labels = list(panel.label)
    if not columns and len(set(labels)) == len(labels):
        return labels
    if not columns:
        columns = [labels, [area.code for area in panel.area], list(map(str, panel.period))]
    varying = [column for column in columns if len(set(column)) > 1]
    rows = zip(*varying, strict=True) if varying else [(label,) for label in labels]
    return [", ".join(row).replace("_", " ") for row in rows]


def is_trivial(panel: Panel, column: Fractions) -> Mask:
    """Return where numbers hold for any data, such as a share of 0% to 100%."""
    floor = panel.kind.table(lambda kind: _limits(kind)[0], np.float64)
    ceiling = panel.kind.table(lambda kind: _limits(kind)[1], np.float64)
    with np.errstate(invalid="ignore"):
        return np.asarray((column.lower <= floor) & (column.upper >= ceiling))


def _limits(kind: ResultKind) -> FloatBounds:
    """Return the bounds of all possible numbers of a kind."""
    return _LIMITS.get(kind, (0.0, inf))


def visible_bounds(panel: Panel) -> dict[str, list[FloatBounds | None]]:
    """Return the bounds of each row that differ and are not trivial."""
    columns = {"bounds": panel.bounds, "bounds with unknown": panel.bounds_with_unknown}
    visible: dict[str, list[FloatBounds | None]] = {}
    before = panel.value
    for name, column in columns.items():
        hidden = column.equals(before) | is_trivial(panel, column)
        visible[name] = float_bounds(column.without(hidden))
        before = column
    return visible


def row_figures(panel: Panel) -> list[str]:
    """Return the value of each row with marks, and its bounds, in lines."""
    trivial = is_trivial(panel, panel.bounds_with_unknown) & panel.value.missing
    figures = []
    for result, conflict, empty in zip(panel, conflict_marks(panel), trivial, strict=True):
        bounds, unknown = result.bounds, result.bounds_with_unknown
        lines = []
        if bounds != result.value and not empty:
            text = format_number(result, bounds)
            lines.append(text if text == NOT_BOUNDED else f"bounds {text}")
        if unknown != bounds and not empty:
            lines.append(f"with unknown {format_number(result, unknown)}")
        if result.value is None:
            value = result.status.label
        else:
            suppressed = f" {MARKS[Reason.SUPPRESSED]}" if result.suppression else ""
            value = f"{result.formatted}{suppressed}{' [!]' if conflict else ''}"
        figures.append("\n".join([value, *lines]))
    return figures


def row_sentences(names: list[str], figures: list[str]) -> list[str]:
    """Return names with their numbers, one text each."""
    texts = []
    for name, figure in zip(names[:SPOKEN], figures[:SPOKEN], strict=True):
        first, *others = figure.split("\n")
        further = f" ({', '.join(others)})" if others else ""
        texts.append(f"{name}: {first}{further}")
    remainder = len(names) - SPOKEN
    return [*texts, f"{remainder} more numbers"] if remainder > 0 else texts


def bounds_label(panel: Panel) -> str:
    """Return the legend of bounds, which names missing countries."""
    code, first = panel.group_rows(["reporters", "expected"])
    missing = np.array([bool(panel.row(i).missing) for i in first.tolist()], dtype=np.bool_)
    partial = (missing[code] & ~panel.value.missing).any()
    return "bounds (missing countries)" if partial else "bounds"


def common_label(panel: Panel, axis: str) -> str:
    """Return the common label of numbers; the name of their axis if there is none."""
    label = panel.label[0] if panel.label.is_constant else "total"
    return axis if label == "total" else label
