"""Tidy tables in CSV, Parquet, a workbook or a data frame: a row for each count.

The columns are ``table`` (the kind of count) and those of `CountTable.to_frame`: ``value`` is empty
unless a count is exactly known, and an empty ``upper`` is unbounded. Files with other columns need
a `Declaration`.
"""

from thbstats.exchange import Format
from thbstats.sources.tidy._reading import read, read_frame, recognise
from thbstats.sources.tidy._writing import write

__all__ = ["FORMAT", "read", "read_frame", "recognise", "write"]

FORMAT = Format(
    name="tidy",
    label="tidy CSV, Parquet or xlsx",
    extensions=(".csv", ".tsv", ".parquet", ".xlsx"),
    recognise=recognise,
    read=read,
    write=write,
    contents="All features of one table: bounds, reasons, flags, sources and reporting countries. "
    "A "
    "table without rows does not store its kind of count. With neutralise=True, an apostrophe "
    "stays before texts that look like formulas.",
    specification="RFC 4180, with LF and any separator; Apache Parquet; the columns of "
    "CountTable.to_frame.",
)
