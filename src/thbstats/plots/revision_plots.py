"""Plots of revisions: the older against the newer figures, and the revision triangle."""

from itertools import groupby

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import NullLocator

from thbstats.display import count
from thbstats.errors import require
from thbstats.plots.canvas import (
    BLUE,
    INK,
    MARKERS,
    POINTS,
    RULE,
    SERIES,
    TEXT,
    VERMILION,
    WIDTH,
    Look,
    open_axes,
)
from thbstats.plots.drawn_numbers import check_result
from thbstats.plots.footnotes import citation
from thbstats.plots.layout import frame, plain
from thbstats.releases import Revisions
from thbstats.releases.alignment import tables_of

_NAMED, _ROW, _MOST_ROWS = 10, 18.0, 40


def revision_scatter(
    numbers: Revisions, *, ax: Axes | None = None, width: float = WIDTH, title: str = ""
) -> Axes:
    """Draw the newer against the older figure of each revised cell, with marked patterns.

    Both axes are logarithmic from 1; 0 has its own place. Points on the line did not change.

    Parameters
    ----------
    numbers : Revisions
        The result of `thbstats.revisions` or `thbstats.reconcile`.
    ax, width, title : optional
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
    kinds, keys = cells["pattern"].replace("", "no pattern"), []
    ax = open_axes(ax, width)
    for position, kind in enumerate(sorted(set(kinds), key=lambda own: own != "no pattern")):
        look: Look = {"marker": MARKERS[position], "color": SERIES[position], "linestyle": "none"}
        rows = (kinds == kind).to_numpy()
        ax.plot(old[rows], new[rows], markersize=4, alpha=0.7, gid=kind, **look)
        text = f"{kind.replace('_', ' ')} ({count(int(rows.sum()))})"
        keys.append((Line2D([], [], **look), text))
    top = 1.5 * max(old.max(), new.max(), 1.0)
    ax.plot([0, top], [0, top], color=INK, linewidth=0.8, zorder=0.5, gid="unchanged")
    ticks = [0, *(10**power for power in range(int(np.log10(top)) + 1))]
    for axis in (ax.xaxis, ax.yaxis):
        axis.axes.set(**{f"{axis.axis_name}scale": "symlog", f"{axis.axis_name}lim": (-0.2, top)})
        axis.set_ticks(ticks, list(map(count, ticks)))
        axis.set_minor_locator(NullLocator())
    plain(ax, "y")
    ax.grid(visible=True, axis="x", color=RULE, linewidth=0.7)
    older, newer = numbers.releases[0], numbers.releases[-1]
    shown = [*numbers.alignment.varying, *numbers._sides]
    largest = cells.iloc[np.argsort(-np.abs(new - old), kind="stable")[:_NAMED]][shown]
    spoken = [
        f"{', '.join(map(str, own[:-2]))}: {count(int(own[-2]))} to {count(int(own[-1]))}"
        for own in largest.itertuples(index=False)
    ]
    return frame(
        ax, "Scatter plot", width * POINTS * 0.6, keys,
        title=title or f"{count(len(cells))} figures that differ",
        subtitle=f"{newer} against {older}", numbers=spoken, axis=f"older figure ({older})",
        lines=[*(own.text for own in numbers.patterns[:_NAMED]), *_sources(numbers)],
    )  # fmt: skip


def _sources(numbers: Revisions) -> list[str]:
    tables = [own for release in numbers.alignment.data for own in tables_of(release, "").values()]
    return [f"Source: {citation(source for own in tables for source in own.sources)}."]


def revision_triangle(
    numbers: Revisions, *, ax: Axes | None = None, width: float = WIDTH, title: str = ""
) -> Axes:
    """Draw the figures of a series in each release: the revision triangle.

    Parameters
    ----------
    numbers : Revisions
        The result of `thbstats.revisions` for one series, such as ``table.where(sex="total")``.
    ax, width, title : optional
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
    exact = alignment.lower == alignment.upper
    spoken = []
    for row, cell in enumerate(cells.tolist()):
        releases = np.flatnonzero(exact[:, cell]).tolist()
        values = alignment.lower[releases, cell].tolist()
        for release, value in zip(releases, values, strict=True):
            change = 100 * (value / values[0] - 1) if values[0] else 0.0
            tint = VERMILION if change < 0 else BLUE
            alpha = min(abs(change) / 5, 1.0) * 0.6
            ax.barh(row, 1.0, 0.94, left=release - 0.5, color=tint, alpha=alpha, linewidth=0)
            more = f" ({change:+.2f}%)".replace("-", "\N{MINUS SIGN}") if change else ""
            ax.text(release, row, f"{count(value)}{more}", ha="center", va="center", fontsize=TEXT)
        steps = ", ".join(count(value) for value, _ in groupby(values))
        spoken.append(f"{column[cell]}: {steps}")
    ax.set_xticks(range(len(numbers.releases)), numbers.releases)
    ax.set_yticks(range(len(cells)), [column[cell] for cell in cells.tolist()])
    ax.set(xlim=(-0.5, len(numbers.releases) - 0.5), ylim=(len(cells) - 0.5, -0.5))
    plain(ax)
    return frame(
        ax, "Revision triangle", len(cells) * _ROW, [], title=title or "Revision triangle",
        subtitle="figures by period and release, with the change since the first release",
        numbers=spoken, lines=[*numbers.notes[:_NAMED], *_sources(numbers)], axis="release",
    )  # fmt: skip
