"""Audit of tables of published percentages."""

from thbstats.auditing.published_tables.audited_rows import AuditedFigure, AuditedGroup
from thbstats.auditing.published_tables.groups import Check
from thbstats.auditing.published_tables.members import MatchedSet
from thbstats.auditing.published_tables.percentages_audit import audit_percentages
from thbstats.auditing.published_tables.table_audit import TableAudit

__all__ = [
    "AuditedFigure",
    "AuditedGroup",
    "Check",
    "MatchedSet",
    "TableAudit",
    "audit_percentages",
]
