"""The data set behind UNODC's Global Report on Trafficking in Persons (GLOTIP), xlsx or CSV.

A row is a count of one country and year. Its columns say what is counted (``Indicator``), by what
it is broken down (``Dimension``, ``Category``, ``Sex``, ``Age``) and the value as text: ``<5`` is
printed for a count that is not shown, ``1,432`` has a comma. Detected victims become counts of
victims; persons in formal contact, prosecuted and convicted become counts of justice.
"""

from thbstats.exchange import Format
from thbstats.sources.glotip._layout import recognise
from thbstats.sources.glotip._reading import read

__all__ = ["FORMAT", "read", "recognise"]

FORMAT = Format(
    name="glotip",
    label="GLOTIP (UNODC)",
    recognise=recognise,
    read=read,
    holds="Victims and justice by country, year, sex, age, form of exploitation or citizenship, "
    "with '<5' as an interval. Set aside are victims by country of repatriation, for which "
    "nothing here has a place, and recorded offences, which are at no stage of justice.",
    specification="UNODC, Global Report on Trafficking in Persons; the data portal "
    "dataunodc.un.org, file of 14 April 2025.",
)
