"""Plots with two axes: verdicts on pairs, two-way tables, estimates of models, and revisions."""

from collections.abc import Sequence
from fractions import Fraction
from itertools import groupby, pairwise
from typing import Any

import numpy as np
from attrs import evolve
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import NullLocator
from numpy.typing import NDArray

from thbstats._signatures import explain_arguments
from thbstats.display import count, decimal, percent, signed_percent
from thbstats.errors import require
from thbstats.indicators import Association
from thbstats.languages import Language, Message, Phrase, joined, lowered, paragraph
from thbstats.lists import Models
from thbstats.panel import Result, ResultKind, Verdict
from thbstats.plots.canvas import (
    BLACK,
    BLUE,
    GREY,
    INK,
    LABEL_GAP,
    MARKERS,
    PAD,
    PALE,
    PAPER,
    POINTS,
    RULE,
    SERIES,
    TEXT,
    VERMILION,
    WIDTH,
    Look,
    Scale,
    axis_name,
    category_words,
    frame,
    open_axes,
    plain,
    plot_width,
    scale_of,
    text_height,
    text_width,
    title_words,
    wrap_text,
)
from thbstats.plots.drawing import SUPPRESSED, UNCERTAIN, Data, Drawing, Style, number_records
from thbstats.plots.drawn_numbers import (
    Footer,
    PlotNumbers,
    check_result,
    contradiction_lines,
    footer,
    source_line,
    where,
)
from thbstats.releases import Revisions
from thbstats.releases.alignment import tables_of
from thbstats.rules import Comparisons
from thbstats.values import Interval
from thbstats.vocabulary import code_text

_SMALLEST, _LARGEST = 9.0, 46.0
"""The smallest and the largest side of a cell, in points."""
_NAMES = 0.4
"""The largest part of the width for names."""
_ALONE = 6
"""Of more numbers, those with the same verdicts and reasons share a row."""
_SPOKEN = 30
"""The alt text contains at most this many pairs."""

VERDICT_SIGNS = {
    Verdict.COMPARABLE: (Message("yes"), "=", BLUE, PAPER),
    Verdict.WITH_CAUTION: (Message("caution"), "!", "#F6D2BC", BLACK),
    Verdict.NOT_COMPARABLE: (Message("no"), "x", INK, PAPER),
    Verdict.NOT_ASSESSABLE: (Message("unclear"), "?", PAPER, BLACK),
}
"""The word and the sign of a verdict, the colour of its cell and of its word."""

_TALL = 190.0
_GAP = 0.012
"""The space between columns, as a part of the width; rows touch."""
_LIMIT = 2
"""Adjusted residuals beyond this are shaded, as is usual; it is not a test."""
MORE, FEWER = "#A9CDE6", "#F2BF9C"
_MINUS = "\N{MINUS SIGN}"
_TILES = {
    "more": Style(shape="box", color=BLACK, fill=MORE, text=Message("+ more than if unrelated")),
    "fewer": Style(shape="box", color=BLACK, fill=FEWER, text=Message("{sign} fewer", sign=_MINUS)),
    "certain": Style(shape="box", color=BLACK, fill=PAPER),
    "suppressed": evolve(SUPPRESSED, color=BLACK),
    "range": evolve(UNCERTAIN, color=BLACK),
}
_RELATED = {
    "more": Message("more than if unrelated"), "fewer": Message("fewer than if unrelated"),
}  # fmt: skip


