"""Comparison of releases of a statistic, and comparison of sources."""

from thbstats.releases.alignment import CellChange
from thbstats.releases.revision_set import (
    Reconciliation,
    Revisions,
    RevisionTable,
    reconcile,
    revisions,
)

__all__ = ["CellChange", "Reconciliation", "RevisionTable", "Revisions", "reconcile", "revisions"]
