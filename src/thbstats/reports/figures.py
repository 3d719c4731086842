"""The summary, the figures that can be quoted, and the other indicators."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from textwrap import shorten

from thbstats.auditing import ClaimVerdict
from thbstats.display import Bullets, Cell, Column, DisplayTable, count, decimal
from thbstats.panel import ResultKind, Verdict
from thbstats.reports.content import Content, Indicator, Scope
from thbstats.reports.names import category_name, dimension_name, listed, unit_name
from thbstats.reports.section import report_section
from thbstats.values import Interval

_MAX_FIGURES = 14
_MAX_TOTALS, _MAX_SHARES = 4, 3
_MAX_CONTRADICTIONS, _LONGEST = 4, 120


@report_section("summary", "Summary", "publication", "counts")
def summary(content: Content) -> Iterator[Bullets]:
    """Yield the main totals, shares, differences and ratios, and the result of the audit."""
    items = [
        *_totals(content),
        *_published_shares(content),
        *_comparisons(content),
        *_checks(content),
    ]
    if items:
        yield Bullets(items)


def _totals(content: Content) -> Iterator[str]:
    totals = [item for item in content.quotable(content.counts) if item.leading]
    if content.of == "publication":
        totals = [item for item in totals if item.counted == "victims"]
    if totals:
        yield f"{'; '.join(_total(content, item) for item in totals[:_MAX_TOTALS])}."
    elif content.counts or content.of == "counts":
        yield "No total can be quoted for the whole area."


def _total(content: Content, item: Indicator) -> str:
    result = item.result
    value, scope = content.restyled(item.formatted), item.scope.suffix(content.usual)
    if item.counted != "victims" or content.of == "counts":
        covered = f" ({item.coverage} countries)" if item.has_coverage else ""
        return f"{item.name}{scope}: {value}{covered}"
    if not result.category:
        return f"{value} victims were {result.numerator_kind.get('status') or 'counted'}{scope}"
    form = item.name.partition(" of ")[2]
    return f"{value} were {f'victims of {form}' if form else item.name}{scope}"


def _published_shares(content: Content) -> Iterator[str]:
    """Yield the published shares of victims with a known category as shares of all."""
    for item in content.printed:
        share, known = (_counterpart(content, item, base) for base in ("all", "known"))
        if share is None or item.result.base.rule != "known":
            continue
        dimension = dimension_name(item.result.category[0][0])
        text = (
            f"The published {item.formatted} refers to victims with a known {dimension}. Of all "
            f"{unit_name(item.result.numerator_kind)}, it is {content.restyled(share.formatted)}"
        )
        if known is not None and share.bounds_text != share.formatted:
            unknown = count(share.result.denominator - known.result.denominator)
            text += (
                f" ({content.restyled(share.bounds_text)}, depending on the "
                f"{content.restyled(unknown)} victims whose "
                f"{dimension.removesuffix(' of exploitation')} is unknown)"
            )
        yield f"{text}."


def _counterpart(content: Content, item: Indicator, base: str) -> Indicator | None:
    """Return the share of another denominator that corresponds to a published share."""

    def key(own: Indicator, rule: str) -> tuple[object, ...]:
        category = [(name, str(code)) for name, code in own.result.category]
        return category, rule, own.result.area, own.result.period, own.result.base.within

    expected = key(item, base)
    return next((own for own in content.shares if key(own, own.result.base.rule) == expected), None)


def _comparisons(content: Content) -> Iterator[str]:
    """Yield the largest shares, the first difference of two areas, and the conviction ratio."""
    shares = [item for item in content.quotable(content.shares) if item.leading]
    if content.of == "counts" and shares:
        texts = (
            f"{item.name}{item.scope.suffix(content.usual)}: {content.restyled(item.formatted)}"
            for item in shares[:_MAX_SHARES]
        )
        yield f"{'; '.join(texts)}."
    for pair in content.pairs[:1]:
        difference, verdict = pair.comparison.difference, pair.comparison.verdict
        if difference is not None and verdict is not Verdict.NOT_COMPARABLE:
            dimension, code = pair.first.result.category[-1]
            yield (
                f"{category_name(dimension, str(code))}: {pair.second.formatted} in "
                f"{pair.areas[1]}, {_points(difference.scale(100))} than in {pair.areas[0]}. "
                "This is a difference between areas, not a change over time."
            )
    ratios = [item for item in content.quotable(content.ratios) if item.is_conviction_ratio]
    for item in ratios[:1]:
        result = item.result
        value = content.restyled(decimal(result.value_or_bounds.scale(100), 0))
        yield (
            f"There were {value} {unit_name(result.numerator_kind)} per 100 "
            f"{unit_name(result.denominator_kind)} in the same period"
            f"{item.scope.suffix(content.usual)}. This is not a "
            "conviction rate: cases often last several years."
        )


def _points(bounds: Interval) -> str:
    """Return a difference in percentage points as text."""
    lower, upper = bounds.lower or 0, bounds.upper or 0
    if lower < 0 < upper:
        return f"{decimal(bounds, 0)} percentage points more"
    word, size = ("higher", bounds) if lower >= 0 else ("lower", Interval.point(0) - bounds)
    return f"{decimal(size, 0)} percentage points {word}"


def _checks(content: Content) -> Iterator[str]:
    """Yield the number of contradicted claims and issues, or of numbers below the coverage."""
    if content.of == "counts":
        total = len(content.indicators)
        refused = total - len(content.quotable(content.indicators))
        if refused:
            yield (
                f"{count(refused)} of {count(total)} figures cannot be quoted for the whole area "
                "(see Limitations)."
            )
    elif content.audit:
        numbers, issues = content.audit.counts(), len(content.audit.issues)
        wrong = numbers[ClaimVerdict.CONTRADICTED]
        text = "No figure that could be checked is contradicted."
        if wrong:
            verb = "statement contradicts" if wrong == 1 else "statements contradict"
            text = f"{count(wrong)} published {verb} other figures of the publication."
        attention = f"{count(issues)} {'issue needs' if issues == 1 else 'issues need'} attention."
        yield f"{text} {attention if issues else 'No issue was found.'}"


@report_section("figures", "Figures you can quote", "publication", "counts")
def quotable_figures(content: Content) -> Iterator[DisplayTable | str]:
    """Yield the counts, shares and ratios that cover enough countries."""
    items = _main_figures(content)
    notes = {_note(content, item) for item in items}
    columns: dict[str, Callable[[Indicator], Cell | str]] = {
        "Value": lambda item: item.formatted,
        "Denominator": lambda item: _denominator(item, "\N{EN DASH}"),
        "Note": lambda item: _note(content, item),
    }
    if items:
        explained = (text for end, text in _NOTES.items() if any(n.endswith(end) for n in notes))
        yield _figure_table("", items, columns, explained)
    elif content.indicators or content.of == "counts":
        yield "No figure can be quoted for the whole area."


_NOTES = {
    "*": "* Range with missing counts and unknown categories.",
    "implied": "Implied: denominator not published, but calculated from the other figures.",
}
"""Explanations of notes by their end."""


def _main_figures(content: Content) -> list[Indicator]:
    """Return victims, shares and ratios that can be quoted, as many as the table has."""
    totals, shares, ratios = (
        [item for item in content.quotable(items) if item.leading]
        for items in (content.counts, content.shares, content.ratios)
    )
    published = [
        item
        for item in content.quotable(content.printed)
        if item.counted == "victims" and not item.result.base.within and item.scope == content.usual
    ]
    covered = {
        item.result.category for item in published if item.result.base.rule in ("all", "known")
    }
    figures = [
        *(item for item in totals if item.counted == "victims" or content.of == "counts"),
        *(
            item
            for item in shares
            if item.result.base.rule == "all" or item.result.category not in covered
        ),
        *sorted(published, key=lambda item: item.result.base.rule == "not_stated"),
        *(item for item in ratios if item.result.kind is ResultKind.RATIO),
    ]
    return figures[:_MAX_FIGURES]


def _figure_table(
    start: str,
    items: Sequence[Indicator],
    columns: Mapping[str, Callable[[Indicator], Cell | str]],
    notes: Iterable[str],
) -> DisplayTable:
    """Return a table of numbers: their names, and a column for each function."""
    usual = Scope.usual(items)

    def name(item: Indicator) -> str:
        is_share_of_area = item.result.label == item.result.area.code
        return item.name if is_share_of_area else f"{item.name}{item.scope.suffix(usual)}"

    return DisplayTable(
        caption=f"{start}{usual.label}",
        columns=[
            "Indicator",
            *(Column(column, "left" if column == "Note" else "right") for column in columns),
        ],
        rows=[[name(item), *(cell(item) for cell in columns.values())] for item in items],
        notes=[*filter(None, [usual.note]), *notes],
    )


def _denominator(item: Indicator, none: str = "") -> str:
    if item.result.kind is ResultKind.COUNT:
        return none
    if item.result.base.rule == "not_stated":
        return "not stated"
    return count(item.result.denominator)


def _note(content: Content, item: Indicator) -> str:
    """Return the most important limit of a figure in a few words."""
    result = item.result
    if result.n_reporters is not None and result.n_reporters < len(result.area.members):
        return f"{item.coverage} countries"
    if result.base.rule == "not_stated":
        return "do not compare"
    if result.printed is not None:
        return "" if result.denominator.is_point else "implied"
    bounds = item.bounds_text
    if result.bounds_with_unknown != result.value_or_bounds and bounds != "not bounded":
        return "" if result.base.rule == "known" else f"{content.restyled(bounds)} *"
    if item.is_conviction_ratio:
        return "not a rate"
    is_count = result.kind is ResultKind.COUNT
    if "UNIT" in result.warnings.codes and not is_count:
        return "different units"
    return "detected only" if result.limitations.select("DETECTED_ONLY") and is_count else ""


@report_section("details", "Indicators in detail")
def other_figures(content: Content) -> Iterator[DisplayTable]:
    """Yield each count and share that is not in the first table, with bounds and coverage.

    Ratios and the stages of justice have a section of their own.
    """
    main = {item.id for item in _main_figures(content)}
    paired = {item.id for pair in content.pairs for item in (pair.first, pair.second)}
    implied = {
        item.result.category for item in content.printed if _counterpart(content, item, "all")
    }
    candidates = (
        *(
            item
            for item in content.shares
            if item.result.base.rule == "all" or item.result.category not in implied
        ),
        *(item for item in content.printed if item.id not in paired),
        *(item for item in content.counts if item.counted != "justice"),
    )
    items = [item for item in candidates if item.id not in main]
    if not items:
        return
    columns: dict[str, Callable[[Indicator], Cell | str]] = {"Value": _value}
    if any(map(_range, items)):
        columns["Range"] = _range
    if any(item.result.n_reporters is not None for item in items):
        columns["Denominator"] = _denominator
        columns["Countries"] = lambda item: "" if item.result.n_reporters is None else item.coverage
    else:
        columns["Numerator"] = _numerator
        columns["Denominator"] = _denominator
    contradictions = dict.fromkeys(
        contradiction.text
        for item in items
        for contradiction in item.result.contradictions
        if contradiction.code == "contradictory"
        and contradiction.area not in (item.result.reporters or ())
    )
    short = [shorten(text, _LONGEST, placeholder="...") for text in contradictions]
    notes = [f"Not in the value: {listed(short, _MAX_CONTRADICTIONS)}."] if short else []
    yield _figure_table("Other figures, " if main else "", items, columns, notes)


def _value(item: Indicator) -> Cell:
    """Return a number; a share with a bar."""
    result, bar = item.result, None
    if result.kind is ResultKind.SHARE:
        lower = float(result.value_or_bounds.lower or 0)
        bar = lower, max(lower, float(result.bounds_with_unknown.upper or 0))
    return Cell(item.formatted, bar=bar)


def _range(item: Indicator) -> str:
    """Return the bounds including unknown, if they differ from the value."""
    bounds = "" if item.result.printed is not None else item.bounds_text
    return "" if bounds == item.formatted else bounds


def _numerator(item: Indicator) -> str:
    is_counted = item.result.kind is not ResultKind.COUNT and item.result.base.rule != "not_stated"
    return count(item.result.numerator) if is_counted else ""
