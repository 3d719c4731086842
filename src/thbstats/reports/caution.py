"""The warnings of a page, each said once with the numbers to which it applies."""

from collections.abc import Iterator

from attrs import frozen

from thbstats.comparability import GATHERED
from thbstats.reports.content import Content
from thbstats.reports.indicators import Indicator
from thbstats.reports.sides import Pair
from thbstats.results import ComparabilityWarning, Severity

__all__ = ["Caution", "cautions"]

_GATHERED_START = "not documented: "
_MOST = 2

_Spoken = tuple[ComparabilityWarning, Indicator | Pair]


@frozen(kw_only=True)
class Caution:
    """One thing to know, and every number to which it applies.

    Parameters
    ----------
    code : str
        Its family.
    severity : Severity
        How much it weighs.
    messages : tuple of str
        What is the matter; several where only the figures differ from number to number.
    evidence : tuple of (str, tuple of str)
        The figures that triggered it, by name, from all numbers.
    mend : str
        What would help.
    applies_to : tuple of Indicator or Pair
        Each number.
    """

    code: str
    severity: Severity
    messages: tuple[str, ...]
    evidence: tuple[tuple[str, tuple[str, ...]], ...]
    mend: str
    applies_to: tuple[Indicator | Pair, ...]

    @property
    def message(self) -> str:
        """The messages as one sentence; many that differ by their figures as one example."""
        if self.code == GATHERED:
            return _GATHERED_START + "; ".join(self.messages)
        if len(self.messages) <= _MOST:
            return "; ".join(self.messages)
        return f"{self.messages[0]}; likewise for {len(self.messages) - 1} others"


def cautions(content: Content) -> tuple[Caution, ...]:
    """Return the warnings of all numbers and comparisons, the gravest first.

    Parameters
    ----------
    content : Content
        What a page says.

    Returns
    -------
    tuple of Caution
        Ordered by weight and code. Warnings of one code, weight and mend are one.
    """
    groups: dict[object, list[_Spoken]] = {}
    for warning, number in _spoken(content):
        key = (warning.code, warning.severity, warning.mend)
        groups.setdefault(key, []).append((warning, number))
    found = [_caution(spoken) for spoken in groups.values()]
    return tuple(sorted(found, key=lambda item: (-item.severity.weight, item.code)))


def _spoken(content: Content) -> Iterator[_Spoken]:
    for item in content.indicators:
        for warning in item.result.warnings:
            yield warning, item
    for pair in content.pairs:
        for warning in pair.comparison.warnings:
            # What is said of each number alone has been said of it.
            if warning.scope == "pair":
                yield warning, pair


def _caution(spoken: list[_Spoken]) -> Caution:
    warnings = [warning for warning, _ in spoken]
    return Caution(
        code=warnings[0].code,
        severity=warnings[0].severity,
        messages=tuple(dict.fromkeys(text for item in warnings for text in _messages(item))),
        evidence=_evidence(warnings),
        mend=warnings[0].mend,
        applies_to=tuple({number.id: number for _, number in spoken}.values()),
    )


def _messages(warning: ComparabilityWarning) -> list[str]:
    if warning.code != GATHERED:
        return [warning.message]
    return warning.message.removeprefix(_GATHERED_START).split("; ")


def _evidence(warnings: list[ComparabilityWarning]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    found: dict[str, dict[str, None]] = {}
    for warning in warnings:
        for name, figure in warning.evidence:
            found.setdefault(name, {})[figure] = None
    return tuple((name, tuple(figures)) for name, figures in found.items())
