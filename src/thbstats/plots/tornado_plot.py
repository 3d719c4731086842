"""A number without each of its members in turn."""

from typing import Any

from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from thbstats.errors import InvalidValue
from thbstats.indicators import LeaveOut
from thbstats.plots.canvas import BLACK, BLUE, RULE, VERMILION, WIDTH, capital
from thbstats.plots.footnotes import footer
from thbstats.plots.layout import Key
from thbstats.plots.marks import RowPlot
from thbstats.plots.scale import FloatBounds, Scale, common_kind, scale_of, stated_bounds
from thbstats.plots.wording import (
    as_panel,
    check_result,
    row_figures,
    row_names,
    width_reasons,
)
from thbstats.values import Interval

_BAR, _ROW = 10.0, 17.0


def tornado(
    numbers: LeaveOut,
    *,
    max_rows: int | None = None,
    ax: Axes | None = None,
    width: float = WIDTH,
    title: str = "",
) -> Axes:
    """Draw a number without each member in turn, the largest change first.

    Each bar starts at the number with all members. It is filled as far as the number certainly
    changes, and hatched between the bounds of the number without the member.

    Parameters
    ----------
    numbers : LeaveOut
        The panel that `thbstats.leave_out` returns for one number.
    max_rows : int, optional
        The largest number of rows; a note contains the number and the effect of the others.
    ax, width, title : optional
        As for `bars`.

    Returns
    -------
    matplotlib.axes.Axes
        Rows in order of the largest possible change; equal ones as in ``numbers``.

    Raises
    ------
    InvalidValue
        If ``max_rows`` is below 1.

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
    >>> found = thb.leave_out(
    ...     thb.share(table, exploitation="labour", base="known", area="DE+FR+UK")
    ... )
    >>> ax = thb.plots.tornado(found)
    >>> [label.get_text() for label in ax.get_yticklabels()]
    ['DE', 'UK', 'FR']
    """
    if max_rows is not None and max_rows < 1:
        raise InvalidValue(
            "`max_rows` must be 1 or more", field="max_rows", value=max_rows, hint="Use max_rows=1"
        )
    panel = as_panel(numbers)
    check_result(numbers, "all_countries", "thbstats.leave_out")
    whole = numbers.all_countries
    alone = whole.panel.take([whole.position])
    kind = common_kind(panel)
    moves = [row.value_or_bounds - whole.value_or_bounds for row in panel]
    order = sorted(range(len(panel)), key=lambda i: -_size(moves[i]))
    chosen, left = order[:max_rows], order[max_rows:] if max_rows else []
    every = row_names(panel)
    names = [every[i] for i in chosen]
    figures = [kind.format_difference(moves[i]) for i in chosen]
    plot = RowPlot(ax, width, names, figures, [_ROW] * len(chosen))
    rows = panel.take(chosen)
    ends, (base,), widths = stated_bounds(rows), stated_bounds(alone), width_reasons(rows)
    scale = scale_of(kind, [end for own in (base, *ends) for end in own], plot.length, zero=False)
    marks = plot.marks(scale)
    low, high = scale.clip(base)
    for i, (own, middle) in enumerate(zip(ends, plot.middles, strict=True)):
        own_low, own_high = scale.clip(own)
        above = own_low + own_high > low + high
        # The common part of both numbers is no change: the bar starts where it ends.
        overlapping = own_low <= high and own_high >= low
        start = min(max(own_low, low), high) if overlapping else (high if above else low)
        marks.bar(
            middle,
            own,
            position=i,
            height=_BAR,
            name="above" if above else "below",
            text="higher without it" if above else "lower without it",
            color=VERMILION if above else BLUE,
            start=start,
            width=widths[i],
        )
    key = _whole(plot.ax, scale, base, f"with all: {row_figures(alone)[0].splitlines()[0]}")
    marks.keys = {"whole": key, **marks.keys}
    notes = []
    if left:
        reach = kind.format_difference(_hull([moves[i] for i in left]))
        notes.append(f"Not shown: {len(left)} more, which change it by {reach}.")
    sentences = [
        f"without {name}: {row.formatted}, {figure}"
        for name, row, figure in zip(names, rows, figures, strict=True)
    ]
    return plot.finish(
        marks,
        "Tornado plot",
        alone,
        [f"With all: {whole.formatted}", *sentences],
        title=title or capital(panel.caption),
        footer=footer(alone, notes, warnings=rows.warnings),
    )


def _size(move: Interval) -> float:
    """Return the largest possible change."""
    sides = (move.lower, move.upper)
    return max(float("inf") if end is None else abs(float(end)) for end in sides)


def _hull(moves: list[Interval]) -> Interval:
    lower, upper = [move.lower for move in moves], [move.upper for move in moves]
    return Interval(
        None if None in lower else min(end for end in lower if end is not None),
        None if None in upper else max(end for end in upper if end is not None),
    )


def _whole(ax: Axes, scale: Scale, ends: FloatBounds, text: str) -> Key:
    """Draw the number with all members across all rows."""
    low, high = scale.clip(ends)
    if low == high:
        ax.axvline(low, color=BLACK, linewidth=1.3, zorder=5).set_gid("whole")
        return Line2D([], [], color=BLACK, linewidth=1.3), text
    options: dict[str, Any] = {"facecolor": RULE, "edgecolor": BLACK, "linewidth": 0.8}
    ax.axvspan(low, high, zorder=0.5, **options).set_gid("whole")
    return Patch(**options), text
