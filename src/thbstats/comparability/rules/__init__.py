"""The rules, one family a file."""

from collections.abc import Iterable

from thbstats.comparability.rule import Rule
from thbstats.comparability.rules import (
    additivity,
    age,
    base,
    breaks,
    classification,
    cohort,
    coverage,
    definition,
    detection,
    disclosure,
    dominance,
    duplicate,
    flags,
    membership,
    multiple,
    offence,
    order,
    period,
    precision,
    register,
    small,
    source,
    status,
    suppressed,
    unit,
    unknown,
    vintage,
)
from thbstats.records import CountingRules

__all__ = ["ALL", "rules_with"]

ALL: tuple[Rule, ...] = (
    *base.RULES,
    *unit.RULES,
    *definition.RULES,
    *coverage.RULES,
    *membership.RULES,
    *period.RULES,
    *breaks.RULES,
    *status.RULES,
    *register.RULES,
    *age.RULES,
    *classification.RULES,
    *offence.RULES,
    *cohort.RULES,
    *order.RULES,
    *unknown.RULES,
    *dominance.RULES,
    *small.RULES,
    *precision.RULES,
    *suppressed.RULES,
    *disclosure.RULES,
    *additivity.RULES,
    *multiple.RULES,
    *duplicate.RULES,
    *flags.RULES,
    *vintage.RULES,
    *source.RULES,
    *detection.RULES,
)
"""Every rule of the library; pass another tuple to `assess` and `compare` to use your own."""

_ASKING = {
    "AGE": age.age_rules,
    "BREAK": breaks.break_rules,
    "DEFINITION": definition.definition_rules,
    "SOURCE": source.source_rules,
}
"""The families that ask how reporters count, and how their rules are made."""


def rules_with(documents: Iterable[CountingRules]) -> tuple[Rule, ...]:
    """Return all rules, those that ask how reporters count with what somebody knows of it.

    Parameters
    ----------
    documents : iterable of CountingRules
        How reporters count. They go before what the library documents itself, which is kept.

    Returns
    -------
    tuple of Rule
        To be given to `assess`, `compare` and the indicators.

    Examples
    --------
    >>> import thbstats as thb
    >>> from thbstats.records import CountingRules
    >>> rows = [("BE", 140), ("FR", 600)]
    >>> table = thb.CountTable.from_rows(
    ...     rows, columns=["area", "value"], kind="victims", period=2016, status="registered"
    ... )
    >>> here, there = (thb.total(table, area=area) for area, _ in rows)
    >>> known = [
    ...     CountingRules(about="victims", reporter=area, moment=moment, source="Their ministry")
    ...     for area, moment in (("BE", "referral"), ("FR", "first complaint"))
    ... ]
    >>> thb.compare(here, there, rules=rules_with(known)).warnings.of("DEFINITION")[0].message
    'the two numbers are counted by different rules: moment'
    """
    known = tuple(documents)
    made = (rule for family in _ASKING.values() for rule in family(known))
    return (*(rule for rule in ALL if rule.code not in _ASKING), *made)
