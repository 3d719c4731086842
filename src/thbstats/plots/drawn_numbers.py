"""The numbers of a panel as plots show them: marks, texts, and the lines under a plot."""

from collections.abc import Iterable, Sequence
from functools import partial
from math import inf, isfinite
from typing import Any

import numpy as np
from attrs import frozen

from thbstats._properties import cached_property
from thbstats.columns import Coded, Mask
from thbstats.display import count, percent
from thbstats.errors import InvalidValue, require
from thbstats.geography import Area, composition_on
from thbstats.languages import Message, Phrase, Plural, capitalised, joined, lowered
from thbstats.panel import ComparabilityWarning, Panel, Result, ResultKind, Severity, Status
from thbstats.panel.kind import NOT_BOUNDED
from thbstats.panel.names import area_label, area_labels, row_name
from thbstats.panel.panel_text import format_number, hold_for_any_data
from thbstats.plots.canvas import (
    PERCENT,
    FloatBounds,
    category_words,
    counted_words,
    countries_words,
    float_bounds,
    unit_words,
)
from thbstats.records import Source
from thbstats.rules import DEFAULTS, Level, Thresholds
from thbstats.rules.judgement import PairLevels
from thbstats.values import Period

SPOKEN = 60
"""The alt text contains at most this many numbers."""

_QUOTIENTS = (ResultKind.RATIO, ResultKind.PER_100)
_OF_COUNTS = (*_QUOTIENTS, ResultKind.SHARE, ResultKind.RELATIVE_CHANGE)
"""The kinds of numbers with little meaning if their denominator is small."""
_NARROW = 0.5
"""Bounds without a value are drawn if their width is at most this part of 100%, or of a count."""
_ORDERED = ("period", "age", "stage", "step", "decision", "exploitation", "sex")
"""The dimensions whose categories keep their order."""

_REASONS = {
    Status.NO_DATA: Message("No data"),
    Status.NOT_REPORTED: Message("Not reported"),
    Status.NO_TOTAL: Message("No total"),
    Status.CONFLICTING: Message("Several values in the source"),
    Status.CONTRADICTORY: Message("Contradictory counts, no value"),
    Status.AMBIGUOUS: Message("Several counts in the table"),
    Status.UNDEFINED: Message("Denominator 0"),
    Status.BOUNDED: Message("Bounds only"),
}
"""The reason that a row has no value."""


