"""Tidy tables in CSV, Parquet, a workbook or a frame: a row for each count.

Our own columns are ``table`` with the kind of count and those of `CountTable.to_frame`: ``value``
is empty unless a count is known exactly, ``upper`` is empty where nothing bounds it, and ``reason``
says why. A file with other columns is read once a `Declaration` says what each of them is.
"""

from thbstats.exchange import Format
from thbstats.sources.tidy._reading import read, read_frame, recognise
from thbstats.sources.tidy._writing import write

__all__ = ["FORMAT", "read", "read_frame", "recognise", "write"]

FORMAT = Format(
    name="tidy",
    label="tidy CSV, Parquet or xlsx",
    endings=(".csv", ".tsv", ".parquet"),
    recognise=recognise,
    read=read,
    write=write,
    holds="One table: every count with its ends and its reason, flags, sources and reporters. Of "
    "a table without rows CSV does not say what it counts. Text with a NUL, which CSV cannot hold, "
    "is refused. With neutralise=True an apostrophe stays before texts that look like formulas.",
    specification="RFC 4180, with LF and any separator; Apache Parquet; the columns of "
    "CountTable.to_frame.",
)
