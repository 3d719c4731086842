"""Lines between two bounds: two numbers per category, ranks, and inferred numbers."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from matplotlib.axes import Axes

from thbstats.columns import Fractions
from thbstats.errors import require
from thbstats.indicators import Ranking
from thbstats.panel import Panel, Result, ResultKind
from thbstats.plots.canvas import BLUE, PAPER, VERMILION, WIDTH, Look, capital
from thbstats.plots.footnotes import area_name, footer, section_list, warning_lines
from thbstats.plots.layout import frame
from thbstats.plots.marks import RowPlot
from thbstats.plots.numbers import PlotNumbers, check_result
from thbstats.plots.scale import Scale, axis_name, common_kind, float_bounds, scale_of
from thbstats.rules import Comparison, compare

if TYPE_CHECKING:
    from thbstats.bounds import Inference, Inferences

_PAIR, _APART = 24.0, 4.5
"""The height of a row of two numbers, and the distance of overlapping ones, in points."""
_RANK, _INFERRED = 17.0, 20.0
_FEW = 2
"""A plot names at most this many claims of an assumption."""
_LINE: Look = {"linewidth": 2.5, "markersize": 7, "markeredgewidth": 1.6}
_FIRST: Look = _LINE | {"color": BLUE, "marker": "o", "markerfacecolor": BLUE}
_SECOND: Look = _LINE | {"color": VERMILION, "marker": "s", "markerfacecolor": PAPER}


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
    >>> forms = report.breakdown(of="exploitation", base="known")
    >>> others = report.breakdown(of="exploitation", base="known", area="EU28 without UK")
    >>> ax = thb.plots.dumbbell(forms, others)
    >>> [text.get_text() for text in ax.get_legend().get_texts()]
    ['EU28', 'EU28 without UK']
    """
    left, right, pairs, captions = number_pairs(first, second, names)
    rows = left.names
    every = Panel.concat([left.panel, right.panel])
    ends = [end for own in (*left.values, *right.values) for end in own or ()]
    scale = scale_of(common_kind(every), ends)
    figures = [pair.formatted for pair in pairs]
    plot = RowPlot(ax, width, rows, figures, heights=_PAIR, scale=scale)
    for i, y in enumerate(plot.middles):
        both = sorted(ends for ends in (left.values[i], right.values[i]) if ends)
        apart = len(both) < 2 or both[0][1] >= both[1][0]
        if not apart:
            plot.join(y, (both[0][1], both[1][0]), i)
        sides = (("first", left, _FIRST, -_APART), ("second", right, _SECOND, _APART))
        for (name, numbers, look, shift), caption in zip(sides, captions, strict=True):
            lane, own, status = y + shift * apart, numbers.values[i], numbers.statuses[i]
            if own is None:
                plot.words(lane, f"{status.label}: {caption}", i, status)
            else:
                plot.line(lane, own, i, name, caption, **look)
    verdicts: dict[str, list[str]] = {}
    for name, pair in zip(rows, pairs, strict=True):
        verdicts.setdefault(pair.verdict.label, []).append(name)
    listed = "; ".join(f"{', '.join(own)}: {verdict}" for verdict, own in verdicts.items())
    notes = [f"In figures: {captions[1]} minus {captions[0]}.", f"{capital(listed)}."]
    sentences = [
        f"{name}: {_value_text(pair.first)} ({captions[0]}) and {_value_text(pair.second)} "
        f"({captions[1]}), {pair.formatted}, {pair.verdict.label}"
        for name, pair in zip(rows, pairs, strict=True)
    ]
    return plot.finish(
        "Dumbbell plot",
        every,
        sentences,
        title=title or capital(left.panel.caption),
        subtitle=" / ".join(captions) if names else "",
        lines=footer(every, notes, warnings=[item for pair in pairs for item in pair.warnings]),
    )


def number_pairs(
    first: object, second: object, names: Sequence[str] | None
) -> tuple[PlotNumbers, PlotNumbers, list[Comparison], Sequence[str]]:
    """Return two panels with the same categories in the same order, their comparisons and names."""
    left, right = PlotNumbers(first, "first"), PlotNumbers(second, "second")
    rows, others = left.names, right.names
    problem = "`second` must have the categories of `first`"
    hint = f"Use the categories {', '.join(rows[:5])}"
    require(sorted(rows) == sorted(others), problem, hint, second=", ".join(others))
    right = PlotNumbers(right.panel.take([others.index(name) for name in rows]))
    pairs = [compare(*pair) for pair in zip(left.panel, right.panel, strict=True)]
    number, other = left.panel.row(0), right.panel.row(0)
    choices = (
        (area_name(number.area), area_name(other.area)),
        (str(number.period), str(other.period)),
        (capital(number.base.label), capital(other.base.label)),
    )
    differing = (pair for pair in choices if pair[0] != pair[1])
    return left, right, pairs, names or next(differing, ("first", "second"))


def _value_text(number: Result) -> str:
    return number.status.label if number.value is None else number.formatted


