"""Specifications of Vega-Lite, from the same drawn data as the plots of matplotlib."""

import json
from collections.abc import Callable, Mapping, Sequence
from itertools import product
from typing import Any

from thbstats.errors import require, require_name
from thbstats.languages import Language
from thbstats.panel import ResultKind
from thbstats.plots.canvas import INK, PAPER, PERCENT, Scale
from thbstats.plots.drawing import NO_DATA, Data, Drawing, Style
from thbstats.plots.plane_plots import estimates_drawing, heatmap_drawing, mosaic_drawing
from thbstats.plots.row_plots import (
    bars_drawing,
    dumbbell_drawing,
    funnel_drawing,
    inferred_drawing,
    ranking_drawing,
    tornado_drawing,
)
from thbstats.plots.trend_plot import LANE, TrendDrawing, trend_drawing

_SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"
_COLUMNS = 4
_SIZE, _SMALL = (480, 260), (120, 70)
"""The size of a trend in pixels, and that of a small multiple."""
_SHAPES = {
    "o": "circle", "s": "square", "^": "triangle-up", "v": "triangle-down", "D": "diamond",
    "d": "diamond", "<": "triangle-left", ">": "triangle-right", "P": "cross", "+": "cross",
    "X": "M-1,-1L1,1M1,-1L-1,1", "x": "M-1,-1L1,1M1,-1L-1,1", "|": "M0,-1L0,1", "_": "M-1,0L1,0",
    "*": "star", "1": "arrow", "p": "wedge",
    "updown": "M-0.5,-0.5L0,-1L0.5,-0.5M0,-1L0,1M-0.5,0.5L0,1L0.5,0.5",
}  # fmt: skip
"""The symbols of Vega of the markers of matplotlib."""
_TIPS = (
    "name", "figure", "denominator", "coverage", "warnings", "period", "difference", "claims",
    "share", "first", "second", "verdict", "reasons",
)  # fmt: skip
_INNER = ("place", "pair", "lane", "row")
"""The fields of marks that are not part of the data."""
_FILLED, _SMALLER, _LINE = "os^vDdP<>sp*", 0.3, 12
"""The markers with a face, the size of markers in small multiples, and the height of a line."""
_DRAWINGS: dict[str, Callable[..., Drawing]] = {
    "bars": bars_drawing,
    "dumbbell": dumbbell_drawing,
    "estimates": estimates_drawing,
    "funnel": funnel_drawing,
    "heatmap": heatmap_drawing,
    "inferred": inferred_drawing,
    "mosaic": mosaic_drawing,
    "ranking": ranking_drawing,
    "tornado": tornado_drawing,
    "trend": trend_drawing,
}


_PLANES = ("estimates", "heatmap", "mosaic", "trend")
"""The plots with two axes."""


