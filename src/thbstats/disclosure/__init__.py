"""Statistical disclosure control."""

from thbstats.disclosure.assumptions import Assumptions, DisclosureRisk
from thbstats.disclosure.attack import DifferenceAttack, difference
from thbstats.disclosure.audit import DisclosureAudit, disclosure_audit
from thbstats.disclosure.controlled_rounding import RoundedTable, round_controlled
from thbstats.disclosure.percentages import RoundedPercentages, round_percentages
from thbstats.disclosure.primary import (
    Confidential,
    PrimarySuppression,
    SuppressionCause,
    SuppressionRules,
    primary_suppression,
)
from thbstats.disclosure.suppressed_table import Exposure, SuppressedTable
from thbstats.disclosure.suppression import suppress

__all__ = [
    "Assumptions",
    "Confidential",
    "DifferenceAttack",
    "DisclosureAudit",
    "DisclosureRisk",
    "Exposure",
    "PrimarySuppression",
    "RoundedPercentages",
    "RoundedTable",
    "SuppressedTable",
    "SuppressionCause",
    "SuppressionRules",
    "difference",
    "disclosure_audit",
    "primary_suppression",
    "round_controlled",
    "round_percentages",
    "suppress",
]
