"""Panels of results."""

from thbstats.panel.context import (
    Contradiction,
    Excess,
    Inhabitants,
    Suppression,
    Suppressions,
    refuse_narrowing,
)
from thbstats.panel.kind import (
    Base,
    CountKind,
    ResultKind,
    Status,
    category_label,
    count_label,
    dimension_label,
    share_base,
)
from thbstats.panel.panel import LEVELS, Panel, panel_from_rows
from thbstats.panel.parts import Parts
from thbstats.panel.result import Result
from thbstats.panel.warning import (
    NOT_DOCUMENTED,
    ComparabilityWarning,
    Message,
    Outcome,
    Severity,
    Verdict,
    Warnings,
    not_documented,
    translate,
)

__all__ = [
    "LEVELS", "NOT_DOCUMENTED", "Base", "ComparabilityWarning", "Contradiction", "CountKind",
    "Excess", "Inhabitants", "Message", "Outcome", "Panel", "Parts", "Result", "ResultKind",
    "Severity", "Status", "Suppression", "Suppressions", "Verdict", "Warnings", "category_label",
    "count_label", "dimension_label", "not_documented", "panel_from_rows", "refuse_narrowing",
    "share_base", "translate",
]  # fmt: skip
