"""Content of reports as plain data."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
from attrs import asdict

from thbstats._version import __version__
from thbstats.auditing import AuditedClaim
from thbstats.exchange import UnsupportedFeature
from thbstats.exchange.write_log import csv_bytes
from thbstats.panel.export import bounds_of
from thbstats.reports.content import Caution, Content, Indicator, Pair
from thbstats.reports.schema import SCHEMA_VERSION
from thbstats.reports.subject import Subject, content_of
from thbstats.tables.encoding import categorical
from thbstats.values import Interval

_BOUNDED = ("value", "bounds", "bounds_with_unknown", "numerator", "denominator")

COLUMNS = (
    *("part", "id", "section", "label", "kind", "area", "period", "coverage", "status"),
    *("base", "printed", "wording"),
    *(f"{name}_{side}" for name in _BOUNDED for side in ("lower", "upper")),
    *("verdict", "wording_verdict", "message", "warnings"),
)
"""The columns of the table. A cell is empty where a column does not apply, or without bound."""


def report_data(item: Subject | Content) -> dict[str, Any]:
    """Return the content of a report as plain data for JSON, as `report_schema` describes it.

    ``claims`` has every claim with its ``verdict``. Warnings and comparisons name indicators by
    their ``id``.

    Examples
    --------
    >>> import thbstats as thb
    >>> data = report_data(thb.publications.com_2018_777())
    >>> len(data["claims"])
    147
    """
    content = item if isinstance(item, Content) else content_of(item)
    report, audit = content.report, content.audit
    return {
        "schema_version": SCHEMA_VERSION,
        "thbstats": __version__,
        "of": content.of,
        "publication": {
            **{name: getattr(report, name) for name in ("id", "title", "document", "publisher")},
            "published": None if report.published is None else report.published.isoformat(),
            "url": report.url,
        },
        "indicators": [_indicator(content, indicator) for indicator in content.indicators],
        "comparisons": [_comparison(pair) for pair in content.pairs],
        "rankings": [
            {
                "claim": claim.id,
                "of": dict(claim.of),
                "area": claim.area,
                "period": str(claim.period),
                "ranks": list(claim.ranks),
            }
            for claim in content.rankings
        ],
        "claims": [_claim(audited) for audited in audit],
        "audit": {
            "counts": {str(name): number for name, number in audit.counts().items()},
            "issues": [audited.claim.id for audited in audit.issues],
        },
        "warnings": [_caution(caution) for caution in content.cautions],
        "limitations": [_caution(limitation) for limitation in content.limitations],
        "omissions": [asdict(omission) for omission in content.omissions],
        "tables": [{"kind": table.kind, "rows": len(table)} for table in content.data.tables()],
        "orders": [order.to_dict() for order in content.orders],
        "limits": list(content.limits),
    }


def _indicator(content: Content, item: Indicator) -> dict[str, Any]:
    return {
        "id": item.id,
        "part": item.part,
        "formatted": item.formatted,
        "coverage": item.coverage,
        "objections": item.objections(content.thresholds),
        **item.result.to_dict(),
        "claims": list(item.claims),
    }


def _comparison(pair: Pair) -> dict[str, Any]:
    return {
        "id": pair.id,
        "first": pair.first.id,
        "second": pair.second.id,
        "as_published": float(pair.difference.lower or 0),
        "difference": bounds_of(pair.comparison.difference),
        "formatted": pair.formatted,
        "verdict": str(pair.comparison.verdict),
        "warnings": list(pair.comparison.warnings.codes),
    }


def _claim(audited: AuditedClaim) -> dict[str, Any]:
    claim = audited.claim
    plain = ("base", "base_printed", "area", "direction", "at_least", "read_at", "note")
    return audited.to_dict() | {
        "subject": str(claim.subject),
        "category": dict(claim.category),
        "of": dict(claim.of),
        **{name: getattr(claim, name) for name in plain},
        "period": str(claim.period),
        "reporters": claim.n_reporters,
        "ranks": list(claim.ranks),
        "since": "" if claim.since is None else str(claim.since),
        "source_kind": str(claim.source_kind),
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


def report_rows(item: Subject | Content) -> list[dict[str, Any]]:
    """Return tidy rows with the keys `COLUMNS`: one for each indicator, comparison and claim.

    Shares and their differences are between 0 and 1.

    Examples
    --------
    >>> import thbstats as thb
    >>> rows = report_rows(thb.publications.com_2018_777())
    >>> sum(row["part"] == "claim" for row in rows)
    147
    """
    content = item if isinstance(item, Content) else content_of(item)
    rows: list[Mapping[str, Any]] = []
    for indicator in content.indicators:
        row = _indicator(content, indicator)
        has_base = row["base"]["rule"] != "none"
        bounds = {name: row[name] for name in _BOUNDED if has_base or name != "denominator"}
        row |= {"part": "indicator", "label": row["estimand"], "base": row["base"]["label"]}
        row["warnings"] = ", ".join(warning["code"] for warning in row["warnings"])
        rows.append(row | _bounds(bounds))
    for pair in content.pairs:
        first, second, data = pair.first.result, pair.second.result, _comparison(pair)
        row = {"part": "comparison", "kind": "difference", "id": pair.id}
        row |= {"label": f"{second.label}: {second.area} minus {first.area}"}
        row |= {"area": second.area.code, "period": str(second.period), "base": second.base.label}
        row |= {"verdict": data["verdict"], "warnings": ", ".join(data["warnings"])}
        bounds = {"value": bounds_of(pair.difference), "bounds": data["difference"]}
        rows.append(row | _bounds(bounds))
    for audited in content.audit:
        claim, row = audited.claim, {**_claim(audited), "part": "claim"}
        row["label"] = ", ".join(f"{name}={code}" for name, code in claim.category.items())
        row["message"] = " ".join(filter(None, [audited.message, audited.remark]))
        rows.append(row | _bounds({"value": bounds_of(_published(audited))}))
    return [{name: row.get(name) for name in COLUMNS} for row in rows]


def report_csv(
    item: Subject | Content, *, neutralise: bool = False
) -> tuple[str, tuple[UnsupportedFeature, ...]]:
    """Return the rows of `report_rows` as CSV, and its cells that a spreadsheet would run.

    Examples
    --------
    >>> import thbstats as thb
    >>> text, losses = report_csv(thb.publications.com_2018_777())
    >>> text[:8], losses
    ('part,id,', ())
    """
    rows = report_rows(item)
    frame = pd.DataFrame({name: _column([row[name] for row in rows]) for name in COLUMNS})
    written, losses = csv_bytes(frame, neutralise=neutralise)
    return written.decode(), tuple(losses)


def _column(cells: list[Any]) -> Any:
    """Return cells as the writer of CSV takes them: texts as categories."""
    if any(isinstance(cell, str) for cell in cells):
        return categorical(np.arange(len(cells)), cells)
    return pd.Series(cells, dtype=object)


def _bounds(numbers: Mapping[str, Any]) -> dict[str, Any]:
    return {
        f"{name}_{side}": None if number is None else number[side]
        for name, number in numbers.items()
        for side in ("lower", "upper")
    }


def _published(audited: AuditedClaim) -> Interval | None:
    claim = audited.claim
    if claim.percent is not None and claim.at_least:
        return Interval(claim.percent.lower, Fraction(1))
    if claim.rounded is not None:
        return claim.rounded.interval
    return None if claim.count is None else Interval.point(claim.count)
