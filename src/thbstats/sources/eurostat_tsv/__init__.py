"""Eurostat TSV: a line for each series, a column for each period.

The first cell of a line is the key of the series, with codes separated by commas; the header names
the dimensions in the same way, and the time after a backslash. A cell contains a value or a colon,
followed by flags.
"""

from thbstats.exchange import Format
from thbstats.sources._eurostat import DIMENSIONS
from thbstats.sources.eurostat_tsv._population import read_population
from thbstats.sources.eurostat_tsv._reading import observations, read, recognise

__all__ = ["DIMENSIONS", "FORMAT", "observations", "read", "read_population", "recognise"]

FORMAT = Format(
    name="eurostat_tsv",
    label="Eurostat TSV",
    recognise=recognise,
    read=read,
    contents="Counts and flags, by Eurostat's dimensions and codes; a missing count is a colon, "
    "confidential with the flag c. The file does not contain the id of its data set. "
    "`read_population` reads `demo_pjan` and `demo_gind` as denominators of rates.",
    specification="https://wikis.ec.europa.eu/display/EUROSTATHELP/Which+are+the+available+formats",
)
