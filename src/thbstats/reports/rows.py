"""The content of a report as one tidy table for CSV."""

import csv
import io
from fractions import Fraction
from typing import Any

from thbstats.auditing import AuditedClaim
from thbstats.reports.comparisons import Pair
from thbstats.reports.content import Content
from thbstats.reports.indicators import Indicator
from thbstats.reports.subject import Subject, content_of
from thbstats.values import Interval

__all__ = ["COLUMNS", "report_csv", "report_rows"]

_BOUNDED = ("value", "bounds", "bounds_with_unknown", "numerator", "denominator")

COLUMNS = (
    "part",
    "id",
    "section",
    "label",
    "kind",
    "area",
    "period",
    "coverage",
    "status",
    "base",
    "printed",
    "words",
    *(f"{name}_{side}" for name in _BOUNDED for side in ("lower", "upper")),
    "verdict",
    "words_verdict",
    "message",
    "warnings",
)
"""The columns of the table. A cell is empty where a column does not apply, or without bound."""


def report_rows(item: Subject | Content) -> list[dict[str, Any]]:
    """Return tidy rows: one for each indicator, comparison and claim.

    Parameters
    ----------
    item : Report, CountTable, Dataset, Reading, Shown or Content
        As for `content_of`, or its return value.

    Returns
    -------
    list of dict
        With the keys `COLUMNS`; ``part`` is ``indicator``, ``comparison`` or ``claim``. Shares
        and their differences are between 0 and 1.

    Examples
    --------
    >>> import thbstats as thb
    >>> rows = report_rows(thb.publications.com_2018_777())
    >>> sum(row["part"] == "claim" for row in rows)
    141
    """
    content = item if isinstance(item, Content) else content_of(item)
    found = [
        *map(_of_indicator, content.indicators),
        *map(_of_pair, content.pairs),
        *map(_of_claim, content.audit),
    ]
    return [{name: row.get(name) for name in COLUMNS} for row in found]


def report_csv(item: Subject | Content) -> str:
    """Return the rows of `report_rows` as CSV, with a heading line.

    Parameters
    ----------
    item : Report, CountTable, Dataset, Reading, Shown or Content
        As for `content_of`, or its return value.

    Returns
    -------
    str
        Lines that end in a line feed; decimal points; empty for a missing value.

    Examples
    --------
    >>> import thbstats as thb
    >>> report_csv(thb.publications.com_2018_777()).splitlines()[0][:22]
    'part,id,section,label,'
    """
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(report_rows(item))
    return text.getvalue()


def _of_indicator(item: Indicator) -> dict[str, Any]:
    result = item.result
    bounds: dict[str, Any] = {}
    for name in _BOUNDED:
        if name != "denominator" or result.base.rule != "none":
            bounds |= _bounds(name, getattr(result, name))
    return {
        "part": "indicator",
        "id": item.id,
        "label": result.estimand,
        "kind": str(result.kind),
        "area": result.area.code,
        "period": str(result.period),
        "coverage": item.coverage,
        "status": result.status.code,
        "base": result.base.label,
        "printed": "" if result.printed is None else result.printed.printed,
        "warnings": ", ".join(result.warnings.codes),
        **bounds,
    }


def _of_pair(pair: Pair) -> dict[str, Any]:
    first, second, compared = pair.first.result, pair.second.result, pair.comparison
    return {
        "part": "comparison",
        "id": pair.id,
        "label": f"{second.label}: {second.area} minus {first.area}",
        "kind": "difference",
        "area": second.area.code,
        "period": str(second.period),
        "base": second.base.label,
        "verdict": str(compared.verdict),
        "warnings": ", ".join(compared.warnings.codes),
        **_bounds("value", pair.difference),
        **_bounds("bounds", compared.difference),
    }


def _of_claim(audited: AuditedClaim) -> dict[str, Any]:
    claim, words = audited.claim, audited.words
    return {
        "part": "claim",
        "id": claim.id,
        "section": claim.section,
        "label": ", ".join(f"{name}={code}" for name, code in claim.category.items()),
        "kind": str(claim.kind),
        "area": claim.area,
        "period": str(claim.period),
        "base": claim.base,
        "printed": claim.printed,
        "words": claim.words,
        "verdict": str(audited.verdict),
        "words_verdict": "" if words is None else str(words.verdict),
        "message": " ".join(filter(None, [audited.message, audited.remark])),
        **_bounds("value", _printed(audited)),
    }


def _printed(audited: AuditedClaim) -> Interval | None:
    claim = audited.claim
    if claim.percent is not None and claim.at_least:
        return Interval(claim.percent.lower, 1)
    if claim.rounded is not None:
        return claim.rounded.interval
    return None if claim.count is None else Interval.point(claim.count)


def _bounds(name: str, interval: Interval | None) -> dict[str, Any]:
    if interval is None:
        return {}
    return {f"{name}_lower": _plain(interval.lower), f"{name}_upper": _plain(interval.upper)}


def _plain(end: int | Fraction | None) -> int | float | None:
    return end if end is None or isinstance(end, int) else float(end)
