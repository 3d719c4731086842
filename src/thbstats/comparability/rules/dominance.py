"""DOMINANCE: one reporter decides the figure."""

import numpy as np
from numpy.typing import ArrayLike

from thbstats import formulas
from thbstats.comparability.rule import Answers, Finding, Rule, beyond, each
from thbstats.comparability.thresholds import Thresholds
from thbstats.display import percent
from thbstats.results import Answer, Message, Parts, Range, Result, Results, Severity, words
from thbstats.values import Interval

__all__ = ["RULES"]


def _judge(parts: Parts | None, limit: float) -> Answer:
    if parts is None:
        return Answer.CANNOT_TELL
    if int(parts.given.sum()) < 2:
        return Answer.HOLDS
    lower, upper = _largest(parts.numerator.where(parts.given))
    if _flips(parts) is not None:
        return Answer.FAILS
    return Answer.of(int(beyond(np.array([lower]), np.array([upper]), limit)[0]))


def _largest(counts: Range) -> tuple[float, float]:
    """Bounds on the share of the largest member: the largest of each one's ends."""
    others_low = counts.lower.sum() - counts.lower
    others_high = np.array([np.delete(counts.upper, i).sum() for i in range(len(counts))])
    lower, upper = formulas.share_bounds(counts.lower, counts.upper, others_low, others_high)
    return _highest(lower), _highest(upper)


def _highest(shares: ArrayLike) -> float:
    """The largest defined share; 0 where nobody is counted."""
    return float(np.nan_to_num(shares, nan=0.0).max())


def _flips(parts: Parts) -> str | None:
    """The member without which a majority becomes a minority or the reverse."""
    if not parts.nested or not _points(parts):
        return None
    numerator, rest = parts.numerator.lower[parts.given], parts.rest.lower[parts.given]
    whole = numerator.sum() > rest.sum()
    left_out = formulas.leave_one_out_share(numerator, rest)
    flips = np.flatnonzero((left_out > 0.5) != whole)
    return _names(parts)[flips[0]] if len(flips) else None


def _names(parts: Parts) -> list[str]:
    return [member for member, given in zip(parts.members, parts.given, strict=True) if given]


def _points(parts: Parts) -> bool:
    return all(
        bool((side.lower[parts.given] == side.upper[parts.given]).all())
        for side in (parts.numerator, parts.rest)
    )


def _check(a: Results, _b: Results, limits: Thresholds) -> Answers:
    return each(a, lambda number: _one(number, float(limits.dominance)))


def _one(number: Result, limit: float) -> Answer:
    if len(number.context.area.members) == 1:
        return Answer.HOLDS
    return _judge(number.parts, limit)


_HOLDS = "{country} holds {share} of the {counted} counted"
_FLIPS = (
    "{country} holds {share} of the {counted} counted, and without {decisive} the majority flips"
)


def _describe(a: Result, _b: Result, limits: Thresholds, answer: Answer) -> Finding:
    parts = a.parts
    if answer is Answer.CANNOT_TELL or parts is None:
        limit = percent(limits.dominance, 0)
        return Finding(
            severity=Severity.NOTE,
            message=Message("whether one country holds more than {limit}", limit=limit),
        )
    counts, names = parts.numerator.where(parts.given), _names(parts)
    place = int(np.argmax(counts.lower))
    one = np.arange(len(counts)) == place
    share = percent(Interval.share_of(counts.total(one), counts.total(~one)))
    decisive = _flips(parts) or names[place]
    without = parts.value(parts.given & (np.array(parts.members) != decisive))
    return Finding(
        severity=Severity.CAUTION,
        message=Message(
            _FLIPS if _flips(parts) else _HOLDS,
            country=names[place],
            share=share,
            counted=_counted(a),
            decisive=decisive,
        ),
        evidence=(
            ("largest", names[place]),
            ("its share", share),
            (
                Message("without {decisive}", decisive=decisive),
                parts.measure.show(without),
            ),
        ),
        mend=Message("Show the figure without {decisive} beside it", decisive=decisive),
    )


def _counted(number: Result) -> str:
    among = f" ({words(dict(number.category))})" if number.category else ""
    return f"{number.context.counted.label}{among}"


RULES = (
    Rule(
        code="DOMINANCE",
        scope="number",
        check=_check,
        describe=_describe,
        definition="No single reporter decides a pooled figure.",
        trigger="Fails where one country certainly holds more than `dominance` of the numerator, "
        "or leaving one out turns a majority into a minority or back; cannot tell where counts "
        "per country are not printed, or leave it open.",
        source="COM(2018) 777, section II: the United Kingdom has 61 % of the victims of labour "
        "exploitation",
        example="The United Kingdom has 61 % of the victims of labour exploitation of EU28; "
        "without it they are 15 % and not 26 % of all recorded forms.",
        mend="Show the figure without that country beside it.",
    ),
)
