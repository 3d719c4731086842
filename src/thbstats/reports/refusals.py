"""Statements that the figures do not support."""

from collections.abc import Iterator
from itertools import islice, pairwise

from thbstats.display import Bullets, decimal
from thbstats.languages import Message, capitalised, joined, paragraph
from thbstats.panel import ResultKind, Verdict
from thbstats.panel.names import categories_name, countries_text, grouped, lowered, unit_name
from thbstats.reports.content import Content, Indicator
from thbstats.reports.section import report_section


@report_section("refused", Message("Do not write"), "publication", "counts")
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
        names, reason = capitalised(content.names_of(group)), objections[group[0].id][0]
        yield Message("{figures}: {reason}.", figures=names, reason=reason)


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
            if shares[0].has_range:
                text = "{value} ({bounds} with the unknown cases)"
                value = Message(text, value=value, bounds=bounds)
            yield Message(
                "{share} as the share of {category} among all {victims}: the published share "
                "leaves out victims whose {dimension} is unknown. Of all {victims}, it is {value}.",
                share=item.formatted, category=lowered(categories_name(item.category)),
                victims=unit_name(item.result.numerator_kind), dimension=item.unknown_dimension,
                value=value,
            )  # fmt: skip


def _areas_as_change(content: Content) -> Iterator[str]:
    for pair, *_ in grouped(content.pairs, lambda pair: pair.areas):
        if pair.comparison.verdict is not Verdict.NOT_COMPARABLE:
            yield Message(
                "A change from {first} to {second} for {category}: these are the shares of {areas} "
                "in the same period.",
                first=pair.first.formatted, second=pair.second.formatted,
                category=lowered(pair.category_name), areas=joined(pair.areas),
            )  # fmt: skip


def _ratio_as_rate(content: Content) -> Iterator[str]:
    ratios = (item for item in content.quotable(content.ratios) if item.is_conviction_ratio)
    for item in islice(ratios, 1):
        rate = content.restyled(decimal(item.result.value_or_bounds.scale(100), 0))
        sides = map(unit_name, (item.result.numerator_kind, item.result.denominator_kind))
        counted, base = sides
        claim = Message("A conviction rate of {rate}%", rate=rate)
        yield Message(
            "{claim}: the ratio divides {counted} by {base} of one period, and cases can last for "
            "years.",
            claim=item.scope.named(claim, content.usual), counted=counted, base=base,
        )  # fmt: skip


def _totals(content: Content) -> Iterator[str]:
    """Yield totals of a part of the countries, their changes, and totals as all victims."""
    items = [item for item in content.quotable(content.counts) if not item.result.category]
    for group in grouped(items, lambda item: (item.result.numerator_kind, item.scope.area)):
        for item in group[:1] if group[0].has_coverage and group[0].left_out else ():
            text = "{n} {counted} in {scope}: this is the sum of {coverage} countries."
            number = content.restyled(item.formatted)
            own = {"n": number, "counted": lowered(item.name), "scope": item.scope.label}
            partial = Message(text, coverage=item.coverage, **own)
            whole = "The number for all countries is {bounds}."
            bounds = Message(whole, bounds=content.restyled(item.bounds_text))
            yield paragraph([partial, bounds]) if item.has_range else partial
        for new, old in pairwise(group):
            before, after = (own.result.reporters or frozenset() for own in (old, new))
            only = {old.scope.period: before - after, new.scope.period: after - before}
            texts = [
                Message("only {period}: {countries}", period=name, countries=countries_text(own))
                for name, own in only.items()
                if own
            ]
            if texts:
                first, second = (
                    Message(
                        "{period} ({value})",
                        period=i.scope.period,
                        value=content.restyled(i.formatted),
                    )
                    for i in (old, new)
                )
                text = (
                    "{figure} of {first} and of {second} as a change: the countries differ "
                    "({differences})."
                )
                own = {"first": first, "second": second, "differences": joined(texts, "; ", "; ")}
                yield Message(text, figure=old.name, **own)
    for item in (own for own in items if own.scope == content.usual and own.counted == "victims"):
        codes, status = item.result.limitations.codes, item.result.numerator_kind.get("status")
        if "DETECTED_ONLY" in codes and item.result.kind is ResultKind.COUNT:
            counted = unit_name(item.result.numerator_kind)
            if status in (None, "not_stated"):
                counted = Message("detected victims")
            text = "{n} as the number of all victims: only {victims} are counted."
            refusal = Message(text, n=content.restyled(item.formatted), victims=counted)
            twice = Message("A person can be counted in two countries or years.")
            yield paragraph([refusal, twice]) if "DOUBLE_COUNTING" in codes else refusal


def _gaps(content: Content) -> Iterator[str]:
    """Yield that the countries are not known, if the source does not list them."""
    if any("the reporting countries" in item.messages for item in content.limitations):
        text = "Figures as complete for {area}: the source does not list the reporting countries."
        yield Message(text, area=content.usual.area)
