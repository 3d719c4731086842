"""Registering bodies."""

import numpy as np
from numpy.typing import NDArray

from thbstats.panel import Message, Outcome, Panel, Result, Severity
from thbstats.rules.families._kinds import Kept, kept, presumed
from thbstats.rules.pairs import Pairs
from thbstats.rules.rule import Finding, alike, library_rule, per_kind
from thbstats.rules.thresholds import Thresholds
from thbstats.vocabulary import RegisteringBody

__all__ = ["RULES"]

_COLUMNS = ["counted", "against"]
_Bodies = tuple[str | None, str | None]


def _bodies(number: Result) -> _Bodies:
    return number.counted.get("register"), number.against.get("register")


def _single_kinds(number: Result) -> tuple[str, ...]:
    """Return the kinds of body behind a number that does not include all of them."""
    found = dict.fromkeys(body for body in _bodies(number) if body)
    return tuple(body for body in found if body != RegisteringBody.ALL)


def _includes_all(number: Result) -> Outcome:
    return Outcome.FAILS if _single_kinds(number) else Outcome.HOLDS


def _check_number(panel: Panel, _thresholds: Thresholds) -> NDArray[np.int8]:
    return per_kind(panel, _COLUMNS, _includes_all)


def _weight(number: Result) -> Severity:
    stated = [body for body in _bodies(number) if body]
    return Severity.CAUTION if alike(stated) is Outcome.FAILS else Severity.NOTE


def _severity_number(panel: Panel, _thresholds: Thresholds) -> NDArray[np.int8]:
    return per_kind(panel, _COLUMNS, _weight)


def _words_number(number: Result, _thresholds: Thresholds, _outcome: Outcome) -> Finding:
    names = tuple(RegisteringBody(body).label for body in _single_kinds(number))
    return Finding(
        message=Message("registered by one kind of body: {bodies}", bodies=names),
        evidence=(("registered by", ", ".join(names)),),
        hint="Name the registering body; write of all victims only if every body is included",
    )


_Key = tuple[_Bodies, Kept]


def _key(number: Result) -> _Key:
    return _bodies(number), kept(number)


def _same(first: _Key, second: _Key) -> Outcome:
    found = [alike(sides) for sides in zip(first[0], second[0], strict=True)]
    if Outcome.FAILS in found:
        return Outcome.FAILS
    if Outcome.NOT_ASSESSABLE not in found or presumed(first[1], second[1]):
        return Outcome.HOLDS
    return Outcome.NOT_ASSESSABLE


def _check_pair(pairs: Pairs, _thresholds: Thresholds) -> NDArray[np.int8]:
    keys = pairs.keys(["counted", "against", "sources", "area"], _key)
    return pairs.by_key(keys, _same)


def _words_pair(
    first: Result, second: Result, _thresholds: Thresholds, outcome: Outcome
) -> Finding:
    if outcome is Outcome.NOT_ASSESSABLE:
        return Finding(message="the registering bodies")
    return Finding(
        message="different bodies register the persons of the two numbers",
        evidence=(("first", _label(first)), ("second", _label(second))),
        hint="Compare the police with the police, and all bodies with all bodies",
    )


def _label(number: Result) -> str:
    found = dict.fromkeys(_bodies(number))
    return " over ".join(RegisteringBody(body or "not_stated").label for body in found)


RULES = (
    library_rule(
        "REGISTERING_BODY.number",
        check=_check_number,
        severity=_severity_number,
        words=_words_number,
    ),
    library_rule(
        "REGISTERING_BODY.pair", check=_check_pair, severity=Severity.CAUTION, words=_words_pair
    ),
)
