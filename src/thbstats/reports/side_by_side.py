"""The chart of a report, and areas, stages of justice and countries side by side."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from attrs import evolve

from thbstats.display import Cell, Column, DisplayTable, Group, count, pp, signed
from thbstats.indicators import Ranking
from thbstats.languages import Message, capitalised, joined
from thbstats.panel import Result, Status, Verdict
from thbstats.panel.category_names import (
    categories_name,
    country_or_code,
    dimension_name,
    lowered,
    name_of,
)
from thbstats.panel.names import countries_text, grouped, sentence
from thbstats.reports.content import VERDICT_TONES, Content, Indicator, Pair, decisive
from thbstats.reports.section import report_section
from thbstats.values import Interval
from thbstats.vocabulary import code_text

_BARS = 12
"""The largest number of bars."""


@report_section("chart", Message("Chart"), "publication", "counts")
def share_chart(content: Content) -> Iterator[DisplayTable]:
    """Yield bars of the shares of two areas, of the shares of one area, or of counts by country."""
    every = [pair for pair in content.pairs if pair.first.result.base.rule != "not_stated"]
    # A chart states one denominator, that of its first bar.
    bases = [(pair.first.result.base.label, pair.first.result.base.within) for pair in every]
    pairs = [pair for pair, base in zip(every, bases, strict=True) if base == bases[0]]
    items = [
        item
        for item in content.quotable((*content.shares, *content.printed))
        if item.scope == content.usual and item.result.base.rule == "all"
        if not item.result.base.within
    ]
    if len(pairs) > 1:
        sides = [(pair.first, pair.second) for pair in pairs if pair.areas == pairs[0].areas]
        both = [own for side in sides for own in side]
        yield _shares(
            [(categories_name(own.category), own.scope.area, own) for own in both],
            has_bounds=False,
        )
    elif len(items) > 1:
        bars = [
            (
                capitalised(Message("by {dimension}", dimension=i.unknown_dimension)),
                categories_name(i.category),
                i,
            )
            for i in items
        ]
        table = _shares(bars[:_BARS], has_bounds=True)
        left_out = len(bars) - _BARS
        note = Message("Shares that are not in the chart: {n}.", n=count(left_out))
        yield evolve(table, notes=[*table.notes, note]) if left_out > 0 else table
    elif content.orders:
        yield from _counts(content.orders[0], content.counts)


def _shares(bars: Sequence[tuple[str, str, Indicator]], *, has_bounds: bool) -> DisplayTable:
    """Return shares as bars, with their group and label."""
    first, scopes = bars[0][2], [item.scope for _, _, item in bars]
    areas, periods = dict.fromkeys(s.area for s in scopes), dict.fromkeys(s.period for s in scopes)
    known = dimension_name(next(iter(first.category)))
    victims = [item.result.numerator_kind.label for _, _, item in bars]
    if len(set(victims)) > 1:  # such as the victims of two decisions
        bars = [
            (Message("{group}: {name}", group=bar[0], name=name), *bar[1:])
            for bar, name in zip(bars, victims, strict=True)
        ]
    rows, is_ranged, is_lower = list[Group | list[Cell]](), False, False
    for group in grouped(bars, lambda bar: bar[0]):
        rows.append(Group(group[0][0]))
        for _, label, item in group:
            printed, ends = item.result.printed, item.result.value_or_bounds
            value = ends if printed is None else Interval.point(printed.value)
            upper = value.upper
            if has_bounds and item.has_range:
                wide = item.result.bounds_with_unknown
                upper, is_lower = wide.upper, is_lower or (wide.lower or 0) < (value.lower or 0)
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
        notes=[
            *[Message("Pale: up to the upper bound.")] * is_ranged,
            *[Message("Lower bounds are in the reservations.")] * is_lower,
            *incomplete,
        ],
    )


def _counts(order: Ranking, counts: Iterable[Indicator]) -> Iterator[DisplayTable]:
    """Yield the largest counts by country."""
    items = [item for item in order if item.value is not None]
    ends = [(item.value.lower or 0, item.value.upper) for item in items if item.value]
    largest = max((end for pair in ends for end in pair if end is not None), default=0)
    if len(items) < 2 or not largest:
        return
    first, shown = items[0], items[:_BARS]
    bars = [
        (float(lower / largest), 1.0 if upper is None else float(upper / largest))
        for lower, upper in ends
    ]
    kind = first.numerator_kind
    areas = [
        item.result.area.members
        for item in counts
        if item.result.numerator_kind == kind and item.result.period == first.period
    ]
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
    own = {"counted": capitalised(kind.label), "period": str(first.period)}
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


_ON_PAGE = 20
"""The largest number of rows of a table that is not in the annex."""

_FIRST, _MOST = 10, 40
"""The rows that are shown of a table of countries with more rows than the second number."""

_REASONS = {
    "AREA_COMPOSITION": Message("different countries"),
    "BASE": Message("denominator not stated"),
    "UNKNOWN": Message("unknown category"),
}


@report_section("areas", Message("Comparison of areas"))
def areas(content: Content) -> Iterator[DisplayTable]:
    """Yield the shares that a publication contains for two areas, and their differences."""
    for pairs in grouped(content.pairs, lambda pair: pair.areas):
        first, second = pairs[0].areas
        rows: list[Group | list[Cell]] = []
        for group in grouped(pairs, lambda pair: (pair.dimension, pair.first.result.base.label)):
            base = group[0].first.result.base
            heading = Message("Of {base}", base=base.label)
            if base.rule == "known" and not base.within:
                text, counted = "Of {counted} with a known {dimension}", group[0].first.persons
                heading = Message(text, counted=counted, dimension=group[0].dimension)
            if base.rule == "not_stated":
                heading = Message("Denominator not stated")
            rows.append(Group(heading))
            rows += map(_pair, group)
        yield DisplayTable(
            caption=joined((joined((first, second)), str(pairs[0].first.result.period)), ", "),
            columns=[
                Message("Category"),
                *(Column(name, "right") for name in (first, second, Message("Difference"))),
                Message("Comparable?"),
            ],
            rows=rows,
            notes=[
                *dict.fromkeys(_reasons(pair) for pair in pairs),
                Message("In brackets: the range that rounding of both percentages allows."),
            ],
        )


def _reasons(pair: Pair) -> str:
    """Return the verdict with its reasons."""
    reasons = dict.fromkeys(
        _REASONS.get(warning.code) or lowered(warning.title)
        for warning in decisive(pair.comparison)
    )
    label = _label(pair.comparison.verdict)
    if not reasons:
        return sentence(label)
    return Message("{verdict}: {reasons}.", verdict=label, reasons=joined(reasons, ", "))


def _label(verdict: Verdict) -> str:
    if verdict is Verdict.WITH_CAUTION:
        return Message("With caution")
    return capitalised(verdict.label)


def _pair(pair: Pair) -> list[Cell]:
    results = pair.first.result, pair.second.result
    # The difference has as many decimals as the figures.
    decimals = max(0 if own.printed is None else own.printed.decimals for own in results)
    difference = pair.comparison.difference
    text: str = pp(pair.difference, decimals)
    if difference is not None:
        text = Message(
            "{difference} ({bounds})",
            difference=text,
            bounds=signed(difference.scale(100), decimals),
        )
    return [
        Cell(pair.category_name),
        Cell(pair.first.formatted),
        Cell(pair.second.formatted),
        Cell(text),
        Cell(_label(pair.comparison.verdict), tone=VERDICT_TONES[pair.comparison.verdict]),
    ]


@report_section("countries", Message("Countries listed"))
def countries(content: Content) -> Iterator[str | DisplayTable]:
    """Yield published lists of countries, and countries in the order of their counts."""
    if content.rankings:
        yield Message(
            "A list without counts shows which countries are included. Its order is not a ranking "
            "unless the publication states a ranking."
        )
        yield DisplayTable(
            caption=Message("Lists of countries"),
            columns=[Message("List"), Message("Period"), Message("Countries")],
            rows=_published_lists(content),
        )
    if content.orders:
        yield Message(
            "A higher count does not mean more trafficking: identification and counting rules "
            "differ between countries."
        )
    for order in content.orders:
        table = _ordered(order)
        if len(table.rows) > _MOST:
            text, n = "{n} other countries are in the annex Countries listed.", len(order) - _FIRST
            note = Message(text, n=count(n))
            table = evolve(table, rows=table.rows[:_FIRST], notes=[*table.notes, note])
        yield table


@report_section("full_countries", Message("Countries listed"), annex=True)
def full_countries(content: Content) -> Iterator[DisplayTable]:
    """Yield all countries of the tables; `countries` shows the first countries."""
    yield from (table for table in map(_ordered, content.orders) if len(table.rows) > _MOST)


def _ordered(order: Ranking) -> DisplayTable:
    """Return the countries by their counts, with countries without data at the end."""
    first = order[0]
    ranked, others = [], list[Result]()
    for item, rank in zip(order, order.ranks, strict=True):
        if item.value is None:
            others.append(item)
        else:
            ranked.append((item, rank))
    rows: list[Group | list[str]] = [
        [country_or_code(item.label), count(rank), item.formatted] for item, rank in ranked
    ]
    for group in grouped(others, lambda item: item.status):
        status = group[0].status
        is_wrong = status is Status.CONTRADICTORY
        reason = Message("contradictory counts") if is_wrong else status.label
        rows.append(Group(Message("Without rank: {reason}", reason=reason)))
        rows += [[country_or_code(item.label), "", item.formatted] for item in group]
    ranges = [rank for _, rank in ranked if not rank.is_point]
    note = Message(
        "A rank is a range where missing, suppressed or contradictory counts allow several orders."
    )
    return DisplayTable(
        caption=Message(
            "{counted} by country, {period}",
            counted=capitalised(first.numerator_kind.label),
            period=first.period,
        ),
        columns=[
            Message("Country"),
            Column(Message("Rank"), "right"),
            Column(Message("Count"), "right"),
        ],
        rows=rows,
        notes=[note] if ranges else [],
    )


@report_section("coverage", Message("Countries in the figures"), "counts")
def coverage(content: Content) -> DisplayTable | str | None:
    """Return the number of countries in the value of each figure, and the missing countries."""
    table = _coverage(content)
    if table is None or len(table.rows) <= _ON_PAGE:
        return table
    return Message(
        "The annex Countries in the figures lists the countries that are not in the value of each "
        "figure."
    )


@report_section("full_coverage", Message("Countries in the figures"), "counts", annex=True)
def full_coverage(content: Content) -> DisplayTable | None:
    """Return the table of `coverage` if it is long."""
    table = _coverage(content)
    return None if table is None or len(table.rows) <= _ON_PAGE else table


def _coverage(content: Content) -> DisplayTable | None:
    """Return the countries that are not in each value, and the countries of each area."""
    items = [item for item in content.indicators if item.has_coverage and item.result.reporters]
    rows = []
    for group in grouped(items, lambda item: (item.scope, *item.left_out.items())):
        left_out = grouped(group[0].left_out.items(), lambda own: own[1])
        outside = joined(
            (
                Message(
                    "{countries} ({reason})",
                    countries=countries_text(code for code, _ in own), reason=own[0][1],
                )
                for own in left_out
            ),
            "; ", "; ",
        )  # fmt: skip
        names = capitalised(content.names_of(group))
        rows.append([names, group[0].coverage, outside or Message("none")])
    if not rows:
        return None
    return DisplayTable(
        caption=Message("Countries in the figures"),
        columns=[
            Message("Figures"),
            Column(Message("In the value"), "right"),
            Message("Not in the value"),
        ],
        rows=rows,
        notes=[
            Message("All other countries of the area are in the value."),
            *filter(None, dict.fromkeys(item.scope.note for item in items)),
        ],
    )


def _published_lists(content: Content) -> list[list[str]]:
    """Return each list with its period; a repeated list names the period of the first list."""
    rows = []
    for claims in grouped(content.rankings, lambda c: (c.subject, c.category, c.of)):
        periods: dict[tuple[str, ...], str] = {}
        pairs = [*claims[0].category.items(), *claims[0].of.items()]
        name = categories_name({name: str(code) for name, code in pairs})
        name = name or capitalised(code_text(str(claims[0].subject)))
        for claim in claims:
            ranks, period = tuple(claim.ranks), str(claim.period)
            members = joined(map(name_of, ranks), ", ")
            if ranks in periods:
                members = Message("same countries as {period}", period=periods[ranks])
            periods.setdefault(ranks, period)
            rows.append([name, period, members])
    return rows
