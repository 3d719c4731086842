"""Stages of justice: each beside the one before, over the countries that gave both."""

from collections.abc import Iterable

from matplotlib.axes import Axes

from thbstats.display import count
from thbstats.plots.canvas import WIDTH, open_axes
from thbstats.plots.footnotes import footer, where
from thbstats.plots.layout import Around, frame
from thbstats.plots.lettering import capital
from thbstats.plots.marks import Pen
from thbstats.plots.rows import rows_of, rows_said
from thbstats.plots.scale import scale_of
from thbstats.plots.style import BLUE, GREY
from thbstats.plots.wording import as_results, is_hidden, title_of
from thbstats.results import Funnel, Measure, Result
from thbstats.values import Interval

__all__ = ["funnel"]

_BAR, _GAP = 10.0, 12.0


def funnel(
    found: Funnel,
    *,
    ax: Axes | None = None,
    width: float = WIDTH,
    title: str = "",
) -> Axes:
    """Draw each step between stages as two bars, the later stage under the earlier one.

    The two counts of a step are over the countries that gave both, so that one stage can have
    two lengths in two steps. A later stage can be the longer one: it is drawn as it is.

    Parameters
    ----------
    found : Funnel
        What `thbstats.funnel` gave; each step has a row, in their order.
    ax, width, title : optional
        As for `bars`.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    InvalidValue
        If there is no step.

    Examples
    --------
    >>> import thbstats as thb
    >>> ax = thb.plots.funnel(thb.funnel(thb.publications.com_2018_777().data.justice))
    >>> [round(bar.get_width()) for bar in ax.patches]
    [7503, 5979, 5979, 2927, 7503, 2927]
    """
    steps = as_results(found)
    axes = open_axes(ax, width)
    rows = rows_of(
        axes,
        steps.labels,
        [_figure(step) for step in steps],
        [2 * _BAR + _GAP] * len(steps),
    )
    counts = [side for step in steps for side in _sides(step)]
    scale = scale_of(Measure.COUNT, counts, rows.length)
    body = rows.set_up(axes, scale)
    pen = Pen(axes, scale)
    for place, (step, middle) in enumerate(zip(steps, rows.middles, strict=True)):
        looks = (("earlier", "stage before", GREY), ("later", "stage after", BLUE))
        for lane, (side, (name, text, color)) in enumerate(zip(_sides(step), looks, strict=True)):
            pen.bar(
                middle + (lane - 0.5) * _BAR,
                side,
                place=place,
                height=_BAR,
                name=name,
                text=text,
                color=color,
                hidden=is_hidden(step),
            )
    around = Around(
        kind=f"Funnel, {rows_said(len(steps))}",
        title=title_of(steps, title),
        where=where(steps.items),
        axis=_axis(steps),
        footer=footer(steps.items, steps.warnings),
        said=[f"{step.label}: {_figure(step).replace(chr(10), ', ')}" for step in steps],
    )
    return frame(axes, around, body, pen.legend())


def _sides(step: Result) -> tuple[Interval, Interval]:
    """Return the earlier stage and the later one."""
    return step.denominator, step.numerator


def _figure(step: Result) -> str:
    """Return a ratio and its counts; where nobody gave both stages, that."""
    counts = f"{count(step.numerator)} / {count(step.denominator)}"
    if step.reported is None:
        return f"not reported\n{counts}"
    return f"{step.shown}\n{counts}"


def _axis(steps: Iterable[Result]) -> str:
    """Return what is counted at all stages, each once."""
    contexts = [step.context for step in steps]
    sides = (side for context in contexts for side in (context.against, context.counted))
    return capital(", ".join(dict.fromkeys(side.label for side in sides)))
