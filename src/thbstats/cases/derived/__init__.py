"""Dimensions that follow from other columns: the age at an event, the group of a citizenship."""

from thbstats.cases.derived.ages import AgeAt
from thbstats.cases.derived.citizenship import CitizenshipGroupAt

__all__ = ["AgeAt", "CitizenshipGroupAt"]
