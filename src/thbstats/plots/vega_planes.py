"""Charts of Vega-Lite with two axes of numbers or names."""

import json

import numpy as np

from thbstats.errors import require
from thbstats.indicators import Association
from thbstats.panel import Verdict
from thbstats.plots.canvas import BLACK, GREY, INK, MUTED, PAPER, SERIES
from thbstats.plots.numbers import PlotNumbers, check_result, spoken
from thbstats.plots.scale import axis_name, common_kind
from thbstats.plots.series import make_series, make_steps
from thbstats.plots.tile_plots import VERDICT_SIGNS, mosaic_tiles
from thbstats.plots.vega_marks import (
    Data,
    VegaChart,
    channel,
    known,
    layer,
    legend,
    number_axis,
    number_rows,
    reason_channel,
    status_channel,
)
from thbstats.rules import Comparisons

_LINES = {"comparable": [1, 0], "comparable with caution": [4, 3]}
_SHARE_OF_PERIOD = 0.9


def trend_chart(numbers: object) -> VegaChart:
    """Return a series for each member, joined where its numbers are comparable."""
    rows = PlotNumbers(numbers)
    panel = rows.panel
    series = make_series(panel)
    steps, _ = make_steps(series, None, None)
    data, drawn = [], number_rows(rows)
    for member, own in enumerate(series.members):
        for i in own:
            margin = float(series.end[i] - series.start[i]) * (1 - _SHARE_OF_PERIOD) / 2
            data.append(
                drawn[i] | {
                    "mark": "number", "member": series.names[member],
                    "period": str(panel.period[i]), "x": float(series.x[i]),
                    "start": float(series.start[i]) + margin,
                    "end": float(series.end[i]) - margin,
                }
            )  # fmt: skip
    for step in steps:
        shared = {"member": series.names[step.member], "verdict": step.verdict.label}
        if step.break_at is not None:
            data.append(shared | {"mark": "break", "x": step.break_at})
        first, second = drawn[step.first], drawn[step.second]
        ends = {"x": float(series.x[step.first]), "x_end": float(series.x[step.second])}
        levels = {(first[end], second[end]) for end in ("value_start", "value_end") if step.joined}
        data += [
            shared | ends | {"mark": "line", "y": start, "y_end": end}
            for start, end in sorted(levels)
        ]
    statuses = status_channel([row for row in data if row["mark"] == "number"])
    several = len(series.names) > len(SERIES)
    hue: Data = {"value": SERIES[0]}
    if len(series.names) > 1 and not several:
        hue = legend("member", None, dict(zip(series.names, SERIES, strict=False)), data)
    middles = {
        float(series.start[i] + series.end[i]) / 2: str(period)
        for i, period in enumerate(panel.period)
    }
    labels = {repr(x).removesuffix(".0"): text for x, text in middles.items()}
    x = {
        "type": "quantitative", "title": "Period",
        "scale": {"domain": [float(series.start.min()), float(series.end.max())]},
        "axis": {
            "values": sorted(middles), "labelExpr": f"({json.dumps(labels)})[datum.value]",
            "labelOverlap": True, "grid": False,
        },
    }  # fmt: skip
    y = number_axis(common_kind(panel), axis_name(panel))
    tips = ("member", "period", "figure", "denominator", "coverage", "reason", "warnings")
    dash = legend("verdict", "adjacent periods", _LINES, data)
    line = {
        "x": channel(x, "x"),
        "x2": {"field": "x_end"},
        "y": channel(y, "y"),
        "y2": {"field": "y_end"},
    }
    whisker = {
        "x": channel(x, "x"),
        "y": channel(y, "bounds_start"),
        "y2": {"field": "bounds_end"},
    }
    block = {"x": channel(x, "start"), "x2": {"field": "end"}, "y2": {"field": "value_end"}}
    points = [
        layer(
            "point", {"filled": True, "size": 40}, f"datum.mark === 'number' && {known(end)}",
            x=channel(x, "x"), y=channel(y, end), color=hue, tooltip=tips,
        )
        for end in ("value_start", "value_end")
    ]  # fmt: skip
    return VegaChart(
        kind="Small multiples" if several else "Line plot",
        title=panel.caption,
        rows=data,
        layers=[
            layer(
                "rule", {}, "datum.mark === 'line'", **line, color=hue, strokeDash=dash,
                tooltip=("member", "verdict"),
            ),
            layer("rule", {"color": MUTED}, known("bounds_start"), **whisker, tooltip=tips),
            layer(
                "rect", {"fill": PAPER, "fillOpacity": 0.6}, "datum.value_end > datum.value_start",
                **block, y=channel(y, "value_start"), stroke=hue, strokeDash=reason_channel(data),
                tooltip=tips,
            ),
            *points,
            layer(
                "point", {"color": INK, "size": 45},
                f"datum.mark === 'number' && !{known('value_start')}",
                x=channel(x, "x"), y={"value": "height"}, shape=statuses, tooltip=tips,
            ),
            layer(
                "rule", {"color": BLACK, "strokeDash": [1, 1]}, "datum.mark === 'break'",
                x=channel(x, "x"), tooltip=("member",),
            ),
        ],
        sentences=spoken(rows.names, rows.figures),
        panel=panel,
        facet="member" if several else "",
    )  # fmt: skip


