"""Reports: on a publication, on counts or on a result; for people as pages, for programs as data.

`report` computes a `Content`, lets each `Section` say what it has to say of it, and returns a
`Document`, which writes itself as HTML, Markdown, text, JSON, CSV or a workbook.
"""

from thbstats.reports.caution import Caution, cautions
from thbstats.reports.compute import content_of
from thbstats.reports.content import Content
from thbstats.reports.data import SCHEMA_VERSION, report_data
from thbstats.reports.document import Document
from thbstats.reports.figure import Figure, drawn
from thbstats.reports.indicators import Indicator, Omission
from thbstats.reports.reporting import report, report_page
from thbstats.reports.rows import COLUMNS, report_csv, report_rows
from thbstats.reports.schema import report_schema
from thbstats.reports.section import Section
from thbstats.reports.sections import CHARTS, DEFAULT_SECTIONS
from thbstats.reports.sides import Pair, Panel

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
    "Panel",
    "Section",
    "cautions",
    "content_of",
    "drawn",
    "report",
    "report_csv",
    "report_data",
    "report_page",
    "report_rows",
    "report_schema",
]
