"""The audit in a report: findings in full, what arithmetic shows, and the rest in counts."""

import re
from collections.abc import Iterable, Iterator
from functools import partial

from thbstats.auditing import Audit, AuditedClaim, ClaimVerdict, WordVerdict
from thbstats.claims import Claim
from thbstats.display import Cell, Column, Group, Row, Sheet, Tone
from thbstats.reports.content import Content
from thbstats.reports.naming import names_of
from thbstats.reports.section import Section

__all__ = ["AUDIT", "doubts"]

_TONES = {
    ClaimVerdict.CONFIRMED: Tone.GOOD,
    ClaimVerdict.CONSISTENT: Tone.PLAIN,
    ClaimVerdict.CONTRADICTED: Tone.BAD,
    ClaimVerdict.CANNOT_TELL: Tone.MUTED,
}
_NUMBER = re.compile(r"(?:(?<!\w)[+\N{MINUS SIGN}])?\d+(?: \d{3})*(?:\.\d+)?(?: ?%)?")


def _blocks(content: Content) -> Iterator[str | Sheet]:
    """Yield counts by section of the text, each finding, and each claim on which arithmetic bears.

    Of the others how often they are of which sort.
    """
    if not content.audit:
        return
    shown = [item for item in content.audit if _has_arithmetic(item)]
    others = [item for item in content.audit if not _has_arithmetic(item)]
    yield (
        "Each figure, ranking, direction and qualifying word of the text is held against "
        "the other figures that it prints. A claim is confirmed where others give exactly the "
        "same, consistent where they allow it and could have forbidden it, contradicted where "
        "they forbid it. Where nothing printed bears on it, nobody can tell, which is no "
        "reproach."
    )
    yield from _findings(content)
    yield _by_section(content)
    yield from _arithmetic(content, shown)
    yield from _untold(others)


AUDIT = Section("audit", "What the text claims, held against itself", _blocks)
"""The audit of a publication."""


def doubts(item: AuditedClaim) -> list[str]:
    """Return what is wrong with a claim: its number, its words, and what is only odd."""
    doubtful = item.words is not None and item.words.verdict is WordVerdict.DOUBTFUL
    return [
        item.reason if item.verdict == ClaimVerdict.CONTRADICTED else "",
        item.words.reason if item.words is not None and doubtful else "",
        item.remark,
    ]


def _has_arithmetic(item: AuditedClaim) -> bool:
    return item.verdict != ClaimVerdict.CANNOT_TELL or item.claim.rounded is not None


def _findings(content: Content) -> Iterator[Sheet]:
    usual = content.report.area
    rows = [
        [
            item.claim.id,
            item.claim.section,
            _what(item.claim, usual),
            " ".join(filter(None, doubts(item))),
        ]
        for item in content.audit.findings
    ]
    if rows:
        yield Sheet(
            caption="Findings: what a reader should know",
            columns=["claim", "section", "as printed", "why"],
            rows=rows,
        )


def _by_section(content: Content) -> Sheet:
    audit = content.audit
    rows = []
    for section in content.report.sections:
        there = audit.where(partial(_stands_in, section))
        rows.append(Row([section, *_numbers(there)]))
    return Sheet(
        caption="Verdicts by section of the text",
        columns=[
            "section",
            *(Column(verdict.replace("_", " "), "right") for verdict in ClaimVerdict),
            Column("findings", "right"),
            Column("claims", "right"),
        ],
        rows=[*rows, Row(["all", *_numbers(audit)], total=True)],
    )


def _stands_in(section: str, item: AuditedClaim) -> bool:
    return item.claim.section == section


def _numbers(audit: Audit) -> list[str]:
    counts = [*audit.counts().values(), len(audit.findings), len(audit)]
    return [str(number) if number else "" for number in counts]


def _arithmetic(content: Content, shown: list[AuditedClaim]) -> Iterator[Sheet]:
    rows: list[Group | list[Cell]] = []
    for section in content.report.sections:
        there = [item for item in shown if item.claim.section == section]
        rows += [Group(_heading(item.claim)) for item in there[:1]]
        rows += [
            [
                Cell(_what(item.claim, content.report.area), title=item.claim.id),
                Cell(item.verdict.replace("_", " "), tone=_TONES[item.verdict]),
                Cell(item.reason),
            ]
            for item in there
        ]
    if rows:
        yield Sheet(
            caption="What arithmetic says of figures and rankings",
            columns=["as printed", "verdict", "the arithmetic"],
            rows=rows,
        )


def _heading(claim: Claim) -> str:
    return f"{claim.place[0].upper()}{claim.place[1:]}"


def _untold(others: Iterable[AuditedClaim]) -> Iterator[Sheet]:
    """Return how many claims share each reason for which nobody can tell, and where they are."""
    reasons: dict[str, list[Claim]] = {}
    for item in others:
        reasons.setdefault(_NUMBER.sub("a number", item.message), []).append(item.claim)
    rows = [
        [
            _with_figures(why, claims),
            str(len(claims)),
            ", ".join(dict.fromkeys(claim.section for claim in claims)),
        ]
        for why, claims in sorted(reasons.items(), key=lambda item: -len(item[1]))
    ]
    if rows:
        yield Sheet(
            caption="Claims of which nobody can tell",
            columns=["why", Column("claims", "right"), "sections"],
            rows=rows,
        )


def _with_figures(why: str, claims: Iterable[Claim]) -> str:
    figures = ", ".join(claim.printed for claim in claims if claim.printed)
    text = f"{why[:1].upper()}{why[1:]}"
    return f"{text} Printed: {figures}." if figures else text


def _what(claim: Claim, usual_area: str) -> str:
    """Return what a claim counts and what it prints of that."""
    codes = {name: code for name, code in claim.category.items() if claim.of.get(name) != code}
    whole = names_of({name: code for name, code in claim.of.items() if name != "area"})
    area = f" in {claim.area}" if claim.area not in ("", usual_area) else ""
    name = f"{names_of(codes) or claim.subject}{area}"
    if "area" in claim.of and not codes:
        name = claim.area
    words = f"\N{LEFT DOUBLE QUOTATION MARK}{claim.words}\N{RIGHT DOUBLE QUOTATION MARK}"
    printed = " ".join(filter(None, [claim.printed, words if claim.words else ""]))
    return f"{name}{f' of {whole}' if whole else ''}: {printed}"
