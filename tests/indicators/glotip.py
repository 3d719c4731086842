"""Facts from UNODC's GLOTIP data set, file of 14 April 2025: the members of EU28, as published.

"<5" is 0 to 4. A country without both figures of a row is not listed.
"""

from tests.indicators.worked_examples import counts_of
from thbstats import Count, CountTable

FEW = Count.fewer_than(5)

# Persons prosecuted and persons convicted, 2016.
STAGES_2016 = {
    "AT": (138, 17), "BE": (None, 139), "BG": (80, 36), "CY": (58, 9), "CZ": (19, 8),
    "DK": (FEW, 15), "EE": (8, 11), "EL": (32, 8), "ES": (374, 24), "FR": (1100, None),
    "HU": (257, FEW), "IE": (20, 7), "LT": (64, 23), "LV": (15, 16), "MT": (FEW, FEW),
    "PL": (46, 34), "RO": (314, None), "SE": (7, 6), "SI": (21, 6), "SK": (34, FEW),
    "UK": (97, 59),
}  # fmt: skip

# Persons convicted, 2020 and 2021.
CONVICTED = {
    "AT": (7, 13), "BE": (None, 114), "BG": (46, 21), "CY": (FEW, 19), "CZ": (8, 24),
    "DE": (None, 173), "DK": (FEW, FEW), "EE": (8, FEW), "EL": (20, 181), "ES": (40, None),
    "FI": (FEW, FEW), "FR": (None, 1094), "HR": (None, FEW), "HU": (24, 57), "IE": (FEW, 5),
    "IT": (None, 511), "LT": (17, 30), "LU": (FEW, FEW), "LV": (None, FEW), "MT": (FEW, FEW),
    "NL": (None, 83), "PL": (None, 31), "PT": (None, 16), "RO": (116, 178), "SE": (8, FEW),
    "SI": (5, FEW), "SK": (10, 21), "UK": (197, None),
}  # fmt: skip

# Detected victims of labour exploitation and all detected victims, 2016, then 2019.
LABOUR = {
    "AT": (None, 72, None, 176), "BE": (62, 84, 88, 144), "BG": (31, 446, 44, 404),
    "CY": (FEW, 44, FEW, 36), "CZ": (9, 38, 5, 15), "DE": (48, 536, 43, 470),
    "DK": (FEW, 121, 17, 64), "EE": (FEW, 10, None, 12), "EL": (9, 62, 25, 154),
    "ES": (25, 193, 192, 523), "FI": (61, 134, 76, 229), "FR": (64, 1443, 72, 1671),
    "HR": (6, 30, None, 27), "HU": (10, 489, 6, 91), "IE": (38, 95, FEW, 42),
    "IT": (69, 663, 392, 966), "LT": (12, 45, 7, 39), "LU": (FEW, 20, 9, 13),
    "LV": (FEW, 17, 28, 39), "MT": (26, 27, 8, FEW), "NL": (177, 952, 261, 1372),
    "PL": (124, 199, 7, 25), "PT": (123, 132, 49, 62), "RO": (132, 756, 115, 698),
    "SE": (None, FEW, None, 269), "SI": (FEW, 27, FEW, 7), "SK": (20, 45, 34, 66),
    "UK": (334, 601, 3797, 10627),
}  # fmt: skip

SOURCE = "UNODC, GLOTIP data set, 14 April 2025"


def stages_2016() -> CountTable:
    rows = [
        (area, stage, count)
        for area, counts in STAGES_2016.items()
        for stage, count in zip(("prosecuted", "convicted"), counts, strict=True)
        if count is not None
    ]
    return counts_of(rows, "area stage", kind="justice", period=2016, unit="persons", source=SOURCE)


def convicted() -> CountTable:
    rows = [
        (area, year, count)
        for area, counts in CONVICTED.items()
        for year, count in zip((2020, 2021), counts, strict=True)
        if count is not None
    ]
    return counts_of(
        rows, "area period", kind="justice", stage="convicted", unit="persons", source=SOURCE
    )


def labour() -> CountTable:
    cells = [(2016, "labour"), (2016, "total"), (2019, "labour"), (2019, "total")]
    rows = [
        (area, *cell, count)
        for area, counts in LABOUR.items()
        for cell, count in zip(cells, counts, strict=True)
        if count is not None
    ]
    return counts_of(
        rows, "area period exploitation", kind="victims", status="detected", source=SOURCE
    )
