"""Kicker, lead and footer of reports."""

from thbstats._version import __version__
from thbstats.claims import Publication
from thbstats.display import count
from thbstats.reports.content import Content
from thbstats.reports.indicators import usual_scope

__all__ = ["footer", "kicker", "lead"]


def kicker(report: Publication) -> str:
    """Return publisher, document and day of publication."""
    published = report.published
    day = "" if published is None else f"{published.day} {published:%B %Y}"
    return " · ".join(filter(None, [report.publisher, report.document, day]))


def lead(content: Content) -> str:
    """Return the paragraph under the title; empty for a result."""
    if content.of == "results":
        return ""
    usual = usual_scope(content.indicators).label
    scope = f" {usual} unless stated." if usual else ""
    if content.of == "publication":
        return f"Quality summary by thbstats.{scope}"
    rows = sum(map(len, content.data.tables()))
    noun = "count" if rows == 1 else "counts"
    return f"Quality summary by thbstats from {count(rows)} {noun}.{scope}"


def footer(report: Publication) -> str:
    """Return the source of the figures and of the arithmetic."""
    source = ", ".join(filter(None, [report.publisher, report.document]))
    url = f" {report.url}" if report.url else ""
    return f"Figures: {source or report.title}.{url} Calculations: thbstats {__version__}."
