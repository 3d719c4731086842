"""The JSON Schema of a report."""

from typing import Any

from thbstats.auditing import ClaimVerdict, WordVerdict
from thbstats.claims import ClaimKind, Subject
from thbstats.records import KINDS
from thbstats.reports.data import SCHEMA_VERSION
from thbstats.reports.shapes import (
    AMOUNT,
    ENDS,
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
from thbstats.results import Answer, Measure, Severity, Verdict

__all__ = ["audited_claim", "report_schema"]


def report_schema() -> dict[str, Any]:
    """Return the JSON Schema of what `report_data` returns.

    Returns
    -------
    dict
        In the 2020-12 dialect. It names every field that is always there; a reader should skip
        those that it does not know.

    Examples
    --------
    >>> report_schema()["properties"]["schema_version"]
    {'const': 1}

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
        omissions=listed(record("What could not be computed, and why.", id=TEXT, reason=TEXT)),
        tables=listed(record("The counts behind it.", kind=words(KINDS), rows=AMOUNT)),
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
                "What all other claims together say of it; exact numbers are texts.",
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
        "The publication, or of counts and results what they are called and where they are from.",
        id=TEXT,
        title=TEXT,
        document=TEXT,
        publisher=TEXT,
        published=optional({"type": "string", "format": "date"}),
        url=TEXT,
    )


def _indicator() -> Shape:
    shape = _result()
    fields = {"id": TEXT, "part": TEXT, "shown": TEXT, **shape["properties"], "claims": TEXTS}
    return record(shape["description"], **fields)


def _result() -> Shape:
    counted: Shape = {
        "type": "object",
        "required": ["kind"],
        "properties": {"kind": TEXT},
        "additionalProperties": TEXT,
    }
    return record(
        "A number: what it is of what, its ends, its base and its warnings.",
        indicator=TEXT,
        label=TEXT,
        measure=words(Measure),
        category=mapped(TEXT),
        estimand=TEXT,
        reported=optional(ENDS),
        bounds=ENDS,
        possible=ENDS,
        numerator=ENDS,
        denominator=ENDS,
        unknown=optional(ENDS),
        gap=optional(ENDS),
        raw=optional(ENDS),
        printed=optional(TEXT),
        sharp=TRUTH,
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
        hidden=optional(
            record(
                "The counts in it that the source hides.",
                cells=AMOUNT,
                areas=TEXTS,
                counts=ENDS,
                narrowed=TRUTH,
            )
        ),
        breaks=listed(record(area=TEXT, period=TEXT)),
        excess=optional(
            record(
                "Categories that count more than their total.",
                counted=ENDS,
                total=ENDS,
                areas=TEXTS,
                unexplained=TEXTS,
            )
        ),
        inhabitants=optional(record(area=TEXT, counted=TEXTS)),
        warnings=listed(_warning()),
    )


def _warning() -> Shape:
    return record(
        code=TEXT,
        severity=words(Severity),
        answer=words(Answer),
        scope=words(["number", "pair"]),
        message=TEXT,
        evidence=mapped(TEXT),
        mend=TEXT,
    )


def _comparison() -> Shape:
    return record(
        "The second number minus the first, named by their ids.",
        id=TEXT,
        first=TEXT,
        second=TEXT,
        as_printed=NUMBER,
        difference=optional(ENDS),
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
        severity=words(Severity),
        message=TEXT,
        evidence=mapped(TEXTS),
        mend=TEXT,
        applies_to=TEXTS,
    )


def _order() -> Shape:
    return record(
        "Countries in the order of their counts.",
        caption=TEXT,
        items=listed(_result()),
        ranks=listed(ENDS),
        ordered=TRUTH,
    )
