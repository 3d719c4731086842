"""The same categories twice, such as with and without one reporter."""

from collections.abc import Iterable, Sequence

from matplotlib.axes import Axes

from thbstats.comparability import compare
from thbstats.errors import InvalidValue
from thbstats.plots.canvas import WIDTH, open_axes
from thbstats.plots.footnotes import footer, where
from thbstats.plots.footnotes import place as place_of
from thbstats.plots.layout import Around, frame
from thbstats.plots.lettering import capital
from thbstats.plots.marks import Pen
from thbstats.plots.rows import rows_of, rows_said
from thbstats.plots.scale import measure_of, named, scale_of
from thbstats.plots.style import BLUE, VERMILION
from thbstats.plots.wording import as_results, title_of
from thbstats.results import Comparison, Result, Results, Warnings
from thbstats.values import Interval

__all__ = ["dumbbell"]

_ROW, _APART = 24.0, 4.5
"""Points: the height of a row, and of two numbers that would lie on each other."""


def dumbbell(
    first: Results | Iterable[Result],
    second: Results | Iterable[Result],
    *,
    names: tuple[str, str] | None = None,
    ax: Axes | None = None,
    width: float = WIDTH,
    title: str = "",
) -> Axes:
    """Draw two numbers for each category on one line, and say whether they may be compared.

    Parameters
    ----------
    first, second : Results or iterable of Result
        The same categories twice, such as a `Breakdown` with and without one country. The rows
        have the order of the first.
    names : tuple of str, optional
        What the two are called; by default what is different: their areas, else their periods,
        else their bases.
    ax, width, title : optional
        As for `bars`.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    InvalidValue
        If the two have other categories, or their numbers are of several kinds.

    Examples
    --------
    >>> import thbstats as thb
    >>> report = thb.publications.com_2018_777()
    >>> forms = report.breakdown(by="exploitation", base="recorded")
    >>> others = report.breakdown(by="exploitation", base="recorded", area="EU28 without UK")
    >>> ax = thb.plots.dumbbell(forms, others)
    >>> [text.get_text() for text in ax.get_legend().get_texts()]
    ['EU28', 'EU28 without UK']
    """
    one, two = as_results(first), as_results(second)
    if sorted(one.labels) != sorted(two.labels):
        raise InvalidValue(
            "two numbers are drawn for each category",
            field="second",
            value=", ".join(two.labels),
            mend=f"Give the categories of the first: {', '.join(one.labels)}",
        )
    pairs = [compare(item, two[item.label]) for item in one]
    everything = [*one, *two]
    measure = measure_of(everything)
    called = names or _names(everything[0], everything[len(one)])
    axes = open_axes(ax, width)
    rows = rows_of(axes, one.labels, [pair.shown for pair in pairs], [_ROW] * len(pairs))
    known = [item.reported for item in everything if item.reported is not None]
    scale = scale_of(measure, known, rows.length)
    body = rows.set_up(axes, scale)
    pen = Pen(axes, scale)
    for place, (pair, middle) in enumerate(zip(pairs, rows.middles, strict=True)):
        _draw(pen, pair, middle, called, place)
    around = Around(
        kind=f"Dumbbell plot, {rows_said(len(pairs))}",
        title=title_of(one, title),
        where=" / ".join(called) if names else where(everything),
        axis=named(everything),
        footer=footer(
            everything,
            Warnings().and_also(*(pair.warnings for pair in pairs)),
            _verdicts(pairs, called),
        ),
        said=[_said(pair, called) for pair in pairs],
    )
    return frame(axes, around, body, pen.legend())


def _names(one: Result, two: Result) -> tuple[str, str]:
    areas = place_of(one.context.area), place_of(two.context.area)
    choices = (
        areas,
        (one.period, two.period),
        (capital(one.base.label), capital(two.base.label)),
    )
    return next((pair for pair in choices if pair[0] != pair[1]), ("first", "second"))


def _draw(pen: Pen, pair: Comparison, y: float, names: Sequence[str], place: int) -> None:
    one, two = pair.first.reported, pair.second.reported
    apart = one is None or two is None or _overlap(one, two)
    lanes = (y - _APART, y + _APART) if apart else (y, y)
    if one is not None and two is not None and not apart:
        pen.join(y, _gap(one, two), place=place)
    looks = (("first", one, BLUE, "o", False), ("second", two, VERMILION, "s", True))
    for lane, name, (key, number, color, marker, hollow) in zip(lanes, names, looks, strict=True):
        if number is None:
            pen.absent(lane, f"not reported: {name}", place=place)
            continue
        pen.span(
            lane,
            number,
            place=place,
            name=key,
            text=name,
            color=color,
            marker=marker,
            hollow=hollow,
        )


def _overlap(one: Interval, two: Interval) -> bool:
    low, high = sorted((one, two), key=lambda number: (number.lower is not None, number.lower or 0))
    return low.upper is None or high.lower is None or high.lower <= low.upper


def _gap(one: Interval, two: Interval) -> tuple[float, float]:
    """Return the ends that face each other, of two numbers that do not overlap."""
    low, high = sorted((one, two), key=lambda number: (number.lower is not None, number.lower or 0))
    return float(low.upper or 0), float(high.lower or 0)


def _verdicts(pairs: Sequence[Comparison], names: Sequence[str]) -> list[str]:
    """Return what the figures are, and which of them may be compared."""
    found: dict[str, list[str]] = {}
    for pair in pairs:
        found.setdefault(pair.verdict.label, []).append(pair.first.label)
    told = "; ".join(f"{', '.join(labels)}: {verdict}" for verdict, labels in found.items())
    return [f"In figures: {names[1]} less {names[0]}.", f"{capital(told)}."]


def _said(pair: Comparison, names: Sequence[str]) -> str:
    figures = " and ".join(
        f"{'not reported' if item.reported is None else item.shown} ({name})"
        for item, name in zip((pair.first, pair.second), names, strict=True)
    )
    return f"{pair.first.label}: {figures}, {pair.shown}, {pair.verdict.label}"
