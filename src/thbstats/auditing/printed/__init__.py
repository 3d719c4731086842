"""Tables of printed percentages beside the counts that they are made from."""

from thbstats.auditing.printed.audited import AuditedFigure, AuditedGroup
from thbstats.auditing.printed.auditing import audit_table
from thbstats.auditing.printed.groups import Check
from thbstats.auditing.printed.members import MatchedSet
from thbstats.auditing.printed.table_audit import TableAudit

__all__ = ["AuditedFigure", "AuditedGroup", "Check", "MatchedSet", "TableAudit", "audit_table"]
