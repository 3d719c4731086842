"""The JSON Schema of a report."""

from typing import Any

from thbstats.auditing import ClaimVerdict, WordVerdict
from thbstats.claims import ClaimKind, Subject
from thbstats.panel import Outcome, ResultKind, Severity, Status, Verdict
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
            counts=record(**{str(verdict): AMOUNT for verdict in ClaimVerdict}), findings=TEXTS
        ),
        warnings=listed(_caution()),
        limitations=listed(_caution()),
        omissions=listed(record("A number that could not be computed, and the reason.", id=TEXT, reason=TEXT)),
        tables=listed(record("A table of counts.", kind=words(KINDS), rows=AMOUNT)),
        orders=listed(_order()),
        limits=TEXTS,
    )
    return document("A report of thbstats", SCHEMA_VERSION, shape)


def audited_claim() -> Shape:
    """Return the shape of a claim with its verdict."""
    return record(
        id=TEXT,
        section=TEXT,
        paragraph=TEXT,
        kind=words(ClaimKind),
        printed=TEXT,
        words=TEXT,
        verdict=words(ClaimVerdict),
        message=TEXT,
        remark=TEXT,
        words_verdict=optional(words(WordVerdict)),
        words_message=optional(TEXT),
        joint=optional(
            record(
                "The verdict of all other claims together; exact numbers are texts.",
                verdict=words(ClaimVerdict),
                message=TEXT,
                others=optional(
                    {"type": "array", "items": optional(EXACT), "minItems": 2, "maxItems": 2}
                ),
                conflict=TEXTS,
                narrows=optional(EXACT),
            )
        ),
    )


def _publication() -> Shape:
    return record(
        "The publication; for counts and results their title and source.",
        id=TEXT,
        title=TEXT,
        document=TEXT,
        publisher=TEXT,
        published=optional({"type": "string", "format": "date"}),
        url=TEXT,
    )


def _indicator() -> Shape:
    shape = _result()
    fields = {"id": TEXT, "part": TEXT, "shown": TEXT, "coverage": TEXT, "objections": TEXTS}
    fields |= {**shape["properties"], "claims": TEXTS}
    return record(shape["description"], **fields)


def _result() -> Shape:
    counted: Shape = {
        "type": "object",
        "required": ["kind"],
        "properties": {"kind": TEXT},
        "additionalProperties": TEXT,
    }
    return record(
        "A number with its bounds, denominator, status, warnings and limitations.",
        indicator=TEXT,
        label=TEXT,
        kind=words(ResultKind),
        category=mapped(TEXT),
        estimand=TEXT,
        status=words(status.code for status in Status),
        value=optional(BOUNDS),
        bounds=optional(BOUNDS),
        bounds_with_unknown=optional(BOUNDS),
        numerator=optional(BOUNDS),
        denominator=optional(BOUNDS),
        unknown=optional(BOUNDS),
        gap=optional(BOUNDS),
        raw=optional(BOUNDS),
        printed=optional(TEXT),
        sharp=TRUTH,
        complete=TRUTH,
        base=record(rule=TEXT, label=TEXT, dimension=TEXTS, within=mapped(TEXT), overlap=TEXT),
        counted=counted,
        against=counted,
        area=TEXT,
        period=TEXT,
        reporters=optional(TEXTS),
        n_reporters=optional(AMOUNT),
        expected=optional(TEXTS),
        flags=TEXT,
        sources=TEXTS,
        suppression=optional(
            record(
                "The suppressed counts in it.",
                cells=AMOUNT,
                areas=TEXTS,
                counts=BOUNDS,
                narrowed=TRUTH,
            )
        ),
        breaks=listed(record(area=TEXT, period=TEXT)),
        excess=optional(
            record(
                "Categories that count more than their total.",
                counted=BOUNDS,
                total=BOUNDS,
                areas=TEXTS,
            )
        ),
        contradictions=listed(record(area=TEXT, code=TEXT, text=TEXT)),
        inhabitants=optional(record(area=TEXT, counted=TEXTS)),
        warnings=listed(_warning()),
        limitations=listed(_warning()),
    )


def _warning() -> Shape:
    return record(
        code=TEXT,
        title=TEXT,
        severity=words(Severity),
        outcome=words(Outcome),
        scope=words(["number", "pair"]),
        limitation=TRUTH,
        message=TEXT,
        evidence=mapped(TEXT),
        hint=TEXT,
    )


def _comparison() -> Shape:
    return record(
        "The second number minus the first, named by their ids.",
        id=TEXT,
        first=TEXT,
        second=TEXT,
        as_published=NUMBER,
        difference=optional(BOUNDS),
        shown=TEXT,
        verdict=words(Verdict),
        warnings=TEXTS,
    )


def _ranking() -> Shape:
    return record(
        "A list as printed.", claim=TEXT, of=mapped(TEXT), area=TEXT, period=TEXT, ranks=TEXTS
    )


def _claim() -> Shape:
    audited = audited_claim()["properties"]
    return record(
        **audited,
        subject=words(Subject),
        category=mapped(TEXT),
        of=mapped(TEXT),
        base=TEXT,
        base_printed=TRUTH,
        area=TEXT,
        period=TEXT,
        reporters=optional(AMOUNT),
        ranks=TEXTS,
        direction=TEXT,
        since=TEXT,
        at_least=TRUTH,
        read_at=TEXT,
        source_kind=TEXT,
        note=TEXT,
    )


def _caution() -> Shape:
    return record(
        "A warning with the ids of all numbers and comparisons to which it applies.",
        code=TEXT,
        title=TEXT,
        severity=words(Severity),
        message=TEXT,
        evidence=mapped(TEXTS),
        hint=TEXT,
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
