"""Reservations of figures, and the tables of figures with and without a reservation."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from itertools import islice, pairwise
from operator import attrgetter

from thbstats.display import Bullets, Cell, Column, DisplayTable, Group, Tone, count, decimal
from thbstats.languages import Message, capitalised, joined, paragraph
from thbstats.panel import CountKind, Result, ResultKind, Severity, Verdict
from thbstats.panel.category_names import categories_name, lowered
from thbstats.panel.kind import FLOW_RATIOS
from thbstats.panel.names import countries_text, grouped, sentence
from thbstats.reports.content import Caution, Content, Indicator, area_name
from thbstats.reports.section import report_section
from thbstats.values import Rational
from thbstats.vocabulary import code_text

_SEVERITIES = {
    Severity.BLOCKING: (Message("Blocking: do not compare"), Tone.BAD),
    Severity.CAUTION: (Message("Caution: state the limitation when you use the figure"), Tone.WARN),
    Severity.NOTE: (Message("Note: for information"), Tone.PLAIN),
}


@report_section("notes", Message("Notes by figure"))
def notes_by_figure(content: Content) -> Iterator[DisplayTable]:
    """Yield each warning and limitation once, with an action and all its figures."""
    every = grouped((*content.cautions, *content.limitations), attrgetter("code"))
    rows = []
    for cautions in every:
        first = cautions[0]
        numbers = {item.id: item for caution in cautions for item in caution.applies_to}
        hints = dict.fromkeys(sentence(caution.hint) for caution in cautions)
        rows.append(
            [
                Cell(paragraph([sentence(first.title), *hints])),
                Cell(capitalised(content.names_of(numbers.values()))),
            ]
        )
    if rows:
        yield DisplayTable(
            caption=Message("Notes"), columns=[Message("Note"), Message("Figures")], rows=rows
        )


@report_section("codes", Message("Codes of the notes"), annex=True)
def codes(content: Content) -> Iterator[DisplayTable]:
    """Yield the codes and messages of warnings in order of severity, then the limitations."""
    rows: list[Group | list[Cell]] = []
    for severity, (heading, tone) in _SEVERITIES.items():
        cautions = [caution for caution in content.cautions if caution.severity is severity]
        rows += [Group(heading)] if cautions else []
        rows += [_row(caution, tone) for caution in cautions]
    rows += [Group(Message("Limitations"))] if content.limitations else []
    rows += [_row(caution, Tone.PLAIN) for caution in content.limitations]
    if rows:
        columns = [Message("Note"), Message("Message")]
        yield DisplayTable(caption=Message("Codes and messages"), columns=columns, rows=rows)


def _row(caution: Caution, tone: Tone) -> list[Cell]:
    name = caution.code
    if caution.title:
        name = Message("{title} ({code})", title=caution.title, code=caution.code)
    return [Cell(name, tone=tone), Cell(sentence(caution.message))]


@report_section("refused", Message("Do not write"), "publication", "counts")
def refused(content: Content) -> Iterator[Bullets]:
    """Yield statements that a reader could derive from the figures, each with the reason."""
    parts = _refused_figures, _known_as_all, _areas_as_change, _ratio_as_rate, _totals, _gaps
    if items := [text for part in parts for text in part(content)]:
        yield Bullets(items)


def _refused_figures(content: Content) -> Iterator[str]:
    """Yield all figures that cannot be quoted, grouped by reason."""
    objections = {item.id: item.objections(content.thresholds) for item in content.indicators}
    every = (item for item in content.indicators if objections[item.id])
    for group in grouped(every, lambda item: objections[item.id][0]):
        names, reason = capitalised(content.names_of(group)), objections[group[0].id][0]
        yield Message("{figures}: {reason}.", figures=names, reason=reason)


def _known_as_all(content: Content) -> Iterator[str]:
    """Yield published shares of victims with a known category as shares of all victims."""

    def question(item: Indicator) -> tuple[object, ...]:
        own = item.result
        return item.category, own.area, own.period, own.base.within, own.denominator_kind.label

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
                "leaves out {persons} whose {dimension} is unknown. Of all {victims}, it is "
                "{value}.",
                share=item.formatted, category=lowered(categories_name(item.category)),
                victims=item.result.numerator_kind.label, dimension=item.unknown_dimension,
                value=value, persons=item.persons,
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
        sides = (kind.label for kind in (item.result.numerator_kind, item.result.denominator_kind))
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
            before, after = old.result.reporters, new.result.reporters
            if before is None or after is None:
                continue  # It is not known whether the countries differ.
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
        if item.result.period.is_part_of_year:
            text = "{n} as the number of a year: {period} is shorter than a year."
            number = content.restyled(item.formatted)
            yield Message(text, n=number, period=item.scope.period)
        if "DETECTED_ONLY" in codes and item.result.kind is ResultKind.COUNT:
            counted = item.result.numerator_kind.label
            if status in (None, "not_stated"):
                counted = Message("detected victims")
            text = "{n} as the number of all victims: only {victims} are counted."
            refusal = Message(text, n=content.restyled(item.formatted), victims=counted)
            twice = Message("A person can be counted in two countries or years.")
            yield paragraph([refusal, twice]) if "DOUBLE_COUNTING" in codes else refusal


def _gaps(content: Content) -> Iterator[str]:
    """Yield a statement that the countries are not known, if the source does not list them."""
    if any("the reporting countries" in item.messages for item in content.limitations):
        text = "Figures as complete for {area}: the source does not list the reporting countries."
        yield Message(text, area=content.usual.area)


_NAMED = 10
"""The largest number of countries in a reservation; the table of countries has all."""

_NARROW = Fraction(1, 100)
"""A share that can be larger by less needs no reservation for categories that are not listed."""

_LISTED = 40
"""The largest number of countries of an area that a note lists."""

_PHRASES = {
    "MULTIPLE_RESPONSE": Message(
        "one victim can have several categories: do not add up the shares"
    ),
    "BASE": Message(
        "the publication does not state the denominator: not comparable with other shares"
    ),
}
# The value, the countries, the denominator or the source are in other phrases.
_IN_OTHERS = {
    "COVERAGE",
    "CONTRADICTED",
    "UNKNOWN",
    "SUPPRESSED",
    "SMALL_DENOMINATOR",
    "UNIT",
    "SOURCE",
    "DOMINANCE",
}


def reservations_of(item: Indicator, restyled: Callable[[str], str] = str) -> list[str]:
    """Return the phrases that must be next to a figure; empty if it is safe to quote."""
    result, codes = item.result, {own.code: own for own in item.result.warnings}
    cautions = {code for code, own in codes.items() if own.severity is not Severity.NOTE}
    is_ratio, members = result.kind in FLOW_RATIOS, len(result.area.members)
    is_range = result.value is not None and not result.value.is_point
    slips = (own for own in result.contradictions if own.code == "discrepancy")
    near = {own.area for own in slips if own.counts.dimension}
    near = (near & (result.reporters or frozenset())).difference(item.doubtful)
    text = "a range, because a total and its parts differ by a few persons in {countries}"
    differing = Message(text, countries=countries_text(near))
    is_calculated = item.published and result.base.rule in ("all", "known")
    texts: list[str] = (
        [Message("as quoted by {page}", page=item.quoted_on)] if item.quoted_on else []
    )
    if members > 1 and item.left_out:
        text = "in {coverage} countries, {others}"
        texts.append(Message(text, coverage=item.coverage, others=_without(item.left_out)))
    elif result.n_reporters is not None and result.n_reporters < members:
        texts.append(Message("in {coverage} countries", coverage=item.coverage))
    if item.doubtful:
        text = "with doubtful counts of {countries}"
        texts.append(Message(text, countries=joined(map(area_name, item.doubtful))))
    if is_calculated and not result.denominator.is_point:
        texts.append(Message("denominator calculated, not published"))
    texts += _ranges(item, restyled, "UNKNOWN" in codes or result.kind is ResultKind.COUNT)
    phrases = {
        Message("a range, because small counts are suppressed"): is_range and "SUPPRESSED" in codes,
        differing: is_range and near and "SUPPRESSED" not in codes,
        Message("write the two counts and no percentage"): "SMALL_DENOMINATOR" in cautions,
        Message(
            "not a rate: both counts are of one period, and cases can last for years"
        ): is_ratio,
        Message("partly calculated from other counts of the table"): result.derived,
        **{text: code in codes for code, text in _PHRASES.items()},
    }
    texts += [text for text, applies in phrases.items() if applies]
    if "UNIT" in cautions:
        first, second = map(_unit, (result.numerator_kind, result.denominator_kind))
        texts.append(Message("compares {first} with {second}", first=first, second=second))
    if "DOMINANCE" in codes:
        own = codes["DOMINANCE"].parameters
        facts = {"share": restyled(own["share"]), "country": own["country"]}
        if is_ratio:
            text = "{share} of the {counted} in {country} alone"
            texts.append(Message(text, counted=own["counted"], **facts))
        else:
            texts.append(Message("{share} of them in {country} alone", **facts))
    others = cautions - {*_IN_OTHERS, *_PHRASES}
    return [*texts, *(lowered(own.title) for code, own in codes.items() if code in others)]


def _without(left_out: dict[str, str]) -> str:
    """Return the countries that are not in a value, grouped by reason."""
    groups = grouped(left_out, lambda code: left_out[code])
    names = joined(
        (
            Message(
                "{countries} ({reason})", countries=countries_text(own), reason=left_out[own[0]]
            )
            for own in groups
        ),
        ", ",
    )
    if len(left_out) > _NAMED:
        return Message("listed under Countries in the figures")
    return Message("without {countries}", countries=names)


def _ranges(item: Indicator, restyled: Callable[[str], str], has_unknown: bool) -> Iterator[str]:
    """Yield the bounds of a figure with the counts that its value does not contain."""
    result, bounds, rule = item.result, restyled(item.bounds_text), item.result.base.rule
    unknown = "" if result.unknown is None else restyled(count(result.unknown))
    text = "{counted} whose {dimension} is unknown"
    persons = Message(text, counted=item.persons, dimension=item.unknown_dimension)
    own = {"bounds": bounds, "n": unknown, "persons": persons, "counted": item.persons}
    if item.left_out and item.has_range and result.kind is ResultKind.SHARE:
        yield Message("{bounds} with all countries and the {persons}", **own)
    elif item.left_out and item.has_range:
        yield Message("{bounds} with all countries", **own)
    elif unknown and has_unknown and item.has_range and rule in ("all", "none"):
        yield Message("{bounds}, depending on the {n} {persons}", **own)
    elif unknown and has_unknown and item.has_range:
        yield Message("{bounds} of all {counted}, depending on the {n} {persons}", **own)
    elif unknown and has_unknown and rule == "all":
        yield Message("including {n} {persons}", **own)
    elif unknown and has_unknown and rule != "none":
        yield Message("without {n} {persons}", **own)
    elif item.has_range and rule == "all" and _added(result) > _NARROW:
        text = "{bounds}, depending on {counted} whose {dimension} is not listed"
        yield Message(text, dimension=item.unknown_dimension, **own)


def _added(result: Result) -> Rational:
    """Return by how much a share can exceed its value."""
    highest = (own.upper for own in (result.bounds_with_unknown, result.value_or_bounds))
    most, value = (1 if upper is None else upper for upper in highest)
    return most - value


def _unit(kind: CountKind) -> str:
    unit = kind.get("unit") or ""
    if kind.kind == "victims":
        return Message("persons")
    return code_text(unit) if unit else kind.label


@report_section("safe", Message("Safe to quote"), "publication", "counts")
def safe(content: Content) -> Iterator[DisplayTable | str]:
    """Yield the figures that need no reservation, with their denominators."""
    items = [item for item in main_figures(content) if not reservations_of(item)]
    if items:
        yield _table(items, content)
    elif content.indicators or content.of == "counts":
        none = Message("No figure of the whole area is safe to quote without a reservation.")
        countries = Message("Counts of single countries are under Countries listed.")
        yield paragraph([none, countries]) if content.orders else none


@report_section("reserved", Message("Quote only with its reservation"), "publication", "counts")
def reserved(content: Content) -> Iterator[DisplayTable | str]:
    """Yield figures with the phrase to write next to them."""
    items = [item for item in main_figures(content) if reservations_of(item)]
    if items:
        yield Message("Copy the reservation together with the figure.")
        yield _table(items, content)


@report_section("details", Message("Other figures"))
def details(content: Content) -> Iterator[DisplayTable]:
    """Yield the other figures that can be quoted, by area and period."""
    paired = {item.id for pair in content.pairs for item in (pair.first, pair.second)}
    shown = {item.id for item in main_figures(content)} | paired
    items = [
        item for item in _each_once(content.quotable(content.indicators)) if item.id not in shown
    ]
    items.sort(key=lambda item: (item.scope != content.usual, item.scope.area, item.scope.period))
    if items:
        yield _table(items, content, is_grouped=True)


def main_figures(content: Content) -> list[Indicator]:
    """Return the figures of the first page: figures of the usual area that can be quoted."""
    items = [
        item
        for item in content.quotable(content.indicators)
        if item.leading and (content.of == "counts" or item.scope == content.usual)
    ]
    return sorted(_each_once(items), key=_rank)


def _rank(item: Indicator) -> int:
    """Return the order of a figure: counts, shares, shares without denominator, then ratios."""
    kind, rule = item.result.kind, item.result.base.rule
    return (
        0 if kind is ResultKind.COUNT else 3 if kind in FLOW_RATIOS else 1 + (rule == "not_stated")
    )


def _each_once(items: Sequence[Indicator]) -> list[Indicator]:
    """Return figures without calculated shares that are also published."""

    def share(item: Indicator) -> tuple[object, ...]:
        result = item.result
        category = [(name, str(code)) for name, code in result.category]
        kinds = result.numerator_kind.label, result.denominator_kind.label
        return result.kind, category, result.base.rule, result.base.within, item.scope, kinds

    published = [share(item) for item in items if item.published]
    return [item for item in items if item.published or share(item) not in published]


def _table(
    items: Sequence[Indicator], content: Content, *, is_grouped: bool = False
) -> DisplayTable:
    """Return figures with their denominators and reservations.

    With ``is_grouped``, the heading of each group has the reservations of all its figures.
    """
    rows: list[Group | list[str]] = []
    usual = content.usual
    for group in grouped(items, lambda item: (item.scope, item.part) if is_grouped else None):
        phrases = [reservations_of(item, content.restyled) for item in group]
        times = Counter(text for own in phrases for text in own)
        common = [text for text, n in times.items() if is_grouped and n == len(group) > 1]
        if is_grouped:
            heading = joined((group[0].scope.label, lowered(group[0].part)), ", ")
            if common:
                text = "{heading}. Reservation: {reservation}"
                heading = Message(text, heading=heading, reservation=tuple(common))
            rows.append(Group(heading))
        for item, own in zip(group, phrases, strict=True):
            is_plain = is_grouped or item.is_share_of_area
            name = item.name if is_plain else item.scope.named(item.name, usual)
            note = joined((text for text in own if text not in common), "; ", "; ")
            note = note or (Message("as in the heading") if common else Message("none"))
            rows.append([name, item.formatted, denominator(item), note])
    has_notes = any(row[-1] != "none" for row in rows if not isinstance(row, Group))
    text = "{area}: listed under Countries in the figures."
    notes = [
        item.scope.note
        if len(item.result.area.members) <= _LISTED
        else Message(text, area=item.scope.area)
        for item in items
        if item.scope.note
    ]
    if not has_notes:
        rows = [row if isinstance(row, Group) else row[:-1] for row in rows]
    return DisplayTable(
        caption=Message("Other figures") if is_grouped else usual.label,
        columns=[
            Message("Figure"),
            *(Column(name, "right") for name in (Message("Value"), Message("Denominator"))),
            *([Message("Reservation")] if has_notes else []),
        ],
        rows=rows,
        notes=dict.fromkeys(notes),
    )


def denominator(item: Indicator) -> str:
    """Return the denominator of a figure as text."""
    if item.result.kind is ResultKind.COUNT:
        return "\N{EN DASH}"
    if item.result.base.rule == "not_stated":
        return Message("not stated")
    return count(item.result.denominator)
