"""Ratios of criminal justice."""

from thbstats.indicators.justice import (
    conviction_to_prosecution,
    conviction_to_suspect,
    convictions_per_100_victims,
    funnel,
    prosecution_to_suspect,
)

__all__ = [
    "conviction_to_prosecution",
    "conviction_to_suspect",
    "convictions_per_100_victims",
    "funnel",
    "prosecution_to_suspect",
]
