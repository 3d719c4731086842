"""Content of reports as plain data with a JSON Schema, and as tidy rows.

A record has one table of fields, with the type of each field and the place of its value.
"""

from collections.abc import Callable, Mapping
from copy import deepcopy
from datetime import date
from enum import Enum
from fractions import Fraction
from functools import cache
from operator import attrgetter
from typing import Any

import numpy as np
import pandas as pd

from thbstats import _schemas
from thbstats._schemas import Schema, array, attributes, optional, record, words
from thbstats._version import __version__
from thbstats.auditing import AuditedClaim, ClaimVerdict, Joint, WordVerdict
from thbstats.claims import Claim, Publication
from thbstats.files import UnsupportedFeature
from thbstats.files.reading import csv_bytes
from thbstats.panel import Verdict
from thbstats.panel.result import WARNING_SCHEMA, bounds_of, result_schema
from thbstats.records import KINDS
from thbstats.reports.content import Caution, Content, Indicator, Omission
from thbstats.reports.reservations import reservations_of
from thbstats.reports.subject import Subject, content_of
from thbstats.tables.encoding import categorical
from thbstats.values import Interval, Period

SCHEMA_VERSION = 2
"""The version of the document that `report_data` returns."""

_BOUNDED = ("value", "bounds", "bounds_with_unknown", "numerator", "denominator")

COLUMNS = (
    *("part", "id", "section", "label", "kind", "area", "period", "coverage", "status"),
    *("base", "printed", "wording"),
    *(f"{name}_{side}" for name in _BOUNDED for side in ("lower", "upper")),
    *("verdict", "wording_verdict", "message", "warnings"),
)
"""The columns of the table. A cell is empty where a column does not apply, or without bound."""

Value = str | Callable[[Any], Any]
"""The path of an attribute, or a function of an object."""

Fields = Mapping[str, tuple[Any, Value]]
"""The type and the value of each field of a record."""


def fields_of(kind: type, *names: str, **own: Any) -> Fields:
    """Return fields that are attributes of an attrs class; `own` types replace its types."""
    known = attributes(kind) | own
    return {name: (known[name], name) for name in names or known}


def plain(item: object, fields: Fields) -> dict[str, Any]:
    """Return the fields of an object as plain data."""
    data = {}
    for name, (_, path) in fields.items():
        value = _value(item, path)
        match value:
            case Interval():
                value = bounds_of(value)
            case Enum() | Period():
                value = str(value)
            case date():
                value = value.isoformat()
            case Mapping():
                value = dict(value)
            case tuple():
                value = list(value)
        data[name] = value
    return data


def _value(item: object, value: Value) -> Any:
    return attrgetter(value)(item) if isinstance(value, str) else value(item)


def shape_of(description: str, fields: Fields) -> Schema:
    """Return the schema of a record."""
    return record(description, {name: kind for name, (kind, _) in fields.items()})


def _records(value: Value, description: str, fields: Fields) -> tuple[Any, Value]:
    """Return a field that is a list of records."""
    rows = array(shape_of(description, fields))
    return rows, lambda item: [plain(row, fields) for row in _value(item, value)]


_CODES = dict[str, str]
_PUBLICATION = fields_of(Publication, "id", "title", "document", "publisher", "published", "url")
_COMPARISON: Fields = {
    "id": (str, "id"),
    "first": (str, "first.id"),
    "second": (str, "second.id"),
    "as_published": (float, lambda pair: float(pair.difference.lower or 0)),
    "difference": (Interval | None, "comparison.difference"),
    "formatted": (str, "formatted"),
    "verdict": (Verdict, "comparison.verdict"),
    "warnings": (list[str], "comparison.warnings.codes"),
}
_CLAIM: Fields = {
    **fields_of(Claim, "subject", "category", "of", category=_CODES, of=_CODES),
    **fields_of(Claim, "base", "base_printed", "area", "direction", "at_least", base_printed=bool),
    **fields_of(Claim, "read_at", "note", "period", read_at=str),
    "reporters": (int | None, "n_reporters"),
    "ranks": (list[str], "ranks"),
    "since": (str, lambda claim: "" if claim.since is None else str(claim.since)),
    "source_kind": (str, "source_kind"),
}
_CAUTION: Fields = {
    **fields_of(Caution, "code", "title", "severity", "message", message=str),
    "evidence": (
        attributes(Caution, "evidence")["evidence"],
        lambda item: {name: list(figures) for name, figures in item.evidence},
    ),
    **fields_of(Caution, "hint"),
    "applies_to": (list[str], lambda item: [number.id for number in item.applies_to]),
}
_OF_CAUTIONS = "A warning or limitation with the ids of its numbers and comparisons."


def audited_claim_fields() -> dict[str, Any]:
    """Return the types of the fields of a claim with its verdict."""
    joint = record(
        "The verdict of all other claims together; exact numbers are texts.",
        attributes(Joint, "verdict", "message"),
        others=optional(array(Fraction | None, 2)),
        conflict=list[str],
        outer=bool,
    )
    return {
        **attributes(Claim, "id", "section", "paragraph", "printed", "wording"),
        **attributes(AuditedClaim, "message", "remark"),
        **attributes(Claim, "kind"),
        "qualitative": bool,
        **attributes(AuditedClaim, "verdict"),
        "wording_verdict": WordVerdict | None,
        "wording_message": str | None,
        **attributes(AuditedClaim, "publication"),
        "against": list[str],
        **attributes(AuditedClaim, "differences", "likely_reason"),
        "revision": str | None,
        "joint": optional(joint),
    }


