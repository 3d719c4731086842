"""Consistency checks of a publication."""

import re
from collections.abc import Iterable, Iterator
from functools import partial

from thbstats.auditing import Audit, AuditedClaim, ClaimVerdict
from thbstats.claims import Claim
from thbstats.display import Cell, Column, DisplayTable, Group, Row, Tone
from thbstats.reports.content import Content
from thbstats.reports.issues import issue_texts
from thbstats.reports.naming import names_of
from thbstats.reports.section import Section

__all__ = ["CHECKS"]

_TONES = {"confirmed": Tone.GOOD, "contradicted": Tone.BAD, "consistent": Tone.PLAIN}
_NUMBER = re.compile(r"(?:(?<!\w)[+\N{MINUS SIGN}])?\d+(?:,\d{3})*(?:\.\d+)?(?: ?%)?")


def _blocks(content: Content) -> Iterator[str | DisplayTable]:
    """Yield issues, verdicts by section, numeric claims, and the number of other claims."""
    audit = content.audit
    if not audit:
        return
    yield (
        "Each figure, ranking, direction and qualifying word is compared with the other figures "
        "of the publication. A claim is confirmed if they give the same value, consistent if they "
        "allow it, and contradicted if they exclude it. A claim is not assessable if no other "
        "published figure relates to it. This is not a criticism of the publication."
    )
    findings = [
        [
            item.claim.id,
            item.claim.section,
            _printed(item.claim, content.report.area),
            " ".join(issue_texts(item)),
        ]
        for item in audit.issues
    ]
    if findings:
        yield DisplayTable(
            caption="Issues",
            columns=["Claim", "Section", "Published", "Issue"],
            rows=findings,
        )
    yield _by_section(content)
    formatted = [item for item in audit if _is_assessable(item)]
    if formatted:
        yield _arithmetic(content, formatted)
    others = [item for item in audit if not _is_assessable(item)]
    if others:
        yield _not_assessable(others)


CHECKS = Section("checks", "Consistency checks", _blocks, annex=True)
"""The verdict on each claim of a publication."""


def _is_assessable(item: AuditedClaim) -> bool:
    return str(item.verdict) in _TONES or bool(item.claim.rounded or item.claim.rate)


def _by_section(content: Content) -> DisplayTable:
    audit = content.audit
    rows = [
        Row([section, *_numbers(audit.where(partial(_is_in, section)))])
        for section in _sections(content)
    ]
    return DisplayTable(
        caption="Verdicts by section of the text",
        columns=[
            "Section",
            *(Column(verdict.replace("_", " ").capitalize(), "right") for verdict in ClaimVerdict),
            Column("Issues", "right"),
            Column("Claims", "right"),
        ],
        rows=[*rows, Row(["All", *_numbers(audit)], total=True)],
    )


def _sections(content: Content) -> Iterable[str]:
    """Return the sections of the text, of each publication where there are several."""
    return dict.fromkeys(item.claim.section for item in content.audit)


def _is_in(section: str, item: AuditedClaim) -> bool:
    return item.claim.section == section


def _numbers(audit: Audit) -> list[str]:
    counts = [*audit.counts().values(), len(audit.issues), len(audit)]
    return [str(number) if number else "" for number in counts]


def _arithmetic(content: Content, formatted: list[AuditedClaim]) -> DisplayTable:
    rows: list[Group | list[Cell]] = []
    for section in _sections(content):
        there = [item for item in formatted if item.claim.section == section]
        place = there[0].claim.location if there else ""
        rows += [Group(f"{place[:1].upper()}{place[1:]}")] if there else []
        rows += [
            [
                Cell(_printed(item.claim, content.report.area), title=item.claim.id),
                Cell(
                    item.verdict.replace("_", " "),
                    tone=_TONES.get(str(item.verdict), Tone.MUTED),
                ),
                Cell(item.reason),
            ]
            for item in there
        ]
    return DisplayTable(
        caption="Results of the consistency checks",
        columns=["Published", "Verdict", "Arithmetic"],
        rows=rows,
    )


def _not_assessable(others: Iterable[AuditedClaim]) -> DisplayTable:
    """Return the number of claims, and their sections, for each reason."""
    reasons: dict[str, list[Claim]] = {}
    for item in others:
        reasons.setdefault(_NUMBER.sub("a number", item.message), []).append(item.claim)
    rows = []
    for reason, claims in sorted(reasons.items(), key=lambda item: -len(item[1])):
        figures = ", ".join(claim.printed for claim in claims if claim.printed)
        text = f"{reason[:1].upper()}{reason[1:]}"
        sections = ", ".join(dict.fromkeys(claim.section for claim in claims))
        text += f" Published: {figures}." if figures else ""
        rows.append([text, str(len(claims)), sections])
    return DisplayTable(
        caption="Claims that could not be checked",
        columns=["Reason", Column("Claims", "right"), "Sections"],
        rows=rows,
    )


def _printed(claim: Claim, usual_area: str) -> str:
    """Return the category of a claim and its published figure."""
    codes = {name: code for name, code in claim.category.items() if claim.of.get(name) != code}
    whole = names_of({name: code for name, code in claim.of.items() if name != "area"})
    area = f" in {claim.area}" if claim.area not in ("", usual_area) else ""
    name = f"{names_of(codes) or claim.subject}{area}"
    if "area" in claim.of and not codes:
        name = claim.area
    words = f"\N{LEFT DOUBLE QUOTATION MARK}{claim.wording}\N{RIGHT DOUBLE QUOTATION MARK}"
    printed = " ".join(filter(None, [claim.printed, words if claim.wording else ""]))
    return f"{name}{f' of {whole}' if whole else ''}: {printed}"
