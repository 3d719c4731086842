"""Warnings of reports with their numbers."""

from collections.abc import Iterable

from attrs import frozen

from thbstats.panel import NOT_DOCUMENTED, ComparabilityWarning, Message, Outcome, Severity
from thbstats.reports.comparisons import Pair
from thbstats.reports.indicators import Indicator

__all__ = ["Caution", "cautions"]

_GATHERED_START = "not documented: "
_SHOWN = 2


@frozen(kw_only=True)
class Caution:
    """One warning or limitation, and every number to which it applies.

    Parameters
    ----------
    code : str
        The code of the rule.
    title : str
        The code in words.
    severity : Severity
        Note, caution or blocking.
    outcome : Outcome
        Whether the rule fails, or is not assessable.
    messages : tuple of str
        The messages, which differ in their figures.
    evidence : tuple of (str, tuple of str)
        The figures that triggered it, by name, from all numbers.
    hint : str
        The action that helps.
    applies_to : tuple of Indicator or Pair
        The numbers.
    """

    code: str
    title: str
    severity: Severity
    outcome: Outcome
    messages: tuple[str, ...]
    evidence: tuple[tuple[str, tuple[str, ...]], ...]
    hint: str
    applies_to: tuple[Indicator | Pair, ...]

    @property
    def label(self) -> str:
        """The title with the code."""
        return f"{self.title} ({self.code})" if self.title else self.code

    @property
    def message(self) -> str:
        """The messages as one text; of more than two, one example."""
        if self.code == NOT_DOCUMENTED:
            return _GATHERED_START + "; ".join(self.messages)
        if len(self.messages) <= _SHOWN:
            return "; ".join(self.messages)
        return f"{self.messages[0]}; likewise for {len(self.messages) - 1} others"


def cautions(
    numbers: Iterable[Indicator], pairs: Iterable[Pair], *, limitations: bool
) -> tuple[Caution, ...]:
    """Return the warnings or the limitations of all numbers and comparisons.

    Parameters
    ----------
    numbers : iterable of Indicator
        The numbers.
    pairs : iterable of Pair
        The comparisons; only the warnings that depend on both numbers count.
    limitations : bool
        Whether to return the limitations.

    Returns
    -------
    tuple of Caution
        By severity and code. Warnings that differ in their figures only are one, and all
        limitations of one code.
    """
    groups: dict[object, list[tuple[ComparabilityWarning, Indicator | Pair]]] = {}

    def add(warning: ComparabilityWarning, number: Indicator | Pair) -> None:
        key: tuple[object, ...] = (warning.code,)
        if not limitations:
            key += (warning.title, warning.severity, _template(warning.hint))
        groups.setdefault(key, []).append((warning, number))

    for item in numbers:
        for warning in item.result.limitations if limitations else item.result.warnings:
            add(warning, item)
    for pair in pairs:
        for warning in pair.comparison.warnings:
            if warning.scope == "pair" and warning.is_limitation is limitations:
                add(warning, pair)
    return tuple(
        sorted(map(_caution, groups.values()), key=lambda item: (-item.severity.rank, item.code))
    )


def _template(hint: str) -> str:
    """Return a hint without its figures."""
    return hint.template if isinstance(hint, Message) else hint


def _caution(group: list[tuple[ComparabilityWarning, Indicator | Pair]]) -> Caution:
    first = group[0][0]
    evidence: dict[str, dict[str, None]] = {}
    messages: dict[str, None] = {}
    for warning, _ in group:
        text = str(warning.message)
        gaps = text.removeprefix(_GATHERED_START).split("; ")
        messages |= dict.fromkeys(gaps if first.code == NOT_DOCUMENTED else [text])
        for name, figure in warning.evidence:
            evidence.setdefault(name, {})[figure] = None
    return Caution(
        code=first.code,
        title=first.title,
        severity=first.severity,
        outcome=first.outcome,
        messages=tuple(messages),
        evidence=tuple((name, tuple(figures)) for name, figures in evidence.items()),
        hint=first.hint,
        applies_to=tuple({number.id: number for _, number in group}.values()),
    )
