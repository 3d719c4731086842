"""Reading an SDMX-CSV file into tables, in calls of pandas.read_csv.

Rule: reading and checking a file of 10^6 rows takes at most 2.5 times the default parser of pandas,
which gives unchecked columns of text. Each repeat times all in turn, so that a busy machine slows
all.

    python benchmarks/read_sdmx.py [years] [repeats]
"""

import sys
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
from _reading import compare_with_pandas
from _section import finish

from thbstats.geography import COMPOSITIONS, COUNTRIES
from thbstats.sources import Limits, sdmx_csv

STAGES = ["PER_VICT", "PER_SUSP", "PER_PRSC", "PER_CNV"]
SEX = ["F", "M", "UNK", "T"]
AGE = ["Y_LT18", "Y_GE18", "UNK", "TOTAL"]
CITIZEN = [*[country.code for country in COUNTRIES][:51], "TOTAL"]
GEO = sorted(COMPOSITIONS["EU28"].members)[:20]


def with_totals(parts: np.ndarray, axis: int) -> np.ndarray:
    """Return counts with the total of a dimension as its last category."""
    return np.concatenate([parts, parts.sum(axis=axis, keepdims=True)], axis=axis)


def frame_of(years: int) -> pd.DataFrame:
    """Return a cube with its totals; some counts are missing or confidential, some have flags."""
    rng = np.random.default_rng(2018)
    names = ["leg_stat", "sex", "age", "citizen", "geo", "TIME_PERIOD"]
    words = [STAGES, SEX, AGE, CITIZEN, GEO, [str(2020 - year) for year in range(years)][::-1]]
    sizes = [len(listed) for listed in words]
    counts = rng.poisson(2, [sizes[0], *(size - 1 for size in sizes[1:4]), *sizes[4:]])
    for axis in (1, 2, 3):
        counts = with_totals(counts, axis)
    places = np.unravel_index(np.arange(counts.size), sizes)
    columns = {
        name: pd.Categorical.from_codes(place, categories=listed)
        for name, place, listed in zip(names, places, words, strict=True)
    }
    values = pd.Series(counts.ravel()).astype("Int64")
    gap = rng.random(len(values)) < 0.05
    conf = np.where(gap & (rng.random(len(values)) < 0.5), "C", "")
    flags = np.array(["", "", "", "", "p", "b", "ep"])[rng.integers(0, 7, len(values))]
    more = {"OBS_VALUE": values.mask(gap), "OBS_FLAG": flags, "CONF_STATUS": conf}
    frame = pd.DataFrame({"freq": "A", "unit": "NR", **columns, **more})
    frame.insert(0, "DATAFLOW", "ESTAT:CRIM_THB(1.0)")
    frame.insert(1, "LAST UPDATE", "11/06/26 23:00:00")
    return frame


def main(years: int = 16, repeats: int = 5) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "thb.csv"
        frame_of(years).to_csv(path, index=False)
        limits = Limits(cells=2 * 10**7)
        reading = sdmx_csv.read(path, limits=limits)
        title = f"{reading!r}, {path.stat().st_size / 1e6:.0f} MB"
        defects = f"Problems: {', '.join(reading.log.codes) or 'none'}."
        table, rules = compare_with_pandas(
            path, lambda: sdmx_csv.read(path, limits=limits), repeats, title=title, notes=(defects,)
        )
    finish(about=__doc__, tables=[table], rules=rules)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
