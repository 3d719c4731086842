"""SDMX-CSV 1.0 and 2.0, as Eurostat and others write them, in any order of columns.

A row is an observation: dimensions, a period, a value that may be missing, flags, and whether the
figure is confidential. Exports with labels beside the codes, or in one cell with them, are read by
their codes.
"""

from thbstats.exchange import Format
from thbstats.sources._eurostat import DIMENSIONS
from thbstats.sources.sdmx_csv._reading import observations, read, recognise
from thbstats.sources.sdmx_csv._writing import write

__all__ = ["DIMENSIONS", "FORMAT", "observations", "read", "recognise", "write"]

FORMAT = Format(
    name="sdmx_csv",
    label="SDMX-CSV",
    endings=(".sdmx.csv",),
    recognise=recognise,
    read=read,
    write=write,
    holds="Everything that a table holds, in version 2.0: what SDMX has no column for stands in "
    "attributes of our own (LOWER, UPPER, REASON, SOURCE, REPORTERS, N_REPORTERS). Other readers "
    "do not understand periods that are approximate or not stated, nor areas that are no codes. A "
    "table without rows does not say what it counts.",
    specification="https://github.com/sdmx-twg/sdmx-csv",
)