def to_vega(
    numbers: Any,
    plot: str = "bars",
    *,
    second: Any = None,
    title: str = "",
    language: "str | Language" = "en",
) -> dict[str, Any]:
    """Return a plot of numbers as a specification of Vega-Lite.

    The marks are those of the function of the same name in `thbstats.plots`, with dashes in place
    of hatches for the reasons of ranges. Each mark has its figures as a tooltip.

    Parameters
    ----------
    numbers : Panel, Result, Comparisons, Inferences or Inference
        The argument of the function, such as the result of `thbstats.leave_out` for a tornado plot.
    plot : str
        The name of the function: ``"bars"``, ``"dumbbell"``, ``"estimates"``, ``"funnel"``,
        ``"heatmap"``, ``"inferred"``, ``"mosaic"``, ``"ranking"``, ``"tornado"`` or ``"trend"``.
    second : Panel or Result, optional
        The second numbers of a dumbbell plot, or the bounds behind the estimates of models.
    title : str
        The title; by default the caption.
    language : str or Language
        The language of the texts, as for `bars`.

    Returns
    -------
    dict
        Plain data for JSON, version 5 of Vega-Lite. The data have each number with its bounds,
        reason of a range, status, denominator, coverage and warnings. A bound of ``None`` is not
        bounded or holds for any data. ``usermeta`` contains limitations and sources.

    Raises
    ------
    UnknownName
        If `plot` is not the name of a plot.
    InvalidValue
        If the function refuses `numbers`, or if `second` is missing or has no place in the plot.

    Examples
    --------
    >>> import thbstats as thb
    >>> report = thb.publications.com_2018_777()
    >>> chart = thb.plots.to_vega(report.breakdown(of="exploitation", base="known"))
    >>> marks = [row for row in chart["data"]["values"] if row["mark"] == "rounding"]
    >>> [(mark["name"], mark["x"], mark["x_end"]) for mark in marks[:2]]
    [('Sexual exploitation', 0.555, 0.565), ('Labour exploitation', 0.255, 0.265)]
    """
    require_name(plot, _DRAWINGS, "`plot` must be a plot", field="plot")
    problem = "`second` must be the second numbers of a dumbbell plot, or bounds of estimates"
    hint = "Use to_vega(first, 'dumbbell', second=...)"
    is_used = plot == "estimates" or (second is not None) == (plot == "dumbbell")
    require(is_used, problem, hint, second=type(second).__name__)
    kind = _DRAWINGS[plot]
    drawing = kind(numbers) if second is None else kind(numbers, second)
    drawing = drawing.in_language(language)
    chart = (_plane if plot in _PLANES else _rows)(drawing)
    if title:
        chart["title"] = chart["title"] | {"text": title}
    return {"$schema": _SCHEMA, **chart}


def _head(drawing: Drawing, records: Sequence[Data]) -> Data:
    """Return the texts and the data of a chart; the lines below a plot are in ``usermeta``."""
    lines = [*drawing.footer.lines, *drawing.footer.further]
    subtitle = (
        drawing.subtitle
        if drawing.names
        else f"{drawing.subtitle}. {drawing.language.text(NO_DATA)}"
    )
    parts = (drawing.kind, drawing.title, subtitle, *drawing.spoken, *lines)
    usermeta: Data = dict(drawing.notes) | {"footnotes": lines}
    if drawing.panel is not None:
        panel = drawing.panel
        usermeta["limitations"] = [
            f"{own.code}: {drawing.language.text(own.message)}" for own in panel.limitations
        ]
        usermeta["sources"] = sorted({str(own) for row in panel for own in row.all_sources})
    return {
        "title": {"text": drawing.title, "subtitle": subtitle, "anchor": "start"},
        "description": ". ".join(part.rstrip(".") for part in parts if part),
        "data": {"values": list(records)},
        "usermeta": usermeta,
    }


def _axis(scale: Scale, title: str) -> Data:
    """Return the axis of numbers, with the limits of the plot."""
    limits = {"domain": [scale.low, scale.high], "nice": False, "zero": False}
    axis: Data = {"type": "quantitative", "title": title, "scale": limits}
    return axis | ({"axis": {"format": "~%"}} if scale.kind in PERCENT else {})


def _mark(style: Style, part: str) -> Data:
    """Return the mark of a style: its box, line or points."""
    if part == "box":
        mark: Data = {"type": "bar", "fill": style.fill or style.color, "stroke": style.color}
        return mark | ({"strokeDash": [1, 1]} if style.hatch else {})
    if part == "line":
        mark = {"type": "rule", "color": style.color, "size": style.size}
        dashes = [] if style.dashes == "-" else [4 * own for own in style.dashes[1]]
        return mark | {"strokeDash": dashes}
    size = 12 * style.size if style.shape == "point" else 30
    look = {"type": "point", "shape": _SHAPES[style.marker], "opacity": 1, "size": size}
    return look | {"stroke": style.color, "fill": style.fill or style.color, "clip": False}


