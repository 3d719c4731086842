"""Bars of numbers, of the stages of justice, and of a number without each member."""

from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from thbstats.display import count
from thbstats.errors import require
from thbstats.indicators import LeaveOut
from thbstats.panel import Panel, Result, ResultKind
from thbstats.plots.canvas import BLACK, BLUE, GREY, RULE, VERMILION, WIDTH, Look, capital
from thbstats.plots.footnotes import footer
from thbstats.plots.marks import BOUNDS, UNKNOWN, RowPlot
from thbstats.plots.numbers import PlotNumbers, Width, check_result, spoken
from thbstats.plots.scale import common_kind, float_bounds, scale_of, value_scale
from thbstats.values import Interval

_BAR, _LANE, _GAP = 11.0, 8.0, 10.0
"""The height of a bar and of a line below it, and the distance of rows, in points."""
_STAGE, _STAGE_GAP = 10.0, 12.0
_MEMBER, _ROW = 10.0, 17.0


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
        If `numbers` is empty or has more than 120 rows, or numbers of several kinds.

    Examples
    --------
    >>> import thbstats as thb
    >>> report = thb.publications.com_2018_777()
    >>> ax = thb.plots.bars(report.breakdown(of="exploitation", base="known"))
    >>> [label.get_text() for label in ax.get_yticklabels()]
    ['sexual', 'labour', 'other']
    """
    rows = PlotNumbers(numbers)
    panel, columns = rows.panel, rows.bounds
    scale = value_scale(
        panel, [end for own in columns.values() for ends in own for end in ends or ()]
    )
    lines = [[name for name, own in columns.items() if own[i]] for i in range(len(panel))]
    heights = [_BAR + len(own) * _LANE + _GAP for own in lines]
    plot = RowPlot(ax, width, rows.names, rows.figures, heights=heights, scale=scale)
    looks = {"bounds": (BOUNDS, rows.bounds_label), "bounds with unknown": (UNKNOWN, "")}
    for i, (own, middle) in enumerate(zip(lines, plot.middles, strict=True)):
        y, value = middle - len(own) * _LANE / 2, rows.values[i]
        if value is None:
            plot.words(y, rows.statuses[i].label, i, rows.statuses[i])
        else:
            shared: Look = {"position": i, "name": "value", "text": "value"}
            plot.bar(y, value, height=_BAR, width=rows.widths[i], **shared)
        if value is not None and rows.conflicts[i]:
            plot.ring((scale.clip(value)[1], y), rows.conflicts[i], str(i))
        for lane, name in enumerate(own):
            (options, text), ends = looks[name], columns[name][i] or (0.0, 0.0)
            y_line = y + _BAR / 2 + (lane + 0.5) * _LANE
            plot.line(y_line, ends, i, name.replace(" ", "_"), text or name, **options)
    return plot.finish("Bar chart", panel, spoken(rows.names, rows.figures), title=title)


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
        If `numbers` is empty.

    Examples
    --------
    >>> import thbstats as thb
    >>> steps = thb.justice.funnel(thb.publications.com_2018_777().data.justice)
    >>> [round(bar.get_width()) for bar in thb.plots.funnel(steps).patches]
    [7503, 5979, 5979, 2927, 7503, 2927]
    """
    rows = PlotNumbers(numbers)
    panel = rows.panel
    figures = [
        f"{figure.splitlines()[0]}\n{count(row.numerator)} / {count(row.denominator)}"
        for row, figure in zip(panel, rows.figures, strict=True)
    ]
    stages = (
        ("earlier", "stage before", GREY, float_bounds(panel.denominator)),
        ("later", "stage after", BLUE, float_bounds(panel.numerator)),
    )
    ends = [end for *_, column in stages for own in column for end in own or ()]
    scale = scale_of(ResultKind.COUNT, ends)
    plot = RowPlot(ax, width, rows.names, figures, heights=2 * _STAGE + _STAGE_GAP, scale=scale)
    for i, middle in enumerate(plot.middles):
        cause = Width.SUPPRESSED if panel.suppression.cells[i] else Width.INTERVAL
        for lane, (name, text, color, column) in enumerate(stages):
            y, stage = middle + (lane - 0.5) * _STAGE, column[i]
            if stage is None:
                plot.words(y, rows.statuses[i].label, i, rows.statuses[i])
            else:
                shared: Look = {"position": i, "name": name, "text": text, "color": color}
                plot.bar(y, stage, height=_STAGE, width=cause, **shared)
    kinds = zip(panel.denominator_kind, panel.numerator_kind, strict=True)
    axis = capital(", ".join(dict.fromkeys(side.label for pair in kinds for side in pair)))
    return plot.finish("Funnel", panel, spoken(rows.names, figures), title=title, axis=axis)


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
    >>> options = {"base": "known", "complete_dimensions": "exploitation"}
    >>> labour = thb.share(table, exploitation="labour", **options)
    >>> ax = thb.plots.tornado(thb.leave_out(labour))
    >>> [label.get_text() for label in ax.get_yticklabels()]
    ['DE', 'UK', 'FR']
    """
    rows, names, figures, others = largest_moves(numbers, max_rows)
    whole, kind = PlotNumbers(numbers.all_countries), common_kind(rows.panel)
    base, text = whole.stated[0], f"with all: {whole.figures[0].splitlines()[0]}"
    scale = scale_of(kind, [end for ends in (base, *rows.stated) for end in ends], zero=False)
    plot = RowPlot(ax, width, names, figures, heights=_ROW, scale=scale)
    low, high = scale.clip(base)
    if low == high:
        plot.ax.axvline(low, color=BLACK, linewidth=1.3, zorder=5, gid="whole")
        plot.keys["whole"] = Line2D([], [], color=BLACK, linewidth=1.3), text
    else:
        look: Look = {"facecolor": RULE, "edgecolor": BLACK, "linewidth": 0.8}
        plot.ax.axvspan(low, high, zorder=0.5, gid="whole", **look)
        plot.keys["whole"] = Patch(**look), text
    for i, (ends, middle) in enumerate(zip(rows.stated, plot.middles, strict=True)):
        own_low, own_high = scale.clip(ends)
        above = own_low + own_high > low + high
        # The bar starts at the end of the common part, which does not change.
        overlapping = own_low <= high and own_high >= low
        start = min(max(own_low, low), high) if overlapping else (high if above else low)
        plot.bar(
            middle, ends, height=_MEMBER, position=i, name="above" if above else "below",
            text="higher without it" if above else "lower without it", width=rows.widths[i],
            color=VERMILION if above else BLUE, start=start,
        )  # fmt: skip
    notes = []
    if others:
        lower = [move.lower for move in others if move.lower is not None]
        upper = [move.upper for move in others if move.upper is not None]
        bounded = len(lower) == len(others), len(upper) == len(others)
        reach = Interval(min(lower) if bounded[0] else None, max(upper) if bounded[1] else None)
        change = kind.format_difference(reach)
        notes.append(f"Not shown: {len(others)} more, which change it by {change}.")
    sentences = [
        f"without {name}: {row.formatted}, {figure}"
        for name, row, figure in zip(names, rows.panel, figures, strict=True)
    ]
    return plot.finish(
        "Tornado plot",
        whole.panel,
        [f"With all: {numbers.all_countries.formatted}", *sentences],
        title=title or capital(numbers.caption),
        lines=footer(whole.panel, notes, warnings=rows.panel.warnings),
    )


def largest_moves(
    numbers: LeaveOut, max_rows: int | None
) -> tuple[PlotNumbers, list[str], list[str], list[Interval]]:
    """Return the rows with the largest changes, their names and changes, and other changes."""
    is_positive = max_rows is None or max_rows >= 1
    require(is_positive, "`max_rows` must be 1 or more", "Use max_rows=1", max_rows=max_rows)
    every = PlotNumbers(numbers)
    check_result(numbers, "all_countries", "thbstats.leave_out")
    kind, all_members = common_kind(every.panel), numbers.all_countries.value_or_bounds
    moves = [row.value_or_bounds - all_members for row in every.panel]
    sizes = [
        max(float("inf") if end is None else abs(float(end)) for end in (move.lower, move.upper))
        for move in moves
    ]
    order = sorted(range(len(moves)), key=lambda i: -sizes[i])[:max_rows]
    names = [every.names[i] for i in order]
    figures = [kind.format_difference(moves[i]) for i in order]
    others = [move for i, move in enumerate(moves) if i not in order]
    return PlotNumbers(every.panel.take(order)), names, figures, others
