"""Plots with a row for each number: bars, stages, ranks, pairs, ranges and exclusions."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from math import inf, isfinite
from typing import TYPE_CHECKING, Any

from attrs import evolve
from matplotlib.axes import Axes

from thbstats._signatures import explain_arguments
from thbstats.columns import Fractions
from thbstats.display import count
from thbstats.errors import require
from thbstats.indicators import LeaveOut, Ranking
from thbstats.languages import Language, Message, capitalised, joined, lowered
from thbstats.panel import Panel, Result, ResultKind, Status
from thbstats.panel.names import area_labels
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
    counted_words,
    countries_words,
    float_bounds,
    scale_of,
    title_words,
)
from thbstats.plots.drawing import (
    Data,
    Drawing,
    RowMarks,
    Style,
    draw_rows,
    kind_text,
    number_records,
    row_drawing,
)
from thbstats.plots.drawn_numbers import (
    Footer,
    PlotNumbers,
    check_result,
    footer,
    section_list,
    shortened,
    titled,
    value_text,
    warning_lines,
    where,
)
from thbstats.rules import Comparison, compare
from thbstats.values import Interval

if TYPE_CHECKING:
    from thbstats.bounds import Inference, Inferences

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
    """Return the text of the legend for values, with their denominator."""
    labels = {panel.base.categories[code].label for code in panel.base.present}
    if common_kind(panel) is ResultKind.SHARE and len(labels) == 1:
        return Message("share of {counted}", counted=labels.pop())
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
        parts: Mapping[str, str] = getattr(text, "parameters", {})
        lines = [text]
        if "others" in parts:  # the counts are on a line of their own
            lines = [parts["text"], Message("({figure})", figure=parts["others"])]
        figures.append(joined([*lines, *countries], "\n", "\n"))
    kinds = zip(panel.denominator_kind, panel.numerator_kind, strict=True)
    labels = dict.fromkeys(side.label for pair in kinds for side in pair)
    axis = capitalised(joined(labels, ", "))
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
        The largest number of rows, by default 10; None for all. A note states the number of other
        members, which change it as much or less.
    ax, width, title, language : optional
        As for `bars`.

    Returns
    -------
    matplotlib.axes.Axes
        Rows by largest possible change; rows with equal changes keep the order of ``numbers``.

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
        notes.append(Message("Not shown: {n} more, with smaller or equal changes.", n=len(others)))
    names = [Message("Without {name}", name=name) for name in rows.names]
    texts = zip(names, rows.panel, changes, strict=True)
    spoken = [
        Message("{name}: {figure}", name=name, figure=joined((row.formatted, change), ", "))
        for name, row, change in texts
    ]
    return row_drawing(
        Message("Tornado plot"), rows, marks, range(len(names)), title=title_words(numbers),
        subtitle=where(whole.panel), axis=axis_name(whole.panel), names=names, figures=changes,
        height=17.0, footer=footer(whole, notes, warnings=rows.panel.warnings), panel=numbers,
        spoken=[capitalised(all_text), *shortened(spoken, len(spoken))],
    )  # fmt: skip


def _move(kind: ResultKind, without: Interval, whole: Interval) -> Interval:
    """Return the effect of a member on a number; its own count in a sum is exact or bounded."""
    ends = (without.lower, whole.lower), (without.upper, whole.upper)
    if kind is ResultKind.COUNT and None not in (*ends[0], *ends[1]):
        return Interval(*sorted(a - b for a, b in ends))  # type: ignore[operator]
    return without - whole


_APART = 4.5
"""The distance of overlapping numbers from the middle of their row, in points."""
_MOST_CLAIMS = 2
"""A plot names at most this many claims of an assumption."""
_JOIN = Style(shape="line", color=GREY)
_FIRST = Style(shape="line", size=2.5, marker="o")
_SECOND = Style(shape="line", color=VERMILION, fill=PAPER, size=2.5, marker="s")


@explain_arguments
def ranking(
    numbers: Ranking,
    *,
    ax: Axes | None = None,
    width: float = WIDTH,
    title: str = "",
    language: "str | Language" = "en",
) -> Axes:
    """Draw the counts of a ranking as bars, and the possible ranks as text.

    Parameters
    ----------
    numbers : Ranking
        The panel that `thbstats.ranking` returns, with one row for each member.
    ax, width, title, language : optional
        As for `bars`.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    InvalidValue
        If `numbers` is empty, or is a list without counts.

    Examples
    --------
    >>> import thbstats as thb
    >>> table = thb.CountTable.from_rows(
    ...     [("BE", 8), ("FR", 20), ("LU", thb.Count.fewer_than(5))],
    ...     columns=["area", "value"], kind="victims", period=2016,
    ... )
    >>> ax = thb.plots.ranking(thb.ranking(table, by="area"))
    >>> [label.get_text() for label in ax.get_yticklabels()]
    ['1 France', '2 Belgium', '3 Luxembourg']
    """
    return draw_rows(ranking_drawing(numbers), ax, width, title, language)


def ranking_drawing(numbers: Ranking) -> Drawing:
    """Return the counts as bars, with the possible ranks in the names."""
    rows = PlotNumbers(numbers)
    check_result(numbers, "ranks", "thbstats.ranking")
    panel = rows.panel
    shown = [i for i, value in enumerate(rows.values) if value is not None]
    problem, hint = "`numbers` must have counts", "Print the list: its members have no counts"
    require(shown, problem, hint, numbers=f"{len(panel)} members without a count")
    ranks = [*map(count, numbers.ranks)]
    scale = scale_of(common_kind(panel), [end for i in shown for end in rows.values[i] or ()])
    marks = RowMarks(scale, {"value": Style(shape="box", height=_BAR, text=Message("value"))})
    for row, i in enumerate(shown):
        ends = rows.values[i] or (0, 0)
        marks.bar("value", row, ends, 0.0, hidden=rows.suppressed[i])
    names = [joined((ranks[i], rows.names[i]), " ", " ") for i in shown]
    spoken = [
        Message(
            "{name}: rank {rank}, {figure}", name=rows.names[i], rank=ranks[i], figure=rows.text(i)
        )
        for i in shown
    ]
    return row_drawing(
        Message("Ranking"), rows, marks, shown, names=names, spoken=shortened(spoken, len(spoken)),
        notes=[Message("In front of each name: its rank, or its possible ranks.")],
        figures=[rows.text(i) for i in shown], height=_BAR + _GAP,
    )  # fmt: skip


@explain_arguments
def dumbbell(
    first: Panel | Result,
    second: Panel | Result,
    *,
    names: tuple[str, str] | None = None,
    ax: Axes | None = None,
    width: float = WIDTH,
    title: str = "",
    language: "str | Language" = "en",
) -> Axes:
    """Draw two numbers for each category on one line, with the verdict on the pair.

    Parameters
    ----------
    first, second : Panel or Result
        The same categories twice, such as a breakdown with and without one country; the rows have
        the order of `bars`.
    names : tuple of str, optional
        The names of both numbers; by default the areas, periods or denominators that differ.
    ax, width, title, language : optional
        As for `bars`.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    InvalidValue
        If the two have different categories, or numbers of several kinds.

    Examples
    --------
    >>> import thbstats as thb
    >>> report = thb.publications.com_2018_777()
    >>> forms = report.breakdown(of="exploitation", base="known")
    >>> others = report.breakdown(of="exploitation", base="known", area="EU28 without UK")
    >>> ax = thb.plots.dumbbell(forms, others)
    >>> [text.get_text() for text in ax.get_legend().get_texts()]
    ['EU28', 'EU28 without UK']
    """
    return draw_rows(dumbbell_drawing(first, second, names), ax, width, title, language)


def dumbbell_drawing(first: object, second: object, names: Sequence[str] | None = None) -> Drawing:
    """Return two numbers for each category, with the verdict on the pair."""
    left, right, pairs, captions = number_pairs(first, second, names)
    every = Panel.concat([left.panel, right.panel])
    sides = (("first", left, captions[0]), ("second", right, captions[1]))
    shown = [i for i in left.order if left.drawn[i] or right.drawn[i]]
    ends = [end for i in shown for _, own, _ in sides for end in own.drawn[i] or ()]
    looks = {"first": _FIRST, "second": _SECOND}
    styles = {"join": _JOIN} | {
        name: evolve(looks[name], text=caption) for name, _, caption in sides
    }
    marks = RowMarks(scale_of(common_kind(every), ends), styles)
    figures, rows = [], []
    for row, i in enumerate(shown):
        both = sorted(own for own in (left.drawn[i], right.drawn[i]) if own)
        apart = len(both) == 2 and both[0][1] >= both[1][0]
        if len(both) == 2 and not apart:
            marks.add("join", row, (both[0][1], both[1][0]))
        reasons = list[str]()
        for (name, own, caption), shift in zip(sides, (-_APART, _APART), strict=True):
            value = own.drawn[i]
            if value is not None:
                marks.add(name, row, value, shift * apart)
            else:
                is_small = own.reasons[i].startswith("Fewer")
                text = own.text(i) if is_small else lowered(own.reasons[i])
                reasons.append(Message("{name}: {figure}", name=caption, figure=text))
        figures.append(joined(reasons, "\n", "\n") if reasons else pairs[i].formatted)
        rows.append(left.names[i])
    verdicts: dict[str, list[str]] = {}
    paired = [i for i in shown if left.drawn[i] and right.drawn[i]]
    for i in paired:
        verdicts.setdefault(pairs[i].verdict.label, []).append(left.names[i])
    listed = [
        Message(
            "{reason}: {rows}.",
            reason=capitalised(verdict),
            rows=Message("all pairs") if len(verdicts) == 1 else joined(own, ", "),
        )
        for verdict, own in verdicts.items()
    ]
    text = "Figures on the right: {second} minus {first}."
    notes: list[str] = [Message(text, first=captions[0], second=captions[1]), *listed]
    absent: dict[str, list[str]] = {}
    for i in left.order:
        if i not in shown:
            reasons = list(dict.fromkeys([left.reasons[i], right.reasons[i]]))
            name, counts = left.names[i], joined((left.text(i), right.text(i)), " / ")
            if reasons[0].startswith("Fewer"):
                name = Message("{text} ({others})", text=name, others=counts)
            absent.setdefault(joined(reasons, " / ", " / "), []).append(name)
    notes += [
        Message("{reason}: {rows}.", reason=reason, rows=joined(own, ", "))
        for reason, own in absent.items()
    ]
    both_texts = [
        joined(
            Message("{text} ({others})", text=own.text(i), others=caption)
            for _, own, caption in sides
        )
        for i in range(len(left.names))
    ]
    sentences = [
        Message("{name}: {figure}", name=name, figure=joined(parts, ", "))
        for name, *parts in zip(
            left.names, both_texts, (own.formatted for own in pairs),
            (own.verdict.label for own in pairs), strict=True,
        )
    ]  # fmt: skip

    def records() -> list[Data]:
        own = number_records(left.take(shown), rows), number_records(right.take(shown), rows)
        return [
            {f"second_{key}": value for key, value in other.items()} | row | {
                "figure": joined(
                    (
                        Message("{name}: {figure}", name=caption, figure=side.text(i))
                        for _, side, caption in sides
                    ),
                    "; ",
                ),
                "difference": pairs[i].formatted, "verdict": pairs[i].verdict.label,
                "warnings": ", ".join(pairs[i].warnings.codes),
            }
            for i, row, other in zip(shown, *own, strict=True)
        ]  # fmt: skip

    warnings = (item for i in paired for item in pairs[i].warnings)
    return row_drawing(
        Message("Dumbbell plot"), PlotNumbers(every), marks, shown,
        footer=footer(PlotNumbers(every), notes, warnings=warnings),
        title=title_words(every, axis_name(every)),
        subtitle=joined(captions, " / ") if names else where(every), names=rows, figures=figures,
        height=22.0, numbers=records, spoken=shortened(sentences, len(sentences)),
    )  # fmt: skip


def number_pairs(
    first: object, second: object, names: Sequence[str] | None
) -> tuple[PlotNumbers, PlotNumbers, list[Comparison], Sequence[str]]:
    """Return two panels with the same categories in order, their comparisons and their names."""
    left, right = PlotNumbers(first, "first"), PlotNumbers(second, "second")
    rows, others = left.names, right.names
    problem = "`second` must have the categories of `first`"
    hint = f"Use the categories {', '.join(rows[:5])}"
    require(sorted(rows) == sorted(others), problem, hint, second=", ".join(others))
    right = PlotNumbers(right.panel.take([others.index(name) for name in rows]))
    pairs = [compare(*pair) for pair in zip(left.panel, right.panel, strict=True)]
    number, other = left.panel.row(0), right.panel.row(0)
    choices = (
        tuple(area_labels([number.area, other.area])),
        (str(number.period), str(other.period)),
        (capitalised(number.base.label), capitalised(other.base.label)),
        (counted_words(number), counted_words(other)),
    )
    differing = (pair for pair in choices if pair[0] != pair[1])
    return left, right, pairs, names or next(differing, ("first", "second"))


def inferred(
    numbers: "Inferences | Inference",
    *,
    ax: Axes | None = None,
    width: float = WIDTH,
    title: str = "",
    language: "str | Language" = "en",
) -> Axes:
    """Draw inferred numbers as lines between their bounds; both are attained.

    Parameters
    ----------
    numbers : Inferences or Inference
        The result of `thbstats.infer`, all counts or all shares; each has a row, in their order.
        A number without information in the claims has no line.
    ax, width, title, language : optional
        As for `bars`.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    InvalidValue
        If `numbers` is empty, or has counts and shares.

    Examples
    --------
    >>> import thbstats as thb
    >>> report = thb.publications.com_2018_777()
    >>> ax = thb.plots.inferred(thb.infer(report, "victims", area="UK", exploitation="labour"))
    >>> ax.lines[0].get_xdata().tolist()
    [2666.0, 2865.0]
    """
    return draw_rows(inferred_drawing(numbers), ax, width, title, language)


def inferred_drawing(numbers: "Inferences | Inference") -> Drawing:
    """Return inferred numbers as lines between their bounds."""
    items, kind = inferred_items(numbers)
    values = float_bounds(Fractions.from_values(item.bounds for item in items))
    reach = getattr(numbers, "scale", None)
    ends = [end for own in values for end in own or ()]
    needed = ends if reach is None else [*ends, 0.0, float(Fraction(reach))]
    style = Style(
        shape="line", size=2.5, marker="d", fill=PAPER, text=Message("bounds from claims")
    )
    marks = RowMarks(scale_of(kind, needed), {"inferred": style})
    shown = [(item, own) for item, own in zip(items, values, strict=True) if own is not None]
    for row, (_, own) in enumerate(shown):
        marks.add("inferred", row, own)
    names = [capitalised(item.label) for item, _ in shown]
    without = [item.label for item, own in zip(items, values, strict=True) if own is None]
    text = "The claims contain no information on: {numbers}."
    notes = [Message(text, numbers=joined(without, "; ", "; "))] if without else []
    parts = ([item.area for item in items], [item.period for item in items])
    single = joined((items[0].label, Message("not published")), ", ")
    caption = getattr(numbers, "caption", single)
    return Drawing(
        kind=kind_text(Message("Interval plot"), len(names)),
        title=capitalised(caption),
        subtitle=", ".join(" / ".join(dict.fromkeys(map(str, part))) for part in parts),
        axis=Message("Share") if kind is ResultKind.SHARE else Message("Count"), scale=marks.scale,
        names=names,
        figures=[item.formatted for item, _ in shown], height=20.0, styles=marks.styles,
        marks=marks.marks,
        numbers=lambda: [
            {
                "name": name, "figure": item.formatted,
                "claims": ", ".join(claim.id for claim in item.claims),
                "value_lower": own[0], "value_upper": own[1] if isfinite(own[1]) else None,
            }
            for name, (item, own) in zip(names, shown, strict=True)
        ],
        spoken=[
            Message("{name}: {figure}", name=item.label, figure=item.formatted) for item in items
        ],
        footer=Footer((*notes, *_inference_lines(items))),
        notes={"publications": list(dict.fromkeys(item.title for item in items))},
    )  # fmt: skip


def inferred_items(numbers: "Inferences | Inference") -> "tuple[Sequence[Inference], ResultKind]":
    """Return inferred numbers and their kind, either counts or shares."""
    has_items = not hasattr(numbers, "is_share")
    check_result(numbers, "scale" if has_items else "is_share", "thbstats.infer")
    items: Sequence[Inference] = numbers.items if has_items else (numbers,)  # type: ignore[union-attr, assignment]
    problem = "`numbers` must be counts or shares, and at least one"
    kinds, hint = {item.is_share for item in items}, "Draw counts and shares on their own axes"
    content = "counts and shares" if items else "no numbers"
    require(len(kinds) == 1, problem, hint, numbers=content)
    return items, ResultKind.SHARE if items[0].is_share else ResultKind.COUNT


def _inference_lines(items: "Sequence[Inference]") -> Iterator[str]:
    """Yield the publications, the number of claims, and the assumptions."""
    titles = dict.fromkeys(item.title for item in items)
    used = {claim.id for item in items for claim in item.claims}
    others = {claim.id for item in items for claim, _ in item.rejected} - used
    sections = section_list(claim.section for item in items for claim in item.claims)
    where = joined(filter(None, (joined(titles, "; ", "; "), sections)), ", ")
    yield Message("Inferred from the claims in: {source}.", source=where)
    text, further = "Claims used: {n}.", "Claims used: {n}; {others} not used."
    own = {"n": len(used), "others": len(others)}
    yield Message(further, **own) if others else Message(text, **own)
    assumed: dict[str, None] = {}
    for assumption in (text for item in items for text in item.assumptions):
        text, _, listed = assumption.partition(": ")
        ids = listed.split(", ")
        has_list = len(ids) > _MOST_CLAIMS and all("-" in name for name in ids)
        short = Message("{text} ({n} claims)", text=text, n=len(ids))
        assumed[short if has_list else assumption] = None
    if assumed:
        yield Message("Assumptions: {texts}.", texts=list(assumed))
    yield from warning_lines(titled(own for item in items for own in item.warnings))
