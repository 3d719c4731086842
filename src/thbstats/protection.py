"""Ratios of protection measures."""

from thbstats.indicators.protection import (
    grant_rate,
    protection_per_100_victims,
    residence_permits_per_100_victims,
)

__all__ = ["grant_rate", "protection_per_100_victims", "residence_permits_per_100_victims"]
