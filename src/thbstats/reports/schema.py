"""The JSON Schema of a report."""

from typing import Any

from thbstats.auditing import ClaimVerdict, ContradictionReason, WordVerdict
from thbstats.claims import ClaimKind, Subject
from thbstats.panel import Outcome, ResultKind, Severity, Status, Verdict
from thbstats.panel.numbers import FRACTIONS
from thbstats.records import KINDS
from thbstats.reports.data import SCHEMA_VERSION
from thbstats.reports.shapes import (
    AMOUNT,
    BOUNDS,
    EXACT,
    NUMBER,
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

__all__ = ["audited_claim", "report_schema"]


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
    shape = record(
        thbstats=TEXT,
        of=words(["publication", "counts", "results"]),
        publication=_publication(),
        indicators=listed(_indicator()),
        comparisons=listed(_comparison()),
        rankings=listed(_ranking()),
        claims=listed(_claim()),
        audit=record(
            counts=record(**{str(verdict): AMOUNT for verdict in ClaimVerdict}), issues=TEXTS
        ),
        warnings=listed(_caution()),
        limitations=listed(_caution()),
        omissions=listed(
            record("A number that could not be computed, and the reason.", id=TEXT, reason=TEXT)
        ),
        tables=listed(record("A table of counts.", kind=words(KINDS), rows=AMOUNT)),
        orders=listed(_order()),
        limits=TEXTS,
    )
    return document("A report of thbstats", SCHEMA_VERSION, shape)


def audited_claim() -> Shape:
    """Return the shape of a claim with its verdict."""
    pair = {"type": "array", "items": optional(EXACT), "minItems": 2, "maxItems": 2}
    return record(
        **texts("id", "section", "paragraph", "printed", "wording", "message", "remark"),
        kind=words(ClaimKind),
        qualitative=TRUTH,
        verdict=words(ClaimVerdict),
        wording_verdict=optional(words(WordVerdict)),
        wording_message=optional(TEXT),
        publication=TEXT,
        against=TEXTS,
        differences=listed(words(ContradictionReason)),
        likely_reason=TEXT,
        revision=optional(TEXT),
        joint=optional(
            record(
                "The verdict of all other claims together; exact numbers are texts.",
                verdict=words(ClaimVerdict),
                message=TEXT,
                others=optional(pair),
                conflict=TEXTS,
                outer=TRUTH,
            )
        ),
    )


def _publication() -> Shape:
    return record(
        "The publication; for counts and results their title and source.",
        **texts("id", "title", "document", "publisher", "url"),
        published=optional({"type": "string", "format": "date"}),
    )


def _indicator() -> Shape:
    shape = _result()
    fields = texts("id", "part", "formatted", "coverage") | {"objections": TEXTS, "claims": TEXTS}
    return record(shape["description"], **fields, **shape["properties"])


def _result() -> Shape:
    counted: Shape = {
        "type": "object",
        "required": ["kind"],
        "properties": {"kind": TEXT},
        "additionalProperties": TEXT,
    }
    suppression = record(
        "The suppressed counts in it.", cells=AMOUNT, areas=TEXTS, counts=BOUNDS, narrowed=TRUTH
    )
    excess = record(
        "Categories that count more than their total.", counted=BOUNDS, total=BOUNDS, areas=TEXTS
    )
    return record(
        "A number with its bounds, denominator, status, warnings and limitations.",
        **texts("indicator", "label", "estimand", "area", "period", "flags"),
        **{name: optional(BOUNDS) for name in FRACTIONS},
        kind=words(ResultKind),
        category=mapped(TEXT),
        status=words(status.code for status in Status),
        printed=optional(TEXT),
        sharp=TRUTH,
        complete=TRUTH,
        base=record(**texts("rule", "label", "overlap"), dimension=TEXTS, within=mapped(TEXT)),
        numerator_kind=counted,
        denominator_kind=counted,
        reporters=optional(TEXTS),
        n_reporters=optional(AMOUNT),
        expected=optional(TEXTS),
        sources=TEXTS,
        suppression=optional(suppression),
        breaks=listed(record(**texts("area", "period"))),
        excess=optional(excess),
        contradictions=listed(record(**texts("area", "code", "text"))),
        inhabitants=optional(record(area=TEXT, counted=TEXTS)),
        warnings=listed(_warning()),
        limitations=listed(_warning()),
    )


def _warning() -> Shape:
    return record(
        **texts("code", "title", "message", "hint"),
        severity=words(Severity),
        outcome=words(Outcome),
        scope=words(["number", "pair"]),
        limitation=TRUTH,
        evidence=mapped(TEXT),
    )


def _comparison() -> Shape:
    return record(
        "The second number minus the first, named by their ids.",
        **texts("id", "first", "second", "formatted"),
        as_published=NUMBER,
        difference=optional(BOUNDS),
        verdict=words(Verdict),
        warnings=TEXTS,
    )


def _ranking() -> Shape:
    return record(
        "A published list.", **texts("claim", "area", "period"), of=mapped(TEXT), ranks=TEXTS
    )


def _claim() -> Shape:
    return record(
        **audited_claim()["properties"],
        **texts("base", "area", "period", "direction", "since", "read_at", "source_kind", "note"),
        subject=words(Subject),
        category=mapped(TEXT),
        of=mapped(TEXT),
        base_printed=TRUTH,
        reporters=optional(AMOUNT),
        ranks=TEXTS,
        at_least=TRUTH,
    )


def _caution() -> Shape:
    return record(
        "A warning or limitation with the ids of its numbers and comparisons.",
        **texts("code", "title", "message", "hint"),
        severity=words(Severity),
        evidence=mapped(TEXTS),
        applies_to=TEXTS,
    )


def _order() -> Shape:
    return record(
        "Countries in the order of their counts.",
        caption=TEXT,
        limitations=listed(_warning()),
        items=listed(_result()),
        ranks=listed(BOUNDS),
        ordered=TRUTH,
    )
