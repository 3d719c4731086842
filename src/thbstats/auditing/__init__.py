"""Consistency checks of publications and of published percentages."""

from thbstats.auditing.audited_claims import Audit, AuditedClaim, ClaimVerdict, Joint
from thbstats.auditing.audits import audit
from thbstats.auditing.contradiction_reasons import ContradictionReason
from thbstats.auditing.published_tables import (
    AuditedFigure,
    AuditedGroup,
    Check,
    MatchedSet,
    TableAudit,
)
from thbstats.auditing.wording_fit import COMMON_FRACTIONS, Fit, WordVerdict, judge_wording

__all__ = [
    "COMMON_FRACTIONS",
    "Audit",
    "AuditedClaim",
    "AuditedFigure",
    "AuditedGroup",
    "Check",
    "ClaimVerdict",
    "ContradictionReason",
    "Fit",
    "Joint",
    "MatchedSet",
    "TableAudit",
    "WordVerdict",
    "audit",
    "judge_wording",
]
