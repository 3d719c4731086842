"""The comparability rules, one group of rule families in each file."""

from collections.abc import Iterable

from thbstats.errors import require
from thbstats.records import CountingRules
from thbstats.rules.catalogue import rule_of
from thbstats.rules.families import (
    attributes,
    categories,
    country_coverage,
    denominators,
    periods,
    published_figures,
    sources,
)
from thbstats.rules.rule import Rule

__all__ = ["ALL", "rules_with"]

LIBRARY_RULES = (
    *(*attributes.RULES, *categories.RULES, *country_coverage.RULES),
    *(*denominators.RULES, *published_figures.RULES, *periods.RULES, *sources.RULES),
)

_ORDER = (
    *("BASE", "UNIT", "DEFINITION", "COVERAGE", "AREA_COMPOSITION", "PERIOD", "BREAK", "STATUS"),
    *("REGISTERING_BODY", "AGE", "CLASSIFICATION", "OFFENCE", "COHORT", "STAGE_ORDER", "UNKNOWN"),
    *("DOMINANCE", "SMALL_DENOMINATOR", "PRECISION", "SUPPRESSED", "CONTRADICTED", "DISCLOSURE"),
    *("ADDITIVITY", "MULTIPLE_RESPONSE", "DOUBLE_COUNTING", "OBSERVATION_FLAG", "VINTAGE"),
    *("SOURCE", "DETECTED_ONLY", "LIST_DEPENDENCE", "MODEL_DEPENDENCE"),
)
"""The order of the warnings of a number or pair."""


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

    Raises
    ------
    InvalidValue
        If an item is not a record of counting rules.

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
    >>> found.warnings.select("DEFINITION")[0].message
    'the counting rules of the two numbers differ: moment'
    """
    hint = "Use thbstats.records.CountingRules(about='victims', reporter='BE', ...)"
    problem = "`documents` must contain counting rules"
    require(isinstance(documents, Iterable), problem, hint, documents=type(documents))
    known = tuple(documents)
    for own in known:
        require(isinstance(own, CountingRules), problem, hint, documents=type(own))
    rules = sorted(
        LIBRARY_RULES, key=lambda rule: (_ORDER.index(rule.key.partition(".")[0]), rule.key)
    )
    return tuple(rule_of(rule, known) for rule in rules)


ALL = rules_with(())
"""Every rule of the library. All are used unless ``rules=`` selects some."""
