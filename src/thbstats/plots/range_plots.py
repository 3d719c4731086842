"""Ranks with their counts, two numbers per category, and inferred numbers."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import isfinite
from typing import TYPE_CHECKING

from attrs import evolve
from matplotlib.axes import Axes

from thbstats._signatures import explain_arguments
from thbstats.columns import Fractions
from thbstats.display import count
from thbstats.errors import require
from thbstats.indicators import Ranking
from thbstats.languages import Language, Message, capitalised, joined
from thbstats.panel import Panel, Result, ResultKind
from thbstats.panel.names import area_label
from thbstats.plots.canvas import (
    GREY,
    PAPER,
    VERMILION,
    WIDTH,
    common_kind,
    float_bounds,
    label_words,
    scale_of,
    title_words,
)
from thbstats.plots.drawing import (
    Data,
    Drawing,
    RowMarks,
    Style,
    draw_rows,
    kind_text,
    number_records,
    row_drawing,
)
from thbstats.plots.drawn_numbers import PlotNumbers, check_result, shortened
from thbstats.plots.footnotes import Footer, footer, section_list, titled, warning_lines, where
from thbstats.rules import Comparison, compare
from thbstats.values import Interval

if TYPE_CHECKING:
    from thbstats.bounds import Inference, Inferences

_BAR, _GAP = 11.0, 7.0
"""The height of a bar and the distance of rows, in points."""
_APART = 4.5
"""The distance of overlapping numbers from the middle of their row, in points."""
_FEW = 2
"""A plot names at most this many claims of an assumption."""
_JOIN = Style(shape="line", color=GREY)
_FIRST = Style(shape="line", size=2.5, marker="o")
_SECOND = Style(shape="line", color=VERMILION, fill=PAPER, size=2.5, marker="s")


@explain_arguments
def ranking(
    numbers: Ranking,
    *,
    ax: Axes | None = None,
    width: float = WIDTH,
    title: str = "",
    language: "str | Language" = "en",
) -> Axes:
    """Draw the counts of a ranking as bars, and the possible ranks as text.

    Parameters
    ----------
    numbers : Ranking
        The panel that `thbstats.ranking` returns, with one row for each member.
    ax, width, title, language : optional
        As for `bars`.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    InvalidValue
        If `numbers` is empty, or is a list without counts.

    Examples
    --------
    >>> import thbstats as thb
    >>> table = thb.CountTable.from_rows(
    ...     [("BE", 8), ("FR", 20), ("LU", thb.Count.fewer_than(5))],
    ...     columns=["area", "value"], kind="victims", period=2016,
    ... )
    >>> ax = thb.plots.ranking(thb.ranking(table, by="area"))
    >>> [label.get_text() for label in ax.get_yticklabels()]
    ['1 France', '2 Belgium', '3 Luxembourg']
    """
    return draw_rows(ranking_drawing(numbers), ax, width, title, language)


def ranking_drawing(numbers: Ranking) -> Drawing:
    """Return the counts as bars, with the possible ranks in the names."""
    rows = PlotNumbers(numbers)
    check_result(numbers, "ranks", "thbstats.ranking")
    panel = rows.panel
    shown = [i for i, value in enumerate(rows.values) if value is not None]
    problem, hint = "`numbers` must have counts", "Print the list: its members have no counts"
    require(shown, problem, hint, numbers=f"{len(panel)} members without a count")
    ranks = [_rank_text(own, len(panel)) for own in numbers.ranks]
    scale = scale_of(common_kind(panel), [end for i in shown for end in rows.values[i] or ()])
    marks = RowMarks(scale, {"value": Style(shape="box", height=_BAR, text=Message("value"))})
    for row, i in enumerate(shown):
        ends = rows.values[i] or (0, 0)
        marks.bar("value", row, ends, 0.0, hidden=rows.suppressed[i])
    names = [joined((ranks[i], rows.names[i]), " ", " ") for i in shown]
    spoken = [
        Message(
            "{name}: rank {rank}, {figure}", name=rows.names[i], rank=ranks[i], figure=rows.text(i)
        )
        for i in shown
    ]
    return row_drawing(
        Message("Ranking"), rows, marks, shown, names=names, spoken=shortened(spoken, len(spoken)),
        notes=[Message("In front of each name: its rank, or its possible ranks.")],
        figures=[rows.text(i) for i in shown], height=_BAR + _GAP,
    )  # fmt: skip


def _rank_text(ranks: Interval, size: int) -> str:
    worst = size if ranks.upper is None else min(ranks.upper, size)
    return count(Interval(ranks.lower, worst))


@explain_arguments
def dumbbell(
    first: Panel | Result,
    second: Panel | Result,
    *,
    names: tuple[str, str] | None = None,
    ax: Axes | None = None,
    width: float = WIDTH,
    title: str = "",
    language: "str | Language" = "en",
) -> Axes:
    """Draw two numbers for each category on one line, with the verdict on the pair.

    Parameters
    ----------
    first, second : Panel or Result
        The same categories twice, such as a breakdown with and without one country; the rows have
        the order of `bars`.
    names : tuple of str, optional
        The names of the two; by default their areas, periods or denominators, whichever differ.
    ax, width, title, language : optional
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
    return draw_rows(dumbbell_drawing(first, second, names), ax, width, title, language)


