"""Building and checking a table, in calls of pandas.factorize.

Rule: 10^6 rows from k columns of text cost at most k + 1 calls of pandas.factorize on one column,
and at most one call from categories. The time is that of the processor, because both run on one.
Each repeat times the calls and the build in turn, so that a busy machine slows both. A full table
of victims has eight columns and 2.4 million cells. With nine columns and 7.3 million cells the
marks of the cells exceed every cache, and the margin is thin.

    python benchmarks/build_table.py [rows] [repeats] [columns]
"""

import ctypes
import sys
from collections.abc import Callable
from statistics import median
from time import process_time

import numpy as np
import pandas as pd
from _section import Rule, Table, finish

from thbstats.geography import COMPOSITIONS
from thbstats.tables import CountTable

DIMENSIONS = {
    "area": sorted(COMPOSITIONS["EU28"].members),
    "period": [str(year) for year in range(2003, 2023)],
    "sex": ["female", "male", "other", "unknown"],
    "age": ["child", "adult", "unknown"],
    "citizenship": ["reporting_country", "other_eu", "non_eu", "unknown"],
    "exploitation": ["sexual", "labour", "forced_begging", "forced_criminality", "unknown"],
    "register": ["police", "ngo", "immigration", "border_guard", "labour_inspection", "other"],
    "status": ["identified", "presumed", "detected"],
    "movement": ["internal", "cross_border", "unknown"],
}


def rows_of_distinct_cells(rows: int, names: list[str]) -> pd.DataFrame:
    """Return that many different cells in random order, with counts."""
    sizes = [len(DIMENSIONS[name]) for name in names]
    rng = np.random.default_rng(2018)
    cells = rng.choice(np.prod(sizes), size=rows, replace=False)
    places = np.unravel_index(cells, sizes)
    columns = {
        name: np.array(DIMENSIONS[name], dtype=object)[place]
        for name, place in zip(names, places, strict=True)
    }
    frame = pd.DataFrame({**columns, "value": rng.integers(0, 500, rows)})
    return frame.astype(dict.fromkeys(names, "object"))


def seconds(call: Callable[[], object]) -> float:
    start = process_time()
    call()
    return process_time() - start


def timed(
    name: str, frame: pd.DataFrame, text: pd.DataFrame, allowed: int, repeats: int
) -> tuple[tuple[str, ...], Rule]:
    """Return build time over one factorize call (the mean of the text columns)."""
    ratios, builds, calls = [], [], []
    for _ in range(repeats):
        each = [
            seconds(lambda c=text[column]: pd.factorize(c)) for column in text if column != "value"
        ]
        build = seconds(lambda: CountTable.from_frame(frame, kind="victims"))
        calls.append(sum(each) / len(each))
        builds.append(build)
        ratios.append(build / calls[-1])
    row = (name, f"{median(builds) * 1e3:.1f}", f"{median(calls) * 1e3:.1f}")
    return row, Rule(what=name, measured=median(ratios), allowed=allowed, unit="calls")


def keep_memory() -> None:
    """Tell glibc to keep what is freed.

    Else it gives large blocks back or not depending on what ran before, and either side may pay
    for thousands of page faults that have nothing to do with it.
    """
    if sys.platform == "linux":
        libc = ctypes.CDLL(None)
        for option in (-1, -3):  # M_TRIM_THRESHOLD and M_MMAP_THRESHOLD
            libc.mallopt(option, 1 << 30)


def main(rows: int = 1_000_000, repeats: int = 10, columns: int = 8) -> None:
    keep_memory()
    names = list(DIMENSIONS)[:columns]
    objects = rows_of_distinct_cells(rows, names)
    texts = objects.astype(dict.fromkeys(names, "str"))
    categories = objects.astype(dict.fromkeys(names, "category"))
    k = len(names)
    found = [
        timed(f"object, {k} columns", objects, objects, k + 1, repeats),
        timed(f"{texts['sex'].dtype}, {k} columns", texts, texts, k + 1, repeats),
        timed("category (against object)", categories, objects, 1, repeats),
        timed("category (against str)", categories, texts, 1, repeats),
    ]
    table = Table(
        title=f"{rows:,} rows, {k} dimensions",
        columns=("columns", "build, ms", "one factorize, ms"),
        rows=tuple(row for row, _ in found),
    )
    finish(about=__doc__, tables=[table], rules=[rule for _, rule in found])


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
