"""Comparability rules and their thresholds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from typing import Any, Literal

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from thbstats._signatures import explain_arguments
from thbstats.columns import Coded
from thbstats.errors import InvalidValue, require
from thbstats.panel import ComparabilityWarning, Outcome, Panel, Result, Severity, Status
from thbstats.rules.pairs import Pairs, code_of
from thbstats.values import Rational, exact

_REASONS = {
    "unknown_note": "reports publish shares to one percentage point",
    "unknown_caution": "10% unknown can change a share more than most published changes",
    "coverage": "country coverage almost always differs; only a material share gives caution",
    "dominance": "above one half a single country determines the number",
    "small_note": "below 100 one case changes a share by more than 1 pp",
    "small_caution": "at 20 or fewer one case changes a share by 5 pp or more",
    "suppressed": "a width of 5 pp equals one case in a denominator of 20",
    "presentable": "a number for an area should cover at least half of its countries",
    "model_range": "half as many again is more than most published intervals of estimates",
}


@explain_arguments
@frozen(kw_only=True)
class Thresholds:
    """The limits at which rules change their outcome or severity.

    Examples
    --------
    >>> Thresholds(small_note=50).small_note
    50
    """

    unknown_note: Rational = Fraction(1, 100)
    unknown_caution: Rational = Fraction(1, 10)
    coverage: Rational = Fraction(95, 100)
    dominance: Rational = Fraction(1, 2)
    small_note: Rational = 100
    small_caution: Rational = 20
    suppressed: Rational = Fraction(5, 100)
    presentable: Rational = Fraction(1, 2)
    model_range: Rational = Fraction(3, 2)

    def __attrs_post_init__(self) -> None:
        for name in _REASONS:
            value = getattr(self, name)
            limit = exact(value, name)
            if name.startswith("small"):
                problem, hint = "must be 0 or more", "Pass a count, such as 50"
                require(limit >= 0, problem, hint, **{name: value})
            elif name == "model_range":
                problem, hint = "must be 1 or more", "Pass 2 for twice as many"
                require(limit >= 1, problem, hint, **{name: value})
            else:
                hint = "Pass a Fraction, such as Fraction(1, 20)"
                require(0 <= limit <= 1, "must be between 0 and 1", hint, **{name: value})
            object.__setattr__(self, name, limit)

    @classmethod
    def reasons(cls) -> dict[str, str]:
        """Return the reason for each default."""
        return dict(_REASONS)


DEFAULTS = Thresholds()
"""The default thresholds."""


def limits_of(thresholds: Thresholds | None) -> Thresholds:
    """Return the limits of an argument; ``None`` means the defaults."""
    limits = DEFAULTS if thresholds is None else thresholds
    hint = "Use thbstats.Thresholds(coverage=...)"
    is_valid, kind = isinstance(limits, Thresholds), type(thresholds)
    require(is_valid, "`thresholds` must be Thresholds", hint, thresholds=kind)
    return limits


Codes = NDArray[np.int8]
"""One code per number or pair: 1 pass, -1 fail, 0 not assessable.

