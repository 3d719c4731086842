"""Data of UNODC's Global Report on Trafficking in Persons (GLOTIP), xlsx or CSV.

A row is a count of one country and year, by indicator, ``Dimension`` and ``Category``, sex and age.
``<5`` is a small count, and ``1,432`` has a thousands separator. Detected victims become counts of
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
    contents="Victims and justice by country, year, sex, age, form of exploitation or citizenship, "
    "with '<5' as bounds. Victims by country of repatriation and recorded offences are "
    "rejected.",
    specification="UNODC, Global Report on Trafficking in Persons; the data portal "
    "dataunodc.un.org, file of 14 April 2025.",
)
