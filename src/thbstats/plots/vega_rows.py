"""Charts of Vega-Lite with a row for each number."""

from collections.abc import Sequence
from math import isfinite
from typing import Any

from thbstats.indicators import LeaveOut, Ranking
from thbstats.panel import Panel, ResultKind
from thbstats.plots.bar_plots import largest_moves
from thbstats.plots.canvas import BLACK, BLUE, GREY, RULE, VERMILION, capital
from thbstats.plots.numbers import PlotNumbers, check_result, spoken
from thbstats.plots.range_plots import inferred_items, number_pairs, possible_ranks
from thbstats.plots.scale import axis_name, common_kind, float_bounds
from thbstats.plots.vega_marks import (
    Data,
    VegaChart,
    channel,
    end_fields,
    known,
    layer,
    legend,
    names_axis,
    number_axis,
    number_rows,
    range_layer,
    span,
    status_layer,
)

_RINGS = {"contradictory": "square", "conflicting": "diamond"}


def bar_chart(numbers: object) -> VegaChart:
    """Return a bar for each value, with lines for bounds and bounds with unknown."""
    rows = PlotNumbers(numbers)
    panel = rows.panel
    data, x = number_rows(rows), number_axis(common_kind(panel), axis_name(panel))
    y, ring = names_axis(), legend("conflict", "counts", _RINGS, data)
    dashed = {"color": VERMILION, "strokeDash": [1, 2]}
    return VegaChart(
        kind="Bar chart",
        title=panel.caption,
        rows=data,
        layers=[
            layer(
                "bar", {"color": BLUE}, known("value_start"),
                x=channel(x, "value_start"), x2={"datum": 0}, y=y,
            ),
            range_layer(data, x, y),
            layer("rule", {"color": BLACK}, known("bounds_start"), **span(x, "bounds"), y=y),
            layer("rule", dashed, known("unknown_start"), **span(x, "unknown"), y=y),
            layer(
                "point", {"color": VERMILION, "size": 90}, "datum.conflict",
                x=channel(x, "value_end"), y=y, shape=ring,
            ),
            status_layer(x, y),
        ],
        sentences=spoken(rows.names, rows.figures),
        panel=panel,
    )  # fmt: skip


def funnel_chart(numbers: object) -> VegaChart:
    """Return two bars for each ratio of two stages."""
    rows = PlotNumbers(numbers)
    panel, data = rows.panel, []
    stages = (("stage before", panel.denominator), ("stage after", panel.numerator))
    columns = {name: float_bounds(column) for name, column in stages}
    finite = [
        end for own in columns.values() for ends in own for end in ends or () if isfinite(end)
    ]
    edges = 0.0, max(finite, default=1.0)
    for i, row in enumerate(number_rows(rows)):
        data += [
            row | {"stage": stage} | end_fields("value", column[i], edges)
            for stage, column in columns.items()
        ]
    x, y = number_axis(ResultKind.COUNT, "Count"), names_axis()
    side = {"field": "stage", "type": "nominal", "sort": None}
    color = {**side, "title": None, "scale": {"domain": list(columns), "range": [GREY, BLUE]}}
    bar: dict[str, Any] = {
        "x": channel(x, "value_start"),
        "x2": {"datum": 0},
        "y": y,
        "yOffset": side,
        "color": color,
    }
    return VegaChart(
        kind="Funnel",
        title=panel.caption,
        rows=data,
        layers=[
            layer("bar", {}, known("value_start"), **bar),
            range_layer(data, x, y, yOffset=side),
            status_layer(x, y, yOffset=side),
        ],
        sentences=spoken(rows.names, rows.figures),
        panel=panel,
    )


def tornado_chart(numbers: LeaveOut) -> VegaChart:
    """Return the number without each member as a bar from the number with all members."""
    rows, names, figures, _ = largest_moves(numbers, None)
    every = PlotNumbers(numbers.all_countries)
    kind, (low, high) = common_kind(rows.panel), every.stated[0]
    ends = [end for own in (*rows.stated, (low, high)) for end in own if isfinite(end)]
    edges = min(ends, default=0.0), max(ends, default=1.0)
    whole = end_fields("whole", (low, high), edges)
    data = []
    for row, own, name, figure in zip(number_rows(rows), rows.stated, names, figures, strict=True):
        above = sum(max(min(end, edges[1]), edges[0]) for end in own) > (
            whole["whole_start"] + whole["whole_end"]
        )
        drawn = end_fields("value", own, edges)
        near = drawn["value_start" if above else "value_end"]
        start = min(max(near, whole["whole_start"]), whole["whole_end"])
        data.append(
            row | whole | drawn | {
                "name": name, "difference": figure, "bar_start": start, "bar_end": near,
                "direction": "higher without it" if above else "lower without it",
            }
        )  # fmt: skip
    x, y = number_axis(kind, capital(numbers.caption), zero=False), names_axis()
    color: Data = {"field": "direction", "type": "nominal", "title": None}
    domain = ["higher without it", "lower without it"]
    color["scale"] = {"domain": domain, "range": [VERMILION, BLUE]}
    tips = ("name", "figure", "difference", "warnings")
    band = {"x": {**x, "datum": whole["whole_start"]}, "x2": {"datum": whole["whole_end"]}}
    return VegaChart(
        kind="Tornado plot",
        title=numbers.caption,
        rows=data,
        layers=[
            {"mark": {"type": "rect", "color": RULE, "stroke": BLACK}, "encoding": band},
            layer(
                "bar", {}, "datum.bar_start !== datum.bar_end",
                **span(x, "bar"), y=y, color=color, tooltip=tips,
            ),
            range_layer(data, x, y, tooltip=tips),
            layer("tick", {"color": BLACK}, known("value_start"), x=channel(x, "value_start"), y=y),
        ],
        sentences=[f"With all: {every.figures[0]}", *spoken(names, figures)],
        panel=rows.panel,
    )  # fmt: skip