@explain_arguments
def heatmap(
    numbers: Comparisons,
    *,
    ax: Axes | None = None,
    width: float = WIDTH,
    title: str = "",
    language: "str | Language" = "en",
) -> Axes:
    """Draw the verdict on each pair of numbers as a word, with the pairs of each reason.

    Of more than six numbers, those with the same verdicts and reasons share a row and a column.

    Parameters
    ----------
    numbers : Comparisons
        The comparisons that `compare_all` returns.
    ax, width, title, language : optional
        As for `bars`.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    InvalidValue
        If there are fewer than two numbers, or too many for the width.

    Examples
    --------
    >>> import thbstats as thb
    >>> steps = thb.justice.funnel(thb.publications.com_2018_777().data.justice)
    >>> ax = thb.plots.heatmap(thb.compare_all(steps))
    >>> sorted({text.get_text() for text in ax.texts if text.get_gid().startswith("cell")})
    ['no']
    """
    drawing = heatmap_drawing(numbers).in_language(language)
    axes = open_axes(ax, width)
    whole, size = plot_width(axes), len(drawing.names)
    names = [wrap_text(name, whole * _NAMES, TEXT) for name in drawing.names]
    room = whole - max(text_width(name, TEXT) for name in names) - LABEL_GAP - 2 * PAD
    side = min(_LARGEST, room / size)
    problem = f"a heat map of this width must have at most {int(room / _SMALLEST)} rows"
    hint = "Use fewer numbers, a larger width=, or Comparisons.tally()"
    require(side >= _SMALLEST, problem, hint, numbers=size)
    heights = [max(side, text_height(name) + 4) for name in names]
    tops = [sum(heights[:i]) for i in range(size + 1)]
    plain(axes)
    axes.set(xlim=(0, size), ylim=(tops[-1], 0))
    axes.set_yticks([(a + b) / 2 for a, b in pairwise(tops)], names)
    axes.set_xticks(list(drawing.columns), list(drawing.columns.values()))
    axes.tick_params(pad=LABEL_GAP)
    marks = [own | {"y": tops[own["y"]], "y_end": tops[own["y_end"]]} for own in drawing.marks]
    drawing.draw(axes, marks)
    signs = {drawing.language.text(word): sign for word, sign, _, _ in VERDICT_SIGNS.values()}
    is_word = side >= max(text_width(word, TEXT) for word in signs) + 2
    for mark, cell in zip(marks, drawing.texts, strict=True):
        text = cell["text"] if is_word else cell["sign"]
        look: Look = {"fontsize": min(TEXT, side - 2), "color": cell["ink"], "gid": "cell"}
        middle = (mark["y"] + mark["y_end"]) / 2
        axes.text(cell["x"], middle, text, ha="center", va="center", zorder=3, **look)
    keys = drawing.keys()
    if not is_word:
        parts = [(mark, *text.partition(":")) for mark, text in keys]
        keys = [(mark, f"{signs[word.rstrip()]}:{text}") for mark, word, _, text in parts]
    return drawing.frame(axes, tops[-1], title, keys=keys, length=side * size)


