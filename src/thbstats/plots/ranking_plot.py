"""Members in order, with their possible ranks."""

from typing import Any

from matplotlib.axes import Axes

from thbstats.indicators import Ranking
from thbstats.plots.canvas import BLUE, PAPER, VERMILION, WIDTH
from thbstats.plots.footnotes import footer
from thbstats.plots.marks import RowPlot
from thbstats.plots.scale import axis_name, interval_bounds, rank_scale
from thbstats.plots.wording import as_panel, check_result, row_names

_ROW = 17.0
_OPTIONS: dict[str, Any] = {
    "linewidth": 2.5,
    "marker": "o",
    "markersize": 7,
    "markeredgewidth": 1.6,
}


def ranking(
    numbers: Ranking,
    *,
    ax: Axes | None = None,
    width: float = WIDTH,
    title: str = "",
) -> Axes:
    """Draw the possible ranks of each member, from the best to the worst.

    Parameters
    ----------
    numbers : Ranking
        The panel that `thbstats.ranking` or `Publication.ranking` returns, with one row for each
        member.
    ax, width, title : optional
        As for `bars`.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    InvalidValue
        If there is no member.

    Examples
    --------
    The report lists five citizenships without their counts, so that each can have any rank:

    >>> import thbstats as thb
    >>> found = thb.publications.com_2018_777().ranking("ii-top-eu-citizenships")
    >>> ax = thb.plots.ranking(found)
    >>> [label.get_text() for label in ax.get_yticklabels()], ax.lines[0].get_xdata().tolist()
    (['RO', 'HU', 'NL', 'PL', 'BG'], [1, 5])
    """
    panel = as_panel(numbers)
    check_result(numbers, "ranks", "thbstats.ranking")
    ranks = [
        (int(best), int(min(worst, len(panel)))) for best, worst in interval_bounds(numbers.ranks)
    ]
    names = row_names(panel)
    figures = ["no count" if row.value is None else row.formatted for row in panel]
    plot = RowPlot(ax, width, names, figures, [_ROW] * len(panel))
    marks = plot.marks(rank_scale(max(worst for _, worst in ranks), plot.length))
    for i, ((best, worst), middle) in enumerate(zip(ranks, plot.middles, strict=True)):
        if best == worst:
            options = {"color": BLUE, "markerfacecolor": BLUE}
            name, text = "rank", "rank"
        else:
            options = {"color": VERMILION, "markerfacecolor": PAPER}
            name, text = "ranks", "range of possible ranks"
        marks.line(middle, (best, worst), position=i, name=name, text=text, **_OPTIONS, **options)
    order = [] if numbers.ordered else ["The source lists them without an order."]
    sentences = [
        f"{name}: rank {best if best == worst else f'{best} to {worst}'}, {figure}"
        for name, figure, (best, worst) in zip(names, figures, ranks, strict=True)
    ]
    axis = f"Rank; in figures: {axis_name(panel).lower()}"
    more = {"title": title, "axis": axis, "footer": footer(panel, order)}
    return plot.finish(marks, "Ranking", panel, sentences, **more)
