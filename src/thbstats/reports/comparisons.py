"""Areas, stages of justice and countries side by side."""

from collections.abc import Iterable, Iterator, Sequence

from thbstats.display import Cell, Column, DisplayTable, Group, Tone, count, pp
from thbstats.panel import NOT_DOCUMENTED, Outcome, Severity, Verdict
from thbstats.panel.text import warning_notes
from thbstats.reports.content import Content, Indicator, Pair, Scope
from thbstats.reports.names import (
    capitalised,
    category_name,
    grouped,
    lowered,
    name_of,
    names_of,
    sentence,
)
from thbstats.reports.section import report_section
from thbstats.vocabulary import Offence, Stage

_TONES = {
    Verdict.COMPARABLE: Tone.GOOD,
    Verdict.WITH_CAUTION: Tone.WARN,
    Verdict.NOT_COMPARABLE: Tone.BAD,
    Verdict.NOT_ASSESSABLE: Tone.MUTED,
}
_REASONS = {
    "AREA_COMPOSITION": "different countries",
    "BASE": "denominator not stated",
    "UNKNOWN": "unknown category",
}


@report_section("areas", "Comparison of areas")
def areas(content: Content) -> Iterator[DisplayTable]:
    """Yield the shares that a publication contains for two areas, and their differences."""
    for pairs in grouped(content.pairs, lambda pair: pair.areas):
        first, second = pairs[0].areas
        rows: list[Group | list[Cell]] = []
        for group in grouped(pairs, lambda pair: (pair.dimension, pair.first.result.base.label)):
            base = group[0].first.result.base
            heading = f"Of {base.label}"
            if base.rule == "known" and not base.within:
                heading = f"Of victims with a known {group[0].dimension}"
            rows.append(Group("Denominator not stated" if base.rule == "not_stated" else heading))
            rows += map(_pair, group)
        yield DisplayTable(
            caption=f"{first} and {second}, {pairs[0].first.result.period}",
            columns=[
                "Category",
                *(Column(name, "right") for name in (first, second, "Difference")),
                "Comparable?",
            ],
            rows=rows,
            notes=[
                *dict.fromkeys(_reasons(pair) for pair in pairs),
                "In brackets: the range that rounding of both percentages allows.",
            ],
        )


def _reasons(pair: Pair) -> str:
    """Return the verdict with its reasons."""
    reasons = dict.fromkeys(
        _REASONS.get(warning.code) or lowered(warning.title)
        for warning in pair.comparison.warnings
        if (warning.severity is not Severity.NOTE or warning.outcome is Outcome.NOT_ASSESSABLE)
        and warning.code != NOT_DOCUMENTED
    )
    label = _label(pair.comparison.verdict)
    return f"{label}: {', '.join(reasons)}." if reasons else f"{label}."


def _label(verdict: Verdict) -> str:
    return capitalised(verdict.label.removeprefix("comparable "))


def _pair(pair: Pair) -> list[Cell]:
    results = pair.first.result, pair.second.result
    # The difference has as many decimals as the figures.
    decimals = max(0 if own.printed is None else own.printed.decimals for own in results)
    difference = pair.comparison.difference
    bounds = "" if difference is None else str(pp(difference, decimals)).removesuffix(" pp")
    dimension, code = results[0].category[-1]
    bars = [
        (float(own.value_or_bounds.lower or 0), float(own.value_or_bounds.upper or 0))
        for own in results
    ]
    return [
        Cell(category_name(dimension, str(code))),
        Cell(pair.first.formatted, bar=bars[0]),
        Cell(pair.second.formatted, bar=bars[1]),
        Cell(f"{pp(pair.difference, decimals)}{bounds and f' ({bounds})'}"),
        Cell(_label(pair.comparison.verdict), tone=_TONES[pair.comparison.verdict]),
    ]


