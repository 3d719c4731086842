"""Registering bodies."""

import numpy as np
from numpy.typing import NDArray

from thbstats.panel import Message, Outcome, Panel, Result, Severity
from thbstats.rules.families._kinds import Kept, kept, presumed
from thbstats.rules.pairs import Pairs
from thbstats.rules.rule import Finding, Rule, alike, per_kind
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
    Rule(
        code="REGISTERING_BODY",
        title="One kind of registering body",
        scope="number",
        check=_check_number,
        severity=_severity_number,
        words=_words_number,
        definition="The number includes every body that registers.",
        trigger="Fails if the source states one kind of body: note, and caution if numerator and "
        "denominator have different ones.",
        source="EIGE, metadata of crim_thb_vsage: Belgium's figures come from the police, from "
        "reception centres and from the Immigration Office",
        example="Victims registered by the police only, in a country where organisations register "
        "too.",
        hint="Name the registering body; write of all victims only if every body is included.",
    ),
    Rule(
        code="REGISTERING_BODY",
        title="Different registering bodies",
        scope="pair",
        check=_check_pair,
        severity=Severity.CAUTION,
        words=_words_pair,
        definition="The same bodies register the persons of both numbers.",
        trigger="Fails if one kind of body is compared with another kind or with all. Not "
        "assessable if one is not stated; one source, area and kind of count are presumed alike.",
        source="EIGE, metadata of crim_thb_vsage",
        example="Victims registered by the police with those registered by all bodies.",
        hint="Compare the police with the police, and all bodies with all bodies.",
    ),
)
