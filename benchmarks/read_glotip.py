"""Reading the rows of GLOTIP, in calls of pandas.read_csv.

Rule: at most 2.5 calls of the default parser of pandas for 58,769 rows. The benchmark makes a file
with the size and number of columns of the file of 14 April 2025, other words in a similar order,
and quotation marks around numbers such as "1,432". You can pass the path of another file. Each
repeat times all in turn, so that a busy machine slows all.

    python benchmarks/read_glotip.py [path] [repeats]
"""

import sys
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
from _reading import compare_with_pandas
from _section import finish

from thbstats.geography import COUNTRIES
from thbstats.sources import glotip

ROWS = 58_769
INDICATORS = {
    "Detected trafficking victims": 0.67,
    "Persons convicted": 0.14,
    "Persons prosecuted": 0.09,
    "Persons brought into formal contact": 0.08,
    "Offences of trafficking in persons": 0.02,
}
DIMENSIONS = ["Total", "by form of exploitation", "by citizenship", "by country of repatriation"]
SHARES = [0.51, 0.29, 0.17, 0.03]
FORMS = ["Sexual exploitation", "Forced labour", "Other forms of exploitation"]
SEXES = {"Total": 0.56, "Female": 0.2, "Male": 0.2, "Other": 0.03, "Unknown": 0.01}
AGES = {"Total": 0.54, "18 years or over": 0.23, "0 to 17 years": 0.22, "Unknown": 0.01}
# Besides the names of countries, citizenships are written in some 500 other ways.
OTHERWISE = [f"{country.name} {n}" for n in (1, 2, 3) for country in COUNTRIES][:500]
REGIONS = ["Africa", "Americas", "Asia", "Europe", "Oceania"]


def rows_like_glotip(rows: int = ROWS) -> pd.DataFrame:
    """Return rows of the same shape: the words are real, the counts and who gave them are not."""
    made = drawn(2 * rows, np.random.default_rng(2025))
    keys = [name for name in made.columns if name != "txtVALUE"]
    made = made.drop_duplicates(keys).head(rows)
    return made.sort_values(["Country", "Year", "Dimension", "Indicator"], kind="stable")


def drawn(rows: int, rng: np.random.Generator) -> pd.DataFrame:
    places = [country for country in COUNTRIES if country.iso3][:199]
    country = rng.integers(0, len(places), rows)
    dimension = rng.choice(DIMENSIONS, rows, p=SHARES)
    names = np.array([place.name for place in places], dtype=object)
    citizenships = np.array([*names, *names, *names, *OTHERWISE], dtype=object)
    category = citizenships[rng.integers(0, len(citizenships), rows)]
    category[dimension == "Total"] = "Total"
    forms = dimension == "by form of exploitation"
    category[forms] = rng.choice(FORMS, forms.sum())
    numbers = np.minimum(rng.pareto(0.7, rows) * 5 + 5, 30_000).astype(int)
    values = np.array([f"{number:,}" for number in numbers], dtype=object)
    values[rng.random(rows) < 0.5] = "<5"
    return pd.DataFrame(
        {
            "Iso3_code": np.array([place.iso3 for place in places], dtype=object)[country],
            "Country": names[country],
            "Region": np.array(REGIONS, dtype=object)[country % 5],
            "Subregion": np.array([f"Subregion number {n}" for n in range(17)], dtype=object)[
                country % 17
            ],
            "Indicator": rng.choice(list(INDICATORS), rows, p=list(INDICATORS.values())),
            "Dimension": dimension,
            "Category": category,
            "Sex": rng.choice(list(SEXES), rows, p=list(SEXES.values())),
            "Age": rng.choice(list(AGES), rows, p=list(AGES.values())),
            "Year": rng.integers(2003, 2023, rows),
            "Unit of measurement": "Counts",
            "txtVALUE": values,
            "Source": "GLOTIP",
        }
    )


def main(path: str = "", repeats: int = 10) -> None:
    with tempfile.TemporaryDirectory() as folder:
        chosen = Path(path or Path(folder) / "glotip.csv")
        if not path:
            rows_like_glotip().to_csv(chosen, index=False)
        table, rules = compare_with_pandas(
            chosen, lambda: glotip.read(chosen), repeats, title=chosen.name
        )
    finish(about=__doc__, tables=[table], rules=rules)


if __name__ == "__main__":
    main(*sys.argv[1:2], *map(int, sys.argv[2:3]))
