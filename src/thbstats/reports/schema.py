"""The JSON Schema of a report."""

from fractions import Fraction
from typing import Any

from thbstats._schemas import (
    Schema,
    array,
    attributes,
    document,
    optional,
    record,
    schema_of,
    words,
)
from thbstats.auditing import AuditedClaim, ClaimVerdict, Joint, WordVerdict
from thbstats.claims import Claim, Publication
from thbstats.panel import Base, ComparabilityWarning, ResultKind, Status, Verdict
from thbstats.panel.context import Contradiction, Excess, Suppression
from thbstats.panel.numbers import FRACTIONS
from thbstats.records import KINDS
from thbstats.reports.content import Caution, Content, Omission
from thbstats.values import Interval

SCHEMA_VERSION = 2
"""The version of the document that `report_data` returns."""


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
    return document(
        "A report of thbstats",
        SCHEMA_VERSION,
        {
            "thbstats": str,
            **attributes(Content, "of"),
            "publication": record(
                "The publication; for counts and results their title and source.",
                attributes(Publication, "id", "title", "document", "publisher", "url", "published"),
            ),
            "indicators": array(_indicator_schema()),
            "comparisons": array(
                record(
                    "The second number minus the first, named by their ids.",
                    dict.fromkeys(("id", "first", "second", "formatted"), str),
                    as_published=float,
                    difference=Interval | None,
                    verdict=Verdict,
                    warnings=list[str],
                )
            ),
            "rankings": array(
                record(
                    "A published list.",
                    {"claim": str, **attributes(Claim, "area", "period"), "of": dict[str, str]},
                    attributes(Claim, "ranks"),
                )
            ),
            "claims": array(_claim_schema()),
            "audit": record(
                "", counts=record("", dict.fromkeys(map(str, ClaimVerdict), int)), issues=list[str]
            ),
            "warnings": array(_caution_schema()),
            "limitations": array(_caution_schema()),
            "omissions": array(
                record("A number that could not be computed, and the reason.", attributes(Omission))
            ),
            "tables": array(record("A table of counts.", kind=words(KINDS), rows=int)),
            "orders": array(
                record(
                    "Countries in the order of their counts.",
                    caption=str,
                    limitations=array(_warning_schema()),
                    items=array(_result_schema()),
                    ranks=list[Interval],
                    ordered=bool,
                )
            ),
            "limits": list[str],
        },
    )


def _result_schema(**own: Any) -> Schema:
    """Return the schema of a number with own fields first."""
    counted = record("", kind=str) | {"additionalProperties": schema_of(str)}
    texts = ("indicator", "label", "estimand", "area", "period", "flags")
    return record(
        "A number with its bounds, denominator, status, warnings and limitations.",
        own,
        dict.fromkeys(texts, str),
        dict.fromkeys(FRACTIONS, Interval | None),
        kind=ResultKind,
        category=dict[str, str],
        status=words(status.code for status in Status),
        printed=str | None,
        sharp=bool,
        complete=bool,
        base=record(
            "",
            attributes(Base, "rule", "label"),
            {"overlap": str},
            attributes(Base, "dimension", "within"),
        ),
        numerator_kind=counted,
        denominator_kind=counted,
        reporters=list[str] | None,
        n_reporters=int | None,
        expected=list[str] | None,
        sources=list[str],
        suppression=optional(record("The suppressed counts in it.", attributes(Suppression))),
        breaks=array(record("", area=str, period=str)),
        excess=optional(record("Categories that count more than their total.", attributes(Excess))),
        contradictions=list[Contradiction],
        inhabitants=optional(record("", area=str, counted=list[str])),
        warnings=array(_warning_schema()),
        limitations=array(_warning_schema()),
    )


def _indicator_schema() -> Schema:
    texts = dict.fromkeys(("id", "part", "formatted", "coverage"), str)
    return _result_schema(**texts, objections=list[str], claims=list[str])


def _warning_schema() -> Schema:
    return record(
        "",
        attributes(ComparabilityWarning, "code", "title", "message", "hint"),
        attributes(ComparabilityWarning, "severity", "outcome", "scope"),
        {"limitation": bool},
        attributes(ComparabilityWarning, "evidence"),
    )


def _caution_schema() -> Schema:
    return record(
        "A warning or limitation with the ids of its numbers and comparisons.",
        {"code": str, "title": str, "message": str},
        attributes(Caution, "hint", "severity", "evidence"),
        applies_to=list[str],
    )


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


def _claim_schema() -> Schema:
    texts = dict.fromkeys(("since", "read_at", "source_kind", "note"), str)
    return record(
        "",
        audited_claim_fields(),
        attributes(Claim, "base", "area", "period", "direction"),
        texts,
        attributes(Claim, "subject"),
        category=dict[str, str],
        of=dict[str, str],
        base_printed=bool,
        reporters=int | None,
        ranks=list[str],
        at_least=bool,
    )
