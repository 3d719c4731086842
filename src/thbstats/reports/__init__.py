"""Reports on a publication, on counts or on a result.

`report` computes a `Content` and the blocks of each `Section`, and returns a `Document` with
writers for HTML, Markdown, text, JSON, CSV and workbooks.
"""

from thbstats.reports.content import Caution, Content, Indicator, Omission, Pair
from thbstats.reports.data import COLUMNS, SCHEMA_VERSION, report_data, report_rows, report_schema
from thbstats.reports.document import Document, report
from thbstats.reports.section import Figure, Section, drawn
from thbstats.reports.sections import DEFAULT_SECTIONS, lists_section
from thbstats.reports.subject import content_of

__all__ = [
    "COLUMNS",
    "DEFAULT_SECTIONS",
    "SCHEMA_VERSION",
    "Caution",
    "Content",
    "Document",
    "Figure",
    "Indicator",
    "Omission",
    "Pair",
    "Section",
    "content_of",
    "drawn",
    "lists_section",
    "report",
    "report_data",
    "report_rows",
    "report_schema",
]
