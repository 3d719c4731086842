"""The sections of a report, and those on data and checks."""

import re
from collections import Counter
from collections.abc import Iterator

from thbstats.auditing import AuditedClaim
from thbstats.claims import Claim
from thbstats.display import Bullets, Cell, Column, DisplayTable, Group, Tone, count
from thbstats.languages import capitalised, joined
from thbstats.panel.names import KIND_TITLES, grouped
from thbstats.reports.chart import share_chart
from thbstats.reports.content import Content
from thbstats.reports.issues import (
    claim_name,
    data_issues,
    figure,
    further_issues,
    issue_texts,
    publication_issues,
)
from thbstats.reports.notes import codes, notes_by_figure
from thbstats.reports.refusals import refused
from thbstats.reports.reservations import details, reserved, safe
from thbstats.reports.section import Section, report_section
from thbstats.reports.side_by_side import areas, countries, coverage, full_countries, full_coverage

_REASONS = {
    "zero": "zero",
    "known": "known and not zero",
    "fewer_than": "published as fewer than a number",
    "suppressed": "suppressed",
    "conflicting": "several values in one source",
    "not_reported": "not reported",
    "breakdown_not_reported": "category not reported",
    "not_applicable": "not applicable",
}
_TONES = {"confirmed": Tone.GOOD, "contradicted": Tone.BAD, "consistent": Tone.PLAIN}
_NUMBER = re.compile(r"(?:(?<!\w)[+\N{MINUS SIGN}])?\d+(?:,\d{3})*(?:\.\d+)?(?: ?%)?")


@report_section("missing", "Missing counts", "counts")
def missing(content: Content) -> Iterator[str]:
    """Yield the number of zero, missing and suppressed counts."""
    for table in content.data.tables():
        frame = table.to_frame()
        zero = (frame["value"] == 0).fillna(False)
        numbers = Counter(frame["reason"].astype(str).where(~zero, "zero"))
        texts = [
            f"{count(numbers[name])} {text}" for name, text in _REASONS.items() if numbers[name]
        ]
        if texts:
            yield f"{KIND_TITLES.get(table.kind, table.kind)}: {joined(texts)}."


@report_section("results", "Details", "results")
def results(content: Content) -> Iterator[DisplayTable]:
    """Yield the tables of results."""
    return (item.display_table() for item in content.formatted)


@report_section("omissions", "Not in this report")
def omissions(content: Content) -> Iterator[Bullets | DisplayTable]:
    """Yield the data without figures here, and the numbers without a value with the reason."""
    if content.limits:
        yield Bullets(content.limits)
    if content.omissions:
        yield DisplayTable(
            caption="Numbers without a value",
            columns=["Number", "Reason"],
            rows=[[item.name or item.id, item.reason] for item in content.omissions],
        )


@report_section("file", "File", "counts", annex=True)
def file(content: Content) -> Iterator[DisplayTable]:
    """Yield the log of the file that was read."""
    return (item.display_table() for item in content.formatted)


@report_section("tables", "Counts", "counts", annex=True)
def tables(content: Content) -> Iterator[DisplayTable]:
    """Yield the first rows of each table."""
    return (table.display_table() for table in content.data.tables() if len(table))


@report_section("checks", "Consistency checks", annex=True)
def checks(content: Content) -> Iterator[str | DisplayTable]:
    """Yield issues, verdicts by section, checked claims, and the number of other claims."""
    audit = content.audit
    if not audit:
        return
    yield (
        "Each figure, ranking, direction and qualifying word is compared with the other figures "
        "of the publication. A claim is confirmed if they give the same value, consistent if they "
        "allow it, and contradicted if they exclude it. A claim is not assessable if no other "
        "published figure relates to it. This is not a criticism of the publication."
    )
    issues = [
        [item.claim.id, item.claim.section, _printed(item.claim), " ".join(issue_texts(item))]
        for item in audit.issues
    ]
    if issues:
        columns = ["Claim", "Section", "Published", "Issue"]
        yield DisplayTable(caption="Issues", columns=columns, rows=issues)
    rows: list[Group | list[Cell]] = []
    for group in grouped(audit, lambda item: item.claim.section):
        checked = list(filter(_is_assessable, group))
        rows += [Group(capitalised(checked[0].claim.location))] if checked else []
        for item in checked:
            name = Cell(_printed(item.claim), title=item.claim.id)
            tone = _TONES.get(str(item.verdict), Tone.MUTED)
            verdict = Cell(item.verdict.replace("_", " "), tone=tone)
            rows.append([name, verdict, Cell(item.reason)])
    if rows:
        columns = ["Published", "Verdict", "Arithmetic"]
        yield DisplayTable(caption="Results of the consistency checks", columns=columns, rows=rows)
    others = [item for item in audit if not _is_assessable(item)]
    reasons = []
    for group in sorted(grouped(others, _reason), key=len, reverse=True):
        figures = ", ".join(item.claim.printed for item in group if item.claim.printed)
        published = f" Published: {figures}." if figures else ""
        listed = ", ".join(dict.fromkeys(item.claim.section for item in group))
        text = f"{capitalised(_reason(group[0]))}{published}"
        reasons.append([text, str(len(group)), listed])
    if reasons:
        yield DisplayTable(
            caption="Claims that could not be checked",
            columns=["Reason", Column("Claims", "right"), "Sections"],
            rows=reasons,
        )


def _is_assessable(item: AuditedClaim) -> bool:
    return str(item.verdict) in _TONES or bool(item.claim.rounded or item.claim.rate)


def _reason(item: AuditedClaim) -> str:
    """Return the reason why a claim is not assessable, without its figures."""
    return _NUMBER.sub("a number", item.message)


def _printed(claim: Claim) -> str:
    """Return what a claim counts and its published figure."""
    words = f"\N{LEFT DOUBLE QUOTATION MARK}{claim.wording}\N{RIGHT DOUBLE QUOTATION MARK}"
    printed = " ".join(filter(None, [figure(claim), words if claim.wording else ""]))
    return f"{claim_name(claim)}: {printed}"


DEFAULT_SECTIONS: tuple[Section, ...] = (
    safe,
    reserved,
    refused,
    publication_issues,
    data_issues,
    share_chart,
    details,
    areas,
    countries,
    coverage,
    missing,
    results,
    omissions,
    notes_by_figure,
    full_coverage,
    full_countries,
    further_issues,
    codes,
    file,
    tables,
    checks,
)
"""The sections of a report by default, in order."""
