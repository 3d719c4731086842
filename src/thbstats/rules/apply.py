"""Apply rules for numbers to a panel."""

from collections.abc import Iterable
from typing import TypeVar

import numpy as np
from attrs import evolve

from thbstats.errors import InvalidValue
from thbstats.panel import Panel, Result
from thbstats.rules.families import ALL
from thbstats.rules.rule import Rule
from thbstats.rules.thresholds import DEFAULTS, Thresholds

__all__ = ["check"]

Checked = TypeVar("Checked", bound=Panel | Result)


def check(
    numbers: Checked, *, thresholds: Thresholds | None = None, rules: Iterable[Rule] | None = None
) -> Checked:
    """Return the same numbers with the warnings of some rules.

    Parameters
    ----------
    numbers : Panel or Result
        The numbers. Warnings that do not come from rules are kept.
    thresholds : Thresholds, optional
        The limits of rules; by default `DEFAULTS`.
    rules : iterable of Rule, optional
        The rules to apply; by default all. Rules for pairs are ignored.

    Returns
    -------
    Panel or Result
        Of the same type.

    Raises
    ------
    InvalidValue
        If it is neither a panel nor a result.

    Examples
    --------
    >>> import thbstats as thb
    >>> ratio = thb.conviction_to_prosecution(thb.publications.com_2018_777().data.justice)
    >>> thb.check(ratio, rules=[]).warnings.codes
    ()
    """
    if isinstance(numbers, Result):
        panel = numbers.panel.take([numbers.position])
        return check(panel, thresholds=thresholds, rules=rules).row(0)
    if not isinstance(numbers, Panel):
        raise InvalidValue(
            "a number with its denominator and coverage is needed",
            field="numbers",
            value=type(numbers).__name__,
            mend="Give what an indicator returns, such as thbstats.share(...)",
        )
    limits = DEFAULTS if thresholds is None else thresholds
    applied = tuple(rule for rule in (ALL if rules is None else rules) if rule.scope == "number")
    levels = np.zeros((len(applied), len(numbers)), dtype=np.int8)
    for row, rule in zip(levels, applied, strict=True):
        row[:] = rule.levels(numbers, limits)
    return evolve(numbers, rules=applied, thresholds=limits, levels=levels)