@report_section("stages", "Criminal justice")
def stages(content: Content) -> Iterator[str | DisplayTable]:
    """Yield counts and ratios of the stages of justice, one column for each offence."""
    counts = [
        item
        for item in content.counts
        if item.result.numerator_kind.get("stage") and not item.result.category
    ]
    items = [*counts, *content.ratios]
    if not items:
        return
    yield (
        "Ratios divide counts of one period. They are not conviction rates: many people convicted "
        "in a period were prosecuted earlier."
    )
    usual = Scope.usual(items)
    flows = list(dict.fromkeys(map(_flow, items)))
    reached = [(Stage(item.result.numerator_kind.get("stage") or ""), item) for item in counts]
    reached.sort(key=lambda pair: pair[0].rank)
    rows: list[Group | list[Cell]] = [
        *_rows("Counts", ((stage.label, item) for stage, item in reached), flows),
        *_rows(
            "Ratios of the same period",
            ((item.name.removesuffix(" (use of services)"), item) for item in content.ratios),
            flows,
        ),
    ]
    notes = {
        usual.note: bool(usual.note),
        "In brackets: countries with data; for a ratio, with data on both stages.": any(
            item.result.n_reporters is not None for item in items
        )
        and any(len(item.result.area.members) > 1 for item in items),
        "! More people at a later stage than at an earlier one: do not use the ratio.": any(
            item.result.warnings.select("STAGE_ORDER") for item in content.ratios
        ),
    }
    headings = (f"{capitalised(name_of(flow))}{scope.suffix(usual)}" for flow, scope in flows)
    yield DisplayTable(
        caption=f"Stages of criminal justice, {usual.label}",
        columns=["Stage", *(Column(heading, "right") for heading in headings)],
        rows=rows,
        notes=[note for note, applies in notes.items() if applies],
    )


def _flow(item: Indicator) -> tuple[str, Scope]:
    """Return the column of a number: its offence, area and period."""
    offence = item.result.numerator_kind.get("offence") or Offence.TRAFFICKING
    return str(offence), item.scope


def _rows(
    heading: str, items: Iterable[tuple[str, Indicator]], flows: Sequence[tuple[str, Scope]]
) -> Iterator[Group | list[Cell]]:
    groups = grouped(items, lambda item: item[0])
    if groups:
        yield Group(heading)
    for group in groups:
        cells = {}
        for _, item in group:
            tone = Tone.WARN if item.result.warnings.select("STAGE_ORDER") else Tone.PLAIN
            coverage = f" ({item.coverage})" if item.has_coverage else ""
            cells[_flow(item)] = Cell(f"{item.formatted}{coverage}", tone=tone)
        yield [Cell(group[0][0]), *(cells.get(flow, Cell("")) for flow in flows)]


@report_section("countries", "Countries listed")
def countries(content: Content) -> Iterator[str | DisplayTable]:
    """Yield published lists of countries, and countries in the order of their counts."""
    if content.rankings:
        yield (
            "A list without counts shows which countries are included. Its order is not a ranking "
            "unless the publication states a ranking."
        )
        yield DisplayTable(
            caption="Lists of countries",
            columns=["List", "Period", "Countries"],
            rows=_published_lists(content),
        )
    if content.orders:
        yield (
            "A rank is a range if suppressed counts allow several orders. A higher count does not "
            "mean more trafficking: identification and counting rules differ between countries."
        )
    for order in content.orders:
        yield DisplayTable(
            caption=sentence(order.display_table().caption).rstrip("."),
            columns=["Country", Column("Rank", "right"), Column("Count", "right")],
            rows=[
                [name_of(item.label), count(rank), item.formatted]
                for item, rank in zip(order, order.ranks, strict=True)
            ],
            notes=warning_notes([(name_of(item.label), item.warnings) for item in order]),
        )


def _published_lists(content: Content) -> list[list[str]]:
    """Return each list with its period; a list that repeats another one names its period."""
    rows = []
    for claims in grouped(content.rankings, lambda c: (c.subject, c.category, c.of)):
        periods: dict[tuple[str, ...], str] = {}
        pairs = [*claims[0].category.items(), *claims[0].of.items()]
        name = capitalised(names_of(dict(pairs)) or claims[0].subject)
        if len(pairs) == 1:
            name = category_name(pairs[0][0], str(pairs[0][1]))
        for claim in claims:
            ranks, period = tuple(claim.ranks), str(claim.period)
            members = ", ".join(map(name_of, ranks))
            if ranks in periods:
                members = f"same countries as {periods[ranks]}"
            periods.setdefault(ranks, period)
            rows.append([name, period, members])
    return rows