def heatmap_drawing(numbers: Comparisons) -> Drawing:
    """Return the verdicts on pairs of groups: numbers with the same verdicts and reasons.

    The cells are the lower triangle; a cell of a group with itself is on the pairs within it.
    """
    check_result(numbers, "matrix", "thbstats.compare_all")
    size, panel = len(numbers.names), numbers.panel
    hint = "Use compare_all(panel)"
    require(size >= 2, "`numbers` must have two numbers or more", hint, numbers=size)
    texts = numbers.matrix().fillna("").to_numpy(dtype=str)
    rows = PlotNumbers(panel)
    names = rows.names if len(set(rows.names)) == size else list(numbers.names)
    members: list[list[int]] = []
    for i in range(size):
        for own in members if size > _ALONE else ():
            others = np.delete(np.arange(size), [i, own[0]])
            if (texts[i, others] == texts[own[0], others]).all():
                own.append(i)
                break
        else:
            members.append([i])
    labels = {verdict.label: verdict for verdict in Verdict}
    titles = {rule.code: rule.title for rule in sorted(numbers.rules, key=lambda own: own.scope)}
    groups = [joined((names[i] for i in own), ", ") for own in members]
    cells, marks, words = list[Data](), list[Data](), list[Data]()
    reasons, spoken = dict[str, set[tuple[int, int]]](), [numbers.heading]
    for row, own in enumerate(members, start=1):
        for column, other in enumerate(members[:row], start=1):
            label, _, codes = texts[own[-1], other[0]].partition(": ")
            if not label:  # a number alone, or a pair that is not included
                continue
            listed = [titles[name] for name in codes.split(", ") if name]
            for title in listed:
                reasons.setdefault(title, set()).add((column, row))
            verdict = labels[label]
            word, sign, _, ink = VERDICT_SIGNS[verdict]
            ends: Data = {"x": column - 1, "x_end": column, "y": row - 1, "y_end": row}
            marks.append({"mark": label, "row": len(cells), **ends})
            middle = {"x": column - 0.5, "y": row - 0.5}
            words.append(middle | {"text": word, "sign": sign, "ink": ink})
            first = groups[column - 1]
            second = groups[row - 1] if row != column else Message("each other")
            cell: Data = {"pair": (column, row), "verdict": verdict.label, "first": first}
            cells.append(cell | {"reasons": joined(listed, "; ", "; "), "second": second})
            figure: str = verdict.label
            if listed:
                text = "{text} ({others})"
                figure = Message(text, text=figure, others=[*map(lowered, listed)])
            name = Message("{first} with {second}", first=first, second=second)
            spoken.append(Message("{name}: {figure}", name=name, figure=figure))
    every = {cell["pair"] for cell in cells}
    pairs = count(len(numbers))
    styles = {
        verdict.label: Style(
            shape="box", color=GREY, fill=VERDICT_SIGNS[verdict][2],
            text=Message(
                "{word}: {verdict}, {n} of {total} pairs",
                word=VERDICT_SIGNS[verdict][0], verdict=verdict.label, n=count(n), total=pairs,
            ),
        )
        for verdict, n in numbers.counts().items()
    }  # fmt: skip
    line = "{reason}: {rows}."
    lines = [
        Message(line, reason=title, rows=_pair_text(own, every)) for title, own in reasons.items()
    ]
    heads, size = [str(i + 1) for i in range(len(groups))], len(groups)
    subtitle = joined((title_words(panel, axis_name(panel)), where(panel)), ", ")
    return Drawing(
        kind=Message("Heat map, {n} by {n}", n=size), subtitle=subtitle, axis="",
        title=Message("Can these numbers be compared?"),
        scale=Scale(kind=ResultKind.COUNT, low=size, high=0),
        names=[joined(own, " ", " ") for own in zip(heads, groups, strict=True)],
        columns={i + 0.5: head for i, head in enumerate(heads)}, styles=styles, marks=marks,
        texts=words, spoken=spoken[: _SPOKEN + 1], panel=panel, numbers=lambda: cells,
        footer=Footer(
            (*lines, source_line(rows.sources)), tuple(contradiction_lines(panel)[0])
        ),
    )  # fmt: skip


def _pair_text(pairs: set[tuple[int, int]], every: set[tuple[int, int]]) -> str:
    """Return pairs as text: "1 with 2, 3" or "4 with all others"."""
    if pairs == every:
        return Message("all pairs")
    others = {pair for pair in pairs if pair[0] != pair[1]}
    apart = {pair for pair in every if pair[0] != pair[1]}
    numbers = sorted({i for pair in others for i in pair}, reverse=True)
    full = [i for i in numbers if {pair for pair in apart if i in pair} <= others]
    whole: list[int] = []
    while best := max(full, key=lambda i: sum(i in pair for pair in others), default=0):
        full.remove(best)
        if any(best in pair for pair in others):
            whole.append(best)
            others = {pair for pair in others if best not in pair}
    texts = list[str]()
    if whole:
        listed = ", ".join(map(str, sorted(whole)))
        texts.append(Message("{numbers} with all others", numbers=listed))
    texts += [Message("within {n}", n=first) for first, second in sorted(pairs) if first == second]
    for first in sorted({first for first, _ in others}):
        listed = ", ".join(str(second) for own, second in sorted(others) if own == first)
        texts.append(Message("{first} with {second}", first=first, second=listed))
    return joined(texts, "; ", "; ")


