"""Reservations of figures, and the tables of figures with and without one."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from thbstats.display import Column, DisplayTable, Group, count
from thbstats.languages import Message, joined, paragraph
from thbstats.panel import CountKind, ResultKind, Severity
from thbstats.panel.kind import FLOW_RATIOS
from thbstats.panel.names import countries_text, country_or_code, grouped, lowered
from thbstats.reports.content import Content, Indicator
from thbstats.reports.section import report_section
from thbstats.vocabulary import code_text

_NAMED = 10
"""The largest number of countries in a reservation; the table of countries has all."""

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
    """Return the phrases that must stand next to a figure; none if it is safe to quote."""
    result, codes = item.result, {own.code: own for own in item.result.warnings}
    cautions = {code for code, own in codes.items() if own.severity is not Severity.NOTE}
    is_ratio, members = result.kind in FLOW_RATIOS, len(result.area.members)
    is_range = result.value is not None and not result.value.is_point and "SUPPRESSED" in codes
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
        texts.append(Message(text, countries=countries_text(item.doubtful)))
    if is_calculated and not result.denominator.is_point:
        texts.append(Message("denominator calculated, not published"))
    texts += _ranges(item, restyled, "UNKNOWN" in codes or result.kind is ResultKind.COUNT)
    phrases = {
        Message("a range, because small counts are suppressed"): is_range,
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
        facts = {"share": restyled(own["share"]), "country": country_or_code(own["country"])}
        if is_ratio:
            text = "{share} of the {counted} in {country} alone"
            texts.append(Message(text, counted=own["counted"], **facts))
        else:
            texts.append(Message("{share} of them in {country} alone", **facts))
    others = cautions - {*_IN_OTHERS, *_PHRASES}
    return [*texts, *(lowered(own.title) for code, own in codes.items() if code in others)]


def _without(left_out: dict[str, str]) -> str:
    """Return the countries that are not in a value, those of each reason together."""
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
    persons = Message("victims whose {dimension} is unknown", dimension=item.unknown_dimension)
    own = {"bounds": bounds, "n": unknown, "persons": persons}
    if item.left_out and item.has_range and result.kind is ResultKind.SHARE:
        yield Message("{bounds} with all countries and the {persons}", **own)
    elif item.left_out and item.has_range:
        yield Message("{bounds} with all countries", **own)
    elif unknown and has_unknown and item.has_range and rule in ("all", "none"):
        yield Message("{bounds}, depending on the {n} {persons}", **own)
    elif unknown and has_unknown and item.has_range:
        yield Message("{bounds} of all victims, depending on the {n} {persons}", **own)
    elif unknown and has_unknown and rule == "all":
        yield Message("including {n} {persons}", **own)
    elif unknown and has_unknown and rule != "none":
        yield Message("without {n} {persons}", **own)


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
    """Return the figures of the first page: those of the usual area that can be quoted."""
    items = [
        item
        for item in content.quotable(content.indicators)
        if item.leading and (content.of == "counts" or item.scope == content.usual)
    ]
    return sorted(_each_once(items), key=_rank)


def _rank(item: Indicator) -> int:
    """Return the place of a figure: counts, shares, shares without denominator, then ratios."""
    kind, rule = item.result.kind, item.result.base.rule
    return (
        0 if kind is ResultKind.COUNT else 3 if kind in FLOW_RATIOS else 1 + (rule == "not_stated")
    )


def _each_once(items: Sequence[Indicator]) -> list[Indicator]:
    """Return figures without calculated shares that are also published."""

    def share(item: Indicator) -> tuple[object, ...]:
        result = item.result
        category = [(name, str(code)) for name, code in result.category]
        return result.kind, category, result.base.rule, result.base.within, item.scope

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
        notes=filter(None, dict.fromkeys(_scope_note(item) for item in items)),
    )


def _scope_note(item: Indicator) -> str:
    """Return the countries of an area, or where they are listed if it has many."""
    if len(item.result.area.members) <= _LISTED:
        return item.scope.note
    text = "{area}: listed under Countries in the figures."
    return Message(text, area=item.scope.area) if item.scope.note else ""


def denominator(item: Indicator) -> str:
    """Return the denominator of a figure as text."""
    if item.result.kind is ResultKind.COUNT:
        return "\N{EN DASH}"
    if item.result.base.rule == "not_stated":
        return Message("not stated")
    return count(item.result.denominator)
