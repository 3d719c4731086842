"""How long GLOTIP's rows take to read, in calls of pandas.read_csv on the same file.

The rule: at most 2.5 calls, for 58 769 rows. A file that is made here has as many rows, columns and
different words as that of 14 April 2025, and quotation marks about numbers such as "1,432"; a path
may be given in its place. Each repeat times the two one after the other, so that a busy machine
slows both.

    python benchmarks/read_glotip.py [path] [repeats]
"""

import sys
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter

import numpy as np
import pandas as pd

from thbstats.geography import COUNTRIES
from thbstats.sources import glotip

ALLOWED = 2.5
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
SEXES, AGES = ["Total", "Female", "Male"], ["Total", "0 to 17 years", "18 years or over"]
REGIONS = ["Africa", "Americas", "Asia", "Europe", "Oceania"]


def rows_like_glotip(rows: int = ROWS) -> pd.DataFrame:
    """Return rows of the same shape: the words are real, the counts and who gave them are not."""
    made = drawn(2 * rows, np.random.default_rng(2025))
    keys = [name for name in made.columns if name != "txtVALUE"]
    made = made.drop_duplicates(keys).head(rows)
    return made.sort_values(["Country", "Year"], kind="stable")


def drawn(rows: int, rng: np.random.Generator) -> pd.DataFrame:
    places = [country for country in COUNTRIES if country.iso3][:199]
    country = rng.integers(0, len(places), rows)
    dimension = rng.choice(DIMENSIONS, rows, p=SHARES)
    names = np.array([place.name for place in places], dtype=object)
    category = names[rng.integers(0, len(places), rows)]
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
            "Subregion": np.array([f"Subregion {n}" for n in range(17)], dtype=object)[
                country % 17
            ],
            "Indicator": rng.choice(list(INDICATORS), rows, p=list(INDICATORS.values())),
            "Dimension": dimension,
            "Category": category,
            "Sex": rng.choice(SEXES, rows),
            "Age": rng.choice(AGES, rows),
            "Year": rng.integers(2003, 2023, rows),
            "Unit of measurement": "Counts",
            "txtVALUE": values,
            "Source": "GLOTIP",
        }
    )


def seconds(call: object) -> float:
    start = perf_counter()
    call()  # type: ignore[operator]
    return perf_counter() - start


def ratio_of(path: Path, repeats: int) -> float:
    """Print and return reading time over that of pandas."""
    glotip.read(path)
    ours, theirs = [], []
    for _ in range(repeats):
        theirs.append(seconds(lambda: pd.read_csv(path)))
        ours.append(seconds(lambda: glotip.read(path)))
    ratio = median(a / b for a, b in zip(ours, theirs, strict=True))
    print(
        f"{path.name:<24}{median(ours) * 1e3:8.1f} ms  pandas.read_csv {median(theirs) * 1e3:6.1f}"
        f" ms  ratio {ratio:5.2f}  allowed {ALLOWED}  {'met' if ratio <= ALLOWED else 'MISSED'}"
    )
    return ratio


def main(path: str = "", repeats: int = 10) -> None:
    print(f"pandas {pd.__version__}, {repeats} repeats")
    if path:
        ratio_of(Path(path), repeats)
        return
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "glotip.csv"
        rows_like_glotip().to_csv(made, index=False)
        ratio_of(made, repeats)


if __name__ == "__main__":
    main(*sys.argv[1:2], *map(int, sys.argv[2:3]))
