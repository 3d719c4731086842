"""Specifications of Vega-Lite."""

from collections.abc import Callable
from typing import Any

from thbstats.errors import require, require_name
from thbstats.plots.canvas import capital
from thbstats.plots.vega_marks import VegaChart
from thbstats.plots.vega_planes import heatmap_chart, mosaic_chart, trend_chart
from thbstats.plots.vega_rows import (
    bar_chart,
    dumbbell_chart,
    funnel_chart,
    inferred_chart,
    ranking_chart,
    tornado_chart,
)

_SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"
_COLUMNS = 4
_SMALL = {"width": 120, "height": 80}
"""The columns and the size of small multiples."""

_CHARTS: dict[str, Callable[..., VegaChart]] = {
    "bars": bar_chart,
    "dumbbell": dumbbell_chart,
    "funnel": funnel_chart,
    "heatmap": heatmap_chart,
    "inferred": inferred_chart,
    "mosaic": mosaic_chart,
    "ranking": ranking_chart,
    "tornado": tornado_chart,
    "trend": trend_chart,
}


def to_vega(
    numbers: Any, plot: str = "bars", *, second: Any = None, title: str = ""
) -> dict[str, Any]:
    """Return a plot of numbers as a specification of Vega-Lite.

    The marks are those of the function of the same name in `thbstats.plots`, with dashes in place
    of hatches for the reasons of ranges. Each mark has its figures as a tooltip.

    Parameters
    ----------
    numbers : Panel, Result, Comparisons, Inferences or Inference
        The argument of the function, such as the result of `thbstats.leave_out` for a tornado plot.
    plot : str
        The name of the function: ``"bars"``, ``"dumbbell"``, ``"funnel"``, ``"heatmap"``,
        ``"inferred"``, ``"mosaic"``, ``"ranking"``, ``"tornado"`` or ``"trend"``.
    second : Panel or Result, optional
        The second numbers of a dumbbell plot.
    title : str
        The title; by default the caption.

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
    >>> [(row["name"], row["value_lower"], row["value_upper"]) for row in chart["data"]["values"]]
    [('sexual', 0.555, 0.565), ('labour', 0.255, 0.265), ('other', 0.175, 0.185)]
    """
    require_name(plot, _CHARTS, "`plot` must be a plot", field="plot")
    problem = "`second` must be the second numbers of a dumbbell plot"
    hint = "Use to_vega(first, 'dumbbell', second=...)"
    is_used = (second is not None) == (plot == "dumbbell")
    require(is_used, problem, hint, second=type(second).__name__)
    chart = _CHARTS[plot](numbers) if second is None else _CHARTS[plot](numbers, second)
    layers: dict[str, Any] = {"layer": chart.layers}
    if chart.facet:
        panes = {"field": chart.facet, "type": "nominal", "title": None, "sort": None}
        layers = {"facet": panes, "columns": _COLUMNS, "spec": layers | _SMALL}
    usermeta = dict(chart.notes)
    if chart.panel is not None:
        limitations = [f"{own.code}: {own.message}" for own in chart.panel.limitations]
        sources = sorted({str(own) for result in chart.panel for own in result.all_sources})
        usermeta |= {"limitations": limitations, "sources": sources}
    return {
        "$schema": _SCHEMA,
        "title": title or capital(chart.title),
        "description": ". ".join([chart.kind, *chart.sentences]),
        "data": {"values": chart.rows},
        **layers,
        "usermeta": usermeta,
    }