@explain_arguments
def mosaic(
    numbers: Association,
    *,
    ax: Axes | None = None,
    width: float = WIDTH,
    title: str = "",
    language: "str | Language" = "en",
) -> Axes:
    """Draw a two-way table: columns by total, tiles by share.

    A tile is shaded where its cell has clearly more or fewer persons than for independent
    dimensions: an adjusted residual beyond 2. A count with two bounds is drawn as its upper bound,
    and hatched above the lower one.

    Parameters
    ----------
    numbers : Association
        The panel that `thbstats.association` returns; columns and rows have its order, the first
        row on top.
    ax, width, title, language : optional
        As for `bars`.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    InvalidValue
        If a count has no upper bound, or all counts are 0.

    Examples
    --------
    >>> import thbstats as thb
    >>> rows = [("female", "sexual", 95), ("female", "labour", 20), ("male", "sexual", 5),
    ...         ("male", "labour", 80)]
    >>> table = thb.CountTable.from_rows(
    ...     rows, columns=["sex", "exploitation", "value"], kind="victims", area="BE", period=2016
    ... )
    >>> ax = thb.plots.mosaic(thb.association(table, rows="sex", columns="exploitation"))
    >>> [label.get_text().splitlines()[0] for label in ax.get_xticklabels()]
    ['Sexual', 'Labour']
    """
    drawing = mosaic_drawing(numbers).in_language(language)
    axes = open_axes(ax, width)
    plain(axes)
    axes.set(xlim=(0, 1), ylim=(0, 1), yticks=[])
    across = plot_width(axes) - 2 * PAD
    tall = min(max(_TALL, across * 0.4), 1.6 * _TALL)
    words, sizes = {}, drawing.notes["widths"]
    for (position, head), size in zip(drawing.columns.items(), sizes, strict=True):
        longest = max(text_width(word, TEXT) for word in head.split())
        words[position] = wrap_text(head, max(size * across, longest), TEXT)
    axes.set_xticks(list(words), list(words.values()))
    drawing.draw(axes, drawing.marks)
    small = []
    for tile in drawing.texts:
        name, number = tile["text"], tile["figure"]
        choices = (f"{name}\n{number} ({tile['share']})", f"{name}\n{number}", f"{name} {number}")
        width_of, height_of = tile["width"] * across - TEXT, tile["height"] * tall - 2
        fitting = (
            text
            for text in choices
            if text_width(text, TEXT) <= width_of and text_height(text) <= height_of
        )
        text = next(fitting, "")
        if not text:
            small.append(f"{tile['column']}, {name}: {number} ({tile['share']})")
        look: Look = {"fontsize": TEXT, "color": INK, "gid": "tile", "zorder": 3}
        if tile["hidden"]:  # the text is on a hatch
            look["bbox"] = {"facecolor": PAPER, "edgecolor": "none", "pad": 0.5}
        axes.text(tile["x"], tile["y"], text, ha="center", va="center", **look)
    text = drawing.language.text("Tiles without text: {tiles}.", tiles="; ".join(small))
    more = [text] if small else []
    return drawing.frame(axes, tall, title, lines=[*more, *drawing.footer.lines])


