"""Specifications of Vega-Lite."""

from math import isfinite
from typing import Any

from thbstats.panel import Panel, Result
from thbstats.plots.canvas import BLACK, BLUE, INK, PALE, VERMILION
from thbstats.plots.numbers import PlotNumbers, Width
from thbstats.plots.scale import FloatBounds

_SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"
_BOUNDS = {"lower": "bounds", "lower_with_unknown": "bounds with unknown"}
_DASHES = {
    width.label: dash
    for width, dash in zip(Width, ([4, 2], [1, 1], [2, 2], [6, 2], [6, 2, 1, 2]), strict=False)
}
"""The dashes around the range of a value, by its reason: Vega-Lite has no hatches."""


def to_vega(numbers: Panel | Result, *, title: str = "") -> dict[str, Any]:
    """Return a bar chart of numbers as a specification of Vega-Lite.

    As in `bars`, a bar is filled up to the lower bound of the value, and pale up to its upper
    bound; the dashes around the pale part show the reason for the range. Lines show bounds and
    bounds with unknown. A row without a value shows its status.

    Parameters
    ----------
    numbers : Panel or Result
        Each number has a row, in its order.
    title : str
        The title; by default the caption.

    Returns
    -------
    dict
        Plain data for JSON, version 5 of Vega-Lite. The data have each number with its bounds,
        reason of a range, status, denominator, coverage and warnings. A bound of ``None`` is not
        bounded or holds for any data.

    Raises
    ------
    InvalidValue
        If `numbers` is empty.

    Examples
    --------
    >>> import thbstats as thb
    >>> report = thb.publications.com_2018_777()
    >>> chart = thb.plots.to_vega(report.breakdown(by="exploitation", base="known"))
    >>> [(row["name"], row["value_lower"], row["value_upper"]) for row in chart["data"]["values"]]
    [('sexual', 0.555, 0.565), ('labour', 0.255, 0.265), ('other', 0.175, 0.185)]
    """
    rows = PlotNumbers(numbers)
    panel = rows.panel
    coverage = panel.to_frame()["coverage"].tolist()
    ends = [
        end
        for column in (rows.values, *rows.bounds.values())
        for pair in column
        for end in pair or ()
        if isfinite(end)
    ]
    edge = max(ends, default=1.0)
    x = {"type": "quantitative", "title": panel.caption}
    y = {"field": "name", "type": "nominal", "sort": None, "title": None}
    layers: list[dict[str, Any]] = [
        _layer("bar", {"color": BLUE}, "value_lower", x, y, start={"datum": 0}),
        _layer(
            "bar",
            {"fill": PALE, "stroke": BLUE},
            "value_lower",
            x,
            y,
            start={"field": "value_drawn"},
            where="datum.value_drawn > datum.value_lower",
        ),
        _layer("rule", {"color": BLACK}, "lower", x, y, start={"field": "upper_drawn"}),
        _layer(
            "rule",
            {"color": VERMILION, "strokeDash": [1, 2]},
            "lower_with_unknown",
            x,
            y,
            start={"field": "upper_with_unknown_drawn"},
        ),
        {
            "mark": {"type": "text", "align": "left", "dx": 4, "color": INK},
            "transform": [{"filter": "datum.value_lower === null"}],
            "encoding": {"x": {"datum": 0}, "y": y, "text": {"field": "status"}},
        },
    ]
    layers[1]["encoding"]["strokeDash"] = {
        "field": "reason",
        "type": "nominal",
        "title": "range of the value",
        "scale": {"domain": list(_DASHES), "range": list(_DASHES.values())},
    }
    spoken = ". ".join(f"{name}: {own}" for name, own in zip(rows.names, rows.figures, strict=True))
    return {
        "$schema": _SCHEMA,
        "title": title or panel.caption,
        "description": f"Bar chart. {spoken}",
        "data": {"values": [_row(rows, i, edge, coverage[i]) for i in range(len(panel))]},
        "layer": layers,
        "usermeta": {
            "limitations": [f"{own.code}: {own.message}" for own in panel.limitations],
            "sources": sorted({str(own) for result in panel for own in result.all_sources}),
        },
    }


def _layer(
    mark: str,
    look: dict[str, Any],
    field: str,
    x: dict[str, Any],
    y: dict[str, Any],
    *,
    start: dict[str, Any],
    where: str = "",
) -> dict[str, Any]:
    """Return a layer from a field to another end; rows without the field are left out."""
    shown = f"datum.{field} !== null" + (f" && {where}" if where else "")
    names = ("name", "figure", "denominator", "coverage", "reason", "warnings")
    return {
        "mark": {"type": mark, **look},
        "transform": [{"filter": shown}],
        "encoding": {
            "x": {**x, "field": field},
            "x2": start,
            "y": y,
            "tooltip": [{"field": name, "type": "nominal"} for name in names],
        },
    }


def _row(rows: PlotNumbers, i: int, edge: float, coverage: str) -> dict[str, Any]:
    result = rows.panel.row(i)
    lower, upper, drawn = _ends(rows.values[i], edge)
    row: dict[str, Any] = {
        "name": rows.names[i],
        "figure": rows.figures[i],
        "status": rows.statuses[i].label,
        "reason": rows.widths[i].label,
        "value_lower": lower,
        "value_upper": upper,
        "value_drawn": drawn,
    }
    for name, column in _BOUNDS.items():
        own = rows.bounds.get(column, [None] * len(rows.panel))[i]
        above = name.replace("lower", "upper")
        row[name], row[above], row[f"{above}_drawn"] = _ends(own, edge)
    return {
        **row,
        "denominator": str(result.denominator),
        "base": result.base.label,
        "coverage": coverage,
        "warnings": ", ".join(result.warnings.codes),
    }


def _ends(pair: FloatBounds | None, edge: float) -> tuple[float | None, float | None, float | None]:
    """Return both bounds, or None, and the end of a mark; an open one ends at the edge."""
    if pair is None or not isfinite(pair[0]):
        return (None, None, None)
    lower, upper = pair
    return (lower, upper, upper) if isfinite(upper) else (lower, None, max(edge, lower))
