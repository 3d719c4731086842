"""Mosaic plot of two dimensions."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import isfinite
from typing import Any

from attrs import frozen
from matplotlib.axes import Axes
from matplotlib.patches import Patch, Rectangle

from thbstats.display import count, percent
from thbstats.errors import InvalidValue
from thbstats.indicators import Association
from thbstats.plots.canvas import (
    BLACK,
    INK,
    PAPER,
    TEXT,
    WIDTH,
    capital,
    open_axes,
    plot_width,
    text_height,
    text_width,
    wrap_text,
)
from thbstats.plots.footnotes import footer, where
from thbstats.plots.layout import PAD, Key, Labels, PlotMargins, frame, plain
from thbstats.plots.scale import FloatBounds, interval_bounds
from thbstats.plots.wording import Width, check_result, width_reasons
from thbstats.values import Interval

_TALL = 190.0
_GAP = 0.012
"""The space between columns, as a part of the width; rows touch."""
_LIMIT = 2
"""Adjusted residuals beyond this are shaded, as is usual; it is not a test."""
_MORE, _FEWER = "#A9CDE6", "#F2BF9C"
_SIGNS = {"more": " +", "fewer": " \N{MINUS SIGN}", "": ""}


@frozen(kw_only=True)
class _Tile:
    """A cell with its position and the heights of its bounds."""

    row: str
    column: str
    ends: FloatBounds
    share: str
    shade: str
    width_reason: Width
    left: float
    width: float
    bottom: float
    certain: float
    possible: float

    @property
    def text(self) -> str:
        """The count in print."""
        return count(Interval(*(Fraction(end) for end in self.ends)))


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
    check_result(numbers, "counts", "thbstats.association")
    coefficient = numbers.cramers_v.panel.take([numbers.cramers_v.position])
    tiles = list(_tiles(numbers))
    axes = open_axes(ax, width)
    whole = plot_width(axes)
    plain(axes)
    axes.set(xlim=(0, 1), ylim=(0, 1), yticks=[])
    across = whole - 2 * PAD
    tall = min(max(_TALL, across * 0.4), 1.6 * _TALL)
    heads = _heads(tiles, across)
    axes.set_xticks([middle for middle, _ in heads], [text for _, text in heads])
    for position, tile in enumerate(tiles):
        _draw(axes, tile, position)
    small = [
        tile
        for position, tile in enumerate(tiles)
        if not _write(axes, tile, position, across, tall)
    ]
    note = "Width: total of a column. Height: share of its column. "
    note += f"Cramér's V: {numbers.cramers_v.formatted}."
    if any(tile.shade for tile in tiles):
        note += " Shaded: adjusted residual beyond 2; not a test."
    if small:
        listed = (f"{tile.column}, {tile.row}: {tile.text} ({tile.share})" for tile in small)
        note += f" Tiles without text: {'; '.join(listed)}."
    words = {"more": ", more than if unrelated", "fewer": ", fewer than if unrelated", "": ""}
    labels = Labels(
        kind=f"Mosaic plot, {len(numbers.rows)} rows by {len(numbers.columns)} columns",
        title=title or capital(numbers.caption),
        where=where(coefficient),
        footer=footer(coefficient, [note], warnings=numbers.warnings),
        numbers=[
            f"{tile.column}, {tile.row}: {tile.text}, {tile.share} of {tile.column}"
            f"{words[tile.shade]}"
            for tile in tiles
        ],
    )
    below = max(text_height(text, TEXT) for _, text in heads) + 8
    return frame(axes, labels, PlotMargins(height=tall, below=below), _keys(tiles))


def _tiles(association: Association) -> Iterator[_Tile]:
    """Yield the tiles, column by column from the left, the first row on top."""
    size, counts = len(association.columns), interval_bounds(association.counts)
    upper = [high for _, high in counts]
    if not all(map(isfinite, upper)) or not any(upper):
        raise InvalidValue(
            "every count must have an upper bound, and one must be above 0",
            field="counts",
            value=max(upper, default=0),
            hint="Select the countries that reported every count, or draw the shares with bars()",
        )
    shares = list(association.column_shares)
    reasons = width_reasons(association.column_shares)
    totals = [sum(upper[column::size]) for column in range(size)]
    across = 1 - _GAP * (sum(total > 0 for total in totals) - 1)
    left = 0.0
    for column, total in enumerate(totals):
        if not total:
            continue
        top = 1.0
        width = across * total / sum(totals)
        for row, name in enumerate(association.rows):
            position = row * size + column
            top -= upper[position] / total
            yield _Tile(
                row=name,
                column=association.columns[column],
                ends=counts[position],
                share=percent(shares[position].value_or_bounds),
                shade=_shade(association.adjusted[position]),
                width_reason=Width(reasons[position]),
                left=left,
                width=width,
                bottom=top,
                certain=counts[position][0] / total,
                possible=upper[position] / total,
            )
        left += width + _GAP


def _shade(residual: Any) -> str:
    number = 0.0 if residual is None else float(residual)
    return "more" if number > _LIMIT else "fewer" if number < -_LIMIT else ""


def _heads(tiles: Sequence[_Tile], across: float) -> list[tuple[float, str]]:
    """Return the middle, the name and the total of each column."""
    heads = []
    for name in dict.fromkeys(tile.column for tile in tiles):
        own = [tile for tile in tiles if tile.column == name]
        ends = (Fraction(sum(tile.ends[side] for tile in own)) for side in (0, 1))
        heading = wrap_text(name, max(own[0].width * across, 3 * TEXT), TEXT)
        text = f"{heading}\n{count(Interval(*ends))}"
        heads.append((own[0].left + own[0].width / 2, text))
    return heads


def _draw(ax: Axes, tile: _Tile, position: int) -> None:
    face = {"more": _MORE, "fewer": _FEWER}.get(tile.shade, PAPER)
    uncertain = tile.possible - tile.certain
    hatch: dict[str, Any] = {"facecolor": PAPER, "hatch": tile.width_reason.hatch}
    parts: tuple[tuple[str, float, float, dict[str, Any]], ...] = (
        ("certain", tile.bottom, tile.certain, {"facecolor": face}),
        ("range", tile.bottom + tile.certain, uncertain, hatch),
    )
    for name, bottom, height, options in parts:
        if height > 0:
            corner = (tile.left, bottom)
            frame_options: dict[str, Any] = {"edgecolor": BLACK, "linewidth": 0.8, "clip_on": False}
            box = Rectangle(corner, tile.width, height, **frame_options, **options)
            box.set_gid(f"{name}-{position}")
            ax.add_patch(box)


def _write(ax: Axes, tile: _Tile, position: int, across: float, tall: float) -> bool:
    """Write the texts of a tile as far as they fit; return if the count fits."""
    name, number = f"{tile.row}{_SIGNS[tile.shade]}", tile.text
    for text in (f"{name}\n{number} ({tile.share})", f"{name}\n{number}", f"{name} {number}"):
        fits = text_width(text, TEXT) + TEXT <= tile.width * across
        if fits and text_height(text, TEXT) + 2 <= tile.possible * tall:
            x, y = tile.left + tile.width / 2, tile.bottom + tile.possible / 2
            artist = ax.text(x, y, text, ha="center", va="center", fontsize=TEXT, color=INK)
            artist.set_gid(f"tile-{position}")
            return True
    return False


def _keys(tiles: Sequence[_Tile]) -> list[Key]:
    shades = {tile.shade for tile in tiles}
    known: dict[str, Key] = {
        "more": (Patch(facecolor=_MORE, edgecolor=BLACK), "+ more than if unrelated"),
        "fewer": (Patch(facecolor=_FEWER, edgecolor=BLACK), "\N{MINUS SIGN} fewer"),
    }
    keys = [key for shade, key in known.items() if shade in shades]
    reasons = dict.fromkeys(tile.width_reason for tile in tiles if tile.possible > tile.certain)
    return keys + [
        (Patch(facecolor=PAPER, edgecolor=BLACK, hatch=reason.hatch), reason.label)
        for reason in reasons
    ]
