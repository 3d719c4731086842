"""Numbers of one kind as bars, with their bounds."""

from matplotlib.axes import Axes

from thbstats.panel import Panel, Result, Status
from thbstats.plots.canvas import WIDTH
from thbstats.plots.marks import BOUNDS, UNKNOWN, RowPlot
from thbstats.plots.scale import common_kind, float_bounds, value_scale
from thbstats.plots.wording import (
    as_panel,
    bounds_label,
    conflict_marks,
    row_figures,
    row_names,
    row_sentences,
    visible_bounds,
    width_reasons,
)

_BAR, _LANE, _GAP = 11.0, 8.0, 10.0
"""The height of a bar and of a line below it, and the distance of rows, in points."""


def bars(
    numbers: Panel | Result,
    *,
    ax: Axes | None = None,
    width: float = WIDTH,
    title: str = "",
) -> Axes:
    """Draw numbers as bars, with lines for bounds and bounds with unknown.

    A bar is filled up to the lower bound of the value, and hatched up to its upper bound; the
    hatch shows the reason for the range. A row without a value shows its status. Bounds that hold
    for any data are not drawn.

    Parameters
    ----------
    numbers : Panel or Result
        Numbers of one kind; each has a row, in their order.
    ax : matplotlib.axes.Axes, optional
        The axes to draw on; by default those of a new figure with the height that they need.
    width : float
        The width of a new figure in inches, by default 7.
    title : str, optional
        The title; by default the caption of the numbers.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    InvalidValue
        If there are no numbers, more than 120, or numbers of several kinds.

    Examples
    --------
    >>> import thbstats as thb
    >>> report = thb.publications.com_2018_777()
    >>> ax = thb.plots.bars(report.breakdown(by="exploitation", base="known"))
    >>> [label.get_text() for label in ax.get_yticklabels()]
    ['sexual', 'labour', 'other']
    """
    panel = as_panel(numbers)
    common_kind(panel)
    names, figures = row_names(panel), row_figures(panel)
    columns = visible_bounds(panel)
    lines = [[name for name, own in columns.items() if own[i]] for i in range(len(panel))]
    heights = [_BAR + len(own) * _LANE + _GAP for own in lines]
    plot = RowPlot(ax, width, names, figures, heights)
    optional = [end for own in columns.values() for ends in own if ends for end in ends]
    scale = value_scale(panel, plot.length, optional=optional)
    marks = plot.marks(scale)
    texts = {"bounds": bounds_label(panel), "bounds with unknown": "bounds with unknown"}
    values, widths, conflicts = (
        float_bounds(panel.value),
        width_reasons(panel),
        conflict_marks(panel),
    )
    for i, (own, middle) in enumerate(zip(lines, plot.middles, strict=True)):
        y, value = middle - len(own) * _LANE / 2, values[i]
        if value is None:
            status = Status(panel.status[i])
            marks.words(y, status.label, position=i, status=status)
        else:
            marks.bar(
                y, value, position=i, height=_BAR, name="value", text="value", width=widths[i]
            )
            if conflicts[i]:
                marks.ring(plot.ax, scale.clip(value)[1], y, conflicts[i], str(i))
        for lane, name in enumerate(own):
            ends = columns[name][i] or (0.0, 0.0)
            height = y + _BAR / 2 + (lane + 0.5) * _LANE
            options = BOUNDS if name == "bounds" else UNKNOWN
            gid, text = name.replace(" ", "_"), texts[name]
            marks.line(height, ends, position=i, name=gid, text=text, **options)
    return plot.finish(marks, "Bar chart", panel, row_sentences(names, figures), title=title)