def dumbbell_drawing(first: object, second: object, names: Sequence[str] | None = None) -> Drawing:
    """Return two numbers for each category, with the verdict on the pair."""
    left, right, pairs, captions = number_pairs(first, second, names)
    every = Panel.concat([left.panel, right.panel])
    sides = (("first", left, captions[0]), ("second", right, captions[1]))
    shown = [i for i in left.order if left.drawn[i] or right.drawn[i]]
    ends = [end for i in shown for _, own, _ in sides for end in own.drawn[i] or ()]
    looks = {"first": _FIRST, "second": _SECOND}
    styles = {"join": _JOIN} | {
        name: evolve(looks[name], text=caption) for name, _, caption in sides
    }
    marks = RowMarks(scale_of(common_kind(every), ends), styles)
    figures, rows = [], []
    for row, i in enumerate(shown):
        both = sorted(own for own in (left.drawn[i], right.drawn[i]) if own)
        apart = len(both) == 2 and both[0][1] >= both[1][0]
        if len(both) == 2 and not apart:
            marks.add("join", row, (both[0][1], both[1][0]))
        reasons = []
        for (name, own, caption), shift in zip(sides, (-_APART, _APART), strict=True):
            value = own.drawn[i]
            if value is not None:
                marks.add(name, row, value, shift * apart)
            else:
                text = own.text(i) if own.reasons[i].startswith("Fewer") else own.reasons[i]
                reasons.append(f"{caption}: {text.partition(',')[0]}")
        figures.append("\n".join(reasons) or pairs[i].formatted)
        rows.append(left.names[i])
    verdicts: dict[str, list[str]] = {}
    paired = [i for i in shown if left.drawn[i] and right.drawn[i]]
    for i in paired:
        verdicts.setdefault(pairs[i].verdict.label, []).append(left.names[i])
    listed = [
        Message(
            "{reason}: {rows}.",
            reason=capitalised(verdict),
            rows=Message("all pairs") if len(verdicts) == 1 else joined(own, ", "),
        )
        for verdict, own in verdicts.items()
    ]
    text = "Figures on the right: {second} minus {first}."
    notes: list[str] = [Message(text, first=captions[0], second=captions[1]), *listed]
    absent: dict[str, list[str]] = {}
    for i in left.order:
        if i not in shown:
            reasons = list(dict.fromkeys([left.reasons[i], right.reasons[i]]))
            texts = f" ({left.text(i)} / {right.text(i)})" * reasons[0].startswith("Fewer")
            absent.setdefault(" / ".join(reasons), []).append(f"{left.names[i]}{texts}")
    notes += [f"{reason}: {', '.join(own)}." for reason, own in absent.items()]
    sentences = [
        f"{name}: {left.text(i)} ({captions[0]}) and {right.text(i)} ({captions[1]}), "
        f"{pairs[i].formatted}, {pairs[i].verdict.label}"
        for i, name in enumerate(left.names)
    ]

    def records() -> list[Data]:
        own = number_records(left.take(shown), rows), number_records(right.take(shown), rows)
        return [
            {f"second_{key}": value for key, value in other.items()} | row | {
                "figure": f"{captions[0]}: {left.text(i)}; {captions[1]}: {right.text(i)}",
                "difference": pairs[i].formatted, "verdict": pairs[i].verdict.label,
                "warnings": ", ".join(pairs[i].warnings.codes),
            }
            for i, row, other in zip(shown, *own, strict=True)
        ]  # fmt: skip

    warnings = (item for i in paired for item in pairs[i].warnings)
    return row_drawing(
        Message("Dumbbell plot"), PlotNumbers(every), marks, shown,
        footer=footer(PlotNumbers(every), notes, warnings=warnings), title=title_words(left.panel),
        subtitle=" / ".join(captions) if names else where(every), names=rows, figures=figures,
        height=22.0, numbers=records, spoken=shortened(sentences, len(sentences)),
    )  # fmt: skip


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
        (area_label(number.area), area_label(other.area)),
        (str(number.period), str(other.period)),
        (capitalised(label_words(number.base.label)), capitalised(label_words(other.base.label))),
    )
    differing = (pair for pair in choices if pair[0] != pair[1])
    return left, right, pairs, names or next(differing, ("first", "second"))


