"""DOMINANCE: one reporter decides the figure."""

import numpy as np
from numpy.typing import ArrayLike

from thbstats import formulas
from thbstats.comparability.rule import Answers, Finding, Rule
from thbstats.comparability.thresholds import Thresholds
from thbstats.display import percent
from thbstats.results import Answer, Parts, Range, Result, Results, Severity
from thbstats.values import Interval

__all__ = ["RULES"]


def _judge(parts: Parts | None, limit: float) -> Answer:
    if parts is None:
        return Answer.CANNOT_TELL
    if int(parts.given.sum()) < 2:
        return Answer.HOLDS
    lower, upper = _largest(parts.numerator.where(parts.given))
    if _flips(parts) or lower > limit:
        return Answer.FAILS
    return Answer.HOLDS if not upper > limit else Answer.CANNOT_TELL


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
    names = [member for member, given in zip(parts.members, parts.given, strict=True) if given]
    return names[flips[0]] if len(flips) else None


def _points(parts: Parts) -> bool:
    return all(
        bool((side.lower[parts.given] == side.upper[parts.given]).all())
        for side in (parts.numerator, parts.rest)
    )


def _check(a: Results, _b: Results, limits: Thresholds) -> Answers:
    limit = float(limits.dominance)
    return np.array([_one(number, limit).code for number in a], dtype=np.int8)


def _one(number: Result, limit: float) -> Answer:
    if len(number.context.area.members) == 1:
        return Answer.HOLDS
    return _judge(number.parts, limit)


def _describe(a: Result, _b: Result, _limits: Thresholds, _answer: Answer) -> Finding:
    parts = a.parts
    if parts is None:
        return Finding(severity=Severity.NOTE, message="what each country adds")
    counts = parts.numerator.where(parts.given)
    names = [member for member, given in zip(parts.members, parts.given, strict=True) if given]
    place = int(np.argmax(counts.lower))
    others = counts.total(np.arange(len(counts)) != place)
    share = Interval.share_of(counts.total(np.arange(len(counts)) == place), others)
    chosen = parts.given & (np.array(parts.members) != names[place])
    without = parts.value(chosen)
    flip = _flips(parts)
    consequence = f", and without {flip} the majority flips" if flip else ""
    return Finding(
        severity=Severity.CAUTION,
        message=f"{names[place]} holds {percent(share)} of the {a.context.counted.label} "
        f"counted{consequence}",
        evidence=(
            ("largest", names[place]),
            ("its share", percent(share)),
            (f"without {names[place]}", parts.measure.show(without)),
        ),
        mend=f"Show the figure without {flip or names[place]} beside it",
    )


RULES = (
    Rule(
        code="DOMINANCE",
        scope="number",
        check=_check,
        describe=_describe,
        definition="No single reporter decides a pooled figure.",
        trigger="Fails where one country certainly holds more than `dominance` of the numerator, "
        "or leaving one out turns a majority into a minority or back.",
        source="COM(2018) 777, section II: the United Kingdom has 61 % of the victims of labour "
        "exploitation",
    ),
)
