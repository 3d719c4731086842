"""The numbers of a report: rows of panels with an id."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from textwrap import shorten

from attrs import frozen

from thbstats.display import count
from thbstats.panel import Panel, Result, ResultKind, Severity, Status
from thbstats.reports.naming import area_label, name_of, sentence
from thbstats.rules import Thresholds

__all__ = [
    "Indicator",
    "Omission",
    "Place",
    "indicators_of",
    "separated",
    "usual_place",
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
        """The number as published, or as text."""
        printed = self.result.printed
        return self.result.formatted if printed is None else f"{printed.printed.rstrip(' %')}%"

    @property
    def name(self) -> str:
        """The number in a few words."""
        result = self.result
        return result.estimand if result.kind is ResultKind.COUNT else name_of(result.label)

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
            found.append(f"only {self.coverage} countries have complete, consistent data")
        return found + [
            f"{warning.title[:1].lower()}{warning.title[1:]} ({warning.code})"
            for warning in result.warnings
            if warning.severity is Severity.BLOCKING
            or (warning.code in _PREVENTING and warning.severity is Severity.CAUTION)
        ]


_LONGEST = 160
"""The longest reason of an omission."""

_PREVENTING = ("STAGE_ORDER", "SMALL_DENOMINATOR")
"""Codes of warnings that prevent a quotation from severity caution."""


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
    found: Iterable[Indicator | Omission], omissions: list[Omission]
) -> tuple[Indicator, ...]:
    """Return the numbers, and add the omissions to a list.

    Parameters
    ----------
    found : iterable of Indicator or Omission
        Both, in the order of the report.
    omissions : list of Omission
        The list.
    """
    items = list(found)
    omissions += [item for item in items if isinstance(item, Omission)]
    return tuple(item for item in items if isinstance(item, Indicator))


@frozen
class Place:
    """An area and a period as text.

    Parameters
    ----------
    area, period : str
        Their labels; empty for none.
    note : str
        The countries, where the label shows their number only.
    """

    area: str = ""
    period: str = ""
    note: str = ""

    @classmethod
    def of(cls, result: Result) -> "Place":
        """Return the place of a number."""
        label = area_label(result.area)
        listed = result.area.code.replace("+", ", ")
        note = "" if label == result.area.code else f"{label}: {listed}."
        return cls(label, str(result.period), note)

    @property
    def label(self) -> str:
        """Area and period."""
        return ", ".join(filter(None, [self.area, self.period]))

    def beyond(self, usual: "Place") -> str:
        """Return the area and the period that differ from the usual ones, to follow a name."""
        unusual = [self.area] * (self.area != usual.area)
        unusual += [self.period] * (self.period != usual.period)
        return "".join(f"; {text}" for text in unusual)


def usual_place(items: Iterable[Indicator]) -> Place:
    """Return the area and period of most numbers, which a table names once."""
    found = Counter(Place.of(item.result) for item in items)
    return max(found, key=found.__getitem__, default=Place())