class PlotNumbers:
    """The rows of a panel or a result: at least one."""

    def __init__(self, numbers: object, name: str = "numbers") -> None:
        if isinstance(numbers, Result):
            numbers = numbers.panel.take([numbers.position])
        if not isinstance(numbers, Panel) or not len(numbers):
            raise InvalidValue(
                f"`{name}` must be a Panel or a Result with at least one number",
                field=name,
                value=0 if isinstance(numbers, Panel) else type(numbers),
                hint="Pass a panel, such as thbstats.share(table, sex='female', by='area'), or "
                "Panel.from_results(results)",
            )
        self.panel: Panel = numbers

    def take(self, rows: list[int]) -> "PlotNumbers":
        """Return some rows."""
        return PlotNumbers(self.panel.take(rows))

    @cached_property
    def values(self) -> list[FloatBounds | None]:
        """The value of each row; ``None`` for a row without a value."""
        return float_bounds(self.panel.value)

    @cached_property
    def stated(self) -> list[FloatBounds]:
        """The value of each row, or its bounds if it has no value."""
        value = self.panel.value
        stated = float_bounds(value.where(~value.missing, self.panel.bounds))
        return [(-inf, inf) if ends is None else ends for ends in stated]

    @cached_property
    def reasons(self) -> list[str]:
        """The reason why the value of each row is text instead of a mark; empty for a mark.

        A mark is not drawn for a value with a small denominator, for a value of which most persons
        are of unknown category, and for a value that holds for any data.
        """
        panel = self.panel
        limits: Thresholds = DEFAULTS if panel.thresholds is None else panel.thresholds
        few, most = limits.small_caution, limits.presentable
        published = panel.printed.table(lambda text: text is not None, np.bool_)
        of_counts = panel.kind.table(lambda kind: kind in _OF_COUNTS, np.bool_)
        is_share = panel.kind.table(lambda kind: kind is ResultKind.SHARE, np.bool_)
        is_whole = panel.base.table(lambda base: base.rule == "all", np.bool_)
        with np.errstate(invalid="ignore"):
            small = of_counts & ~published & (panel.denominator.lower < float(few))
            unknown = panel.unknown.lower > float(most) * panel.denominator.upper
        cases = {
            "": panel.value.missing,
            Message(
                "Fewer than {n} {counted}, only counts", n=few, counted=unit_words(panel)
            ): small,
            Message("Unknown category for most persons"): is_share & is_whole & unknown,
            Message("Not bounded"): hold_for_any_data(panel, panel.value),
        }
        codes = np.select(list(cases.values()), range(len(cases)), len(cases)).tolist()
        texts = [*cases, ""]
        return [
            texts[code] if code else _REASONS[Status(status)]
            for code, status in zip(codes, panel.status.tolist(), strict=True)
        ]

    @cached_property
    def drawn(self) -> list[FloatBounds | None]:
        """The value of each row with a mark."""
        pairs = zip(self.values, self.reasons, strict=True)
        return [None if reason else value for value, reason in pairs]

    @cached_property
    def bounds(self) -> dict[str, list[FloatBounds | None]]:
        """The bounds of each row that have a mark: they differ and exclude some values.

        A row without a value has one only if its bounds are narrow, or if its counts are
        contradictory: then they are the published total and the sum of its parts.
        """
        visible, before, panel = {}, self.panel.value, self.panel
        without = np.array([bool(reason) for reason in self.reasons])
        is_part = panel.kind.table(lambda kind: kind in PERCENT, np.bool_)
        disputed = (panel.status == Status.CONTRADICTORY) & ~is_part
        for name, column in (("bounds", panel.bounds), ("unknown", panel.bounds_with_unknown)):
            low, high = column.lower, column.upper
            with np.errstate(invalid="ignore", divide="ignore"):
                size = (high - low) / np.where(is_part, 1, np.maximum(np.abs(low), np.abs(high)))
            narrow = panel.value.missing & ((size <= _NARROW) | disputed & np.isfinite(high))
            is_vacuous = hold_for_any_data(panel, column)
            hidden = column.equals(before) | is_vacuous | without & ~narrow
            visible[name] = float_bounds(column.without(hidden))
            before = column
        return visible

    def has_mark(self, i: int) -> bool:
        """Return whether a row has a mark: its value or its bounds."""
        return bool(self.drawn[i] or any(column[i] for column in self.bounds.values()))

    @property
    def bounds_text(self) -> str:
        """The text in the legend for bounds."""
        is_union = any(len(area.members) > 1 for area in self.panel.area)
        return Message("bounds for all countries of the area") if is_union else Message("bounds")

    @cached_property
    def is_open(self) -> list[bool]:
        """Whether a row has a value, but its bounds hold for any data."""
        return list(self._trivial[0] & ~self.panel.value.missing)

    @property
    def sources(self) -> list[Source]:
        """The sources of the counts and of populations."""
        return list(dict.fromkeys(own for row in self.panel for own in row.all_sources))

    @cached_property
    def suppressed(self) -> list[bool]:
        """Whether suppressed counts widen the value of each row."""
        return [bool(number) for number in self.panel.suppression.cells]

    @cached_property
    def areas(self) -> list[str]:
        """The name of the area of each row."""
        return area_labels(self.panel.area)

    @cached_property
    def named(self) -> list[tuple[str, str]]:
        """The group and the name of each row in words; the group is empty if there is one key."""
        panel = self.panel
        within = [dict(base.within) for base in panel.base]
        columns = [
            [category_words({name: code}, own) for code, own in zip(column, within, strict=True)]
            for name, column in panel.keys.items()
            if name != "area"
        ]
        if "area" in panel.keys:
            columns.insert([*panel.keys].index("area"), self.areas)
        further = [self.areas, [str(period) for period in panel.period]]
        if not columns:
            cells = zip(panel.category, within, panel, strict=True)
            labels = [
                category_words(dict(own), more) if own else capitalised(row_name(row))
                for own, more, row in cells
            ]
            if len(set(labels)) == len(panel):
                return [("", label) for label in labels]
            columns = [labels]
        # Rows with the same categories have their area, their period and their kind of count.
        if len({*zip(*columns, strict=True)}) < len(panel):
            columns += [own for own in further if own not in columns]
        if len({*zip(*columns, strict=True)}) < len(panel):
            columns.append([counted_words(row) for row in panel])
        varying = [column for column in columns if len(set(column)) > 1] or columns[:1]
        if len(varying) == 1:
            return [("", name) for name in varying[0]]
        return [(first, joined(others, ", ")) for first, *others in zip(*varying, strict=True)]

    @cached_property
    def names(self) -> list[str]:
        """The names of rows in words."""
        return [joined(filter(None, own), ", ") for own in self.named]

    @cached_property
    def order(self) -> list[int]:
        """The rows in the order of a plot: by group, and the largest value first.

        Categories with an order of their own, such as periods, keep it.
        """
        groups = list(dict.fromkeys(group for group, _ in self.named))
        varying = [name for name, own in self.panel.keys.items() if len(own.present) > 1]
        is_sorted = varying and varying[-1] not in _ORDERED
        sizes = [-sum(own) if is_sorted and isfinite(sum(own)) else inf for own in self.stated]
        positions = [groups.index(group) for group, _ in self.named]
        return sorted(range(len(sizes)), key=lambda i: (positions[i], sizes[i]))

    def figures(self, i: int) -> list[str]:
        """Return the value of a row with its two counts, and its bounds, as lines."""
        result, is_missing = self.panel.row(i), bool(self.panel.value.missing[i])
        bounds, unknown = result.bounds, result.bounds_with_unknown
        lines = [] if is_missing else [value_text(result, is_small=bool(self.reasons[i]))]
        if bounds != result.value and not (is_missing and self._trivial[0][i]):
            text = format_number(result, bounds)
            is_open = text == NOT_BOUNDED
            lines.append(text if is_open else Message("bounds {bounds}", bounds=text))
        if unknown != bounds and not (is_missing and self._trivial[1][i]):
            text = format_number(result, unknown)
            lines.append(Message("with unknown {bounds}", bounds=text))
        return lines

    @cached_property
    def _trivial(self) -> tuple[Mask, Mask]:
        """Whether bounds, and bounds with unknown, hold for any data."""
        panel = self.panel
        both = panel.bounds, panel.bounds_with_unknown
        return hold_for_any_data(panel, both[0]), hold_for_any_data(panel, both[1])

    def text(self, i: int) -> str:
        """Return the value or the status of a row."""
        is_missing = self.panel.value.missing[i]
        return self.panel.row(i).status.label if is_missing else self.figures(i)[0]

    def spoken(self, i: int, *more: str) -> str:
        """Return a row in words for the alt text."""
        lines = self.figures(i)
        others = [*(lines if self.panel.value.missing[i] else lines[1:]), *more]
        if not others:
            return self.text(i)
        return Message("{text} ({others})", text=self.text(i), others=joined(others, ", "))

    @property
    def sentences(self) -> list[str]:
        """The rows in words; at most `SPOKEN`."""
        first = range(min(len(self.panel), SPOKEN))
        texts = [
            Message("{name}: {figure}", name=self.names[i], figure=self.spoken(i)) for i in first
        ]
        return shortened(texts, len(self.panel))


