"""The content of a report as plain data for JSON."""

from typing import Any

from thbstats._version import __version__
from thbstats.auditing import AuditedClaim
from thbstats.claims import Claim, Report
from thbstats.reports.caution import Caution
from thbstats.reports.comparisons import Pair
from thbstats.reports.content import Content
from thbstats.reports.indicators import Indicator
from thbstats.reports.subject import Subject, content_of

__all__ = ["SCHEMA_VERSION", "report_data"]

SCHEMA_VERSION = 2
"""The version of the document that `report_data` returns."""


def report_data(item: Subject | Content) -> dict[str, Any]:
    """Return the content of a report as plain data for JSON.

    Parameters
    ----------
    item : Report, CountTable, Dataset, Reading, Shown or Content
        As for `content_of`, or its return value.

    Returns
    -------
    dict
        ``schema_version``, ``thbstats``, ``of``, ``publication``, ``indicators``,
        ``comparisons``, ``rankings``, ``claims`` (every one, with its ``verdict``), ``audit``,
        ``warnings``, ``limitations``, ``omissions``, ``tables``, ``orders`` and ``limits``, as
        `report_schema` describes them. Warnings and comparisons name indicators by their ``id``.

    Examples
    --------
    >>> import thbstats as thb
    >>> data = report_data(thb.publications.com_2018_777())
    >>> len(data["claims"])
    141
    """
    content = item if isinstance(item, Content) else content_of(item)
    return {
        "schema_version": SCHEMA_VERSION,
        "thbstats": __version__,
        "of": content.of,
        "publication": _publication(content.report),
        "indicators": [_indicator(each, content) for each in content.indicators],
        "comparisons": [_comparison(pair) for pair in content.pairs],
        "rankings": [_ranking(claim) for claim in content.rankings],
        "claims": [_claim(audited) for audited in content.audit],
        "audit": {
            "counts": {str(name): number for name, number in content.audit.counts().items()},
            "findings": [found.claim.id for found in content.audit.findings],
        },
        "warnings": [_caution(caution) for caution in content.cautions],
        "limitations": [_caution(limitation) for limitation in content.limitations],
        "omissions": [{"id": each.id, "reason": each.reason} for each in content.omissions],
        "tables": [{"kind": table.kind, "rows": len(table)} for table in content.data.tables()],
        "orders": [order.to_dict() for order in content.orders],
        "limits": list(content.limits),
    }


def _publication(report: Report) -> dict[str, Any]:
    return {
        "id": report.id,
        "title": report.title,
        "document": report.document,
        "publisher": report.publisher,
        "published": None if report.published is None else report.published.isoformat(),
        "url": report.url,
    }


def _indicator(item: Indicator, content: Content) -> dict[str, Any]:
    return {
        "id": item.id,
        "part": item.part,
        "shown": item.shown,
        "coverage": item.coverage,
        "objections": item.objections(content.thresholds),
        **item.result.to_dict(),
        "claims": list(item.claims),
    }


def _comparison(pair: Pair) -> dict[str, Any]:
    found = pair.comparison.to_dict()
    return {
        "id": pair.id,
        "first": pair.first.id,
        "second": pair.second.id,
        "as_published": float(pair.difference.lower or 0),
        "difference": found["difference"],
        "shown": pair.shown,
        "verdict": found["verdict"],
        "warnings": list(pair.comparison.warnings.codes),
    }


def _ranking(claim: Claim) -> dict[str, Any]:
    return {
        "claim": claim.id,
        "of": dict(claim.of),
        "area": claim.area,
        "period": str(claim.period),
        "ranks": list(claim.ranks),
    }


def _claim(audited: AuditedClaim) -> dict[str, Any]:
    claim = audited.claim
    return audited.to_dict() | {
        "subject": str(claim.subject),
        "category": dict(claim.category),
        "of": dict(claim.of),
        "base": claim.base,
        "base_printed": claim.base_printed,
        "area": claim.area,
        "period": str(claim.period),
        "reporters": claim.n_reporters,
        "ranks": list(claim.ranks),
        "direction": claim.direction,
        "since": "" if claim.since is None else str(claim.since),
        "at_least": claim.at_least,
        "read_at": claim.read_at,
        "source_kind": str(claim.source_kind),
        "note": claim.note,
    }


def _caution(caution: Caution) -> dict[str, Any]:
    return {
        "code": caution.code,
        "title": caution.title,
        "severity": str(caution.severity),
        "message": caution.message,
        "evidence": {name: list(figures) for name, figures in caution.evidence},
        "hint": caution.hint,
        "applies_to": [number.id for number in caution.applies_to],
    }
