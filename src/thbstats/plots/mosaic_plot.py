"""Two dimensions of the same people: a tile for each cell, as large as its count."""

from collections.abc import Iterator, Sequence
from typing import Any

from attrs import frozen
from matplotlib.axes import Axes
from matplotlib.patches import Patch, Rectangle

from thbstats.display import count, percent
from thbstats.errors import InvalidValue
from thbstats.plots.canvas import WIDTH, open_axes, room
from thbstats.plots.footnotes import footer, where
from thbstats.plots.layout import PAD, Around, Body, Key, frame, plain
from thbstats.plots.lettering import height_of, lines_of, wide, wrapped
from thbstats.plots.style import BLACK, HATCH, HIDDEN, INK, PAPER, TEXT
from thbstats.plots.wording import is_hidden, title_of
from thbstats.results import Association
from thbstats.values import Interval, Rational

__all__ = ["mosaic"]

_TALL = 190.0
_GAP = 0.012
"""Between columns, as a part of the width; rows touch."""
_LIMIT = 2
"""A residual beyond this is customarily shaded; no test is made, since nobody was drawn."""
_MORE, _FEWER = "#A9CDE6", "#F2BF9C"


@frozen(kw_only=True)
class _Tile:
    """A cell with its place: its left edge and width, its foot, its certain and possible height."""

    row: str
    column: str
    count: Interval
    share: str
    residual: Rational | None
    hidden: bool
    left: float
    width: float
    foot: float
    certain: float
    possible: float


