"""A whole publication at once: as a page for people, and as data for programs."""

from thbstats.reports.cautions import Caution, cautions
from thbstats.reports.content import Content, content_of
from thbstats.reports.data import SCHEMA_VERSION, report_data
from thbstats.reports.indicators import Indicator, Omission
from thbstats.reports.page import report_page
from thbstats.reports.rows import COLUMNS, report_csv, report_rows
from thbstats.reports.sides import Pair, Panel

__all__ = [
    "COLUMNS",
    "SCHEMA_VERSION",
    "Caution",
    "Content",
    "Indicator",
    "Omission",
    "Pair",
    "Panel",
    "cautions",
    "content_of",
    "report_csv",
    "report_data",
    "report_page",
    "report_rows",
]
