"""SDMX-CSV 1.0 and 2.0, with columns in any order.

A row is an observation: dimensions, period, value, flags and confidentiality. Exports with labels
are read by their codes.
"""

from thbstats.exchange import Format
from thbstats.sources._eurostat import DIMENSIONS
from thbstats.sources.sdmx_csv._reading import observations, read, recognise
from thbstats.sources.sdmx_csv._writing import write

__all__ = ["DIMENSIONS", "FORMAT", "observations", "read", "recognise", "write"]

FORMAT = Format(
    name="sdmx_csv",
    label="SDMX-CSV",
    extensions=(".sdmx.csv",),
    recognise=recognise,
    read=read,
    write=write,
    contents="All features of a table, in version 2.0. Additional attributes (LOWER, UPPER, "
    "REASON, "
    "SOURCE, REPORTERS, N_REPORTERS) contain features that SDMX does not support. Other programs "
    "do not read approximate periods and areas without a code. A table without rows does not "
    "store its kind of count.",
    specification="https://github.com/sdmx-twg/sdmx-csv",
)
