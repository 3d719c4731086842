"""Statistical disclosure control."""

from thbstats.disclosure.assumptions import Assumptions
from thbstats.disclosure.audit import (
    DifferenceAttack,
    DisclosureAudit,
    difference,
    disclosure_audit,
)
from thbstats.disclosure.controlled_rounding import (
    RoundedPercentages,
    RoundedTable,
    round_controlled,
    round_percentages,
)
from thbstats.disclosure.lattice import DisclosureRisk
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