def mosaic_drawing(table: Association) -> Drawing:
    """Return the tiles, column by column, the first row on top, and their texts."""
    check_result(table, "cramers_v", "thbstats.association")
    shape = len(table.rows), len(table.columns)
    lower, upper = (np.reshape(own, shape) for own in (table.counts.lower, table.counts.upper))
    is_drawable = np.isfinite(upper).all() and upper.any()
    problem = "every count must have an upper bound, and one must be above 0"
    hint = "Select the countries that reported every count, or draw the shares with bars()"
    require(is_drawable, problem, hint, counts=upper.max(initial=0))
    cells = PlotNumbers(table.column_shares)
    keys = cells.panel.keys
    # Each share is within its column, and the whole table within the other categories.
    within = {name: code for name, code in cells.panel.base[0].within if name not in keys}
    rows, columns = (
        [_short(category_words({name: code}, within)) for code in codes]
        for name, codes in zip(keys, (table.rows, table.columns), strict=True)
    )
    totals = upper.sum(axis=0)
    filled = np.flatnonzero(totals).tolist()
    left, marks, texts, heads, spoken = 0.0, [], [], {}, []
    records: list[Data] = []
    widths = (1 - _GAP * (len(filled) - 1)) * totals[filled] / totals.sum()
    for column, width in zip(filled, widths.tolist(), strict=True):
        tops = 1.0 - np.concatenate([[0.0], np.cumsum(upper[:, column])]) / totals[column]
        ends: Data = {"x": left, "x_end": left + width}
        for row, name in enumerate(_rows_in_column(table, rows, column)):
            position = row * shape[1] + column
            residual = float(table.adjusted[position] or 0)
            kind = "more" if residual > _LIMIT else "fewer" if residual < -_LIMIT else "certain"
            top, bottom = tops[row : row + 2].tolist()
            is_exact = lower[row, column] == upper[row, column]
            middle = top if is_exact else bottom + float(lower[row, column] / totals[column])
            other = "suppressed" if cells.suppressed[position] else "range"
            for style, low, high in ((kind, bottom, middle), (other, middle, top)):
                if low < high:
                    own = {"mark": style, "row": len(records), "y": low, "y_end": high}
                    marks.append(own | ends)
            figure = _count_text(lower[row, column], upper[row, column])
            # The shares of the panel are over more countries than the counts that are drawn.
            share = percent(_share_of_column((lower, upper), row, column))
            signed = (name, {"more": "+", "fewer": _MINUS}.get(kind, ""))
            text: Data = {"text": joined(filter(None, signed), " ", " "), "figure": figure}
            text["column"] = columns[column]
            text |= {"share": share, "x": left + width / 2, "y": (bottom + top) / 2}
            hidden = middle - bottom < (top - bottom) / 2
            texts.append(text | {"width": width, "height": top - bottom, "hidden": hidden})
            tile = joined((columns[column], name), ", ")
            records.append({"name": tile, "figure": figure, "share": share})
            words = Message("{share} of {whole}", share=share, whole=lowered(columns[column]))
            further = [_RELATED[kind]] if kind in _RELATED else []
            own_text = joined((figure, words, *further), ", ")
            spoken.append(Message("{name}: {figure}", name=tile, figure=own_text))
        total = _count_text(lower[:, column].sum(), totals[column])
        heads[left + width / 2] = joined((columns[column], total), "\n", "\n")
        left += width + _GAP
    panel = table.cramers_v.panel.take([table.cramers_v.position])
    is_shaded = bool(_RELATED.keys() & {mark["mark"] for mark in marks})
    value = table.cramers_v.formatted
    notes = [
        Message("Width: total of a column."), Message("Height: share of its column."),
        Message("Cramér's V: {value}.", value=value),
        *[Message("Shaded: adjusted residual beyond 2; not a test.")] * is_shaded,
    ]  # fmt: skip
    return Drawing(
        kind=Message("Mosaic plot, {n} rows by {total} columns", n=shape[0], total=shape[1]),
        title=title_words(table),
        subtitle=where(panel), axis="", scale=Scale(kind=ResultKind.RATIO, low=0.0, high=1.0),
        names=rows, columns=heads, styles=_TILES, marks=marks, texts=texts, panel=panel,
        footer=footer(PlotNumbers(panel), [paragraph(notes)], warnings=table.warnings),
        spoken=spoken, notes={"widths": widths.tolist(), "cramers_v": value},
        numbers=lambda: records,
    )  # fmt: skip


def _rows_in_column(table: Association, rows: Sequence[str], column: int) -> Sequence[str]:
    """Return the names of the rows in a column: in the column of children, "girls"."""
    age = table.columns[column]
    if tuple(table.column_shares.keys) != ("sex", "age") or age not in ("child", "adult"):
        return rows
    return [category_words({"sex": code}, {"age": age}) for code in table.rows]


def _share_of_column(counts: Sequence[NDArray[Any]], row: int, column: int) -> Interval:
    """Return the share of a tile in its column, from the lower and the upper counts."""
    part = [int(own[row, column]) for own in counts]
    whole = [int(own[:, column].sum()) for own in counts]
    others = [total - own for total, own in zip(whole, part, strict=True)]
    return Interval.share_of(Interval(*part), Interval(*others))


def _short(text: str) -> str:
    """Return a form of exploitation in one word; other categories are unchanged."""
    return Phrase(text.removesuffix(" exploitation"), text)


def _count_text(lower: float, upper: float) -> str:
    return count(Interval(Fraction(lower), Fraction(upper)))


