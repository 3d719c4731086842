"""Panels: numbers in columns, from the counts of a table to a result."""

from thbstats.panel.build import panel_of_rows
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
    category_label,
    dimension_label,
    share_base,
)
from thbstats.panel.panel import LEVELS, Panel
from thbstats.panel.parts import Parts
from thbstats.panel.result import Result
from thbstats.panel.status import Status
from thbstats.panel.warning import (
    GATHERED,
    ComparabilityWarning,
    Message,
    Outcome,
    Severity,
    Verdict,
    Warnings,
    not_documented,
    translated,
)

__all__ = [
    "GATHERED",
    "LEVELS",
    "Base",
    "ComparabilityWarning",
    "Contradiction",
    "CountKind",
    "Excess",
    "Inhabitants",
    "Message",
    "Outcome",
    "Panel",
    "Parts",
    "Result",
    "ResultKind",
    "Severity",
    "Status",
    "Suppression",
    "Suppressions",
    "Verdict",
    "Warnings",
    "category_label",
    "dimension_label",
    "not_documented",
    "panel_of_rows",
    "refuse_narrowing",
    "share_base",
    "translated",
]
