"""Content of reports: numbers, comparisons, and their warnings."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Literal

from attrs import field, frozen

from thbstats._properties import cached_property
from thbstats.auditing import Audit
from thbstats.claims import Claim, Publication
from thbstats.display import PLAIN, Displayable, NumberStyle, Tone, count, restyle
from thbstats.geography import Area
from thbstats.indicators import Ranking
from thbstats.languages import Language, Listed, Message, joined
from thbstats.panel import (
    NOT_DOCUMENTED,
    ComparabilityWarning,
    Outcome,
    Result,
    ResultKind,
    Severity,
    Verdict,
)
from thbstats.panel.category_names import (
    categories_name,
    country_or_code,
    dimension_name,
    lowered,
    short_dimension,
)
from thbstats.panel.context import INFORMATION
from thbstats.panel.kind import FLOW_RATIOS, NOT_BOUNDED
from thbstats.panel.names import area_label, categories_of, countries_text, grouped, quantity_name
from thbstats.rules import DEFAULTS, Comparison, Thresholds
from thbstats.tables import Dataset
from thbstats.values import Interval
from thbstats.vocabulary import Offence, code_text

_MIN_SHARE = 20
"""The denominators from which a ratio has one and two decimals."""

_WIDEST = Fraction(1, 2)
"""A share that can vary by more is not quoted."""

_GROUPS = {
    "figures": Message("all figures"),
    "victims": Message("all figures of victims"),
    "justice": Message("all criminal justice figures"),
    "services": Message("all figures on the use of services"),
    "ratios": Message("all ratios"),
}


VERDICT_TONES = dict(zip(Verdict, (Tone.GOOD, Tone.WARN, Tone.BAD, Tone.MUTED), strict=True))
"""The emphasis of a verdict."""


def decisive(comparison: Comparison) -> list[ComparabilityWarning]:
    """Return the warnings that lead to the verdict of a comparison."""
    return [
        item
        for item in comparison.warnings
        if (item.severity is not Severity.NOTE or item.outcome is Outcome.NOT_ASSESSABLE)
        and item.code != NOT_DOCUMENTED
    ]


def area_name(code: str) -> str:
    """Return the name of a country or of an area such as the EU27."""
    return area_label(Area.parse(code))


@frozen
class Scope:
    """An area and a period as text; empty without them."""

    area: str = ""
    period: str = ""
    note: str = ""
    """The countries, if the label of the area shows their number only."""

    @classmethod
    def usual(cls, items: "Iterable[Indicator]") -> "Scope":
        """Return the area and period of most numbers."""
        scopes = Counter(item.scope for item in items).most_common(1)
        return scopes[0][0] if scopes else cls()

    @property
    def label(self) -> str:
        """Area and period."""
        return joined(filter(None, [self.area, self.period]), ", ")

    def suffix(self, usual: "Scope") -> str:
        """Return the area and period that differ from the usual area and period."""
        unusual = [self.area] * (self.area != usual.area)
        unusual += [self.period] * (self.period != usual.period)
        return joined(unusual, ", ")

    def named(self, name: str, usual: "Scope") -> str:
        """Return a name with the area and period that differ from the usual area and period."""
        return joined(filter(None, [name, self.suffix(usual)]), ", ")


@frozen(kw_only=True)
class Indicator:
    """One number of a report.

    ``id`` has subject, indicator, category, denominator, area and period, ``part`` is the heading
    of its rows, ``claims`` are the claims that publish it, ``published`` is the number as they
    write it, ``quoted_on`` the page of another publisher from which it was read, ``leading``
    whether it belongs on the first page, and ``distinction`` the attributes of its counts, if
    another number of the report has the same name.
    """

    id: str
    part: str
    result: Result
    claims: tuple[str, ...] = ()
    published: str = ""
    quoted_on: str = ""
    leading: bool = True
    distinction: str = ""

    @property
    def formatted(self) -> str:
        """The number as text.

        A published percentage has its published form. A ratio has two decimals for a denominator
        from 100 and one from 20; below 20 the two counts replace a ratio or share.
        """
        result = self.result
        if self.published:
            return self.published
        if result.kind not in (ResultKind.RATIO, ResultKind.SHARE):
            return result.formatted
        largest = result.denominator.upper
        if largest is not None and largest < _MIN_SHARE:
            sides = {"counted": count(result.numerator), "base": count(result.denominator)}
            if result.kind is ResultKind.SHARE:
                return Message("{counted} of {base}", **sides)
            return Message("{counted} per {base}", **sides)
        return self._text(result.value_or_bounds)

    def _text(self, number: Interval) -> str:
        """Return a number in this unit, without bounds that hold for any data."""
        kind, whole, rule = self.result.kind, self.result.denominator, self.result.base.rule
        text = kind.format_value(number, whole if kind is ResultKind.RATIO else None)
        # The bounds of an area with missing countries have a larger denominator than the value.
        is_whole = number == self.result.value or not self.left_out
        n, is_of_all = whole.value, kind is ResultKind.SHARE and rule == "all" and is_whole
        if text == NOT_BOUNDED or not is_of_all or n is None or n >= _MIN_SHARE:
            return text
        return Message("{counted} of {base}", counted=count(number.scale(n)), base=count(n))

    @property
    def bounds_text(self) -> str:
        """The bounds including unknown; bounds that hold for any data are not bounded."""
        return self._text(self.result.bounds_with_unknown)

    @property
    def has_range(self) -> bool:
        """Whether the bounds including unknown differ from the value."""
        value, bounds = self.result.value, self.result.bounds_with_unknown
        is_open = value is not None and bounds.upper is None and bounds.lower == value.lower
        return not is_open and self.bounds_text not in (NOT_BOUNDED, self.formatted)

    @property
    def name(self) -> str:
        """The name of the number."""
        name = quantity_name(self.result)
        if self.distinction:
            return Message("{name} ({details})", name=name, details=self.distinction)
        return name

    @property
    def category(self) -> dict[str, str]:
        """The categories of the number that its denominator does not have."""
        within = {name for name, _ in self.result.base.within}
        known = categories_of(self.result).items()
        return {name: code for name, code in known if name not in within}

    @property
    def unknown_dimension(self) -> str:
        """The dimensions of the category, such as form or sex."""
        return joined(dict.fromkeys(map(short_dimension, self.category)), " or ")

    @property
    def scope(self) -> Scope:
        """The area and period."""
        area, period = self.result.area, str(self.result.period)
        label, countries = area_label(area), countries_text(area.members)
        note = ""
        if re.match(r"\d+ ", label):
            note = Message("{area}: {countries}.", area=label, countries=countries)
        return Scope(
            label, Message("period not stated") if period == "not stated" else period, note
        )

    @property
    def counted(self) -> str:
        """The kind of count of the numerator, such as victims."""
        return self.result.numerator_kind.kind

    @property
    def persons(self) -> str:
        """The persons in the numerator in words: victims, or a label such as suspects."""
        return Message("victims") if self.counted == "victims" else self.result.numerator_kind.label

    @property
    def is_share_of_area(self) -> bool:
        """Whether the number is the share of an area in a larger area, which its name contains."""
        is_area = self.result.label == self.result.area.code and not self.category
        return self.result.kind is ResultKind.SHARE and is_area

    @property
    def is_conviction_ratio(self) -> bool:
        """Whether the number is the ratio of convictions to prosecutions."""
        kinds = self.result.numerator_kind, self.result.denominator_kind
        stages = [kind.get("stage") for kind in kinds]
        return self.result.kind is ResultKind.RATIO and stages == ["convicted", "prosecuted"]

    @property
    def coverage(self) -> str:
        """The number of reporting countries, and the number of countries of the area."""
        n, area = self.result.n_reporters, self.result.area
        if n is None:
            return Message("not listed")
        return Message("{n} of {total}", n=count(n), total=count(len(area.members)))

    @property
    def has_coverage(self) -> bool:
        """Whether the number covers several countries, and lists the reporting countries."""
        return self.result.n_reporters is not None and len(self.result.area.members) > 1

    @property
    def left_out(self) -> dict[str, str]:
        """The countries of the area that are not in the value, each with the reason."""
        result = self.result
        if result.reporters is None:
            return {}
        wrong = {own.area for own in result.contradictions if own.code == "contradictory"}
        return {
            code: Message("contradictory counts") if code in wrong else Message("no complete data")
            for code in sorted(result.area.members - result.reporters, key=country_or_code)
        }

    def contains(self, area: str) -> bool:
        """Return whether the value contains the counts of a country, or of the area itself."""
        result = self.result
        is_own = area == result.area.code and result.value is not None
        return is_own or area in (result.reporters or ())

    @property
    def doubtful(self) -> list[str]:
        """The countries in the value with counts to check."""
        every = (own for own in self.result.contradictions if own.code not in INFORMATION)
        return sorted({own.area for own in every if self.contains(own.area)})

    @property
    def warnings(self) -> tuple[ComparabilityWarning, ...]:
        """The warnings and limitations."""
        return (*self.result.warnings, *self.result.limitations)

    def objections(self, thresholds: Thresholds) -> list[str]:
        """Return the reasons not to quote the number; none if it can be quoted."""
        result, texts = self.result, list[str]()
        unknown, base = result.unknown, result.denominator
        least = thresholds.presentable * len(result.area.members)
        if result.n_reporters is not None and result.n_reporters < least:
            text = "complete data from {coverage} countries only"
            texts.append(Message(text, coverage=self.coverage))
        texts += [
            lowered(own.title)
            for own in result.warnings
            if own.severity is Severity.BLOCKING
            or (own.code == "STAGE_ORDER" and own.severity is Severity.CAUTION)
        ]
        if result.kind is ResultKind.SHARE and not self.published:
            whole = base + unknown if unknown and result.base.rule == "known" else base
            counted, wide = self.persons, result.value_or_bounds
            low, high = (wide.lower or 0), (1 if wide.upper is None else wide.upper)
            if base.upper is None:
                text = "the number of {counted} in the denominator is not bounded"
                texts.append(Message(text, counted=counted))
            elif unknown and 2 * (unknown.lower or 0) > (whole.upper or 0):
                text = "the {dimension} is unknown for {n} of {total} {counted}"
                own = {"n": count(unknown), "total": count(whole), "counted": counted}
                texts.append(Message(text, dimension=self.unknown_dimension, **own))
            elif high - low > _WIDEST and self.formatted != NOT_BOUNDED:
                text = "the counts allow a range of more than {n} percentage points"
                texts.append(Message(text, n=count(100 * _WIDEST)))
        return texts or [Message("the data allow any value")] * (self.formatted == NOT_BOUNDED)


@frozen(kw_only=True)
class Omission:
    """Numbers that the report leaves out, the reason, and their name in words."""

    id: str
    reason: str
    name: str = ""


@frozen(kw_only=True)
class Pair:
    """The published shares of one category in two areas, and their comparison."""

    first: Indicator
    second: Indicator
    comparison: Comparison

    @property
    def id(self) -> str:
        """A name, unique in the report."""
        return f"difference/{self.second.id}"

    @property
    def areas(self) -> tuple[str, str]:
        """The names of the two areas."""
        return self.first.scope.area, self.second.scope.area

    @property
    def dimension(self) -> str:
        """The label of the dimension of the category."""
        return joined(map(dimension_name, self.first.category))

    @property
    def category_name(self) -> str:
        """The name of the category."""
        return categories_name(self.first.category)

    @property
    def difference(self) -> Interval:
        """The difference of the two published figures, without their rounding."""
        first, second = (
            own.value_or_bounds if own.printed is None else Interval.point(own.printed.value)
            for own in (self.first.result, self.second.result)
        )
        return second - first

    @property
    def formatted(self) -> str:
        """The difference that the rounding of both figures allows."""
        return self.comparison.formatted

    @property
    def name(self) -> str:
        """The category and the two areas."""
        text = "{figure}, difference of {areas}"
        return Message(text, figure=self.first.name, areas=joined(self.areas))

    @property
    def warnings(self) -> tuple[ComparabilityWarning, ...]:
        """The warnings and limitations that depend on both numbers."""
        return tuple(warning for warning in self.comparison.warnings if warning.scope == "pair")


@frozen(kw_only=True)
class Caution:
    """One warning or limitation, and every number to which it applies.

    The messages differ in their figures. ``evidence`` has the figures of all numbers by name.
    """

    code: str
    title: str
    severity: Severity
    outcome: Outcome
    messages: tuple[str, ...]
    evidence: tuple[tuple[str, tuple[str, ...]], ...]
    hint: str
    applies_to: tuple[Indicator | Pair, ...]

    @classmethod
    def of(cls, group: list[tuple[ComparabilityWarning, Indicator | Pair]]) -> "Caution":
        """Return warnings of one kind with their numbers."""
        first = group[0][0]
        evidence: dict[str, dict[str, None]] = {}
        messages: dict[str, None] = {}
        for warning, _ in group:
            gaps: Sequence[str] = [warning.message]
            if first.code == NOT_DOCUMENTED:
                metadata = warning.parameters["metadata"]
                gaps = metadata.parts[0] if isinstance(metadata, Listed) else [metadata]
            messages |= dict.fromkeys(gaps)
            for name, figure in warning.evidence:
                evidence.setdefault(name, {})[figure] = None
        return cls(
            **{name: getattr(first, name) for name in ("code", "title", "severity", "outcome")},
            messages=tuple(messages),
            evidence=tuple((name, tuple(figures)) for name, figures in evidence.items()),
            hint=first.hint,
            applies_to=tuple({number.id: number for _, number in group}.values()),
        )

    @property
    def message(self) -> str:
        """The messages as one text; if there are more than two, one of them is an example."""
        if self.code == NOT_DOCUMENTED:
            return Message("not documented: {metadata}", metadata=self.messages)
        if len(self.messages) <= 2:
            return joined(self.messages, "; ")
        text, n = "{message}; likewise for {n} others", len(self.messages) - 1
        return Message(text, message=self.messages[0], n=n)


@frozen(kw_only=True)
class Content:
    """The numbers of a report on a publication, on tables or on results.

    ``report`` is the publication; for counts and results one without claims, with their title and
    source. ``printed`` are the shares that a publication prints, each once, ``pairs`` those
    that it prints for several areas, and ``rankings`` its lists of members. ``without_value`` are
    the results of omissions, such as contradictory totals. ``orders`` are
    countries in order of their counts, ``limits`` the periods, countries and kinds of count without
    figures, and ``formatted`` objects with a table of their own, such as the log of a file.
    """

    of: Literal["publication", "counts", "results"]
    report: Publication
    data: Dataset = field(factory=Dataset)
    counts: tuple[Indicator, ...] = ()
    shares: tuple[Indicator, ...] = ()
    ratios: tuple[Indicator, ...] = ()
    printed: tuple[Indicator, ...] = ()
    pairs: tuple[Pair, ...] = ()
    rankings: tuple[Claim, ...] = ()
    audit: Audit
    omissions: tuple[Omission, ...] = ()
    without_value: tuple[Result, ...] = ()
    orders: tuple[Ranking, ...] = ()
    limits: tuple[str, ...] = ()
    formatted: tuple[Displayable, ...] = ()
    thresholds: Thresholds = DEFAULTS
    style: NumberStyle = PLAIN
    language: Language = field(factory=lambda: Language.of("en"))

    @property
    def indicators(self) -> tuple[Indicator, ...]:
        """All numbers, in the order of the report."""
        return (*self.counts, *self.shares, *self.ratios, *self.printed)

    @cached_property
    def usual(self) -> Scope:
        """The area and period of most figures of the first page."""
        leading = [item for item in self.quotable(self.indicators) if item.leading]
        return Scope.usual(leading or self.indicators)

    def quotable(self, items: Iterable[Indicator]) -> list[Indicator]:
        """Return the numbers that can be quoted for their area."""
        return [item for item in items if not item.objections(self.thresholds)]

    @cached_property
    def cautions(self) -> tuple[Caution, ...]:
        """The warnings of all numbers and comparisons, the most severe first."""
        return self._cautions(limitations=False)

    @cached_property
    def limitations(self) -> tuple[Caution, ...]:
        """The limitations of all numbers and comparisons."""
        return self._cautions(limitations=True)

    def can_show(self, text: str) -> bool:
        """Return whether a text can be shown in the language; some texts are only in English."""
        return self.language.code == "en" or not text or hasattr(text, "in_language")

    def restyled(self, number: str) -> str:
        """Return a number in the number style of the report, for use in a text."""
        return number if self.style is PLAIN else str(restyle(number, self.style))

    def _cautions(self, *, limitations: bool) -> tuple[Caution, ...]:
        """Return warnings that differ only in figures as one warning, and limitations by code."""
        numbers: list[Indicator | Pair] = [*self.indicators, *self.pairs]
        items = [
            (warning, number)
            for number in numbers
            for warning in number.warnings
            if warning.is_limitation is limitations
        ]

        def key(item: tuple[ComparabilityWarning, object]) -> object:
            warning, hint = item[0], item[0].hint
            template = hint.template if isinstance(hint, Message) else hint
            detail = (warning.title, warning.severity, template)
            return warning.code, None if limitations else detail

        cautions = map(Caution.of, grouped(items, key))
        return tuple(sorted(cautions, key=lambda item: (-item.severity.rank, item.code)))

    @cached_property
    def _groups(self) -> dict[str, set[str]]:
        """The ids of the figures of each group with a name, the largest groups first."""
        scopes = dict.fromkeys(item.scope for item in self.indicators)
        is_one_area, groups = len({scope.area for scope in scopes}) == 1, dict[str, set[str]]()
        for item in self.indicators:
            kind = Message("all figures on {kind}", kind=code_text(item.counted))
            names = [_GROUPS["figures"], _GROUPS.get(item.counted, kind)]
            if item.result.numerator_kind.get("offence") == Offence.USE_OF_SERVICES:
                names.append(_GROUPS["services"])
            names += [_GROUPS["ratios"]] * (item.result.kind in FLOW_RATIOS)
            if item.result.kind is ResultKind.SHARE and item.unknown_dimension:
                text = "all shares by {dimension}"
                names.append(Message(text, dimension=item.unknown_dimension))
            scope = item.scope.period if is_one_area else item.scope.label
            for name in (*names, *(joined((n, scope), ", ") for n in names if len(scopes) > 1)):
                groups.setdefault(name, set()).add(item.id)
        return dict(sorted(groups.items(), key=lambda own: -len(own[1])))

    def names_of(self, items: Iterable[Indicator | Pair]) -> str:
        """Return the names of all numbers; a complete group has the name of the group."""
        others, names = {item.id: item for item in items}, []
        for name, ids in self._groups.items():
            if len(ids) > 1 and ids <= set(others):
                names.append(name)
                others = {id: item for id, item in others.items() if id not in ids}
        for item in others.values():
            scope = item.scope if isinstance(item, Indicator) else self.usual
            names.append(scope.named(item.name, self.usual))
        return joined(dict.fromkeys(names), "; ", "; ")