def _parts(style: Style) -> list[tuple[str, str]]:
    """Return the marks of a style with the field of their position."""
    parts = [(style.shape, "x")] if style.shape != "point" else [("point", "x")]
    ends = [("point", "x"), ("point", "x_end")] if style.shape == "line" and style.marker else []
    return parts + ends


def _tips(records: Sequence[Data]) -> list[Data]:
    known = {key for record in records for key in record}
    return [{"field": own, "type": "nominal"} for own in _TIPS if own in known]


def _legend_layer(drawing: Drawing) -> list[Data]:
    """Return a layer without marks for the legend of all styles."""
    texts = {style.text: style.color for _, style in drawing.used() if style.text}
    scale = {"domain": list(texts), "range": list(texts.values())}
    legend = {"title": None, "labelLimit": 0, "orient": "top", "direction": "vertical"}
    color = {"field": "legend", "type": "nominal", "scale": scale, "legend": legend}
    mark = {"type": "point", "filled": True, "size": 0}
    return [{"mark": mark, "encoding": {"fill": color}}] if texts else []


def _rows(drawing: Drawing) -> Data:
    """Return a chart with a row for each number."""
    records = [
        {key: value for key, value in record.items() if key not in _INNER}
        for record in drawing.records()
    ]
    groups = drawing.groups or [""] * len(drawing.names)
    names = [", ".join(filter(None, own)) for own in zip(groups, drawing.names, strict=True)]
    for record, mark in zip(records, drawing.marks, strict=True):
        record |= {"name": names[mark["row"]], "row": mark["row"], "lane": mark["lane"]}
    x, tips, layers = _axis(drawing.scale, drawing.axis), _tips(records), []
    # Two rows can have one name.
    y: Data = {"field": "row", "type": "ordinal", "title": None}
    y["axis"] = {"labelLimit": 0, "labelExpr": f"{json.dumps(names)}[datum.value]"}
    for name, style in drawing.used():
        lanes = sorted({mark["lane"] for mark in drawing.marks if mark["mark"] == name})
        for lane, (part, end) in product(lanes, _parts(style)):
            mark = _mark(style, part) | {"yOffset": lane}
            encoding: Data = {"x": x | {"field": end}, "y": y, "tooltip": tips}
            if part == "box":
                mark |= {"height": style.height}
            if part != "point":
                encoding["x2"] = {"field": "x_end"}
            layers.append(_layer(mark, name, encoding, lane if len(lanes) > 1 else None))
    texts = [text.split("\n") for text in drawing.figures]
    most = max(map(len, texts), default=1)
    rows = [
        {"mark": "figure", "name": name, "row": row, "text": text, "x": drawing.scale.high}
        for row, (name, text) in enumerate(zip(names, texts, strict=True))
    ]
    figure = {"x": x | {"field": "x"}, "y": y, "text": {"field": "text"}}
    look = {"type": "text", "align": "left", "dx": 6, "dy": 1 - _LINE / 2 * (most - 1)}
    layers.append(_layer(look | {"color": INK}, "figure", figure))
    head = _head(drawing, [*records, *rows])
    size = {"width": _SIZE[0], "height": {"step": drawing.height + _LINE * (most - 1)}}
    return head | size | {"layer": [*_legend_layer(drawing), *layers]}


def _layer(mark: Data, name: str, encoding: Data, lane: float | None = None) -> Data:
    where = f"datum.mark === {json.dumps(name)}"
    where += "" if lane is None else f" && datum.lane === {lane}"
    return {"mark": mark, "transform": [{"filter": where}], "encoding": encoding}


