"""The arithmetic of official statistics on trafficking in human beings.

Everything public can be reached from here and is loaded on first use, so that
``import thbstats.formulas`` needs numpy alone.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from thbstats import formulas, plots, publications, sensitivity, sources
    from thbstats._version import __version__
    from thbstats.auditing import audit, audit_table
    from thbstats.bounds import Evidence, infer
    from thbstats.cases import CaseStore, count_cases
    from thbstats.claims import Claim, read_claims
    from thbstats.comparability import (
        Rule,
        ThbstatsWarning,
        Thresholds,
        assess,
        compare,
        compare_all,
        emit,
        rules_with,
    )
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
        conviction_to_prosecution,
        conviction_to_suspect,
        convictions_per_100_victims,
        decompose,
        funnel,
        granted_per_sought,
        growth,
        lagged_ratios,
        leave_out,
        prosecution_to_suspect,
        protection_per_100_victims,
        ranking,
        rate,
        residence_permits_per_100_victims,
        share,
        stage_ratio,
        stage_ratios,
        total,
    )
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
    from thbstats.results import Result, Results
    from thbstats.sources import read, read_population, write
    from thbstats.tables import CountTable, Dataset
    from thbstats.values import Count, Interval, Percent, Period, Reason, Rounding

_HOMES = {
    "_version": ["__version__"],
    "auditing": ["audit", "audit_table"],
    "bounds": ["Evidence", "infer"],
    "cases": ["CaseStore", "count_cases"],
    "claims": ["Claim", "read_claims"],
    "comparability": [
        "Rule",
        "ThbstatsWarning",
        "Thresholds",
        "assess",
        "compare",
        "compare_all",
        "emit",
        "rules_with",
    ],
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
        "conviction_to_prosecution",
        "conviction_to_suspect",
        "convictions_per_100_victims",
        "decompose",
        "funnel",
        "granted_per_sought",
        "growth",
        "lagged_ratios",
        "leave_out",
        "prosecution_to_suspect",
        "protection_per_100_victims",
        "ranking",
        "rate",
        "residence_permits_per_100_victims",
        "share",
        "stage_ratio",
        "stage_ratios",
        "total",
    ],
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
    "results": ["Result", "Results"],
    "sources": ["read", "read_population", "write"],
    "tables": ["CountTable", "Dataset"],
    "values": ["Count", "Interval", "Percent", "Period", "Reason", "Rounding"],
}
_HOME = {name: home for home, names in _HOMES.items() for name in names}
_MODULES = {"formulas", "plots", "publications", "sensitivity", "sources"}

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
    "Percent",
    "Period",
    "Population",
    "Populations",
    "ProtectionCount",
    "ReadReport",
    "Reading",
    "Reason",
    "Result",
    "Results",
    "Rounding",
    "Rule",
    "Source",
    "ThbstatsError",
    "ThbstatsWarning",
    "Thresholds",
    "VictimCount",
    "__version__",
    "assess",
    "agreement",
    "association",
    "audit",
    "audit_table",
    "breakdown",
    "change",
    "concentration",
    "compare",
    "compare_all",
    "conviction_to_prosecution",
    "conviction_to_suspect",
    "convictions_per_100_victims",
    "count_cases",
    "decompose",
    "emit",
    "exposure",
    "formulas",
    "from_json",
    "funnel",
    "granted_per_sought",
    "growth",
    "infer",
    "lagged_ratios",
    "leave_out",
    "parse_area",
    "plots",
    "prosecution_to_suspect",
    "protect",
    "protection_per_100_victims",
    "publications",
    "ranking",
    "rate",
    "read",
    "read_claims",
    "read_population",
    "report",
    "residence_permits_per_100_victims",
    "round_controlled",
    "round_percentages",
    "rules_with",
    "sensitivity",
    "share",
    "sources",
    "stage_ratio",
    "stage_ratios",
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
