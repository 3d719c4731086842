"""Bars of numbers, of the stages of justice, and of a number without each member."""

from functools import reduce
from math import inf
from typing import Any

from attrs import evolve
from matplotlib.axes import Axes

from thbstats._signatures import explain_arguments
from thbstats.columns import Fractions
from thbstats.errors import require
from thbstats.indicators import LeaveOut
from thbstats.languages import Language, Message, capitalised, joined
from thbstats.panel import Panel, Result, ResultKind, Status
from thbstats.plots.canvas import (
    BLACK,
    BLUE,
    GREY,
    PAPER,
    RULE,
    VERMILION,
    WIDTH,
    axis_name,
    common_kind,
    countries_words,
    float_bounds,
    label_words,
    scale_of,
    title_words,
)
from thbstats.plots.drawing import Drawing, RowMarks, Style, draw_rows, row_drawing
from thbstats.plots.drawn_numbers import PlotNumbers, check_result, shortened, value_text
from thbstats.plots.footnotes import footer, where
from thbstats.values import Interval

_BAR, _LANE, _GAP = 11.0, 7.0, 7.0
"""The height of a bar and of a line below it, and the distance of rows, in points."""
_STAGE, _FEW = 10.0, 12
"""The height of a stage in points; more rows than this have one line of figures."""


@explain_arguments
def bars(
    numbers: Panel | Result,
    *,
    ax: Axes | None = None,
    width: float = WIDTH,
    title: str = "",
    language: "str | Language" = "en",
) -> Axes:
    """Draw numbers as bars, with lines for bounds and bounds with unknown.

    A bar is filled up to the lower bound of the value, and pale up to its upper bound. Countries
    and citizenships are sorted by value; other categories keep their order. Rows of two dimensions
    are in groups. A published percentage has its published form and a thin line of its rounding.

    Parameters
    ----------
    numbers : Panel or Result
        Numbers of one kind.
    ax : matplotlib.axes.Axes, optional
        The axes to draw on; by default those of a new figure with the height that they need.
    width : float
        The width of a new figure in inches, by default 7.
    title : str, optional
        The title; by default the caption of the numbers in words.
    language : str or Language
        The language of the texts: ``"en"``, ``"fr"`` or ``"de"``. Numbers follow the language.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    InvalidValue
        If `numbers` is empty or has more than 120 rows, or numbers of several kinds.

    Notes
    -----
    The lines below the plot list by reason the rows without a bar: no data, contradictory counts,
    a share or ratio with a denominator below 20, and a share of which most persons are of unknown
    category. Bounds of a row without a value are drawn if they are narrow.

    Examples
    --------
    >>> import thbstats as thb
    >>> report = thb.publications.com_2018_777()
    >>> ax = thb.plots.bars(report.breakdown(of="exploitation", base="known"))
    >>> [label.get_text() for label in ax.get_yticklabels()]
    ['Sexual exploitation', 'Labour exploitation', 'Other exploitation']
    """
    return draw_rows(bars_drawing(numbers), ax, width, title, language)


def bars_drawing(numbers: object) -> Drawing:
    """Return bars of numbers, and the rows without a bar as text."""
    rows = PlotNumbers(numbers)
    if "countries" in rows.panel.keys:  # a change like for like is often the change as published
        fields = ("area", "category", "period", "status")
        columns = (*(getattr(rows.panel, name) for name in fields), rows.values)
        own = list(zip(*columns, strict=True))
        rows = rows.take([i for i, row in enumerate(own) if row not in own[:i]])
    panel, kind = rows.panel, common_kind(rows.panel)
    shown = [i for i in rows.order if rows.has_mark(i)]
    published = [None if own is None else float(own.value) for own in panel.printed]
    needed = [end for i in shown for end in rows.drawn[i] or ()]
    more = [end for column in rows.bounds.values() for i in shown for end in column[i] or ()]
    lanes = [
        name
        for name, column in rows.bounds.items()
        if any(column[i] and rows.drawn[i] for i in shown)
    ]
    start = len(lanes) * _LANE / 2
    bar = Style(shape="box", height=_BAR, lane=-start, text=_value_words(panel))
    styles = {"value": bar}
    looks = {
        "bounds": Style(shape="line", color=BLACK, marker="|", text=rows.bounds_text),
        "unknown": Style(
            shape="line", color=VERMILION, fill=PAPER, marker="o", dashes=(0, (1, 1.5)),
            text=_unknown_words(panel),
        ),
    }  # fmt: skip
    for lane, name in enumerate(lanes):
        styles[name] = evolve(looks[name], lane=(lane + 0.5) * _LANE + _BAR / 2 - start)
    for name, shift in (("bounds", -_LANE / 2), ("unknown", _LANE / 2)):
        both = any(rows.bounds["unknown"][i] and rows.drawn[i] is None for i in shown)
        styles[f"{name} alone"] = evolve(looks[name], lane=shift * both)
    thin = Style(
        shape="line", color=BLACK, size=0.8, marker="|", text=Message("rounding of the source")
    )
    styles["rounding"] = evolve(thin, lane=-start)
    marks = RowMarks(scale_of(kind, needed, more), styles)
    for row, i in enumerate(shown):
        value, printed = rows.drawn[i], published[i]
        if value is not None and printed is not None and value[0] <= printed <= value[1]:
            marks.add("value", row, (0.0, printed))
            marks.add("rounding", row, value)
        elif value is not None:
            marks.bar("value", row, value, 0.0, hidden=rows.suppressed[i])
        for name, column in rows.bounds.items():
            ends = column[i]
            if ends is not None:
                # Bounds without a value take the place of the bar.
                marks.add(name if value is not None else f"{name} alone", row, ends)
    most = 3 if len(shown) <= _FEW else 1
    return row_drawing(
        Message("Bar chart"), rows, marks, shown, names=[rows.named[i][1] for i in shown],
        groups=[rows.named[i][0] for i in shown], height=_BAR + len(lanes) * _LANE + _GAP,
        figures=[joined(rows.figures(i)[:most], "\n", "\n") for i in shown],
    )  # fmt: skip


