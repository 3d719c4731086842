"""A comparability rule: a check on columns, and words for what it finds."""

from collections.abc import Callable, Iterable
from typing import Literal

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from thbstats.comparability.thresholds import Thresholds
from thbstats.errors import InvalidValue
from thbstats.results import Answer, ComparabilityWarning, Result, Results, Severity

__all__ = [
    "Answers",
    "Finding",
    "Rule",
    "Scope",
    "Weights",
    "alike",
    "beyond",
    "each",
    "each_pair",
    "worst",
]

Scope = Literal["number", "pair"]

Answers = NDArray[np.int8]
"""One answer per number or pair: 1 holds, -1 fails, 0 cannot tell."""

Weights = NDArray[np.int8]
"""One weight per failure: 0 note, 1 caution, 2 blocking."""


def _severity(value: str | None) -> Severity | None:
    return None if value is None else Severity(value)


@frozen(kw_only=True)
class Finding:
    """What a rule has to say once it does not hold: weight, message, evidence, mend.

    The severity of a failure is left out where the rule weighs its failures itself.
    """

    severity: Severity | None = field(converter=_severity, default=None)
    message: str
    evidence: tuple[tuple[str, object], ...] = ()
    mend: str = ""


Check = Callable[[Results, Results, Thresholds], Answers]
Weigh = Callable[[Results, Results, Thresholds], Weights]
Describe = Callable[[Result, Result, Thresholds, Answer], Finding]


@frozen(kw_only=True)
class Rule:
    """One rule of one family.

    Parameters
    ----------
    code : str
        The family.
    scope : {"number", "pair"}
        Whether it judges one number or two together. A rule for numbers gets the same columns
        twice.
    check : callable
        ``check(a, b, thresholds) -> int8[n]``.
    describe : callable
        ``describe(a, b, thresholds, answer) -> Finding``, called only where the rule does not
        hold and somebody reads it.
    weight : Severity or callable, optional
        How much a failure weighs: always the same, or ``weight(a, b, thresholds) -> int8[n]``
        for columns of failures. Without it `describe` says so, failure by failure, which is slow
        for a grid of numbers.
    essential : bool
        Whether "cannot tell" is said aloud and decides the verdict of a pair.
    definition, trigger, source : str
        For the catalogue: what must be the case, when it speaks, and on whose word.
    example, mend : str
        For the catalogue too: figures to which it speaks, and what would mend them.
    """

    code: str
    scope: Scope
    check: Check
    describe: Describe
    weight: Severity | Weigh | None = None
    essential: bool = False
    definition: str
    trigger: str
    source: str
    example: str = ""
    mend: str = ""

    def warn(
        self, a: Result, b: Result, limits: Thresholds, answer: Answer
    ) -> ComparabilityWarning:
        """Return the warning for one number or pair."""
        finding = self.describe(a, b, limits, answer)
        return ComparabilityWarning(
            code=self.code,
            severity=self._severity(a, b, limits, answer, finding),
            answer=answer,
            scope=self.scope,
            message=finding.message,
            evidence=finding.evidence,
            mend=finding.mend,
        )

    def weigh(self, a: Results, b: Results, limits: Thresholds) -> Weights:
        """Return how much each of some failures weighs.

        Parameters
        ----------
        a, b : Results
            Numbers or pairs for which the rule fails.
        limits : Thresholds
            Where rules change their weight.

        Returns
        -------
        array of int8, shape (n,)
            0 note, 1 caution, 2 blocking.
        """
        if isinstance(self.weight, Severity):
            return np.full(len(a), self.weight.weight, dtype=np.int8)
        if self.weight is not None:
            return self.weight(a, b, limits)
        findings = (
            self.describe(one, two, limits, Answer.FAILS) for one, two in zip(a, b, strict=True)
        )
        return np.array([_stated(self, finding).weight for finding in findings], dtype=np.int8)

    def _severity(
        self, a: Result, b: Result, limits: Thresholds, answer: Answer, finding: Finding
    ) -> Severity:
        if answer is Answer.CANNOT_TELL:
            return finding.severity or Severity.NOTE
        if self.weight is None:
            return _stated(self, finding)
        one, two = (Results(caption="", items=[number]) for number in (a, b))
        return Severity.of(self.weigh(one, two, limits)[0])


