"""Layout and crosswalk of the GLOTIP file."""

import re
from collections.abc import Mapping, Sequence

from thbstats.exchange import MULTIPLE, Declaration, InputFile, RawTable, read_delimited
from thbstats.exchange.files.delimited import first_lines
from thbstats.exchange.files.sheets import is_workbook, peek, read_sheet
from thbstats.records import Source

__all__ = [
    "CATEGORY",
    "COUNTRY",
    "DECLARATION",
    "DIMENSION",
    "FEWER_THAN",
    "INDICATOR",
    "ISO3",
    "OFFENCES",
    "VALUE",
    "read_raw_table",
    "recognise",
    "source_of",
]

ISO3, COUNTRY, INDICATOR = "Iso3_code", "Country", "Indicator"
DIMENSION, CATEGORY, VALUE = "Dimension", "Category", "txtVALUE"
OFFENCES = "Offences of trafficking in persons"
FEWER_THAN = "A published '<n' is read as {} to n - 1"

# The columns that identify the format.
_COLUMNS = (ISO3, INDICATOR, DIMENSION, CATEGORY, VALUE)
_DAY = re.compile(r"(\d\d)/(\d\d)/(\d{4})")

_INDICATORS: Mapping[str, Mapping[str, str]] = {
    "Detected trafficking victims": {"table": "victims", "status": "detected", "unit": "persons"},
    "Persons brought into formal contact": {
        "table": "justice",
        "stage": "suspected",
        "unit": "persons",
    },
    "Persons prosecuted": {"table": "justice", "stage": "prosecuted", "unit": "persons"},
    "Persons convicted": {"table": "justice", "stage": "convicted", "unit": "persons"},
    OFFENCES: {"table": "justice", "unit": "offences"},
}

DECLARATION = Declaration(
    columns={
        ISO3: "area",
        INDICATOR: MULTIPLE,
        "Sex": "sex",
        "Age": "age",
        "Year": "period",
        "Unit of measurement": MULTIPLE,
        VALUE: "value",
        "Source": "source",
    },
    recode={
        INDICATOR: _INDICATORS,
        "Unit of measurement": {"Counts": {}},
        # The publication applies to the whole file.
        "Source": {"GLOTIP": None},
    },
    ignored=(COUNTRY, "Region", "Subregion", DIMENSION, CATEGORY),
    thousands=",",
)
"""The declaration of the columns, except ``Category``, which depends on ``Dimension``."""


def _is_header(names: Sequence[str]) -> bool:
    return set(_COLUMNS) <= set(names)


def recognise(file: InputFile) -> str:
    """Return the columns that identify a GLOTIP file; empty for other files."""
    if is_workbook(file):
        content = peek(file)
        # Whole cells, because a note can contain the names.
        is_glotip = all(f">{name}<".encode() in content for name in _COLUMNS)
    else:
        is_glotip = any(map(_is_header, first_lines(file)))
    return f"by its columns {', '.join(_COLUMNS)}" if is_glotip else ""


def read_raw_table(file: InputFile, sheet: str | None, separator: str | None) -> RawTable:
    """Return the cells below the header."""
    if is_workbook(file):
        return read_sheet(file, sheet, header=_is_header)
    return read_delimited(file, separator, header=_is_header)


def source_of(grid: RawTable) -> Source:
    """Return the publication of the file, with the date before its header."""
    days = [match for line in grid.preamble for cell in line if (match := _DAY.fullmatch(cell))]
    return Source(
        title="GLOTIP data set",
        publisher="United Nations Office on Drugs and Crime (UNODC)",
        url="https://dataunodc.un.org/",
        published="-".join(reversed(days[0].groups())) if days else None,
        kind="primary",
        terms="Attribution to UNODC",
    )
