"""Comparison of releases of a statistic, and of sources with each other."""

from thbstats.releases.alignment import CellChange
from thbstats.releases.reconciliation import Reconciliation, reconcile
from thbstats.releases.revision_set import Revisions, RevisionTable, revisions

__all__ = ["CellChange", "Reconciliation", "RevisionTable", "Revisions", "reconcile", "revisions"]