def inferred(
    numbers: "Inferences | Inference",
    *,
    ax: Axes | None = None,
    width: float = WIDTH,
    title: str = "",
    language: "str | Language" = "en",
) -> Axes:
    """Draw inferred numbers as lines between their bounds; both are attained.

    Parameters
    ----------
    numbers : Inferences or Inference
        The result of `thbstats.infer`, all counts or all shares; each has a row, in their order.
        A number without information in the claims has no line.
    ax, width, title, language : optional
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
    return draw_rows(inferred_drawing(numbers), ax, width, title, language)


def inferred_drawing(numbers: "Inferences | Inference") -> Drawing:
    """Return inferred numbers as lines between their bounds."""
    items, kind = inferred_items(numbers)
    values = float_bounds(Fractions.from_values(item.bounds for item in items))
    reach = getattr(numbers, "scale", None)
    ends = [end for own in values for end in own or ()]
    needed = ends if reach is None else [*ends, 0.0, float(Fraction(reach))]
    style = Style(
        shape="line", size=2.5, marker="d", fill=PAPER, text=Message("bounds from claims")
    )
    marks = RowMarks(scale_of(kind, needed), {"inferred": style})
    shown = [(item, own) for item, own in zip(items, values, strict=True) if own is not None]
    for row, (_, own) in enumerate(shown):
        marks.add("inferred", row, own)
    names = [capitalised(item.label) for item, _ in shown]
    without = [item.label for item, own in zip(items, values, strict=True) if own is None]
    notes = [f"The claims contain no information on: {'; '.join(without)}."] if without else []
    parts = ([item.area for item in items], [item.period for item in items])
    caption = getattr(numbers, "caption", f"{items[0].label}, not published")
    return Drawing(
        kind=kind_text(Message("Interval plot"), len(names)),
        title=capitalised(caption),
        subtitle=", ".join(" / ".join(dict.fromkeys(map(str, part))) for part in parts),
        axis="Share" if kind is ResultKind.SHARE else "Count", scale=marks.scale, names=names,
        figures=[item.formatted for item, _ in shown], height=20.0, styles=marks.styles,
        marks=marks.marks,
        numbers=lambda: [
            {
                "name": name, "figure": item.formatted,
                "claims": ", ".join(claim.id for claim in item.claims),
                "value_lower": own[0], "value_upper": own[1] if isfinite(own[1]) else None,
            }
            for name, (item, own) in zip(names, shown, strict=True)
        ],
        spoken=[f"{item.label}: {item.formatted}" for item in items],
        footer=Footer((*notes, *_inference_lines(items))),
        notes={"publications": list(dict.fromkeys(item.title for item in items))},
    )  # fmt: skip


def inferred_items(numbers: "Inferences | Inference") -> "tuple[Sequence[Inference], ResultKind]":
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
    where = joined(filter(None, (joined(titles, "; ", "; "), sections)), ", ")
    yield Message("Inferred from the claims in: {source}.", source=where)
    text, further = "Claims used: {n}.", "Claims used: {n}; {others} not used."
    own = {"n": len(used), "others": len(others)}
    yield Message(further, **own) if others else Message(text, **own)
    assumed: dict[str, None] = {}
    for assumption in (text for item in items for text in item.assumptions):
        text, _, listed = assumption.partition(": ")
        ids = listed.split(", ")
        has_list = len(ids) > _FEW and all("-" in name for name in ids)  # a long list of claims
        assumed[f"{text} ({len(ids)} claims)" if has_list else assumption] = None
    if assumed:
        yield f"Assumptions: {'; '.join(assumed)}."
    yield from warning_lines(titled(own for item in items for own in item.warnings))
