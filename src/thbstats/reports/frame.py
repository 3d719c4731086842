"""The frame of a report: the line above the title, the first paragraph, the footer."""

from thbstats._version import __version__
from thbstats.auditing import ClaimVerdict
from thbstats.claims import Publication
from thbstats.display import count
from thbstats.reports.content import Content

__all__ = ["footer", "kicker", "lead"]


def kicker(report: Publication) -> str:
    """Return publisher, document and day of publication."""
    published = report.published
    day = "" if published is None else f"{published.day} {published:%B %Y}"
    return " · ".join(filter(None, [report.publisher, report.document, day]))


def lead(content: Content) -> str:
    """Return the paragraph under the title; nothing for a result."""
    if content.of == "publication":
        counts, found = content.audit.counts(), len(content.audit.findings)
        disputed = counts[ClaimVerdict.DISPUTED]
        return (
            "Indicators from the published figures, each with its denominator. Of the "
            f"{len(content.audit)} claims of the text, {counts[ClaimVerdict.CONFIRMED]} are "
            f"confirmed by its other figures, {counts[ClaimVerdict.CONSISTENT]} are consistent "
            "with them, "
            f"{counts[ClaimVerdict.CONTRADICTED]} are contradicted, "
            f"{f'{disputed} are disputed, ' if disputed else ''}"
            f"and {counts[ClaimVerdict.NOT_ASSESSABLE]} are not assessable. {found or 'No'} "
            f"{'claim has an issue' if found == 1 else 'claims have an issue'}."
        )
    if content.of == "results":
        return ""
    rows = sum(map(len, content.data.tables()))
    return (
        f"Totals, shares and ratios from {count(rows)} {'count' if rows == 1 else 'counts'}, each "
        "with its denominator, its coverage, and bounds for suppressed and missing counts."
    )


def footer(report: Publication) -> str:
    """Return the source of the figures and of the arithmetic."""
    source = ", ".join(filter(None, [report.publisher, report.document]))
    url = f" {report.url}" if report.url else ""
    return f"Figures: {source or report.title}.{url} Arithmetic: thbstats {__version__}."