Without a severity, -1 is a failure with a note, -2 with caution, and -3 blocks.
"""

Check = Callable[..., Codes]
"""A check of numbers or pairs."""

Evidence = tuple[tuple[str, object], ...]
"""Names and values that a warning shows."""

_FAIL, _PASS = np.int8(-1), np.int8(1)
_OK = Status.OK.value  # numpy compares plain integers ten times faster

_LEVEL_OF_SEVERITY = np.array([2, 3, 5], dtype=np.int8)


class Level:
    """The codes of outcome and severity in one column: `Panel.levels`."""

    PASS = 0
    UNDOCUMENTED = 1
    NOTE = 2
    CAUTION = 3
    OPEN = 4
    BLOCKING = 5


@frozen(kw_only=True)
class WarningText:
    """The text of a warning: message, evidence and hint.

    Parameters
    ----------
    message : str
        One sentence without a full stop.
    evidence : tuple of (str, object)
        Names and values.
    hint : str
        The recommended action.
    """

    message: str
    evidence: Evidence = ()
    hint: str = ""


def _severity(value: Any) -> Any:
    return Severity(value) if isinstance(value, str) else value


@explain_arguments
@frozen(kw_only=True)
class Rule:
    """A comparability rule for single numbers or for pairs.

    Parameters
    ----------
    code : str
        The code of its warnings.
    title : str
        The title of the rule, in at most five words.
    scope : {"number", "pair"}
        Whether the rule judges single numbers or pairs.
    check : callable
        ``check(numbers, thresholds) -> int8[n]``, with a `Panel` or `Pairs`: 1 pass, -1 fail,
        0 not assessable.
    severity : Severity or callable, optional
        The severity of failures: a constant, or ``severity(numbers, thresholds) -> int8[n]`` of the
        failing rows with 0 note, 1 caution, 2 blocking. By default the check contains the severity:
        -1 note, -2 caution, -3 blocking.
    text : callable
        ``text(number, thresholds, outcome) -> WarningText`` for rules of numbers, and
        ``text(first, second, thresholds, outcome) -> WarningText`` for rules of pairs.
    essential : bool
        Whether "not assessable" is a warning and makes a pair not assessable.
    is_limitation : bool
        Whether the rule describes a standing property of a kind of number.
    explains_status : bool
        Whether the rule also judges rows without a value. Other rules for numbers pass there.
    affects_pairs : bool
        For rules of numbers: whether a failure at caution or above asks for caution in every pair
        with that number.
    needs_documentation : bool
        For rules of pairs: whether the verdict "not assessable" leads to caution if the areas
        differ.
    definition, trigger, source, example, hint : str
        For the catalogue: the condition, when the rule fails, a source, figures, and the
        recommended action.
    """

    code: str
    title: str
    scope: Literal["number", "pair"]
    check: Check
    severity: Severity | Callable[..., Codes] | None = field(default=None, converter=_severity)
    text: Callable[..., WarningText]
    essential: bool = False
    is_limitation: bool = False
    explains_status: bool = False
    affects_pairs: bool = False
    needs_documentation: bool = False
    definition: str
    trigger: str
    source: str
    example: str = ""
    hint: str = ""

    def levels(self, numbers: Panel | Pairs, thresholds: Thresholds) -> Codes:
        """Return the level of each number or pair.

        Parameters
        ----------
        numbers : Panel or Pairs
            The numbers or pairs.
        thresholds : Thresholds
            The limits of rules.

        Raises
        ------
        InvalidValue
            If the check does not return one code per number or pair.
        """
        levels = np.zeros(len(numbers), dtype=np.int8)
        self._judge(numbers, thresholds, levels)
        return levels

    def _judge(self, numbers: Panel | Pairs, thresholds: Thresholds, levels: Codes) -> None:
        """Set the level of each number or pair that does not pass."""
        size, codes = len(levels), np.asarray(self.check(numbers, thresholds), dtype=np.int8)
        if codes.shape != (size,):
            raise InvalidValue(
                "a check must return one outcome per number or pair",
                field="check",
                value=f"{self.code}: {codes.shape}",
                hint=f"Return an array of shape ({size},)",
            )
        # Bytes are compared faster than arrays, and most rules pass.
        if codes.tobytes() == b"\1" * size:
            return
        if isinstance(numbers, Panel) and not self.explains_status:
            codes = np.where(numbers.status == _OK, codes, _PASS)
        levels[codes == 0] = Level.OPEN if self.essential else Level.UNDOCUMENTED
        failing = np.flatnonzero(codes < 0)
        if len(failing):
            ranks: int | Codes = -1 - codes[failing]
            if isinstance(self.severity, Severity):
                ranks = self.severity.rank
            elif self.severity is not None:
                ranks = self.severity(numbers.take(failing), thresholds)
            levels[failing] = _LEVEL_OF_SEVERITY[ranks]

    def warn(self, *numbers: Any) -> ComparabilityWarning:
        """Return the warning of one number or pair.

        Parameters
        ----------
        *numbers
            The number, or both numbers of the pair; then the thresholds and the level.
        """
        *results, thresholds, level = numbers
        outcome = Outcome.NOT_ASSESSABLE if level in (1, 4) else Outcome.FAIL
        finding = self.text(*results, thresholds, outcome)
        severity = {Level.CAUTION: Severity.CAUTION, Level.BLOCKING: Severity.BLOCKING}
        return ComparabilityWarning(
            code=self.code,
            title=self.title,
            severity=severity.get(level, Severity.NOTE),
            outcome=outcome,
            scope=self.scope,
            message=finding.message,
            evidence=finding.evidence,
            hint=finding.hint,
            is_limitation=self.is_limitation,
        )


def per_kind(
    panel: Panel,
    columns: Sequence[str | Coded[Any] | NDArray[Any]],
    function: Callable[[Result], Outcome | Severity | bool],
) -> Codes:
    """Return the codes of a function of numbers, computed once per set of columns."""
    code, first = panel.group_rows(columns)
    codes = [code_of(function(Result(panel, i))) for i in first.tolist()]
    return np.array(codes, dtype=np.int8)[code]


def outcomes(
    fails: NDArray[np.bool_],
    unknown: NDArray[np.bool_] | bool = False,
    *,
    caution: NDArray[np.bool_] | bool = False,
) -> Codes:
    """Return the codes of outcomes; rules without a severity have caution for failures."""
    codes: Codes = np.where(fails, _FAIL, _PASS)
    if unknown is not False:
        codes[unknown & ~fails] = 0
    if caution is not False:
        codes[caution & fails] = -2
    return codes


def passes(numbers: Panel | Pairs) -> Codes:
    """Return a pass for all numbers or pairs."""
    return np.ones(len(numbers), dtype=np.int8)


def failure(fails: object) -> Outcome:
    """Return whether a rule fails or passes."""
    return Outcome.FAIL if fails else Outcome.PASS


def severity_of(is_serious: object) -> Severity:
    """Return caution for serious failures, else a note."""
    return Severity.CAUTION if is_serious else Severity.NOTE


def all_equal(values: Sequence[str | None]) -> Outcome:
    """Return whether all values are equal.

    Parameters
    ----------
    values : sequence of str or None
        The value of each side; ``None`` if it is not stated.
    """
    distinct = set(values)
    if len(distinct - {None}) > 1:
        return Outcome.FAIL
    return Outcome.NOT_ASSESSABLE if None in distinct else Outcome.PASS


def worst_outcome(*codes: Outcome) -> Outcome:
    """Return the worst outcome, in the order fail, not assessable, pass.

    Parameters
    ----------
    *codes : Outcome
        One or more.
    """
    return Outcome.from_code(min(outcome.code for outcome in codes))


def at_most(lower: NDArray[np.float64], upper: NDArray[np.float64], limit: float) -> Codes:
    """Return whether intervals are at or below a limit.

    Parameters
    ----------
    lower, upper : array of float64, shape (n,)
        The bounds.
    limit : float
        The limit.

    Examples
    --------
    >>> at_most(np.array([0.1, 0.4, 0.6]), np.array([0.2, 0.6, 0.7]), 0.5)
    array([ 1,  0, -1], dtype=int8)
    """
    return outcomes(lower > limit, upper > limit)


def checked_rules(rules: Iterable[Rule], scope: str = "") -> tuple[Rule, ...]:
    """Return the rules of an argument, on request only the rules for numbers or for pairs."""
    hint = "Use [rule for rule in thbstats.rules.ALL if rule.code == 'COVERAGE']"
    problem = "`rules` must contain rules"
    require(isinstance(rules, Iterable), problem, hint, rules=type(rules))
    values = tuple(rules)
    for rule in values:
        require(isinstance(rule, Rule), problem, hint, rules=rule)
    return tuple(rule for rule in values if scope in ("", rule.scope))