_HEIGHT, _LABELS, _WITHIN = 200.0, 60.0, 10
_SIDE = (Message("BIC difference to the best"), _WITHIN + 0.5, -0.5)
"""The vertical axis: its name and its limits, the best model at the top."""
_STYLES = {
    "range": Style(shape="box", color=PALE, text=Message("range within 10 BIC points of the best")),
    "bounds": Style(
        shape="box", color=GREY, alpha=0.3, text=Message("bounds under the stated dependence")
    ),
    "point": Style(shape="point", marker="o", size=6.0, text=Message("model")),
    "point of best": Style(
        shape="point", color=VERMILION, marker="o", size=8.0, text=Message("best model")
    ),
}


def estimates(
    numbers: Models,
    *,
    bounds: Result | None = None,
    ax: Axes | None = None,
    width: float = WIDTH,
    title: str = "",
    language: "str | Language" = "en",
) -> Axes:
    """Draw the estimates of models by their BIC, with bounds behind them.

    Parameters
    ----------
    numbers : Models
        The panel that `thbstats.lists.models` returns. Models within 10 BIC points of the best are
        drawn, the best at the top.
    bounds : Result, optional
        The result of `thbstats.lists.hidden`, whose bounds are an area behind the models.
    ax, width, title, language : optional
        As for `bars`.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    InvalidValue
        If no model has an estimate.

    Examples
    --------
    >>> import thbstats as thb
    >>> counts = {"d": 41, "c": 5, "b": 5, ("b", "c"): 54, ("b", "d"): 6, ("b", "c", "d"): 12}
    >>> found = thb.lists.models(thb.lists.Lists("bcd", counts, complete=True))
    >>> ax = thb.plots.estimates(found)
    >>> sorted(line.get_xdata().round().item() for line in ax.lines)
    [157.0, 269.0]
    """
    drawing = estimates_drawing(numbers, bounds).in_language(language)
    chart = open_axes(ax, width)
    plain(chart, "x")
    chart.set(xlim=(drawing.scale.low, drawing.scale.high), ylim=_SIDE[1:])
    ticks = drawing.scale.ticks(plot_width(chart) - _LABELS)
    chart.set_xticks(list(ticks), list(ticks.values()))
    chart.set_yticks(range(0, _WITHIN + 1, 2))
    chart.set_ylabel(drawing.language.text(_SIDE[0]), fontsize=TEXT)
    drawing.draw(chart, drawing.marks)
    return drawing.frame(chart, _HEIGHT, title)


def estimates_drawing(numbers: Models, bounds: Result | None = None) -> Drawing:
    """Return the models near the best by estimate and BIC, and the areas behind them."""
    check_result(numbers, "admissible", "thbstats.lists.models")
    near = numbers.take(numbers.admissible & (numbers.differences <= _WITHIN))
    hint, problem = "Add a list that shares persons", "`numbers` must have a model with an estimate"
    require(len(near), problem, hint, numbers=numbers.caption)
    values, differences = near.value.lower.tolist(), near.differences.tolist()
    areas = {"range": numbers.ranges[_WITHIN]} | (
        {} if bounds is None else {"bounds": bounds.bounds}
    )
    pairs = ((own.lower, own.upper) for own in areas.values())
    ends = [float(end) for own in pairs for end in own if end is not None]
    scale = scale_of(ResultKind.COUNT, [*values, *ends])
    styles, marks, records = dict(_STYLES), list[Data](), list[Data]()
    for name, own in areas.items():
        text = Message("{name}: {figure}", name=styles[name].text, figure=count(own))
        styles[name] = evolve(styles[name], text=text)
        upper = scale.high if own.upper is None else float(own.upper)
        ends_of: Data = {"x": float(own.lower or 0), "x_end": upper}
        ends_of |= {"y": _SIDE[1], "y_end": _SIDE[2]}
        marks.append({"mark": name, "row": len(records), **ends_of})
        records.append({"name": styles[name].text, "figure": count(own)})
    best = Message("best model {name}", name=near.labels[0])
    styles["point of best"] = evolve(styles["point of best"], text=best)
    for row, (x, y) in enumerate(zip(values, differences, strict=True)):
        name = "point" if row else "point of best"
        ends_of = {"x": x, "x_end": x, "y": y, "y_end": y}
        marks.append({"mark": name, "row": row + len(records), **ends_of})
    models = number_records(PlotNumbers(near), near.labels)
    records += [own | {"difference": y} for own, y in zip(models, differences, strict=True)]
    panel = numbers.estimate.panel
    return Drawing(
        kind=Message("Scatter plot of {n} models", n=len(near)), title=numbers.caption,
        subtitle=where(panel), axis=Message("All persons, on a list or on none"), side=_SIDE,
        scale=scale, names=near.labels, styles=styles, marks=marks, numbers=lambda: records,
        panel=panel, spoken=[
            Message(
                "{name}: {n} persons, BIC {difference} above",
                name=own, n=count(round(x)), difference=decimal(Fraction(y), 1),
            )
            for own, x, y in zip(near.labels, values, differences, strict=True)
        ],
        footer=footer(PlotNumbers(panel), warnings=panel.warnings),
    )  # fmt: skip


