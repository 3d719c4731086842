"""Numbers that claims imply, each between its bounds."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from matplotlib.axes import Axes

from thbstats.errors import InvalidValue
from thbstats.panel import ResultKind
from thbstats.plots.canvas import BLUE, PAPER, WIDTH, capital
from thbstats.plots.footnotes import section_list, warning_lines
from thbstats.plots.layout import Labels, frame
from thbstats.plots.marks import RowPlot
from thbstats.plots.scale import interval_bounds, scale_of
from thbstats.plots.wording import check_result
from thbstats.values import Interval

if TYPE_CHECKING:
    from thbstats.bounds import Inference, Inferences

_ROW = 20.0
_FEW = 2
"""A plot names at most this many claims of an assumption."""
_OPTIONS: dict[str, Any] = {
    "color": BLUE,
    "linewidth": 2.5,
    "marker": "d",
    "markersize": 7,
    "markeredgewidth": 1.6,
    "markerfacecolor": PAPER,
}


def inferred(
    numbers: "Inferences | Inference",
    *,
    ax: Axes | None = None,
    width: float = WIDTH,
    title: str = "",
) -> Axes:
    """Draw inferred numbers as lines between their bounds; both are attained.

    Parameters
    ----------
    numbers : Inferences or Inference
        The result of `thbstats.infer`, all counts or all shares; each has a row, in their order.
        A number without information in the claims has no line.
    ax, width, title : optional
        As for `bars`.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    InvalidValue
        If there are no numbers, or counts and shares.

    Examples
    --------
    >>> import thbstats as thb
    >>> report = thb.publications.com_2018_777()
    >>> ax = thb.plots.inferred(thb.infer(report, "victims", area="UK", exploitation="labour"))
    >>> ax.lines[0].get_xdata().tolist()
    [2666.0, 2865.0]
    """
    has_items = not hasattr(numbers, "is_share")
    check_result(numbers, "scale" if has_items else "is_share", "thbstats.infer")
    items: Sequence[Inference] = numbers.items if has_items else (numbers,)  # type: ignore[union-attr, assignment]
    if len({item.is_share for item in items}) != 1:
        raise InvalidValue(
            "`numbers` must be counts or shares, and at least one",
            field="numbers",
            value="counts and shares" if items else "no numbers",
            hint="Draw counts and shares on their own axes",
        )
    kind = ResultKind.SHARE if items[0].is_share else ResultKind.COUNT
    figures = ["" if item.bounds is None else item.formatted for item in items]
    plot = RowPlot(ax, width, [item.label for item in items], figures, [_ROW] * len(items))
    reach = getattr(numbers, "scale", None)
    known = [item.bounds for item in items if item.bounds is not None]
    known += [] if reach is None else [Interval(0, Fraction(reach))]
    marks = plot.marks(
        scale_of(kind, [end for own in interval_bounds(known) for end in own], plot.length)
    )
    for i, (item, middle) in enumerate(zip(items, plot.middles, strict=True)):
        if item.bounds is None:
            marks.words(middle, "no information in the claims", position=i)
            continue
        (ends,) = interval_bounds([item.bounds])
        marks.line(middle, ends, position=i, name="inferred", text="bounds from claims", **_OPTIONS)
    caption = getattr(numbers, "caption", f"{items[0].label}, not published")
    parts = ([item.area for item in items], [str(item.period) for item in items])
    rows = f"Interval plot, {len(items)} row{'s' if len(items) > 1 else ''}"
    labels = Labels(
        kind=rows,
        title=title or capital(caption),
        where=", ".join(" / ".join(dict.fromkeys(map(str, part))) for part in parts),
        axis="Share" if kind is ResultKind.SHARE else "Count",
        footer=_footer(items),
        numbers=[f"{item.label}: {item.formatted}" for item in items],
    )
    return frame(plot.ax, labels, plot.margins, marks.legend())


def _footer(items: "Sequence[Inference]") -> Iterator[str]:
    """Yield the publications, the number of claims, and the assumptions."""
    titles = dict.fromkeys(item.title for item in items)
    used = {claim.id for item in items for claim in item.claims}
    others = {claim.id for item in items for claim, _ in item.rejected} - used
    sections = section_list(claim.section for item in items for claim in item.claims)
    yield f"Inferred from the claims in: {'; '.join(titles)}{sections}."
    yield f"Claims used: {len(used)}{f'; {len(others)} not used' if others else ''}."
    assumed = dict.fromkeys(_short(text) for item in items for text in item.assumptions)
    if assumed:
        yield f"Assumptions: {'; '.join(assumed)}."
    yield from warning_lines([warning for item in items for warning in item.warnings])


def _short(assumption: str) -> str:
    """Return an assumption without a long list of claims."""
    text, _, listed = assumption.partition(": ")
    ids = listed.split(", ")
    listing = len(ids) > _FEW and all("-" in name for name in ids)
    return f"{text} ({len(ids)} claims)" if listing else assumption
