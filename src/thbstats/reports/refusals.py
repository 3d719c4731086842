"""Statements that the figures do not support."""

from collections.abc import Iterator
from itertools import islice, pairwise

from thbstats.display import Bullets, decimal
from thbstats.languages import capitalised, joined
from thbstats.panel import ResultKind, Verdict
from thbstats.panel.names import categories_name, countries_text, grouped, lowered, unit_name
from thbstats.reports.content import Content, Indicator
from thbstats.reports.section import report_section


@report_section("refused", "Do not write", "publication", "counts")
def refused(content: Content) -> Iterator[Bullets]:
    """Yield statements that a reader could derive from the figures, each with the reason."""
    parts = _refused_figures, _known_as_all, _areas_as_change, _ratio_as_rate, _totals, _gaps
    if items := [text for part in parts for text in part(content)]:
        yield Bullets(items)


def _refused_figures(content: Content) -> Iterator[str]:
    """Yield all figures that cannot be quoted, those of one reason together."""
    objections = {item.id: item.objections(content.thresholds) for item in content.indicators}
    every = (item for item in content.indicators if objections[item.id])
    for group in grouped(every, lambda item: objections[item.id][0]):
        yield f"{capitalised(content.names_of(group))}: {objections[group[0].id][0]}."


def _known_as_all(content: Content) -> Iterator[str]:
    """Yield published shares of victims with a known category as shares of all victims."""

    def question(item: Indicator) -> tuple[object, ...]:
        return item.category, item.result.area, item.result.period, item.result.base.within

    every = [item for item in content.shares if item.result.base.rule == "all"]
    for item in content.printed:
        shares = [own for own in every if question(own) == question(item)]
        if shares and item.result.base.rule == "known":
            value, bounds = (
                content.restyled(t) for t in (shares[0].formatted, shares[0].bounds_text)
            )
            victims = unit_name(item.result.numerator_kind)
            most = f" ({bounds} with the unknown cases)" if shares[0].has_range else ""
            yield (
                f"{item.formatted} as the share of {lowered(categories_name(item.category))} among "
                f"all {victims}: the published share leaves out victims whose "
                f"{item.unknown_dimension} is unknown. Of all {victims}, it is {value}{most}."
            )


def _areas_as_change(content: Content) -> Iterator[str]:
    for pair, *_ in grouped(content.pairs, lambda pair: pair.areas):
        if pair.comparison.verdict is not Verdict.NOT_COMPARABLE:
            yield (
                f"A change from {pair.first.formatted} to {pair.second.formatted} for "
                f"{lowered(pair.category_name)}: these are the shares of {joined(pair.areas)} "
                "in the same period."
            )


def _ratio_as_rate(content: Content) -> Iterator[str]:
    ratios = (item for item in content.quotable(content.ratios) if item.is_conviction_ratio)
    for item in islice(ratios, 1):
        rate = content.restyled(decimal(item.result.value_or_bounds.scale(100), 0))
        sides = map(unit_name, (item.result.numerator_kind, item.result.denominator_kind))
        yield (
            f"A conviction rate of {rate}%{item.scope.suffix(content.usual)}: the ratio divides "
            f"{joined(sides, ' by ')} of one period, and cases can last for years."
        )


def _totals(content: Content) -> Iterator[str]:
    """Yield totals of a part of the countries, their changes, and totals as all victims."""
    items = [item for item in content.quotable(content.counts) if not item.result.category]
    for group in grouped(items, lambda item: (item.result.numerator_kind, item.scope.area)):
        for item in group[:1] if group[0].has_coverage and group[0].left_out else ():
            whole = f" The number for all countries is {content.restyled(item.bounds_text)}."
            yield (
                f"{content.restyled(item.formatted)} {lowered(item.name)} in {item.scope.label}: "
                f"this is the sum of {item.coverage} countries.{whole if item.has_range else ''}"
            )
        for new, old in pairwise(group):
            before, after = (own.result.reporters or frozenset() for own in (old, new))
            only = {old.scope.period: before - after, new.scope.period: after - before}
            texts = [f"only {name}: {countries_text(own)}" for name, own in only.items() if own]
            if texts:
                values = (f"{i.scope.period} ({content.restyled(i.formatted)})" for i in (old, new))
                yield (
                    f"{old.name} of {joined(values, ' and of ')} as a change: the countries differ "
                    f"({'; '.join(texts)})."
                )
    for item in (own for own in items if own.scope == content.usual and own.counted == "victims"):
        codes, status = item.result.limitations.codes, item.result.numerator_kind.get("status")
        if "DETECTED_ONLY" in codes and item.result.kind is ResultKind.COUNT:
            counted = "detected" if status in (None, "not_stated") else status
            twice = " A person can be counted in two countries or years."
            yield (
                f"{content.restyled(item.formatted)} as the number of all victims: only {counted} "
                f"victims are counted.{twice if 'DOUBLE_COUNTING' in codes else ''}"
            )


def _gaps(content: Content) -> Iterator[str]:
    """Yield that the countries are not known, if the source does not list them."""
    if any("the reporting countries" in item.messages for item in content.limitations):
        yield (
            f"Figures as complete for {content.usual.area}: the source does not list the reporting "
            "countries."
        )
