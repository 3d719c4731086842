"""What a number may be compared with: rules, their thresholds, and those who apply them."""

from thbstats.comparability.emission import ThbstatsWarning, emit
from thbstats.comparability.judge import assess, compare
from thbstats.comparability.keys import by_key, per_number
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
from thbstats.comparability.rules import ALL
from thbstats.comparability.thresholds import DEFAULTS, Thresholds
from thbstats.results import GATHERED

__all__ = [
    "ALL",
    "DEFAULTS",
    "GATHERED",
    "Answers",
    "Finding",
    "Rule",
    "ThbstatsWarning",
    "Thresholds",
    "Weights",
    "alike",
    "assess",
    "beyond",
    "by_key",
    "compare",
    "each",
    "each_pair",
    "emit",
    "per_number",
    "worst",
]