def _value_words(panel: Panel) -> str:
    """Return the entry of the legend for values: what they are a share of."""
    labels = {panel.base.categories[code].label for code in panel.base.present}
    if common_kind(panel) is ResultKind.SHARE and len(labels) == 1:
        return Message("share of {counted}", counted=label_words(labels.pop()))
    return Message("value")


def _unknown_words(panel: Panel) -> str:
    labels = {own.label.partition(" of known ")[0] for own in panel.base}
    if panel.base[0].rule == "known" and len(labels) == 1:
        known: Any = panel.base[0].label
        counted = known.parameters["counted"] if isinstance(known, Message) else labels.pop()
        return Message("possible share of all {counted}", counted=counted)
    return Message("possible share with unknown categories")


@explain_arguments
def funnel(
    numbers: Panel | Result,
    *,
    ax: Axes | None = None,
    width: float = WIDTH,
    title: str = "",
    language: "str | Language" = "en",
) -> Axes:
    """Draw each ratio of two stages as two bars.

    Both counts of a step are over the countries that reported both stages, so that the bars of
    one stage can differ between steps. A later stage can exceed an earlier one.

    Parameters
    ----------
    numbers : Panel or Result
        Ratios such as those of `thbstats.justice.funnel`; each has a row, in their order.
    ax, width, title, language : optional
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
    >>> ax = thb.plots.funnel(steps)
    >>> [label.get_text() for label in ax.get_yticklabels()]
    ['Prosecutions per suspect', 'Convictions per prosecution', 'Convictions per suspect']
    """
    return draw_rows(funnel_drawing(numbers), ax, width, title, language)


def funnel_drawing(numbers: object) -> Drawing:
    """Return the two counts of each ratio as bars."""
    rows = PlotNumbers(numbers)
    panel = rows.panel
    stages = (("before", panel.denominator), ("after", panel.numerator))
    columns = {name: float_bounds(column) for name, column in stages}
    shown = [i for i, status in enumerate(panel.status) if status in (Status.OK, Status.UNDEFINED)]
    styles = {
        "before": Style(
            shape="box", color=GREY, height=_STAGE, lane=-_STAGE / 2, text=Message("stage before")
        ),
        "after": Style(shape="box", height=_STAGE, lane=_STAGE / 2, text=Message("stage after")),
    }
    ends = [end for own in columns.values() for i in shown for end in own[i] or ()]
    marks = RowMarks(scale_of(ResultKind.COUNT, ends), styles)
    for row, i in enumerate(shown):
        for name, column in columns.items():
            marks.bar(name, row, column[i] or (0, 0), 0.0, hidden=rows.suppressed[i])
    figures = []
    for i in shown:
        own = panel.row(i)
        known = own.n_reporters if own.reporters is None else len(own.reporters)
        countries = [] if known is None or len(own.area.members) == 1 else [countries_words(known)]
        text = value_text(own, is_small=bool(rows.reasons[i]))
        figures.append("\n".join([*text.replace(" (", "\n(", 1).split("\n"), *countries]))
    kinds = zip(panel.denominator_kind, panel.numerator_kind, strict=True)
    axis = capitalised(", ".join(dict.fromkeys(side.label for pair in kinds for side in pair)))
    return row_drawing(
        Message("Funnel"), rows, marks, shown, axis=axis, figures=figures, height=2 * _STAGE + 14.0
    )  # fmt: skip


