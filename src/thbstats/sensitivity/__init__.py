"""Sensitivity of numbers: decisive countries, extreme scenarios, intervals of chance."""

from thbstats.sensitivity.chance import ChanceInterval, binomial_interval, poisson_interval
from thbstats.sensitivity.completions import scenarios
from thbstats.sensitivity.decisiveness import DecisiveMembers, decisive_members

__all__ = [
    "ChanceInterval", "DecisiveMembers", "binomial_interval", "decisive_members",
    "poisson_interval", "scenarios",
]  # fmt: skip
