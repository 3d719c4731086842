"""Campaign of random releases without errors: how many have a pattern.

``python -m tests.releases.campaign TABLES SEED`` draws pairs of releases with independent
revisions, of 420 to 86,400 cells, and prints the tables in which a pattern is found.
"""

import sys
from datetime import date

import numpy as np
import pandas as pd

import thbstats as thb

SHAPES = ((10, 7, 3, 2, 1), (20, 12, 3, 3, 6), (27, 20, 4, 4, 10))
NAMES = ("area", "period", "sex", "age", "exploitation")
CATEGORIES = (
    sorted(thb.geography.eu_members(date(2020, 6, 30))),
    [str(year) for year in range(2000, 2020)],
    ["female", "male", "unknown", "total"],
    ["child", "adult", "unknown", "total"],
    [
        *("sexual", "labour", "domestic_servitude", "forced_begging", "forced_criminality"),
        *("forced_marriage", "organ_removal", "other", "unknown", "total"),
    ],
)
MEANS, SHARES, WIDTHS = (4, 30, 300), (0.05, 0.4, 1.0), (1, 3, 12)


def pair(seed: int) -> list[thb.CountTable]:
    """Return two releases whose revisions are independent."""
    rng = np.random.default_rng(seed)
    shape = SHAPES[0 if seed % 20 else 1 + seed % 40 // 20]
    codes = np.unravel_index(np.arange(np.prod(shape)), shape)
    columns = {
        name: pd.Categorical.from_codes(code, categories[:size])
        for name, code, categories, size in zip(NAMES, codes, CATEGORIES, shape, strict=True)
    }
    mean, share, width = (rng.choice(own) for own in (MEANS, SHARES, WIDTHS))
    old = rng.poisson(mean * np.exp(rng.normal(0, 1, len(codes[0]))))
    noise = rng.integers(-width, width + 1, len(old))
    if rng.random() < 0.5:  # in proportion to the figure
        noise = np.rint(old * rng.normal(0, 0.1, len(old))).astype(np.int64)
    new = np.where(rng.random(len(old)) < share, np.maximum(old + noise, 0), old)
    hidden = rng.random() < 0.5
    tables = []
    for values in (old, new):
        small = hidden & (values > 0) & (values < 5)
        frame = pd.DataFrame(columns).assign(
            lower=np.where(small, 1, values), upper=np.where(small, 4, values),
            reason=np.where(small, "fewer_than", "known"),
        )  # fmt: skip
        tables.append(thb.CountTable.from_frame(frame, kind="victims"))
    return tables


def main(tables: int, seed: int) -> None:
    """Print the tables with a pattern, and their number."""
    found = 0
    for number in range(seed, seed + tables):
        patterns = thb.revisions(*pair(number)).patterns
        found += len(patterns) > 0
        for own in patterns:
            print(f"{number}: {own.kind}: {own.text}")
    print(f"{found} of {tables} tables have a pattern.")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:3]))
