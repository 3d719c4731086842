"""DOMINANCE: the weight of one country in a number."""

import numpy as np
from numpy.typing import NDArray

from thbstats.display import percent
from thbstats.panel import Message, Outcome, Panel, Parts, Result, Severity, category_label
from thbstats.rules.rule import Codes, Finding, beyond, library_rule, outcomes
from thbstats.rules.thresholds import Thresholds
from thbstats.values import Interval

__all__ = ["RULES"]

Mask = NDArray[np.bool_]


def _check(panel: Panel, limits: Thresholds) -> Codes:
    parts = panel.parts
    members = panel.area.table(lambda area: len(area.members), np.intp)
    codes = outcomes(np.zeros(len(panel), dtype=np.bool_), (parts.sizes == 0) & (members != 1))
    given = np.concatenate([[0], np.cumsum(parts.given)])[parts.start]
    several = np.flatnonzero((np.diff(given) > 1) & (members != 1))
    if len(several):
        codes[several] = _judge(parts.only(parts.given).take(several), float(limits.dominance))
    return codes


def _judge(parts: Parts, limit: float) -> Codes:
    """Return outcomes for numbers with two or more countries, all of them with data."""
    codes = beyond(*_largest(parts), limit)
    flips = np.logical_or.reduceat(_flips(parts), parts.start[:-1])
    return np.where(flips, np.int8(-1), codes)


def _largest(parts: Parts) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return bounds of the share of the largest country in the numerator; 0 for a sum of 0."""
    at, entry = parts.start[:-1], parts.number
    lower, upper = parts.numerator.lower, parts.numerator.upper
    others_lower = np.add.reduceat(lower, at)[entry] - lower
    unbounded = np.isinf(upper)
    finite = np.where(unbounded, 0, upper)
    others_upper = np.add.reduceat(finite, at)[entry] - finite
    others_unbounded = np.add.reduceat(unbounded.astype(np.intp), at)[entry] > unbounded
    with np.errstate(invalid="ignore", divide="ignore"):
        low = np.where(others_unbounded, 0.0, lower / (lower + others_upper))
        high = np.where(unbounded, 1.0, upper / (upper + others_lower))
    low, high = (np.maximum.reduceat(np.nan_to_num(side), at) for side in (low, high))
    return low, high


def _flips(parts: Parts) -> Mask:
    """Return the entries without which a majority becomes a minority, or the reverse."""
    at, entry = parts.start[:-1], parts.number
    part, rest = parts.numerator.lower, parts.rest.lower
    exact = np.logical_and.reduceat(parts.numerator.is_point & parts.rest.is_point, at)
    whole, remainder = np.add.reduceat(part, at), np.add.reduceat(rest, at)
    without = (whole[entry] - part) > (remainder[entry] - rest)
    turns = exact[entry] & (without != (whole > remainder)[entry])
    return np.asarray(turns & parts.is_share[entry], dtype=np.bool_)


_SHARE = "{country} has {share} of the {counted}"
_MAJORITY = "{country} has {share} of the {counted}; without {decisive} the majority changes"


def _words(number: Result, limits: Thresholds, outcome: Outcome) -> Finding:
    parts = number.parts
    if outcome is Outcome.NOT_ASSESSABLE or parts is None:
        return Finding(
            message=Message(
                "whether one country has more than {limit}", limit=percent(limits.dominance, 0)
            )
        )
    parts = parts.only(parts.given)
    names, places = parts.names, np.arange(len(parts.names))
    largest = int(np.argmax(parts.numerator.lower))
    total = parts.numerator.total
    share = percent(Interval.share_of(total(places == largest), total(places != largest)))
    flips = np.flatnonzero(_flips(parts))
    place = int(flips[0]) if len(flips) else largest
    among = f" ({category_label(number.category)})" if number.category else ""
    return Finding(
        message=Message(
            _MAJORITY if len(flips) else _SHARE,
            country=names[largest],
            share=share,
            counted=f"{number.counted.label}{among}",
            decisive=names[place],
        ),
        evidence=(
            ("largest", names[largest]),
            ("its share", share),
            (
                Message("without {decisive}", decisive=names[place]),
                parts.kind[0].show(parts.value(places != place)),
            ),
        ),
        hint=Message("Show the number without {decisive} next to it", decisive=names[place]),
    )


RULES = (library_rule("DOMINANCE.number", check=_check, severity=Severity.CAUTION, words=_words),)
