"""The arithmetic of official statistics on trafficking in human beings.

Everything public can be reached from here and is loaded on first use, so that
``import thbstats.formulas`` needs numpy alone.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from thbstats import (
        formulas,
        justice,
        plots,
        protection,
        publications,
        rules,
        sensitivity,
        sources,
    )
    from thbstats._version import __version__
    from thbstats.auditing import audit, audit_table
    from thbstats.bounds import Evidence, infer
    from thbstats.cases import CaseStore, count_cases
    from thbstats.claims import Claim, read_claims
    from thbstats.disclosure import exposure, protect, round_controlled, round_percentages
    from thbstats.errors import ThbstatsError
    from thbstats.exchange import Declaration, Limits, Reading, ReadReport
    from thbstats.geography import Area, parse_area
    from thbstats.indicators import (
        agreement,
        association,
        breakdown,
        change,
        concentration,
        decompose,
        leave_out,
        ranking,
        rate,
        ratio,
        share,
        total,
    )
    from thbstats.justice import conviction_to_prosecution
    from thbstats.panel import Panel, Result
    from thbstats.records import (
        CooperationCount,
        CountingRules,
        JusticeCount,
        Population,
        Populations,
        ProtectionCount,
        Source,
        VictimCount,
        from_json,
        to_json,
    )
    from thbstats.reports import report
    from thbstats.rules import Thresholds, check, compare, compare_all
    from thbstats.sources import read, read_population, write
    from thbstats.tables import CountTable, Dataset
    from thbstats.values import Count, Interval, Percent, Period, Reason, Rounding

_HOMES = {
    "_version": ["__version__"],
    "auditing": ["audit", "audit_table"],
    "bounds": ["Evidence", "infer"],
    "cases": ["CaseStore", "count_cases"],
    "claims": ["Claim", "read_claims"],
    "disclosure": ["exposure", "protect", "round_controlled", "round_percentages"],
    "errors": ["ThbstatsError"],
    "exchange": ["Declaration", "Limits", "ReadReport", "Reading"],
    "geography": ["Area", "parse_area"],
    "indicators": [
        "agreement",
        "association",
        "breakdown",
        "change",
        "concentration",
        "decompose",
        "leave_out",
        "ranking",
        "rate",
        "ratio",
        "share",
        "total",
    ],
    "justice": ["conviction_to_prosecution"],
    "panel": ["Panel", "Result"],
    "records": [
        "CooperationCount",
        "CountingRules",
        "JusticeCount",
        "Population",
        "Populations",
        "ProtectionCount",
        "Source",
        "VictimCount",
        "from_json",
        "to_json",
    ],
    "reports": ["report"],
    "rules": ["Thresholds", "check", "compare", "compare_all"],
    "sources": ["read", "read_population", "write"],
    "tables": ["CountTable", "Dataset"],
    "values": ["Count", "Interval", "Percent", "Period", "Reason", "Rounding"],
}
_HOME = {name: home for home, names in _HOMES.items() for name in names}
_MODULES = {
    "formulas",
    "justice",
    "plots",
    "protection",
    "publications",
    "rules",
    "sensitivity",
    "sources",
}

__all__ = [
    "Area",
    "CaseStore",
    "Claim",
    "CooperationCount",
    "Count",
    "CountTable",
    "CountingRules",
    "Dataset",
    "Declaration",
    "Evidence",
    "Interval",
    "JusticeCount",
    "Limits",
    "Panel",
    "Percent",
    "Period",
    "Population",
    "Populations",
    "ProtectionCount",
    "ReadReport",
    "Reading",
    "Reason",
    "Result",
    "Rounding",
    "Source",
    "ThbstatsError",
    "Thresholds",
    "VictimCount",
    "__version__",
    "agreement",
    "association",
    "audit",
    "audit_table",
    "breakdown",
    "change",
    "check",
    "compare",
    "compare_all",
    "concentration",
    "conviction_to_prosecution",
    "count_cases",
    "decompose",
    "exposure",
    "formulas",
    "from_json",
    "infer",
    "justice",
    "leave_out",
    "parse_area",
    "plots",
    "protect",
    "protection",
    "publications",
    "ranking",
    "rate",
    "ratio",
    "read",
    "read_claims",
    "read_population",
    "report",
    "round_controlled",
    "round_percentages",
    "rules",
    "sensitivity",
    "share",
    "sources",
    "to_json",
    "total",
    "write",
]


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return import_module(f"thbstats.{name}")
    if name in _HOME:
        return getattr(import_module(f"thbstats.{_HOME[name]}"), name)
    raise AttributeError(f"module 'thbstats' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
