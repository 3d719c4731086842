"""Comparison of releases of a statistic, and of sources with each other."""

from thbstats.releases.alignment import Alignment
from thbstats.releases.outcomes import Change, Pair
from thbstats.releases.patterns import Pattern
from thbstats.releases.reconciliation import Reconciliation, reconcile
from thbstats.releases.revision_set import Patterns, Revisions, revisions
from thbstats.releases.revision_table import RevisionTable

__all__ = [
    "Alignment",
    "Change",
    "Pair",
    "Pattern",
    "Patterns",
    "Reconciliation",
    "RevisionTable",
    "Revisions",
    "reconcile",
    "revisions",
]
