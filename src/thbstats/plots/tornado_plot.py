"""How much a number rests on each member: a bar for each that is left out."""

from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from thbstats.errors import InvalidValue
from thbstats.plots.canvas import WIDTH, open_axes
from thbstats.plots.footnotes import footer, where
from thbstats.plots.layout import Around, Key, frame
from thbstats.plots.marks import Pen
from thbstats.plots.rows import rows_of, rows_said
from thbstats.plots.scale import Scale, measure_of, named, scale_of
from thbstats.plots.style import BLACK, BLUE, RULE, VERMILION
from thbstats.plots.wording import is_hidden, title_of
from thbstats.results import LeaveOneOut, Result
from thbstats.values import Interval

__all__ = ["tornado"]

_BAR, _ROW = 10.0, 17.0


def tornado(
    found: LeaveOneOut,
    *,
    most: int | None = None,
    ax: Axes | None = None,
    width: float = WIDTH,
    title: str = "",
) -> Axes:
    """Draw a number without each member in turn, those first without whom it moves most.

    Each bar begins at the number with all members. It is filled as far as the number certainly
    moves, and hatched between the ends that the number without the member can have.

    Parameters
    ----------
    found : LeaveOneOut
        What `leave_one_out` or `leave_groups_out` gave.
    most : int, optional
        So many rows; a note says how many are left out and how far these move it.
    ax, width, title : optional
        As for `bars`.

    Returns
    -------
    matplotlib.axes.Axes
        Rows in order of the largest move that is possible; equal ones as in ``found``.

    Raises
    ------
    InvalidValue
        If ``most`` is below 1.

    Examples
    --------
    >>> import thbstats as thb
    >>> rows = [("UK", 60, 40), ("FR", 40, 20), ("DE", 0, 50)]
    >>> table = thb.CountTable.from_rows(
    ...     [(area, form, n) for area, *ns in rows for form, n in zip(("labour", "sexual"), ns)],
    ...     columns=["area", "exploitation", "value"],
    ...     kind="victims",
    ...     period=2016,
    ... )
    >>> found = thb.leave_one_out(
    ...     table, lambda t: thb.share(t, exploitation="labour", base="recorded")
    ... )
    >>> ax = thb.plots.tornado(found)
    >>> [label.get_text() for label in ax.get_yticklabels()]
    ['DE', 'UK', 'FR']
    """
    if most is not None and most < 1:
        raise InvalidValue("a plot has a row", field="most", value=most, mend="Give 1 or more")
    measure = measure_of([found.whole, *found])
    moves = dict(zip(range(len(found)), found.moves(), strict=True))
    order = sorted(moves, key=lambda place: -_size(moves[place]))
    shown, left = order[:most], order[most:] if most else []
    items = [found[place] for place in shown]
    axes = open_axes(ax, width)
    figures = [measure.show_difference(moves[place]) for place in shown]
    rows = rows_of(axes, [item.label for item in items], figures, [_ROW] * len(items))
    stated = [item.stated for item in (found.whole, *items)]
    scale = scale_of(measure, stated, rows.length, zero=False)
    body = rows.set_up(axes, scale)
    pen = Pen(axes, scale)
    for place, (item, middle) in enumerate(zip(items, rows.middles, strict=True)):
        _draw(pen, item, found.whole.stated, middle, place)
    whole = _whole(axes, scale, found.whole)
    notes = [_rest([moves[place] for place in left], found.whole)] if left else []
    around = Around(
        kind=f"Tornado plot, {rows_said(len(items))}",
        title=title_of(found, title),
        where=where([found.whole]),
        axis=named([found.whole]),
        footer=footer([found.whole], found.warnings, notes),
        said=[
            f"With all: {found.whole.shown}",
            *(
                f"without {item.label}: {item.shown}, {figure}"
                for item, figure in zip(items, figures, strict=True)
            ),
        ],
    )
    return frame(axes, around, body, [whole, *pen.legend()])


def _size(move: Interval) -> float:
    """Return how far a number can move at most."""
    sides = (move.lower, move.upper)
    return max(float("inf") if end is None else abs(float(end)) for end in sides)


def _draw(pen: Pen, item: Result, whole: Interval, y: float, place: int) -> None:
    low, high = pen.scale.clip(whole)
    own_low, own_high = pen.scale.clip(item.stated)
    above = own_low + own_high > low + high
    # What both can be is no move: the bar begins where the number with all members ends.
    start = min(max(own_low, low), high) if own_low <= high and own_high >= low else None
    edge = high if above else low
    pen.bar(
        y,
        item.stated,
        place=place,
        height=_BAR,
        name="above" if above else "below",
        text="higher without it" if above else "lower without it",
        color=VERMILION if above else BLUE,
        start=edge if start is None else start,
        hidden=is_hidden(item),
    )


def _whole(ax: Axes, scale: Scale, whole: Result) -> Key:
    """Mark the number with all members from top to bottom."""
    low, high = scale.clip(whole.stated)
    text = f"with all: {whole.shown}"
    if low == high:
        made = ax.axvline(low, color=BLACK, linewidth=1.3, zorder=5)
        made.set_gid("whole")
        return Line2D([], [], color=BLACK, linewidth=1.3), text
    band = ax.axvspan(low, high, facecolor=RULE, edgecolor=BLACK, linewidth=0.8, zorder=0.5)
    band.set_gid("whole")
    return Patch(facecolor=RULE, edgecolor=BLACK, linewidth=0.8), text


def _rest(moves: list[Interval], whole: Result) -> str:
    """Return how many members have no row, and how far they move the number."""
    ends = [end for move in moves for end in (move.lower, move.upper) if end is not None]
    reach = Interval(min(ends), max(ends))
    return f"Not shown: {len(moves)} more, which move it by {whole.measure.show_difference(reach)}."
