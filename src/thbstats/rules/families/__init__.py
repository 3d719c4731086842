"""The comparability rules, one family a file."""

from collections.abc import Iterable
from importlib import import_module

from thbstats.records import CountingRules
from thbstats.rules.rule import Rule

__all__ = ["ALL", "rules_with"]

_NAMES = (
    "base",
    "unit",
    "definition",
    "coverage",
    "membership",
    "period",
    "breaks",
    "status",
    "register",
    "age",
    "classification",
    "offence",
    "cohort",
    "order",
    "unknown",
    "dominance",
    "small",
    "precision",
    "suppressed",
    "contradicted",
    "disclosure",
    "additivity",
    "multiple",
    "duplicate",
    "flags",
    "vintage",
    "source",
    "detection",
)
"""The modules of this package with a tuple ``RULES``. A module that depends on documented counting
rules also has a function ``documented_rules`` that returns its rules."""

_MODULES = [import_module(f"{__name__}.{name}") for name in _NAMES]

ALL: tuple[Rule, ...] = tuple(rule for module in _MODULES for rule in module.RULES)
"""Every rule of the library."""


def rules_with(documents: Iterable[CountingRules]) -> tuple[Rule, ...]:
    """Return all rules, with counting rules that a user documents.

    Parameters
    ----------
    documents : iterable of CountingRules
        The counting rules of reporters. They precede those that the library documents.

    Returns
    -------
    tuple of Rule
        Pass it as ``rules=`` to `check`, `compare` and the indicators.

    Examples
    --------
    >>> import thbstats as thb
    >>> from thbstats.records import CountingRules
    >>> rows = [("BE", 140), ("FR", 600)]
    >>> table = thb.CountTable.from_rows(
    ...     rows, columns=["area", "value"], kind="victims", period=2016, status="registered"
    ... )
    >>> belgium, france = (thb.total(table, area=area) for area, _ in rows)
    >>> known = [
    ...     CountingRules(about="victims", reporter=area, moment=moment, source="Their ministry")
    ...     for area, moment in (("BE", "referral"), ("FR", "first complaint"))
    ... ]
    >>> from thbstats.rules import compare
    >>> found = compare(belgium, france, rules=rules_with(known))
    >>> found.warnings.of("DEFINITION")[0].message
    'the counting rules of the two numbers differ: moment'
    """
    known = tuple(documents)
    return tuple(
        rule
        for module in _MODULES
        for rule in (
            module.documented_rules(known) if hasattr(module, "documented_rules") else module.RULES
        )
    )
