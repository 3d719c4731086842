"""What commands print as JSON, as JSON Schema."""

from collections.abc import Callable, Mapping
from typing import Any

from thbstats.auditing import ClaimVerdict
from thbstats.auditing.published_tables.figures import KINDS
from thbstats.cli.output import SCHEMA_VERSION
from thbstats.exchange.schemas import json_schema
from thbstats.reports import report_schema
from thbstats.reports.schema import audited_claim
from thbstats.reports.shapes import (
    AMOUNT,
    DIALECT,
    EXACT,
    TEXT,
    TEXTS,
    TRUTH,
    Shape,
    document,
    listed,
    mapped,
    optional,
    record,
    texts,
    words,
)

__all__ = ["SCHEMAS"]


def _audit() -> dict[str, Any]:
    of_claims = document(
        "Of a publication",
        SCHEMA_VERSION,
        record(
            title=TEXT,
            publications=TEXTS,
            claims=listed(audited_claim()),
            not_shown=AMOUNT,
            assumptions=TEXTS,
            conflicts=listed(TEXTS),
            left_open=TEXTS,
        ),
    )
    del of_claims["$schema"]
    of_table = {"title": "Of a table of percentages", **listed({"oneOf": [_figure(), _group()]})}
    return {"$schema": DIALECT, "title": "An audit of thbstats", "oneOf": [of_claims, of_table]}


def _figure() -> Shape:
    ends = {"type": "array", "items": optional(AMOUNT), "minItems": 2, "maxItems": 2}
    return record(
        "A row of the table.",
        id=TEXT,
        kind=words(KINDS),
        printed=TEXT,
        verdict=words(ClaimVerdict),
        message=TEXT,
        numerator=ends,
        denominator=ends,
        roundings=TEXTS,
        bases=TEXTS,
        tried=TEXTS,
        matched=TEXTS,
        matched_tried=TEXTS,
        problem=TEXT,
    )


def _group() -> Shape:
    return record(
        "Check of a group of rows.",
        id=TEXT,
        kind={"const": "group"},
        verdict=words(ClaimVerdict),
        message=TEXT,
    )


def _check() -> dict[str, Any]:
    problem = record(
        "What is wrong, and where; the path is a JSON Pointer, lines and columns count from 1.",
        file=TEXT,
        line=optional(AMOUNT),
        column=optional(AMOUNT),
        path=TEXT,
        record=optional(TEXT),
        field=optional(TEXT),
        value=optional(TEXT),
        **texts("problem", "hint", "message"),
    )
    shape = record(file=TEXT, claims=AMOUNT, problems=listed(problem))
    return document("A claims file checked by thbstats", SCHEMA_VERSION, shape)


def _infer() -> dict[str, Any]:
    cells = optional(mapped(AMOUNT))
    shape = record(
        "Shares are exact: integers, or fractions as texts.",
        **texts("title", "label"),
        category=mapped(TEXT),
        **texts("area", "period"),
        is_informative=TRUTH,
        lower=optional(EXACT),
        upper=optional(EXACT),
        lower_table=cells,
        upper_table=cells,
        assumptions=TEXTS,
        claims=TEXTS,
        rejected=mapped(TEXT),
        warnings=TEXTS,
        cells=mapped(mapped(TEXT)),
    )
    return document("A number inferred by thbstats", SCHEMA_VERSION, shape)


def _read() -> dict[str, Any]:
    problem = record(
        "A problem in the rows of a file, with every line and every text.",
        code=TEXT,
        used=TRUTH,
        column=TEXT,
        rows=AMOUNT,
        **texts("message", "hint"),
        lines=listed(AMOUNT),
        examples=TEXTS,
        texts=mapped(AMOUNT),
        suggestions=mapped(TEXT),
    )
    shape = record(
        **texts("name", "format", "recognised", "noun"),
        read=AMOUNT,
        used=AMOUNT,
        shared=AMOUNT,
        rejected=AMOUNT,
        problems=listed(problem),
        notes=TEXTS,
    )
    return document("A file read by thbstats", SCHEMA_VERSION, shape)


def _publications() -> dict[str, Any]:
    one = record(
        **texts("id", "title", "document", "publisher"),
        published=optional({"type": "string", "format": "date"}),
        url=TEXT,
        claims=AMOUNT,
    )
    return document(
        "The publications of thbstats", SCHEMA_VERSION, record(publications=listed(one))
    )


def _formats() -> dict[str, Any]:
    one = record(
        name=TEXT, label=TEXT, written=TRUTH, extensions=TEXTS, contents=TEXT, specification=TEXT
    )
    return document("The formats of thbstats", SCHEMA_VERSION, record(formats=listed(one)))


SCHEMAS: Mapping[str, Callable[[], dict[str, Any]]] = {
    "audit": _audit,
    "claims-check": _check,
    "count": json_schema,
    "formats": _formats,
    "infer": _infer,
    "publications": _publications,
    "read": _read,
    "report": report_schema,
}
"""The schema of each command that prints JSON."""
