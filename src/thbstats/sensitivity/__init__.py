"""Sensitivity of results."""

from thbstats.sensitivity.chance import ChanceInterval, binomial_interval, poisson_interval
from thbstats.sensitivity.decisiveness import DecisiveMembers, decisive_members
from thbstats.sensitivity.scenarios import extreme_scenarios

__all__ = [
    "ChanceInterval", "DecisiveMembers", "binomial_interval", "decisive_members",
    "extreme_scenarios", "poisson_interval",
]  # fmt: skip