@explain_arguments
def tornado(
    numbers: LeaveOut,
    *,
    max_rows: int | None = 10,
    ax: Axes | None = None,
    width: float = WIDTH,
    title: str = "",
    language: "str | Language" = "en",
) -> Axes:
    """Draw a number without each member in turn, the largest change first.

    Each bar starts at the number with all members. It is filled as far as the number certainly
    changes, and pale between the bounds of the number without the member.

    Parameters
    ----------
    numbers : LeaveOut
        The panel that `thbstats.leave_out` returns for one number.
    max_rows : int, optional
        The largest number of rows, by default 10; None for all. A note contains the number and the
        effect of the others.
    ax, width, title, language : optional
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
    ['Without Germany', 'Without United Kingdom', 'Without France']
    """
    return draw_rows(tornado_drawing(numbers, max_rows), ax, width, title, language)


def tornado_drawing(numbers: LeaveOut, max_rows: int | None = 10) -> Drawing:
    """Return the number without each member as a bar from the number with all members."""
    is_positive = max_rows is None or max_rows >= 1
    require(is_positive, "`max_rows` must be 1 or more", "Use max_rows=1", max_rows=max_rows)
    every = PlotNumbers(numbers)
    check_result(numbers, "all_countries", "thbstats.leave_out")
    kind, whole = common_kind(every.panel), PlotNumbers(numbers.all_countries)
    stated = numbers.all_countries.value_or_bounds
    moves = [_move(kind, row.value_or_bounds, stated) for row in every.panel]
    sizes = float_bounds(Fractions.from_values(moves))
    reach = [max(map(abs, ends or (inf,))) for ends in sizes]
    order = sorted(range(len(moves)), key=lambda i: -reach[i])
    chosen, others = order[:max_rows], order[len(order[:max_rows]) :]
    rows, base = every.take(chosen), whole.stated[0]
    changes = [kind.format_difference(moves[i]) for i in chosen]
    ends = [end for own in (base, *rows.stated) for end in own]
    all_text = Message("with all: {figure}", figure=value_text(numbers.all_countries))
    styles = {
        "whole": Style(shape="box", color=BLACK, fill=RULE, text=all_text, height=17.0),
        "lower": Style(shape="box", color=BLUE, height=_STAGE, text=Message("lower without it")),
        "higher": Style(
            shape="box", color=VERMILION, height=_STAGE, text=Message("higher without it")
        ),
        "same": Style(
            shape="point", marker="|", size=9, color=BLUE, text=Message("no certain change")
        ),
    }
    marks = RowMarks(scale_of(kind, ends, zero=False), styles)
    low, high = marks.scale.clip(base)
    for row, own in enumerate(rows.stated):
        marks.add("whole", row, base)
        own_low, own_high = marks.scale.clip(own)
        above = own_low + own_high > low + high
        # The bar starts at the end of the common part, which does not change.
        start = min(max(own_low, low), high) if above else max(min(own_high, high), low)
        style = "higher" if above else "lower"
        if own_low == own_high == start:
            marks.add("same", row, own)
        else:
            marks.bar(style, row, own, start, hidden=rows.suppressed[row])
    notes = []
    if others:
        change = kind.format_difference(reduce(Interval.hull, [moves[i] for i in others]))
        text = "Not shown: {n} more, which change the number by {change}."
        notes.append(Message(text, n=len(others), change=change))
    names = [Message("Without {name}", name=name) for name in rows.names]
    texts = zip(names, rows.panel, changes, strict=True)
    spoken = [f"{name}: {row.formatted}, {change}" for name, row, change in texts]
    return row_drawing(
        Message("Tornado plot"), rows, marks, range(len(names)), title=title_words(numbers),
        subtitle=where(whole.panel), axis=axis_name(whole.panel), names=names, figures=changes,
        height=17.0, footer=footer(whole, notes, warnings=rows.panel.warnings), panel=numbers,
        spoken=[f"With all: {numbers.all_countries.formatted}", *shortened(spoken, len(spoken))],
    )  # fmt: skip


def _move(kind: ResultKind, without: Interval, whole: Interval) -> Interval:
    """Return a change; the count of a sum that leaves it is known apart from the others."""
    ends = (without.lower, whole.lower), (without.upper, whole.upper)
    if kind is ResultKind.COUNT and None not in (*ends[0], *ends[1]):
        return Interval(*sorted(a - b for a, b in ends))  # type: ignore[operator]
    return without - whole
