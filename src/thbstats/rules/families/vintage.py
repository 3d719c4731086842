"""Days of publication."""

from collections.abc import Iterable
from datetime import date

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from thbstats.panel import CountKind, Outcome, Panel, Result, Severity
from thbstats.records import Source
from thbstats.rules.pairs import Pairs
from thbstats.rules.rule import Finding, library_rule, outcomes
from thbstats.rules.thresholds import Thresholds
from thbstats.values import Period, flag_mask

__all__ = ["RULES"]

_Sources = frozenset[Source]
_REVISED = np.uint32(flag_mask({"r"}))


def _sources(sources: Iterable[Source]) -> _Sources:
    return frozenset(evolve(source, section="") for source in sources)


def _undated(source: Source) -> Source:
    return evolve(source, published=None)


def _vintages(sources: Iterable[Source]) -> list[Source]:
    """Return the publications that occur with several days, in order."""
    days: dict[Source, set[date | None]] = {}
    given = list(sources)
    for source in given:
        days.setdefault(_undated(source), set()).add(source.published)
    several = [source for source in given if len(days[_undated(source)]) > 1]
    return sorted(several, key=lambda source: (source.title, str(source.published)))


def _is_mixed(panel: Panel) -> NDArray[np.bool_]:
    return panel.sources.table(lambda own: bool(_vintages(_sources(own))), np.bool_)


def _check_number(panel: Panel, _thresholds: Thresholds) -> NDArray[np.int8]:
    return outcomes(_is_mixed(panel) | ((panel.flags & _REVISED) != 0))


def _severity_number(panel: Panel, _thresholds: Thresholds) -> NDArray[np.int8]:
    codes = np.where(_is_mixed(panel), Severity.CAUTION.weight, Severity.NOTE.weight)
    return codes.astype(np.int8)


def _words_number(number: Result, _thresholds: Thresholds, _outcome: Outcome) -> Finding:
    sources = _sources(number.sources)
    mixed = _vintages(sources)
    if mixed:
        return Finding(
            message="the number combines figures that one publication had on different days",
            evidence=_days(mixed),
            hint="Take all figures from the newest publication",
        )
    return Finding(
        message="the figure is revised since its first publication",
        evidence=(("flags", "r"), *_days(sources)),
        hint="State the day of the figure",
    )


@frozen
class _Quantity:
    """The quantity of a number, whatever its publication."""

    countries: frozenset[str]
    period: Period
    counted: CountKind
    against: CountKind
    category: tuple[tuple[str, str], ...]
    within: tuple[tuple[str, str], ...]
    rule: str


def _quantity(number: Result) -> _Quantity:
    base = number.base
    return _Quantity(
        number.area.members,
        number.period,
        number.counted,
        number.against,
        number.category,
        base.within,
        base.rule,
    )


_QUANTITY = ["area", "period", "counted", "against", "category", "base"]


def _publications(number: Result) -> _Sources:
    return _sources(number.sources)


def _check_pair(pairs: Pairs, _thresholds: Thresholds) -> NDArray[np.int8]:
    sources = pairs.keys(["sources"], _publications)
    codes = pairs.by_key(sources, _one_vintage)
    other = np.flatnonzero(codes == Outcome.NOT_ASSESSABLE.code)
    if not len(other):
        return codes
    quantity = pairs.keys(_QUANTITY, _quantity).codes
    codes[other] = Outcome.HOLDS.code
    same = other[quantity[pairs.first[other]] == quantity[pairs.second[other]]]
    if len(same):
        codes[same] = pairs.take(same).by_key(sources, _published_once)
    return codes


def _one_vintage(first: _Sources, second: _Sources) -> Outcome:
    """Return whether publications of both numbers are of one day; else the quantity decides."""
    if first == second or not (first and second):
        return Outcome.HOLDS
    return Outcome.FAILS if _moved(first, second) else Outcome.NOT_ASSESSABLE


def _moved(first: _Sources, second: _Sources) -> list[Source]:
    """Return the publications that the two numbers have with different days."""
    shared = {_undated(source) for source in first} & {_undated(source) for source in second}
    return _vintages(source for source in first ^ second if _undated(source) in shared)


def _published_once(first: _Sources, second: _Sources) -> Outcome:
    """Return whether one quantity is published on one day."""
    names = [{source.publisher for source in sources} - {""} for sources in (first, second)]
    if names[0] and names[1] and names[0].isdisjoint(names[1]):
        return Outcome.HOLDS
    days = [{source.published for source in sources} for sources in (first, second)]
    if None in days[0] | days[1]:
        return Outcome.NOT_ASSESSABLE
    return Outcome.HOLDS if days[0] == days[1] else Outcome.FAILS


def _words_pair(
    first: Result, second: Result, _thresholds: Thresholds, outcome: Outcome
) -> Finding:
    if outcome is Outcome.NOT_ASSESSABLE:
        return Finding(message="the days of publication of two figures of one quantity")
    one, two = _publications(first), _publications(second)
    moved = _moved(one, two)
    return Finding(
        message="the two numbers are from different days of the same publication"
        if moved
        else "the two numbers are one quantity, published on different days",
        evidence=_days(moved or (*one, *two)),
        hint="Take both numbers from the newest publication",
    )


def _days(sources: Iterable[Source]) -> tuple[tuple[str, object], ...]:
    return tuple(
        (source.title, "no day stated" if source.published is None else str(source.published))
        for source in sorted(sources, key=lambda source: (str(source.published), source.title))
    )


RULES = (
    library_rule(
        "VINTAGE.number", check=_check_number, severity=_severity_number, words=_words_number
    ),
    library_rule("VINTAGE.pair", check=_check_pair, severity=Severity.CAUTION, words=_words_pair),
)