def shortened(texts: Sequence[str], size: int) -> list[str]:
    """Return the first texts, and the number of further texts."""
    more = size - min(len(texts), SPOKEN)
    return [*texts[:SPOKEN], Message("{n} more numbers", n=more)] if more > 0 else [*texts]


def value_text(result: Result, *, is_small: bool = False) -> str:
    """Return the value of a result: as published, or with its two counts.

    All values of a plot have the same number of decimals.
    """
    value, printed = result.value_or_bounds, result.printed
    if printed is not None:
        text: str = f"{printed.printed.rstrip('% ')}%"
        number = percent(printed.value, printed.decimals)
        text = number if number == text else text
        if value.upper is None or value.upper > printed.upper:
            return Message("at least {number}", number=text)
        is_least = (value.lower or 0) < printed.lower
        return Message("at most {number}", number=text) if is_least else text
    both = {"counted": count(result.numerator), "base": count(result.denominator)}
    counts = Message("{counted} of {base}", **both)
    if is_small and result.kind in (*_QUOTIENTS, ResultKind.SHARE):
        hidden = result.unknown
        if hidden is None or not hidden.upper:
            return counts
        return Message("{counted} of {base}, {n} unknown", n=count(hidden), **both)
    sides: Any = getattr(result.panel, "earlier", None), getattr(result.panel, "later", None)
    if is_small and result.kind is ResultKind.RELATIVE_CHANGE and None not in sides:
        old, new = (str(side.row(result.position).period) for side in sides)
        own = {"total": count(result.denominator), "n": count(result.numerator)}
        text = Message("{total} in {old}, {n} in {new}", old=old, new=new, **own)
        return Message("({figure})", figure=text)
    if result.kind in _QUOTIENTS:
        text = result.kind.format_value(value)
        return Message("{text} ({others})", text=text, others=counts)
    return format_number(result, value)


