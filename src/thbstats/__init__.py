"""The arithmetic of official statistics on trafficking in human beings.

Public names are loaded on first use: ``import thbstats.formulas`` needs numpy alone.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from thbstats import (
        claims,
        collection,
        disclosure,
        formulas,
        justice,
        lists,
        metadata,
        metrics,
        plots,
        protection,
        publications,
        records,
        rules,
        sensitivity,
        sources,
        testing,
    )
    from thbstats._version import __version__
    from thbstats.auditing import audit
    from thbstats.bounds import infer
    from thbstats.cases import count_cases
    from thbstats.comparison_pages import compare_publications
    from thbstats.errors import ThbstatsError
    from thbstats.explanations import explain
    from thbstats.files import Declaration
    from thbstats.geography import Area
    from thbstats.indicators import (
        association,
        breakdown,
        change,
        concentration,
        decompose,
        flows,
        leave_out,
        ranking,
        rate,
        ratio,
        share,
        total,
    )
    from thbstats.justice import conviction_to_prosecution
    from thbstats.panel import Panel, Result
    from thbstats.records import Source
    from thbstats.releases import reconcile, revisions
    from thbstats.reports import report
    from thbstats.rules import Thresholds, apply_rules, compare, compare_all
    from thbstats.sources import read, suggest, write
    from thbstats.tables import CountTable, Dataset
    from thbstats.values import Count, Interval, Percent, Period, Reason
    from thbstats.vocabulary import Classification

_HOMES = {
    "_version": "__version__",
    "auditing": "audit",
    "bounds": "infer",
    "cases": "count_cases",
    "comparison_pages": "compare_publications",
    "errors": "ThbstatsError",
    "files": "Declaration",
    "explanations": "explain",
    "geography": "Area",
    "indicators": (
        "association breakdown change concentration decompose flows leave_out ranking rate ratio "
        "share total"
    ),
    "justice": "conviction_to_prosecution",
    "panel": "Panel Result",
    "records": "Source",
    "releases": "reconcile revisions",
    "reports": "report",
    "rules": "Thresholds apply_rules compare compare_all",
    "sources": "read suggest write",
    "tables": "CountTable Dataset",
    "values": "Count Interval Percent Period Reason",
    "vocabulary": "Classification",
}
_HOME = {name: home for home, names in _HOMES.items() for name in names.split()}
_NAMESPACES = {
    "claims", "collection", "disclosure", "formulas", "justice", "lists", "metadata", "metrics",
    "plots", "protection", "publications", "records", "rules", "sensitivity", "sources", "testing",
}  # fmt: skip
# Documented packages whose names are needed less often: `dir` does not list them.
_PACKAGES = {
    "auditing", "bounds", "cases", "geography", "indicators", "panel", "releases", "tables",
    "values",
}  # fmt: skip

__all__ = [
    "Area", "Classification", "Count", "CountTable", "Dataset", "Declaration", "Interval", "Panel",
    "Percent", "Period", "Reason", "Result", "Source", "ThbstatsError", "Thresholds", "__version__",
    "apply_rules", "association", "audit", "breakdown", "change", "claims", "collection", "compare",
    "compare_all", "compare_publications", "concentration", "conviction_to_prosecution",
    "count_cases", "decompose", "disclosure", "explain", "flows", "formulas", "infer", "justice",
    "leave_out", "lists", "metadata", "metrics", "plots", "protection", "publications", "ranking",
    "rate", "ratio", "read", "reconcile", "records", "report", "revisions", "rules", "sensitivity",
    "share", "sources", "suggest", "testing", "total", "write",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name in _NAMESPACES or name in _PACKAGES:
        return import_module(f"thbstats.{name}")
    if name in _HOME:
        return getattr(import_module(f"thbstats.{_HOME[name]}"), name)
    from thbstats.errors import did_you_mean

    homes = {"suppress": "disclosure.suppress", "crosstab": "CountTable.crosstab"}
    similar = did_you_mean(name, __all__) if name not in homes else f"Use {homes[name]!r}"
    hint = f". {similar}" if similar.startswith(("Did", "Use 'dis")) else ""
    raise AttributeError(f"module 'thbstats' has no attribute {name!r}{hint}")


def __dir__() -> list[str]:
    return sorted(__all__)
