"""Tables of printed percentages beside the counts that they are made from."""

from thbstats.auditing.printed.audited import AuditedFigure, AuditedGroup, TableAudit
from thbstats.auditing.printed.groups import Check
from thbstats.auditing.printed.members import MatchedSet
from thbstats.auditing.printed.table import audit_table

__all__ = ["AuditedFigure", "AuditedGroup", "Check", "MatchedSet", "TableAudit", "audit_table"]