def heatmap_chart(numbers: Comparisons) -> VegaChart:
    """Return the verdict on each pair of numbers as a sign."""
    check_result(numbers, "matrix", "thbstats.compare_all")
    data: list[Data] = []
    for (row, column), text in np.ndenumerate(numbers.matrix().to_numpy(dtype=object)):
        if row != column and isinstance(text, str):
            verdict, _, codes = text.partition(": ")
            data.append(
                {
                    "row": numbers.names[row], "column": numbers.names[column],
                    "verdict": verdict, "reasons": codes,
                }
            )  # fmt: skip
    problem, hint = "`numbers` must have two numbers or more", "Use compare_all(panel)"
    require(data, problem, hint, numbers=len(numbers.names))
    looks = {verdict.label: VERDICT_SIGNS[verdict] for verdict in Verdict}
    for cell in data:
        cell["sign"], _, cell["ink"] = looks[cell["verdict"]]
    names = {"type": "nominal", "sort": list(numbers.names), "title": None}
    x, y = {**names, "axis": {"orient": "top"}}, names
    channels = {"x": channel(x, "column"), "y": channel(y, "row")}
    color = legend("verdict", None, {label: face for label, (_, face, _) in looks.items()}, data)
    ink = {"field": "ink", "type": "nominal", "scale": None}
    tips = ("row", "column", "verdict", "reasons")
    return VegaChart(
        kind="Heat map",
        title="Comparability of these numbers",
        rows=data,
        layers=[
            layer("rect", {"stroke": GREY}, "true", **channels, fill=color, tooltip=tips),
            layer("text", {}, "true", **channels, text={"field": "sign"}, color=ink, tooltip=tips),
        ],
        sentences=[numbers.heading],
        panel=numbers.panel,
    )


def mosaic_chart(numbers: Association) -> VegaChart:
    """Return a two-way table: columns by total, tiles by share."""
    check_result(numbers, "cramers_v", "thbstats.association")
    tiles, heads = mosaic_tiles(numbers)
    data: list[Data] = [
        {
            "mark": "tile", "row": tile.row, "column": tile.column, "figure": tile.text,
            "share": tile.share, "reason": tile.cause.label, "left": tile.left,
            "right": tile.left + tile.width, "bottom": tile.bottom,
            "certain": tile.bottom + tile.certain, "top": tile.bottom + tile.possible,
            "x": tile.left + tile.width / 2, "y": tile.bottom + tile.possible / 2,
            "color": tile.shade.color, "residual": tile.shade.legend or "near independence",
            "label": f"{tile.row}{tile.shade.sign}",
        }
        for tile in tiles
    ]  # fmt: skip
    reasons = reason_channel(data, "certain", "top")
    data += [
        {"mark": "head", "x": left + width / 2, "label": head.split("\n")}
        for head, left, width in heads
    ]
    plain = {"type": "quantitative", "axis": None, "scale": {"domain": [0, 1], "nice": False}}
    across = {"x": channel(plain, "left"), "x2": {"field": "right"}}
    middle = {"x": channel(plain, "x"), "text": {"field": "label"}}
    tips = ("row", "column", "figure", "share", "residual", "reason")
    colors = {tile.shade.legend or "near independence": tile.shade.color for tile in tiles}
    fill = legend("residual", "adjusted residual", colors, data)
    panel = numbers.cramers_v.panel.take([numbers.cramers_v.position])
    return VegaChart(
        kind="Mosaic plot",
        title=numbers.caption,
        rows=data,
        layers=[
            layer(
                "rect", {"stroke": BLACK}, "datum.certain > datum.bottom", **across,
                y=channel(plain, "bottom"), y2={"field": "certain"}, fill=fill, tooltip=tips,
            ),
            layer(
                "rect", {"stroke": BLACK, "fill": PAPER}, "datum.top > datum.certain", **across,
                y=channel(plain, "certain"), y2={"field": "top"}, strokeDash=reasons, tooltip=tips,
            ),
            layer(
                "text", {"color": INK}, "datum.mark === 'tile' && datum.top - datum.bottom > 0.05",
                **middle, y=channel(plain, "y"), tooltip=tips,
            ),
            layer(
                "text", {"color": INK, "baseline": "top", "dy": 4}, "datum.mark === 'head'",
                **middle, y={"value": "height"}, tooltip=tips,
            ),
        ],
        sentences=[f"{tile.column}, {tile.row}: {tile.text}, {tile.share}" for tile in tiles],
        panel=panel,
        notes={"cramers_v": numbers.cramers_v.formatted},
    )  # fmt: skip
