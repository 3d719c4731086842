"""Tiles: the verdicts on all pairs of some numbers, and a table of two dimensions."""

from fractions import Fraction
from itertools import pairwise

import numpy as np
from attrs import evolve
from matplotlib.axes import Axes

from thbstats._signatures import explain_arguments
from thbstats.display import count, percent
from thbstats.errors import require
from thbstats.indicators import Association
from thbstats.languages import Message
from thbstats.panel import ResultKind, Verdict
from thbstats.plots.canvas import (
    BLACK,
    BLUE,
    GREY,
    INK,
    PAPER,
    TEXT,
    WIDTH,
    Look,
    Scale,
    axis_name,
    category_words,
    open_axes,
    plot_width,
    text_height,
    text_width,
    title_words,
    wrap_text,
)
from thbstats.plots.drawing import SUPPRESSED, UNCERTAIN, Data, Drawing, Style
from thbstats.plots.drawn_numbers import PlotNumbers, check_result
from thbstats.plots.footnotes import Footer, citation, contradiction_lines, footer, where
from thbstats.plots.layout import LABEL_GAP, PAD, plain
from thbstats.rules import Comparisons
from thbstats.values import Interval

_SMALLEST, _LARGEST = 9.0, 46.0
"""The smallest and the largest side of a cell, in points."""
_NAMES = 0.4
"""The largest part of the width for names."""
_ALONE = 6
"""Of more numbers, those with the same verdicts and reasons share a row."""
_SPOKEN = 30
"""The alt text contains at most this many pairs."""

VERDICT_SIGNS = {
    Verdict.COMPARABLE: ("yes", "=", BLUE, PAPER),
    Verdict.WITH_CAUTION: ("caution", "!", "#F6D2BC", BLACK),
    Verdict.NOT_COMPARABLE: ("no", "x", INK, PAPER),
    Verdict.NOT_ASSESSABLE: ("unclear", "?", PAPER, BLACK),
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
    "fewer": Style(shape="box", color=BLACK, fill=FEWER, text=f"{_MINUS} fewer"),
    "certain": Style(shape="box", color=BLACK, fill=PAPER),
    "suppressed": evolve(SUPPRESSED, color=BLACK),
    "range": evolve(UNCERTAIN, color=BLACK),
}


