"""Derived dimensions: age at an event, and group of a citizenship."""

from thbstats.cases.derived.ages import AgeAt
from thbstats.cases.derived.citizenship import CitizenshipGroupAt

__all__ = ["AgeAt", "CitizenshipGroupAt"]
