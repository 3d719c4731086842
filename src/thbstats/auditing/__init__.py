"""What a publication prints, held against itself."""

from thbstats.auditing.audited import Audit, AuditedClaim, ClaimVerdict
from thbstats.auditing.auditor import audit
from thbstats.auditing.words import COMMON_FRACTIONS, Fit, WordVerdict, judge_words

__all__ = [
    "COMMON_FRACTIONS",
    "Audit",
    "AuditedClaim",
    "ClaimVerdict",
    "Fit",
    "WordVerdict",
    "audit",
    "judge_words",
]
