"""Numbers of one kind as bars, with what they can be."""

from collections.abc import Iterable

from matplotlib.axes import Axes

from thbstats.plots.canvas import WIDTH, open_axes
from thbstats.plots.footnotes import footer, where
from thbstats.plots.layout import Around, frame
from thbstats.plots.marks import Pen
from thbstats.plots.rows import rows_of, rows_said
from thbstats.plots.scale import measure_of, named, scale_of
from thbstats.plots.style import BLACK, VERMILION
from thbstats.plots.wording import (
    as_results,
    figure_of,
    hidden_note,
    is_hidden,
    more,
    names_of,
    said,
    title_of,
)
from thbstats.results import Result, Results

__all__ = ["bars"]

_BAR, _LANE, _GAP = 11.0, 8.0, 10.0
"""Points: the height of a bar, of a line below it, and the paper between two rows."""

_LINES = {
    "bounds": ("bounds: the whole area, whoever reported", BLACK, False),
    "possible": ("possible: the unknown in any category", VERMILION, True),
}


def bars(
    numbers: Results | Result | Iterable[Result],
    *,
    ax: Axes | None = None,
    width: float = WIDTH,
    title: str = "",
) -> Axes:
    """Draw numbers as bars: reported, bounds and possible as three different marks.

    A bar is filled as far as the number is certain, and hatched between its two ends.

    Parameters
    ----------
    numbers : Results, Result or iterable of Result
        Numbers of one kind, such as a `Breakdown`; each has a row, in their order.
    ax : matplotlib.axes.Axes, optional
        Where to draw; in a figure of its own otherwise, as high as it needs to be.
    width : float
        How wide that figure is, in inches: 7 unless you say otherwise.
    title : str, optional
        Instead of the caption of the numbers.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    InvalidValue
        If there are no numbers, or they are of several kinds.

    Examples
    --------
    >>> import thbstats as thb
    >>> report = thb.publications.com_2018_777()
    >>> ax = thb.plots.bars(report.breakdown(by="exploitation", base="recorded"))
    >>> [label.get_text() for label in ax.get_yticklabels()]
    ['sexual', 'labour', 'other']
    """
    found = as_results(numbers)
    measure = measure_of(found.items)
    axes = open_axes(ax, width)
    lanes = [more(item) for item in found]
    rows = rows_of(
        axes,
        names_of(found),
        [figure_of(item) for item in found],
        [_BAR + len(own) * _LANE + _GAP for own in lanes],
    )
    reported = [item.reported for item in found if item.reported is not None]
    beside = [number for own in lanes for _, number in own]
    scale = scale_of(measure, reported, rows.length, beside=beside)
    body = rows.set_up(axes, scale)
    pen = Pen(axes, scale)
    for place, (item, own, middle) in enumerate(zip(found, lanes, rows.middles, strict=True)):
        bar = middle - len(own) * _LANE / 2
        if item.reported is None:
            pen.absent(bar, "not reported", place=place)
        else:
            pen.bar(
                bar,
                item.reported,
                height=_BAR,
                name="reported",
                text="reported",
                hidden=is_hidden(item),
                place=place,
            )
        for lane, (name, number) in enumerate(own):
            text, color, dotted = _LINES[name]
            pen.line(
                bar + _BAR / 2 + (lane + 0.5) * _LANE,
                number,
                name=name,
                text=text,
                color=color,
                dotted=dotted,
                place=place,
            )
    around = Around(
        kind=f"Bar chart, {rows_said(len(found))}",
        title=title_of(found, title),
        where=where(found.items),
        axis=named(found.items),
        footer=footer(found.items, found.warnings, hidden_note(found)),
        said=said(found),
    )
    return frame(axes, around, body, pen.legend())
