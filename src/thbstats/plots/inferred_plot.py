"""What claims imply of numbers that nobody printed: each from its least to its most."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from matplotlib.axes import Axes

from thbstats.bounds import Inference, Inferences
from thbstats.errors import InvalidValue
from thbstats.plots.canvas import WIDTH, open_axes
from thbstats.plots.footnotes import sections_said, warned
from thbstats.plots.layout import Around, frame
from thbstats.plots.lettering import capital
from thbstats.plots.marks import Pen
from thbstats.plots.rows import rows_of, rows_said
from thbstats.plots.scale import scale_of
from thbstats.plots.style import BLUE
from thbstats.results import Measure, Warnings
from thbstats.values import Interval

__all__ = ["inferred"]

_ROW = 20.0
_FEW = 2
"""So many claims at most are named under a plot."""


def inferred(
    found: Inferences | Inference,
    *,
    ax: Axes | None = None,
    width: float = WIDTH,
    title: str = "",
) -> Axes:
    """Draw inferred numbers as lines between their ends, both of which are attained.

    Parameters
    ----------
    found : Inferences or Inference
        What `thbstats.infer` gave, all counts or all shares; each has a row, in their order. One
        of which the claims give no information says so, and has no line.
    ax, width, title : optional
        As for `bars`.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    InvalidValue
        If there is nothing to draw, or counts stand beside shares.

    Examples
    --------
    >>> import thbstats as thb
    >>> report = thb.publications.com_2018_777()
    >>> ax = thb.plots.inferred(thb.infer(report, "victims", area="UK", exploitation="labour"))
    >>> ax.lines[0].get_xdata().tolist()
    [2666.0, 2865.0]
    """
    items = found.items if isinstance(found, Inferences) else (found,)
    measure = _measure(items)
    axes = open_axes(ax, width)
    rows = rows_of(
        axes,
        [item.label for item in items],
        ["" if item.bounds is None else item.shown for item in items],
        [_ROW] * len(items),
    )
    known = [item.bounds for item in items if item.bounds is not None]
    scale = scale_of(measure, [*known, *_full(found)], rows.length)
    body = rows.set_up(axes, scale)
    pen = Pen(axes, scale)
    for place, (item, middle) in enumerate(zip(items, rows.middles, strict=True)):
        if item.bounds is None:
            pen.absent(middle, "no information in the claims", place=place)
            continue
        pen.span(
            middle,
            item.bounds,
            place=place,
            name="inferred",
            text="from the least to the most that the claims allow",
            color=BLUE,
            marker="d",
            hollow=True,
        )
    caption = found.caption if isinstance(found, Inferences) else f"{found.label}, not printed"
    around = Around(
        kind=f"Interval plot, {rows_said(len(items))}",
        title=title or capital(caption),
        where=_where(items),
        axis="Share" if measure is Measure.SHARE else "Count",
        footer=tuple(_footer(items)),
        said=[f"{item.label}: {item.shown}" for item in items],
    )
    return frame(axes, around, body, pen.legend())


def _measure(items: Sequence[Inference]) -> Measure:
    kinds = {item.is_share for item in items}
    if len(kinds) != 1:
        raise InvalidValue(
            "one axis is for counts or for shares",
            field="found",
            value="counts and shares" if kinds else "nothing",
            mend="Give at least one, and draw each kind on axes of its own",
        )
    return Measure.SHARE if kinds.pop() else Measure.COUNT


def _full(found: Inferences | Inference) -> list[Interval]:
    """Return how far the axis was asked to go."""
    scale = found.scale if isinstance(found, Inferences) else None
    return [] if scale is None else [Interval(0, Fraction(scale))]


def _where(items: Sequence[Inference]) -> str:
    parts = ([item.area for item in items], [str(item.period) for item in items])
    return ", ".join(" / ".join(dict.fromkeys(part)) for part in parts)


def _footer(items: Sequence[Inference]) -> Iterator[str]:
    """Yield where the claims come from, what was assumed, and how many were not used."""
    titles = dict.fromkeys(item.title for item in items)
    used = {claim.id for item in items for claim in item.claims}
    aside = {claim.id for item in items for claim, _ in item.set_aside} - used
    sections = sections_said(claim.section for item in items for claim in item.claims)
    yield f"Inferred from what is printed in: {'; '.join(titles)}{sections}."
    beyond = f"; {len(aside)} not used" if aside else ""
    yield f"Claims used: {len(used)}{beyond}."
    assumed = dict.fromkeys(_short(text) for item in items for text in item.assumptions)
    if assumed:
        yield f"Assumed: {'; '.join(assumed)}."
    yield from warned(Warnings().and_also(*(item.warnings for item in items)))


def _short(assumption: str) -> str:
    """Return an assumption without the names of the claims that it concerns."""
    text, _, listed = assumption.partition(": ")
    ids = listed.split(", ")
    return (
        f"{text} ({len(ids)} claims)"
        if len(ids) > 2 and all("-" in id for id in ids)
        else assumption
    )