def mosaic(
    found: Association,
    *,
    ax: Axes | None = None,
    width: float = WIDTH,
    title: str = "",
) -> Axes:
    """Draw a two-way table as tiles: columns as wide as their totals, tiles as high as their share.

    Tiles are shaded where a cell has clearly more or fewer than if the dimensions had nothing to
    do with each other: where its adjusted residual is beyond 2. A count with two ends is drawn as
    the upper one, and hatched above the lower.

    Parameters
    ----------
    found : Association
        What `association` gave; columns and rows have its order, the first row on top.
    ax, width, title : optional
        As for `bars`.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    InvalidValue
        If a count has no upper end, or nobody is counted.

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
    _check(found)
    axes = open_axes(ax, width)
    whole = room(axes)
    plain(axes)
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1)
    axes.set_yticks([])
    tiles = list(_tiles(found))
    across = whole - 2 * PAD
    heads = _heads(tiles, found, across)
    axes.set_xticks([middle for middle, _ in heads], [text for _, text in heads])
    tall = min(max(_TALL, across * 0.4), 1.6 * _TALL)
    for place, tile in enumerate(tiles):
        _draw(axes, tile, place)
    silent = [
        tile for place, tile in enumerate(tiles) if not _write(axes, tile, place, across, tall)
    ]
    below = max(height_of(text, TEXT) for _, text in heads) + 8
    note = f"Width: all in a column. Height: a share of its column. Cramér's V: {found.v.shown}."
    if any(tile.residual is not None for tile in tiles):
        note += " Shaded: adjusted residual beyond 2; no test, since nobody was drawn by chance."
    if silent:
        told = (f"{tile.column}, {tile.row}: {count(tile.count)} ({tile.share})" for tile in silent)
        note += f" Too small to be written: {'; '.join(told)}."
    around = Around(
        kind=f"Mosaic plot, {len(found.rows)} rows by {len(found.columns)} columns",
        title=title_of(found, title),
        where=where([found.v]),
        footer=footer([found.v], found.warnings, [note]),
        said=[_said(tile) for tile in tiles],
    )
    body = Body(left=PAD, right=PAD, height=tall, below=below)
    return frame(axes, around, body, _keys(tiles))


def _check(found: Association) -> None:
    for (row, column), number in zip(found.cells, found.counts, strict=True):
        if number.upper is None:
            raise InvalidValue(
                "a tile needs an upper end",
                field="counts",
                value=f"{row}, {column}: {number}",
                mend="Draw the countries that gave every count, or the shares with bars()",
            )
    if not any(number.upper for number in found.counts):
        raise InvalidValue(
            "nobody is counted in these cells", field="counts", value=0, mend="Give counts above 0"
        )


def _tiles(found: Association) -> Iterator[_Tile]:
    """Yield the tiles, column by column from the left, the first row on top."""
    size = len(found.columns)
    upper = [float(number.upper or 0) for number in found.counts]
    totals = [sum(upper[column::size]) for column in range(size)]
    room = 1 - _GAP * (sum(total > 0 for total in totals) - 1)
    left = 0.0
    for column, total in enumerate(totals):
        if not total:
            continue
        top = 1.0
        for row, name in enumerate(found.rows):
            place = row * size + column
            number = found.counts[place]
            possible = upper[place] / total
            top -= possible
            yield _Tile(
                row=name,
                column=found.columns[column],
                count=number,
                share=percent(found.of_columns[place].stated),
                residual=found.adjusted[place],
                hidden=is_hidden(found.of_columns[place]),
                left=left,
                width=room * total / sum(totals),
                foot=top,
                certain=float(number.lower or 0) / total,
                possible=possible,
            )
        left += room * total / sum(totals) + _GAP


def _heads(tiles: Sequence[_Tile], found: Association, across: float) -> list[tuple[float, str]]:
    """Return the middle, the name and the total of each column."""
    heads = []
    for name in dict.fromkeys(tile.column for tile in tiles):
        own = [tile for tile in tiles if tile.column == name]
        total = sum((tile.count for tile in own), Interval.point(0))
        text = f"{wrapped(name, max(own[0].width * across, 3 * TEXT), TEXT)}\n{count(total)}"
        heads.append((own[0].left + own[0].width / 2, text))
    return heads


def _draw(ax: Axes, tile: _Tile, place: int) -> None:
    face = {"more": _MORE, "fewer": _FEWER}.get(_shade(tile), PAPER)
    rest = tile.possible - tile.certain
    parts = (
        ("certain", tile.foot, tile.certain, {"facecolor": face}),
        ("between", tile.foot + tile.certain, rest, _unsure(tile)),
    )
    for name, foot, height, look in parts:
        if height > 0:
            box = Rectangle(
                (tile.left, foot),
                tile.width,
                height,
                edgecolor=BLACK,
                linewidth=0.8,
                clip_on=False,
                **look,
            )
            box.set_gid(f"{name}-{place}")
            ax.add_patch(box)


def _unsure(tile: _Tile) -> dict[str, Any]:
    """Return the look of what lies between the two ends of a count."""
    return {"facecolor": PAPER, "hatch": HIDDEN if tile.hidden else HATCH}


def _write(ax: Axes, tile: _Tile, place: int, across: float, tall: float) -> bool:
    """Write what a tile says, as much of it as fits, and say whether its count does."""
    sign = {"more": " +", "fewer": " \N{MINUS SIGN}"}.get(_shade(tile), "")
    name, number = f"{tile.row}{sign}", count(tile.count)
    for text in (f"{name}\n{number} ({tile.share})", f"{name}\n{number}", f"{name} {number}"):
        fits = wide(text, TEXT) + TEXT <= tile.width * across
        if fits and lines_of(text) * TEXT * 1.25 + 2 <= tile.possible * tall:
            made = ax.text(
                tile.left + tile.width / 2,
                tile.foot + tile.possible / 2,
                text,
                ha="center",
                va="center",
                fontsize=TEXT,
                color=INK,
            )
            made.set_gid(f"tile-{place}")
            return True
    return False


def _shade(tile: _Tile) -> str:
    residual = 0.0 if tile.residual is None else float(tile.residual)
    if abs(residual) <= _LIMIT:
        return ""
    return "more" if residual > 0 else "fewer"


def _keys(tiles: Sequence[_Tile]) -> list[Key]:
    shades = {_shade(tile) for tile in tiles}
    known: dict[str, Key] = {
        "more": (Patch(facecolor=_MORE, edgecolor=BLACK), "+ more than if unrelated"),
        "fewer": (Patch(facecolor=_FEWER, edgecolor=BLACK), "\N{MINUS SIGN} fewer"),
    }
    keys = [key for shade, key in known.items() if shade in shades]
    unsure = {tile.hidden: tile for tile in tiles if tile.possible > tile.certain}
    for hidden, tile in unsure.items():
        text = "between its ends: hidden by the source" if hidden else "between its ends"
        keys.append((Patch(edgecolor=BLACK, **_unsure(tile)), text))
    return keys


def _said(tile: _Tile) -> str:
    shade = {"more": ", more than if unrelated", "fewer": ", fewer than if unrelated"}
    return (
        f"{tile.column}, {tile.row}: {count(tile.count)}, {tile.share} of {tile.column}"
        f"{shade.get(_shade(tile), '')}"
    )
