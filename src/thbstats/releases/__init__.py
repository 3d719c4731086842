"""Comparison of releases of a statistic, and of sources with each other."""

from thbstats.releases.outcomes import CellChange
from thbstats.releases.reconciliation import Reconciliation, reconcile
from thbstats.releases.revision_set import Revisions, revisions
from thbstats.releases.revision_table import RevisionTable

__all__ = ["CellChange", "Reconciliation", "RevisionTable", "Revisions", "reconcile", "revisions"]
