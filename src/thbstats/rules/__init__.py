"""Comparability rules and comparisons."""

from thbstats.rules.comparisons import (
    Comparison,
    Comparisons,
    ThbstatsWarning,
    compare,
    compare_all,
    warn,
)
from thbstats.rules.documentation import documented
from thbstats.rules.families import ALL, rules_with
from thbstats.rules.judgement import NO_VALUE, apply_rules
from thbstats.rules.nearest import Nearest
from thbstats.rules.pairs import Pairs
from thbstats.rules.rule import (
    DEFAULTS,
    Level,
    Rule,
    Thresholds,
    WarningText,
    all_equal,
    at_most,
    outcomes,
    per_kind,
    worst_outcome,
)

__all__ = [
    "ALL", "DEFAULTS", "NO_VALUE", "Comparison", "Comparisons", "Level", "Nearest", "Pairs", "Rule",
    "ThbstatsWarning", "Thresholds", "WarningText", "all_equal", "apply_rules", "at_most",
    "compare", "compare_all", "documented", "outcomes", "per_kind", "rules_with", "warn",
    "worst_outcome",
]  # fmt: skip
