"""Layers and rows of data of Vega-Lite."""

from collections.abc import Mapping, Sequence
from math import isfinite
from typing import Any

from attrs import field, frozen

from thbstats.panel import Panel, ResultKind
from thbstats.plots.canvas import BLUE, INK, PALE, STATUS_MARKS
from thbstats.plots.numbers import PlotNumbers, Width
from thbstats.plots.scale import PERCENT, FloatBounds

Data = dict[str, Any]
"""Plain data for JSON."""

_TIPS = ("name", "figure", "denominator", "coverage", "reason", "warnings")
_SYMBOLS = (
    "cross",
    "triangle-down",
    "stroke",
    "diamond",
    "square",
    "triangle-up",
    "circle",
    "wedge",
)
_DASHES = {
    width.label: dash
    for width, dash in zip(Width, ([4, 2], [1, 1], [2, 2], [6, 2], [6, 2, 1, 2]), strict=False)
}
"""The dashes around the range of a value, by its reason: Vega-Lite has no hatches."""
_STATUSES = dict(zip((status.label for status in STATUS_MARKS), _SYMBOLS, strict=True))
"""The symbol of a row without a value."""


@frozen(kw_only=True)
class VegaChart:
    """Data and layers of a chart; a facet by a field gives it small multiples."""

    kind: str
    title: str
    rows: list[Data]
    layers: list[Data]
    sentences: Sequence[str]
    panel: Panel | None = None
    facet: str = ""
    notes: Data = field(factory=dict)


def layer(
    mark: str, look: Data, where: str, *, tooltip: Sequence[str] = _TIPS, **channels: Any
) -> Data:
    """Return a layer of the rows that meet a condition, with the fields of its tooltip."""
    tips = [{"field": tip, "type": "nominal"} for tip in tooltip]
    return {
        "mark": {"type": mark, **look},
        "transform": [{"filter": where}],
        "encoding": {**channels, "tooltip": tips},
    }


def known(field: str) -> str:
    """Return the condition that a field has a number."""
    return f"isValid(datum.{field})"


def names_axis() -> Data:
    """Return the axis of the names of rows, in the order of the data."""
    return {"field": "name", "type": "nominal", "sort": None, "title": None}


def number_axis(kind: ResultKind, title: str, *, zero: bool = True) -> Data:
    """Return the axis of numbers of a kind."""
    axis: Data = {"type": "quantitative", "title": title, "scale": {"zero": zero}}
    return axis | ({"axis": {"format": "~%"}} if kind in PERCENT else {})


def channel(axis: Data, field: str) -> Data:
    """Return a channel with its field."""
    return {**axis, "field": field}


def span(axis: Data, mark: str) -> Data:
    """Return the channels of a horizontal mark with a field for either side."""
    return {"x": channel(axis, f"{mark}_start"), "x2": {"field": f"{mark}_end"}}


def legend(field: str, title: str | None, looks: Mapping[str, Any], rows: Sequence[Data]) -> Data:
    """Return a channel with the looks of the texts of a field, as far as rows have them."""
    present = {row.get(field) for row in rows}
    own = {text: look for text, look in looks.items() if text in present}
    scale = {"domain": list(own), "range": list(own.values())}
    shown = {"labelLimit": 0} if own else None
    return {"field": field, "type": "nominal", "title": title, "scale": scale, "legend": shown}


def reason_channel(
    rows: Sequence[Data], start: str = "value_start", end: str = "value_end"
) -> Data:
    """Return the dashes of ranges by their reasons."""
    ranges = [row for row in rows if is_range(row, start, end)]
    return legend("reason", "range of the value", _DASHES, ranges)


def is_range(row: Data, start: str = "value_start", end: str = "value_end") -> bool:
    """Whether a row has two different ends."""
    return row.get(start) is not None and bool(row[start] < row[end])


def status_channel(rows: Sequence[Data]) -> Data:
    """Return the symbols of rows without a value."""
    absent = [row for row in rows if row.get("value_start") is None]
    return legend("status", "without a value", _STATUSES, absent)


def range_layer(rows: Sequence[Data], x: Data, y: Data, **more: Any) -> Data:
    """Return the pale bars between the bounds of values."""
    look, where = {"fill": PALE, "stroke": BLUE}, "datum.value_end > datum.value_start"
    dashes = reason_channel(rows)
    return layer("bar", look, where, **span(x, "value"), y=y, strokeDash=dashes, **more)


def status_layer(x: Data, y: Data, **more: Any) -> Data:
    """Return the statuses of rows without a value, after their bounds."""
    look = {"align": "left", "dx": 4, "color": INK}
    where, start = f"!{known('value_start')}", channel(x, "text_start")
    return layer("text", look, where, x=start, y=y, text={"field": "status"}, **more)


def number_rows(rows: PlotNumbers) -> list[Data]:
    """Return each number with its bounds, denominator, coverage and warnings.

    A bound is None where it is not bounded or holds for any data; ``start`` and ``end`` of a mark
    are then the edges of the data.
    """
    panel, unbounded = rows.panel, [None] * len(rows.panel)
    pairs = {
        "value": (("value_lower", "value_upper"), rows.values),
        "bounds": (("lower", "upper"), rows.bounds.get("bounds", unbounded)),
        "unknown": (
            ("lower_with_unknown", "upper_with_unknown"),
            rows.bounds.get("bounds with unknown", unbounded),
        ),
    }
    every = [
        end
        for _, column in pairs.values()
        for pair in column
        for end in pair or ()
        if isfinite(end)
    ]
    edges = min(every, default=0.0), max(every, default=1.0)
    coverage, data = panel.to_frame()["coverage"].tolist(), []
    for i, result in enumerate(panel):
        row: Data = {
            "name": rows.names[i],
            "figure": rows.figures[i],
            "status": rows.statuses[i].label,
            "reason": rows.widths[i].label,
            "conflict": rows.conflicts[i],
            "denominator": str(result.denominator),
            "base": result.base.label,
            "coverage": coverage[i],
            "warnings": ", ".join(result.warnings.codes),
        }
        for mark, (names, column) in pairs.items():
            row |= end_fields(mark, column[i], edges, names)
        row["text_start"] = max(row["bounds_end"] or 0.0, row["unknown_end"] or 0.0)
        data.append(row)
    return data


def end_fields(
    mark: str, pair: FloatBounds | None, edges: FloatBounds, names: Sequence[str] = ()
) -> Data:
    """Return both bounds of a mark, and its start and end on the axis."""
    ends = pair or (None, None)
    finite = [end if end is not None and isfinite(end) else None for end in ends]
    drawn = [
        None if pair is None else end if end is not None else edge
        for end, edge in zip(finite, edges, strict=True)
    ]
    return {
        **dict(zip(names or (f"{mark}_lower", f"{mark}_upper"), finite, strict=True)),
        f"{mark}_start": drawn[0],
        f"{mark}_end": drawn[1],
    }
