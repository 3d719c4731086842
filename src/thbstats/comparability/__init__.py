"""What a number may be compared with: rules, their thresholds, and those who apply them."""

from thbstats.comparability.emission import ThbstatsWarning, emit
from thbstats.comparability.judge import GATHERED, assess, compare
from thbstats.comparability.rule import Answers, Finding, Rule, beyond, each, each_pair
from thbstats.comparability.rules import ALL
from thbstats.comparability.thresholds import DEFAULTS, Thresholds

__all__ = [
    "ALL",
    "DEFAULTS",
    "GATHERED",
    "Answers",
    "Finding",
    "Rule",
    "ThbstatsWarning",
    "Thresholds",
    "assess",
    "beyond",
    "compare",
    "each",
    "each_pair",
    "emit",
]