def check_result(numbers: object, attribute: str, function: str) -> None:
    """Refuse an argument that is not the result of a function."""
    problem, hint = f"`numbers` must be the result of {function}", f"Use {function}(...)"
    require(hasattr(numbers, attribute), problem, hint, numbers=type(numbers))


_HEADS = {
    Severity.BLOCKING: partial(Message, "Warning: {titles}."),
    Severity.CAUTION: partial(Message, "Caution: {titles}."),
    Severity.NOTE: partial(Message, "Note: {titles}."),
}
_LEVELS = {Level.BLOCKING: Severity.BLOCKING, Level.CAUTION: Severity.CAUTION}
_CONFLICTS = {
    "contradictory": Message("Contradictory counts"),
    "conflicting": Message("Several values for a count"),
}
_FEW, _NAMED = 3, 8
"""Most areas or periods above a plot; most countries in a line on contradictory counts."""
_FOUNDED = 1958


@frozen
class Footer:
    """The lines under a plot, and further lines for the alt text only."""

    lines: tuple[str, ...]
    further: tuple[str, ...] = ()


def footer(
    rows: PlotNumbers,
    notes: Iterable[str] = (),
    pairs: PairLevels | None = None,
    warnings: Iterable[ComparabilityWarning] = (),
) -> Footer:
    """Return the lines under a plot, with the warnings of the numbers with a mark."""
    panel = rows.panel
    drawn = [i for i, own in enumerate(rows.drawn) if own is not None]
    levels = [*zip(panel.rules, panel.warning_levels[:, drawn].max(axis=1, initial=0), strict=True)]
    if pairs is not None:
        levels += zip(pairs.rules, pairs.levels.max(axis=1, initial=0), strict=True)
    titles = [
        (_LEVELS.get(level, Severity.NOTE), rule.title)
        for rule, level in levels
        if level > Level.UNDOCUMENTED and not rule.is_limitation and rule.code != "NO_VALUE"
    ]
    noted = (note for i in drawn for note in panel.notes[i] if not note.is_limitation)
    lines = warning_lines([*titles, *titled([*noted, *warnings])])
    limits = [lowered(own) for own in dict.fromkeys(i.title or i.code for i in panel.limitations)]
    conflicts, listed = contradiction_lines(panel)
    notes_of = [line for line in lines if line.startswith("Note")]
    return Footer(
        (
            *notes,
            *coverage_lines(rows),
            *conflicts,
            *(line for line in lines if line not in notes_of),
            *([Message("Limits: {titles}.", titles=limits)] if limits else []),
            source_line(rows.sources),
        ),
        (*listed, *notes_of),
    )


def titled(warnings: Iterable[ComparabilityWarning]) -> list[tuple[Severity, str]]:
    """Return the severity and the title of warnings."""
    return [(item.severity, item.title or item.code) for item in warnings]


def warning_lines(titles: Iterable[tuple[Severity, str]]) -> list[str]:
    """Return distinct titles with their highest severity, by severity."""
    highest: dict[str, Severity] = {}
    for severity, title in sorted(titles, key=lambda own: list(_HEADS).index(own[0])):
        highest.setdefault(title, severity)
    groups = {rank: [lowered(own) for own in highest if highest[own] is rank] for rank in _HEADS}
    return [_HEADS[rank](titles=joined(own, "; ", "; ")) for rank, own in groups.items() if own]


