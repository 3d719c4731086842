"""Members in order, each with the ranks that it can have."""

from matplotlib.axes import Axes

from thbstats.plots.canvas import WIDTH, open_axes
from thbstats.plots.footnotes import footer, where
from thbstats.plots.layout import Around, frame
from thbstats.plots.marks import Pen
from thbstats.plots.rows import rows_of, rows_said
from thbstats.plots.scale import named, rank_scale
from thbstats.plots.style import BLUE, VERMILION
from thbstats.plots.wording import as_results, figure_of, hidden_note, title_of
from thbstats.results import Ranking, Result
from thbstats.values import Interval

__all__ = ["ranking"]

_ROW = 17.0


def ranking(
    found: Ranking,
    *,
    ax: Axes | None = None,
    width: float = WIDTH,
    title: str = "",
) -> Axes:
    """Draw the ranks that each member can have: a dot, or a line from the best to the worst.

    Parameters
    ----------
    found : Ranking
        What `thbstats.ranking` or `Report.ranking` gave; each member has a row, in their order.
    ax, width, title : optional
        As for `bars`.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    InvalidValue
        If nobody is ranked.

    Examples
    --------
    The report lists five citizenships without their counts, so that each can have any rank:

    >>> import thbstats as thb
    >>> found = thb.publications.com_2018_777().ranking("ii-top-eu-citizenships")
    >>> ax = thb.plots.ranking(found)
    >>> [label.get_text() for label in ax.get_yticklabels()], ax.lines[0].get_xdata().tolist()
    (['RO', 'HU', 'NL', 'PL', 'BG'], [1.0, 5.0])
    """
    members = as_results(found)
    axes = open_axes(ax, width)
    figures = [_figure(item) for item in members]
    rows = rows_of(axes, members.labels, figures, [_ROW] * len(members))
    scale = rank_scale(found.ranks, rows.length)
    body = rows.set_up(axes, scale)
    pen = Pen(axes, scale)
    for place, (ranks, middle) in enumerate(zip(found.ranks, rows.middles, strict=True)):
        sure = ranks.is_point
        pen.span(
            middle,
            ranks,
            place=place,
            name="rank" if sure else "ranks",
            text="its rank" if sure else "every rank from one to the other is possible",
            color=BLUE if sure else VERMILION,
            marker="o",
            hollow=not sure,
        )
    listed = () if found.ordered else ("The source lists them without an order.",)
    around = Around(
        kind=f"Ranking, {rows_said(len(members))}",
        title=title_of(members, title),
        where=where(members.items),
        axis=f"Rank; in figures: {named(members.items).lower()}",
        footer=footer(members.items, members.warnings, [*listed, *hidden_note(members)]),
        said=[
            f"{item.label}: rank {_ranks(ranks)}, {figure}"
            for item, ranks, figure in zip(members, found.ranks, figures, strict=True)
        ],
    )
    return frame(axes, around, body, pen.legend())


def _figure(item: Result) -> str:
    """Return a count in print, or that there is none."""
    return "no count" if item.reported is None else figure_of(item).split("\n")[0]


def _ranks(ranks: Interval) -> str:
    return f"{ranks.lower}" if ranks.is_point else f"{ranks.lower} to {ranks.upper}"