@explain_arguments
def heatmap(
    numbers: Comparisons, *, ax: Axes | None = None, width: float = WIDTH, title: str = ""
) -> Axes:
    """Draw the verdict on each pair of numbers as a word, with the pairs of each reason.

    Of more than six numbers, those with the same verdicts and reasons share a row and a column.

    Parameters
    ----------
    numbers : Comparisons
        The comparisons that `compare_all` returns.
    ax, width, title : optional
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
    drawing = heatmap_drawing(numbers)
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
    is_word = side >= max(text_width(own[0], TEXT) for own in VERDICT_SIGNS.values()) + 2
    for mark, cell in zip(marks, drawing.texts, strict=True):
        text = cell["text"] if is_word else cell["sign"]
        look: Look = {"fontsize": min(TEXT, side - 2), "color": cell["ink"], "gid": "cell"}
        middle = (mark["y"] + mark["y_end"]) / 2
        axes.text(cell["x"], middle, text, ha="center", va="center", zorder=3, **look)
    keys = drawing.keys()
    if not is_word:
        signs = {own[0]: own[1] for own in VERDICT_SIGNS.values()}
        parts = [(mark, text.partition(":")) for mark, text in keys]
        keys = [(mark, f"{signs[word]}:{text}") for mark, (word, _, text) in parts]
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
    groups = [", ".join(names[i] for i in own) for own in members]
    cells: list[Data] = []
    reasons: dict[str, set[tuple[int, int]]] = {}
    for row, own in enumerate(members, start=1):
        for column, other in enumerate(members[:row], start=1):
            label, _, codes = texts[own[-1], other[0]].partition(": ")
            if not label:  # a number alone, or a pair that is not included
                continue
            listed = [titles[name] for name in codes.split(", ") if name]
            for title in listed:
                reasons.setdefault(title, set()).add((column, row))
            second = groups[row - 1] if row != column else "each other"
            cells.append(
                {
                    "pair": (column, row), "verdict": label, "reasons": "; ".join(listed),
                    "first": groups[column - 1], "second": second,
                }
            )  # fmt: skip
    every = {cell["pair"] for cell in cells}
    marks, words = [], []
    for i, cell in enumerate(cells):
        (column, row), verdict = cell["pair"], labels[cell["verdict"]]
        ends: Data = {"x": column - 1, "x_end": column, "y": row - 1, "y_end": row}
        marks.append({"mark": verdict.label, "row": i, **ends})
        word, sign, _, ink = VERDICT_SIGNS[verdict]
        words.append({"x": column - 0.5, "y": row - 0.5, "text": word, "sign": sign, "ink": ink})
    pairs = count(len(numbers))
    styles = {
        verdict.label: Style(
            shape="box", color=GREY, fill=VERDICT_SIGNS[verdict][2],
            text=f"{VERDICT_SIGNS[verdict][0]}: {verdict.label}, {count(n)} of {pairs} pairs",
        )
        for verdict, n in numbers.counts().items()
    }  # fmt: skip
    lines = [f"{title}: {_pair_text(own, every)}." for title, own in reasons.items()]
    sentences = [
        f"{cell['first']} with {cell['second']}: {cell['verdict']}"
        + f" ({cell['reasons'].lower()})" * bool(cell["reasons"])
        for cell in cells[:_SPOKEN]
    ]
    heads = [str(i + 1) for i in range(len(groups))]
    return Drawing(
        kind=f"Heat map, {len(groups)} by {len(groups)}", title="Can these numbers be compared?",
        subtitle=f"{title_words(panel, axis_name(panel))}, {where(panel)}", axis="",
        scale=Scale(kind=ResultKind.COUNT, low=len(groups), high=0),
        names=[f"{head} {name}" for head, name in zip(heads, groups, strict=True)],
        columns={i + 0.5: head for i, head in enumerate(heads)}, styles=styles, marks=marks,
        texts=words, spoken=[numbers.heading, *sentences], panel=panel, numbers=lambda: cells,
        footer=Footer(
            (*lines, f"Source: {citation(rows.sources)}."), tuple(contradiction_lines(panel)[0])
        ),
    )  # fmt: skip


def _pair_text(pairs: set[tuple[int, int]], every: set[tuple[int, int]]) -> str:
    """Return pairs as text: "1 with 2, 3" or "4 with all others"."""
    if pairs == every:
        return "all pairs"
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
    texts = [f"{', '.join(map(str, sorted(whole)))} with all others"] if whole else []
    texts += [f"within {first}" for first, second in sorted(pairs) if first == second]
    for first in sorted({first for first, _ in others}):
        listed = [str(second) for own, second in sorted(others) if own == first]
        texts.append(f"{first} with {', '.join(listed)}")
    return "; ".join(texts)


@explain_arguments
def mosaic(
    numbers: Association, *, ax: Axes | None = None, width: float = WIDTH, title: str = ""
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
    ax, width, title : optional
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
    drawing = mosaic_drawing(numbers)
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
    more = [f"Tiles without text: {'; '.join(small)}."] if small else []
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
    within, shares = dict(cells.panel.base[0].within), list(cells.panel)
    rows, columns = (
        [category_words({name: code}, within).removesuffix(" exploitation") for code in codes]
        for name, codes in zip(cells.panel.keys, (table.rows, table.columns), strict=True)
    )
    totals = upper.sum(axis=0)
    filled = np.flatnonzero(totals).tolist()
    left, marks, texts, heads, spoken = 0.0, [], [], {}, []
    records: list[Data] = []
    widths = (1 - _GAP * (len(filled) - 1)) * totals[filled] / totals.sum()
    for column, width in zip(filled, widths.tolist(), strict=True):
        tops = 1.0 - np.concatenate([[0.0], np.cumsum(upper[:, column])]) / totals[column]
        ends: Data = {"x": left, "x_end": left + width}
        for row, name in enumerate(rows):
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
            share = percent(shares[position].value_or_bounds)
            sign = {"more": " +", "fewer": f" {_MINUS}"}.get(kind, "")
            text: Data = {"text": name + sign, "column": columns[column], "figure": figure}
            text |= {"share": share, "x": left + width / 2, "y": (bottom + top) / 2}
            hidden = middle - bottom < (top - bottom) / 2
            texts.append(text | {"width": width, "height": top - bottom, "hidden": hidden})
            records.append({"name": f"{columns[column]}, {name}", "figure": figure, "share": share})
            words = {"more": ", more than if unrelated", "fewer": ", fewer than if unrelated"}
            spoken.append(
                f"{columns[column]}, {name}: {figure}, {share} of {columns[column].lower()}"
                + words.get(kind, "")
            )
        total = _count_text(lower[:, column].sum(), totals[column])
        heads[left + width / 2] = f"{columns[column]}\n{total}"
        left += width + _GAP
    panel = table.cramers_v.panel.take([table.cramers_v.position])
    note = "Width: total of a column. Height: share of its column. "
    note += f"Cramér's V: {table.cramers_v.formatted}."
    if {"more", "fewer"} & {mark["mark"] for mark in marks}:
        note += " Shaded: adjusted residual beyond 2; not a test."
    return Drawing(
        kind=f"Mosaic plot, {len(rows)} rows by {len(columns)} columns", title=title_words(table),
        subtitle=where(panel), axis="", scale=Scale(kind=ResultKind.RATIO, low=0.0, high=1.0),
        names=rows, columns=heads, styles=_TILES, marks=marks, texts=texts, panel=panel,
        footer=footer(PlotNumbers(panel), [note], warnings=table.warnings), spoken=spoken,
        notes={"widths": widths.tolist(), "cramers_v": table.cramers_v.formatted},
        numbers=lambda: records,
    )  # fmt: skip


def _count_text(lower: float, upper: float) -> str:
    return count(Interval(Fraction(lower), Fraction(upper)))