def _present(column: Coded[Any]) -> list[Any]:
    """Return the distinct values of a column that occur in a row."""
    return [column.categories[code] for code in column.present]


def source_line(sources: Iterable[Source]) -> str:
    """Return the line on the sources."""
    return Message("Source: {source}.", source=citation(sources))


def coverage_lines(rows: PlotNumbers) -> list[str]:
    """Return the number of reporting countries and the number of countries of the area."""
    panel = rows.panel
    if not panel.area.is_constant and all(len(own.members) == 1 for own in _present(panel.area)):
        return [*filter(None, [_country_coverage(rows)])]
    sizes: dict[str, set[int]] = {}
    for name, known, number in zip(rows.areas, panel.reporters, panel.n_reporters, strict=True):
        listed = int(number) if known is None else len(known)
        sizes.setdefault(name, set()).add(listed)
    areas = dict(zip(rows.areas, (len(area.members) for area in panel.area), strict=True))
    lines = list[str]()
    for name, numbers in sizes.items():
        own: dict[str, object] = {"area": name, "total": areas[name]}
        known_sizes = numbers - {-1}
        if not known_sizes:
            lines.append(
                Message("{area}: the source does not list the reporting countries.", **own)
            )
        elif areas[name] > 1:
            own["n"] = _range(min(known_sizes), max(known_sizes))
            text = "{area}: {n} of {total} countries reported."
            if known_sizes != numbers:
                text = (
                    "{area}: {n} of {total} countries reported. The source does not list the "
                    "countries of other numbers."
                )
            lines.append(Message(text, **own))
    if len(lines) <= _FEW:
        return lines
    return [Message("{n} areas with different coverage.", n=len(lines))]


def _range(first: object, last: object) -> str:
    """Return the text of a range, or of one value."""
    return str(first) if first == last else Message("{first} to {last}", first=first, last=last)


def _country_coverage(rows: PlotNumbers) -> str:
    """Return the countries with a value in each period and category, as parts of their area."""
    panel = rows.panel
    shown = frozenset[str]().union(*(area.members for area in _present(panel.area)))
    others = [column for name, column in panel.keys.items() if name != "area"]
    columns = (panel.area, panel.value.missing.tolist(), panel.period, panel.category, *others)
    known: dict[tuple[object, ...], set[str]] = {}
    for area, missing, *group in zip(*columns, strict=True):
        known.setdefault(tuple(group), set()).update(() if missing else area.members)
    union = _union(shown, _present(panel.period))
    sizes = [len(own) for own in known.values()]
    least, most = min(sizes), max(sizes)
    own = {"n": _range(least, most), "total": len(shown)}
    if not most:  # the plot itself states that no country has data
        has_data = any(own != "No data" for own in rows.reasons)
        return Message("No country has a value.") if has_data else ""
    if union:
        return Message("{area}: {n} of {total} countries have a value.", area=union, **own)
    if least < len(shown):
        return Plural(
            "{n} of the {total} selected countries has a value.",
            "{n} of the {total} selected countries have a value.",
            most,
            **own,
        )
    return Plural(
        "{n} selected country, with a value.",
        "{n} selected countries, all with a value.",
        most,
        n=most,
    )


def _union(members: frozenset[str], periods: Iterable[Period]) -> str:
    """Return the code of the EU if some countries are its members in each period."""
    days = [period.end for period in periods]
    known = [composition_on(day) for day in days if day is not None and day.year >= _FOUNDED]
    is_union = len(known) == len(days) and {area.members for area in known} == {members}
    return known[0].code if is_union else ""


def reason_lines(rows: PlotNumbers, listed: Sequence[int]) -> list[str]:
    """Return rows without a value by reason, with the counts or bounds that have no mark."""
    groups: dict[str, list[str]] = {}
    for i in listed:
        lines, reason, figure = rows.figures(i), rows.reasons[i], ""
        if rows.has_mark(i):
            short = "{reason}, only bounds"
            reason = Phrase(
                f"{reason.removesuffix(', no value')}, only bounds", Message(short, reason=reason)
            )
        elif lines and reason not in ("No data", "Not bounded"):
            figure = lines[0]
            if rows.panel.value.missing[i]:
                figure = Message("({figure})", figure=figure)
        name = joined(filter(None, (rows.names[i], figure)), " ", " ")
        groups.setdefault(reason, []).append(name)
    every = len(groups) == 1 and len(listed) == len(rows.panel) > _FEW
    order = sorted(groups, key=lambda reason: reason in ("No data", "Not reported"))
    return [
        Message(
            "{reason}: {rows}.",
            reason=own, rows=Message("all rows") if every else joined(groups[own], ", "),
        )
        for own in order
    ]  # fmt: skip


