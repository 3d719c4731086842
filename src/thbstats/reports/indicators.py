"""Indicators of reports."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from textwrap import shorten

from attrs import frozen

from thbstats.display import count, decimal
from thbstats.panel import Panel, Result, ResultKind, Severity, Status
from thbstats.reports.naming import area_label, quantity_name, sentence
from thbstats.rules import Thresholds
from thbstats.values import Interval

__all__ = [
    "Indicator",
    "Omission",
    "Scope",
    "indicators_of",
    "number_text",
    "separated",
    "usual_scope",
]


@frozen(kw_only=True)
class Indicator:
    """One number of a report.

    Parameters
    ----------
    id : str
        A name, unique in the report: subject, indicator, category, denominator, area and period.
    part : str
        The heading of its rows.
    result : Result
        The number.
    claims : tuple of str
        The claims that publish its counts, or the share itself.
    leading : bool
        Whether it belongs in the summary.
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
        return number_text(result, result.value_or_bounds)

    @property
    def name(self) -> str:
        """The name of the number."""
        return quantity_name(self.result)

    @property
    def coverage(self) -> str:
        """The number of reporting countries and that of the area."""
        n, area = self.result.n_reporters, self.result.area
        return "not listed" if n is None else f"{count(n)} of {count(len(area.members))}"

    def objections(self, thresholds: Thresholds) -> list[str]:
        """Return the reasons not to quote the number; none if it can be quoted.

        Parameters
        ----------
        thresholds : Thresholds
            The coverage below which a number is not a figure of its area.
        """
        result, found = self.result, []
        size = len(result.area.members)
        if result.n_reporters is not None and result.n_reporters < thresholds.presentable * size:
            found.append(f"{self.coverage} countries have complete data")
        return found + [
            f"{warning.title[:1].lower()}{warning.title[1:]} ({warning.code})"
            for warning in result.warnings
            if warning.severity is Severity.BLOCKING
            or (warning.code in _PREVENTING and warning.severity is Severity.CAUTION)
        ]


_MIN_SHARE, _MIN_TWO_DECIMALS = 20, 100
"""The denominators from which a ratio has one and two decimals."""

_LONGEST = 160
"""The longest reason of an omission."""

_PREVENTING = ("STAGE_ORDER", "SMALL_DENOMINATOR")
"""Codes of warnings that prevent a quotation from severity caution."""


def number_text(result: Result, number: Interval) -> str:
    """Return a number in the unit of a result, without bounds that hold for any data.

    Parameters
    ----------
    result : Result
        The result.
    number : Interval
        The number, such as the bounds of the result.
    """
    if result.kind is ResultKind.SHARE and not number.is_point:
        # 0% and 100% are bounds of every share.
        lower, upper = number.lower or None, None if number.upper == 1 else number.upper
        number = Interval(lower, upper, undefined=number.undefined)
    if result.kind is not ResultKind.RATIO:
        return result.kind.format_value(number)
    size = result.denominator.lower or 0
    return decimal(number, 2 if size >= _MIN_TWO_DECIMALS else 1)


@frozen(kw_only=True)
class Omission:
    """A number that the report does not contain, and the reason."""

    id: str
    reason: str


def indicators_of(
    panel: Panel,
    identity: str,
    part: str,
    *,
    suffixes: Sequence[str] = ("",),
    leading: Sequence[bool] = (True,),
) -> Iterator[Indicator | Omission]:
    """Yield the numbers of a panel, and one omission for each reason why rows have no value.

    Parameters
    ----------
    panel : Panel
        The numbers. A combination without any row in the table is left out.
    identity : str
        The start of their ids.
    part : str
        The heading of the rows.
    suffixes : sequence of str
        The end of each id.
    leading : sequence of bool
        Whether each number belongs in the summary.
    """
    omitted: dict[str, list[str]] = {}
    for suffix, result, leads in zip(suffixes, panel, leading, strict=True):
        if result.value is not None:
            yield Indicator(id=f"{identity}{suffix}", part=part, result=result, leading=leads)
        elif result.status is not Status.NO_ROW:
            texts = [item.text for item in result.contradictions if item.code == "contradictory"]
            reason = f"{result.status.label}: {'; '.join(texts)}" if texts else result.status.label
            reason = shorten(sentence(reason), _LONGEST, placeholder="...")
            omitted.setdefault(reason, []).append(suffix)
    for reason, found in omitted.items():
        name = f"{identity}{found[0]}" if len(found) == 1 else identity
        yield Omission(id=name, reason=reason)


def separated(
    items: Iterable[Indicator | Omission], omissions: list[Omission]
) -> tuple[Indicator, ...]:
    """Return the numbers, and add the omissions to a list.

    Parameters
    ----------
    found : iterable of Indicator or Omission
        Both, in the order of the report.
    omissions : list of Omission
        The list.
    """
    items = list(items)
    omissions += [item for item in items if isinstance(item, Omission)]
    return tuple(item for item in items if isinstance(item, Indicator))


@frozen
class Scope:
    """An area and a period as text.

    Parameters
    ----------
    area, period : str
        Their labels; empty for none.
    note : str
        The countries, if the label shows their number only.
    """

    area: str = ""
    period: str = ""
    note: str = ""

    @classmethod
    def from_result(cls, result: Result) -> "Scope":
        """Return the area and period of a number."""
        label = area_label(result.area)
        listed = result.area.code.replace("+", ", ")
        note = "" if label == result.area.code else f"{label}: {listed}."
        return cls(label, str(result.period), note)

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


def usual_scope(items: Iterable[Indicator]) -> Scope:
    """Return the area and period of most numbers."""
    found = Counter(Scope.from_result(item.result) for item in items)
    return max(found, key=found.__getitem__, default=Scope())
