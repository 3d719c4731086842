"""Funnel plot of the stages of criminal justice."""

from matplotlib.axes import Axes

from thbstats.display import count
from thbstats.panel import Panel, Result, ResultKind, Status
from thbstats.plots.canvas import BLUE, GREY, WIDTH, capital
from thbstats.plots.marks import RowPlot
from thbstats.plots.scale import float_bounds, scale_of
from thbstats.plots.wording import Width, as_panel, row_figures, row_names, row_sentences

_BAR, _GAP = 10.0, 12.0


def funnel(
    numbers: Panel | Result,
    *,
    ax: Axes | None = None,
    width: float = WIDTH,
    title: str = "",
) -> Axes:
    """Draw each ratio of two stages as two bars.

    Both counts of a step are over the countries that reported both stages, so that the bars of
    one stage can differ between steps. A later stage can exceed an earlier one.

    Parameters
    ----------
    numbers : Panel or Result
        Ratios such as those of `thbstats.justice.funnel`; each has a row, in their order.
    ax, width, title : optional
        As for `bars`.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    InvalidValue
        If there are no numbers.

    Examples
    --------
    >>> import thbstats as thb
    >>> steps = thb.justice.funnel(thb.publications.com_2018_777().data.justice)
    >>> [round(bar.get_width()) for bar in thb.plots.funnel(steps).patches]
    [7503, 5979, 5979, 2927, 7503, 2927]
    """
    panel = as_panel(numbers)
    names = row_names(panel)
    figures = [
        f"{figure.splitlines()[0]}\n{count(row.numerator)} / {count(row.denominator)}"
        for row, figure in zip(panel, row_figures(panel), strict=True)
    ]
    plot = RowPlot(ax, width, names, figures, [2 * _BAR + _GAP] * len(panel))
    stages = (
        ("earlier", "stage before", GREY, float_bounds(panel.denominator)),
        ("later", "stage after", BLUE, float_bounds(panel.numerator)),
    )
    known = [end for *_, column in stages for ends in column if ends for end in ends]
    marks = plot.marks(scale_of(ResultKind.COUNT, known, plot.length))
    suppressed = (panel.suppression.cells > 0).tolist()
    for i, middle in enumerate(plot.middles):
        for lane, (name, text, color, column) in enumerate(stages):
            y, ends = middle + (lane - 0.5) * _BAR, column[i]
            cause = Width.SUPPRESSED if suppressed[i] else Width.INTERVAL
            if ends is None:
                status = Status(panel.status[i])
                marks.words(y, status.label, position=i, status=status)
                continue
            marks.bar(
                y, ends, position=i, height=_BAR, name=name, text=text, color=color, width=cause
            )
    kinds = zip(panel.denominator_kind, panel.numerator_kind, strict=True)
    axis = capital(", ".join(dict.fromkeys(side.label for pair in kinds for side in pair)))
    return plot.finish(
        marks, "Funnel", panel, row_sentences(names, figures), title=title, axis=axis
    )
