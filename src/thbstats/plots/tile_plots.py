"""Tiles: the verdicts on all pairs of some numbers, and a table of two dimensions."""

from collections.abc import Sequence
from fractions import Fraction
from string import ascii_lowercase
from typing import Any

import numpy as np
from attrs import frozen
from matplotlib.axes import Axes
from matplotlib.patches import Patch, Rectangle

from thbstats.display import count, percent
from thbstats.errors import require
from thbstats.indicators import Association
from thbstats.panel import Verdict
from thbstats.plots.canvas import (
    BLACK,
    BLUE,
    GREY,
    INK,
    PAPER,
    RULE,
    TEXT,
    WIDTH,
    Look,
    capital,
    open_axes,
    plot_width,
    text_height,
    text_width,
    wrap_text,
)
from thbstats.plots.footnotes import footer, rule_titles, where
from thbstats.plots.layout import LABEL_GAP, PAD, Key, frame, plain
from thbstats.plots.numbers import PlotNumbers, Width, check_result
from thbstats.plots.scale import axis_name, common_label
from thbstats.rules import Comparisons
from thbstats.values import Interval

_SMALLEST, _LARGEST = 9.0, 26.0
"""The smallest and the largest side of a cell, in points."""
_NAMES = 0.34
"""The largest part of the width for names."""
_SHORT = 4
"""Names of this length are column heads; longer names get numbers."""
_SPOKEN = 8
"""The alt text contains the pairs of at most this many numbers."""
_LETTERED = 26
"""The footer explains at most this many combinations of reasons."""
_KEPT = ("Source:", "Period:", "Contradictory", "Conflicting", "Limitations:")
"""The lines of a footer that the letters do not repeat."""

VERDICT_SIGNS = {
    Verdict.COMPARABLE: ("=", BLUE, PAPER),
    Verdict.WITH_CAUTION: ("!", "#F6D2BC", BLACK),
    Verdict.NOT_COMPARABLE: ("x", INK, PAPER),
    Verdict.NOT_ASSESSABLE: ("?", PAPER, BLACK),
}
"""The sign of a verdict, the colour of its cell and of its sign."""

_TALL = 190.0
_GAP = 0.012
"""The space between columns, as a part of the width; rows touch."""
_LIMIT = 2
"""Adjusted residuals beyond this are shaded, as is usual; it is not a test."""
_MORE, _FEWER = "#A9CDE6", "#F2BF9C"


@frozen
class _Shade:
    """The colour of a tile, its sign, legend and words."""

    color: str = PAPER
    sign: str = ""
    legend: str = ""
    words: str = ""


_NONE = _Shade()
_SHADES = (
    _Shade(_MORE, " +", "+ more than if unrelated", ", more than if unrelated"),
    _Shade(_FEWER, " \N{MINUS SIGN}", "\N{MINUS SIGN} fewer", ", fewer than if unrelated"),
)


def _tile(ax: Axes, corner: tuple[float, float], size: tuple[float, float], **look: Any) -> None:
    ax.add_patch(Rectangle(corner, *size, clip_on=False, **look))


def _middle_text(ax: Axes, x: float, y: float, text: str, gid: str, **look: Any) -> None:
    ax.text(x, y, text, ha="center", va="center", gid=gid, **look)


