"""The same categories twice, such as with and without one reporter."""

from collections.abc import Sequence
from itertools import chain
from typing import Any

from matplotlib.axes import Axes

from thbstats.errors import InvalidValue
from thbstats.panel import Panel, Result
from thbstats.plots.canvas import BLUE, PAPER, VERMILION, WIDTH, capital
from thbstats.plots.footnotes import area_name, footer
from thbstats.plots.marks import RowPlot
from thbstats.plots.scale import common_kind, float_bounds, scale_of
from thbstats.plots.wording import as_panel, row_names
from thbstats.rules import compare

_ROW, _APART = 24.0, 4.5
"""The height of a row, and the distance of two overlapping numbers, in points."""
_OPTIONS: dict[str, Any] = {"linewidth": 2.5, "markersize": 7, "markeredgewidth": 1.6}
_SIDES: tuple[dict[str, Any], ...] = (
    {"name": "first", "color": BLUE, "marker": "o", "markerfacecolor": BLUE},
    {"name": "second", "color": VERMILION, "marker": "s", "markerfacecolor": PAPER},
)


def dumbbell(
    first: Panel | Result,
    second: Panel | Result,
    *,
    names: tuple[str, str] | None = None,
    ax: Axes | None = None,
    width: float = WIDTH,
    title: str = "",
) -> Axes:
    """Draw two numbers for each category on one line, with the verdict on the pair.

    Parameters
    ----------
    first, second : Panel or Result
        The same categories twice, such as a breakdown with and without one country. The rows have
        the order of ``first``.
    names : tuple of str, optional
        The names of the two; by default their areas, periods or denominators, whichever differ.
    ax, width, title : optional
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
    >>> forms = report.breakdown(by="exploitation", base="known")
    >>> others = report.breakdown(by="exploitation", base="known", area="EU28 without UK")
    >>> ax = thb.plots.dumbbell(forms, others)
    >>> [text.get_text() for text in ax.get_legend().get_texts()]
    ['EU28', 'EU28 without UK']
    """
    left, right = as_panel(first, "first"), as_panel(second, "second")
    rows, others = row_names(left), row_names(right)
    if sorted(rows) != sorted(others):
        raise InvalidValue(
            "`second` must have the categories of `first`",
            field="second",
            value=", ".join(others),
            hint=f"Use the categories {', '.join(rows[:5])}",
        )
    right = right.take([others.index(name) for name in rows])
    pairs = [compare(*pair) for pair in zip(left, right, strict=True)]
    every = Panel.concat([left, right])
    kind = common_kind(every)
    captions = names or _names(left.row(0), right.row(0))
    plot = RowPlot(ax, width, rows, [pair.formatted for pair in pairs], [_ROW] * len(pairs))
    values = float_bounds(left.value), float_bounds(right.value)
    known = [end for ends in chain(*values) if ends is not None for end in ends]
    marks = plot.marks(scale_of(kind, known, plot.length))
    for i, (pair, y) in enumerate(zip(pairs, plot.middles, strict=True)):
        ends = values[0][i], values[1][i]
        apart = 0.0
        if ends[0] is None or ends[1] is None:
            apart = _APART
        else:
            low, high = sorted((ends[0], ends[1]))
            if low[1] < high[0]:
                marks.join(y, (low[1], high[0]), position=i)
            else:
                apart = _APART
        lanes = (y - apart, y + apart)
        numbers = (pair.first, pair.second)
        for lane, own, name, number, options in zip(
            lanes, ends, captions, numbers, _SIDES, strict=True
        ):
            if own is None:
                text = f"{number.status.label}: {name}"
                marks.words(lane, text, position=i, status=number.status)
            else:
                marks.line(lane, own, position=i, text=name, **_OPTIONS, **options)
    verdicts: dict[str, list[str]] = {}
    for name, pair in zip(rows, pairs, strict=True):
        verdicts.setdefault(pair.verdict.label, []).append(name)
    listed = "; ".join(f"{', '.join(own)}: {verdict}" for verdict, own in verdicts.items())
    notes = [f"In figures: {captions[1]} minus {captions[0]}.", f"{capital(listed)}."]
    warnings = [item for pair in pairs for item in pair.warnings]
    sentences = [
        f"{name}: {_value_text(pair.first)} ({captions[0]}) and {_value_text(pair.second)} "
        f"({captions[1]}), "
        f"{pair.formatted}, {pair.verdict.label}"
        for name, pair in zip(rows, pairs, strict=True)
    ]
    return plot.finish(
        marks,
        "Dumbbell plot",
        every,
        sentences,
        title=title or capital(left.caption),
        where=" / ".join(captions) if names else None,
        footer=footer(every, notes, warnings=warnings),
    )


def _names(left: Result, right: Result) -> Sequence[str]:
    choices = (
        (area_name(left.area), area_name(right.area)),
        (str(left.period), str(right.period)),
        (capital(left.base.label), capital(right.base.label)),
    )
    return next((pair for pair in choices if pair[0] != pair[1]), ("first", "second"))


def _value_text(number: Result) -> str:
    return number.status.label if number.value is None else number.formatted
