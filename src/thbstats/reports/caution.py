"""Warnings of a report: each once, with its numbers."""

from collections.abc import Callable, Iterable, Iterator

from attrs import frozen

from thbstats.panel import GATHERED, ComparabilityWarning, Message, Outcome, Severity
from thbstats.reports.comparisons import Pair
from thbstats.reports.indicators import Indicator

__all__ = ["Caution", "cautions", "limitations"]

_GATHERED_START = "not documented: "
_SHOWN = 2

Owned = tuple[ComparabilityWarning, Indicator | Pair]


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
        if self.code == GATHERED:
            return _GATHERED_START + "; ".join(self.messages)
        if len(self.messages) <= _SHOWN:
            return "; ".join(self.messages)
        return f"{self.messages[0]}; likewise for {len(self.messages) - 1} others"


def cautions(numbers: Iterable[Indicator], pairs: Iterable[Pair]) -> tuple[Caution, ...]:
    """Return the warnings of all numbers and comparisons, the gravest first.

    Parameters
    ----------
    numbers : iterable of Indicator
        The numbers.
    pairs : iterable of Pair
        The comparisons; only the warnings that depend on both numbers count.

    Returns
    -------
    tuple of Caution
        By severity and code. Warnings that differ in their figures only are one.
    """

    def owned() -> Iterator[Owned]:
        for item in numbers:
            yield from ((warning, item) for warning in item.result.warnings)
        for pair in pairs:
            for warning in pair.comparison.warnings:
                if warning.scope == "pair" and not warning.is_limitation:
                    yield warning, pair

    return _grouped(
        owned(), lambda item: (item.code, item.title, item.severity, _template(item.hint))
    )


def limitations(numbers: Iterable[Indicator], pairs: Iterable[Pair]) -> tuple[Caution, ...]:
    """Return the standing limitations of all numbers and comparisons, each code once.

    Parameters
    ----------
    numbers : iterable of Indicator
        The numbers.
    pairs : iterable of Pair
        The comparisons.
    """

    def owned() -> Iterator[Owned]:
        for item in numbers:
            yield from ((warning, item) for warning in item.result.limitations)
        for pair in pairs:
            for warning in pair.comparison.warnings:
                if warning.scope == "pair" and warning.is_limitation:
                    yield warning, pair

    return _grouped(owned(), lambda warning: warning.code)


def _template(hint: str) -> str:
    """Return a hint without its figures."""
    return hint.template if isinstance(hint, Message) else hint


def _grouped(
    owned: Iterable[Owned], key: Callable[[ComparabilityWarning], object]
) -> tuple[Caution, ...]:
    groups: dict[object, list[Owned]] = {}
    for warning, number in owned:
        groups.setdefault(key(warning), []).append((warning, number))
    found = []
    for group in groups.values():
        first = group[0][0]
        evidence: dict[str, dict[str, None]] = {}
        messages: dict[str, None] = {}
        for warning, _ in group:
            text = str(warning.message)
            several = first.code == GATHERED
            split = text.removeprefix(_GATHERED_START).split("; ") if several else [text]
            messages |= dict.fromkeys(split)
            for name, figure in warning.evidence:
                evidence.setdefault(name, {})[figure] = None
        found.append(
            Caution(
                code=first.code,
                title=first.title,
                severity=first.severity,
                outcome=first.outcome,
                messages=tuple(messages),
                evidence=tuple((name, tuple(figures)) for name, figures in evidence.items()),
                hint=first.hint,
                applies_to=tuple({number.id: number for _, number in group}.values()),
            )
        )
    return tuple(sorted(found, key=lambda item: (-item.severity.weight, item.code)))