def _stated(rule: Rule, finding: Finding) -> Severity:
    if finding.severity is None:
        raise InvalidValue(
            "nothing says how much a failure weighs",
            field="severity",
            value=rule.code,
            mend="Give the rule a weight, or each finding a severity",
        )
    return finding.severity


def each(numbers: Results, answer: Callable[[Result], Answer]) -> Answers:
    """Return the answers to a question about what each number speaks of.

    Parameters
    ----------
    numbers : Results
        The numbers that a rule is asked about.
    answer : callable
        From one number to holds, fails or cannot tell.

    Returns
    -------
    array of int8, shape (n,)
        What `Rule.check` returns.

    Examples
    --------
    >>> import thbstats as thb
    >>> from thbstats.results import Answer
    >>> steps = thb.funnel(thb.publications.com_2018_777().data.justice)
    >>> each(steps, lambda step: Answer.FAILS if "convicted" in step.label else Answer.HOLDS)
    array([ 1, -1, -1], dtype=int8)
    """
    return np.array([answer(number).code for number in numbers], dtype=np.int8)


def each_pair(a: Results, b: Results, answer: Callable[[Result, Result], Answer]) -> Answers:
    """Return the answers to a question about what the two numbers of each pair speak of.

    Parameters
    ----------
    a, b : Results
        The numbers that a rule is asked about, pair by pair.
    answer : callable
        From two numbers to holds, fails or cannot tell.

    Returns
    -------
    array of int8, shape (n,)
        What `Rule.check` returns.

    Examples
    --------
    >>> import thbstats as thb
    >>> from thbstats.results import Answer
    >>> steps = thb.funnel(thb.publications.com_2018_777().data.justice)
    >>> each_pair(steps, steps, lambda one, two: alike([one.period, two.period]))
    array([1, 1, 1], dtype=int8)
    """
    return np.array([answer(one, two).code for one, two in zip(a, b, strict=True)], dtype=np.int8)


def alike(values: Iterable[str | None]) -> Answer:
    """Return whether what is stated is the same everywhere; ``None`` stands for not stated.

    Parameters
    ----------
    values : iterable of str or None
        What each side states.

    Returns
    -------
    Answer
        Fails where two differ, cannot tell where one is not stated, else holds.

    Examples
    --------
    >>> str(alike(["persons", "persons"])), str(alike(["persons", None]))
    ('holds', 'cannot_tell')
    """
    distinct = set(values)
    if len(distinct - {None}) > 1:
        return Answer.FAILS
    return Answer.CANNOT_TELL if None in distinct else Answer.HOLDS


def worst(*answers: Answer) -> Answer:
    """Return the answer that weighs most: fails, then cannot tell, then holds.

    Parameters
    ----------
    *answers : Answer
        One or more.

    Returns
    -------
    Answer
        One of them.

    Examples
    --------
    >>> str(worst(Answer.HOLDS, Answer.CANNOT_TELL))
    'cannot_tell'
    """
    return Answer.of(min(answer.code for answer in answers))


def beyond(lower: NDArray[np.float64], upper: NDArray[np.float64], limit: float) -> Answers:
    """Return whether intervals stay at or below a limit: wholly, not at all, or astride.

    ``nan`` is not beyond anything: an undefined quantity breaks no rule.

    Parameters
    ----------
    lower, upper : array of float64, shape (n,)
        The ends.
    limit : float
        What they may reach and not exceed.

    Returns
    -------
    array of int8, shape (n,)
        1 holds, -1 fails, 0 cannot tell.

    Examples
    --------
    >>> import numpy as np
    >>> beyond(np.array([0.1, 0.4, 0.6]), np.array([0.2, 0.6, 0.7]), 0.5)
    array([ 1,  0, -1], dtype=int8)
    """
    fails, holds = lower > limit, ~(upper > limit)
    return np.where(fails, -1, np.where(holds, 1, 0)).astype(np.int8)
