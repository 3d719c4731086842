"""Consistency checks of publications and of published percentages."""

from thbstats.auditing.claims_audit import audit
from thbstats.auditing.figure_checks import (
    Check,
    MatchedSet,
)
from thbstats.auditing.table_audit import AuditedFigure, AuditedGroup, TableAudit
from thbstats.auditing.verdicts import Audit, AuditedClaim, ClaimVerdict, ContradictionReason, Joint
from thbstats.claims import COMMON_FRACTIONS
from thbstats.claims.wording import Fit, WordVerdict, judge_wording

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
