"""Panels of results."""

from thbstats.panel.context import (
    Contradiction,
    ContradictoryCounts,
    Excess,
    Inhabitants,
    Suppression,
    Suppressions,
    refuse_narrowing,
)
from thbstats.panel.frame_fields import FrameField, PanelSchema
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
from thbstats.panel.result import Result, panel_schema
from thbstats.panel.warning import (
    NOT_DOCUMENTED,
    ComparabilityWarning,
    Outcome,
    Severity,
    Verdict,
    Warnings,
    not_documented,
)

__all__ = [
    "LEVELS", "NOT_DOCUMENTED", "Base", "ComparabilityWarning", "Contradiction",
    "ContradictoryCounts", "CountKind", "Excess", "FrameField", "Inhabitants", "Outcome", "Panel",
    "PanelSchema", "Parts", "Result", "ResultKind", "Severity", "Status", "Suppression",
    "Suppressions", "Verdict", "Warnings", "category_label", "count_label", "dimension_label",
    "not_documented", "panel_from_rows", "panel_schema", "refuse_narrowing", "share_base",
]  # fmt: skip