def ranking(
    numbers: Ranking,
    *,
    ax: Axes | None = None,
    width: float = WIDTH,
    title: str = "",
) -> Axes:
    """Draw the possible ranks of each member, from the best to the worst.

    Parameters
    ----------
    numbers : Ranking
        The panel that `thbstats.ranking` or `Publication.ranking` returns, with one row for each
        member.
    ax, width, title : optional
        As for `bars`.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    InvalidValue
        If `numbers` is empty.

    Examples
    --------
    The report lists five citizenships without their counts, so that each can have any rank:

    >>> import thbstats as thb
    >>> found = thb.publications.com_2018_777().ranking("ii-top-eu-citizenships")
    >>> ax = thb.plots.ranking(found)
    >>> [label.get_text() for label in ax.get_yticklabels()], ax.lines[0].get_xdata().tolist()
    (['RO', 'HU', 'NL', 'PL', 'BG'], [1, 5])
    """
    rows = PlotNumbers(numbers)
    check_result(numbers, "ranks", "thbstats.ranking")
    names, ranks = rows.names, possible_ranks(numbers)
    figures = ["no count" if row.value is None else row.formatted for row in rows.panel]
    high = max(worst for _, worst in ranks) + 0.5
    scale = Scale(kind=ResultKind.COUNT, low=0.5, high=high, first=1.0, most=40)
    plot = RowPlot(ax, width, names, figures, heights=_RANK, scale=scale)
    for i, ((best, worst), middle) in enumerate(zip(ranks, plot.middles, strict=True)):
        if best == worst:
            plot.line(middle, (best, worst), i, "rank", "rank", **_FIRST)
        else:
            look = _SECOND | {"marker": "o"}
            plot.line(middle, (best, worst), i, "ranks", "range of possible ranks", **look)
    sentences = [
        f"{name}: rank {best if best == worst else f'{best} to {worst}'}, {figure}"
        for name, figure, (best, worst) in zip(names, figures, ranks, strict=True)
    ]
    order = [] if numbers.ordered else ["The source lists them without an order."]
    axis = f"Rank; in figures: {axis_name(rows.panel).lower()}"
    lines = footer(rows.panel, order)
    return plot.finish("Ranking", rows.panel, sentences, title=title, axis=axis, lines=lines)


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
        If `numbers` is empty, or has counts and shares.

    Examples
    --------
    >>> import thbstats as thb
    >>> report = thb.publications.com_2018_777()
    >>> ax = thb.plots.inferred(thb.infer(report, "victims", area="UK", exploitation="labour"))
    >>> ax.lines[0].get_xdata().tolist()
    [2666.0, 2865.0]
    """
    items, kind = inferred_items(numbers)
    figures = ["" if item.bounds is None else item.formatted for item in items]
    values = float_bounds(Fractions.from_values(item.bounds for item in items))
    reach = getattr(numbers, "scale", None)
    ends = [end for own in values for end in own or ()]
    scale = scale_of(kind, ends if reach is None else [*ends, 0.0, float(Fraction(reach))])
    labels = [item.label for item in items]
    plot = RowPlot(ax, width, labels, figures, heights=_INFERRED, scale=scale)
    look = _SECOND | {"color": BLUE, "marker": "d"}
    for i, (own, middle) in enumerate(zip(values, plot.middles, strict=True)):
        if own is None:
            plot.words(middle, "no information in the claims", i)
        else:
            plot.line(middle, own, i, "inferred", "bounds from claims", **look)
    parts = ([item.area for item in items], [item.period for item in items])
    return frame(
        plot.ax,
        f"Interval plot, {len(items)} row{'s' if len(items) > 1 else ''}",
        plot.height,
        plot.legend(),
        title=title or capital(getattr(numbers, "caption", f"{labels[0]}, not published")),
        subtitle=", ".join(" / ".join(dict.fromkeys(map(str, part))) for part in parts),
        axis="Share" if kind is ResultKind.SHARE else "Count",
        lines=_inference_lines(items),
        numbers=[f"{item.label}: {item.formatted}" for item in items],
    )


def possible_ranks(numbers: Ranking) -> list[tuple[int, int]]:
    """Return the best and the worst rank of each row; every rank if it has no count."""
    size = len(numbers)
    bounds = [ends or (1, size) for ends in float_bounds(Fractions.from_values(numbers.ranks))]
    return [(int(best), int(min(worst, size))) for best, worst in bounds]


def inferred_items(
    numbers: "Inferences | Inference",
) -> "tuple[Sequence[Inference], ResultKind]":
    """Return inferred numbers and their kind, either counts or shares."""
    has_items = not hasattr(numbers, "is_share")
    check_result(numbers, "scale" if has_items else "is_share", "thbstats.infer")
    items: Sequence[Inference] = numbers.items if has_items else (numbers,)  # type: ignore[union-attr, assignment]
    problem = "`numbers` must be counts or shares, and at least one"
    kinds, hint = {item.is_share for item in items}, "Draw counts and shares on their own axes"
    content = "counts and shares" if items else "no numbers"
    require(len(kinds) == 1, problem, hint, numbers=content)
    return items, ResultKind.SHARE if items[0].is_share else ResultKind.COUNT


def _inference_lines(items: "Sequence[Inference]") -> Iterator[str]:
    """Yield the publications, the number of claims, and the assumptions."""
    titles = dict.fromkeys(item.title for item in items)
    used = {claim.id for item in items for claim in item.claims}
    others = {claim.id for item in items for claim, _ in item.rejected} - used
    sections = section_list(claim.section for item in items for claim in item.claims)
    yield f"Inferred from the claims in: {'; '.join(titles)}{sections}."
    yield f"Claims used: {len(used)}{f'; {len(others)} not used' if others else ''}."
    assumed: dict[str, None] = {}
    for assumption in (text for item in items for text in item.assumptions):
        text, _, listed = assumption.partition(": ")
        ids = listed.split(", ")
        has_list = len(ids) > _FEW and all("-" in name for name in ids)  # a long list of claims
        assumed[f"{text} ({len(ids)} claims)" if has_list else assumption] = None
    if assumed:
        yield f"Assumptions: {'; '.join(assumed)}."
    yield from warning_lines([warning for item in items for warning in item.warnings])
