"""Comparison of two releases: outcomes, patterns, measures and all changed cells.

Two releases of 2 million cells in six dimensions, of which one in twenty was revised, take less
than 1 s of processor time with all results. Both workbooks of GLOTIP, if their paths are passed,
take less than 1 s after reading.

    python benchmarks/compare_releases.py [repeats] [areas] [old.xlsx new.xlsx]
"""

import sys
from statistics import median
from time import perf_counter, process_time
from typing import Any

import numpy as np
import pandas as pd
from _section import Rule, Table, finish

import thbstats as thb
from thbstats.geography import COMPOSITIONS

CATEGORIES = {
    "period": [str(year) for year in range(2000, 2020)],
    "sex": ["female", "male", "unknown", "total"],
    "age": ["child", "adult", "unknown", "total"],
    "exploitation": [
        *("sexual", "labour", "domestic_servitude", "forced_begging", "forced_criminality"),
        *("forced_marriage", "organ_removal", "other", "unknown", "total"),
    ],
    "citizenship": [
        *("RO", "BG", "NG", "HU", "PL", "VN", "CN", "AL", "UA", "BR", "IN", "PK"),
        *("TH", "PH", "MA", "TR", "RS", "MD", "RU", "EG", "GH", "ET", "ER"),
    ],
}
ALLOWED = 1.0
"""Seconds."""


def releases(areas: int) -> list[thb.CountTable]:
    """Return two releases with independent revisions."""
    categories = {"area": sorted(COMPOSITIONS["EU27_2020"].members)[:areas], **CATEGORIES}
    shape = [len(codes) for codes in categories.values()]
    codes = np.unravel_index(np.arange(np.prod(shape)), shape)
    columns = {
        name: pd.Categorical.from_codes(code, own)
        for code, (name, own) in zip(codes, categories.items(), strict=True)
    }
    rng = np.random.default_rng(2023)
    old = rng.poisson(30, len(codes[0]))
    noise = np.where(rng.random(len(old)) < 0.05, rng.integers(-3, 4, len(old)), 0)
    return [
        thb.CountTable.from_frame(pd.DataFrame({**columns, "value": values}), kind="victims")
        for values in (old, np.maximum(old + noise, 0))
    ]


def seconds(both: list[Any]) -> tuple[float, float, int]:
    """Return processor time, elapsed time and the number of patterns."""
    clock, start = perf_counter(), process_time()
    found = thb.revisions(*both, order="given")
    results = found.outcomes, found.summary("kind"), found.cells
    assert all(map(len, results))
    return process_time() - start, perf_counter() - clock, len(found.patterns)


def main(repeats: str = "5", areas: str = "27", *workbooks: str) -> None:
    pairs: dict[str, list[Any]] = {"synthetic releases": releases(int(areas))}
    if workbooks:
        pairs["workbooks"] = [thb.read(path) for path in workbooks]
    rows, rules = [], []
    for name, both in pairs.items():
        took, clock, patterns = (
            median(own) for own in zip(*(seconds(both) for _ in range(int(repeats))), strict=True)
        )
        rows.append((name, f"{took:.3f}", f"{clock:.3f}", f"{patterns:.0f}"))
        what = f"{name}, processor time"
        rules.append(Rule(what=what, measured=took, allowed=ALLOWED, unit="s"))
    size = len(pairs["synthetic releases"][0])
    judged = Table(
        title=f"Two releases of {size:,} cells",
        columns=("releases", "processor time, s", "elapsed time, s", "patterns"),
        rows=tuple(rows),
    )
    finish(about=__doc__, tables=[judged], rules=rules)


if __name__ == "__main__":
    main(*sys.argv[1:])
