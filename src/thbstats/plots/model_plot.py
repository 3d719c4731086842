"""Estimates of log-linear models by their support."""

from matplotlib.axes import Axes
from matplotlib.patches import Patch

from thbstats.display import count
from thbstats.errors import require
from thbstats.lists import Models
from thbstats.panel import Result, ResultKind
from thbstats.plots.canvas import (
    BLUE,
    GREY,
    PALE,
    TEXT,
    VERMILION,
    WIDTH,
    Look,
    open_axes,
    plot_width,
)
from thbstats.plots.drawn_numbers import PlotNumbers, check_result
from thbstats.plots.footnotes import footer, where
from thbstats.plots.layout import Key, frame, plain
from thbstats.plots.scale import scale_of

_HEIGHT, _LABELS, _WITHIN = 200.0, 60.0, 10


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
    >>> ax.lines[0].get_xdata().round().tolist()
    [157.0, 269.0]
    """
    check_result(numbers, "admissible", "thbstats.lists.models")
    near = numbers.take(numbers.admissible & (numbers.differences <= _WITHIN))
    hint, problem = "Add a list that shares persons", "`numbers` must have a model with an estimate"
    require(len(near), problem, hint, numbers=numbers.caption)
    chart, values = open_axes(ax, width), near.value.lower.tolist()
    areas = [(numbers.ranges[_WITHIN], PALE, "range within 10 BIC points of the best")]
    if bounds is not None:
        areas.append((bounds.bounds, GREY, "bounds under the stated dependence"))
    ends = [float(end) for own, *_ in areas for end in (own.lower, own.upper) if end is not None]
    scale = scale_of(ResultKind.COUNT, [*values, *ends])
    plain(chart, "x")
    chart.set(xlim=(scale.low, scale.high), ylim=(_WITHIN + 0.5, -0.5))
    ticks = scale.ticks(plot_width(chart) - _LABELS)
    chart.set_xticks(list(ticks), list(ticks.values()))
    chart.set_yticks(range(0, _WITHIN + 1, 2))
    chart.set_ylabel("BIC difference to the best", fontsize=TEXT)
    keys: list[Key] = []
    for own, color, label in areas:
        upper = scale.high if own.upper is None else float(own.upper)
        look: Look = {"color": color, "alpha": 0.3 if color is GREY else 1.0, "linewidth": 0}
        chart.axvspan(float(own.lower or 0), upper, zorder=0, **look)
        keys.append((Patch(**look), f"{label}: {count(own)}"))
    look = {"linestyle": "", "marker": "o", "color": BLUE, "clip_on": False}
    (points,) = chart.plot(values, near.differences.tolist(), **look)
    (best,) = chart.plot(values[:1], [0.0], **{**look, "color": VERMILION, "markersize": 8})
    keys += [(points, "model"), (best, f"best model {near.labels[0]}")]
    pairs = zip(near.labels, values, near.differences.tolist(), strict=True)
    texts = [f"{name}: {own:,.0f} persons, BIC {more:.1f} above" for name, own, more in pairs]
    panel = numbers.estimate.panel
    text = footer(PlotNumbers(panel), warnings=panel.warnings)
    return frame(
        chart, f"Scatter plot of {len(near)} models", _HEIGHT, keys,
        axis="All persons, on a list or on none", title=title or numbers.caption,
        subtitle=where(panel), numbers=texts, lines=text.lines, further=text.further,
    )  # fmt: skip