def heatmap(
    numbers: Comparisons,
    *,
    ax: Axes | None = None,
    width: float = WIDTH,
    title: str = "",
) -> Axes:
    """Draw the verdict on each pair of numbers as a sign, with its reasons.

    Parameters
    ----------
    numbers : Comparisons
        The comparisons that `compare_all` returns; rows and columns have the order of its numbers.
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
    ['xa']
    """
    check_result(numbers, "matrix", "thbstats.compare_all")
    names, size = numbers.names, len(numbers.names)
    hint = "Use compare_all(panel)"
    require(size >= 2, "`numbers` must have two numbers or more", hint, numbers=size)
    axes = open_axes(ax, width)
    side, height = _grid(axes, names)
    labels = {verdict.label: verdict for verdict in Verdict}
    letters: dict[str, str] = {"": ""}
    pairs = []
    look: Look = {"edgecolor": GREY, "linewidth": 0.6}
    for (row, column), text in np.ndenumerate(numbers.matrix().to_numpy(dtype=object)):
        corner = (column - 0.5, row - 0.5)
        if row == column:
            _tile(axes, corner, (1, 1), facecolor=RULE, gid=f"itself-{row}", **look)
        elif isinstance(text, str):
            label, _, codes = text.partition(": ")
            sign, face, ink = VERDICT_SIGNS[labels[label]]
            sign += letters.setdefault(codes, _letter(len(letters) - 1))
            font = min(TEXT, (side - 2) / max(text_width(sign, 1.0), 1.0))
            _tile(axes, corner, (1, 1), facecolor=face, gid=f"box-{row}-{column}", **look)
            _middle_text(axes, column, row, sign, f"cell-{row}-{column}", fontsize=font, color=ink)
            if row < column:
                reasons = f" ({codes})" if codes else ""
                pairs.append(f"{names[row]} with {names[column]}: {label}{reasons}")
    listed = [f"{letter}: {codes}" for codes, letter in letters.items() if codes]
    more = [f"and {len(listed) - _LETTERED} more: see to_frame()"] * (len(listed) > _LETTERED)
    every = [code for combination in letters for code in combination.split(", ")]
    lines = {"Reasons": listed[:_LETTERED] + more, "Codes": rule_titles(every)}
    panel = numbers.panel
    label = common_label(panel, axis_name(panel))
    label = panel.caption if panel.caption and not panel.label.is_constant else label
    keys: list[Key] = [
        (
            Patch(facecolor=face, edgecolor=GREY),
            f"{sign} {verdict.label}: {count(n)} of {count(len(numbers))} pairs",
        )
        for verdict, n in numbers.counts().items()
        if n
        for sign, face, _ in [VERDICT_SIGNS[verdict]]
    ]
    return frame(
        axes,
        f"Heat map, {size} by {size}",
        height,
        keys,
        length=side * size,
        title=title or "Comparability of these numbers",
        subtitle=f"{capital(label)}, {where(panel)}",
        lines=[
            *(f"{name}: {'; '.join(line)}." for name, line in lines.items() if line),
            *(text for text in footer(panel) if text.startswith(_KEPT)),
        ],
        numbers=[numbers.heading, *(pairs if size <= _SPOKEN else [])],
    )


def _grid(ax: Axes, names: Sequence[str]) -> tuple[float, float]:
    """Set up the rows and columns; return the side of a cell and the height of all rows."""
    whole, size = plot_width(ax), len(names)
    heads, rows = list(names), list(names)
    if max(map(len, names)) > _SHORT:
        heads = [str(position + 1) for position in range(size)]
        numbered = zip(heads, names, strict=True)
        rows = [wrap_text(f"{head} {name}", whole * _NAMES, TEXT) for head, name in numbered]
    room = whole - max(text_width(name, TEXT) for name in rows) - LABEL_GAP - 2 * PAD
    side = min(_LARGEST, room / size)
    problem = f"a heat map of this width must have at most {int(room / _SMALLEST)} numbers"
    hint = "Use fewer numbers, a larger width=, or Comparisons.tally()"
    require(side >= _SMALLEST, problem, hint, numbers=size)
    plain(ax)
    ax.set(xlim=(-0.5, size - 0.5), ylim=(size - 0.5, -0.5))
    ax.set_yticks(range(size), rows)
    upright = max(text_width(head, TEXT) for head in heads) > side - 3
    ax.set_xticks(range(size), heads, rotation=90 if upright else 0)
    ax.xaxis.tick_top()
    ax.tick_params(pad=LABEL_GAP)
    return side, size * max(side, *(text_height(name) + 2 for name in rows))


def _letter(position: int) -> str:
    before, own = divmod(position, len(ascii_lowercase))
    return (_letter(before - 1) if before else "") + ascii_lowercase[own]


@frozen(kw_only=True)
class _Tile:
    """A cell with its position and the heights of its bounds."""

    row: str
    column: str
    text: str
    share: str
    shade: _Shade
    cause: Width
    left: float
    width: float
    bottom: float
    certain: float
    possible: float


