"""Comparison of releases of a statistic, and of sources with each other."""

from thbstats.releases.alignment import CellChange
from thbstats.releases.revision_set import (
    Reconciliation,
    Revisions,
    RevisionTable,
    reconcile,
    revisions,
)

__all__ = ["CellChange", "Reconciliation", "RevisionTable", "Revisions", "reconcile", "revisions"]
