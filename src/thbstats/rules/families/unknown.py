"""Unknown categories."""

from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from thbstats.display import count, percent
from thbstats.panel import Message, Outcome, Panel, Result, ResultKind, Severity, dimension_label
from thbstats.rules.pairs import Pairs
from thbstats.rules.rule import Finding, beyond, library_rule, outcomes
from thbstats.rules.thresholds import Thresholds
from thbstats.values import Interval

__all__ = ["RULES"]

_NOT_STATED = "the number of unknown category"
_Bounds = tuple[NDArray[np.float64], NDArray[np.float64]]


def _is_divided(panel: Panel) -> NDArray[np.bool_]:
    """Return where a number is a share of categories that can be unknown."""
    shares = panel.kind.table(lambda kind: kind is ResultKind.SHARE, np.bool_)
    return np.asarray(shares & panel.base.table(lambda base: bool(base.dimension), np.bool_))


def _is_outside(panel: Panel) -> NDArray[np.bool_]:
    """Return where the denominator excludes the unknown category."""
    return panel.base.table(lambda base: base.rule in ("recorded", "mentions"), np.bool_)


def _quotient(
    part: NDArray[np.float64], whole: NDArray[np.float64], empty: float
) -> NDArray[np.float64]:
    """Return part over whole, at most 1, and another number where there is none."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.minimum(np.nan_to_num(part / whole, nan=empty, posinf=1.0), 1.0)


def _unknown_share(panel: Panel) -> _Bounds:
    """Return the share of the unknown category among all persons."""
    lower, upper = panel.unknown.lower, panel.unknown.upper
    outside, base = _is_outside(panel), panel.denominator
    if outside.any():
        smallest = _quotient(lower, base.upper + np.where(outside, lower, 0), 0)
        largest = _quotient(upper, base.lower + np.where(outside, upper, 0), 1)
    else:
        smallest, largest = _quotient(lower, base.upper, 0), _quotient(upper, base.lower, 1)
    return smallest, np.where(upper == 0, 0.0, largest)


def _with_unknown(panel: Panel) -> _Bounds:
    """Return the share over the reporting countries with the unknown category allocated."""
    part, base, unknown = panel.numerator, panel.denominator, panel.unknown
    added = np.where(_is_outside(panel), unknown.upper, 0)
    lower = _quotient(part.lower, base.upper + added, 0)
    upper = _quotient(part.upper + unknown.upper, base.lower + added, 1)
    limits = panel.bounds_with_unknown
    return np.fmax(lower, limits.lower), np.fmin(upper, limits.upper)


def _percent(bounds: _Bounds) -> str:
    """Return the only share as text."""
    return percent(Interval(*(Fraction(x.item()).limit_denominator(10**9) for x in bounds)))


def _alone(number: Result) -> Panel:
    return number.panel.take([number.position])


def _check_number(panel: Panel, thresholds: Thresholds) -> NDArray[np.int8]:
    divided = _is_divided(panel)
    if not divided.any():
        return np.ones(len(panel), dtype=np.int8)
    codes = beyond(*_unknown_share(panel), float(thresholds.unknown_note))
    return np.where(divided, codes, 1).astype(np.int8)


def _severity_number(panel: Panel, thresholds: Thresholds) -> NDArray[np.int8]:
    large = _unknown_share(panel)[0] >= float(thresholds.unknown_caution)
    return np.where(large, Severity.CAUTION.weight, Severity.NOTE.weight).astype(np.int8)


def _words_number(number: Result, _thresholds: Thresholds, outcome: Outcome) -> Finding:
    if outcome is Outcome.NOT_ASSESSABLE:
        return Finding(message=_NOT_STATED)
    return Finding(
        message=Message(
            "{share} have an unknown {dimension} and can belong to any category",
            share=_percent(_unknown_share(_alone(number))),
            dimension=dimension_label(number.base.dimension, "or"),
        ),
        evidence=(("unknown", count(number.unknown or Interval.at_least(0))),),
        hint="Publish the unknown category with the share, and name the denominator",
    )


def _check_pair(pairs: Pairs, _thresholds: Thresholds) -> NDArray[np.int8]:
    panel, first, second = pairs.panel, pairs.first, pairs.second
    name = (_check_pair,)
    if name not in pairs.cache:
        value = panel.value
        pairs.cache[name] = (_is_divided(panel), value.lower, value.upper, *_with_unknown(panel))
    divided, lower, upper, least, most = pairs.cache[name]
    if not divided.any():
        return np.ones(len(pairs), dtype=np.int8)
    apart = (upper[first] < lower[second]) | (upper[second] < lower[first])
    meet = (least[first] <= most[second]) & (least[second] <= most[first])
    asked = divided[first] & divided[second] & apart & meet
    missing = panel.unknown.missing
    not_stated = missing[first] | missing[second]
    return outcomes(asked & ~not_stated, asked & not_stated)


def _words_pair(
    first: Result, second: Result, _thresholds: Thresholds, outcome: Outcome
) -> Finding:
    if outcome is Outcome.NOT_ASSESSABLE:
        return Finding(message=_NOT_STATED)
    return Finding(
        message="the unknown category can reverse the difference between the two shares",
        evidence=(
            ("first with unknown", _percent(_with_unknown(_alone(first)))),
            ("second with unknown", _percent(_with_unknown(_alone(second)))),
        ),
        hint="Compare recorded categories only and write so, or ask for the unknown category",
    )


RULES = (
    library_rule(
        "UNKNOWN.number", check=_check_number, severity=_severity_number, words=_words_number
    ),
    library_rule("UNKNOWN.pair", check=_check_pair, severity=Severity.CAUTION, words=_words_pair),
)
