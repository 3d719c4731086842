"""Estimates of log-linear models by their support."""

from attrs import evolve
from matplotlib.axes import Axes

from thbstats.display import count
from thbstats.errors import require
from thbstats.languages import Message
from thbstats.lists import Models
from thbstats.panel import Result, ResultKind
from thbstats.plots.canvas import (
    GREY,
    PALE,
    TEXT,
    VERMILION,
    WIDTH,
    open_axes,
    plot_width,
    scale_of,
)
from thbstats.plots.drawing import Data, Drawing, Style, number_records
from thbstats.plots.drawn_numbers import PlotNumbers, check_result
from thbstats.plots.footnotes import footer, where
from thbstats.plots.layout import plain

_HEIGHT, _LABELS, _WITHIN = 200.0, 60.0, 10
_SIDE = ("BIC difference to the best", _WITHIN + 0.5, -0.5)
"""The vertical axis: its name and its limits, the best model at the top."""
_STYLES = {
    "range": Style(shape="box", color=PALE, text=Message("range within 10 BIC points of the best")),
    "bounds": Style(
        shape="box", color=GREY, alpha=0.3, text=Message("bounds under the stated dependence")
    ),
    "point": Style(shape="point", marker="o", size=6.0, text=Message("model")),
    "point of best": Style(
        shape="point", color=VERMILION, marker="o", size=8.0, text=Message("best model")
    ),
}


def estimates(
    numbers: Models,
    *,
    bounds: Result | None = None,
    ax: Axes | None = None,
    width: float = WIDTH,
    title: str = "",
) -> Axes:
    """Draw the estimates of models by their BIC, with bounds behind them.

    Parameters
    ----------
    numbers : Models
        The panel that `thbstats.lists.models` returns. Models within 10 BIC points of the best are
        drawn, the best at the top.
    bounds : Result, optional
        The result of `thbstats.lists.hidden`, whose bounds are an area behind the models.
    ax, width, title : optional
        As for `bars`.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    InvalidValue
        If no model has an estimate.

    Examples
    --------
    >>> import thbstats as thb
    >>> counts = {"d": 41, "c": 5, "b": 5, ("b", "c"): 54, ("b", "d"): 6, ("b", "c", "d"): 12}
    >>> found = thb.lists.models(thb.lists.Lists("bcd", counts, complete=True))
    >>> ax = thb.plots.estimates(found)
    >>> sorted(line.get_xdata().round().item() for line in ax.lines)
    [157.0, 269.0]
    """
    drawing = estimates_drawing(numbers, bounds)
    chart = open_axes(ax, width)
    plain(chart, "x")
    chart.set(xlim=(drawing.scale.low, drawing.scale.high), ylim=_SIDE[1:])
    ticks = drawing.scale.ticks(plot_width(chart) - _LABELS)
    chart.set_xticks(list(ticks), list(ticks.values()))
    chart.set_yticks(range(0, _WITHIN + 1, 2))
    chart.set_ylabel(_SIDE[0], fontsize=TEXT)
    drawing.draw(chart, drawing.marks)
    return drawing.frame(chart, _HEIGHT, title)


def estimates_drawing(numbers: Models, bounds: Result | None = None) -> Drawing:
    """Return the models near the best by estimate and BIC, and the areas behind them."""
    check_result(numbers, "admissible", "thbstats.lists.models")
    near = numbers.take(numbers.admissible & (numbers.differences <= _WITHIN))
    hint, problem = "Add a list that shares persons", "`numbers` must have a model with an estimate"
    require(len(near), problem, hint, numbers=numbers.caption)
    values, differences = near.value.lower.tolist(), near.differences.tolist()
    areas = {"range": numbers.ranges[_WITHIN]} | (
        {} if bounds is None else {"bounds": bounds.bounds}
    )
    pairs = ((own.lower, own.upper) for own in areas.values())
    ends = [float(end) for own in pairs for end in own if end is not None]
    scale = scale_of(ResultKind.COUNT, [*values, *ends])
    styles, marks, records = dict(_STYLES), list[Data](), list[Data]()
    for name, own in areas.items():
        styles[name] = evolve(styles[name], text=f"{styles[name].text}: {count(own)}")
        upper = scale.high if own.upper is None else float(own.upper)
        ends_of: Data = {
            "x": float(own.lower or 0),
            "x_end": upper,
            "y": _SIDE[1],
            "y_end": _SIDE[2],
        }
        marks.append({"mark": name, "row": len(records), **ends_of})
        records.append({"name": styles[name].text, "figure": count(own)})
    styles["point of best"] = evolve(styles["point of best"], text=f"best model {near.labels[0]}")
    for row, (x, y) in enumerate(zip(values, differences, strict=True)):
        name = "point" if row else "point of best"
        ends_of = {"x": x, "x_end": x, "y": y, "y_end": y}
        marks.append({"mark": name, "row": row + len(records), **ends_of})
    models = number_records(PlotNumbers(near), near.labels)
    records += [own | {"difference": y} for own, y in zip(models, differences, strict=True)]
    panel = numbers.estimate.panel
    return Drawing(
        kind=f"Scatter plot of {len(near)} models", title=numbers.caption, subtitle=where(panel),
        axis="All persons, on a list or on none", side=_SIDE, scale=scale, names=near.labels,
        styles=styles, marks=marks, numbers=lambda: records, panel=panel,
        spoken=[
            f"{own}: {x:,.0f} persons, BIC {y:.1f} above"
            for own, x, y in zip(near.labels, values, differences, strict=True)
        ],
        footer=footer(PlotNumbers(panel), warnings=panel.warnings),
    )  # fmt: skip
