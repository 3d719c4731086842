"""Reports on a publication, on counts or on a result.

`report` computes a `Content` and the blocks of each `Section`, and returns a `Document` with
writers for HTML, Markdown, text, JSON, CSV and workbooks.
"""

from thbstats.reports.caution import Caution
from thbstats.reports.comparisons import Pair, SideBySide
from thbstats.reports.content import Content
from thbstats.reports.data import COLUMNS, SCHEMA_VERSION, report_data, report_rows
from thbstats.reports.document import Document
from thbstats.reports.figure import Figure, drawn
from thbstats.reports.indicators import Indicator, Omission
from thbstats.reports.reporting import report
from thbstats.reports.schema import report_schema
from thbstats.reports.section import Section
from thbstats.reports.sections import CHARTS, DEFAULT_SECTIONS
from thbstats.reports.subject import content_of

__all__ = [
    "CHARTS",
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
    "SideBySide",
    "content_of",
    "drawn",
    "report",
    "report_data",
    "report_rows",
    "report_schema",
]
