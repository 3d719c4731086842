"""Content of reports: numbers, comparisons, and the warnings of both."""

from collections import Counter
from collections.abc import Iterable
from typing import Literal

from attrs import field, frozen

from thbstats._properties import cached_property
from thbstats.auditing import Audit
from thbstats.claims import Claim, Publication
from thbstats.display import PLAIN, Displayable, NumberStyle, count, restyle
from thbstats.indicators import Ranking
from thbstats.panel import (
    NOT_DOCUMENTED,
    ComparabilityWarning,
    Message,
    Outcome,
    Result,
    ResultKind,
    Severity,
)
from thbstats.reports.names import area_label, dimension_name, grouped, lowered, quantity_name
from thbstats.rules import DEFAULTS, Comparison, Thresholds
from thbstats.tables import Dataset
from thbstats.values import Interval

_MIN_SHARE = 20
"""The denominators from which a ratio has one and two decimals."""

_PREVENTING = ("STAGE_ORDER", "SMALL_DENOMINATOR")
"""Codes of warnings that prevent a quotation from severity caution."""

_GAPS = "not documented: "


@frozen
class Scope:
    """An area and a period as text; empty for none."""

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
        return ", ".join(filter(None, [self.area, self.period]))

    def suffix(self, usual: "Scope") -> str:
        """Return the area and period that differ from the usual ones, as the end of a name."""
        period = "period not stated" if self.period == "not stated" else self.period
        unusual = [self.area] * (self.area != usual.area)
        unusual += [period] * (self.period != usual.period)
        return "".join(f", {text}" for text in unusual)


@frozen(kw_only=True)
class Indicator:
    """One number of a report.

    ``id`` has subject, indicator, category, denominator, area and period, ``part`` is the heading
    of its rows, ``claims`` are the claims that publish it, and ``leading`` is whether it belongs
    in the summary.
    """

    id: str
    part: str
    result: Result
    claims: tuple[str, ...] = ()
    leading: bool = True

    @property
    def formatted(self) -> str:
        """The number as text.

        A published percentage has its own decimals. A ratio has two decimals for a denominator
        from 100 and one from 20; below 20 the two counts replace a ratio or share.
        """
        result = self.result
        if result.printed is not None:
            return f"{result.printed.printed.rstrip(' %')}%"
        if result.kind not in (ResultKind.RATIO, ResultKind.SHARE):
            return result.formatted
        largest = result.denominator.upper
        if largest is not None and largest < _MIN_SHARE:
            joint = "of" if result.kind is ResultKind.SHARE else "per"
            return f"{count(result.numerator)} {joint} {count(result.denominator)}"
        return self.number_text(result.value_or_bounds)

    def number_text(self, number: Interval) -> str:
        """Return a number in this unit, without bounds that hold for any data."""
        kind = self.result.kind
        base = self.result.denominator if kind is ResultKind.RATIO else None
        return kind.format_value(number, base)

    @property
    def bounds_text(self) -> str:
        """The bounds including unknown; bounds that hold for any data are not bounded."""
        return self.number_text(self.result.bounds_with_unknown)

    @property
    def name(self) -> str:
        """The name of the number."""
        return quantity_name(self.result)

    @property
    def scope(self) -> Scope:
        """The area and period."""
        area = self.result.area
        label, countries = area_label(area), area.code.replace("+", ", ")
        note = f"{label}: {countries}." if "+" in area.code and label != area.code else ""
        return Scope(label, str(self.result.period), note)

    @property
    def counted(self) -> str:
        """The kind of count of the numerator, such as victims."""
        return self.result.numerator_kind.kind

    @property
    def is_conviction_ratio(self) -> bool:
        """Whether it is the ratio of convictions to prosecutions."""
        kinds = self.result.numerator_kind, self.result.denominator_kind
        stages = [kind.get("stage") for kind in kinds]
        return self.result.kind is ResultKind.RATIO and stages == ["convicted", "prosecuted"]

    @property
    def coverage(self) -> str:
        """The number of reporting countries and that of the area."""
        n, area = self.result.n_reporters, self.result.area
        return "not listed" if n is None else f"{count(n)} of {count(len(area.members))}"

    @property
    def has_coverage(self) -> bool:
        """Whether it covers several countries, and the reporting countries are listed."""
        return self.result.n_reporters is not None and len(self.result.area.members) > 1

    @property
    def warnings(self) -> tuple[ComparabilityWarning, ...]:
        """The warnings and limitations."""
        return (*self.result.warnings, *self.result.limitations)

    def objections(self, thresholds: Thresholds) -> list[str]:
        """Return the reasons not to quote the number; none if it can be quoted."""
        n, size = self.result.n_reporters, len(self.result.area.members)
        is_covered = n is None or n >= thresholds.presentable * size
        return [
            *([] if is_covered else [f"{self.coverage} countries have complete data"]),
            *(
                f"{lowered(warning.title)} ({warning.code})"
                for warning in self.result.warnings
                if warning.severity is Severity.BLOCKING
                or (warning.code in _PREVENTING and warning.severity is Severity.CAUTION)
            ),
        ]


@frozen(kw_only=True)
class Omission:
    """A number that the report does not contain, and the reason."""

    id: str
    reason: str


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
        """The codes of the two areas."""
        return self.first.result.area.code, self.second.result.area.code

    @property
    def dimension(self) -> str:
        """The label of the dimension of the category."""
        within = {name for name, _ in self.first.result.base.within}
        names = (name for name, _ in self.first.result.category if name not in within)
        return " and ".join(map(dimension_name, names))

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
        return f"{self.first.name}, {' and '.join(reversed(self.areas))}"

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
            text = str(warning.message)
            gaps = text.removeprefix(_GAPS).split("; ") if first.code == NOT_DOCUMENTED else [text]
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
    def label(self) -> str:
        """The title with the code."""
        return f"{self.title} ({self.code})" if self.title else self.code

    @property
    def message(self) -> str:
        """The messages as one text; of more than two, one example."""
        if self.code == NOT_DOCUMENTED:
            return _GAPS + "; ".join(self.messages)
        if len(self.messages) <= 2:
            return "; ".join(self.messages)
        return f"{self.messages[0]}; likewise for {len(self.messages) - 1} others"


@frozen(kw_only=True)
class Content:
    """The numbers of a report on a publication, on tables or on results.

    ``report`` is the publication; for counts and results one without claims, with their title and
    source. ``printed`` are the shares that a publication prints, each once, ``pairs`` those
    that it prints for several areas, and ``rankings`` its lists of members. ``orders`` are
    countries in order of their counts, ``limits`` the periods and kinds of count without
    indicators, and ``formatted`` objects with a table of their own, such as the log of a file.
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
    orders: tuple[Ranking, ...] = ()
    limits: tuple[str, ...] = ()
    formatted: tuple[Displayable, ...] = ()
    thresholds: Thresholds = DEFAULTS
    style: NumberStyle = PLAIN

    @property
    def indicators(self) -> tuple[Indicator, ...]:
        """All numbers, in the order of the report."""
        return (*self.counts, *self.shares, *self.ratios, *self.printed)

    @cached_property
    def usual(self) -> Scope:
        """The area and period of most numbers."""
        return Scope.usual(self.indicators)

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

    def restyled(self, number: str) -> str:
        """Return a number in the number style of the report, for use inside of a text."""
        return str(restyle(number, self.style))

    def _cautions(self, *, limitations: bool) -> tuple[Caution, ...]:
        """Return warnings that differ in their figures only as one, and limitations by code."""
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
