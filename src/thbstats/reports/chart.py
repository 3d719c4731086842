"""The chart of a report: a table whose bars have one axis."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from attrs import evolve

from thbstats.display import Cell, DisplayTable, Group, count
from thbstats.indicators import Ranking
from thbstats.languages import Message, capitalised, joined
from thbstats.panel import Status
from thbstats.panel.names import (
    categories_name,
    country_or_code,
    dimension_name,
    grouped,
    unit_name,
)
from thbstats.reports.content import Content, Indicator
from thbstats.reports.section import report_section
from thbstats.values import Interval

_MOST = 12
"""The largest number of bars."""

STYLE = ".thb td:has(> svg.thb-bar) { width: 26rem; min-width: min(26rem, 50cqw); }\n"


@report_section("chart", Message("Chart"), "publication", "counts")
def share_chart(content: Content) -> Iterator[DisplayTable]:
    """Yield bars of the shares of two areas, of the shares of one area, or of counts by country."""
    pairs = [pair for pair in content.pairs if pair.first.result.base.rule != "not_stated"]
    items = [
        item
        for item in content.quotable((*content.shares, *content.printed))
        if item.scope == content.usual and item.result.base.rule == "all"
        if not item.result.base.within
    ]
    if len(pairs) > 1:
        sides = [(pair.first, pair.second) for pair in pairs if pair.areas == pairs[0].areas]
        every = [own for side in sides for own in side]
        yield _shares(
            [(categories_name(own.category), own.scope.area, own) for own in every],
            has_bounds=False,
        )
    elif len(items) > 1:
        bars = [
            (
                Message("By {dimension}", dimension=i.unknown_dimension),
                categories_name(i.category),
                i,
            )
            for i in items
        ]
        table = _shares(bars[:_MOST], has_bounds=True)
        left_out = len(bars) - _MOST
        text = "{n} of {total} shares are not in the chart."
        note = Message(text, n=count(left_out), total=count(len(bars)))
        yield evolve(table, notes=[*table.notes, note]) if left_out > 0 else table
    elif content.orders:
        yield from _counts(content.orders[0], content.counts)


def _shares(bars: Sequence[tuple[str, str, Indicator]], *, has_bounds: bool) -> DisplayTable:
    """Return shares as bars, with their group and label."""
    first, scopes = bars[0][2], [item.scope for _, _, item in bars]
    areas, periods = dict.fromkeys(s.area for s in scopes), dict.fromkeys(s.period for s in scopes)
    known = dimension_name(next(iter(first.category)))
    victims = [unit_name(item.result.numerator_kind) for _, _, item in bars]
    if len(set(victims)) > 1:  # such as the victims of two decisions
        bars = [
            (Message("{group}: {name}", group=bar[0], name=name), *bar[1:])
            for bar, name in zip(bars, victims, strict=True)
        ]
    rows, is_ranged = list[Group | list[Cell]](), False
    for group in grouped(bars, lambda bar: bar[0]):
        rows.append(Group(group[0][0]))
        for _, label, item in group:
            printed, ends = item.result.printed, item.result.value_or_bounds
            value = ends if printed is None else Interval.point(printed.value)
            upper = value.upper
            if has_bounds and item.has_range:
                upper = item.result.bounds_with_unknown.upper
            bar = float(value.lower or 0), 1.0 if upper is None else float(upper)
            is_ranged |= bar[0] < bar[1]
            rows.append([Cell(label), Cell(item.formatted, bar=bar)])
    # A chart is copied without the reservations.
    coverage = dict.fromkeys(
        own.coverage for _, _, own in bars if own.has_coverage and own.left_out
    )
    text = "Countries in the values: {coverage}. The reservations name the others."
    incomplete = [Message(text, coverage=joined(coverage))] * bool(coverage)
    counted = joined(dict.fromkeys(victims))
    title = Message("Shares of {counted}", counted=counted)
    if first.result.base.rule == "known":
        text = "Shares of {counted} with a known {dimension}"
        title = Message(text, counted=counted, dimension=known)
    return DisplayTable(
        caption=joined((title, joined(areas), joined(periods)), ", "),
        columns=[Message("Category"), Message("Share (bars from 0% to 100%)")],
        rows=rows,
        notes=[*[Message("Pale: up to the upper bound.")] * is_ranged, *incomplete],
    )


def _counts(order: Ranking, counts: Iterable[Indicator]) -> Iterator[DisplayTable]:
    """Yield the largest counts by country."""
    items = [item for item in order if item.value is not None]
    ends = [(item.value.lower or 0, item.value.upper or 0) for item in items if item.value]
    largest = max((end for pair in ends for end in pair), default=0)
    if len(items) < 2 or not largest:
        return
    first, shown = items[0], items[:_MOST]
    bars = [(float(lower / largest), float(upper / largest)) for lower, upper in ends]
    kind = first.numerator_kind
    areas = [item.result.area.members for item in counts if item.result.numerator_kind == kind]
    others = Counter(item.status.label for item in order if item.value is None)
    others[Status.NO_DATA.label] += len(
        frozenset[str]().union(*areas) - {item.label for item in order}
    )
    left_out = {Message("smaller or equal counts"): len(items) - len(shown), **others}
    wrong = {str(Status.CONTRADICTORY.label): Message("contradictory counts")}
    reasons = [
        Message("{n} ({reason})", n=count(size), reason=wrong.get(reason, reason))
        for reason, size in left_out.items()
        if size
    ]
    own = {"counted": capitalised(unit_name(kind)), "period": str(first.period)}
    own |= {"n": str(len(shown)), "total": str(len(items))}
    yield DisplayTable(
        caption=Message("{counted} by country, {period}", **own)
        if len(items) == len(shown)
        else Message("{counted} by country, the {n} largest of {total}, {period}", **own),
        columns=[
            Message("Country"),
            Message("Count (bars from 0 to {largest})", largest=count(largest)),
        ],
        rows=[
            [country_or_code(item.label), Cell(item.formatted, bar=bar)]
            for item, bar in zip(shown, bars, strict=False)
        ],
        notes=[Message("Countries not in the chart: {countries}.", countries=joined(reasons, ", "))]
        if reasons
        else [],
    )
