"""The rules, one family a file."""

from thbstats.comparability.rule import Rule
from thbstats.comparability.rules import (
    additivity,
    base,
    cohort,
    coverage,
    detection,
    dominance,
    membership,
    multiple,
    offence,
    order,
    period,
    precision,
    small,
    status,
    unit,
    unknown,
)

__all__ = ["ALL"]

ALL: tuple[Rule, ...] = (
    *base.RULES,
    *unit.RULES,
    *coverage.RULES,
    *membership.RULES,
    *period.RULES,
    *status.RULES,
    *offence.RULES,
    *cohort.RULES,
    *order.RULES,
    *unknown.RULES,
    *dominance.RULES,
    *small.RULES,
    *precision.RULES,
    *additivity.RULES,
    *multiple.RULES,
    *detection.RULES,
)
"""Every rule of the library; pass another tuple to `assess` and `compare` to use your own."""