_NAMED, _ROW, _MOST_ROWS = 10, 18.0, 40


def revision_scatter(
    numbers: Revisions,
    *,
    ax: Axes | None = None,
    width: float = WIDTH,
    title: str = "",
    language: "str | Language" = "en",
) -> Axes:
    """Draw the newer against the older figure of each revised cell, with marked patterns.

    Both axes are logarithmic from 1; 0 has its own place. Points on the line did not change.

    Parameters
    ----------
    numbers : Revisions
        The result of `thbstats.revisions` or `thbstats.reconcile`.
    ax, width, title, language : optional
        As for `bars`.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    InvalidValue
        If no cell has two different figures.

    Examples
    --------
    >>> import thbstats as thb
    >>> old, new = (
    ...     thb.CountTable.from_rows(
    ...         [("female", women), ("male", men)], columns=["sex", "value"], kind="victims",
    ...         area="BG", period=2019,
    ...     )
    ...     for women, men in [(49, 322), (322, 49)]
    ... )
    >>> ax = thb.plots.revision_scatter(thb.revisions(old, new))
    >>> [text.get_text() for text in ax.get_legend().get_texts()]
    ['permuted (2)']
    """
    check_result(numbers, "patterns", "thbstats.revisions")
    cells = numbers.cells.frame
    cells = cells[cells["difference"].fillna(0) != 0]
    require(len(cells), "`numbers` must have a revised figure", "Use other releases", numbers=0)
    old, new = (cells[side].to_numpy(dtype=np.float64) for side in numbers._sides)
    own, kinds, keys = Language.of(language), cells["pattern"].replace("", "no pattern"), []
    ax = open_axes(ax, width)
    for position, kind in enumerate(sorted(set(kinds), key=lambda own: own != "no pattern")):
        look: Look = {"marker": MARKERS[position], "color": SERIES[position], "linestyle": "none"}
        rows, words = (kinds == kind).to_numpy(), kind.replace("_", " ")
        ax.plot(old[rows], new[rows], markersize=4, alpha=0.7, gid=kind, **look)
        words = Message("no pattern") if kind == "no pattern" else words
        number = own.text("{text} ({others})", text=words, others=count(int(rows.sum())))
        keys.append((Line2D([], [], **look), number))
    top = 1.5 * max(old.max(), new.max(), 1.0)
    ax.plot([0, top], [0, top], color=INK, linewidth=0.8, zorder=0.5, gid="unchanged")
    ticks = [0, *(10**power for power in range(int(np.log10(top)) + 1))]
    for axis in (ax.xaxis, ax.yaxis):
        axis.axes.set(**{f"{axis.axis_name}scale": "symlog", f"{axis.axis_name}lim": (-0.2, top)})
        axis.set_ticks(ticks, [own.text(count(tick)) for tick in ticks])
        axis.set_minor_locator(NullLocator())
    plain(ax, "y")
    ax.grid(visible=True, axis="x", color=RULE, linewidth=0.7)
    older, newer = numbers.releases[0], numbers.releases[-1]
    shown = [*numbers.alignment.varying, *numbers._sides]
    largest = cells.iloc[np.argsort(-np.abs(new - old), kind="stable")[:_NAMED]][shown]
    spoken = []
    for *codes, first, second in largest.itertuples(index=False):
        ends = {"first": count(int(first)), "last": count(int(second))}
        figures = Message("{first} to {last}", **ends)
        name = joined(map(code_text, codes), ", ")
        spoken.append(Message("{name}: {figure}", name=name, figure=figures))
    texts = _texts(
        numbers, own, numbers=spoken,
        title=title or Message("{n} figures that differ", n=count(len(cells))),
        subtitle=Message("{newer} against {older}", newer=newer, older=older),
        lines=[row.text for row in numbers.patterns[:_NAMED]],
        axis=Message("older figure ({release})", release=older),
    )  # fmt: skip
    return frame(ax, own.text(Message("Scatter plot")), width * POINTS * 0.6, keys, **texts)


