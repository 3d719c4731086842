"""Eurostat's TSV: a line for each series, a column for each period.

The first cell of a line is the key of the series, its codes set apart by commas; the header names
the dimensions in the same way, and the time behind a backslash. A cell has a value or a colon, and
flags behind it. Old files have no frequency, capital letters or another name for the time.
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
    holds="Counts with their flags, by Eurostat's dimensions and codes; a gap is a colon, which is "
    "confidential with the flag c. It does not say from which data set it is. `read_population` "
    "takes the inhabitants of `demo_pjan` and `demo_gind`, for rates.",
    specification="https://wikis.ec.europa.eu/display/EUROSTATHELP/Which+are+the+available+formats",
)