def mosaic(
    numbers: Association,
    *,
    ax: Axes | None = None,
    width: float = WIDTH,
    title: str = "",
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
    >>> [round(tile.get_height(), 2) for tile in ax.patches]
    [0.95, 0.05, 0.2, 0.8]
    """
    check_result(numbers, "cramers_v", "thbstats.association")
    coefficient = numbers.cramers_v.panel.take([numbers.cramers_v.position])
    tiles, heads = mosaic_tiles(numbers)
    axes = open_axes(ax, width)
    plain(axes)
    axes.set(xlim=(0, 1), ylim=(0, 1), yticks=[])
    across = plot_width(axes) - 2 * PAD
    tall = min(max(_TALL, across * 0.4), 1.6 * _TALL)
    axes.set_xticks(
        [left + own / 2 for _, left, own in heads],
        [
            wrap_text(head, max(own * across, *(text_width(w, TEXT) for w in head.split())), TEXT)
            for head, _, own in heads
        ],
    )
    small = [
        f"{tile.column}, {tile.row}: {tile.text} ({tile.share})"
        for position, tile in enumerate(tiles)
        if not _draw(axes, tile, position, across, tall)
    ]
    shades = [shade for shade in _SHADES if any(tile.shade is shade for tile in tiles)]
    note = (
        "Width: total of a column. Height: share of its column. "
        f"Cramér's V: {numbers.cramers_v.formatted}."
        + " Shaded: adjusted residual beyond 2; not a test." * bool(shades)
        + f" Tiles without text: {'; '.join(small)}." * bool(small)
    )
    causes = dict.fromkeys(tile.cause for tile in tiles if tile.possible > tile.certain)
    edge: Look = {"edgecolor": BLACK}
    keys: list[Key] = [(Patch(facecolor=own.color, **edge), own.legend) for own in shades]
    keys += [(Patch(facecolor=PAPER, hatch=own.hatch, **edge), own.label) for own in causes]
    return frame(
        axes,
        f"Mosaic plot, {len(numbers.rows)} rows by {len(numbers.columns)} columns",
        tall,
        keys,
        title=title or capital(numbers.caption),
        subtitle=where(coefficient),
        lines=footer(coefficient, [note], warnings=numbers.warnings),
        numbers=[
            f"{tile.column}, {tile.row}: {tile.text}, {tile.share} of {tile.column}"
            f"{tile.shade.words}"
            for tile in tiles
        ],
    )


def mosaic_tiles(table: Association) -> tuple[list[_Tile], list[tuple[str, float, float]]]:
    """Return the tiles, column by column, the first row on top, and each column.

    A column is its name with its total, its left side and its width.
    """
    shape = len(table.rows), len(table.columns)
    lower, upper = (np.reshape(own, shape) for own in (table.counts.lower, table.counts.upper))
    is_drawable = np.isfinite(upper).all() and upper.any()
    problem = "every count must have an upper bound, and one must be above 0"
    hint = "Select the countries that reported every count, or draw the shares with bars()"
    require(is_drawable, problem, hint, counts=upper.max(initial=0))
    shares = list(table.column_shares)
    causes = PlotNumbers(table.column_shares).widths
    totals = upper.sum(axis=0)
    filled = np.flatnonzero(totals).tolist()
    left, tiles, heads = 0.0, [], []
    for column in filled:
        width = (1 - _GAP * (len(filled) - 1)) * float(totals[column] / totals.sum())
        parts = upper[:, column] / totals[column]
        for row, name in enumerate(table.rows):
            position = row * shape[1] + column
            residual = table.adjusted[position]
            more = residual is not None and residual > _LIMIT
            fewer = residual is not None and residual < -_LIMIT
            tiles.append(
                _Tile(
                    row=name,
                    column=table.columns[column],
                    text=_count_text(lower[row, column], upper[row, column]),
                    share=percent(shares[position].value_or_bounds),
                    shade=_SHADES[0] if more else _SHADES[1] if fewer else _NONE,
                    cause=causes[position],
                    left=left,
                    width=width,
                    bottom=1.0 - float(parts[: row + 1].sum()),
                    certain=float(lower[row, column] / totals[column]),
                    possible=float(parts[row]),
                )
            )
        total = _count_text(lower[:, column].sum(), totals[column])
        heads.append((f"{table.columns[column]}\n{total}", left, width))
        left += width + _GAP
    return tiles, heads


def _count_text(lower: float, upper: float) -> str:
    return count(Interval(Fraction(lower), Fraction(upper)))


def _draw(ax: Axes, tile: _Tile, position: int, across: float, tall: float) -> bool:
    """Draw a tile with its texts as far as they fit; return if the count fits."""
    hatched: Look = {"facecolor": PAPER, "hatch": tile.cause.hatch}
    top, uncertain = tile.bottom + tile.certain, tile.possible - tile.certain
    parts: tuple[tuple[str, float, float, Look], ...] = (
        ("certain", tile.bottom, tile.certain, {"facecolor": tile.shade.color}),
        ("range", top, uncertain, hatched),
    )
    for name, bottom, height, look in parts:
        if height > 0:
            look |= {"edgecolor": BLACK, "linewidth": 0.8, "gid": f"{name}-{position}"}
            _tile(ax, (tile.left, bottom), (tile.width, height), **look)
    name, number = f"{tile.row}{tile.shade.sign}", tile.text
    for text in (f"{name}\n{number} ({tile.share})", f"{name}\n{number}", f"{name} {number}"):
        fits = text_width(text, TEXT) + TEXT <= tile.width * across
        if fits and text_height(text) + 2 <= tile.possible * tall:
            x, y = tile.left + tile.width / 2, tile.bottom + tile.possible / 2
            words: Look = {"fontsize": TEXT, "color": INK}
            if tile.certain < tile.possible / 2:  # the text is on the hatch
                words["bbox"] = {"facecolor": PAPER, "edgecolor": "none", "pad": 0.5}
            _middle_text(ax, x, y, text, f"tile-{position}", **words)
            return True
    return False
