"""What stands around the sections of a report: above the title, below it, and at the end."""

from thbstats._version import __version__
from thbstats.auditing import ClaimVerdict
from thbstats.claims import Report
from thbstats.display import count
from thbstats.reports.content import Content

__all__ = ["footer", "kicker", "lead"]


def kicker(report: Report) -> str:
    """Return the line above the title: who published what, and when."""
    published = report.published
    day = "" if published is None else f"{published.day} {published:%B %Y}"
    return " · ".join(filter(None, [report.publisher, report.document, day]))


def lead(content: Content) -> str:
    """Return the paragraph under the title; a result speaks for itself."""
    if content.of == "publication":
        return _of_claims(content)
    return _of_counts(content) if content.of == "counts" else ""


def _of_claims(content: Content) -> str:
    counts, found = content.audit.counts(), len(content.audit.findings)
    confirmed, consistent, contradicted, untold = (counts[verdict] for verdict in ClaimVerdict)
    known = "One is" if found == 1 else f"{found or 'None'} are"
    return (
        "What the printed figures can bear, with the base of each, and no further. Of "
        f"{len(content.audit)} claims in the text, its other figures confirm {confirmed}, allow "
        f"{consistent} and contradict {contradicted}; of {untold} nobody can tell. {known} such "
        "that a reader should know."
    )


def _of_counts(content: Content) -> str:
    rows = sum(map(len, content.data.tables()))
    return (
        f"What {count(rows)} {'count' if rows == 1 else 'counts'} can bear: totals, shares and "
        "ratios with the base of each, what is hidden or missing behind them, and no further."
    )


def footer(report: Report) -> str:
    """Return the last line: where the figures are from, and who computed."""
    source = ", ".join(filter(None, [report.publisher, report.document]))
    url = f" {report.url}" if report.url else ""
    said = f"Figures: {source or report.title}.{url}"
    return f"{said} Arithmetic: thbstats {__version__}."
