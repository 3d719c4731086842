"""What a number may be compared with: rules, their thresholds, and those who apply them."""

from thbstats.comparability.comparisons import Comparisons
from thbstats.comparability.documentation import documented
from thbstats.comparability.emission import ThbstatsWarning, emit
from thbstats.comparability.grid import compare_all
from thbstats.comparability.judge import assess, compare
from thbstats.comparability.keys import by_key, per_number
from thbstats.comparability.levels import Level
from thbstats.comparability.messages import messages
from thbstats.comparability.rule import (
    Answers,
    Finding,
    Rule,
    Weights,
    alike,
    beyond,
    each,
    each_pair,
    worst,
)
from thbstats.comparability.rules import ALL, rules_with
from thbstats.comparability.thresholds import DEFAULTS, Thresholds
from thbstats.results import GATHERED

__all__ = [
    "ALL",
    "DEFAULTS",
    "GATHERED",
    "Answers",
    "Comparisons",
    "Finding",
    "Level",
    "Rule",
    "ThbstatsWarning",
    "Thresholds",
    "Weights",
    "alike",
    "assess",
    "beyond",
    "by_key",
    "compare",
    "compare_all",
    "documented",
    "each",
    "each_pair",
    "emit",
    "messages",
    "per_number",
    "rules_with",
    "worst",
]