def contradiction_lines(panel: Panel) -> tuple[list[str], list[str]]:
    """Return the contradictory counts in the value and outside of it, as short and as full texts.

    A row that is itself without a value for this reason has its own line.
    """
    groups: dict[tuple[str, str], dict[str, list[Period]]] = {}
    columns = (panel.contradictions, panel.period, panel.area, panel.reporters)
    for items, period, area, reporters in zip(*columns, strict=True):
        for item in items:
            if item.code not in _CONFLICTS or item.area == area.code:
                continue
            part: str = ""
            if reporters is not None and item.area in area.members:
                part = Message("not in the value")
                if item.area in reporters:
                    part = Message("in the value")
            own = groups.setdefault((item.code, part), {}).setdefault(item.area, [])
            if period not in own:
                own.append(period)
    short, full = list[str](), list[str]()
    for (code, part), owners in groups.items():
        head = joined(filter(None, [_CONFLICTS[code], part]), ", ")
        texts = [
            Message("{text} ({others})", text=area_label(Area.parse(area)), others=years_text(own))
            for area, own in owners.items()
        ]
        line = "{reason}: {rows}."
        full.append(Message(line, reason=head, rows=joined(texts, ", ")))
        many = Message(line, reason=head, rows=countries_words(len(texts)))
        short.append(full[-1] if len(texts) <= _NAMED else many)
    return short, [line for line in full if line not in short]


def years_text(periods: Sequence[Period]) -> str:
    """Return periods in words; more than two adjacent years are a range."""
    texts = sorted(str(period) for period in periods)
    is_range = len(texts) > 2 and all(text.isdigit() for text in texts)
    if is_range and int(texts[-1]) - int(texts[0]) == len(texts) - 1:
        return _range(texts[0], texts[-1])
    return joined(texts, ", ")


def citation(sources: Iterable[Source]) -> str:
    """Return distinct publications with their sections."""
    sections: dict[str, list[str]] = {}
    for source in sources:
        day = source.published
        when = Message("published {day}", day=day.isoformat()) if day else ""
        parts = (source.publisher, source.title, source.document, when)
        sections.setdefault(joined(filter(None, parts), ", "), []).append(source.section)
    texts = (
        joined(filter(None, (name, section_list(own))), ", ") for name, own in sections.items()
    )
    return joined(texts, "; ", "; ") or Message("not stated")


def section_list(sections: Iterable[str]) -> str:
    """Return the sections of a publication as the end of a sentence."""
    own = [section for section in dict.fromkeys(sections) if section]
    if len(own) > 1:
        return Message("sections {sections}", sections=joined(own))
    return Message("section {section}", section=own[0]) if own else ""


def where(panel: Panel) -> str:
    """Return the areas and the periods of numbers."""
    areas = list(dict.fromkeys(area_labels(panel.area)))
    countries = all(len(area.members) == 1 for area in _present(panel.area))
    shown = frozenset[str]().union(*(area.members for area in _present(panel.area)))
    union = _union(shown, _present(panel.period)) if countries and len(areas) > _FEW else ""
    n = len(areas)
    many: str = Message("{n} areas", n=n)
    if union:
        many = Message("countries of the {area}", area=union)
    elif countries:
        many = countries_words(n)
    compared: Any = getattr(panel, "earlier", panel)  # both periods of a change
    periods = sorted({str(own) for side in (compared, panel) for own in side.period})
    when = joined(periods, " / ", " / ")
    if len(periods) > _FEW or (compared is not panel and len(periods) > 1):
        when = _range(periods[0], periods[-1])
    return joined((joined(areas, " / ", " / ") if n <= _FEW else many, when), ", ")
