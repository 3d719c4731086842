"""What a publication prints, held against itself."""

from thbstats.auditing.audited import Audit, AuditedClaim, ClaimVerdict, Joint
from thbstats.auditing.auditor import audit
from thbstats.auditing.difference import Difference
from thbstats.auditing.printed import (
    AuditedFigure,
    AuditedGroup,
    Check,
    MatchedSet,
    TableAudit,
    audit_table,
)
from thbstats.auditing.words import COMMON_FRACTIONS, Fit, WordVerdict, judge_wording

__all__ = [
    "COMMON_FRACTIONS",
    "Audit",
    "AuditedClaim",
    "AuditedFigure",
    "AuditedGroup",
    "Check",
    "ClaimVerdict",
    "Difference",
    "Fit",
    "Joint",
    "MatchedSet",
    "TableAudit",
    "WordVerdict",
    "audit",
    "audit_table",
    "judge_wording",
]
