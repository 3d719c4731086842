"""The sections of a report, and those on data, checks and charts."""

import re
from collections import Counter
from collections.abc import Iterator
from functools import partial

from thbstats.auditing import Audit, AuditedClaim, ClaimVerdict
from thbstats.claims import Claim
from thbstats.display import Cell, Column, DisplayTable, Group, Row, Tone, count
from thbstats.panel import Panel
from thbstats.reports.comparisons import areas, countries, stages
from thbstats.reports.content import Content, Indicator
from thbstats.reports.figures import other_figures, quotable_figures, summary
from thbstats.reports.names import capitalised, grouped, names_of
from thbstats.reports.notes import (
    data_issues,
    issue_texts,
    limitations,
    notes_by_figure,
    publication_issues,
    quality_notes,
)
from thbstats.reports.section import Figure, Section, drawn, report_section

_REASONS = {
    "zero": "zero",
    "known": "known and not zero",
    "fewer_than": "published as fewer than a number",
    "suppressed": "suppressed by the source",
    "conflicting": "several values in one source",
    "not_reported": "not reported",
    "breakdown_not_reported": "not reported by category",
    "not_applicable": "not applicable",
}
_TONES = {"confirmed": Tone.GOOD, "contradicted": Tone.BAD, "consistent": Tone.PLAIN}
_NUMBER = re.compile(r"(?:(?<!\w)[+\N{MINUS SIGN}])?\d+(?:,\d{3})*(?:\.\d+)?(?: ?%)?")


@report_section("missing", "Missing counts", "counts")
def missing(content: Content) -> Iterator[DisplayTable]:
    """Yield the number of zero, missing and suppressed counts."""
    numbers = {}
    for table in content.data.tables():
        if len(table):
            frame = table.to_frame()
            zero = (frame["value"] == 0).fillna(False)
            numbers[table.kind] = Counter(frame["reason"].astype(str).where(~zero, "zero"))
    present = [name for name in _REASONS if any(counts[name] for counts in numbers.values())]
    if numbers:
        yield DisplayTable(
            caption="Known, missing and suppressed counts",
            columns=[
                "Counts of",
                *(Column(capitalised(_REASONS[name]), "right") for name in present),
            ],
            rows=[
                [kind, *(count(counts[name]) for name in present)]
                for kind, counts in numbers.items()
            ],
        )


@report_section("results", "Details", "results")
def results(content: Content) -> Iterator[DisplayTable]:
    """Yield the tables of results."""
    return (item.display_table() for item in content.formatted)


@report_section("omissions", "Numbers not computed")
def omissions(content: Content) -> Iterator[str | DisplayTable]:
    """Yield the numbers that the report does not contain, each with the reason."""
    if content.of == "publication":
        yield from (f"{item.id}: {item.reason}" for item in content.omissions)
    elif content.omissions:
        yield DisplayTable(
            caption="Numbers without a value",
            columns=["Number", "Reason"],
            rows=[[item.id, item.reason] for item in content.omissions],
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
    audit, area = content.audit, content.report.area
    if not audit:
        return
    yield (
        "Each figure, ranking, direction and qualifying word is compared with the other figures "
        "of the publication. A claim is confirmed if they give the same value, consistent if they "
        "allow it, and contradicted if they exclude it. A claim is not assessable if no other "
        "published figure relates to it. This is not a criticism of the publication."
    )
    issues = [
        [item.claim.id, item.claim.section, _printed(item.claim, area), " ".join(issue_texts(item))]
        for item in audit.issues
    ]
    if issues:
        columns = ["Claim", "Section", "Published", "Issue"]
        yield DisplayTable(caption="Issues", columns=columns, rows=issues)
    sections = grouped(audit, lambda item: item.claim.section)
    names = [group[0].claim.section for group in sections]
    verdicts = [verdict.replace("_", " ").capitalize() for verdict in ClaimVerdict]
    yield DisplayTable(
        caption="Verdicts by section of the text",
        columns=["Section", *(Column(name, "right") for name in (*verdicts, "Issues", "Claims"))],
        rows=[
            *(_verdicts(name, audit.where(partial(_is_in, name))) for name in names),
            _verdicts("All", audit, total=True),
        ],
    )
    rows: list[Group | list[Cell]] = []
    for group in sections:
        checked = list(filter(_is_assessable, group))
        rows += [Group(capitalised(checked[0].claim.location))] if checked else []
        for item in checked:
            name = Cell(_printed(item.claim, area), title=item.claim.id)
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


def _is_in(name: str, item: AuditedClaim) -> bool:
    return item.claim.section == name


def _verdicts(name: str, audit: Audit, *, total: bool = False) -> Row:
    numbers = [*audit.counts().values(), len(audit.issues), len(audit)]
    return Row([name, *(str(number) if number else "" for number in numbers)], total=total)


def _is_assessable(item: AuditedClaim) -> bool:
    return str(item.verdict) in _TONES or bool(item.claim.rounded or item.claim.rate)


def _reason(item: AuditedClaim) -> str:
    """Return the reason why a claim is not assessable, without its figures."""
    return _NUMBER.sub("a number", item.message)


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


DEFAULT_SECTIONS: tuple[Section, ...] = (
    summary,
    quotable_figures,
    limitations,
    publication_issues,
    data_issues,
    other_figures,
    areas,
    stages,
    countries,
    missing,
    results,
    quality_notes,
    omissions,
    file,
    tables,
    notes_by_figure,
    checks,
)
"""The sections of a report by default, in order."""


@report_section("charts", "Charts")
def charts(content: Content) -> Iterator[Figure]:
    """Yield bars of the shares of one breakdown, and the countries in order."""
    from thbstats import plots  # the error contains the extra

    def breakdown(item: Indicator) -> object:
        result = item.result
        dimensions = tuple(name for name, _ in result.category)
        return item.part, dimensions, result.base.label, result.area, result.period

    for shares in grouped((*content.shares, *content.printed), breakdown):
        # A share can be published and also calculated from counts; the published one is drawn.
        results = {item.result.category: item.result for item in shares}
        if len(results) > 1:
            yield drawn(plots.bars(Panel.from_results(list(results.values()))))
    for order in content.orders:
        if not order.value.missing.all():  # a list without counts has no plot
            yield drawn(plots.ranking(order))


CHARTS = charts
"""Shares as bars and countries in order; needs matplotlib."""
