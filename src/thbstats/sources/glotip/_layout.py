"""How the file is laid out, and what its words are in ours."""

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
    "grid_of",
    "recognise",
    "source_of",
]

ISO3, COUNTRY, INDICATOR = "Iso3_code", "Country", "Indicator"
DIMENSION, CATEGORY, VALUE = "Dimension", "Category", "txtVALUE"
OFFENCES = "Offences of trafficking in persons"
FEWER_THAN = "What is printed as fewer than n is read as {} to n - 1"

# No other file has these together.
_TELLING = (ISO3, INDICATOR, DIMENSION, CATEGORY, VALUE)
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
        # The file as a whole says where it was published.
        "Source": {"GLOTIP": None},
    },
    ignored=(COUNTRY, "Region", "Subregion", DIMENSION, CATEGORY),
    thousands=",",
)
"""What the columns are, but for ``Category``, of which ``Dimension`` says what it is."""


def _is_header(names: Sequence[str]) -> bool:
    return set(_TELLING) <= set(names)


def recognise(file: InputFile) -> str:
    """Return how a file shows that it is GLOTIP's: by the names of its columns."""
    if is_workbook(file):
        found = peek(file)
        # Whole cells: a note of somebody else's can name the columns too.
        formatted = all(f">{name}<".encode() in found for name in _TELLING)
    else:
        formatted = any(map(_is_header, first_lines(file)))
    return f"by its columns {', '.join(_TELLING)}" if formatted else ""


def grid_of(file: InputFile, sheet: str | None, separator: str | None) -> RawTable:
    """Return the cells below the header, wherever it is."""
    if is_workbook(file):
        return read_sheet(file, sheet, header=_is_header)
    return read_delimited(file, separator, header=_is_header)


def source_of(grid: RawTable) -> Source:
    """Return where the file was published; the day stands above its header, if it was kept."""
    days = [match for line in grid.above for cell in line if (match := _DAY.fullmatch(cell))]
    return Source(
        title="GLOTIP data set",
        publisher="United Nations Office on Drugs and Crime (UNODC)",
        url="https://dataunodc.un.org/",
        published="-".join(reversed(days[0].groups())) if days else None,
        kind="primary",
        terms="Attribution to UNODC",
    )