def dumbbell_chart(first: object, second: object) -> VegaChart:
    """Return two numbers for each category on one line."""
    left, right, pairs, captions = number_pairs(first, second, None)
    every = Panel.concat([left.panel, right.panel])
    data = []
    for side, caption in ((left, captions[0]), (right, captions[1])):
        for row, name, pair in zip(number_rows(side), left.names, pairs, strict=True):
            further = {"name": name, "series": caption, "difference": pair.formatted}
            data.append(row | further | {"verdict": pair.verdict.label})
    x, y = number_axis(common_kind(every), axis_name(every)), names_axis()
    color: Data = {"field": "series", "type": "nominal", "title": None, "sort": None}
    color["scale"] = {"domain": list(captions), "range": [BLUE, VERMILION]}
    shape = {**color, "scale": {"domain": list(captions), "range": ["circle", "square"]}}
    tips = ("name", "series", "figure", "difference", "verdict", "denominator", "warnings")
    line = {**span(x, "value"), "color": color}
    ends: list[Data] = [
        layer(
            "point", {"filled": True, "size": 60}, known(end), x=channel(x, end), color=color,
            shape=shape, y=y, tooltip=tips,
        )
        for end in ("value_start", "value_end")
    ]  # fmt: skip
    return VegaChart(
        kind="Dumbbell plot",
        title=left.panel.caption,
        rows=data,
        layers=[
            layer("rule", {"size": 2.5}, known("value_start"), **line, y=y, tooltip=tips),
            *ends,
            status_layer(x, y, yOffset={"field": "series", "type": "nominal"}),
        ],
        sentences=[
            f"{name}: {pair.formatted}, {pair.verdict.label}"
            for name, pair in zip(left.names, pairs, strict=True)
        ],
        panel=every,
    )


def ranking_chart(numbers: Ranking) -> VegaChart:
    """Return the possible ranks of each member as a line."""
    rows = PlotNumbers(numbers)
    check_result(numbers, "ranks", "thbstats.ranking")
    ranks = possible_ranks(numbers)
    data = [
        row | {"best_rank": best, "worst_rank": worst}
        for row, (best, worst) in zip(number_rows(rows), ranks, strict=True)
    ]
    x = {"type": "quantitative", "title": "Rank", "axis": {"tickMinStep": 1, "format": "d"}}
    shared: dict[str, Any] = {"y": names_axis()}
    line: dict[str, Any] = {"x": channel(x, "best_rank"), "x2": {"field": "worst_rank"}}
    return VegaChart(
        kind="Ranking",
        title=rows.panel.caption,
        rows=data,
        layers=[
            layer("rule", {"color": BLUE, "size": 2.5}, "true", **line, **shared),
            *_points(x, ("best_rank", "worst_rank"), **shared),
        ],
        sentences=[
            f"{name}: rank {best}" if best == worst else f"{name}: rank {best} to {worst}"
            for name, (best, worst) in zip(rows.names, ranks, strict=True)
        ],
        panel=rows.panel,
    )


def inferred_chart(numbers: object) -> VegaChart:
    """Return the bounds of inferred numbers as lines."""
    items, kind = inferred_items(numbers)  # type: ignore[arg-type]
    ends = [
        None if item.bounds is None else (item.bounds.lower, item.bounds.upper) for item in items
    ]
    finite = [float(end) for own in ends for end in own or () if end is not None]
    edges = 0.0, max(finite, default=1.0)
    data: list[Data] = []
    for item, own in zip(items, ends, strict=True):
        pair = own and (float(own[0] or 0), float("inf") if own[1] is None else float(own[1]))
        text = "no information in the claims" if pair is None else item.formatted
        claims = ", ".join(claim.id for claim in item.claims)
        named: Data = {"name": item.label, "figure": text, "status": text, "claims": claims}
        named["text_start"] = 0.0
        data.append(named | end_fields("value", pair, edges))
    x, y = number_axis(kind, "Share" if kind is ResultKind.SHARE else "Count"), names_axis()
    tips = ("name", "figure", "claims")
    look = {"color": BLUE, "size": 2.5}
    return VegaChart(
        kind="Interval plot",
        title=str(getattr(numbers, "caption", f"{items[0].label}, not published")),
        rows=data,
        layers=[
            layer("rule", look, known("value_start"), **span(x, "value"), y=y, tooltip=tips),
            *_points(x, ("value_start", "value_end"), y=y, tooltip=tips),
            status_layer(x, y, tooltip=tips),
        ],
        sentences=[f"{row['name']}: {row['figure']}" for row in data],
        notes={"publications": list(dict.fromkeys(item.title for item in items))},
    )  # fmt: skip


def _points(x: Data, fields: Sequence[str], **channels: Any) -> list[Data]:
    look = {"filled": True, "color": BLUE, "size": 60}
    return [layer("point", look, known(end), x=channel(x, end), **channels) for end in fields]
