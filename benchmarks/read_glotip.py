"""How long GLOTIP's rows take to read, in calls of pandas.read_csv on the same file.

The rule: at most 2.5 calls, for 58 769 rows. A file that is made here, once, is as large as that of
14 April 2025, with as many columns and different words in a like order, and quotation marks about
numbers such as "1,432"; a path may be given in its place. Each repeat times the two one after the
other, so that a busy machine slows both. It ends with 1 where the rule is missed.

Time is told twice: as a clock shows it, which the rule is about, and as the processors spend it,
since pandas reads a file of this size on several of them from version 3.1 on.

    python benchmarks/read_glotip.py [path] [repeats]
"""

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

import numpy as np
import pandas as pd
from _section import Rule, Table, finish

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


def seconds(call: Callable[[], object]) -> tuple[float, float]:
    """Return how long a call takes by the clock, and how long processors are busy with it."""
    clock, busy = perf_counter(), process_time()
    call()
    return perf_counter() - clock, process_time() - busy


def timed(path: Path, repeats: int) -> tuple[Table, Rule]:
    """Return reading time over that of pandas, by the clock and of processors."""
    glotip.read(path)
    pairs = [
        (seconds(lambda: pd.read_csv(path)), seconds(lambda: glotip.read(path)))
        for _ in range(repeats)
    ]
    ratios, rows = {}, []
    for place, told in enumerate(("by the clock", "of processors")):
        theirs, ours = ([one[place] for one in times] for times in zip(*pairs, strict=True))
        ratios[told] = min(ours) / min(theirs)
        between = median(a / b for a, b in zip(ours, theirs, strict=True))
        best = (f"{min(each) * 1e3:.1f}" for each in (theirs, ours))
        rows.append((told, *best, f"{ratios[told]:.2f}", f"{between:.2f}"))
    table = Table(
        title=path.name,
        columns=("ms, the best", "pandas.read_csv", "glotip.read", "ratio", "median of ratios"),
        rows=tuple(rows),
    )
    what = "in readings by pandas, the best of each by the clock"
    return table, Rule(what=what, measured=ratios["by the clock"], allowed=ALLOWED)


def main(path: str = "", repeats: int = 10) -> None:
    with tempfile.TemporaryDirectory() as folder:
        chosen = Path(path or Path(folder) / "glotip.csv")
        if not path:
            rows_like_glotip().to_csv(chosen, index=False)
        table, rule = timed(chosen, repeats)
    finish(about=__doc__, tables=[table], rules=[rule])


if __name__ == "__main__":
    main(*sys.argv[1:2], *map(int, sys.argv[2:3]))