def _plane(drawing: Drawing) -> Data:
    """Return a chart with two axes: numbers in time, the pairs of a heat map, or a mosaic."""
    trend = drawing if isinstance(drawing, TrendDrawing) else None
    several, lanes = (trend.several, trend.lanes) if trend else (False, 0)
    wide, tall = _SMALL if several else _SIZE
    records = []
    for record in drawing.records():
        own = {key: value for key, value in record.items() if key not in _INNER}
        if "strip" in own:
            own["strip"] = tall + LANE * (own["strip"] + 0.7)
        records.append(own)
    x, y, tips, layers = *_plane_axes(drawing, lanes), _tips(records), []
    for name, style in drawing.used():
        is_strip = any("strip" in mark for mark in drawing.marks if mark["mark"] == name)
        for part, end in _parts(style):
            mark = _mark(style, part)
            encoding: Data = {"x": x | {"field": end}, "tooltip": tips}
            encoding["y"] = y | {"field": "y_end" if end == "x_end" else "y"}
            if part != "point":
                encoding |= {"x2": {"field": "x_end"}, "y2": {"field": "y_end"}}
            if part == "box":
                mark |= {"type": "rect", "opacity": style.alpha or 1}
            if is_strip:
                encoding["y"] = {"field": "strip", "type": "quantitative", "scale": None}
            if part == "point" and several:
                mark["size"] *= _SMALLER
            if any("color" in own for own in drawing.marks if own["mark"] == name):
                colours = ("stroke", "fill", "color")
                further = {key: own for key, own in mark.items() if key not in colours}
                is_filled = style.fill != PAPER and style.marker in _FILLED
                mark = further | ({"filled": is_filled} if part == "point" else {})
                encoding["color"] = {"field": "color", "type": "nominal", "scale": None}
            layers.append(_layer(mark, name, encoding))
    if drawing.texts:
        words = [{"ink": INK, **own, "mark": "text"} for own in drawing.texts]
        records += [own for own in words if own.get("height", 1) > 0.05]
        ink = {"field": "ink", "type": "nominal", "scale": None}
        encoding = {"x": x | {"field": "x"}, "y": y | {"field": "y"}, "color": ink}
        layers.append(_layer({"type": "text"}, "text", encoding | {"text": {"field": "text"}}))
    plan: Data = {"layer": [*_legend_layer(drawing), *layers], "width": wide, "height": tall}
    if several:
        panes = {"field": "member", "type": "nominal", "title": None, "sort": list(drawing.names)}
        plan = {"facet": panes, "columns": _COLUMNS, "spec": plan}
    return _head(drawing, records) | plan


def _plane_axes(drawing: Drawing, lanes: int) -> tuple[Data, Data]:
    """Return the axes of a plane: positions with names, or numbers."""
    scale = drawing.scale
    if drawing.side is not None:
        title, *ends = drawing.side
        limits: Data = {"domain": ends, "nice": False, "zero": False}
        side: Data = {"type": "quantitative", "title": title, "scale": limits}
        return _axis(scale, drawing.axis), side
    reach = [mark[end] for mark in drawing.marks for end in ("x", "x_end")]
    x = _named_axis(drawing.columns, (min(reach, default=0), max(reach, default=1)))
    x["axis"] |= {"offset": LANE * lanes}
    if isinstance(drawing, TrendDrawing):
        return x, _axis(scale, "" if drawing.several else drawing.axis)
    is_heat = scale.kind is ResultKind.COUNT
    rows = {i + 0.5: name for i, name in enumerate(drawing.names)} if is_heat else {}
    return x, _named_axis(rows, (scale.low, scale.high))


def _named_axis(names: Mapping[float, str], ends: tuple[float, float]) -> Data:
    """Return an axis with names at positions."""
    labels = {repr(x).removesuffix(".0"): text.split("\n") for x, text in names.items()}
    axis: Data = {"values": sorted(names), "grid": False, "domain": False, "ticks": False}
    axis |= {"labelExpr": f"({json.dumps(labels)})[datum.value]", "labelOverlap": True}
    scale = {"domain": list(ends), "nice": False, "zero": False}
    return {"type": "quantitative", "title": None, "scale": scale, "axis": axis | {"labelLimit": 0}}