def _texts(revisions: Revisions, language: Language, **texts: Any) -> Data:
    """Return the texts around a plot of revisions in a language, with the sources."""
    tables = [
        own for release in revisions.alignment.data for own in tables_of(release, "").values()
    ]
    texts["lines"].append(source_line(source for own in tables for source in own.sources))
    return {
        name: language.text(item) if isinstance(item, str) else [*map(language.text, item)]
        for name, item in texts.items()
    }


def revision_triangle(
    numbers: Revisions,
    *,
    ax: Axes | None = None,
    width: float = WIDTH,
    title: str = "",
    language: "str | Language" = "en",
) -> Axes:
    """Draw the figures of a series in each release: the revision triangle.

    Parameters
    ----------
    numbers : Revisions
        The result of `thbstats.revisions` for one series, such as ``table.where(sex="total")``.
    ax, width, title, language : optional
        As for `bars`.

    Returns
    -------
    matplotlib.axes.Axes
        One row for each period that was revised, and one column for each release.

    Raises
    ------
    InvalidValue
        If a period has several figures, or no period was revised.
    """
    check_result(numbers, "patterns", "thbstats.revisions")
    alignment = numbers.alignment
    column = alignment.keys["period"]
    several = bool((np.bincount(column.positions) > 1).any())
    hint = "Select one series, such as table.where(sex='total')"
    require(not several, "`numbers` must have one figure for each period", hint, numbers="several")
    pairs = [alignment.is_figure(i) & (own > 0) for i, own in enumerate(alignment.outcomes)]
    known = np.logical_or.reduce(pairs)
    cells = np.flatnonzero(known)
    cells = cells[np.argsort(alignment.position("period", cells))][-_MOST_ROWS:]
    require(len(cells), "`numbers` must have a revised figure", "Use other releases", numbers=0)
    ax = open_axes(ax, width)
    own, exact, spoken = Language.of(language), alignment.lower == alignment.upper, list[str]()
    for row, cell in enumerate(cells.tolist()):
        releases = np.flatnonzero(exact[:, cell]).tolist()
        values = alignment.lower[releases, cell].tolist()
        for release, value in zip(releases, values, strict=True):
            change = value / values[0] - 1 if values[0] else 0.0
            tint = VERMILION if change < 0 else BLUE
            alpha = min(20 * abs(change), 1.0) * 0.6
            ax.barh(row, 1.0, 0.94, left=release - 0.5, color=tint, alpha=alpha, linewidth=0)
            text: str = count(value)
            if change:
                moved = signed_percent(Fraction(change), 2)
                text = Message("{text} ({others})", text=text, others=moved)
            ax.text(release, row, own.text(text), ha="center", va="center", fontsize=TEXT)
        steps = joined((count(value) for value, _ in groupby(values)), ", ")
        spoken.append(Message("{name}: {figure}", name=column[cell], figure=steps))
    ax.set_xticks(range(len(numbers.releases)), numbers.releases)
    ax.set_yticks(range(len(cells)), [column[cell] for cell in cells.tolist()])
    ax.set(xlim=(-0.5, len(numbers.releases) - 0.5), ylim=(len(cells) - 0.5, -0.5))
    plain(ax)
    subtitle = Message("figures by period and release, with the change since the first release")
    heading = Message("Revision triangle")
    texts = _texts(
        numbers, own, numbers=spoken, title=title or heading, subtitle=subtitle,
        axis=Message("release"), lines=[*numbers.notes[:_NAMED]],
    )  # fmt: skip
    return frame(ax, own.text(heading), len(cells) * _ROW, [], **texts)
