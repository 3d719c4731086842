"""What each rule finds for each number or pair, as one level that decides how the verdict falls."""

from collections.abc import Sequence
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from thbstats.comparability.rule import Rule
from thbstats.comparability.thresholds import Thresholds
from thbstats.errors import InvalidValue
from thbstats.results import Answer, Results, Severity, Verdict

__all__ = ["Level", "Levels", "judge", "verdicts"]

Levels = NDArray[np.int8]
"""One row for each rule, one column for each number or pair."""


class Level(IntEnum):
    """What a rule finds; of several rules the highest level decides."""

    HOLDS = 0
    ASIDE = 1
    """Cannot tell, and is not essential."""
    NOTE = 2
    CAUTION = 3
    OPEN = 4
    """Cannot tell, and is essential."""
    BLOCKING = 5

    @property
    def answer(self) -> Answer:
        """The answer of the rule."""
        if self is Level.HOLDS:
            return Answer.HOLDS
        return Answer.CANNOT_TELL if self in (Level.ASIDE, Level.OPEN) else Answer.FAILS

    @property
    def label(self) -> str:
        """The level in words."""
        return {1: "not documented", 4: "cannot tell"}.get(self, self.name.lower())

    @property
    def verdict(self) -> Verdict:
        """What follows for a pair where no rule finds a higher level."""
        return _VERDICTS[self]


_VERDICTS = (
    Verdict.COMPARABLE,
    Verdict.COMPARABLE,
    Verdict.COMPARABLE,
    Verdict.WITH_CAUTION,
    Verdict.CANNOT_TELL,
    Verdict.NOT_COMPARABLE,
)
_OF_WEIGHT = np.array([Level[severity.name] for severity in Severity], dtype=np.int8)


def judge(rules: Sequence[Rule], a: Results, b: Results, limits: Thresholds) -> Levels:
    """Return what each rule finds at each position."""
    found = np.zeros((len(rules), len(a)), dtype=np.int8)
    for row, rule in zip(found, rules, strict=True):
        codes = rule.check(a, b, limits)
        if codes.shape != row.shape:
            raise InvalidValue(
                "a rule gives one answer for each number or pair",
                field="check",
                value=f"{rule.code}: {codes.shape}",
                mend=f"Return an array of shape {row.shape}",
            )
        row[codes == Answer.CANNOT_TELL.code] = Level.OPEN if rule.essential else Level.ASIDE
        failing = np.flatnonzero(codes == Answer.FAILS.code)
        if isinstance(rule.weight, Severity):
            row[failing] = _OF_WEIGHT[rule.weight.weight]
        elif len(failing):
            row[failing] = _OF_WEIGHT[rule.weigh(a.pick(failing), b.pick(failing), limits)]
    return found


def verdicts(found: Levels) -> NDArray[np.int8]:
    """Return the highest level for each position; `Level.verdict` says what it means."""
    highest: NDArray[np.int8] = found.max(axis=0, initial=Level.HOLDS)
    return highest