def _indicator(content: Content, item: Indicator) -> dict[str, Any]:
    return {
        **{name: getattr(item, name) for name in ("id", "part", "formatted", "coverage")},
        "objections": item.objections(content.thresholds),
        "reservations": reservations_of(item),
        **item.result.to_dict(),
        "claims": list(item.claims),
    }


def _claim(audited: AuditedClaim) -> dict[str, Any]:
    return audited.to_dict() | plain(audited.claim, _CLAIM)


@cache
def _report() -> Fields:
    """Return the fields of a report."""
    texts = dict.fromkeys(("id", "part", "formatted", "coverage"), str)
    lists = dict.fromkeys(("objections", "reservations", "claims"), list[str])
    indicator = result_schema(**texts, **lists)
    claim = {name: kind for name, (kind, _) in _CLAIM.items()}
    counts = record("", dict.fromkeys(map(str, ClaimVerdict), int))
    order = record(
        "Countries in the order of their counts.",
        caption=str,
        limitations=array(WARNING_SCHEMA),
        items=array(result_schema()),
        ranks=list[Interval],
        ordered=bool,
    )
    return {
        "thbstats": (str, lambda _content: __version__),
        **fields_of(Content, "of"),
        "publication": (
            shape_of(
                "The publication; for counts and results their title and source.", _PUBLICATION
            ),
            lambda content: plain(content.report, _PUBLICATION),
        ),
        "indicators": (
            array(indicator),
            lambda content: [_indicator(content, item) for item in content.indicators],
        ),
        "comparisons": _records(
            "pairs", "The second number minus the first, named by their ids.", _COMPARISON
        ),
        "rankings": _records(
            "rankings",
            "A published list.",
            {"claim": (str, "id"), **fields_of(Claim, "of", "area", "period", "ranks", of=_CODES)},
        ),
        "claims": (
            array(record("", audited_claim_fields(), claim)),
            lambda content: list(map(_claim, content.audit)),
        ),
        "audit": (
            record("", counts=counts, issues=list[str]),
            lambda content: {
                "counts": {str(name): n for name, n in content.audit.counts().items()},
                "issues": [audited.claim.id for audited in content.audit.issues],
            },
        ),
        "warnings": _records("cautions", _OF_CAUTIONS, _CAUTION),
        "limitations": _records("limitations", _OF_CAUTIONS, _CAUTION),
        "omissions": _records(
            "omissions", "A number that could not be computed, and the reason.", fields_of(Omission)
        ),
        "tables": _records(
            lambda content: content.data.tables(),
            "A table of counts.",
            {"kind": (words(KINDS), "kind"), "rows": (int, len)},
        ),
        "orders": (array(order), lambda content: [own.to_dict() for own in content.orders]),
        "limits": (list[str], "limits"),
    }


def report_schema() -> dict[str, Any]:
    """Return the JSON Schema of the return value of `report_data`.

    Returns
    -------
    dict
        In the 2020-12 dialect, with every field that is always present. A reader should skip
        other fields.

    Examples
    --------
    >>> report_schema()["properties"]["schema_version"]
    {'const': 2}

    References
    ----------
    JSON Schema, draft 2020-12.
    """
    types = {name: kind for name, (kind, _) in _report().items()}
    # The fields stay unchanged if a caller changes the schema.
    return deepcopy(_schemas.document("A report of thbstats", SCHEMA_VERSION, types))


def report_data(item: Subject | Content) -> dict[str, Any]:
    """Return the content of a report as plain data for JSON, as `report_schema` describes it."""
    content = item if isinstance(item, Content) else content_of(item)
    return {"schema_version": SCHEMA_VERSION, **plain(content, _report())}


def report_rows(item: Subject | Content) -> list[dict[str, Any]]:
    """Return tidy rows with the keys `COLUMNS`: one for each indicator, comparison and claim.

    Shares and their differences are between 0 and 1.
    """
    content = item if isinstance(item, Content) else content_of(item)
    rows: list[dict[str, Any]] = []
    for indicator in content.indicators:
        row = _indicator(content, indicator)
        has_base = row["base"]["rule"] != "none"
        bounds = {name: row[name] for name in _BOUNDED if has_base or name != "denominator"}
        row |= {"part": "indicator", "label": row["estimand"], "base": row["base"]["label"]}
        row["warnings"] = ", ".join(warning["code"] for warning in row["warnings"])
        rows.append(row | _bounds(bounds))
    for pair in content.pairs:
        first, second, data = pair.first.result, pair.second.result, plain(pair, _COMPARISON)
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
        published = None if claim.count is None else Interval.point(claim.count)
        if claim.percent is not None and claim.at_least:
            published = Interval(claim.percent.lower, Fraction(1))
        elif claim.rounded is not None:
            published = claim.rounded.interval
        rows.append(row | _bounds({"value": bounds_of(published)}))
    return [{name: row.get(name) for name in COLUMNS} for row in rows]


def report_csv(
    item: Subject | Content, *, neutralise: bool = False
) -> tuple[str, tuple[UnsupportedFeature, ...]]:
    """Return the rows of `report_rows` as CSV, and the cells that a spreadsheet would run."""
    rows = report_rows(item)
    columns: dict[str, Any] = {}
    for name in COLUMNS:
        cells = [row[name] for row in rows]
        columns[name] = pd.Series(cells, dtype=object)
        if any(isinstance(cell, str) for cell in cells):  # the writer takes texts as categories
            columns[name] = categorical(np.arange(len(cells)), cells)
    written, losses = csv_bytes(pd.DataFrame(columns), neutralise=neutralise)
    return written.decode(), tuple(losses)


def _bounds(numbers: Mapping[str, Any]) -> dict[str, Any]:
    return {
        f"{name}_{side}": None if number is None else number[side]
        for name, number in numbers.items()
        for side in ("lower", "upper")
    }
