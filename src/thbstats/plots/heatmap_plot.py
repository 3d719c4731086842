"""The verdicts on all pairs of some numbers: a square of signs and letters."""

from collections.abc import Sequence
from string import ascii_lowercase

from matplotlib.axes import Axes
from matplotlib.patches import Patch, Rectangle

from thbstats.display import count
from thbstats.errors import InvalidValue
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
    capital,
    open_axes,
    plot_width,
    text_height,
    text_width,
    wrap_text,
)
from thbstats.plots.footnotes import footer, rule_titles, where
from thbstats.plots.layout import PAD, Labels, PlotMargins, frame, plain
from thbstats.plots.scale import axis_name
from thbstats.plots.wording import check_result, common_label
from thbstats.rules import Comparisons

_SMALLEST, _LARGEST = 9.0, 26.0
"""The smallest and the largest side of a cell, in points."""
_LABEL_GAP = 6.0
_NAMES = 0.34
_SHORT = 4
"""Names of this length are column heads; longer names get numbers."""
_SPOKEN = 8
"""The alt text contains the pairs of at most this many numbers."""
_LETTERED = 26
"""The footer explains at most this many combinations of reasons."""

_SIGNS = {
    Verdict.COMPARABLE: ("=", BLUE, PAPER),
    Verdict.WITH_CAUTION: ("!", "#F6D2BC", BLACK),
    Verdict.NOT_COMPARABLE: ("x", INK, PAPER),
    Verdict.NOT_ASSESSABLE: ("?", PAPER, BLACK),
}
"""The sign of a verdict, the colour of its cell and of its sign."""


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
    names = numbers.names
    if len(names) < 2:
        raise InvalidValue(
            "`numbers` must have two numbers or more",
            field="numbers",
            value=len(names),
            hint="Use compare_all(panel)",
        )
    axes = open_axes(ax, width)
    space, side = _set_up(axes, names)
    matrix = numbers.matrix().to_numpy(dtype=object)
    labels = {verdict.label: verdict for verdict in Verdict}
    letters: dict[str, str] = {"": ""}
    pairs = []
    for row, texts in enumerate(matrix):
        for column, text in enumerate(texts):
            if row == column:
                _box(axes, row, row, RULE, f"itself-{row}")
            elif isinstance(text, str):
                label, _, codes = text.partition(": ")
                letter = letters.setdefault(codes, _letter(len(letters) - 1))
                verdict = labels[label]
                _box(axes, row, column, _SIGNS[verdict][1], f"box-{row}-{column}")
                sign = f"{_SIGNS[verdict][0]}{letter}"
                artist = axes.text(
                    column,
                    row,
                    sign,
                    ha="center",
                    va="center",
                    fontsize=min(TEXT, (side - 2) / max(text_width(sign, 1.0), 1.0)),
                    color=_SIGNS[verdict][2],
                )
                artist.set_gid(f"cell-{row}-{column}")
                if row < column:
                    reasons = f" ({codes})" if codes else ""
                    pairs.append(f"{names[row]} with {names[column]}: {label}{reasons}")
    panel = numbers.panel
    axis = axis_name(panel)
    single = panel.label.is_constant or not panel.caption
    listed = [f"{letter}: {codes}" for codes, letter in letters.items() if codes]
    every = [code for combination in letters for code in combination.split(", ")]
    more = len(listed) - _LETTERED
    lines = [
        ("Reasons", listed[:_LETTERED] + ([f"and {more} more: see to_frame()"] * (more > 0))),
        ("Codes", rule_titles(every)),
    ]
    around = Labels(
        kind=f"Heat map, {len(names)} by {len(names)}",
        title=title or "Comparability of these numbers",
        where=f"{capital(common_label(panel, axis) if single else panel.caption)}, {where(panel)}",
        footer=[
            *(f"{name}: {'; '.join(line)}." for name, line in lines if line),
            *(text for text in footer(panel) if text.startswith(_KEPT)),
        ],
        numbers=[numbers.heading, *(pairs if len(names) <= _SPOKEN else [])],
    )
    keys = [
        (
            Patch(facecolor=_SIGNS[verdict][1], edgecolor=GREY),
            f"{_SIGNS[verdict][0]} {verdict.label}: {count(n)} of {count(len(numbers))} pairs",
        )
        for verdict, n in numbers.counts().items()
        if n
    ]
    return frame(axes, around, space, keys)


_KEPT = ("Source:", "Period:", "Contradictory", "Conflicting", "Limitations:")
"""The lines of a footer that the letters do not repeat."""


def _set_up(ax: Axes, names: Sequence[str]) -> tuple[PlotMargins, float]:
    """Set up the rows and columns; return the margins and the side of a cell."""
    whole, size = plot_width(ax), len(names)
    short = max(map(len, names)) <= _SHORT
    heads = list(names) if short else [str(position + 1) for position in range(size)]
    rows = [
        name if short else wrap_text(f"{head} {name}", whole * _NAMES, TEXT)
        for head, name in zip(heads, names, strict=True)
    ]
    left = max(text_width(name, TEXT) for name in rows) + _LABEL_GAP + PAD
    side = min(_LARGEST, (whole - left - PAD) / size)
    if side < _SMALLEST:
        most = int((whole - left - PAD) / _SMALLEST)
        raise InvalidValue(
            f"a heat map of this width must have at most {most} numbers",
            field="numbers",
            value=size,
            hint="Use fewer numbers, a larger width=, or Comparisons.tally()",
        )
    high = max(side, *(text_height(name, TEXT) + 2 for name in rows))
    plain(ax)
    ax.set_xlim(-0.5, size - 0.5)
    ax.set_ylim(size - 0.5, -0.5)
    ax.set_yticks(range(size), rows)
    longest = max(text_width(head, TEXT) for head in heads)
    upright = longest > side - 3
    ax.set_xticks(range(size), heads, rotation=90 if upright else 0)
    ax.xaxis.tick_top()
    ax.tick_params(pad=_LABEL_GAP)
    above = (longest if upright else TEXT) + 2 * _LABEL_GAP
    right = whole - left - side * size
    return PlotMargins(left=left, right=right, height=high * size, above=above, below=2.0), side


def _letter(position: int) -> str:
    before, own = divmod(position, len(ascii_lowercase))
    return (_letter(before - 1) if before else "") + ascii_lowercase[own]


def _box(ax: Axes, row: int, column: int, face: str, gid: str) -> None:
    corner = (column - 0.5, row - 0.5)
    box = Rectangle(corner, 1, 1, facecolor=face, edgecolor=GREY, linewidth=0.6, clip_on=False)
    box.set_gid(gid)
    ax.add_patch(box)
